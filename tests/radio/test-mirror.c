// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is kept of BlueZ's objects, and which candidates may be adopted, with the objects as text.

#include "radio/mirror.h"

#include <criterion/criterion.h>

#include "radio/candidates.h"

#define HCI0 "/org/bluez/hci0"
#define S    USEC_PER_SEC

static void add(Mirror *mirror, const char *path, bool fresh, Usec now, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) interfaces =
        g_variant_parse(G_VARIANT_TYPE("a{sa{sv}}"), text, NULL, NULL, &error);
    cr_assert_not_null(interfaces, "%s", error ? error->message : "");
    mirror_add(mirror, path, interfaces, fresh, now);
}

static void update(Mirror *mirror, const char *path, const char *interface, const char *text)
{
    static const char *const nothing[] = {NULL};
    g_autoptr(GVariant) changed = g_variant_parse(G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
    mirror_update(mirror, path, interface, changed, nothing, S);
}

static void sensor(Mirror *mirror, int number, const char *uuids, Usec now)
{
    g_autofree char *path = g_strdup_printf(HCI0 "/dev_%06d", number);
    g_autofree char *text =
        g_strdup_printf("{'org.bluez.Device1': {'Address': <'00:00:00:%02X:%02X:%02X'>, 'Adapter': "
                        "<objectpath '" HCI0 "'>, 'UUIDs': <%s>, 'RSSI': <int16 -60>}}",
                        number >> 16 & 255, number >> 8 & 255, number & 255, uuids);
    add(mirror, path, true, now, text);
}

#define HEART  "['0000180d-0000-1000-8000-00805f9b34fb']"
#define STRIDE "['00001814-0000-1000-8000-00805f9b34fb']"
#define BOTH   "['0000180d-0000-1000-8000-00805f9b34fb', '00001814-0000-1000-8000-00805f9b34fb']"

Test(mirror, the_first_adapter_with_power_is_used_for_as_long_as_it_has_it)
{
    g_autoptr(Mirror) mirror = mirror_new();
    cr_expect_null(mirror_adapter(mirror, NULL, NULL, true));
    add(mirror, HCI0, true, S, "{'org.bluez.Adapter1': {'Powered': <false>}}");
    add(mirror, "/org/bluez/hci1", true, S, "{'org.bluez.Adapter1': {'Powered': <true>}}");
    cr_expect_str_eq(mirror_adapter(mirror, NULL, NULL, true)->path, "/org/bluez/hci1");
    update(mirror, HCI0, "org.bluez.Adapter1", "{'Powered': <true>}");
    cr_expect_str_eq(mirror_adapter(mirror, "/org/bluez/hci1", NULL, true)->path,
                     "/org/bluez/hci1");
    update(mirror, "/org/bluez/hci1", "org.bluez.Adapter1", "{'Powered': <false>}");
    cr_expect_str_eq(mirror_adapter(mirror, "/org/bluez/hci1", NULL, true)->path, HCI0);
}

Test(mirror, a_device_takes_its_characteristics_along)
{
    static const char *const device[] = {"org.bluez.Device1", NULL};
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    add(mirror, HCI0 "/dev_000001/service0010/char0011", true, S,
        "{'org.bluez.GattCharacteristic1': {'UUID': <'00002a37-0000-1000-8000-00805f9b34fb'>, "
        "'Flags': <['notify']>}}");
    add(mirror, HCI0 "/dev_000001/service0010/char0013", true, S,
        "{'org.bluez.GattCharacteristic1': {'UUID': <'00002a05-0000-1000-8000-00805f9b34fb'>}}");
    const MirrorDevice *strap = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    cr_assert_not_null(strap);
    cr_expect_eq(g_hash_table_size(mirror->characteristics), 1, "only what we read is kept");
    cr_assert_not_null(mirror_characteristic(mirror, strap, CHARACTERISTIC_HEART));
    mirror_remove(mirror, HCI0 "/dev_000001", device);
    cr_expect_eq(g_hash_table_size(mirror->characteristics), 0);
}

static void characteristic(Mirror *mirror, const char *within, const char *number,
                           const char *flags)
{
    g_autofree char *path = g_strconcat(HCI0 "/dev_000001/", within, NULL);
    g_autofree char *text = g_strdup_printf(
        "{'org.bluez.GattCharacteristic1': {'UUID': <'0000%s-0000-1000-8000-00805f9b34fb'>, "
        "'Flags': <%s>}}",
        number, flags);
    add(mirror, path, true, S, text);
}

Test(mirror, of_a_service_that_is_there_twice_the_one_that_notifies_is_used)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, STRIDE, S);
    characteristic(mirror, "service0010/char0011", "2a53", "['read']");
    characteristic(mirror, "service0010/char0013", "2a55", "['write', 'indicate']");
    characteristic(mirror, "service0030/char0031", "2a53", "['notify']");
    characteristic(mirror, "service0030/char0033", "2a55", "['write', 'indicate']");
    characteristic(mirror, "service0050/char0051", "2a53", "['notify']");
    const MirrorDevice *pod = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    const MirrorCharacteristic *stride = mirror_characteristic(mirror, pod, CHARACTERISTIC_STRIDE);
    cr_assert_str_eq(stride->path, HCI0 "/dev_000001/service0030/char0031");
    const MirrorCharacteristic *point =
        mirror_beside(mirror, stride, CHARACTERISTIC_STRIDE_CONTROL);
    cr_assert_str_eq(point->path, HCI0 "/dev_000001/service0030/char0033");
    cr_expect_null(mirror_beside(mirror, stride, CHARACTERISTIC_STRIDE_FEATURE));
    cr_expect_null(mirror_beside(mirror, NULL, CHARACTERISTIC_STRIDE_CONTROL));
}

#define UUID(number) "'0000" number "-0000-1000-8000-00805f9b34fb'"

Test(mirror, what_a_device_is_goes_by_all_that_it_serves)
{
    static const struct {
        const char *shows, *uuids, *service_data;
        guint services;
    } rows[] = {
        {"a pod that sends power is a pod", "[" UUID("1818") "," UUID("1814") "]", NULL,
         SERVICE_STRIDE | SERVICE_POWER},
        {"power alone is a bicycle's", "[" UUID("1818") "]", NULL, 0},
        {"a treadmill with a stride service is one sensor", "[" UUID("1826") "," UUID("1814") "]",
         NULL, SERVICE_TREADMILL | SERVICE_STRIDE},
        {"a fitness machine that says it is a treadmill", "[" UUID("1826") "]",
         "{" UUID("1826") ": <[byte 1, 1, 0]>}", SERVICE_TREADMILL},
        {"one that says it is a bicycle", "[" UUID("1826") "," UUID("1818") "]",
         "{" UUID("1826") ": <[byte 1, 32, 0]>}", 0},
        {"one of a kind in the second byte", "[" UUID("1826") "]",
         "{" UUID("1826") ": <[byte 1, 0, 1]>}", 0},
        {"one that does not say", "[" UUID("1826") "]", "{" UUID("1826") ": <[byte 1, 0, 0]>}",
         SERVICE_TREADMILL},
        {"one that is cut short", "[" UUID("1826") "]", "{" UUID("1826") ": <[byte 1, 32]>}",
         SERVICE_TREADMILL},
        {"another service's data", "[" UUID("1826") "]", "{" UUID("180d") ": <[byte 1, 32, 0]>}",
         SERVICE_TREADMILL},
        {"data of another type", "[" UUID("1826") "]", "{" UUID("1826") ": <'bike'>}",
         SERVICE_TREADMILL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Mirror) mirror = mirror_new();
        sensor(mirror, 1, rows[i].uuids, S);
        if (rows[i].service_data) {
            g_autofree char *changed =
                g_strdup_printf("{'ServiceData': <%s>}", rows[i].service_data);
            update(mirror, HCI0 "/dev_000001", "org.bluez.Device1", changed);
        }
        update(mirror, HCI0 "/dev_000001", "org.bluez.Device1", "{'RSSI': <int16 -50>}");
        cr_expect_eq(mirror_device(mirror, HCI0, "00:00:00:00:00:01")->services, rows[i].services,
                     "%s", rows[i].shows);
        g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(RadioSensor));
        candidates_append(found, mirror, HCI0, S);
        cr_expect_eq(found->len, rows[i].services != 0, "%s", rows[i].shows);
    }
}

Test(mirror, one_device_cannot_take_all_the_room_for_characteristics)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    for (int i = 0; i < 1000; i++) {
        char within[32];
        g_snprintf(within, sizeof within, "service%04x/char%04x", i, i + 1);
        characteristic(mirror, within, "2a37", "['notify']");
    }
    cr_expect_eq(g_hash_table_size(mirror->characteristics), MIRROR_CHARACTERISTICS_DEVICE);
}

Test(mirror, an_enrolled_device_finds_room_in_any_crowd)
{
    g_autoptr(Mirror) mirror = mirror_new();
    g_hash_table_add(mirror->enrolled, g_strdup("00:00:00:00:00:01"));
    sensor(mirror, 1, HEART, S);
    for (int i = 2; i < 2000; i++)
        sensor(mirror, i, HEART, i * S);
    cr_expect_eq(g_hash_table_size(mirror->devices), MIRROR_DEVICES_MAX);
    cr_expect_not_null(mirror_device(mirror, HCI0, "00:00:00:00:00:01"));
    cr_expect_not_null(mirror_device(mirror, HCI0, "00:00:00:00:07:CF"), "the latest");
}

Test(mirror, the_adapter_that_was_asked_for_goes_first_while_nothing_is_linked)
{
    g_autoptr(Mirror) mirror = mirror_new();
    add(mirror, HCI0, true, S,
        "{'org.bluez.Adapter1': {'Powered': <true>, 'Address': <'00:AA:01:00:00:00'>}}");
    add(mirror, "/org/bluez/hci1", true, S,
        "{'org.bluez.Adapter1': {'Powered': <true>, 'Address': <'00:AA:01:00:00:11'>}}");
    cr_expect_str_eq(mirror_adapter(mirror, NULL, "hci1", false)->path, "/org/bluez/hci1");
    cr_expect_str_eq(mirror_adapter(mirror, HCI0, "00:aa:01:00:00:11", false)->path,
                     "/org/bluez/hci1");
    cr_expect_str_eq(mirror_adapter(mirror, HCI0, "hci1", true)->path, HCI0);
    cr_expect_str_eq(mirror_adapter(mirror, NULL, "hci7", false)->path, HCI0);
    update(mirror, "/org/bluez/hci1", "org.bluez.Adapter1", "{'Powered': <false>}");
    cr_expect_str_eq(mirror_adapter(mirror, NULL, "hci1", false)->path, HCI0);
}

static void stranger(GArray *sensors, const char *name, guint services)
{
    RadioSensor sensor = {.slot = SENSOR_NONE, .services = services};
    g_strlcpy(sensor.name, name, sizeof sensor.name);
    g_snprintf(sensor.address, sizeof sensor.address, "00:00:00:00:00:%02X", sensors->len);
    g_array_append_val(sensors, sensor);
}

Test(mirror, a_sensor_with_another_address_is_known_when_there_is_no_choice)
{
    g_autoptr(GArray) sensors = g_array_new(FALSE, FALSE, sizeof(RadioSensor));
    stranger(sensors, "Watch", SERVICE_HEART);
    stranger(sensors, "Watch", SERVICE_TREADMILL);
    stranger(sensors, "Other", SERVICE_HEART);
    cr_expect_not_null(candidate_like(sensors, "Watch", SERVICE_HEART));
    cr_expect_not_null(candidate_like(sensors, "Watch", SERVICE_HEART | SERVICE_STRIDE),
                       "an advertisement names but some");
    cr_expect_null(candidate_like(sensors, "Watch", SERVICE_STRIDE));
    cr_expect_null(candidate_like(sensors, "Watch", 0), "a choice");
    cr_expect_null(candidate_like(sensors, "watch", SERVICE_HEART));
    stranger(sensors, "Watch", SERVICE_HEART);
    cr_expect_null(candidate_like(sensors, "Watch", SERVICE_HEART), "a choice");
}

Test(mirror, of_a_list_that_is_cut_short_nobody_is_the_only_one)
{
    g_autoptr(GArray) sensors = g_array_new(FALSE, FALSE, sizeof(RadioSensor));
    stranger(sensors, "Watch", SERVICE_HEART);
    for (guint i = 2; i < CANDIDATES_MAX; i++)
        stranger(sensors, "Other", SERVICE_STRIDE);
    cr_expect_not_null(candidate_like(sensors, "Watch", SERVICE_HEART));
    cr_expect(candidate_only(sensors, &g_array_index(sensors, RadioSensor, 0)));
    stranger(sensors, "Other", SERVICE_STRIDE);
    cr_expect_null(candidate_like(sensors, "Watch", SERVICE_HEART));
    cr_expect_not(candidate_only(sensors, &g_array_index(sensors, RadioSensor, 0)));
}

Test(mirror, each_connection_is_another)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    update(mirror, HCI0 "/dev_000001", "org.bluez.Device1",
           "{'Connected': <true>, 'ServicesResolved': <true>}");
    const MirrorDevice *strap = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    guint first = strap->connection;
    update(mirror, HCI0 "/dev_000001", "org.bluez.Device1", "{'Connected': <false>}");
    cr_expect_not(strap->resolved);
    update(mirror, HCI0 "/dev_000001", "org.bluez.Device1", "{'Connected': <true>}");
    cr_expect_neq(strap->connection, first);
}

Test(mirror, resolved_services_are_a_connection)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    const MirrorDevice *strap = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    update(mirror, strap->path, "org.bluez.Device1", "{'ServicesResolved': <true>}");
    cr_expect(strap->connected);
    guint connection = strap->connection;
    cr_expect_neq(connection, 0);
    update(mirror, strap->path, "org.bluez.Device1", "{'Connected': <true>}");
    cr_expect_eq(strap->connection, connection, "the same, told late");
    update(mirror, strap->path, "org.bluez.Device1", "{'ServicesResolved': <false>}");
    cr_expect(strap->connected, "only Connected ends it");
}

Test(mirror, an_unknown_strength_is_not_the_nearest)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    const MirrorDevice *strap = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    update(mirror, strap->path, "org.bluez.Device1", "{'RSSI': <int16 127>}");
    cr_expect_eq(strap->rssi, 0);
}

Test(mirror, the_battery_comes_and_goes)
{
    static const char *const battery[] = {"org.bluez.Battery1", NULL};
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    const MirrorDevice *strap = mirror_device(mirror, HCI0, "00:00:00:00:00:01");
    cr_expect_eq(strap->battery, -1);
    add(mirror, strap->path, true, S, "{'org.bluez.Battery1': {'Percentage': <byte 84>}}");
    cr_expect_eq(strap->battery, 84);
    update(mirror, strap->path, "org.bluez.Battery1", "{'Percentage': <byte 200>}");
    cr_expect_eq(strap->battery, -1);
    update(mirror, strap->path, "org.bluez.Battery1", "{'Percentage': <byte 83>}");
    mirror_remove(mirror, strap->path, battery);
    cr_expect_eq(strap->battery, -1);
}

Test(mirror, a_stadium_does_not_fill_the_memory)
{
    g_autoptr(Mirror) mirror = mirror_new();
    for (int i = 1; i <= 3000; i++)
        sensor(mirror, i, "@as []", S);
    sensor(mirror, 3001, HEART, S);
    cr_expect_eq(g_hash_table_size(mirror->devices), MIRROR_DEVICES_MAX);
    cr_expect_not_null(mirror_device(mirror, HCI0, "00:00:00:00:0B:B9"), "a strap finds its place");
}

Test(mirror, nonsense_is_survived)
{
    g_autoptr(Mirror) mirror = mirror_new();
    add(mirror, "/", true, S,
        "{'org.bluez.Device1': {'Address': <1>, 'UUIDs': <'x'>, 'Name': <2>}}");
    add(mirror, "/a", true, S,
        "{'org.bluez.GattCharacteristic1': {'UUID': <'00002a37-0000-1000-8000-00805f9b34fb'>}}");
    add(mirror, "/b", true, S, "{'org.bluez.Adapter1': {'Powered': <'yes'>}}");
    update(mirror, "/unknown", "org.bluez.Device1", "{'Connected': <true>}");
    update(mirror, "/", "org.example", "{'Connected': <true>}");
    cr_expect_eq(g_hash_table_size(mirror->devices), 1);
}

static GArray *candidates(const Mirror *mirror, Usec now)
{
    GArray *sensors = g_array_new(FALSE, TRUE, sizeof(RadioSensor));
    candidates_append(sensors, mirror, HCI0, now);
    return sensors;
}

static const struct {
    const char *what, *devices[4];
    guint adoptable;
} fields[] = {
    {"nobody", {NULL}, 0},
    {"one strap", {HEART}, 1},
    {"a strap and a pod", {HEART, STRIDE}, 2},
    {"two straps and a pod", {HEART, HEART, STRIDE}, 1},
    {"a pod that is a strap too, and a strap", {BOTH, HEART}, 0},
    {"a pod that is a strap too", {BOTH}, 1},
};

Test(candidates, only_what_is_without_choice_may_be_adopted)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autoptr(Mirror) mirror = mirror_new();
        for (int j = 0; j < 4 && fields[i].devices[j]; j++)
            sensor(mirror, j + 1, fields[i].devices[j], S);
        g_autoptr(GArray) sensors = candidates(mirror, 2 * S);
        guint adoptable = 0;
        for (guint j = 0; j < sensors->len; j++)
            adoptable += candidate_only(sensors, &g_array_index(sensors, RadioSensor, j));
        cr_expect_eq(adoptable, fields[i].adoptable, "%s", fields[i].what);
    }
}

Test(candidates, a_newcomer_is_waited_for_but_not_for_ever)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, 10 * S);
    g_autoptr(GArray) one = candidates(mirror, 10 * S);
    cr_expect_eq(candidates_settle(one), 15 * S);
    sensor(mirror, 2, STRIDE, 14 * S);
    g_autoptr(GArray) two = candidates(mirror, 14 * S);
    cr_expect_eq(candidates_settle(two), 19 * S);
    sensor(mirror, 3, STRIDE, 23 * S);
    g_autoptr(GArray) three = candidates(mirror, 23 * S);
    cr_expect_eq(candidates_settle(three), 25 * S);
}

Test(candidates, what_has_not_been_heard_lately_is_none)
{
    g_autoptr(Mirror) mirror = mirror_new();
    sensor(mirror, 1, HEART, S);
    sensor(mirror, 2, "@as []", S);
    g_autoptr(GArray) now = candidates(mirror, 2 * S);
    cr_expect_eq(now->len, 1);
    g_autoptr(GArray) later = candidates(mirror, 200 * S);
    cr_expect_eq(later->len, 0);
}
