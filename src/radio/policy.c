// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that BlueZ says many different things with org.bluez.Error.Failed: only its text
// tells a link that is worth another try at once from one that is not.

#include "radio/policy.h"

#include <string.h>

typedef struct {
    const char *name; // NULL: any
    const char *text; // a part of the message, lower case; NULL: any
    Trouble trouble;
} Symptom;

// The first that fits wins.
static const Symptom symptoms[] = {
    {"org.freedesktop.DBus.Error.AccessDenied", NULL, TROUBLE_NO_PERMISSION},
    {"org.freedesktop.DBus.Error.ServiceUnknown", NULL, TROUBLE_NO_SERVICE},
    {"org.freedesktop.DBus.Error.NameHasNoOwner", NULL, TROUBLE_NO_SERVICE},
    {"org.freedesktop.DBus.Error.Disconnected", NULL, TROUBLE_NO_SERVICE},
    {"org.freedesktop.DBus.Error.NoReply", "disconnected", TROUBLE_NO_SERVICE},
    {"org.freedesktop.DBus.Error.NoReply", NULL, TROUBLE_TIMEOUT},
    {"org.freedesktop.DBus.Error.Timeout", NULL, TROUBLE_TIMEOUT},
    {"org.freedesktop.DBus.Error.TimedOut", NULL, TROUBLE_TIMEOUT},
    {"org.freedesktop.DBus.Error.UnknownObject", NULL, TROUBLE_GONE},
    {"org.freedesktop.DBus.Error.UnknownMethod", NULL, TROUBLE_GONE},
    {"org.freedesktop.DBus.Error.UnknownInterface", NULL, TROUBLE_GONE},
    {"org.bluez.Error.DoesNotExist", NULL, TROUBLE_GONE},
    {"org.bluez.Error.InProgress", NULL, TROUBLE_TRANSIENT},
    {"org.bluez.Error.Busy", NULL, TROUBLE_TRANSIENT},
    {"org.bluez.Error.Blocked", NULL, TROUBLE_BLOCKED},
    {"org.bluez.Error.NotReady", NULL, TROUBLE_NOT_READY},
    {"org.bluez.Error.NotPermitted", "notify acquired", TROUBLE_TRANSIENT}, // by another program
    {"org.bluez.Error.NotPermitted", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.NotAuthorized", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.NotSupported", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.AuthenticationFailed", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.AuthenticationRejected", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.AuthenticationCanceled", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.AuthenticationTimeout", NULL, TROUBLE_REFUSED},
    {"org.bluez.Error.NotConnected", NULL, TROUBLE_TRANSIENT},
    {NULL, "rfkill", TROUBLE_BLOCKED},
    {NULL, "abort-by-local", TROUBLE_TRANSIENT},
    {NULL, "already in progress", TROUBLE_TRANSIENT},
    {NULL, "connection-busy", TROUBLE_TRANSIENT},
    {NULL, "connection abort", TROUBLE_TRANSIENT},
    {NULL, "not connected", TROUBLE_TRANSIENT},
    {NULL, "limit", TROUBLE_SLOTS},
    {NULL, "too many links", TROUBLE_SLOTS},
    {NULL, "not enough resources", TROUBLE_SLOTS},
    {NULL, "adapter-not-powered", TROUBLE_NOT_READY},
    {NULL, "not powered", TROUBLE_NOT_READY},
    {NULL, "timeout", TROUBLE_TIMEOUT},
    {NULL, "timed out", TROUBLE_TIMEOUT},
    {NULL, "host is down", TROUBLE_TIMEOUT},
};

Trouble trouble_classify(const char *name, const char *message)
{
    g_autofree char *text = g_ascii_strdown(message ? message : "", -1);
    for (gsize i = 0; i < G_N_ELEMENTS(symptoms); i++) {
        const Symptom *symptom = &symptoms[i];
        if (symptom->name && g_strcmp0(symptom->name, name) != 0)
            continue;
        if (symptom->text && !strstr(text, symptom->text))
            continue;
        return symptom->trouble;
    }
    return TROUBLE_OTHER;
}

const char *trouble_name(Trouble trouble)
{
    switch (trouble) {
    case TROUBLE_NONE:
        return "none";
    case TROUBLE_TRANSIENT:
        return "transient";
    case TROUBLE_TIMEOUT:
        return "timeout";
    case TROUBLE_GONE:
        return "gone";
    case TROUBLE_NOT_READY:
        return "not-ready";
    case TROUBLE_BLOCKED:
        return "blocked";
    case TROUBLE_SLOTS:
        return "slots";
    case TROUBLE_REFUSED:
        return "refused";
    case TROUBLE_NO_PERMISSION:
        return "no-permission";
    case TROUBLE_NO_SERVICE:
        return "no-service";
    case TROUBLE_OTHER:
        return "other";
    }
    g_assert_not_reached();
}

const char *trouble_sentence(Trouble trouble)
{
    switch (trouble) {
    case TROUBLE_NONE:
        return "";
    case TROUBLE_TRANSIENT:
        return "Bluetooth is busy with the last connection; trying again in a moment";
    case TROUBLE_TIMEOUT:
        return "it does not answer: is it worn, near, and not connected to a watch or phone?";
    case TROUBLE_GONE:
        return "Bluetooth has forgotten it; searching for it again";
    case TROUBLE_NOT_READY:
        return "the Bluetooth adapter has no power; waiting for it";
    case TROUBLE_BLOCKED:
        return "Bluetooth is blocked: unblock it with 'rfkill unblock bluetooth'";
    case TROUBLE_SLOTS:
        return "the adapter has no room for another connection: disconnect another device";
    case TROUBLE_REFUSED:
        return "it refuses: if it wants to be paired, pair it once with 'bluetoothctl pair "
               "ADDRESS'";
    case TROUBLE_NO_PERMISSION:
        return "no permission to use Bluetooth: add the user to the group bluetooth "
               "('sudo adduser USER bluetooth') and log in again"; // as power.c says
    case TROUBLE_NO_SERVICE:
        return "the Bluetooth service went away; waiting for it";
    case TROUBLE_OTHER:
        return "the connection failed; trying again";
    }
    g_assert_not_reached();
}

const char *absence_sentence(Usec seen_at, Usec now, Usec *ret_longer_at)
{
    static const struct {
        guint minutes;
        const char *period;
    } steps[] = {
        {3, "more than 3 min"},
        {10, "more than 10 min"},
        {30, "more than half an hour"},
        {120, "hours"},
    };
    const char *period = NULL;
    *ret_longer_at = USEC_NEVER;
    for (gsize i = 0; seen_at && i < G_N_ELEMENTS(steps); i++) {
        Usec from = seen_at + steps[i].minutes * 60 * USEC_PER_SEC;
        if (now < from) {
            *ret_longer_at = from;
            break;
        }
        period = steps[i].period;
    }
    if (!period)
        return "not seen: is it worn, awake, near, and not connected to a watch or phone?";
    g_autofree char *sentence =
        g_strdup_printf("not seen for %s: see that it is near and awake, its battery not empty, "
                        "and that no watch or phone has it",
                        period);
    return g_intern_string(sentence);
}

guint8 trouble_att_error(const char *message)
{
    static const char marker[] = "ATT error: 0x";
    const char *at = message ? strstr(message, marker) : NULL;
    return at ? (guint8)g_ascii_strtoull(at + strlen(marker), NULL, 16) : 0;
}

#define TRANSIENT_DELAY (400 * USEC_PER_MSEC)
#define TRANSIENT_TRIES 4

Usec retry_delay(Trouble trouble, guint failures)
{
    if (trouble == TROUBLE_TRANSIENT && failures <= TRANSIENT_TRIES)
        return TRANSIENT_DELAY;
    bool hopeless = trouble == TROUBLE_REFUSED || trouble == TROUBLE_SLOTS ||
                    trouble == TROUBLE_NO_PERMISSION; // in a second it would be the same
    guint doublings = failures ? MIN(failures - 1, 5) : 0;
    return MIN((Usec)(hopeless ? 3 : 1) << doublings, hopeless ? 60 : 30) * USEC_PER_SEC;
}

Usec blind_delay(guint tries)
{
    return MIN((Usec)10 << MIN(tries, 5), 300) * USEC_PER_SEC;
}

Usec connect_patience(bool heard, bool contended)
{
    return (heard || !contended ? 10 : 4) * USEC_PER_SEC;
}

Usec silence_patience(guint failures)
{
    return ((Usec)6 << MIN(failures, 2)) * USEC_PER_SEC;
}

void name_sanitize(const char *name, char *ret_name, gsize size)
{
    g_autofree char *valid = g_utf8_make_valid(name, (gssize)strnlen(name, 4 * size));
    gsize used = 0;
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gsize length = (gsize)(g_utf8_next_char(at) - at);
        if (used + length >= size)
            break;
        // What does not print, or turns the text around it, would let a name forge a screen.
        if (!g_unichar_isprint(g_utf8_get_char(at)) ||
            g_unichar_type(g_utf8_get_char(at)) == G_UNICODE_FORMAT)
            continue;
        memcpy(ret_name + used, at, length);
        used += length;
    }
    ret_name[used] = '\0';
    g_strstrip(ret_name);
}

guint16 uuid_short(const char *uuid)
{
    static const char base[] = "-0000-1000-8000-00805f9b34fb";
    if (strlen(uuid) != 36 || strncmp(uuid, "0000", 4) != 0 ||
        g_ascii_strcasecmp(uuid + 8, base) != 0)
        return 0;
    guint number = 0;
    for (gsize i = 4; i < 8; i++) {
        int digit = g_ascii_xdigit_value(uuid[i]);
        if (digit < 0)
            return 0;
        number = number << 4 | (guint)digit;
    }
    return (guint16)number;
}
