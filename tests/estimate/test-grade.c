// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Slopes against the published polynomial and its measurements, and belts against solutions of the
// equation that were found by another way (bisection).

#include "estimate/grade.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(grade, a_slope_costs_what_was_published)
{
    static const struct {
        double percent, cost, factor;
    } rows[] = {
        {-45, 4.032305, 1.120085}, {-40, 3.609664, 1.002684}, {-30, 2.462238, 0.683955},
        {-20, 1.800032, 0.500009}, {-15, 1.835697, 0.509916}, {-10, 2.151706, 0.597696},
        {-8, 2.356735, 0.654649},  {-6, 2.605518, 0.723755},  {-5, 2.745924, 0.762757},
        {-4, 2.896757, 0.804655},  {-3, 3.057811, 0.849392},  {-2, 3.228861, 0.896906},
        {-1, 3.409673, 0.947131},  {0, 3.600000, 1.000000},   {0.5, 3.698652, 1.027403},
        {1, 3.799586, 1.055441},   {1.5, 3.902770, 1.084103}, {2, 4.008169, 1.113380},
        {3, 4.225480, 1.173744},   {4, 4.451247, 1.236457},   {5, 4.685196, 1.301443},
        {6, 4.927054, 1.368626},   {8, 5.433414, 1.509282},   {10, 5.968214, 1.657837},
        {12, 6.529461, 1.813739},  {15, 7.417023, 2.060284},  {20, 9.006688, 2.501858},
        {30, 12.579282, 3.494245}, {40, 16.849856, 4.680516}, {45, 19.426015, 5.396115},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(epsilon_eq(dbl, grade_cost(rows[i].percent), rows[i].cost, 5e-7), "%g %%",
                  rows[i].percent);
        cr_expect(epsilon_eq(dbl, grade_flat_speed(1, rows[i].percent), rows[i].factor, 5e-7),
                  "%g %%", rows[i].percent);
    }
}

// Minetti 2002, measured: mean and standard deviation, J/kg/m.
Test(grade, a_slope_costs_what_was_measured)
{
    static const struct {
        double percent, mean, sd;
    } rows[] = {{-45, 3.92, 0.81}, {-20, 1.73, 0.36}, {0, 3.40, 0.24}, {45, 18.93, 1.74}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(epsilon_eq(dbl, grade_cost(rows[i].percent), rows[i].mean, rows[i].sd), "%g %%",
                  rows[i].percent);
}

Test(grade, a_belt_is_worth_the_speed_on_the_road_that_costs_the_same)
{
    static const struct {
        double belt, percent, without_air, with_air;
    } rows[] = {
        {2.5, 0, 2.50000, 2.45871},   {2.5, 0.5, 2.56851, 2.52385}, {2.5, 1, 2.63860, 2.59032},
        {2.5, 1.5, 2.71026, 2.65809}, {2.5, 2, 2.78345, 2.72711},   {2.5, 4, 3.09114, 3.01501},
        {2.5, 6, 3.42157, 3.31992},   {2.5, 10, 4.14459, 3.97069},  {3, 0, 3.00000, 2.93012},
        {3, 0.5, 3.08221, 3.00671},   {3, 1, 3.16632, 3.08478},     {3, 1.5, 3.25231, 3.16430},
        {3, 2, 3.34014, 3.24521},     {3, 4, 3.70937, 3.58174},     {3, 6, 4.10588, 3.93644},
        {3, 10, 4.97351, 4.68742},    {3.5, 0, 3.50000, 3.39163},   {3.5, 0.5, 3.59591, 3.47895},
        {3.5, 1, 3.69404, 3.56788},   {3.5, 1.5, 3.79436, 3.65835}, {3.5, 2, 3.89683, 3.75031},
        {3.5, 4, 4.32760, 4.13168},   {3.5, 6, 4.79019, 4.53168},   {3.5, 10, 5.80243, 5.37184},
        {4, 0, 4.00000, 3.84242},     {4, 0.5, 4.10961, 3.93975},   {4, 1, 4.22176, 4.03877},
        {4, 1.5, 4.33641, 4.13939},   {4, 2, 4.45352, 4.24155},     {4, 4, 4.94583, 4.66401},
        {4, 6, 5.47450, 5.10495},     {4, 10, 6.63135, 6.02409},    {4.5, 0, 4.50000, 4.28192},
        {4.5, 0.5, 4.62332, 4.38854}, {4.5, 1, 4.74948, 4.49688},   {4.5, 1.5, 4.87846, 4.60687},
        {4.5, 2, 5.01021, 4.71841},   {4.5, 4, 5.56406, 5.17834},   {4.5, 6, 6.15882, 5.65617},
        {4.5, 10, 7.46027, 6.64516},  {5, 0, 5.00000, 4.70980},     {5, 0.5, 5.13702, 4.82499},
        {5, 1, 5.27720, 4.94194},     {5, 1.5, 5.42051, 5.06053},   {5, 2, 5.56690, 5.18066},
        {5, 4, 6.18229, 5.67469},     {5, 6, 6.84313, 6.18568},     {5, 10, 8.28919, 7.23653},
        {5.5, 0, 5.50000, 5.12589},   {5.5, 0.5, 5.65072, 5.24900}, {5.5, 1, 5.80492, 5.37385},
        {5.5, 1.5, 5.96257, 5.50033}, {5.5, 2, 6.12359, 5.62833},   {5.5, 4, 6.80052, 6.15333},
        {5.5, 6, 7.52744, 6.69417},   {5.5, 10, 9.11810, 7.79994},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(epsilon_eq(dbl, grade_flat_speed(rows[i].belt, rows[i].percent),
                             rows[i].without_air, 6e-6),
                  "%g m/s, %g %%", rows[i].belt, rows[i].percent);
        cr_expect(epsilon_eq(dbl, grade_belt_speed(rows[i].belt, rows[i].percent), rows[i].with_air,
                             6e-6),
                  "%g m/s, %g %%", rows[i].belt, rows[i].percent);
    }
}

// The slope that makes up for the missing air grows with speed: a flat 1 % fits one of them only.
Test(grade, the_slope_that_equals_the_road_depends_on_the_speed)
{
    static const struct {
        double speed, percent;
    } rows[] = {{2.5, 0.32}, {3.5, 0.62}, {4.5, 1.01}, {5.5, 1.50}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(
            epsilon_eq(dbl, grade_belt_speed(rows[i].speed, rows[i].percent), rows[i].speed, 0.002),
            "%g m/s", rows[i].speed);
}

Test(grade, it_solves_its_equation_everywhere_and_rises_with_the_belt)
{
    for (double percent = -60; percent <= 60; percent += 2.5) {
        double last = -1;
        for (double belt = 0; belt <= 20; belt += 0.1) {
            const double v = grade_belt_speed(belt, percent);
            const double cost = belt * grade_cost(percent);
            cr_assert(epsilon_eq(dbl, (3.6 + 0.01 * v * v) * v, cost, 1e-9 * (1 + cost)));
            cr_assert(gt(dbl, v, last));
            last = v;
        }
    }
}

Test(grade, what_is_unknown_stays_so)
{
    cr_expect(isnan(grade_cost(NAN)));
    cr_expect(isnan(grade_flat_speed(NAN, 1)));
    cr_expect(isnan(grade_belt_speed(3, NAN)));
    cr_expect(isnan(grade_belt_speed(NAN, 1)));
    cr_expect(isnan(grade_belt_speed(-1, 1)));
    cr_expect(eq(dbl, grade_belt_speed(0, 10), 0));
    cr_expect(eq(dbl, grade_cost(1000), grade_cost(45)), "steeper than was measured is as steep");
}
