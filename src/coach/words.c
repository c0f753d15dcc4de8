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
    const uint32_t rest = number % 100;
    if (number < NUMBER_WORDS)
        return word(phrases->number[number]);
    if (number == 100)
        return word(phrases->phrase[PHRASE_HUNDRED]);
    const Words h = phrases_hundreds(phrases, number / 100);
    if (rest == 0)
        return h;
    return phrases_fill(phrases, PHRASE_HUNDREDS_AND, "h", h.text, "rest", phrases->number[rest],
                        NULL);
}

static Words thousands(const Phrases *phrases, uint32_t t)
{
    if (t == 1)
        return word(phrases->phrase[PHRASE_THOUSAND]);
    const bool few = phrases_plural(phrases, t) == PLURAL_FEW;
    return phrases_fill(phrases,
                        few && phrases_has(phrases, PHRASE_THOUSANDS_FEW) ? PHRASE_THOUSANDS_FEW
                                                                          : PHRASE_THOUSANDS,
                        "t", hundreds(phrases, t).text, NULL);
}

Words words_number(const Phrases *phrases, uint64_t number)
{
    uint32_t n = number > WORDS_NUMBER_MAX ? WORDS_NUMBER_MAX : (uint32_t)number;
    if (n < 1000)
        return hundreds(phrases, n);
    const Words t = thousands(phrases, n / 1000);
    const uint32_t rest = n % 1000;
    if (rest == 0)
        return t;
    const bool round = rest < 100 || rest % 100 == 0;
    return phrases_fill(phrases,
                        round && phrases_has(phrases, PHRASE_THOUSANDS_AND_ROUND)
                            ? PHRASE_THOUSANDS_AND_ROUND
                            : PHRASE_THOUSANDS_AND,
                        "thousands", t.text, "rest", hundreds(phrases, rest).text, NULL);
}

Words words_reading(const Phrases *phrases, uint64_t number)
{
    const uint32_t rest = (uint32_t)(number % 100);
    const Words n = words_number(phrases, number);
    if (number < 100 || number >= 1000 || rest == 0)
        return n;
    return phrases_fill(phrases, rest < 10 ? PHRASE_READING_OH : PHRASE_READING, "n", n.text, "h",
                        phrases->number[number / 100], "rest", phrases->number[rest], NULL);
}

// A count of something.
typedef struct {
    PhraseId one, few, many;
} Noun;

static const Noun SECONDS = {PHRASE_ONE_SECOND, PHRASE_SECONDS_FEW, PHRASE_SECONDS};
static const Noun MINUTES = {PHRASE_ONE_MINUTE, PHRASE_MINUTES_FEW, PHRASE_MINUTES};
static const Noun HOURS = {PHRASE_ONE_HOUR, PHRASE_HOURS_FEW, PHRASE_HOURS};
static const Noun METRES = {PHRASE_ONE_METRE, PHRASE_METRES_FEW, PHRASE_METRES};
static const Noun KILOMETRES = {PHRASE_ONE_KILOMETRE, PHRASE_KILOMETRES_FEW, PHRASE_KILOMETRES};
static const Noun MILES = {PHRASE_ONE_MILE, PHRASE_MILES_FEW, PHRASE_MILES};

static Words count(const Phrases *phrases, uint64_t n, const Noun *noun)
{
    PhraseId id = noun->many;
    switch (phrases_plural(phrases, n)) {
    case PLURAL_ONE:
        id = noun->one;
        break;
    case PLURAL_FEW:
        id = phrases_has(phrases, noun->few) ? noun->few : noun->many;
        break;
    case PLURAL_MANY:
        break;
    }
    return phrases_fill(phrases, id, "n", words_number(phrases, n).text, NULL);
}

Words words_clock(const Phrases *phrases, uint32_t seconds)
{
    Words m = words_number(phrases, seconds / 60);
    uint32_t s = seconds % 60;
    PhraseId id = s == 0 ? PHRASE_CLOCK_FLAT : s < 10 ? PHRASE_CLOCK_OH : PHRASE_CLOCK;
    return phrases_fill(phrases, id, "m", m.text, "minutes",
                        count(phrases, seconds / 60, &MINUTES).text, "s", phrases->number[s], NULL);
}

Words words_split(const Phrases *phrases, uint32_t seconds)
{
    if (seconds < 100)
        return words_number(phrases, seconds);
    if (seconds < 3600)
        return words_clock(phrases, seconds);
    return words_duration(phrases, (Usec)seconds * USEC_PER_SEC);
}

Words words_pace(const Phrases *phrases, PaceTarget pace)
{
    return phrases_fill(phrases,
                        pace.unit == PACE_PER_MILE ? PHRASE_PER_MILE : PHRASE_PER_KILOMETRE, "pace",
                        words_clock(phrases, pace.seconds).text, NULL);
}

static Words minutes_and_seconds(const Phrases *phrases, uint32_t seconds)
{
    if (seconds < 60)
        return count(phrases, seconds, &SECONDS);
    Words minutes = count(phrases, seconds / 60, &MINUTES);
    if (seconds % 60 == 0)
        return minutes;
    return phrases_fill(phrases, PHRASE_MINUTES_SECONDS, "minutes", minutes.text, "s",
                        phrases->number[seconds % 60], NULL);
}

Words words_duration(const Phrases *phrases, Usec span)
{
    uint64_t seconds = span < 0 ? 0 : (uint64_t)((span + USEC_PER_SEC / 2) / USEC_PER_SEC);
    if (seconds <= 90 && seconds != 60)
        return count(phrases, seconds, &SECONDS);
    uint64_t h = seconds / 3600;
    uint32_t rest = (uint32_t)(seconds % 3600);
    if (h == 0)
        return minutes_and_seconds(phrases, rest);
    Words hours = count(phrases, h, &HOURS);
    if (rest == 0)
        return hours;
    return phrases_fill(phrases, PHRASE_HOURS_REST, "hours", hours.text, "rest",
                        minutes_and_seconds(phrases, rest).text, NULL);
}

// thousandths / 1000, without trailing zeros; the decimals are said one by one, or two of them as a
// number where that is the custom.
static Words decimal(const Phrases *phrases, uint64_t thousandths)
{
    const Words whole = words_number(phrases, thousandths / 1000);
    const uint32_t hundredths = (uint32_t)(thousandths % 1000 / 10);
    uint32_t fraction = (uint32_t)(thousandths % 1000);
    if (fraction % 10 == 0 && hundredths % 10 != 0 && hundredths > 10 &&
        phrases_has(phrases, PHRASE_DECIMAL_PAIR))
        return phrases_fill(phrases, PHRASE_DECIMAL_PAIR, "n", whole.text, "decimals",
                            phrases->number[hundredths], NULL);
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
        return count(phrases, (mm + 500) / 1000, &METRES);

    // In steps of the last decimal that is told; a mile is 1609.344 m exactly.
    uint64_t unit_mm = miles ? 1609344 : 1000000;
    uint64_t step = decimals == 0 ? 1000 : decimals == 1 ? 100 : decimals == 2 ? 10 : 1;
    uint64_t steps = 1000 / step; // to the unit
    uint64_t thousandths = (mm * steps + unit_mm / 2) / unit_mm * step;
    const Noun *noun = miles ? &MILES : &KILOMETRES;
    if (thousandths % 1000 == 0)
        return count(phrases, thousandths / 1000, noun);
    const PhraseId part = miles ? PHRASE_MILES_PART : PHRASE_KILOMETRES_PART;
    return phrases_fill(phrases, phrases_has(phrases, part) ? part : noun->many, "n",
                        decimal(phrases, thousandths).text, NULL);
}

Words words_speed(const Phrases *phrases, double speed, PaceUnit unit, bool named)
{
    const bool miles = unit == PACE_PER_MILE;
    const double unit_m = miles ? METRES_PER_MILE : METRES_PER_KM;
    const uint64_t tenths = (uint64_t)llround(fmax(speed, 0) * 36000 / unit_m);
    if (named)
        return phrases_fill(phrases, PHRASE_AN_HOUR, "length",
                            words_distance(phrases, llround((double)tenths * unit_m * 100),
                                           miles ? WRITTEN_MILES : WRITTEN_KM, 1)
                                .text,
                            NULL);
    return tenths % 10 == 0 ? words_number(phrases, tenths / 10) : decimal(phrases, tenths * 100);
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
