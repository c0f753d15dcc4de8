// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Files that older daemons wrote, each by itself (old/make.py), are brought up to date: nothing
// that was kept is lost, the run that was cut can be gone on with, and new ones are kept.

#include "keeper.h"

#define NEWEST 8

static const Race told_race = {5000, 1200, true, 20513};

static void check_sensors(const Keeper *keeper)
{
    static const char *const names[] = {"Sim Pod", "Sim Strap"};
    g_autoptr(GPtrArray) sensors = store_sensors(keeper->store);
    cr_assert(eq(sz, sensors->len, 2));
    for (guint i = 0; i < sensors->len; i++) {
        const EnrolledSensor *sensor = sensors->pdata[i];
        cr_expect(eq(int, sensor->slot, (int)i));
        expect_text(sensor->name, names[i]);
    }
}

// Version 4 was the first to know of runners, and 5 of goals.
static void check_athlete(const Keeper *keeper, int version)
{
    const Athlete athlete = store_athlete(keeper->store, "me");
    cr_expect(eq(sz, athlete.goal_count, 0));
    if (version < 4) {
        cr_expect(athlete_is_unknown(&athlete));
        return;
    }
    cr_expect(athlete.sex == SEX_FEMALE && athlete.heart_max == 187 && athlete.heart_rest == 48);
    cr_assert(eq(sz, athlete.race_count, 1));
    cr_expect(athlete.races[0].time_s == told_race.time_s && athlete.races[0].maximal);
    cr_expect(eq(int, athlete.races[0].day, told_race.day));
}

static void check_runs(Keeper *keeper, int version)
{
    g_autofree char *runs = keeper_print(keeper_runs(keeper, 5, NULL));
    g_autofree char *laps = keeper_print(keeper_laps(keeper, 1, NULL));
    cr_expect(strstr(runs, "'workout': <'Old'>") && strstr(runs, "'ended-by': <'plan'>"), "%s",
              runs);
    cr_expect(strstr(runs, "'workout': <'Cut'>") && strstr(runs, "'ended-by': <'crash'>"), "%s",
              runs);
    const gboolean loads = strstr(runs, "'trimp': <0.06") != NULL;
    cr_expect(eq(int, loads, version >= 6), "%s", runs);
    cr_expect(eq(i64, keeper_int(keeper, "SELECT laps FROM runs WHERE run = 1"), 4));
    cr_expect(eq(i64, keeper_int(keeper, "SELECT round(distance_m) FROM runs WHERE run = 1"),
                 keeper_int(keeper, "SELECT round(sum(distance_m)) FROM laps WHERE run = 1")));
    cr_expect(strstr(laps, "'kind': <'work'>, 'outcome': <'completed'>, 'duration': <4.0>") != NULL,
              "%s", laps);
    cr_expect(strstr(laps, "'target-speed': <3.33333333333333") != NULL, "%s", laps);
    cr_expect(gt(i64, keeper_int(keeper, "SELECT round(duration_s) FROM runs WHERE run = 2"), 2));
}

// What it could not hold yet, it holds now.
static void check_later(Keeper *keeper)
{
    Athlete athlete = store_athlete(keeper->store, "me");
    athlete.goals[athlete.goal_count++] = (Race){METRES_MARATHON, 12345, true, 0};
    store_athlete_put(keeper->store, "me", &athlete);
    store_trial_put(keeper->store, 1, &told_race);
    keeper->at += 3600 * USEC_PER_SEC;
    keeper_begin(keeper);
    keeper_command(keeper, COMMAND_START, NULL);
    keeper_seconds(keeper, 10);
    keeper_command(keeper, COMMAND_STOP, NULL);
    keeper_close(keeper);
    keeper_open(keeper);
    cr_expect(eq(sz, store_athlete(keeper->store, "me").goal_count, 1));
    cr_expect(eq(i64, keeper_int(keeper, "SELECT count(*) FROM trials"), 1));
    cr_expect(eq(i64, keeper_int(keeper, "SELECT count(*) FROM runs WHERE ended_by = 'stop'"), 1));
}

Test(store_old, files_of_every_older_version_are_brought_up_to_date)
{
    for (int version = 1; version <= NEWEST; version++) {
        Keeper keeper = keeper_new();
        keeper_old(&keeper, version);
        const gint64 events = keeper_int(&keeper, "SELECT count(*) FROM events");
        cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA user_version"), version));
        keeper_open(&keeper);
        cr_assert(eq(int, store_status(keeper.store).state, STORE_READY), "%d", version);
        cr_expect(store_interrupted(keeper.store) && store_interrupted(keeper.store)->run == 2,
                  "%d: the run that was cut", version);
        keeper_settle(&keeper);
        cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), events), "%d",
                  version);
        cr_expect(eq(i64, keeper_int(&keeper, "PRAGMA user_version"), NEWEST),
                  "a new schema wants the daemon's file of the one before: old/make.py");
        check_sensors(&keeper);
        check_athlete(&keeper, version);
        check_runs(&keeper, version);
        check_later(&keeper);
        keeper_free(&keeper);
    }
}
