// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// An adapter that stops doing what it is told is rested, switched off and on once, and given up.

#include "radio/recovery.h"

#include <criterion/criterion.h>

#define S USEC_PER_SEC

static void strikes(Recovery *recovery, int count, Usec now)
{
    for (int i = 0; i < count; i++)
        recovery_strike(recovery, now);
}

static RecoveryStage stage(Recovery *recovery, Usec now)
{
    Usec due;
    return recovery_step(recovery, now, &due);
}

Test(recovery, goes_through_its_stages_and_ends)
{
    Recovery recovery = {.stage = RECOVERY_WELL};
    Usec due;
    strikes(&recovery, 2, S);
    cr_expect_eq(stage(&recovery, S), RECOVERY_WELL);
    strikes(&recovery, 1, S);
    cr_expect_eq(recovery_step(&recovery, S, &due), RECOVERY_RESTING);
    cr_expect_eq(stage(&recovery, due), RECOVERY_RESTED);
    strikes(&recovery, 3, 20 * S);
    cr_expect_eq(stage(&recovery, 20 * S), RECOVERY_CYCLING);
    recovery_cycled(&recovery, true);
    cr_expect_eq(stage(&recovery, 22 * S), RECOVERY_CYCLED);
    strikes(&recovery, 3, 60 * S);
    cr_expect_eq(stage(&recovery, 60 * S), RECOVERY_STUCK);
    strikes(&recovery, 100, 600 * S);
    cr_expect_eq(stage(&recovery, 600 * S), RECOVERY_STUCK, "it is never cycled again");
}

Test(recovery, one_that_cannot_be_switched_is_stuck_at_once)
{
    Recovery recovery = {.stage = RECOVERY_CYCLING};
    recovery_cycled(&recovery, false);
    cr_expect_eq(stage(&recovery, S), RECOVERY_STUCK);
}

Test(recovery, data_of_any_sensor_ends_it)
{
    Recovery recovery = {.stage = RECOVERY_STUCK, .strikes = 2};
    recovery_well(&recovery);
    cr_expect_eq(stage(&recovery, S), RECOVERY_WELL);
    strikes(&recovery, 2, S);
    cr_expect_eq(stage(&recovery, S), RECOVERY_WELL);
}

Test(recovery, a_sensor_that_is_not_there_is_no_reason)
{
    cr_expect_not(recovery_is_strike(TROUBLE_TIMEOUT, false));
    cr_expect(recovery_is_strike(TROUBLE_TIMEOUT, true));
    cr_expect_not(recovery_is_strike(TROUBLE_TRANSIENT, true));
    cr_expect_not(recovery_is_strike(TROUBLE_REFUSED, true));
    cr_expect(recovery_is_strike(TROUBLE_NOT_READY, false));
}
