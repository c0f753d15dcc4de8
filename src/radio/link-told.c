// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What others may ask of a link. It is a file of its own only because the steps fill one.

#include "io/clock.h"
#include "radio/link-inside.h"

#define STRAYED_AFTER (20 * USEC_PER_SEC)
#define SOUGHT_FOR    (5 * USEC_PER_SEC) // it would have been heard
#define WEAK_RSSI     (-85)

bool link_wants_discovery(const Link *link)
{
    return link->wants_discovery;
}

bool link_wants_connect(const Link *link)
{
    return link->wants_connect;
}

bool link_is_live(const Link *link)
{
    return link->state == LINK_LIVE;
}

bool link_is_linked(const Link *link)
{
    return link->phase != PHASE_AWAY;
}

bool link_heard(const Link *link)
{
    return link->heard;
}

Usec link_last_try(const Link *link)
{
    return link->backoff.last_try;
}

bool link_holds_radio(const Link *link)
{
    switch (link->phase) {
    case PHASE_AWAY:
    case PHASE_SUBSCRIBED:
        return false;
    case PHASE_RESOLVING:
        return !link->up; // whose data flow is not waited for by others
    case PHASE_CONNECTING:
    case PHASE_LEAVING:
        return true;
    }
    g_assert_not_reached();
}

const char *link_address(const Link *link)
{
    return link->address;
}

bool link_strayed(const Link *link, Usec searching_since, Usec now, Usec *ret_due)
{
    if (!link->match_name || !link->name[0] || !link->unseen_since || !link->wants_discovery ||
        searching_since == USEC_NEVER)
        return false;
    *ret_due = MAX(link->unseen_since + STRAYED_AFTER, searching_since + SOUGHT_FOR);
    return now >= *ret_due;
}

bool link_rivals(const Link *link, const Link *other)
{
    return link != other && link->match_name && other->match_name && link->unseen_since &&
           other->unseen_since && g_str_equal(link->name, other->name);
}

SensorId link_slot(const Link *link)
{
    return link->slot;
}

const char *link_name(const Link *link)
{
    return link->name;
}

guint link_services(const Link *link)
{
    return link->services;
}

guint link_adopted_for(const Link *link)
{
    return link->adopted_for;
}

History *link_history(Link *link)
{
    return &link->history;
}

void link_describe(const Link *link, const MirrorDevice *device, RadioSensor *ret_sensor)
{
    const char *name = link->name[0] || !device ? link->name : device->name;
    g_strlcpy(ret_sensor->address, link->address, sizeof ret_sensor->address);
    g_strlcpy(ret_sensor->name, name, sizeof ret_sensor->name);
    g_strlcpy(ret_sensor->reason, link->reason, sizeof ret_sensor->reason);
    ret_sensor->services = device && device->services ? device->services : link->services;
    ret_sensor->match_name = link->match_name;
    ret_sensor->slot = link->slot;
    ret_sensor->state = link->state;
    ret_sensor->since = link->since;
    ret_sensor->next_try = link->state == LINK_WAITING ? link->backoff.next_try
                           : link->state == LINK_SEARCHING && link->backoff.absent
                               ? link->backoff.blind_at
                               : USEC_NEVER;
    ret_sensor->battery = device ? device->battery : -1;
    ret_sensor->rssi = device ? device->rssi : 0;
    ret_sensor->dropped = link->flow.dropped;
    ret_sensor->cut = link->flow.cut;
    const DetailsTexts *texts = details_texts(link->details);
    g_strlcpy(ret_sensor->manufacturer, texts->manufacturer, sizeof ret_sensor->manufacturer);
    g_strlcpy(ret_sensor->model, texts->model, sizeof ret_sensor->model);
    g_strlcpy(ret_sensor->firmware, texts->firmware, sizeof ret_sensor->firmware);
    g_strlcpy(ret_sensor->quirk, link->quirk.id, sizeof ret_sensor->quirk);
    ret_sensor->acquired = gatt_acquired(link->gatt);
    ret_sensor->busy = backoff_busy(&link->backoff);
    int rssi = device && device->rssi ? device->rssi : link->rssi;
    ret_sensor->weak = (rssi && rssi <= WEAK_RSSI) || flow_gappy(&link->flow, clock_now());
}
