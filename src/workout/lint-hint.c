// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Looks at a line's beginning, length and target in turn, as far as they can be read. What is hard
// is to advise only where the line says by itself what it is: a wrong advice is worse than none.

#include "workout/lint-hint.h"

#include "workout/item.h"
#include "workout/length.h"
#include "workout/target-text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define REPEAT "a repeat is \"5 lots of:\" in a line of its own, and below it what is repeated"
#define LADDER "several lengths are a line \"ladder of 400m, 800m and back:\""

static bool accept_number(Line *line)
{
    Number number;
    TextError ignored;
    if (!line_at_digit(line) || !number_parse(line, &number, &ignored))
        return false;
    line_skip_blanks(line);
    return true;
}

// Behind a number, or a length.
static const char *hint_behind(Line line)
{
    static const char *const times[] = {"x", "X", "×", "*", "times", "sets", "reps", "rounds"};
    line_skip_blanks(&line);
    if (line_accept_any(&line, times, COUNT(times)))
        return REPEAT;
    if (line_accept(&line, ",") && (line_skip_blanks(&line), line_at_digit(&line)))
        return LADDER;
    if (line_accept_dash(&line) && (line_skip_blanks(&line), line_at_digit(&line)))
        return "a step has one length, not a range";
    return NULL;
}

static const char *hint_number(Line line)
{
    if (!accept_number(&line))
        return NULL;
    const char *hint = hint_behind(line);
    if (hint == NULL && (line_accept(&line, ":") || line_accept_double_quote(&line) ||
                         line_accept_minute_mark(&line)))
        return "a time has its units, as 1min 30s";
    return hint;
}

// Behind the "@".
static const char *hint_target(Line line)
{
    line_skip_blanks(&line);
    Line zone = line;
    if (line_accept_words(&zone, "zone") || (line_accept(&zone, "Z") && line_at_digit(&zone)))
        return "a zone of the heart is \"HR zone 2\", one of pace E, M, T, I or R";
    if (!accept_number(&line))
        return NULL;
    if (line_accept(&line, "%"))
        return "a percentage is of something: \"T + 5%\", \"HR 80%\"";
    if (line_accept_word(&line, "bpm"))
        return "a heart rate is \"HR 150\"";
    return NULL;
}

static const char *hint_step(Line line)
{
    const Line start = line;
    WrittenLength length;
    Target target;
    TextError ignored;
    if (!length_parse(&line, &length, &ignored))
        return hint_number(start);
    const char *hint = hint_behind(line);
    if (hint != NULL)
        return hint;
    line_skip_blanks(&line);
    if (!line_accept(&line, "@"))
        return line.at < line.end && target_parse(&line, &target, &ignored)
                   ? "an @ stands before the target"
                   : NULL;
    const Line at = line;
    if (!target_parse(&line, &target, &ignored))
        return hint_target(at);
    line_skip_blanks(&line);
    return line_word_length(&line) > 0 ? "words to be spoken stand in quotes" : NULL;
}

const char *lint_hint(const char *text, size_t length, const TextError *error)
{
    Lines lines = lines_of(text, length);
    Line line;
    uint32_t indent;
    bool round;
    while (lines_next(&lines, &line))
        if (lines.number == error->line)
            return item_bullet(&line, &indent, &round) ? hint_step(line) : NULL;
    return NULL;
}
