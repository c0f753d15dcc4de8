// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Adding to an a{sv} that is being built, for what is told every second or as often as a step
// begins: GVariantDict is a hash table, which costs more than what is in it.

#pragma once

#include <gio/gio.h>
#include <math.h>

// `value` is sunk.
static inline void vardict_add(GVariantBuilder *dict, const char *key, GVariant *value)
{
    g_variant_builder_add_value(
        dict, g_variant_new_dict_entry(g_variant_new_string(key), g_variant_new_variant(value)));
}

// Unless it is unknown.
static inline void vardict_add_double(GVariantBuilder *dict, const char *key, double value)
{
    if (!isnan(value))
        vardict_add(dict, key, g_variant_new_double(value));
}
