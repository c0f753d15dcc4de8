// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Workouts as intervals.icu writes them: what each becomes as a text of ours, what is said to be
// lost, and what is refused rather than guessed.

#include "workout/icu.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan, again; // 150 kB: not for the stack
static TextError error;
static char printed[256 * 1024];
static char lost[8192];

static void on_lost(void *data, uint32_t where, const char *text)
{
    const size_t used = strlen(lost);
    snprintf(lost + used, sizeof lost - used, "%u: %s\n", where, text);
}

static const Losses losses = {.say = on_lost};

static bool parse(const char *text)
{
    lost[0] = '\0';
    return icu_parse(text, strlen(text), "T", &plan, &losses, &error);
}

// The items as a text, which has to read as the same.
static const char *items(const char *text)
{
    TextError refused;
    cr_assert(parse(text), "%s\n%u:%u: %s", text, error.line, error.column, error.text);
    text_print(&plan, printed, sizeof printed);
    cr_assert(text_parse(printed, strlen(printed), &again, NULL, &refused), "%s%u:%u: %s", printed,
              refused.line, refused.column, refused.text);
    cr_assert(eq(sz, plan.step_count, again.step_count));
    return strchr(printed, '\n') + 2;
}

Test(icu, a_step_is_what_it_says)
{
    static const struct {
        const char *text, *items;
    } cases[] = {
        // Lengths: m is minutes, mtr metres.
        {"- 10m 90% Pace", "  • 10min @ T + 11.1%\n"},
        {"- 30s 90% Pace", "  • 30s @ T + 11.1%\n"},
        {"- 1h30m 90% Pace", "  • 1h 30min @ T + 11.1%\n"},
        {"- 1h 90% Pace", "  • 1h @ T + 11.1%\n"},
        {"- 1m30 90% Pace", "  • 1min 30s @ T + 11.1%\n"},
        {"- 1m30s 90% Pace", "  • 1min 30s @ T + 11.1%\n"},
        {"- 90s 90% Pace", "  • 1min 30s @ T + 11.1%\n"},
        {"- 5' 90% Pace", "  • 5min @ T + 11.1%\n"},
        {"- 30\" 90% Pace", "  • 30s @ T + 11.1%\n"},
        {"- 1'30\" 90% Pace", "  • 1min 30s @ T + 11.1%\n"},
        {"- 1.5m 90% Pace", "  • 1min 30s @ T + 11.1%\n"},
        {"- 400mtr 90% Pace", "  • 400m @ T + 11.1%\n"},
        {"- 50 meters 90% Pace", "  • 50m @ T + 11.1%\n"},
        {"- 0.4km 90% Pace", "  • 0.4km @ T + 11.1%\n"},
        {"- 2 km 90% Pace", "  • 2km @ T + 11.1%\n"},
        {"- 4.5mi 90% Pace", "  • 4.5mi @ T + 11.1%\n"},
        {"- 200yds 90% Pace", "  • 0.18288km @ T + 11.1%\n"},
        // Paces.
        {"- 1km 5:00/km Pace", "  • 1km @ 5'00''/km\n"},
        {"- 1mi 8:00/mi pace", "  • 1mi @ 8'00''/mi\n"},
        {"- 10m 7:15-7:00/km Pace", "  • 10min @ 7'15''-7'00''/km\n"},
        {"- 10m ramp 6:30-5:30/km Pace", "  • 10min @ 6'30''/km building to 5'30''/km\n"},
        {"- 400mtr 1:36/400m Pace", "  • 400m @ 4'00''/km\n"},
        {"- 10m 90-95% pace", "  • 10min @ between T + 11.1% and T + 5.3%\n"},
        {"- 10m 78%-82% Pace", "  • 10min @ between T + 28.2% and T + 22%\n"},
        {"- 10m ramp 60-80% Pace", "  • 10min @ T + 66.7% building to T + 25%\n"},
        {"- 10m 60-80% Pace Ramp", "  • 10min @ T + 66.7% building to T + 25%\n"},
        {"- 10m 100% Pace", "  • 10min @ T\n"},
        {"- 1m 110% Pace", "  • 1min @ T - 9.1%\n"},
        // Hearts.
        {"- 30m Z2 HR", "  • 30min @ HR zone 2\n"},
        {"- 30m Z2-Z3 HR", "  • 30min @ HR zone 2-3\n"},
        {"- 10m 70% HR", "  • 10min @ HR 70%\n"},
        {"- 10m 75-80% hr", "  • 10min @ HR 75-80%\n"},
        {"- 10m 95-90% LTHR", "  • 10min @ HR 90-95% of threshold\n"},
        // Power, cadence, effort.
        {"- 5m 220w", "  • 5min @ 220 W\n"},
        {"- 5m 200-240W", "  • 5min @ 200-240 W\n"},
        {"- 2m 315w - 330w press lap", "  • 2min @ 315-330 W\n"},
        {"- 5m 90rpm", "  • 5min @ 180 spm\n"},
        {"- 5m 85-95 rpm", "  • 5min @ 170-190 spm\n"},
        {"- 5m 180rpm", "  • 5min @ 180 spm\n"},
        {"- 5m 90 spm", "  • 5min @ 90 spm\n"},
        {"- 5m RPE 6-7", "  • 5min @ RPE 6-7\n"},
        // Without a target, and rests.
        {"- 20m freeride", "  • 20min run\n"},
        {"- 30s maxeffort", "  • 30s @ max\n"},
        {"- 20s 0", "  • 20s rest\n"},
        {"- 2m intensity=rest", "  • 2min rest\n"},
        {"- Rest 2m", "  • 2min rest\n"},
        {"- Jog 400mtr", "  • 400m jog\n"},
        {"- walk 1m", "  • 1min walk\n"},
        {"- 2m rest", "  • 2min rest\n"},
        {"- 400mtr jog", "  • 400m jog\n"},
        {"- Easy 2m rest", "  • 2min rest \"Easy\"\n"},
        {"- 3 easy 2m 5:00/km", "  • 2min @ 5'00''/km \"3 easy\"\n"},
        {"- Recovery 2m 70% Pace", "  • 2min @ T + 42.9% \"Recovery\"\n"},
        // The lap key.
        {"- 10m Z2 HR press lap", "  • 10min @ HR zone 2\n"},
        {"- Press lap 20m Z1 HR", "  • 20min @ HR zone 1\n"},
        {"- Warm up press lap Z1 HR", "  • open @ HR zone 1 \"Warm up\"\n"},
        // Words.
        {"- Run hard! 4m 4:30/km pace", "  • 4min @ 4'30''/km \"Run hard!\"\n"},
        {"- RPE9 - not quite all out 2m 4:00/km",
         "  • 2min @ 4'00''/km \"RPE9 - not quite all out\"\n"},
        {"- 4m easy 5:30/km Pace, relaxed", "  • 4min @ 5'30''/km \"easy relaxed\"\n"},
        {"- First 10^Second at 20s <!> 10m 5:30/km",
         "  • 10min @ 5'30''/km \"First Second at 20s\"\n"},
        {"- 5m intensity=warmup 5:30/km", "  • 5min @ 5'30''/km\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(items(cases[i].text), cases[i].items, "%s gives %s", cases[i].text,
                         items(cases[i].text));
}

Test(icu, a_repeat_ends_at_an_empty_line)
{
    static const struct {
        const char *text, *items;
    } cases[] = {
        {"Warmup\n- 10m Z1 HR\n\nMain Set 6x\n- 1km 4:15/km Pace\n- 2m 6:00/km Pace\n\nCooldown\n"
         "- 10m Z1 HR\n",
         "  • 10min @ HR zone 1 \"Warmup\"\n  • 6 lots of:\n    • 1km @ 4'15''/km\n"
         "    • 2min @ 6'00''/km\n  • 10min @ HR zone 1 \"Cooldown\"\n"},
        {"5x\n- 30s 5:00/km\n- Rest 30s\n\n- 5m 6:00/km",
         "  • 5 lots of:\n    • 30s @ 5'00''/km\n    • 30s rest\n  • 5min @ 6'00''/km\n"},
        // Words end it as well, and another repeat.
        {"2x\n- 30s 5:00/km\nCooldown\n- 5m 6:00/km",
         "  • 2 lots of:\n    • 30s @ 5'00''/km\n  • 5min @ 6'00''/km \"Cooldown\"\n"},
        {"2x\r\n\r\n- 30s 5:00/km\r\n3X\r\n- 1m 5:00/km\r\n",
         "  • 2 lots of:\n    • 30s @ 5'00''/km\n  • 3 lots of:\n    • 1min @ 5'00''/km\n"},
        {"\ufeff4× Hills\n  -  30s 5:00/km", "  • 4 lots of:\n    • 30s @ 5'00''/km\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(items(cases[i].text), cases[i].items, "%s gives %s", cases[i].text,
                         items(cases[i].text));
    cr_expect_str_eq(plan.name, "T");
}

Test(icu, says_what_becomes_something_else)
{
    static const struct {
        const char *text, *items, *lost;
    } cases[] = {
        {"- 10m Z2", "  • 10min @ RPE 3\n", "1: a zone of power"},
        {"- 10m Z3-Z4", "  • 10min @ RPE 4.5-6.5\n", "1: a zone of power"},
        {"\n- 10m 75%", "  • 10min @ T + 33.3%\n", "2: a share of a threshold power"},
        {"- 10m Z2 Pace", "  • 10min @ between T + 29% and T + 14%\n",
         "1: the athlete's pace zones"},
        {"- 10m Z4-Z2 Pace ramp", "  • 10min @ T building to T + 29%\n", "1: the athlete's pace"},
        {"- 10m ramp 60-80% HR", "  • 10min @ HR 60-80%\n", "1: only a pace can build"},
        {"- 5m 5:00/km 90rpm", "  • 5min @ 5'00''/km \"90rpm\"\n",
         "1: 90rpm is kept as words alone"},
        {"- 5m 5:00/km 140-150bpm", "  • 5min @ 5'00''/km \"140-150bpm\"\n",
         "1: 140-150bpm is kept"},
        {"- 5m 60% MMP 5m", "  • 5min run \"60% MMP 5m\"\n", "1: 60% MMP 5m is kept as words"},
        {"- 5m 5:00/km power=3s", "  • 5min @ 5'00''/km\n", "1: power=3s is left out"},
        {"- A 10^B <!> 10m 5:30/km", "  • 10min @ 5'30''/km \"A B\"\n", "1: all its prompts"},
        {"Set 2x\n- 1m 5:00/km", "  • 2 lots of:\n    • 1min @ 5'00''/km\n",
         "1: these words are left out: Set"},
        {"Easy day.\nWarmup\n- 1m 5:00/km\nBye", "  • 1min @ 5'00''/km \"Warmup\"\n",
         "1: these words are left out: Easy day."},
        {"- 5m 10% Pace", "  • 5min run \"10% Pace\"\n", "1: 10% Pace is kept as words"},
        {"- 5m 10-100%", "  • 5min run \"10-100%\"\n", "1: 10-100% is kept as words"},
        {"- 5m 130% HR", "  • 5min run \"130% HR\"\n", "1: 130% HR is kept as words"},
        {"- 5m Z9 HR", "  • 5min run \"Z9 HR\"\n", "1: Z9 HR is kept as words"},
        {"- 5m Z0-Z2 Pace", "  • 5min run \"Z0-Z2 Pace\"\n", "1: Z0-Z2 Pace is kept"},
        {"- 5m Z2 MMP", "  • 5min run \"Z2 MMP\"\n", "1: Z2 MMP is kept"},
        {"- 5m 60% mmp", "  • 5min run \"60% mmp\"\n", "1: 60% mmp is kept"},
        {"- 5m 20bpm", "  • 5min run \"20bpm\"\n", "1: 20bpm is kept"},
        {"- 5m 9000w", "  • 5min run \"9000w\"\n", "1: 9000w is kept"},
        {"- 5m RPE 12", "  • 5min run \"12\"\n", "1: 12 is kept"},
        {"- Press lap 20m Z1 HR", "  • 20min @ HR zone 1\n", "1: “press lap” is left out"},
        {"- 10m Z2 HR press lap", "  • 10min @ HR zone 2\n", "1: “press lap” is left out"},
        {"- Warm up press lap Z1 HR", "  • open @ HR zone 1 \"Warm up\"\n", ""},
        {"- 5m 0:00/km", "  • 5min rest\n", ""},
        {"- 5m 99:59/100m", "  • 5min run \"99:59/100m\"\n", "1: 99:59/100m is kept"},
        {"- 5m 5:00-5:00/km", "  • 5min @ 5'00''/km\n", ""},
        {"- 5m intensity=recovery 5:00/km", "  • 5min @ 5'00''/km\n", ""},
        {"- 5m intensity=other 5:00/km", "  • 5min @ 5'00''/km\n",
         "1: intensity=other is left out"},
        {"- 800m 3:20/km", "  • 13h 20min @ 3'20''/km\n", "1: its length is taken as minutes"},
        {"- 5h 7:00/km", "  • 5h @ 7'00''/km\n", ""},
        {"- 10m 5:00/km Pace", "  • 10min @ 5'00''/km\n", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect_str_eq(items(cases[i].text), cases[i].items, "%s gives %s", cases[i].text,
                         items(cases[i].text));
        cr_expect(strncmp(lost, cases[i].lost, strlen(cases[i].lost)) == 0 &&
                      (lost[0] == '\0') == (cases[i].lost[0] == '\0'),
                  "%s loses %s", cases[i].text, lost);
    }
    cr_assert(parse("Easy day.\nWarmup\n- 1m 5:00/km\nBye"));
    cr_expect(strstr(lost, "4: these words are left out: Bye") != NULL, "%s", lost);
}

Test(icu, refuses_rather_than_guesses)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *expected;
    } cases[] = {
        {"", 1, 1, "found none"},
        {"Just prose.\nAnd more.", 1, 1, "found none"},
        {"- 10min Z2", 1, 3, "a length such as 10m"},
        {"- easy Z2", 1, 10, "a length such as 10m"},
        {"Warmup\n- 10min @ 6'00''/km", 2, 3, "a length such as 10m"}, // our own dialect
        {"- 10m @ 6'00''/km", 1, 9, "a target such as"},
        {"- 10m 5:00 Pace", 1, 7, "a pace with /km or /mi"},
        {"- 10m 5:0/km", 1, 9, "two digits of seconds"},
        {"- 10m 5:75/km", 1, 9, "two digits of seconds"},
        {"- 10m 5:00/km-6", 1, 15, "another pace"},
        {"- 10m 60", 1, 7, "a target such as"},
        {"- 10m 60w-70%", 1, 7, "one unit for both"},
        {"- 10m 5k", 1, 7, "a target such as"},
        {"- 10m RPE 5:00", 1, 11, "an effort from 1 to 10"},
        {"- 10m 1,5%", 1, 8, "decimals follow a point"},
        {"- 3x\n- 30s 5:00/km", 1, 3, "a repeat on a line of its own"},
        {"- 6 x 3m Z4", 1, 3, "a repeat on a line of its own"}, // which would be run once
        {"- 6x3m Z4", 1, 3, "a length such as 10m"},
        {"- 6 times 400mtr 5:00/km", 1, 3, "a repeat on a line of its own"},
        {"- 6 × 3m Z4", 1, 3, "a repeat on a line of its own"},
        {"3x\n", 1, 1, "nothing to run"},
        {"0x\n- 1m 5:00/km", 1, 1, "1x to 500x"},
        {"2x\n- 1m 5:00/km\n\n600x\n- 1m 5:00/km", 4, 1, "1x to 500x"},
        {"500x\n- 1m 5:00/km\n- 1m 6:00/km", 1, 1, "more than 500 steps"},
        {"- 20h 5:00/km\n- 20h 5:00/km", 2, 3, "more than 24 hours"},
        {"- 25h 5:00/km", 1, 3, "a length such as"},
        {"- 10m 5:00/km\n10m 5:00/km", 2, 1, "a dash before the step"},
        {"- 10m rpe five 5k", 1, 16, "a target such as"},
        {"- 10m 100:00/km", 1, 11, "two digits of seconds"},
        {"- 10m 5:x/km", 1, 9, "two digits of seconds"},
        {"pool length: 25m\n- 1m 5:00/km", 1, 1, "for runners"},
        {"- 10m 5:00/km \xff", 1, 15, "not UTF-8"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect(not(parse(cases[i].text)), "%s", cases[i].text);
        cr_expect(strstr(error.text, cases[i].expected) != NULL && error.line == cases[i].line &&
                      error.column == cases[i].column,
                  "%s gives %u:%u: %s", cases[i].text, error.line, error.column, error.text);
    }
}

Test(icu, has_its_limits)
{
    static char text[1100 * 1024];
    memset(text, 'a', sizeof text - 1);
    cr_expect(not(parse(text)));
    cr_expect(strstr(error.text, "1 MiB") != NULL);
    memcpy(text, "- 10m ", 6);
    text[1100] = '\0';
    cr_expect(not(parse(text)));
    cr_expect(strstr(error.text, "at most 1000 bytes") != NULL);
    cr_expect(not(icu_is(text, 1100)));
    text[900] = '\0'; // longer than anybody speaks: cut, or left out, and the run goes on
    cr_expect(parse(text));
    char *at = text;
    for (int i = 0; i < 501; i++)
        at += sprintf(at, "- 10s 5:00/km\n");
    cr_expect(not(parse(text)));
    cr_expect(error.line == 501 && strstr(error.text, "500 lines") != NULL, "%s", error.text);
}

Test(icu, is_told_from_prose)
{
    static const char *const are[] = {"- 10m Z2",    "Warmup\n- easy 2km",    "3x\n- 30s 120%",
                                      "- 10 min Z2", "- Warm up 10min z1-z2", "- 10min 80% Pace"};
    static const char *const are_not[] = {"",
                                          "Prose.",
                                          "- 10min @ 6'00''/km",
                                          "- milk\n- 3 eggs",
                                          "- give 80% on the hills",
                                          "- 10min Zumba"};
    for (size_t i = 0; i < COUNT(are); i++)
        cr_expect(icu_is(are[i], strlen(are[i])), "%s", are[i]);
    for (size_t i = 0; i < COUNT(are_not); i++)
        cr_expect(not(icu_is(are_not[i], strlen(are_not[i]))), "%s", are_not[i]);
}
