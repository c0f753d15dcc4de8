// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard was to end: programs that reset adapters tend to reset them for ever, and the on-board one
// of a Pi cannot be reset from here at all (home-assistant/operating-system#2485).

#include "radio/recovery.h"

#define STRIKES_MAX 3
#define REST        (5 * USEC_PER_SEC)

bool recovery_is_strike(Trouble trouble, bool heard)
{
    switch (trouble) {
    case TROUBLE_TIMEOUT:
        return heard;
    case TROUBLE_NOT_READY:
        return true;
    case TROUBLE_NONE:
    case TROUBLE_TRANSIENT:
    case TROUBLE_GONE:
    case TROUBLE_BLOCKED:
    case TROUBLE_SLOTS:
    case TROUBLE_REFUSED:
    case TROUBLE_NO_PERMISSION:
    case TROUBLE_NO_SERVICE:
    case TROUBLE_OTHER:
        return false;
    }
    g_assert_not_reached();
}

void recovery_strike(Recovery *recovery, Usec now)
{
    if (++recovery->strikes < STRIKES_MAX)
        return;
    recovery->strikes = 0;
    switch (recovery->stage) {
    case RECOVERY_WELL:
        recovery->stage = RECOVERY_RESTING;
        recovery->rest_until = now + REST;
        break;
    case RECOVERY_RESTED:
        recovery->stage = RECOVERY_CYCLING;
        break;
    case RECOVERY_CYCLED:
        recovery->stage = RECOVERY_STUCK;
        break;
    case RECOVERY_RESTING:
    case RECOVERY_CYCLING:
    case RECOVERY_STUCK:
        break; // of what was still under way
    }
}

void recovery_well(Recovery *recovery)
{
    *recovery = (Recovery){.stage = RECOVERY_WELL};
}

void recovery_cycled(Recovery *recovery, bool worked)
{
    recovery->stage = worked ? RECOVERY_CYCLED : RECOVERY_STUCK;
    recovery->strikes = 0;
}

RecoveryStage recovery_step(Recovery *recovery, Usec now, Usec *ret_due)
{
    *ret_due = USEC_NEVER;
    if (recovery->stage == RECOVERY_RESTING && now >= recovery->rest_until) {
        recovery->stage = RECOVERY_RESTED;
        recovery->strikes = 0;
    }
    if (recovery->stage == RECOVERY_RESTING)
        *ret_due = recovery->rest_until;
    return recovery->stage;
}
