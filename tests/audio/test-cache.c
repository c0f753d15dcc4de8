// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The cache keeps what is used, stays within its bound, and never gives up the countdown for a
// sentence said once.

#include <criterion/criterion.h>

#include "audio/cache.h"

static void put(PcmCache *cache, const char *text, size_t bytes)
{
    g_autofree guint8 *zeros = g_malloc0(bytes);
    g_autoptr(GBytes) pcm = g_bytes_new(zeros, bytes);
    pcm_cache_put(cache, text, pcm);
}

Test(cache, the_least_recently_used_goes_first)
{
    g_autoptr(PcmCache) cache = pcm_cache_new(30, 10);
    put(cache, "three", 10);
    put(cache, "two", 10);
    put(cache, "one", 10);
    cr_assert_not_null(pcm_cache_get(cache, "three"));
    put(cache, "go", 10);
    cr_assert_null(pcm_cache_get(cache, "two"));
    cr_assert_not_null(pcm_cache_get(cache, "three"));
    cr_assert_not_null(pcm_cache_get(cache, "one"));
    cr_assert_not_null(pcm_cache_get(cache, "go"));
}

Test(cache, what_is_too_long_is_not_kept)
{
    g_autoptr(PcmCache) cache = pcm_cache_new(30, 10);
    put(cache, "go", 10);
    put(cache, "five kilometres done", 11);
    put(cache, "", 0);
    cr_assert_null(pcm_cache_get(cache, "five kilometres done"));
    cr_assert_null(pcm_cache_get(cache, ""));
    cr_assert_not_null(pcm_cache_get(cache, "go"));
}

Test(cache, the_same_text_is_there_once)
{
    g_autoptr(PcmCache) cache = pcm_cache_new(30, 20);
    put(cache, "go", 20);
    put(cache, "three", 10);
    put(cache, "go", 10);
    cr_assert_eq(g_bytes_get_size(pcm_cache_get(cache, "go")), 10);
    cr_assert_not_null(pcm_cache_get(cache, "three"));
}
