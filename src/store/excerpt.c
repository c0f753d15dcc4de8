// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Pieces of the journal. What was hard is where a run ends: its last words are spoken after it, and
// what the voice reports of them belongs to them, so a few seconds more are read where the journal
// still has them.

#include "store/excerpt.h"

#include <string.h>

#include "record/capture.h"
#include "record/journal.h"
#include "store/sql.h"
#include "store/tables.h"

#define ROWS_MAX   2000
#define BYTES_MAX  (256u << 10)
#define AFTERWARDS (15 * USEC_PER_SEC)

void excerpt_free(Excerpt *excerpt)
{
    if (!excerpt)
        return;
    g_free(excerpt->config);
    g_string_free(excerpt->lines, TRUE);
    g_free(excerpt);
}

void excerpt_add_event(GString *lines, const Event *event, Usec origin)
{
    gsize before = lines->len;
    gsize room = CAPTURE_LINE_MAX;
    if (event->kind == EVENT_COMMAND)
        room += 4 * event->command.length;
    g_string_set_size(lines, before + room);
    g_string_set_size(lines, before + capture_event(event, origin, lines->str + before, room));
}

void excerpt_add_sitting(GString *lines, Usec origin, const char *config)
{
    gsize before = lines->len;
    gsize room = CAPTURE_LINE_MAX + 4 * strlen(config);
    g_string_set_size(lines, before + room);
    g_string_set_size(lines, before + capture_sitting(origin, config, lines->str + before, room));
}

// ── where ──

static int find_run(sqlite3 *db, ExcerptPlace *place)
{
    int code =
        sql_int(db, &place->sitting, "SELECT sitting FROM runs WHERE run = ?", "i", place->run);
    if (code == SQLITE_OK)
        code = sql_int(db, &place->last,
                       "SELECT min(first_seq) - 1 FROM runs WHERE sitting = ? AND run > ?", "ii",
                       place->sitting, place->run);
    gint64 end = USEC_NEVER - AFTERWARDS;
    if (code == SQLITE_OK)
        code = sql_int(db, &end,
                       "SELECT started + CAST(elapsed_s * 1e6 AS INTEGER) FROM runs WHERE run = ?",
                       "i", place->run);
    place->until = end + AFTERWARDS;
    return code;
}

static int find(sqlite3 *db, gint64 current, ExcerptPlace *place)
{
    int code = SQLITE_OK;
    place->sitting = current;
    place->last = G_MAXINT64;
    place->until = USEC_NEVER;
    if (place->run != 0) {
        place->sitting = 0;
        code = find_run(db, place);
    }
    if (code == SQLITE_OK && place->sitting == 0)
        code = SQLITE_NOTFOUND;
    if (code == SQLITE_OK)
        code = sql_int(db, &place->next, "SELECT first_seq FROM sittings WHERE sitting = ?", "i",
                       place->sitting);
    gint64 newest = 0;
    if (code == SQLITE_OK)
        code = sql_int(db, &newest, "SELECT max(seq) FROM events WHERE sitting = ?", "i",
                       place->sitting);
    place->last = MIN(place->last, newest);
    return code;
}

static int describe(sqlite3 *db, Excerpt *excerpt, gboolean first)
{
    sqlite3_stmt *row;
    int code = sql_prepare(db, &row,
                           "SELECT started, coalesce(wall_offset, 0), config FROM sittings"
                           " WHERE sitting = ?",
                           "i", excerpt->place.sitting);
    if (code != SQLITE_OK)
        return code;
    gboolean found = sqlite3_step(row) == SQLITE_ROW;
    if (found) {
        excerpt->origin = sqlite3_column_int64(row, 0);
        excerpt->wall_offset = sqlite3_column_int64(row, 1);
        if (first)
            excerpt->config = g_strdup((const char *)sqlite3_column_text(row, 2));
    }
    code = sqlite3_finalize(row);
    return code == SQLITE_OK && !found ? SQLITE_NOTFOUND : code;
}

// ── what ──

// False at the end of what was asked for.
static gboolean add_row(Excerpt *excerpt, gint64 seq, const guint8 *record, gsize length,
                        guint32 crc)
{
    Event event;
    if (tables_crc(seq, record, length) != crc || !journal_decode(record, length, &event)) {
        g_string_append(excerpt->lines, "# an event is damaged and left out here\n");
        return TRUE;
    }
    if (event.at > excerpt->place.until)
        return FALSE;
    excerpt_add_event(excerpt->lines, &event, excerpt->origin);
    return TRUE;
}

static int add_rows(sqlite3 *db, Excerpt *excerpt)
{
    ExcerptPlace *place = &excerpt->place;
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT seq, record, crc FROM events"
                           " WHERE sitting = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?",
                           "iiii", place->sitting, place->next, place->last, (gint64)ROWS_MAX);
    if (code != SQLITE_OK)
        return code;
    int count = 0;
    gboolean going = TRUE;
    while (going && excerpt->lines->len < BYTES_MAX && sqlite3_step(rows) == SQLITE_ROW) {
        gint64 seq = sqlite3_column_int64(rows, 0);
        going =
            add_row(excerpt, seq, sqlite3_column_blob(rows, 1),
                    (gsize)sqlite3_column_bytes(rows, 1), (guint32)sqlite3_column_int64(rows, 2));
        place->next = seq + 1;
        count++;
    }
    excerpt->more = going && place->next <= place->last &&
                    (count == ROWS_MAX || excerpt->lines->len >= BYTES_MAX);
    return sqlite3_finalize(rows);
}

Excerpt *excerpt_read(sqlite3 *db, gint64 current, const ExcerptPlace *place, int *ret_code)
{
    g_autoptr(Excerpt) excerpt = g_new0(Excerpt, 1);
    excerpt->lines = g_string_new(NULL);
    excerpt->place = *place;
    gboolean first = place->sitting == 0;
    *ret_code = first ? find(db, current, &excerpt->place) : SQLITE_OK;
    if (*ret_code == SQLITE_OK)
        *ret_code = describe(db, excerpt, first);
    if (*ret_code == SQLITE_OK)
        *ret_code = add_rows(db, excerpt);
    return *ret_code == SQLITE_OK ? g_steal_pointer(&excerpt) : NULL;
}
