// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// An address is told from what only looks like one.

#include "io/address.h"

#include <criterion/criterion.h>
#include <glib.h>

Test(address, is_known_and_written_in_one_way)
{
    char address[ADDRESS_SIZE];
    cr_assert(address_normalize("aa:bb:cc:dd:ee:0f", address));
    cr_expect_str_eq(address, "AA:BB:CC:DD:EE:0F");
    static const char *const bad[] = {
        NULL, "", "AA:BB:CC:DD:EE", "AA:BB:CC:DD:EE:FG", "AA-BB-CC-DD-EE-FF", "AA:BB:CC:DD:EE:FF0"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_expect_not(address_normalize(bad[i], address), "%s", bad[i]);
}
