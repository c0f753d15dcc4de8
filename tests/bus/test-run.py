#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A whole workout on the real daemon: what a program on the bus is told, what is kept of it, and what the runner hears.
Speaks TAP."""
import math
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import Ear, first_sound, measured, read_wav, refused, run_tests, wait_until  # noqa: E402

SHORT = """Workout - Short

• 6s @ 5'00''/km
• 2 lots of:
  • 20m @ 4'10''/km
  • 4s rest
"""
PAIR = ("Sim Strap", "Sim Pod")


def begin(world, text=SHORT, voice=("--voice=print",)):
    """The daemon with both sensors live, and a workout that has just begun."""
    world.start_fake("--follow", "--seed", "7")
    paced = world.start_paced(*voice)
    paced.wait_live(*PAIR)
    paced.start_text(text)
    return paced


def a_workout_is_told_from_start_to_end(world):
    paced = begin(world)
    summary = paced.wait_signal("Finished").arguments[0]
    wait_until(lambda: paced.session() is None, "the session's object to go")
    steps, laps = paced.named("StepStarted"), paced.named("Lap")
    assert [step.arguments[0] for step in steps] == [0, 1, 2, 3, 4]
    assert [lap.arguments[0] for lap in laps] == [0, 1, 2, 3, 4]
    assert [step.arguments[1]["kind"] for step in steps] == ["work", "work", "rest", "work", "rest"]
    assert [step.arguments[1].get("repetition") for step in steps] == [None, 1, 1, 2, 2]
    assert steps[0].arguments[1]["time"] == 6 and steps[1].arguments[1]["distance"] == 20
    assert math.isclose(steps[1].arguments[1]["target-speed"], 4.0) and "target-speed" not in steps[2].arguments[1]
    for lap, step in zip(laps, steps[1:]):
        assert paced.signals.index(lap) < paced.signals.index(step), "a lap ends before the next step begins"
    assert all(lap.arguments[1]["outcome"] == "completed" for lap in laps)
    assert abs(laps[1].arguments[1]["distance"] - 20) < 0.002, "the boundary is interpolated to the millimetre"
    assert 60 < laps[0].arguments[1]["heart-rate"] < 200 and 140 < laps[3].arguments[1]["cadence"] < 210
    assert paced.signals[-1].name == "Finished" and paced.signals[-2].arguments[1] == "summary"
    assert summary["completed"] and summary["laps"] == 5 and "by" not in summary
    assert abs(sum(lap.arguments[1]["duration"] for lap in laps) - summary["duration"]) < 0.01
    assert abs(sum(lap.arguments[1]["distance"] for lap in laps) - summary["distance"]) < 0.1

    run, = world.history()
    assert (run["workout"], run["ended-by"], run["completed"], run["laps"]) == ("Short", "plan", True, 5)
    kept = world.laps(run["run"])
    assert [lap.pop("step") for lap in kept] == [0, 1, 2, 3, 4]
    for of_history, signalled in zip(kept, laps):
        assert of_history.keys() == signalled.arguments[1].keys(), (of_history, signalled)
        for key, value in signalled.arguments[1].items():
            same = math.isclose(of_history[key], value, abs_tol=1e-3) if isinstance(value, float) else of_history[key] == value
            assert same, (key, of_history, signalled)


def properties_are_true_and_change_once_a_second(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live(*PAIR)
    paced.start_text("Workout - Even\n\n• 60s @ 5'00''/km\n")
    wait_until(lambda: len(paced.ticks) >= 8 and math.isfinite(paced.session()["Cadence"]), "all values")
    session, stats = paced.session(), world.sim("Stats")[0]
    assert (session["State"], session["Workout"], session["StepIndex"], session["StepCount"]) == ("running", "Even", 0, 1)
    assert (session["StepKind"], session["StepMeasure"], session["StepLength"]) == ("work", "time", 60)
    assert (session["Repetition"], session["Repetitions"]) == (0, 0)
    assert abs(session["StepRemaining"] + session["Elapsed"] - 60) < 0.01
    assert math.isclose(session["TargetSpeed"], 1000 / 300)
    assert abs(session["HeartRate"] - stats["heart-rate"]) < 5 and abs(session["Cadence"] - stats["cadence"]) < 8
    assert abs(session["Speed"] - stats["speed"]) < 0.3 and abs(session["Distance"] - 3.3 * session["Elapsed"]) < 6
    gaps = [later - sooner for (_, sooner), (_, later) in zip(paced.ticks, paced.ticks[1:])]
    assert 0.9 < statistics.median(gaps) < 1.1, gaps
    assert all(gap >= 0 for gap in gaps)
    assert len([gap for gap in gaps if gap < 0.5]) <= 2, "one PropertiesChanged a tick: only a step or a state adds one"


def steering_is_obeyed_and_told(world):
    paced = begin(world, "Workout - Steered\n\n• 5min @ 5'00''/km\n• 5min @ 5'00''/km\n• 5min rest\n")
    me = world.bus.get_unique_name()
    paced.steer("Pause")
    assert paced.wait_signal("StateChanged", lambda a: a[0] == "paused").arguments[1] == me
    refused("AlreadyPaused", paced.steer, "Pause")
    refused("AlreadyPaused", paced.steer, "Lap")
    stood = paced.elapsed()
    paced.steer("Resume")
    assert paced.wait_signal("StateChanged", lambda a: a[0] == "running" and a[1]).arguments[1] == me
    refused("NotPaused", paced.steer, "Resume")
    wait_until(lambda: paced.elapsed() > stood, "the run to go on")
    world.pacectl("where")
    assert paced.wait_signal("Cue", lambda a: a[1] == "status").arguments[0].startswith("four minutes fifty to go")
    paced.steer("Lap")
    assert paced.wait_signal("Lap").arguments[1]["outcome"] == "lapped"
    paced.steer("Skip")
    assert paced.wait_signal("Lap", lambda a: a[0] == 1).arguments[1]["outcome"] == "skipped"
    refused("AlreadyRunning", world.call, "org.paced1", paced.path("org.paced1.Runner"), "org.paced1.Runner", "StartFree",
            "(a{sv})", {})
    world.pacectl("stop")
    summary = paced.wait_signal("Finished").arguments[0]
    assert not summary["completed"] and summary["by"] not in ("", me) and summary["by"].startswith(":")
    assert world.history()[0]["ended-by"] == "stop"


def a_metronome_and_a_pacer_are_set_in_a_run(world):
    world.start_fake("--speed", "4")
    paced = world.start_paced("--voice=print")
    paced.wait_live(*PAIR)
    assert "no workout is running" in world.pacectl("metronome", "on", status=1)
    paced.start_text("Workout - Beats\n\n• 5min @ 4'10''/km, metronome 170\n• 5min rest\n")

    def set_them(metronome, metres):
        paced.steer("SetMetronome", "(s)", metronome)
        paced.steer("SetPacer", "(u)", metres)

    def shown():
        session = paced.session()
        return session["Metronome"], session["Pacer"]

    wait_until(lambda: shown() == ("170", 0), "what the workout says")
    assert paced.session()["Clicks"] == 0
    set_them("230", 50)
    wait_until(lambda: shown() == ("230", 50), "what was asked for")
    assert world.pacectl("metronome") == "230\n" and world.pacectl("pacer") == "50 m\n"
    wait_until(lambda: paced.session()["Clicks"] > 0, "clicks for feet that are slower")
    session = paced.session()
    assert session["Clicks"] <= 1.06 * session["Cadence"], session
    tick = paced.wait_signal("Cue", lambda a: a[1] == "pacer")
    assert tick.arguments[0] == "" and paced.session()["LatestCue"]["kind"] != "pacer"
    world.pacectl("metronome", "off")
    world.pacectl("pacer", "off")
    wait_until(lambda: shown() == ("off", 0) and paced.session()["Clicks"] == 0, "silence")
    world.pacectl("pacer", "200")
    wait_until(lambda: shown() == ("off", 200), "another")
    for bad in (("fast", 50), ("off", 51), ("119", 50), ("180.5", 50), ("", 50)):
        refused("BadArgument", set_them, *bad)
    world.pacectl("metronome", "fast", status=65)
    world.pacectl("pacer", "75", status=65)
    world.pacectl("stop")


def the_voice_is_heard_on_the_beat(world):
    world.start_pulse()
    wav = world.directory / "coach.wav"
    ear = Ear(world)
    settings = world.directory / "config/paced"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "paced.conf").write_text("[coach]\nverbosity=full\n")
    world.start_fake("--follow", "--seed", "7")
    paced = world.start_paced("--voice=pulse", f"--voice=wav:{wav}")
    paced.wait_live(*PAIR)
    paced.wait_hub("VoiceState", "ready")
    paced.start_text("Workout - Heard\n\n• 12s @ 5'00''/km\n• 8s @ 5'00''/km\n")
    finished = paced.wait_signal("Finished")
    cues = [signal for signal in paced.named("Cue")]
    words = [cue.arguments[0].lower() for cue in cues]
    assert words[0].startswith("first") and "go" in words and {"three", "two", "one"} <= set(words), words
    late = []
    for cue, until in zip(cues, [cue.at for cue in cues[1:]] + [finished.at + 1]):
        heard = ear.onset(cue.at - 0.03, min(1.0, until - cue.at))
        assert heard is not None, f"“{cue.arguments[0]}” was not heard"
        late.append(heard - cue.at)
    measured("cue on the bus to the first audible sample, worst", max(late) * 1000, "ms")
    measured("cue on the bus to the first audible sample, median", statistics.median(late) * 1000, "ms")
    assert statistics.median(late) < 0.15 and max(late) < 0.3, late
    boundary = next(step for step in paced.named("StepStarted") if step.arguments[0] == 1)
    go = next(cue for cue in cues if cue.arguments[0].lower() == "go")
    offset = ear.onset(go.at - 0.03) - boundary.at
    measured("“go” is heard after its step began", offset * 1000, "ms")
    assert -0.15 < offset < 0.3

    assert paced.end() == 0
    samples, rate = read_wav(wav)
    for cue, heard in zip(cues, late):
        at = cue.at - cues[0].at
        sound = first_sound(samples, rate, at - 0.03, 1.0)
        assert sound is not None and abs(sound - at - heard) < 0.15, (cue, sound, at, heard)


if __name__ == "__main__":
    run_tests([a_workout_is_told_from_start_to_end, properties_are_true_and_change_once_a_second,
               steering_is_obeyed_and_told, a_metronome_and_a_pacer_are_set_in_a_run, the_voice_is_heard_on_the_beat])
