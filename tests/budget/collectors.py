#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a packet costs: the whole daemon in a workout (decode, estimate, engine, coach, properties, journal), beside
programs that only collect. Each client has a bus and a fake BlueZ to itself, made alike, so that all get the same packets
of a strap and a pod; CPU is that of the client's process, bus and fake left out. What is held to a budget is a ratio of two
figures of one run, since a busy machine slows all of them.

Usage: collectors.py BUILD GDBUS SOCKET [SDBUS]. Prints TAP with the table as diagnostics.
"""
import ctypes
import multiprocessing
import os
import pathlib
import re
import shutil
import statistics
import sys
import time

BUILD = pathlib.Path(sys.argv[1])
PROGRAMS = dict(zip(("GDBus", "socket", "sd-bus"), sys.argv[2:]))
os.environ["PACED_BUILD"] = str(BUILD)
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bus"))
from harness import Process, World, wait_until  # noqa: E402

# Packets a second of each sensor, and for how long. Straps and pods send 1, some 4; the daemon lets 50 through, and fewer
# make sure that none is dropped. What is slow is measured at once, for it leaves the machine idle.
SLOW, FAST = (1, 4), 48
SECONDS = {1: 15, 4: 15, 48: 5}
MEMORY = "/dev/shm"  # where a journal costs no disk
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


def daemon(how, directory):
    """With what a user may write to choose the way; the journal in this directory."""
    def start(world):
        world.database = pathlib.Path(directory) / world.directory.name
        world.database.mkdir()
        (world.directory / "config" / "paced").mkdir(parents=True)
        (world.directory / "config" / "paced" / "quirks.conf").write_text(f"[all]\nname=*\nsubscribe={how}\n")
        paced = world.start_paced("--database", world.database / "db", "--voice=print")
        paced.wait_live("Sim Strap", "Sim Pod")
        assert {sensor["Subscription"] for sensor in paced.sensors().values()} == {how}
        paced.start_text(WORKOUT)
        # Words are synthesised as they are told, which costs as much as a second's packets: what is measured begins behind them.
        wait_until(lambda: len(paced.named("Cue")) == 2, "the first step and the pre-flight to be told")
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


def measure(name, rate):
    """CPU a packet in µs, and memory."""
    world = World()
    try:
        world.start_fake("--follow", "--seed", "3")
        client = CLIENTS[name](world)
        for kind in ("strap", "pod"):
            world.sim("SetRate", "(sd)", kind, float(rate))
        pid = client.child.pid
        before, packets = cpu(pid), delivered(world)
        over = time.monotonic() + SECONDS[rate]
        wait_until(lambda: time.monotonic() >= over, "time to pass", SECONDS[rate] + 60)
        spent, packets = cpu(pid) - before, delivered(world) - packets
        assert packets >= SECONDS[rate] * rate, f"only {packets} packets came to {name}"  # of twice as many
        return spent / packets * 1e6, memory(pid)
    finally:
        world.close()
        shutil.rmtree(world.database, ignore_errors=True)


SCRIPT, DAEMON = "python3-bleak, collects only", "paced by AcquireNotify"
CLIENTS = {
    SCRIPT: script,
    "GDBus, bare handler": bare("GDBus"),
    "sd-bus, bare handler": bare("sd-bus"),
    "AcquireNotify, bare socket": bare("socket"),
    DAEMON: daemon("acquire", MEMORY),
    "the same, journal on disk": daemon("acquire", BUILD),
    "paced by StartNotify": daemon("notify", MEMORY),
}
if "sd-bus" not in PROGRAMS:
    del CLIENTS["sd-bus, bare handler"]


def run(rates, at_once, names=tuple(CLIENTS)):
    """Each in a process of its own, which has a main loop of its own."""
    with multiprocessing.get_context("fork").Pool(at_once, maxtasksperchild=1) as workers:
        jobs = {(name, rate): workers.apply_async(measure, (name, rate)) for rate in rates for name in names}
        return {which: job.get() for which, job in jobs.items()}


def show(table):
    print(f"# {'CPU a packet, µs, at so many a second and sensor:':50}" + "".join(f"{rate:6}" for rate in (*SLOW, FAST)) +
          "   MB: peak    PSS  private")
    for name in CLIENTS:
        costs = "".join(f"{table[name, rate][0]:6.0f}" for rate in (*SLOW, FAST))
        print(f"# {name:50}{costs}" + "".join(f"{size:9.1f}" for size in table[name, FAST][1]))


def share(table, rate):
    """What the daemon takes a packet, of what the script does; the median of three where the first is too much, for other
    programs on the machine cost each of the two as well."""
    shares = [table[DAEMON, rate][0] / table[SCRIPT, rate][0]]
    while shares[0] > 1 and len(shares) < 3:
        again = run((rate,), 2, (SCRIPT, DAEMON))
        shares.append(again[DAEMON, rate][0] / again[SCRIPT, rate][0])
    return statistics.median(shares)


def main():
    table = run(SLOW, len(SLOW) * len(CLIENTS)) | run((FAST,), 1)
    show(table)
    private = {name: table[name, FAST][1][2] for name in (SCRIPT, DAEMON)}
    # At 1 a second, what the daemon does once a second would be paid for by two packets: see the table.
    held = [(f"CPU a packet at {rate} a second and sensor, of what the script takes", share(table, rate), 1)
            for rate in (4, FAST)]
    held.append(("private memory, of what the script takes", private[DAEMON] / private[SCRIPT], 0.5))
    for number, (what, ratio, budget) in enumerate(held, 1):
        print(f"{'ok' if ratio <= budget else 'not ok'} {number} - {what}: {ratio * 100:.0f} % (budget {budget * 100:.0f} %)")
    print(f"1..{len(held)}")
    sys.exit(0 if all(ratio <= budget for _, ratio, budget in held) else 1)


main()
