// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The longest that is usual, not the longest there can be: nobody's rest lasts an hour fifty-seven.
// Where a limit comes from is beside it.

#include "coach/sample.h"

#include "coach/approach.h"
#include "coach/script.h"
#include "workout/text.h"

#include <assert.h>
#include <string.h>

// ── limits, in seconds ──

#define COUNT_MOST      0.8 // the next one comes after a second
#define GO_MOST         1.2
#define CORRECTION_MOST 2.5
#define ASKED_MOST      4.5 // the first time, with a number
#define WORDS_MOST      6   // of a correction
#define MARK_MOST       3.0
#define SPLIT_MOST      8.0 // with what follows
#define CHANGE_MOST     7.0
#define STATUS_MOST     8.0 // who asks wants it
#define PROPOSAL_MOST   8.0 // nobody runs yet
#define NOTICE_MOST     5.0
#define PREFLIGHT_MOST  12.0
#define SUMMARY_MOST    15.0
#define LEAD            15 // what is announced is told so long ahead
#define ANNOUNCED_MOST  (LEAD - (double)APPROACH_CLEAR / USEC_PER_SEC)

// The steps that are told of, by their place.
static const char workout[] = "Workout - Samples\n\n"
                              "- 15min @ 6'00''/km\n"
                              "- 12 lots of:\n"
                              "  - 1.6km @ 4'37''/km\n"
                              "  - 2min 10s jog\n"
                              "- 20min @ HR 142-157\n"
                              "- walk until HR < 120\n"
                              "- 3min @ 175-182 spm\n"
                              "- 3min @ 255 W\n"
                              "- 3min @ RPE 7-8\n"
                              "- 10km @ 5'30''-5'05''/km\n"
                              "- 1.2km in 4:35-4:45\n";

enum {
    STEP_WARM_UP = 0,
    STEP_LAST_REPETITION = 23,
    STEP_JOG = 24,
    STEP_BY_HEART = 25,
    STEP_WALK = 26,
    STEP_BY_CADENCE = 27,
    STEP_BY_POWER = 28,
    STEP_BY_EFFORT = 29,
    STEP_RANGED = 30,
    STEP_SPLIT = 31,
};

typedef struct {
    const Phrases *phrases;
    const Plan *plan;
    Sample *samples;
    size_t count;
} Making;

static void add(Making *making, const char *name, double most_s, Words text)
{
    assert(making->count < SAMPLES_MAX);
    Sample *sample = &making->samples[making->count++];
    Cue cue;
    cue_set_text(&cue, text.text);
    *sample = (Sample){.name = name, .most_s = most_s};
    memcpy(sample->text.text, cue.text, sizeof cue.text);
}

static void add_phrase(Making *making, double most_s, PhraseId id)
{
    add(making, phrase_key(id), most_s, phrases_fill(making->phrases, id, NULL));
}

static void add_phrases(Making *making, double most_s, const PhraseId *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_phrase(making, most_s, ids[i]);
}

#define ADD_PHRASES(making, most_s, ...)                                                           \
    add_phrases(making, most_s, (const PhraseId[]){__VA_ARGS__},                                   \
                sizeof(PhraseId[]){__VA_ARGS__} / sizeof(PhraseId))

static void add_announced(Making *making, const char *name, size_t step)
{
    const Words words = script_step(making->phrases, making->plan, step, true);
    add(making, name, ANNOUNCED_MOST,
        phrases_fill(making->phrases, PHRASE_COMING, "lead", making->phrases->number[LEAD], "step",
                     words.text, NULL));
}

static Engine engine_in(const Making *making, size_t step)
{
    Engine engine;
    engine_start(&engine, making->plan, 0, 0);
    engine.step = step;
    engine.now = making->plan->steps[step].step;
    return engine;
}

static void add_status(Making *making)
{
    const StatusTold told = {.metres = NAN, .speed = 1000.0 / 277, .heart_rate = 168};
    Engine engine = engine_in(making, STEP_LAST_REPETITION);
    engine.step_m = 850;
    add(making, "status", STATUS_MOST,
        script_status(making->phrases, making->plan, &engine, &told));
}

static void add_steps(Making *making)
{
    const Phrases *phrases = making->phrases;
    const Words first = script_step(phrases, making->plan, STEP_WARM_UP, true);
    add(making, "first", ANNOUNCED_MOST,
        phrases_fill(phrases, PHRASE_FIRST, "step", first.text, NULL));
    add_announced(making, "announced", STEP_LAST_REPETITION);
    add_announced(making, "announced-heart", STEP_BY_HEART);
    add_announced(making, "announced-cadence", STEP_BY_CADENCE);
    add_announced(making, "announced-power", STEP_BY_POWER);
    add_announced(making, "announced-effort", STEP_BY_EFFORT);
    add_announced(making, "announced-range", STEP_RANGED);
    add_announced(making, "announced-split", STEP_SPLIT);
    add(making, "rest", SPLIT_MOST, script_step(phrases, making->plan, STEP_WALK, true));
    add_status(making);
}

// The corrections that say what is asked for.
static void add_asked(Making *making)
{
    static const struct {
        const char *name;
        PhraseId correction;
        size_t step;
        bool too_much;
    } asked[] = {
        {"easy-pace", PHRASE_EASY, STEP_LAST_REPETITION, true},
        {"push-pace", PHRASE_PUSH, STEP_LAST_REPETITION, false},
        {"easy-heart", PHRASE_EASY, STEP_BY_HEART, true},
        {"push-heart", PHRASE_PUSH, STEP_BY_HEART, false},
        {"push-power", PHRASE_PUSH, STEP_BY_POWER, false},
        {"quick-feet-cadence", PHRASE_QUICK_FEET, STEP_BY_CADENCE, false},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        add(making, asked[i].name, ASKED_MOST,
            script_correction(making->phrases, making->plan, asked[i].step, asked[i].correction,
                              asked[i].too_much,
                              aim_speed(&making->plan->steps[asked[i].step].aim)));
}

static void add_progress(Making *making)
{
    const Phrases *phrases = making->phrases;
    const Words metres = words_number(phrases, 200), seconds = words_number(phrases, 30);
    ADD_PHRASES(making, MARK_MOST, PHRASE_HALFWAY, PHRASE_HALFWAY_ON_PACE);
    add(making, "kilometre", ASKED_MOST,
        script_milestone(phrases, PACE_PER_KM, 21, 277 * USEC_PER_SEC));
    add(making, "mile", ASKED_MOST,
        script_milestone(phrases, PACE_PER_MILE, 13, 453 * USEC_PER_SEC));
    add(making, "clicks", ASKED_MOST,
        phrases_fill(phrases, PHRASE_CLICKS, "n", words_reading(phrases, 168).text, NULL));
    add(making, "metres-to-go", MARK_MOST,
        phrases_fill(phrases, PHRASE_METRES_TO_GO, "n", metres.text, NULL));
    add(making, "seconds-to-go", MARK_MOST,
        phrases_fill(phrases, PHRASE_SECONDS_TO_GO, "n", seconds.text, NULL));
}

static void add_results(Making *making)
{
    const Phrases *phrases = making->phrases;
    Lap lap = {.step = STEP_LAST_REPETITION,
               .outcome = STEP_COMPLETED,
               .kind = STEP_WORK,
               .duration = 449 * USEC_PER_SEC,
               .distance_m = 1600,
               .speed_mps = 1600 / 449.0};
    add(making, "split", SPLIT_MOST,
        script_both(phrases, script_split(phrases, making->plan, &lap, false),
                    script_step(phrases, making->plan, STEP_JOG, false)));
    const Words twelve = words_number(phrases, 12);
    add(making, "even", SPLIT_MOST, phrases_fill(phrases, PHRASE_EVEN, "n", twelve.text, NULL));
    add(making, "even-all", SPLIT_MOST,
        phrases_fill(phrases, PHRASE_EVEN_ALL, "n", twelve.text, NULL));
    add(making, "lap", SPLIT_MOST, script_lap(phrases, &lap, 21));
    add(making, "snapped", SPLIT_MOST, script_snapped(phrases, words_split(phrases, 98), 400));
    const RunTold run = {.duration = 5857 * USEC_PER_SEC,
                         .metres = 21097.5,
                         .heart_rate = 158,
                         .unit = PACE_PER_KM,
                         .completed = true};
    add(making, "summary", SUMMARY_MOST, script_summary(phrases, &run));
}

static void add_changes(Making *making)
{
    static const struct {
        const char *name;
        Adaptation adaptation;
    } changes[] = {
        {"stop", {ADAPT_STOP, ADAPT_WHY_ALL_OUT, .duration_s = NAN, .distance_m = NAN}},
        {"stop-next",
         {ADAPT_STOP, ADAPT_WHY_FADING, .goes_on = 1, .duration_s = NAN, .distance_m = NAN}},
        {"shorten", {ADAPT_SHORTEN, ADAPT_WHY_FADING, .duration_s = NAN, .distance_m = 800}},
        {"shorten-all",
         {ADAPT_SHORTEN, ADAPT_WHY_FADING, .goes_on = 1, .duration_s = NAN, .distance_m = 800}},
        {"drop", {ADAPT_DROP, ADAPT_WHY_TIRED, .duration_s = NAN, .distance_m = NAN}},
        {"drop-next",
         {ADAPT_DROP, ADAPT_WHY_TIRED, .goes_on = 1, .duration_s = NAN, .distance_m = NAN}},
        {"more-rest",
         {ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .rest_s = 45, .duration_s = NAN,
          .distance_m = NAN}},
        {"more-rest-slow",
         {ADAPT_REST_PLUS, ADAPT_WHY_SLOW, .rest_s = 45, .duration_s = NAN, .distance_m = NAN}},
        {"more-rest-empty",
         {ADAPT_REST_PLUS, ADAPT_WHY_EMPTY, .rest_s = 45, .duration_s = NAN, .distance_m = NAN}},
        {"wait",
         {ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .heart_below = 130, .rest_s = 60,
          .duration_s = NAN, .distance_m = NAN}},
        {"wait-again",
         {ADAPT_REST_PLUS, ADAPT_WHY_HEART_HIGH, .heart_below = 130, .again = 1, .rest_s = 60,
          .duration_s = NAN, .distance_m = NAN}},
        {"offer",
         {ADAPT_ADD, ADAPT_WHY_STRONG, .on_offer = 1, .duration_s = NAN, .distance_m = 800}},
        {"added", {ADAPT_ADD, ADAPT_WHY_STRONG, .duration_s = NAN, .distance_m = 800}},
        {"taken-back",
         {ADAPT_SHORTEN, ADAPT_WHY_FADING, .taken_back = 1, .duration_s = NAN, .distance_m = 800}},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        add(making, changes[i].name, CHANGE_MOST,
            script_adaptation(making->phrases, &changes[i].adaptation));
}

static void add_proposals(Making *making)
{
    const Phrases *phrases = making->phrases;
    const Words three = words_number(phrases, 3);
    const Words length = words_distance(phrases, 10000000, WRITTEN_KM, 1);
    const Words duration = words_duration(phrases, 2605 * USEC_PER_SEC);
    static const PhraseId counted[] = {PHRASE_PROPOSAL_RAISE, PHRASE_PROPOSAL_EASE,
                                       PHRASE_PROPOSAL_REST, PHRASE_PROPOSAL_REPEAT,
                                       PHRASE_PROPOSAL_SHORT_REST};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        add(making, phrase_key(counted[i]), PROPOSAL_MOST,
            phrases_fill(phrases, counted[i], "n", three.text, NULL));
    add(making, "proposal-race", PROPOSAL_MOST,
        phrases_fill(phrases, PHRASE_PROPOSAL_RACE, "length", length.text, "duration",
                     duration.text, NULL));
    ADD_PHRASES(making, PROPOSAL_MOST, PHRASE_PROPOSAL_PACES, PHRASE_PROPOSAL_TAKEN,
                PHRASE_PROPOSAL_LEFT);
}

// "strap ready, pod battery low, fifteen percent, …", as preflight.c has it.
static void add_notices(Making *making)
{
    const Phrases *phrases = making->phrases;
    const Words percent = words_number(phrases, 15),
                length = words_duration(phrases, 3900 * USEC_PER_SEC);
    const Words low = phrases_fill(phrases, PHRASE_BATTERY_LOW, "sensor",
                                   phrases->phrase[PHRASE_SENSOR_POD], "n", percent.text, NULL);
    const Words ready = phrases_fill(phrases, PHRASE_SENSOR_READY, "sensor",
                                     phrases->phrase[PHRASE_SENSOR_STRAP], NULL);
    const Words both =
        phrases_fill(phrases, PHRASE_PREFLIGHT_AND, "before", ready.text, "next", low.text, NULL);
    const Words planned = phrases_fill(phrases, PHRASE_PLANNED, "length", length.text, NULL);
    add(making, "preflight", PREFLIGHT_MOST,
        phrases_fill(phrases, PHRASE_PREFLIGHT_AND, "before", both.text, "next", planned.text,
                     NULL));
    ADD_PHRASES(making, NOTICE_MOST, PHRASE_POD_LOST, PHRASE_POD_BACK, PHRASE_STRAP_LOST,
                PHRASE_STRAP_BACK, PHRASE_POWER_UNMEASURED, PHRASE_HEART_UNMEASURED,
                PHRASE_BELT_MILES, PHRASE_BELT_APART, PHRASE_NO_SENSORS, PHRASE_NOT_SAVED,
                PHRASE_DISK_LOW, PHRASE_CLOCK_UNSET, PHRASE_PAUSED, PHRASE_RESUMED);
    Engine engine = engine_in(making, STEP_LAST_REPETITION);
    add(making, "resuming", SPLIT_MOST, script_continued(phrases, making->plan, &engine));
    engine = engine_in(making, STEP_WALK);
    add(making, "resuming-rest", SPLIT_MOST, script_continued(phrases, making->plan, &engine));
}

size_t samples_make(const Phrases *phrases, Plan *scratch, Sample ret_samples[SAMPLES_MAX])
{
    TextError error;
    Making making = {.phrases = phrases, .plan = scratch, .samples = ret_samples};
    const bool parsed = text_parse(workout, sizeof workout - 1, scratch, NULL, &error);
    assert(parsed);
    (void)parsed;
    ADD_PHRASES(&making, COUNT_MOST, PHRASE_THREE, PHRASE_TWO, PHRASE_ONE);
    ADD_PHRASES(&making, GO_MOST, PHRASE_GO);
    const size_t corrections = making.count;
    ADD_PHRASES(&making, CORRECTION_MOST, PHRASE_EASY, PHRASE_STEADY, PHRASE_PUSH);
    ADD_PHRASES(&making, CORRECTION_MOST, PHRASE_QUICK_FEET);
    for (size_t i = corrections; i < making.count; i++)
        ret_samples[i].most_words = WORDS_MOST;
    add_asked(&making);
    add_steps(&making);
    add_progress(&making);
    add_results(&making);
    add_changes(&making);
    add_proposals(&making);
    add_notices(&making);
    return making.count;
}
