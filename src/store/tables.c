// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The tables, written and read. The journal (`events`) is the truth, everything else an index over
// it; see database.c for the columns.

#include "store/tables.h"

#include <string.h>

#include "io/clock.h"
#include "store/athletes.h"
#include "store/evidence.h"
#include "store/interrupted.h"
#include "store/replay.h"
#include "store/sql.h"
#include "store/store.h"

static const char *const outcome_names[] = {
    [STEP_COMPLETED] = "completed",
    [STEP_LAPPED] = "lapped",
    [STEP_SKIPPED] = "skipped",
    [STEP_STOPPED] = "stopped",
};

// Never the same across a boot. Where it cannot be read, each sitting counts as a boot of its own.
char *tables_boot_id(void)
{
    char *id = NULL;
    if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
        return g_uuid_string_random();
    return g_strstrip(id);
}

// CRC-32 (IEEE 802.3, reflected), a nibble at a time: the records are short, the table is too.
static guint32 crc_add(guint32 crc, const guint8 *bytes, gsize length)
{
    static const guint32 nibbles[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    for (gsize i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = (crc >> 4) ^ nibbles[crc & 15];
        crc = (crc >> 4) ^ nibbles[crc & 15];
    }
    return crc;
}

guint32 tables_crc(gint64 seq, const guint8 *record, gsize length)
{
    guint64 place = GUINT64_TO_LE((guint64)seq);
    guint32 crc = crc_add(UINT32_MAX, (const guint8 *)&place, sizeof place);
    return ~crc_add(crc, record, length);
}

// ── writing ──

static int begin_sitting(sqlite3 *db, Position *position, const Op *op)
{
    g_autofree char *boot = tables_boot_id();
    guint unused = 0; // what is open now was not by another program's end
    int code = tables_recover(db, position, &unused);
    if (code == SQLITE_OK)
        code =
            sql_run(db,
                    "INSERT INTO sittings(boot, started, config, shift, first_seq) VALUES(?, ?, ?,"
                    " ?, (SELECT coalesce(max(seq), 0) + 1 FROM events))",
                    "titi", boot, (gint64)op->at, (const char *)op->data, (gint64)clock_shifted());
    if (code != SQLITE_OK)
        return code;
    *position = (Position){.sitting = sqlite3_last_insert_rowid(db), .held = position->held};
    return sql_int(db, &position->seq, "SELECT coalesce(max(seq), 0) FROM events", "");
}

int tables_insert_event(sqlite3 *db, Position *position, gint64 sitting, const guint8 *record,
                        gsize length)
{
    const gint64 seq = position->seq + 1;
    const int code = sql_run_often(
        db, "INSERT INTO events(seq, sitting, record, crc) VALUES(?, ?, ?, ?)", "iibi", seq,
        sitting, (const void *)record, length, (gint64)tables_crc(seq, record, length));
    if (code == SQLITE_OK)
        position->seq = seq;
    return code;
}

// A text that was run before is kept once.
int tables_insert_workout(sqlite3 *db, const char *text, gint64 *ret_workout)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    int code =
        sql_run(db, "INSERT OR IGNORE INTO workouts(sha256, text) VALUES(?, ?)", "tt", hash, text);
    if (code == SQLITE_OK)
        code = sql_int(db, ret_workout, "SELECT workout FROM workouts WHERE sha256 = ?", "t", hash);
    return code;
}

static int begin_run(sqlite3 *db, Position *position, const Op *op)
{
    const char *text = op_text(op, 1);
    gint64 workout = 0;
    int code = text ? tables_insert_workout(db, text, &workout) : SQLITE_OK;
    // The event that started it was appended just before: a run includes its START.
    if (code == SQLITE_OK)
        code = sql_run(db,
                       "INSERT INTO runs(sitting, first_seq, workout, name, started)"
                       " VALUES(?, ?, nullif(?, 0), ?, ?)",
                       "iiiti", position->sitting, position->seq, workout, (const char *)op->data,
                       (gint64)op->at);
    if (code == SQLITE_OK) {
        position->run = sqlite3_last_insert_rowid(db);
        position->lap = 0;
    }
    return code;
}

int tables_insert_lap(sqlite3 *db, gint64 run, gint64 number, const Lap *lap)
{
    // In the order of the table's columns.
    return sql_run(db,
                   "INSERT INTO laps VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                   " nullif(?, 'none'), ?, ?, ?, ?)",
                   "iiittiiiiidddddtdddd", run, number, (gint64)lap->step,
                   step_kind_name(lap->kind), outcome_names[lap->outcome], (gint64)lap->repetition,
                   (gint64)lap->repetitions, (gint64)lap->started, (gint64)lap->ended,
                   (gint64)lap->duration, lap->distance_m, lap->speed_mps, lap->heart_rate,
                   lap->heart_rate_max, lap->cadence, aim_quantity_name(lap->aim.quantity),
                   lap->aim.low, lap->aim.value, lap->aim.high, lap->aim.end);
}

static int insert_lap(sqlite3 *db, Position *position, const Op *op)
{
    if (position->run == 0)
        return SQLITE_MISUSE;
    position->lap++;
    return tables_insert_lap(db, position->run, position->lap, &op->lap);
}

static int end_run(sqlite3 *db, Position *position, const Op *op)
{
    if (position->run == 0)
        return SQLITE_MISUSE;
    int code = replay_end_run(db, position->run, position->seq, &op->summary, op_text(op, 0),
                              op_text(op, 1));
    position->ended = position->run;
    position->run = 0;
    return code;
}

// In the order of the table's columns, to which steps of the schema only ever add.
static int put_sensor(sqlite3 *db, const Op *op)
{
    return sql_run(db,
                   "REPLACE INTO sensors VALUES(?1, ?, ?,"
                   " coalesce((SELECT added FROM sensors WHERE slot = ?1), nullif(?, 0)),"
                   " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
                   "ittiittiiiiiittti", (gint64)op->sensor.slot, op_text(op, 0), op_text(op, 1),
                   (gint64)clock_wall(), (gint64)op->sensor.adopted_for, op_text(op, 2),
                   op_text(op, 3), (gint64)op->sensor.services, (gint64)op->sensor.roles,
                   (gint64)op->sensor.rank, (gint64)op->sensor.match_name,
                   (gint64)op->sensor.convention, (gint64)op->sensor.convention_fixed,
                   op_text(op, 4), op_text(op, 5), op_text(op, 6), (gint64)op->sensor.lessons_at);
}

static int apply(sqlite3 *db, Position *position, const Op *op)
{
    switch (op->kind) {
    case OP_SITTING:
        return begin_sitting(db, position, op);
    case OP_EVENT:
        return tables_insert_event(db, position, position->sitting, op->data, op->length);
    case OP_RUN_BEGIN:
        return begin_run(db, position, op);
    case OP_LAP:
        return insert_lap(db, position, op);
    case OP_RUN_END:
        return end_run(db, position, op);
    case OP_CONTINUE:
        return interrupted_continue(db, position, op);
    case OP_RUN_CORRECT:
        return sql_run(db, "UPDATE runs SET corrected_m = ? WHERE run = ?", "di", op->corrected_m,
                       position->ended);
    case OP_SENSOR_PUT:
        return put_sensor(db, op);
    case OP_SENSOR_REMOVE:
        return sql_run(db, "DELETE FROM sensors WHERE address = ?", "t", (const char *)op->data);
    case OP_ATHLETE:
        return athletes_put(db, op);
    case OP_TRIAL:
        return evidence_put_trial(db, op);
    case OP_ANSWER:
        return evidence_put_answer(db, op);
    }
    return SQLITE_MISUSE;
}

int tables_apply(sqlite3 *db, Position *position, const Op *op)
{
    int code = apply(db, position, op);
    int primary = code & 0xff;
    if (primary == SQLITE_CONSTRAINT || primary == SQLITE_MISUSE || primary == SQLITE_TOOBIG) {
        g_warning("store: what cannot be kept was dropped (op %d: %s)", (int)op->kind,
                  sqlite3_errstr(code));
        return SQLITE_OK;
    }
    return code;
}

int tables_note_wall_clock(sqlite3 *db, Position *position)
{
    Usec wall = clock_wall();
    if (wall == 0 || position->sitting == 0)
        return SQLITE_OK;
    // The later reading is the better one: a Pi that has not met the network yet wakes with the
    // time of its last shutdown.
    Usec offset = wall - clock_now();
    if (position->wall_offset != 0 && ABS(offset - position->wall_offset) < USEC_PER_SEC)
        return SQLITE_OK;
    position->wall_offset = offset;
    return sql_run(db,
                   "UPDATE sittings SET wall_offset = ? - shift WHERE boot ="
                   " (SELECT boot FROM sittings WHERE sitting = ?) AND continued = 0",
                   "ii", (gint64)(offset + clock_shifted()), position->sitting);
}

// The events before a run in its sitting are part of its replay: sensors linked, estimates settled,
// the distance's start. What comes after the last run's end, or has no run at all, nobody needs;
// but one that is held may have no end yet.
static int prune(sqlite3 *db)
{
    static const char *const steps[] = {
        "DELETE FROM events WHERE"
        " seq >= (SELECT min(first_seq) FROM sittings WHERE NOT pruned) AND NOT EXISTS"
        " (SELECT 1 FROM runs WHERE runs.sitting = events.sitting"
        "  AND (last_seq >= seq OR last_seq IS NULL))",
        "DELETE FROM sittings WHERE NOT pruned AND sitting NOT IN (SELECT sitting FROM runs)",
        "UPDATE sittings SET pruned = 1 WHERE NOT pruned AND sitting NOT IN"
        " (SELECT sitting FROM runs WHERE last_seq IS NULL)",
    };
    int code = SQLITE_OK;
    for (gsize i = 0; code == SQLITE_OK && i < G_N_ELEMENTS(steps); i++)
        code = sql_run(db, steps[i], "");
    return code;
}

int tables_recover(sqlite3 *db, const Position *position, guint *damaged)
{
    int code = replay_close_open_runs(db, position->held, damaged);
    return code == SQLITE_OK ? prune(db) : code;
}

// ── reading ──

int tables_read_sensors(sqlite3 *db, GPtrArray *sensors)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows, "SELECT * FROM sensors ORDER BY slot", "");
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        EnrolledSensor *sensor = g_new0(EnrolledSensor, 1);
        sensor->slot = sqlite3_column_int(rows, 0);
        sensor->address = g_strdup((const char *)sqlite3_column_text(rows, 1));
        sensor->name = g_strdup((const char *)sqlite3_column_text(rows, 2));
        sensor->adopted_for = (guint)sqlite3_column_int(rows, 4);
        sensor->runner = g_strdup((const char *)sqlite3_column_text(rows, 5));
        sensor->history = g_strdup((const char *)sqlite3_column_text(rows, 6));
        sensor->services = (guint)sqlite3_column_int(rows, 7);
        sensor->roles = (guint)sqlite3_column_int(rows, 8);
        sensor->rank = (guint)sqlite3_column_int(rows, 9);
        sensor->match_name = sqlite3_column_int(rows, 10);
        sensor->convention = (CadenceConvention)sqlite3_column_int(rows, 11);
        sensor->convention_fixed = sqlite3_column_int(rows, 12);
        sensor->lessons = g_strdup((const char *)sqlite3_column_text(rows, 13));
        sensor->lessons_before = g_strdup((const char *)sqlite3_column_text(rows, 14));
        sensor->lessons_firmware = g_strdup((const char *)sqlite3_column_text(rows, 15));
        sensor->lessons_at = sqlite3_column_int64(rows, 16);
        g_ptr_array_add(sensors, sensor);
    }
    return sqlite3_finalize(rows);
}

static GVariant *column_value(sqlite3_stmt *rows, int column, char type)
{
    switch (type) {
    case 'x':
        return g_variant_new_int64(sqlite3_column_int64(rows, column));
    case 'u':
        return g_variant_new_uint32((guint32)sqlite3_column_int64(rows, column));
    case 'd':
        return g_variant_new_double(sqlite3_column_double(rows, column));
    case 'b':
        return g_variant_new_boolean(sqlite3_column_int(rows, column) != 0);
    case 's':
        return g_variant_new_string((const char *)sqlite3_column_text(rows, column));
    default:
        g_assert_not_reached();
    }
}

// Columns are named "TYPE key"; what is NULL is unknown, and absent. Those with a capital for a
// type are of a dictionary within: the target.
static void add_columns(GVariantBuilder *dict, sqlite3_stmt *rows, gboolean of_target)
{
    for (int i = 0; i < sqlite3_column_count(rows); i++) {
        const char *name = sqlite3_column_name(rows, i);
        const char type = g_ascii_tolower(name[0]);
        if ((type != name[0]) == of_target && sqlite3_column_type(rows, i) != SQLITE_NULL)
            g_variant_builder_add(dict, "{sv}", name + 2, column_value(rows, i, type));
    }
}

static GVariant *rows_to_dictionaries(sqlite3_stmt *rows, int *ret_code)
{
    GVariantBuilder list;
    g_variant_builder_init(&list, G_VARIANT_TYPE("aa{sv}"));
    while (sqlite3_step(rows) == SQLITE_ROW) {
        g_variant_builder_open(&list, G_VARIANT_TYPE_VARDICT);
        add_columns(&list, rows, FALSE);
        GVariantBuilder target;
        g_variant_builder_init(&target, G_VARIANT_TYPE_VARDICT);
        add_columns(&target, rows, TRUE);
        g_autoptr(GVariant) within = g_variant_ref_sink(g_variant_builder_end(&target));
        if (g_variant_n_children(within) > 0)
            g_variant_builder_add(&list, "{sv}", "target", within);
        g_variant_builder_close(&list);
    }
    g_autoptr(GVariant) dictionaries = g_variant_ref_sink(g_variant_builder_end(&list));
    *ret_code = sqlite3_finalize(rows);
    return *ret_code == SQLITE_OK ? g_steal_pointer(&dictionaries) : NULL;
}

// What is told of runs, wherever: `behind` the columns that are always there. See
// rows_to_dictionaries().
static GVariant *runs_told(sqlite3 *db, const char *behind, gint64 argument, int *ret_code)
{
    g_autofree char *sql =
        g_strconcat("SELECT run AS 'x run', name AS 's workout',"
                    " date AS 'x started', workout AS 'x workout-text',"
                    " duration_s AS 'd duration', distance_m AS 'd distance',"
                    " corrected_m AS 'd corrected-distance', heart_rate AS 'd heart-rate',"
                    " trimp AS 'd trimp', rtss AS 'd rtss', laps AS 'u laps',"
                    " completed AS 'b completed', ended_by AS 's ended-by'",
                    behind, NULL);
    sqlite3_stmt *rows;
    *ret_code = sql_prepare(db, &rows, sql, "i", argument);
    return *ret_code == SQLITE_OK ? rows_to_dictionaries(rows, ret_code) : NULL;
}

GVariant *tables_list_runs(sqlite3 *db, gint64 limit, int *ret_code)
{
    return runs_told(db,
                     // One without a date stands where the one before it does.
                     " FROM dated WHERE ended_by IS NOT NULL ORDER BY coalesce(date,"
                     " (SELECT max(date) FROM dated earlier WHERE earlier.run < dated.run"
                     " AND earlier.ended_by <> 'import')) DESC, run DESC LIMIT ?",
                     limit, ret_code);
}

GVariant *tables_summary(sqlite3 *db, gint64 run, int *ret_code)
{
    GVariant *found =
        runs_told(db,
                  ", nullif(count, 0) AS 'u repetitions', mean AS 'd repetition-speed',"
                  " fastest AS 'd repetition-speed-most', slowest AS 'd repetition-speed-least',"
                  " off AS 'd off-target'"
                  " FROM dated,"
                  " (SELECT count(*) AS count, avg(speed_mps) AS mean,"
                  " max(speed_mps) AS fastest, min(speed_mps) AS slowest,"
                  " avg(iif(target = 'speed', speed_mps / target_value - 1, NULL)) AS off"
                  " FROM laps WHERE run = ?1 AND kind = 'work' AND repetitions > 1"
                  " AND outcome IN ('completed', 'lapped'))"
                  " WHERE run = ?1 AND ended_by IS NOT NULL",
                  run, ret_code);
    if (found && g_variant_n_children(found) == 0) {
        g_clear_pointer(&found, g_variant_unref);
        *ret_code = SQLITE_NOTFOUND;
    }
    return found;
}

GVariant *tables_list_laps(sqlite3 *db, gint64 run, int *ret_code)
{
    gint64 known = 0;
    *ret_code = sql_int(db, &known, "SELECT count(*) FROM runs WHERE run = ?", "i", run);
    if (*ret_code == SQLITE_OK && known == 0)
        *ret_code = SQLITE_NOTFOUND;
    if (*ret_code != SQLITE_OK)
        return NULL;
    sqlite3_stmt *rows;
    *ret_code = sql_prepare(
        db, &rows,
        "SELECT step AS 'u step', kind AS 's kind', outcome AS 's outcome',"
        " duration / 1e6 AS 'd duration', distance_m AS 'd distance', speed_mps AS 'd speed',"
        " iif(target = 'speed', target_value, NULL) AS 'd target-speed',"
        " target AS 'S quantity', target_low AS 'D low', target_value AS 'D value',"
        " target_high AS 'D high', target_end AS 'D end', heart_rate AS 'd heart-rate',"
        " heart_rate_max AS 'd heart-rate-max', cadence AS 'd cadence',"
        " nullif(repetition, 0) AS 'u repetition', nullif(repetitions, 0) AS 'u repetitions'"
        " FROM laps WHERE run = ? ORDER BY lap",
        "i", run);
    return *ret_code == SQLITE_OK ? rows_to_dictionaries(rows, ret_code) : NULL;
}
