// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart zones against values worked out from the published percentages, and their edges.

#include "athlete/zones.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct {
    double age, rest, max, threshold, tanaka;
    double reserve[6];      // 30, 40, 60, 70, 80, 90 % of the reserve
    double of_threshold[6]; // 85, 90, 95, 100, 103, 106 %
} people[] = {
    {20,
     50,
     200,
     180,
     194.0,
     {95.0, 110.0, 140.0, 155.0, 170.0, 185.0},
     {153.00, 162.00, 171.00, 180.00, 185.40, 190.80}},
    {35,
     48,
     187,
     170,
     183.5,
     {89.7, 103.6, 131.4, 145.3, 159.2, 173.1},
     {144.50, 153.00, 161.50, 170.00, 175.10, 180.20}},
    {50,
     60,
     172,
     156,
     173.0,
     {93.6, 104.8, 127.2, 138.4, 149.6, 160.8},
     {132.60, 140.40, 148.20, 156.00, 160.68, 165.36}},
    {65,
     62,
     160,
     146,
     162.5,
     {91.4, 101.2, 120.8, 130.6, 140.4, 150.2},
     {124.10, 131.40, 138.70, 146.00, 150.38, 154.76}},
};

Test(zones, edges_by_reserve_and_by_threshold)
{
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        const HeartZones reserve = zones_by_reserve(people[i].rest, people[i].max);
        const HeartZones threshold = zones_by_threshold(people[i].threshold);
        cr_assert(eq(sz, reserve.count, 6));
        cr_assert(eq(sz, threshold.count, 7));
        cr_expect(eq(dbl, threshold.from[0], 0));
        for (size_t j = 0; j < 6; j++) {
            cr_expect(epsilon_eq(dbl, reserve.from[j], people[i].reserve[j], 0.005));
            cr_expect(epsilon_eq(dbl, threshold.from[1 + j], people[i].of_threshold[j], 0.005));
        }
    }
}

Test(zones, the_maximum_by_age)
{
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        cr_expect(epsilon_eq(dbl, zones_max_from_age(people[i].age), people[i].tanaka, 1e-9));
    cr_expect(isnan(zones_max_from_age(NAN)));
}

Test(zones, a_zone_begins_at_its_rate_and_ends_before_the_next)
{
    const HeartZones reserve = zones_by_reserve(50, 200), threshold = zones_by_threshold(200);
    cr_expect(eq(int, zones_find(&reserve, 94.9), -1));
    cr_expect(eq(int, zones_find(&reserve, 95), 0));
    cr_expect(eq(int, zones_find(&reserve, 109.9), 0));
    cr_expect(eq(int, zones_find(&reserve, 110), 1));
    cr_expect(eq(int, zones_find(&reserve, 250), 5));
    cr_expect(eq(int, zones_find(&threshold, 0), 0));
    cr_expect(eq(int, zones_find(&threshold, 179), 1)); // 89.5 %: in a gap of the published ones
    cr_expect(eq(str, (char *)zones_label(&threshold, 5), (char *)"5b"));
    cr_expect(eq(str, (char *)zones_name(&reserve, 5), (char *)"near maximal"));
    cr_expect(eq(str, (char *)zones_label(&reserve, 6), (char *)""));
}

Test(zones, nothing_known)
{
    const HeartZones none[] = {zones_by_reserve(NAN, 190), zones_by_reserve(50, NAN),
                               zones_by_reserve(190, 190), zones_by_threshold(NAN),
                               zones_by_threshold(0)};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        cr_expect(eq(int, none[i].scheme, ZONES_NONE));
        cr_expect(eq(int, zones_find(&none[i], 150), -1));
        cr_expect(eq(str, (char *)zones_name(&none[i], 0), (char *)""));
    }
    const HeartZones some = zones_by_threshold(170);
    cr_expect(eq(int, zones_find(&some, NAN), -1));
    cr_expect(isnan(zones_reserve(150, 190, 190)));
    cr_expect(eq(str, (char *)zones_scheme_name(ZONES_RESERVE), (char *)"reserve"));
}

Test(zones, part_of_the_reserve)
{
    cr_expect(epsilon_eq(dbl, zones_reserve(150, 50, 190), 100.0 / 140, 1e-12));
}
