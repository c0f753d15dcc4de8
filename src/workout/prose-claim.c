// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Finds claims in a sentence by what stands next to what. What is hard is to stop in time: every
// pattern here was narrowed until ordinary advice ("run 10 minutes easy, then 4:00/km") fits none
// that it should not.

#include "workout/prose-claim.h"

#define COUNT_MOST     100
#define COMPARED_AWAY  14     // tokens back to what is compared
#define RACE_SPLIT     4900.0 // m: from here on a distance by its name is a race, not a repetition
#define OFFSET_LONGEST 60.0   // s

// A sentence while it is searched.
typedef struct {
    const Sentence *sentence;
    Claims *claims;
    bool reps; // it speaks of repetitions
} Finder;

static TokenKind kind_at(const Finder *finder, size_t index)
{
    return sentence_kind(finder->sentence, index);
}

static const Token *token_at(const Finder *finder, size_t index)
{
    return &finder->sentence->tokens[index];
}

static TokenKind kind_before(const Finder *finder, size_t index, size_t back)
{
    return index >= back ? kind_at(finder, index - back) : TOKEN_END;
}

static bool is_length(TokenKind kind)
{
    return kind == TOKEN_DISTANCE || kind == TOKEN_TIME;
}

// Room for a claim that stands at a token; when there is none, the last is written over.
static Claim *claim_add(Finder *finder, ClaimKind kind, size_t index)
{
    Claims *claims = finder->claims;
    if (claims->count < CLAIMS_MAX)
        claims->count++;
    Claim *claim = &claims->items[claims->count - 1];
    *claim = (Claim){
        .kind = kind,
        .sentence = claims->sentences,
        .at = *token_at(finder, index),
        .title = finder->sentence->title,
        .past = finder->sentence->past,
        .variant = finder->sentence->variant,
        .supposed = finder->sentence->supposed,
        .length = {.kind = TOKEN_END},
        .base = {.kind = TOKEN_END},
        .speed = {.kind = TOKEN_END},
    };
    return claim;
}

static bool is_one_of(TokenKind kind, const TokenKind *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

#define ONE_OF(kind, ...)                                                                          \
    is_one_of(kind, (const TokenKind[]){__VA_ARGS__},                                              \
              sizeof(const TokenKind[]){__VA_ARGS__} / sizeof(TokenKind))

static bool sentence_has(const Finder *finder, TokenKind kind)
{
    for (size_t i = 0; i < finder->sentence->count; i++)
        if (kind_at(finder, i) == kind)
            return true;
    return false;
}

// ── speeds ──

// What is run "at" the speed at `index`: the nearest length before, or the repetitions.
static bool find_assigned(const Finder *finder, size_t index, Token *ret_length)
{
    size_t at = index;
    while (at > 0 &&
           ONE_OF(kind_at(finder, at - 1), TOKEN_A, TOKEN_FILL, TOKEN_IS, TOKEN_PACE, TOKEN_AIM))
        at--;
    if (at == 0 || kind_at(finder, at - 1) != TOKEN_AT)
        return false;
    *ret_length = (Token){.kind = TOKEN_END};
    bool reps = false;
    for (size_t i = at - 1, seen = 0; i-- > 0 && seen < 5; seen++) {
        const TokenKind kind = kind_at(finder, i);
        if (is_length(kind)) {
            *ret_length = *token_at(finder, i);
            return true;
        }
        if (ONE_OF(kind, TOKEN_COMMA, TOKEN_SEMICOLON, TOKEN_SPEED, TOKEN_RACE_PACE, TOKEN_REST,
                   TOKEN_WARM, TOKEN_EASE))
            break;
        reps |= kind == TOKEN_REPS;
    }
    return reps;
}

// "Run 1 mile. Aim for 5:30/mi": what is aimed at is for the length that was spoken of last.
static bool find_aimed(const Finder *finder, size_t index, Token *ret_length)
{
    bool aimed = false;
    for (size_t i = index; i-- > 0 && i + 7 > index;) {
        const TokenKind kind = kind_at(finder, i);
        if (is_length(kind) || ONE_OF(kind, TOKEN_SPEED, TOKEN_RACE_PACE, TOKEN_WARM, TOKEN_REST))
            return false;
        aimed |= kind == TOKEN_AIM;
    }
    *ret_length = finder->claims->subject;
    return aimed && is_length(ret_length->kind) &&
           ret_length->line == token_at(finder, index)->line;
}

// Whether a split only says what a pace is, or how hard something feels: "an 8-minute mile is
// 4:58/km", "8-minute-mile effort".
static bool is_conversion(const Finder *finder, size_t index)
{
    size_t behind = index + 1, before = index;
    const bool hyphen = kind_at(finder, behind) == TOKEN_DASH;
    if (kind_at(finder, behind + hyphen) == TOKEN_PACE)
        return true;
    while (ONE_OF(kind_at(finder, behind), TOKEN_IS, TOKEN_SAME, TOKEN_A))
        behind++;
    while (before > 0 && ONE_OF(kind_at(finder, before - 1), TOKEN_IS, TOKEN_SAME, TOKEN_A))
        before--;
    const double metres = token_at(finder, index)->metres;
    return (behind > index + 1 && kind_at(finder, behind) == TOKEN_SPEED &&
            token_at(finder, behind)->metres != metres) ||
           (before < index && kind_before(finder, before, 1) == TOKEN_SPEED &&
            token_at(finder, before - 1)->metres != metres);
}

static void find_speed(Finder *finder, size_t index)
{
    const Token *speed = token_at(finder, index);
    Token length;
    if (speed->named) {
        const size_t hyphen = kind_before(finder, index, 1) == TOKEN_DASH;
        if ((is_conversion(finder, index) && speed->metres < RACE_SPLIT) ||
            kind_before(finder, index, 1 + hyphen) == TOKEN_SUB)
            return;
        Claim *claim = claim_add(finder, CLAIM_SPEED, index);
        claim->speed = *speed;
        claim->length = *speed;
        claim->length.kind = TOKEN_DISTANCE;
        claim->length.low = claim->length.high = speed->metres;
        if (speed->metres >= RACE_SPLIT) {
            const Token way = claim->length;
            claim = claim_add(finder, CLAIM_RACE, index);
            claim->speed = *speed;
            claim->length = way;
        }
    } else if (find_assigned(finder, index, &length) || find_aimed(finder, index, &length)) {
        Claim *claim = claim_add(finder, CLAIM_SPEED, index);
        claim->speed = *speed;
        claim->length = length;
    }
}

// "10K pace (5:30/km)", "5:30/km (10K pace)".
static void find_race(Finder *finder, size_t index)
{
    const Token *race = token_at(finder, index);
    size_t speed = index + 1;
    while (speed < index + 5 &&
           ONE_OF(kind_at(finder, speed), TOKEN_OPEN, TOKEN_IS, TOKEN_COLON, TOKEN_AT, TOKEN_OF,
                  TOKEN_SAME, TOKEN_DASH, TOKEN_FILL, TOKEN_A, TOKEN_CELL))
        speed++;
    if (kind_at(finder, speed) != TOKEN_SPEED) {
        size_t before = index;
        while (before > 0 &&
               ONE_OF(kind_at(finder, before - 1), TOKEN_OPEN, TOKEN_SAME, TOKEN_FILL, TOKEN_RACE))
            before--;
        if (before == 0 || kind_at(finder, before - 1) != TOKEN_SPEED)
            return;
        speed = before - 1;
        // It is that of the race before it: "5K pace 4:00/km (10K pace …".
        for (size_t i = speed; i-- > 0 && i + 3 > speed;)
            if (kind_at(finder, i) == TOKEN_RACE_PACE)
                return;
    }
    Claim *claim = claim_add(finder, CLAIM_RACE, index);
    claim->speed = *token_at(finder, speed);
    claim->length = *race;
    claim->length.kind = TOKEN_DISTANCE;
    claim->length.low = claim->length.high = race->metres;
}

// Whether two speeds one after the other are one and the same, said in two ways.
static void find_same(Finder *finder, size_t first, size_t second)
{
    const Token *one = token_at(finder, first), *other = token_at(finder, second);
    bool loose = false, said = false;
    Token ignored;
    if (fabs(one->metres - other->metres) < 1)
        return;
    for (size_t i = first + 1; i < second; i++) {
        const TokenKind kind = kind_at(finder, i);
        if (ONE_OF(kind, TOKEN_OPEN, TOKEN_SAME, TOKEN_IS))
            said = true;
        else if (ONE_OF(kind, TOKEN_FILL, TOKEN_AIM, TOKEN_EACH, TOKEN_COMMA, TOKEN_A))
            loose = true;
        else if (!ONE_OF(kind, TOKEN_PACE, TOKEN_CLOSE, TOKEN_COLON, TOKEN_DASH))
            return;
    }
    const TokenKind after = kind_at(finder, second + 1);
    if (!ONE_OF(after, TOKEN_END, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_SEMICOLON, TOKEN_SAME, TOKEN_PACE,
                TOKEN_AND, TOKEN_IS, TOKEN_OPEN))
        return;
    if (!said && find_assigned(finder, first, &ignored))
        return;
    Claim *claim = claim_add(finder, CLAIM_SAME, second);
    claim->base = *one;
    claim->speed = *other;
    claim->loose = !said || loose;
}

// ── counts ──

static Claim *count_add(Finder *finder, size_t number, size_t length)
{
    Claim *claim = claim_add(finder, CLAIM_COUNT, number);
    claim->low = token_at(finder, number)->low;
    claim->high = token_at(finder, number)->high;
    claim->length = *token_at(finder, length);
    if (claim->length.kind == TOKEN_NUMBER)
        claim->length.kind = TOKEN_DISTANCE;
    return claim;
}

// A length, or a number that is metres: "15 × 1600".
static bool is_counted(const Finder *finder, size_t index)
{
    const double low = is_length(kind_at(finder, index)) || kind_at(finder, index) == TOKEN_NUMBER
                           ? token_at(finder, index)->low
                           : 0;
    return is_length(kind_at(finder, index)) || (low >= 100 && low <= 6000 && fmod(low, 50) == 0 &&
                                                 kind_at(finder, index + 1) != TOKEN_TIMES);
}

static bool is_count(const Finder *finder, size_t index)
{
    return kind_at(finder, index) == TOKEN_NUMBER && token_at(finder, index)->low >= 1 &&
           token_at(finder, index)->high <= COUNT_MOST;
}

static void find_count(Finder *finder, size_t index)
{
    const TokenKind next = kind_at(finder, index + 1);
    const size_t open = kind_at(finder, index + 2) == TOKEN_OPEN;
    if (is_length(kind_at(finder, index)) && next == TOKEN_TIMES && is_count(finder, index + 2) &&
        kind_before(finder, index, 1) != TOKEN_TIMES) {
        count_add(finder, index + 2, index); // "400 m × 8"
        return;
    }
    if (!is_count(finder, index))
        return;
    if (next == TOKEN_TIMES && is_counted(finder, index + 2 + open))
        count_add(finder, index, index + 2 + open);
    else if ((next == TOKEN_LOTS || next == TOKEN_REPS) && kind_at(finder, index + 2) == TOKEN_OF &&
             is_counted(finder, index + 3))
        count_add(finder, index, index + 3);
    else if (is_length(next) && (kind_at(finder, index + 2) == TOKEN_REPS ||
                                 (token_at(finder, index + 1)->named &&
                                  token_at(finder, index + 1)->low <= RECOVERY_M)))
        count_add(finder, index, index + 1); // "five 1 km repeats", "six 400s"
}

// ── comparisons ──

// What is said to be faster: the nearest length before, and not the seconds by which.
static Token find_compared(const Finder *finder, size_t index)
{
    for (size_t seen = 0; index-- > 0 && seen < COMPARED_AWAY; seen++) {
        const Token *token = token_at(finder, index);
        const bool counted = kind_before(finder, index, 1) == TOKEN_TIMES;
        if (token->kind == TOKEN_DISTANCE || (counted && token->kind == TOKEN_TIME))
            return *token;
        if (counted && token->kind == TOKEN_NUMBER && is_counted(finder, index)) {
            Token way = *token;
            way.kind = TOKEN_DISTANCE;
            return way;
        }
    }
    return (Token){.kind = TOKEN_END};
}

// What a percentage of `base` comes to: the speed that the sentence goes on with, or one elsewhere
// in it, which may be meant for something else.
static void find_result(const Finder *finder, size_t base, Claim *claim)
{
    const Token *than = token_at(finder, base);
    bool told = than->kind == TOKEN_SPEED; // else the next speed says what the race's pace is
    claim->loose = false;
    for (size_t i = base + 1; i < finder->sentence->count; i++) {
        const Token *token = token_at(finder, i);
        if (token->kind != TOKEN_SPEED) {
            claim->loose |= !ONE_OF(token->kind, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SAME, TOKEN_IS,
                                    TOKEN_ARROW, TOKEN_COMMA, TOKEN_OF);
            continue;
        }
        if (told) {
            claim->speed = *token;
            return;
        }
        told = true;
    }
    for (size_t i = base; i-- > 0;)
        if (kind_at(finder, i) == TOKEN_SPEED && !token_at(finder, i)->named) {
            claim->loose = true;
            claim->speed = *token_at(finder, i);
            return;
        }
}

// Of "5 % faster", or where "faster" stands when there is none.
static size_t percent_before(const Finder *finder, size_t index)
{
    for (size_t back = 1; back <= 3; back++)
        if (kind_before(finder, index, back) == TOKEN_PERCENT)
            return index - back;
    return index;
}

// "[10-15 s, 5 %] faster than …".
static void find_compare(Finder *finder, size_t index)
{
    size_t base = index + 1;
    if (kind_at(finder, base++) != TOKEN_THAN)
        return;
    while (base < index + 6 &&
           ONE_OF(kind_at(finder, base), TOKEN_FILL, TOKEN_A, TOKEN_RACE, TOKEN_IS, TOKEN_EACH))
        base++;
    const TokenKind kind = kind_at(finder, base);
    if (kind == TOKEN_LAST || (kind == TOKEN_NUMBER && kind_at(finder, base + 1) == TOKEN_LAST)) {
        if (sentence_has(finder, TOKEN_EACH))
            claim_add(finder, CLAIM_CHANGE, index);
        return;
    }
    if (kind != TOKEN_SPEED && kind != TOKEN_RACE_PACE)
        return;
    const size_t percent = percent_before(finder, index);
    const Token length = find_compared(finder, index);
    const bool subject =
        length.kind != TOKEN_END || (sentence_has(finder, TOKEN_REPS) && !finder->sentence->warm);
    if (percent == index && !subject)
        return;
    Claim *claim = claim_add(finder, percent < index ? CLAIM_PERCENT : CLAIM_COMPARE, index);
    claim->slower = kind_at(finder, index) == TOKEN_SLOWER;
    claim->base = *token_at(finder, base);
    claim->length = length;
    if (percent == index)
        return;
    claim->at = *token_at(finder, percent);
    claim->low = token_at(finder, percent)->low;
    claim->high = token_at(finder, percent)->high;
    find_result(finder, base, claim);
}

// "mile pace minus 10-15 s".
static void find_minus(Finder *finder, size_t index)
{
    const TokenKind sign = kind_at(finder, index + 1);
    const TokenKind behind = kind_at(finder, index + 3);
    if ((sign != TOKEN_MINUS && sign != TOKEN_DASH) || kind_at(finder, index + 2) != TOKEN_TIME ||
        token_at(finder, index + 2)->high > OFFSET_LONGEST || behind == TOKEN_REST ||
        behind == TOKEN_EASE)
        return;
    Claim *claim = claim_add(finder, CLAIM_COMPARE, index);
    claim->base = *token_at(finder, index);
    claim->length = find_compared(finder, index);
}

// ── rests ──

static bool is_warming(const Finder *finder, size_t index)
{
    const size_t first = index > 8 ? index - 8 : 0;
    for (size_t i = first; i < index + 5; i++)
        if (kind_at(finder, i) == TOKEN_WARM)
            return true;
    return false;
}

static bool is_rest_length(const Finder *finder, size_t index)
{
    const TokenKind kind = kind_at(finder, index);
    if (kind == TOKEN_DISTANCE)
        return token_at(finder, index)->high <= RECOVERY_M && !token_at(finder, index)->named;
    return (kind == TOKEN_TIME || kind == TOKEN_CLOCK) &&
           token_at(finder, index)->high <= RECOVERY_S;
}

static void rest_add(Finder *finder, size_t index)
{
    Claim *claim = claim_add(finder, CLAIM_REST, index);
    claim->length = *token_at(finder, index);
    if (claim->length.kind == TOKEN_CLOCK)
        claim->length.kind = TOKEN_TIME;
}

// "400 m easy jog", "90 s between reps", "recovery: 2 min", "jog for 90 s".
static void find_rest(Finder *finder, size_t index)
{
    if (!is_rest_length(finder, index) || is_warming(finder, index))
        return;
    size_t behind = index + 1, before = index;
    while (behind < index + 4 &&
           ONE_OF(kind_at(finder, behind), TOKEN_EASE, TOKEN_OF, TOKEN_A, TOKEN_FILL))
        behind++;
    while (before > 0 && before + 3 > index &&
           ONE_OF(kind_at(finder, before - 1), TOKEN_FOR, TOKEN_OF, TOKEN_COLON, TOKEN_IS, TOKEN_A,
                  TOKEN_CELL, TOKEN_DASH, TOKEN_OPEN))
        before--;
    const bool counted = kind_before(finder, index, 1) == TOKEN_TIMES;
    const bool led = before > 0 && kind_at(finder, before - 1) == TOKEN_REST && !counted;
    const bool followed =
        kind_at(finder, behind) == TOKEN_REST || kind_at(finder, index + 1) == TOKEN_BETWEEN;
    if (!led && !(followed && !counted))
        return;
    rest_add(finder, index);
    for (size_t i = behind + followed; i < behind + 4; i++) // "400 m jog or 2 min"
        if (kind_at(finder, i) == TOKEN_IS && is_rest_length(finder, i + 1))
            rest_add(finder, i + 1);
}

// ── repetitions that are not alike ──

// "Rep 1: … 5:30/km", "the third at 4:30/km", "1 | 5:30/km".
static void find_rep(Finder *finder, size_t index)
{
    const TokenKind kind = kind_at(finder, index);
    const TokenKind next = kind_at(finder, index + 1);
    const bool numbered = kind == TOKEN_NUMBER && kind_before(finder, index, 1) == TOKEN_REPS &&
                          token_at(finder, index)->low == token_at(finder, index)->high;
    const bool row = kind == TOKEN_NUMBER && index == 0 &&
                     ONE_OF(next, TOKEN_CELL, TOKEN_COLON, TOKEN_CLOSE, TOKEN_OTHER);
    if (kind != TOKEN_ORDINAL && !numbered && !row)
        return;
    for (size_t i = index + 1; i < index + 9; i++) {
        const TokenKind ahead = kind_at(finder, i);
        if (ahead == TOKEN_END || ahead == TOKEN_ORDINAL || ahead == TOKEN_SEMICOLON)
            return;
        if (ahead != TOKEN_SPEED)
            continue;
        Claim *claim = claim_add(finder, CLAIM_REP, index);
        claim->low = claim->high = token_at(finder, index)->low;
        claim->speed = *token_at(finder, i);
        return;
    }
}

static bool is_pace_of_any_kind(TokenKind kind)
{
    return kind == TOKEN_SPEED || kind == TOKEN_RACE_PACE;
}

// "from 5:30/km … to 3:45/km", "starting at 10K pace and ending at 5K pace", in a sentence about
// repetitions.
static void find_from_to(Finder *finder, size_t index)
{
    size_t from = index + 1, to;
    while (from < index + 6 &&
           ONE_OF(kind_at(finder, from), TOKEN_FILL, TOKEN_A, TOKEN_IS, TOKEN_AT, TOKEN_FROM))
        from++;
    if (!finder->reps || !is_pace_of_any_kind(kind_at(finder, from)))
        return;
    for (to = from + 1; to < from + 9; to++)
        if (ONE_OF(kind_at(finder, to), TOKEN_TO, TOKEN_AT))
            break;
    if (!ONE_OF(kind_at(finder, to), TOKEN_TO, TOKEN_AT))
        return;
    for (to++; to < from + 14; to++)
        if (!ONE_OF(kind_at(finder, to), TOKEN_FILL, TOKEN_A, TOKEN_IS))
            break;
    if (!is_pace_of_any_kind(kind_at(finder, to)))
        return;
    Claim *claim = claim_add(finder, CLAIM_CHANGE, index);
    claim->base = *token_at(finder, from);
    claim->speed = *token_at(finder, to);
}

// Three paces or more, one after the other: "5:30, 5:00 and 4:30/km".
static void find_series(Finder *finder)
{
    size_t first = 0, count = 0;
    for (size_t i = 0; i <= finder->sentence->count; i++) {
        const TokenKind kind = kind_at(finder, i);
        const bool same_unit =
            count == 0 ||
            (kind == TOKEN_SPEED && token_at(finder, i)->metres == token_at(finder, first)->metres);
        if (kind == TOKEN_SPEED && !token_at(finder, i)->named && same_unit) {
            first = count++ == 0 ? i : first;
            if (count < 3)
                continue;
            Claim *claim = claim_add(finder, CLAIM_CHANGE, first);
            claim->base = *token_at(finder, first);
            claim->speed = *token_at(finder, i);
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
static void find_mile(Finder *finder, size_t index)
{
    const Token *token = token_at(finder, index);
    const TokenKind next = kind_at(finder, index + 1);
    if (token->kind == TOKEN_DISTANCE && is_mile(token) &&
        (finder->sentence->title || ONE_OF(next, TOKEN_REPS, TOKEN_TRIAL) ||
         ONE_OF(kind_before(finder, index, 1), TOKEN_TIMES, TOKEN_NUMBER)))
        claim_add(finder, CLAIM_MILE, index);
}

// "Sub-20 5K", "5K in sub-20".
static void find_sub(Finder *finder, size_t index)
{
    size_t number = index + 1;
    while (kind_at(finder, number) == TOKEN_DASH)
        number++;
    const TokenKind kind = kind_at(finder, number);
    const bool whole = kind == TOKEN_NUMBER;
    if (!whole && kind != TOKEN_CLOCK && kind != TOKEN_TIME)
        return;
    const Token *time = token_at(finder, number);
    for (size_t i = 0; i < finder->sentence->count; i++) {
        const TokenKind way = kind_at(finder, i);
        if (way != TOKEN_DISTANCE && way != TOKEN_RACE_PACE)
            continue;
        Claim *claim = claim_add(finder, CLAIM_SUB, index);
        claim->length = *token_at(finder, i);
        claim->length.kind = TOKEN_DISTANCE;
        claim->low = whole ? time->low * 60 : time->low;
        claim->high = whole ? time->low * 3600 : kind == TOKEN_CLOCK ? time->metres : time->low;
        return;
    }
}

static void find_in_title(Finder *finder, size_t index)
{
    const TokenKind kind = kind_at(finder, index);
    if (kind == TOKEN_SUB)
        find_sub(finder, index);
    else if (kind == TOKEN_CHANGE)
        claim_add(finder, CLAIM_CHANGE, index);
}

void claims_find(Sentence *sentence, void *data)
{
    Finder finder = {.sentence = sentence, .claims = data};
    size_t speed = SENTENCE_MAX;
    finder.claims->sentences++;
    for (size_t i = 0; i < sentence->count; i++)
        finder.reps |=
            ONE_OF(sentence->tokens[i].kind, TOKEN_REPS, TOKEN_EACH, TOKEN_CHANGE, TOKEN_TIMES);
    for (size_t i = 0; i < sentence->count; i++) {
        const TokenKind kind = sentence->tokens[i].kind;
        if (kind == TOKEN_SPEED) {
            if (speed < i)
                find_same(&finder, speed, i);
            find_speed(&finder, i);
            speed = i;
        } else if (kind == TOKEN_RACE_PACE) {
            find_race(&finder, i);
            find_minus(&finder, i);
        } else if (kind == TOKEN_FASTER || kind == TOKEN_SLOWER)
            find_compare(&finder, i);
        else if (kind == TOKEN_FROM || kind == TOKEN_START)
            find_from_to(&finder, i);
        find_count(&finder, i);
        find_rest(&finder, i);
        find_rep(&finder, i);
        find_mile(&finder, i);
        if (sentence->title)
            find_in_title(&finder, i);
    }
    find_series(&finder);
    for (size_t i = sentence->count; i-- > 0;)
        if (is_length(sentence->tokens[i].kind)) {
            finder.claims->subject = sentence->tokens[i];
            break;
        }
}
