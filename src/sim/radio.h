// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// `paced-sim radio`: the virtual sensors as peripherals on real adapters, through the machine's own
// bluetoothd, for tests with a real stack, and for trying the daemon between two machines.

#pragma once

// Runs until a signal ends it (0), or a bus, its name or the permission is lost (1). 64: usage.
// 65: the plan cannot be read.
int radio_main(int argc, char **argv);
