// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The session's contract, clause by clause, and what a runner would notice if it broke. Whole
// workouts are in tests/scenarios.

#include "codec/hrs.h"
#include "codec/rscs.h"
#include "session/session.h"
#include "sim/virtual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SEC(s) ((Usec)((s)*1e6))

// The linker sends the core's allocations here (--wrap): the contract allows none after
// session_new().
static size_t allocations;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

static Effects effects;

static void handle(Session *session, Event event)
{
    session_handle(session, &event, &effects);
}

static void pass(Session *session, double at)
{
    handle(session, (Event){.at = SEC(at), .kind = EVENT_TIME});
}

static void notify_hrs(Session *session, double at, uint16_t bpm)
{
    Event event = {.at = SEC(at), .kind = EVENT_NOTIFY, .notify = {.characteristic = 0x2a37}};
    HrsMeasurement measurement = {.heart_rate = bpm, .contact = HRS_CONTACT_OK};
    event.notify.length = (uint8_t)hrs_encode(&measurement, event.notify.bytes, NOTIFY_BYTES_MAX);
    handle(session, event);
}

static void notify_rscs(Session *session, double at, double mps)
{
    Event event = {
        .at = SEC(at), .kind = EVENT_NOTIFY, .notify = {.sensor = 1, .characteristic = 0x2a53}};
    RscsMeasurement measurement = {
        .speed_256 = (uint16_t)lround(mps * 256), .cadence = 176, .running = true};
    event.notify.length = (uint8_t)rscs_encode(&measurement, event.notify.bytes, NOTIFY_BYTES_MAX);
    handle(session, event);
}

static AnswerReason command(Session *session, double at, CommandVerb verb, const char *text)
{
    static uint32_t id;
    Event event = {.at = SEC(at), .kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.id = ++id;
    event.command.text = text;
    event.command.length = text ? strlen(text) : 0;
    handle(session, event);
    size_t answers = 0;
    AnswerReason reason = REASON_OK;
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == EFFECT_ANSWER) {
            answers++;
            cr_expect(eq(u32, effects.items[i].answer.id, id));
            cr_expect(eq(int, effects.items[i].answer.verb, verb));
            reason = effects.items[i].answer.reason;
        }
    cr_expect(eq(sz, answers, 1), "one answer for %s", command_verb_name(verb));
    return reason;
}

static const Effect *effect_of(EffectKind kind)
{
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == kind)
            return &effects.items[i];
    return NULL;
}

#define SHORT_WORKOUT                                                                              \
    "Workout - Short\n- 60s @ 5'00''/km\n- 2 lots of:\n- 30s @ 4'00''/km\n- 30s rest\n- 60s @ "    \
    "6'00''/km\n"
#define METRES_WORKOUT "Workout - Metres\n- 400m @ 4'10''/km\n- 60s rest\n- 200m @ 4'10''/km\n"

Test(session, time_that_runs_backwards_is_clamped_and_counted)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    notify_hrs(session, 10, 140);
    notify_hrs(session, 4, 141);
    cr_expect(eq(u32, session_snapshot(session)->clamped, 1));
    cr_expect(eq(i64, session_snapshot(session)->at, SEC(10)));
    cr_expect(session_deadline(session) >= SEC(10));
    session_free(session);
}

Test(session, commands_are_refused_with_the_reason_that_fits)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    static const CommandVerb steering[] = {COMMAND_PAUSE, COMMAND_RESUME, COMMAND_LAP, COMMAND_SKIP,
                                           COMMAND_STOP};
    for (size_t i = 0; i < sizeof steering / sizeof *steering; i++)
        cr_expect(eq(int, command(session, 1, steering[i], NULL), REASON_NOT_RUNNING));
    cr_expect(eq(int, command(session, 2, COMMAND_START, SHORT_WORKOUT), REASON_OK));
    cr_expect(eq(int, command(session, 3, COMMAND_START, SHORT_WORKOUT), REASON_ALREADY_RUNNING));
    cr_expect(eq(int, command(session, 4, COMMAND_RESUME, NULL), REASON_NOT_PAUSED));
    cr_expect(eq(int, command(session, 5, COMMAND_PAUSE, NULL), REASON_OK));
    cr_expect(eq(int, command(session, 6, COMMAND_PAUSE, NULL), REASON_ALREADY_PAUSED));
    cr_expect(eq(int, command(session, 7, COMMAND_LAP, NULL), REASON_ALREADY_PAUSED));
    cr_expect(eq(int, command(session, 8, COMMAND_RESUME, NULL), REASON_OK));
    cr_expect(eq(int, command(session, 9, COMMAND_LAP, NULL), REASON_OK));
    cr_expect(eq(int, command(session, 10, COMMAND_STOP, NULL), REASON_OK));
    cr_expect(eq(int, command(session, 11, COMMAND_STOP, NULL), REASON_NOT_RUNNING));
    session_free(session);
}

Test(session, a_broken_text_is_refused_with_its_place_and_starts_nothing)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_expect(eq(int, command(session, 1, COMMAND_START, "Workout - X\n- 10min @ 5'00''/furlong\n"),
                 REASON_BAD_TEXT));
    TextError error = effect_of(EFFECT_ANSWER)->answer.error;
    cr_expect(eq(u32, error.line, 2));
    cr_expect(error.column > 1);
    cr_expect(strlen(error.text) > 0);
    cr_expect(eq(int, session_snapshot(session)->state, STATE_IDLE));
    cr_expect(eq(int, command(session, 2, COMMAND_START, SHORT_WORKOUT), REASON_OK));
    session_free(session);
}

// Who is known is told numbers, who is not may run by feel.
Test(session, a_number_that_is_missing_is_asked_for_at_its_place)
{
    static const char text[] = "Workout - Tempo\n- 10min run\n- 20min @ T\n- 10min @ 6'00''/km\n";
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_expect(eq(int, command(session, 1, COMMAND_START, text), REASON_LACKS_NUMBER));
    const TextError error = effect_of(EFFECT_ANSWER)->answer.error;
    cr_expect(eq(u32, error.line, 3));
    cr_expect(eq(u32, error.column, 3));
    cr_expect(strstr(error.text, "pacectl athlete race") != NULL, "%s", error.text);
    cr_expect(eq(int, session_snapshot(session)->state, STATE_IDLE));
    cr_expect(eq(int, command(session, 2, COMMAND_START_BY_EFFORT, text), REASON_OK));
    const Plan *plan = session_snapshot(session)->plan;
    cr_expect(eq(int, plan->steps[1].aim.quantity, AIM_EFFORT));
    cr_expect(eq(dbl, plan->steps[1].aim.value, 6.5));
    cr_expect(eq(int, plan->steps[2].aim.quantity, AIM_SPEED));
    command(session, 3, COMMAND_STOP, NULL);

    Event event = {.at = SEC(4), .kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.threshold_mps = 4;
    handle(session, event);
    cr_expect(eq(int, command(session, 5, COMMAND_START, text), REASON_OK));
    cr_expect(epsilon_eq(dbl, session_snapshot(session)->plan->steps[1].aim.value, 4, 1e-9));
    command(session, 6, COMMAND_STOP, NULL);
    // Nothing that could be told would help.
    static const char absurd[] = "Workout - X\n- 1km @ T - 60s per 200m\n";
    cr_expect(eq(int, command(session, 7, COMMAND_START, absurd), REASON_BAD_TEXT));
    session_free(session);
}

Test(session, a_running_workout_goes_on_when_another_is_refused)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    command(session, 0, COMMAND_START, SHORT_WORKOUT);
    pass(session, 30);
    cr_expect(eq(int, command(session, 31, COMMAND_START, METRES_WORKOUT), REASON_ALREADY_RUNNING));
    cr_expect(strcmp(session_snapshot(session)->plan->name, "Short") == 0);
    cr_expect(eq(dbl, session_snapshot(session)->step_remaining, 29));
    session_free(session);
}

Test(session, what_does_not_fit_one_call_comes_with_the_next)
{
    // Eighteen steps end while the machine sleeps.
    const char *text = "Workout - Long\n- 9 lots of:\n- 60s @ 5'00''/km\n- 60s rest\n";
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    command(session, 0, COMMAND_START, text);
    size_t records = 0, steps = effect_of(EFFECT_STEP) ? 1 : 0, done = 0, calls = 0;
    double at = 5000;
    do {
        pass(session, at);
        cr_expect(effects.count <= EFFECTS_MAX);
        for (size_t i = 0; i < effects.count; i++) {
            records += effects.items[i].kind == EFFECT_RECORD;
            steps += effects.items[i].kind == EFFECT_STEP;
            done += effects.items[i].kind == EFFECT_DONE;
        }
        calls++;
    } while (session_deadline(session) <= SEC(at) && calls < 100);
    cr_expect(eq(sz, records, 18));
    cr_expect(eq(sz, steps, 18));
    cr_expect(eq(sz, done, 1));
    cr_expect(calls > 1);
    session_free(session);
}

Test(session, a_distance_step_ends_where_the_line_is_crossed)
{
    // 4 m/s from well before the start: 400 m are 100 s, and no packet falls on the line.
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    double at = 0;
    for (; at < 30; at++)
        notify_rscs(session, at, 4.0);
    command(session, at - 0.5, COMMAND_START, METRES_WORKOUT);
    Lap lap = {0};
    for (; lap.ended == 0 && at < 200; at++) {
        notify_rscs(session, at + 0.37, 4.0);
        if (effect_of(EFFECT_RECORD))
            lap = effect_of(EFFECT_RECORD)->lap;
    }
    cr_expect(epsilon_eq(dbl, lap.distance_m, 400.0, 1e-6));
    cr_expect(epsilon_eq(dbl, usec_to_s(lap.duration), 100.0, 0.3));
    cr_expect(eq(int, session_snapshot(session)->step, 1));
    // The overshoot is in the rest already.
    cr_expect(epsilon_eq(dbl, session_snapshot(session)->step_distance_m,
                         4.0 * session_snapshot(session)->step_elapsed_s, 0.5));
    session_free(session);
}

Test(session, a_lost_strap_pulls_no_average_down)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    notify_hrs(session, 0, 150);
    command(session, 0.5, COMMAND_START, SHORT_WORKOUT);
    for (double at = 1; at < 20; at++)
        notify_hrs(session, at, 150);
    for (double at = 20; at < 60; at++) {
        notify_hrs(session, at, 0); // lost, and saying so as straps do
        cr_expect(at < 25 || isnan(session_snapshot(session)->heart_rate.value));
    }
    pass(session, 60.6);
    cr_assert(effect_of(EFFECT_RECORD) != NULL);
    cr_expect(epsilon_eq(dbl, effect_of(EFFECT_RECORD)->lap.heart_rate, 150, 1e-9));
    cr_expect(epsilon_eq(dbl, effect_of(EFFECT_RECORD)->lap.heart_rate_max, 150, 1e-9));
    session_free(session);
}

Test(session, a_pause_stops_the_clock)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    command(session, 0, COMMAND_START, SHORT_WORKOUT);
    command(session, 20, COMMAND_PAUSE, NULL);
    cr_expect(eq(int, session_snapshot(session)->state, STATE_PAUSED));
    pass(session, 500);
    cr_expect(epsilon_eq(dbl, session_snapshot(session)->elapsed_s, 20, 1e-9));
    command(session, 500, COMMAND_RESUME, NULL);
    pass(session, 510);
    cr_expect(epsilon_eq(dbl, session_snapshot(session)->step_remaining, 30, 1e-9));
    session_free(session);
}

Test(session, it_sleeps_when_nothing_is_worn_and_nothing_runs)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_expect(eq(i64, session_deadline(session), USEC_NEVER));
    Event link = {.at = SEC(1), .kind = EVENT_LINK, .link = {.sensor = 0, .up = true}};
    handle(session, link);
    notify_hrs(session, 2, 140);
    cr_expect(session_deadline(session) != USEC_NEVER);
    link.at = SEC(3);
    link.link.up = false;
    handle(session, link);
    // The value has to be seen to go; then there is nothing to wake for.
    bool told = false;
    for (size_t calls = 0; session_deadline(session) != USEC_NEVER; calls++) {
        cr_assert(calls < 20);
        pass(session, usec_to_s(session_deadline(session)));
        told |= effect_of(EFFECT_TICK) && isnan(session_snapshot(session)->heart_rate.value);
    }
    cr_expect(isnan(session_snapshot(session)->heart_rate.value));
    cr_expect(told);
    session_free(session);
}

Test(session, a_free_run_goes_on_until_it_is_stopped)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_expect(eq(int, command(session, 0, COMMAND_START, NULL), REASON_OK));
    pass(session, 7200);
    cr_expect(eq(int, session_snapshot(session)->state, STATE_RUNNING));
    cr_expect(isnan(session_snapshot(session)->step_remaining));
    command(session, 7200, COMMAND_STOP, NULL);
    cr_assert(effect_of(EFFECT_DONE) != NULL);
    cr_expect(not(effect_of(EFFECT_DONE)->summary.completed));
    cr_expect(epsilon_eq(dbl, effect_of(EFFECT_DONE)->summary.duration_s, 7200, 1e-6));
    session_free(session);
}

Test(session, words_of_its_own_are_spoken)
{
    static Phrases phrases;
    phrases_init_english(&phrases);
    cr_assert(phrases_set(&phrases, PHRASE_FIRST, "zuerst: {step}", NULL));
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.phrases = &phrases;
    Session *session = session_new(&config);
    command(session, 0, COMMAND_START, SHORT_WORKOUT);
    cr_assert(effect_of(EFFECT_SAY) != NULL);
    cr_expect(strncmp(effect_of(EFFECT_SAY)->cue.text, "zuerst: ", 8) == 0);
    session_free(session);
}

// Programs script against these; a new value without a name would be "unknown" on the bus.
Test(session, everything_that_crosses_the_seam_has_a_name)
{
    const char *names[64];
    size_t count = 0;
    for (CommandVerb verb = 0; verb <= COMMAND_STOP; verb++)
        names[count++] = command_verb_name(verb);
    for (StepOutcome outcome = 0; outcome <= STEP_STOPPED; outcome++)
        names[count++] = step_outcome_name(outcome);
    for (SessionState state = 0; state <= STATE_PAUSED; state++)
        names[count++] = session_state_name(state);
    for (AnswerReason reason = 0; reason <= REASON_BAD_LENGTH; reason++) {
        names[count++] = answer_reason_name(reason);
        names[count++] = answer_reason_text(reason);
    }
    for (size_t i = 0; i < count; i++) {
        cr_expect(strcmp(names[i], "unknown") != 0 && *names[i] != '\0', "%zu", i);
        for (size_t j = 0; j < i; j++)
            cr_expect(strcmp(names[i], names[j]) != 0, "%s", names[i]);
    }
}

// ── whole runs ──

typedef struct {
    uint64_t hash;
    size_t effects;
} Digest;

static void digest(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    Digest *digest = data;
    const uint8_t *bytes = (const uint8_t *)effect;
    for (size_t i = 0; i < sizeof *effect; i++)
        digest->hash = (digest->hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    digest->effects++;
}

static Digest digest_of(uint64_t seed)
{
    VirtualOptions options = virtual_default();
    options.seed = seed;
    Digest result = {.hash = UINT64_C(0xcbf29ce484222325)};
    TextError error;
    cr_assert(virtual_run(SHORT_WORKOUT, strlen(SHORT_WORKOUT), &options, digest, &result,
                          &error) == REASON_OK);
    return result;
}

Test(session, the_same_events_give_the_same_effects_byte_for_byte)
{
    Digest once = digest_of(3), again = digest_of(3), other = digest_of(4);
    cr_expect(once.effects > 50);
    cr_expect(eq(u64, once.hash, again.hash));
    cr_expect(ne(u64, once.hash, other.hash));
}

Test(session, nothing_is_allocated_after_session_new)
{
    allocations = 0;
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_assert(allocations > 0, "the count itself works");
    allocations = 0;
    command(session, 0, COMMAND_START, SHORT_WORKOUT);
    for (double at = 0; at < 400; at += 0.5) {
        notify_hrs(session, at, 150);
        notify_rscs(session, at + 0.25, 3.0 + (long)at % 7 * 0.3);
    }
    command(session, 400, COMMAND_START, "Workout - broken");
    cr_expect(eq(sz, allocations, 0));
    session_free(session);
}

// What was said in the turns from `at` on, until nothing is due any more; "" for nothing.
static const char *said(Session *session, double at, double until)
{
    static char text[4 * CUE_TEXT_MAX];
    text[0] = '\0';
    for (;;) {
        for (size_t i = 0; i < effects.count; i++)
            if (effects.items[i].kind == EFFECT_SAY) {
                strcat(text, text[0] ? "|" : "");
                strcat(text, effects.items[i].cue.text);
                handle(session, (Event){.at = SEC(at),
                                        .kind = EVENT_VOICE,
                                        .voice = {VOICE_DONE, effects.items[i].cue.id, 0}});
                i = SIZE_MAX; // the report's own effects, from their first
            }
        at = fmax(at, usec_to_s(session_deadline(session)));
        if (at > until)
            return text;
        pass(session, at);
    }
}

Test(session, a_run_begins_with_its_step_and_the_state_of_the_sensors)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    handle(session,
           (Event){.at = SEC(1), .kind = EVENT_SENSOR, .sensor = {0, {.services = SERVICE_HEART}}});
    cr_expect(eq(int, command(session, 2, COMMAND_START, SHORT_WORKOUT), REASON_OK));
    cr_expect_str_eq(said(session, 2, 4),
                     "first: one minute at five flat|strap missing, four minutes planned");
    session_free(session);
}

Test(session, a_pre_flight_that_was_asked_for_is_not_repeated)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    handle(session, (Event){.at = SEC(1), .kind = EVENT_CONDITION, .condition = {CONDITIONS_ALL}});
    cr_expect(eq(int, command(session, 2, COMMAND_PREFLIGHT, SHORT_WORKOUT), REASON_OK));
    cr_expect(session_snapshot(session)->plan == NULL, "nothing has begun");
    cr_expect_str_eq(said(session, 2, 3),
                     "no sensors, the run is not being saved, little room left to save, clock not "
                     "set, four minutes planned");
    cr_expect(eq(int, command(session, 60, COMMAND_START, SHORT_WORKOUT), REASON_OK));
    cr_expect_str_eq(said(session, 60, 64), "first: one minute at five flat");
    cr_expect(eq(int, command(session, 70, COMMAND_PREFLIGHT, NULL), REASON_ALREADY_RUNNING));
    command(session, 71, COMMAND_STOP, NULL);
    cr_expect(eq(int, command(session, 200, COMMAND_PREFLIGHT, "- 60x"), REASON_BAD_TEXT));
    cr_expect(eq(int, command(session, 300, COMMAND_START, NULL), REASON_OK));
    cr_expect_str_eq(said(session, 300, 304),
                     "free run|no sensors, the run is not being saved, little room left to save, "
                     "clock not set");
    session_free(session);
}

Test(session, a_start_lets_the_pre_flight_end)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    command(session, 2, COMMAND_PREFLIGHT, SHORT_WORKOUT);
    const Effect *preflight = effect_of(EFFECT_SAY);
    cr_assert(preflight != NULL);
    const uint32_t id = preflight->cue.id;
    command(session, 4, COMMAND_START, SHORT_WORKOUT);
    cr_expect(effect_of(EFFECT_SAY) == NULL && effect_of(EFFECT_HUSH) == NULL);
    handle(session,
           (Event){.at = SEC(5.5), .kind = EVENT_VOICE, .voice = {.kind = VOICE_DONE, .cue = id}});
    const Effect *first = effect_of(EFFECT_SAY);
    cr_assert(first != NULL);
    cr_expect_str_eq(first->cue.text, "first: one minute at five flat");
    session_free(session);
}

Test(session, a_battery_that_runs_low_is_told_once)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    handle(session, (Event){.at = SEC(1), .kind = EVENT_LINK, .link = {1, true}});
    notify_rscs(session, 1.5, 3);
    command(session, 2, COMMAND_START, NULL);
    cr_expect_str_eq(said(session, 2, 10), "free run|pod ready");
    int told = 0;
    for (int t = 10; t < 120; t++) {
        notify_rscs(session, t, 3);
        Event battery = {.at = SEC(t + 0.1), .kind = EVENT_NOTIFY};
        battery.notify.sensor = 1;
        battery.notify.characteristic = CHARACTERISTIC_BATTERY_LEVEL;
        battery.notify.length = 1;
        battery.notify.bytes[0] = (uint8_t)(15 - t / 10);
        handle(session, battery);
        told += strstr(said(session, t + 0.1, t + 0.5), "pod battery low") != NULL;
    }
    cr_expect(eq(int, told, 1));
    session_free(session);
}

Test(session, a_low_battery_is_told_when_the_pre_flight_found_no_moment)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    handle(session, (Event){.at = SEC(1), .kind = EVENT_LINK, .link = {1, true}});
    notify_rscs(session, 1.5, 3);
    Event battery = {.at = SEC(1.6), .kind = EVENT_NOTIFY};
    battery.notify.sensor = 1;
    battery.notify.characteristic = CHARACTERISTIC_BATTERY_LEVEL;
    battery.notify.length = 1;
    battery.notify.bytes[0] = 9;
    handle(session, battery);
    char text[2000] = "Workout - Strides\n";
    for (int n = 0; n < 8; n++)
        strcat(text, "- 6s @ 5'00''/km\n- 6s rest\n");
    strcat(text, "- 10min @ 6'00''/km\n");
    cr_assert(eq(int, command(session, 2, COMMAND_START, text), REASON_OK));
    int told = 0;
    for (int t = 2; t < 200; t++) {
        notify_rscs(session, t + 0.1, t < 80 ? 3.33 : 2.78);
        told += strstr(said(session, t + 0.1, t + 0.9), "battery low") != NULL;
    }
    cr_expect(eq(int, told, 1));
    session_free(session);
}

// What is known of the runner goes by what was told last, and a session never goes by what nobody
// can be.
Test(session, it_knows_its_athlete)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    cr_expect(isnan(session_athlete_model(session)->vdot));
    Event event = {.at = SEC(1), .kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.race_count = 1;
    event.athlete.races[0] = (Race){5000, 1200.00000049, true};
    handle(session, event);
    cr_expect(epsilon_eq(dbl, session_athlete_model(session)->vdot, 49.8062, 1e-4));
    cr_expect(eq(dbl, session_athlete(session)->races[0].time_s, 1200), "as a replay will have it");
    event.athlete.races[0].time_s = 540;
    handle(session, event);
    cr_expect(epsilon_eq(dbl, session_athlete_model(session)->vdot, 49.8062, 1e-4));
    event.athlete = athlete_unknown();
    handle(session, event);
    cr_expect(isnan(session_athlete_model(session)->vdot));
    session_free(session);
}

static void notify_treadmill(Session *session, double at, uint8_t bpm)
{
    // 10 km/h, 1.0 %.
    Event event = {.at = SEC(at),
                   .kind = EVENT_NOTIFY,
                   .notify = {.sensor = 2,
                              .characteristic = CHARACTERISTIC_FTMS_TREADMILL,
                              .length = 9,
                              .bytes = {0x08, 0x01, 0xe8, 0x03, 0x0a, 0, 0xff, 0x7f, bpm}}};
    handle(session, event);
}

Test(session, hands_that_leave_a_treadmills_grips_are_no_lost_strap)
{
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    notify_treadmill(session, 1, 140);
    command(session, 2, COMMAND_START, NULL);
    said(session, 2, 10);
    for (int t = 10; t < 60; t++) {
        notify_treadmill(session, t, t < 20 ? 140 : 0);
        const Snapshot *snapshot = session_snapshot(session);
        cr_expect(epsilon_eq(dbl, snapshot->belt_speed.value, 10 / 3.6, 1e-9));
        cr_expect(eq(dbl, snapshot->incline.value, 1));
        cr_expect(eq(int, isnan(snapshot->heart_rate.value), t >= 25), "at %d s", t);
        cr_expect(strstr(said(session, t, t + 0.9), "strap") == NULL, "at %d s", t);
    }
    session_free(session);
}

static void notify_standing(Session *session, double at)
{
    Event event = {
        .at = SEC(at), .kind = EVENT_NOTIFY, .notify = {.sensor = 1, .characteristic = 0x2a53}};
    const RscsMeasurement standing = {0};
    event.notify.length = (uint8_t)rscs_encode(&standing, event.notify.bytes, NOTIFY_BYTES_MAX);
    handle(session, event);
}

// A strap alone knows nothing of the way; who stands with a pod has gone nowhere.
Test(session, a_way_that_nothing_measured_is_unknown)
{
    for (int pod = 0; pod < 2; pod++) {
        Session *session = session_new(&SESSION_CONFIG_DEFAULT);
        cr_assert(eq(int, command(session, 0, COMMAND_START, NULL), REASON_OK));
        cr_expect(eq(dbl, session_snapshot(session)->distance_m, 0));
        for (int t = 1; t < 60; t++) {
            notify_hrs(session, t, 140);
            if (pod)
                notify_standing(session, t + 0.1);
        }
        const double way = session_snapshot(session)->distance_m;
        cr_expect(pod ? way == 0 : isnan(way), "%g", way);
        command(session, 60, COMMAND_LAP, NULL);
        const Lap *lap = &effect_of(EFFECT_RECORD)->lap;
        cr_expect(isnan(lap->distance_m) == !pod && isnan(lap->speed_mps) == !pod);
        command(session, 70, COMMAND_STOP, NULL);
        cr_expect(isnan(effect_of(EFFECT_DONE)->summary.distance_m) == !pod);
        session_free(session);
    }
}
