// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A session's effects in words and as JSON; see transcript.h.

#include "pacectl/transcript.h"

#include "pacectl/show.h"

#include <math.h>

// ── words ──

void transcript_line(double t_s, const char *format, ...)
{
    long long tenths = llround(t_s * 10);
    long long all = tenths < 0 ? -tenths : tenths;
    printf("%s%lld:%02lld:%02lld.%lld  ", tenths < 0 ? "-" : "", all / 36000, all / 600 % 60,
           all / 10 % 60, all % 10);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void print_lap(double t_s, const Lap *lap)
{
    char duration[SHOW_MAX], distance[SHOW_MAX], pace[SHOW_MAX];
    show_duration(usec_to_s(lap->duration), duration);
    show_distance(lap->distance_m, distance);
    show_pace(lap->speed_mps, pace);
    g_autofree char *heart =
        isfinite(lap->heart_rate) ? g_strdup_printf(", %.0f bpm", lap->heart_rate) : g_strdup("");
    transcript_line(t_s, "[%s %u %s: %s, %s, %s /km%s]", step_kind_name(lap->kind), lap->step + 1,
                    step_outcome_name(lap->outcome), duration, distance, pace, heart);
}

void transcript_summary(double t_s, const RunSummary *summary)
{
    char duration[SHOW_MAX], distance[SHOW_MAX];
    show_duration(summary->duration_s, duration);
    show_distance(summary->distance_m, distance);
    g_autofree char *load = isfinite(summary->load.rtss)
                                ? g_strdup_printf(", rTSS %.0f", summary->load.rtss)
                                : g_strdup("");
    g_autofree char *adapted = g_strdup_printf(", %u adaptation%s", summary->adaptations,
                                               summary->adaptations == 1 ? "" : "s");
    transcript_line(t_s, "[%s: %s, %s%s%s]", summary->completed ? "completed" : "stopped", duration,
                    distance, load, summary->adaptations > 0 ? adapted : "");
}

static void print_answer(double t_s, const Effect *effect)
{
    const char *verb = command_verb_name(effect->answer.verb);
    if (answer_has_error(effect->answer.reason))
        transcript_line(t_s, "[%s refused: %u:%u: %s]", verb, effect->answer.error.line,
                        effect->answer.error.column, effect->answer.error.text);
    else if (effect->answer.reason != REASON_OK)
        transcript_line(t_s, "[%s refused: %s]", verb, answer_reason_text(effect->answer.reason));
}

static void print_correction(double t_s, double metres)
{
    if (isnan(metres))
        transcript_line(t_s, "[distance as it was measured]");
    else
        transcript_line(t_s, "[distance corrected: %.0f m]", metres);
}

static void print_adaptation(double t_s, const Adaptation *adaptation)
{
    const char *decision = adapt_decision_name(adaptation->decision);
    const char *reason = adapt_reason_name(adaptation->reason);
    if (adaptation->taken_back)
        transcript_line(t_s, "[adapt: %s taken back]", decision);
    else if (adaptation->decision >= ADAPT_ADD || adaptation->decision == ADAPT_UNDECIDED)
        transcript_line(t_s, "[adapt: %s%s, %s]", decision, adaptation->on_offer ? " on offer" : "",
                        reason);
}

void transcript_effect(double t_s, const Effect *effect, const Snapshot *snapshot)
{
    switch (effect->kind) {
    case EFFECT_SAY:
        transcript_line(t_s, "%s", effect->cue.text);
        break;
    case EFFECT_RECORD:
        print_lap(t_s, &effect->lap);
        break;
    case EFFECT_STATE:
        if (snapshot->state != STATE_IDLE) // the end is said by EFFECT_DONE
            transcript_line(t_s, "[%s]", session_state_name(snapshot->state));
        break;
    case EFFECT_DONE:
        transcript_summary(t_s, &effect->summary);
        break;
    case EFFECT_ADAPTED:
        print_adaptation(t_s, &effect->adaptation);
        break;
    case EFFECT_CORRECTED:
        print_correction(t_s, effect->corrected_m);
        break;
    case EFFECT_ANSWER:
        print_answer(t_s, effect);
        break;
    case EFFECT_PROPOSAL:
        transcript_line(t_s, "the proposal was %s", effect->accepted ? "accepted" : "declined");
        break;
    case EFFECT_TONE:
        if (effect->cue.why == CUE_WHY_PACED) // as at the mark before
            break;
        transcript_line(t_s + fmax(usec_to_s(effect->cue.due - effect->at), 0), "♪ %s%s",
                        tone_name(effect->cue.tone),
                        effect->cue.kind == CUE_PACER ? " (pacer)" : "");
        break;
    case EFFECT_METRONOME:
        if (effect->clicks > 0)
            transcript_line(t_s, "[metronome %.0f]", effect->clicks);
        else
            transcript_line(t_s, "[metronome off]");
        break;
    case EFFECT_HUSH:
    case EFFECT_TICK:
    case EFFECT_STEP:
        break;
    }
}

// ── JSON ──

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

static double thousandths(double value)
{
    return round(value * 1000) / 1000; // NAN stays NAN
}

// A voice of no latency: words are heard as they are told, a tone when it is due.
static JsonBuilder *cue_event(double t_s, Usec at, const Cue *cue)
{
    JsonBuilder *builder = event_begin(t_s, "cue", cue->text, cue_kind_name(cue->kind));
    const bool sounds = cue->form == FORM_EARCON;
    const double due_s = t_s + usec_to_s(cue->due - at);
    json_add_int(builder, "priority", cue->priority);
    json_add_string(builder, "reason", cue_why_name(cue->why));
    json_add_string(builder, "form", cue_form_name(cue->form));
    if (sounds)
        json_add_string(builder, "tone", tone_name(cue->tone));
    json_add_double(builder, "due_s", thousandths(due_s));
    json_add_double(builder, "spoken_s", thousandths(sounds ? fmax(t_s, due_s) : t_s));
    json_add_double(builder, "duration_s", thousandths(usec_to_s(cue->takes)));
    return builder;
}

static JsonBuilder *step_event(double t_s, const Effect *effect)
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
    return builder;
}

static JsonBuilder *lap_event(double t_s, const Lap *lap)
{
    char duration[SHOW_MAX];
    show_duration(usec_to_s(lap->duration), duration);
    JsonBuilder *builder = event_begin(t_s, "lap", duration, step_kind_name(lap->kind));
    json_add_int(builder, "step", lap->step);
    json_add_double(builder, "duration_s", thousandths(usec_to_s(lap->duration)));
    json_add_double(builder, "distance_m", thousandths(lap->distance_m));
    json_add_double(builder, "speed_mps", thousandths(lap->speed_mps));
    json_add_double(builder, "target_speed_mps", thousandths(aim_speed(&lap->aim)));
    show_target_json(builder, &lap->aim, NULL);
    json_add_double(builder, "heart_rate", thousandths(lap->heart_rate));
    json_add_double(builder, "cadence", thousandths(lap->cadence));
    return builder;
}

static JsonBuilder *state_event(double t_s, const char *state, const RunSummary *summary)
{
    JsonBuilder *builder = event_begin(t_s, "state", state, "state");
    if (summary) {
        json_builder_set_member_name(builder, "completed");
        json_builder_add_boolean_value(builder, summary->completed);
        json_add_double(builder, "duration_s", thousandths(summary->duration_s));
        json_add_double(builder, "distance_m", thousandths(summary->distance_m));
        json_add_double(builder, "heart_rate", thousandths(summary->heart_rate));
        json_add_double(builder, "trimp", thousandths(summary->load.trimp));
        json_add_double(builder, "rtss", thousandths(summary->load.rtss));
        json_add_double(builder, "decoupling_percent",
                        thousandths(summary->load.decoupling_percent));
        json_add_int(builder, "laps", summary->laps);
        json_add_int(builder, "adaptations", summary->adaptations);
    }
    return builder;
}

static JsonBuilder *adaptation_event(double t_s, const Adaptation *adaptation)
{
    JsonBuilder *builder = event_begin(t_s, "adapt", adapt_reason_name(adaptation->reason),
                                       adapt_decision_name(adaptation->decision));
    json_builder_set_member_name(builder, "on_offer");
    json_builder_add_boolean_value(builder, adaptation->on_offer);
    json_builder_set_member_name(builder, "taken_back");
    json_builder_add_boolean_value(builder, adaptation->taken_back);
    json_add_double(builder, "rest_s", thousandths(adaptation->rest_s));
    if (adaptation->heart_below > 0)
        json_add_int(builder, "heart_below", adaptation->heart_below);
    json_add_double(builder, "duration_s", thousandths(adaptation->duration_s));
    json_add_double(builder, "distance_m", thousandths(adaptation->distance_m));
    for (AdaptFlag flag = 0; flag < ADAPT_FLAGS; flag++)
        if (adaptation->flags.points[flag] > 0)
            json_add_int(builder, adapt_flag_name(flag), adaptation->flags.points[flag]);
    return builder;
}

static JsonBuilder *metronome_event(double t_s, double clicks)
{
    JsonBuilder *builder = event_begin(t_s, "metronome", clicks > 0 ? "on" : "off", "metronome");
    json_add_int(builder, "clicks_a_minute", (gint64)clicks);
    return builder;
}

static JsonBuilder *event_of(double t_s, const Effect *effect, const Snapshot *snapshot)
{
    switch (effect->kind) {
    case EFFECT_SAY:
    case EFFECT_TONE:
        return cue_event(t_s, effect->at, &effect->cue);
    case EFFECT_STEP:
        return step_event(t_s, effect);
    case EFFECT_RECORD:
        return lap_event(t_s, &effect->lap);
    case EFFECT_STATE:
        if (snapshot->state == STATE_IDLE) // the end is said by EFFECT_DONE
            return NULL;
        return state_event(t_s, session_state_name(snapshot->state), NULL);
    case EFFECT_DONE:
        return state_event(t_s, "done", &effect->summary);
    case EFFECT_ADAPTED:
        return adaptation_event(t_s, &effect->adaptation);
    case EFFECT_METRONOME:
        return metronome_event(t_s, effect->clicks);
    case EFFECT_CORRECTED:
    case EFFECT_PROPOSAL:
    case EFFECT_HUSH:
    case EFFECT_TICK:
    case EFFECT_ANSWER:
        return NULL;
    }
    return NULL;
}

JsonNode *transcript_node(double t_s, const Effect *effect, const Snapshot *snapshot)
{
    g_autoptr(JsonBuilder) builder = event_of(t_s, effect, snapshot);
    return builder ? json_builder_get_root(json_builder_end_object(builder)) : NULL;
}

void transcript_silence(double t_s, const Effect *effect, const Snapshot *snapshot,
                        Silence *at_last)
{
    if (effect->kind != EFFECT_TICK || snapshot->silence == *at_last)
        return;
    *at_last = snapshot->silence;
    print_json_builder(json_builder_end_object(
        event_begin(t_s, "silence", silence_name(snapshot->silence), "silence")));
}

void transcript_json(double t_s, const Effect *effect, const Snapshot *snapshot)
{
    JsonNode *node = transcript_node(t_s, effect, snapshot);
    if (node)
        print_json(node);
}
