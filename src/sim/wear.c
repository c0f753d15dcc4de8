// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Virtual sensors. What a sensor measures and what it sends are kept apart: the measuring goes on
// through every misbehaviour, as a pod's counter and a heart do, and only the sending goes wrong.

#include "sim/wear-inside.h"

#include <string.h>

#include "codec/cps.h"
#include "codec/hrs.h"
#include "codec/rscs.h"

#define PERIOD_S           1.0
#define RECONNECT_S        1.0
#define POD_NOISE_MPS      0.05
#define POD_NOISE_SPM      0.7
#define POD_LIFETIME_DM    2e7 // 2000 km
#define DM_BEFORE_WRAP     100
#define BEAT_MIN_MS        250.0
#define VARIABLE_ABOVE_MS  300.0 // beats this short hardly vary
#define VARIABILITY        0.025
#define RR_UNITS_PER_MS    1.024
#define HRS_RR_IN_20_BYTES 9
#define HRS_RR_WITH_ENERGY 8
#define ENERGY_EVERY       10   // packets
#define ENERGY_FROM_BPM    60.0 // 150/min is about 50 kJ a minute
#define ENERGY_KJ_PER_BPM  0.0095
#define POWER_W_PER_MPS    73.0 // a runner of 70 kg
#define POWER_NOISE        0.03 // as a fraction
#define POWER_SPIKE_W      9999

static const char *const MISBEHAVIOUR_NAMES[] = {
    [MISBEHAVE_NONE] = "none",
    [MISBEHAVE_DROP_OUT] = "drop-out",
    [MISBEHAVE_FREEZE] = "freeze",
    [MISBEHAVE_RECONNECT] = "reconnect",
    [MISBEHAVE_HALF_CADENCE] = "half-cadence",
    [MISBEHAVE_SPIKES] = "spikes",
    [MISBEHAVE_TRUNCATE] = "truncate",
    [MISBEHAVE_WRAP] = "wrap",
    [MISBEHAVE_ZERO] = "zero",
};
#define MISBEHAVIOURS (sizeof MISBEHAVIOUR_NAMES / sizeof *MISBEHAVIOUR_NAMES)

bool misbehaviour_from_name(const char *name, Misbehaviour *ret_kind)
{
    for (size_t i = 0; i < MISBEHAVIOURS; i++) {
        if (strcmp(name, MISBEHAVIOUR_NAMES[i]) == 0) {
            *ret_kind = (Misbehaviour)i;
            return true;
        }
    }
    return false;
}

const char *misbehaviour_name(Misbehaviour kind)
{
    return MISBEHAVIOUR_NAMES[kind];
}

void worn_init(WornSensor *sensor, uint64_t seed, double scale)
{
    *sensor = (WornSensor){.period_s = PERIOD_S, .scale = scale, .last_distance_m = NAN};
    random_seed(&sensor->random, seed);
    sensor->total_dm = (uint32_t)(random_uniform(&sensor->random) * POD_LIFETIME_DM);
}

void worn_misbehave(WornSensor *sensor, Misbehaviour kind, double seconds)
{
    sensor->kind = kind;
    sensor->until_s = sensor->now_s + (kind == MISBEHAVE_RECONNECT ? RECONNECT_S : seconds);
    if (kind == MISBEHAVE_WRAP)
        sensor->total_dm = UINT32_MAX - DM_BEFORE_WRAP;
}

bool worn_linked(const WornSensor *sensor)
{
    return sensor->kind != MISBEHAVE_DROP_OUT && sensor->kind != MISBEHAVE_RECONNECT;
}

void worn_pass_time(WornSensor *sensor)
{
    if (sensor->kind != MISBEHAVE_NONE && sensor->now_s >= sensor->until_s)
        sensor->kind = MISBEHAVE_NONE;
    sensor->now_s += sensor->period_s;
}

bool worn_chance(WornSensor *sensor, double probability)
{
    return random_uniform(&sensor->random) < probability;
}

// What becomes of a packet on its way out.
size_t worn_send(WornSensor *sensor, size_t length)
{
    if (!worn_linked(sensor) || sensor->kind == MISBEHAVE_FREEZE)
        return 0;
    if (sensor->kind == MISBEHAVE_TRUNCATE && length > 1)
        return 1 + (size_t)(random_uniform(&sensor->random) * (double)(length - 1));
    return length;
}

static double next_beat(WornSensor *strap, double heart_bpm)
{
    double mean = 60000 / heart_bpm;
    double spread = VARIABILITY * fmax(mean - VARIABLE_ABOVE_MS, 0);
    return fmax(mean + spread * random_normal(&strap->random), BEAT_MIN_MS);
}

void worn_reset_energy(WornSensor *strap)
{
    strap->energy_kj = 0;
    strap->energy_in = 0;
}

void worn_set_distance(WornSensor *pod, uint32_t total_dm)
{
    pod->total_dm = total_dm;
    pod->counting_dm = 0;
}

static void spend(WornSensor *strap, double heart_bpm, HrsMeasurement *measurement)
{
    strap->energy_kj += fmax(heart_bpm - ENERGY_FROM_BPM, 0) * ENERGY_KJ_PER_BPM * strap->period_s;
    measurement->has_energy = strap->energy_in == 0;
    measurement->energy_kj = (uint16_t)fmin(strap->energy_kj, UINT16_MAX);
    strap->energy_in = (strap->energy_in == 0 ? ENERGY_EVERY : strap->energy_in) - 1;
}

size_t worn_strap_packet(WornSensor *strap, const Runner *runner, uint8_t *ret_bytes, size_t size)
{
    worn_pass_time(strap);
    HrsMeasurement measurement = {
        .heart_rate = (uint16_t)lround(runner->heart_bpm),
        .contact = HRS_CONTACT_OK,
    };
    spend(strap, runner->heart_bpm, &measurement);
    const int room = measurement.has_energy ? HRS_RR_WITH_ENERGY : HRS_RR_IN_20_BYTES;
    strap->since_beat_ms += 1000 * strap->period_s;
    if (strap->beat_ms <= 0)
        strap->beat_ms = next_beat(strap, runner->heart_bpm);
    while (strap->since_beat_ms >= strap->beat_ms) {
        strap->since_beat_ms -= strap->beat_ms;
        if (measurement.rr_count < room)
            measurement.rr_1024[measurement.rr_count++] =
                (uint16_t)lround(strap->beat_ms * RR_UNITS_PER_MS);
        strap->beat_ms = next_beat(strap, runner->heart_bpm);
    }
    if (strap->kind == MISBEHAVE_ZERO)
        measurement = (HrsMeasurement){.contact = HRS_CONTACT_LOST};
    if (strap->kind == MISBEHAVE_SPIKES && worn_chance(strap, WORN_SPIKE_CHANCE))
        measurement.heart_rate = worn_chance(strap, 0.5) ? 255 : 12;
    return worn_send(strap, hrs_encode(&measurement, ret_bytes, size));
}

// What the pod takes the last second's distance for. Put on in mid-run, it knows the speed only.
static double odometer_advance(WornSensor *pod, const Runner *runner)
{
    double run_m = isnan(pod->last_distance_m) ? runner->speed_mps * pod->period_s
                                               : runner->distance_m - pod->last_distance_m;
    pod->last_distance_m = runner->distance_m;
    return fmax(run_m, 0) * pod->scale;
}

// The mean of the last seconds; the newest takes the oldest's place.
static double boxcar(WornSensor *pod, double speed_mps)
{
    double sum = speed_mps;
    for (int i = WORN_BOXCAR_S - 1; i > 0; i--) {
        pod->window_mps[i] = pod->window_mps[i - 1];
        sum += pod->window_mps[i];
    }
    pod->window_mps[0] = speed_mps;
    return sum / WORN_BOXCAR_S;
}

size_t worn_pod_packet(WornSensor *pod, const Runner *runner, uint8_t *ret_bytes, size_t size)
{
    worn_pass_time(pod);
    double run_m = odometer_advance(pod, runner);
    pod->counting_dm += run_m * 10;
    uint32_t whole_dm = (uint32_t)pod->counting_dm;
    pod->counting_dm -= whole_dm;
    pod->total_dm += whole_dm;

    double speed_mps = boxcar(pod, run_m / pod->period_s);
    double noise_mps = POD_NOISE_MPS * random_normal(&pod->random);
    double noise_spm = POD_NOISE_SPM * random_normal(&pod->random);
    RscsMeasurement measurement = {
        .has_stride = true, .has_distance = true, .distance_dm = pod->total_dm};
    if (speed_mps >= RUNNER_STANDING_BELOW_MPS && runner->cadence_spm > 0 &&
        pod->kind != MISBEHAVE_ZERO) {
        speed_mps = fmax(speed_mps + noise_mps, 0);
        double cadence = fmin(runner->cadence_spm + noise_spm, UINT8_MAX);
        measurement.stride_cm = (uint16_t)lround(100 * 2 * 60 * speed_mps / cadence);
        measurement.speed_256 = (uint16_t)lround(256 * speed_mps);
        measurement.cadence =
            (uint8_t)lround(pod->kind == MISBEHAVE_HALF_CADENCE ? cadence / 2 : cadence);
        measurement.running = speed_mps >= RUNNER_WALK_BELOW_MPS;
    }
    if (pod->kind == MISBEHAVE_SPIKES && worn_chance(pod, WORN_SPIKE_CHANCE)) {
        measurement.speed_256 = (uint16_t)(256 * (20 + 100 * random_uniform(&pod->random)));
        measurement.cadence = UINT8_MAX;
    }
    return worn_send(pod, rscs_encode(&measurement, ret_bytes, size));
}

size_t worn_power_packet(WornSensor *pod, const Runner *runner, uint8_t *ret_bytes, size_t size)
{
    const double noise = POWER_NOISE * random_normal(&pod->random);
    CpsMeasurement measurement = {0};
    if (runner->speed_mps >= RUNNER_STANDING_BELOW_MPS && pod->kind != MISBEHAVE_ZERO)
        measurement.power_w = (int16_t)lround(POWER_W_PER_MPS * runner->speed_mps * (1 + noise));
    if (pod->kind == MISBEHAVE_SPIKES && worn_chance(pod, WORN_SPIKE_CHANCE))
        measurement.power_w = POWER_SPIKE_W;
    return worn_send(pod, cps_encode(&measurement, ret_bytes, size));
}
