// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A Kalman filter of speed and acceleration. Pods average over the last few steps, so a packet
// tells the speed of about a second ago: the state is kept for that instant, where it was measured,
// and what is given out looks ahead from it by the acceleration the filter believes in. What was
// hard is to be calm and quick at once: while a runner holds pace hardly any acceleration is
// believed (calm); for some seconds about a planned change, or after two surprises of one sign, a
// lot is (quick). A single surprise is a spike.
//
// The state stays at the newest accepted packet and is only looked at from later instants, so that
// how often somebody asks changes nothing. No exp(), no sin(): libm's differ between machines by a
// bit, and a replay must not.
//
// Some pods hold their speed long after the runner has stopped; their cadence betrays them.

#include "estimate/pace.h"

#define SPEED_MAX        12.0  // m/s; beyond, no runner
#define SPEED_ZERO       0.1   // m/s; below, the pod says standing
#define TOTAL_SPEED_MAX  8.0   // m/s; a gap's mean speed by the pod's counter
#define LAG              1.0   // s; half of a pod's averaging
#define ACCELERATION_MAX 1.2   // m/s²
#define ACCELERATION_TAU 2.5   // s; how long one lasts
#define AHEAD_MAX        0.75  // s; an acceleration is not carried on further than this
#define NOISE            0.08  // m/s, of a pod's packet
#define JITTER           0.022 // m/s/√s; how a runner holding pace wanders
#define CALM             0.01  // m/s²; accelerations while holding pace
#define LIVELY           0.6   // m/s²; and while changing it
#define GATE             9.0   // squared standard deviations
#define LIVELY_FOR       (6 * USEC_PER_SEC)
#define STILL_BELIEVED   (10 * USEC_PER_SEC) // speed without steps for longer: the cadence is broken
#define CONFIDENT        0.03                // relative deviation at which confidence is a half
#define SILENCE_BELIEVED (120 * USEC_PER_SEC) // to be standing still, of a pod that is known for it
#define SILENCE_TRUSTED  0.4

// How far an acceleration that fades reaches over the lag, in seconds.
#define LEAD (LAG * ACCELERATION_TAU / (ACCELERATION_TAU + LAG))

static double square(double x)
{
    return x * x;
}

void pace_init(Pace *pace)
{
    *pace = (Pace){
        .measured_at = USEC_NEVER,
        .expect_until = INT64_MIN,
        .owner = SENSOR_NONE,
        .still_since = USEC_NEVER,
    };
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        pace->pods[sensor].at = USEC_NEVER;
}

// Seconds from the newest packet to `at`, no more than the speed is given out for.
static double since_packet(const Pace *pace, Usec at)
{
    const Usec limit = pace->on_stop == ON_STOP_SILENT ? STALE_AFTER : STALE_LIMIT;
    return usec_to_s(usec_earlier(at - pace->measured_at, limit));
}

// The speed given out, `seconds` after the newest packet: beyond the lag, the acceleration goes on
// for a moment, then the speed stays.
static double speed_after(const Pace *pace, double seconds)
{
    return fmax(0, pace->speed + pace->acceleration * (LEAD + fmin(seconds, AHEAD_MAX)));
}

// The integral of speed_after() from 0 to `seconds`.
static double metres_after(const Pace *pace, double seconds)
{
    const double changing = fmin(seconds, AHEAD_MAX);
    const double first = speed_after(pace, 0), last = speed_after(pace, changing);
    if (last > 0 || first <= 0)
        return (first + last) / 2 * changing + last * (seconds - changing);
    return square(first) / (-2 * pace->acceleration); // it stops on the way
}

// Carries the state forward to `at`, where a packet is about to be judged.
static void predict(Pace *pace, Usec at)
{
    const double dt = since_packet(pace, at);
    const double keep = ACCELERATION_TAU / (ACCELERATION_TAU + dt);
    const double reach = dt * keep;
    const double sigma = pace->measured_at < pace->expect_until ? LIVELY : CALM;
    const double q = square(sigma) * (1 - square(keep));
    const double p00 = pace->p00, p01 = pace->p01, p11 = pace->p11;
    pace->p00 =
        p00 + 2 * reach * p01 + square(reach) * p11 + q * square(dt) / 3 + square(JITTER) * dt;
    pace->p01 = keep * (p01 + reach * p11) + q * dt / 2;
    pace->p11 = square(keep) * p11 + q;
    pace->distance += metres_after(pace, dt);
    pace->speed = fmax(0, pace->speed + pace->acceleration * reach);
    pace->acceleration *= keep;
    pace->measured_at = at;
}

static void update(Pace *pace, double residual)
{
    const double variance = pace->p00 + square(NOISE);
    const double k0 = pace->p00 / variance, k1 = pace->p01 / variance;
    const double acceleration = pace->acceleration + k1 * residual;
    pace->speed = fmax(0, pace->speed + k0 * residual);
    pace->acceleration = fmax(-ACCELERATION_MAX, fmin(acceleration, ACCELERATION_MAX));
    pace->p11 -= k1 * pace->p01;
    pace->p01 -= k0 * pace->p01;
    pace->p00 -= k0 * pace->p00;
}

// Starts anew at a measured speed; distance stays. A runner may set off from standing at any
// moment.
static void restart(Pace *pace, double speed)
{
    const bool standing = speed < SPEED_ZERO;
    pace->speed = standing ? 0 : speed;
    pace->acceleration = 0;
    pace->p00 = square(standing ? JITTER : NOISE);
    pace->p01 = 0;
    pace->p11 = square(standing ? LIVELY : CALM);
}

// What the pod's own counter says that we covered since its last packet, beyond what we counted
// ourselves. A counter that was reset, or jumped, says nothing; one that wrapped does.
static double hidden_metres(const Pace *pace, Usec at, const RscsMeasurement *measurement)
{
    if (!pace->has_total || !measurement->has_distance || at - pace->measured_at <= STALE_AFTER)
        return 0;
    const double gone = (measurement->distance_dm - pace->total_dm) / 10.0;
    if (gone > TOTAL_SPEED_MAX * usec_to_s(at - pace->measured_at))
        return 0;
    return fmax(0, gone - metres_after(pace, since_packet(pace, at)));
}

// A new pod takes over: nothing of the old one's counter or doubts carries over.
static void change_owner(Pace *pace, Usec at, SensorId sensor, double speed)
{
    if (pace->measured_at != USEC_NEVER)
        predict(pace, at);
    restart(pace, speed);
    pace->owner = sensor;
    pace->counts_steps = false;
    pace->still_since = USEC_NEVER;
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

// Whether the packet may move the state; if so, it has.
static bool gate_and_update(Pace *pace, Usec at, double measured)
{
    Pace next = *pace;
    predict(&next, at);
    const double residual = measured - next.speed;
    const double sign = residual < 0 ? -1 : 1;
    if (square(residual) > GATE * (next.p00 + square(NOISE))) {
        if (sign != pace->refused_sign) {
            pace->refused_sign = sign;
            return false;
        }
        // The second of its sign: a real change, and we have been too calm since the last packet.
        next = *pace;
        next.expect_until = at + LIVELY_FOR;
        predict(&next, at);
    }
    update(&next, measured - next.speed);
    *pace = next;
    return true;
}

void pace_expect_change(Pace *pace, Usec at)
{
    pace->expect_until = at + LIVELY_FOR;
}

void pace_advance(Pace *pace, Usec at)
{
    pace->at = at;
}

// A packet of the owner.
static bool follow(Pace *pace, const SensorProfile *profile, Usec at,
                   const RscsMeasurement *measurement)
{
    const double measured = measurement->speed_256 / 256.0;
    const double hidden = hidden_metres(pace, at, measurement);
    const bool standing = stands(pace, profile, at, measurement);
    if (standing || at - pace->measured_at > STALE_LIMIT) {
        predict(pace, at);
        restart(pace, standing ? 0 : measured);
    } else if (!gate_and_update(pace, at, measured)) {
        return false;
    } else if (measured < SPEED_ZERO) {
        restart(pace, 0);
    }
    pace->distance += hidden;
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
    if (pace->measured_at != USEC_NEVER)
        predict(pace, at);
    restart(pace, 0);
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
    const double measured = measurement->speed_256 / 256.0;
    pace_advance(pace, at);
    if (measured > SPEED_MAX)
        return false;
    typeof(*pace->pods) *pod = &pace->pods[sensor];
    if (pod->at == USEC_NEVER || at - pod->at > STALE_AFTER)
        pod->since = at;
    pod->at = at;
    if (sensor != pace->owner) {
        if (!may_take_over(pace, profiles, at, sensor))
            return true;
        change_owner(pace, at, sensor, measured);
    } else if (!follow(pace, &profiles[sensor], at, measurement)) {
        return false;
    }
    pace->measured_at = at;
    pace->on_stop = profiles[sensor].on_stop; // of the silence from now on, not of the one before
    pace->refused_sign = 0;
    pace->has_total = measurement->has_distance;
    pace->total_dm = measurement->distance_dm;
    return true;
}

// Standing, as far as the silence of a pod that is known for it can tell.
static bool stands_silently(const Pace *pace, Usec at)
{
    const Usec silence = at - pace->measured_at;
    return pace->on_stop == ON_STOP_SILENT && pace->pods[pace->owner].linked &&
           silence > STALE_AFTER && silence <= SILENCE_BELIEVED;
}

Estimate pace_speed(const Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return ESTIMATE_UNKNOWN;
    if (stands_silently(pace, at)) {
        const Reading standing = {.value = 0, .at = at, .confidence = SILENCE_TRUSTED};
        return estimate_from(&standing, SOURCE_POD, pace->owner, at);
    }
    const double speed = speed_after(pace, since_packet(pace, at));
    const double half = square(CONFIDENT * fmax(speed, 2));
    const Reading reading = {
        .value = speed,
        .at = pace->measured_at,
        .confidence = half / (half + pace->p00),
    };
    return estimate_from(&reading, SOURCE_POD, pace->owner, at);
}

double pace_distance(const Pace *pace)
{
    if (pace->measured_at == USEC_NEVER)
        return 0;
    return pace->distance + metres_after(pace, since_packet(pace, pace->at));
}
