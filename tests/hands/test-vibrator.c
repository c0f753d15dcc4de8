// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What reaches the kernel: the linker sends ioctl() here (--wrap), and what is played goes through
// a pipe.

#include "hands/vibrator.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <linux/input.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct ff_effect uploaded[16];
static int uploads, room;

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    struct ff_effect *effect = va_arg(arguments, struct ff_effect *);
    va_end(arguments);
    cr_assert(request == EVIOCSFF);
    if (uploads == room) {
        errno = ENOSPC;
        return -1;
    }
    effect->id = (__s16)uploads;
    uploaded[uploads++] = *effect;
    return 0;
}

// What runs of an effect after it was played, in ms: "600" or "100 90 100 90 100".
static char *felt(Vibrator *vibrator, Feel feel)
{
    int ends[2];
    struct input_event event;
    GString *text = g_string_new(NULL);
    cr_assert(pipe(ends) == 0);
    vibrator_play(vibrator, ends[1], feel);
    close(ends[1]);
    while (read(ends[0], &event, sizeof event) == sizeof event) {
        cr_assert(event.type == EV_FF);
        const struct ff_effect *effect = &uploaded[event.code];
        for (int i = 0; i < event.value; i++) {
            g_string_append_printf(text, "%s%d", i > 0 ? " " : "", effect->replay.length);
            if (i + 1 < event.value)
                g_string_append_printf(text, " %d", effect->replay.delay);
        }
    }
    close(ends[0]);
    return g_string_free(text, FALSE);
}

Test(vibrator, no_two_feel_alike)
{
    Vibrator vibrator;
    room = 16;
    cr_assert(vibrator_init(&vibrator, 0, 50));
    cr_assert(eq(int, uploads, FEELS - 1));
    for (int i = 0; i < uploads; i++)
        cr_assert(eq(int, uploaded[i].u.rumble.strong_magnitude, 32767));
    const Tone tones[] = {TONE_GO, TONE_REST, TONE_FASTER, TONE_SLOWER, TONE_YES, TONE_NO};
    for (gsize i = 0; i < G_N_ELEMENTS(tones); i++) {
        g_autofree char *one = felt(&vibrator, feel_of(tones[i]));
        cr_assert(one[0] != '\0');
        for (gsize j = 0; j < i; j++) {
            g_autofree char *other = felt(&vibrator, feel_of(tones[j]));
            cr_assert(ne(str, one, other));
        }
    }
    g_autofree char *go = felt(&vibrator, feel_of(TONE_GO));
    cr_assert(eq(str, go, (char *)"600"));
    g_autofree char *faster = felt(&vibrator, feel_of(TONE_FASTER));
    cr_assert(eq(str, faster, (char *)"100 90 100 90 100"));
    cr_assert(eq(int, feel_of(TONE_COUNT), FEEL_NOTHING));
}

Test(vibrator, a_device_that_takes_little)
{
    Vibrator vibrator;
    room = 2;
    uploads = 0;
    cr_assert(vibrator_init(&vibrator, 0, 100));
    g_autofree char *go = felt(&vibrator, FEEL_GO), *no = felt(&vibrator, FEEL_NO);
    cr_assert(eq(str, go, (char *)"600"));
    cr_assert(eq(str, no, (char *)""));
    room = uploads;
    cr_assert(eq(int, vibrator_init(&vibrator, 0, 100), FALSE));
}
