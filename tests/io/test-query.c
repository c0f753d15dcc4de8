// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a search finds.

#include "io/error.h"
#include "io/query.h"

#include <criterion/criterion.h>
#include <math.h>

#define NAME  "over-and-under"
#define TITLE "Over and Under, 10 × 200 m in ZÜRICH, VO₂max"

static gboolean fits(const char *words, double minutes, double km, guint32 kinds)
{
    const Gist gist = {.s = minutes * 60, .m = km * 1000, .kinds = kinds};
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query = query_parse(words, &error);
    cr_assert_not_null(query, "%s: %s", words, error ? error->message : "");
    return query_fits(query, NAME, TITLE, &gist);
}

Test(query, a_length_is_said_in_many_ways)
{
    static const struct {
        const char *words;
        double least, most, too_little, too_much; // minutes; NAN: no such limit
    } times[] = {
        {"30-45min", 30, 45, 29.9, 45.1},
        {"30–45 min", 30, 45, 29.9, 45.1},
        {"30 to 45 minutes", 30, 45, 29.9, 45.1},
        {"45min - 1h 15min", 45, 75, 44.9, 75.1},
        {"0.5-1h", 30, 60, 29.9, 60.1},
        {"under an hour", 0, 60, NAN, 60.1},
        {"UNDER AN HOUR", 0, 60, NAN, 60.1},
        {"less  than half an hour", 0, 30, NAN, 30.1},
        {"< 45min", 0, 45, NAN, 45.1},
        {"<45min", 0, 45, NAN, 45.1},
        {"<= 45 mins", 0, 45, NAN, 45.1},
        {"at most 1h15min", 0, 75, NAN, 75.1},
        {"over 1.5 hours", 90, 900, 89.9, NAN},
        {"at least 90min", 90, 900, 89.9, NAN},
        {"> 1h", 60, 900, 59.9, NAN},
        {"about 50min", 45, 55, 44.9, 55.1},
        {"50min", 45, 55, 44.9, 55.1},
        {"1h 15 min", 67.5, 82.5, 67.4, 82.6},
        {"~50min", 45, 55, 44.9, 55.1},
        {"over 40min under an hour", 40, 60, 39.9, 60.1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        const char *words = times[i].words;
        cr_expect(fits(words, times[i].least, 8, 0), "%s", words);
        cr_expect(fits(words, times[i].most, 8, 0), "%s", words);
        cr_expect(!fits(words, times[i].too_little, 8, 0), "%s", words);
        cr_expect(!fits(words, times[i].too_much, 8, 0), "%s", words);
    }
}

Test(query, distances_are_lengths_too)
{
    cr_expect(fits("< 8km", 40, 7.9, 0) && !fits("< 8km", 40, 8.1, 0));
    cr_expect(fits("about 10km", 40, 9.1, 0) && !fits("about 10km", 40, 8.9, 0));
    cr_expect(fits("around 10 k", 40, 10.9, 0) && !fits("about 10k", 40, 11.1, 0));
    cr_expect(fits("10km", 40, 9.1, 0) && !fits("10km", 40, 8.9, 0));
    cr_expect(fits("10 km", 40, 10.9, 0) && fits("10k", 40, 10, 0) && !fits("10 km", 40, 11.1, 0));
    cr_expect(!fits("10km", 10, NAN, 0));
    cr_expect(fits("5-6 miles", 40, 9, 0) && !fits("5-6 miles", 40, 7, 0));
    cr_expect(fits("8000-9000m", 40, 8.5, 0) && !fits("8000-9000m", 40, 9.5, 0));
    cr_expect(fits("under an hour over 10km", 59, 11, 0));
    cr_expect(!fits("under an hour over 10km", 59, 9, 0));
    cr_expect(!fits("under an hour over 10km", 61, 11, 0));
}

Test(query, an_unknown_length_fits_none_and_is_no_hindrance)
{
    cr_expect(!fits("under an hour", NAN, NAN, 0));
    cr_expect(!fits("over an hour", NAN, NAN, 0));
    cr_expect(fits("under", NAN, NAN, 0));
    cr_expect(fits("", NAN, NAN, 0));
}

Test(query, a_kind_goes_by_any_of_its_names)
{
    static const struct {
        const char *words;
        WorkoutKind kind;
    } kinds[] = {
        {"tempo", KIND_THRESHOLD},
        {"threshold", KIND_THRESHOLD},
        {"Intervals", KIND_INTERVAL},
        {"easy", KIND_EASY},
        {"long", KIND_LONG},
        {"ladder", KIND_LADDER},
        {"pyramid", KIND_LADDER},
        {"progression", KIND_PROGRESSION},
        {"progressive", KIND_PROGRESSION},
        {"strides", KIND_STRIDES},
        {"fartlek", KIND_FARTLEK},
        {"time trial", KIND_TIME_TRIAL},
        {"time-trial", KIND_TIME_TRIAL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        cr_expect(fits(kinds[i].words, 40, 8, 1U << kinds[i].kind), "%s", kinds[i].words);
        cr_expect(!fits(kinds[i].words, 40, 8, ~(1U << kinds[i].kind)), "%s", kinds[i].words);
    }
    cr_expect(fits("easy strides", 40, 8, 1U << KIND_EASY | 1U << KIND_STRIDES));
    cr_expect(!fits("easy strides", 40, 8, 1U << KIND_EASY), "all words have to fit");
}

Test(query, words_are_looked_for_in_name_and_title)
{
    static const char *const there[] = {"over and under", "over-and", "10 200", "zürich", "vo2max"};
    for (gsize i = 0; i < G_N_ELEMENTS(there); i++)
        cr_expect(fits(there[i], 40, 8, 0), "%s", there[i]);
    // A length however it is written.
    static const char *const said[] = {"200m", "200 m", "200 metres", "0.2km"};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
        cr_expect(fits(said[i], 40, 8, 0), "%s", said[i]);
    cr_expect(!fits("20m", 40, 8, 0) && !fits("00m", 40, 8, 0) && !fits("200min", 40, 8, 0));
    cr_expect(!fits("over and out", 40, 8, 0));
    cr_expect(!fits("800", 40, 8, 0));
}

Test(query, a_length_that_is_none_is_refused)
{
    static const char *const texts[] = {
        "< 8", "under 40",  "<",      "> easy",           "~ km",
        "45m", "under 45m", "30-45m", "over 2h under 1h", "more than 20 parsecs"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Query) query = query_parse(texts[i], &error);
        // A bare "45m" is a word: it may stand in a title.
        cr_expect((query == NULL) == (i != 5), "%s", texts[i]);
        cr_expect(query || g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT));
    }
    g_autofree char *long_text = g_strnfill(1001, 'x');
    cr_expect_null(query_parse(long_text, NULL));
}

Test(query, nonsense_is_survived)
{
    static const char *const texts[] = {
        "-",    "1-",      "--",       "1-2-3", "999999999999999999999999km",
        "1..2", "1.2.3km", "<<",       "\t\n ", "half",
        "an",   "1h 2",    "1km 5min", "–",     "a\u0301\u0301",
        "...",  "1e9km",   "0x10km"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(Query) query = query_parse(texts[i], NULL);
        if (query)
            query_fits(query, "", "", &(Gist){.s = 60, .m = 1000, .kinds = 1});
    }
}
