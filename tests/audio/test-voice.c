// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The voice without an audio server: what becomes of each cue, and what is written and printed.

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <dlfcn.h>
#include <espeak-ng/espeak_ng.h>
#include <math.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#include "audio/output.h"
#include "ear.h"
#include "io/clock.h"
#include "io/error.h"

#define NEVER (60 * USEC_PER_SEC)

static char *home;

static void set_up(void)
{
    home = home_new();
}

static void tear_down(void)
{
    home_remove(home);
}

TestSuite(voice, .init = set_up, .fini = tear_down, .timeout = 30);

typedef struct {
    char *contents;
    size_t samples;
    const int16_t *pcm;
} Wav;

static uint32_t get32(const char *bytes)
{
    guint32 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_LE(value);
}

// Reads the file as it is now; asserts that it is a valid one.
static Wav wav_read(const char *path)
{
    Wav wav;
    gsize size;
    cr_assert(g_file_get_contents(path, &wav.contents, &size, NULL));
    cr_assert_geq(size, 44);
    cr_assert(memcmp(wav.contents, "RIFF", 4) == 0 &&
              memcmp(wav.contents + 8, "WAVEfmt ", 8) == 0 &&
              memcmp(wav.contents + 36, "data", 4) == 0);
    cr_assert_eq(get32(wav.contents + 4), size - 8);
    cr_assert_eq(get32(wav.contents + 24), 22050);
    cr_assert_eq(get32(wav.contents + 40), size - 44);
    wav.samples = (size - 44) / 2;
    wav.pcm = (const int16_t *)(wav.contents + 44);
    return wav;
}

static double wav_rms(const Wav *wav, double from_s, double to_s)
{
    double sum = 0;
    size_t from = (size_t)(from_s * 22050), to = MIN((size_t)(to_s * 22050), wav->samples);
    for (size_t i = from; i < to; i++)
        sum += pow(wav->pcm[i] / 32768.0, 2);
    return to > from ? sqrt(sum / (double)(to - from)) : 0;
}

static bool time_has_come(gpointer data)
{
    return clock_now() >= *(Usec *)data;
}

Test(voice, a_wav_file_has_the_cues_at_their_times)
{
    g_autofree char *path = g_build_filename(home, "run.wav", NULL);
    g_autofree char *output = g_strconcat("wav:", path, NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    cr_assert_eq(voice_state(speaker->voice), VOICE_SILENT);
    Wav before = wav_read(path); // valid from the start
    cr_assert_eq(before.samples, 0);
    g_free(before.contents);

    Usec first_at = clock_now(), later = first_at + 1500 * USEC_PER_MSEC;
    speaker_say(speaker, 1, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 5));
    double length = usec_to_s(speaker->done_at - speaker->started_at);
    Wav wav = wav_read(path); // valid while it is being written
    cr_assert_float_eq((double)wav.samples / 22050, length, 0.1);
    cr_assert_gt(wav_rms(&wav, 0, length), 0.03);
    g_free(wav.contents);

    until(time_has_come, &later, 1.5);
    double second_s = usec_to_s(clock_now() - first_at);
    speaker_say(speaker, 2, "two", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 5));
    wav = wav_read(path);
    cr_assert_lt(wav_rms(&wav, length + 0.1, second_s - 0.05), 1e-6);
    cr_assert_gt(wav_rms(&wav, second_s, second_s + 0.4), 0.03);
    g_free(wav.contents);
}

Test(voice, a_hushed_cue_ends_in_the_file_too)
{
    g_autofree char *path = g_build_filename(home, "run.wav", NULL);
    g_autofree char *output = g_strconcat("wav:", path, NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    speaker_say(speaker, 1, "five kilometres done, and five kilometres to go", NEVER);
    Usec hush_at = clock_now() + 600 * USEC_PER_MSEC;
    until(time_has_come, &hush_at, 0.6);
    voice_hush(speaker->voice, 0);
    cr_assert_eq(speaker->done, 0, "reported from within the call");
    cr_assert(speaker_wait_done(speaker, 1, 1));
    Wav wav = wav_read(path);
    cr_assert_float_eq((double)wav.samples / 22050, 0.6, 0.1);
    g_free(wav.contents);
}

// A tone with a word's beginning after 0.7 s, and another one.
static GBytes *marked_sound(double hz)
{
    int16_t *pcm = g_new(int16_t, SPEECH_RATE);
    for (int i = 0; i < SPEECH_RATE; i++)
        pcm[i] = (int16_t)(8000 * sin(2 * M_PI * hz * i / SPEECH_RATE)) & ~SYNTH_WORD;
    pcm[SPEECH_RATE * 7 / 10] |= SYNTH_WORD;
    return g_bytes_new_take(pcm, SPEECH_RATE * sizeof *pcm);
}

static void sound_begins(Output *output, const Cue *cue, GBytes *pcm, Usec at)
{
    output->ops->begin(output, cue, at);
    output->ops->write(output, pcm);
    output->ops->end(output);
}

// As at a server: to the word's end where that is soon and the other can wait, and without a click.
Test(voice, in_the_file_a_cue_makes_way_as_it_is_heard)
{
    static const struct {
        CueKind kind;
        int hushed_ms, sounds_ms;
    } rows[] = {
        {CUE_DRIFT, 500, 700},  {CUE_SAFETY, 500, 700}, {CUE_COUNTDOWN, 500, 510},
        {CUE_SAFETY, 400, 410}, {CUE_DRIFT, 800, 810},
    };
    g_autofree char *path = g_build_filename(home, "run.wav", NULL);
    g_autoptr(GBytes) first = marked_sound(200), second = marked_sound(2000);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Output *output = wav_new(path, NULL);
        const Usec at = rows[i].hushed_ms * USEC_PER_MSEC;
        sound_begins(output, &(Cue){.id = 1, .kind = CUE_SPLIT}, first, 0);
        output->ops->stop(output, at);
        sound_begins(output, &(Cue){.id = 2, .kind = rows[i].kind}, second, at);
        output->ops->free(output);
        Wav wav = wav_read(path);
        cr_expect_float_eq((double)wav.samples / SPEECH_RATE, rows[i].sounds_ms / 1e3 + 1, 2e-3,
                           "row %zu: %zu", i, wav.samples);
        int steepest = 0; // the low tone moves by 460 a sample
        for (int n = 1; n < rows[i].sounds_ms * SPEECH_RATE / 1000 - 1; n++)
            steepest = MAX(steepest, abs(wav.pcm[n] - wav.pcm[n - 1]));
        cr_expect_lt(steepest, 1000, "row %zu: it clicks, %d", i, steepest);
        g_free(wav.contents);
    }
}

Test(voice, cues_are_printed_one_a_line, .init = cr_redirect_stdout)
{
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){"print", NULL});
    speaker_say(speaker, 1, "three", NEVER);
    speaker_say(speaker, 2, "two\n\x1b[2J", NEVER);
    speaker_say(speaker, 3, "too late", 0);
    cr_assert(speaker_wait_done(speaker, 3, 5));
    cr_assert_stdout_eq_str("0:00  three\n0:00  two  [2J\n");
}

Test(voice, every_cue_is_done_exactly_once)
{
    g_autofree char *output = g_strconcat("wav:", home, "/run.wav", NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    speaker_say(speaker, 1, "expired before it came", 0);
    speaker_say(speaker, 2, "replaced", NEVER);
    speaker_say(speaker, 3, "", NEVER);
    cr_assert(speaker_wait_done(speaker, 3, 5));
    speaker_say(speaker, 4, "hushed", NEVER);
    voice_hush(speaker->voice, 9);
    voice_hush(speaker->voice, 4);
    voice_hush(speaker->voice, 4);
    speaker_say(speaker, 5, "heard", NEVER);
    cr_assert(speaker_wait_done(speaker, 5, 5));
    Usec later = clock_now() + 200 * USEC_PER_MSEC;
    until(time_has_come, &later, 0.2);
    cr_assert_str_eq(speaker->log->str, "done 1\nstarted 2\ndone 2\nstarted 3\ndone 3\nstarted 4\n"
                                        "done 4\nstarted 5\ndone 5\n");
}

Test(voice, without_speech_cues_take_their_time)
{
    g_autofree char *empty = g_build_filename(home, "espeak-ng-data", NULL);
    g_mkdir_with_parents(empty, 0700);
    g_setenv("ESPEAK_DATA_PATH", home, TRUE);
    g_autofree char *output = g_strconcat("wav:", home, "/run.wav", NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    speaker_say(speaker, 1, "said before it is known that there is no engine", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert_float_eq(usec_to_s(speaker->done_at - speaker->started_at), 3.5, 1.5);
    cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SPEECH);
    cr_assert_str_not_empty(voice_reason(speaker->voice));
    cr_assert_geq(speaker->changes, 1);
    speaker_say(speaker, 2, "said after", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 10));
    cr_assert_float_eq(usec_to_s(speaker->done_at - speaker->started_at), 0.8, 0.5);
}

Test(voice, an_unknown_language_is_told_and_english_speaks)
{
    g_autofree char *output = g_strconcat("wav:", home, "/run.wav", NULL);
    g_autoptr(Speaker) speaker = speaker_new("tlh", (const char *[]){output, NULL});
    speaker_say(speaker, 1, "go", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 5));
    cr_assert_eq(voice_state(speaker->voice), VOICE_SILENT);
    cr_assert_not_null(strstr(voice_reason(speaker->voice), "\"tlh\""));
}

Test(voice, wrong_outputs_are_refused)
{
    static const char *const rows[][3] = {
        {NULL}, {"alsa"}, {"wav:"}, {"wav:/nowhere/run.wav"}, {"pulse", "pulse"}, {"print", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        VoiceConfig config = {"en-us", "", 175, (char **)rows[i]};
        VoiceHandlers handlers = {NULL, NULL};
        g_autoptr(GError) error = NULL;
        cr_expect_null(voice_new(&config, &handlers, NULL, &error), "row %zu", i);
        cr_expect(g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT), "row %zu", i);
    }
}

static gint synthesised; // texts
static sem_t released;

// In place of eSpeak NG's own: says half of the text "hang" until it is released.
espeak_ng_STATUS espeak_ng_Synthesize(const void *text, size_t size, unsigned int position,
                                      espeak_POSITION_TYPE position_type, unsigned int end_position,
                                      unsigned int flags, unsigned int *identifier, void *data)
{
    typeof(espeak_ng_Synthesize) *own = dlsym(RTLD_NEXT, "espeak_ng_Synthesize");
    espeak_ng_STATUS status =
        own(text, size, position, position_type, end_position, flags, identifier, data);
    g_atomic_int_inc(&synthesised);
    if (strcmp(text, "hang") == 0)
        sem_wait(&released);
    return status;
}

static bool is_synthesised(gpointer data)
{
    return g_atomic_int_get(&synthesised) == *(int *)data;
}

Test(voice, what_was_made_ready_is_not_made_again)
{
    g_autofree char *output = g_strconcat("wav:", home, "/run.wav", NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    const char *announced = "in ten: one kilometre at four fifty. Three of five";
    int once = 1;
    voice_prepare(speaker->voice, announced);
    cr_assert(until(is_synthesised, &once, 5));
    Usec then = clock_now() + 100 * USEC_PER_MSEC;
    until(time_has_come, &then, 1); // and it has arrived
    speaker_say(speaker, 1, announced, NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert_eq(g_atomic_int_get(&synthesised), 1);
}

Test(voice, what_is_being_made_ready_is_not_begun_again)
{
    g_autofree char *output = g_strconcat("wav:", home, "/run.wav", NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    int both = 2, all = 3;
    voice_prepare(speaker->voice, "one");
    voice_prepare(speaker->voice, "hang");
    cr_assert(until(is_synthesised, &both, 5));
    Usec then = clock_now() + 100 * USEC_PER_MSEC;
    until(time_has_come, &then, 1); // and the first has arrived and left its place
    voice_prepare(speaker->voice, "hang");
    voice_prepare(speaker->voice, "two");
    sem_post(&released);
    cr_assert(until(is_synthesised, &all, 5));
    then = clock_now() + 300 * USEC_PER_MSEC;
    until(time_has_come, &then, 1);
    cr_expect_eq(g_atomic_int_get(&synthesised), all, "%d", g_atomic_int_get(&synthesised));
}

Test(voice, a_cue_in_which_the_synthesis_hangs_is_over_and_it_is_said)
{
    g_autofree char *path = g_build_filename(home, "run.wav", NULL);
    g_autofree char *output = g_strconcat("wav:", path, NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    speaker_say(speaker, 1, "hang", NEVER);
    cr_assert(speaker_wait_done(speaker, 1, 10));
    cr_assert_eq(voice_state(speaker->voice), VOICE_NO_SPEECH);
    cr_assert(strstr(voice_reason(speaker->voice), "restart"));
    speaker_say(speaker, 2, "three", NEVER);
    cr_assert(speaker_wait_done(speaker, 2, 10), "the next is not waited for either");
}

static void tone(Speaker *speaker, uint32_t id, Usec due)
{
    const Cue cue = {.id = id, .form = FORM_EARCON, .tone = TONE_GO, .due = due};
    voice_tone(speaker->voice, &cue);
}

Test(voice, a_file_has_tones_and_clicks_where_they_are_due)
{
    g_autofree char *path = g_build_filename(home, "run.wav", NULL);
    g_autofree char *output = g_strconcat("wav:", path, NULL);
    g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){output, NULL});
    const Usec first_at = clock_now();
    speaker_say(speaker, 1, "five kilometres done, and five kilometres to go", NEVER);
    tone(speaker, 2, first_at + 3 * USEC_PER_SEC); // beyond the words that will be hushed
    Usec hush_at = clock_now() + 500 * USEC_PER_MSEC;
    until(time_has_come, &hush_at, 0.6);
    voice_metronome(speaker->voice, 120);
    voice_hush(speaker->voice, 1);
    cr_assert(speaker_wait_done(speaker, 1, 1));
    Usec end_at = clock_now() + 1200 * USEC_PER_MSEC;
    until(time_has_come, &end_at, 1.3);
    voice_metronome(speaker->voice, 0);
    Wav wav = wav_read(path);
    cr_assert_gt(wav_rms(&wav, 3, 3.35), 0.1);
    cr_assert_lt(wav_rms(&wav, 2.6, 2.95), 1e-6);
    cr_assert_gt(wav_rms(&wav, 0.6, 1.6), 1e-4); // clicks
    cr_assert_lt(wav_rms(&wav, 0.7, 0.9), 1e-6); // and no words between
    g_free(wav.contents);
}
