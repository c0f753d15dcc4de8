// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How often, with what rests, and whether all alike: what a sentence claims of repetitions.

#include "workout/prose-find.h"

// ── counts ──

static Claim *count_add(Finder *finder, size_t number, size_t length)
{
    Claim *claim = finder_claim(finder, CLAIM_COUNT, number);
    claim->low = finder_token(finder, number)->low;
    claim->high = finder_token(finder, number)->high;
    claim->length = *finder_token(finder, length);
    if (claim->length.kind == TOKEN_SPEED) // "10 × 800 m in 3:30"
        claim->length.low = claim->length.high = claim->length.metres;
    if (!is_length(claim->length.kind))
        claim->length.kind = TOKEN_DISTANCE;
    return claim;
}

// A length, or a number that is metres: "15 × 1600".
bool is_counted(const Finder *finder, size_t index)
{
    if (finder_kind(finder, index) == TOKEN_SPEED)
        return finder_token(finder, index)->named;
    const double low =
        is_length(finder_kind(finder, index)) || finder_kind(finder, index) == TOKEN_NUMBER
            ? finder_token(finder, index)->low
            : 0;
    return is_length(finder_kind(finder, index)) ||
           (low >= 100 && low <= 6000 && fmod(low, 50) == 0 &&
            finder_kind(finder, index + 1) != TOKEN_TIMES);
}

static bool is_count(const Finder *finder, size_t index)
{
    return finder_kind(finder, index) == TOKEN_NUMBER && finder_token(finder, index)->low >= 1 &&
           finder_token(finder, index)->high <= COUNT_MOST;
}

// Whether nothing follows that would make another count of it: not "6 reps in", "5 times a week".
static bool ends_count(const Finder *finder, size_t index)
{
    const TokenKind kind = finder_kind(finder, index);
    if (kind == TOKEN_IN)
        return finder_kind(finder, index + 1) == TOKEN_WHOLE;
    return ONE_OF(kind, TOKEN_END, TOKEN_COMMA, TOKEN_SEMICOLON, TOKEN_COLON, TOKEN_OPEN,
                  TOKEN_CLOSE, TOKEN_CELL, TOKEN_DASH, TOKEN_AT, TOKEN_WHOLE);
}

void find_count(Finder *finder, size_t index)
{
    const TokenKind next = finder_kind(finder, index + 1);
    const size_t open = finder_kind(finder, index + 2) == TOKEN_OPEN;
    if (is_length(finder_kind(finder, index)) && next == TOKEN_TIMES &&
        is_count(finder, index + 2) && finder_before(finder, index, 1) != TOKEN_TIMES) {
        count_add(finder, index + 2, index); // "400 m × 8"
        return;
    }
    if (!is_count(finder, index))
        return;
    if (next == TOKEN_TIMES && is_counted(finder, index + 2 + open))
        count_add(finder, index, index + 2 + open);
    else if ((next == TOKEN_LOTS || next == TOKEN_REPS) &&
             finder_kind(finder, index + 2) == TOKEN_OF && is_counted(finder, index + 3))
        count_add(finder, index, index + 3);
    else if (is_length(next) && (finder_kind(finder, index + 2) == TOKEN_REPS ||
                                 (finder_token(finder, index + 1)->named &&
                                  finder_token(finder, index + 1)->low <= RECOVERY_M)))
        count_add(finder, index, index + 1); // "five 1 km repeats", "six 400s"
    else if (next == TOKEN_LOTS && is_length(finder_before(finder, index, 1)) &&
             ends_count(finder, index + 2))
        count_add(finder, index, index - 1); // "run 1 km 6 times"
}

// ── counts of nothing that is named ──

// Whether "6 reps" begins its clause, or is what one is to run: not the last 2 of them, nor 5 or 6.
static bool begins_count(const Finder *finder, size_t index)
{
    const TokenKind before = finder_before(finder, index, 1);
    const bool said = before == TOKEN_IS && finder_token(finder, index - 1)->low == 0 &&
                      ONE_OF(finder_before(finder, index, 2), TOKEN_END, TOKEN_WHOLE);
    return said ||
           ONE_OF(before, TOKEN_END, TOKEN_COLON, TOKEN_FILL, TOKEN_DO, TOKEN_EASE, TOKEN_WHOLE);
}

// What is to be done so often: "[repeat] the block", "[do] this". Returns the verb's token, or
// `index` where there is none.
static size_t verb_before(const Finder *finder, size_t index)
{
    for (size_t back = 1; back <= 4 && back <= index; back++) {
        const Token *token = finder_token(finder, index - back);
        if (token->kind == TOKEN_DO || (token->kind == TOKEN_REPS && token->low == REPS_REPEAT))
            return index - back;
        if (!ONE_OF(token->kind, TOKEN_IS, TOKEN_FILL, TOKEN_BLOCK, TOKEN_TIMES))
            break;
    }
    return index;
}

static Claim *times_add(Finder *finder, size_t number, size_t verb)
{
    Claim *claim = finder_claim(finder, CLAIM_TIMES, number);
    claim->low = finder_token(finder, number)->low;
    claim->high = finder_token(finder, number)->high;
    // Who repeats what he ran once has run it once more.
    claim->high += finder_kind(finder, verb) == TOKEN_REPS;
    return claim;
}

// "Surge for one minute and float for one, ten times": of the length before it.
static void find_times_behind(Finder *finder, size_t index)
{
    if (finder_before(finder, index, 1) != TOKEN_COMMA ||
        finder_kind(finder, index + 1) != TOKEN_LOTS || !ends_count(finder, index + 2))
        return;
    for (size_t i = index; i-- > 0;)
        if (is_length(finder_kind(finder, i))) {
            times_add(finder, index, index)->length = *finder_token(finder, i);
            return;
        }
}

// "6 reps today", "repeat the block 6 times", "do this 5x", "repeat × 6".
void find_times(Finder *finder, size_t index)
{
    const TokenKind next = finder_kind(finder, index + 1);
    const size_t verb = verb_before(finder, index);
    const bool reps = next == TOKEN_REPS && finder_token(finder, index + 1)->low == 0;
    if (!is_count(finder, index) || finder_token(finder, index)->low < 2)
        return;
    if (finder_before(finder, index, 1) == TOKEN_TIMES) {
        if (verb < index && ends_count(finder, index + 1))
            times_add(finder, index, verb);
    } else if ((reps && begins_count(finder, index) && ends_count(finder, index + 2)) ||
               ((next == TOKEN_LOTS || next == TOKEN_TIMES) && verb < index &&
                ends_count(finder, index + 2)))
        times_add(finder, index, verb);
    else
        find_times_behind(finder, index);
}

// ── rests ──

static bool is_warming(const Finder *finder, size_t index)
{
    const size_t first = index > 8 ? index - 8 : 0;
    for (size_t i = first; i < index + 5; i++)
        if (finder_kind(finder, i) == TOKEN_WARM)
            return true;
    return false;
}

static bool is_rest_length(const Finder *finder, size_t index)
{
    const TokenKind kind = finder_kind(finder, index);
    if (kind == TOKEN_DISTANCE)
        return finder_token(finder, index)->high <= RECOVERY_M &&
               !finder_token(finder, index)->named;
    return (kind == TOKEN_TIME || kind == TOKEN_CLOCK) &&
           finder_token(finder, index)->high <= RECOVERY_S;
}

static void rest_add(Finder *finder, size_t index)
{
    Claim *claim = finder_claim(finder, CLAIM_REST, index);
    claim->length = *finder_token(finder, index);
    if (claim->length.kind == TOKEN_CLOCK)
        claim->length.kind = TOKEN_TIME;
}

// "400 m easy jog", "90 s between reps", "recovery: 2 min", "jog for 90 s".
void find_rest(Finder *finder, size_t index)
{
    if (!is_rest_length(finder, index) || is_warming(finder, index))
        return;
    size_t behind = index + 1, before = index;
    while (behind < index + 4 &&
           ONE_OF(finder_kind(finder, behind), TOKEN_EASE, TOKEN_OF, TOKEN_A, TOKEN_FILL))
        behind++;
    while (before > 0 && before + 3 > index &&
           ONE_OF(finder_kind(finder, before - 1), TOKEN_FOR, TOKEN_OF, TOKEN_COLON, TOKEN_IS,
                  TOKEN_A, TOKEN_CELL, TOKEN_DASH, TOKEN_OPEN))
        before--;
    const bool counted = finder_before(finder, index, 1) == TOKEN_TIMES;
    const bool led = before > 0 && finder_kind(finder, before - 1) == TOKEN_REST && !counted;
    const bool followed = finder_kind(finder, behind) == TOKEN_REST ||
                          finder_kind(finder, index + 1) == TOKEN_BETWEEN;
    if (!led && !(followed && !counted))
        return;
    rest_add(finder, index);
    for (size_t i = behind + followed; i < behind + 4; i++) // "400 m jog or 2 min"
        if (finder_kind(finder, i) == TOKEN_IS && is_rest_length(finder, i + 1))
            rest_add(finder, i + 1);
}

// ── repetitions that are not alike ──

// "Rep 1: … 5:30/km", "the third at 4:30/km", "1 | 5:30/km".
void find_rep(Finder *finder, size_t index)
{
    const TokenKind kind = finder_kind(finder, index);
    const TokenKind next = finder_kind(finder, index + 1);
    const bool numbered = kind == TOKEN_NUMBER && finder_before(finder, index, 1) == TOKEN_REPS &&
                          finder_token(finder, index)->low == finder_token(finder, index)->high;
    const bool row = kind == TOKEN_NUMBER && index == 0 &&
                     ONE_OF(next, TOKEN_CELL, TOKEN_COLON, TOKEN_CLOSE, TOKEN_OTHER);
    if (kind != TOKEN_ORDINAL && !numbered && !row)
        return;
    for (size_t i = index + 1; i < index + 9; i++) {
        const TokenKind ahead = finder_kind(finder, i);
        if (ahead == TOKEN_END || ahead == TOKEN_ORDINAL || ahead == TOKEN_SEMICOLON)
            return;
        if (ahead != TOKEN_SPEED)
            continue;
        Claim *claim = finder_claim(finder, CLAIM_REP, index);
        claim->low = claim->high = finder_token(finder, index)->low;
        claim->speed = *finder_token(finder, i);
        return;
    }
}

static bool is_pace_of_any_kind(TokenKind kind)
{
    return kind == TOKEN_SPEED || kind == TOKEN_RACE_PACE;
}

// "from 5:30/km … to 3:45/km", "starting at 10K pace and ending at 5K pace", in a sentence about
// repetitions.
void find_from_to(Finder *finder, size_t index)
{
    size_t from = index + 1, to;
    while (from < index + 6 &&
           ONE_OF(finder_kind(finder, from), TOKEN_FILL, TOKEN_A, TOKEN_IS, TOKEN_AT, TOKEN_FROM))
        from++;
    if (!finder->reps || !is_pace_of_any_kind(finder_kind(finder, from)))
        return;
    for (to = from + 1; to < from + 9; to++)
        if (ONE_OF(finder_kind(finder, to), TOKEN_TO, TOKEN_AT))
            break;
    if (!ONE_OF(finder_kind(finder, to), TOKEN_TO, TOKEN_AT))
        return;
    for (to++; to < from + 14; to++)
        if (!ONE_OF(finder_kind(finder, to), TOKEN_FILL, TOKEN_A, TOKEN_IS))
            break;
    if (!is_pace_of_any_kind(finder_kind(finder, to)))
        return;
    Claim *claim = finder_claim(finder, CLAIM_CHANGE, index);
    claim->base = *finder_token(finder, from);
    claim->speed = *finder_token(finder, to);
}

// Three paces or more, one after the other: "5:30, 5:00 and 4:30/km".
void find_series(Finder *finder)
{
    size_t first = 0, count = 0;
    for (size_t i = 0; i <= finder->sentence->count; i++) {
        const TokenKind kind = finder_kind(finder, i);
        const bool same_unit =
            count == 0 || (kind == TOKEN_SPEED &&
                           finder_token(finder, i)->metres == finder_token(finder, first)->metres);
        if (kind == TOKEN_SPEED && !finder_token(finder, i)->named && same_unit) {
            first = count++ == 0 ? i : first;
            if (count < 3)
                continue;
            Claim *claim = finder_claim(finder, CLAIM_CHANGE, first);
            claim->base = *finder_token(finder, first);
            claim->speed = *finder_token(finder, i);
            return;
        }
        if (!ONE_OF(kind, TOKEN_COMMA, TOKEN_AND, TOKEN_ARROW, TOKEN_DASH))
            count = 0;
    }
}

// ── what else ──

static bool is_mile(const Token *token)
{
    return fabs(token->low - METRES_PER_MILE) < 1 && token->low == token->high;
}

// A mile that is run, rather than a unit or a figure of speech.
void find_mile(Finder *finder, size_t index)
{
    const Token *token = finder_token(finder, index);
    const TokenKind next = finder_kind(finder, index + 1);
    if (token->kind == TOKEN_DISTANCE && is_mile(token) &&
        (finder->sentence->title || ONE_OF(next, TOKEN_REPS, TOKEN_TRIAL) ||
         ONE_OF(finder_before(finder, index, 1), TOKEN_TIMES, TOKEN_NUMBER)))
        finder_claim(finder, CLAIM_MILE, index);
}

// "Sub-20 5K", "5K in sub-20".
static void find_sub(Finder *finder, size_t index)
{
    size_t number = index + 1;
    while (finder_kind(finder, number) == TOKEN_DASH)
        number++;
    const TokenKind kind = finder_kind(finder, number);
    const Token *time = finder_token(finder, number);
    const bool whole = kind == TOKEN_NUMBER, split = kind == TOKEN_SPEED && time->named;
    if (!whole && !split && kind != TOKEN_CLOCK && kind != TOKEN_TIME)
        return;
    for (size_t i = 0; i < finder->sentence->count; i++) {
        const TokenKind way = finder_kind(finder, i);
        if (way != TOKEN_DISTANCE && way != TOKEN_RACE_PACE && !(split && i == number))
            continue;
        Claim *claim = finder_claim(finder, CLAIM_SUB, index);
        claim->variant = finder_has(finder, TOKEN_OTHERWISE_PACED) ||
                         finder_has(finder, TOKEN_EASE) || finder_has(finder, TOKEN_REST);
        claim->length = *finder_token(finder, i);
        claim->length.kind = TOKEN_DISTANCE;
        if (split)
            claim->length.low = claim->length.high = time->metres;
        claim->low = whole ? time->low * 60 : time->low;
        claim->high = whole ? time->low * 3600 : kind == TOKEN_CLOCK ? time->metres : time->low;
        return;
    }
}

void find_in_title(Finder *finder, size_t index)
{
    const TokenKind kind = finder_kind(finder, index);
    if (kind == TOKEN_SUB)
        find_sub(finder, index);
    else if (kind == TOKEN_CHANGE)
        finder_claim(finder, CLAIM_CHANGE, index);
}
