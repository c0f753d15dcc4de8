// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner's abilities, printed. Numbers that are derived or guessed stand beside how far they may
// be off, for a pace to the second looks more certain than it is.

#include "pacectl/abilities.h"

#include "pacectl/show.h"

#include <math.h>

#define EXPONENT_LEAST 1.0
#define EXPONENT_MOST  1.2

static const double predicted[] = {1500,  METRES_PER_MILE, 3000,        5000,
                                   10000, 15000,           METRES_HALF, METRES_MARATHON};

// ── what both forms share ──

double abilities_exponent(const Athlete *athlete)
{
    size_t near = 0, far = 0;
    for (size_t i = 1; i < athlete->race_count; i++) {
        if (athlete->races[i].distance_m < athlete->races[near].distance_m)
            near = i;
        if (athlete->races[i].distance_m > athlete->races[far].distance_m)
            far = i;
    }
    if (near == far || !athlete->races[near].maximal || !athlete->races[far].maximal)
        return RIEGEL_EXPONENT;
    double own = riegel_exponent(&athlete->races[near], &athlete->races[far]);
    return own > EXPONENT_LEAST && own < EXPONENT_MOST ? own : RIEGEL_EXPONENT;
}

static double race_grade(const Athlete *athlete, const Race *race)
{
    return agegrade_percent(athlete->sex, athlete->age, race->distance_m, race->time_s);
}

// What is missing for heart zones, when a part of it is there; NULL when nothing is.
static const char *heart_lack(const AthleteModel *model)
{
    if (athlete_zones(model)->scheme != ZONES_NONE)
        return NULL;
    if (!isnan(model->heart_rest))
        return "heart zones need the maximal heart rate, or the age, beside the resting one";
    if (model->heart_max.how == KNOWN_SET)
        return "heart zones need the resting heart rate beside the maximal one";
    return NULL;
}

// The doubts in words: a list to be freed with g_strfreev().
static char **warnings_of(const Athlete *athlete, const AthleteModel *model)
{
    GPtrArray *warnings = g_ptr_array_new();
    char text[WHY_MAX];
    for (size_t i = 0; i < model->doubt_count; i++) {
        // A guess that nothing is made of needs no warning.
        if (model->doubts[i].kind == DOUBT_MAX_ESTIMATED && model->by_reserve.scheme == ZONES_NONE)
            continue;
        g_ptr_array_add(warnings, g_strdup(doubt_text(&model->doubts[i], athlete, model, text)));
    }
    if (heart_lack(model))
        g_ptr_array_add(warnings, g_strdup(heart_lack(model)));
    g_ptr_array_add(warnings, NULL);
    return (char **)g_ptr_array_free(warnings, FALSE);
}

// ── JSON ──

static void add_object(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
}

static void add_array(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}

static void add_flag(JsonBuilder *builder, const char *name, gboolean value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

static void add_paces_json(JsonBuilder *builder, const VdotSpeeds *speeds)
{
    add_object(builder, "paces");
    json_add_double(builder, "E", METRES_PER_KM / speeds->easy);
    json_add_double(builder, "M", METRES_PER_KM / speeds->marathon);
    json_add_double(builder, "T", METRES_PER_KM / speeds->threshold);
    json_add_double(builder, "I", METRES_PER_KM / speeds->interval);
    json_add_double(builder, "R", METRES_PER_KM / speeds->repetition);
    json_builder_end_object(builder);
    json_add_double(builder, "easy_slowest_s_per_km", METRES_PER_KM / speeds->easy_slow);
    json_add_double(builder, "easy_fastest_s_per_km", METRES_PER_KM / speeds->easy_fast);
}

static void add_known_json(JsonBuilder *builder, const char *name, const char *unit, Known known)
{
    if (known.how == KNOWN_NOT)
        return;
    g_autofree char *value = g_strconcat(name, unit, NULL);
    g_autofree char *sd = g_strconcat(name, "_sd", unit, NULL);
    g_autofree char *from = g_strconcat(name, "_from", NULL);
    json_add_double(builder, value, known.value);
    json_add_double(builder, sd, known.value * known.sd);
    json_add_string(builder, from, known_name(known.how));
}

static void add_fits_json(JsonBuilder *builder, const Athlete *athlete, const CriticalFit *fit)
{
    static const char *const names[CRITICAL_FITS] = {
        [CRITICAL_DISTANCE] = "distance_time",
        [CRITICAL_INVERSE] = "inverse_time",
        [CRITICAL_HYPERBOLIC] = "hyperbolic",
    };
    char why[WHY_MAX];
    add_object(builder, "fits");
    json_add_int(builder, "trials", (gint64)fit->trials);
    for (size_t i = 0; i < CRITICAL_FITS; i++) {
        if (isnan(fit->fits[i].speed_mps))
            continue;
        add_object(builder, names[i]);
        json_add_double(builder, "critical_speed_mps", fit->fits[i].speed_mps);
        json_add_double(builder, "d_prime_m", fit->fits[i].d_prime_m);
        json_builder_end_object(builder);
    }
    add_flag(builder, "used", critical_usable(fit));
    add_flag(builder, "agree", fit->verdict == CRITICAL_GOOD);
    if (fit->verdict != CRITICAL_GOOD)
        json_add_string(builder, "reason", critical_why(fit, athlete->races, why));
    json_builder_end_object(builder);
}

static void add_races_json(JsonBuilder *builder, const Athlete *athlete)
{
    char name[RACE_NAME_MAX];
    add_array(builder, "races");
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        json_builder_begin_object(builder);
        json_add_string(builder, "name", race_name(race->distance_m, name));
        json_add_double(builder, "distance_m", race->distance_m);
        json_add_double(builder, "time_s", race->time_s);
        json_add_double(builder, "vdot", vdot_from_race(race->distance_m, race->time_s));
        json_add_double(builder, "age_grade_percent", race_grade(athlete, race));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static double riegel_of(const Race *best, double distance_m, double exponent)
{
    return best ? riegel_time(best->distance_m, best->time_s, distance_m, exponent) : NAN;
}

static void add_predictions_json(JsonBuilder *builder, const Athlete *athlete,
                                 const AthleteModel *model)
{
    if (isnan(model->vdot))
        return;
    const Race *best = athlete_vdot_race(athlete, model);
    double exponent = abilities_exponent(athlete);
    char name[RACE_NAME_MAX];
    if (best)
        json_add_double(builder, "riegel_exponent", exponent);
    add_array(builder, "predictions");
    for (size_t i = 0; i < G_N_ELEMENTS(predicted); i++) {
        json_builder_begin_object(builder);
        json_add_string(builder, "name", race_name(predicted[i], name));
        json_add_double(builder, "distance_m", predicted[i]);
        json_add_double(builder, "time_s", vdot_race_time(model->vdot, predicted[i]));
        json_add_double(builder, "riegel_time_s", riegel_of(best, predicted[i], exponent));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_zones_json(JsonBuilder *builder, const HeartZones *zones)
{
    if (zones->scheme == ZONES_NONE)
        return;
    add_array(builder, zones_scheme_name(zones->scheme));
    for (size_t i = 0; i < zones->count; i++) {
        json_builder_begin_object(builder);
        json_add_string(builder, "zone", zones_label(zones, i));
        json_add_string(builder, "name", zones_name(zones, i));
        json_add_double(builder, "from_bpm", zones->from[i]);
        json_add_double(builder, "to_bpm", i + 1 < zones->count ? zones->from[i + 1] : NAN);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

void abilities_json(const Athlete *athlete, JsonBuilder *builder)
{
    const AthleteModel model = athlete_model(athlete);
    const Race *best = athlete_vdot_race(athlete, &model);
    g_auto(GStrv) warnings = warnings_of(athlete, &model);
    if (!isnan(model.vdot)) {
        json_add_double(builder, "vdot", model.vdot);
        json_add_string(builder, "vdot_from", known_name(model.vdot_how));
        add_paces_json(builder, &model.speeds);
    }
    add_known_json(builder, "critical_speed", "_mps", model.critical_speed);
    add_known_json(builder, "d_prime", "_m", model.d_prime);
    add_known_json(builder, "threshold_speed", "_mps", model.threshold_speed);
    if (athlete->race_count > 0)
        add_fits_json(builder, athlete, &model.fit);
    add_races_json(builder, athlete);
    add_predictions_json(builder, athlete, &model);
    add_known_json(builder, "heart_max", "_bpm", model.heart_max);
    if (athlete_zones(&model)->scheme != ZONES_NONE) {
        add_object(builder, "heart_zones");
        add_zones_json(builder, &model.by_reserve);
        add_zones_json(builder, &model.by_threshold);
        json_builder_end_object(builder);
    }
    if (best)
        json_add_double(builder, "age_grade_percent", race_grade(athlete, best));
    add_array(builder, "warnings");
    for (char **warning = warnings; *warning; warning++)
        json_builder_add_string_value(builder, *warning);
    json_builder_end_array(builder);
}

// ── for people ──

static void print_pace(const char *name, double speed_mps, double slow_mps, const char *what)
{
    char km[SHOW_MAX], mile[SHOW_MAX], slow_km[SHOW_MAX], slow_mile[SHOW_MAX], lap[SHOW_MAX];
    show_pace(speed_mps, km);
    show_duration(METRES_PER_MILE / speed_mps, mile);
    show_duration(400 / speed_mps, lap);
    if (isnan(slow_mps)) {
        printf("  %-11s %5s        %6s         %6s  %s\n", name, km, mile, lap, what);
        return;
    }
    show_pace(slow_mps, slow_km);
    show_duration(METRES_PER_MILE / slow_mps, slow_mile);
    printf("  %-11s %5s-%-5s  %6s-%-6s  %6s  %s\n", name, km, slow_km, mile, slow_mile, lap, what);
}

static void print_paces(const Athlete *athlete, const AthleteModel *model)
{
    char name[RACE_NAME_MAX], time[RACE_TIME_MAX];
    const Race *best = athlete_vdot_race(athlete, model);
    const VdotSpeeds *speeds = &model->speeds;
    if (isnan(model->vdot))
        return;
    if (best)
        printf("VDOT %.1f, of the %s in %s\n", model->vdot, race_name(best->distance_m, name),
               race_time_text(best->time_s, time));
    else
        printf("VDOT %.1f, %s\n", model->vdot,
               model->vdot_how == KNOWN_SET ? "as it was set" : "by the pace at threshold");
    printf("\n  %-11s %5s        %6s         %6s\n", "pace", "min/km", "min/mi", "400 m");
    print_pace("E easy", speeds->easy_fast, speeds->easy_slow, "most running, long runs");
    print_pace("M marathon", speeds->marathon, NAN, "the predicted marathon");
    print_pace("T threshold", speeds->threshold, NAN, "what can be raced for an hour");
    print_pace("I interval", speeds->interval, NAN, "repetitions of 3 to 5 minutes");
    print_pace("R repeat", speeds->repetition, NAN, "short and fast, about a mile race");
}

static void print_critical(const Athlete *athlete, const AthleteModel *model)
{
    const Known *speed = &model->critical_speed, *reserve = &model->d_prime;
    char pace[SHOW_MAX], why[WHY_MAX];
    if (speed->how == KNOWN_NOT)
        return;
    show_pace(speed->value, pace);
    printf("\nCritical speed %.2f m/s (%s min/km), give or take %.2f", speed->value, pace,
           speed->value * speed->sd);
    if (reserve->how != KNOWN_NOT)
        printf("; D' %.0f m, give or take %.0f", reserve->value, reserve->value * reserve->sd);
    putchar('\n');
    switch (speed->how) {
    case KNOWN_TRIALS:
        printf("  by %zu races, fitted in three ways: %.2f, %.2f and %.2f m/s, %.0f, %.0f and "
               "%.0f m\n",
               model->fit.trials, model->fit.fits[0].speed_mps, model->fit.fits[1].speed_mps,
               model->fit.fits[2].speed_mps, model->fit.fits[0].d_prime_m,
               model->fit.fits[1].d_prime_m, model->fit.fits[2].d_prime_m);
        break;
    case KNOWN_RACE:
        printf("  derived from the VDOT: %s\n", critical_why(&model->fit, athlete->races, why));
        break;
    case KNOWN_RELATED:
        puts("  derived from the pace at threshold");
        break;
    case KNOWN_SET:
        puts("  as it was set");
        break;
    case KNOWN_NOT:
    case KNOWN_AGE:
        break;
    }
}

static void print_predictions(const Athlete *athlete, const AthleteModel *model)
{
    char name[RACE_NAME_MAX], daniels[SHOW_MAX], riegel[SHOW_MAX];
    double exponent = abilities_exponent(athlete);
    if (isnan(model->vdot))
        return;
    const Race *best = athlete_vdot_race(athlete, model);
    printf("\n  %-15s %8s%s\n", "race", "by VDOT", best ? "   Riegel" : "");
    for (size_t i = 0; i < G_N_ELEMENTS(predicted); i++) {
        show_duration(vdot_race_time(model->vdot, predicted[i]), daniels);
        show_duration(riegel_of(best, predicted[i], exponent), riegel);
        printf("  %-15s %8s", race_name(predicted[i], name), daniels);
        if (best)
            printf(" %8s", riegel);
        putchar('\n');
    }
    if (best)
        printf("  (Riegel with an exponent of %.2f%s)\n", exponent,
               exponent == RIEGEL_EXPONENT ? "" : ", which your races show");
}

static void print_grades(const Athlete *athlete)
{
    char name[RACE_NAME_MAX], time[RACE_TIME_MAX];
    const char *before = "\n";
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        double grade = race_grade(athlete, race);
        if (isnan(grade))
            continue;
        printf("%sAge grade of the %s in %s: %.1f %%\n", before, race_name(race->distance_m, name),
               race_time_text(race->time_s, time), grade);
        before = "";
    }
}

// A rate of a whole beat is in a zone from the first whole beat within it.
static void print_zones(const HeartZones *zones, const char *title)
{
    if (zones->scheme == ZONES_NONE)
        return;
    printf("\nHeart zones %s\n", title);
    for (size_t i = 0; i < zones->count; i++) {
        double from = ceil(zones->from[i]);
        bool last = i + 1 == zones->count;
        if (from <= 0)
            printf("  %-3s %-17s     below %.0f bpm\n", zones_label(zones, i), zones_name(zones, i),
                   ceil(zones->from[i + 1]));
        else if (last)
            printf("  %-3s %-17s  from %3.0f bpm\n", zones_label(zones, i), zones_name(zones, i),
                   from);
        else
            printf("  %-3s %-17s  %3.0f to %3.0f bpm\n", zones_label(zones, i),
                   zones_name(zones, i), from, ceil(zones->from[i + 1]) - 1);
    }
}

void abilities_print(const Athlete *athlete)
{
    const AthleteModel model = athlete_model(athlete);
    g_auto(GStrv) warnings = warnings_of(athlete, &model);
    g_autofree char *reserve = g_strdup_printf("by the reserve from %.0f to %.0f bpm",
                                               model.heart_rest, model.heart_max.value);
    g_autofree char *threshold =
        g_strdup_printf("by the threshold at %.0f bpm", model.heart_threshold);
    print_paces(athlete, &model);
    print_critical(athlete, &model);
    print_predictions(athlete, &model);
    print_grades(athlete);
    print_zones(&model.by_reserve, reserve);
    print_zones(&model.by_threshold, threshold);
    for (char **warning = warnings; *warning; warning++)
        printf("%swarning: %s\n", warning == warnings ? "\n" : "", *warning);
}
