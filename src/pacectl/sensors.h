// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the verbs on sensors share: which sensor is meant, and how it is told about.

#pragma once

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

#define SCAN_DEFAULT 10.0 // s; a strap advertises about once a second

// The sensors that somebody may mean by an address or a name, in any case of letters: Paced1Sensor,
// free with g_ptr_array_unref().
GPtrArray *sensors_named(GDBusObjectManager *objects, const char *which, gboolean enrolled);

// The one that is meant, an enrolled one before a candidate: free with g_object_unref(). NULL: it
// was complained of, exit with EXIT_BAD_INPUT. Only if `candidates` may it be one that is not
// enrolled.
Paced1Sensor *sensor_find(GDBusObjectManager *objects, const char *which, gboolean candidates);

// "two sensors are called …": complains with their addresses; returns EXIT_BAD_INPUT.
int complain_ambiguous(const char *which, GPtrArray *sensors);

// Opens the daemon for a verb whose first argument is a sensor; NULL with *ret_code. `ret_objects`
// may be NULL.
Paced1Sensor *sensor_open(const char *which, gboolean candidates, GDBusObjectManager **ret_objects,
                          int *ret_code);

// "Sim Pod", or the address while it has no name. Borrowed.
const char *sensor_title(Paced1Sensor *sensor);

// Starts a search, says so on `told`, and runs the main loop until `loop` quits or the time is
// over.
int scan(GDBusObjectManager *objects, GMainLoop *loop, double seconds, FILE *told);

// The property Scales in words, a line for each surface, behind `before`.
void print_scales(GVariant *scales, const char *before);

// The property History in words: "12 connections, half of them longer than 5 min; lost 3 times";
// NULL when there is nothing to tell. Free with g_free().
char *history_words(GVariant *history);
