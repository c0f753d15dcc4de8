// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which estimates there are is the daemon's affair: only their units are known here, and a newer
// daemon's is shown without one.

#include "pacectl/estimates.h"
#include "pacectl/pacectl.h"

#include <string.h>

static const struct {
    const char *key, *unit;
} units[] = {
    {"heart-rate", "bpm"},
    {"speed", "m/s"},
    {"cadence", "steps/min"},
    {"belt-speed", "m/s"},
    {"incline", "%"},
    {"power", "W"},
    {"flat-speed", "m/s"},
    {"step-length", "m"},
    {"form-drift", "steps/min"},
    {"effort", "of 10"},
    {"predicted-heart-rate", "bpm"},
    {"d-prime-balance", "m"},
    {"rmssd", "ms"},
    {"artefact-percent", "%"},
    {"decoupling-percent", "%"},
};

static const char *unit_of(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (strcmp(units[i].key, key) == 0)
            return units[i].unit;
    return "";
}

static void add_estimate(JsonBuilder *builder, const char *key, GVariant *estimate)
{
    g_autofree char *name = g_strdelimit(g_strdup(key), "-", '_');
    json_builder_set_member_name(builder, name);
    json_builder_add_value(builder, json_from_dict(estimate));
}

void estimates_print_json(GVariant *estimates)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "event", "estimates");
    GVariantIter iter;
    const char *key;
    GVariant *estimate;
    g_variant_iter_init(&iter, estimates);
    while (g_variant_iter_loop(&iter, "{&sv}", &key, &estimate))
        add_estimate(builder, key, estimate);
    json_builder_end_object(builder);
    print_json_builder(builder);
    fflush(stdout);
}

static void print_row(const char *key, GVariant *estimate)
{
    double value = 0, age = 0, confidence = 0;
    const char *source = "", *label = NULL;
    g_variant_lookup(estimate, "value", "d", &value);
    g_variant_lookup(estimate, "age", "d", &age);
    g_variant_lookup(estimate, "confidence", "d", &confidence);
    g_variant_lookup(estimate, "source", "&s", &source);
    g_variant_lookup(estimate, "label", "&s", &label);
    g_autofree char *number = g_strdup_printf("%.2f", value);
    printf("%-21s %8s %-9s  %-9s %5.1f s  %3.0f %%\n", key, label ? label : number, unit_of(key),
           source, age, confidence * 100);
}

void estimates_print(GVariant *estimates, gboolean terminal)
{
    if (terminal)
        fputs("\033[H\033[J", stdout);
    printf("%-21s %8s %-9s  %-9s %7s  %s\n", "estimate", "value", "", "source", "age",
           "confidence");
    GVariantIter iter;
    const char *key;
    GVariant *estimate;
    g_variant_iter_init(&iter, estimates);
    while (g_variant_iter_loop(&iter, "{&sv}", &key, &estimate))
        print_row(key, estimate);
    if (!terminal)
        putchar('\n');
    fflush(stdout);
}
