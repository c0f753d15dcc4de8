// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that a link that is up proves nothing: only a packet does, hence the second
// watchdog; and whatever goes half wrong is disconnected, since BlueZ leaks what is left half done.
// When a sensor is tried next, backoff.h says.

#include "radio/link-inside.h"

#include "io/clock.h"
#include "session/event.h"

#define ADAPTER "org.bluez.Adapter1"
#define DEVICE  "org.bluez.Device1"

#define CONNECT_TIMEOUT (25 * USEC_PER_SEC) // of the call; the link's patience is shorter
#define RESOLVE_TIMEOUT (15 * USEC_PER_SEC)
#define BARE_TIMEOUT                                                                               \
    (5 * USEC_PER_SEC) // BlueZ shows the table at once, or not before the next link
#define LEAVE_TIMEOUT  (5 * USEC_PER_SEC)
#define HEARD_RECENTLY (10 * USEC_PER_SEC)
#define BUSY                                                                                       \
    "it hangs up at once: it may be connected to another device (watch, phone, treadmill); "       \
    "disconnect it there"

void link_show(Link *link, LinkState state, const char *sentence)
{
    g_autoptr(GString) words = g_string_new(sentence);
    g_string_replace(words, "ADDRESS", link->address, 0);
    const char *reason = words->str;
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

void link_set_up(Link *link, bool up)
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
    link->resolved_since = 0;
}

// Whatever is still under way belongs to the past.
static void drop_attempt(Link *link)
{
    g_cancellable_cancel(link->attempt);
    g_object_unref(link->attempt);
    link->attempt = g_cancellable_new();
    link->leaving = link->ours = false;
    link->connection = 0;
    link->flow.last = 0;
    link->restarted = link->pairing = link->pair_tried = false;
    link->told_battery = -1;
    gatt_reset(link->gatt);
    details_reset(link->details);
    link_set_up(link, false);
}

// A connection is over; before drop_attempt().
void link_count_end(Link *link, LinkEnd end, Usec now)
{
    if (link->counted) {
        history_end(&link->history, usec_to_s(now - link->flow.connected_at), end);
        link->seen_at = now;
    }
    link->counted = false;
}

static void go_away(Link *link, LinkState state, const char *reason, Usec now)
{
    drop_attempt(link);
    enter(link, PHASE_AWAY, now);
    link_show(link, state, reason);
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
    link->forgetting &= trouble == TROUBLE_NONE;
    link->handlers->changed(link->data);
}

void link_leave(Link *link, const MirrorDevice *device, bool forget, const char *reason, Usec now)
{
    link->left_connection = device->connection;
    link->left_ours = link->ours;
    drop_attempt(link);
    enter(link, PHASE_LEAVING, now);
    link->leaving = true;
    link->forgetting = forget;
    link_show(link, LINK_WAITING, reason);
    if (forget)
        bluez_call(link->bluez, device->adapter, ADAPTER, "RemoveDevice",
                   g_variant_new("(o)", device->path), LEAVE_TIMEOUT, link->attempt, on_left, link);
    else
        bluez_call(link->bluez, device->path, DEVICE, "Disconnect", NULL, LEAVE_TIMEOUT,
                   link->attempt, on_left, link);
}

static bool has_left(const Link *link, const MirrorDevice *device)
{
    if (!device)
        return true;
    if (link->forgetting)
        return device->connection != link->left_connection; // found anew
    return !device->connected && !link->leaving;
}

static Usec step_leaving(Link *link, const MirrorDevice *device, Usec now)
{
    Usec deadline = link->phase_since + LEAVE_TIMEOUT + USEC_PER_SEC;
    if (!has_left(link, device) && now < deadline)
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
    link_count_end(link, device && device->hung_up ? END_PEER : END_LOST, now);
    backoff_lost(&link->backoff, &link->flow, link->ours, now);
    go_away(link, LINK_WAITING,
            backoff_busy(&link->backoff) ? BUSY : "the connection was lost; connecting again", now);
    return true;
}

static Usec give_up(Link *link, const MirrorDevice *device, Trouble trouble, const char *reason,
                    Usec now)
{
    backoff_failed(&link->backoff, trouble, now);
    link_count_end(link, END_OURS, now);
    link_leave(link, device, false, reason, now);
    return now;
}

// It has no measurement. BlueZ may go by a table from before an update of its firmware, which it
// keeps until it is made to forget the device: once, and not one that somebody has paired.
static Usec give_up_bare(Link *link, const MirrorDevice *device, Usec now)
{
    if (link->forgotten || device->paired || !link->ours || !device->adapter)
        return give_up(link, device, TROUBLE_OTHER,
                       "connected, but it offers no heart rate, stride or treadmill data: switch "
                       "it off and on, or update its firmware",
                       now);
    link->forgotten = true;
    backoff_failed(&link->backoff, TROUBLE_OTHER, now);
    link_count_end(link, END_OURS, now);
    link_leave(link, device, true,
               "connected, but it offers no heart rate, stride or treadmill data; looking anew",
               now);
    return now;
}

static Usec resolve_again(Link *link, Usec now);

static Usec step_subscribed(Link *link, const MirrorDevice *device, Usec now)
{
    if (connection_lost(link, device, now))
        return now;
    if (link->state == LINK_SILENT && !link->restarted)
        return gatt_due(link->gatt) == USEC_NEVER ? USEC_NEVER : link_silent(link, device, now);
    if (!gatt_there(link->gatt, device, &link->quirk))
        return resolve_again(link, now); // its table changes
    if (link->pairing && !link->up)
        return USEC_NEVER; // the call ends by itself
    switch (gatt_subscribe(link->gatt, device, &link->quirk, now)) {
    case GATT_BUSY:
        return gatt_due(link->gatt);
    case GATT_DONE:
        return link_listen(link, device, now);
    case GATT_HELD: // not ours to end
        link_set_up(link, false);
        link_show(
            link, LINK_WAITING,
            "another program on this machine has its data to itself: end that program, or wait "
            "until it ends");
        return USEC_NEVER;
    case GATT_UNFLAGGED:
        return give_up(link, device, TROUBLE_REFUSED,
                       "it says that its data cannot be subscribed to: switch it off and on, or "
                       "update its firmware",
                       now);
    case GATT_REFUSED:
        if (link_pair(link, device)) {
            link_show(link, LINK_SUBSCRIBING,
                      "connected; pairing, for it gives its data to none but friends");
            return USEC_NEVER;
        }
        return give_up(link, device, TROUBLE_REFUSED, trouble_sentence(TROUBLE_REFUSED), now);
    case GATT_FAILED:
        return give_up(link, device, TROUBLE_OTHER,
                       "connected, but subscribing to its data fails; connecting again", now);
    }
    g_assert_not_reached();
}

static Usec step_resolving(Link *link, const MirrorDevice *device, Usec now)
{
    if (connection_lost(link, device, now))
        return now;
    if (device->resolved && gatt_there(link->gatt, device, &link->quirk)) {
        enter(link, PHASE_SUBSCRIBED, now);
        link->patient_from = now;
        if (!link->up)
            link_show(link, LINK_SUBSCRIBING, "connected; waiting for the first data");
        return step_subscribed(link, device, now);
    }
    // Data that comes already is worth waiting for, but holds the radio only while it comes.
    Usec deadline = link->phase_since + RESOLVE_TIMEOUT;
    if (device->resolved && !link->resolved_since)
        link->resolved_since = now;
    if (link->resolved_since)
        deadline = MIN(deadline, link->resolved_since + BARE_TIMEOUT);
    if (link->up)
        deadline = MAX(deadline, link->flow.last + silence_patience(link->backoff.failures));
    if (now < deadline)
        return deadline;
    if (device->resolved)
        return give_up_bare(link, device, now);
    return give_up(link, device, TROUBLE_OTHER,
                   "connected, but its services do not appear; connecting again", now);
}

static Usec resolve_again(Link *link, Usec now)
{
    enter(link, PHASE_RESOLVING, now);
    if (!link->up)
        link_show(link, LINK_RESOLVING, "connected; its services are changing");
    return now;
}

// What we gave up, and what is connected all the same.
static bool lingers(const Link *link, const MirrorDevice *device)
{
    return device && device->connected && device->connection == link->left_connection;
}

static Usec begin_resolving(Link *link, const MirrorDevice *device, Usec now)
{
    link->ours |= lingers(link, device) && link->left_ours;
    link->connection = device->connection;
    link->backoff.absent = false;
    link->counted = true;
    link->unseen_since = 0;
    flow_begin(&link->flow, now);
    link_consult_quirks(link, device);
    enter(link, PHASE_RESOLVING, now);
    link_show(link, LINK_RESOLVING, "connected; looking for its services");
    return step_resolving(link, device, now);
}

// ── connecting ───────────────────────────────────────────────────────────────────────────────────

static void judge_connect(Link *link, Trouble trouble, Usec now)
{
    history_failure(&link->history, trouble);
    link->handlers->outcome(trouble, link->heard, link->data);
    backoff_connect_failed(&link->backoff, trouble, link->heard, now - link->phase_since, now);
}

static void on_connect(GVariant *reply, Trouble trouble, gpointer data)
{
    Link *link = data;
    if (link->phase == PHASE_CONNECTING && trouble != TROUBLE_NONE) {
        Usec now = clock_now();
        judge_connect(link, trouble, now);
        go_away(link, LINK_WAITING, backoff_busy(&link->backoff) ? BUSY : trouble_sentence(trouble),
                now);
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
    link_leave(link, device, false, trouble_sentence(TROUBLE_TIMEOUT), now);
    return now;
}

static Usec step_away(Link *link, const MirrorDevice *device, const LinkTerms *terms, Usec now)
{
    if (!terms->adapter) {
        backoff_clear(&link->backoff, now);
        link->unseen_since = 0;
        link_show(link, LINK_SEARCHING, terms->excuse);
        return USEC_NEVER;
    }
    if (!terms->wanted && lingers(link, device) && link->left_ours) {
        if (now < link->backoff.next_try)
            return link->backoff.next_try;
        backoff_failed(&link->backoff, TROUBLE_OTHER, now);
        link->ours = true;
        link_leave(link, device, false, "letting it go", now);
        return now;
    }
    if (!terms->wanted) {
        backoff_clear(&link->backoff, now);
        link->left_connection = 0;
        link_show(link, LINK_IDLE, "let go until it is needed");
        return USEC_NEVER;
    }
    if (device)
        link->seen_at = MAX(link->seen_at, device->heard_at);
    Usec longer_at = USEC_NEVER;
    const char *absence = absence_sentence(link->seen_at, now, &longer_at);
    bool unseen = !device || (link->backoff.absent && !device->connected &&
                              device->heard_at <= link->backoff.absent_since);
    if (!unseen)
        link->unseen_since = 0;
    else if (!link->unseen_since)
        link->unseen_since = now;
    if (!device) {
        link->wants_discovery = true;
        link_show(link, LINK_SEARCHING, absence);
        return longer_at;
    }
    if (device->connected && (!lingers(link, device) || now >= link->backoff.next_try))
        return begin_resolving(link, device, now);
    if (link->backoff.absent && device->heard_at <= link->backoff.absent_since &&
        now < link->backoff.blind_at) {
        link->wants_discovery = true;
        link_show(link, LINK_SEARCHING, absence);
        return MIN(link->backoff.blind_at, longer_at);
    }
    if (now < link->backoff.next_try) {
        link_show(link, LINK_WAITING,
                  link->state == LINK_WAITING ? link->reason
                                              : "seen; connecting again in a moment");
        return link->backoff.next_try;
    }
    link->heard = device->heard_at && now - device->heard_at < HEARD_RECENTLY;
    link->wants_connect = true;
    link_show(link, LINK_WAITING, "waiting for its turn to connect");
    return USEC_NEVER;
}

// A link that was there before us, and whose sensor nobody listens to: one of us that was killed
// has left it behind. BlueZ does not say who asked for it, and keeps it for ever, which empties the
// sensor's battery. It counts as one that we gave up, and is let go like our own.
static void inherit(Link *link, const MirrorDevice *device)
{
    link->looked = true;
    if (!device || !device->connected || !device->resolved || !gatt_unheard(link->gatt, device))
        return;
    link->left_connection = device->connection;
    link->left_ours = true;
}

// What another program connected, and listens to, stays connected.
static void let_go(Link *link, const MirrorDevice *device, Usec now)
{
    link_count_end(link, END_OURS, now);
    if (device && link->ours) {
        link_leave(link, device, false, "letting it go", now);
        return;
    }
    if (device)
        gatt_release(link->gatt, device);
    go_away(link, LINK_IDLE, "let go until it is needed", now);
}

Usec link_step(Link *link, const LinkTerms *terms, Usec now)
{
    link->wants_connect = link->wants_discovery = false;
    if (link->generation != bluez_generation(link->bluez)) {
        link->generation = bluez_generation(link->bluez);
        link_count_end(link, END_SERVICE, now);
        drop_attempt(link);
        enter(link, PHASE_AWAY, now);
    }
    const MirrorDevice *device = find_device(link, terms->adapter);
    if (!terms->adapter)
        link_count_end(link, END_ADAPTER, now);
    if (terms->adapter && !link->looked)
        inherit(link, device);
    bool holding = link->phase != PHASE_AWAY && link->phase != PHASE_LEAVING;
    if (!terms->wanted && holding)
        let_go(link, device, now);
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
    link->backoff.last_try = now;
    link->wants_connect = false;
    link->rssi = link->heard ? device->last_rssi : 0;
    if (link->rssi)
        history_add(&link->history, HISTORY_RSSI, link->rssi);
    enter(link, PHASE_CONNECTING, now);
    link_show(link, LINK_CONNECTING, "connecting");
    bluez_call(link->bluez, device->path, DEVICE, "Connect", NULL, CONNECT_TIMEOUT, link->attempt,
               on_connect, link);
}

static void take(Link *link, guint16 characteristic, const guint8 *bytes, gsize length)
{
    Usec now = clock_now();
    gatt_took(link->gatt, characteristic, now);
    if (!flow_take(&link->flow, &link->history, length, now))
        return;
    backoff_data(&link->backoff, &link->flow);
    if (!link->up) {
        link->restarted = link->forgotten = false;
        link_show(link, LINK_LIVE, "");
        link_set_up(link, true);
        link->handlers->outcome(TROUBLE_NONE, true, link->data);
    }
    link->handlers->notify(link->slot, characteristic, bytes, MIN(length, NOTIFY_BYTES_MAX),
                           link->data);
}

void link_value(Link *link, guint16 characteristic, const guint8 *bytes, gsize length)
{
    if (!gatt_streams(characteristic) ||
        (link->phase != PHASE_SUBSCRIBED && link->phase != PHASE_RESOLVING))
        return; // BlueZ signals what is read as well
    take(link, characteristic, bytes, length);
}

// ── who it is ────────────────────────────────────────────────────────────────────────────────────

void link_move(Link *link, const char *address)
{
    g_strlcpy(link->address, address, sizeof link->address);
    drop_attempt(link);
    enter(link, PHASE_AWAY, clock_now());
    link->backoff = (Backoff){.failures = 0};
    link->unpairable = false;
    link->unseen_since = 0;
    link->left_connection = 0;
    link_consult_quirks(link, NULL);
}

void link_enrol(Link *link, const Enrolment *enrolment)
{
    if (link->slot != enrolment->slot)
        link_set_up(link, false);
    link->slot = enrolment->slot;
    link->adopted_for = enrolment->adopted_for;
    link->match_name = enrolment->match_name;
    if (enrolment->services)
        link->services = enrolment->services;
    name_sanitize(enrolment->name ? enrolment->name : "", link->name, sizeof link->name);
    if (enrolment->history && !link->restored)
        history_parse(enrolment->history, &link->history);
    link->restored = true;
}

// ── what comes from below ────────────────────────────────────────────────────────────────────────

static void on_packet(guint16 characteristic, const guint8 *bytes, gsize length, gpointer data)
{
    take(data, characteristic, bytes, length);
}

static void on_detail(guint16 characteristic, const guint8 *bytes, gsize length, gpointer data)
{
    Link *link = data;
    link->handlers->notify(link->slot, characteristic, bytes, length, link->data);
}

static void on_texts(gpointer data)
{
    Link *link = data;
    link->ask_quirk = true;
}

static void on_changed(gpointer data)
{
    Link *link = data;
    link->handlers->changed(link->data);
}

static const SubscriptionHandlers gatt_handlers = {.value = on_packet, .changed = on_changed};
static const DetailsHandlers details_handlers = {
    .value = on_detail, .texts = on_texts, .changed = on_changed};

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
    link->details = details_new(bluez, &details_handlers, link);
    link->told_battery = -1;
    g_strlcpy(link->address, address, sizeof link->address);
    return link;
}

void link_release(Link *link, const char *adapter)
{
    const MirrorDevice *device = find_device(link, adapter);
    bool held = link->phase != PHASE_AWAY && link->phase != PHASE_LEAVING;
    link_count_end(link, END_OURS, clock_now());
    if (device && held)
        gatt_release(link->gatt, device);
    if (device && ((held && link->ours) || (lingers(link, device) && link->left_ours)))
        bluez_call(link->bluez, device->path, DEVICE, "Disconnect", NULL, USEC_PER_SEC, NULL, NULL,
                   NULL);
    drop_attempt(link); // what is under way must not wake it any more
    enter(link, PHASE_AWAY, clock_now());
}

void link_free(Link *link)
{
    g_cancellable_cancel(link->attempt);
    g_object_unref(link->attempt);
    gatt_free(link->gatt);
    details_free(link->details);
    g_free(link);
}
