// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile FIT workouts: an error says at which byte, and what is read can be said and written.

#include "foreign.h"
#include "mend.h"

#include "../codec/packet.h"

static void read_through(const uint8_t *data, size_t size)
{
    FitplanError error = {0};
    if (fitplan_read(data, size, &foreign_plan, &foreign_losses, &error)) {
        foreign_check_plan();
        return;
    }
    CHECK(error.byte <= size);
    foreign_check_message(error.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_through(data, size);
    Packet mended = packet_of(data, size);
    mend(mended.bytes, size);
    read_through(mended.bytes, size);
    packet_free(&mended);
    return 0;
}
