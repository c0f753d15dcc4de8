#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a packet costs: the whole daemon in a workout, beside programs that only collect. Each has a bus and a fake BlueZ of
its own, made alike, so that all get the same packets of a strap and a pod; CPU is that of the client's process. CPU is
compared within one run and never with the clock, for a busy machine slows all of them.

Usage: collectors.py BUILD GDBUS SOCKET [SDBUS]. Prints TAP with the table as diagnostics.
"""
import concurrent.futures
import contextlib
import ctypes
import os
import pathlib
import re
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1])
PROGRAMS = dict(zip(("GDBus", "socket", "sd-bus"), sys.argv[2:]))
os.environ["PACED_BUILD"] = str(BUILD)
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bus"))
from harness import Process, World, wait_until  # noqa: E402

BUSY, CALM = 48, 4  # packets a second of each sensor; the daemon lets 50 through
SECONDS = {BUSY: 8, CALM: 16}
WORKOUT = "Workout - Collectors\n- 60min @ 5'00''/km\n"
libc = ctypes.CDLL(None, use_errno=True)


# ── clients ──

def addresses(world):
    return [sensor["address"] for sensor in world.sim("Stats")[1] if sensor["kind"] in ("strap", "pod")]


def managed(world):
    return world.call("org.bluez", "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")[0]


def linked_characteristics(world):
    """Connects both sensors, for a client that can only subscribe; their measurements' paths."""
    def devices():
        return [path for path, interfaces in managed(world).items()
                if interfaces.get("org.bluez.Device1", {}).get("Address") in addresses(world)]

    def measurements():
        return [path for path, interfaces in managed(world).items()
                if interfaces.get("org.bluez.GattCharacteristic1", {}).get("UUID", "")[4:8] in ("2a37", "2a53")]
    world.call("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "StartDiscovery")
    wait_until(lambda: len(devices()) == 2, "both sensors to be found")
    world.call("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "StopDiscovery")
    for device in devices():
        world.call("org.bluez", device, "org.bluez.Device1", "Connect")
    wait_until(lambda: len(measurements()) == 2, "both measurements")
    return measurements()


def started(world, name, *command):
    client = Process(world, name, *command)
    wait_until(lambda: "ready\n" in client.text() or not client.running(), f"{name} to be ready")
    assert client.running(), client.text()
    return client


def script(world):
    return started(world, "bleak", "/usr/bin/python3", HERE / "collect-bleak.py", *addresses(world))


def bare(name):
    return lambda world: started(world, name, PROGRAMS[name], *linked_characteristics(world))


def daemon(how, directory=None):
    """With what a user may write to choose the way; the database in memory, or in a directory."""
    def start(world):
        (world.directory / "config" / "paced").mkdir(parents=True)
        (world.directory / "config" / "paced" / "quirks.conf").write_text(f"[all]\nname=*\nsubscribe={how}\n")
        paced = world.start_paced("--database", pathlib.Path(directory or world.directory) / "db", "--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        assert {sensor["Subscription"] for sensor in paced.sensors().values()} == {how}
        paced.start_text(WORKOUT)
        paced.wait_ticks(2)
        return paced
    return start


# ── what is measured ──

def cpu(pid):
    """User and system time of a process and its threads, s, to the nanosecond."""
    clock = ctypes.c_int()
    failed = libc.clock_getcpuclockid(pid, ctypes.byref(clock))
    assert failed == 0, os.strerror(failed)
    return time.clock_gettime(clock.value)


def delivered(world):
    return sum(sensor["packets"] for sensor in world.sim("Stats")[1])


def memory(pid):
    """Peak resident, proportional and private memory, MB."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    field = lambda text, name: int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M)[1]) / 1000
    return (field(status, "VmHWM"), field(rollup, "Pss"),
            field(rollup, "Private_Clean") + field(rollup, "Private_Dirty"))


def measure(start, rate):
    """CPU a packet in µs, packets, and memory."""
    world = World()
    try:
        world.start_fake("--follow", "--seed", "3")
        client = start(world)
        for kind in ("strap", "pod"):
            world.sim("SetRate", "(sd)", kind, float(rate))
        pid = client.child.pid
        before, packets = cpu(pid), delivered(world)
        over = time.monotonic() + SECONDS[rate]
        wait_until(lambda: time.monotonic() >= over, "packets", SECONDS[rate] + 60)
        spent, packets = cpu(pid) - before, delivered(world) - packets
        assert packets > SECONDS[rate] * rate, f"only {packets} packets came"  # half of them would do
        return spent / packets * 1e6, packets, memory(pid)
    finally:
        world.close()


def main():
    with contextlib.ExitStack() as stack:
        disk = lambda: stack.enter_context(tempfile.TemporaryDirectory(dir=BUILD))
        clients = {
            "script on python3-bleak, collects": script,
            "bare handler on GDBus": bare("GDBus"),
            **({"bare handler on sd-bus": bare("sd-bus")} if "sd-bus" in PROGRAMS else {}),
            "bare socket of AcquireNotify": bare("socket"),
            "paced, StartNotify": daemon("notify"),
            "paced, AcquireNotify": daemon("acquire"),
            "paced, AcquireNotify, on disk": daemon("acquire", disk()),
        }
        table = {(name, BUSY): measure(start, BUSY) for name, start in clients.items()}
    for (name, rate), row in table.items():
        print(name, rate, row)


main()
