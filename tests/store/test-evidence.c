// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What proposals are made from is there after a restart and after a kill, and what was answered is
// not asked again.

#include "keeper.h"

#include <time.h>

static Evidence *read_evidence(Keeper *keeper, const char *runner)
{
    g_autoptr(GError) error = NULL;
    GAsyncResult *result = NULL;
    store_evidence(keeper->store, runner, NULL, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    Evidence *evidence = store_evidence_finish(keeper->store, result, &error);
    cr_assert(evidence != NULL, "%s", error ? error->message : "");
    g_object_unref(result);
    return evidence;
}

static Stretch *read_stretch(Keeper *keeper, gint64 run, guint lap, GError **error)
{
    GAsyncResult *result = NULL;
    store_stretch(keeper->store, run, lap, NULL, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    Stretch *stretch = store_stretch_finish(keeper->store, result, error);
    g_object_unref(result);
    return stretch;
}

static void know_runner(Keeper *keeper)
{
    Event event = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.heart_rest = 50;
    event.athlete.heart_max = 190;
    event.athlete.threshold_mps = 4;
    keeper_handle(keeper, event);
    event = (Event){.kind = EVENT_SENSOR, .sensor = {.sensor = 1}};
    event.sensor.profile.services = SERVICE_STRIDE;
    event.sensor.profile.known.scales[0] = (ScaleKnown){1, 0, 0.005, 0.002, 0, true};
    keeper_handle(keeper, event);
}

// Ten minutes, of which a kilometre is all out.
#define TRIAL "Workout - Trial\n- 120s @ 6'00''/km\n- 1km @ max\n- 60s walk\n"

static void run_trial(Keeper *keeper)
{
    keeper_begin(keeper);
    know_runner(keeper);
    keeper_seconds(keeper, 10);
    keeper_command(keeper, COMMAND_START, TRIAL);
    keeper_seconds(keeper, 470);
}

static void expect_trial(Keeper *keeper)
{
    g_autoptr(Evidence) evidence = read_evidence(keeper, "me");
    cr_assert(eq(u32, evidence->runs->len, 1));
    const KeptRun *run = &g_array_index(evidence->runs, KeptRun, 0);
    // The keeper's clock begins with the machine's: it ran just after the boot.
    struct timespec up;
    clock_gettime(CLOCK_BOOTTIME, &up);
    const gint64 age = g_get_real_time() - run->started, boot = up.tv_sec * (gint64)USEC_PER_SEC;
    cr_expect(age >= 0 && age < boot + EVIDENCE_DAY);
    cr_expect(eq(i32, run->outcome.day, (int32_t)(run->started / EVIDENCE_DAY)));
    cr_expect(run->trimp > 5 && run->trimp < 40, "%f", run->trimp);
    cr_expect(run->rtss > 5 && run->rtss < 20, "%f", run->rtss);
    cr_expect(run->duration_s > 400);
    cr_expect(isnan(run->outcome.faster) && !run->outcome.clean, "there was no set");
    cr_assert(eq(u32, evidence->trials->len, 1));
    const KeptTrial *trial = &g_array_index(evidence->trials, KeptTrial, 0);
    cr_expect(eq(i64, trial->run, 1));
    cr_expect(epsilon_eq(dbl, trial->race.distance_m, 1000, 1e-6));
    cr_expect(epsilon_eq(dbl, trial->race.time_s, 1000 / 3.5, 2));
    cr_expect(trial->race.maximal);
    cr_expect(eq(i32, trial->race.day, run->outcome.day));
}

Test(store_evidence, a_run_and_its_trial_are_kept_until_they_are_answered)
{
    const ProposalAnswer answer = {20000, -0.5};
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_trial(&keeper);
    for (int life = 0; life < 2; life++) {
        expect_trial(&keeper);
        keeper_close(&keeper);
        keeper_open(&keeper);
    }
    char *runs = keeper_print(keeper_runs(&keeper, 1, NULL));
    cr_expect(strstr(runs, "'trimp': <") && strstr(runs, "'rtss': <"), "%s", runs);
    g_free(runs);
    store_answer_put(keeper.store, "me", "adopt", &answer);
    g_autoptr(Evidence) answered = read_evidence(&keeper, "me");
    cr_expect(eq(u32, answered->trials->len, 0));
    cr_assert(eq(u32, answered->answers->len, 1));
    cr_expect(eq(i32, g_array_index(answered->answers, ProposalAnswer, 0).day, 20000));
    cr_expect(eq(dbl, g_array_index(answered->answers, ProposalAnswer, 0).change, -0.5));
    // What is called a race afterwards is asked about again.
    store_trial_put(keeper.store, 1, &(Race){5000, 1200, false, 0});
    g_autoptr(Evidence) called = read_evidence(&keeper, "me");
    cr_assert(eq(u32, called->trials->len, 1));
    const KeptTrial *trial = &g_array_index(called->trials, KeptTrial, 0);
    cr_expect(not(trial->race.maximal));
    keeper_free(&keeper);
}

Test(store_evidence, a_run_that_a_kill_ended_is_anybody_s)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_trial(&keeper);
    keeper_settle(&keeper);
    keeper_close(&keeper);
    keeper_run(&keeper, "UPDATE runs SET ended_by = NULL, last_seq = NULL; DELETE FROM trials");
    keeper_open(&keeper);
    keeper_settle(&keeper);
    expect_trial(&keeper);
    keeper_free(&keeper);
}

Test(store_evidence, another_runner_s_are_his_own)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_trial(&keeper);
    g_autoptr(Evidence) evidence = read_evidence(&keeper, "bert");
    cr_expect(eq(u32, evidence->runs->len, 0));
    cr_expect(eq(u32, evidence->trials->len, 0));
    keeper_free(&keeper);
}

Test(store_evidence, no_further_back_than_the_first_run_that_is_too_old)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_trial(&keeper);
    keeper_close(&keeper);
    keeper_run(&keeper,
               "INSERT INTO runs SELECT 2, sitting, first_seq, last_seq, workout, name, started,"
               " duration_s, elapsed_s, distance_m, heart_rate, laps, completed, ended_by,"
               " corrected_m, runner, trimp, rtss, clean, faster, stopped FROM runs;"
               "UPDATE runs SET started = started - 29 * 86400 * 1000000 WHERE run = 1;"
               "INSERT INTO runs SELECT 0, sitting, first_seq, last_seq, workout, name, started,"
               " duration_s, elapsed_s, distance_m, heart_rate, laps, completed, ended_by,"
               " corrected_m, runner, trimp, rtss, clean, faster, stopped FROM runs WHERE run = 1");
    keeper_open(&keeper);
    g_autoptr(Evidence) evidence = read_evidence(&keeper, "me");
    cr_expect(eq(u32, evidence->runs->len, 2));
    keeper_free(&keeper);
}

Test(store_evidence, a_stretch_has_a_distance_where_one_is_known)
{
    g_autoptr(GError) error = NULL;
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    run_trial(&keeper);
    Stretch *stretch = read_stretch(&keeper, 1, 2, NULL);
    cr_assert(stretch != NULL);
    cr_expect(isnan(stretch->distance_m));
    cr_expect(epsilon_eq(dbl, stretch->time_s, 1000 / 3.5, 2));
    g_free(stretch);
    keeper_close(&keeper);
    keeper_run(&keeper, "UPDATE runs SET corrected_m = distance_m * 1.02");
    keeper_open(&keeper);
    stretch = read_stretch(&keeper, 1, 2, NULL);
    cr_expect(epsilon_eq(dbl, stretch->distance_m, 1020, 1e-6));
    g_free(stretch);
    stretch = read_stretch(&keeper, 1, 0, NULL);
    cr_expect(stretch->distance_m > 1500 && stretch->time_s > 400);
    g_free(stretch);
    cr_expect(read_stretch(&keeper, 1, 9, &error) == NULL);
    cr_expect(error && strstr(error->message, "There is no run 1 with such a lap"));
    g_clear_error(&error);
    cr_expect(read_stretch(&keeper, 7, 0, &error) == NULL);
    keeper_free(&keeper);
}
