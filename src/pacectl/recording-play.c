// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a watch recorded, as the events of a run. It is turned into the packets that sensors would
// have sent, so that nothing is believed of it that would not be believed of them.
//
// What was hard is what a file leaves out. A watch that spares its memory writes a sample every few
// seconds and means it to hold until the next: it is sent again each second, and the beats, which
// all stand in the next sample, are sent when they were. Beyond ten seconds nothing says so, and
// values age. And a packet of a pod has a cadence, always: a row that has none must not look like a
// runner who stands, so a speed of its own comes from a sensor of its own.
//
// And packets are coarser than what a file holds. A run that is kept therefore has the samples
// beside them, as packets of a characteristic that no sensor has: the core counts and ignores them.

#include "pacectl/recording.h"

#include "base/cursor.h"
#include "codec/ftms.h"
#include "session/session.h"

#include <math.h>
#include <string.h>

#define HELD_LEAST   0.5 // s before the next sample; nearer is not worth a packet
#define RUNNING_FROM 2.2 // m/s
#define MS_PER_S     1000.0
#define BODY_CHEST   1

enum {
    STRAP,
    POD,   // speed with cadence; or speed alone
    STEPS, // cadence alone
    BELT,
    FILE_ITSELF,
};

typedef struct {
    const Recording *recording;
    gboolean whole;
    RecordingHandler handle;
    gpointer data;
    gboolean apart; // cadence does not come with speed
    guint mark;     // the next
    gboolean paused;
} Player;

// ── packets ──

static void handle(Player *player, Event *event, double at)
{
    event->at = usec_from_s(at);
    player->handle(player->data, event);
}

static void command(Player *player, double at, CommandVerb verb)
{
    Event event = {.kind = EVENT_COMMAND, .command.verb = verb};
    handle(player, &event, at);
}

static void notify(Player *player, double at, SensorId sensor, uint16_t characteristic,
                   const uint8_t *bytes, size_t length)
{
    Event event = {.kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = (uint8_t)length;
    memcpy(event.notify.bytes, bytes, length);
    handle(player, &event, at);
}

static void send_heart(Player *player, double at, double bpm, guint first, guint count)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    if (isnan(bpm) && count == 0)
        return;
    do {
        HrsMeasurement packet = {.heart_rate = isnan(bpm) ? 0 : (uint16_t)lround(bpm)};
        for (; count > 0 && packet.rr_count < HRS_RR_MAX - 1; count--, first++) {
            const double ms = g_array_index(player->recording->rr, double, first);
            packet.rr_1024[packet.rr_count++] = (uint16_t)lround(ms * 1024 / MS_PER_S);
        }
        notify(player, at, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, bytes,
               hrs_encode(&packet, bytes, sizeof bytes));
    } while (count > 0);
}

static void send_stride(Player *player, double at, SensorId sensor, double speed, double cadence,
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
    notify(player, at, sensor, CHARACTERISTIC_RSCS_MEASUREMENT, bytes,
           rscs_encode(&packet, bytes, sizeof bytes));
}

static void send_power(Player *player, double at, double watts)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    const CpsMeasurement packet = {.power_w = (int16_t)lround(watts)};
    notify(player, at, POD, CHARACTERISTIC_CPS_MEASUREMENT, bytes,
           cps_encode(&packet, bytes, sizeof bytes));
}

static void send_belt(Player *player, double at, double speed, double incline)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    FtmsTreadmill packet = {0};
    ftms_set(&packet, FTMS_SPEED, (int32_t)lround(speed * 360));
    if (!isnan(incline))
        ftms_set(&packet, FTMS_INCLINATION, (int32_t)lround(incline * 10));
    notify(player, at, BELT, CHARACTERISTIC_FTMS_TREADMILL, bytes,
           ftms_encode(&packet, bytes, sizeof bytes));
}

// A sample at its own time, or held at a later one: its total is of its own time only.
static void send(Player *player, const Sample *sample, double at, guint first, guint count)
{
    const double *values = sample->values;
    const double speed = values[RECORDED_SPEED], cadence = values[RECORDED_CADENCE];
    const double belt = values[RECORDED_BELT_SPEED];
    const gboolean with_cadence = !isnan(speed) && !player->apart;
    send_heart(player, at, values[RECORDED_HEART_RATE], first, count);
    if (!isnan(belt))
        send_belt(player, at, belt, values[RECORDED_INCLINE]);
    if (!isnan(speed))
        send_stride(player, at, POD, speed, with_cadence && !isnan(cadence) ? cadence : 0,
                    at == sample->at ? values[RECORDED_DISTANCE] : NAN);
    if (!with_cadence && cadence > 0)
        send_stride(player, at, STEPS, 0, cadence, NAN);
    if (!isnan(values[RECORDED_POWER]))
        send_power(player, at, values[RECORDED_POWER]);
}

// ── the run ──

static void describe(Player *player, double at, SensorId sensor, uint8_t services,
                     CadenceConvention convention)
{
    Event event = {.kind = EVENT_SENSOR};
    event.sensor.sensor = sensor;
    event.sensor.profile = sensor_profile_default(sensor);
    event.sensor.profile.services = services;
    event.sensor.profile.convention = convention;
    event.sensor.profile.convention_fixed = convention != CADENCE_UNSETTLED;
    handle(player, &event, at);
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

static void begin(Player *player, double at)
{
    static const uint8_t chest = BODY_CHEST;
    player->apart = comes_apart(player->recording);
    describe(player, at, STRAP, SERVICE_HEART, CADENCE_UNSETTLED);
    describe(player, at, POD, SERVICE_STRIDE | SERVICE_POWER,
             player->apart ? CADENCE_NONE : CADENCE_STEPS);
    describe(player, at, STEPS, SERVICE_STRIDE, CADENCE_STEPS);
    describe(player, at, BELT, SERVICE_TREADMILL, CADENCE_UNSETTLED);
    if (player->recording->rr->len > 0)
        notify(player, at, STRAP, CHARACTERISTIC_BODY_LOCATION, &chest, sizeof chest);
    command(player, at, COMMAND_START);
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

// Of a run that stands no lap can be ended: it goes on for nothing.
static void give_mark(Player *player, const RecordedMark *mark)
{
    const gboolean stands = player->paused && mark->verb == COMMAND_LAP;
    player->paused = mark->verb == COMMAND_LAP ? player->paused : mark->verb == COMMAND_PAUSE;
    if (!player->whole)
        return;
    if (stands)
        command(player, mark->at, COMMAND_RESUME);
    command(player, mark->at, mark->verb);
    if (stands)
        command(player, mark->at, COMMAND_PAUSE);
}

// Those until then; a pause that begins then has the sample of its instant before it.
static void give_marks(Player *player, double until, gboolean and_pause)
{
    const GArray *marks = player->recording->marks;
    for (; player->mark < marks->len; player->mark++) {
        const RecordedMark *mark = &g_array_index(marks, RecordedMark, player->mark);
        const gboolean now = mark->at == until && (and_pause || mark->verb != COMMAND_PAUSE);
        if (mark->at >= until && !now)
            return;
        give_mark(player, mark);
    }
}

static double held_until(const Player *player, const Sample *next)
{
    const GArray *marks = player->recording->marks;
    for (guint i = player->mark; i < marks->len; i++) {
        const RecordedMark *mark = &g_array_index(marks, RecordedMark, i);
        if (mark->verb == COMMAND_PAUSE)
            return fmin(mark->at, next->at);
    }
    return next->at;
}

// The sample goes on until the next, or a pause, where that is near. Returns the first of the next
// sample's beats that was not sent.
static guint hold(Player *player, const Sample *sample, const Sample *next)
{
    guint first = next->rr_first;
    if (held_until(player, next) - sample->at > RECORDING_HELD_S)
        return first;
    for (double at = sample->at + 1; at <= next->at - HELD_LEAST; at++) {
        give_marks(player, at, TRUE);
        if (player->paused)
            return first;
        const guint count = beats_before(player->recording, next, first, at);
        send(player, sample, at, first, count);
        first += count;
    }
    return first;
}

// ── what a run has besides ──

static void send_sample(Player *player, const Sample *sample)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    for (guint part = 0; part < RECORDING_PARTS; part++) {
        const gsize length = recording_sample_encode(sample, part, bytes);
        if (part == 0 || length > 0)
            notify(player, sample->at, FILE_ITSELF, (guint16)(RECORDING_CHARACTERISTIC + part),
                   bytes, length);
    }
}

void recording_play(const Recording *recording, gboolean whole, RecordingHandler handle_event,
                    gpointer data)
{
    Player player = {.recording = recording, .whole = whole, .handle = handle_event, .data = data};
    const guint count = recording_count(recording);
    guint first = 0;
    begin(&player, recording_sample(recording, 0)->at);
    for (guint i = 0; i < count; i++) {
        const Sample *sample = recording_sample(recording, i);
        give_marks(&player, sample->at, FALSE);
        if (whole)
            send_sample(&player, sample);
        send(&player, sample, sample->at, first, sample->rr_first + sample->rr_count - first);
        give_marks(&player, sample->at, TRUE);
        if (i + 1 < count)
            first = hold(&player, sample, recording_sample(recording, i + 1));
    }
    if (whole)
        command(&player, recording_sample(recording, count - 1)->at, COMMAND_STOP);
}

// ── samples as bytes ──

// In this order, up to the last that is known: what others seldom have stands behind.
static const struct {
    RecordedField field;
    guint part;
    gboolean wide; // a double, not a float
} layout[] = {
    {RECORDED_HEART_RATE, 0, FALSE},  {RECORDED_CADENCE, 0, FALSE},
    {RECORDED_SPEED, 0, FALSE},       {RECORDED_POWER, 0, FALSE},
    {RECORDED_INCLINE, 0, FALSE},     {RECORDED_BELT_SPEED, 0, FALSE},
    {RECORDED_STEP_LENGTH, 0, FALSE}, {RECORDED_DISTANCE, 0, TRUE},
    {RECORDED_ALTITUDE, 0, FALSE},    {RECORDED_LATITUDE, 0, TRUE},
    {RECORDED_LONGITUDE, 0, TRUE},    {RECORDED_OSCILLATION, 0, FALSE},
    {RECORDED_STANCE, 0, FALSE},      {RECORDED_TEMPERATURE, 1, FALSE},
    {RECORDED_SHARE, 1, FALSE},       {RECORDED_BALANCE, 1, FALSE},
    {RECORDED_RATIO, 1, FALSE},
};
G_STATIC_ASSERT(G_N_ELEMENTS(layout) == RECORDED_FIELDS);

static void write_value(Writer *writer, double value, gboolean wide)
{
    const float narrow = (float)value;
    guint64 bits;
    guint32 narrow_bits;
    memcpy(&bits, &value, sizeof bits);
    memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
    if (wide)
        writer_u64(writer, bits);
    else
        writer_u32(writer, narrow_bits);
}

static gboolean read_value(Cursor *cursor, gboolean wide, double *ret_value)
{
    guint64 bits = 0;
    guint32 narrow_bits = 0;
    float narrow;
    if (!(wide ? cursor_u64(cursor, &bits) : cursor_u32(cursor, &narrow_bits)))
        return FALSE;
    memcpy(&narrow, &narrow_bits, sizeof narrow);
    memcpy(ret_value, &bits, sizeof bits);
    *ret_value = wide ? *ret_value : narrow;
    return TRUE;
}

gsize recording_sample_encode(const Sample *sample, guint part, guint8 *ret_bytes)
{
    Writer writer = {.bytes = ret_bytes, .size = NOTIFY_BYTES_MAX};
    gsize known = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(layout); i++) {
        if (layout[i].part != part)
            continue;
        write_value(&writer, sample->values[layout[i].field], layout[i].wide);
        if (!isnan(sample->values[layout[i].field]))
            known = writer.length;
    }
    g_assert(!writer.full);
    return known;
}

gboolean recording_sample_decode(const guint8 *bytes, gsize length, guint part, Sample *ret_sample)
{
    Cursor cursor = {bytes, length};
    Sample sample = *ret_sample;
    for (gsize i = 0; i < G_N_ELEMENTS(layout); i++) {
        double *value = &sample.values[layout[i].field];
        if (layout[i].part >= part)
            *value = NAN;
        if (layout[i].part == part && cursor.left > 0 &&
            !read_value(&cursor, layout[i].wide, value))
            return FALSE;
    }
    if (cursor.left > 0)
        return FALSE;
    *ret_sample = sample;
    return TRUE;
}
