// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: the music is somebody else's. So its volumes are kept in a file before they are
// touched (see ducked.h), the server is asked anew each time who plays, and a stream whose volume
// was moved meanwhile is left where its user put it.

#include "audio/duck.h"

#include <string.h>

#include "audio/ducked.h"
#include "io/clock.h"

#define STEP (15 * USEC_PER_MSEC)
#define HOLD (300 * USEC_PER_MSEC) // another cue may follow, and music must not flutter

typedef enum {
    DUCK_RESTING,
    DUCK_RECOVERING, // what an earlier life left behind is given back
    DUCK_ASKING,     // who plays, and whether the server ducks itself
    DUCK_FALLING,    // or down
    DUCK_HOLDING,    // down, for a moment yet
    DUCK_LOOKING,    // who was moved meanwhile
    DUCK_RISING,
} DuckPhase;

struct Duck {
    pa_context *context;
    DuckPhase phase;
    bool speaking;
    bool server_ducks;
    uint32_t cookie;
    GArray *streams; // of Ducked
    GArray *ended;   // likewise: they did so while they were down
    pa_operation *remembering;
    int step;
    Alarm *alarm;
    pa_operation *operation; // the last of those that are under way
    GiveBack give_back;
};

static void operation_set(Duck *duck, pa_operation *operation)
{
    if (duck->operation) {
        pa_operation_cancel(duck->operation);
        pa_operation_unref(duck->operation);
    }
    duck->operation = operation;
}

static void forget(pa_operation *operation)
{
    if (operation)
        pa_operation_unref(operation);
}

static void rest(Duck *duck)
{
    if (duck->streams->len > 0)
        ducked_forget();
    g_array_set_size(duck->streams, 0);
    alarm_set(duck->alarm, USEC_NEVER);
    duck->step = 0;
    duck->phase = DUCK_RESTING;
}

static void set_step(Duck *duck, int step)
{
    duck->step = step;
    for (guint i = 0; i < duck->streams->len; i++) {
        const Ducked *ducked = &g_array_index(duck->streams, Ducked, i);
        const pa_cvolume volume = ducked_volume(ducked, step);
        forget(pa_context_set_sink_input_volume(duck->context, ducked->index, &volume, NULL, NULL));
    }
}

static void fall(Duck *duck)
{
    duck->phase = DUCK_FALLING;
    if (duck->step < DUCK_STEPS)
        set_step(duck, duck->step + 1);
    alarm_set(duck->alarm, duck->step < DUCK_STEPS ? clock_now() + STEP : USEC_NEVER);
}

static void rise(Duck *duck)
{
    duck->phase = DUCK_RISING;
    set_step(duck, duck->step - 1);
    if (duck->step > 0)
        alarm_set(duck->alarm, clock_now() + STEP);
    else
        rest(duck);
}

// ── who plays ──

// Whether that triggers the ducking, by a module's arguments.
static bool has_our_role(const char *arguments)
{
    const char *roles = strstr(arguments, "trigger_roles=");
    const char *ours = roles ? strstr(roles, "announcement") : NULL;
    return ours && ours < roles + strcspn(roles, " \t");
}

static void on_module(pa_context *context, const pa_module_info *info, int end, void *data)
{
    Duck *duck = data;
    if (!end && g_strcmp0(info->name, "module-role-ducking") == 0 && info->argument &&
        has_our_role(info->argument))
        duck->server_ducks = true;
}

static void on_player(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    Duck *duck = data;
    if (!end) {
        Ducked ducked = {info->index, info->volume};
        const char *name = pa_proplist_gets(info->proplist, REMEMBERED);
        g_strlcpy(ducked.remembered, name ? name : "", sizeof ducked.remembered);
        if (info->client != pa_context_get_index(context) && info->has_volume &&
            info->volume_writable && !info->corked && !info->mute)
            g_array_append_val(duck->streams, ducked);
        return;
    }
    g_clear_pointer(&duck->operation, pa_operation_unref);
    if (duck->server_ducks || !ducked_save(duck->streams, duck->cookie))
        g_array_set_size(duck->streams, 0);
    if (duck->streams->len == 0) {
        rest(duck);
        return;
    }
    fall(duck);
    if (!duck->speaking)
        duck_end(duck);
}

static void on_server(pa_context *context, const pa_server_info *info, void *data)
{
    if (info)
        ((Duck *)data)->cookie = info->cookie;
}

// Answers come in order, so the last one ends it.
static void ask(Duck *duck)
{
    duck->phase = DUCK_ASKING;
    duck->server_ducks = false;
    forget(pa_context_get_server_info(duck->context, on_server, duck));
    forget(pa_context_get_module_info_list(duck->context, on_module, duck));
    operation_set(duck, pa_context_get_sink_input_info_list(duck->context, on_player, duck));
}

static void on_remembered(pa_context *context, const pa_ext_stream_restore_info *info, int end,
                          void *data)
{
    Duck *duck = data;
    if (end >= 0) // else it remembers nothing
        ducked_remind(context, end ? NULL : info, duck->ended);
    if (end) {
        g_clear_pointer(&duck->remembering, pa_operation_unref);
        g_array_set_size(duck->ended, 0);
    }
}

static void forget_remembering(Duck *duck)
{
    if (duck->remembering)
        pa_operation_cancel(duck->remembering);
    g_clear_pointer(&duck->remembering, pa_operation_unref);
    g_array_set_size(duck->ended, 0);
}

static void let_ended_go(Duck *duck)
{
    forget_remembering(duck);
    for (guint i = duck->streams->len; i-- > 0;) {
        const Ducked ducked = g_array_index(duck->streams, Ducked, i);
        g_array_index(duck->streams, Ducked, i).seen = false; // until the next look
        if (ducked.seen)
            continue;
        g_array_append_val(duck->ended, ducked);
        g_array_remove_index_fast(duck->streams, i);
    }
    if (duck->ended->len > 0)
        duck->remembering = pa_ext_stream_restore_read(duck->context, on_remembered, duck);
}

static void on_looked(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    Duck *duck = data;
    if (end) {
        g_clear_pointer(&duck->operation, pa_operation_unref);
        let_ended_go(duck);
        if (duck->speaking)
            fall(duck);
        else
            rise(duck);
        return;
    }
    for (guint i = duck->streams->len; i-- > 0;) {
        Ducked *ducked = &g_array_index(duck->streams, Ducked, i);
        ducked->seen |= ducked->index == info->index;
        if (ducked->index == info->index && !ducked_is_ours(ducked, &info->volume))
            g_array_remove_index_fast(duck->streams, i);
    }
}

static void alarm_rang(gpointer data)
{
    Duck *duck = data;
    switch (duck->phase) {
    case DUCK_FALLING:
        fall(duck);
        break;
    case DUCK_RISING:
        rise(duck);
        break;
    case DUCK_HOLDING:
        duck->phase = DUCK_LOOKING;
        operation_set(duck, pa_context_get_sink_input_info_list(duck->context, on_looked, duck));
        break;
    case DUCK_RESTING:
    case DUCK_RECOVERING:
    case DUCK_ASKING:
    case DUCK_LOOKING:
        break;
    }
}

static void on_given_back(gpointer data)
{
    Duck *duck = data;
    duck->phase = DUCK_RESTING;
    if (duck->speaking)
        ask(duck);
}

// ── the interface ──

Duck *duck_new(void)
{
    Duck *duck = g_new0(Duck, 1);
    duck->streams = g_array_new(FALSE, FALSE, sizeof(Ducked));
    duck->ended = g_array_new(FALSE, FALSE, sizeof(Ducked));
    duck->alarm = alarm_new(alarm_rang, duck);
    return duck;
}

void duck_free(Duck *duck)
{
    const bool down = duck->step > 0;
    duck_disconnect(duck);
    if (down)
        ducked_give_back(); // what this connection still sends would go with it
    alarm_free(duck->alarm);
    g_array_unref(duck->streams);
    g_array_unref(duck->ended);
    g_free(duck);
}

void duck_connect(Duck *duck, pa_context *context)
{
    if (!duck)
        return;
    duck->context = context;
    duck->phase = DUCK_RECOVERING;
    give_back_begin(&duck->give_back, context, on_given_back, duck);
}

void duck_disconnect(Duck *duck)
{
    if (!duck)
        return;
    give_back_end(&duck->give_back);
    operation_set(duck, NULL);
    forget_remembering(duck);
    alarm_set(duck->alarm, USEC_NEVER);
    g_array_set_size(duck->streams, 0);
    duck->step = 0;
    duck->phase = DUCK_RESTING;
    duck->context = NULL;
}

void duck_begin(Duck *duck)
{
    if (!duck)
        return;
    duck->speaking = true;
    switch (duck->phase) {
    case DUCK_RESTING:
        if (duck->context)
            ask(duck);
        break;
    case DUCK_HOLDING:
    case DUCK_RISING:
        fall(duck);
        break;
    case DUCK_RECOVERING:
    case DUCK_ASKING:
    case DUCK_FALLING:
    case DUCK_LOOKING:
        break; // goes on from there
    }
}

void duck_end(Duck *duck)
{
    if (!duck)
        return;
    duck->speaking = false;
    if (duck->phase != DUCK_FALLING)
        return;
    duck->phase = DUCK_HOLDING;
    alarm_set(duck->alarm, clock_now() + HOLD);
}
