// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Zwift's running workouts as plans. What was hard: the words of a step stand inside it, so it is
// added only where its element ends; and the same thing is written in capitals by one program and
// not by the next. The parser is GMarkup, which knows no entity but XML's own five, so nothing
// expands.

#include "pacectl/zwo.h"

#include "workout/foreign.h"

#include <math.h>
#include <string.h>

#define ONE_LEG_MOST     120
#define PACE_SECONDS_MAX 5999
#define CADENCE_MOST     300
#define NAMES_MAX        100 // of elements that are said to be left out
#define ATTRIBUTES_MAX   64  // of one element

typedef struct {
    GMarkupParseContext *context;
    Plan *plan;
    const Losses *losses;
    TextError *error;
    uint32_t line;       // that is being read
    int level;           // of elements that are open
    gboolean in_workout; // <workout> is among them
    GString *text;       // of an element beside <workout>
    gboolean named, runs, sport_said, by_distance, duration_said;
    double threshold; // s per km; NAN: none
    GHashTable *told; // elements that were said to be left out

    // The step that is open: one item, or a header and two.
    PlanItem items[3];
    gsize item_count;
    GString *words;
    gboolean timed; // its words have times of their own
} Zwo;

// Sets a GError, which is how GMarkup is stopped; the line and column are those it stands at.
static void fail(Zwo *zwo, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void fail(Zwo *zwo, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "%s", text);
}

static gboolean is(const char *name, const char *other)
{
    return g_ascii_strcasecmp(name, other) == 0;
}

// ── attributes ──

typedef struct {
    const char **names, **values;
    guint64 used; // bit by bit: what was asked for
} Attributes;

static const char *attribute(Attributes *attributes, const char *name)
{
    for (gsize i = 0; attributes->names[i]; i++)
        if (is(attributes->names[i], name)) {
            attributes->used |= G_GUINT64_CONSTANT(1) << i;
            return attributes->values[i];
        }
    return NULL;
}

// NAN when it is absent; FALSE when it is no number.
static gboolean number(Zwo *zwo, Attributes *attributes, const char *name, double *ret_value,
                       GError **error)
{
    const char *text = attribute(attributes, name);
    char *end;
    *ret_value = NAN;
    if (!text)
        return TRUE;
    *ret_value = g_ascii_strtod(text, &end);
    if (end != text && *end == '\0' && isfinite(*ret_value))
        return TRUE;
    fail(zwo, error, "%s: expected a number, found \"%.20s\"", name, text);
    return FALSE;
}

// ── targets ──

// What a share of 1 is. FALSE with no error: nothing says.
static gboolean base_pace(Zwo *zwo, Attributes *attributes, TargetPoint *ret_base, GError **error)
{
    static const int64_t races_mm[] = {1609344, 5000000, 10000000, 21097500, 42195000};
    double pace;
    if (!number(zwo, attributes, "pace", &pace, error))
        return FALSE;
    if (isnan(pace))
        return FALSE;
    if (pace != floor(pace) || pace < 0 || pace >= G_N_ELEMENTS(races_mm)) {
        fail(zwo, error, "pace: expected 0 (a mile) to 4 (a marathon), found %g", pace);
        return FALSE;
    }
    *ret_base = (TargetPoint){.kind = POINT_RACE, .distance_mm = races_mm[(gsize)pace]};
    return TRUE;
}

static gboolean share_point(Zwo *zwo, Attributes *attributes, double share, TargetPoint *ret_point,
                            GError **error)
{
    TargetPoint base;
    if (!isnan(zwo->threshold)) {
        attribute(attributes, "pace"); // which then says nothing
        const double seconds = round(zwo->threshold / share);
        *ret_point = (TargetPoint){.kind = POINT_PACE, .unit = PACE_PER_KM};
        if (!(seconds >= 1 && seconds <= PACE_SECONDS_MAX)) {
            fail(zwo, error, "%g of the threshold's pace is no pace that can be written", share);
            return FALSE;
        }
        ret_point->number = (uint32_t)seconds;
        return TRUE;
    }
    if (!base_pace(zwo, attributes, &base, error))
        return FALSE;
    if (foreign_share(&base, share, ret_point))
        return TRUE;
    fail(zwo, error, "%g of a race's speed is none that anybody runs: expected 0.25 to 2", share);
    return FALSE;
}

// From one share to another; NAN for both: no target. FALSE: *error, or, where nothing says what
// they are shares of, no target.
static gboolean shares_target(Zwo *zwo, Attributes *attributes, TargetKind kind, double from,
                              double to, Target *ret_target, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    Target target = {.kind = from == to ? TARGET_AT : kind};
    *ret_target = (Target){0};
    if (isnan(from) != isnan(to))
        losses_say(zwo->losses, zwo->line,
                   "a range of powers with a limit on one side only: run without a target");
    if (isnan(from) || isnan(to))
        return TRUE;
    if (share_point(zwo, attributes, from, &target.from, &wrong) &&
        (from == to || share_point(zwo, attributes, to, &target.to, &wrong))) {
        *ret_target = target;
        return TRUE;
    }
    if (wrong) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    losses_say(zwo->losses, zwo->line,
               "a power of %g, and no pace that it is a share of: run "
               "without a target",
               from);
    return TRUE;
}

// Of the first of these attributes that is there, twice, or of the two that follow it.
static gboolean powers(Zwo *zwo, Attributes *attributes, const char *const names[3],
                       double *ret_from, double *ret_to, GError **error)
{
    if (!number(zwo, attributes, names[0], ret_from, error))
        return FALSE;
    *ret_to = *ret_from;
    return !isnan(*ret_from) || (number(zwo, attributes, names[1], ret_from, error) &&
                                 number(zwo, attributes, names[2], ret_to, error));
}

// A cadence is the target where there is no other, else words.
static gboolean cadence(Zwo *zwo, Attributes *attributes, const char *single, PlanItem *item,
                        GError **error)
{
    const char *const names[] = {single, "CadenceLow", "CadenceHigh"};
    double low, high;
    if (!powers(zwo, attributes, names, &low, &high, error))
        return FALSE;
    if (isnan(low) != isnan(high))
        losses_say(zwo->losses, item->line,
                   "a range of cadences with a limit on one side only is left out");
    if (isnan(low) || isnan(high) || high <= 0)
        return TRUE;
    if (fmin(low, high) < 1 || fmax(low, high) > CADENCE_MOST) {
        fail(zwo, error, "%s: expected steps a minute, found %g", single, high);
        return FALSE;
    }
    const double each = fmax(low, high) < ONE_LEG_MOST ? 2 : 1;
    const double least = round(fmin(low, high) * each), most = round(fmax(low, high) * each);
    if (item->target.kind == TARGET_NONE) {
        item->target =
            (Target){.kind = TARGET_CADENCE, .low = (uint16_t)least, .high = (uint16_t)most};
        return TRUE;
    }
    g_autofree char *words = least == most ? g_strdup_printf("%g spm", least)
                                           : g_strdup_printf("%g-%g spm", least, most);
    foreign_note(zwo->plan, item, words, strlen(words), zwo->losses);
    losses_say(zwo->losses, item->line, "%s is kept as words alone: a step has one target", words);
    return TRUE;
}

// ── steps ──

static gboolean length(Zwo *zwo, Attributes *attributes, const char *name, PlanItem *item,
                       GError **error)
{
    double value;
    if (!number(zwo, attributes, name, &value, error))
        return FALSE;
    const gboolean sane = value > 0 && value < 1e9; // or it is absent
    if (sane && (zwo->by_distance ? foreign_distance(item, llround(value * 1000))
                                  : foreign_time(item, llround(value))))
        return TRUE;
    fail(zwo, error, "expected a %s above 0 and up to %s", name,
         zwo->by_distance ? "1000 km" : "24 hours");
    return FALSE;
}

static PlanItem item_here(const Zwo *zwo, ItemKind kind)
{
    return (PlanItem){.kind = kind, .line = zwo->line, .column = 1};
}

static gboolean steady(Zwo *zwo, Attributes *attributes, GError **error)
{
    static const char *const names[] = {"Power", "PowerLow", "PowerHigh"};
    PlanItem *item = &zwo->items[zwo->item_count++];
    double from, to;
    *item = item_here(zwo, ITEM_STEP);
    if (attribute(attributes, "Zone"))
        losses_say(zwo->losses, item->line, "a zone of Zwift's is left out");
    return length(zwo, attributes, "Duration", item, error) &&
           powers(zwo, attributes, names, &from, &to, error) &&
           shares_target(zwo, attributes, TARGET_RANGE, from, to, &item->target, error) &&
           cadence(zwo, attributes, "Cadence", item, error);
}

static gboolean ramp(Zwo *zwo, Attributes *attributes, gboolean falls, GError **error)
{
    static const char *const names[] = {"Power", "PowerLow", "PowerHigh"};
    PlanItem *item = &zwo->items[zwo->item_count++];
    double from, to;
    *item = item_here(zwo, ITEM_STEP);
    if (!length(zwo, attributes, "Duration", item, error) ||
        !powers(zwo, attributes, names, &from, &to, error))
        return FALSE;
    const double first = falls ? fmax(from, to) : from, last = falls ? fmin(from, to) : to;
    return shares_target(zwo, attributes, TARGET_BUILD, first, last, &item->target, error) &&
           cadence(zwo, attributes, "Cadence", item, error);
}

static gboolean intervals(Zwo *zwo, Attributes *attributes, GError **error)
{
    static const char *const on[] = {"OnPower", "PowerOnLow", "PowerOnHigh"};
    static const char *const off[] = {"OffPower", "PowerOffLow", "PowerOffHigh"};
    PlanItem *items = zwo->items;
    double times, from, to, rest;
    if (!number(zwo, attributes, "Repeat", &times, error) ||
        !number(zwo, attributes, "OffDuration", &rest, error))
        return FALSE;
    if (!(times >= 1 && times <= PLAN_STEPS_MAX && times == floor(times))) {
        fail(zwo, error, "Repeat: expected 1 to %d", PLAN_STEPS_MAX);
        return FALSE;
    }
    for (gsize i = 0; i < 3; i++)
        items[i] = item_here(zwo, i == 0 ? ITEM_REPEAT : ITEM_STEP);
    items[0].repeats = (uint16_t)times;
    items[1].depth = items[2].depth = 1;
    zwo->item_count = rest > 0 ? 3 : 2;
    if (!length(zwo, attributes, "OnDuration", &items[1], error) ||
        !powers(zwo, attributes, on, &from, &to, error) ||
        !shares_target(zwo, attributes, TARGET_RANGE, from, to, &items[1].target, error) ||
        !cadence(zwo, attributes, "Cadence", &items[1], error))
        return FALSE;
    if (zwo->item_count < 3)
        return TRUE;
    if (!length(zwo, attributes, "OffDuration", &items[2], error) ||
        !powers(zwo, attributes, off, &from, &to, error) ||
        !shares_target(zwo, attributes, TARGET_RANGE, from, to, &items[2].target, error) ||
        !cadence(zwo, attributes, "CadenceResting", &items[2], error))
        return FALSE;
    if (items[2].target.kind == TARGET_NONE)
        items[2].step.kind = STEP_REST;
    return TRUE;
}

static gboolean free_run(Zwo *zwo, Attributes *attributes, TargetKind kind, GError **error)
{
    PlanItem *item = &zwo->items[zwo->item_count++];
    *item = item_here(zwo, ITEM_STEP);
    item->target.kind = kind;
    return length(zwo, attributes, "Duration", item, error) &&
           cadence(zwo, attributes, "Cadence", item, error);
}

static gboolean check_attributes(Zwo *zwo, const Attributes *attributes, GError **error)
{
    for (gsize i = 0; attributes->names[i]; i++)
        for (gsize j = 0; j <= i; j++)
            if (i >= ATTRIBUTES_MAX || (j < i && is(attributes->names[i], attributes->names[j]))) {
                fail(zwo, error,
                     j < i ? "%.40s twice in one step" : "%.40s is one attribute too many",
                     attributes->names[i]);
                return FALSE;
            }
    return TRUE;
}

// What no reader of the step has asked for. That depends on what else there is: a pace is one only
// of a Power.
static void tell_unused(const Zwo *zwo, const Attributes *attributes)
{
    for (gsize i = 0; attributes->names[i]; i++) {
        const char *name = attributes->names[i];
        if (attributes->used >> i & 1)
            continue;
        if (is(name, "pace"))
            losses_say(zwo->losses, zwo->line,
                       "%s is left out: it says what a Power is a share of, and there is none",
                       name);
        else
            losses_say(zwo->losses, zwo->line, "%.40s is left out", name);
    }
}

static gboolean take_step(Zwo *zwo, const char *name, Attributes *attributes, GError **error)
{
    if (is(name, "SteadyState"))
        return steady(zwo, attributes, error);
    if (is(name, "Warmup") || is(name, "Ramp") || is(name, "Cooldown"))
        return ramp(zwo, attributes, is(name, "Cooldown"), error);
    if (is(name, "IntervalsT"))
        return intervals(zwo, attributes, error);
    if (is(name, "FreeRide") || is(name, "FreeRun"))
        return free_run(zwo, attributes, TARGET_NONE, error);
    if (is(name, "MaxEffort"))
        return free_run(zwo, attributes, TARGET_MAXIMAL, error);
    fail(zwo, error, "<%.40s> is no step that is known here", name);
    return FALSE;
}

static gboolean begin_step(Zwo *zwo, const char *name, Attributes *attributes, GError **error)
{
    zwo->item_count = 0;
    zwo->timed = FALSE;
    g_string_truncate(zwo->words, 0);
    if (!zwo->runs) {
        fail(zwo, error,
             zwo->sport_said ? "expected a workout for runners; this is of another sport"
                             : "expected <sportType>run</sportType> before the steps");
        return FALSE;
    }
    if (!zwo->duration_said)
        losses_say(zwo->losses, zwo->line,
                   "no durationType before the steps: their lengths are metres, as in such runs");
    zwo->duration_said = TRUE;
    if (!check_attributes(zwo, attributes, error) || !take_step(zwo, name, attributes, error))
        return FALSE;
    tell_unused(zwo, attributes);
    return TRUE;
}

static gboolean end_step(Zwo *zwo, GError **error)
{
    const gboolean repeats = zwo->item_count > 1;
    PlanItem *first = &zwo->items[repeats ? 1 : 0];
    if (zwo->words->len > 0) {
        foreign_note(zwo->plan, first, zwo->words->str, zwo->words->len, zwo->losses);
        if (zwo->timed || repeats)
            losses_say(zwo->losses, first->line, "its texts are spoken as %s",
                       repeats ? "each repetition begins" : "it begins");
    }
    for (gsize i = 0; i < zwo->item_count; i++)
        if (!foreign_insert(zwo->plan, zwo->plan->item_count, &zwo->items[i])) {
            fail(zwo, error, "a workout has at most %d lines", PLAN_ITEMS_MAX);
            return FALSE;
        }
    zwo->item_count = 0;
    return TRUE;
}

// A text inside a step; one of another place has none.
static void take_words(Zwo *zwo, Attributes *attributes)
{
    const char *message = attribute(attributes, "message");
    const char *time = attribute(attributes, "timeoffset");
    const char *way = attribute(attributes, "distoffset");
    if (!message)
        return;
    if (zwo->item_count == 0) {
        losses_say(zwo->losses, zwo->line, "a text outside of any step is left out");
        return;
    }
    if (zwo->words->len > 0)
        g_string_append_c(zwo->words, ' ');
    g_string_append(zwo->words, message);
    zwo->timed |=
        (time && g_ascii_strtod(time, NULL) > 0) || (way && g_ascii_strtod(way, NULL) > 0);
}

// ── elements ──

static void leave_out(Zwo *zwo, const char *name)
{
    if (g_hash_table_size(zwo->told) < NAMES_MAX && g_hash_table_add(zwo->told, g_strdup(name)))
        losses_say(zwo->losses, zwo->line, "<%.40s> is left out", name);
}

static void on_start(GMarkupParseContext *context, const char *name, const char **names,
                     const char **values, gpointer data, GError **error)
{
    Zwo *zwo = data;
    Attributes attributes = {names, values, 0};
    const int level = zwo->level++;
    if (level == 0) {
        if (!is(name, "workout_file"))
            fail(zwo, error, "expected <workout_file>, found <%.40s>", name);
    } else if (level == 1) {
        zwo->in_workout = is(name, "workout");
        g_string_truncate(zwo->text, 0);
    } else if (!zwo->in_workout)
        leave_out(zwo, name);
    else if (is(name, "textevent"))
        take_words(zwo, &attributes);
    else if (is(name, "TextNotification") || is(name, "gameplayevent"))
        leave_out(zwo, name);
    else if (level == 2)
        begin_step(zwo, name, &attributes, error);
    else if (level > 2)
        fail(zwo, error, "<%.40s> inside of a step", name);
}

static gboolean take_head(Zwo *zwo, const char *name, GError **error)
{
    const char *text = g_strstrip(zwo->text->str);
    if (*text == '\0')
        return TRUE;
    if (is(name, "name")) {
        foreign_name(zwo->plan, text, strlen(text), zwo->losses);
        return TRUE;
    }
    const gboolean about_steps =
        is(name, "sportType") || is(name, "durationType") || is(name, "thresholdSecPerKm");
    if (!about_steps) {
        leave_out(zwo, name);
        return TRUE;
    }
    if (zwo->plan->item_count > 0) {
        fail(zwo, error, "<%s> stands behind the steps that it is about", name);
        return FALSE;
    }
    if (is(name, "sportType")) {
        zwo->sport_said = TRUE;
        zwo->runs = is(text, "run") || is(text, "running");
    } else if (is(name, "durationType")) {
        zwo->duration_said = TRUE;
        zwo->by_distance = is(text, "distance");
        if (!zwo->by_distance && !is(text, "time")) {
            fail(zwo, error, "durationType: expected time or distance, found \"%.20s\"", text);
            return FALSE;
        }
    } else {
        char *end;
        zwo->threshold = g_ascii_strtod(text, &end);
        if (*end != '\0' || !(zwo->threshold >= 100 && zwo->threshold <= 1200)) {
            fail(zwo, error, "thresholdSecPerKm: expected 100 to 1200 seconds, found \"%.20s\"",
                 text);
            return FALSE;
        }
    }
    return TRUE;
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    Zwo *zwo = data;
    const int level = --zwo->level;
    if (level == 1 && !zwo->in_workout)
        take_head(zwo, name, error);
    else if (level == 1)
        zwo->in_workout = FALSE;
    else if (level == 2 && zwo->in_workout && zwo->item_count > 0)
        end_step(zwo, error);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize size, gpointer data,
                    GError **error)
{
    Zwo *zwo = data;
    if (zwo->level >= 2 && !zwo->in_workout)
        g_string_append_len(zwo->text, text, (gssize)size);
}

// ── the file ──

gboolean zwo_is(const char *text, gsize length)
{
    gsize at = length >= 3 && memcmp(text, "\ufeff", 3) == 0 ? 3 : 0;
    while (at < length && g_ascii_isspace(text[at]))
        at++;
    return at < length && text[at] == '<';
}

// GMarkup's words begin with the place, which we say in our own way.
static const char *without_place(const char *message)
{
    const char *colon = strstr(message, ": ");
    return colon && g_ascii_isdigit(colon[-1]) ? colon + 2 : message;
}

// GMarkup tells of an element when it sees what follows it, which may be in the next line; so it is
// shown one line at a time.
static gboolean parse(Zwo *zwo, const char *text, gsize size)
{
    g_autoptr(GError) error = NULL;
    const char *end = text + size;
    gboolean ok = TRUE;
    for (zwo->line = 1; ok && text < end; zwo->line++) {
        const char *newline = memchr(text, '\n', (gsize)(end - text));
        const char *next = newline ? newline + 1 : end;
        ok = g_markup_parse_context_parse(zwo->context, text, next - text, &error);
        text = next;
    }
    if (ok && g_markup_parse_context_end_parse(zwo->context, &error))
        return TRUE;
    int column;
    g_markup_parse_context_get_position(zwo->context, NULL, &column);
    *zwo->error = (TextError){.line = MAX(zwo->line, 2) - 1, .column = (uint32_t)column};
    g_strlcpy(zwo->error->text, without_place(error->message), sizeof zwo->error->text);
    return FALSE;
}

gboolean zwo_parse(const char *text, gsize length, const char *name, Plan *ret_plan,
                   const Losses *losses, TextError *ret_error)
{
    static const GMarkupParser parser = {
        .start_element = on_start, .end_element = on_end, .text = on_text};
    const gsize mark = length >= 3 && memcmp(text, "\ufeff", 3) == 0 ? 3 : 0;
    g_autoptr(GString) words = g_string_new(NULL);
    g_autoptr(GString) inside = g_string_new(NULL);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Zwo zwo = {
        .plan = ret_plan,
        .losses = losses,
        .error = ret_error,
        .text = inside,
        .words = words,
        .told = told,
        .threshold = NAN,
        .by_distance = TRUE,
    };
    *ret_error = (TextError){.line = 1, .column = 1};
    if (length > TEXT_INPUT_MAX) {
        g_strlcpy(ret_error->text, "the file is longer than 1 MiB", sizeof ret_error->text);
        return FALSE;
    }
    plan_clear(ret_plan);
    foreign_name(ret_plan, name, strlen(name), losses);
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &zwo, NULL);
    zwo.context = context;
    return parse(&zwo, text + mark, length - mark) && foreign_finish(ret_plan, ret_error);
}
