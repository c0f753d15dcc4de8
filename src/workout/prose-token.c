// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cuts an article into sentences, and these into tokens. What is hard is to be fast where nothing
// is said, which is nearly everywhere, and to know where a sentence ends: lines may be wrapped or
// stand for themselves, a row of a table is a sentence, and "1.6" and "approx." end none.

#include "workout/prose-token.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORD_LONGEST 16
#define WRAPPED      40 // bytes: a shorter line was not wrapped but ended

typedef struct {
    const char *word;
    TokenKind kind;
    double value;
} Word;

// By their first letters, for the search.
static const Word WORDS[] = {
    {"a", TOKEN_A, 0},
    {"about", TOKEN_IS, 0},
    {"advanced", TOKEN_VARIANT, 0},
    {"aim", TOKEN_FILL, 0},
    {"all", TOKEN_FILL, 0},
    {"allout", TOKEN_TRIAL, 0},
    {"alternative", TOKEN_VARIANT, 0},
    {"alternatively", TOKEN_VARIANT, 0},
    {"an", TOKEN_A, 0},
    {"and", TOKEN_AND, 0},
    {"approx", TOKEN_IS, 0},
    {"approximately", TOKEN_IS, 0},
    {"are", TOKEN_IS, 0},
    {"around", TOKEN_IS, 0},
    {"ascending", TOKEN_CHANGE, 0},
    {"at", TOKEN_AT, 0},
    {"base", TOKEN_OTHERWISE_PACED, 0},
    {"be", TOKEN_FILL, 0},
    {"before", TOKEN_LAST, 0},
    {"beginner", TOKEN_VARIANT, 0},
    {"beginners", TOKEN_VARIANT, 0},
    {"best", TOKEN_PAST, 0},
    {"between", TOKEN_BETWEEN, 0},
    {"bouts", TOKEN_REPS, 0},
    {"build", TOKEN_VARIANT, 0},
    {"ca", TOKEN_IS, 0},
    {"complete", TOKEN_EASE, 0},
    {"cool", TOKEN_WARM, 0},
    {"cooldown", TOKEN_WARM, 0},
    {"cooling", TOKEN_WARM, 0},
    {"could", TOKEN_VARIANT, 0},
    {"cover", TOKEN_FILL, 0},
    {"cruise", TOKEN_OTHERWISE_PACED, 0},
    {"current", TOKEN_FILL, 0},
    {"cut", TOKEN_VARIANT, 0},
    {"cutdown", TOKEN_CHANGE, 0},
    {"cutdowns", TOKEN_CHANGE, 0},
    {"descending", TOKEN_CHANGE, 0},
    {"drop", TOKEN_VARIANT, 0},
    {"each", TOKEN_EACH, 0},
    {"easy", TOKEN_EASE, 0},
    {"effort", TOKEN_PACE, 0},
    {"efforts", TOKEN_REPS, 0},
    {"eg", TOKEN_IS, 0},
    {"eight", TOKEN_NUMBER, 8},
    {"eighth", TOKEN_ORDINAL, 8},
    {"elite", TOKEN_VARIANT, 0},
    {"elites", TOKEN_VARIANT, 0},
    {"endurance", TOKEN_OTHERWISE_PACED, 0},
    {"equal", TOKEN_IS, 0},
    {"equals", TOKEN_IS, 0},
    {"equivalent", TOKEN_IS, 0},
    {"every", TOKEN_EACH, 0},
    {"exactly", TOKEN_IS, 0},
    {"experienced", TOKEN_VARIANT, 0},
    {"faster", TOKEN_FASTER, 0},
    {"fifth", TOKEN_ORDINAL, 5},
    {"first", TOKEN_ORDINAL, 1},
    {"five", TOKEN_NUMBER, 5},
    {"float", TOKEN_REST, 0},
    {"for", TOKEN_FOR, 0},
    {"four", TOKEN_NUMBER, 4},
    {"fourth", TOKEN_ORDINAL, 4},
    {"from", TOKEN_FROM, 0},
    {"full", TOKEN_EASE, 0},
    {"gentle", TOKEN_EASE, 0},
    {"goal", TOKEN_RACE, 0},
    {"h", TOKEN_H, 0},
    {"half", TOKEN_HALF, 0},
    {"hit", TOKEN_FILL, 0},
    {"hour", TOKEN_H, 0},
    {"hours", TOKEN_H, 0},
    {"hr", TOKEN_H, 0},
    {"hrs", TOKEN_H, 0},
    {"ie", TOKEN_IS, 0},
    {"in", TOKEN_IN, 0},
    {"instead", TOKEN_VARIANT, 0},
    {"intermediate", TOKEN_VARIANT, 0},
    {"interval", TOKEN_REPS, 0},
    {"intervals", TOKEN_REPS, 0},
    {"is", TOKEN_IS, 0},
    {"it", TOKEN_IS, 0},
    {"its", TOKEN_IS, 0},
    {"jog", TOKEN_REST, 0},
    {"jogging", TOKEN_REST, 0},
    {"jogs", TOKEN_REST, 0},
    {"just", TOKEN_IS, 0},
    {"k", TOKEN_KM, METRES_PER_KM},
    {"kilometer", TOKEN_KM, METRES_PER_KM},
    {"kilometers", TOKEN_KM, METRES_PER_KM},
    {"kilometre", TOKEN_KM, METRES_PER_KM},
    {"kilometres", TOKEN_KM, METRES_PER_KM},
    {"km", TOKEN_KM, METRES_PER_KM},
    {"kmh", TOKEN_PER_HOUR, METRES_PER_KM},
    {"kms", TOKEN_KM, METRES_PER_KM},
    {"kph", TOKEN_PER_HOUR, METRES_PER_KM},
    {"ladder", TOKEN_CHANGE, 0},
    {"last", TOKEN_LAST, 0},
    {"light", TOKEN_EASE, 0},
    {"long", TOKEN_OTHERWISE_PACED, 0},
    {"lots", TOKEN_LOTS, 0},
    {"m", TOKEN_M, 1},
    {"marathon", TOKEN_MARATHON, METRES_MARATHON},
    {"mean", TOKEN_IS, 0},
    {"meaning", TOKEN_IS, 0},
    {"means", TOKEN_IS, 0},
    {"meter", TOKEN_M, 1},
    {"meters", TOKEN_M, 1},
    {"metre", TOKEN_M, 1},
    {"metres", TOKEN_M, 1},
    {"mi", TOKEN_MILE, METRES_PER_MILE},
    {"mile", TOKEN_MILE, METRES_PER_MILE},
    {"miles", TOKEN_MILE, METRES_PER_MILE},
    {"min", TOKEN_MIN, 0},
    {"mins", TOKEN_MIN, 0},
    {"minus", TOKEN_MINUS, 0},
    {"minute", TOKEN_MIN, 0},
    {"minutes", TOKEN_MIN, 0},
    {"month", TOKEN_VARIANT, 0},
    {"months", TOKEN_VARIANT, 0},
    {"mph", TOKEN_PER_HOUR, METRES_PER_MILE},
    {"nine", TOKEN_NUMBER, 9},
    {"of", TOKEN_OF, 0},
    {"one", TOKEN_NUMBER, 1},
    {"option", TOKEN_VARIANT, 0},
    {"or", TOKEN_IS, 0},
    {"pace", TOKEN_PACE, 0},
    {"paced", TOKEN_PACE, 0},
    {"pb", TOKEN_PAST, 0},
    {"per", TOKEN_PER, 0},
    {"percent", TOKEN_PERCENT, 0},
    {"pr", TOKEN_PAST, 0},
    {"previous", TOKEN_LAST, 0},
    {"progress", TOKEN_CHANGE, 0},
    {"progressing", TOKEN_CHANGE, 0},
    {"progression", TOKEN_CHANGE, 0},
    {"progressive", TOKEN_CHANGE, 0},
    {"progressively", TOKEN_CHANGE, 0},
    {"pyramid", TOKEN_CHANGE, 0},
    {"quicker", TOKEN_FASTER, 0},
    {"race", TOKEN_RACE, 0},
    {"ran", TOKEN_PAST, 0},
    {"recent", TOKEN_PAST, 0},
    {"recently", TOKEN_PAST, 0},
    {"record", TOKEN_PAST, 0},
    {"recover", TOKEN_REST, 0},
    {"recoveries", TOKEN_REST, 0},
    {"recovering", TOKEN_REST, 0},
    {"recovery", TOKEN_REST, 0},
    {"reduce", TOKEN_VARIANT, 0},
    {"rep", TOKEN_REPS, 0},
    {"repeat", TOKEN_REPS, 0},
    {"repeats", TOKEN_REPS, 0},
    {"repetition", TOKEN_REPS, 0},
    {"repetitions", TOKEN_REPS, 0},
    {"reps", TOKEN_REPS, 0},
    {"rest", TOKEN_REST, 0},
    {"rests", TOKEN_REST, 0},
    {"roughly", TOKEN_IS, 0},
    {"rounds", TOKEN_LOTS, 0},
    {"run", TOKEN_FILL, 0},
    {"running", TOKEN_FILL, 0},
    {"s", TOKEN_S, 0},
    {"season", TOKEN_VARIANT, 0},
    {"sec", TOKEN_S, 0},
    {"second", TOKEN_S, 2},
    {"seconds", TOKEN_S, 0},
    {"secs", TOKEN_S, 0},
    {"sets", TOKEN_LOTS, 0},
    {"seven", TOKEN_NUMBER, 7},
    {"seventh", TOKEN_ORDINAL, 7},
    {"should", TOKEN_FILL, 0},
    {"six", TOKEN_NUMBER, 6},
    {"sixth", TOKEN_ORDINAL, 6},
    {"slow", TOKEN_EASE, 0},
    {"slower", TOKEN_SLOWER, 0},
    {"so", TOKEN_IS, 0},
    {"speed", TOKEN_PACE, 0},
    {"standing", TOKEN_EASE, 0},
    {"steady", TOKEN_OTHERWISE_PACED, 0},
    {"sub", TOKEN_SUB, 0},
    {"target", TOKEN_FILL, 0},
    {"tempo", TOKEN_OTHERWISE_PACED, 0},
    {"ten", TOKEN_NUMBER, 10},
    {"tenth", TOKEN_ORDINAL, 10},
    {"than", TOKEN_THAN, 0},
    {"that", TOKEN_IS, 0},
    {"thats", TOKEN_IS, 0},
    {"the", TOKEN_FILL, 0},
    {"then", TOKEN_AND, 0},
    {"third", TOKEN_ORDINAL, 3},
    {"this", TOKEN_IS, 0},
    {"three", TOKEN_NUMBER, 3},
    {"threshold", TOKEN_OTHERWISE_PACED, 0},
    {"time", TOKEN_TRIAL, 0},
    {"times", TOKEN_LOTS, 0},
    {"to", TOKEN_TO, 0},
    {"trial", TOKEN_TRIAL, 0},
    {"twelve", TOKEN_NUMBER, 12},
    {"two", TOKEN_NUMBER, 2},
    {"under", TOKEN_SUB, 0},
    {"variation", TOKEN_VARIANT, 0},
    {"version", TOKEN_VARIANT, 0},
    {"walk", TOKEN_REST, 0},
    {"walking", TOKEN_REST, 0},
    {"warm", TOKEN_WARM, 0},
    {"warming", TOKEN_WARM, 0},
    {"warmup", TOKEN_WARM, 0},
    {"week", TOKEN_VARIANT, 0},
    {"weeks", TOKEN_VARIANT, 0},
    {"which", TOKEN_IS, 0},
    {"will", TOKEN_FILL, 0},
    {"works", TOKEN_IS, 0},
    {"x", TOKEN_TIMES, 0},
    {"you", TOKEN_FILL, 0},
    {"youd", TOKEN_FILL, 0},
    {"youll", TOKEN_FILL, 0},
    {"your", TOKEN_FILL, 0},
};

#define LETTERS 26

// ── sentences ──

TokenKind sentence_kind(const Sentence *sentence, size_t index)
{
    return index < sentence->count ? sentence->tokens[index].kind : TOKEN_END;
}

static void sentence_end(ProseReader *reader)
{
    Sentence *sentence = &reader->sentence;
    if ((sentence->tells || sentence->title) && sentence->count > 0) {
        sentence_measure(sentence);
        reader->tell(sentence, reader->data);
    }
    sentence->count = 0;
    sentence->tells = false;
    sentence->past = sentence->variant = sentence->warm = false;
    reader->gap = true;
}

// A line while it is read.
typedef struct {
    ProseReader *reader;
    const char *at, *end;
    uint32_t number;
} Lexer;

static Token *lexer_add(Lexer *lexer, const char *at, TokenKind kind)
{
    ProseReader *reader = lexer->reader;
    Sentence *sentence = &reader->sentence;
    if (sentence->count == SENTENCE_MAX)
        sentence_end(reader);
    Token *token = &sentence->tokens[sentence->count++];
    *token = (Token){.kind = kind, .line = lexer->number, .glued = !reader->gap, .at = at};
    reader->gap = false;
    return token;
}

// ── words ──

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < LETTERS;
}

static const Word *word_find(const ProseReader *reader, const char *lower)
{
    const size_t letter = (size_t)(lower[0] - 'a');
    for (size_t i = reader->words_from[letter]; i < reader->words_from[letter + 1]; i++)
        if (strcmp(WORDS[i].word, lower) == 0)
            return &WORDS[i];
    return NULL;
}

// An apostrophe within a word is no part of it: "you'd" is "youd".
static size_t apostrophe(const char *at, const char *end)
{
    if (end - at > 1 && *at == '\'' && is_letter(at[1]))
        return 1;
    return end - at > 3 && memcmp(at, "’", 3) == 0 && is_letter(at[3]) ? 3 : 0;
}

static void sentence_note(Sentence *sentence, TokenKind kind)
{
    sentence->past |= kind == TOKEN_PAST;
    sentence->variant |= kind == TOKEN_VARIANT;
    sentence->warm |= kind == TOKEN_WARM;
    sentence->tells |=
        kind == TOKEN_FASTER || kind == TOKEN_SLOWER || kind == TOKEN_NUMBER || kind == TOKEN_MILE;
}

static void lex_word(Lexer *lexer)
{
    const char *start = lexer->at;
    char lower[WORD_LONGEST] = "";
    size_t length = 0;
    while (lexer->at < lexer->end) {
        if (is_letter(*lexer->at)) {
            if (length < WORD_LONGEST - 1)
                lower[length] = (char)(*lexer->at | 0x20);
            length++;
            lexer->at++;
            continue;
        }
        const size_t skip = apostrophe(lexer->at, lexer->end);
        if (skip == 0)
            break;
        lexer->at += skip;
    }
    const Word *word = length < WORD_LONGEST ? word_find(lexer->reader, lower) : NULL;
    Token *token = lexer_add(lexer, start, word != NULL ? word->kind : TOKEN_OTHER);
    if (word == NULL)
        return;
    token->low = token->high = word->value;
    token->named = word->kind == TOKEN_KM && length == 1; // "5K" is a race
    sentence_note(&lexer->reader->sentence, word->kind);
}

// ── numbers ──

static double lex_digits(Lexer *lexer, size_t *ret_count)
{
    double value = 0;
    const char *start = lexer->at;
    for (; lexer->at < lexer->end && is_digit(*lexer->at); lexer->at++)
        value = value * 10 + (*lexer->at - '0');
    *ret_count = (size_t)(lexer->at - start);
    return value;
}

// How many digits follow at `offset`.
static size_t digits_ahead(const Lexer *lexer, size_t offset)
{
    size_t count = 0;
    while ((size_t)(lexer->end - lexer->at) > offset + count && is_digit(lexer->at[offset + count]))
        count++;
    return count;
}

// The bytes of a mark of minutes.
static size_t minute_mark(const Lexer *lexer)
{
    Line line = {.start = lexer->at, .at = lexer->at, .end = lexer->end};
    return line_accept_minute_mark(&line) ? (size_t)(line.at - lexer->at) : 0;
}

// ":30", ":30:00", "'30''" behind a whole number. False, and nothing is read, when none stands.
static bool lex_clock(Lexer *lexer, double whole, Token *token)
{
    const bool colon = *lexer->at == ':';
    const size_t mark = colon ? 1 : minute_mark(lexer);
    size_t count;
    if (mark == 0 || whole > 99 || digits_ahead(lexer, mark) != 2)
        return false;
    lexer->at += mark;
    double value = whole * 60 + lex_digits(lexer, &count);
    token->kind = TOKEN_CLOCK;
    token->metres = value * 60; // s, were it hours and minutes
    if (colon && lexer->at < lexer->end && *lexer->at == ':' && digits_ahead(lexer, 1) == 2) {
        lexer->at++;
        value = value * 60 + lex_digits(lexer, &count);
        token->metres = value;
    }
    Line line = {.start = lexer->at, .at = lexer->at, .end = lexer->end};
    if (!colon && !line_accept_double_quote(&line) && line_accept_minute_mark(&line))
        line_accept_minute_mark(&line);
    lexer->at = line.at;
    token->low = token->high = value;
    return true;
}

static void lex_number(Lexer *lexer)
{
    size_t count;
    const char *start = lexer->at;
    double value = lex_digits(lexer, &count);
    Token *token = lexer_add(lexer, start, TOKEN_NUMBER);
    lexer->reader->sentence.tells = true;
    if (lexer->at < lexer->end && !lex_clock(lexer, value, token)) {
        const bool comma = *lexer->at == ',', point = *lexer->at == '.';
        const size_t digits = comma || point ? digits_ahead(lexer, 1) : 0;
        if (digits > 0 && digits <= 3) {
            lexer->at++;
            const double more = lex_digits(lexer, &count);
            static const double powers[] = {1, 10, 100, 1000};
            value = comma && digits == 3 ? value * 1000 + more : value + more / powers[digits];
        }
    }
    if (token->kind == TOKEN_NUMBER)
        token->low = token->high = value;
}

// ── marks ──

static const struct {
    const char *mark;
    TokenKind kind;
} MARKS[] = {
    {",", TOKEN_COMMA},   {":", TOKEN_COLON}, {";", TOKEN_SEMICOLON}, {"(", TOKEN_OPEN},
    {"[", TOKEN_OPEN},    {")", TOKEN_CLOSE}, {"]", TOKEN_CLOSE},     {"=", TOKEN_SAME},
    {"/", TOKEN_SLASH},   {"|", TOKEN_CELL},  {"\t", TOKEN_CELL},     {"@", TOKEN_AT},
    {"%", TOKEN_PERCENT}, {"&", TOKEN_AND},   {"~", TOKEN_IS},        {"≈", TOKEN_SAME},
    {"→", TOKEN_ARROW},   {"×", TOKEN_TIMES}, {"✕", TOKEN_TIMES},     {"✖", TOKEN_TIMES},
};

static void lex_mark(Lexer *lexer)
{
    Line line = {.start = lexer->at, .at = lexer->at, .end = lexer->end};
    const char *start = lexer->at;
    const bool tab = *start == '\t';
    size_t length = line_blank(&line);
    if (length > 0 && !tab) {
        lexer->at += length;
        lexer->reader->gap = true;
        return;
    }
    TokenKind kind = TOKEN_OTHER;
    if (line_accept(&line, "->"))
        kind = TOKEN_ARROW;
    else if (line_accept_dash(&line))
        kind = TOKEN_DASH;
    else
        for (size_t i = 0; i < COUNT(MARKS) && kind == TOKEN_OTHER; i++)
            if (line_accept(&line, MARKS[i].mark))
                kind = MARKS[i].kind;
    if (kind != TOKEN_OTHER) {
        lexer->at = line.at;
        lexer_add(lexer, start, kind);
        return;
    }
    // What is bold, quoted, or a bullet says nothing, nor does it part anything; a star between
    // numbers is a times.
    const Sentence *sentence = &lexer->reader->sentence;
    const bool star = *start == '*', number = digits_ahead(lexer, 1) > 0;
    lexer->at++;
    while (lexer->at < lexer->end && ((uint8_t)*lexer->at & 0xc0) == 0x80)
        lexer->at++;
    if (star && number && sentence_kind(sentence, sentence->count - 1) == TOKEN_NUMBER)
        lexer_add(lexer, start, TOKEN_TIMES);
    else if ((uint8_t)*start >= 0x80)
        lexer_add(lexer, start, TOKEN_OTHER);
}

// ── lines ──

// Whether the full stop that was just read ends the sentence: not before a word in small letters,
// nor behind a short form before a number.
static bool ends_here(const Lexer *lexer)
{
    const Sentence *sentence = &lexer->reader->sentence;
    const char *at = lexer->at;
    if (at < lexer->end && *at != ' ' && *at != '"' && *at != ')')
        return false;
    while (at < lexer->end && (*at == ' ' || *at == '"' || *at == ')'))
        at++;
    if (at == lexer->end)
        return true;
    const bool label = sentence->count == 1 && sentence->tokens[0].kind == TOKEN_NUMBER; // "1. …"
    if (label || (*at >= 'a' && *at <= 'z'))
        return false;
    return !is_digit(*at) || sentence_kind(sentence, sentence->count - 1) != TOKEN_IS;
}

// A letter of another script than ours, of which whole articles are made.
static bool lex_foreign(Lexer *lexer)
{
    const uint8_t lead = (uint8_t)*lexer->at;
    if (lead < 0xc4 || lead == 0xe2 || lead == 0xef)
        return false;
    lexer_add(lexer, lexer->at, TOKEN_OTHER);
    while (lexer->at < lexer->end && (uint8_t)*lexer->at >= 0x80 && (uint8_t)*lexer->at != 0xe2 &&
           (uint8_t)*lexer->at != 0xef)
        lexer->at++;
    return true;
}

static void lex_line(Lexer *lexer)
{
    while (lexer->at < lexer->end) {
        const char c = *lexer->at;
        if (c == ' ') {
            lexer->at++;
            lexer->reader->gap = true;
        } else if (is_letter(c))
            lex_word(lexer);
        else if (is_digit(c))
            lex_number(lexer);
        else if (c == '.' || c == '!' || c == '?') {
            lexer->at++;
            if (ends_here(lexer))
                sentence_end(lexer->reader);
        } else if (!lex_foreign(lexer))
            lex_mark(lexer);
    }
}

// Whether a line goes on with the sentence of the line before: only a long line was wrapped, and
// a bullet, a capital, or a row of a table begins anew.
static bool goes_on(const ProseReader *reader, const Line *line)
{
    Line at = *line;
    if (reader->line_length < WRAPPED)
        return false;
    line_skip_blanks(&at);
    const bool small = at.at < at.end && *at.at >= 'a' && *at.at <= 'z';
    return small || line_at_digit(&at) || (at.at < at.end && *at.at == '(');
}

void prose_read_begin(ProseReader *reader, void (*tell)(Sentence *, void *), void *data)
{
    size_t word = 0;
    reader->sentence = (Sentence){0};
    reader->tell = tell;
    reader->data = data;
    reader->line_length = 0;
    reader->gap = true;
    for (size_t letter = 0; letter <= LETTERS; letter++) {
        while (word < COUNT(WORDS) && WORDS[word].word[0] < (char)('a' + letter))
            word++;
        reader->words_from[letter] = (uint8_t)word;
    }
}

void prose_read_line(ProseReader *reader, Line line, uint32_t number)
{
    Lexer lexer = {.reader = reader, .at = line.at, .end = line.end, .number = number};
    if (!goes_on(reader, &line))
        sentence_end(reader);
    lex_line(&lexer);
    reader->gap = true;
    reader->line_length = line_at_end(&line) ? 0 : (size_t)(line.end - line.at);
}

void prose_read_title(ProseReader *reader, Line line, uint32_t number)
{
    sentence_end(reader);
    reader->sentence.title = true;
    prose_read_line(reader, line, number);
    sentence_end(reader);
    reader->sentence.title = false;
    reader->line_length = 0;
}

void prose_read_end(ProseReader *reader)
{
    sentence_end(reader);
    reader->line_length = 0;
}
