// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See summary.h. What was hard is which laps belong together: those of one line of the text, that a
// repeat ran more than once, whatever became of the plan meanwhile.

#include "pacectl/summary.h"

#include "pacectl/mean.h"
#include "pacectl/show.h"
#include "paced1-dbus.h"

#include <math.h>
#include <string.h>

#define RUNS_ASKED 1000
#define NO_ITEM    G_MAXUINT

static double spread_of(const Mean *mean)
{
    const double centre = mean_of(mean);
    return mean->count > 1 ? sqrt(fmax(mean->squares / mean->count - centre * centre, 0)) / centre
                           : NAN;
}

double summary_distance(const Run *run)
{
    return isnan(run->corrected_m) ? run->summary.distance_m : run->corrected_m;
}

double summary_speed(const Run *run)
{
    const double seconds = run->summary.duration_s, metres = summary_distance(run);
    return seconds > 0 && metres > 0 ? metres / seconds : NAN;
}

double summary_off(const RunLap *lap)
{
    // What nobody measured has no speed.
    return lap->lap.speed_mps > 0 ? lap->lap.speed_mps / lap->target - 1 : NAN;
}

double summary_recovery(const Run *run, guint lap)
{
    const RunLap *this = run_lap(run, lap);
    return lap > 0 && this->lap.kind == STEP_REST
               ? run_lap(run, lap - 1)->heart_end - this->heart_end
               : NAN;
}

// ── sets ──

static guint item_of(const Run *run, const RunLap *lap)
{
    const gboolean counts = lap->lap.kind == STEP_WORK && lap->lap.repetitions > 1 &&
                            lap->lap.outcome <= STEP_LAPPED &&
                            lap->lap.step < run->plan->step_count && run->plan->item_count > 0;
    return counts ? run->plan->steps[lap->lap.step].item : NO_ITEM;
}

static RunSet set_of(const Run *run, guint first)
{
    const guint item = item_of(run, run_lap(run, first));
    RunSet set = {.first = first, .last = first};
    Mean speed = {0}, off = {0}, heart = {0}, recovery = {0};
    for (guint i = first; i < run->laps->len; i++) {
        const RunLap *lap = run_lap(run, i);
        if (item_of(run, lap) != item)
            continue;
        set.last = i;
        set.count++;
        mean_add(&speed, lap->lap.speed_mps);
        mean_add(&off, summary_off(lap));
        mean_add(&heart, lap->heart_end);
        if (i + 1 < run->laps->len)
            mean_add(&recovery, summary_recovery(run, i + 1));
    }
    set.speed = mean_of(&speed);
    set.spread = spread_of(&speed);
    set.off = mean_of(&off);
    set.heart_end = mean_of(&heart);
    set.recovery = mean_of(&recovery);
    set.change = run_lap(run, set.last)->lap.speed_mps / run_lap(run, first)->lap.speed_mps - 1;
    return set;
}

GArray *summary_sets(const Run *run)
{
    GArray *sets = g_array_new(FALSE, FALSE, sizeof(RunSet));
    for (guint i = 0; i < run->laps->len; i++) {
        const guint item = item_of(run, run_lap(run, i));
        gboolean known = item == NO_ITEM;
        for (guint j = 0; j < i && !known; j++)
            known = item_of(run, run_lap(run, j)) == item;
        if (known)
            continue;
        const RunSet set = set_of(run, i);
        if (set.count > 1)
            g_array_append_val(sets, set);
    }
    return sets;
}

// ── kilometres ──

#define KILOMETRE  1000.0
#define LEAST_LEFT 100.0

// Seconds of running until then.
static double running_until(const Run *run, double t)
{
    double paused = 0;
    for (guint i = 0; i < run->pauses->len; i++) {
        const RunPause *pause = &g_array_index(run->pauses, RunPause, i);
        paused += fmax(fmin(t, pause->until) - pause->from, 0);
    }
    return t - paused;
}

static void end_kilometre(GArray *all, double metres, double seconds, Mean *heart)
{
    const RunKilometre one = {metres, seconds, mean_of(heart)};
    g_array_append_val(all, one);
    *heart = (Mean){0};
}

// It ends between two seconds, on the straight line from one to the other, as it was told.
GArray *summary_kilometres(const Run *run)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(RunKilometre));
    const RunSecond *before = NULL;
    double zero = NAN, begun = 0;
    Mean heart = {0};
    if (run->laps->len >= 2)
        return all;
    for (guint i = 0; i < run_seconds(run); i++) {
        const RunSecond *now = run_second(run, i);
        zero = isnan(zero) ? now->distance : zero;
        for (double end = zero + KILOMETRE * (all->len + 1); before && now->distance >= end;
             end += KILOMETRE) {
            const double part = (end - before->distance) / (now->distance - before->distance);
            const double from = running_until(run, before->t), until = running_until(run, now->t);
            const double at = from + part * (until - from);
            end_kilometre(all, KILOMETRE, at - begun, &heart);
            begun = at;
        }
        if (!now->paused)
            mean_add(&heart, now->heart);
        if (!isnan(now->distance))
            before = now;
    }
    const double left = run->summary.distance_m - KILOMETRE * all->len;
    if (all->len > 0 && left >= LEAST_LEFT)
        end_kilometre(all, left, run->summary.duration_s - begun, &heart);
    if (all->len < 2)
        g_array_set_size(all, 0);
    return all;
}

// ── words ──

static void add_share(GString *words, const char *before, double share, const char *faster,
                      const char *slower, const char *equal)
{
    if (fabs(share) < 0.0005)
        g_string_append_printf(words, "%s%s", before, equal);
    else if (isfinite(share))
        g_string_append_printf(words, "%s%.1f %% %s", before, fabs(share) * 100,
                               share >= 0 ? faster : slower);
}

char *summary_words(const RunSet *set)
{
    char pace[SHOW_MAX];
    GString *words = g_string_new(NULL);
    show_pace(set->speed, pace);
    g_string_append_printf(words, "%u repetitions at %s /km", set->count, pace);
    add_share(words, ", ", set->off, "faster than asked", "slower than asked", "as asked");
    if (isfinite(set->spread))
        g_string_append_printf(words, "; even to %.1f %%", set->spread * 100);
    add_share(words, ", the last ", set->change, "faster than the first", "slower than the first",
              "as fast as the first");
    if (isfinite(set->recovery))
        g_string_append_printf(words, "; the heart %s by %.0f in the rests",
                               set->recovery >= 0 ? "fell" : "rose", fabs(set->recovery));
    return g_string_free(words, FALSE);
}

// What the coach did; the rest of its decisions change nothing.
static const char *what_was_done(const Adaptation *adaptation)
{
    switch (adaptation->decision) {
    case ADAPT_ADD:
        return adaptation->on_offer ? "one more was offered" : "one more";
    case ADAPT_REST_PLUS:
        return "a longer rest";
    case ADAPT_DROP:
        return "one less";
    case ADAPT_SHORTEN:
        return "shorter repetitions";
    case ADAPT_STOP:
        return "the set was ended";
    case ADAPT_NOTHING:
    case ADAPT_UNDECIDED:
    case ADAPT_CONTINUE:
    case ADAPT_FINISH:
        break;
    }
    return NULL;
}

static const char *why_it_was(AdaptReason reason)
{
    switch (reason) {
    case ADAPT_WHY_ALL_OUT:
        return "you had given it all";
    case ADAPT_WHY_FADING:
        return "two in a row were slow";
    case ADAPT_WHY_EMPTY:
        return "nothing of D′ was left";
    case ADAPT_WHY_TIRED:
        return "several signs of tiredness";
    case ADAPT_WHY_HEART_HIGH:
        return "the heart was still high";
    case ADAPT_WHY_SLOW:
        return "that one was slow";
    case ADAPT_WHY_STRONG:
        return "you were strong";
    case ADAPT_WHY_NONE:
    case ADAPT_WHY_FIRST:
    case ADAPT_WHY_NO_SPEED:
    case ADAPT_WHY_NO_HEART:
    case ADAPT_WHY_LOAD:
    case ADAPT_WHY_UNTOLD:
    case ADAPT_WHY_NO_D_PRIME:
        break;
    }
    return NULL;
}

static void add_length(GString *words, const Adaptation *adaptation)
{
    char length[SHOW_MAX];
    if (isfinite(adaptation->rest_s))
        g_string_append_printf(words, ", by %.0f s", adaptation->rest_s);
    if (isfinite(adaptation->duration_s)) {
        show_duration(adaptation->duration_s, length);
        g_string_append_printf(words, ", %s", length);
    } else if (isfinite(adaptation->distance_m)) {
        show_distance(adaptation->distance_m, length);
        g_string_append_printf(words, ", %s", length);
    }
}

GPtrArray *summary_changes(const Run *run)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < run->changes->len; i++) {
        const RunChange *change = &g_array_index(run->changes, RunChange, i);
        const char *done = what_was_done(&change->adaptation);
        const char *why = why_it_was(change->adaptation.reason);
        if (!done)
            continue;
        char at[SHOW_MAX];
        GString *words = g_string_new(NULL);
        show_duration(change->at, at);
        g_string_append_printf(words, "%s  %s", at, done);
        add_length(words, &change->adaptation);
        if (why)
            g_string_append_printf(words, ": %s", why);
        if (change->adaptation.taken_back)
            g_string_append(words, "; you took it back");
        g_ptr_array_add(changes, g_string_free(words, FALSE));
    }
    return changes;
}

// ── before ──

static double number(GVariant *dict, const char *key)
{
    double value = NAN;
    g_variant_lookup(dict, key, "d", &value);
    return value;
}

static double repetition_of(Paced1History *history, gint64 run)
{
    g_autoptr(GVariant) summary = NULL;
    if (!paced1_history_call_summary_sync(history, run, &summary, NULL, NULL))
        return NAN;
    return number(summary, "repetition-speed");
}

static gboolean is_before(const Run *run, GVariant *other, gint64 *ret_number, gint64 *ret_started)
{
    const char *workout = "";
    gint64 text = 0;
    *ret_started = 0;
    g_variant_lookup(other, "started", "x", ret_started);
    g_variant_lookup(other, "workout", "&s", &workout);
    g_variant_lookup(other, "workout-text", "x", &text);
    return g_variant_lookup(other, "run", "x", ret_number) && *ret_number != run->number &&
           (text && run->text_number ? text == run->text_number
                                     : strcmp(workout, run->name) == 0) &&
           (run->started == 0 || *ret_started == 0 ? *ret_number < run->number
                                                   : *ret_started < run->started);
}

GArray *summary_before(const Run *run)
{
    GArray *before = g_array_new(FALSE, FALSE, sizeof(RunBefore));
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GVariant) runs = NULL;
    if (run->number == 0 || *run->name == '\0' || !daemon_look(&objects))
        return before;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history || !paced1_history_call_list_sync(history, RUNS_ASKED, &runs, NULL, NULL))
        return before;
    for (gsize i = 0; i < g_variant_n_children(runs) && before->len < BEFORE_MAX; i++) {
        g_autoptr(GVariant) other = g_variant_get_child_value(runs, i);
        RunBefore row;
        if (!is_before(run, other, &row.number, &row.started))
            continue;
        const double corrected = number(other, "corrected-distance");
        row.distance = isnan(corrected) ? number(other, "distance") : corrected;
        row.duration = number(other, "duration");
        row.heart = number(other, "heart-rate");
        row.rtss = number(other, "rtss");
        row.repetition = repetition_of(history, row.number);
        g_array_append_val(before, row);
    }
    return before;
}
