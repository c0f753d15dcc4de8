// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What each key does, as shipped and as people write it.

#include "io/buttons.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <linux/input-event-codes.h>
#include <string.h>

static Buttons *buttons;

static void setup(void)
{
    buttons = buttons_new();
}

static void teardown(void)
{
    buttons_free(buttons);
}

TestSuite(buttons, .init = setup, .fini = teardown);

// What it does: "press double hold" of a button, or one deed for each press; "" for nothing.
static char *does(guint16 code, gboolean named)
{
    const ButtonKey key = buttons_key(buttons, code, named);
    GString *text = g_string_new(NULL);
    const int gestures = buttons_at_once(buttons, &key) ? 1 : GESTURES;
    for (int gesture = 0; gesture < gestures; gesture++) {
        const Deed *deed = buttons_deed(buttons, &key, (Gesture)gesture);
        if (gesture > 0)
            g_string_append(text, "; ");
        for (guint i = 0; i < deed->count; i++)
            g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                                   command_verb_name((CommandVerb)deed->verbs[i]));
    }
    return g_string_free(text, FALSE);
}

static void expect(guint16 code, gboolean named, const char *expected)
{
    g_autofree char *text = does(code, named);
    cr_assert(eq(str, text, (char *)expected), "key %d", code);
}

static void set(const char *key, const char *text)
{
    cr_assert(buttons_has(key), "%s", key);
    const char *why = buttons_set(buttons, key, text);
    cr_assert(why == NULL, "%s=%s: %s", key, text, why);
}

#define ONE_BUTTON "accept lap; status; veto pause resume"

Test(buttons, as_shipped)
{
    expect(BTN_0, FALSE, ONE_BUTTON);
    expect(KEY_PLAYPAUSE, FALSE, ONE_BUTTON);
    expect(KEY_PLAYCD, FALSE, ONE_BUTTON);
    expect(KEY_PAUSECD, FALSE, ONE_BUTTON);
    expect(KEY_MEDIA, FALSE, ONE_BUTTON);
    expect(KEY_NEXTSONG, FALSE, "status");
    expect(KEY_PREVIOUSSONG, FALSE, "veto pause resume");
    expect(BTN_1, FALSE, "status");
    expect(BTN_2, FALSE, "veto pause resume");
    expect(KEY_A, TRUE, "");
    expect(BTN_LEFT, FALSE, "");
}

Test(buttons, a_keyboards_keys_only_of_what_is_named)
{
    expect(KEY_ENTER, FALSE, "");
    expect(KEY_VOLUMEUP, FALSE, "");
    expect(KEY_ENTER, TRUE, ONE_BUTTON);
    expect(KEY_VOLUMEUP, TRUE, ONE_BUTTON);
    set("KEY_VOLUMEUP", "status");
    set("30", "lap"); // KEY_A
    expect(KEY_VOLUMEUP, FALSE, "");
    expect(KEY_VOLUMEUP, TRUE, "status");
    expect(KEY_A, FALSE, "");
    expect(KEY_A, TRUE, "lap");
}

Test(buttons, as_people_write_it)
{
    set("press", "lap");
    set("double", "");
    set("KEY_NEXTSONG", "skip");
    set("KEY_PLAYCD", "hold");
    set("KEY_PAUSECD", "");
    set("KEY_STOPCD", "button");
    set("BTN_1", "stop");
    set("BTN_1", "pause, resume");
    set("704", "start"); // BTN_TRIGGER_HAPPY1
    expect(BTN_0, FALSE, "lap; ; veto pause resume");
    expect(KEY_STOPCD, FALSE, "lap; ; veto pause resume");
    expect(KEY_NEXTSONG, FALSE, "skip");
    expect(KEY_PLAYCD, FALSE, "veto pause resume");
    expect(KEY_PAUSECD, FALSE, "");
    expect(BTN_1, FALSE, "pause resume");
    expect(704, FALSE, "start");
    set("hold", "");
    expect(BTN_0, FALSE, "lap"); // and it does not wait for more
    set("headset", "mpris");
    cr_assert(eq(int, buttons->headset, HEADSET_MPRIS));
    set("devices", "AB Shutter3; Clicker (BLE)");
    cr_assert(eq(str, buttons->devices[0], (char *)"AB Shutter3"));
    cr_assert(eq(str, buttons->devices[1], (char *)"Clicker (BLE)"));
}

Test(buttons, what_cannot_be)
{
    static const char *const lines[][2] = {{"press", "laps"},
                                           {"hold", "lap skip pause resume stop"},
                                           {"KEY_NEXTSONG", "twice"},
                                           {"headset", "yes"}};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const char *why = buttons_set(buttons, lines[i][0], lines[i][1]);
        cr_assert(why && strstr(why, "expected"), "%s=%s", lines[i][0], lines[i][1]);
    }
    expect(BTN_0, FALSE, ONE_BUTTON);
    expect(KEY_NEXTSONG, FALSE, "status");
    const char *const strangers[] = {"KEY_NEXTSONGS", "0", "99999"};
    for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++)
        cr_assert(eq(int, buttons_has(strangers[i]), FALSE));
}
