// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Passes on what was lost; the words are the converters'.

#include "workout/losses.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void losses_say(const Losses *losses, uint32_t where, const char *format, ...)
{
    char text[200];
    if (losses == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    losses->say(losses->data, where, text);
}
