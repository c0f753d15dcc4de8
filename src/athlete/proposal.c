// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Counting within windows of days: today is the first of them.

#include "athlete/proposal.h"

#include "athlete/vdot.h"

#include <stdio.h>
#include <string.h>

#define SAME_METRES 0.5

static bool within(int32_t day, int32_t today, int32_t days)
{
    const int64_t ago = (int64_t)today - day; // a journal may hold any day
    return ago >= 0 && ago < days;
}

static bool of_workout(ProposalKind kind)
{
    return kind == PROPOSAL_REPEAT || kind == PROPOSAL_REST || kind == PROPOSAL_PACE;
}

// The day of the latest answer up to today; those on workouts count only for workouts.
static int64_t answered_on(const ProposalAnswer *answers, size_t count, int32_t today,
                           bool workouts_too)
{
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < count; i++)
        if (answers[i].day > latest && answers[i].day <= today &&
            (workouts_too || !of_workout(answers[i].kind)))
            latest = answers[i].day;
    return latest;
}

bool proposal_may_grow(const SessionOutcome *sessions, size_t session_count,
                       const ProposalAnswer *answers, size_t answer_count, int32_t today)
{
    const int64_t answered = answered_on(answers, answer_count, today, true);
    unsigned good = 0;
    for (size_t i = 0; i < session_count; i++) {
        const SessionOutcome *session = &sessions[i];
        if (session->day <= answered || !within(session->day, today, PROPOSAL_RAISE_DAYS))
            continue;
        if (session->stopped)
            return false;
        good += session->clean && !(fabs(session->faster) >= PROPOSAL_RAISE_FASTER);
    }
    return good >= PROPOSAL_GROW_SESSIONS;
}

Proposal proposal_from_sessions(double vdot, const SessionOutcome *sessions, size_t session_count,
                                const ProposalAnswer *answers, size_t answer_count, int32_t today)
{
    const int64_t answered = answered_on(answers, answer_count, today, false);
    double raised = 0;
    for (size_t i = 0; i < answer_count; i++)
        if (within(answers[i].day, today, PROPOSAL_RAISE_DAYS))
            raised += fmax(answers[i].change, 0);
    unsigned good = 0, stopped = 0;
    double faster = 0;
    for (size_t i = 0; i < session_count; i++) {
        const SessionOutcome *session = &sessions[i];
        if (session->day <= answered)
            continue;
        if (session->stopped && within(session->day, today, PROPOSAL_EASE_DAYS))
            stopped++;
        if (session->clean && session->faster >= PROPOSAL_RAISE_FASTER &&
            within(session->day, today, PROPOSAL_RAISE_DAYS)) {
            good++;
            faster += session->faster;
        }
    }
    if (stopped >= PROPOSAL_EASE_SESSIONS)
        return (Proposal){.kind = PROPOSAL_EASE,
                          .vdot = vdot - PROPOSAL_EASE_BY,
                          .from = vdot,
                          .sessions = stopped,
                          .faster = NAN};
    if (good >= PROPOSAL_RAISE_SESSIONS && !isnan(vdot) &&
        raised + PROPOSAL_RAISE_BY <= PROPOSAL_RAISE_MOST)
        return (Proposal){.kind = PROPOSAL_RAISE,
                          .vdot = vdot + PROPOSAL_RAISE_BY,
                          .from = vdot,
                          .sessions = good,
                          .faster = faster / good};
    return PROPOSAL_NOTHING;
}

Proposal proposal_from_race(double vdot, const Race *race)
{
    const double raced = vdot_from_race(race->distance_m, race->time_s);
    const bool slower = raced < vdot && !race->maximal;
    if (isnan(raced) || slower || fabs(raced - vdot) < PROPOSAL_RACE_SAME)
        return PROPOSAL_NOTHING;
    const bool far = fabs(raced - vdot) > PROPOSAL_RACE_WITHIN;
    return (Proposal){.kind = far ? PROPOSAL_ASK : PROPOSAL_ADOPT,
                      .vdot = raced,
                      .from = vdot,
                      .faster = NAN,
                      .race = *race};
}

// ── words ──

static const char *const names[] = {
    [PROPOSAL_NONE] = "none",   [PROPOSAL_RAISE] = "raise", [PROPOSAL_EASE] = "ease",
    [PROPOSAL_ADOPT] = "adopt", [PROPOSAL_ASK] = "ask",     [PROPOSAL_REPEAT] = "repeat",
    [PROPOSAL_REST] = "rest",   [PROPOSAL_PACE] = "pace",
};

const char *proposal_name(ProposalKind kind)
{
    return names[kind];
}

ProposalKind proposal_parse(const char *name, size_t length)
{
    for (ProposalKind kind = PROPOSAL_RAISE; kind <= PROPOSAL_PACE; kind++)
        if (strlen(names[kind]) == length && memcmp(names[kind], name, length) == 0)
            return kind;
    return PROPOSAL_NONE;
}

static const char *race_why(const Proposal *proposal, char ret_text[WHY_MAX])
{
    char name[RACE_NAME_MAX], time[RACE_TIME_MAX];
    race_name(proposal->race.distance_m, name);
    race_time_text(proposal->race.time_s, time);
    if (isnan(proposal->from))
        snprintf(ret_text, WHY_MAX, "%s in %s says a VDOT of %.1f, and none is known yet", name,
                 time, proposal->vdot);
    else
        snprintf(ret_text, WHY_MAX, "%s in %s says a VDOT of %.1f%s %.1f%s", name, time,
                 proposal->vdot,
                 proposal->kind == PROPOSAL_ASK ? ", far from the" : "; the paces go by one of",
                 proposal->from,
                 proposal->kind == PROPOSAL_ASK ? ": was it that far, and all out?" : "");
    return ret_text;
}

static const char *workout_why(const Proposal *proposal, char ret_text[WHY_MAX])
{
    // A title may be long; what is proposed is not to be cut off.
    int used = snprintf(ret_text, WHY_MAX,
                        "%u sessions in %d days were run on target without a sign of fatigue: ",
                        proposal->sessions, PROPOSAL_RAISE_DAYS);
    if (proposal->kind == PROPOSAL_REPEAT)
        used += snprintf(ret_text + used, WHY_MAX - (size_t)used, "%u repetitions instead of %u",
                         proposal->count, proposal->instead_of);
    else if (proposal->kind == PROPOSAL_REST)
        used += snprintf(ret_text + used, WHY_MAX - (size_t)used, "%u s of rest instead of %u",
                         proposal->count, proposal->instead_of);
    else
        used +=
            snprintf(ret_text + used, WHY_MAX - (size_t)used, "%u:%02u instead of %u:%02u per %s",
                     proposal->count / 60, proposal->count % 60, proposal->instead_of / 60,
                     proposal->instead_of % 60, proposal->miles ? "mile" : "km");
    snprintf(ret_text + used, WHY_MAX - (size_t)used, " in %s", proposal->workout);
    return ret_text;
}

const char *proposal_why(const Proposal *proposal, char ret_text[WHY_MAX])
{
    *ret_text = '\0';
    switch (proposal->kind) {
    case PROPOSAL_NONE:
        break;
    case PROPOSAL_RAISE:
        snprintf(ret_text, WHY_MAX,
                 "%u sessions in %d days were run %.1f %% faster than asked without a sign of "
                 "fatigue: VDOT %.1f instead of %.1f",
                 proposal->sessions, PROPOSAL_RAISE_DAYS, proposal->faster * 100, proposal->vdot,
                 proposal->from);
        break;
    case PROPOSAL_EASE:
        if (isnan(proposal->vdot))
            snprintf(ret_text, WHY_MAX,
                     "%u sessions in %d days were ended early for fatigue: a week of rest",
                     proposal->sessions, PROPOSAL_EASE_DAYS);
        else
            snprintf(ret_text, WHY_MAX,
                     "%u sessions in %d days were ended early for fatigue: VDOT %.1f instead of "
                     "%.1f, or decline and rest for a week",
                     proposal->sessions, PROPOSAL_EASE_DAYS, proposal->vdot, proposal->from);
        break;
    case PROPOSAL_ADOPT:
    case PROPOSAL_ASK:
        return race_why(proposal, ret_text);
    case PROPOSAL_REPEAT:
    case PROPOSAL_REST:
    case PROPOSAL_PACE:
        return workout_why(proposal, ret_text);
    }
    return ret_text;
}

// ── taking it ──

static void drop_race(Athlete *athlete, size_t place)
{
    athlete->race_count--;
    memmove(&athlete->races[place], &athlete->races[place + 1],
            (athlete->race_count - place) * sizeof *athlete->races);
}

static void put_race(Athlete *athlete, const Race *race)
{
    char why[WHY_MAX];
    for (size_t i = athlete->race_count; i > 0; i--) {
        const Race *other = &athlete->races[i - 1];
        if (fabs(other->distance_m - race->distance_m) < SAME_METRES ||
            !race_pair_check(other, race, why))
            drop_race(athlete, i - 1);
    }
    if (athlete->race_count == RACES_MAX) {
        size_t oldest = 0;
        for (size_t i = 1; i < RACES_MAX; i++)
            if (athlete->races[i].day < athlete->races[oldest].day)
                oldest = i;
        drop_race(athlete, oldest);
    }
    athlete->races[athlete->race_count++] = *race;
}

Athlete proposal_take(const Proposal *proposal, const Athlete *athlete)
{
    Athlete after = *athlete;
    if (isnan(proposal->vdot))
        return after;
    if (proposal->sessions == 0) {
        put_race(&after, &proposal->race);
        after.vdot = NAN;
        const AthleteModel model = athlete_model(&after);
        if (fabs(model.vdot - proposal->vdot) < PROPOSAL_RACE_SAME)
            return after;
    }
    after.vdot = proposal->vdot;
    return after;
}
