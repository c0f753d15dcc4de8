#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The power is cut in mid-run, three times or as often as PACED_CUTS says: a guest with the runs on a disk of its own is
ended by its host, without a word. The next one goes on with the run: at most five seconds of it are gone, and the file is
whole. Speaks TAP.

On the host it boots the guests; in a guest (`test-power.py guest`) it is the runner: it says what the journal's end was as
the power came, and from then on, all the time, that it still lives. What was lost is what lies between the latest sign of
life before a cut and the journal's end after it, both by the clock of the boot that was cut.
"""
import os
import pathlib
import random
import select
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CUTS = int(os.environ.get("PACED_CUTS", "3"))
PATIENCE = 400  # s, for a guest that may be emulated
LOST_MOST = 5.0  # s: from the latest event of the journal to the cut, by the guest's clock
HEARTBEAT = 0.05  # s: so well is the instant of the cut known
PLAN = "Workout - Long\n\n• 9 lots of:\n  • 90min @ 5'00''/km\n  • 1min rest\n"


# ── in the guest ──


def guest():
    sys.path.insert(0, str(HERE.parent / "bus"))
    from harness import World, journal_end, wait_until
    subprocess.run(["mount", "-t", "ext4", "/dev/vda", "/mnt"], check=True)
    world = World()
    database = pathlib.Path("/mnt/paced.db")
    begins = not database.exists()
    if not begins:
        print("journal", journal_end(database), flush=True)
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print", "--database", str(database))
    if begins:
        paced.wait_live("Sim Strap", "Sim Pod")
        paced.start_text(PLAN)
    else:
        wait_until(lambda: (paced.session() or {}).get("State") == "running", "the run to go on")
    print("back", paced.elapsed(), flush=True)
    while True:
        until = time.monotonic() + HEARTBEAT
        wait_until(lambda: time.monotonic() >= until, "a heartbeat")
        print("alive", time.clock_gettime(time.CLOCK_BOOTTIME), paced.elapsed(), flush=True)


# ── on the host ──


class NoGuest(Exception):
    pass


class Guest:
    def __init__(self, image):
        command = [HERE / "vm" / "boot", "--timeout", str(PATIENCE), "--disk", image, "--", "/usr/bin/python3", __file__,
                   "guest"]
        self.boot = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rest, self.text = b"", ""

    def words(self, chunk):
        """(word, value) of the lines that are whole with it."""
        self.text += chunk.decode(errors="replace")
        *whole, self.rest = (self.rest + chunk).split(b"\n")
        for line in whole:
            word, _, value = line.decode(errors="replace").strip().partition(" ")
            if word in ("back", "alive", "journal"):
                yield word, value

    def lines(self, until):
        """What the guest says, until then, or its end."""
        while time.monotonic() < until:
            if not select.select([self.boot.stdout], [], [], 0.1)[0]:
                continue
            chunk = os.read(self.boot.stdout.fileno(), 1 << 16)
            if not chunk:
                error = self.boot.stderr.read().decode(errors="replace")
                if "boot: " in error:
                    raise NoGuest(error.split("boot: ", 1)[1].strip())
                raise AssertionError(f"the guest ended: {self.text}{error}")
            yield from self.words(chunk)

    def cut(self):
        self.boot.terminate()  # it kills the machine
        self.boot.wait()

    def left(self):
        """What it had said by its end."""
        yield from self.words(self.boot.stdout.read())


class Life:
    """Between the power's coming and its going. `journal`: where it ended as the power came, in s of the boot before."""

    def __init__(self, image, seconds):
        machine = Guest(image)
        self.journal = self.back = self.alive = self.elapsed = None
        for word, value in machine.lines(time.monotonic() + PATIENCE):
            self.hear(word, value)
            if self.alive and self.elapsed - self.back >= seconds:
                break
        assert self.alive, machine.text
        for word, value in machine.lines(time.monotonic() + random.uniform(0, 1)):
            self.hear(word, value)
        machine.cut()
        for word, value in machine.left():
            self.hear(word, value)

    def hear(self, word, value):
        if word == "back":
            self.back = float(value)
        elif word == "journal":
            self.journal = float(value)
        elif word == "alive":
            self.alive, self.elapsed = map(float, value.split())


def main():
    if sys.argv[1:] == ["guest"]:
        guest()
    with tempfile.TemporaryDirectory(prefix="paced-power-") as directory:
        image = pathlib.Path(directory) / "disk"
        with open(image, "wb") as file:
            file.truncate(64 << 20)
        subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", image], check=True)
        lost = []
        try:
            life = Life(image, 6)
            print(f"1..{CUTS}", flush=True)
        except NoGuest as why:
            print(f"1..0 # SKIP {why}")
            return
        for number in range(1, CUTS + 1):
            cut, ran = life.alive, life.elapsed
            life = Life(image, random.uniform(2, 8))
            lost.append(cut - life.journal)
            good = "ok" if -HEARTBEAT <= lost[-1] <= LOST_MOST and life.back > ran - LOST_MOST else "not ok"
            print(f"{good} {number} - the power is cut at {cut:.1f} s, the journal ends {lost[-1]:.2f} s before, and the run "
                  f"goes on at {life.back:.1f} s of {ran:.1f}", flush=True)
        print(f"# measured: lost to {CUTS} power cuts, at most: {max(lost):.2f} s", flush=True)


main()
