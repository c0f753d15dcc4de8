// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The sensors' objects. Hard here is that a sensor takes its time to answer, up to half a minute,
// and meanwhile it, its caller or the bus may go; and that what counts packets changes with every
// packet, but is shown seldom.

#include "bus/objects.h"

#include "bus/wish.h"
#include "codec/location.h"
#include "io/error.h"

#define DISTANCE_MAX 429496729.0 // m: what a pod can count to

char *sensor_path(const char *address)
{
    return g_strdelimit(g_strconcat(BUS_ROOT "/sensor/", address, NULL), ":", '_');
}

// ── procedures ──

typedef struct {
    Bus *bus;
    guint32 id;
    ProcedureKind kind;
    char title[64]; // of the sensor, in what is said of it
    char address[18];
} Asked;

static PacedError outcome_error(ProcedureOutcome outcome)
{
    switch (outcome) {
    case PROCEDURE_BUSY:
    case PROCEDURE_IN_PROGRESS:
        return PACED_ERROR_BUSY;
    case PROCEDURE_NOT_CONNECTED:
    case PROCEDURE_LINK_LOST:
    case PROCEDURE_NOT_CONFIGURED:
    case PROCEDURE_NEEDS_PAIRING:
        return PACED_ERROR_NOT_READY;
    case PROCEDURE_NO_POINT:
    case PROCEDURE_NOT_SUPPORTED:
    case PROCEDURE_INVALID:
    case PROCEDURE_NOT_PERMITTED:
        return PACED_ERROR_NOT_SUPPORTED;
    case PROCEDURE_TIMED_OUT:
        return PACED_ERROR_TIMED_OUT;
    case PROCEDURE_DONE:
    case PROCEDURE_FAILED:
    case PROCEDURE_ERROR:
        return PACED_ERROR_FAILED;
    }
    g_assert_not_reached();
}

// A sentence for who asked, with a command that can be pasted where there is one.
static GError *outcome_fault(const Asked *asked, ProcedureOutcome outcome)
{
    g_autoptr(GString) text = g_string_new(procedure_outcome_text(outcome));
    g_string_replace(text, "ADDRESS", asked->address, 0);
    return g_error_new(PACED_ERROR, (gint)outcome_error(outcome), "%s: %s", asked->title,
                       text->str);
}

static GVariant *locations_variant(const ProcedureResult *result)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("as"));
    for (guint i = 0; i < result->location_count; i++)
        if (location_sensor_name(result->locations[i]))
            g_variant_builder_add(&builder, "s", location_sensor_name(result->locations[i]));
    return g_variant_new("(as)", &builder);
}

static void on_answer(const ProcedureResult *result, gpointer data)
{
    Asked *asked = data;
    Calls *calls = asked->bus->calls;
    if (result->outcome != PROCEDURE_DONE)
        calls_fail(calls, asked->id, outcome_fault(asked, result->outcome));
    else if (asked->kind == PROCEDURE_LIST_LOCATIONS)
        calls_return(calls, asked->id, locations_variant(result));
    else
        calls_return(calls, asked->id, NULL);
    g_hash_table_remove(asked->bus->asked, asked);
}

static gboolean ask(Bus *bus, Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                    const Procedure *procedure)
{
    guint32 id = calls_take(bus->calls, invocation);
    if (id == 0)
        return TRUE;
    const char *name = paced1_sensor_get_name(sensor), *address = paced1_sensor_get_address(sensor);
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){.bus = bus, .id = id, .kind = procedure->kind};
    g_strlcpy(asked->address, address, sizeof asked->address);
    g_strlcpy(asked->title, *name ? name : address, sizeof asked->title);
    g_hash_table_add(bus->asked, asked);
    bus->handlers.procedure(asked->address, procedure, on_answer, asked, bus->data);
    return TRUE;
}

static gboolean on_set_distance(Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                                gdouble metres, gpointer data)
{
    if (metres >= 0 && metres <= DISTANCE_MAX) // NaN is neither
        return ask(data, sensor, invocation,
                   &(Procedure){.kind = PROCEDURE_SET_DISTANCE, .distance_m = metres});
    call_fail(invocation, g_error_new(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                      "a distance is 0 to %.0f metres", DISTANCE_MAX));
    return TRUE;
}

static gboolean on_calibrate(Paced1Sensor *sensor, GDBusMethodInvocation *invocation, gpointer data)
{
    return ask(data, sensor, invocation, &(Procedure){.kind = PROCEDURE_CALIBRATE});
}

static gboolean on_list_locations(Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                                  gpointer data)
{
    return ask(data, sensor, invocation, &(Procedure){.kind = PROCEDURE_LIST_LOCATIONS});
}

static gboolean on_set_location(Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                                const gchar *name, gpointer data)
{
    SensorLocation location;
    if (location_sensor_from_name(name, &location))
        return ask(data, sensor, invocation,
                   &(Procedure){.kind = PROCEDURE_SET_LOCATION, .location = (guint8)location});
    call_fail(invocation, g_error_new(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                      "“%s” is no place for a sensor; ListLocations has those of "
                                      "this one",
                                      name));
    return TRUE;
}

static gboolean on_reset_energy(Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                                gpointer data)
{
    return ask(data, sensor, invocation, &(Procedure){.kind = PROCEDURE_RESET_ENERGY});
}

static gboolean on_configure(Paced1Sensor *sensor, GDBusMethodInvocation *invocation,
                             GVariant *options, gpointer data)
{
    Bus *bus = data;
    SensorWish wish;
    GError *error = NULL;
    g_autofree char *address = g_strdup(paced1_sensor_get_address(sensor));
    if (!wish_parse(options, &wish, &error) ||
        !bus->handlers.configure_sensor(address, &wish, &error, bus->data)) {
        call_fail(invocation, error);
    } else {
        bus_flush(sensor);
        paced1_sensor_complete_configure(sensor, invocation);
    }
    return TRUE;
}

// ── dictionaries ──

static GVariant *packets_variant(const PacketCounts *counts, const RadioSensor *sensor)
{
    const struct {
        const char *key;
        guint32 count;
    } all[] = {
        {"packets", counts->packets},
        {"truncated", counts->truncated},
        {"extra", counts->extra},
        {"rejected", counts->rejected},
        {"implausible", counts->implausible},
        {"duplicates", counts->duplicates},
        {"cut", sensor->cut},
        {"dropped", sensor->dropped},
    };
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{su}"));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].count > 0)
            g_variant_builder_add(&builder, "{su}", all[i].key, all[i].count);
    return g_variant_builder_end(&builder);
}

static GVariant *histogram_variant(const History *history, HistoryScale scale)
{
    const double *bounds = history_bounds(scale);
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a(du)"));
    for (guint i = 0; i < HISTORY_BUCKETS; i++)
        g_variant_builder_add(&builder, "(du)", i < HISTORY_BUCKETS - 1 ? bounds[i] : INFINITY,
                              history->histogram[scale][i]);
    return g_variant_builder_end(&builder);
}

static const char *end_name(guint end)
{
    return link_end_name((LinkEnd)end);
}

static const char *failure_name(guint trouble)
{
    return trouble_name((Trouble)trouble);
}

static void add_counts(GVariantDict *dict, const char *key, const guint32 *counts, guint length,
                       const char *(*name)(guint))
{
    GVariantBuilder builder;
    gboolean any = FALSE;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{su}"));
    for (guint i = 0; i < length; i++) {
        if (counts[i] == 0)
            continue;
        g_variant_builder_add(&builder, "{su}", name(i), counts[i]);
        any = TRUE;
    }
    if (any)
        g_variant_dict_insert_value(dict, key, g_variant_builder_end(&builder));
    else
        g_variant_builder_clear(&builder);
}

static GVariant *history_variant(const History *history)
{
    static const struct {
        HistoryScale scale;
        const char *key;
    } scales[] = {
        {HISTORY_LIFETIME, "lifetime"},
        {HISTORY_GAP, "gap"},
        {HISTORY_RSSI, "rssi"},
        {HISTORY_FIRST_DATA, "first-data"},
    };
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    for (gsize i = 0; history && i < G_N_ELEMENTS(scales); i++)
        if (history_count(history, scales[i].scale) > 0)
            g_variant_dict_insert_value(&dict, scales[i].key,
                                        histogram_variant(history, scales[i].scale));
    if (history) {
        add_counts(&dict, "ends", history->ends, END_KINDS, end_name);
        add_counts(&dict, "failures", history->failures, TROUBLES, failure_name);
        double age = history_fixed_age(history);
        if (!isnan(age))
            g_variant_dict_insert(&dict, "drops-after", "d", age);
    }
    return g_variant_dict_end(&dict);
}

// ── properties ──

static void service_names(guint services, const char *ret_names[SERVICE_COUNT + 1])
{
    gsize count = 0;
    for (guint one = 0; one < SERVICE_COUNT; one++)
        if (services & 1u << one)
            ret_names[count++] = service_name((ServiceSet)(1u << one));
    ret_names[count] = NULL;
}

static const char *location_name(const SensorView *view)
{
    if (view->location < 0)
        return "";
    const char *name = view->serves & SERVICE_HEART ? location_body_name((uint8_t)view->location)
                                                    : location_sensor_name((uint8_t)view->location);
    return name ? name : "";
}

static void sensor_set_radio(Paced1Sensor *skeleton, const RadioSensor *sensor)
{
    const char *services[SERVICE_COUNT + 1];
    gboolean up = sensor->state == LINK_LIVE || sensor->state == LINK_SILENT;
    service_names(sensor->services, services);
    SHOW(sensor, skeleton, address, same_text, sensor->address);
    SHOW(sensor, skeleton, name, same_text, sensor->name);
    paced1_sensor_set_services(skeleton, services);
    SHOW(sensor, skeleton, state, same_text, link_state_name(sensor->state));
    SHOW(sensor, skeleton, reason, same_text, sensor->reason);
    SHOW(sensor, skeleton, battery, same_number, sensor->battery < 0 ? NAN : sensor->battery);
    SHOW(sensor, skeleton, rssi, same_number, sensor->rssi == 0 ? NAN : sensor->rssi);
    SHOW(sensor, skeleton, since, same_number, usec_to_s(sensor->since));
    SHOW(sensor, skeleton, next_try, same_number,
         sensor->next_try == USEC_NEVER ? NAN : usec_to_s(sensor->next_try));
    SHOW(sensor, skeleton, manufacturer, same_text, sensor->manufacturer);
    SHOW(sensor, skeleton, model, same_text, sensor->model);
    SHOW(sensor, skeleton, firmware, same_text, sensor->firmware);
    SHOW(sensor, skeleton, quirk, same_text, sensor->quirk);
    SHOW(sensor, skeleton, match_name, same_number, sensor->match_name);
    SHOW(sensor, skeleton, subscription, same_text,
         !up                ? ""
         : sensor->acquired ? "acquire"
                            : "notify");
    SHOW(sensor, skeleton, busy, same_number, sensor->busy);
    SHOW(sensor, skeleton, weak, same_number, sensor->weak);
}

static void sensor_set_enrolled(Paced1Sensor *skeleton, const EnrolledSensor *enrolled)
{
    const char *roles[SERVICE_COUNT + 1];
    service_names(enrolled ? enrolled->roles : 0, roles);
    SHOW(sensor, skeleton, enrolled, same_number, enrolled != NULL);
    paced1_sensor_set_roles(skeleton, roles);
    SHOW(sensor, skeleton, rank, same_number, enrolled ? enrolled->rank : 0);
    SHOW(sensor, skeleton, runner, same_text, enrolled && enrolled->runner ? enrolled->runner : "");
    SHOW(sensor, skeleton, cadence_fixed, same_number, enrolled && enrolled->convention_fixed);
}

// What was found out counts unless a user fixed it.
static void sensor_set_cadence(Paced1Sensor *skeleton, const SensorShown *shown)
{
    const EnrolledSensor *enrolled = shown->enrolled;
    CadenceConvention cadence = CADENCE_UNSETTLED;
    if (enrolled)
        cadence = shown->view && !enrolled->convention_fixed ? shown->view->convention
                                                             : enrolled->convention;
    SHOW(sensor, skeleton, cadence, same_text, cadence_convention_name(cadence));
}

static void sensor_set_view(Paced1Sensor *skeleton, const SensorShown *shown)
{
    static const SensorView nothing = {.location = -1};
    const SensorView *view = shown->view && shown->enrolled ? shown->view : &nothing;
    paced1_sensor_set_location(skeleton, location_name(view));
    paced1_sensor_set_packets(skeleton, packets_variant(&view->counts, shown->radio));
}

static void sensor_set(Paced1Sensor *skeleton, const SensorShown *shown)
{
    gboolean fresh = paced1_sensor_get_packets(skeleton) == NULL;
    gboolean moved =
        g_strcmp0(paced1_sensor_get_state(skeleton), link_state_name(shown->radio->state)) != 0;
    sensor_set_radio(skeleton, shown->radio);
    sensor_set_enrolled(skeleton, shown->enrolled);
    if (shown->view || !shown->enrolled || fresh || shown->enrolled->convention_fixed)
        sensor_set_cadence(skeleton, shown);
    if (shown->view || !shown->enrolled || fresh)
        sensor_set_view(skeleton, shown);
    // A gap is added with every packet: seldom, but the end of a connection at once.
    if (shown->view || !shown->enrolled || fresh || moved)
        paced1_sensor_set_history(skeleton, history_variant(shown->history));
}

// ── life ──

static void sensor_export(Bus *bus, const char *path, const SensorShown *shown)
{
    Paced1Sensor *skeleton = paced1_sensor_skeleton_new();
    sensor_set(skeleton, shown);
    g_signal_connect(skeleton, "handle-configure", G_CALLBACK(on_configure), bus);
    g_signal_connect(skeleton, "handle-set-distance", G_CALLBACK(on_set_distance), bus);
    g_signal_connect(skeleton, "handle-calibrate", G_CALLBACK(on_calibrate), bus);
    g_signal_connect(skeleton, "handle-list-locations", G_CALLBACK(on_list_locations), bus);
    g_signal_connect(skeleton, "handle-set-location", G_CALLBACK(on_set_location), bus);
    g_signal_connect(skeleton, "handle-reset-energy", G_CALLBACK(on_reset_energy), bus);
    bus_export(bus, path, skeleton);
    g_hash_table_insert(bus->sensors, g_strdup(path), skeleton);
}

void bus_publish_sensors(Bus *bus, const SensorShown *sensors, gsize count)
{
    g_autoptr(GHashTable) gone = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer path, skeleton;
    g_hash_table_iter_init(&iter, bus->sensors);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        g_hash_table_add(gone, path);

    for (gsize i = 0; i < count; i++) {
        g_autofree char *own_path = sensor_path(sensors[i].radio->address);
        g_hash_table_remove(gone, own_path);
        skeleton = g_hash_table_lookup(bus->sensors, own_path);
        if (skeleton)
            sensor_set(skeleton, &sensors[i]);
        else
            sensor_export(bus, own_path, &sensors[i]);
    }

    g_hash_table_iter_init(&iter, gone);
    while (g_hash_table_iter_next(&iter, &path, NULL)) {
        g_signal_handlers_disconnect_by_data(g_hash_table_lookup(bus->sensors, path), bus);
        g_dbus_object_manager_server_unexport(bus->manager, path);
        g_hash_table_remove(bus->sensors, path);
    }
}

void sensors_close(Bus *bus)
{
    GHashTableIter iter;
    gpointer skeleton;
    g_hash_table_iter_init(&iter, bus->sensors);
    while (g_hash_table_iter_next(&iter, NULL, &skeleton))
        g_signal_handlers_disconnect_by_data(skeleton, bus);
    g_hash_table_unref(bus->sensors);
    g_hash_table_unref(bus->asked);
}
