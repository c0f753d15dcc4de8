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
    FILE_ACTIVITY = 4,
    FILE_WORKOUT = 5,
    FILE_COURSE = 6,
    SPORT_ANY = 0,
    SPORT_RUNNING = 1,
    SPORT_MACHINE = 4,
    SPORT_WALKING = 11,
    SPORT_HIKING = 17,
    SUB_SPORT_TREADMILL = 1,
    EVENT_TIMER = 0,
    EVENT_START = 0,
    EVENT_STOP = 1,
    EVENT_STOP_ALL = 4,
    EVENT_STOP_DISABLE = 8,
    EVENT_STOP_DISABLE_ALL = 9,
};

#define FIT_DATES_FROM 0x10000000

// The watch's timer, stopped or started.
typedef struct {
    double time;
    gboolean stops;
} Switch;

typedef struct {
    const char *file;
    Recording *recording;
    double start, newest; // times of the first record and the newest
    GArray *waiting;      // double, ms: beats since the newest record
    GArray *ends;         // double, times: of laps
    GArray *timer;        // Switch
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
    sample_set(sample, RECORDED_STEP_LENGTH, record->step_length / 1000);
    sample_set(sample, RECORDED_ALTITUDE, record->altitude);
    sample_set(sample, RECORDED_LATITUDE, record->latitude * FIT_DEGREES);
    sample_set(sample, RECORDED_LONGITUDE, record->longitude * FIT_DEGREES);
    sample_set(sample, RECORDED_OSCILLATION, record->vertical_oscillation);
    sample_set(sample, RECORDED_STANCE, record->stance_time);
    sample_set(sample, RECORDED_SHARE, record->stance_share);
    sample_set(sample, RECORDED_BALANCE, record->stance_balance);
    sample_set(sample, RECORDED_RATIO, record->vertical_ratio);
    sample_set(sample, RECORDED_TEMPERATURE, record->temperature);
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

// A course has records as well.
static gboolean take_file(const Reader *reader, const FitMessage *message, GError **error)
{
    const double type = message->file.type;
    if (isnan(type) || type == FILE_ACTIVITY)
        return TRUE;
    if (type == FILE_WORKOUT || type == FILE_COURSE)
        return wrong(reader, message->offset, error,
                     "expected a run; this is a %s, which nobody has run yet",
                     type == FILE_COURSE ? "course" : "workout");
    return wrong(reader, message->offset, error,
                 "expected a run; this is a file of another kind (type %.0f)", type);
}

static void take_event(Reader *reader, const FitMessage *message)
{
    const double type = message->event.type, time = message->event.time;
    Switch one = {time, type == EVENT_STOP || type == EVENT_STOP_ALL ||
                            type == EVENT_STOP_DISABLE || type == EVENT_STOP_DISABLE_ALL};
    // Without a time it is between the records that it stands between.
    if (isnan(time))
        one.time = one.stops ? reader->newest : INFINITY;
    if (message->event.event == EVENT_TIMER && (one.stops || type == EVENT_START) &&
        recording_count(reader->recording) > 0)
        g_array_append_val(reader->timer, one);
}

// They may come before the records of theirs, or all at the end.
static void take_lap(Reader *reader, const FitLap *lap)
{
    if (!isnan(lap->time))
        g_array_append_val(reader->ends, lap->time);
}

static void take_name(Reader *reader, const FitText *name)
{
    g_free(reader->recording->name);
    reader->recording->name = name->at ? g_utf8_make_valid(name->at, (gssize)name->length) : NULL;
}

static double sample_after(const Recording *recording, double at)
{
    guint from = 0, until = recording_count(recording);
    while (from < until) {
        const guint middle = (from + until) / 2;
        if (recording_sample(recording, middle)->at > at)
            until = middle;
        else
            from = middle + 1;
    }
    return from < recording_count(recording) ? recording_sample(recording, from)->at : INFINITY;
}

// A pause ends where the timer goes on, or with the next record, whichever is sooner.
static void place_marks(const Reader *reader)
{
    double stopped = NAN;
    for (guint i = 0; i < reader->ends->len; i++)
        recording_lap(reader->recording, g_array_index(reader->ends, double, i) - reader->start);
    for (guint i = 0; i < reader->timer->len; i++) {
        const Switch *one = &g_array_index(reader->timer, Switch, i);
        const double at = one->time - reader->start;
        const double next = isnan(stopped) ? NAN : sample_after(reader->recording, stopped);
        if (!isnan(stopped) && (!one->stops || next <= at)) {
            recording_pause(reader->recording, stopped, fmin(at, next));
            stopped = NAN;
        }
        if (one->stops && isnan(stopped))
            stopped = fmax(at, 0);
    }
    if (!isnan(stopped))
        recording_pause(reader->recording, stopped, sample_after(reader->recording, stopped));
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
    case FIT_LAP:
        take_lap(reader, &message->lap);
        return TRUE;
    case FIT_WORKOUT:
        take_name(reader, &message->workout.name);
        return TRUE;
    case FIT_FILE:
        return take_file(reader, message, error);
    case FIT_STEP:
    case FIT_CREATOR:
    case FIT_DEVICE:
    case FIT_DEVELOPER:
    case FIT_OWN_FIELD:
    case FIT_ACTIVITY:
    case FIT_END:
        return TRUE;
    }
    return TRUE;
}

// On a treadmill the speed is the belt's.
static void sort_out(const Reader *reader)
{
    for (guint i = 0; i < recording_count(reader->recording); i++) {
        double *values = recording_sample(reader->recording, i)->values;
        if (reader->treadmill) {
            values[RECORDED_BELT_SPEED] = values[RECORDED_SPEED];
            values[RECORDED_SPEED] = NAN;
        }
    }
}

Recording *recording_from_fit(const char *file, const guint8 *bytes, gsize length, GError **error)
{
    g_autoptr(Recording) recording = recording_new();
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) timer = g_array_new(FALSE, FALSE, sizeof(Switch));
    Reader reader = {
        .file = file, .recording = recording, .waiting = waiting, .ends = ends, .timer = timer};
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
    place_marks(&reader);
    // Less is not a date but the time since a device was switched on.
    if (reader.start >= FIT_DATES_FROM)
        recording->started = (gint64)reader.start + FIT_EPOCH_UNIX_S;
    return g_steal_pointer(&recording);
}
