// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speeds that an article claims, against each other and against the list. What is hard is to know
// that two of them are one runner's, and for the same running: an article that gives a race two
// paces speaks to several runners, and personal bests are not the plan.

#include "workout/prose-article.h"

#include "athlete/race.h"
#include "athlete/vdot.h"

#include <stdio.h>

#define SAID_LOOSELY    0.3 // "…, run each 400 m in 1:36" may be training, beyond this it is none
#define RACES_FALL_MOST 0.17 // the exponent by which pace falls with distance: Riegel's is 0.06
#define RACES_RISE_MOST 0.01
#define RACES_APART     8      // lines
#define RACE_SPLIT      2000.0 // m: what is timed over more is a race as a whole
#define RACE_SAY        48
#define PERCENT_MOST    30

// ── within the article ──

static void check_same(Article *article, const Claim *claim)
{
    char text[TEXT_MESSAGE_MAX], one[SAY_MAX], would[SAY_MAX], other[SAY_MAX];
    const double tolerance = claim->loose ? SAID_LOOSELY : SAME_SPEED;
    if (speed_near(speed_fast(&claim->base), &claim->speed, tolerance) ||
        speed_near(speed_slow(&claim->base), &claim->speed, tolerance))
        return;
    say_token(&claim->base, one);
    say_like(speed_fast(&claim->base), &claim->speed, would);
    say_token(&claim->speed, other);
    snprintf(text, sizeof text, "%s would be %s, not %s", one, would, other);
    article_warn(article, &claim->speed, "prose-arithmetic", text);
}

// Whether one runner may have both race paces.
static bool races_agree(const Claim *one, const Claim *other)
{
    const bool swap = one->length.low > other->length.low;
    const Claim *near = swap ? other : one, *far = swap ? one : other;
    const double ratio = far->length.low / near->length.low;
    if (ratio < 1 + SAME_LENGTH)
        return speed_near(speed_fast(&one->speed), &other->speed, SAME_SPEED);
    return speed_slow(&far->speed) <= speed_fast(&near->speed) * pow(ratio, RACES_RISE_MOST) &&
           speed_fast(&far->speed) >= speed_slow(&near->speed) * pow(ratio, -RACES_FALL_MOST);
}

// What a race says of another distance: by VDOT, or beyond it by Riegel.
static double predicted_speed(const Claim *race, double metres)
{
    const double time = race->length.low / speed_fast(&race->speed);
    const double vdot = vdot_from_race(race->length.low, time);
    const double predicted = vdot_race_time(vdot, metres);
    return metres / (isnan(predicted) ? riegel_time(race->length.low, time, metres, RIEGEL_EXPONENT)
                                      : predicted);
}

// An article that gives one race several paces speaks to several runners.
static bool speaks_to_one(const Claims *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        for (size_t j = i + 1; j < claims->count; j++) {
            const Claim *one = &claims->items[i], *other = &claims->items[j];
            if (one->kind == CLAIM_RACE && other->kind == CLAIM_RACE &&
                same_length(&one->length, &other->length) &&
                !speed_near(speed_fast(&one->speed), &other->speed, SAME_SPEED))
                return false;
        }
    return true;
}

// Two sentences close by, neither of which supposes a runner of its own.
static bool same_runner(const Claim *one, const Claim *other)
{
    return one->sentence == other->sentence ||
           (!one->supposed && !other->supposed && other->at.line - one->at.line <= RACES_APART);
}

// "10 km at 3:53/km", or "in 38:50" where that is how it was said.
static void say_race(double metres, double speed_mps, const Token *like, char ret_text[RACE_SAY])
{
    char way[SAY_MAX], speed[SAY_MAX];
    const bool split = like->metres >= RACE_SPLIT;
    say_way(metres, way);
    if (split)
        say_clock(metres / speed_mps, speed);
    else
        say_like(speed_mps, like, speed);
    snprintf(ret_text, RACE_SAY, "%.12s %s %.24s", way, split ? "in" : "at", speed);
}

static void check_races(Article *article)
{
    const Claims *claims = &article->claims;
    const bool one_runner = speaks_to_one(claims);
    char text[TEXT_MESSAGE_MAX], has[RACE_SAY], would[RACE_SAY], says[RACE_SAY];
    for (size_t j = 1; j < claims->count; j++)
        for (size_t i = 0; i < j; i++) {
            const Claim *one = &claims->items[i], *other = &claims->items[j];
            if (one->kind != CLAIM_RACE || other->kind != CLAIM_RACE ||
                (one->sentence != other->sentence && !one_runner) || !same_runner(one, other) ||
                races_agree(one, other))
                continue;
            const bool swap = one->length.low > other->length.low;
            const Claim *shorter = swap ? other : one, *longer = swap ? one : other;
            const double metres = longer->length.low;
            say_race(shorter->length.low, speed_fast(&shorter->speed), &shorter->speed, has);
            say_race(metres, predicted_speed(shorter, metres), &longer->speed, would);
            say_race(metres, speed_fast(&longer->speed), &longer->speed, says);
            snprintf(text, sizeof text, "no runner has both: %s goes with about %s, not with %s",
                     has, would, says);
            article_warn(article, &other->at, "prose-race-paces", text);
            return;
        }
}

// ── speeds against the list ──

// Whether all that is claimed of a length, or of the repetitions, is one speed, and this is the
// first to claim it.
static bool claims_one_speed(const Claims *claims, const Claim *claim)
{
    for (size_t i = 0; i < claims->count; i++) {
        const Claim *other = &claims->items[i];
        const bool same = other->kind == CLAIM_SPEED && other != claim && !other->past &&
                          !other->variant && same_length(&other->length, &claim->length);
        if (same &&
            (other < claim || !speed_near(speed_fast(&other->speed), &claim->speed, SAME_SPEED)))
            return false;
    }
    return true;
}

static bool list_has_speed(const Plan *plan, const Token *speed)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (speed_near(step_speed(&plan->steps[i]), speed, SAME_SPEED) ||
            speed_near(plan->steps[i].aim.end, speed, SAME_SPEED))
            return true;
    return false;
}

// The step that a claim of speed is about; NULL when it is about none, or about steps that differ.
static const PlanStep *claimed_step(const Article *article, const Claim *claim)
{
    const Plan *plan = article->plan;
    const PlanStep *found = NULL;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const bool is = claim->length.kind == TOKEN_END ? article->roles[i] == ROLE_REPETITION
                                                        : step_has_length(step, &claim->length);
        if (!is || isnan(step_speed(step)))
            continue;
        if (found != NULL && step_speed(found) != step_speed(step))
            return NULL;
        found = step;
    }
    return found;
}

static void check_speed(Article *article, const Claim *claim)
{
    const Plan *plan = article->plan;
    char text[TEXT_MESSAGE_MAX], says[SAY_MAX], has[SAY_MAX];
    if (claim->past || claim->variant || !claims_one_speed(&article->claims, claim) ||
        list_has_speed(plan, &claim->speed))
        return;
    const PlanStep *step = claimed_step(article, claim);
    if (step == NULL)
        return;
    say_token(&claim->speed, says);
    say_like(step_speed(step), &claim->speed, has);
    snprintf(text, sizeof text, "%s here, but the step in line %u comes to %s", says,
             plan->items[step->item].line, has);
    article_warn(article, &claim->at, "prose-pace", text);
}

// Whether a speed is on the wrong side of what it was to be faster or slower than.
static bool wrong_side(double speed_mps, const Token *base, bool slower)
{
    return slower ? speed_mps > speed_fast(base) * (1 + SLOWER)
                  : speed_mps < speed_slow(base) * (1 - SLOWER);
}

// All that is known of a race's pace: what the article says, and a step of that length in the list.
// False: nothing is, or a part of it fits the claim.
static bool race_contradicts(Article *article, const Claim *claim, double speed_mps,
                             Token *ret_base)
{
    const Plan *plan = article->plan;
    const Token way = {
        .kind = TOKEN_DISTANCE, .low = claim->base.metres, .high = claim->base.metres};
    bool known = false;
    for (size_t i = 0; i < plan->step_count; i++) {
        const double speed = step_speed(&plan->steps[i]);
        if (isnan(speed) || plan->steps[i].repetitions > 0 ||
            !step_has_length(&plan->steps[i], &way))
            continue;
        const Token base = {
            .low = METRES_PER_KM / speed, .high = METRES_PER_KM / speed, .metres = METRES_PER_KM};
        if (!wrong_side(speed_mps, &base, claim->slower))
            return false;
        known = true;
        *ret_base = base;
    }
    for (size_t i = 0; i < article->claims.count; i++) {
        const Claim *other = &article->claims.items[i];
        if ((other->kind != CLAIM_RACE && other->kind != CLAIM_SPEED) ||
            !same_length(&other->length, &way))
            continue;
        if (!wrong_side(speed_mps, &other->speed, claim->slower))
            return false;
        known = true;
        *ret_base = other->speed;
    }
    return known;
}

// Whoever runs it: "mile pace + 12s per 200m" is slower than mile pace.
static bool is_off_race(const Target *target, const Claim *claim)
{
    const TargetPoint *point = &target->from;
    const int64_t sign = claim->slower ? -1 : 1;
    const int64_t percent = sign * point->percent_tenths, seconds = sign * point->offset_s;
    return target->kind == TARGET_AT && point->kind == POINT_RACE &&
           fabs((double)point->distance_mm / 1000 / claim->base.metres - 1) <= SAME_LENGTH &&
           percent >= 0 && seconds >= 0 && percent + seconds > 0;
}

// The step that a claim beside a race's pace is about, when it, and all others that may be meant,
// are on the wrong side of that pace by their own words.
static const PlanStep *step_off_race(const Article *article, const Claim *claim)
{
    const Plan *plan = article->plan;
    const PlanStep *found = NULL;
    for (size_t i = 0; i < plan->step_count && claim->base.kind == TOKEN_RACE_PACE; i++) {
        const PlanStep *step = &plan->steps[i];
        const bool is = claim->length.kind == TOKEN_END ? step->repetitions > 1
                                                        : step_has_length(step, &claim->length);
        if (!is || step->step.kind != STEP_WORK || step->stride)
            continue;
        if (!is_off_race(&plan->items[step->item].target, claim))
            return NULL;
        found = step;
    }
    return found;
}

static void check_off_race(Article *article, const Claim *claim)
{
    const PlanStep *step = step_off_race(article, claim);
    char text[TEXT_MESSAGE_MAX], target[TARGET_TEXT_MAX], way[SAY_MAX];
    if (step == NULL)
        return;
    say_way(claim->base.metres, way);
    snprintf(text, sizeof text,
             "%s than at the pace of %s here, but the step in line %u is %s (%s)",
             claim->slower ? "slower" : "faster", way, article->plan->items[step->item].line,
             claim->slower ? "faster" : "slower",
             text_print_target(article->plan, (size_t)(step - article->plan->steps), target));
    article_warn(article, &claim->at, "prose-comparison", text);
}

static void check_compare(Article *article, const Claim *claim)
{
    char text[TEXT_MESSAGE_MAX], has[SAY_MAX], base[SAY_MAX];
    const PlanStep *step = claimed_step(article, claim);
    Token than = claim->base;
    if (claim->past || claim->variant)
        return;
    if (step == NULL) {
        check_off_race(article, claim);
        return;
    }
    const double speed = step_speed(step);
    if (than.kind == TOKEN_RACE_PACE ? !race_contradicts(article, claim, speed, &than)
                                     : !wrong_side(speed, &than, claim->slower))
        return;
    say_like(speed, &than, has);
    say_token(&than, base);
    snprintf(text, sizeof text, "%s than %s here, but the step in line %u is %s (%s)",
             claim->slower ? "slower" : "faster", base, article->plan->items[step->item].line,
             claim->slower ? "faster" : "slower", has);
    article_warn(article, &claim->at, "prose-comparison", text);
}

// ── percentages ──

// The speed that a percentage is of; false when the article does not tell.
static bool percent_base(const Claims *claims, const Claim *claim, Token *ret_base)
{
    *ret_base = claim->base;
    if (claim->base.kind == TOKEN_SPEED)
        return true;
    for (size_t i = 0; i < claims->count; i++) {
        const Claim *race = &claims->items[i];
        if (race->kind != CLAIM_RACE || fabs(race->length.low - claim->base.metres) > 1)
            continue;
        *ret_base = race->speed;
        return true;
    }
    return false;
}

// What a percentage comes to in the article or else in the list, as s for the metres of `base`; NAN
// when neither has it.
static double percent_result(const Article *article, const Claim *claim, const Token *base,
                             double by_time, double by_speed)
{
    double result = claim->speed.kind == TOKEN_SPEED
                        ? claim->speed.low * base->metres / claim->speed.metres
                        : (double)NAN;
    for (size_t i = 0; i < article->plan->step_count && (isnan(result) || claim->loose); i++) {
        const double time = base->metres / step_speed(&article->plan->steps[i]);
        if (!isnan(result) &&
            (lround(result) == lround(by_time) || lround(result) == lround(by_speed)))
            break;
        if (!isnan(time) && (lround(time) == lround(by_time) || lround(time) == lround(by_speed)))
            result = time;
    }
    return result;
}

static void check_percent(Article *article, const Claim *claim)
{
    Token base;
    char text[TEXT_MESSAGE_MAX], of[SAY_MAX], by_time[SAY_MAX], by_speed[SAY_MAX], says[SAY_MAX];
    const double part = claim->low / 100;
    if (claim->low <= 0 || claim->low > PERCENT_MOST || claim->low != claim->high ||
        !percent_base(&article->claims, claim, &base))
        return;
    const double time = base.low * (claim->slower ? 1 + part : 1 - part);
    const double other = base.low / (claim->slower ? 1 - part : 1 + part);
    const double result = percent_result(article, claim, &base, time, other);
    if (isnan(result))
        return;
    const bool is_time = lround(result) == lround(time), is_speed = lround(result) == lround(other);
    say_token(&base, of);
    say_speed(base.metres, time, by_time);
    say_speed(base.metres, other, by_speed);
    say_speed(base.metres, result, says);
    const char *word = claim->slower ? "slower" : "faster";
    if (is_time && is_speed)
        return;
    if (is_time || is_speed) {
        snprintf(text, sizeof text,
                 "%g %% %s than %s is %s by time, as paced takes it%s, and %s by speed%s",
                 claim->low, word, of, by_time, is_time ? " and it is meant here" : "", by_speed,
                 is_speed ? ", as it is meant here" : "");
        article_warn(article, &claim->at, "prose-percent", text);
    } else if (!claim->loose && fabs(result / time - 1) > SAME_SPEED) {
        snprintf(text, sizeof text, "%g %% %s than %s is %s, not %s", claim->low, word, of, by_time,
                 says);
        article_warn(article, &claim->speed, "prose-arithmetic", text);
    }
}

// ── all of it ──

void article_check_paces(Article *article)
{
    for (size_t i = 0; i < article->claims.count; i++) {
        const Claim *claim = &article->claims.items[i];
        if (claim->kind == CLAIM_SAME)
            check_same(article, claim);
        else if (claim->kind == CLAIM_SPEED)
            check_speed(article, claim);
        else if (claim->kind == CLAIM_COMPARE)
            check_compare(article, claim);
        else if (claim->kind == CLAIM_PERCENT)
            check_percent(article, claim);
    }
    check_races(article);
}
