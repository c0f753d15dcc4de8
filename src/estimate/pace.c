// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Who owns the speed, what its packets mean, and what to say in its silence; the filter proper is
// in track.c, and bank.c decides what is a spike.
//
// The tracks stay at the newest packet and are only looked at from later instants, so that how
// often somebody asks changes nothing.
//
// Some pods hold their speed long after the runner has stopped; their cadence betrays them.

#include "estimate/pace.h"

#define SPEED_MAX        12.0 // m/s; beyond, no runner
#define SPEED_ZERO       0.3  // m/s; below, nobody goes anywhere: a mean that is still falling
#define TOTAL_SPEED_MAX  8.0  // m/s; a gap's mean speed by the pod's counter
#define STILL_BELIEVED   (10 * USEC_PER_SEC) // speed without steps for longer: the cadence is broken
#define CONFIDENT        0.03                // relative deviation at which confidence is a half
#define SILENCE_BELIEVED (120 * USEC_PER_SEC) // to be standing still, of a pod that is known for it
#define SILENCE_TRUSTED  0.4
#define BRIDGED          (30 * USEC_PER_SEC) // a silence in which the runner is taken to have gone on
#define WENT_ON          0.5                 // of the speed before it, at its end

static double square(double x)
{
    return x * x;
}

void pace_init(Pace *pace)
{
    *pace = (Pace){
        .measured_at = USEC_NEVER,
        .heard_at = USEC_NEVER,
        .owner = SENSOR_NONE,
        .still_since = USEC_NEVER,
    };
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        pace->pods[sensor].at = USEC_NEVER;
        pace->scales[sensor] = scale_unknown(PACE_SCALE_DEVIATION);
    }
}

void pace_scale(Pace *pace, SensorId sensor, const ScaleKnown *known)
{
    pace->scales[sensor] = *known;
}

// Seconds from where the bank is to `at`.
static double ahead(const Pace *pace, Usec at)
{
    return usec_to_s(at - pace->heard_at);
}

// The same, but no more than the speed is given out for.
static double ahead_given(const Pace *pace, Usec at)
{
    const Usec limit = pace->on_stop == ON_STOP_SILENT ? STALE_AFTER : STALE_LIMIT;
    return fmax(0, ahead(pace, usec_earlier(at, pace->measured_at + limit)));
}

static double distance_ahead(const Pace *pace, double seconds)
{
    const double ahead_of_way = bank_look(&pace->bank, seconds).way - pace->way;
    return fmax(pace->given, pace->before + scale_way(&pace->scale) + ahead_of_way);
}

// The owner's metres come to those of the bank, `seconds` ahead of it.
static void travel(Pace *pace, double seconds)
{
    const TrackView view = bank_look(&pace->bank, seconds);
    const double raw = scale_raw(&pace->scale, view.speed);
    scale_travel(&pace->scale, (view.way - pace->way) / scale_at(&pace->scale, raw), raw);
    pace->way = view.way;
}

// What was given out until `at` is never taken back.
static void hold_on(Pace *pace, Usec at)
{
    if (pace->owner != SENSOR_NONE)
        pace->given = distance_ahead(pace, ahead_given(pace, at));
}

// The tracks begin anew, and nothing of the old owner's counter or doubts carries over.
static void change_owner(Pace *pace, Usec at, SensorId sensor, double raw)
{
    pace->before = pace->given;
    pace->owner = sensor;
    pace->counts_steps = false;
    pace->still_since = USEC_NEVER;
    scale_init(&pace->scale, &pace->scales[sensor]);
    bank_init(&pace->bank, usec_to_s(at), raw * scale_at(&pace->scale, raw));
    pace->way = 0;
}

// Whether a pod that counts steps has counted none: for a second packet in a row, or for the first
// where the speed is known to hang on.
static bool stands(Pace *pace, const SensorProfile *profile, Usec at,
                   const RscsMeasurement *measurement)
{
    if (measurement->cadence > 0) {
        pace->counts_steps = true;
        pace->still_since = USEC_NEVER;
        return false;
    }
    if (pace->still_since == USEC_NEVER) {
        pace->still_since = at;
        return pace->counts_steps && profile->on_stop == ON_STOP_HOLDS;
    }
    return pace->counts_steps && at - pace->still_since <= STILL_BELIEVED;
}

void pace_expect_change(Pace *pace, Usec at, double speed)
{
    if (pace->owner != SENSOR_NONE)
        bank_expect(&pace->bank, usec_to_s(at), speed);
}

void pace_advance(Pace *pace, Usec at)
{
    pace->at = at;
}

// ── a packet of the owner ──

// What the pod's own counter says that we covered since its last packet, in its metres; NAN when it
// says nothing. A counter that was reset, or jumped, says nothing; one that wrapped does.
static double counted(const Pace *pace, Usec at, const RscsMeasurement *measurement)
{
    if (!pace->has_total || !measurement->has_distance || pace->heard_at != pace->measured_at)
        return NAN;
    const double gone = (measurement->distance_dm - pace->total_dm) / 10.0;
    return gone > TOTAL_SPEED_MAX * ahead(pace, at) ? NAN : gone;
}

// A silence ends with a packet of `speed`. The bank has the runner go on all the while; what of
// that is to be counted is known from the pod's counter, or was given out already, or is guessed
// where the silence was short and the runner still goes on.
static void bridge(Pace *pace, Usec at, double speed, double counted_raw)
{
    const TrackView before = bank_look(&pace->bank, 0);
    const double foretold = bank_look(&pace->bank, ahead(pace, at)).way - pace->way;
    double hidden = bank_look(&pace->bank, ahead_given(pace, at)).way - pace->way;
    if (!isnan(counted_raw))
        hidden = counted_raw * scale_at(&pace->scale, scale_raw(&pace->scale, before.speed));
    else if (at - pace->heard_at <= BRIDGED && speed >= WENT_ON * before.speed)
        hidden = foretold;
    pace->way += foretold - hidden;
}

// Whether the packet may move the state; if so, it has.
static bool follow(Pace *pace, const SensorProfile *profile, Usec at,
                   const RscsMeasurement *measurement)
{
    const double raw = measurement->speed_256 / 256.0;
    const bool standing = stands(pace, profile, at, measurement);
    const bool long_ago = at - pace->heard_at > BRIDGED;
    const double speed = standing || raw < SPEED_ZERO ? 0 : raw * scale_at(&pace->scale, raw);
    if (at - pace->heard_at > STALE_AFTER) {
        bridge(pace, at, speed, counted(pace, at, measurement));
        bank_loosen(&pace->bank);
    }
    if (standing || long_ago) {
        bank_restart(&pace->bank, usec_to_s(at), speed);
        return true;
    }
    if (bank_look(&pace->bank, 0).speed < SPEED_ZERO && raw >= SPEED_ZERO)
        bank_set_off(&pace->bank);
    if (!bank_measure(&pace->bank, usec_to_s(at), speed))
        return false;
    if (raw < SPEED_ZERO)
        bank_restart(&pace->bank, usec_to_s(at), 0);
    return true;
}

void pace_link(Pace *pace, SensorId sensor, bool up)
{
    pace->pods[sensor].linked = up;
}

void pace_forget(Pace *pace, Usec at, SensorId sensor)
{
    pace->pods[sensor].at = USEC_NEVER;
    if (pace->owner != sensor)
        return;
    hold_on(pace, at);
    pace->owner = SENSOR_NONE;
    pace->on_stop = ON_STOP_ZERO;
    pace->has_total = false;
}

static bool may_take_over(const Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at,
                          SensorId sensor)
{
    return pace->owner == SENSOR_NONE || at - pace->measured_at > STALE_AFTER ||
           sensor_precedes(profiles, at, sensor, pace->pods[sensor].since, pace->owner,
                           pace->pods[pace->owner].since);
}

bool pace_measure(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                  const RscsMeasurement *measurement)
{
    const double raw = measurement->speed_256 / 256.0;
    pace_advance(pace, at);
    if (raw > SPEED_MAX)
        return false;
    typeof(*pace->pods) *pod = &pace->pods[sensor];
    if (pod->at == USEC_NEVER || at - pod->at > STALE_AFTER)
        pod->since = at;
    pod->at = at;
    if (sensor != pace->owner && !may_take_over(pace, profiles, at, sensor))
        return true;
    hold_on(pace, at);
    bool taken = true;
    if (sensor == pace->owner)
        taken = follow(pace, &profiles[sensor], at, measurement);
    else
        change_owner(pace, at, sensor, raw);
    pace->heard_at = at;
    travel(pace, 0);
    if (!taken)
        return false;
    pace->measured_at = at;
    pace->on_stop = profiles[sensor].on_stop; // of the silence from now on, not of the one before
    pace->has_total = measurement->has_distance;
    pace->total_dm = measurement->distance_dm;
    return true;
}

bool pace_mark(Pace *pace, Usec at, double metres, double deviation)
{
    pace_advance(pace, at);
    if (pace->owner == SENSOR_NONE || at - pace->measured_at > STALE_LIMIT)
        return false;
    hold_on(pace, at);
    const double seconds = ahead(pace, at);
    travel(pace, seconds);
    const double raw = scale_raw(&pace->scale, bank_look(&pace->bank, seconds).speed);
    const double old = scale_at(&pace->scale, raw), way = scale_way(&pace->scale);
    const double before = pace->before + pace->corrected;
    if (!scale_mark(&pace->scale, metres - before, deviation))
        return false;
    const double news = scale_way(&pace->scale) - way;
    pace->before -= news;
    pace->corrected += news;
    bank_scale(&pace->bank, scale_at(&pace->scale, raw) / old);
    return true;
}

double pace_corrected(const Pace *pace)
{
    return pace->corrected;
}

// Standing, as far as the silence of a pod that is known for it can tell.
static bool stands_silently(const Pace *pace, Usec at)
{
    const Usec silence = at - pace->measured_at;
    return pace->on_stop == ON_STOP_SILENT && pace->pods[pace->owner].linked &&
           silence > STALE_AFTER && silence <= SILENCE_BELIEVED;
}

// What the track does not know of the speed, and what the scale does not know of metres.
static double confidence(const Pace *pace, const TrackView *view)
{
    const double half = square(CONFIDENT * fmax(view->speed, 2));
    const double scale = scale_deviation(&pace->scale, view->speed) * view->speed;
    return half / (half + view->variance + square(scale));
}

Estimate pace_speed(const Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return ESTIMATE_UNKNOWN;
    if (stands_silently(pace, at)) {
        const Reading standing = {.value = 0, .at = at, .confidence = SILENCE_TRUSTED};
        return estimate_from(&standing, SOURCE_POD, pace->owner, at);
    }
    const TrackView view = bank_look(&pace->bank, ahead_given(pace, at));
    const Reading reading = {
        .value = view.speed,
        .at = pace->measured_at,
        .confidence = confidence(pace, &view),
    };
    return estimate_from(&reading, SOURCE_POD, pace->owner, at);
}

double pace_distance(const Pace *pace)
{
    if (pace->owner == SENSOR_NONE)
        return pace->given;
    return distance_ahead(pace, ahead_given(pace, pace->at));
}

PaceForetold pace_foretell(const Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return (PaceForetold){.speed = NAN, .distance = pace->given + pace->corrected};
    const TrackView view = bank_look(&pace->bank, ahead(pace, at));
    return (PaceForetold){
        .speed = view.speed,
        .distance = distance_ahead(pace, ahead(pace, at)) + pace->corrected,
        .confidence = confidence(pace, &view),
    };
}
