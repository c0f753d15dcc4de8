// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What BlueZ says exists, as plain tables: adapters, devices, the characteristics we care for, and
// whether audio plays. Filled from ObjectManager and PropertiesChanged; thrown away with
// bluetoothd. It knows no bus, so tests feed it from text.

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/units.h"

#define MIRROR_DEVICES_MAX         512 // a flood of advertisers is not kept
#define MIRROR_CHARACTERISTICS_MAX 64  // of the few kinds we read

#define CHARACTERISTIC_HEART          0x2A37
#define CHARACTERISTIC_STRIDE         0x2A53
#define CHARACTERISTIC_STRIDE_FEATURE 0x2A54
#define CHARACTERISTIC_TREADMILL      0x2ACD

typedef struct {
    char *path;
    bool powered;
    bool blocked; // PowerState "off-blocked", which newer BlueZ has
    bool discovering;
    guint serial; // of this appearance
} MirrorAdapter;

typedef struct {
    char *path;
    char *adapter; // path
    char address[18];
    char name[64];  // sanitized
    guint services; // ServiceSet
    bool connected;
    bool resolved;    // ServicesResolved
    guint connection; // another number for every connection
    int battery;      // percent, -1 unknown
    int rssi;         // dBm, 0 unknown
    Usec heard_first; // 0: never
    Usec heard_at;
} MirrorDevice;

typedef struct {
    char *path;
    char *device;   // path
    guint16 number; // CHARACTERISTIC_…
    bool notifies;  // its flags have notify or indicate
    bool notifying;
    guint serial; // of this appearance: a path can come back as another object
} MirrorCharacteristic;

typedef struct {
    GHashTable *adapters;        // path → MirrorAdapter
    GHashTable *devices;         // path → MirrorDevice
    GHashTable *characteristics; // path → MirrorCharacteristic
    GHashTable *playing;         // paths of the audio transports in use
    guint serial;
} Mirror;

Mirror *mirror_new(void);
void mirror_free(Mirror *mirror); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mirror, mirror_free)

void mirror_clear(Mirror *mirror);

// `interfaces` is a{sa{sv}}. `fresh`: announced just now, rather than known for who knows how long.
void mirror_add(Mirror *mirror, const char *path, GVariant *interfaces, bool fresh, Usec now);
void mirror_remove(Mirror *mirror, const char *path, const char *const *interfaces);
// `changed` is a{sv}. Returns whether anything was kept.
bool mirror_update(Mirror *mirror, const char *path, const char *interface, GVariant *changed,
                   const char *const *invalidated, Usec now);

// The powered adapter to use: `current` as long as it lives and has power, else the first by path
// that has power, else any; NULL when there is none.
const MirrorAdapter *mirror_adapter(const Mirror *mirror, const char *current);
const MirrorDevice *mirror_device(const Mirror *mirror, const char *adapter, const char *address);

// The device's characteristic of that number; of a service that is there twice, the first by path.
const MirrorCharacteristic *mirror_characteristic(const Mirror *mirror, const MirrorDevice *device,
                                                  guint16 number);
