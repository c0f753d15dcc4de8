// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One event, one record: a tag (kind in the low three bits, a small detail above them), the instant
// as a varint, then what the kind needs, to the end of the record. A record carries no length: its
// keeper knows it. Two notifications a second are nearly the whole journal, so they cost ten bytes
// beyond their payload and no more.
//
// Decoding faces damaged files: every path either consumes the record exactly or refuses it.

#include "record/journal.h"

#include <string.h>

#include "base/cursor.h"

#define TAG_KIND_BITS 3
#define TAG_KIND_MASK ((1u << TAG_KIND_BITS) - 1)

static void write_varint(Writer *writer, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        writer_u8(writer, (uint8_t)(value | 0x80));
    writer_u8(writer, (uint8_t)value);
}

static bool read_varint(Cursor *cursor, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte;
        if (!cursor_u8(cursor, &byte) || (shift == 63 && byte > 1))
            return false;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

// Zigzag: an instant is never negative, but a record must give back whatever was put in.
static void write_usec(Writer *writer, Usec usec)
{
    write_varint(writer, ((uint64_t)usec << 1) ^ (usec < 0 ? UINT64_MAX : 0));
}

static bool read_usec(Cursor *cursor, Usec *ret_usec)
{
    uint64_t value;
    if (!read_varint(cursor, &value))
        return false;
    *ret_usec = (Usec)((value >> 1) ^ (value & 1 ? UINT64_MAX : 0));
    return true;
}

static bool read_u32(Cursor *cursor, uint32_t *ret_value)
{
    uint64_t value;
    if (!read_varint(cursor, &value) || value > UINT32_MAX)
        return false;
    *ret_value = (uint32_t)value;
    return true;
}

enum {
    DETAIL_FIXED = 1 << 0,
    DETAIL_UNTRUSTED = 1 << 1,
    DETAIL_WEAK = 1 << 2,
    DETAIL_ON_STOP = 3, // bits to shift by
};

// In the byte of a sensor's cadence convention, for the details are full.
#define CONVENTION_BEATS_TRUSTED 0x80u

// What was learnt of a sensor follows what it is, where there is anything: these bits, then
// numbers.
enum {
    KNOWN_LINE = 1 << 0,
    KNOWN_SCALE = 1,    // bits to shift by, of the surface's
    KNOWN_COMPARED = 3, // likewise
};

static unsigned sensor_detail(const SensorProfile *profile)
{
    return (profile->convention_fixed ? DETAIL_FIXED : 0u) |
           (profile->contact_untrusted ? DETAIL_UNTRUSTED : 0u) |
           (profile->weak ? DETAIL_WEAK : 0u) | (unsigned)profile->on_stop << DETAIL_ON_STOP;
}

// Those of an athlete's numbers that a byte of bits had no room for any more; behind the goals.
#define FIELDS_IN_BYTE 8
#define DETAIL_FIELDS  2 // bits to shift by
#define DETAIL_GOALS   ((1u << DETAIL_FIELDS) - 1)

static unsigned athlete_late_fields(const Athlete *athlete)
{
    unsigned bits = 0;
    for (size_t i = FIELDS_IN_BYTE; i < ATHLETE_FIELDS; i++)
        bits |= (unsigned)!isnan(athlete_get(athlete, i)) << (i - FIELDS_IN_BYTE + DETAIL_FIELDS);
    return bits;
}

static unsigned detail_of(const Event *event)
{
    switch (event->kind) {
    case EVENT_LINK:
        return event->link.up;
    case EVENT_COMMAND:
        return event->command.verb;
    case EVENT_VOICE:
        return event->voice.kind;
    case EVENT_SENSOR:
        return sensor_detail(&event->sensor.profile);
    case EVENT_ATHLETE:
        return (unsigned)event->athlete.goal_count | athlete_late_fields(&event->athlete);
    case EVENT_NOTIFY:
    case EVENT_CONDITION:
    case EVENT_TIME:
        break;
    }
    return 0;
}

// Numbers are kept in millionths, as athlete_recorded() makes them; a bit for each says whether it
// is known.
static void write_millionths(Writer *writer, double value)
{
    write_usec(writer, llround(value * 1e6));
}

static void write_way(Writer *writer, const Race *race)
{
    write_millionths(writer, race->distance_m);
    write_millionths(writer, race->time_s);
}

static void write_athlete(Writer *writer, const Athlete *athlete)
{
    uint8_t known = 0;
    for (size_t i = 0; i < FIELDS_IN_BYTE; i++)
        known |= (uint8_t)(!isnan(athlete_get(athlete, i)) << i);
    writer_u8(writer, (uint8_t)athlete->sex);
    writer_u8(writer, known);
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (!isnan(athlete_get(athlete, i)))
            write_millionths(writer, athlete_get(athlete, i));
    for (size_t i = 0; i < athlete->goal_count; i++)
        write_way(writer, &athlete->goals[i]);
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        write_way(writer, race);
        write_varint(writer, (uint64_t)race->day << 1 | race->maximal);
    }
}

static void write_known(Writer *writer, const SensorKnown *known)
{
    if (sensor_known_nothing(known))
        return;
    const GaitLine *line = &known->line;
    unsigned bits = line->seconds > 0 ? KNOWN_LINE : 0;
    for (int i = 0; i < SURFACES; i++)
        bits |= (unsigned)scale_is_known(&known->scales[i]) << (KNOWN_SCALE + i) |
                (unsigned)known->scales[i].compared << (KNOWN_COMPARED + i);
    writer_u8(writer, (uint8_t)bits);
    for (int i = 0; i < SURFACES; i++)
        if (scale_is_known(&known->scales[i])) {
            write_millionths(writer, known->scales[i].scale);
            write_millionths(writer, known->scales[i].slope);
            write_millionths(writer, known->scales[i].scale_deviation);
            write_millionths(writer, known->scales[i].slope_deviation);
            write_millionths(writer, known->scales[i].correlation);
        }
    if (line->seconds > 0) {
        write_millionths(writer, line->seconds);
        write_millionths(writer, line->cadence);
        write_millionths(writer, line->speed);
        write_millionths(writer, line->cadence2);
        write_millionths(writer, line->speed2);
        write_millionths(writer, line->together);
    }
}

size_t journal_encode(const Event *event, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {ret_bytes, 0, size, false};
    writer_u8(&writer, (uint8_t)(event->kind | detail_of(event) << TAG_KIND_BITS));
    write_usec(&writer, event->at);
    switch (event->kind) {
    case EVENT_NOTIFY:
        if (event->notify.length > NOTIFY_BYTES_MAX)
            return 0;
        writer_u8(&writer, event->notify.sensor);
        writer_u16(&writer, event->notify.characteristic);
        writer_bytes(&writer, event->notify.bytes, event->notify.length);
        break;
    case EVENT_LINK:
        writer_u8(&writer, event->link.sensor);
        break;
    case EVENT_COMMAND:
        write_varint(&writer, event->command.id);
        if (command_has_number(event->command.verb))
            write_millionths(&writer, event->command.number);
        if (command_has_text(event->command.verb) && event->command.length > 0)
            writer_bytes(&writer, (const uint8_t *)event->command.text, event->command.length);
        break;
    case EVENT_VOICE:
        write_varint(&writer, event->voice.cue);
        write_usec(&writer, event->voice.latency);
        break;
    case EVENT_SENSOR:
        writer_u8(&writer, event->sensor.sensor);
        writer_u8(&writer, event->sensor.profile.services);
        writer_u8(&writer, event->sensor.profile.rank);
        writer_u8(&writer,
                  (uint8_t)(event->sensor.profile.convention |
                            (event->sensor.profile.beats_trusted ? CONVENTION_BEATS_TRUSTED : 0)));
        write_known(&writer, &event->sensor.profile.known);
        break;
    case EVENT_CONDITION:
        writer_u8(&writer, event->condition.set);
        break;
    case EVENT_ATHLETE:
        write_athlete(&writer, &event->athlete);
        break;
    case EVENT_TIME:
        break;
    }
    return writer.full ? 0 : writer.length;
}

static bool read_millionths(Cursor *cursor, double *ret_value)
{
    Usec value;
    if (!read_usec(cursor, &value))
        return false;
    *ret_value = (double)value / 1e6;
    return true;
}

static bool decode_notify(Cursor *cursor, Event *event)
{
    if (!cursor_u8(cursor, &event->notify.sensor) ||
        !cursor_u16(cursor, &event->notify.characteristic) || cursor->left > NOTIFY_BYTES_MAX)
        return false;
    event->notify.length = (uint8_t)cursor->left;
    const uint8_t *bytes;
    if (!cursor_bytes(cursor, cursor->left, &bytes))
        return false;
    memcpy(event->notify.bytes, bytes, event->notify.length);
    return true;
}

static bool decode_command(Cursor *cursor, Event *event, unsigned verb)
{
    if (verb > COMMAND_VERB_LAST || !read_u32(cursor, &event->command.id))
        return false;
    event->command.verb = (CommandVerb)verb;
    if (command_has_number(event->command.verb))
        return read_millionths(cursor, &event->command.number) &&
               event->command.number == command_number(event->command.number);
    if (!command_has_text(event->command.verb))
        return true;
    const uint8_t *text;
    event->command.length = cursor->left;
    if (!cursor_bytes(cursor, cursor->left, &text))
        return false;
    event->command.text = (const char *)text;
    return true;
}

static bool decode_voice(Cursor *cursor, Event *event, unsigned kind)
{
    if (kind > VOICE_LATENCY)
        return false;
    event->voice.kind = (VoiceReportKind)kind;
    return read_u32(cursor, &event->voice.cue) && read_usec(cursor, &event->voice.latency);
}

// Older records end before it. What says that it is known and is not has two meanings, and none.
static bool read_known(Cursor *cursor, SensorKnown *known)
{
    uint8_t bits;
    if (cursor->left == 0)
        return true;
    if (!cursor_u8(cursor, &bits) || bits == 0 || bits >> (KNOWN_COMPARED + SURFACES) != 0)
        return false;
    for (int i = 0; i < SURFACES; i++) {
        ScaleKnown *scale = &known->scales[i];
        scale->compared = bits & 1u << (KNOWN_COMPARED + i);
        if ((bits & 1u << (KNOWN_SCALE + i)) &&
            !(read_millionths(cursor, &scale->scale) && read_millionths(cursor, &scale->slope) &&
              read_millionths(cursor, &scale->scale_deviation) &&
              read_millionths(cursor, &scale->slope_deviation) &&
              read_millionths(cursor, &scale->correlation) && scale_is_known(scale)))
            return false;
    }
    GaitLine *line = &known->line;
    return !(bits & KNOWN_LINE) ||
           (read_millionths(cursor, &line->seconds) && read_millionths(cursor, &line->cadence) &&
            read_millionths(cursor, &line->speed) && read_millionths(cursor, &line->cadence2) &&
            read_millionths(cursor, &line->speed2) && read_millionths(cursor, &line->together) &&
            line->seconds > 0);
}

static bool decode_sensor(Cursor *cursor, Event *event, unsigned detail)
{
    SensorProfile *profile = &event->sensor.profile;
    uint8_t convention;
    if (!cursor_u8(cursor, &event->sensor.sensor) || !cursor_u8(cursor, &profile->services) ||
        !cursor_u8(cursor, &profile->rank) || !cursor_u8(cursor, &convention))
        return false;
    profile->convention = (CadenceConvention)(convention & ~CONVENTION_BEATS_TRUSTED);
    profile->beats_trusted = convention & CONVENTION_BEATS_TRUSTED;
    profile->convention_fixed = detail & DETAIL_FIXED;
    profile->contact_untrusted = detail & DETAIL_UNTRUSTED;
    profile->weak = detail & DETAIL_WEAK;
    profile->on_stop = (OnStop)(detail >> DETAIL_ON_STOP);
    return read_known(cursor, &profile->known) && sensor_profile_valid(profile);
}

static bool read_way(Cursor *cursor, Race *race)
{
    return read_millionths(cursor, &race->distance_m) && read_millionths(cursor, &race->time_s);
}

static bool read_race(Cursor *cursor, Race *race)
{
    uint64_t rest;
    if (!read_way(cursor, race) || !read_varint(cursor, &rest) || rest >> 1 > INT32_MAX)
        return false;
    race->maximal = rest & 1;
    race->day = (int32_t)(rest >> 1);
    return true;
}

// The races go on to the end of the record; how many goals stand before them is in its detail, for
// there was a time when there were none.
static bool decode_athlete(Cursor *cursor, Event *event, unsigned detail)
{
    const unsigned goals = detail & DETAIL_GOALS, late = detail >> DETAIL_FIELDS;
    Athlete *athlete = &event->athlete;
    char why[WHY_MAX];
    uint8_t sex, known;
    *athlete = athlete_unknown();
    if (!cursor_u8(cursor, &sex) || sex > SEX_MALE || !cursor_u8(cursor, &known) ||
        late >> (ATHLETE_FIELDS - FIELDS_IN_BYTE) != 0)
        return false;
    const unsigned fields = known | late << FIELDS_IN_BYTE;
    athlete->sex = (Sex)sex;
    for (size_t i = 0; i < ATHLETE_FIELDS; i++) {
        double value;
        if (!(fields & 1u << i))
            continue;
        if (!read_millionths(cursor, &value))
            return false;
        athlete_set(athlete, i, value);
    }
    for (; athlete->goal_count < goals; athlete->goal_count++) {
        Race *goal = &athlete->goals[athlete->goal_count];
        *goal = (Race){.maximal = true};
        if (!read_way(cursor, goal))
            return false;
    }
    for (; cursor->left > 0; athlete->race_count++)
        if (athlete->race_count == RACES_MAX ||
            !read_race(cursor, &athlete->races[athlete->race_count]))
            return false;
    return athlete_check(athlete, why);
}

bool journal_decode(const uint8_t *bytes, size_t length, Event *ret_event)
{
    Cursor cursor = {bytes, length};
    Event event = {0};
    uint8_t tag;
    if (!cursor_u8(&cursor, &tag) || !read_usec(&cursor, &event.at))
        return false;
    unsigned kind = tag & TAG_KIND_MASK, detail = tag >> TAG_KIND_BITS;
    event.kind = (EventKind)kind;
    bool good = false;
    switch (event.kind) {
    case EVENT_NOTIFY:
        good = detail == 0 && decode_notify(&cursor, &event);
        break;
    case EVENT_LINK:
        good = detail <= 1 && cursor_u8(&cursor, &event.link.sensor);
        event.link.up = detail;
        break;
    case EVENT_COMMAND:
        good = decode_command(&cursor, &event, detail);
        break;
    case EVENT_VOICE:
        good = decode_voice(&cursor, &event, detail);
        break;
    case EVENT_SENSOR:
        good = decode_sensor(&cursor, &event, detail);
        break;
    case EVENT_CONDITION:
        good = detail == 0 && cursor_u8(&cursor, &event.condition.set) &&
               (event.condition.set & ~CONDITIONS_ALL) == 0;
        break;
    case EVENT_ATHLETE: // the last kind there is a tag for; two bits of its detail are left
        good = decode_athlete(&cursor, &event, detail);
        break;
    case EVENT_TIME:
        good = detail == 0;
        break;
    }
    if (!good || cursor.left > 0)
        return false;
    *ret_event = event;
    return true;
}
