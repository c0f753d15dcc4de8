// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Requests that wait for their answer, by number: the core, the store's thread and the file reader
// answer later, by when the caller, or the bus, may have gone. Each is answered exactly once; how
// many may wait is bounded.

#pragma once

#include <gio/gio.h>

#include "session/event.h"

#define CALLS_MAX 32

typedef struct Calls Calls; // counted: each asynchronous request holds one reference
Calls *calls_new(void);
Calls *calls_ref(Calls *calls);
void calls_unref(Calls *calls);
void calls_close(Calls *calls); // answers all that wait with NotReady; further ones likewise

// Keeps the invocation; its number, or 0 with NotReady, when it is still to be answered.
guint32 calls_take(Calls *calls, GDBusMethodInvocation *invocation, GError **error);
gboolean calls_waiting(Calls *calls, guint32 id);

// The answer; nothing happens when it was given already. `value` is a tuple and is sunk; NULL: ().
// `error` is consumed; one of another domain becomes Failed.
void calls_return(Calls *calls, guint32 id, GVariant *value);
void calls_fail(Calls *calls, guint32 id, GError *error);

// The same for what needs no waiting.
void call_fail(GDBusMethodInvocation *invocation, GError *error);

// Sets BadArgument; always FALSE.
gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

// Checks an options dictionary: `known` is a NULL-terminated list of key, type, key, type …
gboolean options_check(GVariant *options, const char *const *known, GError **error);
gboolean options_empty(GVariant *options, GError **error); // none is known

GError *answer_error(AnswerReason reason, const TextError *error); // NULL for REASON_OK
