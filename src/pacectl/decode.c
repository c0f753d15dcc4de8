// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl decode: packets, given in hex, as JSON. For looking into a sensor that misbehaves, and
// for scripts. Several packets are one after the other from the same sensor: a treadmill's are put
// together to records, and of the others each is an object on a line of its own. A packet that is
// rejected is complained of and nothing is printed, so that a script need not look at half a
// result.

#include "pacectl/decode.h"

#include "codec/battery.h"
#include "codec/hrs.h"
#include "codec/location.h"

#include <string.h>

// More than a treadmill needs for a record, or a person for a look.
#define PACKETS_MAX 4096

static DecodeStatus decode_heart(const DecodePacket *packet, JsonBuilder *builder)
{
    HrsMeasurement measurement;
    const DecodeStatus status = hrs_decode(packet->bytes, packet->length, &measurement);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
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

static DecodeStatus decode_heart_control(const DecodePacket *packet, JsonBuilder *builder)
{
    if (packet->length == 0)
        return DECODE_REJECT;
    const DecodeStatus status = packet->length > 1 ? DECODE_EXTRA : DECODE_OK;
    json_add_status(builder, status);
    if (packet->bytes[0] == HRS_CONTROL_RESET_ENERGY)
        json_add_string(builder, "request", "reset-energy");
    else
        json_add_int(builder, "opcode", packet->bytes[0]);
    return status;
}

static DecodeStatus decode_heart_location(const DecodePacket *packet, JsonBuilder *builder)
{
    BodyLocation location;
    const DecodeStatus status = location_body_decode(packet->bytes, packet->length, &location);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_string(builder, "location", location_body_name((uint8_t)location));
    return status;
}

static DecodeStatus decode_battery(const DecodePacket *packet, JsonBuilder *builder)
{
    uint8_t percent;
    const DecodeStatus status = battery_decode(packet->bytes, packet->length, &percent);
    if (status == DECODE_REJECT)
        return status;
    json_add_status(builder, status);
    json_add_int(builder, "battery_percent", percent);
    return status;
}

static const struct {
    const char *characteristic;
    DecodeOne one; // or, where packets belong together,
    DecodeAll all;
    const char *least;
} DECODERS[] = {
    {"2a19", decode_battery, NULL, "a byte from 0 to 100"},
    {"2a37", decode_heart, NULL, "flags and a heart rate, at least 2 bytes"},
    {"2a38", decode_heart_location, NULL, "a byte from 0 to 6"},
    {"2a39", decode_heart_control, NULL, "a byte"},
    {"2a53", decode_pod, NULL, "flags, speed and cadence, at least 4 bytes"},
    {"2a54", decode_pod_feature, NULL, "2 bytes"},
    {"2a55", decode_pod_control, NULL, "a request, or a response of at least 3 bytes"},
    {"2a5d", decode_pod_location, NULL, "a byte from 0 to 16"},
    {"2a63", NULL, decode_power, "flags and a power, at least 4 bytes"},
    {"2acc", decode_machine_feature, NULL, "8 bytes"},
    {"2acd", NULL, decode_treadmill, "flags, at least 2 bytes"},
    {"2ad3", decode_training, NULL, "flags and a status, at least 2 bytes"},
    {"2ad4", decode_speed_range, NULL, "6 bytes"},
    {"2ad5", decode_inclination_range, NULL, "6 bytes"},
    {"2ad9", decode_machine_control, NULL, "a request, or a response of at least 3 bytes"},
    {"2ada", decode_machine_status, NULL, "at least 1 byte"},
};

static bool hex_read(const char *hex, DecodePacket *ret_packet)
{
    const gsize length = strlen(hex);
    if (length % 2 != 0 || length / 2 > sizeof ret_packet->bytes)
        return false;
    ret_packet->length = length / 2;
    for (gsize i = 0; i < ret_packet->length; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret_packet->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

// The packets of the arguments, several to an argument where there is white space in it. NULL: one
// was no packet, which was complained of.
static GArray *packets_read(char **arguments)
{
    g_autoptr(GArray) packets = g_array_new(FALSE, FALSE, sizeof(DecodePacket));
    for (; *arguments; arguments++) {
        g_auto(GStrv) words = g_strsplit_set(*arguments, " \t\r\n", -1);
        for (char **word = words; *word; word++) {
            DecodePacket packet;
            if (**word == '\0' && words[1])
                continue; // two blanks, not an empty packet
            if (!hex_read(*word, &packet)) {
                complain(EXIT_BAD_INPUT,
                         "'%.40s' is not a packet: give up to %d bytes as pairs of hex digits",
                         *word, PACKET_MAX);
                return NULL;
            }
            g_array_append_val(packets, packet);
        }
    }
    if (packets->len == 0 || packets->len > PACKETS_MAX) {
        complain(EXIT_BAD_INPUT, "give at least one packet and at most %d", PACKETS_MAX);
        return NULL;
    }
    return g_steal_pointer(&packets);
}

static gssize decode_each(DecodeOne decode, const DecodePacket *packets, gsize count,
                          GPtrArray *builders)
{
    for (gsize i = 0; i < count; i++) {
        JsonBuilder *builder = json_builder_new();
        g_ptr_array_add(builders, builder);
        json_builder_begin_object(builder);
        if (decode(&packets[i], builder) == DECODE_REJECT)
            return (gssize)i;
        json_builder_end_object(builder);
    }
    return -1;
}

static gssize find_decoder(const char *characteristic)
{
    for (gsize i = 0; i < G_N_ELEMENTS(DECODERS); i++)
        if (g_ascii_strcasecmp(characteristic, DECODERS[i].characteristic) == 0)
            return (gssize)i;
    return -1;
}

static int complain_unknown(const char *characteristic)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(DECODERS); i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", DECODERS[i].characteristic);
    return complain(EXIT_BAD_USAGE, "characteristic '%.40s' is not known; known are %s",
                    characteristic, known->str);
}

int verb_decode(int argc, char **argv)
{
    gboolean json = FALSE; // always JSON; taken so that scripts can say it everywhere
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 2, -1))
        return EXIT_BAD_USAGE;
    const gssize decoder = find_decoder(argv[1]);
    if (decoder < 0)
        return complain_unknown(argv[1]);
    g_autoptr(GArray) packets = packets_read(argv + 2);
    if (!packets)
        return EXIT_BAD_INPUT;

    g_autoptr(GPtrArray) builders = g_ptr_array_new_with_free_func(g_object_unref);
    const DecodePacket *first = &g_array_index(packets, DecodePacket, 0);
    const gssize rejected = DECODERS[decoder].all
                                ? DECODERS[decoder].all(first, packets->len, builders)
                                : decode_each(DECODERS[decoder].one, first, packets->len, builders);
    if (rejected >= 0)
        return complain(EXIT_BAD_INPUT, "%s packet of %zu bytes rejected; expected %s", argv[1],
                        first[rejected].length, DECODERS[decoder].least);
    for (guint i = 0; i < builders->len; i++)
        print_json_builder(g_object_ref(g_ptr_array_index(builders, i)));
    return EXIT_DONE;
}
