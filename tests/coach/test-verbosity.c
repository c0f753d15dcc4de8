// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is left of a scripted run at each verbosity, with kinds switched off, and why the coach
// keeps silent.

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
}

TestSuite(verbosity, .init = setup, .timeout = 60);

static void listen(Verbosity verbosity, unsigned silent)
{
    course.coach.config.verbosity = verbosity;
    course.coach.config.silent = silent;
}

static void a_kilometre_that_begins_too_fast(void)
{
    course_add(&course, SECONDS(60, PER_KM(360)), 0, 0);
    course_add(&course, METRES(1000, PER_KM(250)), 1, 2);
    course_add(&course, REST(60), 1, 2);
    course_add(&course, METRES(1000, PER_KM(250)), 2, 2);
    course.speed = 1000.0 / 360;
    course_start(&course);
    course_run(&course, 60);
    course.speed = 4.4;
    course_run(&course, 25);
    course.speed = 4;
    course_run(&course, 225);
    course.speed = 1;
    course_run(&course, 30);
}

// A tone is told a quarter of a second ahead of the instant it is due at.
Test(verbosity, tones_count_down_at_every_boundary)
{
    listen(VERBOSITY_NORMAL, 0);
    a_kilometre_that_begins_too_fast();
    course_expect(&course, 0,
                  "0.0 first: one minute at six flat\n"
                  "50.0 in ten: one kilometre at four ten. One of two\n"
                  "56.8 ♪ count\n"
                  "57.8 ♪ count\n"
                  "58.8 ♪ count\n"
                  "59.8 ♪ go\n"
                  "70.0 easy now, four ten\n"
                  "88.0 hold steady\n"
                  "182.8 halfway, on pace\n"
                  "257.8 two hundred to go\n"
                  "304.6 ♪ count\n"
                  "305.6 ♪ count\n"
                  "306.6 ♪ count\n"
                  "307.6 ♪ rest\n"
                  "308.2 four oh eight, two under. Rest one minute\n");
    for (size_t i = 0; i < course.count; i++) {
        const Cue *cue = &course.said[i].cue;
        if (cue->tone == TONE_GO)
            cr_expect(llabs(cue->due - course.step_at[1]) <= 50 * USEC_PER_MSEC);
        if (cue->tone == TONE_REST)
            cr_expect(llabs(cue->due - course.step_at[2]) <= 150 * USEC_PER_MSEC);
    }
}

Test(verbosity, terse_leaves_out_the_way)
{
    listen(VERBOSITY_TERSE, 0);
    a_kilometre_that_begins_too_fast();
    course_expect(&course, 0,
                  "0.0 first: one minute at six flat\n"
                  "50.0 next: one kilometre at four ten\n"
                  "56.8 ♪ count\n"
                  "57.8 ♪ count\n"
                  "58.8 ♪ count\n"
                  "59.8 ♪ go\n"
                  "70.0 easy now\n"
                  "88.0 hold steady\n"
                  "304.6 ♪ count\n"
                  "305.6 ♪ count\n"
                  "306.6 ♪ count\n"
                  "307.6 ♪ rest\n"
                  "308.2 four oh eight, two under. Rest one minute\n");
}

Test(verbosity, tones_only)
{
    listen(VERBOSITY_TONES, 0);
    a_kilometre_that_begins_too_fast();
    course_pause(&course);
    course_expect(&course, 0,
                  "0.0 ♪ go\n"
                  "56.8 ♪ count\n"
                  "57.8 ♪ count\n"
                  "58.8 ♪ count\n"
                  "59.8 ♪ go\n"
                  "70.0 ♪ slower\n"
                  "88.0 ♪ steady\n"
                  "304.6 ♪ count\n"
                  "305.6 ♪ count\n"
                  "306.6 ♪ count\n"
                  "307.6 ♪ rest\n"
                  "340.0 paused\n");
}

static void ask(void)
{
    CoachView view = course_view(&course);
    coach_status(&course.coach, &view);
    course_hear(&course);
}

Test(verbosity, whoever_asks_is_told_where_he_is)
{
    listen(VERBOSITY_TONES, 1u << CUE_STEP);
    a_kilometre_that_begins_too_fast();
    size_t from = course.count;
    ask(); // in the rest
    course_run(&course, 27.5);
    ask(); // no more in time for the countdown
    course_run(&course, 30);
    course.speed = 4;
    course_run(&course, 60);
    ask();
    course.confidence = 0.2;
    course_run(&course, 30);
    ask();
    course_run(&course, 10);
    course_expect(&course, from,
                  "340.0 one of two, rest, twenty-five seconds to go, heart one fifty\n"
                  "364.6 ♪ count\n"
                  "365.6 ♪ count\n"
                  "366.6 ♪ count\n"
                  "367.6 ♪ go\n"
                  "368.2 two of two, one kilometre to go, heart one fifty\n"
                  "457.5 two of two, seven hundred and fifty to go, four ten, heart one fifty\n"
                  "487.5 two of two, six hundred to go, heart one fifty\n");
}

// Earphones on Bluetooth: a tone that is due before it can be heard would be dropped as late.
Test(verbosity, a_tone_is_never_due_before_an_output_can_play_it)
{
    course.latency = 250 * USEC_PER_MSEC;
    coach_voice_latency(&course.coach, course.latency);
    listen(VERBOSITY_TONES, 0);
    a_kilometre_that_begins_too_fast();
    course_command(&course, STEP_LAPPED);
    size_t tones = 0;
    for (size_t i = 0; i < course.count; i++) {
        if (course.said[i].cue.form != FORM_EARCON)
            continue;
        tones++;
        cr_expect(course.said[i].cue.due >= course.said[i].at + course.latency);
    }
    cr_expect(gt(sz, tones, 10));
}

// An answer is owed, but not at the next step's cost.
Test(verbosity, who_asks_again_and_again_is_told_less_and_misses_nothing)
{
    listen(VERBOSITY_NORMAL, 0);
    course_add(&course, SECONDS(120, PER_KM(360)), 0, 0);
    course_add(&course, SECONDS(120, PER_KM(230)), 0, 0);
    course.speed = 1000.0 / 360;
    course_start(&course);
    course_run(&course, 70);
    const size_t from = course.count;
    for (int i = 0; i < 4; i++) {
        course_run(&course, 10);
        ask();
    }
    course_run(&course, 15);
    size_t answers = 0, steps = 0, full = 0;
    for (size_t i = from; i < course.count; i++) {
        answers += course.said[i].cue.kind == CUE_STATUS;
        full += course.said[i].cue.kind == CUE_STATUS && course.said[i].cue.form == FORM_FULL;
        steps += course.said[i].cue.kind == CUE_STEP;
    }
    cr_expect(gt(sz, answers, 2));
    cr_expect(lt(sz, full, answers));
    cr_expect(eq(sz, steps, 1));
}

Test(verbosity, kinds_can_be_switched_off)
{
    listen(VERBOSITY_NORMAL, 1u << CUE_DRIFT | 1u << CUE_COUNTDOWN | 1u << CUE_PROGRESS);
    a_kilometre_that_begins_too_fast();
    course_expect(&course, 0,
                  "0.0 first: one minute at six flat\n"
                  "50.0 in ten: one kilometre at four ten. One of two\n"
                  "307.8 four oh eight, two under. Rest one minute\n");
    CoachView view = course_view(&course);
    cr_expect(eq(int, coach_silence(&course.coach, &view), SILENCE_REST));
}

Test(verbosity, says_why_it_does_not_correct)
{
    listen(VERBOSITY_NORMAL, 0);
    course_add(&course, METRES(1000, PER_KM(250)), 0, 0);
    course_add(&course, REST(60), 0, 0);
    course.speed = 4;
    course_start(&course);
    static const struct {
        double run_s, speed, confidence;
        Silence silence;
    } cases[] = {
        {5, 4, 0.9, SILENCE_GRACE},          {10, 4, 0.9, SILENCE_ON_TARGET},
        {3, 4.4, 0.9, SILENCE_WAITING},      {5, 4.4, 0.9, SILENCE_WAITING},
        {3, 4, 0.3, SILENCE_LOW_CONFIDENCE}, {10, 3.7, 0.9, SILENCE_WAITING},
        {60, 3.7, 0.9, SILENCE_GAVE_UP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        course.speed = cases[i].speed;
        course.confidence = cases[i].confidence;
        course_run(&course, cases[i].run_s);
        CoachView view = course_view(&course);
        cr_expect(eq(str, (char *)silence_name(coach_silence(&course.coach, &view)),
                     (char *)silence_name(cases[i].silence)),
                  "%zu", i);
    }
    course_pause(&course);
    CoachView view = course_view(&course);
    cr_expect(eq(int, coach_silence(&course.coach, &view), SILENCE_NOT_RUNNING));
}

Test(verbosity, every_name_is_its_own)
{
    for (Silence one = 0; one < SILENCES; one++)
        for (Silence other = 0; other < one; other++)
            cr_expect(strcmp(silence_name(one), silence_name(other)) != 0);
    for (Tone tone = TONE_NONE + 1; tone < TONE_COUNT_OF; tone++)
        cr_expect(strlen(tone_name(tone)) > 1);
    for (CueWhy why = 0; why < CUE_WHY_COUNT; why++)
        cr_expect(strlen(cue_why_name(why)) > 1);
    for (Verbosity verbosity = 0; verbosity < VERBOSITIES; verbosity++) {
        Verbosity again;
        cr_expect(verbosity_from_name(verbosity_name(verbosity), &again) && again == verbosity);
    }
    Verbosity none;
    cr_expect(verbosity_from_name("loud", &none) == false);
    cr_expect(eq(str, (char *)cue_form_name(FORM_FULL), (char *)"full"));
    cr_expect(eq(str, (char *)cue_form_name(FORM_SHORT), (char *)"short"));
    cr_expect(eq(str, (char *)cue_form_name(FORM_EARCON), (char *)"earcon"));
}
