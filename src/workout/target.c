// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Resolves targets. What is hard is honesty: a training pace needs a race, a zone of the heart
// needs its limits, and where the runner has told neither there is no number, only the question to
// ask. Everything between two paces goes by time for the way, as runners count, not by speed.

#include "workout/target.h"

#include <string.h>

#define QUARTER_MILE_MM 402336

#define SLOWEST 0.3 // m/s; what lies outside nobody runs or walks
#define FASTEST 12.0

const Aim AIM_NOTHING = {
    .quantity = AIM_NONE,
    .low = (double)NAN,
    .value = (double)NAN,
    .high = (double)NAN,
    .end = (double)NAN,
};

// ── paces ──

double pace_target_speed(PaceTarget pace)
{
    switch (pace.unit) {
    case PACE_NONE:
        return (double)NAN;
    case PACE_PER_KM:
        return METRES_PER_KM / pace.seconds;
    case PACE_PER_MILE:
        return METRES_PER_MILE / pace.seconds;
    }
    return (double)NAN;
}

PaceTarget pace_of_speed(double speed_mps, PaceUnit unit)
{
    if (!(speed_mps > 0) || unit == PACE_NONE)
        return (PaceTarget){0, PACE_NONE};
    const double metres = unit == PACE_PER_MILE ? METRES_PER_MILE : METRES_PER_KM;
    return (PaceTarget){(uint32_t)lround(fmin(metres / speed_mps, 1e6)), unit};
}

double speed_s_per_km(double speed_mps)
{
    return METRES_PER_KM / speed_mps;
}

// Of two speeds, by the time they take.
static double between(double one, double other, double part)
{
    return 1 / ((1 - part) / one + part / other);
}

// ── aims ──

double aim_speed(const Aim *aim)
{
    return aim->quantity == AIM_SPEED ? aim->value : (double)NAN;
}

double aim_speed_at(const Aim *aim, double part)
{
    const double speed = aim_speed(aim);
    if (isnan(speed) || aim->end == speed || !(part > 0)) // in most cases exactly what was asked
        return speed;
    return between(speed, aim->end, fmin(part, 1));
}

double aim_width(const Aim *aim)
{
    return aim->ranged ? (aim->high - aim->low) / 2 / aim->value : 0;
}

static Aim aim_of(AimQuantity quantity, double low, double value, double high)
{
    return (Aim){
        .quantity = quantity,
        .ranged = low < high,
        .low = low,
        .value = value,
        .high = high,
        .end = value,
    };
}

const char *aim_quantity_name(AimQuantity quantity)
{
    static const char *const names[] = {
        [AIM_NONE] = "none",       [AIM_SPEED] = "speed", [AIM_HEART] = "heart-rate",
        [AIM_CADENCE] = "cadence", [AIM_POWER] = "power", [AIM_EFFORT] = "effort",
        [AIM_MAXIMAL] = "maximal",
    };
    return names[quantity];
}

const char *aim_quantity_unit(AimQuantity quantity)
{
    static const char units[][6] = {
        [AIM_NONE] = "",   [AIM_SPEED] = "m/s",  [AIM_HEART] = "1/min", [AIM_CADENCE] = "1/min",
        [AIM_POWER] = "W", [AIM_EFFORT] = "RPE", [AIM_MAXIMAL] = "",
    };
    return units[quantity];
}

// ── speeds ──

static double offset_speed(const TargetPoint *point, double speed)
{
    double s_per_m = 1 / speed * (1 + point->percent_tenths / 1000.0);
    if (point->offset_s != 0)
        s_per_m += point->offset_s / ((double)point->offset_mm / 1000);
    return 1 / s_per_m;
}

static Aim zone_aim(TrainingZone zone, const VdotSpeeds *speeds)
{
    switch (zone) {
    case TRAINING_EASY:
        return aim_of(AIM_SPEED, speeds->easy_slow, speeds->easy, speeds->easy_fast);
    case TRAINING_MARATHON:
        return aim_of(AIM_SPEED, speeds->marathon, speeds->marathon, speeds->marathon);
    case TRAINING_THRESHOLD:
        return aim_of(AIM_SPEED, speeds->threshold, speeds->threshold, speeds->threshold);
    case TRAINING_INTERVAL:
        return aim_of(AIM_SPEED, speeds->interval, speeds->interval, speeds->interval);
    case TRAINING_REPETITION:
        return aim_of(AIM_SPEED, speeds->repetition, speeds->repetition, speeds->repetition);
    }
    return AIM_NOTHING;
}

// The race it follows from is known to the second; its formula is a little off it.
static double race_speed(const Athlete *athlete, const AthleteModel *model, double metres)
{
    const Race *race = athlete != NULL ? athlete_vdot_race(athlete, model) : NULL;
    if (race != NULL && fabs(race->distance_m - metres) <= 1)
        return race->distance_m / race->time_s;
    return metres / vdot_race_time(model->vdot, metres);
}

static Resolution point_base(const TargetPoint *point, const Athlete *athlete,
                             const AthleteModel *model, Aim *ret_aim)
{
    double speed = (double)NAN;
    const double metres = (double)point->distance_mm / 1000;
    switch (point->kind) {
    case POINT_NONE:
        return LACKS_SENSE;
    case POINT_PACE:
        speed = pace_target_speed((PaceTarget){point->number, point->unit});
        break;
    case POINT_SPEED:
        speed = point->number / 10.0 *
                (point->unit == PACE_PER_MILE ? METRES_PER_MILE : METRES_PER_KM) / 3600;
        break;
    case POINT_ZONE:
        if (model == NULL || isnan(model->vdot))
            return LACKS_RACE;
        *ret_aim = zone_aim(point->zone, &model->speeds);
        return RESOLVED;
    case POINT_SPLIT:
        speed = metres / point->number;
        break;
    case POINT_RACE:
        if (point->goal) {
            speed = athlete != NULL ? metres / athlete_goal(athlete, metres) : (double)NAN;
            if (isnan(speed))
                return LACKS_GOAL;
            break;
        }
        if (model == NULL || isnan(model->vdot))
            return LACKS_RACE;
        speed = race_speed(athlete, model, metres);
        break;
    }
    *ret_aim = aim_of(AIM_SPEED, speed, speed, speed);
    return RESOLVED;
}

static bool makes_sense(double speed)
{
    return speed > SLOWEST && speed < FASTEST;
}

static Resolution point_resolve(const TargetPoint *point, const Athlete *athlete,
                                const AthleteModel *model, Aim *ret_aim)
{
    Aim aim;
    const Resolution resolution = point_base(point, athlete, model, &aim);
    if (resolution != RESOLVED)
        return resolution;
    aim.low = offset_speed(point, aim.low);
    aim.value = aim.end = offset_speed(point, aim.value);
    aim.high = offset_speed(point, aim.high);
    // What the text says outright is taken as it is: the lint has its doubts about it.
    const bool plain =
        point->kind == POINT_PACE || point->kind == POINT_SPEED || point->kind == POINT_SPLIT;
    const bool shifted = point->percent_tenths != 0 || point->offset_s != 0;
    if ((!plain || shifted) && !(makes_sense(aim.low) && makes_sense(aim.high)))
        return LACKS_SENSE;
    *ret_aim = aim;
    return RESOLVED;
}

static Resolution speeds_resolve(const Target *target, const Athlete *athlete,
                                 const AthleteModel *model, uint32_t repetition,
                                 uint32_t repetitions, Aim *ret_aim)
{
    Aim from, to;
    Resolution resolution = point_resolve(&target->from, athlete, model, &from);
    if (resolution != RESOLVED || target->kind == TARGET_AT) {
        if (resolution == RESOLVED)
            *ret_aim = from;
        return resolution;
    }
    resolution = point_resolve(&target->to, athlete, model, &to);
    if (resolution != RESOLVED)
        return resolution;
    if (target->kind == TARGET_RANGE) {
        const double low = from.low < to.low ? from.low : to.low,
                     high = from.high > to.high ? from.high : to.high;
        *ret_aim = aim_of(AIM_SPEED, low, between(low, high, 0.5), high);
    } else if (target->kind == TARGET_PROGRESS && repetitions > 1) {
        const double part = (repetition - 1.0) / (repetitions - 1.0);
        *ret_aim = aim_of(AIM_SPEED, between(from.low, to.low, part),
                          between(from.value, to.value, part), between(from.high, to.high, part));
    } else {
        *ret_aim = aim_of(AIM_SPEED, from.value, from.value, from.value);
        ret_aim->end = to.value;
    }
    return RESOLVED;
}

// ── the heart ──

static double limit(uint16_t number, double unit)
{
    return number == 0 ? (double)NAN : number * unit;
}

static Aim heart_aim(double low, double high)
{
    const double value = isnan(low) ? high : isnan(high) ? low : (low + high) / 2;
    Aim aim = aim_of(AIM_HEART, low, value, high);
    aim.ranged = low != high; // also with a limit on one side only
    return aim;
}

static Resolution heart_resolve(const Target *target, const AthleteModel *model, Aim *ret_aim)
{
    const HeartZones *zones;
    switch (target->scale) {
    case HEART_BPM:
        *ret_aim = heart_aim(limit(target->low, 1), limit(target->high, 1));
        return RESOLVED;
    case HEART_MAX:
        if (model == NULL || isnan(model->heart_max.value))
            return LACKS_HEART_MAX;
        *ret_aim = heart_aim(limit(target->low, model->heart_max.value / 100),
                             limit(target->high, model->heart_max.value / 100));
        return RESOLVED;
    case HEART_THRESHOLD:
        if (model == NULL || isnan(model->heart_threshold))
            return LACKS_THRESHOLD;
        *ret_aim = heart_aim(limit(target->low, model->heart_threshold / 100),
                             limit(target->high, model->heart_threshold / 100));
        return RESOLVED;
    case HEART_ZONE:
        zones = model != NULL ? athlete_zones(model) : NULL;
        if (zones == NULL || zones->count == 0)
            return LACKS_ZONES;
        if (target->low > zones->count || target->high > zones->count)
            return LACKS_SUCH_ZONE;
        *ret_aim = heart_aim(target->low > 1 ? zones->from[target->low - 1] : (double)NAN,
                             target->high < zones->count ? zones->from[target->high] : (double)NAN);
        return RESOLVED;
    }
    return LACKS_SENSE;
}

// ── targets ──

static Aim range_aim(AimQuantity quantity, const Target *target, double unit)
{
    Aim aim = heart_aim(limit(target->low, unit), limit(target->high, unit));
    aim.quantity = quantity;
    return aim;
}

Resolution target_resolve(const Target *target, const Athlete *athlete, const AthleteModel *model,
                          uint32_t repetition, uint32_t repetitions, Aim *ret_aim)
{
    *ret_aim = AIM_NOTHING;
    switch (target->kind) {
    case TARGET_NONE:
        return RESOLVED;
    case TARGET_AT:
    case TARGET_RANGE:
    case TARGET_PROGRESS:
    case TARGET_BUILD:
        return speeds_resolve(target, athlete, model, repetition, repetitions, ret_aim);
    case TARGET_HEART:
        return heart_resolve(target, model, ret_aim);
    case TARGET_EFFORT:
        *ret_aim = range_aim(AIM_EFFORT, target, 0.1);
        return RESOLVED;
    case TARGET_CADENCE:
        *ret_aim = range_aim(AIM_CADENCE, target, 1);
        return RESOLVED;
    case TARGET_POWER:
        *ret_aim = range_aim(AIM_POWER, target, 1);
        return RESOLVED;
    case TARGET_MAXIMAL:
        ret_aim->quantity = AIM_MAXIMAL;
        return RESOLVED;
    }
    return LACKS_SENSE;
}

// ── by feel ──

typedef struct {
    double low, high;
} Feel;

#define USUAL_S_PER_KM 270 // of who has no race, for an offset in seconds

// How much slower than at threshold, in tenths of a percent of the time; whoever runs it: Daniels'
// tables differ little from a VDOT of 35 to one of 60.
static int64_t point_slower(const TargetPoint *point)
{
    static const int16_t zones[] = {
        [TRAINING_EASY] = 240,     [TRAINING_MARATHON] = 65,     [TRAINING_THRESHOLD] = 0,
        [TRAINING_INTERVAL] = -80, [TRAINING_REPETITION] = -135,
    };
    static const struct {
        int32_t metres;
        int16_t slower;
    } races[] = {{42195, 65}, {21097, 25}, {10000, -22}, {5000, -60}, {3000, -97}, {0, -135}};
    size_t race = 0;
    while (point->distance_mm < races[race].metres * INT64_C(1000))
        race++;
    int64_t slower = point->kind == POINT_ZONE ? zones[point->zone] : races[race].slower;
    if (point->offset_s != 0)
        slower += point->offset_s * INT64_C(1000000000) / USUAL_S_PER_KM / point->offset_mm;
    return slower + point->percent_tenths;
}

// 6 to 7 at threshold is what the articles ask of their runners; the rest stands around it.
static Feel slower_feel(int64_t slower)
{
    static const struct {
        int16_t slower; // at most
        uint8_t low, high;
    } feels[] = {{-120, 9, 9}, {-75, 8, 9}, {-40, 7, 8},      {15, 6, 7},
                 {45, 5, 6},   {120, 4, 5}, {INT16_MAX, 2, 3}};
    size_t feel = 0;
    while (feel + 1 < sizeof feels / sizeof *feels && slower > feels[feel].slower)
        feel++;
    return (Feel){feels[feel].low, feels[feel].high};
}

#define THRESHOLD_OF_MAX 0.91 // the heart rate at threshold, of most

// Zones as most have them: five, or the sixth and seventh as hard as the fifth.
static Feel heart_feel(const Target *target)
{
    static const double by_zone[] = {2, 3, 4.5, 6.5, 8.5, 9.5};
    static const double from_percent[] = {0, 70, 80, 87, 93, 97};
    const double of_max = target->scale == HEART_THRESHOLD ? THRESHOLD_OF_MAX : 1;
    const double low = target->low != 0 ? target->low : target->high;
    const double high = target->high != 0 ? target->high : target->low;
    const double middle = (low + high) / 2 * of_max;
    size_t zone = 0;
    if (target->scale == HEART_ZONE)
        zone = middle >= 1 ? (size_t)middle - 1 : 0;
    else
        while (zone + 1 < 6 && middle >= from_percent[zone + 1])
            zone++;
    const double feel = by_zone[zone < 6 ? zone : 5];
    return (Feel){feel, feel};
}

static bool point_is_personal(const TargetPoint *point)
{
    return point->kind == POINT_ZONE || point->kind == POINT_RACE;
}

Resolution target_resolve_by_effort(const Target *target, uint32_t repetition, uint32_t repetitions,
                                    Aim *ret_aim)
{
    const Resolution resolution =
        target_resolve(target, NULL, NULL, repetition, repetitions, ret_aim);
    if (resolution == RESOLVED || resolution == LACKS_SENSE)
        return resolution;
    Feel from, to;
    if (target->kind == TARGET_HEART)
        from = to = heart_feel(target);
    else {
        const bool is_from = point_is_personal(&target->from),
                   is_to = point_is_personal(&target->to);
        const int64_t first = point_slower(is_from ? &target->from : &target->to);
        const int64_t last = is_from && is_to ? point_slower(&target->to) : first;
        from = slower_feel(first);
        to = slower_feel(last);
        if (target->kind == TARGET_PROGRESS && repetitions > 1)
            from = to = slower_feel(first + (last - first) * (repetition - 1) / (repetitions - 1));
        else if (target->kind == TARGET_RANGE)
            from = to = to.low < from.low ? to : from;
    }
    // What builds is all that is between, and begins as `from`.
    *ret_aim = aim_of(AIM_EFFORT, fmin(from.low, to.low), (from.low + from.high) / 2,
                      fmax(from.high, to.high));
    ret_aim->end = (to.low + to.high) / 2;
    return RESOLVED;
}

double target_effort(const Target *target, double heart_max)
{
    Target felt = *target;
    Aim aim;
    if (felt.kind == TARGET_HEART && felt.scale == HEART_BPM && !isnan(heart_max)) {
        felt.scale = HEART_MAX;
        felt.low = (uint16_t)lround(felt.low * 100 / heart_max);
        felt.high = (uint16_t)lround(felt.high * 100 / heart_max);
    }
    target_resolve_by_effort(&felt, 0, 0, &aim);
    if (aim.quantity == AIM_MAXIMAL)
        return 10;
    return aim.quantity == AIM_EFFORT ? aim.value : (double)NAN;
}

const char *resolution_text(Resolution resolution)
{
    switch (resolution) {
    case RESOLVED:
        return "";
    case LACKS_RACE:
        return "this pace follows from a race or from your pace at threshold, and neither is "
               "known: tell one (pacectl athlete race 5km=25:00)";
    case LACKS_GOAL:
        return "no goal over this distance is known: tell one (pacectl athlete goal "
               "marathon=3:45:00)";
    case LACKS_HEART_MAX:
        return "your maximal heart rate is not known: tell it or your age (pacectl athlete set "
               "heart-max=185)";
    case LACKS_THRESHOLD:
        return "your heart rate at threshold is not known: tell it (pacectl athlete set "
               "heart-threshold=170)";
    case LACKS_ZONES:
        return "your heart zones are not known: tell your rate at threshold, or resting and "
               "maximal (pacectl athlete set heart-rest=50 heart-max=185)";
    case LACKS_SUCH_ZONE:
        return "your heart has not so many zones (pacectl zones shows them)";
    case LACKS_SENSE:
        return "what comes out is no speed that anybody runs";
    case LACKS_TIME:
        return "the workout lasts more than 24 hours";
    }
    return "";
}

// ── as written ──

static PaceUnit point_unit(const TargetPoint *point)
{
    if (point->kind == POINT_SPLIT && point->distance_mm % QUARTER_MILE_MM == 0)
        return PACE_PER_MILE;
    return point->kind == POINT_PACE ? point->unit : PACE_NONE;
}

PaceUnit target_unit(const Target *target)
{
    const bool paced = target->kind == TARGET_AT || target->kind == TARGET_RANGE ||
                       target->kind == TARGET_PROGRESS || target->kind == TARGET_BUILD;
    if (!paced)
        return PACE_NONE;
    const PaceUnit unit = point_unit(&target->from);
    return unit == PACE_NONE && target->kind != TARGET_AT ? point_unit(&target->to) : unit;
}

bool target_is_split(const Target *target, int64_t distance_mm)
{
    const TargetPoint *from = &target->from, *to = &target->to;
    if (from->kind != POINT_SPLIT || from->distance_mm != distance_mm)
        return false;
    return target->kind == TARGET_AT || (target->kind == TARGET_RANGE && to->kind == POINT_SPLIT &&
                                         to->distance_mm == distance_mm);
}

Target target_of_pace(PaceTarget pace)
{
    if (pace.unit == PACE_NONE)
        return (Target){0};
    return (Target){
        .kind = TARGET_AT,
        .from = {.kind = POINT_PACE, .unit = pace.unit, .number = pace.seconds},
    };
}

static bool point_same(const TargetPoint *one, const TargetPoint *other)
{
    return one->kind == other->kind && one->unit == other->unit && one->number == other->number &&
           one->zone == other->zone && one->goal == other->goal &&
           one->distance_mm == other->distance_mm && one->percent_tenths == other->percent_tenths &&
           one->offset_s == other->offset_s && one->offset_mm == other->offset_mm;
}

bool target_same(const Target *one, const Target *other)
{
    return one->kind == other->kind && one->scale == other->scale && one->low == other->low &&
           one->high == other->high && point_same(&one->from, &other->from) &&
           point_same(&one->to, &other->to);
}
