// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The numbers are the 2025 age standards for road running of USATF's Masters Long Distance Running
// committee (MLDR), worked out by Alan Jones and published by him as public domain (CC0) in the
// Age-Grade-Tables. Those have a row for each year; here is every fifth, and 18. Between two rows a
// straight line is off by up to 0.6 % between 20 and 75, and by up to 2 % beyond.

#include "athlete/agegrade.h"

#include <string.h>

#define DISTANCES 5
#define AGES      19

static const double distances[DISTANCES] = {METRES_PER_MILE, 5000, 10000, METRES_HALF,
                                            METRES_MARATHON};
static const double ages[AGES] = {5,  10, 15, 18, 20, 25, 30, 35, 40, 45,
                                  50, 55, 60, 65, 70, 75, 80, 85, 90};

// s
static const uint16_t standards[][AGES][DISTANCES] =
    {
        [SEX_FEMALE] =
            {
                {350, 1208, 2520, 6204, 14424},  // 5
                {296, 999, 2071, 4808, 10481},   // 10
                {266, 884, 1844, 4145, 8966},    // 15
                {254, 838, 1758, 3897, 8458},    // 18
                {253, 834, 1729, 3802, 8161},    // 20
                {253, 834, 1726, 3772, 7805},    // 25
                {253, 837, 1729, 3780, 7809},    // 30
                {255, 852, 1751, 3830, 7891},    // 35
                {260, 878, 1794, 3929, 8054},    // 40
                {268, 919, 1860, 4085, 8306},    // 45
                {282, 971, 1956, 4309, 8664},    // 50
                {298, 1029, 2073, 4580, 9156},   // 55
                {316, 1094, 2205, 4887, 9788},   // 60
                {336, 1169, 2354, 5239, 10518},  // 65
                {359, 1254, 2526, 5644, 11366},  // 70
                {386, 1353, 2724, 6118, 12394},  // 75
                {417, 1479, 3004, 6792, 14029},  // 80
                {470, 1689, 3478, 7954, 16860},  // 85
                {565, 2061, 4325, 10110, 22332}, // 90
            },
        [SEX_MALE] =
            {
                {379, 1265, 3122, 5676, 11900}, // 5
                {277, 903, 2058, 4446, 9910},   // 10
                {239, 788, 1699, 3645, 7970},   // 15
                {228, 769, 1613, 3504, 7474},   // 18
                {227, 769, 1589, 3451, 7293},   // 20
                {227, 769, 1584, 3451, 7235},   // 25
                {228, 769, 1584, 3451, 7235},   // 30
                {236, 783, 1599, 3476, 7235},   // 35
                {244, 812, 1644, 3581, 7395},   // 40
                {254, 843, 1710, 3731, 7719},   // 45
                {264, 876, 1783, 3895, 8072},   // 50
                {275, 913, 1861, 4074, 8459},   // 55
                {287, 952, 1947, 4270, 8885},   // 60
                {301, 995, 2041, 4486, 9356},   // 65
                {315, 1046, 2145, 4725, 9880},  // 70
                {339, 1123, 2286, 5053, 10551}, // 75
                {376, 1242, 2514, 5580, 11634}, // 80
                {438, 1428, 2876, 6426, 13381}, // 85
                {545, 1736, 3484, 7872, 16372}, // 90
            },
};

static const char *const sex_names[] = {
    [SEX_UNKNOWN] = "unknown",
    [SEX_FEMALE] = "female",
    [SEX_MALE] = "male",
};

const char *sex_name(Sex sex)
{
    return sex_names[sex];
}

bool sex_parse(const char *text, Sex *ret_sex)
{
    static const struct {
        const char *word;
        Sex sex;
    } words[] = {
        {"female", SEX_FEMALE}, {"f", SEX_FEMALE}, {"w", SEX_FEMALE}, {"woman", SEX_FEMALE},
        {"male", SEX_MALE},     {"m", SEX_MALE},   {"man", SEX_MALE},
    };
    char word[8] = "";
    if (strlen(text) >= sizeof word)
        return false;
    for (size_t i = 0; text[i] != '\0'; i++)
        word[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0) {
            *ret_sex = words[i].sex;
            return true;
        }
    return false;
}

// The row that `value` lies in or behind, so that there is one after it; false outside.
static bool find_row(const double *rows, size_t count, double value, size_t *ret_row)
{
    if (!(value >= rows[0] && value <= rows[count - 1]))
        return false;
    size_t row = 0;
    while (row + 2 < count && value >= rows[row + 1])
        row++;
    *ret_row = row;
    return true;
}

double agegrade_standard(Sex sex, double age, double distance_m)
{
    size_t row, column;
    if (sex == SEX_UNKNOWN || !find_row(ages, AGES, age, &row) ||
        !find_row(distances, DISTANCES, distance_m, &column))
        return NAN;
    double older = (age - ages[row]) / (ages[row + 1] - ages[row]);
    double longer =
        log(distance_m / distances[column]) / log(distances[column + 1] / distances[column]);
    const uint16_t *near = standards[sex][row], *far = standards[sex][row + 1];
    double here = near[column] * (1 - longer) + near[column + 1] * longer;
    double there = far[column] * (1 - longer) + far[column + 1] * longer;
    return here * (1 - older) + there * older;
}

double agegrade_percent(Sex sex, double age, double distance_m, double time_s)
{
    return 100 * agegrade_standard(sex, age, distance_m) / time_s;
}
