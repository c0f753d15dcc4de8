// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Who on the bus holds something: a claim ends when its holder says so, when the holder leaves the
// bus, or when the bus is gone. Nobody has to be asked whether they are still there.

#pragma once

#include <gio/gio.h>

#define CLAIMS_MAX 32

typedef struct Claims Claims;

// `changed` is called with TRUE at the first claim and with FALSE when the last one ends; not any
// more from claims_free() on.
typedef void (*ClaimsChanged)(gboolean held, gpointer data);
Claims *claims_new(ClaimsChanged changed, gpointer data);
void claims_free(Claims *claims); // takes NULL

// Holders are on this connection from now on. Another one than before ends all claims.
void claims_serve(Claims *claims, GDBusConnection *connection);

// `holder` is a unique bus name. Claiming twice is claiming once. FALSE: there are too many.
gboolean claims_take(Claims *claims, const char *holder);
void claims_drop(Claims *claims, const char *holder); // one that has none is ignored
