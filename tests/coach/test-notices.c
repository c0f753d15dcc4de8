// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is told once while running.

#include "coach/notices.h"

#include <criterion/criterion.h>

#define NOW (1000 * USEC_PER_SEC)

static Phrases phrases;
static SensorView sensors[SENSORS_MAX];
static SensorProfile profiles[SENSORS_MAX];
static Rivals rivals;
static Notices notices;
static PreflightView view;

static void all_well(void)
{
    phrases_init_english(&phrases);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        profiles[sensor] = sensor_profile_default(sensor);
        sensors[sensor] = (SensorView){.measured_at = USEC_NEVER, .battery = -1, .location = -1};
    }
    profiles[1].services = sensors[1].serves = SERVICE_STRIDE;
    sensors[1].described = sensors[1].linked = true;
    sensors[1].measured_at = NOW;
    rivals_init(&rivals);
    notices_init(&notices);
    view = (PreflightView){.at = NOW, .sensors = sensors, .profiles = profiles, .rivals = &rivals};
}

TestSuite(notices, .init = all_well);

static void due(const char *text)
{
    notices_observe(&notices, &phrases, &view);
    cr_expect_eq(notices.due, text ? view.at : USEC_NEVER, "%s", text ? text : "nothing");
    if (text)
        cr_expect_str_eq(notices.text.text, text);
}

Test(notices, a_low_battery_is_due_once)
{
    sensors[1].battery = 16;
    due(NULL);
    sensors[1].battery = 15;
    due("pod battery low, fifteen percent");
    notices_told(&notices);
    sensors[1].battery = 14;
    due(NULL);
    notices_forget(&notices, 1);
    due("pod battery low, fourteen percent");
    notices_told_before(&notices, &view);
    due(NULL);
}

Test(notices, a_disk_that_fills_up_in_the_run_is_told_once)
{
    due(NULL);
    view.conditions = CONDITION_DISK_LOW;
    due("little room left to save");
    notices_told(&notices);
    view.conditions |= CONDITION_STORE_DEGRADED;
    due("the run is not being saved");
    notices_told(&notices);
    due(NULL);
}

Test(notices, what_the_preflight_told_is_not_told_again)
{
    view.conditions = CONDITION_DISK_LOW | CONDITION_STORE_DEGRADED;
    notices_told_before(&notices, &view);
    due(NULL);
}

// A belt beside a pod for so many seconds.
static void beside(int seconds, double belt, double pod)
{
    for (int i = 0; i < seconds; i++, view.at += USEC_PER_SEC) {
        rivals_belt(&rivals, view.at, belt);
        rivals_pod(&rivals, view.at, pod, false);
    }
    view.at -= USEC_PER_SEC;
}

Test(notices, a_belt_that_counts_in_miles_is_told_once)
{
    beside(10, 1.7, 2.7);
    due(NULL);
    beside(20, 1.7, 2.7);
    due("treadmill counts in miles. corrected");
    notices_told(&notices);
    due(NULL);
}

Test(notices, so_is_a_belt_that_is_out)
{
    beside(40, 3, 3.3);
    due("treadmill and foot pod disagree");
    notices_told(&notices);
    beside(40, 3, 3);
    beside(60, 3, 3.4);
    due(NULL);
}
