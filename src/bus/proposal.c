// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is proposed to the runner, on the runner's object beside what he told.

#include "base/units.h"
#include "bus/objects.h"
#include "bus/vardict.h"

static void add_workout(GVariantBuilder *dict, const Proposal *proposal)
{
    vardict_add(dict, "workout", g_variant_new_string(proposal->workout));
    if (proposal->kind == PROPOSAL_REPEAT)
        vardict_add(dict, "repetitions", g_variant_new_uint32(proposal->count));
    else if (proposal->kind == PROPOSAL_REST)
        vardict_add(dict, "rest", g_variant_new_double(proposal->count));
    else
        vardict_add(dict, "speed",
                    g_variant_new_double((proposal->miles ? METRES_PER_MILE : METRES_PER_KM) /
                                         proposal->count));
}

static GVariant *proposal_variant(const Proposal *proposal, gint64 run)
{
    GVariantBuilder dict;
    char why[WHY_MAX];
    g_variant_builder_init(&dict, G_VARIANT_TYPE_VARDICT);
    if (proposal->kind == PROPOSAL_NONE)
        return g_variant_builder_end(&dict);
    vardict_add(&dict, "kind", g_variant_new_string(proposal_name(proposal->kind)));
    vardict_add(&dict, "why", g_variant_new_string(proposal_why(proposal, why)));
    vardict_add_double(&dict, "vdot", proposal->vdot);
    vardict_add_double(&dict, "vdot-now", proposal->from);
    vardict_add_double(&dict, "faster", proposal->faster);
    if (proposal->sessions > 0) {
        vardict_add(&dict, "sessions", g_variant_new_uint32(proposal->sessions));
        if (proposal->workout)
            add_workout(&dict, proposal);
        return g_variant_builder_end(&dict);
    }
    vardict_add(&dict, "run", g_variant_new_int64(run));
    vardict_add_double(&dict, "distance", proposal->race.distance_m);
    vardict_add_double(&dict, "time", proposal->race.time_s);
    return g_variant_builder_end(&dict);
}

void bus_publish_proposal(Bus *bus, const Proposal *proposal, gint64 run, gboolean news)
{
    g_autoptr(GVariant) shown = g_variant_ref_sink(proposal_variant(proposal, run));
    export_set(bus->athlete, "Proposal", shown);
    if (news)
        export_emit(bus->athlete, "Proposed", g_variant_new("(@a{sv})", shown));
    export_flush(bus->athlete);
}

void bus_answer_call(Bus *bus, guint32 id, GError *error)
{
    if (error)
        calls_fail(bus->calls, id, error);
    else
        calls_return(bus->calls, id, NULL);
}

static gboolean answer_proposal(Bus *bus, const ExportCall *call, gboolean accepted, GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id != 0)
        bus->handlers.answer_proposal(id, accepted, bus->data);
    return id != 0;
}

gboolean on_accept_proposal(Bus *bus, const ExportCall *call, GError **error)
{
    return answer_proposal(bus, call, TRUE, error);
}

gboolean on_decline_proposal(Bus *bus, const ExportCall *call, GError **error)
{
    return answer_proposal(bus, call, FALSE, error);
}

gboolean on_call_race(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"lap", "u", "distance", "d", "maximal", "b", NULL};
    gint64 run;
    guint lap = 0;
    double metres = NAN;
    gboolean maximal = TRUE;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(x@a{sv})", &run, &options);
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "lap", "u", &lap);
    g_variant_lookup(options, "distance", "d", &metres);
    g_variant_lookup(options, "maximal", "b", &maximal);
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id != 0)
        bus->handlers.call_race(id, run, lap, metres, maximal, bus->data);
    return id != 0;
}
