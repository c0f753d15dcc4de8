// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Puts a capture through the core and writes down what the core knew, second by second. What was
// hard is that the core has no row a second: it ticks where its first event put it, so a second of
// the run lies between two events. Nothing is asked of the session that the daemon did not ask: an
// event of our own might change what follows.

#include "pacectl/run.h"

#include "codec/hrs.h"
#include "io/sitting-config.h"
#include "pacectl/mean.h"
#include "pacectl/recording.h"
#include "pacectl/run-way.h"
#include "record/capture.h"

#include <math.h>
#include <string.h>

#define GAP_S     10 // without an event: nothing is known of the seconds between
#define MS        1000
#define RR_1024   1024
#define DRAIN_MAX (2 * PLAN_STEPS_MAX)

typedef struct {
    const char *file;
    guint line;
    Session *session; // NULL before the first sitting
    Phrases phrases;
    SessionConfig config;
    Usec origin, at;
    gint64 began; // µs since 1970 at the sitting's origin; 0: not told
    char *names[SENSORS_MAX], *addresses[SENSORS_MAX]; // NULL: not told
    Run *run;
    gboolean running; // the run has begun and not ended
    gboolean damaged; // an event was left out
    Usec start;
    Sample sample;     // of a run that others recorded, the latest
    double sample_at;  // s since the start; NAN: there is none
    double held_until; // likewise, what the latest second has of a sample; NAN
    GArray *fixes;     // Fix
    RunSecond latest;  // as of the latest event
    double latest_at;  // s since the start
    guint32 next;      // second
    double zone_at;    // up to when zone_s counts
    struct {
        Usec at;
        guint8 length;
        guint8 bytes[NOTIFY_BYTES_MAX];
    } beats[SENSORS_MAX]; // the latest packets of straps, to know one that came twice
    Effects effects;
} Reader;

// ── the run ──

static Run *run_new(void)
{
    Run *run = g_new0(Run, 1);
    run->seconds = g_array_new(FALSE, FALSE, sizeof(RunSecond));
    run->laps = g_array_new(FALSE, FALSE, sizeof(RunLap));
    run->pauses = g_array_new(FALSE, FALSE, sizeof(RunPause));
    run->changes = g_array_new(FALSE, FALSE, sizeof(RunChange));
    run->rr = g_array_new(FALSE, FALSE, sizeof(guint16));
    run->name = g_strdup("");
    run->text = g_strdup("");
    run->ended_by = "cut";
    run->corrected_m = NAN;
    run->athlete = athlete_unknown();
    return run;
}

void run_free(Run *run)
{
    if (!run)
        return;
    g_array_unref(run->seconds);
    g_array_unref(run->laps);
    g_array_unref(run->pauses);
    g_array_unref(run->changes);
    g_array_unref(run->rr);
    for (SensorId i = 0; i < SENSORS_MAX; i++) {
        g_free(run->sensors[i].name);
        g_free(run->sensors[i].address);
    }
    g_free(run->plan);
    g_free(run->name);
    g_free(run->text);
    g_free(run);
}

LapEnd run_lap_end(const Run *run, const RunLap *lap)
{
    switch (lap->lap.outcome) {
    case STEP_STOPPED:
        return LAP_BY_STOP;
    case STEP_LAPPED:
    case STEP_SKIPPED:
        return LAP_BY_HAND;
    case STEP_COMPLETED:
        break;
    }
    const Step *step = &run->plan->steps[MIN(lap->lap.step, run->plan->step_count - 1)].step;
    return step_ends_by_clock(step)            ? LAP_BY_TIME
           : step->measure == MEASURE_DISTANCE ? LAP_BY_DISTANCE
                                               : LAP_BY_HAND;
}

const char *run_title(const Run *run)
{
    return *run->name ? run->name : "Free run";
}

double run_unix(const Run *run, double t)
{
    return usec_to_s(run->started ? run->started : (gint64)run->boot) + t;
}

// ── seconds ──

static void take(Reader *reader, RunSecond *second)
{
    const Snapshot *now = session_snapshot(reader->session);
    second->step = now->step;
    second->paused = now->state == STATE_PAUSED;
    second->zone =
        estimate_known(&now->effort.heart_zone) ? (gint8)now->effort.heart_zone.value : -1;
    second->speed_source = now->speed.source;
    second->speed_confidence = estimate_known(&now->speed) ? (float)now->speed.confidence : NAN;
    second->heart_confidence =
        estimate_known(&now->heart_rate) ? (float)now->heart_rate.confidence : NAN;
    second->step_length = (float)now->step_length.value;
    second->power = (float)now->power.value;
    second->incline = (float)now->incline.value;
    second->effort = (float)now->effort.effort.value;
    second->d_prime = (float)now->effort.d_prime_balance.value;
    second->form_drift = (float)now->form_drift.value;
    second->target = (float)now->target_speed_mps;
    second->distance = now->distance_m;
    second->heart = now->heart_rate.value;
    second->speed = now->speed.value;
    second->cadence = now->cadence.value;
    second->flat_speed = now->flat_speed.value;
    second->altitude = second->oscillation = second->stance = NAN;
    second->share = second->balance = second->ratio = second->temperature = NAN;
    second->latitude = second->longitude = NAN;
    reader->run->indoors |= now->speed.source == SOURCE_TREADMILL;
}

static void add_second(Reader *reader, RunSecond second)
{
    Run *run = reader->run;
    const guint count = run_seconds(run);
    second.t = reader->next++;
    second.rr_first =
        count ? run_second(run, count - 1)->rr_first + run_second(run, count - 1)->rr_count : 0;
    second.rr_count = (guint8)MIN(run->rr->len - second.rr_first, G_MAXUINT8);
    g_array_append_val(run->seconds, second);
    if (second.zone >= 0 && !second.paused)
        run->zone_s[second.zone]++;
}

// What held until a pause holds no longer behind it, nor anything for ever, but the way.
static void forget_sample(Sample *sample)
{
    for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
        if (i != RECORDED_DISTANCE)
            sample->values[i] = NAN;
}

// Of a run that others recorded the values are theirs, to the last digit: ours went through the
// coarser packets that they were made into.
static void take_sample(const Sample *sample, RunSecond *second)
{
    const double *values = sample->values;
    const double belt = values[RECORDED_BELT_SPEED];
    second->heart = values[RECORDED_HEART_RATE];
    second->cadence = values[RECORDED_CADENCE];
    second->speed = isnan(belt) ? values[RECORDED_SPEED] : belt;
    second->power = (float)values[RECORDED_POWER];
    second->incline = (float)values[RECORDED_INCLINE];
    second->step_length = (float)values[RECORDED_STEP_LENGTH];
    second->altitude = (float)values[RECORDED_ALTITUDE];
    second->latitude = values[RECORDED_LATITUDE];
    second->longitude = values[RECORDED_LONGITUDE];
    second->oscillation = (float)values[RECORDED_OSCILLATION];
    second->stance = (float)values[RECORDED_STANCE];
    second->share = (float)values[RECORDED_SHARE];
    second->balance = (float)values[RECORDED_BALANCE];
    second->ratio = (float)values[RECORDED_RATIO];
    second->temperature = (float)values[RECORDED_TEMPERATURE];
    if (!isnan(values[RECORDED_DISTANCE]))
        second->distance = values[RECORDED_DISTANCE];
}

static void take_nothing(RunSecond *second)
{
    Sample nothing = {.values[RECORDED_DISTANCE] = NAN};
    forget_sample(&nothing);
    take_sample(&nothing, second);
}

// The seconds before `at`, which know of nothing that came at it.
static void add_until(Reader *reader, double at, const RunSecond *now)
{
    const RunSecond *before = &reader->latest;
    if (at - reader->latest_at > GAP_S) {
        if (reader->next == reader->latest_at)
            add_second(reader, *before);
        reader->next = MAX(reader->next, (guint32)ceil(at));
    }
    while (reader->next < at) {
        RunSecond second = *before;
        const double part = ((double)reader->next - reader->latest_at) / (at - reader->latest_at);
        second.distance += part * (now->distance - before->distance);
        if (reader->next > reader->held_until)
            take_nothing(&second);
        add_second(reader, second);
    }
}

// ── beats ──

static gboolean came_twice(Reader *reader, const Event *event)
{
    typeof(*reader->beats) *latest = &reader->beats[event->notify.sensor];
    const gboolean same = latest->length == event->notify.length &&
                          memcmp(latest->bytes, event->notify.bytes, latest->length) == 0 &&
                          event->at - latest->at < DUPLICATE_WITHIN;
    latest->at = event->at;
    latest->length = event->notify.length;
    memcpy(latest->bytes, event->notify.bytes, latest->length);
    return same;
}

static void note_sample(Reader *reader, const Event *event)
{
    const guint part = event->kind == EVENT_NOTIFY
                           ? event->notify.characteristic - RECORDING_CHARACTERISTIC
                           : RECORDING_PARTS;
    if (part >= RECORDING_PARTS ||
        !recording_sample_decode(event->notify.bytes, event->notify.length, part, &reader->sample))
        return;
    reader->sample_at = usec_to_s(event->at - reader->start);
    const Fix fix = {reader->sample_at, reader->sample.values[RECORDED_DISTANCE]};
    if (part == 0 && !isnan(fix.metres))
        g_array_append_val(reader->fixes, fix);
}

// Of the strap that the heart rate is from.
static void note_beats(Reader *reader, const Event *event)
{
    HrsMeasurement packet;
    const gboolean others = reader->run && !isnan(reader->sample_at); // then all are of one strap
    if (event->kind != EVENT_NOTIFY || event->notify.sensor >= SENSORS_MAX ||
        event->notify.characteristic != CHARACTERISTIC_HRS_MEASUREMENT ||
        (!others && came_twice(reader, event)))
        return;
    if (!reader->running || !reader->run ||
        (!others && session_snapshot(reader->session)->heart_rate.sensor != event->notify.sensor) ||
        hrs_decode(event->notify.bytes, event->notify.length, &packet) == DECODE_REJECT)
        return;
    for (guint i = 0; i < packet.rr_count; i++) {
        const guint16 ms =
            (guint16)MIN(lround((double)packet.rr_1024[i] * MS / RR_1024), G_MAXUINT16 - 1);
        g_array_append_val(reader->run->rr, ms);
    }
}

// ── laps ──

static void note_lap(Reader *reader, const Lap *lap)
{
    Run *run = reader->run;
    Mean length = {0}, power = {0}, drift = {0}, target = {0};
    RunLap row = {
        .start = usec_to_s(lap->started - reader->start),
        .end = usec_to_s(lap->ended - reader->start),
        .lap = *lap,
        .heart_end = NAN,
        .d_prime_end = NAN,
        .speed_max = NAN,
    };
    for (guint i = run_seconds(run); i > 0 && run_second(run, i - 1)->t >= row.start; i--) {
        const RunSecond *second = run_second(run, i - 1);
        if (second->paused || second->t > row.end || second->step != lap->step)
            continue;
        mean_add(&length, second->step_length);
        mean_add(&power, second->power);
        mean_add(&drift, second->form_drift);
        mean_add(&target, second->target);
        row.speed_max = fmax(row.speed_max, second->speed);
        row.heart_end = isnan(row.heart_end) ? second->heart : row.heart_end;
        row.d_prime_end = isnan(row.d_prime_end) ? second->d_prime : row.d_prime_end;
    }
    row.step_length = mean_of(&length);
    row.power = mean_of(&power);
    row.form_drift = mean_of(&drift);
    row.target = lap->aim.quantity == AIM_SPEED ? mean_of(&target) : NAN;
    g_array_append_val(run->laps, row);
}

// ── effects ──

static void begin_run(Reader *reader, const Event *event, Usec at)
{
    const Snapshot *now = session_snapshot(reader->session);
    run_free(reader->run);
    Run *run = reader->run = run_new();
    reader->running = TRUE;
    reader->start = at;
    reader->next = 0;
    reader->latest_at = 0;
    reader->sample_at = reader->held_until = NAN;
    g_array_set_size(reader->fixes, 0);
    run->boot = at;
    run->started = reader->began ? reader->began + (gint64)(at - reader->origin) : 0;
    g_free(run->text);
    run->text = g_strndup(event->command.text ? event->command.text : "", event->command.length);
    run->plan = g_new0(Plan, 1);
    *run->plan = *now->plan;
    for (SensorId i = 0; i < SENSORS_MAX; i++) {
        run->sensors[i].name = g_strdup(reader->names[i] ? reader->names[i] : "");
        run->sensors[i].address = g_strdup(reader->addresses[i] ? reader->addresses[i] : "");
    }
    if (*run->text) {
        g_free(run->name);
        run->name = g_strdup(run->plan->name);
    }
    take(reader, &reader->latest);
}

static void end_run(Reader *reader, const RunSummary *summary)
{
    Run *run = reader->run;
    const SensorView *views = session_snapshot(reader->session)->sensors;
    run->summary = *summary;
    if (reader->fixes->len > 0)
        run_measure_way(run, reader->fixes);
    run->corrected_m = summary->corrected_m;
    run->ended_by = !isnan(reader->sample_at) ? "import" : summary->completed ? "plan" : "stop";
    run->athlete = *session_athlete(reader->session);
    run->model = *session_athlete_model(reader->session);
    for (SensorId i = 0; i < SENSORS_MAX; i++) {
        run->sensors[i].used =
            views[i].measured_at != USEC_NEVER && views[i].measured_at >= run->boot;
        run->sensors[i].serves = views[i].serves;
        run->sensors[i].battery = views[i].battery;
    }
    reader->running = FALSE;
}

static const Effect *find_start(const Effects *effects)
{
    for (gsize i = 0; i < effects->count; i++) {
        const Effect *effect = &effects->items[i];
        if (effect->kind == EFFECT_ANSWER && command_starts(effect->answer.verb) &&
            effect->answer.reason == REASON_OK)
            return effect;
    }
    return NULL;
}

// The plan is kept as it was run: what comes may be other steps from here on.
static void note_change(Reader *reader, const RunChange *change)
{
    const Plan *plan = session_snapshot(reader->session)->plan;
    g_array_append_vals(reader->run->changes, change, 1);
    if (plan)
        *reader->run->plan = *plan;
}

static const Effect *find_done(const Effects *effects)
{
    for (gsize i = 0; i < effects->count; i++)
        if (effects->items[i].kind == EFFECT_DONE)
            return &effects->items[i];
    return NULL;
}

static void note(Reader *reader, const Effect *effect)
{
    Run *run = reader->run;
    const RunChange change = {usec_to_s(effect->at - reader->start), effect->adaptation};
    if (effect->kind == EFFECT_CORRECTED && run)
        run->corrected_m = effect->corrected_m;
    if (!reader->running)
        return;
    if (effect->kind == EFFECT_RECORD)
        note_lap(reader, &effect->lap);
    else if (effect->kind == EFFECT_ADAPTED)
        note_change(reader, &change);
    else if (effect->kind == EFFECT_DONE)
        end_run(reader, &effect->summary);
}

// A second that a pause begins with is no part of it. One that begins where another ended goes on.
static void begin_pause(Reader *reader, double at, const RunSecond *now)
{
    GArray *pauses = reader->run->pauses;
    RunPause *last = pauses->len ? &g_array_index(pauses, RunPause, pauses->len - 1) : NULL;
    const RunPause pause = {at, INFINITY};
    if (last && last->until == at) {
        last->until = INFINITY;
        return;
    }
    g_array_append_val(pauses, pause);
    if (reader->next == at) {
        RunSecond second = *now;
        second.paused = FALSE;
        add_second(reader, second);
    }
}

static void end_pause(Reader *reader, double at)
{
    GArray *pauses = reader->run->pauses;
    if (pauses->len)
        g_array_index(pauses, RunPause, pauses->len - 1).until = at;
}

// After its end the session knows no distance any more, but the end says it.
static void go_on(Reader *reader, const Event *event)
{
    RunSecond second = reader->latest;
    const Effect *done = find_done(&reader->effects);
    const double at = usec_to_s((done ? done->at : reader->at) - reader->start);
    note_sample(reader, event);
    if (!done)
        take(reader, &second);
    else if (isnan(reader->sample_at))
        second.distance = done->summary.distance_m;
    if ((reader->latest.paused && !second.paused) || at - reader->sample_at > RECORDING_HELD_S)
        forget_sample(&reader->sample);
    if (!isnan(reader->sample_at))
        take_sample(&reader->sample, &second);
    add_until(reader, at, &second);
    if (second.paused && !reader->latest.paused)
        begin_pause(reader, at, &second);
    else if (reader->latest.paused && (done || !second.paused))
        end_pause(reader, at);
    reader->latest = second;
    reader->latest_at = at;
    reader->held_until = reader->sample_at + RECORDING_HELD_S;
    if (done && reader->next <= at)
        add_second(reader, second);
}

static void handle(Reader *reader, const Event *event)
{
    session_handle(reader->session, event, &reader->effects);
    reader->at = MAX(reader->at, event->at);
    const Effect *start = find_start(&reader->effects);
    if (start)
        begin_run(reader, event, start->at);
    else if (reader->running)
        go_on(reader, event);
    note_beats(reader, event);
    for (gsize i = 0; i < reader->effects.count; i++)
        note(reader, &reader->effects.items[i]);
}

// A journal without an end is given one, as the daemon does with a run that a crash left open.
static void close_run(Reader *reader)
{
    const Event stop = {.at = reader->at, .kind = EVENT_COMMAND, .command = {.verb = COMMAND_STOP}};
    const Event time = {.at = reader->at, .kind = EVENT_TIME};
    if (!reader->running)
        return;
    for (int i = 0; i < DRAIN_MAX && session_deadline(reader->session) <= reader->at; i++)
        handle(reader, &time);
    for (int i = 0; i < DRAIN_MAX && reader->running; i++)
        handle(reader, i == 0 ? &stop : &time);
    reader->run->ended_by = "cut";
}

// ── the capture ──

static gboolean complain_line(const Reader *reader, const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", reader->file, reader->line, why);
    return FALSE;
}

static gboolean begin_sitting(Reader *reader, const CaptureLine *line)
{
    g_autoptr(GError) error = NULL;
    if (reader->session)
        close_run(reader);
    g_clear_pointer(&reader->session, session_free);
    if (!sitting_config_read(line->sitting.config, &reader->phrases, &reader->config, &error)) {
        g_autofree char *why = g_strdup_printf("the sitting's settings: %s", error->message);
        return complain_line(reader, why);
    }
    reader->session = session_new(&reader->config);
    reader->origin = reader->at = line->sitting.origin;
    memset(reader->beats, 0, sizeof reader->beats);
    return TRUE;
}

// "# an event is damaged and left out here"; "# began 2026-05-01T06:30:12Z", of the sitting that
// follows; "# sensor 0 is ADDRESS NAME".
static void note_comment(Reader *reader, const char *line)
{
    static const char began[] = "# began ", sensor[] = "# sensor ";
    reader->damaged |= g_str_has_prefix(line, "# an event is damaged");
    g_autofree char *text = g_strchomp(g_strdup(line));
    if (g_str_has_prefix(text, began)) {
        g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text + strlen(began), NULL);
        reader->began = when ? g_date_time_to_unix(when) * (gint64)USEC_PER_SEC : 0;
    }
    if (!g_str_has_prefix(text, sensor))
        return;
    g_auto(GStrv) words = g_strsplit(text + strlen(sensor), " ", 4);
    const guint64 slot = g_ascii_strtoull(words[0], NULL, 10);
    if (slot >= SENSORS_MAX || g_strv_length(words) < 3)
        return;
    g_free(reader->addresses[slot]);
    g_free(reader->names[slot]);
    reader->addresses[slot] = g_strdup(words[2]);
    reader->names[slot] = g_strdup(words[3] ? words[3] : "");
}

static gboolean read_line(Reader *reader, char *text)
{
    if (*text == '#')
        note_comment(reader, text);
    const CaptureLine line = capture_parse(text, reader->origin);
    switch (line.kind) {
    case CAPTURE_NOTHING:
        return TRUE;
    case CAPTURE_SITTING:
        return begin_sitting(reader, &line);
    case CAPTURE_EVENT:
        if (!reader->session)
            return complain_line(reader, "expected a sitting before the first event");
        handle(reader, &line.event);
        return TRUE;
    case CAPTURE_BAD:
        return complain_line(reader, line.why);
    }
    return FALSE;
}

static gboolean read_lines(Reader *reader, const char *text, gsize length)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (const char *at = text, *end; at < text + length; at = end) {
        const char *newline = memchr(at, '\n', (gsize)(text + length - at));
        if (!newline)
            return TRUE; // cut, as one that was being written is
        end = newline + 1;
        g_string_truncate(line, 0);
        g_string_append_len(line, at, end - at);
        reader->line++;
        if (strlen(line->str) < line->len || !g_utf8_validate(line->str, (gssize)line->len, NULL))
            return complain_line(reader, "expected a capture, which is text in UTF-8");
        if (!read_line(reader, line->str))
            return FALSE;
    }
    return TRUE;
}

Run *run_of_capture(const char *file, const char *text, gsize length, int *ret_code)
{
    g_autofree Reader *reader = g_new0(Reader, 1);
    reader->file = file;
    reader->fixes = g_array_new(FALSE, FALSE, sizeof(Fix));
    const gboolean well = read_lines(reader, text, length);
    if (well && reader->session)
        close_run(reader);
    g_clear_pointer(&reader->session, session_free);
    g_array_unref(reader->fixes);
    for (SensorId i = 0; i < SENSORS_MAX; i++) {
        g_free(reader->names[i]);
        g_free(reader->addresses[i]);
    }
    g_autoptr(Run) run = reader->run;
    *ret_code = EXIT_BAD_INPUT;
    if (well && !run)
        complain(EXIT_BAD_INPUT, "%s: there is no run in it%s", file,
                 reader->damaged ? "; the event that began it is damaged" : "");
    return well ? g_steal_pointer(&run) : NULL;
}
