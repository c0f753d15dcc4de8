// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The virtual runner: a small physiology that stands in for a person. Speed follows the target with
// a lag and wanders a little; heart rate follows load with its own slow time constant (first order,
// τ 57.6 s, 24.2 bpm per m/s: Hunt et al. 2015, BioMed Eng OnLine, s12938-015-0112-7); cadence and
// stride follow speed; fatigue adds up. The same seed gives the same run, on every machine.
//
// Pure data: no clock, no I/O; one call a simulated second or any other step.

#pragma once

#include "base/units.h"

#define RUNNER_HEART_TAU_S        57.6
#define RUNNER_HEART_BPM_PER_MPS  24.2
#define RUNNER_WALK_BELOW_MPS     2.0 // slower than this it walks
#define RUNNER_STANDING_BELOW_MPS 0.2 // slower than this it stands: no steps

typedef struct {
    uint64_t state[2];
} Random; // xoroshiro128+, seeded by splitmix64

void random_seed(Random *random, uint64_t seed);
double random_uniform(Random *random); // [0, 1)
double random_normal(Random *random);  // mean 0, sd 1, never beyond ±6

typedef struct {
    double rest_bpm, max_bpm; // standing, ready to run; never beyond
    double easy_speed_mps;    // what the legs choose without a target
    double speed_lag_s;       // time constant towards a target
    double wander_mps;        // how unevenly it runs: standard deviation
    double misjudgement;      // of a step's pace: standard deviation, as a fraction
    double obedience;         // 0 ignores the coach, 1 corrects at once when told
    double bpm_per_mps;       // what speed costs the heart
    double fatigue;           // to begin with: 0 fresh … 1 spent
    double tiring;            // how fast it tires; 1: spent after 80 minutes of all-out effort
    // What being spent does: how much slower it runs than it means to, and how much faster the
    // heart beats at that speed, as fractions; how many fewer steps a minute it takes; and how much
    // later the heart comes down, as a multiple of its time constant.
    double slower, heavier, fewer_spm, later;
} RunnerTraits;

extern const RunnerTraits RUNNER_FRESH;
extern const RunnerTraits RUNNER_TIRED;  // comes tired: holds the pace, but the heart stays high
extern const RunnerTraits RUNNER_FADING; // begins well and cannot hold the pace
#define RUNNER_DEFAULT RUNNER_FRESH

// "fresh", "tired", "fading"; NULL: there is none of that name.
const RunnerTraits *runner_named(const char *name);

typedef struct {
    RunnerTraits traits;
    Random random;
    double target_mps; // what it tries to run; 0: stands
    double bias;       // how far it misjudges its pace in this step, as a fraction
    double speed_mps;
    double wander;
    double heart_bpm;
    double cadence_spm; // both feet; 0 when standing
    double beat_spm;    // of the metronome it hears; 0: none
    double quicker_spm; // steps a minute that it takes more for that
    double distance_m;
    double fatigue; // 0 fresh … 1 spent
} Runner;

// Stands, with the heart at rest. `traits` is copied.
void runner_init(Runner *runner, const RunnerTraits *traits, uint64_t seed);

// A step begins: run at this speed (NAN: jog easily at will; 0: stand). Draws a new misjudgement.
// The speed is taken as it is, up to 12 m/s.
void runner_aim(Runner *runner, double speed_mps);

// Within a step the speed to run changes a little: its misjudgement stays.
void runner_follow(Runner *runner, double speed_mps);

// The coach said something; the runner may correct itself: -1 slower, 0 as now, +1 faster.
void runner_heed(Runner *runner, int direction);

// Hears a metronome of so many clicks a minute, or none (0) any more: its feet follow as far as it
// obeys, and forget it slowly.
void runner_hear(Runner *runner, double beat_spm);

// Long spans are run in steps of at most a second; not positive ones do nothing.
void runner_advance(Runner *runner, double seconds);
