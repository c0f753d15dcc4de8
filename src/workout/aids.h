// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a step may be run with beside its target: a metronome for the feet, and a pacer, which
// sounds as a pacemaker would pass each mark of the way. How they are written in the settings and
// on D-Bus ("off", "on", "180"); in a workout's text they stand behind a step (aids-text.h).

#pragma once

#include "workout/plan.h"

// A metronome is a number: none, one by the runner's own steps, or so many a minute (both feet).
#define METRONOME_OFF          0
#define METRONOME_OWN          1
#define METRONOME_CADENCE_FROM 120
#define METRONOME_CADENCE_TO   240

bool aids_metronome_valid(double metronome);

// "off", "on", "180". False: it is none of them.
bool aids_read_metronome(const char *text, unsigned *ret_metronome);
#define METRONOME_TEXT_MAX 12
const char *aids_metronome_text(unsigned metronome, char ret_text[METRONOME_TEXT_MAX]);

// A pacer is a number as well: its marks in metres, 50, 100 or 200; 0: none.
bool aids_pacer_valid(double metres);
bool aids_read_pacer(const char *text, unsigned *ret_metres); // "off", "100", "100m"

// Of a step as it is run; 0 where its text has none, and in a rest or a stride.
unsigned aids_metronome(const Plan *plan, size_t step);
unsigned aids_pacer(const Plan *plan, size_t step);
