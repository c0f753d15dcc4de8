// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// With what tone a step begins.

#include "coach/approach.h"

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
}

TestSuite(approach, .init = setup);

static void expect_tones(const char *expected)
{
    char tones[PLAN_STEPS_MAX + 1] = "";
    for (size_t i = 0; i < course.plan.step_count; i++)
        tones[i] = approach_tone(&course.plan, i) == TONE_GO ? '+' : '-';
    cr_expect(eq(str, tones, (char *)expected));
    course.plan.step_count = course.plan.item_count = 0;
}

static Target in_heart(uint16_t low, uint16_t high)
{
    return (Target){.kind = TARGET_HEART, .scale = HEART_BPM, .low = low, .high = high};
}

// Whatever else there is in the plan: up is faster from here, down is slower.
Test(approach, a_step_begins_with_the_tone_of_what_changes)
{
    const Target easy = in_heart(120, 130), harder = in_heart(140, 150);
    // a progression, that is easy beside its end
    course_add(&course, METRES(4000, PER_KM(345)), 0, 0);
    course_add(&course, METRES(4000, PER_KM(315)), 0, 0);
    course_add(&course, METRES(4000, PER_KM(285)), 0, 0);
    course_add(&course, METRES(1000, PER_KM(345)), 0, 0);
    expect_tones("+++-");
    // over and under, before the rest as well
    for (unsigned i = 1; i <= 2; i++) {
        course_add(&course, SECONDS(60, PER_KM(280)), i, 2);
        course_add(&course, SECONDS(60, PER_KM(310)), i, 2);
    }
    course_add(&course, REST(180), 0, 0);
    expect_tones("+-+--");
    // a set that is slower than what comes before it
    course_add(&course, METRES(1600, PER_KM(224)), 0, 0);
    course_add(&course, METRES(200, PER_KM(261)), 1, 2);
    course_add(&course, REST(84), 1, 2);
    course_add(&course, METRES(200, PER_KM(261)), 2, 2);
    course_add(&course, REST(84), 2, 2);
    expect_tones("++-+-");
    // the way home after a rest
    course_add(&course, METRES(2000, PER_KM(360)), 0, 0);
    course_add(&course, METRES(400, PER_KM(250)), 1, 2);
    course_add(&course, REST(60), 1, 2);
    course_add(&course, METRES(400, PER_KM(252)), 2, 2);
    course_add(&course, REST(60), 2, 2);
    course_add(&course, METRES(1000, PER_KM(360)), 0, 0);
    expect_tones("++-+--");
    // a stride, and back to what is no slower than anything
    for (unsigned i = 1; i <= 2; i++) {
        course_add(&course, SECONDS(20, UNPACED), i, 2);
        course.plan.steps[course.plan.step_count - 1].stride = 1;
        course_add(&course, SECONDS(60, PER_KM(330)), i, 2);
    }
    expect_tones("+-+-");
    course_add_target(&course, SECONDS(600, UNPACED).step, &easy, 0, 0);
    course_add_target(&course, SECONDS(600, UNPACED).step, &harder, 0, 0);
    course_add_target(&course, SECONDS(600, UNPACED).step, &easy, 0, 0);
    expect_tones("++-");
}
