// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A row for each thing that was told: another one needs no other schema, and one that a version
// does not know does it no harm.

#include "store/athletes.h"

#include <string.h>

#include "store/sql.h"
#include "store/store.h"

static const char sex_key[] = "sex";

static int put_value(sqlite3 *db, const char *runner, const char *key, double value)
{
    return sql_run(db, "INSERT INTO athletes(runner, key, value) VALUES(?, ?, ?)", "ttd", runner,
                   key, value);
}

static int put_race(sqlite3 *db, const char *runner, gsize number, const Race *race, gint64 goal)
{
    return sql_run(db,
                   "INSERT INTO races(runner, race, distance_m, time_s, maximal, day, goal)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?)",
                   "tiddiii", runner, (gint64)number, race->distance_m, race->time_s,
                   (gint64)race->maximal, (gint64)race->day, goal);
}

int athletes_put(sqlite3 *db, const Op *op)
{
    const char *runner = op_text(op, 0);
    const Athlete athlete = op_get_athlete(op);
    int code = sql_run(db, "DELETE FROM athletes WHERE runner = ?", "t", runner);
    if (code == SQLITE_OK)
        code = sql_run(db, "DELETE FROM races WHERE runner = ?", "t", runner);
    if (code == SQLITE_OK && athlete.sex != SEX_UNKNOWN)
        code = put_value(db, runner, sex_key, athlete.sex);
    for (gsize i = 0; code == SQLITE_OK && i < ATHLETE_FIELDS; i++)
        if (!isnan(athlete_get(&athlete, i)))
            code = put_value(db, runner, athlete_fields[i].name, athlete_get(&athlete, i));
    gsize number = 0;
    for (gsize i = 0; code == SQLITE_OK && i < athlete.race_count; i++)
        code = put_race(db, runner, ++number, &athlete.races[i], FALSE);
    for (gsize i = 0; code == SQLITE_OK && i < athlete.goal_count; i++)
        code = put_race(db, runner, ++number, &athlete.goals[i], TRUE);
    return code;
}

static Athlete *find_or_add(GPtrArray *athletes, const char *runner)
{
    for (guint i = 0; i < athletes->len; i++) {
        KeptAthlete *kept = athletes->pdata[i];
        if (strcmp(kept->runner, runner) == 0)
            return &kept->athlete;
    }
    KeptAthlete *kept = g_new0(KeptAthlete, 1);
    kept->runner = g_strdup(runner);
    kept->athlete = athlete_unknown();
    g_ptr_array_add(athletes, kept);
    return &kept->athlete;
}

static int read_values(sqlite3 *db, GPtrArray *athletes)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows, "SELECT runner, key, value FROM athletes", "");
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        Athlete *athlete = find_or_add(athletes, (const char *)sqlite3_column_text(rows, 0));
        const char *key = (const char *)sqlite3_column_text(rows, 1);
        double value = sqlite3_column_double(rows, 2);
        gsize field;
        if (strcmp(key, sex_key) == 0)
            athlete->sex = value == SEX_FEMALE ? SEX_FEMALE
                           : value == SEX_MALE ? SEX_MALE
                                               : SEX_UNKNOWN;
        else if (athlete_field_find(key, &field))
            athlete_set(athlete, field, value);
    }
    return sqlite3_finalize(rows);
}

static int read_races(sqlite3 *db, GPtrArray *athletes)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT runner, distance_m, time_s, maximal, day, goal FROM races"
                           " ORDER BY runner, race",
                           "");
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        Athlete *athlete = find_or_add(athletes, (const char *)sqlite3_column_text(rows, 0));
        const gboolean goal = sqlite3_column_int(rows, 5);
        if (goal ? athlete->goal_count == GOALS_MAX : athlete->race_count == RACES_MAX)
            continue;
        Race *race =
            goal ? &athlete->goals[athlete->goal_count++] : &athlete->races[athlete->race_count++];
        *race = (Race){
            .distance_m = sqlite3_column_double(rows, 1),
            .time_s = sqlite3_column_double(rows, 2),
            .maximal = sqlite3_column_int(rows, 3) != 0,
            .day = sqlite3_column_int(rows, 4),
        };
    }
    return sqlite3_finalize(rows);
}

int athletes_read(sqlite3 *db, GPtrArray *athletes)
{
    char why[WHY_MAX];
    int code = read_values(db, athletes);
    if (code == SQLITE_OK)
        code = read_races(db, athletes);
    for (guint i = athletes->len; i > 0; i--) {
        const KeptAthlete *kept = athletes->pdata[i - 1];
        if (athlete_check(&kept->athlete, why))
            continue;
        g_warning("store: what is kept of the runner “%s” is left out: %s", kept->runner, why);
        g_ptr_array_remove_index(athletes, i - 1);
    }
    return code;
}
