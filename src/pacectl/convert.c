// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl convert: a workout from any format into a text of ours, or into a file that a watch
// loads. What the other format cannot hold is said, a line each on standard error, for nobody looks
// for a recovery that has quietly become a rest.

#include "codec/fit.h"
#include "io/clock.h"
#include "pacectl/import.h"
#include "pacectl/output.h"
#include "pacectl/told.h"
#include "workout/fitplan.h"

#include <errno.h>
#include <string.h>

typedef struct {
    Import import;
    char *bytes; // what comes out
    gsize length;
} Conversion;

static int wanted_format(const char *file, const char *told, const char *option,
                         ImportFormat *ret_format)
{
    if (told && !import_format_parse(told, ret_format))
        return complain(EXIT_BAD_USAGE, "%s takes text, icu, zwo or fit", option);
    if (!told)
        *ret_format = import_format_of(file);
    return EXIT_DONE;
}

// A format that is written: IMPORT_TEXT or IMPORT_FIT.
static int output_format(const char *file, const char *told, ImportFormat *ret_format)
{
    const int code = wanted_format(file, told, "--to", ret_format);
    if (code != EXIT_DONE)
        return code;
    const char *dot = strrchr(file, '.');
    if (*ret_format == IMPORT_ANY && dot && g_ascii_strcasecmp(dot, ".txt") == 0)
        *ret_format = IMPORT_TEXT;
    if (*ret_format == IMPORT_ANY)
        return complain(EXIT_BAD_USAGE, "say what to write: --to text or --to fit");
    if (*ret_format != IMPORT_TEXT && *ret_format != IMPORT_FIT)
        return complain(EXIT_BAD_USAGE, "only text and FIT are written: --to text or --to fit");
    return EXIT_DONE;
}

// Two workouts made in the same second stay two for a watch.
static uint32_t serial_of(const Plan *plan)
{
    g_autofree char *text = import_text(plan);
    return 1U + g_str_hash(text) % (G_MAXUINT32 - 1);
}

static int make_fit(const char *file, const Athlete *athlete, Conversion *conversion)
{
    Plan *plan = conversion->import.plan;
    const gboolean steps = conversion->import.format == IMPORT_FIT;
    ImportLosses into = {file, steps ? " step " : "", conversion->import.losses};
    const Losses losses = import_losses(&into);
    if (!athlete_is_unknown(athlete)) {
        const AthleteModel model = athlete_model(athlete);
        const int code = import_resolve(file, &conversion->import, athlete, &model, FALSE);
        if (code != EXIT_DONE)
            return code;
    }
    const double now = usec_to_s(clock_wall()) - FIT_EPOCH_UNIX_S;
    conversion->bytes = g_malloc(FITPLAN_BYTES_MAX);
    conversion->length = fitplan_write(plan, now > 0 ? floor(now) : 0, serial_of(plan),
                                       (uint8_t *)conversion->bytes, FITPLAN_BYTES_MAX, &losses);
    g_assert(conversion->length > 0);
    return EXIT_DONE;
}

static int write_out(const char *file, const Conversion *conversion)
{
    g_autoptr(GError) error = NULL;
    if (strcmp(file, "-") == 0) {
        fwrite(conversion->bytes, 1, conversion->length, stdout);
        return EXIT_DONE; // main() looks whether it could be written
    }
    if (output_check(file) != EXIT_DONE)
        return EXIT_OTHER;
    if (!g_file_set_contents(file, conversion->bytes, (gssize)conversion->length, &error))
        return complain(EXIT_OTHER, "%s", error->message);
    return EXIT_DONE;
}

static int convert(const char *in, ImportFormat from, const char *out, ImportFormat to,
                   const Athlete *athlete, gboolean strict, Conversion *conversion)
{
    int code = import_read(in, from, &conversion->import);
    if (code != EXIT_DONE)
        return code;
    const GPtrArray *lost = conversion->import.losses;
    if (to == IMPORT_FIT) {
        code = make_fit(in, athlete, conversion);
        if (code != EXIT_DONE)
            return code;
    } else {
        conversion->bytes = import_text(conversion->import.plan);
        conversion->length = strlen(conversion->bytes);
    }
    for (guint i = 0; i < lost->len; i++)
        fprintf(stderr, "%s\n", (const char *)lost->pdata[i]);
    if (strict && lost->len > 0)
        return EXIT_BAD_INPUT;
    return write_out(out, conversion);
}

int verb_convert(int argc, char **argv)
{
    g_autofree char *from_name = NULL, *to_name = NULL;
    gboolean strict = FALSE, known = FALSE;
    g_auto(Told) told = told_nothing();
    const GOptionEntry options[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &from_name, NULL, NULL},
        {"to", 0, 0, G_OPTION_ARG_STRING, &to_name, NULL, NULL},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &strict, NULL, NULL},
        {"athlete", 0, 0, G_OPTION_ARG_NONE, &known, NULL, NULL},
        TOLD_OPTIONS(&told),
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 2, 2))
        return EXIT_BAD_USAGE;
    ImportFormat from, to;
    int code = wanted_format(argv[1], from_name, "--from", &from);
    if (code == EXIT_DONE)
        code = output_format(argv[2], to_name, &to);
    if (code == EXIT_DONE && known) {
        if (told.races || told.sex || !athlete_is_unknown(&told.athlete))
            return complain(EXIT_BAD_USAGE, "--athlete or what you tell of yourself, not both");
        g_autoptr(Paced1Athlete) proxy = told_by_daemon(&told.athlete, &code);
    }
    if (code == EXIT_DONE)
        code = told_finish(&told);
    if (code != EXIT_DONE)
        return code;
    Conversion conversion = {0};
    code = convert(argv[1], from, argv[2], to, &told.athlete, strict, &conversion);
    import_clear(&conversion.import);
    g_free(conversion.bytes);
    return code;
}
