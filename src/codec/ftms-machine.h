// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Fitness Machine Service: what a machine can do (Feature 0x2ACC, Supported Speed Range 0x2AD4,
// Supported Inclination Range 0x2AD5) and what it is about (Training Status 0x2AD3), both ways.
// Layout: Fitness Machine Service 1.0, and GATT Specification Supplement.

#pragma once

#include "codec/decode.h"

#define FTMS_MACHINE_FEATURES 17
#define FTMS_TARGET_FEATURES  17

typedef struct {
    uint32_t machine; // bits by ftms_machine_feature_name(): what it can tell
    uint32_t targets; // bits by ftms_target_feature_name(): what it can be told
} FtmsFeature;

// Reserved bits are dropped. REJECT: fewer than 8 bytes.
DecodeStatus ftms_feature_decode(const uint8_t *bytes, size_t length, FtmsFeature *ret_feature);
size_t ftms_feature_encode(const FtmsFeature *feature, uint8_t *ret_bytes, size_t size);

// Bits that matter here.
enum {
    FTMS_MACHINE_TOTAL_DISTANCE = 1 << 2,
    FTMS_MACHINE_INCLINATION = 1 << 3,
    FTMS_MACHINE_HEART_RATE = 1 << 10,
    FTMS_MACHINE_ELAPSED = 1 << 12,
    FTMS_TARGETS_SPEED = 1 << 0,
    FTMS_TARGETS_INCLINATION = 1 << 1,
};
const char *ftms_machine_feature_name(unsigned bit); // "average-speed" … "user-data"
const char *ftms_target_feature_name(unsigned bit);  // "speed" … "cadence"

typedef struct {
    int32_t minimum, maximum; // speed: 0.01 km/h, not negative; inclination: 0.1 %
    uint16_t increment;       // the same unit
} FtmsRange;

// REJECT: fewer than 6 bytes.
DecodeStatus ftms_speed_range_decode(const uint8_t *bytes, size_t length, FtmsRange *ret_range);
DecodeStatus ftms_inclination_range_decode(const uint8_t *bytes, size_t length,
                                           FtmsRange *ret_range);
// Of either.
size_t ftms_range_encode(const FtmsRange *range, uint8_t *ret_bytes, size_t size);

typedef enum {
    FTMS_TRAINING_OTHER = 0,
    FTMS_TRAINING_IDLE = 1,
    FTMS_TRAINING_MANUAL = 13,
    FTMS_TRAINING_PRE_WORKOUT = 14,
    FTMS_TRAINING_POST_WORKOUT = 15,
} FtmsTraining;

#define FTMS_TRAINING_TEXT_MAX 18 // what 20 bytes hold beside flags and status

typedef struct {
    uint8_t status; // an FtmsTraining, or another number, see ftms_training_name()
    bool has_text;
    bool text_continues; // the rest is only to be had by reading the characteristic
    uint8_t text_length;
    char text[FTMS_TRAINING_TEXT_MAX]; // UTF-8 as the machine sent it, perhaps cut; no NUL
} FtmsTrainingStatus;

// REJECT: fewer than 2 bytes. A text that is too long is cut, which is EXTRA; so are bytes where
// no text was promised.
DecodeStatus ftms_training_decode(const uint8_t *bytes, size_t length,
                                  FtmsTrainingStatus *ret_status);
size_t ftms_training_encode(const FtmsTrainingStatus *status, uint8_t *ret_bytes, size_t size);

// "other", "idle", "warm-up"…; NULL for a reserved number.
const char *ftms_training_name(uint8_t status);
