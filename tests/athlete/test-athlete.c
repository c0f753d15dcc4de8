// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner: what cannot be is refused with its reason, and what follows is known as well as it
// says. Numbers are of the same sources as in the tests of the parts.

#include "athlete/athlete.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static Athlete with_races(size_t count, const Race *races)
{
    Athlete athlete = athlete_unknown();
    athlete.race_count = count;
    memcpy(athlete.races, races, count * sizeof *races);
    return athlete;
}

#define WITH_RACES(...)                                                                            \
    with_races(sizeof((Race[]){__VA_ARGS__}) / sizeof(Race), (const Race[]){__VA_ARGS__})

static const Race mile_330 = {METRES_PER_MILE, 330, true}, km5_1140 = {5000, 1140, true};

static void expect_refused(const Athlete *athlete, const char *said)
{
    char why[WHY_MAX] = "";
    cr_expect(not(athlete_check(athlete, why)), "%s", said);
    cr_expect(strstr(why, said) != NULL, "“%s” is not in “%s”", said, why);
}

static bool doubted(const Athlete *athlete, const AthleteModel *model, DoubtKind kind,
                    const char *said)
{
    char text[WHY_MAX] = "";
    for (size_t i = 0; i < model->doubt_count; i++)
        if (model->doubts[i].kind == kind)
            return strstr(doubt_text(&model->doubts[i], athlete, model, text), said) != NULL;
    return false;
}

static void expect_known(Known known, double value, HowKnown how, double sd)
{
    cr_expect(eq(int, known.how, how), "%g", value);
    cr_expect(epsilon_eq(dbl, known.value, value, 1e-3 * value));
    cr_expect(epsilon_eq(dbl, known.sd, sd, 1e-3 * sd));
}

static void expect_unknown(Known known)
{
    cr_expect(eq(int, known.how, KNOWN_NOT));
    cr_expect(isnan(known.value));
    cr_expect(isnan(known.sd));
}

Test(athlete, of_nothing_follows_nothing)
{
    const Athlete athlete = athlete_unknown();
    char why[WHY_MAX];
    cr_assert(athlete_check(&athlete, why));
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(isnan(model.vdot));
    cr_expect(isnan(model.speeds.easy));
    expect_unknown(model.critical_speed);
    expect_unknown(model.d_prime);
    expect_unknown(model.threshold_speed);
    expect_unknown(model.heart_max);
    cr_expect(eq(int, athlete_zones(&model)->scheme, ZONES_NONE));
    cr_expect(eq(sz, model.doubt_count, 0));
}

Test(athlete, one_race)
{
    const Athlete athlete = WITH_RACES({5000, 1200, true});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(epsilon_eq(dbl, model.vdot, 49.8062, 5e-5));
    cr_expect(epsilon_eq(dbl, METRES_PER_KM / model.speeds.threshold, 256.2, 0.3));
    // Between what VDOT 45 and 50 imply, and as sure as a field trial is of a treadmill test.
    expect_known(model.critical_speed, 3.9945, KNOWN_RACE, 0.14 / 3.9945);
    expect_known(model.d_prime, 209.8, KNOWN_RACE, 88 / 209.8);
    expect_known(model.threshold_speed, model.speeds.threshold, KNOWN_RACE, 0.03);
    cr_expect(eq(sz, model.doubt_count, 0)); // one race is no reason to complain
}

Test(athlete, two_trials)
{
    const Athlete athlete = WITH_RACES(km5_1140, mile_330);
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(int, model.fit.verdict, CRITICAL_GOOD));
    expect_known(model.critical_speed, 4.185995, KNOWN_TRIALS, 0.02);
    expect_known(model.d_prime, 227.96563, KNOWN_TRIALS, 0.15);
    cr_expect(epsilon_eq(dbl, model.vdot, 53.3725, 5e-5)); // the mile's: the better of the two
    cr_expect(eq(sz, model.vdot_race, 1));
}

Test(athlete, a_refused_fit_falls_back_on_the_best_race_and_says_so)
{
    const Athlete athlete =
        WITH_RACES({800, 138, true}, {1500, 288, true}, {3000, 622, true}, {5000, 1092, true});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(int, model.critical_speed.how, KNOWN_RACE));
    cr_expect(doubted(&athlete, &model, DOUBT_CRITICAL, "do not lie on one line: the 800 m"));
}

Test(athlete, fits_that_differ_are_trusted_less)
{
    const Athlete athlete =
        WITH_RACES({800, 145, true}, {1500, 307, true}, {3000, 640, true}, {5000, 1130, true});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(int, model.critical_speed.how, KNOWN_TRIALS));
    cr_expect(epsilon_eq(dbl, model.d_prime.sd,
                         fmax(CRITICAL_D_PRIME_SD, model.fit.d_prime_spread / 2), 1e-12));
    cr_expect(doubted(&athlete, &model, DOUBT_CRITICAL, "one curve"));
}

Test(athlete, what_was_told_beats_what_follows)
{
    Athlete athlete = WITH_RACES(km5_1140, mile_330);
    athlete.critical_mps = 4.1;
    athlete.d_prime_m = 180;
    athlete.threshold_mps = 4;
    athlete.heart_max = 187;
    athlete.age = 35;
    const AthleteModel model = athlete_model(&athlete);
    expect_known(model.critical_speed, 4.1, KNOWN_SET, 0.02);
    expect_known(model.d_prime, 180, KNOWN_SET, 0.15);
    expect_known(model.threshold_speed, 4, KNOWN_SET, 0.02);
    expect_known(model.heart_max, 187, KNOWN_SET, 0.01);
    cr_expect(eq(sz, model.doubt_count, 0));
}

// As a proposal that was accepted leaves it.
Test(athlete, a_vdot_that_was_set_beats_the_races)
{
    Athlete athlete = WITH_RACES({5000, 1200, true});
    athlete.vdot = 50.5;
    AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(dbl, model.vdot, 50.5));
    cr_expect(eq(int, model.vdot_how, KNOWN_SET));
    cr_expect(athlete_vdot_race(&athlete, &model) == NULL);
    expect_known(model.threshold_speed, vdot_speeds(50.5).threshold, KNOWN_RACE, 0.03);
    cr_expect(eq(sz, model.doubt_count, 0));
    athlete.vdot = 53;
    model = athlete_model(&athlete);
    cr_expect(doubted(&athlete, &model, DOUBT_VDOT_SET, "53.0 that is set is far from the 49.8"));
    athlete.race_count = 0;
    model = athlete_model(&athlete);
    cr_expect(eq(sz, model.doubt_count, 0));
    cr_expect(epsilon_eq(dbl, model.speeds.interval, vdot_speeds(53).interval, 1e-12));
}

Test(athlete, with_no_race_either_speed_says_the_other)
{
    Athlete athlete = athlete_unknown();
    athlete.threshold_mps = 4;
    AthleteModel model = athlete_model(&athlete);
    expect_known(model.critical_speed, 4.08, KNOWN_RELATED, 0.04);
    expect_unknown(model.d_prime);
    cr_expect(epsilon_eq(dbl, model.speeds.threshold, 4, 1e-9));
    cr_expect(eq(int, model.vdot_how, KNOWN_RELATED));
    cr_expect(athlete_vdot_race(&athlete, &model) == NULL);
    athlete.threshold_mps = NAN;
    athlete.critical_mps = 4.08;
    model = athlete_model(&athlete);
    expect_known(model.threshold_speed, 4, KNOWN_RELATED, 0.04);
    cr_expect(epsilon_eq(dbl, model.speeds.threshold, 4, 1e-9));
    // A race says the paces itself.
    athlete.race_count = 1;
    athlete.races[0] = (Race){5000, 1200, true};
    model = athlete_model(&athlete);
    cr_expect(epsilon_eq(dbl, model.vdot, 49.8062, 5e-5));
    cr_expect(eq(int, model.vdot_how, KNOWN_RACE));
    cr_expect(athlete_vdot_race(&athlete, &model) == &athlete.races[0]);
}

Test(athlete, heart_zones_by_what_is_known)
{
    Athlete athlete = athlete_unknown();
    athlete.age = 35;
    athlete.heart_rest = 48;
    AthleteModel model = athlete_model(&athlete);
    expect_known(model.heart_max, 183.5, KNOWN_AGE, 10 / 183.5);
    cr_expect(doubted(&athlete, &model, DOUBT_MAX_ESTIMATED, "184 bpm is a guess"));
    cr_expect(eq(int, athlete_zones(&model)->scheme, ZONES_RESERVE));
    athlete.heart_max = 187;
    model = athlete_model(&athlete);
    cr_expect(epsilon_eq(dbl, athlete_zones(&model)->from[5], 173.1, 0.05));
    athlete.heart_threshold = 170;
    model = athlete_model(&athlete);
    cr_expect(eq(int, athlete_zones(&model)->scheme, ZONES_THRESHOLD));
    cr_expect(eq(sz, model.doubt_count, 0));
}

Test(athlete, a_guess_that_contradicts_what_was_told_is_none)
{
    Athlete athlete = athlete_unknown();
    athlete.age = 70; // 159 by the formula
    athlete.heart_threshold = 165;
    const AthleteModel model = athlete_model(&athlete);
    expect_unknown(model.heart_max);
}

Test(athlete, races_that_differ_wildly_are_named)
{
    const Athlete athlete = WITH_RACES({5000, 1125, true}, {METRES_MARATHON, 14000, true});
    const AthleteModel model = athlete_model(&athlete);
    char why[WHY_MAX];
    cr_expect(athlete_check(&athlete, why), "%s", why);
    cr_expect(epsilon_eq(dbl, model.vdot, 53.7039, 5e-5));
    cr_expect(
        doubted(&athlete, &model, DOUBT_VDOT_SPREAD, "the 5 km a VDOT of 53.7, the marathon"));
}

Test(athlete, a_jog_is_no_reason_for_doubt)
{
    const Athlete athlete = WITH_RACES({5000, 1125, true}, {10000, 3600, false});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(sz, model.doubt_count, 0));
}

Test(athlete, a_race_without_a_vdot_is_told)
{
    const Athlete athlete = WITH_RACES({METRES_MARATHON, 4 * 3600 + 49 * 60 + 17, true});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(isnan(model.vdot));
    cr_expect(doubted(&athlete, &model, DOUBT_RACE_TIME, "marathon in 4:49:17 says no VDOT"));
}

Test(athlete, a_trial_of_three_minutes_needs_no_vdot)
{
    const Athlete athlete = WITH_RACES({1000, 190, true}, {2400, 520, true});
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(int, model.critical_speed.how, KNOWN_TRIALS));
    cr_expect(eq(sz, model.doubt_count, 0));
}

Test(athlete, an_old_race_counts_no_more)
{
    Athlete athlete = WITH_RACES({5000, 1000, true, 19000}, {10000, 2400, true, 19400});
    AthleteModel model = athlete_model(&athlete);
    cr_expect(epsilon_eq(dbl, model.vdot, 51.9441, 5e-5));
    cr_expect(doubted(&athlete, &model, DOUBT_RACE_OLD, "the 5 km is more than a year older"));
    athlete.races[0].day = 19035; // a year, and no day more
    model = athlete_model(&athlete);
    cr_expect(eq(sz, model.vdot_race, 0));
    // Nor does it contradict: a year makes another runner.
    athlete = WITH_RACES({METRES_HALF, 8000, true, 19000}, {METRES_MARATHON, 12000, true, 19400});
    char why[WHY_MAX];
    cr_expect(athlete_check(&athlete, why), "%s", why);
    athlete.races[0].day = 0;
    expect_refused(&athlete, "the longer race is the faster one");
}

// What is recorded may be shown to others.
Test(athlete, a_record_holds_no_date_but_what_follows_stays)
{
    const Athlete athlete = WITH_RACES({5000, 1000.0000004, true, 19000},
                                       {10000, 2400, true, 19400}, {METRES_PER_MILE, 340, true});
    const Athlete recorded = athlete_recorded(&athlete);
    cr_expect(eq(int, recorded.races[0].day, 1));
    cr_expect(eq(int, recorded.races[1].day, 401));
    cr_expect(eq(int, recorded.races[2].day, 0));
    cr_expect(eq(dbl, recorded.races[0].time_s, 1000));
    const AthleteModel before = athlete_model(&athlete), after = athlete_model(&recorded);
    cr_expect(eq(dbl, before.vdot, after.vdot));
    cr_expect(eq(sz, before.doubt_count, after.doubt_count));
}

Test(athlete, speeds_told_that_the_races_deny)
{
    Athlete athlete = WITH_RACES(km5_1140, mile_330);
    athlete.threshold_mps = 1000.0 / 300;
    athlete.critical_mps = 5;
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(doubted(&athlete, &model, DOUBT_THRESHOLD, "5:00/km is far from the 4:02/km"));
    cr_expect(doubted(&athlete, &model, DOUBT_CRITICAL_SET, "5.00 m/s is far from the 4.19 m/s"));
}

Test(athlete, an_unusual_maximum)
{
    Athlete athlete = athlete_unknown();
    athlete.age = 60;
    athlete.heart_max = 192;
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(doubted(&athlete, &model, DOUBT_MAX_AGE,
                      "192 bpm is unusual: at that age most have "
                      "about 166"));
}

Test(athlete, what_cannot_be)
{
    static const struct {
        size_t offset;
        double value;
        const char *said;
    } bad[] = {
        {offsetof(Athlete, age), 4, "an age is 5 to 100 years"},
        {offsetof(Athlete, mass_kg), 1000, "a mass is 25 to 250 kg"},
        {offsetof(Athlete, heart_rest), 15, "a resting heart rate is 25 to 120 bpm"},
        {offsetof(Athlete, heart_max), 300, "a maximal heart rate is 90 to 230 bpm"},
        {offsetof(Athlete, heart_threshold), 20, "a heart rate at threshold is 60 to 220 bpm"},
        {offsetof(Athlete, threshold_mps), 20, "a speed at threshold is 1.5 to 7 m/s"},
        {offsetof(Athlete, critical_mps), INFINITY, "a critical speed is 2 to 7 m/s"},
        {offsetof(Athlete, d_prime_m), -1, "a D′ is 50 to 450 m"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Athlete athlete = athlete_unknown();
        memcpy((char *)&athlete + bad[i].offset, &bad[i].value, sizeof bad[i].value);
        expect_refused(&athlete, bad[i].said);
    }
    Athlete athlete = athlete_unknown();
    athlete.heart_rest = 100;
    athlete.heart_max = 95;
    expect_refused(&athlete, "a resting heart rate of 100 bpm is not below the maximal one of 95");
    athlete.heart_max = 180;
    athlete.heart_threshold = 180;
    expect_refused(&athlete, "a threshold heart rate of 180 bpm is not below the maximal");
    athlete = WITH_RACES({5000, 540, true});
    expect_refused(&athlete, "5 km in 9:00");
    athlete.race_count = RACES_MAX + 1;
    expect_refused(&athlete, "at most 6 races");
}

Test(athlete, many_doubts_are_bounded)
{
    Athlete athlete = athlete_unknown();
    athlete.race_count = RACES_MAX;
    for (size_t i = 0; i < RACES_MAX; i++)
        athlete.races[i] = (Race){METRES_MARATHON + 1000.0 * (double)i, 15000 + 900.0 * (double)i,
                                  true, (int32_t)(1000 + 400 * i)};
    const AthleteModel model = athlete_model(&athlete);
    cr_expect(eq(sz, model.doubt_count, 11)); // five old ones, six too long
}

Test(athlete, the_same_is_known_from_another)
{
    const Athlete nobody = athlete_unknown();
    Athlete one = WITH_RACES({5000, 1200, true, 19000}), other = one;
    cr_expect(athlete_is_unknown(&nobody));
    cr_expect(not(athlete_is_unknown(&one)));
    cr_expect(athlete_same(&nobody, &nobody));
    cr_expect(athlete_same(&one, &other));
    other.races[0].day++;
    cr_expect(not(athlete_same(&one, &other)));
    cr_expect(not(athlete_same(&one, &nobody)));
    for (size_t i = 0; i < ATHLETE_FIELDS; i++) {
        size_t field;
        other = one;
        athlete_set(&other, i, athlete_fields[i].least);
        cr_expect(not(athlete_same(&one, &other)), "%s", athlete_fields[i].name);
        cr_expect(eq(dbl, athlete_get(&other, i), athlete_fields[i].least));
        cr_expect(athlete_field_find(athlete_fields[i].name, &field) && field == i);
        other = nobody;
        athlete_set(&other, i, athlete_fields[i].least);
        cr_expect(not(athlete_is_unknown(&other)), "%s", athlete_fields[i].name);
    }
    other = nobody;
    other.sex = SEX_MALE;
    cr_expect(not(athlete_is_unknown(&other)));
    cr_expect(not(athlete_field_find("shoe-size", &(size_t){0})));
}

Test(athlete, words)
{
    cr_expect(eq(str, (char *)known_name(KNOWN_NOT), (char *)"none"));
    cr_expect(eq(str, (char *)known_name(KNOWN_TRIALS), (char *)"trials"));
}
