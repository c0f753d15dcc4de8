// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Bounded output that goes on counting.

#include "workout/printer.h"

#include <stdio.h>

void print_text(Printer *printer, const char *text)
{
    for (; *text != '\0'; text++, printer->length++)
        if (printer->length + 1 < printer->size)
            printer->buffer[printer->length] = *text;
}

void print_number(Printer *printer, uint32_t number, const char *unit)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%u", number);
    print_text(printer, digits);
    print_text(printer, unit);
}

void print_scaled(Printer *printer, uint32_t scaled, unsigned decimals)
{
    uint32_t power = 1;
    for (unsigned i = 0; i < decimals; i++)
        power *= 10;
    print_number(printer, scaled / power, decimals > 0 ? "." : "");
    for (power /= 10; power > 0; power /= 10)
        print_number(printer, scaled / power % 10, "");
}

void print_end(Printer *printer)
{
    if (printer->size > 0)
        printer->buffer[printer->length < printer->size ? printer->length : printer->size - 1] =
            '\0';
}
