// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is odd about which sensor, as data: quirks.conf as shipped, and the user's own after it. The
// shipped file's comments are the manual of its keys. A mistake costs its own key and a warning
// that names file, section and key, and says what was expected.

#pragma once

#include <glib.h>

#include "estimate/profile.h"

#define QUIRK_AVOID_MAX 8

typedef enum {
    QUIRK_SUBSCRIBE_AUTO, // by the radio's own rule
    QUIRK_SUBSCRIBE_NOTIFY,
    QUIRK_SUBSCRIBE_ACQUIRE,
} QuirkSubscribe;

typedef struct {
    char id[96];        // the sections that fit, in the order they count, joined by "+"; "" for
                        // none. Cut at a whole name when there are too many
    const char *source; // of the last of them; "" when it has none; lives as long as the Quirks
    CadenceConvention cadence;      // CADENCE_UNSETTLED: to be detected
    gboolean contact_untrusted;     // the contact bits mean nothing
    gboolean beats_trusted;         // its RR intervals are beats, wherever it is worn
    OnStop on_stop;                 // ON_STOP_ZERO: nothing else is known
    guint16 avoid[QUIRK_AVOID_MAX]; // services and characteristics not to touch
    guint avoid_count;
    QuirkSubscribe subscribe;
    gboolean pair;
} Quirk;

typedef struct Quirks Quirks;

// `user` need not exist, `shipped` should. *ret_warnings: what is wrong in the files, a sentence
// each, never NULL; free with g_strfreev(). Whatever they say, the result can be used.
Quirks *quirks_load(const char *shipped, const char *user, GStrv *ret_warnings);
void quirks_free(Quirks *quirks); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Quirks, quirks_free)

// What is to be heeded with this sensor, of all sections that fit. What is not known yet (NULL, "",
// 0, or no UTF-8) fits no section that asks for it: ask again when it is.
Quirk quirks_find(const Quirks *quirks, const char *name, const char *manufacturer,
                  const char *model, guint services);

gboolean quirk_avoids(const Quirk *quirk, guint16 number);
const char *quirk_subscribe_name(QuirkSubscribe method); // "auto", "notify", "acquire"
