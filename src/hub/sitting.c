// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "hub/sitting.h"

#define UNLINKED_MAX (10 * 60 * USEC_PER_SEC)
#define WORN_MAX     (30 * 60 * USEC_PER_SEC)

static void add_value(GArray *events, Usec at, SensorId sensor, uint16_t characteristic, int value)
{
    Event event = {.at = at, .kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = 1;
    event.notify.bytes[0] = (uint8_t)value;
    if (value >= 0)
        g_array_append_val(events, event);
}

GArray *sitting_legacy(Usec at, const Session *before, const SensorProfile *profiles,
                       unsigned conditions)
{
    const SensorView *views = session_snapshot(before)->sensors;
    const Athlete *athlete = session_athlete(before);
    GArray *events = g_array_new(FALSE, FALSE, sizeof(Event));
    const Event condition = {
        .at = at, .kind = EVENT_CONDITION, .condition.set = (uint8_t)conditions};
    const Event told = {.at = at, .kind = EVENT_ATHLETE, .athlete = *athlete};
    if (conditions != 0)
        g_array_append_val(events, condition);
    if (!athlete_is_unknown(athlete))
        g_array_append_val(events, told);
    Event track = {.at = at, .kind = EVENT_COMMAND};
    track.command.verb = COMMAND_TRACK;
    track.command.number = session_track(before);
    if (track.command.number > 0)
        g_array_append_val(events, track);
    Event load = {.at = at, .kind = EVENT_COMMAND};
    load.command.verb = COMMAND_LOAD;
    load.command.number = session_week(before);
    if (load.command.number > 0)
        g_array_append_val(events, load);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        const SensorView *view = &views[sensor];
        const Event described = {
            .at = at, .kind = EVENT_SENSOR, .sensor = {sensor, profiles[sensor]}};
        const Event linked = {.at = at, .kind = EVENT_LINK, .link = {sensor, true}};
        if (profiles[sensor].services != 0)
            g_array_append_val(events, described);
        if (view->linked)
            g_array_append_val(events, linked);
        add_value(events, at, sensor, CHARACTERISTIC_BATTERY_LEVEL, view->battery);
        add_value(events, at, sensor,
                  view->serves & SERVICE_HEART ? CHARACTERISTIC_BODY_LOCATION
                                               : CHARACTERISTIC_SENSOR_LOCATION,
                  view->location);
    }
    return events;
}

gboolean sitting_is_over(const Session *session, Usec last_event, Usec idle_since,
                         const Event *event)
{
    if (session_snapshot(session)->plan)
        return FALSE;
    if (session_deadline(session) == USEC_NEVER)
        return event->at - last_event >= UNLINKED_MAX && event->at - idle_since >= WORN_MAX;
    return event->kind == EVENT_TIME && event->at - idle_since >= WORN_MAX;
}
