// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is heard at the monitor of a real, private PulseAudio server, on good days and on bad ones:
// each peer is killed, frozen, suspended or late in its own test.

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "audio/speech.h"
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

// ── at a word's end ──

#define SHORT_TEXT "push a little harder" // is kept, so it is the same each time

typedef struct {
    int64_t words[8]; // where each begins, samples at SPEECH_RATE
    size_t count;
    int64_t samples;
    bool finished;
} WordStarts;

static void on_loaded(bool available, const char *reason, gpointer data)
{
}

static void on_pcm(uint32_t ticket, GBytes *pcm, gpointer data)
{
    WordStarts *words = data;
    gsize size;
    const int16_t *samples = g_bytes_get_data(pcm, &size);
    for (size_t i = 0; i < size / 2; i++)
        if (samples[i] & SYNTH_WORD && words->count < G_N_ELEMENTS(words->words))
            words->words[words->count++] = words->samples + (int64_t)i;
    words->samples += (int64_t)size / 2;
}

static void on_finished(uint32_t ticket, gpointer data)
{
    ((WordStarts *)data)->finished = true;
}

static bool is_finished(gpointer data)
{
    return ((WordStarts *)data)->finished;
}

static WordStarts words_of(const char *text)
{
    static const SpeechHandlers handlers = {on_loaded, on_pcm, on_finished};
    WordStarts words = {.finished = false};
    g_autoptr(Speech) speech = speech_new("en-us", "", 175, &handlers, &words);
    speech_request(speech, text, true);
    cr_assert(until(is_finished, &words, 10));
    return words;
}

static double say_whole(Speaker *speaker, Ear *ear, uint32_t id, const char *text)
{
    ear_forget(ear);
    speaker_say(speaker, id, text, NEVER);
    cr_assert(speaker_wait_done(speaker, (int)id, 10));
    cr_assert(ear_listen(ear, 0.2));
    return heard_seconds(ear);
}

// How long the first of two cues is heard, when the second takes its place after so long.
static double heard_of_first(Speaker *speaker, Ear *ear, uint32_t id, double after, Cue cue)
{
    ear_forget(ear);
    speaker_say(speaker, id, SHORT_TEXT, NEVER);
    while (ear_first_loud(ear) < 0 || seconds_of(ear_now(ear) - ear_first_loud(ear)) < after)
        g_main_context_iteration(NULL, TRUE);
    cue.id = id + 1;
    cue.due = clock_now();
    cue.expires += cue.due;
    strcpy(cue.text, "two");
    voice_say(speaker->voice, &cue);
    cr_assert(speaker_wait_done(speaker, (int)id + 1, 10));
    cr_assert(ear_listen(ear, 0.2));
    return heard_seconds(ear);
}

Test(pulse, a_cue_that_makes_way_ends_with_its_word)
{
    const WordStarts words = words_of(SHORT_TEXT);
    cr_assert_eq(words.count, 4);
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    const double two = say_whole(speaker, ear, 1, "two");
    say_whole(speaker, ear, 2, SHORT_TEXT); // both are kept now
    const CueKind wait[] = {CUE_DRIFT, CUE_SAFETY, CUE_DRIFT};
    const double after[] = {0.1, 0.4, 0.48};
    for (uint32_t i = 0; i < G_N_ELEMENTS(after); i++) {
        const double whole = heard_of_first(speaker, ear, 3 + 2 * i, after[i],
                                            (Cue){.kind = wait[i], .expires = NEVER});
        double nearest = 1;
        for (size_t word = 0; word < words.count; word++)
            nearest = fmin(nearest, fabs(whole - two - (double)words.words[word] / SPEECH_RATE));
        cr_log_info("after %.2f s it ended %.0f ms from a word's end", after[i], nearest * 1000);
        cr_expect_leq(nearest, 0.03, "after %.2f s: %.3f s from a word's end", after[i], nearest);
    }
    server_end(server, SIGTERM);
}

Test(pulse, a_cue_makes_way_at_once_for_what_cannot_wait)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    const double two = say_whole(speaker, ear, 1, "two");
    say_whole(speaker, ear, 2, SHORT_TEXT);
    const Cue rows[] = {{.kind = CUE_COUNTDOWN, .expires = NEVER},
                        {.kind = CUE_DRIFT, .expires = 100 * USEC_PER_MSEC}};
    for (uint32_t i = 0; i < G_N_ELEMENTS(rows); i++) { // within "little", 0.26 s long
        const double first = heard_of_first(speaker, ear, 3 + 2 * i, 0.33, rows[i]) - two;
        cr_log_info("%.0f ms after it was wanted", (first - 0.33) * 1000);
        cr_expect_lt(first, 0.33 + 0.15, "row %u: %.3f s", i, first);
    }
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

// A socket that anybody may connect to, and behind which nobody says a word.
Test(pulse, a_server_that_accepts_and_never_answers_is_none)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_snprintf(address.sun_path, sizeof address.sun_path, "%s/native", home);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(listener, 8), 0);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    speaker_say(speaker, 1, "three", 300 * USEC_PER_MSEC);
    cr_assert(speaker_wait_done(speaker, 1, 3));
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 8));
    speaker_say(speaker, 2, "two", 300 * USEC_PER_MSEC); // it may be tried again meanwhile
    cr_assert(speaker_wait_done(speaker, 2, 3), "%s %s", speaker->log->str,
              voice_reason(speaker->voice));
    close(listener);
    g_unlink(address.sun_path);
    GPid server = server_start(home, true);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    server_end(server, SIGTERM);
}

// A sink without a device makes up for the time it slept, all at once, and with what the server had
// taken already.
typedef struct {
    Ear *ear;
    Usec since;
    int64_t heard;
} CatchingUp;

static bool plays_in_real_time(gpointer data)
{
    CatchingUp *past = data;
    const Usec now = clock_now();
    if (now - past->since < USEC_PER_SEC / 2)
        return false;
    const bool steady = seconds_of(ear_now(past->ear) - past->heard) < 0.75;
    *past = (CatchingUp){past->ear, now, ear_now(past->ear)};
    return steady;
}

Test(pulse, a_server_that_freezes_in_a_cue_costs_that_cue)
{
    GPid server = server_start(home, true);
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    say_and_wait_until_heard(speaker, ear, 1);
    server_signal(server, SIGSTOP);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SINK);
    server_signal(server, SIGCONT);
    CatchingUp catching_up = {ear, clock_now(), ear_now(ear)};
    cr_assert(until(plays_in_real_time, &catching_up, 10));
    ear_forget(ear);
    cr_assert(ear_listen(ear, 0.5));
    cr_assert_eq(ear_first_loud(ear), -1);
    speaker_say(speaker, 2, "two", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 10));
    cr_assert(ear_listen(ear, 0.3));
    cr_assert_geq(ear_first_loud(ear), 0);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
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
