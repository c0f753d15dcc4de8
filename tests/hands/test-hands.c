// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a cue is felt. The device is a FIFO with a sysfs of its own; the linker sends what is asked
// of it, ioctl() and write(), here (--wrap).

#include "hands/hands.h"

#include "hands/vibrator.h"
#include "io/clock.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <linux/input.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static struct {
    char *root;
    Config *config;
    Hands *hands;
    int uploads;
    int lengths[FEELS]; // ms, by the kernel's id
    int felt;           // ms of what was begun last; 0: nothing was
    Usec at;
} world;

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    struct ff_effect *effect = va_arg(arguments, struct ff_effect *);
    va_end(arguments);
    if (request != EVIOCSFF)
        return 0;
    effect->id = (__s16)world.uploads++;
    world.lengths[effect->id] = effect->replay.length;
    return 0;
}

ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    const struct input_event *event = bytes;
    if (size != sizeof *event || event->type != EV_FF)
        return __real_write(fd, bytes, size);
    if (event->value > 0) {
        world.felt = world.lengths[event->code];
        world.at = clock_now();
    }
    return (ssize_t)size;
}

static void put(const char *file, const char *text)
{
    g_autofree char *path = g_strconcat(world.root, "/sys/class/input/event0/device/", file, NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    g_mkdir_with_parents(directory, 0700);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static void on_pressed(const Deed *deed, gboolean headset, gpointer data)
{
    cr_assert(false, "nobody pressed");
}

static void setup(void)
{
    world.root = g_dir_make_tmp("paced-test-XXXXXX", NULL);
    put("name", "gpio-vibrator");
    put("id/bustype", "0000");
    put("capabilities/key", "0");
    put("capabilities/ff", sizeof(long) == 8 ? "10000 0" : "10000 0 0"); // FF_RUMBLE
    g_autofree char *directory = g_strconcat(world.root, "/dev/input", NULL);
    g_autofree char *node = g_strconcat(directory, "/event0", NULL);
    g_mkdir_with_parents(directory, 0700);
    cr_assert(mkfifo(node, 0600) == 0);
    g_setenv("PACED_INPUT_ROOT", world.root, TRUE);
    world.config = config_load(world.root); // without any file
    world.hands = hands_new(world.config, on_pressed, NULL);
    cr_assert(eq(int, world.uploads, FEELS - 1));
}

static void teardown(void)
{
    const char *words[] = {"rm", "-r", world.root, NULL};
    hands_free(world.hands);
    config_free(world.config);
    g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(world.root);
}

TestSuite(hands, .init = setup, .fini = teardown);

static Cue cue_of(uint32_t id, Tone meaning, Usec due)
{
    return (Cue){.id = id, .meaning = meaning, .due = due};
}

static void wait_felt(int length)
{
    while (world.felt != length)
        g_main_context_iteration(NULL, TRUE);
}

Test(hands, a_cue_is_felt_when_it_is_heard)
{
    const Usec due = clock_now() + 100 * USEC_PER_MSEC;
    const Cue go = cue_of(1, TONE_GO, due);
    hands_feel(world.hands, &go);
    cr_assert(eq(int, world.felt, 0));
    wait_felt(600);
    cr_assert(world.at >= due - FEEL_AHEAD);
}

Test(hands, what_is_due_is_felt_at_once)
{
    const Cue slower = cue_of(1, TONE_SLOWER, clock_now()), count = cue_of(2, TONE_COUNT, 0);
    hands_feel(world.hands, &slower);
    cr_assert(eq(int, world.felt, 400));
    hands_feel(world.hands, &count);
    cr_assert(eq(int, world.felt, 400));
}

Test(hands, what_is_taken_back_is_not_felt)
{
    const Usec now = clock_now();
    const Cue go = cue_of(1, TONE_GO, now + 60 * USEC_PER_MSEC);
    const Cue rest = cue_of(2, TONE_REST, now + 100 * USEC_PER_MSEC);
    hands_feel(world.hands, &go);
    hands_take_back(world.hands, 7); // another one
    hands_take_back(world.hands, 1);
    hands_feel(world.hands, &rest);
    wait_felt(250);
}
