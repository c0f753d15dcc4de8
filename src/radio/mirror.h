// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What BlueZ says exists, as plain tables: adapters, devices, the characteristics we care for, and
// whether audio plays. Filled from ObjectManager and PropertiesChanged; thrown away with
// bluetoothd. It knows no bus, so tests feed it from text.

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/units.h"

#define MIRROR_DEVICES_MAX            512 // a flood of advertisers is not kept
#define MIRROR_CHARACTERISTICS_MAX    512 // of the few kinds we read
#define MIRROR_CHARACTERISTICS_DEVICE 32  // of one device

#define CHARACTERISTIC_BATTERY         0x2A19
#define CHARACTERISTIC_MODEL           0x2A24
#define CHARACTERISTIC_FIRMWARE        0x2A26
#define CHARACTERISTIC_MANUFACTURER    0x2A29
#define CHARACTERISTIC_HEART           0x2A37
#define CHARACTERISTIC_HEART_LOCATION  0x2A38
#define CHARACTERISTIC_HEART_CONTROL   0x2A39
#define CHARACTERISTIC_STRIDE          0x2A53
#define CHARACTERISTIC_STRIDE_FEATURE  0x2A54
#define CHARACTERISTIC_STRIDE_CONTROL  0x2A55
#define CHARACTERISTIC_STRIDE_LOCATION 0x2A5D
#define CHARACTERISTIC_POWER           0x2A63
#define CHARACTERISTIC_MACHINE_FEATURE 0x2ACC
#define CHARACTERISTIC_TREADMILL       0x2ACD
#define CHARACTERISTIC_TRAINING        0x2AD3
#define CHARACTERISTIC_SPEED_RANGE     0x2AD4
#define CHARACTERISTIC_SLOPE_RANGE     0x2AD5
#define CHARACTERISTIC_MACHINE_STATUS  0x2ADA

typedef struct {
    char *path;
    char address[18]; // "" unknown
    bool powered;
    bool blocked; // PowerState "off-blocked", which newer BlueZ has
    bool discovering;
    guint serial; // of this appearance
} MirrorAdapter;

typedef struct {
    char *path;
    char *adapter; // path
    char address[18];
    char name[64];      // sanitized
    guint announced;    // ServiceSet, by its UUIDs alone
    bool other_machine; // it advertises that it is a fitness machine and no treadmill
    guint services;     // ServiceSet, of what of it is of use to a runner
    bool connected;
    bool resolved; // ServicesResolved
    bool paired;
    bool hung_up;     // it ended the last connection, and BlueZ 5.82 or later said so
    guint connection; // another number for every connection
    int battery;      // percent, -1 unknown
    int rssi;         // dBm, 0 unknown: BlueZ takes it back when a discovery ends
    int last_rssi;    // what it was before
    Usec heard_first; // 0: never
    Usec heard_at;
} MirrorDevice;

typedef struct {
    char *path;
    char *device;   // path
    guint16 number; // CHARACTERISTIC_…
    bool notifies;  // its flags have notify or indicate
    bool notifying;
    bool acquirable; // it has NotifyAcquired
    bool acquired;   // by whomever
    guint serial;    // of this appearance: a path can come back as another object
} MirrorCharacteristic;

typedef struct {
    GHashTable *adapters;        // path → MirrorAdapter
    GHashTable *devices;         // path → MirrorDevice
    GHashTable *characteristics; // path → MirrorCharacteristic
    GHashTable *playing;         // paths of the audio transports in use
    GHashTable *enrolled;        // addresses: their devices are kept however full it is
    guint serial;
    bool crowded; // devices were left out
} Mirror;

Mirror *mirror_new(void);
void mirror_free(Mirror *mirror); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mirror, mirror_free)

void mirror_clear(Mirror *mirror);

// `interfaces` is a{sa{sv}}. `fresh`: announced just now, rather than known for who knows how long.
void mirror_add(Mirror *mirror, const char *path, GVariant *interfaces, bool fresh, Usec now);
// The same, of nothing but a device that is enrolled and was left out.
void mirror_add_missing(Mirror *mirror, const char *path, GVariant *interfaces, Usec now);
void mirror_remove(Mirror *mirror, const char *path, const char *const *interfaces);
// `changed` is a{sv}. Returns whether anything was kept.
bool mirror_update(Mirror *mirror, const char *path, const char *interface, GVariant *changed,
                   const char *const *invalidated, Usec now);

// The powered adapter to use: `current` as long as it lives and has power, else `preferred`, else
// the first by path that has power, else any; NULL when there is none. `preferred` is "hci1" or an
// address, NULL for none; while not `settled` (nothing is linked on `current`), it goes before
// `current`.
const MirrorAdapter *mirror_adapter(const Mirror *mirror, const char *current,
                                    const char *preferred, bool settled);
// A device that is not enrolled is connected through it.
bool mirror_in_use(const Mirror *mirror, const char *adapter);
const MirrorDevice *mirror_device(const Mirror *mirror, const char *adapter, const char *address);

// The device's characteristic of that number; of a service that is there twice, the first by path
// whose characteristic can notify, else the first.
const MirrorCharacteristic *mirror_characteristic(const Mirror *mirror, const MirrorDevice *device,
                                                  guint16 number);
// Likewise, of the same service as `anchor`; NULL when `anchor` is.
const MirrorCharacteristic *mirror_beside(const Mirror *mirror, const MirrorCharacteristic *anchor,
                                          guint16 number);
