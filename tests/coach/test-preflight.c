// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is told before a run: the worst of each sensor that counts, what threatens the record, and
// how long it will be.

#include "coach/preflight.h"

#include "workout/text.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW (1000 * USEC_PER_SEC)

static Phrases phrases;
static SensorView sensors[SENSORS_MAX];
static SensorProfile profiles[SENSORS_MAX];

static void nobody_there(void)
{
    phrases_init_english(&phrases);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        profiles[sensor] = sensor_profile_default(sensor);
        sensors[sensor] = (SensorView){.measured_at = USEC_NEVER, .battery = -1, .location = -1};
    }
}

TestSuite(preflight, .init = nobody_there);

static SensorView *enrol(SensorId sensor, unsigned services, bool live)
{
    profiles[sensor].services = (uint8_t)services;
    sensors[sensor].described = true;
    sensors[sensor].serves = (uint8_t)services;
    sensors[sensor].linked = live;
    sensors[sensor].measured_at = live ? NOW : USEC_NEVER;
    return &sensors[sensor];
}

static PreflightView view_of(const Plan *plan, unsigned conditions)
{
    return (PreflightView){NOW, sensors, profiles, NULL, conditions, plan};
}

static void expect(const char *text, const Plan *plan, unsigned conditions)
{
    const PreflightView view = view_of(plan, conditions);
    cr_expect_str_eq(preflight_words(&phrases, &view).text, text);
}

// The plan of a text; NULL: the one before.
static Plan *plan_of(const char *text)
{
    static Plan plan;
    TextError error;
    cr_assert(!text || text_parse(text, strlen(text), &plan, NULL, &error), "%s", error.text);
    return &plan;
}

Test(preflight, the_sentence_of_the_good_and_the_bad)
{
    enrol(0, SERVICE_HEART, true)->battery = 84;
    enrol(1, SERVICE_STRIDE, true)->battery = 60;
    profiles[1].weak = true;
    expect("strap eighty-four percent, pod weak, forty-two minutes planned",
           plan_of("Workout - Steady\n- 42min @ 5'00''/km\n"), 0);
}

Test(preflight, of_each_sensor_the_worst)
{
    expect("no sensors", NULL, 0);
    SensorView *strap = enrol(0, SERVICE_HEART, true);
    expect("strap ready", NULL, 0);
    strap->battery = 16;
    expect("strap sixteen percent", NULL, 0);
    profiles[0].weak = true;
    expect("strap weak", NULL, 0);
    strap->contact_lost = true;
    expect("strap without contact", NULL, 0);
    strap->contact_lost = false;
    strap->measured_at = USEC_NEVER;
    expect("strap without contact", NULL, 0);
    strap->battery = 15;
    expect("strap battery low, fifteen percent", NULL, 0);
    strap->linked = false;
    expect("strap missing", NULL, 0);
}

Test(preflight, one_device_that_is_both_is_named_once)
{
    enrol(3, SERVICE_HEART | SERVICE_STRIDE, true)->battery = 70;
    expect("watch seventy percent", NULL, 0);
    sensors[3].linked = false;
    expect("watch missing", NULL, 0);
}

Test(preflight, a_treadmill_is_named_once_whatever_else_it_is)
{
    enrol(2, SERVICE_TREADMILL, true);
    expect("treadmill ready", NULL, 0);
    enrol(2, SERVICE_TREADMILL | SERVICE_STRIDE, true);
    expect("treadmill ready", NULL, 0);
    enrol(0, SERVICE_HEART, true);
    enrol(2, SERVICE_TREADMILL, false);
    expect("strap ready, treadmill missing", NULL, 0);
}

Test(preflight, a_pod_with_power_is_a_pod)
{
    enrol(1, SERVICE_STRIDE | SERVICE_POWER, true);
    expect("pod ready", NULL, 0);
}

Test(preflight, what_was_never_heard_is_given_no_kind)
{
    enrol(3, SERVICES_ALL, false);
    expect("sensor missing", NULL, 0);
}

Test(preflight, a_spare_that_is_at_home_is_no_news)
{
    enrol(0, SERVICE_HEART, false);
    enrol(1, SERVICE_HEART, true)->battery = 50;
    expect("strap fifty percent", NULL, 0);
    enrol(0, SERVICE_HEART, true)->battery = 90;
    profiles[0].rank = 9;
    expect("strap fifty percent", NULL, 0);
    profiles[0].rank = 0;
    expect("strap ninety percent", NULL, 0);
}

Test(preflight, what_nobody_enrolled_counts_for_what_it_sends)
{
    sensors[2].linked = true;
    sensors[2].serves = SERVICE_STRIDE;
    sensors[2].measured_at = NOW;
    expect("pod ready", NULL, 0);
}

Test(preflight, what_threatens_the_record)
{
    enrol(0, SERVICE_HEART, true);
    expect("strap ready, the run is not being saved, little room left to save, clock not set", NULL,
           CONDITIONS_ALL);
}

Test(preflight, what_does_not_fit_is_left_out_whole)
{
    const char *why;
    cr_assert(phrases_set(&phrases, PHRASE_NOT_SAVED,
                          "the run that is about to begin is at present not being saved anywhere "
                          "at all",
                          &why));
    cr_assert(phrases_set(&phrases, PHRASE_DISK_LOW,
                          "very little room is left on the card on which runs would be saved",
                          &why));
    cr_assert(
        phrases_set(&phrases, PHRASE_SENSOR_READY, "{sensor} is ready and measures well", &why));
    enrol(0, SERVICE_HEART, true);
    enrol(1, SERVICE_STRIDE, true);
    expect("strap is ready and measures well, pod is ready and measures well, the run that is "
           "about to begin is at present not being saved anywhere at all, clock not set",
           NULL, CONDITIONS_ALL);
}

Test(preflight, a_plan_whose_length_is_a_guess_is_not_told)
{
    enrol(1, SERVICE_STRIDE, true);
    expect("pod ready, nine minutes fifty planned",
           plan_of("Workout - A\n- 2km @ 4'10''/km\n- 90s rest\n"), 0);
    expect("pod ready, one hour one minute planned",
           plan_of("Workout - A\n- 61min 20s @ 4'10''/km\n"), 0);
    plan_of("Workout - A\n- 2km @ 4'10''/km\n")->steps[0].aim = AIM_NOTHING;
    expect("pod ready", plan_of(NULL), 0);
    Plan open;
    plan_free_run(&open);
    expect("pod ready", &open, 0);
}
