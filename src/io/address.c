// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// BlueZ writes them in upper case, people as they like.

#include "io/address.h"

#include <glib.h>
#include <string.h>

bool address_normalize(const char *address, char ret_address[static ADDRESS_SIZE])
{
    if (!address || strlen(address) != ADDRESS_SIZE - 1)
        return false;
    for (gsize i = 0; i < ADDRESS_SIZE - 1; i++)
        if (i % 3 == 2 ? address[i] != ':' : !g_ascii_isxdigit(address[i]))
            return false;
    for (gsize i = 0; i < ADDRESS_SIZE; i++)
        ret_address[i] = g_ascii_toupper(address[i]);
    return true;
}
