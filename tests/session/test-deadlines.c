// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A session that is called only when it asked to be must say what one says that is called all the
// time: else battery would be traded for late words, and nobody would notice.

#include "coach/words.h"
#include "codec/hrs.h"
#include "codec/rscs.h"
#include "session/session.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define SAID_MAX 1000
#define EVERY    (50 * USEC_PER_MSEC)
// A line that is crossed is looked for every 20 ms, and a runner who speeds up crosses it a little
// beside the straight line between two looks.
#define TOLERANCE  (30 * USEC_PER_MSEC)
#define RUN_SPAN   (1500 * USEC_PER_SEC)
#define LAP_BUTTON (200 * USEC_PER_SEC) // twice in a run, also for those who stand

typedef struct {
    Usec said, due, expires;
    char text[CUE_TEXT_MAX];
} Said;

typedef struct {
    Session *session;
    Effects effects;
    uint64_t dice;
    Usec now, packet_at, silent_at, lap_at;
    uint32_t speaking;
    double speed;
    bool pod_on;
    size_t count, calls;
    Said said[SAID_MAX];
} Runner;

static unsigned roll(Runner *runner, unsigned sides)
{
    runner->dice = runner->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(runner->dice >> 33) % sides;
}

static void handle(Runner *runner, Event event)
{
    event.at = runner->now;
    session_handle(runner->session, &event, &runner->effects);
    runner->calls++;
    for (size_t i = 0; i < runner->effects.count; i++) {
        const EffectKind kind = runner->effects.items[i].kind;
        if (kind != EFFECT_SAY && kind != EFFECT_TONE)
            continue;
        const Cue *cue = &runner->effects.items[i].cue;
        cr_assert(runner->count < SAID_MAX);
        Said *said = &runner->said[runner->count++];
        said->said = runner->now;
        said->due = cue->due;
        said->expires = cue->expires;
        strcpy(said->text, cue->text);
        if (kind == EFFECT_TONE)
            continue;
        runner->speaking = cue->id;
        runner->silent_at = runner->now + speech_duration(cue->text, WORDS_A_MINUTE_DEFAULT);
    }
}

static void packets(Runner *runner)
{
    Event event = {.kind = EVENT_NOTIFY};
    HrsMeasurement strap = {.heart_rate = (uint16_t)(140 + roll(runner, 20))};
    event.notify.characteristic = CHARACTERISTIC_HRS_MEASUREMENT;
    event.notify.length = (uint8_t)hrs_encode(&strap, event.notify.bytes, NOTIFY_BYTES_MAX);
    handle(runner, event);

    runner->speed = fmin(fmax(runner->speed + 0.05 * ((int)roll(runner, 5) - 2), 3), 5);
    if (roll(runner, 60) == 0)
        runner->pod_on = !runner->pod_on;
    RscsMeasurement pod = {
        .speed_256 = (uint16_t)(runner->speed * 256), .cadence = 172, .running = true};
    event.notify.sensor = 1;
    event.notify.characteristic = CHARACTERISTIC_RSCS_MEASUREMENT;
    event.notify.length = (uint8_t)rscs_encode(&pod, event.notify.bytes, NOTIFY_BYTES_MAX);
    if (runner->pod_on || roll(runner, 8) == 0)
        handle(runner, event);
    runner->packet_at += 900 * USEC_PER_MSEC + roll(runner, 200000);
}

static void voice_done(Runner *runner)
{
    Event event = {.kind = EVENT_VOICE};
    event.voice.kind = VOICE_DONE;
    event.voice.cue = runner->speaking;
    runner->silent_at = USEC_NEVER;
    handle(runner, event);
}

static void command(Runner *runner, CommandVerb verb, const char *text)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.text = text;
    event.command.length = text ? strlen(text) : 0;
    handle(runner, event);
}

static void run(Runner *runner, const char *workout, uint64_t seed, bool restless)
{
    *runner = (Runner){.session = session_new(&SESSION_CONFIG_DEFAULT),
                       .dice = seed,
                       .now = 1000 * USEC_PER_SEC,
                       .silent_at = USEC_NEVER,
                       .speed = 4,
                       .pod_on = true};
    Usec start = runner->packet_at = runner->now, tick = runner->now;
    runner->lap_at = start + LAP_BUTTON;
    packets(runner);
    command(runner, COMMAND_START, workout);
    while (runner->now < start + RUN_SPAN) {
        Usec next =
            usec_earlier(usec_earlier(runner->packet_at, runner->silent_at), runner->lap_at);
        next = usec_earlier(next, session_deadline(runner->session));
        if (restless)
            next = usec_earlier(next, tick + EVERY);
        runner->now = next > runner->now ? next : runner->now;
        if (runner->now >= tick + EVERY)
            tick += EVERY;
        if (runner->now == runner->silent_at)
            voice_done(runner);
        else if (runner->now == runner->packet_at)
            packets(runner);
        else if (runner->now == runner->lap_at) {
            runner->lap_at =
                runner->lap_at == start + LAP_BUTTON ? start + 3 * LAP_BUTTON : USEC_NEVER;
            command(runner, COMMAND_LAP, NULL);
        } else
            handle(runner, (Event){.kind = EVENT_TIME});
    }
    session_free(runner->session);
}

static const char *const workouts[] = {
    "Workout - Metres\n- 60s @ 6'00''/km\n- 8 lots of:\n- 200m @ 4'10''/km\n- 45s rest\n- 1km @ "
    "4'10''/km\n",
    "Workout - Minutes\n- 3min @ 4'20''/km\n- 3 lots of:\n- 40s @ 4'00''/km\n- 130s rest\n- 5min @ "
    "4'10''/km\n",
    "Workout - Mixed\n- 1.6km @ 4'10''/km\n- 20s @ 4'00''/km\n- 300m @ 4'00''/km\n- 90s rest\n- "
    "2km @ 4'05''/km\n",
    "",
};

static Runner frugal, restless;

// A cue that could be said at its very last moment only is a matter of luck.
static bool was_last_chance(const Said *said)
{
    return said->expires - said->said < TOLERANCE;
}

Test(deadlines, are_all_the_calls_a_session_needs, .timeout = 240)
{
    size_t words = 0;
    for (uint64_t seed = 0; seed < 80; seed++) {
        const char *workout = workouts[seed % (sizeof workouts / sizeof *workouts)];
        run(&frugal, workout, seed, false);
        run(&restless, workout, seed, true);
        cr_expect(frugal.calls < 5 * (RUN_SPAN / USEC_PER_SEC), "%zu calls", frugal.calls);
        for (size_t i = 0; i < frugal.count || i < restless.count; i++) {
            const Said *a = &frugal.said[i], *b = &restless.said[i];
            if ((i < frugal.count && was_last_chance(a)) ||
                (i < restless.count && was_last_chance(b)))
                break;
            cr_assert(i < frugal.count && i < restless.count && strcmp(a->text, b->text) == 0 &&
                          llabs(a->due - b->due) <= TOLERANCE &&
                          llabs(a->said - b->said) <= TOLERANCE,
                      "seed %d, cue %zu: “%s” due %.3f said %.3f, restless “%s” due %.3f said %.3f",
                      (int)seed, i, i < frugal.count ? a->text : "", usec_to_s(a->due),
                      usec_to_s(a->said), i < restless.count ? b->text : "", usec_to_s(b->due),
                      usec_to_s(b->said));
        }
        words += frugal.count;
    }
    cr_expect(words > 2000, "%zu", words);
}
