// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is asked of a runner, as FIT has it: a range and the quantity it is of. What is hard is the
// way back, for a range of mm/s says neither that it was one pace nor in which unit. So the words
// of a target are kept in the step's name, and believed as long as the range does not speak against
// them; a foreign file's range is taken for a single pace where it is exactly as wide as that of
// one.

#include "workout/fitplan-target.h"

#include "workout/target-text.h"

#include <string.h>

#define MM_PER_M         1000
#define TOLERANCE        0.03 // of a single speed
#define HEART_OFFSET     100  // up to it: percent
#define HEART_TOLERANCE  5    // bpm, or
#define HEART_PERCENT    2
#define HEART_LEAST      40
#define HEART_MOST       220
#define CADENCE_SPREAD   2 // turns a minute
#define CADENCE_MOST     125
#define POWER_OFFSET     1000 // up to it: percent
#define POWER_TOLERANCE  0.05
#define POWER_MOST       2000
#define WATCH_ZONES      5
#define ROUNDING_MM_S    1
#define HALF_MM_S        0.51
#define PACE_SECONDS_MAX 5999

void fitplan_target_words(const Target *target, char ret_words[FITPLAN_WORDS_MAX])
{
    Printer printer = {.buffer = ret_words, .size = FITPLAN_WORDS_MAX};
    target_print(&printer, target);
    print_end(&printer);
}

// ── writing ──

static FitplanHeld put(FitStep *step, FitTarget type, double low, double high)
{
    step->target_type = type;
    step->target = 0;
    step->low = low;
    step->high = high;
    return FITPLAN_HELD;
}

// Of what is asked for on one side only, the other side becomes a limit that nobody reaches.
static double either(double limit, double instead)
{
    return isnan(limit) ? instead : limit;
}

static FitplanHeld put_speed(FitStep *step, const Aim *aim)
{
    if (aim->ranged)
        return put(step, FIT_TARGET_SPEED, round(aim->low * MM_PER_M), round(aim->high * MM_PER_M));
    const double slow = fmin(aim->value, aim->end), fast = fmax(aim->value, aim->end);
    if (slow < fast) {
        put(step, FIT_TARGET_SPEED, round(slow * MM_PER_M), round(fast * MM_PER_M));
        return FITPLAN_RANGE_ONLY;
    }
    return put(step, FIT_TARGET_SPEED, round(aim->value * MM_PER_M * (1 - TOLERANCE)),
               round(aim->value * MM_PER_M * (1 + TOLERANCE)));
}

static FitplanHeld put_heart(FitStep *step, const Aim *aim)
{
    const double spread = aim->ranged ? 0 : HEART_TOLERANCE;
    return put(step, FIT_TARGET_HEART, HEART_OFFSET + round(either(aim->low - spread, HEART_LEAST)),
               HEART_OFFSET + round(either(aim->high + spread, HEART_MOST)));
}

static FitplanHeld put_open(FitStep *step)
{
    step->target_type = FIT_TARGET_OPEN;
    step->target = step->low = step->high = NAN;
    return FITPLAN_NOT_HELD;
}

// What no runner has resolved: a zone is then one of the watch's.
static FitplanHeld put_unresolved(FitStep *step, const Target *target)
{
    if (target->kind != TARGET_HEART)
        return put_open(step);
    if (target->scale == HEART_ZONE && target->low == target->high && target->low <= WATCH_ZONES) {
        put(step, FIT_TARGET_HEART, NAN, NAN);
        step->target = target->low;
        return FITPLAN_HELD;
    }
    if (target->scale != HEART_MAX || target->low > HEART_OFFSET || target->high > HEART_OFFSET)
        return put_open(step);
    const int spread = target->low == target->high ? HEART_PERCENT : 0;
    return put(step, FIT_TARGET_HEART, fmax(target->low - spread, 0),
               target->high == 0 ? HEART_OFFSET : fmin(target->high + spread, HEART_OFFSET));
}

FitplanHeld fitplan_target_write(const Target *target, const Aim *aim, FitStep *step)
{
    double spread;
    switch (aim->quantity) {
    case AIM_NONE:
        put_open(step);
        return target->kind == TARGET_NONE ? FITPLAN_HELD : put_unresolved(step, target);
    case AIM_SPEED:
        return put_speed(step, aim);
    case AIM_HEART:
        return put_heart(step, aim);
    case AIM_CADENCE:
        spread = aim->ranged ? 0 : CADENCE_SPREAD;
        return put(step, FIT_TARGET_CADENCE, fmax(either(floor(aim->low / 2) - spread, 0), 0),
                   either(ceil(aim->high / 2) + spread, CADENCE_MOST));
    case AIM_POWER:
        spread = aim->ranged ? 0 : POWER_TOLERANCE;
        return put(step, FIT_TARGET_POWER, POWER_OFFSET + round(either(aim->low * (1 - spread), 1)),
                   POWER_OFFSET + round(either(aim->high * (1 + spread), POWER_MOST)));
    case AIM_EFFORT:
    case AIM_MAXIMAL:
        return put_open(step);
    }
    return FITPLAN_NOT_HELD;
}

// ── speeds in a file ──

static double speed_of(uint32_t seconds, PaceUnit unit)
{
    return pace_target_speed((PaceTarget){seconds, unit}) * MM_PER_M;
}

// The pace to the second; PACE_NONE where it is none that could be written.
static PaceTarget pace_near(double mm_per_s, PaceUnit unit)
{
    const PaceTarget pace = pace_of_speed(mm_per_s / MM_PER_M, unit);
    const bool writable = pace.seconds > 0 && pace.seconds <= PACE_SECONDS_MAX;
    return writable ? pace : (PaceTarget){0, PACE_NONE};
}

// Whether the range is that of one pace in this unit.
static bool is_single(const FitStep *step, PaceUnit unit, PaceTarget *ret_pace)
{
    const PaceTarget pace = pace_near((step->low + step->high) / 2, unit);
    if (pace.unit == PACE_NONE)
        return false;
    const double speed = speed_of(pace.seconds, unit);
    if (!(fabs(speed * (1 - TOLERANCE) - step->low) <= ROUNDING_MM_S &&
          fabs(speed * (1 + TOLERANCE) - step->high) <= ROUNDING_MM_S))
        return false;
    *ret_pace = pace;
    return true;
}

static bool is_speed(const FitStep *step)
{
    return (step->target_type == FIT_TARGET_SPEED || step->target_type == FIT_TARGET_SPEED_LAP) &&
           !(step->target > 0);
}

static uint32_t whole_limits(const FitStep *step, PaceUnit unit)
{
    PaceTarget pace;
    if (is_single(step, unit, &pace))
        return 2;
    uint32_t whole = 0;
    const double limits[] = {step->low, step->high};
    for (size_t i = 0; i < 2; i++) {
        pace = pace_near(limits[i], unit);
        whole +=
            pace.unit != PACE_NONE && fabs(speed_of(pace.seconds, unit) - limits[i]) <= HALF_MM_S;
    }
    return whole;
}

void fitplan_units_add(FitplanUnits *units, const FitStep *step)
{
    if (!is_speed(step))
        return;
    units->limits += 2;
    units->km += whole_limits(step, PACE_PER_KM);
    units->miles += whole_limits(step, PACE_PER_MILE);
}

PaceUnit fitplan_units_unit(const FitplanUnits *units)
{
    const bool all = units->miles == units->limits && units->km < units->limits;
    return all ? PACE_PER_MILE : PACE_PER_KM;
}

// ── reading ──

typedef struct {
    const FitStep *step;
    PaceUnit unit;
    uint32_t number;
    const Losses *losses;
} Reading;

static bool same(double one, double other)
{
    return one == other || (isnan(one) && isnan(other));
}

// The target that the name spells out as we print it; foreign words that merely could be one are
// only words.
static bool target_named(FitText name, Target *ret_target)
{
    char words[FITPLAN_WORDS_MAX];
    Line line = {name.at, name.at, name.length > 0 ? name.at + name.length : name.at};
    TextError ignored;
    if (name.length == 0 || !target_parse(&line, ret_target, &ignored) || line.at != line.end)
        return false;
    fitplan_target_words(ret_target, words);
    return strlen(words) == name.length && memcmp(words, name.at, name.length) == 0;
}

// Whether the step's fields are what would be written of this target, or (ours) would be for some
// runner.
static bool agrees(const Target *target, const FitStep *step, bool ours)
{
    FitStep made = {0};
    Aim aim;
    const Resolution resolution = target_resolve(target, NULL, NULL, 0, 0, &aim);
    fitplan_target_write(target, &aim, &made);
    if (made.target_type == step->target_type && same(made.target, step->target) &&
        same(made.low, step->low) && same(made.high, step->high))
        return true;
    if (!ours || resolution == RESOLVED || step->target > 0)
        return false;
    return step->target_type ==
           (target->kind == TARGET_HEART ? FIT_TARGET_HEART : FIT_TARGET_SPEED);
}

static Target nothing(const Reading *reading, const char *what)
{
    losses_say(reading->losses, reading->number, "%s: run without a target", what);
    return (Target){0};
}

// Limits in their order, as whole numbers that `least` to `most` can hold; 0: none on that side.
static bool limits_of(double low, double high, double offset, double most, Target *target)
{
    if (isnan(low) || isnan(high))
        return false;
    low -= offset;
    high -= offset;
    if (low > high) {
        const double lower = high;
        high = low;
        low = lower;
    }
    if (low < 0 || high < 1 || high > most)
        return false;
    target->low = (uint16_t)low;
    target->high = (uint16_t)high;
    return true;
}

static Target read_speed(const Reading *reading)
{
    FitStep step = *reading->step;
    if (step.target > 0)
        return nothing(reading, "a speed zone of the watch's own");
    if (!(step.low > 0) || !(step.high > 0)) {
        const double only = step.low > 0 ? step.low : step.high;
        const PaceTarget pace = pace_near(only, reading->unit);
        if (pace.unit == PACE_NONE)
            return nothing(reading, "a range of speeds without limits");
        losses_say(reading->losses, reading->number,
                   "a speed with a limit on one side only: that is the pace to run");
        return target_of_pace(pace);
    }
    if (step.low > step.high) {
        const double faster = step.low;
        step.low = step.high;
        step.high = faster;
    }
    PaceTarget pace;
    if (is_single(&step, reading->unit, &pace))
        return target_of_pace(pace);
    const PaceTarget slow = pace_near(step.low, reading->unit);
    const PaceTarget fast = pace_near(step.high, reading->unit);
    if (slow.unit == PACE_NONE || fast.unit == PACE_NONE)
        return nothing(reading, "a speed that nobody runs");
    Target target = target_of_pace(slow);
    if (slow.seconds == fast.seconds)
        return target;
    target.kind = TARGET_RANGE;
    target.to = target_of_pace(fast).from;
    return target;
}

static Target read_heart(const Reading *reading)
{
    const FitStep *step = reading->step;
    Target target = {.kind = TARGET_HEART};
    if (step->target > 0) {
        if (step->target > ZONES_MAX)
            return nothing(reading, "a heart zone that there is not");
        target.scale = HEART_ZONE;
        target.low = target.high = (uint16_t)step->target;
        return target;
    }
    if (step->low <= HEART_OFFSET && step->high <= HEART_OFFSET) {
        target.scale = HEART_MAX;
        if (!limits_of(step->low, step->high, 0, HEART_OFFSET, &target))
            return nothing(reading, "a range of heart rates without limits");
        target.high = target.high == HEART_OFFSET && target.low > 0 ? 0 : target.high;
        return target;
    }
    if (!limits_of(step->low, step->high, HEART_OFFSET, 250, &target))
        return nothing(reading, "a range of heart rates that no heart has");
    target.low = target.low <= HEART_LEAST ? 0 : target.low;
    target.high = target.high >= HEART_MOST && target.low > 0 ? 0 : target.high;
    if (target.high != 0 && target.high < 30)
        return nothing(reading, "a range of heart rates that no heart has");
    return target;
}

static Target read_cadence(const Reading *reading)
{
    Target target = {.kind = TARGET_CADENCE};
    if (!limits_of(reading->step->low, reading->step->high, 0, 255, &target))
        return nothing(reading, "a range of cadences without limits");
    target.low = (uint16_t)(2 * target.low);
    target.high = (uint16_t)(target.high >= CADENCE_MOST && target.low > 0 ? 0 : 2 * target.high);
    return target;
}

static Target read_power(const Reading *reading)
{
    Target target = {.kind = TARGET_POWER};
    if (reading->step->target > 0)
        return nothing(reading, "a power zone of the watch's own");
    if (reading->step->low <= POWER_OFFSET && reading->step->high <= POWER_OFFSET)
        return nothing(reading, "a share of a threshold power that is not in the file");
    if (!limits_of(reading->step->low, reading->step->high, POWER_OFFSET, POWER_MOST, &target))
        return nothing(reading, "a range of powers without limits");
    target.low = target.low <= 1 ? 0 : target.low;
    target.high = target.high == POWER_MOST && target.low > 0 ? 0 : target.high;
    return target;
}

Target fitplan_target_read(const FitStep *step, bool ours, PaceUnit unit, uint32_t number,
                           const Losses *losses, bool *ret_named)
{
    const Reading reading = {step, unit, number, losses};
    Target named;
    *ret_named = target_named(step->name, &named) && agrees(&named, step, ours);
    if (*ret_named)
        return named;
    if (isnan(step->target_type) || step->target_type == FIT_TARGET_OPEN)
        return (Target){0};
    if (step->target_type == FIT_TARGET_SPEED || step->target_type == FIT_TARGET_SPEED_LAP)
        return read_speed(&reading);
    if (step->target_type == FIT_TARGET_HEART || step->target_type == FIT_TARGET_HEART_LAP)
        return read_heart(&reading);
    if (step->target_type == FIT_TARGET_CADENCE)
        return read_cadence(&reading);
    if (step->target_type == FIT_TARGET_POWER ||
        (step->target_type >= FIT_TARGET_POWER_3S && step->target_type <= FIT_TARGET_POWER_LAP))
        return read_power(&reading);
    return nothing(&reading, "a target of a kind that is not for runners");
}
