// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Slopes: the polynomial's published values, and what a belt is worth out of doors.

#include "estimate/grade.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(grade, costs_what_was_published)
{
    static const double rows[][3] = {
        // grade, J/kg/m, factor
        {-0.45, 4.032305, 1.120085}, {-0.20, 1.800032, 0.500009}, {-0.10, 2.151706, 0.597696},
        {-0.05, 2.745924, 0.762757}, {-0.01, 3.409673, 0.947131}, {0, 3.6, 1},
        {0.01, 3.799586, 1.055441},  {0.02, 4.008169, 1.113380},  {0.04, 4.451247, 1.236457},
        {0.10, 5.968214, 1.657837},  {0.15, 7.417023, 2.060284},  {0.45, 19.426015, 5.396115},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(epsilon_eq(dbl, grade_cost(rows[i][0]), rows[i][1], 1e-6));
        cr_expect(epsilon_eq(dbl, grade_factor(rows[i][0]), rows[i][2], 1e-6));
    }
    cr_expect(eq(dbl, grade_cost(2), grade_cost(GRADE_MAX)));
    cr_expect(eq(dbl, grade_cost(-2), grade_cost(-GRADE_MAX)));
}

Test(grade, a_belt_is_worth_less_than_the_ground)
{
    static const double rows[][3] = {
        // belt m/s, grade, ground m/s
        {2.5, 0, 2.45871},    {2.5, 0.01, 2.59032}, {2.5, 0.10, 3.97069}, {4.0, 0, 3.84242},
        {4.0, 0.01, 4.03877}, {4.0, 0.02, 4.24155}, {4.0, 0.04, 4.66401}, {5.0, 0, 4.70980},
        {5.0, 0.01, 4.94194}, {0, 0.05, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(epsilon_eq(dbl, grade_belt_to_ground(rows[i][0], rows[i][1]), rows[i][2], 1e-5));
    cr_expect(epsilon_eq(dbl, grade_belt_to_ground(4.5, 0.0101), 4.5, 1e-3)); // the 1 % rule
    cr_expect(isnan(grade_belt_to_ground(NAN, 0)));
}
