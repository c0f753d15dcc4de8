// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sensors as a program on the bus sees them: what is shown of them, what they can be told, and who
// holds them.

#include "io/error.h"
#include "world.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(sensors, .init = world_begin, .fini = world_end, .timeout = 60);

#define STRAP     "/org/paced1/sensor/A0_9E_1A_11_22_33"
#define CANDIDATE "/org/paced1/sensor/C4_01_02_03_04_05"
#define INTERFACE "org.paced1.Sensor"

static RadioSensor strap, candidate;
static EnrolledSensor enrolled;
static SensorKnown known;
static SensorView view;
static History history;
static SensorShown both[2];

static void begin(void)
{
    world_begin();
    strap = (RadioSensor){.address = "A0:9E:1A:11:22:33",
                          .name = "Strap",
                          .services = SERVICE_HEART,
                          .state = LINK_LIVE,
                          .since = 90 * USEC_PER_SEC,
                          .next_try = USEC_NEVER,
                          .battery = 80,
                          .rssi = -61,
                          .manufacturer = "Acme",
                          .firmware = "3.1",
                          .quirk = "acme+slow",
                          .acquired = TRUE};
    candidate = (RadioSensor){.address = "C4:01:02:03:04:05",
                              .slot = SENSOR_NONE,
                              .state = LINK_IDLE,
                              .next_try = USEC_NEVER,
                              .battery = -1};
    enrolled = (EnrolledSensor){
        .runner = (char *)"anna", .roles = SERVICE_HEART, .rank = 7, .convention_fixed = FALSE};
    view = (SensorView){.serves = SERVICE_HEART,
                        .location = 1,
                        .convention = CADENCE_UNSETTLED,
                        .counts = {.packets = 7, .rejected = 1}};
    history = (History){0};
    known = (SensorKnown){.scales[SURFACE_TREADMILL] = {0.97, 0, 0.015, 0.003, 0, true}};
    both[0] = (SensorShown){&strap, &enrolled, &view, &history, &known};
    both[1] = (SensorShown){.radio = &candidate};
}

TestSuite(shown, .init = begin, .fini = world_end, .timeout = 60);
TestSuite(told, .init = begin, .fini = world_end, .timeout = 60);

static double number(const char *path, const char *name)
{
    g_autoptr(GVariant) value = property(path, INTERFACE, name);
    return g_variant_get_double(value);
}

static void assert_text(const char *path, const char *name, const char *expected)
{
    g_autoptr(GVariant) value = property(path, INTERFACE, name);
    cr_assert_str_eq(g_variant_get_string(value, NULL), expected, "%s is “%s”", name,
                     g_variant_get_string(value, NULL));
}

static void assert_printed(const char *path, const char *name, const char *expected)
{
    g_autoptr(GVariant) value = property(path, INTERFACE, name);
    g_autofree char *printed = g_variant_print(value, FALSE);
    cr_assert_str_eq(printed, expected, "%s is %s", name, printed);
}

Test(shown, sensors_come_and_go_with_what_is_known_of_them)
{
    signals_watch(NULL);
    bus_publish_sensors(world.bus, both, 2);
    signals_settle();
    cr_assert_eq(signals_seen("InterfacesAdded"), 2);
    assert_printed(STRAP, "Packets", "{'packets': 7, 'rejected': 1}");
    cr_assert_eq(number(STRAP, "Battery"), 80);
    cr_assert_eq(number(STRAP, "Since"), 90);
    assert_text(STRAP, "Manufacturer", "Acme");
    assert_text(STRAP, "Model", "");
    assert_text(STRAP, "Firmware", "3.1");
    assert_text(STRAP, "Quirk", "acme+slow");
    assert_text(STRAP, "Location", "chest");
    assert_text(STRAP, "Cadence", "unsettled");
    assert_text(STRAP, "Runner", "anna");
    assert_text(STRAP, "Subscription", "acquire");
    assert_printed(STRAP, "Roles", "['heart']");
    assert_printed(STRAP, "Rank", "7");
    assert_printed(STRAP, "Busy", "false");
    g_autoptr(GVariant) scales = property(STRAP, INTERFACE, "Scales");
    g_autoptr(GVariant) belt = g_variant_lookup_value(scales, "treadmill", G_VARIANT_TYPE_VARDICT);
    double scale = NAN;
    gboolean compared = FALSE;
    cr_assert_eq(g_variant_n_children(scales), 1);
    cr_assert(g_variant_lookup(belt, "scale", "d", &scale) && scale == 0.97);
    cr_assert(g_variant_lookup(belt, "compared", "b", &compared) && compared);

    both[0].view = NULL;
    bus_publish_sensors(world.bus, both, 1);
    signals_settle();
    cr_assert_eq(signals_seen("InterfacesRemoved"), 1);
    assert_printed(STRAP, "Packets", "{'packets': 7, 'rejected': 1}");
    assert_text(STRAP, "Location", "chest");
}

Test(shown, what_is_not_known_of_a_candidate_is_nan_or_empty)
{
    static const char *const numbers[] = {"Battery", "Rssi", "NextTry"};
    static const char *const texts[] = {"Manufacturer", "Model",  "Firmware",    "Location",
                                        "Quirk",        "Runner", "Subscription"};
    bus_publish_sensors(world.bus, both, 2);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        cr_assert(isnan(number(CANDIDATE, numbers[i])), "%s", numbers[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_text(CANDIDATE, texts[i], "");
    assert_text(CANDIDATE, "Cadence", "unsettled");
    assert_printed(CANDIDATE, "Roles", "[]");
    assert_printed(CANDIDATE, "History", "{}");
}

Test(shown, a_pods_place_has_another_list_and_a_fixed_cadence_shows_at_once)
{
    view.serves = SERVICE_STRIDE;
    view.convention = CADENCE_STEPS;
    bus_publish_sensors(world.bus, both, 1);
    assert_text(STRAP, "Location", "top-of-shoe");
    assert_text(STRAP, "Cadence", "steps");
    both[0].view = NULL;
    enrolled.convention = CADENCE_ONE_LEG;
    bus_publish_sensors(world.bus, both, 1);
    assert_text(STRAP, "Cadence", "steps");
    enrolled.convention_fixed = TRUE;
    bus_publish_sensors(world.bus, both, 1);
    assert_text(STRAP, "Cadence", "one-leg");
    assert_printed(STRAP, "CadenceFixed", "true");
    view.location = 200;
    both[0].view = &view;
    bus_publish_sensors(world.bus, both, 1);
    assert_text(STRAP, "Location", "");
}

Test(shown, the_history_is_told_seldom_but_an_end_at_once)
{
    for (int i = 0; i < 5; i++) {
        history_add(&history, HISTORY_GAP, 0.3);
        history_end(&history, 150, END_PEER);
    }
    history_failure(&history, TROUBLE_TIMEOUT);
    bus_publish_sensors(world.bus, both, 1);
    g_autoptr(GVariant) first = property(STRAP, INTERFACE, "History");
    g_autoptr(GVariant) gaps = g_variant_lookup_value(first, "gap", G_VARIANT_TYPE("a(du)"));
    cr_assert_eq(g_variant_n_children(gaps), HISTORY_BUCKETS);
    double bound, age;
    guint32 count;
    g_variant_get_child(gaps, 2, "(du)", &bound, &count);
    cr_assert(bound == 0.4 && count == 5);
    g_variant_get_child(gaps, HISTORY_BUCKETS - 1, "(du)", &bound, &count);
    cr_assert(isinf(bound) && count == 0);
    cr_assert(g_variant_lookup(first, "drops-after", "d", &age) && age == 150);
    g_autoptr(GVariant) ends = g_variant_lookup_value(first, "ends", NULL);
    cr_assert(g_variant_lookup(ends, "hung-up", "u", &count) && count == 5);
    g_autoptr(GVariant) failures = g_variant_lookup_value(first, "failures", NULL);
    cr_assert_eq(g_variant_n_children(failures), 1);
    g_autoptr(GVariant) none = g_variant_lookup_value(first, "rssi", NULL);
    cr_assert_null(none);

    both[0].view = NULL;
    history_add(&history, HISTORY_GAP, 0.3);
    bus_publish_sensors(world.bus, both, 1);
    g_autoptr(GVariant) kept = property(STRAP, INTERFACE, "History");
    cr_assert(g_variant_equal(first, kept));
    strap.state = LINK_SEARCHING;
    bus_publish_sensors(world.bus, both, 1);
    g_autoptr(GVariant) later = property(STRAP, INTERFACE, "History");
    cr_assert_not(g_variant_equal(first, later));
    assert_text(STRAP, "Subscription", "");
}

// ── what sensors and the hub are told ──

Test(told, a_sensor_is_added_by_an_address_in_either_case)
{
    Reply reply = call(HUB, "org.paced1.Hub", "AddSensor",
                       g_variant_new_parsed("('a0:9e:1a:11:22:33', {'name': <'Chest'>})"));
    cr_assert_null(reply.error, "%s", reply.message);
    const char *path;
    g_variant_get(reply.value, "(&o)", &path);
    cr_assert_str_eq(path, STRAP);
    cr_assert_str_eq(world.text, "A0:9E:1A:11:22:33 Chest");
    reply_clear(&reply);
}

Test(told, what_is_not_said_of_a_sensor_stays)
{
    bus_publish_sensors(world.bus, both, 1);
    Reply reply = call(STRAP, INTERFACE, "Configure", g_variant_new_parsed("(@a{sv} {},)"));
    cr_assert_null(reply.error, "%s", reply.message);
    cr_assert(!world.wish.name && !world.wish.runner && world.wish.match_name == -1 &&
              world.wish.roles == -1 && world.wish.rank == -1 && world.wish.cadence == -1);
    reply_clear(&reply);
    reply = call(STRAP, INTERFACE, "Configure",
                 g_variant_new_parsed("({'name': <''>, 'runner': <'anna'>, 'match-name': <true>, "
                                      "'roles': <['stride', 'heart']>, 'rank': <uint32 255>, "
                                      "'cadence': <'one-leg'>},)"));
    cr_assert_null(reply.error, "%s", reply.message);
    cr_assert_str_eq(world.text, "A0:9E:1A:11:22:33 anna");
    cr_assert(world.wish.name && world.wish.match_name == TRUE && world.wish.rank == 255);
    cr_assert_eq(world.wish.roles, SERVICE_HEART | SERVICE_STRIDE);
    cr_assert_eq(world.wish.cadence, CADENCE_ONE_LEG);
    reply_clear(&reply);
    reply = call(STRAP, INTERFACE, "Configure",
                 g_variant_new_parsed("({'roles': <@as []>, 'cadence': <'auto'>},)"));
    cr_assert_null(reply.error, "%s", reply.message);
    cr_assert(world.wish.roles == 0 && world.wish.cadence == CADENCE_UNSETTLED);
    reply_clear(&reply);
}

Test(told, arguments_that_make_no_sense_are_refused_before_anybody_is_asked)
{
    static const struct {
        const char *method, *args;
    } table[] = {
        {"Configure", "({'colour': <'red'>},)"},
        {"Configure", "({'name': <'a\\nb'>},)"},
        {"Configure", "({'runner': <'\\u0007'>},)"},
        {"Configure", "({'roles': <['cook']>},)"},
        {"Configure", "({'roles': <'heart'>},)"},
        {"Configure", "({'rank': <uint32 256>},)"},
        {"Configure", "({'rank': <-1>},)"},
        {"Configure", "({'match-name': <'yes'>},)"},
        {"Configure", "({'cadence': <'unsettled'>},)"},
        {"SetDistance", "(-0.1,)"},
        {"SetDistance", "(429496730.0,)"},
        {"SetDistance", "(inf,)"},
        {"SetLocation", "('moon',)"},
        {"SetLocation", "('',)"},
    };
    bus_publish_sensors(world.bus, both, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Reply reply = call(STRAP, INTERFACE, table[i].method, g_variant_new_parsed(table[i].args));
        cr_assert_not_null(reply.error, "%s", table[i].args);
        cr_assert_str_eq(reply.error, "org.paced1.Error.BadArgument", "%s", table[i].args);
        reply_clear(&reply);
    }
    Reply reply = call(STRAP, INTERFACE, "SetDistance", g_variant_new("(d)", NAN));
    cr_assert_str_eq(reply.error, "org.paced1.Error.BadArgument");
    reply_clear(&reply);
    cr_assert(world.asked == 0 && !world.text);
}

// Begins a call and waits until the hub has been asked.
static void tell(const char *method, GVariant *args, Reply *reply)
{
    guint before = world.asked;
    call_begin(world.client, STRAP, INTERFACE, method, args, reply);
    while (world.asked == before)
        g_main_context_iteration(NULL, TRUE);
}

Test(told, a_procedure_is_passed_on_and_answered)
{
    Reply reply;
    bus_publish_sensors(world.bus, both, 1);
    tell("SetDistance", g_variant_new("(d)", 1234.5), &reply);
    cr_assert(world.procedure.kind == PROCEDURE_SET_DISTANCE &&
              world.procedure.distance_m == 1234.5);
    cr_assert_not(reply.done);
    answer_procedure(&(ProcedureResult){.outcome = PROCEDURE_DONE});
    call_wait(&reply);
    cr_assert_null(reply.error);
    reply_clear(&reply);

    tell("SetLocation", g_variant_new("(s)", "in-shoe"), &reply);
    cr_assert(world.procedure.kind == PROCEDURE_SET_LOCATION && world.procedure.location == 2);
    answer_procedure(&(ProcedureResult){.outcome = PROCEDURE_DONE});
    call_wait(&reply);
    reply_clear(&reply);

    tell("ListLocations", NULL, &reply);
    cr_assert_eq(world.procedure.kind, PROCEDURE_LIST_LOCATIONS);
    answer_procedure(&(ProcedureResult){.locations = {2, 99, 1}, .location_count = 3});
    call_wait(&reply);
    g_autofree char *printed = g_variant_print(reply.value, FALSE);
    cr_assert_str_eq(printed, "(['in-shoe', 'top-of-shoe'],)");
    reply_clear(&reply);
}

Test(told, each_way_to_fail_has_its_error_and_names_the_sensor)
{
    static const struct {
        ProcedureOutcome outcome;
        const char *error;
    } table[] = {
        {PROCEDURE_BUSY, "Busy"},
        {PROCEDURE_IN_PROGRESS, "Busy"},
        {PROCEDURE_NOT_CONNECTED, "NotReady"},
        {PROCEDURE_LINK_LOST, "NotReady"},
        {PROCEDURE_NOT_CONFIGURED, "NotReady"},
        {PROCEDURE_NEEDS_PAIRING, "NotReady"},
        {PROCEDURE_NO_POINT, "NotSupported"},
        {PROCEDURE_NOT_SUPPORTED, "NotSupported"},
        {PROCEDURE_INVALID, "NotSupported"},
        {PROCEDURE_NOT_PERMITTED, "NotSupported"},
        {PROCEDURE_TIMED_OUT, "TimedOut"},
        {PROCEDURE_FAILED, "Failed"},
        {PROCEDURE_ERROR, "Failed"},
    };
    bus_publish_sensors(world.bus, both, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Reply reply;
        g_autofree char *error = g_strconcat("org.paced1.Error.", table[i].error, NULL);
        g_autoptr(GString) words = g_string_new("Strap: ");
        g_string_append(words, procedure_outcome_text(table[i].outcome));
        g_string_replace(words, "ADDRESS", strap.address, 0);
        tell(i % 2 ? "Calibrate" : "ResetEnergy", NULL, &reply);
        answer_procedure(&(ProcedureResult){.outcome = table[i].outcome});
        call_wait(&reply);
        cr_assert_str_eq(reply.error, error);
        cr_assert_str_eq(reply.message, words->str);
        reply_clear(&reply);
    }
}

Test(told, sensors_that_do_not_answer_hold_up_no_more_than_a_few_callers)
{
    Reply waiting[33];
    bus_publish_sensors(world.bus, both, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++)
        call_begin(world.client, STRAP, INTERFACE, "Calibrate", NULL, &waiting[i]);
    call_wait(&waiting[32]);
    cr_assert_str_eq(waiting[32].error, "org.paced1.Error.NotReady");
    cr_assert_eq(world.asked, 32);
    g_clear_pointer(&world.bus, bus_free);
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++) {
        call_wait(&waiting[i]);
        cr_assert_str_eq(waiting[i].error, "org.paced1.Error.NotReady");
        reply_clear(&waiting[i]);
    }
}

Test(told, a_sensor_that_goes_while_it_is_asked_is_answered_for)
{
    Reply reply;
    bus_publish_sensors(world.bus, both, 1);
    tell("Calibrate", NULL, &reply);
    bus_publish_sensors(world.bus, NULL, 0);
    answer_procedure(&(ProcedureResult){.outcome = PROCEDURE_LINK_LOST});
    call_wait(&reply);
    cr_assert_str_eq(reply.error, "org.paced1.Error.NotReady");
    reply_clear(&reply);
}

// ── holding ──

static void hub_call(GDBusConnection *caller, const char *method)
{
    Reply reply = call_as(caller, HUB, "org.paced1.Hub", method, NULL);
    cr_assert_null(reply.error, "%s", reply.message);
    reply_clear(&reply);
}

static void leave(GDBusConnection *caller)
{
    cr_assert(g_dbus_connection_close_sync(caller, NULL, NULL));
    g_object_unref(caller);
}

Test(sensors, are_held_from_the_first_that_asks_to_the_last_that_goes)
{
    GDBusConnection *other = connect_bus();
    hub_call(world.client, "Release");
    cr_assert(world.held == 0 && world.let_go == 0);
    hub_call(world.client, "Hold");
    hub_call(world.client, "Hold");
    hub_call(other, "Hold");
    cr_assert(world.held == 1 && world.let_go == 0);
    hub_call(world.client, "Release");
    cr_assert_eq(world.let_go, 0);
    leave(other);
    while (world.let_go == 0)
        g_main_context_iteration(NULL, TRUE);
    hub_call(world.client, "Hold");
    cr_assert(world.held == 2 && world.let_go == 1);
}

Test(sensors, are_not_held_by_one_that_was_gone_when_it_was_heard)
{
    GDBusConnection *other = connect_bus();
    g_dbus_connection_call(other, g_dbus_connection_get_unique_name(world.server), HUB,
                           "org.paced1.Hub", "Hold", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                           NULL, NULL);
    cr_assert(g_dbus_connection_flush_sync(other, NULL, NULL));
    leave(other); // before the main loop has seen its call
    while (world.let_go == 0)
        g_main_context_iteration(NULL, TRUE);
    cr_assert_eq(world.held, 1);
}

Test(sensors, are_held_by_only_so_many)
{
    GDBusConnection *callers[33];
    for (gsize i = 0; i < G_N_ELEMENTS(callers); i++) {
        callers[i] = connect_bus();
        Reply reply = call_as(callers[i], HUB, "org.paced1.Hub", "Hold", NULL);
        cr_assert_eq(reply.error != NULL, i == 32);
        reply_clear(&reply);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(callers); i++)
        leave(callers[i]);
    while (world.let_go == 0)
        g_main_context_iteration(NULL, TRUE);
    cr_assert_eq(world.held, 1);
}

Test(sensors, are_let_go_when_the_bus_is_gone)
{
    hub_call(world.client, "Hold");
    g_dbus_connection_set_exit_on_close(world.server, FALSE);
    g_dbus_connection_set_exit_on_close(world.client, FALSE);
    g_subprocess_force_exit(world.daemon);
    while (world.let_go == 0)
        g_main_context_iteration(NULL, TRUE);
    cr_assert_eq(world.held, 1);
}
