// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run's cues as a WAV file whose timeline is the clock's, from the first cue on. The silence
// between is never written: the file has holes there, so an hour costs what its words cost. The
// header is put right after every write, so what a kill leaves behind is a valid file.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "audio/output.h"
#include "io/error.h"

#define HEADER_BYTES 44
#define DATA_MAX     (INT64_C(0xffffffff) - HEADER_BYTES) // RIFF sizes are 32 bits: 27 hours

typedef struct {
    Output base;
    int fd;
    char *path;
    int64_t at;  // where the cue's next byte goes, in the data
    int64_t end; // bytes of data so far
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

static bool wav_begin(Output *output, const Cue *cue, Usec since_first)
{
    Wav *wav = (Wav *)output;
    wav->at = wav_position(since_first);
    return false;
}

static void wav_write(Output *output, GBytes *pcm)
{
    Wav *wav = (Wav *)output;
    if (wav->fd < 0)
        return;
    size_t size;
    const uint8_t *bytes = g_bytes_get_data(pcm, &size);
    if (wav->at + (int64_t)size > DATA_MAX) {
        wav_give_up(wav, "it has reached the size that a WAV file can have");
        return;
    }
    while (size > 0) {
        ssize_t written = pwrite(wav->fd, bytes, size, HEADER_BYTES + wav->at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            wav_give_up(wav, g_strerror(errno));
            return;
        }
        bytes += written;
        size -= (size_t)written;
        wav->at += written;
    }
    wav->end = MAX(wav->end, wav->at);
    if (!wav_write_header(wav))
        wav_give_up(wav, g_strerror(errno));
}

static void wav_end(Output *output)
{
}

static void wav_stop(Output *output, Usec since_first)
{
    Wav *wav = (Wav *)output;
    int64_t cut = wav_position(since_first);
    if (wav->fd < 0 || cut >= wav->end)
        return;
    wav->end = cut;
    if (ftruncate(wav->fd, HEADER_BYTES + cut) < 0 || !wav_write_header(wav))
        wav_give_up(wav, g_strerror(errno));
}

static void wav_free(Output *output)
{
    Wav *wav = (Wav *)output;
    if (wav->fd >= 0)
        close(wav->fd);
    g_free(wav->path);
    g_free(wav->base.reason);
    g_free(wav);
}

Output *wav_new(const char *path, GError **error)
{
    static const OutputOps ops = {
        .begin = wav_begin, .write = wav_write, .end = wav_end, .stop = wav_stop, .free = wav_free};
    Wav *wav = g_new0(Wav, 1);
    wav->base = (Output){.ops = &ops, .state = VOICE_SILENT, .reason = g_strdup("")};
    wav->path = g_strdup(path);
    wav->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (wav->fd >= 0 && wav_write_header(wav))
        return &wav->base;
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, "cannot write %s: %s", path,
                g_strerror(errno));
    wav_free(&wav->base);
    return NULL;
}
