// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cuts an article into sentences, and these into tokens. What is hard is to be fast where nothing
// is said, which is nearly everywhere, and to know where a sentence ends: lines may be wrapped or
// stand for themselves, a row of a table is a sentence, and "1.6" and "approx." end none.

#include "workout/prose-token.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORD_LONGEST 16
#define NUMBER_MOST  1e6 // in an article nothing counts that is more
#define WRAPPED      40  // bytes: a shorter line was not wrapped but ended

typedef struct {
    const char *word;
    TokenKind kind;
    double value;
} Word;

static const Word WORDS[] = {
#define WORD(word, kind, value) {word, kind, value},
#include "workout/prose-words.def"
#undef WORD
};

#define LETTERS 26
_Static_assert(COUNT(WORDS) <= UINT16_MAX, "words_from[] counts them");

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
    sentence->past = sentence->variant = sentence->warm = sentence->supposed = false;
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
    sentence->supposed |= kind == TOKEN_IF;
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
        const bool dotted = length == 1 && *lexer->at == '.' && lexer->end - lexer->at > 2 &&
                            is_letter(lexer->at[1]) && !is_letter(lexer->at[2]);
        const size_t skip = dotted ? 1 : apostrophe(lexer->at, lexer->end); // "e.g."
        if (skip == 0)
            break;
        lexer->at += skip;
    }
    const Word *word = length < WORD_LONGEST ? word_find(lexer->reader, lower) : NULL;
    Token *token = lexer_add(lexer, start, word != NULL ? word->kind : TOKEN_OTHER);
    if (word == NULL)
        return;
    token->low = token->high = word->value;
    // "5K" is a race, and "a 6:00 mile" one that is run; "6:00 miles" are a pace.
    token->named = (word->kind == TOKEN_KM && length == 1) ||
                   (word->kind == TOKEN_MILE && strcmp(word->word, "mile") == 0);
    sentence_note(&lexer->reader->sentence, word->kind);
}

// ── numbers ──

static double lex_digits(Lexer *lexer, size_t *ret_count)
{
    double value = 0;
    const char *start = lexer->at;
    for (; lexer->at < lexer->end && is_digit(*lexer->at); lexer->at++)
        value = fmin(value * 10 + (*lexer->at - '0'), NUMBER_MOST);
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

static bool follows(const Lexer *lexer, TokenKind kind)
{
    const Sentence *sentence = &lexer->reader->sentence;
    return sentence_kind(sentence, sentence->count - 1) == kind; // none is before the first
}

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
        if (kind != TOKEN_COMMA || !follows(lexer, TOKEN_IS)) // "e.g., 8:00"
            lexer_add(lexer, start, kind);
        return;
    }
    // What is bold, quoted, or a bullet says nothing, nor does it part anything; a star between
    // numbers is a times.
    const bool star = *start == '*', number = digits_ahead(lexer, 1) > 0;
    lexer->at++;
    while (lexer->at < lexer->end && ((uint8_t)*lexer->at & 0xc0) == 0x80)
        lexer->at++;
    if (star && number && follows(lexer, TOKEN_NUMBER))
        lexer_add(lexer, start, TOKEN_TIMES);
    else if ((uint8_t)*start >= 0x80)
        lexer_add(lexer, start, TOKEN_OTHER);
}

// ── lines ──

// Whether the full stop that was just read ends the sentence: not before a word in small letters,
// nor behind a short form before a number.
static bool ends_here(const Lexer *lexer)
{
    const char *at = lexer->at;
    if (at < lexer->end && *at != ' ' && *at != '"' && *at != ')')
        return false;
    while (at < lexer->end && (*at == ' ' || *at == '"' || *at == ')'))
        at++;
    if (at == lexer->end)
        return true;
    if (*at >= 'a' && *at <= 'z')
        return false;
    return !is_digit(*at) || !follows(lexer, TOKEN_IS);
}

static void lex_stop(Lexer *lexer)
{
    const Sentence *sentence = &lexer->reader->sentence;
    const char *start = lexer->at++;
    if (sentence->count == 1 && sentence->tokens[0].kind == TOKEN_NUMBER && ends_here(lexer))
        lexer_add(lexer, start, TOKEN_CLOSE); // "1. …", as "1) …"
    else if (ends_here(lexer))
        sentence_end(lexer->reader);
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
            lex_stop(lexer);
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
        reader->words_from[letter] = (uint16_t)word;
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
