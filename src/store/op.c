// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The queue of what is to be written. Only its bound is more than bookkeeping: a disk may stay full
// for hours, and the run must neither fill the memory instead nor lose what makes it a run.

#include "store/op.h"

#include <string.h>

#include "record/journal.h"

static Op *op_new(OpKind kind, Usec at, gsize room)
{
    Op *op = g_malloc0(sizeof *op + room);
    op->kind = kind;
    op->at = at;
    op->length = room;
    return op;
}

Op *op_event(const Event *event)
{
    guint8 small[EVENT_RECORD_MAX];
    gsize text = event->kind == EVENT_COMMAND ? event->command.length : 0;
    g_autofree guint8 *large = text > 0 ? g_malloc(sizeof small + text) : NULL;
    guint8 *record = large ? large : small;
    gsize length = journal_encode(event, record, sizeof small + text);
    g_assert(length > 0);
    Op *op = op_new(OP_EVENT, event->at, length);
    op->event = event->kind;
    memcpy(op->data, record, length);
    return op;
}

Op *op_texts(OpKind kind, Usec at, const char *first, const char *second)
{
    gsize first_size = strlen(first) + 1, second_size = second ? strlen(second) + 1 : 0;
    Op *op = op_new(kind, at, first_size + second_size);
    memcpy(op->data, first, first_size);
    if (second)
        memcpy(op->data + first_size, second, second_size);
    return op;
}

const char *op_text(const Op *op, guint index)
{
    const char *text = (const char *)op->data, *end = text + op->length;
    for (; index > 0 && text < end; index--)
        text += strlen(text) + 1;
    return text < end ? text : NULL;
}

Op *op_sensor(OpKind kind, const EnrolledSensor *sensor)
{
    const char *const texts[] = {sensor->address,         sensor->name,    sensor->runner,
                                 sensor->history,         sensor->lessons, sensor->lessons_before,
                                 sensor->lessons_firmware};
    gsize length = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        length += strlen(texts[i]) + 1;
    Op *op = op_new(kind, 0, length);
    char *to = (char *)op->data;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        to = g_stpcpy(to, texts[i]) + 1;
    op->sensor.slot = sensor->slot;
    op->sensor.adopted_for = sensor->adopted_for;
    op->sensor.services = sensor->services;
    op->sensor.roles = sensor->roles;
    op->sensor.rank = sensor->rank;
    op->sensor.match_name = sensor->match_name;
    op->sensor.convention = sensor->convention;
    op->sensor.convention_fixed = sensor->convention_fixed;
    op->sensor.lessons_at = sensor->lessons_at;
    return op;
}

Op *op_continue(const InterruptedRun *run)
{
    const char *texts[] = {run->config, run->name, run->text};
    gsize length = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(texts) && texts[i]; i++)
        length += strlen(texts[i]) + 1;
    Op *op = op_new(OP_CONTINUE, run->started, length);
    char *to = (char *)op->data;
    for (gsize i = 0; i < G_N_ELEMENTS(texts) && texts[i]; i++)
        to = g_stpcpy(to, texts[i]) + 1;
    op->run = run->run;
    return op;
}

Op *op_lap(const Lap *lap)
{
    Op *op = op_new(OP_LAP, lap->ended, 0);
    op->lap = *lap;
    return op;
}

// Behind the text, where nothing is aligned: it is copied in and out.
Op *op_athlete(const char *runner, const Athlete *athlete)
{
    gsize size = strlen(runner) + 1;
    Op *op = op_new(OP_ATHLETE, 0, size + sizeof *athlete);
    memcpy(op->data, runner, size);
    memcpy(op->data + size, athlete, sizeof *athlete);
    return op;
}

Athlete op_get_athlete(const Op *op)
{
    Athlete athlete;
    memcpy(&athlete, op->data + op->length - sizeof athlete, sizeof athlete);
    return athlete;
}

static gsize op_bytes(const Op *op)
{
    return sizeof *op + op->length + sizeof(GList);
}

Op *op_copy(const Op *op)
{
    return g_memdup2(op, sizeof *op + op->length);
}

void ops_init(Ops *ops)
{
    *ops = (Ops){0};
    g_queue_init(&ops->ops);
}

void ops_push(Ops *ops, Op *op)
{
    ops->bytes += op_bytes(op);
    g_queue_push_tail(&ops->ops, op);
}

void ops_push_front(Ops *ops, Op *op)
{
    ops->bytes += op_bytes(op);
    g_queue_push_head(&ops->ops, op);
}

void ops_move(Ops *from, Ops *to)
{
    to->bytes += from->bytes;
    from->bytes = 0;
    GList *link;
    while ((link = g_queue_pop_head_link(&from->ops)))
        g_queue_push_tail_link(&to->ops, link);
}

static void drop(Ops *ops, GList *link)
{
    ops->bytes -= op_bytes(link->data);
    g_free(link->data);
    g_queue_delete_link(&ops->ops, link);
}

void ops_mark_attempted(Ops *ops)
{
    for (GList *link = ops->ops.head; link; link = link->next)
        ((Op *)link->data)->attempted = true;
}

void ops_drop_attempted(Ops *ops)
{
    for (GList *link = ops->ops.head, *next; link; link = next) {
        next = link->next;
        if (((Op *)link->data)->attempted)
            drop(ops, link);
    }
}

void ops_clear(Ops *ops)
{
    g_queue_clear_full(&ops->ops, g_free);
    ops->bytes = 0;
}

static bool is_packet(const Op *op)
{
    return op->kind == OP_EVENT && op->event == EVENT_NOTIFY;
}

static bool is_report(const Op *op)
{
    return op->kind == OP_EVENT && (op->event == EVENT_TIME || op->event == EVENT_VOICE);
}

static bool is_start(const Op *op)
{
    return op->kind == OP_EVENT && op->event == EVENT_COMMAND && op->length > EVENT_RECORD_MAX;
}

// A run without the text of its workout is still a run.
static void forget_texts(Ops *ops, gsize limit)
{
    for (GList *link = ops->ops.head; link && ops->bytes > limit; link = link->next) {
        Op *op = link->data;
        if (op->kind != OP_RUN_BEGIN)
            continue;
        ops->bytes -= op_bytes(op);
        op->length = strlen((const char *)op->data) + 1;
        link->data = op = g_realloc(op, sizeof *op + op->length);
        ops->bytes += op_bytes(op);
    }
}

static void drop_oldest(Ops *ops, gsize limit, bool (*droppable)(const Op *op))
{
    for (GList *link = ops->ops.head, *next; link && ops->bytes > limit; link = next) {
        next = link->next;
        if (!droppable(link->data))
            continue;
        drop(ops, link);
        ops->let_go++;
    }
}

void ops_bound(Ops *ops, gsize limit)
{
    if (ops->bytes <= limit)
        return;
    // A little more than asked, so that not every second walks the whole queue.
    gsize low = limit - limit / 16;
    drop_oldest(ops, low, is_packet);
    drop_oldest(ops, limit, is_report);
    drop_oldest(ops, limit, is_start);
    forget_texts(ops, limit);
}
