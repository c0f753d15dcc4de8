// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: the machine itself. Disk, clock, service and power are what a Pi on a vest fails
// by when Bluetooth does not.

#include "pacectl/doctor.h"
#include "pacectl/pacectl.h"

#include "coach/preflight.h"
#include "io/clock.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MEBIBYTE  (1024.0 * 1024.0)
#define DISK_SOON (200 * MEBIBYTE) // other programs fill that in a day

// ── disk ──

// Where runs are kept: as the user says, or the daemon, or where it would by itself.
static char *store_file(const Doctor *doctor)
{
    if (doctor->database)
        return g_canonicalize_filename(doctor->database, NULL);
    const char *told = doctor_hub_text(doctor, "StorePath");
    return *told ? g_strdup(told)
                 : g_build_filename(g_get_user_data_dir(), "paced", "paced.db", NULL);
}

// The folder, or the nearest one above it that exists.
static char *store_directory(const Doctor *doctor)
{
    g_autofree char *file = store_file(doctor);
    char *path = g_path_get_dirname(file);
    while (!g_file_test(path, G_FILE_TEST_EXISTS) && strcmp(path, "/") != 0) {
        char *above = g_path_get_dirname(path);
        g_free(path);
        path = above;
    }
    return path;
}

static void find_space(Doctor *doctor, const char *path, const struct statvfs *disk)
{
    double free_bytes = (double)disk->f_bavail * (double)disk->f_frsize;
    g_autofree char *size = g_format_size((guint64)free_bytes);
    if (free_bytes < DISK_LOW_BYTES)
        doctor_find(doctor, "disk", FINDING_PROBLEM,
                    "Make room: delete what is not needed, or run: sudo apt-get clean",
                    "the disk is full: %s free at %s", size, path);
    else if (free_bytes < DISK_SOON)
        doctor_find(doctor, "disk", FINDING_NOTE,
                    "Make room soon: delete what is not needed, or run: sudo apt-get clean",
                    "the disk is nearly full: %s free at %s", size, path);
    else
        doctor_find(doctor, "disk", FINDING_GOOD, NULL, "%s free at %s", size, path);
}

static void find_set_aside(Doctor *doctor)
{
    g_autofree char *file = store_file(doctor);
    g_autofree char *aside = set_aside(file, "damaged");
    if (!aside || strstr(doctor_hub_text(doctor, "StoreReason"), ".damaged-"))
        return;
    g_autofree char *remedy =
        g_strdup_printf("Look whether a run is missed: pacectl history; then: rm %s. A card that "
                        "does so again is wearing out.",
                        aside);
    doctor_find(doctor, "disk", FINDING_NOTE, remedy,
                "%s: damaged before, and what could be read taken over; runs deleted since are "
                "still in it",
                aside);
}

void doctor_disk(Doctor *doctor)
{
    find_set_aside(doctor);
    g_autofree char *path = store_directory(doctor);
    struct statvfs disk;
    if (statvfs(path, &disk) != 0)
        doctor_find(doctor, "disk", FINDING_PROBLEM, NULL, "%s cannot be looked at: %s", path,
                    g_strerror(errno));
    else if (disk.f_flag & ST_RDONLY)
        doctor_find(doctor, "disk", FINDING_PROBLEM,
                    "Run: sudo mount -o remount,rw / (a card that turns read-only by itself is "
                    "wearing out)",
                    "the disk is read-only at %s", path);
    else if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        doctor_find(doctor, "disk", FINDING_PROBLEM, "Move it away.",
                    "%s is in the way: it is no folder", path);
    else if (access(path, W_OK) != 0) {
        g_autofree char *remedy =
            g_strdup_printf("Run: sudo chown -R %s %s", g_get_user_name(), path);
        doctor_find(doctor, "disk", FINDING_PROBLEM, remedy, "%s may not write in %s",
                    g_get_user_name(), path);
    } else
        find_space(doctor, path, &disk);
}

// ── clock ──

typedef enum {
    SYNC_UNKNOWN,
    SYNC_NO,
    SYNC_YES
} Sync;

static Sync clock_sync(const Doctor *doctor)
{
    if (doctor_exists("/run/systemd/timesync/synchronized"))
        return SYNC_YES;
    if (!doctor->bluez.bus)
        return SYNC_UNKNOWN;
    g_autoptr(GVariant) reply = g_dbus_connection_call_sync(
        doctor->bluez.bus, "org.freedesktop.timedate1", "/org/freedesktop/timedate1",
        "org.freedesktop.DBus.Properties", "Get",
        g_variant_new("(ss)", "org.freedesktop.timedate1", "NTPSynchronized"),
        G_VARIANT_TYPE("(v)"), G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
    g_autoptr(GVariant) value = NULL;
    if (!reply)
        return SYNC_UNKNOWN;
    g_variant_get(reply, "(v)", &value);
    if (!g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
        return SYNC_UNKNOWN;
    return g_variant_get_boolean(value) ? SYNC_YES : SYNC_NO;
}

void doctor_clock(Doctor *doctor)
{
    static const char set_it[] =
        "Connect to a network once, and run: sudo timedatectl set-ntp true";
    gboolean chip = doctor_exists("/sys/class/rtc/rtc0");
    Sync sync = clock_sync(doctor);
    if (clock_wall() == 0)
        doctor_find(doctor, "clock", FINDING_PROBLEM, set_it,
                    "the clock is not set%s: runs will have no date",
                    chip ? "" : ", and the machine has no clock chip");
    else if (sync == SYNC_YES)
        doctor_find(doctor, "clock", FINDING_GOOD, NULL, "the clock is set by the network%s",
                    chip ? "" : "; there is no clock chip, so it needs one after each start");
    else if (!chip)
        doctor_find(doctor, "clock", FINDING_NOTE, set_it,
                    "the machine has no clock chip, and the network has not set its clock: runs "
                    "may get a wrong date");
    else if (sync == SYNC_NO)
        doctor_find(doctor, "clock", FINDING_NOTE, set_it, "the network has not set the clock");
    else
        doctor_find(doctor, "clock", FINDING_GOOD, NULL, "the clock is set");
}

// ── service ──

static gboolean in_user_directory(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, "systemd", "user", name, NULL);
    // A link that points to where the unit once was still enables it.
    return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

static gboolean has_unit(const char *name)
{
    static const char *const directories[] = {"/etc/systemd/user/", "/run/systemd/user/",
                                              "/usr/local/lib/systemd/user/",
                                              "/usr/lib/systemd/user/", "/lib/systemd/user/"};
    if (in_user_directory(g_get_user_config_dir(), name) ||
        in_user_directory(g_get_user_data_dir(), name))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *path = g_strconcat(directories[i], name, NULL);
        g_autofree char *target = doctor_link(path);
        if (target || doctor_exists(path))
            return TRUE;
    }
    return FALSE;
}

void doctor_service(Doctor *doctor)
{
    const char *user = g_get_user_name();
    g_autofree char *linger = g_build_filename("/var/lib/systemd/linger", user, NULL);
    g_autofree char *lingering = g_strdup_printf(
        "For a machine that nobody logs in to, run: sudo loginctl enable-linger %s", user);
    if (!has_unit("paced.service"))
        doctor_find(doctor, "service", FINDING_NOTE,
                    "To have it start by itself, install it with its unit: sudo meson install -C "
                    "BUILD",
                    "paced is not installed as a service");
    else if (!has_unit("default.target.wants/paced.service"))
        doctor_find(doctor, "service", FINDING_NOTE,
                    "To have it start by itself, run: systemctl --user enable paced",
                    "paced starts when a program asks for it, not by itself");
    else if (!doctor_exists(linger))
        doctor_find(doctor, "service", FINDING_NOTE, lingering, "paced starts when %s logs in",
                    user);
    else
        doctor_find(doctor, "service", FINDING_GOOD, NULL, "paced starts with the machine");
}

// ── power ──

// Bits of the Raspberry Pi firmware's GET_THROTTLED: now, and 16 higher since the start.
enum {
    POWER_TOO_LOW = 1 << 0,
    POWER_FREQUENCY_CAPPED = 1 << 1,
    POWER_THROTTLED = 1 << 2,
    POWER_TOO_WARM = 1 << 3,
    POWER_SINCE_START = 16,
};

void doctor_power(Doctor *doctor)
{
    static const char supply[] =
        "Use the Pi's own supply, or a battery and a short cable that give "
        "5 V at 2.5 A; Bluetooth fails first when they do not.";
    static const char cool[] = "Give it air, or a heat sink.";
    g_autofree char *text = doctor_read("/sys/devices/platform/soc/soc:firmware/get_throttled");
    if (!text)
        return;
    guint64 bits = g_ascii_strtoull(text, NULL, 16), since = bits >> POWER_SINCE_START;
    if (bits & POWER_TOO_LOW)
        doctor_find(doctor, "power", FINDING_PROBLEM, supply, "the supply is too weak");
    else if (since & POWER_TOO_LOW)
        doctor_find(doctor, "power", FINDING_NOTE, supply,
                    "the supply was too weak at times since the start");
    if (bits & (POWER_FREQUENCY_CAPPED | POWER_THROTTLED | POWER_TOO_WARM) &&
        !(bits & POWER_TOO_LOW))
        doctor_find(doctor, "power", FINDING_NOTE, cool, "the machine is too warm and slowed down");
    else if (since & POWER_TOO_WARM)
        doctor_find(doctor, "power", FINDING_NOTE, cool,
                    "the machine was too warm at times since the start");
    if (bits == 0)
        doctor_find(doctor, "power", FINDING_GOOD, NULL, "the supply is strong enough");
}
