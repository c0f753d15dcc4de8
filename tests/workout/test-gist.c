// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What kind of session a list of steps is, and how long it is for whom.

#include "workout/gist.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static Plan plan;

static Gist gist_of(const char *list, const Athlete *athlete)
{
    char text[2048];
    TextError error;
    snprintf(text, sizeof text, "Workout - Some\n\n%s", list);
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s: %u:%u: %s", list,
              error.line, error.column, error.text);
    if (athlete == NULL)
        return gist_of_plan(&plan, NULL, NULL);
    const AthleteModel model = athlete_model(athlete);
    return gist_of_plan(&plan, athlete, &model);
}

static Athlete runner_of(double race_m, double race_s)
{
    Athlete athlete = athlete_unknown();
    athlete.races[0] = (Race){.distance_m = race_m, .time_s = race_s, .maximal = true};
    athlete.race_count = 1;
    return athlete;
}

static const char *kinds_of(const Gist *gist)
{
    static char text[256];
    text[0] = '\0';
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (gist->kinds & 1U << kind)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s",
                     text[0] != '\0' ? " " : "", kind_name((WorkoutKind)kind));
    return text;
}

Test(gist, a_kind_follows_from_what_is_run)
{
    static const struct {
        const char *list, *kinds;
    } table[] = {
        // easy and long
        {"• 40min @ E\n", "easy"},
        {"• 40min run\n", "easy"},
        {"• 40min @ 6'30''/km\n", "easy"},
        {"• 45min @ HR zone 2\n", "easy"},
        {"• 45min @ HR < 140\n", "easy"},
        {"• 30min @ RPE 2-3\n", "easy"},
        {"• 20min @ 170-175 spm\n", "easy"},
        {"• 1h 30min @ E\n", "easy long"},
        {"• 16km @ E\n", "easy long"},
        {"• 70min @ E\n", "easy"},
        {"• 1h @ E\n• 25min @ M\n", "long threshold"},
        // threshold
        {"• 10min @ E\n• 20min @ T\n• 10min @ E\n", "threshold"},
        {"• 10min @ E\n• 20min @ HR 95-100% of threshold\n• 10min @ E\n", "threshold"},
        {"• 10min @ E\n• 20min @ HR 160-168\n• 10min @ E\n", "threshold"},
        {"• 10min @ E\n• 25min @ goal half marathon pace\n", "threshold"},
        {"• 10min @ E\n• 5 lots of:\n  • 6min @ T\n  • 1min rest\n", "threshold interval"},
        {"• 10min @ 6'30''/km\n• 5 lots of:\n  • 6min @ 5'00''/km\n  • 1min rest\n",
         "threshold interval"},
        {"• 10min @ E\n• 5min @ T\n• 10min @ E\n", "threshold"},
        // intervals
        {"• 10min @ E\n• 5 lots of:\n  • 1km @ I\n  • 400m jog\n", "interval"},
        {"• 12min @ 6'15''/km\n• 5 lots of:\n  • 1.0km @ 4'50''/km\n  • 2min rest\n", "interval"},
        {"• 10min @ 6'15''/km\n• 6 lots of:\n  • 400m @ 4'10''/km\n  • 400m @ 7'00''/km\n",
         "interval"},
        {"• 10min @ 150 W\n• 6 lots of:\n  • 3min @ 280 W\n  • 2min @ 140 W\n", "interval"},
        {"• 10min @ E\n• 3min @ 3km pace\n• 5min @ E\n", "interval"},
        // strides
        {"• 30min @ E with 6 strides of 20s\n", "easy strides"},
        {"• 15min @ 6'00''/km\n• 4 lots of:\n  • 30s @ 3'00''/km\n• 10min @ 6'00''/km\n",
         "easy strides"},
        {"• 15min @ E with 4 strides of 20s\n• 5 lots of:\n  • 1km @ I\n  • 400m jog\n",
         "interval"},
        {"• 10min @ E\n• 20 lots of:\n  • 100m @ R\n  • 100m jog\n", "interval"},
        // fartlek
        {"• 10min @ E\n• 8 lots of:\n  • 2min @ RPE 8\n  • 2min jog\n", "interval fartlek"},
        {"• 10min @ E\n• 8 lots of:\n  • 2min @ RPE 8\n  • 2min rest\n", "interval"},
        {"• 10min @ E\n• 4min @ 10km pace\n• 2min @ E\n• 1min @ I\n• 1min @ E\n• 3min @ T\n• 5min "
         "@ E\n",
         "interval fartlek"},
        {"• 10min @ E\n• 2 lots of:\n  • 8min @ T\n  • 1min jog\n  • 2min @ I\n  • 1min jog\n",
         "threshold interval"},
        {"• 15min @ E\n• 3 lots of:\n  • 3km @ T\n  • 3min jog\n• 30min @ E\n",
         "threshold interval"},
        // ladders
        {"• 10min @ E\n• ladder of 400m, 800m, 1200m and back:\n  • rung @ 5km pace\n  • 2min "
         "jog\n",
         "interval ladder"},
        {"• 10min @ E\n• 400m @ I\n• 2min rest\n• 800m @ I\n• 2min rest\n• 1200m @ I\n• 2min rest\n"
         "• 400m @ I\n",
         "interval ladder"},
        {"• 10min @ E\n• 400m @ I\n• 2min rest\n• 800m @ I\n• 2min rest\n• 400m @ I\n• 2min rest\n"
         "• 800m @ I\n",
         "interval"},
        // progressions
        {"• 20min @ E building to M\n", "threshold progression"},
        {"• 10min @ E\n• 5 lots of:\n  • 1km @ from 5km pace to 3km pace\n  • 400m jog\n",
         "interval progression"},
        {"• 10min @ 6'00''/km\n• 10min @ 5'30''/km\n• 10min @ 5'00''/km\n",
         "threshold progression"},
        {"• 10min @ RPE 3\n• 10min @ RPE 5\n• 10min @ RPE 7\n", "threshold progression"},
        // a time trial
        {"• 15min @ E\n• 1.0mi @ max\n• 10min @ E\n", "time-trial"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const Gist gist = gist_of(table[i].list, NULL);
        cr_expect_str_eq(kinds_of(&gist), table[i].kinds, "%s: %s", table[i].list, kinds_of(&gist));
    }
}

Test(gist, the_name_says_nothing)
{
    TextError error;
    const char *text = "Workout - Interval Ladder Time Trial\n- 40min @ E\n";
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error));
    const Gist gist = gist_of_plan(&plan, NULL, NULL);
    cr_assert_str_eq(kinds_of(&gist), "easy");
}

Test(gist, a_pace_of_numbers_is_hard_for_one_and_easy_for_another)
{
    const char *list = "• 10min @ 5'30''/km\n• 30min @ 4'45''/km\n";
    const Athlete fast = runner_of(5000, 17 * 60), slow = runner_of(5000, 24 * 60);
    Gist gist = gist_of(list, &fast);
    cr_expect_str_eq(kinds_of(&gist), "easy");
    gist = gist_of("• 10min @ 6'30''/km\n• 10min @ 5'20''/km\n", &slow);
    cr_expect_str_eq(kinds_of(&gist), "threshold");
}

Test(gist, a_length_is_exact_where_the_text_says_it)
{
    // 10 min at 5:00 and 1 km in 4:00, twice, with a rest that goes nowhere.
    const Gist gist =
        gist_of("• 10min @ 5'00''/km\n• 2 lots of:\n  • 1km @ 4'00''/km\n  • 2min rest\n", NULL);
    cr_expect(not(gist.s_guessed || gist.m_guessed));
    cr_expect(epsilon_eq(dbl, gist.s, 600 + 2 * 360, 1e-6));
    cr_expect(epsilon_eq(dbl, gist.m, 2000 + 2000, 1e-6));
}

Test(gist, what_has_no_pace_is_guessed_for_the_runner)
{
    const char *list = "• 2km @ E\n• 1km @ RPE 8\n• 400m jog\n• 1km @ 5km pace\n";
    const Athlete fast = runner_of(5000, 17 * 60), slow = runner_of(5000, 28 * 60);
    const Gist of_fast = gist_of(list, &fast), of_slow = gist_of(list, &slow);
    cr_expect(of_fast.s_guessed && of_slow.s_guessed);
    cr_expect(not(of_fast.m_guessed || of_slow.m_guessed));
    cr_expect(epsilon_eq(dbl, of_fast.m, 4400, 1e-6));
    // A kilometre at 5 km pace is a fifth of the race, and the rest is slower.
    cr_expect(of_fast.s > 4.4 * 204 && of_fast.s < 4.4 * 330, "%g", of_fast.s);
    cr_expect(of_slow.s > 4.4 * 336 && of_slow.s < 4.4 * 530, "%g", of_slow.s);
    const Gist told = gist_of("• 2km @ E\n• 1km @ T\n", &fast),
               not_told = gist_of("• 2km @ E\n", NULL);
    cr_expect(not(told.s_guessed));
    cr_expect(not_told.s_guessed);
    const Gist by_time = gist_of("• 20min @ E\n• 2min jog\n", NULL);
    cr_expect(by_time.m_guessed);
    cr_expect(not(by_time.s_guessed), "what is by time lasts its time");
}

Test(gist, a_rest_until_the_heart_is_down_and_an_equal_jog_are_guessed)
{
    const Gist heart = gist_of("• 1km @ 4'00''/km\n• rest until HR < 120 (1min..3min)\n", NULL);
    cr_expect(heart.s_guessed);
    cr_expect(epsilon_eq(dbl, heart.s, 240 + 120, 1e-6));
    const Gist equal = gist_of("• 3min @ 4'00''/km\n• equal distance jog\n", NULL);
    cr_expect(equal.s_guessed);
    cr_expect(epsilon_eq(dbl, equal.m, 2 * 750, 1e-6));
    cr_expect(gt(dbl, equal.s, 2 * 180));
    const Gist as_long = gist_of("• 1km @ 4'00''/km\n• equal time jog\n", NULL);
    cr_expect(epsilon_eq(dbl, as_long.s, 480, 1e-6));
    cr_expect(as_long.m_guessed && as_long.m > 1000 && as_long.m < 2000);
}

Test(gist, an_open_step_leaves_the_length_unknown)
{
    const Gist gist = gist_of("• 10min @ E\n• open @ T\n• 10min @ E\n", NULL);
    cr_expect(isnan(gist.s) && isnan(gist.m));
    cr_expect_str_eq(kinds_of(&gist), "threshold");
}
