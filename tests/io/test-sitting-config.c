// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sitting's settings come back from their text as they were, whoever may have written it.

#include "io/sitting-config.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static Config *settings(void)
{
    Config *config = g_new0(Config, 1);
    phrases_init_english(&config->phrases);
    config->drift_band = 0.041;
    config->words_a_minute = 170;
    return config;
}

Test(sitting_config, settings_come_back_as_they_were)
{
    g_autofree Config *config = settings();
    g_autofree Phrases *read = g_new0(Phrases, 1);
    g_strlcpy(config->phrases.language, "de", sizeof config->phrases.language);
    cr_assert(phrases_set(&config->phrases, PHRASE_GO, "los; \"jetzt\" \\ aber", NULL));
    g_strlcpy(config->phrases.number[7], "sieben", NUMBER_WORD_MAX);
    config->metronome = 172;
    config->pacer_m = 100;
    g_autofree char *text = sitting_config_text(config);
    SessionConfig session;
    g_autoptr(GError) error = NULL;
    cr_assert(sitting_config_read(text, read, &session, &error), "%s", error ? error->message : "");
    cr_expect(eq(dbl, session.drift_band, 0.041));
    cr_expect(eq(int, session.words_a_minute, 170));
    cr_expect(session.phrases == read);
    cr_expect(eq(u32, session.metronome, 172));
    cr_expect(eq(u32, session.pacer_m, 100));
    cr_expect(memcmp(read->phrase, config->phrases.phrase, sizeof read->phrase) == 0);
    cr_expect(memcmp(read->number, config->phrases.number, sizeof read->number) == 0);
    cr_expect(strcmp(read->language, "de") == 0);
}

Test(sitting_config, settings_hold_nothing_of_the_runner)
{
    g_autofree Config *config = settings();
    config->runner = (char *)"Zdenka";
    config->directory = (char *)"/home/zdenka";
    g_autofree char *text = sitting_config_text(config);
    cr_expect(g_strstr_len(text, -1, "denka") == NULL, "%s", text);
}

Test(sitting_config, settings_of_strangers_are_refused)
{
    static const char *const bad[] = {
        "no key file",
        "[sitting]\ndrift-band=0\n",
        "[sitting]\ndrift-band=nan\n",
        "[sitting]\nwords-a-minute=1e9\n",
        "[sitting]\nwords-a-minute=many\n",
        "[sitting]\nmetronome=fast\n",
        "[sitting]\npacer=7\n",
        "[phrases]\ngo={nothing}\n",
        "[phrases]\ngo=\n",
        "[numbers]\nwords=one;two\n",
        "[numbers]\nother=\n",
    };
    static Phrases phrases;
    SessionConfig session = {.words_a_minute = -1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        g_autoptr(GError) error = NULL;
        gboolean read = sitting_config_read(bad[i], &phrases, &session, &error);
        cr_expect(not(read), "%s", bad[i]);
        cr_expect(error != NULL && session.words_a_minute == -1);
    }
    cr_expect(sitting_config_read("", &phrases, &session, NULL), "all may be as built in");
    cr_expect(sitting_config_read("[phrases]\nof-tomorrow=x\n", &phrases, &session, NULL));
    cr_expect(eq(int, session.words_a_minute, SESSION_CONFIG_DEFAULT.words_a_minute));
}
