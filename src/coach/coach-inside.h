// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the two halves of the coach share: coach.c, which hears what happens, and arbiter.c, which
// chooses what is said.

#pragma once

#include "coach/coach.h"

void coach_clear_line(Coach *coach, LineKind kind);
// The most that may be told of a kind: a CueForm, or FORM_SILENT.
int coach_most_of(const Coach *coach, CueKind kind);
Usec coach_takes_to_say(const Coach *coach, const char *text);
bool coach_counts_in_tones(const Coach *coach);
bool coach_is_speaking(const Coach *coach, Usec at);

// What the sensors say at this instant, and how well they were heard until it.
void coach_observe(Coach *coach, const CoachView *view);
PreflightView coach_preflight_view(const CoachView *view, const Plan *plan);
