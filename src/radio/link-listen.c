// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Of a link whose sensor is subscribed to: whether its data flow, and what is done when they do
// not. Hard here is that silence may mean nothing: a pod that sends nothing while its runner stands
// is well.

#include "radio/link-inside.h"

#include "session/event.h"

#define STANDS_FOR (120 * USEC_PER_SEC) // silently; for so long the core takes it for standing

Usec link_silent(Link *link, const MirrorDevice *device, Usec now)
{
    link_set_up(link, false);
    if (!link->restarted) {
        link_show(link, LINK_SILENT, "connected, but no data comes; subscribing again");
        link->restarted = gatt_unsubscribe(link->gatt, device);
        link->patient_from = now;
        return link->restarted ? now : USEC_NEVER; // a call ends by itself
    }
    backoff_failed(&link->backoff, TROUBLE_OTHER, now);
    link_count_end(link, END_SILENT, now);
    link_leave(link, device, false,
               "connected, but no data comes: is it worn and awake? connecting again", now);
    return now;
}

void link_consult_quirks(Link *link, const MirrorDevice *device)
{
    const DetailsTexts *texts = details_texts(link->details);
    RadioQuirk quirk = {.subscribe = SUBSCRIBE_AUTO};
    if (link->handlers->quirk)
        link->handlers->quirk(device && device->name[0] ? device->name : link->name,
                              texts->manufacturer, texts->model,
                              device && device->services ? device->services : link->services,
                              &quirk, link->data);
    link->quirk = quirk;
    link->ask_quirk = false;
    if (quirk.subscribe == SUBSCRIBE_NOTIFY && gatt_acquired(link->gatt)) {
        gatt_reset(link->gatt); // it subscribes by signals next
        link->handlers->changed(link->data);
    }
}

static void tell_battery(Link *link, const MirrorDevice *device)
{
    if (!link->up || device->battery < 0 || device->battery == link->told_battery)
        return;
    link->told_battery = device->battery;
    guint8 percent = (guint8)device->battery;
    link->handlers->notify(link->slot, CHARACTERISTIC_BATTERY, &percent, 1, link->data);
}

static Usec patience(const Link *link)
{
    Usec patience = silence_patience(link->backoff.failures);
    return gatt_may_rest(link->gatt, &link->quirk) ? MAX(patience, STANDS_FOR) : patience;
}

Usec link_listen(Link *link, const MirrorDevice *device, Usec now)
{
    if (link->ask_quirk)
        link_consult_quirks(link, device);
    details_step(link->details, device, &link->quirk);
    tell_battery(link, device);
    Usec from = MAX(MAX(link->flow.last, link->patient_from), gatt_subscribed_at(link->gatt));
    Usec deadline = from + patience(link);
    if (now >= deadline)
        return link_silent(link, device, now);
    Usec missed_at;
    if (!gatt_mend(link->gatt, device, &link->quirk, now, &missed_at) && link->ours) {
        link_count_end(link, END_SILENT, now);
        link_leave(link, device, false, "one of its streams fell silent; connecting again", now);
        return now;
    }
    return MIN(MIN(deadline, missed_at), link_pair_to_last(link, device, now));
}
