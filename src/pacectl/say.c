// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl say: a text through the daemon's voice, to hear whether and how it is heard. A language
// is checked here: the daemon's worker finds out only when it is too late for an answer.

#include "pacectl/measure.h"
#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

#include "coach/words.h"

int verb_say(int argc, char **argv)
{
    g_autofree char *language = NULL;
    const GOptionEntry options[] = {{"language", 0, 0, G_OPTION_ARG_STRING, &language, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    if (!argument_check(argv[1]))
        return EXIT_BAD_INPUT;
    if (language)
        g_strdelimit(language, "_", '-');
    if (language && (!*language || !measure_begin(language, WORDS_A_MINUTE_DEFAULT)))
        return complain(
            EXIT_BAD_USAGE,
            "--language: eSpeak NG has no voice for '%s'; espeak-ng --voices lists them", language);
    g_autoptr(GDBusObjectManager) objects = NULL;
    const int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    GError *error = NULL;
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    if (language)
        g_variant_dict_insert(&dict, "language", "s", language);
    if (!paced1_hub_call_say_sync(hub, argv[1], g_variant_dict_end(&dict), NULL, &error))
        return complain_error(error);
    return EXIT_DONE;
}
