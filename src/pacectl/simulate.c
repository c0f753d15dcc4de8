// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl simulate: a workout run by the virtual runner in virtual time; what the coach would say
// and when. For trying a plan before the shoes are on, and for transcripts that can be compared.

#include "pacectl/pacectl.h"
#include "pacectl/show.h"
#include "sim/virtual.h"

#include <math.h>

static JsonBuilder *event_begin(double t_s, const char *event, const char *text, const char *kind)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    // To the millisecond: what a boundary is interpolated to, and short to read.
    json_add_double(builder, "t_s", round(t_s * 1000) / 1000);
    json_add_string(builder, "event", event);
    json_add_string(builder, "text", text);
    json_add_string(builder, "kind", kind);
    return builder;
}

static void event_end(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    print_json_builder(builder);
}

static double thousandths(double value)
{
    return round(value * 1000) / 1000; // NAN stays NAN
}

static void print_step_json(double t_s, const Effect *effect)
{
    const PlanStep *step = &effect->step.plan;
    char length[SHOW_MAX];
    show_step_length(&step->step, length);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_double(builder, "t_s", thousandths(t_s));
    json_add_string(builder, "event", "step");
    json_add_string(builder, "text", length);
    json_add_int(builder, "step", effect->step.index);
    show_step_json(builder, step);
    event_end(builder);
}

static void print_lap_json(double t_s, const Lap *lap)
{
    char duration[SHOW_MAX];
    show_duration(usec_to_s(lap->duration), duration);
    JsonBuilder *builder = event_begin(t_s, "lap", duration, step_kind_name(lap->kind));
    json_add_int(builder, "step", lap->step);
    json_add_double(builder, "duration_s", thousandths(usec_to_s(lap->duration)));
    json_add_double(builder, "distance_m", thousandths(lap->distance_m));
    json_add_double(builder, "speed_mps", thousandths(lap->speed_mps));
    json_add_double(builder, "target_speed_mps", thousandths(lap->target_speed_mps));
    json_add_double(builder, "heart_rate", thousandths(lap->heart_rate));
    json_add_double(builder, "cadence", thousandths(lap->cadence));
    event_end(builder);
}

static void print_state_json(double t_s, const char *state, const RunSummary *summary)
{
    JsonBuilder *builder = event_begin(t_s, "state", state, "state");
    if (summary) {
        json_builder_set_member_name(builder, "completed");
        json_builder_add_boolean_value(builder, summary->completed);
        json_add_double(builder, "duration_s", thousandths(summary->duration_s));
        json_add_double(builder, "distance_m", thousandths(summary->distance_m));
        json_add_double(builder, "heart_rate", thousandths(summary->heart_rate));
        json_add_int(builder, "laps", summary->laps);
    }
    event_end(builder);
}

static void print_effect_json(double t_s, const Effect *effect, const Snapshot *snapshot,
                              void *data)
{
    switch (effect->kind) {
    case EFFECT_SAY:
        event_end(event_begin(t_s, "cue", effect->cue.text, cue_kind_name(effect->cue.kind)));
        break;
    case EFFECT_STEP:
        print_step_json(t_s, effect);
        break;
    case EFFECT_RECORD:
        print_lap_json(t_s, &effect->lap);
        break;
    case EFFECT_STATE:
        if (snapshot->state != STATE_IDLE) // the end is said by EFFECT_DONE
            print_state_json(t_s, session_state_name(snapshot->state), NULL);
        break;
    case EFFECT_DONE:
        print_state_json(t_s, "done", &effect->summary);
        break;
    case EFFECT_HUSH:
    case EFFECT_TICK:
    case EFFECT_ANSWER:
        break;
    }
}

static void print_cue(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind != EFFECT_SAY)
        return;
    long long tenths = llround(t_s * 10);
    printf("%lld:%02lld:%02lld.%lld  %s\n", tenths / 36000, tenths / 600 % 60, tenths / 10 % 60,
           tenths % 10, effect->cue.text);
}

int verb_simulate(int argc, char **argv)
{
    gboolean json = FALSE;
    gint64 seed = 1;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
                                    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;

    int code = EXIT_DONE;
    gsize length;
    g_autofree char *text = read_input(argv[1], &length, &code);
    if (!text)
        return code;
    VirtualOptions how = VIRTUAL_DEFAULT;
    how.seed = (uint64_t)seed;
    TextError error = {0};
    // An empty text would start a free run, which never ends.
    if (length == 0)
        length = 1; // the NUL
    if (!virtual_run(text, length, &how, json ? print_effect_json : print_cue, NULL, &error))
        return complain_broken(argv[1], &error);
    return EXIT_DONE;
}
