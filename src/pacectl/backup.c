// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl backup, restore and verify: what is kept, copied, put back and looked through, and a run
// deleted. A copy needs no daemon: SQLite lets a reader copy while another writes. Putting one back
// needs that there is none.

#include "pacectl/pacectl.h"

#include "io/fresh-file.h"
#include "paced1-dbus.h"
#include "record/journal.h"
#include "store/database.h"
#include "store/replay.h"
#include "store/sql.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// While another program locks the file: for 5 s.
#define LOCKED_TRIES     50
#define LOCKED_TRY_EVERY 100000 // µs

// As the user says, or where the daemon keeps them by itself.
static char *kept_file(const char *said)
{
    return said ? g_strdup(said)
                : g_build_filename(g_get_user_data_dir(), "paced", "paced.db", NULL);
}

static int complain_file(const char *path, int code)
{
    return complain(EXIT_OTHER, "%s cannot be read: %s", path, sqlite3_errstr(code));
}

typedef struct {
    gint64 runs, faults;
    ReplayLook events;
} Health;

static int look(sqlite3 *db, Health *ret_health)
{
    *ret_health = (Health){0};
    int code =
        sql_int(db, &ret_health->faults,
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", "");
    gint64 orphans = 0;
    if (code == SQLITE_OK)
        code = sql_int(db, &orphans, "SELECT count(*) FROM pragma_foreign_key_check", "");
    ret_health->faults += orphans;
    if (code == SQLITE_OK)
        code = sql_int(db, &ret_health->runs, "SELECT count(*) FROM runs", "");
    return code == SQLITE_OK ? replay_look(db, G_MAXINT64, &ret_health->events) : code;
}

char *set_aside(const char *path, const char *kind)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *file = g_path_get_basename(path);
    g_autofree char *beginning = g_strdup_printf("%s.%s-", file, kind);
    g_autofree char *shell = g_shell_quote(path);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    gboolean found = FALSE;
    for (const char *name; !found && dir && (name = g_dir_read_name(dir));)
        found = g_str_has_prefix(name, beginning);
    return found ? g_strdup_printf("%s.%s-*", shell, kind) : NULL;
}

static int verify(const char *path)
{
    sqlite3 *db = NULL;
    Health health;
    gint64 version = 0;
    g_autofree char *refusal = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = database_identify(db, path, &version, &refusal);
    if (code == SQLITE_OK && !refusal)
        code = look(db, &health);
    sql_close(db);
    if (refusal)
        return complain(EXIT_OTHER, "%s", refusal);
    if ((code & 0xff) == SQLITE_CORRUPT)
        return complain(
            EXIT_OTHER,
            "%s is damaged: %s; put a backup back (pacectl restore), or leave it: the daemon sets "
            "it aside when it comes upon that, and goes on with all that can be read",
            path, sqlite3_errstr(code));
    if (code != SQLITE_OK)
        return complain_file(path, code);
    if (health.faults + health.events.damaged > 0)
        return complain(EXIT_OTHER,
                        "%s is damaged: %d faults of the file, %d of %d events; put a backup "
                        "back (pacectl restore)",
                        path, (int)health.faults, (int)health.events.damaged,
                        (int)health.events.seen);
    printf("%s is whole: %d run%s, %d event%s\n", path, (int)health.runs,
           health.runs == 1 ? "" : "s", (int)health.events.seen,
           health.events.seen == 1 ? "" : "s");
    g_autofree char *aside = set_aside(path, "damaged");
    if (aside)
        printf("%s: damaged before, and what could be read taken over; when no run is missed: rm "
               "%s\n",
               aside, aside);
    return EXIT_DONE;
}

// SQLite's own patience does not reach into a backup's steps.
static int copy(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite3_errcode(to);
    int code = SQLITE_BUSY;
    for (int tries = 0; tries < LOCKED_TRIES && code == SQLITE_BUSY; tries++) {
        if (tries > 0)
            g_usleep(LOCKED_TRY_EVERY);
        code = sqlite3_backup_step(backup, -1);
    }
    sqlite3_backup_finish(backup);
    // On its own, without a log beside it.
    return code == SQLITE_DONE ? sql_run(to, "PRAGMA journal_mode = DELETE", "") : code;
}

// Into a file that is empty, or is not there yet and then goes again where that fails.
static int copy_file(const char *path, const char *to)
{
    sqlite3 *from = NULL, *copied = NULL;
    g_autoptr(GError) error = NULL;
    const gboolean ours = !g_file_test(to, G_FILE_TEST_EXISTS);
    if (!ours && !g_file_test(to, G_FILE_TEST_IS_REGULAR))
        return complain(EXIT_OTHER, "%s is no file", to);
    const int fd = fresh_file_open(to, &error);
    if (fd < 0)
        return complain_error(g_steal_pointer(&error));
    fchmod(fd, 0600);
    close(fd);
    int code = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_open_v2(to, &copied, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = copy(from, copied);
    sql_close(from);
    sql_close(copied);
    if (code == SQLITE_OK)
        return EXIT_DONE;
    if (ours)
        g_unlink(to);
    return complain(EXIT_OTHER, "%s cannot be copied to %s: %s%s", path, to, sqlite3_errstr(code),
                    code == SQLITE_BUSY ? " by another program: end that, and try again" : "");
}

static int backup(const char *path, const char *to)
{
    if (strcmp(to, "-") == 0)
        return complain(EXIT_BAD_USAGE, "a backup is looked through once it is there, and so has "
                                        "to be a file: name one");
    const int code = copy_file(path, to);
    return code == EXIT_DONE ? verify(to) : code;
}

// ── restore ──

static int put_in_place(const Database *database, const char *new)
{
    const char *path = database->path;
    g_autofree char *aside = database_free_name(database, "replaced");
    const gboolean replaces = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!database_move(database, aside) || g_rename(new, path) < 0)
        return complain(EXIT_OTHER, "%s cannot be replaced: %s", path, g_strerror(errno));
    if (replaces)
        printf("What was there before is %s; when nothing of it is missed: rm %s*\n", aside, aside);
    return verify(path);
}

static int restore(const char *path, const char *from)
{
    Database database;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *new = g_strconcat(path, ".new", NULL);
    int code = verify(from);
    if (code != EXIT_DONE)
        return code;
    g_mkdir_with_parents(folder, 0700);
    database_init(&database, path);
    const int lock = database_lock(&database);
    if (lock == SQLITE_BUSY) {
        code = complain(EXIT_OTHER, "a daemon has %s: stop it (systemctl --user stop paced)", path);
    } else if (lock != SQLITE_OK) {
        code = complain(EXIT_OTHER, "%s.lock cannot be written: %s", path, g_strerror(errno));
    } else {
        g_unlink(new); // by one who was killed at it
        code = copy_file(from, new);
        if (code == EXIT_DONE)
            code = put_in_place(&database, new);
    }
    database_clear(&database);
    return code;
}

static gboolean database_option(int *argc, char ***argv, int positional, char **ret_path)
{
    g_autofree char *said = NULL;
    const GOptionEntry options[] = {
        {"database", 0, 0, G_OPTION_ARG_FILENAME, &said, NULL, "FILE"},
        {NULL},
    };
    if (!verb_options(argc, argv, options, positional, positional))
        return FALSE;
    *ret_path = kept_file(said);
    return TRUE;
}

int verb_backup(int argc, char **argv)
{
    g_autofree char *path = NULL;
    return database_option(&argc, &argv, 1, &path) ? backup(path, argv[1]) : EXIT_BAD_USAGE;
}

int verb_restore(int argc, char **argv)
{
    g_autofree char *path = NULL;
    return database_option(&argc, &argv, 1, &path) ? restore(path, argv[1]) : EXIT_BAD_USAGE;
}

int verb_verify(int argc, char **argv)
{
    g_autofree char *path = NULL;
    return database_option(&argc, &argv, 0, &path) ? verify(path) : EXIT_BAD_USAGE;
}

// As the daemon says it now; what is set aside is not the daemon's any more.
static void say_what_is_left(void)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    if (daemon_open(&objects) != EXIT_DONE)
        return;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    const char *reason = hub ? paced1_hub_get_store_reason(hub) : NULL;
    if (reason && g_str_has_prefix(reason, "A deleted run"))
        printf("%s.\n", reason);
    const char *path = hub ? paced1_hub_get_store_path(hub) : NULL;
    static const char *const kinds[] = {"damaged", "replaced"};
    for (gsize i = 0; path && i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *aside = set_aside(path, kinds[i]);
        if (aside)
            printf("What was set aside as %s may still have the run. To delete that too: rm %s\n",
                   kinds[i], aside);
    }
}

int verb_history_delete(int argc, char **argv)
{
    gint64 run = 0;
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    if (!g_ascii_string_to_signed(argv[1], 10, 1, G_MAXINT64, &run, NULL))
        return complain(EXIT_BAD_USAGE, "'%s' is not a run's number; 'pacectl history' lists them",
                        argv[1]);
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GError) error = NULL;
    const int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history)
        return complain_stranger();
    if (!paced1_history_call_delete_sync(history, run, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    say_what_is_left();
    return EXIT_DONE;
}
