// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The figures. A box costs its beats and nothing is kept between boxes: that is 40 000 instructions
// for two minutes and, spread over the packets of a few seconds, less than keeping sums for every
// scale up to date would be worth in code. Whatever is live comes from the same functions as what
// is summed up from a file.

#include "estimate/hrv.h"

#include "base/series.h"
#include "base/square.h"

#include <string.h>

#define ROUNDING     1e-12 // what is left in a box is more, or nothing
#define UNITS_PER_MS 128.0f
#define WHOLE_S      118.0 // a window of so much is one of two minutes
#define LOST_MAX_DS  300   // in a window
#define FELL_BACK    (2 * USEC_PER_SEC)
#define CATCH_UP     0.005 // of how far a strap's own clock is off, with every packet
#define RATE_OFF_MAX 0.30  // of an interval from the rate beside it
#define SCALES_A_GO  3     // in five packets all are done
#define ALPHA1_TRUST 0.6
#define HELD_AFTER   (10 * USEC_PER_SEC)

// ── scales ──

static const uint8_t every_scale[] = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

// ⌊2^(2 + i/15)⌋, i = 0 … 29, as its arithmetic has them: its first power falls short of 4.
static const uint8_t thirty_scales[] = {3, 4, 4, 4, 4, 5,  5,  5,  5,  6,  6,  6,  7,  7,  7,
                                        8, 8, 9, 9, 9, 10, 10, 11, 12, 12, 13, 13, 14, 15, 15};

typedef struct {
    const uint8_t *scales;
    size_t count;
} Scales;

static Scales scales_of(HrvVariant variant)
{
    switch (variant) {
    case HRV_PYHRV:
    case HRV_STANDARD:
        break;
    case HRV_BOTH_ENDS:
        return (Scales){thirty_scales, sizeof thirty_scales};
    }
    return (Scales){every_scale, sizeof every_scale};
}

const char *hrv_variant_name(HrvVariant variant)
{
    switch (variant) {
    case HRV_PYHRV:
        return "pyhrv";
    case HRV_STANDARD:
        return "standard";
    case HRV_BOTH_ENDS:
        return "both-ends";
    }
    return "unknown";
}

bool hrv_variant_parse(const char *name, HrvVariant *ret_variant)
{
    for (HrvVariant variant = HRV_PYHRV; variant <= HRV_BOTH_ENDS; variant++)
        if (strcmp(name, hrv_variant_name(variant)) == 0) {
            *ret_variant = variant;
            return true;
        }
    return false;
}

// ── fluctuation ──

// A box in which the profile of `n` beats is taken from its beginning, so that the numbers stay
// small: n·Σy² − (Σy)², and 2n times what a straight line goes along.
typedef struct {
    int64_t spread, along;
} Box;

static inline Box box_of(const HrvSum *sums, size_t first, uint64_t n)
{
    const HrvSum *from = &sums[first], *to = from + n;
    const uint64_t t = from->t, y = to->y - from->y, nt = n * t;
    const uint64_t own_y = y - nt;
    const uint64_t own_yy = to->yy - from->yy - t * (2 * y - nt);
    const uint64_t twice_xy = 2 * (to->xy - from->xy - first * y) - (n - 1) * nt;
    return (Box){(int64_t)(n * own_yy - own_y * own_y), (int64_t)(twice_xy - (n - 1) * own_y)};
}

// The sum of squares that the line leaves of boxes of `n`, from both their sums.
static double rest_of(double spread, double along_squares, size_t n)
{
    const double count = (double)n;
    const double rest = spread - 3 * along_squares / (count * count - 1);
    return rest > ROUNDING * spread ? rest / count : 0;
}

// F(n) of the series, in units; NAN when no box of n fits into it.
static double fluctuation(const HrvSeries *series, size_t n, HrvVariant variant)
{
    double spread = 0, along_squares = 0, roots = 0;
    size_t boxes = 0, first = 0;
    for (size_t i = 0; i < series->run_count; i++) {
        const size_t length = series->lengths[i], over = length % n, end = first + length;
        const size_t starts[] = {first, first + over};
        const size_t ways = variant == HRV_BOTH_ENDS ? 2 : 1;
        for (size_t way = 0; way < ways; way++)
            for (size_t at = starts[way]; at + n <= end; at += n) {
                const Box box = box_of(series->sums, at, n);
                const double along_square = square((double)box.along);
                spread += (double)box.spread;
                along_squares += along_square;
                boxes++;
                if (variant == HRV_PYHRV)
                    roots += sqrt(rest_of((double)box.spread, along_square, n) / (double)n);
            }
        first = end;
    }
    if (boxes == 0)
        return NAN;
    const double count = (double)boxes;
    return variant == HRV_PYHRV ? roots / count
                                : sqrt(rest_of(spread, along_squares, n) / (count * (double)n));
}

static size_t series_count(const HrvSeries *series)
{
    size_t count = 0;
    for (size_t i = 0; i < series->run_count; i++)
        count += series->lengths[i];
    return count;
}

// One more point of the line; false when there is none.
static bool add_scale(HrvLine *line, const HrvSeries *series, size_t n, HrvVariant variant)
{
    const double f = fluctuation(series, n, variant);
    if (!(f > 0)) // no box, or no variation
        return false;
    const double x = series_log((double)n), y = series_log(f);
    line->points++;
    line->x += x;
    line->y += y;
    line->xx += x * x;
    line->xy += x * y;
    return true;
}

static double slope(const HrvLine *line)
{
    return (line->xy - line->x * line->y / line->points) /
           (line->xx - line->x * line->x / line->points);
}

double hrv_alpha1(const HrvSeries *series, HrvVariant variant)
{
    if (series_count(series) < HRV_BEATS_MIN)
        return NAN;
    const Scales scales = scales_of(variant);
    HrvLine line = {0};
    for (size_t i = 0; i < scales.count; i++)
        if (!add_scale(&line, series, scales.scales[i], variant))
            return NAN;
    return slope(&line);
}

double hrv_rmssd(const Beat *beats, size_t count)
{
    double sum = 0;
    size_t pairs = 0;
    for (size_t i = 1; i < count; i++) {
        if (beats[i].artefact || beats[i - 1].artefact || beats[i].gap_ds > 0)
            continue;
        const double change = (double)beats[i].ms - beats[i - 1].ms;
        sum += change * change;
        pairs++;
    }
    return pairs > 0 ? sqrt(sum / (double)pairs) : NAN;
}

bool hrv_gather(const Beat *beats, size_t count, HrvSum *ret_sums, HrvSeries *ret_series)
{
    HrvSum sum = {0};
    size_t good = 0, run = 0;
    *ret_series = (HrvSeries){.sums = ret_sums, .run_count = 1};
    ret_sums[0] = sum;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && beats[i].gap_ds > 0) {
            if (++run == HRV_RUNS_MAX)
                return false;
            ret_series->run_count = run + 1;
        }
        if (beats[i].artefact)
            continue;
        sum.t += (uint64_t)(beats[i].ms * UNITS_PER_MS + 0.5f);
        sum.y += sum.t;
        sum.yy += sum.t * sum.t;
        sum.xy += good * sum.t;
        ret_sums[++good] = sum;
        ret_series->lengths[run]++;
    }
    return true;
}

static double percent_of(const Beat *beats, size_t count)
{
    size_t artefacts = 0;
    for (size_t i = 0; i < count; i++)
        artefacts += beats[i].artefact;
    return count > 0 ? 100.0 * (double)artefacts / (double)count : NAN;
}

HrvSummary hrv_summarise(Beat *beats, size_t count, HrvVariant variant, HrvSum *scratch)
{
    BeatJudge judge = {0};
    beats_judge(&judge, beats, count, true);
    HrvSummary summary = {
        .artefact_percent = percent_of(beats, count), .rmssd_ms = NAN, .alpha1 = NAN};
    for (size_t i = 0; i < count; i++)
        summary.artefacts += beats[i].artefact;
    if (!(summary.artefact_percent <= HRV_ARTEFACTS_MAX))
        return summary;
    HrvSeries series;
    hrv_gather(beats, count, scratch, &series);
    summary.rmssd_ms = hrv_rmssd(beats, count);
    summary.alpha1 = hrv_alpha1(&series, variant);
    return summary;
}

// ── live ──

static void show_nothing(Hrv *hrv)
{
    hrv->shown.rmssd_ms = hrv->shown.alpha1 = hrv->shown.artefact_percent = NAN;
}

void hrv_init(Hrv *hrv)
{
    memset(hrv, 0, sizeof *hrv);
    hrv->sensor = SENSOR_NONE;
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        hrv_forget(hrv, sensor);
    show_nothing(hrv);
}

void hrv_forget(Hrv *hrv, SensorId sensor)
{
    hrv->straps[sensor].at = hrv->straps[sensor].since = USEC_NEVER;
    if (hrv->sensor != sensor)
        return;
    hrv->sensor = SENSOR_NONE;
    hrv->refresh.active = false;
    show_nothing(hrv);
}

// Whether this strap's beats are the ones to take, now that some of it have come.
static bool is_due(const Hrv *hrv, const SensorProfile profiles[SENSORS_MAX], Usec at,
                   SensorId sensor)
{
    if (hrv->sensor == sensor || hrv->sensor == SENSOR_NONE)
        return true;
    return at - hrv->straps[hrv->sensor].at > STALE_LIMIT ||
           sensor_precedes(profiles, at, sensor, hrv->straps[sensor].since, hrv->sensor,
                           hrv->straps[hrv->sensor].since);
}

// Room for one more beat; the older half goes at once, so that this is seldom.
static void make_room(Hrv *hrv)
{
    if (hrv->count < HRV_BEATS_KEPT)
        return;
    size_t drop = HRV_BEATS_KEPT / 2;
    if (drop > hrv->judge.judged)
        drop = hrv->judge.judged;
    if (drop == 0) { // nothing but gaps: it never had enough to go by
        hrv->count = 0;
        hrv->judge = (BeatJudge){0};
        return;
    }
    beats_drop(&hrv->judge, drop);
    hrv->count -= drop;
    memmove(hrv->beats, hrv->beats + drop, hrv->count * sizeof *hrv->beats);
}

static void add(Hrv *hrv, float ms, uint16_t heart_rate, Usec gap)
{
    make_room(hrv);
    const double expected = heart_rate > 0 ? 60000.0 / heart_rate : ms;
    hrv->beats[hrv->count++] = (Beat){
        .ms = ms,
        .gap_ds = (uint16_t)usec_earlier((gap + 99999) / 100000, UINT16_MAX),
        .artefact =
            ms < BEAT_MS_MIN || ms > BEAT_MS_MAX || fabs(ms - expected) >= RATE_OFF_MAX * expected,
    };
}

// How much was lost before these beats, by their own clock and ours.
static Usec keep_time(Hrv *hrv, Usec at, double sum_ms, bool known)
{
    const Usec sum = usec_from_s(sum_ms / 1000);
    Usec fell_back = at - hrv->reached - sum, lost = 0;
    if (!known || fell_back > FELL_BACK || fell_back < -FELL_BACK) {
        lost = known ? usec_later(fell_back, 0) : 0;
        hrv->reached = at - sum;
        fell_back = 0;
    }
    hrv->reached += sum + (Usec)((double)fell_back * CATCH_UP);
    return lost;
}

// The beats of the newest two minutes that are settled. False when there are not so many, or too
// much is missing between them.
static bool window(const Hrv *hrv, size_t *ret_from, size_t *ret_to)
{
    const size_t to = beats_settled(&hrv->judge);
    size_t from = to;
    double sum_s = 0;
    uint32_t lost_ds = 0;
    while (from > 0 && sum_s + hrv->beats[from - 1].ms / 1000 <= HRV_WINDOW_S) {
        if (from < to)
            lost_ds += hrv->beats[from].gap_ds;
        sum_s += hrv->beats[--from].ms / 1000;
    }
    *ret_from = from;
    *ret_to = to;
    return sum_s >= WHOLE_S && lost_ds <= LOST_MAX_DS && to - from <= HRV_WINDOW_BEATS;
}

static void refresh_end(Hrv *hrv, double alpha1)
{
    hrv->refresh.active = false;
    hrv->shown.at = hrv->refresh.at;
    hrv->shown.rmssd_ms = hrv->refresh.rmssd_ms;
    hrv->shown.artefact_percent = hrv->refresh.artefact_percent;
    hrv->shown.alpha1 = alpha1;
}

static void refresh_begin(Hrv *hrv, Usec at)
{
    size_t from, to;
    hrv->refreshed_at = at;
    if (!window(hrv, &from, &to)) {
        show_nothing(hrv);
        return;
    }
    const Beat *beats = hrv->beats + from;
    HrvRefresh *refresh = &hrv->refresh;
    refresh->at = at;
    refresh->artefact_percent = percent_of(beats, to - from);
    refresh->rmssd_ms = NAN;
    if (refresh->artefact_percent > HRV_ARTEFACTS_MAX ||
        !hrv_gather(beats, to - from, refresh->sums, &refresh->series) ||
        series_count(&refresh->series) < HRV_BEATS_MIN) {
        refresh_end(hrv, NAN);
        return;
    }
    refresh->rmssd_ms = hrv_rmssd(beats, to - from);
    refresh->line = (HrvLine){0};
    refresh->scale = 0;
    refresh->active = true;
}

static void refresh_go_on(Hrv *hrv)
{
    const Scales scales = scales_of(HRV_LIVE);
    HrvRefresh *refresh = &hrv->refresh;
    refresh->series.sums = refresh->sums; // which may have been moved meanwhile
    for (int i = 0; i < SCALES_A_GO && refresh->scale < scales.count; i++)
        if (!add_scale(&refresh->line, &refresh->series, scales.scales[refresh->scale++],
                       HRV_LIVE)) {
            refresh_end(hrv, NAN);
            return;
        }
    if (refresh->scale == scales.count)
        refresh_end(hrv, slope(&refresh->line));
}

void hrv_measure(Hrv *hrv, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                 const HrsMeasurement *measurement)
{
    if (measurement->rr_count == 0)
        return;
    typeof(*hrv->straps) *strap = &hrv->straps[sensor];
    if (strap->at == USEC_NEVER || at - strap->at > STALE_LIMIT)
        strap->since = at;
    strap->at = at;
    if (!is_due(hrv, profiles, at, sensor))
        return;
    double sum_ms = 0;
    for (size_t i = 0; i < measurement->rr_count; i++)
        sum_ms += measurement->rr_1024[i] * 1000.0 / 1024.0;
    Usec lost = keep_time(hrv, at, sum_ms, hrv->count > 0);
    if (hrv->sensor != sensor && hrv->count > 0)
        lost = usec_later(lost, 1);
    hrv->sensor = sensor;
    for (size_t i = 0; i < measurement->rr_count; i++) {
        const float ms = (float)measurement->rr_1024[i] * 1000.0f / 1024.0f;
        add(hrv, ms, measurement->heart_rate, i == 0 ? lost : 0);
    }
    beats_judge(&hrv->judge, hrv->beats, hrv->count, false);
    if (hrv->refresh.active)
        refresh_go_on(hrv);
    else if (at - hrv->refreshed_at >= HRV_REFRESH_EVERY)
        refresh_begin(hrv, at);
}

static Estimate live(const Hrv *hrv, Usec now, double value, double confidence)
{
    Estimate estimate = ESTIMATE_UNKNOWN;
    if (isnan(value) || now - hrv->shown.at > HRV_LIMIT)
        return estimate;
    estimate.value = value;
    estimate.age = now - hrv->shown.at;
    estimate.source = estimate.age > HELD_AFTER ? SOURCE_HELD : SOURCE_STRAP;
    estimate.sensor = hrv->sensor;
    estimate.confidence = confidence;
    return estimate;
}

// 1 without artefacts, a half at the limit.
static double cleanness(const Hrv *hrv)
{
    return 1 - hrv->shown.artefact_percent / (2 * HRV_ARTEFACTS_MAX);
}

Estimate hrv_live_rmssd(const Hrv *hrv, Usec now)
{
    return live(hrv, now, hrv->shown.rmssd_ms, cleanness(hrv));
}

Estimate hrv_live_alpha1(const Hrv *hrv, Usec now)
{
    return live(hrv, now, hrv->shown.alpha1, ALPHA1_TRUST * cleanness(hrv));
}

Estimate hrv_live_artefacts(const Hrv *hrv, Usec now)
{
    return live(hrv, now, hrv->shown.artefact_percent, 1);
}
