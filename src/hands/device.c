// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: an edge bears the kernel's time, which is earlier than the time at which it is
// read, and a late loop must not make a hold of a press. So edges are judged by their own time, and
// what only time brings about by the clock.

#include "hands/device.h"

#include "hands/press.h"
#include "io/clock.h"
#include "io/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BATCH    16
#define CREDIBLE (10 * USEC_PER_SEC) // a stamp further from now is of another clock
#define USED_MAX 32                  // keys of one device

typedef struct {
    ButtonKey key;
    Press press;
} Used;

struct Device {
    char *event;
    Input input;
    const Buttons *buttons;
    DeviceHandlers handlers;
    gpointer data;
    int fd;
    guint watch;
    Used used[USED_MAX]; // those that have been pressed
    guint count;
    gboolean lost; // the kernel's buffer ran over: until the next report nothing is to be believed
    gboolean vibrates;
    Vibrator vibrator;
};

static void tell(Device *device, Used *used, PressTold told)
{
    static const Gesture meant[] = {
        [TOLD_PRESS] = GESTURE_PRESS, [TOLD_DOUBLE] = GESTURE_DOUBLE, [TOLD_HOLD] = GESTURE_HOLD};
    if (told == TOLD_STUCK) {
        g_warning("A button of “%s” has been pressed for %d s: it is left out until it is let go",
                  device->input.name, (int)(PRESS_STUCK / USEC_PER_SEC));
        return;
    }
    const Deed *deed = buttons_deed(device->buttons, &used->key, meant[told]);
    if (deed->count > 0)
        device->handlers.pressed(device, deed, device->data);
}

static void pass_time(Device *device, Used *used, Usec at)
{
    PressTold told;
    while ((told = press_time(&used->press, at)) != TOLD_NOTHING)
        tell(device, used, told);
}

void device_time(Device *device, Usec at)
{
    for (guint i = 0; i < device->count; i++)
        pass_time(device, &device->used[i], at);
}

Usec device_deadline(const Device *device)
{
    Usec deadline = USEC_NEVER;
    for (guint i = 0; i < device->count; i++)
        deadline = MIN(deadline, press_deadline(&device->used[i].press));
    return deadline;
}

// NULL: it is nothing to the runner.
static Used *find_used(Device *device, guint16 code)
{
    for (guint i = 0; i < device->count; i++)
        if (device->used[i].key.code == code)
            return &device->used[i];
    const ButtonKey key = buttons_key(device->buttons, code, device->input.named);
    if (key.use == KEY_IS_NOTHING || device->count == USED_MAX)
        return NULL;
    Used *used = &device->used[device->count++];
    used->key = key;
    press_init(&used->press);
    return used;
}

static Usec when(const struct input_event *event)
{
    const Usec now = clock_now();
    const Usec at = (Usec)event->input_event_sec * USEC_PER_SEC + (Usec)event->input_event_usec;
    return at > now || at < now - CREDIBLE ? now : at;
}

static void on_event(Device *device, const struct input_event *event)
{
    if (event->type == EV_SYN) {
        if (event->code == SYN_DROPPED)
            device->lost = TRUE;
        else if (event->code == SYN_REPORT)
            device->lost = FALSE;
        for (guint i = 0; device->lost && i < device->count; i++)
            press_init(&device->used[i].press);
        return;
    }
    if (event->type != EV_KEY || device->lost || event->value < 0 || event->value > 1)
        return; // 2 repeats by itself
    Used *used = find_used(device, event->code);
    if (!used)
        return;
    const Usec at = when(event);
    pass_time(device, used, at);
    const PressTold told = press_edge(&used->press, at, event->value == 1,
                                      buttons_at_once(device->buttons, &used->key));
    if (told != TOLD_NOTHING)
        tell(device, used, told);
}

static gboolean on_readable(int fd, GIOCondition condition, gpointer data)
{
    Device *device = data;
    struct input_event events[BATCH];
    const ssize_t got = read(fd, events, sizeof events);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (got < (ssize_t)sizeof *events) {
        device->watch = 0;
        device->handlers.gone(device, device->data);
        return G_SOURCE_REMOVE;
    }
    for (gsize i = 0; i < (gsize)got / sizeof *events; i++)
        if (device->input.buttons)
            on_event(device, &events[i]);
    device->handlers.waits(device, device->data);
    return G_SOURCE_CONTINUE;
}

static void prepare(Device *device, const Config *config)
{
    const int clock = CLOCK_BOOTTIME;
    device->vibrates = device->input.vibrates && config->haptics &&
                       vibrator_init(&device->vibrator, device->fd, config->strength);
    // Without it stamps are of the wall clock, and are not believed.
    ioctl(device->fd, EVIOCSCLOCKID, &clock);
    // What its user has named is to do nothing else, unless somebody could not write any more.
    if (device->input.buttons && device->input.named && !device->input.keyboard)
        ioctl(device->fd, EVIOCGRAB, 1);
}

Device *device_open(const char *root, const char *event, Input *input, const Config *config,
                    const DeviceHandlers *handlers, gpointer data)
{
    g_autofree char *path = input_path(root, event);
    Device *device = g_new0(Device, 1);
    device->event = g_strdup(event);
    device->input = *input;
    *input = (Input){0};
    device->buttons = config->buttons;
    device->handlers = *handlers;
    device->data = data;
    device->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device->fd < 0 && errno == EACCES && device->input.buttons)
        device->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (device->fd >= 0)
        prepare(device, config);
    if (device->fd >= 0 && (device->input.buttons || device->vibrates)) {
        device->watch = watch_fd(device->fd, on_readable, device);
        return device;
    }
    const int why = device->fd < 0 ? errno : 0;
    device_free(device);
    errno = why;
    return NULL;
}

void device_free(Device *device)
{
    if (device->watch != 0)
        g_source_remove(device->watch);
    if (device->fd >= 0)
        close(device->fd);
    input_clear(&device->input);
    g_free(device->event);
    g_free(device);
}

const char *device_event(const Device *device)
{
    return device->event;
}

const Input *device_input(const Device *device)
{
    return &device->input;
}

void device_feel(Device *device, Feel feel)
{
    if (device->vibrates)
        vibrator_play(&device->vibrator, device->fd, feel);
}
