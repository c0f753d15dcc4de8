// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The program was gone in mid-run and is back: the break counts as a pause, whatever the sensors'
// counters say of it, and the runner is told where the run stands.

#include "set.h"

#define THREE "  • 3 lots of:\n    • 400m @ 4'10''/km\n    • 1min rest\n"
#define GONE  600.0 // s

// With a counter, as better pods have.
static void packet_with_total(double metres)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    const RscsMeasurement pod = {.speed_256 = (uint16_t)lround(world.speed * 256),
                                 .cadence = (uint8_t)world.cadence,
                                 .running = true,
                                 .has_distance = true,
                                 .distance_dm = (uint32_t)(10 * metres)};
    send(0, CHARACTERISTIC_RSCS_MEASUREMENT, bytes, rscs_encode(&pod, bytes, sizeof bytes));
}

static double counted; // m

static void run_on(int seconds)
{
    world.pod = false;
    for (int i = 0; i < seconds; i++) {
        pass(1);
        counted += world.speed;
        packet_with_total(counted);
    }
}

static void be_gone(double seconds)
{
    cr_assert(eq(int, say(COMMAND_BREAK, NULL, 0), REASON_OK));
    world.strap = false;
    pass(seconds);
    counted += seconds * world.speed;
}

static void begin_free(void)
{
    begin(THREE);
    say(COMMAND_STOP, NULL, 0);
    cr_assert(eq(int, say(COMMAND_START, NULL, 0), REASON_OK));
}

static void begin_in_second(void)
{
    begin(THREE);
    counted = 0;
    say(COMMAND_LAP, NULL, 0);
    say(COMMAND_LAP, NULL, 0);
    world.speed = 4.0;
    run_on(30);
}

Test(session_break, is_a_pause_of_the_run)
{
    begin_in_second();
    const double elapsed = now()->elapsed_s, distance = now()->distance_m;
    be_gone(GONE);
    cr_expect(eq(int, now()->state, STATE_PAUSED));
    cr_expect(eq(int, say(COMMAND_CONTINUE, NULL, 0), REASON_OK));
    cr_expect(eq(int, now()->state, STATE_RUNNING));
    cr_expect(epsilon_eq(dbl, now()->elapsed_s, elapsed, 0.01));
    run_on(20);
    cr_expect(epsilon_eq(dbl, now()->elapsed_s, elapsed + 20, 0.01));
    const double more = now()->distance_m - distance;
    cr_expect(more > 60 && more < 90, "what the counter counted meanwhile is of no run: %g m",
              more);
    cr_expect(eq(sz, now()->step, 2));
    say(COMMAND_STOP, NULL, 0);
    cr_expect(epsilon_eq(dbl, world.summary.elapsed_s - world.summary.duration_s, GONE, 0.01));
    end();
}

Test(session_break, short_as_it_may_be_is_not_bridged)
{
    begin_in_second();
    const double distance = now()->distance_m;
    be_gone(8);
    say(COMMAND_CONTINUE, NULL, 0);
    run_on(10);
    const double more = now()->distance_m - distance;
    cr_expect(more > 25 && more < 45, "%g m", more);
    end();
}

static const char *said_after(size_t before)
{
    pass(8);
    cr_assert(world.said_count > before);
    return world.said[before];
}

Test(session_break, says_where_the_run_stands)
{
    begin_in_second();
    pass(10);
    be_gone(60);
    size_t said = world.said_count;
    say(COMMAND_CONTINUE, NULL, 0);
    cr_expect_str_eq(said_after(said),
                     "resuming, repetition two of three. Two hundred and fifty metres at four ten");
    say(COMMAND_LAP, NULL, 0);
    pass(15);
    be_gone(60);
    said = world.said_count;
    say(COMMAND_CONTINUE, NULL, 0);
    cr_expect_str_eq(said_after(said),
                     "resuming, repetition two of three. Rest forty-five seconds");
    end();
}

Test(session_break, of_a_run_without_a_plan)
{
    begin_free();
    pass(20);
    be_gone(60);
    const size_t said = world.said_count;
    say(COMMAND_CONTINUE, NULL, 0);
    cr_expect_str_eq(said_after(said), "resuming. Free run");
    end();
}

Test(session_break, in_a_pause_leaves_it_one)
{
    begin_in_second();
    say(COMMAND_PAUSE, NULL, 0);
    pass(10);
    be_gone(60);
    const size_t said = world.said_count;
    say(COMMAND_CONTINUE, NULL, 0);
    cr_expect(eq(int, now()->state, STATE_PAUSED));
    cr_expect_str_eq(said_after(said),
                     "resuming, repetition two of three. Three hundred metres at four ten. Paused");
    cr_expect(eq(int, say(COMMAND_RESUME, NULL, 0), REASON_OK));
    end();
}

Test(session_break, that_comes_twice_is_one)
{
    begin_in_second();
    be_gone(5);
    be_gone(5);
    cr_expect(eq(int, say(COMMAND_CONTINUE, NULL, 0), REASON_OK));
    cr_expect(eq(int, now()->state, STATE_RUNNING));
    end();
}

Test(session_break, is_only_ended_where_it_was)
{
    begin_in_second();
    cr_expect(eq(int, say(COMMAND_CONTINUE, NULL, 0), REASON_NOTHING_INTERRUPTED));
    be_gone(5);
    say(COMMAND_CONTINUE, NULL, 0);
    cr_expect(eq(int, say(COMMAND_CONTINUE, NULL, 0), REASON_NOTHING_INTERRUPTED));
    say(COMMAND_STOP, NULL, 0);
    cr_expect(eq(int, say(COMMAND_BREAK, NULL, 0), REASON_NOT_RUNNING));
    end();
}
