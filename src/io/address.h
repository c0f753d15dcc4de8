// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a Bluetooth address looks like. Callers, BlueZ and the store all bring some, and all must
// mean the same by them.

#pragma once

#include <stdbool.h>

#define ADDRESS_SIZE 18

// "AA:BB:CC:DD:EE:FF" in either case → upper case; false when it is none, NULL included.
bool address_normalize(const char *address, char ret_address[static ADDRESS_SIZE]);
