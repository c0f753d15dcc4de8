// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// An article on its way through the checks of prose.c, which are in prose-paces.c and
// prose-shape.c.

#pragma once

#include "workout/prose-claim.h"

// What an article would call a step.
typedef enum {
    ROLE_OTHER,
    ROLE_REPETITION,
    ROLE_RECOVERY, // a rest, or a jog between repetitions
} StepRole;

typedef struct {
    const Plan *plan;
    StepRole roles[PLAN_STEPS_MAX];
    TextWarnings *warnings;
    const char *text;
    Claims claims;
} Article;

#define SAME_LENGTH 0.01  // 1.6 km is a mile here
#define SAME_SPEED  0.025 // what writers round to
#define STRIDE_S    30    // shorter ones are no repetitions
#define STRIDE_M    150
#define SLOWER      0.005 // what paces are rounded to

// The checks: of what is claimed of speeds, and of how often, how long, and in which order.
void article_check_paces(Article *article);
void article_check_shape(Article *article);

void article_warn(Article *article, const Token *at, const char *code, const char *text);

// ── saying it ──

#define SAY_MAX 26 // bytes with the NUL, of each

void say_clock(double seconds, char ret_text[SAY_MAX]); // "1:12"
void say_way(double metres, char ret_text[SAY_MAX]);    // "400 m", "a mile", "10 km"
void say_length(const Token *length, char ret_text[SAY_MAX]);
// So many seconds for so many metres: "5:30/mi", "400 m in 1:12".
void say_speed(double metres, double seconds, char ret_text[SAY_MAX]);
void say_token(const Token *speed, char ret_text[SAY_MAX]); // as it was said
void say_like(double speed_mps, const Token *like,
              char ret_text[SAY_MAX]); // in the terms of `like`

// ── what was claimed ──

double speed_fast(const Token *speed); // m/s, of a TOKEN_SPEED
double speed_slow(const Token *speed);
bool speed_near(double speed_mps, const Token *speed, double tolerance);
bool same_length(const Token *one, const Token *other); // or none, both

// ── the list ──

double step_speed(const PlanStep *step); // m/s; NAN for rests, strides, and what has no pace
bool step_has_length(const PlanStep *step, const Token *length);
void article_read_list(Article *article);                  // fills `roles`
const PlanStep *alike_repetitions(const Article *article); // the first, when there are three or
                                                           // more of one kind; else NULL
