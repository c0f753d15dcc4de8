// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A capture says exactly what happened, to the microsecond and the byte; and what somebody typed
// wrong is told in words, not played as something else. The journal's bytes are the yardstick for
// "the same event".

#include "record/capture.h"

#include <criterion/criterion.h>
#include <string.h>

#include "random-event.h"
#include "record/journal.h"

#define ORIGIN (1000 * USEC_PER_SEC)
#define LATEST ((Usec)100000000000 * USEC_PER_SEC) // three thousand years
static CaptureLine parse(const char *text, char *ret_copy)
{
    strcpy(ret_copy, text);
    return capture_parse(ret_copy, ORIGIN);
}

// But for what a report does not mean (its number or its latency) and instants that nobody lives to
// see.
static Event tellable_event(const char *text, size_t length)
{
    Event event = random_event(text, length);
    event.at %= LATEST;
    if (event.kind == EVENT_VOICE && event.voice.kind == VOICE_LATENCY) {
        event.voice.cue = 0;
        event.voice.latency %= LATEST;
    } else if (event.kind == EVENT_VOICE)
        event.voice.latency = 0;
    return event;
}

Test(capture, every_event_comes_back)
{
    static const char text[] = "Workout - \"Kilometres\"\r\n\n\t• 1km @ 4'50''/km \\ \x01\x7f\xff";
    for (int round = 0; round < 200000; round++) {
        uint8_t record[EVENT_RECORD_MAX + sizeof text], again[EVENT_RECORD_MAX + sizeof text];
        char line[CAPTURE_LINE_MAX + 4 * sizeof text];
        const Event event = tellable_event(text, sizeof text - 1);
        const size_t length = journal_encode(&event, record, sizeof record);
        const size_t written = capture_event(&event, ORIGIN, line, sizeof line);
        cr_assert(written > 0 && line[written - 1] == '\n' && line[written] == '\0');
        cr_assert(!memchr(line, '\n', written - 1), "one line");
        const CaptureLine read = capture_parse(line, ORIGIN);
        cr_assert_eq(read.kind, CAPTURE_EVENT, "%s", read.kind == CAPTURE_BAD ? read.why : line);
        const size_t encoded = journal_encode(&read.event, again, sizeof again);
        cr_assert_eq(encoded, length, "%s", line);
        cr_assert_arr_eq(again, record, length);
    }
}

Test(capture, reads_as_it_should)
{
    static const char text[] = "Workout - \"Hill\"\n- 1km\\\x01";
    static const struct {
        Event event;
        const char *line;
    } rows[] = {
        {{.at = ORIGIN, .kind = EVENT_LINK, .link = {2, true}}, "0.000000 link 2 up\n"},
        {{.at = ORIGIN + 1250000, .kind = EVENT_NOTIFY, .notify = {0, 0x2a37, 2, {0x0e, 0x4b}}},
         "1.250000 notify 0 2a37 0e4b\n"},
        {{.at = ORIGIN + 1, .kind = EVENT_NOTIFY, .notify = {1, 0x2a53, 0, {0}}},
         "0.000001 notify 1 2a53 \n"},
        {{.at = ORIGIN + 5000000,
          .kind = EVENT_COMMAND,
          .command = {COMMAND_START, 17, text, sizeof text - 1}},
         "5.000000 start #17 \"Workout - \\\"Hill\\\"\\n- 1km\\\\\\x01\"\n"},
        {{.at = ORIGIN + 60000000, .kind = EVENT_COMMAND, .command = {.verb = COMMAND_PAUSE}},
         "60.000000 pause\n"},
        {{.at = ORIGIN, .kind = EVENT_COMMAND, .command = {COMMAND_LOAD, 0, NULL, 0, 1.25}},
         "0.000000 load 1.25\n"},
        {{.at = ORIGIN, .kind = EVENT_COMMAND, .command = {COMMAND_PROPOSE, 0, "raise", 5}},
         "0.000000 propose \"raise\"\n"},
        {{.at = ORIGIN, .kind = EVENT_COMMAND, .command = {COMMAND_METRONOME, 3, NULL, 0, 180}},
         "0.000000 metronome #3 180\n"},
        {{.at = ORIGIN, .kind = EVENT_COMMAND, .command = {COMMAND_PACER, 0, NULL, 0, 0}},
         "0.000000 pacer 0\n"},
        {{.at = ORIGIN - 500000, .kind = EVENT_TIME}, "-0.500000 time\n"},
        {{.at = ORIGIN,
          .kind = EVENT_SENSOR,
          .sensor = {1,
                     {SERVICE_HEART | SERVICE_STRIDE, 3, CADENCE_ONE_LEG, true, true, true,
                      ON_STOP_HOLDS, true}}},
         "0.000000 sensor 1 heart,stride 3 cadence one-leg fixed untrusted holds weak beats\n"},
        {{.at = ORIGIN,
          .kind = EVENT_SENSOR,
          .sensor = {1,
                     {.services = SERVICE_STRIDE,
                      .known = {{{1.04, 0.0025, 0.003, 0.0006, -0.25, true}, {0.98, 0, 0.02, 0, 0}},
                                {1200, 170.5, 3.1, 16, 0.25, -1.5}}}}},
         "0.000000 sensor 1 stride 0 scale ground 1.04 0.0025 0.003 0.0006 -0.25 compared scale "
         "treadmill 0.98 0 0.02 0 0 line 1200 170.5 3.1 16 0.25 -1.5\n"},
        {{.at = ORIGIN, .kind = EVENT_SENSOR, .sensor = {.sensor = 7}},
         "0.000000 sensor 7 none 0\n"},
        {{.at = ORIGIN, .kind = EVENT_CONDITION, .condition = {CONDITIONS_ALL}},
         "0.000000 condition store,disk,clock\n"},
        {{.at = ORIGIN, .kind = EVENT_CONDITION}, "0.000000 condition good\n"},
        {{.at = ORIGIN,
          .kind = EVENT_ATHLETE,
          .athlete = {SEX_MALE,
                      35,
                      NAN,
                      48.5,
                      NAN,
                      NAN,
                      3.921569,
                      NAN,
                      NAN,
                      51.25,
                      2,
                      {{5000, 1200, true, 20000}, {METRES_PER_MILE, 340.4}},
                      1,
                      {{METRES_MARATHON, 13500, true}}}},
         "0.000000 athlete male age 35 heart-rest 48.5 threshold-speed 3.921569 vdot 51.25 race "
         "5000 1200 day 20000 race 1609.344 340.4 eased goal 42195 13500\n"},
        {{.at = ORIGIN,
          .kind = EVENT_ATHLETE,
          .athlete = {SEX_UNKNOWN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
         "0.000000 athlete unknown\n"},
        {{.at = ORIGIN, .kind = EVENT_VOICE, .voice = {VOICE_DONE, 12, 0}},
         "0.000000 voice done 12\n"},
        {{.at = ORIGIN, .kind = EVENT_VOICE, .voice = {VOICE_LATENCY, 0, 40000}},
         "0.000000 voice latency 0.040000\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[CAPTURE_LINE_MAX];
        cr_expect_eq(capture_event(&rows[i].event, ORIGIN, line, sizeof line),
                     strlen(rows[i].line));
        cr_expect_str_eq(line, rows[i].line);
    }
}

Test(capture, a_person_may_write_it_shorter)
{
    char copy[CAPTURE_LINE_MAX];
    CaptureLine line = parse("  90.5 \t link 0 down  # not a comment", copy);
    cr_expect_eq(line.kind, CAPTURE_BAD, "a comment has a line of its own");
    line = parse("  90.5 \t link 0 down  \r\n", copy);
    cr_assert_eq(line.kind, CAPTURE_EVENT);
    cr_expect_eq(line.event.at, ORIGIN + 90500000);
    line = parse("7 lap", copy);
    cr_assert_eq(line.kind, CAPTURE_EVENT);
    cr_expect_eq(line.event.command.verb, COMMAND_LAP);
    static const char *const nothing[] = {"", "\n", "   \r\n", "# words", "  # words\n"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        cr_expect_eq(parse(nothing[i], copy).kind, CAPTURE_NOTHING, "%s", nothing[i]);
}

Test(capture, a_sitting_keeps_its_settings)
{
    static const char config[] = "[sitting]\nversion=0.1\n\n[phrases]\ngo=los \"jetzt\"\n";
    char line[CAPTURE_LINE_MAX + 4 * sizeof config];
    cr_assert_gt(capture_sitting(ORIGIN + 7, config, line, sizeof line), 0);
    const CaptureLine read = capture_parse(line, 0);
    cr_assert_eq(read.kind, CAPTURE_SITTING);
    cr_expect_eq(read.sitting.origin, ORIGIN + 7);
    cr_expect_str_eq(read.sitting.config, config);
}

Test(capture, what_does_not_fit_is_not_half_written)
{
    const Event event = {.at = 1, .kind = EVENT_NOTIFY, .notify = {.length = 20}};
    char line[CAPTURE_LINE_MAX];
    const size_t length = capture_event(&event, 0, line, sizeof line);
    for (size_t size = 0; size <= length; size++)
        cr_expect_eq(capture_event(&event, 0, line, size), 0, "%zu", size);
    cr_expect_eq(capture_event(&event, 0, line, length + 1), length);
}

Test(capture, refuses)
{
    static const char *const rows[] = {
        "link 0 up",                        // no time
        "1.2345678 link 0 up",              // no such precision
        "1e3 time",                         //
        "9999999999999 time",               // no such instant
        "1 link 0",                         //
        "1 link 0 sideways",                //
        "1 link 256 up",                    //
        "1 link 0 up again",                //
        "1 notify 0 2a37 0e4",              // half a byte
        "1 notify 0 2a37 0g",               //
        "1 notify 0 37 00",                 //
        "1 notify 0 2a37 00 00",            //
        "1 start Workout",                  // a text without its marks
        "1 start \"Workout",                // a text without its end
        "1 start \"Workout\" again",        //
        "1 start \"a\\qb\"",                //
        "1 start \"a\\x00b\"",              //
        "1 pause \"text\"",                 //
        "1 pause #",                        //
        "1 pause #4294967296",              //
        "1 sensor 0",                       //
        "1 sensor 0 heart",                 //
        "1 sensor 0 hart 1",                //
        "1 sensor 0 heart, 1",              //
        "1 sensor 0 heart 1 strong",        //
        "1 sensor 0 stride 1 cadence both", //
        "1 condition",                      //
        "1 condition store,rain",           //
        "1 condition store clock",          //
        "1 athlete",                        //
        "1 athlete other",                  //
        "1 athlete male age",               //
        "1 athlete male age old",           //
        "1 athlete male weight 70",         //
        "1 athlete male age 300",           // a number that nobody has
        "1 athlete male day 3",             // of no race
        "1 athlete male eased",             //
        "1 athlete male race 5000",         //
        "1 athlete male race 5000 540",     // nobody runs it
        "1 athlete male race 5000 1200 day 9999999999",
        "1 athlete male race 5000 1200 race 5000 1200 race 5000 1200 race 5000 1200 race 5000 "
        "1200 race 5000 1200 race 5000 1200", // seven
        "1 athlete male goal 42195",          //
        "1 athlete male goal 42195 3600",     // nobody runs it
        "1 athlete male goal 5000 1200 goal 5000 1200 goal 5000 1200 goal 5000 1200", // four
        "1 voice sung 3",                                                             //
        "1 voice done",                                                               //
        "1 voice latency soon",                                                       //
        "1 time flies",                                                               //
        "1 fly",                                                                      //
        "sitting \"[sitting]\"",                                                      //
        "sitting 12 [sitting]",                                                       //
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char copy[CAPTURE_LINE_MAX];
        const CaptureLine line = parse(rows[i], copy);
        cr_expect_eq(line.kind, CAPTURE_BAD, "%s", rows[i]);
        cr_expect(line.kind != CAPTURE_BAD || strlen(line.why) > 10, "%s", rows[i]);
    }
    char longest[CAPTURE_LINE_MAX] = "1 notify 0 2a37 ";
    for (size_t i = 0; i < 2 * (NOTIFY_BYTES_MAX + 1); i++)
        strcat(longest, "0");
    cr_expect_eq(capture_parse(longest, 0).kind, CAPTURE_BAD, "65 bytes");
}
