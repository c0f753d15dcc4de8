// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The tables. What a treadmill's ranges and features say is what treadmill.c does.

#include "sim/sensor-kinds.h"

#define STRING(text) (text), sizeof(text) - 1

static const CharacteristicSpec HEART_RATE[] = {
    {HEART, {"notify"}, NULL, 0},
    {BODY_LOCATION, {"read"}, STRING("\x01")}, // worn on the chest
    {HEART_CONTROL, {"write"}, NULL, 0},
    {0},
};
static const CharacteristicSpec WRIST_HEART_RATE[] = {
    {HEART, {"notify"}, NULL, 0},
    {BODY_LOCATION, {"read"}, STRING("\x02")},
    {HEART_CONTROL, {"write"}, NULL, 0},
    {0},
};
static const CharacteristicSpec SPEED_AND_CADENCE[] = {
    {STEPS, {"notify"}, NULL, 0},
    // Stride length, total distance, walking or running, calibration, several locations.
    {0x2a54, {"read"}, STRING("\x1f\x00")},
    {LOCATION, {"read"}, STRING("\x01")}, // on top of the shoe, until told otherwise
    {STEPS_CONTROL, {"write", "indicate"}, NULL, 0},
    {0},
};
static const CharacteristicSpec STRAP_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual strap")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec POD_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual pod")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec WATCH_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual watch")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec POWER_POD_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual power pod")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec CYCLING_POWER[] = {
    {POWER, {"notify"}, NULL, 0},
    {0x2a65, {"read"}, STRING("\x00\x00\x00\x00")}, // nothing beside the power
    {0},
};
static const CharacteristicSpec TREADMILL_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual treadmill")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec FITNESS_MACHINE[] = {
    // Average speed, distance, inclination, elevation, pace, energy, heart rate, elapsed time; no
    // target that it would take.
    {0x2acc, {"read"}, STRING("\x3d\x16\x00\x00\x00\x00\x00\x00")},
    {TREADMILL, {"notify"}, NULL, 0},
    {TRAINING, {"read", "notify"}, STRING("\x00\x01")},     // idle, until it runs
    {0x2ad4, {"read"}, STRING("\x50\x00\xd0\x07\x0a\x00")}, // 0.8 to 20 km/h by 0.1
    {0x2ad5, {"read"}, STRING("\xe2\xff\x96\x00\x05\x00")}, // -3 to 15 % by 0.5
    {MACHINE_CONTROL, {"write", "indicate"}, NULL, 0},
    {MACHINE_STATUS, {"notify"}, NULL, 0},
    {0},
};
static const CharacteristicSpec VENDOR[] = {{0xfee1, {"read"}, STRING("?")}, {0}};
static const CharacteristicSpec BATTERY_LEVEL[] = {
    {BATTERY, {"read", "notify"}, STRING("\x64")},
    {0},
};
const ServiceSpec SENSOR_VENDOR = {0xfee0, VENDOR};
const ServiceSpec SENSOR_BATTERY = {0x180f, BATTERY_LEVEL};

static const ServiceSpec STRAP_SERVICES[] = {
    {0x180a, STRAP_INFORMATION}, {0x180d, HEART_RATE}, {0}};
static const ServiceSpec POD_SERVICES[] = {
    {0x180a, POD_INFORMATION}, {0x1814, SPEED_AND_CADENCE}, {0}};
static const ServiceSpec WATCH_SERVICES[] = {
    {0x180a, WATCH_INFORMATION}, {0x180d, WRIST_HEART_RATE}, {0x1814, SPEED_AND_CADENCE}, {0}};
static const ServiceSpec POWER_POD_SERVICES[] = {
    {0x180a, POWER_POD_INFORMATION}, {0x1814, SPEED_AND_CADENCE}, {0x1818, CYCLING_POWER}, {0}};
static const ServiceSpec TREADMILL_SERVICES[] = {
    {0x180a, TREADMILL_INFORMATION}, {0x1826, FITNESS_MACHINE}, {0}};

const SensorKindSpec SENSOR_KIND_SPECS[SENSOR_KINDS] = {
    [SENSOR_KIND_STRAP] = {"strap", "Sim Strap", HEART, {0x180d}, NULL, 0, STRAP_SERVICES},
    [SENSOR_KIND_POD] = {"pod", "Sim Pod", STEPS, {0x1814}, NULL, 0, POD_SERVICES},
    [SENSOR_KIND_WATCH] = {"watch", "Sim Watch", HEART, {0x180d, 0x1814}, NULL, 0, WATCH_SERVICES},
    [SENSOR_KIND_POWER_POD] =
        {"power-pod", "Sim Power Pod", STEPS, {0x1814, 0x1818}, NULL, 0, POWER_POD_SERVICES},
    // It is a treadmill, and free.
    [SENSOR_KIND_TREADMILL] = {"treadmill",
                               "Sim Treadmill",
                               TREADMILL,
                               {0x1826},
                               STRING("\x01\x01\x00"),
                               TREADMILL_SERVICES},
};
