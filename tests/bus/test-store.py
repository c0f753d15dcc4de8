#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Nothing recorded is lost: the daemon is killed, told to end, and given files that are locked, read-only, newer, garbage
or on a full disk. Speaks TAP."""
import os
import pathlib
import resource
import signal
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import measured, read_wav, run_tests, wait_until  # noqa: E402

STEADY = "Workout - Steady\n\n• 4s @ 5'00''/km\n• 20min @ 5'00''/km\n• 1min rest\n"


def running(world, *options, limit=None):
    """A run without sensors, past its first lap: the journal holds ticks, laps and words all the same."""
    paced = world.start_paced("--voice=print", *options, limit=limit)
    paced.start_text(STEADY)
    paced.wait_signal("StepStarted", lambda arguments: arguments[0] == 1)
    return paced


def never_by_itself(world):
    """A run that was cut off stays as it was cut."""
    settings = world.directory / "config" / "paced"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "paced.conf").write_text("[run]\nresume=0\n")


def stop(paced):
    paced.steer("Stop", "(a{sv})", {})
    return paced.wait_signal("Finished").arguments[0]


# ── the end of the daemon ──


def a_kill_costs_a_second_at_most(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text(STEADY)
    lap = paced.wait_signal("Lap").arguments[1]
    paced.wait_ticks(3)
    paced.kill()
    at, elapsed = paced.ticks[-1]
    distance = paced.session()["Distance"]
    never_by_itself(world)
    again = world.start_paced("--voice=print")
    run, = world.history()
    assert (run["workout"], run["ended-by"], run["completed"]) == ("Steady", "crash", False), run
    measured("lost to kill -9", elapsed - run["duration"])
    assert -1.01 < elapsed - run["duration"] <= 1.05, (elapsed, run)
    assert distance - run["distance"] < 5, (distance, run)
    laps = world.laps(run["run"])
    assert abs(laps[0]["duration"] - lap["duration"]) < 0.001 and abs(laps[0]["distance"] - lap["distance"]) < 0.01
    again.wait_live("Sim Strap", "Sim Pod")
    assert again.end() == 0


def an_interrupt_ends_the_run_in_order(world):
    wav = world.directory / "coach.wav"
    paced = running(world, f"--voice=wav:{wav}")
    elapsed = paced.elapsed()
    asked = time.monotonic()
    paced.interrupt()
    assert paced.wait() == 0
    measured("SIGINT in mid-run, to the daemon's end", time.monotonic() - asked)
    assert time.monotonic() - asked < 3
    wait_until(lambda: paced.named("Finished"), "Finished")
    assert paced.named("Finished")[0].arguments[0]["by"] == "shutdown"
    samples, _ = read_wav(wav)
    assert max(samples) > 1000
    world.start_paced("--voice=print")
    run, = world.history()
    assert run["ended-by"] == "shutdown" and run["duration"] >= elapsed - 0.01 and run["laps"] == 2, run


def a_second_daemon_refuses(world):
    paced = running(world)
    second = world.start_paced("--voice=print", wait=False)
    assert second.wait() == 1
    assert "paced runs already" in second.text(), second.text()
    assert "lost" not in second.text(), "it had nothing to keep"
    paced.wait_ticks(2)
    assert paced.hub()["StoreState"] == "ready" and not paced.named("Finished")
    stop(paced)
    assert [run["ended-by"] for run in world.history()] == ["stop"], "the second did not take the run for a crashed one"


# ── the file ──


def a_locked_file_is_waited_for(world):
    paced = running(world)
    other = sqlite3.connect(world.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    paced.wait_hub("StoreState", "degraded")
    assert "lock" in paced.hub()["StoreReason"] or "another program" in paced.hub()["StoreReason"], paced.hub()
    paced.steer("Lap")
    stop(paced)
    other.execute("ROLLBACK")
    other.close()
    paced.wait_hub("StoreState", "ready")
    run, = world.history()
    laps = [lap.arguments[1] for lap in paced.named("Lap")]
    assert run["laps"] == len(laps) == len(world.laps(run["run"]))
    assert paced.end() == 0


def a_disk_fills_up(world):
    """A limit on the size of files stands in for the disk; it is lifted from outside, as files are deleted on a disk."""
    limit = 200_000

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print", limit=small)
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text(STEADY)
    wal = pathlib.Path(f"{world.database}-wal")
    lap = paced.wait_signal("Lap")
    resource.prlimit(paced.child.pid, resource.RLIMIT_FSIZE, (max(wal.stat().st_size, 1), resource.RLIM_INFINITY))
    paced.wait_hub("StoreState", "degraded")
    assert paced.hub()["StoreReason"]
    paced.wait_ticks(2)
    resource.prlimit(paced.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    paced.wait_hub("StoreState", "ready")
    paced.wait_ticks(1)
    duration = stop(paced)["duration"]
    run, = world.history()
    assert abs(run["duration"] - duration) < 0.001 and run["laps"] == 2 and lap
    assert paced.end() == 0


def newer(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 4711")
        database.execute("CREATE TABLE things (x)")
    database.close()


def garbage(path):
    path.write_bytes(b"Dear diary, " * 2000)


def a_file_of_another_is_left_alone(world):
    world.database.parent.mkdir(parents=True)
    for make in (newer, garbage):
        for old in world.database.parent.iterdir():
            old.unlink()
        make(world.database)
        before = world.database.read_bytes()
        paced = running(world)
        assert paced.hub()["StoreState"] == "degraded" and "runs are kept in" in paced.hub()["StoreReason"], paced.hub()
        stop(paced)
        assert len(world.history()) == 1
        assert paced.end() == 0
        assert world.database.read_bytes() == before


def a_damaged_file_is_set_aside(world):
    paced = running(world)
    stop(paced)
    assert paced.end() == 0
    with open(world.database, "r+b") as damaged:
        damaged.seek(4096)
        damaged.write(os.urandom(os.path.getsize(world.database) - 4096))
    paced = running(world)
    assert "damaged" in paced.hub()["StoreReason"], paced.hub()
    stop(paced)
    assert len(world.history()) == 1
    assert list(world.database.parent.glob("paced.db.damaged-*")), "nothing is ever deleted"


def a_folder_that_cannot_be_written_costs_no_run(world):
    """Root may write anything, so a plain file stands where the folder should be."""
    (world.directory / "data").write_text("in the way\n")
    paced = running(world)
    assert paced.hub()["StoreState"] == "degraded" and paced.hub()["StoreReason"], paced.hub()
    (world.directory / "data").unlink()
    world.database.parent.mkdir(parents=True)
    paced.wait_hub("StoreState", "ready")
    stop(paced)
    assert world.history()[0]["laps"] == 2, "what waited in memory is written"


def it_is_said_where_runs_are_kept(world):
    world.start_fake()
    place = world.directory / "elsewhere" / "runs.db"
    paced = world.start_paced("--voice=print", "--database", os.path.relpath(place))
    assert paced.hub()["StorePath"] == str(place), paced.hub()
    doctor = world.start_pacectl("doctor")
    assert doctor.wait() in (0, 1) and f"free at {place.parent}" in doctor.text(), doctor.text()


if __name__ == "__main__":
    run_tests([a_kill_costs_a_second_at_most, an_interrupt_ends_the_run_in_order, a_second_daemon_refuses,
               a_locked_file_is_waited_for, a_disk_fills_up, a_file_of_another_is_left_alone, a_damaged_file_is_set_aside,
               a_folder_that_cannot_be_written_costs_no_run, it_is_said_where_runs_are_kept])
