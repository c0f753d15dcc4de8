// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A comma may also be a slip, or prose that went on; so what follows it must be one of two words.

#include "workout/aids-text.h"

#include "workout/aids.h"

#define CADENCE_EXPECTED "120 to 240 steps a minute"
#define PACER_EXPECTED   "50m, 100m or 200m"

static bool has_pace(const Target *target)
{
    switch (target->kind) {
    case TARGET_AT:
    case TARGET_RANGE:
    case TARGET_PROGRESS:
    case TARGET_BUILD:
        return true;
    case TARGET_NONE:
    case TARGET_HEART:
    case TARGET_EFFORT:
    case TARGET_CADENCE:
    case TARGET_POWER:
    case TARGET_MAXIMAL:
        return false;
    }
    return false;
}

// "metronome", "metronome 180", "metronome 180 spm".
static bool item_metronome(Line *line, PlanItem *item, TextError *ret_error)
{
    uint32_t number = METRONOME_OWN;
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (line_at_digit(&ahead)) {
        *line = ahead;
        if (!number_parse_whole(line, METRONOME_CADENCE_FROM, METRONOME_CADENCE_TO,
                                CADENCE_EXPECTED, &number, ret_error))
            return false;
        line_accept_words(line, "spm");
    }
    item->metronome = (uint16_t)number;
    return true;
}

static bool item_pacer(Line *line, PlanItem *item, TextError *ret_error)
{
    uint32_t metres;
    if (!has_pace(&item->target))
        return line_fail(line, "a pace before its pacer", ret_error);
    line_accept_words(line, "pacer");
    line_skip_blanks(line);
    const Line at = *line;
    if (!line_at_digit(line))
        return line_fail(line, PACER_EXPECTED, ret_error);
    if (!number_parse_whole(line, 50, 200, PACER_EXPECTED, &metres, ret_error))
        return false;
    if (!aids_pacer_valid(metres))
        return line_fail(&at, PACER_EXPECTED, ret_error);
    if (!line_accept_words(line, "m"))
        return line_fail(line, PACER_EXPECTED, ret_error);
    item->pacer_m = (uint16_t)metres;
    return true;
}

bool aids_parse(Line *line, PlanItem *item, TextError *ret_error)
{
    for (;;) {
        Line ahead = *line;
        line_skip_blanks(&ahead);
        if (!line_accept(&ahead, ","))
            return true;
        line_skip_blanks(&ahead);
        Line word = ahead;
        const bool metronome = line_accept_words(&word, "metronome");
        const bool pacer = !metronome && line_accept_words(&word, "pacer");
        if (!metronome && !pacer)
            return line_fail(&ahead, "metronome or pacer", ret_error);
        if (metronome ? item->metronome != METRONOME_OFF : item->pacer_m != 0)
            return line_fail(&ahead, "each of metronome and pacer once", ret_error);
        *line = metronome ? word : ahead;
        if (!(metronome ? item_metronome : item_pacer)(line, item, ret_error))
            return false;
    }
}

void aids_print(Printer *printer, const PlanItem *item)
{
    if (item->metronome != METRONOME_OFF)
        print_text(printer, ", metronome");
    if (item->metronome > METRONOME_OWN) {
        print_text(printer, " ");
        print_number(printer, item->metronome, "");
    }
    if (item->pacer_m != 0) {
        print_text(printer, ", pacer ");
        print_number(printer, item->pacer_m, "m");
    }
}
