// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is proposed between sessions, for the verbs that answer it or give rise to it.

#pragma once

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

// Answers what is proposed. FALSE: nothing is.
gboolean proposal_answered(GDBusObjectManager *objects, gboolean accept, int *ret_code);

gboolean is_run_number(const char *text);

// A run, or a lap of it (NULL: all of it), was a race; a distance of NAN is that of the run where
// it is known. Prints what is proposed then; returns the exit code.
int call_race(const char *run, const char *lap, double distance_m, gboolean eased);
