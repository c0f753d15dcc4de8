// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One characteristic. What was hard is to keep apart the memories of a subscription: BlueZ's (who
// asked, `holders`; who has the socket, `acquirer`) and the sensor's (`configured`, its CCC
// descriptor), for most trouble with real sensors begins where they differ.

#include "sim/characteristic.h"

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/bluez-info.h"

#define AIR_MS    30 // a request and its answer
#define MTU       517
#define CCC       0x2902
#define VALUE_MAX 512

// Beside those of sensor.h; of the core specification, vol. 3 part F, 3.4.1.1.
#define ATT_AUTHENTICATION      0x05
#define ATT_NOT_SUPPORTED       0x06
#define ATT_INVALID_OFFSET      0x07
#define ATT_AUTHORIZATION       0x08
#define ATT_ENCRYPTION_KEY_SIZE 0x0c
#define ATT_UNLIKELY            0x0e
#define ATT_ENCRYPTION          0x0f

// A request on the air; none while there is no invocation.
typedef struct {
    GDBusMethodInvocation *invocation;
    guint timer;
    guint16 offset;
    GBytes *value;
} Request;

struct Characteristic {
    const Peer *peer;
    const CharacteristicSpec *spec;
    const char *service; // path
    char *path;
    Facet *facet, *descriptor;
    GByteArray *value; // the last one BlueZ has seen
    gboolean configured;
    Request read, write;

    Holders *holders;
    gboolean notifying; // as BlueZ says
    GPtrArray *asking;  // invocations of StartNotify
    guint ask_timer;

    Holders *acquirer;
    gboolean acquired; // or about to be
    GDBusMethodInvocation *acquiring;
    int socket; // -1: none
    guint hang_up, acquire_timer;
};

void uuid_text(uint16_t uuid, char ret_text[37])
{
    g_snprintf(ret_text, 37, "0000%04x-0000-1000-8000-00805f9b34fb", uuid);
}

GVariant *uuid_variant(uint16_t uuid)
{
    char text[37];
    uuid_text(uuid, text);
    return g_variant_new_string(text);
}

static GVariant *bytes_variant(const void *bytes, size_t length)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1);
}

static gboolean has_flag(const CharacteristicSpec *spec, const char *flag)
{
    for (guint i = 0; i < G_N_ELEMENTS(spec->flags); i++) {
        if (g_strcmp0(spec->flags[i], flag) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean can_notify(const CharacteristicSpec *spec)
{
    return has_flag(spec, "notify") || has_flag(spec, "indicate");
}

static GVariant *flags(const CharacteristicSpec *spec)
{
    gssize count = 0;
    while (count < (gssize)G_N_ELEMENTS(spec->flags) && spec->flags[count])
        count++;
    return g_variant_new_strv(spec->flags, count);
}

static GVariant *get(gpointer self, const char *property)
{
    Characteristic *characteristic = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(characteristic->spec->uuid);
    if (strcmp(property, "Service") == 0)
        return g_variant_new_object_path(characteristic->service);
    if (strcmp(property, "Value") == 0)
        return bytes_variant(characteristic->value->data, characteristic->value->len);
    if (strcmp(property, "Flags") == 0)
        return flags(characteristic->spec);
    if (strcmp(property, "MTU") == 0)
        return characteristic->peer->up ? g_variant_new_uint16(MTU) : NULL;
    if (strcmp(property, "Notifying") == 0 && can_notify(characteristic->spec))
        return g_variant_new_boolean(characteristic->notifying);
    if (strcmp(property, "NotifyAcquired") == 0 && has_flag(characteristic->spec, "notify"))
        return g_variant_new_boolean(characteristic->acquired);
    return NULL;
}

static GVariant *descriptor_get(gpointer self, const char *property)
{
    Characteristic *characteristic = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(CCC);
    if (strcmp(property, "Characteristic") == 0)
        return g_variant_new_object_path(characteristic->path);
    return bytes_variant(NULL, 0);
}

static void set_value(Characteristic *characteristic, const void *bytes, size_t length)
{
    g_byte_array_set_size(characteristic->value, 0);
    g_byte_array_append(characteristic->value, bytes, (guint)length);
    facet_changed(characteristic->facet, "Value", NULL);
}

static void refuse_att(GDBusMethodInvocation *invocation, guint code)
{
    static const struct {
        guint code;
        const char *name, *message;
    } named[] = {
        {ATT_READ_NOT_PERMITTED, "NotPermitted", "Read not permitted"},
        {ATT_WRITE_NOT_PERMITTED, "NotPermitted", "Write not permitted"},
        {ATT_AUTHENTICATION, "NotPermitted", "Not paired"},
        {ATT_ENCRYPTION_KEY_SIZE, "NotPermitted", "Not paired"},
        {ATT_ENCRYPTION, "NotPermitted", "Not paired"},
        {ATT_NOT_SUPPORTED, "NotSupported", "Operation is not supported"},
        {ATT_INVALID_OFFSET, "InvalidArguments", "Invalid offset"},
        {ATT_INVALID_LENGTH, "InvalidArguments", "Invalid Length"},
        {ATT_AUTHORIZATION, "NotAuthorized", "Operation Not Authorized"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        if (named[i].code == code) {
            tree_refuse(invocation, named[i].name, named[i].message);
            return;
        }
    }
    g_autofree char *message = g_strdup_printf("Operation failed with ATT error: 0x%02x", code);
    tree_refuse(invocation, "Failed", message);
}

// ── reading and writing ──

static GDBusMethodInvocation *request_end(Request *request)
{
    g_clear_handle_id(&request->timer, g_source_remove);
    g_clear_pointer(&request->value, g_bytes_unref);
    return g_steal_pointer(&request->invocation);
}

// Whether the characteristic can be asked at all, and is not just being asked.
static gboolean ready(Characteristic *characteristic, const Request *request,
                      GDBusMethodInvocation *invocation)
{
    if (!characteristic->peer->up)
        tree_refuse(invocation, "Failed", "Not connected");
    else if (request->invocation)
        tree_refuse(invocation, "InProgress", "In Progress");
    else
        return TRUE;
    return FALSE;
}

static gboolean on_read(gpointer data)
{
    Characteristic *characteristic = data;
    guint16 offset = characteristic->read.offset;
    characteristic->read.timer = 0;
    GDBusMethodInvocation *invocation = request_end(&characteristic->read);
    uint8_t bytes[VALUE_MAX];
    size_t length = 0;
    guint error = sensor_read(characteristic->peer->sensor, characteristic->spec->uuid, bytes,
                              sizeof bytes, &length);
    if (error == ATT_OK && offset > length)
        error = ATT_INVALID_OFFSET;
    if (error != ATT_OK) {
        refuse_att(invocation, error);
        return G_SOURCE_REMOVE;
    }
    set_value(characteristic, bytes, length);
    GVariant *value = bytes_variant(bytes + offset, length - offset);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(@ay)", value));
    return G_SOURCE_REMOVE;
}

static guint16 offset_of(GVariant *options)
{
    guint16 offset = 0;
    g_variant_lookup(options, "offset", "q", &offset);
    return offset;
}

static void read_value(Characteristic *characteristic, GDBusMethodInvocation *invocation,
                       GVariant *arguments)
{
    if (!ready(characteristic, &characteristic->read, invocation))
        return;
    g_autoptr(GVariant) options = g_variant_get_child_value(arguments, 0);
    characteristic->read = (Request){.invocation = invocation, .offset = offset_of(options)};
    characteristic->read.timer = g_timeout_add(AIR_MS, on_read, characteristic);
}

// Returns the sensor's ATT error, 0 for none.
static guint put(Characteristic *characteristic, guint16 offset, const void *bytes, size_t length)
{
    if (offset > 0)
        return ATT_INVALID_OFFSET;
    if (length > VALUE_MAX)
        return ATT_INVALID_LENGTH;
    return sensor_write(characteristic->peer->sensor, characteristic->spec->uuid, bytes, length);
}

static gboolean on_write(gpointer data)
{
    Characteristic *characteristic = data;
    Request *request = &characteristic->write;
    request->timer = 0;
    gsize length;
    const void *bytes = g_bytes_get_data(request->value, &length);
    guint error = put(characteristic, request->offset, bytes, length);
    GDBusMethodInvocation *invocation = request_end(request);
    if (error != ATT_OK)
        refuse_att(invocation, error);
    else
        tree_reply(invocation);
    return G_SOURCE_REMOVE;
}

static void write_value(Characteristic *characteristic, GDBusMethodInvocation *invocation,
                        GVariant *arguments)
{
    if (!ready(characteristic, &characteristic->write, invocation))
        return;
    g_autoptr(GVariant) value = g_variant_get_child_value(arguments, 0);
    g_autoptr(GVariant) options = g_variant_get_child_value(arguments, 1);
    const CharacteristicSpec *spec = characteristic->spec;
    const char *type = has_flag(spec, "write")                    ? "request"
                       : has_flag(spec, "write-without-response") ? "command"
                                                                  : "";
    g_variant_lookup(options, "type", "&s", &type);
    gsize length;
    const void *bytes = g_variant_get_fixed_array(value, &length, 1);
    guint16 offset = offset_of(options);
    if (g_ascii_strcasecmp(type, "command") == 0 && offset == 0) {
        put(characteristic, 0, bytes, length);
        tree_reply(invocation);
    } else if (g_ascii_strcasecmp(type, "request") == 0 ||
               g_ascii_strcasecmp(type, "reliable") == 0) {
        characteristic->write = (Request){
            .invocation = invocation, .offset = offset, .value = g_bytes_new(bytes, length)};
        characteristic->write.timer = g_timeout_add(AIR_MS, on_write, characteristic);
    } else {
        tree_refuse(invocation, "NotSupported", "Operation is not supported");
    }
}

// ── subscriptions ──

static gboolean sensor_agrees(const Characteristic *characteristic)
{
    return !characteristic->peer->wants_pairing || characteristic->peer->paired;
}

static void configure(Characteristic *characteristic, gboolean configured)
{
    characteristic->configured = configured;
    sensor_subscribe(characteristic->peer->sensor, characteristic->spec->uuid, configured);
}

static void set_notifying(Characteristic *characteristic, gboolean notifying)
{
    if (characteristic->notifying == notifying)
        return;
    characteristic->notifying = notifying;
    facet_changed(characteristic->facet, "Notifying", NULL);
}

static gboolean on_asked(gpointer data)
{
    Characteristic *characteristic = data;
    characteristic->ask_timer = 0;
    gboolean agrees = sensor_agrees(characteristic);
    if (agrees && holders_count(characteristic->holders) > 0)
        set_notifying(characteristic, TRUE);
    for (guint i = 0; i < characteristic->asking->len; i++) {
        GDBusMethodInvocation *invocation = characteristic->asking->pdata[i];
        if (agrees) {
            tree_reply(invocation);
            continue;
        }
        holders_remove(characteristic->holders, g_dbus_method_invocation_get_sender(invocation));
        refuse_att(invocation, ATT_AUTHENTICATION);
    }
    g_ptr_array_set_size(characteristic->asking, 0);
    return G_SOURCE_REMOVE;
}

static void start_notify(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    gboolean up = characteristic->peer->up;
    if (characteristic->peer->leaving) {
        tree_refuse(invocation, "NotConnected", "Not Connected");
    } else if (characteristic->acquired) {
        tree_refuse(invocation, "NotPermitted", "Notify acquired");
    } else if (!can_notify(characteristic->spec)) {
        tree_refuse(invocation, "NotSupported", "Operation is not supported");
    } else if (holders_has(characteristic->holders, sender)) {
        if (up)
            tree_reply(invocation);
        else
            tree_refuse(invocation, "InProgress", "In Progress");
    } else if (!up) {
        tree_refuse(invocation, "NotConnected", "Not Connected");
    } else {
        holders_add(characteristic->holders, sender);
        if (characteristic->notifying) {
            tree_reply(invocation);
            return;
        }
        configure(characteristic, sensor_agrees(characteristic));
        g_ptr_array_add(characteristic->asking, invocation);
        if (!characteristic->ask_timer)
            characteristic->ask_timer = g_timeout_add(AIR_MS, on_asked, characteristic);
    }
}

static void subscription_ended(const char *sender, gpointer data)
{
    Characteristic *characteristic = data;
    if (holders_count(characteristic->holders) > 0)
        return;
    configure(characteristic, FALSE);
    set_notifying(characteristic, FALSE);
}

static void release(Characteristic *characteristic)
{
    if (!characteristic->acquired)
        return;
    g_clear_handle_id(&characteristic->hang_up, g_source_remove);
    g_clear_handle_id(&characteristic->acquire_timer, g_source_remove);
    g_clear_object(&characteristic->acquiring); // it is never answered
    if (characteristic->socket >= 0)
        close(characteristic->socket);
    characteristic->socket = -1;
    characteristic->acquired = FALSE;
    configure(characteristic, FALSE);
    holders_clear(characteristic->acquirer);
    facet_changed(characteristic->facet, "NotifyAcquired", NULL);
}

static void acquirer_left(const char *sender, gpointer data)
{
    release(data);
}

static gboolean on_hang_up(int socket, GIOCondition condition, gpointer data)
{
    Characteristic *characteristic = data;
    characteristic->hang_up = 0;
    release(characteristic);
    return G_SOURCE_REMOVE;
}

static gboolean on_acquired(gpointer data)
{
    Characteristic *characteristic = data;
    characteristic->acquire_timer = 0;
    if (!sensor_agrees(characteristic))
        return G_SOURCE_REMOVE;
    int ends[2];
    int made = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
    g_assert(made == 0);
    characteristic->socket = ends[0];
    characteristic->hang_up = g_unix_fd_add(ends[0], G_IO_HUP, on_hang_up, characteristic);
    g_autoptr(GUnixFDList) descriptors = g_unix_fd_list_new_from_array(&ends[1], 1);
    facet_changed(characteristic->facet, "NotifyAcquired", NULL);
    g_dbus_method_invocation_return_value_with_unix_fd_list(
        g_steal_pointer(&characteristic->acquiring), g_variant_new("(hq)", 0, MTU), descriptors);
    return G_SOURCE_REMOVE;
}

static void acquire_notify(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    if (!characteristic->peer->up) {
        tree_refuse(invocation, "Failed", "Not connected");
    } else if (characteristic->acquired) {
        tree_refuse(invocation, "NotPermitted", "Notify acquired");
    } else if (holders_count(characteristic->holders) > 0) {
        tree_refuse(invocation, "InProgress", "In Progress");
    } else if (!has_flag(characteristic->spec, "notify")) {
        tree_refuse(invocation, "NotSupported", "Operation is not supported");
    } else {
        holders_add(characteristic->acquirer, g_dbus_method_invocation_get_sender(invocation));
        characteristic->acquired = TRUE;
        configure(characteristic, sensor_agrees(characteristic));
        characteristic->acquiring = invocation;
        characteristic->acquire_timer = g_timeout_add(AIR_MS, on_acquired, characteristic);
    }
}

static void stop_notify(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    if (characteristic->acquired) {
        release(characteristic);
        tree_reply(invocation);
    } else if (holders_remove(characteristic->holders, sender)) {
        subscription_ended(sender, characteristic);
        tree_reply(invocation);
    } else {
        tree_refuse(invocation, "Failed", "No notify session started");
    }
}

static void call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                 GVariant *arguments)
{
    if (strcmp(method, "StartNotify") == 0)
        start_notify(self, invocation);
    else if (strcmp(method, "StopNotify") == 0)
        stop_notify(self, invocation);
    else if (strcmp(method, "AcquireNotify") == 0)
        acquire_notify(self, invocation);
    else if (strcmp(method, "ReadValue") == 0)
        read_value(self, invocation, arguments);
    else
        write_value(self, invocation, arguments);
}

static void descriptor_call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                            GVariant *arguments)
{
    Characteristic *characteristic = self;
    if (strcmp(method, "ReadValue") != 0) {
        tree_refuse(invocation, "NotPermitted", "Write not permitted");
        return;
    }
    guint8 bit = has_flag(characteristic->spec, "notify") ? 1 : 2;
    const uint8_t value[] = {characteristic->configured ? bit : 0, 0};
    g_dbus_method_invocation_return_value(
        invocation, g_variant_new("(@ay)", bytes_variant(value, sizeof value)));
}

// ── its life ──

guint characteristic_handles(const CharacteristicSpec *spec)
{
    return can_notify(spec) ? 3 : 2;
}

Characteristic *characteristic_new(const Peer *peer, const CharacteristicSpec *spec,
                                   const char *service, guint handle)
{
    static const FacetClass class = {&org_bluez_gatt_characteristic1_interface, call, get, NULL};
    static const FacetClass descriptor = {&org_bluez_gatt_descriptor1_interface, descriptor_call,
                                          descriptor_get, NULL};
    Characteristic *characteristic = g_new0(Characteristic, 1);
    GDBusConnection *bus = tree_bus(peer->tree);
    *characteristic = (Characteristic){
        .peer = peer,
        .spec = spec,
        .service = service,
        .path = g_strdup_printf("%s/char%04x", service, handle),
        .value = g_byte_array_new(),
        .holders = holders_new(bus, subscription_ended, characteristic),
        .asking = g_ptr_array_new(),
        .acquirer = holders_new(bus, acquirer_left, characteristic),
        .socket = -1,
    };
    characteristic->facet = tree_add(peer->tree, characteristic->path, &class, characteristic);
    if (can_notify(spec)) {
        g_autofree char *path = g_strdup_printf("%s/desc%04x", characteristic->path, handle + 2);
        characteristic->descriptor = tree_add(peer->tree, path, &descriptor, characteristic);
    }
    return characteristic;
}

// What was on the air when the link went.
static void fail_requests(Characteristic *characteristic)
{
    Request *requests[] = {&characteristic->read, &characteristic->write};
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
        if (requests[i]->invocation)
            refuse_att(request_end(requests[i]), ATT_UNLIKELY);
    }
    g_clear_handle_id(&characteristic->ask_timer, g_source_remove);
    for (guint i = 0; i < characteristic->asking->len; i++)
        refuse_att(characteristic->asking->pdata[i], ATT_UNLIKELY);
    g_ptr_array_set_size(characteristic->asking, 0);
    release(characteristic);
}

void characteristic_free(Characteristic *characteristic)
{
    fail_requests(characteristic);
    if (characteristic->configured)
        configure(characteristic, FALSE);
    tree_remove(characteristic->descriptor);
    tree_remove(characteristic->facet);
    holders_free(characteristic->holders);
    holders_free(characteristic->acquirer);
    g_ptr_array_unref(characteristic->asking);
    g_byte_array_unref(characteristic->value);
    g_free(characteristic->path);
    g_free(characteristic);
}

uint16_t characteristic_uuid(const Characteristic *characteristic)
{
    return characteristic->spec->uuid;
}

const char *characteristic_service(const Characteristic *characteristic)
{
    return characteristic->service;
}

void characteristic_link(Characteristic *characteristic)
{
    if (!characteristic->peer->up)
        fail_requests(characteristic);
    if (characteristic->peer->up)
        configure(characteristic,
                  sensor_agrees(characteristic) && holders_count(characteristic->holders) > 0);
    else
        characteristic->configured = FALSE; // sensor_link_lost() tells the sensor
    if (characteristic->configured)
        set_notifying(characteristic, TRUE);
}

gboolean characteristic_notify(Characteristic *characteristic, const uint8_t *bytes, size_t length)
{
    if (!characteristic->configured)
        return FALSE;
    if (characteristic->acquired)
        return characteristic->socket >= 0 &&
               send(characteristic->socket, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
    set_value(characteristic, bytes, length);
    return TRUE;
}

gboolean characteristic_configured(const Characteristic *characteristic)
{
    return characteristic->configured;
}

void characteristic_forget_subscribers(Characteristic *characteristic)
{
    configure(characteristic, FALSE);
}
