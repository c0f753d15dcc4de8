// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as a watch writes it. What was hard: what kind of activity it is stands at the end of the
// file, so all is read before any of it is believed; and the beats have no time of their own, only
// a place between two records.

#include "pacectl/recording.h"

#include "codec/fit.h"
#include "io/error.h"

#include <math.h>

enum {
    SPORT_ANY = 0,
    SPORT_RUNNING = 1,
    SPORT_MACHINE = 4,
    SPORT_WALKING = 11,
    SPORT_HIKING = 17,
    SUB_SPORT_TREADMILL = 1,
    EVENT_TIMER = 0,
    EVENT_STOP = 1,
    EVENT_STOP_ALL = 4,
    EVENT_STOP_DISABLE = 8,
    EVENT_STOP_DISABLE_ALL = 9,
};

typedef struct {
    const char *file;
    Recording *recording;
    double start, newest; // times of the first record and the newest
    GArray *waiting;      // double, ms: beats since the newest record
    gboolean treadmill;
} Reader;

static gboolean wrong(const Reader *reader, gsize offset, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static gboolean wrong(const Reader *reader, gsize offset, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s: byte %zu: %s", reader->file, offset,
                text);
    return FALSE;
}

static void give_beats(Reader *reader)
{
    for (guint i = 0; i < reader->waiting->len; i++)
        recording_beat(reader->recording, g_array_index(reader->waiting, double, i));
    g_array_set_size(reader->waiting, 0);
}

static gboolean take_record(Reader *reader, const FitMessage *message, GError **error)
{
    const FitRecord *record = &message->record;
    if (isnan(record->time))
        return wrong(reader, message->offset, error, "a record has no time");
    if (recording_count(reader->recording) == 0)
        reader->start = record->time;
    else if (record->time < reader->newest)
        return wrong(reader, message->offset, error, "time runs backwards, by %.0f s",
                     reader->newest - record->time);
    const double at = record->time - reader->start;
    if (at > RECORDING_SECONDS_MAX)
        return wrong(reader, message->offset, error,
                     "a record %.0f s after the first; expected no more than %g", at,
                     RECORDING_SECONDS_MAX);
    reader->newest = record->time;
    Sample *sample = recording_at(reader->recording, at);
    // Whatever no sensor could send is as good as not recorded: a watch's file cannot be mended.
    sample_set(sample, RECORDED_HEART_RATE, record->heart_rate);
    sample_set(sample, RECORDED_CADENCE, fit_record_steps(record));
    sample_set(sample, RECORDED_SPEED, record->speed);
    sample_set(sample, RECORDED_DISTANCE, record->distance);
    sample_set(sample, RECORDED_POWER, record->power);
    sample_set(sample, RECORDED_INCLINE, record->grade);
    give_beats(reader);
    return TRUE;
}

static gboolean take_session(Reader *reader, const FitMessage *message, GError **error)
{
    const double sport = message->lap.sport;
    const gboolean treadmill = message->lap.sub_sport == SUB_SPORT_TREADMILL;
    if (!isnan(sport) && sport != SPORT_ANY && sport != SPORT_RUNNING && sport != SPORT_WALKING &&
        sport != SPORT_HIKING && !(sport == SPORT_MACHINE && treadmill))
        return wrong(reader, message->offset, error,
                     "expected a run; this is an activity of another kind (sport %.0f)", sport);
    reader->treadmill |= treadmill;
    return TRUE;
}

static void take_event(Reader *reader, const FitMessage *message)
{
    const guint count = recording_count(reader->recording);
    const double type = message->event.type;
    const gboolean stops = type == EVENT_STOP || type == EVENT_STOP_ALL ||
                           type == EVENT_STOP_DISABLE || type == EVENT_STOP_DISABLE_ALL;
    if (message->event.event == EVENT_TIMER && stops && count > 0)
        recording_sample(reader->recording, count - 1)->paused = TRUE;
}

static gboolean take(Reader *reader, const FitMessage *message, GError **error)
{
    switch (message->kind) {
    case FIT_RECORD:
        return take_record(reader, message, error);
    case FIT_SESSION:
        return take_session(reader, message, error);
    case FIT_EVENT:
        take_event(reader, message);
        return TRUE;
    case FIT_HRV:
        for (gsize i = 0; i < message->hrv.count; i++) {
            const double ms = message->hrv.rr_ms[i];
            g_array_append_val(reader->waiting, ms);
        }
        return TRUE;
    case FIT_BAD:
        return wrong(reader, message->offset, error, "%s", fit_fault_text(message->fault));
    case FIT_FILE:
    case FIT_LAP:
    case FIT_WORKOUT:
    case FIT_STEP:
    case FIT_END:
        return TRUE;
    }
    return TRUE;
}

// On a treadmill the speed is the belt's; elsewhere the grade is the ground's, which is not asked
// for.
static void sort_out(const Reader *reader)
{
    for (guint i = 0; i < recording_count(reader->recording); i++) {
        double *values = recording_sample(reader->recording, i)->values;
        if (reader->treadmill) {
            values[RECORDED_BELT_SPEED] = values[RECORDED_SPEED];
            values[RECORDED_SPEED] = NAN;
        } else {
            values[RECORDED_INCLINE] = NAN;
        }
    }
}

Recording *recording_from_fit(const char *file, const guint8 *bytes, gsize length, GError **error)
{
    g_autoptr(Recording) recording = recording_new();
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(double));
    Reader reader = {.file = file, .recording = recording, .waiting = waiting};
    FitReader fit;
    fit_reader_init(&fit, bytes, length);
    FitMessage message;
    do {
        message = fit_read(&fit);
        if (!take(&reader, &message, error))
            return NULL;
    } while (message.kind != FIT_END);
    if (recording_count(recording) == 0) {
        wrong(&reader, message.offset, error, "expected an activity: there are no records in it");
        return NULL;
    }
    give_beats(&reader);
    sort_out(&reader);
    return g_steal_pointer(&recording);
}
