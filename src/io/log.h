// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where messages go: one plain line each on standard error, or into the journal with their fields
// when that is where standard error leads.

#pragma once

#include <glib.h>

// `program` is static text that begins each line. Debug and info messages only when verbose.
void log_start(const char *program, gboolean verbose);
