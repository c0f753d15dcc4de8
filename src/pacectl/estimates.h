// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The live estimates as Runner.Estimates gives them: each with its source, age and confidence.

#pragma once

#include <gio/gio.h>

// One object on a line, {"event":"estimates","speed":{"value":…,"source":…},…}.
void estimates_print_json(GVariant *estimates);

// A table; on a terminal in place of the one before it.
void estimates_print(GVariant *estimates, gboolean terminal);
