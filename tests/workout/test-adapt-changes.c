// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a decision changes: less, more, by how much, and what a run says for those that follow.

#include "repeats.h"

#include <string.h>

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
    rep.speed_mps = 0.96 * TARGET;
    expect(rep_ends(), ADAPT_DROP, ADAPT_WHY_FADING, "200 m on a track, said at once");
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "and once");
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

// By the splits that were told: a standing start costs a second that the mean without it hides.
Test(adapt, more_is_not_offered_to_who_was_slow_or_slowed)
{
    static const struct {
        const char *what;
        double whole[3]; // part of the target
        AdaptDecision decision;
    } sets[] = {
        {"on target", {1, 1, 1}, ADAPT_ADD},
        {"one of them slow", {1.003, 0.982, 1.002}, ADAPT_ADD},
        {"a little slow each time", {0.99, 0.99, 0.99}, ADAPT_FINISH},
        {"nearly two percent slow", {0.985, 0.981, 0.983}, ADAPT_FINISH},
        {"slowing", {1.01, 1.0, 0.995}, ADAPT_FINISH},
        {"growing faster", {0.99, 1.0, 1.01}, ADAPT_ADD},
    };
    for (size_t i = 0; i < COUNT(sets); i++) {
        start(4);
        run();
        for (size_t j = 0; j < 3; j++) {
            rep.whole_mps = sets[i].whole[j] * TARGET;
            if (j < 2)
                run();
        }
        cr_expect(run().decision == sets[i].decision, "%s", sets[i].what);
    }
}

Test(adapt, who_needed_a_longer_rest_is_not_offered_more)
{
    start(6);
    run_many(2);
    expect(run_at(0.96), ADAPT_REST_PLUS, ADAPT_WHY_SLOW, "one was slow");
    run_many(2);
    expect(run(), ADAPT_FINISH, ADAPT_WHY_NONE, "three strong ones later");
    adapt_next_set(&adapt);
    ahead.reps = 3;
    run_many(2);
    expect(run(), ADAPT_ADD, ADAPT_WHY_STRONG, "another set is another matter");
}

Test(adapt, more_is_offered_when_it_is_told_late_how_it_felt)
{
    start(4);
    run_many(3);
    rep.rpe = NAN;
    expect(rep_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "as it ends");
    expect(rest_ends(), ADAPT_FINISH, ADAPT_WHY_UNTOLD, "nothing was told");
    rest.rpe = 8;
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "it was hard");
    rest.rpe = 6;
    expect(rest_ends(), ADAPT_ADD, ADAPT_WHY_STRONG, "it was not");
    expect(rest_ends(), ADAPT_NOTHING, ADAPT_WHY_NONE, "once");
}

Test(adapt, more_is_offered_once)
{
    start(4);
    run_many(3);
    cr_expect(run().decision == ADAPT_ADD);
    expect(run(), ADAPT_FINISH, ADAPT_WHY_NONE, "after what was added");
    expect(run(), ADAPT_FINISH, ADAPT_WHY_NONE, "nor after one more by hand");
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

// The order of the enums and that of their names are two lists: some of each, the last among them.
Test(adapt, names)
{
    const char *const names[][2] = {
        {adapt_decision_name(ADAPT_NOTHING), "nothing"},
        {adapt_decision_name(ADAPT_REST_PLUS), "rest-plus"},
        {adapt_decision_name(ADAPT_STOP), "stop"},
        {adapt_reason_name(ADAPT_WHY_NONE), "none"},
        {adapt_reason_name(ADAPT_WHY_FADING), "fading"},
        {adapt_reason_name(ADAPT_WHY_NO_D_PRIME), "no-d-prime"},
        {adapt_flag_name(ADAPT_PACE), "pace"},
        {adapt_flag_name(ADAPT_FORM), "form"},
        {adapt_flag_name(ADAPT_RPE), "rpe"},
    };
    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect(strcmp(names[i][0], names[i][1]) == 0, "%s: %s", names[i][1], names[i][0]);
}

// A repetition by effort or by heart, with no pod and no D'.
static void run_asked(double effort, double rpe, double least, double most, double heart)
{
    rep.target_mps = rep.speed_mps = rep.cadence = rep.step_m = rep.d_prime_fraction = NAN;
    rep.speed_share = 0;
    rep.effort_most = effort;
    rep.heart_least = least;
    rep.heart_most = most;
    rep.heart_bpm = heart;
    rep.rpe = rpe;
    run();
}

static bool is_clean(void)
{
    const SessionOutcome outcome = adapt_outcome(&adapt, 1);
    cr_expect(isnan(outcome.faster), "there is no pace to be faster than");
    return outcome.clean;
}

Test(adapt, evidence_of_a_set_by_effort_is_how_it_felt)
{
    static const struct {
        double rpe[3];
        bool clean;
    } table[] = {
        {{6, 7, 7}, true},  {{NAN, NAN, 7}, true}, // the last is the hardest
        {{7, 8, 7}, false}, {{NAN, NAN, NAN}, false}, {{6, 6, NAN}, false}, {{NAN, NAN, 8}, false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        start(3);
        for (size_t j = 0; j < 3; j++)
            run_asked(7, table[i].rpe[j], 0, 0, 150);
        cr_expect(is_clean() == table[i].clean, "%zu", i);
    }
    start(3);
    run_asked(7, 7, 0, 0, 150);
    rest.heart_bpm = 170;
    run_asked(7, 7, 0, 0, 150);
    cr_expect(not(is_clean()), "the heart did not come down");
    start(3);
    run_asked(7, 7, 0, 0, 150);
    adapt_next_set(&adapt);
    run_asked(8, NAN, 0, 0, 150);
    cr_expect(not(is_clean()), "nobody knows of the other set");
}

Test(adapt, evidence_of_a_set_by_heart_is_the_heart_at_each_end)
{
    static const struct {
        double least, most, heart, seconds;
        bool clean;
    } table[] = {
        {150, 160, 155, 240, true},  {150, 160, 162, 240, true},  {150, 160, 170, 240, false},
        {150, 160, 140, 240, false}, {150, 160, NAN, 240, false}, {150, 160, 155, 90, false},
        {NAN, 160, 120, 240, true},  {NAN, 160, 170, 240, false}, {150, NAN, 175, 240, true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        start(3);
        for (size_t j = 0; j < 3; j++) {
            rep.duration_s = table[i].seconds;
            run_asked(0, NAN, table[i].least, table[i].most, table[i].heart);
        }
        cr_expect(is_clean() == table[i].clean, "%zu", i);
    }
    start(3);
    run_asked(0, NAN, 150, 160, 155);
    run_asked(0, NAN, 150, 160, 168);
    run_asked(0, NAN, 150, 160, 155);
    cr_expect(not(is_clean()), "one of them was off");
}
