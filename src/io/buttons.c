// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "io/buttons.h"

#include <linux/input-event-codes.h>
#include <string.h>

// A headset tells presses apart by itself: one is "play", two are "next", three "previous".
static const struct {
    char name[17];
    guint16 code;
    guint8 use, gesture;
    gboolean named; // only of a device that the user has named
} known[] = {
    {"BTN_0", BTN_0, KEY_IS_BUTTON, 0, FALSE},
    {"BTN_1", BTN_1, KEY_IS_GESTURE, GESTURE_DOUBLE, FALSE},
    {"BTN_2", BTN_2, KEY_IS_GESTURE, GESTURE_HOLD, FALSE},
    {"BTN_3", BTN_3, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_PROG1", KEY_PROG1, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_PROG2", KEY_PROG2, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_PROG3", KEY_PROG3, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_PLAYPAUSE", KEY_PLAYPAUSE, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_PLAYCD", KEY_PLAYCD, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_PAUSECD", KEY_PAUSECD, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_PLAY", KEY_PLAY, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_PAUSE", KEY_PAUSE, KEY_IS_BUTTON, 0, TRUE},
    {"KEY_MEDIA", KEY_MEDIA, KEY_IS_BUTTON, 0, FALSE},
    {"KEY_NEXTSONG", KEY_NEXTSONG, KEY_IS_GESTURE, GESTURE_DOUBLE, FALSE},
    {"KEY_PREVIOUSSONG", KEY_PREVIOUSSONG, KEY_IS_GESTURE, GESTURE_HOLD, FALSE},
    {"KEY_STOPCD", KEY_STOPCD, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_FASTFORWARD", KEY_FASTFORWARD, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_REWIND", KEY_REWIND, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_VOICECOMMAND", KEY_VOICECOMMAND, KEY_IS_NOTHING, 0, FALSE},
    {"KEY_ENTER", KEY_ENTER, KEY_IS_BUTTON, 0, TRUE},
    {"KEY_VOLUMEUP", KEY_VOLUMEUP, KEY_IS_BUTTON, 0, TRUE},
    {"KEY_VOLUMEDOWN", KEY_VOLUMEDOWN, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_CAMERA", KEY_CAMERA, KEY_IS_BUTTON, 0, TRUE},
    {"KEY_SPACE", KEY_SPACE, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_UP", KEY_UP, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_DOWN", KEY_DOWN, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_LEFT", KEY_LEFT, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_RIGHT", KEY_RIGHT, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_PAGEUP", KEY_PAGEUP, KEY_IS_NOTHING, 0, TRUE},
    {"KEY_PAGEDOWN", KEY_PAGEDOWN, KEY_IS_NOTHING, 0, TRUE},
};

static const struct {
    char name[8];
    guint8 verb;
} verbs[] = {
    {"lap", COMMAND_LAP},       {"skip", COMMAND_SKIP}, {"pause", COMMAND_PAUSE},
    {"resume", COMMAND_RESUME}, {"stop", COMMAND_STOP}, {"status", COMMAND_STATUS},
    {"accept", COMMAND_ACCEPT}, {"veto", COMMAND_VETO}, {"start", COMMAND_START},
};

static const char *const gestures[GESTURES] = {"press", "double", "hold"};

static const char *read_deed(const char *text, Deed *ret_deed)
{
    g_auto(GStrv) words = g_strsplit_set(text, " ,", -1);
    Deed deed = {0};
    for (char **word = words; *word; word++) {
        gsize verb = 0;
        while (verb < G_N_ELEMENTS(verbs) && strcmp(verbs[verb].name, *word) != 0)
            verb++;
        if (**word && (verb == G_N_ELEMENTS(verbs) || deed.count == DEED_MAX))
            return "up to four of lap, skip, pause, resume, stop, status, accept, veto and start "
                   "are expected, or nothing";
        if (**word)
            deed.verbs[deed.count++] = verbs[verb].verb;
    }
    *ret_deed = deed;
    return NULL;
}

Buttons *buttons_new(void)
{
    Buttons *buttons = g_new0(Buttons, 1);
    buttons->keys = g_array_new(FALSE, FALSE, sizeof(ButtonKey));
    buttons->devices = g_new0(char *, 1);
    read_deed("accept lap", &buttons->deeds[GESTURE_PRESS]);
    read_deed("status", &buttons->deeds[GESTURE_DOUBLE]);
    read_deed("veto pause resume", &buttons->deeds[GESTURE_HOLD]);
    return buttons;
}

void buttons_free(Buttons *buttons)
{
    if (!buttons)
        return;
    g_array_unref(buttons->keys);
    g_strfreev(buttons->devices);
    g_free(buttons);
}

// The place of a name in `gestures`, or GESTURES.
static guint gesture_of(const char *text)
{
    guint gesture = 0;
    while (gesture < GESTURES && strcmp(gestures[gesture], text) != 0)
        gesture++;
    return gesture;
}

// Names that are not in the table are for people who know the number.
static gboolean key_code(const char *key, guint16 *ret_code)
{
    guint64 code;
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(known[i].name, key) != 0)
            continue;
        *ret_code = known[i].code;
        return TRUE;
    }
    if (!g_ascii_string_to_unsigned(key, 10, 1, KEY_MAX, &code, NULL))
        return FALSE;
    *ret_code = (guint16)code;
    return TRUE;
}

static const char *set_key(Buttons *buttons, guint16 code, const char *text)
{
    ButtonKey key = {.code = code, .use = KEY_IS_GESTURE, .gesture = (guint8)gesture_of(text)};
    const char *why = NULL;
    if (strcmp(text, "button") == 0)
        key.use = KEY_IS_BUTTON;
    else if (*text == '\0')
        key.use = KEY_IS_NOTHING;
    else if (key.gesture == GESTURES) {
        key.use = KEY_IS_DEED;
        why = read_deed(text, &key.deed);
    }
    if (why)
        return "button, press, double or hold is expected, or what a deed may have, or nothing";
    g_array_prepend_val(buttons->keys, key); // the latest line is found first
    return NULL;
}

static const char *set_headset(Buttons *buttons, const char *text)
{
    static const char *const names[] = {"evdev", "mpris", "none"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], text) != 0)
            continue;
        buttons->headset = (Headset)i;
        return NULL;
    }
    return "evdev, mpris or none is expected";
}

static void set_devices(Buttons *buttons, const char *text)
{
    g_strfreev(buttons->devices);
    buttons->devices = g_strsplit(text, ";", -1);
    for (char **device = buttons->devices; *device; device++)
        g_strstrip(*device);
}

gboolean buttons_has(const char *key)
{
    guint16 code;
    return gesture_of(key) < GESTURES || key_code(key, &code) || strcmp(key, "headset") == 0 ||
           strcmp(key, "devices") == 0;
}

const char *buttons_set(Buttons *buttons, const char *key, const char *text)
{
    guint16 code;
    const guint gesture = gesture_of(key);
    if (gesture < GESTURES)
        return read_deed(text, &buttons->deeds[gesture]);
    if (key_code(key, &code))
        return set_key(buttons, code, text);
    if (strcmp(key, "headset") == 0)
        return set_headset(buttons, text);
    set_devices(buttons, text);
    return NULL;
}

ButtonKey buttons_key(const Buttons *buttons, guint16 code, gboolean named)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(known) && known[i].code != code)
        i++;
    const gboolean in_table = i < G_N_ELEMENTS(known);
    // What is not in the table may be a letter.
    if (!named && (in_table ? known[i].named : code < BTN_MISC))
        return (ButtonKey){.code = code};
    for (guint own = 0; own < buttons->keys->len; own++) {
        const ButtonKey *key = &g_array_index(buttons->keys, ButtonKey, own);
        if (key->code == code)
            return *key;
    }
    return (ButtonKey){
        code, in_table ? known[i].use : KEY_IS_NOTHING, in_table ? known[i].gesture : 0, {0}};
}

const Deed *buttons_deed(const Buttons *buttons, const ButtonKey *key, Gesture gesture)
{
    switch ((KeyUse)key->use) {
    case KEY_IS_BUTTON:
        return &buttons->deeds[gesture];
    case KEY_IS_GESTURE:
        return &buttons->deeds[key->gesture];
    case KEY_IS_DEED:
    case KEY_IS_NOTHING:
        break;
    }
    return &key->deed;
}

gboolean buttons_at_once(const Buttons *buttons, const ButtonKey *key)
{
    return key->use != KEY_IS_BUTTON ||
           (buttons->deeds[GESTURE_DOUBLE].count == 0 && buttons->deeds[GESTURE_HOLD].count == 0);
}
