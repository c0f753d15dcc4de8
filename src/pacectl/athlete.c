// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl athlete: what the daemon keeps of the runner. The daemon judges what can be; here is only
// what people write instead of SI units: paces, races, dates.

#include "bus/athlete-dict.h"
#include "pacectl/abilities.h"
#include "pacectl/show.h"
#include "pacectl/told.h"

#include <math.h>
#include <string.h>

#define SAME_METRES 0.5

// ── the daemon's side ──

// Sends what differs, and says what is doubtful from then on.
static int change(Paced1Athlete *proxy, GVariantDict *settings, const Athlete *after)
{
    g_autoptr(GError) error = NULL;
    char text[WHY_MAX];
    if (!paced1_athlete_call_set_sync(proxy, g_variant_dict_end(settings), NULL, &error))
        return complain_error(g_steal_pointer(&error));
    const AthleteModel model = athlete_model(after);
    for (size_t i = 0; i < model.doubt_count; i++)
        printf("warning: %s\n", doubt_text(&model.doubts[i], after, &model, text));
    return EXIT_DONE;
}

static void insert_races(GVariantDict *settings, const Athlete *athlete)
{
    g_autoptr(GVariant) all = g_variant_ref_sink(athlete_dict_write(athlete));
    GVariant *races = g_variant_lookup_value(all, "races", NULL);
    g_variant_dict_insert_value(
        settings, "races", races ? races : g_variant_new_array(G_VARIANT_TYPE_VARDICT, NULL, 0));
    g_clear_pointer(&races, g_variant_unref);
}

// ── show ──

static void print_told(const Athlete *athlete)
{
    char name[RACE_NAME_MAX], time[RACE_TIME_MAX];
    if (athlete->sex != SEX_UNKNOWN)
        printf("%-16s %s\n", "sex", sex_name(athlete->sex));
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (!isnan(athlete_get(athlete, i)))
            printf("%-16s %.6g %s\n", athlete_fields[i].name, athlete_get(athlete, i),
                   athlete_fields[i].unit);
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        g_autofree char *date = race->day != 0 ? athlete_date_write(race->day) : NULL;
        printf("%-16s %s in %s%s%s%s\n", "race", race_name(race->distance_m, name),
               race_time_text(race->time_s, time), date ? ", " : "", date ? date : "",
               race->maximal ? "" : ", not all out");
    }
}

int verb_athlete(int argc, char **argv)
{
    gboolean json = FALSE;
    Athlete athlete;
    int code;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, -1))
        return EXIT_BAD_USAGE;
    if (argc > 1)
        return complain(EXIT_BAD_USAGE, "there is no verb 'athlete %s'; pacectl --help lists them",
                        argv[1]);
    g_autoptr(Paced1Athlete) proxy = told_by_daemon(&athlete, &code);
    if (!proxy)
        return code;
    if (json) {
        JsonBuilder *builder = json_builder_new();
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "settings");
        json_builder_add_value(builder, json_from_dict(paced1_athlete_get_settings(proxy)));
        abilities_json(&athlete, builder);
        json_builder_end_object(builder);
        print_json_builder(builder);
    } else if (athlete_is_unknown(&athlete)) {
        puts("Nothing was told yet: begin with 'pacectl athlete race 5km=20:00' and "
             "'pacectl athlete set heart-rest=48 heart-max=187'.");
    } else {
        print_told(&athlete);
        putchar('\n');
        abilities_print(&athlete);
    }
    return EXIT_DONE;
}

// ── set ──

// "4:15", "4:15/km", "6'50''/mi" as m/s. False when it is none.
static gboolean read_pace(const char *text, double *ret_mps)
{
    g_autofree char *time = g_strdup(text);
    char *slash = strchr(time, '/');
    double unit = METRES_PER_KM, seconds;
    if (slash) {
        *slash++ = '\0';
        if (strcmp(slash, "mi") == 0 || strcmp(slash, "mile") == 0)
            unit = METRES_PER_MILE;
        else if (strcmp(slash, "km") != 0)
            return FALSE;
    }
    if (!race_parse_time(time, &seconds) || seconds <= 0)
        return FALSE;
    *ret_mps = unit / seconds;
    return TRUE;
}

// A pace stands for the speed of the same name.
static int set_pace(const char *key, const char *value, Athlete *athlete)
{
    double *speed = strcmp(key, "threshold-pace") == 0  ? &athlete->threshold_mps
                    : strcmp(key, "critical-pace") == 0 ? &athlete->critical_mps
                                                        : NULL;
    if (!speed)
        return complain(EXIT_BAD_INPUT,
                        "there is no '%s'; there are sex, age, mass, heart-rest, heart-max, "
                        "heart-threshold, threshold-pace, critical-pace, threshold-speed, "
                        "critical-speed and d-prime",
                        key);
    if (!read_pace(value, speed))
        return complain(EXIT_BAD_INPUT, "%s=%s: a pace is written 4:15/km or 6:50/mi", key, value);
    return EXIT_DONE;
}

static int set_one(const char *key, const char *value, Athlete *athlete)
{
    size_t field;
    char *end;
    if (strcmp(key, "sex") == 0)
        return sex_parse(value, &athlete->sex)
                   ? EXIT_DONE
                   : complain(EXIT_BAD_INPUT,
                              "sex=%s: female or male, by which standards of age "
                              "differ",
                              value);
    if (!athlete_field_find(key, &field))
        return set_pace(key, value, athlete);
    double number = g_ascii_strtod(value, &end);
    if (end == value || *end != '\0' || isnan(number))
        return complain(EXIT_BAD_INPUT, "%s=%s: %s is %g to %g %s", key, value,
                        athlete_fields[field].what, athlete_fields[field].least,
                        athlete_fields[field].most, athlete_fields[field].unit);
    athlete_set(athlete, field, number);
    return EXIT_DONE;
}

// What differs, as the daemon takes it.
static void insert_changes(GVariantDict *settings, const Athlete *before, const Athlete *after)
{
    if (before->sex != after->sex)
        g_variant_dict_insert(settings, "sex", "s",
                              after->sex == SEX_UNKNOWN ? "" : sex_name(after->sex));
    for (size_t i = 0; i < ATHLETE_FIELDS; i++) {
        double old = athlete_get(before, i), new = athlete_get(after, i);
        if (old != new && !(isnan(old) && isnan(new)))
            g_variant_dict_insert(settings, athlete_fields[i].name, "d", new);
    }
    if (before->race_count != after->race_count)
        insert_races(settings, after);
}

int verb_athlete_set(int argc, char **argv)
{
    Athlete before;
    int code;
    if (!verb_options(&argc, &argv, NULL, 1, -1))
        return EXIT_BAD_USAGE;
    g_autoptr(Paced1Athlete) proxy = told_by_daemon(&before, &code);
    if (!proxy)
        return code;
    Athlete after = before;
    for (int i = 1; i < argc && code == EXIT_DONE; i++) {
        g_autofree char *key = g_strdup(argv[i]);
        char *equals = strchr(key, '=');
        if (!argument_check(key))
            return EXIT_BAD_INPUT;
        if (!equals)
            return complain(EXIT_BAD_USAGE, "'%s' has no value; write %s=VALUE", key, key);
        *equals = '\0';
        code = set_one(key, equals + 1, &after);
    }
    if (code != EXIT_DONE)
        return code;
    GVariantDict settings;
    g_variant_dict_init(&settings, NULL);
    insert_changes(&settings, &before, &after);
    return change(proxy, &settings, &after);
}

// ── race and unset ──

static size_t find_race(const Athlete *athlete, double distance_m)
{
    size_t i = 0;
    while (i < athlete->race_count &&
           fabs(athlete->races[i].distance_m - distance_m) >= SAME_METRES)
        i++;
    return i;
}

int verb_athlete_race(int argc, char **argv)
{
    g_autofree char *date = NULL;
    gboolean eased = FALSE;
    g_autoptr(GError) error = NULL;
    char why[WHY_MAX];
    Athlete athlete;
    Race race;
    int code;
    const GOptionEntry options[] = {{"date", 0, 0, G_OPTION_ARG_STRING, &date, NULL, NULL},
                                    {"not-all-out", 0, 0, G_OPTION_ARG_NONE, &eased, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    if (!argument_check(argv[1]))
        return EXIT_BAD_INPUT;
    if (!race_parse(argv[1], &race, why))
        return complain(EXIT_BAD_INPUT, "%s: %s", argv[1], why);
    race.maximal = !eased;
    if (date && !athlete_date_read(date, &race.day, &error))
        return complain(EXIT_BAD_INPUT, "%s", error->message);
    g_autoptr(Paced1Athlete) proxy = told_by_daemon(&athlete, &code);
    if (!proxy)
        return code;
    size_t place = find_race(&athlete, race.distance_m);
    if (place == RACES_MAX)
        return complain(EXIT_BAD_INPUT,
                        "%d races are kept already; 'pacectl athlete unset 5km' drops one",
                        RACES_MAX);
    athlete.races[place] = race;
    athlete.race_count += place == athlete.race_count;
    GVariantDict settings;
    g_variant_dict_init(&settings, NULL);
    insert_races(&settings, &athlete);
    return change(proxy, &settings, &athlete);
}

static int unset_race(const char *distance, Athlete *athlete)
{
    g_autofree char *text = g_strconcat(distance, "=20:00", NULL);
    char why[WHY_MAX];
    Race race;
    if (!race_parse(text, &race, why))
        return complain(EXIT_BAD_INPUT,
                        "there is no '%s' to unset; there are the names of 'athlete set', a race's "
                        "distance such as 5km, and races",
                        distance);
    size_t place = find_race(athlete, race.distance_m);
    if (place == athlete->race_count)
        return complain(EXIT_BAD_INPUT, "no race over %s is kept", distance);
    memmove(&athlete->races[place], &athlete->races[place + 1],
            (athlete->race_count - place - 1) * sizeof *athlete->races);
    athlete->race_count--;
    return EXIT_DONE;
}

static int unset_one(const char *key, Athlete *athlete)
{
    size_t field;
    if (strcmp(key, "sex") == 0)
        athlete->sex = SEX_UNKNOWN;
    else if (strcmp(key, "races") == 0)
        athlete->race_count = 0;
    else if (strcmp(key, "threshold-pace") == 0)
        athlete->threshold_mps = NAN;
    else if (strcmp(key, "critical-pace") == 0)
        athlete->critical_mps = NAN;
    else if (athlete_field_find(key, &field))
        athlete_set(athlete, field, NAN);
    else
        return unset_race(key, athlete);
    return EXIT_DONE;
}

int verb_athlete_unset(int argc, char **argv)
{
    Athlete before;
    int code;
    if (!verb_options(&argc, &argv, NULL, 1, -1))
        return EXIT_BAD_USAGE;
    g_autoptr(Paced1Athlete) proxy = told_by_daemon(&before, &code);
    if (!proxy)
        return code;
    Athlete after = before;
    for (int i = 1; i < argc && code == EXIT_DONE; i++) {
        if (!argument_check(argv[i]))
            return EXIT_BAD_INPUT;
        code = unset_one(argv[i], &after);
    }
    if (code != EXIT_DONE)
        return code;
    GVariantDict settings;
    g_variant_dict_init(&settings, NULL);
    insert_changes(&settings, &before, &after);
    return change(proxy, &settings, &after);
}
