// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The file is written before the first stream is touched: one line names the server's life by its
// cookie, for numbers mean nothing to another, and each further one a stream: its number, its
// volumes, and the name by which the server remembers it. A stream that was moved by its user
// meanwhile is recognised by a volume that is none of our steps.

#include "audio/ducked.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"

#define DEPTH_DB     15.0
#define ROUNDING     (PA_VOLUME_NORM / 500) // PipeWire keeps volumes as fractions
#define GIVE_UP      (2 * USEC_PER_SEC)
#define STREAMS_MOST 64

static char *ducked_path(void)
{
    return g_build_filename(g_get_user_runtime_dir(), "paced", "ducked", NULL);
}

pa_cvolume ducked_volume(const Ducked *ducked, int step)
{
    pa_cvolume volume = ducked->before;
    if (step > 0)
        pa_sw_cvolume_multiply_scalar(&volume, &ducked->before,
                                      pa_sw_volume_from_dB(-DEPTH_DB * step / DUCK_STEPS));
    return volume;
}

static bool volumes_match(const pa_cvolume *one, const pa_cvolume *other)
{
    for (unsigned i = 0; i < one->channels; i++)
        if (llabs((long long)one->values[i] - other->values[i]) > ROUNDING)
            return false;
    return one->channels == other->channels;
}

bool ducked_is_ours(const Ducked *ducked, const pa_cvolume *volume)
{
    for (int step = 0; step <= DUCK_STEPS; step++) {
        const pa_cvolume ours = ducked_volume(ducked, step);
        if (volumes_match(volume, &ours))
            return true;
    }
    return false;
}

static void remind(pa_context *context, const pa_ext_stream_restore_info *remembered)
{
    // Also for one of the name that plays already.
    pa_operation *operation =
        pa_ext_stream_restore_write(context, PA_UPDATE_REPLACE, remembered, 1, 1, NULL, NULL);
    if (operation)
        pa_operation_unref(operation);
}

static void remind_of(pa_context *context, const Ducked *ducked)
{
    pa_ext_stream_restore_info was = {.name = ducked->remembered, .volume = ducked->before};
    if (ducked->seen || ducked->remembered[0] == '\0')
        return;
    pa_channel_map_init_extend(&was.channel_map, was.volume.channels, PA_CHANNEL_MAP_DEFAULT);
    remind(context, &was);
}

void ducked_remind(pa_context *context, const pa_ext_stream_restore_info *remembered, GArray *ended)
{
    for (guint i = 0; i < ended->len; i++) {
        Ducked *ducked = &g_array_index(ended, Ducked, i);
        if (!remembered) {
            remind_of(context, ducked);
        } else if (g_str_equal(remembered->name, ducked->remembered)) {
            ducked->seen = true;
            pa_ext_stream_restore_info was = *remembered;
            was.volume = ducked->before;
            if (ducked_is_ours(ducked, &remembered->volume))
                remind(context, &was);
        }
    }
}

bool ducked_save(GArray *streams, uint32_t server_cookie)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%u\n", server_cookie);
    for (guint i = 0; i < streams->len; i++) {
        const Ducked *ducked = &g_array_index(streams, Ducked, i);
        g_string_append_printf(text, "%u", ducked->index);
        for (unsigned c = 0; c < ducked->before.channels; c++)
            g_string_append_printf(text, " %u", ducked->before.values[c]);
        if (!strchr(ducked->remembered, '\n'))
            g_string_append_printf(text, " %s", ducked->remembered);
        g_string_append_c(text, '\n');
    }
    g_autofree char *path = ducked_path();
    g_autofree char *directory = g_path_get_dirname(path);
    g_mkdir_with_parents(directory, 0700);
    return g_file_set_contents(path, text->str, (gssize)text->len, NULL);
}

void ducked_forget(void)
{
    g_autofree char *path = ducked_path();
    g_unlink(path);
}

static bool read_stream(const char *line, Ducked *ret_ducked)
{
    char *end;
    Ducked ducked = {.index = (uint32_t)strtoul(line, &end, 10)};
    while (*end == ' ' && g_ascii_isdigit(end[1]) && ducked.before.channels < PA_CHANNELS_MAX)
        ducked.before.values[ducked.before.channels++] = (pa_volume_t)strtoul(end, &end, 10);
    if (end == line || (*end && *end != ' ') || !pa_cvolume_valid(&ducked.before))
        return false;
    g_strlcpy(ducked.remembered, *end ? end + 1 : "", sizeof ducked.remembered);
    *ret_ducked = ducked;
    return true;
}

static bool ducked_load(GArray *streams, uint32_t *ret_cookie)
{
    g_autofree char *path = ducked_path(), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", STREAMS_MOST);
    *ret_cookie = (uint32_t)strtoul(lines[0] ? lines[0] : "", NULL, 10);
    Ducked ducked;
    for (char **line = lines; *line; line++)
        if (line > lines && read_stream(*line, &ducked))
            g_array_append_val(streams, ducked);
    return true;
}

// ── giving back ──

static void give_back_done(GiveBack *give_back)
{
    ducked_forget();
    give_back_end(give_back);
    give_back->done(give_back->data);
}

static void give_back_operation(GiveBack *give_back, pa_operation *operation)
{
    if (give_back->operation)
        pa_operation_unref(give_back->operation);
    give_back->operation = operation;
}

static void on_answer(pa_context *context, const pa_server_info *info, void *data)
{
    give_back_done(data);
}

static void on_remembered(pa_context *context, const pa_ext_stream_restore_info *info, int end,
                          void *data)
{
    GiveBack *give_back = data;
    if (end >= 0) // else it remembers nothing
        ducked_remind(context, end ? NULL : info, give_back->streams);
    if (end) // whatever was asked for before has been done when this is answered
        give_back_operation(give_back, pa_context_get_server_info(context, on_answer, give_back));
}

// What the file says of this stream, or of one whose place it took: -1 for nothing.
static int find_stream(const GArray *streams, const pa_sink_input_info *info)
{
    const char *name = pa_proplist_gets(info->proplist, REMEMBERED);
    int successor = -1;
    for (guint i = 0; i < streams->len; i++) {
        const Ducked *ducked = &g_array_index(streams, Ducked, i);
        if (ducked->index == info->index)
            return (int)i;
        if (name && g_str_equal(name, ducked->remembered))
            successor = (int)i;
    }
    return successor;
}

static void on_stream(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    GiveBack *give_back = data;
    if (end) { // those that are left have ended
        give_back_operation(give_back,
                            pa_ext_stream_restore_read(context, on_remembered, give_back));
        return;
    }
    const int at = find_stream(give_back->streams, info);
    if (at < 0)
        return;
    const Ducked ducked = g_array_index(give_back->streams, Ducked, at);
    if (ducked.index == info->index)
        g_array_remove_index_fast(give_back->streams, (guint)at);
    if (!ducked_is_ours(&ducked, &info->volume))
        return;
    pa_operation *operation =
        pa_context_set_sink_input_volume(context, info->index, &ducked.before, NULL, NULL);
    if (operation)
        pa_operation_unref(operation);
}

static void on_server(pa_context *context, const pa_server_info *info, void *data)
{
    GiveBack *give_back = data;
    if (!info || info->cookie != give_back->cookie)
        give_back_done(give_back); // those streams are no more
    else
        give_back_operation(give_back,
                            pa_context_get_sink_input_info_list(context, on_stream, give_back));
}

void give_back_begin(GiveBack *give_back, pa_context *context, void (*done)(gpointer data),
                     gpointer data)
{
    *give_back = (GiveBack){.done = done, .data = data, .context = context};
    give_back->streams = g_array_new(FALSE, FALSE, sizeof(Ducked));
    if (ducked_load(give_back->streams, &give_back->cookie))
        give_back_operation(give_back, pa_context_get_server_info(context, on_server, give_back));
    else
        give_back_done(give_back);
}

void give_back_end(GiveBack *give_back)
{
    if (give_back->operation) {
        pa_operation_cancel(give_back->operation);
        g_clear_pointer(&give_back->operation, pa_operation_unref);
    }
    g_clear_pointer(&give_back->streams, g_array_unref);
}

static void on_given_back(gpointer data)
{
    *(bool *)data = true;
}

bool ducked_give_back(void)
{
    g_autofree char *path = ducked_path();
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    pa_mainloop *loop = pa_mainloop_new();
    pa_context *context = pa_context_new(pa_mainloop_get_api(loop), "paced");
    GiveBack give_back = {0};
    bool begun = false, done = false;
    const Usec give_up = clock_now() + GIVE_UP;
    pa_context_connect(context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL);
    while (!done && clock_now() < give_up && PA_CONTEXT_IS_GOOD(pa_context_get_state(context))) {
        if (pa_context_get_state(context) == PA_CONTEXT_READY && !begun) {
            begun = true;
            give_back_begin(&give_back, context, on_given_back, &done);
        }
        if (pa_mainloop_prepare(loop, (int)(GIVE_UP / 10)) < 0 || pa_mainloop_poll(loop) < 0 ||
            pa_mainloop_dispatch(loop) < 0)
            break;
    }
    give_back_end(&give_back);
    pa_context_disconnect(context);
    pa_context_unref(context);
    pa_mainloop_free(loop);
    return done;
}
