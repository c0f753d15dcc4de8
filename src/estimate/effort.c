// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The witnesses and their weights. What was hard is when to hear the heart: it is right about the
// day and wrong about the moment, so how far it still has to go counts as its error.

#include "estimate/effort.h"

#include "base/square.h"

#define SPEED_SD       0.7 // on the scale
#define HEART_SD       1.0
#define UNSETTLED      0.1  // on the scale for each bpm on the way
#define PACE_HALF      0.03 // relative deviation of a speed of confidence 0.5; see pace.h
#define TIRED_AFTER    4    // repetitions
#define TIRED_STEP     0.5
#define EFFORT_MAX     10.0
#define PREDICTED_HALF 5.0  // bpm
#define BALANCE_HALF   0.15 // of D′
#define GUESSED        0.5
#define TRUSTED        0.5 // with skin contact

typedef struct {
    double x, rpe;
} Knot;

static const Knot by_speed[] = {{0, 0},    {0.45, 1}, {0.75, 2.5}, {0.85, 3.5}, {0.93, 4.75},
                                {0.98, 6}, {1.02, 7}, {1.06, 8},   {1.12, 9},   {1.25, 10}};
static const Knot by_reserve[] = {{0, 0},    {0.35, 2},   {0.50, 3}, {0.65, 4},
                                  {0.75, 5}, {0.85, 6.5}, {0.92, 8}, {1, 10}};
static const Knot by_threshold[] = {{0.40, 0}, {0.65, 2},   {0.80, 3},   {0.90, 4.5}, {0.95, 5.5},
                                    {1, 6.5},  {1.03, 7.5}, {1.06, 8.5}, {1.12, 10}};

#define COUNT(knots) (sizeof(knots) / sizeof *(knots))

// Straight between the knots, flat beyond them. ret_slope: scale per x.
static double along(const Knot *knots, size_t count, double x, double *ret_slope)
{
    size_t i = 1;
    while (i + 1 < count && x > knots[i].x)
        i++;
    const double slope = (knots[i].rpe - knots[i - 1].rpe) / (knots[i].x - knots[i - 1].x);
    *ret_slope = slope;
    const double rpe = knots[i - 1].rpe + slope * (x - knots[i - 1].x);
    return isnan(x) ? NAN : fmax(0, fmin(rpe, EFFORT_MAX));
}

double effort_of_speed(double relative)
{
    double slope;
    return along(by_speed, COUNT(by_speed), relative, &slope);
}

// ret_slope: scale per bpm.
static double heart_effort(const AthleteModel *model, double bpm, double *ret_slope)
{
    const HeartZones *zones = athlete_zones(model);
    double slope = 0, span = NAN, rpe = NAN;
    switch (zones->scheme) {
    case ZONES_NONE:
        break;
    case ZONES_RESERVE:
        span = model->heart_max.value - model->heart_rest;
        rpe = along(by_reserve, COUNT(by_reserve), (bpm - model->heart_rest) / span, &slope);
        break;
    case ZONES_THRESHOLD:
        span = model->heart_threshold;
        rpe = along(by_threshold, COUNT(by_threshold), bpm / span, &slope);
        break;
    }
    *ret_slope = slope / span;
    return rpe;
}

double effort_of_heart(const AthleteModel *model, double bpm)
{
    double slope;
    return heart_effort(model, bpm, &slope);
}

// ── state ──

void effort_init(Effort *effort, const AthleteModel *model)
{
    *effort = (Effort){.model = *model};
    kinetics_init(&effort->kinetics, model);
    dprime_init(&effort->dprime, model);
}

void effort_know(Effort *effort, const AthleteModel *model)
{
    effort->model = *model;
    kinetics_know(&effort->kinetics, model);
    dprime_know(&effort->dprime, model);
}

void effort_set_repetition(Effort *effort, unsigned repetition)
{
    effort->repetition = repetition;
}

void effort_advance(Effort *effort, const Estimate *flat, const Estimate *heart, double seconds)
{
    // What is held was not measured: nothing is learnt from it.
    const bool trusted = heart->source == SOURCE_STRAP && heart->confidence >= TRUSTED;
    kinetics_advance(&effort->kinetics, flat->value, trusted ? heart->value : NAN, seconds);
    dprime_advance(&effort->dprime, flat->value, seconds);
}

// ── witnesses ──

typedef struct {
    double weight, sum;
} Verdict;

// Returns the weight it was given.
static double testify(Verdict *verdict, double rpe, double variance)
{
    if (isnan(rpe) || !(variance < INFINITY))
        return 0;
    const double weight = 1 / variance;
    verdict->weight += weight;
    verdict->sum += weight * rpe;
    return weight;
}

static double testify_speed(const Effort *effort, Verdict *verdict, const Estimate *flat)
{
    const Known *critical = &effort->model.critical_speed;
    if (critical->how == KNOWN_NOT || !(flat->confidence > 0))
        return 0;
    double slope;
    const double relative = flat->value / critical->value;
    const double rpe = along(by_speed, COUNT(by_speed), relative, &slope);
    const double off = square(critical->sd) + square(PACE_HALF) * (1 / flat->confidence - 1);
    return testify(verdict, rpe, square(SPEED_SD) + square(slope * relative) * off);
}

// Of a rate that is off by `sd` itself, and by the guess that the maximal rate may be.
static double testify_heart(const Effort *effort, Verdict *verdict, double bpm, double sd,
                            double more_variance)
{
    const AthleteModel *model = &effort->model;
    double slope = 0;
    const double rpe = heart_effort(model, bpm, &slope);
    const bool by_max = athlete_zones(model)->scheme == ZONES_RESERVE;
    const double max_sd = by_max ? model->heart_max.sd * model->heart_max.value : 0;
    return testify(verdict, rpe,
                   square(HEART_SD) + square(slope) * (square(sd) + square(max_sd)) +
                       more_variance);
}

// ── what is given out ──

// From the one that counts, or the one of both that counts for more.
static Estimate call_upon(const Estimate *flat, const Estimate *heart, double from_speed,
                          double from_heart)
{
    Estimate estimate = from_speed >= from_heart ? *flat : *heart;
    const bool fresh = flat->source != SOURCE_HELD || heart->source != SOURCE_HELD;
    if (from_speed > 0 && from_heart > 0) {
        estimate.age = usec_later(flat->age, heart->age);
        if (fresh)
            estimate.source = SOURCE_FUSED;
    } else if (from_heart > 0 && heart->source != SOURCE_HELD)
        estimate.source = SOURCE_STRAP; // be it by a treadmill's grips
    return estimate;
}

Estimate effort_now(const Effort *effort, const Estimate *flat, const Estimate *heart)
{
    Verdict verdict = {0};
    double from_speed = 0, from_heart = 0;
    if (estimate_known(flat)) {
        from_speed = testify_speed(effort, &verdict, flat);
        const Prediction prediction = kinetics_predict(&effort->kinetics, flat->value);
        if (!isnan(prediction.bpm))
            from_speed += testify_heart(effort, &verdict, prediction.bpm, prediction.sd, 0);
    }
    if (estimate_known(heart) && heart->confidence > 0) {
        const double way =
            estimate_known(flat) ? kinetics_unsettled(&effort->kinetics, flat->value) : 0;
        const double more =
            square(UNSETTLED * way) + square(HEART_SD) * (1 / heart->confidence - 1);
        from_heart = testify_heart(effort, &verdict, heart->value, 0, more);
    }
    if (!(verdict.weight > 0))
        return ESTIMATE_UNKNOWN;
    const unsigned tired = effort->repetition > TIRED_AFTER ? effort->repetition - TIRED_AFTER : 0;
    Estimate estimate = call_upon(flat, heart, from_speed, from_heart);
    estimate.value = fmin(verdict.sum / verdict.weight + tired * TIRED_STEP, EFFORT_MAX);
    estimate.confidence = verdict.weight / (verdict.weight + 1);
    return estimate;
}

Estimate effort_predicted_heart_rate(const Effort *effort, const Estimate *flat)
{
    const Prediction prediction = kinetics_predict(&effort->kinetics, flat->value);
    if (!estimate_known(flat) || isnan(prediction.bpm))
        return ESTIMATE_UNKNOWN;
    Estimate estimate = *flat;
    const double half = square(PREDICTED_HALF);
    estimate.value = prediction.bpm;
    estimate.confidence = flat->confidence * half / (half + square(prediction.sd));
    return estimate;
}

Estimate effort_heart_zone(const Effort *effort, const Estimate *heart)
{
    const HeartZones *zones = athlete_zones(&effort->model);
    const int zone = estimate_known(heart) ? zones_find(zones, heart->value) : -1;
    if (zone < 0)
        return ESTIMATE_UNKNOWN;
    Estimate estimate = *heart;
    estimate.value = zone;
    if (zones->scheme == ZONES_RESERVE && effort->model.heart_max.how == KNOWN_AGE)
        estimate.confidence *= GUESSED;
    return estimate;
}

Estimate effort_d_prime_balance(const Effort *effort, const Estimate *flat, double *ret_sd)
{
    *ret_sd = NAN;
    const double balance = dprime_balance(&effort->dprime);
    if (!estimate_known(flat) || isnan(balance))
        return ESTIMATE_UNKNOWN;
    Estimate estimate = *flat;
    *ret_sd = dprime_sd(&effort->dprime);
    const double half = square(BALANCE_HALF * effort->dprime.d_prime_m);
    estimate.value = balance;
    estimate.confidence = half / (half + square(*ret_sd));
    return estimate;
}

bool effort_cues_pace(const Estimate *effort, double step_s)
{
    return estimate_known(effort) &&
           ((effort->source != SOURCE_STRAP && effort->source != SOURCE_HELD) ||
            step_s >= EFFORT_HEART_FROM_S);
}
