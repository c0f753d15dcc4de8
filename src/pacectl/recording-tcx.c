// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as Training Center's XML has it. What was hard: cadence stands in either of two places,
// both of one leg, and a pause is nothing but a gap between two tracks of a lap.

#include "pacectl/recording.h"

#include "io/error.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *file;
    Recording *recording;
    GMarkupParseContext *context;
    double zero, newest; // s since 1970: of the first sample, of the newest
    gboolean in_point, in_activity;
    gboolean new_track, new_lap; // since the newest sample
    GArray *starts;              // double, of laps but the first
    double at;                   // of the point: s since 1970; NAN: not told yet
    double values[RECORDED_FIELDS];
} Reader;

static void wrong(const Reader *reader, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void wrong(const Reader *reader, GError **error, const char *format, ...)
{
    int line = 1;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (reader->context)
        g_markup_parse_context_get_position(reader->context, &line, NULL);
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s:%d: %s", reader->file, line, text);
}

// Namespaces are whatever their writer calls them.
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static gboolean is(const char *name, const char *wanted)
{
    return strcmp(local(name), wanted) == 0;
}

// NAN: it is none.
static double instant(const char *text)
{
    g_autofree char *bare = g_strstrip(g_strdup(text));
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(bare, utc);
    return when ? (double)g_date_time_to_unix(when) +
                      g_date_time_get_microsecond(when) / (double)USEC_PER_SEC
                : NAN;
}

static const char *attribute(const char **names, const char **values, const char *wanted)
{
    for (; *names; names++, values++)
        if (strcmp(*names, wanted) == 0)
            return *values;
    return "";
}

// ── elements ──

static void begin_lap(Reader *reader, const char *start)
{
    const double at = instant(start) - reader->zero;
    reader->new_lap = TRUE;
    if (at > 0)
        g_array_append_val(reader->starts, at);
}

static void on_start(GMarkupParseContext *context, const char *name, const char **names,
                     const char **values, gpointer data, GError **error)
{
    Reader *reader = data;
    if (is(name, "Activity")) {
        const char *sport = attribute(names, values, "Sport");
        if (strcmp(sport, "Biking") == 0)
            wrong(reader, error, "expected a run; this is an activity of another kind (%s)", sport);
        reader->in_activity = TRUE;
    } else if (is(name, "Course")) {
        wrong(reader, error, "expected a run; this is a course, which nobody has run yet");
    } else if (is(name, "Lap")) {
        begin_lap(reader, attribute(names, values, "StartTime"));
    } else if (is(name, "Track")) {
        reader->new_track = TRUE;
    } else if (is(name, "Trackpoint")) {
        reader->in_point = TRUE;
        reader->at = NAN;
        for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
            reader->values[i] = NAN;
    }
}

// Between two tracks of a lap somebody stood still; between two laps only where it took a while.
static void note_pause(Reader *reader, double before, double at)
{
    if (reader->new_track && (!reader->new_lap || at - before > RECORDING_HELD_S))
        recording_pause(reader->recording, before, at);
    reader->new_track = reader->new_lap = FALSE;
}

static void end_point(Reader *reader, GError **error)
{
    reader->in_point = FALSE;
    if (isnan(reader->at)) {
        wrong(reader, error, "a point of the track has no time");
        return;
    }
    if (recording_count(reader->recording) == 0) {
        reader->zero = reader->newest = reader->at;
    } else if (reader->at < reader->newest) {
        wrong(reader, error, "time runs backwards, by %.0f s", reader->newest - reader->at);
        return;
    }
    if (reader->at - reader->zero > RECORDING_SECONDS_MAX) {
        wrong(reader, error, "a point %.0f s after the first; expected no more than %g",
              reader->at - reader->zero, RECORDING_SECONDS_MAX);
        return;
    }
    const double before = reader->newest - reader->zero, at = reader->at - reader->zero;
    Sample *sample = recording_at(reader->recording, at);
    note_pause(reader, before, at);
    reader->newest = reader->at;
    for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
        sample_set(sample, i, reader->values[i]);
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    Reader *reader = data;
    if (is(name, "Trackpoint"))
        end_point(reader, error);
}

static void on_point_text(Reader *reader, const char *name, const char *text, GError **error)
{
    static const struct {
        const char *name;
        RecordedField field;
        double factor;
    } fields[] = {
        {"DistanceMeters", RECORDED_DISTANCE, 1},
        {"Value", RECORDED_HEART_RATE, 1},
        {"Cadence", RECORDED_CADENCE, 2},
        {"RunCadence", RECORDED_CADENCE, 2},
        {"Speed", RECORDED_SPEED, 1},
        {"AltitudeMeters", RECORDED_ALTITUDE, 1},
        {"LatitudeDegrees", RECORDED_LATITUDE, 1},
        {"LongitudeDegrees", RECORDED_LONGITUDE, 1},
        {"Watts", RECORDED_POWER, 1},
    };
    if (is(name, "Time")) {
        reader->at = instant(text);
        if (isnan(reader->at))
            wrong(reader, error, "expected a time: “%.40s”", text);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        char *end;
        if (!is(name, fields[i].name))
            continue;
        const double value = g_ascii_strtod(text, &end);
        if (end == text || !isfinite(value))
            wrong(reader, error, "expected a number in %s: “%.40s”", local(name), text);
        else
            reader->values[fields[i].field] = fields[i].factor * value;
    }
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                    GError **error)
{
    Reader *reader = data;
    const GSList *within = g_markup_parse_context_get_element_stack(context);
    if (reader->in_point)
        on_point_text(reader, within->data, text, error);
    else if (is(within->data, "Notes") && within->next && is(within->next->data, "Activity")) {
        g_free(reader->recording->name);
        reader->recording->name = g_strdup(text);
    }
}

// ── the file ──

Recording *recording_from_tcx(const char *file, const char *text, gsize length, GError **error)
{
    static const GMarkupParser parser = {
        .start_element = on_start, .end_element = on_end, .text = on_text};
    g_autoptr(Recording) recording = recording_new();
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GError) broken = NULL;
    Reader reader = {.file = file, .recording = recording, .zero = NAN, .starts = starts};
    reader.context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
    const gboolean well =
        g_markup_parse_context_parse(reader.context, text, (gssize)length, &broken) &&
        g_markup_parse_context_end_parse(reader.context, &broken);
    if (!well && broken->domain == PACED_ERROR)
        g_propagate_error(error, g_steal_pointer(&broken));
    else if (!well)
        wrong(&reader, error, "expected XML: %s", broken->message);
    else if (recording_count(recording) == 0)
        wrong(&reader, error,
              reader.in_activity ? "expected an activity: there is no track in it"
                                 : "expected an activity of Training Center");
    g_markup_parse_context_free(reader.context);
    if (!well || recording_count(recording) == 0)
        return NULL;
    for (guint i = 0; i < starts->len; i++)
        recording_lap(recording, g_array_index(starts, double, i));
    recording->started = reader.zero > 0 ? (gint64)floor(reader.zero) : 0;
    return g_steal_pointer(&recording);
}
