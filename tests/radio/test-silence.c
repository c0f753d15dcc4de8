// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sensors that fall silent with the link up, in part or for a good reason; with `paced-sim fake` on
// a private bus. What it takes to be missed is long: these tests wait for it.
//
//     test-silence PACED-SIM

#include "fake.h"

#define HEART  0x37
#define STRIDE 0x53

static void mute(Fixture *fixture, const char *characteristic, const char *until)
{
    tell(fixture, "Mute", g_variant_new("(sss)", "watch", characteristic, until));
}

static void enrol_watch(Fixture *fixture)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "SetRate", g_variant_new("(sd)", "watch", 4.0));
    enrol(fixture, HEART_SLOT, POD, "watch", 0); // the second sensor's address
    WAIT(20, fixture->reads[HEART] > 10 && fixture->reads[STRIDE] > 10);
}

static void expect_stride(Fixture *fixture, int deadline_s)
{
    guint before = fixture->reads[STRIDE];
    g_test_message("after %.2f s", WAIT(deadline_s, fixture->reads[STRIDE] > before + 10));
}

// One of a watch's streams ends, and a new subscription to it alone mends that: what it says of the
// heart is not interrupted.
static void test_stream_ends(Fixture *fixture, gconstpointer data)
{
    enrol_watch(fixture);
    mute(fixture, "2a53", "subscription");
    linger(1); // what was on its way
    expect_stride(fixture, 20);
    g_assert_cmpuint(fixture->downs[HEART_SLOT], ==, 0);
    g_assert_cmpuint(connects(fixture, POD), ==, 1);
}

// When it does not, the link is made anew: not for every silence, though.
static void test_stream_needs_link(Fixture *fixture, gconstpointer data)
{
    enrol_watch(fixture);
    mute(fixture, "2a53", "link");
    linger(1);
    expect_stride(fixture, 45);
    g_assert_cmpuint(connects(fixture, POD), ==, 2);
    mute(fixture, "2a53", "order");
    linger(30);
    guint heart = fixture->reads[HEART];
    WAIT(5, fixture->reads[HEART] > heart + 4);
    g_assert_cmpuint(connects(fixture, POD), ==, 2);
    mute(fixture, "0", "order");
    expect_stride(fixture, 10);
    g_assert_cmpuint(connects(fixture, POD), ==, 2);
}

// A pod that is known to fall silent when its runner stands is let stand; that its link is lost is
// said all the same.
static void test_stands(Fixture *fixture, gconstpointer data)
{
    fixture->quirk = (RadioQuirk){.id = "stands", .silent_on_stop = TRUE};
    enrol_both(fixture);
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "pod", "freeze", 0.0));
    linger(15);
    g_assert_true(state_is(fixture, STRIDE_SLOT, LINK_LIVE));
    g_assert_cmpuint(fixture->downs[STRIDE_SLOT], ==, 0);
    g_assert_cmpuint(connects(fixture, POD), ==, 1);
    tell(fixture, "Vanish", g_variant_new("(s)", "pod"));
    WAIT(10, fixture->downs[STRIDE_SLOT] == 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    paced_sim = argv[1];
    static const struct {
        const char *name;
        void (*test)(Fixture *fixture, gconstpointer data);
        const char *second;
    } tests[] = {
        {"/silence/a-stream-ends", test_stream_ends, "--sensor=watch"},
        {"/silence/a-stream-needs-another-link", test_stream_needs_link, "--sensor=watch"},
        {"/silence/the-runner-stands", test_stands, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, tests[i].second, fake_set_up, tests[i].test,
                   fake_tear_down);
    return g_test_run();
}
