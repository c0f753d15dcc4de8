// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl simulate: a workout run by the virtual runner in virtual time; what the coach would say
// and when, and what it would change. For trying a plan before the shoes are on, and for
// transcripts that can be compared. The daemon runs it as well, for Runner.Preview.

#include "io/config.h"
#include "io/sitting-config.h"
#include "pacectl/import.h"
#include "pacectl/output.h"
#include "pacectl/rendition.h"
#include "pacectl/told.h"
#include "pacectl/transcript.h"
#include "record/athlete-line.h"
#include "record/capture.h"
#include "sim/virtual.h"

#include <string.h>

// ── what is heard ──

typedef struct {
    Rendition *rendition;
    VirtualObserver show;
    void *data;
    gboolean cut; // it was stopped before its end
} Heard;

static void show_and_sound(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    Heard *heard = data;
    heard->cut |= effect->kind == EFFECT_DONE && !effect->summary.completed;
    heard->show(t_s, effect, snapshot, heard->data);
    if (heard->rendition)
        rendition_take(heard->rendition, t_s, effect);
}

// A text, who runs it, and where it is to be heard as well.
typedef struct {
    const char *text;
    gsize length;
    VirtualOptions how;
    Rendition *rendition; // NULL: nowhere
} Run;

static AnswerReason run_it(const Run *run, VirtualObserver show, void *data, TextError *error)
{
    Heard heard = {.rendition = run->rendition, .show = show, .data = data};
    const AnswerReason reason =
        virtual_run(run->text, run->length, &run->how, show_and_sound, &heard, error);
    if (heard.cut)
        fprintf(stderr,
                "pacectl: the workout was stopped after %d hours, before its end: nothing longer "
                "is simulated\n",
                VIRTUAL_HOURS_MAX);
    return reason;
}

static int begin_wav(const char *path, const Config *config, Rendition **ret_rendition)
{
    g_autoptr(GError) error = NULL;
    *ret_rendition =
        path ? rendition_new(path, config->language, config->voice, config->words_a_minute, &error)
             : NULL;
    return error ? complain(EXIT_OTHER, "%s", error->message) : EXIT_DONE;
}

static int end_wav(Rendition *rendition)
{
    g_autofree char *amiss = rendition ? rendition_end(rendition) : NULL;
    return amiss ? complain(EXIT_OTHER, "%s", amiss) : EXIT_DONE;
}

// ── what is recorded ──

typedef struct {
    const Config *config;
    Usec origin;
    GString *lines;
} Recorder;

static void record_event(const Event *event, void *data)
{
    Recorder *recorder = data;
    GString *lines = recorder->lines;
    if (lines->len == 0) {
        g_autofree char *settings = sitting_config_text(recorder->config);
        const gsize room = CAPTURE_LINE_MAX + 4 * strlen(settings);
        recorder->origin = event->at;
        g_string_assign(lines, CAPTURE_HEADER);
        const gsize before = lines->len;
        g_string_set_size(lines, before + room);
        g_string_set_size(lines,
                          before + capture_sitting(event->at, settings, lines->str + before, room));
    }
    const gsize before = lines->len;
    const gsize room =
        CAPTURE_LINE_MAX + (event->kind == EVENT_COMMAND ? 4 * event->command.length : 0);
    g_string_set_size(lines, before + room);
    g_string_set_size(lines,
                      before + capture_event(event, recorder->origin, lines->str + before, room));
}

// ── what is printed ──

typedef struct {
    double t_s;
    RunSummary summary;
} End;

static void print_cue(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_SAY || effect->kind == EFFECT_TONE ||
        effect->kind == EFFECT_METRONOME)
        transcript_effect(t_s, effect, snapshot);
    else if (effect->kind == EFFECT_DONE)
        *(End *)data = (End){t_s, effect->summary};
}

// The words first, the figures behind them.
static AnswerReason run_for_people(const Run *run, TextError *error)
{
    End end = {.t_s = NAN};
    const AnswerReason reason = run_it(run, print_cue, &end, error);
    if (!isnan(end.t_s))
        transcript_summary(end.t_s, &end.summary);
    return reason;
}

static void print_json_line(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    transcript_json(t_s, effect, snapshot);
    transcript_silence(t_s, effect, snapshot, data);
}

// Runner.Preview's answer: (transcript aa{sv}, summary a{sv}).
typedef struct {
    GVariantBuilder transcript;
    GVariant *summary;
} Answer;

static GVariant *summary_of(GVariant *last)
{
    static const char *const not_its[] = {"at", "event", "text", "kind"};
    GVariantDict dict;
    g_variant_dict_init(&dict, last);
    for (gsize i = 0; i < G_N_ELEMENTS(not_its); i++)
        g_variant_dict_remove(&dict, not_its[i]);
    return g_variant_ref_sink(g_variant_dict_end(&dict));
}

static void keep_for_answer(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    Answer *answer = data;
    g_autoptr(JsonNode) node = transcript_node(t_s, effect, snapshot);
    if (!node)
        return;
    g_autoptr(GVariant) event = g_variant_ref_sink(json_to_dict(json_node_get_object(node)));
    g_variant_builder_add_value(&answer->transcript, event);
    if (effect->kind == EFFECT_DONE)
        answer->summary = summary_of(event);
}

static AnswerReason run_for_answer(const Run *run, TextError *error)
{
    Answer answer = {.summary = NULL};
    g_variant_builder_init(&answer.transcript, G_VARIANT_TYPE("aa{sv}"));
    const AnswerReason reason = run_it(run, keep_for_answer, &answer, error);
    if (reason != REASON_OK) {
        g_variant_builder_clear(&answer.transcript);
        return reason;
    }
    g_autoptr(GVariant) both = g_variant_ref_sink(g_variant_new(
        "(@aa{sv}@a{sv})", g_variant_builder_end(&answer.transcript), answer.summary));
    g_variant_unref(answer.summary);
    g_autofree char *printed = g_variant_print(both, TRUE);
    puts(printed);
    return REASON_OK;
}

// ── who runs ──

static int find_athlete(Told *told, char *words)
{
    const int code = told_finish(told);
    const char *why = NULL;
    RunnerHistory history;
    if (code != EXIT_DONE)
        return code;
    if (words)
        why = athlete_line_read(words, &told->athlete);
    else if (athlete_is_unknown(&told->athlete))
        told_quietly(&told->athlete, &history);
    return why ? complain(EXIT_BAD_USAGE, "--known: %s", why) : EXIT_DONE;
}

static char *read_workout(const char *file, ImportFormat format, char **ret_called, int *ret_code)
{
    gsize length;
    g_autofree char *bytes = read_input(file, &length, ret_code);
    return bytes ? import_as_text(file, bytes, length, format, ret_called, ret_code) : NULL;
}

int verb_simulate(int argc, char **argv)
{
    gboolean json = FALSE, variant = FALSE, by_effort = FALSE, veto = FALSE, accept = FALSE;
    gint64 seed = 1;
    g_autofree char *runner = NULL, *words = NULL, *verbosity = NULL, *language = NULL;
    g_autofree char *wav = NULL, *record = NULL;
    g_auto(Told) told = told_nothing();
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"gvariant", 0, 0, G_OPTION_ARG_NONE, &variant, NULL, NULL},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, NULL, NULL},
        {"runner", 0, 0, G_OPTION_ARG_STRING, &runner, NULL, NULL},
        {"by-effort", 0, 0, G_OPTION_ARG_NONE, &by_effort, NULL, NULL},
        {"verbosity", 0, 0, G_OPTION_ARG_STRING, &verbosity, NULL, NULL},
        {"wav", 0, 0, G_OPTION_ARG_FILENAME, &wav, NULL, NULL},
        {"record", 0, 0, G_OPTION_ARG_FILENAME, &record, NULL, NULL},
        {"veto", 0, 0, G_OPTION_ARG_NONE, &veto, NULL, NULL},
        {"accept", 0, 0, G_OPTION_ARG_NONE, &accept, NULL, NULL},
        {"language", 0, 0, G_OPTION_ARG_STRING, &language, NULL, NULL},
        {"known", 0, 0, G_OPTION_ARG_STRING, &words, NULL, NULL},
        TOLD_OPTIONS(&told),
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    Run run = {.how = virtual_default()};
    VirtualOptions *how = &run.how;
    how->seed = (uint64_t)seed;
    how->traits = runner_named(runner ? runner : "fresh");
    how->by_effort = by_effort;
    how->veto = veto;
    how->accept = accept;
    how->athlete = &told.athlete;
    if (!how->traits)
        return complain(EXIT_BAD_USAGE, "--runner takes fresh, tired or fading");
    int code = find_athlete(&told, words);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Config) config = config_load(NULL);
    if (language && !config_speak(config, language))
        return complain(EXIT_BAD_USAGE, "--language: there are no phrases in '%s'", language);
    if (verbosity && !verbosity_from_name(verbosity, &config->verbosity))
        return complain(EXIT_BAD_USAGE, "--verbosity takes full, normal, terse or tones");
    how->session = config_session(config);
    g_autoptr(GString) lines = g_string_new(NULL);
    Recorder recorder = {.config = config, .lines = lines};
    how->witness = record ? record_event : NULL;
    how->witness_data = &recorder;
    g_autofree char *called = NULL;
    // A preview is of what could be started, and on the bus that is text.
    g_autofree char *text =
        read_workout(argv[1], variant ? IMPORT_TEXT : IMPORT_ANY, &called, &code);
    if (!text)
        return code;
    const gsize length = strlen(text);
    TextError error = {0};
    run.text = text;
    run.length = length;
    code = begin_wav(wav, config, &run.rendition);
    if (code != EXIT_DONE)
        return code;
    Silence silence = SILENCE_NOT_RUNNING;
    const AnswerReason reason = variant ? run_for_answer(&run, &error)
                                : json  ? run_it(&run, print_json_line, &silence, &error)
                                        : run_for_people(&run, &error);
    code = end_wav(run.rendition);
    if (reason == REASON_OK && record && code == EXIT_DONE)
        code = output_write(record, lines->str, lines->len, FALSE);
    if (reason == REASON_OK)
        return code;
    if (reason == REASON_LACKS_NUMBER && !variant)
        g_strlcat(error.text, ", or run it by effort (--by-effort)", sizeof error.text);
    code = complain_broken(called, &error);
    return variant && reason == REASON_LACKS_NUMBER ? EXIT_OTHER : code; // see bus/preview.c
}
