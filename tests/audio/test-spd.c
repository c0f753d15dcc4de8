// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A real Speech Dispatcher of the test's own. Its "generic" module runs a command with what it is
// given to say; its "dummy" one plays the same sentence of some seconds whatever it is given.

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ear.h"
#include "io/clock.h"

#define NEVER (60 * USEC_PER_SEC)

static char *home;
static GPid server, dispatcher;

static char *in_home(const char *name)
{
    return g_build_filename(home, name, NULL);
}

static void write_file(const char *name, const char *text)
{
    g_autofree char *path = in_home(name), *directory = g_path_get_dirname(path);
    g_mkdir_with_parents(directory, 0700);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static void own_group(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that crashes leaves none behind
    setpgid(0, 0);
}

static bool listens(gpointer data)
{
    g_autofree char *path = in_home("speech-dispatcher/speechd.sock");
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean look_again(gpointer data)
{
    return G_SOURCE_CONTINUE;
}

static bool time_has_come(gpointer data)
{
    return clock_now() >= *(Usec *)data;
}

static void dispatcher_start(const char *module)
{
    g_autofree char *conf = in_home("conf"), *pid = in_home("speechd.pid"),
                    *settings =
                        g_strdup_printf("AddModule \"dummy\" \"sd_dummy\" \"\"\n"
                                        "AddModule \"teller\" \"sd_generic\" \"teller.conf\"\n"
                                        "DefaultModule %s\nDefaultLanguage \"en\"\n",
                                        module),
                    *teller =
                        g_strdup_printf("GenericExecuteSynth \"echo $RATE $LANGUAGE \\'$DATA\\' "
                                        ">> %s/told\"\n"
                                        "GenericCmdDependency \"echo\"\n"
                                        "GenericLanguage \"de\" \"deutsch\" \"utf-8\"\n"
                                        "GenericRateAdd 170\nGenericRateMultiply 100\n"
                                        "GenericMaxChunkLength 900\nGenericDelimiters \"|\"\n"
                                        "AddVoice \"de\" \"male1\" \"teller\"\n",
                                        home);
    write_file("conf/speechd.conf", settings);
    write_file("conf/modules/teller.conf", teller);
    const char *command[] = {
        "speech-dispatcher", "-s", "-t", "0", "-C", conf, "-L", home, "-P", pid, NULL};
    g_autoptr(GError) error = NULL;
    g_spawn_async(NULL, (char **)command, NULL,
                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL,
                  own_group, NULL, &dispatcher, &error);
    cr_assert_null(error, "%s", error ? error->message : "");
    const guint look = g_timeout_add(20, look_again, NULL); // it tells nobody
    cr_assert(until(listens, NULL, 10));
    g_source_remove(look);
}

static void dispatcher_end(void)
{
    server_end(dispatcher, SIGKILL);
    g_autofree char *path = in_home("speech-dispatcher/speechd.sock");
    g_unlink(path);
}

static void set_up(void)
{
    home = home_new();
    server = server_start(home, true);
}

static void tear_down(void)
{
    server_end(server, SIGTERM);
    home_remove(home);
}

TestSuite(spd, .init = set_up, .fini = tear_down, .timeout = 60);

static const char *const SPD[] = {"spd", NULL};

Test(spd, the_words_their_language_and_their_rate_arrive)
{
    dispatcher_start("teller");
    g_autoptr(Speaker) speaker = speaker_new("de-DE", SPD);
    speaker_say(speaker, 1, "in fünf: ein Kilometer\x1b[2J\r\n.\r\nQUIT", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
    cr_assert_str_eq(voice_reason(speaker->voice), "");
    speaker_say(speaker, 2, ".zwei", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 10));
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\nstarted 2\ndone 2\n");
    g_autofree char *path = in_home("told"), *told = NULL;
    cr_assert(g_file_get_contents(path, &told, NULL, NULL));
    // 175 words a minute are 1 above its eSpeak NG's 170, of the hundred that lead to 450.
    cr_assert_str_eq(told,
                     "171.00 deutsch in fünf: ein Kilometer [2J  .  QUIT\n171.00 deutsch .zwei\n");
    dispatcher_end();
}

Test(spd, a_cue_is_hushed)
{
    dispatcher_start("dummy");
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", SPD);
    speaker_say(speaker, 1, "one", NEVER);
    cr_assert(speaker_wait_started(speaker, 1, 10));
    ear_forget(ear);
    cr_assert(ear_listen(ear, 1.5));
    cr_assert_gt(ear_rms(ear), 0.005);
    voice_hush(speaker->voice, 1);
    cr_assert(speaker_wait_done(speaker, 1, 1));
    cr_assert(ear_listen(ear, 1)); // it has its own ways
    ear_forget(ear);
    cr_assert(ear_listen(ear, 1));
    cr_assert_eq(ear_first_loud(ear), -1);
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\n");
    dispatcher_end();
}

Test(spd, a_cue_makes_way)
{
    dispatcher_start("dummy");
    g_autoptr(Speaker) speaker = speaker_new("en-us", SPD);
    speaker_say(speaker, 1, "one", NEVER); // while it is connecting
    cr_assert(speaker_wait_started(speaker, 1, 10));
    speaker_say(speaker, 2, "two", NEVER);
    speaker_say(speaker, 3, "three", NEVER); // before the number of the one before is known
    cr_assert(speaker_wait_started(speaker, 2, 10));
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\ndone 2\nstarted 3\n");
    dispatcher_end();
}

Test(spd, after_several_in_a_row_a_cue_is_hushed_too)
{
    dispatcher_start("dummy");
    g_autoptr(Ear) ear = ear_new();
    g_autoptr(Speaker) speaker = speaker_new("en-us", SPD);
    speaker_say(speaker, 1, "one", NEVER);
    cr_assert(speaker_wait_started(speaker, 1, 10));
    speaker_say(speaker, 2, "two", NEVER);
    speaker_say(speaker, 3, "three", NEVER);
    cr_assert(speaker_wait_started(speaker, 2, 10));
    voice_hush(speaker->voice, 3);
    cr_assert(speaker_wait_done(speaker, 3, 1));
    cr_assert(ear_listen(ear, 1)); // it has its own ways
    ear_forget(ear);
    cr_assert(ear_listen(ear, 1));
    cr_assert_eq(ear_first_loud(ear), -1);
    dispatcher_end();
}

Test(spd, without_it_cues_take_their_time_until_it_is_back)
{
    g_autoptr(Speaker) speaker = speaker_new("en-us", SPD);
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 5));
    cr_assert(strstr(voice_reason(speaker->voice), "--spawn"));
    speaker_say(speaker, 1, "five kilometres done, and five to go", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert_float_eq(usec_to_s(speaker->done_at - speaker->started_at), 2, 1);
    dispatcher_start("dummy");
    Usec later = clock_now() + 2 * USEC_PER_SEC; // it is not tried for more often
    until(time_has_come, &later, 2.1);
    speaker_say(speaker, 2, "two", NEVER);
    cr_assert(speaker_wait_state(speaker, VOICE_READY, 5));
    cr_assert(speaker_wait_started(speaker, 2, 10));
    dispatcher_end();
    cr_assert(speaker_wait_done(speaker, 2, 10));
    cr_assert(speaker_wait_state(speaker, VOICE_NO_SERVER, 5));
    cr_assert_str_eq(speaker->log->str, "started 1\ndone 1\nstarted 2\ndone 2\n");
}
