// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner as told, and what follows from it, on the runner's object.

#include "bus/athlete-dict.h"
#include "bus/objects.h"

// ── derived ──

static GVariant *paces_variant(const VdotSpeeds *speeds)
{
    const struct {
        const char *key;
        double speed;
    } all[] = {
        {"easy-slow", speeds->easy_slow},   {"easy", speeds->easy},
        {"easy-fast", speeds->easy_fast},   {"marathon", speeds->marathon},
        {"threshold", speeds->threshold},   {"interval", speeds->interval},
        {"repetition", speeds->repetition},
    };
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{sd}"));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_variant_builder_add(&builder, "{sd}", all[i].key, all[i].speed);
    return g_variant_builder_end(&builder);
}

static void add_known(GVariantDict *dict, const char *key, const Known *known)
{
    if (known->how == KNOWN_NOT)
        return;
    GVariantDict one;
    g_variant_dict_init(&one, NULL);
    g_variant_dict_insert(&one, "value", "d", known->value);
    g_variant_dict_insert(&one, "deviation", "d", known->value * known->sd);
    g_variant_dict_insert(&one, "from", "s", known_name(known->how));
    g_variant_dict_insert_value(dict, key, g_variant_dict_end(&one));
}

static void add_zones(GVariantDict *dict, const char *key, const HeartZones *zones)
{
    if (zones->scheme != ZONES_NONE)
        g_variant_dict_insert_value(dict, key,
                                    g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE, zones->from,
                                                              zones->count, sizeof *zones->from));
}

static GVariant *derived_variant(const AthleteModel *model)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    if (!isnan(model->vdot)) {
        g_variant_dict_insert(&dict, "vdot", "d", model->vdot);
        g_variant_dict_insert(&dict, "vdot-from", "s", known_name(model->vdot_how));
        g_variant_dict_insert_value(&dict, "paces", paces_variant(&model->speeds));
    }
    add_known(&dict, "critical-speed", &model->critical_speed);
    add_known(&dict, "d-prime", &model->d_prime);
    add_known(&dict, "threshold-speed", &model->threshold_speed);
    add_known(&dict, "heart-max", &model->heart_max);
    add_zones(&dict, "reserve-zones", &model->by_reserve);
    add_zones(&dict, "threshold-zones", &model->by_threshold);
    return g_variant_dict_end(&dict);
}

void bus_publish_athlete(Bus *bus, const Athlete *athlete, const AthleteModel *model)
{
    char text[WHY_MAX];
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    for (gsize i = 0; i < model->doubt_count; i++)
        g_strv_builder_add(warnings, doubt_text(&model->doubts[i], athlete, model, text));
    g_auto(GStrv) all = g_strv_builder_end(warnings);
    bus->told = *athlete;
    export_set(bus->athlete, "Settings", athlete_dict_write(athlete));
    export_set(bus->athlete, "Derived", derived_variant(model));
    export_set(bus->athlete, "Warnings", g_variant_new_strv((const char *const *)all, -1));
}

// ── life ──

static gboolean on_set(Bus *bus, const ExportCall *call, GError **error)
{
    Athlete athlete = bus->told;
    g_autoptr(GVariant) settings = g_variant_get_child_value(call->arguments, 0);
    return athlete_dict_read(settings, &athlete, error) &&
           bus->handlers.set_athlete(&athlete, error, bus->data) && export_answer(call, NULL);
}

void athlete_export(Bus *bus)
{
    static const ExportMethod methods[] = {{"Set", on_set},
                                           {"AcceptProposal", on_accept_proposal},
                                           {"DeclineProposal", on_decline_proposal},
                                           {"CallRace", on_call_race},
                                           {NULL, NULL}};
    const Athlete nobody = athlete_unknown();
    const AthleteModel nothing = athlete_model(&nobody);
    bus->athlete = export_new(&org_paced1_athlete_interface, methods);
    bus_publish_athlete(bus, &nobody, &nothing);
    export_set(bus->athlete, "Proposal", g_variant_new("a{sv}", NULL));
    exports_add(bus->exports, bus->runner_path, bus->athlete);
}
