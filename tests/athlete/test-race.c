// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a race may be, how it is written, and Riegel's exponent against its closed form.

#include "athlete/race.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

// From; to; the time with the exponents 1.05, 1.06 and 1.08.
static const double riegel[][6] = {
    {1609.344, 330, 1609.344, 330.000, 330.000, 330.000},
    {1609.344, 330, 3000, 634.614, 638.579, 646.583},
    {1609.344, 330, 5000, 1085.053, 1097.424, 1122.589},
    {1609.344, 330, 10000, 2246.635, 2288.053, 2373.193},
    {1609.344, 330, 21097.5, 4920.114, 5048.368, 5314.992},
    {1609.344, 330, 42195, 10187.243, 10525.501, 11236.085},
    {5000, 1200, 1609.344, 364.959, 360.845, 352.756},
    {5000, 1200, 3000, 701.843, 698.267, 691.170},
    {5000, 1200, 5000, 1200.000, 1200.000, 1200.000},
    {5000, 1200, 10000, 2484.636, 2501.918, 2536.843},
    {5000, 1200, 21097.5, 5441.333, 5520.239, 5681.501},
    {5000, 1200, 42195, 11266.442, 11509.321, 12010.899},
    {10000, 2400, 1609.344, 352.527, 346.146, 333.728},
    {10000, 2400, 3000, 677.936, 669.823, 653.886},
    {10000, 2400, 5000, 1159.124, 1151.117, 1135.269},
    {10000, 2400, 10000, 2400.000, 2400.000, 2400.000},
    {10000, 2400, 21097.5, 5255.981, 5295.367, 5375.028},
    {10000, 2400, 42195, 10882.666, 11040.478, 11363.003},
    {21097.5, 5400, 1609.344, 362.187, 352.985, 335.278},
    {21097.5, 5400, 3000, 696.512, 683.058, 656.924},
    {21097.5, 5400, 5000, 1190.885, 1173.862, 1140.544},
    {21097.5, 5400, 10000, 2465.762, 2447.422, 2411.150},
    {21097.5, 5400, 21097.5, 5400.000, 5400.000, 5400.000},
    {21097.5, 5400, 42195, 11180.861, 11258.630, 11415.795},
};

Test(race, riegel)
{
    static const double exponents[] = {1.05, 1.06, 1.08};
    for (size_t i = 0; i < sizeof riegel / sizeof *riegel; i++)
        for (size_t j = 0; j < 3; j++) {
            double time = riegel_time(riegel[i][0], riegel[i][1], riegel[i][2], exponents[j]);
            cr_expect(epsilon_eq(dbl, time, riegel[i][3 + j], 6e-4), "row %zu", i);
            const Race from = {riegel[i][0], riegel[i][1]}, to = {riegel[i][2], riegel[i][3 + j]};
            if (riegel[i][0] != riegel[i][2])
                cr_expect(epsilon_eq(dbl, riegel_exponent(&from, &to), exponents[j], 1e-5));
            else
                cr_expect(isnan(riegel_exponent(&from, &to)));
        }
}

Test(race, how_it_may_be_written)
{
    static const struct {
        const char *text;
        double distance_m, time_s;
    } good[] = {
        {"5km=20:00", 5000, 1200},
        {"5k=20:00", 5000, 1200},
        {"5 K = 20:00", 5000, 1200},
        {"5000m=20:00", 5000, 1200},
        {"5000 metres=20:00", 5000, 1200},
        {"5\u00a0km=20:00", 5000, 1200},
        {"21,1km=1:30:00", 21100, 5400},
        {"mile=5'30''", 1609.344, 330},
        {"1mi=5:30", 1609.344, 330},
        {"1 Mile=5:30.4", 1609.344, 330.4},
        {"2mile=11:40", 3218.688, 700},
        {"3.1 miles=20:00", 3.1 * 1609.344, 1200},
        {"half=1:30:00", 21097.5, 5400},
        {"Half Marathon=1:30:00", 21097.5, 5400},
        {"half-marathon=90min", 21097.5, 5400},
        {"HM=90:00", 21097.5, 5400},
        {"marathon=3h05", 42195, 11100},
        {"marathon=3h 5min 10s", 42195, 11110},
        {"MARATHON=3h05m10s", 42195, 11110},
        {"10 km = 41:21.5", 10000, 2481.5},
        {"5km=18'30''", 5000, 1110},
        {"5km=18'30", 5000, 1110},
        {"5km=18\u203230\u2033", 5000, 1110},
        {"5km=18\u201930\u201d", 5000, 1110},
        {"5km=18\u201930\u2019\u2019", 5000, 1110},
        {"5km=18min30", 5000, 1110},
        {"1500m=330s", 1500, 330},
        {"1500m = 330.5 sec ", 1500, 330.5},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Race race = {0};
        char why[WHY_MAX] = "";
        cr_expect(race_parse(good[i].text, &race, why), "%s: %s", good[i].text, why);
        cr_expect(epsilon_eq(dbl, race.distance_m, good[i].distance_m, 1e-9), "%s", good[i].text);
        cr_expect(epsilon_eq(dbl, race.time_s, good[i].time_s, 1e-9), "%s", good[i].text);
        cr_expect(race.maximal);
        cr_expect(eq(int, race.day, 0));
    }
}

Test(race, what_cannot_be_read_says_what_was_expected)
{
    static const struct {
        const char *text, *said;
    } bad[] = {
        {"", "expected a distance"},
        {"=20:00", "expected a distance"},
        {"x=20:00", "expected a distance"},
        {"milestone=20:00", "expected a distance"},
        {"5000=20:00", "5000 what?"},
        {"5 furlongs=20:00", "5 what?"},
        {"5kmh=20:00", "5 what?"},
        {"5km", "expected “=”"},
        {"5km 20:00", "expected “=”"},
        {"half marathon race=1:30:00", "expected “=”"},
        {"5km=", "expected a time"},
        {"5km=20", "expected a time"},
        {"5km=20:60", "expected a time"},
        {"5km=1:60:00", "expected a time"},
        {"5km=1:2:3:4", "expected a time"},
        {"5km=20:00:", "expected a time"},
        {"5km=20::00", "expected a time"},
        {"5km=2.5:00", "expected a time"},
        {"5km=-20:00", "expected a time"},
        {"5km=20:00 or so", "expected a time"},
        {"5km=30s20min", "expected a time"},
        {"5km=20min20min", "expected a time"},
        {"5km=20'60''", "expected a time"},
        {"5km=20s30", "expected a time"},
        {"5km=2.5h30", "expected a time"},
        {"5km=9999999999:00", "expected a time"},
        {"99999999999km=20:00", "expected a distance"},
        {"5km=nan", "expected a time"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Race race = {.distance_m = 1};
        char why[WHY_MAX] = "";
        cr_expect(not(race_parse(bad[i].text, &race, why)), "%s", bad[i].text);
        cr_expect(strstr(why, bad[i].said) != NULL, "%s: %s", bad[i].text, why);
        cr_expect(eq(dbl, race.distance_m, 1), "%s", bad[i].text);
    }
}

// A race comes from a command line, with whatever a shell lets through.
Test(race, any_text_is_read_or_refused)
{
    static const char *const parts[] = {
        "5", "km", "=", "20", ":",      "00",   "mile", "half", "m",  " ",  "'",        "\"",
        "h", "s",  ".", ",",  "\u2032", "\xc2", "min",  "999",  "-1", "e9", "marathon", "\x01"};
    uint32_t state = 1;
    for (int round = 0; round < 100000; round++) {
        char text[80] = "", why[WHY_MAX] = "";
        for (int i = 0; i < 8; i++) {
            state = state * 1664525 + 1013904223;
            strcat(text, parts[(state >> 16) % (sizeof parts / sizeof *parts)]);
        }
        Race race;
        if (!race_parse(text, &race, why))
            cr_assert(why[0] != '\0', "%s", text);
        else
            cr_assert(race.distance_m >= 0 && race.time_s >= 0 && isfinite(race.time_s), "%s",
                      text);
    }
}

Test(race, a_time_alone)
{
    double seconds = 1;
    cr_expect(race_parse_time("4:15", &seconds));
    cr_expect(eq(dbl, seconds, 255));
    cr_expect(not(race_parse_time("fast", &seconds)));
    cr_expect(eq(dbl, seconds, 255));
}

static void expect_refused(Race race, const char *said)
{
    char why[WHY_MAX] = "";
    cr_expect(not(race_check(&race, why)), "%g m in %g s", race.distance_m, race.time_s);
    cr_expect(strstr(why, said) != NULL, "“%s” is not in “%s”", said, why);
}

Test(race, what_nobody_can_have_run)
{
    expect_refused((Race){5000, 540}, "5 km in 9:00 is faster than anybody has run");
    expect_refused((Race){METRES_HALF, 90}, "hours are written 1:30:00");
    expect_refused((Race){5000, 3600}, "5 km in 1:00:00 is walking");
    expect_refused((Race){400, 60}, "800 m to 100 km");
    expect_refused((Race){100001, 36000}, "800 m to 100 km");
    expect_refused((Race){NAN, 1200}, "800 m to 100 km");
    expect_refused((Race){5000, 0}, "5 km: a race takes");
    expect_refused((Race){5000, NAN}, "5 km: a race takes");
    expect_refused((Race){5000, INFINITY}, "5 km: a race takes");
    expect_refused((Race){100000, 86401}, "less than a day");
    expect_refused((Race){5000, 1200, true, -1}, "before the first");
}

// World records of 2025, and the slow end.
Test(race, what_somebody_has_run)
{
    static const Race records[] = {{800, 100.91},
                                   {1500, 206.0},
                                   {METRES_PER_MILE, 223.13},
                                   {5000, 755.36},
                                   {10000, 1571.0},
                                   {METRES_HALF, 3402},
                                   {METRES_MARATHON, 7235},
                                   {100000, 21935},
                                   {5000, 3000},
                                   {METRES_MARATHON, 6 * 3600}};
    char why[WHY_MAX];
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        cr_expect(race_check(&records[i], why), "%s", why);
}

static void expect_pair(Race one, Race other, const char *said)
{
    char why[WHY_MAX] = "";
    cr_expect(eq(int, race_pair_check(&one, &other, why), said == NULL), "%s", why);
    cr_expect(eq(int, race_pair_check(&other, &one, why), said == NULL), "%s", why);
    if (said)
        cr_expect(strstr(why, said) != NULL, "“%s” is not in “%s”", said, why);
}

Test(race, pairs_that_contradict_each_other)
{
    static const char both[] = "half marathon in 1:30:00 and marathon in ";
    const Race half = {METRES_HALF, 5400, true}, jogged = {METRES_HALF, 5400, false};
    expect_pair(half, (Race){METRES_MARATHON, 5390, true}, both);
    expect_pair(half, (Race){METRES_MARATHON, 10700, true}, both);
    expect_pair(half, (Race){METRES_MARATHON, 10799, true}, both);
    expect_pair(half, (Race){METRES_MARATHON, 10800, true}, NULL); // odd, but people round
    expect_pair(half, (Race){METRES_MARATHON, 11400, true}, NULL);
    expect_pair(jogged, (Race){METRES_MARATHON, 10700, true}, NULL);
    expect_pair(jogged, (Race){METRES_MARATHON, 5390, true}, both);
    expect_pair(half, (Race){METRES_HALF, 5500, true}, NULL);
}

Test(race, names)
{
    static const struct {
        double distance_m;
        const char *name;
    } all[] = {{5000, "5 km"},
               {10000, "10 km"},
               {METRES_PER_MILE, "mile"},
               {3218.688, "2 miles"},
               {METRES_HALF, "half marathon"},
               {METRES_MARATHON, "marathon"},
               {1500, "1500 m"},
               {1234.5, "1234.5 m"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char name[RACE_NAME_MAX], text[64], why[WHY_MAX];
        Race race = {0};
        cr_expect(eq(str, (char *)race_name(all[i].distance_m, name), (char *)all[i].name));
        snprintf(text, sizeof text, "%s=20:00", name); // what is printed can be read
        cr_expect(race_parse(text, &race, why), "%s: %s", text, why);
        cr_expect(epsilon_eq(dbl, race.distance_m, all[i].distance_m, 1e-6));
    }
}

Test(race, times)
{
    static const struct {
        double time_s;
        const char *text;
    } all[] = {{1200, "20:00"}, {1199.96, "20:00"}, {2481.5, "41:21.5"},    {59.94, "0:59.9"},
               {59.96, "1:00"}, {5400, "1:30:00"},  {11110.25, "3:05:10.3"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[RACE_TIME_MAX];
        cr_expect(eq(str, (char *)race_time_text(all[i].time_s, text), (char *)all[i].text));
    }
}
