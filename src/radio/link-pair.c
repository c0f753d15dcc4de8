// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a sensor is paired with. Hard here is that a pairing which fails may cost the link, so data
// go first: it is done when they are refused otherwise, or when they end again and again at an age
// at which, with this make, pairing is known to help.
//
// Without an agent of its client's, BlueZ 5.66 refuses what the kernel asks of it even where no
// question comes of it ("No agent available for request type 2"). With one, it says yes by itself
// to what needs neither a code nor a button, and fails the rest, for nobody answers at that path.

#include "radio/link-inside.h"

#include <math.h>

#include "io/clock.h"

#define AGENT        "/org/paced1/agent"
#define PAIR_TIMEOUT (30 * USEC_PER_SEC)

static void on_paired(GVariant *reply, Trouble trouble, gpointer data)
{
    Link *link = data;
    link->pairing = false;
    link->unpairable = trouble != TROUBLE_NONE;
    if (!link->up) {
        gatt_reset(link->gatt); // what was refused may be granted now
        link->patient_from = clock_now();
    }
    link->handlers->changed(link->data);
}

bool link_pair(Link *link, const MirrorDevice *device)
{
    if (device->paired || link->pair_tried)
        return false;
    link->pair_tried = link->pairing = true;
    bluez_call(link->bluez, "/org/bluez", "org.bluez.AgentManager1", "RegisterAgent",
               g_variant_new("(os)", AGENT, "NoInputNoOutput"), PAIR_TIMEOUT, NULL, NULL, NULL);
    bluez_call(link->bluez, device->path, "org.bluez.Device1", "Pair", NULL, PAIR_TIMEOUT,
               link->attempt, on_paired, link);
    return true;
}

Usec link_pair_to_last(Link *link, const MirrorDevice *device, Usec now)
{
    bool wanted = link->quirk.pair && !link->unpairable && !link->pair_tried && !device->paired &&
                  link->flow.last && !isnan(history_fixed_age(&link->history));
    if (!wanted)
        return USEC_NEVER;
    if (!flow_proved(&link->flow))
        return MAX(link->flow.good_since + FLOW_PROVED_AFTER, now + USEC_PER_SEC);
    link->unpairable = true; // unless it succeeds: the link may go before there is an answer
    link_pair(link, device);
    return USEC_NEVER;
}
