// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Counting within windows of days: today is the first of them.

#include "athlete/proposal.h"

#include "athlete/vdot.h"

static bool within(int32_t day, int32_t today, int32_t days)
{
    const int64_t ago = (int64_t)today - day; // a journal may hold any day
    return ago >= 0 && ago < days;
}

Proposal proposal_from_sessions(double vdot, const SessionOutcome *sessions, size_t session_count,
                                const ProposalAnswer *answers, size_t answer_count, int32_t today)
{
    int64_t answered = INT64_MIN;
    double raised = 0;
    for (size_t i = 0; i < answer_count; i++) {
        if (answers[i].day > answered && answers[i].day <= today)
            answered = answers[i].day;
        if (within(answers[i].day, today, PROPOSAL_RAISE_DAYS))
            raised += fmax(answers[i].change, 0);
    }
    unsigned good = 0, stopped = 0;
    for (size_t i = 0; i < session_count; i++) {
        const SessionOutcome *session = &sessions[i];
        if (session->day <= answered)
            continue;
        if (session->stopped && within(session->day, today, PROPOSAL_EASE_DAYS))
            stopped++;
        if (session->clean && session->faster >= PROPOSAL_RAISE_FASTER &&
            within(session->day, today, PROPOSAL_RAISE_DAYS))
            good++;
    }
    if (stopped >= PROPOSAL_EASE_SESSIONS)
        return (Proposal){PROPOSAL_EASE, vdot - PROPOSAL_EASE_BY};
    if (good >= PROPOSAL_RAISE_SESSIONS && !isnan(vdot) &&
        raised + PROPOSAL_RAISE_BY <= PROPOSAL_RAISE_MOST)
        return (Proposal){PROPOSAL_RAISE, vdot + PROPOSAL_RAISE_BY};
    return (Proposal){PROPOSAL_NONE, NAN};
}

Proposal proposal_from_race(double vdot, const Race *race)
{
    const double raced = vdot_from_race(race->distance_m, race->time_s);
    const bool slower = raced < vdot && !race->maximal;
    if (isnan(raced) || slower || fabs(raced - vdot) < PROPOSAL_RACE_SAME)
        return (Proposal){PROPOSAL_NONE, NAN};
    const bool far = fabs(raced - vdot) > PROPOSAL_RACE_WITHIN;
    return (Proposal){far ? PROPOSAL_ASK : PROPOSAL_ADOPT, raced};
}
