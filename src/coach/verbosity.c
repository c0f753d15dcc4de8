// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The four levels as one table; see verbosity.h.

#include "coach/verbosity.h"

#include <string.h>

static const unsigned char MOST[VERBOSITIES][CUE_KINDS] = {
    [VERBOSITY_FULL] = {FORM_FULL},
    [VERBOSITY_NORMAL] = {[CUE_COUNTDOWN] = FORM_EARCON},
    [VERBOSITY_TERSE] = {[CUE_SAFETY] = FORM_SHORT,
                         [CUE_STEP] = FORM_SHORT,
                         [CUE_COUNTDOWN] = FORM_EARCON,
                         [CUE_DRIFT] = FORM_SHORT,
                         [CUE_PROGRESS] = FORM_SILENT,
                         [CUE_SUMMARY] = FORM_SHORT,
                         [CUE_ADAPTATION] = FORM_SHORT,
                         [CUE_FORM] = FORM_SILENT,
                         [CUE_PRAISE] = FORM_SILENT,
                         [CUE_KILOMETRE] = FORM_SILENT},
    [VERBOSITY_TONES] = {[CUE_SAFETY] = FORM_SHORT,
                         [CUE_STEP] = FORM_EARCON,
                         [CUE_COUNTDOWN] = FORM_EARCON,
                         [CUE_SPLIT] = FORM_SILENT,
                         [CUE_DRIFT] = FORM_EARCON,
                         [CUE_PROGRESS] = FORM_SILENT,
                         [CUE_SUMMARY] = FORM_SHORT,
                         [CUE_ADAPTATION] = FORM_SHORT,
                         [CUE_FORM] = FORM_SILENT,
                         [CUE_PRAISE] = FORM_SILENT,
                         [CUE_KILOMETRE] = FORM_SILENT},
};

static const char NAMES[VERBOSITIES][8] = {"full", "normal", "terse", "tones"};

const char *verbosity_name(Verbosity verbosity)
{
    return NAMES[verbosity];
}

bool verbosity_from_name(const char *name, Verbosity *ret_verbosity)
{
    for (Verbosity verbosity = 0; verbosity < VERBOSITIES; verbosity++) {
        if (strcmp(name, NAMES[verbosity]) != 0)
            continue;
        *ret_verbosity = verbosity;
        return true;
    }
    return false;
}

int verbosity_most(Verbosity verbosity, CueKind kind)
{
    return MOST[verbosity][kind];
}
