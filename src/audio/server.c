// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: PulseAudio's own help is no use here (NOFAIL waits on D-Bus or not at all,
// autospawn starts servers nobody asked for), a failed pa_context_connect() calls back from within
// itself, a server may accept and never answer, and a context must not be dropped in its own
// callback.

#include "audio/server.h"

#include <glib-unix.h>
#include <pulse/glib-mainloop.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "io/clock.h"

#define RETRY_FIRST     (250 * USEC_PER_MSEC)
#define RETRY_LONGEST   (8 * USEC_PER_SEC)
#define RETRY_FOR       (60 * USEC_PER_SEC)
#define RETRY_UNWATCHED (30 * USEC_PER_SEC) // when the server is on no socket that can be watched
#define ANSWER_WITHIN   (5 * USEC_PER_SEC)

struct Server {
    ServerHandlers handlers;
    gpointer data;
    pa_glib_mainloop *loop;
    pa_context *context;
    VoiceState state;
    char *reason;
    guint teardown; // idle source
    Alarm *alarm;   // connecting: the answer is overdue; without a server: the next try
    Usec retry_after;
    Usec down_since;
    Usec tried_at;
    int watch; // inotify; -1: none
    guint watch_source;
};

static void server_connect(Server *server);

static void server_set(Server *server, VoiceState state, const char *reason)
{
    server->state = state;
    g_free(server->reason);
    server->reason = g_strdup(reason);
    server->handlers.changed(server->data);
}

// ── watching for its socket ──

// Where libpulse will look for a local server, or NULL when it is told of none.
static char *socket_path(void)
{
    const char *servers = g_getenv("PULSE_SERVER");
    if (servers && *servers) {
        const char *path = strchr(servers, '/');
        return path && !strstr(servers, "tcp") ? g_strndup(path, strcspn(path, " ")) : NULL;
    }
    const char *directory = g_getenv("PULSE_RUNTIME_PATH");
    if (directory && *directory)
        return g_build_filename(directory, "native", NULL);
    directory = g_getenv("XDG_RUNTIME_DIR");
    return directory && *directory ? g_build_filename(directory, "pulse", "native", NULL) : NULL;
}

static void watch_end(Server *server)
{
    if (server->watch < 0)
        return;
    g_clear_handle_id(&server->watch_source, g_source_remove);
    close(server->watch);
    server->watch = -1;
}

static gboolean watch_event(int fd, GIOCondition condition, gpointer data)
{
    Server *server = data;
    server->watch_source = 0; // ended by G_SOURCE_REMOVE
    watch_end(server);
    server->down_since = clock_now();
    server->retry_after = RETRY_FIRST;
    if (server->context)
        return G_SOURCE_REMOVE; // a try is under way, and the alarm is its deadline
    // Not sooner than this: whatever else comes and goes in the directory must not make us spin.
    alarm_set(server->alarm, MAX(server->down_since, server->tried_at + RETRY_FIRST));
    return G_SOURCE_REMOVE;
}

// Watches the nearest directory above the socket that exists.
static bool watch_begin(Server *server)
{
    if (server->watch >= 0)
        return true;
    g_autofree char *path = socket_path();
    if (!path)
        return false;
    server->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (server->watch < 0)
        return false;
    int found = -1;
    while (found < 0) {
        char *parent = g_path_get_dirname(path);
        bool top = g_str_equal(parent, path);
        g_free(path);
        path = parent;
        found = inotify_add_watch(server->watch, path,
                                  IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF);
        if (top)
            break;
    }
    if (found < 0) {
        watch_end(server);
        return false;
    }
    server->watch_source = g_unix_fd_add(server->watch, G_IO_IN, watch_event, server);
    return true;
}

// ── connecting ──

static const char *failure_reason(int code)
{
    if (code == PA_ERR_ACCESS || code == PA_ERR_AUTHKEY)
        return "the audio server refuses access; run paced as the user whose session owns it";
    if (!g_getenv("XDG_RUNTIME_DIR") && !g_getenv("PULSE_SERVER"))
        return "no audio server answers and XDG_RUNTIME_DIR is not set; run paced in the user's "
               "session (systemctl --user start paced)";
    return "no audio server answers; start PulseAudio or PipeWire (systemctl --user start "
           "pipewire-pulse, or pulseaudio --start)";
}

static void plan_retry(Server *server)
{
    Usec now = clock_now();
    bool watched = watch_begin(server);
    if (now - server->down_since < RETRY_FOR) {
        alarm_set(server->alarm, now + server->retry_after);
        server->retry_after = MIN(server->retry_after * 2, RETRY_LONGEST);
    } else {
        alarm_set(server->alarm, watched ? USEC_NEVER : now + RETRY_UNWATCHED);
    }
}

static void context_drop(Server *server)
{
    if (!server->context)
        return;
    pa_context_set_state_callback(server->context, NULL, NULL);
    pa_context_disconnect(server->context);
    g_clear_pointer(&server->context, pa_context_unref);
}

static gboolean server_teardown(gpointer data)
{
    Server *server = data;
    server->teardown = 0;
    server->handlers.lost(server->data);
    context_drop(server);
    plan_retry(server);
    return G_SOURCE_REMOVE;
}

static void server_failed(Server *server, const char *reason)
{
    if (server->teardown)
        return;
    if (server->state == VOICE_READY) {
        server->down_since = clock_now();
        server->retry_after = RETRY_FIRST;
    }
    alarm_set(server->alarm, USEC_NEVER);
    server->teardown = g_idle_add_full(G_PRIORITY_HIGH, server_teardown, server, NULL);
    server_set(server, VOICE_NO_SERVER, reason);
}

static void context_changed(pa_context *context, void *data)
{
    Server *server = data;
    switch (pa_context_get_state(context)) {
    case PA_CONTEXT_UNCONNECTED:
    case PA_CONTEXT_CONNECTING:
    case PA_CONTEXT_AUTHORIZING:
    case PA_CONTEXT_SETTING_NAME:
        break;
    case PA_CONTEXT_READY:
        alarm_set(server->alarm, USEC_NEVER);
        watch_end(server);
        server_set(server, VOICE_READY, "");
        server->handlers.ready(context, server->data);
        break;
    case PA_CONTEXT_FAILED:
    case PA_CONTEXT_TERMINATED:
        server_failed(server, failure_reason(pa_context_errno(context)));
        break;
    }
}

static void server_connect(Server *server)
{
    server->tried_at = clock_now();
    pa_proplist *properties = pa_proplist_new();
    pa_proplist_sets(properties, PA_PROP_APPLICATION_ID, "org.paced1");
    pa_proplist_sets(properties, PA_PROP_APPLICATION_NAME, "paced");
    server->context =
        pa_context_new_with_proplist(pa_glib_mainloop_get_api(server->loop), "paced", properties);
    pa_proplist_free(properties);
    pa_context_set_state_callback(server->context, context_changed, server);
    if (pa_context_connect(server->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0) {
        server_failed(server, failure_reason(pa_context_errno(server->context)));
        return;
    }
    alarm_set(server->alarm, server->tried_at + ANSWER_WITHIN);
    server_set(server, VOICE_CONNECTING, "connecting to the audio server");
}

static void alarm_rang(gpointer data)
{
    Server *server = data;
    if (server->teardown)
        return;
    if (!server->context)
        server_connect(server);
    else
        server_failed(server, "the audio server accepts connections but does not answer; restart "
                              "it (systemctl --user restart pipewire-pulse, or pulseaudio -k)");
}

Server *server_new(const ServerHandlers *handlers, gpointer data)
{
    Server *server = g_new0(Server, 1);
    server->handlers = *handlers;
    server->data = data;
    server->state = VOICE_CONNECTING;
    server->reason = g_strdup("connecting to the audio server");
    server->loop = pa_glib_mainloop_new(NULL);
    server->alarm = alarm_new(alarm_rang, server);
    server->down_since = clock_now();
    server->retry_after = RETRY_FIRST;
    server->watch = -1;
    alarm_set(server->alarm, 0);
    return server;
}

void server_free(Server *server)
{
    if (!server)
        return;
    g_clear_handle_id(&server->teardown, g_source_remove);
    context_drop(server);
    watch_end(server);
    alarm_free(server->alarm);
    pa_glib_mainloop_free(server->loop);
    g_free(server->reason);
    g_free(server);
}

bool server_wake(Server *server)
{
    if (!server->context && !server->teardown)
        server_connect(server);
    return server->state != VOICE_NO_SERVER;
}

VoiceState server_state(const Server *server)
{
    return server->state;
}

const char *server_reason(const Server *server)
{
    return server->reason;
}
