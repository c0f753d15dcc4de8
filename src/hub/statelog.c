// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One line for each change of an adapter's state; see statelog.h.

#include "hub/statelog.h"

static void log_change(const char *what, int *logged, int state, gboolean good, const char *reason)
{
    if (*logged == state)
        return;
    *logged = state;
    if (good)
        g_message("%s: %s", what, reason[0] == '\0' ? "ready" : reason);
    else
        g_warning("%s: %s", what, reason);
}

void state_log_update(StateLog *log, Radio *radio, Voice *voice, StoreStatus store)
{
    RadioState radio_is = radio_state(radio);
    VoiceState voice_is = voice_state(voice);
    log_change("Bluetooth", &log->radio, (int)radio_is, radio_is == RADIO_READY,
               radio_reason(radio));
    log_change("Voice", &log->voice, (int)voice_is,
               voice_is == VOICE_READY || voice_is == VOICE_SILENT, voice_reason(voice));
    log_change("Store", &log->store, (int)store.state, store.state == STORE_READY, store.reason);
}
