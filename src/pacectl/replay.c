// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl replay: something that was recorded, through the core of today. What it is, is told by
// how it begins, for standard input has no name; no more of it is read for that than its first
// line, for a capture may be one that is still being written.

#include "pacectl/replay.h"
#include "pacectl/pacectl.h"

#include "codec/fit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define HEAD_LEAST 12 // tell a FIT file
#define HEAD_MOST  4096

int replay_getc(ReplayInput *input)
{
    if (input->at < input->head->len)
        return (guint8)input->head->str[input->at++];
    return getc_unlocked(input->from);
}

static void read_head(ReplayInput *input)
{
    int byte;
    gboolean line = FALSE;
    while ((input->head->len < HEAD_LEAST || !line) && input->head->len < HEAD_MOST &&
           (byte = getc_unlocked(input->from)) != EOF) {
        g_string_append_c(input->head, (char)byte);
        line |= byte == '\n';
    }
}

gboolean replay_is_fit(const GString *head)
{
    return fit_is((const guint8 *)head->str, head->len);
}

// A capture begins with a comment, a sitting, or the time of an event. A table begins with names;
// where it has none, that is worth telling.
gboolean replay_is_table(const GString *head)
{
    const char *line = head->str;
    if (g_str_has_prefix(line, "\xef\xbb\xbf") || g_str_has_prefix(line, "\xff\xfe"))
        return TRUE; // a mark of UTF-8, or of UTF-16, which the table will not have
    const gsize length = strcspn(line, "\n");
    const gboolean commas = memchr(line, ',', length) != NULL;
    if (head->len == 0 || *line == '#' || g_str_has_prefix(line, "sitting "))
        return FALSE;
    return commas || g_ascii_isalpha(line[strspn(line, " \t\"\r\n")]);
}

static int replay_file(const char *file, gboolean json)
{
    FILE *from = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (!from)
        return complain(EXIT_BAD_INPUT, "%s: %s", file, g_strerror(errno));
    g_autoptr(GString) head = g_string_new(NULL);
    ReplayInput input = {.file = file, .from = from, .head = head};
    read_head(&input);
    const gboolean run = replay_is_fit(head) || replay_is_table(head);
    const int code = run ? replay_run(&input, json) : replay_capture(&input, json);
    if (from != stdin)
        fclose(from);
    return code;
}

int verb_replay(int argc, char **argv)
{
    gboolean json = FALSE;
    ReplayPod files = {.scale_sd = NAN};
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"pod", 0, 0, G_OPTION_ARG_FILENAME, &files.pod, NULL, "POD.csv"},
        {"marks", 0, 0, G_OPTION_ARG_FILENAME, &files.marks, NULL, "MARKS.csv"},
        {"plan", 0, 0, G_OPTION_ARG_FILENAME, &files.plan, NULL, "PLAN.csv"},
        {"scale-sd", 0, 0, G_OPTION_ARG_DOUBLE, &files.scale_sd, NULL, "SHARE"},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    g_autofree char *pod = files.pod, *marks = files.marks, *plan = files.plan;
    if (pod && argc == 1 && !json)
        return replay_pod(&files);
    if (pod || marks || plan || !isnan(files.scale_sd) || argc != 2)
        return complain(EXIT_BAD_USAGE,
                        "expected a FILE, or --pod POD.csv with --marks, --plan and "
                        "--scale-sd as there are");
    return replay_file(argv[1], json);
}
