#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What the daemon does on a real stack, in figures: too slow for every run of the tests, so it is run by hand.

    figures.py [boot | again | six]...

`boot`: how long from the guest's power on to data of strap and pod. `again`: the strap goes out of range 20 times, for 2 to
20 s, and how long it takes to have data again. `six`: six sensors at once send 4 packets a second for 5 min, and the daemon
is to have got each one that the sensors' BlueZ took. Each in a guest of its own, of the release build that PACED_BUILD
names (out/release-test).
"""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
IN_GUEST = " guest=" in pathlib.Path("/proc/cmdline").read_text()
if IN_GUEST:
    sys.path.insert(0, str(HERE))
    from stack import NAMES, RealStack, configure, wait_until

TRIES, AWAY = 20, (2, 5, 10, 20)  # s
RATE, MINUTES = 4, float(os.environ.get("PACED_FIGURES_MINUTES", "5"))


def say(text):
    print(text, flush=True)


def since_boot():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot(world):
    """Sensors that are enrolled, as they are on any boot but the first: nobody waits whether there is another one."""
    up = since_boot()
    paced = world.start_paced("--voice=print")
    for sensor in NAMES:
        world.pacectl("sensors", "add", world.truth(sensor)["address"])

    def live():
        return [one for one in paced.links if one.state == "live"]
    wait_until(live, "data")
    first = since_boot()
    wait_until(lambda: len(live()) == 2, "data of both")
    say(f"boot: bluetoothd and the sensors are there {up:.1f} s after the guest's kernel began, the first data after {first:.1f} s, "
        f"those of strap and pod after {since_boot():.1f} s")


def again(world):
    paced = world.start_run()
    took = []
    for number in range(TRIES):
        world.vanish("strap")
        world.wait_lost(paced, "strap")
        paced.wait_ticks(AWAY[number % len(AWAY)])
        back = time.monotonic()
        world.bring_back("strap")
        wait_until(lambda: paced.sensors()[NAMES["strap"]]["State"] == "live", "data again")
        took.append(time.monotonic() - back)
        paced.wait_ticks(12)  # good data for a while: what was before is forgotten
    say("again: " + " ".join(f"{one:.2f}" for one in took))
    say(f"again: data again after {TRIES} absences of {min(AWAY)} to {max(AWAY)} s: median {statistics.median(took):.2f} s, "
        f"worst {max(took):.2f} s")


def pause(world):
    """All sensors fall silent for a moment, shorter than the daemon would mind; returns when, and how much each has sent
    until then."""
    stats = world.sim("Stats")[1]
    for one in stats:
        world.sim("Misbehave", "(ssd)", one["address"], "freeze", 4.0)
    until = time.monotonic() + 2
    wait_until(lambda: time.monotonic() > until, "what is on its way")
    at = since_boot()
    return at, {one["address"]: one["packets"] for one in world.sim("Stats")[1]}


def notified(record, begin, end):
    """How many measurements of each slot there are in a capture, between two instants."""
    counts, origin = {}, None
    for line in record.read_text().splitlines():
        if match := re.match(r"sitting ([\d.]+) ", line):
            origin = float(match[1])
        elif (match := re.match(r"([\d.]+) notify (\d+) (2a37|2a53) ", line)) and begin < origin + float(match[1]) < end:
            counts[match[2], match[3]] = counts.get((match[2], match[3]), 0) + 1
    return counts


def six(world):
    record = world.directory / "capture"
    paced = world.start_paced("--voice=print", f"--record={record}")
    world.wait_possible()
    for one in world.sim("Stats")[1]:
        wait_until(lambda: any(shown["Address"] == one["address"] for shown in paced.sensors().values()), "it to be seen")
        if not next(shown for shown in paced.sensors().values() if shown["Address"] == one["address"])["Enrolled"]:
            world.pacectl("sensors", "add", one["address"])
    wait_until(lambda: sum(shown["State"] == "live" for shown in paced.sensors().values()) == 6, "all six to be live")
    for one in world.sim("Stats")[1]:
        world.sim("SetRate", "(sd)", one["address"], float(RATE))
    begin, before = pause(world)
    ends = time.monotonic() + 60 * MINUTES
    links = len(paced.links)
    cpu = os.times().elapsed, pathlib.Path(f"/proc/{paced.child.pid}/stat").read_text().split()
    wait_until(lambda: time.monotonic() > ends, "the minutes to pass", 60 * MINUTES + 60)
    end, after = pause(world)
    later = pathlib.Path(f"/proc/{paced.child.pid}/stat").read_text().split()
    lost = paced.links[links:]
    assert paced.end() == 0
    got = notified(record, begin, end)
    sent = [after[address] - before[address] for address in sorted(after)]
    ticks = sum(int(later[field]) - int(cpu[1][field]) for field in (13, 14)) / os.sysconf("SC_CLK_TCK")
    say(f"six: in {end - begin:.0f} s the sensors sent {sum(sent)} packets ({', '.join(map(str, sorted(sent)))})")
    say(f"six: the daemon got {sum(got.values())} ({', '.join(map(str, sorted(got.values())))}); lost: {sum(sent) - sum(got.values())}")
    say(f"six: {ticks:.1f} s of CPU in the daemon, {1e6 * ticks / max(1, sum(got.values())):.0f} µs a packet; "
        f"links that changed state meanwhile: {len(lost)}")
    for one in lost:
        say(f"six:   {one.name} {one.state}: {one.reason}")


def in_guest(name):
    sensors = ("strap", "pod")
    if name == "six":
        sensors = ("strap", "pod", "strap 2", "pod 2", "strap 3", "pod 3")
    world = RealStack(*sensors)
    configure(world)
    try:
        world.start_system_bus()
        globals()[name](world)
    finally:
        for line in world.close():
            say(f"{name}: {line}")


def on_host(name):
    """The guest's output as it comes."""
    began = time.monotonic()
    command = [HERE / "vm" / "boot", "--timeout", "1200", "--", "/usr/bin/python3", __file__, name]
    os.environ.setdefault("PACED_BUILD", "out/release-test")
    os.environ["PACED_STACK"] = "real"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as guest:
        for line in guest.stdout:
            say(line.rstrip())
            if name == "boot" and line.startswith("boot:"):
                say(f"boot: {time.monotonic() - began:.1f} s after it was asked for")
    return guest.returncode


if __name__ == "__main__":
    ALL = ["boot", "again", "six"]
    assert set(sys.argv[1:]) <= set(ALL), __doc__
    sys.exit(any([(in_guest if IN_GUEST else on_host)(name) for name in sys.argv[1:] or ALL]))
