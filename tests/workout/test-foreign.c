// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What readers of foreign formats put plans together by: words of any bytes become words that can
// be said, lengths get the unit that people would write, and what is lost is said.

#include "workout/foreign.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan; // 150 kB: not for the stack
static char lost[1024];

static void on_lost(void *data, uint32_t where, const char *text)
{
    snprintf(lost, sizeof lost, "%u: %s", where, text);
}

static const Losses losses = {.say = on_lost};

static const char *name_of(const char *text, size_t length)
{
    lost[0] = '\0';
    plan_clear(&plan);
    foreign_name(&plan, text, length, &losses);
    return plan.name;
}

Test(foreign, names_are_what_a_title_may_hold)
{
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"Hills", "Hills"},
        {"  VO\u2082 \u00a0 max \t", "VO\u2082 max"},
        {"one\r\ntwo\x7fthree\xc2\x85"
         "four",
         "one two three four"},
        {"\xff\xc3(\xe2\x82", "?\?(?\?"},
        {"", "Workout"},
        {" \u200b\n", "Workout"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect_str_eq(name_of(cases[i].text, strlen(cases[i].text)), cases[i].name);
        cr_expect_str_eq(lost, "");
    }
    char text[400];
    memset(text, 'x', sizeof text);
    memcpy(text + 254, "\u00e4", 2); // has no room for its second byte
    cr_expect(eq(sz, strlen(name_of(text, sizeof text)), 254));
    cr_expect_str_eq(lost, "0: the name is cut after 254 bytes");
}

Test(foreign, notes_join_and_end_where_they_are_too_long)
{
    char text[400];
    PlanItem item = {.line = 7};
    lost[0] = '\0';
    plan_clear(&plan);
    foreign_note(&plan, &item, " \n", 2, &losses);
    cr_expect(eq(u16, item.note, 0));
    foreign_note(&plan, &item, "go", 2, &losses);
    foreign_note(&plan, &item, "hard ", 5, &losses);
    cr_expect_str_eq(plan.notes + item.note, "go hard");
    PlanItem other = {.line = 8};
    foreign_note(&plan, &other, "go hard", 7, &losses);
    cr_expect(eq(u16, other.note, item.note)); // what is said twice is kept once
    memset(text, 'x', sizeof text);
    foreign_note(&plan, &item, text, 100, &losses);
    cr_expect_str_eq(lost, "");
    foreign_note(&plan, &item, text, 100, &losses);
    cr_expect_str_eq(lost, "7: its words are too many to be spoken: cut after 160 bytes");
    cr_expect(eq(sz, strlen(plan.notes + item.note), 160));
    for (int i = 0; i < 100; i++) {
        PlanItem more = {.line = 9};
        snprintf(text, sizeof text, "%0150d", i);
        foreign_note(&plan, &more, text, 150, &losses);
    }
    cr_expect_str_eq(lost, "9: its words are left out: there is no room for more");
    foreign_note(&plan, &item, text, 150, NULL); // to nobody
}

Test(foreign, lengths_are_written_as_people_do)
{
    static const struct {
        int64_t mm;
        WrittenUnit unit;
        uint32_t scaled;
        uint8_t decimals;
    } cases[] = {
        {400000, WRITTEN_METRES, 400, 0},  {1050000, WRITTEN_METRES, 1050, 0},
        {1000000, WRITTEN_KM, 10, 1},      {21000000, WRITTEN_KM, 210, 1},
        {1609340, WRITTEN_MILES, 10, 1},   {402340, WRITTEN_MILES, 25, 2},
        {21097500, WRITTEN_KM, 210975, 4}, {182880, WRITTEN_KM, 18288, 5},
        {12340, WRITTEN_KM, 1234, 5},      {1000000000, WRITTEN_KM, 10000, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        PlanItem item = {0};
        cr_assert(foreign_distance(&item, cases[i].mm));
        cr_expect(item.written.unit == cases[i].unit && item.written.scaled == cases[i].scaled &&
                      item.written.decimals == cases[i].decimals,
                  "%d: %d %u %u", (int)cases[i].mm, (int)item.written.unit, item.written.scaled,
                  item.written.decimals);
        cr_expect(eq(int, item.step.measure, MEASURE_DISTANCE));
    }
    PlanItem item = {0};
    cr_expect(not(foreign_distance(&item, 4)));
    cr_expect(not(foreign_distance(&item, 1000000001)));
    cr_expect(not(foreign_time(&item, 0)));
    cr_expect(not(foreign_time(&item, 24 * 3600 + 1)));
    cr_expect(foreign_time(&item, 24 * 3600));
    cr_expect(foreign_time(&item, 3605) && item.written.parts == 5);
    foreign_length(&item, &(WrittenLength){.unit = WRITTEN_OPEN});
    cr_expect(eq(int, item.step.measure, MEASURE_OPEN));
}

Test(foreign, shares_of_a_speed_are_offsets_of_time)
{
    const TargetPoint mile = {.kind = POINT_RACE, .distance_mm = 1609344};
    TargetPoint point;
    cr_expect(foreign_share(&mile, 0.9, &point) && point.percent_tenths == 111);
    cr_expect(foreign_share(&mile, 1.05, &point) && point.percent_tenths == -48);
    cr_expect(foreign_share(&mile, 0.25, &point) && point.percent_tenths == 3000);
    cr_expect(foreign_share(&mile, 2, &point) && point.percent_tenths == -500);
    cr_expect(not(foreign_share(&mile, 0.24, &point)));
    cr_expect(not(foreign_share(&mile, 2.1, &point)));
    cr_expect(not(foreign_share(&mile, 0, &point)));
    cr_expect(not(foreign_share(&mile, -1, &point)));
}

Test(foreign, a_plan_is_finished_or_says_why_not)
{
    TextError error;
    plan_clear(&plan);
    cr_expect(not(foreign_finish(&plan, &error)));
    cr_expect(error.line == 1 && strcmp(error.text, "there is nothing to run") == 0);
    PlanItem item = {.kind = ITEM_STEP, .line = 3, .column = 2};
    cr_assert(foreign_time(&item, 60));
    for (int i = 0; i < PLAN_ITEMS_MAX; i++)
        cr_assert(foreign_insert(&plan, plan.item_count, &item));
    cr_expect(not(foreign_insert(&plan, 0, &item)));
    cr_expect(foreign_finish(&plan, &error));
    item.kind = ITEM_LADDER; // without rungs: no foreign reader makes one
    plan.items[0] = item;
    cr_expect(not(foreign_finish(&plan, &error)));
    cr_expect(error.line == 3 && error.column == 2);
}
