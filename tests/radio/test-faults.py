#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What befalls everything below the links (the adapter, bluetoothd, the system bus) in the middle of a run, the same on the
fake BlueZ and on a real one: the daemon says what is wrong, the run goes on, and data flow again soon after they can.
Speaks TAP; PACED_STACK=fake|real says where."""
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stack import run, wait_until  # noqa: E402


def is_said_and_healed(world, paced, states, doctor, heal, what):
    """The fault has just happened. It is said on the bus and by the doctor (area, words), with a remedy; when heal() has
    undone it, all is well again."""
    wait_until(lambda: paced.hub()["RadioState"] in states, f"RadioState in {states}")
    assert paced.hub()["RadioReason"]
    for sensor in world.sensors:
        world.wait_lost(paced, sensor)
    paced.unknown("Speed", "HeartRate")
    world.wait_told(*doctor)
    heal()
    world.wait_possible()
    world.wait_again(paced, what=what, since=time.monotonic())
    paced.wait_hub("RadioState", "ready")
    assert not paced.hub()["RadioReason"]
    paced.known("Speed", "HeartRate")
    world.wait_one_run(paced)


def the_adapter_is_switched_off(world):
    paced = world.start_run()
    world.power(False)
    is_said_and_healed(world, paced, {"off"}, ("adapter", "switched off"), lambda: world.power(True), "adapter on again")


def the_adapter_is_pulled_out(world):
    paced = world.start_run()
    world.plug(False)
    is_said_and_healed(world, paced, {"no-adapter"}, ("adapter", "no Bluetooth adapter"), lambda: world.plug(True), "adapter plugged in again")


def the_adapter_is_blocked(world):
    paced = world.start_run()
    world.block(True)
    is_said_and_healed(world, paced, {"blocked"}, ("rfkill", "blocked by software"), lambda: world.block(False), "adapter unblocked")


def bluetoothd_is_killed(world):
    paced = world.start_run()
    world.end_bluetoothd(signal.SIGKILL)
    is_said_and_healed(world, paced, {"no-service"}, ("bluetoothd", "does not run"), world.start_bluetoothd, "bluetoothd killed and started again")


def bluetoothd_is_restarted(world):
    paced = world.start_run()
    world.end_bluetoothd(signal.SIGTERM)
    is_said_and_healed(world, paced, {"no-service"}, ("bluetoothd", "does not run"), world.start_bluetoothd, "bluetoothd ended and started again")


def the_system_bus_is_killed(world):
    paced = world.start_run()
    world.kill_system_bus()
    is_said_and_healed(world, paced, {"no-bus", "no-service"}, ("bluetoothd", "no system bus"), world.start_system_bus, "system bus started again")


TESTS = [the_adapter_is_switched_off, the_adapter_is_pulled_out, the_adapter_is_blocked, bluetoothd_is_killed,
         bluetoothd_is_restarted, the_system_bus_is_killed]

if __name__ == "__main__":
    run(TESTS)
