// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The hub with everything real but the time: what it does after a long rest, and what is left of it
// when it cannot begin.

#include "hub/hub.h"

#include "codec/rscs.h"
#include "hub/hub-inside.h"
#include "io/error.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define MINUTE (60 * USEC_PER_SEC)
#define RUNNER "/org/paced1/runner/me"

// The linker sends the shell's looks at the clock here (--wrap).
static Usec ahead;
Usec __real_clock_now(void);
Usec __real_clock_wall(void);
Usec __wrap_clock_now(void);
Usec __wrap_clock_now(void)
{
    return __real_clock_now() + ahead;
}

Usec __wrap_clock_wall(void);
Usec __wrap_clock_wall(void)
{
    return __real_clock_wall() + ahead;
}

static gboolean wall_is_sure;
gboolean __wrap_clock_wall_is_sure(void);
gboolean __wrap_clock_wall_is_sure(void)
{
    return wall_is_sure;
}

// And what the voice is asked to make ready, and to sound.
static char prepared[CUE_TEXT_MAX];
void __real_voice_prepare(Voice *voice, const char *text);
void __wrap_voice_prepare(Voice *voice, const char *text);
void __wrap_voice_prepare(Voice *voice, const char *text)
{
    g_strlcpy(prepared, text, sizeof prepared);
    __real_voice_prepare(voice, text);
}

static unsigned tones[TONE_COUNT_OF];
void __real_voice_tone(Voice *voice, const Cue *cue);
void __wrap_voice_tone(Voice *voice, const Cue *cue);
void __wrap_voice_tone(Voice *voice, const Cue *cue)
{
    tones[cue->tone]++;
    __real_voice_tone(voice, cue);
}

static struct {
    GTestDBus *dbus;
    GDBusConnection *server, *client;
    char *directory, *database;
    Config *config;
    Hub *hub;
    gboolean ready;
    char *said, *by; // the newest Cue; who brought about the newest State
} world;

static void on_ready(gpointer data)
{
    world.ready = TRUE;
}

static void on_lost(gpointer data)
{
    cr_assert(false, "the bus is lost");
}

static GDBusConnection *connect_bus(void)
{
    return g_dbus_connection_new_for_address_sync(
        g_test_dbus_get_bus_address(world.dbus),
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
        NULL, NULL, NULL);
}

static void on_signal(GDBusConnection *connection, const char *sender, const char *path,
                      const char *interface, const char *member, GVariant *body, gpointer data)
{
    const char *text;
    if (strcmp(member, "Cue") == 0) {
        g_variant_get(body, "(&s&s)", &text, NULL);
        g_free(world.said);
        world.said = g_strdup(text);
    } else if (strcmp(member, "StateChanged") == 0) {
        g_variant_get(body, "(&s&s)", NULL, &text);
        g_free(world.by);
        world.by = g_strdup(text);
    }
}

static void world_begin(void)
{
    world.dbus = g_test_dbus_new(G_TEST_DBUS_NONE);
    g_test_dbus_up(world.dbus);
    world.server = connect_bus();
    world.client = connect_bus();
    world.directory = g_dir_make_tmp("paced-hub-XXXXXX", NULL);
    world.database = g_build_filename(world.directory, "paced.db", NULL);
    g_setenv("XDG_CONFIG_HOME", world.directory, TRUE);
    world.config = config_load(TEST_CONFIG);
    g_dbus_connection_signal_subscribe(world.client, NULL, NULL, NULL, NULL, NULL,
                                       G_DBUS_SIGNAL_FLAGS_NONE, on_signal, NULL, NULL);
}

static void world_end(void)
{
    hub_free(world.hub);
    config_free(world.config);
    g_object_unref(world.server);
    g_object_unref(world.client);
    g_test_dbus_down(world.dbus);
    g_object_unref(world.dbus);
    g_autofree char *command = g_strdup_printf("rm -rf %s", world.directory);
    g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL);
    g_free(world.directory);
    g_free(world.database);
    g_free(world.said);
    g_free(world.by);
}

static Hub *begin(const char *voice, GError **error)
{
    char *outputs[] = {(char *)voice, NULL};
    return hub_new(&(HubOptions){.config = world.config,
                                 .bus = world.server,
                                 .bluez = world.server, // no BlueZ there
                                 .database = world.database,
                                 .voice_outputs = outputs,
                                 .ready = on_ready,
                                 .lost = on_lost},
                   error);
}

static void begin_well(void)
{
    GError *error = NULL;
    world.hub = begin("print", &error);
    cr_assert_null(error);
    while (!world.ready)
        g_main_context_iteration(NULL, TRUE);
}

static void on_called(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    *(GVariant **)data = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    cr_assert_null(error, "%s", error->message);
}

// What a method answers.
static GVariant *ask(const char *path, const char *interface, const char *method,
                     GVariant *arguments)
{
    GVariant *reply = NULL;
    g_dbus_connection_call(world.client, "org.paced1", path, interface, method, arguments, NULL,
                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, &reply);
    while (!reply)
        g_main_context_iteration(NULL, TRUE);
    return reply;
}

static void call(const char *path, const char *interface, const char *method, GVariant *arguments)
{
    g_variant_unref(ask(path, interface, method, arguments));
}

static GVariant *property(const char *path, const char *interface, const char *name)
{
    g_autoptr(GVariant) reply =
        ask(path, "org.freedesktop.DBus.Properties", "Get", g_variant_new("(ss)", interface, name));
    GVariant *value;
    g_variant_get(reply, "(v)", &value);
    return value;
}

static void enrol_a_strap(void)
{
    g_autoptr(Store) store = store_open(world.database, NULL, NULL, NULL);
    const EnrolledSensor strap = {
        .slot = -1, .address = (char *)"A0:9E:1A:11:22:33", .services = SERVICE_HEART};
    cr_assert(store_sensor_put(store, &strap, NULL, NULL));
}

static void preflight(void)
{
    call(RUNNER, "org.paced1.Runner", "Preflight", g_variant_new("(a{sv})", NULL));
    while (!world.said)
        g_main_context_iteration(NULL, TRUE);
}

TestSuite(hub, .init = world_begin, .fini = world_end);

Test(hub, that_cannot_begin_says_why)
{
    GError *error = NULL;
    cr_assert_null(begin("trumpet", &error));
    cr_assert(g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT), "%s", error->message);
    g_error_free(error);
}

Test(hub, knows_its_sensors_after_a_long_rest)
{
    enrol_a_strap();
    begin_well();
    ahead = 31 * MINUTE;
    preflight();
    cr_assert_not_null(strstr(world.said, "missing"), "%s", world.said);
}

Test(hub, knows_who_asked_after_a_long_rest)
{
    enrol_a_strap();
    begin_well();
    ahead = 31 * MINUTE;
    call(RUNNER, "org.paced1.Runner", "StartFree", g_variant_new("(a{sv})", NULL));
    while (!world.by)
        g_main_context_iteration(NULL, TRUE);
    cr_assert(eq(str, world.by, (char *)g_dbus_connection_get_unique_name(world.client)));
}

Test(hub, that_keeps_runs_beside_does_not_say_that_it_keeps_none)
{
    cr_assert(g_file_set_contents(world.database, "somebody's diary, and no database", -1, NULL));
    begin_well();
    preflight();
    cr_assert_null(strstr(world.said, "saved"), "%s", world.said);
}

// ── distances that are known ──

#define POD        "F0:13:C3:5A:77:2E"
#define POD_PATH   "/org/paced1/sensor/F0_13_C3_5A_77_2E"
#define TRUE_SPEED 3.5 // m/s, of which the pod sees 4 % too little

static void enrol_a_pod(void)
{
    g_autoptr(Store) store = store_open(world.database, NULL, NULL, NULL);
    const EnrolledSensor pod = {.slot = -1,
                                .address = (char *)POD,
                                .services = SERVICE_STRIDE,
                                .convention = CADENCE_STEPS};
    cr_assert(store_sensor_put(store, &pod, NULL, NULL));
}

static void end_and_begin_again(void)
{
    hub_free(world.hub);
    world.ready = FALSE;
    begin_well();
}

static void run_m(double metres)
{
    const Usec until = clock_now() + usec_from_s(metres / TRUE_SPEED);
    while (clock_now() < until) {
        const RscsMeasurement sent = {.speed_256 = (uint16_t)lround(TRUE_SPEED / 1.04 * 256),
                                      .cadence = 170};
        Event event = {.at = clock_now(), .kind = EVENT_NOTIFY};
        event.notify.characteristic = CHARACTERISTIC_RSCS_MEASUREMENT;
        event.notify.length =
            (uint8_t)rscs_encode(&sent, event.notify.bytes, sizeof event.notify.bytes);
        hub_take(world.hub, &event);
        ahead += MIN(USEC_PER_SEC / 2, MAX(until - clock_now(), 0));
    }
}

static double speed(void)
{
    return session_snapshot(world.hub->session)->speed.value;
}

static void runner_call(const char *method, GVariant *arguments)
{
    call(RUNNER, "org.paced1.Runner", method, arguments);
}

static void session_call(const char *method, GVariant *arguments)
{
    call(RUNNER "/session", "org.paced1.Session", method, arguments);
}

// A number of Scales, "ground" or "treadmill"; NAN when it is not there.
static double scale_of(const char *surface, const char *key)
{
    g_autoptr(GVariant) value = property(POD_PATH, "org.paced1.Sensor", "Scales");
    double number = NAN;
    g_autoptr(GVariant) scales = g_variant_lookup_value(value, surface, G_VARIANT_TYPE_VARDICT);
    if (scales)
        g_variant_lookup(scales, key, "d", &number);
    return number;
}

static GVariant *latest_run(void)
{
    g_autoptr(GVariant) reply =
        ask("/org/paced1/history", "org.paced1.History", "List", g_variant_new("(u)", 1));
    g_autoptr(GVariant) runs = g_variant_get_child_value(reply, 0);
    return g_variant_get_child_value(runs, 0);
}

static double of_run(const char *key)
{
    g_autoptr(GVariant) run = latest_run();
    double number = NAN;
    g_variant_lookup(run, key, "d", &number);
    return number;
}

Test(hub, two_laps_of_a_track_put_a_pod_right_for_good)
{
    enrol_a_pod();
    begin_well();
    cr_expect(isnan(scale_of("ground", "scale")));
    runner_call("SetTrack", g_variant_new("(d)", 400.0));
    run_m(20);
    runner_call("StartFree", g_variant_new("(a{sv})", NULL));
    for (int lap = 0; lap < 2; lap++) {
        run_m(400);
        session_call("Lap", NULL);
    }
    run_m(20);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.005));
    session_call("Stop", g_variant_new("(a{sv})", NULL));
    cr_expect(epsilon_eq(dbl, of_run("corrected-distance"), 820, 4));
    cr_expect(epsilon_eq(dbl, of_run("distance"), 820 - 16, 4));
    const double learnt = scale_of("ground", "scale");
    cr_expect(epsilon_eq(dbl, learnt, 1.04, 0.005));
    end_and_begin_again();
    cr_expect(epsilon_eq(dbl, scale_of("ground", "scale"), learnt, 1e-6));
    run_m(20);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.005), "from the first steps");
    const double sure = scale_of("ground", "deviation");
    call(POD_PATH, "org.paced1.Sensor", "UndoScale", g_variant_new("(s)", "ground"));
    cr_expect(gt(dbl, scale_of("ground", "deviation"), 1.3 * sure), "one lap says less than two");
    call(POD_PATH, "org.paced1.Sensor", "UndoScale", g_variant_new("(s)", "ground"));
    cr_expect(epsilon_eq(dbl, scale_of("ground", "deviation"), sure, 1e-6), "after all");
}

Test(hub, that_was_five_kilometres)
{
    enrol_a_pod();
    begin_well();
    run_m(20);
    runner_call("StartFree", g_variant_new("(a{sv})", NULL));
    run_m(5000);
    session_call("Stop", g_variant_new("(a{sv})", NULL));
    cr_expect(isnan(of_run("corrected-distance")));
    ahead += 20 * MINUTE;
    runner_call("CorrectDistance", g_variant_new("(d)", 5000.0));
    cr_expect(eq(dbl, of_run("corrected-distance"), 5000));
    cr_expect(epsilon_eq(dbl, of_run("distance"), 5000 / 1.04, 10));
    cr_expect(epsilon_eq(dbl, scale_of("ground", "scale"), 1.04, 0.004));
    runner_call("UndoCorrection", NULL);
    cr_expect(isnan(of_run("corrected-distance")));
    cr_expect(isnan(scale_of("ground", "scale")), "as it comes");
}

static gsize runs_kept(void)
{
    g_autoptr(GVariant) reply =
        ask("/org/paced1/history", "org.paced1.History", "List", g_variant_new("(u)", 9));
    g_autoptr(GVariant) runs = g_variant_get_child_value(reply, 0);
    return g_variant_n_children(runs);
}

static void run_for(Usec time)
{
    runner_call("StartFree", g_variant_new("(a{sv})", NULL));
    ahead += time;
    session_call("Stop", g_variant_new("(a{sv})", NULL));
}

// In a daemon that lives on; at its start as well.
Test(hub, what_is_older_than_is_wanted_goes_after_a_run_and_with_a_sitting)
{
    const Usec day = 24 * 60 * MINUTE;
    world.config->keep_days = 30;
    begin_well();
    run_for(MINUTE);
    ahead += 31 * day;
    run_for(MINUTE);
    cr_expect(eq(sz, runs_kept(), 2), "the date is not sure");
    wall_is_sure = TRUE;
    run_for(MINUTE);
    cr_expect(eq(sz, runs_kept(), 2), "after a run");
    ahead += 29 * day;
    run_for(MINUTE);
    cr_expect(eq(sz, runs_kept(), 3), "not yet");
    ahead += 2 * day;
    hub_take(world.hub, &(Event){.at = clock_now(), .kind = EVENT_TIME});
    cr_expect(eq(sz, runs_kept(), 1), "with a sitting");
    ahead += 31 * day;
    end_and_begin_again();
    cr_expect(eq(sz, runs_kept(), 0), "at the start");
}

// Lessons grow older by whole days; one that ends in a run must not end what is being measured.
Test(hub, a_day_that_ends_in_a_run_changes_nothing_of_it)
{
    enrol_a_pod();
    begin_well();
    call(POD_PATH, "org.paced1.Sensor", "SetScale", g_variant_new("(sd)", "ground", 1.02));
    ahead += 24 * 60 * MINUTE - 60 * USEC_PER_SEC;
    end_and_begin_again();
    runner_call("SetTrack", g_variant_new("(d)", 400.0));
    run_m(20);
    runner_call("StartFree", g_variant_new("(a{sv})", NULL));
    run_m(300);
    registry_heard(world.hub->registry); // as whenever a sensor says something of itself
    run_m(100);
    session_call("Lap", NULL);
    cr_expect(gt(dbl, scale_of("ground", "scale"), 1.025), "the press was a known distance");
    session_call("Stop", g_variant_new("(a{sv})", NULL));
    const double sure = scale_of("ground", "deviation");
    ahead += 366 * 24 * 60 * MINUTE;
    hub_take(world.hub, &(Event){.at = clock_now(), .kind = EVENT_TIME});
    run_m(20);
    registry_heard(world.hub->registry);
    cr_expect(gt(dbl, session_known(world.hub->session, 0).scales[SURFACE_GROUND].scale_deviation,
                 sure + 0.001),
              "another sitting is another day");
}

Test(hub, a_users_word_on_a_scale_counts_at_once_and_for_good)
{
    enrol_a_pod();
    begin_well();
    run_m(20);
    call(POD_PATH, "org.paced1.Sensor", "SetScale", g_variant_new("(sd)", "ground", 1.04));
    run_m(20);
    cr_expect(epsilon_eq(dbl, speed() / TRUE_SPEED, 1, 0.002));
    end_and_begin_again();
    cr_expect(epsilon_eq(dbl, scale_of("ground", "scale"), 1.04, 1e-6));
    call(POD_PATH, "org.paced1.Sensor", "SetScale", g_variant_new("(sd)", "ground", 0.0));
    cr_expect(isnan(scale_of("ground", "scale")));
}

// ── between sessions ──

static double derived_vdot(void)
{
    g_autoptr(GVariant) value = property(RUNNER, "org.paced1.Athlete", "Derived");
    double number = NAN;
    g_variant_lookup(value, "vdot", "d", &number);
    return number;
}

// As the button of a vest says it, with no run on.
static void press(CommandVerb verb)
{
    asked_handlers.command(0, verb, NULL, 0, ":1.7", world.hub);
}

// Time passes until it is said.
static void wait_cue(const char *text)
{
    while (!world.said || !strstr(world.said, text)) {
        ahead += USEC_PER_SEC / 10;
        hub_take(world.hub, &(Event){.at = clock_now(), .kind = EVENT_TIME});
        call("/org/paced1/hub", "org.freedesktop.DBus.Peer", "Ping", NULL);
    }
}

// The store has answered what it was asked before.
static void wait_said(const char *text)
{
    g_variant_unref(latest_run());
    wait_cue(text);
}

// A kilometre all out in 4:46, on a pod that a known distance stands behind.
Test(hub, a_time_trial_is_asked_about_and_a_button_takes_it, .timeout = 60)
{
    enrol_a_pod();
    begin_well();
    run_m(20);
    call(POD_PATH, "org.paced1.Sensor", "SetScale", g_variant_new("(sd)", "ground", 1.04));
    run_m(20);
    for (int life = 0; life < 2; life++) {
        run_m(40);
        runner_call("StartText", g_variant_new("(sa{sv})", "Workout - Trial\n- 1km @ max\n", NULL));
        run_m(1020);
        wait_said("New paces? accept or leave it");
        cr_expect(isnan(derived_vdot()), "nothing changes before it is accepted");
        press(life == 0 ? COMMAND_VETO : COMMAND_ACCEPT);
        wait_said(life == 0 ? "left as it was" : "accepted");
    }
    const double vdot = vdot_from_race(1000, 1000 / TRUE_SPEED);
    cr_expect(epsilon_eq(dbl, derived_vdot(), vdot, 0.5));
    end_and_begin_again();
    cr_expect(epsilon_eq(dbl, derived_vdot(), vdot, 0.5), "for good");
    cr_expect(eq(sz, session_athlete(world.hub->session)->race_count, 1));
}

Test(hub, what_is_announced_next_is_made_ready_before_its_moment)
{
    begin_well();
    runner_call("StartText", g_variant_new("(sa{sv})",
                                           "Workout - Two\n- 40s @ 5'00''/km\n- 2 lots of:\n"
                                           "  - 400m @ 4'00''/km\n  - 1min rest\n",
                                           NULL));
    run_m(10);
    g_autofree char *ready = g_strdup(prepared);
    cr_expect(strstr(ready, "four hundred metres at four flat. One of two") != NULL, "%s", ready);
    wait_cue(ready);
    cr_expect(eq(str, world.said, ready));
}

// The boundary's own tone is the answer to the press that made it.
Test(hub, a_press_that_ends_a_repetition_is_answered_by_one_tone)
{
    static const Deed lap = {1, {COMMAND_LAP}};
    begin_well();
    runner_call("StartText", g_variant_new("(sa{sv})",
                                           "Workout - Two\n- 2 lots of:\n  - 400m @ 4'00''/km\n"
                                           "  - 1min rest\n",
                                           NULL));
    run_m(100);
    memset(tones, 0, sizeof tones);
    pressing_pressed(&lap, FALSE, world.hub); // a rest
    cr_expect(eq(u32, tones[TONE_REST], 1));
    cr_expect(eq(u32, tones[TONE_YES], 0));
    run_m(100);
    memset(tones, 0, sizeof tones);
    pressing_pressed(&lap, FALSE, world.hub); // and work again
    cr_expect(eq(u32, tones[TONE_GO] + tones[TONE_YES], 1));
    static const Deed resume = {1, {COMMAND_RESUME}};
    pressing_pressed(&resume, FALSE, world.hub);
    cr_expect(eq(u32, tones[TONE_NO], 1), "what does not work is told all the same");
}
