// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a sitting ends: late enough to cost nobody anything, and surely.

#include "hub/sitting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define MINUTE (60 * USEC_PER_SEC)
#define BEGAN  (1000 * USEC_PER_SEC)

typedef struct {
    const char *what;
    bool linked, workout;
    EventKind next;
    int minutes; // without anything else
    bool over;
} Case;

static void handle(Session *session, Event event)
{
    Effects effects;
    event.at = BEGAN;
    session_handle(session, &event, &effects);
}

Test(sitting, ends_when_nobody_misses_it)
{
    static const Case cases[] = {
        {"a strap is found after a night", false, false, EVENT_LINK, 600, true},
        {"and while a run's distance may still be told", false, false, EVENT_LINK, 29, false},
        {"a strap is always worn", true, false, EVENT_TIME, 30, true},
        {"for a while", true, false, EVENT_TIME, 29, false},
        {"a start after a long warm-up", true, false, EVENT_COMMAND, 60, false},
        {"its packets", true, false, EVENT_NOTIFY, 60, false},
        {"a long run", true, true, EVENT_TIME, 300, false},
        {"a long run without sensors", false, true, EVENT_TIME, 300, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Case *c = &cases[i];
        Session *session = session_new(&SESSION_CONFIG_DEFAULT);
        handle(session, (Event){.kind = EVENT_TIME});
        if (c->linked)
            handle(session, (Event){.kind = EVENT_LINK, .link = {.up = true}});
        if (c->workout)
            handle(session, (Event){.kind = EVENT_COMMAND, .command = {.verb = COMMAND_START}});
        Event next = {.at = BEGAN + c->minutes * MINUTE, .kind = c->next};
        cr_expect(eq(int, sitting_is_over(session, BEGAN, BEGAN, &next), c->over), "%s", c->what);
        session_free(session);
    }
}

Test(sitting, hands_on_what_no_later_event_will_say)
{
    Session *before = session_new(&SESSION_CONFIG_DEFAULT);
    SensorProfile profiles[SENSORS_MAX] = {{.services = SERVICE_HEART, .rank = 3}};
    const struct {
        uint16_t characteristic;
        uint8_t value;
    } values[] = {{CHARACTERISTIC_BATTERY_LEVEL, 42}, {CHARACTERISTIC_BODY_LOCATION, 1}};
    handle(before, (Event){.kind = EVENT_SENSOR, .sensor = {0, profiles[0]}});
    handle(before, (Event){.kind = EVENT_LINK, .link = {0, true}});
    for (size_t i = 0; i < 2; i++)
        handle(before, (Event){.kind = EVENT_NOTIFY,
                               .notify = {0, values[i].characteristic, 1, {values[i].value}}});
    Event told = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    told.athlete.critical_mps = 4.2;
    handle(before, told);
    Session *after = session_new(&SESSION_CONFIG_DEFAULT);
    handle(before,
           (Event){.kind = EVENT_COMMAND, .command = {.verb = COMMAND_TRACK, .number = 300}});
    g_autoptr(GArray) legacy = sitting_legacy(BEGAN, before, profiles, CONDITION_CLOCK_UNSET);
    for (guint i = 0; i < legacy->len; i++)
        handle(after, g_array_index(legacy, Event, i));
    const SensorView *strap = &session_snapshot(after)->sensors[0];
    cr_expect(strap->described && strap->linked);
    cr_expect(eq(int, strap->serves, SERVICE_HEART));
    cr_expect(eq(int, strap->battery, 42));
    cr_expect(eq(int, strap->location, 1));
    cr_expect(not(session_snapshot(after)->sensors[1].described));
    cr_expect(eq(dbl, session_athlete_model(after)->critical_speed.value, 4.2));
    cr_expect(eq(dbl, session_track(after), 300));
    session_free(before);
    session_free(after);
}
