// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "hub/pressing.h"

#include "hub/hub-inside.h"

#include <string.h>

#define PRESS_ID  G_MAXUINT32 // of no call on the bus: those count up from 1
#define TURNS_MAX 8           // within which the answer to a command comes
// A stream that plays takes a tone so soon, beyond the output's latency; one that sleeps, later.
#define TONE_AHEAD (60 * USEC_PER_MSEC)
#define WAKE_AHEAD (400 * USEC_PER_MSEC)
#define ASKED_FOR  (120 * USEC_PER_SEC)
#define TONE_LATE  USEC_PER_SEC

void pressing_answered(Hub *hub, const Effect *effect)
{
    if (effect->answer.id != PRESS_ID)
        return;
    hub->pressing.answered = TRUE;
    hub->pressing.done = effect->answer.reason == REASON_OK;
}

static void on_unasked(gpointer data)
{
    bus_hold_player(((Hub *)data)->bus, FALSE);
}

void pressing_init(Hub *hub)
{
    hub->pressing.unasked = alarm_new(on_unasked, hub);
}

void pressing_clear(Hub *hub)
{
    alarm_free(hub->pressing.unasked);
}

void pressing_cued(Hub *hub, const Cue *cue)
{
    if (cue->why == CUE_WHY_PROPOSED) {
        hub->proposing.asked_at = clock_now() + cue->takes;
        bus_hold_player(hub->bus, TRUE); // a headset's keys may be the only ones
        alarm_set(hub->pressing.unasked, hub->proposing.asked_at + ASKED_FOR);
    }
    if (hands_feel(hub->hands, cue))
        hub->pressing.felt = TRUE;
    hub->pressing.heard |= cue->tone == TONE_GO || cue->tone == TONE_REST || cue->tone == TONE_YES;
}

static gboolean try(Hub *hub, CommandVerb verb)
{
    hub->pressing.answered = hub->pressing.done = FALSE;
    asked_command(PRESS_ID, verb, command_starts(verb) ? "" : NULL, 0, "button", hub);
    for (int i = 0; i < TURNS_MAX && !hub->pressing.answered; i++)
        hub_take(hub, &(Event){.at = clock_now(), .kind = EVENT_TIME});
    return hub->pressing.done;
}

// Whoever presses cannot look: it is told whether that was understood.
static void answer(Hub *hub, Tone tone)
{
    const Usec now = clock_now();
    const Cue cue = {.id = SAID_FIRST | ++hub->said,
                     .kind = CUE_SAFETY,
                     .priority = PRIORITY_SAFETY,
                     .why = CUE_WHY_ASKED,
                     .form = FORM_EARCON,
                     .tone = tone,
                     .meaning = tone,
                     .due = now + hub->pressing.latency +
                            (hub_is_running(hub) ? TONE_AHEAD : WAKE_AHEAD),
                     .expires = now + TONE_LATE};
    Cue felt = cue;
    felt.due = now;                                                // nothing has to be placed
    const gboolean told = hub->pressing.heard && tone == TONE_YES; // two are one too many
    if (!told)
        voice_tone(hub->voice, &cue);
    if (!hub->pressing.felt) // a "go" is answer enough, and would be cut short
        hands_feel(hub->hands, &felt);
    if (!told)
        bus_signal_cue(hub->bus, &cue);
}

// Whether a press may be the answer to what was asked after a run: not hours later.
static gboolean is_asked(Hub *hub)
{
    const Usec heard = hub->proposing.asked_at, now = clock_now();
    return hub->proposing.asked && now >= heard && now < heard + ASKED_FOR;
}

// Nobody answers what he has not heard: the press means the next thing that it stands for.
static gboolean may_answer(Hub *hub, CommandVerb verb)
{
    const gboolean asks = hub_is_running(hub) ? session_asks(hub->session) : is_asked(hub);
    return asks || (verb != COMMAND_ACCEPT && verb != COMMAND_VETO);
}

void pressing_pressed(const Deed *deed, gboolean headset, gpointer data)
{
    Hub *hub = data;
    gboolean done = FALSE;
    if (headset && !hub_is_running(hub) && !is_asked(hub))
        return; // it is for the music
    hub->pressing.felt = hub->pressing.heard = FALSE;
    for (guint i = 0; i < deed->count && !done; i++)
        done =
            may_answer(hub, (CommandVerb)deed->verbs[i]) && try(hub, (CommandVerb)deed->verbs[i]);
    answer(hub, done ? TONE_YES : TONE_NO);
    if (!hub->proposing.asked)
        bus_hold_player(hub->bus, FALSE);
}

void pressing_player(Hub *hub, PlayerKey key)
{
    static const Deed resume = {1, {COMMAND_RESUME}}, pause = {1, {COMMAND_PAUSE}};
    const Deed *deeds = hub->config->buttons->deeds;
    switch (key) {
    case PLAYER_PLAY:
        if (hub_is_running(hub)) // else no answer to what may be asked: a program may have sent it
            pressing_pressed(&resume, TRUE, hub);
        break;
    case PLAYER_PAUSE:
        if (hub_is_running(hub))
            pressing_pressed(&pause, TRUE, hub);
        break;
    case PLAYER_PLAY_PAUSE:
        pressing_pressed(&deeds[GESTURE_HOLD], TRUE, hub);
        break;
    case PLAYER_NEXT:
        pressing_pressed(&deeds[GESTURE_PRESS], TRUE, hub);
        break;
    case PLAYER_PREVIOUS:
        pressing_pressed(&deeds[GESTURE_DOUBLE], TRUE, hub);
        break;
    }
}
