// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What may stand behind the @: how it is read and printed, and what it comes to for a runner whose
// race was 5 km in 20:00 (a VDOT of 49.81), with a maximal heart rate of 190 and one of 170 at
// threshold.

#include "workout/target-text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Target target;
static TextError error;

static bool parse(const char *text)
{
    Line line = {text, text, text + strlen(text)};
    error.text[0] = '\0';
    if (!target_parse(&line, &target, &error))
        return false;
    cr_expect(line_at_end(&line), "%s: \"%s\" is left", text, line.at);
    return true;
}

static const char *print(void)
{
    static char text[200];
    Printer printer = {.buffer = text, .size = sizeof text};
    target_print(&printer, &target);
    print_end(&printer);
    return text;
}

static Athlete runner(void)
{
    Athlete athlete = athlete_unknown();
    athlete.races[athlete.race_count++] =
        (Race){.distance_m = 5000, .time_s = 1200, .maximal = true};
    athlete.heart_max = 190;
    athlete.heart_threshold = 170;
    athlete.goals[athlete.goal_count++] = (Race){.distance_m = METRES_MARATHON, .time_s = 12600};
    return athlete;
}

// {what people write, what is printed; NULL: the same}
static void expect_printed(const char *const cases[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect(parse(cases[i][0]), "%s: %s", cases[i][0], error.text);
        const char *expected = cases[i][1] ? cases[i][1] : cases[i][0];
        cr_expect_str_eq(print(), expected, "%s gives %s", cases[i][0], print());
        const Target first = target;
        cr_expect(parse(expected) && target_same(&first, &target), "%s", expected);
    }
}

Test(target, is_read_and_printed)
{
    static const char *const cases[][2] = {
        {"6'00''/km", NULL},
        {"7:36/mi", "7'36''/mi"},
        {"7’36”/mi", "7'36''/mi"},
        {"5'00''-5'10''/km", NULL},
        {"5:10/km - 5:00/km", "5'10''-5'00''/km"},
        {"8'00''-4'50''/km", NULL},
        {"12km/h", "12.0km/h"},
        {"7.5 mph", "7.5mph"},
        {"E", NULL},
        {"easy", "E"},
        {"tempo", "T"},
        {"T pace", "T"},
        {"M", NULL},
        {"marathon", "M"},
        {"R", NULL},
        {"I + 5s/km", NULL},
        {"5km pace", NULL},
        {"5k pace", "5km pace"},
        {"10 km pace", "10km pace"},
        {"1500m pace", NULL},
        {"mile pace", NULL},
        {"10mi pace", NULL},
        {"half  marathon pace", "half marathon pace"},
        {"marathon pace", NULL},
        {"goal marathon pace - 5%", NULL},
        {"goal marathon pace – 2.5 %", "goal marathon pace - 2.5%"},
        {"mile pace - 12s per 200m", NULL},
        {"5km pace + 10s/mi", NULL},
        {"4'30''/km - 10s per km", "4'30''/km - 10s/km"},
        {"between M and T", NULL},
        {"between 10km pace and 5km pace - 2%", NULL},
        {"from 10km pace to 5km pace", NULL},
        {"from 5'30''/km to 3'45''/km", NULL},
        {"M building to T", NULL},
        {"6'00''/km building to 5'00''/km", NULL},
        {"HR 140-150", NULL},
        {"HR 150-140 bpm", "HR 140-150"},
        {"HR 145", NULL},
        {"HR < 150", NULL},
        {"HR > 170", NULL},
        {"HR 70-80%", NULL},
        {"HR 70..80 % of max", "HR 70-80%"},
        {"heart rate 85-90% of threshold", "HR 85-90% of threshold"},
        {"HR zone 2", NULL},
        {"HR zones 2–3", "HR zone 2-3"},
        {"RPE 6-7", NULL},
        {"RPE 6.5", NULL},
        {"180 spm", NULL},
        {"175-185 spm", NULL},
        {"> 175 spm", NULL},
        {"250-270 W", NULL},
        {"max", NULL},
        {"all out", "max"},
    };
    expect_printed(cases, COUNT(cases));
}

Test(target, may_be_a_time_for_a_distance)
{
    static const char *const cases[][2] = {
        {"400m in 90s", NULL},
        {"400 m in 1:30", "400m in 90s"},
        {"400m in 1'30''", "400m in 90s"},
        {"400m in 1min 30s", "400m in 90s"},
        {"800m in 3:10", NULL},
        {"800m in 190s", "800m in 3:10"},
        {"800m in 2min", "800m in 2:00"},
        {"mile in 6:00", NULL},
        {"1mi in 6:00", "mile in 6:00"},
        {"0.25mi in 80s", NULL},
        {"2k in 8:00", "2km in 8:00"},
        {"400m in 88-92s", NULL},
        {"400m in 88s – 1:32", "400m in 88-92s"},
        {"800m in 1:58-2:02", NULL},
        {"800m in 118-122s", "800m in 1:58-2:02"},
        {"from 400m in 96s to 400m in 88s", NULL},
        {"between 400m in 96s and 5km pace", NULL},
        {"1km in 5:00 building to 1km in 4:00", NULL},
    };
    expect_printed(cases, COUNT(cases));
}

Test(target, is_refused_with_what_was_expected)
{
    static const struct {
        const char *text;
        uint32_t column;
        const char *expected;
    } cases[] = {
        {"fast", 1, "a target such as"},
        {"5:30", 5, "/km or /mi"},
        {"5'30''", 7, "/km or /mi"},
        {"12", 3, "' after the minutes"},
        {"5'00''-5'10''", 14, "/km or /mi"},
        {"5'00''-T", 8, "another pace"},
        {"goal 5km", 9, "\"pace\" after the race"},
        {"goal pace", 6, "a race from 400m to 100km"},
        {"from T", 7, "\"to\""},
        {"from T to", 10, "a target such as"},
        {"between M", 10, "\"and\""},
        {"T - 60%", 5, "at most 50% less"},
        {"T + 310%", 5, "300% more"},
        {"T + 700s/km", 5, "at most 600"},
        {"T + 5s", 7, "/km, /mi or per 200m"},
        {"T + 5s per 20m", 12, "km, mi, or 50 to 10000 m"},
        {"HR", 3, "a heart rate up to 250"},
        {"400m in", 8, "a time such as 90s or 3:10"},
        {"400m in 90", 11, "the unit"},
        {"400m in 1:3", 11, "two digits of seconds"},
        {"400m in 90m", 9, "a time such as"},
        {"400m in 20s", 9, "a time that somebody runs"},
        {"400m in 20min 1s", 9, "a time that somebody runs"},
        {"10km in 2h", 9, "below 100 minutes"},
        {"400m in 88-92", 14, "s behind the seconds"},
        {"400m in 88-1:32", 13, "s behind the seconds"},
        {"HR 400", 4, "a heart rate up to 250"},
        {"HR 12", 4, "a heart rate from 30"},
        {"HR 150%", 4, "at most 120%"},
        {"HR zone 9", 9, "a zone from 1 to 7"},
        {"RPE 11", 5, "an effort from 1 to 10"},
        {"RPE 0", 5, "an effort from 1 to 10"},
        {"0km/h", 2, "' after the minutes"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect(not(parse(cases[i].text)), "%s", cases[i].text);
        cr_expect(strstr(error.text, cases[i].expected) != NULL, "%s: %s", cases[i].text,
                  error.text);
        cr_expect(eq(u32, error.column, cases[i].column), "%s: %s", cases[i].text, error.text);
    }
}

// Seconds a kilometre of a speed.
static double pace(double speed)
{
    return 1000 / speed;
}

Test(target, comes_to_numbers_of_its_runner)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    static const struct {
        const char *text;
        AimQuantity quantity;
        double slow, value, fast, end; // s/km for speeds, else low and high; NAN: none
    } cases[] = {
        {"6'00''/km", AIM_SPEED, 360, 360, 360, 360},
        {"12km/h", AIM_SPEED, 300, 300, 300, 300},
        {"5'00''-5'20''/km", AIM_SPEED, 320, 310, 300, 310},
        {"5'20''/km - 5%", AIM_SPEED, 304, 304, 304, 304}, // by time, as articles mean it
        {"4'30''/km - 10s/km", AIM_SPEED, 260, 260, 260, 260},
        {"5'00''/km - 3s per 200m", AIM_SPEED, 285, 285, 285, 285},
        {"5km pace", AIM_SPEED, 240, 240, 240, 240},
        {"goal marathon pace", AIM_SPEED, 298.61, 298.61, 298.61, 298.61}, // 3:30:00
        {"goal marathon pace - 5%", AIM_SPEED, 283.68, 283.68, 283.68, 283.68},
        {"6'00''/km building to 5'00''/km", AIM_SPEED, 360, 360, 360, 300},
        {"HR 140-150", AIM_HEART, 140, 145, 150, 145},
        {"HR < 150", AIM_HEART, NAN, 150, 150, 150},
        {"HR > 170", AIM_HEART, 170, 170, NAN, 170},
        {"HR 70-80%", AIM_HEART, 133, 142.5, 152, 142.5},
        {"HR 90-100% of threshold", AIM_HEART, 153, 161.5, 170, 161.5},
        {"HR zone 2", AIM_HEART, 144.5, 148.75, 153, 148.75},
        {"HR zone 1", AIM_HEART, NAN, 144.5, 144.5, 144.5},
        {"HR zone 7", AIM_HEART, 180.2, 180.2, NAN, 180.2},
        {"RPE 6-7", AIM_EFFORT, 6, 6.5, 7, 6.5},
        {"180 spm", AIM_CADENCE, 180, 180, 180, 180},
        {"250-270 W", AIM_POWER, 250, 260, 270, 260},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Aim aim;
        cr_assert(parse(cases[i].text), "%s", error.text);
        cr_assert(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED), "%s",
                  cases[i].text);
        cr_expect(eq(int, aim.quantity, cases[i].quantity), "%s", cases[i].text);
        const bool speed = aim.quantity == AIM_SPEED;
        const double got[] = {aim.low, aim.value, aim.high, aim.end};
        const double want[] = {cases[i].slow, cases[i].value, cases[i].fast, cases[i].end};
        for (size_t n = 0; n < COUNT(got); n++) {
            const double shown = speed ? pace(got[n]) : got[n];
            cr_expect(isnan(want[n]) ? isnan(shown) : fabs(shown - want[n]) < 0.05,
                      "%s, %zu: %f, not %f", cases[i].text, n, shown, want[n]);
        }
    }
}

// Daniels' tables have for a VDOT of 50: E 5:07 to 5:38 or so, M 4:31, T 4:15, I 3:55, R 87 s a
// 400.
Test(target, training_paces_are_those_of_the_tables)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    static const struct {
        const char *text;
        double s_per_km;
    } cases[] = {{"M", 271}, {"T", 256}, {"I", 235}, {"R", 220}};
    Aim aim;
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_assert(parse(cases[i].text));
        cr_assert(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED));
        cr_expect(lt(dbl, fabs(pace(aim.value) - cases[i].s_per_km), 2.5), "%s: %f", cases[i].text,
                  pace(aim.value));
        cr_expect(eq(int, aim.ranged, 0));
    }
    cr_assert(parse("E"));
    cr_assert(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED));
    cr_expect(eq(int, aim.ranged, 1));
    cr_expect(pace(aim.low) > 335 && pace(aim.high) > 280 && pace(aim.high) < pace(aim.low));
    cr_expect(gt(dbl, aim_width(&aim), 0.05)); // nobody is nagged within it
}

Test(target, a_progression_goes_by_time_from_repetition_to_repetition)
{
    Aim aim;
    cr_assert(parse("from 5'30''/km to 3'45''/km"));
    const double expected[] = {330, 303.75, 277.5, 251.25, 225};
    for (uint32_t n = 1; n <= 5; n++) {
        target_resolve(&target, NULL, NULL, n, 5, &aim);
        cr_expect(lt(dbl, fabs(pace(aim.value) - expected[n - 1]), 0.01));
        cr_expect(eq(dbl, aim.end, aim.value));
    }
    // Alone it is one within the step.
    target_resolve(&target, NULL, NULL, 0, 0, &aim);
    cr_expect(lt(dbl, fabs(pace(aim_speed_at(&aim, 0)) - 330), 0.01));
    cr_expect(lt(dbl, fabs(pace(aim_speed_at(&aim, 0.5)) - 277.5), 0.01));
    cr_expect(lt(dbl, fabs(pace(aim_speed_at(&aim, 7)) - 225), 0.01));
}

Test(target, what_is_not_known_is_asked_for)
{
    const Athlete stranger = athlete_unknown();
    const AthleteModel model = athlete_model(&stranger);
    static const struct {
        const char *text;
        Resolution lacks;
        const char *says;
        double effort; // run by feel
    } cases[] = {
        {"E", LACKS_RACE, "pacectl athlete race", 2.5},
        {"T", LACKS_RACE, "pace at threshold", 6.5},
        {"R", LACKS_RACE, "", 9},
        {"mile pace", LACKS_RACE, "", 9},
        {"half marathon pace", LACKS_RACE, "", 5.5},
        {"from 10km pace to 5km pace", LACKS_RACE, "", 6.5},
        {"goal 5km pace", LACKS_GOAL, "pacectl athlete goal", 7.5},
        // What is slower than its own name feels easier, in the end as easy as running is.
        {"T + 3%", LACKS_RACE, "", 5.5},
        {"T + 30%", LACKS_RACE, "", 2.5},
        {"T + 90s/km", LACKS_RACE, "", 2.5},
        {"R + 8%", LACKS_RACE, "", 7.5},
        {"10km pace - 5%", LACKS_RACE, "", 7.5},
        {"mile pace + 12s per 200m", LACKS_RACE, "", 4.5},
        {"between I and E", LACKS_RACE, "", 2.5},
        {"between E and I", LACKS_RACE, "", 2.5},
        {"HR 60-90%", LACKS_HEART_MAX, "heart-max", 3},
        {"HR 80%", LACKS_HEART_MAX, "heart-max", 4.5},
        {"HR 90-95% of threshold", LACKS_THRESHOLD, "heart-threshold", 4.5},
        {"HR zone 2", LACKS_ZONES, "heart-rest", 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Aim aim;
        cr_assert(parse(cases[i].text));
        const Resolution lacks = target_resolve(&target, &stranger, &model, 0, 0, &aim);
        cr_expect(eq(int, lacks, cases[i].lacks), "%s", cases[i].text);
        cr_expect(eq(int, aim.quantity, AIM_NONE));
        cr_expect(strstr(resolution_text(lacks), cases[i].says) != NULL, "%s", cases[i].text);
        cr_expect(eq(int, target_resolve(&target, NULL, NULL, 0, 0, &aim), cases[i].lacks));
        cr_expect(eq(int, target_resolve_by_effort(&target, 0, 0, &aim), RESOLVED));
        cr_expect(eq(int, aim.quantity, AIM_EFFORT));
        cr_expect(eq(dbl, aim.value, cases[i].effort), "%s: %f", cases[i].text, aim.value);
    }
    // What builds does so by feel, too; repetitions that progress have a part each.
    Aim aim;
    cr_assert(parse("E building to M"));
    cr_expect(eq(int, target_resolve_by_effort(&target, 0, 0, &aim), RESOLVED));
    cr_expect(aim.low == 2 && aim.value == 2.5 && aim.end == 4.5 && aim.high == 5);
    cr_assert(parse("from E to I"));
    target_resolve_by_effort(&target, 1, 3, &aim);
    cr_expect(aim.low == 2 && aim.high == 3 && aim.end == aim.value);
    target_resolve_by_effort(&target, 2, 3, &aim);
    cr_expect(aim.low == 4 && aim.high == 5);
    target_resolve_by_effort(&target, 3, 3, &aim);
    cr_expect(aim.low == 8 && aim.high == 9);
    // Who can be told a number is told it, by feel or not.
    cr_assert(parse("5'00''/km"));
    cr_expect(eq(int, target_resolve_by_effort(&target, 0, 0, &aim), RESOLVED));
    cr_expect(eq(int, aim.quantity, AIM_SPEED));
}

Test(target, is_hard_by_what_it_says_and_not_by_its_number)
{
    static const struct {
        const char *text;
        double heart_max, effort; // NAN: not known, says nothing
    } cases[] = {
        {"T", NAN, 6.5},          {"max", NAN, 10},       {"RPE 6-8", NAN, 7},
        {"RPE < 4", NAN, 4},      {"HR 92%", NAN, 6.5},   {"HR 185-190", NAN, NAN},
        {"HR 185-190", 190, 9.5}, {"HR 120-130", 190, 2}, {"4'00''/km", 190, NAN},
        {"300 W", 190, NAN},      {"180 spm", 190, NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_assert(parse(cases[i].text), "%s", cases[i].text);
        const double effort = target_effort(&target, cases[i].heart_max);
        cr_expect(isnan(effort) == isnan(cases[i].effort), "%s: %f", cases[i].text, effort);
        cr_expect(isnan(effort) || effort == cases[i].effort, "%s: %f", cases[i].text, effort);
    }
    cr_expect(lt(dbl, EFFORT_HARD, 6));
}

// VDOT 45 is at threshold at 4:38 a km and at interval pace at 4:16 (Daniels' table).
Test(target, a_field_test_says_the_training_paces_too)
{
    static const struct {
        double threshold, critical;
    } told[] = {{1000.0 / 278, NAN}, {NAN, 1.02 * 1000.0 / 278}};
    for (size_t i = 0; i < COUNT(told); i++) {
        Athlete athlete = athlete_unknown();
        athlete.threshold_mps = told[i].threshold;
        athlete.critical_mps = told[i].critical;
        const AthleteModel model = athlete_model(&athlete);
        Aim aim;
        cr_assert(parse("T"));
        cr_expect(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED));
        cr_expect(epsilon_eq(dbl, aim.value, 1000.0 / 278, 1e-9));
        cr_assert(parse("I"));
        cr_expect(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED));
        cr_expect(epsilon_eq(dbl, 1000 / aim.value, 256, 1));
        cr_assert(parse("5km pace"));
        cr_expect(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), RESOLVED));
        cr_expect(epsilon_eq(dbl, 5000 / aim.value, 1310, 6)); // 21:50
    }
}

Test(target, what_nobody_can_run_is_no_aim)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    Aim aim;
    cr_assert(parse("mile pace - 60s per 200m"));
    cr_expect(eq(int, target_resolve(&target, &athlete, &model, 0, 0, &aim), LACKS_SENSE));
    cr_expect(eq(int, aim.quantity, AIM_NONE));
}
