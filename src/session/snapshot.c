// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Asks the estimator for all it knows.

#include "session/snapshot.h"

#include <string.h>

void snapshot_take_estimates(Snapshot *snapshot, const Estimator *estimator)
{
    const AthleteModel *model = &estimator->effort.model;
    snapshot->heart_rate = estimator_heart_rate(estimator);
    snapshot->speed = estimator_speed(estimator);
    snapshot->cadence = estimator_cadence(estimator);
    snapshot->belt_speed = estimator_belt_speed(estimator);
    snapshot->incline = estimator_incline(estimator);
    snapshot->power = estimator_power(estimator);
    snapshot->flat_speed = estimator_flat_speed(estimator, &snapshot->speed);
    snapshot->step_length = estimator_step_length(estimator);
    snapshot->form_drift = estimator_form_drift(estimator);
    snapshot->effort = estimator_effort(estimator, &snapshot->flat_speed, &snapshot->heart_rate);
    const Estimate *zone = &snapshot->effort.heart_zone;
    snapshot->heart_zone =
        estimate_known(zone) ? zones_label(athlete_zones(model), (size_t)zone->value) : "";
    snapshot->rmssd = estimator_rmssd(estimator);
    snapshot->alpha1 = estimator_alpha1(estimator);
    snapshot->artefacts = estimator_artefacts(estimator);
    memcpy(snapshot->sensors, estimator->sensors, sizeof snapshot->sensors);
}

bool snapshot_knows(const Snapshot *snapshot)
{
    return estimate_known(&snapshot->heart_rate) || estimate_known(&snapshot->speed) ||
           estimate_known(&snapshot->cadence) || estimate_known(&snapshot->belt_speed) ||
           estimate_known(&snapshot->incline) || estimate_known(&snapshot->power);
}

void snapshot_take_engine(Snapshot *snapshot, const Plan *plan, const Engine *engine)
{
    snapshot->plan = plan;
    snapshot->step = (uint16_t)engine->step;
    snapshot->now = engine->now;
    snapshot->step_remaining = engine_remaining(engine);
    snapshot->step_elapsed_s = usec_to_s(engine->step_active);
    snapshot->step_distance_m = engine->step_m;
    snapshot->elapsed_s = usec_to_s(engine->active);
    snapshot->target_speed_mps = engine_target_speed(engine);
}

// A figure of the run so far, from what of it was known.
static Estimate so_far(double value, EstimateSource source, double coverage)
{
    Estimate estimate = ESTIMATE_UNKNOWN;
    if (isnan(value))
        return estimate;
    estimate.value = value;
    estimate.source = source;
    estimate.age = 0;
    estimate.confidence = coverage;
    return estimate;
}

void snapshot_take_load(Snapshot *snapshot, const Load *load, const AthleteModel *model)
{
    snapshot->trimp = snapshot->rtss = snapshot->decoupling = ESTIMATE_UNKNOWN;
    if (!load)
        return;
    const double heart = load_heart_coverage(load), speed = load_speed_coverage(load);
    snapshot->trimp = so_far(load_trimp(load), SOURCE_STRAP, heart);
    snapshot->rtss = so_far(load_score(load, model), SOURCE_POD, speed);
    snapshot->decoupling = so_far(load_decoupled_percent(load), SOURCE_FUSED, fmin(heart, speed));
}
