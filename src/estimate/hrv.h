// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart-rate variability: RMSSD, and the short-term exponent α1 of a detrended fluctuation analysis
// (DFA), which falls from about 1 in easy running through 0.75 near the aerobic threshold to 0.5
// near the anaerobic one (Rogers et al. 2021, 2022). Both are shown with a wide band at most: of 64
// people Eronen et al. (2024) found the aerobic threshold 10 ± 16 bpm too low by it. White noise
// does not give 0.5 but 0.57, for the boxes are small.
//
// RMSSD = √ mean (RRₖ₊₁ − RRₖ)² over beats that follow each other. α1 is the slope of log F(n) on
// log n, F(n) being the root mean square of what is left of the profile Σ(RR − mean) when a
// straight line is taken off it in each box of n beats. How the profile is cut into boxes moves α1
// by up to 0.1, so there are three ways under names, and one for what is live.
//
// Artefacts are left out as if they had not been (for the profile the series is closed up, as is
// usual; for RMSSD nothing is taken across them); lost packets are never bridged.

#pragma once

#include "codec/hrs.h"
#include "estimate/beats.h"
#include "estimate/estimate.h"

typedef enum {
    HRV_PYHRV,     // n = 4 … 16; boxes from the front; F is the mean of the boxes' own roots
    HRV_STANDARD,  // n = 4 … 16; boxes from the front; F over all boxes (Peng et al. 1995)
    HRV_BOTH_ENDS, // the 30 scales of FatMaxxer, 3 … 15 and most more than once; boxes from the
                   // front and from the back
} HrvVariant;

// What the thresholds were published for, as far as a paper tells; and the cheapest.
#define HRV_LIVE HRV_STANDARD

#define HRV_ARTEFACTS_MAX 5.0 // percent; nothing is said above
#define HRV_BEATS_MIN     64  // of a series for α1: four boxes of 16

const char *hrv_variant_name(HrvVariant variant); // "pyhrv", "standard", "both-ends"
bool hrv_variant_parse(const char *name, HrvVariant *ret_variant);

// Sums over all beats before one, from which those of any box follow in a few steps. Exact: in
// 1/128 ms, of which both a millisecond and the 1/1024 s of a strap are whole numbers, and modulo
// 2⁶⁴, which a box's own sums never reach.
typedef struct {
    uint64_t t;  // its intervals: the profile, but for a straight line
    uint64_t y;  // t behind each of them
    uint64_t yy; // its square
    uint64_t xy; // t times the beat's number
} HrvSum;

// Good beats. `sums` has one entry more than there are; `lengths` are those of the runs between
// gaps, in order, and sum up to all.
#define HRV_RUNS_MAX 8
typedef struct {
    const HrvSum *sums;
    size_t run_count;
    size_t lengths[HRV_RUNS_MAX];
} HrvSeries;

// The good ones of some beats. `ret_sums` has room for `count` + 1 and is borrowed by the series.
// False when there are more than HRV_RUNS_MAX - 1 gaps: the series then ends there.
bool hrv_gather(const Beat *beats, size_t count, HrvSum *ret_sums, HrvSeries *ret_series);

// NAN for fewer than HRV_BEATS_MIN beats, or when they do not vary.
double hrv_alpha1(const HrvSeries *series, HrvVariant variant);

// Over beats that are good and follow a good one, without a gap; NAN when there are none.
double hrv_rmssd(const Beat *beats, size_t count);

// A whole recording.
typedef struct {
    size_t artefacts;
    double artefact_percent; // NAN without beats
    double rmssd_ms, alpha1; // NAN above HRV_ARTEFACTS_MAX and for too few beats
} HrvSummary;

// Judges the beats (their `artefact` is set) and sums up. `scratch` has room for `count` + 1. Beats
// after more than HRV_RUNS_MAX - 1 gaps do not count for α1.
HrvSummary hrv_summarise(Beat *beats, size_t count, HrvVariant variant, HrvSum *scratch);

// ── live ──

#define HRV_WINDOW_S      120.0
#define HRV_REFRESH_EVERY (5 * USEC_PER_SEC)
#define HRV_LIMIT         (20 * USEC_PER_SEC) // the end of a window that is older says nothing
#define HRV_BEATS_KEPT    1024
#define HRV_WINDOW_BEATS  512

// Sums of log n (x) and log F(n) (y), for the slope.
typedef struct {
    double points, x, y, xx, xy;
} HrvLine;

// A refresh under way: a few scales with every packet, so that none takes long.
typedef struct {
    bool active;
    size_t scale; // the next
    HrvLine line;
    HrvSeries series; // its sums are those below
    HrvSum sums[HRV_WINDOW_BEATS + 1];
    double rmssd_ms, artefact_percent;
    Usec at;
} HrvRefresh;

// Of one runner, from one strap at a time. About 26 kB, plain data.
typedef struct {
    Beat beats[HRV_BEATS_KEPT];
    size_t count;
    BeatJudge judge;
    SensorId sensor; // whose beats are taken; SENSOR_NONE before the first
    Usec reached;    // where its beats are by their own count
    struct {
        Usec at, since; // its newest beats; they have come without a gap
    } straps[SENSORS_MAX];
    Usec refreshed_at;
    HrvRefresh refresh;
    struct {
        Usec at; // the newest beat in it
        double rmssd_ms, alpha1, artefact_percent;
    } shown;
} Hrv;

void hrv_init(Hrv *hrv);

// The beats of a notification; only of a sensor whose beats can be trusted to be beats: an optical
// one makes them up while its runner moves. They are timed by their own sum, not by when they come;
// where that falls back by more than 2 s, packets were lost.
void hrv_measure(Hrv *hrv, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                 const HrsMeasurement *measurement);

// Nothing is known of this sensor any more.
void hrv_forget(Hrv *hrv, SensorId sensor);

// Of the newest two minutes of beats, at most 30 s lost in between; computed anew every 5 s.
// Confidence 1 without artefacts falls to 0.5 at 5 %; that of α1 is 0.6 of it, for it spreads by
// 0.06 to 0.09 in two minutes of beats that do not change.
Estimate hrv_live_rmssd(const Hrv *hrv, Usec now);     // ms
Estimate hrv_live_alpha1(const Hrv *hrv, Usec now);    // HRV_LIVE
Estimate hrv_live_artefacts(const Hrv *hrv, Usec now); // percent
