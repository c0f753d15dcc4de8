// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl decode for foot pods: the measurement, the features, the control point, where it is worn.

#include "codec/location.h"
#include "codec/rscs.h"
#include "codec/sccp.h"
#include "pacectl/decode.h"

DecodeStatus decode_pod(const DecodePacket *packet, JsonBuilder *builder)
{
    RscsMeasurement measurement;
    const DecodeStatus status = rscs_decode(packet->bytes, packet->length, &measurement);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_double(builder, "speed_mps", measurement.speed_256 / 256.0);
    json_add_int(builder, "cadence_raw", measurement.cadence);
    if (measurement.has_stride)
        json_add_double(builder, "stride_length_m", measurement.stride_cm / 100.0);
    if (measurement.has_distance)
        json_add_double(builder, "distance_m", measurement.distance_dm / 10.0);
    json_add_boolean(builder, "running", measurement.running);
    return status;
}

DecodeStatus decode_pod_feature(const DecodePacket *packet, JsonBuilder *builder)
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
    const DecodeStatus status = rscs_feature_decode(packet->bytes, packet->length, &features);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        json_add_boolean(builder, names[i].name, (features & names[i].feature) != 0);
    return status;
}

static const char *request_name(uint8_t opcode)
{
    switch (opcode) {
    case SCCP_SET_DISTANCE:
        return "set-distance";
    case SCCP_START_CALIBRATION:
        return "start-calibration";
    case SCCP_UPDATE_LOCATION:
        return "update-location";
    case SCCP_REQUEST_LOCATIONS:
        return "request-locations";
    }
    return NULL;
}

// By its name, or, where it has none, its number under another key.
static void add_request(JsonBuilder *builder, const char *key, uint8_t opcode)
{
    if (request_name(opcode))
        json_add_string(builder, key, request_name(opcode));
    else
        json_add_int(builder, "opcode", opcode);
}

static DecodeStatus add_response(const DecodePacket *packet, JsonBuilder *builder)
{
    SccpResponse response;
    const DecodeStatus status = sccp_response_decode(packet->bytes, packet->length, &response);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    add_request(builder, "response_to", response.request);
    json_add_string(builder, "result", sccp_outcome_name(response.outcome));
    if (response.location_count == 0)
        return status;
    json_builder_set_member_name(builder, "locations");
    json_builder_begin_array(builder);
    for (gsize i = 0; i < response.location_count; i++)
        if (location_sensor_name(response.locations[i]))
            json_builder_add_string_value(builder, location_sensor_name(response.locations[i]));
        else
            json_builder_add_int_value(builder, response.locations[i]);
    json_builder_end_array(builder);
    return status;
}

DecodeStatus decode_pod_control(const DecodePacket *packet, JsonBuilder *builder)
{
    SccpRequest request;
    if (packet->length >= 3 && packet->bytes[0] == SCCP_RESPONSE)
        return add_response(packet, builder);
    const DecodeStatus status = sccp_request_decode(packet->bytes, packet->length, &request);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    add_request(builder, "request", request.opcode);
    if (status == DECODE_TRUNCATED)
        return status;
    if (request.opcode == SCCP_SET_DISTANCE)
        json_add_double(builder, "distance_m", request.distance_dm / 10.0);
    if (request.opcode == SCCP_UPDATE_LOCATION && location_sensor_name(request.location))
        json_add_string(builder, "location", location_sensor_name(request.location));
    return status;
}

DecodeStatus decode_pod_location(const DecodePacket *packet, JsonBuilder *builder)
{
    SensorLocation location;
    const DecodeStatus status = location_sensor_decode(packet->bytes, packet->length, &location);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_string(builder, "location", location_sensor_name((uint8_t)location));
    return status;
}
