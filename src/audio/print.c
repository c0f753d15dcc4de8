// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cues as lines on standard output: "M:SS  text", counted from the first cue.

#include <stdio.h>
#include <string.h>

#include "audio/output.h"

static bool print_begin(Output *output, const Cue *cue, Usec since_first)
{
    g_autofree char *text =
        g_utf8_make_valid(cue->text, (gssize)strnlen(cue->text, sizeof cue->text));
    for (char *at = text; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' '; // a cue is one line, and no terminal's escape sequence
    Usec seconds = since_first / USEC_PER_SEC;
    printf("%d:%02d  %s\n", (int)(seconds / 60), (int)(seconds % 60), text);
    fflush(stdout); // read as it happens, also through a pipe
    return false;
}

static void print_write(Output *output, GBytes *pcm)
{
}

static void print_end(Output *output)
{
}

static void print_stop(Output *output, Usec since_first)
{
}

static void print_free(Output *output)
{
    g_free(output->reason);
    g_free(output);
}

Output *print_new(void)
{
    static const OutputOps ops = {.begin = print_begin,
                                  .write = print_write,
                                  .end = print_end,
                                  .stop = print_stop,
                                  .free = print_free};
    Output *output = g_new(Output, 1);
    *output = (Output){.ops = &ops, .state = VOICE_SILENT, .reason = g_strdup("")};
    return output;
}
