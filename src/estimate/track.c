// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The filter's arithmetic. What was hard is to be calm and quick at once without overshooting: with
// an acceleration in the state, as is usual, a start shows early but runs on past the new pace.
// Here the state holds the pace that is aimed at and the speed chases it, so that acceleration
// fades by itself as the pace is reached. Wander is apart from the held pace because it comes back
// to it.
//
// The matrix of the model differs from unity in four rows only and a measurement touches at most
// five numbers of the state: all loops below use that, for several tracks run side by side on a
// small computer.

#include "estimate/track.h"

#include "base/decay.h"
#include "base/square.h"

#include <string.h>

// The state: the held pace, which chases the aim; the aim; the way; the wander; past positions.
enum {
    BASE,
    AIM,
    WAY,
    WANDER,
    PAST
};

#define CHASE      1.3  // s; how long a runner takes to reach a pace, by simulation and by watching
#define WANDERING  0.06 // m/s; about a held pace
#define WANDER_TAU 15.0 // s
#define CREEP      0.006 // m/s/√s; how the held pace itself drifts
#define FOLLOWED   0.25  // of the way to a new aim: how uncertain it is how far the runner has got
#define LONG       60.0  // s
#define SLICE_MAX  1.2   // s; a longer one is cut, for past positions must lie close

// Where the runner is counts as certain: only ways from one place to another are ever asked for.
void track_restart(Track *track, double speed, double deviation)
{
    memset(track->p, 0, sizeof track->p);
    track->x[BASE] = track->x[AIM] = speed;
    track->x[WANDER] = 0;
    track->p[BASE][BASE] = square(deviation);
    track->p[AIM][AIM] = square(deviation);
    track->p[BASE][AIM] = track->p[AIM][BASE] = square(deviation);
    track->p[WANDER][WANDER] = square(fmin(WANDERING, deviation));
    for (int i = 0; i < TRACK_PAST; i++) {
        track->past[i] = track->at - (i + 1);
        track->x[PAST + i] = track->x[WAY] - speed * (i + 1);
        for (int j = 0; j < TRACK_PAST; j++)
            track->p[PAST + i][PAST + j] = square(deviation) * ((i < j ? i : j) + 1);
    }
}

void track_init(Track *track, double at, double speed, double deviation)
{
    *track = (Track){.at = at, .change_from = at, .change_to = at};
    track_restart(track, speed, deviation);
}

static double overlap(double from, double to, double other_from, double other_to)
{
    return fmax(0, fmin(to, other_to) - fmax(from, other_from));
}

// What the model keeps over a span.
typedef struct {
    double keep, keep_wander; // of the way to the aim, and of the wander
    double dt;                // s
} Carry;

static Carry carry_over(double dt)
{
    return (Carry){decay(dt / CHASE), decay(dt / WANDER_TAU), dt};
}

// row ← the model's row, for the four that are not unity.
static void carry(double *base, const double *aim, double *way, double *wander, const Carry *over)
{
    const double chased = CHASE * (1 - over->keep);
    *way += chased * *base + (over->dt - chased) * *aim +
            WANDER_TAU * (1 - over->keep_wander) * *wander;
    *base = over->keep * *base + (1 - over->keep) * *aim;
    *wander *= over->keep_wander;
}

// Adds what an unknown push of `variance` does, by how it moves each of the first four.
static void push(Track *track, double variance, const double moves[4])
{
    for (int i = 0; i < 4; i++) {
        if (moves[i] == 0)
            continue;
        const double moved = variance * moves[i];
        for (int j = 0; j < 4; j++)
            track->p[i][j] += moved * moves[j];
    }
}

static void step(Track *track, double to)
{
    const double dt = to - track->at;
    if (dt <= 0)
        return;
    const Carry over = carry_over(dt);
    carry(&track->x[BASE], &track->x[AIM], &track->x[WAY], &track->x[WANDER], &over);
    for (int j = 0; j < TRACK_SIZE; j++)
        carry(&track->p[BASE][j], &track->p[AIM][j], &track->p[WAY][j], &track->p[WANDER][j],
              &over);
    // The past stays; beside it the matrix is its own mirror.
    for (int i = 0; i < PAST; i++)
        carry(&track->p[i][BASE], &track->p[i][AIM], &track->p[i][WAY], &track->p[i][WANDER],
              &over);
    for (int i = PAST; i < TRACK_SIZE; i++) {
        for (int j = 0; j < PAST; j++)
            track->p[i][j] = track->p[j][i];
    }
    // A push of the aim comes at half time on average.
    const double half = decay(dt / 2 / CHASE);
    const double aim[4] = {1 - half, 1, dt / 2 - CHASE * (1 - half), 0};
    const double likely = overlap(track->at, to, track->change_from, track->change_to);
    const double change = likely > 0 ? likely / (track->change_to - track->change_from) : 0;
    push(track, square(CREEP) * dt + square(track->change) * change, aim);
    const double wander[4] = {0, 0, dt / 2, 1};
    push(track, square(WANDERING) * (1 - square(over.keep_wander)), wander);
    track->at = to;
}

// Where we are now becomes the newest past position, and the oldest is forgotten.
static void remember(Track *track)
{
    for (int i = TRACK_SIZE - 1; i > PAST; i--)
        track->x[i] = track->x[i - 1];
    track->x[PAST] = track->x[WAY];
    for (int i = TRACK_SIZE - 1; i > PAST; i--)
        memmove(&track->p[i][PAST + 1], &track->p[i - 1][PAST], sizeof(double) * (TRACK_PAST - 1));
    for (int i = 0; i < PAST; i++)
        memmove(&track->p[i][PAST + 1], &track->p[i][PAST], sizeof(double) * (TRACK_PAST - 1));
    for (int i = 0; i < PAST; i++)
        track->p[i][PAST] = track->p[i][WAY];
    for (int j = PAST + 1; j < TRACK_SIZE; j++)
        track->p[PAST][j] = track->p[WAY][j];
    track->p[PAST][PAST] = track->p[WAY][WAY];
    for (int i = PAST; i < TRACK_SIZE; i++) {
        for (int j = 0; j < i; j++)
            track->p[i][j] = track->p[j][i];
    }
    memmove(&track->past[1], &track->past[0], sizeof(double) * (TRACK_PAST - 1));
    track->past[0] = track->at;
}

// Past positions are taken on the way, so that they lie about a second apart however the time is
// cut by those who ask.
void track_advance(Track *track, double at)
{
    if (at - track->at > LONG) { // nobody will ask for what was in between
        step(track, at - TRACK_REACH);
        remember(track);
    }
    while (at - track->past[0] > SLICE_MAX) {
        step(track, fmax(track->at, track->past[0] + 1));
        remember(track);
    }
    step(track, at);
}

void track_expect(Track *track, double from, double to, double change)
{
    track->change = change;
    track->change_from = from;
    track->change_to = to;
}

void track_aim(Track *track, double speed, double deviation)
{
    track->p[BASE][BASE] += square(FOLLOWED * (speed - track->x[BASE]));
    track->x[AIM] = speed;
    for (int i = 0; i < TRACK_SIZE; i++)
        track->p[i][AIM] = track->p[AIM][i] = 0;
    track->p[AIM][AIM] = square(deviation);
}

void track_loosen(Track *track, double deviation, double change)
{
    track->p[BASE][BASE] += square(deviation);
    track->p[AIM][AIM] += square(change);
}

// ── measurements: a difference of two positions, each between two that the state has ──

typedef struct {
    int count;
    int index[5];
    double weight[5];
} Row;

static void row_add(Row *row, int index, double weight)
{
    row->index[row->count] = index;
    row->weight[row->count++] = weight;
}

// The position `ago` seconds before now, times `weight`.
static void row_position(Row *row, const Track *track, double ago, double weight)
{
    const double at = track->at - ago;
    double newer = track->at;
    int newer_index = WAY;
    for (int i = 0; i < TRACK_PAST; i++) {
        const double older = track->past[i];
        if (at >= older) {
            const double share = newer > older ? (at - older) / (newer - older) : 1;
            if (share > 0)
                row_add(row, newer_index, weight * share);
            if (share < 1)
                row_add(row, PAST + i, weight * (1 - share));
            return;
        }
        newer = older;
        newer_index = PAST + i;
    }
    row_add(row, newer_index, weight);
}

static Row row_of(const Track *track, const TrackSpan *span)
{
    Row row = {.count = 0};
    const double length = span->begin - span->end;
    row_position(&row, track, span->end, 1 / length);
    row_position(&row, track, span->begin, -1 / length);
    return row;
}

Innovation track_compare(const Track *track, const TrackSpan *span, double speed, double deviation)
{
    const Row row = row_of(track, span);
    Innovation innovation = {.residual = speed, .variance = square(deviation)};
    for (int i = 0; i < TRACK_SIZE; i++) {
        double sum = 0;
        for (int k = 0; k < row.count; k++)
            sum += track->p[i][row.index[k]] * row.weight[k];
        innovation.gain[i] = sum;
    }
    for (int k = 0; k < row.count; k++) {
        innovation.residual -= track->x[row.index[k]] * row.weight[k];
        innovation.variance += innovation.gain[row.index[k]] * row.weight[k];
    }
    return innovation;
}

void track_take(Track *track, const Innovation *innovation)
{
    for (int i = 0; i < TRACK_SIZE; i++) {
        const double share = innovation->gain[i] / innovation->variance;
        track->x[i] += share * innovation->residual;
        for (int j = 0; j <= i; j++) {
            track->p[i][j] -= share * innovation->gain[j];
            track->p[j][i] = track->p[i][j];
        }
    }
}

// ── looking ahead ──

TrackGlance track_glance(const Track *track)
{
    static const int concerned[3] = {BASE, AIM, WANDER};
    TrackGlance glance = {
        .base = track->x[BASE],
        .aim = track->x[AIM],
        .way = track->x[WAY],
        .wander = track->x[WANDER],
    };
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            glance.p[i][j] = track->p[concerned[i]][concerned[j]];
    }
    return glance;
}

TrackView track_look(const TrackGlance *glance, double seconds)
{
    const double keep = decay(seconds / CHASE), keep_wander = decay(seconds / WANDER_TAU);
    const double shares[3] = {keep, 1 - keep, keep_wander};
    double base = glance->base, way = glance->way, wander = glance->wander;
    carry(&base, &glance->aim, &way, &wander, &(Carry){keep, keep_wander, seconds});
    double variance =
        square(CREEP * (1 - keep)) * seconds + square(WANDERING) * (1 - square(keep_wander));
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            variance += shares[i] * shares[j] * glance->p[i][j];
    }
    return (TrackView){.speed = fmax(0, base + wander), .variance = variance, .way = way};
}

void track_glance_on(TrackGlance *glance, double seconds)
{
    const Carry over = carry_over(seconds);
    carry(&glance->base, &glance->aim, &glance->way, &glance->wander, &over);
}

void track_glance_aim(TrackGlance *glance, double speed, double deviation)
{
    glance->p[0][0] += square(FOLLOWED * (speed - glance->base));
    glance->aim = speed;
    for (int i = 0; i < 3; i++)
        glance->p[i][1] = glance->p[1][i] = 0;
    glance->p[1][1] = square(deviation);
}

void track_scale(Track *track, double ratio)
{
    track->x[BASE] *= ratio;
    track->x[AIM] *= ratio;
    track->x[WANDER] *= ratio;
    for (int i = PAST; i < TRACK_SIZE; i++)
        track->x[i] = track->x[WAY] + ratio * (track->x[i] - track->x[WAY]);
}
