// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl simulate: a workout run by the virtual runner in virtual time; what the coach would say
// and when. For trying a plan before the shoes are on, and for transcripts that can be compared.

#include "pacectl/pacectl.h"
#include "pacectl/transcript.h"
#include "sim/virtual.h"

static void print_cue(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_SAY)
        transcript_line(t_s, "%s", effect->cue.text);
}

static void print_json_line(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    transcript_json(t_s, effect, snapshot);
}

int verb_simulate(int argc, char **argv)
{
    gboolean json = FALSE;
    gint64 seed = 1;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
                                    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;

    int code = EXIT_DONE;
    gsize length;
    g_autofree char *text = read_input(argv[1], &length, &code);
    if (!text)
        return code;
    VirtualOptions how = VIRTUAL_DEFAULT;
    how.seed = (uint64_t)seed;
    TextError error = {0};
    // An empty text would start a free run, which never ends.
    if (length == 0)
        length = 1; // the NUL
    if (!virtual_run(text, length, &how, json ? print_json_line : print_cue, NULL, &error))
        return complain_broken(argv[1], &error);
    return EXIT_DONE;
}
