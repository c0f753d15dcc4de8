// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Writes FIT by the table that it is read by. What was hard is that a definition has to come before
// its data, and that nobody knows beforehand which values a sensor will have: a definition grows
// with the messages, and never shrinks, so that a strap that comes and goes does not define anew
// every second.

#include "codec/fit-write.h"

#include "codec/fit-fields.h"

#include <string.h>

#define PROTOCOL     0x10 // 1.0
#define PROTOCOL_OWN 0x20 // 2.0: with developer fields
#define DEVELOPER    0x20 // of a definition
#define PROFILE      21217
#define NO_BEAT      0xffff

static const FitField hrv_field = {.field = 0, .type = FIT_TYPE_UINT16};

// ── a kind's rows ──

typedef struct {
    const FitField *fields;
    size_t count;
} Rows;

static Rows rows_of(FitKind kind)
{
    Rows rows = {fit_fields, 0};
    if (kind == FIT_HRV)
        return (Rows){&hrv_field, 1};
    while (rows.fields->kind != kind)
        rows.fields++;
    const size_t left = fit_field_count - (size_t)(rows.fields - fit_fields);
    while (rows.count < left && rows.fields[rows.count].kind == kind)
        rows.count++;
    return rows;
}

static double number_of(const FitMessage *message, const FitField *field)
{
    double value;
    memcpy(&value, (const uint8_t *)&message->file + field->place, sizeof value);
    return value;
}

// As much as is written of it: UTF-8 is cut between two characters.
static FitText message_text(const FitMessage *message, const FitField *field)
{
    FitText text;
    memcpy(&text, (const uint8_t *)&message->file + field->place, sizeof text);
    if (text.length <= FIT_TEXT_MAX)
        return text;
    text.length = FIT_TEXT_MAX;
    while (text.length > 0 && ((uint8_t)text.at[text.length] & 0xc0) == 0x80)
        text.length--;
    return text;
}

// ── shapes ──

static FitShape shape_of(const FitMessage *message, const Rows *rows)
{
    FitShape shape = {0};
    size_t texts = 0;
    if (message->kind == FIT_HRV)
        return (FitShape){.fields = 1, .beats = message->hrv.count};
    for (size_t i = 0; i < rows->count; i++) {
        const FitField *field = &rows->fields[i];
        const bool instead = i + 1 < rows->count && field[1].role == FIT_AGAIN;
        bool has;
        if (fit_is_text(field)) {
            const FitText text = message_text(message, field);
            const size_t nul = field->type == FIT_TYPE_TEXT;
            has = text.at != NULL;
            shape.texts[texts++] = has ? (uint8_t)(text.length + nul) : 0;
        } else
            has = !instead && !isnan(number_of(message, field));
        shape.fields |= has ? UINT64_C(1) << i : 0;
    }
    return shape;
}

static uint8_t larger(uint8_t one, uint8_t other)
{
    return one > other ? one : other;
}

// Takes what `more` has beyond it. False when that is nothing.
static bool shape_grow(FitShape *shape, const FitShape *more)
{
    FitShape grown = {
        .fields = shape->fields | more->fields,
        .beats = larger(shape->beats, more->beats),
    };
    bool same = grown.fields == shape->fields && grown.beats == shape->beats;
    for (size_t i = 0; i < FIT_TEXTS_MAX; i++) {
        grown.texts[i] = larger(shape->texts[i], more->texts[i]);
        same &= grown.texts[i] == shape->texts[i];
    }
    *shape = grown;
    return !same;
}

// ── bytes ──

static void write_bits(Writer *writer, uint64_t bits, size_t size)
{
    for (size_t i = 0; i < size; i++)
        writer_u8(writer, (uint8_t)(bits >> (8 * i)));
}

static uint8_t field_size(const FitField *field, const FitShape *shape, size_t *texts)
{
    if (fit_is_text(field))
        return shape->texts[(*texts)++];
    return (uint8_t)(fit_type(field->type)->size * (field == &hrv_field ? shape->beats : 1));
}

static bool is_written(const FitShape *shape, const Rows *rows, size_t row, FitRole role)
{
    return (shape->fields >> row & 1) &&
           (rows->fields[row].role == FIT_DEVELOPED) == (role == FIT_DEVELOPED);
}

static uint8_t count_fields(const FitShape *shape, const Rows *rows, FitRole role)
{
    uint8_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count = (uint8_t)(count + is_written(shape, rows, i, role));
    return count;
}

// Those of the profile, or our own, which have the developer's index, 0, in place of a type.
static void write_fields(Writer *writer, const FitShape *shape, const Rows *rows, FitRole role)
{
    size_t texts = 0;
    writer_u8(writer, count_fields(shape, rows, role));
    for (size_t i = 0; i < rows->count; i++) {
        const FitField *field = &rows->fields[i];
        const uint8_t size = field_size(field, shape, &texts);
        if (!is_written(shape, rows, i, role))
            continue;
        writer_u8(writer, field->field);
        writer_u8(writer, size);
        writer_u8(writer, role == FIT_DEVELOPED ? 0 : field->type);
    }
}

static void write_definition(FitWriter *writer, uint8_t local, FitKind kind, const FitShape *shape,
                             const Rows *rows)
{
    Writer *to = &writer->writer;
    const bool own = count_fields(shape, rows, FIT_DEVELOPED) > 0;
    writer->developed |= own;
    writer_u8(to, (uint8_t)(FIT_DEFINITION | (own ? DEVELOPER : 0) | local));
    writer_u8(to, 0); // reserved
    writer_u8(to, 0); // little-endian
    writer_u16(to, fit_global(kind));
    write_fields(to, shape, rows, FIT_ALONE);
    if (own)
        write_fields(to, shape, rows, FIT_DEVELOPED);
}

static void write_float(Writer *writer, double value)
{
    const float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    write_bits(writer, isnan(value) ? UINT32_MAX : bits, sizeof bits);
}

static void write_number(Writer *writer, const FitField *field, double value)
{
    const FitType *type = fit_type(field->type);
    if (type->is_float) {
        write_float(writer, value);
        return;
    }
    const uint64_t ones = UINT64_MAX >> (64 - 8 * type->size);
    const double least = type->is_signed ? -(double)(ones >> 1) - 1 : type->zero_invalid ? 1 : 0;
    const double most = (double)(type->is_signed ? ones >> 1 : ones) - !type->zero_invalid;
    const double raw = round((value + field->offset) * field->scale);
    const bool fits = raw >= least && raw <= most; // NAN does not
    write_bits(writer, fits ? (uint64_t)(int64_t)raw & ones : fit_type_invalid(type), type->size);
}

static void write_text(Writer *writer, FitText text, size_t size)
{
    if (text.at != NULL)
        writer_bytes(writer, (const uint8_t *)text.at, text.length);
    for (size_t i = text.at != NULL ? text.length : 0; i < size; i++)
        writer_u8(writer, 0);
}

static void write_values(Writer *writer, const FitMessage *message, const FitShape *shape,
                         const Rows *rows)
{
    size_t texts = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const FitField *field = &rows->fields[i];
        const uint8_t size = field_size(field, shape, &texts);
        if ((shape->fields >> i & 1) == 0)
            continue;
        if (fit_is_text(field))
            write_text(writer, message_text(message, field), size);
        else
            write_number(writer, field, number_of(message, field));
    }
}

static void write_beats(Writer *writer, const FitHrv *hrv, uint8_t beats)
{
    for (size_t i = 0; i < beats; i++)
        writer_u16(writer, i < hrv->count ? hrv->rr_ms[i] : NO_BEAT);
}

// ── the file ──

void fit_writer_init(FitWriter *writer, uint8_t *bytes, size_t size)
{
    *writer = (FitWriter){.writer = {.bytes = bytes, .size = size}};
    writer_u8(&writer->writer, FIT_HEADER_BYTES + FIT_CRC_BYTES);
    writer_u8(&writer->writer, PROTOCOL);
    writer_u16(&writer->writer, PROFILE);
    writer_u32(&writer->writer,
               0); // how much there is, and the check sum, will be known at the end
    writer_bytes(&writer->writer, (const uint8_t *)".FIT", 4);
    writer_u16(&writer->writer, 0);
}

void fit_write(FitWriter *writer, const FitMessage *message)
{
    const uint8_t local = (uint8_t)(message->kind - FIT_FILE);
    const Rows rows = rows_of(message->kind);
    const FitShape needed = shape_of(message, &rows);
    FitShape *shape = &writer->shapes[local];
    if (shape_grow(shape, &needed))
        write_definition(writer, local, message->kind, shape, &rows);
    writer_u8(&writer->writer, local);
    if (message->kind == FIT_HRV)
        write_beats(&writer->writer, &message->hrv, shape->beats);
    else
        write_values(&writer->writer, message, shape, &rows);
}

size_t fit_writer_end(FitWriter *writer)
{
    Writer *file = &writer->writer;
    if (file->full)
        return 0;
    if (writer->developed)
        file->bytes[1] = PROTOCOL_OWN;
    const size_t header = FIT_HEADER_BYTES + FIT_CRC_BYTES;
    const size_t data = file->length - header;
    for (size_t i = 0; i < 4; i++)
        file->bytes[4 + i] = (uint8_t)(data >> (8 * i));
    const uint16_t header_crc = fit_crc(0, file->bytes, FIT_HEADER_BYTES);
    file->bytes[FIT_HEADER_BYTES] = (uint8_t)header_crc;
    file->bytes[FIT_HEADER_BYTES + 1] = (uint8_t)(header_crc >> 8);
    writer_u16(file, fit_crc(0, file->bytes, file->length));
    return file->full ? 0 : file->length;
}
