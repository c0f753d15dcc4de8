// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The worked timeline of corrections, 160 s at 4 m/s, through a whole session: bytes of a sensor
// in, words out. The sensor is a treadmill, for of a belt the speed is what it says, at once; and
// nothing is said of the way, which a correction would give way to.

#include "set.h"

#define LENGTH 160

// m/s from this second on.
static const struct {
    int from_s;
    double speed;
} course[] = {{0, 4.35},  {9, 4.3},   {17, 4.05}, {27, 4.0},  {47, 3.8},
              {77, 3.95}, {92, 4.18}, {95, 4.0},  {107, 4.2}, {137, 4.0}};

static const struct {
    int at_s;
    const char *words; // that it begins with
} told[] = {{10, "easy now"},
            {19, "hold steady"},
            {50, "push a little harder"},
            {70, "push a little harder"},
            {79, "hold steady"},
            {110, "easy now"},
            {130, "easy now"},
            {139, "hold steady"}};

static struct {
    Usec began;
    size_t count;
    bool wrong;
} heard;

static void hear(const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_STEP)
        heard.began = effect->at;
    if (effect->kind != EFFECT_SAY || effect->cue.kind != CUE_DRIFT)
        return;
    const size_t n = heard.count++;
    cr_assert(n < sizeof told / sizeof *told, "%s", effect->cue.text);
    cr_expect(strncmp(effect->cue.text, told[n].words, strlen(told[n].words)) == 0, "%s, not %s",
              effect->cue.text, told[n].words);
    cr_expect(epsilon_eq(dbl, usec_to_s(effect->at - heard.began), told[n].at_s, 0.001), "%s",
              effect->cue.text);
}

static void meter_says(Stage *stage, double speed)
{
    const uint16_t watts = (uint16_t)lround(speed * 100);
    Event event = {.kind = EVENT_NOTIFY};
    event.notify.characteristic = CHARACTERISTIC_CPS_MEASUREMENT;
    event.notify.length = 4; // no flag: the power, and nothing else
    event.notify.bytes[2] = (uint8_t)(watts & 0xff);
    event.notify.bytes[3] = (uint8_t)(watts >> 8);
    stage_handle(stage, event);
}

static void go_to(Stage *stage, Usec at)
{
    while (stage_step(stage, at))
        ;
}

Test(timeline, is_reproduced_exactly)
{
    static const char text[] = "Workout - T\n• 160s @ 388-412 W\n• 60s rest\n";
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    Stage stage;
    Event start = {.kind = EVENT_COMMAND};
    config.silent = 1U << CUE_PROGRESS | 1U << CUE_STEP | 1U << CUE_SAFETY;
    stage_init(&stage, &config, SEC(1000), hear, NULL);
    for (int s = 0; s < 10; s++) {
        go_to(&stage, SEC(1000 + s));
        meter_says(&stage, 4.35);
    }
    go_to(&stage, SEC(1010));
    start.command.verb = COMMAND_START;
    start.command.text = text;
    start.command.length = strlen(text);
    stage_handle(&stage, start);
    for (int s = 0, i = 0; s < LENGTH; s++) {
        go_to(&stage, SEC(1010 + s));
        while (i + 1 < (int)(sizeof course / sizeof *course) && course[i + 1].from_s <= s)
            i++;
        meter_says(&stage, course[i].speed);
    }
    cr_expect(eq(sz, heard.count, sizeof told / sizeof *told));
    stage_clear(&stage);
}
