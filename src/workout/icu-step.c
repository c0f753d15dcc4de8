// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A line of the text of intervals.icu. What is hard: nearly anything may stand in it, in nearly any
// order, and what the site does not understand it takes for words. Here words may be words, but
// nothing with a digit in it is passed over, for that was meant as a number.

#include "workout/icu-step.h"

#include "workout/icu-length.h"
#include "workout/icu-value.h"

#include <string.h>

#define LENGTH_EXPECTED                                                                            \
    "a length such as 10m, 30s, 2km or 400mtr (m is minutes here, mtr is metres)"
#define VALUE_EXPECTED "a target such as 90%, 250w, 5:00/km Pace or Z2"
#define SHOWN_MAX      40

typedef struct {
    IcuStep *step;
    uint32_t number;
    const Losses *losses;
    TextError *error;
    bool ramp, targeted, rest, press_lap;
    bool has_cadence;
    IcuValue cadence;
} Parts;

static int shown(const Line *words) // how much of them is repeated
{
    const size_t length = (size_t)(words->end - words->at);
    return (int)(length < SHOWN_MAX ? length : SHOWN_MAX);
}

// More than anybody speaks does not matter here: the note says that it is cut.
static void add_words(Parts *parts, const Line *words)
{
    char *to = parts->step->words;
    const size_t used = strlen(to), length = (size_t)(words->end - words->at);
    if (used + 1 + length >= sizeof parts->step->words)
        return;
    to[used] = ' ';
    memcpy(to + used + 1, words->at, length);
    to[used + 1 + length] = '\0';
}

static void keep_as_words(Parts *parts, const IcuValue *value, const char *why)
{
    add_words(parts, &value->at);
    losses_say(parts->losses, parts->number, "%.*s is kept as words alone: %s", shown(&value->at),
               value->at.at, why);
}

static void take_target(Parts *parts, const IcuValue *value)
{
    if (parts->targeted)
        keep_as_words(parts, value, "a step has one target");
    else if (icu_target(value, parts->ramp, parts->number, parts->losses,
                        &parts->step->item.target))
        parts->targeted = true;
    else
        keep_as_words(parts, value, "a plan has no such target");
}

// ── parts ──

static bool take_value(Line *line, Parts *parts)
{
    IcuValue value;
    if (!icu_value(line, &value, parts->error))
        return false;
    if (fmax(value.low, value.high) == 0) // "0", "0%": nothing is asked
        parts->rest = true;
    else if (value.unit == ICU_TURNS || value.unit == ICU_STEPS) { // counts where nothing else does
        parts->cadence = value;
        parts->has_cadence = true;
    } else
        take_target(parts, &value);
    return true;
}

static bool take_effort(Line *line, Parts *parts)
{
    IcuValue value;
    line_skip_blanks(line);
    if (!icu_effort(line, &value, parts->error))
        return false;
    take_target(parts, &value);
    return true;
}

// "intensity=rest", "power=3s".
static void take_setting(Parts *parts, const Line *setting)
{
    static const char *const roles[] = {"intensity=warmup", "intensity=cooldown",
                                        "intensity=active", "intensity=interval"};
    Line line = *setting;
    if (icu_accept(&line, "intensity=rest") || icu_accept(&line, "intensity=recovery")) {
        parts->rest = true;
        return;
    }
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (icu_accept(&line, roles[i])) // follows from its place in the plan
            return;
    losses_say(parts->losses, parts->number, "%.*s is left out", shown(setting), setting->at);
}

static bool has(const Line *word, const char *characters)
{
    for (const char *c = word->at; c < word->end; c++)
        if (strchr(characters, *c) != NULL)
            return true;
    return false;
}

static bool take_word(Line *line, Parts *parts)
{
    Line effort = *line;
    if (icu_accept(&effort, "rpe") && !line_at_end(&effort)) {
        line_skip_blanks(&effort);
        if (line_at_digit(&effort))
            return icu_accept(line, "rpe") && take_effort(line, parts);
    }
    if (icu_accept(line, "ramp") || icu_accept(line, "freeride"))
        return true;
    if (icu_accept_press_lap(line)) {
        parts->press_lap = true;
        return true;
    }
    if (icu_accept(line, "maxeffort")) {
        parts->step->item.target = (Target){.kind = TARGET_MAXIMAL};
        parts->targeted = true;
        return true;
    }
    const Line word = icu_word(line);
    line->at = word.end;
    if (has(&word, "="))
        take_setting(parts, &word);
    else if (has(&word, "0123456789"))
        return line_fail(&word, VALUE_EXPECTED, parts->error);
    else
        add_words(parts, &word);
    return true;
}

// The keyword may stand behind what it is about.
static bool is_ramp(Line line)
{
    for (line_skip_blanks(&line); line.at < line.end; line_skip_blanks(&line)) {
        if (icu_accept(&line, "ramp"))
            return true;
        line.at = icu_word(&line).end;
    }
    return false;
}

static bool take_parts(Line *line, Parts *parts)
{
    parts->ramp = is_ramp(*line);
    for (line_skip_blanks(line); line->at < line->end; line_skip_blanks(line)) {
        if (line_accept(line, ","))
            continue;
        if (!(icu_at_value(line) ? take_value(line, parts) : take_word(line, parts)))
            return false;
    }
    return true;
}

// ── the step ──

// Where the label ends: at the first word that is a length; without one, at "press lap". Prompts
// that have a time of their own stand before "<!>".
static bool find_length(Line *line, Parts *parts, bool *ret_odd)
{
    IcuStep *step = parts->step;
    Line at = *line, lap = {0}, digit = {0};
    step->label = (Line){line->start, line->at, line->at};
    for (const char *c = line->at; c + 2 < line->end; c++)
        if (memcmp(c, "<!>", 3) == 0)
            at.at = c + 3;
    for (line_skip_blanks(&at); at.at < at.end; line_skip_blanks(&at)) {
        step->label.end = at.at;
        if (icu_length(&at, &step->item, ret_odd)) {
            *line = at;
            return true;
        }
        Line press = at;
        if (lap.at == NULL && icu_accept_press_lap(&press))
            lap = at;
        if (digit.at == NULL && line_at_digit(&at))
            digit = at;
        at.at = icu_word(&at).end;
    }
    if (lap.at == NULL)
        return line_fail(digit.at != NULL ? &digit : &at, LENGTH_EXPECTED, parts->error);
    step->label.end = lap.at;
    step->item.written.unit = WRITTEN_OPEN;
    step->item.step.measure = MEASURE_OPEN;
    *ret_odd = false;
    *line = lap;
    return true;
}

static bool names_press_lap(Line label)
{
    for (line_skip_blanks(&label); label.at < label.end; line_skip_blanks(&label)) {
        if (icu_accept_press_lap(&label))
            return true;
        label.at = icu_word(&label).end;
    }
    return false;
}

bool icu_step(Line *line, uint32_t number, const Losses *losses, IcuStep *ret_step,
              TextError *ret_error)
{
    Parts parts = {.step = ret_step, .number = number, .losses = losses, .error = ret_error};
    bool odd;
    line_skip_blanks(line);
    if (line->end - line->at > ICU_STEP_MAX)
        return line_fail(line, "a step of at most 1000 bytes", ret_error);
    *ret_step = (IcuStep){.item = {.kind = ITEM_STEP, .line = number, .column = line_column(line)}};
    if (!find_length(line, &parts, &odd) || !take_parts(line, &parts))
        return false;
    if (parts.has_cadence)
        take_target(&parts, &parts.cadence);
    if (parts.rest && !parts.targeted)
        ret_step->item.step.kind = STEP_REST;
    parts.press_lap |=
        names_press_lap((Line){ret_step->label.start, ret_step->label.at, ret_step->label.end});
    if (parts.press_lap && ret_step->item.step.measure != MEASURE_OPEN)
        losses_say(losses, number,
                   "“press lap” is left out: the step ends by its length, or by hand before");
    if (odd)
        losses_say(losses, number, "its length is taken as minutes, as m is; metres would be mtr");
    return true;
}
