// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Before a run, in one sentence: what is well and what is not, while something can still be done
// about it. "strap eighty-four percent, pod weak, forty-two minutes planned".
//
// Of several sensors of a kind the one is told that the run will go by; a spare one that is at home
// is no news. What nobody enrolled and does not send is not missed either.

#pragma once

#include "coach/phrases.h"
#include "estimate/estimator.h"
#include "workout/plan.h"

#define BATTERY_LOW    15           // percent, and below: worth a word
#define DISK_LOW_BYTES (20ul << 20) // a run of hours is a few of these MiB, and SQLite wants room

// What is wrong with the world around the run.
typedef enum {
    CONDITION_STORE_DEGRADED = 1 << 0, // the run is kept in memory only
    CONDITION_DISK_LOW = 1 << 1,
    CONDITION_CLOCK_UNSET = 1 << 2, // the run's date will be wrong
} ConditionSet;

#define CONDITIONS_ALL (CONDITION_STORE_DEGRADED | CONDITION_DISK_LOW | CONDITION_CLOCK_UNSET)

typedef struct {
    Usec at;
    const SensorView *sensors;     // SENSORS_MAX of them
    const SensorProfile *profiles; // likewise
    const Rivals *rivals; // a treadmill's belt and a pod; NULL: nothing is to be said of them
    unsigned conditions;  // ConditionSet
    const Plan *plan;     // NULL when none is named
} PreflightView;

Words preflight_words(const Phrases *phrases, const PreflightView *view);

// "strap battery low, fifteen percent": one sensor's part of it.
Words preflight_sensor(const Phrases *phrases, const PreflightView *view, SensorId sensor);

bool preflight_battery_low(const SensorView *sensor);

// Which sensor of a kind the run will go by; SENSOR_NONE.
SensorId preflight_sensor_for(const PreflightView *view, ServiceSet service);
