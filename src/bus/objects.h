// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the files of this room share: the exported objects and the way to ask the hub.

#pragma once

#include "bus/bus.h"
#include "bus/call.h"
#include "bus/claims.h"
#include "paced1-dbus.h"

#define BUS_NAME "org.paced1"
#define BUS_ROOT "/org/paced1"

struct Bus {
    GDBusConnection *connection;
    GDBusObjectManagerServer *manager;
    Store *store; // borrowed; may be NULL
    char *shipped;
    BusHandlers handlers;
    gpointer data;
    Calls *calls;
    GCancellable *requesting; // the name

    Paced1Hub *hub;
    Claims *claims;       // of Hub.Hold
    GHashTable *sensors;  // object path → Paced1Sensor
    GHashTable *asked;    // a set of what waits for the answer of a sensor
    GHashTable *captures; // that callers have asked for
    Paced1Runner *runner;
    char *runner_path, *session_path;
    Paced1Athlete *athlete;
    Athlete told;           // as last published
    Paced1Session *session; // NULL while none is exported
    Paced1Library *library;
    Paced1History *history;
};

// Puts one interface at one path, beside those that are there.
void bus_export(Bus *bus, const char *path, gpointer skeleton);

// Sets a property that is another now. A generated setter costs thousands of instructions even when
// nothing has changed, and most of what is shown every second has not. `same`: same_number or
// same_text.
#define SHOW(interface, object, property, same, value)                                             \
    G_STMT_START                                                                                   \
    {                                                                                              \
        if (!same(paced1_##interface##_get_##property(object), value))                             \
            paced1_##interface##_set_##property(object, value);                                    \
    }                                                                                              \
    G_STMT_END

gboolean same_number(double a, double b); // NaN is NaN
gboolean same_text(const char *a, const char *b);

// Sends what has changed now, so that it arrives before the signal or answer that follows.
void bus_flush(gpointer skeleton);

// Whether a text can be a workout's, by its length alone.
gboolean workout_text_check(const char *text, GError **error); // runner.c

char *sensor_path(const char *address);         // sensors.c; free with g_free()
void sensors_close(Bus *bus);                   // the same
void runner_export(Bus *bus, const char *name); // runner.c
void preview_export(Bus *bus);                  // preview.c, by the runner
void athlete_export(Bus *bus);                  // athlete.c, after the runner
void catalog_export(Bus *bus);                  // catalog.c
void captures_export(Bus *bus);                 // capture.c, after the hub and the catalog
