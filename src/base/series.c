// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Both split a double into its binary exponent and a rest near 1, for which few terms do. ln 2
// comes in two parts, the first with so few bits that its product with an exponent is exact.

#include "base/series.h"

#include <string.h>

#define LN2_HIGH     6.93147180369123816490e-01
#define LN2_LOW      1.90821492927058770002e-10
#define PER_LN2      1.44269504088896338700e+00
#define SQRT2        1.41421356237309504880
#define FRACTION     ((UINT64_C(1) << 52) - 1)
#define BIAS         1023
#define EXP_LEAST    -708.0
#define EXP_GREATEST 709.0

static double power_of_two(int exponent)
{
    const uint64_t bits = (uint64_t)(exponent + BIAS) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

double series_exp(double x)
{
    // 1/1 … 1/14: enough for a rest up to ln 2 / 2
    static const double share[] = {1,        1.0 / 2,  1.0 / 3,  1.0 / 4, 1.0 / 5,
                                   1.0 / 6,  1.0 / 7,  1.0 / 8,  1.0 / 9, 1.0 / 10,
                                   1.0 / 11, 1.0 / 12, 1.0 / 13, 1.0 / 14};
    if (isnan(x))
        return x;
    if (x < EXP_LEAST)
        return 0;
    if (x > EXP_GREATEST)
        return INFINITY;
    const int exponent = (int)floor(x * PER_LN2 + 0.5);
    const double rest = (x - exponent * LN2_HIGH) - exponent * LN2_LOW;
    double sum = 1;
    for (size_t term = sizeof share / sizeof *share; term > 0; term--)
        sum = 1 + rest * sum * share[term - 1];
    // In two halves: 2^1024 is no double, though its product with a rest below 1 may be one.
    const int half = exponent / 2;
    return sum * power_of_two(half) * power_of_two(exponent - half);
}

double series_log(double x)
{
    // 1/3, 1/5 … 1/23: enough for a rest up to (√2 - 1) / (√2 + 1)
    static const double share[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                   1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
    if (!(x > 0))
        return x < 0 || isnan(x) ? NAN : -INFINITY;
    if (isinf(x))
        return x;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - BIAS;
    bits = (bits & FRACTION) | (uint64_t)BIAS << 52;
    double fraction;
    memcpy(&fraction, &bits, sizeof fraction);
    if (fraction > SQRT2) {
        fraction /= 2;
        exponent++;
    }
    // ln f = 2 (z + z³/3 + z⁵/5 + …), z = (f - 1) / (f + 1)
    const double z = (fraction - 1) / (fraction + 1), square = z * z;
    double sum = 0;
    for (size_t term = sizeof share / sizeof *share; term > 0; term--)
        sum = square * (sum + share[term - 1]);
    return exponent * LN2_HIGH + (2 * z * (1 + sum) + exponent * LN2_LOW);
}
