#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The overlays as dtc compiles them, against what their drivers ask for and what paced looks for; and the udev rule.
Usage: test-hardware.py DTC FDTGET. Speaks TAP."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import tap  # noqa: E402

DTC, FDTGET = sys.argv[1:]
INPUT, OUTPUT, PULL_DOWN, PULL_UP, ACTIVE_LOW = 0, 1, 1, 2, 1  # of brcm,bcm2835-gpio and the GPIO flags
RULES = ROOT / "hardware/70-paced.rules"


class Overlay:
    def __init__(self, directory, name):
        self.blob = directory / f"{name}.dtbo"
        made = subprocess.run([DTC, "-@", "-I", "dts", "-O", "dtb", "-o", self.blob, ROOT / f"hardware/{name}.dts"],
                              capture_output=True, text=True, check=False)
        assert made.returncode == 0 and "ERROR" not in made.stderr, made.stderr
        # What any overlay with parameters is warned of; anything else is a mistake.
        for line in made.stderr.splitlines():
            assert "unit_address_vs_reg" in line or "__overrides__" in line, line

    def ask(self, *words):
        return subprocess.run([FDTGET, *words[:-2], self.blob, *words[-2:]], capture_output=True, text=True, check=True).stdout

    def text(self, path, name):
        return self.ask("-t", "s", path, name).strip()

    def numbers(self, path, name):
        return [int(number) for number in self.ask("-t", "u", path, name).split()]

    def nodes(self, path):
        return subprocess.run([FDTGET, "-l", self.blob, path], capture_output=True, text=True, check=True).stdout.split()

    def override(self, name):
        """What a parameter changes: the raw bytes."""
        return bytes(int(byte, 16) for byte in self.ask("-t", "bx", "/__overrides__", name).split())

    def phandle(self, path):
        return self.numbers(path, "phandle")[0]


def buttons_close_to_ground_and_are_the_runners(directory):
    overlay = Overlay(directory, "paced-buttons")
    assert overlay.text("/", "compatible") == "brcm,bcm2835"
    for number, (name, state) in enumerate((("one", "overlay"), ("two", "dormant"), ("three", "dormant"))):
        pins = f"/fragment@{2 * number}/__{state}__/paced_button_{name}"
        device = f"/fragment@{2 * number + 1}/__{state}__/paced-button-{name}"
        pin, = overlay.numbers(pins, "brcm,pins")
        assert overlay.numbers(pins, "brcm,function") == [INPUT] and overlay.numbers(pins, "brcm,pull") == [PULL_UP]
        assert overlay.text(device, "compatible") == "gpio-keys"
        assert overlay.numbers(device, "pinctrl-0") == [overlay.phandle(pins)]
        assert overlay.text(device, "pinctrl-names") == "default"
        assert overlay.text(device, "label") == "paced buttons"
        assert overlay.nodes(device) == ["button"]
        assert overlay.numbers(f"{device}/button", "gpios")[1:] == [pin, ACTIVE_LOW]
        assert overlay.numbers(f"{device}/button", "linux,code") == [0x100 + number]
        assert overlay.numbers(f"{device}/button", "debounce-interval")[0] < 30  # what paced waits for itself
        changes = overlay.override(name)
        for target, cell in ((pins, b"brcm,pins:0\0"), (f"{device}/button", b"gpios:4\0")):
            assert overlay.phandle(target).to_bytes(4, "big") + cell in changes, (name, changes)
        switched = b"\0\0\0\0" + f"+{2 * number}+{2 * number + 1}".encode() + b"\0"
        assert changes.startswith(switched) == (state == "dormant"), changes


def a_motor_is_off_until_it_is_driven(directory):
    overlay = Overlay(directory, "paced-vibrator")
    pins, device = "/fragment@0/__overlay__/paced_vibrator", "/fragment@1/__overlay__/paced-vibrator"
    pin, = overlay.numbers(pins, "brcm,pins")
    assert overlay.text("/", "compatible") == "brcm,bcm2835"
    assert overlay.numbers(pins, "brcm,function") == [OUTPUT] and overlay.numbers(pins, "brcm,pull") == [PULL_DOWN]
    assert overlay.text(device, "compatible") == "gpio-vibrator"
    assert overlay.numbers(device, "pinctrl-0") == [overlay.phandle(pins)]
    assert overlay.numbers(device, "enable-gpios")[1:] == [pin, 0]
    changes = overlay.override("gpio")
    for target, cell in ((pins, b"brcm,pins:0\0"), (device, b"enable-gpios:4\0")):
        assert overlay.phandle(target).to_bytes(4, "big") + cell in changes, changes


def the_wiring_says_what_the_overlays_do(directory):
    words = (ROOT / "hardware/README.md").read_text()
    buttons, motor = Overlay(directory, "paced-buttons"), Overlay(directory, "paced-vibrator")
    for number, name in enumerate(("one", "two", "three")):
        state = "dormant" if number else "overlay"
        pin, = buttons.numbers(f"/fragment@{2 * number}/__{state}__/paced_button_{name}", "brcm,pins")
        assert re.search(rf"GPIO {pin} \(\d+\) ──\[ 1 kΩ \]──── button {name} ", words), name
    pin, = motor.numbers("/fragment@0/__overlay__/paced_vibrator", "brcm,pins")
    assert f"GPIO {pin} (16) ──[ 1 kΩ ]──┬── B" in words


def rules():
    """Each line that does something, as [(key, operator, value)]."""
    for line in RULES.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            terms = re.findall(r'([A-Z]+(?:\{\w+\})?)(==|!=|\+=|=)"([^"]*)"', line)
            assert ", ".join(f'{key}{operator}"{value}"' for key, operator, value in terms) == line, line
            yield terms


def the_rule_gives_our_devices_and_no_others(_directory):
    labels, gotos, given = set(), set(), {}
    for terms in rules():
        words = {key: (operator, value) for key, operator, value in terms}
        for key, (operator, _value) in words.items():
            matches = key in ("ACTION", "SUBSYSTEM", "KERNEL") or key.startswith("ATTRS")
            assert matches or key in ("MODE", "GROUP", "TAG", "GOTO", "LABEL"), key
            assert (operator in ("==", "!=")) == matches, (key, operator)
        labels |= {words["LABEL"][1]} if "LABEL" in words else set()
        gotos |= {words["GOTO"][1]} if "GOTO" in words else set()
        for key, (_operator, value) in words.items():
            if key.startswith("ATTRS"):
                assert words["MODE"][1] == "0660" and words["GROUP"][1] == "input" and words["TAG"] == ("+=", "uaccess")
                given[value] = key
    assert gotos == labels
    assert given == {"paced buttons": "ATTRS{name}", "gpio-vibrator": "ATTRS{name}", "pwm-vibrator": "ATTRS{name}",
                     "* (AVRCP)": "ATTRS{name}", "ALSA": "ATTRS{phys}"}, given
    # The tag has to be set before the rule that acts on it.
    assert RULES.name < "73-seat-late.rules"


def udev_takes_the_rule(_directory):
    udevadm = shutil.which("udevadm")
    if udevadm and int(subprocess.run([udevadm, "--version"], capture_output=True, text=True, check=True).stdout) >= 254:
        subprocess.run([udevadm, "verify", "--no-style", RULES], check=True, capture_output=True)


with tempfile.TemporaryDirectory() as place:
    tap.run([buttons_close_to_ground_and_are_the_runners, a_motor_is_off_until_it_is_driven,
             the_wiring_says_what_the_overlays_do, the_rule_gives_our_devices_and_no_others, udev_takes_the_rule],
            before=lambda: (pathlib.Path(place),))
