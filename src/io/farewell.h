// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was said last on a bus is to be sent before the program ends, but a bus that hangs must not
// keep it: a flush has no time-out of its own.

#pragma once

#include <gio/gio.h>

#include "base/units.h"

// Begins to send off what was said on `connection`, which is kept until that is done. May be
// closed.
void farewell_send(GDBusConnection *connection);

// Runs the main loop until all of it is sent, or that time is over. For the end of the program.
void farewell_wait(Usec within);
