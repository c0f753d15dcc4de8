// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is proposed to a runner with a VDOT of 50 on day 100, after which sessions and answers.

#include "athlete/proposal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define VDOT  50.0
#define TODAY 100

#define SESSIONS 4
#define ANSWERS  3

#define GOOD(day)                                                                                  \
    {                                                                                              \
        day, true, 0.012, false                                                                    \
    }
#define ON_TARGET(day)                                                                             \
    {                                                                                              \
        day, true, 0.002, false                                                                    \
    }
#define STOPPED(day)                                                                               \
    {                                                                                              \
        day, false, -0.04, true                                                                    \
    }

typedef struct {
    const char *what;
    size_t session_count;
    SessionOutcome sessions[SESSIONS];
    size_t answer_count;
    ProposalAnswer answers[ANSWERS];
    ProposalKind kind;
    double vdot;
} Case;

static const Case cases[] = {
    {"nothing was run", 0, {{0}}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"three good ones", 3, {GOOD(80), GOOD(90), GOOD(100)}, 0, {{0}}, PROPOSAL_RAISE, 50.5},
    {"in any order", 3, {GOOD(100), GOOD(80), GOOD(90)}, 0, {{0}}, PROPOSAL_RAISE, 50.5},
    {"over too long", 3, {GOOD(79), GOOD(90), GOOD(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"one is after today", 3, {GOOD(101), GOOD(90), GOOD(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"a broken clock", 3, {GOOD(INT32_MIN), GOOD(90), GOOD(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"one just on target",
     3,
     {GOOD(90), {95, true, 0.009, false}, GOOD(100)},
     0,
     {{0}},
     PROPOSAL_NONE,
     NAN},
    {"one hard", 3, {GOOD(90), {95, false, 0.02, false}, GOOD(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"one without targets",
     3,
     {GOOD(90), {95, true, NAN, false}, GOOD(100)},
     0,
     {{0}},
     PROPOSAL_NONE,
     NAN},
    {"considered before",
     4,
     {GOOD(85), GOOD(86), GOOD(87), GOOD(100)},
     1,
     {{87, 0.5}},
     PROPOSAL_NONE,
     NAN},
    {"and refused", 3, {GOOD(85), GOOD(86), GOOD(87)}, 1, {{87, 0}}, PROPOSAL_NONE, NAN},
    {"refused today", 3, {GOOD(98), GOOD(99), GOOD(100)}, 1, {{100, 0}}, PROPOSAL_NONE, NAN},
    {"one on the day of the answer",
     3,
     {GOOD(90), GOOD(95), GOOD(100)},
     1,
     {{90, 0}},
     PROPOSAL_NONE,
     NAN},
    {"one by a hundredth",
     3,
     {GOOD(90), {95, true, 0.01, false}, GOOD(100)},
     0,
     {{0}},
     PROPOSAL_RAISE,
     50.5},
    {"again after a raise",
     3,
     {GOOD(90), GOOD(95), GOOD(100)},
     1,
     {{85, 0.5}},
     PROPOSAL_RAISE,
     50.5},
    {"not a third time",
     3,
     {GOOD(94), GOOD(96), GOOD(100)},
     2,
     {{92, 0.5}, {80, 0.5}},
     PROPOSAL_NONE,
     NAN},
    {"unless three weeks are over",
     3,
     {GOOD(94), GOOD(96), GOOD(100)},
     2,
     {{92, 0.5}, {79, 0.5}},
     PROPOSAL_RAISE,
     50.5},
    {"a race has raised it", 3, {GOOD(94), GOOD(96), GOOD(100)}, 1, {{92, 2}}, PROPOSAL_NONE, NAN},
    {"an easing makes no room for raises",
     3,
     {GOOD(94), GOOD(96), GOOD(100)},
     3,
     {{90, 0.5}, {91, 0.5}, {92, -1}},
     PROPOSAL_NONE,
     NAN},
    {"an answer after today does not count",
     3,
     {GOOD(94), GOOD(96), GOOD(100)},
     1,
     {{110, 2}},
     PROPOSAL_RAISE,
     50.5},
    {"stopped once", 1, {STOPPED(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"stopped twice", 2, {STOPPED(87), STOPPED(100)}, 0, {{0}}, PROPOSAL_EASE, 49},
    {"a fortnight apart", 2, {STOPPED(86), STOPPED(100)}, 0, {{0}}, PROPOSAL_NONE, NAN},
    {"after a week of rest", 2, {STOPPED(90), STOPPED(100)}, 1, {{95, 0}}, PROPOSAL_NONE, NAN},
    {"good days in between do not make up for it",
     4,
     {STOPPED(90), {92, true, 0.02, true}, GOOD(94), GOOD(96)},
     0,
     {{0}},
     PROPOSAL_EASE,
     49},
};

static void expect(Proposal proposal, ProposalKind kind, double vdot, const char *what)
{
    cr_expect(proposal.kind == kind, "%s: %d", what, proposal.kind);
    cr_expect(isnan(vdot) ? isnan(proposal.vdot) : fabs(proposal.vdot - vdot) < 1e-9, "%s: %f",
              what, proposal.vdot);
}

Test(proposal, from_sessions)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(proposal_from_sessions(VDOT, cases[i].sessions, cases[i].session_count,
                                      cases[i].answers, cases[i].answer_count, TODAY),
               cases[i].kind, cases[i].vdot, cases[i].what);
}

Test(proposal, without_a_vdot_only_rest_can_be_proposed)
{
    const SessionOutcome good[] = {GOOD(98), GOOD(99), GOOD(100)};
    const SessionOutcome bad[] = {STOPPED(98), STOPPED(99)};
    expect(proposal_from_sessions(NAN, good, 3, NULL, 0, TODAY), PROPOSAL_NONE, NAN, "good");
    expect(proposal_from_sessions(NAN, bad, 2, NULL, 0, TODAY), PROPOSAL_EASE, NAN, "stopped");
}

// 5 km in 20:00 is a VDOT of 49.81 in the printed tables' formula.
Test(proposal, from_a_race)
{
    static const struct {
        const char *what;
        double vdot;
        Race race;
        ProposalKind kind;
    } races[] = {
        {"a little better", 48, {5000, 1200, true, 0}, PROPOSAL_ADOPT},
        {"a little worse", 52, {5000, 1200, true, 0}, PROPOSAL_ADOPT},
        {"not run all out", 52, {5000, 1200, false, 0}, PROPOSAL_NONE},
        {"better for all that", 48, {5000, 1200, false, 0}, PROPOSAL_ADOPT},
        {"the first", NAN, {5000, 1200, true, 0}, PROPOSAL_ADOPT},
        {"the same", 49.8, {5000, 1200, true, 0}, PROPOSAL_NONE},
        {"much better", 45.7, {5000, 1200, true, 0}, PROPOSAL_ASK},
        {"as much better as may be", 45.9, {5000, 1200, true, 0}, PROPOSAL_ADOPT},
        {"much worse", 53.9, {5000, 1200, true, 0}, PROPOSAL_ASK},
        {"too short", 48, {800, 150, true, 0}, PROPOSAL_NONE},
    };
    for (size_t i = 0; i < sizeof races / sizeof *races; i++) {
        const Proposal proposal = proposal_from_race(races[i].vdot, &races[i].race);
        cr_expect(proposal.kind == races[i].kind, "%s: %d", races[i].what, proposal.kind);
        if (races[i].kind == PROPOSAL_NONE)
            cr_expect(isnan(proposal.vdot), "%s", races[i].what);
        else
            cr_expect(epsilon_eq(dbl, proposal.vdot, 49.81, 0.005), "%s", races[i].what);
    }
}

// ── why ──

static void expect_why(const Proposal *proposal, const char *why)
{
    char text[WHY_MAX];
    cr_expect(strcmp(proposal_why(proposal, text), why) == 0, "%s", text);
}

Test(proposal, each_says_why_with_its_numbers)
{
    const SessionOutcome good[] = {GOOD(98), GOOD(99), {100, true, 0.03, false}};
    const SessionOutcome bad[] = {STOPPED(98), STOPPED(99)};
    const Race race = {5000, 1200, true, 0};
    Proposal proposal = proposal_from_sessions(VDOT, good, 3, NULL, 0, TODAY);
    expect_why(&proposal, "3 sessions in 21 days were run 1.8 % faster than asked without a sign "
                          "of fatigue: VDOT 50.5 instead of 50.0");
    proposal = proposal_from_sessions(VDOT, bad, 2, NULL, 0, TODAY);
    expect_why(&proposal, "2 sessions in 14 days were ended early for fatigue: VDOT 49.0 instead "
                          "of 50.0, or decline and rest for a week");
    proposal = proposal_from_sessions(NAN, bad, 2, NULL, 0, TODAY);
    expect_why(&proposal, "2 sessions in 14 days were ended early for fatigue: a week of rest");
    proposal = proposal_from_race(48, &race);
    expect_why(&proposal, "5 km in 20:00 says a VDOT of 49.8; the paces go by one of 48.0");
    proposal = proposal_from_race(40, &race);
    expect_why(&proposal, "5 km in 20:00 says a VDOT of 49.8, far from the 40.0: was it that far, "
                          "and all out?");
    proposal = proposal_from_race(NAN, &race);
    expect_why(&proposal, "5 km in 20:00 says a VDOT of 49.8, and none is known yet");
    proposal = proposal_from_race(49.8, &race);
    expect_why(&proposal, "");
}

Test(proposal, names)
{
    for (ProposalKind kind = PROPOSAL_RAISE; kind <= PROPOSAL_ASK; kind++)
        cr_expect(proposal_parse(proposal_name(kind), strlen(proposal_name(kind))) == kind);
    cr_expect(proposal_parse("raised", 6) == PROPOSAL_NONE);
    cr_expect(proposal_parse("none", 4) == PROPOSAL_NONE);
    cr_expect(proposal_parse(NULL, 0) == PROPOSAL_NONE);
}

// ── taking it ──

static Athlete runner(size_t count, const Race *races)
{
    Athlete athlete = athlete_unknown();
    for (size_t i = 0; i < count; i++)
        athlete.races[athlete.race_count++] = races[i];
    return athlete;
}

// The model of who took it, and whether such a runner can be.
static AthleteModel taken(const Proposal *proposal, const Athlete *before, Athlete *ret_after)
{
    char why[WHY_MAX];
    *ret_after = proposal_take(proposal, before);
    cr_assert(athlete_check(ret_after, why), "%s", why);
    return athlete_model(ret_after);
}

Test(proposal, sessions_set_the_vdot_and_leave_the_races)
{
    const Race race = {5000, 1200, true, 0};
    const SessionOutcome good[] = {GOOD(98), GOOD(99), GOOD(100)};
    const SessionOutcome bad[] = {STOPPED(98), STOPPED(99)};
    const Athlete before = runner(1, &race), nobody = athlete_unknown();
    Athlete after;
    const double vdot = athlete_model(&before).vdot;
    Proposal proposal = proposal_from_sessions(vdot, good, 3, NULL, 0, TODAY);
    cr_expect(epsilon_eq(dbl, taken(&proposal, &before, &after).vdot, vdot + 0.5, 1e-9));
    cr_expect(eq(sz, after.race_count, 1));
    proposal = proposal_from_sessions(NAN, bad, 2, NULL, 0, TODAY); // a week of rest
    taken(&proposal, &nobody, &after);
    cr_expect(athlete_is_unknown(&after));
}

Test(proposal, a_better_race_is_kept_and_says_the_vdot_itself)
{
    const Race before[] = {{5000, 1260, true, 10}, {10000, 2560, true, 20}};
    const Race best = {5000, 1200, true, 100};
    Athlete athlete = runner(2, before), after;
    athlete.vdot = 47;
    const Proposal proposal = proposal_from_race(47, &best);
    const AthleteModel model = taken(&proposal, &athlete, &after);
    cr_expect(epsilon_eq(dbl, model.vdot, 49.81, 0.005));
    cr_expect(isnan(after.vdot));
    cr_expect(eq(sz, after.race_count, 2)); // in place of the one over that distance
    cr_expect(eq(dbl, athlete_vdot_race(&after, &model)->time_s, 1200));
}

Test(proposal, a_worse_race_sets_the_vdot_for_the_best_would_go_on_counting)
{
    const Race before = {3000, 660, true, 0}, worse = {5000, 1200, true, 0};
    const Athlete athlete = runner(1, &before);
    Athlete after;
    const Proposal proposal = proposal_from_race(athlete_model(&athlete).vdot, &worse);
    cr_expect(epsilon_eq(dbl, taken(&proposal, &athlete, &after).vdot, 49.81, 0.005));
    cr_expect(epsilon_eq(dbl, after.vdot, 49.81, 0.005));
    cr_expect(eq(sz, after.race_count, 2));
}

// A marathon faster than the old 5 km: who ran it is another runner by now.
Test(proposal, what_a_new_race_contradicts_is_dropped_and_so_is_the_oldest_of_too_many)
{
    const Race slow = {5000, 1500, true, 0}, marathon = {METRES_MARATHON, 12000, true, 0};
    Athlete athlete = runner(1, &slow), after;
    Proposal proposal = proposal_from_race(38, &marathon);
    taken(&proposal, &athlete, &after);
    cr_expect(eq(sz, after.race_count, 1));
    const Race many[] = {{1500, 325, true, 60},   {3000, 695, true, 50},
                         {5000, 1200, true, 40},  {10000, 2490, true, 10},
                         {15000, 3840, true, 30}, {METRES_HALF, 5520, true, 20}};
    athlete = runner(RACES_MAX, many);
    const Race mile = {METRES_PER_MILE, 352, true, 70};
    proposal = proposal_from_race(45, &mile);
    taken(&proposal, &athlete, &after);
    cr_expect(eq(sz, after.race_count, RACES_MAX));
    for (size_t i = 0; i < after.race_count; i++)
        cr_expect(after.races[i].day != 10);
}

// Two trials of one day give a critical speed that no VDOT was asked for.
Test(proposal, a_second_trial_gives_a_critical_speed)
{
    const Race kilometre = {1200, 236, true, 99}, other = {3600, 780, true, 100};
    const Athlete athlete = runner(1, &kilometre);
    Athlete after;
    const Proposal proposal = proposal_from_race(athlete_model(&athlete).vdot, &other);
    const AthleteModel model = taken(&proposal, &athlete, &after);
    cr_expect(eq(int, model.critical_speed.how, KNOWN_TRIALS));
    cr_expect(epsilon_eq(dbl, model.critical_speed.value, 2400.0 / 544, 1e-6));
}

Test(proposal, a_workout_may_grow_that_was_run_twice_as_it_stands)
{
    static const struct {
        const char *what;
        size_t sessions;
        SessionOutcome session[3];
        size_t answers;
        ProposalAnswer answer[2];
        bool grows;
    } growths[] = {
        {"twice on target", 2, {ON_TARGET(90), ON_TARGET(99)}, 0, {{0}}, true},
        {"once", 1, {ON_TARGET(99)}, 0, {{0}}, false},
        {"by effort", 2, {{90, true, NAN, false}, {99, true, NAN, false}}, 0, {{0}}, true},
        {"too hard", 2, {{90, false, NAN, false}, {99, true, NAN, false}}, 0, {{0}}, false},
        {"too long ago", 2, {ON_TARGET(79), ON_TARGET(99)}, 0, {{0}}, false},
        {"faster, which is the paces' business", 2, {GOOD(90), ON_TARGET(99)}, 0, {{0}}, false},
        {"slower", 2, {{90, true, -0.02, false}, ON_TARGET(99)}, 0, {{0}}, false},
        {"with a sign of fatigue", 2, {{90, false, 0, false}, ON_TARGET(99)}, 0, {{0}}, false},
        {"ended early between", 3, {ON_TARGET(90), STOPPED(95), ON_TARGET(99)}, 0, {{0}}, false},
        {"answered since", 2, {ON_TARGET(90), ON_TARGET(99)}, 1, {{95, 0, PROPOSAL_REPEAT}}, false},
        {"other paces since",
         2,
         {ON_TARGET(90), ON_TARGET(99)},
         1,
         {{95, 1, PROPOSAL_ADOPT}},
         false},
        {"answered before", 2, {ON_TARGET(96), ON_TARGET(99)}, 1, {{95, 0, PROPOSAL_REST}}, true},
    };
    for (size_t i = 0; i < sizeof growths / sizeof *growths; i++)
        cr_expect(proposal_may_grow(growths[i].session, growths[i].sessions, growths[i].answer,
                                    growths[i].answers, TODAY) == growths[i].grows,
                  "%s", growths[i].what);
}

Test(proposal, what_was_said_of_a_workout_is_no_answer_on_the_paces)
{
    const SessionOutcome sessions[] = {GOOD(85), GOOD(90), GOOD(99)};
    const ProposalAnswer answer = {95, 0, PROPOSAL_REPEAT};
    cr_expect(eq(int, (int)proposal_from_sessions(VDOT, sessions, 3, &answer, 1, TODAY).kind,
                 (int)PROPOSAL_RAISE));
}

Test(proposal, a_long_title_does_not_hide_what_is_proposed)
{
    char why[WHY_MAX], title[300];
    memset(title, 'y', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    Proposal proposal = PROPOSAL_NOTHING;
    proposal.kind = PROPOSAL_REST;
    proposal.sessions = 2;
    proposal.workout = title;
    proposal.count = 100;
    proposal.instead_of = 120;
    cr_expect(strstr(proposal_why(&proposal, why), ": 100 s of rest instead of 120 in yyy") !=
              NULL);
}
