// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// exp() and log() that give the same bits everywhere. The C library's differ between machines in
// the last one, and what is integrated from second to second (D′, load) or compared with a
// threshold must not, or a replay on another machine is another run. These are made of additions,
// multiplications and one division, which IEEE 754 fixes to the last bit.
//
// Within 4 units in the last place of the true value.

#pragma once

#include "base/units.h"

// For a finite x; 0 below -708, and INFINITY above 709. NAN for a NAN.
double series_exp(double x);

// The natural logarithm of a normal x > 0; -INFINITY for 0, NAN below it and for a NAN.
double series_log(double x);
