// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a person keeps must outlive a slip of the pen; see fresh-file.h.

#include "io/fresh-file.h"

#include "io/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(int fd, GError **error, const char *path, const char *why)
{
    if (fd >= 0)
        close(fd);
    g_autofree char *name = g_filename_display_name(path);
    g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED, "%s cannot be written: %s", name, why);
    return -1;
}

int fresh_file_open(const char *path, GError **error)
{
    struct stat status;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0)
        return refuse(fd, error, path,
                      errno == ENXIO ? "it is a pipe that nobody reads" : g_strerror(errno));
    if (fstat(fd, &status) != 0)
        return refuse(fd, error, path, g_strerror(errno));
    if (S_ISREG(status.st_mode) && status.st_size > 0)
        return refuse(fd, error, path,
                      "it holds something already; give another name, or move it away");
    return fd;
}
