// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a run leaves behind on good days: the journal, the runs and laps, the sensors, the dates;
// and what is let go of because nobody needs it.

#include "keeper.h"

#include "io/error.h"

static const char workout[] = "Workout - Kilometres\n\n"
                              "  • 2 lots of:\n"
                              "    • 100m @ 4'45''/km\n"
                              "    • 20s rest\n";

static void run_to_the_end(Keeper *keeper)
{
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, workout);
    keeper_seconds(keeper, 120);
}

static GVariant *first(GVariant *list)
{
    cr_assert(list != NULL);
    cr_assert(ge(sz, g_variant_n_children(list), 1));
    GVariant *child = g_variant_get_child_value(list, 0);
    g_variant_unref(list);
    return child;
}

Test(store, a_run_is_listed_with_all_that_is_known_and_is_there_after_a_restart)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_to_the_end(&keeper);
    g_autofree char *before = keeper_print(keeper_laps(&keeper, 1, NULL));
    keeper_close(&keeper);
    keeper_open(&keeper);
    g_autofree char *after = keeper_print(keeper_laps(&keeper, 1, NULL));
    expect_text(after, before);

    g_autoptr(GVariant) run = first(keeper_runs(&keeper, 10, NULL));
    GVariantDict dict;
    g_variant_dict_init(&dict, run);
    const char *name, *ended_by;
    gint64 number, started;
    double duration, distance, heart_rate;
    guint32 laps;
    gboolean completed;
    cr_assert(g_variant_dict_lookup(&dict, "run", "x", &number));
    cr_assert(g_variant_dict_lookup(&dict, "workout", "&s", &name));
    cr_assert(g_variant_dict_lookup(&dict, "started", "x", &started));
    cr_assert(g_variant_dict_lookup(&dict, "duration", "d", &duration));
    cr_assert(g_variant_dict_lookup(&dict, "distance", "d", &distance));
    cr_assert(g_variant_dict_lookup(&dict, "heart-rate", "d", &heart_rate));
    cr_assert(g_variant_dict_lookup(&dict, "laps", "u", &laps));
    cr_assert(g_variant_dict_lookup(&dict, "completed", "b", &completed));
    cr_assert(g_variant_dict_lookup(&dict, "ended-by", "&s", &ended_by));
    cr_expect(eq(i64, number, 1));
    expect_text(name, "Kilometres");
    expect_text(ended_by, "plan");
    cr_expect(eq(u32, laps, 4));
    cr_expect(completed);
    cr_expect(duration > 60 && duration < 120, "%f s", duration);
    cr_expect(distance > 200 && distance < 450, "%f m", distance);
    cr_expect(heart_rate >= 149 && heart_rate <= 157, "%f bpm", heart_rate);
    g_variant_dict_clear(&dict);

    g_autoptr(GVariant) lap = first(keeper_laps(&keeper, 1, NULL));
    g_variant_dict_init(&dict, lap);
    const char *kind, *outcome;
    guint32 step, repetition, repetitions;
    double target;
    cr_assert(g_variant_dict_lookup(&dict, "kind", "&s", &kind));
    cr_assert(g_variant_dict_lookup(&dict, "outcome", "&s", &outcome));
    cr_assert(g_variant_dict_lookup(&dict, "step", "u", &step));
    cr_assert(g_variant_dict_lookup(&dict, "repetition", "u", &repetition));
    cr_assert(g_variant_dict_lookup(&dict, "repetitions", "u", &repetitions));
    cr_assert(g_variant_dict_lookup(&dict, "distance", "d", &distance));
    cr_assert(g_variant_dict_lookup(&dict, "target-speed", "d", &target));
    expect_text(kind, "work");
    expect_text(outcome, "completed");
    cr_expect(step == 0 && repetition == 1 && repetitions == 2);
    cr_expect(epsilon_eq(dbl, distance, 100, 1e-6));
    cr_expect(epsilon_eq(dbl, target, 1000.0 / 285, 1e-9));
    g_variant_dict_clear(&dict);
    keeper_free(&keeper);
}

Test(store, what_is_unknown_is_absent)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    store_sitting_begin(keeper.store, keeper.at, "");
    keeper_command(&keeper, COMMAND_START, NULL);
    keeper.at += 5 * USEC_PER_SEC;
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_close(&keeper);
    keeper_run(&keeper, "UPDATE sittings SET wall_offset = NULL, boot = 'another'");
    keeper_open(&keeper);
    g_autofree char *runs = keeper_print(keeper_runs(&keeper, 1, NULL));
    cr_expect(strstr(runs, "started") == NULL, "%s", runs);
    cr_expect(strstr(runs, "heart-rate") == NULL, "%s", runs);
    cr_expect(strstr(runs, "'stop'") != NULL, "%s", runs);
    g_autofree char *laps = keeper_print(keeper_laps(&keeper, 1, NULL));
    cr_expect(strstr(laps, "heart-rate") == NULL && strstr(laps, "target") == NULL, "%s", laps);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM workouts"), 0));
    keeper_free(&keeper);
}

Test(store, runs_are_newest_first_and_a_workout_s_text_is_kept_once)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    keeper_begin(&keeper);
    for (int i = 0; i < 3; i++) {
        keeper_command(&keeper, COMMAND_START, workout);
        keeper_seconds(&keeper, 2);
        keeper_command(&keeper, COMMAND_STOP, NULL);
    }
    g_autofree char *runs = keeper_print(keeper_runs(&keeper, 2, NULL));
    const char *third = strstr(runs, "'run': <int64 3>"),
               *second = strstr(runs, "'run': <int64 2>");
    cr_expect(third && second && third < second, "%s", runs);
    cr_expect(strstr(runs, "'run': <int64 1>") == NULL);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM workouts"), 1));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs WHERE workout = 1"), 3));
    keeper_free(&keeper);
}

Test(store, questions_that_make_no_sense_are_refused)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    g_autoptr(GError) none = NULL, many = NULL, unknown = NULL;
    cr_expect(keeper_runs(&keeper, 0, &none) == NULL);
    cr_expect(keeper_runs(&keeper, 10001, &many) == NULL);
    cr_expect(keeper_laps(&keeper, 42, &unknown) == NULL);
    cr_expect(g_error_matches(none, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    cr_expect(g_error_matches(many, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    cr_expect(g_error_matches(unknown, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    keeper_free(&keeper);
}

Test(store, a_date_fills_in_backwards_within_one_boot)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_to_the_end(&keeper);
    keeper_close(&keeper);
    keeper_run(&keeper,
               "UPDATE sittings SET wall_offset = NULL"); // as if no network had been there
    keeper_open(&keeper);
    g_autofree char *undated = keeper_print(keeper_runs(&keeper, 1, NULL));
    cr_expect(strstr(undated, "started") == NULL);
    keeper_begin(&keeper);
    keeper_seconds(&keeper, 1);
    g_autofree char *dated = keeper_print(keeper_runs(&keeper, 1, NULL));
    cr_expect(strstr(dated, "started") != NULL, "%s", dated);
    keeper_free(&keeper);
}

Test(store, events_that_no_run_needs_go_with_the_next_sitting)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    keeper_begin(&keeper);
    keeper_seconds(&keeper, 30); // before the run: its replay needs them
    keeper_command(&keeper, COMMAND_START, NULL);
    keeper_seconds(&keeper, 30);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    gint64 needed = (gint64)keeper.appended;
    keeper_seconds(&keeper, 30); // after it: nothing does
    keeper_begin(&keeper);
    keeper_seconds(&keeper, 30); // a sitting without a run
    keeper_close(&keeper);
    keeper_open(&keeper);
    keeper_settle(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), needed));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM sittings"), 1));
    keeper_free(&keeper);
}

Test(store, an_hour_with_strap_and_pod_is_at_most_a_megabyte)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    keeper_begin(&keeper);
    keeper_command(&keeper, COMMAND_START, NULL);
    for (int minute = 0; minute < 60; minute++) {
        for (int second = 0; second < 60; second++) {
            keeper_second(&keeper);
            keeper_handle(&keeper, (Event){.kind = EVENT_TIME});
        }
        store_commit(keeper.store);
    }
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_close(&keeper);
    GStatBuf file;
    cr_assert(eq(int, g_stat(keeper.path, &file), 0));
    cr_expect(lt(i64, file.st_size, 1000000));
    keeper_free(&keeper);
}

// ── sensors ──

static char *print_sensors(Store *store)
{
    g_autoptr(GPtrArray) sensors = store_sensors(store);
    GString *text = g_string_new("");
    for (guint i = 0; i < sensors->len; i++) {
        const EnrolledSensor *sensor = sensors->pdata[i];
        g_string_append_printf(text, "%d %s %s%s\n", sensor->slot, sensor->address, sensor->name,
                               sensor->adopted_for == 2 ? " (adopted)" : "");
    }
    return g_string_free(text, FALSE);
}

Test(store, a_sensor_keeps_its_slot)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    int slot = -1;
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:01", "strap", 0, &slot, NULL));
    cr_expect(eq(int, slot, 0));
    cr_assert(keeper_enrol(&keeper, "aa:00:00:00:00:02", "pod", 0, &slot, NULL));
    cr_expect(eq(int, slot, 1));
    cr_assert(store_sensor_remove(keeper.store, "AA:00:00:00:00:01", NULL));
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:02", "my pod", 0, &slot, NULL));
    cr_expect(eq(int, slot, 1), "the slot of one that is enrolled again");
    keeper_close(&keeper);
    keeper_open(&keeper);
    g_autofree char *kept = print_sensors(keeper.store);
    expect_text(kept, "1 AA:00:00:00:00:02 my pod\n");
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:03", "", 0, &slot, NULL));
    cr_expect(eq(int, slot, 0), "the lowest free one");
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:04", "pod", 2, &slot, NULL));
    keeper_close(&keeper);
    keeper_open(&keeper);
    g_autofree char *adopted = print_sensors(keeper.store);
    expect_text(adopted, "0 AA:00:00:00:00:03 \n1 AA:00:00:00:00:02 my pod\n"
                         "2 AA:00:00:00:00:04 pod (adopted)\n");
    keeper_free(&keeper);
}

Test(store, all_that_is_known_of_a_sensor_is_kept)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    const EnrolledSensor watch = {
        .slot = -1,
        .address = (char *)"C0:00:00:00:00:01",
        .name = (char *)"watch",
        .runner = (char *)"anna",
        .history = (char *)"1 2 3",
        .services = SERVICE_HEART | SERVICE_STRIDE,
        .roles = SERVICE_STRIDE,
        .rank = 7,
        .match_name = TRUE,
        .convention = CADENCE_ONE_LEG,
        .convention_fixed = TRUE,
        .lessons = (char *)"scale ground 1.04",
        .lessons_before = (char *)"scale ground 1.03",
        .lessons_firmware = (char *)"2.1",
        .lessons_at = 1234567890123456,
    };
    int slot = -1;
    cr_assert(keeper_enrol(&keeper, "AA:00:00:00:00:01", "strap", 0, NULL, NULL));
    cr_assert(store_sensor_put(keeper.store, &watch, &slot, NULL));
    EnrolledSensor moved = watch;
    moved.slot = slot;
    moved.address = (char *)"c0:00:00:00:00:02"; // it has changed its address
    cr_assert(store_sensor_put(keeper.store, &moved, &slot, NULL));
    cr_expect(eq(int, slot, 1));
    cr_expect(store_sensor_find(keeper.store, "C0:00:00:00:00:01") == NULL);
    keeper_close(&keeper);
    keeper_open(&keeper);
    const EnrolledSensor *kept = store_sensor_find(keeper.store, "c0:00:00:00:00:02");
    cr_assert(kept != NULL);
    expect_text(kept->address, "C0:00:00:00:00:02");
    expect_text(kept->runner, "anna");
    expect_text(kept->history, "1 2 3");
    expect_text(kept->lessons, "scale ground 1.04");
    expect_text(kept->lessons_before, "scale ground 1.03");
    expect_text(kept->lessons_firmware, "2.1");
    cr_expect(eq(i64, kept->lessons_at, 1234567890123456));
    cr_expect(eq(int, (int)kept->services, SERVICE_HEART | SERVICE_STRIDE));
    cr_expect(eq(int, (int)kept->roles, SERVICE_STRIDE));
    cr_expect(eq(int, (int)kept->rank, 7));
    cr_expect(kept->match_name && kept->convention_fixed);
    cr_expect(eq(int, (int)kept->convention, CADENCE_ONE_LEG));
    keeper_free(&keeper);
}

Test(store, sensors_that_cannot_be_enrolled)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    static const char *const malformed[] = {"", "AA:BB:CC:DD:EE", "AA:BB:CC:DD:EE:FF:00",
                                            "AA-BB-CC-DD-EE-FF", "GG:BB:CC:DD:EE:FF"};
    for (gsize i = 0; i < G_N_ELEMENTS(malformed); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect(not(keeper_enrol(&keeper, malformed[i], "", 0, NULL, &error)));
        cr_expect(g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    }
    for (int i = 0; i < SENSORS_MAX; i++) {
        g_autofree char *address = g_strdup_printf("AA:00:00:00:00:%02X", (unsigned)i);
        cr_assert(keeper_enrol(&keeper, address, "", 0, NULL, NULL));
    }
    g_autoptr(GError) ninth = NULL, unknown = NULL;
    cr_expect(not(keeper_enrol(&keeper, "BB:00:00:00:00:00", "", 0, NULL, &ninth)));
    cr_expect(g_error_matches(ninth, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    cr_expect(not(store_sensor_remove(keeper.store, "BB:00:00:00:00:00", &unknown)));
    cr_expect(g_error_matches(unknown, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR));
    keeper_free(&keeper);
}

// ── the file ──

Test(store, creates_folder_and_file_for_their_owner_only_and_marks_them)
{
    Keeper keeper = keeper_new();
    g_autofree char *shallow = keeper.path;
    g_autofree char *folder = g_build_filename(keeper.folder, "a", "b", NULL);
    keeper.path = g_build_filename(folder, "paced.db", NULL);
    keeper_open(&keeper);
    keeper_begin(&keeper);
    keeper_close(&keeper);
    GStatBuf entry;
    cr_assert(eq(int, g_stat(folder, &entry), 0));
    cr_expect(eq(int, (int)(entry.st_mode & 0777), 0700));
    cr_assert(eq(int, g_stat(keeper.path, &entry), 0));
    cr_expect(eq(int, (int)(entry.st_mode & 0777), 0600));
    cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA user_version"), 8));
    cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA application_id"), 0x50414345));
    keeper_free(&keeper);
}

Test(store, an_empty_file_is_brought_up_to_date)
{
    Keeper keeper = keeper_new();
    cr_assert(g_file_set_contents(keeper.path, "", 0, NULL));
    keeper_open(&keeper);
    run_to_the_end(&keeper);
    keeper_close(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA user_version"), 8));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 1));
    keeper_free(&keeper);
}

static void start_as(Keeper *keeper, const Athlete *athlete, const char *text)
{
    store_sitting_begin(keeper->store, keeper->at, "");
    keeper_handle(keeper, (Event){.kind = EVENT_ATHLETE, .athlete = *athlete});
    keeper_command(keeper, COMMAND_START, text);
    keeper->at += 10 * USEC_PER_SEC;
    keeper_command(keeper, COMMAND_LAP, NULL);
    keeper_command(keeper, COMMAND_STOP, NULL);
    keeper_close(keeper);
    keeper_open(keeper);
}

Test(store, a_lap_keeps_what_was_asked_of_this_runner)
{
    static const struct {
        const char *target, *kept;
    } rows[] = {
        {"4'00''-4'10''/km", "'speed'>, 'low': <4.0>, 'value': <4.0816326530612"},
        {"HR 140-150", "'heart-rate'>, 'low': <140.0>, 'value': <145.0>, 'high': <150.0>"},
        {"HR < 75%", "'heart-rate'>, 'value': <141.0>, 'high': <141.0>, 'end': <141.0>}"},
        {"RPE 6-7", "'effort'>, 'low': <6.0>, 'value': <6.5>, 'high': <7.0>, 'end': <6.5>}"},
        {"250 W", "'power'>, 'low': <250.0>, 'value': <250.0>, 'high': <250.0>"},
        {"max", "'target': <{'quantity': <'maximal'>}>"},
        {"6'00''/km building to 5'00''/km", "'end': <3.33333333333333"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf("Workout - X\n- 10min @ %s\n", rows[i].target);
        Athlete athlete = athlete_unknown();
        athlete.heart_max = 188;
        Keeper keeper = keeper_new();
        keeper_open(&keeper);
        start_as(&keeper, &athlete, text);
        g_autofree char *laps = keeper_print(keeper_laps(&keeper, 1, NULL));
        cr_expect(strstr(laps, rows[i].kept) != NULL, "%s: %s", rows[i].target, laps);
        keeper_free(&keeper);
    }
}

// A run that nobody ended is ended from the journal.
Test(store, a_replay_asks_the_same_of_this_runner)
{
    Athlete athlete = athlete_unknown();
    athlete.race_count = 1;
    athlete.races[0] = (Race){5000, 1200.12345678, true, 20000};
    athlete.heart_rest = 48.5;
    athlete.heart_max = 187;
    athlete.goal_count = 1;
    athlete.goals[0] = (Race){METRES_MARATHON, 12345.678, true, 0};
    athlete = athlete_recorded(&athlete);
    static const char *const targets[] = {"T", "HR zone 3", "goal marathon pace - 2%"};
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autofree char *text = g_strdup_printf("Workout - X\n- 1km @ %s\n- 2km @ E\n", targets[i]);
        Keeper keeper = keeper_new();
        keeper_open(&keeper);
        start_as(&keeper, &athlete, text);
        g_autofree char *before = keeper_print(keeper_laps(&keeper, 1, NULL));
        keeper_close(&keeper);
        keeper_run(&keeper, "DELETE FROM laps;"
                            "UPDATE runs SET ended_by = NULL, last_seq = NULL, laps = NULL");
        keeper_open(&keeper);
        store_sitting_begin(keeper.store, keeper.at, "");
        keeper_settle(&keeper);
        g_autofree char *after = keeper_print(keeper_laps(&keeper, 1, NULL));
        cr_expect(strstr(before, "'quantity'") != NULL, "%s", before);
        expect_text(after, before);
        keeper_free(&keeper);
    }
}

static char *why_refused(const Keeper *keeper)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open(keeper->path, NULL, NULL, &error);
    cr_assert(store == NULL);
    cr_assert(g_error_matches(error, PACED_ERROR, PACED_ERROR_STORE));
    cr_expect(strstr(error->message, keeper->path) != NULL, "names the file: %s", error->message);
    return g_strdup(error->message);
}

Test(store, a_newer_file_is_refused_and_left_alone)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_to_the_end(&keeper);
    keeper_close(&keeper);
    keeper_run(&keeper, "PRAGMA user_version = 99");
    g_autofree char *why = why_refused(&keeper);
    cr_expect(strstr(why, "newer paced") && strstr(why, "99") && strstr(why, "update"), "%s", why);
    cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA user_version"), 99));
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM runs"), 1));
    keeper_free(&keeper);
}

Test(store, somebody_else_s_file_is_refused_and_left_alone)
{
    static const char letter[] = "Dear diary, today I ran eleven kilometres and lost my pen.";
    Keeper keeper = keeper_new();
    cr_assert(g_file_set_contents(keeper.path, letter, -1, NULL));
    g_autofree char *not_ours = why_refused(&keeper);
    cr_expect(strstr(not_ours, "is not a database") != NULL, "%s", not_ours);
    g_autofree char *content = NULL;
    cr_assert(g_file_get_contents(keeper.path, &content, NULL, NULL));
    expect_text(content, letter);
    g_remove(keeper.path);
    keeper_run(&keeper, "CREATE TABLE cookies(name)");
    g_autofree char *another = why_refused(&keeper);
    cr_expect(strstr(another, "another program") != NULL, "%s", another);
    keeper_free(&keeper);
}
