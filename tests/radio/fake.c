// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here was only to leave nothing behind: whatever a test starts dies with it.

#include "fake.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

const char *paced_sim;

static void on_notify(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                      gpointer data)
{
    Fixture *fixture = data;
    g_assert_cmpuint(slot, <, SLOTS);
    g_assert_cmphex(characteristic >> 8, ==, 0x2A);
    fixture->reads[characteristic & 0xFF]++;
    fixture->read[characteristic & 0xFF] = length > 0 ? bytes[0] : 0;
    if (characteristic != 0x2A37 && characteristic != 0x2A53)
        return; // read, perhaps before the first packet
    fixture->longest = MAX(fixture->longest, length);
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

void enrol(Fixture *fixture, SensorId slot, const char *address, const char *name,
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

static void on_moved(SensorId slot, const char *address, gpointer data)
{
    Fixture *fixture = data;
    g_strlcpy(fixture->moved, address, sizeof fixture->moved);
}

static void find_quirk(const char *name, const char *manufacturer, const char *model,
                       guint services, RadioQuirk *ret_quirk, gpointer data)
{
    Fixture *fixture = data;
    fixture->asked++;
    if (!fixture->quirk_by_maker || manufacturer[0])
        *ret_quirk = fixture->quirk;
}

static void on_changed(gpointer data)
{
}

const RadioHandlers fake_handlers = {
    .notify = on_notify,
    .link = on_link,
    .candidate = on_candidate,
    .moved = on_moved,
    .changed = on_changed,
};

// ── waiting ──────────────────────────────────────────────────────────────────────────────────────

void on_deadline(gpointer data)
{
    *(bool *)data = true;
}

guint linger(int seconds)
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

const RadioSensor *sensor_at(Fixture *fixture, SensorId slot)
{
    const GArray *sensors = radio_sensors(fixture->radio);
    for (guint i = 0; i < sensors->len; i++)
        if (g_array_index(sensors, RadioSensor, i).slot == slot)
            return &g_array_index(sensors, RadioSensor, i);
    return NULL;
}

void explain(Fixture *fixture)
{
    if (!fixture->radio)
        return;
    g_test_message("radio %s: %s", radio_state_name(radio_state(fixture->radio)),
                   radio_reason(fixture->radio));
    const GArray *sensors = radio_sensors(fixture->radio);
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        g_test_message("%s %s: %s", sensor->address, link_state_name(sensor->state),
                       sensor->reason);
    }
}

bool state_is(Fixture *fixture, SensorId slot, LinkState state)
{
    const RadioSensor *sensor = sensor_at(fixture, slot);
    return sensor && sensor->state == state;
}

bool both_live(Fixture *fixture)
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

void start_fake(Fixture *fixture, const char *second)
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

void kill_fake(Fixture *fixture)
{
    g_subprocess_force_exit(fixture->fake);
    g_subprocess_wait(fixture->fake, NULL, NULL);
    g_clear_object(&fixture->fake);
}

GVariant *ask(Fixture *fixture, const char *path, const char *interface, const char *method,
              GVariant *arguments)
{
    g_autoptr(GError) error = NULL;
    GVariant *answer =
        g_dbus_connection_call_sync(fixture->control, "org.bluez", path, interface, method,
                                    arguments, NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

void tell(Fixture *fixture, const char *method, GVariant *arguments)
{
    g_autoptr(GVariant) answer =
        ask(fixture, "/org/paced1/sim", "org.paced1.Sim", method, arguments);
}

bool discovering(Fixture *fixture)
{
    g_autoptr(GVariant) answer =
        ask(fixture, "/org/bluez/hci0", "org.freedesktop.DBus.Properties", "Get",
            g_variant_new("(ss)", "org.bluez.Adapter1", "Discovering"));
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return g_variant_get_boolean(value);
}

guint connects(Fixture *fixture, const char *address)
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

void start_bus(Fixture *fixture)
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

void stop_bus(Fixture *fixture)
{
    g_clear_object(&fixture->control);
    g_subprocess_force_exit(fixture->bus);
    g_subprocess_wait(fixture->bus, NULL, NULL);
    g_clear_object(&fixture->bus);
}

void fake_set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("paced-radio-XXXXXX", NULL);
    fixture->address = g_strdup_printf("unix:path=%s/bus", fixture->folder);
    g_setenv("DBUS_SYSTEM_BUS_ADDRESS", fixture->address, TRUE);
    start_bus(fixture);
    start_fake(fixture, data ? data : "--sensor=pod");
    fixture->radio = radio_new(&(RadioConfig){.quirk = find_quirk, .quirk_data = fixture},
                               &fake_handlers, fixture);
}

void fake_tear_down(Fixture *fixture, gconstpointer data)
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

void enrol_both(Fixture *fixture)
{
    enrol(fixture, HEART_SLOT, STRAP, "strap", 0);
    enrol(fixture, STRIDE_SLOT, POD, "pod", 0);
    g_assert_nonnull(sensor_at(fixture, STRIDE_SLOT)); // at once: the caller names its object
    g_test_message("both live after %.2f s", WAIT(20, both_live(fixture)));
}

// Data of both, after whatever `what` was.
void expect_data(Fixture *fixture, const char *what, int deadline_s)
{
    guint heart = fixture->packets[HEART_SLOT], stride = fixture->packets[STRIDE_SLOT];
    double took =
        WAIT(deadline_s, fixture->packets[HEART_SLOT] > heart &&
                             fixture->packets[STRIDE_SLOT] > stride && both_live(fixture));
    g_test_message("data of both again %.2f s after %s", took, what);
}
