// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Asks the tools that desktops have for it: the clipboard belongs to a display server, and a
// command line has no business linking two kinds of those.

#include "pacectl/clipboard.h"

#include <string.h>

static const struct {
    const char *display; // in the environment
    const char *argv[6];
} TOOLS[] = {
    {"WAYLAND_DISPLAY", {"wl-paste", "--no-newline", "--type", "text"}},
    {"DISPLAY", {"xclip", "-out", "-selection", "clipboard"}},
    {"DISPLAY", {"xsel", "--output", "--clipboard"}},
};

// NULL: *ret_why says why not.
static char *ask(const char *const *argv, gsize *ret_length, char **ret_why)
{
    g_autofree char *program = g_find_program_in_path(argv[0]);
    if (!program) {
        *ret_why = g_strdup("not installed");
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) tool = g_subprocess_newv(
        argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
    g_autofree char *text = g_malloc(TEXT_INPUT_MAX + 2);
    gsize length = 0;
    if (!tool || !g_input_stream_read_all(g_subprocess_get_stdout_pipe(tool), text,
                                          TEXT_INPUT_MAX + 1, &length, NULL, &error)) {
        *ret_why = g_strdup(error->message);
        return NULL;
    }
    gboolean whole = length <= TEXT_INPUT_MAX;
    if (!whole)
        g_subprocess_force_exit(tool); // it would wait for us to read on
    g_subprocess_wait(tool, NULL, NULL);
    if (whole && !g_subprocess_get_successful(tool)) {
        *ret_why = g_strdup("no text there");
        return NULL;
    }
    text[length] = '\0';
    *ret_length = length;
    return g_steal_pointer(&text);
}

char *clipboard_read(gsize *ret_length, int *ret_code)
{
    g_autoptr(GString) tried = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(TOOLS); i++) {
        const char *display = g_getenv(TOOLS[i].display);
        if (!display || !*display)
            continue;
        g_autofree char *why = NULL;
        char *text = ask(TOOLS[i].argv, ret_length, &why);
        if (text)
            return text;
        g_string_append_printf(tried, "%s%s (%s)", tried->len > 0 ? ", " : "", TOOLS[i].argv[0],
                               why);
    }
    *ret_code = tried->len > 0
                    ? complain(EXIT_BAD_INPUT, "the clipboard cannot be read: tried %s", tried->str)
                    : complain(EXIT_BAD_INPUT,
                               "there is no clipboard here: neither WAYLAND_DISPLAY nor DISPLAY is "
                               "set; 'pacectl workouts add -' reads what is pasted until Ctrl-D");
    return NULL;
}
