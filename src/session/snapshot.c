// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can be asked of a snapshot without knowing how a session makes one.

#include "session/session.h"

bool snapshot_knows(const Snapshot *snapshot)
{
    return estimate_known(&snapshot->heart_rate) || estimate_known(&snapshot->speed) ||
           estimate_known(&snapshot->cadence) || estimate_known(&snapshot->belt_speed) ||
           estimate_known(&snapshot->incline) || estimate_known(&snapshot->power);
}
