// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a step asks of its runner: as the text has it (Target: "T", "5km pace - 2%", "HR 140-150"),
// and what that comes to for one runner (Aim, in SI units). The text stays personal to nobody; a
// plan is resolved against its runner as it starts.

#pragma once

#include "athlete/athlete.h"

typedef enum {
    PACE_NONE,
    PACE_PER_KM,
    PACE_PER_MILE,
} PaceUnit;

// A pace as people write and say it.
typedef struct {
    uint32_t seconds; // per unit; 0 with PACE_NONE
    PaceUnit unit;
} PaceTarget;

// Daniels' training paces, by their letters.
typedef enum {
    TRAINING_EASY,
    TRAINING_MARATHON,
    TRAINING_THRESHOLD,
    TRAINING_INTERVAL,
    TRAINING_REPETITION,
} TrainingZone;

typedef enum {
    POINT_NONE,
    POINT_PACE,  // number: seconds per km or mile
    POINT_SPEED, // number: tenths of a km/h, or of a mile an hour
    POINT_ZONE,  // zone
    POINT_RACE,  // the pace of a race over distance_mm, as fit as now or (goal) as hoped for
    POINT_SPLIT, // number: seconds for distance_mm; it has no offset
} PointKind;

// A speed by what runners go by. The offset is one of time, as articles mean it: 5 % less is 5 %
// less time for the same way.
typedef struct {
    PointKind kind;
    PaceUnit unit; // PACE, SPEED
    uint32_t number;
    TrainingZone zone;
    bool goal;
    int64_t distance_mm;
    int32_t percent_tenths; // offset: tenths of a percent of the time; 0: none
    int32_t offset_s;       // offset: seconds per offset_mm; 0: none
    int64_t offset_mm;
} TargetPoint;

typedef enum {
    TARGET_NONE,
    TARGET_AT,       // from
    TARGET_RANGE,    // between `from` and `to`, in either order
    TARGET_PROGRESS, // from `from` to `to`: from repetition to repetition, or within a lone step
    TARGET_BUILD,    // from `from` to `to` within the step
    TARGET_HEART,    // low … high by `scale`
    TARGET_EFFORT,   // low … high: tenths of Borg's CR-10
    TARGET_CADENCE,  // low … high: steps a minute, both feet
    TARGET_POWER,    // low … high: W
    TARGET_MAXIMAL,  // all out: a time trial
} TargetKind;

typedef enum {
    HEART_BPM,
    HEART_MAX,       // percent of the maximal rate
    HEART_THRESHOLD, // percent of the rate at threshold
    HEART_ZONE,      // by number, 1 the lowest, of the runner's zones
} HeartScale;

typedef struct {
    TargetKind kind;
    HeartScale scale;   // HEART
    uint16_t low, high; // HEART to POWER; 0 of one: no limit on that side
    TargetPoint from, to;
} Target;

typedef enum {
    AIM_NONE,
    AIM_SPEED,   // m/s
    AIM_HEART,   // bpm
    AIM_CADENCE, // steps a minute, both feet
    AIM_POWER,   // W
    AIM_EFFORT,  // Borg's CR-10
    AIM_MAXIMAL, // no number: as fast as can be
} AimQuantity;

// What a target comes to. NAN where it has no such number. All of it is also there for a single
// value: then low = value = high, and how far off is still right is the coach's business.
typedef struct {
    AimQuantity quantity;
    uint32_t ranged; // 1: low and high were asked for
    double low, value, high;
    double end; // what `value` has become at the step's end; the same unless it builds
} Aim;

extern const Aim AIM_NOTHING;

// "none", "speed", "heart-rate", "cadence", "power", "effort", "maximal"
const char *aim_quantity_name(AimQuantity quantity);
const char *aim_quantity_unit(AimQuantity quantity); // "m/s", "1/min", "W", "RPE"; "" for no number

// m/s in the beginning; NAN when the aim is no speed.
double aim_speed(const Aim *aim);
// At a part (0 … 1) of the step: of an aim that builds, on the straight line of its paces.
double aim_speed_at(const Aim *aim, double part);
// Half of what is asked for between low and high, as a fraction of `value`; 0 for a single value.
double aim_width(const Aim *aim);

typedef enum {
    RESOLVED,
    LACKS_RACE,      // a training pace or a race's, and no race is known to derive it from
    LACKS_GOAL,      // a goal's pace, and no goal over that distance is known
    LACKS_HEART_MAX, // percent of it
    LACKS_THRESHOLD, // percent of the rate at threshold
    LACKS_ZONES,     // zones of the heart
    LACKS_SUCH_ZONE, // it has not so many
    LACKS_SENSE,     // what comes out is no speed that anybody runs
    LACKS_TIME,      // the workout that comes out lasts more than a day
} Resolution;

// What it comes to for this runner, in repetition `repetition` of `repetitions` (0, 0: a lone
// step). `athlete` and its `model` may be NULL, as may be what is unknown in them: LACKS_… then
// says what to ask for, and *ret_aim is AIM_NOTHING.
Resolution target_resolve(const Target *target, const Athlete *athlete, const AthleteModel *model,
                          uint32_t repetition, uint32_t repetitions, Aim *ret_aim);

// The same by feel, for who cannot be told a number: E is an effort of 2 to 3, T of 6 to 7, T + 30%
// one of 2 to 3 again; a range of paces is as easy as its easier end, since the harder one would be
// taken too early; what builds, or progresses, goes from the one effort to the other. What needs no
// runner stays what it is.
Resolution target_resolve_by_effort(const Target *target, uint32_t repetition, uint32_t repetitions,
                                    Aim *ret_aim);

// How hard it is whoever runs it, on Borg's CR-10; NAN for what says nothing of that by itself: a
// pace or speed in numbers, W, a cadence, nothing. `heart_max` is for one in bpm, and may be NAN.
//
// The one notion of hard that goes by what a target says: lint.h, edit.h and gist.h ask here. What
// a number is beside the other numbers of its plan is another question, and each of them has its
// own: nothing easier stands before it (lint), it is as hard as the set before (edit), it is what
// the workout is about (gist); and plan_step_is_easy() asks which of two paces is the recovery.
double target_effort(const Target *target, double heart_max);
#define EFFORT_HARD 5.5 // and more: half marathon pace, the fourth zone of the heart

// From LACKS_SENSE on it is the workout that is at fault, and no number of the runner's helps.
// What is missing and how it is told, as a sentence; "" for RESOLVED.
const char *resolution_text(Resolution resolution);

// The unit its paces are written in; PACE_NONE when they are in none. Of a time for a part of a
// mile, in quarters, it is the mile.
PaceUnit target_unit(const Target *target);

// Whether all it says is how long so much shall take: "90s" or "88-92s" for these 400 m.
bool target_is_split(const Target *target, int64_t distance_mm);

double pace_target_speed(PaceTarget pace);                 // m/s; NAN with PACE_NONE
PaceTarget pace_of_speed(double speed_mps, PaceUnit unit); // to the second; NAN or 0: PACE_NONE
double speed_s_per_km(double speed_mps);                   // NAN for NAN

Target target_of_pace(PaceTarget pace); // TARGET_NONE with PACE_NONE

bool target_same(const Target *one, const Target *other);
