// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sentences from steps, laps and runs. What is hard is to leave things out: a pace without its unit
// is only clear while the whole workout uses one, a split is only honest when the step was run to
// its end, and a mean only when the run was measured all the way.

#include "coach/script.h"

#include "workout/edit.h"

#include <string.h>

#define METRES_FOR_A_PACE 100 // over less it says nothing
#define NOTE_TIMES        2   // repetitions that a note is told in
#define GETTING_GOING                                                                              \
    (30 * USEC_PER_SEC) // a mean over no more tells of the first strides and the pod's delay

Words script_both(const Phrases *phrases, Words first, Words then)
{
    if (first.text[0] == '\0' || then.text[0] == '\0')
        return first.text[0] ? first : then;
    return phrases_fill(phrases, PHRASE_SPLIT_REST, "split", first.text, "rest", then.text, NULL);
}

static bool is_in_miles(const Plan *plan, const PlanStep *step)
{
    return step->step.measure == MEASURE_DISTANCE && step->step.distance_mm == step->planned &&
           plan->items[step->item].written.unit == WRITTEN_MILES;
}

static bool is_paced_in(const Plan *plan, PaceUnit unit)
{
    for (size_t i = 0; i < plan->item_count; i++)
        if (target_unit(&plan->items[i].target) == unit)
            return true;
    return false;
}

// A plan that mixes paces per mile and per kilometre has to name both, and one that has the mile's
// alone to who runs kilometres: but of a step that is told in miles everybody knows.
static bool names_unit(const Plan *plan, const PlanStep *step)
{
    if (!is_paced_in(plan, PACE_PER_MILE))
        return false;
    return is_paced_in(plan, PACE_PER_KM) || !is_in_miles(plan, step);
}

PaceUnit script_unit(const Plan *plan)
{
    for (size_t i = 0; i < plan->item_count; i++)
        if (target_unit(&plan->items[i].target) != PACE_NONE)
            return target_unit(&plan->items[i].target);
    return PACE_PER_KM;
}

// The unit of a step's paces: as written, or the plan's.
static PaceUnit unit_of(const Plan *plan, const PlanStep *step)
{
    const PaceUnit unit =
        plan->item_count > 0 ? target_unit(&plan->items[step->item].target) : PACE_NONE;
    return unit != PACE_NONE ? unit : script_unit(plan);
}

PaceUnit script_step_unit(const Plan *plan, size_t step)
{
    const PlanItem *item = plan->item_count > 0 ? &plan->items[plan->steps[step].item] : NULL;
    if (item && target_unit(&item->target) == PACE_NONE && item->written.unit == WRITTEN_MILES)
        return PACE_PER_MILE;
    return unit_of(plan, &plan->steps[step]);
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

// In miles when it is a whole number of them, in kilometres likewise, or from `km_from` on.
static Words way_of(const Phrases *phrases, double metres, double km_from)
{
    const double miles = metres / METRES_PER_MILE;
    const bool by_mile = miles >= 1 && fabs(miles - round(miles)) < 1e-3;
    const bool by_km = fmod(metres, METRES_PER_KM) == 0 || metres >= km_from;
    return words_distance(phrases, llround(metres * 1000),
                          by_mile ? WRITTEN_MILES
                          : by_km ? WRITTEN_KM
                                  : WRITTEN_METRES,
                          by_mile || metres < km_from ? 3 : 2);
}

// A length that was changed is told as the change of it was: it is round in metres.
static Words length_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    if (step_ends_by_clock(&step->step))
        return words_duration(phrases, step->step.duration);
    if (step->step.measure == MEASURE_EQUAL_TIME)
        return phrases_fill(phrases, PHRASE_EQUAL_TIME, NULL);
    if (step->step.measure == MEASURE_EQUAL_DISTANCE)
        return phrases_fill(phrases, PHRASE_EQUAL_DISTANCE, NULL);
    if (step->step.distance_mm != step->planned)
        return way_of(phrases, (double)step->step.distance_mm / 1000, INFINITY);
    return words_distance(phrases, step->step.distance_mm, plan->items[step->item].written.unit, 3);
}

static Words manner_of(const Phrases *phrases, const PlanStep *step)
{
    static const PhraseId manners[] = {[MANNER_PLAIN] = PHRASE_REST_OPEN,
                                       [MANNER_WALK] = PHRASE_WALK_OPEN,
                                       [MANNER_JOG] = PHRASE_JOG_OPEN};
    return phrases_fill(phrases, manners[step->step.manner], NULL);
}

static Words rest_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    static const PhraseId lengths[] = {
        [MANNER_PLAIN] = PHRASE_REST, [MANNER_WALK] = PHRASE_WALK, [MANNER_JOG] = PHRASE_JOG};
    static const PhraseId hearts[] = {[MANNER_PLAIN] = PHRASE_REST_HEART,
                                      [MANNER_WALK] = PHRASE_WALK_HEART,
                                      [MANNER_JOG] = PHRASE_JOG_HEART};
    const StepManner manner = step->step.manner;
    if (step->step.measure == MEASURE_OPEN)
        return manner_of(phrases, step);
    if (step->step.measure == MEASURE_HEART)
        return phrases_fill(phrases, hearts[manner], "n",
                            words_reading(phrases, step->step.heart_below).text, NULL);
    return phrases_fill(phrases, lengths[manner], "length", length_of(phrases, plan, step).text,
                        NULL);
}

// As belts show it: km/h, mph.
static bool is_by_the_hour(const Plan *plan, const PlanStep *step)
{
    return plan->item_count > 0 && plan->items[step->item].target.from.kind == POINT_SPEED;
}

// A speed as the step's is written; `named`: with its unit, where that is not clear.
static Words speed_of(const Phrases *phrases, const Plan *plan, const PlanStep *step, double speed,
                      bool named)
{
    if (is_by_the_hour(plan, step))
        return words_speed(phrases, speed, plan->items[step->item].target.from.unit, named);
    const PaceTarget pace = pace_of_speed(speed, unit_of(plan, step));
    return named && names_unit(plan, step) ? words_pace(phrases, pace)
                                           : words_clock(phrases, pace.seconds);
}

// "four fifty", "five thirty to six ten": the slower or lower first, as it is said.
static Words paces_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    const Aim *aim = &step->aim;
    const bool builds = aim->end != aim->value;
    if (!builds && !aim->ranged)
        return speed_of(phrases, plan, step, aim->value, true);
    const double first = builds ? aim->value : aim->low, last = builds ? aim->end : aim->high;
    return phrases_fill(phrases, builds ? PHRASE_BUILDING : PHRASE_RANGE, "low",
                        speed_of(phrases, plan, step, first, false).text, "high",
                        speed_of(phrases, plan, step, last, true).text, NULL);
}

// "one forty to one fifty", "below one fifty"; numbers as they are, halves of an effort rounded.
static Words numbers_of(const Phrases *phrases, const Aim *aim)
{
    const Words low = words_reading(phrases, (uint64_t)llround(fmax(aim->low, 0)));
    const Words high = words_reading(phrases, (uint64_t)llround(fmax(aim->high, 0)));
    if (isnan(aim->low))
        return phrases_fill(phrases, PHRASE_BELOW, "n", high.text, NULL);
    if (isnan(aim->high))
        return phrases_fill(phrases, PHRASE_ABOVE, "n", low.text, NULL);
    if (strcmp(low.text, high.text) == 0)
        return low;
    return phrases_fill(phrases, PHRASE_RANGE, "low", low.text, "high", high.text, NULL);
}

// What is asked for, but for paces: "heart below one fifty", "all out".
static Words aim_of(const Phrases *phrases, const Aim *aim)
{
    static const PhraseId ids[] = {
        [AIM_HEART] = PHRASE_AIM_HEART,
        [AIM_CADENCE] = PHRASE_AIM_CADENCE,
        [AIM_POWER] = PHRASE_AIM_POWER,
        [AIM_EFFORT] = PHRASE_AIM_EFFORT,
    };
    if (aim->quantity == AIM_MAXIMAL)
        return phrases_fill(phrases, PHRASE_AIM_MAXIMAL, NULL);
    return phrases_fill(phrases, ids[aim->quantity], "n", numbers_of(phrases, aim).text, NULL);
}

// "four hundred metres in ninety", as it is said on a track; of two times the shorter first.
static Words split_of(const Phrases *phrases, const PlanStep *step, Words length)
{
    const double metres = (double)step->step.distance_mm / 1000;
    const Words slow = words_split(phrases, (uint32_t)lround(metres / step->aim.low));
    const Words fast = words_split(phrases, (uint32_t)lround(metres / step->aim.high));
    const Words time = step->aim.ranged ? phrases_fill(phrases, PHRASE_RANGE, "low", fast.text,
                                                       "high", slow.text, NULL)
                                        : fast;
    return phrases_fill(phrases, PHRASE_STEP_SPLIT, "length", length.text, "time", time.text, NULL);
}

static Words work_of(const Phrases *phrases, const Plan *plan, const PlanStep *step)
{
    const bool open = step->step.measure == MEASURE_OPEN;
    const Words length = open ? (Words){0} : length_of(phrases, plan, step);
    if (step->stride)
        return phrases_fill(phrases, PHRASE_STRIDE, "length", length.text, NULL);
    const bool by_the_hour = is_by_the_hour(plan, step);
    switch (step->aim.quantity) {
    case AIM_NONE:
        return phrases_fill(phrases, open ? PHRASE_STEP_OPEN : PHRASE_STEP, "length", length.text,
                            NULL);
    case AIM_SPEED:
        if (by_the_hour)
            break;
        if (plan->item_count > 0 &&
            target_is_split(&plan->items[step->item].target, step->step.distance_mm))
            return split_of(phrases, step, length);
        return phrases_fill(phrases, open ? PHRASE_STEP_OPEN_PACED : PHRASE_STEP_PACED, "length",
                            length.text, "pace", paces_of(phrases, plan, step).text, NULL);
    case AIM_HEART:
    case AIM_CADENCE:
    case AIM_POWER:
    case AIM_EFFORT:
    case AIM_MAXIMAL:
        break;
    }
    const Words aim = by_the_hour ? paces_of(phrases, plan, step) : aim_of(phrases, &step->aim);
    if (open)
        return phrases_fill(phrases, PHRASE_STEP_OPEN_AIM, "aim", aim.text, NULL);
    return phrases_fill(phrases, PHRASE_STEP_AIM, "length", length.text, "aim", aim.text, NULL);
}

// The author's own words behind ours, until they are known.
static Words with_note(const Phrases *phrases, const Plan *plan, size_t step, Words words)
{
    const char *note = plan_note(plan, step);
    if (note[0] == '\0' || plan->steps[step].repetition > NOTE_TIMES)
        return words;
    return phrases_fill(phrases, PHRASE_SPLIT_REST, "split", words.text, "rest", note, NULL);
}

Words script_step(const Phrases *phrases, const Plan *plan, size_t step, bool repetition)
{
    const PlanStep *this = &plan->steps[step];
    if (this->step.kind == STEP_REST)
        return with_note(phrases, plan, step, rest_of(phrases, plan, this));
    Words words = work_of(phrases, plan, this);
    if (!repetition)
        return words;
    if (begins_repetition(plan, step))
        words = phrases_fill(phrases, PHRASE_REPETITION, "step", words.text, "n",
                             words_number(phrases, this->repetition).text, "of",
                             words_number(phrases, this->repetitions).text, NULL);
    return with_note(phrases, plan, step, words);
}

// What is left of the step as it is being run, as a step of its own, no finer than it is of use
// and never nothing.
static PlanStep step_left(const Plan *plan, const Engine *engine)
{
    PlanStep step = plan->steps[engine->step];
    const double left = engine_remaining(engine);
    const bool by_clock = step_ends_by_clock(&engine->now);
    const double even = by_clock ? (left < 20    ? 1
                                    : left < 100 ? 5
                                                 : 10)
                                 : (left < 200    ? 10
                                    : left < 1000 ? 50
                                                  : 100);
    step.step = engine->now;
    if (!(left < step_length(&engine->now))) // it is open, or has yet to begin
        return step;
    // A time is less by when it is heard.
    const double about = fmax(even * (by_clock ? floor(left / even) : round(left / even)), even);
    if (by_clock)
        step.step.duration = usec_from_s(about);
    else
        step.step.distance_mm = llround(about * 1000);
    return step;
}

Words script_continued(const Phrases *phrases, const Plan *plan, const Engine *engine)
{
    const PlanStep step = step_left(plan, engine);
    const bool counted = step.repetitions > 1, rests = step.step.kind == STEP_REST;
    Words words = phrases_fill(phrases, counted ? PHRASE_RESUMING_REPETITION : PHRASE_RESUMING, "n",
                               words_number(phrases, step.repetition).text, "of",
                               words_number(phrases, step.repetitions).text, NULL);
    words = script_both(phrases, words,
                        rests ? rest_of(phrases, plan, &step) : work_of(phrases, plan, &step));
    if (engine->paused)
        words = script_both(phrases, words, phrases_fill(phrases, PHRASE_PAUSED, NULL));
    return words;
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

// Nobody warms up or goes home against the clock.
static bool is_way_there_or_home(const Plan *plan, size_t step)
{
    return (step == 0 || step + 1 == plan->step_count) && plan->steps[step].repetitions == 0 &&
           plan_step_is_easy(plan, step);
}

Words script_split(const Phrases *phrases, const Plan *plan, const Lap *lap, bool brief)
{
    const PlanStep *step = &plan->steps[lap->step];
    if (lap->outcome != STEP_COMPLETED || lap->kind != STEP_WORK || !runs_at(lap->speed_mps) ||
        plan_is_jog_between(plan, lap->step) || is_way_there_or_home(plan, lap->step))
        return (Words){0};
    // Of what builds, what it asks for in all.
    const double asked = step_planned_s(step);
    const double target =
        step->aim.quantity == AIM_SPEED && asked > 0 ? step_planned_m(step) / asked : NAN;
    if (step->step.measure == MEASURE_DISTANCE) {
        int64_t seconds = llround(usec_to_s(lap->duration));
        Words time = words_split(phrases, (uint32_t)seconds);
        if (isnan(target) || brief)
            return time;
        return split(phrases, time, seconds - llround(asked));
    }
    // By time only a repetition has a result worth a word.
    if (step->repetitions == 0 || isnan(target) || lap->duration <= GETTING_GOING)
        return (Words){0};
    if (is_by_the_hour(plan, step))
        return phrases_fill(phrases, PHRASE_SPLIT_PACE, "pace",
                            speed_of(phrases, plan, step, lap->speed_mps, true).text, NULL);
    const PaceUnit unit = unit_of(plan, step);
    const uint32_t seconds = pace_of_speed(lap->speed_mps, unit).seconds;
    const Words time =
        phrases_fill(phrases, PHRASE_SPLIT_PACE, "pace", words_clock(phrases, seconds).text, NULL);
    if (brief)
        return time;
    return split(phrases, time, (int64_t)seconds - pace_of_speed(target, unit).seconds);
}

static Words also(const Phrases *phrases, Words words, Words next)
{
    if (words.text[0] == '\0' || next.text[0] == '\0')
        return words.text[0] ? words : next;
    return phrases_fill(phrases, PHRASE_PREFLIGHT_AND, "before", words.text, "next", next.text,
                        NULL);
}

// Of an open step what lies behind, of the run.
static Words behind_of(const Phrases *phrases, const Engine *engine, double metres)
{
    const Words duration =
        words_duration(phrases, 10 * USEC_PER_SEC * llround(usec_to_s(engine->active) / 10));
    if (!(metres >= METRES_FOR_A_PACE))
        return duration;
    const Words way = words_distance(phrases, llround(metres) * 1000, WRITTEN_KM, 1);
    return phrases_fill(phrases, PHRASE_SUMMARY_DISTANCE, "distance", way.text, "duration",
                        duration.text, NULL);
}

static Words left_of(const Phrases *phrases, const Plan *plan, const Engine *engine)
{
    const PlanStep step = step_left(plan, engine);
    const double metres = (double)step.step.distance_mm / 1000;
    if (step_ends_by_clock(&step.step))
        return phrases_fill(phrases, PHRASE_LENGTH_TO_GO, "length",
                            words_duration(phrases, step.step.duration).text, NULL);
    if (metres < METRES_PER_KM)
        return phrases_fill(phrases, PHRASE_METRES_TO_GO, "n",
                            words_number(phrases, (uint64_t)llround(metres)).text, NULL);
    const bool miles = script_step_unit(plan, engine->step) == PACE_PER_MILE;
    const Words length =
        words_distance(phrases, step.step.distance_mm, miles ? WRITTEN_MILES : WRITTEN_KM, 1);
    return phrases_fill(phrases, PHRASE_LENGTH_TO_GO, "length", length.text, NULL);
}

// A rest has the number of the repetition before it; how long one that waits for the heart still
// takes, nobody knows.
Words script_status(const Phrases *phrases, const Plan *plan, const Engine *engine,
                    const StatusTold *told)
{
    const PlanStep *step = &plan->steps[engine->step];
    const bool rests = engine->now.kind == STEP_REST, waits = engine->now.measure == MEASURE_HEART;
    Words words = {0};
    if (step->repetitions > 1)
        words =
            phrases_fill(phrases, PHRASE_PLACE, "n", words_number(phrases, step->repetition).text,
                         "of", words_number(phrases, step->repetitions).text, NULL);
    if (rests)
        words =
            also(phrases, words, waits ? rest_of(phrases, plan, step) : manner_of(phrases, step));
    if (!waits)
        words = also(phrases, words,
                     isnan(engine_remaining(engine)) ? behind_of(phrases, engine, told->metres)
                                                     : left_of(phrases, plan, engine));
    if (told->brief)
        return words;
    if (!rests && runs_at(told->speed))
        words = also(phrases, words, speed_of(phrases, plan, step, told->speed, true));
    if (!(told->heart_rate > 0))
        return words;
    const Words heart = words_reading(phrases, (uint64_t)llround(told->heart_rate));
    return also(phrases, words, phrases_fill(phrases, PHRASE_AIM_HEART, "n", heart.text, NULL));
}

// What a correction asks for; whoever runs it knows the unit. Of a range, the middle that is held,
// or the limit that was passed.
static Words asked_of(const Phrases *phrases, const Plan *plan, const PlanStep *step, bool too_much,
                      double speed)
{
    Aim aim = step->aim;
    if (aim.quantity == AIM_SPEED)
        return speed_of(phrases, plan, step, speed, false);
    if (aim.quantity != AIM_HEART || !aim.ranged)
        aim.low = aim.high = aim.value;
    else if (too_much)
        aim.low = NAN;
    else
        aim.high = NAN;
    return aim_of(phrases, &aim);
}

Words script_correction(const Phrases *phrases, const Plan *plan, size_t step, PhraseId correction,
                        bool too_much, double speed)
{
    const PlanStep *this = &plan->steps[step];
    if (isnan(this->aim.value))
        return (Words){0};
    return phrases_fill(phrases, PHRASE_CORRECTION, "correction", phrases->phrase[correction],
                        "aim", asked_of(phrases, plan, this, too_much, speed).text, NULL);
}

Words script_lap(const Phrases *phrases, const Lap *lap, uint32_t number)
{
    Words time = words_split(phrases, (uint32_t)llround(usec_to_s(lap->duration)));
    Words told = phrases_fill(phrases, PHRASE_LAP, "n", words_number(phrases, number).text, "split",
                              time.text, NULL);
    if (!runs_at(lap->speed_mps) || lap->distance_m < METRES_FOR_A_PACE)
        return told;
    const PaceTarget pace = pace_of_speed(lap->speed_mps, PACE_PER_KM);
    return phrases_fill(phrases, PHRASE_LAP_PACE, "lap", told.text, "pace",
                        words_pace(phrases, pace).text, NULL);
}

Words script_milestone(const Phrases *phrases, PaceUnit unit, uint32_t number, Usec took)
{
    const Words split = words_split(phrases, (uint32_t)llround(usec_to_s(took)));
    return phrases_fill(phrases, unit == PACE_PER_MILE ? PHRASE_MILE : PHRASE_KILOMETRE, "n",
                        words_number(phrases, number).text, "split", split.text, NULL);
}

static Words adapted_length(const Phrases *phrases, const Adaptation *adaptation)
{
    if (!isnan(adaptation->distance_m))
        return way_of(phrases, adaptation->distance_m, INFINITY);
    return words_duration(
        phrases,
        usec_from_s(isnan(adaptation->duration_s) ? adaptation->rest_s : adaptation->duration_s));
}

Words script_adaptation(const Phrases *phrases, const Adaptation *adaptation)
{
    static const PhraseId reasons[] = {
        [ADAPT_WHY_ALL_OUT] = PHRASE_WHY_ALL_OUT,  [ADAPT_WHY_FADING] = PHRASE_WHY_FADING,
        [ADAPT_WHY_EMPTY] = PHRASE_WHY_EMPTY,      [ADAPT_WHY_TIRED] = PHRASE_WHY_TIRED,
        [ADAPT_WHY_HEART_HIGH] = PHRASE_WHY_HEART, [ADAPT_WHY_SLOW] = PHRASE_WHY_SLOW,
        [ADAPT_WHY_STRONG] = PHRASE_WHY_STRONG,
    };
    static const PhraseId actions[] = {
        [ADAPT_ADD] = PHRASE_ADAPT_ADD,   [ADAPT_REST_PLUS] = PHRASE_ADAPT_REST,
        [ADAPT_DROP] = PHRASE_ADAPT_DROP, [ADAPT_SHORTEN] = PHRASE_ADAPT_SHORTEN,
        [ADAPT_STOP] = PHRASE_ADAPT_STOP,
    };
    static const PhraseId going_on[] = {[ADAPT_DROP] = PHRASE_ADAPT_DROP_NEXT,
                                        [ADAPT_SHORTEN] = PHRASE_ADAPT_SHORTEN_ALL,
                                        [ADAPT_STOP] = PHRASE_ADAPT_NEXT};
    if (adaptation->decision < ADAPT_ADD)
        return (Words){0};
    if (adaptation->taken_back)
        return phrases_fill(phrases, PHRASE_ADAPT_BACK, NULL);
    const PhraseId action = adaptation->heart_below > 0
                                ? PHRASE_ADAPT_WAIT
                                : (adaptation->goes_on ? going_on : actions)[adaptation->decision];
    const bool sized = adaptation->decision != ADAPT_DROP && adaptation->decision != ADAPT_STOP;
    const Words length = sized ? adapted_length(phrases, adaptation) : (Words){0};
    if (adaptation->decision == ADAPT_ADD && !adaptation->on_offer)
        return phrases_fill(phrases, PHRASE_ADAPT_ADDED, "length", length.text, NULL);
    const Words told = phrases_fill(phrases, action, "length", length.text, NULL);
    if (adaptation->again)
        return told;
    return script_both(phrases, phrases_fill(phrases, reasons[adaptation->reason], NULL), told);
}

Words script_proposal(const Phrases *phrases, ProposalKind kind, double metres, double seconds,
                      bool with_vdot)
{
    switch (kind) {
    case PROPOSAL_NONE:
        break;
    case PROPOSAL_RAISE:
        return phrases_fill(phrases, PHRASE_PROPOSAL_RAISE, "n",
                            words_number(phrases, PROPOSAL_RAISE_SESSIONS).text, NULL);
    case PROPOSAL_EASE:
        return phrases_fill(phrases, with_vdot ? PHRASE_PROPOSAL_EASE : PHRASE_PROPOSAL_REST, "n",
                            words_number(phrases, PROPOSAL_EASE_SESSIONS).text, NULL);
    case PROPOSAL_REPEAT:
    case PROPOSAL_REST:
        return phrases_fill(
            phrases, kind == PROPOSAL_REPEAT ? PHRASE_PROPOSAL_REPEAT : PHRASE_PROPOSAL_SHORT_REST,
            "n", words_number(phrases, PROPOSAL_GROW_SESSIONS).text, NULL);
    case PROPOSAL_PACE:
        return phrases_fill(phrases, PHRASE_PROPOSAL_RAISE, "n",
                            words_number(phrases, PROPOSAL_GROW_SESSIONS).text, NULL);
    case PROPOSAL_ADOPT:
    case PROPOSAL_ASK:
        if (!(metres > 0 && seconds > 0))
            return phrases_fill(phrases, PHRASE_PROPOSAL_PACES, NULL);
        return phrases_fill(phrases, PHRASE_PROPOSAL_RACE, "length",
                            way_of(phrases, metres, 2 * METRES_PER_KM).text, "duration",
                            words_duration(phrases, llround(seconds) * USEC_PER_SEC).text, NULL);
    }
    return (Words){0};
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
        if (!run->brief)
            told = phrases_fill(phrases, PHRASE_SUMMARY_PACE, "summary", told.text, "pace",
                                words_pace(phrases, pace_of_speed(speed, run->unit)).text, NULL);
    }
    if (run->heart_rate > 0 && !run->brief)
        told = phrases_fill(phrases, PHRASE_SUMMARY_HEART, "summary", told.text, "n",
                            words_reading(phrases, (uint64_t)llround(run->heart_rate)).text, NULL);
    return phrases_fill(phrases, run->completed ? PHRASE_DONE : PHRASE_STOPPED, "summary",
                        told.text, NULL);
}

Words script_snapped(const Phrases *phrases, Words split, double metres)
{
    if (!(metres > 0))
        return split;
    const Words number = words_number(phrases, (uint64_t)llround(metres));
    return script_both(phrases, split,
                       phrases_fill(phrases, PHRASE_SNAPPED, "n", number.text, NULL));
}
