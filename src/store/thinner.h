// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which packets a disk that is nearly full can be spared: of what a sensor sends one in two seconds
// is kept. Links, commands and all else are kept whole. A replay then knows a little less than the
// run did.

#pragma once

#include <glib.h>

#include "session/event.h"

#define THINNER_KINDS 4 // of packets that one sensor sends often; others are kept

typedef struct {
    struct {
        guint16 characteristic; // 0: none yet
        Usec kept;              // the latest that was
    } packets[SENSORS_MAX][THINNER_KINDS];
} Thinner; // all zero: nothing was seen

gboolean thinner_drops(Thinner *thinner, const Event *event);
