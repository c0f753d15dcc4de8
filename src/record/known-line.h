// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was learnt of a sensor, as words of a capture's line. Numbers are in millionths, as
// sensor_known_recorded() makes them.

#pragma once

#include "base/cursor.h"
#include "estimate/profile.h"

// " scale ground 1.04 0.002 0.003 0.0006 -0.2 compared line 1200 170 3.1 16 0.2 1.5": what is known
// of a surface's scale is scale, slope, their deviations and correlation; of the runner's line what
// a GaitLine has. Nothing where nothing is known.
void known_line_write(Writer *writer, const SensorKnown *known);

// Takes what `word` begins, and changes `*at` in place. False when it begins nothing of this.
bool known_line_read(const char *word, char **at, SensorKnown *known);
