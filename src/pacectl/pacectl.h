// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the verbs of pacectl share: exit codes, options, JSON, and the way to the daemon. One file a
// verb.

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "workout/text.h"

// Scripts tell by these what went wrong; one line on standard error says it in words. From
// sysexits.h.
enum {
    EXIT_DONE = 0,
    EXIT_OTHER = 1,
    EXIT_BAD_USAGE = 64,
    EXIT_BAD_INPUT = 65,
    EXIT_NO_DAEMON = 69,
};

typedef struct {
    const char *name;
    const char *arguments; // for the usage line
    const char *summary;
    int (*run)(int argc, char **argv); // argv[0] is the verb
} Verb;

extern const Verb VERBS[]; // ends with a NULL name
const Verb *verb_find(const char *name);

// Parses a verb's options. On a mistake prints it with the usage and returns false: exit with
// EXIT_BAD_USAGE. `fewest` … `most` arguments must be left (most < 0: any number).
gboolean verb_options(int *argc, char ***argv, const GOptionEntry *entries, int fewest, int most);

// Whether an argument can go over the bus; complains when it cannot: exit with EXIT_BAD_INPUT.
gboolean argument_check(const char *argument);

// One line on standard error: "pacectl: …". Returns `code`, for return complain(…).
int complain(int code, const char *format, ...) G_GNUC_PRINTF(2, 3);

// A workout's text that cannot be read, as compilers say it: "FILE:LINE:COL: …". Returns
// EXIT_BAD_INPUT.
int complain_broken(const char *file, const TextError *error);

// Prints a JSON value on one line and frees it.
void print_json(JsonNode *node);
void print_json_builder(JsonBuilder *builder); // takes the builder's root; frees both

// Adds a member unless the value is unknown (NaN).
void json_add_double(JsonBuilder *builder, const char *name, double value);
void json_add_string(JsonBuilder *builder, const char *name, const char *value);
void json_add_int(JsonBuilder *builder, const char *name, gint64 value);

// A property's name on the bus as a member's: "RadioState" → "radio_state". Free with g_free().
char *json_name(const char *property);

// Turns an a{sv} into an object, key by key, as the bus has it; underscores for its hyphens.
JsonNode *json_from_dict(GVariant *dict);

// Reads FILE, or standard input for "-". Errors are complained of; returns NULL and *ret_code.
char *read_input(const char *file, gsize *ret_length, int *ret_code);

// ── the daemon ──

// Connects and finds the daemon's objects, starting it where D-Bus activation is set up. On failure
// complains and returns EXIT_NO_DAEMON.
int daemon_open(GDBusObjectManager **ret_objects);

// For a daemon that lacks an object every paced has: another version. Returns EXIT_NO_DAEMON.
int complain_stranger(void);

// The first object with this interface ("org.paced1.Session"), as its proxy; NULL when there is
// none.
gpointer daemon_find(GDBusObjectManager *objects, const char *interface);

// Says what a failed call said and frees the error; returns the exit code that fits it.
int complain_error(GError *error);

// ── the verbs ──

int verb_status(int argc, char **argv);
int verb_monitor(int argc, char **argv);
int verb_sensors(int argc, char **argv);
int verb_workouts(int argc, char **argv);
int verb_start(int argc, char **argv);
int verb_steer(int argc, char **argv); // pause, resume, lap, skip, stop
int verb_history(int argc, char **argv);
int verb_decode(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_simulate(int argc, char **argv);
