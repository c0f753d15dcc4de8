// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is simulated, whichever stack shows it: a runner, what makes it run, the sensors it wears
// and the faults to come; with the options that say so.

#pragma once

#include <gio/gio.h>

#include "sim/sensor.h"

#define SCENE_SENSORS_MAX 32

typedef struct {
    char *plan;
    gboolean follow;
    gint64 seed;
    double speed;
    char **sensors, **misbehaviours;
} SceneOptions;

// The options with their defaults, and their entries in a context: --seed, --speed, --plan,
// --follow, --sensor, --misbehave.
void scene_options_init(SceneOptions *options);
void scene_options_add(SceneOptions *options, GOptionContext *context);
void scene_options_clear(SceneOptions *options);

typedef struct Scene Scene;

// Complains on standard error. NULL and *ret_status (64: usage, 65: the plan cannot be read) when
// the options make no scene. Nothing ticks yet.
Scene *scene_new(const SceneOptions *options, int *ret_status);
void scene_free(Scene *scene); // takes NULL

Body *scene_body(Scene *scene); // who wears the first sensor of each kind
GPtrArray *scene_sensors(Scene *scene);

// From now on the runner does what org.paced1 on this bus coaches.
void scene_follow(Scene *scene, GDBusConnection *session);

// The orders of --misbehave run from now; `settle` is told of each sensor that had one.
void scene_start(Scene *scene, void (*settle)(Sensor *sensor, gpointer self), gpointer self);
