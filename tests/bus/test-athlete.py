#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a runner tells of himself, through pacectl and the real daemon: shown, kept, and part of what is captured. Speaks
TAP."""
import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import run_tests  # noqa: E402


def lose_power(world, paced):
    """Once all that was said is on the disk: an answer of the store comes after what it had to write."""
    world.pacectl("history")
    paced.kill()


def what_is_told_is_shown_and_there_after_a_restart(world):
    paced = world.start_paced("--voice=print")
    assert "Nothing was told yet" in world.pacectl("athlete")
    empty = world.pacectl_json("athlete")
    assert empty["settings"] == {} and "vdot" not in empty
    world.pacectl("athlete", "set", "sex=f", "age=40", "heart-rest=48", "heart-max=187", "threshold-pace=4:16/km")
    assert world.pacectl("athlete", "race", "5km=20:00", "--date", "2026-03-01") == ""
    lose_power(world, paced)
    world.start_paced("--voice=print")
    told = world.pacectl_json("athlete")
    settings = told["settings"]
    assert (settings["sex"], settings["age"], settings["heart_rest"]) == ("female", 40, 48), settings
    assert abs(settings["threshold_speed"] - 1000 / 256) < 1e-9
    assert settings["races"] == [{"distance": 5000, "time": 1200, "maximal": True, "date": "2026-03-01"}]
    assert abs(told["vdot"] - 49.8062) < 5e-5 and told["threshold_speed_from"] == "set"
    assert abs(told["age_grade_percent"] - 100 * 878 / 1200) < 1e-6
    assert len(told["heart_zones"]["reserve"]) == 6
    table = world.pacectl("athlete")
    assert "5 km in 20:00, 2026-03-01" in table and "VDOT 49.8" in table


def one_thing_is_changed_at_a_time(world):
    world.start_paced("--voice=print")
    world.pacectl("athlete", "race", "5km=20:00")
    world.pacectl("athlete", "race", "mile=6:00", "--not-all-out")
    world.pacectl("athlete", "race", "5000m=19:00")  # in place of the first
    world.pacectl("athlete", "set", "d-prime=210", "critical-pace=6:30/mi")
    settings = world.pacectl_json("athlete")["settings"]
    assert [race["time"] for race in settings["races"]] == [1140, 360] and not settings["races"][1]["maximal"]
    assert abs(settings["critical_speed"] - 1609.344 / 390) < 1e-9
    world.pacectl("athlete", "unset", "5km", "d-prime", "critical-pace")
    settings = world.pacectl_json("athlete")["settings"]
    assert settings.keys() == {"races"} and [race["time"] for race in settings["races"]] == [360]
    world.pacectl("athlete", "unset", "races")
    assert world.pacectl_json("athlete")["settings"] == {}


def what_is_doubtful_is_said_at_once(world):
    world.start_paced("--voice=print")
    world.pacectl("athlete", "race", "5km=18:45")
    assert "the 5 km a VDOT of 53.7, the marathon of 39.3" in world.pacectl("athlete", "race", "marathon=3:53:00")


def what_cannot_be_is_refused_and_nothing_changes(world):
    world.start_paced("--voice=print")
    world.pacectl("athlete", "race", "half=1:30:00")
    for words, said in (
            (("race", "5km=9:00"), "5 km in 9:00 is faster than anybody has run"),
            (("race", "marathon=2:50:00"), "the longer race is the faster one"),
            (("race", "5000=20:00"), "5000 what?"), (("race", "5km=20:00", "--date", "1.3.2026"), "is no date"),
            (("set", "age=old"), "an age is 5 to 100 years"), (("set", "age=nan"), "an age is 5 to 100 years"),
            (("set", "age=1000"), "an age is 5 to 100 years"), (("set", "heart-rest=90", "heart-max=90"), "not below"),
            (("set", "shoe-size=42"), "there is no 'shoe-size'"), (("set", "sex=x"), "female or male"),
            (("set", "threshold-pace=fast"), "4:15/km"), (("set", "threshold-pace=4:15/furlong"), "4:15/km"),
            (("unset", "shoe-size"), "no 'shoe-size' to unset"), (("unset", "5km"), "no race over 5km is kept")):
        assert said in world.pacectl("athlete", *words, status=65), words
    for words in (("set",), ("set", "age"), ("race",), ("race", "5km=20:00", "10km=41:00"), ("unset",), ("fly",)):
        world.pacectl("athlete", *words, status=64)
    assert [race["time"] for race in world.pacectl_json("athlete")["settings"]["races"]] == [5400]


def a_seventh_race_says_how_to_make_room(world):
    world.start_paced("--voice=print")
    for race in ("1500m=5:25", "3km=11:35", "5km=20:00", "10km=41:30", "15km=1:04:00", "half=1:32:00"):
        world.pacectl("athlete", "race", race)
    assert "pacectl athlete unset 5km" in world.pacectl("athlete", "race", "marathon=3:12:00", status=65)


def a_capture_has_what_was_told_but_no_date(world):
    """Also when the runner was known from the start, and it replays."""
    paced = world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "age=40")
    world.pacectl("athlete", "race", "5km=20:00", "--date", "2026-03-01")
    lose_power(world, paced)
    paced = world.start_paced("--voice=print")
    world.pacectl("start", "--free")
    world.pacectl("stop")
    paced.wait_signal("Finished")
    capture = world.directory / "run.capture"
    world.pacectl("record", "--run", "1", capture)
    told = [line for line in capture.read_text().splitlines() if " athlete " in line]
    assert [line.split(" ", 1)[1] for line in told] == ["athlete unknown age 40 race 5000 1200 day 1"], told
    world.pacectl("replay", capture)


def each_runner_has_his_own(world):
    (world.directory / "config" / "paced").mkdir(parents=True)
    settings = world.directory / "config" / "paced" / "paced.conf"
    for name, age in (("anna", 30), ("bert", 50)):
        settings.write_text(f"[runner]\nname={name}\n")
        paced = world.start_paced("--voice=print")
        world.pacectl("athlete", "set", f"age={age}")
        lose_power(world, paced)
    settings.write_text("[runner]\nname=anna\n")
    world.start_paced("--voice=print")
    assert world.pacectl_json("athlete")["settings"] == {"age": 30}
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT runner, value FROM athletes ORDER BY runner").fetchall() == [("anna", 30), ("bert", 50)]


def a_watch_is_given_what_is_known(world):
    world.start_paced("--voice=print")
    world.pacectl("athlete", "race", "5km=20:00")
    plan, fit, back = (world.directory / name for name in ("plan.txt", "plan.fit", "back.txt"))
    plan.write_text("Workout - T\n\n  • 1.0km @ 5km pace\n")
    world.pacectl("convert", plan, fit, "--strict", "--athlete")
    world.pacectl("convert", fit, back)
    assert back.read_text() == plan.read_text()
    pace = round(5000 / 1200 * 1000 * 0.97)
    assert pace.to_bytes(4, "little") in fit.read_bytes()


run_tests([what_is_told_is_shown_and_there_after_a_restart, one_thing_is_changed_at_a_time, what_is_doubtful_is_said_at_once,
           what_cannot_be_is_refused_and_nothing_changes, a_seventh_race_says_how_to_make_room,
           a_capture_has_what_was_told_but_no_date, each_runner_has_his_own, a_watch_is_given_what_is_known])
