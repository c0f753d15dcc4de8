// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Key files as people leave them: GLib gives up on a whole file for one broken line, and with it
// all that the user had written. Here a broken line costs itself.

#pragma once

#include <glib.h>

// Loads `path`. *ret_skipped: a sentence for each line that was left out ("line 7 is …"), free with
// g_strfreev(); also set when the load fails. Fails when the file cannot be read, or is no text.
gboolean key_file_load(GKeyFile *file, const char *path, GKeyFileFlags flags, GStrv *ret_skipped,
                       GError **error);
