// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is known of the runner, as the words of a capture's line. Numbers are in millionths, as
// athlete_recorded() makes them.

#pragma once

#include "athlete/athlete.h"
#include "base/cursor.h"

// " male age 35 heart-rest 48 race 5000 1200 day 1 race 10000 2700 eased goal 42195 13500"
void athlete_line_write(Writer *writer, const Athlete *athlete);

// Changes `at` in place. What was expected; NULL: *ret_athlete is one that athlete_check() takes.
const char *athlete_line_read(char *at, Athlete *ret_athlete);
