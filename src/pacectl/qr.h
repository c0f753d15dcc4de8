// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A text as a QR code on the terminal, for the camera of a phone.

#pragma once

#include "pacectl/pacectl.h"

#define QR_BYTES_MAX 2953 // of version 40, level L: ISO/IEC 18004:2015, table 7

// Prints it in half blocks, dark on light whatever the terminal's colours, with the margin of four
// modules that the standard asks for. Complains of a text that is too long, and of a terminal that
// is too narrow to show it whole; returns the exit code.
int qr_print(const char *text);
