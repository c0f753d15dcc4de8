// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One machine's Treadmill Data, record by record. A record is a row of notifications that say "more
// data" and a last one that brings the speed; a single one that brings it is a record by itself.
// What was learnt of the pace's width stays for as long as the machine does.
// Fitness Machine Service 1.0, "Treadmill Data Characteristic Behavior".

#pragma once

#include "codec/ftms.h"

// So long after its newest notification, an unfinished record is given up.
#define FTMS_RECORD_GIVEN_UP (3 * USEC_PER_SEC)

typedef struct {
    uint8_t pace_bytes; // 0 until the length of a packet settled it
    bool open;          // `part` waits for the rest
    Usec at;            // of its newest notification
    FtmsTreadmill part;
} FtmsRecord;

#define FTMS_RECORD_NEW ((FtmsRecord){0})

// Takes a notification; true when it completed a record, which is *ret_record (untouched else). A
// block that comes twice begins a new record: the last notification of the old one is lost.
bool ftms_record_add(FtmsRecord *record, Usec at, const uint8_t *bytes, size_t length,
                     DecodeStatus *ret_status, FtmsTreadmill *ret_record);

// The link was lost: what is unfinished stays so.
void ftms_record_drop(FtmsRecord *record);
