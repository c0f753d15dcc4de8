// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile texts of intervals.icu: an error says where, and what is read can be said and written.

#include "foreign.h"

#include "workout/icu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TextError error = {0};
    icu_is((const char *)data, size);
    if (icu_parse((const char *)data, size, "Fuzz", &foreign_plan, &foreign_losses, &error)) {
        foreign_check_plan();
        return 0;
    }
    CHECK(error.line >= 1 && error.column >= 1);
    foreign_check_message(error.text);
    return 0;
}
