// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How long eSpeak NG takes for a text; nothing is heard. The engine is one for the whole process.

#pragma once

#include <glib.h>

// FALSE: eSpeak NG has no voice for the language, or cannot start.
gboolean measure_begin(const char *language, int words_a_minute);
double measure_s(const char *text); // after a successful begin
