// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sound: where and how loud the coach is heard, until the daemon ends. What is out of range
// the daemon says; that a device does not exist only its voice's state can say, so that is shown.

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

#include <string.h>

#define UNSAID G_MININT

typedef struct {
    char *device;
    int volume, clicks;
    char *duck;
} Wanted;

static void wanted_clear(Wanted *wanted)
{
    g_free(wanted->device);
    g_free(wanted->duck);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wanted, wanted_clear)

static gboolean put_percent(GVariantDict *dict, const char *name, int percent)
{
    if (percent == UNSAID)
        return TRUE;
    g_variant_dict_insert(dict, name, "u", (guint32)percent);
    return percent >= 0 && percent <= 100;
}

static gboolean put_duck(GVariantDict *dict, const char *duck)
{
    const gboolean yes = g_strcmp0(duck, "yes") == 0;
    if (duck)
        g_variant_dict_insert(dict, "duck", "b", yes);
    return !duck || yes || strcmp(duck, "no") == 0;
}

static int sound_show(Paced1Hub *hub, gboolean json)
{
    const char *device = paced1_hub_get_voice_device(hub);
    const char *reason = paced1_hub_get_voice_reason(hub);
    const guint volume = paced1_hub_get_voice_volume(hub);
    const guint clicks = paced1_hub_get_clicks_volume(hub);
    const gboolean ducks = paced1_hub_get_voice_ducks(hub);
    if (json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_object(builder);
        json_add_string(builder, "device", device);
        json_add_int(builder, "volume", volume);
        json_add_int(builder, "clicks", clicks);
        json_add_boolean(builder, "duck", ducks);
        json_builder_end_object(builder);
        print_json_builder(g_steal_pointer(&builder));
        return EXIT_DONE;
    }
    printf("Device  %s\nVolume  %u\nClicks  %u\nDuck    %s\n",
           *device ? device : "the audio server's default", volume, clicks, ducks ? "yes" : "no");
    if (*reason)
        printf("Voice   %s\n", reason);
    return EXIT_DONE;
}

int verb_sound(int argc, char **argv)
{
    gboolean json = FALSE;
    g_auto(Wanted) wanted = {.volume = UNSAID, .clicks = UNSAID};
    const GOptionEntry options[] = {
        {"device", 0, 0, G_OPTION_ARG_STRING, &wanted.device, NULL, NULL},
        {"volume", 0, 0, G_OPTION_ARG_INT, &wanted.volume, NULL, NULL},
        {"clicks", 0, 0, G_OPTION_ARG_INT, &wanted.clicks, NULL, NULL},
        {"duck", 0, 0, G_OPTION_ARG_STRING, &wanted.duck, NULL, NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    if (!put_percent(&dict, "volume", wanted.volume) ||
        !put_percent(&dict, "clicks", wanted.clicks))
        return complain(EXIT_BAD_USAGE, "--volume and --clicks are 0 to 100");
    if (!put_duck(&dict, wanted.duck))
        return complain(EXIT_BAD_USAGE, "--duck is yes or no");
    if (wanted.device && !argument_check(wanted.device))
        return EXIT_BAD_INPUT;
    if (wanted.device)
        g_variant_dict_insert(&dict, "device", "s",
                              strcmp(wanted.device, "default") == 0 ? "" : wanted.device);
    g_autoptr(GDBusObjectManager) objects = NULL;
    const int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (!wanted.device && !wanted.duck && wanted.volume == UNSAID && wanted.clicks == UNSAID)
        return sound_show(hub, json);
    GError *error = NULL;
    if (!paced1_hub_call_set_sound_sync(hub, g_variant_dict_end(&dict), NULL, &error))
        return complain_error(error);
    return EXIT_DONE;
}
