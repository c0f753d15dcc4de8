// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the service manager is told (sd_notify(3)): one datagram to $NOTIFY_SOCKET; without it, as
// when started by hand, nothing happens. The protocol is a dozen lines and frozen, so libsystemd
// would be a dependency for nothing.
//
// The watchdog is awake only while there is something to watch over: sensors linked or a workout
// running, when the session ticks anyway and each kick rides on a tick. In between it is switched
// off (WATCHDOG_USEC=0), because an idle daemon must not wake up merely to say that it sleeps.

#pragma once

#include "base/units.h"

void notify_ready(void); // ready, and asleep
void notify_busy(void);  // the start takes longer, but goes on: another minute, from any thread
void notify_stopping(void);
void notify_alive(Usec now); // as often as convenient; wakes the watchdog, then kicks it when due
void notify_asleep(void);    // no kick will come for now; cheap when it sleeps already
