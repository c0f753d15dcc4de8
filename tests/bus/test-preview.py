#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Runner.Preview: what pacectl simulate says, for the athlete that the daemon keeps, and what becomes of one that hangs,
babbles or is not there. Speaks TAP."""
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import BUILD, STEADY, refused, run_tests, wait_until  # noqa: E402

from gi.repository import Gio, GLib  # noqa: E402

SET = "Workout - Set\n- 10min @ 6'00''/km\n- 6 lots of:\n- 1km @ 4'10''/km\n- 2min rest\n- 10min @ 6'00''/km\n"
ZONES = "Workout - Zones\n- 10min @ E\n- 2 lots of:\n- 1km @ T\n- 1min rest\n"
SHELL = "#!/bin/sh\n"


def start(world, pacectl=None):
    """A daemon that finds the real pacectl, or this script."""
    where = BUILD / "src/pacectl"
    if pacectl is not None:
        where = world.directory / "bin"
        where.mkdir()
        if pacectl:
            (where / "pacectl").write_text(SHELL + pacectl)
            (where / "pacectl").chmod(0o755)
    world.env["PATH"] = f"{where}:{os.environ['PATH']}"
    return world.start_paced("--voice=print")


def preview(world, paced, text, **options):
    typed = {name.replace("_", "-"): GLib.Variant({bool: "b", int: "u", str: "s"}[type(value)], value)
             for name, value in options.items()}
    return world.call("org.paced1", paced.path("org.paced1.Runner"), "org.paced1.Runner", "Preview", "(sa{sv})", text, typed)


def preview_later(world, paced, text, answers):
    """Asks, and goes on; its answer, or its error's name, is added to `answers`."""
    def on_answer(bus, result):
        try:
            answers.append(bus.call_finish(result).unpack())
        except GLib.Error as error:
            answers.append(Gio.DBusError.get_remote_error(error).rsplit(".", 1)[1])
    world.bus.call("org.paced1", paced.path("org.paced1.Runner"), "org.paced1.Runner", "Preview",
                   GLib.Variant("(sa{sv})", (text, {})), None, Gio.DBusCallFlags.NONE, 60000, None, on_answer)


def it_says_what_simulate_says(world):
    paced = start(world)
    transcript, summary = preview(world, paced, SET, runner="fading", seed=3)
    lines = world.pacectl("simulate", "-", "--runner", "fading", "--seed", "3", "--json", stdin=SET).splitlines()
    events = [event for event in map(json.loads, lines) if event["event"] != "silence"]
    assert [event["text"] for event in transcript] == [event["text"] for event in events]
    assert [event["at"] for event in transcript] == [event["t_s"] for event in events]
    assert {event["event"] for event in transcript} == {"cue", "step", "lap", "adapt", "state"}
    lap = next(event for event in transcript if event["event"] == "lap")
    assert {"step", "duration", "distance", "speed", "target-speed", "heart-rate", "cadence"} <= lap.keys(), lap
    step = next(event for event in transcript if event["event"] == "step")
    assert abs(step["target-speed"] - 1000 / 360) < 1e-6 and step["time"] == 600, step
    assert summary["completed"] and summary["adaptations"] >= 2, summary
    assert summary["duration"] == events[-2]["duration_s"] and "rtss" not in summary and "kind" not in summary


def it_is_for_the_athlete_that_is_kept(world):
    paced = start(world)
    message = refused("LacksNumber", preview, world, paced, ZONES)
    assert ".LacksNumber: 2:3: " in message and "from a race" in message, message
    assert preview(world, paced, ZONES, by_effort=True)[1]["completed"]
    world.pacectl("athlete", "race", "5km=20:00")
    world.pacectl("athlete", "race", "10km=44:00", "--not-all-out")
    world.pacectl("athlete", "set", "heart-max=187", "heart-rest=48", "sex=f", "mass=61.5")
    transcript, summary = preview(world, paced, ZONES)
    assert summary["rtss"] > 0
    speeds = [event["target-speed"] for event in transcript if event["event"] == "step" and "target-speed" in event]
    assert abs(1000 / speeds[1] - 255) < 2, speeds
    lines = map(json.loads, world.pacectl("simulate", "-", "--json", stdin=ZONES).splitlines())
    again = next(event for event in lines if event.get("text") == "done")
    assert again["rtss"] == summary["rtss"], "simulate asks the daemon itself"


def what_cannot_be_is_refused(world):
    paced = start(world)
    assert ".BadText: 2:" in refused("BadText", preview, world, paced, "Workout - X\n- 10min @ 5'00''/furlong\n")
    assert "fading" in refused("BadArgument", lambda: preview(world, paced, SET, runner="lazy"))
    refused("BadArgument", lambda: preview(world, paced, SET, runner=3))
    refused("BadArgument", lambda: preview(world, paced, SET, pace="5:00"))
    refused("BadArgument", preview, world, paced, "")
    refused("BadArgument", preview, world, paced, "x" * (1024 * 1024 + 1))
    assert ".BadText: 1:1: " in refused("BadText", preview, world, paced, "x" * (1024 * 1024))


def a_workout_runs_on_meanwhile(world):
    paced = start(world)
    paced.start_text(STEADY)
    answers = []
    for _ in range(2):
        preview_later(world, paced, SET, answers)
    paced.wait_ticks(2)
    wait_until(lambda: len(answers) == 2, "both previews")
    assert answers[0] == answers[1] and answers[0][1]["completed"], answers
    assert paced.session()["State"] == "running"


def the_longest_workout_can_be_told(world):
    paced = start(world)
    text = "Workout - Long\n- 250 lots of:\n- 60s @ 4'00''/km\n- 45s rest\n"  # as many steps as there may be
    transcript, summary = preview(world, paced, text)
    assert summary["laps"] >= 490 and len(transcript) > 4000, (summary, len(transcript))


def one_that_hangs_is_killed_and_more_than_two_are_refused(world):
    paced = start(world, "echo $$ >> \"$HOME/pids\"\nexec sleep 600\n")
    answers = []
    began = time.monotonic()
    for _ in range(3):
        preview_later(world, paced, SET, answers)
    wait_until(lambda: answers, "a refusal")
    assert answers == ["Busy"], answers
    wait_until(lambda: len(answers) == 3, "the others", 60)
    assert answers[1:] == ["TimedOut", "TimedOut"] and time.monotonic() - began > 15, answers
    for pid in (world.directory / "pids").read_text().split():
        assert not pathlib.Path(f"/proc/{pid}").exists()


def one_that_babbles_is_cut_off(world):
    paced = start(world, "exec yes pacectl\n")
    assert "too long" in refused("Failed", preview, world, paced, SET)
    assert "too long" in refused("Failed", preview, world, paced, SET), "and nothing is left of it"


def one_that_breaks_is_quoted(world):
    paced = start(world, "head -c 3 > /dev/null; echo 'pacectl: no room'; exit 1\n")
    assert "no room" in refused("Failed", preview, world, paced, "x" * 500000)


def nonsense_is_no_answer(world):
    paced = start(world, "cat > /dev/null; echo \"([{'at': <1>}], 'nothing')\"\n")
    assert "no answer" in refused("Failed", preview, world, paced, SET)


def without_pacectl_it_is_said_so(world):
    paced = start(world, "")
    assert "not installed" in refused("NotReady", preview, world, paced, SET)


if __name__ == "__main__":
    run_tests([
        it_says_what_simulate_says,
        it_is_for_the_athlete_that_is_kept,
        what_cannot_be_is_refused,
        a_workout_runs_on_meanwhile,
        the_longest_workout_can_be_told,
        one_that_hangs_is_killed_and_more_than_two_are_refused,
        one_that_babbles_is_cut_off,
        one_that_breaks_is_quoted,
        nonsense_is_no_answer,
        without_pacectl_it_is_said_so,
    ])
