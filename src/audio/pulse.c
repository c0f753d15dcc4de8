// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cues on a PulseAudio stream of their own, corked between them: a corked stream wakes nobody and
// ducks nobody's music. What was hard: a cue is written whole and before the stream is uncorked, so
// that no stall of the main loop can tear it; a hushed cue must end without a click, so its next
// 10 ms are put back, faded, at the place the server has reached; and a sink that is suspended or
// stuck says nothing at all, so every cue has a deadline after which it is flushed, or it would
// sound when the sink wakes, minutes late. A cue that another takes the place of is let come to the
// end of its word, if that is soon and the other can wait; what is put back is then that much.

#include <string.h>

#include "audio/clicks.h"
#include "audio/duck.h"
#include "audio/mix.h"
#include "audio/output.h"
#include "audio/rest.h"
#include "audio/server.h"
#include "io/clock.h"

#define BYTES_PER_S   (SPEECH_RATE * 2)
#define TARGET_MS     120 // what the server buffers ahead: survives a busy machine
#define START_MS      20  // the least that starts playing
#define DRAIN_GRACE   USEC_PER_SEC
#define LATENCY_LIMIT (5 * USEC_PER_SEC)
#define LATENCY_LEAD  (50 * USEC_PER_MSEC) // PipeWire counts what it takes before it is played

typedef enum {
    STREAM_NONE,
    STREAM_CREATING,
    STREAM_CORKED,
    STREAM_RUNNING,
    STREAM_FADING, // hushed: waiting for the server to say how far it has played
} StreamPhase;

typedef struct {
    Output base;
    OutputHandlers handlers;
    gpointer data;
    Server *server;
    pa_context *context; // NULL unless ready; the server's
    pa_stream *stream;
    StreamPhase phase;
    pa_operation *operation; // the drain or the question how far it has played
    guint teardown;          // idle source: a stream must not be dropped in its own callback
    bool no_sink;            // the last stream could not be made or was taken from us
    bool stalled;            // the last cue did not come to its end
    Alarm *deadline;         // of the cue being played
    int64_t write_index;     // bytes written to the stream, as the server counts

    // The cue: all of its PCM is kept, for it may have to wait, or to be faded.
    bool active;
    bool ended; // no more will be written
    Usec expires;
    bool waits; // until the word before it is out
    GByteArray *pcm;
    size_t written;      // of `pcm`
    int64_t start_index; // where on the stream it began
    Usec handed_at;
    Usec latency;
    bool timed; // on this device, by a cue of words

    Clicks *clicks; // beside the cues
    Duck *duck;     // what others play; NULL: they are left alone
    char *device;   // NULL: the default one
    double gain;
    GByteArray *fading; // what was hushed, and where it began
    int64_t fading_start;
} Pulse;

static void pump(Pulse *pulse);
static void stream_create(Pulse *pulse);
static void stream_drop(Pulse *pulse);

static void pulse_set(Pulse *pulse, VoiceState state, const char *reason)
{
    if (state == pulse->base.state && g_str_equal(reason, pulse->base.reason))
        return;
    pulse->base.state = state;
    g_free(pulse->base.reason);
    pulse->base.reason = g_strdup(reason);
    pulse->handlers.changed(pulse->data);
}

// Why nobody hears anything though the server answers; NULL: somebody may.
static const char *no_sink_reason(const Pulse *pulse)
{
    const char *device =
        pulse->phase > STREAM_CREATING ? pa_stream_get_device_name(pulse->stream) : NULL;
    if (pulse->no_sink)
        return pulse->device
                   ? "the audio server has no output device of the name that is set; connect it, "
                     "or set another one (pactl list short sinks)"
                   : "the audio server has no output device; plug in or pair a headset or speaker";
    if (device && g_str_equal(device, "auto_null"))
        return "the audio server has only its dummy output, which nobody hears; plug in or pair a "
               "headset or speaker";
    if (pulse->stalled)
        return "the audio device takes no sound (suspended or stuck); wake or reconnect it";
    return NULL;
}

static void pulse_update_state(gpointer data)
{
    Pulse *pulse = data;
    const char *amiss = no_sink_reason(pulse);
    if (server_state(pulse->server) != VOICE_READY)
        pulse_set(pulse, server_state(pulse->server), server_reason(pulse->server));
    else if (amiss)
        pulse_set(pulse, VOICE_NO_SINK, amiss);
    else if (pulse->phase > STREAM_CREATING)
        pulse_set(pulse, VOICE_READY, "");
    else
        pulse_set(pulse, VOICE_CONNECTING, "opening a stream on the audio server");
}

// ── the cue ──

static void operation_cancel(Pulse *pulse)
{
    if (!pulse->operation)
        return;
    pa_operation_cancel(pulse->operation);
    g_clear_pointer(&pulse->operation, pa_operation_unref);
}

static void operation_set(Pulse *pulse, pa_operation *operation)
{
    operation_cancel(pulse);
    pulse->operation = operation;
}

static void forget(pa_operation *operation)
{
    if (operation)
        pa_operation_unref(operation);
}

static void stream_cork(Pulse *pulse, bool corked)
{
    pulse->phase = corked ? STREAM_CORKED : STREAM_RUNNING;
    forget(pa_stream_cork(pulse->stream, corked, NULL, NULL));
}

static void pulse_speaks(Pulse *pulse, bool speaks)
{
    clicks_duck(pulse->clicks, speaks);
    (speaks ? duck_begin : duck_end)(pulse->duck);
}

static void cue_clear(Pulse *pulse)
{
    pulse_speaks(pulse, false);
    pulse->active = false;
    pulse->ended = false;
    pulse->written = 0;
    g_byte_array_set_size(pulse->pcm, 0);
    alarm_set(pulse->deadline, USEC_NEVER);
}

static void cue_lost(Pulse *pulse)
{
    if (!pulse->active)
        return;
    cue_clear(pulse);
    pulse->handlers.lost(pulse->data);
}

static void stream_drained(pa_stream *stream, int success, void *data)
{
    Pulse *pulse = data;
    g_clear_pointer(&pulse->operation, pa_operation_unref);
    stream_cork(pulse, true);
    if (success && pulse->stalled) {
        pulse->stalled = false;
        pulse_update_state(pulse);
    }
    if (!pulse->active || pulse->written == 0)
        return; // that was a hushed cue's fade
    cue_clear(pulse);
    pulse->handlers.done(pulse->data);
}

static void stream_drain(Pulse *pulse)
{
    operation_set(pulse, pa_stream_drain(pulse->stream, stream_drained, pulse));
}

static void deadline_passed(gpointer data)
{
    Pulse *pulse = data;
    operation_cancel(pulse);
    pulse->stalled = true;
    // A stream that has stalled may stall again at the next cue, as some do whose PipeWire slept.
    stream_drop(pulse);
    stream_create(pulse);
    pulse_update_state(pulse);
    cue_lost(pulse);
}

static void stream_write(Pulse *pulse, const void *bytes, size_t size)
{
    if (pa_stream_write(pulse->stream, bytes, size, NULL, 0, PA_SEEK_RELATIVE) == 0)
        pulse->write_index += (int64_t)size;
}

// Gives the stream what there is of the cue, when the stream can take it.
static void pump(Pulse *pulse)
{
    if (!pulse->active || pulse->pcm->len == 0 ||
        (pulse->phase != STREAM_CORKED && pulse->phase != STREAM_RUNNING))
        return;
    bool first = pulse->written == 0;
    if (first) {
        pulse->handed_at = clock_now();
        if (pulse->handed_at >= pulse->expires)
            return; // the voice's own alarm ends it
        operation_cancel(pulse);
        pulse->start_index = pulse->write_index;
        pulse_speaks(pulse, true);
    }
    if (pulse->written < pulse->pcm->len)
        stream_write(pulse, pulse->pcm->data + pulse->written, pulse->pcm->len - pulse->written);
    pulse->written = pulse->pcm->len;
    if (pulse->phase == STREAM_CORKED)
        stream_cork(pulse, false);
    if (pulse->ended) {
        Usec length = (Usec)pulse->pcm->len * USEC_PER_SEC / BYTES_PER_S;
        alarm_set(pulse->deadline, pulse->handed_at + length + pulse->latency + DRAIN_GRACE);
        stream_drain(pulse);
    }
    if (first)
        pulse->handlers.started(pulse->data);
}

// A flush takes back what the server had not read yet, and only the server knows how much that was.
static const pa_timing_info *stream_timing(Pulse *pulse, int success)
{
    const pa_timing_info *timing = success ? pa_stream_get_timing_info(pulse->stream) : NULL;
    if (!timing || timing->read_index_corrupt || timing->write_index_corrupt)
        return NULL;
    int64_t taken_back = pulse->write_index - timing->write_index;
    pulse->write_index -= taken_back;
    pulse->start_index -= taken_back;
    pulse->fading_start -= taken_back;
    return timing;
}

// ── hushing ──

// Returns how long it takes.
static Usec write_rest(Pulse *pulse, int64_t offset)
{
    int16_t rest[REST_MOST];
    const int64_t from = MAX(offset, 0) / 2, left = pulse->fading->len / 2 - from;
    if (left <= 0)
        return 0;
    const Usec spare = pulse->active && pulse->waits ? pulse->expires - clock_now() : 0;
    const int64_t count =
        rest_of_words((const int16_t *)pulse->fading->data + from, left,
                      MIN(spare, USEC_PER_SEC) * SPEECH_RATE / USEC_PER_SEC, rest);
    stream_write(pulse, rest, (size_t)count * sizeof *rest);
    // Shorter than what starts a stream by itself.
    forget(pa_stream_trigger(pulse->stream, NULL, NULL));
    return count * USEC_PER_SEC / SPEECH_RATE;
}

static void stream_position(pa_stream *stream, int success, void *data)
{
    Pulse *pulse = data;
    g_clear_pointer(&pulse->operation, pa_operation_unref);
    alarm_set(pulse->deadline, USEC_NEVER);
    const pa_timing_info *timing = stream_timing(pulse, success);
    int64_t read_index = timing ? timing->read_index : pulse->write_index;
    forget(pa_stream_flush(stream, NULL, NULL));
    pulse->phase = STREAM_RUNNING;
    pulse->write_index = read_index;
    const Usec rest = write_rest(pulse, read_index - pulse->fading_start);
    g_byte_array_set_size(pulse->fading, 0);
    pump(pulse);
    if (pulse->active && pulse->written > 0)
        pulse->handed_at += rest;
    if (!pulse->active || pulse->written == 0)
        stream_drain(pulse);
}

static void pulse_stop(Output *output, Usec since_first)
{
    Pulse *pulse = (Pulse *)output;
    if (!pulse->active)
        return;
    if (pulse->written > 0) {
        GByteArray *hushed = pulse->pcm;
        pulse->pcm = pulse->fading;
        pulse->fading = hushed;
        pulse->fading_start = pulse->start_index;
    }
    bool sounding = pulse->written > 0 && pulse->phase == STREAM_RUNNING;
    cue_clear(pulse);
    if (!sounding)
        return;
    pulse->phase = STREAM_FADING;
    operation_set(pulse, pa_stream_update_timing_info(pulse->stream, stream_position, pulse));
    alarm_set(pulse->deadline, clock_now() + DRAIN_GRACE);
}

// ── latency ──

// When the cue's first sample is heard, from what the server says it is playing now. Positions
// are signed here: before the first sample is out, pa_stream_get_time() says 0 for all of it.
static void stream_timed(pa_stream *stream, int success, void *data)
{
    Pulse *pulse = data;
    const pa_timing_info *timing = stream_timing(pulse, success);
    if (!timing || !timing->playing || !pulse->active || pulse->written == 0)
        return;
    Usec read = (timing->read_index - pulse->start_index) * USEC_PER_SEC / BYTES_PER_S;
    Usec heard = read + (Usec)timing->transport_usec - (Usec)timing->sink_usec;
    Usec latency = clock_now() - heard - pulse->handed_at;
    if (latency < -LATENCY_LEAD || latency > LATENCY_LIMIT)
        return;
    latency = MAX(latency, 0);
    pulse->latency = latency;
    pulse->timed = true;
    pulse->handlers.latency(latency, pulse->data);
}

// As good as is known before words were heard, and all there is where only tones are wanted.
static void clicks_timed(Usec latency, gpointer data)
{
    Pulse *pulse = data;
    if (!pulse->timed)
        pulse->handlers.latency(latency, pulse->data);
}

static void stream_started(pa_stream *stream, void *data)
{
    forget(pa_stream_update_timing_info(stream, stream_timed, data));
}

// ── the stream ──

static void stream_drop(Pulse *pulse)
{
    g_clear_handle_id(&pulse->teardown, g_source_remove);
    operation_cancel(pulse);
    alarm_set(pulse->deadline, USEC_NEVER);
    pulse->phase = STREAM_NONE;
    pulse->timed = false;
    clicks_disconnect(pulse->clicks);
    if (!pulse->stream)
        return;
    pa_stream_set_state_callback(pulse->stream, NULL, NULL);
    pa_stream_set_started_callback(pulse->stream, NULL, NULL);
    pa_stream_set_moved_callback(pulse->stream, NULL, NULL);
    pa_stream_disconnect(pulse->stream);
    g_clear_pointer(&pulse->stream, pa_stream_unref);
}

static gboolean stream_teardown(gpointer data)
{
    Pulse *pulse = data;
    pulse->teardown = 0;
    stream_drop(pulse);
    pulse->no_sink = true;
    pulse_update_state(pulse);
    cue_lost(pulse);
    return G_SOURCE_REMOVE;
}

static void sink_event(pa_context *context, pa_subscription_event_type_t type, uint32_t index,
                       void *data)
{
    Pulse *pulse = data;
    if ((type & PA_SUBSCRIPTION_EVENT_TYPE_MASK) == PA_SUBSCRIPTION_EVENT_NEW && !pulse->stream)
        stream_create(pulse);
}

static void listen_for_sinks(Pulse *pulse, bool listen)
{
    pa_context_set_subscribe_callback(pulse->context, listen ? sink_event : NULL, pulse);
    forget(pa_context_subscribe(pulse->context,
                                listen ? PA_SUBSCRIPTION_MASK_SINK : PA_SUBSCRIPTION_MASK_NULL,
                                NULL, NULL));
}

static void stream_changed(pa_stream *stream, void *data)
{
    Pulse *pulse = data;
    switch (pa_stream_get_state(stream)) {
    case PA_STREAM_UNCONNECTED:
    case PA_STREAM_CREATING:
        break;
    case PA_STREAM_READY:
        pulse->phase = STREAM_CORKED;
        pulse->write_index = 0;
        if (pulse->no_sink)
            listen_for_sinks(pulse, false);
        pulse->no_sink = false;
        clicks_connect(pulse->clicks, pulse->context, pulse->device);
        pulse_update_state(pulse);
        pump(pulse);
        break;
    case PA_STREAM_FAILED:
    case PA_STREAM_TERMINATED:
        pulse->phase = STREAM_NONE;
        operation_cancel(pulse);
        if (pa_context_get_state(pulse->context) != PA_CONTEXT_READY)
            break; // the server went, and says so itself
        listen_for_sinks(pulse, true);
        if (!pulse->teardown)
            pulse->teardown = g_idle_add_full(G_PRIORITY_HIGH, stream_teardown, pulse, NULL);
        break;
    }
}

static void stream_moved(pa_stream *stream, void *data)
{
    ((Pulse *)data)->timed = false;
    pulse_update_state(data);
}

static void stream_create(Pulse *pulse)
{
    const pa_sample_spec format = {PA_SAMPLE_S16NE, SPEECH_RATE, 1};
    const pa_buffer_attr buffer = {
        .maxlength = UINT32_MAX,
        .tlength = BYTES_PER_S / 1000 * TARGET_MS,
        .prebuf = BYTES_PER_S / 1000 * START_MS, // the default would never start a short word
        .minreq = UINT32_MAX,
        .fragsize = UINT32_MAX,
    };
    pa_proplist *properties = pa_proplist_new();
    // Not "phone", which mutes the music, nor "event", whose volume is the system sounds'.
    pa_proplist_sets(properties, PA_PROP_MEDIA_ROLE, "announcement");
    pulse->stream = pa_stream_new_with_proplist(pulse->context, "Coach", &format, NULL, properties);
    pa_proplist_free(properties);
    pulse->phase = STREAM_CREATING;
    pa_stream_set_state_callback(pulse->stream, stream_changed, pulse);
    pa_stream_set_started_callback(pulse->stream, stream_started, pulse);
    pa_stream_set_moved_callback(pulse->stream, stream_moved, pulse);
    pa_stream_connect_playback(pulse->stream, pulse->device, &buffer,
                               PA_STREAM_START_CORKED | PA_STREAM_ADJUST_LATENCY, NULL, NULL);
    pulse_update_state(pulse);
}

static void server_is_ready(pa_context *context, gpointer data)
{
    Pulse *pulse = data;
    pulse->context = context;
    pulse->no_sink = pulse->stalled = false;
    duck_connect(pulse->duck, context);
    stream_create(pulse);
}

static void server_is_lost(gpointer data)
{
    Pulse *pulse = data;
    stream_drop(pulse);
    duck_disconnect(pulse->duck);
    pulse->context = NULL;
    pulse_update_state(pulse);
    cue_lost(pulse);
}

// ── the seam ──

static bool pulse_begin(Output *output, const Cue *cue, Usec since_first)
{
    Pulse *pulse = (Pulse *)output;
    if (!server_wake(pulse->server) || (pulse->context && pulse->phase == STREAM_NONE))
        return false;
    pulse->active = true;
    pulse->expires = cue->expires;
    pulse->waits = rest_can_wait(cue);
    return true;
}

static void pulse_write(Output *output, GBytes *pcm)
{
    Pulse *pulse = (Pulse *)output;
    if (!pulse->active)
        return;
    size_t size;
    const guint8 *bytes = g_bytes_get_data(pcm, &size);
    const guint before = pulse->pcm->len;
    g_byte_array_append(pulse->pcm, bytes, (guint)size);
    mix_scale_words((int16_t *)(pulse->pcm->data + before), size / 2, pulse->gain);
    pump(pulse);
}

static void pulse_end(Output *output)
{
    Pulse *pulse = (Pulse *)output;
    if (!pulse->active)
        return;
    pulse->ended = true;
    pump(pulse);
}

static void pulse_tone(Output *output, const Cue *cue, Usec since_first)
{
    Pulse *pulse = (Pulse *)output;
    server_wake(pulse->server);
    clicks_tone(pulse->clicks, cue);
}

static void pulse_take_back(Output *output, uint32_t tone)
{
    clicks_hush(((Pulse *)output)->clicks, tone);
}

static void pulse_metronome(Output *output, double clicks, Usec since_first)
{
    clicks_metronome(((Pulse *)output)->clicks, clicks);
}

static void pulse_awake(Output *output, bool awake)
{
    clicks_awake(((Pulse *)output)->clicks, awake);
}

static void pulse_sound(Output *output, const VoiceSound *sound)
{
    Pulse *pulse = (Pulse *)output;
    const char *device = *sound->device ? sound->device : NULL;
    pulse->gain = mix_gain(sound->volume);
    clicks_set_gain(pulse->clicks, mix_gain(sound->clicks));
    if (!sound->duck) {
        g_clear_pointer(&pulse->duck, duck_free);
    } else if (!pulse->duck) {
        pulse->duck = duck_new();
        if (pulse->context)
            duck_connect(pulse->duck, pulse->context);
    }
    if (g_strcmp0(device, pulse->device) == 0)
        return;
    g_free(pulse->device);
    pulse->device = g_strdup(device);
    if (!pulse->context)
        return;
    stream_drop(pulse);
    cue_lost(pulse);
    pulse->no_sink = pulse->stalled = false;
    stream_create(pulse);
}

static void pulse_free(Output *output)
{
    Pulse *pulse = (Pulse *)output;
    stream_drop(pulse);
    clicks_free(pulse->clicks);
    g_clear_pointer(&pulse->duck, duck_free);
    server_free(pulse->server);
    alarm_free(pulse->deadline);
    g_byte_array_unref(pulse->pcm);
    g_byte_array_unref(pulse->fading);
    g_free(pulse->device);
    g_free(pulse->base.reason);
    g_free(pulse);
}

Output *pulse_new(const OutputHandlers *handlers, gpointer data)
{
    static const OutputOps ops = {
        .begin = pulse_begin,
        .write = pulse_write,
        .end = pulse_end,
        .stop = pulse_stop,
        .tone = pulse_tone,
        .take_back = pulse_take_back,
        .metronome = pulse_metronome,
        .awake = pulse_awake,
        .sound = pulse_sound,
        .free = pulse_free,
    };
    static const ServerHandlers server_handlers = {server_is_ready, server_is_lost,
                                                   pulse_update_state};
    Pulse *pulse = g_new0(Pulse, 1);
    pulse->base = (Output){.ops = &ops, .state = VOICE_CONNECTING, .reason = g_strdup("")};
    pulse->handlers = *handlers;
    pulse->data = data;
    pulse->pcm = g_byte_array_new();
    pulse->fading = g_byte_array_new();
    pulse->deadline = alarm_new(deadline_passed, pulse);
    pulse->clicks = clicks_new(clicks_timed, pulse);
    pulse->gain = 1;
    pulse->duck = duck_new();
    pulse->server = server_new(&server_handlers, pulse);
    return &pulse->base;
}
