// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A session on a stage; see stage.h.

#include "sim/stage.h"

#include "coach/words.h"

void stage_init(Stage *stage, const SessionConfig *config, Usec now, StageObserver observe,
                void *data)
{
    *stage = (Stage){
        .session = session_new(config),
        .words_a_minute = config->words_a_minute,
        .now = now,
        .silent_at = USEC_NEVER,
        .observe = observe,
        .data = data,
    };
}

void stage_clear(Stage *stage)
{
    session_free(stage->session);
    stage->session = NULL;
}

static void stage_report(Stage *stage, VoiceReportKind kind, uint32_t cue)
{
    Event event = {.kind = EVENT_VOICE};
    event.voice.kind = kind;
    event.voice.cue = cue;
    stage_handle(stage, event);
}

void stage_handle(Stage *stage, Event event)
{
    uint32_t hushed = 0, begun = 0;
    event.at = stage->now;
    if (stage->witness)
        stage->witness(&event, stage->witness_data);
    session_handle(stage->session, &event, &stage->effects);
    for (size_t i = 0; i < stage->effects.count; i++) {
        const Effect *effect = &stage->effects.items[i];
        if (effect->kind == EFFECT_HUSH)
            hushed = effect->hush;
        if (effect->kind == EFFECT_SAY) {
            begun = stage->speaking = effect->cue.id;
            stage->silent_at =
                stage->now + speech_duration(effect->cue.text, stage->words_a_minute);
        }
        if (stage->observe)
            stage->observe(effect, session_snapshot(stage->session), stage->data);
    }
    // A voice reports; that may make the session speak again, which ends here since it then is not
    // silent.
    if (hushed != 0)
        stage_report(stage, VOICE_DONE, hushed);
    if (begun != 0)
        stage_report(stage, VOICE_STARTED, begun);
}

bool stage_step(Stage *stage, Usec until)
{
    Usec deadline = session_deadline(stage->session);
    if (deadline > until && stage->silent_at > until) {
        if (until > stage->now)
            stage->now = until;
        return false;
    }
    if (stage->silent_at <= deadline) {
        stage->now = stage->silent_at;
        stage->silent_at = USEC_NEVER;
        uint32_t cue = stage->speaking;
        stage->speaking = 0;
        stage_report(stage, VOICE_DONE, cue);
        return true;
    }
    if (deadline > stage->now)
        stage->now = deadline;
    stage_handle(stage, (Event){.kind = EVENT_TIME});
    return true;
}
