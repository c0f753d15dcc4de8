// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runs as Training Center's XML has them. What was hard: cadence stands in either of two places,
// both of one leg; a pause is nothing but a gap between two tracks of a lap; and laps stand in
// whatever order, so that what is between two of them shows only when all have been read.

#include "pacectl/recording.h"

#include "io/error.h"

#include <math.h>
#include <string.h>

// Where a track begins.
typedef struct {
    double at;        // of its first point: s since 1970
    gboolean new_lap; // it is the first of a lap
} Begin;

typedef struct {
    const char *file;
    GMarkupParseContext *context;
    GPtrArray *runs;      // Recording
    GPtrArray *left_out;  // char *
    Recording *recording; // the activity that is read, by the clock; NULL: none is
    GArray *starts;       // double, s since 1970: of its laps
    GArray *tracks;       // Begin
    guint timeless;       // points
    int timeless_line;    // of the first
    guint unread;         // numbers that are none
    int unread_line;      // of the first
    char *unread_text;    // likewise
    gboolean skips;       // it is no run
    gboolean in_point, any_activity;
    gboolean new_track, new_lap; // since the newest sample
    double at;                   // of the point: s since 1970; NAN: not told yet
    double values[RECORDED_FIELDS];
} Reader;

static int line_of(const Reader *reader)
{
    int line = 1;
    if (reader->context)
        g_markup_parse_context_get_position(reader->context, &line, NULL);
    return line;
}

static void leave_out(const Reader *reader, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void leave_out(const Reader *reader, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(reader->left_out, g_strdup_printf("%s:%d: %s", reader->file, line, text));
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

// ── an activity ──

static void begin_activity(Reader *reader)
{
    reader->recording = recording_new();
    reader->starts = g_array_new(FALSE, FALSE, sizeof(double));
    reader->tracks = g_array_new(FALSE, FALSE, sizeof(Begin));
    reader->any_activity = TRUE;
    reader->skips = reader->new_track = reader->new_lap = FALSE;
    reader->timeless = reader->unread = 0;
    g_clear_pointer(&reader->unread_text, g_free);
}

static void drop_activity(Reader *reader)
{
    g_clear_pointer(&reader->recording, recording_free);
    g_clear_pointer(&reader->starts, g_array_unref);
    g_clear_pointer(&reader->tracks, g_array_unref);
}

static double sample_before(const Recording *recording, double at)
{
    guint from = 0, until = recording_count(recording);
    while (from < until) {
        const guint middle = (from + until) / 2;
        if (recording_sample(recording, middle)->at < at)
            from = middle + 1;
        else
            until = middle;
    }
    return from > 0 ? recording_sample(recording, from - 1)->at : INFINITY;
}

// Between two tracks of a lap somebody stood still; between two laps only where it took a while.
static void place_marks(const Reader *reader, double zero)
{
    Recording *recording = reader->recording;
    for (guint i = 0; i < reader->starts->len; i++)
        recording_lap(recording, g_array_index(reader->starts, double, i) - zero);
    for (guint i = 0; i < reader->tracks->len; i++) {
        const Begin *track = &g_array_index(reader->tracks, Begin, i);
        const double at = track->at - zero, before = sample_before(recording, at);
        if (!track->new_lap || at - before > RECORDING_HELD_S)
            recording_pause(recording, before, at);
    }
}

static void end_activity(Reader *reader)
{
    guint left_out;
    Recording *recording = reader->recording;
    const double zero = recording_settle(recording, &left_out);
    if (reader->timeless > 0)
        leave_out(reader, reader->timeless_line, "a point of the track has no time%s",
                  reader->timeless > 1 ? ", nor have others" : "");
    if (reader->unread > 0)
        leave_out(reader, reader->unread_line, "left out what is no number in %s%s",
                  reader->unread_text, reader->unread > 1 ? ", and others" : "");
    if (!isnan(zero)) {
        recording->started = zero > 0 ? (gint64)floor(zero) : 0;
        recording_tell_left_out(recording, reader->file, left_out, reader->left_out);
        place_marks(reader, zero);
        g_ptr_array_add(reader->runs, g_steal_pointer(&reader->recording));
    }
    drop_activity(reader);
}

// ── elements ──

// Version 1 calls it a run, within its sport.
static gboolean is_activity(const char *name)
{
    return is(name, "Activity") || is(name, "Run");
}

static gboolean stands_in(GMarkupParseContext *context, const char *name)
{
    const GSList *within = g_markup_parse_context_get_element_stack(context);
    return within->next && is(within->next->data, name);
}

static void on_activity(Reader *reader, const char *sport)
{
    if (reader->recording)
        end_activity(reader);
    begin_activity(reader);
    reader->skips = strcmp(sport, "Biking") == 0;
    if (reader->skips)
        leave_out(reader, line_of(reader),
                  "expected a run; this is an activity of another kind (%s)", sport);
}

static void begin_lap(Reader *reader, const char *start)
{
    const double at = instant(start);
    reader->new_lap = TRUE;
    if (!isnan(at))
        g_array_append_val(reader->starts, at);
}

static void begin_point(Reader *reader)
{
    reader->in_point = TRUE;
    reader->at = NAN;
    for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
        reader->values[i] = NAN;
}

static void on_start(GMarkupParseContext *context, const char *name, const char **names,
                     const char **values, gpointer data, GError **error)
{
    Reader *reader = data;
    if (is_activity(name))
        on_activity(reader,
                    stands_in(context, "Biking") ? "Biking" : attribute(names, values, "Sport"));
    else if (is(name, "Course") || is(name, "gpx"))
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s:%d: %s", reader->file,
                    line_of(reader),
                    is(name, "gpx") ? "this is GPX: have the run written as FIT or TCX instead"
                                    : "expected a run; this is a course, which nobody has run yet");
    else if (!reader->recording || reader->skips)
        return;
    else if (is(name, "Lap"))
        begin_lap(reader, attribute(names, values, "StartTime"));
    else if (is(name, "Track"))
        reader->new_track = TRUE;
    else if (is(name, "Trackpoint"))
        begin_point(reader);
}

static void end_point(Reader *reader)
{
    reader->in_point = FALSE;
    if (isnan(reader->at)) {
        reader->timeless_line = reader->timeless++ ? reader->timeless_line : line_of(reader);
        return;
    }
    const Begin begin = {reader->at, reader->new_lap};
    if (reader->new_track)
        g_array_append_val(reader->tracks, begin);
    reader->new_track = reader->new_lap = FALSE;
    Sample *sample = recording_at(reader->recording, reader->at);
    for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
        sample_set(sample, i, reader->values[i]);
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    Reader *reader = data;
    if (reader->in_point && is(name, "Trackpoint"))
        end_point(reader);
    else if (reader->recording && is_activity(name))
        end_activity(reader);
}

// NAN: it is none, which costs nothing but itself. Some write it with their country's comma.
static double number(Reader *reader, const char *name, const char *text)
{
    g_autofree char *bare = g_strdelimit(g_strstrip(g_strdup(text)), ",", '.');
    char *end;
    const double value = g_ascii_strtod(bare, &end);
    if (*bare == '\0' || (*end == '\0' && isfinite(value)))
        return *bare ? value : NAN;
    if (reader->unread++ == 0) {
        reader->unread_line = line_of(reader);
        reader->unread_text = g_strdup_printf("%s: “%.40s”", local(name), text);
    }
    return NAN;
}

static void on_point_text(Reader *reader, const char *name, const char *text)
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
    if (is(name, "Time"))
        reader->at = instant(text);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (is(name, fields[i].name))
            reader->values[fields[i].field] = fields[i].factor * number(reader, name, text);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                    GError **error)
{
    Reader *reader = data;
    const GSList *within = g_markup_parse_context_get_element_stack(context);
    if (reader->in_point)
        on_point_text(reader, within->data, text);
    else if (reader->recording && !reader->recording->name && is(within->data, "Notes") &&
             within->next && is_activity(within->next->data))
        recording_call(reader->recording, text, length);
}

// ── the file ──

GPtrArray *recordings_from_tcx(const char *file, const char *text, gsize length,
                               GPtrArray *left_out, GError **error)
{
    static const GMarkupParser parser = {
        .start_element = on_start, .end_element = on_end, .text = on_text};
    g_autoptr(GError) broken = NULL;
    Reader reader = {
        .file = file,
        .runs = g_ptr_array_new_with_free_func((GDestroyNotify)recording_free),
        .left_out = left_out,
    };
    reader.context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
    const gboolean well =
        g_markup_parse_context_parse(reader.context, text, (gssize)length, &broken) &&
        g_markup_parse_context_end_parse(reader.context, &broken);
    // Of an activity that is cut, nothing: it may be had whole elsewhere.
    drop_activity(&reader);
    if (!well && broken->domain == PACED_ERROR)
        g_ptr_array_add(left_out, g_strdup(broken->message));
    else if (!well)
        leave_out(&reader, line_of(&reader), "expected XML: %s", broken->message);
    g_autofree char *named = g_strdup_printf("%s:%d", file, line_of(&reader));
    g_markup_parse_context_free(reader.context);
    g_free(reader.unread_text);
    return recordings_of_file(reader.runs, named,
                              reader.any_activity ? "expected an activity: there is no track in it"
                                                  : "expected an activity of Training Center",
                              left_out, error);
}
