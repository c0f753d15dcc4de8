// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Known distances in a run, as a runner meets them: laps of a track, the distance that is known
// afterwards, and second thoughts about either. The pod sees 4 % too little.

#include "codec/rscs.h"
#include "session/session.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define TRUE_SPEED 3.5
#define POD_SEES   (TRUE_SPEED / 1.04)

static Session *session;
static Effects effects;
static double now, corrected; // s; of the latest EFFECT_CORRECTED, 0 before
static char said[4000];       // all cues
static RunSummary summary;

static void handle(Event event)
{
    event.at = usec_from_s(now);
    session_handle(session, &event, &effects);
    for (size_t i = 0; i < effects.count; i++) {
        const Effect *effect = &effects.items[i];
        if (effect->kind == EFFECT_SAY) {
            const Event done = {
                .at = event.at, .kind = EVENT_VOICE, .voice = {VOICE_DONE, effect->cue.id, 0}};
            strncat(said, effect->cue.text, sizeof said - strlen(said) - 1);
            strncat(said, "|", sizeof said - strlen(said) - 1);
            Effects more;
            session_handle(session, &done, &more);
        }
        if (effect->kind == EFFECT_CORRECTED)
            corrected = effect->corrected_m;
        if (effect->kind == EFFECT_DONE)
            summary = effect->summary;
    }
}

static void new_session(void)
{
    session = session_new(&SESSION_CONFIG_DEFAULT);
    now = 100;
    corrected = 0;
    said[0] = '\0';
    handle((Event){.kind = EVENT_LINK, .link = {0, true}});
}

static void end_session(void)
{
    session_free(session);
}

TestSuite(marks, .init = new_session, .fini = end_session);

static AnswerReason command(CommandVerb verb, double metres)
{
    handle((Event){.kind = EVENT_COMMAND, .command = {.verb = verb, .number = metres}});
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == EFFECT_ANSWER)
            return effects.items[i].answer.reason;
    cr_fatal("no answer");
}

// Two packets a second for `seconds` at a true speed.
static void run(double seconds, double speed)
{
    const double until = now + seconds;
    for (; now < until - 1e-6; now += fmin(0.5, until - now)) {
        Event event = {.kind = EVENT_NOTIFY, .notify = {.characteristic = 0x2a53}};
        const RscsMeasurement measurement = {
            .speed_256 = (uint16_t)lround(speed / 1.04 * 256),
            .cadence = speed > 1 ? 86 : 0,
        };
        event.notify.length =
            (uint8_t)rscs_encode(&measurement, event.notify.bytes, NOTIFY_BYTES_MAX);
        handle(event);
        handle((Event){.kind = EVENT_TIME});
    }
}

static void run_m(double metres)
{
    run(metres / TRUE_SPEED, TRUE_SPEED);
}

static double speed(void)
{
    return session_snapshot(session)->speed.value;
}

Test(marks, two_laps_of_a_track_put_a_pod_right)
{
    cr_expect(eq(int, command(COMMAND_TRACK, 400), REASON_OK));
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(400);
    command(COMMAND_LAP, 0);
    run_m(400);
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.005));
    cr_expect(strstr(said, "Snapped to four hundred|") != NULL, "%s", said);
    cr_expect(strstr(said, "Snapped to eight hundred|") != NULL, "%s", said);
    run_m(400 - 5 * TRUE_SPEED);
    command(COMMAND_STOP, 0);
    cr_expect(epsilon_eq(dbl, summary.corrected_m, 1200, 3));
    cr_expect(epsilon_eq(dbl, summary.distance_m, 1200 - 16, 4), "what was given out stays");
}

// To the track first, and a press at its line; then one that is just for the time of a friend.
Test(marks, a_press_that_fits_nothing_says_where_the_line_is)
{
    command(COMMAND_TRACK, 400);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(1800);
    command(COMMAND_LAP, 0);
    cr_expect(eq(dbl, corrected, 0));
    run_m(400);
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.005));
    run_m(250);
    const double right = speed();
    command(COMMAND_LAP, 0);
    cr_expect(epsilon_eq(dbl, speed(), right, 1e-6));
    cr_expect(strstr(said, "to eight hundred") == NULL, "%s", said);
}

// Fourteen laps and a half are about fourteen, by a pod that sees so little.
Test(marks, after_many_laps_a_pod_that_is_not_known_cannot_say_which_it_was)
{
    command(COMMAND_TRACK, 400);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(5800);
    command(COMMAND_LAP, 0);
    cr_expect(strstr(said, "napped") == NULL, "%s", said);
    run_m(400);
    command(COMMAND_LAP, 0);
    run_m(5600);
    command(COMMAND_LAP, 0);
    cr_expect(strstr(said, "Snapped to six thousand|") != NULL, "by now it is known: %s", said);
}

Test(marks, without_a_track_a_press_is_only_a_press)
{
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(400);
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
    command(COMMAND_STOP, 0);
    cr_expect(isnan(summary.corrected_m));
    cr_expect(strstr(said, "napped") == NULL, "%s", said);
}

Test(marks, that_was_five_kilometres_puts_a_pod_right_afterwards)
{
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(5000);
    command(COMMAND_STOP, 0);
    cr_expect(isnan(summary.corrected_m));
    run(30, 1.2); // home, and there the shoes come off
    now += 1200;
    cr_expect(eq(int, command(COMMAND_DISTANCE, 5000), REASON_OK));
    cr_expect(eq(dbl, corrected, 5000));
    cr_expect(eq(int, command(COMMAND_DISTANCE, 5010), REASON_OK), "said better");
    cr_expect(eq(dbl, corrected, 5010));
    cr_expect(eq(int, command(COMMAND_DISTANCE, 4000), REASON_TOO_FAR));
    run(20, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.005));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_OK));
    cr_expect(isnan(corrected));
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_NOTHING_TO_UNDO));
}

Test(marks, what_cannot_be_is_refused_with_the_reason)
{
    cr_expect(eq(int, command(COMMAND_DISTANCE, 5000), REASON_NO_RUN));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_NOTHING_TO_UNDO));
    static const double lengths[] = {0, -1, 2e6, NAN};
    for (size_t i = 0; i < 4; i++)
        cr_expect(eq(int, command(COMMAND_DISTANCE, lengths[i]), REASON_BAD_LENGTH));
    cr_expect(eq(int, command(COMMAND_TRACK, 10), REASON_BAD_LENGTH));
    cr_expect(eq(int, command(COMMAND_TRACK, NAN), REASON_BAD_LENGTH));
    cr_expect(eq(int, command(COMMAND_TRACK, 0), REASON_OK));
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(2000);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 2000), REASON_MOVING));
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 2000), REASON_OK), "the press is meant");
    run(300, TRUE_SPEED);
    run(10, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 2000 + 305 * TRUE_SPEED), REASON_OK));
    command(COMMAND_STOP, 0);
    cr_expect(epsilon_eq(dbl, summary.corrected_m, 2000 + 305 * TRUE_SPEED, 2));
    now += 1801;
    cr_expect(eq(int, command(COMMAND_DISTANCE, 3000), REASON_NO_RUN), "who knows by then");
}

Test(marks, a_lap_that_was_none_can_be_taken_back)
{
    command(COMMAND_TRACK, 400);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(385 * 1.04);
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_OK));
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
    command(COMMAND_STOP, 0);
    cr_expect(isnan(summary.corrected_m));
}

// What is run after a distance was said is added to it, whatever was pressed meanwhile.
Test(marks, a_run_goes_on_from_what_was_said_of_it)
{
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(2000);
    run(5, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 2000), REASON_OK));
    run_m(1000);
    command(COMMAND_LAP, 0);
    run_m(500);
    command(COMMAND_STOP, 0);
    cr_expect(epsilon_eq(dbl, summary.corrected_m, 3500, 5));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_OK));
    cr_expect(isnan(corrected));
}

// Two places at two paces say more than the second alone.
Test(marks, two_sayings_of_two_places_both_count)
{
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(2000);
    run(5, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 2000), REASON_OK));
    const double once = session_known(session, 0).scales[SURFACE_GROUND].scale;
    run_m(3000);
    run(5, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 4995), REASON_OK));
    cr_expect(eq(int, command(COMMAND_DISTANCE, 5000), REASON_OK), "of the same place");
    cr_expect(eq(dbl, corrected, 5000));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_OK));
    cr_expect(epsilon_eq(dbl, session_known(session, 0).scales[SURFACE_GROUND].scale, once, 1e-6));
    cr_expect(epsilon_eq(dbl, corrected, 5000, 5), "the first still holds");
}

// Nobody knows what the pod missed, so its metres cannot be compared; the run's can be told.
Test(marks, a_run_that_was_not_measured_all_the_way_is_corrected_alone)
{
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(2000);
    now += 120;
    run_m(2000);
    command(COMMAND_STOP, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 4400), REASON_OK));
    cr_expect(eq(dbl, corrected, 4400));
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
}

// Who pauses to drink and comes back to his place has not run that way.
Test(marks, what_was_walked_in_a_pause_is_no_part_of_a_lap)
{
    command(COMMAND_TRACK, 400);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(200);
    command(COMMAND_PAUSE, 0);
    run(20, 1.2);
    command(COMMAND_RESUME, 0);
    run_m(200);
    command(COMMAND_LAP, 0);
    run(5, TRUE_SPEED);
    cr_expect(strstr(said, "napped") == NULL, "%s", said);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
}

// The pod slept through the first half hour: what it measured is no bound for what was run, but a
// runner's legs are.
Test(marks, a_run_that_a_pod_slept_through_can_be_told_in_full)
{
    command(COMMAND_START, 0);
    now += 1800;
    run(600, TRUE_SPEED);
    command(COMMAND_STOP, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 1400), REASON_TOO_FAR), "less than was measured");
    cr_expect(eq(int, command(COMMAND_DISTANCE, 50000), REASON_TOO_FAR), "nobody runs so fast");
    cr_expect(eq(int, command(COMMAND_DISTANCE, 8000), REASON_OK));
    cr_expect(eq(dbl, corrected, 8000));
    run(5, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed(), POD_SEES, 0.02));
}

Test(marks, a_run_without_a_pod_can_be_told_as_well)
{
    command(COMMAND_START, 0);
    now += 1500;
    command(COMMAND_STOP, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 5000), REASON_OK));
    cr_expect(eq(dbl, corrected, 5000));
    cr_expect(eq(int, command(COMMAND_UNDO, 0), REASON_OK));
    cr_expect(isnan(corrected));
}

// One that falls silent as its runner stands, and is still silent as the next run is begun.
Test(marks, a_second_run_with_a_pod_that_sleeps_between_is_measured_from_its_own_start)
{
    Event event = {.kind = EVENT_SENSOR};
    event.sensor.profile = sensor_profile_default(0);
    event.sensor.profile.on_stop = ON_STOP_SILENT;
    handle(event);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(1000);
    command(COMMAND_STOP, 0);
    now += 300;
    command(COMMAND_START, 0);
    now += 3;
    run_m(3000);
    command(COMMAND_STOP, 0);
    cr_expect(eq(int, command(COMMAND_DISTANCE, 3000), REASON_OK));
    run(10, TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.01));
}

// What its make says is told again as a press is taken back; that is no news.
Test(marks, a_press_that_was_taken_back_leaves_the_line_where_it_was)
{
    Event makers = {.kind = EVENT_SENSOR}, learnt = makers;
    makers.sensor.profile = sensor_profile_default(0);
    makers.sensor.profile.known.scales[SURFACE_GROUND] = scale_unknown(0.02);
    handle(makers);
    command(COMMAND_TRACK, 400);
    run(10, TRUE_SPEED);
    command(COMMAND_START, 0);
    run_m(5800);
    command(COMMAND_LAP, 0);
    run_m(400);
    command(COMMAND_LAP, 0);
    learnt.sensor.profile = makers.sensor.profile;
    learnt.sensor.profile.known = session_known(session, 0);
    handle(learnt);
    command(COMMAND_UNDO, 0);
    handle(makers);
    run_m(400);
    command(COMMAND_LAP, 0);
    cr_expect(strstr(said, "Snapped to eight hundred|") != NULL, "%s", said);
}
