// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What only goes wrong when two things happen in the wrong order, or last longer than they should:
// adapters that come while we are at work, discoveries we did not know of, calls that fail again
// and again, sensors of one name. With `paced-sim fake` on a private bus.
//
//     test-races PACED-SIM

#include "fake.h"

#include <string.h>

static void fail_calls(Fixture *fixture, const char *method, const char *error, guint times)
{
    tell(fixture, "FailCalls", g_variant_new("(sssu)", method, error, "told to", times));
}

// A property of an object of BlueZ; false when there is no such object.
static bool is(Fixture *fixture, const char *path, const char *interface, const char *name)
{
    g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
        fixture->control, "org.bluez", path, "org.freedesktop.DBus.Properties", "Get",
        g_variant_new("(ss)", interface, name), NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
    if (!answer)
        return false;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return g_variant_get_boolean(value);
}

static bool searches(Fixture *fixture, const char *adapter)
{
    return is(fixture, adapter, "org.bluez.Adapter1", "Discovering");
}

static bool connected(Fixture *fixture, const char *path)
{
    return is(fixture, path, "org.bluez.Device1", "Connected");
}

static void radio_anew(Fixture *fixture, const RadioConfig *config)
{
    radio_free(fixture->radio);
    fixture->radio = radio_new(config, &fake_handlers, fixture);
}

#define HCI0       "/org/bluez/hci0"
#define HCI1       "/org/bluez/hci1"
#define STRAP_PATH HCI0 "/dev_00_AA_01_00_00_01"

// ── calls that fail again and again ──────────────────────────────────────────────────────────────

// As when BlueZ keeps a session of which it no longer says that it notifies.
static void test_socket_busy(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    fail_calls(fixture, "AcquireNotify", "org.bluez.Error.InProgress", 1000);
    enrol_both(fixture);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
    g_assert_cmpuint(connects(fixture, STRAP), ==, 1);
}

// What is to be let go is, even though the first word of it was not heard.
static void test_lets_go(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "IgnoreCalls", g_variant_new("(sb)", "Disconnect", TRUE));
    radio_want(fixture->radio, FALSE);
    linger(8);
    g_assert_true(connected(fixture, STRAP_PATH));
    g_assert_false(state_is(fixture, HEART_SLOT, LINK_IDLE)); // that would be a lie
    tell(fixture, "IgnoreCalls", g_variant_new("(sb)", "Disconnect", FALSE));
    WAIT(30, !connected(fixture, STRAP_PATH));
    WAIT(10, state_is(fixture, HEART_SLOT, LINK_IDLE));
}

// ── discoveries ──────────────────────────────────────────────────────────────────────────────────

// A StartDiscovery that was answered too late is in force all the same.
static void test_runs_already(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusConnection) bus =
        g_dbus_connection_new_for_address_sync(fixture->address,
                                               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                               NULL, NULL, &error);
    g_assert_no_error(error);
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    radio_free(g_steal_pointer(&fixture->radio));
    WAIT(5, !searches(fixture, HCI0));
    g_autoptr(GVariant) answer =
        g_dbus_connection_call_sync(bus, "org.bluez", HCI0, "org.bluez.Adapter1", "StartDiscovery",
                                    NULL, NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
    g_assert_no_error(error);
    radio_anew(fixture, &(RadioConfig){.bluez = bus});
    fixture->adopt = true;
    WAIT(20, both_live(fixture));
    WAIT(5, !searches(fixture, HCI0));
}

static void test_search_moves(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, FALSE));
    radio_anew(fixture, &(RadioConfig){.adapter = "hci1"});
    WAIT(10, searches(fixture, HCI0));
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, TRUE));
    WAIT(10, searches(fixture, HCI1));
    WAIT(5, !searches(fixture, HCI0));
}

// ── adapters ─────────────────────────────────────────────────────────────────────────────────────

// A link that waits for its first data is a link: another adapter does not come between.
static void test_waits_for_data(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, FALSE));
    radio_anew(fixture, &(RadioConfig){.adapter = "hci1"});
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "strap", "freeze", 0.0));
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_SUBSCRIBING));
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, TRUE));
    linger(2);
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "strap", "none", 0.0));
    WAIT(10, fixture->up[HEART_SLOT]);
    g_assert_true(connected(fixture, STRAP_PATH));
}

static void on_powered(GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
    g_autoptr(GVariant) changed = g_variant_get_child_value(parameters, 1);
    gboolean on;
    if (g_variant_lookup(changed, "Powered", "b", &on) && !on)
        ++*(guint *)data;
}

static guint watch_power(Fixture *fixture, guint *ret_offs)
{
    *ret_offs = 0;
    return g_dbus_connection_signal_subscribe(
        fixture->control, NULL, "org.freedesktop.DBus.Properties", "PropertiesChanged", NULL,
        "org.bluez.Adapter1", G_DBUS_SIGNAL_FLAGS_NONE, on_powered, ret_offs, NULL);
}

// One of two that is switched off to be switched on is switched on, and that is tried once.
static void test_stuck_beside_another(Fixture *fixture, gconstpointer data)
{
    guint offs, watch = watch_power(fixture, &offs);
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 1000);
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    WAIT(60, offs > 0);
    WAIT(10, is(fixture, HCI0, "org.bluez.Adapter1", "Powered"));
    WAIT(120, radio_state(fixture->radio) == RADIO_STUCK);
    g_assert_cmpuint(offs, ==, 1);
    g_dbus_connection_signal_unsubscribe(fixture->control, watch);
}

// Switching it on is answered well, and that is all that comes of it: off and on again does not
// wait for ever, but ends with a word to the user.
static void test_never_on(Fixture *fixture, gconstpointer data)
{
    guint offs, watch = watch_power(fixture, &offs);
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "AdapterDeaf", g_variant_new("(b)", TRUE));
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 1000);
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    WAIT(60, offs > 0);
    WAIT(15, radio_state(fixture->radio) == RADIO_STUCK);
    g_assert_nonnull(strstr(radio_reason(fixture->radio), "cannot be switched on"));
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 0);
    tell(fixture, "AdapterPowered", g_variant_new("(b)", TRUE)); // as told
    expect_data(fixture, "somebody brought it to its senses", 30);
    g_assert_cmpint(radio_state(fixture->radio), ==, RADIO_READY);
    g_assert_cmpuint(offs, ==, 1);

    // One that comes like that as well.
    tell(fixture, "AdapterPresent", g_variant_new("(b)", FALSE));
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_ADAPTER);
    tell(fixture, "AdapterPresent", g_variant_new("(b)", TRUE));
    WAIT(15, radio_state(fixture->radio) == RADIO_STUCK);
    g_dbus_connection_signal_unsubscribe(fixture->control, watch);
}

// Somebody listens to music through it, or types: it works, whatever a sensor does.
static void test_not_under_others(Fixture *fixture, gconstpointer data)
{
    guint offs, watch = watch_power(fixture, &offs);
    WAIT(10, radio_sensors(fixture->radio)->len == 4);
    char failing[3][18];
    g_autoptr(GVariant) answer =
        ask(fixture, HCI0 "/dev_00_AA_01_00_00_04", "org.bluez.Device1", "Connect", NULL);
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 1000);
    for (guint i = 0; i < 3; i++) {
        g_snprintf(failing[i], sizeof failing[i], "00:AA:01:00:00:%02X", i + 1);
        enrol(fixture, MIN(i, STRIDE_SLOT), failing[i], "sensor", 0);
    }
    linger(20);
    g_assert_cmpuint(offs, ==, 0);
    g_dbus_connection_signal_unsubscribe(fixture->control, watch);
}

// ── links that are there before us ──

static void wait_resolved(Fixture *fixture)
{
    WAIT(10, is(fixture, STRAP_PATH, "org.bluez.Device1", "ServicesResolved"));
}

// As a daemon leaves it that is killed: connected, and nobody listens. Who comes next lets it go in
// the end, be it that the sensor was wanted meanwhile or not.
static void test_left_behind(Fixture *fixture, gconstpointer data)
{
    for (int wanted = 1; wanted >= 0; wanted--) {
        WAIT(10, radio_sensors(fixture->radio)->len == 2);
        g_autoptr(GVariant) answer = ask(fixture, STRAP_PATH, "org.bluez.Device1", "Connect", NULL);
        wait_resolved(fixture);
        radio_anew(fixture, &(RadioConfig){.adapter = NULL});
        radio_want(fixture->radio, wanted);
        enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
        if (wanted) {
            WAIT(20, state_is(fixture, HEART_SLOT, LINK_LIVE));
            radio_want(fixture->radio, FALSE);
        }
        WAIT(10, !connected(fixture, STRAP_PATH));
        WAIT(10, state_is(fixture, HEART_SLOT, LINK_IDLE));
        g_assert_cmpuint(connects(fixture, STRAP), ==, wanted ? 1 : 2);
        radio_anew(fixture, &(RadioConfig){.adapter = NULL});
    }
}

// ── who it is ────────────────────────────────────────────────────────────────────────────────────

static void enrol_named(Fixture *fixture, SensorId slot, const char *address)
{
    radio_enrol(fixture->radio, &(Enrolment){.slot = slot,
                                             .address = address,
                                             .name = "Twin",
                                             .services = SERVICE_HEART,
                                             .match_name = TRUE});
}

// While nobody searches, nobody is seen; that says nothing.
static void test_unsought(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "PlayAudio", g_variant_new("(b)", TRUE));
    WAIT(5, !searches(fixture, HCI0));
    kill_fake(fixture); // BlueZ knows neither of them any more
    WAIT(5, radio_state(fixture->radio) == RADIO_NO_SERVICE);
    start_fake(fixture, "--sensor=strap");
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "PlayAudio", g_variant_new("(b)", TRUE));
    tell(fixture, "Rename", g_variant_new("(ss)", STRAP, "Twin"));
    tell(fixture, "Rename", g_variant_new("(ss)", POD, "Twin"));
    tell(fixture, "Vanish", g_variant_new("(s)", STRAP));
    enrol_named(fixture, HEART_SLOT, STRAP);
    linger(22);
    tell(fixture, "PlayAudio", g_variant_new("(b)", FALSE));
    WAIT(10, radio_sensors(fixture->radio)->len == 2);
    tell(fixture, "Return", g_variant_new("(s)", STRAP));
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_LIVE));
    g_assert_cmpstr(fixture->moved, ==, "");
    g_assert_cmpuint(connects(fixture, STRAP), ==, 1);
}

// Of two that are missed, it could be either.
static void test_either(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "Rename", g_variant_new("(ss)", STRAP, "Twin"));
    enrol_named(fixture, HEART_SLOT, "00:AA:01:00:00:F1");
    enrol_named(fixture, STRIDE_SLOT, "00:AA:01:00:00:F2");
    WAIT(10, radio_sensors(fixture->radio)->len == 4);
    linger(25);
    g_assert_cmpstr(fixture->moved, ==, "");
    radio_forget(fixture->radio, "00:AA:01:00:00:F2");
    WAIT(10, g_str_equal(fixture->moved, STRAP));
}

// The owner knows whose it is.
static void test_anothers(Fixture *fixture, gconstpointer data)
{
    fixture->anothers = true;
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "Rename", g_variant_new("(ss)", STRAP, "Twin"));
    enrol_named(fixture, HEART_SLOT, "00:AA:01:00:00:F1");
    WAIT(40, g_str_equal(fixture->moved, STRAP));
    linger(2);
    g_assert_cmpstr(sensor_at(fixture, HEART_SLOT)->address, ==, "00:AA:01:00:00:F1");
    g_assert_cmpuint(connects(fixture, STRAP), ==, 0);
    fixture->anothers = false; // it was forgotten there
    radio_scan(fixture->radio, 5);
    WAIT(20, fixture->up[HEART_SLOT]);
}

// BlueZ shows it for a moment after it has said that it is removed: it is not to be connected to.
static void test_forgets(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "KeepBareTable", g_variant_new("(s)", "strap"));
    enrol(fixture, HEART_SLOT, STRAP, NULL, 0);
    WAIT(20, strstr(sensor_at(fixture, HEART_SLOT)->reason, "looking anew"));
    WAIT(10, !state_is(fixture, HEART_SLOT, LINK_WAITING));
    g_assert_true(state_is(fixture, HEART_SLOT, LINK_SEARCHING));
    WAIT(20, fixture->up[HEART_SLOT]);
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
        {"/races/the-socket-is-busy-for-ever", test_socket_busy, NULL},
        {"/races/lets-go-though-the-first-word-is-lost", test_lets_go, NULL},
        {"/races/our-discovery-runs-already", test_runs_already, NULL},
        {"/races/the-search-moves-to-another-adapter", test_search_moves,
         "--sensor=pod|--adapters=2"},
        {"/races/an-adapter-comes-before-the-data", test_waits_for_data,
         "--sensor=pod|--adapters=2"},
        {"/races/one-of-two-adapters-is-stuck", test_stuck_beside_another,
         "--sensor=pod|--adapters=2"},
        {"/races/an-adapter-never-comes-on", test_never_on, NULL},
        {"/races/not-switched-off-under-others", test_not_under_others,
         "--sensor=pod|--sensor=strap|--sensor=watch"},
        {"/races/a-link-was-left-behind", test_left_behind, NULL},
        {"/races/a-table-is-forgotten", test_forgets, NULL},
        {"/races/missed-while-nobody-searches", test_unsought, "--sensor=strap"},
        {"/races/two-of-a-name-are-missed", test_either, NULL},
        {"/races/the-name-of-somebody-elses", test_anothers, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, tests[i].second, fake_set_up, tests[i].test,
                   fake_tear_down);
    return g_test_run();
}
