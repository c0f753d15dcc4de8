// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run in the formats of others, as bytes in memory. All are made of the same table (run.h). Where
// the clock was not known, FIT has seconds since the machine started, as its standard wants it, and
// TCX, which wants a date, begins in 1970; CSV leaves the date out.

#pragma once

#include "pacectl/run.h"

// FIT activity: a record a second but in pauses, beats, laps with the steps they were, the workout,
// the sensors.
GByteArray *export_fit(const Run *run);

// Garmin's Training Center, version 2, with the extensions for cadence, speed and power.
GString *export_tcx(const Run *run);

// A row a second. `pacectl replay` reads it.
GString *export_csv(const Run *run);

// The events of its capture, an object a line, with times since the run's start. `capture` is
// changed.
GString *export_json(const Run *run, char *capture);

// The lap that a second is in: an index; the number of laps when it is in none.
guint export_lap_of(const Run *run, guint32 t, guint from);
