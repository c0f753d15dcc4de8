// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What treadmills say of their belts: speed, incline, their own distance and time, and whether the
// belt runs. What a belt does is not what the runner does: it runs on when he has stepped off, and
// its console is wrong by a few per cent. Neither is settled here.
//
// What is hard is that each machine leaves something out: some tell their speed only by a stride
// service, some keep the last speed while the belt already stands, some say nothing once it does.

#pragma once

#include "codec/ftms-control.h"
#include "codec/ftms-machine.h"
#include "codec/ftms-record.h"
#include "codec/rscs.h"
#include "estimate/estimate.h"

#define BELT_SPEED_MAX   12.0 // m/s; beyond, no belt
#define BELT_INCLINE_MAX 45.0 // %, either way

// For so long after the machine said that the belt was stopped, a speed is its coming to rest;
// later, it was started again.
#define BELT_COMES_TO_REST (10 * USEC_PER_SEC)

// What one record says, after the gates. NAN: nothing, or nothing that can be.
typedef struct {
    double speed;      // m/s
    double incline;    // %
    double distance;   // m; the machine's own, from when it was started
    double elapsed;    // s; likewise
    double heart_rate; // bpm; by its grips, or a strap that it hears
    bool implausible;  // something was kept out
} BeltMeasurement;

typedef struct {
    FtmsRecord record;
    bool known; // it has sent or answered something as a fitness machine
    bool linked;
    double suspect;         // m/s; a jump waiting for a second record that agrees; NAN for none
    Usec told_at;           // its newest speed as a treadmill; USEC_NEVER before the first
    Usec stopped_at;        // it said so, and not yet that it was started; USEC_NEVER: it did not
    uint8_t training;       // its newest Training Status, 0 (other) before the first
    BeltMeasurement latest; // its newest record that said anything, at latest_at
    Usec latest_at;         // USEC_NEVER before the first
} BeltMachine;

typedef struct {
    BeltMachine machines[SENSORS_MAX];
    Reading speed[SENSORS_MAX];   // m/s
    Reading incline[SENSORS_MAX]; // %
} Belt;

void belt_init(Belt *belt);

// Nothing is known of this machine any more.
void belt_forget(Belt *belt, SensorId sensor);

// The link came up or went down: a record that was not finished never will be.
void belt_link(Belt *belt, SensorId sensor, bool up);

// A notification of Treadmill Data. True when it finished a record: *ret_measurement.
bool belt_measure(Belt *belt, Usec at, SensorId sensor, const uint8_t *bytes, size_t length,
                  DecodeStatus *ret_status, BeltMeasurement *ret_measurement);

// The same machine's stride service. Its speed is the belt's, and taken while the machine tells
// none as a treadmill. False when it was implausible; true for a sensor that is no machine.
bool belt_stride(Belt *belt, Usec at, SensorId sensor, const RscsMeasurement *measurement);

void belt_status(Belt *belt, Usec at, SensorId sensor, const FtmsMessage *status);
void belt_training(Belt *belt, Usec at, SensorId sensor, const FtmsTrainingStatus *status);
void belt_present(Belt *belt, SensorId sensor); // it is known to be a fitness machine

// Whether the machine has said that the belt was stopped and nothing speaks against it.
bool belt_stopped(const Belt *belt, SensorId sensor, Usec at);

// SOURCE_TREADMILL. 0 by a machine's word that it was stopped when no record comes after it, for
// two minutes, at a confidence that corrects nobody.
Estimate belt_speed(const Belt *belt, const SensorProfile profiles[SENSORS_MAX], Usec at);   // m/s
Estimate belt_incline(const Belt *belt, const SensorProfile profiles[SENSORS_MAX], Usec at); // %
