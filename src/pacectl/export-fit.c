// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as a watch would have written it. FIT counts whole seconds: the run begins in the one that
// its start fell in, and each row is so many later. What only a file of our own can hold (how far
// to trust a value, effort, D′) goes into developer fields, which others ignore.

#include "pacectl/export.h"

#include "codec/fit-write.h"
#include "workout/fitplan.h"

#include <math.h>
#include <string.h>

enum {
    FILE_ACTIVITY = 4,
    MANUFACTURER = 255, // development
    SPORT_RUNNING = 1,
    SUB_SPORT_TREADMILL = 1,
    EVENT_TIMER = 0,
    EVENT_SESSION = 8,
    EVENT_LAP = 9,
    EVENT_ACTIVITY = 26,
    EVENT_START = 0,
    EVENT_STOP = 1,
    EVENT_STOP_ALL = 4,
    TRIGGER_MANUAL = 0,
    TRIGGER_TIME = 1,
    TRIGGER_DISTANCE = 2,
    TRIGGER_END = 7,
    SOURCE_LE = 3,
    SOURCE_LOCAL = 5,
};

#define BEATS      5 // a message, as is customary
#define RECORD_MAX 128
#define LAP_MAX    160
#define REST_MAX   (FITPLAN_BYTES_MAX + 65536)

// Tells our fields from those of others, whoever reads them.
static const char application[] = "paced activity 1";

typedef struct {
    FitWriter fit;
    const Run *run;
    double zero; // s since the FIT epoch, of the run's start
    gboolean dated;
} Export;

// ── values ──

static void set_cadence(double steps, double *ret_turns, double *ret_fraction)
{
    *ret_turns = floor(steps / 2);
    *ret_fraction = steps / 2 - *ret_turns;
}

static FitText text_of(const char *text)
{
    return (FitText){*text ? text : NULL, strlen(text)};
}

static double mm(double metres)
{
    return metres * 1000;
}

// ── head ──

static const struct {
    FitOwn number;
    const char *name, *unit;
} own_fields[] = {
    {FIT_OWN_SPEED_CONFIDENCE, "speed_confidence", "1"},
    {FIT_OWN_HEART_CONFIDENCE, "heart_confidence", "1"},
    {FIT_OWN_EFFORT, "effort", "RPE"},
    {FIT_OWN_D_PRIME, "d_prime_balance", "m"},
};

static void write_head(Export *export)
{
    fit_write(&export->fit, &(FitMessage){.kind = FIT_FILE,
                                          .file = {.type = FILE_ACTIVITY,
                                                   .manufacturer = MANUFACTURER,
                                                   .product = 1,
                                                   .serial = (double)MAX(export->run->number, 1),
                                                   .created = export->zero}});
    fit_write(&export->fit, &(FitMessage){.kind = FIT_CREATOR, .creator = {.software = 1}});
    fit_write(&export->fit, &(FitMessage){.kind = FIT_DEVELOPER,
                                          .developer = {{application, sizeof application - 1}, 0}});
    for (gsize i = 0; i < G_N_ELEMENTS(own_fields); i++)
        fit_write(&export->fit, &(FitMessage){.kind = FIT_OWN_FIELD,
                                              .own = {.developer = 0,
                                                      .number = own_fields[i].number,
                                                      .type = FIT_OWN_TYPE,
                                                      .name = text_of(own_fields[i].name),
                                                      .unit = text_of(own_fields[i].unit)}});
    if (export->run->plan->item_count > 0)
        fitplan_put(&export->fit, export->run->plan, NULL);
}

static double device_type(guint serves)
{
    return serves & SERVICE_HEART       ? 1
           : serves & SERVICE_TREADMILL ? 7
           : serves & SERVICE_STRIDE    ? 6
           : serves & SERVICE_POWER     ? 2
                                        : NAN;
}

static double battery_status(int percent)
{
    return percent < 0 ? NAN : percent >= 60 ? 2 : percent >= 30 ? 3 : percent >= 15 ? 4 : 5;
}

static void write_devices(Export *export)
{
    FitMessage message = {.kind = FIT_DEVICE};
    message.device = (FitDevice){
        .time = export->zero,
        .index = 0,
        .type = NAN,
        .manufacturer = MANUFACTURER,
        .battery_status = NAN,
        .source = SOURCE_LOCAL,
        .battery = NAN,
        .name = text_of("paced"),
    };
    fit_write(&export->fit, &message);
    guint index = 0;
    for (SensorId i = 0; i < SENSORS_MAX; i++) {
        const RunSensor *sensor = &export->run->sensors[i];
        if (!sensor->used)
            continue;
        message.device = (FitDevice){
            .time = export->zero,
            .index = ++index,
            .type = device_type(sensor->serves),
            .manufacturer = NAN,
            .battery_status = battery_status(sensor->battery),
            .source = SOURCE_LE,
            .battery = sensor->battery < 0 ? NAN : sensor->battery,
            .name = text_of(sensor->name),
        };
        fit_write(&export->fit, &message);
    }
}

// ── seconds ──

static void write_timer(Export *export, double t, double type)
{
    fit_write(
        &export->fit,
        &(FitMessage){.kind = FIT_EVENT,
                      .event = {.time = export->zero + t, .event = EVENT_TIMER, .type = type}});
}

static void write_record(Export *export, const RunSecond *second)
{
    FitMessage message = {.kind = FIT_RECORD};
    FitRecord *record = &message.record;
    *record = (FitRecord){
        .time = export->zero + second->t,
        .heart_rate = round(second->heart),
        .distance = second->distance,
        .speed = second->speed,
        .altitude = second->altitude,
        .latitude = round(second->latitude / FIT_DEGREES),
        .longitude = round(second->longitude / FIT_DEGREES),
        .power = round(second->power),
        .grade = second->incline,
        .vertical_oscillation = second->oscillation,
        .stance_time = second->stance,
        .stance_share = second->share,
        .stance_balance = second->balance,
        .vertical_ratio = second->ratio,
        .temperature = round(second->temperature),
        .step_length = mm(second->step_length),
        .speed_confidence = second->speed_confidence,
        .heart_confidence = second->heart_confidence,
        .effort = second->effort,
        .d_prime = second->d_prime,
    };
    set_cadence(second->cadence, &record->cadence, &record->cadence_fraction);
    fit_write(&export->fit, &message);
}

static void write_beats(Export *export, const RunSecond *second)
{
    for (guint at = 0; at < second->rr_count; at += BEATS) {
        FitMessage message = {.kind = FIT_HRV};
        message.hrv.count = (uint8_t)MIN(BEATS, second->rr_count - at);
        for (guint i = 0; i < message.hrv.count; i++)
            message.hrv.rr_ms[i] =
                g_array_index(export->run->rr, guint16, second->rr_first + at + i);
        fit_write(&export->fit, &message);
    }
}

// In whole seconds a pause is from the last before it to the first behind it. `from`: of pauses,
// the begin and the end of each counted; returns the first that is not yet due before this second.
static guint write_switches(Export *export, guint from, const RunSecond *second)
{
    const GArray *pauses = export->run->pauses;
    for (; from < 2 * pauses->len; from++) {
        const RunPause *pause = &g_array_index(pauses, RunPause, from / 2);
        const gboolean stops = from % 2 == 0;
        const double at = stops ? floor(pause->from) : ceil(pause->until);
        const gboolean due = second->t > at || (second->t == at && (!stops || second->paused));
        if (!due)
            return from;
        write_timer(export, at, stops ? EVENT_STOP : EVENT_START);
    }
    return from;
}

static void write_seconds(Export *export)
{
    guint next = 0;
    write_timer(export, 0, EVENT_START);
    for (guint i = 0; i < run_seconds(export->run); i++) {
        const RunSecond *second = run_second(export->run, i);
        next = write_switches(export, next, second);
        if (!second->paused)
            write_record(export, second);
        write_beats(export, second);
    }
    write_timer(export, round(export->run->summary.elapsed_s), EVENT_STOP_ALL);
}

// ── laps ──

static void write_lap(Export *export, guint index)
{
    static const double triggers[] = {[LAP_BY_HAND] = TRIGGER_MANUAL,
                                      [LAP_BY_TIME] = TRIGGER_TIME,
                                      [LAP_BY_DISTANCE] = TRIGGER_DISTANCE,
                                      [LAP_BY_STOP] = TRIGGER_END};
    const Run *run = export->run;
    const RunLap *lap = run_lap(run, index);
    const gboolean planned = run->plan->item_count > 0 && lap->lap.step < run->plan->step_count;
    FitMessage message = {.kind = FIT_LAP};
    FitLap *row = &message.lap;
    *row = (FitLap){
        .time = export->zero + round(lap->end),
        .start = export->zero + round(lap->start),
        .elapsed = lap->end - lap->start,
        .timer = usec_to_s(lap->lap.duration),
        .distance = lap->lap.distance_m,
        .heart_rate = round(lap->lap.heart_rate),
        .heart_rate_max = round(lap->lap.heart_rate_max),
        .trigger = triggers[run_lap_end(run, lap)],
        .intensity = planned ? fitplan_intensity(run->plan, lap->lap.step) : FIT_ACTIVE,
        .sport = SPORT_RUNNING,
        .sub_sport = run->indoors ? SUB_SPORT_TREADMILL : 0,
        .index = index,
        .event = EVENT_LAP,
        .event_type = EVENT_STOP,
        .power = round(lap->power),
        .speed = lap->lap.speed_mps,
        .speed_max = lap->speed_max,
        .step_length = mm(lap->step_length),
        .step_index = planned ? fitplan_step_index(run->plan, lap->lap.step) : NAN,
        .first_lap = NAN,
        .lap_count = NAN,
        .stress = NAN,
    };
    set_cadence(lap->lap.cadence, &row->cadence, &row->cadence_fraction);
    fit_write(&export->fit, &message);
}

typedef struct {
    double heart_max, cadence, power, step_length, speed_max;
} Whole;

static double mean(double sum, double count)
{
    return count > 0 ? sum / count : NAN;
}

static Whole whole_of(const Run *run)
{
    double cadence = 0, cadence_s = 0, power = 0, power_s = 0, length = 0, length_s = 0;
    Whole whole = {.heart_max = NAN, .speed_max = NAN};
    for (guint i = 0; i < run_seconds(run); i++) {
        const RunSecond *second = run_second(run, i);
        if (second->paused)
            continue;
        whole.heart_max = fmax(whole.heart_max, second->heart);
        whole.speed_max = fmax(whole.speed_max, second->speed);
        cadence += isnan(second->cadence) ? 0 : second->cadence;
        cadence_s += !isnan(second->cadence);
        power += isnan(second->power) ? 0 : second->power;
        power_s += !isnan(second->power);
        length += isnan(second->step_length) ? 0 : second->step_length;
        length_s += !isnan(second->step_length);
    }
    whole.cadence = mean(cadence, cadence_s);
    whole.power = mean(power, power_s);
    whole.step_length = mean(length, length_s);
    return whole;
}

static void write_session(Export *export)
{
    const Run *run = export->run;
    const RunSummary *summary = &run->summary;
    const Whole whole = whole_of(run);
    FitMessage message = {.kind = FIT_SESSION};
    FitLap *row = &message.lap;
    *row = (FitLap){
        .time = export->zero + round(summary->elapsed_s),
        .start = export->zero,
        .elapsed = summary->elapsed_s,
        .timer = summary->duration_s,
        .distance = summary->distance_m,
        .heart_rate = round(summary->heart_rate),
        .heart_rate_max = round(whole.heart_max),
        .trigger = 0,
        .sport = SPORT_RUNNING,
        .sub_sport = run->indoors ? SUB_SPORT_TREADMILL : 0,
        .index = 0,
        .event = EVENT_SESSION,
        .event_type = EVENT_STOP,
        .power = round(whole.power),
        .speed = summary->duration_s > 0 ? summary->distance_m / summary->duration_s : NAN,
        .speed_max = whole.speed_max,
        .step_length = mm(whole.step_length),
        .first_lap = 0,
        .lap_count = run->laps->len,
        .stress = summary->load.rtss,
    };
    set_cadence(whole.cadence, &row->cadence, &row->cadence_fraction);
    fit_write(&export->fit, &message);
}

static void write_activity(Export *export)
{
    const double end = export->zero + round(export->run->summary.elapsed_s);
    double local = NAN;
    if (export->dated) {
        g_autoptr(GDateTime) when = g_date_time_new_from_unix_local((gint64)end + FIT_EPOCH_UNIX_S);
        local = end + (double)(g_date_time_get_utc_offset(when) / G_TIME_SPAN_SECOND);
    }
    fit_write(&export->fit, &(FitMessage){.kind = FIT_ACTIVITY,
                                          .activity = {.time = end,
                                                       .timer = export->run->summary.duration_s,
                                                       .sessions = 1,
                                                       .type = 0,
                                                       .event = EVENT_ACTIVITY,
                                                       .event_type = EVENT_STOP,
                                                       .local = local}});
}

static gsize write_all(Export *export, guint8 *bytes, gsize size)
{
    fit_writer_init(&export->fit, bytes, size);
    write_head(export);
    write_devices(export);
    write_seconds(export);
    for (guint i = 0; i < export->run->laps->len; i++)
        write_lap(export, i);
    write_session(export);
    write_activity(export);
    return fit_writer_end(&export->fit);
}

GByteArray *export_fit(const Run *run)
{
    gsize size = REST_MAX + (gsize)run_seconds(run) * RECORD_MAX + (gsize)run->laps->len * LAP_MAX;
    const double unix_s = floor(run_unix(run, 0));
    Export export = {.run = run, .zero = unix_s};
    export.dated = run->started != 0 && unix_s > FIT_EPOCH_UNIX_S;
    if (export.dated)
        export.zero -= FIT_EPOCH_UNIX_S;
    else
        export.zero = floor(usec_to_s(run->boot));
    g_autofree guint8 *bytes = g_malloc(size);
    gsize length;
    // There is no telling how many pauses or beats fit into a second.
    while ((length = write_all(&export, bytes, size)) == 0)
        bytes = g_realloc(bytes, size *= 2);
    return g_byte_array_append(g_byte_array_sized_new((guint)length), bytes, (guint)length);
}
