// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Captures: what is written, in which order, from where to where, and what a reader that fails
// costs.

#include "keeper.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include "io/error.h"
#include "record/capture.h"

#define LAP "Workout - Kilometres\n\n• 2min @ 4'45''/km\n"

typedef struct {
    int to;        // the store's end
    int from;      // ours
    GString *text; // what came so far
    GAsyncResult *result;
} Reader;

static Reader reader_new(void)
{
    int ends[2];
    cr_assert(g_unix_open_pipe(ends, FD_CLOEXEC, NULL));
    g_unix_set_fd_nonblocking(ends[0], TRUE, NULL);
    return (Reader){.to = ends[1], .from = ends[0], .text = g_string_new(NULL)};
}

static void reader_ask(Reader *reader, Keeper *keeper, gint64 run, gboolean private)
{
    StoreCapture capture = {.fd = reader->to, .run = run, .private = private, .name = "a test"};
    store_capture(keeper->store, &capture, NULL, keep_result, &reader->result);
}

static void reader_read(Reader *reader)
{
    char chunk[4096];
    gssize got;
    while ((got = read(reader->from, chunk, sizeof chunk)) > 0)
        g_string_append_len(reader->text, chunk, got);
}

static void reader_wait_for(Reader *reader, const char *text)
{
    for (reader_read(reader); !strstr(reader->text->str, text); reader_read(reader))
        g_main_context_iteration(NULL, TRUE);
}

// False: an error, by its number.
static gboolean reader_wait_for_end(Reader *reader, Keeper *keeper, int *ret_error)
{
    g_autoptr(GError) error = NULL;
    while (!reader->result) {
        reader_read(reader);
        g_main_context_iteration(NULL, TRUE);
    }
    reader_read(reader);
    gboolean good = store_capture_finish(keeper->store, reader->result, &error);
    if (error)
        *ret_error = error->code;
    return good;
}

static void reader_free(Reader *reader)
{
    if (reader->from >= 0)
        close(reader->from);
    g_string_free(reader->text, TRUE);
    g_clear_object(&reader->result);
}

static guint count(const Reader *reader, const char *text)
{
    guint found = 0;
    for (const char *at = reader->text->str; (at = strstr(at, text)); at++)
        found++;
    return found;
}

// All of it is what capture_parse() reads, in order of time within each sitting.
static void check_lines(const Reader *reader)
{
    g_auto(GStrv) lines = g_strsplit(reader->text->str, "\n", -1);
    Usec origin = 0, at = 0;
    cr_assert(g_str_has_prefix(reader->text->str, CAPTURE_HEADER));
    for (char **text = lines; *text; text++) {
        CaptureLine line = capture_parse(*text, origin);
        cr_assert(line.kind != CAPTURE_BAD, "%s", line.why);
        if (line.kind == CAPTURE_SITTING)
            at = origin = line.sitting.origin;
        if (line.kind == CAPTURE_EVENT) {
            cr_expect(line.event.at >= at);
            at = line.event.at;
        }
    }
}

static Keeper keeper_at_work(void)
{
    Keeper keeper = keeper_new();
    keeper_open(&keeper);
    keeper_begin(&keeper);
    keeper_seconds(&keeper, 10);
    return keeper;
}

Test(recorder, past_and_present_join_without_a_gap)
{
    Keeper keeper = keeper_at_work();
    Reader reader = reader_new();
    keeper_second(&keeper); // appended, not committed
    reader_ask(&reader, &keeper, 0, FALSE);
    keeper_seconds(&keeper, 3); // while the past is still being read
    reader_wait_for(&reader, "14.000000 notify 1");
    keeper_seconds(&keeper, 3);
    reader_wait_for(&reader, "17.000000 notify 1");
    check_lines(&reader);
    cr_expect(eq(u32, count(&reader, " notify "), 2 * 17));
    cr_expect(eq(u32, count(&reader, "\nsitting 1000.000000 \"[coach]\\nband=0.03\\n\"\n"), 1));
    keeper_free(&keeper);
    int error;
    cr_expect(reader_wait_for_end(&reader, &keeper, &error));
    reader_free(&reader);
}

Test(recorder, a_past_of_many_pieces_comes_whole)
{
    Keeper keeper = keeper_at_work();
    for (int i = 0; i < 3; i++)
        keeper_seconds(&keeper, 1000);
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 0, FALSE);
    keeper_seconds(&keeper, 1);
    reader_wait_for(&reader, "3011.000000 notify 1");
    check_lines(&reader);
    cr_expect(eq(u32, count(&reader, " notify "), 2 * 3011));
    keeper_free(&keeper);
    reader_free(&reader);
}

Test(recorder, each_sitting_has_its_own_origin)
{
    Keeper keeper = keeper_at_work();
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 0, FALSE);
    keeper_begin(&keeper);
    keeper_seconds(&keeper, 2);
    reader_wait_for(&reader, "2.000000 notify 1");
    reader_wait_for(&reader, "sitting 1010.000000 ");
    check_lines(&reader);
    cr_expect(eq(u32, count(&reader, "\nsitting "), 2));
    keeper_free(&keeper);
    reader_free(&reader);
}

Test(recorder, a_run_is_exported_to_its_own_end)
{
    Keeper keeper = keeper_at_work();
    for (int run = 0; run < 2; run++) {
        keeper_command(&keeper, COMMAND_START, LAP);
        keeper_seconds(&keeper, 20);
        keeper_command(&keeper, COMMAND_STOP, NULL);
        keeper_seconds(&keeper, 60);
    }
    Reader first = reader_new(), second = reader_new(), none = reader_new();
    reader_ask(&first, &keeper, 1, FALSE);
    reader_ask(&second, &keeper, 2, FALSE);
    reader_ask(&none, &keeper, 3, FALSE);
    int error = -1;
    cr_expect(reader_wait_for_end(&first, &keeper, &error));
    cr_expect(reader_wait_for_end(&second, &keeper, &error));
    check_lines(&first);
    check_lines(&second);
    cr_expect(eq(u32, count(&first, " start "), 1));
    cr_expect(eq(u32, count(&first, " stop\n"), 1));
    cr_expect(eq(u32, count(&first, " notify "), 2 * (10 + 20 + 15)), "and its last words");
    cr_expect(eq(u32, count(&second, " start "), 2), "what was before bears on it");
    cr_expect(eq(u32, count(&second, " stop\n"), 2));
    gboolean found = reader_wait_for_end(&none, &keeper, &error);
    cr_expect(not(found));
    cr_expect(eq(int, error, PACED_ERROR_BAD_ARGUMENT));
    cr_expect(eq(sz, none.text->len, 0));
    keeper_free(&keeper);
    reader_free(&first);
    reader_free(&second);
    reader_free(&none);
}

Test(recorder, a_damaged_event_is_left_out_and_said)
{
    Keeper keeper = keeper_at_work();
    keeper_command(&keeper, COMMAND_START, NULL);
    keeper_seconds(&keeper, 5);
    keeper_command(&keeper, COMMAND_STOP, NULL);
    keeper_settle(&keeper);
    keeper_run(&keeper, "UPDATE events SET record = x'00ff' WHERE seq = 5");
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 1, FALSE);
    int error;
    cr_expect(reader_wait_for_end(&reader, &keeper, &error));
    check_lines(&reader);
    cr_expect(eq(u32, count(&reader, "\n# an event is damaged"), 1));
    cr_expect(eq(u32, count(&reader, " notify "), 2 * 15 - 1));
    keeper_free(&keeper);
    reader_free(&reader);
}

Test(recorder, names_and_dates_are_for_who_asks)
{
    Keeper keeper = keeper_at_work();
    cr_assert(keeper_enrol(&keeper, "AA:BB:CC:DD:EE:0F", "a\nname", 0, NULL, NULL));
    Reader plain = reader_new(), private = reader_new();
    reader_ask(&plain, &keeper, 0, FALSE);
    reader_ask(&private, &keeper, 0, TRUE);
    keeper_seconds(&keeper, 1);
    reader_wait_for(&plain, "11.000000 notify 1");
    reader_wait_for(&private, "11.000000 notify 1");
    check_lines(&private);
    cr_expect(eq(u32, count(&private, "\n# sensor 0 is AA:BB:CC:DD:EE:0F a?name\n"), 1));
    cr_expect(eq(u32, count(&private, "\n# began "), 1));
    cr_expect(eq(u32, count(&plain, "AA:BB"), 0));
    cr_expect(eq(u32, count(&plain, "# "), 1));
    keeper_free(&keeper);
    reader_free(&plain);
    reader_free(&private);
}

Test(recorder, a_past_that_cannot_be_read_costs_only_itself)
{
    Keeper keeper = keeper_at_work();
    sqlite3 *other = keeper_visit(&keeper);
    visit_run(other, "BEGIN EXCLUSIVE");
    keeper_seconds(&keeper, 1);
    keeper_wait(&keeper, STORE_DEGRADED);
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 0, FALSE);
    keeper_seconds(&keeper, 1);
    reader_wait_for(&reader, "12.000000 notify 1");
    check_lines(&reader);
    cr_expect(eq(u32, count(&reader, "\n# what happened before cannot be read: "), 1));
    cr_expect(eq(u32, count(&reader, " notify "), 2));
    visit_run(other, "ROLLBACK");
    sqlite3_close(other);
    keeper_free(&keeper);
    reader_free(&reader);
}

Test(recorder, a_reader_that_goes_ends_it)
{
    Keeper keeper = keeper_at_work();
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 0, FALSE);
    reader_wait_for(&reader, "10.000000 notify 1");
    close(reader.from);
    reader.from = -1;
    int error;
    while (!reader.result) // no event is needed
        g_main_context_iteration(NULL, TRUE);
    cr_expect(reader_wait_for_end(&reader, &keeper, &error));
    keeper_free(&keeper);
    reader_free(&reader);
}

Test(recorder, a_reader_that_sleeps_is_left)
{
    Keeper keeper = keeper_at_work();
    Reader reader = reader_new();
    reader_ask(&reader, &keeper, 0, FALSE);
    g_autofree char *prose = g_strnfill(300000, 'x'); // to be said, and never read
    Event wordy = {.at = keeper.at, .kind = EVENT_COMMAND};
    wordy.command.verb = COMMAND_PREFLIGHT;
    wordy.command.text = prose;
    wordy.command.length = 300000;
    for (int i = 0; i < 20; i++) {
        store_append(keeper.store, &wordy);
        keeper_settle(&keeper);
    }
    int error;
    cr_expect(reader_wait_for_end(&reader, &keeper, &error));
    check_lines(&reader);
    cr_expect(g_str_has_suffix(reader.text->str, "\n# ended here: the reader is too slow\n"));
    cr_expect(reader.text->len < (2u << 20), "%zu", reader.text->len);
    cr_expect(eq(i64, keeper_int(&keeper, "SELECT count(*) FROM events"), 2 + 2 * 10 + 20));
    keeper_free(&keeper);
    reader_free(&reader);
}
