// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What runs taught of a sensor, over months and firmwares, and a lesson that is taken back.

#include "hub/lessons.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define DAY   (24 * 3600 * USEC_PER_SEC)
#define TODAY (20000 * DAY)

static EnrolledSensor pod;
static char line[LESSONS_LINE], before[LESSONS_LINE];
static SensorKnown told;

static SensorKnown recall(const char *firmware, Usec wall)
{
    return lessons_recall(&pod, SERVICE_STRIDE, 0, firmware, wall);
}

// Learns from what is known today, by firmware 1.0.
static gboolean learn(Surface surface, double scale, double deviation)
{
    SensorKnown news = recall("1.0", TODAY);
    told = news;
    news.scales[surface] = (ScaleKnown){scale, 0.002, deviation, 0.001, 0.1, true};
    return lessons_learn(&pod, &told, &news, "1.0", TODAY, line, before);
}

static gboolean take_back(Usec wall)
{
    told = recall("1.0", wall);
    return lessons_take_back(&pod, SURFACE_GROUND, &told, "1.0", wall, line, before);
}

static void set(double scale, const char *firmware)
{
    told = recall(firmware, TODAY);
    lessons_set(&pod, SURFACE_GROUND, scale, &told, firmware, TODAY, line, before);
}

static void begin(void)
{
    pod = (EnrolledSensor){0};
    line[0] = before[0] = '\0';
}

TestSuite(lessons, .init = begin);

Test(lessons, nothing_is_known_of_a_new_sensor_but_what_its_make_says)
{
    SensorKnown known = recall("", TODAY);
    cr_expect(sensor_known_nothing(&known));
    known = lessons_recall(&pod, SERVICE_STRIDE, 0.01, "", TODAY);
    cr_expect(eq(dbl, known.scales[SURFACE_GROUND].scale, 1));
    cr_expect(eq(dbl, known.scales[SURFACE_GROUND].scale_deviation, 0.01));
    cr_expect(not(scale_is_known(&known.scales[SURFACE_TREADMILL])));
    known = lessons_recall(&pod, SERVICE_TREADMILL, 0.01, "", TODAY);
    cr_expect(scale_is_known(&known.scales[SURFACE_TREADMILL]), "a belt");
}

Test(lessons, what_was_learnt_is_recalled_as_it_was_and_doubted_more_with_the_months)
{
    cr_expect(learn(SURFACE_GROUND, 1.04, 0.003));
    const SensorKnown same = recall("1.0", TODAY), later = recall("1.0", TODAY + 365 * DAY);
    const SensorKnown clockless = recall("1.0", 0);
    const ScaleKnown *fresh = &same.scales[SURFACE_GROUND], *old = &later.scales[SURFACE_GROUND];
    cr_expect(eq(dbl, fresh->scale, 1.04));
    cr_expect(eq(dbl, fresh->scale_deviation, 0.003));
    cr_expect(fresh->compared);
    cr_expect(eq(dbl, old->scale, 1.04));
    cr_expect(
        epsilon_eq(dbl, old->scale_deviation, sqrt(0.003 * 0.003 + 12 * 0.002 * 0.002), 1e-4));
    cr_expect(sensor_known_same(&clockless, &same));
    cr_expect(not(lessons_learn(&pod, &same, &same, "1.0", TODAY, line, before)), "nothing new");
}

Test(lessons, another_firmware_is_another_pod)
{
    learn(SURFACE_GROUND, 1.04, 0.003);
    const SensorKnown renewed = recall("2.0", TODAY), silent = recall("", TODAY);
    cr_expect(eq(dbl, renewed.scales[SURFACE_GROUND].scale, 1.04));
    cr_expect(eq(dbl, renewed.scales[SURFACE_GROUND].scale_deviation, 0.02));
    cr_expect(not(renewed.scales[SURFACE_GROUND].compared));
    cr_expect(silent.scales[SURFACE_GROUND].compared, "it has not said yet which it has");
}

// He measured it with the pod as it is now, whatever was learnt of it before.
Test(lessons, a_users_word_is_of_the_firmware_of_its_day)
{
    learn(SURFACE_GROUND, 1.04, 0.003);
    learn(SURFACE_TREADMILL, 0.97, 0.015);
    set(1.01, "2.0");
    SensorKnown known = recall("2.0", TODAY);
    cr_expect(eq(dbl, known.scales[SURFACE_GROUND].scale, 1.01));
    cr_expect(known.scales[SURFACE_GROUND].compared);
    cr_expect(not(known.scales[SURFACE_TREADMILL].compared), "that was of the old one");
    known = recall("3.0", TODAY);
    cr_expect(not(known.scales[SURFACE_GROUND].compared), "and so is this by then");
}

// Who runs each day learns each day something, if only of his cadence.
Test(lessons, what_is_learnt_each_day_of_something_else_keeps_nothing_young)
{
    learn(SURFACE_GROUND, 1.04, 0.003);
    Usec wall = TODAY;
    for (int day = 1; day <= 365; day++) {
        wall += day % 2 ? DAY * 23 / 24 : DAY * 25 / 24;
        SensorKnown news = recall("1.0", wall);
        told = news;
        news.line = (GaitLine){.seconds = 600 + day,
                               .cadence = 170,
                               .speed = 3,
                               .cadence2 = 4,
                               .speed2 = 0.1,
                               .together = 0.3};
        cr_assert(lessons_learn(&pod, &told, &news, "1.0", wall, line, before));
    }
    const double aged = sqrt(0.003 * 0.003 + 12 * 0.002 * 0.002);
    cr_expect(
        epsilon_eq(dbl, recall("1.0", wall).scales[SURFACE_GROUND].scale_deviation, aged, 1e-4));
}

// What is taken up again has grown as old as if it had counted all the while.
Test(lessons, what_is_taken_back_does_not_become_young_again)
{
    learn(SURFACE_GROUND, 1.04, 0.003);
    learn(SURFACE_GROUND, 1.06, 0.002);
    cr_expect(take_back(TODAY + 365 * DAY));
    const SensorKnown known = recall("1.0", TODAY + 365 * DAY);
    cr_expect(eq(dbl, known.scales[SURFACE_GROUND].scale, 1.04));
    cr_expect(gt(dbl, known.scales[SURFACE_GROUND].scale_deviation, 0.007));
}

// A make's own doubt is nothing that was learnt.
Test(lessons, there_is_nothing_to_take_back_of_what_a_make_says)
{
    told = lessons_recall(&pod, SERVICE_STRIDE, 0.01, "1.0", TODAY);
    cr_expect(not(lessons_take_back(&pod, SURFACE_GROUND, &told, "1.0", TODAY, line, before)));
}

Test(lessons, one_surface_teaches_nothing_of_the_other)
{
    learn(SURFACE_GROUND, 1.04, 0.003);
    learn(SURFACE_TREADMILL, 0.97, 0.015);
    const SensorKnown known = recall("1.0", TODAY);
    cr_expect(eq(dbl, known.scales[SURFACE_GROUND].scale, 1.04));
    cr_expect(eq(dbl, known.scales[SURFACE_TREADMILL].scale, 0.97));
}

Test(lessons, the_latest_of_a_surface_can_be_taken_back_and_taken_up_again)
{
    cr_expect(not(take_back(TODAY)));
    learn(SURFACE_GROUND, 1.04, 0.003);
    learn(SURFACE_GROUND, 1.06, 0.002);
    learn(SURFACE_TREADMILL, 0.97, 0.015);
    cr_expect(take_back(TODAY));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_GROUND].scale, 1.04));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_TREADMILL].scale, 0.97));
    cr_expect(take_back(TODAY));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_GROUND].scale, 1.06));
    set(0, "1.0");
    cr_expect(not(scale_is_known(&(ScaleKnown){recall("1.0", TODAY).scales[0].scale})));
    set(0.99, "1.0");
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_GROUND].scale, 0.99));
}

Test(lessons, what_cannot_be_read_is_forgotten)
{
    static const char *const broken[] = {"scale", "scale moon 1 0 0 0 0", "line 1 2 3",
                                         "scale ground 9 0 0 0 0", "\xff"};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        pod.lessons = (char *)broken[i];
        const SensorKnown known = recall("", TODAY);
        cr_expect(sensor_known_nothing(&known), "%s", broken[i]);
    }
}
