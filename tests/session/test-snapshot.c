// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a session shows of effort and load while a plan is run, and when it shows nothing.

#include "session/session.h"

#include "codec/hrs.h"
#include "codec/rscs.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static Session *session;
static Effects effects;
static double now_s;

static void begin(void)
{
    session = session_new(&SESSION_CONFIG_DEFAULT);
    now_s = 0;
}

static void end(void)
{
    session_free(session);
}

TestSuite(snapshot, .init = begin, .fini = end);

static void handle(Event event)
{
    event.at = usec_from_s(now_s);
    session_handle(session, &event, &effects);
}

static void tell_athlete(void)
{
    Event event = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.sex = SEX_MALE;
    event.athlete.heart_rest = 50;
    event.athlete.heart_max = 190;
    event.athlete.critical_mps = 4;
    event.athlete.d_prime_m = 200;
    event.athlete.threshold_mps = 3.9;
    handle(event);
}

static const RunSummary *done(void)
{
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == EFFECT_DONE)
            return &effects.items[i].summary;
    return NULL;
}

static void command(CommandVerb verb, const char *text)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.text = text;
    event.command.length = text ? strlen(text) : 0;
    handle(event);
}

// Seconds of a pod and a strap; NAN for one that is silent.
static void run(double seconds, double mps, double bpm)
{
    for (double left = seconds; left > 0; left--) {
        now_s++;
        Event event = {.kind = EVENT_NOTIFY, .notify = {.sensor = 1, .characteristic = 0x2a53}};
        RscsMeasurement pod = {.cadence = 170, .running = true};
        if (!isnan(mps)) {
            pod.speed_256 = (uint16_t)lround(mps * 256);
            event.notify.length = (uint8_t)rscs_encode(&pod, event.notify.bytes, NOTIFY_BYTES_MAX);
            handle(event);
        }
        event = (Event){.kind = EVENT_NOTIFY, .notify = {.characteristic = 0x2a37}};
        HrsMeasurement strap = {.contact = HRS_CONTACT_OK};
        if (!isnan(bpm)) {
            strap.heart_rate = (uint16_t)lround(bpm);
            event.notify.length = (uint8_t)hrs_encode(&strap, event.notify.bytes, NOTIFY_BYTES_MAX);
            handle(event);
        }
        if (isnan(mps) && isnan(bpm))
            handle((Event){.kind = EVENT_TIME});
    }
}

static const Snapshot *shown(void)
{
    return session_snapshot(session);
}

Test(snapshot, without_an_athlete_effort_and_load_are_openly_unknown)
{
    command(COMMAND_START, NULL);
    run(300, 3.5, 150);
    cr_expect(isnan(shown()->effort.effort.value));
    cr_expect(isnan(shown()->effort.d_prime_balance.value) && isnan(shown()->trimp.value) &&
              isnan(shown()->rtss.value));
    cr_expect(strcmp(shown()->heart_zone, "") == 0);
    command(COMMAND_STOP, NULL);
    cr_assert(done() != NULL);
    cr_expect(isnan(done()->load.trimp) && isnan(done()->load.rtss) &&
              isnan(done()->load.decoupling_percent));
}

Test(snapshot, a_repetition_is_hard_at_once_and_its_rest_is_not)
{
    tell_athlete();
    command(COMMAND_START, "Workout - R\n- 10min @ 5'30''/km\n- 6 lots of:\n- 3min @ 4'00''/km\n"
                           "- 2min rest\n");
    run(600, 3.0, 138);
    const double easy = shown()->effort.effort.value;
    cr_expect(lt(dbl, easy, 4));
    double last = 0, balance = shown()->effort.d_prime_balance.value;
    for (int repetition = 1; repetition <= 6; repetition++) {
        run(15, 4.2, 140);
        cr_expect(gt(dbl, shown()->effort.effort.value, easy + 2.5), "repetition %d", repetition);
        run(160, 4.2, 172);
        cr_expect(lt(dbl, shown()->effort.d_prime_balance.value, balance - 20));
        if (repetition > 4)
            cr_expect(gt(dbl, shown()->effort.effort.value, last + 0.3));
        last = shown()->effort.effort.value;
        run(125, 1.4, 140);
        cr_expect(lt(dbl, shown()->effort.effort.value, easy + 1));
        balance = shown()->effort.d_prime_balance.value;
        cr_expect(gt(dbl, shown()->effort.d_prime_sd, 20));
    }
}

Test(snapshot, load_is_that_of_the_run_without_its_pauses)
{
    tell_athlete();
    run(300, 3.9, 170); // before it: not part of it
    cr_expect(isnan(shown()->trimp.value));
    command(COMMAND_START, NULL);
    run(600, 3.9, 150);
    const double minute = 108.095359 / 60; // a minute at 150 of 50 … 190
    cr_expect(epsilon_eq(dbl, shown()->trimp.value, 10 * minute, 0.1));
    cr_expect(epsilon_eq(dbl, shown()->rtss.value, 100.0 / 6, 0.2)); // at threshold
    command(COMMAND_PAUSE, NULL);
    run(300, 3.9, 150);
    cr_expect(epsilon_eq(dbl, shown()->trimp.value, 10 * minute, 0.1));
    command(COMMAND_RESUME, NULL);
    run(600, 3.9, NAN); // the strap is gone: what is not known counts for nothing, and is told
    cr_expect(epsilon_eq(dbl, shown()->trimp.value, 10 * minute, 0.2));
    cr_expect(epsilon_eq(dbl, shown()->trimp.confidence, 0.5, 0.01));
    cr_expect(epsilon_eq(dbl, shown()->rtss.confidence, 1, 0.01));
    command(COMMAND_STOP, NULL);
    cr_assert(done() != NULL);
    cr_expect(epsilon_eq(dbl, done()->load.trimp, 10 * minute, 0.2));
    cr_expect(epsilon_eq(dbl, done()->load.rtss, 100.0 / 3, 0.2));
    cr_expect(isnan(shown()->trimp.value));
    command(COMMAND_START, NULL);
    run(60, 3.9, 150);
    cr_expect(epsilon_eq(dbl, shown()->trimp.value, minute, 0.1));
}

Test(snapshot, a_steady_hour_shows_how_far_heart_and_speed_came_apart)
{
    tell_athlete();
    command(COMMAND_START, NULL);
    run(600, 3.0, 130);
    run(1500, 3.5, 145);
    cr_expect(epsilon_eq(dbl, shown()->decoupling.value, 0, 0.5));
    run(1500, 3.45, 151);
    cr_expect(epsilon_eq(dbl, shown()->decoupling.value, 5.3453, 0.4));
    cr_expect(eq(int, shown()->decoupling.source, SOURCE_FUSED));
}

Test(snapshot, zones_and_balance_come_when_the_athlete_is_told_in_mid_run)
{
    command(COMMAND_START, NULL);
    run(30, 3.5, 150);
    cr_expect(strcmp(shown()->heart_zone, "") == 0);
    tell_athlete();
    run(1, 3.5, 150);
    cr_expect(strcmp(shown()->heart_zone, "4") == 0); // 71 % of the reserve
    cr_expect(epsilon_eq(dbl, shown()->effort.d_prime_balance.value, 200, 1e-6));
    cr_expect(gt(dbl, shown()->effort.effort.confidence, 0.3));
}
