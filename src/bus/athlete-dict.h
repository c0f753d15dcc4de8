// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a runner told, as the dictionary of Athlete.Settings and Athlete.Set: for the daemon and for
// pacectl.

#pragma once

#include <gio/gio.h>

#include "athlete/athlete.h"

// Changes `athlete` by what the dictionary says. BadArgument, and `athlete` is then undefined: a
// key that is unknown or of another type, a word or a date that cannot be read. Whether such a
// runner can be is for athlete_check().
gboolean athlete_dict_read(GVariant *settings, Athlete *athlete, GError **error);

GVariant *athlete_dict_write(const Athlete *athlete); // a{sv}, floating; what is unknown is absent

// "2026-03-01", both ways: days since 1970-01-01, of which the first is none.
gboolean athlete_date_read(const char *text, int32_t *ret_day, GError **error);
char *athlete_date_write(int32_t day); // free with g_free()
