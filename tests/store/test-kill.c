// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon is killed in mid-run. What had been committed is there, in whole seconds, and the run
// is closed with the numbers that a stop at its last event would have given.

#include "keeper.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS    10
#define EVENTS_ON 50 // events a second

// Writes a second after the other, and says of each when it is on the disk, until killed.
static void child_run(Keeper *keeper, int out)
{
    keeper_open(keeper);
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, NULL);
    store_commit(keeper->store);
    for (;;) {
        keeper_seconds(keeper, EVENTS_ON / 2);
        keeper_settle(keeper); // answered after the commit
        guint64 durable = keeper->appended;
        if (write(out, &durable, sizeof durable) != sizeof durable)
            _exit(1);
    }
}

static guint64 kill_at_random(Keeper *keeper, GRand *random)
{
    int ends[2];
    cr_assert(eq(int, pipe(ends), 0));
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        child_run(keeper, ends[1]);
    }
    close(ends[1]);
    guint64 durable = 0, said;
    for (int reports = g_rand_int_range(random, 1, 12); reports > 0; reports--)
        cr_assert(eq(sz, (size_t)read(ends[0], &durable, sizeof durable), sizeof durable));
    // The instant is meant to be random: somewhere in the next commits.
    struct timespec moment = {.tv_nsec = g_rand_int_range(random, 0, 20 * 1000 * 1000)};
    ppoll(NULL, 0, &moment, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(ends[0], &said, sizeof said) == sizeof said)
        durable = said;
    close(ends[0]);
    return durable;
}

Test(store_kill, loses_nothing_that_was_committed, .timeout = 60)
{
    g_autoptr(GRand) random = g_rand_new();
    for (int round = 0; round < ROUNDS; round++) {
        Keeper keeper = keeper_new();
        guint64 durable = kill_at_random(&keeper, random);
        keeper_open(&keeper);
        cr_expect(store_status(keeper.store).state == STORE_READY);
        g_autofree char *runs = keeper_print(keeper_runs(&keeper, 10, NULL));
        cr_expect(strstr(runs, "'ended-by': <'crash'>") != NULL, "%s", runs);
        guint64 kept = (guint64)keeper_int(&keeper, "SELECT count(*) FROM events");
        cr_expect(ge(u64, kept, durable));
        cr_expect(le(u64, kept, durable + EVENTS_ON));
        cr_expect(eq(u64, (kept - 3) % EVENTS_ON, 0), "whole seconds: %" G_GUINT64_FORMAT, kept);
        sqlite3 *db = keeper_visit(&keeper);
        cr_expect(eq(i64,
                     visit_int(db, "SELECT count(*) FROM pragma_integrity_check"
                                   " WHERE integrity_check <> 'ok'"),
                     0));
        sqlite3_close(db);
        keeper_free(&keeper);
    }
}

static const char workout[] = "Workout - Kilometres\n\n"
                              "  • 5 lots of:\n"
                              "    • 100m @ 4'45''/km\n"
                              "    • 20s rest\n";

static void run_a_while(Keeper *keeper)
{
    keeper_open(keeper);
    keeper_begin(keeper);
    keeper_seconds(keeper, 20);
    keeper_command(keeper, COMMAND_START, workout);
    keeper_seconds(keeper, 60);
    keeper_command(keeper, COMMAND_PAUSE, NULL);
    keeper_seconds(keeper, 10);
    keeper_command(keeper, COMMAND_RESUME, NULL);
    keeper_seconds(keeper, 17);
}

static char *print_numbers(Keeper *keeper)
{
    g_autofree char *laps = keeper_print(keeper_laps(keeper, 1, NULL));
    g_autofree char *runs = keeper_print(keeper_runs(keeper, 1, NULL));
    char *date = strstr(runs, "'started'");
    cr_assert(date != NULL);
    char *end = strstr(date, ", '");
    memmove(date, end, strlen(end) + 1);
    char *how = strstr(runs, ", 'ended-by'");
    *how = '\0';
    return g_strconcat(runs, "\n", laps, NULL);
}

Test(store_kill, the_run_is_what_a_stop_at_its_last_event_would_have_made_it)
{
    Keeper stopped = keeper_new(), killed = keeper_new();
    run_a_while(&stopped);
    keeper_command(&stopped, COMMAND_STOP, NULL);
    g_autofree char *expected = print_numbers(&stopped);
    keeper_free(&stopped);

    pid_t child = fork();
    if (child == 0) {
        run_a_while(&killed);
        keeper_settle(&killed);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    keeper_open(&killed);
    g_autofree char *found = print_numbers(&killed);
    expect_text(found, expected);
    keeper_free(&killed);
}

// As a kill leaves it, without a kill.
static void reopen_the_run(const Keeper *keeper)
{
    keeper_run(keeper, "UPDATE runs SET ended_by = NULL, last_seq = NULL, laps = NULL");
}

static gint64 closed_laps(Keeper *keeper, const char *expected_end)
{
    keeper_open(keeper);
    g_autofree char *runs = keeper_print(keeper_runs(keeper, 1, NULL));
    g_autofree char *end = g_strdup_printf("'ended-by': <'%s'>", expected_end);
    cr_expect(strstr(runs, end) != NULL, "%s", runs);
    keeper_close(keeper);
    return keeper_int(keeper, "SELECT laps FROM runs");
}

Test(store_kill, a_run_whose_end_is_in_the_journal_did_not_crash)
{
    Keeper keeper = keeper_new();
    run_a_while(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_close(&keeper);
    gint64 laps = keeper_int(&keeper, "SELECT laps FROM runs");
    reopen_the_run(&keeper);
    cr_expect(eq(i64, closed_laps(&keeper, "stop"), laps));
    keeper_free(&keeper);
}

Test(store_kill, a_damaged_event_costs_only_itself)
{
    Keeper keeper = keeper_new();
    run_a_while(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_close(&keeper);
    gint64 laps = keeper_int(&keeper, "SELECT laps FROM runs");
    reopen_the_run(&keeper);
    keeper_run(&keeper, "UPDATE events SET record = x'0000' WHERE seq = 80");
    keeper_run(&keeper, "UPDATE events SET crc = crc + 1 WHERE seq = 83");
    cr_expect(eq(i64, closed_laps(&keeper, "stop"), laps));
    keeper_free(&keeper);
}

Test(store_kill, without_its_start_a_run_keeps_the_laps_that_were_written)
{
    Keeper keeper = keeper_new();
    run_a_while(&keeper);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_close(&keeper);
    gint64 laps = keeper_int(&keeper, "SELECT laps FROM runs");
    reopen_the_run(&keeper);
    keeper_run(&keeper,
               "UPDATE events SET record = x'04' WHERE seq = (SELECT first_seq FROM runs)");
    cr_expect(eq(i64, closed_laps(&keeper, "crash"), laps));
    cr_expect(gt(i64, keeper_int(&keeper, "SELECT distance_m FROM runs"), 100));
    keeper_free(&keeper);
}
