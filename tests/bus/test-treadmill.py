#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Treadmills and power pods, from the air to the live values: enrolled, subscribed to, believed as far as they should be,
recorded. The whole daemon, pacectl and the simulator. Speaks TAP."""
import json
import math
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import GLib, run_tests, wait_until  # noqa: E402

TREADMILL, POD, STRAP, POWER_POD = "Sim Treadmill", "Sim Pod", "Sim Strap", "Sim Power Pod"


def live(world, *options, wait_for=(TREADMILL,)):
    world.start_fake(*options)
    paced = world.start_paced("--voice=print")
    paced.wait_live(*wait_for)
    return paced


def estimate(paced, name):
    return paced.get("org.paced1.Runner")["Estimates"].get(name, {})


def wait_estimate(paced, name, value, within):
    return wait_until(lambda: abs(estimate(paced, name).get("value", math.nan) - value) <= within and estimate(paced, name),
                      f"{name} {value}, not {estimate(paced, name)}")


def set_treadmill(world, **options):
    world.sim("SetTreadmill", "(sa{sv})", "treadmill", {
        key.replace("_", "-"): GLib.Variant("b" if isinstance(value, bool) else "d", value) for key, value in options.items()})


def a_treadmill_is_adopted_and_its_belt_is_known(world):
    paced = live(world, "--sensor=treadmill", "--speed=3")
    set_treadmill(world, incline=2.0, grips=True)
    belt = wait_estimate(paced, "belt-speed", 3, 0.03)
    assert belt["source"] == "treadmill" and belt["confidence"] == 1 and belt["age"] < 3, belt
    assert wait_estimate(paced, "incline", 2, 0)["source"] == "treadmill"
    heart = wait_until(lambda: estimate(paced, "heart-rate"), "the heart rate of its grips")
    assert heart["source"] == "treadmill" and heart["confidence"] < 0.5, heart
    assert paced.sensors()[TREADMILL]["Services"] == ["treadmill"]
    assert paced.sensors()[TREADMILL]["Quirk"] == "treadmill", "its control point is left alone"
    shown = world.pacectl_json("sensors", "show", TREADMILL)
    assert shown["services"] == ["treadmill"] and shown["state"] == "live", shown
    now = world.pacectl("status")
    assert "belt 10.8 km/h" in now and "incline 2.0 %" in now, now


def every_kind_of_treadmill_is_understood(world):
    paced = live(world, "--sensor=treadmill", "--speed=3")
    slope = 1.0
    for options in ({"split": True}, {"byte_pace": True}, {"split": False}, {"byte_pace": False}):
        slope += 0.5
        set_treadmill(world, incline=slope, **options)
        wait_estimate(paced, "incline", slope, 0)
        assert wait_estimate(paced, "belt-speed", 3, 0.03)["confidence"] == 1, options
    counts = wait_until(lambda: counts if (counts := paced.sensors()[TREADMILL]["Packets"]) else None, "its counts")
    assert not counts.keys() & {"rejected", "truncated", "implausible"}, counts


def a_belt_that_is_stopped_stands_and_one_that_runs_on_does_not(world):
    paced = live(world, "--sensor=treadmill", "--speed=3")
    wait_estimate(paced, "belt-speed", 3, 0.03)
    world.sim("SetSpeed", "(d)", 0.0)
    wait_estimate(paced, "belt-speed", 0, 0)
    set_treadmill(world, runs_on=True)
    world.sim("SetSpeed", "(d)", 3.0)
    wait_estimate(paced, "belt-speed", 3, 0.03)
    world.sim("SetSpeed", "(d)", 0.0)
    wait_until(lambda: world.sim("Stats")[0]["speed"] < 0.2, "the runner to stand")
    assert wait_estimate(paced, "belt-speed", 3, 0.03), "the belt is what it is"


def spikes_of_a_treadmill_are_kept_out(world):
    paced = live(world, "--sensor=treadmill", "--speed=1.5")
    world.sim("SetRate", "(sd)", "treadmill", 10.0)
    wait_estimate(paced, "belt-speed", 1.5, 0.03)
    world.sim("Misbehave", "(ssd)", "treadmill", "spikes", 0.0)
    seen = set()

    def counted():
        seen.add(round(estimate(paced, "belt-speed").get("value", math.nan), 1))
        return paced.sensors()[TREADMILL]["Packets"].get("implausible", 0) >= 3
    wait_until(counted, "spikes")
    assert all(math.isnan(value) or value <= 1.6 or value > 6 for value in seen), seen
    assert 1.5 in seen, seen


def a_treadmill_is_added_to_an_outfit_and_shown_in_a_run(world):
    paced = live(world, "--sensor=strap", "--sensor=power-pod", "--sensor=treadmill", "--speed=3", wait_for=(STRAP, POWER_POD))
    assert not paced.sensors()[TREADMILL]["Enrolled"], "a treadmill is never taken for part of an outfit"
    world.pacectl("sensors", "add", TREADMILL)
    set_treadmill(world, incline=1.5, grips=True)
    paced.wait_live(TREADMILL)
    paced.start_text("Workout - Easy\n\n• 42min @ 5'30''/km\n")
    session = wait_until(lambda: paced.session() if paced.session()["Incline"] == 1.5 and paced.session()["Power"] > 100
                         and abs(paced.session()["BeltSpeed"] - 3) < 0.03 else None, "the session's values")
    assert estimate(paced, "heart-rate")["source"] == "strap", "grips are no match for a strap"
    assert session["HeartRate"] > 60
    lines = world.directory / "monitor"
    with open(lines, "w", encoding="utf-8") as output:
        monitor = world.start_pacectl("monitor", "--json", stdout=output)
        wait_until(lambda: re.search(r'"values".*"belt_speed"', lines.read_text()), "monitor")
        monitor.interrupt()
        monitor.wait()
    values = next(event for event in map(json.loads, lines.read_text().splitlines())
                  if event["event"] == "values" and "belt_speed" in event)
    assert values["incline"] == 1.5 and values["power"] > 100, values


def a_pod_with_power_is_a_pod(world):
    paced = live(world, "--sensor=power-pod", "--speed=3", wait_for=(POWER_POD,))
    power = wait_estimate(paced, "power", 219, 40)
    assert power["source"] == "pod", power
    assert wait_until(lambda: estimate(paced, "speed"), "a speed")["source"] == "pod"
    wait_until(lambda: paced.sensors()[POWER_POD]["Services"] == ["stride", "power"], "its services")
    world.pacectl("sensors", "set", POWER_POD, "--role", "stride")
    wait_until(lambda: not estimate(paced, "power"), "its power to be of no use any more")
    assert estimate(paced, "speed"), "and it is a pod all the same"


def a_strap_and_a_pod_with_power_are_adopted_together(world):
    paced = live(world, "--sensor=strap", "--sensor=power-pod", "--speed=3", wait_for=(STRAP, POWER_POD))
    assert all(sensor["Enrolled"] for sensor in paced.sensors().values())


def what_a_treadmill_sends_is_recorded_and_replayed(world):
    paced = live(world, "--sensor=treadmill", "--speed=3")
    wait_estimate(paced, "belt-speed", 3, 0.03)
    capture = world.directory / "belt.capture"
    record = world.start_pacectl("record", capture)
    wait_until(lambda: capture.exists() and all(f" {number} " in capture.read_text()
                                                for number in ("2acd", "2acc", "2ad4", "2ad5")), "its packets and ranges")
    world.sim("SetSpeed", "(d)", 0.0)
    wait_until(lambda: " 2ada 0201" in capture.read_text() and " 2ad3 0001" in capture.read_text(), "its being stopped")
    record.interrupt()
    record.wait()
    world.pacectl("replay", capture)


def a_treadmill_that_goes_out_of_reach_is_missed_and_found(world):
    paced = live(world, "--sensor=treadmill", "--speed=3")
    set_treadmill(world, split=True)
    wait_estimate(paced, "belt-speed", 3, 0.03)
    world.sim("Vanish", "(s)", "treadmill")
    wait_until(lambda: not estimate(paced, "belt-speed"), "its speed to be unknown")
    world.sim("Return", "(s)", "treadmill")
    wait_estimate(paced, "belt-speed", 3, 0.03)


if __name__ == "__main__":
    run_tests([a_treadmill_is_adopted_and_its_belt_is_known, every_kind_of_treadmill_is_understood,
               a_belt_that_is_stopped_stands_and_one_that_runs_on_does_not, spikes_of_a_treadmill_are_kept_out,
               a_treadmill_is_added_to_an_outfit_and_shown_in_a_run, a_pod_with_power_is_a_pod,
               a_strap_and_a_pod_with_power_are_adopted_together, what_a_treadmill_sends_is_recorded_and_replayed,
               a_treadmill_that_goes_out_of_reach_is_missed_and_found])
