// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1.Sim at /org/paced1/sim: how tests and demonstrations make the world misbehave.
// The interface is documented in org.paced1.Sim.xml. What concerns a sensor is done here, on the
// sensor; what concerns its link is done by the world it is in, which is a fake BlueZ or a real
// one.

#pragma once

#include <gio/gio.h>

#include "sim/sensor.h"

typedef struct {
    gboolean connected, advertising;
    guint connects, packets; // links made; what a subscriber was sent
} WorldStats;

// What each stack does its own way. `self` is what control_new() was given.
typedef struct {
    // The sensor went away, came back, refuses links or no longer: link and advertisement follow.
    void (*settle)(Sensor *sensor, gpointer self);
    // Its table or its name is another now.
    void (*rebuild)(Sensor *sensor, gpointer self);
    void (*rename)(Sensor *sensor, gpointer self);
    // A packet past every misbehaviour; FALSE when nobody has subscribed.
    gboolean (*notify)(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                       gpointer self);
    void (*stats)(Sensor *sensor, WorldStats *ret_stats, gpointer self);
    // A method that only this stack has: answers the invocation. FALSE: it has none of that name,
    // and the call is refused. NULL: it has none at all.
    gboolean (*call)(const char *method, GVariant *arguments, GDBusMethodInvocation *invocation,
                     gpointer self);
} World;

typedef struct Control Control;

// All borrowed; `sensors` are of Sensor.
Control *control_new(GDBusConnection *bus, GPtrArray *sensors, Body *body, const World *world,
                     gpointer self);
void control_free(Control *control); // takes NULL

// org.paced1.Sim.Error.NAME
void control_refuse(GDBusMethodInvocation *invocation, const char *name, const char *what);
