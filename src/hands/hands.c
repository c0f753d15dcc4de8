// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which devices there are, by inotify: the directory may come late (no device yet), a node may be
// readable only later (udev), and both may go. What was hard: a deed may bring about anything, but
// it must not free what is being walked over; so devices go only from the main loop's own calls.

#include "hands/hands.h"

#include "hands/device.h"
#include "io/clock.h"
#include "io/watch.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define DIRECTORY   "/dev/input"
#define DEVICES_MAX 32

struct Hands {
    const Config *config;
    HandsPressed pressed;
    gpointer data;
    char *root;
    GPtrArray *devices; // Device
    gboolean started;   // what cannot be opened is no news any more
    int inotify;
    int directory; // of the watch; -1: there is none yet
    guint watch;
    Alarm *wait; // the earliest of the devices' deadlines
    Alarm *feel; // what follows
    Feel next;
    uint32_t next_cue;
};

// ── devices ──

static void on_pressed(Device *device, const Deed *deed, gpointer data)
{
    Hands *hands = data;
    hands->pressed(deed, device_input(device)->headset, hands->data);
}

static void on_waits(Device *device, gpointer data)
{
    Hands *hands = data;
    Usec deadline = USEC_NEVER;
    for (guint i = 0; i < hands->devices->len; i++)
        deadline = MIN(deadline, device_deadline(hands->devices->pdata[i]));
    alarm_set(hands->wait, deadline);
}

static void on_time(gpointer data)
{
    Hands *hands = data;
    const Usec now = clock_now();
    for (guint i = 0; i < hands->devices->len; i++)
        device_time(hands->devices->pdata[i], now);
    on_waits(NULL, hands);
}

static void on_gone(Device *device, gpointer data)
{
    Hands *hands = data;
    g_message("“%s” is gone", device_input(device)->name);
    g_ptr_array_remove_fast(hands->devices, device);
    on_waits(NULL, hands);
}

static Device *find_device(Hands *hands, const char *event)
{
    for (guint i = 0; i < hands->devices->len; i++)
        if (strcmp(device_event(hands->devices->pdata[i]), event) == 0)
            return hands->devices->pdata[i];
    return NULL;
}

static void add_device(Hands *hands, const char *event)
{
    static const DeviceHandlers handlers = {on_pressed, on_waits, on_gone};
    Input input;
    if (find_device(hands, event) || hands->devices->len == DEVICES_MAX ||
        !input_look(hands->root, event, hands->config->buttons, &input))
        return;
    g_autofree char *name = g_strdup(input.name);
    Device *device = device_open(hands->root, event, &input, hands->config, &handlers, hands);
    if (device) {
        g_ptr_array_add(hands->devices, device);
        g_message("“%s” is the runner's", name);
    } else if (errno != 0 && !hands->started) // a new one is opened again once udev has seen to it
        g_warning("“%s” cannot be opened (%s): ask pacectl doctor", name, g_strerror(errno));
}

// ── that come and go ──

static void scan(Hands *hands)
{
    g_autofree char *path = g_strconcat(hands->root, DIRECTORY, NULL);
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory)))
        add_device(hands, name);
}

// The directory, or while there is none, the one in which it will be.
static void look(Hands *hands)
{
    g_autofree char *path = g_strconcat(hands->root, DIRECTORY, NULL);
    g_autofree char *above = g_path_get_dirname(path);
    const uint32_t changes = IN_CREATE | IN_ATTRIB | IN_DELETE | IN_ONLYDIR;
    hands->directory = inotify_add_watch(hands->inotify, path, changes);
    if (hands->directory < 0)
        inotify_add_watch(hands->inotify, above, IN_CREATE | IN_ONLYDIR);
    scan(hands);
}

static void on_change(Hands *hands, const struct inotify_event *change)
{
    if (change->wd != hands->directory) {
        if (hands->directory >= 0 || change->len == 0 || strcmp(change->name, "input") != 0)
            return;
        if (!(change->mask & IN_IGNORED)) // what lies beside it is no more of interest
            inotify_rm_watch(hands->inotify, change->wd);
        look(hands);
    } else if (change->mask & IN_IGNORED) {
        look(hands);
    } else if (change->len > 0 && change->mask & IN_DELETE) {
        Device *device = find_device(hands, change->name);
        if (device)
            on_gone(device, hands);
    } else if (change->len > 0)
        add_device(hands, change->name);
}

static gboolean on_inotify(int fd, GIOCondition condition, gpointer data)
{
    Hands *hands = data;
    _Alignas(struct inotify_event) char buffer[4096];
    const ssize_t got = read(fd, buffer, sizeof buffer);
    for (ssize_t at = 0; at < got;) {
        const struct inotify_event *change = (const struct inotify_event *)(buffer + at);
        at += (ssize_t)(sizeof *change + change->len);
        if (change->mask & IN_Q_OVERFLOW)
            scan(hands);
        else
            on_change(hands, change);
    }
    return G_SOURCE_CONTINUE;
}

// ── what is felt ──

static void feel_now(Hands *hands, Feel feel)
{
    for (guint i = 0; i < hands->devices->len; i++)
        device_feel(hands->devices->pdata[i], feel);
}

static void on_feel(gpointer data)
{
    Hands *hands = data;
    feel_now(hands, hands->next);
}

gboolean hands_feel(Hands *hands, const Cue *cue)
{
    const Feel feel = feel_of(cue->meaning);
    const Usec now = clock_now(), at = cue->due - FEEL_AHEAD;
    if (feel == FEEL_NOTHING)
        return FALSE;
    if (hands->devices->len > 0 && at > now) {
        hands->next = feel;
        hands->next_cue = cue->id;
        alarm_set(hands->feel, at);
    } else
        feel_now(hands, feel);
    return TRUE;
}

void hands_take_back(Hands *hands, uint32_t cue)
{
    if (cue == 0 || cue == hands->next_cue)
        alarm_set(hands->feel, USEC_NEVER);
}

// ── life ──

static void free_device(gpointer data)
{
    device_free(data);
}

Hands *hands_new(const Config *config, HandsPressed pressed, gpointer data)
{
    const char *root = g_getenv("PACED_INPUT_ROOT");
    Hands *hands = g_new0(Hands, 1);
    hands->config = config;
    hands->pressed = pressed;
    hands->data = data;
    hands->root = g_strdup(root ? root : "");
    hands->devices = g_ptr_array_new_with_free_func(free_device);
    hands->wait = alarm_new(on_time, hands);
    hands->feel = alarm_new(on_feel, hands);
    hands->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (hands->inotify >= 0)
        hands->watch = watch_fd(hands->inotify, on_inotify, hands);
    look(hands);
    hands->started = TRUE;
    return hands;
}

void hands_free(Hands *hands)
{
    if (!hands)
        return;
    if (hands->watch != 0)
        g_source_remove(hands->watch);
    if (hands->inotify >= 0)
        close(hands->inotify);
    g_ptr_array_unref(hands->devices);
    alarm_free(hands->wait);
    alarm_free(hands->feel);
    g_free(hands->root);
    g_free(hands);
}
