#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Buttons and a vibrator that the kernel itself believes in: uinput, in the guest that radio/vm/boot makes. What FIFOs
cannot show: that sysfs says what paced reads there, that edges bear the clock that it asks for, and that a vibrator takes
what it is given. Speaks TAP."""
import fcntl
import os
import pathlib
import select
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bus"))
from harness import run_tests, wait_until  # noqa: E402

EV_SYN, EV_KEY, EV_FF, EV_UINPUT = 0, 1, 0x15, 0x0101
BTN_0, FF_RUMBLE, BUS_HOST = 0x100, 0x50, 0x19
UPLOAD, ERASE = 1, 2
EVENT, SETUP = struct.Struct("llHHi"), struct.Struct("HHHH80sI")
EFFECT_BYTES, ERASE_BYTES = 8 + 2 * 48, 12
TEXT = "Workout - Long\n\n• 9 lots of:\n• 1.0km @ 5'00''/km\n• 2min rest\n"


def request(direction, number, size):
    """As _IO, _IOW and _IOWR make it, of the letter U."""
    return direction << 30 | size << 16 | ord("U") << 8 | number


CREATE, DESTROY = request(0, 1, 0), request(0, 2, 0)
SET = {"ev": request(1, 100, 4), "key": request(1, 101, 4), "ff": request(1, 107, 4)}


class Device:
    def __init__(self, name, **bits):
        self.fd = os.open("/dev/uinput", os.O_RDWR | os.O_NONBLOCK)
        for kind, numbers in bits.items():
            for number in numbers:
                fcntl.ioctl(self.fd, SET[kind], number)
        effects = 16 if "ff" in bits else 0
        fcntl.ioctl(self.fd, request(1, 3, SETUP.size), SETUP.pack(BUS_HOST, 1, 1, 1, name.encode(), effects))
        self.uploaded = {}  # id -> ms on, ms off before it
        self.played = []    # (ms on, times), as it came
        self.server = threading.Thread(target=self.serve, daemon=True)
        self.server.start()
        fcntl.ioctl(self.fd, CREATE)

    def serve(self):
        """Answers the kernel, which makes whoever uploads wait for it."""
        while True:
            select.select([self.fd], [], [])
            try:
                data = os.read(self.fd, EVENT.size)
            except OSError:
                return
            _, _, kind, code, value = EVENT.unpack(data)
            if kind == EV_UINPUT and code == UPLOAD:
                told = bytearray(struct.pack("Ii", value, 0).ljust(EFFECT_BYTES, b"\0"))
                fcntl.ioctl(self.fd, request(3, 200, EFFECT_BYTES), told)
                effect, number, _, _, _, on, off = struct.unpack_from("HhHHHHH", told, 8)
                assert effect == FF_RUMBLE
                self.uploaded[number] = on, off
                fcntl.ioctl(self.fd, request(1, 201, EFFECT_BYTES), told)
            elif kind == EV_UINPUT and code == ERASE:
                told = bytearray(struct.pack("IiI", value, 0, 0))
                fcntl.ioctl(self.fd, request(3, 202, ERASE_BYTES), told)
                fcntl.ioctl(self.fd, request(1, 203, ERASE_BYTES), told)
            elif kind == EV_FF and value > 0 and code in self.uploaded:
                self.played.append((self.uploaded[code][0], value))

    def edge(self, down):
        os.write(self.fd, EVENT.pack(0, 0, EV_KEY, BTN_0, down) + EVENT.pack(0, 0, EV_SYN, 0, 0))

    def hold(self, seconds):
        """The kernel stamps what is written as it is written: that long it is held in truth."""
        began = time.monotonic()
        self.edge(1)
        wait_until(lambda: time.monotonic() > began + seconds, "the button to be let go")
        self.edge(0)

    def unplug(self):
        fcntl.ioctl(self.fd, DESTROY)


def a_button_and_a_vibrator_of_the_kernel(world):
    button = Device("paced buttons", ev=[EV_KEY], key=[BTN_0])
    motor = Device("gpio-vibrator", ev=[EV_FF], ff=[FF_RUMBLE])
    paced = world.start_paced("--voice=print")
    for name in ("paced buttons", "gpio-vibrator"):
        assert f"“{name}” is the runner's" in paced.text(), paced.text()
    assert sorted(motor.uploaded.values()) == [(80, 0), (80, 100), (100, 90), (250, 0), (400, 150), (600, 0)], motor.uploaded
    paced.start_text(TEXT)
    wait_until(lambda: (600, 1) in motor.played, "the go to be felt")
    button.hold(0.1)
    paced.wait_signal("Lap")
    wait_until(lambda: (250, 1) in motor.played, "the rest to be felt")
    assert (80, 1) not in motor.played, motor.played
    button.hold(0.1)  # words begin the repetition, and nothing else is felt of it
    wait_until(lambda: len(paced.named("Lap")) == 2 and (80, 1) in motor.played, "the yes to be felt")
    button.hold(1)
    wait_until(lambda: paced.named("StateChanged")[-1].arguments == ("paused", "button"), "the pause")
    # gone while it is pressed, and back
    button.edge(1)
    button.unplug()
    wait_until(lambda: "“paced buttons” is gone" in paced.text(), "its end")
    motor.unplug()
    wait_until(lambda: "“gpio-vibrator” is gone" in paced.text(), "the motor's end")
    again = Device("paced buttons", ev=[EV_KEY], key=[BTN_0])
    wait_until(lambda: paced.text().count("“paced buttons” is the runner's") == 2, "its return")
    again.hold(1)
    wait_until(lambda: paced.named("StateChanged")[-1].arguments == ("running", "button"), "the run to go on")
    assert paced.end() == 0


run_tests([a_button_and_a_vibrator_of_the_kernel])
