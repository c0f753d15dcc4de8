// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runner.Preview. The daemon has no use for a virtual runner of its own: `pacectl simulate` is run
// beside it, with the athlete it keeps, and says the answer as GVariant text. What was hard is to
// owe nobody anything: a child that hangs is killed, one that babbles is cut off, and how many
// there are at once is bounded, for a workout may be running.

#include "bus/objects.h"

#include "io/clock.h"
#include "io/error.h"
#include "record/athlete-line.h"
#include "record/capture.h"

#include <string.h>

#define AT_ONCE    2
#define WITHIN     (20 * USEC_PER_SEC)
#define OUTPUT_MAX (4 * 1024 * 1024) // a day of repetitions says half of it

// pacectl's exit status: for options that cannot be; and for a text that lacks a number.
#define BAD_USAGE    64
#define LACKS_NUMBER 1

typedef struct {
    Calls *calls;
    guint32 id;
    GSubprocess *child;
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
        return g_error_new(PACED_ERROR, PACED_ERROR_TIMED_OUT, "the preview took too long");
    if (preview->length == OUTPUT_MAX)
        return g_error_new(PACED_ERROR, PACED_ERROR_FAILED, "the preview is too long to be told");
    if (exited && g_str_has_prefix(said, of_text))
        return g_error_new_literal(
            PACED_ERROR, status == LACKS_NUMBER ? PACED_ERROR_LACKS_NUMBER : PACED_ERROR_BAD_TEXT,
            said + strlen(of_text));
    if (g_str_has_prefix(said, of_rest))
        return g_error_new_literal(
            PACED_ERROR, status == BAD_USAGE ? PACED_ERROR_BAD_ARGUMENT : PACED_ERROR_FAILED,
            said + strlen(of_rest));
    return g_error_new(PACED_ERROR, PACED_ERROR_FAILED, "pacectl gave no preview: %s", said);
}

static void on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
    Preview *preview = data;
    const gboolean good = g_subprocess_wait_check_finish(preview->child, result, NULL);
    GVariant *answer = good ? g_variant_parse(G_VARIANT_TYPE("(aa{sv}a{sv})"), preview->output,
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

static GSubprocess *spawn(const Bus *bus, GVariant *options, GError **error)
{
    g_autofree char *program = find_pacectl();
    char words[CAPTURE_LINE_MAX], seed[16] = "1";
    const char *runner = "fresh";
    gboolean by_effort = FALSE;
    guint number;
    if (!program) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                            "pacectl, which simulates, is not installed beside paced");
        return NULL;
    }
    tell_athlete(&bus->told, words);
    g_variant_lookup(options, "runner", "&s", &runner);
    g_variant_lookup(options, "by-effort", "b", &by_effort);
    if (g_variant_lookup(options, "seed", "u", &number))
        g_snprintf(seed, sizeof seed, "%u", number);
    const char *const arguments[] = {program,
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
    return g_subprocess_newv(arguments,
                             G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                 G_SUBPROCESS_FLAGS_STDERR_MERGE,
                             error);
}

// Owns the child from now on.
static void preview_begin(const Bus *bus, guint32 id, GSubprocess *child, const char *text)
{
    Preview *preview = g_new0(Preview, 1);
    *preview = (Preview){.calls = calls_ref(bus->calls), .id = id, .child = child};
    running++;
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
}

gboolean on_preview(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"runner", "s", "by-effort", "b", "seed", "u", NULL};
    const char *text;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &text, &options);
    if (!options_check(options, known, error) || !workout_text_check(text, error))
        return FALSE;
    if (running >= AT_ONCE) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BUSY,
                    "%d previews are being made; ask again when one is done", AT_ONCE);
        return FALSE;
    }
    GSubprocess *child = spawn(bus, options, error);
    const guint32 id = child ? calls_take(bus->calls, call->invocation, error) : 0;
    if (id != 0)
        preview_begin(bus, id, child, text);
    else if (child)
        g_subprocess_force_exit(child);
    return id != 0;
}
