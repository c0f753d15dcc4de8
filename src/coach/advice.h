// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a step asks for, how far the runner is from it, and what he is told about that: more, less,
// right again, quick feet. A step is steered by what it names, a pace, a heart rate, steps a minute
// or a power, each with the patience that it needs (drift.h).

#pragma once

#include "coach/coach.h"

// The step begins, which will take `length` (USEC_NEVER: not known); coach->resting says whether it
// asks for anything.
void advice_begin_step(Coach *coach, const Plan *plan, size_t step, Usec length);
// From this instant on it is judged: as it begins, and after a pause.
void advice_begin(Coach *coach, Usec at);

// What is corrected, as it is now.
Estimate advice_measured(const Coach *coach, const CoachView *view);
void advice_measure(Coach *coach, const CoachView *view);

// What would be said now or next.
Offer advice_on_drift(const Coach *coach, const CoachView *view, const ApproachView *near);
Offer advice_on_form(const Coach *coach, const CoachView *view, const ApproachView *near);

// It was; `number`: with what is asked for.
void advice_on_drift_given(Coach *coach, Usec at, bool number);
void advice_on_form_given(Coach *coach, Usec at);
