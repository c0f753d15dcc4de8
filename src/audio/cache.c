// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A bounded cache of PCM. A dozen phrases live in it, so the list is the whole data structure:
// found by walking, ordered by last use.

#include "audio/cache.h"

typedef struct {
    char *text;
    GBytes *pcm;
} Entry;

struct PcmCache {
    GQueue entries; // the most recently used first
    size_t bytes;
    size_t bytes_max;
    size_t entry_bytes_max;
};

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_free(entry->text);
    g_bytes_unref(entry->pcm);
    g_free(entry);
}

PcmCache *pcm_cache_new(size_t bytes_max, size_t entry_bytes_max)
{
    PcmCache *cache = g_new0(PcmCache, 1);
    cache->bytes_max = bytes_max;
    cache->entry_bytes_max = MIN(entry_bytes_max, bytes_max);
    return cache;
}

void pcm_cache_free(PcmCache *cache)
{
    if (!cache)
        return;
    g_queue_clear_full(&cache->entries, entry_free);
    g_free(cache);
}

static GList *find(PcmCache *cache, const char *text)
{
    for (GList *link = cache->entries.head; link; link = link->next)
        if (g_str_equal(((Entry *)link->data)->text, text))
            return link;
    return NULL;
}

GBytes *pcm_cache_get(PcmCache *cache, const char *text)
{
    GList *link = find(cache, text);
    if (!link)
        return NULL;
    g_queue_unlink(&cache->entries, link);
    g_queue_push_head_link(&cache->entries, link);
    return ((Entry *)link->data)->pcm;
}

static void drop(PcmCache *cache, GList *link)
{
    Entry *entry = link->data;
    cache->bytes -= g_bytes_get_size(entry->pcm);
    g_queue_delete_link(&cache->entries, link);
    entry_free(entry);
}

void pcm_cache_put(PcmCache *cache, const char *text, GBytes *pcm)
{
    size_t size = g_bytes_get_size(pcm);
    if (size == 0 || size > cache->entry_bytes_max)
        return;
    GList *same = find(cache, text);
    if (same)
        drop(cache, same);
    while (cache->bytes + size > cache->bytes_max)
        drop(cache, cache->entries.tail);
    Entry *entry = g_new(Entry, 1);
    *entry = (Entry){.text = g_strdup(text), .pcm = g_bytes_ref(pcm)};
    g_queue_push_head(&cache->entries, entry);
    cache->bytes += size;
}
