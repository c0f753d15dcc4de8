// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1.Sim at /org/paced1/sim: how tests and demonstrations make the world misbehave.
// The interface is documented in org.paced1.Sim.xml.

#pragma once

#include "sim/adapter.h"

typedef struct Control Control;

// All borrowed.
Control *control_new(Tree *tree, Adapter *adapter, Body *body);
void control_free(Control *control); // takes NULL
