// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: settings of bluetoothd that hurt. Only what main.conf sets is judged: what it
// leaves out is as BlueZ has it, and that is well.

#include "pacectl/doctor.h"

#include <string.h>

#define MAIN_CONF "/etc/bluetooth/main.conf"

static const struct {
    const char *group, *key;
    const char *bad; // the values that hurt, separated by blanks
    FindingLevel level;
    const char *why;
    const char *better;
} settings[] = {
    {"General", "ControllerMode", "bredr", FINDING_PROBLEM,
     "which switches Bluetooth Low Energy off; sensors need it", "dual"},
    {"General", "ReverseServiceDiscovery", "false", FINDING_PROBLEM,
     "so that services of sensors are never looked at", "true"},
    {"General", "TemporaryTimeout", "0", FINDING_NOTE,
     "so that sensors that are not paired are forgotten at once", "30"},
    {"General", "JustWorksRepairing", "never", FINDING_NOTE,
     "so that a sensor that lost its pairing cannot pair again", "confirm"},
    {"General", "Experimental", "true", FINDING_NOTE,
     "which turns on parts of BlueZ that are not finished", "false"},
    {"General", "KernelExperimental", "true", FINDING_NOTE,
     "which turns on parts of the kernel's Bluetooth that are not finished", "false"},
    {"General", "Privacy", "network on network/on", FINDING_NOTE,
     "so that sensors with a plain address may not be heard", "off"},
    {"Policy", "AutoEnable", "false", FINDING_NOTE,
     "so that the adapter is off after each start until paced turns it on", "true"},
    {"GATT", "Cache", "no", FINDING_NOTE, "so that each connection to a sensor takes longer",
     "always"},
};

static gboolean is_one_of(const char *value, const char *values)
{
    g_auto(GStrv) all = g_strsplit(values, " ", -1);
    return g_strv_contains((const char *const *)all, value);
}

static void find_setting(Doctor *doctor, const char *key, const char *value, FindingLevel level,
                         const char *why, const char *better)
{
    g_autofree char *remedy = g_strdup_printf(
        "Write %s=%s in " MAIN_CONF ", then run: sudo systemctl restart bluetooth", key, better);
    doctor_find(doctor, "bluetoothd", level, remedy, "main.conf has %s=%s, %s", key, value, why);
}

// Fewer controllers than there are: which one is missing changes from start to start.
static void find_controllers(Doctor *doctor, GKeyFile *conf)
{
    int most = g_key_file_get_integer(conf, "General", "MaxControllers", NULL);
    g_auto(GStrv) controllers = doctor_controllers();
    g_autofree char *value = g_strdup_printf("%d", most);
    if (most > 0 && (guint)most < g_strv_length(controllers))
        find_setting(doctor, "MaxControllers", value, FINDING_NOTE,
                     "and there are more; which of them is used is chance", "0");
}

void doctor_conf(Doctor *doctor)
{
    g_autofree char *path = doctor_path(MAIN_CONF);
    g_autoptr(GKeyFile) conf = g_key_file_new();
    g_autoptr(GError) error = NULL;
    if (!g_key_file_load_from_file(conf, path, G_KEY_FILE_NONE, &error)) {
        if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            doctor_find(doctor, "bluetoothd", FINDING_NOTE,
                        "Mend that line, or bluetoothd ignores the whole file.",
                        MAIN_CONF " cannot be read: %s", error->message);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *value =
            g_key_file_get_string(conf, settings[i].group, settings[i].key, NULL);
        if (value && is_one_of(g_strstrip(value), settings[i].bad))
            find_setting(doctor, settings[i].key, value, settings[i].level, settings[i].why,
                         settings[i].better);
    }
    find_controllers(doctor, conf);
}
