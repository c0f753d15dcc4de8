// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the numbers of a sentence measure: "10-15 s", "1 min 12 s", "the mile", "5 min per km",
// "400 m in 90 s", "a 20-minute 5K", "10K race pace". What is hard is that the same words mean
// several things ("2 min 5K pace" is no 5K in two minutes), so a speed has to be one that people
// run, and what fits nothing stays what it was.

#include "workout/prose-token.h"

#define SLOWEST_MPS 1.5
#define FASTEST_MPS 9.0
#define RACE_LEAST  800.0 // m
#define LAP_LEAST   100.0 // m: "the 400s"
#define LAP_UNIT    50.0
#define LAP_MOST    6000.0

// A pass over the tokens: a rule looks at those from `at` on and at those that are done, and may
// make one of several. Nothing is moved more than once.
typedef struct {
    Sentence *sentence;
    size_t at;
    size_t done; // that stand at the beginning, and are what is left of all before `at`
} Cursor;

static Token *token_at(const Cursor *cursor, size_t ahead)
{
    return &cursor->sentence->tokens[cursor->at + ahead];
}

static TokenKind kind_at(const Cursor *cursor, size_t ahead)
{
    return sentence_kind(cursor->sentence, cursor->at + ahead);
}

static TokenKind kind_before(const Cursor *cursor, size_t back)
{
    return cursor->done >= back ? cursor->sentence->tokens[cursor->done - back].kind : TOKEN_END;
}

static bool glued_at(const Cursor *cursor, size_t ahead)
{
    return kind_at(cursor, ahead) != TOKEN_END && token_at(cursor, ahead)->glued;
}

// The first of `count` tokens stands for all of them.
static void cursor_merge(Cursor *cursor, size_t count)
{
    Token *tokens = cursor->sentence->tokens;
    tokens[cursor->at + count - 1] = tokens[cursor->at];
    cursor->at += count - 1;
}

static bool is_way_unit(TokenKind kind)
{
    return kind == TOKEN_M || kind == TOKEN_KM || kind == TOKEN_MILE;
}

static bool is_time_unit(TokenKind kind)
{
    return kind == TOKEN_S || kind == TOKEN_MIN || kind == TOKEN_H;
}

static double unit_seconds(TokenKind kind)
{
    return kind == TOKEN_H ? 3600 : kind == TOKEN_MIN ? 60 : 1;
}

static void token_scale(Token *token, TokenKind kind, double unit)
{
    token->kind = kind;
    token->low *= unit;
    token->high *= unit;
}

static bool is_lap(double metres)
{
    return metres >= LAP_LEAST && metres <= LAP_MOST && fmod(metres, LAP_UNIT) == 0;
}

// ── numbers with their units ──

// "10-15", with no blanks, or with the unit behind: "10 to 15 s".
static void measure_range(Cursor *cursor)
{
    const TokenKind kind = kind_at(cursor, 0), middle = kind_at(cursor, 1);
    if (kind_at(cursor, 2) != kind)
        return;
    const bool dash = middle == TOKEN_DASH && glued_at(cursor, 1) && glued_at(cursor, 2);
    const bool to = middle == TOKEN_TO && kind == TOKEN_NUMBER &&
                    (is_time_unit(kind_at(cursor, 3)) || is_way_unit(kind_at(cursor, 3)) ||
                     kind_at(cursor, 3) == TOKEN_PERCENT);
    Token *first = token_at(cursor, 0);
    const Token *second = token_at(cursor, 2);
    if ((!dash && !to) || second->low <= first->high)
        return;
    first->high = second->high;
    cursor_merge(cursor, 3);
}

// The unit behind a number, also after a hyphen: how many tokens it takes; 0: none stands there.
static size_t unit_behind(const Cursor *cursor, size_t ahead, TokenKind *ret_unit)
{
    const bool hyphen = kind_at(cursor, ahead) == TOKEN_DASH && glued_at(cursor, ahead) &&
                        glued_at(cursor, ahead + 1);
    const TokenKind unit = kind_at(cursor, ahead + hyphen);
    if (!is_time_unit(unit) && !is_way_unit(unit) && unit != TOKEN_PERCENT &&
        unit != TOKEN_PER_HOUR)
        return 0;
    *ret_unit = unit;
    return 1 + hyphen;
}

// "… 12 s" behind hours or minutes.
static void measure_parts(Cursor *cursor, TokenKind unit)
{
    while (unit != TOKEN_S) {
        const size_t and = kind_at(cursor, 1) == TOKEN_AND;
        TokenKind smaller;
        size_t used;
        if (kind_at(cursor, 1 + and) != TOKEN_NUMBER ||
            (used = unit_behind(cursor, 2 + and, &smaller)) == 0 || !is_time_unit(smaller) ||
            unit_seconds(smaller) >= unit_seconds(unit) || token_at(cursor, 1 + and)->low >= 60)
            return;
        Token *token = token_at(cursor, 0);
        token->low += token_at(cursor, 1 + and)->low * unit_seconds(smaller);
        token->high = token->low;
        cursor_merge(cursor, 2 + and+used);
        unit = smaller;
    }
}

// "twenty-five", which is no range.
static void measure_words(Cursor *cursor)
{
    Token *tens = token_at(cursor, 0);
    const bool hyphen = kind_at(cursor, 1) == TOKEN_DASH && glued_at(cursor, 1) &&
                        glued_at(cursor, 2) && kind_at(cursor, 2) == TOKEN_NUMBER;
    if (!hyphen || (uint8_t)*tens->at < 'A' || (uint8_t)*token_at(cursor, 2)->at < 'A' ||
        tens->low < 20 || token_at(cursor, 2)->low >= 10)
        return;
    tens->low += token_at(cursor, 2)->low;
    tens->high = tens->low;
    cursor_merge(cursor, 3);
}

static void measure_number(Cursor *cursor)
{
    TokenKind unit;
    measure_words(cursor);
    measure_range(cursor);
    Token *token = token_at(cursor, 0);
    const size_t used = unit_behind(cursor, 1, &unit);
    if (used == 0)
        return;
    const Token *word = token_at(cursor, used);
    const double metres = word->low;
    const bool rests =
        kind_at(cursor, used + 1) == TOKEN_REST && kind_before(cursor, 1) != TOKEN_FILL;
    if (unit == TOKEN_PERCENT)
        token_scale(token, TOKEN_PERCENT, 1);
    else if (unit == TOKEN_PER_HOUR) {
        token->metres = token->low * metres;
        token->low = token->high = 3600;
        token->kind = TOKEN_SPEED;
    } else if (unit == TOKEN_S && glued_at(cursor, 1) && used == 1 && is_lap(token->low) &&
               !rests) {
        token->named = true; // "the 400s"
        token->kind = TOKEN_DISTANCE;
    } else if (is_time_unit(unit)) {
        token_scale(token, TOKEN_TIME, unit_seconds(unit));
        cursor_merge(cursor, 1 + used);
        measure_parts(cursor, unit);
        return;
    } else {
        token->named = word->named || unit == TOKEN_MILE;
        token_scale(token, TOKEN_DISTANCE, metres);
    }
    cursor_merge(cursor, 1 + used);
}

static void measure_clock(Cursor *cursor)
{
    measure_range(cursor);
    Token *token = token_at(cursor, 0);
    if (kind_at(cursor, 1) == TOKEN_MIN)
        cursor_merge(cursor, 2);
    else if (kind_at(cursor, 1) == TOKEN_H) {
        token->low = token->high = token->metres;
        cursor_merge(cursor, 2);
    }
}

// "half marathon", "half-marathon".
static void measure_half(Cursor *cursor)
{
    const size_t hyphen = kind_at(cursor, 1) == TOKEN_DASH;
    if (kind_at(cursor, 1 + hyphen) != TOKEN_MARATHON)
        return;
    Token *token = token_at(cursor, 0);
    token->kind = TOKEN_DISTANCE;
    token->named = true;
    token->low = token->high = METRES_HALF;
    cursor_merge(cursor, 2 + hyphen);
}

static void measure_quantity(Cursor *cursor)
{
    Token *token = token_at(cursor, 0);
    const bool ordinal = token->kind == TOKEN_NUMBER && kind_at(cursor, 1) == TOKEN_OTHER &&
                         glued_at(cursor, 1) && token->low <= 30;
    if (ordinal) { // "3rd"
        token->kind = TOKEN_ORDINAL;
        cursor_merge(cursor, 2);
    } else if (token->kind == TOKEN_NUMBER)
        measure_number(cursor);
    else if (token->kind == TOKEN_CLOCK)
        measure_clock(cursor);
    else if (token->kind == TOKEN_HALF)
        measure_half(cursor);
    else if (token->kind == TOKEN_MARATHON) {
        token->kind = TOKEN_DISTANCE;
        token->named = true;
    } else if (token->kind == TOKEN_S && token->low == 2)
        token->kind = TOKEN_ORDINAL; // "the second"
}

// ── speeds ──

// A time over a way, when people can run it; a clock's hours may have to be minutes, or the other
// way round.
static bool make_speed(Token *time, double metres, bool split)
{
    const double hours = time->metres / time->low;
    double low = time->low, high = time->high;
    if (time->kind == TOKEN_CLOCK && metres / low > FASTEST_MPS) {
        low *= hours;
        high *= hours;
    }
    if (!(metres / low <= FASTEST_MPS && metres / high >= SLOWEST_MPS))
        return false;
    time->kind = TOKEN_SPEED;
    time->low = low;
    time->high = high;
    time->metres = metres;
    time->named = split;
    return true;
}

// "/km", "per mile", "a mile", "per 400 m" behind a time: how many tokens; 0: none stands there.
static size_t per_behind(const Cursor *cursor, double *ret_metres)
{
    const TokenKind joint = kind_at(cursor, 1), way = kind_at(cursor, 2);
    const bool per = joint == TOKEN_SLASH || joint == TOKEN_PER;
    if (!per && joint != TOKEN_A && joint != TOKEN_EACH)
        return 0;
    if (is_way_unit(way) && way != TOKEN_M)
        *ret_metres = token_at(cursor, 2)->low;
    else if (per && way == TOKEN_DISTANCE)
        *ret_metres = token_at(cursor, 2)->low;
    else
        return 0;
    return 2;
}

// "mile", "-minute 5K" behind a time; a split, unless it is one of "8-minute miles".
static size_t named_behind(const Cursor *cursor, double *ret_metres, bool *ret_split)
{
    const size_t hyphen = kind_at(cursor, 1) == TOKEN_DASH && glued_at(cursor, 1);
    const size_t way = 1 + hyphen;
    const TokenKind kind = kind_at(cursor, way);
    const TokenKind behind = kind_at(cursor, way + 1);
    const bool race = kind == TOKEN_DISTANCE && token_at(cursor, way)->named &&
                      token_at(cursor, way)->low >= RACE_LEAST && behind != TOKEN_PACE &&
                      behind != TOKEN_RACE;
    if (kind != TOKEN_MILE && kind != TOKEN_KM && !race)
        return 0;
    *ret_metres = token_at(cursor, way)->low;
    *ret_split = token_at(cursor, way)->named;
    return way;
}

static bool is_filler(TokenKind kind)
{
    return kind == TOKEN_EACH || kind == TOKEN_FILL || kind == TOKEN_A || kind == TOKEN_IS ||
           kind == TOKEN_AIM || kind == TOKEN_OF;
}

// "for each 400 m" behind a time, unless it is one of rest.
static size_t for_behind(const Cursor *cursor, double *ret_metres)
{
    size_t way = 2;
    if (kind_at(cursor, 1) != TOKEN_FOR)
        return 0;
    for (size_t back = 1; back <= 4; back++)
        if (kind_before(cursor, back) == TOKEN_REST)
            return 0;
    while (way < 5 && is_filler(kind_at(cursor, way)))
        way++;
    if (kind_at(cursor, way) != TOKEN_DISTANCE)
        return 0;
    *ret_metres = token_at(cursor, way)->low;
    return way;
}

static void measure_time(Cursor *cursor)
{
    double metres = 0;
    Token *token = token_at(cursor, 0);
    size_t used = per_behind(cursor, &metres);
    bool split = false;
    if (used == 0)
        used = named_behind(cursor, &metres, &split);
    if (used == 0) {
        used = for_behind(cursor, &metres);
        split = true;
    }
    if (used > 0 && make_speed(token, metres, split))
        cursor_merge(cursor, 1 + used);
}

// "400 m in 90 s", "200s in 41", "12 km/h".
static void measure_way(Cursor *cursor)
{
    Token *token = token_at(cursor, 0);
    size_t time = 2;
    if (kind_at(cursor, 1) == TOKEN_SLASH && kind_at(cursor, 2) == TOKEN_H) {
        token->metres = token->low;
        token->low = token->high = 3600;
        token->kind = TOKEN_SPEED;
        cursor_merge(cursor, 3);
        return;
    }
    if (kind_at(cursor, 1) != TOKEN_IN)
        return;
    while (time < 5 && is_filler(kind_at(cursor, time)))
        time++;
    const TokenKind kind = kind_at(cursor, time);
    if (kind != TOKEN_TIME && kind != TOKEN_CLOCK && kind != TOKEN_NUMBER)
        return;
    Token speed = *token_at(cursor, time);
    if (token->low != token->high || !make_speed(&speed, token->low, true))
        return;
    speed.at = token->at;
    speed.line = token->line;
    speed.glued = token->glued;
    *token = speed;
    cursor_merge(cursor, 1 + time);
}

static void measure_speed(Cursor *cursor)
{
    const TokenKind kind = kind_at(cursor, 0);
    if (kind == TOKEN_TIME || kind == TOKEN_CLOCK)
        measure_time(cursor);
    else if (kind == TOKEN_DISTANCE)
        measure_way(cursor);
}

// The unit of a list's last pace is that of all: "5:30, 5:00 and 4:30/km".
static void spread_units(Sentence *sentence)
{
    double metres = 0;
    for (size_t i = sentence->count; i-- > 0;) {
        Token *token = &sentence->tokens[i];
        const bool joint = token->kind == TOKEN_COMMA || token->kind == TOKEN_TO ||
                           token->kind == TOKEN_ARROW || token->kind == TOKEN_AND ||
                           token->kind == TOKEN_DASH || token->kind == TOKEN_IS;
        if (token->kind == TOKEN_SPEED)
            metres = token->named ? 0 : token->metres;
        else if (token->kind == TOKEN_CLOCK && metres > 0)
            make_speed(token, metres, false);
        else if (!joint)
            metres = 0;
    }
}

// ── what is left ──

// "the mile": a unit that is a way in itself.
static void measure_mile(Cursor *cursor)
{
    Token *token = token_at(cursor, 0);
    const TokenKind before = kind_before(cursor, 1);
    if (token->kind != TOKEN_MILE || before == TOKEN_PER || before == TOKEN_SLASH)
        return;
    token->kind = TOKEN_DISTANCE;
    token->named = true;
}

// "10K pace", "mile race pace", "goal marathon pace".
static void measure_race_pace(Cursor *cursor)
{
    Token *token = token_at(cursor, 0);
    size_t pace = 1;
    if (token->kind != TOKEN_DISTANCE || token->low != token->high)
        return;
    while (pace < 4 && (kind_at(cursor, pace) == TOKEN_RACE ||
                        (kind_at(cursor, pace) == TOKEN_DASH && glued_at(cursor, pace))))
        pace++;
    if (kind_at(cursor, pace) != TOKEN_PACE || token->low < 400)
        return;
    token->kind = TOKEN_RACE_PACE;
    token->metres = token->low;
    cursor_merge(cursor, 1 + pace);
}

// "from 10K to 5K pace": both are.
static void spread_race_paces(Sentence *sentence)
{
    for (size_t i = sentence->count; i-- > 2;) {
        Token *first = &sentence->tokens[i - 2];
        const TokenKind joint = sentence->tokens[i - 1].kind;
        if (sentence->tokens[i].kind == TOKEN_RACE_PACE && first->kind == TOKEN_DISTANCE &&
            first->low == first->high && first->low >= RACE_LEAST &&
            (joint == TOKEN_TO || joint == TOKEN_SLASH || joint == TOKEN_AND ||
             joint == TOKEN_DASH || joint == TOKEN_ARROW)) {
            first->kind = TOKEN_RACE_PACE;
            first->metres = first->low;
        }
    }
}

static void sentence_pass(Sentence *sentence, void (*rule)(Cursor *))
{
    Cursor cursor = {.sentence = sentence};
    for (; cursor.at < sentence->count; cursor.at++) {
        rule(&cursor);
        sentence->tokens[cursor.done++] = sentence->tokens[cursor.at];
    }
    sentence->count = cursor.done;
}

void sentence_measure(Sentence *sentence)
{
    sentence_pass(sentence, measure_quantity);
    sentence_pass(sentence, measure_speed);
    spread_units(sentence);
    sentence_pass(sentence, measure_mile);
    sentence_pass(sentence, measure_race_pace);
    spread_race_paces(sentence);
}
