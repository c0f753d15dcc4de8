// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Plays a scenario through the core in virtual time and prints what came of it, to be compared with
// a golden transcript. A field problem becomes a committed scenario this way.
//
// Usage: play FILE. A scenario is a capture (record/capture.h), with two lines more:
//     5     start FILE            a workout's text, from a file beside the scenario
//     90    until                 nothing but time

#include "record/capture.h"
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
    case EFFECT_TONE:
        printf("tone [%s] %s\n", cue_kind_name(effect->cue.kind), tone_name(effect->cue.tone));
        break;
    case EFFECT_METRONOME:
        printf("metronome %g\n", effect->clicks);
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
        for (uint32_t i = 0; i < effect->summary.trial_count; i++)
            printf("all out %.2f m in %.3f s, ", effect->summary.trials[i].distance_m,
                   effect->summary.trials[i].time_s);
        printf("done %s %.3f s %.2f m, %" PRIu32 " laps\n",
               effect->summary.completed ? "completed" : "stopped", effect->summary.duration_s,
               effect->summary.distance_m, effect->summary.laps);
        break;
    case EFFECT_ADAPTED:
        printf("adapt %s %s%s%s\n", adapt_decision_name(effect->adaptation.decision),
               adapt_reason_name(effect->adaptation.reason),
               effect->adaptation.on_offer ? " on offer" : "",
               effect->adaptation.taken_back ? " taken back" : "");
        break;
    case EFFECT_CORRECTED:
        printf("corrected %.2f m\n", effect->corrected_m);
        break;
    case EFFECT_PROPOSAL:
        printf("proposal %s\n", effect->accepted ? "accepted" : "declined");
        break;
    case EFFECT_ANSWER:
        printf("answer %s %s", command_verb_name(effect->answer.verb),
               answer_reason_name(effect->answer.reason));
        if (answer_has_error(effect->answer.reason))
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

// "start FILE": the text is in a file of its own, where a person can read it.
static bool play_file(Stage *stage, const char *line)
{
    char verb[16], name[256];
    if (sscanf(line, "%*s %15s %255s", verb, name) != 2 || name[0] == '"' || name[0] == '#')
        return false;
    for (CommandVerb each = COMMAND_START; each <= COMMAND_TRACK; each++) {
        if (!command_has_text(each) || strcmp(command_verb_name(each), verb) != 0)
            continue;
        Event event = {.kind = EVENT_COMMAND, .command.verb = each};
        event.command.text = read_beside(name, &event.command.length);
        stage_handle(stage, event);
        return true;
    }
    return false;
}

static void play_until(Stage *stage, Usec at)
{
    while (stage_step(stage, at))
        ;
}

static void play_line(Stage *stage, char *line)
{
    double seconds;
    char verb[16];
    const bool timed = sscanf(line, "%lf %15s", &seconds, verb) == 2;
    if (timed)
        play_until(stage, START + usec_from_s(seconds));
    if (timed && (strcmp(verb, "until") == 0 || play_file(stage, line)))
        return;
    const CaptureLine parsed = capture_parse(line, START);
    if (parsed.kind == CAPTURE_BAD)
        fail(parsed.why);
    if (parsed.kind == CAPTURE_EVENT)
        stage_handle(stage, parsed.event);
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
        play_line(&stage, line);
    }
    fclose(file);
    stage_clear(&stage);
    return 0;
}
