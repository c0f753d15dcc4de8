// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The search for claims in one sentence, for prose-claim.c and prose-reps.c: each find_…() looks
// whether one of its kind begins, or has its middle, at a token.

#pragma once

#include "workout/prose-claim.h"

// A sentence while it is searched.
typedef struct {
    const Sentence *sentence;
    Claims *claims;
    bool reps; // it speaks of repetitions
} Finder;

TokenKind finder_kind(const Finder *finder, size_t index); // TOKEN_END beyond the last
TokenKind finder_before(const Finder *finder, size_t index, size_t back); // and before the first
const Token *finder_token(const Finder *finder, size_t index);
bool finder_has(const Finder *finder, TokenKind kind); // anywhere in the sentence

// Room for a claim that stands at a token; when there is none, the last is written over.
Claim *finder_claim(Finder *finder, ClaimKind kind, size_t index);

bool is_length(TokenKind kind); // DISTANCE or TIME
// A length, or a number that is metres: "15 × 1600".
bool is_counted(const Finder *finder, size_t index);

bool is_one_of(TokenKind kind, const TokenKind *kinds, size_t count);

#define ONE_OF(kind, ...)                                                                          \
    is_one_of(kind, (const TokenKind[]){__VA_ARGS__},                                              \
              sizeof(const TokenKind[]){__VA_ARGS__} / sizeof(TokenKind))

void find_count(Finder *finder, size_t index);
void find_times(Finder *finder, size_t index);
void find_rest(Finder *finder, size_t index);
void find_rep(Finder *finder, size_t index);
void find_from_to(Finder *finder, size_t index); // at "from" or "start"
void find_series(Finder *finder);
void find_mile(Finder *finder, size_t index);
void find_in_title(Finder *finder, size_t index);
