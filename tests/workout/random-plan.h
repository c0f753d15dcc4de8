// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Texts of workouts as nobody would think of them: everything that the plan language has, put
// together at random, the same on every machine. Most can be run; some ask for more than there may
// be.

#pragma once

#include "workout/plan.h"

#include <stdio.h>
#include <string.h>

#define RANDOM_COUNT(array) (sizeof(array) / sizeof *(array))

static inline void text_add(char *text, size_t size, const char *more)
{
    strncat(text, more, size - strlen(text) - 1);
}

static uint64_t dice;

static inline uint32_t roll(uint32_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice >> 33) % sides;
}

static inline void random_length(char *text, size_t size)
{
    char one[64];
    switch (roll(5)) {
    case 0:
        snprintf(one, sizeof one, "%um", 50 + roll(2000));
        break;
    case 1:
        snprintf(one, sizeof one, "%u.%ukm", roll(9), 1 + roll(9));
        break;
    case 2:
        snprintf(one, sizeof one, "%u.%02umi", roll(4), 10 + roll(80));
        break;
    case 3:
        snprintf(one, sizeof one, "%umin %us", 1 + roll(12), roll(60));
        break;
    default:
        snprintf(one, sizeof one, "%us", 5 + roll(400));
        break;
    }
    text_add(text, size, one);
}

static inline void random_point(char *text, size_t size)
{
    static const char *const bases[] = {"E",          "M",
                                        "T",          "I",
                                        "R",          "5km pace",
                                        "mile pace",  "goal marathon pace",
                                        "1500m pace", "half marathon pace",
                                        "12.5km/h",   "8.0mph"};
    static const char *const offsets[] = {" - 5%",     " + 2.5%",        " - 10s/km",
                                          " + 12s/mi", " - 3s per 200m", ""};
    char one[64];
    if (roll(3) == 0)
        snprintf(one, sizeof one, "%u'%02u''/%s", 3 + roll(5), roll(60), roll(2) ? "km" : "mi");
    else
        snprintf(one, sizeof one, "%s", bases[roll(RANDOM_COUNT(bases))]);
    text_add(text, size, one);
    text_add(text, size, offsets[roll(RANDOM_COUNT(offsets))]);
}

static inline void random_target(char *text, size_t size)
{
    static const char *const others[] = {"HR 140-150",
                                         "HR < 150",
                                         "HR 70-80%",
                                         "HR zone 2",
                                         "RPE 6-7.5",
                                         "175-185 spm",
                                         "> 250 W",
                                         "max",
                                         "HR 85-90% of threshold",
                                         "400m in 96s",
                                         "mile in 6:10-6:20"};
    const char *between = "", *before = "";
    switch (roll(6)) {
    case 0:
        text_add(text, size, others[roll(RANDOM_COUNT(others))]);
        return;
    case 1:
        before = "from ", between = " to ";
        break;
    case 2:
        before = "between ", between = " and ";
        break;
    case 3:
        between = " building to ";
        break;
    default:
        break;
    }
    text_add(text, size, before);
    random_point(text, size);
    if (between[0] != '\0') {
        text_add(text, size, between);
        random_point(text, size);
    }
    if (roll(5) == 0)
        text_add(text, size, roll(2) ? ", pacer 50m" : ", pacer 200m");
}

static inline void random_step(char *text, size_t size, const char *indent, bool rung)
{
    static const char *const ends[] = {" rest", " jog", " walk", " run"};
    static const char *const splits[] = {"• 400m in 88-92s\n", "• 1.0mi in 6:30, pacer 50m\n",
                                         "• 0.8km in 2:58-3:02 \"even\"\n"};
    static const char *const metronomes[] = {"", "", "", ", metronome", ", metronome 180"};
    text_add(text, size, indent);
    if (!rung && roll(8) == 0) {
        text_add(text, size, roll(2) ? "• jog until HR < 120 (1min..3min)\n" : "• open @ T\n");
        return;
    }
    if (!rung && roll(12) == 0) {
        text_add(text, size, splits[roll(RANDOM_COUNT(splits))]);
        return;
    }
    text_add(text, size, "• ");
    if (rung)
        text_add(text, size, "rung");
    else
        random_length(text, size);
    if (!rung && roll(3) == 0)
        text_add(text, size, ends[roll(RANDOM_COUNT(ends))]);
    else {
        text_add(text, size, " @ ");
        random_target(text, size);
        text_add(text, size, metronomes[roll(RANDOM_COUNT(metronomes))]);
    }
    text_add(text, size, roll(4) ? "\n" : " \"relax, and breathe\"\n");
}

// The same for the same seed.
static inline void random_plan(char *text, size_t size, uint64_t seed)
{
    dice = seed;
    static const char *const indents[] = {"  ", "    ", "      ", "        "};
    text[0] = '\0';
    text_add(text, size, "Workout - Any\n\n");
    uint32_t depth = 0;
    for (uint32_t lines = 1 + roll(12); lines > 0; lines--) {
        if (depth < PLAN_DEPTH_MAX && roll(4) == 0) {
            char header[64];
            const bool ladder = roll(3) == 0;
            snprintf(header, sizeof header, "%s• %u lots of%s:\n", indents[depth], 1 + roll(4),
                     roll(4) ? "" : ", no last rest");
            text_add(text, size, indents[depth]);
            if (ladder)
                text_add(text, size, "• ladder of 400m, 2min, 1.2km and back:\n");
            else
                text_add(text, size, header + strlen(indents[depth]));
            depth++;
            random_step(text, size, indents[depth], ladder);
        } else
            random_step(text, size, indents[depth], false);
        if (roll(4) == 0)
            depth = roll(depth + 1);
    }
}
