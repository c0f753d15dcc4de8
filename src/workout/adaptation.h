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
    uint8_t goes_on;     // STOP: other hard running follows the set; SHORTEN: all that follow the
                         // next are as long; DROP: the one less is of the next set
    uint8_t again;       // REST_PLUS: the last two of the set had the same reason
    uint8_t padding[4];
    double rest_s; // how much longer the rest is, at most: REST_PLUS, and a change that is to be
                   // told in a short one; else NAN
    double duration_s; // SHORTEN: the next repetition, ADD: the one more; NAN when not by time
    double distance_m; // likewise by distance
} Adaptation;
