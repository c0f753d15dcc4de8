// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A private bus with the room's real objects on one connection and a caller on another. The hub is
// played by the test. Nothing waits for time: a reply on the server's connection comes after every
// signal it sent before.

#pragma once

#include "bus/bus.h"

#define RUNNER  "/org/paced1/runner/me"
#define SESSION RUNNER "/session"
#define HUB     "/org/paced1/hub"

typedef struct {
    GVariant *value;
    char *error; // the name on the wire
    char *message;
    gboolean done;
} Reply;

typedef struct {
    GSubprocess *daemon;
    char *address;
    GDBusConnection *server, *client;
    Bus *bus;
    GPtrArray *signals; // "Member" of what the client saw, in order
    GPtrArray *bodies;  // GVariant, likewise
    guint acquired, lost;
    // the hub's part
    guint commands;
    guint32 id;
    CommandVerb verb;
    char *text, *sender;
    gboolean answers; // at once, with `reason`
    AnswerReason reason;
    SensorWish wish;             // the latest; its texts are not kept
    Athlete athlete;             // the latest
    Procedure procedure;         // the latest
    ProcedureCallback answer_to; // whom it is to be answered; NULL when that was done
    gpointer answer_data;        // for them
    guint asked, held, let_go;   // procedures; hold(TRUE) and hold(FALSE)
} World;

extern World world;
extern const BusHandlers world_handlers; // `data`: a guint, counts the names acquired

GDBusConnection *connect_bus(void);   // another caller
void signals_watch(const char *path); // at this path; NULL: everywhere
void call_begin(GDBusConnection *client, const char *path, const char *interface,
                const char *method, GVariant *args, Reply *reply);
void call_wait(Reply *reply);
Reply call_as(GDBusConnection *client, const char *path, const char *interface, const char *method,
              GVariant *args);
Reply call(const char *path, const char *interface, const char *method, GVariant *args);
void answer_procedure(const ProcedureResult *result); // to the latest
void signals_settle(void); // all signals sent so far have been seen when it returns
void reply_clear(Reply *reply);
GVariant *property(const char *path, const char *interface, const char *name);
guint signals_seen(const char *member); // how many by this name
void signals_forget(void);
void world_begin(void);
void world_end(void);
