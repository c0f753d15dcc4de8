// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is said of steps, laps and runs, and what is better left out.

#include "coach/script.h"

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
}

TestSuite(script, .init = setup);

static void expect_step(size_t step, bool repetition, const char *expected)
{
    Words words = script_step(&course.phrases, &course.plan, step, repetition);
    cr_expect(eq(str, words.text, (char *)expected));
}

Test(script, steps)
{
    Leg open = OPEN_STEP, pause = OPEN_STEP;
    open.pace = PER_MILE(525);
    pause.step.kind = STEP_REST;
    course_add(&course, open, 0, 0);
    course_add(&course, pause, 0, 0);
    course_add(&course, METRES(1000, PER_KM(290)), 1, 2);
    course_add(&course, METRES(200, PER_KM(360)), 1, 2);
    course_add(&course, METRES(1000, PER_KM(290)), 2, 2);
    course_add(&course, METRES(200, PER_KM(360)), 2, 2);
    course_add(&course, SECONDS(60, UNPACED), 1, 1);
    expect_step(0, true, "run at eight forty-five a mile");
    expect_step(1, true, "rest");
    expect_step(2, true, "one kilometre at four fifty a kilometre. one of two");
    expect_step(3, true, "two hundred metres at six flat a kilometre");
    expect_step(4, true, "one kilometre at four fifty a kilometre. two of two");
    expect_step(4, false, "one kilometre at four fifty a kilometre");
    expect_step(6, true, "one minute");
}

// Who has heard it twice knows it.
Test(script, a_note_is_told_in_the_first_two_repetitions)
{
    static const char note[] = "quick and tall";
    uint16_t at;
    plan_clear(&course.plan);
    cr_assert(plan_add_note(&course.plan, note, sizeof note - 1, &at));
    for (unsigned i = 1; i <= 3; i++) {
        course_add(&course, METRES(200, UNPACED), i, 3);
        course.plan.items[i - 1].note = at;
    }
    expect_step(1, true, "two hundred metres. two of three. quick and tall");
    expect_step(2, true, "two hundred metres. three of three");
}

// In the unit of the belt, and corrected in it.
Test(script, what_is_written_in_kilometres_an_hour_is_told_in_them)
{
    const TargetPoint slow = {.kind = POINT_SPEED, .unit = PACE_PER_KM, .number = 95},
                      fast = {.kind = POINT_SPEED, .unit = PACE_PER_KM, .number = 100};
    const Target at = {.kind = TARGET_AT, .from = slow},
                 range = {.kind = TARGET_RANGE, .from = slow, .to = fast};
    const Step step = SECONDS(300, UNPACED).step;
    course_add_target(&course, step, &at, 0, 0);
    course_add_target(&course, step, &range, 0, 0);
    expect_step(0, true, "five minutes, nine point five kilometres an hour");
    expect_step(1, true, "five minutes, nine point five to ten kilometres an hour");
    Words push = script_correction(&course.phrases, &course.plan, 0, PHRASE_PUSH, false, 9.5 / 3.6);
    cr_expect(eq(str, push.text, (char *)"push a little harder, nine point five"));
}

// As it is said on a track, unless the step is no longer as long.
Test(script, a_time_for_the_step_is_told_as_one)
{
    const Target at = {.kind = TARGET_AT,
                       .from = {.kind = POINT_SPLIT, .number = 90, .distance_mm = 400000}};
    Target range = at, longer = at;
    range.kind = TARGET_RANGE;
    range.to = (TargetPoint){.kind = POINT_SPLIT, .number = 94, .distance_mm = 400000};
    longer.from = (TargetPoint){.kind = POINT_SPLIT, .number = 190, .distance_mm = 800000};
    course_add_target(&course, METRES(400, UNPACED).step, &at, 1, 2);
    course_add_target(&course, METRES(400, UNPACED).step, &range, 0, 0);
    course_add_target(&course, METRES(800, UNPACED).step, &longer, 0, 0);
    course_add_target(&course, METRES(1200, UNPACED).step, &at, 0, 0);
    expect_step(0, true, "four hundred metres in ninety. one of two");
    expect_step(1, true, "four hundred metres in ninety to ninety-four");
    expect_step(2, true, "eight hundred metres in three ten");
    expect_step(3, true, "one point two kilometres at three forty-five");
}

Test(script, splits)
{
    course_add(&course, METRES(1000, PER_KM(290)), 1, 5);
    course_add(&course, SECONDS(180, PER_KM(240)), 1, 5);
    course_add(&course, SECONDS(180, PER_KM(240)), 0, 0);
    course_add(&course, METRES(5000, UNPACED), 0, 0);
    course_add(&course, SECONDS(180, UNPACED), 1, 5);
    course_add(&course, METRES(200, PER_MILE(420)), 1, 5);
    const struct {
        uint16_t step;
        StepOutcome outcome;
        StepKind kind;
        double seconds, speed;
        const char *text;
    } cases[] = {
        {0, STEP_COMPLETED, STEP_WORK, 292, 1000.0 / 292, "four fifty-two, two over"},
        {0, STEP_COMPLETED, STEP_WORK, 289.4, 3.45, "four forty-nine, one under"},
        {0, STEP_COMPLETED, STEP_WORK, 290.3, 3.44, "four fifty, on target"},
        {0, STEP_COMPLETED, STEP_WORK, 420, 2.38, "seven flat, two ten over"},
        {0, STEP_LAPPED, STEP_WORK, 100, 4, ""},
        {0, STEP_SKIPPED, STEP_WORK, 100, 4, ""},
        {0, STEP_COMPLETED, STEP_REST, 292, 3, ""},
        {0, STEP_COMPLETED, STEP_WORK, 292, NAN, ""},
        {0, STEP_COMPLETED, STEP_WORK, 2920, 0.3, ""},
        {0, STEP_COMPLETED, STEP_WORK, 29, 30, ""},
        {1, STEP_COMPLETED, STEP_WORK, 180, 1000.0 / 244, "average four oh four, four over"},
        {1, STEP_COMPLETED, STEP_WORK, 30, 3.5, ""}, // the start, and the pod's delay
        {2, STEP_COMPLETED, STEP_WORK, 180, 4, ""},
        {3, STEP_COMPLETED, STEP_WORK, 1500, 3.33, "twenty-five flat"},
        {4, STEP_COMPLETED, STEP_WORK, 180, 4, ""},
        {5, STEP_COMPLETED, STEP_WORK, 53.2, 3.76, "fifty-three, one over"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Lap lap = {
            .step = cases[i].step,
            .outcome = cases[i].outcome,
            .kind = cases[i].kind,
            .duration = usec_from_s(cases[i].seconds),
            .speed_mps = cases[i].speed,
        };
        Words words = script_split(&course.phrases, &course.plan, &lap, false);
        cr_expect(eq(str, words.text, (char *)cases[i].text), "%zu", i);
    }
}

Test(script, laps_of_a_free_run)
{
    static const struct {
        double seconds, metres, speed;
        uint32_t number;
        const char *text;
    } cases[] = {
        {302, 1038, 3.4366, 1, "lap one, five oh two. four fifty-one a kilometre"},
        {86, 400, 4.65, 12, "lap twelve, eighty-six. three thirty-five a kilometre"},
        {20, 80, 4, 2, "lap two, twenty"},
        {3720, 9000, NAN, 3, "lap three, one hour two minutes"},
        {300, 100, 0.33, 4, "lap four, five flat"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Lap lap = {.duration = usec_from_s(cases[i].seconds),
                   .distance_m = cases[i].metres,
                   .speed_mps = cases[i].speed};
        Words words = script_lap(&course.phrases, &lap, cases[i].number);
        cr_expect(eq(str, words.text, (char *)cases[i].text), "%zu", i);
    }
}

Test(script, what_was_changed_of_a_workout_and_why)
{
    static const struct {
        Adaptation adaptation;
        const char *text;
    } cases[] = {
        {{ADAPT_SHORTEN, ADAPT_WHY_FADING, .rest_s = NAN, .duration_s = NAN, .distance_m = 800},
         "you're fading. next one only eight hundred metres"},
        {{ADAPT_SHORTEN, ADAPT_WHY_FADING, .goes_on = 1, .rest_s = NAN, .duration_s = NAN,
          .distance_m = 200},
         "you're fading. from now on two hundred metres"},
        {{ADAPT_SHORTEN, ADAPT_WHY_TIRED, .rest_s = NAN, .duration_s = 150, .distance_m = NAN},
         "you're tiring. next one only two minutes thirty"},
        {{ADAPT_REST_PLUS, ADAPT_WHY_SLOW, .rest_s = 30, .duration_s = NAN, .distance_m = NAN},
         "that one was slow. thirty seconds more rest"},
        {{ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .rest_s = 60, .duration_s = NAN,
          .distance_m = NAN},
         "heart rate still high. one minute more rest"},
        {{ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .heart_below = 140, .rest_s = 30,
          .duration_s = NAN, .distance_m = NAN},
         "heart rate still high. up to thirty seconds more rest"},
        {{ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .heart_below = 140, .again = 1, .rest_s = 30,
          .duration_s = NAN, .distance_m = NAN},
         "up to thirty seconds more rest"},
        {{ADAPT_DROP, ADAPT_WHY_FADING, .rest_s = NAN, .duration_s = NAN, .distance_m = NAN},
         "you're fading. one less to go"},
        {{ADAPT_DROP, ADAPT_WHY_FADING, .goes_on = 1, .rest_s = NAN, .duration_s = NAN,
          .distance_m = NAN},
         "you're fading. one less in the next set"},
        {{ADAPT_STOP, ADAPT_WHY_ALL_OUT, .rest_s = NAN, .duration_s = NAN, .distance_m = NAN},
         "you gave it all. that's the set. easy home"},
        {{ADAPT_ADD, ADAPT_WHY_STRONG, .on_offer = 1, .rest_s = NAN, .duration_s = NAN,
          .distance_m = 200},
         "looking strong. add two hundred metres? accept or leave it"},
        {{ADAPT_ADD, ADAPT_WHY_STRONG, .rest_s = NAN, .duration_s = NAN, .distance_m = 1000},
         "one kilometre added"},
        {{ADAPT_ADD, ADAPT_WHY_STRONG, .rest_s = NAN, .duration_s = NAN, .distance_m = 1609.344},
         "one mile added"},
        {{ADAPT_SHORTEN, ADAPT_WHY_FADING, .rest_s = NAN, .duration_s = NAN, .distance_m = 1600},
         "you're fading. next one only one point six kilometres"},
        {{ADAPT_STOP, ADAPT_WHY_FADING, .taken_back = 1, .rest_s = NAN, .duration_s = NAN,
          .distance_m = NAN},
         "as planned"},
        {{ADAPT_CONTINUE, ADAPT_WHY_NONE, .rest_s = NAN, .duration_s = NAN, .distance_m = NAN}, ""},
        {{ADAPT_UNDECIDED, ADAPT_WHY_NO_SPEED, .rest_s = NAN, .duration_s = NAN, .distance_m = NAN},
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Words words = script_adaptation(&course.phrases, &cases[i].adaptation);
        cr_expect(eq(str, words.text, (char *)cases[i].text), "%zu", i);
    }
}

static void expect_status(Engine *engine, size_t step, double metres, double seconds,
                          const char *expected)
{
    engine_start(engine, &course.plan, 0, 0);
    engine->step = step;
    engine->now = course.plan.steps[step].step;
    engine->step_m = metres;
    engine->step_active = usec_from_s(seconds);
    const StatusTold told = {.metres = NAN, .speed = NAN, .heart_rate = NAN};
    cr_expect(eq(str, script_status(&course.phrases, &course.plan, engine, &told).text,
                 (char *)expected));
}

// Never "zero to go" nor "one seconds"; of a rest that waits for the heart nobody knows.
Test(script, where_one_is)
{
    Engine engine;
    Leg pause = SECONDS(120, UNPACED), jog = SECONDS(180, UNPACED), mile = METRES(0, PER_MILE(420));
    pause.step.kind = jog.step.kind = STEP_REST;
    jog.step.measure = MEASURE_HEART;
    jog.step.manner = MANNER_JOG;
    jog.step.heart_below = 120;
    mile.step.distance_mm = 3 * 1609344;
    course_add(&course, METRES(1000, UNPACED), 3, 5);
    course_add(&course, pause, 3, 5);
    course_add(&course, jog, 3, 5);
    course_add(&course, SECONDS(1200, UNPACED), 0, 0);
    course_add(&course, mile, 0, 0);
    expect_status(&engine, 0, 600, 0, "three of five, four hundred to go");
    expect_status(&engine, 0, 996, 0, "three of five, ten to go");
    expect_status(&engine, 1, 0, 71, "three of five, rest, forty-five seconds to go");
    expect_status(&engine, 1, 0, 119.2, "three of five, rest, one second to go");
    expect_status(&engine, 2, 0, 71, "three of five, jog until heart one twenty");
    expect_status(&engine, 3, 0, 71, "eighteen minutes forty to go");
    expect_status(&engine, 4, 1609.344, 0, "two miles to go");
}

// Whose step is told in miles knows what its pace is by.
Test(script, a_mile_is_named_once)
{
    course_add(&course, METRES(0, PER_MILE(420)), 0, 0);
    course_add(&course, METRES(400, PER_MILE(360)), 0, 0);
    PlanStep *mile = &course.plan.steps[0];
    mile->step.distance_mm = mile->planned = 1609344;
    course.plan.items[0].written.unit = WRITTEN_MILES;
    expect_step(0, true, "one mile at seven flat");
    expect_step(1, true, "four hundred metres at six flat a mile");
    course_add(&course, METRES(1000, PER_KM(290)), 0, 0);
    expect_step(0, true, "one mile at seven flat a mile");
}

// Nobody warms up against the clock.
Test(script, the_way_there_and_home_have_no_split)
{
    course_add(&course, METRES(2000, PER_KM(360)), 0, 0);
    course_add(&course, METRES(5000, PER_KM(280)), 0, 0);
    course_add(&course, METRES(1000, PER_KM(390)), 0, 0);
    static const char *const splits[] = {"", "twenty-five flat, one forty over", ""};
    for (uint16_t i = 0; i < 3; i++) {
        const Lap lap = {.step = i,
                         .outcome = STEP_COMPLETED,
                         .kind = STEP_WORK,
                         .duration = 1500 * USEC_PER_SEC,
                         .speed_mps = 3};
        cr_expect(eq(str, script_split(&course.phrases, &course.plan, &lap, false).text,
                     (char *)splits[i]));
    }
}

Test(script, summaries)
{
    static const struct {
        double seconds, metres, heart_rate;
        PaceUnit unit;
        bool completed;
        const char *text;
    } cases[] = {
        {2400, 8190, 151.6, PACE_PER_KM, true,
         "done. eight point two kilometres in forty minutes. four fifty-three a kilometre. heart "
         "one fifty-two"},
        {2400, 8046.72, NAN, PACE_PER_MILE, true,
         "done. five miles in forty minutes. eight flat a mile"},
        {2400, NAN, NAN, PACE_PER_KM, false, "stopped. forty minutes"},
        {20, 60, NAN, PACE_PER_KM, false, "stopped. twenty seconds"},
        {0, 0, NAN, PACE_PER_KM, false, "stopped. zero seconds"},
        {2400, 800, NAN, PACE_PER_KM, true, "done. forty minutes"},
        {10, 800, NAN, PACE_PER_KM, true, "done. ten seconds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        RunTold told = {usec_from_s(cases[i].seconds), cases[i].metres, cases[i].heart_rate,
                        cases[i].unit, cases[i].completed};
        Words words = script_summary(&course.phrases, &told);
        cr_expect(eq(str, words.text, (char *)cases[i].text), "%zu", i);
    }
}

Test(script, the_unit_of_a_plan_is_that_of_its_first_pace)
{
    cr_expect(eq(int, (int)script_unit(&course.plan), (int)PACE_PER_KM));
    course_add(&course, REST(60), 0, 0);
    course_add(&course, METRES(200, PER_MILE(420)), 1, 5);
    course_add(&course, METRES(200, PER_KM(420)), 1, 5);
    cr_expect(eq(int, (int)script_unit(&course.plan), (int)PACE_PER_MILE));
}

static void expect_continued(Engine *engine, size_t step, double metres, Usec active,
                             const char *expected)
{
    engine_start(engine, &course.plan, 0, 0);
    engine->step = step;
    engine->now = course.plan.steps[step].step;
    engine->step_m = metres;
    engine->step_active = active;
    cr_expect(
        eq(str, script_continued(&course.phrases, &course.plan, engine).text, (char *)expected));
}

Test(script, who_goes_on_hears_what_is_left)
{
    Engine engine;
    Leg pause = SECONDS(120, UNPACED);
    pause.step.kind = STEP_REST;
    course_add(&course, METRES(1000, PER_KM(290)), 0, 0);
    course_add(&course, METRES(5000, UNPACED), 0, 0);
    course_add(&course, SECONDS(1200, UNPACED), 0, 0);
    course_add(&course, METRES(1000, PER_KM(290)), 1, 2);
    course_add(&course, pause, 1, 2);
    expect_continued(&engine, 0, 0, 0, "resuming. one kilometre at four fifty");
    expect_continued(&engine, 0, 413, 0, "resuming. six hundred metres at four fifty");
    expect_continued(&engine, 0, 995, 0, "resuming. ten metres at four fifty");
    expect_continued(&engine, 1, 1570, 0, "resuming. three point four kilometres");
    expect_continued(&engine, 2, 0, 333 * USEC_PER_SEC, "resuming. fourteen minutes twenty");
    expect_continued(&engine, 3, 400, 0,
                     "resuming, repetition one of two. six hundred metres at four fifty");
    expect_continued(&engine, 4, 0, 71 * USEC_PER_SEC,
                     "resuming, repetition one of two. rest forty-five seconds");
}
