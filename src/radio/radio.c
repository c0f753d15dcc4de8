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

#include "io/clock.h"
#include "radio/bluez.h"
#include "radio/candidates.h"
#include "radio/link.h"
#include "radio/rfkill.h"
#include "radio/scanner.h"

#define WATCH_SLACK (1500 * USEC_PER_MSEC)
#define ADOPT_FOR   (5 * 60 * USEC_PER_SEC)

struct Radio {
    RadioHandlers handlers;
    gpointer data;
    Bluez *bluez;
    Scanner *scanner;
    Rfkill *rfkill;
    Alarm *alarm;
    guint idle;
    GPtrArray *links;  // Link
    GPtrArray *graves; // Link: forgotten, and perhaps still on the call stack

    char *adapter;      // path of the one in use
    guint power_serial; // the appearance that was powered, or found powered
    bool powering;
    Trouble power_trouble;
    guint power_tries;
    Alarm *power_alarm; // for another try
    GCancellable *cancellable;

    bool wanted, quiet; // by the owner
    Usec scan_until;
    Usec adopt_until;    // searching only for what may be adopted
    GHashTable *offered; // addresses of candidates that the owner was asked about

    RadioState state;
    char reason[160];
    GArray *sensors; // as published
    bool fresh;      // state or reason changed since then
    bool outdated;   // so did what is enrolled
};

static gboolean on_idle(gpointer data);

static void schedule(gpointer data)
{
    Radio *radio = data;
    if (!radio->idle)
        radio->idle = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, radio, NULL);
}

// ── the adapter ──────────────────────────────────────────────────────────────────────────────────

static void set_state(Radio *radio, RadioState state, const char *reason)
{
    if (radio->state == state && g_str_equal(radio->reason, reason))
        return;
    radio->state = state;
    g_strlcpy(radio->reason, reason, sizeof radio->reason);
    radio->fresh = true;
}

static void on_powered(GVariant *reply, Trouble trouble, gpointer data)
{
    Radio *radio = data;
    radio->power_trouble = trouble;
    // While bluetoothd starts it refuses: it is at the adapter itself.
    radio->powering = trouble == TROUBLE_TRANSIENT;
    if (radio->powering)
        alarm_set(radio->power_alarm, clock_now() + retry_delay(trouble, ++radio->power_tries));
    else
        radio->power_tries = 0;
    schedule(radio);
}

static void on_power_again(gpointer data)
{
    Radio *radio = data;
    radio->power_serial = 0;
    schedule(radio);
}

// Once for each appearance: what the user switches off later stays off.
static void power_on(Radio *radio, const MirrorAdapter *adapter)
{
    if (radio->power_serial == adapter->serial)
        return;
    radio->power_serial = adapter->serial;
    radio->power_trouble = TROUBLE_NONE;
    radio->powering = false;
    alarm_set(radio->power_alarm, USEC_NEVER);
    if (adapter->powered)
        return;
    radio->powering = true;
    bluez_call(radio->bluez, adapter->path, "org.freedesktop.DBus.Properties", "Set",
               g_variant_new("(ssv)", "org.bluez.Adapter1", "Powered", g_variant_new_boolean(TRUE)),
               10 * USEC_PER_SEC, radio->cancellable, on_powered, radio);
}

static void on_rfkill(gpointer data)
{
    Radio *radio = data;
    if (!rfkill_blocked(radio->rfkill))
        radio->power_serial = 0; // as good as a new appearance
    schedule(radio);
}

static void judge_adapter(Radio *radio, const MirrorAdapter *adapter)
{
    bool blocked = adapter && (adapter->blocked || radio->power_trouble == TROUBLE_BLOCKED ||
                               rfkill_blocked(radio->rfkill));
    if (!adapter)
        set_state(radio, RADIO_NO_ADAPTER,
                  "no Bluetooth adapter: plug one in; reboot if the built-in one is missing");
    else if (adapter->powered)
        set_state(radio, RADIO_READY, "");
    else if (blocked)
        set_state(radio, RADIO_BLOCKED,
                  "Bluetooth is blocked: 'rfkill unblock bluetooth' or the machine's switch "
                  "unblocks it");
    else if (radio->powering)
        set_state(radio, RADIO_OFF, "switching the Bluetooth adapter on");
    else
        set_state(radio, RADIO_OFF,
                  "the Bluetooth adapter is off: 'bluetoothctl power on' switches it on");
}

// The adapter to use, NULL while there is none with power.
static const MirrorAdapter *find_adapter(Radio *radio)
{
    switch (bluez_state(radio->bluez)) {
    case BLUEZ_NO_BUS:
        set_state(radio, RADIO_NO_BUS,
                  "no system bus: 'sudo systemctl start dbus' starts it ('sudo apt-get install "
                  "dbus bluez' if it is not installed)");
        return NULL;
    case BLUEZ_NO_SERVICE:
        set_state(radio, RADIO_NO_SERVICE,
                  "the Bluetooth service does not run: 'sudo systemctl enable --now bluetooth' "
                  "starts it ('sudo apt-get install bluez' if it is not installed)");
        return NULL;
    case BLUEZ_NO_PERMISSION:
        set_state(radio, RADIO_NO_PERMISSION,
                  "no permission to use Bluetooth: add the user to the group bluetooth ('sudo "
                  "adduser USER bluetooth') and log in again");
        return NULL;
    case BLUEZ_LOADING:
        set_state(radio, RADIO_NO_SERVICE, "the Bluetooth service is starting");
        return NULL;
    case BLUEZ_READY:
        break;
    }
    const MirrorAdapter *adapter = mirror_adapter(bluez_mirror(radio->bluez), radio->adapter);
    if (adapter)
        power_on(radio, adapter);
    judge_adapter(radio, adapter);
    if (!adapter || !adapter->powered)
        return NULL;
    if (g_strcmp0(radio->adapter, adapter->path) != 0) {
        g_free(radio->adapter);
        radio->adapter = g_strdup(adapter->path);
    }
    return adapter;
}

// ── who may use the radio ────────────────────────────────────────────────────────────────────────

static Link *link_at(const Radio *radio, guint index)
{
    return g_ptr_array_index(radio->links, index);
}

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

// The kinds that may be adopted: all while nothing is enrolled; then a strap or a pod, as long as
// nothing enrolled serves as such and no user has chosen a sensor. A treadmill is never taken for
// part of somebody's outfit.
static guint open_kinds(const Radio *radio)
{
    if (radio->links->len == 0)
        return SERVICE_HEART | SERVICE_STRIDE | SERVICE_TREADMILL;
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
    if (radio->quiet || g_hash_table_size(bluez_mirror(radio->bluez)->playing) > 0)
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
        .excuse = radio->reason,
        .contended = contended(radio),
    };
    for (guint i = 0; i < radio->links->len; i++)
        due = MIN(due, link_step(link_at(radio, i), &terms, now));
    Link *next = adapter ? next_to_connect(radio) : NULL;
    bool discover = adapter && !next && wants_discovery(radio, now);
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
        if (sensor->slot == SENSOR_NONE && !(sensor->services & ~open) &&
            candidate_only(radio->sensors, sensor) &&
            g_hash_table_add(radio->offered, g_strdup(sensor->address)))
            g_array_append_val(offers, *sensor);
    }
    for (guint i = 0; i < offers->len; i++)
        radio->handlers.candidate(&g_array_index(offers, RadioSensor, i), radio->data);
    return USEC_NEVER;
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
    Usec due = bluez_step(radio->bluez, now);
    const MirrorAdapter *adapter = find_adapter(radio);
    due = MIN(due, step_links(radio, adapter, now));
    if (now < radio->scan_until)
        due = MIN(due, radio->scan_until);
    if (now < radio->adopt_until && open_kinds(radio) != 0)
        due = MIN(due, radio->adopt_until);
    Usec gone_at;
    publish(radio, describe(radio, adapter, now, &gone_at));
    due = MIN(MIN(due, gone_at), offer(radio, now));
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
    for (guint i = 0; i < radio->links->len; i++)
        if (g_str_equal(link_address(link_at(radio, i)), device->address)) {
            link_value(link_at(radio, i), characteristic, bytes, length);
            return;
        }
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

static const BluezHandlers bluez_handlers = {.changed = schedule, .value = on_value};
static const LinkHandlers link_handlers = {.notify = on_notify, .up = on_up, .changed = schedule};

Radio *radio_new(const RadioConfig *config, const RadioHandlers *handlers, gpointer data)
{
    Radio *radio = g_new0(Radio, 1);
    radio->handlers = *handlers;
    radio->data = data;
    radio->state = RADIO_NO_BUS;
    radio->wanted = true;
    radio->links = g_ptr_array_new();
    radio->graves = g_ptr_array_new_with_free_func((GDestroyNotify)link_free);
    radio->sensors = g_array_new(FALSE, TRUE, sizeof(RadioSensor));
    radio->offered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    radio->cancellable = g_cancellable_new();
    radio->alarm = alarm_new(govern, radio);
    radio->power_alarm = alarm_new(on_power_again, radio);
    radio->bluez = bluez_new(config->bluez, &bluez_handlers, radio);
    radio->scanner = scanner_new(radio->bluez, schedule, radio);
    radio->rfkill = rfkill_new(on_rfkill, radio);
    schedule(radio);
    return radio;
}

// BlueZ takes 2 s over a disconnection, and does it without us: there is nothing to wait for.
static void farewell(Radio *radio)
{
    scanner_release(radio->scanner);
    for (guint i = 0; i < radio->links->len; i++)
        link_release(link_at(radio, i), radio->adapter);
    bluez_flush(radio->bluez);
}

void radio_free(Radio *radio)
{
    if (!radio)
        return;
    farewell(radio);
    g_clear_handle_id(&radio->idle, g_source_remove);
    g_cancellable_cancel(radio->cancellable);
    g_object_unref(radio->cancellable);
    g_ptr_array_set_free_func(radio->links, (GDestroyNotify)link_free);
    g_ptr_array_unref(radio->links);
    g_ptr_array_unref(radio->graves);
    scanner_free(radio->scanner);
    rfkill_free(radio->rfkill);
    bluez_free(radio->bluez);
    alarm_free(radio->alarm);
    alarm_free(radio->power_alarm);
    g_clear_handle_id(&radio->idle, g_source_remove);
    g_array_unref(radio->sensors);
    g_hash_table_unref(radio->offered);
    g_free(radio->adapter);
    g_free(radio);
}

static guint find_link(const Radio *radio, const char *address)
{
    guint i = 0;
    while (i < radio->links->len &&
           g_ascii_strcasecmp(link_address(link_at(radio, i)), address) != 0)
        i++;
    return i;
}

void radio_enrol(Radio *radio, const Enrolment *enrolment)
{
    char normal[18];
    if (!address_normalize(enrolment->address, normal))
        return;
    guint at = find_link(radio, normal);
    if (at == radio->links->len)
        g_ptr_array_add(radio->links, link_new(radio->bluez, &link_handlers, radio, normal));
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
    link_release(link, radio->adapter);
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

void radio_quiet(Radio *radio, gboolean quiet)
{
    radio->quiet = quiet;
    schedule(radio);
}

const History *radio_history(Radio *radio, const char *address)
{
    guint at = find_link(radio, address);
    return at < radio->links->len ? link_history(link_at(radio, at)) : NULL;
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
        const MirrorAdapter *adapter = mirror_adapter(bluez_mirror(radio->bluez), radio->adapter);
        g_array_unref(radio->sensors);
        Usec gone_at; // the look that is scheduled minds it
        radio->sensors =
            describe(radio, adapter && adapter->powered ? adapter : NULL, clock_now(), &gone_at);
        radio->outdated = false;
        radio->fresh = true;
    }
    return radio->sensors;
}

typedef struct {
    ProcedureResult result;
    ProcedureCallback callback;
    gpointer data;
} Refusal;

static gboolean on_refused(gpointer data)
{
    Refusal *refusal = data;
    refusal->callback(&refusal->result, refusal->data);
    return G_SOURCE_REMOVE;
}

void radio_procedure(Radio *radio, const char *address, const Procedure *procedure,
                     ProcedureCallback callback, gpointer data)
{
    Refusal *refusal = g_new0(Refusal, 1);
    refusal->result.outcome = PROCEDURE_NOT_CONNECTED;
    refusal->callback = callback;
    refusal->data = data;
    g_idle_add_full(G_PRIORITY_DEFAULT, on_refused, refusal, g_free);
}
