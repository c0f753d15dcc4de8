// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the plan language can say beyond the source format: that it unrolls to the steps a runner
// would expect, that it prints back as it stands, and that every plan there can be does so.

#include "random-plan.h"
#include "workout/aids.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan, again; // 150 kB: not for the stack
static TextError error;
static char printed[256 * 1024], reprinted[256 * 1024];

static bool parse(const char *items)
{
    static char text[4096];
    snprintf(text, sizeof text, "Workout - T\n\n%s", items);
    return text_parse(text, strlen(text), &plan, NULL, &error);
}

// Executed steps in short: W and R for work and rest, their length, ' for a stride, @ and s/km.
static const char *steps(void)
{
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; i < plan.step_count; i++) {
        const PlanStep *step = &plan.steps[i];
        char one[64];
        const char *kind = step->step.kind == STEP_WORK       ? "W"
                           : step->step.manner == MANNER_JOG  ? "J"
                           : step->step.manner == MANNER_WALK ? "K"
                                                              : "R";
        snprintf(one, sizeof one, "%s%s%s", i > 0 ? " " : "", kind, step->stride ? "'" : "");
        text_add(text, sizeof text, one);
        if (step_ends_by_clock(&step->step))
            snprintf(one, sizeof one, "%gs", usec_to_s(step->step.duration));
        else if (step->step.measure == MEASURE_DISTANCE)
            snprintf(one, sizeof one, "%gm", (double)step->step.distance_mm / 1000);
        else
            snprintf(one, sizeof one, "%s", step_measure_name(step->step.measure));
        text_add(text, sizeof text, one);
        if (step->aim.quantity == AIM_SPEED) {
            snprintf(one, sizeof one, "@%.0f", 1000 / step->aim.value);
            text_add(text, sizeof text, one);
        }
    }
    return text;
}

Test(language, unrolls_and_prints_back)
{
    static const struct {
        const char *items, *steps;
    } cases[] = {
        {"  • 20min run\n", "W1200s"},
        {"  • 2min jog\n  • 400m walk\n  • open rest\n", "J120s K400m Ropen"},
        {"  • open @ 5'00''/km\n", "Wopen@300"},
        {"  • 1.6km @ max \"all you have\"\n", "W1600m"},
        {"  • 5 lots of, no last rest:\n    • 400m @ 4'00''/km\n    • 1min jog\n  • 10min run\n",
         "W400m@240 J60s W400m@240 J60s W400m@240 J60s W400m@240 J60s W400m@240 W600s"},
        {"  • ladder of 400m, 800m, 1.2km and back:\n    • rung @ 4'00''/km\n    • 400m jog\n",
         "W400m@240 J400m W800m@240 J400m W1200m@240 J400m W800m@240 J400m W400m@240 J400m"},
        {"  • ladder of 1min, 2min, 3min, 4min:\n    • rung @ 4'00''/km\n    • 1min jog\n"
         "    • rung @ 4'30''/km\n    • 2min jog\n",
         "W60s@240 J60s W120s@270 J120s W180s@240 J60s W240s@270 J120s"},
        {"  • 3 lots of:\n    • 1.0km @ from 5'00''/km to 4'00''/km\n    • 90s rest\n",
         "W1000m@300 R90s W1000m@270 R90s W1000m@240 R90s"},
        {"  • 12min @ 6'00''/km with 4 strides of 20s\n",
         "W480s@360 W'20s W40s@360 W'20s W40s@360 W'20s W40s@360 W'20s W40s@360"},
        {"  • 2.0km @ 6'00''/km with 2 strides of 100m every 300m\n",
         "W1400m@360 W'100m W200m@360 W'100m W200m@360"},
        {"  • 3min @ 4'00''/km\n  • equal time jog\n  • 800m @ 4'00''/km\n  • equal distance jog\n",
         "W180s@240 J180s W800m@240 J800m"},
        {"  • 400m in 90s\n  • 800m in 3:10, pacer 200m \"even\"\n  • 1.0mi in 6:00\n",
         "W400m@225 W800m@238 W1609.34m@224"},
        {"  • 2 lots of:\n    • 400m in 88-92s\n    • 200m jog\n", // the middle of it
         "W400m@225 J200m W400m@225 J200m"},
        {"  • 2.0km @ 400m in 90s\n  • 400m @ from 400m in 96s to 400m in 88s\n",
         "W2000m@225 W400m@240"},
        // What only the run can say stays open until then.
        {"  • 3min @ 4'00''/km\n  • equal distance @ 6'00''/km\n", "W180s@240 Wequal-distance@360"},
        {"  • 400m @ 4'00''/km\n  • rest until HR < 120 (1min..3min)\n  • jog until HR < 130\n",
         "W400m@240 R180s J300s"},
        {"  • 1.0km @ 4'00''/km, metronome 180, pacer 200m \"tall\"\n", "W1000m@240"},
        {"  • 10min run, metronome\n  • 5min @ 175-180 spm, metronome\n", "W600s W300s"},
        {"  • 2 lots of:\n    • 2 lots of:\n      • 2 lots of:\n        • 10s run\n    • 1min "
         "rest\n",
         "W10s W10s W10s W10s R60s W10s W10s W10s W10s R60s"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_assert(parse(cases[i].items), "%s%u:%u: %s", cases[i].items, error.line, error.column,
                  error.text);
        cr_expect_str_eq(steps(), cases[i].steps, "%sgives %s", cases[i].items, steps());
        text_print(&plan, printed, sizeof printed);
        cr_expect_str_eq(printed + strlen("Workout - T\n\n"), cases[i].items, "%s", printed);
    }
}

Test(language, where_the_indent_is_lost_a_ladder_is_one_all_the_same)
{
    static const char text[] =
        "Workout - T\n- ladder of 1min, 2min:\n- rung run\n- 1min rest\n- 5min run";
    cr_assert(text_parse(text, sizeof text - 1, &plan, NULL, &error), "%s", error.text);
    cr_expect_str_eq(steps(), "W60s R60s W120s R60s W300s");
    text_print(&plan, printed, sizeof printed);
    cr_expect_str_eq(printed, "Workout - T\n- ladder of 1min, 2min:\n- rung run\n- 1min rest\n"
                              "- 5min run\n");
}

Test(language, a_metronome_and_a_pacer_are_of_their_work)
{
    cr_assert(parse("  • 2 lots of:\n    • 1km @ 4'00''/km,pacer 100 m , metronome 172 spm\n"
                    "    • 1min rest\n  • 12min @ 6'00''/km with 2 strides of 20s, metronome\n"));
    static const unsigned metronomes[] = {172, 0, 172, 0, 1, 0, 1, 0, 1};
    cr_assert(eq(sz, plan.step_count, COUNT(metronomes)), "%s", steps());
    for (size_t i = 0; i < COUNT(metronomes); i++) {
        cr_expect(eq(u32, aids_metronome(&plan, i), metronomes[i]), "step %zu", i);
        cr_expect(eq(u32, aids_pacer(&plan, i), metronomes[i] > 1 ? 100 : 0), "step %zu", i);
    }
    text_print(&plan, printed, sizeof printed);
    cr_expect(strstr(printed, "1km @ 4'00''/km, metronome 172, pacer 100m\n") != NULL, "%s",
              printed);
    plan_free_run(&plan);
    cr_expect(eq(u32, aids_metronome(&plan, 0), METRONOME_OFF));
}

Test(language, words_of_a_metronome_and_a_pacer)
{
    unsigned number = 7;
    char text[METRONOME_TEXT_MAX];
    static const unsigned metronomes[] = {METRONOME_OFF, METRONOME_OWN, 120, 240};
    for (size_t i = 0; i < COUNT(metronomes); i++) {
        cr_assert(aids_read_metronome(aids_metronome_text(metronomes[i], text), &number));
        cr_expect(eq(u32, number, metronomes[i]));
        cr_expect(aids_metronome_valid(number));
    }
    static const char *const no_metronome[] = {"", "119", "241", "180.5", "180spm", "On", "yes"};
    for (size_t i = 0; i < COUNT(no_metronome); i++)
        cr_expect(not(aids_read_metronome(no_metronome[i], &number)), "%s", no_metronome[i]);
    cr_expect(not(aids_metronome_valid(2)));
    cr_expect(not(aids_metronome_valid(180.5)));
    cr_expect(aids_read_pacer("off", &number) && number == 0);
    cr_expect(aids_read_pacer("50", &number) && number == 50);
    cr_expect(aids_read_pacer("200m", &number) && number == 200);
    static const char *const no_pacer[] = {"", "0", "51", "100 km", "1000", "on", "100mm"};
    for (size_t i = 0; i < COUNT(no_pacer); i++)
        cr_expect(not(aids_read_pacer(no_pacer[i], &number)), "%s", no_pacer[i]);
    cr_expect(not(aids_pacer_valid(150)));
}

Test(language, notes_and_waits_are_kept)
{
    cr_assert(
        parse("  • 400m @ 4'00''/km “shoulders down”\n  • rest until HR < 65% (45s to 2min)\n"));
    cr_expect_str_eq(plan_note(&plan, 0), "shoulders down");
    cr_expect_str_eq(plan_note(&plan, 1), "");
    const Step *rest = &plan.steps[1].step;
    cr_expect(eq(i64, rest->least, 45 * USEC_PER_SEC));
    cr_expect(eq(i64, rest->duration, 120 * USEC_PER_SEC));

    // A share of the maximal rate becomes beats with its runner, a time by feel without one.
    size_t step;
    cr_expect(eq(int, plan_resolve(&plan, NULL, NULL, false, &step), LACKS_HEART_MAX));
    cr_expect(eq(sz, step, 1));
    Athlete athlete = athlete_unknown();
    athlete.heart_max = 190;
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(int, plan_resolve(&plan, &athlete, &model, false, &step), RESOLVED));
    cr_expect(eq(int, rest->heart_below, 124)); // 123.5
    cr_expect(eq(int, rest->heart_is_percent, 0));

    cr_assert(parse("  • 400m run\n  • rest until HR < 65% (45s..2min)\n"));
    cr_expect(eq(int, plan_resolve(&plan, NULL, NULL, true, &step), RESOLVED));
    cr_expect(eq(int, rest->measure, MEASURE_TIME));
    cr_expect(eq(i64, rest->duration, usec_from_s(82.5)));
}

Test(language, is_refused_where_it_means_nothing)
{
    static const struct {
        const char *items;
        uint32_t line, column;
        const char *expected;
    } cases[] = {
        {"  • ladder of 400m, 800m:\n    • 400m run\n", 3, 5, "the rungs of a ladder"},
        {"  • ladder of 400m, 800m, 1km:\n    • rung run\n    • rung run\n", 3, 5, "come out even"},
        {"  • ladder of 0m:\n    • rung run\n", 3, 15, "a length above zero"},
        {"  • ladder of 400m and forth:\n    • rung run\n", 3, 20, "\"and back\""},
        {"  • ladder of 400m, 800m:\n", 3, 5, "expected steps to repeat"},
        {"  • ladder:\n", 3, 11, "\"ladder of\""},
        {"  • rung run\n", 3, 5, "the rungs of a ladder"},
        {"  • 2 lots of:\n    • 2 lots of:\n      • rung run\n", 5, 9, "the rungs of a ladder"},
        {"  • equal time jog\n", 3, 5, "there is no work before it"},
        {"  • 2min rest\n  • equal distance jog\n", 4, 5, "there is no work before it"},
        {"  • 1min @ 6'00''/km with 4 strides of 20s\n", 3, 5, "do not fit"},
        {"  • 12min @ 6'00''/km with 4 strides of 20s every 10s\n", 3, 5, "do not fit"},
        {"  • 12min @ 6'00''/km with 4 strides of 100m\n", 3, 28, "strides by time"},
        {"  • 12min @ 6'00''/km with 0 strides of 20s\n", 3, 28, "1 to 20 strides"},
        {"  • 12min @ 6'00''/km with 4 strides\n", 3, 30, "\"strides of\""},
        {"  • rest until HR 120\n", 3, 19, "< and a heart rate"},
        {"  • rest until HR < 12\n", 3, 21, "from 40 to 250"},
        {"  • rest until HR < 120 (3min..1min)\n", 3, 32, "the least first"},
        {"  • rest until HR < 120 (3min\n", 3, 30, ".. and the most"},
        {"  • jog 2min\n", 3, 9, "a length before the rest"},
        {"  • 2min jog @ E\n", 3, 14, "the end of the line"},
        {"  • 10min run \"no end\n", 3, 16, "a closing \""},
        {"  • 10min run \"\"\n", 3, 16, "words in the note"},
        {"  • 10min run \"bell \a\"\n", 3, 16, "no control character"},
        {"  • 1km @ 4'00''/km, then home\n", 3, 22, "metronome or pacer"},
        {"  • 1km @ 4'00''/km, metronome 300\n", 3, 32, "120 to 240"},
        {"  • 1km @ 4'00''/km, pacer\n", 3, 27, "50m, 100m or 200m"},
        {"  • 1km @ 4'00''/km, pacer 150m\n", 3, 28, "50m, 100m or 200m"},
        {"  • 1km @ 4'00''/km, pacer 100km\n", 3, 31, "50m, 100m or 200m"},
        {"  • 1km @ 4'00''/km, pacer 50m, pacer 50m\n", 3, 33, "once"},
        {"  • 1km @ HR 150, pacer 50m\n", 3, 19, "a pace before its pacer"},
        {"  • 1km run, pacer 50m\n", 3, 14, "a pace before its pacer"},
        {"  • 2min jog, metronome\n", 3, 13, "the end of the line"},
        {"  • 5 lots of, last rest:\n    • 1min run\n", 3, 14, "lots of:"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect(not(parse(cases[i].items)), "%s", cases[i].items);
        cr_expect(strstr(error.text, cases[i].expected) != NULL, "%sgives %u:%u: %s",
                  cases[i].items, error.line, error.column, error.text);
        cr_expect(error.line == cases[i].line && error.column == cases[i].column,
                  "%sgives %u:%u: %s", cases[i].items, error.line, error.column, error.text);
    }
}

Test(language, notes_have_their_room_and_no_more)
{
    static char text[64 * 1024];
    int count = 0;
    char *at = text + sprintf(text, "Workout - T\n\n");
    while (count < 100) {
        at += sprintf(at, "  • 1min run \"%0160d\"\n", count++);
        const bool fits = text_parse(text, strlen(text), &plan, NULL, &error);
        if (!fits)
            break;
    }
    cr_expect(eq(int, count, 51)); // fifty of them, with a byte each, are what there is room for
    cr_expect(strstr(error.text, "fewer or shorter notes") != NULL, "%s", error.text);
}

// ── every plan there can be ──

Test(language, every_plan_prints_what_it_parses_to)
{
    static char text[16 * 1024];
    unsigned parsed = 0;
    for (uint64_t seed = 1; seed < 4000; seed += 2) {
        random_plan(text, sizeof text, seed);
        if (!text_parse(text, strlen(text), &plan, NULL, &error)) {
            cr_assert(strstr(error.text, "500 steps") || strstr(error.text, "24 hours"),
                      "%s%u:%u: %s", text, error.line, error.column, error.text);
            continue;
        }
        parsed++;
        cr_assert(lt(sz, text_print(&plan, printed, sizeof printed), sizeof printed));
        cr_assert(text_parse(printed, strlen(printed), &again, NULL, &error), "%s", printed);
        text_print(&again, reprinted, sizeof reprinted);
        cr_assert_str_eq(printed, reprinted);
        cr_assert(eq(sz, plan.step_count, again.step_count));
        for (size_t i = 0; i < plan.step_count; i++)
            cr_assert(memcmp(&plan.steps[i], &again.steps[i], sizeof plan.steps[i]) == 0);
    }
    cr_expect(gt(u32, parsed, 1500)); // the others ask for more than there may be
}
