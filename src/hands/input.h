// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What an input device of the kernel is to the runner, by what sysfs says of it: known without
// opening it, so a keyboard is never touched.

#pragma once

#include "io/buttons.h"

typedef struct {
    char *name;        // as the kernel has it; UTF-8
    gboolean buttons;  // keys of it are the runner's
    gboolean headset;  // but only while a workout runs: they are the music's otherwise
    gboolean named;    // by the user
    gboolean keyboard; // has letters
    gboolean vibrates; // and does nothing else: no gamepad
} Input;

// `root` is "", or where a test keeps /dev and /sys; `event` is such as "event3". FALSE: there is
// no such device, or it is nothing to the runner.
gboolean input_look(const char *root, const char *event, const Buttons *buttons, Input *ret_input);
void input_clear(Input *input);

// Its node; free with g_free(). And the directory of them all.
char *input_path(const char *root, const char *event);
