// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// BlueZ: find, connect, subscribe, reconnect, explain. It turns org.bluez into notifications and
// link changes, and keeps for every sensor one sentence that says what is wrong and what happens
// next. It knows GATT numbers but no codec.
//
// What is hard is that BlueZ's objects come and go: nothing is remembered by path beyond the signal
// that announced it, every call has a time-out, and only a packet proves that a sensor works.

#pragma once

#include <gio/gio.h>

#include "estimate/estimate.h"

typedef struct Radio Radio;

typedef enum {
    RADIO_READY,
    RADIO_NO_BUS,        // the bus with BlueZ on it cannot be reached
    RADIO_NO_SERVICE,    // bluetoothd does not run
    RADIO_NO_PERMISSION, // the bus refuses us
    RADIO_NO_ADAPTER,
    RADIO_OFF,     // adapter present, not powered
    RADIO_BLOCKED, // by rfkill
} RadioState;

typedef enum {
    LINK_IDLE,       // a candidate, not enrolled
    LINK_SEARCHING,  // not seen
    LINK_WAITING,    // backing off until next_try
    LINK_CONNECTING, // Connect under way
    LINK_RESOLVING,  // connected, waiting for the characteristics
    LINK_SUBSCRIBING,
    LINK_LIVE,   // packets arrive
    LINK_SILENT, // connected and subscribed, and no packet for too long
} LinkState;

typedef struct {
    char address[18];
    char name[64];  // valid UTF-8, no control characters; "" when unknown
    guint services; // ServiceSet, as far as known
    SensorId slot;  // SENSOR_NONE for a candidate
    LinkState state;
    char reason[160]; // why it is in this state and what to do; "" when live
    Usec since;       // in this state
    Usec next_try;    // USEC_NEVER when none is planned
    int battery;      // percent, -1 unknown
    int rssi;         // dBm, 0 unknown
    guint32 dropped;  // notifications beyond 50 a second, since it was enrolled
    guint32 cut;      // those longer than NOTIFY_BYTES_MAX
} RadioSensor;

typedef struct {
    // `bytes` are borrowed; longer notifications than NOTIFY_BYTES_MAX are cut.
    void (*notify)(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                   gpointer data);
    // Up: packets arrive. Down: the connection is lost, silent for too long, or the sensor is
    // forgotten or gets another slot.
    void (*link)(SensorId slot, gboolean up, gpointer data);
    // The only candidate of its kind may be adopted: say so and answer with radio_enrol(), or do
    // nothing and not be asked again. Asked while nothing is enrolled; and for a strap or a pod,
    // while all that is enrolled was adopted and serves something else: the search goes on for five
    // minutes after the start and after each adoption, and whenever there is another reason for
    // one. A strap and a pod that are found together are two calls in a row.
    void (*candidate)(const RadioSensor *sensor, gpointer data);
    void (*changed)(gpointer data); // state or a sensor's status changed; coalesced to one an idle
} RadioHandlers;

// `bluez` is the bus that org.bluez is on; NULL: connect to the system bus, and keep trying.
Radio *radio_new(GDBusConnection *bluez, const RadioHandlers *handlers, gpointer data);
void radio_free(Radio *radio); // disconnects what it connected; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Radio, radio_free)

// Both may be called from a handler. An address that is none is ignored; one that is enrolled gets
// the new slot and name. `adopted_for`: the candidate's services, 0 when a user chose the sensor.
void radio_enrol(Radio *radio, SensorId slot, const char *address, const char *name,
                 guint adopted_for);
void radio_forget(Radio *radio, const char *address);

// Looks for candidates for a while (1 … 120 s); radio_sensors() has them.
void radio_scan(Radio *radio, double seconds);

RadioState radio_state(Radio *radio);
const char *radio_state_name(RadioState state); // "ready", "no-service", …
const char *radio_reason(Radio *radio);         // a sentence with the remedy; "" when ready
const char *link_state_name(LinkState state);   // "live", "searching", …

// All that are enrolled, then the candidates seen lately: RadioSensor, valid until the next
// `changed`, radio_enrol() or radio_forget(), which show here at once.
const GArray *radio_sensors(Radio *radio);
