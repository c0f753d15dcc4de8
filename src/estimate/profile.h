// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is known of a sensor beyond its packets: what it may be used for, which of two of a kind
// comes first, and where it is known to stray from its specification. Whoever runs the session says
// so, from what the user chose, from data about that model, and from what an earlier sitting found
// out. A sensor that nobody described may be used for all, in the order of the numbers.

#pragma once

#include "base/units.h"

// A sensor's number within one session, given by whoever runs the session (0 … SENSORS_MAX-1).
typedef uint8_t SensorId;
#define SENSORS_MAX 8
#define SENSOR_NONE UINT8_MAX

typedef enum {
    SERVICE_HEART = 1 << 0,     // 0x180D
    SERVICE_STRIDE = 1 << 1,    // 0x1814
    SERVICE_TREADMILL = 1 << 2, // 0x1826
    SERVICE_POWER = 1 << 3,     // 0x1818, of a pod; a bicycle's power meter is no sensor of ours
} ServiceSet;

#define SERVICES_ALL  (SERVICE_HEART | SERVICE_STRIDE | SERVICE_TREADMILL | SERVICE_POWER)
#define SERVICE_COUNT 4 // bits from the first, for who goes through them

// What a pod's cadence byte counts.
typedef enum {
    CADENCE_UNSETTLED, // not yet known: no cadence but a standing 0 is given out
    CADENCE_STEPS,     // both feet
    CADENCE_ONE_LEG,   // one leg: doubled
    CADENCE_NONE,      // no cadence at all (watts/10): nothing is given out
} CadenceConvention;

// What a pod sends when its runner stands.
typedef enum {
    ON_STOP_ZERO,   // no speed, as it should
    ON_STOP_HOLDS,  // its last speed for a while; only its cadence falls to 0
    ON_STOP_SILENT, // nothing until the next step
} OnStop;

typedef struct {
    uint8_t services;             // ServiceSet it may be used for; 0: there is no such sensor
    uint8_t rank;                 // of two with the same service the lower is the runner's choice
    CadenceConvention convention; // CADENCE_UNSETTLED: not known, found out from the packets
    bool convention_fixed;        // not to be overturned by what the packets look like
    bool contact_untrusted;       // its "no skin contact" means nothing
    bool weak;                    // a poor signal, or too many gaps
    OnStop on_stop;
    bool beats_trusted; // what it sends as intervals are beats, wherever it is worn
} SensorProfile;

// False for one that is out of range; a session would not take it.
bool sensor_profile_valid(const SensorProfile *profile);

// What is taken for a sensor that nobody described.
SensorProfile sensor_profile_default(SensorId sensor);

const char *service_name(ServiceSet one); // "heart", "stride", "treadmill", "power"
const char *on_stop_name(OnStop on_stop); // "zero", "holds", "silent"
const char *
cadence_convention_name(CadenceConvention convention); // "unsettled", "steps", "one-leg", "none"
