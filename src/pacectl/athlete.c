// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl athlete: what the daemon keeps of the runner. The daemon judges what can be; here is only
// what people write instead of SI units: paces, races, dates.

#include "bus/athlete-dict.h"
#include "pacectl/abilities.h"
#include "pacectl/proposal.h"
#include "pacectl/show.h"
#include "pacectl/told.h"

#include <math.h>
#include <string.h>

#define SAME_METRES 0.5

// ── the daemon's side ──

// What takes back a setting of this type.
static GVariant *nothing_like(GVariant *setting)
{
    if (g_variant_is_of_type(setting, G_VARIANT_TYPE_DOUBLE))
        return g_variant_new_double(NAN);
    if (g_variant_is_of_type(setting, G_VARIANT_TYPE_STRING))
        return g_variant_new_string("");
    return g_variant_new_array(G_VARIANT_TYPE_VARDICT, NULL, 0);
}

// What of `one` is not so in `other`, added as it is or as taken back.
static void insert_differences(GVariantDict *changes, GVariant *one, GVariant *other, gboolean gone)
{
    GVariantIter iter;
    const char *key;
    GVariant *value;
    g_variant_iter_init(&iter, one);
    while (g_variant_iter_loop(&iter, "{&sv}", &key, &value)) {
        g_autoptr(GVariant) beside = g_variant_lookup_value(other, key, NULL);
        if (gone ? !beside : !beside || !g_variant_equal(value, beside))
            g_variant_dict_insert_value(changes, key, gone ? nothing_like(value) : value);
    }
}

// Sends what differs, for another program may be telling something else; and says what is doubtful
// from now on.
static int tell(Paced1Athlete *proxy, const Athlete *before, const Athlete *after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) old = g_variant_ref_sink(athlete_dict_write(before));
    g_autoptr(GVariant) new = g_variant_ref_sink(athlete_dict_write(after));
    char text[WHY_MAX];
    GVariantDict changes;
    g_variant_dict_init(&changes, NULL);
    insert_differences(&changes, old, new, TRUE);
    insert_differences(&changes, new, old, FALSE);
    if (!paced1_athlete_call_set_sync(proxy, g_variant_dict_end(&changes), NULL, &error))
        return complain_error(g_steal_pointer(&error));
    const AthleteModel model = athlete_model(after);
    for (size_t i = 0; i < model.doubt_count; i++)
        printf("warning: %s\n", doubt_text(&model.doubts[i], after, &model, text));
    return EXIT_DONE;
}

// What one argument changes, or else complains of.
typedef int Change(char *argument, Athlete *athlete);

static int change_each(int argc, char **argv, Change *change)
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
        g_autofree char *argument = g_strdup(argv[i]);
        code = argument_check(argument) ? change(argument, &after) : EXIT_BAD_INPUT;
    }
    return code == EXIT_DONE ? tell(proxy, &before, &after) : code;
}

// Cuts KEY=VALUE in two. NULL: there is no value, which was complained of.
static char *take_value(char *argument)
{
    char *equals = strchr(argument, '=');
    if (!equals) {
        complain(EXIT_BAD_USAGE, "'%s' has no value; write %s=VALUE", argument, argument);
        return NULL;
    }
    *equals = '\0';
    return equals + 1;
}

// The race over this distance in a list, or its end.
static size_t find_race(const Race *races, size_t count, double distance_m)
{
    size_t i = 0;
    while (i < count && fabs(races[i].distance_m - distance_m) >= SAME_METRES)
        i++;
    return i;
}

static void drop_race(Race *races, size_t *count, size_t place)
{
    memmove(&races[place], &races[place + 1], (*count - place - 1) * sizeof *races);
    (*count)--;
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
    for (size_t i = 0; i < athlete->goal_count; i++) {
        const Race *goal = &athlete->goals[i];
        char pace[SHOW_MAX];
        show_pace(goal->distance_m / goal->time_s, pace);
        printf("%-16s %s in %s, %s /km\n", "goal", race_name(goal->distance_m, name),
               race_time_text(goal->time_s, time), pace);
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
                        "critical-speed, d-prime and vdot",
                        key);
    if (!read_pace(value, speed))
        return complain(EXIT_BAD_INPUT, "%s=%s: a pace is written 4:15/km or 6:50/mi", key, value);
    return EXIT_DONE;
}

static int set_one(char *key, Athlete *athlete)
{
    size_t field;
    char *end;
    const char *value = take_value(key);
    if (!value)
        return EXIT_BAD_USAGE;
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

int verb_athlete_set(int argc, char **argv)
{
    return change_each(argc, argv, set_one);
}

// ── races and goals ──

// In place of one over the same distance. FALSE: there is no room.
static gboolean put_race(Race *races, size_t *count, size_t most, const Race *race)
{
    const size_t place = find_race(races, *count, race->distance_m);
    if (place == most)
        return FALSE;
    races[place] = *race;
    *count += place == *count;
    return TRUE;
}

// A distance alone, by way of the parser of races.
static gboolean read_distance(const char *distance, Race *ret_race)
{
    g_autofree char *text = g_strconcat(distance, "=20:00", NULL);
    char why[WHY_MAX];
    return race_parse(text, ret_race, why);
}

// RUN [LAP]: a run that was kept.
static int race_of_run(int argc, char **argv, const char *distance, gboolean eased)
{
    Race race = {.distance_m = NAN};
    if (distance && !(argument_check(distance) && read_distance(distance, &race)))
        return complain(EXIT_BAD_INPUT, "'%s' is no distance such as 5km or marathon", distance);
    return call_race(argv[1], argc > 2 ? argv[2] : NULL, race.distance_m, eased);
}

int verb_athlete_race(int argc, char **argv)
{
    g_autofree char *date = NULL, *distance = NULL;
    gboolean eased = FALSE;
    g_autoptr(GError) error = NULL;
    char why[WHY_MAX];
    Athlete before;
    Race race;
    int code;
    const GOptionEntry options[] = {{"date", 0, 0, G_OPTION_ARG_STRING, &date, NULL, NULL},
                                    {"distance", 0, 0, G_OPTION_ARG_STRING, &distance, NULL, NULL},
                                    {"not-all-out", 0, 0, G_OPTION_ARG_NONE, &eased, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 2))
        return EXIT_BAD_USAGE;
    if (is_run_number(argv[1]) && !date)
        return race_of_run(argc, argv, distance, eased);
    if (argc > 2 || distance)
        return complain(EXIT_BAD_USAGE, "a race that is told is DISTANCE=TIME; one that was run is "
                                        "RUN [LAP] [--distance DISTANCE]");
    if (!argument_check(argv[1]))
        return EXIT_BAD_INPUT;
    if (!race_parse(argv[1], &race, why))
        return complain(EXIT_BAD_INPUT, "%s: %s", argv[1], why);
    race.maximal = !eased;
    if (date && !athlete_date_read(date, &race.day, &error))
        return complain(EXIT_BAD_INPUT, "%s", error->message);
    g_autoptr(Paced1Athlete) proxy = told_by_daemon(&before, &code);
    if (!proxy)
        return code;
    Athlete after = before;
    if (!put_race(after.races, &after.race_count, RACES_MAX, &race))
        return complain(EXIT_BAD_INPUT,
                        "%d races are kept already; 'pacectl athlete unset 5km' drops one",
                        RACES_MAX);
    return tell(proxy, &before, &after);
}

static int drop_goal(const char *distance, Athlete *athlete)
{
    Race goal;
    if (!read_distance(distance, &goal))
        return complain(EXIT_BAD_INPUT, "'%s' is no distance such as 5km or marathon", distance);
    const size_t place = find_race(athlete->goals, athlete->goal_count, goal.distance_m);
    if (place == athlete->goal_count)
        return complain(EXIT_BAD_INPUT, "no goal over %s is kept", distance);
    drop_race(athlete->goals, &athlete->goal_count, place);
    return EXIT_DONE;
}

static int set_goal(char *argument, Athlete *athlete)
{
    Race goal;
    char why[WHY_MAX];
    if (g_str_has_suffix(argument, "=none")) {
        take_value(argument);
        return drop_goal(argument, athlete);
    }
    if (!race_parse(argument, &goal, why))
        return complain(EXIT_BAD_INPUT, "%s: %s", argument, why);
    if (!put_race(athlete->goals, &athlete->goal_count, GOALS_MAX, &goal))
        return complain(EXIT_BAD_INPUT,
                        "%d goals are kept already; 'pacectl athlete goal 5km=none' drops one",
                        GOALS_MAX);
    return EXIT_DONE;
}

int verb_athlete_goal(int argc, char **argv)
{
    return change_each(argc, argv, set_goal);
}

// ── unset ──

static int unset_race(const char *distance, Athlete *athlete)
{
    Race race;
    if (!read_distance(distance, &race))
        return complain(EXIT_BAD_INPUT,
                        "there is no '%s' to unset; there are the names of 'athlete set', a race's "
                        "distance such as 5km, races and goals",
                        distance);
    const size_t place = find_race(athlete->races, athlete->race_count, race.distance_m);
    if (place == athlete->race_count)
        return complain(EXIT_BAD_INPUT, "no race over %s is kept", distance);
    drop_race(athlete->races, &athlete->race_count, place);
    return EXIT_DONE;
}

static int unset_one(char *key, Athlete *athlete)
{
    size_t field;
    if (strcmp(key, "sex") == 0)
        athlete->sex = SEX_UNKNOWN;
    else if (strcmp(key, "races") == 0)
        athlete->race_count = 0;
    else if (strcmp(key, "goals") == 0)
        athlete->goal_count = 0;
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
    return change_each(argc, argv, unset_one);
}
