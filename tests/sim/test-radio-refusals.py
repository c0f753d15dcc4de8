#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What paced-sim radio says where it cannot run: one line with the remedy, and the exit status. What it does where it can is
tested on a real stack. Usage: test-radio-refusals.py PACED_SIM. Speaks TAP.
"""
import os
import subprocess
import sys
import traceback

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio  # noqa: E402

SIM = sys.argv[1]


class Buses:
    """A system bus and a session bus, each of its own."""

    def __enter__(self):
        self.buses = [Gio.TestDBus.new(Gio.TestDBusFlags.NONE) for _ in range(2)]
        for bus in self.buses:
            bus.up()
        self.system, self.session = (bus.get_bus_address() for bus in self.buses)
        self.env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.system, "DBUS_SESSION_BUS_ADDRESS": self.session}
        return self

    def __exit__(self, *_):
        for bus in self.buses:
            bus.stop()

    def fake(self, address):
        child = subprocess.Popen([SIM, "fake", "--bus", address], stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        return child

    def refuses(self, status, words, *options, **env):
        run = subprocess.run([SIM, "radio", *options], env={**self.env, **env}, capture_output=True, text=True, check=False,
                             timeout=30)
        assert run.returncode == status and run.stdout == "", run
        assert run.stderr.startswith("paced-sim: ") and run.stderr.count("\n") == 1 and words in run.stderr, run


def wrong_usage(buses):
    buses.refuses(64, "an --adapter for each --sensor", "--adapter", "hci1", "--sensor", "strap", "--sensor", "pod")
    buses.refuses(64, "--adapter", "--adapter", "../hci1", "--sensor", "strap")
    buses.refuses(64, "each once", "--adapter", "hci1", "--sensor", "strap", "--adapter", "hci1", "--sensor", "pod")
    buses.refuses(64, "--re-advertise", "--re-advertise", "-1")
    buses.refuses(64, "--sensor", "--sensor", "belt")
    buses.refuses(64, "extra", "extra")


def no_buses(buses):
    buses.refuses(1, "system bus", DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere")
    buses.refuses(1, "dbus-run-session", DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere")


def no_bluetoothd(buses):
    buses.refuses(1, "bluetoothd is not on the system bus: start it")


def no_such_adapter(buses):
    fake = buses.fake(buses.system)
    buses.refuses(1, "there is no adapter hci7", "--adapter", "hci7", "--sensor", "pod")
    fake.terminate()
    assert fake.wait() == 0


def two_simulators(buses):
    fakes = [buses.fake(buses.session), buses.fake(buses.system)]
    run = subprocess.run([SIM, "radio"], env=buses.env, capture_output=True, text=True, check=False, timeout=30)
    assert run.returncode == 1 and "another simulator runs; end it first" in run.stderr, run
    for fake in fakes:
        fake.terminate()
        assert fake.wait() == 0


TESTS = [wrong_usage, no_buses, no_bluetoothd, no_such_adapter, two_simulators]


def main():
    print(f"1..{len(TESTS)}", flush=True)
    for number, test in enumerate(TESTS, 1):
        title = test.__name__.replace("_", " ")
        try:
            with Buses() as buses:
                test(buses)
            print(f"ok {number} {title}", flush=True)
        except BaseException:
            print("# " + traceback.format_exc().replace("\n", "\n# "))
            print(f"not ok {number} {title}", flush=True)


main()
