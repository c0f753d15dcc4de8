// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Promises that hold in any run: random plans, runners, sensors that come and go, voices with any
// delay, and people who press buttons. Each failure names its seed.

#include "coach/script.h"
#include "course.h"

typedef struct {
    uint64_t state;
} Dice;

static unsigned roll(Dice *dice, unsigned sides)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice->state >> 33) % sides;
}

static Leg random_step(Dice *dice)
{
    static const int seconds[] = {5, 12, 20, 30, 45, 60, 90, 180, 400};
    static const int metres[] = {100, 200, 300, 400, 600, 1000, 1600};
    PaceTarget pace = PER_KM((uint16_t)(180 + roll(dice, 200)));
    if (roll(dice, 5) == 0)
        pace = UNPACED;
    else if (roll(dice, 3) == 0)
        pace = PER_MILE((uint16_t)(300 + roll(dice, 300)));
    switch (roll(dice, 5)) {
    case 0:
    case 1:
        return REST(seconds[roll(dice, 9)]);
    case 2:
        return SECONDS(seconds[roll(dice, 9)], pace);
    default:
        return METRES(metres[roll(dice, 7)], pace);
    }
}

static Course course;

static void prepare(Dice *dice)
{
    course_init(&course);
    unsigned steps = 2 + roll(dice, 7), repetitions = roll(dice, 2) ? steps : 0;
    for (unsigned i = 0; i < steps; i++)
        course_add(&course, random_step(dice), repetitions ? i + 1 : 0, repetitions);
    course.latency = roll(dice, 5) * 100 * USEC_PER_MSEC;
    coach_voice_latency(&course.coach, course.latency);
    course.voice_pace = 0.7 + 0.1 * roll(dice, 4);
    course.speed = 4;
}

static void wander(Dice *dice)
{
    course.speed += 0.3 * ((int)roll(dice, 3) - 1);
    course.speed = fmin(fmax(course.speed, 2), 6);
    if (roll(dice, 25) == 0)
        course.pod_on = !course.pod_on;
    if (roll(dice, 25) == 0)
        course.strap_on = !course.strap_on;
}

// Somebody presses a button now and then. Returns whether the steps' natural order was disturbed.
static bool press(Dice *dice)
{
    if (course.paused) {
        course_resume(&course);
        return true;
    }
    switch (roll(dice, 30)) {
    case 0:
        course_command(&course, STEP_LAPPED);
        return true;
    case 1:
        course_command(&course, STEP_SKIPPED);
        return true;
    case 2:
        course_pause(&course);
        return true;
    default:
        return false;
    }
}

static int rank(const Said *said)
{
    static const char *const words[] = {"go", "one", "two", "three"};
    for (int i = 0; i < 4; i++)
        if (strcmp(said->cue.text, words[i]) == 0)
            return i;
    return strcmp(said->cue.text, "easy now") == 0 ? 0 : -1; // "go" of a jog, or of the way home
}

static bool is_tone(const Said *said)
{
    return said->cue.form == FORM_EARCON;
}

// What of it was being said in the minute that ends here, s.
static double share(const Said *said, Usec minute_ends)
{
    const Usec from = said->at, until = said->at + speech_duration(said->cue.text, 160);
    const Usec begins = minute_ends - 60 * USEC_PER_SEC;
    const Usec end = until < minute_ends ? until : minute_ends;
    return is_tone(said) || end <= begins ? 0 : usec_to_s(end - (from > begins ? from : begins));
}

static void expect_sound_cue(size_t i, unsigned seed)
{
    const Said *said = &course.said[i];
    const char *text = said->cue.text;
    cr_expect(eq(u32, said->cue.id, (uint32_t)i + 1), "seed %u", seed);
    cr_expect(strlen(text) + is_tone(said) > 0 && strcspn(text, "0123456789{}") == strlen(text),
              "seed %u: %s", seed, text);
    cr_expect(said->at < said->cue.expires, "seed %u: %s is stale", seed, text);
    cr_expect(said->at >= said->cue.due - course.latency - 10 * USEC_PER_MSEC,
              "seed %u: %s is early", seed, text);
    cr_expect(said->running || said->cue.kind == CUE_SAFETY || said->cue.kind == CUE_SUMMARY,
              "seed %u: %s while not running", seed, text);
    for (const Said *tone = said - 1; tone >= course.said && !is_tone(said); tone--) {
        const bool boundary = tone->cue.tone == TONE_GO || tone->cue.tone == TONE_REST;
        const Usec over = tone->cue.due + 390 * USEC_PER_MSEC;
        cr_expect(not(boundary && said->at + course.latency < over), "seed %u: %s under a tone",
                  seed, text);
    }
    // Nobody is spoken over: what is still being said was hushed, and for a reason.
    const Said *before = said - 1;
    while (before >= course.said && is_tone(before))
        before--;
    if (is_tone(said) || before < course.said || before->until <= said->at)
        return;
    cr_expect(said->hushed == before->cue.id, "seed %u: %s over %s", seed, text, before->cue.text);
}

static void expect_few_words(size_t i, unsigned seed)
{
    const Said *said = &course.said[i];
    const Usec words_end = said->at + speech_duration(said->cue.text, 160);
    double speaking = share(said, words_end);
    unsigned utterances = 1;
    for (size_t before = i; before-- > 0;) {
        const Said *other = &course.said[before];
        speaking += share(other, words_end);
        utterances += !is_tone(other) && other->cue.kind != CUE_COUNTDOWN &&
                      other->at > said->at - 60 * USEC_PER_SEC;
    }
    // A button is answered whatever was said before.
    if (!is_tone(said) && said->cue.why != CUE_WHY_PAUSE && said->cue.why != CUE_WHY_RUN_ENDED) {
        cr_expect(speaking < 15.01, "seed %u: %g s of a minute with %s", seed, speaking,
                  said->cue.text);
        cr_expect(utterances <= 6 || said->cue.kind == CUE_COUNTDOWN, "seed %u: %u in a minute",
                  seed, utterances);
    }
    if (said->cue.kind != CUE_DRIFT)
        return;
    cr_expect(said->targeted && !said->resting, "seed %u: %s", seed, said->cue.text);
    const bool steady = strcmp(said->cue.text, "hold steady") == 0;
    bool answers = !steady;
    for (size_t before = i; before-- > 0;) {
        const Said *other = &course.said[before];
        const Usec since = said->at - other->at;
        if (other->cue.kind != CUE_DRIFT)
            continue;
        cr_expect(since >= (steady ? 8 : 20) * USEC_PER_SEC, "seed %u: %s %g s after %s", seed,
                  said->cue.text, usec_to_s(since), other->cue.text);
        answers |= other->step == said->step && since <= 60 * USEC_PER_SEC;
    }
    cr_expect(answers, "seed %u: %s to what was said long ago", seed, said->cue.text);
}

// The step whose beginning a "go" belongs to: this one's, or the next one's when it was foretold.
static Usec nearest_start(const Said *said)
{
    Usec heard = said->at + course.latency, this = course.step_at[said->step];
    Usec next = course.step_at[said->step + 1];
    return next != 0 && llabs(heard - next) < llabs(heard - this) ? next : this;
}

// Each number once and downwards in a step; "go" with its boundary, at the latest a packet later.
static void expect_countdowns(unsigned seed)
{
    int last = 4;
    Usec counted = 0;
    for (size_t i = 0; i < course.count; i++) {
        const Said *said = &course.said[i];
        if (said->cue.kind != CUE_COUNTDOWN || is_tone(said))
            continue;
        int now = rank(said);
        cr_assert(now >= 0);
        if (now == 0) {
            Usec off = said->at + course.latency - nearest_start(said);
            cr_expect(off >= -10 * USEC_PER_MSEC && off <= 1010 * USEC_PER_MSEC + course.latency,
                      "seed %u: go %g s off", seed, usec_to_s(off));
            last = 4;
            continue;
        }
        if (course.step_at[said->step] != counted)
            last = 4;
        cr_expect(now < last, "seed %u: %s", seed, said->cue.text);
        last = now;
        counted = course.step_at[said->step];
    }
}

// Who has to work was told: before, or at the latest soon after it began.
// Returns how many were not, for want of a minute with room for it: they had the tone only.
static unsigned expect_announcements(unsigned seed)
{
    unsigned untold = 0;
    for (size_t step = 0; step < course.plan.step_count; step++) {
        const Step *this = &course.plan.steps[step].step;
        if (this->kind != STEP_WORK || course.step_at[step] == 0 ||
            (step + 1 < course.plan.step_count &&
             course.step_at[step + 1] < course.step_at[step] + 10 * USEC_PER_SEC))
            continue;
        Words text = script_step(&course.phrases, &course.plan, step, false);
        bool told = false;
        for (size_t i = 0; i < course.count; i++)
            told |= course.said[i].cue.kind == CUE_STEP &&
                    course.said[i].at > course.step_at[step] - 20 * USEC_PER_SEC &&
                    course.said[i].at < course.step_at[step] + 8 * USEC_PER_SEC &&
                    strstr(course.said[i].cue.text, text.text);
        untold += !told;
    }
    return untold;
}

Test(manners, hold_in_any_run, .timeout = 240)
{
    size_t words = 0, steps = 0, untold = 0;
    for (unsigned seed = 1; seed <= 400; seed++) {
        Dice dice = {seed};
        prepare(&dice);
        bool buttons = roll(&dice, 2), disturbed = false;
        course_start(&course);
        for (int i = 0; i < 700 && !course.finished && course.count < SAID_MAX - 50; i++) {
            wander(&dice);
            course_run(&course, 0.5 + 0.1 * roll(&dice, 60));
            if (buttons && course.active)
                disturbed |= press(&dice);
        }
        course_run(&course, 40);
        for (size_t i = 0; i < course.count; i++) {
            expect_sound_cue(i, seed);
            expect_few_words(i, seed);
        }
        if (!disturbed) {
            expect_countdowns(seed);
            untold += expect_announcements(seed);
            steps += course.plan.step_count;
        }
        words += course.count;
    }
    cr_expect(words > 10000, "%zu", words);
    cr_expect(untold * 50 < steps, "%zu of %zu", untold, steps);
}

// Somebody who runs each step so much too slow, or too fast, whatever he is told. Returns how often
// he is told in a row, as long as nothing else is.
static unsigned told_in_vain(unsigned seed, double part)
{
    Dice dice = {seed};
    unsigned told = 0, of_step = 0;
    size_t step = 0;
    prepare(&dice);
    course_start(&course);
    for (int i = 0; i < 7000 && !course.finished && course.count < SAID_MAX - 50; i++) {
        const double target = aim_speed(&course.plan.steps[course.engine.step].aim);
        course.speed = target > 0 ? part * target : 2.5;
        course_run(&course, 0.5);
    }
    for (size_t i = 0; i < course.count; i++) {
        const Said *said = &course.said[i];
        if (said->cue.kind != CUE_DRIFT)
            continue;
        // From one pace to another he is what he is not; a step's first words may be of that.
        of_step = said->step == step ? of_step + 1 : 1;
        step = said->step;
        told++;
        cr_expect(of_step <= (part < 1 ? 2 : 4), "seed %u: %s for the %u. time in step %zu", seed,
                  said->cue.text, of_step, step);
    }
    return told;
}

Test(manners, who_cannot_or_will_not_hears_of_it_a_handful_of_times, .timeout = 240)
{
    unsigned most[2] = {0};
    for (unsigned seed = 1; seed <= 200; seed++)
        for (int fast = 0; fast < 2; fast++) {
            const unsigned told = told_in_vain(seed, fast ? 1.06 : 0.94);
            most[fast] = told > most[fast] ? told : most[fast];
            cr_expect(told <= (fast ? 8 : 6), "seed %u: %u times, %s", seed, told,
                      fast ? "too fast" : "too slow");
        }
    cr_expect(most[0] >= 4 && most[1] >= 6, "it is tried: %u, %u", most[0], most[1]);
}
