// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The run, kept: one SQLite file in WAL mode. The journal of events is the single source of truth;
// runs, laps and summaries are an index over it. All SQLite calls happen on one thread of the
// store's own, so a slow card never delays a word; one transaction a second.
//
// The store never stops a run. When the file is locked, read-only, full or damaged it degrades:
// state and reason say so, what could not be written waits in memory (bounded), and it goes on when
// it can.

#pragma once

#include <gio/gio.h>

#include "session/session.h"

typedef struct Store Store;

typedef enum {
    STORE_READY,
    STORE_DEGRADED, // keeping in memory and trying again; `reason` says why
} StoreState;

typedef struct {
    StoreState state;
    const char *reason; // a sentence with the remedy; when ready "", or what was damaged and
                        // where it was moved to; valid until the next change
    const char *path;   // of the file, as it was given
} StoreStatus;

// Opens (creates, migrates) the file. Fails with PACED_ERROR_STORE only for what waiting cannot
// mend: a newer schema, not a database of ours. A damaged file is moved to PATH.damaged-N and a new
// one begun; a file that is locked, read-only or out of reach is waited for. `changed` is called on
// the main context when the status changes, and when a file that came late brings more sensors or
// athletes.
Store *store_open(const char *path, void (*changed)(gpointer data), gpointer data, GError **error);
void store_close(Store *store); // writes what is waiting (up to 5 s), then closes; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

StoreStatus store_status(Store *store);

// ── journal ──
// A sitting is one life of a core session: replaying its events through session_handle() gives
// everything again. Its boot id and wall offset make instants into dates.
void store_sitting_begin(Store *store, Usec at, const char *config_text);
void store_append(Store *store, const Event *event); // in order; copied

// While the disk is nearly full, of the packets of each characteristic of a sensor one in two
// seconds is kept: an hour more of the run is worth more than the packets between.
void store_thin(Store *store, gboolean thin);

// Once a second, with the session's tick: what was appended since becomes one transaction.
void store_commit(Store *store);

// ── runs ── (index over the journal; a run left open by a kill is closed at the next open, by
// replay)
// The run's first event is the one appended last: the START, whose text is kept with the run.
void store_run_begin(Store *store, Usec at, const char *workout_name);
void store_run_lap(Store *store, const Lap *lap);
void store_run_end(Store *store, Usec at, const RunSummary *summary, const char *ended_by,
                   const char *runner);
// What is known of the distance of the run that ended last; NAN: what was measured.
void store_run_correct(Store *store, double metres);

// ── a run that was cut off ── (by a kill, a power cut, an update)
typedef struct {
    gint64 run;
    Usec at;            // of its latest event, on the clock as it was shifted for it
    Usec gap;           // from then to the start of this program
    gboolean gap_known; // else it is the least it can have been
    gboolean orderly;   // it was broken off by COMMAND_BREAK, not cut
    Usec started;       // its sitting
    char *config, *name;
    char *text; // of the workout; NULL for a free run
} InterruptedRun;
void interrupted_run_free(InterruptedRun *run); // takes NULL

// The latest run, where the end of an earlier program cut it off, however long ago, and none was
// begun since; else NULL. store_open() has shifted the clock for it then.
const InterruptedRun *store_interrupted(Store *store);

// The session that it was in, made anew from the journal; answered as queries are. `config`'s
// phrases are borrowed for the session's life. PACED_ERROR_BAD_ARGUMENT: it is over by its journal.
void store_replay(Store *store, const SessionConfig *config, GCancellable *cancellable,
                  GAsyncReadyCallback done, gpointer data);
Session *store_replay_finish(Store *store, GAsyncResult *result, GError **error);

// What is appended from now on belongs to it and its sitting; it is interrupted no more.
void store_continue(Store *store);

// It is not gone on with for now: only then it is over, and in the history. One of the two has to
// be called; it is so by itself when another run begins.
void store_leave(Store *store);

// ── enrolled sensors ── (kept like the rest: at once in memory, in the file when it can be
// written)
typedef struct {
    int slot; // SensorId, stable for as long as it is enrolled
    char *address;
    char *name;
    char *runner;                 // whose it is; "": whoever runs
    char *history;                // of its connections, as the radio wrote it down; "" for none
    char *lessons;                // what runs taught of it, as lessons.h wrote it down; "" for none
    char *lessons_before;         // the same before what was learnt last
    char *lessons_firmware;       // that it had then; "" when not known
    Usec lessons_at;              // µs since 1970; 0 when not known
    guint adopted_for;            // what it served when it was adopted; 0: a user enrolled it
    guint services;               // ServiceSet it was last seen to serve; 0: not known
    guint roles;                  // ServiceSet it may be used for; 0: all that it serves
    guint rank;                   // 0 … 255; of two of a kind the lower comes first
    gboolean match_name;          // it changes its address
    CadenceConvention convention; // as fixed, or as it was last found out; CADENCE_UNSETTLED
    gboolean convention_fixed;    // by a user
} EnrolledSensor;
void enrolled_sensor_free(EnrolledSensor *sensor);
GPtrArray *store_sensors(Store *store); // EnrolledSensor*, full; read at open and kept current

// The one with this address, in either case; NULL: not enrolled. Valid until one is put or removed.
const EnrolledSensor *store_sensor_find(Store *store, const char *address);
const EnrolledSensor *store_sensor_at(Store *store, int slot); // likewise

// Enrols a sensor, or changes one: whatever has this address, else this slot, is now as given. A
// slot of -1 asks for a free one. Texts may be NULL: "". PACED_ERROR_BAD_ARGUMENT: a malformed
// address, or no slot left.
gboolean store_sensor_put(Store *store, const EnrolledSensor *sensor, int *ret_slot,
                          GError **error);
// PACED_ERROR_UNKNOWN_SENSOR.
gboolean store_sensor_remove(Store *store, const char *address, GError **error);

// ── athletes ── (what each runner told of himself, kept as sensors are)
Athlete store_athlete(Store *store, const char *runner); // athlete_unknown() when nothing is kept
void store_athlete_put(Store *store, const char *runner, const Athlete *athlete); // in all

typedef struct {
    char *runner;
    Athlete athlete;
} KeptAthlete;
void kept_athlete_free(KeptAthlete *kept);

// ── between sessions ── (what proposals are made from)
#define EVIDENCE_DAYS 28
#define EVIDENCE_DAY  (24 * 3600 * USEC_PER_SEC)

typedef struct {
    Usec started;                   // µs since 1970
    double duration_s, trimp, rtss; // NAN
    SessionOutcome outcome;         // days are since 1970-01-01
    gint64 workout;                 // the same for the same text; 0: a free run
} KeptRun;

// Run all out, or called a race.
typedef struct {
    gint64 run;
    Race race; // its day: 0 where the clock was not known
} KeptTrial;

typedef struct {
    GArray *runs;    // KeptRun, newest first, of known date: EVIDENCE_DAYS of them, and one more
    GArray *trials;  // KeptTrial, newest first: that came after the latest answer
    GArray *answers; // ProposalAnswer, newest first
    char *workout;   // the text of the newest run's; NULL: a free run, or none
} Evidence;
void evidence_free(Evidence *evidence); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evidence, evidence_free)

// Of a runner, and what nobody's name is on. Answered as queries are.
void store_evidence(Store *store, const char *runner, GCancellable *cancellable,
                    GAsyncReadyCallback done, gpointer data);
Evidence *store_evidence_finish(Store *store, GAsyncResult *result, GError **error);

// A run, or a lap of it from 1 on; free with g_free(). PACED_ERROR_BAD_ARGUMENT: there is none.
typedef struct {
    double distance_m; // as far as a known distance of the run says it; NAN
    double time_s;     // with pauses: a race's clock goes on
} Stretch;
void store_stretch(Store *store, gint64 run, guint lap, GCancellable *cancellable,
                   GAsyncReadyCallback done, gpointer data);
Stretch *store_stretch_finish(Store *store, GAsyncResult *result, GError **error);

void store_trial_put(Store *store, gint64 run, const Race *race);
void store_answer_put(Store *store, const char *runner, const char *kind,
                      const ProposalAnswer *answer);

// ── queries ── answered on the main context; never block it. NULL and an error when it cannot.
// History.List and History.Laps in the interface say what is in them. `limit` is 1 to 10000; a
// limit out of range and an unknown run are PACED_ERROR_BAD_ARGUMENT. The run in progress is not
// listed.
void store_list_runs(Store *store, guint limit, GAsyncReadyCallback done, gpointer data);
GVariant *store_list_runs_finish(Store *store, GAsyncResult *result, GError **error); // aa{sv}
void store_list_laps(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data);
GVariant *store_list_laps_finish(Store *store, GAsyncResult *result, GError **error); // aa{sv}

// Deletes a run for good: nothing of it is left in the file. PACED_ERROR_BAD_ARGUMENT: there is no
// such run, or it is still on. PACED_ERROR_STORE: not now.
void store_forget(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data);
gboolean store_forget_finish(Store *store, GAsyncResult *result, GError **error);

// The same for all that are older, as far as their date is known; at least one day.
void store_forget_older(Store *store, guint days);
gint64 store_kept_since(guint days); // µs since 1970; 0 days: G_MININT64, for ever

// As History.Summary has it, in a list of one.
void store_summary(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data);
GVariant *store_summary_finish(Store *store, GAsyncResult *result, GError **error); // aa{sv}

// ── imports ── a run that another program recorded
typedef struct {
    GVariant *events;   // aay, each as the journal keeps it; borrowed for the call
    gint64 started;     // µs since 1970
    const char *name;   // of the workout; "" for none
    const char *runner; // whose it is
    double distance_m;  // as it was told; NAN
    GVariant *laps_m;   // ad, likewise of each lap; borrowed for the call; NULL
} StoreImport;

// The answer is the run's number, free with g_free(). PACED_ERROR_EXISTS: one of the same
// time is kept; PACED_ERROR_BAD_ARGUMENT: the events are no run.
void store_import(Store *store, const StoreImport *import, GCancellable *cancellable,
                  GAsyncReadyCallback done, gpointer data);
gint64 *store_import_finish(Store *store, GAsyncResult *result, GError **error);

// ── captures ── the journal as text (record/capture.h), to a descriptor
typedef struct {
    int fd;           // taken, made non-blocking, closed at the end
    gint64 run;       // a run's number: its sitting up to its end. 0: the current sitting from its
                      // beginning, and all that happens until somebody ends it
    gboolean private; // comments with the sensors' names and addresses, and dates
    const char *name; // who or what it goes to, for the log
} StoreCapture;

// Never waits for who reads; a reader that is a megabyte behind what happens is left with a comment
// that says so. Done when the capture has ended: true when its reader, or `cancellable`, ended it,
// and when a run is complete. PACED_ERROR_BAD_ARGUMENT: an unknown run. `done` may be NULL.
void store_capture(Store *store, const StoreCapture *capture, GCancellable *cancellable,
                   GAsyncReadyCallback done, gpointer data);
gboolean store_capture_finish(Store *store, GAsyncResult *result, GError **error);

// Captures all that happens in a new file, without private data.
gboolean store_capture_to_file(Store *store, const char *path, GError **error);
