#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A run that the end of the daemon cut off goes on: after a kill, after SIGTERM, after a boot; by itself or when asked
to. Speaks TAP."""
import pathlib
import re
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import measured, refused, run_tests, wait_until  # noqa: E402

# The first repetition is over at once, so that there is a second to be in.
REPETITIONS = "Workout - Threes\n\n• 3 lots of:\n  • 3min @ 5'00''/km\n  • 1min rest\n"
BACK = "resuming, repetition two of three"


def in_second(world, *options):
    """A run in its second repetition, a few seconds old."""
    paced = world.start_paced("--voice=print", *options)
    paced.start_text(REPETITIONS)
    paced.steer("Lap")
    paced.steer("Lap")
    paced.wait_signal("StepStarted", lambda arguments: arguments[0] == 2)
    paced.wait_ticks(3)
    return paced


def is_on(paced, state):
    return (paced.session() or {}).get("State") == state


def back(world, *options, state="running"):
    """The next daemon, in its run; which is paused for a moment, for so the break is told."""
    paced = world.start_paced("--voice=print", *options)
    wait_until(lambda: is_on(paced, state), "the run to go on")
    return paced


def stop(paced):
    paced.steer("Stop", "(a{sv})", {})
    return paced.wait_signal("Finished").arguments[0]


def never_by_itself(world):
    settings = world.directory / "config" / "paced"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "paced.conf").write_text("[run]\nresume=0\n")


def a_killed_run_goes_on_by_itself(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text(REPETITIONS)
    paced.steer("Lap")
    paced.steer("Lap")
    paced.known("Speed", "HeartRate")
    paced.wait_ticks(3)
    world.history()  # so far all is written: how slow the disk is, is not the question here
    paced.kill()
    elapsed, distance = paced.elapsed(), paced.session()["Distance"]
    began = time.monotonic()
    again = back(world)
    measured("from the start to the session on the bus", time.monotonic() - began)
    session = again.session()
    assert (session["State"], session["StepIndex"], session["Repetition"]) == ("running", 2, 2), session
    wait_until(lambda: BACK in again.text(), BACK)
    again.wait_ticks(1)
    assert -1.1 < again.elapsed() - elapsed < 2.5, (elapsed, again.ticks)
    again.wait_live("Sim Strap", "Sim Pod")
    again.known("Speed", "HeartRate")
    again.wait_ticks(3)
    assert again.session()["Distance"] < distance + 4 * (again.elapsed() - elapsed) + 8, (distance, again.session())
    finished = stop(again)
    run, = world.history()
    assert (run["ended-by"], run["laps"]) == ("stop", 3), run
    assert abs(run["duration"] - finished["duration"]) < 0.001
    assert finished["elapsed"] - finished["duration"] > 0.01, "the break is a pause, however short"
    assert len(world.laps(run["run"])) == 3
    assert again.end() == 0


def a_run_is_killed_again_and_again(world):
    paced = in_second(world)
    for _ in range(3):
        paced.kill()
        elapsed = paced.elapsed()
        paced = back(world)
        paced.wait_ticks(2)
        assert paced.session()["StepIndex"] == 2 and -1.1 < paced.elapsed() - elapsed < 4.5, (elapsed, paced.ticks)
    stop(paced)
    run, = world.history()
    assert run["laps"] == 3 and run["ended-by"] == "stop", run


def tear(world, table):
    with sqlite3.connect(world.database) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page, = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    database.close()
    with open(world.database, "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def a_killed_run_goes_on_when_a_page_is_torn(world):
    """Of what says that there is one, and since when."""
    paced = in_second(world)
    world.history()
    for table in ("runs", "sittings", "laps"):
        paced.kill()
        elapsed = paced.elapsed()
        tear(world, table)
        paced = back(world)
        paced.wait_ticks(2)
        assert paced.session()["StepIndex"] == 2 and -1.1 < paced.elapsed() - elapsed < 4.5, (table, elapsed, paced.ticks)
        wait_until(lambda: "paced.db was damaged" in paced.text(), "a word of it")
        for word in ("cannot be gone on with", "pacectl continue"):
            assert word not in paced.text(), paced.text()
    stop(paced)
    run, = world.history()
    assert run["laps"] == 3 and run["ended-by"] == "stop" and abs(run["started"] / 1e6 - time.time()) < 300, run


def sigterm_breaks_it_off(world):
    paced = in_second(world)
    assert paced.end() == 0
    elapsed = paced.elapsed()
    paced = back(world)
    assert paced.session()["State"] == "running"
    paced.wait_ticks(1)
    assert -0.1 < paced.elapsed() - elapsed < 2.5, (elapsed, paced.ticks)
    paced.interrupt()
    assert paced.wait() == 0
    paced = world.start_paced("--voice=print")
    run, = world.history()
    assert run["ended-by"] == "shutdown" and run["laps"] == 3, run
    refused("NotReady", world.call, "org.paced1", paced.path("org.paced1.Runner"), "org.paced1.Runner", "Continue")
    assert "cannot be gone on with" not in paced.text(), "it was ended, and nobody tries"


def a_paused_run_stays_paused(world):
    paced = in_second(world)
    paced.steer("Pause")
    world.history()  # answered when all that was before is in the file
    time_run = paced.elapsed()
    paced.kill()
    paced = back(world, state="paused")
    wait_until(lambda: re.search(f"{BACK}.*[.] paused", paced.text().lower()), "that it stands")
    assert paced.session()["State"] == "paused"
    paced.steer("Resume")
    paced.wait_ticks(1)
    assert paced.elapsed() - time_run < 2.5, paced.ticks


def after_the_limit_it_waits_to_be_asked(world):
    never_by_itself(world)
    paced = in_second(world)
    paced.kill()
    elapsed = paced.elapsed()
    paced = world.start_paced("--voice=print")
    wait_until(lambda: "pacectl continue" in paced.text(), "the log to say how")
    assert not paced.session()
    run, = world.history()
    assert run["ended-by"] == "crash", run
    world.pacectl("continue")
    wait_until(lambda: is_on(paced, "running"), "the run")
    assert paced.session()["StepIndex"] == 2
    wait_until(lambda: BACK in paced.text(), BACK)
    assert world.history() == [], "it is not over"
    paced.wait_ticks(2)
    assert -1.1 < paced.elapsed() - elapsed < 3.5, (elapsed, paced.ticks)
    stop(paced)
    runner = paced.path("org.paced1.Runner")
    refused("NotReady", world.call, "org.paced1", runner, "org.paced1.Runner", "Continue")


def a_run_begun_since_is_the_one(world):
    never_by_itself(world)
    in_second(world).kill()
    paced = world.start_paced("--voice=print")
    paced.start_text(REPETITIONS)
    runner = paced.path("org.paced1.Runner")
    refused("AlreadyRunning", world.call, "org.paced1", runner, "org.paced1.Runner", "Continue")
    stop(paced)
    refused("NotReady", world.call, "org.paced1", runner, "org.paced1.Runner", "Continue")
    assert [run["ended-by"] for run in world.history()] == ["stop", "crash"]


# ── another boot ── (by its id in the file; the clock begins anew only where the file says that it was far ahead)


def a_boot_lies_between(world):
    """How long it took is for the unit test, which has a wall clock that can be believed."""
    never_by_itself(world)
    paced = in_second(world)
    paced.kill()
    elapsed = paced.elapsed()
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE sittings SET boot = 'another'")
        began = database.execute("SELECT runs.started + wall_offset FROM runs JOIN sittings USING(sitting)").fetchone()[0]
    database.close()
    for _ in range(2):  # then in the same boot, on the clock that was carried on
        paced = world.start_paced("--voice=print")
        world.pacectl("continue")
        wait_until(lambda: is_on(paced, "running"), "the run")
        paced.wait_ticks(2)
        assert paced.session()["StepIndex"] == 2 and -1.1 < paced.elapsed() - elapsed < 3.5, (elapsed, paced.ticks)
        paced.kill()
        elapsed = paced.elapsed()
    world.start_paced("--voice=print")
    run, = world.history()
    assert run["started"] == began, "the date of the beginning stays"
    assert run["laps"] == 3 and run["duration"] < elapsed + 2, (run, elapsed)


def what_was_recorded_is_one_capture(world):
    """A run that went on is exported whole, and replays to the same words."""
    paced = in_second(world)
    paced.kill()
    paced = back(world, "--record", str(world.directory / "live.capture"))
    wait_until(lambda: BACK in paced.text(), BACK)
    paced.wait_ticks(2)
    stop(paced)
    run, = world.history()
    capture = world.directory / "run.capture"
    world.pacectl("record", "--run", str(run["run"]), str(capture))
    assert paced.end() == 0
    for file in (capture, world.directory / "live.capture"):
        told = world.pacectl("replay", str(file))
        assert BACK in told and told.count("resuming") == 1, told


if __name__ == "__main__":
    run_tests([a_killed_run_goes_on_by_itself, a_run_is_killed_again_and_again, a_killed_run_goes_on_when_a_page_is_torn, sigterm_breaks_it_off,
               a_paused_run_stays_paused, after_the_limit_it_waits_to_be_asked, a_run_begun_since_is_the_one,
               a_boot_lies_between,
               what_was_recorded_is_one_capture])
