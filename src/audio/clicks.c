// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A stream that never starts or stops by itself (no prebuffer), so that a sample's place on it is
// an instant at the ear: what is not written is silence that takes its time. What was hard:
//
// - A tone must be in time and may be wanted at once. So little is queued, by our own alarm and not
//   as the server asks for it, and what is queued is written anew from the first sample that the
//   server has not taken, whenever something changes. Where that is, and what is heard now, the
//   server is asked before anything is placed, for the sound card's clock is not ours.
// - Silence must wake nobody. So none is written, and the server is told of a buffer that is so
//   large that it seldom asks for more.
// - A sink that is suspended or stuck plays late what it holds. Each look at the stream says when
//   every queued tone will be heard now: one that is late by then is taken out again.

#include "audio/clicks.h"

#include <glib.h>
#include <string.h>

#include "audio/metronome.h"
#include "audio/tones.h"
#include "io/clock.h"

#define TONES_MAX  8
#define BYTES      ((int64_t)sizeof(int16_t))
#define CHUNK      2400
#define IN_TIME(t) ((int64_t)(t)*CLICKS_RATE / 1000) // samples in so many ms
#define QUEUED     IN_TIME(400)
#define LOOK_EVERY (200 * USEC_PER_MSEC)
#define LOOK_SOON  (20 * USEC_PER_MSEC) // it does not play yet; then ever more seldom
#define LOOK_LATER USEC_PER_SEC
#define MARGIN     IN_TIME(10)        // on its way to the server meanwhile
#define MOVED      IN_TIME(5)         // the clocks have parted: place it anew
#define STUCK      (2 * USEC_PER_SEC) // no tone is as long
#define LINGER     (2 * USEC_PER_SEC)
#define ASKED_MS   5000 // how much the server waits for before it asks for more
#define SINK_MS    60   // what the sink may take ahead

typedef struct {
    uint32_t id;
    Tone tone; // TONE_NONE: none
    Usec due;
    bool placed;
    int64_t at; // if placed
} Placed;

struct Clicks {
    pa_context *context; // NULL: no server
    char *device;
    pa_stream *stream;
    pa_operation *look;
    Usec looked_at;  // asked then; answered for the positions below
    int64_t heard;   // at `looked_at`, in samples
    int64_t open;    // the first that could be written
    int64_t written; // up to there
    int64_t changed; // from there on the queue is wrong

    bool awake;
    double wanted; // clicks a minute
    bool ducked;
    double gain;
    Metronome metronome; // follows what is wanted at the next look: only then is known from where
    double beating;      // what it has been told
    bool beating_ducked;
    Placed tones[TONES_MAX];
    Usec patience; // with a sink that does not play
    Usec latency;  // as told; USEC_NEVER: not yet
    void (*tell)(Usec latency, gpointer data);
    gpointer data;
    Alarm *alarm; // the next look
    Alarm *idle;  // nothing was wanted for a while
};

static void stream_look(Clicks *clicks);

static void forget(pa_operation *operation)
{
    if (operation)
        pa_operation_unref(operation);
}

// ── what is to be heard ──

static bool has_tone(const Clicks *clicks)
{
    for (size_t i = 0; i < TONES_MAX; i++)
        if (clicks->tones[i].tone != TONE_NONE)
            return true;
    return false;
}

// From here on it sounds differently.
static void change(Clicks *clicks, int64_t at)
{
    clicks->changed = MIN(clicks->changed, at);
}

static void tone_drop(Clicks *clicks, Placed *placed)
{
    if (placed->placed)
        change(clicks, placed->at);
    placed->tone = TONE_NONE;
}

static void tone_place(Clicks *clicks, Placed *placed, Usec now)
{
    const int64_t length = tone_length(placed->tone, CLICKS_RATE);
    if (placed->placed && placed->at < clicks->open) { // being heard
        if (placed->at + length < clicks->open)
            placed->tone = TONE_NONE;
        else if (now > placed->due + STUCK)
            tone_drop(clicks, placed);
        return;
    }
    // Far ahead it is placed again and again anyhow.
    const double ahead_s = fmin(usec_to_s(placed->due - now), 3600);
    int64_t at =
        clicks->heard + llround((ahead_s + usec_to_s(now - clicks->looked_at)) * CLICKS_RATE);
    if (placed->placed && llabs(at - placed->at) < MOVED)
        return;
    if (at < clicks->open - IN_TIME(CLICKS_LATE / USEC_PER_MSEC)) {
        tone_drop(clicks, placed);
        return;
    }
    at = MAX(at, clicks->open);
    change(clicks, placed->placed ? MIN(at, placed->at) : at);
    placed->placed = true;
    placed->at = at;
}

static bool is_audible(const Clicks *clicks, int64_t from, int64_t until)
{
    if (!metronome_is_silent(&clicks->metronome, from))
        return true;
    for (size_t i = 0; i < TONES_MAX; i++) {
        const Placed *placed = &clicks->tones[i];
        if (placed->tone != TONE_NONE && placed->placed && placed->at < until &&
            placed->at + tone_length(placed->tone, CLICKS_RATE) > from)
            return true;
    }
    return false;
}

static void render(const Clicks *clicks, int64_t from, int16_t *samples, size_t count)
{
    memset(samples, 0, count * sizeof *samples);
    metronome_mix(&clicks->metronome, clicks->gain, from, samples, count);
    for (size_t i = 0; i < TONES_MAX; i++)
        if (clicks->tones[i].tone != TONE_NONE && clicks->tones[i].placed)
            tone_mix(clicks->tones[i].tone, CLICKS_RATE, clicks->gain, clicks->tones[i].at, from,
                     samples, count);
}

static void fill(Clicks *clicks)
{
    const int64_t from = MAX(MIN(clicks->changed, clicks->written), clicks->open);
    const bool audible = is_audible(clicks, from, clicks->open + QUEUED);
    const int64_t until = audible ? clicks->open + QUEUED : clicks->written;
    int16_t samples[CHUNK];
    clicks->changed = INT64_MAX;
    for (int64_t at = from; at < until; at += CHUNK) {
        const size_t count = (size_t)MIN(CHUNK, until - at);
        render(clicks, at, samples, count);
        if (pa_stream_write(clicks->stream, samples, count * sizeof *samples, NULL, at * BYTES,
                            PA_SEEK_ABSOLUTE) < 0)
            return;
    }
    clicks->written = MAX(until, clicks->open);
}

// ── the stream ──

static void plan_look(Clicks *clicks, Usec now)
{
    Usec at = USEC_NEVER;
    for (size_t i = 0; i < TONES_MAX; i++)
        if (clicks->tones[i].tone != TONE_NONE)
            at = MIN(at, clicks->tones[i].due - 2 * LOOK_EVERY);
    if (!metronome_is_silent(&clicks->metronome, clicks->open))
        at = now;
    alarm_set(clicks->alarm, at == USEC_NEVER ? at : MAX(at, now + LOOK_EVERY));
}

// Of what is written now. A sink takes a block at a time, so it swings by what that may be.
static void tell_latency(Clicks *clicks, Usec latency)
{
    if (clicks->latency != USEC_NEVER && ABS(latency - clicks->latency) <= SINK_MS * USEC_PER_MSEC)
        return;
    clicks->latency = latency;
    clicks->tell(latency, clicks->data);
}

// The position that is heard, from what the sink has been given and how much of that it holds.
static bool take_positions(Clicks *clicks, int success)
{
    const pa_timing_info *timing = success ? pa_stream_get_timing_info(clicks->stream) : NULL;
    if (!timing || timing->read_index_corrupt || !timing->playing)
        return false;
    const Usec then = clicks->looked_at + (Usec)timing->transport_usec, now = clock_now();
    const int64_t read = timing->read_index / BYTES;
    clicks->looked_at = then;
    clicks->heard = read - (int64_t)timing->sink_usec * CLICKS_RATE / USEC_PER_SEC;
    clicks->open = MAX(read + (now - then) * CLICKS_RATE / USEC_PER_SEC + MARGIN, 0);
    tell_latency(clicks, (Usec)timing->sink_usec + MARGIN * USEC_PER_SEC / CLICKS_RATE);
    return true;
}

static void metronome_follow(Clicks *clicks)
{
    if (clicks->ducked != clicks->beating_ducked) {
        clicks->beating_ducked = clicks->ducked;
        metronome_duck(&clicks->metronome, clicks->ducked, clicks->open);
        change(clicks, clicks->open);
    }
    if (clicks->wanted != clicks->beating) {
        clicks->beating = clicks->wanted;
        metronome_set(&clicks->metronome, clicks->wanted, clicks->open);
        change(clicks, clicks->open);
    }
}

static void stream_looked(pa_stream *stream, int success, void *data)
{
    Clicks *clicks = data;
    const Usec now = clock_now();
    g_clear_pointer(&clicks->look, pa_operation_unref);
    if (!take_positions(clicks, success)) {
        alarm_set(clicks->alarm, now + clicks->patience);
        clicks->patience = MIN(clicks->patience * 2, LOOK_LATER);
        return;
    }
    clicks->patience = LOOK_SOON;
    metronome_follow(clicks);
    for (size_t i = 0; i < TONES_MAX; i++)
        if (clicks->tones[i].tone != TONE_NONE)
            tone_place(clicks, &clicks->tones[i], now);
    fill(clicks);
    plan_look(clicks, now);
}

static void stream_look(Clicks *clicks)
{
    if (clicks->look || !clicks->stream || pa_stream_get_state(clicks->stream) != PA_STREAM_READY)
        return; // once it is answered or ready
    clicks->looked_at = clock_now();
    clicks->look = pa_stream_update_timing_info(clicks->stream, stream_looked, clicks);
}

// What the sink holds of it will not be heard in time.
static void stream_suspended(pa_stream *stream, void *data)
{
    Clicks *clicks = data;
    if (pa_stream_is_suspended(stream) != 1) {
        clicks->patience = LOOK_SOON;
        stream_look(clicks);
        return;
    }
    forget(pa_stream_flush(stream, NULL, NULL));
    clicks->written = 0;
    for (size_t i = 0; i < TONES_MAX; i++)
        clicks->tones[i].placed = false;
}

static void stream_moved(pa_stream *stream, void *data)
{
    stream_look(data);
}

static void stream_changed(pa_stream *stream, void *data)
{
    if (pa_stream_get_state(stream) == PA_STREAM_READY)
        stream_look(data);
}

static void stream_drop(Clicks *clicks)
{
    if (clicks->look) {
        pa_operation_cancel(clicks->look);
        g_clear_pointer(&clicks->look, pa_operation_unref);
    }
    for (size_t i = 0; i < TONES_MAX; i++)
        clicks->tones[i].placed = false;
    clicks->latency = USEC_NEVER;
    clicks->metronome = metronome_new(CLICKS_RATE);
    clicks->beating = 0;
    clicks->beating_ducked = false;
    clicks->written = 0;
    clicks->changed = INT64_MAX;
    if (!clicks->stream)
        return;
    pa_stream_set_state_callback(clicks->stream, NULL, NULL);
    pa_stream_set_suspended_callback(clicks->stream, NULL, NULL);
    pa_stream_set_moved_callback(clicks->stream, NULL, NULL);
    pa_stream_disconnect(clicks->stream);
    g_clear_pointer(&clicks->stream, pa_stream_unref);
}

static void stream_create(Clicks *clicks)
{
    const pa_sample_spec format = {PA_SAMPLE_S16NE, CLICKS_RATE, 1};
    const pa_buffer_attr buffer = {
        .maxlength = UINT32_MAX,
        .tlength = CLICKS_RATE / 1000 * BYTES * (2 * ASKED_MS + 2 * SINK_MS),
        .prebuf = 0,
        .minreq = CLICKS_RATE / 1000 * BYTES * ASKED_MS,
        .fragsize = UINT32_MAX,
    };
    clicks->stream = pa_stream_new(clicks->context, "Tones", &format, NULL);
    pa_stream_set_state_callback(clicks->stream, stream_changed, clicks);
    pa_stream_set_suspended_callback(clicks->stream, stream_suspended, clicks);
    pa_stream_set_moved_callback(clicks->stream, stream_moved, clicks);
    pa_stream_connect_playback(clicks->stream, clicks->device, &buffer, PA_STREAM_ADJUST_LATENCY,
                               NULL, NULL);
}

static bool is_wanted(const Clicks *clicks)
{
    return clicks->awake || clicks->wanted > 0 || has_tone(clicks) ||
           !metronome_is_silent(&clicks->metronome, clicks->open);
}

// After any change of what is wanted.
static void see_to_it(Clicks *clicks)
{
    const bool gone = clicks->stream && !PA_STREAM_IS_GOOD(pa_stream_get_state(clicks->stream));
    if (gone)
        stream_drop(clicks);
    alarm_set(clicks->idle, is_wanted(clicks) ? USEC_NEVER : clock_now() + LINGER);
    if (!clicks->context || !is_wanted(clicks))
        return;
    if (!clicks->stream)
        stream_create(clicks);
    stream_look(clicks);
}

static void alarm_rang(gpointer data)
{
    Clicks *clicks = data;
    const Usec now = clock_now();
    for (size_t i = 0; i < TONES_MAX; i++)
        if (clicks->tones[i].due + CLICKS_LATE < now && !clicks->tones[i].placed)
            clicks->tones[i].tone = TONE_NONE;
    see_to_it(clicks);
}

static void idle_rang(gpointer data)
{
    Clicks *clicks = data;
    alarm_set(clicks->alarm, USEC_NEVER);
    stream_drop(clicks);
}

// ── the interface ──

Clicks *clicks_new(void (*told)(Usec latency, gpointer data), gpointer data)
{
    Clicks *clicks = g_new0(Clicks, 1);
    clicks->tell = told;
    clicks->data = data;
    clicks->gain = 1;
    clicks->patience = LOOK_SOON;
    clicks->alarm = alarm_new(alarm_rang, clicks);
    clicks->idle = alarm_new(idle_rang, clicks);
    stream_drop(clicks);
    return clicks;
}

void clicks_free(Clicks *clicks)
{
    clicks_disconnect(clicks);
    alarm_free(clicks->alarm);
    alarm_free(clicks->idle);
    g_free(clicks);
}

void clicks_connect(Clicks *clicks, pa_context *context, const char *device)
{
    g_free(clicks->device);
    clicks->device = g_strdup(device);
    clicks->context = context;
    see_to_it(clicks);
}

void clicks_disconnect(Clicks *clicks)
{
    stream_drop(clicks);
    g_clear_pointer(&clicks->device, g_free);
    clicks->context = NULL;
    memset(clicks->tones, 0, sizeof clicks->tones);
    alarm_set(clicks->alarm, USEC_NEVER);
}

void clicks_awake(Clicks *clicks, bool awake)
{
    clicks->awake = awake;
    see_to_it(clicks);
}

void clicks_tone(Clicks *clicks, const Cue *cue)
{
    if (!clicks->context)
        return;
    for (size_t i = 0; i < TONES_MAX; i++) {
        Placed *placed = &clicks->tones[i];
        if (placed->tone != TONE_NONE)
            continue;
        *placed = (Placed){.id = cue->id, .tone = cue->tone, .due = cue->due};
        clicks->patience = LOOK_SOON;
        see_to_it(clicks);
        return;
    }
}

void clicks_hush(Clicks *clicks, uint32_t id)
{
    bool any = false;
    for (size_t i = 0; i < TONES_MAX; i++) {
        Placed *placed = &clicks->tones[i];
        if (placed->tone == TONE_NONE || placed->id != id)
            continue;
        tone_drop(clicks, placed);
        any = true;
    }
    if (any)
        see_to_it(clicks);
}

void clicks_metronome(Clicks *clicks, double clicks_a_minute)
{
    clicks->wanted = clicks_a_minute > 0 ? clicks_a_minute : 0;
    see_to_it(clicks);
}

void clicks_duck(Clicks *clicks, bool ducked)
{
    clicks->ducked = ducked;
    if (clicks->beating > 0)
        see_to_it(clicks);
}

void clicks_set_gain(Clicks *clicks, double gain)
{
    clicks->gain = gain;
    change(clicks, 0);
    see_to_it(clicks);
}
