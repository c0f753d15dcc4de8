// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The adapter that is used: which one, that it has power, and what is in the way of it. It is
// switched on once each time it appears; what the user switches off later stays off.

#pragma once

#include "radio/bluez.h"
#include "radio/radio.h"

typedef struct Power Power;

// `preferred`: as RadioConfig.adapter.
Power *power_new(Bluez *bluez, const char *preferred, void (*changed)(gpointer data),
                 gpointer data);
void power_free(Power *power);

// `settled`: a sensor is linked on the one that is used. Returns when to step again at the latest.
Usec power_step(Power *power, bool settled, Usec now);
// The one to use; NULL while there is none with power. As of the tree now.
const MirrorAdapter *power_adapter(const Power *power, bool settled);
bool power_rests(const Power *power);       // it is to be left in peace for a moment
const char *power_path(const Power *power); // of the one that was used last, NULL: none yet

// Connections came to data or failed: see recovery.h.
void power_live(Power *power);
void power_failed(Power *power, Trouble trouble, bool heard, Usec now);

RadioState power_state(const Power *power);
const char *power_reason(const Power *power); // "" when ready
