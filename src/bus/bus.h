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
    void (*scan)(double seconds, gpointer data);
    gboolean (*add_sensor)(const char *address, const char *name, GError **error, gpointer data);
    gboolean (*forget_sensor)(const char *address, GError **error, gpointer data);
    void (*name_lost)(gpointer data); // another daemon has the name, or the bus is gone
} BusHandlers;

// Exports the objects on `connection` and asks for the name. `store` answers History; borrowed.
Bus *bus_new(GDBusConnection *connection, const char *runner, Store *store,
             const BusHandlers *handlers, gpointer data);
void bus_free(Bus *bus); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bus, bus_free)

void bus_answer(Bus *bus, guint32 id, AnswerReason reason, const TextError *error);

// One PropertiesChanged an object, with all that changed.
void bus_publish_session(Bus *bus, const Snapshot *snapshot); // also makes and removes the object
void bus_publish_hub(Bus *bus, RadioState radio, const char *radio_reason, VoiceState voice,
                     const char *voice_reason, StoreStatus store);
void bus_publish_sensors(Bus *bus, const GArray *sensors, const PacketCounts counts[SENSORS_MAX]);

void bus_signal_cue(Bus *bus, const Cue *cue);
void bus_signal_step(Bus *bus, const Snapshot *snapshot);
void bus_signal_lap(Bus *bus, const Lap *lap);
void bus_signal_state(Bus *bus, const Snapshot *snapshot, const char *by);
void bus_signal_finished(Bus *bus, const RunSummary *summary, const char *by);
