#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A treadmill and a pod that tells power, over a fake BlueZ and a real one: what has several streams to subscribe to and
more to read is found whole, and again after a gap. Speaks TAP; PACED_STACK=fake|real says where."""
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stack import GLib, run, wait_until  # noqa: E402

TREADMILL, POD = "Sim Treadmill", "Sim Power Pod"
SPEED = 3.3  # m/s, the runner's


def value(paced, name):
    return paced.get("org.paced1.Runner")["Estimates"].get(name, {}).get("value", math.nan)


def wait_near(paced, name, wanted, within):
    wait_until(lambda: abs(value(paced, name) - wanted) <= within, f"{name} {wanted}, not {value(paced, name)}")


def start(world):
    """The pod is adopted; the treadmill beside it has to be added, once the air has been looked at."""
    paced = world.start_paced("--voice=print")
    paced.wait_live(POD)
    assert not paced.sensors().get(TREADMILL, {}).get("Enrolled")
    world.pacectl("sensors", "add", world.truth("treadmill")["address"])
    paced.wait_live(TREADMILL)
    return paced


def set_treadmill(world, **options):
    world.sim("SetTreadmill", "(sa{sv})", "treadmill", {
        key: GLib.Variant("b" if isinstance(option, bool) else "d", option) for key, option in options.items()})


def all_of_it_is_heard(world):
    paced = start(world)
    set_treadmill(world, split=True, grips=True, incline=2.5)
    wait_near(paced, "belt-speed", SPEED, 0.03)
    wait_near(paced, "incline", 2.5, 0)
    wait_near(paced, "power", 73 * SPEED, 40)
    wait_until(lambda: value(paced, "heart-rate") > 60, "the heart rate of the grips")
    assert sorted(paced.sensors()[POD]["Services"]) == ["power", "stride"], paced.sensors()[POD]
    assert paced.sensors()[TREADMILL]["Services"] == ["treadmill"], paced.sensors()[TREADMILL]
    capture = world.directory / "belt.capture"
    record = world.start_pacectl("record", capture)
    wait_until(lambda: capture.exists() and all(f" {number} " in capture.read_text()
                                                for number in ("2acd", "2acc", "2ad4", "2ad5", "2a63")), "what was read of it")
    world.sim("SetSpeed", "(d)", 0.0)
    wait_until(lambda: " 2ada 0201" in capture.read_text() and " 2ad3 0001" in capture.read_text(), "word that it was stopped")
    record.interrupt()
    record.wait()
    wait_near(paced, "belt-speed", 0, 0)
    assert paced.end() == 0


def it_is_heard_again_after_a_gap(world):
    paced = start(world)
    set_treadmill(world, split=True)
    wait_near(paced, "belt-speed", SPEED, 0.03)
    world.vanish("treadmill")
    wait_until(lambda: math.isnan(value(paced, "belt-speed")), "the belt's speed to be unknown")
    wait_near(paced, "power", 73 * SPEED, 40)
    world.bring_back("treadmill")
    wait_near(paced, "belt-speed", SPEED, 0.03)
    assert paced.end() == 0


TESTS = [all_of_it_is_heard, it_is_heard_again_after_a_gap]

if __name__ == "__main__":
    run(TESTS, "power-pod", "treadmill")
