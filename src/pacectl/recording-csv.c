// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as a table. A row that is wrong is told, not left out: its absence would be a gap that was
// none.

#include "pacectl/recording.h"

#include "io/error.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    RecordedField field;
} columns[] = {
    {"hr_bpm", RECORDED_HEART_RATE},       {"cadence_spm", RECORDED_CADENCE},
    {"speed_mps", RECORDED_SPEED},         {"distance_m", RECORDED_DISTANCE},
    {"power_w", RECORDED_POWER},           {"belt_speed_mps", RECORDED_BELT_SPEED},
    {"incline_percent", RECORDED_INCLINE},
};

#define BEATS "rr_ms"

typedef struct {
    const Table *table;
    int time, beats; // columns; -1: there is none
    int of[G_N_ELEMENTS(columns)];
} Reader;

static gboolean find_columns(Reader *reader, GError **error)
{
    const Table *table = reader->table;
    reader->time = table_need(table, "t_s", error);
    if (reader->time < 0)
        return FALSE;
    reader->beats = table_column(table, BEATS);
    gboolean any = reader->beats >= 0;
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        reader->of[i] = table_column(table, columns[i].name);
        any |= reader->of[i] >= 0;
    }
    if (any)
        return TRUE;
    g_autoptr(GString) names = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        g_string_append_printf(names, "%s, ", columns[i].name);
    table_header_error(table, error, "expected at least one of the columns %s" BEATS, names->str);
    return FALSE;
}

static gboolean read_beats(const Reader *reader, guint row, Recording *recording, GError **error)
{
    const char *list = table_text(reader->table, row, reader->beats);
    g_auto(GStrv) beats = g_strsplit_set(list, " ;|", -1);
    for (gsize i = 0; beats[i]; i++) {
        char *end;
        if (*beats[i] == '\0')
            continue;
        const double ms = g_ascii_strtod(beats[i], &end);
        if (*end != '\0' || !recording_beat(recording, ms)) {
            table_error(reader->table, row, error,
                        "expected beats in ms, with blanks between them: “%.40s”", list);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_row(const Reader *reader, guint row, Recording *recording, GError **error)
{
    const double at = table_number(reader->table, row, reader->time);
    if (at < 0 || at > RECORDING_SECONDS_MAX) {
        table_error(reader->table, row, error, "expected a time from 0 to %g s: %g",
                    RECORDING_SECONDS_MAX, at);
        return FALSE;
    }
    Sample *sample = recording_at(recording, at);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        const double value = table_number(reader->table, row, reader->of[i]);
        if (!sample_set(sample, columns[i].field, value)) {
            table_error(reader->table, row, error, "%s cannot be %g", columns[i].name, value);
            return FALSE;
        }
    }
    return read_beats(reader, row, recording, error);
}

Recording *recording_from_csv(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(Table) table = table_read(file, text, length, error);
    Reader reader = {.table = table};
    if (!table || !find_columns(&reader, error) || !table_in_order(table, reader.time, error))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        if (!table_numeric(table, reader.of[i], error))
            return NULL;
    }
    if (table_rows(table) == 0) {
        table_header_error(table, error, "expected rows below the names of the columns");
        return NULL;
    }
    g_autoptr(Recording) recording = recording_new();
    for (guint row = 0; row < table_rows(table); row++) {
        if (!read_row(&reader, row, recording, error))
            return NULL;
    }
    return g_steal_pointer(&recording);
}
