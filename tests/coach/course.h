// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A course for the coach's tests: a plan, a runner who does as the test says, sensors that send
// once a second, and a voice that speaks. It runs from event to event, as the session does, and
// keeps what was said. Its engine is a few lines, so that a fault of the real one cannot hide here.

#pragma once

#include "coach/coach.h"
#include "coach/words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define SAID_MAX 600

typedef struct {
    Usec at;    // when the voice was told
    Usec until; // when it fell silent
    uint32_t hushed;
    size_t step;
    bool running, resting, targeted;
    Cue cue;
} Said;

typedef struct {
    Plan plan;
    Phrases phrases;
    int words_a_minute;
    Coach coach;
    Engine engine;
    Usec now;
    bool active, paused, finished;

    double speed;          // what the runner runs, from the next packet on
    double running;        // what he runs now
    double pod, strap;     // what was sent last: m/s, bpm
    Usec pod_at, strap_at; // USEC_NEVER: nothing yet
    bool pod_on, strap_on;
    double confidence;
    double heart;        // bpm, from the next packet on
    double cadence, few; // steps a minute, and how many fewer than fresh; 0: not known
    Usec next_packet;

    Usec latency;
    double voice_pace;  // 1: as estimated; 2: takes twice as long
    bool voice_silent;  // its reports are lost
    Usec voice_done_at; // USEC_NEVER: silence
    double metres;

    Usec step_at[PLAN_STEPS_MAX]; // when each step began

    size_t count;
    Said said[SAID_MAX];
} Course;

static inline void course_init(Course *course)
{
    memset(course, 0, sizeof *course);
    phrases_init_english(&course->phrases);
    course->words_a_minute = WORDS_A_MINUTE_DEFAULT;
    coach_init(&course->coach, &(CoachConfig){&course->phrases, 0.03, course->words_a_minute});
    course->now = 1000 * USEC_PER_SEC;
    course->next_packet = course->now;
    course->pod_at = course->strap_at = course->voice_done_at = USEC_NEVER;
    course->pod_on = course->strap_on = true;
    course->confidence = 0.9;
    course->heart = 150;
    course->voice_pace = 1;
}

// A step and the pace it asks for.
typedef struct {
    Step step;
    PaceTarget pace;
} Leg;

static inline void course_add_target(Course *course, Step step, const Target *target,
                                     unsigned repetition, unsigned repetitions)
{
    Plan *plan = &course->plan;
    size_t i = plan->step_count++;
    plan->item_count = plan->step_count;
    PlanItem *item = &plan->items[i];
    item->written.unit = step.measure == MEASURE_DISTANCE ? WRITTEN_METRES : WRITTEN_TIME;
    item->target = *target;
    plan->steps[i] = (PlanStep){
        .step = step,
        .repetition = (uint16_t)repetition,
        .repetitions = (uint16_t)repetitions,
        .item = (uint32_t)i,
    };
    target_resolve(&item->target, NULL, NULL, repetition, repetitions, &plan->steps[i].aim);
}

static inline void course_add(Course *course, Leg leg, unsigned repetition, unsigned repetitions)
{
    const Target target = target_of_pace(leg.pace);
    course_add_target(course, leg.step, &target, repetition, repetitions);
}

#define PER_KM(pace_s)     ((PaceTarget){pace_s, PACE_PER_KM})
#define PER_MILE(pace_s)   ((PaceTarget){pace_s, PACE_PER_MILE})
#define METRES(m, target)  ((Leg){{STEP_WORK, MEASURE_DISTANCE, .distance_mm = (m)*1000}, target})
#define SECONDS(s, target) ((Leg){{STEP_WORK, MEASURE_TIME, .duration = (s)*USEC_PER_SEC}, target})
#define REST(s)            ((Leg){{STEP_REST, MEASURE_TIME, .duration = (s)*USEC_PER_SEC}, UNPACED})
#define UNPACED            ((PaceTarget){0, PACE_NONE})
#define OPEN_STEP          ((Leg){{STEP_WORK, MEASURE_OPEN}, UNPACED})

static inline const Step *course_step(const Course *course)
{
    return &course->plan.steps[course->engine.step].step;
}

// When the step ends at this speed.
static inline Usec course_boundary(const Course *course, double speed)
{
    const Step *step = course_step(course);
    if (!course->active || course->paused || step->measure == MEASURE_OPEN)
        return USEC_NEVER;
    if (step->measure == MEASURE_TIME)
        return course->now + step->duration - course->engine.step_active;
    double left = (double)step->distance_mm / 1000 - course->engine.step_m;
    return speed > 0.1 ? course->now + usec_from_s(left / speed) : USEC_NEVER;
}

static inline Estimate course_estimate(const Course *course, Usec at, double value,
                                       EstimateSource source, double confidence)
{
    if (at == USEC_NEVER || course->now - at >= 5 * USEC_PER_SEC)
        return ESTIMATE_UNKNOWN;
    return (Estimate){value, source, 0, course->now - at, confidence};
}

static inline Estimate course_steps(const Course *course, double value)
{
    return course->cadence > 0 ? course_estimate(course, course->pod_at, value, SOURCE_POD, 0.9)
                               : ESTIMATE_UNKNOWN;
}

static inline CoachView course_view(const Course *course)
{
    Estimate speed =
        course_estimate(course, course->pod_at, course->pod, SOURCE_POD, course->confidence);
    return (CoachView){
        .at = course->now,
        .running = course->active && !course->paused,
        .plan = course->active ? &course->plan : NULL,
        .engine = course->active ? &course->engine : NULL,
        .boundary = course_boundary(course, speed.value),
        .speed = speed,
        .heart_rate = course_estimate(course, course->strap_at, course->strap, SOURCE_STRAP, 1),
        .cadence = course_steps(course, course->cadence),
        .power = ESTIMATE_UNKNOWN,
        .form_drift = course_steps(course, course->few),
    };
}

static inline void course_finish(Course *course, bool completed)
{
    CoachView view = course_view(course);
    coach_finished(&course->coach, &view, course->metres, course->engine.active,
                   course->strap_on ? 152.4 : NAN, completed);
    course->active = false;
    course->finished = true;
}

static inline void course_open_step(Course *course, size_t step, Usec at)
{
    course->engine.step = step;
    course->engine.running = true;
    course->engine.now = course->plan.steps[step].step;
    course->engine.step_started = at;
    course->engine.step_active = 0;
    course->engine.step_m = 0;
    course->step_at[step] = at;
    CoachView view = course_view(course);
    coach_step_started(&course->coach, &view);
}

static inline void course_end_step(Course *course, StepOutcome outcome, Usec at)
{
    const PlanStep *step = &course->plan.steps[course->engine.step];
    double seconds = usec_to_s(course->engine.step_active);
    Lap lap = {
        .step = (uint16_t)course->engine.step,
        .outcome = outcome,
        .kind = step->step.kind,
        .repetition = step->repetition,
        .repetitions = step->repetitions,
        .started = course->engine.step_started,
        .ended = at,
        .duration = course->engine.step_active,
        .distance_m = course->engine.step_m,
        .speed_mps = seconds > 0 ? course->engine.step_m / seconds : NAN,
        .aim = step->aim,
    };
    CoachView view = course_view(course);
    coach_lap(&course->coach, &view, &lap);
    bool last = course->engine.step + 1 == course->plan.step_count;
    if (outcome == STEP_STOPPED || (last && !course->plan.endless))
        course_finish(course, outcome != STEP_STOPPED);
    else if (last)
        course_open_step(course, course->engine.step, at);
    else
        course_open_step(course, course->engine.step + 1, at);
}

static inline void course_move(Course *course, Usec span)
{
    double metres = course->running * usec_to_s(span);
    course->engine.step_active += span;
    course->engine.active += span;
    course->engine.active_m += metres;
    course->engine.step_m += metres;
    course->metres += metres;
}

// To this instant; boundaries on the way are taken exactly.
static inline void course_advance(Course *course, Usec to)
{
    while (course->active && !course->paused) {
        Usec end = course_boundary(course, course->running);
        if (end > to)
            break;
        course_move(course, end - course->now);
        if (course_step(course)->measure == MEASURE_DISTANCE)
            course->engine.step_m = (double)course_step(course)->distance_mm / 1000;
        course->now = end;
        course_end_step(course, STEP_COMPLETED, end);
    }
    if (course->active && !course->paused)
        course_move(course, to - course->now);
    course->now = to;
}

static inline void course_hear(Course *course)
{
    CoachView view = course_view(course);
    Cue cue;
    uint32_t hush;
    while (coach_speak(&course->coach, &view, &cue, &hush)) {
        cr_assert(course->count < SAID_MAX);
        const bool sounds = cue.form == FORM_EARCON;
        cr_assert(sounds == (cue.tone != TONE_NONE) && !(sounds && hush));
        for (size_t i = course->count; hush && i-- > 0;)
            if (course->said[i].cue.id == hush)
                course->said[i].until = course->now;
        Usec until = course->now + course->latency +
                     usec_from_s(usec_to_s(speech_duration(cue.text, course->words_a_minute)) *
                                 course->voice_pace);
        if (sounds)
            until = course->now;
        course->said[course->count++] = (Said){
            .at = course->now,
            .until = until,
            .hushed = hush,
            .step = course->engine.step,
            .running = view.running,
            .resting = course->active && course_step(course)->kind == STEP_REST,
            .targeted =
                course->active && course->plan.steps[course->engine.step].aim.quantity == AIM_SPEED,
            .cue = cue,
        };
        if (sounds)
            continue;
        course->voice_done_at = course->voice_silent ? USEC_NEVER : until;
        coach_voice_started(&course->coach, course->now, cue.id);
    }
    cr_assert(coach_deadline(&course->coach) > course->now);
}

static inline void course_packets(Course *course)
{
    course->next_packet += USEC_PER_SEC;
    course->running = course->speed;
    if (course->pod_on) {
        course->pod = course->running;
        course->pod_at = course->now;
    }
    if (course->strap_on) {
        course->strap = course->heart;
        course->strap_at = course->now;
    }
}

static inline Usec course_earlier(Usec a, Usec b)
{
    return a < b ? a : b;
}

// From event to event, for so long.
static inline void course_run(Course *course, double seconds)
{
    Usec until = course->now + usec_from_s(seconds);
    for (;;) {
        CoachView view = course_view(course);
        Usec next = course_earlier(coach_deadline(&course->coach), course->next_packet);
        next = course_earlier(next, course->voice_done_at);
        if (view.boundary > course->now)
            next = course_earlier(next, view.boundary);
        course_advance(course, course_earlier(next, until));
        if (course->now == course->voice_done_at) {
            course->voice_done_at = USEC_NEVER;
            coach_voice_done(&course->coach, course->now, course->said[course->count - 1].cue.id);
        }
        if (course->now == course->next_packet)
            course_packets(course);
        course_hear(course);
        if (course->now == until)
            return;
    }
}

static inline void course_start(Course *course)
{
    course_run(course, 2); // the sensors are there before
    course->active = true;
    course->engine = (Engine){.plan = &course->plan, .running = true, .started = course->now};
    CoachView view = course_view(course);
    coach_started(&course->coach, &view);
    course_open_step(course, 0, course->now);
    course_hear(course);
}

static inline void course_pause(Course *course)
{
    course->paused = course->engine.paused = true;
    CoachView view = course_view(course);
    coach_paused(&course->coach, &view);
    course_hear(course);
}

static inline void course_resume(Course *course)
{
    course->paused = course->engine.paused = false;
    CoachView view = course_view(course);
    coach_resumed(&course->coach, &view);
    course_hear(course);
}

static inline void course_command(Course *course, StepOutcome outcome)
{
    course_end_step(course, outcome, course->now);
    course_hear(course);
}

// "12.0 go" a line, seconds since the start.
static inline void course_print(const Course *course, size_t from, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    for (size_t i = from; i < course->count && used < size; i++) {
        Usec tenths = (course->said[i].at - course->engine.started + 50000) / 100000;
        const Cue *cue = &course->said[i].cue;
        used += (size_t)snprintf(text + used, size - used, "%d.%d %s%s\n", (int)(tenths / 10),
                                 (int)(tenths % 10), cue->form == FORM_EARCON ? "♪ " : "",
                                 cue->form == FORM_EARCON ? tone_name(cue->tone) : cue->text);
    }
}

static inline void course_expect(const Course *course, size_t from, const char *transcript)
{
    static char text[32768];
    course_print(course, from, text, sizeof text);
    cr_expect(eq(str, text, (char *)transcript));
}
