// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl preflight: the coach says what is well and what is not; its words are printed as well,
// for who has no headset on yet.

#include "pacectl/import.h"
#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

#define WORDS_WITHIN 35.0 // s; words that had to wait for longer are no longer said

typedef struct {
    GMainLoop *loop;
    gboolean heard;
} Preflight;

static void on_cue(Paced1Runner *runner, const char *text, const char *kind, gpointer data)
{
    Preflight *preflight = data;
    if (preflight->heard)
        return;
    preflight->heard = TRUE;
    puts(text);
    g_main_loop_quit(preflight->loop);
}

static int ask(Paced1Runner *runner, const char *what)
{
    GError *error = NULL;
    g_autofree char *text = NULL, *called = NULL;
    int code = EXIT_DONE;
    GVariantDict options;
    g_variant_dict_init(&options, NULL);
    if (what && !workout_argument(what, &text, &called, &code)) {
        g_variant_dict_clear(&options);
        return code;
    }
    if (what)
        g_variant_dict_insert(&options, text ? "text" : "workout", "s", text ? text : what);
    if (!paced1_runner_call_preflight_sync(runner, g_variant_dict_end(&options), NULL, &error))
        return text ? complain_text(called, error) : complain_error(error);
    return EXIT_DONE;
}

int verb_preflight(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 0, 1))
        return EXIT_BAD_USAGE;
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Runner) runner = daemon_find(objects, "org.paced1.Runner");
    if (!runner)
        return complain_stranger();
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Preflight preflight = {loop, FALSE};
    gulong cue = g_signal_connect(runner, "cue", G_CALLBACK(on_cue), &preflight);
    code = ask(runner, argc > 1 ? argv[1] : NULL);
    if (code == EXIT_DONE && !preflight.heard && !loop_run(loop, WORDS_WITHIN))
        code = complain(EXIT_OTHER, "the coach did not get to say it; ask again");
    g_signal_handler_disconnect(runner, cue);
    return code;
}
