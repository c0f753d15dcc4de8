// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart Rate Measurement, read the way straps write it. What was hard is what they get wrong: the
// contact status bit set without the support bit (then it says nothing), the RR flag with no RR
// behind it (no beat since the last packet: in order), half an RR value at the end (dropped).

#include "codec/hrs.h"

#include "base/cursor.h"

enum {
    FLAG_RATE_16_BIT = 1 << 0,
    FLAG_CONTACT_DETECTED = 1 << 1,
    FLAG_CONTACT_SUPPORTED = 1 << 2,
    FLAG_ENERGY = 1 << 3,
    FLAG_RR = 1 << 4,
};

static HrsContact contact_from_flags(uint8_t flags)
{
    if (!(flags & FLAG_CONTACT_SUPPORTED))
        return HRS_CONTACT_UNSUPPORTED;
    return flags & FLAG_CONTACT_DETECTED ? HRS_CONTACT_OK : HRS_CONTACT_LOST;
}

static uint8_t contact_to_flags(HrsContact contact)
{
    switch (contact) {
    case HRS_CONTACT_OK:
        return FLAG_CONTACT_SUPPORTED | FLAG_CONTACT_DETECTED;
    case HRS_CONTACT_LOST:
        return FLAG_CONTACT_SUPPORTED;
    case HRS_CONTACT_UNSUPPORTED:
        break;
    }
    return 0;
}

static bool read_rate(Cursor *cursor, uint8_t flags, uint16_t *ret_rate)
{
    if (flags & FLAG_RATE_16_BIT)
        return cursor_u16(cursor, ret_rate);
    uint8_t rate;
    if (!cursor_u8(cursor, &rate))
        return false;
    *ret_rate = rate;
    return true;
}

DecodeStatus hrs_decode(const uint8_t *bytes, size_t length, HrsMeasurement *ret_measurement)
{
    Cursor cursor = {bytes, length};
    HrsMeasurement measurement = {0};
    uint8_t flags;
    if (!cursor_u8(&cursor, &flags) || !read_rate(&cursor, flags, &measurement.heart_rate))
        return DECODE_REJECT;
    measurement.contact = contact_from_flags(flags);
    if (flags & FLAG_ENERGY) {
        measurement.has_energy = cursor_u16(&cursor, &measurement.energy_kj);
        if (!measurement.has_energy) {
            *ret_measurement = measurement;
            return DECODE_TRUNCATED;
        }
    }
    if (flags & FLAG_RR)
        while (measurement.rr_count < HRS_RR_MAX &&
               cursor_u16(&cursor, &measurement.rr_1024[measurement.rr_count]))
            measurement.rr_count++;
    *ret_measurement = measurement;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t hrs_encode(const HrsMeasurement *measurement, uint8_t *ret_bytes, size_t size)
{
    if (measurement->rr_count > HRS_RR_MAX)
        return 0;
    const bool wide = measurement->heart_rate > UINT8_MAX;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer,
              (uint8_t)((wide ? FLAG_RATE_16_BIT : 0) | contact_to_flags(measurement->contact) |
                        (measurement->has_energy ? FLAG_ENERGY : 0) |
                        (measurement->rr_count > 0 ? FLAG_RR : 0)));
    if (wide)
        writer_u16(&writer, measurement->heart_rate);
    else
        writer_u8(&writer, (uint8_t)measurement->heart_rate);
    if (measurement->has_energy)
        writer_u16(&writer, measurement->energy_kj);
    for (size_t i = 0; i < measurement->rr_count; i++)
        writer_u16(&writer, measurement->rr_1024[i]);
    return writer.full ? 0 : writer.length;
}

const char *hrs_contact_name(HrsContact contact)
{
    static const char *const names[] = {
        [HRS_CONTACT_UNSUPPORTED] = "unsupported",
        [HRS_CONTACT_LOST] = "lost",
        [HRS_CONTACT_OK] = "ok",
    };
    return names[contact];
}
