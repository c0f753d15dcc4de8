// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Numbers as a runner says them: "four fifty", "one point six kilometres", "two minutes ten". No
// digit and no notation ever reaches the voice: speech engines read "4:50/km" as a clock or a
// slash.

#pragma once

#include "coach/phrases.h"
#include "workout/plan.h"

#define WORDS_NUMBER_MAX       999999 // larger numbers are spoken as this one
#define WORDS_A_MINUTE_DEFAULT 160    // 150 to 170 is understood best while running

Words words_number(const Phrases *phrases, uint64_t number);

// A heart rate, a cadence, a power: "one sixty-eight", "one oh five", "two hundred".
Words words_reading(const Phrases *phrases, uint64_t number);

// Minutes and seconds the way paces are said: "four fifty", "four oh five", "four flat".
Words words_clock(const Phrases *phrases, uint32_t seconds);

// A split: below a hundred seconds as seconds ("eighty-six"), then as a clock, from an hour as a
// duration.
Words words_split(const Phrases *phrases, uint32_t seconds);

// With its unit: "four fifty a kilometre", "seven thirty-six a mile".
Words words_pace(const Phrases *phrases, PaceTarget pace);

// Of m/s: "nine point five kilometres an hour"; without its unit "nine point five".
Words words_speed(const Phrases *phrases, double speed, PaceUnit unit, bool named);

// "ninety seconds", "two minutes ten", "one hour fifteen minutes". Rounded to the second.
Words words_duration(const Phrases *phrases, Usec span);

// "two hundred metres", "one kilometre", "one point six kilometres"; with WRITTEN_MILES in miles.
// Metres are rounded to one, kilometres and miles to `decimals` (0 … 3) and trailing zeros left
// out.
Words words_distance(const Phrases *phrases, int64_t distance_mm, WrittenUnit unit,
                     unsigned decimals);

// How long the voice will take for a text at so many words a minute, a little generously: the same
// on every machine, for English close to what eSpeak NG does.
Usec speech_duration(const char *text, int words_a_minute);
