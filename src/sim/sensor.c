// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Virtual sensors in real time. A strap and a pod share the runner, so neither may advance it by
// its own second: each runs it up to now.

#include "sim/sensor.h"

#include <string.h>

#define STRING(text) (text), sizeof(text) - 1

static const CharacteristicSpec STRAP_HEART[] = {
    {0x2a37, {"notify"}, NULL, 0},
    {0x2a38, {"read"}, STRING("\x01")}, // worn on the chest
    {0},
};
static const CharacteristicSpec STRAP_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual strap")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const CharacteristicSpec POD_STRIDE[] = {
    {0x2a53, {"notify"}, NULL, 0},
    // Stride length, total distance, walking or running.
    {0x2a54, {"read"}, STRING("\x07\x00")},
    {0x2a5d, {"read"}, STRING("\x01")}, // on top of the shoe
    {0},
};
static const CharacteristicSpec POD_INFORMATION[] = {
    {0x2a29, {"read"}, STRING("paced")},
    {0x2a24, {"read"}, STRING("Virtual pod")},
    {0x2a26, {"read"}, STRING("1.0")},
    {0},
};
static const ServiceSpec STRAP_SERVICES[] = {
    {0x180a, STRAP_INFORMATION}, {0x180d, STRAP_HEART}, {0}};
static const ServiceSpec POD_SERVICES[] = {{0x180a, POD_INFORMATION}, {0x1814, POD_STRIDE}, {0}};

static const struct {
    const char *name, *title;
    uint16_t service;
    const ServiceSpec *services;
} KINDS[] = {
    [SENSOR_KIND_STRAP] = {"strap", "Sim Strap", 0x180d, STRAP_SERVICES},
    [SENSOR_KIND_POD] = {"pod", "Sim Pod", 0x1814, POD_SERVICES},
};

void body_init(Body *body, uint64_t seed)
{
    runner_init(&body->runner, &RUNNER_DEFAULT, seed);
    body->now_us = g_get_monotonic_time();
}

void body_catch_up(Body *body)
{
    gint64 now = g_get_monotonic_time();
    runner_advance(&body->runner, usec_to_s(now - body->now_us));
    body->now_us = now;
}

Sensor *sensor_new(SensorKind kind, guint n, guint i, Body *body, uint64_t seed)
{
    Sensor *sensor = g_new0(Sensor, 1);
    sensor->kind = kind;
    sensor->body = body;
    g_snprintf(sensor->address, sizeof sensor->address, "00:AA:01:00:00:%02X", n + 1);
    sensor->name =
        i == 0 ? g_strdup(KINDS[kind].title) : g_strdup_printf("%s %u", KINDS[kind].title, i + 1);
    Random random;
    random_seed(&random, seed);
    sensor->battery = (uint8_t)(60 + 40 * random_uniform(&random));
    double scale = 1 + 0.005 * random_normal(&random); // within a percent, as good pods are
    worn_init(&sensor->worn, seed + 1, fmin(fmax(scale, 0.99), 1.01));
    return sensor;
}

void sensor_free(Sensor *sensor)
{
    g_clear_handle_id(&sensor->timer, g_source_remove);
    g_free(sensor->name);
    g_free(sensor);
}

static gboolean on_second(gpointer data)
{
    Sensor *sensor = data;
    body_catch_up(sensor->body);
    uint8_t bytes[20];
    size_t length = 0;
    uint16_t characteristic = 0;
    switch (sensor->kind) {
    case SENSOR_KIND_STRAP:
        characteristic = 0x2a37;
        length = worn_strap_packet(&sensor->worn, &sensor->body->runner, bytes, sizeof bytes);
        break;
    case SENSOR_KIND_POD:
        characteristic = 0x2a53;
        length = worn_pod_packet(&sensor->worn, &sensor->body->runner, bytes, sizeof bytes);
        break;
    }
    sensor->handlers->tick(sensor, sensor->data);
    if (length > 0 && !sensor->away)
        sensor->handlers->packet(sensor, characteristic, bytes, length, sensor->data);
    return G_SOURCE_CONTINUE;
}

static gboolean on_phase(gpointer data)
{
    Sensor *sensor = data;
    sensor->timer = g_timeout_add(1000, on_second, sensor);
    return G_SOURCE_REMOVE;
}

void sensor_start(Sensor *sensor, guint phase_ms, const SensorHandlers *handlers, gpointer data)
{
    sensor->handlers = handlers;
    sensor->data = data;
    sensor->timer = g_timeout_add(phase_ms, on_phase, sensor);
}

const char *sensor_kind_name(SensorKind kind)
{
    return KINDS[kind].name;
}

bool sensor_kind_from_name(const char *name, SensorKind *ret_kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        if (strcmp(name, KINDS[i].name) == 0) {
            *ret_kind = (SensorKind)i;
            return true;
        }
    }
    return false;
}

uint16_t sensor_service(const Sensor *sensor)
{
    return KINDS[sensor->kind].service;
}

const ServiceSpec *sensor_services(const Sensor *sensor)
{
    return KINDS[sensor->kind].services;
}

bool sensor_reachable(const Sensor *sensor)
{
    return !sensor->away && worn_linked(&sensor->worn);
}
