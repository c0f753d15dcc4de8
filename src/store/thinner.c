// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two seconds of a sensor's own clock may be short, and the radio brings two packets closer still.
// A value is stale after three (estimate/estimate.h): a replay may not miss more.

#include "store/thinner.h"

#define KEPT_EVERY (1700 * USEC_PER_MSEC)

gboolean thinner_drops(Thinner *thinner, const Event *event)
{
    if (event->kind != EVENT_NOTIFY || event->notify.sensor >= SENSORS_MAX)
        return FALSE;
    typeof(*thinner->packets[0]) *packets = thinner->packets[event->notify.sensor];
    for (gsize i = 0; i < THINNER_KINDS; i++) {
        if (packets[i].characteristic == 0)
            packets[i] = (typeof(*packets)){event->notify.characteristic, event->at - KEPT_EVERY};
        if (packets[i].characteristic != event->notify.characteristic)
            continue;
        if (event->at - packets[i].kept < KEPT_EVERY)
            return TRUE;
        packets[i].kept = event->at;
        return FALSE;
    }
    return FALSE;
}
