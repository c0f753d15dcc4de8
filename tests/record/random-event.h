// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Any event there can be, for the tests of its two forms.

#pragma once

#include "session/event.h"

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

// As many small numbers as large ones: varints break at their edges.
static uint64_t random_magnitude(void)
{
    return random_u64() >> random_u64() % 64;
}

static double random_between(double least, double most)
{
    return least + (most - least) * (double)(random_u64() % 1000000) / 1e6;
}

// One that a session takes, of which anything may be unknown.
static Athlete random_athlete(void)
{
    static const double distances[RACES_MAX] = {1500,  METRES_PER_MILE, 5000,
                                                10000, METRES_HALF,     METRES_MARATHON};
    Athlete athlete = {
        .sex = (Sex)(random_u64() % (SEX_MALE + 1)),
        .age = random_between(5, 100),
        .mass_kg = random_between(25, 250),
        .heart_rest = random_between(25, 120),
        .heart_max = random_between(180, 230),
        .heart_threshold = random_between(121, 179),
        .threshold_mps = random_between(1.5, 7),
        .critical_mps = random_between(2, 7),
        .d_prime_m = random_between(50, 450),
        .vdot = random_between(15, 90),
    };
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (random_u64() % 2)
            athlete_set(&athlete, i, NAN);
    athlete.race_count = random_u64() % (RACES_MAX + 1);
    for (size_t i = 0; i < athlete.race_count; i++)
        athlete.races[i] = (Race){
            .distance_m = distances[i],
            .time_s = distances[i] / random_between(4.95 - 0.3 * (double)i, 5 - 0.3 * (double)i),
            .maximal = random_u64() % 2,
            .day = random_u64() % 2 ? (int32_t)(random_magnitude() % INT32_MAX) : 0,
        };
    athlete.goal_count = random_u64() % (GOALS_MAX + 1);
    for (size_t i = 0; i < athlete.goal_count; i++)
        athlete.goals[i] = (Race){
            .distance_m = distances[i],
            .time_s = distances[i] / random_between(3, 4),
            .day = random_u64() % 2 ? 20000 : 0,
        };
    return athlete_recorded(&athlete);
}

static ScaleKnown random_scale(void)
{
    if (random_u64() % 2)
        return (ScaleKnown){0};
    const ScaleKnown known = {random_between(0.7, 1.4), random_between(-0.1, 0.1),
                              random_between(0, 0.5),   random_between(0, 0.5),
                              random_between(-1, 1),    random_u64() % 2};
    return scale_known_recorded(&known);
}

// What two minutes or two hours at any paces teach.
static GaitLine random_line(void)
{
    if (random_u64() % 2)
        return (GaitLine){0};
    const double steps = random_between(0, 100), speeds = random_between(0, 4);
    const GaitLine line = {
        .seconds = random_between(1, 7200),
        .cadence = random_between(120, 240),
        .speed = random_between(1.8, 12),
        .cadence2 = steps,
        .speed2 = speeds,
        .together = random_between(-1, 1) * sqrt(steps * speeds),
    };
    return gait_line_recorded(&line);
}

static Event random_event(const char *text, size_t text_length)
{
    Event event = {.at = (Usec)random_magnitude(),
                   .kind = (EventKind)(random_u64() % (EVENT_ATHLETE + 1))};
    switch (event.kind) {
    case EVENT_NOTIFY:
        event.notify.sensor = (SensorId)random_u64();
        event.notify.characteristic = (uint16_t)random_u64();
        event.notify.length = (uint8_t)(random_u64() % (NOTIFY_BYTES_MAX + 1));
        for (size_t i = 0; i < event.notify.length; i++)
            event.notify.bytes[i] = (uint8_t)random_u64();
        break;
    case EVENT_LINK:
        event.link.sensor = (SensorId)random_u64();
        event.link.up = random_u64() % 2;
        break;
    case EVENT_COMMAND:
        event.command.verb = (CommandVerb)(random_u64() % (COMMAND_VERB_LAST + 1));
        event.command.id = (uint32_t)random_magnitude();
        if (command_has_number(event.command.verb))
            event.command.number = command_number(random_between(0, 50000));
        if (command_has_text(event.command.verb)) {
            event.command.text = text;
            event.command.length = random_u64() % (text_length + 1);
        }
        break;
    case EVENT_VOICE:
        event.voice.kind = (VoiceReportKind)(random_u64() % (VOICE_LATENCY + 1));
        event.voice.cue = (uint32_t)random_magnitude();
        event.voice.latency = (Usec)random_magnitude();
        break;
    case EVENT_SENSOR:
        event.sensor.sensor = (SensorId)random_u64();
        event.sensor.profile = (SensorProfile){
            .services = (uint8_t)(random_u64() % (SERVICES_ALL + 1)),
            .rank = (uint8_t)random_u64(),
            .convention = (CadenceConvention)(random_u64() % (CADENCE_NONE + 1)),
            .convention_fixed = random_u64() % 2,
            .contact_untrusted = random_u64() % 2,
            .weak = random_u64() % 2,
            .beats_trusted = random_u64() % 2,
            .on_stop = (OnStop)(random_u64() % (ON_STOP_SILENT + 1)),
            .known = {{random_scale(), random_scale()}, random_line()},
        };
        break;
    case EVENT_CONDITION:
        event.condition.set = (uint8_t)(random_u64() % (CONDITIONS_ALL + 1));
        break;
    case EVENT_ATHLETE:
        event.athlete = random_athlete();
        break;
    case EVENT_TIME:
        break;
    }
    return event;
}
