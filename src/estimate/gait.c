// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two regression lines from one set of running sums: of speed on cadence for who has lost the
// speed, of cadence on speed for who asks whether the steps are too few. What was hard is that
// neither may follow the runner into his fatigue: the sums stop growing after twenty-five minutes
// of running, and forget so slowly that weeks of runs stand behind them.

#include "estimate/gait.h"

#include "base/square.h"

#define RUNNING_SPEED   1.8   // m/s; slower is walking, which has another line
#define RUNNING_CADENCE 140.0 // steps a minute; brisk walking has up to 130
#define CADENCE_MAX     250.0
#define SPEED_MAX       12.0
#define REMEMBERED      7200.0 // s; older ones fade
#define BEYOND          0.6    // m/s; and 6 steps: how far beyond what was seen a line is believed
#define BEYOND_STEPS    6.0
#define SPREAD_STEPS    3.0 // steps a minute; how one runner's vary at one speed
#define SPREAD_SPEED    0.2 // m/s; and his speed at one cadence, where few were seen

bool gait_line_valid(const GaitLine *line)
{
    if (line->seconds == 0)
        return gait_line_same(line, &(GaitLine){0});
    return line->seconds > 0 && line->seconds <= REMEMBERED &&
           line->cadence > RUNNING_CADENCE / 2 && line->cadence <= CADENCE_MAX && line->speed > 0 &&
           line->speed <= SPEED_MAX && line->cadence2 >= 0 &&
           line->cadence2 <= square(CADENCE_MAX) && line->speed2 >= 0 &&
           line->speed2 <= square(SPEED_MAX) &&
           square(line->together) <= line->cadence2 * line->speed2 * 1.0001 + 1e-9;
}

static double recorded(double value)
{
    return (double)llround(value * 1e6) / 1e6;
}

GaitLine gait_line_recorded(const GaitLine *line)
{
    GaitLine rounded = {
        .seconds = recorded(line->seconds),
        .cadence = recorded(line->cadence),
        .speed = recorded(line->speed),
        .cadence2 = recorded(line->cadence2),
        .speed2 = recorded(line->speed2),
        .together = recorded(line->together),
    };
    // What is left of two tiny squares may be too little for their product.
    if (!gait_line_valid(&rounded))
        rounded.together = 0;
    return rounded;
}

bool gait_line_same(const GaitLine *one, const GaitLine *other)
{
    return one->seconds == other->seconds && one->cadence == other->cadence &&
           one->speed == other->speed && one->cadence2 == other->cadence2 &&
           one->speed2 == other->speed2 && one->together == other->together;
}

void gait_init(Gait *gait)
{
    *gait = (Gait){.few = NAN};
}

void gait_recall(Gait *gait, const GaitLine *line)
{
    if (gait->fresh_s == 0)
        gait->line = *line;
}

static void learn(GaitLine *line, double cadence, double speed, double seconds)
{
    line->seconds = fmin(line->seconds + seconds, REMEMBERED);
    const double share = seconds / line->seconds;
    const double steps = cadence - line->cadence, faster = speed - line->speed;
    line->cadence += share * steps;
    line->speed += share * faster;
    const double keep = 1 - share;
    line->cadence2 = keep * (line->cadence2 + share * square(steps));
    line->speed2 = keep * (line->speed2 + share * square(faster));
    line->together = keep * (line->together + share * steps * faster);
}

void gait_see(Gait *gait, double cadence, double speed, double seconds)
{
    if (!(speed >= RUNNING_SPEED && speed <= SPEED_MAX && cadence >= RUNNING_CADENCE &&
          cadence <= CADENCE_MAX && seconds > 0))
        return;
    if (gait->fresh_s < GAIT_FRESH_S)
        learn(&gait->line, cadence, speed, seconds);
    gait->fresh_s += seconds;
    const double own = gait_cadence(gait, speed, NULL);
    if (isnan(own))
        return;
    gait->seen_s = fmin(gait->seen_s + seconds, GAIT_SETTLED);
    const double share = fmin(1, seconds / gait->seen_s);
    gait->few = isnan(gait->few) ? own - cadence : gait->few + share * (own - cadence - gait->few);
}

// A value of one quantity from one of the other, by their moments.
static double regress(double at, double mean_from, double mean_to, double from2, double to2,
                      double together, double spread, double *ret_deviation)
{
    const double slope = from2 > 0 ? together / from2 : 0;
    const double scatter = fmax(0, to2 - slope * together);
    if (ret_deviation)
        *ret_deviation = sqrt(scatter + square(spread) / 4);
    return mean_to + slope * (at - mean_from);
}

double gait_speed(const Gait *gait, double cadence, double *ret_deviation)
{
    const GaitLine *line = &gait->line;
    const double reach = 2 * sqrt(line->cadence2) + BEYOND_STEPS;
    if (line->seconds < GAIT_LEARNT || !(fabs(cadence - line->cadence) <= reach))
        return NAN;
    return regress(cadence, line->cadence, line->speed, line->cadence2, line->speed2,
                   line->together, SPREAD_SPEED, ret_deviation);
}

double gait_cadence(const Gait *gait, double speed, double *ret_deviation)
{
    const GaitLine *line = &gait->line;
    const double reach = 2 * sqrt(line->speed2) + BEYOND;
    if (line->seconds < GAIT_LEARNT || !(fabs(speed - line->speed) <= reach))
        return NAN;
    return regress(speed, line->speed, line->cadence, line->speed2, line->cadence2, line->together,
                   SPREAD_STEPS, ret_deviation);
}

double gait_form_drift(const Gait *gait, double *ret_deviation)
{
    if (gait->seen_s < GAIT_SETTLED)
        return NAN;
    // A minute of steps says more than one, but a line from little says less.
    *ret_deviation = SPREAD_STEPS * sqrt(4 / GAIT_SETTLED + GAIT_SETTLED / gait->line.seconds);
    return gait->few;
}
