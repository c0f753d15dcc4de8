// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: from the controller to bluetoothd. The kernel and BlueZ are asked separately, for
// the commonest faults lie between the two: a controller that only one of them sees.

#include "pacectl/doctor.h"

#include <string.h>

#define RESTART_BLUEZ "Run: sudo systemctl restart bluetooth"

GStrv doctor_controllers(void)
{
    g_auto(GStrv) all = doctor_list("/sys/class/bluetooth");
    GPtrArray *controllers = g_ptr_array_new();
    for (char **name = all; *name; name++)
        // "hci0:12" is a connection.
        if (g_str_has_prefix(*name, "hci") && !strchr(*name, ':'))
            g_ptr_array_add(controllers, g_strdup(*name));
    g_ptr_array_add(controllers, NULL);
    return (GStrv)g_ptr_array_free(controllers, FALSE);
}

// " on USB (btusb)", as far as it can be told.
static char *where_it_is(const char *controller)
{
    g_autofree char *bus_path =
        g_strdup_printf("/sys/class/bluetooth/%s/device/subsystem", controller);
    g_autofree char *driver_path =
        g_strdup_printf("/sys/class/bluetooth/%s/device/driver", controller);
    g_autofree char *bus = doctor_link(bus_path), *driver = doctor_link(driver_path);
    const char *where = !bus                                                    ? NULL
                        : strcmp(bus, "usb") == 0                               ? "USB"
                        : strcmp(bus, "serial") == 0 || strcmp(bus, "tty") == 0 ? "a serial line"
                        : strcmp(bus, "sdio") == 0 || strcmp(bus, "mmc") == 0   ? "SDIO"
                                                                                : bus;
    return g_strdup_printf("%s%s%s%s%s", where ? " on " : "", where ? where : "",
                           driver ? " (" : "", driver ? driver : "", driver ? ")" : "");
}

static GVariant *find_adapter(GPtrArray *adapters, const char *controller)
{
    for (guint i = 0; i < adapters->len; i++) {
        const PeerObject *adapter = adapters->pdata[i];
        const char *name = strrchr(adapter->path, '/');
        if (name && strcmp(name + 1, controller) == 0)
            return adapter->properties;
    }
    return NULL;
}

static gboolean can_be_central(GVariant *adapter)
{
    g_auto(GStrv) roles = NULL;
    // Older ones do not say.
    return !g_variant_lookup(adapter, "Roles", "^as", &roles) ||
           g_strv_contains((const char *const *)roles, "central");
}

static void find_in_bluez(Doctor *doctor, const char *name, const char *where, GVariant *adapter)
{
    if (!can_be_central(adapter))
        doctor_find(doctor, "adapter", FINDING_PROBLEM,
                    "Set ControllerMode=dual in /etc/bluetooth/main.conf, or use an adapter with "
                    "Bluetooth 4.0 or newer.",
                    "%s%s cannot connect to sensors: it has no Bluetooth Low Energy", name, where);
    else if (!property_boolean(adapter, "Powered", FALSE))
        doctor_find(doctor, "adapter", FINDING_PROBLEM, "Run: bluetoothctl power on",
                    "%s%s is switched off", name, where);
    else
        doctor_find(doctor, "adapter", FINDING_GOOD, NULL, "%s%s is on", name, where);
}

static void find_controller(Doctor *doctor, const char *name, GPtrArray *adapters)
{
    g_autofree char *where = where_it_is(name);
    GVariant *adapter = find_adapter(adapters, name);
    if (adapter)
        find_in_bluez(doctor, name, where, adapter);
    else if (doctor->bluez.state == PEER_THERE)
        doctor_find(doctor, "adapter", FINDING_PROBLEM, RESTART_BLUEZ,
                    "%s%s is there, but the Bluetooth service does not see it", name, where);
    else
        doctor_find(doctor, "adapter", FINDING_NOTE, NULL,
                    "%s%s is there; whether it is on is not known", name, where);
}

static gboolean is_raspberry_pi(void)
{
    g_autofree char *model = doctor_read("/proc/device-tree/model");
    return model && strstr(model, "Raspberry Pi");
}

void doctor_adapter(Doctor *doctor)
{
    g_auto(GStrv) controllers = doctor_controllers();
    g_autoptr(GPtrArray) adapters = peer_objects(&doctor->bluez, "org.bluez.Adapter1");
    for (char **name = controllers; *name; name++)
        find_controller(doctor, *name, adapters);
    for (guint i = 0; i < adapters->len; i++) {
        const PeerObject *adapter = adapters->pdata[i];
        const char *name = strrchr(adapter->path, '/') + 1;
        if (!g_strv_contains((const char *const *)controllers, name))
            find_in_bluez(doctor, name, "", adapter->properties);
    }
    if (*controllers || adapters->len)
        return;
    doctor_find(doctor, "adapter", FINDING_PROBLEM,
                is_raspberry_pi()
                    ? "Reboot: the built-in one is missing after some starts; if it stays away, "
                      "see that config.txt has no dtoverlay=disable-bt, or plug one in."
                    : "Plug one in; reboot if the built-in one is missing.",
                "there is no Bluetooth adapter");
}

// ── switches ──

static gboolean is_set(const char *name, const char *file)
{
    g_autofree char *path = g_strdup_printf("/sys/class/rfkill/%s/%s", name, file);
    g_autofree char *value = doctor_read(path);
    return g_strcmp0(value, "1") == 0;
}

void doctor_rfkill(Doctor *doctor)
{
    g_auto(GStrv) all = doctor_list("/sys/class/rfkill");
    guint switches = 0, soft = 0, hard = 0;
    for (char **name = all; *name; name++) {
        g_autofree char *path = g_strdup_printf("/sys/class/rfkill/%s/type", *name);
        g_autofree char *type = doctor_read(path);
        if (g_strcmp0(type, "bluetooth") != 0)
            continue;
        switches++;
        // A switch of the machine comes first: nothing else helps while it is off.
        if (is_set(*name, "hard"))
            hard++;
        else if (is_set(*name, "soft"))
            soft++;
    }
    // One that is free is enough.
    FindingLevel level = hard + soft == switches ? FINDING_PROBLEM : FINDING_NOTE;
    if (soft)
        doctor_find(doctor, "rfkill", level, "Run: rfkill unblock bluetooth",
                    "Bluetooth is blocked by software");
    if (hard)
        doctor_find(doctor, "rfkill", level,
                    "Turn on the machine's wireless switch, or the key for it.",
                    "Bluetooth is blocked by a switch of the machine");
    if (switches && !soft && !hard)
        doctor_find(doctor, "rfkill", FINDING_GOOD, NULL, "nothing blocks Bluetooth");
}

// ── the service ──

static const char *const PROGRAMS[] = {"/usr/libexec/bluetooth/bluetoothd",
                                       "/usr/lib/bluetooth/bluetoothd", "/usr/sbin/bluetoothd"};

static const char *bluetoothd_program(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PROGRAMS); i++)
        if (doctor_exists(PROGRAMS[i]))
            return PROGRAMS[i];
    return NULL;
}

// BlueZ does not say its version on D-Bus. NULL when it cannot be told.
static char *bluetoothd_version(void)
{
    const char *program = bluetoothd_program();
    if (!program)
        return NULL;
    g_autofree char *path = doctor_path(program);
    char *argv[] = {path, (char[]){"-v"}, NULL};
    g_autofree char *version = NULL;
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &version, NULL,
                      NULL, NULL))
        return NULL;
    g_strstrip(version);
    return g_ascii_isdigit(*version) ? g_steal_pointer(&version) : NULL;
}

static void find_version(Doctor *doctor)
{
    g_autofree char *version = bluetoothd_version();
    if (!version)
        doctor_find(doctor, "bluetoothd", FINDING_GOOD, NULL, "the Bluetooth service runs");
    else if (strcmp(version, "5.72") == 0)
        doctor_find(doctor, "bluetoothd", FINDING_NOTE, "Upgrade the package bluez.",
                    "bluetoothd 5.72 runs, which drops sensors that ask repeatedly for another "
                    "connection interval");
    else
        doctor_find(doctor, "bluetoothd", FINDING_GOOD, NULL, "bluetoothd %s runs", version);
}

static void find_no_service(Doctor *doctor)
{
    if (bluetoothd_program())
        doctor_find(doctor, "bluetoothd", FINDING_PROBLEM,
                    "Run: sudo systemctl enable --now bluetooth",
                    "the Bluetooth service does not run");
    else
        doctor_find(doctor, "bluetoothd", FINDING_PROBLEM, "Run: sudo apt-get install bluez",
                    "the Bluetooth service is not installed");
}

void doctor_bluetoothd(Doctor *doctor)
{
    switch (doctor->bluez.state) {
    case PEER_NO_BUS:
        doctor_find(doctor, "bluetoothd", FINDING_PROBLEM,
                    "Run: sudo systemctl start dbus (or install it: sudo apt-get install dbus "
                    "bluez)",
                    "there is no system bus (%s)", doctor->bluez.error);
        break;
    case PEER_ABSENT:
        find_no_service(doctor);
        break;
    case PEER_NO_ANSWER:
        doctor_find(doctor, "bluetoothd", FINDING_PROBLEM, RESTART_BLUEZ,
                    "the Bluetooth service does not answer (%s)", doctor->bluez.error);
        break;
    case PEER_REFUSED:
    case PEER_THERE:
        find_version(doctor);
        break;
    }
    doctor_conf(doctor);
}

void doctor_permissions(Doctor *doctor)
{
    if (doctor->bluez.state == PEER_REFUSED) {
        g_autofree char *remedy = g_strdup_printf(
            "Run: sudo adduser %s bluetooth, then log out and in again.", g_get_user_name());
        doctor_find(doctor, "permissions", FINDING_PROBLEM, remedy, "%s may not use Bluetooth",
                    g_get_user_name());
    } else if (doctor->bluez.state == PEER_THERE) {
        doctor_find(doctor, "permissions", FINDING_GOOD, NULL, "%s may use Bluetooth",
                    g_get_user_name());
    }
}
