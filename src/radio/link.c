// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is what counts as failing. A sensor that is not heard is only away: it is searched for,
// for ever, and connected to at once when heard. A sensor that is heard and cannot be kept is
// backed off from, until it has given good data for a while. A link that is up proves nothing: only
// a packet does, hence the second watchdog; and whatever goes half wrong is disconnected, since
// BlueZ leaks what is left half done.

#include "radio/link.h"

#include "io/clock.h"
#include "radio/gatt.h"
#include "session/event.h"

#define DEVICE "org.bluez.Device1"

#define CONNECT_TIMEOUT  (25 * USEC_PER_SEC) // of the call; the link's patience is shorter
#define RESOLVE_TIMEOUT  (15 * USEC_PER_SEC)
#define LEAVE_TIMEOUT    (5 * USEC_PER_SEC)
#define GOOD_DATA        (10 * USEC_PER_SEC) // this long, and the past is forgiven
#define FLAP_DELAY       (4 * USEC_PER_SEC)
#define HEARD_RECENTLY   (10 * USEC_PER_SEC)
#define EARLY            (3 * USEC_PER_SEC) // an error sooner than this is BlueZ's, not the air's
#define PACKETS_A_SECOND 50                 // more is an attack, or a fault

typedef enum {
    PHASE_AWAY,
    PHASE_CONNECTING,
    PHASE_RESOLVING,
    PHASE_SUBSCRIBED, // or about to be
    PHASE_LEAVING,
} LinkPhase;

struct Link {
    Bluez *bluez;
    const LinkHandlers *handlers;
    gpointer data;
    SensorId slot;
    char address[18];
    char name[64];
    guint services;    // ServiceSet when it was enrolled
    guint adopted_for; // ServiceSet
    bool match_name;
    History history;

    LinkState state;
    char reason[160];
    Usec since;
    bool up;

    LinkPhase phase;
    Usec phase_since;
    guint generation;
    guint connection;      // that this attempt is about
    guint left_connection; // that we gave up
    bool ours;             // we asked for it
    bool heard;            // the device of the attempt was on the air
    bool leaving;          // Disconnect has not answered
    GCancellable *attempt;

    Gatt *gatt;
    bool restarted;    // the subscription, for silence
    Usec patient_from; // silence counts from here, or from the last packet
    Usec last_packet;  // of this connection, 0: none
    Usec good_since;
    Usec second; // for the count of packets
    guint packets;
    guint32 dropped, cut; // for good: whoever looks into a sensor wants to know

    guint failures;
    Usec next_try;
    Usec last_try;
    bool absent; // the last try met nobody
    Usec absent_since;
    guint blind_tries;
    Usec blind_at;
    bool wants_discovery;
    bool wants_connect;
};

static void show(Link *link, LinkState state, const char *reason)
{
    if (link->state == state && g_str_equal(link->reason, reason))
        return;
    if (link->state != state) {
        link->since = clock_now();
        g_debug("radio: %s %s: %s", link->address, link_state_name(state), reason);
    }
    link->state = state;
    g_strlcpy(link->reason, reason, sizeof link->reason);
    link->handlers->changed(link->data);
}

static void set_up(Link *link, bool up)
{
    if (link->up == up)
        return;
    link->up = up;
    link->handlers->up(link->slot, up, link->data);
}

static void enter(Link *link, LinkPhase phase, Usec now)
{
    link->phase = phase;
    link->phase_since = now;
}

// Whatever is still under way belongs to the past.
static void drop_attempt(Link *link)
{
    g_cancellable_cancel(link->attempt);
    g_object_unref(link->attempt);
    link->attempt = g_cancellable_new();
    link->leaving = link->ours = false;
    link->connection = 0;
    link->last_packet = 0;
    link->restarted = false;
    gatt_reset(link->gatt);
    set_up(link, false);
}

static const char *trouble_sentence(Trouble trouble)
{
    switch (trouble) {
    case TROUBLE_NONE:
        return "";
    case TROUBLE_TRANSIENT:
        return "Bluetooth is busy with the last connection; trying again in a moment";
    case TROUBLE_TIMEOUT:
        return "it does not answer: is it worn, near, and not connected to a watch or phone?";
    case TROUBLE_GONE:
        return "Bluetooth has forgotten it; searching for it again";
    case TROUBLE_NOT_READY:
        return "the Bluetooth adapter has no power; waiting for it";
    case TROUBLE_BLOCKED:
        return "Bluetooth is blocked; unblock it with 'rfkill unblock bluetooth'";
    case TROUBLE_SLOTS:
        return "the adapter has no room for another connection; disconnect another device";
    case TROUBLE_REFUSED:
        return "it refuses; if it wants to be paired, pair it once with 'bluetoothctl pair "
               "ADDRESS'";
    case TROUBLE_NO_PERMISSION:
        return "no permission to use Bluetooth; add the user to the group bluetooth";
    case TROUBLE_NO_SERVICE:
        return "the Bluetooth service went away; waiting for it";
    case TROUBLE_OTHER:
        return "the connection failed; trying again";
    }
    g_assert_not_reached();
}

static void back_off(Link *link, Trouble trouble, Usec now)
{
    link->failures++;
    link->next_try = now + retry_delay(trouble, link->failures);
}

static void go_away(Link *link, LinkState state, const char *reason, Usec now)
{
    drop_attempt(link);
    enter(link, PHASE_AWAY, now);
    show(link, state, reason);
}

// ── leaving ──────────────────────────────────────────────────────────────────────────────────────

static const MirrorDevice *find_device(const Link *link, const char *adapter)
{
    return adapter ? mirror_device(bluez_mirror(link->bluez), adapter, link->address) : NULL;
}

static void on_left(GVariant *reply, Trouble trouble, gpointer data)
{
    Link *link = data;
    link->leaving = false;
    link->handlers->changed(link->data);
}

static void leave(Link *link, const MirrorDevice *device, const char *reason, Usec now)
{
    link->left_connection = device->connection;
    drop_attempt(link);
    enter(link, PHASE_LEAVING, now);
    link->leaving = true;
    bluez_call(link->bluez, device->path, DEVICE, "Disconnect", NULL, LEAVE_TIMEOUT, link->attempt,
               on_left, link);
    show(link, LINK_WAITING, reason);
}

static Usec step_leaving(Link *link, const MirrorDevice *device, Usec now)
{
    Usec deadline = link->phase_since + LEAVE_TIMEOUT + USEC_PER_SEC;
    bool gone = !device || (!device->connected && !link->leaving);
    if (!gone && now < deadline)
        return deadline;
    drop_attempt(link);
    enter(link, PHASE_AWAY, now);
    return now;
}

// ── listening ───────────────────────────────────────────────────────────────────

static bool connection_lost(Link *link, const MirrorDevice *device, Usec now)
{
    if (device && device->connected && device->connection == link->connection)
        return false;
    bool proved = link->last_packet && link->last_packet - link->good_since >= GOOD_DATA;
    if (proved)
        link->next_try = now;
    else if (link->ours)
        back_off(link, TROUBLE_TRANSIENT, now);
    else // somebody else's connection, which was just going
        link->next_try = now + retry_delay(TROUBLE_TRANSIENT, 0);
    if (link->last_packet) // a link that flaps still gives data, if it is let
        link->next_try = MIN(link->next_try, now + FLAP_DELAY);
    go_away(link, LINK_WAITING, "the connection was lost; connecting again", now);
    return true;
}

static Usec silent(Link *link, const MirrorDevice *device, Usec now)
{
    set_up(link, false);
    if (!link->restarted) {
        show(link, LINK_SILENT, "connected, but no data comes; subscribing again");
        link->restarted = gatt_unsubscribe(link->gatt, device);
        link->patient_from = now;
        return link->restarted ? now : USEC_NEVER; // a call ends by itself
    }
    back_off(link, TROUBLE_OTHER, now);
    leave(link, device, "connected, but no data comes: is it worn and awake? connecting again",
          now);
    return now;
}

static Usec step_subscribed(Link *link, const MirrorDevice *device, Usec now)
{
    if (connection_lost(link, device, now))
        return now;
    if (link->state == LINK_SILENT && !link->restarted)
        return gatt_due(link->gatt) == USEC_NEVER ? USEC_NEVER : silent(link, device, now);
    switch (gatt_subscribe(link->gatt, device, now)) {
    case GATT_BUSY:
        return gatt_due(link->gatt);
    case GATT_FAILED:
        back_off(link, TROUBLE_REFUSED, now);
        leave(link, device, trouble_sentence(TROUBLE_REFUSED), now);
        return now;
    case GATT_DONE:
        break;
    }
    Usec from = MAX(MAX(link->last_packet, link->patient_from), gatt_subscribed_at(link->gatt));
    Usec deadline = from + silence_patience(link->failures);
    return now < deadline ? deadline : silent(link, device, now);
}

static Usec step_resolving(Link *link, const MirrorDevice *device, Usec now)
{
    if (connection_lost(link, device, now))
        return now;
    if (device->resolved && gatt_there(link->gatt, device)) {
        enter(link, PHASE_SUBSCRIBED, now);
        link->patient_from = now;
        if (!link->up)
            show(link, LINK_SUBSCRIBING, "connected; waiting for the first data");
        return step_subscribed(link, device, now);
    }
    // Data that comes already is worth waiting for, but holds the radio only while it comes.
    Usec deadline = link->phase_since + RESOLVE_TIMEOUT;
    if (link->up)
        deadline = MAX(deadline, link->last_packet + silence_patience(link->failures));
    if (now < deadline)
        return deadline;
    back_off(link, TROUBLE_OTHER, now);
    leave(link, device, "connected, but its services do not appear; connecting again", now);
    return now;
}

static Usec begin_resolving(Link *link, const MirrorDevice *device, Usec now)
{
    link->connection = device->connection;
    link->absent = false;
    enter(link, PHASE_RESOLVING, now);
    show(link, LINK_RESOLVING, "connected; looking for its services");
    return step_resolving(link, device, now);
}

// ── connecting ───────────────────────────────────────────────────────────────────────────────────

static void judge_connect(Link *link, Trouble trouble, Usec now)
{
    bool nobody = !link->heard && (trouble == TROUBLE_TIMEOUT || (trouble == TROUBLE_TRANSIENT &&
                                                                  now - link->phase_since > EARLY));
    if (trouble == TROUBLE_GONE) {
        link->next_try = now + retry_delay(TROUBLE_TRANSIENT, 0); // until the mirror knows
    } else if (nobody) {
        link->absent = true;
        link->absent_since = now;
        link->blind_at = now + blind_delay(link->blind_tries++);
        link->next_try = now;
    } else {
        back_off(link, trouble, now);
        link->absent = trouble == TROUBLE_TIMEOUT;
        link->absent_since = now;
        link->blind_at = link->next_try;
    }
}

static void on_connect(GVariant *reply, Trouble trouble, gpointer data)
{
    Link *link = data;
    if (link->phase == PHASE_CONNECTING && trouble != TROUBLE_NONE) {
        Usec now = clock_now();
        judge_connect(link, trouble, now);
        go_away(link, LINK_WAITING, trouble_sentence(trouble), now);
    }
    link->handlers->changed(link->data);
}

static Usec step_connecting(Link *link, const MirrorDevice *device, bool contended, Usec now)
{
    if (!device) {
        judge_connect(link, TROUBLE_GONE, now);
        go_away(link, LINK_SEARCHING, trouble_sentence(TROUBLE_GONE), now);
        return now;
    }
    if (device->connected)
        return begin_resolving(link, device, now);
    Usec deadline = link->phase_since + connect_patience(link->heard, contended);
    if (now < deadline)
        return deadline;
    judge_connect(link, TROUBLE_TIMEOUT, now);
    leave(link, device, trouble_sentence(TROUBLE_TIMEOUT), now);
    return now;
}

static Usec step_away(Link *link, const MirrorDevice *device, const LinkTerms *terms, Usec now)
{
    if (!terms->adapter) {
        link->next_try = now; // one try at once when it is back
        link->absent = false;
        show(link, LINK_SEARCHING, terms->excuse);
        return USEC_NEVER;
    }
    if (!device) {
        link->wants_discovery = true;
        show(link, LINK_SEARCHING,
             "not seen: is it worn, awake, near, and not connected to a watch or phone?");
        return USEC_NEVER;
    }
    bool again = device->connected && device->connection == link->left_connection;
    if (device->connected && (!again || now >= link->next_try))
        return begin_resolving(link, device, now);
    if (link->absent && device->heard_at <= link->absent_since && now < link->blind_at) {
        link->wants_discovery = true;
        show(link, LINK_SEARCHING, trouble_sentence(TROUBLE_TIMEOUT));
        return link->blind_at;
    }
    if (now < link->next_try) {
        show(link, LINK_WAITING,
             link->state == LINK_WAITING ? link->reason : "seen; connecting again in a moment");
        return link->next_try;
    }
    link->heard = device->heard_at && now - device->heard_at < HEARD_RECENTLY;
    link->wants_connect = true;
    show(link, LINK_WAITING, "waiting for its turn to connect");
    return USEC_NEVER;
}

Usec link_step(Link *link, const LinkTerms *terms, Usec now)
{
    link->wants_connect = link->wants_discovery = false;
    if (link->generation != bluez_generation(link->bluez)) {
        link->generation = bluez_generation(link->bluez);
        drop_attempt(link);
        enter(link, PHASE_AWAY, now);
    }
    const MirrorDevice *device = find_device(link, terms->adapter);
    switch (link->phase) {
    case PHASE_AWAY:
        return step_away(link, device, terms, now);
    case PHASE_CONNECTING:
        return step_connecting(link, device, terms->contended, now);
    case PHASE_RESOLVING:
        return step_resolving(link, device, now);
    case PHASE_SUBSCRIBED:
        return step_subscribed(link, device, now);
    case PHASE_LEAVING:
        return step_leaving(link, device, now);
    }
    g_assert_not_reached();
}

void link_connect(Link *link, const char *adapter, Usec now)
{
    const MirrorDevice *device = find_device(link, adapter);
    g_assert(device && link->phase == PHASE_AWAY);
    drop_attempt(link);
    link->ours = true;
    link->last_try = now;
    link->wants_connect = false;
    enter(link, PHASE_CONNECTING, now);
    show(link, LINK_CONNECTING, "connecting");
    bluez_call(link->bluez, device->path, DEVICE, "Connect", NULL, CONNECT_TIMEOUT, link->attempt,
               on_connect, link);
}

void link_value(Link *link, guint16 characteristic, const guint8 *bytes, gsize length)
{
    if (!gatt_streams(characteristic) ||
        (link->phase != PHASE_SUBSCRIBED && link->phase != PHASE_RESOLVING))
        return; // BlueZ signals what is read as well
    Usec now = clock_now();
    if (now - link->second >= USEC_PER_SEC) {
        link->second = now;
        link->packets = 0;
    }
    if (++link->packets > PACKETS_A_SECOND) {
        link->dropped++;
        return;
    }
    link->cut += length > NOTIFY_BYTES_MAX;
    if (!link->last_packet || now - link->last_packet > silence_patience(0))
        link->good_since = now;
    link->last_packet = now;
    if (now - link->good_since >= GOOD_DATA)
        link->failures = link->blind_tries = 0;
    if (!link->up) {
        link->restarted = false;
        show(link, LINK_LIVE, "");
        set_up(link, true);
    }
    link->handlers->notify(link->slot, characteristic, bytes, MIN(length, NOTIFY_BYTES_MAX),
                           link->data);
}

// ── what others may ask ──────────────────────────────────────────────────────────────────────────

bool link_wants_discovery(const Link *link)
{
    return link->wants_discovery;
}

bool link_wants_connect(const Link *link)
{
    return link->wants_connect;
}

bool link_is_live(const Link *link)
{
    return link->state == LINK_LIVE;
}

bool link_heard(const Link *link)
{
    return link->heard;
}

Usec link_last_try(const Link *link)
{
    return link->last_try;
}

bool link_holds_radio(const Link *link)
{
    switch (link->phase) {
    case PHASE_AWAY:
    case PHASE_SUBSCRIBED:
        return false;
    case PHASE_CONNECTING:
    case PHASE_RESOLVING:
    case PHASE_LEAVING:
        return true;
    }
    g_assert_not_reached();
}

const char *link_address(const Link *link)
{
    return link->address;
}

guint link_adopted_for(const Link *link)
{
    return link->adopted_for;
}

void link_enrol(Link *link, const Enrolment *enrolment)
{
    if (link->slot != enrolment->slot)
        set_up(link, false);
    link->slot = enrolment->slot;
    link->adopted_for = enrolment->adopted_for;
    link->match_name = enrolment->match_name;
    if (enrolment->services)
        link->services = enrolment->services;
    name_sanitize(enrolment->name ? enrolment->name : "", link->name, sizeof link->name);
    if (enrolment->history)
        history_parse(enrolment->history, &link->history);
}

History *link_history(Link *link)
{
    return &link->history;
}

void link_describe(const Link *link, const MirrorDevice *device, RadioSensor *ret_sensor)
{
    const char *name = link->name[0] || !device ? link->name : device->name;
    g_strlcpy(ret_sensor->address, link->address, sizeof ret_sensor->address);
    g_strlcpy(ret_sensor->name, name, sizeof ret_sensor->name);
    g_strlcpy(ret_sensor->reason, link->reason, sizeof ret_sensor->reason);
    ret_sensor->services = device && device->services ? device->services : link->services;
    ret_sensor->match_name = link->match_name;
    ret_sensor->slot = link->slot;
    ret_sensor->state = link->state;
    ret_sensor->since = link->since;
    ret_sensor->next_try = link->state == LINK_WAITING                     ? link->next_try
                           : link->state == LINK_SEARCHING && link->absent ? link->blind_at
                                                                           : USEC_NEVER;
    ret_sensor->battery = device ? device->battery : -1;
    ret_sensor->rssi = device ? device->rssi : 0;
    ret_sensor->dropped = link->dropped;
    ret_sensor->cut = link->cut;
}

static void on_feature(const guint8 *bytes, gsize length, gpointer data)
{
    Link *link = data;
    link->handlers->notify(link->slot, CHARACTERISTIC_STRIDE_FEATURE, bytes,
                           MIN(length, NOTIFY_BYTES_MAX), link->data);
}

static void on_gatt(gpointer data)
{
    Link *link = data;
    link->handlers->changed(link->data);
}

static const GattHandlers gatt_handlers = {.feature = on_feature, .changed = on_gatt};

Link *link_new(Bluez *bluez, const LinkHandlers *handlers, gpointer data, const char *address)
{
    Link *link = g_new0(Link, 1);
    link->bluez = bluez;
    link->handlers = handlers;
    link->data = data;
    link->slot = SENSOR_NONE;
    link->state = LINK_SEARCHING;
    link->since = clock_now();
    link->generation = bluez_generation(bluez);
    link->attempt = g_cancellable_new();
    link->gatt = gatt_new(bluez, &gatt_handlers, link);
    g_strlcpy(link->address, address, sizeof link->address);
    return link;
}

void link_release(Link *link, const char *adapter)
{
    const MirrorDevice *device = find_device(link, adapter);
    bool held = link->phase != PHASE_AWAY && link->phase != PHASE_LEAVING;
    set_up(link, false);
    if (!device || !held)
        return;
    gatt_release(link->gatt, device);
    if (link->ours)
        bluez_call(link->bluez, device->path, DEVICE, "Disconnect", NULL, USEC_PER_SEC, NULL, NULL,
                   NULL);
}

void link_free(Link *link)
{
    g_cancellable_cancel(link->attempt);
    g_object_unref(link->attempt);
    gatt_free(link->gatt);
    g_free(link);
}
