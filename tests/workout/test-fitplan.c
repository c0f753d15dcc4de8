// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Plans as FIT workouts and back: a file that the official decoder reads comes out as the workout
// it was made from; what is written and read back asks the same of the runner; and a file that lies
// is refused at the byte where it does.

#include "watch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A workout of five steps, as another program wrote it: its integrity and its values were checked
// with the decoder of those who made the format.
static const char sample[] = "0e20e152220100002e464954bf7440000000000500010001028402028403"
                             "048c0404860005ff00010040e20100006db8434100001a00040401000504"
                             "8c060284081a0701012000000005004d61726174686f6e2053686172706e"
                             "657373204d696c657300004200001b0009fe0284000c0701010002048603"
                             "01000404860504860604860701000200005761726d207570000000000000"
                             "80fc0a0000000000002a0a0000cb0a000002020100526570000000000000"
                             "000000010071020000000000005f0d0000330e0000050202005265737400"
                             "0000000000000000c0d4010002ffffffffffffffffffffffff0402030078"
                             "35000000000000000000000601000000ff05000000ffffffffffffffffff"
                             "020400436f6f6c20646f776e00000000c02709000000000000ae09000047"
                             "0a00000382ad";

static const char miles[] = "Workout - Marathon Sharpness Miles\n\n"
                            "  • 12min @ 10'00''/mi\n"
                            "  • 5 lots of:\n"
                            "    • 1.6km @ 7'36''/mi\n"
                            "    • 2min rest\n"
                            "  • 10min @ 10'30''/mi\n";

static Plan plan; // 150 kB: not for the stack

// ── both ways ──

static void parse(const char *text)
{
    TextError error;
    lost[0] = '\0';
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s%u:%u: %s", text, error.line,
              error.column, error.text);
}

static size_t write_plan(void)
{
    const size_t length = fitplan_write(&plan, 1e9, 1, bytes, sizeof bytes, &losses);
    cr_assert(gt(sz, length, 0));
    return length;
}

static const char *there_and_back(const char *items)
{
    static char text[4096];
    snprintf(text, sizeof text, "Workout - T\n\n%s", items);
    parse(text);
    cr_assert(read_bytes(bytes, write_plan()), "%s%zu: %s", text, wrong.byte, wrong.text);
    return text_of(&again) + strlen("Workout - T\n\n");
}

// The steps of a written plan, one by one; the number of them.
static size_t steps_of(size_t length, FitStep *ret_steps, size_t most)
{
    FitReader reader;
    FitMessage message;
    size_t count = 0;
    fit_reader_init(&reader, bytes, length);
    while ((message = fit_read(&reader)).kind >= FIT_FILE)
        if (message.kind == FIT_STEP && count < most)
            ret_steps[count++] = message.step;
    return count;
}

Test(fitplan, reads_the_sample_as_the_workout_it_is)
{
    uint8_t file[sizeof sample / 2];
    for (size_t i = 0; i < sizeof file; i++)
        file[i] =
            (uint8_t)strtoul((const char[]){sample[2 * i], sample[2 * i + 1], '\0'}, NULL, 16);
    lost[0] = '\0';
    cr_assert(read_bytes(file, sizeof file), "%s", wrong.text);
    cr_expect_str_eq(text_of(&again), miles);
    cr_expect_str_eq(lost, "");
    cr_expect(eq(sz, again.step_count, 12));
}

Test(fitplan, writes_what_the_sample_holds)
{
    FitStep steps[8];
    parse(miles);
    const size_t length = write_plan();
    cr_assert(eq(sz, steps_of(length, steps, COUNT(steps)), 5));
    static const struct {
        double type, duration, target, low, high, intensity;
    } expected[] = {
        {FIT_LASTS_TIME, 720000, FIT_TARGET_SPEED, 2602, 2763, FIT_WARM_UP},
        {FIT_LASTS_DISTANCE, 160000, FIT_TARGET_SPEED, 3423, 3635, FIT_ACTIVE},
        {FIT_LASTS_TIME, 120000, FIT_TARGET_OPEN, NAN, NAN, FIT_REST},
        {FIT_LASTS_REPEAT, 1, NAN, NAN, NAN, NAN},
        {FIT_LASTS_TIME, 600000, FIT_TARGET_SPEED, 2478, 2631, FIT_COOL_DOWN},
    };
    for (size_t i = 0; i < COUNT(expected); i++) {
        const double pairs[][2] = {
            {expected[i].type, steps[i].duration_type}, {expected[i].duration, steps[i].duration},
            {expected[i].target, steps[i].target_type}, {expected[i].low, steps[i].low},
            {expected[i].high, steps[i].high},          {expected[i].intensity, steps[i].intensity},
        };
        for (size_t k = 0; k < COUNT(pairs); k++)
            cr_expect(pairs[k][0] == pairs[k][1] || (isnan(pairs[k][0]) && isnan(pairs[k][1])),
                      "step %zu, number %zu: %g, not %g", i, k, pairs[k][1], pairs[k][0]);
    }
    cr_expect(eq(dbl, steps[3].target, 5));
    cr_expect(read_bytes(bytes, length));
    cr_expect_str_eq(text_of(&again), miles);
}

Test(fitplan, comes_back_as_it_was)
{
    static const char *const items[] = {
        "  • 20min run\n",
        "  • 400m @ 4'00''/km\n  • 2min jog\n  • 800m walk\n  • open rest\n",
        "  • open @ 5'00''/km \"until the bridge\"\n",
        "  • 1.0mi @ T\n  • 0.25mi @ 5km pace - 2%\n",
        "  • 10min @ 5'10''-5'00''/km\n",
        "  • 10min @ between T + 5% and T\n",
        "  • 10min @ 6'00''/km building to 5'00''/km\n",
        "  • 10min @ HR 140-150\n  • 10min @ HR < 150\n  • 10min @ HR > 120\n  • 5min @ HR 145\n",
        "  • 10min @ HR 70-80%\n  • 10min @ HR zone 2\n  • 10min @ HR zone 2-3\n",
        "  • 10min @ HR 90-95% of threshold\n",
        "  • 10min @ RPE 6-7.5\n  • 1.0mi @ max \"all you have\"\n",
        "  • 5min @ 175-185 spm\n  • 5min @ > 180 spm\n  • 5min @ 180 spm\n",
        "  • 5min @ 250-270 W\n  • 5min @ < 200 W\n  • 5min @ 250 W\n",
        "  • 5min @ 12.5km/h\n  • 5min @ 8.0mph\n",
        "  • 400m in 80s\n  • 800m in 3:10\n  • 1.0mi in 6:00\n  • 400m in 88-92s\n",
        "  • 400m @ 4'00''/km\n  • rest until HR < 120\n  • jog until HR < 65%\n",
        "  • 3 lots of:\n    • 1.0km @ from 10km pace to 5km pace\n    • 90s rest\n",
        "  • 2 lots of:\n    • 1min run\n  • 3 lots of:\n    • 2min @ E\n    • 1min 30s walk\n",
    };
    for (size_t i = 0; i < COUNT(items); i++) {
        char expected[512] = "";
        for (const char *at = items[i]; *at != '\0'; at++)
            if (strncmp(at, "90s", 3) == 0) { // the same time
                text_add(expected, sizeof expected, "1min 30s");
                at += 2;
            } else
                text_add(expected, sizeof expected, (const char[]){*at, '\0'});
        cr_expect_str_eq(there_and_back(items[i]), expected, "%s", printed);
    }
}

Test(fitplan, says_what_a_file_cannot_hold)
{
    static const struct {
        const char *items, *lost;
    } cases[] = {
        {"  • 10min @ 6'00''/km\n", ""},
        {"  • 10min @ HR zone 2\n", ""}, // the watch has some
        {"  • 10min @ T\n", "3: \"T\" needs its runner"},
        {"  • 10min @ goal 5km pace\n", "3: \"goal 5km pace\" needs its runner"},
        {"  • 10min @ RPE 7\n", "3: \"RPE 7\" is no target of a watch: it asks for nothing"},
        {"  • 1km @ max\n", "3: \"max\" is no target of a watch"},
        {"  • 10min run\n  • 10min @ 6'00''/km building to 5'00''/km\n",
         "4: \"6'00''/km building to 5'00''/km\": the watch has one range for all of the step, "
         "from "
         "6'00''/km to 5'00''/km\n"},
        {"  • 3 lots of:\n    • 1.0km @ from 5'00''/km to 4'40''/km\n    • 2min rest\n",
         "4: \"from 5'00''/km to 4'40''/km\" becomes a pace for each repetition: the watch does "
         "not know that they change\n"},
        {"  • 400m run\n  • rest until HR < 120 (1min..3min)\n",
         "4: it waits for the heart alone: the watch does not hold the least (1min) and the most "
         "(3min)\n"},
        {"  • 10min @ 6'00''/km, metronome 180\n", "3: its metronome (180) is left out\n"},
        {"  • 10min @ 6'00''/km, pacer 100m\n", "3: its pacer (100m) is left out\n"},
        {"  • 10min @ 6'00''/km, metronome, pacer 100m\n",
         "3: its metronome (on) and its pacer (100m) are left out\n"},
        {"  • open run\n  • equal time jog\n", "4: \"equal time\" will only be known on the run"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        there_and_back(cases[i].items);
        cr_expect(strncmp(lost, cases[i].lost, strlen(cases[i].lost)) == 0 &&
                      (lost[0] == '\0') == (cases[i].lost[0] == '\0'),
                  "%sloses %s", cases[i].items, lost);
    }
    // Of a step that is repeated it is said once.
    there_and_back("  • 9 lots of:\n    • 1min @ max\n    • open rest\n");
    cr_expect(strchr(lost, '\n') == strrchr(lost, '\n'), "%s", lost);
}

Test(fitplan, a_runner_makes_paces_of_words)
{
    Athlete athlete = athlete_unknown();
    athlete.races[athlete.race_count++] =
        (Race){.distance_m = 5000, .time_s = 1200, .maximal = true};
    athlete.heart_max = 190;
    const AthleteModel model = athlete_model(&athlete);
    FitStep steps[8];
    size_t step;
    parse("Workout - T\n\n  • 10min @ E\n  • 1.0km @ 5km pace\n  • 5min @ HR 80-90%\n"
          "  • 2 lots of:\n    • 1.0km @ from 5km pace + 10% to 5km pace\n"
          "  • rest until HR < 65%\n");
    cr_assert(eq(int, plan_resolve(&plan, &athlete, &model, false, &step), RESOLVED));
    cr_assert(eq(sz, steps_of(write_plan(), steps, COUNT(steps)), 6));
    cr_expect_str_eq(lost, "7: \"from 5km pace + 10% to 5km pace\" becomes a pace for each "
                           "repetition: the watch does not know that they change\n");
    cr_expect(eq(dbl, steps[0].low, round(model.speeds.easy_slow * 1000)));
    cr_expect(eq(dbl, steps[0].high, round(model.speeds.easy_fast * 1000)));
    cr_expect(eq(dbl, steps[1].low, round(5000.0 / 1200 * 970)));
    cr_expect(eq(dbl, steps[1].high, round(5000.0 / 1200 * 1030)));
    cr_expect(eq(dbl, steps[2].low, 100 + 152));
    cr_expect(eq(dbl, steps[2].high, 100 + 171));
    // What differs between repetitions is written out.
    cr_expect(eq(dbl, steps[3].low, round(5000.0 / 1200 / 1.1 * 970)));
    cr_expect(eq(dbl, steps[4].low, steps[1].low));
    // Of the most the watch knows itself.
    cr_expect(eq(dbl, steps[5].duration, 65));
    // And the words are what counts when it is read again.
    cr_assert(read_bytes(bytes, fitplan_write(&plan, 1, 1, bytes, sizeof bytes, NULL)));
    cr_expect(strstr(text_of(&again), "  • 10min @ E\n  • 1.0km @ 5km pace\n") != NULL, "%s",
              printed);
}

Test(fitplan, strides_and_long_names_are_written_as_they_can_be)
{
    FitStep steps[16];
    parse("Workout - T\n\n  • 12min @ 6'00''/km with 2 strides of 20s \"tall\"\n  • 5min @ "
          "4'00''/km\n");
    const size_t count = steps_of(write_plan(), steps, COUNT(steps));
    cr_assert(
        eq(sz, count, 5)); // the step, then twice a stride and what is left, the workout's end
    cr_expect_str_eq(lost, "3: its strides become steps of their own, called so: the watch asks "
                           "for nothing\n");
    cr_expect(eq(dbl, steps[0].intensity, FIT_WARM_UP));
    cr_expect(eq(dbl, steps[1].duration, 20000));
    cr_expect(eq(dbl, steps[1].target_type, FIT_TARGET_OPEN));
    cr_expect(eq(dbl, steps[3].duration_type, FIT_LASTS_REPEAT));
    cr_assert(read_bytes(bytes, write_plan()));
    cr_expect(strstr(text_of(&again), "• 20s run \"Stride\"\n") != NULL, "%s", printed);

    static char text[400] = "Workout - ";
    memset(text + strlen(text), 'x', 255);
    text_add(text, sizeof text, "\n\n  • 1min run\n");
    parse(text);
    write_plan();
    cr_expect_str_eq(lost, "0: the name is cut after 254 bytes\n");
}

// ── every plan there can be ──

static void expect_same_back(const char *folder)
{
    char path[512], text[4096];
    size_t count = 0;
    DIR *files = opendir(folder);
    cr_assert(files != NULL);
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
        if (strstr(entry->d_name, ".txt") == NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "rb");
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        parse(text);
        plan.style = PLAN_STYLE_BULLETS;
        cr_assert(read_bytes(bytes, write_plan()), "%s: %s", path, wrong.text);
        again.style = PLAN_STYLE_BULLETS;
        cr_assert(eq(sz, plan.step_count, again.step_count), "%s", path);
        for (size_t i = 0; i < plan.step_count; i++) {
            // How long a rest waits for the heart is more than a watch can be told.
            const bool bounded = plan.items[plan.steps[i].item].bounded;
            cr_expect(memcmp(&plan.steps[i].aim, &again.steps[i].aim, sizeof(Aim)) == 0 &&
                          (bounded ||
                           memcmp(&plan.steps[i].step, &again.steps[i].step, sizeof(Step)) == 0),
                      "%s: step %zu", path, i);
        }
        count++;
    }
    closedir(files);
    cr_expect(gt(sz, count, 0));
}

Test(fitplan, real_workouts_come_back_to_the_last_digit)
{
    expect_same_back(TEST_DATA "/data");
    expect_same_back(TEST_DATA "/../../config/workouts");
}

static bool same_aim(const PlanStep *one, const PlanStep *other)
{
    const Aim *a = &one->aim, *b = &other->aim;
    if (a->quantity == AIM_SPEED && b->quantity == AIM_SPEED) // paces are whole seconds
        return fabs(1000 / a->value - 1000 / b->value) < 0.75;
    return memcmp(a, b, sizeof *a) == 0;
}

Test(fitplan, what_is_written_asks_the_same_when_it_is_read)
{
    static char text[16 * 1024];
    TextError error;
    unsigned tried = 0;
    for (uint64_t seed = 1; seed < 3000; seed += 2) {
        random_plan(text, sizeof text, seed);
        if (!text_parse(text, strlen(text), &plan, NULL, &error))
            continue;
        // Of a way whose pace a file cannot hold nobody knows how long it takes.
        if (!read_bytes(bytes, write_plan()) && strstr(wrong.text, "24 hours"))
            continue;
        tried++;
        cr_assert(read_bytes(bytes, write_plan()), "seed %u: %s", (unsigned)seed, wrong.text);
        cr_assert(eq(sz, plan.step_count, again.step_count), "seed %u", (unsigned)seed);
        for (size_t i = 0; i < plan.step_count; i++) {
            const PlanStep *a = &plan.steps[i], *b = &again.steps[i];
            const bool later =
                a->step.measure == MEASURE_EQUAL_TIME || a->step.measure == MEASURE_EQUAL_DISTANCE;
            const bool bounded = plan.items[a->item].bounded;
            cr_assert(a->step.kind == b->step.kind && a->step.manner == b->step.manner &&
                          (later || a->step.measure == b->step.measure) &&
                          (bounded || a->step.duration == b->step.duration) &&
                          llabs(a->step.distance_mm - b->step.distance_mm) <= 5 &&
                          a->step.heart_below == b->step.heart_below && same_aim(a, b),
                      "seed %u, step %zu", (unsigned)seed, i);
            // Words of a target that cannot be one again stand before the step's own.
            cr_assert(strstr(plan_note(&again, i), plan_note(&plan, i)) != NULL,
                      "seed %u, step %zu: %s", (unsigned)seed, i, plan_note(&again, i));
        }
        // And it is a text like any other.
        text_print(&again, printed, sizeof printed);
        cr_assert(text_parse(printed, strlen(printed), &plan, NULL, &error), "seed %u: %u:%u: %s",
                  (unsigned)seed, error.line, error.column, error.text);
    }
    cr_expect(gt(u32, tried, 1000));
}

// ── damage ──

Test(fitplan, a_damaged_file_is_refused_at_its_byte)
{
    parse(miles);
    const size_t length = write_plan();
    for (size_t cut = 0; cut < length; cut++) {
        cr_assert(not(read_bytes(bytes, cut)));
        cr_assert(le(sz, wrong.byte, cut));
    }
    for (size_t i = 0; i < length; i++) {
        bytes[i] ^= 0x10;
        // Protocol and profile versions aside, nothing may change unnoticed.
        cr_expect(not(read_bytes(bytes, length)), "byte %zu", i);
        bytes[i] ^= 0x10;
    }
    bytes[length - 1] ^= 1;
    cr_expect(not(read_bytes(bytes, length)));
    cr_expect(eq(sz, wrong.byte, length - 2));
    cr_expect(strstr(wrong.text, "the check sum") != NULL);
    bytes[length - 1] ^= 1;
    cr_expect(read_bytes(bytes, length));
}
