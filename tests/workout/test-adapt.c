// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is decided after a repetition: fourteen worked cases, then each guard by itself. The runner
// of all of them has a maximal rate of 190 and runs kilometres at 4.6 m/s with two minutes' rest;
// a test says only what is different.

#include "workout/adapt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TARGET       4.6
#define KM           ((int64_t)1000000)

static Adapt adapt;
static AdaptSet set;
static RepResult rep;   // the next one that is run
static RestResult rest; // and the rest after it
static AdaptAhead ahead;

static void as_planned(void)
{
    rep = (RepResult){
        .target_mps = TARGET,
        .speed_mps = TARGET,
        .speed_share = 1,
        .cadence = 180,
        .step_m = 60 * TARGET / 180,
        .heart_bpm = 178,
        .heart_share = 1,
        .d_prime_fraction = 0.5,
        .rpe = 7,
        .duration_s = 217,
    };
    rest = (RestResult){.heart_bpm = 140, .d_prime_fraction = 0.8, .rpe = NAN};
}

static void start(uint32_t reps)
{
    set = (AdaptSet){.heart_max = 190, .load_7d = NAN, .load_28d = NAN};
    ahead = (AdaptAhead){.reps = reps, .next = {false, KM}, .next_plan = KM, .rest_s = 120};
    adapt_begin(&adapt, &set);
    as_planned();
}

static AdaptAdvice rep_ends(void)
{
    ahead.reps -= ahead.reps > 0;
    return adapt_rep_ended(&adapt, &rep, &ahead);
}

static AdaptAdvice rest_ends(void)
{
    return adapt_rest_ending(&adapt, &rest);
}

// Runs the repetition and its rest and gives the one answer; the next is as planned again.
static AdaptAdvice run(void)
{
    AdaptAdvice first = rep_ends(), then = rest_ends();
    as_planned();
    if (first.decision == ADAPT_NOTHING)
        return then;
    first.flags = then.flags;
    return first;
}

static void run_many(size_t reps)
{
    while (reps-- > 0)
        run();
}

static AdaptAdvice run_at(double part_of_target)
{
    rep.speed_mps = part_of_target * TARGET;
    return run();
}

static void expect(AdaptAdvice advice, AdaptDecision decision, AdaptReason reason, const char *what)
{
    cr_expect(advice.decision == decision && advice.reason == reason, "%s: %s, %s", what,
              adapt_decision_name(advice.decision), adapt_reason_name(advice.reason));
}

// ── the worked cases ──

typedef struct {
    double speed, cadence, heart, recovered, d_prime, rpe;
} Row;

static const Row good = {4.60, 180, 178, 140, 0.50, 7};

static const struct {
    const char *name;
    uint32_t planned;
    size_t before; // good ones, before those in `rows`
    size_t count;
    Row rows[3];
    double d_prime_rested;
    AdaptDecision decision;
    int points[ADAPT_FLAGS]; // pace, recovery, D′, form, drift, RPE
} cases[] = {
    {"steady", 6, 2, 1, {{4.58, 180, 178, 140, 0.50, 7}}, NAN, ADAPT_CONTINUE, {0}},
    {"once a little slow", 6, 2, 1, {{4.44, 180, 178, 140, 0.50, 7}}, NAN, ADAPT_REST_PLUS, {1}},
    {"twice a little slow",
     6,
     2,
     2,
     {{4.44, 180, 178, 140, 0.50, 7}, {4.43, 180, 178, 140, 0.50, 7}},
     NAN,
     ADAPT_SHORTEN,
     {1}},
    {"once far too slow", 6, 2, 1, {{4.32, 180, 178, 140, 0.50, 7}}, NAN, ADAPT_REST_PLUS, {2}},
    {"twice far too slow",
     6,
     2,
     2,
     {{4.32, 180, 178, 140, 0.50, 7}, {4.31, 180, 178, 140, 0.50, 7}},
     NAN,
     ADAPT_STOP,
     {2}},
    {"far too slow and empty",
     6,
     2,
     1,
     {{4.32, 180, 178, 140, 0.03, 7}},
     NAN,
     ADAPT_STOP,
     {2, 0, 2}},
    {"the heart stays up", 6, 2, 1, {{4.60, 180, 178, 156, 0.50, 7}}, NAN, ADAPT_REST_PLUS, {0, 1}},
    {"three signs, each of them small",
     6,
     0,
     3,
     {{4.60, 180, 176, 140, 0.50, 7},
      {4.60, 180, 177, 141, 0.50, 7},
      {4.60, 174, 185, 150, 0.50, 7}},
     NAN,
     ADAPT_SHORTEN,
     {0, 1, 0, 1, 1}},
    {"form alone", 6, 2, 1, {{4.60, 174, 178, 140, 0.50, 7}}, NAN, ADAPT_CONTINUE, {0, 0, 0, 1}},
    {"all out", 6, 2, 1, {{4.60, 180, 178, 140, 0.50, 10}}, NAN, ADAPT_STOP, {0, 0, 0, 0, 0, 2}},
    {"strong to the end",
     5,
     2,
     3,
     {{4.60, 180, 178, 140, 0.50, 7},
      {4.61, 180, 178, 140, 0.50, 7},
      {4.64, 180, 178, 140, 0.50, 6}},
     0.8,
     ADAPT_ADD,
     {0}},
    {"good, but not rested", 5, 4, 1, {{4.60, 180, 178, 140, 0.50, 7}}, 0.4, ADAPT_FINISH, {0}},
    {"good, but hard", 5, 4, 1, {{4.60, 180, 178, 140, 0.50, 8}}, 0.9, ADAPT_FINISH, {0}},
    {"too fast", 6, 2, 1, {{4.79, 180, 178, 140, 0.50, 7}}, NAN, ADAPT_CONTINUE, {0}},
};

static AdaptAdvice run_row(const Row *row, double d_prime_rested)
{
    rep.speed_mps = row->speed;
    rep.cadence = row->cadence;
    rep.step_m = 60 * row->speed / row->cadence;
    rep.heart_bpm = row->heart;
    rep.d_prime_fraction = row->d_prime;
    rep.rpe = row->rpe;
    rest.heart_bpm = row->recovered;
    rest.d_prime_fraction = d_prime_rested;
    return run();
}

Test(adapt, worked_cases)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        AdaptAdvice advice = {0};
        start(cases[i].planned);
        for (size_t j = 0; j < cases[i].before; j++)
            run_row(&good, NAN);
        for (size_t j = 0; j < cases[i].count; j++)
            advice = run_row(&cases[i].rows[j], cases[i].d_prime_rested);
        cr_expect(advice.decision == cases[i].decision, "%s: %s", cases[i].name,
                  adapt_decision_name(advice.decision));
        for (AdaptFlag flag = 0; flag < ADAPT_FLAGS; flag++)
            cr_expect(advice.flags.points[flag] == cases[i].points[flag], "%s: %s is %d",
                      cases[i].name, adapt_flag_name(flag), advice.flags.points[flag]);
        cr_expect(advice.flags.missing == 0, "%s: nothing is missing", cases[i].name);
    }
}

// ── two moments, one answer ──

Test(adapt, what_is_certain_is_said_at_once_and_only_once)
{
    start(8);
    run_many(2);
    rep.speed_mps = 0.94 * TARGET;
    expect(rep_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "a longer rest can wait until it ends");
    expect(rest_ends(), ADAPT_REST_PLUS, ADAPT_WHY_SLOW, "then it is asked for");
    expect(rep_ends(), ADAPT_STOP, ADAPT_WHY_FADING, "a stop is not put off");
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "nor repeated");

    start(8);
    run_many(2);
    run_at(0.96);
    rep.speed_mps = 0.96 * TARGET;
    rest.heart_bpm = 170;
    expect(rep_ends(), ADAPT_SHORTEN, ADAPT_WHY_FADING, "shorter from the next one on");
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "no longer rest on top of it");
}

Test(adapt, signs_that_add_up_only_with_the_hearts)
{
    start(6);
    run_many(2);
    rep.speed_mps = 0.96 * TARGET;
    rep.d_prime_fraction = 0.1;
    rest.heart_bpm = 160;
    expect(rep_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "two points");
    expect(rest_ends(), ADAPT_SHORTEN, ADAPT_WHY_TIRED, "three");
}

Test(adapt, how_it_felt_may_be_told_late)
{
    start(6);
    run_many(2);
    run_at(0.96);
    rep.speed_mps = 0.96 * TARGET;
    rep.rpe = NAN;
    expect(rep_ends(), ADAPT_SHORTEN, ADAPT_WHY_FADING, "before anything is told");
    rest.rpe = 9.5;
    expect(rest_ends(), ADAPT_STOP, ADAPT_WHY_ALL_OUT, "a stop goes beyond shortening");
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "once");

    start(6);
    run_many(2);
    expect(run(), ADAPT_CONTINUE, ADAPT_WHY_NONE, "all is well");
    rest.rpe = 8.5;
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "hard is no reason to stop");
    rest.rpe = 10;
    expect(rest_ends(), ADAPT_STOP, ADAPT_WHY_ALL_OUT, "all out is");
}

Test(adapt, before_the_first_there_is_nothing_to_say)
{
    start(6);
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "a rest with no repetition before it");
    cr_expect(not(adapt_outcome(&adapt, 1).clean));
    cr_expect(isnan(adapt_outcome(&adapt, 1).faster));
}

Test(adapt, a_rest_is_made_longer_twice_at_most)
{
    static const struct {
        double bpm, max;
        AdaptDecision decision;
    } second[] = {
        {143, 190, ADAPT_REST_PLUS}, // 75.3 % of the maximal rate
        {142, 190, ADAPT_NOTHING},   // 74.7 %
        {NAN, 190, ADAPT_NOTHING},
        {170, NAN, ADAPT_NOTHING},
    };
    for (size_t i = 0; i < COUNT(second); i++) {
        start(6);
        set.heart_max = second[i].max;
        adapt_begin(&adapt, &set);
        run_many(2);
        rest.heart_bpm = 165;
        rep_ends();
        expect(rest_ends(), ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, "once");
        rest.heart_bpm = second[i].bpm;
        cr_expect(rest_ends().decision == second[i].decision, "%zu", i);
        expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "never thrice");
    }
}

Test(adapt, what_was_refused_is_left_alone)
{
    start(8);
    run_many(2);
    rest.heart_bpm = 165;
    run();
    adapt_refused(&adapt);
    rest.heart_bpm = 165;
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "no second longer rest");

    run_at(0.94);
    cr_expect(run_at(0.94).decision == ADAPT_STOP);
    cr_expect(adapt_outcome(&adapt, 1).stopped);
    adapt_refused(&adapt);
    cr_expect(not(adapt_outcome(&adapt, 1).stopped), "the run was not ended early");
    rest.rpe = 10;
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "this repetition has been talked about");
    expect(run_at(0.94), ADAPT_STOP, ADAPT_WHY_FADING, "the next one has not");

    start(8);
    run_many(2);
    run_at(0.96);
    cr_expect(run_at(0.96).decision == ADAPT_SHORTEN);
    adapt_refused(&adapt);
    cr_expect(run_at(0.96).decision == ADAPT_REST_PLUS, "not to be nagged about");
    cr_expect(run_at(0.96).decision == ADAPT_SHORTEN);
}

// ── guards ──

Test(adapt, the_first_never_triggers)
{
    start(6);
    rep.speed_mps = 0.9 * TARGET;
    rep.rpe = 10;
    rep.d_prime_fraction = 0;
    rest.heart_bpm = 180;
    const AdaptAdvice first = run();
    expect(first, ADAPT_CONTINUE, ADAPT_WHY_FIRST, "whatever it was like");
    cr_expect(adapt_points(&first.flags) == 7);
    expect(run_at(0.94), ADAPT_STOP, ADAPT_WHY_FADING, "but it is the first of two");

    start(1);
    expect(run_at(0.9), ADAPT_FINISH, ADAPT_WHY_NONE, "nor when it is the only one");
}

Test(adapt, no_decision_where_the_speed_was_unknown)
{
    static const struct {
        double speed, share;
        bool known;
    } gaps[] = {
        {0.94 * TARGET, 0.80, true},
        {0.94 * TARGET, 0.79, false},
        {0.94 * TARGET, NAN, false},
        {NAN, 1, false},
    };
    for (size_t i = 0; i < COUNT(gaps); i++) {
        start(6);
        run_many(2);
        run_at(0.94);
        rep.speed_mps = gaps[i].speed;
        rep.speed_share = gaps[i].share;
        rep.rpe = 10;
        rest.heart_bpm = 180;
        const AdaptAdvice advice = run();
        if (gaps[i].known) {
            expect(advice, ADAPT_STOP, ADAPT_WHY_ALL_OUT, "enough is known");
            continue;
        }
        expect(advice, ADAPT_UNDECIDED, ADAPT_WHY_NO_SPEED, "a gap");
        for (AdaptFlag flag = 0; flag < ADAPT_FLAGS; flag++) {
            const bool missing = flag == ADAPT_PACE || flag == ADAPT_FORM || flag == ADAPT_DRIFT;
            cr_expect(missing == (advice.flags.missing >> flag & 1), "%s", adapt_flag_name(flag));
        }
        expect(run_at(0.94), ADAPT_REST_PLUS, ADAPT_WHY_SLOW, "not the second in a row");
    }
    start(6);
    run_many(5);
    rep.speed_share = 0.5;
    expect(run(), ADAPT_UNDECIDED, ADAPT_WHY_NO_SPEED, "nothing is offered on a gap either");
}

Test(adapt, a_lost_heart_is_told_from_none)
{
    const unsigned heart = 1u << ADAPT_RECOVERY | 1u << ADAPT_DRIFT;
    static const struct {
        double share, bpm, rested;
        AdaptDecision decision;
        bool missing;
    } straps[] = {
        {0.70, 190, 140, ADAPT_CONTINUE, false}, // drift alone
        {0.69, 190, 180, ADAPT_UNDECIDED, true},
        {1.00, NAN, 180, ADAPT_UNDECIDED, true},
        {NAN, NAN, NAN, ADAPT_CONTINUE, true}, // worn by nobody
    };
    for (size_t i = 0; i < COUNT(straps); i++) {
        start(6);
        run_many(2);
        rep.heart_share = straps[i].share;
        rep.heart_bpm = straps[i].bpm;
        rest.heart_bpm = straps[i].rested;
        const AdaptAdvice advice = run();
        cr_expect(advice.decision == straps[i].decision, "%zu: %s", i,
                  adapt_decision_name(advice.decision));
        const unsigned missing = advice.flags.missing & heart;
        cr_expect(missing == (straps[i].missing ? heart : 0), "%zu", i);
        cr_expect(advice.reason ==
                  (advice.decision == ADAPT_UNDECIDED ? ADAPT_WHY_NO_HEART : ADAPT_WHY_NONE));
    }
    start(8);
    run_many(2);
    rest.heart_bpm = NAN;
    expect(run(), ADAPT_UNDECIDED, ADAPT_WHY_NO_HEART, "lost in the rest");
    rep.heart_share = 0.2;
    expect(run_at(0.96), ADAPT_REST_PLUS, ADAPT_WHY_SLOW, "what is known is enough for this");
    rep.heart_share = 0.2;
    rep.duration_s = 40;
    expect(run(), ADAPT_CONTINUE, ADAPT_WHY_NONE, "not asked of a short one");
    ahead.rest_s = 30;
    rest.heart_bpm = NAN;
    expect(run(), ADAPT_CONTINUE, ADAPT_WHY_NONE, "nor of a short rest");
    ahead.reps = 1;
    rep.heart_share = 0.2;
    expect(run(), ADAPT_UNDECIDED, ADAPT_WHY_NO_HEART, "after the last");
}

Test(adapt, what_is_not_measured_is_no_sign)
{
    start(6);
    run_many(2);
    rep.cadence = NAN;
    rep.d_prime_fraction = NAN;
    rep.rpe = NAN;
    AdaptAdvice advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "a belt, and a runner who was asked nothing");
    cr_expect(advice.flags.missing == (1u << ADAPT_FORM | 1u << ADAPT_D_PRIME));
    rep.step_m = NAN;
    advice = run();
    cr_expect(advice.flags.missing == 1u << ADAPT_FORM);

    start(6); // the one to compare with is unknown
    run();
    rep.speed_share = 0;
    rep.heart_share = 0.5;
    run();
    rep.heart_bpm = 188;
    rep.cadence = 170;
    rest.heart_bpm = 151;
    advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "nothing to compare with");
    cr_expect(advice.flags.missing == (1u << ADAPT_FORM | 1u << ADAPT_DRIFT));

    start(6);
    run();
    rep.heart_share = 0.5;
    run();
    rep.heart_bpm = 188;
    advice = run();
    cr_expect(advice.flags.missing == 1u << ADAPT_DRIFT);
}

Test(adapt, an_unknown_maximal_rate_leaves_the_comparison)
{
    start(6);
    set.heart_max = NAN;
    adapt_begin(&adapt, &set);
    rest.heart_bpm = 170;
    cr_expect(run().flags.missing == 1u << ADAPT_RECOVERY, "the first has nothing to go by");
    run(); // 140 at the end of its rest
    rest.heart_bpm = 148;
    expect(run(), ADAPT_CONTINUE, ADAPT_WHY_NONE, "8 more");
    rest.heart_bpm = 149;
    expect(run(), ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, "9 more");
}

Test(adapt, a_short_one_is_judged_by_pace_and_feeling)
{
    start(8);
    for (int i = 0; i < 2; i++) {
        rep.duration_s = 44;
        run();
    }
    rep.duration_s = 44;
    rep.d_prime_fraction = 0;
    rep.heart_bpm = 190;
    rep.cadence = 160;
    rest.heart_bpm = 185;
    AdaptAdvice advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "no heart, form or D′");
    cr_expect(adapt_points(&advice.flags) == 0 && advice.flags.missing == 0);
    rep.duration_s = 44;
    rep.rpe = 9;
    cr_expect(run_at(0.96).decision == ADAPT_REST_PLUS);
    rep.duration_s = 44;
    expect(run_at(0.96), ADAPT_SHORTEN, ADAPT_WHY_FADING, "pace");
    rep.duration_s = 44;
    rep.rpe = 10;
    expect(run(), ADAPT_STOP, ADAPT_WHY_ALL_OUT, "feeling");
}

Test(adapt, after_a_short_rest_the_heart_is_up_anyway)
{
    start(6);
    run_many(2);
    ahead.rest_s = 44;
    rest.heart_bpm = 170;
    const AdaptAdvice advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "no time to recover in");
    cr_expect(advice.flags.missing == 0);
}

Test(adapt, a_harder_plan_is_no_fatigue)
{
    start(6);
    run_many(2);
    rep.duration_s = 280;
    rep.heart_bpm = 186;
    rest.heart_bpm = 150;
    const AdaptAdvice longer = run();
    expect(longer, ADAPT_CONTINUE, ADAPT_WHY_NONE, "a ladder's longer repetition");
    cr_expect(adapt_points(&longer.flags) == 0 && longer.flags.missing == 0);

    rep.target_mps = rep.speed_mps = 1.03 * TARGET;
    rep.heart_bpm = 186;
    rep.cadence = 170;
    rest.heart_bpm = 150;
    const AdaptAdvice faster = run();
    expect(faster, ADAPT_CONTINUE, ADAPT_WHY_NONE, "a progression");
    cr_expect(adapt_points(&faster.flags) == 0 && faster.flags.missing == 0);

    rep.duration_s = 280;
    rest.heart_bpm = 153;
    expect(run(), ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, "80 % of the maximum are for all");
}

Test(adapt, without_a_target_the_other_signs_remain)
{
    start(6);
    for (int i = 0; i < 3; i++) {
        rep.target_mps = NAN;
        expect(run(), ADAPT_CONTINUE, i == 0 ? ADAPT_WHY_FIRST : ADAPT_WHY_NONE, "by feeling");
    }
    rep.target_mps = NAN;
    rep.d_prime_fraction = 0.04;
    expect(run(), ADAPT_REST_PLUS, ADAPT_WHY_EMPTY, "two points of one sign");
    rep.target_mps = NAN;
    rep.d_prime_fraction = 0.14;
    rep.rpe = 9;
    expect(run(), ADAPT_REST_PLUS, ADAPT_WHY_TIRED, "of two");
    rep.target_mps = NAN;
    expect(run(), ADAPT_FINISH, ADAPT_WHY_NONE, "nothing is added to what had no target");
}

// ── less, and more ──

Test(adapt, shorter_not_at_every_repetition)
{
    static const AdaptDecision wanted[] = {ADAPT_REST_PLUS, ADAPT_SHORTEN, ADAPT_REST_PLUS,
                                           ADAPT_SHORTEN, ADAPT_REST_PLUS};
    start(10);
    run_many(2);
    for (size_t i = 0; i < COUNT(wanted); i++)
        cr_expect(run_at(0.96).decision == wanted[i], "%zu", i);
}

Test(adapt, one_less_where_shorter_cannot_be)
{
    start(6);
    set.on_track = true;
    adapt_begin(&adapt, &set);
    ahead.next = (RepLength){false, 200000};
    ahead.next_plan = 200000;
    run_many(2);
    run_at(0.96);
    expect(run_at(0.96), ADAPT_DROP, ADAPT_WHY_FADING, "200 m on a track");
    run_at(0.96);
    cr_expect(ahead.reps == 1);
    ahead.reps = 2;
    expect(run_at(0.96), ADAPT_REST_PLUS, ADAPT_WHY_SLOW, "the last one is not dropped");
}

Test(adapt, a_rest_by_hand_cannot_be_made_longer)
{
    static const double rests[] = {NAN, 0};
    for (size_t i = 0; i < COUNT(rests); i++) {
        start(6);
        run_many(2);
        ahead.rest_s = rests[i];
        const AdaptAdvice advice = run_at(0.96);
        expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "no rest to lengthen");
        cr_expect(advice.flags.points[ADAPT_PACE] == 1, "but it is told");
    }
}

Test(adapt, after_the_last_nothing_is_taken_away)
{
    start(3);
    run();
    run_at(0.94);
    const AdaptAdvice advice = run_at(0.94);
    expect(advice, ADAPT_FINISH, ADAPT_WHY_NONE, "it is done already");
    cr_expect(advice.flags.points[ADAPT_PACE] == 2);
    cr_expect(not(adapt_outcome(&adapt, 1).stopped));
}

Test(adapt, more_is_offered_to_the_strong)
{
    static const struct {
        const char *what;
        uint32_t reps;
        double earlier; // part of the target, of the last but two
        double last, rpe, left, load_7d, load_28d, heart_share;
        AdaptDecision decision;
        AdaptReason reason;
    } ends[] = {
        {"strong", 4, 1, 1, 7, .6, 60, 50, 1, ADAPT_ADD, ADAPT_WHY_STRONG},
        {"the load as it was", 4, 1, 1, 7, .6, 65, 50, 1, ADAPT_ADD, ADAPT_WHY_STRONG},
        {"a heavy week", 4, 1, 1, 7, .6, 65.1, 50, 1, ADAPT_FINISH, ADAPT_WHY_LOAD},
        {"a new runner", 4, 1, 1, 7, .6, 65.1, NAN, 1, ADAPT_ADD, ADAPT_WHY_STRONG},
        {"not told", 4, 1, 1, NAN, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_UNTOLD},
        {"hard", 4, 1, 1, 7.5, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"no D′", 4, 1, 1, 7, NAN, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NO_D_PRIME},
        {"not rested", 4, 1, 1, 7, .59, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"too fast", 4, 1, 1.021, 7, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"a little slow", 4, 1, .979, 7, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"one of three too fast", 4, 1.03, 1, 7, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"two are no row", 2, 1, 1, 7, .6, 60, 50, 1, ADAPT_FINISH, ADAPT_WHY_NONE},
        {"without a strap", 4, 1, 1, 7, .6, 60, 50, NAN, ADAPT_FINISH, ADAPT_WHY_NONE},
    };
    for (size_t i = 0; i < COUNT(ends); i++) {
        start(ends[i].reps);
        set.load_7d = ends[i].load_7d;
        set.load_28d = ends[i].load_28d;
        adapt_begin(&adapt, &set);
        for (uint32_t j = 3; j < ends[i].reps; j++)
            run();
        if (ends[i].reps > 2)
            run_at(ends[i].earlier);
        run();
        rep.rpe = ends[i].rpe;
        rep.heart_share = ends[i].heart_share;
        rest.d_prime_fraction = ends[i].left;
        expect(run_at(ends[i].last), ends[i].decision, ends[i].reason, ends[i].what);
    }
}

Test(adapt, more_is_offered_once)
{
    start(4);
    run_many(3);
    cr_expect(run().decision == ADAPT_ADD);
    expect(run(), ADAPT_FINISH, ADAPT_WHY_NONE, "after what was added");
    adapt_next_set(&adapt);
    ahead.reps = 3;
    run_many(2);
    expect(run(), ADAPT_ADD, ADAPT_WHY_STRONG, "but again after another set");
}

Test(adapt, another_set_begins_anew)
{
    start(8);
    run_many(2);
    run_at(0.94);
    adapt_next_set(&adapt);
    rep.heart_bpm = 189;
    expect(run_at(0.94), ADAPT_CONTINUE, ADAPT_WHY_FIRST, "it is a first one");
    rep.heart_bpm = 189;
    const AdaptAdvice advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "and what others are compared with");
}

// ── what a run says for the next ──

Test(adapt, evidence_for_the_next_weeks)
{
    start(6);
    run_at(1.01);
    run_at(1.02);
    run_at(1.015);
    SessionOutcome outcome = adapt_outcome(&adapt, 77);
    cr_expect(outcome.day == 77 && outcome.clean && !outcome.stopped);
    cr_expect(epsilon_eq(dbl, outcome.faster, 0.015, 1e-9));

    rep.duration_s = 30;
    run_at(1.3);
    rep.target_mps = NAN;
    run();
    outcome = adapt_outcome(&adapt, 77);
    cr_expect(outcome.clean, "strides, and what has no target, do not spoil it");
    cr_expect(epsilon_eq(dbl, outcome.faster, 0.015, 1e-9), "and do not count");

    adapt_next_set(&adapt);
    ahead.reps = 4;
    run_at(1.055);
    run();
    outcome = adapt_outcome(&adapt, 77);
    cr_expect(outcome.clean);
    cr_expect(epsilon_eq(dbl, outcome.faster, 0.02, 1e-9), "of both sets");

    Adapt tired = adapt;
    rep.rpe = 9;
    run();
    cr_expect(not(adapt_outcome(&adapt, 77).clean), "a sign");
    adapt = tired;
    rep.speed_share = 0.5;
    run();
    cr_expect(not(adapt_outcome(&adapt, 77).clean), "a gap");
    adapt_next_set(&adapt);
    run();
    cr_expect(not(adapt_outcome(&adapt, 77).clean), "is not made good by another set");

    start(6);
    run();
    rep.rpe = 10;
    run();
    adapt_next_set(&adapt);
    run();
    cr_expect(adapt_outcome(&adapt, 77).stopped);
}

// ── arithmetic ──

Test(adapt, shorter)
{
    static const struct {
        int64_t now, plan, road, track; // m
    } lengths[] = {
        {1000, 1000, 800, 800}, {800, 1000, 600, 600},    {600, 1000, 500, 600},
        {500, 1000, 500, 500},  {1609, 1609, 1200, 1200}, {400, 400, 300, 200},
        {300, 400, 200, 200},   {200, 400, 200, 200},     {300, 300, 200, 200},
        {200, 200, 100, 200},   {100, 100, 100, 100},     {150, 150, 100, 150},
        {80, 80, 80, 80},       {5000, 5000, 4000, 4000},
    };
    for (size_t i = 0; i < COUNT(lengths); i++) {
        const RepLength now = {false, 1000 * lengths[i].now};
        const int64_t plan = 1000 * lengths[i].plan;
        cr_expect(adapt_shortened(now, plan, false).milli == 1000 * lengths[i].road, "%zu", i);
        cr_expect(adapt_shortened(now, plan, true).milli == 1000 * lengths[i].track, "%zu", i);
        cr_expect(not(adapt_shortened(now, plan, true).by_time));
    }
    static const int64_t times[][3] = {
        // now, plan, then, in s
        {240, 240, 180}, {180, 240, 135}, {135, 240, 120}, {120, 240, 120}, {60, 60, 45},
        {45, 60, 30},    {30, 30, 15},    {15, 15, 15},    {20, 20, 15},    {10, 10, 10},
    };
    for (size_t i = 0; i < COUNT(times); i++) {
        const RepLength then =
            adapt_shortened((RepLength){true, 1000 * times[i][0]}, 1000 * times[i][1], true);
        cr_expect(then.by_time && then.milli == 1000 * times[i][2], "%zu", i);
    }
}

Test(adapt, longer_rests)
{
    cr_expect(epsilon_eq(dbl, adapt_more_rest_s(60), 15, 1e-9));
    cr_expect(epsilon_eq(dbl, adapt_more_rest_s(240), 60, 1e-9));
    cr_expect(epsilon_eq(dbl, adapt_more_rest_s(300), 60, 1e-9));
}

Test(adapt, extra)
{
    static const struct {
        const char *what;
        RepLength rep;
        int64_t volume;
        double target;
        RepLength extra;
    } sets[] = {
        {"5 km of kilometres", {false, KM}, 5 * KM, 4.6, {false, 200000}},
        {"ten of them", {false, KM}, 10 * KM, 4.6, {false, KM}},
        {"six short ones", {false, 150000}, 900000, 4.6, {false, 150000}},
        {"five times four minutes", {true, 240000}, 1200000, 4.6, {false, 200000}},
        {"twelve times four minutes", {true, 240000}, 2880000, 4.6, {true, 240000}},
        {"six times half a minute", {true, 30000}, 180000, 4.6, {true, 30000}},
        {"by effort", {true, 30000}, 180000, NAN, {false, 200000}},
    };
    for (size_t i = 0; i < COUNT(sets); i++) {
        const RepLength extra = adapt_extra(sets[i].rep, sets[i].volume, sets[i].target);
        cr_expect(extra.by_time == sets[i].extra.by_time && extra.milli == sets[i].extra.milli,
                  "%s", sets[i].what);
    }
}

// ── names ──

Test(adapt, names)
{
    cr_expect(eq(str, (char *)adapt_decision_name(ADAPT_NOTHING), "nothing"));
    cr_expect(eq(str, (char *)adapt_decision_name(ADAPT_REST_PLUS), "rest-plus"));
    cr_expect(eq(str, (char *)adapt_decision_name(ADAPT_STOP), "stop"));
    cr_expect(eq(str, (char *)adapt_reason_name(ADAPT_WHY_NONE), "none"));
    cr_expect(eq(str, (char *)adapt_reason_name(ADAPT_WHY_FADING), "fading"));
    cr_expect(eq(str, (char *)adapt_reason_name(ADAPT_WHY_NO_D_PRIME), "no-d-prime"));
    cr_expect(eq(str, (char *)adapt_flag_name(ADAPT_PACE), "pace"));
    cr_expect(eq(str, (char *)adapt_flag_name(ADAPT_RPE), "rpe"));
}
