// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// JSON as pacectl prints it: one line, members in the order they were added, and every number in
// the fewest digits that read back as the same number (json-glib's own printer
// says 2.6600000000000001 for 2.66).

#include "pacectl/pacectl.h"

#include <math.h>
#include <string.h>

static void print_double(GString *line, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    if (!isfinite(value)) { // in a list, where it cannot be left out
        g_string_append(line, "null");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(digits, sizeof digits, formats[i], value);
        if (g_ascii_strtod(digits, NULL) == value)
            break;
    }
    g_string_append(line, digits);
}

static void print_node(GString *line, JsonNode *node);

static void print_member(JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
    GString *line = data;
    g_autoptr(JsonNode) key = json_node_init_string(json_node_alloc(), name);
    if (line->str[line->len - 1] != '{')
        g_string_append_c(line, ',');
    print_node(line, key);
    g_string_append_c(line, ':');
    print_node(line, node);
}

static void print_element(JsonArray *array, guint index, JsonNode *node, gpointer data)
{
    GString *line = data;
    if (index > 0)
        g_string_append_c(line, ',');
    print_node(line, node);
}

static void print_node(GString *line, JsonNode *node)
{
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        g_string_append_c(line, '{');
        json_object_foreach_member(json_node_get_object(node), print_member, line);
        g_string_append_c(line, '}');
        break;
    case JSON_NODE_ARRAY:
        g_string_append_c(line, '[');
        json_array_foreach_element(json_node_get_array(node), print_element, line);
        g_string_append_c(line, ']');
        break;
    case JSON_NODE_VALUE:
        if (json_node_get_value_type(node) == G_TYPE_DOUBLE) {
            print_double(line, json_node_get_double(node));
            break;
        }
        G_GNUC_FALLTHROUGH;
    case JSON_NODE_NULL: {
        g_autofree char *value = json_to_string(node, FALSE);
        g_string_append(line, value);
        break;
    }
    }
}

void print_json(JsonNode *node)
{
    g_autoptr(GString) line = g_string_new(NULL);
    print_node(line, node);
    puts(line->str);
    json_node_unref(node);
}

void print_json_builder(JsonBuilder *builder)
{
    print_json(json_builder_get_root(builder));
    g_object_unref(builder);
}

void json_add_double(JsonBuilder *builder, const char *name, double value)
{
    if (!isfinite(value))
        return;
    json_builder_set_member_name(builder, name);
    json_builder_add_double_value(builder, value);
}

void json_add_string(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

void json_add_boolean(JsonBuilder *builder, const char *name, gboolean value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

void json_add_int(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

char *json_name(const char *property)
{
    GString *name = g_string_new(NULL);
    for (const char *c = property; *c; c++) {
        if (g_ascii_isupper(*c) && name->len > 0)
            g_string_append_c(name, '_');
        g_string_append_c(name, g_ascii_tolower(*c));
    }
    return g_string_free(name, FALSE);
}

static JsonNode *json_from_value(GVariant *value)
{
    return g_variant_is_of_type(value, G_VARIANT_TYPE("a{s*}")) ? json_from_dict(value)
                                                                : json_gvariant_serialize(value);
}

static gboolean is_unknown(GVariant *value)
{
    return g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE) &&
           !isfinite(g_variant_get_double(value));
}

JsonNode *json_from_dict(GVariant *dict)
{
    JsonObject *object = json_object_new();
    for (gsize i = 0; i < g_variant_n_children(dict); i++) {
        const char *key;
        g_autoptr(GVariant) entry = g_variant_get_child_value(dict, i);
        g_autoptr(GVariant) inner = g_variant_get_child_value(entry, 1);
        g_autoptr(GVariant) value = g_variant_is_of_type(inner, G_VARIANT_TYPE_VARIANT)
                                        ? g_variant_get_variant(inner)
                                        : g_variant_ref(inner);
        g_variant_get_child(entry, 0, "&s", &key);
        g_autofree char *name = g_strdelimit(g_strdup(key), "-", '_');
        if (!is_unknown(value))
            json_object_set_member(object, name, json_from_value(value));
    }
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    return node;
}

// A hyphen for each underscore, and no unit.
static char *dict_name(const char *name)
{
    static const char *const units[] = {"_s", "_m", "_mps", "_bpm", "_spm", "_w"};
    if (strcmp(name, "t_s") == 0)
        return g_strdup("at");
    char *key = g_strdup(name);
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_str_has_suffix(key, units[i])) {
            key[strlen(key) - strlen(units[i])] = '\0';
            break;
        }
    return g_strdelimit(key, "_", '-');
}

static GVariant *dicts_of(JsonArray *objects)
{
    GVariantBuilder dicts;
    g_variant_builder_init(&dicts, G_VARIANT_TYPE("aa{sv}"));
    for (guint i = 0; i < json_array_get_length(objects); i++)
        g_variant_builder_add_value(&dicts,
                                    json_to_dict(json_array_get_object_element(objects, i)));
    return g_variant_builder_end(&dicts);
}

static void add_to_dict(JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
    g_autofree char *key = dict_name(name);
    if (strcmp(name, "pace_s_per_km") == 0)
        g_variant_dict_insert(data, "target-speed", "d",
                              METRES_PER_KM / json_node_get_double(node));
    else if (JSON_NODE_HOLDS_ARRAY(node))
        g_variant_dict_insert_value(data, key, dicts_of(json_node_get_array(node)));
    else if (JSON_NODE_HOLDS_OBJECT(node))
        g_variant_dict_insert_value(data, key, json_to_dict(json_node_get_object(node)));
    else if (strcmp(name, "run") == 0)
        g_variant_dict_insert(data, key, "x", json_node_get_int(node));
    else if (json_node_get_value_type(node) == G_TYPE_INT64)
        g_variant_dict_insert(data, key, "u", (guint)json_node_get_int(node));
    else
        g_variant_dict_insert_value(data, key, json_gvariant_deserialize(node, NULL, NULL));
}

GVariant *json_to_dict(JsonObject *object)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    json_object_foreach_member(object, add_to_dict, &dict);
    return g_variant_dict_end(&dict);
}

JsonNode *json_from_proxy(gpointer proxy)
{
    JsonObject *object = json_object_new();
    g_auto(GStrv) names = g_dbus_proxy_get_cached_property_names(proxy);
    for (gsize i = 0; names && names[i]; i++) {
        g_autoptr(GVariant) value = g_dbus_proxy_get_cached_property(proxy, names[i]);
        g_autofree char *key = json_name(names[i]);
        if (!is_unknown(value))
            json_object_set_member(object, key, json_from_value(value));
    }
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    return node;
}

void print_dicts_json(GVariant *dicts)
{
    JsonBuilder *builder = json_builder_new();
    GVariantIter iter;
    GVariant *dict;
    json_builder_begin_array(builder);
    g_variant_iter_init(&iter, dicts);
    while ((dict = g_variant_iter_next_value(&iter))) {
        json_builder_add_value(builder, json_from_dict(dict));
        g_variant_unref(dict);
    }
    json_builder_end_array(builder);
    print_json_builder(builder);
}
