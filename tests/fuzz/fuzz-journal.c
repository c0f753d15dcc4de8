// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Damaged journals: any bytes as a record. What must hold: what is accepted encodes to a record no
// longer than it was, and that one decodes and encodes to itself.

#include "fuzz.h"

#include <string.h>

#include "record/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Event event, again;
    if (!journal_decode(data, size, &event))
        return 0;
    const size_t room = EVENT_RECORD_MAX + size;
    uint8_t *first = malloc(room), *second = malloc(room);
    const size_t length = journal_encode(&event, first, room);
    CHECK(length > 0 && length <= size);
    CHECK(journal_decode(first, length, &again));
    CHECK(event.kind == again.kind && event.at == again.at);
    CHECK(journal_encode(&again, second, room) == length);
    CHECK(memcmp(first, second, length) == 0);
    free(first);
    free(second);
    return 0;
}
