// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What callers say of sensors, before it is believed: addresses, and the options that AddSensor and
// Configure share, so that neither takes what the other refuses.

#pragma once

#include "bus/bus.h"

// A copy in capitals; free with g_free(). NULL with BadArgument when it is no address.
char *address_parse(const char *text, GError **error);

// The options of Hub.SetSound (a{sv}), likewise.
gboolean sound_wish_parse(GVariant *options, SoundWish *ret_wish, GError **error);

// The options of Sensor.Configure (a{sv}). Texts are borrowed from `options`. BadArgument: a key
// that is unknown, of another type, or out of range; then `ret_wish` is untouched.
gboolean wish_parse(GVariant *options, SensorWish *ret_wish, GError **error);
