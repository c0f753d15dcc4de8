// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile FIT files. What must hold: reading ends, goes forward only, says where it is, never
// beyond the end; a value is finite or unknown; and what it said last it says again. Nearly all
// that is changed is found by the check sum, so every input is also read with the sums put right.

#include "fuzz.h"
#include "mend.h"

#include "../codec/packet.h"
#include "codec/fit.h"

static void check_number(double value)
{
    CHECK(isnan(value) || isfinite(value));
}

static void check_text(FitText text)
{
    CHECK(text.at != NULL || text.length == 0);
    for (size_t i = 0; i < text.length; i++)
        CHECK(text.at[i] != '\0');
}

static void check_message(const FitMessage *message)
{
    switch (message->kind) {
    case FIT_END:
    case FIT_BAD:
        break;
    case FIT_FILE:
        check_number(message->file.created);
        break;
    case FIT_EVENT:
        check_number(message->event.type);
        break;
    case FIT_RECORD:
        check_number(message->record.time);
        check_number(message->record.speed);
        check_number(message->record.altitude);
        check_number(message->record.step_length);
        check_number(fit_record_steps(&message->record));
        break;
    case FIT_LAP:
    case FIT_SESSION:
        check_number(message->lap.start);
        check_number(message->lap.sub_sport);
        break;
    case FIT_HRV:
        CHECK(message->hrv.count <= FIT_RR_MAX);
        break;
    case FIT_WORKOUT:
        check_number(message->workout.step_count);
        check_text(message->workout.name);
        break;
    case FIT_STEP:
        check_number(message->step.duration);
        check_number(message->step.second_target_type);
        check_text(message->step.name);
        check_text(message->step.notes);
        break;
    case FIT_CREATOR:
        check_number(message->creator.software);
        break;
    case FIT_DEVICE:
        check_number(message->device.battery);
        check_text(message->device.name);
        break;
    case FIT_DEVELOPER:
        check_number(message->developer.index);
        break;
    case FIT_OWN_FIELD:
        check_text(message->own.unit);
        break;
    case FIT_ACTIVITY:
        check_number(message->activity.local);
        break;
    }
}

static void read_through(const uint8_t *data, size_t size)
{
    FitReader reader;
    fit_reader_init(&reader, data, size);
    size_t least = 0; // where the next message may be
    FitMessage message;
    while ((message = fit_read(&reader)).kind >= FIT_FILE) {
        CHECK(message.offset >= least && message.offset < size);
        CHECK(reader.at > message.offset && reader.at <= size);
        least = reader.at;
        check_message(&message);
    }
    CHECK(message.offset <= size);
    CHECK((message.kind == FIT_BAD) == (message.fault != FIT_FAULT_NONE));
    CHECK(*fit_fault_text(message.fault) != '\0');
    const FitMessage again = fit_read(&reader);
    CHECK(again.kind == message.kind && again.offset == message.offset);
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
