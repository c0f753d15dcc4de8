// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a link is made of, for the four files that make it: link.c takes its steps, link-listen.c
// those while it is subscribed, link-pair.c those of a pairing, link-told.c answers questions about
// it and changes nothing.

#pragma once

#include "radio/backoff.h"
#include "radio/details.h"
#include "radio/flow.h"
#include "radio/gatt.h"
#include "radio/link.h"

typedef enum {
    PHASE_AWAY,
    PHASE_CONNECTING,
    PHASE_RESOLVING,
    PHASE_SUBSCRIBED, // or about to be
    PHASE_LEAVING,
} LinkPhase;

struct Link {
    Bluez *bluez;
    const LinkHandlers *handlers;
    gpointer data;
    SensorId slot;
    char address[18];
    char name[64];
    guint services;    // ServiceSet when it was enrolled
    guint adopted_for; // ServiceSet
    bool match_name;
    bool restored; // its history
    History history;

    LinkState state;
    char reason[160];
    Usec since;
    bool up;

    LinkPhase phase;
    Usec phase_since;
    Usec resolved_since; // without a stream to subscribe to; 0: not so
    guint generation;
    guint connection;      // that this attempt is about
    guint left_connection; // that we gave up
    bool left_ours;        // and had asked for
    bool looked;           // for a link that was there before us
    bool ours;             // we asked for it
    bool heard;            // the device of the attempt was on the air
    bool leaving;          // Disconnect has not answered
    bool forgetting;       // RemoveDevice was not refused: the object goes after the link
    GCancellable *attempt;

    Gatt *gatt;
    Details *details;
    RadioQuirk quirk;
    Flow flow;
    bool counted;      // the connection is, once it ends
    bool ask_quirk;    // something new is known of it
    bool pairing;      // the call is under way
    bool pair_tried;   // in this connection
    bool unpairable;   // the last pairing failed: not to be tried while data come
    bool restarted;    // the subscription, for silence
    bool forgotten;    // by BlueZ, so that it reads its services anew; until there are data
    Usec patient_from; // silence counts from here, or from the last packet
    int told_battery;  // in this connection, -1: none
    int rssi;          // when it was last connected to, 0 unknown

    Usec unseen_since; // 0: it was seen under its address
    Usec seen_at;      // heard or connected, 0: never
    Backoff backoff;
    bool wants_discovery;
    bool wants_connect;
};

// ── link.c ──

void link_show(Link *link, LinkState state, const char *sentence); // "ADDRESS" is replaced
void link_set_up(Link *link, bool up);
void link_count_end(Link *link, LinkEnd end, Usec now); // a connection is over
// Ends it. `forget`: BlueZ is to forget its table of the device as well, which ends the link, too.
void link_leave(Link *link, const MirrorDevice *device, bool forget, const char *reason, Usec now);

// ── link-listen.c ──

Usec link_listen(Link *link, const MirrorDevice *device, Usec now); // when to look again
// It has been silent for too long: the next remedy.
Usec link_silent(Link *link, const MirrorDevice *device, Usec now);
void link_consult_quirks(Link *link, const MirrorDevice *device); // NULL: it is not there

// ── link-pair.c ──

// Once a connection; false when it was tried, or is done. While it is under way, `pairing`.
bool link_pair(Link *link, const MirrorDevice *device);
// Of one that gives data: pairs when that may make the connection last. When to look again.
Usec link_pair_to_last(Link *link, const MirrorDevice *device, Usec now);
