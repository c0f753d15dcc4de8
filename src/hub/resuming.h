// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run that the program's end cut off goes on: its journal is replayed through a new session,
// which takes the place of the present one. The break is a pause in the record.

#pragma once

#include "hub/hub.h"

// At the start: by itself when the break was short; else the log says how to.
void resuming_look(Hub *hub);

// A caller wants it, however long the break was; `id` is answered.
void resuming_ask(Hub *hub, guint32 id, const char *sender);
