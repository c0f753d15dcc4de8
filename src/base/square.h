// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// x·x, for those who reckon with variances: it says what is meant where x is an expression.

#pragma once

static inline double square(double x)
{
    return x * x;
}
