// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the runner hears for a number. The expected words were read aloud before they came here.

#include "coach/words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static Phrases english;

static void setup(void)
{
    phrases_init_english(&english);
}

TestSuite(words, .init = setup);

#define EXPECT_WORDS(words, expected) cr_expect(eq(str, (char *)(words).text, (char *)(expected)))

Test(words, numbers)
{
    static const struct {
        uint64_t number;
        const char *words;
    } cases[] = {
        {0, "zero"},
        {7, "seven"},
        {36, "thirty-six"},
        {99, "ninety-nine"},
        {100, "one hundred"},
        {152, "one hundred and fifty-two"},
        {400, "four hundred"},
        {1000, "one thousand"},
        {1609, "one thousand six hundred and nine"},
        {21098, "twenty-one thousand ninety-eight"},
        {100000, "one hundred thousand"},
        {UINT64_MAX, "nine hundred and ninety-nine thousand nine hundred and ninety-nine"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        EXPECT_WORDS(words_number(&english, cases[i].number), cases[i].words);
}

Test(words, readings)
{
    EXPECT_WORDS(words_reading(&english, 58), "fifty-eight");
    EXPECT_WORDS(words_reading(&english, 100), "one hundred");
    EXPECT_WORDS(words_reading(&english, 105), "one oh five");
    EXPECT_WORDS(words_reading(&english, 168), "one sixty-eight");
    EXPECT_WORDS(words_reading(&english, 1200), "one thousand two hundred");
}

Test(words, paces_as_a_runner_says_them)
{
    static const struct {
        uint16_t seconds;
        PaceUnit unit;
        const char *words;
    } cases[] = {
        {290, PACE_PER_KM, "four fifty a kilometre"},
        {245, PACE_PER_KM, "four oh five a kilometre"},
        {240, PACE_PER_KM, "four flat a kilometre"},
        {456, PACE_PER_MILE, "seven thirty-six a mile"},
        {615, PACE_PER_MILE, "ten fifteen a mile"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PaceTarget pace = {cases[i].seconds, cases[i].unit};
        EXPECT_WORDS(words_pace(&english, pace), cases[i].words);
    }
}

Test(words, splits)
{
    static const struct {
        uint32_t seconds;
        const char *words;
    } cases[] = {
        {1, "one"},
        {60, "sixty"},
        {86, "eighty-six"},
        {99, "ninety-nine"},
        {100, "one forty"},
        {120, "two flat"},
        {292, "four fifty-two"},
        {3599, "fifty-nine fifty-nine"},
        {3605, "one hour five seconds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        EXPECT_WORDS(words_split(&english, cases[i].seconds), cases[i].words);
}

Test(words, durations)
{
    static const struct {
        double seconds;
        const char *words;
    } cases[] = {
        {-3, "zero seconds"},
        {1, "one second"},
        {30, "thirty seconds"},
        {60, "one minute"},
        {84, "eighty-four seconds"},
        {90, "ninety seconds"},
        {95, "one minute thirty-five"},
        {119.5, "two minutes"},
        {130, "two minutes ten"},
        {720, "twelve minutes"},
        {1050, "seventeen minutes thirty"},
        {3600, "one hour"},
        {3660, "one hour one minute"},
        {4500, "one hour fifteen minutes"},
        {7262, "two hours one minute two"},
        {7202, "two hours two seconds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        EXPECT_WORDS(words_duration(&english, usec_from_s(cases[i].seconds)), cases[i].words);
}

Test(words, distances)
{
    static const struct {
        int64_t mm;
        WrittenUnit unit;
        unsigned decimals;
        const char *words;
    } cases[] = {
        {-1, WRITTEN_METRES, 3, "zero metres"},
        {1000, WRITTEN_METRES, 3, "one metre"},
        {200000, WRITTEN_METRES, 3, "two hundred metres"},
        {999400, WRITTEN_METRES, 3, "nine hundred and ninety-nine metres"},
        {800000, WRITTEN_KM, 3, "eight hundred metres"},
        {1000000, WRITTEN_KM, 3, "one kilometre"},
        {1500000, WRITTEN_METRES, 3, "one point five kilometres"},
        {1600000, WRITTEN_KM, 3, "one point six kilometres"},
        {2050000, WRITTEN_KM, 3, "two point zero five kilometres"},
        {2050000, WRITTEN_KM, 0, "two kilometres"},
        {1234567, WRITTEN_KM, 2, "one point two three kilometres"},
        {1001000, WRITTEN_METRES, 3, "one point zero zero one kilometres"},
        {21097500, WRITTEN_KM, 1, "twenty-one point one kilometres"},
        {21000000, WRITTEN_KM, 3, "twenty-one kilometres"},
        {1609344, WRITTEN_MILES, 3, "one mile"},
        {4828032, WRITTEN_MILES, 3, "three miles"},
        {2414016, WRITTEN_MILES, 3, "one point five miles"},
        {804672, WRITTEN_MILES, 3, "zero point five miles"},
        {8190000, WRITTEN_KM, 1, "eight point two kilometres"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        EXPECT_WORDS(words_distance(&english, cases[i].mm, cases[i].unit, cases[i].decimals),
                     cases[i].words);
}

Test(words, no_digit_is_ever_spoken)
{
    for (uint32_t n = 0; n < 100000; n += n < 8000 ? 1 : 997) {
        const Words all[] = {
            words_number(&english, n),
            words_clock(&english, n),
            words_split(&english, n),
            words_duration(&english, (Usec)n * USEC_PER_SEC),
            words_distance(&english, (int64_t)n * 1000, WRITTEN_MILES, 3),
        };
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            cr_assert(strlen(all[i].text) > 0, "%u, form %zu", n, i);
            size_t wordy = strcspn(all[i].text, "0123456789");
            cr_assert(wordy == strlen(all[i].text), "%s", all[i].text);
        }
    }
}

// Measured on eSpeak NG 1.51, en-us, 160 words a minute, without the pause at the end.
Test(words, speaking_takes_as_long_as_the_voice_needs)
{
    static const struct {
        const char *text;
        double measured_s;
    } cases[] = {
        {"three", 0.38},
        {"go", 0.36},
        {"easy now", 0.70},
        {"push a little harder", 1.17},
        {"foot pod lost. Going by feel", 2.28},
        {"in ten: one kilometre at four fifty. Three of five", 4.05},
        {"in fifteen: one point six kilometres at seven thirty-six a mile. Three of five", 5.75},
        {"four fifty-two, two over. Rest two minutes ten", 3.59},
        {"one hour fifteen minutes at six oh five", 2.58},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double told = usec_to_s(speech_duration(cases[i].text, 160));
        cr_expect(told > cases[i].measured_s - 0.1 && told < cases[i].measured_s * 1.25 + 0.2,
                  "%s: %g s", cases[i].text, told);
    }
    // 240 and 100 words a minute, the pause at the end included.
    const char *text = "in ten: two hundred metres at seven flat a mile. One of ten";
    cr_expect(epsilon_eq(dbl, usec_to_s(speech_duration(text, 240)), 3.04, 0.35));
    cr_expect(epsilon_eq(dbl, usec_to_s(speech_duration(text, 100)), 8.20, 0.8));
    cr_expect(eq(int, (int)speech_duration("", 160), 0));
    cr_expect(eq(int, (int)speech_duration(" . ", 160), 0));
    cr_expect(speech_duration("fünf", 160) > speech_duration("fnf", 160));
}
