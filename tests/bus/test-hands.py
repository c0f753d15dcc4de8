#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Buttons, headsets and media players, through the real daemon. Speaks TAP."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from buttons import (BLUETOOTH, BTN_0, EV_KEY, EV_SYN, GPIO, KEY_ENTER, KEY_NEXTSONG, KEY_PLAYPAUSE,  # noqa: E402
                     KEY_VOLUMEUP, SYN_DROPPED, Fake)
from harness import Ear, measured, run_tests, wait_until  # noqa: E402

def configure(world, text):
    path = world.directory / "config/paced/paced.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


LONG = "Workout - Long\n\n• 9 lots of:\n• 1.0km @ 5'00''/km\n• 2min rest\n"


def begin(world):
    paced = world.start_paced("--voice=print")
    paced.start_text(LONG)
    return paced


def wait_asked(paced):
    def told():
        cue = paced.session()["LatestCue"]
        return cue.get("reason") == "asked" and cue["text"]
    wait_until(told, "where the runner is")


def wait_tone(paced, tone):
    wait_until(lambda: paced.session()["LatestCue"].get("tone") == tone, f"the tone {tone}")


def wait_state(paced, state):
    wait_until(lambda: paced.named("StateChanged") and paced.named("StateChanged")[-1].arguments[0] == state, state)


def one_button_is_enough(world):
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    button.tap(BTN_0)
    paced.wait_signal("Lap")
    button.double(BTN_0)
    wait_asked(paced)
    button.hold(BTN_0)
    wait_state(paced, "paused")
    button.hold(BTN_0)
    wait_state(paced, "running")
    assert {state.arguments[1] for state in paced.named("StateChanged")[-2:]} == {"button"}


def contacts_bounce_and_keys_repeat(world):
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    bounced = (0.500, 0.497, 0.495, 0.490, 0.489, 0.400, 0.396, 0.393)
    button.press(BTN_0, *bounced)
    paced.wait_signal("Lap")
    wait_until(lambda: time.monotonic() - 1 > button.latest, "the time to press again")
    button.write((-0.9, EV_KEY, BTN_0, 1), *((-at / 10, EV_KEY, BTN_0, 2) for at in range(8, 1, -1)), (-0.1, EV_KEY, BTN_0, 0))
    wait_state(paced, "paused")
    assert len(paced.named("Lap")) == 1


def what_was_missed_means_nothing(world):
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    button.write((-2.0, EV_KEY, BTN_0, 1), (-1.9, EV_SYN, SYN_DROPPED, 0), (-1.0, EV_KEY, BTN_0, 0))
    button.tap(BTN_0)
    paced.wait_signal("Lap")
    assert [state.arguments[0] for state in paced.named("StateChanged")] in ([], ["running"])


def a_button_that_is_stuck_is_left_out(world):
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    button.write((-9.9, EV_KEY, BTN_0, 1))
    wait_until(lambda: "has been pressed for 10 s" in paced.text(), "the log")
    button.write((0, EV_KEY, BTN_0, 0))
    button.tap(BTN_0)
    paced.wait_signal("Lap")
    assert paced.text().count("has been pressed") == 1 and len(paced.named("StateChanged")) < 2


def devices_come_and_go(world):
    (world.directory / "machine/dev").mkdir(parents=True)
    world.env["PACED_INPUT_ROOT"] = str(world.directory / "machine")
    paced = begin(world)
    first = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    wait_until(lambda: "“paced buttons” is the runner's" in paced.text(), "the first one")
    first.tap(BTN_0)
    paced.wait_signal("Lap")
    first.write((0, EV_KEY, BTN_0, 1))
    first.unplug()
    wait_until(lambda: "“paced buttons” is gone" in paced.text(), "its end")
    first.node.parent.rmdir()  # as the kernel does when there is none left
    second = Fake(world, "event1", "more buttons", GPIO, BTN_0)
    wait_until(lambda: "“more buttons” is the runner's" in paced.text(), "the second one")
    second.tap(BTN_0)
    wait_until(lambda: len(paced.named("Lap")) == 2, "its lap")
    assert len(paced.named("StateChanged")) < 2


def a_headset_is_the_musics_while_nobody_runs(world):
    ears = Fake(world, "event3", "Ears (AVRCP)", BLUETOOTH, KEY_PLAYPAUSE, KEY_NEXTSONG, KEY_VOLUMEUP)
    paced = world.start_paced("--voice=print")
    ears.tap(KEY_NEXTSONG)
    paced.start_text(LONG)
    ears.tap(KEY_NEXTSONG)
    wait_asked(paced)
    ears.tap(KEY_VOLUMEUP)
    ears.tap(KEY_PLAYPAUSE)
    paced.wait_signal("Lap")
    assert len(paced.named("Lap")) == 1


def a_keyboard_is_left_alone_until_it_is_named(world):
    shutter = Fake(world, "event4", "AB Shutter3", BLUETOOTH, KEY_ENTER, KEY_VOLUMEUP)
    paced = begin(world)
    assert "AB Shutter3" not in paced.text()
    paced.end()
    configure(world, "[buttons]\ndevices=AB Shutter3\npress=skip\nKEY_VOLUMEUP=pause resume\n")
    paced = world.start_paced("--voice=print")
    wait_until(lambda: "Going on with the run" in paced.text(), "the run to go on")
    shutter.tap(KEY_VOLUMEUP)
    wait_state(paced, "paused")
    shutter.tap(KEY_VOLUMEUP)
    wait_state(paced, "running")
    shutter.tap(KEY_ENTER)
    paced.wait_signal("Lap", lambda lap: lap[1]["outcome"] == "skipped")


def a_press_is_answered(world):
    configure(world, "[buttons]\npress=pause\nhold=\ndouble=\n")
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    button.press(BTN_0, 0.1)  # and nothing else can follow
    wait_tone(paced, "yes")
    wait_state(paced, "paused")
    button.press(BTN_0, 0.1, 0.05)
    button.tap(BTN_0)
    wait_tone(paced, "no")


def a_press_begins_a_run(world):
    configure(world, "[buttons]\nhold=veto pause resume start\nBTN_1=stop\n")
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0, BTN_0 + 1)
    paced = world.start_paced("--voice=print")
    button.hold(BTN_0)
    wait_until(paced.session, "the run")
    button.hold(BTN_0)
    wait_state(paced, "paused")
    button.tap(BTN_0 + 1)
    assert paced.wait_signal("Finished").arguments[0]["by"] == "button"


def a_press_is_heard(world):
    """Also by one who wants to hear nothing else, and with no run."""
    configure(world, "[buttons]\npress=accept pause resume\nhold=\ndouble=\n[coach]\nsilent=" + ",".join(
        ("step", "countdown", "split", "drift", "progress", "summary", "adaptation", "status", "form", "praise",
         "safety")) + "\n")
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    world.start_pulse()
    ear = Ear(world)
    paced = world.start_paced("--voice=pulse")
    wait_until(lambda: paced.hub()["VoiceState"] == "ready", "the voice")

    def heard(what):
        at = time.monotonic()
        button.press(BTN_0, 0.0, -0.1)
        onset = ear.onset(at)
        assert onset, what
        measured(f"from a press to its tone, {what}", onset - at)
        return onset - at
    assert heard("with no run") < 1.0
    paced.start_text(LONG)
    wait_until(lambda: time.monotonic() > button.latest + 1, "the stream to be awake")
    assert heard("in a run") < 0.4
    assert heard("in a run, again") < 0.4


def a_journal_has_the_presses(world):
    button = Fake(world, "event0", "paced buttons", GPIO, BTN_0)
    paced = begin(world)
    button.tap(BTN_0)
    paced.wait_signal("Lap")
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")
    run = world.history()[0]["run"]
    capture = world.directory / "run.capture"
    world.pacectl("record", "--run", run, capture)
    said = capture.read_text()
    assert "lap" in said and "accept" not in said, said  # for nothing was offered


# ── MPRIS ──

PLAYER, PATH = "org.mpris.MediaPlayer2.paced", "/org/mpris/MediaPlayer2"
INTERFACE = "org.mpris.MediaPlayer2.Player"


def player(world, name):
    return world.call(PLAYER, PATH, "org.freedesktop.DBus.Properties", "Get", "(ss)", INTERFACE, name)[0]


def no_player_unless_it_is_wanted(world):
    begin(world)
    assert world.owner(PLAYER) is None


def a_media_player_while_somebody_runs(world):
    configure(world, "[buttons]\nheadset=mpris\n")
    paced = world.start_paced("--voice=print")
    assert world.owner(PLAYER) is None
    paced.start_text("Workout - Halves\n\n• 2 lots of:\n• 1.0km @ 4'00''/km\n• 2min rest\n")
    wait_until(lambda: world.owner(PLAYER), "the player")
    assert player(world, "PlaybackStatus") == "Playing"
    told = player(world, "Metadata")
    assert told["xesam:title"] == "1 of 2: 1 km @ 4'00''/km" and told["xesam:album"] == "Halves", told
    world.call(PLAYER, PATH, INTERFACE, "PlayPause")
    wait_state(paced, "paused")
    wait_until(lambda: player(world, "PlaybackStatus") == "Paused", "its status")
    world.call(PLAYER, PATH, INTERFACE, "Pause")
    world.call(PLAYER, PATH, INTERFACE, "Play")
    wait_state(paced, "running")
    world.call(PLAYER, PATH, INTERFACE, "Next")
    paced.wait_signal("Lap")
    wait_until(lambda: player(world, "Metadata")["xesam:title"] == "rest 2:00", "the title of the rest")
    world.call(PLAYER, PATH, INTERFACE, "Previous")
    wait_asked(paced)
    world.call(PLAYER, PATH, INTERFACE, "Stop")
    wait_until(lambda: player(world, "PlaybackStatus") == "Paused", "its status")
    paced.steer("Stop", "(a{sv})", {})
    wait_until(lambda: world.owner(PLAYER) is None, "its end")


run_tests([one_button_is_enough, contacts_bounce_and_keys_repeat, what_was_missed_means_nothing,
           a_button_that_is_stuck_is_left_out, devices_come_and_go, a_headset_is_the_musics_while_nobody_runs,
           a_keyboard_is_left_alone_until_it_is_named, a_press_is_answered, a_press_begins_a_run, a_press_is_heard,
           a_journal_has_the_presses, no_player_unless_it_is_wanted,
           a_media_player_while_somebody_runs])
