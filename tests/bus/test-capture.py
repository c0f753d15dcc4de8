#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Captures of the real daemon: what is recorded while it happens, or exported later, says again what was said; and nobody
who reads slowly, fails or goes costs the run anything. Speaks TAP."""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import Gio, GLib, refused, run_tests, wait_until  # noqa: E402

SHORT = """Workout - Short

• 8s @ 5'00''/km
• 2 lots of:
  • 20m @ 4'10''/km
  • 4s rest
"""
LONG = "Workout - Long\n\n• 20min @ 5'00''/km\n"
PAIR = ("Sim Strap", "Sim Pod")
HEADER = "# paced capture 1\n"


def begin(world, *options):
    world.start_fake("--follow", "--seed", "7")
    paced = world.start_paced("--voice=print", *options)
    paced.wait_live(*PAIR)
    return paced


def run_short(paced):
    """A whole run; what was said in it, word for word, and its laps."""
    begun = len(paced.signals)
    paced.start_text(SHORT)
    paced.wait_signal("Finished", since=begun)
    signals = paced.signals[begun:]
    return ([signal.arguments[0] for signal in signals if signal.name == "Cue"],
            [signal.arguments[1] for signal in signals if signal.name == "Lap"])


def replay(world, capture):
    events = [json.loads(line) for line in world.pacectl("replay", capture, "--json").splitlines()]
    return ([event["text"] for event in events if event["event"] == "cue"],
            [event for event in events if event["event"] == "lap"])


def check_same(world, capture, words, laps):
    said, ran = replay(world, capture)
    assert said == words, (said, words)
    assert len(ran) == len(laps)
    for found, lap in zip(ran, laps):
        assert abs(found["duration_s"] - lap["duration"]) < 0.001 and abs(found["distance_m"] - lap["distance"]) < 0.001


def wait_for_text(file, *texts):
    wait_until(lambda: file.exists() and all(text in file.read_text() for text in texts), f"{texts} in {file}")


def record(world, fd, options=None, bus=None, method="Record", run=None):
    """Hub.Record or History.Export by hand."""
    files = Gio.UnixFDList.new_from_array([os.dup(fd)])
    path, interface = ("hub", "Hub") if run is None else ("history", "History")
    given = (GLib.Variant("(ha{sv})", (0, options or {})) if run is None else
             GLib.Variant("(xha{sv})", (run, 0, options or {})))
    return (bus or world.bus).call_with_unix_fd_list_sync(
        "org.paced1", f"/org/paced1/{path}", f"org.paced1.{interface}", method, given, None,
        Gio.DBusCallFlags.NO_AUTO_START, 60000, files, None)


def what_was_recorded_says_the_same_again(world):
    paced = begin(world)
    file = world.directory / "live.capture"
    recorder = world.start_pacectl("record", file)
    wait_for_text(file, HEADER, "\nsitting ", " link 0 up\n", " notify ")
    words, laps = run_short(paced)
    wait_until(lambda: len(replay(world, file)[0]) == len(words), "the last words")
    recorder.interrupt()
    assert recorder.wait() == 0
    assert len(words) > 8 and len(laps) == 5
    check_same(world, file, words, laps)
    shown = world.pacectl("replay", file)
    counted = ("three", "two", "one", "go", "")
    assert all(word in shown for word in words if word not in counted) and shown.count("♪ go") == words.count("go")
    assert "[work 2 completed: " in shown and "[completed: " in shown, shown
    assert "  [running]\n" in shown

    kept = world.directory / "kept.capture"
    run = world.history()[0]["run"]
    world.pacectl("record", "--run", run, kept)
    check_same(world, kept, words, laps)
    assert paced.end() == 0
    again = world.start_paced("--voice=print")
    later = world.pacectl("record", "-", "--run", run)
    assert later.startswith(HEADER)
    (world.directory / "later.capture").write_text(later)
    check_same(world, world.directory / "later.capture", words, laps)
    assert again.running()


def a_run_that_was_steered_replays_as_it_went(world):
    """Pause, skip, lap and stop: each word, lap and state in the order in which they were told, from the stream and from the store."""
    paced = begin(world)
    file, bundle = world.directory / "live.capture", world.directory / "a.bundle"
    recorder = world.start_pacectl("record", file)
    wait_for_text(file, " notify ")
    begun = len(paced.signals)
    paced.start_text("Workout - Steered\n\n• 30s @ 5'00''/km\n• 2 lots of:\n  • 60s run\n  • 20s rest\n• 10min run\n")
    paced.wait_ticks(2)
    for command, state in (("Pause", "paused"), ("Resume", "running")):
        paced.steer(command)
        wait_until(lambda wanted=state: paced.session()["State"] == wanted, state)
        paced.wait_ticks(2)
    for laps, command in enumerate(("Skip", "Lap", "Skip"), 1):
        paced.steer(command)
        wait_until(lambda wanted=laps: len(paced.named("Lap")) == wanted, "the lap")
    paced.wait_ticks(3)
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")
    told = [signal.arguments[0] if signal.name == "Cue" else round(signal.arguments[1]["duration"], 3) for signal in paced.signals[begun:]
            if signal.name in ("Cue", "Lap")]

    def same():
        world.pacectl("export", "last", "--format", "bundle", "-o", bundle, "--force")
        return all(world.pacectl("replay", bundle, *form) == world.pacectl("replay", file, *form) for form in ((), ("--json",)))

    wait_until(same, "the voice's report of the last words, in both")
    recorder.interrupt()
    assert recorder.wait() == 0
    again = [json.loads(line) for line in world.pacectl("replay", bundle, "--json").splitlines()]
    assert [one["text"] if one["event"] == "cue" else one["duration_s"] for one in again if one["event"] in ("cue", "lap")] == told
    assert [lap.arguments[1]["outcome"] for lap in paced.named("Lap")] == ["skipped", "lapped", "skipped", "stopped"]
    assert [one["text"] for one in again if one["event"] == "state"] == ["running", "paused", "running", "done"]


def a_recording_that_joins_late_has_what_was_before(world):
    paced = begin(world)
    paced.start_text(LONG)
    paced.wait_ticks(5)
    file = world.directory / "late.capture"
    recorder = world.start_pacectl("record", file)
    wait_for_text(file, ' start #')
    paced.wait_ticks(3)
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")
    wait_for_text(file, " stop #")
    wait_until(lambda: len(replay(world, file)[1]) == 1, "the lap")
    recorder.end()
    lap = paced.named("Lap")[0].arguments[1]
    check_same(world, file, [cue.arguments[0] for cue in paced.named("Cue")], [lap])
    times = [float(line.split()[0]) for line in file.read_text().splitlines() if line[0].isdigit()]
    assert times == sorted(times), "past and present are in order"


def the_daemon_records_itself(world):
    file = world.directory / "all.capture"
    paced = begin(world, f"--record={file}")
    words, laps = run_short(paced)
    assert paced.end() == 0
    check_same(world, file, words, laps)
    before = file.read_bytes()
    second = world.start_paced("--voice=print", f"--record={file}", wait=False)
    assert second.wait() == 1 and "holds something already" in second.text(), second.text()
    world.start_paced("--voice=print")
    assert "holds something already" in world.pacectl("record", file, status=1)
    assert file.read_bytes() == before


def nothing_says_who_or_when_unless_it_is_asked_for(world):
    paced = begin(world)
    words, _ = run_short(paced)
    wait_until(lambda: world.history(), "the run")
    plain, private = world.directory / "plain.capture", world.directory / "private.capture"
    world.pacectl("record", "--run", 1, plain)
    world.pacectl("record", "--run", 1, "--private", private)
    addresses = [sensor["Address"] for sensor in paced.sensors().values()]
    secrets = [*PAIR, *addresses, "# began 20"]
    assert words and len(addresses) == 2
    assert not any(secret.lower() in plain.read_text().lower() for secret in secrets), plain.read_text()[:2000]
    assert all(secret in private.read_text() for secret in secrets), private.read_text()[:2000]
    assert replay(world, plain) == replay(world, private)

    live = world.directory / "live.capture"
    recorder = world.start_pacectl("record", live, "--private")
    wait_for_text(live, *secrets, "\nsitting ")
    recorder.end()


def a_slow_reader_is_left_and_told_so(world):
    paced = world.start_paced("--voice=print")
    reader, writer = os.pipe()
    record(world, writer)
    os.close(writer)
    runner = paced.path("org.paced1.Runner")
    for _ in range(3):  # each is an event with its text
        refused("BadText", world.call, "org.paced1", runner, "org.paced1.Runner", "StartText", "(sa{sv})", "prose " * 150000, {})
    wait_until(lambda: "too slow" in paced.text(), "a line in the log")
    paced.start_text(LONG)
    paced.wait_ticks(2)
    with open(reader, encoding="utf-8") as pipe:
        lines = pipe.readlines()
    assert lines[0] == HEADER and lines[-1] == "# ended here: the reader is too slow\n", lines[-1][:100]
    assert paced.text().count("too slow") == 1
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")


def a_full_disk_costs_only_the_capture(world):
    device = world.directory / "full"  # what would delete it as a file of its own finds a link
    device.symlink_to("/dev/full")
    paced = world.start_paced("--voice=print", f"--record={device}")
    paced.start_text(LONG)
    paced.wait_ticks(3)
    assert paced.text().count("full has ended: it cannot be written: No space left") == 1, paced.text()
    with open(device, "wb") as full:
        record(world, full.fileno())
        paced.wait_ticks(3)
        paced.steer("Stop", "(a{sv})", {})
        paced.wait_signal("Finished")
        refused("Failed", record, world, full.fileno(), None, None, "Export", 1)
    assert "No space left" in world.pacectl("record", device, status=1)
    assert "No space left" in world.pacectl("record", "--run", 1, device, status=1)
    assert device.is_char_device()
    assert paced.hub()["StoreState"] == "ready" and world.history()[0]["ended-by"] == "stop"


def callers_are_held_to_the_manual(world):
    paced = world.start_paced("--voice=print")
    file = world.directory / "x.capture"
    with open(file, "wb") as to, open("/dev/null", "rb") as unwritable:
        assert "not open for writing" in refused("BadArgument", record, world, unwritable.fileno())
        refused("BadArgument", record, world, to.fileno(), {"colour": GLib.Variant("s", "red")})
        refused("BadArgument", record, world, to.fileno(), {"private": GLib.Variant("s", "yes")})
        refused("BadArgument", record, world, to.fileno(), None, None, "Export", 0)
        refused("BadArgument", record, world, to.fileno(), None, None, "Export", 99)
        refused("BadArgument", world.call, "org.paced1", "/org/paced1/hub", "org.paced1.Hub", "Record", "(ha{sv})", 0, {})
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        other = Gio.DBusConnection.new_for_address_sync(world.env["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        for _ in range(8):
            record(world, to.fileno(), None, other)
        refused("NotReady", record, world, to.fileno())
        other.close_sync()

        def there_is_room():
            try:
                return record(world, to.fileno())
            except GLib.Error:
                return None
        wait_until(there_is_room, "the captures of a caller that left to end")
    world.pacectl("record", "--run", 99, world.directory / "none.capture", status=65)
    assert not (world.directory / "none.capture").exists()
    world.pacectl("record", "--run", 0, world.directory / "none.capture", status=64)
    world.pacectl("record", world.directory / "no" / "such" / "folder", status=1)
    recorder = world.start_pacectl("record", world.directory / "open.capture")
    wait_for_text(world.directory / "open.capture", HEADER)
    assert paced.end() == 0
    assert recorder.wait() == 69


if __name__ == "__main__":
    run_tests([what_was_recorded_says_the_same_again, a_run_that_was_steered_replays_as_it_went,
               a_recording_that_joins_late_has_what_was_before,
               the_daemon_records_itself, nothing_says_who_or_when_unless_it_is_asked_for,
               a_slow_reader_is_left_and_told_so, a_full_disk_costs_only_the_capture, callers_are_held_to_the_manual])
