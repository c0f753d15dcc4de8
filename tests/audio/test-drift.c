// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Half an hour of the metronome through the daemon's own stream of clicks, in no time: in place of
// the server and of the clock there is a sink that takes samples a block at a time by a clock of
// its own, answers late, and keeps what it was given. What it has taken is counted sample by
// sample.

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "audio/clicks.h"
#include "io/clock.h"

#define TEMPO   172
#define MINUTES 30
#define BLOCK   2400               // samples, that the sink takes at once
#define SINK    1.0002             // its clock against ours
#define HELD    20000              // µs from the sink to the ear
#define KEPT    (1 << 18)          // samples of the buffer
#define SPEECH  (7 * USEC_PER_SEC) // begins or ends as often
#define ALARMS  4

struct Alarm {
    void (*rang)(gpointer data);
    gpointer data;
    Usec at;
};

static struct {
    Usec now;
    Alarm alarms[ALARMS];
    size_t alarm_count;

    int16_t buffer[KEPT];
    int64_t read;        // samples that were taken
    Usec asked, answers; // USEC_NEVER: nothing was asked
    pa_stream_success_cb_t answer;
    void *answer_data;
    pa_timing_info timing;
    unsigned dice, writes;

    int64_t quiet, first;
    size_t clicks;
    double worst; // samples from where it should be
} sink;

// ── in place of the clock ──

Usec __wrap_clock_now(void);
Usec __wrap_clock_now(void)
{
    return sink.now;
}

Alarm *__wrap_alarm_new(void (*rang)(gpointer data), gpointer data);
Alarm *__wrap_alarm_new(void (*rang)(gpointer data), gpointer data)
{
    cr_assert(sink.alarm_count < ALARMS);
    Alarm *alarm = &sink.alarms[sink.alarm_count++];
    *alarm = (Alarm){rang, data, USEC_NEVER};
    return alarm;
}

void __wrap_alarm_set(Alarm *alarm, Usec at);
void __wrap_alarm_set(Alarm *alarm, Usec at)
{
    alarm->at = at;
}

void __wrap_alarm_free(Alarm *alarm);
void __wrap_alarm_free(Alarm *alarm)
{
    alarm->at = USEC_NEVER;
}

// ── in place of the server ──

static Usec roll(Usec most)
{
    sink.dice = sink.dice * 1664525u + 1013904223u;
    return (Usec)(sink.dice >> 8) % most;
}

static int64_t taken_at(Usec at)
{
    return (int64_t)((double)at * SINK * CLICKS_RATE / USEC_PER_SEC) / BLOCK * BLOCK;
}

static void hear(int16_t sample, int64_t at)
{
    sink.quiet = abs(sample) < 20 ? sink.quiet + 1 : 0;
    if (sink.quiet > 0 || at < sink.first + 12 * CLICKS_RATE / 1000)
        return;
    // Of a click, the rest is not a beginning.
    sink.first = at;
    static int64_t epoch;
    if (sink.clicks == 0)
        epoch = at;
    const double true_at = (double)epoch + (double)sink.clicks * 60 * CLICKS_RATE / TEMPO;
    sink.worst = fmax(sink.worst, fabs((double)at - true_at));
    sink.clicks++;
}

static void take_until(Usec now)
{
    for (const int64_t until = taken_at(now); sink.read < until; sink.read++) {
        int16_t *sample = &sink.buffer[sink.read % KEPT];
        hear(*sample, sink.read);
        *sample = 0;
    }
}

pa_stream *__wrap_pa_stream_new(pa_context *context, const char *name, const pa_sample_spec *format,
                                const pa_channel_map *map);
pa_stream *__wrap_pa_stream_new(pa_context *context, const char *name, const pa_sample_spec *format,
                                const pa_channel_map *map)
{
    return (pa_stream *)&sink;
}

int __wrap_pa_stream_connect_playback(pa_stream *stream, const char *device,
                                      const pa_buffer_attr *buffer, pa_stream_flags_t flags,
                                      const pa_cvolume *volume, pa_stream *together);
int __wrap_pa_stream_connect_playback(pa_stream *stream, const char *device,
                                      const pa_buffer_attr *buffer, pa_stream_flags_t flags,
                                      const pa_cvolume *volume, pa_stream *together)
{
    return 0;
}

pa_stream_state_t __wrap_pa_stream_get_state(const pa_stream *stream);
pa_stream_state_t __wrap_pa_stream_get_state(const pa_stream *stream)
{
    return PA_STREAM_READY;
}

pa_operation *__wrap_pa_stream_update_timing_info(pa_stream *stream, pa_stream_success_cb_t answer,
                                                  void *data);
pa_operation *__wrap_pa_stream_update_timing_info(pa_stream *stream, pa_stream_success_cb_t answer,
                                                  void *data)
{
    const Usec transport = roll(4 * USEC_PER_MSEC);
    sink.answer = answer;
    sink.answer_data = data;
    sink.answers = sink.now + transport + roll(6 * USEC_PER_MSEC);
    sink.timing = (pa_timing_info){
        .playing = 1,
        .read_index = taken_at(sink.now + transport) * (int64_t)sizeof(int16_t),
        .transport_usec = (pa_usec_t)transport,
        .sink_usec = HELD,
    };
    return (pa_operation *)&sink;
}

const pa_timing_info *__wrap_pa_stream_get_timing_info(pa_stream *stream);
const pa_timing_info *__wrap_pa_stream_get_timing_info(pa_stream *stream)
{
    return &sink.timing;
}

int __wrap_pa_stream_write(pa_stream *stream, const void *bytes, size_t size, pa_free_cb_t freed,
                           int64_t offset, pa_seek_mode_t seek);
int __wrap_pa_stream_write(pa_stream *stream, const void *bytes, size_t size, pa_free_cb_t freed,
                           int64_t offset, pa_seek_mode_t seek)
{
    const int16_t *samples = bytes;
    const int64_t at = offset / (int64_t)sizeof *samples;
    cr_assert(seek == PA_SEEK_ABSOLUTE);
    sink.writes++;
    for (size_t i = 0; i < size / sizeof *samples; i++)
        if (at + (int64_t)i >= sink.read) // else it is too late for it
            sink.buffer[(at + (int64_t)i) % KEPT] = samples[i];
    return 0;
}

#define NOTHING(name, ...)                                                                         \
    void __wrap_##name(__VA_ARGS__);                                                               \
    void __wrap_##name(__VA_ARGS__)                                                                \
    {                                                                                              \
    }
NOTHING(pa_stream_set_state_callback, pa_stream *stream, pa_stream_notify_cb_t call, void *data)
NOTHING(pa_stream_set_suspended_callback, pa_stream *stream, pa_stream_notify_cb_t call, void *data)
NOTHING(pa_stream_set_moved_callback, pa_stream *stream, pa_stream_notify_cb_t call, void *data)
NOTHING(pa_stream_unref, pa_stream *stream)
NOTHING(pa_operation_unref, pa_operation *operation)
NOTHING(pa_operation_cancel, pa_operation *operation)

int __wrap_pa_stream_disconnect(pa_stream *stream);
int __wrap_pa_stream_disconnect(pa_stream *stream)
{
    return 0;
}

// ── half an hour ──

static void latency_is(Usec latency, gpointer data)
{
}

// To what comes next, `until` at the latest.
static void pass(Usec until)
{
    Alarm *next = NULL;
    for (size_t i = 0; i < sink.alarm_count; i++)
        if (sink.alarms[i].at < until && (!next || sink.alarms[i].at < next->at))
            next = &sink.alarms[i];
    const bool answered = sink.answers < until && (!next || sink.answers <= next->at);
    const Usec then = answered ? sink.answers : next ? next->at : until;
    sink.now = then > sink.now ? then : sink.now;
    take_until(sink.now);
    if (answered) {
        sink.answers = USEC_NEVER;
        sink.answer((pa_stream *)&sink, 1, sink.answer_data);
    } else if (next) {
        next->at = USEC_NEVER;
        next->rang(next->data);
    }
}

Test(drift, none_in_half_an_hour_of_the_stream, .timeout = 100)
{
    sink.answers = USEC_NEVER;
    sink.first = -CLICKS_RATE;
    Clicks *clicks = clicks_new(latency_is, NULL);
    clicks_connect(clicks, (pa_context *)&sink, NULL);
    clicks_metronome(clicks, TEMPO);
    bool speaks = false;
    for (Usec speech = SPEECH; sink.now < MINUTES * 60 * USEC_PER_SEC;) {
        pass(speech);
        if (sink.now < speech)
            continue;
        speech += SPEECH;
        speaks = !speaks;
        clicks_duck(clicks, speaks); // what is queued is written anew
    }
    cr_log_info("%zu clicks in %u writes, the worst %.2f samples from its place", sink.clicks,
                sink.writes, sink.worst);
    cr_assert_leq(sink.worst, 1);
    cr_assert_float_eq((double)sink.clicks, MINUTES * TEMPO * SINK, 3);
    clicks_free(clicks);
}
