// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The sums. What was hard is decoupling while it goes on: its halves move with every minute, so the
// run is kept in blocks, few enough to be added up anew when one is whole; when they run out, each
// two become one.

#include "estimate/load.h"

#include "base/series.h"

#include <string.h>

#define EDWARDS_FROM 0.5 // of the maximal rate, and a zone for each tenth above
#define EDWARDS_ZONE 0.1
#define KNOWN_FOR    5.0 // s; what is held for longer is not known any more

double load_banister_a_minute(Sex sex, double reserve)
{
    const double x = fmax(0, reserve);
    if (isnan(reserve))
        return NAN;
    const double man = 0.64 * series_exp(1.92 * x), woman = 0.86 * series_exp(1.67 * x);
    switch (sex) {
    case SEX_MALE:
        return x * man;
    case SEX_FEMALE:
        return x * woman;
    case SEX_UNKNOWN:
        break;
    }
    return x * (man + woman) / 2;
}

int load_edwards_zone(double bpm, double max_bpm)
{
    const double share = bpm / max_bpm;
    int zone = 0;
    while (zone < 5 && share >= EDWARDS_FROM + zone * EDWARDS_ZONE)
        zone++;
    return zone;
}

double load_rtss(double seconds, double normalised_mps, double threshold_mps)
{
    const double intensity = normalised_mps / threshold_mps;
    return 100 * seconds / 3600 * intensity * intensity;
}

double load_decoupling(double first_efficiency, double second_efficiency)
{
    return 100 * (first_efficiency - second_efficiency) / first_efficiency;
}

void load_reset(Load *load)
{
    memset(load, 0, sizeof *load);
    load->block_limit_s = LOAD_BLOCK_S;
    load->decoupling_percent = NAN;
}

// ── speed ──

static void smooth(Load *load, double mps)
{
    load->recent[load->recent_at] = mps;
    load->recent_at = (load->recent_at + 1) % LOAD_SMOOTH_S;
    if (load->recent_count < LOAD_SMOOTH_S)
        load->recent_count++;
    double sum = 0;
    for (size_t i = 0; i < load->recent_count; i++)
        sum += load->recent[i];
    const double mean = sum / (double)load->recent_count;
    load->fourth += mean * mean * mean * mean;
    load->fourth_s++;
}

static void add_speed(Load *load, double seconds, double mps)
{
    while (seconds > 0) {
        const double part = fmin(seconds, 1 - load->bin_s);
        load->bin_s += part;
        load->bin_m += mps * part;
        seconds -= part;
        if (load->bin_s < 1 - 1e-9)
            return;
        smooth(load, load->bin_m / load->bin_s);
        load->bin_s = load->bin_m = 0;
    }
}

// ── decoupling ──

static void merge_blocks(Load *load)
{
    for (size_t i = 0; i < LOAD_BLOCKS / 2; i++) {
        load->blocks[i].metres = load->blocks[2 * i].metres + load->blocks[2 * i + 1].metres;
        load->blocks[i].beats = load->blocks[2 * i].beats + load->blocks[2 * i + 1].beats;
        load->blocks[i].seconds = load->blocks[2 * i].seconds + load->blocks[2 * i + 1].seconds;
    }
    load->block_count = LOAD_BLOCKS / 2;
    load->block_limit_s *= 2;
}

static bool is_steady(const Load *load)
{
    double sum = 0, squares = 0;
    const double count = (double)load->block_count;
    for (size_t i = 0; i < load->block_count; i++) {
        const double speed = load->blocks[i].metres / load->blocks[i].seconds;
        sum += speed;
        squares += speed * speed;
    }
    const double mean = sum / count;
    return squares / count - mean * mean <= LOAD_STEADY * LOAD_STEADY * mean * mean;
}

static void compare_halves(Load *load)
{
    load->decoupling_percent = NAN;
    if (load->steady_s < LOAD_DECOUPLED_S || !is_steady(load))
        return;
    double metres[2] = {0}, beats[2] = {0};
    for (size_t i = 0; i < load->block_count; i++) {
        // Twice its place among all, so that the middle one of an odd number is in both.
        const bool first = 2 * i<load->block_count, second = 2 * i + 2> load->block_count;
        const double share = first && second ? 0.5 : 1;
        for (int half = 0; half < 2; half++)
            if (half == 0 ? first : second) {
                metres[half] += share * load->blocks[i].metres;
                beats[half] += share * load->blocks[i].beats;
            }
    }
    load->decoupling_percent = load_decoupling(metres[0] / beats[0], metres[1] / beats[1]);
}

static void add_block(Load *load, double seconds, double bpm, double mps)
{
    typeof(*load->blocks) *block = &load->blocks[load->block_count];
    block->metres += mps * seconds;
    block->beats += bpm / 60 * seconds;
    block->seconds += seconds;
    load->steady_s += seconds;
    if (block->seconds < load->block_limit_s)
        return;
    load->block_count++;
    compare_halves(load);
    if (load->block_count == LOAD_BLOCKS)
        merge_blocks(load);
    memset(&load->blocks[load->block_count], 0, sizeof *load->blocks);
}

// ── all ──

void load_add(Load *load, const AthleteModel *model, Sex sex, double seconds, double bpm,
              double flat_mps)
{
    load->seconds += seconds;
    const double known = fmin(seconds, KNOWN_FOR), max = model->heart_max.value;
    const double a_minute = load_banister_a_minute(sex, zones_reserve(bpm, model->heart_rest, max));
    if (!isnan(a_minute)) {
        load->heart_s += known;
        load->banister += a_minute * known / 60;
        load->edwards += load_edwards_zone(bpm, max) * known / 60;
    }
    if (isnan(flat_mps))
        return;
    load->speed_s += known;
    if (flat_mps < LOAD_MOVING_MPS)
        return;
    load->moving_s += known;
    add_speed(load, known, flat_mps);
    if (load->moving_s > LOAD_WARM_UP_S && !isnan(bpm))
        add_block(load, known, bpm, flat_mps);
}

double load_trimp(const Load *load)
{
    return load->heart_s > 0 ? load->banister : NAN;
}

double load_edwards(const Load *load)
{
    return load->heart_s > 0 ? load->edwards : NAN;
}

double load_normalised_mps(const Load *load)
{
    return load->fourth_s > 0 ? sqrt(sqrt(load->fourth / load->fourth_s)) : NAN;
}

double load_score(const Load *load, const AthleteModel *model)
{
    return load_rtss(load->moving_s, load_normalised_mps(load), model->threshold_speed.value);
}

double load_decoupled_percent(const Load *load)
{
    return load->decoupling_percent;
}

void load_summarise(const Load *load, const AthleteModel *model, LoadSummary *ret_summary)
{
    *ret_summary =
        (LoadSummary){load_trimp(load), load_score(load, model), load_decoupled_percent(load)};
}

// Of the runs of so many days; NAN when one of them has none of the measure at `offset`.
static double load_of_days(const PastRun *runs, size_t count, double days, size_t offset)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double load;
        memcpy(&load, (const char *)&runs[i] + offset, sizeof load);
        if (runs[i].days_ago < days)
            sum += load;
    }
    return sum;
}

double load_week(const PastRun *runs, size_t count)
{
    static const size_t measures[] = {offsetof(PastRun, rtss), offsetof(PastRun, trimp),
                                      offsetof(PastRun, seconds)};
    bool long_enough = false;
    for (size_t i = 0; i < count; i++)
        long_enough |= runs[i].days_ago >= LOAD_WEEKS_DAYS;
    for (size_t i = 0; long_enough && i < sizeof measures / sizeof *measures; i++) {
        const double weeks = load_of_days(runs, count, LOAD_WEEKS_DAYS, measures[i]);
        const double week = load_of_days(runs, count, LOAD_WEEK_DAYS, measures[i]);
        if (!isnan(weeks))
            return weeks > 0 ? week / LOAD_WEEK_DAYS / (weeks / LOAD_WEEKS_DAYS) : NAN;
    }
    return NAN;
}

double load_heart_coverage(const Load *load)
{
    return load->seconds > 0 ? load->heart_s / load->seconds : 0;
}

double load_speed_coverage(const Load *load)
{
    return load->seconds > 0 ? load->speed_s / load->seconds : 0;
}
