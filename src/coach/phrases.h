// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The words, as data: one template per phrase and the number words of one language, taken from
// config/phrases.conf by io/phrases-file.h. The core never reads a file; an English set is built in
// so that a missing or broken file costs nothing but the translation.
//
// Templates hold {placeholders}; which ones a phrase knows is part of its entry in the table of
// phrases.c, and a template with an unknown one is refused when it is set.

#pragma once

#include "base/units.h"

#define PHRASE_MAX      160 // bytes with the NUL
#define NUMBER_WORDS    100 // zero … ninety-nine
#define NUMBER_WORD_MAX 40

typedef enum {
#define PHRASE(id, key, english, placeholders) id,
#include "coach/phrases.def"
#undef PHRASE
    PHRASE_COUNT,
} PhraseId;

typedef struct {
    char language[16]; // BCP 47, e.g. "en"
    char phrase[PHRASE_COUNT][PHRASE_MAX];
    char number[NUMBER_WORDS][NUMBER_WORD_MAX];
} Phrases;

void phrases_init_english(Phrases *ret_phrases);

const char *phrase_key(PhraseId id); // its key in the file, e.g. "step-distance"
bool phrase_from_key(const char *key, PhraseId *ret_id);

// Replaces one phrase. False, with the reason in *ret_why (static text), when it is too long, is
// not UTF-8, or names a placeholder that the phrase does not have; the old one then stays.
bool phrases_set(Phrases *phrases, PhraseId id, const char *text, const char **ret_why);
bool phrases_set_numbers(Phrases *phrases, const char *const *words, size_t count,
                         const char **ret_why);
