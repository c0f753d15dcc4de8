// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The checks are all here, so that the hub can store and the radio can print what they get.

#include "bus/wish.h"

#include "bus/call.h"
#include "io/address.h"
#include "io/error.h"

#include <string.h>

#define NAME_MAX_BYTES   63 // what RadioSensor holds
#define RANK_MAX         255
#define PERCENT_MAX      100U
#define DEVICE_MAX_BYTES 255

char *address_parse(const char *text, GError **error)
{
    char address[ADDRESS_SIZE];
    if (address_normalize(text, address))
        return g_strdup(address);
    refuse(error, "“%s” is no Bluetooth address; one looks like A0:9E:1A:11:22:33", text);
    return NULL;
}

// `whose` begins the sentence; NULL text: not said.
static gboolean name_check(const char *whose, const char *text, GError **error)
{
    gboolean good = !text || strlen(text) <= NAME_MAX_BYTES;
    for (const char *c = text; good && c && *c; c = g_utf8_next_char(c))
        good = !g_unichar_iscntrl(g_utf8_get_char(c));
    return good || refuse(error, "%s name has at most %d bytes and no control characters", whose,
                          NAME_MAX_BYTES);
}

static gboolean roles_parse(GVariant *roles, int *ret_roles, GError **error)
{
    int set = 0;
    GVariantIter iter;
    const char *role;
    g_variant_iter_init(&iter, roles);
    while (g_variant_iter_next(&iter, "&s", &role)) {
        int found = 0;
        for (int one = 0; one < SERVICE_COUNT; one++)
            if (strcmp(role, service_name((ServiceSet)(1 << one))) == 0)
                found = 1 << one;
        if (!found)
            return refuse(
                error, "“%s” is no role; the roles are heart, stride, treadmill and power", role);
        set |= found;
    }
    *ret_roles = set;
    return TRUE;
}

static gboolean cadence_parse(const char *word, int *ret_cadence, GError **error)
{
    if (strcmp(word, "auto") == 0) {
        *ret_cadence = CADENCE_UNSETTLED;
        return TRUE;
    }
    for (CadenceConvention one = CADENCE_STEPS; one <= CADENCE_NONE; one++) {
        if (strcmp(word, cadence_convention_name(one)) == 0) {
            *ret_cadence = (int)one;
            return TRUE;
        }
    }
    return refuse(error, "a cadence is steps, one-leg, none or auto, not “%s”", word);
}

gboolean wish_parse(GVariant *options, SensorWish *ret_wish, GError **error)
{
    static const char *const known[] = {"name",    "s",      "roles", "as",         "rank",
                                        "u",       "runner", "s",     "match-name", "b",
                                        "cadence", "s",      NULL};
    SensorWish wish = SENSOR_WISH_NOTHING;
    guint32 rank;
    gboolean match_name;
    const char *cadence;
    if (!options_check(options, known, error))
        return FALSE;
    g_autoptr(GVariant) roles = g_variant_lookup_value(options, "roles", NULL);
    g_variant_lookup(options, "name", "&s", &wish.name);
    g_variant_lookup(options, "runner", "&s", &wish.runner);
    if (!name_check("a sensor's", wish.name, error) ||
        !name_check("a runner's", wish.runner, error) ||
        (roles && !roles_parse(roles, &wish.roles, error)))
        return FALSE;
    if (g_variant_lookup(options, "rank", "u", &rank)) {
        if (rank > RANK_MAX)
            return refuse(error, "a rank is 0 to %d", RANK_MAX);
        wish.rank = (int)rank;
    }
    if (g_variant_lookup(options, "match-name", "b", &match_name))
        wish.match_name = match_name;
    if (g_variant_lookup(options, "cadence", "&s", &cadence) &&
        !cadence_parse(cadence, &wish.cadence, error))
        return FALSE;
    *ret_wish = wish;
    return TRUE;
}

gboolean sound_wish_parse(GVariant *options, SoundWish *ret_wish, GError **error)
{
    static const char *const known[] = {"device", "s",    "volume", "u", "clicks",
                                        "u",      "duck", "b",      NULL};
    SoundWish wish = {NULL, -1, -1, -1};
    guint32 volume = 0, clicks = 0;
    gboolean duck;
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "device", "&s", &wish.device);
    if (g_variant_lookup(options, "volume", "u", &volume))
        wish.volume = (int)MIN(volume, PERCENT_MAX);
    if (g_variant_lookup(options, "clicks", "u", &clicks))
        wish.clicks = (int)MIN(clicks, PERCENT_MAX);
    if (volume > PERCENT_MAX || clicks > PERCENT_MAX)
        return refuse(error, "a volume is 0 to %u", PERCENT_MAX);
    if (wish.device && strlen(wish.device) > DEVICE_MAX_BYTES)
        return refuse(error, "the name of a device has at most %d bytes", DEVICE_MAX_BYTES);
    if (g_variant_lookup(options, "duck", "b", &duck))
        wish.duck = duck;
    *ret_wish = wish;
    return TRUE;
}
