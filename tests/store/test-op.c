// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What memory holds while the disk takes nothing: bounded, and what makes the run a run stays.

#include "store/op.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define LIMIT (64 * 1024)

static void push_mixed(Ops *ops, int count)
{
    Event packet = {.kind = EVENT_NOTIFY, .notify = {.length = 20}};
    Event link = {.kind = EVENT_LINK};
    Event time = {.kind = EVENT_TIME};
    for (int i = 0; i < count; i++) {
        packet.at = link.at = time.at = i;
        ops_push(ops, op_event(&packet));
        ops_push(ops, op_event(&time));
        if (i % 50 == 0)
            ops_push(ops, op_event(&link));
    }
}

static void count_kinds(const Ops *ops, int counts[5], Usec ret_oldest[5])
{
    Usec latest = 0;
    for (GList *link = ops->ops.head; link; link = link->next) {
        const Op *op = link->data;
        cr_expect(ge(i64, op->at, latest), "in order");
        latest = op->at;
        if (counts[op->event]++ == 0)
            ret_oldest[op->event] = op->at;
    }
}

Test(op, within_the_bound_nothing_goes)
{
    Ops ops;
    ops_init(&ops);
    push_mixed(&ops, 10);
    ops_bound(&ops, LIMIT);
    cr_expect(eq(int, (int)ops.ops.length, 21));
    cr_expect(eq(u64, ops.let_go, 0));
    ops_clear(&ops);
}

Test(op, the_oldest_packets_go_first_and_alone)
{
    Ops ops;
    ops_init(&ops);
    push_mixed(&ops, 150);
    gsize before = ops.ops.length;
    ops_bound(&ops, LIMIT);
    int counts[5] = {0};
    Usec oldest[5];
    count_kinds(&ops, counts, oldest);
    cr_expect(le(sz, ops.bytes, LIMIT));
    cr_expect(eq(u64, ops.let_go, before - ops.ops.length));
    cr_expect(eq(int, counts[EVENT_TIME], 150));
    cr_expect(eq(int, counts[EVENT_LINK], 3));
    cr_expect(gt(int, counts[EVENT_NOTIFY], 0));
    cr_expect(eq(i64, oldest[EVENT_NOTIFY], 150 - counts[EVENT_NOTIFY]));
    ops_clear(&ops);
}

Test(op, links_commands_and_runs_stay_whatever_the_bound)
{
    Ops ops;
    ops_init(&ops);
    push_mixed(&ops, 500);
    ops_push(&ops, op_texts(OP_RUN_BEGIN, 500, "name", "text"));
    ops_bound(&ops, 0);
    int counts[5] = {0};
    Usec oldest[5];
    cr_expect(eq(int, (int)ops.ops.length, 11));
    const Op *begin = ops.ops.tail->data;
    cr_expect(strcmp((const char *)begin->data, "name") == 0);
    cr_expect(op_text(begin, 1) == NULL, "its text can be missed");
    g_free(g_queue_pop_tail(&ops.ops));
    count_kinds(&ops, counts, oldest);
    cr_expect(eq(int, counts[EVENT_LINK], 10));
    ops_clear(&ops);
}

// A client that starts one long text after the other, some of which are run, and a disk that is
// full.
Test(op, long_texts_go_before_the_bound_does_and_leave_their_runs)
{
    g_autofree char *text = g_strnfill(20000, ' ');
    Event start = {.kind = EVENT_COMMAND,
                   .command = {.verb = COMMAND_START, .text = text, .length = 20000}};
    Event stop = {.kind = EVENT_COMMAND, .command = {.verb = COMMAND_STOP}};
    Ops ops;
    ops_init(&ops);
    for (int i = 0; i < 20; i++) {
        start.at = stop.at = i;
        ops_push(&ops, op_event(&start));
        if (i % 2 == 0)
            ops_push(&ops, op_texts(OP_RUN_BEGIN, i, "name", text));
        ops_push(&ops, op_event(&stop));
    }
    ops_bound(&ops, LIMIT);
    cr_expect(le(sz, ops.bytes, LIMIT));
    int runs = 0, stops = 0;
    for (GList *link = ops.ops.head; link; link = link->next) {
        const Op *op = link->data;
        runs += op->kind == OP_RUN_BEGIN && strcmp((const char *)op->data, "name") == 0;
        stops += op->kind == OP_EVENT && op->length < 100;
    }
    cr_expect(eq(int, runs, 10));
    cr_expect(eq(int, stops, 20));
    const Op *latest = NULL;
    for (GList *link = ops.ops.tail; link && !latest; link = link->prev)
        latest = ((Op *)link->data)->kind == OP_RUN_BEGIN ? link->data : NULL;
    cr_expect(op_text(latest, 1) != NULL, "the latest text is missed most");
    ops_clear(&ops);
}
