// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What callers on the bus ask of the hub.

#include "hub/conditions.h"
#include "hub/hub-inside.h"
#include "hub/resuming.h"
#include "io/error.h"

#define WANTED_FOR (120 * USEC_PER_SEC) // sensors, after a pre-flight

// Looked at when it matters, which is before a run and now and then in it: no timer watches the
// disk and the clock.
void hub_note_conditions(Hub *hub)
{
    unsigned conditions = conditions_now(hub->options.database, store_status(hub->store).state);
    if (conditions == hub->conditions)
        return;
    hub->conditions = conditions;
    store_thin(hub->store, (conditions & CONDITION_DISK_LOW) != 0);
    const Event event = {clock_now(), EVENT_CONDITION, .condition = {(uint8_t)conditions}};
    hub_take(hub, &event);
}

void asked_command(guint32 id, CommandVerb verb, const char *text, gsize length, const char *sender,
                   gpointer data)
{
    Hub *hub = data;
    if (verb == COMMAND_CONTINUE) {
        resuming_ask(hub, id, sender);
        return;
    }
    if (command_has_text(verb))
        hub_note_conditions(hub);
    if (command_starts(verb))
        proposing_tell_load(hub);
    if (verb == COMMAND_PREFLIGHT) {
        gboolean kept = wake_keep(hub->wake, radio_sensors(hub->radio), id, text, length, sender);
        hub->wanted_until = clock_now() + WANTED_FOR;
        hub_want_sensors(hub);
        if (kept) {
            hub_rearm(hub);
            return;
        }
    }
    const Event event = {clock_now(), EVENT_COMMAND, .command = {verb, id, text, length}};
    g_free(hub->by);
    hub->by = g_strdup(sender);
    hub_take(hub, &event);
}

static void on_measure(guint32 id, CommandVerb verb, double metres, const char *sender,
                       gpointer data)
{
    Hub *hub = data;
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.id = id;
    event.command.number = command_number(metres);
    g_free(hub->by);
    hub->by = g_strdup(sender);
    hub_take(hub, &event);
}

static gboolean on_scan(double seconds, GError **error, gpointer data)
{
    Hub *hub = data;
    if (radio_state(hub->radio) != RADIO_READY) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY, radio_reason(hub->radio));
        return FALSE;
    }
    radio_scan(hub->radio, seconds);
    return TRUE;
}

static gboolean on_add_sensor(const char *address, const SensorWish *wish, GError **error,
                              gpointer data)
{
    Hub *hub = data;
    if (!registry_add(hub->registry, address, wish, error))
        return FALSE;
    hub_publish_sensors(hub, FALSE); // the answer names its object
    return TRUE;
}

static gboolean on_configure_sensor(const char *address, const SensorWish *wish, GError **error,
                                    gpointer data)
{
    Hub *hub = data;
    if (!registry_configure(hub->registry, address, wish, error))
        return FALSE;
    hub_publish_sensors(hub, TRUE);
    return TRUE;
}

static gboolean on_scale_sensor(const char *address, const ScaleWish *wish, GError **error,
                                gpointer data)
{
    Hub *hub = data;
    if (!registry_scale(hub->registry, address, wish, error))
        return FALSE;
    hub_publish_sensors(hub, FALSE);
    return TRUE;
}

static gboolean on_forget_sensor(const char *address, GError **error, gpointer data)
{
    Hub *hub = data;
    if (!registry_forget(hub->registry, address, error))
        return FALSE;
    hub_publish_sensors(hub, FALSE); // the radio says nothing of another runner's
    return TRUE;
}

static gboolean on_set_athlete(const Athlete *athlete, GError **error, gpointer data)
{
    Hub *hub = data;
    char why[WHY_MAX];
    if (!athlete_check(athlete, why)) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, why);
        return FALSE;
    }
    store_athlete_put(hub->store, hub->config->runner, athlete);
    hub_tell_athlete(hub);
    return TRUE;
}

static void on_answer_proposal(guint32 id, gboolean accepted, gpointer data)
{
    proposing_answer(data, id, accepted);
}

static void on_call_race(guint32 id, gint64 run, guint lap, double metres, gboolean maximal,
                         gpointer data)
{
    proposing_call_race(data, id, run, lap, metres, maximal);
}

static void on_procedure(const char *address, const Procedure *procedure,
                         ProcedureCallback callback, gpointer callback_data, gpointer data)
{
    radio_procedure(((Hub *)data)->radio, address, procedure, callback, callback_data);
}

static gboolean on_say(const char *text, const char *language, GError **error, gpointer data)
{
    return saying_say(data, text, language, error);
}

static void on_player(PlayerKey key, gpointer data)
{
    pressing_player(data, key);
}

static void on_hold(gboolean held, gpointer data)
{
    Hub *hub = data;
    hub->held = held;
    hub_want_sensors(hub);
}

static void on_name_acquired(gpointer data)
{
    Hub *hub = data;
    hub->options.ready(hub->options.data);
}

static void on_name_lost(gpointer data)
{
    Hub *hub = data;
    hub->options.lost(hub->options.data);
}

static void on_set_sound(const SoundWish *wish, gpointer data)
{
    Hub *hub = data;
    VoiceSound sound = *voice_sound(hub->voice);
    if (wish->device)
        sound.device = wish->device;
    if (wish->volume >= 0)
        sound.volume = wish->volume;
    if (wish->clicks >= 0)
        sound.clicks = wish->clicks;
    if (wish->duck >= 0)
        sound.duck = wish->duck;
    voice_set_sound(hub->voice, &sound);
    hub_publish_state(hub);
}

const BusHandlers asked_handlers = {
    .command = asked_command,
    .measure = on_measure,
    .scan = on_scan,
    .add_sensor = on_add_sensor,
    .configure_sensor = on_configure_sensor,
    .scale_sensor = on_scale_sensor,
    .forget_sensor = on_forget_sensor,
    .set_sound = on_set_sound,
    .set_athlete = on_set_athlete,
    .answer_proposal = on_answer_proposal,
    .call_race = on_call_race,
    .procedure = on_procedure,
    .say = on_say,
    .player = on_player,
    .hold = on_hold,
    .name_acquired = on_name_acquired,
    .name_lost = on_name_lost,
};
