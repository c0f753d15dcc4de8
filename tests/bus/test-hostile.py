#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A hostile peripheral against the whole daemon: floods, empty and oversized packets, names of any bytes, a stadium of
advertisers, tables that lie and change. The run and the other sensor go on, the daemon answers, memory and log stay
within the figures below, and `pacectl doctor` says what is wrong. Speaks TAP.
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import BUILD, PATIENCE, STEADY, Gio, GLib, measured, run_tests, wait_until  # noqa: E402

STRAP, POD = "Sim Strap", "Sim Pod"
SANITIZED = b"__asan_init" in (BUILD / "src/paced").read_bytes()
# Of the resident set, in MiB; a sanitizer gives back late and little. A crowd that appears at once is a queue in GDBus first.
GROWTH, GROWTH_CROWD = (24, 64) if SANITIZED else (2, 24)
LOG_LINES = 10  # of the daemon, over all that is done to it in one test
ANSWER_AFTER = 100  # signals of the daemon's that may come before its answer


class Run:
    """A workout under way on a strap that is about to turn hostile, and a pod that is not."""

    def __init__(self, world):
        if SANITIZED:  # what is freed is kept for a while, to find who uses it: not so much that it looks like a leak
            world.env["ASAN_OPTIONS"] += ":quarantine_size_mb=1"
        self.world = world
        self.fake = world.start_fake()
        self.paced = world.start_paced("--voice=print")
        self.paced.wait_live(STRAP, POD)
        self.address = self.paced.sensors()[STRAP]["Address"]
        self.paced.start_text(STEADY)
        self.paced.known("HeartRate", "Cadence")
        self.memory, self.lines = self.resident(), self.logged()

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{self.paced.child.pid}/status").read_text())[1])

    def logged(self):
        """Lines of the log that are no words of the coach's, which --voice=print prints."""
        return [line for line in self.paced.text().splitlines() if re.search(r"(WARNING|Message|CRITICAL|ERROR)\b", line)]

    def strap(self):
        return next((sensor for sensor in self.paced.sensors().values() if sensor["Address"] == self.address), None)

    def answers(self):
        """The daemon answers before it has said so much else."""
        said, answer = [], []
        ours = self.world.bus.signal_subscribe(self.paced.unique, None, None, None, None, Gio.DBusSignalFlags.NONE,
                                               lambda *signal: said.append(signal[4]) if not answer else None)
        self.world.bus.call(self.paced.unique, "/", "org.freedesktop.DBus.Peer", "Ping", None, None,
                            Gio.DBusCallFlags.NONE, int(PATIENCE * 1000), None,
                            lambda bus, result: answer.append(bus.call_finish(result)))
        wait_until(lambda: answer, "the answer to a ping")
        self.world.bus.signal_unsubscribe(ours)
        assert len(said) <= ANSWER_AFTER, said

    def goes_on(self):
        """The clock of the run and the pod's data do, while the daemon answers."""
        elapsed, distance = self.paced.elapsed(), self.paced.session()["Distance"]
        for _ in range(3):
            self.answers()
            self.paced.wait_ticks(1)
        wait_until(lambda: self.paced.session()["Distance"] > distance, "the pod to count on")
        assert self.paced.elapsed() > elapsed
        self.paced.wait_live(POD)
        self.paced.known("Cadence")

    def doctor(self):
        """What pacectl doctor finds of sensors: (level, what, remedy) each."""
        found = subprocess.run([BUILD / "src/pacectl/pacectl", "doctor", "--json"], env=self.world.env, capture_output=True,
                               text=True, timeout=PATIENCE, check=False)
        assert found.returncode in (0, 1) and not found.stderr, found
        return [(finding["level"], finding["what"], finding.get("remedy", ""))
                for finding in json.loads(found.stdout)["findings"] if finding["area"] == "sensors"]

    def diagnosed(self, *words):
        """Until the doctor has a finding with all of these words, and something to do about it."""
        def told():
            return any(all(word in what + remedy for word in words) and remedy for _, what, remedy in self.doctor())
        wait_until(told, f"the doctor to say {words}")

    def bounded(self, what, limit=GROWTH):
        growth, lines = (self.resident() - self.memory) / 1024, self.logged()[len(self.lines):]
        measured(f"growth of the daemon by {what}{' (sanitized)' if SANITIZED else ''}", growth, "MiB")
        assert growth < limit, f"grown by {growth} MiB"
        assert len(lines) <= LOG_LINES, lines

    def recovers(self):
        self.paced.wait_live(self.strap()["Name"], POD)
        self.answers()
        assert self.paced.running() and self.paced.session()


def a_flood_of_long_packets(world):
    run = Run(world)
    world.sim("Flood", "(sudd)", "strap", 512, 500.0, 600.0)
    run.goes_on()
    run.diagnosed(STRAP, "sends more than 50 packets a second", "dropped", "pacectl sensors forget " + run.address)
    run.diagnosed(STRAP, "longer than 64 bytes", "cut")
    run.goes_on()
    run.bounded("500 packets of 512 bytes a second")
    world.sim("Flood", "(sudd)", "strap", 0, 1.0, 0.0)
    run.recovers()


def a_flood_of_nothing(world):
    run = Run(world)
    world.sim("Flood", "(sudd)", "strap", 0, 500.0, 600.0)
    run.goes_on()
    run.diagnosed(STRAP, "malformed packets")
    run.bounded("500 empty packets a second")
    world.sim("Flood", "(sudd)", "strap", 0, 1.0, 0.0)
    run.recovers()


def names_of_any_bytes(world):
    run = Run(world)
    world.sim("Rename", "(ss)", "strap", "n" * 248)
    raw = bytes(0x1b if i % 5 == 0 else 0xff if i % 7 == 0 else 0x0a if i % 11 == 0 else ord("a") + i % 26 for i in range(248))
    for number in range(50):
        world.sim("RenameBytes", "(say)", "strap", bytes([ord("a") + number % 26]) + raw[1:])
    world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "ForgetSensor", "(s)", run.address)
    world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "Scan", "(da{sv})", 60.0, {})
    wait_until(lambda: run.strap() and run.strap()["Name"] not in ("", STRAP), "its new name on the air")
    world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "AddSensor", "(sa{sv})", run.address, {})
    wait_until(lambda: run.strap()["State"] == "live", "it under its new name")
    name = run.strap()["Name"]
    assert len(name.encode()) < 64 and name.isprintable(), name
    assert any(name in what for _, what, _ in run.doctor()), run.doctor()
    for verb in (["sensors"], ["sensors", "show", run.address], ["status"]):
        shown = world.pacectl(*verb)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown), shown
    run.goes_on()
    run.bounded("fifty names of 248 bytes")


def a_crowd(world):
    run = Run(world)
    world.sim("Crowd", "(u)", 3000)
    world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "Scan", "(da{sv})", 30.0, {})
    run.diagnosed("more than 512 Bluetooth devices are around", "by its address")
    run.goes_on()
    assert 2 < len(run.paced.sensors()) <= 2 + 64, len(run.paced.sensors())
    world.sim("Vanish", "(s)", "strap")
    wait_until(lambda: run.strap()["State"] != "live", "the strap to be missed")
    world.sim("Return", "(s)", "strap")
    run.recovers()  # however many are around
    world.sim("Crowd", "(u)", 3000)
    run.goes_on()
    run.bounded("6000 devices around", GROWTH_CROWD)


def tables_that_lie(world):
    run = Run(world)
    world.sim("ChangeTable", "(ss)", "strap", "twice")
    run.recovers()
    for kind, word in (("unflagged", "cannot be subscribed to"), ("bare", "offers no heart rate")):
        world.sim("ChangeTable", "(ss)", "strap", kind)
        run.diagnosed(STRAP, word, "Switch it off and on")
        run.goes_on()
    run.bounded("three tables")
    world.sim("ChangeTable", "(ss)", "strap", "normal")
    run.recovers()


def a_table_that_changes_under_the_walk(world):
    run = Run(world)
    kinds = itertools.cycle(("shifted", "normal", "twice"))

    def change(*states):
        since = len(run.paced.links)
        world.sim("ChangeTable", "(ss)", "strap", next(kinds))
        wait_until(lambda: any(link.name == STRAP and link.state in states for link in run.paced.links[since:]),
                   f"the strap to be {states[0]}")
    # Again as soon as the daemon looks at it, whatever it has seen by then.
    for looking, early in ("connecting", False), ("resolving", True), ("subscribing", False):
        if early:
            world.sim("ResolveEarly", "(s)", "strap")
        change(looking, "live")
        change("waiting")
        run.recovers()
    run.goes_on()
    run.bounded("six tables in a row")


if __name__ == "__main__":
    run_tests([a_flood_of_long_packets, a_flood_of_nothing, names_of_any_bytes, a_crowd, tables_that_lie,
               a_table_that_changes_under_the_walk])
