// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sensors that are near and not enrolled, and which of them may be adopted without a question.

#pragma once

#include "radio/mirror.h"
#include "radio/radio.h"

#define CANDIDATES_MAX 64

// Appends those of `adapter` that were heard lately to `sensors`, whose present members are the
// enrolled ones; nearest first; `since` is when it was first heard. Returns when the next of them
// has not been heard for too long; USEC_NEVER without any.
Usec candidates_append(GArray *sensors, const Mirror *mirror, const char *adapter, Usec now);

// When the air has been looked at long enough to say that a candidate is the only one: 5 s after
// the last newcomer, 15 s after the first at the latest. USEC_NEVER without candidates.
Usec candidates_settle(const GArray *sensors);

// No other candidate serves any of its kinds; false when there are more than are listed.
bool candidate_only(const GArray *sensors, const RadioSensor *candidate);

// The only candidate that has this name, and serves a part of `services` or more than them (0: not
// known), for an advertisement names but some; NULL when there is none, a choice, or more than are
// listed.
const RadioSensor *candidate_like(const GArray *sensors, const char *name, guint services);
