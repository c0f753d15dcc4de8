// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A hostile world around the whole core: any events in any order, at times that jump both ways,
// with any bytes for packets, workouts and voice reports. What must hold is the contract of
// session.h. Every event also goes through the journal to a second session, which must do the same,
// byte for byte: that is a replay.
//
// The input is a sequence of: what happens (low four bits) and in which unit time passes (high
// four), how much time passes (two bytes), and what the happening needs. Most effort goes into
// letting a few bytes reach deep: one of them makes the runner run for minutes.

#include "fuzz.h"

#include "base/cursor.h"
#include "codec/hrs.h"
#include "codec/rscs.h"
#include "record/journal.h"
#include "session/session.h"
#include "workout/aids.h"

#include <string.h>

#define CALLS_MAX 20000 // an input, so that none takes seconds
#define DRAIN_MAX 400   // calls until nothing is due now: a plan's steps at a few a call

enum {
    WHAT_HEART,
    WHAT_POD,
    WHAT_FEATURE,
    WHAT_PACKET,
    WHAT_LINK,
    WHAT_COMMAND,
    WHAT_TEXT,
    WHAT_VOICE,
    WHAT_LATENCY,
    WHAT_RUN,
    WHAT_TIME,
    WHAT_SENSOR,
    WHAT_CONDITION,
    WHAT_ATHLETE,
    WHATS,
};

static const char *const workouts[] = {
    "",
    "Workout - Short\n- 60s @ 5'00''/km\n- 2 lots of:\n- 30s @ 4'00''/km\n- 30s rest\n- 60s @ "
    "6'00''/km\n",
    "Workout - Metres\n- 400m @ 4'10''/km\n- 60s rest\n- 200m @ 7'00''/mi\n",
    "Workout - Many\n- 240 lots of:\n- 1s @ 4'00''/km\n- 1m @ 4'00''/km\n",
    "Workout - Moments\n- 499 lots of:\n- 1s rest\n",
    "Workout - Long\n- 12h @ 9'00''/km\n- 42.2km @ 4'00''/km\n",
    "Workout - broken\n- 60x",
    "Workout - Set\n- 10s @ 6'00''/km\n- 4 lots of:\n- 46s @ 4'00''/km\n- 45s rest\n- 1min @ "
    "6'00''/km\n",
    "Workout - Sets\n\n  • 2 lots of:\n    • 3 lots of, no last rest:\n      • 100m @ 4'00''/km\n"
    "      • 5s walk\n      • 20s @ 7'00''/km\n    • 30s rest\n  • 200m @ 6'00''/km\n",
};

// A workout's steps at one moment, to see what an edit made of them.
typedef struct {
    size_t step, count;
    Step now;
    PlanStep steps[PLAN_STEPS_MAX];
} Steps;

typedef struct {
    Session *session, *replay;
    Usec at;
    size_t calls;
    bool running;         // a workout, by what was said about it
    bool free_run;        // each lap is its one step again
    bool started;         // STATE has told so
    int step;             // the step begun and not ended; -1 between two
    int next;             // the step that has to begin next
    Usec reached;         // by the engine's effects
    uint32_t cue, spoken; // the latest
    uint32_t laps;
    Usec lap_sum;
    double metre_sum;
    Adaptation adapted; // what can be taken back; decision NOTHING when that is not known
    unsigned changes;   // in one call
} World;

static Steps before, kept; // the latest call; what `adapted` changed

static Effects first, second;

// ── what must hold of one effect ──

static void check_cue(World *world, const Cue *cue, Usec now)
{
    CHECK(cue->id == world->cue + 1);
    world->cue = cue->id;
    CHECK(*cue_kind_name(cue->kind) != '\0' && cue->priority <= PRIORITY_SAFETY);
    CHECK(now < cue->expires && cue->due < cue->expires);
    size_t length = strnlen(cue->text, CUE_TEXT_MAX);
    CHECK(length < CUE_TEXT_MAX && (length > 0 || cue->tone != TONE_NONE));
    CHECK((cue->tone != TONE_NONE) == (cue->form == FORM_EARCON));
    CHECK(strcspn(cue->text, "0123456789{}/\n") == length && !strstr(cue->text, "''"));
}

static void check_lap(World *world, const Lap *lap)
{
    CHECK(world->running && (int)lap->step == world->step);
    CHECK(lap->duration >= 0 && !(lap->distance_m < 0));
    CHECK(lap->ended - lap->started >= lap->duration);
    CHECK(isnan(lap->speed_mps) == (lap->duration == 0 || isnan(lap->distance_m)));
    CHECK(isnan(lap->heart_rate) == isnan(lap->heart_rate_max));
    CHECK(isnan(lap->heart_rate) || lap->heart_rate <= lap->heart_rate_max + 1e-9);
    world->next = world->free_run ? world->step : world->step + 1;
    world->step = -1;
    world->laps++;
    world->lap_sum += lap->duration;
    world->metre_sum += isnan(lap->distance_m) ? 0 : lap->distance_m;
}

static void check_summary(World *world, const RunSummary *summary)
{
    CHECK(world->running && world->step < 0 && summary->laps == world->laps);
    CHECK(summary->duration_s == usec_to_s(world->lap_sum));
    CHECK(summary->elapsed_s >= summary->duration_s - 1e-6);
    CHECK(!isnan(summary->distance_m) || !(world->metre_sum > 0));
    CHECK(!(fabs(summary->distance_m - world->metre_sum) > 1e-6 * (1 + world->metre_sum)));
    world->running = false;
}

// What is taken back is as it was before it was changed: the plan to the byte, and a rest that was
// made longer, but for the last seconds of it.
static void check_taken_back(const World *world)
{
    const Snapshot *snapshot = session_snapshot(world->session);
    const Plan *plan = snapshot->plan;
    CHECK(plan->step_count == kept.count);
    CHECK(memcmp(plan->steps, kept.steps, kept.count * sizeof *kept.steps) == 0);
    if (world->adapted.decision != ADAPT_REST_PLUS || kept.step != snapshot->step)
        return;
    CHECK(snapshot->now.measure == kept.now.measure && snapshot->now.least == kept.now.least);
    CHECK(snapshot->now.duration == kept.now.duration || snapshot->step_remaining <= 5);
}

static void check_adaptation(World *world, const Adaptation *adaptation)
{
    CHECK(world->running && adaptation->decision > ADAPT_NOTHING);
    CHECK(!(adaptation->rest_s <= 0) && !(adaptation->rest_s > 60));
    CHECK(!(adaptation->distance_m <= 0) && !(adaptation->duration_s <= 0));
    if (adaptation->decision <=
        ADAPT_REST_PLUS) // other changes may take a longer rest to be told in
        CHECK(isnan(adaptation->rest_s) == (adaptation->decision != ADAPT_REST_PLUS));
    if (adaptation->taken_back) {
        CHECK(!adaptation->on_offer);
        if (world->adapted.decision != ADAPT_NOTHING && !world->adapted.on_offer)
            check_taken_back(world);
        world->adapted.decision = ADAPT_NOTHING;
    } else if (adaptation->decision >= ADAPT_ADD) {
        world->adapted = *adaptation;
        kept = before;
        if (world->changes++ > 0) // which of them is taken back is not known here
            world->adapted.decision = ADAPT_NOTHING;
    }
}

static void check_effect(World *world, const Event *event, const Effect *effect, Usec now)
{
    CHECK(effect->at <= now);
    if (effect->kind == EFFECT_STEP || effect->kind == EFFECT_RECORD ||
        effect->kind == EFFECT_DONE) {
        CHECK(effect->at >= world->reached);
        world->reached = effect->at;
    }
    switch (effect->kind) {
    case EFFECT_SAY:
        check_cue(world, &effect->cue, now);
        world->spoken = effect->cue.id;
        break;
    case EFFECT_TONE:
        check_cue(world, &effect->cue, now);
        break;
    case EFFECT_METRONOME: {
        const Snapshot *snapshot = session_snapshot(world->session);
        CHECK(effect->clicks == 0 || (effect->clicks > 100 && effect->clicks < 270));
        CHECK(effect->clicks == 0 ||
              (snapshot->state == STATE_RUNNING && snapshot->now.kind == STEP_WORK &&
               snapshot->metronome != METRONOME_OFF && effect->clicks == snapshot->clicks));
        break;
    }
    case EFFECT_HUSH:
        CHECK(effect->hush == world->spoken && effect[1].kind == EFFECT_SAY);
        break;
    case EFFECT_STEP:
        CHECK(world->running && world->step < 0 && effect->step.index == world->next);
        world->step = effect->step.index;
        break;
    case EFFECT_RECORD:
        check_lap(world, &effect->lap);
        break;
    case EFFECT_DONE:
        check_summary(world, &effect->summary);
        break;
    case EFFECT_ADAPTED:
        check_adaptation(world, &effect->adaptation);
        break;
    case EFFECT_CORRECTED:
        CHECK(isnan(effect->corrected_m) || effect->corrected_m > 0);
        break;
    case EFFECT_PROPOSAL:
        CHECK(event->kind == EVENT_COMMAND &&
              event->command.verb == (effect->accepted ? COMMAND_ACCEPT : COMMAND_VETO));
        break;
    case EFFECT_ANSWER:
        CHECK(event->kind == EVENT_COMMAND && effect->answer.id == event->command.id);
        CHECK(effect->answer.verb == event->command.verb);
        CHECK(answer_has_error(effect->answer.reason) == (effect->answer.error.line > 0));
        break;
    case EFFECT_TICK:
    case EFFECT_STATE:
        break;
    }
}

// ── what must hold of the whole ──

static void check_estimate(const Estimate *e, double most)
{
    CHECK(estimate_known(e) == !isnan(e->value));
    CHECK(!estimate_known(e) || (e->value >= 0 && e->value <= most && e->age >= 0));
}

static void check_effort(const Snapshot *snapshot)
{
    const EffortFigures *effort = &snapshot->effort;
    check_estimate(&effort->effort, 10);
    check_estimate(&effort->predicted_heart_rate, 300);
    check_estimate(&effort->heart_zone, ZONES_MAX - 1);
    check_estimate(&effort->d_prime_balance, 1e4);
    CHECK(isnan(effort->d_prime_sd) == !estimate_known(&effort->d_prime_balance));
    CHECK((*snapshot->heart_zone == '\0') == !estimate_known(&effort->heart_zone));
    check_estimate(&snapshot->rmssd, BEAT_MS_MAX);
    check_estimate(&snapshot->artefacts, 100);
    CHECK(isfinite(snapshot->alpha1.value) == estimate_known(&snapshot->alpha1));
    CHECK(!estimate_known(&snapshot->rmssd) || snapshot->artefacts.value <= HRV_ARTEFACTS_MAX);
    check_estimate(&snapshot->trimp, INFINITY);
    check_estimate(&snapshot->rtss, INFINITY);
}

static void check_snapshot(const World *world, const Snapshot *snapshot)
{
    bool idle = snapshot->state == STATE_IDLE;
    CHECK(world->running == !idle && (snapshot->plan == NULL) == idle);
    CHECK(snapshot->at <= world->at || snapshot->clamped > 0);
    check_estimate(&snapshot->heart_rate, 300);
    check_estimate(&snapshot->speed, 20);
    check_estimate(&snapshot->cadence, 250);
    check_effort(snapshot);
    if (idle) {
        CHECK(isnan(snapshot->step_remaining) && isnan(snapshot->target_speed_mps));
        return;
    }
    CHECK(snapshot->step < snapshot->plan->step_count);
    const Aim *aim = &snapshot->plan->steps[snapshot->step].aim;
    // The last step may be over, and its end still wait for room.
    bool over = isnan(snapshot->step_remaining) && session_deadline(world->session) <= snapshot->at;
    CHECK(over || isnan(snapshot->step_remaining) == (snapshot->now.measure == MEASURE_OPEN));
    CHECK(!(snapshot->step_remaining < 0));
    CHECK(isnan(snapshot->target_speed_mps) == (aim->quantity != AIM_SPEED));
    CHECK(snapshot->step_elapsed_s >= 0 && snapshot->step_elapsed_s <= snapshot->elapsed_s + 1e-6);
    CHECK(snapshot->step_distance_m >= 0 &&
          !(snapshot->step_distance_m > snapshot->distance_m + 1e-6));
}

// Whatever became of the plan: it is one that could have been written.
static void check_plan(const Snapshot *snapshot)
{
    before.count = 0;
    if (!snapshot->plan)
        return;
    const Plan *plan = snapshot->plan;
    CHECK(plan->step_count >= 1 && plan->step_count <= PLAN_STEPS_MAX);
    for (size_t i = snapshot->step; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        CHECK(step->step.duration >= 0 && step->step.duration <= PLAN_TIME_MAX);
        CHECK(step->step.distance_mm >= 0 && step->step.least <= step->step.duration);
        CHECK((step->step.measure == MEASURE_DISTANCE) == (step->step.distance_mm > 0));
        CHECK(step_ends_by_clock(&step->step) == (step->step.duration > 0));
        CHECK(step->repetition <= step->repetitions);
        CHECK(plan->item_count == 0 || step->item < plan->item_count);
    }
    before.step = snapshot->step;
    before.now = snapshot->now;
    before.count = plan->step_count;
    memcpy(before.steps, plan->steps, plan->step_count * sizeof *plan->steps);
}

static void check_replay(World *world, const Event *event)
{
    uint8_t bytes[EVENT_RECORD_MAX + 1024], again[EVENT_RECORD_MAX + 1024];
    Event decoded;
    size_t length = journal_encode(event, bytes, sizeof bytes);
    CHECK(length > 0 && journal_decode(bytes, length, &decoded));
    CHECK(journal_encode(&decoded, again, sizeof again) == length);
    CHECK(memcmp(bytes, again, length) == 0);
    session_handle(world->replay, &decoded, &second);
    CHECK(first.count == second.count);
    CHECK(memcmp(first.items, second.items, first.count * sizeof *first.items) == 0);
    CHECK(session_deadline(world->session) == session_deadline(world->replay));
}

static void handle(World *world, const Event *event)
{
    if (++world->calls > CALLS_MAX)
        return;
    session_handle(world->session, event, &first);
    CHECK(first.count <= EFFECTS_MAX);
    const Snapshot *snapshot = session_snapshot(world->session);
    CHECK(session_deadline(world->session) >= snapshot->at);
    size_t answers = 0;
    world->changes = 0;
    for (size_t i = 0; i < first.count; i++) {
        const Effect *effect = &first.items[i];
        answers += effect->kind == EFFECT_ANSWER;
        // A workout has begun when its first STATE or STEP is there; the answer comes last.
        if (effect->kind == EFFECT_STATE && !world->running &&
            (i == 0 || effect[-1].kind != EFFECT_DONE)) {
            world->running = true;
            world->free_run = event->command.length == 0;
            world->step = -1;
            world->next = 0;
            world->laps = 0;
            world->lap_sum = 0;
            world->metre_sum = 0;
        }
        check_effect(world, event, effect, snapshot->at);
    }
    CHECK(answers == (event->kind == EVENT_COMMAND));
    check_snapshot(world, snapshot);
    check_plan(snapshot);
    check_replay(world, event);
}

// Calls until nothing is due any more.
static void drain(World *world)
{
    for (int calls = 0; session_deadline(world->session) <= world->at; calls++) {
        CHECK(calls < DRAIN_MAX);
        if (world->calls > CALLS_MAX)
            return;
        handle(world, &(Event){.at = world->at, .kind = EVENT_TIME});
    }
}

// ── what happens ──

static void notify(World *world, SensorId sensor, uint16_t characteristic, const uint8_t *bytes,
                   size_t length)
{
    Event event = {.at = world->at, .kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = (uint8_t)(length < NOTIFY_BYTES_MAX ? length : NOTIFY_BYTES_MAX);
    if (length > 0)
        memcpy(event.notify.bytes, bytes, event.notify.length);
    handle(world, &event);
}

// Somebody runs for so many seconds, and the shell does its duty.
static void run(World *world, unsigned seconds, unsigned speed_16)
{
    for (; seconds > 0 && world->calls < CALLS_MAX; seconds--) {
        RscsMeasurement pod = {
            .speed_256 = (uint16_t)(speed_16 * 16), .cadence = 170, .running = true};
        HrsMeasurement strap = {.heart_rate = (uint16_t)(100 + seconds % 64)};
        uint8_t bytes[NOTIFY_BYTES_MAX];
        notify(world, 0, CHARACTERISTIC_RSCS_MEASUREMENT, bytes,
               rscs_encode(&pod, bytes, sizeof bytes));
        notify(world, 1, CHARACTERISTIC_HRS_MEASUREMENT, bytes,
               hrs_encode(&strap, bytes, sizeof bytes));
        Usec until = world->at + USEC_PER_SEC;
        for (int calls = 0; calls < DRAIN_MAX; calls++) {
            Usec deadline = session_deadline(world->session);
            if (deadline > until)
                break;
            world->at = deadline > world->at ? deadline : world->at;
            handle(world, &(Event){.at = world->at, .kind = EVENT_TIME});
        }
        world->at = until;
    }
}

static void command(World *world, uint8_t verb, uint8_t number, const char *text, size_t length)
{
    Event event = {.at = world->at, .kind = EVENT_COMMAND};
    event.command.verb = (CommandVerb)(verb % (COMMAND_VERB_LAST + 1));
    event.command.id = (uint32_t)world->calls;
    const double most = event.command.verb == COMMAND_RATE ? 12 : 5000; // too much of the first
    if (event.command.verb == COMMAND_METRONOME || event.command.verb == COMMAND_PACER)
        event.command.number = number; // some of them can be
    else if (command_has_number(event.command.verb))
        event.command.number = command_number(most * number / 255);
    if (command_has_text(event.command.verb)) {
        event.command.text = text;
        event.command.length = length;
    }
    handle(world, &event);
}

// A runner whose race is over any distance and, mostly, possible.
static void know(World *world, uint8_t a, uint8_t b)
{
    char why[WHY_MAX];
    Event event = {.at = world->at, .kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    athlete_set(&event.athlete, a % ATHLETE_FIELDS, b);
    event.athlete.race_count = a / 64;
    for (size_t i = 0; i < event.athlete.race_count; i++)
        event.athlete.races[i] =
            (Race){800 * (double)(1 + b * (i + 1) % 60), 240 + b * 10.0, a & 1};
    if (athlete_check(&event.athlete, why)) // the journal keeps no other
        handle(world, &event);
    else
        CHECK(why[0] != '\0');
}

static void happen(World *world, uint8_t what, uint8_t a, uint8_t b, const uint8_t *bytes)
{
    static const uint16_t characteristics[] = {[WHAT_HEART] = CHARACTERISTIC_HRS_MEASUREMENT,
                                               [WHAT_POD] = CHARACTERISTIC_RSCS_MEASUREMENT,
                                               [WHAT_FEATURE] = CHARACTERISTIC_RSCS_FEATURE,
                                               [WHAT_PACKET] = CHARACTERISTIC_BATTERY_LEVEL};
    Event event = {.at = world->at};
    switch (what) {
    case WHAT_LINK:
        event.kind = EVENT_LINK;
        event.link.sensor = a;
        event.link.up = b & 1;
        handle(world, &event);
        break;
    case WHAT_COMMAND: {
        const char *text = workouts[b % (sizeof workouts / sizeof *workouts)];
        command(world, a, b, text, strlen(text));
        break;
    }
    case WHAT_TEXT:
        command(world, COMMAND_START, b, (const char *)bytes, b);
        break;
    case WHAT_VOICE: // of one of the latest cues, most often
        event.kind = EVENT_VOICE;
        event.voice.kind = a & 1 ? VOICE_DONE : VOICE_STARTED;
        event.voice.cue = world->cue - b / 64;
        handle(world, &event);
        break;
    case WHAT_LATENCY:
        event.kind = EVENT_VOICE;
        event.voice.kind = VOICE_LATENCY;
        event.voice.latency = ((int8_t)a * 256 + b) * USEC_PER_MSEC;
        handle(world, &event);
        break;
    case WHAT_RUN:
        run(world, a, b);
        break;
    case WHAT_SENSOR:
        event.kind = EVENT_SENSOR;
        event.sensor.sensor = a % (SENSORS_MAX + 1);
        event.sensor.profile = (SensorProfile){
            .services = b & SERVICES_ALL,
            .rank = b >> 6,
            .convention = (CadenceConvention)(b >> 4 & 3),
            .convention_fixed = a >> 7 & 1,
            .contact_untrusted = a >> 6 & 1,
            .weak = a >> 5 & 1,
            .beats_trusted = a >> 4 & 1,
            .on_stop = (OnStop)((b >> 3 & 1) + (a >> 4 & 1)),
        };
        handle(world, &event);
        break;
    case WHAT_CONDITION:
        event.kind = EVENT_CONDITION;
        event.condition.set = a & CONDITIONS_ALL;
        handle(world, &event);
        break;
    case WHAT_ATHLETE:
        know(world, a, b);
        break;
    case WHAT_TIME:
        handle(world, &(Event){.at = world->at, .kind = EVENT_TIME});
        break;
    default:
        notify(world, a, characteristics[what], bytes, b);
    }
}

static void pass(World *world, uint8_t unit, uint16_t span)
{
    switch (unit % 8) {
    case 0:
        world->at += span;
        break;
    case 1:
        world->at += span * USEC_PER_SEC;
        break;
    case 2:
        world->at += span * USEC_PER_SEC * 3600;
        break;
    case 3:
        world->at -= span * USEC_PER_MSEC;
        break;
    case 4:
        world->at -= span * USEC_PER_SEC;
        break;
    default:
        world->at += span * USEC_PER_MSEC;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    World world = {
        .session = session_new(&SESSION_CONFIG_DEFAULT),
        .replay = session_new(&SESSION_CONFIG_DEFAULT),
        .at = 1000 * USEC_PER_SEC,
        .step = -1,
    };
    Cursor cursor = {data, size};
    uint8_t tag, a, b;
    uint16_t span;
    while (world.calls < CALLS_MAX && cursor_u8(&cursor, &tag) && cursor_u16(&cursor, &span) &&
           cursor_u8(&cursor, &a) && cursor_u8(&cursor, &b)) {
        uint8_t what = (tag & 0x0f) % WHATS;
        const uint8_t *bytes = NULL;
        bool carries = what <= WHAT_PACKET || what == WHAT_TEXT;
        if (carries && !cursor_bytes(&cursor, b, &bytes))
            break;
        pass(&world, (tag >> 4) & 7, span);
        happen(&world, what, a, b, bytes);
        if (tag & 0x80)
            drain(&world);
    }
    session_free(world.session);
    session_free(world.replay);
    return 0;
}
