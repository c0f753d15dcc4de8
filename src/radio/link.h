// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One enrolled sensor's way from "not seen" to "live" and back. A link looks at BlueZ's tree at
// each step and does what is missing: it keeps no event, and no path. The governor says when it may
// use the radio.

#pragma once

#include "radio/bluez.h"
#include "radio/radio.h"

typedef struct Link Link;

typedef struct {
    void (*notify)(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                   gpointer data);
    // A connection came to data (TROUBLE_NONE), or Connect failed. `heard`: it was on the air.
    void (*outcome)(Trouble trouble, bool heard, gpointer data);
    RadioQuirkLookup quirk;                                // may be NULL
    void (*up)(SensorId slot, gboolean up, gpointer data); // packets arrive; they do not
    void (*changed)(gpointer data);                        // step again soon
} LinkHandlers;

typedef struct {
    const char *adapter; // path of the powered one, NULL when the radio is not ready
    const char *excuse;  // why there is none
    bool wanted;         // to be held at all
    bool contended;      // another sensor waits for the radio
} LinkTerms;

Link *link_new(Bluez *bluez, const LinkHandlers *handlers, gpointer data, const char *address);
// Says that it is down, and disconnects what it connected, without waiting.
void link_release(Link *link, const char *adapter);
void link_free(Link *link);

Usec link_step(Link *link, const LinkTerms *terms, Usec now);

bool link_wants_discovery(const Link *link); // its sensor has to be heard first
bool link_wants_connect(const Link *link);
bool link_is_live(const Link *link);
bool link_is_linked(const Link *link); // it has a connection, or is about to have or to lose one
bool link_heard(const Link *link);     // that it wants to, since it was heard just now
Usec link_last_try(const Link *link);
bool link_holds_radio(const Link *link); // connecting or looking at services: one at a time
void link_connect(Link *link, const char *adapter, Usec now);

void link_value(Link *link, guint16 characteristic, const guint8 *bytes, gsize length);

const char *link_address(const Link *link);
void link_enrol(Link *link, const Enrolment *enrolment); // all of it but the address
History *link_history(Link *link);
// It changes its address, and was not seen for long although somebody looked (`searching_since`,
// USEC_NEVER: nobody does); else *ret_due is when that will be said, if it is to be at all.
bool link_strayed(const Link *link, Usec searching_since, Usec now, Usec *ret_due);
bool link_rivals(const Link *link, const Link *other); // both are missed, under one name
SensorId link_slot(const Link *link);
const char *link_name(const Link *link); // as enrolled
guint link_services(const Link *link);   // likewise; 0 unknown
void link_move(Link *link, const char *address);
guint link_adopted_for(const Link *link); // ServiceSet; 0: a user chose it
// `device`: what the tree has of it, or NULL. `ret_sensor` is zeroed before.
void link_describe(const Link *link, const MirrorDevice *device, RadioSensor *ret_sensor);
