// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How often, how long, and in which order: what an article and its title claim of that, against the
// list. What is hard is that an article counts in several ways (three sets of four are twelve) and
// speaks of other weeks and other runners too.

#include "workout/prose-article.h"

#include "workout/lint.h"
#include "workout/printer.h"

#include <stdio.h>

#define REST_ABOUT    0.1
#define SAY_TIMES_MAX 64

// ── other sessions ──

static bool list_repeats(const Plan *plan, const Token *length)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].repetitions > 0 && step_has_length(&plan->steps[i], length))
            return true;
    return false;
}

// Whether the article counts what the list does not: it then describes other sessions too. Strides
// are often left out of a list.
static bool has_other_session(const Article *article)
{
    for (size_t i = 0; i < article->claims.count; i++) {
        const Claim *claim = &article->claims.items[i];
        const bool way = claim->length.kind == TOKEN_DISTANCE;
        if (claim->kind == CLAIM_COUNT && claim->length.high > (way ? STRIDE_M : STRIDE_S) &&
            !list_repeats(article->plan, &claim->length))
            return true;
    }
    return false;
}

// Whether a claim's own sentence counts what the list does.
static bool is_anchored(const Article *article, const Claim *claim)
{
    for (size_t i = 0; i < article->claims.count; i++) {
        const Claim *other = &article->claims.items[i];
        if (other->kind == CLAIM_COUNT && other->sentence == claim->sentence &&
            list_repeats(article->plan, &other->length))
            return true;
    }
    return false;
}

// ── counts ──

// How often the list has a length, in each way that an article might count it.
typedef struct {
    uint32_t ways[PLAN_DEPTH_MAX * 2 + 1];
    size_t count;
    uint32_t innermost;
} Counted;

static bool claims_number(const Claim *claim, uint32_t number)
{
    return number >= claim->low && number <= claim->high;
}

static bool is_counted(const Counted *counted, const Claim *claim)
{
    for (size_t i = 0; i < counted->count; i++)
        if (claims_number(claim, counted->ways[i]))
            return true;
    return false;
}

static void counted_add(Counted *counted, uint32_t way)
{
    if (counted->count < sizeof counted->ways / sizeof *counted->ways)
        counted->ways[counted->count++] = way;
}

// What lies between two steps, to be told from another such.
typedef struct {
    size_t steps;
    double seconds, metres;
} Gap;

static bool same_gap(const Gap *one, const Gap *other)
{
    return one->steps == other->steps && one->seconds == other->seconds &&
           one->metres == other->metres;
}

// Whether a claimed length stands as often in a row in the list, with the same between any two:
// the fifth of "5 × 300 m" may stand behind its repeat, for the sake of the rest that it lacks.
static bool is_in_a_row(const Plan *plan, const Claim *claim)
{
    Gap gap = {0}, usual = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        if (step->step.kind != STEP_WORK || step->stride ||
            !step_has_length(step, &claim->length)) {
            gap.steps++;
            gap.seconds += plan_step_s(plan, i);
            gap.metres += plan_step_m(plan, i);
            continue;
        }
        if (count >= 2 && !same_gap(&gap, &usual)) {
            if (claims_number(claim, count))
                return true;
            count = count == 2; // the second of two may be the first of what follows
        }
        if (count == 1)
            usual = gap;
        count++;
        gap = (Gap){0};
    }
    return count >= 2 && claims_number(claim, count);
}

// Of the steps with the claim's length that stand in repeats; false when there are none.
static bool list_count(const Plan *plan, const Claim *claim, Counted *ret_counted)
{
    const PlanStep *found = NULL;
    uint32_t total = 0, product = 1;
    *ret_counted = (Counted){0};
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        if (step->step.kind != STEP_WORK || !step_has_length(step, &claim->length))
            continue;
        total++;
        if (found == NULL && step->repetitions > 1 && !step->stride)
            found = step;
    }
    if (found == NULL)
        return false;
    ret_counted->innermost = found->repetitions;
    counted_add(ret_counted, total);
    uint8_t depth = plan->items[found->item].depth;
    for (size_t i = found->item; i-- > 0 && depth > 0;) {
        const PlanItem *item = &plan->items[i];
        if (item->depth >= depth || (item->kind != ITEM_REPEAT && item->kind != ITEM_LADDER))
            continue;
        depth = item->depth;
        const uint32_t repeats = item->kind == ITEM_REPEAT ? item->repeats : found->repetitions;
        product *= repeats;
        counted_add(ret_counted, repeats);
        counted_add(ret_counted, product);
    }
    return true;
}

// "15 × 1600" of a table whose first row is "1" and "5 × 1600".
static bool is_run_together(const Counted *counted, const Claim *claim)
{
    uint32_t power = 10;
    while (power <= counted->innermost)
        power *= 10;
    const uint32_t said = (uint32_t)claim->low;
    return claim->low == claim->high && said > power && said % power == counted->innermost;
}

static void check_count(Article *article, const Claim *claim)
{
    const Claims *claims = &article->claims;
    Counted counted;
    char text[TEXT_MESSAGE_MAX], length[SAY_MAX];
    if (claim->past || claim->variant || !list_count(article->plan, claim, &counted) ||
        is_counted(&counted, claim) || is_in_a_row(article->plan, claim))
        return;
    bool told = false;
    for (size_t i = 0; i < claims->count && !told; i++) {
        const Claim *other = &claims->items[i];
        told = other->kind == CLAIM_COUNT && same_length(&other->length, &claim->length) &&
               (is_counted(&counted, other) || other < claim);
    }
    const bool together = is_run_together(&counted, claim);
    if (!together && (told || has_other_session(article)))
        return;
    say_length(&claim->length, length);
    snprintf(text, sizeof text, "%g × %s here, but the list has %u%s", claim->low, length,
             counted.innermost, together ? ": perhaps a row's number ran into it" : "");
    article_warn(article, &claim->at, "prose-count", text);
}

// ── counts of nothing that is named ──

static bool is_alike(const Plan *plan, const PlanStep *one, const PlanStep *other)
{
    return other->step.kind == STEP_WORK && one->step.measure == other->step.measure &&
           one->step.duration == other->step.duration &&
           one->step.distance_mm == other->step.distance_mm &&
           target_same(&plan->items[one->item].target, &plan->items[other->item].target);
}

// The numbers up to COUNT_MOST that a list has something as often as.
typedef struct {
    bool has[COUNT_MOST + 1];
} Times;

static void times_note(Times *times, uint32_t number)
{
    if (number <= COUNT_MOST)
        times->has[number] = true;
}

// Each step's own repeat, those around it, all of them together, and what is written out.
static void list_times(const Article *article, Times *ret_times)
{
    const Plan *plan = article->plan;
    uint32_t hard = 0, reps = 0;
    *ret_times = (Times){0};
    for (size_t i = 0; i < plan->item_count; i++)
        if (plan->items[i].kind == ITEM_REPEAT)
            times_note(ret_times, plan->items[i].repeats);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        uint32_t runs = 0, alike = 0;
        if (step->step.kind != STEP_WORK)
            continue;
        for (size_t j = 0; j < plan->step_count; j++) {
            runs += plan->steps[j].item == step->item;
            alike += is_alike(plan, step, &plan->steps[j]);
        }
        hard += step->repetitions == 0 && !plan_step_is_easy(plan, i);
        reps += article->roles[i] == ROLE_REPETITION;
        times_note(ret_times, step->repetitions);
        times_note(ret_times, runs);
        times_note(ret_times, alike);
    }
    times_note(ret_times, hard);
    times_note(ret_times, reps);
}

static bool times_fit(const Times *times, const Claim *claim)
{
    for (uint32_t i = 0; i <= COUNT_MOST; i++)
        if (times->has[i] && claims_number(claim, i))
            return true;
    return false;
}

// "5", "4 and 5", "nothing": what the list repeats how often.
static void say_times(const Plan *plan, char *ret_text, size_t size)
{
    Printer printer = {ret_text, size, 0};
    bool any = false;
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        if (item->kind != ITEM_REPEAT)
            continue;
        print_text(&printer, any ? " and " : "");
        print_number(&printer, item->repeats, "");
        any = true;
    }
    print_text(&printer, any ? " times" : "nothing");
    print_end(&printer);
}

static bool list_has_length(const Plan *plan, const Token *length)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (step_has_length(&plan->steps[i], length))
            return true;
    return false;
}

// Of all such counts the first, when the list fits none.
static void check_times(Article *article)
{
    const Claims *claims = &article->claims;
    const Claim *first = NULL;
    Times times;
    char text[TEXT_MESSAGE_MAX], has[SAY_TIMES_MAX];
    for (size_t i = 0; i < claims->count; i++) {
        const Claim *claim = &claims->items[i];
        if (claim->kind != CLAIM_TIMES || claim->past || claim->variant || claim->supposed ||
            (claim->length.kind != TOKEN_END && !list_has_length(article->plan, &claim->length)))
            continue;
        if (first == NULL) {
            list_times(article, &times);
            first = claim;
        }
        if (times_fit(&times, claim))
            return;
    }
    if (first == NULL || has_other_session(article))
        return;
    say_times(article->plan, has, sizeof has);
    snprintf(text, sizeof text, "%g times here, but the list repeats %s", first->low, has);
    article_warn(article, &first->at, "prose-count", text);
}

// ── rests ──

static bool rest_fits(const Step *rest, const Token *length)
{
    if (rest->measure != (length->kind == TOKEN_DISTANCE ? MEASURE_DISTANCE : MEASURE_TIME))
        return false;
    const double size = step_length(rest);
    return size >= length->low * (1 - REST_ABOUT) && size <= length->high * (1 + REST_ABOUT);
}

// Whether a claim is of one of the list's recoveries, or of another step, such as a warm-up that is
// jogged.
static bool rest_is_told(const Article *article, const Claim *claim)
{
    const Plan *plan = article->plan;
    for (size_t i = 0; i < plan->step_count; i++)
        if (rest_fits(&plan->steps[i].step, &claim->length) &&
            (article->roles[i] == ROLE_RECOVERY || plan->steps[i].repetitions == 0))
            return true;
    return false;
}

static bool tells_rest(const Claim *claim)
{
    return claim->kind == CLAIM_REST && !claim->past && !claim->variant;
}

// The first recovery within a repeat that no claim fits; NULL when there is none, or when one lasts
// as long as it takes.
static const PlanStep *untold_rest(const Article *article)
{
    const Plan *plan = article->plan;
    const PlanStep *untold = NULL;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        if (article->roles[i] != ROLE_RECOVERY || step->repetitions < 2)
            continue;
        if (step->step.measure != MEASURE_TIME && step->step.measure != MEASURE_DISTANCE)
            return NULL;
        bool told = untold != NULL;
        for (size_t j = 0; j < article->claims.count && !told; j++)
            told = tells_rest(&article->claims.items[j]) &&
                   rest_fits(&step->step, &article->claims.items[j].length);
        if (!told)
            untold = step;
    }
    return untold;
}

static void check_rests(Article *article)
{
    const Plan *plan = article->plan;
    const PlanStep *rest = untold_rest(article);
    const bool others = has_other_session(article);
    char text[TEXT_MESSAGE_MAX], says[SAY_MAX], has[SAY_MAX];
    for (size_t i = 0; i < article->claims.count && rest != NULL; i++) {
        const Claim *claim = &article->claims.items[i];
        if (!tells_rest(claim) || rest_is_told(article, claim) ||
            (others && !is_anchored(article, claim)))
            continue;
        say_length(&claim->length, says);
        if (rest->step.measure == MEASURE_TIME)
            say_clock(step_length(&rest->step), has);
        else
            say_way(step_length(&rest->step), has);
        snprintf(text, sizeof text, "a recovery of %s here, but the list has %s in line %u", says,
                 has, plan->items[rest->item].line);
        article_warn(article, &claim->at, "prose-recovery", text);
        return;
    }
}

// ── repetitions that are not alike ──

// How many repetitions the article numbers, when it gives three of them paces of their own.
static uint32_t numbered_paces(const Claims *claims, const Claim **ret_first)
{
    uint32_t most = 0, paces = 0;
    *ret_first = NULL;
    for (size_t i = 0; i < claims->count; i++) {
        const Claim *claim = &claims->items[i];
        bool new = claim->kind == CLAIM_REP;
        for (size_t j = 0; j < i && new; j++)
            new = claims->items[j].kind != CLAIM_REP ||
                  !speed_near(speed_fast(&claims->items[j].speed), &claim->speed, SAME_SPEED);
        if (claim->kind != CLAIM_REP || claim->variant)
            continue;
        paces += new;
        most = claim->low > most ? (uint32_t)claim->low : most;
        if (*ret_first == NULL)
            *ret_first = claim;
    }
    return paces >= 3 ? most : 0;
}

static bool is_change(const Claim *claim)
{
    const Token *from = &claim->base, *to = &claim->speed;
    if (claim->kind != CLAIM_CHANGE || claim->past || claim->variant || claim->title)
        return false;
    if (from->kind == TOKEN_SPEED && to->kind == TOKEN_SPEED)
        return !speed_near(speed_fast(from), to, SAME_SPEED);
    return from->kind != TOKEN_RACE_PACE || to->kind != TOKEN_RACE_PACE ||
           from->metres != to->metres;
}

static void check_changes(Article *article)
{
    const Claims *claims = &article->claims;
    const PlanStep *alike = alike_repetitions(article);
    const Claim *claim = NULL;
    char text[TEXT_MESSAGE_MAX];
    if (alike == NULL)
        return;
    const PlanItem *item = &article->plan->items[alike->item];
    for (size_t i = 0; i < claims->count; i++)
        if (claims->items[i].kind == CLAIM_CHANGE && claims->items[i].title) {
            snprintf(text, sizeof text,
                     "the title promises that the repetitions change, but all %u are alike",
                     alike->repetitions);
            lint_add(article->warnings, item->line, item->column, "not-progressive", text);
            break;
        }
    if (numbered_paces(claims, &claim) != alike->repetitions)
        claim = NULL;
    for (size_t i = 0; i < claims->count && claim == NULL; i++)
        if (is_change(&claims->items[i]))
            claim = &claims->items[i];
    if (claim == NULL)
        return;
    snprintf(text, sizeof text,
             "the repetitions differ in pace here, but in line %u all %u are alike", item->line,
             alike->repetitions);
    article_warn(article, &claim->at, "not-progressive", text);
}

// ── the title, and miles ──

static void check_sub(Article *article, const Claim *claim)
{
    const Plan *plan = article->plan;
    const double way = claim->length.low;
    const Token clock = {.low = claim->low, .high = claim->high, .metres = way};
    const double goal_s = way / claim->low > 9 ? claim->high : claim->low;
    const PlanStep *fastest = NULL;
    char text[TEXT_MESSAGE_MAX], pace[SAY_MAX], has[SAY_MAX], far[SAY_MAX], time[SAY_MAX];
    for (size_t i = 0; i < plan->step_count; i++)
        if (!isnan(step_speed(&plan->steps[i])) &&
            (fastest == NULL || step_speed(&plan->steps[i]) > step_speed(fastest)))
            fastest = &plan->steps[i];
    if (claim->variant || fastest == NULL || !(way / goal_s > 1.5 && way / goal_s < 9) ||
        fmax(step_speed(fastest), fastest->aim.end) >= way / goal_s * (1 - SLOWER))
        return;
    const PlanItem *item = &plan->items[fastest->item];
    say_way(clock.metres, far);
    say_clock(goal_s, time);
    say_speed(METRES_PER_KM, METRES_PER_KM * goal_s / way, pace);
    say_speed(METRES_PER_KM, METRES_PER_KM / step_speed(fastest), has);
    snprintf(text, sizeof text,
             "the title says %s in less than %s, which is %s, but nothing is faster than %s", far,
             time, pace, has);
    lint_add(article->warnings, item->line, item->column, "slower-than-title", text);
}

static void check_miles(Article *article)
{
    bool mile = false;
    for (size_t i = 0; i < article->claims.count; i++)
        mile |= article->claims.items[i].kind == CLAIM_MILE;
    for (size_t i = 0; i < article->plan->item_count && mile; i++) {
        const PlanItem *item = &article->plan->items[i];
        if (written_distance_mm(&item->written) == 1600000)
            lint_add(article->warnings, item->line, item->column, "nearly-a-mile",
                     "1.6 km is called a mile, of which it lacks 9.344 m: a mile is 1.0mi");
    }
}

// ── all of it ──

void article_check_shape(Article *article)
{
    for (size_t i = 0; i < article->claims.count; i++) {
        const Claim *claim = &article->claims.items[i];
        if (claim->kind == CLAIM_COUNT)
            check_count(article, claim);
        else if (claim->kind == CLAIM_SUB)
            check_sub(article, claim);
    }
    check_times(article);
    check_rests(article);
    check_changes(article);
    check_miles(article);
}
