// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How values age, and which of several sensors is believed.

#include "estimate/estimate.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)

Test(estimate, a_reading_is_itself_then_held_then_unknown)
{
    static const struct {
        double age_s;
        EstimateSource source;
        double confidence;
    } rows[] = {
        {0, SOURCE_POD, 0.8},    {2.9, SOURCE_POD, 0.8},  {3, SOURCE_POD, 0.8},
        {3.5, SOURCE_HELD, 0.6}, {4, SOURCE_HELD, 0.4},   {5, SOURCE_HELD, 0},
        {5.001, SOURCE_NONE, 0}, {100, SOURCE_NONE, 0.0},
    };
    const Reading reading = {.value = 4, .at = S(1000), .confidence = 0.8};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Estimate e = estimate_from(&reading, SOURCE_POD, 2, S(1000 + rows[i].age_s));
        cr_expect(eq(int, (int)e.source, (int)rows[i].source), "at %g s", rows[i].age_s);
        cr_expect(epsilon_eq(dbl, e.confidence, rows[i].confidence, 1e-9), "at %g s",
                  rows[i].age_s);
        cr_expect(eq(i64, e.age, S(rows[i].age_s)));
        cr_expect(estimate_known(&e) == !isnan(e.value));
        cr_expect(eq(int, e.sensor, estimate_known(&e) ? 2 : SENSOR_NONE));
    }
}

Test(estimate, what_never_was_is_unknown_and_has_no_age)
{
    const Reading reading = READING_NONE;
    const Estimate e = estimate_from(&reading, SOURCE_STRAP, 0, S(5));
    cr_expect(not(estimate_known(&e)));
    cr_expect(isnan(e.value));
    cr_expect(eq(i64, e.age, USEC_NEVER));
}

Test(estimate, one_sensor_owns_a_value)
{
    static const struct {
        const char *shows;
        double at_s[3]; // of the readings; negative: never
        SensorId owner;
        EstimateSource source;
    } rows[] = {
        {"nobody", {-1, -1, -1}, SENSOR_NONE, SOURCE_NONE},
        {"the only one", {-1, -1, 99}, 2, SOURCE_STRAP},
        {"the lowest of the fresh", {-1, 97, 100}, 1, SOURCE_STRAP},
        {"a fresh one before a held one", {96, 97, 100}, 1, SOURCE_STRAP},
        {"the youngest of the held", {95.5, 96, -1}, 1, SOURCE_HELD},
        {"the lowest of equals", {96, 96, 96}, 0, SOURCE_HELD},
        {"all gone", {10, 20, 30}, SENSOR_NONE, SOURCE_NONE},
    };
    profiles_default();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Reading readings[SENSORS_MAX];
        for (size_t s = 0; s < SENSORS_MAX; s++)
            readings[s] = READING_NONE;
        for (size_t s = 0; s < 3; s++)
            if (rows[i].at_s[s] >= 0)
                readings[s] = (Reading){(double)s, S(rows[i].at_s[s]), 0, 1};
        const Estimate e = estimate_from_owner(readings, profiles, SOURCE_STRAP, S(100));
        cr_expect(eq(int, e.sensor, rows[i].owner), "%s", rows[i].shows);
        cr_expect(eq(int, (int)e.source, (int)rows[i].source), "%s", rows[i].shows);
        if (estimate_known(&e))
            cr_expect(eq(dbl, e.value, rows[i].owner), "%s", rows[i].shows);
    }
}

Test(estimate, sources_have_the_names_of_the_bus)
{
    cr_expect_str_eq(estimate_source_name(SOURCE_NONE), "none");
    cr_expect_str_eq(estimate_source_name(SOURCE_STRAP), "strap");
    cr_expect_str_eq(estimate_source_name(SOURCE_POD), "pod");
    cr_expect_str_eq(estimate_source_name(SOURCE_TREADMILL), "treadmill");
    cr_expect_str_eq(estimate_source_name(SOURCE_HELD), "held");
}
