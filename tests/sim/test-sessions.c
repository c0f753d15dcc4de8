// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the coach promises, over two hundred whole sessions: the real core, a runner who tires, good
// pods and poor ones, links that are lost. The seeds are fresh each time; a failure names its own,
// and PACED_SEED=… runs it again.

#include "coach/approach.h"
#include "coach/script.h"
#include "sim/virtual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SESSIONS    200
#define SAID_MAX    4000
#define STEPS_MAX   400
#define MINUTE      (60 * USEC_PER_SEC)
#define BLIND_SHARE 20
#define LATE        2.0                // s that words of a place or a time may be late
#define DOUBT_MOST  0.52               // the coach takes each packet at its own, and stops at 0.50
#define SETTLES     (8 * USEC_PER_SEC) // into a step: that its pace is new says nothing against a split
#define BLURRED     (3 * USEC_PER_SEC) // a snapshot is seen once a second, and between measurements

static const char *const plans[] = {
    "Workout - Kilometres\n- 3min @ 6'00''/km\n- 3 lots of:\n- 1km @ 4'10''/km\n- 90s rest\n",
    "Workout - Quarters\n- 2min @ 5'40''/km\n- 6 lots of:\n- 400m @ 3'55''/km\n- 60s rest\n",
    "Workout - Short\n- 2min @ 5'40''/km\n- 10 lots of:\n- 100m @ 3'40''/km\n- 20s rest\n",
    "Workout - Shorter\n- 90s @ 5'40''/km\n- 12 lots of:\n- 15s @ 3'40''/km\n- 10s rest\n",
    "Workout - Steady\n- 12min @ 5'00''/km\n- 3min rest\n",
    "Workout - Ladder\n- 200m @ 4'00''/km\n- 45s rest\n- 400m @ 4'10''/km\n- 45s rest\n"
    "- 800m @ 4'20''/km\n- 60s rest\n- 400m @ 4'10''/km\n- 45s rest\n- 200m @ 4'00''/km\n",
    "Workout - Tempo\n- 5km @ 4'30''/km\n- 2min rest\n",
    "Workout - In and out\n- 4 lots of:\n- 60s @ 4'00''/km\n- 60s @ 5'00''/km\n",
    "Workout - By heart\n- 8min @ HR 125-135\n- 2 lots of:\n- 6min @ HR 150-155\n- 2min rest\n",
    "Workout - By power\n- 4min @ 150-190 W\n- 4 lots of:\n- 3min @ 235-250 W\n- 90s rest\n",
    "Workout - Under a limit\n- 3 lots of:\n- 5min @ HR <140\n- 90s rest\n- 4min @ >200 W\n",
};

// How a stretch was seen, as whoever reads the snapshots sees it.
typedef struct {
    Usec blind;
    double doubt, heart_doubt; // µs times what is missing of full confidence
} Seen;

typedef struct {
    Usec at;
    bool sounds;
    Cue cue;
    uint16_t step;
} Said;

typedef struct {
    Usec at;
    bool works;
    Tone tone;  // that may tell of it
    Words told; // what it is called
} Begun;

// What a step that ended has to be told of.
typedef struct {
    Usec at;
    Words split; // in brief: what else is told of it may be left out
} Ended;

static Phrases phrases;

static struct {
    uint64_t seed;
    VirtualOptions how;
    const Plan *plan; // which a snapshot at the end has no more
    Said said[SAID_MAX];
    size_t count;
    Begun begun[STEPS_MAX];
    size_t steps;
    Ended ended[STEPS_MAX];
    size_t ends;
    Usec looked_at;
    Seen look; // the latest, of a µs
    Seen step, whole;
    bool seen; // the step before, well enough to tell of it
    Usec ran;  // without pauses
    Usec done_at;
} run;

static size_t kinds[AIM_MAXIMAL + 1]; // how often each quantity was corrected, in all sessions
static size_t steps_begun, steps_untold;
static size_t splits, splits_untold, kilometres;

static void see_for(Seen *seen, Usec span, double doubt)
{
    seen->blind += run.look.blind * span;
    seen->doubt += doubt * (double)span;
    seen->heart_doubt += run.look.heart_doubt * (double)span;
}

static void look(const Effect *effect, const Snapshot *snapshot)
{
    if (run.steps > 0) {
        const bool settles = run.looked_at < run.begun[run.steps - 1].at + SETTLES;
        const double doubt =
            settles && !run.look.blind ? fmin(run.look.doubt, 0.5) : run.look.doubt;
        see_for(&run.step, effect->at - run.looked_at, doubt);
        see_for(&run.whole, effect->at - run.looked_at, run.look.doubt);
    }
    run.looked_at = effect->at;
    run.look = (Seen){isnan(snapshot->speed.value), 1 - snapshot->speed.confidence,
                      1 - snapshot->heart_rate.confidence};
}

static bool sure(double doubt, Usec duration)
{
    return doubt <= DOUBT_MOST * (double)duration + (double)BLURRED;
}

// What the numbers of a stretch are asked: known nearly all the time, and with confidence in the
// mean.
static bool well_seen(const Seen *seen, Usec duration)
{
    return seen->blind <= duration / BLIND_SHARE + BLURRED && sure(seen->doubt, duration);
}

// What is steered by in this step, as a part of what is asked for now of one that builds.
static Estimate steered_by(const Snapshot *snapshot, const Aim *aim)
{
    Estimate speed = snapshot->speed;
    if (aim->quantity == AIM_HEART)
        return snapshot->heart_rate;
    if (aim->quantity == AIM_POWER)
        return snapshot->power;
    speed.value *= aim->value / snapshot->target_speed_mps;
    return speed;
}

// A correction asks for what is so at this moment, of whom runs, by what is known well.
static void expect_due_correction(const Cue *cue, const Snapshot *snapshot)
{
    const Aim *aim = &snapshot->plan->steps[snapshot->step].aim;
    const Estimate measured = steered_by(snapshot, aim);
    // Between two packets the estimate moves a little, and words may wait for silence.
    const double moved = aim->low < aim->high ? -0.01 : 0.01;
    const double over = measured.value / aim->high - 1, under = 1 - measured.value / aim->low;
    cr_expect(run.steps > 0 && run.begun[run.steps - 1].works, "seed %ju: %s in a rest",
              (uintmax_t)run.seed, cue->text);
    cr_expect(measured.confidence >= 0.5, "seed %ju: %s, sure to %.2f", (uintmax_t)run.seed,
              cue->text, measured.confidence);
    cr_expect(cue->why != CUE_WHY_TOO_FAST || over > moved, "seed %ju: %s at %+.1f %%",
              (uintmax_t)run.seed, cue->text, 100 * over);
    cr_expect(cue->why != CUE_WHY_TOO_SLOW || under > moved, "seed %ju: %s at %+.1f %%",
              (uintmax_t)run.seed, cue->text, -100 * under);
    cr_expect(cue->why != CUE_WHY_RIGHT_AGAIN || !(over > 0.03 || under > 0.03), "seed %ju: %s",
              (uintmax_t)run.seed, cue->text);
    kinds[snapshot->plan->steps[snapshot->step].aim.quantity]++;
}

// The number that words begin with: "two hundred to go", "in ten: …"; 0: none that is known here.
static double number_ahead(const char *text)
{
    static const struct {
        const char *words;
        double number;
    } table[] = {{"two hundred to go", 200}, {"fifty to go", 50}, {"thirty seconds to go", 30},
                 {"ten seconds to go", 10},  {"in five: ", 5},    {"in ten: ", 10},
                 {"in fifteen: ", 15}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strncmp(text, table[i].words, strlen(table[i].words)) == 0)
            return table[i].number;
    return 0;
}

// What is said of the way that is left is so as it is said.
static void expect_due_place(const Cue *cue, const Snapshot *snapshot)
{
    const Step *step = &snapshot->now;
    const double number = number_ahead(cue->text), left = snapshot->step_remaining;
    const bool by_distance = step->measure == MEASURE_DISTANCE;
    const double pace = by_distance ? snapshot->speed.value : 1;
    const double asked = cue->kind == CUE_STEP ? number * pace : number;
    if (strncmp(cue->text, "halfway", 7) == 0)
        cr_expect(fabs(left - step_length(step) / 2) <= LATE * pace, "seed %ju: %s at %g of %g",
                  (uintmax_t)run.seed, cue->text, left, step_length(step));
    else if (number > 0)
        cr_expect(fabs(left - asked) <= LATE * pace, "seed %ju: “%s” with %g left",
                  (uintmax_t)run.seed, cue->text, left);
    else
        cr_expect(cue->kind != CUE_PROGRESS, "seed %ju: “%s” is not known here",
                  (uintmax_t)run.seed, cue->text);
}

// A kilometre is told by its number, within the seconds that words may wait.
static void expect_due_kilometre(const Cue *cue, const Snapshot *snapshot)
{
    const double passed = floor(snapshot->step_distance_m / METRES_PER_KM);
    const Words number = words_number(&phrases, (uint64_t)passed);
    const Words told = phrases_fill(&phrases, PHRASE_KILOMETRE, "n", number.text, NULL);
    const double since = snapshot->step_distance_m - passed * METRES_PER_KM;
    cr_expect(strncmp(cue->text, told.text, strlen(told.text)) == 0 && since <= 8 * 6,
              "seed %ju: “%s” at %g m", (uintmax_t)run.seed, cue->text, snapshot->step_distance_m);
    kilometres++;
}

// How old words may be, s: what is of a moment may not, what is of a step no older than it matters.
static double most_late(CueKind kind)
{
    const bool of_moment = kind == CUE_DRIFT || kind == CUE_PROGRESS || kind == CUE_COUNTDOWN;
    const bool of_step = kind == CUE_SPLIT || kind == CUE_STEP;
    return of_moment ? LATE : of_step ? 8 : 20;
}

static void expect_true(const Effect *effect, const Snapshot *snapshot)
{
    const Cue *cue = &effect->cue;
    const bool sounds = effect->kind == EFFECT_TONE;
    const double late = usec_to_s(effect->at - cue->due);
    cr_expect(late <= most_late(cue->kind), "seed %ju: “%s” was due %.1f s ago",
              (uintmax_t)run.seed, cue->text, late);
    if (cue->kind == CUE_DRIFT)
        expect_due_correction(cue, snapshot);
    if (!sounds && (cue->kind == CUE_PROGRESS || cue->why == CUE_WHY_STEP_COMES))
        expect_due_place(cue, snapshot);
    if (cue->kind == CUE_KILOMETRE)
        expect_due_kilometre(cue, snapshot);
    if (cue->kind == CUE_SPLIT && !sounds)
        cr_expect(run.seen, "seed %ju: “%s” of what was not seen", (uintmax_t)run.seed, cue->text);
    if (cue->kind == CUE_SUMMARY && strstr(cue->text, " in "))
        cr_expect(well_seen(&run.whole, run.ran), "seed %ju: “%s”, of a run that was not seen",
                  (uintmax_t)run.seed, cue->text);
    if (cue->kind == CUE_SUMMARY && strstr(cue->text, "eart "))
        cr_expect(sure(run.whole.heart_doubt, run.ran), "seed %ju: “%s”, of a heart never sure of",
                  (uintmax_t)run.seed, cue->text);
    cr_assert(run.count < SAID_MAX);
    run.said[run.count++] = (Said){effect->at, sounds, *cue, (uint16_t)run.steps};
}

static void expect_split_later(const Effect *effect)
{
    const Lap *lap = &effect->lap;
    const Words split = script_split(&phrases, run.plan, lap, true);
    if (split.text[0] != '\0' && run.seen)
        run.ended[run.ends++] = (Ended){effect->at, split};
}

static void see(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    look(effect, snapshot);
    switch (effect->kind) {
    case EFFECT_SAY:
    case EFFECT_TONE:
        expect_true(effect, snapshot);
        break;
    case EFFECT_STEP:
        cr_assert(run.steps < STEPS_MAX);
        run.plan = snapshot->plan;
        run.begun[run.steps++] = (Begun){
            .at = effect->at,
            .works = effect->step.plan.step.kind == STEP_WORK,
            .tone = approach_tone(snapshot->plan, effect->step.index),
            .told = script_step(&phrases, snapshot->plan, effect->step.index, false),
        };
        break;
    case EFFECT_RECORD:
        run.seen = well_seen(&run.step, effect->lap.duration);
        expect_split_later(effect);
        run.step = (Seen){0};
        run.ran += effect->lap.duration;
        break;
    case EFFECT_DONE:
        run.done_at = effect->at;
        break;
    case EFFECT_HUSH:
    case EFFECT_METRONOME:
    case EFFECT_TICK:
    case EFFECT_STATE:
    case EFFECT_ADAPTED:
    case EFFECT_PROPOSAL:
    case EFFECT_CORRECTED:
    case EFFECT_ANSWER:
        break;
    }
}

// Six utterances a minute and a quarter of it. The end of a run is said in any minute.
static void expect_few_words(size_t i)
{
    const Said *said = &run.said[i];
    const Usec until = said->at + said->cue.takes, from = until - MINUTE;
    Usec speaking = 0;
    unsigned utterances = 0;
    if (said->sounds || said->cue.why == CUE_WHY_RUN_ENDED)
        return;
    for (size_t n = 0; n <= i; n++) {
        const Said *other = &run.said[n];
        if (other->sounds)
            continue;
        const Usec ends = other->at + other->cue.takes;
        if (ends > from)
            speaking += ends - (other->at > from ? other->at : from);
        utterances += other->cue.kind != CUE_COUNTDOWN && other->at > said->at - MINUTE;
    }
    cr_expect(speaking <= 15010 * USEC_PER_MSEC, "seed %ju: %.1f s of a minute with “%s”",
              (uintmax_t)run.seed, usec_to_s(speaking), said->cue.text);
    cr_expect(utterances <= 6 || said->cue.kind == CUE_COUNTDOWN,
              "seed %ju: %u in a minute with “%s”", (uintmax_t)run.seed, utterances,
              said->cue.text);
}

static bool asks(const Said *said)
{
    return said->cue.kind == CUE_DRIFT && said->cue.why != CUE_WHY_RIGHT_AGAIN;
}

// In any minute nobody is corrected more than three times; what is asked for is not taken back in
// the same breath; and praise answers what was asked lately.
static void expect_rare_corrections(void)
{
    for (size_t i = 0; i < run.count; i++) {
        const Said *said = &run.said[i];
        unsigned asked = 0;
        bool answers = asks(said);
        if (said->cue.kind != CUE_DRIFT)
            continue;
        for (size_t n = 0; n <= i; n++) {
            const Usec since = said->at - run.said[n].at;
            asked += asks(&run.said[n]) && since < MINUTE;
            answers |= asks(&run.said[n]) && run.said[n].step == said->step && since < 5 * MINUTE;
            cr_expect(n == i || run.said[n].cue.kind != CUE_DRIFT || since >= 8 * USEC_PER_SEC,
                      "seed %ju: “%s” and “%s”", (uintmax_t)run.seed, run.said[n].cue.text,
                      said->cue.text);
        }
        cr_expect(asked <= 3, "seed %ju: %u corrections in a minute", (uintmax_t)run.seed, asked);
        cr_expect(answers, "seed %ju: “%s” to nothing", (uintmax_t)run.seed, said->cue.text);
    }
}

// The words or the tone that tell of a step, so far before its beginning and so soon after.
static bool is_told(const Begun *begun, bool in_words, double before_s, double after_s)
{
    for (size_t i = 0; i < run.count; i++) {
        const Said *said = &run.said[i];
        const double since = usec_to_s((said->sounds ? said->cue.due : said->at) - begun->at);
        const bool tone = said->sounds && said->cue.tone == begun->tone;
        const bool words =
            !said->sounds && begun->told.text[0] && strcasestr(said->cue.text, begun->told.text);
        if ((in_words ? words : tone) && since > -before_s && since < after_s)
            return true;
    }
    return false;
}

// Each step is told by its name, from twenty seconds before it until soon after, and where only
// tones are wanted by its tone. A minute that has no room for the words has it for the tone.
static void expect_announcements(void)
{
    for (size_t step = 0; step < run.steps; step++) {
        const Begun *begun = &run.begun[step];
        const bool wordless = run.how.session.verbosity == VERBOSITY_TONES;
        const bool sounded = is_told(begun, false, 2, 2);
        const bool told = wordless ? sounded : is_told(begun, true, 20, 8);
        cr_expect(told || sounded, "seed %ju: step %zu, %s, of %s", (uintmax_t)run.seed, step,
                  begun->told.text, verbosity_name(run.how.session.verbosity));
        steps_begun++;
        steps_untold += !told;
    }
}

// The number that whoever ran hard waits for.
static void count_splits(void)
{
    for (size_t i = 0; i < run.ends && run.how.session.verbosity != VERBOSITY_TONES; i++) {
        const Ended *ended = &run.ended[i];
        bool told = false;
        for (size_t n = 0; n < run.count; n++)
            told |= !run.said[n].sounds && run.said[n].at >= ended->at &&
                    run.said[n].at < ended->at + 8 * USEC_PER_SEC &&
                    strncasecmp(run.said[n].cue.text, ended->split.text,
                                strlen(ended->split.text)) == 0;
        splits++;
        splits_untold += !told;
    }
}

static void run_one(uint64_t seed)
{
    Random dice;
    TextError error;
    memset(&run, 0, sizeof run);
    run.seed = seed;
    random_seed(&dice, seed);
    const char *text = plans[(size_t)(random_uniform(&dice) * (sizeof plans / sizeof *plans))];
    static const char *const runners[] = {"fresh", "tired", "fading"};
    run.how = virtual_default();
    run.how.seed = seed;
    run.how.traits = runner_named(runners[(size_t)(random_uniform(&dice) * 3)]);
    run.how.session.verbosity = (Verbosity)(random_uniform(&dice) * VERBOSITIES);
    const bool poor = random_uniform(&dice) < 0.5;
    run.how.power = true;
    run.how.pod_scale = 1 + (poor ? 0.06 : 0.01) * random_normal(&dice);
    run.how.pod_spikes = poor && random_uniform(&dice) < 0.5;
    run.how.troubles = random_uniform(&dice) < 0.7 ? 60 * random_uniform(&dice) : 0;
    cr_assert(virtual_run(text, strlen(text), &run.how, see, NULL, &error) == REASON_OK,
              "seed %ju: %s", (uintmax_t)seed, error.text);
    cr_expect(run.done_at > 0 && run.count > 5, "seed %ju", (uintmax_t)seed);
    for (size_t i = 0; i < run.count; i++)
        expect_few_words(i);
    expect_rare_corrections();
    expect_announcements();
    count_splits();
}

Test(sessions, keep_what_the_coach_promises, .timeout = 240)
{
    uint64_t first;
    phrases_init_english(&phrases);
    const char *given = getenv("PACED_SEED");
    cr_assert(getrandom(&first, sizeof first, 0) == sizeof first);
    first = given ? strtoull(given, NULL, 10) : first >> 20;
    for (uint64_t i = 0; i < (given ? 1 : SESSIONS); i++)
        run_one(first + i);
    printf(
        "# corrected by speed %zu times, by heart %zu, by power %zu; %zu of %zu steps and %zu of "
        "%zu splits untold\n",
        kinds[AIM_SPEED], kinds[AIM_HEART], kinds[AIM_POWER], steps_untold, steps_begun,
        splits_untold, splits);
    if (given)
        return;
    cr_expect(kinds[AIM_SPEED] > 0 && kinds[AIM_HEART] > 0 && kinds[AIM_POWER] > 0);
    cr_expect(steps_untold * 50 < steps_begun, "%zu of %zu", steps_untold, steps_begun);
    cr_expect(kilometres > 0);
    cr_expect(splits_untold * 12 < splits, "%zu of %zu", splits_untold, splits);
}
