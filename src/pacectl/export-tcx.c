// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as Garmin's Training Center has it: XML, whose schema (TrainingCenterDatabase v2, with
// ActivityExtension v2) fixes the order of everything. A pause is a gap between two tracks.

#include "pacectl/export.h"

#include <math.h>

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<TrainingCenterDatabase"                                                                      \
    " xmlns=\"http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2\""                        \
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"                                  \
    " <Activities>\n"                                                                              \
    "  <Activity Sport=\"Running\">\n"
#define EXTENSION "http://www.garmin.com/xmlschemas/ActivityExtension/v2"

static void add_time(GString *xml, const Run *run, double t)
{
    const double unix_s = (run->started ? floor(run_unix(run, 0)) : 0) + round(t);
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc((gint64)unix_s);
    g_autofree char *text = g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
    g_string_append(xml, text);
}

static void add_whole(GString *xml, const char *name, double value)
{
    if (!isnan(value))
        g_string_append_printf(xml, "<%s>%.0f</%s>", name, round(value), name);
}

static void add_bpm(GString *xml, const char *name, double bpm)
{
    if (bpm >= 0.5 && bpm < 255)
        g_string_append_printf(xml, "<%s><Value>%.0f</Value></%s>", name, round(bpm), name);
}

static void add_point(GString *xml, const Run *run, const RunSecond *second)
{
    g_string_append(xml, "     <Trackpoint><Time>");
    add_time(xml, run, second->t);
    g_string_append(xml, "</Time>");
    if (!isnan(second->latitude) && !isnan(second->longitude))
        g_string_append_printf(xml,
                               "<Position><LatitudeDegrees>%.10f</LatitudeDegrees>"
                               "<LongitudeDegrees>%.10f</LongitudeDegrees></Position>",
                               second->latitude, second->longitude);
    if (!isnan(second->altitude))
        g_string_append_printf(xml, "<AltitudeMeters>%.3f</AltitudeMeters>", second->altitude);
    if (!isnan(second->distance))
        g_string_append_printf(xml, "<DistanceMeters>%.3f</DistanceMeters>", second->distance);
    add_bpm(xml, "HeartRateBpm", second->heart);
    if (!isnan(second->speed) || !isnan(second->cadence) || !isnan(second->power)) {
        g_string_append(xml, "<Extensions><TPX xmlns=\"" EXTENSION "\">");
        if (!isnan(second->speed))
            g_string_append_printf(xml, "<Speed>%.3f</Speed>", second->speed);
        if (second->cadence < 2 * 254)
            add_whole(xml, "RunCadence", second->cadence / 2);
        if (second->power >= 0)
            add_whole(xml, "Watts", second->power);
        g_string_append(xml, "</TPX></Extensions>");
    }
    g_string_append(xml, "</Trackpoint>\n");
}

// Whether somebody stood still between two seconds: nothing may be known of that while. `pause`:
// the first that may be, which moves on.
static gboolean stood_between(const Run *run, guint32 from, guint32 until, guint *pause)
{
    const RunPause *pauses = (const RunPause *)run->pauses->data;
    while (*pause < run->pauses->len && pauses[*pause].until <= from)
        (*pause)++;
    return *pause < run->pauses->len && pauses[*pause].from < until;
}

// Returns the first second after it.
static guint add_track(GString *xml, const Run *run, guint from, double until)
{
    gboolean open = FALSE;
    guint i = from, pause = 0;
    for (; i < run_seconds(run) && run_second(run, i)->t < until; i++) {
        const RunSecond *second = run_second(run, i);
        const guint32 before = i > 0 ? run_second(run, i - 1)->t : 0;
        if (open && (second->paused || stood_between(run, before, second->t, &pause))) {
            g_string_append(xml, "    </Track>\n");
            open = FALSE;
        }
        if (second->paused)
            continue;
        if (!open)
            g_string_append(xml, "    <Track>\n");
        open = TRUE;
        add_point(xml, run, second);
    }
    if (open)
        g_string_append(xml, "    </Track>\n");
    return i;
}

static guint add_lap(GString *xml, const Run *run, guint index, guint from)
{
    static const char *const triggers[] = {[LAP_BY_HAND] = "Manual",
                                           [LAP_BY_TIME] = "Time",
                                           [LAP_BY_DISTANCE] = "Distance",
                                           [LAP_BY_STOP] = "Manual"};
    const RunLap *lap = run_lap(run, index);
    const gboolean last = index + 1 == run->laps->len;
    g_string_append(xml, "   <Lap StartTime=\"");
    add_time(xml, run, lap->start);
    g_string_append_printf(xml, "\">\n    <TotalTimeSeconds>%.3f</TotalTimeSeconds>",
                           usec_to_s(lap->lap.duration));
    // The schema wants one of each lap; but 0 would be one that was measured.
    if (!isnan(lap->lap.distance_m))
        g_string_append_printf(xml, "<DistanceMeters>%.2f</DistanceMeters>", lap->lap.distance_m);
    if (!isnan(lap->speed_max))
        g_string_append_printf(xml, "<MaximumSpeed>%.3f</MaximumSpeed>", lap->speed_max);
    g_string_append(xml, "<Calories>0</Calories>");
    add_bpm(xml, "AverageHeartRateBpm", lap->lap.heart_rate);
    add_bpm(xml, "MaximumHeartRateBpm", lap->lap.heart_rate_max);
    g_string_append_printf(xml, "<Intensity>%s</Intensity><TriggerMethod>%s</TriggerMethod>\n",
                           lap->lap.kind == STEP_REST ? "Resting" : "Active",
                           triggers[run_lap_end(run, lap)]);
    const guint next = add_track(xml, run, from, last ? INFINITY : lap->end);
    g_string_append(xml, "    <Extensions><LX xmlns=\"" EXTENSION "\">");
    if (!isnan(lap->lap.speed_mps))
        g_string_append_printf(xml, "<AvgSpeed>%.3f</AvgSpeed>", lap->lap.speed_mps);
    add_whole(xml, "AvgRunCadence", lap->lap.cadence / 2);
    add_whole(xml, "AvgWatts", lap->power);
    g_string_append(xml, "</LX></Extensions>\n   </Lap>\n");
    return next;
}

GString *export_tcx(const Run *run)
{
    GString *xml = g_string_new(HEAD "   <Id>");
    g_autofree char *title = g_markup_escape_text(run_title(run), -1);
    guint next = 0;
    add_time(xml, run, 0);
    g_string_append(xml, "</Id>\n");
    for (guint i = 0; i < run->laps->len; i++)
        next = add_lap(xml, run, i, next);
    g_string_append_printf(xml,
                           "   <Notes>%s%s</Notes>\n"
                           "   <Creator xsi:type=\"Device_t\"><Name>paced</Name><UnitId>0</UnitId>"
                           "<ProductID>0</ProductID><Version><VersionMajor>0</VersionMajor>"
                           "<VersionMinor>0</VersionMinor></Version></Creator>\n"
                           "  </Activity>\n </Activities>\n</TrainingCenterDatabase>\n",
                           title, run->started ? "" : " (the clock was not set: the date is none)");
    return xml;
}
