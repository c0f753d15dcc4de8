// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Music, as it is heard at the monitor of a real, private audio server, steps back while the coach
// speaks and comes back, also when whoever turned it down is no more. The music is a high tone that
// no voice has in it.

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audio/ducked.h"
#include "ear.h"
#include "io/clock.h"

#define TEXT     "warm up for ten minutes, then three times one kilometre at four fifty"
#define NEVER    (60 * USEC_PER_SEC)
#define MUSIC_HZ 13000
#define FRAME    (EAR_RATE / 100) // a whole number of its waves
#define DOWN     -12.0            // dB: well under way to 15
#define BACK     -1.0

static char *home;
static GPid server, music;

static void play_music(void)
{
    g_autofree char *path = g_build_filename(home, "music", NULL);
    const size_t samples = 60 * EAR_RATE;
    g_autofree int16_t *wave = g_new(int16_t, samples);
    for (size_t i = 0; i < samples; i++)
        wave[i] = (int16_t)(4000 * sin(2 * M_PI * MUSIC_HZ * (double)i / EAR_RATE));
    cr_assert(g_file_set_contents(path, (char *)wave, (gssize)(samples * 2), NULL));
    const char *command[] = {"pacat",
                             "--playback",
                             "--raw",
                             "--rate=48000",
                             "--format=s16le",
                             "--channels=1",
                             "--latency-msec=60",
                             "--property=media.role=music",
                             path,
                             NULL};
    cr_assert(g_spawn_async(NULL, (char **)command, NULL,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &music,
                            NULL));
}

static void set_up(void)
{
    if (!server_is_installed())
        cr_skip("PipeWire is not installed (pipewire, pipewire-pulse, wireplumber)");
    home = home_new();
    server = server_start(home, true);
    play_music();
}

static void tear_down(void)
{
    kill(music, SIGKILL);
    server_end(server, SIGKILL);
    home_remove(home);
}

TestSuite(duck, .init = set_up, .fini = tear_down, .timeout = 60);
TestSuite(restored, .init = set_up, .fini = tear_down, .timeout = 60);

static const char *const PULSE[] = {"pulse", NULL};

// Of the music in the frame that begins at `at`, in dB of what it plays.
static double music_db(Ear *ear, int64_t at)
{
    int64_t first;
    size_t count;
    const int16_t *heard = ear_heard(ear, &first, &count);
    double re = 0, im = 0;
    cr_assert(at >= first && at + FRAME <= first + (int64_t)count);
    for (int64_t i = 0; i < FRAME; i++) {
        const double phase = 2 * M_PI * MUSIC_HZ * (double)i / EAR_RATE;
        re += heard[at - first + i] * cos(phase);
        im += heard[at - first + i] * sin(phase);
    }
    return 20 * log10(fmax(hypot(re, im) / FRAME * 2, 1e-3) / 4000);
}

static bool plays(gpointer ear)
{
    return ear_now(ear) > 2 * FRAME && music_db(ear, ear_now(ear) - FRAME) > BACK;
}

static bool is_down(gpointer ear)
{
    return ear_now(ear) > 2 * FRAME && music_db(ear, ear_now(ear) - FRAME) < DOWN;
}

// The first frame from `from` on in which the music is above `db` (or below, when not `above`).
static int64_t when(Ear *ear, int64_t from, bool above, double db)
{
    while ((music_db(ear, from) > db) != above)
        from += FRAME;
    return from;
}

// Speech is what is loud where the music's own swing is taken away by averaging over its waves.
static double speech_level(Ear *ear, int64_t at)
{
    int64_t first;
    size_t count;
    const int16_t *heard = ear_heard(ear, &first, &count);
    double worst = 0;
    for (int64_t i = 0; i + 48 <= FRAME; i += 48) { // 13 waves
        double sum = 0;
        for (int64_t j = 0; j < 48; j++)
            sum += heard[at - first + i + j];
        worst = fmax(worst, fabs(sum / 48));
    }
    return worst;
}

static double ms_between(int64_t from, int64_t to)
{
    return (double)(to - from) * 1000 / EAR_RATE;
}

Test(duck, music_steps_back_for_words_and_comes_back)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert(until(plays, ear, 10));
    ear_forget(ear);
    cr_assert(ear_listen(ear, 0.2));
    int64_t first_word = ear_now(ear) - EAR_RATE / 10;
    speaker_say(speaker, 1, TEXT, NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 20));
    cr_assert(ear_listen(ear, 1));

    while (speech_level(ear, first_word) < 200)
        first_word += FRAME;
    int64_t last_word = ear_now(ear) - FRAME;
    while (speech_level(ear, last_word) < 200)
        last_word -= FRAME;
    const int64_t down = when(ear, first_word - EAR_RATE / 10, false, DOWN);
    const int64_t back = when(ear, last_word, true, BACK);
    cr_log_info("down %.0f ms after the first word, back %.0f ms after the last",
                ms_between(first_word, down), ms_between(last_word, back));
    cr_assert_leq(ms_between(first_word, down), 100);
    cr_assert_leq(ms_between(last_word, back), 500);
    for (int64_t at = down + EAR_RATE / 10; at < last_word; at += FRAME)
        cr_assert_lt(music_db(ear, at), DOWN);
    g_autofree char *path = g_build_filename(home, "paced", "ducked", NULL);
    cr_assert_not(g_file_test(path, G_FILE_TEST_EXISTS));
}

Test(duck, it_stays_back_between_two_cues)
{
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(until(plays, ear, 10));
    speaker_say(speaker, 1, "three", NEVER);
    cr_assert(until(is_down, ear, 5));
    ear_forget(ear);
    for (uint32_t id = 2; id < 5; id++) {
        cr_assert(speaker_wait_done(speaker, (int)id - 1, 10));
        speaker_say(speaker, id, "two", NEVER);
    }
    cr_assert(speaker_wait_done(speaker, 4, 10));
    for (int64_t at = ear_now(ear) - FRAME; at > ear_now(ear) - EAR_RATE; at -= FRAME)
        cr_assert_lt(music_db(ear, at), DOWN);
}

// A process of its own speaks; it never returns. Nothing may be listening yet: it would listen,
// too.
static pid_t other_speaker(void)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    Speaker *speaker = speaker_new("en-us", PULSE);
    speaker_wait_state(speaker, VOICE_READY, 10);
    for (uint32_t id = 1;; id++) {
        speaker_say(speaker, id, TEXT, NEVER);
        speaker_wait_done(speaker, (int)id, 20);
    }
}

static void kill_in_mid_word(pid_t child, Ear *ear)
{
    cr_assert(until(is_down, ear, 20));
    cr_assert(ear_listen(ear, 0.5));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    cr_assert(ear_listen(ear, 0.8));
    cr_assert(is_down(ear)); // nobody is there to give it back
}

Test(duck, a_crash_in_mid_word_is_made_good_at_the_next_start)
{
    const pid_t child = other_speaker();
    g_autoptr(Ear) ear = ear_new();
    kill_in_mid_word(child, ear);
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert(until(plays, ear, 0.5));
}

Test(duck, or_by_the_service_manager)
{
    const pid_t child = other_speaker();
    g_autoptr(Ear) ear = ear_new();
    kill_in_mid_word(child, ear);
    cr_assert(ducked_give_back());
    cr_assert(until(plays, ear, 0.5));
    cr_assert(ducked_give_back()); // and nothing more to do
}

Test(duck, an_orderly_end_leaves_the_music_as_it_was)
{
    g_autoptr(Ear) ear = ear_new();
    Speaker *speaker = speaker_new("en-us", PULSE);
    cr_assert(until(plays, ear, 10));
    speaker_say(speaker, 1, TEXT, NEVER);
    cr_assert(until(is_down, ear, 5));
    speaker_free(speaker);
    cr_assert(until(plays, ear, 0.5));
}

static void set_music_volume(const char *volume)
{
    g_autofree char *listed = NULL, *said = NULL;
    g_spawn_command_line_sync("pactl list short sink-inputs", &listed, NULL, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(listed, "\n", -1);
    g_autofree char *command =
        g_strdup_printf("pactl set-sink-input-volume %d %s", atoi(lines[0]), volume);
    cr_assert(g_spawn_command_line_sync(command, &said, NULL, NULL, NULL));
}

Test(duck, what_the_user_moved_stays_where_it_is)
{
    const pid_t child = other_speaker();
    g_autoptr(Ear) ear = ear_new();
    kill_in_mid_word(child, ear);
    set_music_volume("30%"); // -31 dB
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert(ear_listen(ear, 0.8));
    cr_assert_float_eq(music_db(ear, ear_now(ear) - FRAME), -31, 2);
}

static void let_server_duck(const char *roles)
{
    g_autofree char *command =
        g_strconcat("pactl load-module module-role-ducking volume=-20dB ", roles, NULL);
    g_autofree char *number = NULL; // kept off standard output, which is the test report
    int status;
    g_spawn_command_line_sync(command, &number, NULL, &status, NULL);
    cr_assert_eq(status, 0);
}

Test(server_ducks, we_leave_it_to_the_server_where_it_does_so_for_our_role)
{
    let_server_duck("trigger_roles=announcement ducking_roles=music");
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(until(plays, ear, 10));
    speaker_say(speaker, 1, TEXT, NEVER);
    cr_assert(until(is_down, ear, 5));
    cr_assert(ear_listen(ear, 0.5));
    cr_assert_float_eq(music_db(ear, ear_now(ear) - FRAME), -20, 1);
    cr_assert(speaker_wait_done(speaker, 1, 20));
    cr_assert(until(plays, ear, 0.5));
}

// What our own role is written for there is to be turned down, not to trigger it.
Test(server_ducks, but_not_where_our_role_is_only_mentioned)
{
    let_server_duck("trigger_roles=phone ducking_roles=music,announcement");
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(until(plays, ear, 10));
    speaker_say(speaker, 1, TEXT, NEVER);
    cr_assert(until(is_down, ear, 5));
}

// PipeWire has no such module.
TestSuite(server_ducks, .init = set_up, .fini = tear_down, .timeout = 60);

static void remember_volumes(void)
{
    g_autofree char *number = NULL; // kept off standard output, which is the test report
    if (!server_is_pipewire())      // whose session manager remembers
        g_spawn_command_line_sync("pactl load-module module-stream-restore", &number, NULL, NULL,
                                  NULL);
}

Test(restored, a_player_that_ends_while_it_is_down_begins_as_loud_as_before)
{
    remember_volumes();
    {
        g_autoptr(Ear) ear = ear_new();
        cr_assert(until(plays, ear, 10));
        g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
        cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
        speaker_say(speaker, 1, TEXT, NEVER);
        cr_assert(until(is_down, ear, 5));
        kill(music, SIGKILL);
        cr_assert(speaker_wait_done(speaker, 1, 10));
        cr_assert(ear_listen(ear, 1));
    }
    play_music();
    g_autoptr(Ear) ear = ear_new();
    cr_assert(until(plays, ear, 5), "as quiet as it was under the words");
}

static void let_both_end_in_mid_word(void)
{
    const pid_t child = other_speaker();
    g_autoptr(Ear) ear = ear_new();
    kill_in_mid_word(child, ear);
    kill(music, SIGKILL);
    waitpid(music, NULL, 0);
}

Test(restored, also_when_we_were_killed_and_the_service_manager_makes_it_good)
{
    remember_volumes();
    let_both_end_in_mid_word();
    cr_assert(ducked_give_back());
    play_music();
    g_autoptr(Ear) ear = ear_new();
    cr_assert(until(plays, ear, 5), "as quiet as it was under the words");
}

Test(restored, or_our_next_start_does_when_it_plays_again)
{
    remember_volumes();
    let_both_end_in_mid_word();
    play_music();
    g_autoptr(Ear) ear = ear_new();
    cr_assert(until(is_down, ear, 5));
    g_autoptr(Speaker) speaker = speaker_new("en-us", PULSE);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 10));
    cr_assert(until(plays, ear, 5), "as quiet as it was under the words");
}
