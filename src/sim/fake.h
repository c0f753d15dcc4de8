// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// `paced-sim fake`: an org.bluez of its own on a bus, with virtual adapters and virtual sensors worn
// by a virtual runner, so that the daemon's BlueZ code runs unchanged where there is no radio. It
// follows bluetoothd 5.66 in what clients see and when; adapter.h, device.h and characteristic.h
// say what was observed.
//
// Where it differs: no /org/bluez object and no managers (agents, advertisements, media); the only
// pairing is that of a sensor which was told to want it, over a link that is there already.

#pragma once

// Runs until a signal ends it (0), or the bus or the name is lost (1). 64: usage.
int fake_main(int argc, char **argv);
