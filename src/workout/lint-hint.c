// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Looks at a line's beginning, length and target in turn, as far as they can be read. What is hard
// is to advise only where the line says by itself what it is: a wrong advice is worse than none.

#include "workout/lint-hint.h"

#include "workout/item.h"
#include "workout/length.h"
#include "workout/split-text.h"
#include "workout/target-text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define STEP_MOST 4096 // bytes; no step is written in more, but a hostile megabyte is

#define REPEAT "a repeat is \"5 lots of:\" in a line of its own, and below it what is repeated"
#define LADDER "several lengths are a line \"ladder of 400m, 800m and back:\""

// Where a target may end: at the line's, or at what else a step has.
static bool line_at_target_end(Line line)
{
    line_skip_blanks(&line);
    return line_at_end(&line) || line_accept(&line, ",") || line_accept_double_quote(&line) ||
           line_accept_words(&line, "with");
}

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

// What runners call a pace.
static const char *hint_pace_name(Line line)
{
    static const struct {
        const char *name, *hint;
    } names[] = {
        {"MP", "MP is \"marathon pace\" here"},
        {"HMP", "HMP is \"half marathon pace\" here"},
        {"GMP", "GMP is \"goal marathon pace\" here"},
        {"LT", "LT is \"T\" here, or \"threshold\""},
        {"LTP", "LTP is \"T\" here, or \"threshold\""},
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (line_accept_words(&line, names[i].name))
            return names[i].hint;
    int64_t race_mm;
    return race_distance_parse(&line, &race_mm) && line_at_target_end(line)
               ? "a race's pace has that word behind it: \"5km pace\", \"half marathon pace\""
               : NULL;
}

#define SMALL_MAX 48

// "Easy", "10K Pace".
static const char *hint_small(Line line)
{
    char small[SMALL_MAX];
    size_t length = 0;
    Target target;
    TextError ignored;
    for (; line.at < line.end && length < sizeof small; line.at++)
        small[length++] = (char)(*line.at >= 'A' && *line.at <= 'Z' ? *line.at | 0x20 : *line.at);
    Line lower = {small, small, small + length};
    return target_parse(&lower, &target, &ignored) && line_at_target_end(lower)
               ? "paces are written in small letters, but for E, M, T, I and R: \"easy\", \"5km "
                 "pace\""
               : NULL;
}

// Behind the "@".
static const char *hint_target(Line line, bool by_distance)
{
    line_skip_blanks(&line);
    const char *named = hint_pace_name(line);
    if (named == NULL)
        named = hint_small(line);
    if (named != NULL)
        return named;
    Line zone = line;
    if (line_accept_words(&zone, "zone") || (line_accept(&zone, "Z") && line_at_digit(&zone)))
        return "a zone of the heart is \"HR zone 2\", one of pace E, M, T, I or R";
    if (!accept_number(&line))
        return NULL;
    if (by_distance && line_accept_word(&line, "s"))
        return "a time for the distance is \"400m in 90s\"";
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
        return hint_target(at, written_distance_mm(&length) > 0);
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
            return line.end - line.start <= STEP_MOST && item_bullet(&line, &indent, &round)
                       ? hint_step(line)
                       : NULL;
    return NULL;
}
