// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What each kind of virtual runner meets in sets of repetitions, on several seeds: what it is there
// to show.

#include "sim/virtual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define KM_SET                                                                                     \
    "Workout - Kilometres\n- 10min @ 6'00''/km\n- 6 lots of:\n- 1km @ 4'10''/km\n- 2min rest\n"    \
    "- 10min @ 6'00''/km\n"
#define SHORT_SET                                                                                  \
    "Workout - Eights\n- 10min @ 6'00''/km\n- 8 lots of:\n- 800m @ 4'00''/km\n- 2min rest\n"       \
    "- 10min @ 6'00''/km\n"
#define SEEDS 4

typedef struct {
    unsigned count[ADAPT_STOP + 1]; // of each decision that was carried out
    AdaptDecision first;            // that changed anything
    unsigned offers, taken_back, laps, refused;
    RunSummary summary;
    bool done;
} Met;

static void see(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    Met *met = data;
    const Adaptation *adaptation = &effect->adaptation;
    if (effect->kind == EFFECT_ADAPTED) {
        met->offers += adaptation->on_offer;
        met->taken_back += adaptation->taken_back;
        met->count[adaptation->decision] += !adaptation->on_offer && !adaptation->taken_back;
        if (met->first == ADAPT_NOTHING && adaptation->decision >= ADAPT_ADD)
            met->first = adaptation->decision;
    }
    met->laps += effect->kind == EFFECT_RECORD;
    met->refused += effect->kind == EFFECT_ANSWER && effect->answer.reason != REASON_OK;
    if (effect->kind == EFFECT_DONE) {
        met->summary = effect->summary;
        met->done = true;
    }
}

static VirtualOptions how;
static TextError error;

static Met run(const char *text)
{
    Met met = {.first = ADAPT_NOTHING};
    cr_assert(virtual_run(text, strlen(text), &how, see, &met, &error) == REASON_OK, "%s",
              error.text);
    cr_assert(met.done);
    return met;
}

static void who(const char *runner, uint64_t seed)
{
    how = virtual_default();
    how.seed = seed;
    how.traits = runner_named(runner);
}

// Runs 5 km in 18:20: kilometres at 4:10 are at the threshold, and 400 m at 3:45 a little above it.
static Athlete runner_of_races(void)
{
    Athlete athlete = athlete_unknown();
    athlete.heart_max = 188;
    athlete.heart_rest = 50;
    athlete.races[0] = (Race){5000, 1100, 0, true};
    athlete.race_count = 1;
    return athlete;
}

Test(virtual, there_are_three_kinds_of_runner)
{
    cr_expect(runner_named("fresh") == &RUNNER_DEFAULT);
    cr_expect(runner_named("tired") == &RUNNER_TIRED);
    cr_expect(runner_named("fading") == &RUNNER_FADING);
    cr_expect(runner_named("lazy") == NULL);
}

Test(virtual, who_is_fresh_runs_what_is_planned)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        who("fresh", seed);
        const Met km = run(KM_SET), eights = run(SHORT_SET);
        cr_expect(eq(int, km.first, ADAPT_NOTHING), "%u", (unsigned)seed);
        cr_expect(eq(int, eights.first, ADAPT_NOTHING), "%u", (unsigned)seed);
        cr_expect(eq(u32, km.summary.adaptations, 0));
        cr_expect(eq(u32, km.summary.laps, 14));
    }
}

Test(virtual, who_is_tired_is_given_longer_rests)
{
    unsigned rested = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        who("tired", seed);
        const Met km = run(KM_SET), eights = run(SHORT_SET);
        cr_expect(km.first == ADAPT_REST_PLUS || km.first == ADAPT_NOTHING, "%u", (unsigned)seed);
        cr_expect(eq(int, eights.first, ADAPT_REST_PLUS), "%u", (unsigned)seed);
        rested += km.first == ADAPT_REST_PLUS;
        cr_expect(km.count[ADAPT_STOP] + eights.count[ADAPT_STOP] == 0, "%u", (unsigned)seed);
        cr_expect(eq(u32, km.summary.laps, 14), "all is run");
    }
    cr_expect(rested + 1 >= SEEDS, "but one who is not tired enough: %u", rested);
}

// 319 km count as what somebody ran in 24 hours; this one does not.
Test(virtual, what_lasts_longer_than_a_day_is_stopped)
{
    who("fresh", 1);
    const Met met = run("Workout - T\n- 319km run\n");
    cr_expect(not(met.summary.completed));
    cr_expect(ge(dbl, met.summary.duration_s, VIRTUAL_HOURS_MAX * 3600.0 - 5));
    cr_expect(le(dbl, met.summary.duration_s, VIRTUAL_HOURS_MAX * 3600.0 + 5));
    cr_expect(gt(dbl, met.summary.distance_m, 100000));
}

Test(virtual, a_maximal_rate_that_is_known_says_more_of_who_is_tired)
{
    Athlete athlete = athlete_unknown();
    athlete.heart_max = 190;
    who("tired", 1);
    const unsigned before = run(KM_SET).count[ADAPT_REST_PLUS];
    how.athlete = &athlete;
    cr_expect(run(KM_SET).count[ADAPT_REST_PLUS] > before);
}

Test(virtual, who_fades_rests_longer_then_runs_less)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const char *const texts[] = {KM_SET, SHORT_SET};
        for (size_t i = 0; i < 2; i++) {
            who("fading", seed);
            const Met met = run(texts[i]);
            cr_expect(eq(int, met.first, ADAPT_REST_PLUS), "%u %zu", (unsigned)seed, i);
            cr_expect(met.count[ADAPT_SHORTEN] + met.count[ADAPT_STOP] > 0, "%u %zu",
                      (unsigned)seed, i);
            cr_expect(met.summary.adaptations >= 2);
        }
    }
}

Test(virtual, what_is_taken_back_changes_nothing)
{
    who("fading", 1);
    how.veto = true;
    const Met met = run(KM_SET);
    cr_expect(met.taken_back > 1);
    cr_expect(eq(u32, met.summary.adaptations, 0));
    cr_expect(eq(u32, met.summary.laps, 14));
    cr_expect(eq(u32, met.refused, 0), "each veto came in time");
}

#define STRONG_SET                                                                                 \
    "Workout - Quarters\n- 10min @ 6'00''/km\n- 5 lots of, no last rest:\n- 400m @ 5km pace\n"     \
    "- 2min jog\n- 10min @ E\n"

Test(virtual, who_is_fresh_and_known_is_offered_more)
{
    const Athlete athlete = runner_of_races();
    who("fresh", 3);
    how.athlete = &athlete;
    Met met = run(STRONG_SET);
    cr_expect(eq(int, met.first, ADAPT_ADD));
    cr_expect(eq(u32, met.offers, 1));
    cr_expect(eq(u32, met.summary.laps, 11), "silence is a no");
    cr_expect(eq(u32, met.summary.adaptations, 0));
    how.accept = true;
    met = run(STRONG_SET);
    cr_expect(eq(u32, met.summary.laps, 13));
    cr_expect(eq(u32, met.summary.adaptations, 1));
    cr_expect(not(isnan(met.summary.load.rtss)), "by a threshold that is known");
}

Test(virtual, a_target_without_its_number_is_refused_or_run_by_effort)
{
    static const char text[] = "Workout - T\n- 10min @ E\n- 2 lots of:\n- 1km @ T\n- 1min rest\n";
    who("fresh", 1);
    cr_expect(
        eq(int, virtual_run(text, strlen(text), &how, NULL, NULL, &error), REASON_LACKS_NUMBER));
    cr_expect(eq(u32, error.line, 2));
    cr_expect(strstr(error.text, "pacectl athlete race") != NULL, "%s", error.text);
    how.by_effort = true;
    const Met easy = run("Workout - E\n- 10min @ E\n"), hard = run("Workout - R\n- 10min @ R\n");
    cr_expect(hard.summary.distance_m > 1.3 * easy.summary.distance_m);
    const Athlete athlete = runner_of_races();
    how.by_effort = false;
    how.athlete = &athlete;
    const Met met = run(text);
    cr_expect(eq(u32, met.summary.laps, 5));
}

Test(virtual, switched_off_nothing_is_adapted)
{
    who("fading", 1);
    how.session.adapt = false;
    const Met met = run(KM_SET);
    cr_expect(eq(int, met.first, ADAPT_NOTHING));
    cr_expect(eq(u32, met.summary.laps, 14));
}

Test(virtual, nobody_is_called_tired_for_how_he_gets_going)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        who("fresh", seed);
        const Met met = run("Workout - Strides, then a set\n- 10min @ 6'00''/km\n- 4 lots of:\n"
                            "- 20s @ 3'20''/km\n- 60s rest\n- 6 lots of:\n- 30s @ 3'25''/km\n"
                            "- 60s rest\n");
        cr_expect(eq(int, met.first, ADAPT_NOTHING), "seed %u", (unsigned)seed);
    }
}
