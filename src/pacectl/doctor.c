// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: the list of findings, and how it is printed.

#include "pacectl/doctor.h"

#include <string.h>

static void finding_free(gpointer data)
{
    Finding *finding = data;
    g_free(finding->what);
    g_free(finding->remedy);
    g_clear_pointer(&finding->details, g_variant_unref);
    g_free(finding);
}

static Finding *add(Doctor *doctor, const char *area, FindingLevel level, char *what, char *remedy)
{
    Finding *finding = g_new0(Finding, 1);
    finding->area = area;
    finding->level = level;
    finding->what = what;
    finding->remedy = remedy;
    g_ptr_array_add(doctor->findings, finding);
    return finding;
}

Finding *doctor_find(Doctor *doctor, const char *area, FindingLevel level, const char *remedy,
                     const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return add(doctor, area, level, what, g_strdup(remedy));
}

// "plug one in" → "Plug one in."
static char *sentence(const char *text)
{
    if (!*text)
        return NULL;
    char *made = g_strdup_printf("%s%s", text, strchr(".?!", text[strlen(text) - 1]) ? "" : ".");
    made[0] = g_ascii_toupper(made[0]);
    return made;
}

// Where in a reason what can be done begins: behind ": " or "; ", unless it is what the daemon does
// itself ("; connecting again"). NULL when that is nowhere.
static const char *remedy_in(const char *reason)
{
    for (const char *at = reason; (at = strpbrk(at, ":;")); at++) {
        if (at[1] != ' ')
            continue;
        gsize word = strcspn(at + 2, " ");
        return word > 3 && strncmp(at + 2 + word - 3, "ing", 3) == 0 ? NULL : at;
    }
    return NULL;
}

Finding *doctor_find_reason(Doctor *doctor, const char *area, FindingLevel level, const char *what,
                            const char *reason)
{
    const char *remedy = remedy_in(reason);
    gsize length = remedy ? (gsize)(remedy - reason) : strlen(reason);
    char *whole = g_strdup_printf("%s%s%.*s", what, *reason ? ": " : "", (int)length, reason);
    return add(doctor, area, level, whole, remedy ? sentence(remedy + 2) : NULL);
}

gboolean doctor_has_problem(const Doctor *doctor, const char *area)
{
    for (guint i = 0; i < doctor->findings->len; i++) {
        const Finding *finding = doctor->findings->pdata[i];
        if (finding->level == FINDING_PROBLEM && strcmp(finding->area, area) == 0)
            return TRUE;
    }
    return FALSE;
}

// ── the machine's files ──

char *doctor_path(const char *path)
{
    const char *root = g_getenv("PACED_DOCTOR_ROOT");
    return g_build_filename(root ? root : "/", path, NULL);
}

char *doctor_read(const char *path)
{
    g_autofree char *full = doctor_path(path);
    char *text;
    // The size of a file in /sys is not what it holds; and none that is asked for is long.
    if (!g_file_get_contents(full, &text, NULL, NULL))
        return NULL;
    text[strcspn(text, "\n")] = '\0';
    return g_strstrip(text);
}

gboolean doctor_exists(const char *path)
{
    g_autofree char *full = doctor_path(path);
    return g_file_test(full, G_FILE_TEST_EXISTS);
}

char *doctor_link(const char *path)
{
    g_autofree char *full = doctor_path(path);
    g_autofree char *target = g_file_read_link(full, NULL);
    return target ? g_path_get_basename(target) : NULL;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GStrv doctor_list(const char *path)
{
    g_autofree char *full = doctor_path(path);
    g_autoptr(GDir) directory = g_dir_open(full, 0, NULL);
    GPtrArray *names = g_ptr_array_new();
    const char *name;
    while (directory && (name = g_dir_read_name(directory)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_free(names, FALSE);
}

// ── printing ──

static const char *level_name(FindingLevel level)
{
    switch (level) {
    case FINDING_GOOD:
        return "good";
    case FINDING_NOTE:
        return "note";
    case FINDING_PROBLEM:
        return "problem";
    }
    g_assert_not_reached();
}

static void print_finding(const Finding *finding)
{
    printf("%-8s %-12s %s\n", level_name(finding->level), finding->area, finding->what);
    if (finding->remedy)
        printf("%-8s %-12s %s\n", "", "", finding->remedy);
}

static void add_finding_json(JsonBuilder *builder, const Finding *finding)
{
    json_builder_begin_object(builder);
    json_add_string(builder, "area", finding->area);
    json_add_string(builder, "level", level_name(finding->level));
    json_add_string(builder, "what", finding->what);
    if (finding->remedy)
        json_add_string(builder, "remedy", finding->remedy);
    if (finding->details) {
        json_builder_set_member_name(builder, "details");
        json_builder_add_value(builder, json_from_dict(finding->details));
    }
    json_builder_end_object(builder);
}

static guint count(const Doctor *doctor, FindingLevel level)
{
    guint found = 0;
    for (guint i = 0; i < doctor->findings->len; i++)
        found += ((Finding *)doctor->findings->pdata[i])->level == level;
    return found;
}

static void print_json_findings(const Doctor *doctor)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "version", PACED_VERSION);
    json_add_int(builder, "problems", count(doctor, FINDING_PROBLEM));
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < doctor->findings->len; i++)
        add_finding_json(builder, doctor->findings->pdata[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    print_json_builder(builder);
}

static void print_findings(const Doctor *doctor)
{
    for (guint i = 0; i < doctor->findings->len; i++)
        print_finding(doctor->findings->pdata[i]);
    guint problems = count(doctor, FINDING_PROBLEM);
    if (problems == 0)
        puts("No problem was found.");
    else
        printf("%u problem%s.\n", problems, problems == 1 ? "" : "s");
}

int verb_doctor(int argc, char **argv)
{
    static void (*const probes[])(Doctor * doctor) = {
        doctor_daemon, doctor_adapter, doctor_rfkill, doctor_bluetoothd, doctor_permissions,
        doctor_radio,  doctor_sensors, doctor_audio,  doctor_hands,      doctor_disk,
        doctor_clock,  doctor_service, doctor_power,
    };
    gboolean json = FALSE;
    g_autofree char *database = NULL;
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"database", 0, 0, G_OPTION_ARG_FILENAME, &database, NULL, "FILE"},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;

    Doctor doctor = {
        .findings = g_ptr_array_new_with_free_func(finding_free),
        .daemon = peer_look(G_BUS_TYPE_SESSION, "org.paced1", "/org/paced1"),
        .bluez = peer_look(G_BUS_TYPE_SYSTEM, "org.bluez", "/"),
        .database = database,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(probes); i++)
        probes[i](&doctor);
    if (json)
        print_json_findings(&doctor);
    else
        print_findings(&doctor);
    int code = count(&doctor, FINDING_PROBLEM) ? EXIT_OTHER : EXIT_DONE;
    peer_clear(&doctor.daemon);
    peer_clear(&doctor.bluez);
    g_ptr_array_unref(doctor.findings);
    return code;
}
