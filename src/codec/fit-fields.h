// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What both directions of FIT agree on: which fields of which messages stand for what, and how the
// protocol's types look. For fit.c and fit-write.c alone; everybody else wants their headers.

#pragma once

#include "codec/fit.h"

#define FIT_HEADER_BYTES 12 // without its check sum
#define FIT_CRC_BYTES    2
#define FIT_DEFINITION   0x40
#define FIT_TIMESTAMP    253 // the field, in every message

// Base types, by their bytes in a definition.
enum {
    FIT_TYPE_ENUM = 0x00,
    FIT_TYPE_SINT8 = 0x01,
    FIT_TYPE_UINT8 = 0x02,
    FIT_TYPE_SINT16 = 0x83,
    FIT_TYPE_UINT16 = 0x84,
    FIT_TYPE_SINT32 = 0x85,
    FIT_TYPE_UINT32 = 0x86,
    FIT_TYPE_TEXT = 0x07,
    FIT_TYPE_FLOAT32 = 0x88,
    FIT_TYPE_UINT32Z = 0x8c,
    FIT_TYPE_BYTES = 0x0d,
};

typedef struct {
    uint8_t size;
    bool is_signed, is_float;
    bool zero_invalid; // else all ones are, without the sign
} FitType;

// NULL for what holds no number.
const FitType *fit_type(uint8_t type);
uint64_t fit_type_invalid(const FitType *type); // of one that is no float

typedef enum {
    FIT_ALONE,
    FIT_AGAIN, // the row before has the same place: this one counts more where it has a value, and
               // is the one to write
    FIT_DEVELOPED, // no field of the profile but one of our own, and only written; such rows stand
                   // last in their kind
} FitRole;

// raw = (value + offset) × scale. The type is what a writer writes; a reader goes by the file's
// own.
typedef struct {
    FitKind kind;
    uint8_t field, type;
    uint16_t scale, offset;
    uint8_t place; // of a double in the message, or of a FitText
    FitRole role;
} FitField;

// Whether its place is of a FitText.
static inline bool fit_is_text(const FitField *field)
{
    return field->type == FIT_TYPE_TEXT || field->type == FIT_TYPE_BYTES;
}

// All fields of a kind stand together.
extern const FitField fit_fields[];
extern const size_t fit_field_count;

// By the global number: what is given out of it; FIT_END: nothing.
FitKind fit_kind(uint16_t message);
uint16_t fit_global(FitKind kind); // and back
