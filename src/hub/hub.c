// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The one page. All that happens comes in through hub_take(), all that follows goes out through
// hub_carry_out(), and the one alarm stands at the earliest of a few instants: the session's
// deadline, the next commit, the latest moment for Finished, a word to the log.
//
// What was hard:
// - An adapter may report back from within an effect (a voice that is silent is done at once). Such
//   events wait until the turn is over, so that the journal's order is the order of handling.
// - The coach's closing words come after the workout's end, but a client must hear them before the
//   session's object goes: Finished is held back for them, though never for long.
// - A daemon may live for months, but its journal is replayed in one go: now and then a new sitting
//   begins, with a new core session; see sitting.h.

#include "hub/hub.h"

#include "hub/hub-inside.h"
#include "hub/open.h"
#include "hub/resuming.h"
#include "hub/sitting.h"
#include "hub/statelog.h"
#include "hub/wake.h"
#include "io/clock.h"
#include "io/error.h"
#include "io/notify.h"
#include "io/sitting-config.h"

#include <string.h>

#define COMMIT_WITHIN  USEC_PER_SEC
#define COMMIT_IDLE    (30 * USEC_PER_SEC) // nothing of a run can be lost, and cards wear out
#define LOG_AFTER      USEC_PER_SEC        // a state that lasts no longer is no news
#define CLOSING_WITHIN (5 * USEC_PER_SEC)
#define LOOK_EVERY     (30 * USEC_PER_SEC) // in a run, with a tick: at disk and clock
#define COUNTS_EVERY   10                  // ticks
#define LAST_TURNS_MAX 64                  // of a session that is told to end

// ── publishing ──

StoreStatus hub_store_status(Hub *hub)
{
    const StoreStatus status = store_status(hub->store);
    const gboolean beside = status.state == STORE_READY && hub->store_note;
    return beside ? (StoreStatus){STORE_DEGRADED, hub->store_note, status.path} : status;
}

static void hub_log_states(Hub *hub)
{
    hub->log_due = USEC_NEVER;
    state_log_update(&hub->logged, hub->radio, hub->voice, hub_store_status(hub));
}

void hub_publish_state(Hub *hub)
{
    if (!hub->bus) // an adapter speaks while the hub begins or ends
        return;
    bus_publish_hub(hub->bus, radio_state(hub->radio), radio_reason(hub->radio),
                    voice_state(hub->voice), voice_reason(hub->voice), hub_store_status(hub));
    bus_publish_sound(hub->bus, voice_sound(hub->voice));
    if (hub->log_due == USEC_NEVER)
        hub->log_due = clock_now() + LOG_AFTER;
    hub_rearm(hub);
}

void hub_publish_sensors(Hub *hub, gboolean with_counts)
{
    if (!hub->bus)
        return;
    const SensorView *views = with_counts ? session_snapshot(hub->session)->sensors : NULL;
    g_autoptr(GArray) sensors = registry_show(hub->registry, views);
    bus_publish_sensors(hub->bus, (const SensorShown *)sensors->data, sensors->len);
}

// Sensors are held always, or while there is somebody to hold them for.
void hub_want_sensors(Hub *hub)
{
    radio_want(hub->radio, !hub->config->connect_on_demand || hub->held ||
                               session_snapshot(hub->session)->plan != NULL ||
                               hub->wanted_until != USEC_NEVER);
}

// ── effects ──

static void hub_commit(Hub *hub)
{
    store_commit(hub->store);
    hub->commit_due = USEC_NEVER;
}

static void hub_finish(Hub *hub)
{
    if (hub->finish_due == USEC_NEVER)
        return;
    hub->finish_due = USEC_NEVER;
    bus_signal_finished(hub->bus, &hub->summary, hub->finished_by);
    g_clear_pointer(&hub->finished_by, g_free);
}

void hub_keep_lessons(Hub *hub)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        const SensorKnown known = session_known(hub->session, sensor);
        registry_taught(hub->registry, sensor, &known);
    }
}

// In a run it is told at its end.
static void hub_corrected(Hub *hub, double metres)
{
    hub_keep_lessons(hub);
    if (!session_snapshot(hub->session)->plan)
        store_run_correct(hub->store, metres);
    hub_commit(hub);
    hub_publish_sensors(hub, FALSE);
}

// With each sitting and after each run, for a daemon may live for months: no timer wakes one that
// nobody uses, and its clock may become sure only later.
static void hub_forget_older(Hub *hub)
{
    if (hub->config->keep_days > 0 && clock_wall_is_sure())
        store_forget_older(hub->store, hub->config->keep_days);
}

static void hub_done(Hub *hub, const Effect *effect)
{
    const RunSummary *summary = &effect->summary;
    const char *ended_by = summary->completed ? "plan" : hub->ending ? "shutdown" : "stop";
    store_run_end(hub->store, effect->at, summary, ended_by, hub->config->runner);
    registry_keep(hub->registry);
    hub_keep_lessons(hub);
    hub_commit(hub);
    hub_forget_older(hub);
    g_autofree char *way = g_strdup_printf(", %.0f m", summary->distance_m);
    g_message("The workout ended (%s) after %.0f s%s", ended_by, summary->duration_s,
              summary->distance_m >= 0 ? way : ""); // or not a number
    hub->summary = *summary;
    hub->finish_due = clock_now() + CLOSING_WITHIN;
    g_free(hub->finished_by);
    hub->finished_by = g_strdup(hub->by);
    proposing_ran(hub);
}

static void hub_answer(Hub *hub, const Effect *effect)
{
    if (command_starts(effect->answer.verb) && effect->answer.reason == REASON_OK) {
        const char *name = session_snapshot(hub->session)->plan->name;
        store_run_begin(hub->store, effect->at, name);
        hub_commit(hub); // who hears that it began may be cut off at once
        g_message("A workout began: %s", name[0] != '\0' ? name : "a run without a plan");
    }
    pressing_answered(hub, effect);
    if (effect->answer.verb == COMMAND_TRACK)
        bus_publish_track(hub->bus, session_track(hub->session));
    bus_answer(hub->bus, effect->answer.id, effect->answer.verb, effect->answer.reason,
               &effect->answer.error);
}

static void hub_say(Hub *hub, const Cue *cue)
{
    voice_say(hub->voice, cue);
    pressing_cued(hub, cue);
    bus_signal_cue(hub->bus, cue);
    if (cue->kind == CUE_SUMMARY)
        hub_finish(hub);
}

// Not as the step begins: its own words come first.
static void hub_prepare(Hub *hub)
{
    const char *coming = session_coming(hub->session);
    Cue cue;
    if (!coming)
        return;
    cue_set_text(&cue, coming);
    if (strcmp(cue.text, hub->prepared) == 0)
        return;
    strcpy(hub->prepared, cue.text);
    voice_prepare(hub->voice, hub->prepared);
}

static void hub_tick(Hub *hub, Usec at)
{
    hub_prepare(hub);
    if (session_snapshot(hub->session)->plan)
        hub_commit(hub);
    if (hub->ticks++ % COUNTS_EVERY == 0) {
        registry_learn(hub->registry, session_snapshot(hub->session)->sensors);
        hub_publish_sensors(hub, TRUE);
    }
    notify_alive(at);
}

static gboolean shows(const Effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        if (effects->items[i].kind != EFFECT_SAY && effects->items[i].kind != EFFECT_HUSH)
            return TRUE;
    return FALSE;
}

static void hub_carry_out(Hub *hub, const Effects *effects)
{
    const Snapshot *snapshot = session_snapshot(hub->session);
    if (snapshot->plan)
        hub_finish(hub); // of the workout before
    if (shows(effects))
        bus_publish_session(hub->bus, snapshot);
    for (size_t i = 0; i < effects->count; i++) {
        const Effect *effect = &effects->items[i];
        switch (effect->kind) {
        case EFFECT_SAY:
            hub_say(hub, &effect->cue);
            break;
        case EFFECT_HUSH:
            voice_hush(hub->voice, effect->hush);
            hands_take_back(hub->hands, effect->hush);
            break;
        case EFFECT_TONE:
            voice_tone(hub->voice, &effect->cue);
            pressing_cued(hub, &effect->cue);
            bus_signal_cue(hub->bus, &effect->cue);
            break;
        case EFFECT_METRONOME:
            voice_metronome(hub->voice, effect->clicks);
            break;
        case EFFECT_TICK:
            hub_tick(hub, effect->at);
            break;
        case EFFECT_RECORD:
            store_run_lap(hub->store, &effect->lap);
            bus_signal_lap(hub->bus, &effect->lap);
            break;
        case EFFECT_STEP:
            bus_signal_step(hub->bus, snapshot->plan, effect->step.index, &effect->step.plan);
            break;
        case EFFECT_STATE:
            bus_signal_state(hub->bus, snapshot->state, hub->by);
            hub_want_sensors(hub);
            voice_awake(hub->voice, snapshot->plan != NULL);
            hub_commit(hub); // a clock that was stopped is not to run on after a kill
            break;
        case EFFECT_DONE:
            hub_done(hub, effect);
            break;
        case EFFECT_ADAPTED:
            bus_signal_adapted(hub->bus, &effect->adaptation);
            break;
        case EFFECT_PROPOSAL:
            hub->proposing.answered = TRUE;
            hub->proposing.accepted = effect->accepted;
            break;
        case EFFECT_CORRECTED:
            hub_corrected(hub, effect->corrected_m);
            break;
        case EFFECT_ANSWER:
            hub_answer(hub, effect);
            break;
        }
    }
}

// ── events ──

void hub_use_session(Hub *hub, Session *session, Phrases *phrases, Usec at)
{
    session_free(hub->session);
    g_free(hub->phrases);
    hub->session = session;
    hub->phrases = phrases;
    hub->idle_since = hub->last_event = at; // the rest before is not its own
}

static void hub_begin_sitting(Hub *hub, Usec at)
{
    g_autofree char *text = sitting_config_text(hub->config);
    const SessionConfig config = config_session(hub->config);
    hub_use_session(hub, session_new(&config), NULL, at);
    store_sitting_begin(hub->store, at, text);
    hub_forget_older(hub);
}

static void hub_turn(Hub *hub, const Event *event);

GArray *hub_legacy(Hub *hub, Usec at)
{
    SensorProfile profiles[SENSORS_MAX] = {{0}};
    registry_keep(hub->registry);
    hub_keep_lessons(hub);
    registry_renew(hub->registry);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        registry_profile(hub->registry, sensor, &profiles[sensor]);
    return sitting_legacy(at, hub->session, profiles, hub->conditions);
}

static void hub_renew_sitting(Hub *hub, Usec at)
{
    g_autoptr(GArray) legacy = hub_legacy(hub, at);
    hub_begin_sitting(hub, at);
    char *by = g_steal_pointer(&hub->by); // asked for what comes after the legacy
    for (guint i = 0; i < legacy->len; i++)
        hub_turn(hub, &g_array_index(legacy, Event, i));
    hub->by = by;
}

static void hub_turn(Hub *hub, const Event *event)
{
    if (sitting_is_over(hub->session, hub->last_event, hub->idle_since, event))
        hub_renew_sitting(hub, event->at);
    hub->last_event = event->at;

    Effects effects;
    store_append(hub->store, event);
    session_handle(hub->session, event, &effects);
    gboolean runs = session_snapshot(hub->session)->plan != NULL;
    hub->commit_due = MIN(hub->commit_due, event->at + (runs ? COMMIT_WITHIN : COMMIT_IDLE));
    hub_carry_out(hub, &effects);
    if (runs)
        hub->idle_since = event->at;
    // What did not fit into this turn comes with the next and was asked for by the same caller.
    if (hub->by && session_deadline(hub->session) > event->at)
        g_clear_pointer(&hub->by, g_free);
}

void hub_rearm(Hub *hub)
{
    Usec deadline = session_deadline(hub->session);
    if (deadline == USEC_NEVER)
        notify_asleep();
    Usec own = MIN(MIN(hub->log_due, hub->wanted_until), MIN(hub->commit_due, hub->finish_due));
    alarm_set(hub->alarm, MIN(deadline, own));
}

void hub_take(Hub *hub, const Event *event)
{
    if (hub->handling) {
        g_assert(event->kind != EVENT_COMMAND); // its text is only lent
        g_array_append_vals(hub->waiting, event, 1);
        return;
    }
    hub->handling = TRUE;
    hub_turn(hub, event);
    for (guint i = 0; i < hub->waiting->len; i++) {
        Event next = g_array_index(hub->waiting, Event, i); // a copy: the array may grow
        hub_turn(hub, &next);
    }
    g_array_set_size(hub->waiting, 0);
    hub->handling = FALSE;
    proposing_settle(hub);
    hub_rearm(hub);
}

static void on_alarm(gpointer data)
{
    Hub *hub = data;
    Usec now = clock_now();
    if (hub->finish_due <= now)
        hub_finish(hub);
    if (session_deadline(hub->session) <= now)
        hub_take(hub, &(Event){.at = now, .kind = EVENT_TIME});
    if (hub_is_running(hub) && hub->look_due <= now) {
        hub->look_due = now + LOOK_EVERY;
        hub_note_conditions(hub);
    }
    if (hub->commit_due <= now)
        hub_commit(hub);
    if (hub->log_due <= now)
        hub_log_states(hub);
    if (hub->wanted_until != USEC_NEVER && hub->wanted_until <= now) {
        hub->wanted_until = USEC_NEVER;
        hub_want_sensors(hub);
    }
    hub_rearm(hub);
}

// ── the radio ──

static void on_notify(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                      gpointer data)
{
    Event event = {.at = clock_now(), .kind = EVENT_NOTIFY};
    event.notify.sensor = slot;
    event.notify.characteristic = characteristic;
    event.notify.length = (uint8_t)MIN(length, NOTIFY_BYTES_MAX);
    if (length > 0) // an empty packet may point nowhere
        memcpy(event.notify.bytes, bytes, event.notify.length);
    hub_take(data, &event);
}

static void on_link(SensorId slot, gboolean up, gpointer data)
{
    Hub *hub = data;
    hub_take(hub, &(Event){clock_now(), EVENT_LINK, .link = {slot, up}});
}

static void on_candidate(const RadioSensor *sensor, gpointer data)
{
    Hub *hub = data;
    registry_consider(hub->registry, sensor, hub_store_status(hub).state == STORE_READY);
}

static gboolean on_moved(SensorId slot, const char *address, gpointer data)
{
    return registry_moved(((Hub *)data)->registry, slot, address);
}

static void on_radio_changed(gpointer data)
{
    Hub *hub = data;
    registry_heard(hub->registry);
    hub_publish_state(hub);
    hub_publish_sensors(hub, FALSE);
    wake_look(hub->wake, radio_sensors(hub->radio));
}

// ── the athlete ──

void hub_tell_athlete(Hub *hub)
{
    const Athlete kept = store_athlete(hub->store, hub->config->runner);
    Event event = {.at = clock_now(), .kind = EVENT_ATHLETE, .athlete = athlete_recorded(&kept)};
    if (!athlete_same(&event.athlete, session_athlete(hub->session))) {
        hub_take(hub, &event);
        hub_commit(hub);
        hub_rearm(hub); // a daemon that nobody uses does not wake up for it
    }
    bus_publish_athlete(hub->bus, &kept, session_athlete_model(hub->session));
}

// As it is set, until a caller says otherwise.
static void hub_tell_track(Hub *hub)
{
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_TRACK;
    event.command.number = hub->config->track_m;
    if (event.command.number > 0)
        hub_take(hub, &event);
}

// ── the registry ──

static void on_describe(SensorId slot, const SensorProfile *profile, gpointer data)
{
    hub_take(data, &(Event){.at = clock_now(), .kind = EVENT_SENSOR, .sensor = {slot, *profile}});
}

static void on_adopted(const char *address, const char *name, gpointer data)
{
    Hub *hub = data;
    hub_publish_sensors(hub, FALSE);
    bus_signal_adopted(hub->bus, address, name);
}

// ── the voice and the store ──

static void on_voice_report(VoiceReportKind kind, uint32_t cue, Usec latency, gpointer data)
{
    Hub *hub = data;
    if (kind == VOICE_LATENCY)
        hub->pressing.latency = latency;
    if (cue < SAID_FIRST)
        hub_take(hub, &(Event){clock_now(), EVENT_VOICE, .voice = {kind, cue, latency}});
}

static void on_voice_changed(gpointer data)
{
    hub_publish_state(data);
}

static void on_store_changed(gpointer data)
{
    Hub *hub = data;
    registry_stored(hub->registry); // a file that came late knows sensors and the runner
    if (hub->bus) {
        hub_tell_athlete(hub);
        proposing_look(hub);
    }
    hub_publish_state(hub);
}

// ── life ──

Hub *hub_new(const HubOptions *options, GError **error)
{
    static const VoiceHandlers voice = {.report = on_voice_report, .changed = on_voice_changed};
    static const RegistryHandlers registry = {.describe = on_describe, .adopted = on_adopted};
    static const RadioHandlers radio = {
        .notify = on_notify,
        .link = on_link,
        .candidate = on_candidate,
        .moved = on_moved,
        .changed = on_radio_changed,
    };
    g_autoptr(Hub) hub = g_new0(Hub, 1);
    hub->config = options->config;
    hub->options = *options;
    hub->waiting = g_array_new(FALSE, FALSE, sizeof(Event));
    hub->commit_due = hub->finish_due = hub->log_due = hub->wanted_until = USEC_NEVER;
    hub->logged = STATE_LOG_NOTHING;
    proposing_init(&hub->proposing);
    hub->store = open_store(options->database, on_store_changed, hub, &hub->store_note, error);
    hub->voice =
        hub->store ? open_voice(hub->config, options->voice_outputs, &voice, hub, error) : NULL;
    if (!hub->voice)
        return NULL;
    hub->registry = registry_new(hub->config, hub->store, &registry, hub);
    if (options->record && !store_capture_to_file(hub->store, options->record, error))
        return NULL;
    hub->alarm = alarm_new(on_alarm, hub);
    hub->wake = wake_new(asked_command, hub);
    pressing_init(hub);
    hub->hands = hands_new(hub->config, pressing_pressed, hub);
    hub_begin_sitting(hub, clock_now());
    hub_commit(hub);
    g_autofree char *workouts = g_build_filename(hub->config->directory, "workouts", NULL);
    hub->radio = radio_new(&(RadioConfig){.bluez = options->bluez,
                                          .adapter = hub->config->adapter,
                                          .quirk = registry_quirk,
                                          .quirk_data = hub->registry},
                           &radio, hub);
    hub->bus =
        bus_new(options->bus, hub->config->runner, workouts, hub->store, &asked_handlers, hub);
    bus_set_keep(hub->bus, hub->config->keep_days);
    if (hub->config->buttons->headset == HEADSET_MPRIS)
        bus_offer_player(hub->bus);
    hub_tell_athlete(hub);
    hub_tell_track(hub);
    proposing_look(hub);
    registry_serve(hub->registry, hub->radio);
    hub_want_sensors(hub);
    hub_publish_state(hub);
    resuming_look(hub);
    return g_steal_pointer(&hub);
}

void hub_serve(Hub *hub, GDBusConnection *bus)
{
    bus_serve(hub->bus, bus);
}

gboolean hub_is_running(Hub *hub)
{
    return session_snapshot(hub->session)->plan != NULL;
}

void hub_interrupt(Hub *hub)
{
    if (!hub_is_running(hub))
        return;
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_BREAK;
    hub_take(hub, &event);
    hub->broken_off = TRUE;
}

static void hub_end_workout(Hub *hub)
{
    hub->ending = TRUE;
    g_free(hub->by);
    hub->by = g_strdup("shutdown");
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_STOP;
    hub_take(hub, &event);
    for (int i = 0; i < LAST_TURNS_MAX && session_deadline(hub->session) <= event.at; i++)
        hub_take(hub, &(Event){.at = event.at, .kind = EVENT_TIME});
    hub_finish(hub);
}

void hub_free(Hub *hub)
{
    if (!hub)
        return;
    if (hub->bus && hub_is_running(hub) && !hub->broken_off)
        hub_end_workout(hub);
    if (hub->bus)
        hub_finish(hub);
    if (hub->store)
        hub_commit(hub); // now: a bus that hangs may yet cost the rest of the time we are given
    proposing_clear(&hub->proposing);
    hub->handling = TRUE; // nobody is left to carry out what the adapters report while they end
    g_clear_pointer(&hub->bus, bus_free);
    hands_free(hub->hands);
    registry_close(hub->registry);
    g_clear_pointer(&hub->radio, radio_free);
    saying_end(hub);
    voice_free(hub->voice);
    registry_free(hub->registry);
    store_close(hub->store);
    wake_free(hub->wake);
    alarm_free(hub->alarm);
    pressing_clear(hub);
    session_free(hub->session);
    g_free(hub->phrases);
    g_array_unref(hub->waiting);
    g_free(hub->by);
    g_free(hub->finished_by);
    g_free(hub->store_note);
    g_free(hub);
}
