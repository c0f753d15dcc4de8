// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A virtual sensor as the air sees it: it advertises, takes one link, has a GATT table that can be
// read and written, and notifies once a second. Who listens decides what to do with it: a fake
// BlueZ, or a real peripheral.
//
// The strap has Heart Rate (measurement, body location, control point), the pod Running Speed and
// Cadence (measurement, feature, sensor location, SC Control Point), the watch both; the power pod
// is a pod that has Cycling Power as well, and the treadmill has Fitness Machine (data, feature,
// ranges, training status, control point, status). Each has Device Information and Battery.

#pragma once

#include <glib.h>

#include "sim/treadmill.h"

typedef enum {
    SENSOR_KIND_STRAP,
    SENSOR_KIND_POD,
    SENSOR_KIND_WATCH,
    SENSOR_KIND_POWER_POD,
    SENSOR_KIND_TREADMILL,
} SensorKind;
#define SENSOR_KINDS (SENSOR_KIND_TREADMILL + 1)

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
    const void *value;    // what a read gives at first; NULL: cannot be read
    size_t length;
} CharacteristicSpec;

typedef struct {
    uint16_t uuid;
    const CharacteristicSpec *characteristics; // until uuid is 0
} ServiceSpec;

// Battery, 0x180F: every sensor has it. It is in no sensor_services(), since BlueZ keeps it from
// its clients and shows them Battery1 in its place.
extern const ServiceSpec SENSOR_BATTERY;

// What may be wrong with the table.
typedef enum {
    SENSOR_TABLE_NORMAL,
    SENSOR_TABLE_SHIFTED,   // a service more in front: other handles
    SENSOR_TABLE_BARE,      // no measurement in its service
    SENSOR_TABLE_TWICE,     // the service is there twice
    SENSOR_TABLE_UNFLAGGED, // the measurement cannot be subscribed to
} SensorTable;
#define SENSOR_TABLES (SENSOR_TABLE_UNFLAGGED + 1)

typedef enum {
    SENSOR_REFUSES_NOTHING,
    SENSOR_HANGS_UP,  // takes a link and closes it at once
    SENSOR_IS_SILENT, // cannot be connected
} SensorRefusal;

// ATT errors, beside those of codec/sccp.h and codec/hrs.h.
enum {
    ATT_OK = 0,
    ATT_READ_NOT_PERMITTED = 0x02,
    ATT_WRITE_NOT_PERMITTED = 0x03,
    ATT_INVALID_LENGTH = 0x0d,
};

// What ends a mute of one characteristic.
typedef enum {
    SENSOR_MUTE_SUBSCRIPTION, // the next one to it
    SENSOR_MUTE_LINK,         // the next link
    SENSOR_MUTE_ORDER,        // another order
} SensorMute;
#define SENSOR_MUTES (SENSOR_MUTE_ORDER + 1)

typedef struct Sensor Sensor;

typedef struct {
    // A period has passed; the link may have changed.
    void (*tick)(Sensor *sensor, gpointer data);
    // Something to send, as a notification, or from 0x2A55 and 0x2AD9 as an indication.
    void (*packet)(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                   gpointer data);
} SensorHandlers;

struct Sensor {
    SensorKind kind;
    char address[18];
    char *name;
    uint8_t battery;     // percent
    uint8_t location;    // of a pod, codec/location.h
    Body *body;          // borrowed
    WornSensor worn;     // what it measures; of a watch, the heart
    WornSensor steps;    // of a watch, its other half
    Treadmill treadmill; // of a treadmill, what is under the runner
    bool away;           // out of range
    SensorRefusal refusal;
    SensorTable table;
    guint sent; // notifications and indications; counted by who sends them
    // The rest is the sensor's own.
    ServiceSpec *services[SENSOR_TABLES];
    GSList *made;   // parts of them
    gint64 next_us; // when it ticks next
    uint32_t subscriptions;
    uint16_t muted; // a characteristic, 0: none
    SensorMute muted_until;
    guint timer, procedure, flood;
    uint8_t procedure_bytes[20];
    size_t procedure_length;
    struct {
        guint length;
        double hz, seconds;
        gint64 from_us;
        guint64 sent;
    } flooding;
    const SensorHandlers *handlers;
    gpointer data;
};

// The n-th sensor of all and the i-th of its kind, both from 0. It ticks from the first time
// sensor_start() is called, at its own phase of the second.
Sensor *sensor_new(SensorKind kind, guint n, guint i, Body *body, uint64_t seed);
void sensor_free(Sensor *sensor);
void sensor_start(Sensor *sensor, guint phase_ms, const SensorHandlers *handlers, gpointer data);

// "strap", "pod", "watch", "power-pod", "treadmill"
const char *sensor_kind_name(SensorKind kind);
bool sensor_kind_from_name(const char *name, SensorKind *ret_kind);
bool sensor_table_from_name(const char *name, SensorTable *ret_table); // "normal", "shifted", …
bool sensor_refusal_from_name(const char *name, SensorRefusal *ret_refusal); // "", "hang-up"…
bool sensor_mute_from_name(const char *name, SensorMute *ret_mute); // "subscription", "link", …

// By kind (the first of it), address or name; NULL: there is none.
Sensor *sensor_find(const GPtrArray *sensors, const char *name);

uint16_t sensor_service(const Sensor *sensor);           // the first it advertises
const uint16_t *sensor_advertised(const Sensor *sensor); // all of them, until 0
// What it advertises with the first of them; NULL: nothing.
const uint8_t *sensor_service_data(const Sensor *sensor, size_t *ret_length);
uint16_t sensor_measurement(const Sensor *sensor); // the first it notifies of
// By its table, until uuid is 0. Stays valid for the sensor's life.
const ServiceSpec *sensor_services(const Sensor *sensor);
bool sensor_reachable(const Sensor *sensor);

// What a client does. Each returns ATT_OK or the ATT error that the sensor answers with.
// A read writes at most `size` bytes.
uint8_t sensor_read(const Sensor *sensor, uint16_t characteristic, uint8_t *ret_bytes, size_t size,
                    size_t *ret_length);
// The control points. A procedure of 0x2A55 or 0x2AD9 is answered later by an indication through
// handlers->packet(): calibration after 3 s, the others at once.
uint8_t sensor_write(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length);
// Its CCC descriptor was written, or restored with a new link.
void sensor_subscribe(Sensor *sensor, uint16_t characteristic, bool subscribed);
bool sensor_subscribed(const Sensor *sensor, uint16_t characteristic);
// Forgets subscriptions, and the procedure that was running.
void sensor_link_lost(Sensor *sensor);

// What a test does.
void sensor_misbehave(Sensor *sensor, Misbehaviour kind, double seconds);
// One of its streams ends, and the others go on; 0: none does.
void sensor_mute(Sensor *sensor, uint16_t characteristic, SensorMute until);
void sensor_set_rate(Sensor *sensor, double hz);          // 0.1 … 50
void sensor_set_battery(Sensor *sensor, uint8_t percent); // notifies of it; reserved values too
void sensor_rename(Sensor *sensor, const char *name);
// Packets of so many bytes of nonsense on the measurement, so many a second, beside its own.
void sensor_flood(Sensor *sensor, guint length, double hz, double seconds);
