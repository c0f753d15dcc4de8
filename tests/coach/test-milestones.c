// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Kilometre by kilometre: which steps have them, what is told of each and what is not.

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
}

TestSuite(milestones, .init = setup, .timeout = 60);

static void run_alone(Leg leg, double seconds)
{
    course.coach.config.verbosity = VERBOSITY_NORMAL;
    course_add(&course, leg, 0, 0);
    course.speed = 4;
    course_start(&course);
    course_run(&course, seconds);
}

Test(milestones, each_kilometre_of_a_long_step_is_told)
{
    run_alone(METRES(5000, PER_KM(250)), 1240);
    course_expect(&course, 0,
                  "0.0 five kilometres at four ten\n"
                  "250.0 kilometre one, four ten\n"
                  "500.0 kilometre two, four ten\n"
                  "625.0 halfway, on pace\n"
                  "750.0 kilometre three, four ten\n"
                  "1000.0 kilometre four, four ten\n"
                  "1200.0 two hundred to go\n");
}

Test(milestones, a_kilometre_s_time_is_its_own_and_halfway_gives_way_to_it)
{
    course.coach.config.band = 0.2;
    course_add(&course, METRES(4000, PER_KM(250)), 0, 0);
    course.speed = 4;
    course_start(&course);
    course_run(&course, 250);
    course.speed = 1000.0 / 243;
    course_run(&course, 490);
    course_expect(&course, 0,
                  "0.0 four kilometres at four ten\n"
                  "250.0 kilometre one, four ten\n"
                  "493.0 kilometre two, four oh three\n"
                  "736.0 kilometre three, four oh three\n");
}

Test(milestones, miles_where_the_step_is_run_by_them)
{
    run_alone(SECONDS(1200, PER_MILE(402)), 900);
    course_expect(&course, 0,
                  "0.0 twenty minutes at six forty-two a mile\n"
                  "402.3 mile one, six forty-two\n"
                  "600.0 halfway, on pace\n"
                  "804.7 mile two, six forty-two\n");
}

// A pause stops its clock, and it is not told of what nobody measured well.
Test(milestones, a_kilometre_in_doubt_is_counted_and_not_told)
{
    course.coach.config.silent = 1u << CUE_DRIFT | 1u << CUE_SAFETY | 1u << CUE_PROGRESS;
    run_alone(SECONDS(3000, UNPACED), 100);
    course_pause(&course);
    course_run(&course, 60);
    course_resume(&course);
    course_run(&course, 200);
    course.confidence = 0.3;
    course_run(&course, 220);
    course.confidence = 0.9;
    course_run(&course, 500);
    course_expect(&course, 0,
                  "0.0 fifty minutes\n"
                  "310.0 kilometre one, four ten\n"
                  "810.0 kilometre three, four ten\n"
                  "1060.0 kilometre four, four ten\n");
}

static void expect_no_kilometre(Leg leg)
{
    course_init(&course);
    run_alone(leg, 580);
    for (size_t i = 0; i < course.count; i++)
        cr_expect(course.said[i].cue.kind != CUE_KILOMETRE, "%s", course.said[i].cue.text);
}

Test(milestones, short_steps_and_rests_have_no_kilometres)
{
    expect_no_kilometre(METRES(1600, PER_KM(250)));
    expect_no_kilometre(SECONDS(590, PER_KM(250)));
    expect_no_kilometre(REST(1200));
}

// Who wants none of them has halfway in its place.
Test(milestones, kilometres_can_be_switched_off)
{
    course.coach.config.silent = 1u << CUE_KILOMETRE;
    run_alone(METRES(4000, PER_KM(250)), 760);
    course_expect(&course, 0,
                  "0.0 four kilometres at four ten\n"
                  "500.0 halfway, on pace\n");
}

// The two know nothing of each other.
Test(milestones, laps_of_a_free_run_are_told)
{
    plan_free_run(&course.plan);
    course.speed = 4;
    course_start(&course);
    course_run(&course, 300);
    course_command(&course, STEP_LAPPED);
    course_run(&course, 20); // too short for a pace
    course_command(&course, STEP_LAPPED);
    course_run(&course, 30);
    course.pod_on = false; // its time is known, its pace no more
    course_run(&course, 300);
    course_command(&course, STEP_LAPPED);
    course_run(&course, 10);
    course_command(&course, STEP_SKIPPED);
    course_run(&course, 10);
    course_expect(&course, 0,
                  "0.0 free run\n"
                  "250.0 kilometre one, four ten\n"
                  "300.0 lap one, five flat. Four ten a kilometre\n"
                  "320.0 lap two, twenty\n"
                  "360.0 foot pod lost. Going by feel\n"
                  "650.0 lap three, five thirty\n");
}
