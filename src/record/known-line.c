// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two short rows of numbers, each behind a word that says what they are.

#include "record/known-line.h"

#include "record/token.h"

#include <string.h>

static const char scale_word[] = "scale", compared_word[] = "compared", line_word[] = "line";

static void write_numbers(Writer *writer, const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        token_text(writer, " ");
        token_millionths(writer, llround(numbers[i] * 1e6));
    }
}

static bool read_numbers(char **at, double *ret_numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Usec number; // six decimals, like any instant
        if (!token_read_seconds(token_next(at), &number))
            return false;
        ret_numbers[i] = (double)number / 1e6;
    }
    return true;
}

void known_line_write(Writer *writer, const SensorKnown *known)
{
    for (Surface surface = SURFACE_GROUND; surface <= SURFACE_TREADMILL; surface++) {
        const ScaleKnown *scale = &known->scales[surface];
        if (!scale_is_known(scale))
            continue;
        token_word(writer, scale_word);
        token_word(writer, surface_name(surface));
        const double numbers[] = {scale->scale, scale->slope, scale->scale_deviation,
                                  scale->slope_deviation, scale->correlation};
        write_numbers(writer, numbers, sizeof numbers / sizeof *numbers);
        if (scale->compared)
            token_word(writer, compared_word);
    }
    const GaitLine *line = &known->line;
    if (line->seconds == 0)
        return;
    token_word(writer, line_word);
    const double numbers[] = {line->seconds,  line->cadence, line->speed,
                              line->cadence2, line->speed2,  line->together};
    write_numbers(writer, numbers, sizeof numbers / sizeof *numbers);
}

static bool read_scale(char **at, SensorKnown *known)
{
    Surface surface;
    double numbers[5];
    if (!surface_from_name(token_next(at), &surface) || !read_numbers(at, numbers, 5))
        return false;
    known->scales[surface] = (ScaleKnown){
        .scale = numbers[0],
        .slope = numbers[1],
        .scale_deviation = numbers[2],
        .slope_deviation = numbers[3],
        .correlation = numbers[4],
    };
    char *after = *at;
    while (token_blank(*after))
        after++;
    if (strncmp(after, compared_word, strlen(compared_word)) == 0) {
        known->scales[surface].compared = strcmp(token_next(at), compared_word) == 0;
        return known->scales[surface].compared;
    }
    return true;
}

bool known_line_read(const char *word, char **at, SensorKnown *known)
{
    double numbers[6];
    if (strcmp(word, scale_word) == 0)
        return read_scale(at, known);
    if (strcmp(word, line_word) != 0 || !read_numbers(at, numbers, 6))
        return false;
    known->line = (GaitLine){
        .seconds = numbers[0],
        .cadence = numbers[1],
        .speed = numbers[2],
        .cadence2 = numbers[3],
        .speed2 = numbers[4],
        .together = numbers[5],
    };
    return true;
}
