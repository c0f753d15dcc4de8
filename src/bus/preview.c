// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runner.Preview and History.Details. The daemon has no use for a virtual runner of its own, nor
// for what can be made of a run that is over: `pacectl simulate` is run beside it, with the athlete
// it keeps, or `pacectl show`, which asks the daemon for the journal as for anybody, and says the
// answer as GVariant text. What was hard is to owe nobody anything: a child that hangs is killed,
// one that babbles is cut off, and how many there are at once is bounded, for a workout may be
// running.

#include "bus/objects.h"

#include "io/clock.h"
#include "io/error.h"
#include "record/athlete-line.h"
#include "record/capture.h"

#include <string.h>

#define AT_ONCE    2
#define WITHIN     (20 * USEC_PER_SEC)
#define OUTPUT_MAX (4 * 1024 * 1024) // a day of repetitions says half of it

// pacectl's exit status: for options that cannot be, for what is not there; and for a text that
// lacks a number.
#define BAD_USAGE    64
#define BAD_INPUT    65
#define LACKS_NUMBER 1

typedef struct {
    Calls *calls;
    guint32 id;
    GSubprocess *child;
    const GVariantType *type; // of the answer
    Alarm *overdue;
    gboolean late;
    char *output; // of OUTPUT_MAX
    gsize length;
} Preview;

static guint running; // all over the program: they share its processor

static void preview_end(Preview *preview)
{
    running--;
    calls_unref(preview->calls);
    g_clear_object(&preview->child);
    alarm_free(preview->overdue);
    g_free(preview->output);
    g_free(preview);
}

// "-:3:5: what was expected" of a text, "pacectl: what is wrong" of the rest.
static GError *refusal(const Preview *preview)
{
    static const char of_text[] = "-:", of_rest[] = "pacectl: ";
    const gboolean exited = g_subprocess_get_if_exited(preview->child);
    const int status = exited ? g_subprocess_get_exit_status(preview->child) : 0;
    g_autofree char *said = g_strndup(preview->output, MIN(preview->length, TEXT_MESSAGE_MAX * 2));
    g_strchomp(said);
    if (preview->late)
        return g_error_new(PACED_ERROR, PACED_ERROR_TIMED_OUT, "pacectl took too long");
    if (preview->length == OUTPUT_MAX)
        return g_error_new(PACED_ERROR, PACED_ERROR_FAILED, "it is too long to be told");
    if (exited && g_str_has_prefix(said, of_text))
        return g_error_new_literal(
            PACED_ERROR, status == LACKS_NUMBER ? PACED_ERROR_LACKS_NUMBER : PACED_ERROR_BAD_TEXT,
            said + strlen(of_text));
    if (g_str_has_prefix(said, of_rest))
        return g_error_new_literal(PACED_ERROR,
                                   status == BAD_USAGE || status == BAD_INPUT
                                       ? PACED_ERROR_BAD_ARGUMENT
                                       : PACED_ERROR_FAILED,
                                   said + strlen(of_rest));
    return g_error_new(PACED_ERROR, PACED_ERROR_FAILED, "pacectl gave no answer: %s", said);
}

static void on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
    Preview *preview = data;
    const gboolean good = g_subprocess_wait_check_finish(preview->child, result, NULL);
    GVariant *answer = good ? g_variant_parse(preview->type, preview->output,
                                              preview->output + preview->length, NULL, NULL)
                            : NULL;
    if (answer)
        calls_return(preview->calls, preview->id, answer);
    else
        calls_fail(preview->calls, preview->id, refusal(preview));
    g_clear_pointer(&answer, g_variant_unref);
    preview_end(preview);
}

// All of it is read, or too much.
static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    Preview *preview = data;
    g_input_stream_read_all_finish(G_INPUT_STREAM(source), result, &preview->length, NULL);
    if (preview->length == OUTPUT_MAX)
        g_subprocess_force_exit(preview->child);
    g_subprocess_wait_check_async(preview->child, NULL, on_ended, preview);
}

static void on_overdue(gpointer data)
{
    Preview *preview = data;
    preview->late = TRUE;
    g_subprocess_force_exit(preview->child);
}

// Beside this program, or where programs are; NULL.
static char *find_pacectl(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *directory = self ? g_path_get_dirname(self) : NULL;
    char *beside = directory ? g_build_filename(directory, "pacectl", NULL) : NULL;
    if (beside && g_file_test(beside, G_FILE_TEST_IS_REGULAR))
        return beside;
    g_free(beside);
    return g_find_program_in_path("pacectl");
}

// Words that tell all that is known of the runner.
static void tell_athlete(const Athlete *athlete, char ret_words[CAPTURE_LINE_MAX])
{
    const Athlete told = athlete_recorded(athlete);
    Writer writer = {.bytes = (guint8 *)ret_words, .size = CAPTURE_LINE_MAX - 1};
    athlete_line_write(&writer, &told);
    ret_words[writer.length] = '\0';
}

// `arguments`: pacectl's; the first is set here. Owns the child from then on.
static gboolean preview_begin(const Bus *bus, const ExportCall *call, const char *arguments[],
                              const char *text, const char *type, GError **error)
{
    g_autofree char *program = find_pacectl();
    if (running >= AT_ONCE) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BUSY,
                    "%d answers are being made; ask again when one is done", AT_ONCE);
        return FALSE;
    }
    if (!program) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                            "pacectl, which works it out, is not installed beside paced");
        return FALSE;
    }
    arguments[0] = program;
    GSubprocess *child =
        g_subprocess_newv(arguments,
                          G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                              G_SUBPROCESS_FLAGS_STDERR_MERGE,
                          error);
    const guint32 id = child ? calls_take(bus->calls, call->invocation, error) : 0;
    if (id == 0) {
        if (child)
            g_subprocess_force_exit(child);
        return FALSE;
    }
    Preview *preview = g_new0(Preview, 1);
    *preview = (Preview){.calls = calls_ref(bus->calls), .id = id, .child = child};
    running++;
    preview->type = G_VARIANT_TYPE(type);
    preview->overdue = alarm_new(on_overdue, preview);
    alarm_set(preview->overdue, clock_now() + WITHIN);
    preview->output = g_malloc(OUTPUT_MAX);
    // The text goes its own way: a child that ends before it has read all of it has said why.
    g_autoptr(GInputStream) input =
        g_memory_input_stream_new_from_data(g_strdup(text), (gssize)strlen(text), g_free);
    g_output_stream_splice_async(g_subprocess_get_stdin_pipe(child), input,
                                 G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                     G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                 G_PRIORITY_DEFAULT_IDLE, NULL, NULL, NULL);
    g_input_stream_read_all_async(g_subprocess_get_stdout_pipe(child), preview->output, OUTPUT_MAX,
                                  G_PRIORITY_DEFAULT_IDLE, NULL, on_read, preview);
    return TRUE;
}

gboolean on_preview(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"runner", "s", "by-effort", "b", "seed", "u", NULL};
    const char *text, *runner = "fresh";
    char words[CAPTURE_LINE_MAX], seed[16] = "1";
    gboolean by_effort = FALSE;
    guint number;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &text, &options);
    if (!options_check(options, known, error) || !workout_text_check(text, error))
        return FALSE;
    tell_athlete(&bus->told, words);
    g_variant_lookup(options, "runner", "&s", &runner);
    g_variant_lookup(options, "by-effort", "b", &by_effort);
    if (g_variant_lookup(options, "seed", "u", &number))
        g_snprintf(seed, sizeof seed, "%u", number);
    const char *arguments[] = {NULL,
                               "simulate",
                               "-",
                               "--gvariant",
                               "--seed",
                               seed,
                               "--runner",
                               runner,
                               "--known",
                               words,
                               by_effort ? "--by-effort" : NULL,
                               NULL};
    return preview_begin(bus, call, arguments, text, "(aa{sv}a{sv})", error);
}

gboolean on_details(Bus *bus, const ExportCall *call, GError **error)
{
    char number[24];
    gint64 run;
    g_variant_get(call->arguments, "(x)", &run);
    g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, run);
    const char *arguments[] = {NULL, "show", number, "--gvariant", NULL};
    return preview_begin(bus, call, arguments, "", "(a{sv})", error);
}
