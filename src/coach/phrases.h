// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The words, as data: one template per phrase and the number words of one language, taken from
// config/phrases/ by phrases_load() (io/config.h). The core never reads a file; an English set is
// built in, so that a missing or broken file costs nothing but the translation.
//
// Templates hold {placeholders}; which ones a phrase knows is part of its entry in phrases.def, and
// a template with an unknown one is refused when it is set. A number agrees with its noun by a
// letter behind the placeholder's name: {n-f} is the text given for n, with its last letters
// changed as PHRASE_ENDINGS_F says, {n-m} and {n-g} likewise. "eins ein;um uma": the first one that
// fits.

#pragma once

#include "base/units.h"
#include "coach/cue.h"

#define PHRASE_MAX      160 // bytes with the NUL
#define NUMBER_WORDS    100 // zero … ninety-nine
#define NUMBER_WORD_MAX 40

typedef enum {
#define PHRASE(id, key, english, placeholders) id,
#include "coach/phrases.def"
#undef PHRASE
    PHRASE_COUNT,
} PhraseId;

// Some words on their way into a cue. By value, so that phrases nest without anybody owning them.
typedef struct {
    char text[CUE_TEXT_MAX];
} Words;

typedef struct {
    char language[16]; // BCP 47 of the words themselves, e.g. "en"
    char phrase[PHRASE_COUNT][PHRASE_MAX];
    char number[NUMBER_WORDS][NUMBER_WORD_MAX];
} Phrases;

void phrases_init_english(Phrases *ret_phrases);

const char *phrase_key(PhraseId id); // its key in the file, e.g. "step-paced"
bool phrase_from_key(const char *key, PhraseId *ret_id);

// Those that it may hold, separated by spaces.
const char *phrase_placeholders(PhraseId id);

// Replaces one phrase. False, with the reason in *ret_why (static text), when it is empty or too
// long, is not UTF-8 or not printable, or names a placeholder that the phrase does not have, or is
// not what PHRASE_TEMPO, PHRASE_PLURAL, PHRASE_HUNDRED_WORDS or the endings need; the old one then
// stays.
bool phrases_set(Phrases *phrases, PhraseId id, const char *text, const char **ret_why);

// Replaces all number words, or none.
bool phrases_set_numbers(Phrases *phrases, const char *const *words, size_t count,
                         const char **ret_why);

bool phrases_has(const Phrases *phrases, PhraseId id); // English has not all of them

typedef enum {
    PLURAL_ONE,
    PLURAL_FEW,
    PLURAL_MANY,
} Plural;

// Which form this number takes; PLURAL_FEW only in languages that have it.
Plural phrases_plural(const Phrases *phrases, uint64_t number);

// The rate by which to plan what this language's voice is given at so many words a minute.
int phrases_rate(const Phrases *phrases, int words_a_minute);

// Three hundred, of 3: 1 … 9.
Words phrases_hundreds(const Phrases *phrases, unsigned hundreds);

// The template with its placeholders replaced, given as pairs of name and text and closed by NULL:
// phrases_fill(phrases, PHRASE_COMING, "lead", "five", "step", "one kilometre", NULL). A missing
// placeholder becomes nothing; what does not fit is cut between characters.
Words phrases_fill(const Phrases *phrases, PhraseId id, ...) __attribute__((sentinel));
