// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a runner is told about how he runs, beyond his pace: by the heart that a step asks for, by
// his steps, and when all of a set was even.

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
    course.coach.config.verbosity = VERBOSITY_NORMAL;
    course.speed = 3;
}

TestSuite(advice, .init = setup, .timeout = 60);

static Target heart(uint16_t low, uint16_t high)
{
    return (Target){.kind = TARGET_HEART, .scale = HEART_BPM, .low = low, .high = high};
}

static Step seconds(unsigned length)
{
    return (Step){STEP_WORK, MEASURE_TIME, .duration = length * USEC_PER_SEC};
}

static void begin(Step step, const Target *target)
{
    course_add_target(&course, step, target, 0, 0);
    course_add(&course, REST(600), 0, 0);
    course_start(&course);
}

// The cues of one kind.
static void expect_of(CueKind kind, const char *transcript)
{
    size_t kept = 0;
    for (size_t i = 0; i < course.count; i++)
        if (course.said[i].cue.kind == kind)
            course.said[kept++] = course.said[i];
    course.count = kept;
    course_expect(&course, 0, transcript);
}

Test(advice, a_heart_is_corrected_by_its_limits_and_not_before_it_had_time_to_rise)
{
    const Target target = heart(142, 157);
    course.heart = 120;
    begin(seconds(1200), &target);
    course_run(&course, 200); // too low
    course.heart = 150;
    course_run(&course, 100);
    course.heart = 165;
    course_run(&course, 150);
    course.heart = 150;
    course_run(&course, 60);
    expect_of(CUE_DRIFT, "120.0 push a little harder, heart above one forty-two\n"
                         "210.0 hold steady\n"
                         "315.0 easy now, heart below one fifty-seven\n"
                         "405.0 easy now\n"
                         "460.0 hold steady\n");
}

Test(advice, below_an_upper_limit_nobody_is_pushed)
{
    const Target target = heart(0, 150);
    course.heart = 110;
    begin(seconds(1200), &target);
    course_run(&course, 300);
    course.heart = 151; // a beat more is no reason
    course_run(&course, 100);
    course.heart = 154;
    course_run(&course, 60);
    expect_of(CUE_DRIFT, "415.0 easy now, heart below one fifty\n");
}

Test(advice, a_heart_says_nothing_in_two_minutes_nor_where_it_cannot_follow_any_more)
{
    const Target target = heart(142, 157);
    course.heart = 180;
    begin(seconds(120), &target);
    course_run(&course, 120);
    expect_of(CUE_DRIFT, "");
    setup();
    course.heart = 150;
    begin(seconds(400), &target);
    course_run(&course, 330);
    course.heart = 180;
    course_run(&course, 70);
    expect_of(CUE_DRIFT, "");
}

Test(advice, halfway_is_not_on_pace_where_no_pace_is_asked_for)
{
    const Target target = heart(142, 157);
    begin(seconds(600), &target);
    course_run(&course, 400);
    expect_of(CUE_PROGRESS, "300.0 halfway\n");
}

Test(advice, steps_that_a_step_asks_for)
{
    const Target target = {.kind = TARGET_CADENCE, .low = 175, .high = 182};
    course.cadence = 165;
    begin(seconds(300), &target);
    course_run(&course, 40);
    course.cadence = 190; // more is nobody's fault
    course_run(&course, 60);
    expect_of(CUE_DRIFT, "10.0 quick feet, one seventy-nine steps a minute\n"
                         "30.0 quick feet\n"
                         "43.0 hold steady\n");
}

// Once, however many repetitions ask for it.
Test(advice, what_nothing_measures_is_told_of)
{
    const Target power = {.kind = TARGET_POWER, .low = 240, .high = 240}, beats = heart(142, 157);
    course.strap_on = false;
    for (unsigned r = 1; r <= 3; r++) {
        course_add_target(&course, seconds(60), &power, r, 3);
        course_add(&course, REST(60), r, 3);
    }
    course_add_target(&course, seconds(300), &beats, 0, 0);
    course.speed = 3;
    course_start(&course);
    course_run(&course, 500);
    expect_of(CUE_SAFETY, "8.0 power not measured. Going by feel\n"
                          "368.0 heart rate not measured. Going by feel\n");
}

static void run_with(double few, double length)
{
    course.few = few;
    course.cadence = 170 - few;
    course_run(&course, length);
}

Test(advice, long_steps_are_mentioned_while_the_pace_is_right)
{
    const Target target = target_of_pace(PER_KM(333));
    run_with(0, 0.5);
    begin(seconds(1500), &target);
    run_with(4, 300); // as everybody's vary
    run_with(8, 60);
    run_with(2, 200);
    run_with(8, 15);
    expect_of(CUE_FORM, "310.0 quick feet\n"
                        "570.0 quick feet\n");
}

Test(advice, who_cannot_mend_his_steps_is_left_in_peace)
{
    const Target target = target_of_pace(PER_KM(333));
    run_with(0, 0.5);
    begin(seconds(1500), &target);
    run_with(8, 1000);
    expect_of(CUE_FORM, "20.0 quick feet\n"
                        "140.0 quick feet\n");
}

Test(advice, nobody_is_told_how_to_step_on_the_way_home)
{
    const Target target = target_of_pace(PER_KM(333)), easy = target_of_pace(PER_KM(400));
    run_with(0, 0.5);
    course_add_target(&course, seconds(15), &target, 0, 0);
    begin(seconds(600), &easy);
    course.speed = 2.5;
    run_with(8, 300);
    expect_of(CUE_FORM, "");
}

Test(advice, what_builds_is_corrected_by_what_it_asks_for_by_then)
{
    const Target target = {.kind = TARGET_BUILD,
                           .from = {.kind = POINT_PACE, .unit = PACE_PER_KM, .number = 360},
                           .to = {.kind = POINT_PACE, .unit = PACE_PER_KM, .number = 300}};
    course.speed = 2.5;
    begin(seconds(600), &target);
    course_run(&course, 320);
    course.speed = 4;
    course_run(&course, 30);
    expect_of(CUE_DRIFT, "10.0 push a little harder, five fifty-nine\n"
                         "30.0 push a little harder\n"
                         "324.0 easy now, five twenty-eight\n"
                         "344.0 easy now\n");
}

Test(advice, a_pace_that_is_wrong_comes_before_the_steps)
{
    const Target target = target_of_pace(PER_KM(333));
    course.speed = 2.8;
    run_with(0, 0.5);
    begin(seconds(1500), &target);
    run_with(8, 80);
    expect_of(CUE_FORM, "");
}

static void a_set_at(double first, double others)
{
    for (unsigned i = 1; i <= 4; i++) {
        course_add(&course, METRES(400, PER_KM(250)), i, 4);
        course_add(&course, REST(60), i, 4);
    }
    course.speed = first;
    course_start(&course);
    course_run(&course, 400 / first + 30);
    course.speed = others;
    course_run(&course, 600);
}

Test(advice, an_even_set_is_praised_twice)
{
    a_set_at(4, 4);
    expect_of(CUE_PRAISE, "423.7 three in a row, well paced\n"
                          "583.7 all four well paced\n");
}

Test(advice, one_that_was_off_takes_the_praise_from_the_set)
{
    a_set_at(4.2, 4);
    expect_of(CUE_PRAISE, "578.9 three in a row, well paced\n");
}

Test(advice, nothing_of_it_is_for_who_wants_to_hear_little)
{
    course.coach.config.verbosity = VERBOSITY_TERSE;
    a_set_at(4, 4);
    expect_of(CUE_PRAISE, "");
}
