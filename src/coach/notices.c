// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Each thing is a bit, so that what was told stays told however often it comes and goes: a battery
// about its limit, a belt about another pace.

#include "coach/notices.h"

enum {
    BELT_IN_MILES = SENSORS_MAX,
    BELT_APART,
    NOT_SAVED,
    DISK_LOW,
    NOTICES
};

void notices_init(Notices *notices)
{
    *notices = (Notices){.next = -1, .due = USEC_NEVER};
}

static unsigned condition_of(int notice)
{
    return notice == NOT_SAVED ? CONDITION_STORE_DEGRADED : CONDITION_DISK_LOW;
}

static bool holds(const PreflightView *view, int notice)
{
    if (notice < SENSORS_MAX)
        return preflight_battery_low(&view->sensors[notice]);
    if (notice == NOT_SAVED || notice == DISK_LOW)
        return view->conditions & condition_of(notice);
    if (!view->rivals)
        return false;
    if (notice == BELT_IN_MILES)
        return view->rivals->unit != 1;
    return rivals_verdict(view->rivals, view->at) == RIVALS_DISAGREE;
}

static Words words(const Phrases *phrases, const PreflightView *view, int notice)
{
    if (notice < SENSORS_MAX)
        return preflight_sensor(phrases, view, (SensorId)notice);
    static const PhraseId phrase[NOTICES] = {
        [BELT_IN_MILES] = PHRASE_BELT_MILES,
        [BELT_APART] = PHRASE_BELT_APART,
        [NOT_SAVED] = PHRASE_NOT_SAVED,
        [DISK_LOW] = PHRASE_DISK_LOW,
    };
    return phrases_fill(phrases, phrase[notice], NULL);
}

void notices_observe(Notices *notices, const Phrases *phrases, const PreflightView *view)
{
    int next = -1;
    for (int notice = NOTICES; notice-- > 0;)
        if (!(notices->told & 1u << notice) && holds(view, notice))
            next = notice;
    if (next == notices->next)
        return;
    notices->next = next;
    notices->due = next < 0 ? USEC_NEVER : view->at;
    if (next >= 0)
        notices->text = words(phrases, view, next);
}

static void none_next(Notices *notices)
{
    notices->next = -1;
    notices->due = USEC_NEVER;
}

void notices_told(Notices *notices)
{
    notices->told |= (uint16_t)(1u << notices->next);
    none_next(notices);
}

void notices_told_before(Notices *notices, const PreflightView *view)
{
    static const ServiceSet services[] = {SERVICE_HEART, SERVICE_STRIDE, SERVICE_TREADMILL};
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const SensorId sensor = preflight_sensor_for(view, services[i]);
        if (sensor != SENSOR_NONE && preflight_battery_low(&view->sensors[sensor]))
            notices->told |= (uint16_t)(1u << sensor);
    }
    for (int notice = NOT_SAVED; notice <= DISK_LOW; notice++)
        if (view->conditions & condition_of(notice))
            notices->told |= (uint16_t)(1u << notice);
    none_next(notices);
}

void notices_forget(Notices *notices, SensorId sensor)
{
    notices->told &= (uint16_t) ~(1u << sensor);
}
