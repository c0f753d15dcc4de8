// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Objects on a bus. GDBus exports each interface by itself and knows nothing of the object manager,
// so the tree keeps the list and speaks for all of them. What was hard is to look like libdbus from
// outside: empty Introspectable and Properties entries, and UnknownObject where GDBus says
// UnknownMethod.

#include "sim/tree.h"

#include <string.h>

#include "sim/bluez-info.h"

#define PROPERTIES     "org.freedesktop.DBus.Properties"
#define INTROSPECTABLE "org.freedesktop.DBus.Introspectable"
#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"

struct Tree {
    GDBusConnection *bus;
    guint manager_id;
    guint filter_id;
    GPtrArray *facets;   // borrowed by their owners, freed by tree_remove()
    GHashTable *objects; // path → those of one object, a GPtrArray: a crowd has thousands
    GHashTable *ignored;
    GHashTable *failing; // method → Failure
};

typedef struct {
    char *error, *message;
    guint times;
} Failure;

struct Facet {
    Tree *tree;
    char *path;
    const FacetClass *class;
    gpointer self;
    guint id;
};

static void emit(Tree *tree, const char *path, const char *interface, const char *signal,
                 GVariant *arguments)
{
    g_dbus_connection_emit_signal(tree->bus, NULL, path, interface, signal, arguments, NULL);
}

static GVariant *facet_properties(Facet *facet)
{
    g_auto(GVariantDict) values = {0};
    g_variant_dict_init(&values, NULL);
    GDBusPropertyInfo **properties = facet->class->info->properties;
    for (guint i = 0; properties && properties[i]; i++) {
        GVariant *value = facet->class->get(facet->self, properties[i]->name);
        if (value)
            g_variant_dict_insert_value(&values, properties[i]->name, value);
    }
    return g_variant_dict_end(&values);
}

static void add_interfaces(GVariantBuilder *interfaces, Facet *facet)
{
    GVariant *nothing = g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
    g_variant_builder_add(interfaces, "{s@a{sv}}", INTROSPECTABLE, nothing);
    g_variant_builder_add(interfaces, "{s@a{sv}}", facet->class->info->name,
                          facet_properties(facet));
    nothing = g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
    g_variant_builder_add(interfaces, "{s@a{sv}}", PROPERTIES, nothing);
}

// All of the object at its path, in the order they came.
static GPtrArray *siblings(const Facet *facet)
{
    return g_hash_table_lookup(facet->tree->objects, facet->path);
}

static GVariant *managed_objects(Tree *tree)
{
    GVariantBuilder objects;
    g_variant_builder_init(&objects, G_VARIANT_TYPE("a{oa{sa{sv}}}"));
    for (guint i = 0; i < tree->facets->len; i++) {
        Facet *facet = tree->facets->pdata[i];
        GPtrArray *here = siblings(facet);
        if (here->pdata[0] != facet)
            continue;
        g_variant_builder_open(&objects, G_VARIANT_TYPE("{oa{sa{sv}}}"));
        g_variant_builder_add(&objects, "o", facet->path);
        g_variant_builder_open(&objects, G_VARIANT_TYPE("a{sa{sv}}"));
        add_interfaces(&objects, facet);
        for (guint j = 1; j < here->len; j++) {
            Facet *other = here->pdata[j];
            g_variant_builder_add(&objects, "{s@a{sv}}", other->class->info->name,
                                  facet_properties(other));
        }
        g_variant_builder_close(&objects);
        g_variant_builder_close(&objects);
    }
    return g_variant_new("(@a{oa{sa{sv}}})", g_variant_builder_end(&objects));
}

static void failure_free(gpointer data)
{
    Failure *failure = data;
    g_free(failure->error);
    g_free(failure->message);
    g_free(failure);
}

// Whether the order of a test decides what becomes of the call.
static gboolean spoilt(Tree *tree, GDBusMethodInvocation *invocation, const char *method)
{
    if (g_hash_table_contains(tree->ignored, method)) {
        g_object_unref(invocation);
        return TRUE;
    }
    Failure *failure = g_hash_table_lookup(tree->failing, method);
    if (!failure)
        return FALSE;
    g_dbus_method_invocation_return_dbus_error(invocation, failure->error, failure->message);
    if (--failure->times == 0)
        g_hash_table_remove(tree->failing, method);
    return TRUE;
}

static void on_manager_call(GDBusConnection *bus, const char *sender, const char *path,
                            const char *interface, const char *method, GVariant *arguments,
                            GDBusMethodInvocation *invocation, gpointer data)
{
    Tree *tree = data;
    if (!spoilt(tree, invocation, method))
        g_dbus_method_invocation_return_value(invocation, managed_objects(tree));
}

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *method, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Facet *facet = data;
    if (spoilt(facet->tree, invocation, method))
        return;
    if (strcmp(interface, PROPERTIES) != 0) {
        facet->class->call(facet->self, invocation, method, arguments);
        return;
    }
    const char *property;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(arguments, "(&s&sv)", NULL, &property, &value);
    facet->class->set(facet->self, invocation, property, value);
}

static GVariant *on_get(GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error, gpointer data)
{
    Facet *facet = data;
    GVariant *value = facet->class->get(facet->self, property);
    if (!value)
        g_set_error(error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS, "No such property '%s'",
                    property);
    return value;
}

static GDBusMessage *like_libdbus(GDBusConnection *bus, GDBusMessage *message, gboolean incoming,
                                  gpointer data)
{
    if (incoming || g_dbus_message_get_message_type(message) != G_DBUS_MESSAGE_TYPE_ERROR)
        return message;
    const char *text = g_dbus_message_get_arg0(message);
    if (!text || !g_str_has_prefix(text, "Object does not exist"))
        return message;
    GDBusMessage *copy = g_dbus_message_copy(message, NULL);
    if (!copy)
        return message;
    g_object_unref(message);
    g_dbus_message_set_error_name(copy, "org.freedesktop.DBus.Error.UnknownObject");
    return copy;
}

Tree *tree_new(GDBusConnection *bus)
{
    static const GDBusInterfaceVTable manager = {on_manager_call, NULL, NULL, {0}};
    Tree *tree = g_new0(Tree, 1);
    tree->bus = g_object_ref(bus);
    tree->facets = g_ptr_array_new();
    tree->objects =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    tree->ignored = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    tree->failing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, failure_free);
    tree->filter_id = g_dbus_connection_add_filter(bus, like_libdbus, NULL, NULL);
    tree->manager_id = g_dbus_connection_register_object(
        bus, "/", (GDBusInterfaceInfo *)&org_freedesktop_dbus_object_manager_interface, &manager,
        tree, NULL, NULL);
    g_assert(tree->manager_id);
    return tree;
}

void tree_free(Tree *tree)
{
    if (!tree)
        return;
    g_assert(tree->facets->len == 0);
    g_dbus_connection_unregister_object(tree->bus, tree->manager_id);
    g_dbus_connection_remove_filter(tree->bus, tree->filter_id);
    g_ptr_array_unref(tree->facets);
    g_hash_table_unref(tree->objects);
    g_hash_table_unref(tree->ignored);
    g_hash_table_unref(tree->failing);
    g_object_unref(tree->bus);
    g_free(tree);
}

GDBusConnection *tree_bus(Tree *tree)
{
    return tree->bus;
}

Facet *tree_add(Tree *tree, const char *path, const FacetClass *class, gpointer self)
{
    // Without a function to set, GDBus hands the call of Set to on_call().
    static const GDBusInterfaceVTable table = {on_call, on_get, NULL, {0}};
    Facet *facet = g_new0(Facet, 1);
    *facet = (Facet){.tree = tree, .path = g_strdup(path), .class = class, .self = self};
    facet->id = g_dbus_connection_register_object(
        tree->bus, path, (GDBusInterfaceInfo *)class->info, &table, facet, NULL, NULL);
    g_assert(facet->id);
    g_ptr_array_add(tree->facets, facet);
    if (!siblings(facet))
        g_hash_table_insert(tree->objects, g_strdup(path), g_ptr_array_new());
    g_ptr_array_add(siblings(facet), facet);

    GVariantBuilder interfaces;
    g_variant_builder_init(&interfaces, G_VARIANT_TYPE("a{sa{sv}}"));
    if (siblings(facet)->len > 1)
        g_variant_builder_add(&interfaces, "{s@a{sv}}", class->info->name, facet_properties(facet));
    else
        add_interfaces(&interfaces, facet);
    emit(tree, "/", OBJECT_MANAGER, "InterfacesAdded",
         g_variant_new("(oa{sa{sv}})", path, &interfaces));
    return facet;
}

void tree_remove(Facet *facet)
{
    if (!facet)
        return;
    GVariantBuilder interfaces;
    g_variant_builder_init(&interfaces, G_VARIANT_TYPE("as"));
    g_ptr_array_remove(siblings(facet), facet);
    if (siblings(facet)->len == 0) {
        g_hash_table_remove(facet->tree->objects, facet->path);
        g_variant_builder_add(&interfaces, "s", PROPERTIES);
        g_variant_builder_add(&interfaces, "s", INTROSPECTABLE);
    }
    g_variant_builder_add(&interfaces, "s", facet->class->info->name);
    g_dbus_connection_unregister_object(facet->tree->bus, facet->id);
    g_ptr_array_remove(facet->tree->facets, facet);
    emit(facet->tree, "/", OBJECT_MANAGER, "InterfacesRemoved",
         g_variant_new("(oas)", facet->path, &interfaces));
    g_free(facet->path);
    g_free(facet);
}

const char *facet_path(const Facet *facet)
{
    return facet->path;
}

void facet_changed(Facet *facet, ...)
{
    GVariantBuilder values, invalidated;
    g_variant_builder_init(&values, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_init(&invalidated, G_VARIANT_TYPE("as"));
    va_list properties;
    va_start(properties, facet);
    const char *property;
    while ((property = va_arg(properties, const char *)) != NULL) {
        GVariant *value = facet->class->get(facet->self, property);
        if (value)
            g_variant_builder_add(&values, "{sv}", property, value);
        else
            g_variant_builder_add(&invalidated, "s", property);
    }
    va_end(properties);
    emit(facet->tree, facet->path, PROPERTIES, "PropertiesChanged",
         g_variant_new("(sa{sv}as)", facet->class->info->name, &values, &invalidated));
}

void tree_ignore(Tree *tree, const char *method, gboolean ignore)
{
    if (ignore)
        g_hash_table_add(tree->ignored, g_strdup(method));
    else
        g_hash_table_remove(tree->ignored, method);
}

void tree_fail(Tree *tree, const char *method, const char *error, const char *message, guint times)
{
    if (times == 0) {
        g_hash_table_remove(tree->failing, method);
        return;
    }
    Failure *failure = g_new(Failure, 1);
    *failure = (Failure){g_strdup(error), g_strdup(message), times};
    g_hash_table_replace(tree->failing, g_strdup(method), failure);
}

void tree_refuse(GDBusMethodInvocation *invocation, const char *name, const char *message)
{
    g_autofree char *full = g_strconcat("org.bluez.Error.", name, NULL);
    g_dbus_method_invocation_return_dbus_error(invocation, full, message);
}

void tree_reply(GDBusMethodInvocation *invocation)
{
    g_dbus_method_invocation_return_value(invocation, NULL);
}

struct Holders {
    GDBusConnection *bus;
    GHashTable *watches; // sender → id of the watch on its name
    void (*left)(const char *sender, gpointer data);
    gpointer data;
};

static void unwatch(gpointer id)
{
    g_bus_unwatch_name(GPOINTER_TO_UINT(id));
}

Holders *holders_new(GDBusConnection *bus, void (*left)(const char *sender, gpointer data),
                     gpointer data)
{
    Holders *holders = g_new0(Holders, 1);
    *holders = (Holders){.bus = bus, .left = left, .data = data};
    holders->watches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unwatch);
    return holders;
}

void holders_free(Holders *holders)
{
    g_hash_table_unref(holders->watches);
    g_free(holders);
}

static void on_left(GDBusConnection *bus, const char *sender, gpointer data)
{
    Holders *holders = data;
    if (holders_remove(holders, sender))
        holders->left(sender, holders->data);
}

gboolean holders_add(Holders *holders, const char *sender)
{
    if (holders_has(holders, sender))
        return FALSE;
    guint id = g_bus_watch_name_on_connection(holders->bus, sender, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                              NULL, on_left, holders, NULL);
    g_hash_table_insert(holders->watches, g_strdup(sender), GUINT_TO_POINTER(id));
    return TRUE;
}

gboolean holders_remove(Holders *holders, const char *sender)
{
    return g_hash_table_remove(holders->watches, sender);
}

gboolean holders_has(Holders *holders, const char *sender)
{
    return g_hash_table_contains(holders->watches, sender);
}

void holders_clear(Holders *holders)
{
    g_hash_table_remove_all(holders->watches);
}

guint holders_count(Holders *holders)
{
    return g_hash_table_size(holders->watches);
}
