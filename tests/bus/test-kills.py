#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The daemon is killed fifty times in a run, or as often as PACED_KILLS says, each time at an instant nobody has chosen,
and goes on each time: the file stays whole, no second is lost but the last, and the run is one. Half as often it is killed
while it starts: as it opens the file, replays the journal, goes on; and now and then while it brings an older file up to
date. Speaks TAP."""
import math
import os
import pathlib
import random
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import journal_end, measured, run_tests, wait_until  # noqa: E402

KILLS = int(os.environ.get("PACED_KILLS", "50"))
OLD = pathlib.Path(__file__).resolve().parent.parent / "store" / "old"
RUNS = 4  # side by side, each in a world of its own
PLAN = "Workout - Repetitions\n\n• 9 lots of:\n  • 10min @ 5'00''/km\n  • 1s rest\n"
ONE_TICK = 1.05  # s; what the bus has shown is a tick old at most
LOST_MOST = 1.0  # s, from the latest event of the journal to the kill, but for what a commit takes


class Ledger:
    """What the runs of a test have to show for themselves."""

    def __init__(self):
        self.lost = []
        self.start = 0.0  # s that the latest took
        self.starts = 0   # in which it was killed


def killed_in_its_start(world, random_instant, longest):
    paced = world.start_paced("--voice=print", wait=False)
    until = time.monotonic() + random_instant.uniform(0, longest)
    wait_until(lambda: time.monotonic() >= until, "the instant")
    paced.kill()
    journal_end(world.database)


def commit_takes(world):
    """Here and now: the longest of some, in s."""
    longest = 0
    database = sqlite3.connect(world.directory / "commits.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS events(record)")
    for _ in range(10):
        began = time.monotonic()
        database.execute("INSERT INTO events VALUES(1)")
        longest = max(longest, time.monotonic() - began)
    database.close()
    return longest


def kill(world, paced, ledger):
    """Returns what the bus showed last: (Elapsed, Distance)."""
    shown = (paced.elapsed(), paced.session()["Distance"])
    at = time.clock_gettime(time.CLOCK_BOOTTIME)
    paced.kill()
    ledger.lost.append(at - journal_end(world.database))
    took = commit_takes(world)
    assert ledger.lost[-1] <= LOST_MOST + took, f"{ledger.lost[-1]:.3f} s of the run are gone; a commit takes {took:.3f} s"
    return shown


def live_once(world, random_instant, shown, ledger):
    """From a start to a kill; returns what the bus showed last: (Elapsed, Distance)."""
    began = time.monotonic()
    paced = world.start_paced("--voice=print")
    wait_until(lambda: (paced.session() or {}).get("State") == "running", "the run to go on")
    ledger.start = time.monotonic() - began
    session = paced.session()
    assert abs(shown[0] - session["Elapsed"]) <= ONE_TICK, (session["Elapsed"], shown)
    assert session["Distance"] > shown[1] - 5, (session["Distance"], shown)
    paced.wait_ticks(1)
    until = time.monotonic() + random_instant.uniform(0, 1)
    wait_until(lambda: time.monotonic() >= until, "the instant")
    return kill(world, paced, ledger)


def run_through(world, seed, kills, ledger):
    random_instant = random.Random(seed)
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text(PLAN)
    paced.known("Speed", "HeartRate")
    wait_until(lambda: paced.elapsed() > 1, "the first second")
    shown = kill(world, paced, ledger)
    for number in range(kills):
        shown = live_once(world, random_instant, shown, ledger)
        if number % 2:
            killed_in_its_start(world, random_instant, 1.1 * ledger.start)
            ledger.starts += 1
    paced = world.start_paced("--voice=print")
    wait_until(paced.session, "the run to go on")
    paced.steer("Stop", "(a{sv})", {})
    finished = paced.wait_signal("Finished").arguments[0]
    run, = world.history()
    assert run["ended-by"] == "stop" and abs(run["duration"] - finished["duration"]) < 0.001, (run, finished)
    assert shown[0] - ONE_TICK <= run["duration"], (run, shown)
    assert math.isfinite(run["heart-rate"]) and run["distance"] >= shown[1] - 5, run


def a_test_of(number):
    def test(world):
        ledger, seed = Ledger(), random.randrange(1 << 32)
        print(f"# the instants are of seed {seed}", flush=True)
        run_through(world, seed, math.ceil(KILLS / RUNS), ledger)
        measured(f"lost to {len(ledger.lost)} kills in the run and {ledger.starts} in its start, at most", max(ledger.lost))
    test.__name__ = f"killed_at_any_instant_{number}"
    return test


def killed_while_it_brings_an_older_file_up_to_date(world):
    seed = random.randrange(1 << 32)
    print(f"# the instants are of seed {seed}", flush=True)
    random_instant, took = random.Random(seed), 1.0
    settings = world.directory / "config" / "paced"
    settings.mkdir(parents=True)
    (settings / "paced.conf").write_text("[run]\nresume=0\n")
    for number in range(math.ceil(KILLS / 10)):
        version = 1 + number % 6
        database = world.directory / f"{number}.db"
        with sqlite3.connect(database) as file:
            file.executescript((OLD / f"old-{version}.sql").read_text())
        file.close()
        for _ in range(2):
            paced = world.start_paced("--voice=print", f"--database={database}", wait=False)
            until = time.monotonic() + random_instant.uniform(0, took)
            wait_until(lambda until=until: time.monotonic() >= until, "the instant")
            paced.kill()
        began = time.monotonic()
        paced = world.start_paced("--voice=print", f"--database={database}")
        took = time.monotonic() - began
        assert [run["workout"] for run in world.history()] == ["Cut", "Old"], (version, world.history())
        assert len(paced.sensors()) == 2 and len(world.laps(1)) == 4, version
        assert paced.end() == 0
        with sqlite3.connect(database) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        file.close()


if __name__ == "__main__":
    run_tests([*(a_test_of(number) for number in range(1, RUNS + 1)), killed_while_it_brings_an_older_file_up_to_date],
              at_once=RUNS + 1)
