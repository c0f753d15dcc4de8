// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Every shipped language says what its page in languages/ says, which somebody read aloud before it
// came there; PACED_BLESS=1 writes the pages anew. And its voice takes as long as the coach plans.

#include "coach/sample.h"
#include "coach/words.h"
#include "io/config.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <string.h>

#define SHIPPED TEST_DATA "/../../config"

static const char *const languages[] = {"en", "de", "es", "fr", "it", "nl", "pl", "pt", "pt-br"};

static Phrases phrases;
static Plan plan;
static Sample samples[SAMPLES_MAX];

static void load(const char *language)
{
    const char *const directories[] = {SHIPPED, NULL};
    g_auto(GStrv) warnings = phrases_load(directories, language, &phrases);
    cr_assert_null(warnings[0], "%s", warnings[0]);
    cr_assert(eq(str, phrases.language, (char *)language));
}

static void add(GString *page, const char *what, const char *value, Words words)
{
    cr_assert(strlen(words.text) < sizeof words.text - 4, "cut: %s", words.text);
    cr_assert(strpbrk(words.text, "0123456789{}") == NULL, "%s", words.text);
    g_string_append_printf(page, "%s %s = %s\n", what, value, words.text);
}

static void add_number(GString *page, const char *what, double value, Words words)
{
    g_autofree char *text = g_strdup_printf("%g", value);
    add(page, what, text, words);
}

static void add_counts(GString *page)
{
    static const unsigned numbers[] = {0,    1,    2,    5,    12,    21,   22,  25,   31,
                                       71,   80,   81,   99,   100,   101,  105, 121,  152,
                                       200,  205,  421,  500,  555,   700,  900, 1000, 1001,
                                       1200, 1609, 2000, 5021, 21098, 80000};
    static const unsigned readings[] = {58, 100, 105, 121, 152, 168, 182, 200, 255, 310};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        add_number(page, "number", numbers[i], words_number(&phrases, numbers[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(readings); i++)
        add_number(page, "reading", readings[i], words_reading(&phrases, readings[i]));
}

static void add_paces(GString *page)
{
    static const unsigned paces[] = {171, 181, 235, 240, 241, 245, 250,
                                     281, 290, 300, 330, 421, 600};
    for (size_t i = 0; i < G_N_ELEMENTS(paces); i++) {
        const PaceTarget km = {(uint16_t)paces[i], PACE_PER_KM},
                         mile = {(uint16_t)paces[i], PACE_PER_MILE};
        g_autofree char *text = g_strdup_printf("%u:%02u", paces[i] / 60, paces[i] % 60);
        add(page, "pace", text, words_clock(&phrases, km.seconds));
        if (i % 4 == 0)
            add(page, "pace a kilometre", text, words_pace(&phrases, km));
        if (i % 4 == 0)
            add(page, "pace a mile", text, words_pace(&phrases, mile));
    }
}

static void add_speeds(GString *page)
{
    static const double speeds[] = {9, 9.5, 12, 13.4, 22};
    for (size_t i = 0; i < G_N_ELEMENTS(speeds); i++) {
        add_number(page, "km/h", speeds[i],
                   words_speed(&phrases, speeds[i] / 3.6, PACE_PER_KM, true));
        add_number(page, "mph", speeds[i],
                   words_speed(&phrases, speeds[i] * 1.609344 / 3.6, PACE_PER_MILE, true));
    }
    add_number(page, "speed", 9.5, words_speed(&phrases, 9.5 / 3.6, PACE_PER_KM, false));
}

static void add_lengths(GString *page)
{
    static const unsigned splits[] = {1, 21, 52, 86, 99, 100, 121, 292, 300, 3605};
    static const unsigned seconds[] = {
        0,   1,   2,   5,   12,   21,   22,   30,   45,   60,   72,   84,   90,   95,    120,
        130, 181, 300, 720, 1050, 1260, 1320, 2460, 3600, 3661, 4500, 7262, 9000, 18000, 75600};
    static const unsigned metres[] = {1,    2,     22,    101,   121,   200,   400,  402,
                                      800,  1000,  1500,  1600,  2000,  2050,  1250, 2100,
                                      5000, 10000, 21000, 21097, 22000, 25000, 42195};
    static const double miles[] = {0.25, 0.5, 1, 1.5, 2, 3.1, 5, 13.1, 21, 22};
    for (size_t i = 0; i < G_N_ELEMENTS(splits); i++)
        add_number(page, "split", splits[i], words_split(&phrases, splits[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++)
        add_number(page, "seconds", seconds[i],
                   words_duration(&phrases, seconds[i] * USEC_PER_SEC));
    for (size_t i = 0; i < G_N_ELEMENTS(metres); i++)
        add_number(page, "metres", metres[i],
                   words_distance(&phrases, metres[i] * INT64_C(1000), WRITTEN_KM, 2));
    for (size_t i = 0; i < G_N_ELEMENTS(miles); i++)
        add_number(page, "miles", miles[i],
                   words_distance(&phrases, (int64_t)(miles[i] * 1609344), WRITTEN_MILES, 2));
}

static char *page_of(const char *language)
{
    GString *page = g_string_new(NULL);
    load(language);
    add_counts(page);
    add_paces(page);
    add_speeds(page);
    add_lengths(page);
    const size_t count = samples_make(&phrases, &plan, samples);
    for (size_t i = 0; i < count; i++)
        add(page, "cue", samples[i].name, samples[i].text);
    return g_string_free(page, FALSE);
}

Test(languages, what_is_said)
{
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autofree char *said = page_of(languages[i]), *expected = NULL;
        g_autofree char *path = g_strdup_printf(TEST_DATA "/languages/%s.txt", languages[i]);
        if (g_getenv("PACED_BLESS"))
            g_file_set_contents(path, said, -1, NULL);
        cr_assert(g_file_get_contents(path, &expected, NULL, NULL), "%s", path);
        g_auto(GStrv) lines = g_strsplit(said, "\n", -1), pages = g_strsplit(expected, "\n", -1);
        cr_expect(eq(int, (int)g_strv_length(lines), (int)g_strv_length(pages)), "%s", path);
        for (size_t n = 0; lines[n] && pages[n]; n++)
            cr_expect(eq(str, lines[n], pages[n]), "%s:%zu", path, n + 1);
    }
}

// No number in a language that is cut, or has a template's hole.
Test(languages, every_number_has_words)
{
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        load(languages[i]);
        g_autoptr(GString) page = g_string_new(NULL);
        for (uint32_t n = 0; n < 100000; n += n < 8000 ? 1 : 997) {
            g_string_truncate(page, 0);
            add_number(page, "", n, words_number(&phrases, n));
            add_number(page, "", n, words_reading(&phrases, n));
            add_number(page, "", n, words_split(&phrases, n));
            add_number(page, "", n, words_duration(&phrases, n * USEC_PER_SEC));
            add_number(page, "", n, words_distance(&phrases, n * INT64_C(1000), WRITTEN_MILES, 3));
        }
    }
}

// ── the voice ──

static size_t spoken; // samples

static int on_pcm(short *pcm, int count, espeak_EVENT *events)
{
    spoken += (size_t)count;
    return 0;
}

static double speak(const char *text)
{
    spoken = 0;
    cr_assert(eq(int,
                 (int)espeak_ng_Synthesize(text, strlen(text) + 1, 0, POS_CHARACTER, 0,
                                           espeakCHARS_UTF8, NULL, NULL),
                 (int)ENS_OK));
    return (double)spoken / espeak_ng_GetSampleRate();
}

// Of what takes longer than a second; a word alone is a tenth of a second more or less. A cue that
// is thought shorter than it is runs into the countdown, so at most a tenth; one that is thought
// longer is only left out or shortened sooner, and should not be so on the whole.
Test(languages, the_voice_takes_as_long_as_is_planned)
{
    espeak_ng_ERROR_CONTEXT context = NULL;
    espeak_ng_InitializePath(NULL);
    cr_assert(eq(int, (int)espeak_ng_Initialize(&context), (int)ENS_OK));
    espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, 200, NULL);
    espeak_SetSynthCallback(on_pcm);
    espeak_ng_SetParameter(espeakRATE, WORDS_A_MINUTE_DEFAULT, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        const char *language = strcmp(languages[i], "en") == 0 ? "en-us" : languages[i];
        cr_assert(eq(int,
                     (int)espeak_ng_SetVoiceByProperties(&(espeak_VOICE){.languages = language}),
                     (int)ENS_OK));
        load(languages[i]);
        const int rate = phrases_rate(&phrases, WORDS_A_MINUTE_DEFAULT);
        const size_t count = samples_make(&phrases, &plan, samples);
        double planned = 0, taken = 0;
        for (size_t n = 0; n < count; n++) {
            const double takes = speak(samples[n].text.text);
            const double told = usec_to_s(speech_duration(samples[n].text.text, rate));
            planned += told;
            taken += takes;
            cr_expect(told > takes * 0.9 - 0.1, "%s: %s: %.2f s, not %.2f", language,
                      samples[n].text.text, takes, told);
            cr_expect(told < takes * 1.4 + 0.25, "%s: %s: %.2f s, not %.2f", language,
                      samples[n].text.text, takes, told);
            cr_expect(takes <= samples[n].most_s, "%s: %s: %.2f s", language, samples[n].text.text,
                      takes);
        }
        cr_expect(planned > taken * 0.98 && planned < taken * 1.2, "%s: %.1f of %.1f s", language,
                  planned, taken);
        if (g_getenv("PACED_BLESS"))
            fprintf(stderr, "%s: planned %.3f of what is taken\n", language, planned / taken);
    }
}
