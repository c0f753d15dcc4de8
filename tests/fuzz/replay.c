// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runs a fuzz target as an ordinary test, where there is no libFuzzer: every file of the corpus
// folder given, then a fixed set of mutations of them, the same on every machine. A failure is a
// crash, and the file left behind under its name says with what.

#include "fuzz.h"

#include "../codec/packet.h"

#include <dirent.h>
#include <limits.h>

#define SEEDS_MAX     256
#define MUTATIONS     5000
#define MUTATED_MAX   65536
#define CHANGES_MAX   8
#define FAILING_INPUT "fuzz-failing-input"

static Packet seeds[SEEDS_MAX];
static size_t seed_count;

static void bail_out(const char *why, const char *what)
{
    printf("Bail out! %s %s\n", why, what);
    exit(1);
}

static Packet read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        bail_out("cannot open", path);
    uint8_t *bytes = malloc(MUTATED_MAX);
    Packet packet = packet_of(bytes, fread(bytes, 1, MUTATED_MAX, file));
    free(bytes);
    fclose(file);
    return packet;
}

// Kept while it runs, so that it is there when it crashed.
static void run_kept(const Packet *input)
{
    FILE *file = fopen(FAILING_INPUT, "wb");
    if (file) {
        if (input->length > 0)
            fwrite(input->bytes, 1, input->length, file);
        fclose(file);
    }
    LLVMFuzzerTestOneInput(input->bytes, input->length);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_corpus(const char *folder)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_visible, alphasort);
    if (count <= 0 || count > SEEDS_MAX)
        bail_out("no corpus, or too large a one, in", folder);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        seeds[seed_count] = read_file(path);
        run_kept(&seeds[seed_count++]);
        printf("ok %d - %s\n", i + 1, entries[i]->d_name);
        fflush(stdout);
        free(entries[i]);
    }
    free(entries);
}

// Replaces `cut` bytes at `at` by `length` others.
static size_t splice(uint8_t *bytes, size_t size, size_t at, size_t cut, const uint8_t *with,
                     size_t length)
{
    if (size - cut + length > MUTATED_MAX)
        return size;
    memmove(bytes + at + length, bytes + at + cut, size - at - cut);
    if (length > 0)
        memcpy(bytes + at, with, length);
    return size - cut + length;
}

static size_t change(uint8_t *bytes, size_t size, uint64_t *random)
{
    static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff};
    const size_t at = size > 0 ? next_random(random) % size : 0;
    const uint8_t any = (uint8_t)next_random(random);
    const Packet *other = &seeds[next_random(random) % seed_count];
    const size_t span = next_random(random) % 16;
    const size_t cut = span < size - at ? span : size - at;
    switch (size > 0 ? next_random(random) % 7 : 3) {
    case 0: // a bit
        bytes[at] ^= (uint8_t)(1 << any % 8);
        return size;
    case 1: // a byte
        bytes[at] = any;
        return size;
    case 2: // a byte at an edge
        bytes[at] = edges[any % sizeof edges];
        return size;
    case 3: // one more
        return splice(bytes, size, at, 0, &any, 1);
    case 4: // some fewer
        return splice(bytes, size, at, cut, NULL, 0);
    case 5: // the end gone
        return at;
    default: { // a piece of another
        const size_t from = other->length > 0 ? next_random(random) % other->length : 0;
        const size_t piece = span < other->length - from ? span : other->length - from;
        return piece > 0 ? splice(bytes, size, at, cut, other->bytes + from, piece) : size;
    }
    }
}

static void replay_mutations(void)
{
    uint64_t random = 20260101;
    uint8_t *bytes = malloc(MUTATED_MAX);
    for (int i = 0; i < MUTATIONS; i++) {
        const Packet *seed = &seeds[next_random(&random) % seed_count];
        size_t size = seed->length;
        if (size > 0)
            memcpy(bytes, seed->bytes, size);
        for (uint64_t n = 1 + next_random(&random) % CHANGES_MAX; n > 0; n--)
            size = change(bytes, size, &random);
        Packet packet = packet_of(bytes, size);
        run_kept(&packet);
        packet_free(&packet);
    }
    free(bytes);
    printf("ok %zu - %d mutations\n", seed_count + 1, MUTATIONS);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bail_out("usage:", "replay-TARGET CORPUS-FOLDER");
    replay_corpus(argv[1]);
    replay_mutations();
    printf("1..%zu\n", seed_count + 1);
    for (size_t i = 0; i < seed_count; i++)
        packet_free(&seeds[i]);
    remove(FAILING_INPUT);
    return 0;
}
