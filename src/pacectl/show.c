// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Values as people read them; see show.h.

#include "pacectl/show.h"

#include <math.h>
#include <string.h>

// What a plain terminal cannot show it would garble.
static gboolean plain(void)
{
    return !g_get_charset(NULL);
}

static const char *unknown(void)
{
    return plain() ? "-" : "–";
}

void show_duration(double seconds, char ret_text[SHOW_MAX])
{
    if (!isfinite(seconds)) {
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
        return;
    }
    long long whole = llround(fmax(seconds, 0));
    if (whole >= 3600)
        g_snprintf(ret_text, SHOW_MAX, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                   whole % 60);
    else
        g_snprintf(ret_text, SHOW_MAX, "%lld:%02lld", whole / 60, whole % 60);
}

void show_period(double seconds, char ret_text[SHOW_MAX])
{
    if (!isfinite(seconds))
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
    else if (seconds < 100)
        g_snprintf(ret_text, SHOW_MAX, "%.0f s", fmax(seconds, 0));
    else if (seconds < 100 * 60)
        g_snprintf(ret_text, SHOW_MAX, "%.0f min", seconds / 60);
    else
        g_snprintf(ret_text, SHOW_MAX, "%.0f h", seconds / 3600);
}

void show_pace(double speed_mps, char ret_text[SHOW_MAX])
{
    // Slower than 30 min/km is standing about, not a pace.
    if (!isfinite(speed_mps) || speed_mps < METRES_PER_KM / 1800)
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
    else
        show_duration(METRES_PER_KM / speed_mps, ret_text);
}

void show_distance(double metres, char ret_text[SHOW_MAX])
{
    if (!isfinite(metres))
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
    else if (metres < 1000)
        g_snprintf(ret_text, SHOW_MAX, "%.0f m", fmax(metres, 0));
    else
        g_snprintf(ret_text, SHOW_MAX, "%.2f km", metres / 1000);
}

void show_step_length(const Step *step, char ret_text[SHOW_MAX])
{
    if (step_ends_by_clock(step))
        show_duration(step_length(step), ret_text);
    else if (step->measure == MEASURE_DISTANCE)
        show_distance(step_length(step), ret_text);
    else
        g_strlcpy(ret_text, step_measure_name(step->measure), SHOW_MAX);
}

void show_bar(double fraction, int width, char *ret_text, gsize size)
{
    const char *full = plain() ? "#" : "█", *empty = plain() ? "." : "░";
    int filled = isfinite(fraction) ? (int)lround(CLAMP(fraction, 0.0, 1.0) * width) : 0;
    ret_text[0] = '\0';
    for (int i = 0; i < width; i++)
        g_strlcat(ret_text, i < filled ? full : empty, size);
}

void show_step_json(JsonBuilder *builder, const PlanStep *step)
{
    json_add_string(builder, "kind", step_kind_name(step->step.kind));
    if (step_ends_by_clock(&step->step))
        json_add_double(builder, "time_s", step_length(&step->step));
    else
        json_add_double(builder, "distance_m", step_length(&step->step));
    // To the microsecond: a pace that was written as a whole one is to be one again.
    json_add_double(builder, "pace_s_per_km",
                    round(speed_s_per_km(aim_speed(&step->aim)) * 1e6) / 1e6);
    if (step->repetitions > 0) {
        json_add_int(builder, "repetition", step->repetition);
        json_add_int(builder, "repetitions", step->repetitions);
    }
}

static void show_whole(double value, char ret_text[SHOW_MAX])
{
    if (isfinite(value))
        g_snprintf(ret_text, SHOW_MAX, "%.0f", value);
    else
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
}

static double lap_double(GVariant *lap, const char *key)
{
    double value = NAN;
    g_variant_lookup(lap, key, "d", &value);
    return value;
}

static void show_lap(GVariant *lap, guint number)
{
    const char *kind = "", *outcome = "";
    guint repetition = 0, repetitions = 0;
    char duration[SHOW_MAX], distance[SHOW_MAX], pace[SHOW_MAX], target[SHOW_MAX], heart[SHOW_MAX],
        turn[SHOW_MAX];
    g_autofree char *which = NULL;
    double heart_rate = lap_double(lap, "heart-rate"), cadence = lap_double(lap, "cadence");

    g_variant_lookup(lap, "kind", "&s", &kind);
    g_variant_lookup(lap, "outcome", "&s", &outcome);
    g_variant_lookup(lap, "repetition", "u", &repetition);
    g_variant_lookup(lap, "repetitions", "u", &repetitions);
    which = repetitions > 0 ? g_strdup_printf("%u/%u", repetition, repetitions) : g_strdup("");
    show_duration(lap_double(lap, "duration"), duration);
    show_distance(lap_double(lap, "distance"), distance);
    show_pace(lap_double(lap, "speed"), pace);
    show_pace(lap_double(lap, "target-speed"), target);
    show_whole(heart_rate, heart);
    show_whole(cadence, turn);
    // A dash is three bytes and one column: pad by characters, not bytes.
    const char *columns[] = {duration, distance, pace, target, heart, turn};
    const int widths[] = {8, 9, 8, 8, 6, 8};
    printf("%4u  %-5s %-6s", number, kind, which);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        printf("%*s%s", (int)MAX(0, widths[i] - g_utf8_strlen(columns[i], -1)), "", columns[i]);
    printf("%s%s\n", strcmp(outcome, "completed") == 0 ? "" : "  ",
           strcmp(outcome, "completed") == 0 ? "" : outcome);
}

void show_laps(GVariant *laps)
{
    GVariantIter iter;
    GVariant *lap;
    guint number = 0;

    puts(" Lap  Step            Time Distance Pace/km  Target Heart Cadence");
    g_variant_iter_init(&iter, laps);
    while ((lap = g_variant_iter_next_value(&iter))) {
        show_lap(lap, ++number);
        g_variant_unref(lap);
    }
}
