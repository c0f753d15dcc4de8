#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a runner tells of himself, through pacectl and the real daemon: shown, kept, and part of what is captured. Speaks
TAP."""
import math
import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import GLib, run_tests, wait_until  # noqa: E402


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


def a_field_test_gives_paces_without_a_race(world):
    paced = world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "threshold-pace=4:38/km")
    told = world.pacectl_json("athlete")
    assert abs(told["paces"]["T"] - 278) < 1e-6 and abs(told["paces"]["I"] - 256) < 1, told
    assert told["vdot_from"] == "related" and "age_grade_percent" not in told, told
    assert "riegel_time_s" not in told["predictions"][0], told["predictions"]
    table = world.pacectl("athlete")
    assert "by the pace at threshold" in table and "Riegel" not in table, table
    world.pacectl("start", "-", stdin="Workout - Tempo\n- 20min @ T\n")
    world.pacectl("stop")
    paced.wait_signal("Finished")
    assert abs(paced.named("StepStarted")[0].arguments[1]["target-speed"] - 1000 / 278) < 1e-6


def goals_are_told_and_taken_back(world):
    paced = world.start_paced("--voice=print")
    world.pacectl("athlete", "race", "5km=20:00")
    vdot = world.pacectl_json("athlete")["vdot"]
    assert world.pacectl("athlete", "goal", "marathon=3:45:00", "half=1:38:00") == ""
    world.pacectl("athlete", "goal", "marathon=3:30:00")  # in place of the first
    lose_power(world, paced)
    paced = world.start_paced("--voice=print")
    told = world.pacectl_json("athlete")
    assert told["settings"]["goals"] == [{"distance": 42195, "time": 12600}, {"distance": 21097.5, "time": 5880}], told
    assert told["vdot"] == vdot and len(told["settings"]["races"]) == 1
    assert "goal             marathon in 3:30:00, 4:59 /km" in world.pacectl("athlete")
    world.pacectl("athlete", "goal", "10km=41:00")
    assert "goal 5km=none" in world.pacectl("athlete", "goal", "5km=19:00", status=65)
    world.pacectl("start", "-", stdin="Workout - Goal\n- 5km @ goal marathon pace\n")
    world.pacectl("stop")
    paced.wait_signal("Finished")
    assert abs(paced.named("StepStarted")[0].arguments[1]["target-speed"] - 42195 / 12600) < 1e-9
    capture = world.directory / "run.capture"
    world.pacectl("record", "--run", "1", capture)
    assert "goal 42195 12600 goal 21097.5 5880 goal 10000 2460" in capture.read_text()
    assert "marathon=none" not in world.pacectl("athlete", "goal", "marathon=none", "10km=none")
    assert world.pacectl_json("athlete")["settings"]["goals"] == [{"distance": 21097.5, "time": 5880}]
    world.pacectl("athlete", "unset", "goals")
    assert world.pacectl_json("athlete")["settings"].keys() == {"races"}


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
            (("goal", "5km=9:00"), "faster than anybody has run"), (("goal", "5km=none"), "no goal over 5km is kept"),
            (("goal", "furlong=none"), "'furlong' is no distance"), (("goal", "5km"), "expected “=”"),
            (("unset", "shoe-size"), "no 'shoe-size' to unset"), (("unset", "5km"), "no race over 5km is kept")):
        assert said in world.pacectl("athlete", *words, status=65), words
    for words in (("set",), ("set", "age"), ("race",), ("race", "5km=20:00", "10km=41:00"), ("goal",), ("unset",), ("fly",)):
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


def effort_is_live_from_the_moment_the_athlete_is_told(world):
    world.start_fake("--speed", "4.5")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text("Workout - Hard\n\n• 20min run\n")
    wait_until(lambda: paced.session()["Speed"] > 4.2 and paced.session()["HeartRate"] > 0, "the runner at speed")
    before = dict(paced.session())
    assert math.isnan(before["Effort"]) and before["HeartZone"] == "" and math.isnan(before["DPrimeBalance"]), before
    assert math.isnan(before["PredictedHeartRate"]), before
    told = {"heart-rest": 50.0, "heart-max": 190.0, "critical-speed": 3.5, "d-prime": 200.0}
    world.call("org.paced1", "/org/paced1/runner/me", "org.paced1.Athlete", "Set", "(a{sv})",
               {key: GLib.Variant("d", value) for key, value in told.items()})
    wait_until(lambda: paced.session()["DPrimeBalance"] < 195, "the balance to fall")
    hard = wait_until(lambda: dict(paced.session()) if paced.session()["Effort"] > 8 else None, "the effort to be hard")
    assert 150 < hard["PredictedHeartRate"] <= 190, hard
    rates = [50 + share * 140 for share in (0.3, 0.4, 0.6, 0.7, 0.8, 0.9)]
    zone = wait_until(lambda: dict(paced.session()) if paced.session()["HeartZone"] else None, "a zone")
    assert rates[int(zone["HeartZone"]) - 1] <= zone["HeartRate"] + 1, zone
    estimates = paced.get("org.paced1.Runner")["Estimates"]
    for key in ("effort", "heart-zone", "d-prime-balance"):
        assert 0 < estimates[key]["confidence"] <= 1 and estimates[key]["age"] < 5, (key, estimates[key])
    world.sim("SetSpeed", "(d)", 2.5)
    least = wait_until(lambda: dict(paced.session()) if paced.session()["Speed"] < 2.7 else None, "the runner at ease")
    easy = wait_until(lambda: dict(paced.session()) if paced.session()["DPrimeBalance"] > least["DPrimeBalance"] + 0.1 else None,
                      "the balance to rise")
    assert easy["Effort"] < hard["Effort"] - 2, (hard, easy)
    assert world.pacectl_json("status")["session"]["heart_zone"] == paced.session()["HeartZone"]


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


run_tests([what_is_told_is_shown_and_there_after_a_restart, one_thing_is_changed_at_a_time,
           a_field_test_gives_paces_without_a_race, goals_are_told_and_taken_back, what_is_doubtful_is_said_at_once,
           what_cannot_be_is_refused_and_nothing_changes, a_seventh_race_says_how_to_make_room,
           a_capture_has_what_was_told_but_no_date, effort_is_live_from_the_moment_the_athlete_is_told, each_runner_has_his_own,
           a_watch_is_given_what_is_known])
