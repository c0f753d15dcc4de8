// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A virtual sensor as the air sees it: it advertises, takes one link, has a GATT table, and
// notifies once a second. Who listens decides what to do with it: a fake BlueZ here, a real
// peripheral later.

#pragma once

#include <glib.h>

#include "sim/wear.h"

typedef enum {
    SENSOR_KIND_STRAP,
    SENSOR_KIND_POD,
} SensorKind;

// A person who runs in real time.
typedef struct {
    Runner runner;
    gint64 now_us; // how far it has run
} Body;

void body_init(Body *body, uint64_t seed);
void body_catch_up(Body *body); // runs until now

typedef struct {
    uint16_t uuid;
    const char *flags[3]; // as BlueZ names them
    const void *value;    // what a read gives; NULL: cannot be read
    size_t length;
} CharacteristicSpec;

typedef struct {
    uint16_t uuid;
    const CharacteristicSpec *characteristics; // until uuid is 0
} ServiceSpec;

typedef struct Sensor Sensor;

typedef struct {
    void (*tick)(Sensor *sensor, gpointer data); // a second has passed; the link may have changed
    void (*packet)(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                   gpointer data);
} SensorHandlers;

struct Sensor {
    SensorKind kind;
    char address[18];
    char *name;
    uint8_t battery; // percent
    Body *body;      // borrowed
    WornSensor worn;
    bool away; // out of range
    guint timer;
    const SensorHandlers *handlers;
    gpointer data;
};

// The n-th sensor of all and the i-th of its kind, both from 0. It ticks from the first time
// sensor_start() is called, at its own phase of the second.
Sensor *sensor_new(SensorKind kind, guint n, guint i, Body *body, uint64_t seed);
void sensor_free(Sensor *sensor);
void sensor_start(Sensor *sensor, guint phase_ms, const SensorHandlers *handlers, gpointer data);

const char *sensor_kind_name(SensorKind kind); // "strap", "pod"
bool sensor_kind_from_name(const char *name, SensorKind *ret_kind);
uint16_t sensor_service(const Sensor *sensor);            // the one it advertises
const ServiceSpec *sensor_services(const Sensor *sensor); // until uuid is 0
bool sensor_reachable(const Sensor *sensor);
