// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Output that counts on when the room is used up, like snprintf(): for the writers of this room.

#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *buffer; // may be NULL when size is 0
    size_t size, length;
} Printer;

void print_text(Printer *printer, const char *text);
void print_number(Printer *printer, uint32_t number, const char *unit);
void print_scaled(Printer *printer, uint32_t scaled, unsigned decimals); // the number / 10^decimals
void print_end(Printer *printer); // the NUL, also when the text was cut
