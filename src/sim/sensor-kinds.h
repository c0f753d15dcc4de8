// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The kinds of virtual sensors there are, each as its advertisement and its table of services say.

#pragma once

#include "sim/sensor.h"

#define HEART           0x2a37
#define BODY_LOCATION   0x2a38
#define HEART_CONTROL   0x2a39
#define STEPS           0x2a53
#define LOCATION        0x2a5d
#define STEPS_CONTROL   0x2a55
#define POWER           0x2a63
#define TREADMILL       0x2acd
#define TRAINING        0x2ad3
#define MACHINE_CONTROL 0x2ad9
#define MACHINE_STATUS  0x2ada
#define BATTERY         0x2a19

typedef struct {
    const char *name, *title;
    uint16_t measurement;
    uint16_t advertised[3];
    const char *service_data; // of the first service it advertises, or NULL
    size_t service_data_length;
    const ServiceSpec *services;
} SensorKindSpec;

extern const ServiceSpec SENSOR_VENDOR; // one more in front, for other handles
extern const SensorKindSpec SENSOR_KIND_SPECS[SENSOR_KINDS];
