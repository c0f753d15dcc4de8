// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What goes into the journal comes out of it, for any event; and no bytes at all can hurt the
// reader.

#include "random-event.h"
#include "record/journal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const Event *a, const Event *b)
{
    return a->command.length == b->command.length &&
           (a->command.length == 0 ||
            memcmp(a->command.text, b->command.text, a->command.length) == 0);
}

static bool same_profile(const SensorProfile *a, const SensorProfile *b)
{
    return a->services == b->services && a->rank == b->rank && a->convention == b->convention &&
           a->convention_fixed == b->convention_fixed &&
           a->contact_untrusted == b->contact_untrusted && a->weak == b->weak &&
           a->beats_trusted == b->beats_trusted && a->on_stop == b->on_stop;
}

static bool same_event(const Event *a, const Event *b)
{
    if (a->at != b->at || a->kind != b->kind)
        return false;
    switch (a->kind) {
    case EVENT_NOTIFY:
        return a->notify.sensor == b->notify.sensor &&
               a->notify.characteristic == b->notify.characteristic &&
               a->notify.length == b->notify.length &&
               memcmp(a->notify.bytes, b->notify.bytes, a->notify.length) == 0;
    case EVENT_LINK:
        return a->link.sensor == b->link.sensor && a->link.up == b->link.up;
    case EVENT_COMMAND:
        return a->command.verb == b->command.verb && a->command.id == b->command.id &&
               same_text(a, b);
    case EVENT_VOICE:
        return a->voice.kind == b->voice.kind && a->voice.cue == b->voice.cue &&
               a->voice.latency == b->voice.latency;
    case EVENT_SENSOR:
        return a->sensor.sensor == b->sensor.sensor &&
               same_profile(&a->sensor.profile, &b->sensor.profile);
    case EVENT_CONDITION:
        return a->condition.set == b->condition.set;
    case EVENT_ATHLETE:
        return athlete_same(&a->athlete, &b->athlete);
    case EVENT_TIME:
        return true;
    }
    return false;
}

Test(journal, every_event_comes_back)
{
    static const char text[] = "Workout - Kilometres\n\n  • 1km @ 4'50''/km\n";
    uint8_t record[EVENT_RECORD_MAX + sizeof text];
    for (int round = 0; round < 200000; round++) {
        Event event = random_event(text, sizeof text), again;
        size_t length = journal_encode(&event, record, EVENT_RECORD_MAX + event.command.length);
        cr_assert(length > 0);
        cr_assert(journal_decode(record, length, &again), "round %d", round);
        cr_assert(same_event(&event, &again), "round %d, kind %d", round, (int)event.kind);
    }
}

Test(journal, a_cut_or_lengthened_record_is_refused_or_another_legal_one)
{
    for (int round = 0; round < 20000; round++) {
        Event event = random_event("text", 4), again;
        uint8_t record[EVENT_RECORD_MAX + 8];
        size_t length = journal_encode(&event, record, sizeof record);
        cr_expect(not(journal_decode(record, 0, &again)));
        for (size_t cut = 1; cut <= length; cut++) {
            // On the heap at its exact size, so that the sanitizer sees a read beyond it.
            uint8_t *copy = malloc(cut);
            memcpy(copy, record, cut);
            if (journal_decode(copy, cut, &again) && again.kind == EVENT_NOTIFY)
                cr_expect(le(sz, again.notify.length, cut));
            free(copy);
        }
    }
}

Test(journal, garbage_is_safe_and_what_is_accepted_has_one_meaning)
{
    uint8_t record[EVENT_RECORD_MAX];
    for (int round = 0; round < 300000; round++) {
        size_t length = random_u64() % 100;
        uint8_t *garbage = malloc(length + 1);
        for (size_t i = 0; i < length; i++)
            garbage[i] = (uint8_t)random_u64();
        Event event, again;
        if (journal_decode(garbage, length, &event)) {
            size_t encoded = journal_encode(&event, record, sizeof record);
            cr_assert(encoded > 0 && encoded <= length);
            cr_assert(journal_decode(record, encoded, &again) && same_event(&event, &again));
        }
        free(garbage);
    }
}

static Athlete decode_athlete(const uint8_t *record, size_t length)
{
    Event event;
    cr_assert(journal_decode(record, length, &event));
    cr_assert(eq(int, event.kind, EVENT_ATHLETE));
    return event.athlete;
}

// Bytes that a version wrote before there were goals, and since.
Test(journal, an_athlete_of_any_time_is_read)
{
    static const uint8_t before[] = {0x07, 0x14, 0x02, 0x01, 0x80, 0xbb, 0xb0, 0x21, 0x80, 0xc8,
                                     0xaf, 0xa0, 0x25, 0x80, 0xb0, 0xb4, 0xf8, 0x08, 0x03},
                         since[] = {0x0f, 0x14, 0x02, 0x00, 0x80, 0xeb, 0xa4, 0xb0,
                                    0xba, 0x02, 0x80, 0x9c, 0xcd, 0xca, 0x64};
    Athlete expected = athlete_unknown();
    expected.sex = SEX_MALE;
    expected.goal_count = 1;
    expected.goals[0] = (Race){METRES_MARATHON, 13500, true, 0};
    Athlete read = decode_athlete(since, sizeof since);
    cr_expect(athlete_same(&read, &expected));
    expected.goal_count = 0;
    expected.age = 35;
    expected.race_count = 1;
    expected.races[0] = (Race){5000, 1200, true, 1};
    read = decode_athlete(before, sizeof before);
    cr_expect(athlete_same(&read, &expected));
}

Test(journal, an_event_that_does_not_fit_is_not_half_written)
{
    Event event = {.at = 1, .kind = EVENT_NOTIFY, .notify = {.length = 20}};
    uint8_t record[EVENT_RECORD_MAX];
    size_t length = journal_encode(&event, record, sizeof record);
    for (size_t size = 0; size < length; size++)
        cr_expect(eq(sz, journal_encode(&event, record, size), 0));
}

Test(journal, refuses)
{
    static const struct {
        const char *what;
        uint8_t bytes[90];
        size_t length;
    } rows[] = {
        {"no bytes", {0}, 0},
        {"an athlete of a later kind", {0x07 | 8 << 3, 0x00, 0x00, 0x00}, 4},
        {"an athlete without the VDOT he has", {0x07 | 4 << 3, 0x00, 0x00, 0x00}, 4},
        {"an athlete without the goal he has", {0x07 | 1 << 3, 0x00, 0x00, 0x00}, 4},
        {"an athlete of no sex there is", {0x07, 0x00, 0x03, 0x00}, 4},
        {"an athlete cut in a number", {0x07, 0x00, 0x00, 0x01}, 4},
        {"an athlete of no age", {0x07, 0x00, 0x00, 0x01, 0x00}, 5},
        {"an athlete whose race has no time", {0x07, 0x00, 0x00, 0x00, 0x80, 0x80, 0x02}, 7},
        {"an unknown verb", {0x02 | 7 << 3, 0x00, 0x00}, 3},
        {"an unknown voice report", {0x03 | 3 << 3, 0x00, 0x00, 0x00}, 4},
        {"a service nobody knows", {0x05, 0x00, 0x01, 0x10, 0x00, 0x00}, 6},
        {"a cadence convention nobody knows", {0x05, 0x00, 0x01, 0x01, 0x00, 0x04}, 6},
        {"a way to stop nobody knows", {0x05 | 3 << 6, 0x00, 0x01, 0x01, 0x00, 0x00}, 6},
        {"a condition nobody knows", {0x06, 0x00, 0x08}, 3},
        {"a link neither up nor down", {0x01 | 2 << 3, 0x00, 0x00}, 3},
        {"bytes after a time event", {0x04, 0x00, 0x00}, 3},
        {"text with a stop", {0x02 | COMMAND_STOP << 3, 0x00, 0x01, 'x'}, 4},
        {"a notification of 65 bytes", {0x00}, 1 + 1 + 1 + 2 + 65},
        {"an instant of more than 64 bits",
         {0x04, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02},
         11},
        {"an instant that never ends",
         {0x04, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00},
         12},
        {"a command's number of more than 32 bits", {0x02, 0x00, 0xff, 0xff, 0xff, 0xff, 0x1f}, 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Event event = {.at = 77};
        cr_expect(not(journal_decode(rows[i].bytes, rows[i].length, &event)), "%s", rows[i].what);
        cr_expect(eq(i64, event.at, 77), "%s: left as it was", rows[i].what);
    }
}
