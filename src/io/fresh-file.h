// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A file to write to that holds nothing yet: what somebody kept there is never written over, nor
// added to.

#pragma once

#include <gio/gio.h>

// Opens `path`, making it when there is none, for its owner's eyes only. A file that holds
// something is refused; a device, or a pipe that somebody reads, will do. The descriptor, which
// does not block where it can be told not to, or -1 with a sentence that has the remedy.
int fresh_file_open(const char *path, GError **error);
