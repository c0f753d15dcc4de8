// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What stands behind a step of what it is run with, both ways: ", metronome 180, pacer 100m". For
// item.c alone.

#pragma once

#include "workout/line.h"
#include "workout/plan.h"
#include "workout/printer.h"

// Each ", metronome …" and ", pacer …" that follows. False fills *ret_error but for its line.
bool aids_parse(Line *line, PlanItem *item, TextError *ret_error);
void aids_print(Printer *printer, const PlanItem *item);
