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
    cr_expect(strcmp(op_second_text(begin), "text") == 0);
    g_free(g_queue_pop_tail(&ops.ops));
    count_kinds(&ops, counts, oldest);
    cr_expect(eq(int, counts[EVENT_LINK], 10));
    ops_clear(&ops);
}
