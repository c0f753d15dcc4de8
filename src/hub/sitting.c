// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "hub/sitting.h"

#include <string.h>

#define UNLINKED_MAX (10 * 60 * USEC_PER_SEC)
#define WORN_MAX     (30 * 60 * USEC_PER_SEC)

static void add_phrases(GKeyFile *file, const Phrases *phrases)
{
    g_autofree Phrases *english = g_new0(Phrases, 1);
    phrases_init_english(english);
    for (PhraseId id = 0; id < PHRASE_COUNT; id++)
        if (strcmp(phrases->phrase[id], english->phrase[id]) != 0)
            g_key_file_set_string(file, "phrases", phrase_key(id), phrases->phrase[id]);

    const char *words[NUMBER_WORDS];
    gboolean same = TRUE;
    for (size_t i = 0; i < NUMBER_WORDS; i++) {
        words[i] = phrases->number[i];
        same = same && strcmp(phrases->number[i], english->number[i]) == 0;
    }
    if (!same)
        g_key_file_set_string_list(file, "numbers", "words", words, NUMBER_WORDS);
}

char *sitting_config_text(const Config *config)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_key_file_set_string(file, "sitting", "version", PACED_VERSION);
    g_key_file_set_string(file, "sitting", "language", config->phrases.language);
    g_key_file_set_double(file, "sitting", "drift-band", config->drift_band);
    g_key_file_set_integer(file, "sitting", "words-a-minute", config->words_a_minute);
    add_phrases(file, &config->phrases);
    return g_key_file_to_data(file, NULL, NULL);
}

static void add_value(GArray *events, Usec at, SensorId sensor, uint16_t characteristic, int value)
{
    Event event = {.at = at, .kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = 1;
    event.notify.bytes[0] = (uint8_t)value;
    if (value >= 0)
        g_array_append_val(events, event);
}

GArray *sitting_legacy(Usec at, const SensorView *views, const SensorProfile *profiles,
                       unsigned conditions)
{
    GArray *events = g_array_new(FALSE, FALSE, sizeof(Event));
    const Event condition = {
        .at = at, .kind = EVENT_CONDITION, .condition.set = (uint8_t)conditions};
    if (conditions != 0)
        g_array_append_val(events, condition);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        const SensorView *view = &views[sensor];
        const Event described = {
            .at = at, .kind = EVENT_SENSOR, .sensor = {sensor, profiles[sensor]}};
        const Event linked = {.at = at, .kind = EVENT_LINK, .link = {sensor, true}};
        if (profiles[sensor].services != 0)
            g_array_append_val(events, described);
        if (view->linked)
            g_array_append_val(events, linked);
        add_value(events, at, sensor, CHARACTERISTIC_BATTERY_LEVEL, view->battery);
        add_value(events, at, sensor,
                  view->serves & SERVICE_HEART ? CHARACTERISTIC_BODY_LOCATION
                                               : CHARACTERISTIC_SENSOR_LOCATION,
                  view->location);
    }
    return events;
}

gboolean sitting_is_over(const Session *session, Usec last_event, Usec idle_since,
                         const Event *event)
{
    if (session_snapshot(session)->plan)
        return FALSE;
    if (session_deadline(session) == USEC_NEVER)
        return event->at - last_event >= UNLINKED_MAX;
    return event->kind == EVENT_TIME && event->at - idle_since >= WORN_MAX;
}
