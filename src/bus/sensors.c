// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The sensors' objects. Hard here is that a sensor takes its time to answer, up to half a minute,
// and meanwhile it, its caller or the bus may go; and that what counts packets changes with every
// packet, but is shown seldom.

#include "bus/objects.h"

#include "bus/wish.h"
#include "codec/location.h"
#include "io/clock.h"
#include "io/error.h"

#include <string.h>

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

static gboolean ask(Bus *bus, const ExportCall *call, const Procedure *procedure, GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id == 0)
        return FALSE;
    const char *name = export_text(call->export, "Name"),
               *address = export_text(call->export, "Address");
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){.bus = bus, .id = id, .kind = procedure->kind};
    g_strlcpy(asked->address, address, sizeof asked->address);
    g_strlcpy(asked->title, *name ? name : address, sizeof asked->title);
    g_hash_table_add(bus->asked, asked);
    bus->handlers.procedure(asked->address, procedure, on_answer, asked, bus->data);
    return TRUE;
}

static gboolean on_set_distance(Bus *bus, const ExportCall *call, GError **error)
{
    double metres;
    g_variant_get(call->arguments, "(d)", &metres);
    if (!(metres >= 0 && metres <= DISTANCE_MAX)) // NaN is neither
        return refuse(error, "a distance is 0 to %.0f metres", DISTANCE_MAX);
    return ask(bus, call, &(Procedure){.kind = PROCEDURE_SET_DISTANCE, .distance_m = metres},
               error);
}

static gboolean on_calibrate(Bus *bus, const ExportCall *call, GError **error)
{
    return ask(bus, call, &(Procedure){.kind = PROCEDURE_CALIBRATE}, error);
}

static gboolean on_list_locations(Bus *bus, const ExportCall *call, GError **error)
{
    return ask(bus, call, &(Procedure){.kind = PROCEDURE_LIST_LOCATIONS}, error);
}

static gboolean on_set_location(Bus *bus, const ExportCall *call, GError **error)
{
    SensorLocation location;
    const char *name;
    g_variant_get(call->arguments, "(&s)", &name);
    if (!location_sensor_from_name(name, &location))
        return refuse(error, "“%s” is no place for a sensor; ListLocations has those of this one",
                      name);
    return ask(bus, call,
               &(Procedure){.kind = PROCEDURE_SET_LOCATION, .location = (guint8)location}, error);
}

static gboolean on_reset_energy(Bus *bus, const ExportCall *call, GError **error)
{
    return ask(bus, call, &(Procedure){.kind = PROCEDURE_RESET_ENERGY}, error);
}

static gboolean on_configure(Bus *bus, const ExportCall *call, GError **error)
{
    SensorWish wish;
    g_autoptr(GVariant) options = g_variant_get_child_value(call->arguments, 0);
    g_autofree char *address = g_strdup(export_text(call->export, "Address"));
    return wish_parse(options, &wish, error) &&
           bus->handlers.configure_sensor(address, &wish, error, bus->data) &&
           export_answer(call, NULL);
}

// ── scales ──

static gboolean change_scale(Bus *bus, const ExportCall *call, const char *surface, ScaleWish wish,
                             GError **error)
{
    g_autofree char *address = g_strdup(export_text(call->export, "Address"));
    if (!surface_from_name(surface, &wish.surface))
        return refuse(error, "“%s” is no surface; they are ground and treadmill", surface);
    if (wish.scale != 0 && !(wish.scale >= SCALE_LEAST && wish.scale <= SCALE_MOST))
        return refuse(error, "a scale is %.1f to %.1f, or 0 when it is not known", SCALE_LEAST,
                      SCALE_MOST);
    return bus->handlers.scale_sensor(address, &wish, error, bus->data) &&
           export_answer(call, NULL);
}

static gboolean on_set_scale(Bus *bus, const ExportCall *call, GError **error)
{
    const char *surface;
    ScaleWish wish = {0};
    g_variant_get(call->arguments, "(&sd)", &surface, &wish.scale);
    return change_scale(bus, call, surface, wish, error);
}

static gboolean on_undo_scale(Bus *bus, const ExportCall *call, GError **error)
{
    const char *surface;
    g_variant_get(call->arguments, "(&s)", &surface);
    return change_scale(bus, call, surface, (ScaleWish){.take_back = TRUE}, error);
}

static GVariant *scales_variant(const SensorKnown *known)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    for (Surface surface = SURFACE_GROUND; known && surface <= SURFACE_TREADMILL; surface++) {
        const ScaleKnown *scale = &known->scales[surface];
        GVariantDict one;
        if (!scale_is_known(scale))
            continue;
        g_variant_dict_init(&one, NULL);
        g_variant_dict_insert(&one, "scale", "d", scale->scale);
        g_variant_dict_insert(&one, "slope", "d", scale->slope);
        g_variant_dict_insert(&one, "deviation", "d", scale->scale_deviation);
        g_variant_dict_insert(&one, "compared", "b", scale->compared);
        g_variant_dict_insert_value(&dict, surface_name(surface), g_variant_dict_end(&one));
    }
    return g_variant_dict_end(&dict);
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

static void sensor_set_services(Export *sensor, const char *property, guint services)
{
    const char *names[SERVICE_COUNT + 1];
    service_names(services, names);
    export_set(sensor, property, g_variant_new_strv(names, -1));
}

static void sensor_set_radio(Export *sensor, const RadioSensor *radio)
{
    gboolean up = radio->state == LINK_LIVE || radio->state == LINK_SILENT;
    export_set_text(sensor, "Address", radio->address);
    export_set_text(sensor, "Name", radio->name);
    sensor_set_services(sensor, "Services", radio->services);
    export_set_text(sensor, "State", link_state_name(radio->state));
    export_set_text(sensor, "Reason", radio->reason);
    export_set_number(sensor, "Battery", radio->battery < 0 ? NAN : radio->battery);
    export_set_number(sensor, "Rssi", radio->rssi == 0 ? NAN : radio->rssi);
    export_set_number(sensor, "Since", usec_to_s(radio->since - clock_shifted()));
    export_set_number(sensor, "NextTry",
                      radio->next_try == USEC_NEVER ? NAN
                                                    : usec_to_s(radio->next_try - clock_shifted()));
    export_set_text(sensor, "Manufacturer", radio->manufacturer);
    export_set_text(sensor, "Model", radio->model);
    export_set_text(sensor, "Firmware", radio->firmware);
    export_set_text(sensor, "Quirk", radio->quirk);
    export_set_flag(sensor, "MatchName", radio->match_name);
    export_set_text(sensor, "Subscription", !up ? "" : radio->acquired ? "acquire" : "notify");
    export_set_flag(sensor, "Busy", radio->busy);
    export_set_flag(sensor, "Weak", radio->weak);
}

static void sensor_set_enrolled(Export *sensor, const EnrolledSensor *enrolled)
{
    export_set_flag(sensor, "Enrolled", enrolled != NULL);
    sensor_set_services(sensor, "Roles", enrolled ? enrolled->roles : 0);
    export_set_count(sensor, "Rank", enrolled ? enrolled->rank : 0);
    export_set_text(sensor, "Runner", enrolled && enrolled->runner ? enrolled->runner : "");
    export_set_flag(sensor, "CadenceFixed", enrolled && enrolled->convention_fixed);
}

// What was found out counts unless a user fixed it.
static void sensor_set_cadence(Export *sensor, const SensorShown *shown)
{
    const EnrolledSensor *enrolled = shown->enrolled;
    CadenceConvention cadence = CADENCE_UNSETTLED;
    if (enrolled)
        cadence = shown->view && !enrolled->convention_fixed ? shown->view->convention
                                                             : enrolled->convention;
    export_set_text(sensor, "Cadence", cadence_convention_name(cadence));
}

static void sensor_set_view(Export *sensor, const SensorShown *shown)
{
    static const SensorView nothing = {.location = -1};
    const SensorView *view = shown->view && shown->enrolled ? shown->view : &nothing;
    export_set_text(sensor, "Location", location_name(view));
    export_set(sensor, "Packets", packets_variant(&view->counts, shown->radio));
}

static void sensor_set(Export *sensor, const SensorShown *shown, gboolean fresh)
{
    gboolean moved =
        fresh || strcmp(export_text(sensor, "State"), link_state_name(shown->radio->state)) != 0;
    sensor_set_radio(sensor, shown->radio);
    sensor_set_enrolled(sensor, shown->enrolled);
    export_set(sensor, "Scales", scales_variant(shown->known));
    if (shown->view || !shown->enrolled || fresh || shown->enrolled->convention_fixed)
        sensor_set_cadence(sensor, shown);
    if (shown->view || !shown->enrolled || fresh)
        sensor_set_view(sensor, shown);
    // A gap is added with every packet: seldom, but the end of a connection at once.
    if (shown->view || !shown->enrolled || moved)
        export_set(sensor, "History", history_variant(shown->history));
}

// ── life ──

static void sensor_export(Bus *bus, const char *path, const SensorShown *shown)
{
    static const ExportMethod methods[] = {
        {"Configure", on_configure},
        {"SetScale", on_set_scale},
        {"UndoScale", on_undo_scale},
        {"SetDistance", on_set_distance},
        {"Calibrate", on_calibrate},
        {"ListLocations", on_list_locations},
        {"SetLocation", on_set_location},
        {"ResetEnergy", on_reset_energy},
        {NULL, NULL},
    };
    Export *sensor = export_new(&org_paced1_sensor_interface, methods);
    sensor_set(sensor, shown, TRUE);
    exports_add(bus->exports, path, sensor);
    g_hash_table_insert(bus->sensors, g_strdup(path), sensor);
}

void bus_publish_sensors(Bus *bus, const SensorShown *sensors, gsize count)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < count; i++) {
        g_ptr_array_add(paths, sensor_path(sensors[i].radio->address));
        g_hash_table_add(shown, paths->pdata[i]);
    }

    // Who goes, goes first, so that no client ever knows of more than there are.
    GHashTableIter iter;
    gpointer path, sensor;
    g_hash_table_iter_init(&iter, bus->sensors);
    while (g_hash_table_iter_next(&iter, &path, &sensor)) {
        if (g_hash_table_contains(shown, path))
            continue;
        export_remove(sensor);
        g_hash_table_iter_remove(&iter);
    }

    for (gsize i = 0; i < count; i++) {
        sensor = g_hash_table_lookup(bus->sensors, paths->pdata[i]);
        if (sensor)
            sensor_set(sensor, &sensors[i], FALSE);
        else
            sensor_export(bus, paths->pdata[i], &sensors[i]);
    }
}
