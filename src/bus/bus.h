// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1 on the bus: turns the hub's values into objects, properties and signals, and callers'
// methods into requests. It holds no state of its own beyond what it last published, and decides
// nothing.

#pragma once

#include <gio/gio.h>

#include "audio/voice.h"
#include "radio/radio.h"
#include "session/session.h"
#include "store/store.h"

typedef struct Bus Bus;

// What the hub does for callers. `sender` is the unique bus name of who asked.
typedef struct {
    // The answer comes through bus_answer() with the same id, in the same turn or later.
    void (*command)(guint32 id, CommandVerb verb, const char *text, gsize length,
                    const char *sender, gpointer data);
    gboolean (*scan)(double seconds, GError **error, gpointer data);
    gboolean (*add_sensor)(const char *address, const char *name, GError **error, gpointer data);
    gboolean (*forget_sensor)(const char *address, GError **error, gpointer data);
    void (*name_acquired)(gpointer data);
    // Another daemon has the name, or the bus is gone: free the bus, or serve again when there is
    // hope.
    void (*name_lost)(gpointer data);
} BusHandlers;

// Exports the objects on `connection` and asks for the name. `store` answers History and is
// borrowed; NULL: History says that there is none. `shipped` is the directory of the workouts that
// came with the program; may be NULL.
Bus *bus_new(GDBusConnection *connection, const char *runner, const char *shipped, Store *store,
             const BusHandlers *handlers, gpointer data);
// Serves on `connection` from now on, which may be the same, and asks for the name again. The
// objects are there as they were.
void bus_serve(Bus *bus, GDBusConnection *connection);

// Gives up the name and answers whoever still waits with NotReady. Takes NULL.
void bus_free(Bus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bus, bus_free)

// Answers the command `id`; nothing happens when that was done already or `id` is not the bus's.
void bus_answer(Bus *bus, guint32 id, CommandVerb verb, AnswerReason reason,
                const TextError *error);

// One PropertiesChanged an object, with all that changed. bus_publish_session() also makes the
// session's object when there is a plan; only bus_signal_finished() removes it, so publish first,
// then signal, then answer.
void bus_publish_session(Bus *bus, const Snapshot *snapshot);
void bus_publish_hub(Bus *bus, RadioState radio, const char *radio_reason, VoiceState voice,
                     const char *voice_reason, StoreStatus store);
// RadioSensor: all there are; objects of others go. `views` NULL: what comes from the session, such
// as Packets, stays as it is.
void bus_publish_sensors(Bus *bus, const GArray *sensors, const SensorView *views);

void bus_signal_adopted(Bus *bus, const char *address, const char *name);
// Without a session object these do nothing. `by` is who asked, or NULL.
void bus_signal_cue(Bus *bus, const Cue *cue);
void bus_signal_step(Bus *bus, guint index, const PlanStep *step);
void bus_signal_lap(Bus *bus, const Lap *lap);
void bus_signal_state(Bus *bus, SessionState state, const char *by); // idle: "finished"
void bus_signal_finished(Bus *bus, const RunSummary *summary, const char *by);
