# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""An input device that a test presses: a FIFO, with what sysfs would say of it. Edges bear instants of their own, so nobody
has to wait while a button is held."""
import os
import struct
import time

from harness import wait_until

EV_SYN, EV_KEY = 0, 1
KEY_ENTER, KEY_VOLUMEUP, KEY_PLAYPAUSE, KEY_NEXTSONG, BTN_0 = 28, 115, 164, 163, 0x100
SYN_DROPPED = 3
GPIO, BLUETOOTH = "0019", "0005"
BITS = 8 * struct.calcsize("l")


def bitmap(*bits):
    number, words = sum(1 << bit for bit in bits), []
    while number or not words:
        words.insert(0, f"{number % (1 << BITS):x}")
        number >>= BITS
    return " ".join(words)


class Fake:
    """An input device of the kernel."""

    def __init__(self, world, event, name, bus, *keys, mode=0o600):
        self.root = world.directory / "machine"
        world.env["PACED_INPUT_ROOT"] = world.env["PACED_DOCTOR_ROOT"] = str(self.root)
        about = self.root / "sys/class/input" / event / "device"
        for directory in (about / "id", about / "capabilities", self.root / "dev/input"):
            directory.mkdir(parents=True, exist_ok=True)
        for file, text in (("name", name), ("id/bustype", bus), ("capabilities/key", bitmap(*keys)),
                           ("capabilities/ff", "0"), ("capabilities/sw", "0")):
            (about / file).write_text(text + "\n")
        self.node = self.root / "dev/input" / event
        os.mkfifo(self.node, mode)
        self.latest = 0
        self.pipe = os.open(self.node, os.O_RDWR | os.O_NONBLOCK)

    def write(self, *events):
        """Each is an instant in s from now, with type, code and value."""
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        made = b""
        for at, *what in events:
            whole, part = divmod(round((now + at) * 1e6), 10**6)
            made += struct.pack("llHHi", whole, part, *what) + struct.pack("llHHi", whole, part, EV_SYN, 0, 0)
        os.write(self.pipe, made)

    def press(self, key, *edges):
        """Edges are instants in s before now, down and up by turns. They are later than those before."""
        wait_until(lambda: time.monotonic() - edges[0] > self.latest + 0.05, "the time to press again")
        self.latest = time.monotonic() - edges[-1]
        self.write(*((-at, EV_KEY, key, 1 - i % 2) for i, at in enumerate(edges)))

    def tap(self, key):
        self.press(key, 0.5, 0.4)

    def double(self, key):
        self.press(key, 0.5, 0.4, 0.3, 0.2)

    def hold(self, key):
        self.press(key, 0.8, 0.05)

    def unplug(self):
        self.node.unlink()
        os.close(self.pipe)
