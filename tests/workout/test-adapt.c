// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is decided after a repetition: fourteen worked cases, where each sign begins, the two
// moments at which is asked, and each guard by itself.

#include "repeats.h"

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
    Row rows[4];
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
     1,
     4,
     {{4.62, 180, 178, 140, 0.50, 7},
      {4.60, 180, 178, 140, 0.50, 7},
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
    rep.speed_mps = rep.whole_mps = row->speed;
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

// ── each sign ──

// The third repetition, beside two as planned, and one of its signs. What is 0 is as planned.
Test(adapt, where_a_sign_begins)
{
    static const struct {
        AdaptFlag flag;
        int points;
        double speed; // parts of the target
        double cadence, step, heart, recovered, d_prime, rpe, duration;
    } signs[] = {
        {ADAPT_PACE, 0, .speed = 0.971},
        {ADAPT_PACE, 1, .speed = 0.969},
        {ADAPT_PACE, 1, .speed = 0.951},
        {ADAPT_PACE, 2, .speed = 0.949},
        {ADAPT_RECOVERY, 0, .recovered = 148},
        {ADAPT_RECOVERY, 1, .recovered = 148.1},
        {ADAPT_RECOVERY, 1, .recovered = 148.1, .duration = 271},
        {ADAPT_RECOVERY, 0, .recovered = 148.1, .duration = 272},
        {ADAPT_D_PRIME, 0, .d_prime = 0.15},
        {ADAPT_D_PRIME, 1, .d_prime = 0.149},
        {ADAPT_D_PRIME, 1, .d_prime = 0.05},
        {ADAPT_D_PRIME, 2, .d_prime = 0.049},
        {ADAPT_FORM, 0, .cadence = 174.7, .step = 1.021},
        {ADAPT_FORM, 1, .cadence = 174.5, .step = 1.021},
        {ADAPT_FORM, 0, .cadence = 174.5, .step = 1.019},
        {ADAPT_FORM, 1, .cadence = 174.5, .step = 1.05, .speed = 1.019},
        {ADAPT_FORM, 0, .cadence = 174.5, .step = 1.05, .speed = 1.021},
        {ADAPT_DRIFT, 0, .heart = 183.9},
        {ADAPT_DRIFT, 1, .heart = 184},
        {ADAPT_DRIFT, 1, .heart = 190, .speed = 0.981},
        {ADAPT_DRIFT, 0, .heart = 190, .speed = 0.979},
        {ADAPT_DRIFT, 1, .heart = 190, .duration = 45},
        {ADAPT_DRIFT, 0, .heart = 190, .duration = 44.9},
        {ADAPT_RPE, 0, .rpe = 8.4},
        {ADAPT_RPE, 1, .rpe = 8.5},
        {ADAPT_RPE, 1, .rpe = 9.4},
        {ADAPT_RPE, 2, .rpe = 9.5},
    };
    for (size_t i = 0; i < COUNT(signs); i++) {
        start(6);
        run_many(2);
        if (signs[i].cadence > 0)
            rep.cadence = signs[i].cadence;
        if (signs[i].step > 0)
            rep.step_m *= signs[i].step;
        if (signs[i].heart > 0)
            rep.heart_bpm = signs[i].heart;
        if (signs[i].recovered > 0)
            rest.heart_bpm = signs[i].recovered;
        if (signs[i].d_prime > 0)
            rep.d_prime_fraction = signs[i].d_prime;
        if (signs[i].rpe > 0)
            rep.rpe = signs[i].rpe;
        if (signs[i].duration > 0)
            rep.duration_s = signs[i].duration;
        const AdaptAdvice advice = run_at(signs[i].speed > 0 ? signs[i].speed : 1);
        for (AdaptFlag flag = 0; flag < ADAPT_FLAGS; flag++)
            cr_expect(advice.flags.points[flag] == (flag == signs[i].flag ? signs[i].points : 0),
                      "row %zu, %s", i, adapt_flag_name(flag));
        cr_expect(advice.flags.missing == 0, "row %zu", i);
    }

    start(6); // by the maximal rate, where there is no other to compare with
    rest.heart_bpm = 152;
    cr_expect(run().flags.points[ADAPT_RECOVERY] == 0);
    start(6);
    rest.heart_bpm = 152.1;
    cr_expect(run().flags.points[ADAPT_RECOVERY] == 1);
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

Test(adapt, a_rest_is_made_longer_once_and_waits_while_the_heart_is_high)
{
    static const struct {
        double bpm, max;
        bool waits;
    } table[] = {
        {165, 190, true}, // 87 % of the maximal rate
        {143, 190, true}, // 75.3 %
        {142, 190, false}, {NAN, 190, false}, {170, NAN, false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        start(6);
        set.heart_max = table[i].max;
        adapt_begin(&adapt, &set);
        run_many(2);
        rep.speed_mps = 0.96 * TARGET;
        rest.heart_bpm = table[i].bpm;
        rep_ends();
        cr_expect(rest_ends().decision == ADAPT_REST_PLUS, "%zu", i);
        cr_expect(adapt_waits(&adapt) == table[i].waits, "%zu", i);
        expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "once");
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

Test(adapt, a_rest_that_was_not_asked_about)
{
    start(6);
    set.heart_max = NAN;
    adapt_begin(&adapt, &set);
    run();
    rep_ends(); // straight on into the next
    rest.heart_bpm = 170;
    const AdaptAdvice advice = run();
    expect(advice, ADAPT_CONTINUE, ADAPT_WHY_NONE, "no rest to compare this one with");
    cr_expect(advice.flags.missing == 1u << ADAPT_RECOVERY);
}
