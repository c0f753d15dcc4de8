// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl decode for fitness machines: Treadmill Data record by record, and the characteristics
// around it.

#include "codec/ftms-control.h"
#include "codec/ftms-machine.h"
#include "codec/ftms-record.h"
#include "pacectl/decode.h"

static const char *const FIELD_KEYS[FTMS_FIELDS] = {
    [FTMS_SPEED] = "speed_mps",
    [FTMS_AVERAGE_SPEED] = "average_speed_mps",
    [FTMS_DISTANCE] = "distance_m",
    [FTMS_INCLINATION] = "inclination_percent",
    [FTMS_RAMP_ANGLE] = "ramp_angle_deg",
    [FTMS_ELEVATION_GAIN] = "elevation_gain_m",
    [FTMS_ELEVATION_LOSS] = "elevation_loss_m",
    [FTMS_PACE] = "pace_s_per_km",
    [FTMS_AVERAGE_PACE] = "average_pace_s_per_km",
    [FTMS_ENERGY] = "energy_kcal",
    [FTMS_ENERGY_PER_HOUR] = "energy_kcal_per_hour",
    [FTMS_ENERGY_PER_MINUTE] = "energy_kcal_per_minute",
    [FTMS_HEART_RATE] = "heart_rate",
    [FTMS_MET] = "met",
    [FTMS_ELAPSED] = "elapsed_s",
    [FTMS_REMAINING] = "remaining_s",
    [FTMS_FORCE] = "force_n",
    [FTMS_POWER] = "power_w",
    [FTMS_STEPS] = "steps",
};

static void add_record(GPtrArray *builders, DecodeStatus status, const FtmsTreadmill *record)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_status(builder, status);
    json_add_boolean(builder, "more_data", record->more_data);
    for (FtmsField field = 0; field < FTMS_FIELDS; field++)
        json_add_double(builder, FIELD_KEYS[field], ftms_value(record, field));
    if (record->pace_suspect)
        json_add_boolean(builder, "pace_suspect", TRUE);
    json_builder_end_object(builder);
    g_ptr_array_add(builders, builder);
}

// A record is as whole as the least whole of its packets.
static DecodeStatus worse(DecodeStatus one, DecodeStatus other)
{
    if (one == DECODE_TRUNCATED || other == DECODE_TRUNCATED)
        return DECODE_TRUNCATED;
    return one == DECODE_EXTRA ? one : other;
}

gssize decode_treadmill(const DecodePacket *packets, gsize count, GPtrArray *builders)
{
    FtmsRecord record = FTMS_RECORD_NEW;
    DecodeStatus so_far = DECODE_OK;
    for (gsize i = 0; i < count; i++) {
        DecodeStatus status;
        FtmsTreadmill whole;
        const bool done =
            ftms_record_add(&record, 0, packets[i].bytes, packets[i].length, &status, &whole);
        if (status == DECODE_REJECT)
            return (gssize)i;
        so_far = worse(so_far, status);
        if (!done)
            continue;
        add_record(builders, so_far, &whole);
        so_far = DECODE_OK;
    }
    if (record.open)
        add_record(builders, so_far, &record.part);
    return -1;
}

static void add_names(JsonBuilder *builder, const char *key, uint32_t bits,
                      const char *(*name)(unsigned bit))
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
    for (unsigned bit = 0; bit < 32; bit++)
        if (bits & UINT32_C(1) << bit)
            json_builder_add_string_value(builder, name(bit));
    json_builder_end_array(builder);
}

DecodeStatus decode_machine_feature(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsFeature feature;
    const DecodeStatus status = ftms_feature_decode(packet->bytes, packet->length, &feature);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    add_names(builder, "features", feature.machine, ftms_machine_feature_name);
    add_names(builder, "targets", feature.targets, ftms_target_feature_name);
    return status;
}

DecodeStatus decode_speed_range(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsRange range;
    const DecodeStatus status = ftms_speed_range_decode(packet->bytes, packet->length, &range);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_double(builder, "minimum_speed_mps", range.minimum / 360.0);
    json_add_double(builder, "maximum_speed_mps", range.maximum / 360.0);
    json_add_double(builder, "speed_increment_mps", range.increment / 360.0);
    return status;
}

DecodeStatus decode_inclination_range(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsRange range;
    const DecodeStatus status =
        ftms_inclination_range_decode(packet->bytes, packet->length, &range);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_double(builder, "minimum_inclination_percent", range.minimum / 10.0);
    json_add_double(builder, "maximum_inclination_percent", range.maximum / 10.0);
    json_add_double(builder, "inclination_increment_percent", range.increment / 10.0);
    return status;
}

DecodeStatus decode_training(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsTrainingStatus training;
    const DecodeStatus status = ftms_training_decode(packet->bytes, packet->length, &training);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    if (ftms_training_name(training.status))
        json_add_string(builder, "training_status", ftms_training_name(training.status));
    if (!training.has_text)
        return status;
    g_autofree char *text = g_utf8_make_valid(training.text, training.text_length);
    json_add_string(builder, "text", text);
    json_add_boolean(builder, "text_continues", training.text_continues);
    return status;
}

// What is set by a request, and said to have been set by a status.
static void add_target(JsonBuilder *builder, const char *name, const FtmsMessage *message)
{
    static const struct {
        const char *name, *key;
        double per; // raw values in one unit
    } targets[] = {
        {"target-speed", "speed_mps", 360},
        {"target-inclination", "inclination_percent", 10},
        {"target-resistance", "resistance", 10},
        {"target-power", "power_w", 1},
        {"target-heart-rate", "heart_rate", 1},
        {"target-energy", "energy_kcal", 1},
        {"target-steps", "steps", 1},
        {"target-strides", "strides", 1},
        {"target-distance", "distance_m", 1},
        {"target-time", "time_s", 1},
        {"wheel-circumference", "circumference_m", 10000},
        {"target-cadence", "cadence_per_minute", 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++)
        if (message->count == 1 && g_str_equal(name, targets[i].name)) {
            json_add_double(builder, targets[i].key, message->value[0] / targets[i].per);
            return;
        }
    json_builder_set_member_name(builder, "values");
    json_builder_begin_array(builder);
    for (gsize i = 0; i < message->count; i++)
        json_builder_add_int_value(builder, message->value[i]);
    json_builder_end_array(builder);
}

static void add_message(JsonBuilder *builder, const char *key, const char *name,
                        const FtmsMessage *message)
{
    const bool stopped = name && g_str_has_prefix(name, "stop");
    if (!name) {
        json_add_int(builder, "opcode", message->op);
        return;
    }
    if (stopped && message->count == 1 && message->value[0] == FTMS_PAUSE)
        json_add_string(builder, key, g_str_equal(name, "stop") ? "pause" : "paused");
    else
        json_add_string(builder, key, name);
    if (!stopped && message->count > 0)
        add_target(builder, name, message);
}

DecodeStatus decode_machine_status(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsMessage message;
    const DecodeStatus status = ftms_status_decode(packet->bytes, packet->length, &message);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    add_message(builder, "event", ftms_status_name(message.op), &message);
    return status;
}

static DecodeStatus add_response(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsResponse response;
    const DecodeStatus status = ftms_response_decode(packet->bytes, packet->length, &response);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    if (ftms_request_name(response.request))
        json_add_string(builder, "response_to", ftms_request_name(response.request));
    else
        json_add_int(builder, "opcode", response.request);
    json_add_string(builder, "result",
                    ftms_result_name(response.result) ? ftms_result_name(response.result)
                                                      : "unknown");
    return status;
}

DecodeStatus decode_machine_control(const DecodePacket *packet, JsonBuilder *builder)
{
    FtmsMessage message;
    if (packet->length > 0 && packet->bytes[0] == FTMS_RESPONSE)
        return add_response(packet, builder);
    const DecodeStatus status = ftms_request_decode(packet->bytes, packet->length, &message);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    add_message(builder, "request", ftms_request_name(message.op), &message);
    return status;
}
