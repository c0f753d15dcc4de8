// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner listens to the coach. Whether a cue about the pace means faster or slower is decided
// by comparing speeds, not words: the words are the user's to translate.

#include "sim/follow.h"

#include <string.h>

#define WALK_MPS 1.4
#define A_STEP   0.05  // a target that changes by less within a second is one that builds
#define NOTICED  0.005 // less than this off the target, and the runner sees no reason to change

struct Follow {
    GDBusConnection *bus;
    Body *body;
    guint signals, properties, watch;
    double aim_mps; // of the step; NAN: at will
    gboolean paused;
};

static void aim(Follow *follow)
{
    body_catch_up(follow->body);
    runner_aim(&follow->body->runner, follow->paused ? 0 : follow->aim_mps);
}

static void aim_at(Follow *follow, double speed_mps)
{
    follow->paused = FALSE;
    follow->aim_mps = speed_mps;
    aim(follow);
}

static void heed(Follow *follow)
{
    body_catch_up(follow->body);
    Runner *runner = &follow->body->runner;
    double off = runner->speed_mps - follow->aim_mps;
    if (fabs(off) > NOTICED * follow->aim_mps) // false when there is no target
        runner_heed(runner, off > 0 ? -1 : 1);
}

static void on_step(Follow *follow, GVariant *arguments)
{
    g_autoptr(GVariant) step = g_variant_get_child_value(arguments, 1);
    double target = NAN;
    g_variant_lookup(step, "target-speed", "d", &target);
    aim_at(follow, target);
}

static void on_cue(Follow *follow, GVariant *arguments)
{
    const char *kind;
    g_variant_get_child(arguments, 1, "&s", &kind);
    if (strcmp(kind, "drift") == 0)
        heed(follow);
}

static void on_state(Follow *follow, GVariant *arguments)
{
    const char *state;
    g_variant_get_child(arguments, 0, "&s", &state);
    gboolean paused = strcmp(state, "paused") == 0;
    if (paused == follow->paused)
        return;
    follow->paused = paused;
    aim(follow);
}

static void on_finished(Follow *follow, GVariant *arguments)
{
    aim_at(follow, WALK_MPS);
}

static void on_signal(GDBusConnection *bus, const char *sender, const char *path,
                      const char *interface, const char *signal, GVariant *arguments, gpointer data)
{
    static const struct {
        const char *signal, *type;
        void (*run)(Follow *follow, GVariant *arguments);
    } handlers[] = {
        {"StepStarted", "(ua{sv})", on_step},
        {"Cue", "(ss)", on_cue},
        {"StateChanged", "(ss)", on_state},
        {"Finished", "(a{sv})", on_finished},
    };
    for (guint i = 0; i < G_N_ELEMENTS(handlers); i++) {
        if (strcmp(signal, handlers[i].signal) == 0 &&
            g_variant_is_of_type(arguments, G_VARIANT_TYPE(handlers[i].type)))
            handlers[i].run(data, arguments);
    }
}

// For one who came when the step had begun, and for a step that builds.
static void on_properties(GDBusConnection *bus, const char *sender, const char *path,
                          const char *interface, const char *signal, GVariant *arguments,
                          gpointer data)
{
    Follow *follow = data;
    if (!g_variant_is_of_type(arguments, G_VARIANT_TYPE("(sa{sv}as)")))
        return;
    g_autoptr(GVariant) changed = g_variant_get_child_value(arguments, 1);
    double target;
    if (!g_variant_lookup(changed, "TargetSpeed", "d", &target))
        return;
    if (target == follow->aim_mps || (isnan(target) && isnan(follow->aim_mps)))
        return;
    if (fabs(target / follow->aim_mps - 1) >= A_STEP || isnan(target) || isnan(follow->aim_mps))
        aim_at(follow, target);
    else if (!follow->paused) {
        body_catch_up(follow->body);
        follow->aim_mps = target;
        runner_follow(&follow->body->runner, target);
    }
}

static void on_vanished(GDBusConnection *bus, const char *name, gpointer data)
{
    aim_at(data, WALK_MPS);
}

Follow *follow_new(GDBusConnection *bus, Body *body)
{
    Follow *follow = g_new0(Follow, 1);
    *follow = (Follow){.bus = g_object_ref(bus), .body = body, .aim_mps = WALK_MPS};
    follow->signals =
        g_dbus_connection_signal_subscribe(bus, "org.paced1", "org.paced1.Session", NULL, NULL,
                                           NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, follow, NULL);
    follow->properties = g_dbus_connection_signal_subscribe(
        bus, "org.paced1", "org.freedesktop.DBus.Properties", "PropertiesChanged", NULL,
        "org.paced1.Session", G_DBUS_SIGNAL_FLAGS_NONE, on_properties, follow, NULL);
    follow->watch = g_bus_watch_name_on_connection(bus, "org.paced1", G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                   NULL, on_vanished, follow, NULL);
    return follow;
}

void follow_free(Follow *follow)
{
    if (!follow)
        return;
    g_dbus_connection_signal_unsubscribe(follow->bus, follow->signals);
    g_dbus_connection_signal_unsubscribe(follow->bus, follow->properties);
    g_bus_unwatch_name(follow->watch);
    g_object_unref(follow->bus);
    g_free(follow);
}
