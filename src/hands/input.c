// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is to take the buttons of whoever has just plugged them in, and never a keyboard's:
// the keys of a keyboard's own media row look just like a headset's. So without being named a
// device must be soldered to the machine, or be what BlueZ or a sound card makes for a headset.

#include "hands/input.h"

#include <linux/input.h>
#include <string.h>

#define WORD_BITS (8 * sizeof(long)) // of a bitmap in sysfs

char *input_path(const char *root, const char *event)
{
    return g_strconcat(root, "/dev/input/", event, NULL);
}

static char *read_property(const char *root, const char *event, const char *property)
{
    g_autofree char *path =
        g_strconcat(root, "/sys/class/input/", event, "/device/", property, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

// The bits of what a device can do, the highest first, in words with a blank between.
static gboolean has_bit(const char *bits, guint bit)
{
    const char *end = bits + strlen(bits);
    for (guint word = bit / WORD_BITS;; word--) {
        const char *begin = end;
        while (begin > bits && begin[-1] != ' ')
            begin--;
        if (word == 0)
            return g_ascii_strtoull(begin, NULL, 16) >> bit % WORD_BITS & 1;
        if (begin == bits)
            return FALSE;
        end = begin - 1;
    }
}

static gboolean can(const char *root, const char *event, const char *what, guint bit)
{
    g_autofree char *property = g_strconcat("capabilities/", what, NULL);
    g_autofree char *bits = read_property(root, event, property);
    return bits && has_bit(bits, bit);
}

static gboolean has_keys(const char *bits)
{
    return strspn(bits, "0 ") != strlen(bits);
}

// Any key that would do something.
static gboolean has_buttons(const Buttons *buttons, const char *bits, gboolean named)
{
    for (guint16 code = 1; code < KEY_CNT; code++)
        if (has_bit(bits, code) && buttons_key(buttons, code, named).use != KEY_IS_NOTHING)
            return TRUE;
    return FALSE;
}

static gboolean is_soldered(const char *root, const char *event)
{
    g_autofree char *bus = read_property(root, event, "id/bustype");
    return bus && g_ascii_strtoull(bus, NULL, 16) == BUS_HOST;
}

gboolean input_look(const char *root, const char *event, const Buttons *buttons, Input *ret_input)
{
    if (!g_str_has_prefix(event, "event"))
        return FALSE;
    g_autofree char *name = read_property(root, event, "name");
    g_autofree char *keys = read_property(root, event, "capabilities/key");
    if (!name || !keys)
        return FALSE;
    Input input = {.named = g_strv_contains((const char *const *)buttons->devices, name)};
    const gboolean by_bluez = g_str_has_suffix(name, " (AVRCP)");
    const gboolean by_sound_card =
        can(root, event, "sw", SW_HEADPHONE_INSERT) || can(root, event, "sw", SW_MICROPHONE_INSERT);
    input.keyboard = has_bit(keys, KEY_Q) && has_bit(keys, KEY_P);
    input.headset = !input.named && (by_bluez || by_sound_card);
    input.vibrates = can(root, event, "ff", FF_RUMBLE) && (input.named || !has_keys(keys));
    input.buttons =
        has_buttons(buttons, keys, input.named) &&
        (input.named || (!input.keyboard && !input.headset && is_soldered(root, event)) ||
         (input.headset && buttons->headset == HEADSET_EVDEV));
    if (!input.buttons && !input.vibrates)
        return FALSE;
    input.name = g_utf8_make_valid(name, -1);
    *ret_input = input;
    return TRUE;
}

void input_clear(Input *input)
{
    g_clear_pointer(&input->name, g_free);
}
