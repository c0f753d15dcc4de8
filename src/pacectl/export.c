// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl export: a run for other programs, or for a bug report. All of it is in memory until it is
// written at once.

#include "pacectl/export.h"

#include "pacectl/output.h"

#include <string.h>

typedef enum {
    FORMAT_FIT,
    FORMAT_TCX,
    FORMAT_CSV,
    FORMAT_JSON,
    FORMAT_BUNDLE,
    FORMATS,
} Format;

static const struct {
    const char *name, *ending;
} formats[] = {
    [FORMAT_FIT] = {"fit", "fit"},           [FORMAT_TCX] = {"tcx", "tcx"},
    [FORMAT_CSV] = {"csv", "csv"},           [FORMAT_JSON] = {"json", "jsonl"},
    [FORMAT_BUNDLE] = {"bundle", "capture"},
};

static Format format_called(const char *name)
{
    Format format = 0;
    while (format < FORMATS && strcmp(name, formats[format].name) != 0)
        format++;
    return format;
}

// As the end of a file's name has it; FIT where that says nothing.
static Format format_of(const char *to)
{
    const char *dot = to ? strrchr(to, '.') : NULL;
    Format format = 0;
    while (dot && format < FORMATS && g_ascii_strcasecmp(dot + 1, formats[format].ending) != 0)
        format++;
    return !dot || format == FORMATS ? FORMAT_FIT : format;
}

// "2026-05-01-0830-mile-and-200s.fit", by the clock of where it is written.
static char *name_for(const Run *run, Format format)
{
    g_autofree char *title = output_name(run_title(run));
    g_autofree char *date = NULL;
    if (run->started) {
        g_autoptr(GDateTime) when = g_date_time_new_from_unix_local((gint64)run_unix(run, 0));
        date = g_date_time_format(when, "%Y-%m-%d-%H%M");
    } else {
        date = g_strdup_printf("run-%" G_GINT64_FORMAT, run->number);
    }
    return g_strdup_printf("%s-%s.%s", date, *title ? title : "run", formats[format].ending);
}

static GBytes *make(const Run *run, char *capture, Format format)
{
    switch (format) {
    case FORMAT_FIT:
        return g_byte_array_free_to_bytes(export_fit(run));
    case FORMAT_TCX:
        return g_string_free_to_bytes(export_tcx(run));
    case FORMAT_CSV:
        return g_string_free_to_bytes(export_csv(run));
    case FORMAT_JSON:
        return g_string_free_to_bytes(export_json(run, capture));
    case FORMAT_BUNDLE:
        return g_bytes_new(capture, strlen(capture));
    case FORMATS:
        break;
    }
    g_assert_not_reached();
}

static char *without_comments(char *capture)
{
    GString *text = g_string_new(NULL);
    for (char *line = capture, *end; (end = strchr(line, '\n')); line = end + 1)
        if (*line != '#' || line == capture)
            g_string_append_len(text, line, end + 1 - line);
    return g_string_free(text, FALSE);
}

static int export(const char *which, Format format, const char *to, gboolean force,
                  gboolean private)
{
    int code = EXIT_DONE;
    g_autofree char *capture = NULL;
    g_autoptr(Run) run = run_fetch(which, &capture, &code);
    if (!run)
        return code;
    if (format == FORMAT_BUNDLE && !private) {
        char *bare = without_comments(capture);
        g_free(capture);
        capture = bare;
    }
    g_autofree char *name = to ? g_strdup(to) : name_for(run, format);
    g_autoptr(GBytes) bytes = make(run, capture, format);
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    code = output_write(name, data, length, force);
    if (code == EXIT_DONE && !run->started && (format == FORMAT_FIT || format == FORMAT_TCX))
        fprintf(stderr, "pacectl: the clock was not set in this run: its date is not known\n");
    if (code == EXIT_DONE && !to)
        printf("%s\n", name);
    return code;
}

int verb_export(int argc, char **argv)
{
    g_autofree char *format_name = NULL, *to = NULL;
    gboolean force = FALSE, private = FALSE;
    const GOptionEntry options[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &format_name, NULL, NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &to, NULL, NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, NULL, NULL},
        {"private", 0, 0, G_OPTION_ARG_NONE, &private, NULL, NULL},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    const Format format = format_name ? format_called(format_name) : format_of(to);
    if (format == FORMATS)
        return complain(EXIT_BAD_USAGE, "--format takes fit, tcx, csv, json or bundle");
    if (private && format != FORMAT_BUNDLE)
        return complain(EXIT_BAD_USAGE, "--private is for a bundle");
    return export(argv[1], format, to, force, private);
}
