// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The governor: the one place that decides who may use the radio. One connection at a time, never
// while we search; no search while every enrolled sensor is connected, nor while a Bluetooth
// speaker plays (it would stutter).
//
// Hard was to stay calm: whatever happens only schedules one look at everything (govern()), which
// compares what is with what should be and takes the next step. With nothing enrolled the search
// goes on for as long as that lasts: it runs in bluetoothd, and wakes us only for a sensor. With a
// strap that was adopted and no pod yet, which sleeps until somebody walks, it goes on for a while.

#include "radio/radio.h"

#include <string.h>

#include "io/address.h"
#include "io/clock.h"
#include "radio/bluez.h"
#include "radio/candidates.h"
#include "radio/link.h"
#include "radio/power.h"
#include "radio/scanner.h"

#define WATCH_SLACK (1500 * USEC_PER_MSEC)
#define OFFERS_MAX  256 // of all times: who makes up more addresses is not asked about any more
#define ADOPT_FOR   (5 * 60 * USEC_PER_SEC)

struct Radio {
    RadioConfig config;
    RadioHandlers handlers;
    gpointer data;
    Bluez *bluez;
    Scanner *scanner;
    Power *power;
    Procedures *procedures;
    Alarm *alarm;
    guint idle;
    GPtrArray *links;  // Link
    GPtrArray *graves; // Link: forgotten, and perhaps still on the call stack

    bool wanted; // by the owner
    Usec scan_until;
    Usec adopt_until;    // searching only for what may be adopted
    GHashTable *offered; // addresses of candidates that the owner was asked about

    RadioState state;
    const char *reason; // lives as long as the program
    GArray *sensors;    // as published
    bool fresh;         // state or reason changed since then
    bool outdated;      // so did what is enrolled
};

static gboolean on_idle(gpointer data);

static void schedule(gpointer data)
{
    Radio *radio = data;
    if (!radio->idle)
        radio->idle = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, radio, NULL);
}

static Link *link_at(const Radio *radio, guint index)
{
    return g_ptr_array_index(radio->links, index);
}

static bool settled(const Radio *radio)
{
    for (guint i = 0; i < radio->links->len; i++)
        if (link_is_linked(link_at(radio, i)))
            return true;
    return false;
}

static const MirrorAdapter *find_adapter(const Radio *radio)
{
    return power_adapter(radio->power, settled(radio));
}

// ── who may use the radio ────────────────────────────────────────────────────────────────────────

// Whom we hear goes first; then who has waited longest.
static Link *next_to_connect(const Radio *radio)
{
    Link *best = NULL;
    for (guint i = 0; i < radio->links->len; i++) {
        Link *link = link_at(radio, i);
        if (link_holds_radio(link))
            return NULL;
        if (!link_wants_connect(link))
            continue;
        bool better =
            !best || (link_heard(link) && !link_heard(best)) ||
            (link_heard(link) == link_heard(best) && link_last_try(link) < link_last_try(best));
        if (better)
            best = link;
    }
    return best;
}

static bool outfit_in_reach(const Radio *radio)
{
    for (guint i = 0; i < radio->sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(radio->sensors, RadioSensor, i);
        if (sensor->slot == SENSOR_NONE && !(sensor->services & SERVICE_TREADMILL))
            return true;
    }
    return false;
}

// The kinds that may be adopted: a strap or a pod, as long as nothing enrolled serves as such and
// no user has chosen a sensor; and a treadmill while nothing is enrolled and there is nothing else
// in reach, for it is never taken for part of somebody's outfit.
static guint open_kinds(const Radio *radio)
{
    if (radio->links->len == 0 && !outfit_in_reach(radio))
        return SERVICES_ALL;
    guint open = SERVICE_HEART | SERVICE_STRIDE;
    for (guint i = 0; i < radio->links->len; i++) {
        if (link_adopted_for(link_at(radio, i)) == 0)
            return 0;
        open &= ~link_adopted_for(link_at(radio, i));
    }
    return open;
}

static bool wants_discovery(const Radio *radio, Usec now)
{
    if (!radio->wanted && now >= radio->scan_until)
        return false;
    if (g_hash_table_size(bluez_mirror(radio->bluez)->playing) > 0)
        return false;
    bool wanted = radio->links->len == 0 || now < radio->scan_until ||
                  (now < radio->adopt_until && open_kinds(radio) != 0);
    for (guint i = 0; i < radio->links->len; i++) {
        if (link_holds_radio(link_at(radio, i)))
            return false;
        wanted |= link_wants_discovery(link_at(radio, i));
    }
    return wanted;
}

static bool contended(const Radio *radio)
{
    for (guint i = 0; i < radio->links->len; i++)
        if (link_wants_connect(link_at(radio, i)) || link_wants_discovery(link_at(radio, i)))
            return true;
    return false;
}

static Usec step_links(Radio *radio, const MirrorAdapter *adapter, Usec now)
{
    Usec due = USEC_NEVER;
    LinkTerms terms = {
        .adapter = adapter ? adapter->path : NULL,
        .excuse = power_reason(radio->power),
        .wanted = radio->wanted,
        .contended = contended(radio),
    };
    for (guint i = 0; i < radio->links->len; i++)
        due = MIN(due, link_step(link_at(radio, i), &terms, now));
    bool rests = power_rests(radio->power);
    Link *next = adapter && !rests ? next_to_connect(radio) : NULL;
    bool discover = adapter && !rests && !next && wants_discovery(radio, now);
    due = MIN(due, scanner_step(radio->scanner, adapter, discover, now));
    if (next && scanner_quiet(radio->scanner)) {
        link_connect(next, adapter->path, now);
        due = MIN(due, link_step(next, &terms, now));
    }
    return due;
}

// ── what is told ─────────────────────────────────────────────────────────────────────────────────

// *ret_due: when the next candidate goes.
static GArray *describe(const Radio *radio, const MirrorAdapter *adapter, Usec now, Usec *ret_due)
{
    const Mirror *mirror = bluez_mirror(radio->bluez);
    GArray *sensors = g_array_new(FALSE, TRUE, sizeof(RadioSensor));
    g_array_set_size(sensors, radio->links->len);
    for (guint i = 0; i < radio->links->len; i++) {
        const Link *link = link_at(radio, i);
        const MirrorDevice *device =
            adapter ? mirror_device(mirror, adapter->path, link_address(link)) : NULL;
        link_describe(link, device, &g_array_index(sensors, RadioSensor, i));
    }
    *ret_due = adapter ? candidates_append(sensors, mirror, adapter->path, now) : USEC_NEVER;
    return sensors;
}

// The owner is asked about each only candidate once; with a choice, nobody is adopted.
static Usec offer(Radio *radio, Usec now)
{
    Usec settled = candidates_settle(radio->sensors);
    bool searching = scanner_on_since(radio->scanner) != USEC_NEVER;
    guint open = open_kinds(radio);
    if (open == 0 || !searching || settled == USEC_NEVER)
        return USEC_NEVER;
    if (now < settled)
        return settled;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(RadioSensor));
    for (guint i = 0; i < radio->sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(radio->sensors, RadioSensor, i);
        const guint kinds = sensor->services & ~(guint)SERVICE_POWER; // a pod is a pod
        if (sensor->slot == SENSOR_NONE && !(kinds & ~open) &&
            candidate_only(radio->sensors, sensor) &&
            g_hash_table_size(radio->offered) < OFFERS_MAX &&
            g_hash_table_add(radio->offered, g_strdup(sensor->address)))
            g_array_append_val(offers, *sensor);
    }
    for (guint i = 0; i < offers->len; i++)
        radio->handlers.candidate(&g_array_index(offers, RadioSensor, i), radio->data);
    return USEC_NEVER;
}

static bool has_rival(const Radio *radio, const Link *link)
{
    for (guint i = 0; i < radio->links->len; i++)
        if (link_rivals(link, link_at(radio, i)))
            return true;
    return false;
}

static guint find_link(const Radio *radio, const char *address)
{
    guint i = 0;
    while (i < radio->links->len &&
           g_ascii_strcasecmp(link_address(link_at(radio, i)), address) != 0)
        i++;
    return i;
}

// A sensor that has another address, and is the only one that can be it.
static Usec follow(Radio *radio, Usec now)
{
    Usec due = USEC_NEVER;
    for (guint i = 0; i < radio->links->len; i++) {
        Link *link = link_at(radio, i);
        Usec strayed_at = USEC_NEVER;
        bool strayed = link_strayed(link, scanner_on_since(radio->scanner), now, &strayed_at);
        if (!strayed) {
            due = MIN(due, strayed_at);
            continue;
        }
        const RadioSensor *stranger =
            has_rival(radio, link)
                ? NULL
                : candidate_like(radio->sensors, link_name(link), link_services(link));
        if (!stranger || find_link(radio, stranger->address) < radio->links->len)
            continue; // or enrolled just now
        char address[18];
        g_strlcpy(address, stranger->address, sizeof address);
        if (radio->handlers.moved && !radio->handlers.moved(link_slot(link), address, radio->data))
            continue;
        g_hash_table_remove(bluez_mirror(radio->bluez)->enrolled, link_address(link));
        g_hash_table_add(bluez_mirror(radio->bluez)->enrolled, g_strdup(address));
        link_move(link, address);
        radio->outdated = true;
        schedule(radio);
        return USEC_NEVER; // the list has changed
    }
    return due;
}

static void publish(Radio *radio, GArray *sensors)
{
    bool same = sensors->len == radio->sensors->len &&
                (sensors->len == 0 || memcmp(sensors->data, radio->sensors->data,
                                             sensors->len * sizeof(RadioSensor)) == 0);
    if (same && !radio->fresh) {
        g_array_unref(sensors);
        return;
    }
    g_array_unref(radio->sensors);
    radio->sensors = sensors;
    radio->fresh = radio->outdated = false;
    radio->handlers.changed(radio->data);
}

static bool all_live(const Radio *radio)
{
    for (guint i = 0; i < radio->links->len; i++)
        if (!link_is_live(link_at(radio, i)))
            return false;
    return radio->links->len > 0;
}

static void govern(gpointer data)
{
    Radio *radio = data;
    Usec now = clock_now();
    g_ptr_array_set_size(radio->graves, 0);
    procedures_look(radio->procedures);
    Usec due = bluez_step(radio->bluez, now);
    due = MIN(due, power_step(radio->power, settled(radio), now));
    if (radio->state != power_state(radio->power) ||
        !g_str_equal(radio->reason, power_reason(radio->power)))
        radio->fresh = true;
    radio->state = power_state(radio->power);
    radio->reason = power_reason(radio->power);
    const MirrorAdapter *adapter = find_adapter(radio);
    due = MIN(due, step_links(radio, adapter, now));
    if (now < radio->scan_until)
        due = MIN(due, radio->scan_until);
    if (now < radio->adopt_until && open_kinds(radio) != 0)
        due = MIN(due, radio->adopt_until);
    Usec gone_at;
    publish(radio, describe(radio, adapter, now, &gone_at));
    due = MIN(MIN(due, gone_at), offer(radio, now));
    due = MIN(due, follow(radio, now));
    // While all is well the only thing due is the watch for silence, which need not wake anybody.
    alarm_set_loosely(radio->alarm, due, all_live(radio) ? WATCH_SLACK : 0);
}

static gboolean on_idle(gpointer data)
{
    Radio *radio = data;
    radio->idle = 0;
    govern(radio);
    return G_SOURCE_REMOVE;
}

static void on_value(const MirrorDevice *device, guint16 characteristic, GVariant *value,
                     gpointer data)
{
    Radio *radio = data;
    gsize length;
    const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
    procedures_value(radio->procedures, device, characteristic, bytes, length);
    for (guint i = 0; i < radio->links->len; i++)
        if (g_str_equal(link_address(link_at(radio, i)), device->address)) {
            link_value(link_at(radio, i), characteristic, bytes, length);
            return;
        }
}

// It takes what it was told for granted from then on, and so do we: to read it back would be one
// more request to a sensor that has just been busy.
static void on_worn_elsewhere(const char *path, guint8 location, gpointer data)
{
    Radio *radio = data;
    const MirrorDevice *device = g_hash_table_lookup(bluez_mirror(radio->bluez)->devices, path);
    for (guint i = 0; device && i < radio->links->len; i++)
        if (g_str_equal(link_address(link_at(radio, i)), device->address))
            radio->handlers.notify(link_slot(link_at(radio, i)), CHARACTERISTIC_STRIDE_LOCATION,
                                   &location, 1, radio->data);
}

static void on_notify(SensorId slot, guint16 characteristic, const guint8 *bytes, gsize length,
                      gpointer data)
{
    Radio *radio = data;
    radio->handlers.notify(slot, characteristic, bytes, length, radio->data);
}

static void on_up(SensorId slot, gboolean up, gpointer data)
{
    Radio *radio = data;
    radio->handlers.link(slot, up, radio->data);
}

static void on_outcome(Trouble trouble, bool heard, gpointer data)
{
    Radio *radio = data;
    bool live = trouble == TROUBLE_NONE;
    for (guint i = 0; i < radio->links->len; i++)
        live |= link_is_live(link_at(radio, i));
    if (live)
        power_live(radio->power);
    else
        power_failed(radio->power, trouble, heard, clock_now());
}

static void on_scan_failed(Trouble trouble, gpointer data)
{
    on_outcome(trouble, true, data);
}

static void find_quirk(const char *name, const char *manufacturer, const char *model,
                       guint services, RadioQuirk *ret_quirk, gpointer data)
{
    Radio *radio = data;
    if (radio->config.quirk)
        radio->config.quirk(name, manufacturer, model, services, ret_quirk,
                            radio->config.quirk_data);
}

static const ScannerHandlers scanner_handlers = {.failed = on_scan_failed, .changed = schedule};
static const BluezHandlers bluez_handlers = {.changed = schedule, .value = on_value};
static const LinkHandlers link_handlers = {.notify = on_notify,
                                           .outcome = on_outcome,
                                           .quirk = find_quirk,
                                           .up = on_up,
                                           .changed = schedule};

Radio *radio_new(const RadioConfig *config, const RadioHandlers *handlers, gpointer data)
{
    Radio *radio = g_new0(Radio, 1);
    radio->config = *config;
    radio->config.bluez = NULL;   // the line to it has its own
    radio->config.adapter = NULL; // so has the power
    radio->handlers = *handlers;
    radio->data = data;
    radio->state = RADIO_NO_BUS;
    radio->reason = "";
    radio->wanted = true;
    radio->links = g_ptr_array_new();
    radio->graves = g_ptr_array_new_with_free_func((GDestroyNotify)link_free);
    radio->sensors = g_array_new(FALSE, TRUE, sizeof(RadioSensor));
    radio->offered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    radio->alarm = alarm_new(govern, radio);
    radio->bluez = bluez_new(config->bluez, &bluez_handlers, radio);
    radio->procedures = procedures_new(radio->bluez, on_worn_elsewhere, radio);
    radio->scanner = scanner_new(radio->bluez, &scanner_handlers, radio);
    radio->power = power_new(radio->bluez, config->adapter, schedule, radio);
    schedule(radio);
    return radio;
}

// BlueZ takes 2 s over a disconnection, and does it without us: there is nothing to wait for.
static void farewell(Radio *radio)
{
    scanner_release(radio->scanner);
    for (guint i = 0; i < radio->links->len; i++)
        link_release(link_at(radio, i), power_path(radio->power));
    bluez_flush(radio->bluez);
}

void radio_free(Radio *radio)
{
    if (!radio)
        return;
    farewell(radio);
    g_clear_handle_id(&radio->idle, g_source_remove);
    g_ptr_array_set_free_func(radio->links, (GDestroyNotify)link_free);
    g_ptr_array_unref(radio->links);
    g_ptr_array_unref(radio->graves);
    scanner_free(radio->scanner);
    power_free(radio->power);
    procedures_free(radio->procedures);
    bluez_free(radio->bluez);
    alarm_free(radio->alarm);
    g_clear_handle_id(&radio->idle, g_source_remove);
    g_array_unref(radio->sensors);
    g_hash_table_unref(radio->offered);
    g_free(radio);
}

void radio_enrol(Radio *radio, const Enrolment *enrolment)
{
    char normal[18];
    if (!address_normalize(enrolment->address, normal))
        return;
    guint at = find_link(radio, normal);
    g_hash_table_add(bluez_mirror(radio->bluez)->enrolled, g_strdup(normal));
    if (at == radio->links->len) {
        g_ptr_array_add(radio->links, link_new(radio->bluez, &link_handlers, radio, normal));
        bluez_refresh(radio->bluez);
    }
    link_enrol(link_at(radio, at), enrolment);
    if (enrolment->adopted_for != 0)
        radio->adopt_until = clock_now() + ADOPT_FOR;
    radio->outdated = true;
    schedule(radio);
}

void radio_forget(Radio *radio, const char *address)
{
    guint at = find_link(radio, address);
    if (at == radio->links->len)
        return;
    Link *link = g_ptr_array_remove_index(radio->links, at);
    g_hash_table_remove(bluez_mirror(radio->bluez)->enrolled, link_address(link));
    link_release(link, power_path(radio->power));
    g_ptr_array_add(radio->graves, link);
    // What the user has just thrown out is not offered back.
    g_hash_table_add(radio->offered, g_ascii_strup(address, -1));
    radio->outdated = true;
    schedule(radio);
}

void radio_scan(Radio *radio, double seconds)
{
    radio->scan_until = clock_now() + usec_from_s(CLAMP(seconds, 1, 120));
    schedule(radio);
}

void radio_want(Radio *radio, gboolean wanted)
{
    radio->wanted = wanted;
    schedule(radio);
}

const History *radio_history(Radio *radio, const char *address)
{
    guint at = find_link(radio, address);
    return at < radio->links->len ? link_history(link_at(radio, at)) : NULL;
}

gboolean radio_crowded(Radio *radio)
{
    return bluez_mirror(radio->bluez)->crowded;
}

RadioState radio_state(Radio *radio)
{
    return radio->state;
}

const char *radio_state_name(RadioState state)
{
    switch (state) {
    case RADIO_READY:
        return "ready";
    case RADIO_NO_BUS:
        return "no-bus";
    case RADIO_NO_SERVICE:
        return "no-service";
    case RADIO_NO_PERMISSION:
        return "no-permission";
    case RADIO_NO_ADAPTER:
        return "no-adapter";
    case RADIO_OFF:
        return "off";
    case RADIO_BLOCKED:
        return "blocked";
    case RADIO_STUCK:
        return "stuck";
    }
    g_assert_not_reached();
}

const char *link_state_name(LinkState state)
{
    switch (state) {
    case LINK_IDLE:
        return "idle";
    case LINK_SEARCHING:
        return "searching";
    case LINK_WAITING:
        return "waiting";
    case LINK_CONNECTING:
        return "connecting";
    case LINK_RESOLVING:
        return "resolving";
    case LINK_SUBSCRIBING:
        return "subscribing";
    case LINK_LIVE:
        return "live";
    case LINK_SILENT:
        return "silent";
    }
    g_assert_not_reached();
}

const char *radio_reason(Radio *radio)
{
    return radio->reason;
}

const GArray *radio_sensors(Radio *radio)
{
    if (radio->outdated) {
        const MirrorAdapter *adapter = find_adapter(radio);
        g_array_unref(radio->sensors);
        Usec gone_at; // the look that is scheduled minds it
        radio->sensors = describe(radio, adapter, clock_now(), &gone_at);
        radio->outdated = false;
        radio->fresh = true;
    }
    return radio->sensors;
}

void radio_procedure(Radio *radio, const char *address, const Procedure *procedure,
                     ProcedureCallback callback, gpointer data)
{
    const MirrorAdapter *adapter = find_adapter(radio);
    guint at = find_link(radio, address);
    const MirrorDevice *device = adapter && at < radio->links->len
                                     ? mirror_device(bluez_mirror(radio->bluez), adapter->path,
                                                     link_address(link_at(radio, at)))
                                     : NULL;
    procedures_begin(radio->procedures, device, procedure, callback, data);
}
