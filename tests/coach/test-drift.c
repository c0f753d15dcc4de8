// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The drift state machine alone, second by second: who is told what, and who is left in peace.

#include "coach/drift.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

// From this second on the runner is so many percent off.
typedef struct {
    int from_s;
    double percent; // NAN: no confident speed
} Span;

typedef struct {
    int at_s;
    DriftCue cue;
} Told;

#define SPANS_MAX 16

static const DriftGoal goal = {.target = 4.0, .band = 0.03};
static const DriftRule at_once = {
    .enter = 4 * USEC_PER_SEC, .leave = 3 * USEC_PER_SEC, .gap = 20 * USEC_PER_SEC};

typedef struct {
    const char *what;
    Usec length; // of the step
    int seconds;
    Span spans[SPANS_MAX]; // the first is from 0; ends with from_s 0 again
    Told told[SPANS_MAX];  // ends with DRIFT_NONE
    const DriftRule *rule; // NULL: of a pace
    DriftCue only;
} Case;

static size_t run(const Case *c, Told *told)
{
    Drift drift;
    drift_init(&drift);
    drift_begin(&drift, 0, c->rule ? c->rule : &DRIFT_OF_PACE, &(DriftGoal){4.0, 0.03, c->only},
                c->length);
    size_t count = 0, span = 0;
    for (int s = 0; s < c->seconds; s++) {
        Usec at = s * USEC_PER_SEC, due;
        while (span + 1 < SPANS_MAX && c->spans[span + 1].from_s && c->spans[span + 1].from_s <= s)
            span++;
        drift_measure(&drift, at, 4.0 * (1 + c->spans[span].percent / 100));
        DriftCue cue = drift_wanted(&drift, &due);
        cr_expect(eq(int, cue == DRIFT_NONE, due == USEC_NEVER));
        if (due > at)
            continue;
        drift_said(&drift, at, cue);
        cr_assert(count < SPANS_MAX);
        told[count++] = (Told){s, cue};
    }
    return count;
}

static const Case cases[] = {
    {
        "the worked timeline: 160 s at 4 m/s",
        160 * USEC_PER_SEC,
        160,
        {{0, 8.75},
         {9, 7.5},
         {17, 1.25},
         {27, 0},
         {47, -5},
         {77, -1.25},
         {92, 4.5},
         {95, 0},
         {107, 5},
         {137, 0}},
        {{10, DRIFT_EASY},
         {19, DRIFT_STEADY},
         {50, DRIFT_PUSH},
         {70, DRIFT_PUSH},
         {79, DRIFT_STEADY},
         {110, DRIFT_EASY},
         {130, DRIFT_EASY},
         {139, DRIFT_STEADY}},
    },
    {
        "three reminders, then peace",
        600 * USEC_PER_SEC,
        300,
        {{0, 6}},
        {{10, DRIFT_EASY}, {30, DRIFT_EASY}, {50, DRIFT_EASY}, {70, DRIFT_EASY}},
    },
    {
        "who cannot go any faster is told twice",
        600 * USEC_PER_SEC,
        300,
        {{0, -6}, {100, -7}, {200, -5.5}},
        {{10, DRIFT_PUSH}, {30, DRIFT_PUSH}},
    },
    {
        "who has shown that he can is told again",
        600 * USEC_PER_SEC,
        300,
        {{0, -6}, {40, -2.9}, {42, -6}},
        {{10, DRIFT_PUSH}, {30, DRIFT_PUSH}, {50, DRIFT_PUSH}},
    },
    {
        "who gave up and finds his legs again is praised, and told anew",
        600 * USEC_PER_SEC,
        200,
        {{0, -6}, {80, 0}, {120, -6}},
        {{10, DRIFT_PUSH},
         {30, DRIFT_PUSH},
         {82, DRIFT_STEADY},
         {123, DRIFT_PUSH},
         {143, DRIFT_PUSH}},
    },
    {
        "a step of a minute has ten seconds of grace as well",
        60 * USEC_PER_SEC,
        20,
        {{0, 9}},
        {{10, DRIFT_EASY}},
    },
    {"a step of half a minute has no corrections", 30 * USEC_PER_SEC, 30, {{0, 9}}, {{0}}},
    {"in the band nothing is said", 600 * USEC_PER_SEC, 100, {{0, 2.9}, {50, -2.9}}, {{0}}},
    {"a spike of three seconds is forgiven",
     600 * USEC_PER_SEC,
     100,
     {{0, 0}, {40, 20}, {43, 0}},
     {{0}}},
    {
        "in the band, yet not in half of it, is not steady",
        600 * USEC_PER_SEC,
        60,
        {{0, 6}, {20, 2}, {40, 1}},
        {{10, DRIFT_EASY}, {42, DRIFT_STEADY}},
    },
    {
        "hold steady keeps its distance from the correction",
        600 * USEC_PER_SEC,
        60,
        {{0, 6}, {11, 0}},
        {{10, DRIFT_EASY}, {18, DRIFT_STEADY}},
    },
    {
        "out again soon: no correction within twenty seconds of the one before or of its praise",
        600 * USEC_PER_SEC,
        60,
        {{0, 6}, {11, 0}, {19, 6}},
        {{10, DRIFT_EASY}, {18, DRIFT_STEADY}, {38, DRIFT_EASY}, {58, DRIFT_EASY}},
    },
    {
        "nor of the other kind",
        600 * USEC_PER_SEC,
        60,
        {{0, 6}, {11, 0}, {19, -6}},
        {{10, DRIFT_EASY}, {18, DRIFT_STEADY}, {38, DRIFT_PUSH}, {58, DRIFT_PUSH}},
    },
    {
        "hold steady answers a correction of the last minute",
        600 * USEC_PER_SEC,
        200,
        {{0, -6}, {86, 0}, {130, -6}},
        {{10, DRIFT_PUSH},
         {30, DRIFT_PUSH},
         {88, DRIFT_STEADY},
         {133, DRIFT_PUSH},
         {153, DRIFT_PUSH}},
    },
    {
        "and not an older one",
        600 * USEC_PER_SEC,
        200,
        {{0, -6}, {88, 0}, {130, -6}},
        {{10, DRIFT_PUSH}, {30, DRIFT_PUSH}, {133, DRIFT_PUSH}, {153, DRIFT_PUSH}},
    },
    {
        "who heeds each and is off again hears of it ever more seldom",
        3600 * USEC_PER_SEC,
        400,
        {{0, 6}, {11, 0}, {25, 6}, {39, 0}, {53, 6}, {67, 0}, {80, 6}, {115, 0}, {130, 6}},
        {{10, DRIFT_EASY},
         {18, DRIFT_STEADY},
         {38, DRIFT_EASY},
         {46, DRIFT_STEADY},
         {66, DRIFT_EASY},
         {74, DRIFT_STEADY},
         {114, DRIFT_EASY},
         {122, DRIFT_STEADY},
         {162, DRIFT_EASY},
         {182, DRIFT_EASY},
         {202, DRIFT_EASY},
         {222, DRIFT_EASY}},
    },
    {
        "from too fast to too slow",
        600 * USEC_PER_SEC,
        60,
        {{0, 6}, {12, -6}},
        {{10, DRIFT_EASY}, {30, DRIFT_PUSH}, {50, DRIFT_PUSH}},
    },
    {
        "without a confident speed nothing is said",
        600 * USEC_PER_SEC,
        60,
        {{0, NAN}, {30, 6}, {33, NAN}, {36, 6}},
        {{39, DRIFT_EASY}, {59, DRIFT_EASY}},
    },
    {
        "a heart is given two minutes, and then time to answer",
        600 * USEC_PER_SEC,
        400,
        {{0, 6}, {170, 0}, {300, -6}},
        {{120, DRIFT_EASY}, {179, DRIFT_STEADY}, {314, DRIFT_PUSH}},
        .rule = &DRIFT_OF_HEART,
    },
    {
        "a heart that stays high is mentioned every minute and a half, three times more",
        1200 * USEC_PER_SEC,
        900,
        {{0, 6}},
        {{120, DRIFT_EASY}, {210, DRIFT_EASY}, {300, DRIFT_EASY}, {390, DRIFT_EASY}},
        .rule = &DRIFT_OF_HEART,
    },
    {"a heart is no measure of two minutes",
     120 * USEC_PER_SEC,
     120,
     {{0, 20}},
     {{0}},
     .rule = &DRIFT_OF_HEART},
    {
        "below an upper limit all is well",
        600 * USEC_PER_SEC,
        300,
        {{0, -20}, {130, 5}, {170, -20}},
        {{144, DRIFT_EASY}, {179, DRIFT_STEADY}},
        .rule = &DRIFT_OF_HEART,
        .only = DRIFT_EASY,
    },
    {"who walks or waits is not pushed", 600 * USEC_PER_SEC, 100, {{0, -60}, {50, -100}}, {{0}}},
};

Test(drift, timelines)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Told told[SPANS_MAX];
        size_t count = run(&cases[i], told), expected = 0;
        while (cases[i].told[expected].cue != DRIFT_NONE)
            expected++;
        cr_expect(eq(sz, count, expected), "%s", cases[i].what);
        for (size_t t = 0; t < count && t < expected; t++) {
            cr_expect(eq(int, told[t].at_s, cases[i].told[t].at_s), "%s", cases[i].what);
            cr_expect(eq(int, (int)told[t].cue, (int)cases[i].told[t].cue), "%s", cases[i].what);
        }
    }
}

Test(drift, a_steady_that_comes_too_late_is_dropped)
{
    Drift drift;
    Usec due;
    drift_init(&drift);
    drift_begin(&drift, 0, &at_once, &goal, USEC_NEVER);
    drift_said(&drift, 0, DRIFT_EASY);
    for (int s = 0; s < 13; s++)
        drift_measure(&drift, s * USEC_PER_SEC, 4.0);
    cr_expect(eq(int, (int)drift_wanted(&drift, &due), (int)DRIFT_STEADY));
    drift_measure(&drift, 14 * USEC_PER_SEC, 4.0);
    cr_expect(eq(int, (int)drift_wanted(&drift, &due), (int)DRIFT_NONE));
}

Test(drift, the_limits_outlive_the_step)
{
    Drift drift;
    Usec due;
    drift_init(&drift);
    drift_begin(&drift, 0, &at_once, &goal, USEC_NEVER);
    drift_said(&drift, 100 * USEC_PER_SEC, DRIFT_PUSH);
    drift_begin(&drift, 105 * USEC_PER_SEC, &DRIFT_OF_PACE, &goal, USEC_NEVER);
    drift_measure(&drift, 112 * USEC_PER_SEC, 5.0);
    cr_expect(eq(int, (int)drift_wanted(&drift, &due), (int)DRIFT_EASY));
    cr_expect(due == 120 * USEC_PER_SEC);
}

// So many percent off, and from a while into the repetition on.
typedef struct {
    double first, then;
} Off;

#define REPS 8

// Repetitions of `work` seconds with a minute's rest between them; how often each was corrected.
static void run_set(const Off *off, int work, int *ret_told)
{
    Drift drift;
    Usec at = 0, due;
    drift_init(&drift);
    for (size_t rep = 0; rep < REPS; rep++) {
        ret_told[rep] = 0;
        drift_end(&drift, at);
        drift_begin(&drift, at, &DRIFT_OF_PACE, &goal, work * USEC_PER_SEC);
        for (int s = 0; s < work; s++, at += USEC_PER_SEC) {
            drift_measure(&drift, at, 4.0 * (1 + (s < 20 ? off[rep].first : off[rep].then) / 100));
            const DriftCue cue = drift_wanted(&drift, &due);
            if (due > at)
                continue;
            drift_said(&drift, at, cue);
            ret_told[rep] += cue != DRIFT_STEADY;
        }
        drift_end(&drift, at);
        drift_begin(&drift, at, &DRIFT_OF_PACE, &(DriftGoal){.target = NAN}, USEC_NEVER);
        for (int s = 0; s < 60; s++, at += USEC_PER_SEC)
            drift_measure(&drift, at, 2.5);
    }
}

#define SLOW                                                                                       \
    {                                                                                              \
        -6, -6                                                                                     \
    }
#define FAST                                                                                       \
    {                                                                                              \
        6, 6                                                                                       \
    }
#define RIGHT                                                                                      \
    {                                                                                              \
        0, 0                                                                                       \
    }
#define HEEDED                                                                                     \
    {                                                                                              \
        -6, 0                                                                                      \
    }
#define FADED                                                                                      \
    {                                                                                              \
        0, -6                                                                                      \
    }

Test(drift, who_cannot_is_told_a_handful_of_times_in_a_whole_run)
{
    static const struct {
        const char *what;
        int work;
        Off off[REPS];
        int told[REPS];
    } table[] = {
        {"kilometres",
         250,
         {SLOW, SLOW, SLOW, SLOW, SLOW, SLOW, SLOW, SLOW},
         {2, 1, 1, 0, 0, 0, 1, 0}},
        {"minutes", 60, {SLOW, SLOW, SLOW, SLOW, SLOW, SLOW, SLOW, SLOW}, {2, 1, 0, 0, 1, 0, 0, 0}},
        {"who will not, likewise",
         250,
         {FAST, FAST, FAST, FAST, FAST, FAST, FAST, FAST},
         {4, 1, 1, 0, 0, 0, 1, 0}},
        {"who can is told as before",
         250,
         {SLOW, HEEDED, SLOW, HEEDED, HEEDED, SLOW, SLOW, HEEDED},
         {2, 1, 2, 1, 1, 2, 1, 0}},
        {"that he begins well, or does not need it, does not say that it helps",
         250,
         {SLOW, FADED, FADED, RIGHT, FADED, SLOW, RIGHT, SLOW},
         {2, 1, 1, 0, 0, 0, 0, 1}},
        {"each kind for itself",
         250,
         {SLOW, SLOW, FAST, FAST, SLOW, FAST, RIGHT, RIGHT},
         {2, 1, 4, 1, 1, 1, 0, 0}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int told[REPS];
        run_set(table[i].off, table[i].work, told);
        for (int rep = 0; rep < REPS; rep++)
            cr_expect(eq(int, told[rep], table[i].told[rep]), "%s, %d", table[i].what, rep);
    }
}

// A step that builds its pace by 1 % every ten seconds, from 4 m/s.
static double building(int second)
{
    return 4.0 * (1 + second / 1000.0);
}

static int first_told(bool follows, DriftCue wanted)
{
    Drift drift;
    drift_init(&drift);
    drift_begin(&drift, 0, &DRIFT_OF_PACE, &goal, 120 * USEC_PER_SEC);
    for (int s = 0; s < 120; s++) {
        const Usec at = s * USEC_PER_SEC;
        Usec due;
        drift_retarget(&drift, building(s));
        drift_measure(&drift, at, follows ? building(s) : building(0));
        if (drift_wanted(&drift, &due) == wanted && due <= at)
            return s;
    }
    return -1;
}

Test(drift, a_target_that_moves_is_judged_by_where_it_is)
{
    cr_expect(eq(int, first_told(true, DRIFT_EASY), -1));
    cr_expect(eq(int, first_told(true, DRIFT_PUSH), -1));
    cr_expect(eq(int, first_told(false, DRIFT_PUSH), 34)); // 3.1 % too slow from 31 s on, 4 s long
    // A step that is too short to correct anybody stays so.
    Drift drift;
    Usec due;
    drift_init(&drift);
    drift_begin(&drift, 0, &DRIFT_OF_PACE, &goal, 20 * USEC_PER_SEC);
    drift_retarget(&drift, 4.2);
    drift_measure(&drift, 15 * USEC_PER_SEC, 3);
    cr_expect(eq(int, drift_wanted(&drift, &due), DRIFT_NONE));
}
