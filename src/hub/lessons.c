// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// They are kept in the words of a capture, which are read and checked there already. Age is counted
// in whole days; what is left of one counts on when something is written down.

#include "hub/lessons.h"

#include "base/cursor.h"
#include "record/known-line.h"
#include "record/token.h"

#include <string.h>

#define DAY          (24 * 3600 * USEC_PER_SEC)
#define MONTH_DAYS   30.44
#define MONTH_ADDS   0.002 // standard deviation
#define SET_KNOWN    0.005
#define STRANGE_MAKE 0.02 // what a pod's scale may be out; as estimate/pace.h has it

static void print(const SensorKnown *known, char line[LESSONS_LINE])
{
    Writer writer = {(uint8_t *)line, 0, LESSONS_LINE, false};
    known_line_write(&writer, known);
    writer_u8(&writer, '\0');
    g_assert(!writer.full);
}

// What cannot be read is forgotten.
static SensorKnown parse(const char *line)
{
    SensorProfile profile = {0};
    g_autofree char *text = g_strdup(line ? line : "");
    char *at = text;
    for (const char *word; *(word = token_next(&at)) != '\0';)
        if (!known_line_read(word, &at, &profile.known))
            return (SensorKnown){0};
    return sensor_profile_valid(&profile) ? profile.known : (SensorKnown){0};
}

static void doubt(ScaleKnown *scale, double deviation)
{
    const ScaleKnown fresh = scale_unknown(deviation > 0 ? deviation : STRANGE_MAKE);
    scale->scale_deviation = fresh.scale_deviation;
    scale->slope_deviation = fresh.slope_deviation;
    scale->correlation = 0;
    scale->compared = false;
}

static void age(ScaleKnown *scale, Usec since, Usec wall)
{
    if (!scale->compared || since == 0 || wall <= since)
        return;
    const double months = (double)((wall - since) / DAY) / MONTH_DAYS;
    *scale = scale_doubted(scale, MONTH_ADDS * sqrt(months));
}

// A line that was put down for this sensor, as it is to be taken by now.
static SensorKnown read_today(const EnrolledSensor *sensor, const char *line, double deviation,
                              const char *firmware, Usec wall)
{
    SensorKnown known = parse(line);
    const char *then = sensor->lessons_firmware;
    const gboolean renewed = then && *then && *firmware && strcmp(then, firmware) != 0;
    for (guint surface = 0; surface < SURFACES; surface++) {
        ScaleKnown *scale = &known.scales[surface];
        if (scale_is_known(scale) && renewed)
            doubt(scale, deviation);
        age(scale, sensor->lessons_at, wall);
    }
    return known;
}

SensorKnown lessons_recall(const EnrolledSensor *sensor, unsigned services, double deviation,
                           const char *firmware, Usec wall)
{
    SensorKnown known = read_today(sensor, sensor->lessons, deviation, firmware, wall);
    const Surface own = services & SERVICE_TREADMILL ? SURFACE_TREADMILL : SURFACE_GROUND;
    if (deviation > 0 && !scale_is_known(&known.scales[own]))
        known.scales[own] = scale_unknown(deviation);
    return sensor_known_recorded(&known);
}

// Scales that nothing was learnt of, so that quirks.conf has its word again.
static void forget_plain(SensorKnown *known)
{
    for (guint surface = 0; surface < SURFACES; surface++) {
        const ScaleKnown *scale = &known->scales[surface];
        if (!scale->compared && scale->scale == 1 && scale->slope == 0)
            known->scales[surface] = (ScaleKnown){0};
    }
}

static SensorKnown past_of(const EnrolledSensor *sensor, const char *firmware, Usec wall)
{
    const SensorKnown past = read_today(sensor, sensor->lessons_before, 0, firmware, wall);
    return sensor_known_recorded(&past);
}

// What is known now is put down as of now, and what was known until now as what was before.
static void put(EnrolledSensor *sensor, const SensorKnown *known, const SensorKnown *past,
                const char *firmware, Usec wall, char *line, char *before)
{
    SensorKnown worth = *known, worth_before = *past;
    forget_plain(&worth);
    forget_plain(&worth_before);
    print(&worth, line);
    print(&worth_before, before);
    sensor->lessons = line;
    sensor->lessons_before = before;
    if (*firmware)
        sensor->lessons_firmware = (char *)firmware;
    const Usec since = sensor->lessons_at;
    if (wall != 0)
        sensor->lessons_at = since != 0 && wall > since ? wall - (wall - since) % DAY : wall;
}

gboolean lessons_learn(EnrolledSensor *sensor, const SensorKnown *told, const SensorKnown *news,
                       const char *firmware, Usec wall, char *line, char *before)
{
    if (sensor_known_same(told, news))
        return FALSE;
    SensorKnown known = *told, past = past_of(sensor, firmware, wall);
    for (guint surface = 0; surface < SURFACES; surface++) {
        if (scale_known_same(&told->scales[surface], &news->scales[surface]))
            continue;
        past.scales[surface] = told->scales[surface];
        known.scales[surface] = news->scales[surface];
    }
    known.line = news->line;
    put(sensor, &known, &past, firmware, wall, line, before);
    return TRUE;
}

gboolean lessons_take_back(EnrolledSensor *sensor, Surface surface, const SensorKnown *told,
                           const char *firmware, Usec wall, char *line, char *before)
{
    SensorKnown known = *told, past = past_of(sensor, firmware, wall);
    forget_plain(&known);
    const ScaleKnown now = known.scales[surface];
    if (scale_known_same(&now, &past.scales[surface]))
        return FALSE;
    known.scales[surface] = past.scales[surface];
    past.scales[surface] = now;
    put(sensor, &known, &past, firmware, wall, line, before);
    return TRUE;
}

void lessons_set(EnrolledSensor *sensor, Surface surface, double scale, const SensorKnown *told,
                 const char *firmware, Usec wall, char *line, char *before)
{
    SensorKnown known = *told, past = past_of(sensor, firmware, wall);
    past.scales[surface] = known.scales[surface];
    known.scales[surface] = (ScaleKnown){0};
    if (scale > 0) {
        ScaleKnown said = scale_unknown(SET_KNOWN);
        said.scale = scale;
        said.compared = true;
        known.scales[surface] = scale_known_recorded(&said);
    }
    put(sensor, &known, &past, firmware, wall, line, before);
}
