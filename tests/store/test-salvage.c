// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A page of the file is damaged. What the other pages hold is in the next file: runs, sensors, what
// the runner told, what was learnt; and a run that was on goes on.

#include "keeper.h"

#include <unistd.h>

static const EnrolledSensor pod = {
    .slot = -1,
    .address = (char *)"AA:00:00:00:00:02",
    .name = (char *)"pod",
    .lessons = (char *)"scale ground 1.04",
};

static void begin_run(Keeper *keeper)
{
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, NULL);
    keeper_seconds(keeper, 120);
}

// Two runs, a sensor, a runner; all in the file itself.
static Keeper with_history(void)
{
    Keeper keeper = keeper_new();
    Athlete athlete = athlete_unknown();
    athlete.heart_max = 188;
    keeper_open(&keeper);
    store_sensor_put(keeper.store, &pod, NULL, NULL);
    store_athlete_put(keeper.store, "anna", &athlete);
    for (int run = 0; run < 2; run++) {
        begin_run(&keeper);
        keeper_command(&keeper, COMMAND_STOP, NULL);
    }
    return keeper;
}

// The page that holds the event becomes such bytes.
static void damage(const Keeper *keeper, const char *event, int byte)
{
    gsize length, needle_length;
    char *content, page[4096];
    g_autofree char *sql = g_strdup_printf("SELECT record FROM events WHERE seq = (%s)", event);
    keeper_run(keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
    cr_assert(g_file_get_contents(keeper->path, &content, &length, NULL));
    sqlite3 *db = keeper_visit(keeper);
    sqlite3_stmt *row;
    cr_assert(eq(int, sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK));
    cr_assert(eq(int, sqlite3_step(row), SQLITE_ROW));
    needle_length = (gsize)sqlite3_column_bytes(row, 0);
    const char *at = memmem(content, length, sqlite3_column_blob(row, 0), needle_length);
    cr_assert(at != NULL && needle_length > 8);
    memset(page, byte, sizeof page);
    FILE *file = fopen(keeper->path, "r+");
    fseek(file, (at - content) / 4096 * 4096, SEEK_SET);
    cr_assert(eq(sz, fwrite(page, sizeof page, 1, file), 1));
    fclose(file);
    sqlite3_finalize(row);
    sqlite3_close(db);
    g_free(content);
}

#define LAST_PACKET "SELECT max(seq) FROM events WHERE length(record) > 12"

static void expect_history(Keeper *keeper, int runs)
{
    keeper_settle(keeper);
    keeper_wait(keeper, STORE_READY);
    const char *reason = store_status(keeper->store).reason;
    cr_expect(strstr(reason, "damaged-1, and a new one begun, with") != NULL, "%s", reason);
    cr_expect(strstr(reason, "1 sensors and 1 runners") != NULL, "%s", reason);
    const EnrolledSensor *kept = store_sensor_find(keeper->store, pod.address);
    cr_assert(kept != NULL);
    expect_text(kept->lessons, pod.lessons);
    cr_expect(epsilon_eq(dbl, store_athlete(keeper->store, "anna").heart_max, 188, 0));
    cr_expect(eq(i64, keeper_int(keeper, "SELECT count(*) FROM runs"), runs));
    cr_expect(eq(i64, keeper_int(keeper, "SELECT count(*) FROM sensors WHERE name = 'pod'"), 1));
    cr_expect(gt(i64, keeper_int(keeper, "SELECT count(*) FROM laps"), 0));
    g_autofree char *link = g_strconcat(keeper->path, ".damaged", NULL);
    cr_expect(not(g_file_test(link, G_FILE_TEST_IS_SYMLINK)), "that is done");
}

Test(store_salvage, a_damaged_tail_costs_the_end_of_its_run_only)
{
    for (int byte = 0; byte < 256; byte += 255) {
        Keeper keeper = with_history();
        begin_run(&keeper);
        keeper_settle(&keeper);
        keeper_close(&keeper);
        const gint64 before = keeper_int(&keeper, "SELECT count(*) FROM events");
        damage(&keeper, LAST_PACKET, byte);
        keeper_open(&keeper);
        const InterruptedRun *run = store_interrupted(keeper.store);
        cr_assert(run != NULL, "the run that was cut is offered");
        cr_expect(eq(i64, run->run, 3));
        const double lost = usec_to_s(keeper.at - run->at);
        cr_expect(lost > 1 && lost < 100, "%g s", lost);
        expect_history(&keeper, 3);
        const gint64 kept = keeper_int(&keeper, "SELECT count(*) FROM events");
        cr_expect(kept > before - 200 && kept < before, "%d", (int)kept);
        cr_expect(
            eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs WHERE ended_by = 'crash'"), 1));
        keeper_free(&keeper);
    }
}

Test(store_salvage, a_damaged_page_in_the_middle_costs_itself_only)
{
    Keeper keeper = with_history();
    keeper_close(&keeper);
    const gint64 before = keeper_int(&keeper, "SELECT count(*) FROM events");
    damage(&keeper, "SELECT min(seq) + 150 FROM events", 0xff);
    damage(&keeper, LAST_PACKET, 0); // else nobody looks there
    keeper_open(&keeper);
    begin_run(&keeper);
    expect_history(&keeper, 3);
    keeper_close(&keeper);
    const gint64 kept = keeper_int(&keeper, "SELECT count(*) FROM events WHERE sitting < 3");
    cr_expect(kept > before - 400 && kept < before, "%d of %d", (int)kept, (int)before);
    keeper_free(&keeper);
}

// Found in mid-run: what comes after belongs to the same run.
Test(store_salvage, a_run_goes_on_in_the_new_file)
{
    Keeper keeper = with_history();
    keeper_close(&keeper);
    damage(&keeper, LAST_PACKET, 0xff);
    keeper_open(&keeper);
    begin_run(&keeper);
    keeper_seconds(&keeper, 60);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    expect_history(&keeper, 3);
    cr_expect(
        eq(i64, keeper_int(&keeper, "SELECT round(duration_s) FROM runs WHERE run = 3"), 180));
    keeper_close(&keeper);
    keeper_open(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs WHERE ended_by = 'stop'"), 3));
    keeper_free(&keeper);
}

// Between the moving and the copying the power goes.
static void move_aside(const Keeper *keeper)
{
    g_autofree char *aside = g_strconcat(keeper->path, ".damaged-1", NULL);
    g_autofree char *link = g_strconcat(keeper->path, ".damaged", NULL);
    cr_assert(eq(int, g_rename(keeper->path, aside), 0));
    cr_assert(eq(int, symlink(aside, link), 0));
}

Test(store_salvage, what_was_not_yet_taken_over_is_at_the_next_start)
{
    Keeper keeper = with_history();
    keeper_close(&keeper);
    move_aside(&keeper);
    keeper_open(&keeper);
    expect_history(&keeper, 2);
    keeper_free(&keeper);
}

// With the newest minutes still in the log, the power goes when so many of the parts were moved.
Test(store_salvage, a_kill_while_it_is_moved_loses_nothing)
{
    static const char *const parts[] = {"", "-wal"};
    for (gsize moved = 0; moved <= G_N_ELEMENTS(parts); moved++) {
        Keeper keeper = with_history();
        begin_run(&keeper);
        keeper_settle(&keeper);
        const gint64 events = keeper_int(&keeper, "SELECT count(*) FROM events");
        char *content[2];
        gsize length[2];
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
            g_autofree char *part = g_strconcat(keeper.path, parts[i], NULL);
            cr_assert(g_file_get_contents(part, &content[i], &length[i], NULL));
        }
        keeper_close(&keeper);
        g_autofree char *aside = g_strconcat(keeper.path, ".damaged-1", NULL);
        g_autofree char *link = g_strconcat(keeper.path, ".damaged", NULL);
        g_unlink(keeper.path);
        cr_assert(eq(int, symlink(aside, link), 0));
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
            g_autofree char *to = g_strconcat(i < moved ? aside : keeper.path, parts[i], NULL);
            cr_assert(g_file_set_contents(to, content[i], (gssize)length[i], NULL));
            g_free(content[i]);
        }
        keeper_open(&keeper);
        keeper_settle(&keeper);
        keeper_wait(&keeper, STORE_READY);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), events), "%d moved",
                  (int)moved);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 3));
        cr_expect(not(g_file_test(link, G_FILE_TEST_IS_SYMLINK)));
        keeper_free(&keeper);
    }
}

// By the schema it had, and then brought up to date.
Test(store_salvage, what_an_older_daemon_wrote_is_read_too)
{
    for (int version = 1; version <= 8; version++) {
        Keeper keeper = keeper_new();
        keeper_old(&keeper, version);
        damage(&keeper, LAST_PACKET, 0);
        keeper_open(&keeper);
        keeper_begin(&keeper);
        keeper_settle(&keeper);
        keeper_wait(&keeper, STORE_READY);
        g_autofree char *said = g_strdup_printf(
            "with 2 runs, 2 sensors and %d runners of it; not all could be read", version >= 4);
        const char *reason = store_status(keeper.store).reason;
        cr_expect(strstr(reason, said) != NULL, "%d: %s", version, reason);
        g_autofree char *laps = keeper_print(keeper_laps(&keeper, 1, NULL));
        cr_expect(strstr(laps, "'target-speed': <3.33333333333333") != NULL, "%s", laps);
        keeper_free(&keeper);
    }
}

// The page, from 1 on, becomes such bytes.
static void tear(const Keeper *keeper, gint64 number, int byte)
{
    char page[4096];
    memset(page, byte, sizeof page);
    FILE *file = fopen(keeper->path, "r+");
    fseek(file, (number - 1) * 4096, SEEK_SET);
    cr_assert(eq(sz, fwrite(page, sizeof page, 1, file), 1));
    fclose(file);
}

// The table's page, but for the journal, which has it all.
static void wipe(const Keeper *keeper, const char *table)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    tear(keeper, keeper_int(keeper, sql), 0);
}

static char *all(Keeper *keeper)
{
    g_autofree char *runs = keeper_print(keeper_runs(keeper, 5, NULL));
    g_autofree char *first = keeper_print(keeper_laps(keeper, 1, NULL));
    g_autofree char *second = keeper_print(keeper_laps(keeper, 2, NULL));
    return g_strdup_printf("%s\n%s\n%s\n%d texts\n", runs, first, second,
                           (int)keeper_int(keeper, "SELECT count(workout) FROM runs"));
}

// What is an index over the journal can be had of it again, and when a sitting was stands
// elsewhere.
Test(store_salvage, what_is_only_an_index_is_made_anew)
{
    static const char *const tables[] = {"workouts", "laps", "runs", "sittings"};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        Keeper keeper = keeper_new();
        keeper_old(&keeper, 8);
        keeper_run(&keeper, "UPDATE sittings SET boot = 'of then'"); // its dates are settled
        keeper_open(&keeper);
        keeper_begin(&keeper); // closes the run that was cut
        keeper_settle(&keeper);
        g_autofree char *before = all(&keeper);
        keeper_close(&keeper);
        const gint64 events = keeper_int(&keeper, "SELECT count(*) FROM events");
        keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
        wipe(&keeper, tables[i]);
        move_aside(&keeper);
        keeper_open(&keeper);
        keeper_begin(&keeper);
        keeper_settle(&keeper);
        keeper_wait(&keeper, STORE_READY);
        g_autofree char *after = all(&keeper);
        expect_text(after, before);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 2), "%s", tables[i]);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM laps"), 5), "%s", tables[i]);
        cr_expect(ge(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), events), "%s",
                  tables[i]);
        keeper_free(&keeper);
    }
}

static void reopen(Keeper *keeper)
{
    keeper_open(keeper);
    keeper_begin(keeper);
    keeper_settle(keeper);
    keeper_wait(keeper, STORE_READY);
}

// With it goes what is where. It may come as zeros, as ones, or as what another program wrote.
Test(store_salvage, without_its_first_page_all_is_found)
{
    static const int bytes[] = {0, 0xff, 'x'};
    for (int version = 1; version <= 8; version++) {
        Keeper keeper = keeper_new();
        keeper_old(&keeper, version);
        keeper_run(&keeper, "UPDATE sittings SET boot = 'of then'"); // its dates are settled
        keeper_open(&keeper);
        keeper_begin(&keeper);
        keeper_settle(&keeper);
        g_autofree char *before = all(&keeper);
        keeper_close(&keeper);
        const gint64 events = keeper_int(&keeper, "SELECT count(*) FROM events");
        keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
        tear(&keeper, 1, bytes[version % 3]);
        reopen(&keeper);
        g_autofree char *after = all(&keeper);
        expect_text(after, before);
        cr_expect(ge(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), events));
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM sensors"), 2));
        keeper_free(&keeper);
    }
}

// What the log has is newer than what the file has.
Test(store_salvage, the_log_of_a_torn_file_counts)
{
    Keeper keeper = with_history();
    keeper_settle(&keeper);
    keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
    store_sensor_remove(keeper.store, pod.address, NULL);
    keeper_enrol(&keeper, "AA:00:00:00:00:03", "strap", 0, NULL, NULL);
    begin_run(&keeper);
    keeper_settle(&keeper);
    const gint64 events = keeper_int(&keeper, "SELECT count(*) FROM events");
    g_autofree char *log = g_strconcat(keeper.path, "-wal", NULL), *head = NULL, *tail = NULL;
    gsize head_length, tail_length;
    cr_assert(g_file_get_contents(keeper.path, &head, &head_length, NULL));
    cr_assert(g_file_get_contents(log, &tail, &tail_length, NULL));
    keeper_close(&keeper);
    memset(head, 0, 4096);
    cr_assert(g_file_set_contents(keeper.path, head, (gssize)head_length, NULL));
    cr_assert(g_file_set_contents(log, tail, (gssize)tail_length, NULL));
    keeper_open(&keeper);
    keeper_settle(&keeper);
    keeper_wait(&keeper, STORE_READY);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), events));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 3));
    cr_expect(store_sensor_find(keeper.store, pod.address) == NULL, "it was removed");
    cr_expect(store_sensor_find(keeper.store, "AA:00:00:00:00:03") != NULL);
    keeper_free(&keeper);
}

// Whichever it is, it costs what was on it, and of the index nothing.
Test(store_salvage, each_page_in_turn_costs_itself_only)
{
    Keeper whole = with_history();
    keeper_close(&whole);
    keeper_run(&whole, "PRAGMA wal_checkpoint(TRUNCATE)");
    const gint64 pages = keeper_int(&whole, "PRAGMA page_count");
    const gint64 events = keeper_int(&whole, "SELECT count(*) FROM events");
    g_autofree char *content = NULL;
    gsize length;
    cr_assert(g_file_get_contents(whole.path, &content, &length, NULL));
    for (gint64 page = 1; page <= pages; page++) {
        Keeper keeper = keeper_new();
        cr_assert(g_file_set_contents(keeper.path, content, (gssize)length, NULL));
        tear(&keeper, page, page % 2 ? 0 : 0xff);
        move_aside(&keeper);
        reopen(&keeper);
        const gint64 kept =
            keeper_int(&keeper, "SELECT count(*) FROM events WHERE seq <= (SELECT max(last_seq)"
                                " FROM runs)");
        cr_expect(kept > events - 260, "page %d: %d of %d", (int)page, (int)kept, (int)events);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 2), "page %d",
                  (int)page);
        cr_expect(
            eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs WHERE ended_by = 'stop'"), 2),
            "page %d", (int)page);
        cr_expect(ge(i64, keeper_int(&keeper, "SELECT count(*) FROM laps"), 2), "page %d",
                  (int)page);
        keeper_free(&keeper);
    }
    keeper_free(&whole);
}

static void wait_reason(Keeper *keeper, const char *part)
{
    while (!strstr(store_status(keeper->store).reason, part))
        g_main_context_iteration(NULL, TRUE);
}

// Nobody asks for it, and nothing is written; the journal's page, or one of what is only an index.
Test(store_salvage, damage_that_nobody_meets_is_looked_for)
{
    for (int index = 0; index < 2; index++) {
        Keeper keeper = with_history();
        keeper_close(&keeper);
        if (index) {
            keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
            wipe(&keeper, "laps");
        } else
            damage(&keeper, "SELECT min(seq) + 150 FROM events", 0xff);
        keeper_open(&keeper);
        wait_reason(&keeper, "damaged-1, and a new one begun, with 2 runs");
        cr_expect(ge(i64, keeper_int(&keeper, "SELECT count(*) FROM laps"), 2));
        keeper_free(&keeper);
    }
}

Test(store_salvage, a_byte_that_has_turned_is_told_of)
{
    Keeper keeper = with_history();
    keeper_close(&keeper);
    keeper_run(&keeper, "UPDATE events SET crc = crc + 1 WHERE seq = 120");
    keeper_open(&keeper);
    wait_reason(&keeper, "1 events are damaged");
    keeper_free(&keeper);
}

Test(store_salvage, a_question_that_meets_damage_is_answered_by_what_is_left)
{
    Keeper keeper = with_history();
    keeper_settle(&keeper);
    keeper_close(&keeper);
    keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
    wipe(&keeper, "laps");
    keeper_open(&keeper);
    g_autofree char *laps = keeper_print(keeper_laps(&keeper, 1, NULL));
    wait_reason(&keeper, "a new one begun");
    cr_expect(strstr(laps, "duration") != NULL, "%s", laps);
    keeper_free(&keeper);
}

// Bytes anywhere in file and log become others: whatever comes of it, a run can be kept.
Test(store_salvage, no_bytes_whatever_stop_it, .timeout = 120)
{
    char *content[2];
    gsize length[2];
    Keeper whole = with_history();
    keeper_settle(&whole);
    keeper_run(&whole, "PRAGMA wal_checkpoint(PASSIVE)");
    begin_run(&whole);
    keeper_settle(&whole);
    for (int part = 0; part < 2; part++) {
        g_autofree char *path = g_strconcat(whole.path, part ? "-wal" : "", NULL);
        cr_assert(g_file_get_contents(path, &content[part], &length[part], NULL));
    }
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    for (int round = 0; round < 60; round++) {
        Keeper keeper = keeper_new();
        g_autofree char *aside = g_strconcat(keeper.path, ".damaged-1", NULL);
        g_autofree char *link = g_strconcat(keeper.path, ".damaged", NULL);
        cr_assert(eq(int, symlink(aside, link), 0));
        for (int part = 0; part < 2; part++) {
            g_autofree char *path = g_strconcat(aside, part ? "-wal" : "", NULL);
            g_autofree char *bytes = g_memdup2(content[part], length[part]);
            for (int turned = 0; turned < 1 << round % 12; turned++)
                bytes[g_rand_int_range(dice, 0, (gint32)length[part])] = (char)g_rand_int(dice);
            cr_assert(g_file_set_contents(path, bytes, (gssize)length[part], NULL));
        }
        reopen(&keeper);
        begin_run(&keeper);
        keeper_settle(&keeper);
        cr_expect(store_status(keeper.store).state == STORE_READY, "round %d", round);
        cr_expect(
            eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs WHERE ended_by IS NULL"), 1),
            "round %d", round);
        keeper_close(&keeper);
        sqlite3 *db = keeper_visit(&keeper);
        cr_expect(eq(i64, visit_int(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0));
        sqlite3_close(db);
        keeper_free(&keeper);
    }
    for (int part = 0; part < 2; part++)
        g_free(content[part]);
    keeper_free(&whole);
}

static Session *replay(Keeper *keeper, GError **error)
{
    GAsyncResult *result = NULL;
    store_replay(keeper->store, &SESSION_CONFIG_DEFAULT, NULL, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    Session *session = store_replay_finish(keeper->store, result, error);
    g_object_unref(result);
    return session;
}

// All but the page with its very beginning, without which there is no run.
Test(store_salvage, a_run_that_was_cut_goes_on_whatever_page_is_torn, .timeout = 100)
{
    Keeper whole = with_history();
    begin_run(&whole);
    keeper_settle(&whole);
    keeper_close(&whole);
    keeper_run(&whole, "PRAGMA wal_checkpoint(TRUNCATE)");
    const gint64 pages = keeper_int(&whole, "PRAGMA page_count");
    const gint64 date = keeper_int(&whole, "SELECT max(wall_offset) FROM sittings");
    g_autofree char *content = NULL;
    gsize length;
    int given_up = 0;
    cr_assert(g_file_get_contents(whole.path, &content, &length, NULL));
    for (gint64 page = 1; page <= pages; page++) {
        Keeper keeper = keeper_new();
        g_autoptr(GError) error = NULL;
        cr_assert(g_file_set_contents(keeper.path, content, (gssize)length, NULL));
        tear(&keeper, page, page % 2 ? 0 : 0xff);
        keeper_open(&keeper);
        const InterruptedRun *run = store_interrupted(keeper.store);
        Session *session = run ? replay(&keeper, &error) : NULL;
        given_up += !session;
        if (session)
            cr_expect(session_snapshot(session)->elapsed_s > 20, "page %d", (int)page);
        else
            cr_log_info("page %d: %s", (int)page, error ? error->message : "no run");
        session_free(session);
        keeper_settle(&keeper);
        keeper_wait(&keeper, STORE_READY);
        const gint64 dated = keeper_int(&keeper, "SELECT max(wall_offset) FROM sittings");
        cr_expect(eq(i64, dated, date), "page %d", (int)page);
        keeper_free(&keeper);
    }
    cr_expect(le(int, given_up, 1));
    keeper_free(&whole);
}

// SQLite would delete it as a leftover.
Test(store_salvage, a_log_without_its_file_is_read)
{
    static const char *const heads[] = {"", "x", NULL}; // NULL: there is no file
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        Keeper keeper = keeper_new();
        keeper_open(&keeper);
        begin_run(&keeper);
        keeper_command(&keeper, COMMAND_STOP, NULL);
        keeper_settle(&keeper);
        g_autofree char *log = g_strconcat(keeper.path, "-wal", NULL), *content = NULL;
        gsize length;
        cr_assert(g_file_get_contents(log, &content, &length, NULL));
        keeper_close(&keeper);
        g_unlink(keeper.path);
        if (heads[i])
            cr_assert(g_file_set_contents(keeper.path, heads[i], -1, NULL));
        cr_assert(g_file_set_contents(log, content, (gssize)length, NULL));
        keeper_open(&keeper);
        keeper_settle(&keeper);
        keeper_wait(&keeper, STORE_READY);
        const char *reason = store_status(keeper.store).reason;
        cr_expect(strstr(reason, "damaged-1, and a new one begun, with 1 runs") != NULL, "%s",
                  reason);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 1));
        keeper_free(&keeper);
    }
}

// Its bytes are as they were written, but for another place.
Test(store_salvage, a_page_that_was_written_where_another_belongs_is_found)
{
    Keeper keeper = with_history();
    keeper_close(&keeper);
    keeper_run(&keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
    guint8 page[4096];
    GArray *leaves = g_array_new(FALSE, FALSE, sizeof(long));
    FILE *file = fopen(keeper.path, "r+");
    for (long at = 0; fread(page, sizeof page, 1, file) == 1; at += (long)sizeof page)
        if (page[0] == 13 && page[4] > 40) // of the journal: many short rows
            g_array_append_val(leaves, at);
    cr_assert(gt(uint, leaves->len, 3));
    fseek(file, g_array_index(leaves, long, 0), SEEK_SET);
    cr_assert(eq(sz, fread(page, sizeof page, 1, file), 1));
    fseek(file, g_array_index(leaves, long, 2), SEEK_SET);
    cr_assert(eq(sz, fwrite(page, sizeof page, 1, file), 1));
    fclose(file);
    g_array_unref(leaves);
    keeper_open(&keeper);
    wait_reason(&keeper, "damaged-1, and a new one begun, with 2 runs");
    keeper_free(&keeper);
}
