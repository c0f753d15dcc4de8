#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What is proposed between sessions, through D-Bus, pacectl, the coach's voice and the real daemon. The past is written into
the file by hand: three weeks of running would take three weeks. Speaks TAP."""
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from buttons import BLUETOOTH, KEY_PLAYPAUSE, Fake  # noqa: E402
from harness import GLib, run_tests, wait_until  # noqa: E402

DAY = 86400 * 10**6  # µs
SITTING = ("INSERT OR IGNORE INTO sittings(sitting, boot, started, wall_offset, config, first_seq, pruned)"
           " VALUES(1, 'before', 0, 0, '', 1, 1)")
RUN = ("INSERT INTO runs(sitting, first_seq, last_seq, name, started, duration_s, elapsed_s, distance_m, corrected_m, laps,"
       " completed, ended_by, runner, trimp, rtss, clean, faster, stopped, workout)"
       " VALUES(1, 1, 0, 'Past', ?, ?, ?, ?, ?, 1, 1, 'plan', 'me', ?, ?, ?, ?, ?, ?)")


def write_past(world, *runs):
    """Each is how many days ago, and what is said of it."""
    now = int(time.time() * 1e6)
    with sqlite3.connect(world.database) as database:
        database.execute(SITTING)
        for days, said in runs:
            run = {"seconds": 1800, "metres": 8000, "corrected": None, "trimp": None, "rtss": 30.0, "clean": 0, "faster": None, "stopped": 0, "text": None, **said}
            workout = None
            if run["text"]:
                database.execute("INSERT OR IGNORE INTO workouts(sha256, text) VALUES(?, ?)", (run["text"], run["text"]))
                workout = database.execute("SELECT workout FROM workouts WHERE text = ?", (run["text"],)).fetchone()[0]
            database.execute(RUN, (int(now - days * DAY), run["seconds"], run["seconds"], run["metres"], run["corrected"], run["trimp"], run["rtss"], run["clean"],
                                   run["faster"], run["stopped"], workout))


GOOD = {"clean": 1, "faster": 0.018}
STOPPED = {"stopped": 1, "faster": -0.05}


def begin(world, *past, race="5km=20:00"):
    """A daemon that knows a race, and a past."""
    paced = world.start_paced("--voice=print")
    if race:
        world.pacectl("athlete", "race", race)
    world.pacectl("history")  # all of it is on the disk then
    paced.end()
    with sqlite3.connect(world.database) as database:
        database.execute("DELETE FROM sittings")
        database.execute("DELETE FROM events")
    write_past(world, *past)
    return world.start_paced("--voice=print")


def shipped(name):
    return (pathlib.Path(__file__).resolve().parents[2] / "config/workouts" / f"{name}.txt").read_text()


def kept(world, name):
    path = world.directory / "data/paced/workouts" / f"{name}.txt"
    return path.read_text() if path.exists() else ""


def proposal(paced):
    """As it is now: the store is asked before, so what it was asked for earlier was answered."""
    paced.world.history()
    return paced.world.call("org.paced1", "/org/paced1/runner/me", "org.freedesktop.DBus.Properties", "Get", "(ss)",
                            "org.paced1.Athlete", "Proposal")[0]


def vdot(world):
    return world.pacectl_json("athlete").get("vdot")


def call(world, method, signature="()", *arguments):
    return world.call("org.paced1", "/org/paced1/runner/me", "org.paced1.Athlete", method, signature, *arguments)


def refused(world, error, method, signature="()", *arguments):
    try:
        call(world, method, signature, *arguments)
    except GLib.Error as failure:
        assert error in failure.message, failure.message
        return failure.message
    raise AssertionError(f"{method}{arguments} was not refused")


def three_good_sessions_propose_more_and_nothing_changes_until_it_is_accepted(world):
    paced = begin(world, (20, GOOD), (10, GOOD), (2, GOOD))
    proposed = proposal(paced)
    assert proposed["kind"] == "raise" and proposed["sessions"] == 3 and abs(proposed["faster"] - 0.018) < 1e-9, proposed
    assert abs(proposed["vdot"] - 50.3062) < 5e-5 and abs(proposed["vdot-now"] - 49.8062) < 5e-5, proposed
    shown = world.pacectl("athlete", "proposal")
    assert "3 sessions in 21 days were run 1.8 % faster than asked" in shown and "VDOT 50.3 instead of 49.8" in shown, shown
    assert world.pacectl_json("athlete", "proposal")["vdot_now"] == proposed["vdot-now"]
    assert abs(vdot(world) - 49.8062) < 5e-5
    assert world.pacectl("athlete", "proposal", "accept") == ""
    assert abs(vdot(world) - 50.3062) < 5e-5 and world.pacectl_json("athlete")["vdot_from"] == "set"
    assert world.pacectl("athlete", "proposal") == "Nothing is proposed.\n"
    assert "nothing is proposed" in world.pacectl("athlete", "proposal", "accept", status=1)
    refused(world, "NotReady", "DeclineProposal")
    world.pacectl("history")
    paced.kill()  # what was accepted is on the disk, and so is the answer
    paced = world.start_paced("--voice=print")
    assert abs(vdot(world) - 50.3062) < 5e-5
    assert proposal(paced) == {}
    world.pacectl("athlete", "proposal", "perhaps", status=64)


def what_was_declined_is_not_asked_again_for_the_same_reason(world):
    paced = begin(world, (9, STOPPED), (2, STOPPED))
    proposed = proposal(paced)
    assert proposed["kind"] == "ease" and proposed["sessions"] == 2 and "faster" not in proposed, proposed
    call(world, "DeclineProposal")
    assert proposal(paced) == {}
    paced.end()
    write_past(world, (1, STOPPED))
    paced = world.start_paced("--voice=print")
    assert proposal(paced) == {} and abs(vdot(world) - 49.8062) < 5e-5


def a_week_of_rest_is_proposed_to_who_has_no_vdot(world):
    paced = begin(world, (9, STOPPED), (2, STOPPED), race=None)
    proposed = proposal(paced)
    assert "vdot" not in proposed and "a week of rest" in proposed["why"], proposed
    assert "a week of rest" in world.pacectl("athlete", "proposal")
    call(world, "AcceptProposal")
    assert world.pacectl_json("athlete")["settings"] == {}


def a_workout_that_is_run_as_it_stands_may_grow(world):
    text = shipped("five-by-one-km")
    on_target = {"clean": 1, "faster": 0.002, "text": text}
    paced = begin(world, (9, on_target), (6, {**on_target, "text": text + "\n"}), (2, on_target))
    proposed = proposal(paced)
    assert proposed["kind"] == "repeat" and proposed["repetitions"] == 6 and proposed["sessions"] == 2, proposed
    assert proposed["workout"] == "5 x 1 km" and "vdot" not in proposed, proposed
    told = world.pacectl("athlete", "proposal")
    assert "2 sessions in 21 days were run on target" in told and "6 repetitions instead of 5" in told, told
    before = world.pacectl_json("athlete")
    call(world, "AcceptProposal")
    assert proposal(paced) == {}
    wait_until(lambda: "6 lots of" in kept(world, "five-by-one-km"), "the workout to be kept")
    assert kept(world, "five-by-one-km") == text.replace("5 lots of", "6 lots of").replace("5 x 1 km", "6 x 1 km")
    assert world.pacectl_json("athlete") == before
    paced.end()
    write_past(world, (0.5, on_target), (0.4, on_target))  # of the day that was answered
    paced = world.start_paced("--voice=print")
    assert proposal(paced) == {}


def a_workout_that_cannot_be_kept_is_proposed_still(world):
    # Run from a text alone, whose title is that of another that is there.
    text = "Workout - 5 x 1 km\n- 5 lots of:\n    - 1km @ 4'10''/km\n    - 2min rest\n"
    on_target = {"clean": 1, "faster": 0.002, "text": text}
    paced = begin(world, (9, on_target), (2, on_target))
    assert proposal(paced)["repetitions"] == 6
    library = world.directory / "data/paced/workouts"
    library.parent.mkdir(parents=True, exist_ok=True)
    library.write_text("no directory\n")
    refused(world, "Failed", "AcceptProposal")
    assert "cannot be kept, and is proposed still" in paced.text()
    assert proposal(paced)["repetitions"] == 6
    library.unlink()
    changed = []
    world.bus.signal_subscribe(paced.unique, "org.paced1.Library", "Changed", None, None, 0,
                               lambda *signal: changed.append(signal[5].unpack()[0]))
    world.pacectl("workouts", "add", "-", stdin=text.replace("2min", "3min").replace("5 x 1", "6 x 1"))
    call(world, "AcceptProposal")
    wait_until(lambda: "6-x-1-km-2" in changed, "the signal")
    assert changed == ["6-x-1-km", "6-x-1-km-2"], changed
    assert kept(world, "6-x-1-km-2") == text.replace("5 lots", "6 lots").replace("5 x 1", "6 x 1")
    assert proposal(paced) == {}


def a_workout_is_not_made_harder_after_a_heavy_week(world):
    hard = {"clean": 1, "faster": 0.002, "text": shipped("five-by-one-km"), "rtss": 300.0}
    paced = begin(world, *[(days, {"rtss": 30.0}) for days in (29, 20, 12)], (3, hard), (2, hard))
    assert proposal(paced) == {}


def who_runs_a_workout_faster_than_asked_needs_other_paces_not_more_of_it(world):
    on_target = {"clean": 1, "faster": 0.002, "text": shipped("five-by-one-km")}
    paced = begin(world, (6, {**on_target, "faster": 0.015}), (3, on_target))
    assert proposal(paced) == {}


def two_of_another_runner_are_none(world):
    paced = begin(world, (9, STOPPED), (2, STOPPED))
    assert proposal(paced)
    paced.end()
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE runs SET runner = 'bert'")
    paced = world.start_paced("--voice=print")
    assert proposal(paced) == {}


def a_run_is_called_a_race(world):
    paced = begin(world, (3, {"corrected": 10000.0}), (2, {}), race="5km=20:00")
    runs = [run["run"] for run in world.history()]
    with sqlite3.connect(world.database) as database:
        database.execute("INSERT INTO laps(run, lap, step, kind, outcome, repetition, repetitions, started, ended, duration,"
                         " distance_m) VALUES(?, 1, 0, 'work', 'lapped', 0, 0, 0, 1170000000, 1170000000, 4890)", (runs[0],))
    said = refused(world, "BadArgument", "CallRace", "(xa{sv})", runs[0], {})
    assert "is not known" in said, said
    refused(world, "BadArgument", "CallRace", "(xa{sv})", runs[0], {"lap": GLib.Variant("u", 2)})
    refused(world, "BadArgument", "CallRace", "(xa{sv})", 4711, {})
    refused(world, "BadArgument", "CallRace", "(xa{sv})", runs[0], {"laps": GLib.Variant("u", 1)})
    refused(world, "faster than anybody", "CallRace", "(xa{sv})", runs[0], {"distance": GLib.Variant("d", 20000)})
    assert proposal(paced) == {}
    shown = world.pacectl("athlete", "race", runs[0], "1", "--distance", "5km")
    assert "5 km in 19:30 says a VDOT of 51.3; the paces go by one of 49.8" in shown, shown
    seen = paced.wait_signal("Proposed").arguments[0]
    assert seen["kind"] == "adopt" and (seen["distance"], seen["time"], seen["run"]) == (5000, 1170, runs[0]), seen
    assert abs(vdot(world) - 49.8062) < 5e-5
    world.pacectl("accept")  # as a button does it, with no run on
    told = world.pacectl_json("athlete")
    assert abs(told["vdot"] - seen["vdot"]) < 1e-9 and told["vdot_from"] == "race", told
    race, = told["settings"]["races"]
    assert (race["distance"], race["time"]) == (5000, 1170) and "date" in race, race
    # Its distance is known by the run's correction. It differs much.
    shown = world.pacectl("athlete", "race", runs[1])
    assert "10 km in 30:00 says a VDOT of 72.8, far from the 51.3: was it that far, and all out?" in shown, shown
    assert proposal(paced)["kind"] == "ask"
    world.pacectl("veto")
    assert proposal(paced) == {} and len(world.pacectl_json("athlete")["settings"]["races"]) == 1
    assert world.pacectl("athlete", "race", runs[0], "1", "--distance", "5km", "--not-all-out") == "Nothing is proposed.\n"
    for words in ((runs[0], "x"), (runs[0], "1", "--distance", "far")):
        world.pacectl("athlete", "race", *words, status=65)
    for words in (("5km=20:00", "1"), ("5km=20:00", "--distance", "5km")):
        world.pacectl("athlete", "race", *words, status=64)


def it_is_asked_once_after_the_run_and_a_button_answers_it(world):
    paced = begin(world, (10, GOOD), (9, GOOD))
    assert proposal(paced) == {}
    write_past(world, (1, GOOD))  # which the daemon has not seen yet
    paced.start_text("Workout - Short\n- 20min run\n")
    assert not paced.named("Proposed")
    paced.steer("Stop", "(a{sv})", {})
    asked = "three strong sessions. Train a little faster? accept or leave it"
    cue = paced.wait_signal("Cue", lambda arguments: arguments[1] == "adaptation")
    assert cue.arguments[0] == asked, cue
    assert paced.named("Proposed")[0].arguments[0]["kind"] == "raise"
    paced.wait_signal("Finished")
    paced.start_text("Workout - Short\n- 20min run\n")
    since = len(paced.signals)
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished", since=since)
    paced.wait_signal("Cue", lambda arguments: arguments[1] == "summary", since=since)
    proposal(paced)
    assert [cue.arguments[0] for cue in paced.named("Cue")].count(asked) == 1
    assert proposal(paced)["kind"] == "raise", "it is still there"
    world.pacectl("veto")
    assert abs(vdot(world) - 49.8062) < 5e-5 and proposal(paced) == {}


def asked_after_a_run(world):
    """The daemon, whose coach has just begun to ask for better paces, and when."""
    paced = begin(world, (10, GOOD), (9, GOOD))
    write_past(world, (1, GOOD))
    paced.start_text("Workout - Short\n- 20min run\n")
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Cue", lambda arguments: arguments[1] == "adaptation")
    return paced, time.monotonic()


def a_press_answers_what_is_asked(world):
    """Also of a headset, whose keys are the music's before and after."""
    ears = Fake(world, "event3", "Ears (AVRCP)", BLUETOOTH, KEY_PLAYPAUSE)
    paced, asked = asked_after_a_run(world)
    ears.tap(KEY_PLAYPAUSE)
    proposal(paced)
    assert abs(vdot(world) - 49.8062) < 5e-5, "nobody can have heard it yet"
    wait_until(lambda: time.monotonic() > asked + 7, "its last word, which comes within seven seconds")
    ears.tap(KEY_PLAYPAUSE)
    wait_until(lambda: abs(vdot(world) - 50.3062) < 5e-5, "the better paces")
    paced.wait_signal("Cue", lambda arguments: arguments[0] == "accepted")
    since = len(paced.signals)
    ears.tap(KEY_PLAYPAUSE)
    proposal(paced)
    assert proposal(paced) == {} and len(paced.signals) - since <= 1, paced.signals[since:]  # "noted", of the first


def a_headset_that_only_knows_players_answers_too(world):
    config = world.directory / "config/paced/paced.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("[buttons]\nheadset=mpris\n")
    name, path, interface = "org.mpris.MediaPlayer2.paced", "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"
    paced, asked = asked_after_a_run(world)
    wait_until(lambda: world.owner(name), "the player, which has nothing to play")
    wait_until(lambda: time.monotonic() > asked + 7, "its last word, which comes within seven seconds")
    for word in ("Pause", "Play"):  # of a telephone that rings
        world.call(name, path, interface, word)
    assert proposal(paced)["kind"] == "raise"
    world.call(name, path, interface, "Next")
    wait_until(lambda: abs(vdot(world) - 50.3062) < 5e-5, "the better paces")
    wait_until(lambda: world.owner(name) is None, "the keys to be the music's again")


def the_load_of_the_last_weeks_is_known_as_a_run_starts(world):
    """And of each run it is shown; and a capture has it."""
    past = [(days, {"rtss": 60.0 if days < 7 else 30.0}) for days in range(39, 0, -2)]
    paced = begin(world, *past)
    world.pacectl("history")
    paced.start_text("Workout - Short\n- 20min run\n")
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")
    run = world.history()[0]["run"]
    capture = world.directory / "run.capture"
    world.pacectl("record", "--run", run, capture)
    # 1, 3 and 5 days ago 60 each; with eleven of 30 in 28 days: (180 / 7) / (510 / 28).
    load = [line.split()[2] for line in capture.read_text().splitlines() if line.split()[1] == "load"]
    assert load == ["1.412"], load
    world.pacectl("replay", capture)
    runs = world.history()
    assert runs[1]["rtss"] == 60 and "rtss" not in runs[0], runs
    assert "  rTSS   60" in world.pacectl("history") and world.pacectl_json("history")[1]["rtss"] == 60


def check_knows_the_load_of_the_last_weeks(world):
    past = [(days, {"rtss": 30.0}) for days in range(39, 0, -2)]
    begin(world, *past)
    world.pacectl("history")
    text = "Workout - Hard\n- 35min @ 4'15''/km\n"
    assert "the heaviest of your last 20 runs had 30 [heavier-than-usual]" in world.pacectl("check", "-", stdin=text)
    assert "heavier" not in world.pacectl("check", "-", stdin=text.replace("35min", "20min"))


def check_holds_a_workout_to_runs_that_were_measured(world):
    long = "Workout - Long\n- 12km @ 6'00''/km\n"
    strap, stopped, hour = {"metres": 0}, {"seconds": 3, "metres": 0}, {"metres": 0, "seconds": 7200}
    for past, doubt in (([{}] * 3, "12.0 km in all: the longest of your last 3 runs was 8.0 km [longer-than-usual]"),
                        ([{}, strap, strap], "12.0 km in all: the longest of your last 3 runs was 8.0 km"),
                        ([{}] * 2 + [stopped], None),  # two runs are no habit
                        ([stopped] * 3, None), ([strap] * 3, "72 minutes in all: the longest of your last 3 runs took 30 "),
                        ([{}, {}, hour], None)):  # it may have been 20 km
        paced = begin(world, *((days + 1, said) for days, said in enumerate(past)))
        world.pacectl("history")
        told = world.pacectl("check", "-", stdin=long)
        assert doubt in told if doubt else "longer" not in told, (past, told)
        paced.end()
        with sqlite3.connect(world.database) as database:
            database.execute("DELETE FROM runs")


run_tests([three_good_sessions_propose_more_and_nothing_changes_until_it_is_accepted,
           what_was_declined_is_not_asked_again_for_the_same_reason, a_week_of_rest_is_proposed_to_who_has_no_vdot,
           a_workout_that_is_run_as_it_stands_may_grow, a_workout_that_cannot_be_kept_is_proposed_still,
           a_workout_is_not_made_harder_after_a_heavy_week,
           who_runs_a_workout_faster_than_asked_needs_other_paces_not_more_of_it,
           two_of_another_runner_are_none, a_run_is_called_a_race, it_is_asked_once_after_the_run_and_a_button_answers_it,
           a_press_answers_what_is_asked, a_headset_that_only_knows_players_answers_too,
           the_load_of_the_last_weeks_is_known_as_a_run_starts, check_knows_the_load_of_the_last_weeks,
           check_holds_a_workout_to_runs_that_were_measured])
