// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What becomes of a workout that is run without a sign of fatigue, again and again.

#include "workout/progress.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static Plan plan;
static char next[4096];

// Its next version; "" where there is none.
static const char *grown(const char *text)
{
    TextError error;
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s", text);
    const Progress progress = plan_progress(&plan);
    if (progress.kind == PROGRESS_NONE ||
        progress_text(&progress, text, strlen(text), next, sizeof next) == 0)
        return "";
    cr_assert(text_parse(next, strlen(next), &plan, NULL, &error), "%s", next);
    return next;
}

static void expect(const char *text, const char *wanted)
{
    cr_expect(eq(str, (char *)grown(text), (char *)wanted));
}

Test(progress, a_set_grows_then_its_rests_shrink_then_it_is_run_faster)
{
    static const char *const versions[] = {
        "Workout - 6 x 1km\n\n• 15min @ 6'00''/km\n• 6 lots of:\n    • 1km @ 4'10''/km\n    • 2min "
        "rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'10''/km\n    • 2min "
        "rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'10''/km\n    • 1min "
        "40s rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'10''/km\n    • 1min "
        "25s rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'10''/km\n    • 1min "
        "15s rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'07''/km\n    • 1min "
        "15s rest\n",
        "Workout - 7 x 1km\n\n• 15min @ 6'00''/km\n• 7 lots of:\n    • 1km @ 4'04''/km\n    • 1min "
        "15s rest\n",
    };
    for (size_t i = 0; i + 1 < sizeof versions / sizeof *versions; i++)
        expect(versions[i], versions[i + 1]);
}

Test(progress, what_the_author_wrote_around_it_stays)
{
    expect("For the end of winter; 4 of them are enough at first.\r\n\r\nWorkout - Four hundreds, "
           "4 of them\r\n"
           "- 10min @ 6'00''/km\r\n- 4 lots of:\r\n- 400m @ 4'00''/km \"light, 4 times\"\r\n- 90s "
           "rest\r\n",
           "For the end of winter; 4 of them are enough at first.\r\n\r\nWorkout - Four hundreds, "
           "4 of them\r\n"
           "- 10min @ 6'00''/km\r\n- 5 lots of:\r\n- 400m @ 4'00''/km \"light, 4 times\"\r\n- 90s "
           "rest\r\n");
}

Test(progress, the_longest_set_is_the_main_one)
{
    expect("Workout - Two sets\n\n• 3 lots of:\n    • 100m @ 3'45''/km\n    • 1min rest\n"
           "• 3 lots of:\n    • 10min @ 4'30''/km\n    • 2min jog\n",
           "Workout - Two sets\n\n• 3 lots of:\n    • 100m @ 3'45''/km\n    • 1min rest\n"
           "• 4 lots of:\n    • 10min @ 4'30''/km\n    • 2min jog\n");
}

Test(progress, what_has_no_such_set_stays_as_it_is)
{
    static const char *const texts[] = {
        "Workout - Steady\n\n• 40min @ 5'00''/km\n",
        "Workout - By feel\n\n• 5 lots of:\n    • 3min @ RPE 7\n    • 2min rest\n", // by time: it
                                                                                    // has a length
        "Workout - Of no length in time\n\n• 5 lots of:\n    • 1km @ RPE 7\n    • 2min rest\n",
        "Workout - Nested\n\n• 2 lots of:\n    • 3 lots of:\n        • 300m @ 4'00''/km\n        • "
        "1min rest\n"
        "    • 3min rest\n",
        "Workout - Full, by no one pace\n\n• 7 lots of:\n    • 1km @ 4'10''/km - 4'00''/km\n    • "
        "rest "
        "until HR < 120\n",
        "Workout - Full, of two paces\n\n• 7 lots of:\n    • 500m @ 4'10''/km\n    • 500m @ "
        "4'00''/km\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (i == 1)
            expect(texts[i],
                   "Workout - By feel\n\n• 6 lots of:\n    • 3min @ RPE 7\n    • 2min rest\n");
        else
            expect(texts[i], "");
}

// Full sets without rests become faster by one per cent.
Test(progress, a_pace_in_the_title_becomes_the_new_one)
{
    static const struct {
        const char *title, *grown;
    } table[] = {
        {"7 x 1km @ 4'10''/km", "7 x 1km @ 4'07''/km"},
        {"7 x 1km @ 4'10''", "7 x 1km @ 4'07''"},
        {"Kilometres in 4:10", "Kilometres in 4:10"}, // may be of the day
        {"Kilometres at 4'10''", "Kilometres at 4'07''"},
        {"14'10''/km", "14'10''/km"},
        {"4'10''/km, later 4'10''/km", "4'10''/km, later 4'10''/km"},
        {"4'1", "4'1"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[256], wanted[256];
        snprintf(text, sizeof text, "Workout - %s\n\n• 7 lots of:\n    • 1km @ 4'10''/km\n",
                 table[i].title);
        snprintf(wanted, sizeof wanted, "Workout - %s\n\n• 7 lots of:\n    • 1km @ 4'07''/km\n",
                 table[i].grown);
        expect(text, wanted);
    }
    // The minutes, too.
    expect("Workout - 4'01'' a km\n\n• 7 lots of:\n    • 1km @ 4'01''/km\n",
           "Workout - 3'58'' a km\n\n• 7 lots of:\n    • 1km @ 3'58''/km\n");
}

Test(progress, of_two_counts_in_a_title_none_is_changed)
{
    expect("Workout - 5 x 200m, 5 x 1km\n\n• 5 lots of:\n    • 200m @ 3'40''/km\n    • 1min rest\n"
           "• 5 lots of:\n    • 1km @ 4'10''/km\n    • 2min rest\n",
           "Workout - 5 x 200m, 5 x 1km\n\n• 5 lots of:\n    • 200m @ 3'40''/km\n    • 1min rest\n"
           "• 6 lots of:\n    • 1km @ 4'10''/km\n    • 2min rest\n");
}

Test(progress, a_number_is_exchanged_only_where_it_is_found)
{
    const Progress elsewhere = {PROGRESS_REPEAT, 5, 6, .line = 9};
    const char *text = "Workout - X\n• 5 lots of:\n    • 1km @ 4'10''/km\n    • 2min rest\n";
    cr_expect(eq(sz, progress_text(&elsewhere, text, strlen(text), next, sizeof next), 0));
    const Progress here = {PROGRESS_REPEAT, 5, 6, .line = 2};
    cr_expect(eq(sz, progress_text(&here, text, strlen(text), next, strlen(text)), 0), "no room");
    cr_expect(gt(sz, progress_text(&here, text, strlen(text), next, sizeof next), 0));
    const Progress pace = {PROGRESS_PACE, 250, 247, .line = 3, .unit = PACE_PER_MILE};
    cr_expect(eq(sz, progress_text(&pace, text, strlen(text), next, sizeof next), 0));
}
