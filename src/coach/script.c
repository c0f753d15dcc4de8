// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sentences from steps, laps and runs. What is hard is to leave things out: a pace without its unit
// is only clear while the whole workout uses one, a split is only honest when the step was run to
// its end, and a mean only when the run was measured all the way.

#include "coach/script.h"

#define METRES_FOR_A_PACE 100 // over less it says nothing

// A plan that mixes paces per mile and per kilometre has to name both.
static bool paced_per_mile(const Plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].step.pace.unit == PACE_PER_MILE)
            return true;
    return false;
}

PaceUnit script_unit(const Plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].step.pace.unit != PACE_NONE)
            return plan->steps[i].step.pace.unit;
    return PACE_PER_KM;
}

// Within a repetition of several steps only the first one carries the count.
static bool begins_repetition(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    if (this->repetitions < 2)
        return false;
    const PlanStep *before = step > 0 ? this - 1 : NULL;
    return !before || before->repetition != this->repetition ||
           before->repetitions != this->repetitions || before->item >= this->item;
}

static Words length_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    if (step->step.measure == MEASURE_TIME)
        return words_duration(phrases, step->step.duration);
    return words_distance(phrases, step->step.distance_mm, plan->items[step->item].written.unit, 3);
}

static Words rest_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    if (step->step.measure == MEASURE_OPEN)
        return phrases_fill(phrases, PHRASE_REST_OPEN, NULL);
    return phrases_fill(phrases, PHRASE_REST, "length", length_of(phrases, plan, step).text, NULL);
}

static Words work_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    bool open = step->step.measure == MEASURE_OPEN;
    Words length = open ? (Words){0} : length_of(phrases, plan, step);
    if (step->step.pace.unit == PACE_NONE)
        return phrases_fill(phrases, open ? PHRASE_STEP_OPEN : PHRASE_STEP, "length", length.text,
                            NULL);
    return phrases_fill(phrases, open ? PHRASE_STEP_OPEN_PACED : PHRASE_STEP_PACED, "length",
                        length.text, "pace",
                        words_pace(phrases, step->step.pace, paced_per_mile(plan)).text, NULL);
}

Words script_step(const Phrases *phrases, const Plan *plan, size_t step, bool repetition)
{
    const PlanStep *this = &plan->steps[step];
    if (this->step.kind == STEP_REST)
        return rest_of(phrases, plan, this);
    Words words = work_of(phrases, plan, this);
    if (!repetition || !begins_repetition(plan, step))
        return words;
    return phrases_fill(phrases, PHRASE_REPETITION, "step", words.text, "n",
                        words_number(phrases, this->repetition).text, "of",
                        words_number(phrases, this->repetitions).text, NULL);
}

static Words difference(const Phrases *phrases, int64_t seconds)
{
    if (seconds == 0)
        return phrases_fill(phrases, PHRASE_ON_TARGET, NULL);
    Words amount = words_split(phrases, (uint32_t)(seconds < 0 ? -seconds : seconds));
    return phrases_fill(phrases, seconds < 0 ? PHRASE_UNDER : PHRASE_OVER, "difference",
                        amount.text, NULL);
}

static Words split(const Phrases *phrases, Words time, int64_t over)
{
    return phrases_fill(phrases, PHRASE_SPLIT, "split", time.text, "difference",
                        difference(phrases, over).text, NULL);
}

// Outside of these nobody runs, and there is no pace to tell (m/s).
static bool runs_at(double speed)
{
    return speed >= 0.5 && speed <= 12;
}

Words script_split(const Phrases *phrases, const Plan *plan, const Lap *lap)
{
    const PlanStep *step = &plan->steps[lap->step];
    PaceTarget pace = step->step.pace;
    if (lap->outcome != STEP_COMPLETED || lap->kind != STEP_WORK || !runs_at(lap->speed_mps))
        return (Words){0};
    double target = pace_target_speed(pace);
    if (step->step.measure == MEASURE_DISTANCE) {
        int64_t seconds = llround(usec_to_s(lap->duration));
        Words time = words_split(phrases, (uint32_t)seconds);
        if (isnan(target))
            return time;
        double metres = (double)step->step.distance_mm / 1000.0;
        return split(phrases, time, seconds - llround(metres / target));
    }
    // By time only a repetition has a result worth a word, and its first seconds tell nothing.
    if (step->repetitions == 0 || isnan(target) || lap->duration < 8 * USEC_PER_SEC)
        return (Words){0};
    int64_t seconds = llround(pace.seconds * target / lap->speed_mps);
    Words time = words_clock(phrases, (uint32_t)seconds);
    return split(phrases, phrases_fill(phrases, PHRASE_SPLIT_PACE, "pace", time.text, NULL),
                 seconds - pace.seconds);
}

Words script_lap(const Phrases *phrases, const Lap *lap, uint32_t number)
{
    Words time = words_split(phrases, (uint32_t)llround(usec_to_s(lap->duration)));
    Words told = phrases_fill(phrases, PHRASE_LAP, "n", words_number(phrases, number).text, "split",
                              time.text, NULL);
    if (!runs_at(lap->speed_mps) || lap->distance_m < METRES_FOR_A_PACE)
        return told;
    PaceTarget pace = {(uint32_t)lround(METRES_PER_KM / lap->speed_mps), PACE_PER_KM};
    return phrases_fill(phrases, PHRASE_LAP_PACE, "lap", told.text, "pace",
                        words_pace(phrases, pace, true).text, NULL);
}

Words script_summary(const Phrases *phrases, const RunTold *run)
{
    Words duration = words_duration(phrases, run->duration);
    Words told = phrases_fill(phrases, PHRASE_SUMMARY_TIME, "duration", duration.text, NULL);
    bool miles = run->unit == PACE_PER_MILE;
    double speed = run->metres / usec_to_s(run->duration);
    if (runs_at(speed) && run->metres >= METRES_FOR_A_PACE) {
        Words distance = words_distance(phrases, llround(run->metres * 1000),
                                        miles ? WRITTEN_MILES : WRITTEN_KM, 1);
        told = phrases_fill(phrases, PHRASE_SUMMARY_DISTANCE, "distance", distance.text, "duration",
                            duration.text, NULL);
        PaceTarget pace = {(uint16_t)lround((miles ? METRES_PER_MILE : METRES_PER_KM) / speed),
                           run->unit};
        told = phrases_fill(phrases, PHRASE_SUMMARY_PACE, "summary", told.text, "pace",
                            words_pace(phrases, pace, true).text, NULL);
    }
    if (run->heart_rate > 0)
        told = phrases_fill(phrases, PHRASE_SUMMARY_HEART, "summary", told.text, "n",
                            words_number(phrases, (uint64_t)llround(run->heart_rate)).text, NULL);
    return phrases_fill(phrases, run->completed ? PHRASE_DONE : PHRASE_STOPPED, "summary",
                        told.text, NULL);
}

Words script_snapped(const Phrases *phrases, Words split, double metres)
{
    if (!(metres > 0))
        return split;
    const Words number = words_number(phrases, (uint64_t)llround(metres));
    const Words snapped = phrases_fill(phrases, PHRASE_SNAPPED, "n", number.text, NULL);
    if (split.text[0] == '\0')
        return snapped;
    return phrases_fill(phrases, PHRASE_SPLIT_REST, "split", split.text, "rest", snapped.text,
                        NULL);
}
