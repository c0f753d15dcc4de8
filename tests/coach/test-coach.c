// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Scripted runs: what is said, and when.

#include "course.h"

static Course course;

static void setup(void)
{
    course_init(&course);
}

TestSuite(coach, .init = setup, .timeout = 60);

static void kilometre_then(Leg next)
{
    course_add(&course, METRES(1000, PER_KM(250)), 0, 0);
    course_add(&course, next, 0, 0);
    course.speed = 4;
    course_start(&course);
}

Test(coach, kilometres_with_rests)
{
    course_add(&course, SECONDS(120, PER_KM(360)), 0, 0);
    for (unsigned r = 1; r <= 2; r++) {
        course_add(&course, METRES(1000, PER_KM(290)), r, 2);
        course_add(&course, REST(130), r, 2);
    }
    course_add(&course, SECONDS(60, PER_KM(360)), 0, 0);
    course.speed = 1000.0 / 360;
    course_start(&course);
    course_run(&course, 120);
    course.speed = 1000.0 / 292;
    course_run(&course, 292);
    course.speed = 1;
    course_run(&course, 131);
    course.speed = 1000.0 / 290;
    course_run(&course, 290);
    course.speed = 1000.0 / 360;
    course_run(&course, 300);
    course_expect(&course, 0,
                  "0.0 first: two minutes at six flat\n"
                  "60.0 halfway, on pace\n"
                  "90.0 thirty seconds to go\n"
                  "110.0 in ten: one kilometre at four fifty. One of two\n"
                  "117.0 three\n"
                  "118.0 two\n"
                  "119.0 one\n"
                  "120.0 go\n"
                  "266.2 halfway, on pace\n"
                  "353.8 two hundred to go\n"
                  "409.2 three\n"
                  "410.2 two\n"
                  "411.2 one\n"
                  "412.2 four fifty-two, two over. Rest two minutes ten\n"
                  "512.2 thirty seconds to go\n"
                  "532.2 in ten: one kilometre at four fifty. Two of two\n"
                  "539.2 three\n"
                  "540.2 two\n"
                  "541.2 one\n"
                  "542.2 go\n"
                  "688.5 halfway, on pace\n"
                  "775.5 two hundred to go\n"
                  "830.5 three\n"
                  "831.5 two\n"
                  "832.5 one\n"
                  "833.5 four fifty-one, one over. Rest two minutes ten\n"
                  "933.5 thirty seconds to go\n"
                  "953.5 in ten: one minute at six flat\n"
                  "960.5 three\n"
                  "961.5 two\n"
                  "962.5 one\n"
                  "963.5 easy now\n"
                  "1013.5 ten seconds to go\n"
                  "1020.5 three\n"
                  "1021.5 two\n"
                  "1022.5 one\n"
                  "1023.5 done. Three kilometres in seventeen minutes three. Five forty-two a "
                  "kilometre. Heart one fifty-two\n");
}

Test(coach, two_hundreds_by_the_mile)
{
    course_add(&course, METRES(1600, PER_KM(224)), 0, 0);
    for (unsigned r = 1; r <= 2; r++) {
        course_add(&course, METRES(200, PER_MILE(420)), r, 10);
        course_add(&course, REST(84), r, 10);
    }
    course.speed = 1000.0 / 224;
    course_start(&course);
    course_run(&course, 358.4);
    course.speed = 1609.344 / 430;
    course_run(&course, 54);
    course.speed = 0;
    course_run(&course, 83);
    course.speed = 1609.344 / 400;
    course_run(&course, 200);
    course_expect(&course, 0,
                  "0.0 first: one point six kilometres at three forty-four a kilometre\n"
                  "179.2 halfway, on pace\n"
                  "313.6 two hundred to go\n"
                  "348.4 in ten: two hundred metres at seven flat a mile. One of ten\n"
                  "355.4 three\n"
                  "356.4 two\n"
                  "357.4 one\n"
                  "358.4 go\n"
                  "358.8 five fifty-eight, on target\n"
                  "398.4 fifty to go\n"
                  "408.7 ♪ count\n"
                  "409.7 ♪ count\n"
                  "410.7 ♪ count\n"
                  "411.7 fifty-three, one over. Rest eighty-four seconds\n"
                  "485.7 in ten: two hundred metres at seven flat a mile. Two of ten\n"
                  "492.7 three\n"
                  "493.7 two\n"
                  "494.7 one\n"
                  "495.7 go\n"
                  "505.7 easy now, seven flat\n"
                  "525.7 easy now\n"
                  "542.7 three\n"
                  "543.7 two\n"
                  "544.7 one\n"
                  "545.7 fifty. Rest eighty-four seconds\n"
                  "626.7 three\n"
                  "627.7 two\n"
                  "628.7 one\n"
                  "629.7 done. Two point three kilometres in ten minutes thirty. Four twenty-nine "
                  "a kilometre. Heart one fifty-two\n");
}

Test(coach, strides_and_short_rests)
{
    for (unsigned r = 1; r <= 2; r++) {
        course_add(&course, SECONDS(20, PER_KM(180)), r, 2);
        course_add(&course, REST(10), r, 2);
    }
    for (unsigned r = 1; r <= 3; r++)
        course_add(&course, SECONDS(30, PER_KM(180)), r, 3);
    course_add(&course, SECONDS(3, PER_KM(180)), 0, 0);
    course_add(&course, SECONDS(5, PER_KM(240)), 0, 0);
    course.speed = 1000.0 / 180;
    course_start(&course);
    course_run(&course, 200);
    course_expect(
        &course, 0,
        "0.0 first: twenty seconds at three flat. One of two\n"
        "10.0 ten seconds to go\n"
        "17.0 three\n"
        "18.0 two\n"
        "19.0 one\n"
        "20.0 rest ten seconds\n"
        "21.3 next: twenty seconds at three flat. Two of two\n"
        "27.0 ♪ count\n"
        "28.0 ♪ count\n"
        "29.0 ♪ count\n"
        "30.0 ♪ go\n"
        "47.0 ♪ count\n"
        "48.0 ♪ count\n"
        "49.0 ♪ count\n"
        "50.0 rest ten seconds\n"
        "57.0 ♪ count\n"
        "58.0 ♪ count\n"
        "59.0 ♪ count\n"
        "60.0 ♪ go\n"
        "60.4 thirty seconds at three flat. One of three\n"
        "80.0 in ten: thirty seconds at three flat. Two of three\n"
        "87.0 three\n"
        "88.0 two\n"
        "89.0 one\n"
        "90.0 ♪ go\n"
        "110.0 in ten: thirty seconds at three flat. Three of three\n"
        "117.0 ♪ count\n"
        "118.0 ♪ count\n"
        "119.0 ♪ count\n"
        "120.0 ♪ go\n"
        "140.0 in ten: three seconds at three flat\n"
        "147.0 three\n"
        "148.0 two\n"
        "149.0 one\n"
        "150.0 go\n"
        "151.0 two\n"
        "152.0 one\n"
        "153.0 ♪ rest\n"
        "153.4 five seconds at four flat\n"
        "155.0 ♪ count\n"
        "156.0 ♪ count\n"
        "157.0 ♪ count\n"
        "158.3 done. Eight hundred and seventy-eight metres in two minutes thirty-eight\n");
}

Test(coach, by_hand)
{
    course_add(&course, OPEN_STEP, 0, 0);
    course_add(&course, METRES(1000, UNPACED), 1, 2);
    course_add(&course, REST(60), 1, 2);
    course_add(&course, METRES(1000, PER_KM(250)), 2, 2);
    course_add(&course, REST(60), 2, 2);
    course.speed = 4;
    course_start(&course);
    course_run(&course, 30);
    course_command(&course, STEP_LAPPED);
    course_run(&course, 30);
    course_command(&course, STEP_SKIPPED);
    course_run(&course, 25);
    course_command(&course, STEP_SKIPPED);
    course_run(&course, 15);
    course_pause(&course);
    course_run(&course, 60);
    course_resume(&course);
    course_run(&course, 40);
    course_command(&course, STEP_LAPPED);
    course_run(&course, 51);
    course_command(&course, STEP_LAPPED);
    course_run(&course, 20);
    course_expect(&course, 0,
                  "0.0 first: free run\n"
                  "30.0 one kilometre. One of two\n"
                  "60.0 rest one minute\n"
                  "85.0 one kilometre at four ten. Two of two\n"
                  "100.0 paused\n"
                  "160.0 resumed\n"
                  "200.0 rest one minute\n"
                  "251.0 done. Seven hundred and sixty-four metres in three minutes eleven. Four "
                  "ten a kilometre. Heart one fifty-two\n");
}

Test(coach, sensors_lost_and_back)
{
    kilometre_then(SECONDS(60, PER_KM(250)));
    course_run(&course, 30);
    course.pod_on = false;
    course_run(&course, 30);
    course.pod_on = true;
    course_run(&course, 10);
    course.pod_on = false;
    course_run(&course, 30);
    course.strap_on = false;
    course_run(&course, 30);
    course_pause(&course);
    course.pod_on = course.strap_on = true;
    course_run(&course, 30);
    course_resume(&course);
    course_run(&course, 200);
    course_expect(&course, 0,
                  "0.0 first: one kilometre at four ten\n"
                  "40.0 foot pod lost. Going by feel\n"
                  "64.0 foot pod back\n"
                  "100.0 foot pod lost. Going by feel\n"
                  "110.0 heart strap lost\n"
                  "130.0 paused\n"
                  "160.0 resumed\n"
                  "160.7 foot pod back\n"
                  "161.8 heart strap back\n"
                  "230.0 two hundred to go\n"
                  "270.0 in ten: one minute at four ten\n"
                  "277.0 three\n"
                  "278.0 two\n"
                  "279.0 one\n"
                  "280.0 go\n"
                  "330.0 ten seconds to go\n"
                  "337.0 three\n"
                  "338.0 two\n"
                  "339.0 one\n"
                  "340.0 done. Five minutes ten. Heart one fifty-two\n");
}

Test(coach, a_rest_that_follows_a_rest_is_announced_and_not_counted_down_to)
{
    course_add(&course, SECONDS(20, UNPACED), 1, 1);
    course_add(&course, REST(45), 1, 1);
    course_add(&course, REST(120), 0, 0);
    course.speed = 4;
    course_start(&course);
    course_run(&course, 160);
    course_expect(&course, 5,
                  "20.0 rest forty-five seconds\n"
                  "55.0 in ten: rest two minutes\n"
                  "155.0 thirty seconds to go\n");
}

Test(coach, a_voice_with_latency)
{
    coach_voice_latency(&course.coach, 300 * USEC_PER_MSEC);
    course.latency = 300 * USEC_PER_MSEC;
    course_add(&course, SECONDS(60, UNPACED), 0, 0);
    kilometre_then(REST(30));
    course_run(&course, 400);
    course_expect(&course, 0,
                  "0.0 first: one minute\n"
                  "49.7 in ten: one kilometre at four ten\n"
                  "56.7 three\n"
                  "57.7 two\n"
                  "58.7 one\n"
                  "59.7 go\n"
                  "184.7 halfway, on pace\n"
                  "259.7 two hundred to go\n"
                  "306.7 three\n"
                  "307.7 two\n"
                  "308.7 one\n"
                  "310.0 four ten, on target. Rest thirty seconds\n"
                  "336.7 three\n"
                  "337.7 two\n"
                  "338.7 one\n"
                  "340.0 done. One point four kilometres in five minutes forty. Four ten a "
                  "kilometre. Heart one fifty-two\n");
}

// The announcement is cut by the countdown, so the step is told again when it begins.
Test(coach, a_slow_voice)
{
    course.voice_pace = 2;
    course_add(&course, SECONDS(60, UNPACED), 0, 0);
    course_add(&course, METRES(1600, PER_MILE(456)), 1, 2);
    course.speed = 3.5;
    course_start(&course);
    course_run(&course, 80);
    cr_expect(eq(u32, course.said[2].hushed, course.said[1].cue.id));
    course_expect(&course, 0,
                  "0.0 first: one minute\n"
                  "50.0 in ten: one point six kilometres at seven thirty-six a mile. One of two\n"
                  "57.0 three\n"
                  "58.0 two\n"
                  "59.0 one\n"
                  "60.0 go\n"
                  "60.7 one point six kilometres at seven thirty-six a mile. One of two\n");
}

Test(coach, a_voice_that_reports_nothing)
{
    course.voice_silent = true;
    course_add(&course, SECONDS(60, UNPACED), 0, 0);
    kilometre_then(REST(30));
    course_run(&course, 400);
    course_expect(&course, 0,
                  "0.0 first: one minute\n"
                  "50.0 in ten: one kilometre at four ten\n"
                  "57.0 three\n"
                  "58.0 two\n"
                  "59.0 one\n"
                  "60.0 go\n"
                  "185.0 halfway, on pace\n"
                  "260.0 two hundred to go\n"
                  "307.0 three\n"
                  "308.0 two\n"
                  "309.0 one\n"
                  "310.0 four ten, on target. Rest thirty seconds\n"
                  "337.0 three\n"
                  "338.0 two\n"
                  "339.0 one\n"
                  "340.0 done. One point four kilometres in five minutes forty. Four ten a "
                  "kilometre. Heart one fifty-two\n");
}

Test(coach, a_boundary_that_moves)
{
    kilometre_then(SECONDS(60, PER_KM(250)));
    course_run(&course, 243);
    course.speed = 1;
    course_run(&course, 4);
    course.speed = 5;
    course_run(&course, 2);
    course.speed = 1;
    course_run(&course, 40);
    course_expect(&course, 0,
                  "0.0 first: one kilometre at four ten\n"
                  "125.0 halfway, on pace\n"
                  "200.0 two hundred to go\n"
                  "240.0 in ten: one minute at four ten\n"
                  "249.0 three\n"
                  "258.0 two\n"
                  "259.0 one\n"
                  "260.0 go\n"
                  "260.4 four twenty, ten over\n");
}

Test(coach, stopped_without_a_pod)
{
    course.pod_on = course.strap_on = false;
    course_add(&course, OPEN_STEP, 0, 0);
    course_start(&course);
    course_run(&course, 754);
    course_end_step(&course, STEP_STOPPED, course.now);
    course_hear(&course);
    course_expect(&course, 0,
                  "0.0 free run\n"
                  "754.0 stopped. Twelve minutes thirty-four\n");
}

Test(coach, a_pause_silences_the_countdown_and_resuming_goes_on)
{
    course_add(&course, SECONDS(60, UNPACED), 0, 0);
    kilometre_then(REST(30));
    course_run(&course, 58.1);
    course_pause(&course);
    course_run(&course, 100);
    course_resume(&course);
    course_run(&course, 5);
    course_expect(&course, 1,
                  "50.0 in ten: one kilometre at four ten\n"
                  "57.0 three\n"
                  "58.0 two\n"
                  "58.1 paused\n"
                  "158.1 resumed\n"
                  "159.0 ♪ count\n"
                  "160.0 go\n");
    cr_expect(eq(u32, course.said[4].hushed, course.said[3].cue.id));
}

Test(coach, no_correction_without_a_confident_speed)
{
    kilometre_then(REST(30));
    course.speed = 3;
    course.confidence = 0.4;
    course_run(&course, 100);
    course_expect(&course, 1, "");
    course.confidence = 0.6;
    course_run(&course, 60);
    course_expect(&course, 1,
                  "105.0 push a little harder, four ten\n"
                  "125.0 push a little harder\n");
}

// What counts is how the stretch was seen, not the moment that it ends with.
Test(coach, no_split_or_mean_of_what_was_not_seen_with_confidence)
{
    kilometre_then(REST(30));
    course_run(&course, 240);
    course.confidence = 0.1;
    course_run(&course, 15);
    course_expect(&course, 6, "250.0 four ten, on target. Rest thirty seconds\n");
    course_init(&course);
    kilometre_then(REST(30));
    course.confidence = 0.3;
    course_run(&course, 230);
    course.confidence = 0.9;
    course_run(&course, 60);
    course_expect(&course, 6,
                  "250.0 rest thirty seconds\n"
                  "277.0 three\n"
                  "278.0 two\n"
                  "279.0 one\n"
                  "280.0 done. Four minutes forty. Heart one fifty-two\n");
}

// A rest, a jog at will: whatever the speed, there is nothing to correct.
Test(coach, no_correction_where_there_is_no_target)
{
    course_add(&course, REST(300), 0, 0);
    course_add(&course, SECONDS(300, UNPACED), 0, 0);
    course.speed = 2;
    course_start(&course);
    course_run(&course, 150);
    course.speed = 5;
    course_run(&course, 300);
    for (size_t i = 0; i < course.count; i++)
        cr_expect(ne(int, (int)course.said[i].cue.kind, (int)CUE_DRIFT));
}

// Fast and slow by turns every nine seconds would make twelve words a minute.
Test(coach, a_nervous_runner_is_not_nagged)
{
    kilometre_then(REST(30));
    for (int i = 0; i < 24; i++) {
        course.speed = i % 2 ? 4.0 : i % 4 ? 3.6 : 4.4;
        course_run(&course, 9);
    }
    course_expect(&course, 0,
                  "0.0 first: one kilometre at four ten\n"
                  "22.0 push a little harder, four ten\n"
                  "30.0 hold steady\n"
                  "58.0 push a little harder\n"
                  "66.0 hold steady\n"
                  "94.0 push a little harder, four ten\n"
                  "102.0 hold steady\n"
                  "124.1 halfway, on pace\n"
                  "148.0 easy now\n"
                  "156.0 hold steady\n"
                  "199.1 two hundred to go\n"
                  "202.5 push a little harder, four ten\n"
                  "210.5 hold steady\n");
}

Test(coach, the_end_of_a_run_leaves_nothing_to_wait_for)
{
    kilometre_then(SECONDS(20, UNPACED));
    course_run(&course, 300);
    cr_assert(course.finished);
    cr_expect(coach_deadline(&course.coach) == USEC_NEVER);
}

// A second run in the same sitting starts afresh: what was lost in the first is not news.
Test(coach, a_second_run)
{
    kilometre_then(SECONDS(20, PER_KM(250)));
    course_run(&course, 100);
    course.strap_on = false;
    course_run(&course, 50);
    course_end_step(&course, STEP_STOPPED, course.now);
    course_hear(&course);
    course_run(&course, 60);
    size_t before = course.count;
    course.metres = 0;
    course_start(&course);
    course_run(&course, 30);
    course_expect(&course, before, "0.0 first: one kilometre at four ten\n");
}

Test(coach, kinds_have_their_names)
{
    static const char *const names[] = {"safety", "step",     "countdown", "split",
                                        "drift",  "progress", "summary"};
    for (size_t kind = 0; kind < sizeof names / sizeof *names; kind++)
        cr_expect(eq(str, (char *)cue_kind_name((CueKind)kind), (char *)names[kind]));
}

Test(coach, nonsense_latency_is_bounded)
{
    coach_voice_latency(&course.coach, -5);
    cr_expect(course.coach.latency == 0);
    coach_voice_latency(&course.coach, 3600 * USEC_PER_SEC);
    cr_expect(course.coach.latency == 2 * USEC_PER_SEC);
}

// Four per cent slow: told on a plan of one pace, not in the warm-up of a faster one.
Test(coach, easy_running_is_given_more_room)
{
    for (int faster = 0; faster < 2; faster++) {
        course_init(&course);
        course_add(&course, SECONDS(100, PER_KM(360)), 0, 0);
        course_add(&course, METRES(1000, PER_KM(faster ? 300 : 360)), 0, 0);
        course.plan.item_count = 2;
        course.plan.items[0].step = course.plan.steps[0].step;
        course.plan.items[1].step = course.plan.steps[1].step;
        course.speed = 1000.0 / 360 * 0.96;
        course_start(&course);
        size_t from = course.count;
        course_run(&course, 60);
        course_expect(&course, from,
                      faster ? ""
                             : "10.0 push a little harder, six flat\n30.0 push a little harder\n");
    }
}

Test(coach, a_slow_voice_begins_earlier)
{
    course.words_a_minute = 80;
    coach_init(&course.coach, &(CoachConfig){&course.phrases, 0.03, 80});
    course_add(&course, SECONDS(60, PER_KM(360)), 0, 0);
    course_add(&course, METRES(1000, PER_KM(290)), 1, 2);
    course.speed = 1000.0 / 360;
    course_start(&course);
    size_t from = course.count;
    course_run(&course, 61);
    course_expect(&course, from,
                  "45.0 in fifteen: one kilometre at four fifty. One of two\n"
                  "57.0 ♪ count\n"
                  "58.0 ♪ count\n"
                  "59.0 ♪ count\n"
                  "60.0 ♪ go\n");
}

Test(coach, a_correction_waits_for_the_end_of_a_sentence)
{
    course_add(&course, SECONDS(120, PER_KM(250)), 0, 0);
    course.speed = 4;
    course_start(&course);
    course_run(&course, 56);
    course.speed = 4.4;
    size_t from = course.count;
    course_run(&course, 10);
    course_expect(&course, from, "60.0 halfway\n62.7 easy now, four ten\n");
}

Test(coach, the_split_that_ends_a_run_is_told)
{
    course_add(&course, METRES(1000, PER_KM(250)), 0, 0);
    course_add(&course, REST(60), 0, 0);
    course_add(&course, METRES(400, PER_KM(240)), 0, 0);
    course.coach.config.verbosity = VERBOSITY_NORMAL;
    course.speed = 4;
    course_start(&course);
    course_run(&course, 415);
    course_expect(&course, course.count - 1,
                  "410.4 one forty, four over. Done. One point six kilometres in six minutes "
                  "fifty. Four ten a kilometre. Heart one fifty-two\n");
}
