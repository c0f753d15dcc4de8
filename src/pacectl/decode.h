// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What `pacectl decode` is made of: a function a characteristic that adds to a JSON object what a
// packet says. A value that is "not available" is not added.

#pragma once

#include "codec/decode.h"
#include "pacectl/pacectl.h"

// Longer than any characteristic can be (ATT).
#define PACKET_MAX 512

typedef struct {
    gsize length;
    uint8_t bytes[PACKET_MAX];
} DecodePacket;

// The object is open; nothing is added on DECODE_REJECT.
typedef DecodeStatus (*DecodeOne)(const DecodePacket *packet, JsonBuilder *builder);

// For packets that belong together: adds the builders of finished objects. Returns the index of the
// first packet that was rejected, or -1.
typedef gssize (*DecodeAll)(const DecodePacket *packets, gsize count, GPtrArray *builders);

static inline void json_add_status(JsonBuilder *builder, DecodeStatus status)
{
    json_add_string(builder, "status", decode_status_name(status));
}

// decode-machine.c
gssize decode_treadmill(const DecodePacket *packets, gsize count, GPtrArray *builders);
DecodeStatus decode_machine_feature(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_speed_range(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_inclination_range(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_training(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_machine_status(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_machine_control(const DecodePacket *packet, JsonBuilder *builder);

// decode-power.c
gssize decode_power(const DecodePacket *packets, gsize count, GPtrArray *builders);

// decode-pod.c
DecodeStatus decode_pod(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_pod_feature(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_pod_control(const DecodePacket *packet, JsonBuilder *builder);
DecodeStatus decode_pod_location(const DecodePacket *packet, JsonBuilder *builder);
