// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Finished PCM of phrases, by text; the least recently used goes first, so that the countdown,
// which is said at each boundary, outlives what is announced before it. What is too long is not
// kept.

#pragma once

#include <glib.h>

typedef struct PcmCache PcmCache;

PcmCache *pcm_cache_new(size_t bytes_max, size_t entry_bytes_max);
void pcm_cache_free(PcmCache *cache); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PcmCache, pcm_cache_free)

GBytes *pcm_cache_get(PcmCache *cache, const char *text); // borrowed; NULL when not there
void pcm_cache_put(PcmCache *cache, const char *text, GBytes *pcm);
