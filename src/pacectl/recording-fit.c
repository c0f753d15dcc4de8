// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as a watch writes it. What was hard: what kind of activity it is stands at the end of the
// file, so all is read before any of it is believed; and the beats have no time of their own, only
// a place between two records.

#include "pacectl/recording.h"

#include "codec/fit.h"

#include <math.h>
#include <string.h>

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
#define SESSIONS_MAX   100

// The watch's timer, stopped or started.
typedef struct {
    double time;
    gboolean stops;
} Switch;

typedef struct {
    double start, end; // times; NAN
    double sport;
    gboolean treadmill;
    gsize offset;
} SportSession;

// One file of those that may stand behind each other. All its times are as they stand there.
typedef struct {
    Recording *records;
    double newest;    // time of a record; NAN: there is none yet
    GArray *waiting;  // double, ms: beats since the newest record
    GArray *ends;     // double, times: of laps
    GArray *timer;    // Switch
    GArray *sessions; // SportSession
    guint timeless;   // records
    gsize timeless_at;
    gboolean refused; // it is no activity
} Part;

typedef struct {
    const char *file;
    GPtrArray *parts;    // Part; the last is the one that is being read
    GPtrArray *runs;     // Recording
    GPtrArray *left_out; // char *
} Reader;

static void part_free(gpointer data)
{
    Part *part = data;
    recording_free(part->records);
    g_array_unref(part->waiting);
    g_array_unref(part->ends);
    g_array_unref(part->timer);
    g_array_unref(part->sessions);
    g_free(part);
}

static Part *part_new(void)
{
    Part *part = g_new0(Part, 1);
    part->records = recording_new();
    part->newest = NAN;
    part->waiting = g_array_new(FALSE, FALSE, sizeof(double));
    part->ends = g_array_new(FALSE, FALSE, sizeof(double));
    part->timer = g_array_new(FALSE, FALSE, sizeof(Switch));
    part->sessions = g_array_new(FALSE, FALSE, sizeof(SportSession));
    return part;
}

static void leave_out(const Reader *reader, gsize offset, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void leave_out(const Reader *reader, gsize offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(reader->left_out,
                    g_strdup_printf("%s: byte %zu: %s", reader->file, offset, text));
}

// ── messages ──

static void give_beats(Part *part)
{
    for (guint i = 0; i < part->waiting->len; i++)
        recording_beat(part->records, g_array_index(part->waiting, double, i));
    g_array_set_size(part->waiting, 0);
}

static void take_record(Part *part, const FitMessage *message)
{
    const FitRecord *record = &message->record;
    if (isnan(record->time)) {
        part->timeless_at = part->timeless++ ? part->timeless_at : message->offset;
        return;
    }
    part->newest = record->time;
    Sample *sample = recording_at(part->records, record->time);
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
    give_beats(part);
}

static void take_session(Part *part, const FitMessage *message)
{
    const FitLap *told = &message->lap;
    const SportSession session = {
        .start = told->start,
        .end = told->time,
        .sport = told->sport,
        .treadmill = told->sub_sport == SUB_SPORT_TREADMILL,
        .offset = message->offset,
    };
    g_array_append_val(part->sessions, session);
}

// A course has records as well.
static void take_file(const Reader *reader, Part *part, const FitMessage *message)
{
    const double type = message->file.type;
    if (isnan(type) || type == FILE_ACTIVITY)
        return;
    part->refused = TRUE;
    if (type == FILE_WORKOUT || type == FILE_COURSE)
        leave_out(reader, message->offset, "expected a run; this is a %s, which nobody has run yet",
                  type == FILE_COURSE ? "course" : "workout");
    else
        leave_out(reader, message->offset,
                  "expected a run; this is a file of another kind (type %.0f)", type);
}

static void take_event(Part *part, const FitMessage *message)
{
    const double type = message->event.type, time = message->event.time;
    Switch one = {time, type == EVENT_STOP || type == EVENT_STOP_ALL ||
                            type == EVENT_STOP_DISABLE || type == EVENT_STOP_DISABLE_ALL};
    // Without a time it is between the records that it stands between.
    if (isnan(time))
        one.time = one.stops ? part->newest : INFINITY;
    if (message->event.event == EVENT_TIMER && (one.stops || type == EVENT_START) &&
        !isnan(part->newest))
        g_array_append_val(part->timer, one);
}

// They may come before the records of theirs, or all at the end. Its times are whole seconds, which
// are two per cent of 200 m: how long it took is told to the millisecond.
static void take_lap(Part *part, const FitLap *lap)
{
    const guint count = part->ends->len;
    const double before = count ? g_array_index(part->ends, double, count - 1) : NAN;
    const double start = fabs(before - lap->start) <= 1 ? before : lap->start;
    const double exact = start + lap->elapsed;
    const double end = fabs(exact - lap->time) <= 1 ? exact : lap->time;
    if (!isnan(end))
        g_array_append_val(part->ends, end);
}

static void take_name(Part *part, const FitText *name)
{
    recording_call(part->records, name->at ? name->at : "", name->at ? name->length : 0);
}

static void take(const Reader *reader, Part *part, const FitMessage *message)
{
    switch (message->kind) {
    case FIT_RECORD:
        take_record(part, message);
        break;
    case FIT_SESSION:
        take_session(part, message);
        break;
    case FIT_EVENT:
        take_event(part, message);
        break;
    case FIT_HRV:
        for (gsize i = 0; i < message->hrv.count; i++) {
            const double ms = message->hrv.rr_ms[i];
            g_array_append_val(part->waiting, ms);
        }
        break;
    case FIT_LAP:
        take_lap(part, &message->lap);
        break;
    case FIT_WORKOUT:
        take_name(part, &message->workout.name);
        break;
    case FIT_FILE:
        take_file(reader, part, message);
        break;
    case FIT_BAD: // the file's own, see recordings_from_fit()
    case FIT_STEP:
    case FIT_CREATOR:
    case FIT_DEVICE:
    case FIT_DEVELOPER:
    case FIT_OWN_FIELD:
    case FIT_ACTIVITY:
    case FIT_END:
        break;
    }
}

// ── activities ──

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
static void place_marks(const Part *part, Recording *recording, double zero)
{
    double stopped = NAN;
    for (guint i = 0; i < part->ends->len; i++)
        recording_lap(recording, g_array_index(part->ends, double, i) - zero);
    for (guint i = 0; i < part->timer->len; i++) {
        const Switch *one = &g_array_index(part->timer, Switch, i);
        const double at = one->time - zero;
        const double next = isnan(stopped) ? NAN : sample_after(recording, stopped);
        if (!isnan(stopped) && (!one->stops || next <= at)) {
            recording_pause(recording, stopped, fmin(at, next));
            stopped = NAN;
        }
        if (one->stops && isnan(stopped))
            stopped = fmax(at, 0);
    }
    if (!isnan(stopped))
        recording_pause(recording, stopped, sample_after(recording, stopped));
}

// On a treadmill the speed is the belt's.
static void put_on_treadmill(Recording *recording)
{
    for (guint i = 0; i < recording_count(recording); i++) {
        double *values = recording_sample(recording, i)->values;
        values[RECORDED_BELT_SPEED] = values[RECORDED_SPEED];
        values[RECORDED_SPEED] = NAN;
    }
}

static gboolean is_on_foot(const SportSession *session)
{
    const double sport = session->sport;
    return isnan(sport) || sport == SPORT_ANY || sport == SPORT_RUNNING || sport == SPORT_WALKING ||
           sport == SPORT_HIKING || (sport == SPORT_MACHINE && session->treadmill);
}

static void add_run(const Reader *reader, const Part *part, const SportSession *session,
                    double from, double until)
{
    guint left_out;
    if (!is_on_foot(session)) {
        leave_out(reader, session->offset,
                  "expected a run; this is an activity of another kind (sport %.0f)",
                  session->sport);
        return;
    }
    g_autoptr(Recording) run = recording_part(part->records, from, until);
    const double zero = recording_settle(run, &left_out);
    if (isnan(zero))
        return;
    // Less is not a date but the time since a device was switched on.
    if (zero >= FIT_DATES_FROM)
        run->started = (gint64)zero + FIT_EPOCH_UNIX_S;
    run->name = g_strdup(part->records->name);
    recording_tell_left_out(run, reader->file, left_out, reader->left_out);
    if (session->treadmill)
        put_on_treadmill(run);
    place_marks(part, run, zero);
    g_ptr_array_add(reader->runs, g_steal_pointer(&run));
}

static int compare_starts(gconstpointer one, gconstpointer other)
{
    const SportSession *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
}

// Of several sessions each has the records from its start to the next one's; of one, or none, all
// are.
static void add_runs(const Reader *reader, const Part *part)
{
    static const SportSession unknown = {.sport = NAN};
    GArray *sessions = part->sessions;
    double end = -INFINITY;
    for (guint i = 0; i < sessions->len; i++) {
        SportSession *session = &g_array_index(sessions, SportSession, i);
        session->start = isnan(session->start) ? end : session->start;
        end = isnan(session->end) ? session->start : session->end;
    }
    if (sessions->len > SESSIONS_MAX) {
        leave_out(reader, g_array_index(sessions, SportSession, SESSIONS_MAX).offset,
                  "expected no more than %d sessions in a file", SESSIONS_MAX);
        return;
    }
    g_array_sort(sessions, compare_starts);
    if (sessions->len == 0)
        add_run(reader, part, &unknown, -INFINITY, INFINITY);
    for (guint i = 0; i < sessions->len; i++) {
        const SportSession *session = &g_array_index(sessions, SportSession, i);
        add_run(reader, part, session, i == 0 ? -INFINITY : session->start,
                i + 1 == sessions->len ? INFINITY : session[1].start);
    }
}

// ── one file behind the other ──

static double sport_of(const Part *part)
{
    return part->sessions->len > 0 ? g_array_index(part->sessions, SportSession, 0).sport : NAN;
}

static gboolean goes_on(const Part *before, const Part *part)
{
    if (recording_count(part->records) == 0 || before->refused || before->sessions->len > 1 ||
        part->sessions->len > 1 || (!isnan(sport_of(part)) && sport_of(part) != sport_of(before)))
        return FALSE;
    const double gap = recording_sample(part->records, 0)->at - before->newest;
    return gap >= 0 && gap <= RECORDING_HELD_S;
}

static void append(GArray *to, const GArray *from)
{
    if (from->len > 0)
        g_array_append_vals(to, from->data, from->len);
}

static void join(Part *before, const Part *part)
{
    for (guint i = 0; i < recording_count(part->records); i++) {
        const Sample *sample = recording_sample(part->records, i);
        memcpy(recording_at(before->records, sample->at)->values, sample->values,
               sizeof sample->values);
        for (guint beat = 0; beat < sample->rr_count; beat++)
            recording_beat(before->records,
                           g_array_index(part->records->rr, double, sample->rr_first + beat));
    }
    append(before->ends, part->ends);
    append(before->timer, part->timer);
    before->newest = part->newest;
}

static void end_part(const Reader *reader)
{
    const guint last = reader->parts->len - 1;
    Part *part = reader->parts->pdata[last];
    if (recording_count(part->records) > 0)
        give_beats(part);
    if (part->timeless == 1)
        leave_out(reader, part->timeless_at, "a record has no time");
    else if (part->timeless > 1)
        leave_out(reader, part->timeless_at, "%u records have no time; this is the first",
                  part->timeless);
    if (part->refused) {
        g_ptr_array_remove_index(reader->parts, last);
    } else if (last > 0 && goes_on(reader->parts->pdata[last - 1], part)) {
        join(reader->parts->pdata[last - 1], part);
        g_ptr_array_remove_index(reader->parts, last);
    }
}

GPtrArray *recordings_from_fit(const char *file, const guint8 *bytes, gsize length,
                               GPtrArray *left_out, GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
    const Reader reader = {
        .file = file,
        .parts = parts,
        .runs = g_ptr_array_new_with_free_func((GDestroyNotify)recording_free),
        .left_out = left_out,
    };
    FitReader fit;
    fit_reader_init(&fit, bytes, length);
    FitMessage message;
    gsize end = 0;
    do {
        message = fit_read(&fit);
        if (fit.data_end != end) {
            if (parts->len > 0)
                end_part(&reader);
            g_ptr_array_add(parts, part_new());
            end = fit.data_end;
        }
        if (parts->len > 0)
            take(&reader, parts->pdata[parts->len - 1], &message);
    } while (message.kind != FIT_END && message.kind != FIT_BAD);
    // Of a part that cannot be read to its end, nothing: it may be had whole elsewhere.
    if (message.kind == FIT_BAD && parts->len > 0)
        ((Part *)parts->pdata[parts->len - 1])->refused = TRUE;
    if (parts->len > 0)
        end_part(&reader);
    if (message.kind == FIT_BAD)
        leave_out(&reader, message.offset, "%s", fit_fault_text(message.fault));
    for (guint i = 0; i < parts->len; i++)
        add_runs(&reader, parts->pdata[i]);
    g_autofree char *why = g_strdup_printf(
        "byte %zu: expected an activity: there are no records in it", message.offset);
    return recordings_of_file(reader.runs, file, why, left_out, error);
}
