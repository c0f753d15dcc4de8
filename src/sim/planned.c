// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner runs a workout on its own. It looks at its watch five times a second: near enough for
// a sensor that speaks once.

#include "sim/planned.h"

#include "workout/text.h"

#define LOOK_MS  200
#define WALK_MPS 1.4

struct Planned {
    Body *body;
    Plan plan;
    size_t step;
    double from_m;
    gint64 from_us;
    guint timer;
};

static void begin(Planned *planned)
{
    Runner *runner = &planned->body->runner;
    planned->from_m = runner->distance_m;
    planned->from_us = planned->body->now_us;
    if (planned->step < planned->plan.step_count)
        runner_aim(runner, aim_speed(&planned->plan.steps[planned->step].aim));
    else
        runner_aim(runner, WALK_MPS);
}

// How much of the step is behind it; NAN when only a hand ends it.
static double progress(const Planned *planned)
{
    const Step *step = &planned->plan.steps[planned->step].step;
    const double done = step_ends_by_clock(step)
                            ? usec_to_s(planned->body->now_us - planned->from_us)
                            : planned->body->runner.distance_m - planned->from_m;
    return done / step_length(step);
}

static gboolean on_look(gpointer data)
{
    Planned *planned = data;
    body_catch_up(planned->body);
    const Aim *aim = &planned->plan.steps[planned->step].aim;
    const double part = progress(planned);
    if (part >= 1) {
        planned->step++;
        begin(planned);
    } else if (aim_speed(aim) != aim->end && !isnan(aim_speed(aim)))
        runner_follow(&planned->body->runner, aim_speed_at(aim, part));
    if (planned->step < planned->plan.step_count)
        return G_SOURCE_CONTINUE;
    planned->timer = 0;
    return G_SOURCE_REMOVE;
}

Planned *planned_new(const char *file, Body *body, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(file, &text, &length, error))
        return NULL;
    Planned *planned = g_new0(Planned, 1);
    planned->body = body;
    TextError wrong;
    if (!text_parse(text, length, &planned->plan, NULL, &wrong)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s:%u:%u: %s", file, wrong.line,
                    wrong.column, wrong.text);
        g_free(planned);
        return NULL;
    }
    begin(planned);
    planned->timer = g_timeout_add(LOOK_MS, on_look, planned);
    return planned;
}

void planned_free(Planned *planned)
{
    if (!planned)
        return;
    g_clear_handle_id(&planned->timer, g_source_remove);
    g_free(planned);
}
