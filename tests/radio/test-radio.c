// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The radio against `paced-sim fake` on a private bus: found, adopted, lost in every way there is,
// and back. A plain program, so that a leak fails it. It waits for what it expects, with deadlines
// that only a broken radio misses, and prints how long each return took.
//
//     test-radio PACED-SIM

#include "fake.h"

#include <string.h>

// ── the tests ────────────────────────────────────────────────────────────────────────────────────

static void test_adopts(Fixture *fixture, gconstpointer data)
{
    fixture->adopt = true;
    g_test_message("adopted and live after %.2f s", WAIT(30, both_live(fixture)));
    WAIT(10, fixture->packets[HEART_SLOT] >= 2 && fixture->packets[STRIDE_SLOT] >= 2);
    WAIT(10, fixture->reads[0x54] > 0);
    g_assert_cmpuint(fixture->candidates, ==, 2);
    g_assert_cmphex(fixture->last[HEART_SLOT], ==, 0x2A37);
    g_assert_cmphex(fixture->last[STRIDE_SLOT], ==, 0x2A53);
    g_assert_cmpint(radio_state(fixture->radio), ==, RADIO_READY);
    g_assert_false(discovering(fixture));
    WAIT(10, sensor_at(fixture, HEART_SLOT)->battery > 0);

    // What is forgotten is let go, and not offered back.
    radio_forget(fixture->radio, STRAP);
    radio_forget(fixture->radio, POD);
    WAIT(10, discovering(fixture) && radio_sensors(fixture->radio)->len == 2);
    g_assert_false(fixture->candidates > 2);
}

// A pod sleeps until somebody walks: when it wakes, the strap has long been adopted.
static void test_adopts_later(Fixture *fixture, gconstpointer data)
{
    fixture->adopt = true;
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_LIVE));
    g_assert_cmpuint(fixture->candidates, ==, 1);
    g_test_message("the other adopted after %.2f s", WAIT(40, both_live(fixture)));
    g_assert_false(discovering(fixture));
}

static void test_leaves_the_choice(Fixture *fixture, gconstpointer data)
{
    fixture->adopt = true;
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_LIVE));
    radio_scan(fixture->radio, 20);
    WAIT(10, radio_sensors(fixture->radio)->len == 2);
    linger(8); // beyond the time to settle
    g_assert_cmpuint(fixture->candidates, ==, 0);
}

static void test_does_not_choose(Fixture *fixture, gconstpointer data)
{
    fixture->adopt = true;
    WAIT(20, radio_sensors(fixture->radio)->len == 2);
    linger(8); // beyond the time to settle
    g_assert_cmpuint(fixture->candidates, ==, 0);
    const RadioSensor *first = &g_array_index(radio_sensors(fixture->radio), RadioSensor, 0);
    g_assert_nonnull(strstr(first->reason, "several"));
}

static void test_vanishes(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "Vanish", g_variant_new("(s)", "strap"));
    WAIT(10, !fixture->up[HEART_SLOT]);
    WAIT(30, state_is(fixture, HEART_SLOT, LINK_SEARCHING));
    guint stride = fixture->packets[STRIDE_SLOT];
    WAIT(5, fixture->packets[STRIDE_SLOT] > stride + 1);
    tell(fixture, "Return", g_variant_new("(s)", "strap"));
    expect_data(fixture, "the strap returned", 15);

    tell(fixture, "Misbehave", g_variant_new("(ssd)", "pod", "reconnect", 1.0));
    WAIT(10, !fixture->up[STRIDE_SLOT]);
    expect_data(fixture, "a lost link", 15);
}

static void test_both_vanish(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "Vanish", g_variant_new("(s)", "strap"));
    tell(fixture, "Vanish", g_variant_new("(s)", "pod"));
    WAIT(40, state_is(fixture, HEART_SLOT, LINK_SEARCHING) &&
                 state_is(fixture, STRIDE_SLOT, LINK_SEARCHING));
    tell(fixture, "Return", g_variant_new("(s)", "pod"));
    tell(fixture, "Return", g_variant_new("(s)", "strap"));
    expect_data(fixture, "both returned", 20);
}

static void test_falls_silent(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    guint before = connects(fixture, STRAP);
    tell(fixture, "ClearSubscriptions", g_variant_new("(s)", "strap"));
    WAIT(15, state_is(fixture, HEART_SLOT, LINK_SILENT));
    expect_data(fixture, "a lost subscription was noticed", 10);
    g_assert_cmpuint(connects(fixture, STRAP), ==, before);

    tell(fixture, "Misbehave", g_variant_new("(ssd)", "pod", "freeze", 0.0));
    WAIT(15, state_is(fixture, STRIDE_SLOT, LINK_SILENT));
    guint pod = connects(fixture, POD);
    WAIT(30, connects(fixture, POD) > pod); // made anew, in vain
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "pod", "none", 0.0));
    expect_data(fixture, "a freeze ended", 20);
}

static void test_service_dies(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    kill_fake(fixture);
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_SERVICE && !fixture->up[HEART_SLOT]);
    g_assert_cmpstr(radio_reason(fixture->radio), !=, "");
    start_fake(fixture, "--sensor=pod");
    expect_data(fixture, "bluetoothd was started again", 20);
}

static void test_adapter(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "AdapterPowered", g_variant_new("(b)", FALSE));
    WAIT(5, radio_state(fixture->radio) == RADIO_OFF && !fixture->up[STRIDE_SLOT]);
    tell(fixture, "AdapterPowered", g_variant_new("(b)", TRUE));
    expect_data(fixture, "the adapter was switched on", 20);

    tell(fixture, "AdapterPresent", g_variant_new("(b)", FALSE));
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_ADAPTER && !fixture->up[HEART_SLOT]);
    tell(fixture, "AdapterPresent", g_variant_new("(b)", TRUE));
    expect_data(fixture, "the adapter was plugged in", 20);
}

// As bluetoothd does while it starts.
static void test_adapter_busy(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "AdapterPresent", g_variant_new("(b)", FALSE));
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_ADAPTER && !fixture->up[HEART_SLOT]);
    tell(fixture, "AdapterBusy", g_variant_new("(u)", 2));
    tell(fixture, "AdapterPresent", g_variant_new("(b)", TRUE));
    expect_data(fixture, "the adapter refused power twice", 20);

    // What the user switches off stays off.
    tell(fixture, "AdapterPowered", g_variant_new("(b)", FALSE));
    WAIT(5, radio_state(fixture->radio) == RADIO_OFF);
    linger(3);
    g_assert_cmpint(radio_state(fixture->radio), ==, RADIO_OFF);
}

static void test_unsaid_connection(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "HideNextConnected", g_variant_new("(s)", "strap"));
    enrol_both(fixture);
    g_assert_cmpuint(connects(fixture, STRAP), ==, 1);
}

static void fail_connects(Fixture *fixture, const char *error, const char *message, guint times)
{
    tell(fixture, "FailNextConnect", g_variant_new("(sssu)", "strap", error, message, times));
}

static void test_connect_fails(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    fail_connects(fixture, "org.bluez.Error.Failed", "le-connection-abort-by-local", 3);
    enrol_both(fixture); // within its deadline

    radio_forget(fixture->radio, STRAP);
    g_assert_false(fixture->up[HEART_SLOT]); // its owner must not wait for it
    fail_connects(fixture, "org.bluez.Error.Failed", "Input/output error", 3); // 1 + 2 + 4 s
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    WAIT(10, state_is(fixture, HEART_SLOT, LINK_WAITING) &&
                 sensor_at(fixture, HEART_SLOT)->next_try != USEC_NEVER);
    expect_data(fixture, "three failures of Connect began", 30);
}

// While the strap comes back after a loss, calls of one method are never answered.
static void test_never_answers(Fixture *fixture, gconstpointer data)
{
    static const char *const methods[] = {"Connect",        "Disconnect",    "StartNotify",
                                          "StartDiscovery", "StopDiscovery", "SetDiscoveryFilter"};
    enrol_both(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        tell(fixture, "IgnoreCalls", g_variant_new("(sb)", methods[i], TRUE));
        tell(fixture, "Vanish", g_variant_new("(s)", "strap"));
        WAIT(10, !fixture->up[HEART_SLOT]);
        linger(6); // a first attempt has failed, the search begun
        tell(fixture, "Return", g_variant_new("(s)", "strap"));
        linger(2);
        tell(fixture, "IgnoreCalls", g_variant_new("(sb)", methods[i], FALSE));
        g_autofree char *what = g_strdup_printf("%s was answered again", methods[i]);
        expect_data(fixture, what, 30);
    }
}

// Two daemons share BlueZ: the first has the data to itself, and the second says so; when the first
// leaves and takes the links along, the other has them.
static void test_two_of_us(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    Fixture other = {.radio = NULL};
    RadioConfig config = {.bluez = NULL};
    other.radio = radio_new(&config, &fake_handlers, &other);
    enrol(&other, HEART_SLOT, STRAP, "strap", 0);
    enrol(&other, STRIDE_SLOT, POD, "pod", 0);
    WAIT(20, strstr(sensor_at(&other, HEART_SLOT)->reason, "another program") &&
                 strstr(sensor_at(&other, STRIDE_SLOT)->reason, "another program"));
    g_assert_cmpint(sensor_at(&other, HEART_SLOT)->next_try, ==, USEC_NEVER);
    expect_data(fixture, "another one came", 10);
    g_assert_cmpuint(fixture->downs[HEART_SLOT], ==, 0);
    radio_free(g_steal_pointer(&fixture->radio));
    g_test_message("the other has them after %.2f s", WAIT(20, both_live(&other)));
    radio_free(other.radio);
}

static void test_idle_is_still(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "Vanish", g_variant_new("(s)", "strap"));
    tell(fixture, "Vanish", g_variant_new("(s)", "pod"));
    WAIT(40, discovering(fixture) && radio_sensors(fixture->radio)->len == 0);
    linger(2);
    g_assert_cmpuint(linger(10), <=, 1); // one was seen, of unknown cause

    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    WAIT(5, sensor_at(fixture, HEART_SLOT));
    linger(2);
    g_assert_cmpuint(linger(10), <=, 1); // bluetoothd searches, not we
}

static void test_hostile_value(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    guint8 bytes[512] = {0};
    tell(fixture, "Notify",
         g_variant_new("(ss@ay)", "strap", "2a37",
                       g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, sizeof bytes, 1)));
    WAIT(5, fixture->longest == 64);
    for (int i = 0; i < 80; i++)
        tell(fixture, "Notify",
             g_variant_new("(ss@ay)", "strap", "2a37",
                           g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, 2, 1)));
    // What is cut or not let through is told, when anybody looks.
    WAIT(10,
         sensor_at(fixture, HEART_SLOT)->cut == 1 && sensor_at(fixture, HEART_SLOT)->dropped > 0);
    tell(fixture, "Notify",
         g_variant_new("(ss@ay)", "strap", "2a37",
                       g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, 0, 1)));
    expect_data(fixture, "an empty packet", 5);
}

static void test_bus_dies(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    kill_fake(fixture);
    stop_bus(fixture);
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_BUS && !fixture->up[HEART_SLOT]);
    start_bus(fixture);
    WAIT(10, radio_state(fixture->radio) == RADIO_NO_SERVICE);
    start_fake(fixture, "--sensor=pod");
    expect_data(fixture, "the bus returned", 20);
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
        {"/radio/adopts-the-only-ones", test_adopts, NULL},
        {"/radio/adopts-a-pod-that-wakes-later", test_adopts_later,
         "--sensor=pod|--misbehave=at=0 sensor=pod kind=drop-out for=14"},
        {"/radio/adopts-none-beside-a-chosen-one", test_leaves_the_choice, NULL},
        {"/radio/does-not-choose-between-two", test_does_not_choose, "--sensor=strap"},
        {"/radio/one-vanishes-and-returns", test_vanishes, NULL},
        {"/radio/both-vanish-and-return", test_both_vanish, NULL},
        {"/radio/falls-silent", test_falls_silent, NULL},
        {"/radio/service-dies", test_service_dies, NULL},
        {"/radio/adapter-off-and-pulled", test_adapter, NULL},
        {"/radio/adapter-busy", test_adapter_busy, NULL},
        {"/radio/connected-without-a-word", test_unsaid_connection, NULL},
        {"/radio/connect-fails", test_connect_fails, NULL},
        {"/radio/connect-never-answers", test_never_answers, NULL},
        {"/radio/two-of-us", test_two_of_us, NULL},
        {"/radio/idle-is-still", test_idle_is_still, NULL},
        {"/radio/hostile-value", test_hostile_value, NULL},
        {"/radio/bus-dies", test_bus_dies, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, tests[i].second, fake_set_up, tests[i].test,
                   fake_tear_down);
    return g_test_run();
}
