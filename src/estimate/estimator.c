// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The door: decode, count, and hand each measurement to the estimators it concerns. What was hard
// is only the order: a duplicate must be recognised before anything believes it twice, for a second
// reading that agrees is what the gates take as proof.

#include "estimate/estimator.h"

#include <string.h>

#include "base/square.h"
#include "codec/battery.h"
#include "codec/location.h"
#include "estimate/grade.h"

#define STEP_MAX   2.5 // m; nobody's steps are longer, whatever the pod says of the speed
#define DRIFT_TOLD 3.0 // steps a minute; a drift known to this is believed by half
#define ASLEEP     (10 * USEC_PER_SEC)

static void forget(Estimator *estimator, SensorId sensor)
{
    estimator->profiles[sensor] = sensor_profile_default(sensor);
    estimator->sensors[sensor] = (SensorView){
        .measured_at = USEC_NEVER,
        .battery = -1,
        .location = -1,
        .counts.last_at = USEC_NEVER,
    };
    estimator->latest[sensor].length = 0;
}

void estimator_init(Estimator *estimator)
{
    *estimator = (Estimator){0};
    heart_init(&estimator->heart);
    pace_init(&estimator->pace);
    learnt_init(&estimator->learnt);
    stride_init(&estimator->stride);
    belt_init(&estimator->belt);
    power_init(&estimator->power);
    hrv_init(&estimator->hrv);
    const Athlete nobody = athlete_unknown();
    const AthleteModel nothing = athlete_model(&nobody);
    effort_init(&estimator->effort, &nothing);
    estimator->effort_at = USEC_NEVER;
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        forget(estimator, sensor);
}

bool packet_counts_suspect(const PacketCounts *counts)
{
    return ((uint64_t)counts->rejected + counts->truncated) * 100 > counts->packets;
}

// Whether these bytes just came; remembers them if not.
static bool is_duplicate(Estimator *estimator, SensorId sensor, uint16_t characteristic,
                         const uint8_t *bytes, size_t length)
{
    typeof(*estimator->latest) *latest = &estimator->latest[sensor];
    if (length == 0 || length > sizeof latest->bytes) {
        latest->length = 0;
        return false;
    }
    if (latest->length == length && latest->characteristic == characteristic &&
        estimator->now - latest->at <= DUPLICATE_WITHIN &&
        memcmp(latest->bytes, bytes, length) == 0)
        return true;
    latest->characteristic = characteristic;
    latest->length = (uint8_t)length;
    latest->at = estimator->now;
    memcpy(latest->bytes, bytes, length);
    return false;
}

// Counts the verdict; whether there is a measurement to use.
static bool usable(PacketCounts *counts, DecodeStatus status)
{
    switch (status) {
    case DECODE_OK:
        return true;
    case DECODE_TRUNCATED:
        counts->truncated++;
        return true;
    case DECODE_EXTRA:
        counts->extra++;
        return true;
    case DECODE_REJECT:
        break;
    }
    counts->rejected++;
    return false;
}

static bool has_beats(const Estimator *estimator, SensorId sensor)
{
    return estimator->profiles[sensor].beats_trusted ||
           estimator->sensors[sensor].location == BODY_LOCATION_CHEST;
}

static void take_heart(Estimator *estimator, SensorId sensor, const uint8_t *bytes, size_t length)
{
    SensorView *view = &estimator->sensors[sensor];
    const SensorProfile *profile = &estimator->profiles[sensor];
    HrsMeasurement measurement;
    if (!usable(&view->counts, hrs_decode(bytes, length, &measurement)) ||
        !(profile->services & SERVICE_HEART))
        return;
    const bool taken =
        heart_measure(&estimator->heart, profile, estimator->now, sensor, &measurement);
    if (has_beats(estimator, sensor))
        hrv_measure(&estimator->hrv, estimator->profiles, estimator->now, sensor, &measurement);
    view->serves |= SERVICE_HEART;
    view->counts.implausible += !taken && measurement.heart_rate != 0;
    view->contact_lost = measurement.contact == HRS_CONTACT_LOST && !profile->contact_untrusted;
    if (taken)
        view->measured_at = estimator->now;
}

// What the belt said just now is a speed of the runner's, if he is on it. False when it was not
// used.
static bool take_belt_speed(Estimator *estimator, SensorId sensor)
{
    const Reading *speed = &estimator->belt.speed[sensor];
    if (speed->at != estimator->now)
        return true;
    return pace_belt(&estimator->pace, estimator->profiles, estimator->now, sensor, speed->value);
}

static void take_pod(Estimator *estimator, SensorId sensor, const uint8_t *bytes, size_t length)
{
    SensorView *view = &estimator->sensors[sensor];
    RscsMeasurement measurement;
    if (!usable(&view->counts, rscs_decode(bytes, length, &measurement)) ||
        !(estimator->profiles[sensor].services & SERVICE_STRIDE))
        return;
    const Usec now = estimator->now;
    const bool stride = stride_measure(&estimator->stride, now, sensor, &measurement);
    const bool belt = belt_stride(&estimator->belt, now, sensor, &measurement);
    const Reading *cadence = &estimator->stride.cadence[sensor];
    const bool steps_too_long = cadence->at == now && cadence->value > 0 &&
                                measurement.speed_256 / 256.0 * 60 > STEP_MAX * cadence->value;
    const bool pace = estimator->belt.machines[sensor].known
                          ? take_belt_speed(estimator, sensor)
                          : !steps_too_long && pace_measure(&estimator->pace, estimator->profiles,
                                                            now, sensor, &measurement);
    if (cadence->at == now && !isnan(cadence->value))
        learnt_cadence(&estimator->learnt, &estimator->pace, now, cadence->value);
    view->serves |= SERVICE_STRIDE;
    view->counts.implausible += !pace || !stride || !belt;
    view->convention = stride_convention(&estimator->stride, sensor);
    if (pace)
        view->measured_at = now;
}

static void take_treadmill(Estimator *estimator, SensorId sensor, const uint8_t *bytes,
                           size_t length)
{
    SensorView *view = &estimator->sensors[sensor];
    DecodeStatus status;
    BeltMeasurement measurement;
    if (!(estimator->profiles[sensor].services & SERVICE_TREADMILL)) {
        FtmsTreadmill unused; // counted all the same
        usable(&view->counts, ftms_decode(bytes, length, 0, &unused));
        return;
    }
    const bool whole = belt_measure(&estimator->belt, estimator->now, sensor, bytes, length,
                                    &status, &measurement);
    usable(&view->counts, status);
    view->serves |= SERVICE_TREADMILL;
    if (!whole)
        return;
    const bool heart =
        isnan(measurement.heart_rate) ||
        heart_measure_treadmill(&estimator->heart, estimator->now, sensor, measurement.heart_rate);
    view->counts.implausible += measurement.implausible || !heart;
    if (isnan(measurement.speed))
        return;
    view->measured_at = estimator->now;
    view->counts.implausible += !take_belt_speed(estimator, sensor);
}

// What a treadmill says beside its data.
static void take_machine(Estimator *estimator, SensorId sensor, uint16_t characteristic,
                         const uint8_t *bytes, size_t length)
{
    PacketCounts *counts = &estimator->sensors[sensor].counts;
    FtmsMessage message;
    FtmsTrainingStatus training;
    FtmsFeature feature;
    FtmsRange range;
    const bool ours = estimator->profiles[sensor].services & SERVICE_TREADMILL;
    switch (characteristic) {
    case CHARACTERISTIC_FTMS_STATUS:
        if (usable(counts, ftms_status_decode(bytes, length, &message)) && ours)
            belt_status(&estimator->belt, estimator->now, sensor, &message);
        break;
    case CHARACTERISTIC_FTMS_TRAINING:
        if (usable(counts, ftms_training_decode(bytes, length, &training)) && ours)
            belt_training(&estimator->belt, estimator->now, sensor, &training);
        break;
    case CHARACTERISTIC_FTMS_FEATURE:
        if (usable(counts, ftms_feature_decode(bytes, length, &feature)) && ours)
            belt_present(&estimator->belt, sensor);
        break;
    case CHARACTERISTIC_FTMS_SPEEDS:
        usable(counts, ftms_speed_range_decode(bytes, length, &range));
        break;
    case CHARACTERISTIC_FTMS_INCLINATIONS:
        usable(counts, ftms_inclination_range_decode(bytes, length, &range));
        break;
    }
}

static void take_power(Estimator *estimator, SensorId sensor, const uint8_t *bytes, size_t length)
{
    SensorView *view = &estimator->sensors[sensor];
    CpsMeasurement measurement;
    if (!usable(&view->counts, cps_decode(bytes, length, &measurement)) ||
        !(estimator->profiles[sensor].services & SERVICE_POWER))
        return;
    view->serves |= SERVICE_POWER;
    const bool taken = power_measure(&estimator->power, estimator->now, sensor, &measurement);
    view->counts.implausible += !taken;
    if (taken)
        learnt_power(&estimator->learnt, &estimator->pace, estimator->now,
                     estimator->power.watts[sensor].value, estimator_incline(estimator).value);
}

static void take_battery(SensorView *view, const uint8_t *bytes, size_t length)
{
    uint8_t percent;
    if (usable(&view->counts, battery_decode(bytes, length, &percent)))
        view->battery = percent;
}

static void take_body_location(SensorView *view, const uint8_t *bytes, size_t length)
{
    BodyLocation location;
    if (usable(&view->counts, location_body_decode(bytes, length, &location)))
        view->location = (int16_t)location;
}

static void take_sensor_location(SensorView *view, const uint8_t *bytes, size_t length)
{
    SensorLocation location;
    if (usable(&view->counts, location_sensor_decode(bytes, length, &location)))
        view->location = (int16_t)location;
}

void estimator_notify(Estimator *estimator, Usec at, SensorId sensor, uint16_t characteristic,
                      const uint8_t *bytes, size_t length)
{
    estimator_advance(estimator, at);
    if (sensor >= SENSORS_MAX)
        return;
    SensorView *view = &estimator->sensors[sensor];
    view->counts.packets++;
    view->counts.last_at = estimator->now;
    if (is_duplicate(estimator, sensor, characteristic, bytes, length)) {
        view->counts.duplicates++;
        return;
    }
    uint16_t features; // of no use: pods contradict them, the measurement's own flags count
    switch (characteristic) {
    case CHARACTERISTIC_HRS_MEASUREMENT:
        take_heart(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_RSCS_MEASUREMENT:
        take_pod(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_RSCS_FEATURE:
        usable(&view->counts, rscs_feature_decode(bytes, length, &features));
        break;
    case CHARACTERISTIC_CPS_MEASUREMENT:
        take_power(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_FTMS_TREADMILL:
        take_treadmill(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_FTMS_STATUS:
    case CHARACTERISTIC_FTMS_TRAINING:
    case CHARACTERISTIC_FTMS_FEATURE:
    case CHARACTERISTIC_FTMS_SPEEDS:
    case CHARACTERISTIC_FTMS_INCLINATIONS:
        take_machine(estimator, sensor, characteristic, bytes, length);
        break;
    case CHARACTERISTIC_BATTERY_LEVEL:
        take_battery(view, bytes, length);
        break;
    case CHARACTERISTIC_BODY_LOCATION:
        take_body_location(view, bytes, length);
        break;
    case CHARACTERISTIC_SENSOR_LOCATION:
        take_sensor_location(view, bytes, length);
        break;
    }
}

void estimator_link(Estimator *estimator, Usec at, SensorId sensor, bool up)
{
    estimator_advance(estimator, at);
    if (sensor >= SENSORS_MAX)
        return;
    estimator->sensors[sensor].linked = up;
    pace_link(&estimator->pace, sensor, up);
    belt_link(&estimator->belt, sensor, up);
}

void estimator_break(Estimator *estimator, Usec at)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        if (estimator->sensors[sensor].linked)
            estimator_link(estimator, at, sensor, false);
    pace_break(&estimator->pace, at);
}

// Only news: what is repeated may be older than what was learnt here.
static void recall(Estimator *estimator, SensorId sensor, const SensorKnown *known)
{
    const SensorKnown *before = &estimator->profiles[sensor].known;
    for (Surface surface = SURFACE_GROUND; surface <= SURFACE_TREADMILL; surface++)
        if (!scale_known_same(&known->scales[surface], &before->scales[surface]))
            pace_scale(&estimator->pace, sensor, surface, &known->scales[surface]);
    if (known->line.seconds > estimator->learnt.gait.line.seconds)
        gait_recall(&estimator->learnt.gait, &known->line);
}

SensorKnown estimator_known(const Estimator *estimator, SensorId sensor)
{
    SensorKnown known = {.line = estimator->profiles[sensor].known.line};
    for (Surface surface = SURFACE_GROUND; surface <= SURFACE_TREADMILL; surface++)
        known.scales[surface] = pace_scale_known(&estimator->pace, sensor, surface);
    if (estimator->stride.cadence[sensor].at != USEC_NEVER)
        known.line = estimator->learnt.gait.line;
    return sensor_known_recorded(&known);
}

void estimator_describe(Estimator *estimator, Usec at, SensorId sensor,
                        const SensorProfile *profile)
{
    estimator_advance(estimator, at);
    if (sensor >= SENSORS_MAX || !sensor_profile_valid(profile))
        return;
    if (profile->services == 0) {
        heart_forget(&estimator->heart, sensor);
        hrv_forget(&estimator->hrv, sensor);
        pace_forget(&estimator->pace, estimator->now, sensor);
        stride_forget(&estimator->stride, sensor);
        belt_forget(&estimator->belt, sensor);
        power_forget(&estimator->power, sensor);
        forget(estimator, sensor);
        return;
    }
    recall(estimator, sensor, &profile->known);
    estimator->profiles[sensor] = *profile;
    if (profile->services & SERVICE_TREADMILL && profile->services != SERVICES_ALL)
        belt_present(&estimator->belt, sensor);
    stride_describe(&estimator->stride, sensor, profile);
    estimator->sensors[sensor].described = true;
    estimator->sensors[sensor].serves = profile->services;
    estimator->sensors[sensor].convention = stride_convention(&estimator->stride, sensor);
}

void estimator_expect_change(Estimator *estimator, Usec at, double speed)
{
    pace_expect_change(&estimator->pace, usec_later(at, estimator->now), speed);
}

void estimator_know(Estimator *estimator, Usec at, const AthleteModel *model)
{
    estimator_advance(estimator, at);
    effort_know(&estimator->effort, model);
}

void estimator_set_repetition(Estimator *estimator, Usec at, unsigned repetition)
{
    estimator_advance(estimator, at);
    effort_set_repetition(&estimator->effort, repetition);
}

// ── effort ──

static Estimate flat_of(const Estimator *estimator, Usec at, const Estimate *speed)
{
    Estimate flat = *speed;
    if (speed->sensor == SENSOR_NONE || !estimator->pace.sensors[speed->sensor].belt)
        return flat;
    const Estimate incline = belt_incline(&estimator->belt, estimator->profiles, at);
    // A belt that says nothing of an incline has none, or none that is set.
    flat.value = grade_belt_speed(speed->value, isnan(incline.value) ? 0 : incline.value);
    return flat;
}

static Estimate heart_at(const Estimator *estimator, Usec at)
{
    return heart_rate(&estimator->heart, estimator->profiles, at);
}

// Effort hears of each whole second, so that how often somebody asks changes nothing. After a long
// sleep nothing was known for most of it, and that is told at once.
static void tell_effort(Estimator *estimator)
{
    const Usec now = estimator->now;
    if (estimator->effort_at == USEC_NEVER)
        estimator->effort_at = now;
    while (now - estimator->effort_at >= USEC_PER_SEC) {
        const Usec at = estimator->effort_at + USEC_PER_SEC;
        const Estimate speed = pace_speed(&estimator->pace, at);
        const Estimate flat = flat_of(estimator, at, &speed), heart = heart_at(estimator, at);
        const Usec rest = now - estimator->effort_at;
        const bool asleep = rest > ASLEEP && !estimate_known(&flat) && !estimate_known(&heart);
        const Usec span = asleep ? rest / USEC_PER_SEC * USEC_PER_SEC : USEC_PER_SEC;
        effort_advance(&estimator->effort, &flat, &heart, usec_to_s(span));
        estimator->effort_at += span;
    }
}

void estimator_advance(Estimator *estimator, Usec at)
{
    if (at > estimator->now)
        estimator->now = at;
    tell_effort(estimator);
    pace_advance(&estimator->pace, estimator->now);
}

Estimate estimator_heart_rate(const Estimator *estimator)
{
    return heart_rate(&estimator->heart, estimator->profiles, estimator->now);
}

Estimate estimator_speed(const Estimator *estimator)
{
    return pace_speed(&estimator->pace, estimator->now);
}

Estimate estimator_cadence(const Estimator *estimator)
{
    return stride_cadence(&estimator->stride, estimator->profiles, estimator->now);
}

Estimate estimator_belt_speed(const Estimator *estimator)
{
    return belt_speed(&estimator->belt, estimator->profiles, estimator->now);
}

Estimate estimator_incline(const Estimator *estimator)
{
    return belt_incline(&estimator->belt, estimator->profiles, estimator->now);
}

Estimate estimator_power(const Estimator *estimator)
{
    return power_watts(&estimator->power, estimator->profiles, estimator->now);
}

Estimate estimator_flat_speed(const Estimator *estimator, const Estimate *speed)
{
    return flat_of(estimator, estimator->now, speed);
}

EffortFigures estimator_effort(const Estimator *estimator, const Estimate *flat,
                               const Estimate *heart)
{
    const Effort *effort = &estimator->effort;
    EffortFigures figures = {
        .effort = effort_now(effort, flat, heart),
        .predicted_heart_rate = effort_predicted_heart_rate(effort, flat),
        .heart_zone = effort_heart_zone(effort, heart),
    };
    figures.d_prime_balance = effort_d_prime_balance(effort, flat, &figures.d_prime_sd);
    return figures;
}

Estimate estimator_rmssd(const Estimator *estimator)
{
    return hrv_live_rmssd(&estimator->hrv, estimator->now);
}

Estimate estimator_alpha1(const Estimator *estimator)
{
    return hrv_live_alpha1(&estimator->hrv, estimator->now);
}

Estimate estimator_artefacts(const Estimator *estimator)
{
    return hrv_live_artefacts(&estimator->hrv, estimator->now);
}

double estimator_distance(const Estimator *estimator)
{
    return pace_distance(&estimator->pace);
}

Estimate estimator_step_length(const Estimator *estimator)
{
    Estimate length = estimator_speed(estimator);
    const Estimate cadence = estimator_cadence(estimator);
    if (!(length.value > 0 && cadence.value > 0))
        return ESTIMATE_UNKNOWN;
    length.value = 60 * length.value / cadence.value;
    length.confidence = fmin(length.confidence, cadence.confidence);
    length.age = usec_later(length.age, cadence.age);
    return length;
}

Estimate estimator_form_drift(const Estimator *estimator)
{
    double deviation;
    Estimate drift = estimator_cadence(estimator);
    drift.value = gait_form_drift(&estimator->learnt.gait, &deviation);
    if (!estimate_known(&drift) || isnan(drift.value))
        return ESTIMATE_UNKNOWN;
    drift.confidence *= 1 / (1 + square(deviation / DRIFT_TOLD));
    return drift;
}
