// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the store's thread answers. As tables.h: on that thread only.

#pragma once

#include "store/worker-inside.h"

void answers_give(Worker *worker, Request *request); // a REQUEST_QUERY; its task is done with
