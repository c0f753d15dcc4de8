// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner listens to the coach: it watches org.paced1, aims at each step's target, stands when
// the session is paused, and heeds what is said about its pace. Before and after a session it
// walks.

#pragma once

#include <gio/gio.h>

#include "sim/sensor.h"

typedef struct Follow Follow;

// Both borrowed. `bus` is the one org.paced1 is on.
Follow *follow_new(GDBusConnection *bus, Body *body);
void follow_free(Follow *follow); // takes NULL
