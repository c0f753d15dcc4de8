// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the checks of an article share: how they say a speed or a length, and what the list's steps
// are to an article that speaks of its repetitions.

#include "workout/prose-article.h"

#include "workout/lint.h"

#include <stdio.h>
#include <string.h>

#define CLOCK_MOST 359999 // 99:59:59

// ── saying it ──

void say_clock(double seconds, char ret_text[SAY_MAX])
{
    const int s = (int)lround(fmin(seconds, CLOCK_MOST));
    if (s >= 3600)
        snprintf(ret_text, SAY_MAX, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(ret_text, SAY_MAX, "%d:%02d", s / 60, s % 60);
}

void say_way(double metres, char ret_text[SAY_MAX])
{
    if (fabs(metres - METRES_PER_MILE) < 1)
        snprintf(ret_text, SAY_MAX, "a mile");
    else if (metres >= 3000)
        snprintf(ret_text, SAY_MAX, "%.4g km", metres / METRES_PER_KM);
    else
        snprintf(ret_text, SAY_MAX, "%.0f m", metres);
}

void say_length(const Token *length, char ret_text[SAY_MAX])
{
    if (length->kind == TOKEN_DISTANCE)
        say_way(length->low, ret_text);
    else
        say_clock(length->low, ret_text);
}

// So many seconds for so many metres: "5:30/mi", "400 m in 1:12".
void say_speed(double metres, double seconds, char ret_text[SAY_MAX])
{
    char way[SAY_MAX], clock[SAY_MAX];
    say_clock(seconds, clock);
    say_way(metres, way);
    if (seconds == 3600)
        snprintf(ret_text, SAY_MAX, "%.3g km/h", metres / METRES_PER_KM);
    else if (metres == METRES_PER_KM || metres == METRES_PER_MILE)
        snprintf(ret_text, SAY_MAX, "%.9s/%s", clock, metres == METRES_PER_KM ? "km" : "mi");
    else
        snprintf(ret_text, SAY_MAX, "%.11s in %.9s", way, clock);
}

// A speed in the terms of a claim's.
void say_like(double speed_mps, const Token *like, char ret_text[SAY_MAX])
{
    say_speed(like->metres, like->metres / speed_mps, ret_text);
}

void say_token(const Token *speed, char ret_text[SAY_MAX])
{
    say_speed(speed->metres, speed->low, ret_text);
}

void article_warn(Article *article, const Token *at, const char *code, const char *text)
{
    const char *start = at->at;
    while (start > article->text && !lines_end_before(start, article->text))
        start--;
    if (start == article->text && memcmp(start, "\ufeff", 3) == 0)
        start += 3;
    const Line line = {.start = start, .at = at->at, .end = at->at};
    lint_add(article->warnings, at->line, line_column(&line), code, text);
}

// ── the list ──

double step_speed(const PlanStep *step)
{
    return step->step.kind == STEP_WORK && !step->stride ? aim_speed(&step->aim) : (double)NAN;
}

bool step_has_length(const PlanStep *step, const Token *length)
{
    const bool way = length->kind == TOKEN_DISTANCE;
    if (step->step.measure != (way ? MEASURE_DISTANCE : MEASURE_TIME))
        return false;
    const double size = step_length(&step->step);
    return size >= length->low * (1 - SAME_LENGTH) && size <= length->high * (1 + SAME_LENGTH);
}

static bool step_is_within(const PlanStep *step, double seconds, double metres)
{
    const double size = step_length(&step->step);
    return (step->step.measure == MEASURE_TIME && size <= seconds) ||
           (step->step.measure == MEASURE_DISTANCE && size <= metres);
}

void article_read_list(Article *article)
{
    const Plan *plan = article->plan;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const bool easy = plan_step_is_easy(plan, i);
        article->roles[i] = ROLE_OTHER;
        if (step->step.kind == STEP_REST)
            article->roles[i] = ROLE_RECOVERY;
        else if (step->repetitions < 2 || isnan(step_speed(step)) ||
                 step_is_within(step, STRIDE_S, STRIDE_M))
            continue;
        else if (!easy)
            article->roles[i] = ROLE_REPETITION;
        else if (step_is_within(step, RECOVERY_S, RECOVERY_M))
            article->roles[i] = ROLE_RECOVERY;
    }
}

static bool same_step(const PlanStep *one, const PlanStep *other)
{
    return one->step.measure == other->step.measure && one->step.duration == other->step.duration &&
           one->step.distance_mm == other->step.distance_mm && one->aim.value == other->aim.value &&
           one->aim.end == other->aim.end;
}

// The repetitions when all are alike, of which there are three at least; else NULL.
const PlanStep *alike_repetitions(const Article *article)
{
    const Plan *plan = article->plan;
    const PlanStep *first = NULL;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        if (article->roles[i] != ROLE_REPETITION)
            continue;
        if (first == NULL)
            first = step;
        if (!same_step(first, step) || step->aim.end != step->aim.value)
            return NULL;
    }
    return first != NULL && first->repetitions >= 3 ? first : NULL;
}

double speed_fast(const Token *speed)
{
    return speed->metres / speed->low;
}

double speed_slow(const Token *speed)
{
    return speed->metres / speed->high;
}

bool speed_near(double speed_mps, const Token *speed, double tolerance)
{
    return speed_mps >= speed_slow(speed) * (1 - tolerance) &&
           speed_mps <= speed_fast(speed) * (1 + tolerance);
}

bool same_length(const Token *one, const Token *other)
{
    return one->kind == other->kind && one->low <= other->high * (1 + SAME_LENGTH) &&
           one->high >= other->low * (1 - SAME_LENGTH);
}
