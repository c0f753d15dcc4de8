// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is heard at the monitor of a real, private PulseAudio server, on good days and on bad ones:
// each peer is killed, frozen, suspended or late in its own test.

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "ear.h"
#include "io/clock.h"

#define LONG_TEXT "warm up for ten minutes, then three times one kilometre at four fifty"
#define NEVER     (60 * USEC_PER_SEC)

static char *home;

static void set_up(void)
{
    if (!server_is_installed())
        cr_skip("PipeWire is not installed (pipewire, pipewire-pulse, wireplumber)");
    home = home_new();
}

static void tear_down(void)
{
    home_remove(home);
}

TestSuite(pulse, .init = set_up, .fini = tear_down, .timeout = 60);
// PipeWire wakes a sink that is in use.
TestSuite(suspended, .init = set_up, .fini = tear_down, .timeout = 60);

static double seconds_of(int64_t samples)
{
    return (double)samples / EAR_RATE;
}

static double heard_seconds(Ear *ear)
{
    return seconds_of(ear_last_loud(ear) - ear_first_loud(ear));
}

static const char *const PULSE[] = {"pulse", NULL};

static void run_command(const char *command)
{
    int status = -1;
    g_autofree char *output = NULL; // kept off standard output, which is the test report
    g_spawn_command_line_sync(command, &output, NULL, &status, NULL);
    cr_assert_eq(status, 0, "%s", command);
}

Test(pulse, a_cue_is_heard_whole)
{
    GPid server = server_start(home, true);
    g_autofree char *path = g_build_filename(home, "out.wav", NULL);
    g_autofree char *wav = g_strconcat("wav:", path, NULL);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){"pulse", wav, NULL});
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert_str_eq(voice_reason(speaker->voice), "");

    for (uint32_t id = 1; id <= 2; id++) { // the stream is corked between the two
        ear_forget(ear);
        speaker_say(speaker, id, LONG_TEXT, NEVER);
        cr_assert(speaker_wait_done(speaker, (int)id, 20));
        cr_assert(ear_listen(ear, 0.3));
        cr_assert_gt(ear_rms(ear), 0.03);
        double heard = heard_seconds(ear);
        cr_assert(heard > 3 && heard < 6, "heard %.3f s", heard);
        if (id == 1) {
            GStatBuf file;
            g_stat(path, &file);
            cr_assert_float_eq(heard, (double)(file.st_size - 44) / 44100, 0.1);
        }
    }
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\nstarted 2\ndone 2\n");
    cr_assert(speaker->latency >= 0 && speaker->latency < 250 * USEC_PER_MSEC, "%d us",
              (int)speaker->latency);
    server_end(server, SIGTERM);
}

Test(pulse, a_word_shorter_than_the_buffer_is_heard)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    ear_forget(ear);
    speaker_say(speaker, 1, "go", NEVER); // waits for the connection
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.1);
    server_end(server, SIGTERM);
}

static void say_and_wait_until_heard(Speaker *speaker, Ear *ear, uint32_t id)
{
    ear_forget(ear);
    speaker_say(speaker, id, LONG_TEXT, NEVER);
    while (ear_first_loud(ear) < 0 || seconds_of(ear_now(ear) - ear_first_loud(ear)) < 0.5)
        g_main_context_iteration(NULL, TRUE);
}

Test(pulse, hushing_ends_the_sound_at_once)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    say_and_wait_until_heard(speaker, ear, 1);
    int64_t hushed_at = ear_now(ear);
    voice_hush(speaker->voice, 7); // another cue's
    voice_hush(speaker->voice, 1);
    cr_assert(speaker_wait_done(speaker, 1, 1));
    cr_assert(ear_listen(ear, 1));
    double after = seconds_of(ear_last_loud(ear) - hushed_at);
    cr_log_info("sounded for %.0f ms after the hush", after * 1000);
    cr_assert_leq(after, 0.060 + 0.050, "%.3f s", after); // the null sink renders 50 ms at a time
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\n");

    ear_forget(ear);
    speaker_say(speaker, 2, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 5));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.15);
    server_end(server, SIGTERM);
}

Test(pulse, a_new_cue_takes_the_place_of_the_old)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    say_and_wait_until_heard(speaker, ear, 1);
    voice_hush(speaker->voice, 1);
    speaker_say(speaker, 2, "three", NEVER);
    speaker_say(speaker, 3, "two", NEVER); // and again before anything has happened
    int64_t said_at = ear_now(ear);
    cr_assert(speaker_wait_done(speaker, 3, 5));
    cr_assert(ear_listen(ear, 0.3));
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\ndone 2\nstarted 3\ndone 3\n");
    double after = seconds_of(ear_last_loud(ear) - said_at);
    cr_assert(after > 0.15 && after < 0.9, "%.3f s", after);
    server_end(server, SIGTERM);
}

Test(pulse, it_is_as_loud_as_it_is_set_to_be)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    double loud[3];
    for (int i = 0; i < 3; i++) {
        VoiceSound sound = VOICE_SOUND_DEFAULT;
        sound.volume = 100 - 50 * i;
        voice_set_sound(speaker->voice, &sound);
        ear_forget(ear);
        speaker_say(speaker, (uint32_t)i + 1, "hold steady", NEVER);
        cr_assert(speaker_wait_done(speaker, i + 1, 10));
        cr_assert(ear_listen(ear, 0.2));
        loud[i] = ear_rms(ear);
    }
    cr_assert_float_eq(loud[0] / loud[1], 8, 2.5);
    cr_assert_eq(loud[2], 0);
    server_end(server, SIGTERM);
}

static bool names_no_device(gpointer voice)
{
    return strstr(voice_reason(voice), "name that is set") != NULL;
}

Test(pulse, it_is_heard_on_the_device_that_is_set)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    VoiceSound sound = VOICE_SOUND_DEFAULT;
    sound.device = "other";
    if (!server_is_pipewire()) { // which takes the default one instead
        voice_set_sound(speaker->voice, &sound);
        cr_assert(until(names_no_device, speaker->voice, 5));
        cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SINK);
    }
    run_command("pactl load-module module-null-sink sink_name=other norewinds=1");
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
    voice_set_sound(speaker->voice, &sound);
    run_command("pactl set-default-sink ear");
    ear_forget(ear);
    speaker_say(speaker, 1, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_eq(ear_first_loud(ear), -1);
    sound.device = "";
    voice_set_sound(speaker->voice, &sound);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
    speaker_say(speaker, 2, "two", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 10));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.15);
    server_end(server, SIGTERM);
}

Test(pulse, a_killed_server_costs_one_cue)
{
    GPid server = server_start(home, true);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    {
        g_autoptr(Ear) ear = ear_new();
        say_and_wait_until_heard(speaker, ear, 1);
        server_end(server, SIGKILL);
    }
    cr_assert(speaker_wait_done(speaker, 1, 6));
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 1));
    cr_assert_str_not_empty(voice_reason(speaker->voice));

    server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    speaker_say(speaker, 2, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 5));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.15);
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\nstarted 2\ndone 2\n");
    server_end(server, SIGTERM);
}

Test(pulse, without_a_server_cues_take_their_time)
{
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 5));
    speaker_say(speaker, 1, LONG_TEXT, 100 * USEC_PER_MSEC);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    double took = usec_to_s(speaker->done_at - speaker->started_at);
    cr_assert(took > 3 && took < 6, "%.3f s", took);

    // A server that comes late is found by its socket.
    GPid server = server_start(home, true);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 3));
    g_autoptr(Ear) ear = ear_new();
    speaker_say(speaker, 2, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 5));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.15);
    server_end(server, SIGTERM);
}

Test(pulse, a_frozen_server_lets_cues_expire)
{
    GPid server = server_start(home, true);
    server_signal(server, SIGSTOP);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    speaker_say(speaker, 1, "three", 300 * USEC_PER_MSEC);
    cr_assert(speaker_wait_done(speaker, 1, 3));
    cr_assert_str_eq(speaker->log->str, "done 1\n");
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 8));
    server_signal(server, SIGCONT);
    g_autoptr(Ear) ear = ear_new();
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert(ear_listen(ear, 0.5));
    cr_assert_eq(ear_first_loud(ear), -1); // the expired one is not made up for
    server_end(server, SIGTERM);
}

static bool says_dummy(gpointer voice)
{
    return strstr(voice_reason(voice), "dummy") != NULL;
}

Test(pulse, a_sink_may_come_later)
{
    GPid server = server_start(home, false);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SINK, 5));
    cr_assert_str_not_empty(voice_reason(speaker->voice));
    speaker_say(speaker, 1, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 5));
    run_command(
        "pactl load-module module-null-sink sink_name=ear rate=48000 channels=1 norewinds=1");
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));

    run_command("pactl unload-module module-null-sink");
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SINK, 5));
    run_command("pactl load-module module-null-sink sink_name=auto_null norewinds=1");
    cr_assert(until(says_dummy, speaker->voice, 5)); // nobody hears that one either
    cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SINK);
    server_end(server, SIGTERM);
}

Test(suspended, what_a_suspended_sink_holds_back_is_never_heard)
{
    GPid server = server_start(home, true);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
    run_command("pactl suspend-sink ear 1");
    speaker_say(speaker, 1, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 5));
    cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SINK);
    run_command("pactl suspend-sink ear 0");
    g_autoptr(Ear) ear = ear_new();
    cr_assert(ear_listen(ear, 0.5));
    cr_assert_eq(ear_first_loud(ear), -1);
    speaker_say(speaker, 2, "two", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 5));
    cr_assert(ear_listen(ear, 0.2));
    cr_assert_gt(heard_seconds(ear), 0.15);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 1));
    server_end(server, SIGTERM);
}
