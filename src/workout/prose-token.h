// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sentence of an article as what it says of running: numbers with their units, paces, races, and
// the few words that join them. Everything else is a word that stands between. For the prose*.c of
// this room.

#pragma once

#include "workout/line.h"

typedef enum {
    TOKEN_END,   // behind the last
    TOKEN_OTHER, // a word or mark that says nothing here
    // What was measured, each `low` to `high`.
    TOKEN_NUMBER,
    TOKEN_CLOCK,     // "4:30", "1:30:00", "5'30''": s, or in its `metres` the s of it as hours
    TOKEN_TIME,      // s
    TOKEN_DISTANCE,  // m
    TOKEN_PERCENT,   // percent
    TOKEN_SPEED,     // so many s for `metres`
    TOKEN_RACE_PACE, // of a race over so many m
    TOKEN_ORDINAL,   // "third"
    // Units that have found no number.
    TOKEN_S,
    TOKEN_MIN,
    TOKEN_H,
    TOKEN_M,
    TOKEN_KM,
    TOKEN_MILE,
    TOKEN_PER_HOUR, // `low`: m, "mph"
    // Marks.
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_SEMICOLON,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_SAME, // = and its kin
    TOKEN_ARROW,
    TOKEN_DASH,
    TOKEN_SLASH,
    TOKEN_CELL,  // between the cells of a table
    TOKEN_TIMES, // ×
    // Words.
    TOKEN_IS,     // joins two ways of saying one thing: "is", "that's", "or", "about"
    TOKEN_FILL,   // says nothing, and joins more loosely: "you", "run", "the"
    TOKEN_AIM,    // aim, target: joins loosely too
    TOKEN_START,  // start, begin
    TOKEN_A,      // a, an
    TOKEN_AND,    // also "then"
    TOKEN_PER,    // per
    TOKEN_EACH,   // each, every
    TOKEN_IN,     // in
    TOKEN_FOR,    // for
    TOKEN_AT,     // at, @
    TOKEN_OF,     // of
    TOKEN_FROM,   // from
    TOKEN_TO,     // to
    TOKEN_THAN,   // than
    TOKEN_MINUS,  // minus
    TOKEN_FASTER, // faster, quicker
    TOKEN_SLOWER,
    TOKEN_PACE, // pace, speed, effort
    TOKEN_RACE, // race, goal
    TOKEN_HALF,
    TOKEN_MARATHON,
    TOKEN_LAST,            // last, previous, before
    TOKEN_LOTS,            // lots, sets, times
    TOKEN_REPS,            // reps, repeats, intervals
    TOKEN_BLOCK,           // block, set: what is repeated
    TOKEN_DO,              // do, complete
    TOKEN_WHOLE,           // today, altogether: a number before it is all that is said of it
    TOKEN_TRIAL,           // trial, all-out
    TOKEN_REST,            // rest, recovery, walk, jog
    TOKEN_BETWEEN,         // between
    TOKEN_EASE,            // easy, slow, full: how one rests
    TOKEN_WARM,            // warm, cool
    TOKEN_PAST,            // best, ran, record: speaks of another day's running
    TOKEN_VARIANT,         // beginners, weeks, never: speaks of another workout than this one
    TOKEN_IF,              // if, runners: may speak of another runner than the next sentence
    TOKEN_CHANGE,          // progressive, ladder, descending: repetitions are not alike
    TOKEN_OTHERWISE_PACED, // easy, long, tempo: in a title, says that a race's pace is not meant
    TOKEN_SUB,             // sub, under
} TokenKind;

typedef struct {
    TokenKind kind;
    uint32_t line;
    bool glued; // nothing stands between it and the token before
    bool named; // DISTANCE: a race's or a lap's name: "5K", "the mile", "400s"; SPEED: a split
                // ("a 5:30 mile", "400 m in 90 s") rather than a pace
    const char *at;
    double low, high;
    double metres;
} Token;

// What is `low` of a word that stands for no number: IS that is no more than about so, or goes on
// with "to"; FILL that only says of which kind a way is; REPS that is "repeat", or that are short
// and often left out of a list.
#define IS_ABOUT    1
#define IS_TO       2
#define FILL_LAP    1
#define REPS_REPEAT 1
#define REPS_SHORT  2

#define SENTENCE_MAX 160 // tokens; a longer sentence is cut in two

typedef struct {
    size_t count;
    bool tells;                         // there is a number in it, or a comparison
    bool title;                         // it is the workout's own name
    bool past, variant, warm, supposed; // such a word is in it
    Token tokens[SENTENCE_MAX];
} Sentence;

// Its kind, TOKEN_END beyond the last.
TokenKind sentence_kind(const Sentence *sentence, size_t index);

// A reader of prose, line by line.
typedef struct {
    Sentence sentence;
    void (*tell)(Sentence *sentence, void *data); // with each that tells something, measured
    void *data;
    size_t line_length;      // of the line before; 0: blank
    bool gap;                // a blank, or a line's end, since the token before
    uint16_t words_from[27]; // where the words of a letter begin
} ProseReader;

void prose_read_begin(ProseReader *reader, void (*tell)(Sentence *, void *), void *data);
void prose_read_title(ProseReader *reader, Line line, uint32_t number);
void prose_read_line(ProseReader *reader, Line line, uint32_t number);
void prose_read_end(ProseReader *reader); // of the paragraph, and of the text

// Makes quantities of numbers and units, speeds of quantities: for prose_read_*() alone.
void sentence_measure(Sentence *sentence);
