// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The server's side of BlueZ's GATT interfaces. What was hard is how an error reaches the air:
// bluetoothd turns an error's name into an ATT code, and for an application's own codes it reads
// the number from the text of org.bluez.Error.Failed.

#include "sim/radio-table.h"

#include <string.h>

#include "sim/bluez-info.h"

#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define SERVICE        "org.bluez.GattService1"
#define VALUE_MAX      512

// What bluetoothd calls; of the properties it reads only those in GetManagedObjects.
static const char INTERFACES[] =
    "<node>"
    "<interface name='" SERVICE "'>"
    "<property name='UUID' type='s' access='read'/>"
    "<property name='Primary' type='b' access='read'/>"
    "</interface>"
    "<interface name='" CHARACTERISTIC "'>"
    "<method name='ReadValue'><arg type='a{sv}' direction='in'/><arg type='ay' direction='out'/>"
    "</method>"
    "<method name='WriteValue'><arg type='ay' direction='in'/><arg type='a{sv}' direction='in'/>"
    "</method>"
    "<method name='StartNotify'/>"
    "<method name='StopNotify'/>"
    "<method name='Confirm'/>"
    "<property name='UUID' type='s' access='read'/>"
    "<property name='Service' type='o' access='read'/>"
    "<property name='Flags' type='as' access='read'/>"
    "</interface>"
    "</node>";

typedef struct {
    RadioTable *table;
    char *path;
    const char *service; // path, of a characteristic
    uint16_t uuid;
    const CharacteristicSpec *spec; // NULL: it is a service
    gboolean notifying;
    guint id;
} Object;

struct RadioTable {
    GDBusConnection *bus;
    Sensor *sensor;
    GDBusNodeInfo *info;
    GPtrArray *objects; // of Object, parents first
    guint manager;
};

void radio_uuid_text(uint16_t uuid, char ret_text[37])
{
    g_snprintf(ret_text, 37, "0000%04x-0000-1000-8000-00805f9b34fb", uuid);
}

static GVariant *object_get(const Object *object, const char *property)
{
    if (strcmp(property, "UUID") == 0) {
        char text[37];
        radio_uuid_text(object->uuid, text);
        return g_variant_new_string(text);
    }
    if (strcmp(property, "Primary") == 0)
        return g_variant_new_boolean(TRUE);
    if (strcmp(property, "Service") == 0)
        return g_variant_new_object_path(object->service);
    gssize count = 0;
    while (count < (gssize)G_N_ELEMENTS(object->spec->flags) && object->spec->flags[count])
        count++;
    return g_variant_new_strv(object->spec->flags, count);
}

static GVariant *on_get(GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error, gpointer data)
{
    return object_get(data, property);
}

static void refuse(GDBusMethodInvocation *invocation, uint8_t error)
{
    char code[8];
    g_snprintf(code, sizeof code, "0x%02x", error);
    const char *name = "org.bluez.Error.Failed";
    if (error == ATT_READ_NOT_PERMITTED || error == ATT_WRITE_NOT_PERMITTED)
        name = "org.bluez.Error.NotPermitted";
    else if (error == ATT_INVALID_LENGTH)
        name = "org.bluez.Error.InvalidValueLength";
    g_dbus_method_invocation_return_dbus_error(invocation, name, code);
}

static void read_value(Object *object, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    g_autoptr(GVariant) options = g_variant_get_child_value(arguments, 0);
    guint16 offset = 0;
    g_variant_lookup(options, "offset", "q", &offset);
    uint8_t bytes[VALUE_MAX];
    size_t length;
    uint8_t error = sensor_read(object->table->sensor, object->uuid, bytes, sizeof bytes, &length);
    if (error != ATT_OK) {
        refuse(invocation, error);
        return;
    }
    offset = (guint16)MIN(offset, length);
    GVariant *value =
        g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes + offset, length - offset, 1);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(@ay)", value));
}

static void write_value(Object *object, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    g_autoptr(GVariant) value = g_variant_get_child_value(arguments, 0);
    gsize length;
    const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
    uint8_t error = sensor_write(object->table->sensor, object->uuid, bytes, length);
    if (error == ATT_OK)
        g_dbus_method_invocation_return_value(invocation, NULL);
    else
        refuse(invocation, error);
}

// A characteristic may be there twice.
static gboolean subscribed(RadioTable *table, uint16_t uuid)
{
    for (guint i = 0; i < table->objects->len; i++) {
        const Object *object = table->objects->pdata[i];
        if (object->uuid == uuid && object->notifying)
            return TRUE;
    }
    return FALSE;
}

static void set_notifying(Object *object, gboolean notifying)
{
    object->notifying = notifying;
    sensor_subscribe(object->table->sensor, object->uuid, subscribed(object->table, object->uuid));
}

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *method, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Object *object = data;
    if (strcmp(method, "ReadValue") == 0) {
        read_value(object, invocation, arguments);
        return;
    }
    if (strcmp(method, "WriteValue") == 0) {
        write_value(object, invocation, arguments);
        return;
    }
    if (strcmp(method, "Confirm") != 0)
        set_notifying(object, strcmp(method, "StartNotify") == 0);
    g_dbus_method_invocation_return_value(invocation, NULL);
}

static GVariant *object_properties(const Object *object)
{
    static const char *const of_service[] = {"UUID", "Primary", NULL};
    static const char *const of_characteristic[] = {"UUID", "Service", "Flags", NULL};
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE_VARDICT);
    for (const char *const *name = object->spec ? of_characteristic : of_service; *name; name++)
        g_variant_builder_add(&properties, "{sv}", *name, object_get(object, *name));
    return g_variant_builder_end(&properties);
}

static void on_manager_call(GDBusConnection *bus, const char *sender, const char *path,
                            const char *interface, const char *method, GVariant *arguments,
                            GDBusMethodInvocation *invocation, gpointer data)
{
    RadioTable *table = data;
    GVariantBuilder objects;
    g_variant_builder_init(&objects, G_VARIANT_TYPE("a{oa{sa{sv}}}"));
    for (guint i = 0; i < table->objects->len; i++) {
        const Object *object = table->objects->pdata[i];
        GVariantBuilder interfaces;
        g_variant_builder_init(&interfaces, G_VARIANT_TYPE("a{sa{sv}}"));
        g_variant_builder_add(&interfaces, "{s@a{sv}}", object->spec ? CHARACTERISTIC : SERVICE,
                              object_properties(object));
        g_variant_builder_add(&objects, "{oa{sa{sv}}}", object->path, &interfaces);
    }
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(a{oa{sa{sv}}})", &objects));
}

static Object *add(RadioTable *table, char *path, uint16_t uuid, const CharacteristicSpec *spec)
{
    static const GDBusInterfaceVTable calls = {on_call, on_get, NULL, {0}};
    Object *object = g_new0(Object, 1);
    *object = (Object){.table = table, .path = path, .uuid = uuid, .spec = spec};
    object->id = g_dbus_connection_register_object(
        table->bus, path,
        g_dbus_node_info_lookup_interface(table->info, spec ? CHARACTERISTIC : SERVICE), &calls,
        object, NULL, NULL);
    g_assert(object->id);
    g_ptr_array_add(table->objects, object);
    return object;
}

static void add_service(RadioTable *table, const char *root, guint n, const ServiceSpec *spec)
{
    Object *service = add(table, g_strdup_printf("%s/service%02u", root, n), spec->uuid, NULL);
    guint i = 0;
    for (const CharacteristicSpec *c = spec->characteristics; c->uuid; c++, i++)
        add(table, g_strdup_printf("%s/char%02u", service->path, i), c->uuid, c)->service =
            service->path;
}

RadioTable *radio_table_new(GDBusConnection *bus, const char *root, Sensor *sensor)
{
    static const GDBusInterfaceVTable manager = {on_manager_call, NULL, NULL, {0}};
    RadioTable *table = g_new0(RadioTable, 1);
    table->bus = g_object_ref(bus);
    table->sensor = sensor;
    table->info = g_dbus_node_info_new_for_xml(INTERFACES, NULL);
    g_assert(table->info);
    table->objects = g_ptr_array_new();
    guint n = 0;
    for (const ServiceSpec *spec = sensor_services(sensor); spec->uuid; spec++)
        add_service(table, root, n++, spec);
    add_service(table, root, n, &SENSOR_BATTERY);
    table->manager = g_dbus_connection_register_object(
        bus, root, (GDBusInterfaceInfo *)&org_freedesktop_dbus_object_manager_interface, &manager,
        table, NULL, NULL);
    g_assert(table->manager);
    return table;
}

void radio_table_free(RadioTable *table)
{
    if (!table)
        return;
    radio_table_forget_subscribers(table);
    g_dbus_connection_unregister_object(table->bus, table->manager);
    for (guint i = 0; i < table->objects->len; i++) {
        Object *object = table->objects->pdata[i];
        g_dbus_connection_unregister_object(table->bus, object->id);
        g_free(object->path);
        g_free(object);
    }
    g_ptr_array_unref(table->objects);
    g_dbus_node_info_unref(table->info);
    g_object_unref(table->bus);
    g_free(table);
}

gboolean radio_table_send(RadioTable *table, uint16_t characteristic, const uint8_t *bytes,
                          size_t length)
{
    gboolean sent = FALSE;
    for (guint i = 0; i < table->objects->len; i++) {
        const Object *object = table->objects->pdata[i];
        if (object->uuid != characteristic || !object->notifying)
            continue;
        GVariantBuilder changed;
        g_variant_builder_init(&changed, G_VARIANT_TYPE_VARDICT);
        g_variant_builder_add(&changed, "{sv}", "Value",
                              g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1));
        g_dbus_connection_emit_signal(
            table->bus, NULL, object->path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            g_variant_new("(sa{sv}as)", CHARACTERISTIC, &changed, NULL), NULL);
        sent = TRUE;
    }
    table->sensor->sent += sent;
    return sent;
}

void radio_table_forget_subscribers(RadioTable *table)
{
    for (guint i = 0; i < table->objects->len; i++)
        set_notifying(table->objects->pdata[i], FALSE);
}
