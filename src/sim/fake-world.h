// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The fake's side of org.paced1.Sim: what steering does to a fake adapter and its devices, and the
// methods that only a fake can have.

#pragma once

#include "sim/air.h"
#include "sim/block.h"
#include "sim/control.h"

typedef struct {
    Air *air;
    Block *block;    // NULL: nobody reads it
    guint addresses; // given out by NewAddress
} FakeWorld;

extern const World FAKE_WORLD; // self: a FakeWorld
