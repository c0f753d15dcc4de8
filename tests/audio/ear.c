// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See ear.h. The listener is parec on the null sink's monitor, which runs in real time; "loud" is
// well above the silence of a digital sink, which is exactly 0.

#include "ear.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"

#define LOUD 160

char *home_new(void)
{
    char *home = g_dir_make_tmp("paced-audio-XXXXXX", NULL);
    g_assert_nonnull(home);
    g_autofree char *server = g_strdup_printf("unix:%s/native", home);
    g_setenv("HOME", home, TRUE);
    g_setenv("XDG_RUNTIME_DIR", home, TRUE);
    g_setenv("PULSE_SERVER", server, TRUE);
    return home;
}

void home_remove(char *home)
{
    const char *command[] = {"rm", "-rf", home, NULL};
    g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(home);
}

static gboolean time_is_up(gpointer data)
{
    *(bool *)data = true;
    return G_SOURCE_CONTINUE;
}

bool until(bool (*true_now)(gpointer data), gpointer data, double seconds)
{
    bool late = false;
    guint timer = g_timeout_add((guint)(seconds * 1000), time_is_up, &late);
    bool now;
    while (!(now = true_now(data)) && !late)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
    return now;
}

// A test that crashes leaves no server behind.
static void die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); // with what it starts itself
}

static GPid spawn(const char *const *command, int *ret_out)
{
    GPid pid;
    g_autoptr(GError) error = NULL;
    g_spawn_async_with_pipes(NULL, (char **)command, NULL,
                             G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL,
                             &pid, NULL, ret_out, NULL, &error);
    g_assert_no_error(error);
    return pid;
}

static bool answers(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return connected;
}

bool server_is_pipewire(void)
{
    return g_strcmp0(g_getenv("PACED_AUDIO_SERVER"), "pipewire") == 0;
}

bool server_is_installed(void)
{
    static const char *const programs[] = {"pipewire", "pipewire-pulse", "wireplumber"};
    for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
        g_autofree char *path = g_find_program_in_path(programs[i]);
        if (server_is_pipewire() && !path)
            return false;
    }
    return true;
}

// PipeWire answers before its session manager has found the sink.
static bool has_default_sink(void)
{
    g_autofree char *said = NULL;
    g_spawn_command_line_sync("pactl get-default-sink", &said, NULL, NULL, NULL);
    return said && g_str_has_prefix(said, "ear");
}

GPid server_start(const char *home, bool with_sink)
{
    const char *script = server_is_pipewire() ? SERVER_SCRIPTS "/pipewire-server.sh"
                                              : SERVER_SCRIPTS "/pulse-server.sh";
    const char *command[] = {script, home, with_sink ? NULL : "no-sink", NULL};
    struct pollfd watch = {inotify_init1(IN_CLOEXEC), POLLIN, 0};
    inotify_add_watch(watch.fd, home, IN_CREATE);
    GPid pid = spawn(command, NULL);
    g_autofree char *path = g_build_filename(home, "native", NULL);
    // The event is the socket's making; that it listens, a moment later, is none.
    for (int i = 0; !answers(path); i++) {
        char events[1024];
        g_assert_cmpint(i, <, 1000);
        if (poll(&watch, 1, 20) > 0)
            g_assert_cmpint(read(watch.fd, events, sizeof events), >, 0);
    }
    close(watch.fd);
    for (int i = 0; with_sink && server_is_pipewire() && !has_default_sink(); i++)
        g_assert_cmpint(i, <, 1000);
    return pid;
}

void server_signal(GPid server, int signal)
{
    kill(-server, signal);
}

void server_end(GPid server, int signal)
{
    server_signal(server, signal);
    waitpid(server, NULL, 0);
}

struct Ear {
    GPid parec;
    int fd;
    guint source;
    GArray *samples; // since ear_forget()
    int64_t forgotten;
    int64_t first, last;
    Usec came_at; // the latest piece
    Usec began;   // when sample 0 was played
};

static gboolean ear_hears(int fd, GIOCondition condition, gpointer data)
{
    Ear *ear = data;
    int16_t heard[4096];
    ssize_t size = read(fd, heard, sizeof heard);
    if (size <= 0) { // the server went
        ear->source = 0;
        return G_SOURCE_REMOVE;
    }
    // The sink takes a block as it begins to play it, and what is first to arrive of it tells when.
    // Whatever holds a piece up makes it later, never earlier.
    const Usec now = clock_now();
    if (now - ear->came_at > 20 * USEC_PER_MSEC)
        ear->began = MIN(ear->began, now - ear_now(ear) * USEC_PER_SEC / EAR_RATE);
    ear->came_at = now;
    for (ssize_t i = 0; i < size / 2; i++) {
        if (heard[i] > LOUD || heard[i] < -LOUD) {
            ear->last = ear_now(ear) + i;
            if (ear->first < 0)
                ear->first = ear->last;
        }
    }
    g_array_append_vals(ear->samples, heard, (guint)(size / 2));
    return G_SOURCE_CONTINUE;
}

static bool ear_has_heard(gpointer data)
{
    return ((Ear *)data)->samples->len > 0;
}

Ear *ear_new(void)
{
    const char *command[] = {
        "parec",        "--device=ear.monitor", "--format=s16le", "--rate=48000",
        "--channels=1", "--latency-msec=10",    "--raw",          NULL};
    Ear *ear = g_new0(Ear, 1);
    ear->samples = g_array_new(FALSE, FALSE, sizeof(int16_t));
    ear->first = ear->last = -1;
    ear->began = USEC_NEVER;
    ear->parec = spawn(command, &ear->fd);
    ear->source = g_unix_fd_add(ear->fd, G_IO_IN | G_IO_HUP, ear_hears, ear);
    g_assert_true(until(ear_has_heard, ear, 10));
    return ear;
}

void ear_free(Ear *ear)
{
    if (!ear)
        return;
    g_clear_handle_id(&ear->source, g_source_remove);
    server_end(ear->parec, SIGKILL);
    close(ear->fd);
    g_array_unref(ear->samples);
    g_free(ear);
}

void ear_forget(Ear *ear)
{
    ear->forgotten += ear->samples->len;
    g_array_set_size(ear->samples, 0);
    ear->first = ear->last = -1;
}

int64_t ear_now(Ear *ear)
{
    return ear->forgotten + ear->samples->len;
}

int64_t ear_first_loud(Ear *ear)
{
    return ear->first;
}

int64_t ear_last_loud(Ear *ear)
{
    return ear->last;
}

double ear_rms(Ear *ear)
{
    double sum = 0;
    int64_t count = ear->last - ear->first + 1;
    for (int64_t i = ear->first; i <= ear->last && ear->first >= 0; i++) {
        double sample = g_array_index(ear->samples, int16_t, i - ear->forgotten) / 32768.0;
        sum += sample * sample;
    }
    return ear->first < 0 ? 0 : sqrt(sum / (double)count);
}

const int16_t *ear_heard(Ear *ear, int64_t *ret_first, size_t *ret_count)
{
    *ret_first = ear->forgotten;
    *ret_count = ear->samples->len;
    return (const int16_t *)ear->samples->data;
}

size_t ear_onsets(Ear *ear, int64_t *ret_at, size_t most)
{
    size_t count = 0;
    int64_t quiet = 0;
    for (guint i = 0; i < ear->samples->len && count < most; i++) {
        const int16_t sample = g_array_index(ear->samples, int16_t, i);
        if (sample <= LOUD && sample >= -LOUD) {
            quiet++;
            continue;
        }
        if (quiet > EAR_RATE * 6 / 100)
            ret_at[count++] = ear->forgotten + i;
        quiet = 0;
    }
    return count;
}

Usec ear_time(Ear *ear, int64_t sample)
{
    return ear->began + sample * USEC_PER_SEC / EAR_RATE;
}

typedef struct {
    Ear *ear;
    int64_t end;
} Listening;

static bool listened(gpointer data)
{
    Listening *listening = data;
    return ear_now(listening->ear) >= listening->end;
}

bool ear_listen(Ear *ear, double seconds)
{
    Listening listening = {ear, ear_now(ear) + (int64_t)(seconds * EAR_RATE)};
    return until(listened, &listening, seconds + 10);
}

// ── the voice ──

static void speaker_report(VoiceReportKind kind, uint32_t cue, Usec latency, gpointer data)
{
    Speaker *speaker = data;
    switch (kind) {
    case VOICE_STARTED:
        speaker->started++;
        speaker->started_at = clock_now();
        g_string_append_printf(speaker->log, "started %u\n", cue);
        break;
    case VOICE_DONE:
        speaker->done++;
        speaker->done_at = clock_now();
        speaker->last_done = cue;
        g_string_append_printf(speaker->log, "done %u\n", cue);
        break;
    case VOICE_LATENCY:
        speaker->latency = latency;
        break;
    }
}

static void speaker_changed(gpointer data)
{
    ((Speaker *)data)->changes++;
}

Speaker *speaker_new(const char *language, const char *const *outputs)
{
    Speaker *speaker = g_new0(Speaker, 1);
    speaker->log = g_string_new(NULL);
    speaker->latency = -1;
    VoiceConfig config = {language, "", 175, (char **)outputs};
    VoiceHandlers handlers = {speaker_report, speaker_changed};
    g_autoptr(GError) error = NULL;
    speaker->voice = voice_new(&config, &handlers, speaker, &error);
    g_assert_no_error(error);
    return speaker;
}

void speaker_free(Speaker *speaker)
{
    if (!speaker)
        return;
    voice_free(speaker->voice);
    g_string_free(speaker->log, TRUE);
    g_free(speaker);
}

void speaker_say(Speaker *speaker, uint32_t id, const char *text, Usec expires_in)
{
    Usec now = clock_now();
    Cue cue = {.id = id, .kind = CUE_STEP, .due = now, .expires = now + expires_in};
    memcpy(cue.text, text, MIN(strlen(text), sizeof cue.text));
    voice_say(speaker->voice, &cue);
}

typedef struct {
    Speaker *speaker;
    int wanted;
} Wait;

static bool is_done(gpointer data)
{
    Wait *wait = data;
    return wait->speaker->done >= wait->wanted;
}

static bool is_started(gpointer data)
{
    Wait *wait = data;
    return wait->speaker->started >= wait->wanted;
}

static bool is_state(gpointer data)
{
    Wait *wait = data;
    return (int)voice_state(wait->speaker->voice) == wait->wanted;
}

bool speaker_wait_done(Speaker *speaker, int count, double seconds)
{
    return until(is_done, &(Wait){speaker, count}, seconds);
}

bool speaker_wait_started(Speaker *speaker, int count, double seconds)
{
    return until(is_started, &(Wait){speaker, count}, seconds);
}

bool speaker_wait_state(Speaker *speaker, VoiceState state, double seconds)
{
    return until(is_state, &(Wait){speaker, (int)state}, seconds);
}
