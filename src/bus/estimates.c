// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runner.Estimates, once a second.

#include "bus/objects.h"
#include "bus/vardict.h"

// FALSE: there is nothing to add.
static gboolean estimate_open(GVariantBuilder *estimates, const char *key, const Estimate *estimate)
{
    if (!estimate_known(estimate))
        return FALSE;
    g_variant_builder_open(estimates, G_VARIANT_TYPE("{sv}"));
    g_variant_builder_add_value(estimates, g_variant_new_string(key));
    g_variant_builder_open(estimates, G_VARIANT_TYPE("v"));
    g_variant_builder_open(estimates, G_VARIANT_TYPE("a{sv}"));
    vardict_add_double(estimates, "value", estimate->value);
    vardict_add(estimates, "source", g_variant_new_string(estimate_source_name(estimate->source)));
    if (estimate->age != USEC_NEVER)
        vardict_add_double(estimates, "age", usec_to_s(estimate->age));
    vardict_add_double(estimates, "confidence", estimate->confidence);
    return TRUE;
}

static void estimate_close(GVariantBuilder *estimates)
{
    for (int i = 0; i < 3; i++)
        g_variant_builder_close(estimates);
}

static void add_estimate(GVariantBuilder *estimates, const char *key, const Estimate *estimate)
{
    if (estimate_open(estimates, key, estimate))
        estimate_close(estimates);
}

static void add_effort(GVariantBuilder *estimates, const Snapshot *snapshot)
{
    const EffortFigures *effort = &snapshot->effort;
    add_estimate(estimates, "effort", &effort->effort);
    add_estimate(estimates, "predicted-heart-rate", &effort->predicted_heart_rate);
    if (estimate_open(estimates, "heart-zone", &effort->heart_zone)) {
        vardict_add(estimates, "label", g_variant_new_string(snapshot->heart_zone));
        estimate_close(estimates);
    }
    if (estimate_open(estimates, "d-prime-balance", &effort->d_prime_balance)) {
        vardict_add_double(estimates, "sd", effort->d_prime_sd);
        estimate_close(estimates);
    }
    add_estimate(estimates, "rmssd", &snapshot->rmssd);
    add_estimate(estimates, "alpha1", &snapshot->alpha1);
    add_estimate(estimates, "artefact-percent", &snapshot->artefacts);
    add_estimate(estimates, "trimp", &snapshot->trimp);
    add_estimate(estimates, "rtss", &snapshot->rtss);
    add_estimate(estimates, "decoupling-percent", &snapshot->decoupling);
}

GVariant *estimates_variant(const Snapshot *snapshot)
{
    GVariantBuilder estimates;
    g_variant_builder_init(&estimates, G_VARIANT_TYPE("a{sv}"));
    add_estimate(&estimates, "heart-rate", &snapshot->heart_rate);
    add_estimate(&estimates, "speed", &snapshot->speed);
    add_estimate(&estimates, "cadence", &snapshot->cadence);
    add_estimate(&estimates, "belt-speed", &snapshot->belt_speed);
    add_estimate(&estimates, "incline", &snapshot->incline);
    add_estimate(&estimates, "power", &snapshot->power);
    add_estimate(&estimates, "flat-speed", &snapshot->flat_speed);
    add_estimate(&estimates, "step-length", &snapshot->step_length);
    add_estimate(&estimates, "form-drift", &snapshot->form_drift);
    add_effort(&estimates, snapshot);
    return g_variant_builder_end(&estimates);
}
