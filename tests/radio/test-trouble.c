// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The radio against sensors, stacks and adapters that misbehave, and what can be told to a sensor;
// with `paced-sim fake` on a private bus.
//
//     test-trouble PACED-SIM

#include "fake.h"

#include <math.h>
#include <string.h>

static const char *reason(Fixture *fixture, SensorId slot)
{
    return sensor_at(fixture, slot)->reason;
}

static void fail_calls(Fixture *fixture, const char *method, const char *error, guint times)
{
    tell(fixture, "FailCalls", g_variant_new("(sssu)", method, error, "told to", times));
}

// ── how the data come ────────────────────────────────────────────────────────────────────────────

static void test_socket(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    g_assert_true(sensor_at(fixture, HEART_SLOT)->acquired);
    expect_data(fixture, "a socket was acquired", 5);
    g_assert_cmpuint(history_count(radio_history(fixture->radio, STRAP), HISTORY_FIRST_DATA), ==,
                     1);
}

static void test_history(Fixture *fixture, gconstpointer data)
{
    char line[HISTORY_LINE];
    g_assert_null(radio_history(fixture->radio, STRAP));
    enrol_both(fixture);
    tell(fixture, "Vanish", g_variant_new("(s)", "strap"));
    WAIT(10, !fixture->up[HEART_SLOT]);
    tell(fixture, "Return", g_variant_new("(s)", "strap"));
    expect_data(fixture, "it returned", 15);
    const History *history = radio_history(fixture->radio, STRAP);
    g_assert_cmpuint(history->ends[END_LOST], ==, 1);
    g_assert_cmpuint(history_count(history, HISTORY_FIRST_DATA), ==, 2);
    g_assert_cmpuint(history_count(history, HISTORY_RSSI), >, 0);
    history_print(history, line, sizeof line);
    radio_forget(fixture->radio, STRAP);
    radio_enrol(fixture->radio,
                &(Enrolment){.slot = HEART_SLOT, .address = STRAP, .history = line});
    g_assert_cmpuint(radio_history(fixture->radio, STRAP)->ends[END_LOST], ==, 1);
}

// One device with two services is one sensor, and gives both.
static void test_watch(Fixture *fixture, gconstpointer data)
{
    enrol(fixture, HEART_SLOT, POD, "watch", 0); // the second sensor's address
    WAIT(20, fixture->reads[0x37] > 1 && fixture->reads[0x53] > 1);
    g_assert_true(sensor_at(fixture, HEART_SLOT)->acquired);
    g_assert_cmpuint(sensor_at(fixture, HEART_SLOT)->services, ==, SERVICE_HEART | SERVICE_STRIDE);
}

// Whatever AcquireNotify fails of, StartNotify is tried, and this sensor is not asked for it again.
static void test_socket_refused(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    fail_calls(fixture, "AcquireNotify", "org.bluez.Error.Failed", 2);
    enrol_both(fixture);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
    fail_calls(fixture, "AcquireNotify", "org.bluez.Error.Failed", 0);
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "strap", "reconnect", 1.0));
    WAIT(10, !fixture->up[HEART_SLOT]);
    expect_data(fixture, "the link was lost", 15);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
}

static void test_socket_unanswered(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "IgnoreCalls", g_variant_new("(sb)", "AcquireNotify", TRUE));
    enrol_both(fixture);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
}

// A subscription that brings nothing is made the other way before the link is made anew.
static void test_socket_silent(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "strap", "freeze", 0.0));
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_SILENT));
    tell(fixture, "Misbehave", g_variant_new("(ssd)", "strap", "none", 0.0));
    expect_data(fixture, "the other way was taken", 10);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
    g_assert_cmpuint(connects(fixture, STRAP), ==, 1);
}

static void test_quirk(Fixture *fixture, gconstpointer data)
{
    fixture->quirk = (RadioQuirk){
        .id = "deaf", .subscribe = SUBSCRIBE_NOTIFY, .avoid = {0x180A}, .avoid_count = 1};
    enrol_both(fixture);
    WAIT(10, fixture->reads[0x54] > 0 && fixture->reads[0x38] > 0);
    linger(2); // what would be read next
    const RadioSensor *strap = sensor_at(fixture, HEART_SLOT);
    g_assert_false(strap->acquired);
    g_assert_cmpstr(strap->quirk, ==, "deaf");
    g_assert_cmpstr(strap->manufacturer, ==, "");

    // By signals, others may listen as well.
    Fixture other = {.quirk = fixture->quirk};
    RadioConfig config = {.bluez = NULL};
    other.radio = radio_new(&config, &fake_handlers, &other);
    enrol(&other, HEART_SLOT, STRAP, "strap", 0);
    WAIT(10, other.packets[HEART_SLOT] > 1);
    radio_free(other.radio);
}

static void test_pairs(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "WantPairing", g_variant_new("(sb)", "strap", TRUE));
    enrol_both(fixture);
    g_assert_cmpuint(connects(fixture, STRAP), ==, 1);
}

// Its manufacturer is only known once it was connected and read; what that tells is heeded at once.
static void test_late_quirk(Fixture *fixture, gconstpointer data)
{
    fixture->quirk_by_maker = true;
    fixture->quirk = (RadioQuirk){.id = "maker", .subscribe = SUBSCRIBE_NOTIFY};
    enrol_both(fixture);
    WAIT(10, g_str_equal(sensor_at(fixture, HEART_SLOT)->quirk, "maker") &&
                 !sensor_at(fixture, HEART_SLOT)->acquired);
    expect_data(fixture, "it was known who made it", 10);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->acquired);
    g_assert_cmpuint(fixture->downs[HEART_SLOT], ==, 0);
}

static char *find_characteristic(Fixture *fixture, const char *device, const char *number)
{
    g_autoptr(GVariant) answer =
        ask(fixture, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
    g_autoptr(GVariant) objects = g_variant_get_child_value(answer, 0);
    GVariantIter iter;
    const char *path;
    GVariant *interfaces;
    g_autofree char *found = NULL;
    g_variant_iter_init(&iter, objects);
    while (g_variant_iter_loop(&iter, "{&o@a{sa{sv}}}", &path, &interfaces)) {
        const char *uuid;
        g_autoptr(GVariant) properties = g_variant_lookup_value(
            interfaces, "org.bluez.GattCharacteristic1", G_VARIANT_TYPE_VARDICT);
        if (properties && strstr(path, device) &&
            g_variant_lookup(properties, "UUID", "&s", &uuid) && strstr(uuid, number) && !found)
            found = g_strdup(path);
    }
    g_assert_nonnull(found);
    return g_steal_pointer(&found);
}

// As any program on the machine may, without the link being lost.
static void test_socket_taken(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    guint before = connects(fixture, STRAP);
    g_autofree char *path = find_characteristic(fixture, "00_AA_01_00_00_01", "00002a37");
    for (int i = 0; i < 3; i++) {
        g_autoptr(GVariant) answer =
            ask(fixture, path, "org.bluez.GattCharacteristic1", "StopNotify", NULL);
        expect_data(fixture, "somebody took the socket", 10);
    }
    g_assert_cmpuint(connects(fixture, STRAP), ==, before);
}

// ── who it is ────────────────────────────────────────────────────────────────────────────────────

static void test_details(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    WAIT(10, sensor_at(fixture, HEART_SLOT)->firmware[0] &&
                 sensor_at(fixture, STRIDE_SLOT)->firmware[0]);
    g_assert_cmpstr(sensor_at(fixture, HEART_SLOT)->manufacturer, !=, "");
    g_assert_cmpstr(sensor_at(fixture, HEART_SLOT)->model, !=, "");
    WAIT(10, fixture->reads[0x38] && fixture->reads[0x5D] && fixture->reads[0x54]);
    tell(fixture, "SetBattery", g_variant_new("(sy)", "strap", 17));
    WAIT(10, fixture->read[0x19] == 17 && sensor_at(fixture, HEART_SLOT)->battery == 17);
}

static void test_moves(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_sensors(fixture->radio)->len == 2);
    const RadioSensor *first = &g_array_index(radio_sensors(fixture->radio), RadioSensor, 0);
    const RadioSensor *second = &g_array_index(radio_sensors(fixture->radio), RadioSensor, 1);
    const RadioSensor *strap = first->services & SERVICE_HEART ? first : second;
    g_autofree char *name = g_strdup(strap->name);
    radio_enrol(fixture->radio, &(Enrolment){.slot = HEART_SLOT,
                                             .address = STRAP,
                                             .name = name,
                                             .services = SERVICE_HEART,
                                             .match_name = TRUE});
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    WAIT(20, both_live(fixture));
    tell(fixture, "NewAddress", g_variant_new("(s)", "strap"));
    WAIT(10, !fixture->up[HEART_SLOT]);
    g_test_message("followed after %.2f s", WAIT(50, fixture->moved[0] != '\0'));
    expect_data(fixture, "its address had changed", 15);
    g_assert_cmpstr(sensor_at(fixture, HEART_SLOT)->address, ==, fixture->moved);
    g_assert_cmpstr(fixture->moved, !=, STRAP);
}

static void test_hangs_up(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "RefuseLinks", g_variant_new("(ss)", "strap", "hang-up"));
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    WAIT(40, sensor_at(fixture, HEART_SLOT)->busy);
    g_assert_nonnull(strstr(reason(fixture, HEART_SLOT), "another device"));
    WAIT(20, state_is(fixture, STRIDE_SLOT, LINK_LIVE));
    tell(fixture, "RefuseLinks", g_variant_new("(ss)", "strap", ""));
    expect_data(fixture, "the other device let go", 40);
    g_assert_false(sensor_at(fixture, HEART_SLOT)->busy);
}

// ── tables ───────────────────────────────────────────────────────────────────────────────────────

static void test_tables(Fixture *fixture, gconstpointer data)
{
    static const char *const kinds[] = {"normal", "shifted", "twice"};
    enrol_both(fixture);
    tell(fixture, "ChangeTable", g_variant_new("(ss)", "strap", "unflagged"));
    WAIT(20, strstr(reason(fixture, HEART_SLOT), "cannot be subscribed"));
    tell(fixture, "ChangeTable", g_variant_new("(ss)", "strap", "bare"));
    WAIT(60, strstr(reason(fixture, HEART_SLOT), "no heart rate"));
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        tell(fixture, "ChangeTable", g_variant_new("(ss)", "strap", kinds[i]));
        g_autofree char *what = g_strdup_printf("the table became %s", kinds[i]);
        WAIT(10, !fixture->up[HEART_SLOT]);
        expect_data(fixture, what, 40);
    }
}

// ── the hostile ──────────────────────────────────────────────────────────────────────────────────

static void test_flood(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    tell(fixture, "Flood", g_variant_new("(sudd)", "strap", 512, 500.0, 4.0));
    WAIT(10, sensor_at(fixture, HEART_SLOT)->dropped > 500);
    g_assert_cmpuint(fixture->longest, <=, 64);
    guint stride = fixture->packets[STRIDE_SLOT];
    WAIT(5, fixture->packets[STRIDE_SLOT] > stride + 1); // the other one does not suffer
    tell(fixture, "Flood", g_variant_new("(sudd)", "strap", 0, 500.0, 2.0));
    linger(3);
    expect_data(fixture, "the flood", 10);
}

static void test_crowd(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    tell(fixture, "Crowd", g_variant_new("(u)", 3000));
    WAIT(60, radio_sensors(fixture->radio)->len >= 60);
    radio_scan(fixture->radio, 10);
    linger(3);
    g_assert_cmpuint(radio_sensors(fixture->radio)->len, <=, 64);
    g_assert_true(radio_crowded(fixture->radio));
    enrol_both(fixture);
    g_assert_cmpuint(radio_sensors(fixture->radio)->len, <=, 66);
}

static void test_name(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    guint8 name[248];
    for (gsize i = 0; i < sizeof name; i++)
        name[i] = (guint8)(i % 5 == 0 ? 0x1b : i % 7 == 0 ? 0xff : 'a' + i % 26);
    tell(fixture, "RenameBytes",
         g_variant_new("(s@ay)", "strap",
                       g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, name, sizeof name, 1)));
    radio_enrol(fixture->radio, &(Enrolment){.slot = HEART_SLOT, .address = STRAP});
    WAIT(20, state_is(fixture, HEART_SLOT, LINK_LIVE));
    WAIT(10, sensor_at(fixture, HEART_SLOT)->name[0]);
    const char *shown = sensor_at(fixture, HEART_SLOT)->name;
    g_assert_true(g_utf8_validate(shown, -1, NULL));
    g_assert_null(strchr(shown, 0x1b));
}

// ── what the owner wants ─────────────────────────────────────────────────────────────────────────

static void test_wanted(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    radio_want(fixture->radio, FALSE);
    WAIT(10, state_is(fixture, HEART_SLOT, LINK_IDLE) && state_is(fixture, STRIDE_SLOT, LINK_IDLE));
    g_assert_false(fixture->up[HEART_SLOT]);
    linger(3);
    g_assert_false(discovering(fixture));
    g_assert_true(state_is(fixture, HEART_SLOT, LINK_IDLE));
    g_assert_cmpuint(radio_history(fixture->radio, STRAP)->ends[END_OURS], ==, 1);
    radio_want(fixture->radio, TRUE);
    expect_data(fixture, "they were wanted again", 20);
}

static void test_quiet(Fixture *fixture, gconstpointer data)
{
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    WAIT(10, discovering(fixture));
    radio_quiet(fixture->radio, TRUE);
    WAIT(10, !discovering(fixture));
    radio_quiet(fixture->radio, FALSE);
    WAIT(10, discovering(fixture));
}

// ── adapters ─────────────────────────────────────────────────────────────────────────────────────

static bool live_on(Fixture *fixture, const char *adapter)
{
    g_autofree char *path = g_strconcat("/org/bluez/", adapter, "/dev_00_AA_01_00_00_01", NULL);
    g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
        fixture->control, "org.bluez", path, "org.freedesktop.DBus.Properties", "Get",
        g_variant_new("(ss)", "org.bluez.Device1", "Connected"), NULL, G_DBUS_CALL_FLAGS_NONE, 5000,
        NULL, NULL);
    if (!answer)
        return false;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return g_variant_get_boolean(value);
}

static void test_adapters(Fixture *fixture, gconstpointer data)
{
    radio_free(fixture->radio);
    RadioConfig config = {.adapter = "hci1"};
    fixture->radio = radio_new(&config, &fake_handlers, fixture);
    enrol_both(fixture);
    g_assert_true(live_on(fixture, "hci1"));
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, FALSE));
    WAIT(5, !fixture->up[HEART_SLOT]);
    expect_data(fixture, "the adapter was pulled out", 20);
    g_assert_true(live_on(fixture, "hci0"));
    // It comes back, and the data stay where they are.
    tell(fixture, "PlugAdapter", g_variant_new("(ub)", 1, TRUE));
    linger(3);
    expect_data(fixture, "it was plugged in", 5);
    g_assert_true(live_on(fixture, "hci0"));
    g_assert_cmpuint(fixture->downs[HEART_SLOT], ==, 1);
}

static bool powered(Fixture *fixture)
{
    g_autoptr(GVariant) answer = ask(fixture, "/org/bluez/hci0", "org.freedesktop.DBus.Properties",
                                     "Get", g_variant_new("(ss)", "org.bluez.Adapter1", "Powered"));
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return g_variant_get_boolean(value);
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

// All that Connect does is to be without power, although the adapter has it.
static void test_stuck(Fixture *fixture, gconstpointer data)
{
    guint offs = 0;
    guint watch = g_dbus_connection_signal_subscribe(
        fixture->control, NULL, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        "/org/bluez/hci0", "org.bluez.Adapter1", G_DBUS_SIGNAL_FLAGS_NONE, on_powered, &offs, NULL);
    WAIT(10, radio_state(fixture->radio) == RADIO_READY);
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 1000);
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    g_test_message("stuck after %.2f s", WAIT(120, radio_state(fixture->radio) == RADIO_STUCK));
    g_assert_cmpuint(offs, ==, 1);
    g_assert_true(powered(fixture));
    g_assert_nonnull(strstr(radio_reason(fixture->radio), "reboot"));
    fail_calls(fixture, "Connect", "org.bluez.Error.NotReady", 0);
    expect_data(fixture, "the adapter worked again", 60);
    WAIT(5, radio_state(fixture->radio) == RADIO_READY);
    g_assert_cmpuint(offs, ==, 1);
    g_dbus_connection_signal_unsubscribe(fixture->control, watch);
}

// ── procedures ───────────────────────────────────────────────────────────────────────────────────

typedef struct {
    ProcedureResult result;
    guint calls;
} Outcome;

static void on_outcome(const ProcedureResult *result, gpointer data)
{
    Outcome *outcome = data;
    outcome->result = *result;
    outcome->calls++;
}

static ProcedureOutcome outcome_of(Fixture *fixture, const char *address, Procedure procedure)
{
    Outcome outcome = {.calls = 0};
    radio_procedure(fixture->radio, address, &procedure, on_outcome, &outcome);
    g_assert_cmpuint(outcome.calls, ==, 0);
    WAIT(35, outcome.calls == 1);
    return outcome.result.outcome;
}

static void test_procedures(Fixture *fixture, gconstpointer data)
{
    Procedure distance = {.kind = PROCEDURE_SET_DISTANCE, .distance_m = 1234.5};
    g_assert_cmpint(outcome_of(fixture, POD, distance), ==, PROCEDURE_NOT_CONNECTED);
    enrol_both(fixture);
    g_assert_cmpint(outcome_of(fixture, POD, distance), ==, PROCEDURE_DONE);
    g_assert_cmpint(outcome_of(fixture, STRAP, distance), ==, PROCEDURE_NO_POINT);
    Procedure energy = {.kind = PROCEDURE_RESET_ENERGY};
    g_assert_cmpint(outcome_of(fixture, STRAP, energy), ==, PROCEDURE_DONE);
    distance.distance_m = NAN;
    g_assert_cmpint(outcome_of(fixture, POD, distance), ==, PROCEDURE_INVALID);

    Procedure list = {.kind = PROCEDURE_LIST_LOCATIONS};
    Outcome first = {.calls = 0}, second = {.calls = 0};
    radio_procedure(fixture->radio, POD, &list, on_outcome, &first);
    radio_procedure(fixture->radio, POD, &list, on_outcome, &second);
    WAIT(5, second.calls == 1);
    g_assert_cmpint(second.result.outcome, ==, PROCEDURE_BUSY);
    WAIT(10, first.calls == 1);
    g_assert_cmpint(first.result.outcome, ==, PROCEDURE_DONE);
    g_assert_cmpuint(first.result.location_count, >, 0);
    Procedure location = {.kind = PROCEDURE_SET_LOCATION, .location = first.result.locations[0]};
    g_assert_cmpint(outcome_of(fixture, POD, location), ==, PROCEDURE_DONE);
    location.location = 200;
    g_assert_cmpint(outcome_of(fixture, POD, location), ==, PROCEDURE_INVALID);
    expect_data(fixture, "the procedures", 5);

    tell(fixture, "IgnoreCalls", g_variant_new("(sb)", "WriteValue", TRUE));
    Outcome lost = {.calls = 0};
    radio_procedure(fixture->radio, POD, &list, on_outcome, &lost);
    tell(fixture, "Vanish", g_variant_new("(s)", "pod"));
    WAIT(10, lost.calls == 1);
    g_assert_cmpint(lost.result.outcome, ==, PROCEDURE_LINK_LOST);
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
        {"/trouble/data-come-through-a-socket", test_socket, NULL},
        {"/trouble/history", test_history, NULL},
        {"/trouble/a-watch-is-both", test_watch, "--sensor=watch"},
        {"/trouble/the-socket-is-refused", test_socket_refused, NULL},
        {"/trouble/the-socket-never-comes", test_socket_unanswered, NULL},
        {"/trouble/the-socket-is-silent", test_socket_silent, NULL},
        {"/trouble/a-quirk-is-heeded", test_quirk, NULL},
        {"/trouble/a-quirk-is-known-late", test_late_quirk, NULL},
        {"/trouble/the-socket-is-taken", test_socket_taken, NULL},
        {"/trouble/a-sensor-wants-to-be-paired", test_pairs, NULL},
        {"/trouble/sensors-say-who-they-are", test_details, NULL},
        {"/trouble/a-sensor-changes-its-address", test_moves, NULL},
        {"/trouble/a-sensor-hangs-up", test_hangs_up, NULL},
        {"/trouble/tables-change", test_tables, NULL},
        {"/trouble/flood", test_flood, NULL},
        {"/trouble/crowd", test_crowd, NULL},
        {"/trouble/a-hostile-name", test_name, NULL},
        {"/trouble/not-wanted", test_wanted, NULL},
        {"/trouble/quiet", test_quiet, NULL},
        {"/trouble/another-adapter", test_adapters, "--sensor=pod|--adapters=2"},
        {"/trouble/the-adapter-is-stuck", test_stuck, NULL},
        {"/trouble/procedures", test_procedures, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, tests[i].second, fake_set_up, tests[i].test,
                   fake_tear_down);
    return g_test_run();
}
