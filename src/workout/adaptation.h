// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A decision of adapt.h as it was carried out, for those who say it, show it and keep it.

#pragma once

#include "workout/adapt.h"

// What was decided and what it comes to.
typedef struct {
    AdaptDecision decision;
    AdaptReason reason;
    AdaptFlags flags;
    uint8_t on_offer;    // 1: it waits for a yes; silence is a no
    uint8_t taken_back;  // 1: the runner did
    uint8_t heart_below; // REST_PLUS: bpm from which on the rest may end sooner; 0: it does not
    uint8_t padding[6];
    double rest_s;     // REST_PLUS: how much longer, at most; else NAN
    double duration_s; // SHORTEN: the next repetition, ADD: the one more; NAN when not by time
    double distance_m; // likewise by distance
} Adaptation;
