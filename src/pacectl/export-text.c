// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run for spreadsheets and scripts: what was known each second, and what happened at all.

#include "pacectl/export.h"

#include "record/capture.h"

#include <float.h>
#include <math.h>
#include <string.h>

// ── CSV ──

static void add_number(GString *row, double value, int digits)
{
    char text[DBL_MAX_10_EXP + 16]; // one a column is printed, each second: no memory is asked for
    g_string_append_c(row, ',');
    if (isfinite(value))
        g_string_append_len(row, text, g_snprintf(text, sizeof text, "%.*f", digits, value));
}

guint export_lap_of(const Run *run, guint32 t, guint from)
{
    while (from + 1 < run->laps->len && t >= run_lap(run, from)->end)
        from++;
    return from;
}

static void add_utc(GString *row, const Run *run, guint32 t)
{
    g_string_append_c(row, ',');
    if (!run->started)
        return;
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc((gint64)floor(run_unix(run, 0)) + t);
    g_autofree char *text = g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
    g_string_append(row, text);
}

static void add_row(GString *csv, const Run *run, const RunSecond *second, guint lap)
{
    const gboolean known = second->speed_source != SOURCE_NONE;
    g_string_append_printf(csv, "%u", second->t);
    add_utc(csv, run, second->t);
    g_string_append_printf(csv, ",%u,%s", lap + 1, second->paused ? "paused" : "running");
    add_number(csv, second->distance, 2);
    add_number(csv, second->speed, 3);
    add_number(csv, second->speed_confidence, 3);
    g_string_append_printf(csv, ",%s", known ? estimate_source_name(second->speed_source) : "");
    add_number(csv, second->target, 3);
    add_number(csv, second->heart, 1);
    add_number(csv, second->heart_confidence, 3);
    const HeartZones *zones = athlete_zones(&run->model);
    g_string_append_printf(csv, ",%s",
                           second->zone >= 0 ? zones_label(zones, (size_t)second->zone) : "");
    add_number(csv, second->cadence, 1);
    add_number(csv, second->step_length, 3);
    add_number(csv, second->power, 1);
    add_number(csv, second->incline, 1);
    add_number(csv, second->effort, 2);
    add_number(csv, second->d_prime, 1);
    add_number(csv, second->form_drift, 2);
    add_number(csv, second->altitude, 1);
    add_number(csv, second->latitude, 7);
    add_number(csv, second->longitude, 7);
    add_number(csv, second->oscillation, 1);
    add_number(csv, second->stance, 1);
    add_number(csv, second->share, 2);
    add_number(csv, second->balance, 2);
    add_number(csv, second->ratio, 2);
    add_number(csv, second->temperature, 0);
    g_string_append_c(csv, ',');
    for (guint i = 0; i < second->rr_count; i++)
        g_string_append_printf(csv, "%s%u", i ? " " : "",
                               g_array_index(run->rr, guint16, second->rr_first + i));
    g_string_append_c(csv, '\n');
}

GString *export_csv(const Run *run)
{
    GString *csv = g_string_new(
        "t_s,utc,lap,state,distance_m,speed_mps,speed_confidence,speed_source,target_speed_mps,"
        "hr_bpm,hr_confidence,heart_zone,cadence_spm,step_length_m,power_w,incline_percent,effort,"
        "d_prime_balance_m,form_drift_spm,altitude_m,latitude_deg,longitude_deg,"
        "vertical_oscillation_mm,ground_contact_ms,ground_contact_percent,"
        "ground_contact_balance_percent,vertical_ratio_percent,temperature_c,rr_ms\n");
    guint lap = 0;
    for (guint i = 0; i < run_seconds(run); i++) {
        lap = export_lap_of(run, run_second(run, i)->t, lap);
        add_row(csv, run, run_second(run, i), lap);
    }
    return csv;
}

// ── JSON lines ──

static void add_text(GString *json, const char *name, const char *text, gsize length)
{
    g_autofree char *whole = g_strndup(text, length);
    JsonNode *node = json_node_init_string(json_node_alloc(), whole);
    g_autofree char *quoted = json_to_string(node, FALSE);
    json_node_unref(node);
    g_string_append_printf(json, ",\"%s\":%s", name, quoted);
}

static void add_command(GString *json, const Event *event)
{
    const CommandVerb verb = event->command.verb;
    g_string_append_printf(json, ",\"command\":\"%s\",\"id\":%u", command_verb_name(verb),
                           event->command.id);
    if (command_has_text(verb) && event->command.text)
        add_text(json, "text", event->command.text, event->command.length);
    if (command_has_number(verb))
        g_string_append_printf(json, ",\"number\":%.15g", event->command.number);
}

static void add_notify(GString *json, const Event *event)
{
    g_string_append_printf(json, ",\"sensor\":%u,\"characteristic\":\"%04x\",\"bytes\":\"",
                           event->notify.sensor, event->notify.characteristic);
    for (guint i = 0; i < event->notify.length; i++)
        g_string_append_printf(json, "%02x", event->notify.bytes[i]);
    g_string_append_c(json, '"');
}

static void add_voice(GString *json, const Event *event)
{
    static const char *const words[] = {
        [VOICE_STARTED] = "started", [VOICE_DONE] = "done", [VOICE_LATENCY] = "latency"};
    g_string_append_printf(json, ",\"voice\":\"%s\"", words[event->voice.kind]);
    if (event->voice.kind == VOICE_LATENCY)
        g_string_append_printf(json, ",\"latency_s\":%.6f", usec_to_s(event->voice.latency));
    else
        g_string_append_printf(json, ",\"cue\":%u", event->voice.cue);
}

static const char *const names[] = {
    [EVENT_NOTIFY] = "notify",   [EVENT_LINK] = "link",           [EVENT_COMMAND] = "command",
    [EVENT_VOICE] = "voice",     [EVENT_TIME] = "time",           [EVENT_SENSOR] = "sensor",
    [EVENT_ATHLETE] = "athlete", [EVENT_CONDITION] = "condition",
};

// `says`: what its line in the capture has after its name.
static void add_event(GString *json, const Run *run, const Event *event, const char *says)
{
    g_string_append_printf(json, "{\"t_s\":%.6f,\"event\":\"%s\"",
                           usec_to_s(event->at) - usec_to_s(run->boot), names[event->kind]);
    switch (event->kind) {
    case EVENT_NOTIFY:
        add_notify(json, event);
        break;
    case EVENT_LINK:
        g_string_append_printf(json, ",\"sensor\":%u,\"up\":%s", event->link.sensor,
                               event->link.up ? "true" : "false");
        break;
    case EVENT_COMMAND:
        add_command(json, event);
        break;
    case EVENT_VOICE:
        add_voice(json, event);
        break;
    case EVENT_TIME:
        break;
    case EVENT_SENSOR:
    case EVENT_CONDITION:
    case EVENT_ATHLETE:
        add_text(json, "says", says, strlen(says));
        break;
    }
    g_string_append(json, "}\n");
}

static void add_head(GString *json, const Run *run)
{
    g_string_append(json, "{\"event\":\"run\"");
    if (run->number)
        g_string_append_printf(json, ",\"run\":%" G_GINT64_FORMAT, run->number);
    if (run->started)
        g_string_append_printf(json, ",\"started\":%.6f", run_unix(run, 0));
    if (*run->name)
        add_text(json, "workout", run->name, strlen(run->name));
    g_string_append(json, "}\n");
}

GString *export_json(const Run *run, char *capture)
{
    GString *json = g_string_new(NULL);
    Usec origin = 0;
    add_head(json, run);
    for (char *line = capture, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        g_auto(GStrv) words = g_strsplit(line, " ", 3); // parsing changes the line
        const char *says = g_strv_length(words) == 3 ? words[2] : "";
        const CaptureLine found = capture_parse(line, origin);
        if (found.kind == CAPTURE_SITTING)
            origin = found.sitting.origin;
        else if (found.kind == CAPTURE_EVENT)
            add_event(json, run, &found.event, says);
    }
    return json;
}
