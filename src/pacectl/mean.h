// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A mean of what is known: NAN counts for nothing.

#pragma once

#include <glib.h>
#include <math.h>

typedef struct {
    double sum, squares;
    guint count;
} Mean;

static inline void mean_add(Mean *mean, double value)
{
    if (isnan(value))
        return;
    mean->sum += value;
    mean->squares += value * value;
    mean->count++;
}

// NAN of nothing.
static inline double mean_of(const Mean *mean)
{
    return mean->count > 0 ? mean->sum / mean->count : NAN;
}
