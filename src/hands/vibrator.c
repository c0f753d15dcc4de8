// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "hands/vibrator.h"

#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Small motors need some 60 ms to be felt at all.
static const struct {
    guint16 on_ms, off_ms; // what is off comes before each that is on
    guint8 times;
} feels[FEELS] = {
    [FEEL_GO] = {600, 0, 1},       [FEEL_REST] = {250, 0, 1}, [FEEL_FASTER] = {100, 90, 3},
    [FEEL_SLOWER] = {400, 150, 2}, [FEEL_YES] = {80, 0, 1},   [FEEL_NO] = {80, 100, 2},
};

Feel feel_of(Tone tone)
{
    switch (tone) {
    case TONE_GO:
        return FEEL_GO;
    case TONE_REST:
        return FEEL_REST;
    case TONE_FASTER:
        return FEEL_FASTER;
    case TONE_SLOWER:
        return FEEL_SLOWER;
    case TONE_YES:
        return FEEL_YES;
    case TONE_NO:
        return FEEL_NO;
    case TONE_NONE:
    case TONE_COUNT:
    case TONE_STEADY:
    case TONE_NOTICE:
    case TONE_AHEAD:
    case TONE_LEVEL:
    case TONE_BEHIND:
    case TONE_COUNT_OF:
        break;
    }
    return FEEL_NOTHING;
}

gboolean vibrator_init(Vibrator *vibrator, int fd, int strength)
{
    gboolean any = FALSE;
    vibrator->ids[FEEL_NOTHING] = -1;
    for (Feel feel = FEEL_NOTHING + 1; feel < FEELS; feel++) {
        const guint16 magnitude = (guint16)(G_MAXUINT16 * strength / 100);
        struct ff_effect effect = {
            .type = FF_RUMBLE,
            .id = -1,
            .replay = {feels[feel].on_ms, feels[feel].off_ms},
            .u.rumble = {magnitude, magnitude},
        };
        vibrator->ids[feel] = ioctl(fd, EVIOCSFF, &effect) < 0 ? -1 : effect.id;
        any = any || vibrator->ids[feel] >= 0;
    }
    return any;
}

static void play(int fd, gint16 id, int times)
{
    struct input_event event;
    memset(&event, 0, sizeof event);
    event.type = EV_FF;
    event.code = (guint16)id;
    event.value = times;
    // What does not get through is not felt: the device is gone, and will be found gone.
    if (id >= 0 && write(fd, &event, sizeof event) < 0)
        return;
}

void vibrator_play(const Vibrator *vibrator, int fd, Feel feel)
{
    for (Feel other = FEEL_NOTHING + 1; other < FEELS; other++)
        if (other != feel)
            play(fd, vibrator->ids[other], 0);
    play(fd, vibrator->ids[feel], feels[feel].times);
}
