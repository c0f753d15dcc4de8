// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Pods of which some count as they go and some add up the speeds that they tell, beside a filter
// whose way is wrong in ways that are known.

#include "estimate/counter.h"

#include "noise.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define AVERAGED 3 // s
#define STRIDE   2.6

typedef enum {
    COUNTS_WAY,     // as it is run
    COUNTS_STRIDES, // the same, foot by foot
    COUNTS_TOLD,    // what it tells
    COUNTS_NOTHING
} Counts;

static struct {
    Counter counter;
    Counts counts;
    Usec now;
    double rate;               // packets a second
    double past[AVERAGED * 8]; // m/s, a packet each
    double way, told;          // m; true, and of what it told
    double given;              // m; the filter's, and what the counter made it longer by
    double offset;             // m, of the count
    uint64_t random;
} pod;

static void start(Counts counts, double rate)
{
    memset(&pod, 0, sizeof pod);
    counter_init(&pod.counter);
    pod.counts = counts;
    pod.rate = rate;
    pod.now = 100 * USEC_PER_SEC;
    pod.offset = 1000;
    pod.random = 7;
}

static double count(void)
{
    switch (pod.counts) {
    case COUNTS_WAY:
        return pod.offset + pod.way;
    case COUNTS_STRIDES:
        return pod.offset + floor(pod.way / STRIDE) * STRIDE;
    case COUNTS_TOLD:
        return pod.offset + pod.told;
    case COUNTS_NOTHING:
        return pod.offset;
    }
    return NAN;
}

// At `speed` from now on; the filter goes `wrong` m/s beside it.
static void run(double seconds, double speed, double wrong)
{
    const int span = (int)(AVERAGED * pod.rate);
    for (int i = 0; i < (int)(seconds * pod.rate); i++) {
        double mean = 0;
        memmove(&pod.past[1], pod.past, sizeof pod.past - sizeof *pod.past);
        pod.past[0] = speed;
        for (int j = 0; j < span; j++)
            mean += pod.past[j] / span;
        mean = fmax(0, mean + (speed > 0 ? 0.05 * noise(&pod.random) : 0));
        pod.now += (Usec)(USEC_PER_SEC / pod.rate);
        pod.way += speed / pod.rate;
        pod.told += mean / pod.rate;
        const double followed = (speed + wrong) / pod.rate;
        counter_follow(&pod.counter, followed);
        const uint32_t total_dm = (uint32_t)(uint64_t)(count() * 10);
        pod.given += followed + counter_see(&pod.counter, pod.now, mean, total_dm);
    }
}

static double error(void)
{
    return pod.given - pod.way;
}

Test(counter, that_counts_as_it_is_run_puts_right_what_the_filter_has_wrong)
{
    static const double rates[] = {1, 4, 0.5};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        start(COUNTS_WAY, rates[i]);
        run(20, 0, 0);
        run(30, 3, 0.02);
        cr_expect(pod.counter.leads, "%g Hz: setting off shows it", rates[i]);
        run(10, 4, 0.2); // a change that the filter has wrong by two metres
        run(20, 4, 0);
        cr_expect(lt(dbl, fabs(error()), 0.15), "%g Hz", rates[i]);
        run(2000, 4, 0.002);
        cr_expect(lt(dbl, fabs(error()), 0.15), "%g Hz: nor does it add up", rates[i]);
    }
}

// Half a stride is missing at any pace, so no way from one place to another lacks it.
Test(counter, that_goes_by_strides_leads_too)
{
    start(COUNTS_STRIDES, 1);
    run(20, 0, 0);
    for (int i = 0; i < 3; i++) {
        run(60, 4.5, 0);
        run(60, 2.5, 0);
    }
    cr_assert(pod.counter.leads);
    const double before = error();
    run(10, 4.5, 0.2);
    run(60, 4.5, 0);
    cr_expect(lt(dbl, fabs(error() - before), 0.7), "%.2f", error() - before);
}

Test(counter, that_adds_up_what_the_pod_tells_is_no_better_than_that)
{
    start(COUNTS_TOLD, 1);
    run(20, 0, 0);
    for (int i = 0; i < 20; i++) {
        run(60, 4.5, 0);
        run(60, 2.5, 0);
        cr_assert(not(pod.counter.leads), "repetition %d", i);
    }
    cr_expect(lt(dbl, fabs(error()), 1e-6), "and moves nothing");
}

Test(counter, shows_its_lead_by_a_change_of_pace_only)
{
    start(COUNTS_WAY, 1);
    run(3, 3, 0); // from the middle of a run on, as far as it can see
    counter_init(&pod.counter);
    run(3600, 3, 0);
    cr_expect(not(pod.counter.leads));
    run(60, 5, 0);
    cr_expect(pod.counter.leads);
}

Test(counter, that_is_set_or_jumps_or_wraps_moves_nobody)
{
    static const double offsets[] = {0, 5, 2000, 429496729.6 - 1000, -130};
    start(COUNTS_WAY, 1);
    run(20, 0, 0);
    run(60, 3, 0);
    cr_assert(pod.counter.leads);
    const double before = error();
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        pod.offset = offsets[i];
        run(60, 3, 0);
        cr_expect(lt(dbl, fabs(error() - before), 0.15), "to %.0f: %.2f", offsets[i], error());
    }
    pod.offset = 429496729.6 - pod.way - 20; // wraps in a moment
    run(20, 3, 0);
    run(10, 4, 0.2);
    run(20, 4, 0);
    cr_expect(lt(dbl, fabs(error() - before), 0.3), "and leads on: %.2f", error());
}

Test(counter, that_stands_still_or_runs_wild_is_not_this_runs)
{
    start(COUNTS_NOTHING, 1);
    run(20, 0, 0);
    run(60, 3, 0);
    cr_expect(not(pod.counter.leads));
    cr_expect(not(pod.counter.disagrees), "it never moved: there is none");
    start(COUNTS_WAY, 1);
    run(20, 0, 0);
    run(60, 3, 0);
    pod.counts = COUNTS_NOTHING;
    run(60, 3, 0);
    cr_expect(pod.counter.disagrees);
    cr_expect(not(pod.counter.leads));
}

Test(counter, a_gap_is_bridged_by_whoever_guesses_and_then_by_the_count)
{
    start(COUNTS_WAY, 1);
    run(20, 0, 0);
    run(60, 3, 0);
    const double before = error();
    pod.now += 20 * USEC_PER_SEC; // 60 m, of which the filter guesses 58
    pod.way += 60;
    pod.given += 58;
    counter_follow(&pod.counter, 58);
    run(30, 3, 0);
    cr_expect(lt(dbl, fabs(error() - before), 0.15), "%.2f", error());
    cr_expect(pod.counter.leads);
}
