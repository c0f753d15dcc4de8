// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Finished PCM of short phrases, by text; the least recently used goes first. Only short ones are
// kept, so that a long sentence said once cannot push out the countdown.

#pragma once

#include <glib.h>

typedef struct PcmCache PcmCache;

PcmCache *pcm_cache_new(size_t bytes_max, size_t entry_bytes_max);
void pcm_cache_free(PcmCache *cache); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PcmCache, pcm_cache_free)

GBytes *pcm_cache_get(PcmCache *cache, const char *text); // borrowed; NULL when not there
void pcm_cache_put(PcmCache *cache, const char *text, GBytes *pcm);
