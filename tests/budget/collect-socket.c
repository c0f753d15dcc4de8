// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The floor of AcquireNotify: one byte of each packet is read, on a main loop as the daemon's.
// Usage: collect-socket CHARACTERISTIC… (object paths; linked already). Prints "ready".

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <sys/socket.h>

static guint sum;

static gboolean on_packet(int fd, GIOCondition condition, gpointer data)
{
    guint8 bytes[512];
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 1)
        sum += bytes[1];
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, &error);
    for (int i = 1; bus && !error && i < argc; i++) {
        g_autoptr(GUnixFDList) descriptors = NULL;
        g_autoptr(GVariant) reply = g_dbus_connection_call_with_unix_fd_list_sync(
            bus, "org.bluez", argv[i], "org.bluez.GattCharacteristic1", "AcquireNotify",
            g_variant_new("(a{sv})", NULL), G_VARIANT_TYPE("(hq)"), G_DBUS_CALL_FLAGS_NONE, -1,
            NULL, &descriptors, NULL, &error);
        if (reply)
            g_unix_fd_add(g_unix_fd_list_get(descriptors, 0, NULL), G_IO_IN, on_packet, NULL);
    }
    if (error)
        g_error("%s", error->message);
    g_print("ready\n");
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
