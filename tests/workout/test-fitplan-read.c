// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT workouts as others write them: every target and every end of a step is taken or told, repeats
// are where the file says, and a file that lies is refused at the step where it does.

#include "watch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

typedef struct {
    double type, duration, target;
} Raw;

static size_t file_of(const Raw *steps, size_t count, double promised)
{
    FitWriter writer;
    fit_writer_init(&writer, bytes, sizeof bytes);
    fit_write(&writer, &(FitMessage){.kind = FIT_FILE, .file = {.type = 5, .serial = 1}});
    fit_write(&writer,
              &(FitMessage){.kind = FIT_WORKOUT, .workout = {.sport = 1, .step_count = promised}});
    for (size_t i = 0; i < count; i++)
        fit_write(&writer, &(FitMessage){.kind = FIT_STEP,
                                         .step = {.index = (double)i,
                                                  .duration_type = steps[i].type,
                                                  .duration = steps[i].duration,
                                                  .target_type = FIT_TARGET_OPEN,
                                                  .target = steps[i].target,
                                                  .low = NAN,
                                                  .high = NAN,
                                                  .intensity = FIT_ACTIVE,
                                                  .second_target_type = NAN}});
    return fit_writer_end(&writer);
}

#define RUN                                                                                        \
    {                                                                                              \
        FIT_LASTS_TIME, 60000, NAN                                                                 \
    }
#define LONG                                                                                       \
    {                                                                                              \
        FIT_LASTS_TIME, 80000000, NAN                                                              \
    }
#define BACK(from, times)                                                                          \
    {                                                                                              \
        FIT_LASTS_REPEAT, from, times                                                              \
    }

Test(fitplan_read, foreign_words_become_notes_and_targets_stay_targets)
{
    FitWriter writer;
    fit_writer_init(&writer, bytes, sizeof bytes);
    fit_write(&writer, &(FitMessage){.kind = FIT_WORKOUT,
                                     .workout = {.sport = 1,
                                                 .step_count = NAN,
                                                 .capabilities = NAN,
                                                 .name = {"Hills\n\xff", 7}}});
    FitStep step = {.index = NAN,
                    .duration_type = FIT_LASTS_TIME,
                    .duration = 60000,
                    .target_type = FIT_TARGET_SPEED,
                    .target = 0,
                    .low = 3200,
                    .high = 3000, // the wrong way round
                    .intensity = FIT_REST,
                    .second_target_type = FIT_TARGET_HEART,
                    .name = {"M", 1}, // the file is not ours: whose M it was is not known
                    .notes = {"go hard", 7}};
    fit_write(&writer, &(FitMessage){.kind = FIT_STEP, .step = step});
    step.target_type = FIT_TARGET_OPEN;
    step.name = (FitText){"Easy", 4}; // a word that could be a target, but not as we write it
    step.intensity = FIT_ACTIVE;
    step.duration = NAN;
    fit_write(&writer, &(FitMessage){.kind = FIT_STEP, .step = step});
    step.name = (FitText){NULL, 0};
    step.target_type = FIT_TARGET_SPEED;
    step.target = 3; // a zone
    fit_write(&writer, &(FitMessage){.kind = FIT_STEP, .step = step});
    lost[0] = '\0';
    cr_assert(read_bytes(bytes, fit_writer_end(&writer)), "%s", wrong.text);
    cr_expect_str_eq(text_of(&again), "Workout - Hills ?\n\n"
                                      "  • 1min @ 5'33''-5'13''/km \"M go hard\"\n"
                                      "  • open run \"Easy go hard\"\n"
                                      "  • open run \"go hard\"\n");
    cr_expect(strstr(lost, "1: its second target is left out\n") != NULL, "%s", lost);
    cr_expect(strstr(lost, "2: it has no length: it ends by hand\n") != NULL, "%s", lost);
    cr_expect(strstr(lost, "3: a speed zone of the watch's own: run without a target\n") != NULL,
              "%s", lost);
}

Test(fitplan_read, any_target_of_a_watch_is_taken_or_told)
{
    static const struct {
        double type, target, low, high;
        const char *item, *lost;
    } cases[] = {
        {FIT_TARGET_SPEED, 0, 3333, 3333, "5'00''/km", ""},
        {FIT_TARGET_SPEED_LAP, 0, 3000, 3300, "5'33''-5'03''/km", ""},
        {FIT_TARGET_SPEED, 0, 3000, NAN, "5'33''/km", "a limit on one side only"},
        {FIT_TARGET_SPEED, 0, 0, 3000, "5'33''/km", "a limit on one side only"},
        {FIT_TARGET_SPEED, 0, 0, 0, NULL, "speeds without limits"},
        {FIT_TARGET_SPEED, 0, 1, 3000, NULL, "that nobody runs"},
        {FIT_TARGET_HEART, 0, 240, 250, "HR 140-150", ""},
        {FIT_TARGET_HEART_LAP, 0, 250, 240, "HR 140-150", ""},
        {FIT_TARGET_HEART, 0, 130, 250, "HR < 150", ""},
        {FIT_TARGET_HEART, 0, 240, 330, "HR > 140", ""},
        {FIT_TARGET_HEART, 0, 70, 80, "HR 70-80%", ""},
        {FIT_TARGET_HEART, 0, 0, 80, "HR < 80%", ""},
        {FIT_TARGET_HEART, 0, 70, 100, "HR > 70%", ""},
        {FIT_TARGET_HEART, 0, 0, 0, NULL, "heart rates without limits"},
        {FIT_TARGET_HEART, 0, 240, 400, NULL, "that no heart has"},
        {FIT_TARGET_HEART, 0, 110, 120, NULL, "that no heart has"},
        {FIT_TARGET_HEART, 0, NAN, 240, NULL, "that no heart has"},
        {FIT_TARGET_HEART, 3, NAN, NAN, "HR zone 3", ""},
        {FIT_TARGET_HEART, 9, NAN, NAN, NULL, "a heart zone that there is not"},
        {FIT_TARGET_CADENCE, 0, 85, 90, "170-180 spm", ""},
        {FIT_TARGET_CADENCE, 0, 0, 90, "< 180 spm", ""},
        {FIT_TARGET_CADENCE, 0, 85, 125, "> 170 spm", ""},
        {FIT_TARGET_CADENCE, 0, NAN, NAN, NULL, "cadences without limits"},
        {FIT_TARGET_POWER, 0, 1250, 1270, "250-270 W", ""},
        {FIT_TARGET_POWER_3S, 0, 1001, 1270, "< 270 W", ""},
        {FIT_TARGET_POWER_LAP, 0, 1250, 3000, "> 250 W", ""},
        {FIT_TARGET_POWER, 0, 90, 100, NULL, "a threshold power"},
        {FIT_TARGET_POWER, 0, 500, 1270, NULL, "powers without limits"},
        {FIT_TARGET_POWER, 2, NAN, NAN, NULL, "a power zone"},
        {5, 0, 1, 2, NULL, "not for runners"},
        {NAN, NAN, NAN, NAN, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        FitWriter writer;
        char expected[128];
        fit_writer_init(&writer, bytes, sizeof bytes);
        fit_write(&writer,
                  &(FitMessage){.kind = FIT_WORKOUT, .workout = {.sport = 1, .step_count = 1}});
        fit_write(&writer, &(FitMessage){.kind = FIT_STEP,
                                         .step = {.duration_type = FIT_LASTS_TIME_ONLY,
                                                  .duration = 60000,
                                                  .target_type = cases[i].type,
                                                  .target = cases[i].target,
                                                  .low = cases[i].low,
                                                  .high = cases[i].high,
                                                  .second_target_type = FIT_TARGET_OPEN}});
        lost[0] = '\0';
        cr_assert(read_bytes(bytes, fit_writer_end(&writer)), "%s", wrong.text);
        snprintf(expected, sizeof expected, "  • 1min %s%s\n", cases[i].item != NULL ? "@ " : "run",
                 cases[i].item != NULL ? cases[i].item : "");
        cr_expect_str_eq(strchr(text_of(&again), '\n') + 2, expected, "%zu: %s", i, printed);
        cr_expect(strstr(lost, cases[i].lost) != NULL &&
                      (lost[0] == '\0') == (cases[i].lost[0] == '\0'),
                  "%zu: %s", i, lost);
    }
}

Test(fitplan_read, any_end_of_a_step_is_taken_or_told)
{
    static const struct {
        double type, duration, target;
        const char *item, *lost;
    } cases[] = {
        {FIT_LASTS_REPETITION, 90000, FIT_TARGET_OPEN, "1min 30s rest", ""},
        {FIT_LASTS_TIME, 90400, FIT_TARGET_OPEN, "1min 30s rest", "rounded to 90 s"},
        {FIT_LASTS_TIME, 10, FIT_TARGET_OPEN, "1s rest", "rounded to 1 s"},
        {FIT_LASTS_TIME, 0, FIT_TARGET_OPEN, "open rest", "it has no length"},
        {FIT_LASTS_DISTANCE, NAN, FIT_TARGET_OPEN, "open rest", "it has no length"},
        {FIT_LASTS_OPEN, NAN, FIT_TARGET_OPEN, "open rest", ""},
        {NAN, NAN, FIT_TARGET_OPEN, "open rest", ""},
        {FIT_LASTS_HEART_BELOW, 220, FIT_TARGET_OPEN, "rest until HR < 120", ""},
        {FIT_LASTS_HEART_BELOW, 65, FIT_TARGET_OPEN, "rest until HR < 65%", ""},
        {FIT_LASTS_HEART_BELOW, 10, FIT_TARGET_OPEN, "open rest", "no limit that can be said"},
        {FIT_LASTS_HEART_BELOW, 130, FIT_TARGET_OPEN, "open rest", "no limit that can be said"},
        {FIT_LASTS_HEART_BELOW, 400, FIT_TARGET_OPEN, "open rest", "no limit that can be said"},
        {FIT_LASTS_HEART_BELOW, 220, FIT_TARGET_HEART, "open @ HR zone 1", "only a rest can"},
        {FIT_LASTS_HEART_BELOW, NAN, FIT_TARGET_OPEN, "open rest", "it has no length"},
        {14, 1250, FIT_TARGET_OPEN, "open rest", "not time, way or heart"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        FitWriter writer;
        fit_writer_init(&writer, bytes, sizeof bytes);
        fit_write(&writer,
                  &(FitMessage){.kind = FIT_WORKOUT, .workout = {.sport = 11, .step_count = 1}});
        fit_write(&writer, &(FitMessage){.kind = FIT_STEP,
                                         .step = {.duration_type = cases[i].type,
                                                  .duration = cases[i].duration,
                                                  .target_type = cases[i].target,
                                                  .target = 1,
                                                  .intensity = FIT_RECOVERY,
                                                  .second_target_type = NAN,
                                                  .low = NAN,
                                                  .high = NAN}});
        lost[0] = '\0';
        cr_assert(read_bytes(bytes, fit_writer_end(&writer)), "%s", wrong.text);
        const char *item = strchr(text_of(&again), '\n') + 2 + strlen("  • ");
        cr_expect(strncmp(item, cases[i].item, strlen(cases[i].item)) == 0 &&
                      item[strlen(cases[i].item)] == '\n',
                  "%zu: %s", i, item);
        cr_expect(strstr(lost, cases[i].lost) != NULL &&
                      (lost[0] == '\0') == (cases[i].lost[0] == '\0'),
                  "%zu: %s", i, lost);
    }
}

Test(fitplan_read, a_file_with_too_many_steps_is_refused)
{
    static Raw steps[600];
    for (size_t i = 0; i < COUNT(steps); i++)
        steps[i] = (Raw)RUN;
    cr_expect(read_bytes(bytes, file_of(steps, 500, 500)));
    cr_expect(not(read_bytes(bytes, file_of(steps, 501, 501))));
    cr_expect(strstr(wrong.text, "step 501: a workout has at most 500 steps") != NULL, "%s",
              wrong.text);
    steps[499] = (Raw)BACK(0, 2); // whose header finds no room beside 499 steps and one more
    cr_expect(not(read_bytes(bytes, file_of(steps, 500, 500))));
}

Test(fitplan_read, repeats_are_where_the_file_says)
{
    static const struct {
        Raw steps[8];
        size_t count;
        const char *items;
    } cases[] = {
        {{RUN, RUN, BACK(1, 3), RUN},
         4,
         "  • 1min run\n  • 3 lots of:\n    • 1min run\n  • 1min run\n"},
        {{RUN, BACK(0, 2), BACK(0, 3)}, 3, "  • 3 lots of:\n    • 2 lots of:\n      • 1min run\n"},
        {{RUN, RUN, BACK(1, 2), RUN, BACK(0, 3), RUN},
         6,
         "  • 3 lots of:\n    • 1min run\n    • 2 lots of:\n      • 1min run\n    • 1min run\n"
         "  • 1min run\n"},
        {{RUN, BACK(0, 2), RUN, BACK(2, 2), BACK(0, 5)},
         5,
         "  • 5 lots of:\n    • 2 lots of:\n      • 1min run\n    • 2 lots of:\n      • 1min "
         "run\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_assert(read_bytes(bytes, file_of(cases[i].steps, cases[i].count, NAN)), "%zu: %s", i,
                  wrong.text);
        cr_expect_str_eq(strchr(text_of(&again), '\n') + 2, cases[i].items);
    }
}

Test(fitplan_read, a_file_that_lies_is_refused)
{
    static const struct {
        Raw steps[8];
        size_t count;
        double promised;
        const char *expected;
    } cases[] = {
        {{RUN, BACK(1, 2)}, 2, NAN, "step 2: it repeats from a step that does not stand before"},
        {{RUN, BACK(9, 2)}, 2, NAN, "step 2: it repeats from a step that does not stand before"},
        {{RUN, BACK(NAN, 2)}, 2, NAN, "step 2: it repeats from a step that does not stand before"},
        {{RUN, BACK(0, 0)}, 2, NAN, "step 2: expected 1 to 500 repetitions"},
        {{RUN, BACK(0, NAN)}, 2, NAN, "step 2: expected 1 to 500 repetitions"},
        {{RUN, BACK(0, 4e9)}, 2, NAN, "step 2: expected 1 to 500 repetitions"},
        {{RUN, RUN, BACK(0, 2), RUN, BACK(1, 2)}, 5, NAN, "step 5: it repeats from the middle"},
        {{RUN, BACK(0, 2), RUN, BACK(1, 2)}, 4, NAN, "step 4: it repeats from the middle"},
        {{RUN, BACK(0, 2), BACK(0, 2), BACK(0, 2), BACK(0, 2)}, 5, NAN, "step 5: more than three"},
        {{RUN, BACK(0, 300), BACK(0, 300)}, 3, NAN, "more than 500 steps"},
        {{LONG, LONG}, 2, NAN, "step 2: the workout lasts more than 24 hours"},
        {{{FIT_LASTS_TIME, 4e9, NAN}}, 1, NAN, "step 1: the workout lasts more than 24 hours"},
        {{{FIT_LASTS_DISTANCE, 4e9, NAN}}, 1, NAN, "step 1: it is longer than 1000 km"},
        {{{8, 100, NAN}}, 1, NAN, "step 1: it repeats until something is reached"},
        {{RUN, RUN}, 2, 3, "it has not as many steps as it says"},
        {{RUN, RUN}, 2, 1, "it has not as many steps as it says"},
        {{RUN}, 0, NAN, "expected a workout: there is none"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect(
            not(read_bytes(bytes, file_of(cases[i].steps, cases[i].count, cases[i].promised))),
            "%s", cases[i].expected);
        cr_expect(strstr(wrong.text, cases[i].expected) != NULL, "%s, not %s", wrong.text,
                  cases[i].expected);
    }
}

Test(fitplan_read, of_two_workouts_in_a_file_the_first_counts)
{
    FitWriter writer;
    fit_writer_init(&writer, bytes, sizeof bytes);
    const FitMessage workout = {.kind = FIT_WORKOUT, .workout = {.sport = 1, .step_count = 1}};
    const FitMessage step = {.kind = FIT_STEP,
                             .step = {.duration_type = FIT_LASTS_TIME,
                                      .duration = 60000,
                                      .target_type = FIT_TARGET_OPEN,
                                      .second_target_type = NAN}};
    fit_write(&writer, &workout);
    fit_write(&writer, &step);
    fit_write(&writer, &workout);
    fit_write(&writer, &step);
    const size_t length = fit_writer_end(&writer);
    lost[0] = '\0';
    cr_assert(read_bytes(bytes, length), "%s", wrong.text);
    cr_expect(eq(sz, again.step_count, 1));
    cr_expect_str_eq(lost, "0: another workout follows in the file: the first counts\n");
    bytes[length] = 14; // what is damaged behind it is so all the same
    cr_expect(not(read_bytes(bytes, length + 1)));
    cr_expect(eq(sz, wrong.byte, length));
}

Test(fitplan_read, other_files_are_refused_by_what_they_are)
{
    static const struct {
        double type, sport;
        const char *expected;
    } cases[] = {
        {4, 1, "this is a run"},
        {6, 1, "this file is of another kind"},
        {5, 2, "of another sport"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        FitWriter writer;
        fit_writer_init(&writer, bytes, sizeof bytes);
        fit_write(&writer, &(FitMessage){.kind = FIT_FILE, .file = {.type = cases[i].type}});
        fit_write(&writer,
                  &(FitMessage){.kind = FIT_WORKOUT, .workout = {.sport = cases[i].sport}});
        cr_expect(not(read_bytes(bytes, fit_writer_end(&writer))));
        cr_expect(strstr(wrong.text, cases[i].expected) != NULL, "%s", wrong.text);
    }
}
