// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which intervals are artefacts: none in clean series, whatever the heart is doing, and those that
// a strap or an early beat makes.

#include "estimate/beats.h"
#include "estimate/hrv.h"
#include "rr.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define BEATS_MAX 512

static Beat beats[BEATS_MAX];
static size_t count;

static void take(float ms)
{
    beats[count++] = (Beat){.ms = ms};
}

static void take_all(const float *ms, size_t number)
{
    count = 0;
    for (size_t i = 0; i < number; i++)
        take(ms[i]);
}

static size_t judge_whole(void)
{
    BeatJudge judge = {0};
    beats_judge(&judge, beats, count, true);
    size_t artefacts = 0;
    for (size_t i = 0; i < count; i++)
        artefacts += beats[i].artefact;
    return artefacts;
}

Test(beats, clean_series_have_no_artefact)
{
    take_all(rr_running, RR_COUNT(rr_running));
    cr_expect(eq(sz, judge_whole(), 0));
    take_all(rr_resting, RR_COUNT(rr_resting));
    cr_expect(eq(sz, judge_whole(), 0));
    take_all(rr_easy, RR_COUNT(rr_easy));
    cr_expect(eq(sz, judge_whole(), 0));
}

// The running series with something done to every 40th interval; both what it does and its
// neighbours are looked at.
typedef enum {
    MISSED,
    DOUBLED,
    EARLY
} Fault;

static void spoil(const float *ms, size_t number, size_t every, Fault fault, double share,
                  bool *ret_wrong)
{
    count = 0;
    for (size_t i = 0; i < number; i++) {
        const size_t first = count;
        const float part = (float)round(share * ms[i]);
        if (i % every != every / 2 || i + 1 == number) {
            take(ms[i]);
            ret_wrong[first] = false;
            continue;
        }
        switch (fault) {
        case MISSED:
            take(ms[i] + ms[i + 1]);
            i++;
            break;
        case DOUBLED:
            take(part);
            take(ms[i] - part);
            break;
        case EARLY:
            take(ms[i] - part);
            take(ms[i + 1] + part);
            i++;
            break;
        }
        for (size_t j = first; j < count; j++)
            ret_wrong[j] = true;
    }
}

Test(beats, a_running_heart_s_artefacts_are_found_and_nothing_else)
{
    static const struct {
        Fault fault;
        double share;
    } rows[] = {{MISSED, 0},   {DOUBLED, 0.5}, {DOUBLED, 0.3}, {DOUBLED, 0.15},
                {EARLY, 0.12}, {EARLY, 0.2},   {EARLY, 0.4}};
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        bool wrong[BEATS_MAX];
        spoil(rr_running, RR_COUNT(rr_running), 40, rows[row].fault, rows[row].share, wrong);
        judge_whole();
        for (size_t i = 0; i < count; i++)
            cr_expect(eq(int, beats[i].artefact, wrong[i]), "row %zu, beat %zu of %.0f ms", row, i,
                      (double)beats[i].ms);
    }
}

Test(beats, most_of_a_resting_heart_s_are_found_though_its_breathing_changes_it_as_much)
{
    static const struct {
        Fault fault;
        double share;
    } rows[] = {{MISSED, 0}, {DOUBLED, 0.5}, {DOUBLED, 0.35}};
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        bool wrong[BEATS_MAX];
        size_t missed = 0, invented = 0;
        spoil(rr_resting, RR_COUNT(rr_resting), 40, rows[row].fault, rows[row].share, wrong);
        judge_whole();
        for (size_t i = 0; i < count; i++) {
            missed += wrong[i] && !beats[i].artefact;
            invented += beats[i].artefact && !wrong[i];
        }
        cr_expect(le(sz, missed, row == 0 ? 0 : 2), "row %zu", row); // of 16 halves
        cr_expect(le(sz, invented, 2), "row %zu", row);
    }
}

Test(beats, as_they_come_and_all_at_once_are_judged_alike)
{
    bool wrong[BEATS_MAX];
    spoil(rr_running, RR_COUNT(rr_running), 25, EARLY, 0.25, wrong);
    Beat together[BEATS_MAX];
    judge_whole();
    for (size_t i = 0; i < count; i++) {
        together[i] = beats[i];
        beats[i].artefact = false;
    }
    BeatJudge judge = {0};
    for (size_t i = 1; i <= count; i++)
        beats_judge(&judge, beats, i, false);
    cr_expect(ge(sz, beats_settled(&judge), count - BEATS_AROUND - 1));
    for (size_t i = 0; i < beats_settled(&judge); i++)
        cr_expect(eq(int, beats[i].artefact, together[i].artefact), "beat %zu", i);
}

Test(beats, a_gap_is_not_looked_across)
{
    // After it the heart is at rest: 700 ms among 430 would be an artefact, 700 among 700 is none.
    take_all(rr_running, 100);
    for (size_t i = 0; i < 40; i++)
        take(700 + (float)(i % 3) * 4);
    beats[100].gap_ds = 150;
    cr_expect(eq(sz, judge_whole(), 0));
    beats[100].gap_ds = 0;
    cr_expect(gt(sz, judge_whole(), 0));
}

Test(beats, what_was_condemned_before_stays_so)
{
    take_all(rr_running, 100);
    beats[50].artefact = true;
    cr_expect(eq(sz, judge_whole(), 1));
}

Test(beats, few_are_judged_by_the_plain_rule)
{
    for (size_t number = 0; number < 20; number++) {
        count = 0;
        for (size_t i = 0; i < number; i++)
            take(i == 10 ? 860 : 430);
        cr_expect(eq(sz, judge_whole(), number > 10), "%zu beats", number);
    }
}
