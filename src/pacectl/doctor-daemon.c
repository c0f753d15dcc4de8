// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: the daemon, and what it says of its sensors and its voice. The daemon gives a
// reason with its remedy for everything; here they are taken apart and given a weight.

#include "coach/preflight.h"
#include "io/clock.h"
#include "pacectl/doctor.h"
#include "pacectl/sensors.h"
#include "pacectl/show.h"
#include "radio/flow.h"
#include "radio/mirror.h"
#include "radio/policy.h"
#include "session/event.h"

#include <gio/gunixsocketaddress.h>
#include <math.h>
#include <string.h>

#define MALFORMED_SHARE 100 // one in so many may be, as the estimator has it

// The daemon's own interface; NULL when it does not run. Free `ret_hubs`, which holds it.
static GVariant *hub_of(const Doctor *doctor, GPtrArray **ret_hubs)
{
    *ret_hubs = peer_objects(&doctor->daemon, "org.paced1.Hub");
    return (*ret_hubs)->len ? ((PeerObject *)(*ret_hubs)->pdata[0])->properties : NULL;
}

static void find_version(Doctor *doctor, const char *version)
{
    if (strcmp(version, PACED_VERSION) == 0)
        doctor_find(doctor, "daemon", FINDING_GOOD, NULL, "paced %s runs", version);
    else
        doctor_find(doctor, "daemon", FINDING_PROBLEM, "Run: systemctl --user restart paced",
                    "paced is version %s, pacectl %s", *version ? version : "unknown",
                    PACED_VERSION);
}

static void find_no_daemon(Doctor *doctor)
{
    switch (doctor->daemon.state) {
    case PEER_NO_BUS:
        doctor_find(doctor, "daemon", FINDING_PROBLEM,
                    "Log in as the user who runs, or set DBUS_SESSION_BUS_ADDRESS as ./run live "
                    "prints it.",
                    "there is no session bus (%s)", doctor->daemon.error);
        break;
    case PEER_ABSENT:
        doctor_find(doctor, "daemon", FINDING_PROBLEM,
                    "Run: systemctl --user start paced (or ./run live in its sources)",
                    "paced is not running");
        break;
    case PEER_NO_ANSWER:
    case PEER_REFUSED:
    case PEER_THERE:
        doctor_find(doctor, "daemon", FINDING_PROBLEM, "Run: systemctl --user restart paced",
                    "paced does not answer as it should%s%s", doctor->daemon.error ? ": " : "",
                    doctor->daemon.error ? doctor->daemon.error : "");
        break;
    }
}

void doctor_daemon(Doctor *doctor)
{
    g_autoptr(GPtrArray) hubs = NULL;
    GVariant *hub = hub_of(doctor, &hubs);
    if (!hub) {
        find_no_daemon(doctor);
        return;
    }
    find_version(doctor, property_string(hub, "Version"));
    const char *store = property_string(hub, "StoreReason");
    if (strcmp(property_string(hub, "StoreState"), "ready") != 0)
        doctor_find_reason(doctor, "disk", FINDING_PROBLEM,
                           "runs are not kept where they should be", store);
    else if (*store)
        doctor_find(doctor, "disk", FINDING_NOTE, NULL, "%s", store);
}

const char *doctor_hub_text(const Doctor *doctor, const char *name)
{
    g_autoptr(GPtrArray) hubs = NULL;
    GVariant *hub = hub_of(doctor, &hubs);
    return hub ? property_string(hub, name) : "";
}

// What the daemon misses is mostly told already, with the cause; not an adapter that looks well to
// everybody else and does nothing.
void doctor_radio(Doctor *doctor)
{
    static const char *const causes[] = {"adapter", "rfkill", "bluetoothd", "permissions"};
    const char *reason = doctor_hub_text(doctor, "RadioReason");
    if (strcmp(doctor_hub_text(doctor, "RadioState"), "stuck") == 0) {
        doctor_find_reason(doctor, "adapter", FINDING_PROBLEM, "stuck", reason);
        return;
    }
    gboolean told = *reason == '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(causes); i++)
        told |= doctor_has_problem(doctor, causes[i]);
    if (!told)
        doctor_find_reason(doctor, "daemon", FINDING_PROBLEM, "paced has no Bluetooth", reason);
}

// ── sensors ──

static char *title_of(GVariant *sensor)
{
    const char *name = property_string(sensor, "Name"),
               *address = property_string(sensor, "Address");
    return *name ? g_strdup_printf("%s (%s)", name, address) : g_strdup(address);
}

// "… is searching for 14 s, next try in 5 s": the sentence without its reason.
static char *sensor_state(GVariant *sensor, const char *title)
{
    double now = usec_to_s(clock_now());
    double since = now - property_double(sensor, "Since");
    double next = property_double(sensor, "NextTry") - now;
    double battery = property_double(sensor, "Battery"), rssi = property_double(sensor, "Rssi");
    g_autoptr(GVariant) history = g_variant_lookup_value(sensor, "History", G_VARIANT_TYPE_VARDICT);
    g_autofree char *words = history_words(history);
    char period[SHOW_MAX];
    g_autoptr(GString) text = g_string_new(title);
    g_string_append_printf(text, " is %s", property_string(sensor, "State"));
    if (isfinite(since)) {
        show_period(since, period);
        g_string_append_printf(text, " for %s", period);
    }
    if (isfinite(next)) {
        show_period(next, period);
        g_string_append_printf(text, ", next try in %s", period);
    }
    if (isfinite(battery))
        g_string_append_printf(text, ", battery %.0f %%", battery);
    if (isfinite(rssi))
        g_string_append_printf(text, ", %.0f dBm", rssi);
    if (*property_string(sensor, "Firmware"))
        g_string_append_printf(text, ", firmware %s", property_string(sensor, "Firmware"));
    if (words)
        g_string_append_printf(text, "; %s", words);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

// All properties, named as in JSON everywhere: "NextTry" → "next_try".
static GVariant *sensor_details(GVariant *sensor)
{
    GVariantBuilder details;
    GVariantIter iter;
    const char *name;
    GVariant *value;
    g_variant_builder_init(&details, G_VARIANT_TYPE_VARDICT);
    g_variant_iter_init(&iter, sensor);
    while (g_variant_iter_next(&iter, "{&sv}", &name, &value)) {
        g_autofree char *key = json_name(name);
        g_variant_builder_add(&details, "{sv}", key, value);
        g_variant_unref(value);
    }
    return g_variant_ref_sink(g_variant_builder_end(&details));
}

static guint32 count_of(GVariant *packets, const char *key)
{
    guint32 count = 0;
    g_variant_lookup(packets, key, "u", &count);
    return count;
}

// A sensor that sends what it should not: what paced does about it, and how much there was.
static void find_packets(Doctor *doctor, GVariant *sensor, const char *title)
{
    g_autoptr(GVariant) packets =
        g_variant_lookup_value(sensor, "Packets", G_VARIANT_TYPE("a{su}"));
    if (!packets)
        return;
    g_autofree char *remedy =
        g_strdup_printf("Switch it off and on; if that goes on it is faulty, or not what it seems "
                        "to be: pacectl sensors forget %s",
                        property_string(sensor, "Address"));
    guint32 all = count_of(packets, "packets"), dropped = count_of(packets, "dropped"),
            cut = count_of(packets, "cut");
    guint64 malformed = (guint64)count_of(packets, "rejected") + count_of(packets, "truncated");
    if (dropped >= FLOW_PACKETS_A_SECOND)
        doctor_find(doctor, "sensors", FINDING_PROBLEM, remedy,
                    "%s sends more than %d packets a second; what is beyond is dropped (%u so far)",
                    title, FLOW_PACKETS_A_SECOND, dropped);
    if (cut > 0)
        doctor_find(doctor, "sensors", FINDING_NOTE, remedy,
                    "%s sends packets longer than %d bytes; they are cut (%u so far)", title,
                    NOTIFY_BYTES_MAX, cut);
    if (malformed * MALFORMED_SHARE > all)
        doctor_find(doctor, "sensors", FINDING_PROBLEM, remedy,
                    "%s sends malformed packets (%" G_GUINT64_FORMAT " of %u)", title, malformed,
                    all);
}

static void find_sensor(Doctor *doctor, GVariant *sensor)
{
    g_autofree char *title = title_of(sensor), *what = sensor_state(sensor, title);
    const char *state = property_string(sensor, "State");
    const char *reason = property_string(sensor, "Reason");
    // One cause for all is told once.
    if (strcmp(reason, doctor_hub_text(doctor, "RadioReason")) == 0)
        reason = "";
    FindingLevel level = strcmp(state, "live") == 0     ? FINDING_GOOD
                         : strcmp(state, "silent") == 0 ? FINDING_PROBLEM
                                                        : FINDING_NOTE;
    Finding *finding = doctor_find_reason(doctor, "sensors", level, what, reason);
    finding->details = sensor_details(sensor);
    if (level == FINDING_PROBLEM && !finding->remedy)
        finding->remedy = g_strdup("See that it is worn and awake.");
    if (property_boolean(sensor, "Busy", FALSE))
        doctor_find(doctor, "sensors", FINDING_PROBLEM,
                    "Disconnect it there: most sensors serve one at a time.",
                    "%s hung up at once, twice: perhaps another device has it", title);
    if (property_double(sensor, "Battery") <= BATTERY_LOW)
        doctor_find(doctor, "sensors", FINDING_NOTE, "Change or charge its battery soon.",
                    "%s has a low battery", title);
    if (property_boolean(sensor, "Weak", FALSE))
        doctor_find(doctor, "sensors", FINDING_NOTE,
                    "Carry the machine on the same side of the body, and nearer.",
                    "%s is received weakly", title);
    find_packets(doctor, sensor, title);
}

static void find_enrolled(Doctor *doctor)
{
    g_autoptr(GPtrArray) sensors = peer_objects(&doctor->daemon, "org.paced1.Sensor");
    guint enrolled = 0;
    for (guint i = 0; i < sensors->len; i++) {
        GVariant *sensor = ((PeerObject *)sensors->pdata[i])->properties;
        if (!property_boolean(sensor, "Enrolled", TRUE))
            continue;
        enrolled++;
        find_sensor(doctor, sensor);
    }
    if (enrolled == 0)
        doctor_find(doctor, "sensors", FINDING_NOTE,
                    "Wet the strap and put it on, shake the pod, then run: pacectl sensors scan",
                    "no sensor is enrolled");
}

static gboolean is_sensor(GVariant *device)
{
    g_auto(GStrv) uuids = NULL;
    if (!g_variant_lookup(device, "UUIDs", "^as", &uuids))
        return FALSE;
    for (char **uuid = uuids; *uuid; uuid++) {
        guint16 service = uuid_short(*uuid);
        if (service == 0x180D || service == 0x1814 || service == 0x1826)
            return TRUE;
    }
    return FALSE;
}

// Without the daemon, a sensor that is connected all the same is held by somebody else.
static void find_held(Doctor *doctor)
{
    g_autoptr(GPtrArray) devices = peer_objects(&doctor->bluez, "org.bluez.Device1");
    for (guint i = 0; i < devices->len; i++) {
        GVariant *device = ((PeerObject *)devices->pdata[i])->properties;
        if (!property_boolean(device, "Connected", FALSE) || !is_sensor(device))
            continue;
        char name[64];
        const char *address = property_string(device, "Address");
        name_sanitize(property_string(device, "Alias"), name, sizeof name);
        g_autofree char *remedy = g_strdup_printf(
            "If another program holds it, close that; or run: bluetoothctl disconnect %s", address);
        doctor_find(doctor, "sensors", FINDING_NOTE, remedy,
                    "%s (%s) is connected, but not by paced", *name ? name : "a sensor", address);
    }
}

// Straps at a start line, or a prankster.
static void find_crowd(Doctor *doctor)
{
    g_autoptr(GPtrArray) devices = peer_objects(&doctor->bluez, "org.bluez.Device1");
    if (devices->len > MIRROR_DEVICES_MAX)
        doctor_find(doctor, "sensors", FINDING_NOTE,
                    "Add a sensor by its address, or where fewer are around.",
                    "more than %d Bluetooth devices are around (%u): paced loses none that is "
                    "enrolled, but may not see one that is new",
                    MIRROR_DEVICES_MAX, devices->len);
}

void doctor_sensors(Doctor *doctor)
{
    find_crowd(doctor);
    if (doctor->daemon.state == PEER_THERE)
        find_enrolled(doctor);
    else if (doctor->daemon.state == PEER_ABSENT)
        find_held(doctor);
}

// ── sound ──

static gboolean answers(const char *path)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    return socket && g_socket_connect(socket, address, NULL, NULL);
}

// Where clients of PulseAudio look first; NULL: on another machine.
static char *sound_socket(void)
{
    const char *server = g_getenv("PULSE_SERVER");
    if (!server || !*server)
        return g_build_filename(g_get_user_runtime_dir(), "pulse", "native", NULL);
    if (g_str_has_prefix(server, "unix:"))
        return g_strdup(server + strlen("unix:"));
    return *server == '/' ? g_strdup(server) : NULL;
}

static void find_sound_server(Doctor *doctor)
{
    g_autofree char *path = sound_socket();
    if (!path)
        doctor_find(doctor, "audio", FINDING_NOTE, NULL,
                    "sound goes to the server %s, which was not asked", g_getenv("PULSE_SERVER"));
    else if (answers(path))
        doctor_find(doctor, "audio", FINDING_GOOD, NULL, "a sound server answers");
    else
        doctor_find(doctor, "audio", FINDING_PROBLEM,
                    "Run: systemctl --user start pipewire-pulse (or: pulseaudio --start)",
                    "no sound server answers at %s", path);
}

void doctor_audio(Doctor *doctor)
{
    g_autoptr(GPtrArray) hubs = NULL;
    GVariant *hub = hub_of(doctor, &hubs);
    if (!hub) {
        find_sound_server(doctor);
        return;
    }
    const char *state = property_string(hub, "VoiceState");
    const char *reason = property_string(hub, "VoiceReason");
    if (strcmp(state, "ready") == 0)
        doctor_find(doctor, "audio", FINDING_GOOD, NULL, "the coach can speak");
    else if (strcmp(state, "silent") == 0)
        doctor_find_reason(doctor, "audio", FINDING_NOTE, "the coach does not speak aloud", reason);
    else
        doctor_find_reason(doctor, "audio",
                           strcmp(state, "connecting") == 0 ? FINDING_NOTE : FINDING_PROBLEM,
                           "the coach cannot speak", reason);
}
