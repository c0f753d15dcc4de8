// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Generated skeletons were an eighth of the daemon: a GObject class an interface, with code for
// every member. GDBus itself does most by the description: it checks arguments, answers Get, GetAll
// and Introspect. What is left is to know what has changed, and the object manager, which GDBus has
// for skeletons only. What was hard is order: a signal or an answer must not overtake the
// properties that it speaks of.

#include "bus/export.h"

#include "bus/call.h"
#include "paced1-info.h"

#include <string.h>

typedef struct {
    GVariant *now;
    GVariant *told; // what the bus knows
} Value;

struct Exports {
    Bus *bus;
    const char *root;
    GDBusConnection *connection; // NULL: none yet
    guint manager;               // its registration
    GPtrArray *all;              // Export, those of one object side by side
    guint idle;                  // in which changes are told; 0: nothing has changed
};

struct Export {
    Exports *exports; // NULL until it is added
    char *path;
    const GDBusInterfaceInfo *info;
    const ExportMethod *methods;
    guint registration;
    gboolean changed;
    Value values[]; // by the description's order
};

// ── properties ──

static guint property_count(const Export *export)
{
    guint count = 0;
    while (export->info->properties && export->info->properties[count])
        count++;
    return count;
}

static guint property_index(const Export *export, const char *property)
{
    guint index = 0;
    while (strcmp(export->info->properties[index]->name, property) != 0) {
        index++;
        g_assert(export->info->properties[index]);
    }
    return index;
}

static gboolean on_idle(gpointer data)
{
    Exports *exports = data;
    exports->idle = 0;
    for (guint i = 0; i < exports->all->len; i++)
        export_flush(exports->all->pdata[i]);
    return G_SOURCE_REMOVE;
}

void export_set(Export *export, const char *property, GVariant *value)
{
    const guint index = property_index(export, property);
    const char *type = export->info->properties[index]->signature;
    Value *own = &export->values[index];
    g_assert(g_variant_is_of_type(value, G_VARIANT_TYPE(type)));
    g_clear_pointer(&own->now, g_variant_unref);
    own->now = g_variant_ref_sink(value);
    export->changed = TRUE;
    if (export->exports && export->exports->idle == 0)
        export->exports->idle = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, export->exports, NULL);
}

void export_set_text(Export *export, const char *property, const char *text)
{
    export_set(export, property, g_variant_new_string(text));
}

void export_set_number(Export *export, const char *property, double number)
{
    export_set(export, property, g_variant_new_double(number));
}

void export_set_count(Export *export, const char *property, guint32 count)
{
    export_set(export, property, g_variant_new_uint32(count));
}

void export_set_flag(Export *export, const char *property, gboolean flag)
{
    export_set(export, property, g_variant_new_boolean(flag));
}

const char *export_text(const Export *export, const char *property)
{
    return g_variant_get_string(export->values[property_index(export, property)].now, NULL);
}

static GVariant *values_variant(const Export *export)
{
    GVariantBuilder values;
    g_variant_builder_init(&values, G_VARIANT_TYPE_VARDICT);
    for (guint i = 0; i < property_count(export); i++)
        g_variant_builder_add(&values, "{sv}", export->info->properties[i]->name,
                              export->values[i].now);
    return g_variant_builder_end(&values);
}

// Not g_variant_equal(), which serialises dictionaries first: that costs more than to send them,
// and most differ early on.
static gboolean same(GVariant *a, GVariant *b)
{
    if (!g_variant_is_container(a))
        return g_variant_equal(a, b);
    const gsize count = g_variant_n_children(a);
    gboolean equal =
        g_variant_is_of_type(b, g_variant_get_type(a)) && g_variant_n_children(b) == count;
    for (gsize i = 0; equal && i < count; i++) {
        g_autoptr(GVariant) one = g_variant_get_child_value(a, i);
        g_autoptr(GVariant) other = g_variant_get_child_value(b, i);
        equal = same(one, other);
    }
    return equal;
}

// Whether the bus has to be told; it is then taken for told.
static gboolean value_tell(Value *value)
{
    if (value->now == value->told)
        return FALSE;
    const gboolean news = !value->told || !same(value->now, value->told);
    GVariant **older = news ? &value->told : &value->now;
    g_clear_pointer(older, g_variant_unref);
    *older = g_variant_ref(news ? value->now : value->told);
    return news;
}

// ── signals ──

static void emit(const Exports *exports, const char *path, const char *interface,
                 const char *signal, GVariant *arguments)
{
    g_autoptr(GVariant) kept = arguments ? g_variant_ref_sink(arguments) : NULL;
    if (exports->connection)
        g_dbus_connection_emit_signal(exports->connection, NULL, path, interface, signal, kept,
                                      NULL);
}

void export_flush(Export *export)
{
    GVariantBuilder values;
    gboolean any = FALSE;
    if (!export->changed)
        return;
    export->changed = FALSE;
    g_variant_builder_init(&values, G_VARIANT_TYPE_VARDICT);
    for (guint i = 0; i < property_count(export); i++) {
        if (!value_tell(&export->values[i]))
            continue;
        g_variant_builder_add(&values, "{sv}", export->info->properties[i]->name,
                              export->values[i].now);
        any = TRUE;
    }
    g_autoptr(GVariant) changed = g_variant_ref_sink(g_variant_builder_end(&values));
    if (any)
        emit(export->exports, export->path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
             g_variant_new("(s@a{sv}as)", export->info->name, changed, NULL));
}

static gboolean fits(GVariant *arguments, GDBusArgInfo *const *described)
{
    gsize count = arguments ? g_variant_n_children(arguments) : 0;
    for (gsize i = 0; i < count; i++) {
        g_autoptr(GVariant) argument = g_variant_get_child_value(arguments, i);
        if (!described || !described[i] ||
            !g_variant_is_of_type(argument, G_VARIANT_TYPE(described[i]->signature)))
            return FALSE;
    }
    return !described || !described[count];
}

void export_emit(Export *export, const char *signal, GVariant *arguments)
{
    const GDBusSignalInfo *described =
        g_dbus_interface_info_lookup_signal((GDBusInterfaceInfo *)export->info, signal);
    g_assert(described && fits(arguments, described->args));
    export_flush(export);
    emit(export->exports, export->path, export->info->name, signal, arguments);
}

// ── calls ──

static const ExportMethod *method_find(const Export *export, const char *name)
{
    const ExportMethod *method = export->methods;
    while (strcmp(method->name, name) != 0) {
        method++;
        g_assert(method->name);
    }
    return method;
}

static void on_call(GDBusConnection *connection, const char *sender, const char *path,
                    const char *interface, const char *name, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Export *export = data;
    const ExportCall call = {export, arguments, invocation};
    GError *error = NULL;
    if (!method_find(export, name)->handle(export->exports->bus, &call, &error))
        call_fail(invocation, error);
}

gboolean export_answer(const ExportCall *call, GVariant *value)
{
    export_flush(call->export);
    g_dbus_method_invocation_return_value(call->invocation, value);
    return TRUE;
}

static GVariant *on_get(GDBusConnection *connection, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error, gpointer data)
{
    Export *export = data;
    return g_variant_ref(export->values[property_index(export, property)].now);
}

// ── the object manager ──

#define MANAGER (&org_freedesktop_dbus_object_manager_interface)

static void add_interface(GVariantBuilder *interfaces, const Export *export)
{
    g_variant_builder_add(interfaces, "{s@a{sv}}", export->info->name, values_variant(export));
}

static void on_list(GDBusConnection *connection, const char *sender, const char *path,
                    const char *interface, const char *name, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Exports *exports = data;
    Export *const *all = (Export *const *)exports->all->pdata;
    const guint count = exports->all->len;
    GVariantBuilder objects;
    g_variant_builder_init(&objects, G_VARIANT_TYPE("a{oa{sa{sv}}}"));
    for (guint i = 0; i < count;) {
        const char *object = all[i]->path;
        g_variant_builder_open(&objects, G_VARIANT_TYPE("{oa{sa{sv}}}"));
        g_variant_builder_add(&objects, "o", object);
        g_variant_builder_open(&objects, G_VARIANT_TYPE("a{sa{sv}}"));
        for (; i < count && strcmp(all[i]->path, object) == 0; i++)
            add_interface(&objects, all[i]);
        g_variant_builder_close(&objects);
        g_variant_builder_close(&objects);
    }
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(a{oa{sa{sv}}})", &objects));
}

static void emit_added(const Export *export)
{
    GVariantBuilder interfaces;
    g_variant_builder_init(&interfaces, G_VARIANT_TYPE("a{sa{sv}}"));
    add_interface(&interfaces, export);
    emit(export->exports, export->exports->root, MANAGER->name, "InterfacesAdded",
         g_variant_new("(oa{sa{sv}})", export->path, &interfaces));
}

static void emit_removed(const Export *export)
{
    const char *const interfaces[] = {export->info->name, NULL};
    emit(export->exports, export->exports->root, MANAGER->name, "InterfacesRemoved",
         g_variant_new("(o^as)", export->path, interfaces));
}

// ── life ──

static guint serve(const Exports *exports, const char *path, const GDBusInterfaceInfo *info,
                   const GDBusInterfaceVTable *table, gpointer data)
{
    if (!exports->connection)
        return 0;
    guint registration = g_dbus_connection_register_object(
        exports->connection, path, (GDBusInterfaceInfo *)info, table, data, NULL, NULL);
    g_assert(registration != 0); // else there are two of them
    return registration;
}

// A call or a Get that is still queued is then answered by GDBus.
static void unserve(const Exports *exports, guint *registration)
{
    if (*registration != 0)
        g_dbus_connection_unregister_object(exports->connection, *registration);
    *registration = 0;
}

static void export_serve(Export *export)
{
    static const GDBusInterfaceVTable table = {on_call, on_get, NULL, {0}};
    export->registration = serve(export->exports, export->path, export->info, &table, export);
}

Export *export_new(const GDBusInterfaceInfo *info, const ExportMethod *methods)
{
    const Export described = {.info = info, .methods = methods};
    const gsize count = property_count(&described);
    Export *export = g_malloc0(sizeof *export + count * sizeof *export->values);
    *export = described;
    for (guint i = 0; info->methods && info->methods[i]; i++)
        method_find(export, info->methods[i]->name);
    return export;
}

static void export_free(gpointer data)
{
    Export *export = data;
    unserve(export->exports, &export->registration);
    for (guint i = 0; i < property_count(export); i++) {
        g_variant_unref(export->values[i].now);
        g_variant_unref(export->values[i].told);
    }
    g_free(export->path);
    g_free(export);
}

void exports_add(Exports *exports, const char *path, Export *export)
{
    guint place = exports->all->len;
    for (guint i = 0; i < exports->all->len; i++)
        if (strcmp(((Export *)exports->all->pdata[i])->path, path) == 0)
            place = i + 1;
    g_ptr_array_insert(exports->all, (gint)place, export);
    export->exports = exports;
    export->path = g_strdup(path);
    export->changed = FALSE;
    for (guint i = 0; i < property_count(export); i++) {
        g_assert(export->values[i].now);
        value_tell(&export->values[i]);
    }
    export_serve(export);
    emit_added(export);
}

void export_remove(Export *export)
{
    emit_removed(export);
    g_ptr_array_remove(export->exports->all, export);
}

Exports *exports_new(const char *root, Bus *bus)
{
    Exports *exports = g_new0(Exports, 1);
    *exports = (Exports){.bus = bus, .root = root};
    exports->all = g_ptr_array_new_with_free_func(export_free);
    return exports;
}

void exports_serve(Exports *exports, GDBusConnection *connection)
{
    static const GDBusInterfaceVTable table = {on_list, NULL, NULL, {0}};
    unserve(exports, &exports->manager);
    for (guint i = 0; i < exports->all->len; i++)
        unserve(exports, &((Export *)exports->all->pdata[i])->registration);
    g_set_object(&exports->connection, connection);
    exports->manager = serve(exports, exports->root, MANAGER, &table, exports);
    for (guint i = 0; i < exports->all->len; i++)
        export_serve(exports->all->pdata[i]);
}

void exports_free(Exports *exports)
{
    unserve(exports, &exports->manager);
    g_ptr_array_unref(exports->all);
    g_clear_handle_id(&exports->idle, g_source_remove);
    g_clear_object(&exports->connection);
    g_free(exports);
}
