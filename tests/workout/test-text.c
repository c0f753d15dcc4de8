// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The text format against twelve published workouts and against everything that people, word
// processors, and bad days do to such a text.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TITLE        "Workout - T\n"

static Plan plan; // 70 kB: not for the stack
static TextWarnings warnings;
static TextError error;
static char printed[64 * 1024];

static bool parse(const char *text)
{
    return lint_text(text, strlen(text), &plan, &warnings, &error);
}

static void expect_parses(const char *text)
{
    cr_assert(parse(text), "%s\n%u:%u: %s", text, error.line, error.column, error.text);
}

static bool warned(const char *code, uint32_t line)
{
    for (size_t i = 0; i < warnings.count; i++)
        if (strcmp(warnings.items[i].code, code) == 0 && warnings.items[i].line == line)
            return true;
    return false;
}

static size_t data_read(const char *file, char *text, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", TEST_DATA, file);
    FILE *stream = fopen(path, "rb");
    cr_assert(stream != NULL, "%s", path);
    size_t length = fread(text, 1, size - 1, stream);
    fclose(stream);
    text[length] = '\0';
    return length;
}

// "W720s 5x(W1600m R120s)": the structure in the notation of the tables below.
static void describe(char *ret_text, size_t size)
{
    size_t length = 0;
    uint8_t depth = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i <= plan.item_count; i++) {
        const PlanItem *item = i < plan.item_count ? &plan.items[i] : NULL;
        for (; depth > (item ? item->depth : 0); depth--)
            length += (size_t)snprintf(ret_text + length, size - length, ")");
        if (item == NULL)
            break;
        const char *space = i > 0 && plan.items[i - 1].kind == ITEM_STEP ? " " : "";
        const Step *step = &item->step;
        if (item->kind == ITEM_REPEAT) {
            depth++;
            length +=
                (size_t)snprintf(ret_text + length, size - length, "%s%dx(", space, item->repeats);
        } else {
            bool time = step->measure == MEASURE_TIME;
            length += (size_t)snprintf(
                ret_text + length, size - length, "%s%c%ld%s", space,
                step->kind == STEP_WORK ? 'W' : 'R',
                (long)(time ? step->duration / USEC_PER_SEC : step->distance_mm / 1000),
                time ? "s" : "m");
        }
    }
}

Test(text, reads_published_workouts_and_prints_them_back)
{
    const struct {
        const char *file, *name, *structure;
        size_t steps;
        long total_m, total_s;
        const char *warning; // "" for none; the last of them
        uint32_t warning_line;
    } table[] = {
        {"001.txt", "Marathon Sharpness Miles", "W720s 5x(W1600m R120s) W600s", 12, 11464, 4187,
         "nearly-a-mile", 5},
        {"002.txt", "Progressive 1k Repeats", "W900s 4x(W30s) 5x(W1000m R130s) W600s", 16, 9833,
         3920, "not-progressive", 6},
        {"003.txt", "Mile Time Trial & 200m Speed Session",
         "W300s W1600m R240s 10x(W200m R84s) W300s", 24, 4850, 2560, "slower-than-longer", 7},
        {"004.txt", "80/20 Threshold Booster", "W720s 2x(W2000m R180s) W720s", 6, 8176, 2808, "",
         0},
        {"005.txt", "Sub-20 5K Race Pace Simulation", "W720s 2x(W480s R60s W120s R60s) W720s", 10,
         8516, 2880, "ambiguous-block", 3},
        {"008.txt", "Lee Grantham's 5K Pace Booster", "W600s 4x(W800m W400m) W600s", 10, 7657, 2832,
         "", 0},
        {"009.txt", "Foundational Speed Builder", "W600s 5x(W400m R60s) W300s", 12, 3875, 1800, "",
         0},
        {"011.txt", "Scullion-Style 3k Repeats", "W900s W300s 4x(W20s R40s) 3x(W3000m R180s) W720s",
         17, 14952, 5400, "", 0},
        {"013.txt", "Norwegian Method: Threshold Intro", "W600s 5x(W360s R60s) W600s", 12, 9077,
         3300, "", 0},
        {"014.txt", "Norwegian Method: Threshold Intro", "W600s 5x(W360s R60s) W600s", 12, 9077,
         3300, "", 0},
        {"018.txt", "10K Speed Builder Fartlek", "W720s 8x(W180s R90s) W600s", 18, 8200, 3480, "",
         0},
        {"023.txt", "Forest Route Finisher", "W600s W0m 5x(W30s R90s) W600s", 13, 3571, 1800,
         "zero-length", 3},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[4096], structure[256];
        size_t length = data_read(table[i].file, text, sizeof text);
        cr_assert(lint_text(text, length, &plan, &warnings, &error), "%s:%u:%u: %s", table[i].file,
                  error.line, error.column, error.text);
        describe(structure, sizeof structure);
        cr_expect_str_eq(plan.name, table[i].name);
        cr_expect_str_eq(structure, table[i].structure);
        cr_expect(eq(sz, plan.step_count, table[i].steps), "%s", table[i].file);
        cr_expect(eq(long, lround(plan_total_m(&plan)), table[i].total_m), "%s", table[i].file);
        cr_expect(eq(long, lround(plan_total_s(&plan)), table[i].total_s), "%s", table[i].file);
        const size_t doubts = (strlen(table[i].warning) > 0) + (i == 2); // its mile is a short one
        cr_expect(eq(sz, warnings.count, doubts), "%s", table[i].file);
        cr_expect(strlen(table[i].warning) == 0 || warned(table[i].warning, table[i].warning_line),
                  "%s", table[i].file);
        cr_expect(eq(sz, text_print(&plan, printed, sizeof printed), length));
        cr_expect_str_eq(printed, text);
    }
}

Test(text, finds_the_structure)
{
    const struct {
        const char *what, *list, *structure;
    } table[] = {
        {"flat, the block ends with its last rest",
         "- 2 lots of:\n- 1min @ 5'00''/km\n- 1min rest\n- 2min @ 5'00''/km\n- 3 lots of:\n"
         "- 1s rest\n- 5min @ 6'00''/km\n- 6min @ 6'00''/km\n",
         "2x(W60s R60s) W120s 3x(R1s) W300s W360s"},
        {"flat, no rest and another repeat follows",
         "- 2 lots of:\n- 1min @ 5'00''/km\n- 2min @ 5'00''/km\n- 3 lots of:\n- 1s rest\n",
         "2x(W60s W120s) 3x(R1s)"},
        {"flat, no rest: the last is the cool-down",
         "- 2 lots of:\n- 1min @ 5'00''/km\n- 2min @ 5'00''/km\n", "2x(W60s) W120s"},
        {"flat, a lone step is the block", "- 2 lots of:\n- 1min @ 5'00''/km\n", "2x(W60s)"},
        {"flat with round bullets", "• 2 lots of:\n• 1min @ 5'00''/km\n• 1min rest\n",
         "2x(W60s R60s)"},
        {"the indent alone counts",
         "- 2 lots of:\n  - 1min @ 5'00''/km\n- 1min rest\n- 2min @ 5'00''/km\n",
         "2x(W60s) R60s W120s"},
        {"indented by tabs and no-break spaces",
         "* 2 lots of:\n\t* 1min @ 5'00''/km\n\u00a0\u00a0\u00a0\u00a0* 1min rest\n"
         "* 2min @ 5'00''/km\n",
         "2x(W60s R60s) W120s"},
        {"the first line lost its indent",
         "- 1min @ 5'00''/km\n  - 2 lots of:\n    - 2min @ 5'00''/km\n  - 3min @ 6'00''/km\n",
         "W60s 2x(W120s) W180s"},
        {"nested",
         "- 2 lots of:\n - 3 lots of:\n  - 4 lots of:\n   - 1s @ 5'00''/km\n  - 2s rest\n"
         " - 3s rest\n- 4s @ 6'00''/km\n",
         "2x(3x(4x(W1s) R2s) R3s) W4s"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[512], structure[256];
        snprintf(text, sizeof text, TITLE "%s", table[i].list);
        expect_parses(text);
        describe(structure, sizeof structure);
        cr_expect_str_eq(structure, table[i].structure, "%s", table[i].what);
    }
}

// Of two lines with the same width before them neither is in the other.
Test(text, what_has_no_width_indents_nothing)
{
    char structure[256];
    expect_parses(TITLE "- 2 lots of:\n\u200b- 1s @ 5'00''/km\n- 2s rest\n");
    describe(structure, sizeof structure);
    cr_expect_str_eq(structure, "2x(W1s R2s)");
    static const char word[] = TITLE "o 1km @ 5'00''/km\n";
    const bool read = text_parse(word, sizeof word - 1, &plan, NULL, &error);
    cr_expect(not(read), "an o alone is a word");
}

Test(text, lengths_are_kept_as_written_and_exactly)
{
    const struct {
        const char *written;
        int64_t amount; // µs or mm
    } table[] = {
        {"90s", 90000000},    {"1min 30s", 90000000},   {"1h 15min", 4500000000},
        {"2h", 7200000000},   {"1h 1s", 3601000000},    {"200m", 200000},
        {"1.0km", 1000000},   {"1km", 1000000},         {"21.0975km", 21097500},
        {"1.0mi", 1609344},   {"0.5mi", 804672},        {"26.2mi", 42164813},
        {"0.05km", 50000},    {"0.00001km", 10},        {"319km", 319000000},
        {"24h", 86400000000}, {"1h 75min", 8100000000}, {"0h 0min 7s", 7000000},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[128];
        snprintf(text, sizeof text, TITLE "- %s rest\n", table[i].written);
        expect_parses(text);
        const Step *step = &plan.steps[0].step;
        int64_t amount = step->measure == MEASURE_TIME ? step->duration : step->distance_mm;
        cr_expect(eq(i64, amount, table[i].amount), "%s", table[i].written);
        text_print(&plan, printed, sizeof printed);
        cr_expect_str_eq(printed, text);
    }
}

static const struct {
    const char *text;
    uint32_t line, column;
    const char *expected;
} broken[] = {
    {"", 1, 1, "no line that starts with 'Workout - '"},
    {"- 10min @ 6'00''/km\n", 1, 1, "no line that starts with 'Workout - '"},
    {"Workout\n- 10min @ 6'00''/km\n", 1, 1, "no line that starts with"},
    {"Workout -x\n- 10min @ 6'00''/km\n", 1, 1, "no line that starts with"},
    {"Workout - \n- 10min @ 6'00''/km\n", 1, 11, "expected a name"},
    {"Workout -", 1, 10, "expected a name"},
    {"Workout - a\x1b[1mb\n", 1, 12, "control character"},
    {"Workout - a\xc2\x85"
     "b\n",
     1, 12, "control character"},
    {"prose\nWorkout - T\n\n", 2, 1, "expected a list"},
    {TITLE "prose\n", 2, 1, "expected a bullet and a step, found \"prose\""},
    {TITLE "10min @ 6'00''/km\n", 2, 1, "expected a bullet"},
    {TITLE "- 1min rest\n  10min @ 6'00''/km\n", 3, 3, "expected a bullet"},
    {TITLE "- 10min @ 10'3", 2, 14, "two digits of seconds, 00 to 59, found \"3\""},
    {TITLE "- 10min @ 10'30", 2, 16, "'' after the seconds of the pace, found the end"},
    {TITLE "- 10min @ 10'30'", 2, 17, "'' after the seconds"},
    {TITLE "- 10min @ 10'30''", 2, 18, "expected /km or /mi, found the end of the line"},
    {TITLE "- 10min @ 10'30''/", 2, 19, "expected the unit km or mi"},
    {TITLE "- 10min @ 10'30''/k", 2, 19, "(perhaps \"km\" is meant)"},
    {TITLE "- 10min @ 10'30''/m", 2, 19, "expected the unit km or mi, found \"m\""},
    {TITLE "- 10min @ 10'", 2, 14, "two digits"},
    {TITLE "- 10min @ 10", 2, 13, "expected ' after the minutes"},
    {TITLE "- 10min @", 2, 10, "a target such as"},
    {TITLE "- 10min @ hard", 2, 11, "a target such as"},
    {TITLE "- 10min", 2, 8, "expected @ and a pace, or rest"},
    {TITLE "- 10min res", 2, 9, "expected @ and a pace, or rest, found \"res\""},
    {TITLE "- 10min resting", 2, 9, "expected @ and a pace, or rest"},
    {TITLE "- 10mi", 2, 7, "expected @ and a pace"},
    {TITLE "- 10", 2, 5, "expected the unit"},
    {TITLE "- 1.", 2, 5, "a digit after the point"},
    {TITLE "- ", 2, 3, "a step such as"},
    {TITLE "-", 2, 2, "a step such as"},
    {TITLE "- 1min rest\n\n-", 4, 2, "a step such as"},
    {TITLE "- 5 lots", 2, 9, "lots of:"},
    {TITLE "- 5 lots of", 2, 12, "lots of:"},
    {TITLE "- 5 lots of: 3", 2, 14, "expected the end of the line, found \"3\""},
    {TITLE "- 5 lots of:\n", 2, 3, "expected steps to repeat, found none"},
    {TITLE "- 1s rest\n- 5 lots of:\n- 4 lots of:\n- 1s rest\n", 3, 3, "steps to repeat"},
    {TITLE "  - 5 lots of:\n  - 1s rest\n  - 4 lots of:\n    - 1s rest\n", 2, 5, "to repeat"},
    {TITLE "- 0 lots of:\n- 1s rest\n", 2, 3, "1 to 500 lots"},
    {TITLE "- 1000000000 lots of:\n- 1s rest\n", 2, 3, "a smaller number"},
    {TITLE "- 501 lots of:\n- 1s rest\n", 2, 3, "1 to 500 lots"},
    {TITLE "- 2.5 lots of:\n- 1s rest\n", 2, 3, "1 to 500 lots"},
    {TITLE "- 1s rest\n- 500 lots of:\n- 1s rest\n", 3, 3, "more than 500 steps"},
    {TITLE "- 99 lots of:\n - 9 lots of:\n  - 1s rest\n", 2, 3, "more than 500 steps"},
    {TITLE "- 2 lots of:\n - 2 lots of:\n  - 2 lots of:\n   - 2 lots of:\n    - 1s rest\n", 5, 6,
     "more than three repeats"},
    {TITLE "- 5mins @ 6'00''/km", 2, 4, "(perhaps \"min\" is meant), found \"mins @ 6'00''/km"},
    {TITLE "- 30sec rest", 2, 5, "(perhaps \"s\" is meant)"},
    {TITLE "- 1Hour rest", 2, 4, "(perhaps \"h\" is meant)"},
    {TITLE "- 5k @ 6'00''/km", 2, 4, "(perhaps \"km\" is meant)"},
    {TITLE "- 3 miles @ 6'00''/km", 2, 5, "(perhaps \"mi\" is meant)"},
    {TITLE "- 400metres @ 6'00''/km", 2, 6, "(perhaps \"m\" is meant)"},
    {TITLE "- 5M @ 6'00''/km", 2, 4, "h, min, s, m, km or mi, found \"M @"},
    {TITLE "- 5yd @ 6'00''/km", 2, 4, "h, min, s, m, km or mi, found"},
    {TITLE "- 10min @ 6'00''/mile", 2, 18, "(perhaps \"mi\" is meant)"},
    {TITLE "- 5kilometresandmore @ 6'00''/km", 2, 4, "h, min, s, m, km or mi, found"},
    {TITLE "- 1,6km @ 6'00''/km", 2, 4, "not a comma"},
    {TITLE "- 400.5m @ 6'00''/km", 2, 3, "whole metres"},
    {TITLE "- 1.5min rest", 2, 3, "a whole number"},
    {TITLE "- 1.123456km rest", 2, 3, "fewer decimals"},
    {TITLE "- 4294967296m rest", 2, 3, "a smaller number"},
    {TITLE "- 99999999999999999999999999s rest", 2, 3, "a smaller number"},
    {TITLE "- 1min 9999999999s rest", 2, 8, "a smaller number"},
    {TITLE "- 1min 5 rest", 2, 10, "expected the unit"},
    {TITLE "- 1001km rest", 2, 3, "at most 1000km"},
    {TITLE "- 25h rest", 2, 3, "at most 24 hours"},
    {TITLE "- 999km @ E", 2, 3, "more than 24 hours"}, // whoever runs it
    {TITLE "- 20 lots of:\n- 100km @ HR zone 1", 3, 3, "more than 24 hours"},
    {TITLE "- 12h rest\n- 12h rest\n- 1s rest", 4, 3, "more than 24 hours"},
    {TITLE "- 1s 5min rest", 2, 6, "in this order"},
    {TITLE "- 1min 5min rest", 2, 8, "in this order"},
    {TITLE "- 1min 400m rest", 2, 8, "in this order"},
    {TITLE "- 1km 200m rest", 2, 7, "@ and a pace, or rest"},
    {TITLE "- 10min @ 6'60''/km", 2, 13, "00 to 59"},
    {TITLE "- 10min @ 6'5''/km", 2, 13, "00 to 59"},
    {TITLE "- 10min @ 6'005''/km", 2, 13, "00 to 59"},
    {TITLE "- 10min @ 6'9999999999''/km", 2, 13, "a smaller number"},
    {TITLE "- 10min @ 9999999999'00''/km", 2, 11, "a smaller number"},
    {TITLE "- 10min @ 6.5'00''/km", 2, 11, "a target such as"},
    {TITLE "- 10min @ 100'00''/km", 2, 11, "below 100 minutes"},
    {TITLE "- 10min @ 0'00''/km", 2, 11, "above zero"},
    {TITLE "- 10min @ 6'00''/km easy", 2, 21, "the end of the line, found \"easy\""},
    {TITLE "• 10min @ ′30″/km", 2, 11, "found \"′30″/km\""},
    {TITLE "• 10min\x1b\xc2\x85\x7f@", 2, 8, "found \"???@\""},
    {TITLE "• 1 éééééééééééééééééééééééééééééé", 2, 5, "found \"éééééééééééééééééééééééé…\""},
    {TITLE "- rest\n", 2, 7, "until HR <"},
    {TITLE "- 1min rest\n- then stretch\n", 3, 3, "a step such as"},
    {TITLE "- 1min rest\n\n- 3 tips\n", 4, 5, "expected the unit"},
    {TITLE "- 1min rest\n  \xe2\x80", 3, 3, "not UTF-8"},
    {"caf\xe9 prose\n" TITLE "- 1min rest\n", 1, 4, "not UTF-8"},
    {"\xc0\x80", 1, 1, "not UTF-8"},
    {"\xe0\x80\x80", 1, 1, "not UTF-8"},
    {"\xed\xa0\x80", 1, 1, "not UTF-8"},
    {"\xf0\x80\x80\x80", 1, 1, "not UTF-8"},
    {"\xf4\x90\x80\x80", 1, 1, "not UTF-8"},
    {"\xf5\x80\x80\x80", 1, 1, "not UTF-8"},
    {"\xf0\x9f\x8f\x83 \xf0\x9f\x8f", 1, 3, "not UTF-8"},
    {"\xc3(", 1, 1, "not UTF-8"},
};

Test(text, says_where_and_what_it_expected)
{
    for (size_t i = 0; i < COUNT(broken); i++) {
        cr_expect(not(parse(broken[i].text)), "%s", broken[i].text);
        cr_expect(strstr(error.text, broken[i].expected) != NULL, "%s\ngives %u:%u: %s",
                  broken[i].text, error.line, error.column, error.text);
        cr_expect(error.line == broken[i].line && error.column == broken[i].column,
                  "%s\ngives %u:%u: %s", broken[i].text, error.line, error.column, error.text);
    }
}

// Wherever the paste was cut: an error, or a shorter text that is whole in itself.
Test(text, a_cut_text_is_never_a_different_workout)
{
    char text[4096], part[4096];
    size_t length = data_read("001.txt", text, sizeof text);
    for (size_t cut = 0; cut < length; cut++) {
        if (!lint_text(text, cut, &plan, &warnings, &error))
            continue;
        size_t whole = text_print(&plan, part, sizeof part);
        cr_assert(le(sz, whole, length));
        part[whole - 1] = '\0'; // the cut may have taken the last line's end
        cr_expect(strncmp(text, part, whole - 1) == 0, "cut at %zu", cut);
        cr_expect(strspn(text + whole - 1, "\n ") >= cut - (whole - 1),
                  "cut at %zu leaves something unread", cut);
    }
}

Test(text, doubts_have_a_line_and_a_code)
{
    const struct {
        const char *list, *code;
        uint32_t line;
    } table[] = {
        {"- 0.0mi @ 8'45''/mi\n", "zero-length", 2},
        {"- 0s @ 5'00''/km\n", "zero-length", 2},
        {"- 1km @ 1'59''/km\n", "implausible-pace", 2},
        {"- 1km @ 3'10''/mi\n", "implausible-pace", 2},
        {"- 1km @ 20'01''/km\n", "implausible-pace", 2},
        {"- 1km @ 99'59''/mi\n", "implausible-pace", 2},
        {"- 3m @ 5'00''/km\n", "short-distance", 2},
        {"- 1min 75s @ 5'00''/km\n", "odd-time", 2},
        {"- 1h 60min @ 5'00''/km\n", "odd-time", 2},
        {"- 1h 60s @ 5'00''/km\n", "odd-time", 2},
        {"- 1min rest\n- 1km @ 5'00''/km\n", "rest-at-start", 2},
        {"- 1km @ 5'00''/km\n- 1min rest\n", "rest-at-end", 3},
        {"- 1km @ 5'00''/km\n- 1min rest\n- 1min rest\n- 1km @ 5'00''/km\n", "rests-in-a-row", 4},
        {"- 1km @ 5'00''/km\n- 3 lots of:\n- 1min rest\n", "rest-only", 3},
        {"- 2 lots of:\n- 1km @ 6'00''/km\n- 1min rest\n- 1km @ 6'00''/km\n- 1min rest\n",
         "ambiguous-block", 2},
        {"- 10min @ 5'00''/km\n- 2 lots of:\n- 1km @ 5'30''/km\n- 1min rest\n",
         "slower-than-warm-up", 4},
        {"- 10min @ 8'00''/km\n- 3km @ 4'00''/km\n- 9 lots of:\n- 200m @ 7'00''/mi\n- 1min rest\n",
         "slower-than-longer", 5},
        {"- 1min @ 5'00''/km\n- 90min rest\n- 1min @ 5'00''/km\n", "long-rest", 3},
        {"- 10min @ 6'00''/km\n- 5 lots of:\n- 1km @ 4'30''/km\n- 10min @ 6'00''/km\n", "no-rest",
         4},
        {"- 10min @ E\n- 3 lots of:\n- 5min @ T\n- 10min @ E\n", "no-rest", 4},
        {"- 10min run\n- 3 lots of:\n- 400m @ max\n- 10min run\n", "no-rest", 4},
        {"- 10min run\n- 3 lots of:\n- 5min @ HR zone 4\n- 10min run\n", "no-rest", 4},
        {"- 5 lots of:\n- 1km @ 4'30''/km\n- 2min rest\n- 10min @ 6'00''/km\n", "no-warm-up", 3},
        {"- 20min @ T\n- 10min @ E\n", "no-warm-up", 2},
        {"- 5 lots of:\n- 1km @ 4'30''/km\n- 2min rest\n", "no-warm-up", 3},
        {"- 10min @ E\n- 5 lots of:\n- 1km @ 4'30''/km\n- 10min @ E\n", "no-rest", 4},
        {"- 3min @ HR 90%\n- 10min @ HR < 75%\n", "no-warm-up", 2},
        {"- 3min @ HR 97-102% of threshold\n- 10min run\n", "no-warm-up", 2},
        {"- 3min @ 5km pace - 2%\n- 10min run\n", "no-warm-up", 2},
        {"- 3min @ RPE 8\n- 10min @ RPE 3\n", "no-warm-up", 2},
        {"- 2 lots of:\n  - 1km @ 6'00''/km\n    - 1min rest\n", "odd-indent", 4},
        {"- 1km @ 5'00''/km\n\n- Breathe.\n", "list-ended", 4},
        {"- 1km @ 5'00''/km\nprose\n- 1km @ 5'00''/km\n- 2km @ 5'00''/km\n", "items-after-end", 4},
        {"- 1km @ 5'00''/km\nWorkout - U\n- 1km @ 5'00''/km\nWorkout - V\n", "several-workouts", 3},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[512];
        snprintf(text, sizeof text, TITLE "%s", table[i].list);
        expect_parses(text);
        cr_expect(warned(table[i].code, table[i].line), "%s", text);
        cr_expect(eq(sz, warnings.count, 1), "%s", text);
        cr_expect(gt(u32, warnings.items[0].column, 0));
        cr_expect(text_parse(text, strlen(text), &plan, NULL, &error), "nobody need listen");
    }
}

Test(text, what_coaches_mean_is_not_doubted)
{
    const char *const lists[] = {
        "- 1km @ 20'00''/km\n- 1km @ 2'00''/km\n",
        "- 10min @ 6'00''/km\n- 4 lots of:\n- 400m @ 4'00''/km\n- 400m @ 7'00''/km\n- 10s rest\n",
        "- 10min @ 6'00''/km\n- 4 lots of:\n- 400m @ 6'00''/km\n- 1min rest\n",
        "- 10min @ 6'00''/km\n- 4 lots of:\n- 1km @ 4'44''/km\n- 1min rest\n- 2km @ 7'36''/mi\n",
        "- 1km @ 5'00''/km\n--\n*slowly*\n-ing\n",
        // Strides, minutes over and under, and repetitions that change need no rest.
        "- 10min @ 6'00''/km\n- 6 lots of:\n- 20s @ 3'30''/km\n- 10min @ 6'00''/km\n",
        "  - 10min @ E\n  - 4 lots of:\n    - 1min @ 4'40''/km\n    - 1min @ 5'10''/km\n  - 5min @ "
        "E\n",
        "  - 10min @ E\n  - 4 lots of:\n    - 1km @ from T to I\n  - 5min @ E\n",
        // Kilometres that are laps of an easy run.
        "  - 10min @ 6'00''/km\n  - 5 lots of:\n    - 1km @ 5'50''/km\n  - 5min @ 6'30''/km\n",
        "- 5km @ E\n- 5km @ M\n- 5km @ T\n",
        "- 5km @ 5km pace\n",
        "- 5km @ 5km pace + 20%\n- 5km @ marathon pace\n- 5km @ HR 80%\n- 5km @ > 200 W\n- 5km "
        "run\n",
        "- 5km @ 5km pace + 60s/km\n- 2 lots of:\n- 1km @ 180 spm\n- 1km @ HR 140-150\n- 10min "
        "run\n",
        "- 10min run\n- 6 lots of:\n- 100m @ max\n- 10min run\n",
        "- 10min @ 6'15''/km\n- 4 lots of:\n- 200m @ 4'10''/km\n- 200m @ 7'00''/km\n- 5min @ "
        "6'15''/km\n",
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        char text[512];
        snprintf(text, sizeof text, TITLE "%s", lists[i]);
        expect_parses(text);
        cr_expect(eq(sz, warnings.count, 0), "%s%s", text, warnings.items[0].code);
    }
}

Test(text, warnings_come_by_line_and_stop_when_there_is_no_room)
{
    char text[8192] = TITLE;
    for (int i = 0; i < 40; i++)
        strcat(text, "- 0m @ 1'00''/km\n");
    strcat(text, TITLE);
    expect_parses(text);
    cr_expect(eq(sz, warnings.count, TEXT_WARNINGS_MAX));
    for (size_t i = 1; i < warnings.count; i++)
        cr_expect(ge(u32, warnings.items[i].line, warnings.items[i - 1].line));
}

Test(text, a_nul_is_no_text)
{
    const char text[] = "Workout - T\n- 1min rest\n\0 and more";
    cr_expect(not(lint_text(text, sizeof text - 1, &plan, &warnings, &error)));
    cr_expect(eq(u32, error.line, 3));
    cr_expect(strstr(error.text, "NUL") != NULL);
    cr_expect(not(lint_text(NULL, 0, &plan, &warnings, &error)));
}

Test(text, holds_names_and_lists_up_to_their_limits)
{
    static char text[32 * 1024];
    char name[PLAN_NAME_MAX + 1];
    memset(name, 'n', sizeof name);
    name[PLAN_NAME_MAX - 1] = '\0';
    snprintf(text, sizeof text, "Workout - %s\n- 1s rest\n", name);
    expect_parses(text);
    cr_expect_str_eq(plan.name, name);
    snprintf(text, sizeof text, "Workout - %sx\n- 1s rest\n", name);
    cr_expect(not(parse(text)));
    cr_expect(strstr(error.text, "at most 255 bytes") != NULL);

    strcpy(text, TITLE);
    for (int i = 0; i < PLAN_ITEMS_MAX; i++)
        strcat(text, "- 1s @ 5'00''/km\n");
    expect_parses(text);
    cr_expect(eq(sz, plan.step_count, PLAN_STEPS_MAX));
    strcat(text, "- 1s @ 5'00''/km\n");
    cr_expect(not(parse(text)));
    cr_expect(eq(u32, error.line, 502));
    cr_expect(strstr(error.text, "500 lines") != NULL);
}

Test(text, printing_says_how_much_room_it_needs)
{
    expect_parses("Workout - T\n- 1s @ 5'00''/km\n");
    size_t length = text_print(&plan, printed, sizeof printed);
    char small[8];
    memset(small, 'x', sizeof small);
    cr_expect(eq(sz, text_print(&plan, NULL, 0), length));
    cr_expect(eq(sz, text_print(&plan, small, sizeof small), length));
    cr_expect_str_eq(small, "Workout");
    plan_free_run(&plan);
    text_print(&plan, printed, sizeof printed);
    cr_expect_str_eq(printed, "Workout - Free run\n\n");
}

Test(text, a_flat_list_is_printed_only_where_it_reads_back)
{
    expect_parses(TITLE "- 2 lots of:\n  - 1s @ 5'00''/km\n- 1s rest\n");
    plan.style = PLAN_STYLE_DASHES;
    text_print(&plan, printed, sizeof printed);
    cr_expect_str_eq(printed, "Workout - T\n\n  • 2 lots of:\n    • 1s @ 5'00''/km\n  • 1s rest\n");
}

static uint64_t random_state = 88172645463325252U;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % bound;
}

static size_t random_list(char *text, size_t size, int depth)
{
    static const char *const lengths[] = {"90s",   "1min 30s", "1h 2s", "200m",
                                          "1.0km", "0.25mi",   "3km",   "0.0mi"};
    size_t length = 0;
    for (uint32_t n = 1 + random_below(4); n > 0; n--) {
        length += (size_t)snprintf(text + length, size - length, "%*s• ", 2 * depth, "");
        if (depth < 4 && random_below(4) == 0) {
            length += (size_t)snprintf(text + length, size - length, "%u lots of:\n",
                                       1 + random_below(3));
            length += random_list(text + length, size - length, depth + 1);
        } else if (random_below(2)) {
            length += (size_t)snprintf(text + length, size - length, "%s rest\n",
                                       lengths[random_below(COUNT(lengths))]);
        } else {
            length += (size_t)snprintf(text + length, size - length, "%s @ %u'%02u''/%s\n",
                                       lengths[random_below(COUNT(lengths))], 1 + random_below(15),
                                       random_below(60), random_below(2) ? "km" : "mi");
        }
    }
    return length;
}

Test(text, what_is_printed_reads_back_the_same)
{
    static char text[64 * 1024], again[64 * 1024];
    size_t parsed = 0;
    for (int i = 0; i < 2000; i++) {
        size_t title = (size_t)snprintf(text, sizeof text, "Workout - №%d\n\n", i);
        random_list(text + title, sizeof text - title, 1);
        if (!parse(text))
            continue; // too long a day
        parsed++;
        text_print(&plan, printed, sizeof printed);
        cr_expect_str_eq(printed, text);
        plan.style = PLAN_STYLE_DASHES;
        size_t steps = plan.step_count;
        double total = plan_total_s(&plan);
        text_print(&plan, printed, sizeof printed);
        expect_parses(printed);
        cr_expect(eq(sz, plan.step_count, steps));
        cr_expect(eq(dbl, plan_total_s(&plan), total));
        text_print(&plan, again, sizeof again);
        cr_expect_str_eq(printed, again);
    }
    cr_expect(gt(sz, parsed, 1000));
}

Test(text, refuses_ten_megabytes_and_reads_one_at_once)
{
    static char text[10 * 1024 * 1024];
    memset(text, 'x', sizeof text);
    cr_expect(not(lint_text(text, sizeof text, &plan, &warnings, &error)));
    cr_expect(strstr(error.text, "longer than 1 MiB") != NULL);

    static const char *const fills[] = {"x", "\r", "\n", " ", "é", "- \n", "Workout - x"};
    static const char tail[] = "\nWorkout - T\n- 1s rest\n";
    for (size_t i = 0; i < COUNT(fills) - 1; i++) {
        size_t unit = strlen(fills[i]), body = 0;
        while (body + unit + sizeof tail <= TEXT_INPUT_MAX) {
            memcpy(text + body, fills[i], unit);
            body += unit;
        }
        memcpy(text + body, tail, sizeof tail);
        clock_t start = clock();
        cr_expect(lint_text(text, body + sizeof tail - 1, &plan, &warnings, &error), "%s",
                  error.text);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        cr_expect(lt(dbl, seconds, 1.0), "1 MiB of \"%s\" took %f s", fills[i], seconds);
    }
}
