// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Twenty minutes of a coached run through the core, for counting instructions: two sensors at 1 Hz,
// every deadline kept. Prints the number of session_handle() calls; what to divide by.

#include "sim/virtual.h"

#include <stdio.h>
#include <string.h>

size_t calls;
void __real_session_handle(Session *session, const Event *event, Effects *ret_effects);
void __wrap_session_handle(Session *session, const Event *event, Effects *ret_effects);
void __wrap_session_handle(Session *session, const Event *event, Effects *ret_effects)
{
    calls++;
    __real_session_handle(session, event, ret_effects);
}

int main(void)
{
    static const char text[] =
        "Workout - Budget\n- 5min @ 6'00''/km\n- 5 lots of:\n- 400m @ 4'30''/km\n"
        "- 1min rest\n- 5min @ 6'00''/km\n";
    TextError error;
    const VirtualOptions how = virtual_default();
    if (virtual_run(text, strlen(text), &how, NULL, NULL, &error) != REASON_OK)
        return 1;
    printf("%zu\n", calls);
    return 0;
}
