// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run's cues as a WAV file whose timeline is the clock's, from the first cue on. The silence
// between is never written: the file has holes there, so an hour costs what its words cost. The
// header is put right after every write, so what a kill leaves behind is a valid file. What sounds
// together is mixed in the file itself. Words are written far ahead of their sounding, so a hushed
// cue is taken out again by writing anew what else sounded there, and the rest of its word: how
// much that is is known when another cue takes its place. The metronome is written up to the
// instant that the voice has come to.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "audio/metronome.h"
#include "audio/mix.h"
#include "audio/output.h"
#include "audio/rest.h"
#include "audio/tones.h"
#include "io/error.h"

#define HEADER_BYTES 44
#define TONES_KEPT   32
#define CHUNK        1024
#define AT_ONCE      (SPEECH_RATE / 50 * 2) // bytes: a cue that takes the place of the one before
#define DATA_MAX     (INT64_C(0xffffffff) - HEADER_BYTES) // RIFF sizes are 32 bits: 27 hours

typedef struct {
    Output base;
    int fd;
    char *path;
    int64_t at;        // where the cue's next byte goes, in the data
    int64_t end;       // bytes of data so far
    int64_t cue;       // where the latest cue began
    GByteArray *words; // of it
    int64_t hushed;    // it was taken out from there on; -1: it was not
    bool speaks;       // the metronome is quieter since then, until the cue's end

    Metronome metronome;
    int64_t clicked; // samples, up to which its clicks are written
    struct {
        uint32_t id;
        Tone tone;
        int64_t at;
    } tones[TONES_KEPT]; // the latest ones, to be written anew
    size_t next_tone;
} Wav;

static void put32(uint8_t *bytes, int64_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static bool wav_write_header(const Wav *wav)
{
    // PCM, 1 channel, 16 bits; sizes and rates are filled in below.
    uint8_t header[HEADER_BYTES] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0........\x02\0\x10\0data";
    put32(header + 4, wav->end + HEADER_BYTES - 8);
    put32(header + 24, SPEECH_RATE);
    put32(header + 28, SPEECH_RATE * (int64_t)sizeof(int16_t));
    put32(header + 40, wav->end);
    return pwrite(wav->fd, header, sizeof header, 0) == sizeof header;
}

static void wav_give_up(Wav *wav, const char *why)
{
    g_free(wav->base.reason);
    wav->base.reason = g_strdup_printf("%s is no longer written: %s", wav->path, why);
    close(wav->fd);
    wav->fd = -1;
}

static int64_t wav_position(Usec since_first)
{
    return since_first / USEC_PER_SEC * SPEECH_RATE * 2 +
           since_first % USEC_PER_SEC * SPEECH_RATE / USEC_PER_SEC * 2;
}

// Adds to what is there already; positions are bytes.
static void wav_mix(Wav *wav, int64_t at, const int16_t *samples, size_t count)
{
    int16_t there[CHUNK];
    if (wav->fd >= 0 && at + (int64_t)(count * sizeof *samples) > DATA_MAX)
        wav_give_up(wav, "it has reached the size that a WAV file can have");
    while (count > 0 && wav->fd >= 0) {
        const size_t part = MIN(count, CHUNK), size = part * sizeof *there;
        memset(there, 0, size); // beyond the end there is nothing
        ssize_t done = pread(wav->fd, there, size, HEADER_BYTES + at);
        for (size_t i = 0; i < part; i++)
            mix_add(&there[i], samples[i] / 32767.0);
        if (done >= 0)
            done = pwrite(wav->fd, there, size, HEADER_BYTES + at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done != (ssize_t)size) {
            wav_give_up(wav, done < 0 ? g_strerror(errno) : "the disk is full");
            return;
        }
        at += (int64_t)size;
        samples += part;
        count -= part;
        wav->end = MAX(wav->end, at);
    }
}

static void wav_finish_write(Wav *wav)
{
    if (wav->fd >= 0 && !wav_write_header(wav))
        wav_give_up(wav, g_strerror(errno));
}

// Clicks from one sample to another; stretches of silence stay holes.
static void wav_click(Wav *wav, int64_t from, int64_t until)
{
    int16_t samples[CHUNK];
    while (from < until && !metronome_is_silent(&wav->metronome, from)) {
        const size_t count = (size_t)MIN(until - from, CHUNK);
        memset(samples, 0, sizeof samples);
        metronome_mix(&wav->metronome, 1, from, samples, count);
        size_t first = 0;
        while (first < count && samples[first] == 0)
            first++;
        if (first < count)
            wav_mix(wav, from * 2, samples, count);
        from += (int64_t)count;
    }
}

static void wav_advance(Wav *wav, int64_t to)
{
    const int64_t quiet = wav->at / 2;
    if (wav->speaks && to >= quiet) {
        wav_click(wav, wav->clicked, quiet);
        wav->clicked = MAX(wav->clicked, quiet);
        metronome_duck(&wav->metronome, false, quiet);
        wav->speaks = false;
    }
    wav_click(wav, wav->clicked, to);
    wav->clicked = MAX(wav->clicked, to);
}

static void wav_sound(Wav *wav, Tone tone, int64_t at, int64_t from)
{
    int16_t samples[SPEECH_RATE] = {0}; // no tone is as long
    const int64_t begin = MAX(at, from);
    const int64_t length = at + tone_length(tone, SPEECH_RATE) - begin;
    if (length <= 0)
        return;
    tone_mix(tone, SPEECH_RATE, 1, at, begin, samples, (size_t)length);
    wav_mix(wav, begin * 2, samples, (size_t)length);
}

// Takes out what was hushed, but for the rest of its word, if that ends within `most` samples.
static void wav_settle(Wav *wav, int64_t most)
{
    const int64_t cut = wav->hushed, from = (cut - wav->cue) / 2;
    if (wav->fd < 0)
        return;
    int16_t rest[REST_MOST];
    const int64_t count = rest_of_words((const int16_t *)wav->words->data + from,
                                        wav->words->len / 2 - from, most, rest);
    wav->end = cut;
    if (ftruncate(wav->fd, HEADER_BYTES + cut) < 0)
        wav_give_up(wav, g_strerror(errno));
    for (size_t i = 0; i < TONES_KEPT; i++)
        wav_sound(wav, wav->tones[i].tone, wav->tones[i].at, cut / 2);
    wav_click(wav, cut / 2, wav->clicked);
    wav_mix(wav, cut, rest, (size_t)count);
    wav->at = cut + count * 2;
    wav_finish_write(wav);
}

static bool wav_begin(Output *output, const Cue *cue, Usec since_first)
{
    Wav *wav = (Wav *)output;
    int64_t at = wav_position(since_first);
    if (wav->hushed >= 0 && at < wav->hushed + AT_ONCE) {
        if (rest_can_wait(cue))
            wav_settle(wav, REST_MOST);
        at = MAX(at, wav->at);
    }
    wav->hushed = -1;
    wav_advance(wav, at / 2);
    wav->at = wav->cue = at;
    g_byte_array_set_size(wav->words, 0);
    metronome_duck(&wav->metronome, true, at / 2);
    wav->speaks = true;
    return false;
}

static void wav_write(Output *output, GBytes *pcm)
{
    Wav *wav = (Wav *)output;
    gsize size;
    const int16_t *samples = g_bytes_get_data(pcm, &size);
    wav_mix(wav, wav->at, samples, size / 2);
    g_byte_array_append(wav->words, (const guint8 *)samples, (guint)size);
    wav->at += (int64_t)size;
    wav_finish_write(wav);
}

static void wav_end(Output *output)
{
}

static void wav_stop(Output *output, Usec since_first)
{
    Wav *wav = (Wav *)output;
    int64_t cut = MAX(wav_position(since_first), wav->cue);
    if (cut >= wav->at || wav->hushed >= 0)
        return;
    wav->hushed = cut;
    wav_settle(wav, 0);
}

static void wav_tone(Output *output, const Cue *cue, Usec since_first)
{
    Wav *wav = (Wav *)output;
    const int64_t at = wav_position(since_first) / 2;
    wav->tones[wav->next_tone].id = cue->id;
    wav->tones[wav->next_tone].tone = cue->tone;
    wav->tones[wav->next_tone].at = at;
    wav->next_tone = (wav->next_tone + 1) % TONES_KEPT;
    wav_sound(wav, cue->tone, at, at);
    wav_finish_write(wav);
}

static void wav_metronome(Output *output, double clicks, Usec since_first)
{
    Wav *wav = (Wav *)output;
    const int64_t at = wav_position(since_first) / 2;
    wav_advance(wav, at);
    metronome_set(&wav->metronome, clicks, at);
    wav_finish_write(wav);
}

static void wav_free(Output *output)
{
    Wav *wav = (Wav *)output;
    wav_advance(wav, wav->end / 2);
    wav_finish_write(wav);
    if (wav->fd >= 0)
        close(wav->fd);
    g_byte_array_unref(wav->words);
    g_free(wav->path);
    g_free(wav->base.reason);
    g_free(wav);
}

Output *wav_new(const char *path, GError **error)
{
    static const OutputOps ops = {
        .begin = wav_begin,
        .write = wav_write,
        .end = wav_end,
        .stop = wav_stop,
        .tone = wav_tone,
        .metronome = wav_metronome,
        .free = wav_free,
    };
    Wav *wav = g_new0(Wav, 1);
    wav->base = (Output){.ops = &ops, .state = VOICE_SILENT, .reason = g_strdup("")};
    wav->path = g_strdup(path);
    wav->metronome = metronome_new(SPEECH_RATE);
    wav->words = g_byte_array_new();
    wav->hushed = -1;
    wav->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (wav->fd >= 0 && wav_write_header(wav))
        return &wav->base;
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, "cannot write %s: %s", path,
                g_strerror(errno));
    wav_free(&wav->base);
    return NULL;
}
