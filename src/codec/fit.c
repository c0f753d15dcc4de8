// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A FIT file describes itself: a definition says which fields the messages of a local number have,
// how wide each is and of what type. So nothing here goes by position; fit-fields.h says which
// fields are wanted, what their raw values mean and where they go. What was hard is to trust no
// number in the file: all reading is by a cursor that ends where the data of this file end, and the
// check sum is compared before the first message is given out.

#include "codec/fit.h"

#include "base/cursor.h"
#include "codec/fit-fields.h"

#include <string.h>

#define DEVELOPER   0x20 // of a definition: developer fields follow
#define COMPRESSED  0x80
#define LOCAL       0x0f
#define TIME_BITS   0x1f // of a compressed timestamp
#define FIELD_BYTES 3    // of a field's definition, a developer's too

// ── base types ──

static size_t type_size(uint8_t type)
{
    const FitType *kind = fit_type(type);
    return kind ? kind->size : 0;
}

static uint64_t raw_bits(const uint8_t *bytes, size_t size, bool big_endian)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++)
        bits = bits << 8 | bytes[big_endian ? i : size - 1 - i];
    return bits;
}

static double float_of(uint64_t bits, size_t size)
{
    double value;
    if (size == sizeof(float)) {
        const uint32_t narrow = (uint32_t)bits;
        float single;
        memcpy(&single, &narrow, sizeof single);
        value = single;
    } else {
        memcpy(&value, &bits, sizeof value);
    }
    return isfinite(value) ? value : NAN; // all ones, the invalid value, is none
}

// The first value of a field; NAN when it is invalid, or no number.
static double value_of(const uint8_t *bytes, uint8_t type, bool big_endian)
{
    const FitType *kind = fit_type(type);
    const size_t size = kind->size;
    const uint64_t bits = raw_bits(bytes, size, big_endian);
    const uint64_t ones = UINT64_MAX >> (64 - 8 * size);
    if (kind->is_float)
        return float_of(bits, size);
    if (bits == fit_type_invalid(kind))
        return NAN;
    if (kind->is_signed && bits > ones >> 1)
        return -(double)(ones - bits) - 1;
    return (double)bits;
}

// ── a data message ──

// Where the field is in the message, and its type; NULL when it has none that holds a number.
static const uint8_t *find(const FitDefinition *definition, const uint8_t *message, uint8_t field,
                           uint8_t *ret_type, size_t *ret_count)
{
    for (size_t i = 0; i < definition->field_count; i++) {
        const uint8_t *defined = definition->fields + i * FIELD_BYTES;
        const size_t size = type_size(defined[2]);
        if (defined[0] == field && size > 0 && defined[1] >= size && defined[1] % size == 0) {
            *ret_type = defined[2];
            *ret_count = defined[1] / size;
            return message;
        }
        message += defined[1];
    }
    return NULL;
}

static double field_value(const FitDefinition *definition, const uint8_t *message, uint8_t field)
{
    uint8_t type;
    size_t count;
    const uint8_t *at = find(definition, message, field, &type, &count);
    return at ? value_of(at, type, definition->big_endian) : NAN;
}

static FitHrv hrv_of(const FitDefinition *definition, const uint8_t *message)
{
    FitHrv hrv = {0};
    uint8_t type;
    size_t count;
    const uint8_t *at = find(definition, message, 0, &type, &count);
    for (size_t i = 0; at && i < count && hrv.count < FIT_RR_MAX; i++) {
        const double ms = value_of(at + i * type_size(type), type, definition->big_endian);
        if (ms >= 0 && ms < UINT16_MAX)
            hrv.rr_ms[hrv.count++] = (uint16_t)ms;
    }
    return hrv;
}

// Up to the NUL, or all of the field.
static FitText text_of(const FitDefinition *definition, const uint8_t *message, uint8_t field)
{
    for (size_t i = 0; i < definition->field_count; i++) {
        const uint8_t *defined = definition->fields + i * FIELD_BYTES;
        if (defined[0] == field && defined[2] == FIT_TYPE_TEXT) {
            const uint8_t *nul = memchr(message, '\0', defined[1]);
            return (FitText){(const char *)message, nul ? (size_t)(nul - message) : defined[1]};
        }
        message += defined[1];
    }
    return (FitText){NULL, 0};
}

static void fill(FitMessage *message, const FitDefinition *definition, const uint8_t *bytes)
{
    uint8_t *into = (uint8_t *)&message->file;
    const double unknown = NAN;
    // A lap and a session are alike, and neither has all of it.
    if (message->kind == FIT_LAP || message->kind == FIT_SESSION)
        for (size_t at = 0; at < sizeof message->lap; at += sizeof unknown)
            memcpy(into + at, &unknown, sizeof unknown);
    for (size_t i = 0; i < fit_field_count; i++) {
        const FitField *field = &fit_fields[i];
        if (field->kind != message->kind)
            continue;
        if (fit_is_text(field)) {
            const FitText text = text_of(definition, bytes, field->field);
            memcpy(into + field->place, &text, sizeof text);
            continue;
        }
        const double raw = field_value(definition, bytes, field->field);
        const double value = raw / field->scale - field->offset;
        if (field->role != FIT_AGAIN)
            memcpy(into + field->place, &unknown, sizeof unknown);
        if (!isnan(raw) && field->role != FIT_DEVELOPED)
            memcpy(into + field->place, &value, sizeof value);
    }
}

double fit_record_steps(const FitRecord *record)
{
    const double fraction = isnan(record->cadence_fraction) ? 0 : record->cadence_fraction;
    return 2 * (record->cadence + fraction);
}

// ── the file ──

static bool fail(FitReader *reader, FitFault fault, size_t offset)
{
    reader->fault = fault;
    reader->fault_at = offset;
    return false;
}

static Cursor rest_of_data(const FitReader *reader)
{
    return (Cursor){reader->bytes + reader->at, reader->data_end - reader->at};
}

// Comes to after what the cursor has read.
static void advance(FitReader *reader, const Cursor *cursor)
{
    reader->at = reader->data_end - cursor->left;
}

static bool read_header(FitReader *reader)
{
    const size_t start = reader->at, left = reader->length - start;
    const uint8_t *bytes = reader->bytes + start;
    if (!fit_is(bytes, left))
        return fail(reader, FIT_FAULT_HEADER, start);
    const size_t size = bytes[0];
    const size_t data = raw_bits(bytes + 4, 4, false);
    if (left < size + FIT_CRC_BYTES || left - size - FIT_CRC_BYTES < data)
        return fail(reader, FIT_FAULT_CUT, reader->length);
    if (size >= FIT_HEADER_BYTES + FIT_CRC_BYTES) {
        const uint64_t crc = raw_bits(bytes + FIT_HEADER_BYTES, FIT_CRC_BYTES, false);
        if (crc != 0 && crc != fit_crc(0, bytes, FIT_HEADER_BYTES)) // 0: it was not worked out
            return fail(reader, FIT_FAULT_HEADER_CRC, start + FIT_HEADER_BYTES);
    }
    if (fit_crc(0, bytes, size + data) != raw_bits(bytes + size + data, FIT_CRC_BYTES, false))
        return fail(reader, FIT_FAULT_CRC, start + size + data);
    reader->at = start + size;
    reader->data_end = start + size + data;
    reader->has_time = false;
    memset(reader->definitions, 0, sizeof reader->definitions);
    return true;
}

static bool read_definition(FitReader *reader, Cursor *cursor, uint8_t header)
{
    FitDefinition definition = {0};
    uint8_t reserved, order;
    const uint8_t *number;
    if (!cursor_u8(cursor, &reserved) || !cursor_u8(cursor, &order))
        return fail(reader, FIT_FAULT_BEYOND_ITS_END, reader->at);
    if (order > 1)
        return fail(reader, FIT_FAULT_BYTE_ORDER, reader->data_end - cursor->left - 1);
    definition.big_endian = order == 1;
    if (!cursor_bytes(cursor, 2, &number) || !cursor_u8(cursor, &definition.field_count) ||
        !cursor_bytes(cursor, (size_t)definition.field_count * FIELD_BYTES, &definition.fields))
        return fail(reader, FIT_FAULT_BEYOND_ITS_END, reader->at);
    definition.message = (uint16_t)raw_bits(number, 2, definition.big_endian);
    if (header & DEVELOPER) {
        uint8_t count;
        const uint8_t *developer;
        if (!cursor_u8(cursor, &count) ||
            !cursor_bytes(cursor, (size_t)count * FIELD_BYTES, &developer))
            return fail(reader, FIT_FAULT_BEYOND_ITS_END, reader->at);
        for (size_t i = 0; i < count; i++)
            definition.developer_bytes += developer[i * FIELD_BYTES + 1];
    }
    reader->definitions[header & LOCAL] = definition;
    advance(reader, cursor);
    return true;
}

// What five bits say of the time: the next instant, from the newest, that ends in them.
static uint32_t decompress(uint32_t newest, uint8_t header)
{
    return newest + (((uint32_t)header - newest) & TIME_BITS);
}

// A data message. True when it is one that is given out.
static bool read_data(FitReader *reader, Cursor *cursor, uint8_t header, FitMessage *ret_message)
{
    const bool compressed = header & COMPRESSED;
    const FitDefinition *definition =
        &reader->definitions[compressed ? header >> 5 & 3 : header & LOCAL];
    if (!definition->fields)
        return fail(reader, FIT_FAULT_UNDEFINED, reader->at);
    size_t size = definition->developer_bytes;
    for (size_t i = 0; i < definition->field_count; i++)
        size += definition->fields[i * FIELD_BYTES + 1];
    const uint8_t *bytes;
    if (!cursor_bytes(cursor, size, &bytes))
        return fail(reader, FIT_FAULT_BEYOND_ITS_END, reader->at);
    if (compressed && !reader->has_time)
        return fail(reader, FIT_FAULT_NO_TIMESTAMP, reader->at);
    ret_message->offset = reader->at;
    advance(reader, cursor);
    double time = field_value(definition, bytes, FIT_TIMESTAMP);
    if (isnan(time) && compressed)
        time = decompress(reader->time, header);
    if (time >= 0 && time < UINT32_MAX) {
        reader->time = (uint32_t)time;
        reader->has_time = true;
    }
    ret_message->kind = fit_kind(definition->message);
    if (ret_message->kind == FIT_END)
        return false;
    if (ret_message->kind == FIT_HRV) {
        ret_message->hrv = hrv_of(definition, bytes);
        return true;
    }
    fill(ret_message, definition, bytes);
    if (compressed && ret_message->kind == FIT_RECORD)
        ret_message->record.time = time;
    return true;
}

void fit_reader_init(FitReader *reader, const uint8_t *bytes, size_t length)
{
    static const uint8_t none;
    *reader = (FitReader){.bytes = length > 0 ? bytes : &none, .length = length};
}

// Nothing more, or nothing but zeros, which some fill their last block with.
static bool is_padding(const FitReader *reader)
{
    size_t at = reader->at;
    while (at < reader->length && reader->bytes[at] == 0)
        at++;
    return at == reader->length;
}

FitMessage fit_read(FitReader *reader)
{
    FitMessage message = {0};
    while (reader->fault == FIT_FAULT_NONE) {
        if (reader->data_end > 0 && reader->at == reader->data_end) {
            reader->at += FIT_CRC_BYTES;
            reader->data_end = 0;
        }
        if (reader->data_end == 0) {
            if (reader->at > 0 && is_padding(reader))
                return (FitMessage){.kind = FIT_END, .offset = reader->at};
            read_header(reader);
            continue;
        }
        Cursor cursor = rest_of_data(reader);
        uint8_t header;
        cursor_u8(&cursor, &header);
        if ((header & (COMPRESSED | FIT_DEFINITION)) == FIT_DEFINITION)
            read_definition(reader, &cursor, header);
        else if (read_data(reader, &cursor, header, &message))
            return message;
    }
    return (FitMessage){.kind = FIT_BAD, .fault = reader->fault, .offset = reader->fault_at};
}

uint16_t fit_crc(uint16_t crc, const uint8_t *bytes, size_t length)
{
    // Of each nibble, by itself.
    static const uint16_t nibbles[] = {
        0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
        0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
    };
    for (size_t i = 0; i < length; i++) {
        crc = (uint16_t)(crc >> 4 ^ nibbles[(crc ^ bytes[i]) & 0xf]);
        crc = (uint16_t)(crc >> 4 ^ nibbles[(crc ^ bytes[i] >> 4) & 0xf]);
    }
    return crc;
}

bool fit_is(const uint8_t *bytes, size_t length)
{
    return length >= FIT_HEADER_BYTES && bytes[0] >= FIT_HEADER_BYTES &&
           memcmp(bytes + 8, ".FIT", 4) == 0;
}

const char *fit_fault_text(FitFault fault)
{
    switch (fault) {
    case FIT_FAULT_NONE:
        break;
    case FIT_FAULT_HEADER:
        return "expected the header of a FIT file";
    case FIT_FAULT_HEADER_CRC:
        return "the header's check sum is not that of its bytes: the file is damaged";
    case FIT_FAULT_CUT:
        return "the file ends before what its header says: it was cut";
    case FIT_FAULT_CRC:
        return "the check sum is not that of the bytes before it: the file is damaged";
    case FIT_FAULT_BYTE_ORDER:
        return "expected a byte order, 0 or 1";
    case FIT_FAULT_UNDEFINED:
        return "data of which nothing says what they mean";
    case FIT_FAULT_NO_TIMESTAMP:
        return "a timestamp that goes by an earlier one, and there is none";
    case FIT_FAULT_BEYOND_ITS_END:
        return "a message goes on beyond the end of the data";
    }
    return "no fault";
}
