// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner: what was told (Athlete), and all that follows from it for the coach (AthleteModel).
// The model is made anew whenever something else is told, and says of each number how it is known
// and how far it may be off, so that nobody is held to a guess as to a measurement.
//
// The model is made with exp() and log() and may differ between machines in a last bit; vdot.h says
// why that does no harm.

#pragma once

#include "athlete/agegrade.h"
#include "athlete/critical.h"
#include "athlete/race.h"
#include "athlete/vdot.h"
#include "athlete/zones.h"

#define RACES_MAX 6
#define GOALS_MAX 3

// What was told. What was not is NAN, SEX_UNKNOWN, or a race less.
typedef struct {
    Sex sex;
    double age; // years
    double mass_kg;
    double heart_rest, heart_max, heart_threshold; // bpm
    double threshold_mps;                          // set by hand, and so for the two below
    double critical_mps;
    double d_prime_m;
    double vdot; // likewise, or a proposal that was accepted
    size_t race_count;
    Race races[RACES_MAX];
    size_t goal_count;
    Race goals[GOALS_MAX]; // what is trained for: says nothing of what the runner can do by now
} Athlete;

Athlete athlete_unknown(void);

// The numbers of an Athlete by name, for whoever keeps, reads or shows them all: "age", "mass",
// "heart-rest", "heart-max", "heart-threshold", "threshold-speed", "critical-speed", "d-prime",
// "vdot".
// Their order is that of the journal's records: a new one is added at the end.
#define ATHLETE_FIELDS 9
typedef struct {
    const char *name;
    const char *what; // "a resting heart rate"
    const char *unit; // "bpm"
    double least, most;
    size_t offset; // of the double
} AthleteField;
extern const AthleteField athlete_fields[ATHLETE_FIELDS];

double athlete_get(const Athlete *athlete, size_t field);
void athlete_set(Athlete *athlete, size_t field, double value);
bool athlete_field_find(const char *name, size_t *ret_field);

// The time hoped for over this distance (within a metre), in s; NAN when it is no goal.
double athlete_goal(const Athlete *athlete, double distance_m);

bool athlete_is_unknown(const Athlete *athlete); // nothing was told
bool athlete_same(const Athlete *one, const Athlete *other);

// As the records keep it: each number to the millionth of its unit, and of the races' days only
// their distances, for a record is to hold no date. Live and replayed, a session goes by the same.
Athlete athlete_recorded(const Athlete *athlete);

// Whether it can be one runner. False: *ret_why (WHY_MAX bytes) says what cannot be, and of which
// race. athlete_model() wants one that passes.
bool athlete_check(const Athlete *athlete, char *ret_why);

// How a number is known, the better the higher.
typedef enum {
    KNOWN_NOT,
    KNOWN_AGE,     // what people of that age have
    KNOWN_RELATED, // critical speed from the speed at threshold, or the other way round, or a VDOT
    KNOWN_RACE,    // follows from the best race by way of its VDOT
    KNOWN_TRIALS,  // fitted to several
    KNOWN_SET,     // told
} HowKnown;

typedef struct {
    double value; // NAN exactly with KNOWN_NOT
    HowKnown how;
    double sd; // one standard deviation, as a fraction of the value; NAN with KNOWN_NOT
} Known;

typedef enum {
    DOUBT_VDOT_SPREAD,   // race, other: their VDOTs are far apart
    DOUBT_RACE_TIME,     // race: too short or too long for a VDOT
    DOUBT_RACE_OLD,      // race: more than a year before `other`, and does not count
    DOUBT_CRITICAL,      // the fit is refused or its three ways differ: critical_why() says why
    DOUBT_MAX_ESTIMATED, // the maximal heart rate is a guess from the age
    DOUBT_MAX_AGE,       // the maximal heart rate told is far from what the age says
    DOUBT_THRESHOLD,     // the threshold speed told is far from what the races say
    DOUBT_CRITICAL_SET,  // the critical speed told is far from what the races say
    DOUBT_VDOT_SET,      // the VDOT told is far from what the races say
} DoubtKind;

typedef struct {
    DoubtKind kind;
    uint8_t race, other; // indices into Athlete.races
    double told, expected;
} Doubt;

#define DOUBTS_MAX 12

// What follows. Speeds in m/s; NAN where nothing says.
typedef struct {
    double vdot;
    HowKnown
        vdot_how;     // SET; else RACE; or RELATED, by the speed at threshold where no race says it
    size_t vdot_race; // the race it is from; meaningless without one, see athlete_vdot_race()
    VdotSpeeds speeds;
    Known critical_speed; // m/s
    Known d_prime;        // m
    Known threshold_speed;
    Known heart_max; // bpm
    double heart_rest, heart_threshold;
    HeartZones by_reserve, by_threshold;
    CriticalFit fit;
    size_t doubt_count;
    Doubt doubts[DOUBTS_MAX];
} AthleteModel;

AthleteModel athlete_model(const Athlete *athlete);
double model_heart_max(const AthleteModel *model); // bpm; NAN: not known, as of no runner (NULL)

// The race that the VDOT is from; NULL when it is from none.
const Race *athlete_vdot_race(const Athlete *athlete, const AthleteModel *model);

// The zones to go by: by the threshold when that is known, else by the reserve; may be ZONES_NONE.
const HeartZones *athlete_zones(const AthleteModel *model);

const char *known_name(HowKnown how); // "none", "age", "related", "race", "trials", "set"

// A doubt as a sentence. ret_text: WHY_MAX bytes; returned.
const char *doubt_text(const Doubt *doubt, const Athlete *athlete, const AthleteModel *model,
                       char *ret_text);
