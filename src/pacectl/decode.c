// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl decode: one packet, given in hex, as one JSON object. For looking into a sensor that
// misbehaves, and for scripts.

#include "codec/hrs.h"
#include "codec/rscs.h"
#include "pacectl/pacectl.h"

#include <string.h>

// Longer than any characteristic can be (ATT).
#define PACKET_MAX 512

typedef DecodeStatus (*PacketDecoder)(const uint8_t *bytes, size_t length, JsonBuilder *builder);

static DecodeStatus decode_hrs(const uint8_t *bytes, size_t length, JsonBuilder *builder)
{
    HrsMeasurement measurement;
    DecodeStatus status = hrs_decode(bytes, length, &measurement);
    if (status == DECODE_REJECT)
        return status;
    json_add_string(builder, "status", decode_status_name(status));
    if (measurement.heart_rate != 0)
        json_add_int(builder, "heart_rate", measurement.heart_rate);
    json_add_string(builder, "contact", hrs_contact_name(measurement.contact));
    if (measurement.has_energy)
        json_add_int(builder, "energy_kj", measurement.energy_kj);
    json_builder_set_member_name(builder, "rr_ms");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < measurement.rr_count; i++)
        json_builder_add_double_value(builder, measurement.rr_1024[i] * 1000.0 / 1024.0);
    json_builder_end_array(builder);
    return status;
}

static DecodeStatus decode_rscs(const uint8_t *bytes, size_t length, JsonBuilder *builder)
{
    RscsMeasurement measurement;
    DecodeStatus status = rscs_decode(bytes, length, &measurement);
    if (status == DECODE_REJECT)
        return status;
    json_add_string(builder, "status", decode_status_name(status));
    json_add_double(builder, "speed_mps", measurement.speed_256 / 256.0);
    json_add_int(builder, "cadence_raw", measurement.cadence);
    if (measurement.has_stride)
        json_add_double(builder, "stride_length_m", measurement.stride_cm / 100.0);
    if (measurement.has_distance)
        json_add_double(builder, "distance_m", measurement.distance_dm / 10.0);
    json_builder_set_member_name(builder, "running");
    json_builder_add_boolean_value(builder, measurement.running);
    return status;
}

static DecodeStatus decode_rscs_feature(const uint8_t *bytes, size_t length, JsonBuilder *builder)
{
    static const struct {
        RscsFeature feature;
        const char *name;
    } names[] = {
        {RSCS_FEATURE_STRIDE_LENGTH, "stride_length"},
        {RSCS_FEATURE_TOTAL_DISTANCE, "total_distance"},
        {RSCS_FEATURE_RUNNING_STATUS, "running_status"},
        {RSCS_FEATURE_CALIBRATION, "calibration"},
        {RSCS_FEATURE_MULTIPLE_LOCATIONS, "multiple_locations"},
    };
    uint16_t features;
    DecodeStatus status = rscs_feature_decode(bytes, length, &features);
    if (status == DECODE_REJECT)
        return status;
    json_add_string(builder, "status", decode_status_name(status));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        json_builder_set_member_name(builder, names[i].name);
        json_builder_add_boolean_value(builder, (features & names[i].feature) != 0);
    }
    return status;
}

static const struct {
    const char *characteristic;
    PacketDecoder decode;
    const char *shortest;
} DECODERS[] = {
    {"2a37", decode_hrs, "flags and a heart rate, at least 2 bytes"},
    {"2a53", decode_rscs, "flags, speed and cadence, at least 4 bytes"},
    {"2a54", decode_rscs_feature, "2 bytes"},
};

// Returns the number of bytes, or -1 when it is not hex.
static gssize hex_read(const char *hex, uint8_t *ret_bytes, gsize size)
{
    gsize length = strlen(hex);
    if (length % 2 != 0 || length / 2 > size)
        return -1;
    for (gsize i = 0; i < length / 2; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return -1;
        ret_bytes[i] = (uint8_t)(high << 4 | low);
    }
    return (gssize)(length / 2);
}

int verb_decode(int argc, char **argv)
{
    gboolean json = FALSE; // always JSON; taken so that scripts can say it everywhere
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 2, 2))
        return EXIT_BAD_USAGE;

    uint8_t bytes[PACKET_MAX];
    gssize length = hex_read(argv[2], bytes, sizeof bytes);
    if (length < 0)
        return complain(EXIT_BAD_INPUT,
                        "'%.40s' is not a packet: give up to %d bytes as pairs of hex digits",
                        argv[2], PACKET_MAX);
    for (gsize i = 0; i < G_N_ELEMENTS(DECODERS); i++) {
        if (g_ascii_strcasecmp(argv[1], DECODERS[i].characteristic) != 0)
            continue;
        JsonBuilder *builder = json_builder_new();
        json_builder_begin_object(builder);
        if (DECODERS[i].decode(bytes, (size_t)length, builder) == DECODE_REJECT) {
            g_object_unref(builder);
            return complain(EXIT_BAD_INPUT,
                            "%s packet rejected: %zd bytes are too few; expected %s", argv[1],
                            length, DECODERS[i].shortest);
        }
        json_builder_end_object(builder);
        print_json_builder(builder);
        return EXIT_DONE;
    }
    return complain(EXIT_BAD_USAGE, "characteristic '%s' is not known; known are 2a37, 2a53, 2a54",
                    argv[1]);
}
