// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// For counting instructions: reads a workout's text from standard input as the daemon does, or with
// an argument as `pacectl check` does. Prints its bytes, what to divide by, and why it was refused.

#include "workout/lint.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static char text[TEXT_INPUT_MAX + 1];
    static Plan plan;
    static TextWarnings warnings;
    TextError error = {0};
    const size_t length = fread(text, 1, sizeof text, stdin);
    const bool read = argc > 1 ? lint_text(text, length, &plan, &warnings, &error)
                               : text_parse(text, length, &plan, NULL, &error);
    printf("%zu\n%s\n", length, read ? "" : error.text);
    return 0;
}
