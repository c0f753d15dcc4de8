// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which devices are taken. The bitmaps are what Linux says of such devices, in words of 64 bits.

#include "hands/input.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>

#define NO_KEYS "0"
// what BlueZ makes for a headset: play, stop, pause, next, previous, and the volume
#define AVRCP_KEYS "10300 16800000000 c108000000000 10000000"
#define KEYBOARD   "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
// BTN_0 alone: bit 0x100
#define BTN_0_KEYS "1 0 0 0 0"
// KEY_ENTER and KEY_VOLUMEUP: 28 and 115
#define SHUTTER   "8000000000000 10000000"
#define PLAYPAUSE "1000000000 0 0"

static char *root;
static Buttons *buttons;

static void setup(void)
{
    root = g_dir_make_tmp("paced-test-XXXXXX", NULL);
    buttons = buttons_new();
}

static void put(const char *file, const char *text)
{
    g_autofree char *path = g_strconcat(root, "/sys/class/input/event0/device/", file, NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    g_mkdir_with_parents(directory, 0700);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static void teardown(void)
{
    const char *words[] = {"rm", "-r", root, NULL};
    g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(root);
    buttons_free(buttons);
}

TestSuite(input, .init = setup, .fini = teardown);

// What is taken of such a device: "buttons", "headset", "vibrates", with what else is known.
static char *taken(const char *name, const char *bustype, const char *keys, const char *ff,
                   const char *sw)
{
    Input input;
    put("name", name);
    put("id/bustype", bustype);
    put("capabilities/key", keys);
    put("capabilities/ff", ff);
    put("capabilities/sw", sw);
    if (!input_look(root, "event0", buttons, &input))
        return g_strdup("");
    char *text = g_strconcat(input.buttons ? "buttons " : "", input.headset ? "headset " : "",
                             input.vibrates ? "vibrates " : "", input.named ? "named " : "",
                             input.keyboard ? "keyboard " : "", NULL);
    input_clear(&input);
    return g_strchomp(text);
}

#define EXPECT(expected, ...)                                                                      \
    do {                                                                                           \
        g_autofree char *text = taken(__VA_ARGS__);                                                \
        cr_assert(eq(str, text, (char *)expected));                                                \
    } while (0)

Test(input, the_obvious)
{
    EXPECT("buttons", "paced buttons\n", "0019\n", BTN_0_KEYS "\n", "0\n", "0\n");
    EXPECT("vibrates", "gpio-vibrator", "0000", NO_KEYS, "10000 0", "0"); // FF_RUMBLE
    EXPECT("buttons headset", "Runner's Ears (AVRCP)", "0005", AVRCP_KEYS, "0", "0");
    EXPECT("buttons headset", "sound card Headset", "0000", PLAYPAUSE, "0", "4");
}

Test(input, never_a_keyboard)
{
    EXPECT("", "AT Translated Set 2 keyboard", "0011", KEYBOARD, "0", "0");
    EXPECT("", "soldered keyboard", "0019", KEYBOARD, "0", "0");
    EXPECT("", "USB Keyboard Consumer Control", "0003", PLAYPAUSE, "0", "0");
    EXPECT("", "BLE Keyboard Consumer Control", "0005", PLAYPAUSE, "0", "0");
    EXPECT("", "AB Shutter3", "0005", SHUTTER, "0", "0");
    EXPECT("", "Power Button", "0019", "10000000000000 0", "0", "0"); // KEY_POWER
    EXPECT("", "Gamepad", "0003", "7fdb000000000000 0 0 0 0", "107030000 0", "0");
}

Test(input, but_what_is_named)
{
    buttons_set(buttons, "devices", "AB Shutter3;USB Keyboard");
    EXPECT("buttons named", "AB Shutter3", "0005", SHUTTER, "0", "0");
    EXPECT("buttons named keyboard", "USB Keyboard", "0003", KEYBOARD, "0", "0");
    EXPECT("", "AB Shutter33", "0005", SHUTTER, "0", "0");
}

Test(input, headsets_are_left_to_the_music)
{
    buttons_set(buttons, "headset", "none");
    EXPECT("", "Runner's Ears (AVRCP)", "0005", AVRCP_KEYS, "0", "0");
    EXPECT("buttons", "paced buttons", "0019", BTN_0_KEYS, "0", "0");
}

Test(input, what_is_not_there)
{
    Input input;
    cr_assert(eq(int, input_look(root, "event7", buttons, &input), FALSE));
    cr_assert(eq(int, input_look(root, "mice", buttons, &input), FALSE));
}
