// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Variability: the published figures of known series in each way of cutting boxes, what artefacts
// and lost packets do to them, and when nothing is shown.

#include "estimate/hrv.h"
#include "profiles.h"
#include "rr.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)

// ── whole series ──

static Beat beats[512];
static HrvSum scratch[513];

static HrvSummary summary_of(const float *ms, size_t count, HrvVariant variant)
{
    for (size_t i = 0; i < count; i++)
        beats[i] = (Beat){.ms = ms[i]};
    return hrv_summarise(beats, count, variant, scratch);
}

Test(hrv, agrees_with_what_others_computed)
{
    static const struct {
        const char *of;
        const float *ms;
        size_t count;
        HrvVariant variant;
        double rmssd, alpha1; // NAN: not known
    } rows[] = {
        {"pyHRV", rr_resting, 337, HRV_PYHRV, 101.30063401766522, 0.7561188632100411},
        {"pyHRV", rr_resting, 337, HRV_STANDARD, 101.30063401766522, 0.665215544},
        {"pyHRV", rr_resting, 337, HRV_BOTH_ENDS, 101.30063401766522, 0.696376889514},
        {"FatMaxxer", rr_easy, 193, HRV_BOTH_ENDS, (double)NAN, 1.5503173309573228},
        {"first 120 s", rr_running, 275, HRV_STANDARD, 4.643495, 1.190211},
        {"beats 0 to 255", rr_running, 256, HRV_STANDARD, 4.654747, 1.207333},
        {"beats 100 to 399", rr_running + 100, 300, HRV_STANDARD, 4.887360, 1.216903},
        {"all", rr_running, 400, HRV_STANDARD, 4.776719, 1.200976},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const HrvSummary summary = summary_of(rows[i].ms, rows[i].count, rows[i].variant);
        cr_expect(eq(sz, summary.artefacts, 0), "%s", rows[i].of);
        if (!isnan(rows[i].rmssd))
            cr_expect(epsilon_eq(dbl, summary.rmssd_ms, rows[i].rmssd, 1e-5), "%s", rows[i].of);
        cr_expect(epsilon_eq(dbl, summary.alpha1, rows[i].alpha1, 1e-6), "%s, %s", rows[i].of,
                  hrv_variant_name(rows[i].variant));
    }
}

Test(hrv, one_missed_beat_spoils_neither_figure)
{
    float ms[400];
    size_t count = 0;
    for (size_t i = 0; i < 275; i++) {
        ms[count++] = i == 140 ? rr_running[i] + rr_running[i + 1] : rr_running[i];
        i += i == 140;
    }
    const HrvSummary summary = summary_of(ms, count, HRV_STANDARD);
    cr_expect(eq(sz, summary.artefacts, 1));
    cr_expect(epsilon_eq(dbl, summary.rmssd_ms, 4.643495, 0.05)); // 38 ms when it enters
    cr_expect(epsilon_eq(dbl, summary.alpha1, 1.190211, 0.03));   // 1.82
}

Test(hrv, above_five_percent_of_artefacts_nothing_is_said)
{
    for (size_t every = 10; every <= 40; every += 10) {
        float ms[400];
        size_t artefacts = 0;
        for (size_t i = 0; i < 400; i++) {
            const bool missed = i % every == every - 1;
            ms[i] = missed ? 2 * rr_running[i] : rr_running[i];
            artefacts += missed;
        }
        const HrvSummary summary = summary_of(ms, 400, HRV_STANDARD);
        cr_expect(epsilon_eq(dbl, summary.artefact_percent, (double)artefacts / 4, 0.3));
        cr_expect(eq(int, isnan(summary.rmssd_ms), every < 20), "every %zu", every);
        cr_expect(eq(int, isnan(summary.alpha1), every < 20), "every %zu", every);
    }
}

Test(hrv, too_few_beats_have_no_figures)
{
    cr_expect(isnan(summary_of(NULL, 0, HRV_STANDARD).artefact_percent));
    cr_expect(isnan(summary_of(rr_running, 1, HRV_STANDARD).rmssd_ms));
    cr_expect(not(isnan(summary_of(rr_running, 2, HRV_STANDARD).rmssd_ms)));
    cr_expect(isnan(summary_of(rr_running, HRV_BEATS_MIN - 1, HRV_STANDARD).alpha1));
    cr_expect(not(isnan(summary_of(rr_running, HRV_BEATS_MIN, HRV_STANDARD).alpha1)));
}

Test(hrv, what_does_not_vary_has_no_exponent)
{
    for (float ms = 300; ms < 1500; ms += 37.1875f) {
        float flat[200];
        for (size_t i = 0; i < 200; i++)
            flat[i] = ms;
        cr_expect(eq(dbl, summary_of(flat, 200, HRV_STANDARD).rmssd_ms, 0));
        cr_expect(isnan(summary_of(flat, 200, HRV_STANDARD).alpha1), "%f ms", (double)ms);
        cr_expect(isnan(summary_of(flat, 200, HRV_PYHRV).alpha1), "%f ms", (double)ms);
        for (size_t i = 0; i < 200; i += 19) // a unit of a strap is enough
            flat[i] += 1000 / 1024.0f;
        cr_expect(not(isnan(summary_of(flat, 200, HRV_STANDARD).alpha1)), "%f ms", (double)ms);
    }
}

Test(hrv, no_change_is_taken_across_a_gap_or_an_artefact)
{
    Beat series[] = {{.ms = 430}, {.ms = 433}, {.ms = 600, .gap_ds = 20}, {.ms = 604}, {.ms = 300},
                     {.ms = 700}, {.ms = 700}};
    series[4].artefact = series[5].artefact = true;
    cr_expect(epsilon_eq(dbl, hrv_rmssd(series, 7), sqrt((9 + 16) / 2.0), 1e-9));
}

Test(hrv, no_box_reaches_over_a_gap)
{
    // Two runs of 96, a multiple of no odd scale. Their difference of level would show in any box
    // that held beats of both.
    Beat apart[192];
    HrvSeries series;
    double alpha1[2];
    for (int shifted = 0; shifted < 2; shifted++) {
        for (size_t i = 0; i < 192; i++)
            apart[i] = (Beat){.ms = rr_running[i] + (shifted && i >= 96 ? 200.0f : 0.0f)};
        apart[96].gap_ds = 50;
        cr_assert(hrv_gather(apart, 192, scratch, &series));
        alpha1[shifted] = hrv_alpha1(&series, HRV_STANDARD);
    }
    cr_expect(epsilon_eq(dbl, alpha1[0], alpha1[1], 1e-9));
    apart[96].gap_ds = 0;
    cr_assert(hrv_gather(apart, 192, scratch, &series));
    cr_expect(gt(dbl, fabs(hrv_alpha1(&series, HRV_STANDARD) - alpha1[0]), 0.1));
}

Test(hrv, a_day_of_beats_loses_nothing_to_its_length)
{
    // What is added to each of its intervals is a straight line in the profile, and falls out.
    enum {
        BEATS = 100000
    };
    static Beat day[BEATS];
    static HrvSum sums[BEATS + 1];
    HrvSeries series;
    double alpha1[2];
    for (int added = 0; added < 2; added++) {
        for (size_t i = 0; i < BEATS; i++)
            day[i] = (Beat){.ms = rr_running[i % RR_COUNT(rr_running)] + (added ? 731.0f : 0.0f)};
        cr_assert(hrv_gather(day, BEATS, sums, &series));
        alpha1[added] = hrv_alpha1(&series, HRV_STANDARD);
    }
    cr_expect(epsilon_eq(dbl, alpha1[0], 1.3, 0.1)); // the seams are steps
    cr_expect(epsilon_eq(dbl, alpha1[1], alpha1[0], 1e-9));
}

Test(hrv, variants_are_known_by_name)
{
    HrvVariant variant;
    for (HrvVariant each = HRV_PYHRV; each <= HRV_BOTH_ENDS; each++)
        cr_expect(hrv_variant_parse(hrv_variant_name(each), &variant) && variant == each);
    cr_expect(not(hrv_variant_parse("kubios", &variant)));
}

// ── live ──

static Hrv hrv;

static struct {
    SensorId sensor;
    size_t beat;       // next of rr_running, to and fro
    double at_s;       // the next packet
    double beat_due_s; // when its next beat is
    double behind_s;   // how late its packets are
} strap;

static void put_on(void)
{
    hrv_init(&hrv);
    profiles_default();
    strap.sensor = 0;
    strap.beat = 0;
    strap.at_s = 1;
    strap.beat_due_s = 0;
    strap.behind_s = 0;
}

TestSuite(hrv_live, .init = put_on);

static uint16_t ticks(size_t beat)
{
    const size_t last = RR_COUNT(rr_running) - 1, along = beat % (2 * last);
    return (uint16_t)lround(rr_running[along <= last ? along : 2 * last - along] * 1.024);
}

// One packet a second with the beats of that second; `lost`: the runner lives on, nothing comes.
static void run(double seconds, bool lost)
{
    for (const double end = strap.at_s + seconds; strap.at_s < end; strap.at_s++) {
        HrsMeasurement measurement = {.heart_rate = 138};
        while (strap.beat_due_s + ticks(strap.beat) / 1024.0 <= strap.at_s) {
            strap.beat_due_s += ticks(strap.beat) / 1024.0;
            measurement.rr_1024[measurement.rr_count++] = ticks(strap.beat++);
        }
        if (!lost)
            hrv_measure(&hrv, profiles, S(strap.at_s + strap.behind_s), strap.sensor, &measurement);
    }
}

static double rmssd(void)
{
    return hrv_live_rmssd(&hrv, S(strap.at_s)).value;
}

static double alpha1(void)
{
    return hrv_live_alpha1(&hrv, S(strap.at_s)).value;
}

static double artefacts(void)
{
    return hrv_live_artefacts(&hrv, S(strap.at_s)).value;
}

Test(hrv_live, says_nothing_before_two_minutes_and_the_truth_soon_after)
{
    for (int second = 0; second < 118; second++) {
        run(1, false);
        cr_expect(isnan(rmssd()) && isnan(alpha1()) && isnan(artefacts()), "second %d", second);
    }
    run(20, false);
    cr_expect(epsilon_eq(dbl, rmssd(), 4.7, 0.15));
    cr_expect(epsilon_eq(dbl, alpha1(), 1.2, 0.05));
    cr_expect(eq(dbl, artefacts(), 0));
    const Estimate estimate = hrv_live_alpha1(&hrv, S(strap.at_s));
    cr_expect(estimate.source == SOURCE_STRAP && estimate.sensor == 0 && estimate.age < S(11));
    cr_expect(epsilon_eq(dbl, estimate.confidence, 0.6, 1e-9));
}

Test(hrv_live, is_the_named_variant_of_exactly_its_two_minutes)
{
    run(200, false);
    // Its window ends at the newest settled beat when the refresh began: looked for among the
    // series, it must be there.
    bool found = false;
    for (size_t to = 300; to < strap.beat && !found; to++) {
        double sum = 0;
        size_t from = to, count = 0;
        while (sum + ticks(from - 1) / 1.024 <= 120000)
            sum += ticks(--from) / 1.024;
        for (size_t i = from; i < to; i++)
            beats[count++] = (Beat){.ms = (float)(ticks(i) / 1.024)};
        const HrvSummary summary = hrv_summarise(beats, count, HRV_LIVE, scratch);
        found = fabs(summary.alpha1 - alpha1()) < 1e-9 && fabs(summary.rmssd_ms - rmssd()) < 1e-9;
    }
    cr_expect(found);
}

Test(hrv_live, a_lost_packet_is_a_gap_that_is_not_bridged)
{
    run(150, false);
    const double before = rmssd();
    run(4, true);
    // What comes back is as if the heart had come down meanwhile: a step of 170 ms, were it
    // bridged.
    for (int i = 0; i < 20; i++)
        run(1, false);
    cr_expect(epsilon_eq(dbl, rmssd(), before, 0.3));
    cr_expect(eq(dbl, artefacts(), 0));
    size_t gaps = 0;
    for (size_t i = 0; i < hrv.count; i++)
        if (hrv.beats[i].gap_ds > 0) {
            gaps++;
            cr_expect(epsilon_eq(dbl, hrv.beats[i].gap_ds, 40, 6));
        }
    cr_expect(eq(sz, gaps, 1));
}

Test(hrv_live, packets_that_come_late_together_lost_nothing)
{
    run(150, false);
    strap.behind_s = 1.5; // and from then on so late
    run(10, false);
    strap.behind_s = 0;
    run(10, false);
    for (size_t i = 0; i < hrv.count; i++)
        cr_expect(eq(int, hrv.beats[i].gap_ds, 0));
    cr_expect(not(isnan(rmssd())));
}

Test(hrv_live, a_strap_with_a_clock_of_its_own_does_not_lose_beats)
{
    // Three hours of RR that are all a half of a unit short: 12 s of them.
    HrsMeasurement measurement = {.heart_rate = 120, .rr_count = 2};
    for (double at = 1; at < 3 * 3600; at++) {
        measurement.rr_1024[0] = measurement.rr_1024[1] = 511;
        if ((int)at % 2)
            measurement.rr_1024[0] = 512;
        hrv_measure(&hrv, profiles, S(at), 0, &measurement);
    }
    for (size_t i = 0; i < hrv.count; i++)
        cr_expect(eq(int, hrv.beats[i].gap_ds, 0));
}

Test(hrv_live, after_a_long_gap_it_begins_anew)
{
    run(150, false);
    cr_expect(not(isnan(rmssd())));
    run(60, true);
    cr_expect(isnan(rmssd()) && isnan(alpha1()) && isnan(artefacts()));
    run(100, false);
    cr_expect(isnan(rmssd()));
    run(30, false);
    cr_expect(epsilon_eq(dbl, rmssd(), 4.7, 0.2));
}

Test(hrv_live, missed_and_doubled_beats_are_counted_and_left_out)
{
    for (int minute = 0; minute < 8; minute++) {
        run(15, false);
        strap.beat_due_s += 0.43; // one missed: two intervals as one
        HrsMeasurement missed = {.heart_rate = 138, .rr_count = 1, .rr_1024 = {881}};
        strap.beat_due_s += 0.43;
        hrv_measure(&hrv, profiles, S(strap.at_s), 0, &missed);
        run(15, false);
        strap.beat_due_s += 0.43;
        HrsMeasurement doubled = {.heart_rate = 138, .rr_count = 2, .rr_1024 = {180, 261}};
        hrv_measure(&hrv, profiles, S(strap.at_s), 0, &doubled);
    }
    cr_expect(gt(dbl, artefacts(), 2));
    cr_expect(lt(dbl, artefacts(), 5));
    cr_expect(epsilon_eq(dbl, rmssd(), 4.7, 0.4));
    cr_expect(epsilon_eq(dbl, alpha1(), 1.2, 0.12));
    const double confidence = hrv_live_rmssd(&hrv, S(strap.at_s)).confidence;
    cr_expect(epsilon_eq(dbl, confidence, 1 - artefacts() / 10, 1e-9));
}

Test(hrv_live, a_bad_contact_shows_its_artefacts_and_no_more)
{
    for (int i = 0; i < 80; i++) {
        run(2, false);
        HrsMeasurement doubled = {.heart_rate = 138, .rr_count = 2, .rr_1024 = {180, 261}};
        strap.beat_due_s += 0.43;
        hrv_measure(&hrv, profiles, S(strap.at_s), 0, &doubled);
    }
    cr_expect(gt(dbl, artefacts(), 5));
    cr_expect(isnan(rmssd()) && isnan(alpha1()));
}

Test(hrv_live, intervals_that_contradict_the_rate_beside_them_are_artefacts)
{
    // A strap that finds every second beat, steadily: nothing in the intervals alone says so.
    HrsMeasurement measurement = {.heart_rate = 140, .rr_count = 1, .rr_1024 = {880}};
    for (double at = 1; at < 200; at += 880 / 1024.0)
        hrv_measure(&hrv, profiles, S(at), 0, &measurement);
    cr_expect(epsilon_eq(dbl, hrv_live_artefacts(&hrv, S(200)).value, 100, 1e-9));
    cr_expect(isnan(hrv_live_rmssd(&hrv, S(200)).value));
}

Test(hrv_live, another_strap_takes_over_and_is_not_joined_to_the_first)
{
    run(150, false);
    strap.sensor = 3;
    run(4, false); // the first has gone; whether for good is not known yet
    cr_expect(eq(int, hrv_live_rmssd(&hrv, S(strap.at_s)).sensor, 0));
    run(20, false);
    cr_expect(eq(int, hrv_live_rmssd(&hrv, S(strap.at_s)).sensor, 3));
    size_t gaps = 0;
    for (size_t i = 0; i < hrv.count; i++)
        gaps += hrv.beats[i].gap_ds > 0;
    cr_expect(eq(sz, gaps, 1));
    cr_expect(epsilon_eq(dbl, rmssd(), 4.7, 0.3));
}

Test(hrv_live, of_two_straps_the_better_ranked_is_heard)
{
    HrsMeasurement other = {.heart_rate = 60, .rr_count = 1, .rr_1024 = {1024}};
    for (int second = 0; second < 150; second++) {
        strap.sensor = 1;
        run(1, false);
        hrv_measure(&hrv, profiles, S(strap.at_s - 0.5), 0, &other); // rank 0
    }
    cr_expect(eq(int, hrv_live_artefacts(&hrv, S(strap.at_s)).sensor, 0));
}

Test(hrv_live, a_strap_that_is_taken_away_takes_its_figures_along)
{
    run(150, false);
    hrv_forget(&hrv, 0);
    cr_expect(isnan(rmssd()) && isnan(alpha1()) && isnan(artefacts()));
    run(20, false);
    cr_expect(not(isnan(rmssd())));
}

Test(hrv_live, hours_do_not_change_it)
{
    run(3 * 3600, false);
    cr_expect(epsilon_eq(dbl, rmssd(), 4.7, 0.4));
    cr_expect(epsilon_eq(dbl, alpha1(), 1.2, 0.1));
    cr_expect(le(sz, hrv.count, HRV_BEATS_KEPT));
}
