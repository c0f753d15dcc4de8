// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Opening the file is where most bad days show themselves: no folder, no permission, a full or
// read-only disk, another paced, another program's file, a newer schema, a torn file. Each must end
// in one of four states and one sentence.
//
// Pragmas, and why: WAL, so that a reader never holds up a commit and a kill leaves whole
// transactions only. synchronous=FULL costs one fsync a commit, that is one a second and on the
// worker's thread, and buys that a power cut loses no more than the second that a kill does (NORMAL
// would lose everything since the last checkpoint, minutes of it). A checkpoint every 1000 pages is
// SQLite's default: 4 MB, a quarter of an hour. A small page cache, because the daemon has 4 MB of
// memory to call its own. secure_delete, for a run that is deleted is to be gone.

#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/replay.h"
#include "store/salvage.h"
#include "store/sql.h"

#define APPLICATION_ID 0x50414345 // "PACE"
#define BUSY_MS        500
#define LEAST_SIZE     512 // bytes: no page is smaller

// Step N brings a file from version N to N + 1. Steps are never changed once released, only added.
//
// events: `crc` is the CRC-32 of the record (see tables.c); `seq` grows by one, so the events of a
//   sitting are one range, and a sitting needs only to know where it begins.
// sittings: instants of a sitting plus `wall_offset` are µs since 1970; NULL while the wall clock
// is
//   not known. They are CLOCK_BOOTTIME of the boot plus `shift`. `continued`: in so many later
//   boots a run of it went on; `boot` and `shift` are the latest's. `pruned`: its journal has been
//   cut down to what its runs need.
// boots: what of a sitting nothing else says, its boot and date, again, on pages of their own.
//   Written by triggers, and read where a page of sittings is lost (salvage.c).
// runs: `started` is an instant of the sitting; `ended_by` is NULL while it runs.
//   `corrected_m` is what known distances make of `distance_m`; NULL without any. `runner` is ''
//   where nobody knows any more. `clean`, `faster` and `stopped`: see SessionOutcome.
// trials: what was run all out, or was called a race; answers: what the runner said to proposals of
//   this `kind`, by how much the VDOT changed, and which trials there were by then.
// sensors: `lessons` is what runs taught of it, as hub/lessons.c writes it.
// athletes: what each runner told of himself: `key` is a name of athlete.h's fields, or "sex",
// whose
//   value is a Sex. What was not told has no row.
// races: in the order they were told, then the goals; `day` is since 1970-01-01, 0 when not known.
// laps: `target` is a quantity by its name (target.h), NULL for none; the numbers are what the
//   step's target came to for the runner, the unknown ones NULL.
static const char *const migrations[] = {
    "CREATE TABLE sittings("
    "sitting INTEGER PRIMARY KEY AUTOINCREMENT,"
    "boot TEXT NOT NULL,"
    "started INTEGER NOT NULL,"
    "wall_offset INTEGER,"
    "config TEXT NOT NULL,"
    "first_seq INTEGER NOT NULL,"
    "pruned INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE TABLE events("
    "seq INTEGER PRIMARY KEY,"
    "sitting INTEGER NOT NULL,"
    "record BLOB NOT NULL,"
    "crc INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE workouts("
    "workout INTEGER PRIMARY KEY,"
    "sha256 TEXT NOT NULL UNIQUE,"
    "text TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE runs("
    "run INTEGER PRIMARY KEY AUTOINCREMENT,"
    "sitting INTEGER NOT NULL REFERENCES sittings,"
    "first_seq INTEGER NOT NULL,"
    "last_seq INTEGER,"
    "workout INTEGER REFERENCES workouts,"
    "name TEXT NOT NULL,"
    "started INTEGER NOT NULL,"
    "duration_s REAL,"
    "elapsed_s REAL,"
    "distance_m REAL,"
    "heart_rate REAL,"
    "laps INTEGER,"
    "completed INTEGER,"
    "ended_by TEXT"
    ") STRICT;"
    "CREATE INDEX runs_of_sitting ON runs(sitting, last_seq);"
    "CREATE TABLE laps("
    "run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "lap INTEGER NOT NULL,"
    "step INTEGER NOT NULL,"
    "kind TEXT NOT NULL,"
    "outcome TEXT NOT NULL,"
    "repetition INTEGER NOT NULL,"
    "repetitions INTEGER NOT NULL,"
    "started INTEGER NOT NULL,"
    "ended INTEGER NOT NULL,"
    "duration INTEGER NOT NULL,"
    "distance_m REAL,"
    "speed_mps REAL,"
    "target_speed_mps REAL,"
    "heart_rate REAL,"
    "heart_rate_max REAL,"
    "cadence REAL,"
    "PRIMARY KEY(run, lap)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE sensors("
    "slot INTEGER PRIMARY KEY CHECK(slot BETWEEN 0 AND 7),"
    "address TEXT NOT NULL UNIQUE,"
    "name TEXT NOT NULL,"
    "added INTEGER" // µs since 1970; NULL when the wall clock was not known
    ") STRICT;",
    "ALTER TABLE sensors ADD adopted_for INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE sensors ADD runner TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD history TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD services INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD roles INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD rank INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD match_name INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD convention INTEGER NOT NULL DEFAULT 0"
    " CHECK(convention BETWEEN 0 AND 3);"
    "ALTER TABLE sensors ADD convention_fixed INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE sensors ADD lessons TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD lessons_before TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD lessons_firmware TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD lessons_at INTEGER;" // µs since 1970
    "ALTER TABLE runs ADD corrected_m REAL;"
    "CREATE TABLE athletes("
    "runner TEXT NOT NULL,"
    "key TEXT NOT NULL,"
    "value REAL NOT NULL,"
    "PRIMARY KEY(runner, key)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE races("
    "runner TEXT NOT NULL,"
    "race INTEGER NOT NULL,"
    "distance_m REAL NOT NULL,"
    "time_s REAL NOT NULL,"
    "maximal INTEGER NOT NULL,"
    "day INTEGER NOT NULL DEFAULT 0,"
    "PRIMARY KEY(runner, race)"
    ") STRICT, WITHOUT ROWID;",
    "ALTER TABLE races ADD goal INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE laps ADD target TEXT;"
    "ALTER TABLE laps ADD target_low REAL;"
    "ALTER TABLE laps ADD target_value REAL;"
    "ALTER TABLE laps ADD target_high REAL;"
    "ALTER TABLE laps ADD target_end REAL;"
    "UPDATE laps SET target = 'speed', target_low = target_speed_mps,"
    "target_value = target_speed_mps, target_high = target_speed_mps,"
    "target_end = target_speed_mps WHERE target_speed_mps IS NOT NULL;"
    "ALTER TABLE laps DROP target_speed_mps;",
    "ALTER TABLE runs ADD runner TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE runs ADD trimp REAL;"
    "ALTER TABLE runs ADD rtss REAL;"
    "ALTER TABLE runs ADD clean INTEGER;"
    "ALTER TABLE runs ADD faster REAL;"
    "ALTER TABLE runs ADD stopped INTEGER;"
    "CREATE TABLE trials("
    "trial INTEGER PRIMARY KEY AUTOINCREMENT,"
    "run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "distance_m REAL NOT NULL,"
    "time_s REAL NOT NULL,"
    "maximal INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE answers("
    "answer INTEGER PRIMARY KEY AUTOINCREMENT,"
    "runner TEXT NOT NULL,"
    "kind TEXT NOT NULL,"
    "day INTEGER NOT NULL,"
    "change REAL NOT NULL,"
    "trial INTEGER NOT NULL"
    ") STRICT;",
    "ALTER TABLE sittings ADD shift INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sittings ADD continued INTEGER NOT NULL DEFAULT 0;",
    // Runs whose way nothing measured had one of 0 m.
    "UPDATE laps SET distance_m = NULL, speed_mps = NULL WHERE run IN"
    " (SELECT run FROM runs WHERE distance_m = 0);"
    "UPDATE runs SET distance_m = NULL WHERE distance_m = 0;"
    "CREATE VIEW dated AS SELECT runs.*, runs.started + wall_offset AS date"
    " FROM runs JOIN sittings USING(sitting);"
    "CREATE TABLE boots("
    "sitting INTEGER PRIMARY KEY REFERENCES sittings ON DELETE CASCADE,"
    "boot TEXT,"
    "shift INTEGER,"
    "wall_offset INTEGER"
    ") STRICT;"
    "CREATE TRIGGER sitting_dated AFTER UPDATE OF boot, wall_offset ON sittings BEGIN"
    " REPLACE INTO boots VALUES(new.sitting, new.boot, new.shift, new.wall_offset); END;"
    "UPDATE sittings SET boot = boot;",
};

#define VERSION ((gint64)G_N_ELEMENTS(migrations))

void database_init(Database *database, const char *path)
{
    *database = (Database){.path = path, .lock = -1};
}

void database_close(Database *database)
{
    sql_close(database->db);
    database->db = NULL;
    database->state = DATABASE_CLOSED;
}

void database_clear(Database *database)
{
    database_close(database);
    if (database->lock >= 0)
        close(database->lock);
    g_free(database->sentence);
    g_free(database->set_aside);
    database_init(database, NULL);
}

gboolean database_code_is_damage(int code)
{
    int primary = code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

gboolean database_code_wants_reopen(int code)
{
    int primary = code & 0xff;
    return primary != SQLITE_BUSY && primary != SQLITE_LOCKED && primary != SQLITE_FULL;
}

char *database_explain(const Database *database, int code)
{
    const char *path = database->path;
    int error = database->db ? sqlite3_system_errno(database->db) : errno;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return g_strdup_printf("%s is locked by another program: close that program", path);
    case SQLITE_FULL:
        return g_strdup_printf("The disk with %s is full: make room on it", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return g_strdup_printf("%s cannot be written: let its owner write to the file and its "
                               "folder, and mount the disk writable",
                               path);
    case SQLITE_NOMEM:
        return g_strdup_printf("There is no memory left to write %s: close other programs", path);
    default:
        return g_strdup_printf("%s cannot be written (%s%s%s): check the disk", path,
                               sqlite3_errstr(code), error ? ", " : "",
                               error ? g_strerror(error) : "");
    }
}

static void settle(Database *database, DatabaseState state, char *sentence)
{
    if (state == DATABASE_CLOSED || state == DATABASE_REFUSED)
        database_close(database);
    database->state = state;
    g_free(database->sentence);
    database->sentence = sentence;
}

// ── the lock ──

// SQLite's own locks last for a transaction; this one says who may close runs left open and prune.
int database_lock(Database *database)
{
    if (database->lock >= 0)
        return SQLITE_OK;
    g_autofree char *path = g_strconcat(database->path, ".lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : SQLITE_CANTOPEN;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        close(fd);
        return SQLITE_BUSY;
    }
    database->lock = fd;
    return SQLITE_OK;
}

static void create_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
}

// SQLite takes a log beside a file without a page for a leftover, and deletes it.
static gboolean has_only_a_log(const Database *database)
{
    GStatBuf status;
    g_autofree char *log = g_strconcat(database->path, "-wal", NULL);
    return g_file_test(log, G_FILE_TEST_EXISTS) &&
           (g_stat(database->path, &status) < 0 || status.st_size < LEAST_SIZE);
}

static void create_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    // What went wrong, SQLite will find as well.
}

// ── damage ──

static char *link_to_aside(const Database *database)
{
    return g_strconcat(database->path, ".damaged", NULL);
}

static const char *const parts[] = {"", "-wal", "-shm"};

// The file first: as long as it is there, its log must be beside it.
gboolean database_move(const Database *database, const char *aside)
{
    gboolean moved = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(database->path, parts[i], NULL);
        g_autofree char *to = g_strconcat(aside, parts[i], NULL);
        moved &= g_rename(from, to) == 0 || errno == ENOENT;
    }
    return moved;
}

// Of a file of that name even the log has gone.
static gboolean is_free(const char *aside)
{
    gboolean found = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_strconcat(aside, parts[i], NULL);
        found |= g_file_test(part, G_FILE_TEST_EXISTS);
    }
    return !found;
}

char *database_free_name(const Database *database, const char *kind)
{
    for (int n = 1;; n++) {
        g_autofree char *aside = g_strdup_printf("%s.%s-%d", database->path, kind, n);
        if (is_free(aside))
            return g_steal_pointer(&aside);
    }
}

// Until what can be read is taken over, whenever that may be, a link says where to.
void database_set_aside(Database *database)
{
    database_close(database);
    g_autofree char *aside = database_free_name(database, "damaged");
    g_autofree char *link = link_to_aside(database);
    g_unlink(link);
    if (symlink(aside, link) < 0)
        g_warning("%s cannot be taken over: %s", aside, g_strerror(errno));
    database_move(database, aside);
}

// An earlier life was killed at it: before the file was moved, or before its log was, which a new
// file would take for its own.
static void finish_set_aside(const Database *database)
{
    g_autofree char *link = link_to_aside(database);
    g_autofree char *aside = g_file_read_link(link, NULL);
    if (aside && !g_file_test(aside, G_FILE_TEST_EXISTS))
        g_unlink(link);
    else if (aside && !g_file_test(database->path, G_FILE_TEST_EXISTS))
        database_move(database, aside);
}

// ── schema ──

static int migrate(sqlite3 *db, gint64 version)
{
    int code = SQLITE_OK;
    for (; code == SQLITE_OK && version < VERSION; version++) {
        g_autofree char *step = g_strdup_printf(
            "BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
            migrations[version], APPLICATION_ID, (int)version + 1);
        code = sqlite3_exec(db, step, NULL, NULL, NULL);
        if (code != SQLITE_OK) {
            code = sqlite3_extended_errcode(db);
            sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        }
    }
    return code;
}

static void tell_salvaged(Database *database, const char *aside, gboolean lost)
{
    gint64 runs = 0, sensors = 0, runners = 0;
    sql_int(database->db, &runs, "SELECT count(*) FROM runs", "");
    sql_int(database->db, &sensors, "SELECT count(*) FROM sensors", "");
    sql_int(database->db, &runners, "SELECT count(DISTINCT runner) FROM athletes", "");
    g_free(database->set_aside);
    database->set_aside = g_strdup_printf(
        "%s was damaged; it was moved to %s, and a new one begun, with %d runs, %d sensors and %d "
        "runners of it%s",
        database->path, aside, (int)runs, (int)sensors, (int)runners,
        database->behind ? "; the disk is too full for all that they recorded: make room, and "
                           "start paced again"
        : lost           ? "; not all could be read"
                         : "");
    g_warning("%s", database->set_aside);
}

// Of a damaged one, once, what can be had of it: the link stays until that is done.
static int take_over(Database *database)
{
    g_autofree char *link = link_to_aside(database);
    g_autofree char *aside = g_file_read_link(link, NULL);
    gboolean lost, usable;
    database->behind = FALSE;
    if (!aside)
        return SQLITE_OK;
    int code = salvage(aside, database->db, &lost, &usable);
    if (code == SQLITE_OK)
        code = replay_rebuild(database->db);
    database->behind = (code & 0xff) == SQLITE_FULL && usable;
    if (code != SQLITE_OK && !database->behind)
        return code;
    tell_salvaged(database, aside, lost);
    if (!database->behind)
        g_unlink(link);
    return SQLITE_OK;
}

int database_identify(sqlite3 *db, const char *path, gint64 *ret_version, char **ret_refusal)
{
    gint64 application = 0, tables = 0;
    *ret_version = 0;
    int code = sql_int(db, ret_version, "PRAGMA user_version", "");
    if (code == SQLITE_OK)
        code = sql_int(db, &application, "PRAGMA application_id", "");
    if (code == SQLITE_OK)
        code = sql_int(db, &tables, "SELECT count(*) FROM sqlite_schema", "");
    if (code != SQLITE_OK)
        return code;
    if (application != APPLICATION_ID && (application != 0 || tables > 0))
        *ret_refusal =
            g_strdup_printf("%s belongs to another program: name another file for paced", path);
    else if (*ret_version > VERSION)
        *ret_refusal = g_strdup_printf(
            "%s was written by a newer paced (schema %d, this one knows %d): update paced, or move "
            "the file away to begin a new one",
            path, (int)*ret_version, (int)VERSION);
    return SQLITE_OK;
}

// ── open ──

static int connect_file(Database *database, const char *name, int flags)
{
    int code = sqlite3_open_v2(name, &database->db,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(database->db, BUSY_MS);
    return code;
}

static int connect_writable(Database *database, char **ret_refusal)
{
    int code = connect_file(database, database->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (code != SQLITE_OK)
        return code;
    // Identity before anything that writes, and so before WAL is switched on.
    gint64 version = 0;
    code = database_identify(database->db, database->path, &version, ret_refusal);
    if (code != SQLITE_OK || *ret_refusal)
        return code;
    if (sqlite3_db_readonly(database->db, "main") == 1)
        return SQLITE_READONLY;
    code = sqlite3_exec(database->db,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -512;"
                        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                        "PRAGMA secure_delete = ON",
                        NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = migrate(database->db, version);
    return code == SQLITE_OK ? take_over(database) : code;
}

// On a read-only disk the enrolled sensors and the history are still there to be read. `immutable`
// asks for neither locks nor the shared memory that WAL would need to create.
static gboolean connect_readable(Database *database)
{
    database_close(database);
    g_autofree char *escaped = g_uri_escape_string(database->path, "/", FALSE);
    g_autofree char *uri = g_strdup_printf("file:%s?immutable=1", escaped);
    g_autofree char *refusal = NULL;
    gint64 version = 0;
    return connect_file(database, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI) == SQLITE_OK &&
           database_identify(database->db, database->path, &version, &refusal) == SQLITE_OK &&
           !refusal && version == VERSION;
}

void database_open(Database *database)
{
    database_close(database);
    create_folder(database->path);
    char *refusal = NULL;
    int code = database_lock(database);
    if (code == SQLITE_OK)
        finish_set_aside(database);
    if (code == SQLITE_OK && has_only_a_log(database))
        database_set_aside(database);
    create_file(database->path);
    if (code == SQLITE_BUSY) {
        settle(database, DATABASE_CLOSED,
               g_strdup_printf("Another paced is using %s: stop it, or name another file",
                               database->path));
        return;
    }
    if (code == SQLITE_OK)
        code = connect_writable(database, &refusal);
    if (database_code_is_damage(code) && salvage_knows(database->path, APPLICATION_ID)) {
        database_set_aside(database);
        create_file(database->path);
        code = connect_writable(database, &refusal);
    }
    if (refusal) {
        settle(database, DATABASE_REFUSED, refusal);
    } else if (code == SQLITE_OK) {
        settle(database, DATABASE_READY, NULL);
    } else if (database_code_is_damage(code)) {
        settle(database, DATABASE_REFUSED,
               g_strdup_printf("%s is not a database: move it away, or name another file",
                               database->path));
    } else {
        char *sentence = database_explain(database, code);
        gboolean unwritable = (code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN;
        gboolean readable = unwritable && connect_readable(database);
        settle(database, readable ? DATABASE_READABLE : DATABASE_CLOSED, sentence);
    }
}
