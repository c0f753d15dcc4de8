// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Numbers into words by the phrases of one language. Hard are only the habits: a runner's pace has
// no units, a zero is "oh", a full minute is "flat", and up to a minute and a half is told in
// seconds.

#include "coach/words.h"

#include <string.h>

static Words word(const char *text)
{
    Words words = {0};
    strncpy(words.text, text, sizeof words.text - 1);
    return words;
}

static Words hundreds(const Phrases *phrases, uint32_t number)
{
    if (number < NUMBER_WORDS)
        return word(phrases->number[number]);
    const char *h = phrases->number[number / 100];
    uint32_t rest = number % 100;
    if (rest == 0)
        return phrases_fill(phrases, PHRASE_HUNDREDS, "h", h, NULL);
    return phrases_fill(phrases, PHRASE_HUNDREDS_REST, "h", h, "rest", phrases->number[rest], NULL);
}

Words words_number(const Phrases *phrases, uint64_t number)
{
    uint32_t n = number > WORDS_NUMBER_MAX ? WORDS_NUMBER_MAX : (uint32_t)number;
    if (n < 1000)
        return hundreds(phrases, n);
    Words t = hundreds(phrases, n / 1000);
    if (n % 1000 == 0)
        return phrases_fill(phrases, PHRASE_THOUSANDS, "t", t.text, NULL);
    return phrases_fill(phrases, PHRASE_THOUSANDS_REST, "t", t.text, "rest",
                        hundreds(phrases, n % 1000).text, NULL);
}

Words words_clock(const Phrases *phrases, uint32_t seconds)
{
    Words m = words_number(phrases, seconds / 60);
    uint32_t s = seconds % 60;
    PhraseId id = s == 0 ? PHRASE_CLOCK_FLAT : s < 10 ? PHRASE_CLOCK_OH : PHRASE_CLOCK;
    return phrases_fill(phrases, id, "m", m.text, "s", phrases->number[s], NULL);
}

Words words_split(const Phrases *phrases, uint32_t seconds)
{
    if (seconds < 100)
        return words_number(phrases, seconds);
    if (seconds < 3600)
        return words_clock(phrases, seconds);
    return words_duration(phrases, (Usec)seconds * USEC_PER_SEC);
}

Words words_pace(const Phrases *phrases, PaceTarget pace, bool full)
{
    Words clock = words_clock(phrases, pace.seconds);
    if (pace.unit == PACE_PER_MILE)
        return phrases_fill(phrases, PHRASE_PER_MILE, "pace", clock.text, NULL);
    if (full)
        return phrases_fill(phrases, PHRASE_PER_KILOMETRE, "pace", clock.text, NULL);
    return clock;
}

// A count of something: the singular is a phrase of its own.
static Words plural(const Phrases *phrases, uint64_t n, PhraseId one, PhraseId many)
{
    if (n == 1)
        return phrases_fill(phrases, one, NULL);
    return phrases_fill(phrases, many, "n", words_number(phrases, n).text, NULL);
}

static Words minutes_and_seconds(const Phrases *phrases, uint32_t seconds)
{
    if (seconds < 60)
        return plural(phrases, seconds, PHRASE_ONE_SECOND, PHRASE_SECONDS);
    Words minutes = plural(phrases, seconds / 60, PHRASE_ONE_MINUTE, PHRASE_MINUTES);
    if (seconds % 60 == 0)
        return minutes;
    return phrases_fill(phrases, PHRASE_MINUTES_SECONDS, "minutes", minutes.text, "s",
                        phrases->number[seconds % 60], NULL);
}

Words words_duration(const Phrases *phrases, Usec span)
{
    uint64_t seconds = span < 0 ? 0 : (uint64_t)((span + USEC_PER_SEC / 2) / USEC_PER_SEC);
    if (seconds <= 90 && seconds != 60)
        return plural(phrases, seconds, PHRASE_ONE_SECOND, PHRASE_SECONDS);
    uint64_t h = seconds / 3600;
    uint32_t rest = (uint32_t)(seconds % 3600);
    if (h == 0)
        return minutes_and_seconds(phrases, rest);
    Words hours = plural(phrases, h, PHRASE_ONE_HOUR, PHRASE_HOURS);
    if (rest == 0)
        return hours;
    return phrases_fill(phrases, PHRASE_HOURS_REST, "hours", hours.text, "rest",
                        minutes_and_seconds(phrases, rest).text, NULL);
}

// thousandths / 1000, without trailing zeros; the decimals are said one by one.
static Words decimal(const Phrases *phrases, uint64_t thousandths)
{
    Words whole = words_number(phrases, thousandths / 1000);
    uint32_t fraction = (uint32_t)(thousandths % 1000);
    if (fraction == 0)
        return whole;
    Words digits = {0};
    for (uint32_t place = 100; fraction > 0; fraction %= place, place /= 10) {
        if (place < 100)
            strncat(digits.text, " ", sizeof digits.text - strlen(digits.text) - 1);
        strncat(digits.text, phrases->number[fraction / place],
                sizeof digits.text - strlen(digits.text) - 1);
    }
    return phrases_fill(phrases, PHRASE_DECIMAL, "n", whole.text, "decimals", digits.text, NULL);
}

Words words_distance(const Phrases *phrases, int64_t distance_mm, WrittenUnit unit,
                     unsigned decimals)
{
    uint64_t mm = distance_mm < 0 ? 0 : (uint64_t)distance_mm;
    bool miles = unit == WRITTEN_MILES;
    if (!miles && (mm + 500) / 1000 < 1000)
        return plural(phrases, (mm + 500) / 1000, PHRASE_ONE_METRE, PHRASE_METRES);

    // In steps of the last decimal that is told; a mile is 1609.344 m exactly.
    uint64_t unit_mm = miles ? 1609344 : 1000000;
    uint64_t step = decimals == 0 ? 1000 : decimals == 1 ? 100 : decimals == 2 ? 10 : 1;
    uint64_t steps = 1000 / step; // to the unit
    uint64_t thousandths = (mm * steps + unit_mm / 2) / unit_mm * step;
    if (thousandths == 1000)
        return phrases_fill(phrases, miles ? PHRASE_ONE_MILE : PHRASE_ONE_KILOMETRE, NULL);
    return phrases_fill(phrases, miles ? PHRASE_MILES : PHRASE_KILOMETRES, "n",
                        decimal(phrases, thousandths).text, NULL);
}

Usec speech_duration(const char *text, int words_a_minute)
{
    // Fitted to eSpeak NG's en-us voice at 160 words a minute over the coach's own phrases; most
    // are a little shorter. Its pauses shrink and grow with its words.
    unsigned words = 0, letters = 0, pauses = 0, stops = 0;
    bool in_word = false;
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        bool letter =
            c >= 0xc0 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        letters += letter;
        words += letter && !in_word;
        pauses += c == ',' || c == ':';
        stops += c == '.';
        in_word = c < 0x80 ? c != ' ' : in_word || letter;
    }
    if (words == 0)
        return 0;
    Usec msec = 180 + 130 * words + 50 * letters + 120 * pauses + 650 * stops;
    return msec * USEC_PER_MSEC * 160 / words_a_minute;
}
