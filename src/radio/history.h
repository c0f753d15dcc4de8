// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How the connections of one sensor went, in the little that is worth keeping for ever: how long
// they lasted and why they ended, how long packets kept us waiting, how well it was heard, what
// Connect failed of. It is a plain struct that knows no bus; its text form is one line for the
// store.
//
// A sensor that drops at a fixed age, again and again, has not been out of range: its host refused
// something it asked for (a Polar H10 after 150 s, an H7 after 30 s; JanCBrammer/OpenHRV#39,
// IanHarvey/bluepy#53), and to say so saves somebody an evening.

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "radio/policy.h"

#define HISTORY_BUCKETS 12
#define HISTORY_AGES    8
#define HISTORY_LINE    2048 // enough for any line with its NUL

typedef enum {
    HISTORY_LIFETIME,   // s, 1 … 100 000: from connected to not
    HISTORY_GAP,        // s, 0.1 … 102: from one packet to the next
    HISTORY_RSSI,       // dBm, -100 … -50, each time it was heard
    HISTORY_FIRST_DATA, // s, 0.1 … 102: from connected to the first packet
    HISTORY_SCALES,
} HistoryScale;

typedef enum {
    END_SILENT, // up, and no data: we hung up
    END_LOST,   // no word on why
    END_PEER,   // the sensor hung up
    END_ADAPTER,
    END_SERVICE, // bluetoothd or the bus went away
    END_OURS,    // forgotten, not wanted, or the daemon ended
    END_KINDS,
} LinkEnd;

typedef struct History {
    // Bucket i counts what is at most history_bounds()[i] and more than the bound before; the last
    // one the rest.
    guint32 histogram[HISTORY_SCALES][HISTORY_BUCKETS];
    guint32 ends[END_KINDS];
    guint32 failures[TROUBLES]; // of Connect
    float ages[HISTORY_AGES];   // s, the last lifetimes of 20 s or more that nobody here ended
    guint32 age_next;           // the slot of `ages` that is written next
} History;

// HISTORY_BUCKETS - 1 ascending upper bounds.
const double *history_bounds(HistoryScale scale);

void history_add(History *history, HistoryScale scale, double value); // NAN is ignored
void history_end(History *history, double lifetime_s, LinkEnd end);
void history_failure(History *history, Trouble trouble);

guint32 history_count(const History *history, HistoryScale scale);
// The upper bound of the bucket that the quantile `q` (0 … 1) is in; NAN when empty, INFINITY when
// it is in the last.
double history_quantile(const History *history, HistoryScale scale, double q);

// The age in s at which it drops: at least four of the last lifetimes of 20 s and more agree within
// 10 %; NAN when they do not.
double history_fixed_age(const History *history);

const char *link_end_name(LinkEnd end); // "silent", "lost", …

void history_print(const History *history, char *ret_line, gsize size); // HISTORY_LINE will do
// False, with `ret_history` untouched, when it is not such a line.
bool history_parse(const char *line, History *ret_history);
