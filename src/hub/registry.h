// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The sensors, as the hub knows them: what the store keeps of each, what the radio hears of it and
// what quirks.conf says of its make become one profile for the session; and what is found out while
// running (its cadence, how its connections went) goes back to the store.
//
// A sensor that belongs to another runner keeps its place in the store and is otherwise left alone.

#pragma once

#include "bus/bus.h"
#include "io/config.h"

typedef struct Registry Registry;

typedef struct {
    // The session is to take this sensor so from now on; one without services is gone.
    void (*describe)(SensorId slot, const SensorProfile *profile, gpointer data);
    void (*adopted)(const char *address, const char *name, gpointer data);
} RegistryHandlers;

// `config` and `store` are borrowed.
Registry *registry_new(const Config *config, Store *store, const RegistryHandlers *handlers,
                       gpointer data);
void registry_free(Registry *registry); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Registry, registry_free)

// A RadioQuirkLookup, whose `data` is the registry.
void registry_quirk(const char *name, const char *manufacturer, const char *model, guint services,
                    RadioQuirk *ret_quirk, gpointer data);

// The radio is there (borrowed), and what is enrolled is its business.
void registry_serve(Registry *registry, Radio *radio);

// What the world says: the store brought more sensors, the radio heard something, a candidate may
// be adopted (not while the store is not ready: a registry that cannot be read looks empty, and it
// may be a stranger's), a sensor has another address.
void registry_stored(Registry *registry);
void registry_heard(Registry *registry);
void registry_consider(Registry *registry, const RadioSensor *candidate, gboolean store_ready);
// FALSE: at that address another sensor is enrolled, perhaps another runner's.
gboolean registry_moved(Registry *registry, SensorId slot, const char *address);

// What callers ask for.
gboolean registry_add(Registry *registry, const char *address, const SensorWish *wish,
                      GError **error);
gboolean registry_configure(Registry *registry, const char *address, const SensorWish *wish,
                            GError **error);
gboolean registry_scale(Registry *registry, const char *address, const ScaleWish *wish,
                        GError **error);
gboolean registry_forget(Registry *registry, const char *address, GError **error);

// A new sitting is about to begin: what is known of sensors is as old as it is today.
void registry_renew(Registry *registry);

// What a new session has to be told. FALSE: there is no sensor with this number.
gboolean registry_profile(const Registry *registry, SensorId slot, SensorProfile *ret_profile);

// What the session found out by now: SENSORS_MAX views.
void registry_learn(Registry *registry, const SensorView *views);

// What a run taught of a sensor.
void registry_taught(Registry *registry, SensorId slot, const SensorKnown *known);

// Writes down how the connections went. Worth it now and then.
void registry_keep(Registry *registry);

// The same at the end; the radio is no more. Takes NULL.
void registry_close(Registry *registry);

// All there is to show: SensorShown, valid until the registry, the radio or the store changes.
// `views` may be NULL.
GArray *registry_show(Registry *registry, const SensorView *views);
