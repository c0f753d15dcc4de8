// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: what stands in the way of a run. Each probe looks at one area and adds findings;
// it asks for no privilege, changes nothing, and takes a missing file, bus or daemon for an answer.

#pragma once

#include "pacectl/pacectl.h"

typedef enum {
    FINDING_GOOD,
    FINDING_NOTE,    // a run is possible, but
    FINDING_PROBLEM, // a run suffers, or cannot be
} FindingLevel;

typedef struct {
    const char *area; // static
    FindingLevel level;
    char *what;        // one line
    char *remedy;      // a sentence; NULL when there is none
    GVariant *details; // a{sv} for JSON, names as there; NULL for none
} Finding;

// What can be had of a service on a bus.
typedef enum {
    PEER_NO_BUS,
    PEER_ABSENT,    // nobody owns its name
    PEER_NO_ANSWER, // it does not answer, or with an error
    PEER_REFUSED,   // the bus refuses us
    PEER_THERE,     // `tree` is its objects
} PeerState;

typedef struct {
    PeerState state;
    GDBusConnection *bus; // NULL exactly without a bus
    GVariant *tree;       // a{oa{sa{sv}}}; NULL unless there
    char *error;          // why not, in words; NULL when there or absent
} Peer;

typedef struct {
    GPtrArray *findings; // Finding, in the order in which they are printed
    Peer daemon;         // org.paced1 on the session bus; never started by asking
    Peer bluez;          // org.bluez on the system bus
    char *database;      // where the user says that runs are kept; NULL: not said
} Doctor;

// `remedy` may be NULL. The result is the doctor's.
Finding *doctor_find(Doctor *doctor, const char *area, FindingLevel level, const char *remedy,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);

// As above for a sentence "what: remedy" or "what; remedy", as the daemon gives reasons, behind
// `what`.
Finding *doctor_find_reason(Doctor *doctor, const char *area, FindingLevel level, const char *what,
                            const char *reason);

gboolean doctor_has_problem(const Doctor *doctor, const char *area);

// A system path, below $PACED_DOCTOR_ROOT where a test has set that.
char *doctor_path(const char *path);
// The first line of a system file without blanks at its ends; NULL when it cannot be read.
char *doctor_read(const char *path);
gboolean doctor_exists(const char *path);
// The last part of where a system link points; NULL when it is none.
char *doctor_link(const char *path);
// The names in a system directory, sorted; never NULL.
GStrv doctor_list(const char *path);

// ── D-Bus (doctor-dbus.c) ──

Peer peer_look(GBusType bus, const char *name, const char *path);
void peer_clear(Peer *peer);

typedef struct {
    const char *path;
    GVariant *properties; // a{sv}
} PeerObject;
// The objects of the peer that have the interface, sorted by path; never NULL. Valid as long as the
// peer; free with g_ptr_array_unref().
GPtrArray *peer_objects(const Peer *peer, const char *interface);

// A property; what is absent or of another type is "", NaN or `otherwise`. The text is borrowed.
const char *property_string(GVariant *properties, const char *name);
double property_double(GVariant *properties, const char *name);
gboolean property_boolean(GVariant *properties, const char *name, gboolean otherwise);

// A text of the daemon's own interface, "" without a daemon; it belongs to the peer's tree.
const char *doctor_hub_text(const Doctor *doctor, const char *name);

// ── the probes ── in the order in which they run

void doctor_daemon(Doctor *doctor);
void doctor_adapter(Doctor *doctor);
void doctor_rfkill(Doctor *doctor);
void doctor_bluetoothd(Doctor *doctor);
void doctor_permissions(Doctor *doctor);
void doctor_radio(Doctor *doctor); // the daemon's view of those four
void doctor_sensors(Doctor *doctor);
void doctor_audio(Doctor *doctor);
void doctor_hands(Doctor *doctor); // doctor-hands.c
void doctor_disk(Doctor *doctor);
void doctor_clock(Doctor *doctor);
void doctor_service(Doctor *doctor);
void doctor_power(Doctor *doctor);

// Of doctor_bluetoothd(): what its settings do.
void doctor_conf(Doctor *doctor);

// The controllers that the kernel has: "hci0", …
GStrv doctor_controllers(void);
