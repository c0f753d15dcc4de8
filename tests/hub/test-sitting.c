// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a sitting ends: late enough to cost nobody anything, and surely. And that its settings come
// back from their text as they were, whoever may have written it.

#include "hub/sitting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define MINUTE (60 * USEC_PER_SEC)
#define BEGAN  (1000 * USEC_PER_SEC)

typedef struct {
    const char *what;
    bool linked, workout;
    EventKind next;
    int minutes; // without anything else
    bool over;
} Case;

static void handle(Session *session, Event event)
{
    Effects effects;
    event.at = BEGAN;
    session_handle(session, &event, &effects);
}

Test(sitting, ends_when_nobody_misses_it)
{
    static const Case cases[] = {
        {"a strap is found after a night", false, false, EVENT_LINK, 600, true},
        {"and while a run's distance may still be told", false, false, EVENT_LINK, 29, false},
        {"a strap is always worn", true, false, EVENT_TIME, 30, true},
        {"for a while", true, false, EVENT_TIME, 29, false},
        {"a start after a long warm-up", true, false, EVENT_COMMAND, 60, false},
        {"its packets", true, false, EVENT_NOTIFY, 60, false},
        {"a long run", true, true, EVENT_TIME, 300, false},
        {"a long run without sensors", false, true, EVENT_TIME, 300, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Case *c = &cases[i];
        Session *session = session_new(&SESSION_CONFIG_DEFAULT);
        handle(session, (Event){.kind = EVENT_TIME});
        if (c->linked)
            handle(session, (Event){.kind = EVENT_LINK, .link = {.up = true}});
        if (c->workout)
            handle(session, (Event){.kind = EVENT_COMMAND, .command = {.verb = COMMAND_START}});
        Event next = {.at = BEGAN + c->minutes * MINUTE, .kind = c->next};
        cr_expect(eq(int, sitting_is_over(session, BEGAN, BEGAN, &next), c->over), "%s", c->what);
        session_free(session);
    }
}

Test(sitting, hands_on_what_no_later_event_will_say)
{
    Session *before = session_new(&SESSION_CONFIG_DEFAULT);
    SensorProfile profiles[SENSORS_MAX] = {{.services = SERVICE_HEART, .rank = 3}};
    const struct {
        uint16_t characteristic;
        uint8_t value;
    } values[] = {{CHARACTERISTIC_BATTERY_LEVEL, 42}, {CHARACTERISTIC_BODY_LOCATION, 1}};
    handle(before, (Event){.kind = EVENT_SENSOR, .sensor = {0, profiles[0]}});
    handle(before, (Event){.kind = EVENT_LINK, .link = {0, true}});
    for (size_t i = 0; i < 2; i++)
        handle(before, (Event){.kind = EVENT_NOTIFY,
                               .notify = {0, values[i].characteristic, 1, {values[i].value}}});
    Event told = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    told.athlete.critical_mps = 4.2;
    handle(before, told);
    Session *after = session_new(&SESSION_CONFIG_DEFAULT);
    handle(before,
           (Event){.kind = EVENT_COMMAND, .command = {.verb = COMMAND_TRACK, .number = 300}});
    g_autoptr(GArray) legacy = sitting_legacy(BEGAN, before, profiles, CONDITION_CLOCK_UNSET);
    for (guint i = 0; i < legacy->len; i++)
        handle(after, g_array_index(legacy, Event, i));
    const SensorView *strap = &session_snapshot(after)->sensors[0];
    cr_expect(strap->described && strap->linked);
    cr_expect(eq(int, strap->serves, SERVICE_HEART));
    cr_expect(eq(int, strap->battery, 42));
    cr_expect(eq(int, strap->location, 1));
    cr_expect(not(session_snapshot(after)->sensors[1].described));
    cr_expect(eq(dbl, session_athlete_model(after)->critical_speed.value, 4.2));
    cr_expect(eq(dbl, session_track(after), 300));
    session_free(before);
    session_free(after);
}

// ── the settings ──

static Config *settings(void)
{
    Config *config = g_new0(Config, 1);
    phrases_init_english(&config->phrases);
    config->drift_band = 0.041;
    config->words_a_minute = 170;
    return config;
}

Test(sitting, settings_come_back_as_they_were)
{
    g_autofree Config *config = settings();
    g_autofree Phrases *read = g_new0(Phrases, 1);
    g_strlcpy(config->phrases.language, "de", sizeof config->phrases.language);
    cr_assert(phrases_set(&config->phrases, PHRASE_GO, "los; \"jetzt\" \\ aber", NULL));
    g_strlcpy(config->phrases.number[7], "sieben", NUMBER_WORD_MAX);
    g_autofree char *text = sitting_config_text(config);
    SessionConfig session;
    g_autoptr(GError) error = NULL;
    cr_assert(sitting_config_read(text, read, &session, &error), "%s", error ? error->message : "");
    cr_expect(eq(dbl, session.drift_band, 0.041));
    cr_expect(eq(int, session.words_a_minute, 170));
    cr_expect(session.phrases == read);
    cr_expect(memcmp(read->phrase, config->phrases.phrase, sizeof read->phrase) == 0);
    cr_expect(memcmp(read->number, config->phrases.number, sizeof read->number) == 0);
    cr_expect(strcmp(read->language, "de") == 0);
}

Test(sitting, settings_hold_nothing_of_the_runner)
{
    g_autofree Config *config = settings();
    config->runner = (char *)"Zdenka";
    config->directory = (char *)"/home/zdenka";
    g_autofree char *text = sitting_config_text(config);
    cr_expect(g_strstr_len(text, -1, "denka") == NULL, "%s", text);
}

Test(sitting, settings_of_strangers_are_refused)
{
    static const char *const bad[] = {
        "no key file",
        "[sitting]\ndrift-band=0\n",
        "[sitting]\ndrift-band=nan\n",
        "[sitting]\nwords-a-minute=1e9\n",
        "[sitting]\nwords-a-minute=many\n",
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
