// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sensors add and set. Hard is the name: a sensor may come with the same one as another
// runner's, so after the first that has it is seen, the search goes on for a moment.

#include "pacectl/sensors.h"

#include <string.h>

#define NAMESAKE_WITHIN 3.0 // s; each advertises about once a second

// ── options ──

typedef struct {
    char *name, *roles, *runner, *cadence;
    int rank;
    gboolean match_name, no_match_name;
} Wanted;

static void wanted_clear(Wanted *wanted)
{
    g_free(wanted->name);
    g_free(wanted->roles);
    g_free(wanted->runner);
    g_free(wanted->cadence);
}

// In both; "name" of add is an argument.
#define WANTED_ENTRIES(wanted)                                                                     \
    {"match-name", 0, 0, G_OPTION_ARG_NONE, &(wanted).match_name, NULL, NULL},                     \
        {"role", 0, 0, G_OPTION_ARG_STRING, &(wanted).roles, NULL, NULL},                          \
        {"rank", 0, 0, G_OPTION_ARG_INT, &(wanted).rank, NULL, NULL},                              \
        {"runner", 0, 0, G_OPTION_ARG_STRING, &(wanted).runner, NULL, NULL},                       \
    {                                                                                              \
        "cadence", 0, 0, G_OPTION_ARG_STRING, &(wanted).cadence, NULL, NULL                        \
    }

static gboolean wanted_check(const Wanted *wanted)
{
    const char *texts[] = {wanted->name, wanted->roles, wanted->runner, wanted->cadence};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] && !argument_check(texts[i]))
            return FALSE;
    return TRUE;
}

// As the daemon takes them, which judges the words. NULL when nothing is wanted; else floating.
static GVariant *wanted_options(const Wanted *wanted)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    if (wanted->name)
        g_variant_dict_insert(&dict, "name", "s", wanted->name);
    if (wanted->runner)
        g_variant_dict_insert(&dict, "runner", "s", wanted->runner);
    if (wanted->cadence)
        g_variant_dict_insert(&dict, "cadence", "s", wanted->cadence);
    if (wanted->rank >= 0)
        g_variant_dict_insert(&dict, "rank", "u", (guint)wanted->rank);
    if (wanted->match_name || wanted->no_match_name)
        g_variant_dict_insert(&dict, "match-name", "b", wanted->match_name);
    if (wanted->roles) {
        gboolean all = strcmp(wanted->roles, "all") == 0;
        g_auto(GStrv) roles = g_strsplit(all ? "" : wanted->roles, ",", -1);
        g_variant_dict_insert_value(&dict, "roles", g_variant_new_strv((const char **)roles, -1));
    }
    return g_variant_dict_end(&dict);
}

// ── add ──

typedef struct {
    GDBusObjectManager *objects;
    GMainLoop *loop;
    const char *name;
    GSource *soon; // once it has been seen
} Search;

static gboolean on_soon(gpointer data)
{
    g_main_loop_quit(((Search *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static void search_look(Search *search)
{
    g_autoptr(GPtrArray) found = sensors_named(search->objects, search->name, FALSE);
    if (found->len == 0 || search->soon)
        return;
    search->soon = g_timeout_source_new((guint)(NAMESAKE_WITHIN * 1000));
    g_source_set_callback(search->soon, on_soon, search, NULL);
    g_source_attach(search->soon, NULL);
}

static void on_object(GDBusObjectManager *objects, GDBusObject *object, gpointer data)
{
    search_look(data);
}

static void on_properties(GDBusObjectManagerClient *manager, GDBusObjectProxy *object,
                          GDBusProxy *proxy, GVariant *changed, char **invalidated, gpointer data)
{
    search_look(data);
}

static int search(GDBusObjectManager *objects, const char *name)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Search search = {objects, loop, name, NULL};
    gulong added = g_signal_connect(objects, "object-added", G_CALLBACK(on_object), &search);
    gulong changed = g_signal_connect(objects, "interface-proxy-properties-changed",
                                      G_CALLBACK(on_properties), &search);
    int code = scan(objects, loop, SCAN_DEFAULT, stdout);
    g_signal_handler_disconnect(objects, added);
    g_signal_handler_disconnect(objects, changed);
    if (search.soon) {
        g_source_destroy(search.soon);
        g_source_unref(search.soon);
    }
    return code;
}

// The address of the candidate with this name. NULL with *ret_code: it was complained of.
static char *find_address(GDBusObjectManager *objects, const char *which, int *ret_code)
{
    g_autoptr(GPtrArray) enrolled = sensors_named(objects, which, TRUE);
    g_autoptr(GPtrArray) found = sensors_named(objects, which, FALSE);
    *ret_code = EXIT_BAD_INPUT;
    if (found->len == 0) {
        if (enrolled->len > 0) {
            complain(EXIT_BAD_INPUT, "'%s' is enrolled already; 'pacectl sensors set' changes it",
                     which);
            return NULL;
        }
        int code = search(objects, which);
        if (code != EXIT_DONE) {
            *ret_code = code;
            return NULL;
        }
        g_ptr_array_unref(found);
        found = sensors_named(objects, which, FALSE);
    }
    if (found->len == 1)
        return g_strdup(paced1_sensor_get_address(found->pdata[0]));
    if (found->len > 1)
        complain_ambiguous(which, found);
    else
        complain(EXIT_BAD_INPUT,
                 "no sensor '%s' is in reach; wear it or shake it, and see that no "
                 "other device has it",
                 which);
    return NULL;
}

// Also one that is mistyped: the daemon says what is wrong with it, and no search is worth it.
static gboolean is_address(const char *text)
{
    return strchr(text, ':') && text[strspn(text, ":0123456789abcdefABCDEF")] == '\0';
}

static int add(const char *which, const Wanted *wanted)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    g_autofree char *address =
        is_address(which) ? g_strdup(which) : find_address(objects, which, &code);
    if (!address)
        return code;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    if (!paced1_hub_call_add_sensor_sync(hub, address, wanted_options(wanted), &path, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (strcmp(address, which) != 0)
        printf("%s (%s) is enrolled.\n", which, address);
    return EXIT_DONE;
}

int verb_sensors_add(int argc, char **argv)
{
    Wanted wanted = {.rank = -1};
    const GOptionEntry options[] = {WANTED_ENTRIES(wanted), {NULL}};
    int code = EXIT_BAD_INPUT;
    if (!verb_options(&argc, &argv, options, 1, 2))
        code = EXIT_BAD_USAGE;
    else if (wanted.rank < -1)
        code = complain(EXIT_BAD_INPUT, "a rank is 0 to 255");
    else {
        wanted.name = g_strdup(argc > 2 ? argv[2] : NULL);
        if (argument_check(argv[1]) && wanted_check(&wanted))
            code = add(argv[1], &wanted);
    }
    wanted_clear(&wanted);
    return code;
}

// ── set ──

static int set(const char *which, const Wanted *wanted)
{
    int code;
    g_autoptr(GVariant) options = g_variant_ref_sink(wanted_options(wanted));
    g_autoptr(GError) error = NULL;
    if (g_variant_n_children(options) == 0)
        return complain(EXIT_BAD_USAGE, "say what to change: --name, --role, --rank, --runner, "
                                        "--cadence, --match-name or --no-match-name");
    g_autoptr(Paced1Sensor) sensor = sensor_open(which, FALSE, NULL, &code);
    if (!sensor)
        return code;
    if (!paced1_sensor_call_configure_sync(sensor, options, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_sensors_set(int argc, char **argv)
{
    Wanted wanted = {.rank = -1};
    const GOptionEntry options[] = {
        WANTED_ENTRIES(wanted),
        {"name", 0, 0, G_OPTION_ARG_STRING, &wanted.name, NULL, NULL},
        {"no-match-name", 0, 0, G_OPTION_ARG_NONE, &wanted.no_match_name, NULL, NULL},
        {NULL}};
    int code = EXIT_BAD_INPUT;
    if (!verb_options(&argc, &argv, options, 1, 1))
        code = EXIT_BAD_USAGE;
    else if (wanted.rank < -1)
        code = complain(EXIT_BAD_INPUT, "a rank is 0 to 255");
    else if (wanted.match_name && wanted.no_match_name)
        code = complain(EXIT_BAD_USAGE, "--match-name or --no-match-name, not both");
    else if (wanted_check(&wanted))
        code = set(argv[1], &wanted);
    wanted_clear(&wanted);
    return code;
}
