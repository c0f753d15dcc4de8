// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A capture through the same core that the daemon has, in no time. Every event has
// its instant, the voice's reports among them, so there is no clock and no voice here; what was
// hard is the end, where a run's last words may come after the last event that was kept. Only those
// are given a voice.

#include "pacectl/pacectl.h"
#include "pacectl/replay.h"

#include "coach/words.h"
#include "io/sitting-config.h"
#include "pacectl/transcript.h"
#include "record/capture.h"

#include <errno.h>
#include <string.h>

#define AFTERWARDS (15 * USEC_PER_SEC)

typedef struct {
    const char *file;
    unsigned line;
    gboolean json;
    Session *session; // NULL before the first sitting
    Phrases phrases;
    SessionConfig config;
    Usec origin;       // of the sitting
    Usec start;        // of the latest run, else the sitting's origin
    Usec at;           // of the latest event
    gboolean ended;    // a run has, and no other has begun
    uint32_t speaking; // what the coach said last, while the voice has not reported its end
    Usec silent_at;
    Silence silence; // as printed last
    Effects effects;
} Replay;

static int bad_line(const Replay *replay, const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", replay->file, replay->line, why);
    return EXIT_BAD_INPUT;
}

// ── the session ──

static void note(Replay *replay, const Effect *effect)
{
    if (effect->kind == EFFECT_ANSWER && command_starts(effect->answer.verb) &&
        effect->answer.reason == REASON_OK) {
        replay->start = effect->at;
        replay->ended = FALSE;
    }
    if (effect->kind == EFFECT_DONE)
        replay->ended = TRUE;
    if (effect->kind == EFFECT_SAY) {
        replay->speaking = effect->cue.id;
        replay->silent_at =
            replay->at + speech_duration(effect->cue.text, replay->config.words_a_minute);
    }
}

static void handle(Replay *replay, const Event *event)
{
    replay->at = MAX(replay->at, event->at);
    if (event->kind == EVENT_VOICE && event->voice.kind == VOICE_DONE &&
        event->voice.cue == replay->speaking)
        replay->speaking = 0;
    session_handle(replay->session, event, &replay->effects);
    // The answer to a start comes after what it caused, which belongs to it.
    for (gsize i = 0; i < replay->effects.count; i++)
        note(replay, &replay->effects.items[i]);
    for (gsize i = 0; i < replay->effects.count; i++) {
        const Effect *effect = &replay->effects.items[i];
        double t_s = usec_to_s(effect->at - replay->start);
        const Snapshot *snapshot = session_snapshot(replay->session);
        if (replay->json) {
            transcript_json(t_s, effect, snapshot);
            transcript_silence(t_s, effect, snapshot, &replay->silence);
        } else
            transcript_effect(t_s, effect, snapshot);
    }
}

static void say_the_last_words(Replay *replay)
{
    Usec until = replay->at + AFTERWARDS;
    while (replay->ended) {
        Usec deadline = session_deadline(replay->session);
        Event event = {.kind = EVENT_TIME, .at = MAX(deadline, replay->at)};
        if (replay->speaking != 0 && replay->silent_at <= event.at) {
            event = (Event){.kind = EVENT_VOICE, .at = MAX(replay->silent_at, replay->at)};
            event.voice.kind = VOICE_DONE;
            event.voice.cue = replay->speaking;
        }
        if (event.at > until)
            break;
        handle(replay, &event);
    }
}

static void end_sitting(Replay *replay)
{
    if (replay->session)
        say_the_last_words(replay);
    g_clear_pointer(&replay->session, session_free);
}

static int begin_sitting(Replay *replay, const CaptureLine *line)
{
    g_autoptr(GError) error = NULL;
    end_sitting(replay);
    if (!sitting_config_read(line->sitting.config, &replay->phrases, &replay->config, &error)) {
        g_autofree char *why = g_strdup_printf("the sitting's settings: %s", error->message);
        return bad_line(replay, why);
    }
    replay->session = session_new(&replay->config);
    replay->origin = replay->start = replay->at = line->sitting.origin;
    replay->ended = FALSE;
    replay->speaking = 0;
    return EXIT_DONE;
}

// ── the file ──

static int replay_line(Replay *replay, char *text)
{
    static const char version[] = "# paced capture ";
    if (replay->line == 1 && g_str_has_prefix(text, version) &&
        !g_str_has_prefix(text, CAPTURE_HEADER))
        return bad_line(replay, "expected “# paced capture 1”: another version has written this");
    CaptureLine line = capture_parse(text, replay->origin);
    switch (line.kind) {
    case CAPTURE_NOTHING:
        return EXIT_DONE;
    case CAPTURE_SITTING:
        return begin_sitting(replay, &line);
    case CAPTURE_EVENT:
        if (!replay->session)
            return bad_line(replay, "expected a sitting before the first event: "
                                    "sitting SECONDS \"SETTINGS\"");
        handle(replay, &line.event);
        return EXIT_DONE;
    case CAPTURE_BAD:
        return bad_line(replay, line.why);
    }
    return EXIT_OTHER;
}

// FALSE: there is no more.
static gboolean read_line(ReplayInput *input, GString *line)
{
    int byte;
    g_string_truncate(line, 0);
    while ((line->len == 0 || line->str[line->len - 1] != '\n') &&
           (byte = replay_getc(input)) != EOF)
        g_string_append_c(line, (char)byte);
    return line->len > 0;
}

static int replay_stream(Replay *replay, ReplayInput *input)
{
    int code = EXIT_DONE;
    g_autoptr(GString) line = g_string_new(NULL);
    while (code == EXIT_DONE && read_line(input, line)) {
        replay->line++;
        if (strlen(line->str) < line->len)
            code = bad_line(replay, "expected text: there is a NUL in it");
        else if (!g_utf8_validate(line->str, (gssize)line->len, NULL))
            code = bad_line(replay, "expected UTF-8");
        else if (line->str[line->len - 1] == '\n')
            code = replay_line(replay, line->str);
        else // written by a program that was killed: who knows what is missing of it
            bad_line(replay, "the last line is cut, and left out");
    }
    if (code == EXIT_DONE && ferror(input->from))
        code = complain(EXIT_BAD_INPUT, "%s: %s", replay->file, g_strerror(errno));
    if (code == EXIT_DONE && !replay->session)
        code = bad_line(replay, "expected a capture: there is no sitting in it");
    if (code == EXIT_DONE)
        end_sitting(replay);
    return code;
}

int replay_capture(ReplayInput *input, gboolean json)
{
    g_autofree Replay *replay = g_new0(Replay, 1);
    replay->file = input->file;
    replay->json = json;
    int code = replay_stream(replay, input);
    session_free(replay->session);
    return code;
}
