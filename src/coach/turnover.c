// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The metronome's policy. As in drift.c a dwell is counted from the last look that said otherwise.

#include "coach/turnover.h"

#define RUNNING    120.0 // steps a minute; who takes fewer walks, or is not known
#define USUAL_OVER 5.0 // s; pods count whole steps a minute, and not every second is like the next

void turnover_init(Turnover *turnover)
{
    // As if the latest bout were long over.
    *turnover = (Turnover){.since = -TURNOVER_PAUSE, .usual = NAN};
}

void turnover_hush(Turnover *turnover, Usec at)
{
    if (turnover->clicks > 0)
        turnover->since = at;
    turnover->clicks = 0;
    turnover->otherwise = at;
}

void turnover_step(Turnover *turnover, Usec at)
{
    turnover_hush(turnover, at);
    turnover->in_vain = 0;
}

static void take_cadence(Turnover *turnover, const TurnoverView *view)
{
    if (!estimate_known(&view->cadence) || isnan(turnover->usual)) {
        turnover->usual = view->cadence.value;
    } else {
        const double share = fmin(usec_to_s(view->at - turnover->usual_at) / USUAL_OVER, 1);
        turnover->usual += share * (view->cadence.value - turnover->usual);
    }
    turnover->usual_at = view->at;
}

// A whole number, between what is wanted and what can be followed.
static double tempo(const TurnoverView *view, double usual)
{
    const double nearest = view->target > usual ? floor(usual * (1 + TURNOVER_FARTHEST))
                                                : ceil(usual * (1 - TURNOVER_FARTHEST));
    const double target = round(view->target);
    return view->target > usual ? fmin(target, nearest) : fmax(target, nearest);
}

static bool is_outside(const TurnoverView *view, double usual)
{
    const double low = fmin(view->low, view->target * (1 - TURNOVER_BAND)); // NAN is no limit
    const double high = fmax(view->high, view->target * (1 + TURNOVER_BAND));
    return usual < low || (usual > high && !view->only_more);
}

static void look_in_silence(Turnover *turnover, const TurnoverView *view)
{
    if (!is_outside(view, turnover->usual)) {
        turnover->otherwise = view->at;
        turnover->in_vain = 0;
    }
    if (view->at - turnover->otherwise < TURNOVER_ENTER ||
        view->at - turnover->since < TURNOVER_PAUSE || view->boundary - view->at < TURNOVER_LAST ||
        turnover->in_vain == TURNOVER_IN_VAIN)
        return;
    turnover->clicks = tempo(view, turnover->usual);
    turnover->since = turnover->otherwise = view->at;
}

static void look_in_bout(Turnover *turnover, const TurnoverView *view)
{
    const double off = turnover->usual / turnover->clicks - 1;
    const bool within = (!isnan(view->low) || !isnan(view->high)) &&
                        !(turnover->usual < view->low) && !(turnover->usual > view->high);
    const bool right = fabs(off) <= TURNOVER_RIGHT || within || (off > 0 && view->only_more);
    if (!right)
        turnover->otherwise = view->at;
    const bool followed = view->at - turnover->otherwise >= TURNOVER_LEAVE;
    const bool lost = fabs(off) > TURNOVER_FARTHEST + TURNOVER_RIGHT && !right;
    if (!followed && !lost && view->at - turnover->since < TURNOVER_BOUT)
        return;
    turnover->in_vain = followed ? 0 : turnover->in_vain + 1;
    turnover_hush(turnover, view->at);
}

double turnover_look(Turnover *turnover, const TurnoverView *view)
{
    take_cadence(turnover, view);
    if (!view->wanted || !(turnover->usual >= RUNNING) || isnan(view->target))
        turnover_hush(turnover, view->at);
    else if (turnover->clicks > 0)
        look_in_bout(turnover, view);
    else
        look_in_silence(turnover, view);
    return turnover->clicks;
}
