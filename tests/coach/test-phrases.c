// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a user may write into the phrases, and that nothing he writes can break a cue.

#include "coach/phrases.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static Phrases phrases;

static void setup(void)
{
    phrases_init_english(&phrases);
}

#define EXPECT_TEXT(text, expected) cr_expect(eq(str, (char *)(text), (char *)(expected)))

TestSuite(phrases, .init = setup);

Test(phrases, every_phrase_has_its_own_key_and_sound_english)
{
    for (size_t id = 0; id < PHRASE_COUNT; id++) {
        PhraseId found = PHRASE_COUNT;
        cr_expect(phrase_from_key(phrase_key((PhraseId)id), &found));
        cr_expect(eq(sz, (size_t)found, id));
        char copy[PHRASE_MAX];
        if (!phrases_has(&phrases, (PhraseId)id))
            continue; // English does without
        strcpy(copy, phrases.phrase[id]);
        const char *why = "";
        cr_expect(phrases_set(&phrases, (PhraseId)id, copy, &why), "%s: %s", copy, why);
    }
    PhraseId untouched = PHRASE_GO;
    cr_expect(not(phrase_from_key("no-such-phrase", &untouched)));
    cr_expect(eq(int, (int)untouched, (int)PHRASE_GO));
}

Test(phrases, what_can_be_set_and_what_not)
{
    char long_text[PHRASE_MAX + 1];
    memset(long_text, 'a', PHRASE_MAX);
    long_text[PHRASE_MAX] = 0;
    const struct {
        PhraseId id;
        const char *text, *why; // why NULL: accepted
    } cases[] = {
        {PHRASE_GO, "los", NULL},
        {PHRASE_GO, "läuft 走れ \xf0\x9f\x8f\x83", NULL},
        {PHRASE_COMING, "{step} in {lead}", NULL},
        {PHRASE_COMING, "gleich", NULL},
        {PHRASE_GO, "", "empty"},
        {PHRASE_GO, "  ", "empty"},
        {PHRASE_GO, long_text, "too long"},
        {PHRASE_GO, long_text + 1, NULL},
        {PHRASE_GO, "{step}", "an unknown placeholder"},
        {PHRASE_COMING, "{lea}", "an unknown placeholder"},
        {PHRASE_COMING, "{}", "an unknown placeholder"},
        {PHRASE_COMING, "{lead", "a brace without its partner"},
        {PHRASE_COMING, "lead}", "a brace without its partner"},
        {PHRASE_COMING, "{le{ad}", "a brace without its partner"},
        {PHRASE_MINUTES, "{n-f} minutos", NULL},
        {PHRASE_MINUTES, "{n-x} minutos", "an unknown placeholder"},
        {PHRASE_MINUTES, "{-f} minutos", "an unknown placeholder"},
        {PHRASE_GO, "{n-f}", "an unknown placeholder"},
        {PHRASE_ENDINGS_F, "um uma;dois duas", NULL},
        {PHRASE_ENDINGS_F, "um", "not pairs of endings, as in \"eins ein;zwei zwo\""},
        {PHRASE_ENDINGS_F, "um uma;", "not pairs of endings, as in \"eins ein;zwei zwo\""},
        {PHRASE_ENDINGS_M, "um uma duas", "not pairs of endings, as in \"eins ein;zwei zwo\""},
        {PHRASE_ENDINGS_G, " uma", "not pairs of endings, as in \"eins ein;zwei zwo\""},
        {PHRASE_ENDINGS_G, "um ;dois duas", "not pairs of endings, as in \"eins ein;zwei zwo\""},
        {PHRASE_TEMPO, "85", NULL},
        {PHRASE_TEMPO, "0", "not a number from 50 to 200"},
        {PHRASE_TEMPO, "99999999999", "not a number from 50 to 200"},
        {PHRASE_TEMPO, "fast", "not a number from 50 to 200"},
        {PHRASE_PLURAL, "pl", NULL},
        {PHRASE_PLURAL, "polish", "not one of en, fr, pl, ru, cs and ja"},
        {PHRASE_HUNDRED_WORDS, "a;b;c;d;e;f;g;h;i", NULL},
        {PHRASE_HUNDRED_WORDS, "a;b;c;d;e;f;g;h", "not nine words, one hundred to nine hundred"},
        {PHRASE_HUNDRED_WORDS, "a;b;c;d;;f;g;h;i", "not nine words, one hundred to nine hundred"},
        {PHRASE_HUNDRED_WORDS, "a;b;c;d;e;f;g;h;i;j",
         "not nine words, one hundred to nine hundred"},
        {PHRASE_GO, "a\tb", "not printable UTF-8 text"},
        {PHRASE_GO, "a\x7f", "not printable UTF-8 text"},
        {PHRASE_GO, "\xc3", "not printable UTF-8 text"},
        {PHRASE_GO, "\x80", "not printable UTF-8 text"},
        {PHRASE_GO, "\xc0\xaf", "not printable UTF-8 text"},
        {PHRASE_GO, "\xe0\x80\xaf", "not printable UTF-8 text"},
        {PHRASE_GO, "\xed\xa0\x80", "not printable UTF-8 text"},
        {PHRASE_GO, "\xf0\x80\x80\x80", "not printable UTF-8 text"},
        {PHRASE_GO, "\xf4\x90\x80\x80", "not printable UTF-8 text"},
        {PHRASE_GO, "\xff", "not printable UTF-8 text"},
        {PHRASE_GO, "\xc2\x85", "not printable UTF-8 text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char before[PHRASE_MAX];
        strcpy(before, phrases.phrase[cases[i].id]);
        const char *why = NULL;
        bool set = phrases_set(&phrases, cases[i].id, cases[i].text, &why);
        cr_expect(eq(int, set, cases[i].why == NULL), "%zu", i);
        if (cases[i].why)
            cr_expect(eq(str, (char *)why, (char *)cases[i].why), "%zu", i);
        cr_expect(eq(str, phrases.phrase[cases[i].id], (char *)(set ? cases[i].text : before)));
    }
}

Test(phrases, number_words_are_all_or_nothing)
{
    const char *words[NUMBER_WORDS], *why = NULL;
    for (size_t i = 0; i < NUMBER_WORDS; i++)
        words[i] = "n";
    cr_expect(not(phrases_set_numbers(&phrases, words, 99, &why)));
    EXPECT_TEXT(why, "not a hundred words, zero to ninety-nine");
    words[99] = "neunundneunzigtausendneunhundertneunundneunzig";
    cr_expect(not(phrases_set_numbers(&phrases, words, 100, &why)));
    EXPECT_TEXT(why, "too long");
    EXPECT_TEXT(phrases.number[0], "zero");
    words[99] = "neunundneunzig";
    cr_expect(phrases_set_numbers(&phrases, words, 100, &why));
    EXPECT_TEXT(phrases.number[99], "neunundneunzig");
}

Test(phrases, filling_follows_the_template_not_the_order_of_the_arguments)
{
    const char *why;
    cr_assert(phrases_set(&phrases, PHRASE_COMING, "{step}, {step}! in {lead}", &why));
    Words words = phrases_fill(&phrases, PHRASE_COMING, "lead", "five", "step", "run", NULL);
    EXPECT_TEXT(words.text, "run, run! in five");
    words = phrases_fill(&phrases, PHRASE_COMING, "lead", "five", NULL);
    EXPECT_TEXT(words.text, ", ! in five");
}

Test(phrases, what_does_not_fit_is_cut_between_characters)
{
    char text[CUE_TEXT_MAX + 50];
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 3);
    const char *why;
    cr_assert(phrases_set(&phrases, PHRASE_COMING, "{lead}{step}", &why));
    Words even = phrases_fill(&phrases, PHRASE_COMING, "lead", "", "step", text, NULL);
    Words odd = phrases_fill(&phrases, PHRASE_COMING, "lead", "a", "step", text, NULL);
    cr_expect(eq(sz, strlen(even.text), CUE_TEXT_MAX - 2));
    cr_expect(eq(sz, strlen(odd.text), CUE_TEXT_MAX - 1));
}

// Russian, Czech and Japanese have no file yet; what follows is how they count.
Test(phrases, ways_to_count)
{
    static const struct {
        const char *language;
        const char *forms; // of 0, 1, 2, 4; 5, 11, 12, 21, 22; 101: one, few, many
    } cases[] = {
        {"en", "momm mmmmm m"}, {"fr", "oomm mmmmm m"}, {"pl", "moff mmmmf m"},
        {"ru", "moff mmmof o"}, {"cs", "moff mmmmm m"}, {"ja", "mmmm mmmmm m"},
    };
    static const unsigned numbers[] = {0, 1, 2, 4, 0, 5, 11, 12, 21, 22, 0, 101};
    const char *why;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert(phrases_set(&phrases, PHRASE_PLURAL, cases[i].language, &why));
        for (size_t n = 0; cases[i].forms[n]; n++) {
            const char form = "ofm"[phrases_plural(&phrases, numbers[n])];
            if (cases[i].forms[n] != ' ')
                cr_expect(eq(chr, form, cases[i].forms[n]), "%s %u", cases[i].language, numbers[n]);
        }
    }
    cr_expect(eq(int, (int)phrases_plural(&phrases, 112), (int)PLURAL_MANY));
}

Test(phrases, sentences_begin_with_a_capital_in_every_script_that_has_one)
{
    Cue cue;
    cue_set_text(&cue, "eins. zwei. él. ÷. średnio. łatwo. ż. ć. 4. 走");
    EXPECT_TEXT(cue.text, "eins. Zwei. Él. ÷. Średnio. Łatwo. Ż. Ć. 4. 走");
    cue_set_text(&cue, "a. Ś. Ł. Ć. ÿ. ſ");
    EXPECT_TEXT(cue.text, "a. Ś. Ł. Ć. ÿ. ſ");
}
