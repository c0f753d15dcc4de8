#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Sensors as their owner handles them: found by name, set up, told things, held, and asked about before a run. The whole
daemon, pacectl and the simulator. Speaks TAP."""
import math
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import STEADY, Gio, GLib, refused, run_tests, wait_until  # noqa: E402

WORKOUT = "Workout - Forty-two\n\n• 42min @ 5'00''/km\n"
STRAP, POD = "Sim Strap", "Sim Pod"


def configure(world, text):
    config = world.directory / "config" / "paced"
    config.mkdir(parents=True, exist_ok=True)
    (config / "paced.conf").write_text(text)


def both_live(world, *options):
    world.start_fake(*options)
    paced = world.start_paced("--voice=print")
    paced.wait_live(STRAP, POD)
    return paced


def rows(text):
    """What 'sensors show' says, by its titles."""
    return dict(re.findall(r"^(\w[\w ]{9}) (.*)$", text, re.M)) | {
        line[:10].strip(): line[11:] for line in text.splitlines()}


def a_pod_is_told_how_far_it_went_and_where_it_is(world):
    paced = both_live(world)
    world.pacectl("sensors", "distance", POD, "1234.5")
    assert "calibrated" in world.pacectl("sensors", "calibrate", "sim pod")
    places = world.pacectl("sensors", "location", POD).split("\n")
    assert any(place.startswith("in-shoe") for place in places), places
    before = wait_until(lambda: paced.sensors()[POD]["Location"], "where it is worn")
    elsewhere = next(place.split()[0] for place in places if place and before not in place)
    for place in (elsewhere, "in-shoe"):
        world.pacectl("sensors", "location", POD, place)
        wait_until(lambda place=place: paced.sensors()[POD]["Location"] == place, "where it is worn now")
    for words, status, told in (
            (("distance", POD, "1e12"), 65, "a distance is 0 to"),
            (("distance", POD, "far"), 64, "no number of metres"),
            (("distance", STRAP, "5"), 1, "Sim Strap: this sensor cannot be told"),
            (("location", POD, "moon"), 65, "no place for a sensor"),
            (("reset-energy", POD), 1, "Sim Pod: this sensor cannot be told"),
            (("calibrate", "nobody"), 65, "no sensor 'nobody' is enrolled")):
        assert told in world.pacectl("sensors", *words, status=status), words


def a_pods_scale_is_shown_and_changed(world):
    paced = both_live(world)
    assert "Nothing is known" in world.pacectl("sensors", "scale", POD)
    world.pacectl("sensors", "scale", POD, "--set", "1.04")
    world.pacectl("sensors", "scale", POD, "treadmill", "--set", "0.98")

    def scales():
        return {surface: of["scale"] for surface, of in paced.sensors()[POD]["Scales"].items()}
    wait_until(lambda: scales() == {"ground": 1.04, "treadmill": 0.98}, "the scales")
    assert re.search(r"^treadmill +0\.9800 ± 0\.5 %", world.pacectl("sensors", "scale", "sim pod"), re.M)
    assert re.search(r"^Scale +ground +1\.0400", world.pacectl("sensors", "show", POD), re.M)
    paced.end()
    paced = world.start_paced("--voice=print")
    paced.wait_live(STRAP, POD)
    world.pacectl("sensors", "scale", POD, "--undo")
    world.pacectl("sensors", "scale", POD, "treadmill", "--reset")
    wait_until(lambda: scales() == {}, "nothing to be known")
    for words, status, told in (
            ((POD, "moon"), 64, "no surface"),
            ((POD, "--set", "2"), 65, "a scale is 0.7 to 1.4"),
            ((POD, "--set", "1", "--undo"), 64, "one of"),
            ((STRAP, "--undo"), 1, "Nothing was learnt"),
            (("nobody",), 65, "no sensor 'nobody' is enrolled")):
        assert told in world.pacectl("sensors", "scale", *words, status=status), words


def distances_that_are_known_are_told(world):
    paced = both_live(world)
    assert world.pacectl("track") == "none\n"
    world.pacectl("track", "400m")
    assert world.pacectl("track") == "400 m\n"
    world.pacectl("track", "none")
    for words, status, told in (
            (("distance", "5km"), 1, "no run ended"),
            (("distance", "--undo"), 1, "can be taken back"),
            (("distance",), 64, "say a distance"),
            (("distance", "5km", "--undo"), 64, "say a distance"),
            (("distance", "far"), 65, "is no distance"),
            (("distance", "-5km"), 64, ""),
            (("distance", "2000km"), 65, "at most 1000 km"),
            (("track", "7m"), 65, "50 m to 5 km"),
            (("track", "long"), 65, "is no length")):
        assert told in world.pacectl(*words, status=status), words


def a_strap_counts_calories_from_zero(world):
    paced = both_live(world)
    world.pacectl("sensors", "reset-energy", STRAP)
    world.sim("Vanish", "(s)", "strap")
    wait_until(lambda: paced.sensors()[STRAP]["State"] != "live", "the strap to be missed")
    assert "not connected" in world.pacectl("sensors", "reset-energy", STRAP, status=1)


def what_a_sensor_says_of_itself_is_shown(world):
    paced = both_live(world)
    wait_until(lambda: paced.sensors()[POD]["Firmware"] and paced.sensors()[POD]["Battery"] > 0, "what the pod says of itself")
    wait_until(lambda: paced.sensors()[POD]["Location"], "where the pod is worn")
    shown = world.pacectl_json("sensors", "show", "SIM POD")
    assert shown["firmware"] == paced.sensors()[POD]["Firmware"] and 0 <= shown["since_s"] < 3600, shown
    sheet = rows(world.pacectl("sensors", "show", POD))
    assert sheet["Name"] == POD and sheet["Serves"] == "stride" and sheet["State"].startswith("live for "), sheet
    assert sheet["Worn"] == paced.sensors()[POD]["Location"] and "packets, by " in sheet["Data"], sheet
    world.sim("SetBattery", "(sy)", "pod", 9)
    wait_until(lambda: paced.sensors()[POD]["Battery"] == 9, "the battery")
    assert "battery 9 % (low)" in world.pacectl("sensors")


def what_is_set_is_kept(world):
    paced = both_live(world)
    world.pacectl("sensors", "set", STRAP, "--name", "chest", "--rank", "3", "--role", "heart", "--runner", "me")
    world.pacectl("sensors", "set", POD, "--cadence", "one-leg", "--match-name")
    wait_until(lambda: paced.sensors().get("chest", {}).get("Rank") == 3, "the change")
    assert "say what to change" in world.pacectl("sensors", "set", "chest", status=64)
    assert "no role" in world.pacectl("sensors", "set", "chest", "--role", "cook", status=65)
    assert "a rank is" in world.pacectl("sensors", "set", "chest", "--rank", "256", status=65)
    assert "is enrolled" in world.pacectl("sensors", "set", STRAP, "--rank", "1", status=65)
    assert paced.end() == 0
    paced = world.start_paced("--voice=print")
    paced.wait_live("chest", POD)
    chest, pod = paced.sensors()["chest"], paced.sensors()[POD]
    assert (chest["Rank"], chest["Roles"], chest["Runner"]) == (3, ["heart"], "me"), chest
    assert (pod["Cadence"], pod["CadenceFixed"], pod["MatchName"]) == ("one-leg", True, True), pod
    world.pacectl("sensors", "set", POD, "--cadence", "auto", "--no-match-name")
    wait_until(lambda: not paced.sensors()[POD]["CadenceFixed"] and not paced.sensors()[POD]["MatchName"], "it undone")


def a_quirk_that_is_mended_counts_no_longer(world):
    quirks = world.directory / "config" / "paced" / "quirks.conf"
    quirks.parent.mkdir(parents=True, exist_ok=True)
    quirks.write_text(f"[mistaken]\nname={POD}\ncadence=one-leg\nsource=a guess\n")
    paced = both_live(world, "--speed", "0")
    wait_until(lambda: paced.sensors()[POD]["Cadence"] == "one-leg", "what the quirk says")
    assert paced.end() == 0
    quirks.unlink()
    paced = world.start_paced("--voice=print")
    paced.wait_live(POD)
    assert paced.sensors()[POD]["Cadence"] == "unsettled", "nobody has seen it run"


def a_pod_that_is_silent_when_its_runner_stands(world):
    """While it is linked its silence is a speed of 0; without its link nobody knows."""
    quirks = world.directory / "config" / "paced" / "quirks.conf"
    quirks.parent.mkdir(parents=True, exist_ok=True)
    quirks.write_text(f"[stands]\nname={POD}\non-stop=silent\nsource=this test\n")
    paced = both_live(world)
    paced.start_text(STEADY)
    paced.known("Speed")
    world.sim("Misbehave", "(ssd)", "pod", "freeze", 0.0)
    wait_until(lambda: paced.session()["Speed"] == 0, "him to stand")
    paced.wait_ticks(8)
    assert paced.session()["Speed"] == 0 and paced.sensors()[POD]["State"] == "live"
    world.sim("Vanish", "(s)", "pod")
    wait_until(lambda: math.isnan(paced.session()["Speed"]), "his speed to be unknown", 5)
    paced.is_still_one_run()


def a_sensor_is_added_by_its_name(world):
    world.start_fake("--sensor=strap", "--sensor=strap", "--sensor=pod")
    paced = world.start_paced("--voice=print")
    paced.wait_live(POD)
    names = {sensor["name"]: sensor["address"] for sensor in world.sim("Stats")[1]}
    other = next(name for name in names if name not in (STRAP, POD))
    assert f"{other.upper()} ({names[other]}) is enrolled" in world.pacectl("sensors", "add", other.upper(), "hers",
                                                                           "--rank", "2")
    paced.wait_live("hers")
    assert paced.sensors()["hers"]["Address"] == names[other] and paced.sensors()["hers"]["Rank"] == 2
    assert "enrolled already" in world.pacectl("sensors", "add", "hers", status=65)
    world.pacectl("sensors", "forget", "Hers")
    wait_until(lambda: not paced.sensors().get("hers", {}).get("Enrolled"), "it forgotten")


def two_of_one_name_are_told_apart_by_address(world):
    world.start_fake("--sensor=strap", "--sensor=strap", "--sensor=pod")
    paced = world.start_paced("--voice=print")
    paced.wait_live(POD)
    for sensor in world.sim("Stats")[1]:
        if sensor["kind"] == "strap":
            world.sim("Rename", "(ss)", sensor["address"], "Twin")
    wait_until(lambda: [one.get("org.paced1.Sensor", {}).get("Name") for one in paced.tree.values()].count("Twin") == 2, "twins")
    told = world.pacectl("sensors", "add", "twin", status=65)
    assert "2 sensors are called 'twin'; say the address" in told, told
    assert "no sensor 'nobody' is in reach" in world.pacectl("sensors", "add", "nobody", status=65)


def before_a_run_the_coach_says_what_is_well(world):
    paced = both_live(world)
    wait_until(lambda: paced.sensors()[STRAP]["Battery"] > 0 and paced.sensors()[POD]["Battery"] > 0, "the batteries")
    monitor = world.start_pacectl("monitor")
    wait_until(lambda: world.pacectl("preflight", "-", stdin=WORKOUT).strip() in monitor.text(), "the words where one watches")
    words = world.pacectl("preflight", "-", stdin=WORKOUT)
    assert "forty-two minutes" in words and "strap" in words and words.count("\n") == 1, words
    assert ":1:1: " in world.pacectl("preflight", "-", stdin="nothing", status=65)
    assert "nowhere" in world.pacectl("preflight", "nowhere", status=65)
    runner = paced.path("org.paced1.Runner")
    refused("BadArgument", world.call, "org.paced1", runner, "org.paced1.Runner", "Preflight", "(a{sv})",
            {"text": GLib.Variant("s", WORKOUT), "workout": GLib.Variant("s", "demo")})
    world.pacectl("start", "-", stdin=WORKOUT)
    assert "running" in world.pacectl("preflight", status=1)


def sensors_are_held_while_somebody_watches(world):
    configure(world, "[radio]\nconnect=on-demand\n")
    world.start_fake()
    paced = world.start_paced("--voice=print")
    for sensor in world.sim("Stats")[1]:
        world.pacectl("sensors", "add", sensor["address"], sensor["kind"])
    wait_until(lambda: {sensor["State"] for sensor in paced.sensors().values()} == {"idle"}, "nothing to be wanted")
    first, second = world.start_pacectl("hold"), world.start_pacectl("hold")
    paced.wait_live("strap", "pod")
    wait_until(lambda: first.text().count("until Ctrl-C") == 2, "both to hold")  # they share a log
    first.interrupt()
    assert first.wait() == 0
    assert paced.sensors()["strap"]["State"] == "live"
    second.kill()
    wait_until(lambda: {sensor["State"] for sensor in paced.sensors().values()} == {"idle"}, "them to be let go")


def a_pre_flight_misses_no_sensor_that_was_not_asked_for(world):
    configure(world, "[radio]\nconnect=on-demand\n")
    world.start_fake()
    paced = world.start_paced("--voice=print")
    for sensor in world.sim("Stats")[1]:
        world.pacectl("sensors", "add", sensor["address"], sensor["kind"])
    words = world.pacectl("preflight")
    assert "strap" in words and "pod" in words and "missing" not in words and words.count("\n") == 1, words
    paced.wait_live("strap", "pod")  # they stay for a start


def whoever_asks_for_a_pre_flight_wakes_the_sensors(world):
    """Over D-Bus, without a hold: those that were not asked for yet are waited for, but not for ever."""
    configure(world, "[radio]\nconnect=on-demand\n")
    world.start_fake()
    paced = world.start_paced("--voice=print")
    for sensor in world.sim("Stats")[1]:
        world.pacectl("sensors", "add", sensor["address"], sensor["kind"])
    wait_until(lambda: {sensor["State"] for sensor in paced.sensors().values()} == {"idle"}, "nothing to be wanted")
    world.sim("Vanish", "(s)", "pod")
    runner = paced.path("org.paced1.Runner")
    said = []
    world.bus.signal_subscribe(paced.unique, "org.paced1.Runner", "Cue", None, None, Gio.DBusSignalFlags.NONE,
                               lambda *signal: said.append(signal[5].unpack()[0]))
    began = time.monotonic()
    world.call("org.paced1", runner, "org.paced1.Runner", "Preflight", "(a{sv})", {})
    assert 10 < time.monotonic() - began < 20
    words = wait_until(lambda: said, "the words")[0].lower()
    assert "strap" in words and words.count("missing") == 1 and words.endswith("missing"), words
    world.call("org.paced1", runner, "org.paced1.Runner", "Preflight", "(a{sv})", {})
    assert time.monotonic() - began < 23, "one that was looked for is not waited for"


def a_start_waits_for_the_sensors_that_its_runner_has(world):
    configure(world, "[radio]\nconnect=on-demand\n")
    world.start_fake()
    paced = world.start_paced("--voice=print")
    for sensor in world.sim("Stats")[1]:
        world.pacectl("sensors", "add", sensor["address"], sensor["kind"])
    world.pacectl("sensors", "set", "strap", "--runner", "another")
    assert "1 sensor live" in world.pacectl("start", "--free", "--wait-sensors")
    paced.wait_live("pod")
    wait_until(paced.session, "the run")
    assert paced.sensors()["strap"]["State"] == "idle"
    paced.is_still_one_run()


def another_runners_sensor_can_be_forgotten(world):
    configure(world, "[radio]\nconnect=on-demand\n")  # nothing else happens
    world.start_fake("--sensor=strap")
    world.start_paced("--voice=print")
    world.pacectl("sensors", "add", "A0:9E:1A:11:22:33", "hers", "--runner", "another")
    assert "another" in world.pacectl("sensors")
    world.pacectl("sensors", "forget", "hers")
    assert "hers" not in world.pacectl("sensors")


def a_hold_outlives_the_daemon(world):
    configure(world, "[radio]\nconnect=on-demand\n")
    world.start_fake("--sensor=strap")
    paced = world.start_paced("--voice=print")
    world.pacectl("sensors", "add", world.sim("Stats")[1][0]["address"], "strap")
    hold = world.start_pacectl("hold")
    paced.wait_live("strap")
    paced.kill()
    wait_until(lambda: "waiting until it is back" in hold.text(), "the word on it")
    paced = world.start_paced("--voice=print")
    paced.wait_live("strap")
    world.bus_process.kill()
    assert hold.wait() == 69 and "bus is gone" in hold.text()


if __name__ == "__main__":
    run_tests([a_pods_scale_is_shown_and_changed, distances_that_are_known_are_told,
               a_pod_is_told_how_far_it_went_and_where_it_is, a_strap_counts_calories_from_zero,
               what_a_sensor_says_of_itself_is_shown, what_is_set_is_kept, a_quirk_that_is_mended_counts_no_longer,
               a_pod_that_is_silent_when_its_runner_stands, a_sensor_is_added_by_its_name,
               two_of_one_name_are_told_apart_by_address, before_a_run_the_coach_says_what_is_well,
               sensors_are_held_while_somebody_watches, a_pre_flight_misses_no_sensor_that_was_not_asked_for,
               a_start_waits_for_the_sensors_that_its_runner_has, whoever_asks_for_a_pre_flight_wakes_the_sensors,
               another_runners_sensor_can_be_forgotten, a_hold_outlives_the_daemon])
