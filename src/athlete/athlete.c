// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// From what was told to what follows. What was hard is the order of trust: what was told beats what
// several races say, that beats one race, and a guess from the age comes last and says so.

#include "athlete/athlete.h"

#include <stdio.h>
#include <string.h>

#define VDOT_SPREAD_MAX  5.0
#define FAR_OFF          0.08 // of a speed told, from what the races say
#define VDOT_FAR_OFF     2.0  // of a VDOT told: more than was ever accepted in some weeks
#define MAX_FAR_OFF      25.0 // bpm
#define DAYS_OLD         365
#define CRITICAL_ON_T    1.02 // critical speed over the speed at threshold
#define SET_SPEED_SD     0.02 // nobody measures it better
#define THRESHOLD_SD     0.03
#define RELATED_SPEED_SD 0.04
#define SET_HEART_SD     0.01

static const Known unknown = {NAN, KNOWN_NOT, NAN};

Athlete athlete_unknown(void)
{
    return (Athlete){
        .age = NAN,
        .mass_kg = NAN,
        .heart_rest = NAN,
        .heart_max = NAN,
        .heart_threshold = NAN,
        .threshold_mps = NAN,
        .critical_mps = NAN,
        .d_prime_m = NAN,
        .vdot = NAN,
    };
}

const AthleteField athlete_fields[ATHLETE_FIELDS] = {
    {"age", "an age", "years", 5, 100, offsetof(Athlete, age)},
    {"mass", "a mass", "kg", 25, 250, offsetof(Athlete, mass_kg)},
    {"heart-rest", "a resting heart rate", "bpm", 25, 120, offsetof(Athlete, heart_rest)},
    {"heart-max", "a maximal heart rate", "bpm", 90, 230, offsetof(Athlete, heart_max)},
    {"heart-threshold", "a heart rate at threshold", "bpm", 60, 220,
     offsetof(Athlete, heart_threshold)},
    {"threshold-speed", "a speed at threshold", "m/s", 1.5, 7, offsetof(Athlete, threshold_mps)},
    {"critical-speed", "a critical speed", "m/s", 2, 7, offsetof(Athlete, critical_mps)},
    {"d-prime", "a D′", "m", 50, 450, offsetof(Athlete, d_prime_m)},
    {"vdot", "a VDOT", "", 15, 90, offsetof(Athlete, vdot)},
};

double athlete_get(const Athlete *athlete, size_t field)
{
    double value;
    memcpy(&value, (const char *)athlete + athlete_fields[field].offset, sizeof value);
    return value;
}

void athlete_set(Athlete *athlete, size_t field, double value)
{
    memcpy((char *)athlete + athlete_fields[field].offset, &value, sizeof value);
}

bool athlete_field_find(const char *name, size_t *ret_field)
{
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (strcmp(name, athlete_fields[i].name) == 0) {
            *ret_field = i;
            return true;
        }
    return false;
}

bool athlete_is_unknown(const Athlete *athlete)
{
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (!isnan(athlete_get(athlete, i)))
            return false;
    return athlete->sex == SEX_UNKNOWN && athlete->race_count == 0 && athlete->goal_count == 0;
}

double athlete_goal(const Athlete *athlete, double distance_m)
{
    for (size_t i = 0; i < athlete->goal_count; i++)
        if (fabs(athlete->goals[i].distance_m - distance_m) <= 1)
            return athlete->goals[i].time_s;
    return (double)NAN;
}

static bool same_number(double one, double other)
{
    return isnan(one) ? isnan(other) : one == other;
}

static bool same_race(const Race *one, const Race *other)
{
    return one->distance_m == other->distance_m && one->time_s == other->time_s &&
           one->maximal == other->maximal && one->day == other->day;
}

static bool same_races(const Race *one, const Race *other, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!same_race(&one[i], &other[i]))
            return false;
    return true;
}

bool athlete_same(const Athlete *one, const Athlete *other)
{
    if (one->sex != other->sex || one->race_count != other->race_count ||
        one->goal_count != other->goal_count)
        return false;
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (!same_number(athlete_get(one, i), athlete_get(other, i)))
            return false;
    return same_races(one->races, other->races, one->race_count) &&
           same_races(one->goals, other->goals, one->goal_count);
}

static double rounded(double value)
{
    return round(value * 1e6) / 1e6;
}

static int32_t oldest_day(const Athlete *athlete)
{
    int32_t day = 0;
    for (size_t i = 0; i < athlete->race_count; i++) {
        const int32_t other = athlete->races[i].day;
        if (other != 0 && (day == 0 || other < day))
            day = other;
    }
    return day;
}

static Race race_recorded(const Race *race, int32_t oldest)
{
    Race result = *race;
    result.distance_m = rounded(race->distance_m);
    result.time_s = rounded(race->time_s);
    if (race->day != 0)
        result.day -= oldest - 1;
    return result;
}

Athlete athlete_recorded(const Athlete *athlete)
{
    const int32_t oldest = oldest_day(athlete);
    Athlete result = *athlete;
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        athlete_set(&result, i, rounded(athlete_get(athlete, i)));
    for (size_t i = 0; i < result.race_count; i++)
        result.races[i] = race_recorded(&result.races[i], oldest);
    for (size_t i = 0; i < result.goal_count; i++) {
        result.goals[i] = race_recorded(&result.goals[i], 0);
        result.goals[i].maximal = true; // nothing follows from either of a race to come
        result.goals[i].day = 0;
    }
    return result;
}

// ── what can be ──

static bool numbers_check(const Athlete *athlete, char *ret_why)
{
    for (size_t i = 0; i < ATHLETE_FIELDS; i++) {
        const AthleteField *field = &athlete_fields[i];
        double value = athlete_get(athlete, i);
        if (isnan(value) || (value >= field->least && value <= field->most))
            continue;
        snprintf(ret_why, WHY_MAX, "%s is %g to %g%s%s", field->what, field->least, field->most,
                 *field->unit ? " " : "", field->unit);
        return false;
    }
    return true;
}

static bool hearts_check(const Athlete *athlete, char *ret_why)
{
    const struct {
        double low, high;
        const char *low_name, *high_name;
    } pairs[] = {
        {athlete->heart_rest, athlete->heart_max, "resting", "maximal"},
        {athlete->heart_rest, athlete->heart_threshold, "resting", "threshold"},
        {athlete->heart_threshold, athlete->heart_max, "threshold", "maximal"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].low >= pairs[i].high) { // false for a NAN
            snprintf(
                ret_why, WHY_MAX,
                "a %s heart rate of %g bpm is not below the %s one of %g: one of them is wrong",
                pairs[i].low_name, pairs[i].low, pairs[i].high_name, pairs[i].high);
            return false;
        }
    return true;
}

static int32_t newest_day(const Athlete *athlete)
{
    int32_t day = 0;
    for (size_t i = 0; i < athlete->race_count; i++)
        if (athlete->races[i].day > day)
            day = athlete->races[i].day;
    return day;
}

// A year makes another runner. What is undated is taken for new.
static bool is_old(const Athlete *athlete, size_t race)
{
    const int32_t day = athlete->races[race].day;
    return day != 0 && newest_day(athlete) - day > DAYS_OLD;
}

static bool races_check(const Athlete *athlete, char *ret_why)
{
    for (size_t i = 0; i < athlete->race_count; i++)
        if (!race_check(&athlete->races[i], ret_why))
            return false;
    for (size_t i = 0; i < athlete->race_count; i++)
        for (size_t j = 0; j < i; j++)
            if (!is_old(athlete, i) && !is_old(athlete, j) &&
                !race_pair_check(&athlete->races[i], &athlete->races[j], ret_why))
                return false;
    return true;
}

bool athlete_check(const Athlete *athlete, char *ret_why)
{
    if (athlete->goal_count > GOALS_MAX) {
        snprintf(ret_why, WHY_MAX, "there are at most %d goals", GOALS_MAX);
        return false;
    }
    for (size_t i = 0; i < athlete->goal_count; i++)
        if (!race_check(&athlete->goals[i], ret_why))
            return false;
    if (athlete->race_count > RACES_MAX) {
        snprintf(ret_why, WHY_MAX, "there are at most %d races", RACES_MAX);
        return false;
    }
    return numbers_check(athlete, ret_why) && hearts_check(athlete, ret_why) &&
           races_check(athlete, ret_why);
}

// ── what follows ──

static void doubt(AthleteModel *model, Doubt doubt)
{
    if (model->doubt_count < DOUBTS_MAX)
        model->doubts[model->doubt_count++] = doubt;
}

static Known known(double value, HowKnown how, double sd)
{
    return isnan(value) ? unknown : (Known){value, how, sd};
}

static bool is_trial(const Race *race)
{
    return race->maximal && race->time_s >= CRITICAL_TIME_MIN && race->time_s <= CRITICAL_TIME_MAX;
}

// The best race counts: whoever ran it can run it, whatever went wrong on other days.
static void derive_vdot(const Athlete *athlete, AthleteModel *model)
{
    size_t worst = 0;
    double least = NAN;
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        double vdot = vdot_from_race(race->distance_m, race->time_s);
        if (isnan(vdot) && !is_trial(race))
            doubt(model, (Doubt){.kind = DOUBT_RACE_TIME, .race = (uint8_t)i});
        if (isnan(vdot) || is_old(athlete, i))
            continue;
        if (!(vdot <= model->vdot)) { // true for the first
            model->vdot = vdot;
            model->vdot_how = KNOWN_RACE;
            model->vdot_race = i;
        }
        if (race->maximal && !(vdot >= least)) {
            least = vdot;
            worst = i;
        }
    }
    if (model->vdot - least > VDOT_SPREAD_MAX)
        doubt(model, (Doubt){DOUBT_VDOT_SPREAD, (uint8_t)model->vdot_race, (uint8_t)worst,
                             model->vdot, least});
    if (!isnan(athlete->vdot)) {
        if (fabs(athlete->vdot - model->vdot) > VDOT_FAR_OFF) // false for a NAN
            doubt(model,
                  (Doubt){.kind = DOUBT_VDOT_SET, .told = athlete->vdot, .expected = model->vdot});
        model->vdot = athlete->vdot;
        model->vdot_how = KNOWN_SET;
    }
    model->speeds = vdot_speeds(model->vdot);
}

static void note_old(const Athlete *athlete, AthleteModel *model)
{
    size_t newest = 0;
    for (size_t i = 1; i < athlete->race_count; i++)
        if (athlete->races[i].day > athlete->races[newest].day)
            newest = i;
    for (size_t i = 0; i < athlete->race_count; i++)
        if (is_old(athlete, i))
            doubt(model, (Doubt){DOUBT_RACE_OLD, (uint8_t)i, (uint8_t)newest, NAN, NAN});
}

// The indices in the fit are those of the athlete's races.
static CriticalFit fit_races(const Athlete *athlete)
{
    Race current[RACES_MAX];
    for (size_t i = 0; i < athlete->race_count; i++) {
        current[i] = athlete->races[i];
        current[i].maximal = current[i].maximal && !is_old(athlete, i);
    }
    return critical_fit(current, athlete->race_count);
}

// Speed and D′ that the races say, without what was told.
static void derive_critical(const Athlete *athlete, AthleteModel *model, Known *ret_speed,
                            Known *ret_d_prime)
{
    model->fit = fit_races(athlete);
    const CriticalPoint *line = &model->fit.fits[CRITICAL_DISTANCE];
    if (critical_usable(&model->fit)) {
        *ret_speed = known(line->speed_mps, KNOWN_TRIALS,
                           fmax(CRITICAL_SPEED_SD, model->fit.speed_spread / 2));
        *ret_d_prime = known(line->d_prime_m, KNOWN_TRIALS,
                             fmax(CRITICAL_D_PRIME_SD, model->fit.d_prime_spread / 2));
    } else {
        CriticalPoint point = critical_from_vdot(model->vdot);
        *ret_speed = known(point.speed_mps, KNOWN_RACE, DERIVED_SPEED_SD / point.speed_mps);
        *ret_d_prime = known(point.d_prime_m, KNOWN_RACE, DERIVED_D_PRIME_SD / point.d_prime_m);
    }
    if (model->fit.trials >= 2 && model->fit.verdict != CRITICAL_GOOD)
        doubt(model, (Doubt){.kind = DOUBT_CRITICAL});
}

static bool is_far(double told, double expected)
{
    return fabs(told - expected) > FAR_OFF * expected; // false for a NAN
}

static void derive_speeds(const Athlete *athlete, AthleteModel *model)
{
    Known critical = unknown, d_prime = unknown;
    derive_critical(athlete, model, &critical, &d_prime);
    const Known threshold = known(model->speeds.threshold, KNOWN_RACE, THRESHOLD_SD);
    model->critical_speed = known(athlete->critical_mps, KNOWN_SET, SET_SPEED_SD);
    model->threshold_speed = known(athlete->threshold_mps, KNOWN_SET, SET_SPEED_SD);
    model->d_prime = known(athlete->d_prime_m, KNOWN_SET, CRITICAL_D_PRIME_SD);
    if (model->critical_speed.how == KNOWN_NOT)
        model->critical_speed = critical;
    if (model->threshold_speed.how == KNOWN_NOT)
        model->threshold_speed = threshold;
    if (model->d_prime.how == KNOWN_NOT)
        model->d_prime = d_prime;
    // With no race at all, either speed says the other.
    if (model->critical_speed.how == KNOWN_NOT)
        model->critical_speed =
            known(athlete->threshold_mps * CRITICAL_ON_T, KNOWN_RELATED, RELATED_SPEED_SD);
    else if (model->threshold_speed.how == KNOWN_NOT)
        model->threshold_speed =
            known(model->critical_speed.value / CRITICAL_ON_T, KNOWN_RELATED, RELATED_SPEED_SD);
    if (is_far(athlete->threshold_mps, threshold.value))
        doubt(model, (Doubt){.kind = DOUBT_THRESHOLD,
                             .told = athlete->threshold_mps,
                             .expected = threshold.value});
    if (is_far(athlete->critical_mps, critical.value))
        doubt(model, (Doubt){.kind = DOUBT_CRITICAL_SET,
                             .told = athlete->critical_mps,
                             .expected = critical.value});
}

// A field test says the training paces too.
static void derive_paces(AthleteModel *model)
{
    if (model->vdot_how != KNOWN_NOT || model->threshold_speed.how == KNOWN_NOT)
        return;
    model->vdot = vdot_from_threshold(model->threshold_speed.value);
    model->vdot_how = KNOWN_RELATED;
    model->speeds = vdot_speeds(model->vdot);
}

static void derive_hearts(const Athlete *athlete, AthleteModel *model)
{
    double guess = zones_max_from_age(athlete->age);
    model->heart_rest = athlete->heart_rest;
    model->heart_threshold = athlete->heart_threshold;
    model->heart_max = known(athlete->heart_max, KNOWN_SET, SET_HEART_SD);
    // A guess that what was told contradicts is worth nothing.
    if (model->heart_max.how == KNOWN_NOT && !(athlete->heart_threshold >= guess)) {
        model->heart_max = known(guess, KNOWN_AGE, ZONES_MAX_FROM_AGE_SD / guess);
        if (!isnan(guess))
            doubt(model, (Doubt){.kind = DOUBT_MAX_ESTIMATED, .expected = guess});
    }
    if (fabs(athlete->heart_max - guess) > MAX_FAR_OFF)
        doubt(model, (Doubt){.kind = DOUBT_MAX_AGE, .told = athlete->heart_max, .expected = guess});
    model->by_reserve = zones_by_reserve(athlete->heart_rest, model->heart_max.value);
    model->by_threshold = zones_by_threshold(athlete->heart_threshold);
}

AthleteModel athlete_model(const Athlete *athlete)
{
    AthleteModel model = {.vdot = NAN};
    note_old(athlete, &model);
    derive_vdot(athlete, &model);
    derive_speeds(athlete, &model);
    derive_paces(&model);
    derive_hearts(athlete, &model);
    return model;
}

double model_heart_max(const AthleteModel *model)
{
    return model != NULL ? model->heart_max.value : (double)NAN;
}

const Race *athlete_vdot_race(const Athlete *athlete, const AthleteModel *model)
{
    return model->vdot_how == KNOWN_RACE ? &athlete->races[model->vdot_race] : NULL;
}

const HeartZones *athlete_zones(const AthleteModel *model)
{
    return model->by_threshold.scheme != ZONES_NONE ? &model->by_threshold : &model->by_reserve;
}

// ── words ──

const char *known_name(HowKnown how)
{
    static const char *const names[] = {
        [KNOWN_NOT] = "none",  [KNOWN_AGE] = "age",       [KNOWN_RELATED] = "related",
        [KNOWN_RACE] = "race", [KNOWN_TRIALS] = "trials", [KNOWN_SET] = "set",
    };
    return names[how];
}

// "4:15"
static const char *pace_text(double speed_mps, char ret_text[RACE_TIME_MAX])
{
    return race_time_text(round(METRES_PER_KM / speed_mps), ret_text);
}

const char *doubt_text(const Doubt *doubt, const Athlete *athlete, const AthleteModel *model,
                       char *ret_text)
{
    char one[RACE_NAME_MAX], other[RACE_NAME_MAX], told[RACE_TIME_MAX], expected[RACE_TIME_MAX];
    race_name(athlete->races[doubt->race].distance_m, one);
    race_name(athlete->races[doubt->other].distance_m, other);
    switch (doubt->kind) {
    case DOUBT_VDOT_SPREAD:
        snprintf(ret_text, WHY_MAX,
                 "the races say very different things: the %s a VDOT of %.1f, the %s of %.1f; the "
                 "paces follow the better",
                 one, doubt->told, other, doubt->expected);
        break;
    case DOUBT_RACE_TIME:
        snprintf(ret_text, WHY_MAX,
                 "the %s in %s says no VDOT, which holds for races of 3:30 to 4:00:00", one,
                 race_time_text(athlete->races[doubt->race].time_s, told));
        break;
    case DOUBT_RACE_OLD:
        snprintf(ret_text, WHY_MAX, "the %s is more than a year older than the %s and is left out",
                 one, other);
        break;
    case DOUBT_CRITICAL:
        critical_why(&model->fit, athlete->races, ret_text);
        break;
    case DOUBT_MAX_ESTIMATED:
        snprintf(ret_text, WHY_MAX,
                 "the maximal heart rate of %.0f bpm is a guess from the age, and for one in three "
                 "it is 10 bpm or more off: a measured one is better",
                 doubt->expected);
        break;
    case DOUBT_MAX_AGE:
        snprintf(ret_text, WHY_MAX,
                 "a maximal heart rate of %.0f bpm is unusual: at that age most have about %.0f",
                 doubt->told, doubt->expected);
        break;
    case DOUBT_THRESHOLD:
        snprintf(ret_text, WHY_MAX,
                 "the threshold pace of %s/km is far from the %s/km that the races say",
                 pace_text(doubt->told, told), pace_text(doubt->expected, expected));
        break;
    case DOUBT_CRITICAL_SET:
        snprintf(ret_text, WHY_MAX,
                 "the critical speed of %.2f m/s is far from the %.2f m/s that the races say",
                 doubt->told, doubt->expected);
        break;
    case DOUBT_VDOT_SET:
        snprintf(ret_text, WHY_MAX,
                 "the VDOT of %.1f that is set is far from the %.1f that the races say; the paces "
                 "follow the one that is set",
                 doubt->told, doubt->expected);
        break;
    }
    return ret_text;
}
