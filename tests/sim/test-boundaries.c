// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How near the tone of a boundary is to where a step by distance truly ends, over many runs in
// virtual time with a pod whose scale is right and that counts its metres. Its count is also the
// truth here, to a decimetre. What is heard of it is in bus/boundaries.

#include "codec/rscs.h"
#include "sim/virtual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENOUGH     240 // boundaries
#define SECONDS    4000
#define BOUNDARIES (ENOUGH + 100)
#define POD        1
#define BEFORE     3 // packets that tell how it went

typedef struct {
    Usec begins, ends;
    double metres; // that were asked for; 0: none
} Ran;

static struct {
    double at_s[SECONDS], metres[SECONDS]; // where the runner was
    size_t known;
    Ran steps[100];
    size_t count;
    Usec tones[400]; // of boundaries
    size_t toned;
} run;

static double off_s[BOUNDARIES]; // of all runs
static size_t boundaries;

static void follow(const Event *event, void *data)
{
    RscsMeasurement pod;
    if (event->kind != EVENT_NOTIFY || event->notify.sensor != POD ||
        event->notify.characteristic != CHARACTERISTIC_RSCS_MEASUREMENT)
        return;
    cr_assert(rscs_decode(event->notify.bytes, event->notify.length, &pod) == DECODE_OK);
    cr_assert(run.known < SECONDS);
    run.at_s[run.known] = usec_to_s(event->at);
    run.metres[run.known++] = pod.distance_dm / 10.0;
}

static void see(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_STEP)
        run.steps[run.count++] = (Ran){.begins = effect->at,
                                       .metres = (double)effect->step.plan.step.distance_mm / 1000};
    if (effect->kind == EFFECT_RECORD)
        run.steps[run.count - 1].ends = effect->lap.ended;
    if (effect->kind == EFFECT_TONE && effect->cue.why == CUE_WHY_BOUNDARY &&
        effect->cue.tone != TONE_COUNT)
        run.tones[run.toned++] = effect->cue.due;
}

// From the newest packet in which the first is no more than `value`, onwards as it went before: the
// pace changes where a step does, so what the next packet tells is of another.
static double go_on(const double *from, const double *to, double value)
{
    size_t i = BEFORE;
    while (i < run.known - 1 && from[i + 1] <= value)
        i++;
    return to[i] + (to[i] - to[i - BEFORE]) * (value - from[i]) / (from[i] - from[i - BEFORE]);
}

static void add_errors(void)
{
    for (size_t i = 0; i + 1 < run.count; i++) {
        if (run.steps[i].metres == 0)
            continue;
        const double from = go_on(run.at_s, run.metres, usec_to_s(run.steps[i].begins));
        const double truly = go_on(run.metres, run.at_s, from + run.steps[i].metres);
        double nearest = INFINITY;
        for (size_t t = 0; t < run.toned; t++)
            if (fabs(usec_to_s(run.tones[t]) - truly) < fabs(nearest))
                nearest = usec_to_s(run.tones[t]) - truly;
        off_s[boundaries++] = fabs(nearest);
    }
}

static int ascending(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void measure(const char *text)
{
    boundaries = 0;
    for (uint64_t seed = 1; boundaries < ENOUGH; seed++) {
        VirtualOptions options = virtual_default();
        TextError error;
        memset(&run, 0, sizeof run);
        options.seed = seed;
        options.witness = follow;
        cr_assert(virtual_run(text, strlen(text), &options, see, NULL, &error) == REASON_OK);
        add_errors();
    }
    qsort(off_s, boundaries, sizeof *off_s, ascending);
}

// So far this share of them was off by.
static double off_by(double share)
{
    return off_s[(size_t)(share * (double)boundaries)];
}

#define LOTS(m)                                                                                    \
    "Workout - T\n- 2min @ 4'40''/km\n- 6 lots of:\n- " m " @ 4'10''/km\n- 60s rest\n- 1min run\n"

// Each change of pace is a metre or more that the pod's speed is late by, and its noise adds up
// over a long way: by the speed alone, half of all repetitions are off by more than 150 ms.
Test(boundaries, of_steps_by_distance)
{
    static const struct {
        const char *what, *text;
    } table[] = {
        {"short ones at one pace",
         "Workout - T\n- 30s @ 4'10''/km\n- 7 lots of:\n- 30m @ 4'10''/km\n- 1min run\n"},
        {"longer ones, on and off",
         "Workout - T\n- 2min @ 4'40''/km\n- 3 lots of:\n- 100m @ 4'10''/km\n"
         "- 200m @ 4'40''/km\n- 300m @ 4'10''/km\n- 400m @ 4'40''/km\n- 1min run\n"},
        {"repetitions of 100 m", LOTS("100m")},
        {"repetitions of 200 m", LOTS("200m")},
        {"repetitions of 400 m", LOTS("400m")},
        {"repetitions of 1000 m", LOTS("1000m")},
        {"400 m out of standing", "Workout - T\n- 400m @ 4'10''/km\n- 1min run\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        measure(table[i].text);
        size_t within = 0;
        while (within < boundaries && off_s[within] <= 0.15)
            within++;
        printf("# %s: half within %.0f ms, 95 %% within %.0f ms; %.1f %% within 150 ms\n",
               table[i].what, off_by(0.5) * 1000, off_by(0.95) * 1000,
               100.0 * (double)within / (double)boundaries);
        cr_expect(off_by(0.5) <= 0.05, "%s: %.3f s", table[i].what, off_by(0.5));
        cr_expect(off_by(0.95) <= 0.15, "%s: %.3f s", table[i].what, off_by(0.95));
    }
}
