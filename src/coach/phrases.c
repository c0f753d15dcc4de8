// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Templates, checked when they are set so that filling them cannot fail: whatever a user wrote into
// the file, a cue in mid-run is only ever a cut text, never a broken one.

#include "coach/phrases.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *key, *english, *placeholders;
} table[PHRASE_COUNT] = {
#define PHRASE(id, key, english, placeholders) [id] = {key, english, placeholders},
#include "coach/phrases.def"
#undef PHRASE
};

// "zero" to "ninety-nine".
static void english_number(size_t number, char ret_word[NUMBER_WORD_MAX])
{
    static const char ones[20][10] = {
        "zero",     "one",     "two",     "three",     "four",     "five",     "six",
        "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    };
    static const char tens[8][8] = {"twenty", "thirty",  "forty",  "fifty",
                                    "sixty",  "seventy", "eighty", "ninety"};
    const char *one = number < 20 ? ones[number] : number % 10 != 0 ? ones[number % 10] : "";
    snprintf(ret_word, NUMBER_WORD_MAX, "%s%s%s", number < 20 ? "" : tens[number / 10 - 2],
             number < 20 || *one == '\0' ? "" : "-", one);
}

void phrases_init_english(Phrases *ret_phrases)
{
    *ret_phrases = (Phrases){.language = "en"};
    for (size_t id = 0; id < PHRASE_COUNT; id++)
        memcpy(ret_phrases->phrase[id], table[id].english, strlen(table[id].english) + 1);
    for (size_t number = 0; number < NUMBER_WORDS; number++)
        english_number(number, ret_phrases->number[number]);
}

const char *phrase_key(PhraseId id)
{
    return table[id].key;
}

bool phrase_from_key(const char *key, PhraseId *ret_id)
{
    for (size_t id = 0; id < PHRASE_COUNT; id++)
        if (strcmp(table[id].key, key) == 0) {
            *ret_id = (PhraseId)id;
            return true;
        }
    return false;
}

const char *phrase_placeholders(PhraseId id)
{
    return table[id].placeholders;
}

bool phrases_has(const Phrases *phrases, PhraseId id)
{
    return phrases->phrase[id][0] != '\0';
}

// Bytes of the well-formed UTF-8 character at `text`; 0 for anything else, also for a control
// character, an over-long form or a surrogate.
static size_t character_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    if (at[0] < 0x80)
        return at[0] >= 0x20 && at[0] != 0x7f;
    size_t length = at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool outside = (at[0] == 0xed && at[1] >= 0xa0) || (at[0] == 0xf4 && at[1] >= 0x90);
    bool control = at[0] == 0xc2 && at[1] < 0xa0;
    return overlong || outside || control ? 0 : length;
}

static const char *check_text(const char *text, size_t size)
{
    bool visible = false;
    const char *at = text;
    for (size_t length; *at; at += length) {
        length = character_length(at);
        if (length == 0)
            return "not printable UTF-8 text";
        visible = visible || *at != ' ';
    }
    if (!visible)
        return "empty";
    return (size_t)(at - text) < size ? NULL : "too long";
}

// Whether `name` is one of the words of `list`.
static bool lists(const char *list, const char *name, size_t length)
{
    for (const char *at = list; *at;) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, name, length) == 0)
            return true;
        at += word;
        at += strspn(at, " ");
    }
    return false;
}

// The endings that the last letter of a placeholder's name asks for: {n-f}.
static PhraseId endings_of(const char *name, size_t length)
{
    if (length < 3 || name[length - 2] != '-')
        return PHRASE_COUNT;
    switch (name[length - 1]) {
    case 'm':
        return PHRASE_ENDINGS_M;
    case 'f':
        return PHRASE_ENDINGS_F;
    case 'g':
        return PHRASE_ENDINGS_G;
    }
    return PHRASE_COUNT;
}

// Without that letter.
static size_t name_length(const char *name, size_t length)
{
    return endings_of(name, length) == PHRASE_COUNT ? length : length - 2;
}

static const char *check_placeholders(const char *text, const char *known)
{
    while (*(text += strcspn(text, "{}"))) {
        size_t length = strcspn(text + 1, "{}");
        if (*text == '}' || text[1 + length] != '}')
            return "a brace without its partner";
        if (!lists(known, text + 1, name_length(text + 1, length)))
            return "an unknown placeholder";
        text += length + 2;
    }
    return NULL;
}

// ── what is no template ──

static const char *const plurals[] = {"en", "fr", "pl", "ru", "cs", "ja"};

static const char *check_plural(const char *text)
{
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++)
        if (strcmp(text, plurals[i]) == 0)
            return NULL;
    return "not one of en, fr, pl, ru, cs and ja";
}

static const char *check_endings(const char *text)
{
    for (;;) {
        size_t pair = strcspn(text, ";");
        size_t from = strcspn(text, " ");
        const bool whole =
            from > 0 && from + 1 < pair && !memchr(text + from + 1, ' ', pair - from - 1);
        if (!whole)
            return "not pairs of endings, as in \"eins ein;zwei zwo\"";
        text += pair;
        if (*text++ == '\0')
            return NULL;
    }
}

// The nth word of a list; *ret_length is 0 behind its end.
static const char *item(const char *list, unsigned n, size_t *ret_length)
{
    for (; n > 0 && *list; n--) {
        list += strcspn(list, ";");
        list += *list == ';';
    }
    *ret_length = strcspn(list, ";");
    return list;
}

static const char *check_hundreds(const char *text)
{
    size_t length, last;
    for (unsigned n = 0; n < 9; n++) {
        text = item(text, n > 0, &length);
        if (length == 0)
            return "not nine words, one hundred to nine hundred";
    }
    item(text, 1, &last);
    return last == 0 ? NULL : "not nine words, one hundred to nine hundred";
}

static unsigned percent(const char *text)
{
    unsigned value = 0;
    for (; *text >= '0' && *text <= '9' && value < 1000; text++)
        value = value * 10 + (unsigned)(*text - '0');
    return *text ? 0 : value;
}

static const char *check_tempo(const char *text)
{
    return percent(text) >= 50 && percent(text) <= 200 ? NULL : "not a number from 50 to 200";
}

static const char *check_phrase(PhraseId id, const char *text)
{
    if (id == PHRASE_PLURAL)
        return check_plural(text);
    if (id == PHRASE_TEMPO)
        return check_tempo(text);
    if (id == PHRASE_HUNDRED_WORDS)
        return check_hundreds(text);
    if (id == PHRASE_ENDINGS_M || id == PHRASE_ENDINGS_F || id == PHRASE_ENDINGS_G)
        return check_endings(text);
    return check_placeholders(text, table[id].placeholders);
}

bool phrases_set(Phrases *phrases, PhraseId id, const char *text, const char **ret_why)
{
    const char *why = check_text(text, PHRASE_MAX);
    if (!why)
        why = check_phrase(id, text);
    if (why) {
        *ret_why = why;
        return false;
    }
    memcpy(phrases->phrase[id], text, strlen(text) + 1);
    return true;
}

bool phrases_set_numbers(Phrases *phrases, const char *const *words, size_t count,
                         const char **ret_why)
{
    if (count != NUMBER_WORDS) {
        *ret_why = "not a hundred words, zero to ninety-nine";
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *why = check_text(words[i], NUMBER_WORD_MAX);
        if (why) {
            *ret_why = why;
            return false;
        }
    }
    for (size_t i = 0; i < count; i++)
        memcpy(phrases->number[i], words[i], strlen(words[i]) + 1);
    return true;
}

// Appends what fits of `length` bytes, whole characters only.
static void append(Words *words, size_t *used, const char *text, size_t length)
{
    size_t room = sizeof words->text - 1 - *used;
    if (length > room)
        for (length = room; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    memcpy(words->text + *used, text, length);
    *used += length;
}

int phrases_rate(const Phrases *phrases, int words_a_minute)
{
    return words_a_minute * 100 / (int)percent(phrases->phrase[PHRASE_TEMPO]);
}

Words phrases_hundreds(const Phrases *phrases, unsigned hundreds)
{
    Words words = {0};
    size_t used = 0, length;
    const char *word = item(phrases->phrase[PHRASE_HUNDRED_WORDS], hundreds - 1, &length);
    append(&words, &used, word, length);
    return words;
}

// Counts as Polish, Russian and Czech do; there is no fourth with few.
static Plural slavic(const char *language, uint64_t number)
{
    const uint64_t one = number % 10, ten = number / 10 % 10;
    const bool few = one >= 2 && one <= 4 && ten != 1;
    if (number == 1 || (language[0] == 'r' && one == 1 && ten != 1))
        return PLURAL_ONE;
    return few && (language[0] != 'c' || number < 5) ? PLURAL_FEW : PLURAL_MANY;
}

Plural phrases_plural(const Phrases *phrases, uint64_t number)
{
    const char *language = phrases->phrase[PHRASE_PLURAL];
    switch (language[0]) {
    case 'p':
    case 'r':
    case 'c':
        return slavic(language, number);
    case 'j':
        return PLURAL_MANY;
    case 'f':
        return number <= 1 ? PLURAL_ONE : PLURAL_MANY;
    }
    return number == 1 ? PLURAL_ONE : PLURAL_MANY;
}

// Appends a value with its ending changed.
static void append_agreeing(Words *words, size_t *used, const char *value, const char *endings)
{
    size_t length = strlen(value);
    while (*endings) {
        size_t pair = strcspn(endings, ";"), from = strcspn(endings, " ");
        if (from <= length && memcmp(value + length - from, endings, from) == 0) {
            append(words, used, value, length - from);
            append(words, used, endings + from + 1, pair - from - 1);
            return;
        }
        endings += pair;
        endings += *endings == ';';
    }
    append(words, used, value, length);
}

Words phrases_fill(const Phrases *phrases, PhraseId id, ...)
{
    Words words = {0};
    size_t used = 0;
    const char *at = phrases->phrase[id];
    for (;;) {
        size_t plain = strcspn(at, "{");
        append(&words, &used, at, plain);
        at += plain;
        if (!*at)
            return words;
        size_t length = strcspn(++at, "}"), named = name_length(at, length);
        const PhraseId agrees = endings_of(at, length);
        const char *endings = agrees == PHRASE_COUNT ? "" : phrases->phrase[agrees];
        va_list pairs;
        va_start(pairs, id);
        for (const char *name; (name = va_arg(pairs, const char *));) {
            const char *value = va_arg(pairs, const char *);
            if (strlen(name) == named && memcmp(name, at, named) == 0)
                append_agreeing(&words, &used, value, endings);
        }
        va_end(pairs);
        at += length + 1;
    }
}
