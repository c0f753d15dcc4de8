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
    cr_expect(not(lessons_take_back(&pod, SURFACE_GROUND, TODAY, line, before)));
    learn(SURFACE_GROUND, 1.04, 0.003);
    learn(SURFACE_GROUND, 1.06, 0.002);
    learn(SURFACE_TREADMILL, 0.97, 0.015);
    cr_expect(lessons_take_back(&pod, SURFACE_GROUND, TODAY, line, before));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_GROUND].scale, 1.04));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_TREADMILL].scale, 0.97));
    cr_expect(lessons_take_back(&pod, SURFACE_GROUND, TODAY, line, before));
    cr_expect(eq(dbl, recall("1.0", TODAY).scales[SURFACE_GROUND].scale, 1.06));
    lessons_set(&pod, SURFACE_GROUND, 0, TODAY, line, before);
    cr_expect(not(scale_is_known(&(ScaleKnown){recall("1.0", TODAY).scales[0].scale})));
    lessons_set(&pod, SURFACE_GROUND, 0.99, TODAY, line, before);
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
