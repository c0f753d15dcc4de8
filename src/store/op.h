// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is to be written, as data: made on the main thread, carried out by the worker, in order, and
// kept until it is on the disk. One allocation each.

#pragma once

#include <glib.h>

#include "store/store.h"

typedef enum {
    OP_SITTING,     // text: the config
    OP_EVENT,       // record
    OP_RUN_BEGIN,   // text: the workout's name, then its text
    OP_LAP,         // lap
    OP_RUN_END,     // summary; text: ended by, runner
    OP_RUN_CORRECT, // corrected_m, of the latest run
    OP_SENSOR_PUT,  // sensor; text: address, name, runner, history, lessons, those before, firmware
    OP_SENSOR_REMOVE, // text: address
    OP_ATHLETE,       // text: runner; then the Athlete, see op_get_athlete()
    OP_TRIAL,         // trial
    OP_ANSWER,        // answer; text: runner, the kind of proposal
    OP_CONTINUE,      // run; text: its sitting's config, the workout's name, then its text
} OpKind;

typedef struct {
    OpKind kind;
    EventKind event; // OP_EVENT
    bool attempted;  // was in a transaction whose end is not known
    Usec at;
    union {
        Lap lap;
        RunSummary summary;
        double corrected_m;
        struct {
            gint64 run;
            Race race;
        } trial;
        ProposalAnswer answer;
        gint64 run;
        struct {
            int slot;
            guint adopted_for, services, roles, rank;
            gboolean match_name, convention_fixed;
            CadenceConvention convention;
            Usec lessons_at;
        } sensor;
    };
    gsize length;  // of `data`
    guint8 data[]; // OP_EVENT: the record; else NUL-terminated texts, one after the other
} Op;

Op *op_event(const Event *event);
Op *op_texts(OpKind kind, Usec at, const char *first, const char *second); // second may be NULL
Op *op_continue(const InterruptedRun *run);
Op *op_sensor(OpKind kind, const EnrolledSensor *sensor);
Op *op_lap(const Lap *lap);
Op *op_athlete(const char *runner, const Athlete *athlete);
Athlete op_get_athlete(const Op *op);
Op *op_copy(const Op *op);
const char *op_text(const Op *op, guint index); // NULL when there are not so many

// Ops in order, and their weight in memory.
typedef struct {
    GQueue ops;     // Op*, owned
    gsize bytes;    // of all
    guint64 let_go; // events dropped by ops_bound() since ops_init()
} Ops;

void ops_init(Ops *ops);
void ops_push(Ops *ops, Op *op);       // takes it
void ops_push_front(Ops *ops, Op *op); // takes it
void ops_move(Ops *from, Ops *to);     // appends all of `from` to `to`
void ops_drop_attempted(Ops *ops);     // those are on the disk
void ops_mark_attempted(Ops *ops);     // all of them
void ops_clear(Ops *ops);

// What may wait in memory while the disk takes nothing, on either side of the thread.
#define OPS_LIMIT (8u << 20)

// Brings the weight under `limit` by dropping the oldest of what can best be missed: sensor packets
// first, then bare time and voice reports, then the START events, whose texts can be long, and the
// workout texts that are kept with runs. The other commands, links, runs, laps and sensors, a few
// bytes each, always stay.
void ops_bound(Ops *ops, gsize limit);
