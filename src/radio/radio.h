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
#include "radio/history.h"
#include "radio/procedure.h"

typedef struct Radio Radio;

typedef enum {
    RADIO_READY,
    RADIO_NO_BUS,        // the bus with BlueZ on it cannot be reached
    RADIO_NO_SERVICE,    // bluetoothd does not run
    RADIO_NO_PERMISSION, // the bus refuses us
    RADIO_NO_ADAPTER,
    RADIO_OFF,     // adapter present, not powered
    RADIO_BLOCKED, // by rfkill
    RADIO_STUCK,   // powered, and no longer doing what it is told; recovery.h
} RadioState;

typedef enum {
    LINK_IDLE,       // a candidate, not enrolled; or enrolled, and not wanted: radio_want()
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
    // What it says of itself; sanitized like `name`, "" until it was connected and read.
    char manufacturer[32];
    char model[32];
    char firmware[32];
    char quirk[96];    // RadioQuirk.id in force, "" none
    gboolean acquired; // its data come through a socket rather than through signals: subscription.h
    gboolean match_name;
    gboolean busy; // it hung up at once, twice: perhaps another device has it
    gboolean weak; // heard at -85 dBm or less, or with gaps lately
} RadioSensor;

typedef struct {
    SensorId slot;
    const char *address; // one that is none is ignored
    // Shown; NULL or "": whatever it calls itself. With `match_name`, what it advertises.
    const char *name;
    guint services;    // ServiceSet when it was enrolled, 0 unknown
    guint adopted_for; // the candidate's services, 0 when a user chose the sensor
    // It changes its address. Not seen under it for 20 s, the only stranger with its name and
    // services is taken for it: `moved`.
    gboolean match_name;
    const char *history; // history_print() of its last life, NULL: none
} Enrolment;

typedef enum {
    SUBSCRIBE_AUTO, // the rule in subscription.h
    SUBSCRIBE_NOTIFY,
    SUBSCRIBE_ACQUIRE,
} SubscribeMode;

#define RADIO_AVOID_MAX 8

// What is known to be odd with a make of sensor. Zeroed: nothing.
typedef struct {
    char id[96];
    SubscribeMode subscribe;
    guint16 avoid[RADIO_AVOID_MAX]; // services and characteristics that are not touched
    guint avoid_count;
    gboolean pair; // its connections last only when paired: link-pair.c. Where data are refused,
                   // it is paired without this
    gboolean silent_on_stop; // it sends no stride while its runner stands
} RadioQuirk;

// The texts are "" and `services` 0 until known; asked again when one becomes known. Fills
// `ret_quirk`, which is zeroed before.
typedef void (*RadioQuirkLookup)(const char *name, const char *manufacturer, const char *model,
                                 guint services, RadioQuirk *ret_quirk, gpointer data);

typedef struct {
    GDBusConnection *bluez; // the bus that org.bluez is on; NULL: the system bus, looked for again
                            // and again
    const char *adapter;    // "hci1" or an address, preferred while it is there; NULL: any
    RadioQuirkLookup quirk; // NULL: no quirks
    gpointer quirk_data;
} RadioConfig;

typedef struct {
    // `bytes` are borrowed; longer notifications than NOTIFY_BYTES_MAX are cut. Beside what is
    // notified (0x2A37, 0x2A53, 0x2A63, 0x2ACD, 0x2AD3, 0x2ADA), what was read of 0x2A38, 0x2A54,
    // 0x2A5D, 0x2ACC, 0x2AD4, 0x2AD5 and 0x2A19 (one byte, percent; when it changes as well): once
    // in each connection, and perhaps while the link is not up. 0x2A5D also when a procedure has
    // set it.
    void (*notify)(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                   gpointer data);
    // Up: packets arrive. Down: the connection is lost, silent for too long, or the sensor is
    // forgotten or gets another slot.
    void (*link)(SensorId slot, gboolean up, gpointer data);
    // The only candidate of its kind may be adopted: say so and answer with radio_enrol(), or do
    // nothing and not be asked again. Asked while nothing is enrolled, for a treadmill only when
    // there is neither strap nor pod; and for a strap or a pod, while all that is enrolled was
    // adopted and serves something else: the search goes on for five minutes after the start and
    // after each adoption, and whenever there is another reason for one. A strap and a pod that are
    // found together are two calls in a row.
    void (*candidate)(const RadioSensor *sensor, gpointer data);
    // A sensor with `match_name` seems to have another address: to be kept, and TRUE; or FALSE when
    // it is known that this one is another sensor, which may be asked again. May be NULL: TRUE.
    gboolean (*moved)(SensorId slot, const char *address, gpointer data);
    void (*changed)(gpointer data); // state or a sensor's status changed; coalesced to one an idle
} RadioHandlers;

// `config` is copied; `config->bluez` is referenced.
Radio *radio_new(const RadioConfig *config, const RadioHandlers *handlers, gpointer data);
void radio_free(Radio *radio); // disconnects what it connected; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Radio, radio_free)

// These may be called from a handler. One that is enrolled gets the new slot, name and so on.
void radio_enrol(Radio *radio, const Enrolment *enrolment);
void radio_forget(Radio *radio, const char *address);

// Looks for candidates for a while (1 … 120 s); radio_sensors() has them.
void radio_scan(Radio *radio, double seconds);

// FALSE: lets go of all sensors and searches for none. TRUE, as at the start: holds them.
void radio_want(Radio *radio, gboolean wanted);

// Tells a sensor something. `callback` is called exactly once, from the main loop; not any more
// after radio_free().
void radio_procedure(Radio *radio, const char *address, const Procedure *procedure,
                     ProcedureCallback callback, gpointer data);

// How its connections went so far; NULL when it is not enrolled. Valid until radio_forget().
const History *radio_history(Radio *radio, const char *address);

// There were more devices around than are kept; none that is enrolled is ever left out.
gboolean radio_crowded(Radio *radio);

RadioState radio_state(Radio *radio);
const char *radio_state_name(RadioState state); // "ready", "no-service", …
const char *radio_reason(Radio *radio);         // a sentence with the remedy; "" when ready
const char *link_state_name(LinkState state);   // "live", "searching", …

// All that are enrolled, then the candidates seen lately: RadioSensor, valid until the next
// `changed`, radio_enrol() or radio_forget(), which show here at once.
const GArray *radio_sensors(Radio *radio);
