// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The one way in for workouts in whatever format people have them: our text, that of intervals.icu,
// Zwift's ZWO, Garmin's FIT. Every verb that takes a workout's file reads it by this, and so takes
// them all. What a format says that a plan cannot hold is collected, not printed: whether it
// matters is the verb's business.

#pragma once

#include "pacectl/pacectl.h"
#include "workout/losses.h"

typedef enum {
    IMPORT_ANY, // what its name says, or else what it looks like
    IMPORT_TEXT,
    IMPORT_ICU,
    IMPORT_ZWO,
    IMPORT_FIT,
} ImportFormat;

// "text" or "txt", "icu", "zwo", "fit". FALSE: it is none of them.
gboolean import_format_parse(const char *name, ImportFormat *ret_format);

// By how a file's name ends: .fit, .zwo, .icu and .workout; IMPORT_ANY for .txt, which may hold
// either text, and all else.
ImportFormat import_format_of(const char *file);

// By content. IMPORT_TEXT for what looks like none of the others, so that its reader says what it
// expects.
ImportFormat import_recognise(const char *bytes, gsize length);

typedef struct {
    ImportFormat format;    // that it was read as; never IMPORT_ANY
    Plan *plan;             // with what its runner has to say still open: see plan_resolve()
    TextWarnings *warnings; // of a text and its article; of the plan lint_plan() has them, whose
                            // lines are the items': of the file, for FIT steps
    GPtrArray *losses;      // char *, each a line for people: "FILE:12: …", "FILE: step 3: …"
} Import;

// Reads FILE ("-": standard input) as a format. EXIT_DONE, or what is wrong is complained of in one
// line, with its place, and the exit code for it comes back; *ret_import is then empty. Clear it
// with import_clear().
int import_read(const char *file, ImportFormat format, Import *ret_import);

// The same of bytes that came from elsewhere; `file` is what to call them.
int import_bytes(const char *file, const char *bytes, gsize length, ImportFormat format,
                 Import *ret_import);

// The same as a text of ours: as it stands there where it is one, else with what is lost said on
// standard error, a line each. Free with g_free(). *ret_called, which may be NULL: what to call the
// text in a complaint that has a place in it. NULL as import_bytes() has it.
char *import_as_text(const char *file, const char *bytes, gsize length, ImportFormat format,
                     char **ret_called, int *ret_code);

// What names a workout: a path, or "-", is a file, and so is what exists as one or is called as one
// of a format of workouts; else it is a name in the library. FALSE: it cannot be read, which was
// complained of with *ret_code. The rest is as import_as_text() has it; NULL for a name.
gboolean workout_argument(const char *what, char **ret_text, char **ret_called, int *ret_code);

void import_clear(Import *import);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

// Resolves the plan as plan_resolve() does; what this runner lacks is left open. EXIT_DONE, or it
// is complained of a workout that takes this runner too long.
int import_resolve(const char *file, Import *import, const Athlete *athlete,
                   const AthleteModel *model, gboolean by_effort);

// The plan as our text; free with g_free(). Every plan that is read can be said so.
char *import_text(const Plan *plan);

// Something that an export loses likewise joins an array of losses; `losses` for the writers that
// take them. `file` and the array have to stay.
typedef struct {
    const char *file;
    const char *where; // "" for lines, "step " for steps
    GPtrArray *said;
} ImportLosses;
Losses import_losses(ImportLosses *into);
