// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Plays a scenario through the core in virtual time and prints what came of it, to be compared with
// a golden transcript. A field problem becomes a committed scenario this way.
//
// Usage: play FILE. A scenario is lines of "SECONDS WORDS…", in order; "#" begins a comment:
//     0     link 0 up             a sensor's link (up, down)
//     1.25  notify 0 2a37 0e4b    a packet of sensor 0: characteristic and hex
//     5     start FILE            a workout's text, from a file beside the scenario
//     60    pause                 pause, resume, lap, skip, stop
//     90    until                 nothing but time

#include "sim/stage.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START (1000 * USEC_PER_SEC)

static const char *scenario;
static unsigned line_number;

static void fail(const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", scenario, line_number, why);
    exit(2);
}

static void print_lap(const Lap *lap)
{
    printf("lap %u %s %.3f s %.2f m", lap->step, step_kind_name(lap->kind),
           usec_to_s(lap->duration), lap->distance_m);
    if (!isnan(lap->heart_rate))
        printf(" heart %.1f", lap->heart_rate);
    if (!isnan(lap->cadence))
        printf(" cadence %.1f", lap->cadence);
    putchar('\n');
}

static void print_effect(const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_TICK)
        return;
    printf("%10.3f  ", usec_to_s(effect->at - START));
    switch (effect->kind) {
    case EFFECT_SAY:
        printf("say [%s] %s\n", cue_kind_name(effect->cue.kind), effect->cue.text);
        break;
    case EFFECT_HUSH:
        printf("hush %" PRIu32 "\n", effect->hush);
        break;
    case EFFECT_RECORD:
        print_lap(&effect->lap);
        break;
    case EFFECT_STEP:
        printf("step %u %s\n", effect->step.index, step_kind_name(effect->step.plan.step.kind));
        break;
    case EFFECT_STATE:
        printf("state %s\n", session_state_name(snapshot->state));
        break;
    case EFFECT_DONE:
        printf("done %s %.3f s %.2f m, %" PRIu32 " laps\n",
               effect->summary.completed ? "completed" : "stopped", effect->summary.duration_s,
               effect->summary.distance_m, effect->summary.laps);
        break;
    case EFFECT_ANSWER:
        printf("answer %s %s", command_verb_name(effect->answer.verb),
               answer_reason_name(effect->answer.reason));
        if (effect->answer.reason == REASON_BAD_TEXT)
            printf(" %" PRIu32 ":%" PRIu32 " %s", effect->answer.error.line,
                   effect->answer.error.column, effect->answer.error.text);
        putchar('\n');
        break;
    case EFFECT_TICK:
        break;
    }
}

static char *read_beside(const char *name, size_t *ret_length)
{
    char path[4096], copy[4096];
    snprintf(copy, sizeof copy, "%s", scenario);
    snprintf(path, sizeof path, "%s/%s", dirname(copy), name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail("cannot open the workout's file");
    static char text[65536];
    *ret_length = fread(text, 1, sizeof text, file);
    fclose(file);
    return text;
}

static void play_notify(Stage *stage, const char *rest)
{
    Event event = {.kind = EVENT_NOTIFY};
    unsigned sensor, characteristic;
    char hex[2 * NOTIFY_BYTES_MAX + 1] = "";
    if (sscanf(rest, "%u %x %128s", &sensor, &characteristic, hex) < 2)
        fail("expected: notify SENSOR CHARACTERISTIC HEX");
    event.notify.sensor = (SensorId)sensor;
    event.notify.characteristic = (uint16_t)characteristic;
    for (const char *at = hex; at[0] && at[1]; at += 2) {
        unsigned byte;
        if (sscanf(at, "%2x", &byte) != 1)
            fail("expected pairs of hex digits");
        event.notify.bytes[event.notify.length++] = (uint8_t)byte;
    }
    stage_handle(stage, event);
}

static void play_link(Stage *stage, const char *rest)
{
    Event event = {.kind = EVENT_LINK};
    unsigned sensor;
    char way[8];
    if (sscanf(rest, "%u %7s", &sensor, way) != 2)
        fail("expected: link SENSOR up|down");
    event.link.sensor = (SensorId)sensor;
    event.link.up = strcmp(way, "up") == 0;
    stage_handle(stage, event);
}

static void play_command(Stage *stage, const char *verb, const char *rest)
{
    Event event = {.kind = EVENT_COMMAND};
    for (CommandVerb at = COMMAND_START; at <= COMMAND_STOP; at++) {
        if (strcmp(command_verb_name(at), verb) != 0)
            continue;
        char name[256];
        event.command.verb = at;
        if (at == COMMAND_START && sscanf(rest, "%255s", name) == 1)
            event.command.text = read_beside(name, &event.command.length);
        stage_handle(stage, event);
        return;
    }
    fail("no such word");
}

static void play_line(Stage *stage, const char *line)
{
    double seconds;
    char verb[16];
    int used = 0;
    if (sscanf(line, "%lf %15s%n", &seconds, verb, &used) != 2)
        fail("expected: SECONDS WORD …");
    Usec at = START + usec_from_s(seconds);
    while (stage_step(stage, at))
        ;
    if (strcmp(verb, "notify") == 0)
        play_notify(stage, line + used);
    else if (strcmp(verb, "link") == 0)
        play_link(stage, line + used);
    else if (strcmp(verb, "until") != 0)
        play_command(stage, verb, line + used);
}

int main(int argc, char **argv)
{
    scenario = argc == 2 ? argv[1] : "play";
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!file)
        fail("usage: play FILE");
    Stage stage;
    stage_init(&stage, &SESSION_CONFIG_DEFAULT, START, print_effect, NULL);
    char line[512];
    while (fgets(line, sizeof line, file)) {
        line_number++;
        if (line[0] != '#' && line[strspn(line, " \t\n")] != '\0')
            play_line(&stage, line);
    }
    fclose(file);
    stage_clear(&stage);
    return 0;
}
