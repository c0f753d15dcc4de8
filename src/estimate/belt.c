// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The gates before a belt's figures. A belt has a motor of known strength: a speed that leaps is a
// faulty packet (24 km/h in the middle of a walk has been seen) until a second one agrees; but 0 is
// taken at its word, for a safety key stops it at once.

#include "estimate/belt.h"

#define JUMP             1.0 // m/s between two records, and
#define JUMP_PER_SECOND  1.5 // m/s² beside: no belt is quicker
#define AGREE_WITHIN     0.5 // m/s; between the records before and after
#define SPEED_ZERO       0.05
#define STOPPING_TRUSTED 0.4 // in a speed that comes after the machine said that it was stopped
#define WORD_TRUSTED     0.4 // in its word that it was, while it sends nothing
#define WORD_OVERDUE     (1500 * USEC_PER_MSEC) // a record would have come in this time
#define WORD_BELIEVED    (120 * USEC_PER_SEC)

static const BeltMeasurement nothing = {
    .speed = NAN, .incline = NAN, .distance = NAN, .elapsed = NAN, .heart_rate = NAN};

void belt_forget(Belt *belt, SensorId sensor)
{
    belt->machines[sensor] = (BeltMachine){
        .record = FTMS_RECORD_NEW,
        .suspect = NAN,
        .told_at = USEC_NEVER,
        .stopped_at = USEC_NEVER,
        .latest = nothing,
        .latest_at = USEC_NEVER,
    };
    belt->speed[sensor] = READING_NONE;
    belt->incline[sensor] = READING_NONE;
}

void belt_init(Belt *belt)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        belt_forget(belt, sensor);
}

void belt_link(Belt *belt, SensorId sensor, bool up)
{
    belt->machines[sensor].linked = up;
    ftms_record_drop(&belt->machines[sensor].record);
}

void belt_present(Belt *belt, SensorId sensor)
{
    belt->machines[sensor].known = true;
}

bool belt_stopped(const Belt *belt, SensorId sensor, Usec at)
{
    const BeltMachine *machine = &belt->machines[sensor];
    const Reading *speed = &belt->speed[sensor];
    if (machine->stopped_at == USEC_NEVER)
        return false;
    return isnan(speed->value) || speed->value < SPEED_ZERO ||
           speed->at - machine->stopped_at <= BELT_COMES_TO_REST;
}

static bool is_jump(const Reading *last, Usec at, double speed)
{
    if (isnan(last->value) || at - last->at > STALE_LIMIT || speed < SPEED_ZERO)
        return false;
    return fabs(speed - last->value) > JUMP + JUMP_PER_SECOND * usec_to_s(at - last->at);
}

// False when the speed is none that a belt can have, or waits for a second that agrees.
static bool take_speed(Belt *belt, Usec at, SensorId sensor, double speed)
{
    BeltMachine *machine = &belt->machines[sensor];
    Reading *reading = &belt->speed[sensor];
    if (!(speed >= 0 && speed <= BELT_SPEED_MAX))
        return false;
    const bool agreed = fabs(speed - machine->suspect) <= AGREE_WITHIN; // false without a suspect
    if (is_jump(reading, at, speed) && !agreed) {
        machine->suspect = speed;
        return false;
    }
    machine->suspect = NAN;
    if (machine->stopped_at != USEC_NEVER && speed >= SPEED_ZERO &&
        at - machine->stopped_at > BELT_COMES_TO_REST)
        machine->stopped_at = USEC_NEVER; // started again, and it did not say so
    const bool stopping = machine->stopped_at != USEC_NEVER && speed >= SPEED_ZERO;
    reading_take(reading, speed, at, stopping ? STOPPING_TRUSTED : 1);
    return true;
}

bool belt_measure(Belt *belt, Usec at, SensorId sensor, const uint8_t *bytes, size_t length,
                  DecodeStatus *ret_status, BeltMeasurement *ret_measurement)
{
    BeltMachine *machine = &belt->machines[sensor];
    FtmsTreadmill record;
    if (!ftms_record_add(&machine->record, at, bytes, length, ret_status, &record))
        return false;
    machine->known = true;
    BeltMeasurement measurement = {
        .speed = ftms_value(&record, FTMS_SPEED),
        .incline = ftms_value(&record, FTMS_INCLINATION),
        .distance = ftms_value(&record, FTMS_DISTANCE),
        .elapsed = ftms_value(&record, FTMS_ELAPSED),
        .heart_rate = ftms_value(&record, FTMS_HEART_RATE),
    };
    if (!isnan(measurement.speed)) {
        machine->told_at = at;
        if (!take_speed(belt, at, sensor, measurement.speed)) {
            measurement.speed = NAN;
            measurement.implausible = true;
        }
    }
    if (fabs(measurement.incline) <= BELT_INCLINE_MAX)
        reading_take(&belt->incline[sensor], measurement.incline, at, 1);
    else if (!isnan(measurement.incline)) {
        measurement.incline = NAN;
        measurement.implausible = true;
    }
    machine->latest = measurement;
    machine->latest_at = at;
    *ret_measurement = measurement;
    return true;
}

bool belt_stride(Belt *belt, Usec at, SensorId sensor, const RscsMeasurement *measurement)
{
    const BeltMachine *machine = &belt->machines[sensor];
    if (!machine->known || (machine->told_at != USEC_NEVER && at - machine->told_at <= STALE_LIMIT))
        return true;
    return take_speed(belt, at, sensor, measurement->speed_256 / 256.0);
}

void belt_status(Belt *belt, Usec at, SensorId sensor, const FtmsMessage *status)
{
    BeltMachine *machine = &belt->machines[sensor];
    machine->known = true;
    switch (status->op) {
    case FTMS_STATUS_RESET:
    case FTMS_STATUS_STOPPED:
    case FTMS_STATUS_SAFETY_KEY:
        machine->stopped_at = at;
        break;
    case FTMS_STATUS_STARTED:
        machine->stopped_at = USEC_NEVER;
        break;
    }
}

static bool is_training(uint8_t status)
{
    return status > FTMS_TRAINING_IDLE && status <= FTMS_TRAINING_MANUAL;
}

// Many machines are idle, by their word, whatever they do: only one that was not, and is, stopped.
void belt_training(Belt *belt, Usec at, SensorId sensor, const FtmsTrainingStatus *status)
{
    BeltMachine *machine = &belt->machines[sensor];
    const bool before = is_training(machine->training), now = is_training(status->status);
    machine->known = true;
    machine->training = status->status;
    if (now && !before)
        machine->stopped_at = USEC_NEVER;
    if (before && !now && machine->stopped_at == USEC_NEVER)
        machine->stopped_at = at;
}

// As the machine's figures stand at `at`: what it last told, or its word that it was stopped when
// nothing came after that.
static Reading speed_at(const Belt *belt, SensorId sensor, Usec at)
{
    const BeltMachine *machine = &belt->machines[sensor];
    Reading reading = belt->speed[sensor];
    const bool silent_since = machine->stopped_at != USEC_NEVER &&
                              (isnan(reading.value) || reading.at <= machine->stopped_at) &&
                              at - machine->stopped_at > WORD_OVERDUE;
    const bool stands = machine->stopped_at != USEC_NEVER && reading.value < SPEED_ZERO &&
                        at - reading.at > STALE_AFTER;
    if ((!silent_since && !stands) || !machine->linked || at - machine->stopped_at > WORD_BELIEVED)
        return reading;
    return (Reading){
        .value = 0, .at = at, .since = machine->stopped_at, .confidence = WORD_TRUSTED};
}

Estimate belt_speed(const Belt *belt, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    Reading readings[SENSORS_MAX];
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        readings[sensor] = speed_at(belt, sensor, at);
    return estimate_from_owner(readings, profiles, SOURCE_TREADMILL, at);
}

Estimate belt_incline(const Belt *belt, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    return estimate_from_owner(belt->incline, profiles, SOURCE_TREADMILL, at);
}
