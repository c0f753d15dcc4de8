// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Lines as they are written elsewhere, and what to write here instead; and broken lines that say
// nothing of what was meant, for which there is no advice.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static Plan plan;
static TextWarnings warnings;

Test(lint_hint, what_is_written_elsewhere_is_said_as_it_is_written_here)
{
    static const struct {
        const char *item, *hint;
    } table[] = {
        {"6 x 400m @ 5km pace", "a repeat is \"5 lots of:\""},
        {"3 × (4 x 400 @ R w/ 400 jog) 800 jog", "a repeat is"},
        {"6x400m @ R", "a repeat is"},
        {"5x", "a repeat is"},
        {"400m x 6 @ 5km pace", "a repeat is"},
        {"5 sets of:", "a repeat is"},
        {"5 times:", "a repeat is"},
        {"400, 800, 400 @ R", "ladder of 400m, 800m and back:"},
        {"400m, 800m, 400m @ R", "ladder of"},
        {"10-20min @ E", "one length, not a range"},
        {"10min - 20min @ E", "one length, not a range"},
        {"2' rest", "a time has its units"},
        {"90'' rest", "a time has its units"},
        {"1:30 rest", "a time has its units"},
        {"20min E", "an @ stands before the target"},
        {"20min easy", "an @ stands before the target"},
        {"20min @ zone 2", "a zone of the heart is \"HR zone 2\""},
        {"20min @ Z2", "one of pace E, M, T, I or R"},
        {"20min @ 150bpm", "a heart rate is \"HR 150\""},
        {"20min @ 80%", "a percentage is of something"},
        {"20min @ E relaxed", "words to be spoken stand in quotes"},
        {"20min @ MP", "MP is \"marathon pace\""},
        {"1.0mi @ GMP - 5%", "GMP is \"goal marathon pace\""},
        {"20min @ HMP \"relaxed\"", "HMP is \"half marathon pace\""},
        {"20min @ LT", "LT is \"T\""},
        {"800m @ 5k", "\"5km pace\""},
        {"800m @ 10K, metronome", "\"5km pace\""},
        {"800m @ half marathon", "\"half marathon pace\""},
        {"20min @ Easy", "small letters"},
        {"20min @ Tempo Pace", "small letters"},
        {"800m @ 10K Pace", "small letters"},
        {"400m @ 90s", "a time for the distance is \"400m in 90s\""},
        {"10 x 400m in 90s", "a repeat is"},
        // Nobody knows.
        {"20min", NULL},
        {"20min @", NULL},
        {"20min @ hard", NULL},
        {"20 @ E", NULL},
        {"20min @ 5'", NULL},
        {"20min @ E, 5min @ T", NULL},
        {"20min in the park", NULL},
        {"5 lots of", NULL},
        {"1,6km @ E", NULL},
        {"10min @ 90s", NULL},
        {"800m @ 5k effort", NULL},
        {"400m in the park", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[200];
        TextError error;
        snprintf(text, sizeof text, "Prose.\n\nWorkout - T\n\n  • 1min run\n  • %s\n",
                 table[i].item);
        cr_assert(not(lint_article(text, strlen(text), &plan, &warnings, &error)), "%s",
                  table[i].item);
        cr_expect(eq(u32, error.line, 6));
        const char *at = strstr(error.text, table[i].hint ? table[i].hint : ": ");
        cr_expect_eq(at != NULL, table[i].hint != NULL, "%s: %s", table[i].item, error.text);
    }
}
