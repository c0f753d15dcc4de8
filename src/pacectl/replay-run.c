// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a watch recorded, through the estimators of today. It is turned into the packets that
// sensors would have sent, so that nothing is believed of it that would not be believed of them,
// and goes into a session as in a run without a plan.
//
// What was hard is what a file leaves out. A watch that spares its memory writes a sample every few
// seconds and means it to hold until the next: it is sent again each second, and the beats, which
// all stand in the next sample, are sent when they were. Beyond ten seconds nothing says so, and
// values age. And a packet of a pod has a cadence, always: a row that has none must not look like a
// runner who stands, so a speed of its own comes from a sensor of its own.

#include "pacectl/pacectl.h"
#include "pacectl/recording.h"
#include "pacectl/replay.h"

#include "codec/ftms.h"
#include "session/session.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define HELD_LONGEST 10.0 // s
#define HELD_LEAST   0.5  // s before the next sample; nearer is not worth a packet
#define RUNNING_FROM 2.2  // m/s
#define MS_PER_S     1000.0
#define BODY_CHEST   1

enum {
    STRAP,
    POD,   // speed with cadence; or speed alone
    STEPS, // cadence alone
    BELT,
};

typedef struct {
    Session *session;
    Effects effects;
    const Recording *recording;
    gboolean json;
    gboolean apart;    // cadence does not come with speed
    gboolean measured; // a speed was known once, and the distance with it
    gint64 second;     // of the next row
} Replay;

// ── packets ──

static void handle(Replay *replay, Event *event, double at)
{
    event->at = usec_from_s(at);
    session_handle(replay->session, event, &replay->effects);
}

static void notify(Replay *replay, double at, SensorId sensor, uint16_t characteristic,
                   const uint8_t *bytes, size_t length)
{
    Event event = {.kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = (uint8_t)length;
    memcpy(event.notify.bytes, bytes, length);
    handle(replay, &event, at);
}

static void send_heart(Replay *replay, double at, double bpm, guint first, guint count)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    if (isnan(bpm) && count == 0)
        return;
    do {
        HrsMeasurement packet = {.heart_rate = isnan(bpm) ? 0 : (uint16_t)lround(bpm)};
        for (; count > 0 && packet.rr_count < HRS_RR_MAX - 1; count--, first++) {
            const double ms = g_array_index(replay->recording->rr, double, first);
            packet.rr_1024[packet.rr_count++] = (uint16_t)lround(ms * 1024 / MS_PER_S);
        }
        notify(replay, at, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, bytes,
               hrs_encode(&packet, bytes, sizeof bytes));
    } while (count > 0);
}

static void send_stride(Replay *replay, double at, SensorId sensor, double speed, double cadence,
                        double distance)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    const RscsMeasurement packet = {
        .speed_256 = (uint16_t)lround(speed * 256),
        .cadence = (uint8_t)lround(cadence),
        .running = speed >= RUNNING_FROM,
        .has_distance = !isnan(distance),
        .distance_dm = isnan(distance) ? 0 : (uint32_t)llround(distance * 10),
    };
    notify(replay, at, sensor, CHARACTERISTIC_RSCS_MEASUREMENT, bytes,
           rscs_encode(&packet, bytes, sizeof bytes));
}

static void send_power(Replay *replay, double at, double watts)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    const CpsMeasurement packet = {.power_w = (int16_t)lround(watts)};
    notify(replay, at, POD, CHARACTERISTIC_CPS_MEASUREMENT, bytes,
           cps_encode(&packet, bytes, sizeof bytes));
}

static void send_belt(Replay *replay, double at, double speed, double incline)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    FtmsTreadmill packet = {0};
    ftms_set(&packet, FTMS_SPEED, (int32_t)lround(speed * 360));
    if (!isnan(incline))
        ftms_set(&packet, FTMS_INCLINATION, (int32_t)lround(incline * 10));
    notify(replay, at, BELT, CHARACTERISTIC_FTMS_TREADMILL, bytes,
           ftms_encode(&packet, bytes, sizeof bytes));
}

// A sample at its own time, or held at a later one: its total is of its own time only.
static void send(Replay *replay, const Sample *sample, double at, guint first, guint count)
{
    const double *values = sample->values;
    const double speed = values[RECORDED_SPEED], cadence = values[RECORDED_CADENCE];
    const double belt = values[RECORDED_BELT_SPEED];
    const gboolean with_cadence = !isnan(speed) && !replay->apart;
    send_heart(replay, at, values[RECORDED_HEART_RATE], first, count);
    if (!isnan(belt))
        send_belt(replay, at, belt, values[RECORDED_INCLINE]);
    if (!isnan(speed))
        send_stride(replay, at, POD, speed, with_cadence && !isnan(cadence) ? cadence : 0,
                    at == sample->at ? values[RECORDED_DISTANCE] : NAN);
    if (!with_cadence && cadence > 0)
        send_stride(replay, at, STEPS, 0, cadence, NAN);
    if (!isnan(values[RECORDED_POWER]))
        send_power(replay, at, values[RECORDED_POWER]);
}

// ── rows ──

static const struct {
    const char *name, *unit; // the column is both, its confidence and source are of the name
    size_t place;            // of the Estimate in a Snapshot
    int digits;
} columns[] = {
#define COLUMN(name, unit, place, digits)                                                          \
    {                                                                                              \
        name, unit, offsetof(Snapshot, place), digits                                              \
    }
    COLUMN("heart_rate", "_bpm", heart_rate, 1),
    COLUMN("speed", "_mps", speed, 3),
    COLUMN("cadence", "_spm", cadence, 1),
    COLUMN("step_length", "_m", step_length, 3),
    COLUMN("power", "_w", power, 1),
    COLUMN("form_drift", "_spm", form_drift, 2),
    COLUMN("flat_speed", "_mps", flat_speed, 3),
    COLUMN("belt_speed", "_mps", belt_speed, 3),
    COLUMN("incline", "_percent", incline, 1),
    COLUMN("effort", "", effort.effort, 2),
    COLUMN("predicted_heart_rate", "_bpm", effort.predicted_heart_rate, 1),
    COLUMN("heart_zone", "", effort.heart_zone, 0),
    COLUMN("d_prime_balance", "_m", effort.d_prime_balance, 1),
    COLUMN("rmssd", "_ms", rmssd, 2),
    COLUMN("dfa_alpha1", "", alpha1, 3),
    COLUMN("artefact", "_percent", artefacts, 2),
    COLUMN("trimp", "", trimp, 2),
    COLUMN("rtss", "", rtss, 2),
    COLUMN("decoupling", "_percent", decoupling, 2),
#undef COLUMN
};

#define CONFIDENCE_DIGITS 3
#define DISTANCE_DIGITS   2

static const Estimate *estimate_of(const Snapshot *snapshot, size_t column)
{
    return (const Estimate *)((const char *)snapshot + columns[column].place);
}

// The zone has a name instead of a number.
static gboolean is_zone(size_t column)
{
    return columns[column].place == offsetof(Snapshot, effort.heart_zone);
}

static double rounded(double value, int digits)
{
    const double unit = pow(10, digits);
    return round(value * unit) / unit + 0.0; // and no -0
}

static void print_names(void)
{
    printf("t_s,distance_m");
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        printf(",%s%s,%s_confidence,%s_source", columns[i].name, columns[i].unit, columns[i].name,
               columns[i].name);
    putchar('\n');
}

static void print_number(double value, int digits)
{
    char format[] = "%.0f", text[G_ASCII_DTOSTR_BUF_SIZE];
    format[2] = (char)('0' + digits);
    putchar(',');
    if (!isnan(value))
        fputs(g_ascii_formatd(text, sizeof text, format, rounded(value, digits)), stdout);
}

static void print_row(const Replay *replay, const Snapshot *snapshot)
{
    printf("%" G_GINT64_FORMAT, replay->second);
    print_number(replay->measured ? snapshot->distance_m : NAN, DISTANCE_DIGITS);
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        const Estimate *estimate = estimate_of(snapshot, i);
        if (!estimate_known(estimate)) {
            printf(",,,");
            continue;
        }
        if (is_zone(i))
            printf(",%s", snapshot->heart_zone);
        else
            print_number(estimate->value, columns[i].digits);
        print_number(estimate->confidence, CONFIDENCE_DIGITS);
        printf(",%s", estimate_source_name(estimate->source));
    }
    putchar('\n');
}

static void add(JsonBuilder *builder, size_t column, const Snapshot *snapshot)
{
    const Estimate *estimate = estimate_of(snapshot, column);
    if (!estimate_known(estimate))
        return;
    const char *name = columns[column].name;
    g_autofree char *value = g_strconcat(name, columns[column].unit, NULL);
    g_autofree char *confidence = g_strconcat(name, "_confidence", NULL);
    g_autofree char *source = g_strconcat(name, "_source", NULL);
    if (is_zone(column))
        json_add_string(builder, value, snapshot->heart_zone);
    else
        json_add_double(builder, value, rounded(estimate->value, columns[column].digits));
    json_add_double(builder, confidence, rounded(estimate->confidence, CONFIDENCE_DIGITS));
    json_add_string(builder, source, estimate_source_name(estimate->source));
}

static void print_row_json(const Replay *replay, const Snapshot *snapshot)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_int(builder, "t_s", replay->second);
    if (replay->measured)
        json_add_double(builder, "distance_m", rounded(snapshot->distance_m, DISTANCE_DIGITS));
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        add(builder, i, snapshot);
    json_builder_end_object(builder);
    print_json_builder(builder);
}

// The rows of all seconds before `until`, which know nothing of what comes at it.
static void print_until(Replay *replay, double until)
{
    for (; (double)replay->second < until; replay->second++) {
        Event event = {.kind = EVENT_TIME};
        handle(replay, &event, (double)replay->second);
        const Snapshot *snapshot = session_snapshot(replay->session);
        replay->measured |= estimate_known(&snapshot->speed);
        if (replay->json)
            print_row_json(replay, snapshot);
        else
            print_row(replay, snapshot);
    }
}

// ── the run ──

static void describe(Replay *replay, double at, SensorId sensor, uint8_t services,
                     CadenceConvention convention)
{
    Event event = {.kind = EVENT_SENSOR};
    event.sensor.sensor = sensor;
    event.sensor.profile = sensor_profile_default(sensor);
    event.sensor.profile.services = services;
    event.sensor.profile.convention = convention;
    event.sensor.profile.convention_fixed = convention != CADENCE_UNSETTLED;
    handle(replay, &event, at);
}

// Whether some speed comes without a cadence, once there has been one.
static gboolean comes_apart(const Recording *recording)
{
    gboolean steps = FALSE, bare = FALSE;
    for (guint i = 0; i < recording_count(recording); i++) {
        const double *values = recording_sample(recording, i)->values;
        const gboolean has = !isnan(values[RECORDED_CADENCE]);
        steps |= has;
        bare |= steps && !has && !isnan(values[RECORDED_SPEED]);
    }
    return bare || !steps;
}

static void begin(Replay *replay, double at)
{
    static const uint8_t chest = BODY_CHEST;
    replay->apart = comes_apart(replay->recording);
    describe(replay, at, STRAP, SERVICE_HEART, CADENCE_UNSETTLED);
    describe(replay, at, POD, SERVICE_STRIDE | SERVICE_POWER,
             replay->apart ? CADENCE_NONE : CADENCE_STEPS);
    describe(replay, at, STEPS, SERVICE_STRIDE, CADENCE_STEPS);
    describe(replay, at, BELT, SERVICE_TREADMILL, CADENCE_UNSETTLED);
    if (replay->recording->rr->len > 0)
        notify(replay, at, STRAP, CHARACTERISTIC_BODY_LOCATION, &chest, sizeof chest);
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = COMMAND_START;
    handle(replay, &event, at);
}

// How many beats of the next sample, of those left, were before `until`: they end at the sample.
static guint beats_before(const Recording *recording, const Sample *next, guint first, double until)
{
    const guint end = next->rr_first + next->rr_count;
    double at = next->at;
    guint count = end - first;
    for (guint beat = end; beat > first && at > until; beat--, count--)
        at -= g_array_index(recording->rr, double, beat - 1) / MS_PER_S;
    return count;
}

// The sample goes on until the next, where that is near. Returns the first of the next sample's
// beats that was not sent.
static guint hold(Replay *replay, const Sample *sample, const Sample *next)
{
    guint first = next->rr_first;
    if (next->at - sample->at > HELD_LONGEST || sample->paused)
        return first;
    for (double at = sample->at + 1; at <= next->at - HELD_LEAST; at++) {
        const guint count = beats_before(replay->recording, next, first, at);
        print_until(replay, at);
        send(replay, sample, at, first, count);
        first += count;
    }
    return first;
}

static void run(Replay *replay)
{
    const Recording *recording = replay->recording;
    const guint count = recording_count(recording);
    guint first = 0;
    replay->second = (gint64)ceil(recording_sample(recording, 0)->at);
    begin(replay, recording_sample(recording, 0)->at);
    for (guint i = 0; i < count; i++) {
        const Sample *sample = recording_sample(recording, i);
        print_until(replay, sample->at);
        send(replay, sample, sample->at, first, sample->rr_first + sample->rr_count - first);
        if (i + 1 < count)
            first = hold(replay, sample, recording_sample(recording, i + 1));
    }
    print_until(replay, ceil(recording_sample(recording, count - 1)->at) + 1);
}

static gboolean read_whole(ReplayInput *input, GString *whole)
{
    char chunk[65536];
    gsize got;
    g_string_append_len(whole, input->head->str, (gssize)input->head->len);
    while (whole->len <= RECORDING_BYTES_MAX &&
           (got = fread(chunk, 1, sizeof chunk, input->from)) > 0)
        g_string_append_len(whole, chunk, (gssize)got);
    return !ferror(input->from);
}

int replay_run(ReplayInput *input, gboolean json)
{
    g_autoptr(GString) whole = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!read_whole(input, whole))
        return complain(EXIT_BAD_INPUT, "%s: %s", input->file, g_strerror(errno));
    if (whole->len > RECORDING_BYTES_MAX)
        return complain(EXIT_BAD_INPUT, "%s: the file is longer than %d MB, which is no run's",
                        input->file, RECORDING_BYTES_MAX >> 20);
    g_autoptr(Recording) recording =
        replay_is_fit(input->head)
            ? recording_from_fit(input->file, (const guint8 *)whole->str, whole->len, &error)
            : recording_from_csv(input->file, whole->str, whole->len, &error);
    if (!recording) {
        fprintf(stderr, "%s\n", error->message);
        return EXIT_BAD_INPUT;
    }
    recording_speed_from_distance(recording, HELD_LONGEST);
    g_autofree Replay *replay = g_new0(Replay, 1);
    replay->recording = recording;
    replay->json = json;
    replay->session = session_new(&SESSION_CONFIG_DEFAULT);
    if (!json)
        print_names();
    run(replay);
    session_free(replay->session);
    return EXIT_DONE;
}
