// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The adapters of the hub that can fail to open, and what is made of it.

#pragma once

#include "audio/voice.h"
#include "io/config.h"
#include "store/store.h"

// A file that cannot be used (from a newer version, not ours) must neither be touched nor cost the
// run: runs are kept beside it, and *ret_note says why; else it is NULL. Free it with g_free().
// NULL when no runs could be kept at all.
Store *open_store(const char *database, void (*changed)(gpointer data), gpointer data,
                  char **ret_note, GError **error);

// What must not be late is synthesised before anybody needs it.
Voice *open_voice(const Config *config, GStrv outputs, const VoiceHandlers *handlers, gpointer data,
                  GError **error);
