// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a run has cost so far, in the figures in use. All are sums over time: what was not known for
// a while counts for nothing in that while, and the coverage says how much was.
//
// - TRIMP (Banister 1991): Σ minutes · x·a·e^(b·x), x the part of the heart-rate reserve; a, b are
//   0.64, 1.92 for men and 0.86, 1.67 for women. It is summed second by second: it is convex, and
//   the mean rate of a run would count too little. For an unknown sex the mean of both is taken.
// - Edwards: minutes in 50–60 … 90–100 % of the maximal rate, times 1 … 5.
// - rTSS: 100 · hours · IF², IF the normalised speed (not pace) over the speed at threshold. The
//   normalised graded pace of its inventors is unpublished; here it is the fourth root of the mean
//   fourth power of the 30 s mean of the flat-equivalent speed, without stops.
// - Decoupling: by how many percent speed/heart rate was lower in the second half than in the
//   first, without the first ten minutes and without stops. Up to 5 good, above 10 poor: a
//   convention of coaches, for steady runs; it is given only for those of 30 minutes or more whose
//   minutes differ by less than a tenth.

#pragma once

#include "athlete/athlete.h"

double load_banister_a_minute(Sex sex, double reserve); // 0 below rest; NAN for a NAN
int load_edwards_zone(double bpm, double max_bpm);      // 0 below 50 %, 1 … 5
double load_rtss(double seconds, double normalised_mps, double threshold_mps);

// Efficiencies are speeds over rates, in whatever units.
double load_decoupling(double first_efficiency, double second_efficiency);

#define LOAD_SMOOTH_S    30
#define LOAD_WARM_UP_S   600.0
#define LOAD_MOVING_MPS  0.5 // slower is a stop
#define LOAD_BLOCKS      240 // of a minute of moving, then of two, of four …
#define LOAD_BLOCK_S     60.0
#define LOAD_STEADY      0.10 // relative standard deviation of the blocks' speeds
#define LOAD_DECOUPLED_S 1200.0

// About 8 kB, plain data.
typedef struct {
    double seconds;          // all that were counted
    double heart_s, speed_s; // of them, with a known rate (and reserve), with a known speed
    double banister, edwards;
    double moving_s;
    double bin_s, bin_m;          // the second that is being filled
    double recent[LOAD_SMOOTH_S]; // the newest seconds' speeds while moving
    size_t recent_count, recent_at;
    double fourth, fourth_s;       // Σ of fourth powers, and over how many seconds
    double steady_s;               // moving with a known rate: what decoupling is taken of
    double block_s, block_limit_s; // the block that is being filled, and how long they are
    size_t block_count;
    struct {
        double metres, beats, seconds;
    } blocks[LOAD_BLOCKS + 1]; // the last is the one being filled
    double decoupling_percent; // as of the last whole block
} Load;

void load_reset(Load *load);

// So many seconds at this rate and this speed on the flat; NAN for what is not known.
void load_add(Load *load, const AthleteModel *model, Sex sex, double seconds, double bpm,
              double flat_mps);

double load_trimp(const Load *load); // NAN when no second could be counted; so for the others
double load_edwards(const Load *load);
double load_normalised_mps(const Load *load);
double load_score(const Load *load, const AthleteModel *model); // rTSS
double load_decoupled_percent(const Load *load);
// What there is to say of a whole run; NAN for what is unknown.
typedef struct {
    double trimp, rtss, decoupling_percent;
} LoadSummary;
void load_summarise(const Load *load, const AthleteModel *model, LoadSummary *ret_summary);

// A run that is over. NAN for what is unknown.
typedef struct {
    double days_ago, seconds, trimp, rtss;
} PastRun;

#define LOAD_WEEK_DAYS  7.0
#define LOAD_WEEKS_DAYS 28.0

// How hard the last week was: the mean load a day of the last 7 days by that of the last 28, in the
// first of rTSS, TRIMP and time that all of these runs have, for what is unknown is not 0. NAN
// until a run is 28 days ago, and when nothing was run since.
double load_week(const PastRun *runs, size_t count);

double load_heart_coverage(const Load *load); // 0 … 1 of the seconds
double load_speed_coverage(const Load *load);
