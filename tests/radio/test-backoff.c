// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a sensor is tried again, and what its packets have to do with it.

#include "radio/backoff.h"

#include <criterion/criterion.h>

#define S USEC_PER_SEC

// Packets once a second from `from` on, for so long; when the last one came.
static Usec packets(Flow *flow, History *history, Usec from, int seconds)
{
    for (int i = 0; i <= seconds; i++)
        flow_take(flow, history, 2, from + i * S);
    return from + seconds * S;
}

Test(backoff, only_good_data_forgive)
{
    Backoff backoff = {.failures = 0};
    Flow flow = {.last = 0};
    History history = {.age_next = 0};
    for (int i = 0; i < 5; i++)
        backoff_connect_failed(&backoff, TROUBLE_OTHER, true, S, 100 * S);
    cr_expect_eq(backoff.next_try, 116 * S);
    flow_begin(&flow, 120 * S);
    packets(&flow, &history, 121 * S, 9);
    backoff_data(&backoff, &flow);
    cr_expect_eq(backoff.failures, 5, "nine seconds are not enough");
    packets(&flow, &history, 131 * S, 1);
    backoff_data(&backoff, &flow);
    cr_expect_eq(backoff.failures, 0);
}

Test(backoff, a_proved_link_is_made_again_at_once)
{
    Backoff backoff = {.failures = 0};
    Flow flow = {.last = 0};
    History history = {.age_next = 0};
    flow_begin(&flow, 10 * S);
    Usec end = packets(&flow, &history, 11 * S, 30);
    backoff_lost(&backoff, &flow, true, end + S);
    cr_expect_eq(backoff.next_try, end + S);
}

Test(backoff, one_that_hangs_up_at_once_twice_is_somebody_elses)
{
    Backoff backoff = {.failures = 0};
    Flow flow = {.last = 0};
    for (int i = 0; i < 2; i++) {
        cr_expect_not(backoff_busy(&backoff));
        flow_begin(&flow, 10 * S);
        backoff_lost(&backoff, &flow, true, 11 * S);
    }
    cr_expect(backoff_busy(&backoff));
    History history = {.age_next = 0};
    flow_begin(&flow, 20 * S);
    packets(&flow, &history, 21 * S, 0);
    backoff_data(&backoff, &flow);
    cr_expect_not(backoff_busy(&backoff));
}

// Within five seconds of its being let go it is to be had, for a run does not wait; but not for
// ever.
Test(backoff, somebody_elses_is_asked_often_for_minutes_and_then_seldom)
{
    Backoff backoff = {.failures = 0};
    Usec now = 100 * S, often_until = now;
    for (int i = 0; i < 200; i++) {
        Flow flow = {.last = 0};
        flow_begin(&flow, now);
        backoff_lost(&backoff, &flow, true, now + S);
        const Usec waits = backoff.next_try - (now + S);
        if (waits <= 3 * S)
            often_until = now;
        cr_expect(waits <= 3 * S || now > often_until, "once seldom, always seldom");
        now = backoff.next_try;
    }
    cr_expect(often_until > 200 * S && often_until < 500 * S);
    cr_expect(now > 2000 * S, "thirty seconds each at last");
}

// It lets a packet through now and then, and is never called somebody else's for long.
Test(backoff, one_that_hangs_up_now_with_data_and_now_without_is_asked_as_often)
{
    Backoff backoff = {.failures = 0};
    History history = {.age_next = 0};
    Usec now = 100 * S;
    for (int i = 0; i < 20; i++) {
        Flow flow = {.last = 0};
        flow_begin(&flow, now);
        if (i % 2) {
            packets(&flow, &history, now, 1);
            backoff_data(&backoff, &flow);
        }
        backoff_lost(&backoff, &flow, true, now + S);
        cr_expect_leq(backoff.next_try, now + 3 * S, "%d", i);
        now = backoff.next_try;
    }
}

Test(backoff, a_link_that_another_program_ends_says_nothing_of_the_sensor)
{
    Backoff backoff = {.failures = 0};
    Flow flow = {.last = 0};
    for (int i = 0; i < 4; i++) {
        flow_begin(&flow, 10 * S);
        backoff_lost(&backoff, &flow, false, 11 * S);
    }
    cr_expect_not(backoff_busy(&backoff));
    cr_expect_eq(backoff.failures, 0);
}

Test(backoff, a_sensor_that_is_not_heard_is_only_away)
{
    Backoff backoff = {.failures = 0};
    backoff_connect_failed(&backoff, TROUBLE_TIMEOUT, false, 10 * S, 100 * S);
    cr_expect(backoff.absent);
    cr_expect_eq(backoff.failures, 0);
    cr_expect_eq(backoff.next_try, 100 * S, "at once when it is heard");
    cr_expect_eq(backoff.blind_at, 110 * S);
}

Test(backoff, one_that_is_there_for_some_but_not_for_others_is_not_hammered)
{
    Backoff backoff = {.failures = 0};
    for (int i = 0; i < 4; i++)
        backoff_connect_failed(&backoff, TROUBLE_GONE, true, 0, 100 * S);
    cr_expect_lt(backoff.next_try, 101 * S, "it comes back");
    for (int i = 0; i < 4; i++)
        backoff_connect_failed(&backoff, TROUBLE_GONE, true, 0, 100 * S);
    cr_expect_eq(backoff.next_try, 130 * S);
    cr_expect_eq(backoff.failures, 0, "which says nothing of the sensor");
}

Test(backoff, a_flood_is_cut_to_fifty_a_second)
{
    Flow flow = {.last = 0};
    History history = {.age_next = 0};
    int taken = 0;
    flow_begin(&flow, S);
    for (int i = 0; i < 1000; i++)
        taken += flow_take(&flow, &history, 512, 10 * S + i * (S / 500));
    cr_expect_eq(taken, 100);
    cr_expect_eq(flow.dropped, 900);
    cr_expect_eq(flow.cut, 100);
}

Test(backoff, three_long_gaps_in_two_minutes_are_a_weak_link)
{
    Flow flow = {.last = 0};
    History history = {.age_next = 0};
    flow_begin(&flow, S);
    Usec now = packets(&flow, &history, 2 * S, 5);
    for (int i = 0; i < 3; i++) {
        cr_expect_not(flow_gappy(&flow, now));
        now = packets(&flow, &history, now + 4 * S, 10);
    }
    cr_expect(flow_gappy(&flow, now));
    cr_expect_not(flow_gappy(&flow, now + 120 * S));
    cr_expect_float_eq(history_quantile(&history, HISTORY_GAP, 1), 6.4, 1e-9);
}
