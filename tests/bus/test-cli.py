#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""pacectl against the real daemon: as a script uses it, and as a person at a terminal does; and callers that are hostile.
Speaks TAP."""
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import struct
import sys
import termios

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import GLib, refused, run_tests, wait_until  # noqa: E402

SHORT = "Workout - Short\n\n• 5s @ 5'00''/km\n• 3s rest\n"
REPEATS = "Workout - Repeats\n\n• 4 lots of:\n  • 1.0km @ 5'00''/km\n  • 1min rest\n"
LONG = "Workout - Long\n\n• 20min @ 5'00''/km\n"


def lines_of(process):
    return [json.loads(line) for line in process.text().splitlines() if line.startswith("{")]


def a_script_starts_and_reads(world):
    world.pacectl("status", status=69)
    paced = world.start_paced("--voice=print")
    assert world.pacectl_json("status")["hub"]["store_state"] == "ready"
    assert world.pacectl_json("status").get("session") is None
    assert any(entry["name"] == "demo" for entry in world.pacectl_json("workouts"))
    assert world.pacectl_json("history") == []
    for verb in ("pause", "resume", "lap", "skip", "stop"):
        assert "no workout" in world.pacectl(verb, status=1)

    file = world.directory / "short.txt"
    file.write_text(LONG)
    world.pacectl("start", file)
    status = world.pacectl_json("status")["session"]
    assert status["workout"] == "Long" and status["state"] == "running" and "speed" not in status, status
    world.pacectl("start", "demo", status=1)
    for verb in ("pause", "resume", "stop"):
        world.pacectl(verb)
    paced.wait_signal("Finished")

    world.pacectl("start", "demo")
    world.pacectl("skip")
    world.pacectl("lap")
    world.pacectl("stop")
    wait_until(lambda: len(paced.named("Finished")) == 2, "the second end")
    world.pacectl("start", "-", stdin=LONG)
    world.pacectl("stop")
    wait_until(lambda: len(paced.named("Finished")) == 3, "the third end")
    world.pacectl("start", "--free")
    world.pacectl("stop")
    wait_until(lambda: len(paced.named("Finished")) == 4, "the fourth end")

    runs = world.pacectl_json("history")
    assert [run["workout"] for run in runs] == ["Free run", "Long", "Demo: Two Minutes", "Long"], runs
    laps = world.pacectl_json("history", str(runs[2]["run"]))
    assert [lap["outcome"] for lap in laps] == ["skipped", "lapped", "stopped"], laps
    assert world.pacectl("history").count("\n") == 4
    assert world.pacectl("history", "last") == world.pacectl("history", runs[0]["run"])


def mistakes_have_their_exit_codes(world):
    world.start_paced("--voice=print")
    broken = world.directory / "broken.txt"
    broken.write_text("Workout - Broken\n\n• 3 furlongs @ 4'00''/km\n")
    assert world.pacectl("start", broken, status=65) == world.pacectl("check", broken, status=65)
    assert world.pacectl("start", broken, status=65).startswith(f"{broken}:3:")
    for text in ("lorem ipsum", "", "a" * 2 ** 21):
        assert world.pacectl("start", "-", stdin=text, status=65).startswith("-:1:1: "), text[:20]
    world.pacectl("start", "no-such-workout", status=65)
    world.pacectl("start", world.directory / "missing.txt", status=65)
    world.pacectl("history", "999", status=65)
    for words in (("start",), ("frobnicate",), ("history", "x")):
        world.pacectl(*words, status=64)


def what_lacks_a_number_is_asked_for_or_run_by_effort(world):
    paced = world.start_paced("--voice=print")
    text = "Workout - Tempo\n\n• 2min run\n• 20min @ T\n"
    file = world.directory / "tempo.txt"
    file.write_text(text)
    library = world.directory / "data" / "paced" / "workouts"
    library.mkdir(parents=True, exist_ok=True)
    (library / "my tempo.txt").write_text(text)
    missing = "4:3: this pace follows from a race or from your pace at threshold"
    for what, stdin, again in ((file, None, file), ("-", text, "-"), ("my tempo", None, "'my tempo'")):
        said = world.pacectl("start", what, stdin=stdin, status=65)
        assert said.startswith(f"{what}:{missing}") and "pacectl athlete race 5km=25:00" in said, said
        assert said.endswith(f", or run it by effort: pacectl start --by-effort {again}\n"), said
    for number, what in enumerate((file, "my tempo"), 1):
        world.pacectl("start", "--by-effort", what)
        world.pacectl("skip")
        world.pacectl("stop")
        wait_until(lambda: len(paced.named("Finished")) == number, "the end")
    assert [step.arguments[0] for step in paced.named("StepStarted")] == [0, 1, 0, 1]
    world.pacectl("athlete", "race", "5km=20:00")
    world.pacectl("start", "my tempo")
    world.pacectl("stop")


def check_knows_whom_the_daemon_knows(world):
    text = "Workout - For Me\n\n• 60min @ E\n• 4 lots of:\n  • 1.0km @ 3'30''/km\n  • 3min rest\n"
    codes = lambda: [warning["code"] for warning in json.loads(world.pacectl("check", "-", "--json", stdin=text))["warnings"]]
    assert codes() == ["unresolved"], "without a daemon, which is not started for it"
    paced = world.start_paced("--voice=print")
    assert codes() == ["unresolved"], "nothing was told"
    world.pacectl("athlete", "race", "5km=25:00")
    assert codes() == ["faster-than-race"]
    assert "6:03-7:13 /km (E)" in world.pacectl("check", "-", stdin=text)
    assert "unresolved" in world.pacectl("check", "-", "--max", "185", stdin=text), "whom the options describe"
    for number in range(3):
        world.pacectl("start", "--free")
        world.pacectl("stop")
        wait_until(lambda n=number: len(paced.named("Finished")) == n + 1, "the end")
    assert codes() == ["faster-than-race"], "what was stopped at once is no run"


def following_without_a_terminal_prints_lines(world):
    paced = world.start_paced("--voice=print")
    file = world.directory / "short.txt"
    file.write_text(SHORT)
    follower = world.start_pacectl("start", file, "--follow")
    assert follower.wait() == 0
    text = follower.text()
    assert "\r" not in text and "\033" not in text, text
    for cue in paced.named("Cue"):
        assert cue.arguments[0] in text, (cue, text)
    assert "work" in text and "rest" in text, "a table of the laps"
    shown = world.pacectl("show", "last")
    assert "100.0%" not in shown and "0 m" not in shown and "– in 0:" in shown, "nobody measured it"


def follow_at_a_terminal(world, text, columns=80, locale="C.UTF-8"):
    """The follower, and what its terminal was sent so far."""
    file = world.directory / "long.txt"
    file.write_text(text)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    shown = bytearray()

    def on_shown(fd, _condition):
        try:
            shown.extend(os.read(fd, 4096))
        except OSError:
            return False
        return True

    GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, ours, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_shown)
    follower = world.start_pacectl("start", file, "--follow", stdout=theirs, env={"LC_ALL": locale})
    os.close(theirs)
    return follower, shown


def following_at_a_terminal_shows_a_live_line(world):
    paced = world.start_paced("--voice=print")
    follower, shown = follow_at_a_terminal(world, LONG)
    wait_until(lambda: shown.count(b"\r\033[Kstep 1/1 work") >= 3, "the live line, drawn again and again")
    assert "to go" in shown.decode() and "(5:00)" in shown.decode(), shown.decode()
    follower.interrupt()
    assert follower.wait() == 1, "the workout it waited for did not end"
    wait_until(lambda: shown.endswith(b"\r\033[K"), "the line to be wiped")
    assert "pacectl stop" in follower.text(), "how to end the run itself"
    paced.wait_ticks(2)
    assert not paced.named("Finished"), "Ctrl-C of a follower leaves the workout running"


def the_live_line_fits_its_terminal(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    for columns, locale, full in ((80, "C.UTF-8", "░"), (56, "C", ".")):
        follower, shown = follow_at_a_terminal(world, REPEATS, columns, locale)
        wait_until(lambda: b" spm" in shown and b" bpm" in shown, "heart and cadence in the live line")
        frames = [frame for frame in re.split("\\r\\033\\[K|\\r?\\n", shown.decode()) if " /km" in frame]
        assert all(len(frame) < columns for frame in frames), frames
        assert any("1/8 work 1/4" in frame and full * 4 in frame for frame in frames), frames
        assert locale != "C" or shown.isascii(), shown
        follower.interrupt()
        follower.wait()
        world.pacectl("stop")


def a_target_that_is_no_pace_is_shown_everywhere(world):
    paced = world.start_paced("--voice=print")
    text = ("Workout - Targets\n\n• 20min @ HR 140-150 \"easy does it\"\n• 10min @ RPE 6-7\n• 1km @ 250 W\n"
            "• 5km @ 5'00''-5'10''/km\n• 1km @ max\n• 1km run\n")
    targets = ("heart 140-150", "effort 6-7", "250 W", "5:00-5:10 /km", "all out")
    follower, shown = follow_at_a_terminal(world, text, 120)
    monitor = world.start_pacectl("monitor", "--json")
    for number, target in enumerate(targets, 1):
        wait_until(lambda: f"step {number}/6" in shown.decode() and f"({target.removesuffix(' /km')})" in shown.decode()
                   or target.endswith("/km"), f"{target} in the live line")
        assert f"Target     {target}\n" in world.pacectl("status"), target
        assert ("Note       easy does it\n" in world.pacectl("status")) == (number == 1)
        world.pacectl("lap")
    assert "\nTarget " not in world.pacectl("status")
    effort = {"quantity": "effort", "unit": "RPE", "low": 6, "value": 6.5, "high": 7, "end": 6.5, "text": "RPE 6-7"}
    wait_until(lambda: any(line.get("target") == effort for line in lines_of(monitor)), "the target in the monitor")
    world.pacectl("stop")
    paced.wait_signal("Finished")
    monitor.interrupt()
    follower.wait()
    table = world.pacectl("history", "1").splitlines()
    assert all(target in row for target, row in zip(targets, table[1:])), table
    laps = world.pacectl_json("history", "1")
    assert laps[0]["target"] == {"quantity": "heart-rate", "low": 140, "value": 145, "high": 150, "end": 145}, laps
    assert "target" not in laps[5] and laps[3]["target_speed"] == laps[3]["target"]["value"], laps


def monitor_gives_json_lines(world):
    paced = world.start_paced("--voice=print")
    world.pacectl("start", "-", stdin=LONG)
    monitor = world.start_pacectl("monitor", "--json")
    wait_until(lambda: lines_of(monitor), "the monitor")
    world.pacectl("stop")
    paced.wait_signal("Finished")
    wait_until(lambda: lines_of(monitor)[-1]["event"] == "finished", "the first end in the monitor")
    before, since = len(lines_of(monitor)), len(paced.signals)
    world.pacectl("start", "-", stdin=SHORT)
    paced.wait_signal("Finished", since=since)
    wait_until(lambda: lines_of(monitor)[-1]["event"] == "finished", "the end in the monitor")
    events = lines_of(monitor)[before:]
    kinds = [line["event"] for line in events]
    assert {"values", "cue", "step", "lap", "state", "finished"} == set(kinds), set(kinds)
    assert [line["text"] for line in events if line["event"] == "cue"] == [
        signal.arguments[0] for signal in paced.signals[since:] if signal.name == "Cue"]
    assert [line["lap"]["outcome"] for line in events if line["event"] == "lap"] == ["completed", "completed"]
    monitor.interrupt()
    assert monitor.wait() == 0


def monitor_shows_how_far_each_estimate_is_to_be_trusted(world):
    world.start_fake("--seed", "3")
    world.start_paced("--voice=print")
    monitor, lines = world.start_pacectl("monitor", "--estimates"), world.start_pacectl("monitor", "--json")
    wait_until(lambda: re.search(r"^speed +\d\.\d\d m/s +pod +\d\.\d s +\d+ %$", monitor.text(), re.M), "the speed's row")
    assert re.search(r"^heart-rate +\d+\.\d\d bpm +strap ", monitor.text(), re.M), monitor.text()
    wait_until(lambda: any("speed" in line for line in lines_of(lines)), "the speed's object")
    estimates = [line for line in lines_of(lines) if "speed" in line][0]
    assert estimates["event"] == "estimates" and estimates["speed"]["source"] == "pod", estimates
    assert 0 < estimates["speed"]["confidence"] <= 1 and estimates["speed"]["age"] >= 0, estimates
    for process in (monitor, lines):
        process.interrupt()
        assert process.wait() == 0


def monitor_waits_for_a_daemon_that_comes_back(world):
    paced = world.start_paced("--voice=print")
    monitor = world.start_pacectl("monitor", "--json")
    world.pacectl("start", "-", stdin=LONG)
    wait_until(lambda: lines_of(monitor), "the monitor")
    paced.kill()
    wait_until(lambda: "waiting until it is back" in monitor.text(), "the monitor's word")
    seen = len(lines_of(monitor))
    world.start_paced("--voice=print")  # and goes on with the run
    wait_until(lambda: len(lines_of(monitor)) > seen, "the monitor to go on")
    world.bus_process.kill()
    assert monitor.wait() == 69
    assert "bus is gone" in monitor.text()


def nobody_reads_and_nothing_can_be_written(world):
    world.start_paced("--voice=print")
    world.pacectl("start", "-", stdin=LONG)
    reader, writer = os.pipe()
    monitor = world.start_pacectl("monitor", "--json", stdout=writer)
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    assert monitor.wait() == -signal.SIGPIPE and monitor.text() == ""
    with open("/dev/full", "w", encoding="utf-8") as full:
        assert world.start_pacectl("status", stdout=full).wait() == 1
    assert "UTF-8" in world.pacectl("workouts", "show", os.fsdecode(b"\xff"), status=65)
    assert "UTF-8" in world.pacectl("sensors", "add", "00:AA:01:00:00:01", os.fsdecode(b"\xff"), status=65)


def hostile_callers_are_refused(world):
    paced = world.start_paced("--voice=print")
    runner, hub = paced.path("org.paced1.Runner"), paced.path("org.paced1.Hub")

    def start(text, options=None):
        world.call("org.paced1", runner, "org.paced1.Runner", "StartText", "(sa{sv})", text, options or {})

    def ask(path, interface, method, signature, *arguments):
        world.call("org.paced1", path, interface, method, signature, *arguments)

    refused("BadArgument", start, "")
    refused("BadArgument", start, "x" * (2 << 20))
    refused("BadText", start, "lorem ipsum " * 1000)
    refused("BadText", start, "Workout - Many\n\n• 1000000000 lots of:\n  • 1s @ 5'00''/km\n")
    refused("BadText", start, "Workout - " + "\n\n• 2 lots of:" * 5000)
    refused("BadText", start, "Workout - \u202e\x01\x02\n\n• 99999999999999999999km @ 5'00''/km\n")
    assert "frobnicate" in refused("BadArgument", start, LONG, {"frobnicate": GLib.Variant("b", True)})
    refused("InvalidArgs", ask, runner, "org.paced1.Runner", "StartText", "(u)", 7)
    refused("UnknownMethod", ask, runner, "org.paced1.Runner", "Frobnicate", "()")
    for name in ("", "../demo", "/etc/passwd", "x" * 5000):
        refused("UnknownWorkout", ask, runner, "org.paced1.Runner", "StartWorkout", "(sa{sv})", name, {})
    for seconds in (0.0, -1.0, float("nan"), float("inf"), 1e9):
        refused("BadArgument", ask, hub, "org.paced1.Hub", "Scan", "(da{sv})", seconds, {})
    for address in ("", "AA:BB", "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ", "AA:BB:CC:DD:EE:FF:00", "A" * 100000):
        refused("BadArgument", ask, hub, "org.paced1.Hub", "AddSensor", "(sa{sv})", address, {})
    refused("BadArgument", ask, hub, "org.paced1.Hub", "AddSensor", "(sa{sv})", "AA:BB:CC:DD:EE:FF", {"name": GLib.Variant("u", 1)})
    refused("UnknownSensor", ask, hub, "org.paced1.Hub", "ForgetSensor", "(s)", "AA:BB:CC:DD:EE:FF")
    for limit in (0, 10001, 0xFFFFFFFF):
        refused("BadArgument", ask, "/org/paced1/history", "org.paced1.History", "List", "(u)", limit)
    refused("BadArgument", ask, "/org/paced1/history", "org.paced1.History", "Laps", "(x)", -1)
    start(LONG)
    wait_until(paced.session, "a workout after all that")


def a_phrase_file_with_mistakes_warns_and_speaks_english(world):
    config = world.directory / "config" / "paced"
    (config / "phrases").mkdir(parents=True)
    (config / "paced.conf").write_text("[voice]\nlanguage=sv\nrate=fast\n")
    (config / "phrases/sv.conf").write_text("[phrases]\ngo=kör {step}\nthree=tre\nno-such-phrase=x\n")
    paced = world.start_paced("--voice=print")
    warnings = paced.text()
    for told in ("rate: ", "no-such-phrase: ", "go: an unknown placeholder"):
        assert told in warnings, (told, warnings)
    paced.start_text("Workout - Short\n\n• 5s @ 5'00''/km\n• 3s @ 5'00''/km\n")
    paced.wait_signal("Finished")
    words = [cue.arguments[0].lower() for cue in paced.named("Cue")]
    assert "tre" in words and "two" in words and "go" in words, words


def what_is_said_is_spoken_and_safe(world):
    paced = world.start_paced("--voice=print")
    world.pacectl("say", "hello \x01 <break/> runner")
    wait_until(lambda: "hello   <break/> runner" in paced.text(), "the text, as it stands")
    world.pacectl("say", "Guten Tag", "--language", "de")
    wait_until(lambda: "Guten Tag" in paced.text(), "another language")
    for text, told in (("", "nothing to say"), ("\t\n", "nothing to say"), ("x" * 10000, "10000 bytes are too long")):
        assert told in world.pacectl("say", text, status=65), text
    for language in ("xx", "", "../de"):
        assert "has no voice" in world.pacectl("say", "hello", "--language", language, status=64), language
    paced.start_text("Workout - Short\n\n• 60s @ 5'00''/km\n")
    assert "a workout is running" in world.pacectl("say", "hello", status=1)
    assert paced.text().count("hello") == 1


def a_voice_that_cannot_be_is_refused_in_one_line(world):
    for number, voice in enumerate(("--voice=trumpet", "--voice=wav:/no/such/folder/x.wav"), 1):
        paced = world.start_paced(voice, wait=False)
        assert paced.wait() == 1
        assert paced.text().count("\n") == number, paced.text()
    sent = world.start_paced("--frobnicate", wait=False)
    assert sent.wait() == 64


if __name__ == "__main__":
    run_tests([a_script_starts_and_reads, mistakes_have_their_exit_codes, check_knows_whom_the_daemon_knows,
               what_lacks_a_number_is_asked_for_or_run_by_effort, following_without_a_terminal_prints_lines,
               following_at_a_terminal_shows_a_live_line, the_live_line_fits_its_terminal,
               a_target_that_is_no_pace_is_shown_everywhere, monitor_gives_json_lines,
               monitor_shows_how_far_each_estimate_is_to_be_trusted, monitor_waits_for_a_daemon_that_comes_back,
               nobody_reads_and_nothing_can_be_written, hostile_callers_are_refused,
               a_phrase_file_with_mistakes_warns_and_speaks_english, what_is_said_is_spoken_and_safe,
               a_voice_that_cannot_be_is_refused_in_one_line])
