// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a program on the bus sees.

#include "io/error.h"
#include "world.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(bus, .init = world_begin, .fini = world_end, .timeout = 60);

static Plan plan;

static Snapshot running(void)
{
    plan_free_run(&plan);
    g_strlcpy(plan.name, "Two steps", sizeof plan.name);
    plan.step_count = 2;
    plan.steps[0] =
        (PlanStep){.step = {.kind = STEP_WORK, .measure = MEASURE_DISTANCE, .distance_mm = 400000},
                   .aim = {AIM_SPEED, 0, 3.448, 3.448, 3.448, 3.448},
                   .repetition = 1,
                   .repetitions = 2};
    plan.steps[1] =
        (PlanStep){.step = {.kind = STEP_REST, .measure = MEASURE_OPEN}, .aim = AIM_NOTHING};
    return (Snapshot){
        .state = STATE_RUNNING,
        .plan = &plan,
        .step_remaining = 400,
        .target_speed_mps = NAN,
        .heart_rate = {.value = 141, .source = SOURCE_STRAP, .age = 250000, .confidence = 1},
        .speed = ESTIMATE_UNKNOWN,
        .cadence = ESTIMATE_UNKNOWN,
        .belt_speed = ESTIMATE_UNKNOWN,
        .incline = ESTIMATE_UNKNOWN,
        .power = ESTIMATE_UNKNOWN,
        .effort = {{.value = 6.5, .source = SOURCE_FUSED, .confidence = 0.6},
                   ESTIMATE_UNKNOWN,
                   {.value = 4, .source = SOURCE_STRAP, .confidence = 1},
                   {.value = 120, .source = SOURCE_POD, .confidence = 0.4},
                   .d_prime_sd = 30},
        .heart_zone = "5a",
        .rmssd = ESTIMATE_UNKNOWN,
        .alpha1 = ESTIMATE_UNKNOWN,
        .artefacts = {.value = 7, .source = SOURCE_STRAP, .confidence = 1},
        .trimp = {.value = 61, .source = SOURCE_STRAP, .confidence = 0.9},
        .rtss = ESTIMATE_UNKNOWN,
        .decoupling = ESTIMATE_UNKNOWN,
    };
}

Test(bus, effort_is_shown_with_what_belongs_to_it)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    static const struct {
        const char *name;
        double value;
    } known[] = {{"Effort", 6.5}, {"DPrimeBalance", 120}, {"ArtefactPercent", 7}, {"Trimp", 61}};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(GVariant) value = property(SESSION, "org.paced1.Session", known[i].name);
        cr_assert_eq(g_variant_get_double(value), known[i].value, "%s", known[i].name);
    }
    g_autoptr(GVariant) zone = property(SESSION, "org.paced1.Session", "HeartZone");
    cr_assert_str_eq(g_variant_get_string(zone, NULL), "5a");

    g_autoptr(GVariant) estimates = property(RUNNER, "org.paced1.Runner", "Estimates");
    g_autoptr(GVariant) balance =
        g_variant_lookup_value(estimates, "d-prime-balance", G_VARIANT_TYPE_VARDICT);
    g_autoptr(GVariant) in =
        g_variant_lookup_value(estimates, "heart-zone", G_VARIANT_TYPE_VARDICT);
    double sd;
    const char *label;
    cr_assert(g_variant_lookup(balance, "sd", "d", &sd) && sd == 30);
    cr_assert(g_variant_lookup(in, "label", "&s", &label) && strcmp(label, "5a") == 0);
}

Test(bus, one_call_finds_every_object)
{
    Reply reply =
        call("/org/paced1", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
    cr_assert_null(reply.error);
    g_autoptr(GVariant) objects = g_variant_get_child_value(reply.value, 0);
    cr_assert_eq(g_variant_n_children(objects), 4);
    const char *const paths[] = {HUB, RUNNER, "/org/paced1/library", "/org/paced1/history"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        GVariant *object = g_variant_lookup_value(objects, paths[i], NULL);
        cr_assert_not_null(object, "%s", paths[i]);
        cr_assert_eq(g_variant_n_children(object), i == 1 ? 2 : 1, "%s", paths[i]);
        g_variant_unref(object);
    }
    reply_clear(&reply);
}

Test(bus, what_is_unknown_is_nan_or_absent_and_never_zero)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    const char *const unknown[] = {
        "Speed", "Cadence", "TargetSpeed", "BeltSpeed",         "Incline",           "Power",
        "Rmssd", "Alpha1",  "Rtss",        "DecouplingPercent", "PredictedHeartRate"};
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++) {
        g_autoptr(GVariant) value = property(SESSION, "org.paced1.Session", unknown[i]);
        cr_assert(isnan(g_variant_get_double(value)), "%s", unknown[i]);
    }
    g_autoptr(GVariant) heart = property(SESSION, "org.paced1.Session", "HeartRate");
    cr_assert_eq(g_variant_get_double(heart), 141);

    g_autoptr(GVariant) estimates = property(RUNNER, "org.paced1.Runner", "Estimates");
    cr_assert_eq(g_variant_n_children(estimates), 6);
    g_autoptr(GVariant) one =
        g_variant_lookup_value(estimates, "heart-rate", G_VARIANT_TYPE_VARDICT);
    double age;
    const char *source;
    cr_assert(g_variant_lookup(one, "age", "d", &age) && age == 0.25);
    cr_assert(g_variant_lookup(one, "source", "&s", &source));
    cr_assert_str_eq(source, "strap");
}

Test(bus, a_treadmill_and_power_are_shown_as_the_rest)
{
    static const struct {
        const char *property, *estimate, *source;
        double value;
    } rows[] = {
        {"BeltSpeed", "belt-speed", "treadmill", 3},
        {"Incline", "incline", "treadmill", -1.5},
        {"Power", "power", "pod", 250},
    };
    Snapshot snapshot = running();
    snapshot.belt_speed = (Estimate){3, SOURCE_TREADMILL, 2, USEC_PER_SEC, 1};
    snapshot.incline = (Estimate){-1.5, SOURCE_TREADMILL, 2, USEC_PER_SEC, 1};
    snapshot.power = (Estimate){250, SOURCE_POD, 1, USEC_PER_SEC, 1};
    bus_publish_session(world.bus, &snapshot);
    g_autoptr(GVariant) estimates = property(RUNNER, "org.paced1.Runner", "Estimates");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GVariant) value = property(SESSION, "org.paced1.Session", rows[i].property);
        cr_expect_eq(g_variant_get_double(value), rows[i].value, "%s", rows[i].property);
        g_autoptr(GVariant) one =
            g_variant_lookup_value(estimates, rows[i].estimate, G_VARIANT_TYPE_VARDICT);
        const char *source;
        cr_assert(one && g_variant_lookup(one, "source", "&s", &source), "%s", rows[i].estimate);
        cr_expect_str_eq(source, rows[i].source);
    }
}

Test(bus, a_tick_is_one_signal_and_nothing_new_is_none)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    signals_watch(SESSION);
    signals_settle();
    signals_forget();
    for (int tick = 1; tick <= 3; tick++) {
        snapshot.elapsed_s = tick;
        snapshot.distance_m = tick * 3.5;
        snapshot.step_remaining = 400 - tick * 3.5;
        bus_publish_session(world.bus, &snapshot);
        signals_settle();
        cr_assert_eq(world.signals->len, tick);
    }
    bus_publish_session(world.bus, &snapshot);
    signals_settle();
    cr_assert_eq(signals_seen("PropertiesChanged"), 3);

    g_autoptr(GVariant) changed = g_variant_get_child_value(g_ptr_array_index(world.bodies, 2), 1);
    cr_assert_eq(g_variant_n_children(changed), 3);
}

Test(bus, what_is_as_it_was_by_the_end_of_a_turn_is_no_news)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    signals_watch(RUNNER);
    signals_settle();
    signals_forget();
    snapshot.heart_rate.confidence = 0.5;
    bus_publish_session(world.bus, &snapshot);
    snapshot.heart_rate.confidence = 1;
    bus_publish_session(world.bus, &snapshot);
    signals_settle();
    cr_assert_eq(world.signals->len, 0);

    snapshot.trimp.confidence = 0.5; // deep in the last but one of the estimates
    bus_publish_session(world.bus, &snapshot);
    signals_settle();
    cr_assert_eq(signals_seen("PropertiesChanged"), 1);
    g_autoptr(GVariant) changed = g_variant_get_child_value(g_ptr_array_index(world.bodies, 0), 1);
    cr_assert_eq(g_variant_n_children(changed), 1);
    g_autoptr(GVariant) estimates = g_variant_lookup_value(changed, "Estimates", NULL);
    cr_assert_not_null(estimates);
    snapshot.rtss = snapshot.trimp; // one more
    bus_publish_session(world.bus, &snapshot);
    signals_settle();
    cr_assert_eq(signals_seen("PropertiesChanged"), 2);
}

Test(bus, properties_come_before_the_signal_that_speaks_of_them)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    signals_watch(SESSION);
    signals_settle();
    signals_forget();
    snapshot.step = 1;
    bus_publish_session(world.bus, &snapshot);
    bus_signal_lap(world.bus, &(Lap){.speed_mps = NAN, .heart_rate = NAN, .duration = 1500000});
    bus_signal_step(world.bus, &plan, 1, &plan.steps[1]);
    bus_signal_cue(world.bus, &(Cue){.id = 1, .kind = CUE_COUNTDOWN, .text = "three"});
    signals_settle();
    const char *const order[] = {"PropertiesChanged", "Lap", "StepStarted", "PropertiesChanged",
                                 "Cue"};
    cr_assert_eq(world.signals->len, G_N_ELEMENTS(order));
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        cr_assert_str_eq(g_ptr_array_index(world.signals, i), order[i]);

    g_autoptr(GVariant) lap = g_variant_get_child_value(g_ptr_array_index(world.bodies, 1), 1);
    double value;
    cr_assert(g_variant_lookup(lap, "duration", "d", &value) && value == 1.5);
    cr_assert_not(g_variant_lookup(lap, "heart-rate", "d", &value));
    cr_assert_not(g_variant_lookup(lap, "speed", "d", &value));
    cr_assert_not(g_variant_lookup(lap, "target", "a{sv}", NULL));
}

// One step for each thing that can be asked.
Test(bus, what_a_step_asks_for_is_shown_whole)
{
    static const char text[] = "Workout - Targets\n- 1km @ 4'00''-4'10''/km\n"
                               "- 1km @ HR < 150 \"easy does it\"\n- 1km @ RPE 6-7\n- 1km @ max\n"
                               "- 1km @ 6'00''/km building to 5'00''/km\n- 200m jog\n- 1km run\n";
    static const struct {
        const char *quantity, *unit, *text, *manner, *note;
        double low, value, high, end;
    } rows[] = {
        {"speed", "m/s", "4'00''-4'10''/km", "plain", "", 4, 4.08163265, 4.1666667, 4.08163265},
        {"heart-rate", "1/min", "HR < 150", "plain", "easy does it", NAN, 150, 150, 150},
        {"effort", "RPE", "RPE 6-7", "plain", "", 6, 6.5, 7, 6.5},
        {"maximal", NULL, "max", "plain", "", NAN, NAN, NAN, NAN},
        {"speed", "m/s", "6'00''/km building to 5'00''/km", "plain", "", 2.7777778, 2.7777778,
         2.7777778, 3.3333333},
        {NULL, NULL, NULL, "jog", ""},
        {NULL, NULL, NULL, "plain", ""},
    };
    Snapshot snapshot = running();
    TextError error;
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s", error.text);
    signals_watch(SESSION);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        snapshot.step = (uint16_t)i;
        bus_publish_session(world.bus, &snapshot);
        signals_settle();
        signals_forget();
        bus_signal_step(world.bus, &plan, i, &plan.steps[i]);
        signals_settle();
        g_autoptr(GVariant) told = g_variant_get_child_value(g_ptr_array_index(world.bodies, 0), 1);
        g_autoptr(GVariant) signalled = g_variant_lookup_value(told, "target", NULL);
        g_autoptr(GVariant) target = property(SESSION, "org.paced1.Session", "Target");
        g_autoptr(GVariant) note = property(SESSION, "org.paced1.Session", "StepNote");
        g_autoptr(GVariant) manner = property(SESSION, "org.paced1.Session", "StepManner");
        cr_expect(strcmp(g_variant_get_string(note, NULL), rows[i].note) == 0);
        cr_expect(strcmp(g_variant_get_string(manner, NULL), rows[i].manner) == 0);
        const char *quantity = NULL, *unit = NULL, *written = NULL, *said = "";
        g_variant_lookup(told, "note", "&s", &said);
        cr_expect(strcmp(said, rows[i].note) == 0);
        if (!rows[i].quantity) {
            cr_expect_eq(g_variant_n_children(target), 0);
            cr_expect(signalled == NULL);
            continue;
        }
        cr_expect(signalled && g_variant_equal(signalled, target));
        g_variant_lookup(target, "quantity", "&s", &quantity);
        g_variant_lookup(target, "unit", "&s", &unit);
        g_variant_lookup(target, "text", "&s", &written);
        cr_expect(g_strcmp0(quantity, rows[i].quantity) == 0, "%s", quantity);
        cr_expect(g_strcmp0(unit, rows[i].unit) == 0, "%s", unit);
        cr_expect(g_strcmp0(written, rows[i].text) == 0, "%s", written);
        const struct {
            const char *key;
            double value;
        } numbers[] = {{"low", rows[i].low},
                       {"value", rows[i].value},
                       {"high", rows[i].high},
                       {"end", rows[i].end}};
        for (gsize n = 0; n < G_N_ELEMENTS(numbers); n++) {
            double value = NAN;
            g_variant_lookup(target, numbers[n].key, "d", &value);
            cr_expect(isnan(value) == isnan(numbers[n].value) &&
                          !(fabs(value - numbers[n].value) > 1e-6),
                      "%s of %s: %f", numbers[n].key, rows[i].text, value);
        }
    }
}

Test(bus, the_session_object_lives_from_start_to_finished)
{
    signals_watch(NULL);
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    g_autoptr(GVariant) path = property(RUNNER, "org.paced1.Runner", "Session");
    cr_assert_str_eq(g_variant_get_string(path, NULL), SESSION);
    cr_assert_eq(signals_seen("InterfacesAdded"), 1);

    snapshot.plan = NULL;
    snapshot.state = STATE_IDLE;
    bus_publish_session(world.bus, &snapshot);
    bus_signal_state(world.bus, STATE_IDLE, NULL);
    g_autoptr(GVariant) state = property(SESSION, "org.paced1.Session", "State");
    cr_assert_str_eq(g_variant_get_string(state, NULL), "finished");

    signals_forget();
    RunSummary summary = {.duration_s = 60, .heart_rate = NAN, .completed = true};
    bus_signal_finished(world.bus, &summary, NULL);
    signals_settle();
    cr_assert_str_eq(g_ptr_array_index(world.signals, 0), "Finished");
    cr_assert_str_eq(g_ptr_array_index(world.signals, 1), "InterfacesRemoved");
    g_autoptr(GVariant) told = g_variant_get_child_value(g_ptr_array_index(world.bodies, 0), 0);
    g_autoptr(GVariant) by = g_variant_lookup_value(told, "by", NULL);
    cr_assert_null(by);
    g_autoptr(GVariant) none = property(RUNNER, "org.paced1.Runner", "Session");
    cr_assert_str_eq(g_variant_get_string(none, NULL), "/");
}

Test(bus, two_clients_see_who_stopped_the_run)
{
    Snapshot snapshot = running();
    bus_publish_session(world.bus, &snapshot);
    signals_watch(SESSION);
    signals_settle();
    GDBusConnection *other = connect_bus();
    Reply reply =
        call_as(other, SESSION, "org.paced1.Session", "Stop", g_variant_new("(a{sv})", NULL));
    cr_assert_null(reply.error);
    cr_assert_str_eq(world.sender, g_dbus_connection_get_unique_name(other));
    bus_signal_finished(world.bus, &(RunSummary){.heart_rate = NAN}, world.sender);
    signals_settle();
    g_autoptr(GVariant) told =
        g_variant_get_child_value(g_ptr_array_index(world.bodies, world.bodies->len - 1), 0);
    const char *by;
    cr_assert(g_variant_lookup(told, "by", "&s", &by));
    cr_assert_str_eq(by, g_dbus_connection_get_unique_name(other));
    reply_clear(&reply);
    g_object_unref(other);
}

Test(bus, every_refusal_has_its_name)
{
    static const struct {
        AnswerReason reason;
        const char *error;
    } table[] = {
        {REASON_NOT_RUNNING, "org.paced1.Error.NotRunning"},
        {REASON_ALREADY_RUNNING, "org.paced1.Error.AlreadyRunning"},
        {REASON_ALREADY_PAUSED, "org.paced1.Error.AlreadyPaused"},
        {REASON_NOT_PAUSED, "org.paced1.Error.NotPaused"},
        {REASON_BAD_TEXT, "org.paced1.Error.BadText"},
        {REASON_LACKS_NUMBER, "org.paced1.Error.LacksNumber"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        world.reason = table[i].reason;
        Reply reply =
            call(RUNNER, "org.paced1.Runner", "StartText", g_variant_new("(sa{sv})", "any", NULL));
        cr_assert_str_eq(reply.error, table[i].error);
        if (answer_has_error(table[i].reason))
            cr_assert_str_eq(reply.message, "3:7: expected a pace");
        reply_clear(&reply);
    }
}

Test(bus, arguments_that_make_no_sense_are_refused_by_name)
{
    GVariant *surprise = g_variant_ref_sink(g_variant_new_parsed("{'colour': <'red'>}"));
    GVariant *number_name = g_variant_ref_sink(g_variant_new_parsed("{'name': <uint32 1>}"));
    GVariant *none = g_variant_ref_sink(g_variant_new_parsed("@a{sv} {}"));
    g_autofree char *huge = g_strnfill(1024 * 1024 + 1, 'x');
    const struct {
        const char *path, *interface, *method;
        GVariant *args;
        const char *error;
    } table[] = {
        {RUNNER, "Runner", "StartText", g_variant_new("(s@a{sv})", "x", surprise), "BadArgument"},
        {RUNNER, "Runner", "StartText", g_variant_new("(s@a{sv})", "", none), "BadArgument"},
        {RUNNER, "Runner", "StartText", g_variant_new("(s@a{sv})", huge, none), "BadArgument"},
        {RUNNER, "Runner", "StartFree", g_variant_new("(@a{sv})", surprise), "BadArgument"},
        {RUNNER, "Runner", "Preflight", g_variant_new("(@a{sv})", surprise), "BadArgument"},
        {RUNNER, "Runner", "Preflight", g_variant_new_parsed("({'text': <''>},)"), "BadArgument"},
        {RUNNER, "Runner", "Preflight",
         g_variant_new_parsed("({'text': <'x'>, 'workout': <'good'>},)"), "BadArgument"},
        {RUNNER, "Runner", "Preflight", g_variant_new_parsed("({'workout': <'nowhere'>},)"),
         "UnknownWorkout"},
        {RUNNER, "Runner", "StartWorkout", g_variant_new("(s@a{sv})", "good", surprise),
         "BadArgument"},
        {RUNNER, "Runner", "StartWorkout", g_variant_new("(s@a{sv})", "nowhere", none),
         "UnknownWorkout"},
        {RUNNER, "Runner", "StartWorkout", g_variant_new("(s@a{sv})", "../workouts/good", none),
         "UnknownWorkout"},
        {HUB, "Hub", "Scan", g_variant_new("(d@a{sv})", NAN, none), "BadArgument"},
        {HUB, "Hub", "Scan", g_variant_new("(d@a{sv})", 121.0, none), "BadArgument"},
        {HUB, "Hub", "Scan", g_variant_new("(d@a{sv})", 5.0, surprise), "BadArgument"},
        {HUB, "Hub", "Scan", g_variant_new("(d@a{sv})", 5.0, none), "NotReady"},
        {HUB, "Hub", "SetSound", g_variant_new("(@a{sv})", surprise), "BadArgument"},
        {HUB, "Hub", "SetSound", g_variant_new_parsed("({'volume': <uint32 101>},)"),
         "BadArgument"},
        {HUB, "Hub", "SetSound", g_variant_new_parsed("({'clicks': <5>},)"), "BadArgument"},
        {HUB, "Hub", "AddSensor", g_variant_new("(s@a{sv})", "A0:9E:1A", none), "BadArgument"},
        {HUB, "Hub", "AddSensor", g_variant_new("(s@a{sv})", "A0:9E:1A:11:22:33", number_name),
         "BadArgument"},
        {HUB, "Hub", "ForgetSensor", g_variant_new("(s)", "A0:9E:1A:11:22:33"), "UnknownSensor"},
        {"/org/paced1/library", "Library", "Get", g_variant_new("(s)", "nowhere"),
         "UnknownWorkout"},
        {"/org/paced1/history", "History", "List", g_variant_new("(u)", 5), "Store"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *interface = g_strconcat("org.paced1.", table[i].interface, NULL);
        g_autofree char *expected = g_strconcat("org.paced1.Error.", table[i].error, NULL);
        Reply reply = call(table[i].path, interface, table[i].method, table[i].args);
        cr_assert_not_null(reply.error, "row %zu", i);
        cr_assert_str_eq(reply.error, expected, "row %zu: %s", i, reply.message);
        reply_clear(&reply);
    }
    cr_assert_eq(world.commands, 0);
    g_variant_unref(surprise);
    g_variant_unref(number_name);
    g_variant_unref(none);
}

Test(bus, a_command_is_answered_once_and_names_the_session)
{
    world.answers = FALSE;
    Reply reply;
    call_begin(world.client, RUNNER, "org.paced1.Runner", "StartFree",
               g_variant_new("(a{sv})", NULL), &reply);
    while (world.commands == 0)
        g_main_context_iteration(NULL, TRUE);
    cr_assert_eq(world.verb, COMMAND_START);
    cr_assert_null(world.text);
    bus_answer(world.bus, world.id, COMMAND_START, REASON_OK, NULL);
    bus_answer(world.bus, world.id, COMMAND_START, REASON_NOT_RUNNING, NULL);
    call_wait(&reply);
    const char *path;
    cr_assert_null(reply.error);
    g_variant_get(reply.value, "(&o)", &path);
    cr_assert_str_eq(path, SESSION);
    reply_clear(&reply);
}

Test(bus, waiting_requests_are_bounded_and_none_is_left_without_answer)
{
    world.answers = FALSE;
    Reply waiting[33];
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++)
        call_begin(world.client, RUNNER, "org.paced1.Runner", "StartFree",
                   g_variant_new("(a{sv})", NULL), &waiting[i]);
    call_wait(&waiting[32]);
    cr_assert_str_eq(waiting[32].error, "org.paced1.Error.NotReady");
    cr_assert_eq(world.commands, 32);
    g_clear_pointer(&world.bus, bus_free);
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++) {
        call_wait(&waiting[i]);
        cr_assert_str_eq(waiting[i].error, "org.paced1.Error.NotReady");
        reply_clear(&waiting[i]);
    }
}

Test(bus, a_second_daemon_does_not_get_the_name)
{
    GDBusConnection *other = connect_bus();
    guint acquired = 0;
    Bus *second = bus_new(other, "me", NULL, NULL, &world_handlers, &acquired);
    while (world.lost == 0)
        g_main_context_iteration(NULL, TRUE);
    cr_assert_eq(acquired, 0);
    bus_free(second);
    g_object_unref(other);
}

Test(bus, the_library_is_listed_and_started_from)
{
    Reply list = call("/org/paced1/library", "org.paced1.Library", "List", NULL);
    g_autoptr(GVariant) entries = g_variant_get_child_value(list.value, 0);
    cr_assert_eq(g_variant_n_children(entries), 2);
    g_autoptr(GVariant) broken = g_variant_get_child_value(entries, 0);
    g_autoptr(GVariant) good = g_variant_get_child_value(entries, 1);
    const char *text;
    double metres;
    cr_assert(g_variant_lookup(broken, "error", "&s", &text));
    cr_assert(g_str_has_prefix(text, "3:"), "%s", text);
    cr_assert(g_variant_lookup(good, "name", "&s", &text));
    cr_assert_str_eq(text, "good");
    cr_assert(g_variant_lookup(good, "distance", "d", &metres) && metres == 400);

    Reply start =
        call(RUNNER, "org.paced1.Runner", "StartWorkout", g_variant_new("(sa{sv})", "good", NULL));
    cr_assert_null(start.error);
    cr_assert(g_str_has_prefix(world.text, "Workout - Good"));
    reply_clear(&list);
    reply_clear(&start);
}

Test(bus, a_preflight_is_of_nothing_a_text_or_a_workout)
{
    static const struct {
        const char *options;
        const char *text;
    } table[] = {
        {"(@a{sv} {},)", NULL},
        {"({'text': <'Workout - Any'>},)", "Workout - Any"},
        {"({'workout': <'good'>},)", "Workout - Good"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Reply reply =
            call(RUNNER, "org.paced1.Runner", "Preflight", g_variant_new_parsed(table[i].options));
        cr_assert_null(reply.error, "%s", reply.message);
        cr_assert_eq(g_variant_n_children(reply.value), 0);
        cr_assert_eq(world.verb, COMMAND_PREFLIGHT);
        cr_assert(table[i].text ? g_str_has_prefix(world.text, table[i].text) : !world.text);
        reply_clear(&reply);
    }
}

Test(bus, what_is_said_without_a_workout_is_the_runners)
{
    signals_watch(NULL);
    bus_signal_cue(world.bus, &(Cue){.id = 1, .kind = CUE_SAFETY, .text = "strap eighty percent"});
    signals_settle();
    cr_assert_eq(signals_seen("Cue"), 1);
    const char *text, *kind;
    g_variant_get(g_ptr_array_index(world.bodies, world.bodies->len - 1), "(&s&s)", &text, &kind);
    cr_assert_str_eq(text, "strap eighty percent");
    cr_assert_str_eq(kind, "safety");
}
