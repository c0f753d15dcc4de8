// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// GLib writes two lines of ornament a message; people who watch a terminal want the sentence.

#include "io/log.h"

#include <stdio.h>

static struct {
    const char *program;
    gboolean verbose;
} settings;

static GLogWriterOutput log_line(GLogLevelFlags level, const GLogField *fields, gsize count,
                                 gpointer data)
{
    if (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO) && !settings.verbose)
        return G_LOG_WRITER_HANDLED;
    if (g_log_writer_is_journald(fileno(stderr)))
        return g_log_writer_journald(level, fields, count, NULL);
    for (gsize i = 0; i < count; i++)
        if (g_str_equal(fields[i].key, "MESSAGE"))
            fprintf(stderr, "%s: %s\n", settings.program, (const char *)fields[i].value);
    return G_LOG_WRITER_HANDLED;
}

void log_start(const char *program, gboolean verbose)
{
    settings.program = program;
    settings.verbose = verbose;
    g_log_set_writer_func(log_line, NULL, NULL);
}
