// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Values as people read them; see show.h.

#include "pacectl/show.h"

#include "workout/aids.h"
#include "workout/target-text.h"

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

void show_number(double value, int digits, char ret_text[SHOW_MAX])
{
    const double unit = pow(10, digits);
    if (isfinite(value))
        g_snprintf(ret_text, SHOW_MAX, "%.*f", digits, round(value * unit) / unit + 0.0);
    else
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
}

const char *show_ending(const char *word)
{
    static const struct {
        const char *word, *shown;
    } endings[] = {
        {"plan", ""},
        {"stop", ", stopped"},
        {"import", ", imported"},
        {"crash", ", broken off by a crash"},
        {"shutdown", ", broken off by the end of the daemon"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
        if (strcmp(endings[i].word, word) == 0)
            return endings[i].shown;
    return ", cut off";
}

void show_distance(double metres, char ret_text[SHOW_MAX])
{
    if (!isfinite(metres))
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
    else if (round(metres) < 1000)
        g_snprintf(ret_text, SHOW_MAX, "%.0f m", fmax(metres, 0));
    else
        g_snprintf(ret_text, SHOW_MAX, "%.2f km", metres / 1000);
}

void show_about(double value, gboolean guessed, void (*show)(double value, char ret_text[SHOW_MAX]),
                char ret_text[SHOW_MAX])
{
    char number[SHOW_MAX];
    show(value, number);
    g_snprintf(ret_text, SHOW_MAX, "%s%.*s", guessed && !isnan(value) ? "~" : "", SHOW_MAX - 2,
               number);
}

void show_in_all(guint steps, const Gist *gist, char ret_text[2 * SHOW_MAX])
{
    char distance[SHOW_MAX], time[SHOW_MAX];
    show_about(gist->m, gist->m_guessed, show_distance, distance);
    show_about(gist->s, gist->s_guessed, show_duration, time);
    g_snprintf(ret_text, 2 * SHOW_MAX, "In all: %u step%s%s%.20s%s%.20s", steps,
               steps == 1 ? "" : "s", gist->m > 0 ? ", " : "", gist->m > 0 ? distance : "",
               gist->s > 0 ? ", " : "", gist->s > 0 ? time : "");
}

void show_step_length(const Step *step, char ret_text[SHOW_MAX])
{
    char least[SHOW_MAX], most[SHOW_MAX];
    if (step->measure == MEASURE_HEART && step->least < step->duration) {
        show_duration(usec_to_s(step->least), least);
        show_duration(usec_to_s(step->duration), most);
        g_snprintf(ret_text, SHOW_MAX, "%.20s-%.20s", least, most);
    } else if (step_ends_by_clock(step))
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

// ── targets ──

static double dict_double(GVariant *dict, const char *key)
{
    double value = NAN;
    if (dict)
        g_variant_lookup(dict, key, "d", &value);
    return value;
}

static void show_speeds(const Aim *aim, char ret_text[SHOW_MAX])
{
    const gboolean range = aim->low != aim->high, builds = aim->value != aim->end;
    char first[SHOW_MAX], last[SHOW_MAX];
    show_pace(range ? aim->high : aim->value, first);
    show_pace(range ? aim->low : aim->end, last);
    if (range || builds)
        g_snprintf(ret_text, SHOW_MAX, "%.20s%s%.20s /km", first, range ? "-" : " to ", last);
    else
        g_snprintf(ret_text, SHOW_MAX, "%.20s /km", first);
}

static void show_limits(const Aim *aim, const char *before, const char *after,
                        char ret_text[SHOW_MAX])
{
    if (isfinite(aim->low) && isfinite(aim->high) && aim->low != aim->high)
        g_snprintf(ret_text, SHOW_MAX, "%s%.4g-%.4g%s", before, aim->low, aim->high, after);
    else
        g_snprintf(ret_text, SHOW_MAX, "%s%s%.4g%s", before,
                   isnan(aim->low)    ? "< "
                   : isnan(aim->high) ? "> "
                                      : "",
                   isnan(aim->low) ? aim->high : aim->low, after);
}

gboolean show_aim(const Aim *aim, char ret_text[SHOW_MAX])
{
    switch (aim->quantity) {
    case AIM_NONE:
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
        return FALSE;
    case AIM_SPEED:
        show_speeds(aim, ret_text);
        break;
    case AIM_HEART:
        show_limits(aim, "heart ", "", ret_text);
        break;
    case AIM_CADENCE:
        show_limits(aim, "", " spm", ret_text);
        break;
    case AIM_POWER:
        show_limits(aim, "", " W", ret_text);
        break;
    case AIM_EFFORT:
        show_limits(aim, "effort ", "", ret_text);
        break;
    case AIM_MAXIMAL:
        g_strlcpy(ret_text, "all out", SHOW_MAX);
        break;
    }
    return TRUE;
}

gboolean show_target(GVariant *target, char ret_text[SHOW_MAX])
{
    const char *quantity = "";
    Aim aim = {
        .low = dict_double(target, "low"),
        .value = dict_double(target, "value"),
        .high = dict_double(target, "high"),
        .end = dict_double(target, "end"),
    };
    if (target)
        g_variant_lookup(target, "quantity", "&s", &quantity);
    for (AimQuantity i = AIM_MAXIMAL; i > AIM_NONE && aim.quantity == AIM_NONE; i--)
        if (strcmp(quantity, aim_quantity_name(i)) == 0)
            aim.quantity = i;
    return show_aim(&aim, ret_text);
}

char *show_asked(const Plan *plan, const PlanStep *step)
{
    const Target *target = plan->item_count > 0 ? &plan->items[step->item].target : NULL;
    char text[256];
    Printer printer = {.buffer = text, .size = sizeof text};
    if (!target || target->kind == TARGET_NONE || step->stride)
        return NULL;
    target_print(&printer, target);
    print_end(&printer);
    return g_strdup(text);
}

// To the millionth: a pace that was written as a whole one is to be one again.
static double millionths(double value)
{
    return round(value * 1e6) / 1e6;
}

void show_target_json(JsonBuilder *builder, const Aim *aim, const char *text)
{
    const char *unit = aim_quantity_unit(aim->quantity);
    if (aim->quantity == AIM_NONE && !text)
        return;
    json_builder_set_member_name(builder, "target");
    json_builder_begin_object(builder);
    if (aim->quantity != AIM_NONE)
        json_add_string(builder, "quantity", aim_quantity_name(aim->quantity));
    if (*unit)
        json_add_string(builder, "unit", unit);
    json_add_double(builder, "low", millionths(aim->low));
    json_add_double(builder, "value", millionths(aim->value));
    json_add_double(builder, "high", millionths(aim->high));
    if (!text || aim->end != aim->value)
        json_add_double(builder, "end", millionths(aim->end));
    if (text)
        json_add_string(builder, "text", text);
    json_builder_end_object(builder);
}

static void add_step_json(JsonBuilder *builder, const PlanStep *step, const char *asked)
{
    json_add_string(builder, "kind", step_kind_name(step->step.kind));
    if (step_ends_by_clock(&step->step))
        json_add_double(builder, "time_s", step_length(&step->step));
    else
        json_add_double(builder, "distance_m", step_length(&step->step));
    json_add_double(builder, "pace_s_per_km", millionths(speed_s_per_km(aim_speed(&step->aim))));
    show_target_json(builder, &step->aim, asked);
    if (step->repetitions > 0) {
        json_add_int(builder, "repetition", step->repetition);
        json_add_int(builder, "repetitions", step->repetitions);
    }
}

void show_step_json(JsonBuilder *builder, const PlanStep *step)
{
    add_step_json(builder, step, NULL);
}

static void add_until_json(JsonBuilder *builder, const Step *step)
{
    json_builder_set_member_name(builder, "until");
    json_builder_begin_object(builder);
    json_add_int(builder, step->heart_is_percent ? "heart_below_percent" : "heart_below",
                 step->heart_below);
    json_add_double(builder, "least_s", usec_to_s(step->least));
    json_add_double(builder, "most_s", usec_to_s(step->duration));
    json_builder_end_object(builder);
}

void show_plan_step_json(JsonBuilder *builder, const Plan *plan, gsize step)
{
    const PlanStep *this = &plan->steps[step];
    g_autofree char *asked = show_asked(plan, this);
    const char *note = plan_note(plan, step);
    add_step_json(builder, this, asked);
    if (this->step.kind == STEP_REST)
        json_add_string(builder, "manner", step_manner_name(this->step.manner));
    if (this->step.measure == MEASURE_HEART)
        add_until_json(builder, &this->step);
    if (this->stride)
        json_add_boolean(builder, "stride", TRUE);
    char metronome[METRONOME_TEXT_MAX];
    if (aids_metronome(plan, step) != METRONOME_OFF)
        json_add_string(builder, "metronome",
                        aids_metronome_text(aids_metronome(plan, step), metronome));
    if (aids_pacer(plan, step) != 0)
        json_add_int(builder, "pacer_m", aids_pacer(plan, step));
    if (*note)
        json_add_string(builder, "note", note);
}

static void show_whole(double value, char ret_text[SHOW_MAX])
{
    if (isfinite(value))
        g_snprintf(ret_text, SHOW_MAX, "%.0f", value);
    else
        g_strlcpy(ret_text, unknown(), SHOW_MAX);
}

static void show_lap(GVariant *lap, guint number)
{
    const char *kind = "", *outcome = "";
    guint repetition = 0, repetitions = 0;
    char duration[SHOW_MAX], distance[SHOW_MAX], pace[SHOW_MAX], target[SHOW_MAX], heart[SHOW_MAX],
        turn[SHOW_MAX];
    g_autofree char *which = NULL;
    double heart_rate = dict_double(lap, "heart-rate"), cadence = dict_double(lap, "cadence");

    g_variant_lookup(lap, "kind", "&s", &kind);
    g_variant_lookup(lap, "outcome", "&s", &outcome);
    g_variant_lookup(lap, "repetition", "u", &repetition);
    g_variant_lookup(lap, "repetitions", "u", &repetitions);
    which = repetitions > 0 ? g_strdup_printf("%u/%u", repetition, repetitions) : g_strdup("");
    show_duration(dict_double(lap, "duration"), duration);
    show_distance(dict_double(lap, "distance"), distance);
    show_pace(dict_double(lap, "speed"), pace);
    g_autoptr(GVariant) asked = g_variant_lookup_value(lap, "target", G_VARIANT_TYPE_VARDICT);
    show_target(asked, target);
    show_whole(heart_rate, heart);
    show_whole(cadence, turn);
    // A dash is three bytes and one column: pad by characters, not bytes.
    const char *columns[] = {duration, distance, pace, target, heart, turn};
    const int widths[] = {8, 9, 8, 18, 6, 8};
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

    puts(" Lap  Step            Time Distance Pace/km            Target Heart Cadence");
    g_variant_iter_init(&iter, laps);
    while ((lap = g_variant_iter_next_value(&iter))) {
        show_lap(lap, ++number);
        g_variant_unref(lap);
    }
}
