// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One thing is said of each sensor, the worst: nobody laces a shoe to a list.

#include "coach/preflight.h"

#include "coach/words.h"

#include <string.h>

static bool serves(const PreflightView *view, SensorId sensor, ServiceSet service)
{
    const bool known = view->sensors[sensor].described || view->sensors[sensor].linked;
    return known && (view->sensors[sensor].serves & service);
}

// The one that the run will go by: linked before not, then by rank.
SensorId preflight_sensor_for(const PreflightView *view, ServiceSet service)
{
    SensorId best = SENSOR_NONE;
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        if (!serves(view, sensor, service))
            continue;
        const bool linked = view->sensors[sensor].linked;
        if (best == SENSOR_NONE || (linked && !view->sensors[best].linked) ||
            (linked == view->sensors[best].linked &&
             view->profiles[sensor].rank < view->profiles[best].rank))
            best = sensor;
    }
    return best;
}

// One that was enrolled by its address and never heard may yet be anything.
static bool is_unheard(const SensorView *sensor)
{
    return !sensor->linked && sensor->serves == SERVICES_ALL;
}

static const char *name(const Phrases *phrases, const SensorView *sensor)
{
    if (is_unheard(sensor))
        return phrases->phrase[PHRASE_SENSOR_UNKNOWN];
    if (sensor->serves & SERVICE_TREADMILL)
        return phrases->phrase[PHRASE_SENSOR_TREADMILL];
    if (!(sensor->serves & SERVICE_HEART))
        return phrases->phrase[PHRASE_SENSOR_POD];
    if (!(sensor->serves & SERVICE_STRIDE))
        return phrases->phrase[PHRASE_SENSOR_STRAP];
    return phrases->phrase[PHRASE_SENSOR_WATCH];
}

bool preflight_battery_low(const SensorView *sensor)
{
    return sensor->linked && sensor->battery >= 0 && sensor->battery <= BATTERY_LOW;
}

static bool measures(const SensorView *sensor, Usec at)
{
    return sensor->measured_at != USEC_NEVER && at - sensor->measured_at < LOST_AFTER;
}

Words preflight_sensor(const Phrases *phrases, const PreflightView *view, SensorId id)
{
    const SensorView *sensor = &view->sensors[id];
    PhraseId phrase = PHRASE_SENSOR_READY;
    if (!sensor->linked)
        phrase = PHRASE_SENSOR_MISSING;
    else if (preflight_battery_low(sensor))
        phrase = PHRASE_BATTERY_LOW;
    else if ((sensor->serves & SERVICE_HEART) &&
             (sensor->contact_lost || !measures(sensor, view->at)))
        phrase = PHRASE_SENSOR_NO_CONTACT;
    else if (view->profiles[id].weak)
        phrase = PHRASE_SENSOR_WEAK;
    else if (sensor->battery >= 0)
        phrase = PHRASE_SENSOR_BATTERY;
    const uint64_t percent = sensor->battery < 0 ? 0 : (uint64_t)sensor->battery;
    return phrases_fill(phrases, phrase, "sensor", name(phrases, sensor), "n",
                        words_number(phrases, percent).text, NULL);
}

// Bytes of a character at most: a text that has less room left than that may have been cut.
#define CUT_WITHIN 4

// What does not fit is left out whole: half a sentence tells a wrong thing.
static void add(const Phrases *phrases, Words *sentence, Words part)
{
    if (sentence->text[0])
        part = phrases_fill(phrases, PHRASE_PREFLIGHT_AND, "before", sentence->text, "next",
                            part.text, NULL);
    if (strlen(part.text) < sizeof part.text - CUT_WITHIN)
        *sentence = part;
}

// Every step's end is foreseen, so their sum is no guess.
static bool is_foreseen(const Plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_step_s(plan, i) <= 0)
            return false;
    return plan->step_count > 0;
}

static Usec planned(const Plan *plan)
{
    const double seconds = plan_total_s(plan);
    const double unit = seconds < 600 ? 1 : 60; // nobody plans the seconds of an hour
    return usec_from_s(round(seconds / unit) * unit);
}

Words preflight_words(const Phrases *phrases, const PreflightView *view)
{
    static const struct {
        ConditionSet condition;
        PhraseId phrase;
    } conditions[] = {
        {CONDITION_STORE_DEGRADED, PHRASE_NOT_SAVED},
        {CONDITION_DISK_LOW, PHRASE_DISK_LOW},
        {CONDITION_CLOCK_UNSET, PHRASE_CLOCK_UNSET},
    };
    Words sentence = {0};
    const SensorId strap = preflight_sensor_for(view, SERVICE_HEART);
    const SensorId pod = preflight_sensor_for(view, SERVICE_STRIDE);
    const SensorId belt = preflight_sensor_for(view, SERVICE_TREADMILL);
    if (strap != SENSOR_NONE)
        add(phrases, &sentence, preflight_sensor(phrases, view, strap));
    if (pod != SENSOR_NONE && pod != strap)
        add(phrases, &sentence, preflight_sensor(phrases, view, pod));
    if (belt != SENSOR_NONE && belt != strap && belt != pod)
        add(phrases, &sentence, preflight_sensor(phrases, view, belt));
    if (strap == SENSOR_NONE && pod == SENSOR_NONE && belt == SENSOR_NONE)
        sentence = phrases_fill(phrases, PHRASE_NO_SENSORS, NULL);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (view->conditions & conditions[i].condition)
            add(phrases, &sentence, phrases_fill(phrases, conditions[i].phrase, NULL));
    if (view->plan && is_foreseen(view->plan)) {
        const Words length = words_duration(phrases, planned(view->plan));
        add(phrases, &sentence, phrases_fill(phrases, PHRASE_PLANNED, "length", length.text, NULL));
    }
    return sentence;
}
