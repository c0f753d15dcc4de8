// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A radio, a private bus and `paced-sim fake` on it, for plain programs, so that a leak fails them.
// They wait for what they expect, with deadlines that only a broken radio misses.

#pragma once

#include "io/clock.h"
#include "radio/radio.h"

#define STRAP "00:AA:01:00:00:01"
#define POD   "00:AA:01:00:00:02"

enum {
    HEART_SLOT,
    STRIDE_SLOT,
    SLOTS
};

extern const char *paced_sim; // the program's path

typedef struct {
    char *folder;
    char *address; // of the bus
    GSubprocess *bus;
    GDBusConnection *control;
    GSubprocess *fake;
    Radio *radio;
    bool adopt;
    guint candidates;
    guint packets[SLOTS]; // measurements
    guint downs[SLOTS];
    bool up[SLOTS];
    guint16 last[SLOTS];
    guint8 read[0x100]; // of 0x2Axx by xx: the first byte
    guint reads[0x100]; // likewise: how often it came
    gsize longest;
    char moved[18];
    guint asked; // for a quirk
    RadioQuirk quirk;
    bool quirk_by_maker; // only when the manufacturer is known
} Fixture;

extern const RadioHandlers fake_handlers; // their data is the Fixture

// `data`: options of the second sensor, '|' between them; NULL: a pod.
void fake_set_up(Fixture *fixture, gconstpointer data);
void fake_tear_down(Fixture *fixture, gconstpointer data);
void start_fake(Fixture *fixture, const char *second);
void kill_fake(Fixture *fixture);
void start_bus(Fixture *fixture);
void stop_bus(Fixture *fixture);

void explain(Fixture *fixture);
void on_deadline(gpointer data);

// Runs the main loop until it is so; the time it took.
#define WAIT(seconds, condition)                                                                   \
    ({                                                                                             \
        Usec wait_began = clock_now();                                                             \
        bool wait_late = false;                                                                    \
        Alarm *wait_alarm = alarm_new(on_deadline, &wait_late);                                    \
        alarm_set(wait_alarm, wait_began + (seconds)*USEC_PER_SEC);                                \
        while (!(condition) && !wait_late)                                                         \
            g_main_context_iteration(NULL, TRUE);                                                  \
        alarm_free(wait_alarm);                                                                    \
        if (wait_late)                                                                             \
            explain(fixture);                                                                      \
        g_assert_false(wait_late && "waiting for " #condition);                                    \
        usec_to_s(clock_now() - wait_began);                                                       \
    })

guint linger(int seconds); // runs the main loop for so long; how often it woke

const RadioSensor *sensor_at(Fixture *fixture, SensorId slot);
bool state_is(Fixture *fixture, SensorId slot, LinkState state);
bool both_live(Fixture *fixture);

// Asks whoever is org.bluez; the answer is the caller's.
GVariant *ask(Fixture *fixture, const char *path, const char *interface, const char *method,
              GVariant *arguments);
void tell(Fixture *fixture, const char *method, GVariant *arguments); // org.paced1.Sim
bool discovering(Fixture *fixture);
guint connects(Fixture *fixture, const char *address);

void enrol(Fixture *fixture, SensorId slot, const char *address, const char *name,
           guint adopted_for);
void enrol_both(Fixture *fixture);
// Data of both, after whatever `what` was.
void expect_data(Fixture *fixture, const char *what, int deadline_s);
