// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The messages of FIT that are read and written, as a table. Numbers, types, scales: the public
// profile 21.217. What was hard is that some values stand in two fields, the wider of which newer
// watches write.

#include "codec/fit-fields.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const FitType *fit_type(uint8_t type)
{
    // By the low five bits; a size of 0: no number.
    static const FitType types[] = {
        [0x00] = {.size = 1},
        [0x01] = {.size = 1, .is_signed = true},
        [0x02] = {.size = 1},
        [0x03] = {.size = 2, .is_signed = true},
        [0x04] = {.size = 2},
        [0x05] = {.size = 4, .is_signed = true},
        [0x06] = {.size = 4},
        [0x07] = {.size = 0}, // text
        [0x08] = {.size = 4, .is_float = true},
        [0x09] = {.size = 8, .is_float = true},
        [0x0a] = {.size = 1, .zero_invalid = true},
        [0x0b] = {.size = 2, .zero_invalid = true},
        [0x0c] = {.size = 4, .zero_invalid = true},
        [0x0d] = {.size = 1},
        [0x0e] = {.size = 8, .is_signed = true},
        [0x0f] = {.size = 8},
        [0x10] = {.size = 8, .zero_invalid = true},
    };
    const uint8_t number = type & 0x1f;
    return number < COUNT(types) && types[number].size > 0 ? &types[number] : NULL;
}

uint64_t fit_type_invalid(const FitType *type)
{
    const uint64_t ones = UINT64_MAX >> (64 - 8 * type->size);
    return type->zero_invalid ? 0 : type->is_signed ? ones >> 1 : ones;
}

static const struct {
    uint16_t global;
    FitKind kind;
} messages[] = {
    {0, FIT_FILE},   {18, FIT_SESSION}, {19, FIT_LAP},  {20, FIT_RECORD},
    {21, FIT_EVENT}, {26, FIT_WORKOUT}, {27, FIT_STEP}, {78, FIT_HRV},
};

FitKind fit_kind(uint16_t message)
{
    for (size_t i = 0; i < COUNT(messages); i++)
        if (messages[i].global == message)
            return messages[i].kind;
    return FIT_END;
}

uint16_t fit_global(FitKind kind)
{
    size_t i = 0;
    while (messages[i].kind != kind)
        i++;
    return messages[i].global;
}

#define AT(Type, member) ((uint8_t)offsetof(Type, member))
#define ENUM             FIT_TYPE_ENUM, 1, 0
#define U8               FIT_TYPE_UINT8, 1, 0
#define U16              FIT_TYPE_UINT16, 1, 0
#define U32              FIT_TYPE_UINT32, 1, 0
#define TEXT             FIT_TYPE_TEXT, 1, 0

// clang-format off
const FitField fit_fields[] = {
    {FIT_FILE, 0, ENUM, AT(FitFileId, type), false},
    {FIT_FILE, 1, U16, AT(FitFileId, manufacturer), false},
    {FIT_FILE, 2, U16, AT(FitFileId, product), false},
    {FIT_FILE, 3, FIT_TYPE_UINT32Z, 1, 0, AT(FitFileId, serial), false},
    {FIT_FILE, 4, U32, AT(FitFileId, created), false},

    {FIT_SESSION, FIT_TIMESTAMP, U32, AT(FitLap, time), false},
    {FIT_SESSION, 2, U32, AT(FitLap, start), false},
    {FIT_SESSION, 5, ENUM, AT(FitLap, sport), false},
    {FIT_SESSION, 6, ENUM, AT(FitLap, sub_sport), false},
    {FIT_SESSION, 7, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, elapsed), false},
    {FIT_SESSION, 8, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, timer), false},
    {FIT_SESSION, 9, FIT_TYPE_UINT32, 100, 0, AT(FitLap, distance), false},
    {FIT_SESSION, 16, U8, AT(FitLap, heart_rate), false},
    {FIT_SESSION, 17, U8, AT(FitLap, heart_rate_max), false},
    {FIT_SESSION, 28, ENUM, AT(FitLap, trigger), false},

    {FIT_LAP, FIT_TIMESTAMP, U32, AT(FitLap, time), false},
    {FIT_LAP, 2, U32, AT(FitLap, start), false},
    {FIT_LAP, 7, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, elapsed), false},
    {FIT_LAP, 8, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, timer), false},
    {FIT_LAP, 9, FIT_TYPE_UINT32, 100, 0, AT(FitLap, distance), false},
    {FIT_LAP, 15, U8, AT(FitLap, heart_rate), false},
    {FIT_LAP, 16, U8, AT(FitLap, heart_rate_max), false},
    {FIT_LAP, 23, ENUM, AT(FitLap, intensity), false},
    {FIT_LAP, 24, ENUM, AT(FitLap, trigger), false},
    {FIT_LAP, 25, ENUM, AT(FitLap, sport), false},
    {FIT_LAP, 39, ENUM, AT(FitLap, sub_sport), false},

    {FIT_RECORD, FIT_TIMESTAMP, U32, AT(FitRecord, time), false},
    {FIT_RECORD, 2, FIT_TYPE_UINT16, 5, 500, AT(FitRecord, altitude), false},
    {FIT_RECORD, 78, FIT_TYPE_UINT32, 5, 500, AT(FitRecord, altitude), true},
    {FIT_RECORD, 3, U8, AT(FitRecord, heart_rate), false},
    {FIT_RECORD, 4, U8, AT(FitRecord, cadence), false},
    {FIT_RECORD, 53, FIT_TYPE_UINT8, 128, 0, AT(FitRecord, cadence_fraction), false},
    {FIT_RECORD, 5, FIT_TYPE_UINT32, 100, 0, AT(FitRecord, distance), false},
    {FIT_RECORD, 6, FIT_TYPE_UINT16, 1000, 0, AT(FitRecord, speed), false},
    {FIT_RECORD, 73, FIT_TYPE_UINT32, 1000, 0, AT(FitRecord, speed), true},
    {FIT_RECORD, 7, U16, AT(FitRecord, power), false},
    {FIT_RECORD, 9, FIT_TYPE_SINT16, 100, 0, AT(FitRecord, grade), false},
    {FIT_RECORD, 39, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, vertical_oscillation), false},
    {FIT_RECORD, 41, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, stance_time), false},
    {FIT_RECORD, 85, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, step_length), false},

    {FIT_EVENT, FIT_TIMESTAMP, U32, AT(FitEvent, time), false},
    {FIT_EVENT, 0, ENUM, AT(FitEvent, event), false},
    {FIT_EVENT, 1, ENUM, AT(FitEvent, type), false},

    {FIT_WORKOUT, 4, ENUM, AT(FitWorkout, sport), false},
    {FIT_WORKOUT, 5, FIT_TYPE_UINT32Z, 1, 0, AT(FitWorkout, capabilities), false},
    {FIT_WORKOUT, 6, U16, AT(FitWorkout, step_count), false},
    {FIT_WORKOUT, 8, TEXT, AT(FitWorkout, name), false},

    {FIT_STEP, 254, U16, AT(FitStep, index), false},
    {FIT_STEP, 0, TEXT, AT(FitStep, name), false},
    {FIT_STEP, 1, ENUM, AT(FitStep, duration_type), false},
    {FIT_STEP, 2, U32, AT(FitStep, duration), false},
    {FIT_STEP, 3, ENUM, AT(FitStep, target_type), false},
    {FIT_STEP, 4, U32, AT(FitStep, target), false},
    {FIT_STEP, 5, U32, AT(FitStep, low), false},
    {FIT_STEP, 6, U32, AT(FitStep, high), false},
    {FIT_STEP, 7, ENUM, AT(FitStep, intensity), false},
    {FIT_STEP, 8, TEXT, AT(FitStep, notes), false},
    {FIT_STEP, 19, ENUM, AT(FitStep, second_target_type), false},
};
// clang-format on
const size_t fit_field_count = COUNT(fit_fields);
