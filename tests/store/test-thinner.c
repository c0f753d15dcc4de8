// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "store/thinner.h"

static int kept_of(guint16 characteristic, EventKind kind, int count, Usec apart)
{
    Thinner thinner = {0};
    int kept = 0;
    for (int i = 0; i < count; i++) {
        Event event = {.at = (100 + i) * apart, .kind = kind};
        if (kind == EVENT_NOTIFY)
            event.notify.characteristic = characteristic;
        kept += !thinner_drops(&thinner, &event);
    }
    return kept;
}

Test(thinner, keeps_a_packet_in_two_seconds)
{
    cr_expect(eq(int, kept_of(CHARACTERISTIC_HRS_MEASUREMENT, EVENT_NOTIFY, 60, USEC_PER_SEC), 30));
    cr_expect(eq(int, kept_of(CHARACTERISTIC_HRS_MEASUREMENT, EVENT_NOTIFY, 60, 900000), 30));
    cr_expect(eq(int, kept_of(CHARACTERISTIC_CPS_MEASUREMENT, EVENT_NOTIFY, 480, 100000), 29));
    cr_expect(eq(int, kept_of(0, EVENT_TIME, 480, 1000), 480));
}

Test(thinner, tells_sensors_and_what_they_send_apart)
{
    Thinner thinner = {0};
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        for (guint16 characteristic = 1; characteristic <= THINNER_KINDS + 1; characteristic++) {
            Event event = {.at = 1, .kind = EVENT_NOTIFY};
            event.notify.sensor = sensor;
            event.notify.characteristic = characteristic;
            cr_expect(not(thinner_drops(&thinner, &event)));
            cr_expect(eq(int, thinner_drops(&thinner, &event), characteristic <= THINNER_KINDS));
        }
}
