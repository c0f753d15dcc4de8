// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Tones and the metronome as they are heard at the monitor of a real, private audio server: when,
// and what becomes of them where that cannot be.

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "audio/tones.h"
#include "ear.h"
#include "io/clock.h"

static char *home;
static GPid server;

static void set_up(void)
{
    if (!server_is_installed())
        cr_skip("PipeWire is not installed (pipewire, pipewire-pulse, wireplumber)");
    home = home_new();
    server = server_start(home, true);
}

static void tear_down(void)
{
    server_end(server, SIGKILL);
    home_remove(home);
}

TestSuite(clicks, .init = set_up, .fini = tear_down, .timeout = 90);
// PipeWire wakes a sink that is in use.
TestSuite(suspended, .init = set_up, .fini = tear_down, .timeout = 90);

static const char *const PULSE[] = {"pulse", NULL};

static Speaker *ready_speaker(void)
{
    Speaker *speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    return speaker;
}

static void tone(Speaker *speaker, uint32_t id, Tone which, Usec due)
{
    const Cue cue = {.id = id,
                     .kind = CUE_COUNTDOWN,
                     .form = FORM_EARCON,
                     .tone = which,
                     .due = due,
                     .expires = due + USEC_PER_SEC};
    voice_tone(speaker->voice, &cue);
}

static void run_command(const char *command)
{
    int status = -1;
    g_autofree char *output = NULL;
    g_spawn_command_line_sync(command, &output, NULL, &status, NULL);
    cr_assert_eq(status, 0, "%s", command);
}

static bool time_has_come(gpointer data)
{
    return clock_now() >= *(Usec *)data;
}

typedef struct {
    double mean_ms, worst_ms;
} Errors;

// Tones at odd distances, told a second ahead, against where they are in the recording.
static Errors boundary_errors(Speaker *speaker, Ear *ear)
{
    enum {
        COUNT = 12
    };
    Usec due[COUNT];
    Errors errors = {0, 0};
    ear_forget(ear);
    for (int i = 0; i < COUNT; i++) {
        due[i] = clock_now() + 1000 * USEC_PER_MSEC + i * 7 * USEC_PER_MSEC;
        tone(speaker, (uint32_t)i, i % 4 == 3 ? TONE_GO : TONE_COUNT, due[i]);
        cr_assert(ear_listen(ear, 0.63));
    }
    cr_assert(ear_listen(ear, 1));
    int64_t at[COUNT + 1];
    cr_assert_eq(ear_onsets(ear, at, COUNT + 1), COUNT);
    for (int i = 0; i < COUNT; i++) {
        const double error_ms = (double)(ear_time(ear, at[i]) - due[i]) / 1000;
        errors.mean_ms += error_ms / COUNT;
        errors.worst_ms = MAX(errors.worst_ms, fabs(error_ms));
    }
    cr_log_info("tones: mean error %.1f ms, worst %.1f ms", errors.mean_ms, errors.worst_ms);
    return errors;
}

Test(clicks, a_boundary_is_heard_where_it_is)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    cr_assert_leq(boundary_errors(speaker, ear).worst_ms, 50);
}

// Who wants tones only hears no word that could be timed.
Test(clicks, how_late_the_output_is_is_known_without_a_word)
{
    g_autoptr(Speaker) speaker = ready_speaker();
    cr_assert_eq(speaker->latency, -1);
    tone(speaker, 1, TONE_COUNT, clock_now() + 500 * USEC_PER_MSEC);
    Usec then = clock_now() + 900 * USEC_PER_MSEC;
    until(time_has_come, &then, 2);
    cr_assert_geq(speaker->latency, 0);
    cr_assert_lt(speaker->latency, 300 * USEC_PER_MSEC);
}

Test(clicks, a_tone_wanted_at_once_comes_at_once)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    voice_metronome(speaker->voice, 30); // something is queued ahead
    cr_assert(ear_listen(ear, 3.2));
    Usec now = clock_now();
    ear_forget(ear);
    tone(speaker, 1, TONE_YES, now);
    cr_assert(ear_listen(ear, 0.3));
    cr_assert_geq(ear_first_loud(ear), 0);
    const double ms = (double)(ear_time(ear, ear_first_loud(ear)) - now) / 1000;
    cr_log_info("at once: %.1f ms", ms);
    cr_assert_leq(ms, 120);
}

Test(clicks, a_late_tone_is_not_heard)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    cr_assert(ear_listen(ear, 0.3));
    ear_forget(ear);
    tone(speaker, 1, TONE_GO, clock_now() - 150 * USEC_PER_MSEC);
    cr_assert(ear_listen(ear, 0.5));
    cr_assert_eq(ear_first_loud(ear), -1);
}

Test(clicks, a_tone_can_be_taken_back)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    const Usec due = clock_now() + 800 * USEC_PER_MSEC;
    ear_forget(ear);
    tone(speaker, 7, TONE_GO, due);
    tone(speaker, 8, TONE_COUNT, due + 500 * USEC_PER_MSEC);
    cr_assert(ear_listen(ear, 0.6)); // the first one is in the server by now
    voice_hush(speaker->voice, 7);
    cr_assert(ear_listen(ear, 1.2));
    cr_assert_geq(ear_first_loud(ear), 0);
    const double ms = (double)(ear_time(ear, ear_first_loud(ear)) - due) / 1000;
    cr_assert_float_eq(ms, 500, 50);
}

Test(clicks, the_metronome_is_even_to_a_sample)
{
    enum {
        MOST = 64
    };
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = ready_speaker();
    ear_forget(ear);
    voice_metronome(speaker->voice, 172);
    cr_assert(ear_listen(ear, 5));
    speaker_say(speaker, 1, "hold steady", 10 * USEC_PER_SEC); // under which it goes on
    cr_assert(speaker_wait_done(speaker, 1, 10));
    ear_forget(ear);
    cr_assert(ear_listen(ear, 8));
    int64_t at[MOST];
    const size_t count = ear_onsets(ear, at, MOST);
    cr_assert(count >= 22 && count <= 24, "%zu", count);
    for (size_t i = 1; i < count; i++) {
        const double true_at = (double)at[0] + (double)i * 60 * EAR_RATE / 172;
        cr_assert_leq(fabs((double)at[i] - true_at), 1, "click %zu", i);
    }
    voice_metronome(speaker->voice, 0);
    cr_assert(ear_listen(ear, 2.6));
    ear_forget(ear);
    cr_assert(ear_listen(ear, 1));
    cr_assert_eq(ear_first_loud(ear), -1);
}

Test(suspended, a_suspended_sink_holds_no_tone_back)
{
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    {
        g_autoptr(Ear) ear = ear_new();
        cr_assert(ear_listen(ear, 0.3));
        tone(speaker, 1, TONE_GO, clock_now() + 300 * USEC_PER_MSEC);
        cr_assert(ear_listen(ear, 0.1)); // it is in the server
    }
    run_command("pactl suspend-sink ear 1");
    Usec past_due = clock_now() + 400 * USEC_PER_MSEC;
    until(time_has_come, &past_due, 1);
    run_command("pactl suspend-sink ear 0");
    g_autoptr(Ear) ear = ear_new();
    cr_assert(ear_listen(ear, 1));
    cr_assert_eq(ear_first_loud(ear), -1);
    tone(speaker, 2, TONE_GO, clock_now() + 300 * USEC_PER_MSEC);
    cr_assert(ear_listen(ear, 1));
    cr_assert_geq(ear_first_loud(ear), 0);
}

Test(clicks, a_server_that_comes_back_has_the_metronome_back)
{
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_metronome(speaker->voice, 180);
    {
        g_autoptr(Ear) ear = ear_new();
        cr_assert(ear_listen(ear, 1));
        cr_assert_geq(ear_first_loud(ear), 0);
    }
    server_end(server, SIGKILL);
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 2));
    tone(speaker, 1, TONE_GO, clock_now() + 100 * USEC_PER_MSEC); // nobody hears it
    server = server_start(home, true);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    g_autoptr(Ear) ear = ear_new();
    cr_assert(ear_listen(ear, 4));
    int64_t at[32];
    cr_assert_geq(ear_onsets(ear, at, 32), 8);
}

Test(clicks, a_frozen_server_makes_nothing_up_for)
{
    g_autoptr(Speaker) speaker = ready_speaker();
    voice_awake(speaker->voice, true);
    g_autoptr(Ear) ear = ear_new();
    cr_assert(ear_listen(ear, 0.3));
    server_signal(server, SIGSTOP);
    Usec now = clock_now(), later = now + 600 * USEC_PER_MSEC;
    for (uint32_t id = 1; id <= 20; id++) // more than are kept
        tone(speaker, id, TONE_GO, now + (id % 5) * 100 * USEC_PER_MSEC);
    until(time_has_come, &later, 1);
    server_signal(server, SIGCONT);
    ear_forget(ear);
    cr_assert(ear_listen(ear, 0.7));
    cr_assert_eq(ear_first_loud(ear), -1);
    tone(speaker, 30, TONE_GO, clock_now() + 300 * USEC_PER_MSEC);
    cr_assert(ear_listen(ear, 1));
    cr_assert_geq(ear_first_loud(ear), 0);
}

// Whatever the hardware is (PipeWire resamples its own way, and has one rate inside), words and
// tones are heard, and tones in time.
Test(sinks, of_every_rate_and_shape)
{
    static const char *const shapes[] = {"rate=8000 channels=1", "rate=22050 channels=2",
                                         "rate=44100 channels=1", "rate=96000 channels=6",
                                         "rate=192000 channels=2"};
    g_autoptr(Speaker) speaker = ready_speaker();
    for (uint32_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *command = g_strdup_printf(
            "pactl load-module module-null-sink sink_name=ear norewinds=1 %s", shapes[i]);
        run_command(i == 0 && server_is_pipewire() ? "pw-cli destroy ear"
                                                   : "pactl unload-module module-null-sink");
        cr_assert(speaker_wait_state(speaker, VOICE_NO_SINK, 5));
        run_command(command);
        cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
        voice_awake(speaker->voice, true);
        g_autoptr(Ear) ear = ear_new();
        cr_assert(ear_listen(ear, 0.5));
        ear_forget(ear);
        const Usec due = clock_now() + 700 * USEC_PER_MSEC;
        tone(speaker, i, TONE_GO, due);
        cr_assert(ear_listen(ear, 1.2));
        cr_assert_geq(ear_first_loud(ear), 0, "%s", shapes[i]);
        const double ms = (double)(ear_time(ear, ear_first_loud(ear)) - due) / 1000;
        cr_log_info("%s: %.1f ms", shapes[i], ms);
        cr_assert_leq(fabs(ms), 50, "%s: %.1f ms", shapes[i], ms);
        ear_forget(ear);
        speaker_say(speaker, i + 1, "hold steady", 5 * USEC_PER_SEC);
        cr_assert(speaker_wait_done(speaker, (int)i + 1, 10));
        cr_assert(ear_listen(ear, 0.2));
        cr_assert_gt(ear_rms(ear), 0.01, "%s: %.4f, %s", shapes[i], ear_rms(ear),
                     speaker->log->str);
    }
}

TestSuite(sinks, .init = set_up, .fini = tear_down, .timeout = 90);
