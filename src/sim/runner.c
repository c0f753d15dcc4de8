// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The virtual runner. What was hard is "the same run on every machine": libm may differ in the last
// bit from one release to the next, and a run amplifies it, so the physiology uses arithmetic and
// square roots only, which IEEE 754 pins down.

#include "sim/runner.h"

#include "base/series.h"

#include <string.h>

#define STEP_MAX_S        1.0
#define SPEED_MAX_MPS     12.0
#define SPEED_UP_MPS2     1.5 // what legs can do, and brake
#define SLOW_DOWN_MPS2    1.3
#define WANDER_TAU_S      15.0
#define CORRECTION        0.02         // when told to, against its own judgement
#define FATIGUE_PER_S     (1.0 / 4800) // at all-out effort
#define RECOVERY_TAU_S    900.0
#define RECOVERING_EFFORT 0.5
#define FOLLOWS_TAU_S     6.0 // a metronome
#define FORGETS_TAU_S     240.0

const RunnerTraits RUNNER_FRESH = {
    .rest_bpm = 70,
    .max_bpm = 190,
    .easy_speed_mps = 2.4,
    .speed_lag_s = 2.5,
    .wander_mps = 0.06,
    .misjudgement = 0.03,
    .obedience = 0.7,
    .bpm_per_mps = RUNNER_HEART_BPM_PER_MPS,
    .tiring = 1,
    .slower = 0.03,
    .heavier = 0.08,
    .fewer_spm = 5,
};

const RunnerTraits RUNNER_TIRED = {
    .rest_bpm = 80,
    .max_bpm = 190,
    .easy_speed_mps = 2.3,
    .speed_lag_s = 2.5,
    .wander_mps = 0.06,
    .misjudgement = 0.01,
    .obedience = 0.7,
    .bpm_per_mps = RUNNER_HEART_BPM_PER_MPS,
    .fatigue = 0.1,
    .tiring = 3,
    .slower = 0.01,
    .heavier = 0.08,
    .fewer_spm = 5,
    .later = 9,
};

const RunnerTraits RUNNER_FADING = {
    .rest_bpm = 70,
    .max_bpm = 190,
    .easy_speed_mps = 2.4,
    .speed_lag_s = 2.5,
    .wander_mps = 0.06,
    .misjudgement = 0.01,
    .obedience = 0.2,
    .bpm_per_mps = RUNNER_HEART_BPM_PER_MPS,
    .tiring = 5,
    .slower = 0.12,
    .heavier = 0.12,
    .fewer_spm = 9,
    .later = 1,
};

const RunnerTraits *runner_named(const char *name)
{
    return strcmp(name, "fresh") == 0    ? &RUNNER_FRESH
           : strcmp(name, "tired") == 0  ? &RUNNER_TIRED
           : strcmp(name, "fading") == 0 ? &RUNNER_FADING
                                         : NULL;
}

static uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

void random_seed(Random *random, uint64_t seed)
{
    random->state[0] = splitmix64(&seed);
    random->state[1] = splitmix64(&seed);
}

double random_uniform(Random *random)
{
    uint64_t first = random->state[0], second = random->state[1];
    uint64_t sum = first + second;
    second ^= first;
    random->state[0] = rotate(first, 24) ^ second ^ second << 16;
    random->state[1] = rotate(second, 37);
    return (double)(sum >> 11) * 0x1p-53;
}

// Twelve uniforms: near enough to a bell for legs and noise, and without a logarithm.
double random_normal(Random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += random_uniform(random);
    return sum;
}

void runner_init(Runner *runner, const RunnerTraits *traits, uint64_t seed)
{
    *runner =
        (Runner){.traits = *traits, .heart_bpm = traits->rest_bpm, .fatigue = traits->fatigue};
    random_seed(&runner->random, seed);
}

void runner_follow(Runner *runner, double speed_mps)
{
    runner->target_mps = fmin(fmax(speed_mps, 0), SPEED_MAX_MPS);
}

void runner_aim(Runner *runner, double speed_mps)
{
    runner_follow(runner, isnan(speed_mps) ? runner->traits.easy_speed_mps : speed_mps);
    runner->bias = runner->traits.misjudgement * random_normal(&runner->random);
}

// Told what it half knows, it corrects its error; told the opposite, it gives way a little.
void runner_heed(Runner *runner, int direction)
{
    double towards = (direction > 0) - (direction < 0);
    if (towards * runner->bias < 0)
        runner->bias *= 1 - runner->traits.obedience;
    else
        runner->bias += towards * runner->traits.obedience * CORRECTION;
}

static double cadence_at(double speed_mps, double fewer_spm)
{
    if (speed_mps < RUNNER_STANDING_BELOW_MPS)
        return 0;
    if (speed_mps < RUNNER_WALK_BELOW_MPS)
        return 70 + 28 * speed_mps;
    return 132 + 12 * speed_mps - fewer_spm;
}

void runner_hear(Runner *runner, double beat_spm)
{
    runner->beat_spm = beat_spm;
}

// With a beat its steps become nearly as many as that has; afterwards they become its own again.
static double quicker(const Runner *runner, double own_spm, double seconds)
{
    const bool hears = runner->beat_spm > 0 && runner->speed_mps >= RUNNER_WALK_BELOW_MPS;
    const double wanted = hears ? runner->traits.obedience * (runner->beat_spm - own_spm) : 0;
    const double keep = series_exp(-seconds / (hears ? FOLLOWS_TAU_S : FORGETS_TAU_S));
    return wanted + (runner->quicker_spm - wanted) * keep;
}

static void tire(Runner *runner, double seconds)
{
    const RunnerTraits *traits = &runner->traits;
    double effort = (runner->heart_bpm - traits->rest_bpm) / (traits->max_bpm - traits->rest_bpm);
    if (effort > RECOVERING_EFFORT)
        runner->fatigue += effort * effort * effort * FATIGUE_PER_S * seconds * traits->tiring;
    else
        runner->fatigue *= series_exp(-seconds / RECOVERY_TAU_S);
    runner->fatigue = fmin(runner->fatigue, 1);
}

static void step(Runner *runner, double seconds)
{
    const RunnerTraits *traits = &runner->traits;
    double keep = series_exp(-seconds / WANDER_TAU_S);
    runner->wander = runner->wander * keep +
                     traits->wander_mps * sqrt(1 - keep * keep) * random_normal(&runner->random);

    double wanted = 0;
    if (runner->target_mps > 0)
        wanted = runner->target_mps * (1 + runner->bias - traits->slower * runner->fatigue) +
                 runner->wander;
    double change = (fmax(wanted, 0) - runner->speed_mps) *
                    (1 - series_exp(-seconds / fmax(traits->speed_lag_s, 1e-3)));
    double before = runner->speed_mps;
    runner->speed_mps += fmin(fmax(change, -SLOW_DOWN_MPS2 * seconds), SPEED_UP_MPS2 * seconds);
    double mean = (before + runner->speed_mps) / 2;
    runner->distance_m += mean * seconds;
    const double own = cadence_at(runner->speed_mps, traits->fewer_spm * runner->fatigue);
    runner->quicker_spm = quicker(runner, own, seconds);
    runner->cadence_spm = own > 0 ? own + runner->quicker_spm : 0;

    double load = traits->bpm_per_mps * mean * (1 + traits->heavier * runner->fatigue);
    double steady = fmin(traits->rest_bpm + load, traits->max_bpm);
    double tau = RUNNER_HEART_TAU_S;
    if (runner->heart_bpm > steady)
        tau *= 1 + traits->later * runner->fatigue;
    runner->heart_bpm = steady + (runner->heart_bpm - steady) * series_exp(-seconds / tau);
    tire(runner, seconds);
}

void runner_advance(Runner *runner, double seconds)
{
    for (; seconds > STEP_MAX_S; seconds -= STEP_MAX_S)
        step(runner, STEP_MAX_S);
    if (seconds > 0)
        step(runner, seconds);
}
