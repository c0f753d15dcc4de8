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
    const char *name;      // one word, or two ("sensors add")
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
void json_add_boolean(JsonBuilder *builder, const char *name, gboolean value);
void json_add_int(JsonBuilder *builder, const char *name, gint64 value);

// A property's name on the bus as a member's: "RadioState" → "radio_state". Free with g_free().
char *json_name(const char *property);

// Turns an a{s…} into an object, key by key, as the bus has it; underscores for its hyphens.
JsonNode *json_from_dict(GVariant *dict);

// Prints an aa{sv} as a list of such objects.
void print_dicts_json(GVariant *dicts);

// The other way round, in SI units that names do not carry: "heart_rate" → "heart-rate",
// "duration_s" → "duration", "t_s" → "at", a pace → "target-speed". Whole numbers become u.
GVariant *json_to_dict(JsonObject *object);

// All readable properties of a proxy as one object: the names on the bus, in snake_case.
JsonNode *json_from_proxy(gpointer proxy);

// No file that is read at once may be longer: two days of everything.
#define INPUT_MAX (64 * 1024 * 1024)

// Reads FILE, or standard input for "-". Errors, also that it is too long, are complained of;
// returns NULL and *ret_code.
char *read_input(const char *file, gsize *ret_length, int *ret_code);
// What is left of `from`, behind `text`; errors likewise. Returns the exit code.
int read_rest(FILE *from, const char *file, GString *text);

// Says what a call refused a workout for, as check and compilers do: "FILE:LINE:COL: …"; frees the
// error and returns the exit code. `file` may be the name of a workout of the library.
int complain_text(const char *file, GError *error);

// ── the daemon ──

// Connects and finds the daemon's objects, starting it where D-Bus activation is set up. On failure
// complains and returns EXIT_NO_DAEMON.
int daemon_open(GDBusObjectManager **ret_objects);

// The same where it runs already: says nothing and starts nothing. FALSE: it does not.
gboolean daemon_look(GDBusObjectManager **ret_objects);

// What a shell takes for all PATH.KIND-N beside the daemon's file, damaged or replaced by a backup;
// free it. NULL: there is none.
char *set_aside(const char *path, const char *kind);

// For a daemon that lacks an object every paced has: another version. Returns EXIT_NO_DAEMON.
int complain_stranger(void);

// The first object with this interface ("org.paced1.Session"), as its proxy; NULL when there is
// none.
gpointer daemon_find(GDBusObjectManager *objects, const char *interface);

// Runs the main loop until `loop` quits, Ctrl-C or SIGTERM (FALSE), or for so many seconds (FALSE;
// 0: for ever).
gboolean loop_run(GMainLoop *loop, double seconds);

// An empty a{sv}.
GVariant *no_options(void);

// Says what a failed call said and frees the error; returns the exit code that fits it.
int complain_error(GError *error);

// ── the verbs ──

int verb_status(int argc, char **argv);
int verb_monitor(int argc, char **argv);
int verb_sensors(int argc, char **argv);
int verb_sensors_scan(int argc, char **argv);
int verb_sensors_show(int argc, char **argv);
int verb_sensors_add(int argc, char **argv);
int verb_sensors_set(int argc, char **argv);
int verb_sensors_forget(int argc, char **argv);
int verb_sensors_distance(int argc, char **argv);
int verb_sensors_scale(int argc, char **argv);
int verb_distance(int argc, char **argv);
int verb_track(int argc, char **argv);
int verb_sensors_calibrate(int argc, char **argv);
int verb_sensors_location(int argc, char **argv);
int verb_sensors_reset_energy(int argc, char **argv);
int verb_hold(int argc, char **argv);
int verb_preflight(int argc, char **argv);
int verb_workouts(int argc, char **argv);
int verb_workouts_search(int argc, char **argv);
int verb_workouts_show(int argc, char **argv);
int verb_workouts_share(int argc, char **argv);
int verb_workouts_add(int argc, char **argv);
int verb_workouts_remove(int argc, char **argv);
int verb_start(int argc, char **argv);
int verb_backup(int argc, char **argv);
int verb_restore(int argc, char **argv);
int verb_verify(int argc, char **argv);
int verb_history_delete(int argc, char **argv);
int verb_continue(int argc, char **argv);
int verb_steer(int argc, char **argv); // pause, resume, lap, skip, where, veto, accept, stop
int verb_rate(int argc, char **argv);
int verb_metronome(int argc, char **argv);
int verb_pacer(int argc, char **argv);
int verb_import(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_export(int argc, char **argv);
int verb_history(int argc, char **argv);
int verb_decode(int argc, char **argv);
int verb_hrv(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_convert(int argc, char **argv);
int verb_say(int argc, char **argv);
int verb_phrases_check(int argc, char **argv);
int verb_simulate(int argc, char **argv);
int verb_sound(int argc, char **argv);
int verb_record(int argc, char **argv);
int verb_replay(int argc, char **argv);
int verb_zones(int argc, char **argv);
int verb_athlete(int argc, char **argv);
int verb_athlete_set(int argc, char **argv);
int verb_athlete_race(int argc, char **argv);
int verb_athlete_proposal(int argc, char **argv);
int verb_athlete_goal(int argc, char **argv);
int verb_athlete_unset(int argc, char **argv);
