// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Values as people read them: "4:52", "12:00", "1.6 km", a bar, a lap table. One place, so that all
// verbs say the same thing the same way.

#pragma once

#include "pacectl/pacectl.h"
#include "workout/gist.h"

#define SHOW_MAX 64

void show_duration(double seconds, char ret_text[SHOW_MAX]); // "1:02:03", "12:00", "–" when unknown
void show_period(double seconds, char ret_text[SHOW_MAX]); // "14 s", "3 min", "2 h": about so long
void show_pace(double speed_mps, char ret_text[SHOW_MAX]); // per km; "–" when unknown or standing
// "–" when unknown, and never -0.
void show_number(double value, int digits, char ret_text[SHOW_MAX]);

// How a run ended, of which History.List has the word: behind a comma, but for one that was run to
// the end of its plan.
const char *show_ending(const char *word);

void show_distance(double metres, char ret_text[SHOW_MAX]); // "1.60 km", "200 m"
// "In all: 12 steps, ~8.06 km, ~54:18": with a ~ before what is guessed, without what is open.
void show_in_all(guint steps, const Gist *gist, char ret_text[2 * SHOW_MAX]);
// "~8.06 km"
void show_about(double value, gboolean guessed, void (*show)(double value, char ret_text[SHOW_MAX]),
                char ret_text[SHOW_MAX]);
void show_step_length(const Step *step, char ret_text[SHOW_MAX]);

// A bar of `width` characters, filled to `fraction` (0 … 1).
void show_bar(double fraction, int width, char *ret_text, gsize size);

// What a step asks for: "4:52 /km", "4:40-5:00 /km", "6:00 to 5:00 /km", "heart 140-150", "effort
// 6-7", "> 250 W", "180 spm", "all out". FALSE and "–" for none.
gboolean show_aim(const Aim *aim, char ret_text[SHOW_MAX]);
gboolean show_target(GVariant *target, char ret_text[SHOW_MAX]); // as the daemon gives it; or NULL

// The same as its text has it: "5km pace - 2%". NULL for none; free with g_free().
char *show_asked(const Plan *plan, const PlanStep *step);

// As a member "target": as resolved, and as written where `text` is not NULL; none for neither. Its
// end is there as on the bus; beside a text, which is for people too, only when it builds.
void show_target_json(JsonBuilder *builder, const Aim *aim, const char *text);

// The members that simulate gives of a step: kind, time_s or distance_m, pace_s_per_km, target,
// repetition, repetitions.
void show_step_json(JsonBuilder *builder, const PlanStep *step);

// Those that check gives: the target's text too, manner, until, stride and note.
void show_plan_step_json(JsonBuilder *builder, const Plan *plan, gsize step);

// A lap table: `laps` is an aa{sv} as History.Laps gives it.
void show_laps(GVariant *laps);
