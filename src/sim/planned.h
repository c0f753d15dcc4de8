// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner runs a workout on its own, step by step, without a coach: by time, by distance, at the
// pace each step asks for; at will where it asks for none. Afterwards it walks.

#pragma once

#include <gio/gio.h>

#include "sim/sensor.h"

typedef struct Planned Planned;

// Reads a workout text. NULL and *error ("FILE:LINE:COL: …") when it cannot be read. Starts at
// once.
Planned *planned_new(const char *file, Body *body, GError **error);
void planned_free(Planned *planned); // takes NULL
