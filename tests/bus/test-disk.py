#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The disk with the runs is nearly full, and full: it is a small one of our own, a tmpfs in a namespace of mounts. Speaks
TAP."""
import contextlib
import itertools
import os
import pathlib
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "pacectl")]
import fitfile  # noqa: E402
from harness import journal_instant, measured, refused, run_tests, wait_until  # noqa: E402

LOW, SIZE = 20 << 20, 48 << 20  # bytes: below the one it is nearly full (src/coach/preflight.h)
PLAN = "Workout - Long\n\n• 20min @ 5'00''/km\n"
KINDS = NOTIFY, TIME = 0, 4  # in the low three bits of a record


class Disk:
    def __init__(self, world):
        self.path = world.directory / "data"
        self.path.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", self.path], check=True)
        self.ballast = self.path / "ballast"

    def leave(self, free):
        """So many bytes and no more."""
        with contextlib.suppress(OSError), open(self.ballast, "ab") as file:  # which also its end may have no room for
            disk = os.statvfs(self.path)
            file.write(bytes(max(disk.f_bavail * disk.f_frsize - free, 0)))

    def clear(self):
        self.ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def disk_of(world):
    disk = Disk(world)
    try:
        yield disk
    finally:
        for process in reversed(world.processes):
            process.kill()
        subprocess.run(["umount", disk.path], check=False)


def journal(world, kind):
    """The instants of the latest run's events of a kind, by sensor where they are packets."""
    world.history()
    with sqlite3.connect(world.database) as database:
        records = [record for record, in database.execute(
            "SELECT record FROM events WHERE seq >= (SELECT max(first_seq) FROM runs) ORDER BY seq")]
    database.close()
    return [(record, journal_instant(record)) for record in records if record[0] & 7 == kind]


def stop(paced):
    paced.steer("Stop", "(a{sv})", {})
    return paced.wait_signal("Finished").arguments[0]


def a_run_that_does_not_fit_takes_no_room(world):
    records = (b"\0" + struct.pack("<IBI", fitfile.SINCE + t, 140, 300 * t) for t in range(20000))
    past = world.directory / "a.fit"
    past.write_bytes(fitfile.fit(fitfile.definition(0, 20, (253, *fitfile.U32), (3, *fitfile.U8), (5, *fitfile.U32)), *records))
    with disk_of(world) as disk:
        world.start_paced("--voice=print")
        disk.leave(1 << 20)
        said = world.pacectl("import", past, status=1)
        assert "is full: make room on it" in said, said
        room = os.statvfs(disk.path)
        assert room.f_bavail * room.f_frsize > 900_000, "the room is there for a run of ours"
        disk.clear()
        assert "run 1," in world.pacectl("import", past)


def packets_a_second(world, paced):
    """In a run of some seconds, which is then ended."""
    paced.start_text(PLAN)
    paced.known("Speed", "HeartRate")
    paced.wait_ticks(8)
    packets, ran = len(journal(world, NOTIFY)), paced.elapsed()
    paced.signals.clear()
    stop(paced)
    wait_until(lambda: not paced.session(), "the end of the session")
    return packets / ran


def packets_make_room_first(world):
    with disk_of(world) as disk:
        disk.leave(LOW - (1 << 20))
        world.start_fake("--speed", "3.3")
        paced = world.start_paced("--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        few = packets_a_second(world, paced)
        assert "little room left to save" in paced.text(), paced.text()
        assert paced.hub()["StoreState"] == "ready"
        disk.clear()
        all_of_them = packets_a_second(world, paced)
        measured("packets kept of two sensors, nearly full", few, "a second")
        measured("packets kept of two sensors, with room", all_of_them, "a second")
        assert few < 0.7 * all_of_them and all_of_them > 1.6, (few, all_of_them)
        assert [run["ended-by"] for run in world.history()] == ["stop", "stop"]
        assert paced.end() == 0


def a_full_disk_at_any_write_loses_nothing(world):
    """So much room is left, then less, then more, in one run; each time it fills up at another write."""
    with disk_of(world) as disk:
        world.start_fake("--speed", "3.3")
        paced = world.start_paced("--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        paced.start_text(PLAN)
        paced.known("Speed", "HeartRate")
        for pages in (0, 1, 2, 3, 5, 8, 12):
            disk.leave(pages * 4096)
            paced.wait_hub("StoreState", "degraded")
            assert "full" in paced.hub()["StoreReason"] and "memory" in paced.hub()["StoreReason"], paced.hub()
            paced.wait_ticks(2)
            disk.clear()
            paced.wait_hub("StoreState", "ready")
        ticks = [at for _, at in journal(world, TIME)]
        assert max(later - sooner for sooner, later in itertools.pairwise(ticks)) < 2.5, ticks
        finished = stop(paced)
        run, = world.history()
        assert abs(run["duration"] - finished["duration"]) < 0.001 and run["ended-by"] == "stop"
        assert paced.end() == 0
        assert "is whole: 1 run," in world.pacectl("verify")


def a_disk_that_is_full_at_the_start_is_waited_for(world):
    with disk_of(world) as disk:
        disk.leave(0)
        paced = world.start_paced("--voice=print")
        paced.wait_hub("StoreState", "degraded")
        paced.start_text(PLAN)
        paced.wait_ticks(3)
        disk.clear()
        paced.wait_hub("StoreState", "ready")
        paced.wait_ticks(1)
        finished = stop(paced)
        run, = world.history()
        assert abs(run["duration"] - finished["duration"]) < 0.001, (run, finished)
        assert paced.end() == 0


JOURNAL = 8 << 20  # bytes; more than there is room for


def long_history(world):
    """Of the one run that there is, ever so many more packets, long before it; and nobody knows where what is any more."""
    with sqlite3.connect(world.database) as database:
        packets = [(sitting, record) for sitting, record in database.execute("SELECT sitting, record FROM events") if record[0] & 7 == NOTIFY]
        first, = database.execute("SELECT max(seq) + 1 FROM events").fetchone()
        count = JOURNAL // 40
        rows = ((seq, *packets[seq % len(packets)]) for seq in range(first, first + count))
        database.executemany("INSERT INTO events(seq, sitting, record, crc) VALUES(?, ?, ?, ?)", (
            (seq, sitting, record, zlib.crc32(struct.pack("<q", seq) + record)) for seq, sitting, record in rows))
        database.execute("UPDATE runs SET last_seq = ?", (first + count - 1,))
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        total, = database.execute("SELECT count(*) FROM events").fetchone()
    database.close()
    with open(world.database, "r+b") as file:
        file.write(bytes(4096))
    return total


def events(world):
    world.history()
    with sqlite3.connect(world.database) as database:
        found = dict(database.execute("SELECT sitting, count(*) FROM events GROUP BY sitting"))
    database.close()
    return found


def manager(world):
    """What the daemon tells who started it: a list that grows up to READY."""
    told = []
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(world.directory / "manager"))
    world.env["NOTIFY_SOCKET"] = str(world.directory / "manager")

    def listen():
        with listener:
            while not told or b"READY" not in told[-1]:
                told.append(listener.recv(200))
    threading.Thread(target=listen, daemon=True).start()
    return told


def what_finds_no_room_is_taken_over_later(world):
    """The damaged file stays, so that its journal is on the disk twice, and there is room for half of it."""
    with disk_of(world) as disk:
        world.start_fake("--speed", "3.3")
        paced = world.start_paced("--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        packets_a_second(world, paced)
        assert paced.end() == 0
        total = long_history(world)
        disk.leave(12 << 20)  # 4 stay free, and the log has 4
        paced = world.start_paced("--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        assert "too full for all that they recorded: make room" in paced.hub()["StoreReason"], paced.hub()
        assert paced.hub()["StoreState"] == "ready"
        old, = world.history()
        half = events(world)[1]
        assert total / 10 < half < total * 0.9, (half, total)
        refused("Store", world.call, "org.paced1", "/org/paced1/history", "org.paced1.History", "Delete", "(x)", old["run"])
        packets_a_second(world, paced)
        new = events(world)[2]
        paced.kill()
        disk.clear()
        told = manager(world)
        paced = world.start_paced("--voice=print")
        wait_until(lambda: told and b"READY" in told[-1], "that it is ready")
        assert told.count(b"EXTEND_TIMEOUT_USEC=60000000") > 5, told
        found = events(world)
        assert found[1] == total and found[2] >= new, (found, total, new)
        assert [run["run"] for run in world.history()] == [old["run"] + 1, old["run"]]
        assert "too full" not in paced.hub()["StoreReason"]
        assert paced.end() == 0
        world.pacectl("verify")


def main():
    if sys.argv[1:] != ["mounted"]:
        command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--"]
        if subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode:
            print("1..0 # SKIP mounts of one's own are not to be had here")
            return
        os.execvp(command[0], [*command, sys.executable, __file__, "mounted"])
    run_tests([a_run_that_does_not_fit_takes_no_room, packets_make_room_first, a_full_disk_at_any_write_loses_nothing, a_disk_that_is_full_at_the_start_is_waited_for,
               what_finds_no_room_is_taken_over_later])


main()
