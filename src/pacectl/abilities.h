// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a runner can do, as a table for people and as JSON: for `zones`, of what the command line
// says, and for `athlete`, of what the daemon keeps.

#pragma once

#include "athlete/athlete.h"
#include "pacectl/pacectl.h"

void abilities_print(const Athlete *athlete);
void abilities_json(const Athlete *athlete, JsonBuilder *builder); // members of the open object

// The exponent to predict other races with: that of the runner's own races when they show one that
// is possible, else Riegel's.
double abilities_exponent(const Athlete *athlete);
