// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The floor of StartNotify with the library that the daemon uses: one byte of each packet is read.
// Usage: collect-gdbus CHARACTERISTIC… (object paths; linked already). Prints "ready".

#include <gio/gio.h>

static guint sum;

static void on_changed(GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
    g_autoptr(GVariant) changed = g_variant_get_child_value(parameters, 1);
    g_autoptr(GVariant) value = g_variant_lookup_value(changed, "Value", G_VARIANT_TYPE_BYTESTRING);
    gsize length = 0;
    const guint8 *bytes = value ? g_variant_get_fixed_array(value, &length, 1) : NULL;
    if (length > 1)
        sum += bytes[1];
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, &error);
    for (int i = 1; bus && !error && i < argc; i++) {
        g_dbus_connection_signal_subscribe(
            bus, "org.bluez", "org.freedesktop.DBus.Properties", "PropertiesChanged", argv[i],
            "org.bluez.GattCharacteristic1", G_DBUS_SIGNAL_FLAGS_NONE, on_changed, NULL, NULL);
        g_autoptr(GVariant) reply = g_dbus_connection_call_sync(
            bus, "org.bluez", argv[i], "org.bluez.GattCharacteristic1", "StartNotify", NULL, NULL,
            G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
    }
    if (error)
        g_error("%s", error->message);
    g_print("ready\n");
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
