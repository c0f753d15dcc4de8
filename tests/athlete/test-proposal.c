// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is proposed to a runner with a VDOT of 50 on day 100, after which sessions and answers.

#include "athlete/proposal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define VDOT  50.0
#define TODAY 100

#define SESSIONS 4
#define ANSWERS  3

#define GOOD(day)                                                                                  \
    {                                                                                              \
        day, true, 0.012, false                                                                    \
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
