// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is wrong with the world around a run, as the session wants to know it.

#pragma once

#include "coach/preflight.h"
#include "store/store.h"

// ConditionSet, for runs that are kept in the file `database`.
unsigned conditions_now(const char *database, StoreState store);
