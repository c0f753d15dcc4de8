// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One door to all estimates: raw notifications go in, live values come out. It decodes, counts what
// was malformed, gates what is implausible, decides which sensor owns which metric, and lets values
// go stale. Nobody above it sees a packet.
//
// Plain data, no allocation: embed it and call estimator_init(). Time never runs backwards: an `at`
// before the latest one is taken as the latest.

#pragma once

#include "estimate/belt.h"
#include "estimate/effort.h"
#include "estimate/estimate.h"
#include "estimate/heart.h"
#include "estimate/hrv.h"
#include "estimate/learnt.h"
#include "estimate/pace.h"
#include "estimate/power.h"
#include "estimate/stride.h"

// GATT numbers of the characteristics it understands; others are counted and ignored.
#define CHARACTERISTIC_HRS_MEASUREMENT   0x2a37
#define CHARACTERISTIC_RSCS_MEASUREMENT  0x2a53
#define CHARACTERISTIC_RSCS_FEATURE      0x2a54
#define CHARACTERISTIC_CPS_MEASUREMENT   0x2a63
#define CHARACTERISTIC_FTMS_FEATURE      0x2acc
#define CHARACTERISTIC_FTMS_TREADMILL    0x2acd
#define CHARACTERISTIC_FTMS_TRAINING     0x2ad3
#define CHARACTERISTIC_FTMS_SPEEDS       0x2ad4 // the supported range
#define CHARACTERISTIC_FTMS_INCLINATIONS 0x2ad5 // likewise
#define CHARACTERISTIC_FTMS_STATUS       0x2ada
#define CHARACTERISTIC_BATTERY_LEVEL     0x2a19
#define CHARACTERISTIC_BODY_LOCATION     0x2a38
#define CHARACTERISTIC_SENSOR_LOCATION   0x2a5d

// No packet for so long and the sensor counts as lost (GATT client rule R8).
#define LOST_AFTER (10 * USEC_PER_SEC)

// The same bytes again within this are one notification delivered twice (R9).
#define DUPLICATE_WITHIN (50 * USEC_PER_MSEC)

// Per sensor, for the status page and bug reports.
typedef struct {
    uint32_t packets;     // all notifications, and values read
    uint32_t truncated;   // optional fields were cut (R2)
    uint32_t extra;       // bytes left over (R3)
    uint32_t rejected;    // mandatory field missing (R1, R6)
    uint32_t implausible; // decoded, then gated (R7); a strap's 0, "no reading", is not counted
    uint32_t duplicates;  // same bytes within 50 ms (R9)
    Usec last_at;         // USEC_NEVER before the first packet
} PacketCounts;

// More than 1 % of the packets were malformed: worth telling (R11).
bool packet_counts_suspect(const PacketCounts *counts);

// All there is to know of one sensor.
typedef struct {
    bool described; // by estimator_describe(); false: nobody chose it
    bool linked;
    bool contact_lost;            // by its newest measurement, if that can be trusted
    uint8_t serves;               // ServiceSet: as described; else what it has sent so far
    Usec measured_at;             // heart rate, stride or belt, fit to use; USEC_NEVER before
    CadenceConvention convention; // as it is fixed, or was found out
    int16_t battery;              // percent; -1 unknown
    int16_t location;             // a strap's BodyLocation, a pod's SensorLocation; -1 unknown
    PacketCounts counts;
} SensorView;

typedef struct {
    Usec now;
    Heart heart;
    Pace pace;
    Stride stride;
    Belt belt;
    Power power;
    Hrv hrv;
    Effort effort;
    Usec effort_at; // up to when effort has been told what was; USEC_NEVER before the first event
    Learnt learnt;
    SensorProfile profiles[SENSORS_MAX];
    SensorView sensors[SENSORS_MAX];
    struct {
        uint16_t characteristic;
        uint8_t length; // 0 before the first, and for one too long to keep
        uint8_t bytes[64];
        Usec at;
    } latest[SENSORS_MAX]; // to recognise duplicates
} Estimator;

void estimator_init(Estimator *estimator);

// A sensor is this from now on; a profile without services: there is none any more, and nothing is
// known of whatever gets its number next. A sensor number out of range is ignored.
void estimator_describe(Estimator *estimator, Usec at, SensorId sensor,
                        const SensorProfile *profile);

// A notification, or the answer to a read (of a feature, a location, the battery). `length` may be
// anything; the bytes are only borrowed. A sensor number out of range is ignored.
void estimator_notify(Estimator *estimator, Usec at, SensorId sensor, uint16_t characteristic,
                      const uint8_t *bytes, size_t length);

// A link came up or went down. Going down forgets no value: it ages as any other.
void estimator_link(Estimator *estimator, Usec at, SensorId sensor, bool up);

// Nobody listens from here on: no sensor is linked.
void estimator_break(Estimator *estimator, Usec at);

// The plan changes the target at `at`, now or in a few seconds, to `speed` m/s, NAN for none: the
// filter may expect the runner's speed to change. Best called ahead where that is known, and again
// when it comes.
void estimator_expect_change(Estimator *estimator, Usec at, double speed);

// What is known of the athlete changed.
void estimator_know(Estimator *estimator, Usec at, const AthleteModel *model);

// A step begins: the how manieth hard one of a repeat, 0 for all others.
void estimator_set_repetition(Estimator *estimator, Usec at, unsigned repetition);

// What is known of a sensor by now, for a later run. The line is nobody's but who steps.
SensorKnown estimator_known(const Estimator *estimator, SensorId sensor);

// Lets time pass (distance grows, values age). Called with every event.
void estimator_advance(Estimator *estimator, Usec at);

Estimate estimator_heart_rate(const Estimator *estimator); // bpm
Estimate estimator_speed(const Estimator *estimator);      // m/s
Estimate estimator_cadence(const Estimator *estimator);    // steps a minute, both feet
Estimate estimator_belt_speed(const Estimator *estimator); // m/s, of a treadmill's belt
Estimate estimator_incline(const Estimator *estimator);    // %, likewise
Estimate estimator_power(const Estimator *estimator);      // W, by a pod

// m/s on the flat out of doors that cost as much: the speed, but for a belt with its incline and
// without wind of the runner's own (grade.h).
// Of estimator_speed().
Estimate estimator_flat_speed(const Estimator *estimator, const Estimate *speed);

// m, from foot to other foot: of the speed and the cadence. It runs as far as either is trusted.
Estimate estimator_step_length(const Estimator *estimator);

// Steps a minute fewer than this runner took at this speed while fresh, over the last minute;
// negative: more. Steps that are too few are too long, since the speed is the same.
Estimate estimator_form_drift(const Estimator *estimator);

// See effort.h.
typedef struct {
    Estimate effort;               // 0 … 10
    Estimate predicted_heart_rate; // bpm
    Estimate heart_zone;           // an index into athlete_zones()
    Estimate d_prime_balance;      // m
    double d_prime_sd;             // m; NAN when unknown
} EffortFigures;
// Of estimator_flat_speed() and estimator_heart_rate(), which are not worked out twice.
EffortFigures estimator_effort(const Estimator *estimator, const Estimate *flat,
                               const Estimate *heart);

// See hrv.h. Only from a sensor that says it is worn on the chest, or of which the user said that
// its beats can be trusted: one that does not say may as well be a watch.
Estimate estimator_rmssd(const Estimator *estimator); // ms
Estimate estimator_alpha1(const Estimator *estimator);
Estimate estimator_artefacts(const Estimator *estimator); // percent

// Metres since estimator_init(): monotonic, and consistent with the speed given out.
double estimator_distance(const Estimator *estimator);
