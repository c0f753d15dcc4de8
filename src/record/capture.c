// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is only exactness: what is written has to come back the same, to the last byte of a
// text and the microsecond of an instant.

#include "record/capture.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "record/athlete-line.h"
#include "record/known-line.h"
#include "record/token.h"

static const char *const voice_words[] = {
    [VOICE_STARTED] = "started",
    [VOICE_DONE] = "done",
    [VOICE_LATENCY] = "latency",
};

// What a profile can be known for, beside the cadence convention, in the order it is written.
static const char fixed_word[] = "fixed", untrusted_word[] = "untrusted", weak_word[] = "weak",
                  beats_word[] = "beats";

static const struct {
    ConditionSet condition;
    const char *word;
} conditions[] = {
    {CONDITION_STORE_DEGRADED, "store"},
    {CONDITION_DISK_LOW, "disk"},
    {CONDITION_CLOCK_UNSET, "clock"},
};

static const ServiceSet services[] = {SERVICE_HEART, SERVICE_STRIDE, SERVICE_TREADMILL,
                                      SERVICE_POWER};

// ── writing ──────────────────────────────────────────────────────────────────────────────────────

static void write_hex(Writer *writer, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        writer_u8(writer, (uint8_t)digits[bytes[i] >> 4]);
        writer_u8(writer, (uint8_t)digits[bytes[i] & 15]);
    }
}

static void write_quoted(Writer *writer, const char *text, size_t length)
{
    token_text(writer, " \"");
    for (size_t i = 0; i < length; i++) {
        const uint8_t byte = (uint8_t)text[i];
        if (byte == '\n')
            token_text(writer, "\\n");
        else if (byte == '\r')
            token_text(writer, "\\r");
        else if (byte == '\t')
            token_text(writer, "\\t");
        else if (byte == '"' || byte == '\\') {
            writer_u8(writer, '\\');
            writer_u8(writer, byte);
        } else if (byte < 0x20 || byte == 0x7f) {
            token_text(writer, "\\x");
            write_hex(writer, &byte, 1);
        } else
            writer_u8(writer, byte);
    }
    writer_u8(writer, '"');
}

// The newline and the NUL.
static size_t finish(Writer *writer)
{
    writer_u8(writer, '\n');
    writer_u8(writer, '\0');
    return writer->full ? 0 : writer->length - 1;
}

static void write_notify(Writer *writer, const Event *event)
{
    char head[32];
    snprintf(head, sizeof head, " notify %u %04x ", event->notify.sensor,
             event->notify.characteristic);
    token_text(writer, head);
    write_hex(writer, event->notify.bytes, event->notify.length);
}

static void write_command(Writer *writer, const Event *event)
{
    token_text(writer, " ");
    token_text(writer, command_verb_name(event->command.verb));
    if (event->command.id != 0) {
        token_text(writer, " #");
        token_number(writer, event->command.id);
    }
    if (command_has_number(event->command.verb)) {
        token_text(writer, " ");
        token_millionths(writer, llround(event->command.number * 1e6));
    }
    if (event->command.length > 0)
        write_quoted(writer, event->command.text, event->command.length);
}

static void write_sensor(Writer *writer, const Event *event)
{
    const SensorProfile *profile = &event->sensor.profile;
    token_text(writer, " sensor ");
    token_number(writer, event->sensor.sensor);
    const char *before = " ";
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (!(profile->services & services[i]))
            continue;
        token_text(writer, before);
        token_text(writer, service_name(services[i]));
        before = ",";
    }
    token_text(writer, profile->services ? " " : " none ");
    token_number(writer, profile->rank);
    if (profile->convention != CADENCE_UNSETTLED || profile->convention_fixed) {
        token_word(writer, "cadence");
        token_word(writer, cadence_convention_name(profile->convention));
    }
    if (profile->convention_fixed)
        token_word(writer, fixed_word);
    if (profile->contact_untrusted)
        token_word(writer, untrusted_word);
    if (profile->on_stop != ON_STOP_ZERO)
        token_word(writer, on_stop_name(profile->on_stop));
    if (profile->weak)
        token_word(writer, weak_word);
    if (profile->beats_trusted)
        token_word(writer, beats_word);
    known_line_write(writer, &profile->known);
}

static void write_condition(Writer *writer, const Event *event)
{
    token_text(writer, " condition");
    const char *before = " ";
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (!(event->condition.set & conditions[i].condition))
            continue;
        token_text(writer, before);
        token_text(writer, conditions[i].word);
        before = ",";
    }
    if (event->condition.set == 0)
        token_text(writer, " good");
}

size_t capture_event(const Event *event, Usec origin, char *ret_line, size_t size)
{
    Writer writer = {(uint8_t *)ret_line, 0, size, false};
    token_seconds(&writer, event->at - origin);
    switch (event->kind) {
    case EVENT_NOTIFY:
        write_notify(&writer, event);
        break;
    case EVENT_LINK:
        token_text(&writer, " link ");
        token_number(&writer, event->link.sensor);
        token_text(&writer, event->link.up ? " up" : " down");
        break;
    case EVENT_COMMAND:
        write_command(&writer, event);
        break;
    case EVENT_VOICE:
        token_text(&writer, " voice ");
        token_text(&writer, voice_words[event->voice.kind]);
        token_text(&writer, " ");
        if (event->voice.kind == VOICE_LATENCY)
            token_seconds(&writer, event->voice.latency);
        else
            token_number(&writer, event->voice.cue);
        break;
    case EVENT_SENSOR:
        write_sensor(&writer, event);
        break;
    case EVENT_CONDITION:
        write_condition(&writer, event);
        break;
    case EVENT_ATHLETE:
        token_word(&writer, "athlete");
        athlete_line_write(&writer, &event->athlete);
        break;
    case EVENT_TIME:
        token_text(&writer, " time");
        break;
    }
    return finish(&writer);
}

size_t capture_sitting(Usec origin, const char *config, char *ret_line, size_t size)
{
    Writer writer = {(uint8_t *)ret_line, 0, size, false};
    token_text(&writer, "sitting ");
    token_seconds(&writer, origin);
    write_quoted(&writer, config, strlen(config));
    return finish(&writer);
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────────

static int hex_digit(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F')
        return letter - 'A' + 10;
    return -1;
}

static bool read_hex(const char *word, size_t digits, uint32_t *ret_value)
{
    uint32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        const int digit = hex_digit(word[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *ret_value = value;
    return true;
}

// One escaped byte; 0 when it is none, for a NUL cannot be in a text.
static size_t unescape(const char *from, char *ret_byte)
{
    static const char letters[] = "\\\"nrt", bytes[] = "\\\"\n\r\t";
    uint32_t value;
    if (*from == 'x' && read_hex(from + 1, 2, &value) && value != 0) {
        *ret_byte = (char)value;
        return 3;
    }
    const char *known = *from != '\0' ? strchr(letters, *from) : NULL;
    if (!known)
        return 0;
    *ret_byte = bytes[known - letters];
    return 1;
}

// The rest of a line is one text in quotation marks, which is unescaped in place.
static bool read_quoted(char *at, char **ret_text, size_t *ret_length)
{
    while (token_blank(*at))
        at++;
    if (*at++ != '"')
        return false;
    char *text = at, *end = at;
    while (*at != '"') {
        size_t used = 0;
        if (*at == '\0' || (*at == '\\' && (used = unescape(at + 1, end)) == 0))
            return false;
        if (used == 0)
            *end = *at;
        end++;
        at += used + 1;
    }
    for (at++; *at != '\0'; at++)
        if (!token_blank(*at))
            return false;
    *end = '\0';
    *ret_text = text;
    *ret_length = (size_t)(end - text);
    return true;
}

static const char *read_notify(char *at, Event *event)
{
    static const char why[] = "a notification is: notify SENSOR CHARACTERISTIC BYTES, the last two "
                              "in hexadecimal";
    uint64_t sensor;
    uint32_t value;
    event->kind = EVENT_NOTIFY;
    if (!token_read_number(token_next(&at), UINT8_MAX, &sensor))
        return why;
    const char *characteristic = token_next(&at), *hex = token_next(&at);
    const size_t digits = strlen(hex);
    if (strlen(characteristic) != 4 || !read_hex(characteristic, 4, &value) || digits % 2 != 0)
        return why;
    if (digits > 2 * NOTIFY_BYTES_MAX)
        return "a notification has at most 64 bytes";
    event->notify.sensor = (SensorId)sensor;
    event->notify.characteristic = (uint16_t)value;
    event->notify.length = (uint8_t)(digits / 2);
    for (size_t i = 0; i < digits / 2; i++) {
        if (!read_hex(hex + 2 * i, 2, &value))
            return why;
        event->notify.bytes[i] = (uint8_t)value;
    }
    return *token_next(&at) != '\0' ? why : NULL;
}

static const char *read_link(char *at, Event *event)
{
    uint64_t sensor;
    event->kind = EVENT_LINK;
    bool good = token_read_number(token_next(&at), UINT8_MAX, &sensor);
    const char *way = token_next(&at);
    event->link.up = strcmp(way, "up") == 0;
    good = good && (event->link.up || strcmp(way, "down") == 0) && *token_next(&at) == '\0';
    if (!good)
        return "a link is: link SENSOR up|down";
    event->link.sensor = (SensorId)sensor;
    return NULL;
}

static const char *read_voice(char *at, Event *event)
{
    static const char why[] = "a voice's word is: voice started CUE, voice done CUE or voice "
                              "latency SECONDS";
    const char *word = token_next(&at), *value = token_next(&at);
    event->kind = EVENT_VOICE;
    uint64_t cue;
    for (size_t kind = 0; kind < sizeof voice_words / sizeof *voice_words; kind++)
        if (strcmp(word, voice_words[kind]) == 0) {
            event->voice.kind = (VoiceReportKind)kind;
            if (*token_next(&at) != '\0')
                return why;
            if (kind == VOICE_LATENCY)
                return token_read_seconds(value, &event->voice.latency) ? NULL : why;
            if (!token_read_number(value, UINT32_MAX, &cue))
                return why;
            event->voice.cue = (uint32_t)cue;
            return NULL;
        }
    return why;
}

// The next of some words with commas between them, NUL-terminated in place; NULL at the end.
static char *next_item(char **at)
{
    if (!*at)
        return NULL;
    char *item = *at, *comma = strchr(item, ',');
    *at = comma ? comma + 1 : NULL;
    if (comma)
        *comma = '\0';
    return item;
}

static bool read_services(char *word, uint8_t *ret_services)
{
    *ret_services = 0;
    if (strcmp(word, "none") == 0)
        return true;
    for (char *item; (item = next_item(&word));) {
        size_t i = 0;
        while (i < sizeof services / sizeof *services && strcmp(item, service_name(services[i])))
            i++;
        if (i == sizeof services / sizeof *services)
            return false;
        *ret_services |= (uint8_t)services[i];
    }
    return true;
}

static bool read_convention(const char *word, CadenceConvention *ret_convention)
{
    for (CadenceConvention each = CADENCE_UNSETTLED; each <= CADENCE_NONE; each++)
        if (strcmp(word, cadence_convention_name(each)) == 0) {
            *ret_convention = each;
            return true;
        }
    return false;
}

static bool read_trait(const char *word, char **at, SensorProfile *profile)
{
    if (strcmp(word, "cadence") == 0)
        return read_convention(token_next(at), &profile->convention);
    if (strcmp(word, fixed_word) == 0)
        profile->convention_fixed = true;
    else if (strcmp(word, untrusted_word) == 0)
        profile->contact_untrusted = true;
    else if (strcmp(word, weak_word) == 0)
        profile->weak = true;
    else if (strcmp(word, beats_word) == 0)
        profile->beats_trusted = true;
    else if (strcmp(word, on_stop_name(ON_STOP_HOLDS)) == 0)
        profile->on_stop = ON_STOP_HOLDS;
    else if (strcmp(word, on_stop_name(ON_STOP_SILENT)) == 0)
        profile->on_stop = ON_STOP_SILENT;
    else
        return known_line_read(word, at, &profile->known);
    return true;
}

static const char *read_sensor(char *at, Event *event)
{
    static const char why[] = "a sensor is: sensor NUMBER none|heart,stride,treadmill,power RANK, "
                              "then any of cadence WORD, "
                              "fixed, untrusted, holds, silent, weak, beats, "
                              "scale ground|treadmill and five numbers [compared], "
                              "line and six numbers";
    SensorProfile *profile = &event->sensor.profile;
    uint64_t sensor, rank;
    event->kind = EVENT_SENSOR;
    if (!token_read_number(token_next(&at), UINT8_MAX, &sensor) ||
        !read_services(token_next(&at), &profile->services) ||
        !token_read_number(token_next(&at), UINT8_MAX, &rank))
        return why;
    event->sensor.sensor = (SensorId)sensor;
    profile->rank = (uint8_t)rank;
    for (const char *word; *(word = token_next(&at)) != '\0';)
        if (!read_trait(word, &at, profile))
            return why;
    return sensor_profile_valid(profile) ? NULL : "no sensor can be so: a number is out of range";
}

static const char *read_condition(char *at, Event *event)
{
    static const char why[] = "a condition is: condition good|store,disk,clock";
    char *words = token_next(&at);
    event->kind = EVENT_CONDITION;
    if (*token_next(&at) != '\0')
        return why;
    if (strcmp(words, "good") == 0)
        return NULL;
    for (char *item; (item = next_item(&words));) {
        size_t i = 0;
        while (i < sizeof conditions / sizeof *conditions && strcmp(item, conditions[i].word) != 0)
            i++;
        if (i == sizeof conditions / sizeof *conditions)
            return why;
        event->condition.set |= (uint8_t)conditions[i].condition;
    }
    return NULL;
}

static const char *read_command(char *at, CommandVerb verb, Event *event)
{
    event->kind = EVENT_COMMAND;
    event->command.verb = verb;
    while (token_blank(*at))
        at++;
    if (*at == '#') {
        uint64_t id;
        if (!token_read_number(token_next(&at) + 1, UINT32_MAX, &id))
            return "a command's number is: #NUMBER";
        event->command.id = (uint32_t)id;
    }
    while (token_blank(*at))
        at++;
    if (command_has_number(verb)) {
        Usec number; // six decimals, like any instant
        if (!token_read_seconds(token_next(&at), &number) || *token_next(&at) != '\0')
            return "a distance and a track are metres, a rating is 0 to 10, a load has no unit";
        event->command.number = command_number((double)number / 1e6);
        return NULL;
    }
    if (*at == '\0')
        return NULL;
    char *text;
    if (!command_has_text(verb))
        return "only a start, a preflight and a proposal have a text";
    if (!read_quoted(at, &text, &event->command.length))
        return "a text stands in quotation marks, with \\\" \\\\ \\n \\r \\t or \\xHH within";
    event->command.text = text;
    return NULL;
}

static const char *read_event(char *at, const char *word, Event *event)
{
    if (strcmp(word, "notify") == 0)
        return read_notify(at, event);
    if (strcmp(word, "link") == 0)
        return read_link(at, event);
    if (strcmp(word, "voice") == 0)
        return read_voice(at, event);
    if (strcmp(word, "sensor") == 0)
        return read_sensor(at, event);
    if (strcmp(word, "condition") == 0)
        return read_condition(at, event);
    if (strcmp(word, "athlete") == 0) {
        event->kind = EVENT_ATHLETE;
        return athlete_line_read(at, &event->athlete);
    }
    for (CommandVerb verb = COMMAND_START; verb <= COMMAND_VERB_LAST; verb++)
        if (strcmp(word, command_verb_name(verb)) == 0)
            return read_command(at, verb, event);
    event->kind = EVENT_TIME;
    return strcmp(word, "time") == 0 && *token_next(&at) == '\0'
               ? NULL
               : "expected notify, link, sensor, condition, athlete, voice, time or a command";
}

static CaptureLine bad(const char *why)
{
    return (CaptureLine){.kind = CAPTURE_BAD, .why = why};
}

static CaptureLine read_sitting(char *at)
{
    CaptureLine line = {.kind = CAPTURE_SITTING};
    char *config;
    size_t length;
    if (!token_read_seconds(token_next(&at), &line.sitting.origin) ||
        !read_quoted(at, &config, &length))
        return bad("a sitting is: sitting SECONDS \"SETTINGS\"");
    line.sitting.config = config;
    return line;
}

CaptureLine capture_parse(char *line, Usec origin)
{
    char *at = line;
    const char *first = token_next(&at);
    if (*first == '\0' || *first == '#')
        return (CaptureLine){.kind = CAPTURE_NOTHING};
    if (strcmp(first, "sitting") == 0)
        return read_sitting(at);
    CaptureLine parsed = {.kind = CAPTURE_EVENT};
    Usec since;
    if (!token_read_seconds(first, &since))
        return bad("a line begins with seconds, with at most six decimals");
    if (__builtin_add_overflow(origin, since, &parsed.event.at))
        return bad("no instant is so late");
    const char *word = token_next(&at);
    const char *why = read_event(at, word, &parsed.event);
    return why ? bad(why) : parsed;
}
