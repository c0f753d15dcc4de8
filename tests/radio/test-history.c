// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is remembered of a sensor's connections, what it tells, and that it survives the store.

#include "radio/history.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static History after(const double *lifetimes, gsize count, LinkEnd end)
{
    History history = {.age_next = 0};
    for (gsize i = 0; i < count; i++)
        history_end(&history, lifetimes[i], end);
    return history;
}

Test(history, a_strap_that_drops_at_a_fixed_age_is_found_out)
{
    static const double h10[] = {150.2, 33, 149.8, 150.0, 3.1, 150.4};
    History history = after(h10, G_N_ELEMENTS(h10), END_LOST);
    double age = history_fixed_age(&history);
    cr_expect(age > 149 && age < 151, "%g", age);
}

Test(history, lifetimes_that_differ_or_are_few_or_short_tell_nothing)
{
    static const double walks[] = {600, 1800, 45, 900, 1200, 300};
    static const double few[] = {150, 151, 149};
    static const double brief[] = {4, 4, 4, 4, 4, 4};
    History history = after(walks, G_N_ELEMENTS(walks), END_LOST);
    cr_expect(isnan(history_fixed_age(&history)));
    history = after(few, G_N_ELEMENTS(few), END_LOST);
    cr_expect(isnan(history_fixed_age(&history)));
    history = after(brief, G_N_ELEMENTS(brief), END_LOST);
    cr_expect(isnan(history_fixed_age(&history)));
}

Test(history, what_we_ended_does_not_count_as_dropping)
{
    static const double runs[] = {1800, 1800, 1800, 1800};
    History history = after(runs, G_N_ELEMENTS(runs), END_OURS);
    cr_expect(isnan(history_fixed_age(&history)));
    history = after(runs, G_N_ELEMENTS(runs), END_ADAPTER);
    cr_expect(isnan(history_fixed_age(&history)));
    cr_expect_eq(history.ends[END_ADAPTER], 4);
}

Test(history, old_trouble_is_forgotten)
{
    static const double lifetimes[] = {30, 30, 30, 30, 600, 1200, 2400, 300, 900, 3600, 7200, 100};
    History history = after(lifetimes, G_N_ELEMENTS(lifetimes), END_LOST);
    cr_expect(isnan(history_fixed_age(&history)));
}

Test(history, quantiles_are_the_bounds_of_buckets)
{
    History history = {.age_next = 0};
    cr_expect(isnan(history_quantile(&history, HISTORY_GAP, 0.5)));
    for (int i = 0; i < 99; i++)
        history_add(&history, HISTORY_GAP, 1.0);
    history_add(&history, HISTORY_GAP, 1000);
    history_add(&history, HISTORY_GAP, NAN);
    cr_expect_eq(history_count(&history, HISTORY_GAP), 100);
    cr_expect_float_eq(history_quantile(&history, HISTORY_GAP, 0.5), 1.6, 1e-9);
    cr_expect(isinf(history_quantile(&history, HISTORY_GAP, 1)));
    history_add(&history, HISTORY_RSSI, -127);
    cr_expect_float_eq(history_quantile(&history, HISTORY_RSSI, 0.5), -100, 1e-9);
}

Test(history, one_line_keeps_all_of_it)
{
    static const double lifetimes[] = {150.2, 20, 149, 150.1, 150, 7, 151, 4000, 30, 31};
    History history = after(lifetimes, G_N_ELEMENTS(lifetimes), END_SILENT), again;
    history_failure(&history, TROUBLE_TRANSIENT);
    history_add(&history, HISTORY_FIRST_DATA, 0.7);
    history_add(&history, HISTORY_RSSI, -71);
    memset(history.histogram[HISTORY_GAP], 0xff, sizeof history.histogram[HISTORY_GAP]);
    char line[HISTORY_LINE], second[HISTORY_LINE];
    history_print(&history, line, sizeof line);
    cr_expect(!strchr(line, '\n'));
    cr_assert(history_parse(line, &again));
    history_print(&again, second, sizeof second);
    cr_expect_str_eq(line, second);
    cr_expect_float_eq(history_fixed_age(&again), history_fixed_age(&history), 0.1);
    // It goes on where it stopped: the oldest age gives way.
    history_end(&again, 500, END_LOST);
    history_end(&history, 500, END_LOST);
    history_print(&history, line, sizeof line);
    history_print(&again, second, sizeof second);
    cr_expect_str_eq(line, second);
}

Test(history, a_count_stops_at_its_end)
{
    History history = {.ends = {G_MAXUINT32}};
    history_end(&history, 1, END_SILENT);
    cr_expect_eq(history.ends[END_SILENT], G_MAXUINT32);
}

Test(history, a_line_that_is_none_changes_nothing)
{
    History history = {.ends = {7}}, fresh = {.age_next = 0};
    char line[HISTORY_LINE];
    history_print(&fresh, line, sizeof line);
    cr_expect_not(history_parse(NULL, &history));
    cr_expect_not(history_parse("", &history));
    cr_expect_not(history_parse("2;0", &history));
    for (gsize length = strlen(line); length-- > 0;) {
        line[length] = '\0';
        cr_expect_not(history_parse(line, &history), "%zu", length);
    }
    history_print(&fresh, line, sizeof line);
    line[strlen(line) - 2] = '-';
    cr_expect_not(history_parse(line, &history));
    cr_expect_eq(history.ends[END_SILENT], 7);
}
