// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One input device that is open: its edges go to its buttons, and what they mean to the owner.

#pragma once

#include "hands/input.h"
#include "hands/vibrator.h"
#include "io/config.h"

typedef struct Device Device;

typedef struct {
    void (*pressed)(Device *device, const Deed *deed, gpointer data);
    void (*waits)(Device *device, gpointer data); // device_deadline() may be another one
    void (*gone)(Device *device, gpointer data);  // free it now
} DeviceHandlers;

// `event` is such as "event3", `input` what it is (taken, also on failure). On failure NULL, and
// errno says why; 0 when it is of no use.
Device *device_open(const char *root, const char *event, Input *input, const Config *config,
                    const DeviceHandlers *handlers, gpointer data);
void device_free(Device *device);

const char *device_event(const Device *device);
const Input *device_input(const Device *device);

Usec device_deadline(const Device *device); // USEC_NEVER: while nothing is pressed
void device_time(Device *device, Usec at);
void device_feel(Device *device, Feel feel);
