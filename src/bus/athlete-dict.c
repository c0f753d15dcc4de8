// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A caller changes one thing at a time, so what is not said stays; a number is taken back by NaN,
// for a dictionary cannot say "unknown".

#include "bus/athlete-dict.h"

#include "bus/call.h"
#include "io/error.h"

#include <math.h>
#include <string.h>

#define SECONDS_PER_DAY (24 * 3600)

static const char maximal_key[] = "maximal", date_key[] = "date", races_key[] = "races",
                  goals_key[] = "goals";

// ── reading ──

// "2026-03-01" as days since 1970.
gboolean athlete_date_read(const char *text, int32_t *ret_day, GError **error)
{
    g_autofree char *moment = g_strconcat(text, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) date =
        strlen(text) == 10 ? g_date_time_new_from_iso8601(moment, NULL) : NULL;
    gint64 day = date ? g_date_time_to_unix(date) / SECONDS_PER_DAY : 0;
    if (day <= 0)
        return refuse(error, "“%s” is no date; one is written 2026-03-01", text);
    *ret_day = (int32_t)day;
    return TRUE;
}

char *athlete_date_write(int32_t day)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc((gint64)day * SECONDS_PER_DAY);
    return date ? g_date_time_format(date, "%Y-%m-%d") : g_strdup("");
}

// Of a goal there is no more than a distance and a time.
static const char *const race_keys[] = {"distance", "d",      "time", "d", maximal_key,
                                        "b",        date_key, "s",    NULL};
static const char *const goal_keys[] = {"distance", "d", "time", "d", NULL};

static gboolean race_read(GVariant *dict, const char *const *known, Race *ret_race, GError **error)
{
    gboolean maximal = TRUE;
    const char *date;
    Race race = {0};
    if (!options_check(dict, known, error))
        return FALSE;
    if (!g_variant_lookup(dict, "distance", "d", &race.distance_m) ||
        !g_variant_lookup(dict, "time", "d", &race.time_s))
        return refuse(error, "a race and a goal have a distance and a time");
    g_variant_lookup(dict, maximal_key, "b", &maximal);
    race.maximal = maximal;
    if (g_variant_lookup(dict, date_key, "&s", &date) && !athlete_date_read(date, &race.day, error))
        return FALSE;
    *ret_race = race;
    return TRUE;
}

// All of a list, when the settings have it.
static gboolean races_read(GVariant *settings, const char *key, const char *const *known,
                           Race *races, gsize most, size_t *count, GError **error)
{
    g_autoptr(GVariant) list = g_variant_lookup_value(settings, key, NULL);
    if (!list)
        return TRUE;
    const gsize listed = g_variant_n_children(list);
    if (listed > most)
        return refuse(error, "there are at most %d %s", (int)most, key);
    for (gsize i = 0; i < listed; i++) {
        g_autoptr(GVariant) race = g_variant_get_child_value(list, i);
        if (!race_read(race, known, &races[i], error))
            return FALSE;
    }
    *count = listed;
    return TRUE;
}

// The types of all keys, as options_check() wants them.
static const char *const *known_settings(void)
{
    static const char *known[2 * (ATHLETE_FIELDS + 3) + 1] = {"sex",    "s",       races_key,
                                                              "aa{sv}", goals_key, "aa{sv}"};
    for (gsize i = 0; i < ATHLETE_FIELDS; i++) {
        known[6 + 2 * i] = athlete_fields[i].name;
        known[7 + 2 * i] = "d";
    }
    return known;
}

gboolean athlete_dict_read(GVariant *settings, Athlete *athlete, GError **error)
{
    const char *sex;
    if (!options_check(settings, known_settings(), error))
        return FALSE;
    for (gsize i = 0; i < ATHLETE_FIELDS; i++) {
        double value;
        if (g_variant_lookup(settings, athlete_fields[i].name, "d", &value))
            athlete_set(athlete, i, value);
    }
    if (g_variant_lookup(settings, "sex", "&s", &sex)) {
        athlete->sex = SEX_UNKNOWN;
        if (*sex && !sex_parse(sex, &athlete->sex))
            return refuse(error, "a sex is female or male, by which standards of age differ, or "
                                 "empty for unknown");
    }
    return races_read(settings, races_key, race_keys, athlete->races, RACES_MAX,
                      &athlete->race_count, error) &&
           races_read(settings, goals_key, goal_keys, athlete->goals, GOALS_MAX,
                      &athlete->goal_count, error);
}

// ── writing ──

static GVariant *race_variant(const Race *race, gboolean goal)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "distance", "d", race->distance_m);
    g_variant_dict_insert(&dict, "time", "d", race->time_s);
    if (!goal)
        g_variant_dict_insert(&dict, maximal_key, "b", race->maximal);
    if (!goal && race->day != 0) {
        g_autofree char *date = athlete_date_write(race->day);
        g_variant_dict_insert(&dict, date_key, "s", date);
    }
    return g_variant_dict_end(&dict);
}

static void insert_races(GVariantDict *dict, const char *key, const Race *races, gsize count,
                         gboolean goals)
{
    GVariantBuilder list;
    if (count == 0)
        return;
    g_variant_builder_init(&list, G_VARIANT_TYPE("aa{sv}"));
    for (gsize i = 0; i < count; i++)
        g_variant_builder_add_value(&list, race_variant(&races[i], goals));
    g_variant_dict_insert_value(dict, key, g_variant_builder_end(&list));
}

GVariant *athlete_dict_write(const Athlete *athlete)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    if (athlete->sex != SEX_UNKNOWN)
        g_variant_dict_insert(&dict, "sex", "s", sex_name(athlete->sex));
    for (gsize i = 0; i < ATHLETE_FIELDS; i++)
        if (!isnan(athlete_get(athlete, i)))
            g_variant_dict_insert(&dict, athlete_fields[i].name, "d", athlete_get(athlete, i));
    insert_races(&dict, races_key, athlete->races, athlete->race_count, FALSE);
    insert_races(&dict, goals_key, athlete->goals, athlete->goal_count, TRUE);
    return g_variant_dict_end(&dict);
}
