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
    {0, FIT_FILE},        {18, FIT_SESSION}, {19, FIT_LAP},     {20, FIT_RECORD},
    {21, FIT_EVENT},      {23, FIT_DEVICE},  {26, FIT_WORKOUT}, {27, FIT_STEP},
    {34, FIT_ACTIVITY},   {49, FIT_CREATOR}, {78, FIT_HRV},     {206, FIT_OWN_FIELD},
    {207, FIT_DEVELOPER},
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
#define FLOAT            FIT_TYPE_FLOAT32, 1, 0

// clang-format off
const FitField fit_fields[] = {
    {FIT_FILE, 0, ENUM, AT(FitFileId, type), FIT_ALONE},
    {FIT_FILE, 1, U16, AT(FitFileId, manufacturer), FIT_ALONE},
    {FIT_FILE, 2, U16, AT(FitFileId, product), FIT_ALONE},
    {FIT_FILE, 3, FIT_TYPE_UINT32Z, 1, 0, AT(FitFileId, serial), FIT_ALONE},
    {FIT_FILE, 4, U32, AT(FitFileId, created), FIT_ALONE},

    {FIT_SESSION, FIT_TIMESTAMP, U32, AT(FitLap, time), FIT_ALONE},
    {FIT_SESSION, 2, U32, AT(FitLap, start), FIT_ALONE},
    {FIT_SESSION, 5, ENUM, AT(FitLap, sport), FIT_ALONE},
    {FIT_SESSION, 6, ENUM, AT(FitLap, sub_sport), FIT_ALONE},
    {FIT_SESSION, 7, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, elapsed), FIT_ALONE},
    {FIT_SESSION, 8, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, timer), FIT_ALONE},
    {FIT_SESSION, 9, FIT_TYPE_UINT32, 100, 0, AT(FitLap, distance), FIT_ALONE},
    {FIT_SESSION, 16, U8, AT(FitLap, heart_rate), FIT_ALONE},
    {FIT_SESSION, 17, U8, AT(FitLap, heart_rate_max), FIT_ALONE},
    {FIT_SESSION, 28, ENUM, AT(FitLap, trigger), FIT_ALONE},
    {FIT_SESSION, 254, U16, AT(FitLap, index), FIT_ALONE},
    {FIT_SESSION, 0, ENUM, AT(FitLap, event), FIT_ALONE},
    {FIT_SESSION, 1, ENUM, AT(FitLap, event_type), FIT_ALONE},
    {FIT_SESSION, 18, U8, AT(FitLap, cadence), FIT_ALONE},
    {FIT_SESSION, 92, FIT_TYPE_UINT8, 128, 0, AT(FitLap, cadence_fraction), FIT_ALONE},
    {FIT_SESSION, 20, U16, AT(FitLap, power), FIT_ALONE},
    {FIT_SESSION, 124, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, speed), FIT_ALONE},
    {FIT_SESSION, 125, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, speed_max), FIT_ALONE},
    {FIT_SESSION, 134, FIT_TYPE_UINT16, 10, 0, AT(FitLap, step_length), FIT_ALONE},
    {FIT_SESSION, 25, U16, AT(FitLap, first_lap), FIT_ALONE},
    {FIT_SESSION, 26, U16, AT(FitLap, lap_count), FIT_ALONE},
    {FIT_SESSION, 35, FIT_TYPE_UINT16, 10, 0, AT(FitLap, stress), FIT_ALONE},

    {FIT_LAP, FIT_TIMESTAMP, U32, AT(FitLap, time), FIT_ALONE},
    {FIT_LAP, 2, U32, AT(FitLap, start), FIT_ALONE},
    {FIT_LAP, 7, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, elapsed), FIT_ALONE},
    {FIT_LAP, 8, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, timer), FIT_ALONE},
    {FIT_LAP, 9, FIT_TYPE_UINT32, 100, 0, AT(FitLap, distance), FIT_ALONE},
    {FIT_LAP, 15, U8, AT(FitLap, heart_rate), FIT_ALONE},
    {FIT_LAP, 16, U8, AT(FitLap, heart_rate_max), FIT_ALONE},
    {FIT_LAP, 23, ENUM, AT(FitLap, intensity), FIT_ALONE},
    {FIT_LAP, 24, ENUM, AT(FitLap, trigger), FIT_ALONE},
    {FIT_LAP, 25, ENUM, AT(FitLap, sport), FIT_ALONE},
    {FIT_LAP, 39, ENUM, AT(FitLap, sub_sport), FIT_ALONE},
    {FIT_LAP, 254, U16, AT(FitLap, index), FIT_ALONE},
    {FIT_LAP, 0, ENUM, AT(FitLap, event), FIT_ALONE},
    {FIT_LAP, 1, ENUM, AT(FitLap, event_type), FIT_ALONE},
    {FIT_LAP, 17, U8, AT(FitLap, cadence), FIT_ALONE},
    {FIT_LAP, 80, FIT_TYPE_UINT8, 128, 0, AT(FitLap, cadence_fraction), FIT_ALONE},
    {FIT_LAP, 19, U16, AT(FitLap, power), FIT_ALONE},
    {FIT_LAP, 110, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, speed), FIT_ALONE},
    {FIT_LAP, 111, FIT_TYPE_UINT32, 1000, 0, AT(FitLap, speed_max), FIT_ALONE},
    {FIT_LAP, 120, FIT_TYPE_UINT16, 10, 0, AT(FitLap, step_length), FIT_ALONE},
    {FIT_LAP, 71, U16, AT(FitLap, step_index), FIT_ALONE},

    {FIT_RECORD, FIT_TIMESTAMP, U32, AT(FitRecord, time), FIT_ALONE},
    {FIT_RECORD, 0, FIT_TYPE_SINT32, 1, 0, AT(FitRecord, latitude), FIT_ALONE},
    {FIT_RECORD, 1, FIT_TYPE_SINT32, 1, 0, AT(FitRecord, longitude), FIT_ALONE},
    {FIT_RECORD, 2, FIT_TYPE_UINT16, 5, 500, AT(FitRecord, altitude), FIT_ALONE},
    {FIT_RECORD, 78, FIT_TYPE_UINT32, 5, 500, AT(FitRecord, altitude), FIT_AGAIN},
    {FIT_RECORD, 3, U8, AT(FitRecord, heart_rate), FIT_ALONE},
    {FIT_RECORD, 4, U8, AT(FitRecord, cadence), FIT_ALONE},
    {FIT_RECORD, 53, FIT_TYPE_UINT8, 128, 0, AT(FitRecord, cadence_fraction), FIT_ALONE},
    {FIT_RECORD, 5, FIT_TYPE_UINT32, 100, 0, AT(FitRecord, distance), FIT_ALONE},
    {FIT_RECORD, 6, FIT_TYPE_UINT16, 1000, 0, AT(FitRecord, speed), FIT_ALONE},
    {FIT_RECORD, 73, FIT_TYPE_UINT32, 1000, 0, AT(FitRecord, speed), FIT_AGAIN},
    {FIT_RECORD, 7, U16, AT(FitRecord, power), FIT_ALONE},
    {FIT_RECORD, 9, FIT_TYPE_SINT16, 100, 0, AT(FitRecord, grade), FIT_ALONE},
    {FIT_RECORD, 39, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, vertical_oscillation), FIT_ALONE},
    {FIT_RECORD, 13, FIT_TYPE_SINT8, 1, 0, AT(FitRecord, temperature), FIT_ALONE},
    {FIT_RECORD, 40, FIT_TYPE_UINT16, 100, 0, AT(FitRecord, stance_share), FIT_ALONE},
    {FIT_RECORD, 41, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, stance_time), FIT_ALONE},
    {FIT_RECORD, 83, FIT_TYPE_UINT16, 100, 0, AT(FitRecord, vertical_ratio), FIT_ALONE},
    {FIT_RECORD, 84, FIT_TYPE_UINT16, 100, 0, AT(FitRecord, stance_balance), FIT_ALONE},
    {FIT_RECORD, 85, FIT_TYPE_UINT16, 10, 0, AT(FitRecord, step_length), FIT_ALONE},
    {FIT_RECORD, FIT_OWN_SPEED_CONFIDENCE, FLOAT, AT(FitRecord, speed_confidence), FIT_DEVELOPED},
    {FIT_RECORD, FIT_OWN_HEART_CONFIDENCE, FLOAT, AT(FitRecord, heart_confidence), FIT_DEVELOPED},
    {FIT_RECORD, FIT_OWN_EFFORT, FLOAT, AT(FitRecord, effort), FIT_DEVELOPED},
    {FIT_RECORD, FIT_OWN_D_PRIME, FLOAT, AT(FitRecord, d_prime), FIT_DEVELOPED},

    {FIT_EVENT, FIT_TIMESTAMP, U32, AT(FitEvent, time), FIT_ALONE},
    {FIT_EVENT, 0, ENUM, AT(FitEvent, event), FIT_ALONE},
    {FIT_EVENT, 1, ENUM, AT(FitEvent, type), FIT_ALONE},

    {FIT_WORKOUT, 4, ENUM, AT(FitWorkout, sport), FIT_ALONE},
    {FIT_WORKOUT, 5, FIT_TYPE_UINT32Z, 1, 0, AT(FitWorkout, capabilities), FIT_ALONE},
    {FIT_WORKOUT, 6, U16, AT(FitWorkout, step_count), FIT_ALONE},
    {FIT_WORKOUT, 8, TEXT, AT(FitWorkout, name), FIT_ALONE},

    {FIT_STEP, 254, U16, AT(FitStep, index), FIT_ALONE},
    {FIT_STEP, 0, TEXT, AT(FitStep, name), FIT_ALONE},
    {FIT_STEP, 1, ENUM, AT(FitStep, duration_type), FIT_ALONE},
    {FIT_STEP, 2, U32, AT(FitStep, duration), FIT_ALONE},
    {FIT_STEP, 3, ENUM, AT(FitStep, target_type), FIT_ALONE},
    {FIT_STEP, 4, U32, AT(FitStep, target), FIT_ALONE},
    {FIT_STEP, 5, U32, AT(FitStep, low), FIT_ALONE},
    {FIT_STEP, 6, U32, AT(FitStep, high), FIT_ALONE},
    {FIT_STEP, 7, ENUM, AT(FitStep, intensity), FIT_ALONE},
    {FIT_STEP, 8, TEXT, AT(FitStep, notes), FIT_ALONE},
    {FIT_STEP, 19, ENUM, AT(FitStep, second_target_type), FIT_ALONE},

    {FIT_CREATOR, 0, U16, AT(FitCreator, software), FIT_ALONE},

    {FIT_DEVICE, FIT_TIMESTAMP, U32, AT(FitDevice, time), FIT_ALONE},
    {FIT_DEVICE, 0, U8, AT(FitDevice, index), FIT_ALONE},
    {FIT_DEVICE, 1, U8, AT(FitDevice, type), FIT_ALONE},
    {FIT_DEVICE, 2, U16, AT(FitDevice, manufacturer), FIT_ALONE},
    {FIT_DEVICE, 11, U8, AT(FitDevice, battery_status), FIT_ALONE},
    {FIT_DEVICE, 25, ENUM, AT(FitDevice, source), FIT_ALONE},
    {FIT_DEVICE, 27, TEXT, AT(FitDevice, name), FIT_ALONE},
    {FIT_DEVICE, 32, U8, AT(FitDevice, battery), FIT_ALONE},

    {FIT_DEVELOPER, 1, FIT_TYPE_BYTES, 1, 0, AT(FitDeveloper, application), FIT_ALONE},
    {FIT_DEVELOPER, 3, U8, AT(FitDeveloper, index), FIT_ALONE},

    {FIT_OWN_FIELD, 0, U8, AT(FitOwnField, developer), FIT_ALONE},
    {FIT_OWN_FIELD, 1, U8, AT(FitOwnField, number), FIT_ALONE},
    {FIT_OWN_FIELD, 2, U8, AT(FitOwnField, type), FIT_ALONE},
    {FIT_OWN_FIELD, 3, TEXT, AT(FitOwnField, name), FIT_ALONE},
    {FIT_OWN_FIELD, 8, TEXT, AT(FitOwnField, unit), FIT_ALONE},

    {FIT_ACTIVITY, FIT_TIMESTAMP, U32, AT(FitActivity, time), FIT_ALONE},
    {FIT_ACTIVITY, 0, FIT_TYPE_UINT32, 1000, 0, AT(FitActivity, timer), FIT_ALONE},
    {FIT_ACTIVITY, 1, U16, AT(FitActivity, sessions), FIT_ALONE},
    {FIT_ACTIVITY, 2, ENUM, AT(FitActivity, type), FIT_ALONE},
    {FIT_ACTIVITY, 3, ENUM, AT(FitActivity, event), FIT_ALONE},
    {FIT_ACTIVITY, 4, ENUM, AT(FitActivity, event_type), FIT_ALONE},
    {FIT_ACTIVITY, 5, U32, AT(FitActivity, local), FIT_ALONE},
};
// clang-format on
const size_t fit_field_count = COUNT(fit_fields);
