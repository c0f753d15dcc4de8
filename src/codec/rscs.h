// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Running Speed and Cadence Service: RSC Measurement 0x2A53 and RSC Feature 0x2A54, both ways.
// Layout: GATT Specification Supplement, "RSC Measurement". Decoding goes by the measurement's own
// flags, never by the feature bits: pods contradict themselves.

#pragma once

#include "codec/decode.h"

typedef struct {
    uint16_t speed_256; // 1/256 m/s
    uint8_t cadence;    // 1/min as sent: one leg or both, see estimate/stride.h
    bool running;       // walking, or the pod does not say, when false
    bool has_stride;
    uint16_t stride_cm; // stride length: one step or two, by device
    bool has_distance;
    uint32_t distance_dm; // the pod's total, 0.1 m, wraps at 2^32
} RscsMeasurement;

DecodeStatus rscs_decode(const uint8_t *bytes, size_t length, RscsMeasurement *ret_measurement);
size_t rscs_encode(const RscsMeasurement *measurement, uint8_t *ret_bytes, size_t size);

typedef enum {
    RSCS_FEATURE_STRIDE_LENGTH = 1 << 0,
    RSCS_FEATURE_TOTAL_DISTANCE = 1 << 1,
    RSCS_FEATURE_RUNNING_STATUS = 1 << 2,
    RSCS_FEATURE_CALIBRATION = 1 << 3,
    RSCS_FEATURE_MULTIPLE_LOCATIONS = 1 << 4,
} RscsFeature;

// *ret_features: RscsFeature bits; reserved bits are dropped.
DecodeStatus rscs_feature_decode(const uint8_t *bytes, size_t length, uint16_t *ret_features);
size_t rscs_feature_encode(uint16_t features, uint8_t *ret_bytes, size_t size);
