// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The metronome and the pacer in a run: who says whether there is one, where they keep silent, and
// that every tick is where the target is.

#include "set.h"

#include "sim/virtual.h"
#include "workout/aids.h"

#define QUICK "  • 20min @ 5'00''/km, metronome 180\n"

// ── the metronome ──

static void feet(double cadence, double seconds)
{
    world.cadence = cadence;
    pass(seconds);
}

static void go(const char *items, double cadence)
{
    begin(items);
    world.speed = now()->target_speed_mps;
    feet(cadence, 2);
}

Test(rhythm, a_step_s_metronome_comes_and_goes)
{
    go(QUICK, 180);
    feet(180, 120);
    cr_expect(eq(sz, world.bouts, 0));
    feet(172, 25);
    cr_expect(eq(dbl, world.clicks, 180));
    cr_expect(eq(dbl, now()->clicks, 180));
    cr_expect(eq(u32, now()->metronome, 180));
    feet(180, 35);
    cr_expect(eq(dbl, world.clicks, 0));
    cr_expect(eq(dbl, now()->clicks, 0));
    cr_expect(eq(sz, world.bouts, 1));
    end();
}

static size_t count_said(const char *words)
{
    size_t count = 0;
    for (size_t i = 0; i < world.said_count; i++)
        count += strstr(world.said[i], words) != NULL;
    return count;
}

// What asks for more than can be followed at once: the clicks say how much for now, and no voice
// says another number to them.
Test(rhythm, the_voice_and_the_clicks_say_one_number)
{
    go("  • 10min @ 175-180 spm, metronome\n", 162);
    world.speed = 3;
    feet(162, 30);
    cr_expect(eq(dbl, world.clicks, 170));
    cr_expect(eq(sz, count_said("metronome at one seventy for now"), 1));
    feet(162, 400);
    cr_expect(gt(sz, world.bouts, 1));
    cr_expect(eq(sz, count_said("metronome at"), 1));
    cr_expect(eq(sz, count_said("quick feet"), 0));
    end();
}

Test(rhythm, is_off_unless_it_is_asked_for)
{
    go("  • 20min @ 5'00''/km\n", 150);
    pass(300);
    cr_expect(eq(sz, world.bouts + world.ticks, 0));
    cr_expect(eq(u32, now()->metronome + now()->pacer_m, 0));
    end();
}

Test(rhythm, sounds_in_no_rest_and_no_pause)
{
    go("  • 2 lots of:\n    • 2min @ 5'00''/km, metronome 180\n    • 2min rest\n", 172);
    pass(60);
    cr_assert(gt(dbl, world.clicks, 0));
    say(COMMAND_PAUSE, NULL, 0);
    cr_expect(eq(dbl, world.clicks, 0));
    pass(60);
    say(COMMAND_RESUME, NULL, 0);
    cr_expect(eq(dbl, world.clicks, 0));
    pass(40);
    cr_expect(gt(dbl, world.clicks, 0));
    to_next_step();
    cr_expect(eq(dbl, world.clicks, 0));
    cr_expect(eq(i64, world.clicks_at, world.lap.ended)); // and not at the next tick
    const size_t bouts = world.bouts;
    to_next_step();
    cr_expect(eq(sz, world.bouts, bouts));
    pass(30);
    cr_expect(gt(dbl, world.clicks, 0));
    say(COMMAND_STOP, NULL, 0);
    cr_expect(eq(dbl, world.clicks, 0));
    cr_expect(eq(i64, world.clicks_at, world.stage.now));
    end();
}

Test(rhythm, ends_when_the_steps_are_not_known_any_more)
{
    go(QUICK, 172);
    pass(60);
    cr_assert(gt(dbl, world.clicks, 0));
    world.pod = false;
    pass(8);
    cr_expect(eq(dbl, world.clicks, 0));
    pass(120);
    cr_expect(eq(sz, world.bouts, 1));
    end();
}

Test(rhythm, by_the_runner_s_own_steps_once_they_are_learnt)
{
    go("  • 40min @ 5'00''/km, metronome\n", 172);
    feet(172, 250);
    feet(160, 40); // a minute later it would be known that these are few
    cr_expect(eq(sz, world.bouts, 0));
    feet(172, 1300);
    feet(160, 25);
    cr_expect(gt(dbl, world.clicks, 160));
    cr_expect(le(dbl, world.clicks, 168));
    feet(185, 120); // more than his own
    cr_expect(eq(dbl, world.clicks, 0));
    cr_expect(eq(sz, world.bouts, 1));
    end();
}

Test(rhythm, by_the_cadence_that_the_step_asks_for)
{
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.metronome = 190;
    begin_with(&config, "  • 10min @ 165-175 spm\n  • 10min @ 165-175 spm, metronome 180\n");
    world.speed = 3.3;
    feet(172, 120);
    cr_expect(eq(sz, world.bouts, 0), "the step knows better than the setting");
    feet(160, 25);
    cr_expect(eq(dbl, world.clicks, 168));
    say(COMMAND_LAP, NULL, 0);
    cr_expect(eq(dbl, world.clicks, 0));
    feet(173, 90);
    cr_expect(eq(dbl, world.clicks, 180), "and its own number than that");
    end();
}

Test(rhythm, a_command_counts_for_the_rest_of_the_run)
{
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.metronome = METRONOME_OWN;
    config.pacer_m = 200;
    static const char plan[] = "  • 5min @ 5'00''/km, metronome 180, pacer 100m\n  • 5min run\n";
    begin_with(&config, plan);
    world.speed = now()->target_speed_mps;
    cr_expect(eq(u32, now()->metronome, 180));
    cr_expect(eq(u32, now()->pacer_m, 100));
    feet(172, 25);
    cr_assert(gt(dbl, world.clicks, 0));
    cr_expect(eq(int, say(COMMAND_METRONOME, NULL, METRONOME_OFF), REASON_OK));
    cr_expect(eq(dbl, world.clicks, 0));
    cr_expect(eq(u32, now()->metronome, METRONOME_OFF));
    cr_expect(eq(int, say(COMMAND_PACER, NULL, 50), REASON_OK));
    pass(120);
    cr_expect(eq(sz, world.bouts, 1));
    cr_expect(ge(sz, world.ticks, 8));
    say(COMMAND_LAP, NULL, 0);
    cr_expect(eq(u32, now()->metronome, METRONOME_OFF));
    cr_expect(eq(u32, now()->pacer_m, 50));
    static const double bad[] = {-1, 2, 119, 241, 180.5, 1e6};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(eq(int, say(COMMAND_METRONOME, NULL, bad[i]), REASON_BAD_AID), "%g", bad[i]);
        cr_expect(eq(int, say(COMMAND_PACER, NULL, bad[i]), REASON_BAD_AID), "%g", bad[i]);
    }
    cr_expect(eq(u32, now()->pacer_m, 50));
    say(COMMAND_STOP, NULL, 0);
    cr_expect(eq(int, say(COMMAND_METRONOME, NULL, 180), REASON_NOT_RUNNING));
    char text[400];
    snprintf(text, sizeof text, "Workout - Set\n%s", plan);
    cr_assert(eq(int, say(COMMAND_START, text, 0), REASON_OK));
    cr_expect(eq(u32, now()->metronome, 180));
    end();
}

// ── the pacer ──

Test(rhythm, a_tick_at_every_mark_but_those_of_the_countdown)
{
    go("  • 1km @ 4'10''/km, pacer 100m\n  • 2min rest\n", 170);
    pass(24.9 - 2);
    cr_expect(eq(sz, world.ticks, 1)); // told a little ahead
    const Usec first = world.tick.due;
    cr_expect(eq(i64, first, SEC(1010 + 25)));
    cr_expect(eq(int, world.tick.why, CUE_WHY_PLACE_CHANGED));
    pass(75);
    cr_expect(eq(sz, world.ticks, 4));
    cr_expect(eq(i64, world.tick.due, first + SEC(75)));
    cr_expect(eq(int, world.tick.why, CUE_WHY_PACED));
    cr_expect(eq(int, world.tick.tone, TONE_LEVEL));
    cr_expect(eq(int, world.tick.form, FORM_EARCON));
    to_next_step();
    cr_expect(eq(sz, world.ticks, 9));
    pass(100);
    cr_expect(eq(sz, world.ticks, 9));
    end();
}

// Earphones on Bluetooth: what is told a quarter of a second ahead would be heard late.
Test(rhythm, a_tick_is_told_as_much_sooner_as_the_output_is_late)
{
    go("  • 1km @ 4'10''/km, pacer 100m\n  • 2min rest\n", 170);
    const Event late = {.kind = EVENT_VOICE, .voice = {VOICE_LATENCY, .latency = SEC(0.4)}};
    stage_handle(&world.stage, late);
    pass(60);
    cr_expect(eq(sz, world.ticks, 2));
    cr_expect(eq(i64, world.tick.due, SEC(1010 + 50)));
    cr_expect(eq(i64, world.tick.due - world.tick_at, SEC(0.65)));
    end();
}

Test(rhythm, its_pitch_is_the_runner_s_place)
{
    static const struct {
        double part;
        Tone tone;
    } cases[] = {{0.95, TONE_BEHIND}, {1, TONE_LEVEL}, {1.05, TONE_AHEAD}};
    for (size_t i = 0; i < 3; i++) {
        go("  • 3km @ 5'00''/km, pacer 200m\n", 170);
        world.speed *= cases[i].part;
        pass(400);
        cr_expect(ge(sz, world.ticks, 5));
        cr_expect(eq(int, world.tick.tone, cases[i].tone), "%g", cases[i].part);
        end();
    }
}

Test(rhythm, stays_silent_where_no_number_would_be_told)
{
    go("  • 3km @ 5'00''/km, pacer 50m\n", 170);
    pass(100);
    const size_t ticks = world.ticks;
    cr_assert(ge(sz, ticks, 5));
    world.pod = false;
    pass(100);
    cr_expect(le(sz, world.ticks, ticks + 1));
    world.pod = true; // but where he is nobody knows
    const size_t blind = world.ticks;
    pass(100);
    cr_expect(eq(sz, world.ticks, blind));
    end();
}

Test(rhythm, a_silent_kind_is_silent)
{
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.silent = 1u << CUE_PACER;
    begin_with(&config, "  • 3km @ 5'00''/km, pacer 50m\n");
    world.speed = now()->target_speed_mps;
    pass(200);
    cr_expect(eq(sz, world.ticks, 0));
    end();
}

// ── every tick of many runs ──

typedef struct {
    double began, speed, every; // of the step
    double toned;               // the latest tone of another kind
    bool work, sounds;
    unsigned ticks, bouts;
} Heard;

static void hear_step(Heard *heard, double t_s, const PlanStep *step)
{
    heard->began = t_s;
    heard->work = step->step.kind == STEP_WORK;
    heard->speed = aim_speed(&step->aim);
}

static void hear(double t_s, const Effect *effect, const Snapshot *snapshot, void *data)
{
    Heard *heard = data;
    const bool tone = effect->kind == EFFECT_TONE;
    if (effect->kind == EFFECT_STEP)
        hear_step(heard, t_s, &effect->step.plan);
    if (effect->kind == EFFECT_METRONOME) {
        heard->sounds = effect->clicks > 0;
        heard->bouts += heard->sounds;
        cr_assert(heard->sounds == false || effect->clicks <= 1.06 * snapshot->cadence.value);
    }
    cr_assert(heard->sounds == false || heard->work, "clicks in a rest, at %g", t_s);
    const double due = tone ? t_s + usec_to_s(effect->cue.due - effect->at) : 0;
    if (tone && effect->cue.kind != CUE_PACER) {
        heard->toned = due;
        return;
    }
    if (!tone)
        return;
    heard->ticks++;
    const double marks = (due - heard->began) * heard->speed / heard->every;
    cr_assert(heard->work, "a tick in a rest, at %g", t_s);
    cr_assert(fabs(marks - round(marks)) * heard->every / heard->speed <= 0.02, "at %g", due);
    cr_assert(round(marks) >= 1);
    cr_assert(due >= t_s && due - t_s <= 0.2501, "told %g s ahead", due - t_s);
    cr_assert(fabs(due - heard->toned) > 0.5, "at %g, with a tone at %g", due, heard->toned);
    cr_assert(snapshot->speed.confidence >= 0.5);
}

Test(rhythm, every_tick_is_where_the_target_is)
{
    static const char *const paces[] = {"5'00", "4'10", "3'40"};
    static const unsigned every[] = {50, 100, 200};
    unsigned bouts = 0;
    for (uint64_t seed = 1; seed <= 9; seed++) {
        char text[400];
        const unsigned metres = every[seed % 3];
        snprintf(text, sizeof text,
                 "Workout - Ticks\n- 8min @ 6'00''/km\n- 3 lots of:\n- 800m @ %s''/km, metronome, "
                 "pacer %um\n- 90s rest\n- 10min @ 5'30''/km, pacer %um\n",
                 paces[seed / 3 % 3], metres, metres);
        VirtualOptions how = virtual_default();
        how.seed = seed;
        how.traits = seed % 2 ? &RUNNER_FADING : &RUNNER_FRESH;
        how.session.metronome = METRONOME_OWN;
        Heard heard = {.every = metres, .toned = -1};
        TextError error;
        cr_assert(virtual_run(text, strlen(text), &how, hear, &heard, &error) == REASON_OK, "%s",
                  error.text);
        cr_expect(gt(u32, heard.ticks, 3000 / metres), "%u ticks", heard.ticks);
        bouts += heard.bouts;
    }
    cr_expect(gt(u32, bouts, 0));
}
