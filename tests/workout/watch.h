// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the tests of FIT workouts share: reading a file that is held in a block of exactly its size,
// and keeping what is said to be lost.

#pragma once

#include "../codec/packet.h"
#include "codec/fit-write.h"
#include "random-plan.h"
#include "workout/fitplan.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan again; // 150 kB: not for the stack
static uint8_t bytes[FITPLAN_BYTES_MAX];
static char printed[256 * 1024];
static FitplanError wrong;

// ── what is lost ──

static char lost[4096];

static inline void on_lost(void *data, uint32_t where, const char *text)
{
    char line[256];
    snprintf(line, sizeof line, "%u: %s\n", where, text);
    text_add(lost, sizeof lost, line);
}

static const Losses losses = {.say = on_lost};

// In a block of exactly its size.
static inline bool read_bytes(const uint8_t *from, size_t length)
{
    Packet packet = packet_of(from, length);
    const bool ok = fitplan_read(packet.bytes, length, &again, &losses, &wrong);
    packet_free(&packet);
    return ok;
}

static inline const char *text_of(const Plan *of)
{
    text_print(of, printed, sizeof printed);
    return printed;
}
