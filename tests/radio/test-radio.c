// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The radio against `paced-sim fake` on a private bus: found, adopted, lost in every way there is,
// and back. A plain program, so that a leak fails it. It waits for what it expects, with deadlines
// that only a broken radio misses, and prints how long each return took.
//
//     test-radio PACED-SIM

#include "radio/radio.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "io/clock.h"

#define STRAP "00:AA:01:00:00:01"
#define POD   "00:AA:01:00:00:02"

enum {
    HEART_SLOT,
    STRIDE_SLOT,
    SLOTS
};

static const char *paced_sim;

typedef struct {
    char *folder;
    char *address;
    GSubprocess *bus;
    GDBusConnection *control;
    GSubprocess *fake;
    Radio *radio;
    bool adopt;
    guint candidates;
    guint packets[SLOTS];
    guint downs[SLOTS];
    bool up[SLOTS];
    guint16 last[SLOTS];
    bool feature;
    gsize longest;
} Fixture;

static void on_notify(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                      gpointer data)
{
    Fixture *fixture = data;
    g_assert_cmpuint(slot, <, SLOTS);
    fixture->longest = MAX(fixture->longest, length);
    if (characteristic == 0x2A54) {
        fixture->feature = true;
        return;
    }
    g_assert_true(fixture->up[slot]);
    fixture->packets[slot]++;
    fixture->last[slot] = characteristic;
}

static void on_link(SensorId slot, gboolean up, gpointer data)
{
    Fixture *fixture = data;
    g_assert_cmpint(fixture->up[slot], !=, up);
    fixture->up[slot] = up;
    fixture->downs[slot] += !up;
}

static void enrol(Fixture *fixture, SensorId slot, const char *address, const char *name,
                  guint adopted_for)
{
    radio_enrol(
        fixture->radio,
        &(Enrolment){.slot = slot, .address = address, .name = name, .adopted_for = adopted_for});
}

static void on_candidate(const RadioSensor *sensor, gpointer data)
{
    Fixture *fixture = data;
    fixture->candidates++;
    if (fixture->adopt)
        enrol(fixture, sensor->services & SERVICE_HEART ? HEART_SLOT : STRIDE_SLOT, sensor->address,
              sensor->name, sensor->services);
}

static void on_changed(gpointer data)
{
}

static const RadioHandlers handlers = {
    .notify = on_notify,
    .link = on_link,
    .candidate = on_candidate,
    .changed = on_changed,
};

// ── waiting ──────────────────────────────────────────────────────────────────────────────────────

static void on_deadline(gpointer data)
{
    *(bool *)data = true;
}

// Runs the main loop until it is so; the time it took.
#define WAIT(seconds, condition)                                                                   \
    ({                                                                                             \
        Usec wait_began = clock_now();                                                             \
        bool wait_late = false;                                                                    \
        Alarm *wait_alarm = alarm_new(on_deadline, &wait_late);                                    \
        alarm_set(wait_alarm, wait_began + (seconds)*USEC_PER_SEC);                                \
        while (!(condition) && !wait_late)                                                         \
            g_main_context_iteration(NULL, TRUE);                                                  \
        alarm_free(wait_alarm);                                                                    \
        if (wait_late)                                                                             \
            explain(fixture);                                                                      \
        g_assert_false(wait_late && "waiting for " #condition);                                    \
        usec_to_s(clock_now() - wait_began);                                                       \
    })

// Runs the main loop for so long; how often it woke.
static guint linger(int seconds)
{
    guint wakes = 0;
    bool over = false;
    Alarm *alarm = alarm_new(on_deadline, &over);
    alarm_set(alarm, clock_now() + seconds * USEC_PER_SEC);
    while (!over) {
        g_main_context_iteration(NULL, TRUE);
        wakes++;
    }
    alarm_free(alarm);
    return wakes - 1;
}

static const RadioSensor *sensor_at(Fixture *fixture, SensorId slot)
{
    const GArray *sensors = radio_sensors(fixture->radio);
    for (guint i = 0; i < sensors->len; i++)
        if (g_array_index(sensors, RadioSensor, i).slot == slot)
            return &g_array_index(sensors, RadioSensor, i);
    return NULL;
}

static void explain(Fixture *fixture)
{
    g_test_message("radio %s: %s", radio_state_name(radio_state(fixture->radio)),
                   radio_reason(fixture->radio));
    const GArray *sensors = radio_sensors(fixture->radio);
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        g_test_message("%s %s: %s", sensor->address, link_state_name(sensor->state),
                       sensor->reason);
    }
}

static bool state_is(Fixture *fixture, SensorId slot, LinkState state)
{
    const RadioSensor *sensor = sensor_at(fixture, slot);
    return sensor && sensor->state == state;
}

static bool both_live(Fixture *fixture)
{
    return state_is(fixture, HEART_SLOT, LINK_LIVE) && state_is(fixture, STRIDE_SLOT, LINK_LIVE);
}

// ── the fake ─────────────────────────────────────────────────────────────────────────────────────

// A test that fails leaves nothing behind.
static void die_with_us(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *spawn(GSubprocessFlags flags, const char *const *arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(flags);
    g_subprocess_launcher_set_child_setup(launcher, die_with_us, NULL, NULL);
    GSubprocess *process = g_subprocess_launcher_spawnv(launcher, arguments, &error);
    g_assert_no_error(error);
    return process;
}

static void start_fake(Fixture *fixture, const char *second)
{
    g_autofree char *line = g_strconcat("fake|--sensor=strap|", second, NULL);
    g_auto(GStrv) options = g_strsplit(line, "|", -1);
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    g_ptr_array_add(arguments, (gpointer)paced_sim);
    for (char **option = options; *option; option++)
        g_ptr_array_add(arguments, *option);
    g_ptr_array_add(arguments, NULL);
    fixture->fake = spawn(G_SUBPROCESS_FLAGS_STDOUT_SILENCE, (const char *const *)arguments->pdata);
}

static void kill_fake(Fixture *fixture)
{
    g_subprocess_force_exit(fixture->fake);
    g_subprocess_wait(fixture->fake, NULL, NULL);
    g_clear_object(&fixture->fake);
}

static GVariant *ask(Fixture *fixture, const char *path, const char *interface, const char *method,
                     GVariant *arguments)
{
    g_autoptr(GError) error = NULL;
    GVariant *answer =
        g_dbus_connection_call_sync(fixture->control, "org.bluez", path, interface, method,
                                    arguments, NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

static void tell(Fixture *fixture, const char *method, GVariant *arguments)
{
    g_autoptr(GVariant) answer =
        ask(fixture, "/org/paced1/sim", "org.paced1.Sim", method, arguments);
}

static bool discovering(Fixture *fixture)
{
    g_autoptr(GVariant) answer =
        ask(fixture, "/org/bluez/hci0", "org.freedesktop.DBus.Properties", "Get",
            g_variant_new("(ss)", "org.bluez.Adapter1", "Discovering"));
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return g_variant_get_boolean(value);
}

static guint connects(Fixture *fixture, const char *address)
{
    g_autoptr(GVariant) answer = ask(fixture, "/org/paced1/sim", "org.paced1.Sim", "Stats", NULL);
    g_autoptr(GVariant) sensors = g_variant_get_child_value(answer, 1);
    for (gsize i = 0; i < g_variant_n_children(sensors); i++) {
        g_autoptr(GVariant) sensor = g_variant_get_child_value(sensors, i);
        const char *at = NULL;
        guint32 count = 0;
        g_variant_lookup(sensor, "address", "&s", &at);
        g_variant_lookup(sensor, "connects", "u", &count);
        if (g_strcmp0(at, address) == 0)
            return count;
    }
    g_assert_not_reached();
}

static void start_bus(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *option = g_strdup_printf("--address=%s", fixture->address);
    const char *const arguments[] = {"dbus-daemon",       "--session", "--nofork",
                                     "--print-address=1", option,      NULL};
    fixture->bus = spawn(G_SUBPROCESS_FLAGS_STDOUT_PIPE, arguments);
    char ready[256]; // it says where it is when it is
    g_input_stream_read(g_subprocess_get_stdout_pipe(fixture->bus), ready, sizeof ready, NULL,
                        &error);
    g_assert_no_error(error);
    fixture->control =
        g_dbus_connection_new_for_address_sync(fixture->address,
                                               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                               NULL, NULL, &error);
    g_assert_no_error(error);
}

static void stop_bus(Fixture *fixture)
{
    g_clear_object(&fixture->control);
    g_subprocess_force_exit(fixture->bus);
    g_subprocess_wait(fixture->bus, NULL, NULL);
    g_clear_object(&fixture->bus);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("paced-radio-XXXXXX", NULL);
    fixture->address = g_strdup_printf("unix:path=%s/bus", fixture->folder);
    g_setenv("DBUS_SYSTEM_BUS_ADDRESS", fixture->address, TRUE);
    start_bus(fixture);
    start_fake(fixture, data ? data : "--sensor=pod");
    fixture->radio = radio_new(&(RadioConfig){.adapter = NULL}, &handlers, fixture);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    Usec began = clock_now();
    radio_free(fixture->radio);
    g_assert_cmpint(clock_now() - began, <, USEC_PER_SEC);
    kill_fake(fixture);
    stop_bus(fixture);
    g_autofree char *socket = g_build_filename(fixture->folder, "bus", NULL);
    g_remove(socket);
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture->address);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void enrol_both(Fixture *fixture)
{
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    g_assert_nonnull(sensor_at(fixture, STRIDE_SLOT)); // at once: the caller names its object
    g_test_message("both live after %.2f s", WAIT(20, both_live(fixture)));
}

// Data of both, after whatever `what` was.
static void expect_data(Fixture *fixture, const char *what, int deadline_s)
{
    guint heart = fixture->packets[HEART_SLOT], stride = fixture->packets[STRIDE_SLOT];
    double took =
        WAIT(deadline_s, fixture->packets[HEART_SLOT] > heart &&
                             fixture->packets[STRIDE_SLOT] > stride && both_live(fixture));
    g_test_message("data of both again %.2f s after %s", took, what);
}

// ── the tests ────────────────────────────────────────────────────────────────────────────────────

static void test_adopts(Fixture *fixture, gconstpointer data)
{
    fixture->adopt = true;
    g_test_message("adopted and live after %.2f s", WAIT(30, both_live(fixture)));
    WAIT(10, fixture->packets[HEART_SLOT] >= 2 && fixture->packets[STRIDE_SLOT] >= 2);
    WAIT(10, fixture->feature);
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

// Two daemons share BlueZ; when one leaves and takes the links along, the other has them again.
static void test_two_of_us(Fixture *fixture, gconstpointer data)
{
    enrol_both(fixture);
    Fixture other = {.radio = NULL};
    other.radio = radio_new(&(RadioConfig){.adapter = NULL}, &handlers, &other);
    enrol_both(&other);
    expect_data(fixture, "another one came", 10);
    radio_free(other.radio);
    linger(1);
    expect_data(fixture, "the other left", 20);
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
        g_test_add(tests[i].name, Fixture, tests[i].second, set_up, tests[i].test, tear_down);
    return g_test_run();
}
