// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Finds claims in a sentence by what stands next to what. What is hard is to stop in time: every
// pattern here was narrowed until ordinary advice ("run 10 minutes easy, then 4:00/km") fits none
// that it should not.

#include "workout/prose-find.h"

#define COMPARED_AWAY  14     // tokens back to what is compared
#define RACE_SPLIT     4900.0 // m: from here on a distance by its name is a race, not a repetition
#define OFFSET_LONGEST 60.0   // s

TokenKind finder_kind(const Finder *finder, size_t index)
{
    return sentence_kind(finder->sentence, index);
}

const Token *finder_token(const Finder *finder, size_t index)
{
    return &finder->sentence->tokens[index];
}

TokenKind finder_before(const Finder *finder, size_t index, size_t back)
{
    return index >= back ? finder_kind(finder, index - back) : TOKEN_END;
}

bool is_length(TokenKind kind)
{
    return kind == TOKEN_DISTANCE || kind == TOKEN_TIME;
}

// Room for a claim that stands at a token; when there is none, the last is written over.
Claim *finder_claim(Finder *finder, ClaimKind kind, size_t index)
{
    Claims *claims = finder->claims;
    if (claims->count < CLAIMS_MAX)
        claims->count++;
    Claim *claim = &claims->items[claims->count - 1];
    *claim = (Claim){
        .kind = kind,
        .sentence = claims->sentences,
        .at = *finder_token(finder, index),
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

bool is_one_of(TokenKind kind, const TokenKind *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

bool finder_has(const Finder *finder, TokenKind kind)
{
    for (size_t i = 0; i < finder->sentence->count; i++)
        if (finder_kind(finder, i) == kind)
            return true;
    return false;
}

// ── speeds ──

// What is run "at" the speed at `index`: the nearest length before, or the repetitions.
static bool find_assigned(const Finder *finder, size_t index, Token *ret_length)
{
    size_t at = index;
    while (at > 0 && ONE_OF(finder_kind(finder, at - 1), TOKEN_A, TOKEN_FILL, TOKEN_IS, TOKEN_PACE,
                            TOKEN_AIM))
        at--;
    if (at == 0 || finder_kind(finder, at - 1) != TOKEN_AT)
        return false;
    *ret_length = (Token){.kind = TOKEN_END};
    bool reps = false;
    for (size_t i = at - 1, seen = 0; i-- > 0 && seen < 5; seen++) {
        const TokenKind kind = finder_kind(finder, i);
        if (is_length(kind)) {
            *ret_length = *finder_token(finder, i);
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
        const TokenKind kind = finder_kind(finder, i);
        if (is_length(kind) || ONE_OF(kind, TOKEN_SPEED, TOKEN_RACE_PACE, TOKEN_WARM, TOKEN_REST))
            return false;
        aimed |= kind == TOKEN_AIM;
    }
    *ret_length = finder->claims->subject;
    return aimed && is_length(ret_length->kind) &&
           ret_length->line == finder_token(finder, index)->line;
}

// Whether a split only says what a pace is, or how hard something feels: "an 8-minute mile is
// 4:58/km", "8-minute-mile effort".
static bool is_conversion(const Finder *finder, size_t index)
{
    size_t behind = index + 1, before = index;
    const bool hyphen = finder_kind(finder, behind) == TOKEN_DASH;
    if (finder_kind(finder, behind + hyphen) == TOKEN_PACE)
        return true;
    while (ONE_OF(finder_kind(finder, behind), TOKEN_IS, TOKEN_SAME, TOKEN_A))
        behind++;
    while (before > 0 && ONE_OF(finder_kind(finder, before - 1), TOKEN_IS, TOKEN_SAME, TOKEN_A))
        before--;
    const double metres = finder_token(finder, index)->metres;
    return (behind > index + 1 && finder_kind(finder, behind) == TOKEN_SPEED &&
            finder_token(finder, behind)->metres != metres) ||
           (before < index && finder_before(finder, before, 1) == TOKEN_SPEED &&
            finder_token(finder, before - 1)->metres != metres);
}

static void find_speed(Finder *finder, size_t index)
{
    const Token *speed = finder_token(finder, index);
    Token length;
    if (speed->named) {
        const size_t hyphen = finder_before(finder, index, 1) == TOKEN_DASH;
        if ((is_conversion(finder, index) && speed->metres < RACE_SPLIT) ||
            finder_before(finder, index, 1 + hyphen) == TOKEN_SUB)
            return;
        Claim *claim = finder_claim(finder, CLAIM_SPEED, index);
        claim->speed = *speed;
        claim->length = *speed;
        claim->length.kind = TOKEN_DISTANCE;
        claim->length.low = claim->length.high = speed->metres;
        if (speed->metres >= RACE_SPLIT) {
            const Token way = claim->length;
            claim = finder_claim(finder, CLAIM_RACE, index);
            claim->speed = *speed;
            claim->length = way;
        }
    } else if (find_assigned(finder, index, &length) || find_aimed(finder, index, &length)) {
        Claim *claim = finder_claim(finder, CLAIM_SPEED, index);
        claim->speed = *speed;
        claim->length = length;
    }
}

// Where the speed stands that a race's pace at `index` is said to be; `index` when none does.
static size_t race_speed(const Finder *finder, size_t index)
{
    size_t speed = index + 1;
    bool strange = false;
    for (; speed < index + 7; speed++) {
        const TokenKind kind = finder_kind(finder, speed);
        if (kind == TOKEN_OTHER)
            strange = true;
        else if (!ONE_OF(kind, TOKEN_OPEN, TOKEN_IS, TOKEN_COLON, TOKEN_AT, TOKEN_OF, TOKEN_SAME,
                         TOKEN_DASH, TOKEN_FILL, TOKEN_A, TOKEN_CELL))
            break;
    }
    const bool said = ONE_OF(finder_kind(finder, speed - 1), TOKEN_IS, TOKEN_SAME, TOKEN_COLON);
    return finder_kind(finder, speed) == TOKEN_SPEED && (said || !strange) ? speed : index;
}

// "10K pace (5:30/km)", "5:30/km (10K pace)".
static void find_race(Finder *finder, size_t index)
{
    const Token *race = finder_token(finder, index);
    size_t speed = race_speed(finder, index);
    if (speed == index) {
        size_t before = index;
        while (before > 0 && ONE_OF(finder_kind(finder, before - 1), TOKEN_OPEN, TOKEN_SAME,
                                    TOKEN_FILL, TOKEN_RACE))
            before--;
        if (before == 0 || finder_kind(finder, before - 1) != TOKEN_SPEED)
            return;
        speed = before - 1;
        // It is that of the race before it: "5K pace 4:00/km (10K pace …".
        for (size_t i = speed; i-- > 0 && i + 3 > speed;)
            if (finder_kind(finder, i) == TOKEN_RACE_PACE)
                return;
    }
    Claim *claim = finder_claim(finder, CLAIM_RACE, index);
    claim->speed = *finder_token(finder, speed);
    claim->length = *race;
    claim->length.kind = TOKEN_DISTANCE;
    claim->length.low = claim->length.high = race->metres;
}

// "For a goal of 8:00/mi", after a percentage of some race's goal: the pace of that race.
static void find_goal(Finder *finder, size_t index)
{
    const Claims *claims = finder->claims;
    const size_t speed = race_speed(finder, index);
    for (size_t i = claims->count; i-- > 0 && speed != index;) {
        const Claim *percent = &claims->items[i];
        if (percent->kind != CLAIM_PERCENT || percent->base.kind != TOKEN_RACE_PACE)
            continue;
        const Token race = percent->base;
        Claim *claim = finder_claim(finder, CLAIM_RACE, index);
        claim->speed = *finder_token(finder, speed);
        claim->length = race;
        claim->length.kind = TOKEN_DISTANCE;
        claim->length.low = claim->length.high = race.metres;
        return;
    }
}

// How the words between two speeds join them.
typedef struct {
    bool said;  // that they are one: "which is", "i.e.", "=", brackets, "5:00/km / 8:03/mi"
    bool loose; // but not quite
} Joint;

static bool joins(const Finder *finder, size_t first, size_t second, Joint *ret_joint)
{
    const bool splits = finder_token(finder, first)->named && finder_token(finder, second)->named;
    const bool split = finder_token(finder, second)->named;
    Joint joint = {0};
    for (size_t i = first + 1; i < second; i++) {
        const TokenKind kind = finder_kind(finder, i);
        const Token *next = finder_token(finder, i + 1);
        if (ONE_OF(kind, TOKEN_OPEN, TOKEN_SAME, TOKEN_IS))
            joint.said = true;
        else if (kind == TOKEN_SLASH || (kind == TOKEN_DASH && second == first + 2))
            joint.said |= kind == TOKEN_SLASH || !split;
        else if (kind == TOKEN_COMMA) // "…, which is": unless one may choose among splits
            joint.loose |= splits || (next->kind != TOKEN_SAME && next->kind != TOKEN_IS) ||
                           next->low == IS_ABOUT;
        else if (ONE_OF(kind, TOKEN_FILL, TOKEN_AIM, TOKEN_EACH, TOKEN_A))
            joint.loose = true;
        else if (kind == TOKEN_TO ? finder_kind(finder, i - 1) != TOKEN_IS ||
                                        finder_token(finder, i - 1)->low != IS_TO
                                  : !ONE_OF(kind, TOKEN_PACE, TOKEN_CLOSE, TOKEN_COLON, TOKEN_DASH))
            return false;
    }
    *ret_joint = joint;
    return true;
}

// "5:00/km; 2:00 for each 400 m": alone between them, and the time stands first.
static bool goes_on(const Finder *finder, size_t first, size_t second)
{
    const char *at = finder_token(finder, second)->at;
    while (*at >= '0' && *at <= '9')
        at++;
    return second == first + 2 && finder_kind(finder, first + 1) == TOKEN_SEMICOLON && *at == ':' &&
           !finder->sentence->warm && !finder_has(finder, TOKEN_REST);
}

// Whether two speeds one after the other are one and the same, said in two ways.
static void find_same(Finder *finder, size_t first, size_t second)
{
    const Token *one = finder_token(finder, first), *other = finder_token(finder, second);
    Joint joint = {.loose = true};
    Token ignored;
    if (fabs(one->metres - other->metres) < 1 ||
        (!goes_on(finder, first, second) && !joins(finder, first, second, &joint)))
        return;
    size_t behind = second + 1;
    if (finder_kind(finder, behind) == TOKEN_FILL && finder_token(finder, behind)->low == FILL_LAP)
        behind++;
    if (!ONE_OF(finder_kind(finder, behind), TOKEN_END, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_SEMICOLON,
                TOKEN_SAME, TOKEN_PACE, TOKEN_AND, TOKEN_IS, TOKEN_OPEN))
        return;
    if (!joint.said && find_assigned(finder, first, &ignored))
        return;
    Claim *claim = finder_claim(finder, CLAIM_SAME, second);
    claim->base = *one;
    claim->speed = *other;
    claim->loose = !joint.said || joint.loose;
}

// ── comparisons ──

// What is said to be faster: the nearest length before, and not the seconds by which.
static Token find_compared(const Finder *finder, size_t index)
{
    for (size_t seen = 0; index-- > 0 && seen < COMPARED_AWAY; seen++) {
        const Token *token = finder_token(finder, index);
        const bool counted = finder_before(finder, index, 1) == TOKEN_TIMES;
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
    const Token *than = finder_token(finder, base);
    bool told = than->kind == TOKEN_SPEED; // else the next speed says what the race's pace is
    claim->loose = false;
    for (size_t i = base + 1; i < finder->sentence->count; i++) {
        const Token *token = finder_token(finder, i);
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
        if (finder_kind(finder, i) == TOKEN_SPEED && !finder_token(finder, i)->named) {
            claim->loose = true;
            claim->speed = *finder_token(finder, i);
            return;
        }
}

// Of "5 % faster", or where "faster" stands when there is none.
static size_t percent_before(const Finder *finder, size_t index)
{
    for (size_t back = 1; back <= 3; back++)
        if (finder_before(finder, index, back) == TOKEN_PERCENT)
            return index - back;
    return index;
}

// "[10-15 s, 5 %] faster than …".
static void find_compare(Finder *finder, size_t index)
{
    size_t base = index + 1;
    if (finder_kind(finder, base++) != TOKEN_THAN)
        return;
    while (base < index + 8 && ONE_OF(finder_kind(finder, base), TOKEN_FILL, TOKEN_A, TOKEN_RACE,
                                      TOKEN_IS, TOKEN_EACH, TOKEN_PACE, TOKEN_OF, TOKEN_OPEN))
        base++;
    const TokenKind kind = finder_kind(finder, base);
    if (kind == TOKEN_LAST ||
        (kind == TOKEN_NUMBER && finder_kind(finder, base + 1) == TOKEN_LAST)) {
        if (finder_has(finder, TOKEN_EACH))
            finder_claim(finder, CLAIM_CHANGE, index);
        return;
    }
    if (kind != TOKEN_SPEED && kind != TOKEN_RACE_PACE)
        return;
    const size_t percent = percent_before(finder, index);
    const Token length = find_compared(finder, index);
    const bool subject =
        length.kind != TOKEN_END || (finder_has(finder, TOKEN_REPS) && !finder->sentence->warm);
    if (percent == index && !subject)
        return;
    Claim *claim = finder_claim(finder, percent < index ? CLAIM_PERCENT : CLAIM_COMPARE, index);
    claim->slower = finder_kind(finder, index) == TOKEN_SLOWER;
    claim->base = *finder_token(finder, base);
    claim->length = length;
    if (percent == index)
        return;
    claim->at = *finder_token(finder, percent);
    claim->low = finder_token(finder, percent)->low;
    claim->high = finder_token(finder, percent)->high;
    find_result(finder, base, claim);
}

// "mile pace minus 10-15 s".
static void find_minus(Finder *finder, size_t index)
{
    const TokenKind sign = finder_kind(finder, index + 1);
    const TokenKind behind = finder_kind(finder, index + 3);
    if ((sign != TOKEN_MINUS && sign != TOKEN_DASH) ||
        finder_kind(finder, index + 2) != TOKEN_TIME ||
        finder_token(finder, index + 2)->high > OFFSET_LONGEST || behind == TOKEN_REST ||
        behind == TOKEN_EASE)
        return;
    Claim *claim = finder_claim(finder, CLAIM_COMPARE, index);
    claim->base = *finder_token(finder, index);
    claim->length = find_compared(finder, index);
}

// ── all of it ──

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
        } else if (kind == TOKEN_RACE)
            find_goal(&finder, i);
        else if (kind == TOKEN_FASTER || kind == TOKEN_SLOWER)
            find_compare(&finder, i);
        else if (kind == TOKEN_FROM || kind == TOKEN_START)
            find_from_to(&finder, i);
        find_count(&finder, i);
        find_times(&finder, i);
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
