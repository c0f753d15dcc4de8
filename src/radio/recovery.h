// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// An adapter that has power and no longer does what it is told: what is done about it, in stages
// with an end. A plain struct that knows no bus.
//
//   well     for as long as connections come to data, or fail for the sensor's reasons
//   resting  after three strikes: discovery and connections stop for five seconds
//   cycling  after three more: it is switched off and on, once
//   stuck    after three more, or when it cannot be switched, be it that it says so or that it says
//            yes and stays off for five seconds: the user has to; we go on trying at the pace of
//            the backoff, and never switch it again until it was well in between
//
// A strike is a sensor that is on the air and that Connect does not reach, or a call to an adapter
// with power that says that it has none. That nothing is found is none: there may be nothing. While
// any sensor is live the adapter is well, whatever becomes of the others; and while it carries the
// connection of anything that is not ours, a headset say, nothing is a strike.

#pragma once

#include <stdbool.h>

#include "radio/policy.h"

typedef enum {
    RECOVERY_WELL,
    RECOVERY_RESTING,
    RECOVERY_RESTED,
    RECOVERY_CYCLING, // the caller switches it off and on, and says so by recovery_cycled()
    RECOVERY_CYCLED,
    RECOVERY_STUCK,
} RecoveryStage;

typedef struct {
    RecoveryStage stage;
    guint strikes;
    Usec rest_until;
} Recovery;

bool recovery_is_strike(Trouble trouble, bool heard);
void recovery_strike(Recovery *recovery, Usec now);
void recovery_well(Recovery *recovery); // a sensor is live; or it is another adapter
void recovery_cycled(Recovery *recovery, bool worked);
// To be called at each look; *ret_due: when to look again, USEC_NEVER when it does not matter.
RecoveryStage recovery_step(Recovery *recovery, Usec now, Usec *ret_due);
