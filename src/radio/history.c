// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard was to keep what tells something. Means hide the one long gap in a thousand short ones, and
// a log grows: so there are buckets, and the last few lifetimes in full, for only they can agree.

#include "radio/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BOUNDS    (HISTORY_BUCKETS - 1)
#define AGE_LEAST 20.0
#define AGREE     4
#define AGREEMENT 1.1

static const double bounds[HISTORY_SCALES][BOUNDS] = {
    [HISTORY_LIFETIME] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000},
    [HISTORY_GAP] = {0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4},
    [HISTORY_RSSI] = {-100, -95, -90, -85, -80, -75, -70, -65, -60, -55, -50},
    [HISTORY_FIRST_DATA] = {0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4},
};

const double *history_bounds(HistoryScale scale)
{
    return bounds[scale];
}

static void count(guint32 *counter)
{
    if (*counter < G_MAXUINT32)
        ++*counter;
}

void history_add(History *history, HistoryScale scale, double value)
{
    if (isnan(value))
        return;
    guint bucket = 0;
    while (bucket < BOUNDS && value > bounds[scale][bucket])
        bucket++;
    count(&history->histogram[scale][bucket]);
}

void history_end(History *history, double lifetime_s, LinkEnd end)
{
    history_add(history, HISTORY_LIFETIME, lifetime_s);
    count(&history->ends[end]);
    bool by_itself = end == END_SILENT || end == END_LOST || end == END_PEER;
    if (!by_itself || !(lifetime_s >= AGE_LEAST))
        return;
    history->ages[history->age_next] = (float)lifetime_s;
    history->age_next = (history->age_next + 1) % HISTORY_AGES;
}

void history_failure(History *history, Trouble trouble)
{
    count(&history->failures[trouble]);
}

guint32 history_count(const History *history, HistoryScale scale)
{
    guint64 sum = 0;
    for (guint i = 0; i < HISTORY_BUCKETS; i++)
        sum += history->histogram[scale][i];
    return (guint32)MIN(sum, G_MAXUINT32);
}

double history_quantile(const History *history, HistoryScale scale, double q)
{
    double total = history_count(history, scale), below = 0;
    if (total == 0)
        return NAN;
    for (guint i = 0; i < BOUNDS; i++) {
        below += history->histogram[scale][i];
        if (below >= q * total && below > 0)
            return bounds[scale][i];
    }
    return INFINITY;
}

static int ascending(gconstpointer left, gconstpointer right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

double history_fixed_age(const History *history)
{
    float ages[HISTORY_AGES];
    memcpy(ages, history->ages, sizeof ages);
    qsort(ages, HISTORY_AGES, sizeof ages[0], ascending);
    for (guint i = 0; i + AGREE <= HISTORY_AGES; i++)
        if (ages[i] > 0 && ages[i + AGREE - 1] <= AGREEMENT * (double)ages[i])
            return (ages[i + 1] + ages[i + 2]) / 2.0;
    return NAN;
}

const char *link_end_name(LinkEnd end)
{
    switch (end) {
    case END_SILENT:
        return "silent";
    case END_LOST:
        return "lost";
    case END_PEER:
        return "hung-up";
    case END_ADAPTER:
        return "adapter";
    case END_SERVICE:
        return "service";
    case END_OURS:
        return "ours";
    case END_KINDS:
        break;
    }
    g_assert_not_reached();
}

// ── the line: "1;" and then, by position, all numbers, each list ended by ';' ────────────────────

static void print_counts(GString *line, const guint32 *counts, guint length)
{
    for (guint i = 0; i < length; i++)
        g_string_append_printf(line, "%s%u", i ? "," : "", counts[i]);
    g_string_append_c(line, ';');
}

void history_print(const History *history, char *ret_line, gsize size)
{
    g_autoptr(GString) line = g_string_new("1;");
    for (guint i = 0; i < HISTORY_SCALES; i++)
        print_counts(line, history->histogram[i], HISTORY_BUCKETS);
    print_counts(line, history->ends, END_KINDS);
    print_counts(line, history->failures, TROUBLES);
    // Oldest first, in tenths of a second.
    guint32 ages[HISTORY_AGES];
    for (guint i = 0; i < HISTORY_AGES; i++) {
        double age = (double)history->ages[(history->age_next + i) % HISTORY_AGES];
        ages[i] = (guint32)(MIN(age, 1e8) * 10 + 0.5);
    }
    print_counts(line, ages, HISTORY_AGES);
    g_strlcpy(ret_line, line->str, size);
}

static bool parse_counts(const char **at, guint32 *ret_counts, guint length)
{
    for (guint i = 0; i < length; i++) {
        char *end;
        if (!g_ascii_isdigit(**at))
            return false;
        guint64 value = g_ascii_strtoull(*at, &end, 10);
        if (value > G_MAXUINT32 || *end != (i + 1 < length ? ',' : ';'))
            return false;
        ret_counts[i] = (guint32)value;
        *at = end + 1;
    }
    return true;
}

bool history_parse(const char *line, History *ret_history)
{
    History history = {.age_next = 0};
    guint32 ages[HISTORY_AGES];
    if (!line || !g_str_has_prefix(line, "1;"))
        return false;
    const char *at = line + 2;
    for (guint i = 0; i < HISTORY_SCALES; i++)
        if (!parse_counts(&at, history.histogram[i], HISTORY_BUCKETS))
            return false;
    if (!parse_counts(&at, history.ends, END_KINDS) ||
        !parse_counts(&at, history.failures, TROUBLES) || !parse_counts(&at, ages, HISTORY_AGES) ||
        *at != '\0')
        return false;
    for (guint i = 0; i < HISTORY_AGES; i++)
        history.ages[i] = (float)(ages[i] / 10.0);
    *ret_history = history;
    return true;
}
