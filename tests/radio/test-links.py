#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a link does between a sensor and the daemon, the same on the fake BlueZ and on a real one: each test ends with data
that flow again soon after they can, in a run that went on. Speaks TAP; PACED_STACK=fake|real says where."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stack import AGAIN, NAMES, REAL, measured, run, wait_until  # noqa: E402


def found_adopted_and_live(world):
    before = time.monotonic()
    paced = world.start_paced("--voice=print")
    paced.wait_live(*NAMES.values())
    measured("the daemon started, to data of strap and pod", time.monotonic() - before)
    if REAL:
        measured("the guest's power on, to data of strap and pod", time.clock_gettime(time.CLOCK_BOOTTIME))
    for sensor, name in NAMES.items():
        shown = paced.sensors()[name]
        assert shown["Enrolled"] and shown["Reason"] == "", shown
        assert shown["Address"] == world.truth(sensor)["address"]
        assert world.truth(sensor)["connected"]
    assert paced.hub()["RadioState"] == "ready" and not paced.hub()["RadioReason"]
    assert paced.end() == 0
    wait_until(lambda: not any(world.truth(sensor)["connected"] for sensor in NAMES), "the links to be closed")


def what_the_sensors_say_is_what_is_shown(world):
    paced = world.start_run()

    def agrees():
        truth, session = world.sim("Stats")[0], paced.session()
        return (paced.is_known("HeartRate", "Speed", "Cadence") and abs(session["HeartRate"] - truth["heart-rate"]) < 6
                and abs(session["Speed"] - truth["speed"]) < 0.6 and abs(session["Cadence"] - truth["cadence"]) < 15)
    wait_until(agrees, "the session to show the runner's state")
    paced.wait_ticks(3)
    assert agrees(), (world.sim("Stats")[0], paced.session())
    paced.is_still_one_run()


def is_lost_and_comes_back(world, paced, sensor, away):
    """Out of range for so many ticks of the run."""
    other = next(name for kind, name in NAMES.items() if kind != sensor)
    world.vanish(sensor)
    world.wait_lost(paced, sensor)
    paced.wait_ticks(away)
    assert paced.sensors()[NAMES[sensor]]["State"] != "live" and paced.sensors()[NAMES[sensor]]["Reason"]
    assert paced.sensors()[other]["State"] == "live", "the other link lives on"
    back = time.monotonic()
    world.bring_back(sensor)
    world.wait_again(paced, sensor, what=f"{sensor} in range again after {away} s", since=back)


def out_of_range_for_a_moment(world):
    paced = world.start_run()
    for sensor in NAMES:
        is_lost_and_comes_back(world, paced, sensor, 1)
    paced.is_still_one_run()


def out_of_range_for_long(world):
    paced = world.start_run()
    is_lost_and_comes_back(world, paced, "strap", 25)
    paced.is_still_one_run()


def both_out_of_range_at_once(world):
    paced = world.start_run()
    for sensor in NAMES:
        world.vanish(sensor)
    for sensor in NAMES:
        world.wait_lost(paced, sensor)
    paced.unknown("Speed", "HeartRate")
    back = time.monotonic()
    for sensor in NAMES:
        world.bring_back(sensor)
    world.wait_again(paced, what="both in range again", since=back)
    paced.known("Speed", "HeartRate")
    paced.is_still_one_run()


def the_sensor_hangs_up(world):
    paced = world.start_run()
    for sensor in NAMES:
        connects = world.truth(sensor)["connects"]
        world.hang_up(sensor)
        since = time.monotonic()
        wait_until(lambda: world.truth(sensor)["connects"] > connects, "another link")
        world.wait_again(paced, sensor, what=f"{sensor} hung up", since=since)
    paced.is_still_one_run()


def data_stop_with_the_link_up(world):
    paced = world.start_run()
    for sensor in NAMES:
        world.sim("Misbehave", "(ssd)", sensor, "freeze", 0.0)
        world.wait_lost(paced, sensor)
        paced.unknown({"strap": "HeartRate", "pod": "Speed"}[sensor])
        world.sim("Misbehave", "(ssd)", sensor, "none", 0.0)
        world.wait_again(paced, sensor, what=f"{sensor} speaks again", since=time.monotonic())
    paced.is_still_one_run()


def it_is_refused_for_a_while(world):
    paced = world.start_run()
    for how in ("hang-up", "silent"):
        world.sim("RefuseLinks", "(ss)", "strap", how)
        if how == "hang-up":
            world.hang_up("strap")
        world.wait_lost(paced, "strap")
        paced.unknown("HeartRate")
        paced.wait_ticks(5)
        assert paced.sensors()[NAMES["strap"]]["Reason"]
        assert paced.sensors()[NAMES["pod"]]["State"] == "live", "the other link lives on"
        world.sim("RefuseLinks", "(ss)", "strap", "")
        # Who hangs up again and again is tried less and less often, every 30 s at last.
        world.wait_again(paced, "strap", what=f"strap welcomes links again after {how}", since=time.monotonic(),
                         within=32 if how == "hang-up" else AGAIN)
    paced.is_still_one_run()


def its_table_is_another(world):
    """As after an update of its firmware: what BlueZ remembers of it is no longer true."""
    paced = world.start_run()
    for sensor in NAMES:
        for kind in ("shifted", "normal"):
            connects = world.truth(sensor)["connects"]
            world.sim("ChangeTable", "(ss)", sensor, kind)
            since = time.monotonic()
            wait_until(lambda: world.truth(sensor)["connects"] > connects, "another link")
            world.wait_again(paced, sensor, what=f"{sensor}: a table that is {kind}", since=since)
    paced.is_still_one_run()


def its_measurement_is_missing(world):
    paced = world.start_run()
    world.sim("ChangeTable", "(ss)", "strap", "bare")
    world.wait_lost(paced, "strap")
    paced.unknown("HeartRate")
    paced.wait_ticks(5)
    assert paced.sensors()[NAMES["strap"]]["State"] != "live" and paced.sensors()[NAMES["strap"]]["Reason"]
    world.sim("ChangeTable", "(ss)", "strap", "normal")
    world.wait_again(paced, "strap", what="strap: its measurement is there again", since=time.monotonic())
    paced.is_still_one_run()


def its_battery_is_shown(world):
    paced = world.start_live()
    for sensor, name in NAMES.items():
        for percent in (42, 9):
            world.sim("SetBattery", "(sy)", sensor, percent)
            wait_until(lambda: paced.sensors()[name]["Battery"] == percent, f"{percent} percent of {sensor}")
    assert paced.end() == 0


TESTS = [found_adopted_and_live, what_the_sensors_say_is_what_is_shown, out_of_range_for_a_moment, out_of_range_for_long,
         both_out_of_range_at_once, the_sensor_hangs_up, data_stop_with_the_link_up,
         it_is_refused_for_a_while, its_table_is_another, its_measurement_is_missing, its_battery_is_shown]

if __name__ == "__main__":
    run(TESTS)
