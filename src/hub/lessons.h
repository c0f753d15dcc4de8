// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What runs taught of a sensor, from one run to the next: written down with the enrolled sensor,
// doubted more with each month, and doubted altogether once its firmware is another. One lesson
// back can be taken up again.

#pragma once

#include "store/store.h"

#define LESSONS_LINE 1024

// What a session is to be told. `deviation`: that of such a sensor's scale as quirks.conf has it;
// 0: nothing is known of its make. `firmware` and `wall`: "" and 0 when not known.
SensorKnown lessons_recall(const EnrolledSensor *sensor, unsigned services, double deviation,
                           const char *firmware, Usec wall);

// What changes what is known writes it into `line`, and what was known until then into `before`
// (LESSONS_LINE each), which `sensor` borrows. `told` is what lessons_recall() says by then.

// FALSE: `news`, what is known in place of it, is nothing new.
gboolean lessons_learn(EnrolledSensor *sensor, const SensorKnown *told, const SensorKnown *news,
                       const char *firmware, Usec wall, char *line, char *before);

// Takes up the scale that was known before the latest lesson of that surface. FALSE: it is the
// same.
gboolean lessons_take_back(EnrolledSensor *sensor, Surface surface, const SensorKnown *told,
                           const char *firmware, Usec wall, char *line, char *before);

// A user's word, `scale` known to half a per cent; 0: nothing is known any more.
void lessons_set(EnrolledSensor *sensor, Surface surface, double scale, const SensorKnown *told,
                 const char *firmware, Usec wall, char *line, char *before);
