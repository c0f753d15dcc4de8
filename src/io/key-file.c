// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Key files as people leave them; see key-file.h.

#include "io/key-file.h"

#include <string.h>

// Why a line cannot stand in a key file; NULL when it can. *in_group: a group has begun.
static const char *line_fault(const char *line, gboolean *in_group)
{
    if (!g_utf8_validate(line, -1, NULL))
        return "is not UTF-8";
    if (line[0] == '\0' || line[0] == '#')
        return NULL;
    gsize length = strlen(line);
    if (line[0] == '[') {
        if (length < 3 || line[length - 1] != ']')
            return "begins a [group] without an end";
        *in_group = TRUE;
        return NULL;
    }
    const char *equals = strchr(line, '=');
    if (!equals || equals == line)
        return "is neither key=value, nor a [group], nor a # comment";
    return *in_group ? NULL : "stands before the first [group]";
}

// Empties the lines that cannot stand, so that the others keep their numbers.
static char *mend(const char *text, GStrvBuilder *skipped)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean in_group = FALSE;
    for (guint i = 0; lines[i]; i++) {
        const char *fault = line_fault(g_strstrip(lines[i]), &in_group);
        if (!fault)
            continue;
        g_autofree char *sentence = g_strdup_printf("line %u %s; it is left out", i + 1, fault);
        g_strv_builder_add(skipped, sentence);
        lines[i][0] = '\0';
    }
    return g_strjoinv("\n", lines);
}

gboolean key_file_load(GKeyFile *file, const char *path, GKeyFileFlags flags, GStrv *ret_skipped,
                       GError **error)
{
    g_autoptr(GStrvBuilder) skipped = g_strv_builder_new();
    g_autofree char *text = NULL, *mended = NULL;
    gsize length;
    gboolean loaded = g_file_get_contents(path, &text, &length, error);
    if (loaded && !g_key_file_load_from_data(file, text, length, flags, NULL)) {
        mended = mend(text, skipped);
        loaded = g_key_file_load_from_data(file, mended, strlen(mended), flags, error);
    }
    *ret_skipped = g_strv_builder_end(skipped);
    return loaded;
}
