// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl hrv: the variability of a recording of RR intervals, by the code that is live in a run.
// For comparing with other programs, and for looking at a strap that misses beats.

#include "estimate/hrv.h"
#include "pacectl/pacectl.h"

#include <string.h>

#define RECORDING_MAX (1024 * 1024) // bytes, as of any text; about two days of beats
#define LINE_SHOWN    40
#define MS_LEAST      20.0 // below, it is no interval, and probably seconds
#define MS_MOST       60000.0

// One line's interval. FALSE: it is none, which was complained of.
static gboolean read_interval(const char *file, guint line, const char *text, float *ret_ms)
{
    char *end;
    const double ms = g_ascii_strtod(text, &end);
    const char *wrong = NULL;
    if (end == text || *end != '\0' || !isfinite(ms))
        wrong = "is no number of milliseconds";
    else if (ms < 0)
        wrong = "would be an interval that ends before it begins";
    else if (ms < MS_LEAST)
        wrong = "is too short for an interval in milliseconds; are these seconds?";
    else if (ms > MS_MOST)
        wrong = "is too long for an interval in milliseconds";
    if (wrong) {
        g_autofree char *shown = g_utf8_make_valid(text, (gssize)strnlen(text, LINE_SHOWN));
        g_autofree char *printable = g_strescape(shown, NULL);
        fprintf(stderr, "%s:%u:1: '%s' %s\n", file, line, printable, wrong);
        return FALSE;
    }
    *ret_ms = (float)ms;
    return TRUE;
}

// The beats of a text; NULL: a line is none, which was complained of.
static GArray *read_beats(const char *file, const char *text, gsize length)
{
    g_autoptr(GArray) beats = g_array_new(FALSE, TRUE, sizeof(Beat));
    const char *at = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
    const char *end = text + length;
    for (guint line = 1; at < end; line++) {
        const char *newline = memchr(at, '\n', (gsize)(end - at));
        const gsize bytes = (gsize)((newline ? newline : end) - at);
        g_autofree char *one = g_strndup(at, bytes);
        if (strlen(one) < bytes) // a NUL in a text is as wrong as any letter
            one[strlen(one)] = '?';
        g_strstrip(one); // and the CR with it
        if (*one != '\0' && *one != '#') {
            Beat beat = {0};
            if (!read_interval(file, line, one, &beat.ms))
                return NULL;
            beat.artefact = beat.ms < BEAT_MS_MIN || beat.ms > BEAT_MS_MAX;
            g_array_append_val(beats, beat);
        }
        at += bytes + 1;
    }
    return g_steal_pointer(&beats);
}

int verb_hrv(int argc, char **argv)
{
    g_autofree char *name = NULL;
    const GOptionEntry options[] = {
        {"variant", 0, 0, G_OPTION_ARG_STRING, &name, "pyhrv, standard or both-ends", "NAME"},
        {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    HrvVariant variant = HRV_LIVE;
    if (name && !hrv_variant_parse(name, &variant))
        return complain(EXIT_BAD_USAGE, "there is no variant '%s': pyhrv, standard or both-ends",
                        name);

    int code = EXIT_DONE;
    gsize length;
    g_autofree char *text = read_input(argv[1], &length, &code);
    if (!text)
        return code;
    if (length > RECORDING_MAX)
        return complain(EXIT_BAD_INPUT, "%s: longer than 1 MiB", argv[1]);
    g_autoptr(GArray) beats = read_beats(argv[1], text, length);
    if (!beats)
        return EXIT_BAD_INPUT;
    g_autofree HrvSum *scratch = g_new(HrvSum, beats->len + 1);
    const HrvSummary summary = hrv_summarise((Beat *)beats->data, beats->len, variant, scratch);

    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_int(builder, "beats", beats->len);
    json_add_double(builder, "artefact_percent", summary.artefact_percent);
    json_add_double(builder, "rmssd_ms", summary.rmssd_ms);
    json_add_double(builder, "dfa_alpha1", summary.alpha1);
    json_add_string(builder, "variant", hrv_variant_name(variant));
    json_builder_end_object(builder);
    print_json_builder(builder);
    return EXIT_DONE;
}
