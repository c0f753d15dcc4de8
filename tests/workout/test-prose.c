// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Articles that contradict themselves or their list, of every kind that was met in print, each said
// in several ways; and at least as many that only look so, of which nothing may be said: a doubt
// that is none costs more than one that is missed.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan; // 70 kB: not for the stack
static TextWarnings warnings;
static TextError error;

// The lists that the articles are about.
#define MARATHON                                                                                   \
    "Workout - Marathon Sharpness\n\n  • 12min @ 10'00''/mi\n  • 5 lots of:\n    • 1.6km @ " \
    "7'36''/mi\n    • 2min rest\n  • 10min @ 10'30''/mi\n"
#define KILOMETRES                                                                                 \
    "Workout - 1k Repeats\n- 15min @ 6'00''/km\n- 4 lots of:\n- 30s @ 3'00''/km\n- 5 lots of:\n"   \
    "- 1.0km @ 5'30''/km\n- 2min 10s rest\n- 10min @ 6'00''/km\n"
#define MILE                                                                                           \
    "Workout - Time Trial & 200m Speed Session\n\n  • 5min @ 8'00''/km\n  • 1.6km @ 3'44''/km\n  " \
    "• 4min rest\n  • 10 lots of:\n    • 200m @ 3'20''/km\n    • 1min 24s rest\n  • 5min @ " \
    "8'00''/km\n"
#define SLOW_MILE                                                                                      \
    "Workout - Time Trial & 200m Speed Session\n\n  • 5min @ 8'00''/km\n  • 1.6km @ 3'44''/km\n  " \
    "• 4min rest\n  • 10 lots of:\n    • 200m @ 7'00''/mi\n    • 1min 24s rest\n  • 5min @ " \
    "8'00''/km\n"
#define OFF_MILE(offset)                                                                            \
    "Workout - Time Trial & 200s\n\n  • 10min @ E\n  • 1.0mi @ max\n  • 4min rest\n  • 10 " \
    "lots of:\n    • 200m @ mile pace " offset "\n    • 1min 24s rest\n  • 5min @ E\n"
#define FOUR_HUNDREDS                                                                                    \
    "Workout - Track Night\n\n  • 15min @ 6'00''/km\n  • 3 lots of:\n    • 4 lots of:\n      • " \
    "400m @ 3'45''/km\n      • 200m jog\n    • 3min rest\n  • 10min @ 6'00''/km\n"

#define GATED                                                                                         \
    "Workout - By Heart\n\n  • 15min run\n  • 5 lots of:\n    • 1km @ 4'00''/km\n    • rest " \
    "until "                                                                                          \
    "HR < 120\n  • 10min run\n"
#define TWO_SETS                                                                                      \
    "Workout - Two Sets\n\n  • 15min run\n  • 2 lots of:\n    • 1km @ 4'00''/km\n    • 1min " \
    "rest\n"                                                                                          \
    "  • 3 lots of:\n    • 1km @ 4'00''/km\n    • 1min rest\n  • 10min run\n"

#define THREE_HUNDREDS                                                                              \
    "Workout - 2 x 5 x 300 m\n\n  • 15min @ E\n  • 4 lots of:\n    • 300m @ R\n    • 300m " \
    "jog\n  • 300m @ R\n  • 5min walk\n  • 4 lots of:\n    • 300m @ R\n    • 300m jog\n"  \
    "  • 300m @ R\n  • 10min @ E\n"
#define WRITTEN_OUT                                                                                    \
    "Workout - By Twos\n\n  • 15min @ E\n  • 2km @ T\n  • 1min rest\n  • 2km @ T\n  • 1min " \
    "rest\n  • 2km @ T\n  • 10min @ E\n"
#define ONE_STEP "Workout - Steady\n\n  • 40min @ E\n"

// Every warning as "line:column code", one after the other.
static const char *warned(const char *before, const char *list, const char *after)
{
    static char text[64 * 1024], found[8 * 1024];
    snprintf(text, sizeof text, "%s%s%s", before, list, after);
    cr_assert(lint_text(text, strlen(text), &plan, &warnings, &error), "%s\n%u:%u: %s", text,
              error.line, error.column, error.text);
    found[0] = '\0';
    for (size_t i = 0; i < warnings.count; i++) {
        const TextWarning *warning = &warnings.items[i];
        if (strcmp(warning->code, "no-warm-up") == 0)
            continue; // short lists have none, and it is words that are judged here
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%u:%u %s",
                 *found ? ", " : "", warning->line, warning->column, warning->code);
    }
    return found;
}

static const struct {
    const char *article, *list, *warnings;
} contradictions[] = {
    // A pace and a split that are said to be one.
    {"5 min per km, 400 m in 1 min 12 s.\n", KILOMETRES, "1:15 prose-arithmetic"},
    {"Your goal is 5:00/km (400 m in 72 seconds).\n", KILOMETRES, "1:23 prose-arithmetic"},
    {"At five minutes per kilometre, that's 400 m in 1:12.\n", KILOMETRES, "1:39 prose-arithmetic"},
    {"If you hold 5:00 min/km, you'd run each 400 m in 1:12.\n", KILOMETRES,
     "1:41 prose-arithmetic"},
    {"Even splits matter: 72 s per 400 m, or 5:00/km.\n", KILOMETRES, "1:40 prose-arithmetic"},
    {"A 6:00 mile is 3:25/km.\n", KILOMETRES, "1:16 prose-arithmetic"},
    {"Hold 7:36/mi (4:58/km) all day.\n", MARATHON, "1:15 prose-arithmetic"},
    {"12 km/h is 4:30/km.\n", KILOMETRES, "1:12 prose-arithmetic"},
    {"A 20-minute 5K (4:30/km) is the goal.\n", KILOMETRES, "1:17 prose-arithmetic"},
    {"7.5 mph is 5:30/km.\n", KILOMETRES, "1:12 prose-arithmetic"},
    {"A half-marathon in 1:30 h is 4:45/km.\n", KILOMETRES, "1:30 prose-arithmetic"},
    {"Run at 4:30/km, which is 400 m in 1:30.\n", KILOMETRES, "1:26 prose-arithmetic"},
    {"4:30/km, i.e. 90 s per 400 m\n", KILOMETRES, "1:15 prose-arithmetic"},
    {"4:30 per kilometre, which is 1:30 per 400 m\n", KILOMETRES, "1:30 prose-arithmetic"},
    {"7:15/mi, which is 1:30 for 400 m\n", KILOMETRES, "1:19 prose-arithmetic"},
    {"4:30/km, or 6:40/mi\n", KILOMETRES, "1:13 prose-arithmetic"},
    {"4:30/km, that is 6:40/mi\n", KILOMETRES, "1:18 prose-arithmetic"},
    {"5:00/km; 1:12 for each 400 m lap\n", KILOMETRES, "1:10 prose-arithmetic"},
    {"5:00/km / 6:00/mi\n", KILOMETRES, "1:11 prose-arithmetic"},
    {"5:00/km – 6:00/mi\n", KILOMETRES, "1:11 prose-arithmetic"},
    {"5:00/km, equivalent to 6:00/mi\n", KILOMETRES, "1:24 prose-arithmetic"},
    {"5:00/km corresponds to 6:00/mi\n", KILOMETRES, "1:24 prose-arithmetic"},
    {"A half marathon in an hour and a half? 3 h 30 min for a marathon is 5:30/km.\n", KILOMETRES,
     "1:69 prose-arithmetic"},
    // A pace in the prose, another in the list.
    {"Run a 5:30 mile, then rest.\n", MILE, "1:7 prose-pace"},
    {"Run a 5:30 mile (3:25/km), then rest.\n", MILE, "1:7 prose-pace"},
    {"The mile at 5:30/mi is the heart of it.\n", MILE, "1:13 prose-pace"},
    {"Aim for 1 mile in 5:30.\n", MILE, "1:9 prose-pace"},
    {"5 x 1 km repeats at 4:10/km, all even.\n", KILOMETRES, "1:21 prose-pace"},
    {"Cover each 1 km in 4 min 10 s.\n", KILOMETRES, "1:12 prose-pace"},
    {"Do the repetitions at 4'10''/km.\n", KILOMETRES, "1:23 prose-pace"},
    {"12 × 400 m in 84–86 s each.\n", FOUR_HUNDREDS, "1:6 prose-pace"},
    {"2. Mile TT: one mile, flat out. Your target pace is, e.g., 5:30 min/mile.\n", MILE,
     "1:60 prose-pace, 5:5 nearly-a-mile"},
    {"Take 84 s for each of the 400 m.\n", FOUR_HUNDREDS, "1:6 prose-pace"},
    {"400 m in 84 s, 400 m in 1:24 and so on.\n", FOUR_HUNDREDS, "1:1 prose-pace"},
    // Faster, says the prose, and the list is slower.
    {"10 × 200 m, about 10–15 s faster than mile pace.\n", SLOW_MILE,
     "1:27 prose-comparison, 8:7 slower-than-longer"},
    {"Then the 200s, quicker than your mile pace.\n", SLOW_MILE,
     "1:16 prose-comparison, 8:7 slower-than-longer"},
    {"Run your 200s at mile pace minus 10-15 s.\n", SLOW_MILE,
     "1:18 prose-comparison, 8:7 slower-than-longer"},
    {"Your 5K pace (5:00/km) is the limit. Each of the 1 km reps is faster than 5K pace.\n",
     KILOMETRES, "1:63 prose-comparison"},
    {"The repeats should be slower than 5:45/km.\n", KILOMETRES, "1:23 prose-comparison"},
    {"Speed: 10 × 200 m. Run each 200 m at a pace ~10‑15 s faster than mile pace.\n", SLOW_MILE,
     "1:54 prose-comparison, 8:7 slower-than-longer"},
    {"Run the 200s 10 to 15 s faster than mile pace.\n", SLOW_MILE,
     "1:25 prose-comparison, 8:7 slower-than-longer"},
    {"10 × 200, all faster than mile pace.\n", SLOW_MILE,
     "1:15 prose-comparison, 8:7 slower-than-longer"},
    // The list goes by a race of whoever runs it.
    {"10 × 200 m, about 10–15 s faster than mile pace.\n", OFF_MILE("+ 12s per 200m"),
     "1:27 prose-comparison"},
    {"Run the 200s 10 to 15 s faster than mile pace.\n", OFF_MILE("+ 5%"), "1:25 prose-comparison"},
    {"Run the 200s faster than mile pace.\n", OFF_MILE("- 12s per 200m"), ""},
    {"Run the 200s slower than mile pace.\n", OFF_MILE("- 12s per 200m"), "1:14 prose-comparison"},
    {"Run the 200s faster than 5K pace.\n", OFF_MILE("+ 1%"), ""},
    {"Once you ran the mile in 6:20; run 200 m faster than mile pace.\n", MILE, ""},
    // Race paces that no runner has.
    {"Begin at 10K pace (5:30/km) and end at 5K pace (3:45/km).\n", KILOMETRES,
     "1:40 prose-race-paces"},
    {"10 km race pace: 5:30/km\n5 km race pace: 3:45/km\n", KILOMETRES, "2:1 prose-race-paces"},
    {"5:30/km (10K pace) down to 3:45/km (5K pace).\n", KILOMETRES, "1:37 prose-race-paces"},
    {"| 10K pace | 5:30/km |\n| 5K pace | 3:45/km |\n", KILOMETRES, "2:3 prose-race-paces"},
    {"Half marathon pace is 4:00/km, and 10K pace is 4:30/km.\n", KILOMETRES,
     "1:36 prose-race-paces"},
    {"Think of a 20-minute 5K. Marathon pace 3:50/km.\n", KILOMETRES, "1:26 prose-race-paces"},
    // Counts.
    {"| Set | Reps | Rest |\n| 1 | 15 × 1600 | 2 min |\n", MARATHON, "2:7 prose-count"},
    {"Set\tReps\n15 x 1600 m at goal pace\n", MARATHON, "2:1 prose-count"},
    {"Run 5 × 1600 m. In short: 15 × 1600.\n", MARATHON, "1:27 prose-count"},
    {"Run fifteen 1 km repeats.\n", KILOMETRES, "1:5 prose-count"},
    {"Run twenty-five 1 km repeats.\n", KILOMETRES, "1:5 prose-count"},
    {"The main set: six 1 km repeats.\n", KILOMETRES, "1:15 prose-count"},
    {"Main set: 8 reps of 1 km.\n", KILOMETRES, "1:11 prose-count"},
    {"Run 16x400m with short jogs.\n", FOUR_HUNDREDS, "1:5 prose-count"},
    {"Start with eight 30 s strides and 5*1 km.\n", KILOMETRES, "1:12 prose-count"},
    {"Then 400 m × 10, and home.\n", FOUR_HUNDREDS, "1:14 prose-count"},
    {"Two sets of six 400s.\n", FOUR_HUNDREDS, "1:13 prose-count"},
    {"Run 1 km 6 times.\n", KILOMETRES, "1:10 prose-count"},
    {"6 x 1 km in 5:30 each.\n", KILOMETRES, "1:1 prose-count"},
    {"Two sets of six: 6 × 300 m.\n", THREE_HUNDREDS, "1:18 prose-count"},
    // Of what is not named.
    {"6 reps today.\n", KILOMETRES, "1:1 prose-count"},
    {"Today: eight reps, all even.\n", KILOMETRES, "1:8 prose-count"},
    {"It's 6 reps in total.\n", KILOMETRES, "1:6 prose-count"},
    {"You should run 6 intervals with a smile.\n", KILOMETRES, "1:16 prose-count"},
    {"Warm up for 15 min. Complete 7 reps, then jog home.\n", KILOMETRES, "1:30 prose-count"},
    {"Repeat 7 times.\n", KILOMETRES, "1:8 prose-count"},
    {"Repeat × 7, then cool down.\n", KILOMETRES, "1:10 prose-count"},
    {"Jog for two minutes; repeat the set 8 times.\n", KILOMETRES, "1:37 prose-count"},
    {"Do this 6x.\n", KILOMETRES, "1:9 prose-count"},
    {"Do it all again: do the block six times.\n", KILOMETRES, "1:31 prose-count"},
    {"Do this 3 times.\n", ONE_STEP, "1:9 prose-count"},
    {"Repeat 6 times.\n", ONE_STEP, "1:8 prose-count"},
    {"6 reps today.\n", WRITTEN_OUT, "1:1 prose-count"},
    {"Run hard for 1 km and rest for 2 min 10 s, seven times.\n", KILOMETRES, "1:44 prose-count"},
    // Percent of a time, or of a speed.
    {"Run them 5 % faster than 8:00/mi.\n", MARATHON, "1:10 prose-percent"},
    {"Your goal marathon pace is 8:00/mi. Run 5% faster than goal marathon pace, that is 7:37 per "
     "mile.\n",
     MARATHON, "1:41 prose-percent"},
    {"Run 5 % faster than goal marathon pace (e.g., 8:00 min/mile → 7:36 min/mile).\n", MARATHON,
     "1:5 prose-percent"},
    {"That is 5 % faster than your goal pace of 8:00 per mile.\n", MARATHON, "1:9 prose-percent"},
    {"7:36/mi is 5 percent quicker than 8:00/mi.\n", MARATHON, "1:12 prose-percent"},
    {"5 % faster than 8:00/mi = 7:20/mi.\n", MARATHON, "1:27 prose-arithmetic"},
    {"Jog 10 % slower than 5:00/km (5:33/km).\n", KILOMETRES, "1:5 prose-percent"},
    // A mile that is 1.6 km.
    {"Five 1-mile repeats make a marathoner.\n", MARATHON, "6:7 nearly-a-mile"},
    {"Now the all-out mile time trial.\n", MILE, "5:5 nearly-a-mile"},
    // Repetitions that are not alike, and all alike.
    {"Rep 1: 5:30/km\nRep 2: 5:05/km\nRep 3: 4:40/km\nRep 4: 4:15/km\nRep 5: 3:45/km\n", KILOMETRES,
     "1:5 not-progressive"},
    {"Run the first in 5:30/km, the second in 5:05/km, the third in 4:40/km, the fourth in "
     "4:15/km and the fifth in 3:45/km.\n",
     KILOMETRES, "1:9 not-progressive"},
    {"Over the five repeats go from 5:30/km to 3:45/km.\n", KILOMETRES, "1:26 not-progressive"},
    {"The paces of the reps are 5:30, 5:00, 4:30, 4:00 and 3:45/km.\n", KILOMETRES,
     "1:27 not-progressive"},
    {"Five repeats, starting at 10K pace and ending at 5K pace.\n", KILOMETRES,
     "1:15 not-progressive"},
    {"Each rep is slightly faster than the last one.\n", KILOMETRES, "1:22 not-progressive"},
    {"1 | 5:30/km\n2 | 5:05/km\n3 | 4:40/km\n4 | 4:15/km\n5 | 3:45/km\n", KILOMETRES,
     "1:1 not-progressive"},
    {"From 10K to 5K pace over the five reps.\n", KILOMETRES, "1:1 not-progressive"},
    {"The five repeats: 5:30 -> 5:00 -> 4:30/km.\n", KILOMETRES, "1:19 not-progressive"},
    {"Run the 1st in 5:30/km, the 2nd in 5:05/km, the 3rd in 4:40/km, the 4th in 4:15/km and the "
     "5th in 3:45/km.\n",
     KILOMETRES, "1:9 not-progressive"},
    // Recoveries.
    {"Take a ninety-second jog between them.\n", KILOMETRES, "1:8 prose-recovery"},
    {"Take a 400 m jog between them.\n", KILOMETRES, "1:8 prose-recovery"},
    {"Recovery: 400 m easy jog.\n", KILOMETRES, "1:11 prose-recovery"},
    {"5 × 1 km with 90 seconds of rest.\n", KILOMETRES, "1:15 prose-recovery"},
    {"Rest for 3 minutes after each.\n", KILOMETRES, "1:10 prose-recovery"},
    {"Jog 400 m and go again.\n", KILOMETRES, "1:5 prose-recovery"},
    {"Take a 2 min jog between reps.\n", FOUR_HUNDREDS, "1:8 prose-recovery"},
    {"Rest 90 s for each 400 m.\n", FOUR_HUNDREDS, "1:6 prose-recovery"},
    {"8 × 300 m is another day's. Today it is 12 × 400 m with 90 s of rest.\n", FOUR_HUNDREDS,
     "1:57 prose-recovery"},
    {"Recover with a 200 m jog or 30–45 s of rest.\n", MILE, "1:16 prose-recovery"},
    {"Then 4 min of walking. Between the 200s jog 200 m (or rest 30‑45 s).\n", MILE,
     "1:45 prose-recovery"},
};

Test(prose, contradictions_are_told)
{
    for (size_t i = 0; i < COUNT(contradictions); i++) {
        const char *found = warned(contradictions[i].article, contradictions[i].list, "");
        cr_expect_str_eq(found, contradictions[i].warnings, "%sgives %s\n%s",
                         contradictions[i].article, found, warnings.items[0].text);
    }
}

static const struct {
    const char *article, *list;
} innocent[] = {
    // What adds up.
    {"5:00/km is 400 m in 2:00.\n", KILOMETRES},
    {"Hold 7:36/mi (4:43/km).\n", MARATHON},
    {"A 6:00 mile is 3:44/km.\n", MILE},
    {"A 20-minute 5K (4:00/km) is a fine goal.\n", KILOMETRES},
    {"12 km/h is 5:00/km, or 8:03 per mile.\n", KILOMETRES},
    {"4:00/km, 1:36 per 400 m, 0:48 per 200 m.\n", KILOMETRES},
    {"An 8-minute mile is about 5:00/km.\n", MARATHON},
    {"4:30/km, which is 400 m in 1:48, or 7:15/mi.\n", KILOMETRES},
    {"5:00/km / 8:03/mi; 2:00 for each 400 m lap.\n", KILOMETRES},
    {"6:00/km – 9:39/mi, equivalent to 10 km/h.\n", KILOMETRES},
    {"Warm up at 6:00/km, about 10:00/mi.\n", KILOMETRES},
    {"Run 1 km in 5:30, or 400 m in 1:45.\n", KILOMETRES},
    {"Warm up at 6:00/km; 1:12 for each 400 m.\n", KILOMETRES},
    {"Marathon pace 5:00/km; 400 m in 1:12 for the last of them.\n", KILOMETRES},
    {"Run 5:00/km, or 10:00/mi if you are new to it.\n", KILOMETRES},
    {"Twenty-five minutes of jogging, thirty strides of years gone by.\n", KILOMETRES},
    {"A 3:30 marathon is 4:59/km.\n", KILOMETRES},
    {"Sub-20 5K means 4:00/km.\n", KILOMETRES},
    // Two paces that are not meant to be one.
    {"Warm up at 10:00/mi, then 4:43/km for the repeats.\n", MARATHON},
    {"Run 5:00/km in week one and 4:50/km in week two.\n", KILOMETRES},
    {"Goal pace is 5:00/km; run each 400 m in 1:45 on the track.\n", KILOMETRES},
    {"Run 1 km at 5:30/km, 400 m in 3:00 as a walk.\n", KILOMETRES},
    {"4:30/km (8:00/mi for the recovery)\n", KILOMETRES},
    {"Run 4:00/km, and take 2 min rest for 400 m reps.\n", MARATHON},
    // The list says the same.
    {"5 × 1600 m at 7:36/mi, with 2 min rest.\n", MARATHON},
    {"Five 1 km repeats at 5:30/km, each followed by 2 min 10 s of rest.\n", KILOMETRES},
    {"The 1 km reps take 5:30 each. That's 2:12 per 400 m.\n", KILOMETRES},
    {"Four strides of 30 s, 4 × 30 s in all.\n", KILOMETRES},
    {"3 sets of 4 × 400 m, 12 × 400 m in all, 400 m in 90 s.\n", FOUR_HUNDREDS},
    {"Three sets of four 400s, a 200 m jog between reps and three minutes between sets.\n",
     FOUR_HUNDREDS},
    {"12-15 × 400 m if you like.\n", FOUR_HUNDREDS},
    {"Recover with a 180-220 m jog.\n", FOUR_HUNDREDS},
    // Other runners, other days.
    {"My mile best is 5:30, and I once ran a 5:10 mile.\n", SLOW_MILE},
    {"Beginners run 3 × 1 km, advanced runners 8 × 1 km.\n", KILOMETRES},
    {"Build up to 8 × 1 km over the weeks.\n", KILOMETRES},
    {"In week 4 run 6 × 1 km at 5:10/km.\n", KILOMETRES},
    {"Next week: 10 × 400 m with 400 m jogs.\n", KILOMETRES},
    {"Run 1 km in 5:45, 1 km in 5:30 or 1 km in 5:00, as you are able.\n", KILOMETRES},
    {"25-minute 5K: 400 m in 1:50. 20-minute 5K: 400 m in 1:30. 18-minute 5K: 400 m in 1:20.\n",
     FOUR_HUNDREDS},
    {"Beginner: 5K pace 6:00/km.\nAdvanced: 5K pace 4:00/km, 10K pace 4:10/km.\nElite: 5K pace "
     "3:00/km.\n",
     KILOMETRES},
    {"Kiplagat ran 5 × 1 km in 2:45 with 1 min rest.\n", KILOMETRES},
    {"The world record for the mile is 3:43.\n", MILE},
    {"My usual 5 min km pace felt like a sprint.\n", KILOMETRES},
    {"For a 3:30 marathon that's 8 min miles (5 min km).\n", MARATHON},
    {"1. Warm‑up: 10‑15 min easy jog.\n2. Run 1 km easily, 5 min/km or so.\n", MARATHON},
    {"Long runs of 23 mi at 7:09/mi, tempo 10 s per mile faster than steady pace.\n", MARATHON},
    {"Tuesday: 3‑4 reps of 8‑10 min, 2‑3 min easy jog between reps.\n", MARATHON},
    // Race paces that one runner has.
    {"5K pace is 4:00/km, 10K pace 4:10/km, half marathon pace 4:24/km, marathon pace 4:36/km.\n",
     KILOMETRES},
    {"A 50-minute 10K goes with a 24-minute 5K and a 3:50 marathon.\n", KILOMETRES},
    {"10K pace (5:30/km) and 5K pace (5:15/km).\n", KILOMETRES},
    {"5K pace: 7:00/mi; marathon pace: 9:00/mi.\n", MARATHON},
    // Comparisons that hold.
    {"10 × 200 m, about 10–15 s faster than mile pace.\n", MILE},
    {"The 200s are quicker than your mile pace.\n", MILE},
    {"Run the repeats faster than 8:00/mi.\n", MARATHON},
    {"Run the warm-up slower than 8:00/mi.\n", MARATHON},
    {"Run the jogs much slower than 5K pace, which is 5:00/km.\n", KILOMETRES},
    {"Going faster than 10K pace (4:00/km) ruins it.\n", KILOMETRES},
    {"Start each repeat a bit slower than you finish it.\n", KILOMETRES},
    // Percentages that say which, or make no difference.
    {"2 % faster than 5:00/km is 4:54/km.\n", KILOMETRES},
    {"Run 5 % faster than your goal marathon pace.\n", MARATHON},
    {"Heart rate rises 5 % faster than pace at 8:00/mi.\n", KILOMETRES},
    {"Only 10 % of your week should be faster than 5:30/km.\n", KILOMETRES},
    // Miles that are units, or figures of speech.
    {"Run at 7:36 per mile, which feels like a mile too far.\n", MARATHON},
    {"The last mile of a marathon is won here, at 8-minute-mile effort.\n", MARATHON},
    {"Miles make champions.\n", MARATHON},
    // Repetitions that are alike.
    {"Rep 1: 5:30/km\nRep 2: 5:32/km\nRep 3: 5:28/km\nRep 4: 5:30/km\nRep 5: 5:30/km\n",
     KILOMETRES},
    {"First, warm up at 6:00/km, second, run the strides at 3:00/km, third, the reps at 5:30/km.\n",
     KILOMETRES},
    {"1. Warm up at 6:00/km\n2. Run 5:30/km\n3. Cool down at 7:00/km\n", KILOMETRES},
    {"Over the season go from 6:00/km to 5:00/km in your repeats, week by week.\n", KILOMETRES},
    {"Don't run the first repeat faster than the last.\n", KILOMETRES},
    {"Every repeat should be as fast as the last.\n", KILOMETRES},
    // Lengths that are no recoveries, and recoveries that are the list's.
    {"Warm up with 15 min of easy jogging and cool down with a 10-minute jog.\n", KILOMETRES},
    {"Jog 15 min to the track.\n", KILOMETRES},
    {"Rest 2 min (about 400 m of jogging).\n", MARATHON},
    {"Rest for 48 hours afterwards, and sleep 8 hours.\n", KILOMETRES},
    {"Walk or jog for 2:10 after each.\n", KILOMETRES},
    {"Take about 2 minutes of rest.\n", KILOMETRES},
    {"Wait for two minutes, or until you feel like it.\n", GATED},
    {"8 × 300 m with 90 s of rest is another day's.\n", FOUR_HUNDREDS},
    {"Jog easily between them.\n", KILOMETRES},
    // Said with stars, quotes, stops and commas.
    {"**5 × 1 km** at *5:30/km*, `2:10 rest`.\n", KILOMETRES},
    {"The coach said \"5:00/km.\" Then 400 m in 1:12. That's what we did.\n", KILOMETRES},
    {"Approx. 5 min/km, i.e. 2:00 for 400 m, e.g. on a track.\n", KILOMETRES},
    {"1,6 km in 5:58 and 1,600 m in 5:58, ‘all out’, it’s said.\n", MILE},
    {"3/4 of a mile; 1/2 hour; 5 - 1; 3 * 4 = 12; ±10 s; 90° turns… 400m/200m.\n", MILE},
    {"Run 5–10 % faster than 8:00/mi, never 20 % or 50 % slower than 8:00/mi.\n", MARATHON},
    {"Run 5 % faster than threshold pace, or 5 % faster than 5K pace.\n", MARATHON},
    {"Run the reps 5 % faster than 8:00/mi. Some day 7:00/mi will do.\n", KILOMETRES},
    {"From 5:30/km, go where you like; start at 5 km, end at 10 km.\n", KILOMETRES},
    {"Starting at 5:30/km, each rep ends at home.\n", KILOMETRES},
    {"5K pace - 2 min jog - 5K pace + 90 s rest.\n", MARATHON},
    {"Two 1 km reps and 3 times 1 km, five in all.\n", TWO_SETS},
    {"Two sets of five 300s, 5 × 300 m each.\n", THREE_HUNDREDS},
    {"5 x 1 km in 5:30 each.\n", KILOMETRES},
    // Counts of nothing that is named, and of other things.
    {"5 reps today. Repeat 5 times, or do this 5x.\n", KILOMETRES},
    {"Repeat 4 times, for 5 in all.\n", KILOMETRES}, // once, and four times more
    {"12 reps today.\n", FOUR_HUNDREDS},
    {"Repeat the set 3 times.\n", FOUR_HUNDREDS},
    {"3 reps today.\n", WRITTEN_OUT},
    {"Do this 3 times a week. Repeat 6 times per season.\n", KILOMETRES},
    {"6 reps into it your legs ask why. The last 2 reps hurt, the first 3 reps do not.\n",
     KILOMETRES},
    {"After 3 reps look at your watch; with 2 reps to go, smile.\n", KILOMETRES},
    {"5 or 6 reps, 6 to 8 reps, up to 8 reps.\n", KILOMETRES},
    {"Some do 6 reps of squats, and 10 reps of push-ups.\n", KILOMETRES},
    {"Finish with 6 strides. Then 3 sprints.\n", KILOMETRES},
    {"Don't do this 10 times. Beginners: 3 reps. Next week: 6 reps.\n", KILOMETRES},
    {"If you do 7 reps, rest for longer.\n", KILOMETRES},
    {"6 reps of 800 m was last Tuesday's, 8 × 800 m next one's.\n", KILOMETRES},
    {"Repeat after me: 10 times no.\n", KILOMETRES},
    {"Do 30 min, 3 times.\n", KILOMETRES},
    {"Run to the lake; do 20 push-ups.\n", KILOMETRES},
    {"You should run 3 reps faster and 2 reps slower.\n", KILOMETRES},
    {"I ran 7 reps.\n", KILOMETRES},
    {"Do the 5 reps with 6 runners.\n", KILOMETRES},
    // Numbers of all kinds.
    {"At 7:30 am, 5:00 pm or 22:15 it works alike; 80/20 is the rule; call 555-0123.\n",
     KILOMETRES},
    {"In 2024, 1,600 runners finished; 5.5 of 10 said yes (p < 0.05).\n", MARATHON},
    {"Cadence 180 spm, heart rate 150-160 bpm, 250 W, 1.6 million steps.\n", KILOMETRES},
    {"https://example.org/2023/05/30/5x1600-in-5-min?x=10&y=20\n", MARATHON},
    {"Über 40? Läufer ab 5 km – 10 km: 5 × 5 min. Ещё раз: 400 м за 72 с. 速く走る 5:30。\n",
     KILOMETRES},
};

Test(prose, what_only_looks_odd_is_not_doubted)
{
    for (size_t i = 0; i < COUNT(innocent); i++) {
        char own[1024];
        snprintf(own, sizeof own, "%s", warned("", innocent[i].list, ""));
        for (size_t n = warnings.count; n > 0; n--) // the list's own, if any, in the line below
            warnings.items[n - 1].line++;
        const size_t known = warnings.count;
        const char *found = warned(innocent[i].article, innocent[i].list, "");
        cr_expect(eq(sz, warnings.count, known), "%sgives %s\n%s\n(%s alone)", innocent[i].article,
                  found, warnings.items[0].text, own);
    }
    cr_expect(ge(sz, COUNT(innocent), COUNT(contradictions)));
}

// ── whole articles, in words of our own ──

#define ABOUT_MILES(sets, base, pace, repeat)                                                      \
    "# Sharpening for the marathon\n\nIt was six in the morning and 4 degrees when I understood "  \
    "pacing. My first 10 km had taken 45 minutes, the second 52.\n\n"                              \
    "| Set | Reps | Rest |\n|---|---|---|\n| " sets " | 2 min |\n\n"                               \
    "1. Warm-up: 12 min easy, about 10:00/mi.\n2. Run each repeat 5 % faster than your goal "      \
    "marathon pace. For a goal of " base " per mile that is " pace                                 \
    ".\n3. Recover for two minutes "                                                               \
    "on your feet.\n4. " repeat                                                                    \
    "\n\nHeart rate should stay below 88 % of its maximum, and RPE at "                            \
    "6–7. Easy now, hold steady, push a little harder: that is what the coach in your ear "      \
    "says.\n\n"

#define ABOUT_KILOMETRES(split, reps, rest, slow, fast)                                            \
    "Progress is made between the lines. A 2018 study had 12 % more runners reach their goal.\n\n" \
    "To begin with, know your paces: at 5 min per km, 400 m in " split " is even running. The "    \
    "10 km race pace of our example is " slow ", the 5 km race pace " fast ".\n\n"                 \
    "• Warm-up: 15 min easy, with 4 × 30 s strides in the last lap.\n• Main set: " reps ", each "  \
    "with a " rest                                                                                 \
    " behind it.\n• Cool-down: 10 min.\n\nFocus on leg turnover (180 spm) and even "             \
    "splits. Adjust the zones by 1 or 2 % for the next week.\n\n"

#define ABOUT_A_MILE(pace, twohundreds, rest)                                                        \
    "FASTEST MILE ON THE TRACK\n\nOne mile, four laps and nine metres, is the truest test; don't "   \
    "trust a GPS in the bends.\n\n  1. Warm‑up: 5 min jog and drills.\n  2. The mile: run 1 mile " \
    "all out. Aim for " pace                                                                         \
    ", and note your cadence.\n  3. Recovery: 4 min easy walk.\n  4. Speed: "                        \
    "10 × 200 m.\n    • Run each 200 m " twohundreds ".\n    • " rest                                \
    "\n  5. Cool‑down: 5 min.\n\n"

Test(prose, whole_articles_and_their_better_versions)
{
    static const struct {
        const char *article, *list, *warnings;
    } table[] = {
        {ABOUT_MILES("1 5 × 1600", "8:00", "7:36", "Keep all five even."), MARATHON,
         "10:20 prose-percent"},
        {ABOUT_MILES("15 × 1600", "8:00", "7:37/mi", "Mile repeats are all about patience."),
         MARATHON, "7:3 prose-count, 10:20 prose-percent, 20:7 nearly-a-mile"},
        {ABOUT_KILOMETRES("1 min 12 s", "5 × 1 km from 10K pace to 5K pace, one after the other",
                          "400 m jog", "5:30/km", "3:45/km"),
         KILOMETRES,
         "3:50 prose-arithmetic, 3:138 prose-race-paces, 6:22 not-progressive, 6:81 "
         "prose-recovery"},
        {ABOUT_KILOMETRES("2:00", "5 × 1 km at 5:30/km", "2 min 10 s rest", "5:30/km", "5:17/km"),
         KILOMETRES, ""},
        {ABOUT_A_MILE("5:30 min/mile", "about 10‑15 s faster than mile pace",
                      "Recover by a 200 m jog (or 30‑45 s) in between."),
         SLOW_MILE,
         "6:44 prose-pace, 9:36 prose-comparison, 10:20 prose-recovery, 16:5 nearly-a-mile, 19:7 "
         "slower-than-longer"},
        {ABOUT_A_MILE("6:00 min/mile", "about 10‑15 s faster than mile pace",
                      "Recover by walking for 1 min 24 s."),
         MILE, "16:5 nearly-a-mile"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *found = warned(table[i].article, table[i].list, "");
        cr_expect_str_eq(found, table[i].warnings, "%zu gives %s", i, found);
    }
}

Test(prose, nobody_need_listen)
{
    static const char text[] = "A 5:30 mile.\n" MILE;
    cr_expect(lint_text(text, sizeof text - 1, &plan, NULL, &error));
    cr_expect(eq(sz, plan.step_count, 24));
}

Test(prose, stands_before_and_after_the_list_and_ends_with_another_workout)
{
    cr_expect_str_eq(warned("", MILE, "\nRun a 5:30 mile.\n"), "11:7 prose-pace");
    cr_expect_str_eq(warned("A 5:10 mile.\n", MILE, "\nRun a 5:30 mile.\n"), "");
    cr_expect_str_eq(warned("", MILE, "\nWorkout - U\n\n  • 1min run\n\nRun a 5:30 mile.\n"),
                     "11:1 several-workouts");
}

Test(prose, says_where_in_characters_of_any_line_end)
{
    const char *const ends[] = {"\n", "\r\n", "\r", "\u2028", "\u2029"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char before[256];
        snprintf(before, sizeof before, "\ufeffÜber Läufe…%s%sСлово: 400 m in 1:12 is 5:00/km.%s",
                 ends[i], ends[i], ends[i]);
        cr_expect_str_eq(warned(before, KILOMETRES, ""), "3:25 prose-arithmetic");
    }
    cr_expect_str_eq(warned("\ufeff5:00/km is 400 m in 1:12.\n", KILOMETRES, ""),
                     "1:12 prose-arithmetic");
    // A sentence that was wrapped is one.
    cr_expect_str_eq(
        warned("All who run at five minutes a kilometre, which is\n400 m in 1:12, are wrong.\n",
               KILOMETRES, ""),
        "2:1 prose-arithmetic");
}

Test(prose, a_title_is_held_to_its_word)
{
    static const struct {
        const char *title, *items, *warnings;
    } table[] = {
        {"Sub-20 5K Race Pace", "  • 3 lots of:\n    • 1km @ 4'10''/km\n    • 1min rest\n",
         "3:7 slower-than-title"},
        {"Sub-20 5K Race Pace", "  • 3 lots of:\n    • 1km @ 4'00''/km\n    • 1min rest\n", ""},
        {"Sub 1:45 half marathon", "  • 5km @ 5'05''/km\n", "2:5 slower-than-title"},
        {"Sub-3 Marathon: Marathon Pace", "  • 15km @ 4'20''/km\n", "2:5 slower-than-title"},
        {"Sub-3 Marathon: Marathon Pace", "  • 15km @ 4'15''/km\n", ""},
        {"10K in under 45 minutes", "  • 6km @ 4'40''/km\n", "2:5 slower-than-title"},
        {"Sub-6 Mile Builder", "  • 400m @ 3'40''/km\n", ""},
        {"Sub-3 Marathon Long Run", "  • 30km @ 5'00''/km\n", ""},
        {"Sub-20 5K: Easy Day", "  • 40min @ 5'40''/km\n", ""},
        {"Sub-20 5K Threshold", "  • 20min @ 4'15''/km\n", ""},
        {"Sub-20 5K by feel", "  • 20min @ RPE 7\n", ""},
        {"Sub-20-minute 5K", "  • 20min @ 4'15''/km\n", "2:5 slower-than-title"},
        {"Sub-20 min 5K", "  • 20min @ 4'15''/km\n", "2:5 slower-than-title"},
        {"Sub-2 Kilometre 5K", "  • 20min @ 4'15''/km\n", ""},
        {"Subtle 5K", "  • 20min @ 5'15''/km\n", ""},
        {"Progressive Kilometres", "  • 4 lots of:\n    • 1km @ 4'10''/km\n    • 1min rest\n",
         "3:7 not-progressive"},
        {"Descending Ladder", "  • 4 lots of:\n    • 1km @ 4'10''/km\n    • 1min rest\n",
         "3:7 not-progressive"},
        {"Progressive Kilometres",
         "  • 4 lots of:\n    • 1km @ from 4'30''/km to 4'00''/km\n    • 1min rest\n", ""},
        {"Ladder", "  • ladder of 400m, 800m, 1200m:\n    • rung @ 4'10''/km\n    • 1min rest\n",
         ""},
        {"Progression Run", "  • 5km @ 5'00''/km\n  • 5km @ 4'40''/km\n", ""},
        {"10 x 200 m", "  • 8 lots of:\n    • 200m @ 4'10''/km\n    • 1min rest\n",
         "1:11 prose-count"},
        {"8 x 200 m", "  • 8 lots of:\n    • 200m @ 4'10''/km\n    • 1min rest\n", ""},
        {"Mile Repeats", "  • 3 lots of:\n    • 1600m @ 4'10''/km\n    • 1min rest\n",
         "3:7 nearly-a-mile"},
        {"Mile Repeats", "  • 3 lots of:\n    • 1.0mi @ 4'10''/km\n    • 1min rest\n", ""},
        {"1600s at Mile Pace", "  • 3 lots of:\n    • 1600m @ 4'10''/km\n    • 1min rest\n", ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char list[512];
        // Without the blank line: three lines make the table above easier to read.
        snprintf(list, sizeof list, "Workout - %s\n%s", table[i].title, table[i].items);
        const char *found = warned("", list, "");
        cr_expect_str_eq(found, table[i].warnings, "%sgives %s", list, found);
    }
}

Test(prose, hostile_articles_cost_no_time)
{
    static char text[TEXT_INPUT_MAX];
    static const char *const fills[] = {
        "1 km in 4:00, ",
        "5 × 400 m ",
        "400 m jog ",
        "5K pace 4:00/km ",
        "5 % faster than 8:00/mi ",
        "1 1 1 ",
        "1:1:1:1'1''",
        "((((",
        "- - - ",
        "e.g.e.g.",
        "Rep 1: 4:00/km\n",
        "from 4:00/km to 5:00/km ",
        "10 s faster than mile pace. ",
        "5 x 5 x 5 x ",
        "日本語の文章",
        "a",
        "’’’",
        "1\n",
        "every rep faster than the last ",
        "sub sub sub ",
        "half half ",
    };
    // A list that makes every claim worth a look, as long as lists may be.
    static char list[16 * 1024] = "\nWorkout - T\n";
    for (int i = 0; i < 450; i++)
        strcat(list, "- 400m @ 4'00''/km\n");
    strcat(list, "- 9 lots of:\n- 1km @ 4'00''/km\n- 1min rest\n");
    for (size_t i = 0; i < COUNT(fills); i++) {
        const size_t unit = strlen(fills[i]), tail = strlen(list);
        size_t body = 0;
        for (; body + unit + tail <= sizeof text; body += unit)
            memcpy(text + body, fills[i], unit);
        memcpy(text + body, list, tail);
        const clock_t start = clock();
        const bool parsed = lint_text(text, body + tail, &plan, &warnings, &error);
        const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        cr_expect(parsed, "%s: %u:%u: %s", fills[i], error.line, error.column, error.text);
        cr_expect(lt(dbl, seconds, 2.0), "1 MiB of \"%s\" took %f s", fills[i], seconds);
    }
}
