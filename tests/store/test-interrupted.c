// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run that was cut off: whether it can be gone on with, and at what time of its own clock, within
// a boot and across one, with a wall clock that can be believed and with one that cannot.

#include "keeper.h"

#include "io/clock.h"

#define BOOTED  (40 * USEC_PER_SEC) // ago, at the opening
#define WALL    (INT64_C(1800000000) * USEC_PER_SEC)
#define MINUTES (60 * USEC_PER_SEC)

static struct {
    Usec boottime, wall;
    gboolean sure;
} clocks;

Usec __wrap_clock_now(void);
Usec __wrap_clock_wall(void);
gboolean __wrap_clock_wall_is_sure(void);

Usec __wrap_clock_now(void)
{
    return clocks.boottime + clock_shifted();
}

Usec __wrap_clock_wall(void)
{
    return clocks.wall;
}

gboolean __wrap_clock_wall_is_sure(void)
{
    return clocks.sure;
}

static void begin(Keeper *keeper)
{
    *keeper = keeper_new();
    keeper->at = 5000 * USEC_PER_SEC;
    clocks.boottime = keeper->at;
    clocks.wall = WALL;
    clocks.sure = TRUE;
    clock_shift(0);
    keeper_open(keeper);
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, NULL);
    keeper_seconds(keeper, 60);
}

// As a kill leaves it.
static void cut(Keeper *keeper)
{
    keeper_settle(keeper);
    keeper_close(keeper);
    clocks.boottime = keeper->at;
    clocks.wall += keeper->at - 5000 * USEC_PER_SEC;
}

// The machine is started anew, and the program `after` later, `away` after the cut.
static void boot(const Keeper *keeper, Usec away)
{
    keeper_run(keeper, "UPDATE sittings SET boot = 'another'");
    clocks.boottime = BOOTED;
    if (clocks.wall != 0)
        clocks.wall += away;
}

static const InterruptedRun *reopen(Keeper *keeper)
{
    keeper_open(keeper);
    return store_interrupted(keeper->store);
}

static void expect_gap(Keeper *keeper, Usec gap, gboolean known)
{
    const InterruptedRun *run = reopen(keeper);
    cr_assert(run != NULL);
    cr_expect(eq(i64, run->at, keeper->at));
    cr_expect(eq(i64, run->gap, gap), "%g s", usec_to_s(run->gap));
    cr_expect(eq(int, run->gap_known, known));
    cr_expect(eq(i64, clock_now(), keeper->at + gap), "its clock goes on");
}

Test(store_interrupted, in_the_same_boot_the_gap_is_what_the_clock_says)
{
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    clocks.boottime += 7 * MINUTES;
    expect_gap(&keeper, 7 * MINUTES, TRUE);
    keeper_free(&keeper);
}

Test(store_interrupted, across_a_boot_the_wall_clock_says_it)
{
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    boot(&keeper, 90 * MINUTES);
    expect_gap(&keeper, 90 * MINUTES, TRUE);
    keeper_free(&keeper);
}

Test(store_interrupted, a_wall_clock_that_cannot_be_believed_is_not)
{
    static const struct {
        const char *what;
        Usec away, wall;
        gboolean sure;
    } rows[] = {
        {"no clock chip and no network", 90 * MINUTES, WALL + 90 * MINUTES, FALSE},
        {"not set at all", 0, 0, TRUE},
        {"as before the cut", 0, WALL - 90 * MINUTES, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Keeper keeper;
        begin(&keeper);
        cut(&keeper);
        boot(&keeper, rows[i].away);
        clocks.wall = rows[i].wall;
        clocks.sure = rows[i].sure;
        expect_gap(&keeper, BOOTED + USEC_PER_SEC, FALSE);
        keeper_free(&keeper);
    }
}

Test(store_interrupted, a_run_that_ended_is_none)
{
    Keeper keeper;
    begin(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    cut(&keeper);
    cr_expect(reopen(&keeper) == NULL);
    keeper_free(&keeper);
}

static Session *replay(Keeper *keeper)
{
    GAsyncResult *result = NULL;
    store_replay(keeper->store, &SESSION_CONFIG_DEFAULT, NULL, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    Session *session = store_replay_finish(keeper->store, result, NULL);
    g_object_unref(result);
    return session;
}

static void go_on(Keeper *keeper)
{
    Session *session = replay(keeper);
    cr_assert(session && session_snapshot(session)->plan);
    session_free(keeper->session);
    keeper->session = session;
    keeper->at = store_interrupted(keeper->store)->at;
    store_continue(keeper->store);
    keeper_command(keeper, COMMAND_BREAK, NULL);
    keeper->at = clock_now();
    keeper_command(keeper, COMMAND_CONTINUE, NULL);
}

Test(store_interrupted, goes_on_in_its_own_sitting_and_keeps_its_date, .timeout = 60)
{
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    const gint64 before = keeper_int(&keeper, "SELECT max(seq) FROM events");
    for (int cuts = 0; cuts < 3; cuts++) {
        boot(&keeper, 3 * MINUTES);
        cr_assert(reopen(&keeper) != NULL);
        go_on(&keeper);
        cr_expect(eq(i64, session_snapshot(keeper.session)->step, 0));
        keeper_seconds(&keeper, 10);
        keeper_settle(&keeper);
        keeper_close(&keeper);
    }
    reopen(&keeper);
    g_autofree char *runs = keeper_print(keeper_runs(&keeper, 5, NULL));
    cr_expect(strstr(runs, "'laps': <uint32 1>") != NULL, "%s", runs);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(DISTINCT sitting) FROM events"), 1));
    cr_expect(gt(i64, keeper_int(&keeper, "SELECT max(seq) FROM events"), before + 60));
    const gint64 date = keeper_int(&keeper, "SELECT (runs.started + wall_offset) / 1000000"
                                            " FROM runs JOIN sittings USING(sitting)");
    cr_expect(eq(i64, date, WALL / USEC_PER_SEC), "%" G_GINT64_FORMAT, date - WALL / USEC_PER_SEC);
    const gint64 seconds =
        keeper_int(&keeper, "SELECT CAST(round(duration_s) AS INTEGER) FROM runs");
    cr_expect(seconds >= 88 && seconds <= 92, "%" G_GINT64_FORMAT, seconds);
    keeper_free(&keeper);
}

// For how long the machine was off nobody knows, and so not when the run began.
Test(store_interrupted, without_a_date_it_has_none_after_a_boot)
{
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    boot(&keeper, 90 * MINUTES);
    keeper_run(&keeper, "UPDATE sittings SET wall_offset = NULL");
    cr_assert(reopen(&keeper) != NULL);
    go_on(&keeper);
    keeper_seconds(&keeper, 10);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    g_autofree char *runs = keeper_print(keeper_runs(&keeper, 5, NULL));
    cr_expect(strstr(runs, "'stop'") && !strstr(runs, "'started'"), "%s", runs);
    keeper_free(&keeper);
}

// Between the opening and the decision the run is open: to close it is a replay, which to go on
// with it would have been in vain.
Test(store_interrupted, is_closed_only_when_it_is_left)
{
    static const char open_runs[] = "SELECT count(*) FROM runs WHERE ended_by IS NULL";
    for (int left = 0; left < 2; left++) {
        Keeper keeper;
        begin(&keeper);
        cut(&keeper);
        const gint64 before = keeper_int(&keeper, "SELECT count(*) FROM events");
        keeper.store = store_open(keeper.path, NULL, NULL, NULL);
        keeper.session = session_new(&SESSION_CONFIG_DEFAULT);
        store_sitting_begin(keeper.store, clock_now(), "");
        keeper_settle(&keeper);
        cr_expect(eq(i64, keeper_int(&keeper, open_runs), 1));
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), before));
        if (left)
            store_leave(keeper.store);
        else
            go_on(&keeper);
        keeper_settle(&keeper);
        cr_expect(eq(i64, keeper_int(&keeper, open_runs), left ? 0 : 1));
        keeper_command(&keeper, left ? COMMAND_START : COMMAND_STOP, NULL);
        keeper_settle(&keeper);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), left ? 2 : 1));
        keeper_free(&keeper);
    }
}

Test(store_interrupted, a_month_later_it_can_still_be_gone_on_with)
{
    const Usec month = 30 * 24 * 60 * MINUTES;
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    boot(&keeper, month);
    expect_gap(&keeper, month, TRUE);
    go_on(&keeper);
    keeper_seconds(&keeper, 10);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    g_autofree char *runs = keeper_print(keeper_runs(&keeper, 5, NULL));
    cr_expect(strstr(runs, "'ended-by': <'stop'>") != NULL, "%s", runs);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT round(duration_s) FROM runs"), 70), "%s", runs);
    const gint64 elapsed = keeper_int(&keeper, "SELECT round(elapsed_s) FROM runs");
    cr_expect(eq(i64, elapsed, month / USEC_PER_SEC + 70), "the break is a pause: %s", runs);
    keeper_free(&keeper);
}

// The journal of an hour with a strap and a pod is to fit into a megabyte, and three hours of it
// are to be replayed in half a second (a sanitized program is given ten times that).
Test(store_interrupted, an_hour_is_small_and_three_are_soon_replayed, .timeout = 120)
{
    Keeper keeper;
    begin(&keeper);
    for (int minute = 0; minute < 180; minute++) {
        for (int second = 0; second < 60; second++) {
            keeper_second(&keeper);
            keeper_handle(&keeper, (Event){.kind = EVENT_TIME});
        }
        keeper_seconds(&keeper, 0);
        if (minute % 10 == 9)
            keeper_settle(&keeper);
    }
    cut(&keeper);
    keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
    const gint64 bytes = keeper_int(&keeper, "SELECT page_count * page_size"
                                             " FROM pragma_page_count, pragma_page_size");
    cr_expect(lt(i64, bytes / 3, 1000 * 1000), "%g kB an hour", (double)bytes / 3e3);
    reopen(&keeper);
    keeper_settle(&keeper);
    const gint64 began = g_get_monotonic_time();
    Session *session = replay(&keeper);
    const double took = (double)(g_get_monotonic_time() - began) / 1e6;
    cr_expect(session && session_snapshot(session)->plan);
    session_free(session);
    cr_log_info("measured: %g kB an hour; three hours replayed in %g s", (double)bytes / 3e3, took);
    g_autofree char *figures =
        g_strdup_printf("%g kB an hour, 3 h replayed in %g s\n", (double)bytes / 3e3, took);
    if (g_getenv("PACED_FIGURES"))
        g_file_set_contents(g_getenv("PACED_FIGURES"), figures, -1, NULL);
    cr_expect(took < 5, "%g s", took);
    keeper_free(&keeper);
}

// What a torn write left is cut off, said, and no reason not to go on.
Test(store_interrupted, a_damaged_end_is_cut_off_and_told)
{
    Keeper keeper;
    begin(&keeper);
    cut(&keeper);
    keeper_run(&keeper, "UPDATE events SET record = zeroblob(9) WHERE seq > "
                        "(SELECT max(seq) FROM events) - 3");
    const InterruptedRun *run = reopen(&keeper);
    cr_assert(run != NULL);
    cr_expect(run->at < keeper.at && keeper.at - run->at <= 2 * USEC_PER_SEC);
    keeper_wait(&keeper, STORE_READY);
    keeper_settle(&keeper);
    g_main_context_iteration(NULL, FALSE);
    cr_expect(strstr(store_status(keeper.store).reason, "3 events") != NULL, "%s",
              store_status(keeper.store).reason);
    go_on(&keeper);
    keeper_free(&keeper);
}

// ── deleting ──

static gboolean forget(Keeper *keeper, gint64 run)
{
    GAsyncResult *result = NULL;
    store_forget(keeper->store, run, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    const gboolean gone = store_forget_finish(keeper->store, result, NULL);
    g_object_unref(result);
    return gone;
}

Test(store_interrupted, what_is_older_than_is_wanted_is_deleted)
{
    Keeper keeper;
    begin(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    cut(&keeper);
    clocks.wall = WALL + 10 * 24 * 60 * MINUTES;
    reopen(&keeper);
    store_forget_older(keeper.store, 11);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 1));
    cr_expect(not(forget(&keeper, 2)));
    store_forget_older(keeper.store, 9);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 0));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), 0));
    keeper_free(&keeper);
}

static char *said; // of what was deleted

static GLogWriterOutput note(GLogLevelFlags level, const GLogField *fields, gsize count,
                             gpointer data)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0 && strstr(fields[i].value, "deleted")) {
            g_free(said);
            said = g_strdup(fields[i].value);
        }
    return G_LOG_WRITER_HANDLED;
}

// Two runs, of which nobody knows when the first was: it is no younger than the second.
Test(store_interrupted, a_run_without_a_date_ages_with_the_one_after_it)
{
    Keeper keeper;
    g_log_set_writer_func(note, NULL, NULL);
    begin(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    cut(&keeper);
    keeper_run(&keeper, "UPDATE sittings SET boot = 'another', wall_offset = NULL");
    reopen(&keeper);
    store_forget_older(keeper.store, 1);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 1), "it may be new");
    keeper_begin(&keeper);
    keeper_command(&keeper, COMMAND_START, NULL);
    keeper_seconds(&keeper, 60);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    cut(&keeper);
    clocks.wall = WALL + 10 * 24 * 60 * MINUTES;
    reopen(&keeper);
    store_forget_older(keeper.store, 11);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 2));
    cr_expect(said == NULL);
    keeper_run(&keeper, "CREATE TRIGGER held BEFORE DELETE ON runs WHEN OLD.run = 2"
                        " BEGIN SELECT raise(ABORT, 'held'); END");
    store_forget_older(keeper.store, 9);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 2));
    cr_expect(said == NULL || strstr(said, "is deleted") == NULL, "it is not: %s", said);
    keeper_run(&keeper, "DROP TRIGGER held");
    store_forget_older(keeper.store, 9);
    keeper_settle(&keeper);
    expect_text(said, "Run 2 is deleted: it is older than [history] keep");
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 0));
    keeper_free(&keeper);
}
