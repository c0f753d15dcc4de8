// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What runners told of themselves is there after a restart, also when the file comes late, was
// written by an older version, or was edited by hand.

#include "keeper.h"

static Athlete somebody(void)
{
    Athlete athlete = athlete_unknown();
    athlete.sex = SEX_FEMALE;
    athlete.age = 35;
    athlete.heart_rest = 48;
    athlete.threshold_mps = 1000.0 / 255;
    athlete.race_count = 2;
    athlete.races[0] = (Race){METRES_PER_MILE, 330.5, true, 20000};
    athlete.races[1] = (Race){10000, 2500, false, 0};
    athlete.goal_count = 1;
    athlete.goals[0] = (Race){METRES_MARATHON, 13500, true, 0};
    return athlete;
}

static void expect_kept(Keeper *keeper, const char *runner, const Athlete *expected)
{
    const Athlete kept = store_athlete(keeper->store, runner);
    cr_expect(athlete_same(&kept, expected), "%s", runner);
}

Test(store_athletes, each_runner_s_is_kept_and_replaced_as_a_whole)
{
    const Athlete first = somebody(), nobody = athlete_unknown();
    Athlete second = athlete_unknown();
    second.mass_kg = 70;
    second.critical_mps = 4.2;
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    expect_kept(&keeper, "anna", &nobody);
    store_athlete_put(keeper.store, "anna", &first);
    store_athlete_put(keeper.store, "bert", &first);
    store_athlete_put(keeper.store, "bert", &second);
    for (int life = 0; life < 2; life++) {
        expect_kept(&keeper, "anna", &first);
        expect_kept(&keeper, "bert", &second);
        keeper_close(&keeper);
        keeper_open(&keeper);
    }
    store_athlete_put(keeper.store, "anna", &nobody);
    keeper_close(&keeper);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM races"), 0));
    keeper_open(&keeper);
    expect_kept(&keeper, "anna", &nobody);
    expect_kept(&keeper, "bert", &second);
    keeper_free(&keeper);
}

Test(store_athletes, a_file_that_comes_late_does_not_undo_what_was_told_meanwhile, .timeout = 60)
{
    const Athlete first = somebody();
    Athlete second = athlete_unknown();
    second.age = 50;
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    store_athlete_put(keeper.store, "anna", &first);
    store_athlete_put(keeper.store, "bert", &first);
    keeper_close(&keeper);
    sqlite3 *other = keeper_visit(&keeper);
    visit_run(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    keeper_open(&keeper);
    keeper_wait(&keeper, STORE_DEGRADED);
    store_athlete_put(keeper.store, "bert", &second);
    sqlite3_close(other);
    keeper_wait(&keeper, STORE_READY);
    for (int life = 0; life < 2; life++) {
        expect_kept(&keeper, "anna", &first);
        expect_kept(&keeper, "bert", &second);
        keeper_close(&keeper);
        keeper_open(&keeper);
    }
    keeper_free(&keeper);
}

// Files can be edited: what a later version wrote does no harm, and who cannot be is left out.
Test(store_athletes, odd_rows)
{
    const Athlete first = somebody(), nobody = athlete_unknown();
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    store_athlete_put(keeper.store, "anna", &first);
    store_athlete_put(keeper.store, "bert", &first);
    store_athlete_put(keeper.store, "carl", &first);
    keeper_close(&keeper);
    keeper_run(&keeper, "INSERT INTO athletes VALUES('anna', 'shoe-size', 42);"
                        "UPDATE athletes SET value = 900 WHERE runner = 'bert' AND key = 'age';"
                        "UPDATE races SET time_s = 200 WHERE runner = 'carl';"
                        "INSERT INTO races VALUES('dora', 1, 5000, 1300, 1, 0, 1),"
                        " ('dora', 2, 1500, 400, 1, 0, 1), ('dora', 3, 10000, 3000, 1, 0, 1),"
                        " ('dora', 4, 3000, 800, 1, 0, 1)");
    keeper_open(&keeper);
    expect_kept(&keeper, "anna", &first);
    expect_kept(&keeper, "bert", &nobody);
    expect_kept(&keeper, "carl", &nobody);
    cr_expect(eq(sz, store_athlete(keeper.store, "dora").goal_count, GOALS_MAX));
    keeper_free(&keeper);
}
