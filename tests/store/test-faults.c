// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Bad days: the file is locked, the disk full, read-only or failing, the file torn. Each degrades
// with a sentence, loses nothing, and heals by itself.

#include "keeper.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/journal.h"

static void expect_all_kept(Keeper *keeper)
{
    keeper_settle(keeper);
    cr_expect(store_status(keeper->store).state == STORE_READY);
    expect_text(store_status(keeper->store).reason, "");
    sqlite3 *db = keeper_visit(keeper);
    gint64 appended = (gint64)keeper->appended;
    cr_expect(eq(i64, visit_int(db, "SELECT count(*) FROM events"), appended),
              "none lost or twice");
    cr_expect(eq(i64, visit_int(db, "SELECT max(seq) FROM events"), appended));
    cr_expect(eq(i64, visit_int(db, "SELECT count(*) FROM runs"), 1));
    sqlite3_close(db);
}

static void expect_degraded(Keeper *keeper, const char *word)
{
    keeper_wait(keeper, STORE_DEGRADED);
    const char *reason = store_status(keeper->store).reason;
    cr_expect(strstr(reason, word) && strstr(reason, keeper->path) && strstr(reason, "memory"),
              "%s", reason);
}

static void begin_run(Keeper *keeper)
{
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, NULL);
    keeper_seconds(keeper, 5);
}

Test(store_faults, a_lock_is_waited_for, .timeout = 60)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    begin_run(&keeper);
    keeper_settle(&keeper);
    sqlite3 *other = keeper_visit(&keeper);
    visit_run(other, "BEGIN IMMEDIATE");
    keeper_seconds(&keeper, 5);
    expect_degraded(&keeper, "locked");
    keeper_seconds(&keeper, 5);
    visit_run(other, "ROLLBACK");
    sqlite3_close(other);
    keeper_wait(&keeper, STORE_READY); // nothing more is appended: it tries by itself
    expect_all_kept(&keeper);
    keeper_free(&keeper);
}

Test(store_faults, a_file_that_is_locked_at_the_start_comes_late_with_its_sensors, .timeout = 60)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:01", "strap", 0, NULL, NULL));
    keeper_close(&keeper);
    sqlite3 *other = keeper_visit(&keeper);
    visit_run(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    keeper_open(&keeper);
    expect_degraded(&keeper, "locked");
    int slot;
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:02", "pod", 0, &slot, NULL));
    cr_expect(eq(int, slot, 0));
    begin_run(&keeper);
    sqlite3_close(other);
    keeper_wait(&keeper, STORE_READY);
    expect_all_kept(&keeper);
    for (int life = 0; life < 2; life++) {
        g_autoptr(GPtrArray) sensors = store_sensors(keeper.store);
        cr_assert(eq(int, (int)sensors->len, 2));
        const EnrolledSensor *pod = sensors->pdata[0], *strap = sensors->pdata[1];
        expect_text(pod->name, "pod");
        expect_text(strap->name, "strap");
        keeper_close(&keeper);
        keeper_open(&keeper);
    }
    keeper_free(&keeper);
}

Test(store_faults, a_second_daemon_waits_until_the_first_is_gone, .timeout = 60)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    Keeper second = {.path = keeper.path, .folder = keeper.folder, .at = keeper.at};
    keeper_open(&second);
    expect_degraded(&second, "Another paced");
    begin_run(&second);
    keeper_close(&keeper);
    keeper_wait(&second, STORE_READY);
    expect_all_kept(&second);
    keeper_free(&second);
}

static void limit_file_size(rlim_t limit)
{
    struct rlimit now;
    getrlimit(RLIMIT_FSIZE, &now);
    now.rlim_cur = limit;
    cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &now), 0));
}

// The disk takes no more at every possible place in turn: a limit on the size of files stands for
// it.
Test(store_faults, a_full_disk_loses_nothing, .timeout = 60)
{
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 0; limit <= 80 * 1024; limit += 7 * 1024) {
        Keeper keeper = keeper_new();
        keeper_open(&keeper);
        begin_run(&keeper);
        keeper_settle(&keeper);
        limit_file_size(limit);
        for (int second = 0; store_status(keeper.store).state == STORE_READY; second++) {
            cr_assert(lt(int, second, 1000));
            keeper_seconds(&keeper, 30);
            keeper_settle(&keeper);
            while (g_main_context_iteration(NULL, FALSE))
                continue;
        }
        expect_degraded(&keeper, "check the disk");
        keeper_seconds(&keeper, 10);
        limit_file_size(RLIM_INFINITY);
        store_commit(keeper.store);
        keeper_wait(&keeper, STORE_READY);
        expect_all_kept(&keeper);
        keeper_free(&keeper);
    }
}

// ── each call in turn ──

// Counts down at each call; at 0 the call fails, and all that follow until it is set anew.
static int calls_left = G_MAXINT;

static gboolean call_fails(int error)
{
    errno = error;
    return g_atomic_int_get(&calls_left) <= 0 || g_atomic_int_dec_and_test(&calls_left);
}

static int write_error = ENOSPC;

static ssize_t failing_pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return call_fails(write_error) ? -1 : pwrite(fd, bytes, length, offset);
}

static int failing_ftruncate(int fd, off_t length)
{
    return call_fails(ENOSPC) ? -1 : ftruncate(fd, length);
}

// SQLite calls these two by name, so the test's own are called. They do their work first: whether
// what they report as failed is on the disk is not known, as on a real disk.
static gboolean syncs_fail;

int fsync(int fd)
{
    int failed = (int)syscall(SYS_fsync, fd);
    return syncs_fail && call_fails(EIO) ? -1 : failed;
}

int fdatasync(int fd)
{
    int failed = (int)syscall(SYS_fdatasync, fd);
    return syncs_fail && call_fails(EIO) ? -1 : failed;
}

static void fail_writes(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    static const char *const writes[] = {"pwrite", "pwrite64"};
    for (gsize i = 0; i < G_N_ELEMENTS(writes); i++)
        vfs->xSetSystemCall(vfs, writes[i], (sqlite3_syscall_ptr)failing_pwrite);
    vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)failing_ftruncate);
}

// Returns whether the disk failed at all: if not, `calls` is beyond the last call.
static gboolean survive_failure_after(int calls)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    keeper_begin(&keeper);
    keeper_command(&keeper, COMMAND_START, NULL);
    keeper_settle(&keeper);
    g_atomic_int_set(&calls_left, calls);
    for (int batch = 0; batch < 4; batch++) {
        keeper_seconds(&keeper, 40);
        keeper_settle(&keeper);
    }
    gboolean failed = g_atomic_int_get(&calls_left) <= 0;
    cr_expect(failed || store_status(keeper.store).state == STORE_READY);
    g_atomic_int_set(&calls_left, G_MAXINT);
    expect_all_kept(&keeper);
    keeper_free(&keeper);
    return failed;
}

Test(store_faults, a_disk_that_is_full_at_any_write_loses_nothing, .timeout = 120)
{
    fail_writes();
    int calls = 1;
    while (survive_failure_after(calls))
        calls++;
    cr_expect(gt(int, calls, 8), "%d writes failed in turn", calls - 1);
}

Test(store_faults, a_disk_that_fails_at_any_sync_keeps_nothing_twice, .timeout = 120)
{
    syncs_fail = TRUE;
    int calls = 1;
    while (survive_failure_after(calls))
        calls++;
    cr_expect(gt(int, calls, 4), "%d syncs failed in turn", calls - 1);
}

// A run of a minute, as an import has it.
static GVariant *a_minute(void)
{
    GVariantBuilder events;
    g_variant_builder_init(&events, G_VARIANT_TYPE("aay"));
    for (int second = 0; second <= 60; second++) {
        guint8 record[EVENT_RECORD_MAX];
        Event event = {.at = (second + 1) * USEC_PER_SEC, .kind = EVENT_TIME};
        if (second % 60 == 0) {
            event.kind = EVENT_COMMAND;
            event.command.verb = second == 0 ? COMMAND_START : COMMAND_STOP;
        }
        const gsize length = journal_encode(&event, record, sizeof record);
        g_variant_builder_add_value(
            &events, g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, record, length, 1));
    }
    return g_variant_ref_sink(g_variant_builder_end(&events));
}

// Returns whether it did.
static gboolean import_fails_after(int calls)
{
    Keeper keeper = keeper_new();
    g_autoptr(GVariant) events = a_minute();
    const StoreImport import = {events, 1700000000 * USEC_PER_SEC, "Elsewhere", "me", 200};
    GAsyncResult *result = NULL;
    keeper_open(&keeper);
    begin_run(&keeper);
    keeper_settle(&keeper);
    g_atomic_int_set(&calls_left, calls);
    store_import(keeper.store, &import, NULL, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    g_autofree gint64 *run = store_import_finish(keeper.store, result, NULL);
    g_object_unref(result);
    write_error = EIO;
    g_atomic_int_set(&calls_left, run ? G_MAXINT : 1); // the disk fails on, and heals
    keeper_seconds(&keeper, 5);
    keeper_settle(&keeper);
    g_atomic_int_set(&calls_left, G_MAXINT);
    keeper_wait(&keeper, STORE_READY);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events WHERE sitting = 1"),
                 (gint64)keeper.appended),
              "call %d", calls);
    keeper_free(&keeper);
    return run == NULL;
}

// Whether it is on the disk is not known; what comes next is not to fall on it.
Test(store_faults, an_import_whose_end_is_not_known_costs_the_run_nothing, .timeout = 120)
{
    syncs_fail = TRUE;
    fail_writes();
    int calls = 1;
    while (import_fails_after(calls))
        calls++;
    cr_expect(gt(int, calls, 1), "%d syncs failed in turn", calls - 1);
}

Test(store_faults, closing_on_a_locked_file_waits_for_it, .timeout = 60)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    begin_run(&keeper);
    keeper_settle(&keeper);
    sqlite3 *other = keeper_visit(&keeper);
    visit_run(other, "BEGIN IMMEDIATE");
    keeper_seconds(&keeper, 5);
    expect_degraded(&keeper, "locked");
    GThread *closer =
        g_thread_new("closer", (GThreadFunc)(void (*)(void))store_close, keeper.store);
    keeper.store = NULL;
    visit_run(other, "ROLLBACK");
    g_thread_join(closer);
    sqlite3_close(other);
    gint64 appended = (gint64)keeper.appended;
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), appended));
    keeper_free(&keeper);
}

// ── permissions ── (which do not bind root)

static void become_nobody(const Keeper *keeper)
{
    if (geteuid() != 0)
        return;
    cr_assert(eq(int, chown(keeper->folder, 65534, 65534), 0));
    cr_assert(eq(int, setresgid(65534, 65534, 65534), 0));
    cr_assert(eq(int, setresuid(65534, 65534, 65534), 0));
}

Test(store_faults, a_read_only_file_can_still_be_read_and_heals, .timeout = 60)
{
    Keeper keeper = keeper_new();
    become_nobody(&keeper);
    keeper_open(&keeper);
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:01", "strap", 0, NULL, NULL));
    keeper_close(&keeper);
    g_chmod(keeper.path, 0400);
    g_chmod(keeper.folder, 0500);
    keeper_open(&keeper);
    expect_degraded(&keeper, "cannot be written");
    g_autoptr(GPtrArray) sensors = store_sensors(keeper.store);
    cr_expect(eq(int, (int)sensors->len, 1), "the strap is known all the same");
    begin_run(&keeper);
    g_autoptr(GVariant) runs = keeper_runs(&keeper, 1, NULL);
    cr_expect(runs != NULL);
    g_chmod(keeper.folder, 0700);
    g_chmod(keeper.path, 0600);
    keeper_wait(&keeper, STORE_READY);
    expect_all_kept(&keeper);
    keeper_free(&keeper);
}

Test(store_faults, a_folder_that_cannot_be_written_heals, .timeout = 60)
{
    Keeper keeper = keeper_new();
    become_nobody(&keeper);
    g_chmod(keeper.folder, 0500);
    keeper_open(&keeper);
    expect_degraded(&keeper, "cannot be written");
    begin_run(&keeper);
    g_autoptr(GError) error = NULL;
    cr_expect(keeper_runs(&keeper, 1, &error) == NULL);
    cr_expect(error && strstr(error->message, keeper.path) != NULL);
    g_chmod(keeper.folder, 0700);
    keeper_wait(&keeper, STORE_READY);
    expect_all_kept(&keeper);
    keeper_free(&keeper);
}

// ── damage ──

static void overwrite(const char *path, long from, long length, int byte)
{
    FILE *file = fopen(path, "r+");
    cr_assert(file != NULL);
    fseek(file, from, SEEK_SET);
    while (length-- > 0)
        fputc(byte, file);
    fclose(file);
}

Test(store_faults, a_torn_file_is_set_aside_and_never_deleted)
{
    static const struct {
        const char *what;
        long from, length;
        int byte;
        gboolean legible; // the journal
    } rows[] = {
        {"its first page is zeros", 0, 4096, 0, TRUE},
        {"its schema is gone", 100, 3996, 0xff, TRUE},
        {"all but its first page is gone", 4096, 60000, 0xff, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Keeper keeper = keeper_new();
        keeper_open(&keeper);
        begin_run(&keeper);
        keeper_close(&keeper);
        overwrite(keeper.path, rows[i].from, rows[i].length, rows[i].byte);
        keeper_open(&keeper);
        if (!rows[i].legible)
            keeper.appended = 0;
        begin_run(&keeper);
        g_autofree char *runs = keeper_print(keeper_runs(&keeper, 1, NULL));
        keeper_seconds(&keeper, 1);
        keeper_wait(&keeper, STORE_READY);
        const char *reason = store_status(keeper.store).reason;
        cr_expect(strstr(reason, "paced.db.damaged-1") != NULL, "%s: %s", rows[i].what, reason);
        g_autofree char *aside = g_strconcat(keeper.path, ".damaged-1", NULL);
        cr_expect(g_file_test(aside, G_FILE_TEST_EXISTS));
        gint64 appended = (gint64)keeper.appended;
        keeper_settle(&keeper);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), appended), "%s",
                  rows[i].what);
        keeper_free(&keeper);
    }
}
