// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A file that appears at once. The name is taken first, empty, so that of two who want it one is
// refused; then the whole is moved there. See output.h.

#include "pacectl/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(const char *path, const char *why)
{
    g_autofree char *name = g_filename_display_name(path);
    return complain(EXIT_OTHER, "%s cannot be written: %s", name, why);
}

static int write_stream(const char *path, FILE *to, const void *bytes, gsize length)
{
    if (!to)
        return refuse(path, g_strerror(errno));
    const gboolean well = fwrite(bytes, 1, length, to) == length && fflush(to) == 0;
    const int code = well ? EXIT_DONE : refuse(path, g_strerror(errno));
    if (to != stdout)
        fclose(to);
    return code;
}

int output_check(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return refuse(path, "it is a folder");
    return access(folder, W_OK | X_OK) == 0 ? EXIT_DONE : refuse(path, g_strerror(errno));
}

int output_write(const char *path, const void *bytes, gsize length, gboolean force)
{
    struct stat status;
    if (strcmp(path, "-") == 0)
        return write_stream("standard output", stdout, bytes, length);
    const gboolean there = stat(path, &status) == 0;
    if (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return write_stream(path, fopen(path, "we"), bytes, length);
    if (output_check(path) != EXIT_DONE)
        return EXIT_OTHER;
    if (!force) {
        const int taken = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (taken < 0 && errno == EEXIST)
            return refuse(path, "it is there already; --force writes over it");
        if (taken < 0)
            return refuse(path, g_strerror(errno));
        close(taken);
    }
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents_full(path, bytes, (gssize)length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
        return EXIT_DONE;
    if (!force)
        unlink(path);
    return complain(EXIT_OTHER, "%s", error->message);
}

char *output_name(const char *title)
{
    GString *name = g_string_new(NULL);
    for (const char *at = title; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(name, g_unichar_tolower(c));
        else if (name->len > 0 && name->str[name->len - 1] != '-')
            g_string_append_c(name, '-');
    }
    if (name->len > OUTPUT_NAME_MAX) {
        const char *end = g_utf8_find_prev_char(name->str, name->str + OUTPUT_NAME_MAX + 1);
        g_string_truncate(name, (gsize)(end - name->str));
    }
    while (name->len > 0 && name->str[name->len - 1] == '-')
        g_string_truncate(name, name->len - 1);
    return g_string_free(name, FALSE);
}
