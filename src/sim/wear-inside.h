// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What all worn and stood-on sensors have in common: time that passes, and packets that go wrong on
// their way out.

#pragma once

#include "sim/wear.h"

#define WORN_SPIKE_CHANCE 0.1

void worn_pass_time(WornSensor *sensor); // a period
bool worn_chance(WornSensor *sensor, double probability);
size_t worn_send(WornSensor *sensor, size_t length); // what is left of a packet; 0: nothing
