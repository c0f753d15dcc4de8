// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Records out of notifications. What matters is what is not merged: a value of a record that was
// never finished must not turn up as new in one that was, seconds later.

#include "codec/ftms-record.h"

void ftms_record_drop(FtmsRecord *record)
{
    record->open = false;
}

static void merge(FtmsTreadmill *record, const FtmsTreadmill *part)
{
    for (FtmsField field = 0; field < FTMS_FIELDS; field++)
        if (ftms_has(part, field))
            ftms_set(record, field, part->value[field]);
    record->blocks |= part->blocks;
    record->more_data = part->more_data;
    if (part->pace_bytes != 0)
        record->pace_bytes = part->pace_bytes;
    record->pace_suspect |= part->pace_suspect;
    record->pace_settled |= part->pace_settled;
}

bool ftms_record_add(FtmsRecord *record, Usec at, const uint8_t *bytes, size_t length,
                     DecodeStatus *ret_status, FtmsTreadmill *ret_record)
{
    FtmsTreadmill part;
    *ret_status = ftms_decode(bytes, length, record->pace_bytes, &part);
    if (*ret_status == DECODE_REJECT)
        return false;
    if (part.pace_settled)
        record->pace_bytes = part.pace_bytes;
    if (record->open &&
        (at - record->at > FTMS_RECORD_GIVEN_UP || record->part.blocks & part.blocks))
        record->open = false;
    if (record->open)
        merge(&record->part, &part);
    else
        record->part = part;
    record->open = part.more_data;
    record->at = at;
    if (record->open)
        return false;
    *ret_record = record->part;
    return true;
}
