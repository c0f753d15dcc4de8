// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The filter by itself: what it makes of means over spans of the past.

#include "estimate/track.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const TrackSpan three_seconds = {.begin = 3, .end = 0};
static const TrackSpan a_while_ago = {.begin = 4, .end = 2};

static void measure(Track *track, const TrackSpan *span, double speed, double deviation)
{
    const Innovation innovation = track_compare(track, span, speed, deviation);
    track_take(track, &innovation);
}

static TrackView look(const Track *track, double seconds)
{
    const TrackGlance glance = track_glance(track);
    return track_look(&glance, seconds);
}

static Track followed(double until, double speed)
{
    Track track;
    track_init(&track, 0, speed, 0.3);
    for (double t = 1; t <= until; t++) {
        track_advance(&track, t);
        measure(&track, &three_seconds, speed, 0.05);
    }
    return track;
}

Test(track, a_held_pace_is_known_better_than_a_packet_tells_it)
{
    const Track track = followed(60, 3.5);
    const TrackView now = look(&track, 0), later = look(&track, 5);
    cr_expect(epsilon_eq(dbl, now.speed, 3.5, 1e-6));
    cr_expect(epsilon_eq(dbl, now.way, 60 * 3.5, 1e-3));
    cr_expect(lt(dbl, sqrt(now.variance), 0.04));
    cr_expect(gt(dbl, later.variance, now.variance));
    cr_expect(epsilon_eq(dbl, later.way, 65 * 3.5, 1e-3));
}

Test(track, how_time_is_cut_makes_no_difference)
{
    Track one = followed(20, 3), many = one;
    track_advance(&one, 23.7);
    for (int i = 1; i <= 370; i++)
        track_advance(&many, 20 + i / 100.0);
    measure(&one, &three_seconds, 3.1, 0.05);
    measure(&many, &three_seconds, 3.1, 0.05);
    cr_expect(epsilon_eq(dbl, look(&one, 1).speed, look(&many, 1).speed, 1e-3));
    cr_expect(epsilon_eq(dbl, look(&one, 1).way, look(&many, 1).way, 1e-2));
    cr_expect(epsilon_eq(dbl, look(&one, 1).variance / look(&many, 1).variance, 1, 1e-2));
}

// From 3 towards 4.5 m/s as runners do, two thirds of it in 1.3 s. After 2 s the speed is 4.2,
// while the mean of three seconds is 3.5.
Test(track, a_mean_of_the_past_is_put_where_it_was)
{
    Track track = followed(60, 3);
    track_expect(&track, 60, 62, 2);
    static const double means[] = {3.161, 3.513, 3.949, 4.260, 4.396, 4.454};
    for (int i = 0; i < 6; i++) {
        track_advance(&track, 61 + i);
        measure(&track, &three_seconds, means[i], 0.05);
        if (i >= 1)
            cr_expect(gt(dbl, look(&track, 0).speed, 4.0), "%d", i);
        cr_expect(lt(dbl, look(&track, 0).speed, 4.7), "and hardly beyond, %d", i);
    }
    cr_expect(epsilon_eq(dbl, look(&track, 0).speed, 4.5, 0.1));
    const Innovation old = track_compare(&track, &(TrackSpan){.begin = 6, .end = 5}, 3, 0.05);
    cr_expect(epsilon_eq(dbl, old.residual, 0, 0.3), "the past stays the past");
}

Test(track, without_a_reason_nothing_changes_quickly)
{
    Track track = followed(60, 3);
    track_advance(&track, 61);
    const Innovation strange = track_compare(&track, &three_seconds, 3.5, 0.05);
    cr_expect(gt(dbl, strange.residual * strange.residual, 25 * strange.variance));
    cr_expect(epsilon_eq(dbl, track_compare(&track, &a_while_ago, 3, 0.05).residual, 0, 1e-6));
}

Test(track, an_aim_is_reached_in_two_seconds_or_so_and_is_not_certain)
{
    Track track = followed(60, 2.5);
    const double calm = look(&track, 1).variance;
    track_aim(&track, 4.5, 0.4);
    cr_expect(epsilon_eq(dbl, look(&track, 0).speed, 2.5, 0.01));
    cr_expect(epsilon_eq(dbl, look(&track, 2).speed, 4.1, 0.2));
    cr_expect(epsilon_eq(dbl, look(&track, 8).speed, 4.5, 0.01));
    cr_expect(gt(dbl, look(&track, 1).variance, 10 * calm));
}

Test(track, another_yardstick_changes_no_position)
{
    Track track = followed(60, 4);
    const double way = look(&track, 0).way;
    track_scale(&track, 0.97);
    cr_expect(epsilon_eq(dbl, look(&track, 0).speed, 0.97 * 4, 1e-6));
    cr_expect(eq(dbl, look(&track, 0).way, way));
    track_advance(&track, 61);
    const Innovation next = track_compare(&track, &three_seconds, 0.97 * 4, 0.05);
    cr_expect(epsilon_eq(dbl, next.residual, 0, 1e-3));
}

Test(track, a_restart_forgets_the_pace_but_not_the_way)
{
    Track track = followed(60, 4);
    track_restart(&track, 0, 0.02);
    cr_expect(eq(dbl, look(&track, 0).speed, 0));
    cr_expect(epsilon_eq(dbl, look(&track, 5).way, 240, 1e-3));
}

Test(track, a_glance_goes_where_the_track_does)
{
    Track track = followed(60, 3);
    TrackGlance glance = track_glance(&track);
    track_glance_on(&glance, 0.5);
    track_glance_aim(&glance, 4, 0.4);
    track_advance(&track, 60.5);
    track_aim(&track, 4, 0.4);
    cr_expect(epsilon_eq(dbl, track_look(&glance, 2).speed, look(&track, 2).speed, 1e-9));
    cr_expect(epsilon_eq(dbl, track_look(&glance, 2).way, look(&track, 2).way, 1e-9));
    cr_expect(epsilon_eq(dbl, track_look(&glance, 2).variance / look(&track, 2).variance, 1, 0.1));
}

// In as many slices as there are seconds in a year nobody would get a word for a minute.
Test(track, a_year_passes_at_once, .timeout = 1)
{
    Track track = followed(60, 3);
    for (double year = 1; year < 1000; year++)
        track_advance(&track, year * 31557600);
    cr_expect(epsilon_eq(dbl, look(&track, 0).speed, 3, 1e-3));
    track_restart(&track, 3, 0.3);
    measure(&track, &three_seconds, 3, 0.05);
    cr_expect(epsilon_eq(dbl, look(&track, 0).speed, 3, 1e-3));
}
