// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reads a search. What is hard is that the words of a length are words of titles as well: "over"
// in "over and under" is one, in "over 10 km" it is not, so a word becomes a length only when one
// follows it.

#include "io/query.h"

#include "io/error.h"

#include <math.h>
#include <string.h>

#define ABOUT     0.1
#define SHORTEST  100.0 // m; who writes less means minutes
#define QUERY_MAX 1000  // bytes
#define NUMBER_AT "0123456789"

typedef struct {
    double value; // s or m
    double unit;  // of its first number
    gboolean is_time;
} Amount;

typedef struct {
    char *text;    // folded
    guint32 kinds; // that it names as well
    Amount amount; // that it is; its value is NaN where it is none
} Word;

struct Query {
    double least_s, most_s, least_m, most_m;
    GArray *words;
};

typedef enum {
    BOUND_MOST,
    BOUND_LEAST,
    BOUND_ABOUT,
} Bound;

static char *fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    return g_utf8_casefold(normal ? normal : text, -1);
}

static const char *skip_blanks(const char *at)
{
    while (g_ascii_isspace(*at))
        at++;
    return at;
}

// Reads these words, with any blanks between, that no letter follows; NULL when they do not stand
// there. What is no letter needs no end.
static const char *accept(const char *at, const char *words)
{
    at = skip_blanks(at);
    const char *last = words;
    for (; *words; last = words++) {
        if (*words == ' ') {
            if (!g_ascii_isspace(*at))
                return NULL;
            at = skip_blanks(at);
        } else if (*at++ != *words) {
            return NULL;
        }
    }
    return g_ascii_isalpha(*last) && g_ascii_isalpha(*at) ? NULL : at;
}

static const char *accept_number(const char *at, double *ret_number)
{
    at = skip_blanks(at);
    char *end;
    gsize digits = strspn(at, NUMBER_AT ".");
    if (!g_ascii_isdigit(*at) || digits > 9)
        return NULL;
    *ret_number = g_ascii_strtod(at, &end);
    return end == at + digits ? end : NULL;
}

// Tables of texts, not of pointers to them: those would have to be relocated at every start.
static const struct {
    char word[11]; // also with an s behind it
    gboolean is_time;
    double unit;
} UNITS[] = {
    {"h", TRUE, 3600},
    {"hour", TRUE, 3600},
    {"min", TRUE, 60},
    {"minute", TRUE, 60},
    {"km", FALSE, 1000},
    {"k", FALSE, 1000},
    {"kilometre", FALSE, 1000},
    {"mile", FALSE, METRES_PER_MILE},
    {"mi", FALSE, METRES_PER_MILE},
    {"metre", FALSE, 1},
    {"m", FALSE, 1},
};

static const char *accept_unit(const char *at, gsize *ret_unit)
{
    for (gsize i = 0; i < G_N_ELEMENTS(UNITS); i++) {
        gsize length = strlen(UNITS[i].word);
        const char *end = skip_blanks(at);
        if (strncmp(end, UNITS[i].word, length) != 0)
            continue;
        end += length;
        end += *end == 's';
        if (!g_ascii_isalpha(*end)) {
            *ret_unit = i;
            return end;
        }
    }
    return NULL;
}

static const char *accept_amount(const char *at, Amount *ret_amount)
{
    const char *hour = accept(at, "an hour"), *half = accept(at, "half an hour");
    if (hour || half) {
        *ret_amount = (Amount){hour ? 3600 : 1800, 3600, TRUE};
        return hour ? hour : half;
    }
    double number;
    gsize unit;
    at = accept_number(at, &number);
    at = at ? accept_unit(at, &unit) : NULL;
    if (!at)
        return NULL;
    *ret_amount = (Amount){number * UNITS[unit].unit, UNITS[unit].unit, UNITS[unit].is_time};
    // "1h 15min"
    const char *more = UNITS[unit].is_time ? accept_number(at, &number) : NULL;
    more = more ? accept_unit(more, &unit) : NULL;
    if (!more || !UNITS[unit].is_time)
        return at;
    ret_amount->value += number * UNITS[unit].unit;
    return more;
}

static const char *accept_bound(const char *at, Bound *ret_bound)
{
    static const struct {
        char words[10];
        guint8 bound;
    } bounds[] = {
        {"<", BOUND_MOST},          {"under", BOUND_MOST},     {"below", BOUND_MOST},
        {"less than", BOUND_MOST},  {"at most", BOUND_MOST},   {"up to", BOUND_MOST},
        {">", BOUND_LEAST},         {"over", BOUND_LEAST},     {"above", BOUND_LEAST},
        {"more than", BOUND_LEAST}, {"at least", BOUND_LEAST}, {"~", BOUND_ABOUT},
        {"about", BOUND_ABOUT},     {"around", BOUND_ABOUT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bounds); i++) {
        const char *end = accept(at, bounds[i].words);
        if (end) {
            *ret_bound = bounds[i].bound;
            return *end == '=' ? end + 1 : end;
        }
    }
    return NULL;
}

static void narrow(Query *query, gboolean is_time, double least, double most)
{
    double *at_least = is_time ? &query->least_s : &query->least_m;
    double *at_most = is_time ? &query->most_s : &query->most_m;
    *at_least = fmax(*at_least, least);
    *at_most = fmin(*at_most, most);
}

// "under an hour"
static const char *accept_bounded(Query *query, const char *at)
{
    Bound bound;
    Amount amount;
    at = accept_bound(at, &bound);
    at = at ? accept_amount(at, &amount) : NULL;
    if (!at)
        return NULL;
    const double slack = bound == BOUND_ABOUT ? amount.value * ABOUT : 0;
    narrow(query, amount.is_time, bound == BOUND_MOST ? 0 : amount.value - slack,
           bound == BOUND_LEAST ? INFINITY : amount.value + slack);
    return at;
}

// "30-45min"
static const char *accept_range(Query *query, const char *at)
{
    double number;
    gsize unit;
    Amount most;
    at = accept_number(at, &number);
    if (!at)
        return NULL;
    const char *behind_unit = accept_unit(at, &unit);
    if (behind_unit)
        at = behind_unit;
    const char *dash = accept(at, "-");
    dash = dash ? dash : accept(at, "–");
    at = dash ? dash : accept(at, "to");
    at = at ? accept_amount(at, &most) : NULL;
    if (!at || (behind_unit && UNITS[unit].is_time != most.is_time))
        return NULL;
    const double least = number * (behind_unit ? UNITS[unit].unit : most.unit);
    narrow(query, most.is_time, fmin(least, most.value), fmax(least, most.value));
    return at;
}

// ── words ──

static guint32 named_kinds(const char *word)
{
    static const struct {
        char begins[11];
        guint8 kind;
    } names[] = {
        {"easy", KIND_EASY},        {"recovery", KIND_EASY},
        {"long", KIND_LONG},        {"threshold", KIND_THRESHOLD},
        {"tempo", KIND_THRESHOLD},  {"interval", KIND_INTERVAL},
        {"fartlek", KIND_FARTLEK},  {"ladder", KIND_LADDER},
        {"pyramid", KIND_LADDER},   {"progress", KIND_PROGRESSION},
        {"stride", KIND_STRIDES},   {"time-trial", KIND_TIME_TRIAL},
        {"trial", KIND_TIME_TRIAL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_has_prefix(word, names[i].begins))
            return 1U << names[i].kind;
    return 0;
}

static const char *take_word(Query *query, const char *at)
{
    Amount amount;
    const char *trial = accept(at, "time trial"), *length = accept_amount(at, &amount);
    const char *end = trial ? trial : length ? length : at + strcspn(at, " \t\n\r\f\v");
    Word word = {trial ? g_strdup("time-trial") : g_strndup(at, (gsize)(end - at)),
                 .amount = length ? amount : (Amount){.value = NAN}};
    word.kinds = named_kinds(word.text);
    g_array_append_val(query->words, word);
    return end;
}

static gboolean check_lengths(const Query *query, GError **error)
{
    if (query->most_m < SHORTEST)
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "no workout is shorter than %.0f m: minutes are min", SHORTEST);
    else if (query->least_s > query->most_s || query->least_m > query->most_m)
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "nothing is longer than its least and shorter than its most");
    else
        return TRUE;
    return FALSE;
}

Query *query_parse(const char *text, GError **error)
{
    if (strlen(text) > QUERY_MAX) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, "a search has at most %d bytes",
                    QUERY_MAX);
        return NULL;
    }
    g_autofree char *folded = fold(text);
    g_autoptr(Query) query = g_new0(Query, 1);
    query->most_s = query->most_m = INFINITY;
    query->words = g_array_new(FALSE, FALSE, sizeof(Word));
    for (const char *at = skip_blanks(folded); *at; at = skip_blanks(at)) {
        Bound bound;
        double number;
        const char *end = accept_bounded(query, at);
        end = end ? end : accept_range(query, at);
        const char *wanted = end ? NULL : accept_bound(at, &bound);
        if (wanted && (strchr("<>~", *at) || accept_number(wanted, &number))) {
            g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                        "“%s” says no length: write one as 45min, 1h 15min or 10km", at);
            return NULL;
        }
        at = end ? end : take_word(query, at);
    }
    return check_lengths(query, error) ? g_steal_pointer(&query) : NULL;
}

void query_free(Query *query)
{
    for (guint i = 0; i < query->words->len; i++)
        g_free(g_array_index(query->words, Word, i).text);
    g_array_unref(query->words);
    g_free(query);
}

// An unknown length is within no bounds, but where nobody asks it is no reproach.
static gboolean within(double least, double value, double most)
{
    return (least <= 0 && isinf(most)) || (value >= least && value <= most);
}

// Whether a length stands in a text, however it is written: "10 km", "10K".
static gboolean says(const char *text, const Amount *wanted)
{
    Amount amount;
    for (; *text; text++) {
        if (!g_ascii_isdigit(*text))
            continue;
        if (accept_amount(text, &amount) && amount.is_time == wanted->is_time &&
            amount.value == wanted->value)
            return TRUE;
        text += strspn(text, NUMBER_AT ".") - 1;
    }
    return FALSE;
}

gboolean query_fits(const Query *query, const char *name, const char *title, const Gist *gist)
{
    if (!within(query->least_s, gist->s, query->most_s) ||
        !within(query->least_m, gist->m, query->most_m))
        return FALSE;
    g_autofree char *both = g_strjoin("\n", name, title, NULL);
    g_autofree char *folded = fold(both);
    for (guint i = 0; i < query->words->len; i++) {
        const Word *word = &g_array_index(query->words, Word, i);
        const Amount *amount = &word->amount;
        const double its = amount->is_time ? gist->s : gist->m;
        const gboolean fits =
            isnan(amount->value)
                ? (word->kinds & gist->kinds) || strstr(folded, word->text)
                : fabs(its - amount->value) <= amount->value * ABOUT || says(folded, amount);
        if (!fits)
            return FALSE;
    }
    return TRUE;
}
