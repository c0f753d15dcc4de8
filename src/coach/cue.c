// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The names of the kinds, which programs on the bus script against.

#include "coach/cue.h"

const char *cue_kind_name(CueKind kind)
{
    switch (kind) {
    case CUE_SAFETY:
        return "safety";
    case CUE_STEP:
        return "step";
    case CUE_COUNTDOWN:
        return "countdown";
    case CUE_SPLIT:
        return "split";
    case CUE_DRIFT:
        return "drift";
    case CUE_PROGRESS:
        return "progress";
    case CUE_SUMMARY:
        return "summary";
    }
    return "";
}
