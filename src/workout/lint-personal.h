// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout for one runner: what it asks of somebody who races as fast as that, and
// has run as far as that of late. text.h has the codes.

#pragma once

#include "workout/gist.h"
#include "workout/text.h"

// What was run in the last weeks. NAN where nothing is known.
typedef struct {
    uint32_t runs;
    double longest_m, longest_s; // the longest of them by way and by time, each
    double heaviest_rtss;        // the heaviest, as estimate/load.h has it
    double days_rtss;            // of the last six days together
    double week_rtss;            // of seven days, on average of the last 28
} RunnerHistory;

#define HISTORY_WEEKS 6 // how far back it is worth looking

RunnerHistory history_unknown(void);

// `plan` has items and was resolved for this runner, by effort or not. `athlete` and its `model`
// may be NULL together, as may be the history: what is not known is not doubted, except that a
// target that has found no number is told with what it lacks. `gist` is what the plan comes to for
// this runner, which a sum of what it says falls short of; NULL: that sum will do.
void lint_personal(const Plan *plan, const Gist *gist, const Athlete *athlete,
                   const AthleteModel *model, const RunnerHistory *history, TextWarnings *warnings);
