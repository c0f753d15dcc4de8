// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Tracks in competition. What was hard is not to let a wrong answer win on a lucky packet: weights
// forget a little with each packet, so that none falls too low to return, and a packet counts for
// no more than a moderate surprise.

#include "estimate/bank.h"

#include "base/decay.h"
#include "base/square.h"

#define NOISE          0.06 // m/s; of a packet, before a pod has shown its own
#define NOISE_MIN      0.03
#define NOISE_MAX      0.15
#define LEARNING       0.02  // how far one packet moves the noise
#define FORGETTING     0.001 // share of a weight that goes back to where it began, each packet
#define GATE           9.0   // squared standard deviations
#define STRANGE_MAX    12.0  // the same; no packet counts for more among the tracks
#define AGREED         2     // packets of one sign: no spike but a change
#define SUDDEN         2.5   // m/s; nobody becomes so much faster between two packets
#define SUDDEN_AGREED  5
#define FIRST          0.3 // m/s; how well the first packet tells the speed
#define LOOSE          0.7 // m/s; what may have happened meanwhile
#define STANDING       0.02 // m/s; how well standing is known. Who stands does not follow the plan yet
#define CHANGE         2.0  // m/s; how far from the old one a new pace may be
#define CHANGE_TOLD    0.8  // and how far from the one that was told
#define WAITED_FOR     10.0 // s; who stands at the signal still sets off by it so late
#define SAME_CHANGE    4.0  // s; announced again within this, a change is the same one
#define EARLY          0.2  // s; some set off before the signal
#define LATE           2.0  // s; and some after it
#define REACTION       0.5  // s; most do
#define TOLD           0.4  // m/s; how well a pace that is planned, or was run before, is met
#define AFTER_SURPRISE 2.0  // s; how long a change that was not expected goes on

static const struct {
    double averaging, weight;
} answers[BANK_SIZE] = {{1, 0.05}, {2, 0.15}, {3, 0.4}, {4, 0.3}, {5, 0.1}};

// Who stands when the signal comes does not follow the plan yet.
static bool goes_for_it(const Bank *bank, const TrackGlance *glance)
{
    return !isnan(bank->change.speed) && glance->base + glance->wander > STANDING;
}

// Lets the tracks come to `at`, by way of the change that is due before.
static void advance(Bank *bank, double at)
{
    const bool changes = bank->change.at <= at;
    for (int i = 0; i < BANK_SIZE; i++) {
        Track *track = &bank->members[i].track;
        if (changes) {
            track_advance(track, bank->change.at);
            const TrackGlance glance = track_glance(track);
            if (goes_for_it(bank, &glance))
                track_aim(track, bank->change.speed, TOLD);
        }
        track_advance(track, at);
    }
    if (changes)
        bank->change.at = INFINITY;
    bank->at = at;
}

// What all tracks together say now. Of the way only what is new counts, what each went on by and
// what it put right of the past, for their own ways lie apart.
static void agree(Bank *bank)
{
    TrackGlance glances[BANK_SIZE], mean = {.way = bank->mean.way};
    for (int i = 0; i < BANK_SIZE; i++) {
        typeof(*bank->members) *member = &bank->members[i];
        glances[i] = track_glance(&member->track);
        mean.base += member->weight * glances[i].base;
        mean.aim += member->weight * glances[i].aim;
        mean.wander += member->weight * glances[i].wander;
        mean.way += member->weight * (glances[i].way - member->way);
        member->way = glances[i].way;
    }
    for (int i = 0; i < BANK_SIZE; i++) {
        const double apart[3] = {glances[i].base - mean.base, glances[i].aim - mean.aim,
                                 glances[i].wander - mean.wander};
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++)
                mean.p[j][k] +=
                    bank->members[i].weight * (glances[i].p[j][k] + apart[j] * apart[k]);
        }
    }
    bank->mean = mean;
}

void bank_init(Bank *bank, double at, double speed)
{
    *bank = (Bank){.at = at,
                   .change = {.announced = -INFINITY, .at = INFINITY, .speed = NAN},
                   .held = {NAN, NAN}};
    for (int i = 0; i < BANK_SIZE; i++) {
        track_init(&bank->members[i].track, at, speed, FIRST);
        bank->members[i].averaging = answers[i].averaging;
        bank->members[i].weight = answers[i].weight;
        bank->members[i].noise = square(NOISE);
    }
    agree(bank);
}

void bank_restart(Bank *bank, double at, double speed)
{
    advance(bank, at);
    for (int i = 0; i < BANK_SIZE; i++) {
        track_restart(&bank->members[i].track, speed, speed > 0 ? FIRST : STANDING);
        bank->members[i].refused_sign = 0;
    }
    agree(bank);
}

// Something happened, and goes on for a moment, unless a change is being expected anyhow.
static void surprise(Track *track, double at)
{
    track_loosen(track, LOOSE, CHANGE);
    if (track->change_to <= at)
        track_expect(track, at, at + AFTER_SURPRISE, CHANGE);
}

void bank_loosen(Bank *bank)
{
    for (int i = 0; i < BANK_SIZE; i++)
        surprise(&bank->members[i].track, bank->at);
    agree(bank);
}

void bank_set_off(Bank *bank)
{
    bank_loosen(bank);
    if (isnan(bank->change.speed) || bank->at - bank->change.announced > WAITED_FOR)
        return;
    for (int i = 0; i < BANK_SIZE; i++)
        track_aim(&bank->members[i].track, bank->change.speed, TOLD);
    agree(bank);
}

// A change is announced ahead, by what was foretold, and again when it comes.
void bank_expect(Bank *bank, double at, double speed)
{
    const bool again = at - bank->change.announced < SAME_CHANGE;
    if (again && bank->change.at == INFINITY)
        return; // it is on its way
    if (!again) {
        const double alternate = isnan(bank->held[1]) ? NAN : bank->held[0];
        bank->held[1] = bank->held[0];
        bank->held[0] = bank_look(bank, 0).speed;
        bank->change.speed = isnan(speed) ? alternate : speed;
    }
    bank->change.announced = at;
    bank->change.at = fmax(at + REACTION, bank->at);
    for (int i = 0; i < BANK_SIZE; i++)
        track_expect(&bank->members[i].track, at - EARLY, at + LATE,
                     isnan(bank->change.speed) ? CHANGE : CHANGE_TOLD);
}

// A pod that sends often does not tell more in a second than one that does not: its packets err
// alike.
static double deviation_of(double noise, double since)
{
    return sqrt(noise / fmin(1, fmax(since, 0.1)));
}

// One track's part of bank_measure(). Returns how well it foretold the packet.
static double member_measure(Bank *bank, int i, double speed, double since)
{
    typeof(*bank->members) *member = &bank->members[i];
    const TrackSpan span = {.begin = member->averaging, .end = 0};
    const double deviation = deviation_of(member->noise, since);
    Innovation seen = track_compare(&member->track, &span, speed, deviation);
    const double strange = square(seen.residual) / seen.variance;
    const double foretold = decay(fmin(strange, STRANGE_MAX) / 2) / sqrt(seen.variance);
    const double sign = seen.residual < 0 ? -1 : 1;
    // Who is suddenly faster than anybody can become waits for more that agree.
    const int agreeing = seen.residual > SUDDEN ? SUDDEN_AGREED : AGREED;
    member->refused = sign == member->refused_sign ? member->refused + 1 : 1;
    member->refused_sign = strange > GATE ? sign : 0;
    if (strange <= GATE || member->refused >= agreeing) {
        member->refused_sign = 0;
        if (strange > GATE) { // enough of its sign: a real change
            surprise(&member->track, bank->at);
            seen = track_compare(&member->track, &span, speed, deviation);
        } else {
            // What the track itself did not know is no noise; the less of the residual is the
            // packet's, the less it teaches.
            const double own = square(deviation), unknown = seen.variance - own;
            const double teaches = LEARNING * fmin(1, square(own / unknown));
            const double noise = member->noise * (square(seen.residual) - unknown) / own;
            member->noise += teaches * (noise - member->noise);
            member->noise = fmin(square(NOISE_MAX), fmax(square(NOISE_MIN), member->noise));
        }
        track_take(&member->track, &seen);
    }
    return foretold;
}

bool bank_measure(Bank *bank, double at, double speed)
{
    const double since = at - bank->at;
    advance(bank, at);
    double sum = 0;
    int heaviest = 0;
    for (int i = 0; i < BANK_SIZE; i++) {
        const double foretold = member_measure(bank, i, speed, since);
        bank->members[i].weight += FORGETTING * (answers[i].weight - bank->members[i].weight);
        bank->members[i].weight *= foretold;
        sum += bank->members[i].weight;
    }
    for (int i = 0; i < BANK_SIZE; i++) {
        bank->members[i].weight /= sum;
        if (bank->members[i].weight > bank->members[heaviest].weight)
            heaviest = i;
    }
    agree(bank);
    return bank->members[heaviest].refused_sign == 0;
}

bool bank_stand_in(Bank *bank, double at, double speed, double deviation)
{
    static const TrackSpan lately = {.begin = 1, .end = 0};
    advance(bank, at);
    double taken = 0;
    for (int i = 0; i < BANK_SIZE; i++) {
        Track *track = &bank->members[i].track;
        const Innovation seen = track_compare(track, &lately, speed, deviation);
        if (square(seen.residual) > GATE * seen.variance)
            continue;
        track_take(track, &seen);
        taken += bank->members[i].weight;
    }
    agree(bank);
    return taken > 0.5;
}

TrackView bank_look(const Bank *bank, double seconds)
{
    const double change = bank->change.at - bank->at;
    if (change > seconds)
        return track_look(&bank->mean, seconds);
    TrackGlance glance = bank->mean;
    track_glance_on(&glance, change);
    if (goes_for_it(bank, &glance))
        track_glance_aim(&glance, bank->change.speed, TOLD);
    return track_look(&glance, seconds - change);
}

void bank_scale(Bank *bank, double ratio)
{
    for (int i = 0; i < BANK_SIZE; i++)
        track_scale(&bank->members[i].track, ratio);
    agree(bank);
    for (int i = 0; i < 2; i++)
        bank->held[i] *= ratio;
}
