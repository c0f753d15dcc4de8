// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl athlete proposal, and the runs that were races: what is proposed for the next runs, why,
// and what it would do to the paces.

#include "pacectl/proposal.h"

#include "athlete/vdot.h"
#include "pacectl/show.h"

#include <math.h>
#include <string.h>

static Paced1Athlete *open_athlete(int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    Paced1Athlete *athlete = daemon_find(objects, "org.paced1.Athlete");
    if (!athlete)
        *ret_code = complain_stranger();
    return athlete;
}

// ── show ──

static void print_change(const char *name, double before_mps, double after_mps)
{
    char before[SHOW_MAX], after[SHOW_MAX];
    show_pace(before_mps, before);
    show_pace(after_mps, after);
    printf("  %-11s %8s  %8s\n", name, isnan(before_mps) ? "" : before, after);
}

static void print_proposal(GVariant *proposal)
{
    const char *why = "";
    double vdot = NAN, now = NAN;
    g_variant_lookup(proposal, "why", "&s", &why);
    g_variant_lookup(proposal, "vdot", "d", &vdot);
    g_variant_lookup(proposal, "vdot-now", "d", &now);
    printf("Proposed: %s\n", why);
    if (!isnan(vdot)) {
        const VdotSpeeds before = vdot_speeds(now), after = vdot_speeds(vdot);
        printf("\n  %-11s %8s  %8s\n", "min/km", "now", "then");
        print_change("E easy", before.easy, after.easy);
        print_change("M marathon", before.marathon, after.marathon);
        print_change("T threshold", before.threshold, after.threshold);
        print_change("I interval", before.interval, after.interval);
        print_change("R repeat", before.repetition, after.repetition);
    }
    puts("\nNothing changes until 'pacectl athlete proposal accept'; 'decline' leaves it.");
}

static void print_now(Paced1Athlete *athlete)
{
    GVariant *proposal = paced1_athlete_get_proposal(athlete);
    if (!proposal || g_variant_n_children(proposal) == 0)
        puts("Nothing is proposed.");
    else
        print_proposal(proposal);
}

// ── answer ──

static int answer(Paced1Athlete *athlete, gboolean accept)
{
    g_autoptr(GError) error = NULL;
    const gboolean done = accept ? paced1_athlete_call_accept_proposal_sync(athlete, NULL, &error)
                                 : paced1_athlete_call_decline_proposal_sync(athlete, NULL, &error);
    return done ? EXIT_DONE : complain_error(g_steal_pointer(&error));
}

gboolean proposal_answered(GDBusObjectManager *objects, gboolean accept, int *ret_code)
{
    g_autoptr(Paced1Athlete) athlete = daemon_find(objects, "org.paced1.Athlete");
    GVariant *proposal = athlete ? paced1_athlete_get_proposal(athlete) : NULL;
    if (!proposal || g_variant_n_children(proposal) == 0)
        return FALSE;
    *ret_code = answer(athlete, accept);
    return TRUE;
}

int verb_athlete_proposal(int argc, char **argv)
{
    gboolean json = FALSE;
    int code;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    const gboolean accept = argc > 1 && strcmp(argv[1], "accept") == 0;
    if (argc > 1 && !accept && strcmp(argv[1], "decline") != 0)
        return complain(EXIT_BAD_USAGE, "'%s' is no answer; accept and decline are", argv[1]);
    g_autoptr(Paced1Athlete) athlete = open_athlete(&code);
    if (!athlete)
        return code;
    if (argc > 1)
        return answer(athlete, accept);
    if (json)
        print_json(json_from_dict(paced1_athlete_get_proposal(athlete)));
    else
        print_now(athlete);
    return EXIT_DONE;
}

// ── a run that was a race ──

static gboolean read_number(const char *text, gint64 *ret_number)
{
    return g_ascii_string_to_signed(text, 10, 1, G_MAXUINT32, ret_number, NULL);
}

gboolean is_run_number(const char *text)
{
    gint64 number;
    return read_number(text, &number);
}

int call_race(const char *run, const char *lap, double distance_m, gboolean eased)
{
    g_autoptr(GError) error = NULL;
    GVariantDict options;
    gint64 number = 0, which = 0;
    int code;
    if (!read_number(run, &number) || (lap && !read_number(lap, &which)))
        return complain(EXIT_BAD_INPUT, "'%s' is no lap; they count from 1", lap);
    g_autoptr(Paced1Athlete) athlete = open_athlete(&code);
    if (!athlete)
        return code;
    g_variant_dict_init(&options, NULL);
    if (lap)
        g_variant_dict_insert(&options, "lap", "u", (guint)which);
    if (!isnan(distance_m))
        g_variant_dict_insert(&options, "distance", "d", distance_m);
    if (eased)
        g_variant_dict_insert(&options, "maximal", "b", FALSE);
    if (!paced1_athlete_call_call_race_sync(athlete, number, g_variant_dict_end(&options), NULL,
                                            &error))
        return complain_error(g_steal_pointer(&error));
    // What this proxy has is from before.
    g_autoptr(Paced1Athlete) after = open_athlete(&code);
    if (after)
        print_now(after);
    return code;
}
