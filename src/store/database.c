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
// memory to call its own.

#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/sql.h"

#define APPLICATION_ID 0x50414345 // "PACE"
#define BUSY_MS        500

// Step N brings a file from version N to N + 1. Steps are never changed once released, only added.
//
// events: `crc` is the CRC-32 of the record (see tables.c); `seq` grows by one, so the events of a
//   sitting are one range, and a sitting needs only to know where it begins.
// sittings: instants of a sitting plus `wall_offset` are µs since 1970; NULL while the wall clock
// is
//   not known. `pruned`: its journal has been cut down to what its runs need.
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
    "  sitting INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  boot TEXT NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  wall_offset INTEGER,"
    "  config TEXT NOT NULL,"
    "  first_seq INTEGER NOT NULL,"
    "  pruned INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE TABLE events("
    "  seq INTEGER PRIMARY KEY,"
    "  sitting INTEGER NOT NULL,"
    "  record BLOB NOT NULL,"
    "  crc INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE workouts("
    "  workout INTEGER PRIMARY KEY,"
    "  sha256 TEXT NOT NULL UNIQUE,"
    "  text TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE runs("
    "  run INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  sitting INTEGER NOT NULL REFERENCES sittings,"
    "  first_seq INTEGER NOT NULL,"
    "  last_seq INTEGER,"
    "  workout INTEGER REFERENCES workouts,"
    "  name TEXT NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  duration_s REAL,"
    "  elapsed_s REAL,"
    "  distance_m REAL,"
    "  heart_rate REAL,"
    "  laps INTEGER,"
    "  completed INTEGER,"
    "  ended_by TEXT"
    ") STRICT;"
    "CREATE INDEX runs_of_sitting ON runs(sitting, last_seq);"
    "CREATE TABLE laps("
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  lap INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  outcome TEXT NOT NULL,"
    "  repetition INTEGER NOT NULL,"
    "  repetitions INTEGER NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  ended INTEGER NOT NULL,"
    "  duration INTEGER NOT NULL,"
    "  distance_m REAL,"
    "  speed_mps REAL,"
    "  target_speed_mps REAL,"
    "  heart_rate REAL,"
    "  heart_rate_max REAL,"
    "  cadence REAL,"
    "  PRIMARY KEY(run, lap)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE sensors("
    "  slot INTEGER PRIMARY KEY CHECK(slot BETWEEN 0 AND 7),"
    "  address TEXT NOT NULL UNIQUE,"
    "  name TEXT NOT NULL,"
    "  added INTEGER" // µs since 1970; NULL when the wall clock was not known
    ") STRICT;",
    "ALTER TABLE sensors ADD COLUMN adopted_for INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE sensors ADD COLUMN runner TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD COLUMN history TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD COLUMN services INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD COLUMN roles INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD COLUMN match_name INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sensors ADD COLUMN convention INTEGER NOT NULL DEFAULT 0"
    "  CHECK(convention BETWEEN 0 AND 3);"
    "ALTER TABLE sensors ADD COLUMN convention_fixed INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE sensors ADD COLUMN lessons TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD COLUMN lessons_before TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD COLUMN lessons_firmware TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sensors ADD COLUMN lessons_at INTEGER;" // µs since 1970
    "ALTER TABLE runs ADD COLUMN corrected_m REAL;"
    "CREATE TABLE athletes("
    "  runner TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  value REAL NOT NULL,"
    "  PRIMARY KEY(runner, key)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE races("
    "  runner TEXT NOT NULL,"
    "  race INTEGER NOT NULL,"
    "  distance_m REAL NOT NULL,"
    "  time_s REAL NOT NULL,"
    "  maximal INTEGER NOT NULL,"
    "  day INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY(runner, race)"
    ") STRICT, WITHOUT ROWID;",
    "ALTER TABLE races ADD COLUMN goal INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE laps ADD COLUMN target TEXT;"
    "ALTER TABLE laps ADD COLUMN target_low REAL;"
    "ALTER TABLE laps ADD COLUMN target_value REAL;"
    "ALTER TABLE laps ADD COLUMN target_high REAL;"
    "ALTER TABLE laps ADD COLUMN target_end REAL;"
    "UPDATE laps SET target = 'speed', target_low = target_speed_mps,"
    "  target_value = target_speed_mps, target_high = target_speed_mps,"
    "  target_end = target_speed_mps WHERE target_speed_mps IS NOT NULL;"
    "ALTER TABLE laps DROP COLUMN target_speed_mps;",
    "ALTER TABLE runs ADD COLUMN runner TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE runs ADD COLUMN trimp REAL;"
    "ALTER TABLE runs ADD COLUMN rtss REAL;"
    "ALTER TABLE runs ADD COLUMN clean INTEGER;"
    "ALTER TABLE runs ADD COLUMN faster REAL;"
    "ALTER TABLE runs ADD COLUMN stopped INTEGER;"
    "CREATE TABLE trials("
    "  trial INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  distance_m REAL NOT NULL,"
    "  time_s REAL NOT NULL,"
    "  maximal INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE answers("
    "  answer INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  runner TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  day INTEGER NOT NULL,"
    "  change REAL NOT NULL,"
    "  trial INTEGER NOT NULL"
    ") STRICT;",
};

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
static int take_lock(Database *database)
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

static void create_file(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    // What went wrong, SQLite will find as well.
}

// ── damage ──

// A file that begins as SQLite's do and bears our mark (or none yet), or with the zeros that a torn
// write leaves, is ours and damaged; any other is somebody's, and not ours to move.
static gboolean looks_torn(const char *path)
{
    static const guint8 zeros[16] = {0};
    guint8 head[72] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FALSE;
    ssize_t length = read(fd, head, sizeof head);
    close(fd);
    guint32 mark;
    memcpy(&mark, head + 68, sizeof mark);
    mark = GUINT32_FROM_BE(mark);
    return length > 0 && (mark == 0 || mark == APPLICATION_ID) &&
           (memcmp(head, "SQLite format 3", sizeof zeros) == 0 ||
            memcmp(head, zeros, sizeof zeros) == 0);
}

void database_set_aside(Database *database)
{
    database_close(database);
    g_autofree char *aside = NULL;
    for (int n = 1; !aside || g_file_test(aside, G_FILE_TEST_EXISTS); n++) {
        g_free(aside);
        aside = g_strdup_printf("%s.damaged-%d", database->path, n);
    }
    static const char *const parts[] = {"-wal", "-shm", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(database->path, parts[i], NULL);
        g_autofree char *to = g_strconcat(aside, parts[i], NULL);
        g_rename(from, to);
    }
    g_free(database->set_aside);
    database->set_aside = g_strdup_printf("%s was damaged; it was moved to %s, and a new one begun",
                                          database->path, aside);
    g_warning("%s", database->set_aside);
}

// ── schema ──

static int migrate(sqlite3 *db, gint64 version)
{
    int code = SQLITE_OK;
    for (; code == SQLITE_OK && version < (gint64)G_N_ELEMENTS(migrations); version++) {
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

// Sets *ret_refusal when the file is sound but not for us.
static int read_identity(Database *database, gint64 *ret_version, char **ret_refusal)
{
    sqlite3 *db = database->db;
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
        *ret_refusal = g_strdup_printf("%s belongs to another program: name another file for paced",
                                       database->path);
    else if (*ret_version > (gint64)G_N_ELEMENTS(migrations))
        *ret_refusal = g_strdup_printf(
            "%s was written by a newer paced (schema %d, this one knows %d): update paced, or move "
            "the file away to begin a new one",
            database->path, (int)*ret_version, (int)G_N_ELEMENTS(migrations));
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
    code = read_identity(database, &version, ret_refusal);
    if (code != SQLITE_OK || *ret_refusal)
        return code;
    if (sqlite3_db_readonly(database->db, "main") == 1)
        return SQLITE_READONLY;
    code = sqlite3_exec(database->db,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -512;"
                        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
                        NULL, NULL, NULL);
    return code == SQLITE_OK ? migrate(database->db, version) : code;
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
           read_identity(database, &version, &refusal) == SQLITE_OK && !refusal &&
           version == (gint64)G_N_ELEMENTS(migrations);
}

void database_open(Database *database)
{
    database_close(database);
    create_file(database->path);
    char *refusal = NULL;
    int code = take_lock(database);
    if (code == SQLITE_BUSY) {
        settle(database, DATABASE_CLOSED,
               g_strdup_printf("Another paced is using %s: stop it, or name another file",
                               database->path));
        return;
    }
    if (code == SQLITE_OK)
        code = connect_writable(database, &refusal);
    if (database_code_is_damage(code) && looks_torn(database->path)) {
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
