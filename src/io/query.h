// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What somebody looks for among workouts, in a few words, all of which have to fit:
//
//     query  := { length | word }
//     length := ( "<" | "under" | "below" | "less than" | "at most" | "up to"
//               | ">" | "over" | "above" | "more than" | "at least"
//               | "~" | "about" | "around" ) amount
//             | NUM [ unit ] ( "-" | "to" ) amount
//     amount := NUM unit [ NUM unit ] | "an hour" | "half an hour"
//     unit   := h, min, km (or k), mi or m, or these words in full
//
// A word fits when the workout is of the kind that it names, or when its name or its title holds
// it, in any case of letters; a length alone ("30min", "10k") fits what is about as long, and what
// has it in its name or title, however it is written there. About is within a tenth. What is of
// unknown length fits no length but by its name.

#pragma once

#include <glib.h>

#include "workout/gist.h"

typedef struct Query Query;

// NULL with PACED_ERROR_BAD_ARGUMENT for a length without a unit, or that no workout has, and for
// more than 1000 bytes. An empty query fits all.
Query *query_parse(const char *text, GError **error);
void query_free(Query *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)

gboolean query_fits(const Query *query, const char *name, const char *title, const Gist *gist);
