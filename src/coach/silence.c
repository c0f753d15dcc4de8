// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The names, which programs on the bus script against; see silence.h.

#include "coach/silence.h"

const char *silence_name(Silence silence)
{
    static const char names[SILENCES][16] = {
        [SILENCE_NOT_RUNNING] = "not-running",
        [SILENCE_REST] = "rest",
        [SILENCE_NO_TARGET] = "no-target",
        [SILENCE_SHORT] = "short",
        [SILENCE_SWITCHED_OFF] = "switched-off",
        [SILENCE_NOT_MEASURED] = "not-measured",
        [SILENCE_LOW_CONFIDENCE] = "low-confidence",
        [SILENCE_GRACE] = "grace",
        [SILENCE_ON_TARGET] = "on-target",
        [SILENCE_GAVE_UP] = "gave-up",
        [SILENCE_ENDING] = "ending",
        [SILENCE_WAITING] = "waiting",
        [SILENCE_BUDGET] = "budget",
    };
    return names[silence];
}
