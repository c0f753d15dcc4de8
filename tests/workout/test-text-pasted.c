// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One workout as it comes out of word processors, web pages and mail: other bullets, dashes,
// blanks, quotes and ends of lines, and it is the same.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan; // 150 kB: not for the stack
static TextWarnings warnings;
static TextError error;
static char printed[64 * 1024];

Test(text_pasted, reads_what_people_paste)
{
    const char *const same[] = {
        "Workout - T\n\n  • 1.6km @ 7'36''/mi\n  • 1h 15min rest\n",
        "\ufeffWorkout - T\r\n\r\n  • 1.6km @ 7'36''/mi\r\n  • 1h 15min rest\r\n",
        "Workout - T\r  • 1.6km @ 7'36''/mi\r  • 1h 15min rest\r",
        "Workout - T\n- 1.6km @ 7′36″/mi\n- 1h 15min rest",
        "Workout – T  \n– 1.6km @ 7’36”/mi \n–  1h15min rest\t\n",
        "  Workout\u00a0-\u00a0T\u00a0\n*\u00a01.6\u202fkm\u00a0@\u00a07’36’’/mi\n* 1 h 15 min  "
        "rest\n",
        "Workout - T\n◦ 1.6km@7:36/mi\n\n\n◦ 1h 15min rest\n",
        "Workout — T\n-1.6km @ 7'36\"/mi\n-1h 15min rest\n",
        // A second level's, Word's own letters, and dashes that are none on a keyboard.
        "Workout - T\n○ 1.6km @ 7'36''/mi\n○ 1h 15min rest\n",
        "Workout - T\n∙ 1.6km @ 7'36''/mi\n■ 1h 15min rest\n",
        "Workout - T\n\uf0b7\t1.6km @ 7'36''/mi\n\uf0a7 1h 15min rest\n",
        "Workout - T\no\t1.6km @ 7'36''/mi\no\t1h 15min rest\n",
        "Workout - T\n⁃ 1.6km @ 7'36''/mi\n\u2010 1h 15min rest\n",
        "Workout - T\n\u2011 1.6km @ 7'36''/mi\n\u2011 1h 15min rest\n",
        // What has no width indents nothing.
        "Workout - T\n\u200b- 1.6km @ 7'36''/mi\n- 1h 15min rest\n",
        "Workout - T\n- 1.6km @ 7'36''/mi\n\ufeff\u2060- 1h 15min rest\n",
        // Unicode's own ends of a line and of a paragraph.
        "Workout - T\u2028\u2028- 1.6km @ 7'36''/mi\u2029- 1h 15min rest\u2029",
        "Workout - T\u2028- 1.6km @ 7'36''/mi\n- 1h 15min rest\r\n\u2029Enjoy…\n",
        "All about miles.\nIt is a Workout - really.\n- a list\n\nWorkout - T\n"
        "— 1.6km @ 7′36′′/mi\n— 1h 15min rest\nRun well.\n- prose\n",
    };
    for (size_t i = 0; i < COUNT(same); i++) {
        cr_assert(lint_text(same[i], strlen(same[i]), &plan, &warnings, &error), "%s%u:%u: %s",
                  same[i], error.line, error.column, error.text);
        plan.style = PLAN_STYLE_BULLETS;
        text_print(&plan, printed, sizeof printed);
        cr_expect_str_eq(printed, same[0], "text %zu", i);
        cr_expect(eq(sz, warnings.count, 2), "text %zu", i);
        cr_expect_str_eq(warnings.items[0].code, "rest-at-end");
        cr_expect_str_eq(warnings.items[1].code, "long-rest");
    }
}
