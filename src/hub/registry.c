// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is that three parties know a part of each sensor, at different times: the store at
// once, the radio when it hears it, the quirks when its name or maker is known. So nothing is
// remembered here but what was last told the session; each change composes the profile anew and
// tells it when it differs.

#include "hub/registry.h"

#include "hub/lessons.h"
#include "io/clock.h"
#include "io/error.h"

#include <string.h>

struct Registry {
    const Config *config;
    Store *store;
    Radio *radio; // NULL before it is there
    RegistryHandlers handlers;
    gpointer data;
    GHashTable *quirks; // RadioQuirk.id → Quirk, of all that was looked up
    struct {
        gboolean described;
        SensorProfile profile;
        Usec wall; // by which its lessons are as old as this sitting has them; 0: not known yet
    } told[SENSORS_MAX];
    RadioSensor strangers[SENSORS_MAX]; // other runners' sensors, as they are shown
};

Registry *registry_new(const Config *config, Store *store, const RegistryHandlers *handlers,
                       gpointer data)
{
    Registry *registry = g_new0(Registry, 1);
    registry->config = config;
    registry->store = store;
    registry->handlers = *handlers;
    registry->data = data;
    registry->quirks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return registry;
}

void registry_free(Registry *registry)
{
    if (!registry)
        return;
    g_hash_table_unref(registry->quirks);
    g_free(registry);
}

void registry_close(Registry *registry)
{
    if (!registry)
        return;
    registry_keep(registry);
    registry->radio = NULL;
}

// ── what is known of one ──

void registry_quirk(const char *name, const char *manufacturer, const char *model, guint services,
                    RadioQuirk *ret_quirk, gpointer data)
{
    static const SubscribeMode modes[] = {
        [QUIRK_SUBSCRIBE_AUTO] = SUBSCRIBE_AUTO,
        [QUIRK_SUBSCRIBE_NOTIFY] = SUBSCRIBE_NOTIFY,
        [QUIRK_SUBSCRIBE_ACQUIRE] = SUBSCRIBE_ACQUIRE,
    };
    Registry *registry = data;
    const Quirk quirk = quirks_find(registry->config->quirks, name, manufacturer, model, services);
    g_strlcpy(ret_quirk->id, quirk.id, sizeof ret_quirk->id);
    ret_quirk->subscribe = modes[quirk.subscribe];
    ret_quirk->pair = quirk.pair;
    ret_quirk->silent_on_stop = quirk.on_stop == ON_STOP_SILENT;
    ret_quirk->avoid_count = MIN(quirk.avoid_count, RADIO_AVOID_MAX);
    memcpy(ret_quirk->avoid, quirk.avoid, ret_quirk->avoid_count * sizeof *quirk.avoid);
    if (ret_quirk->id[0] != '\0')
        g_hash_table_replace(registry->quirks, g_strdup(ret_quirk->id),
                             g_memdup2(&quirk, sizeof quirk));
}

static const RadioSensor *heard(const Registry *registry, const char *address)
{
    const GArray *sensors = registry->radio ? radio_sensors(registry->radio) : NULL;
    for (guint i = 0; sensors && i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        if (g_ascii_strcasecmp(sensor->address, address) == 0)
            return sensor;
    }
    return NULL;
}

static gboolean is_ours(const Registry *registry, const EnrolledSensor *sensor)
{
    return sensor->runner[0] == '\0' || strcmp(sensor->runner, registry->config->runner) == 0;
}

static const char *firmware_of(const Registry *registry, const EnrolledSensor *sensor)
{
    const RadioSensor *radio = heard(registry, sensor->address);
    return radio ? radio->firmware : "";
}

// As of when lessons are recalled. One sitting has one day, for a doubt that grew while somebody
// runs would be news to the session, and end what is being measured.
static Usec today(Registry *registry, const EnrolledSensor *sensor)
{
    Usec *wall = &registry->told[sensor->slot].wall;
    if (*wall == 0)
        *wall = clock_wall();
    return *wall;
}

static SensorProfile compose(Registry *registry, const EnrolledSensor *sensor)
{
    const RadioSensor *radio = heard(registry, sensor->address);
    const Quirk *quirk = radio ? g_hash_table_lookup(registry->quirks, radio->quirk) : NULL;
    const guint services = sensor->services | (radio ? radio->services : 0);
    SensorProfile profile = {
        .services = (uint8_t)(sensor->roles ? sensor->roles
                              : services    ? services
                                            : SERVICES_ALL),
        .rank = (uint8_t)sensor->rank,
        .convention = sensor->convention,
        .convention_fixed = sensor->convention_fixed,
        .weak = radio && radio->weak,
    };
    profile.known = lessons_recall(sensor, services, quirk ? quirk->scale_deviation : 0,
                                   firmware_of(registry, sensor), today(registry, sensor));
    if (!quirk)
        return profile;
    profile.contact_untrusted = quirk->contact_untrusted;
    profile.beats_trusted = quirk->beats_trusted;
    profile.on_stop = quirk->on_stop;
    if (profile.convention == CADENCE_UNSETTLED && !profile.convention_fixed)
        profile.convention = quirk->cadence;
    return profile;
}

static gboolean same(const SensorProfile *a, const SensorProfile *b)
{
    return a->services == b->services && a->rank == b->rank && a->convention == b->convention &&
           a->convention_fixed == b->convention_fixed &&
           a->contact_untrusted == b->contact_untrusted && a->weak == b->weak &&
           a->beats_trusted == b->beats_trusted && a->on_stop == b->on_stop &&
           sensor_known_same(&a->known, &b->known);
}

static void describe(Registry *registry, const EnrolledSensor *sensor)
{
    const SensorProfile profile = compose(registry, sensor);
    typeof(*registry->told) *told = &registry->told[sensor->slot];
    if (told->described && same(&told->profile, &profile))
        return;
    told->described = TRUE;
    told->profile = profile;
    registry->handlers.describe((SensorId)sensor->slot, &profile, registry->data);
}

static void describe_gone(Registry *registry, int slot)
{
    if (!registry->told[slot].described)
        return;
    memset(&registry->told[slot], 0, sizeof *registry->told);
    registry->handlers.describe((SensorId)slot, &(SensorProfile){0}, registry->data);
}

void registry_renew(Registry *registry)
{
    for (SensorId slot = 0; slot < SENSORS_MAX; slot++) {
        const EnrolledSensor *sensor = store_sensor_at(registry->store, slot);
        registry->told[slot].wall = 0;
        if (sensor && registry->told[slot].described)
            registry->told[slot].profile = compose(registry, sensor);
    }
}

gboolean registry_profile(const Registry *registry, SensorId slot, SensorProfile *ret_profile)
{
    if (!registry->told[slot].described)
        return FALSE;
    *ret_profile = registry->told[slot].profile;
    return TRUE;
}

// ── keeping the radio and the session current ──

static void enrol(Registry *registry, const EnrolledSensor *sensor)
{
    if (!registry->radio)
        return;
    if (!is_ours(registry, sensor)) {
        radio_forget(registry->radio, sensor->address);
        describe_gone(registry, sensor->slot);
        return;
    }
    radio_enrol(registry->radio, &(Enrolment){
                                     .slot = (SensorId)sensor->slot,
                                     .address = sensor->address,
                                     .name = sensor->name,
                                     .services = sensor->services,
                                     .adopted_for = sensor->adopted_for,
                                     .match_name = sensor->match_name,
                                     .history = sensor->history[0] ? sensor->history : NULL,
                                 });
    describe(registry, sensor);
}

void registry_serve(Registry *registry, Radio *radio)
{
    registry->radio = radio;
    registry_stored(registry);
}

void registry_stored(Registry *registry)
{
    g_autoptr(GPtrArray) sensors = store_sensors(registry->store);
    for (guint i = 0; i < sensors->len; i++)
        enrol(registry, sensors->pdata[i]);
}

// Changes what the store keeps; a change that cannot be written waits in it.
static void put(Registry *registry, const EnrolledSensor *sensor)
{
    g_autoptr(GError) error = NULL;
    if (!store_sensor_put(registry->store, sensor, NULL, &error))
        g_warning("%s: %s", sensor->address, error->message);
}

void registry_heard(Registry *registry)
{
    g_autoptr(GPtrArray) sensors = store_sensors(registry->store);
    for (guint i = 0; i < sensors->len; i++) {
        EnrolledSensor *sensor = sensors->pdata[i];
        const RadioSensor *radio = heard(registry, sensor->address);
        if (!radio || !is_ours(registry, sensor))
            continue;
        if ((sensor->services | radio->services) != sensor->services) {
            sensor->services |= radio->services;
            put(registry, sensor);
        }
        describe(registry, sensor);
    }
}

void registry_learn(Registry *registry, const SensorView *views)
{
    g_autoptr(GPtrArray) sensors = store_sensors(registry->store);
    for (guint i = 0; i < sensors->len; i++) {
        EnrolledSensor *sensor = sensors->pdata[i];
        const CadenceConvention found = views[sensor->slot].convention;
        if (!views[sensor->slot].described || sensor->convention_fixed ||
            found == CADENCE_UNSETTLED || found == sensor->convention)
            continue;
        // What only a quirk says was not found out: the quirk may be mended.
        if (sensor->convention == CADENCE_UNSETTLED &&
            found == registry->told[sensor->slot].profile.convention)
            continue;
        sensor->convention = found;
        put(registry, sensor);
        describe(registry, sensor);
    }
}

void registry_taught(Registry *registry, SensorId slot, const SensorKnown *known)
{
    const EnrolledSensor *kept = store_sensor_at(registry->store, slot);
    if (!kept || !registry->told[slot].described)
        return;
    EnrolledSensor sensor = *kept;
    char line[LESSONS_LINE], before[LESSONS_LINE];
    if (!lessons_learn(&sensor, &registry->told[slot].profile.known, known,
                       firmware_of(registry, &sensor), clock_wall(), line, before))
        return;
    put(registry, &sensor);
    describe(registry, store_sensor_at(registry->store, slot));
}

gboolean registry_scale(Registry *registry, const char *address, const ScaleWish *wish,
                        GError **error)
{
    const EnrolledSensor *kept = store_sensor_find(registry->store, address);
    if (!kept) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR, "No sensor %s is enrolled",
                    address);
        return FALSE;
    }
    EnrolledSensor sensor = *kept;
    const SensorKnown known = compose(registry, kept).known;
    const char *firmware = firmware_of(registry, kept);
    const Usec wall = clock_wall();
    char line[LESSONS_LINE], before[LESSONS_LINE];
    if (wish->take_back &&
        !lessons_take_back(&sensor, wish->surface, &known, firmware, wall, line, before)) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                    "Nothing was learnt of %s that could be taken back", address);
        return FALSE;
    }
    if (!wish->take_back)
        lessons_set(&sensor, wish->surface, wish->scale, &known, firmware, wall, line, before);
    put(registry, &sensor); // whose texts are gone with it
    kept = store_sensor_find(registry->store, address);
    if (is_ours(registry, kept))
        describe(registry, kept);
    return TRUE;
}

void registry_keep(Registry *registry)
{
    g_autoptr(GPtrArray) sensors = store_sensors(registry->store);
    for (guint i = 0; i < sensors->len; i++) {
        EnrolledSensor *sensor = sensors->pdata[i];
        const History *history =
            registry->radio ? radio_history(registry->radio, sensor->address) : NULL;
        if (!history)
            continue;
        char line[HISTORY_LINE];
        history_print(history, line, sizeof line);
        if (strcmp(line, sensor->history) == 0)
            continue;
        g_free(sensor->history);
        sensor->history = g_strdup(line);
        put(registry, sensor);
    }
}

gboolean registry_moved(Registry *registry, SensorId slot, const char *address)
{
    const EnrolledSensor *old = store_sensor_at(registry->store, slot);
    if (!old || store_sensor_find(registry->store, address))
        return FALSE;
    g_message("%s is now at %s", old->name, address);
    EnrolledSensor sensor = *old;
    sensor.address = (char *)address;
    put(registry, &sensor);
    return TRUE;
}

// ── enrolling ──

void registry_consider(Registry *registry, const RadioSensor *candidate, gboolean store_ready)
{
    const RadioSensor adopted = *candidate; // the radio's own may move when it is enrolled
    if (store_sensor_find(registry->store, adopted.address))
        return; // another runner's
    if (!store_ready) {
        g_message("%s (%s) is not adopted while the store is not ready; “pacectl sensors add %s” "
                  "takes it",
                  adopted.name, adopted.address, adopted.address);
        return;
    }
    const EnrolledSensor sensor = {
        .slot = -1,
        .address = (char *)adopted.address,
        .name = (char *)adopted.name,
        .services = adopted.services,
        .adopted_for = adopted.services,
    };
    g_autoptr(GError) error = NULL;
    if (!store_sensor_put(registry->store, &sensor, NULL, &error)) {
        g_warning("Cannot adopt %s %s: %s", adopted.address, adopted.name, error->message);
        return;
    }
    enrol(registry, store_sensor_find(registry->store, adopted.address));
    g_message("Adopted %s (%s), the only sensor of its kind in reach; “pacectl sensors forget %s” "
              "undoes it",
              adopted.name[0] ? adopted.name : "a sensor without a name", adopted.address,
              adopted.address);
    registry->handlers.adopted(adopted.address, adopted.name, registry->data);
}

// The texts of the result are borrowed from `sensor` and `wish`.
static EnrolledSensor fulfil(const EnrolledSensor *sensor, const SensorWish *wish)
{
    EnrolledSensor new = *sensor;
    if (wish->name)
        new.name = (char *)wish->name;
    if (wish->runner)
        new.runner = (char *)wish->runner;
    if (wish->match_name >= 0)
        new.match_name = wish->match_name;
    if (wish->roles >= 0)
        new.roles = (guint)wish->roles;
    if (wish->rank >= 0)
        new.rank = (guint)wish->rank;
    if (wish->cadence >= 0) {
        new.convention = (CadenceConvention)wish->cadence;
        new.convention_fixed = wish->cadence != CADENCE_UNSETTLED;
    }
    return new;
}

static gboolean enrol_as(Registry *registry, const EnrolledSensor *sensor, GError **error)
{
    g_autofree char *address = g_strdup(sensor->address);
    if (sensor->match_name && (!sensor->name || sensor->name[0] == '\0')) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "%s has not told its name yet, by which it is to be known again; scan for it "
                    "first, or give the name it advertises",
                    address);
        return FALSE;
    }
    if (!store_sensor_put(registry->store, sensor, NULL, error))
        return FALSE;
    enrol(registry, store_sensor_find(registry->store, address));
    return TRUE;
}

gboolean registry_add(Registry *registry, const char *address, const SensorWish *wish,
                      GError **error)
{
    const EnrolledSensor *old = store_sensor_find(registry->store, address);
    const RadioSensor *radio = heard(registry, address);
    EnrolledSensor sensor = {
        .slot = -1,
        .address = (char *)address,
        .name = (char *)"",
        .runner = (char *)"",
    };
    if (old)
        sensor = *old;
    if (radio && sensor.name[0] == '\0')
        sensor.name = (char *)radio->name;
    if (radio)
        sensor.services |= radio->services;
    sensor.adopted_for = 0; // chosen by a user
    const EnrolledSensor new = fulfil(&sensor, wish);
    return enrol_as(registry, &new, error);
}

gboolean registry_configure(Registry *registry, const char *address, const SensorWish *wish,
                            GError **error)
{
    const EnrolledSensor *old = store_sensor_find(registry->store, address);
    if (!old) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR, "No sensor %s is enrolled",
                    address);
        return FALSE;
    }
    if (wish->name && old->match_name && wish->match_name != 0 &&
        strcmp(wish->name, old->name) != 0) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "%s is known again by its name “%s”, which has to stay", address, old->name);
        return FALSE;
    }
    const EnrolledSensor new = fulfil(old, wish);
    return enrol_as(registry, &new, error);
}

gboolean registry_forget(Registry *registry, const char *address, GError **error)
{
    const EnrolledSensor *sensor = store_sensor_find(registry->store, address);
    const int slot = sensor ? sensor->slot : -1;
    if (!store_sensor_remove(registry->store, address, error))
        return FALSE;
    radio_forget(registry->radio, address);
    describe_gone(registry, slot);
    return TRUE;
}

// ── showing ──

static const RadioSensor *show_stranger(Registry *registry, const EnrolledSensor *sensor)
{
    RadioSensor *shown = &registry->strangers[sensor->slot];
    *shown = (RadioSensor){
        .slot = (SensorId)sensor->slot,
        .services = sensor->services,
        .state = LINK_IDLE,
        .next_try = USEC_NEVER,
        .battery = -1,
    };
    g_strlcpy(shown->address, sensor->address, sizeof shown->address);
    g_strlcpy(shown->name, sensor->name, sizeof shown->name);
    g_snprintf(shown->reason, sizeof shown->reason,
               "it belongs to the runner “%s”; “pacectl sensors set %s --runner ''” shares it",
               sensor->runner, sensor->address);
    return shown;
}

GArray *registry_show(Registry *registry, const SensorView *views)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(SensorShown));
    const GArray *sensors = radio_sensors(registry->radio);
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *radio = &g_array_index(sensors, RadioSensor, i);
        const EnrolledSensor *enrolled = store_sensor_find(registry->store, radio->address);
        if (enrolled && !is_ours(registry, enrolled))
            continue; // shown below
        const SensorShown shown = {
            .radio = radio,
            .enrolled = enrolled,
            .view = enrolled && views ? &views[enrolled->slot] : NULL,
            .known = enrolled && registry->told[enrolled->slot].described
                         ? &registry->told[enrolled->slot].profile.known
                         : NULL,
            .history = enrolled ? radio_history(registry->radio, radio->address) : NULL,
        };
        g_array_append_val(all, shown);
    }
    for (SensorId slot = 0; slot < SENSORS_MAX; slot++) {
        const EnrolledSensor *enrolled = store_sensor_at(registry->store, slot);
        if (!enrolled || is_ours(registry, enrolled))
            continue;
        const SensorShown shown = {.radio = show_stranger(registry, enrolled),
                                   .enrolled = enrolled};
        g_array_append_val(all, shown);
    }
    return all;
}
