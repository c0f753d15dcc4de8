// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The few steps that the files of the pace share.

#pragma once

#include "estimate/pace.h"

// Seconds from where the bank is to `at`; and no more than the speed is given out for.
double pace_ahead(const Pace *pace, Usec at);
double pace_ahead_given(const Pace *pace, Usec at);

// To be called when anything has changed.
void pace_look(Pace *pace);

// What was given out until `at` is never taken back.
void pace_hold_on(Pace *pace, Usec at);

// The owner's metres come to those of the bank, `seconds` ahead of it. Returns how many they were.
double pace_travel(Pace *pace, double seconds);

// The owner's scale is another from here on. What was covered was covered: the return value is by
// how much the new one has it longer.
double pace_rescale(Pace *pace, const Scale *scale, double seconds);
