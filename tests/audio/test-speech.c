// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// eSpeak NG behind its queue: any text is safe, an unknown voice is said and not silently
// another's, an abort ends it, and missing data are told.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <string.h>

#include "audio/speech.h"
#include "ear.h"

typedef struct {
    bool loaded, available;
    char *reason;
    GString *finished; // tickets, in order
    size_t bytes;
} Heard;

static void on_loaded(bool available, const char *reason, gpointer data)
{
    Heard *heard = data;
    heard->loaded = true;
    heard->available = available;
    g_free(heard->reason);
    heard->reason = g_strdup(reason);
}

static void on_pcm(uint32_t ticket, GBytes *pcm, gpointer data)
{
    ((Heard *)data)->bytes += g_bytes_get_size(pcm);
}

static void on_finished(uint32_t ticket, gpointer data)
{
    g_string_append_printf(((Heard *)data)->finished, "%u ", ticket);
}

static const SpeechHandlers HANDLERS = {on_loaded, on_pcm, on_finished};

static bool is_loaded(gpointer data)
{
    return ((Heard *)data)->loaded;
}

static bool is_finished(gpointer data)
{
    return ((Heard *)data)->finished->len > 0;
}

static void heard_clear(Heard *heard)
{
    g_free(heard->reason);
    g_string_free(heard->finished, TRUE);
}

TestSuite(speech, .timeout = 30);

Test(speech, text_from_outside_is_made_safe)
{
    static const struct {
        const char *text, *spoken;
    } rows[] = {
        {"easy now", "easy now"},
        {"", ""},
        {"  \t\n ", ""},
        {"three\x1b[2Jtwo\x07\n", "three [2Jtwo"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"caf\xe9 now", "caf\xef\xbf\xbd now"},
        {"a\xc2\x85z", "a z"},          // a control character beyond ASCII
        {"a\xe2\x80\xa8z", "a z"},      // the end of a line
        {"go\xe2\x80\xae og", "go og"}, // from here on the other way round
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *clean = speech_clean(rows[i].text);
        cr_expect(eq(str, clean, (char *)rows[i].spoken), "row %zu", i);
    }
    g_autofree char *endless = g_strnfill(10000, 'a');
    g_autofree char *cut = speech_clean(endless);
    cr_expect(eq(sz, strlen(cut), SPEECH_TEXT_MAX));
}

Test(speech, a_voice_that_is_not_there_is_said)
{
    static const struct {
        const char *language, *variant, *reason; // part of it; "" for none at all
    } rows[] = {
        {"en-us", "", ""},
        {"en_GB.UTF-8", "", ""},
        {"de-AT", "", ""},
        {"fr-fr", "+f2", ""},
        {"en-us", "f5", ""},
        {"xx", "", "\"xx\""},
        {"", "", "speaks English"},
        {"C", "", "speaks English"},
        {"en-us", "+nobody", "\"+nobody\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Heard heard = {.finished = g_string_new(NULL)};
        Speech *speech = speech_new(rows[i].language, rows[i].variant, 175, &HANDLERS, &heard);
        cr_assert(until(is_loaded, &heard, 10));
        cr_expect(heard.available);
        if (*rows[i].reason)
            cr_expect(strstr(heard.reason, rows[i].reason) != NULL, "row %zu: %s", i, heard.reason);
        else
            cr_expect(heard.reason[0] == 0, "row %zu: %s", i, heard.reason);
        speech_request(speech, "one", true);
        cr_assert(until(is_finished, &heard, 10));
        cr_expect(gt(sz, heard.bytes, SPEECH_RATE / 5));
        speech_free(speech);
        heard_clear(&heard);
    }
}

Test(speech, each_speech_keeps_its_own_voice_and_rate)
{
    Heard slow = {.finished = g_string_new(NULL)}, fast = {.finished = g_string_new(NULL)};
    Speech *first = speech_new("en-us", "", 100, &HANDLERS, &slow);
    Speech *second = speech_new("en-us", "", 300, &HANDLERS, &fast);
    speech_request(second, "one kilometre at four fifty", true);
    speech_request(first, "one kilometre at four fifty", true);
    cr_assert(until(is_finished, &slow, 10));
    cr_assert(until(is_finished, &fast, 10));
    cr_expect(gt(sz, slow.bytes, fast.bytes * 2));
    speech_free(first);
    speech_free(second);
    heard_clear(&slow);
    heard_clear(&fast);
}

Test(speech, a_cancelled_text_ends_and_the_next_is_spoken)
{
    Heard heard = {.finished = g_string_new(NULL)};
    Speech *speech = speech_new("en-us", "", 175, &HANDLERS, &heard);
    GString *text = g_string_new(NULL);
    while (text->len < SPEECH_TEXT_MAX)
        g_string_append(text, "four hundred ");
    uint32_t tickets[20];
    for (size_t i = 0; i < G_N_ELEMENTS(tickets); i++)
        tickets[i] = speech_request(speech, text->str, false);
    for (size_t i = 0; i < G_N_ELEMENTS(tickets); i++)
        speech_cancel(speech, tickets[i]);
    uint32_t last = speech_request(speech, "go", true);
    cr_assert(until(is_finished, &heard, 10));
    g_autofree char *wanted = g_strdup_printf("%u ", last);
    cr_expect(eq(str, heard.finished->str, wanted));
    speech_free(speech);
    g_string_free(text, TRUE);
    heard_clear(&heard);
}

Test(speech, missing_data_are_told_with_the_remedy)
{
    char *home = home_new();
    g_autofree char *empty = g_build_filename(home, "espeak-ng-data", NULL);
    g_mkdir(empty, 0700);
    g_setenv("ESPEAK_DATA_PATH", home, TRUE);
    Heard heard = {.finished = g_string_new(NULL)};
    Speech *speech = speech_new("en-us", "", 175, &HANDLERS, &heard);
    cr_assert(until(is_loaded, &heard, 10));
    cr_expect(not(heard.available));
    cr_expect(strstr(heard.reason, "espeak-ng-data") != NULL);
    speech_request(speech, "go", true);
    cr_assert(until(is_finished, &heard, 10));
    cr_expect(eq(sz, heard.bytes, 0));
    speech_free(speech);
    heard_clear(&heard);
    home_remove(home);
}
