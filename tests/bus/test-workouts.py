#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The library through the real daemon: on D-Bus as a desktop app uses it, and by pacectl with what surrounds that (a
clipboard, a phone's camera). Speaks TAP."""
import fcntl
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import BUILD, PATIENCE, ROOT, Gio, GLib, refused, run_tests, wait_until  # noqa: E402

LIBRARY = "/org/paced1/library"
TEA = "For a quiet day.\n\nWorkout - Tea Break\n\n  • 10min @ E\n  • 2min rest\n  • 10min @ E\n"
SHIPPED = {path.stem: path.read_text() for path in (ROOT / "config/workouts").glob("*.txt")}


def ask(world, method, signature="()", *arguments):
    reply = world.call("org.paced1", LIBRARY, "org.paced1.Library", method, signature, *arguments)
    return reply[0] if reply else None


def names(workouts):
    return [workout["name"] for workout in workouts]


def kept(world):
    return world.directory / "data" / "paced" / "workouts"


def a_program_adds_finds_and_removes(world):
    world.start_paced("--voice=print")
    told = []
    world.bus.signal_subscribe("org.paced1", "org.paced1.Library", "Changed", LIBRARY, None, Gio.DBusSignalFlags.NONE,
                               lambda *call: told.append(call[5].unpack()[0]))
    replace = {"replace": GLib.Variant("b", True)}

    assert ask(world, "Add", "(ssa{sv})", "", TEA, {}) == "tea-break"
    assert (kept(world) / "tea-break.txt").read_text() == TEA
    assert ask(world, "Get", "(s)", "tea-break") == TEA
    entry = next(workout for workout in ask(world, "List") if workout["name"] == "tea-break")
    assert entry["own"] and entry["title"] == "Tea Break" and entry["kinds"] == ["easy"] and entry["steps"] == 3, entry
    assert entry["duration"] == 22 * 60 and not entry["duration-guessed"] and entry["distance-guessed"], entry
    assert ask(world, "Search", "(s)", "easy under half an hour tea")[0] == entry
    assert ask(world, "Search", "(s)", "tea over an hour") == []
    assert names(ask(world, "Search", "(s)", "")) == sorted([*SHIPPED, "tea-break"])

    refused("Exists", ask, world, "Add", "(ssa{sv})", "tea-break", TEA, {})
    refused("Exists", ask, world, "Add", "(ssa{sv})", "demo", TEA, {})
    assert ask(world, "Add", "(ssa{sv})", "demo", TEA, replace) == "demo"
    assert ask(world, "Get", "(s)", "demo") == TEA
    ask(world, "Remove", "(s)", "demo")
    assert ask(world, "Get", "(s)", "demo") == SHIPPED["demo"]
    assert "comes with paced" in refused("BadArgument", ask, world, "Remove", "(s)", "demo")
    refused("UnknownWorkout", ask, world, "Remove", "(s)", "nowhere")
    assert "3:" in refused("BadText", ask, world, "Add", "(ssa{sv})", "x", "Workout - X\n\n- 10 parsecs @ E\n", {})
    refused("BadText", ask, world, "Add", "(ssa{sv})", "x", "x" * (2 << 20), {})
    refused("BadArgument", ask, world, "Add", "(ssa{sv})", "../x", TEA, {})
    refused("BadArgument", ask, world, "Add", "(ssa{sv})", "x", TEA, {"colour": GLib.Variant("s", "red")})
    refused("BadArgument", ask, world, "Add", "(ssa{sv})", "x", TEA, {"replace": GLib.Variant("s", "yes")})
    assert "no length" in refused("BadArgument", ask, world, "Search", "(s)", "under 40")
    refused("BadArgument", ask, world, "Search", "(s)", "x" * 1001)
    ask(world, "Remove", "(s)", "tea-break")
    wait_until(lambda: len(told) >= 4, "what was told")
    assert told == ["tea-break", "demo", "demo", "tea-break"], told
    assert list(kept(world).iterdir()) == []


def check_and_the_library_say_one_length(world):
    world.start_paced("--voice=print")
    for race in (None, "5km=22:00"):
        if race:
            world.pacectl("athlete", "race", race)
        for name, text in SHIPPED.items():
            library = world.pacectl("workouts", "show", name).splitlines()
            in_all = next(line for line in library if line.startswith("In all: ")).split(";")[0]
            assert in_all in world.pacectl("check", "-", stdin=text).splitlines(), (name, in_all)


def a_length_is_the_runners_own(world):
    paced = world.start_paced("--voice=print")

    def duration():
        return next(workout for workout in ask(world, "List") if workout["name"] == "progressive-kilometres")["duration"]

    nobodys = duration()
    world.pacectl("athlete", "race", "5km=17:00")
    wait_until(lambda: paced.get("org.paced1.Athlete")["Derived"], "what follows from the race")
    assert duration() < nobodys - 120


def a_person_keeps_a_library(world):
    world.pacectl("workouts", status=69)
    world.start_paced("--voice=print")
    file = world.directory / "article.txt"
    file.write_text(TEA)
    assert "tea-break" in world.pacectl("workouts", "add", file)
    assert "already" in world.pacectl("workouts", "add", file, status=65)
    assert "“mine”" in world.pacectl("workouts", "add", file, "--name", "mine.txt")
    assert "tea-break" in world.pacectl("workouts", "add", "-", "--replace", stdin=TEA.replace("2min", "3min"))
    assert "3min" in (kept(world) / "tea-break.txt").read_text()
    assert world.pacectl("workouts", "share", "mine") == TEA
    shown = world.pacectl("workouts", "show", "mine")
    assert shown.startswith(TEA) and "In all: 3 steps" in shown and "~" in shown and "your own" in shown, shown
    assert names(world.pacectl_json("workouts", "search", "tea", "break", "under", "an", "hour")) == ["mine", "tea-break"]
    assert "mine" in world.pacectl("workouts", "search", "tea break < 45min")
    assert "No workout" in world.pacectl("workouts", "search", "tea break > 45min")
    assert "length" in world.pacectl("workouts", "search", "under", "45", status=65)
    world.pacectl("athlete", "race", "5km=22:00")
    world.pacectl("start", "mine")
    world.pacectl("stop")
    world.pacectl("workouts", "remove", "mine")
    assert "no workout" in world.pacectl("workouts", "show", "mine", status=65)
    assert "comes with paced" in world.pacectl("workouts", "remove", "ladder", status=65)

    doubtful = world.directory / "doubtful.txt"
    doubtful.write_text("Workout - Doubt\n- 10min @ 6'00''/km\n- 30m @ 5'00''/km\n")
    world.pacectl("workouts", "add", doubtful)
    assert "doubt:3:3: warning:" in world.pacectl("workouts", "show", "doubt")


def what_is_no_workout_is_refused_with_its_place(world):
    world.start_paced("--voice=print")
    file = world.directory / "cut.txt"
    for content, place in ((b"Workout - Cut\n- 10min @ E\n- 5mi", "3:"), (b"lorem ipsum", "1:1: "), (b"", "1:1: "),
                           (b"Workout - X\n- 10min \xff\n", "2:"), ("Workout - X\n- 10min @ E\n".encode("utf-16"), "1:"),
                           (b"x" * (2 << 20), "1:1: ")):
        file.write_bytes(content)
        assert f"{file}:{place}" in world.pacectl("workouts", "add", file, status=65), content[:40]
    world.pacectl("workouts", "add", status=64)
    world.pacectl("workouts", "add", file, "--clipboard", status=64)
    world.pacectl("workouts", "add", world.directory / "nowhere.txt", status=65)
    world.pacectl("workouts", "frobnicate", status=64)
    world.pacectl("workouts", "search", status=64)
    assert not kept(world).exists()


# ── the clipboard ──


def tool(world, name, script):
    path = world.directory / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def the_clipboard_is_asked_of_whoever_has_it(world):
    world.start_paced("--voice=print")
    (world.directory / "copied").write_text(TEA)
    bins = world.directory / "bin"
    assert "neither WAYLAND_DISPLAY nor DISPLAY" in world.pacectl("workouts", "add", "--clipboard", status=65)
    bins.mkdir()
    world.env.update(PATH=str(bins), DISPLAY=":99")
    complaint = world.pacectl("workouts", "add", "--clipboard", status=65)
    assert "xclip (not installed), xsel (not installed)" in complaint and "wl-paste" not in complaint, complaint
    tool(world, "xclip", "exit 1")
    tool(world, "xsel", f'[ "$*" = "--output --clipboard" ] && exec /bin/cat {world.directory}/copied')
    assert "tea-break" in world.pacectl("workouts", "add", "--clipboard")
    world.env["WAYLAND_DISPLAY"] = "wayland-9"
    tool(world, "wl-paste", f"echo $* >{world.directory}/asked; echo 'Workout - From Wayland'; echo '- 10min @ E'")
    assert "from-wayland" in world.pacectl("workouts", "add", "--clipboard")
    tool(world, "wl-paste", "echo nothing of the kind")
    assert "clipboard:1:1: " in world.pacectl("workouts", "add", "--clipboard", status=65)
    tool(world, "wl-paste", "exec /usr/bin/yes")  # without end
    assert "1 MiB" in world.pacectl("workouts", "add", "--clipboard", status=65)


# ── the code ──

BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}  # dark: upper half, lower half


def photograph(drawn, file, scale=6):
    """What the terminal shows, as a grey picture: a column is a module wide, a line is two of them high."""
    rows = []
    for line in drawn.splitlines():
        colours = re.match(r"\x1b\[38;5;(\d+);48;5;(\d+)m", line)
        assert colours and line.endswith("\x1b[0m"), line[:40]
        ink = [{"16": 0, "231": 255}[number] for number in colours.groups()]
        cells = [BLOCKS[cell] for cell in line[colours.end():-len("\x1b[0m")]]
        for half in (0, 1):
            rows.append([ink[0] if cell[half] else ink[1] for cell in cells])
    assert len({len(row) for row in rows}) == 1
    pixels = b"".join(bytes(value for value in row for _ in range(scale)) * scale for row in rows)
    file.write_bytes(b"P5 %d %d 255\n" % (len(rows[0]) * scale, len(rows) * scale) + pixels)


def a_phone_reads_the_code(world):
    zbar = shutil.which("zbarimg")
    assert zbar, "Debian's zbar-tools is not installed"
    world.start_paced("--voice=print")
    picture = world.directory / "code.pgm"
    longest = "Workout - Long\n- " + "\n- ".join(f"{n}s @ 5'00''/km" for n in range(10, 59)) + "\n"
    world.pacectl("workouts", "add", "-", stdin=longest)
    for name, text in (*SHIPPED.items(), ("long", longest)):
        photograph(world.pacectl("workouts", "share", name, "--qr"), picture)
        read = subprocess.run([zbar, "--quiet", "--raw", "-Sbinary", picture], capture_output=True, check=True, timeout=60)
        assert read.stdout.decode() == text[text.index("Workout - "):], (name, read.stdout)


def a_code_that_cannot_be_shown_is_not(world):
    world.start_paced("--voice=print")
    huge = "Workout - Huge\n" + "".join(f"- {n}s @ 5'00''/km\n" for n in range(1, 201))
    world.pacectl("workouts", "add", "-", stdin=huge)
    complaint = world.pacectl("workouts", "share", "huge", "--qr", status=65)
    assert f"{len(huge.encode())} bytes" in complaint and "2953" in complaint, complaint

    def on_a_terminal(columns):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        run = subprocess.run([BUILD / "src/pacectl/pacectl", "workouts", "share", "demo", "--qr"], env=world.env,
                             stdout=follower, stderr=subprocess.PIPE, check=False)
        os.close(follower)
        os.close(leader)
        return run

    narrow = on_a_terminal(40)
    assert narrow.returncode == 1 and b"columns wide and the terminal 40" in narrow.stderr, narrow
    assert on_a_terminal(80).returncode == 0


def a_workout_of_any_format_is_kept_as_text(world):
    world.start_paced("--voice=print")
    file = world.directory / "Hill day.icu"
    file.write_text("Warmup\n- 10m Z1 HR\n\n5x\n- 1m Z5 HR\n- Jog 90s\n")
    assert "hill-day" in world.pacectl("workouts", "add", file)
    assert (kept(world) / "hill-day.txt").read_text() == (
        "Workout - Hill day\n\n  • 10min @ HR zone 1 \"Warmup\"\n  • 5 lots of:\n    • 1min @ HR zone 5\n"
        "    • 1min 30s jog\n")
    fit = world.directory / "a.fit"
    world.pacectl("convert", file, fit)
    world.pacectl("workouts", "add", fit, "--name", "of-a-watch")
    assert (kept(world) / "of-a-watch.txt").read_text() == (kept(world) / "hill-day.txt").read_text()


def a_workout_of_any_format_is_started(world):
    world.start_fake()
    paced = world.start_paced("--voice=print")
    file = world.directory / "Hill day.icu"
    file.write_text("- 10m 5:00/km Pace 90rpm\n- 5m Z2 Pace\n")
    run = subprocess.run([BUILD / "src/pacectl/pacectl", "start", file], env=world.env, capture_output=True, text=True,
                         timeout=PATIENCE, check=False)
    told = run.stderr.splitlines()
    assert run.returncode == 65 and told[0].startswith(f"{file}:1: 90rpm is kept"), run
    assert told[-1].startswith(f"{file} as text:4:") and "pacectl start --by-effort '" in told[-1], run
    assert "minutes planned" in world.pacectl("preflight", file)
    world.pacectl("start", "--by-effort", file)
    wait_until(lambda: paced.session() is not None, "a session")
    world.pacectl("stop")
    assert "No such file" in world.pacectl("start", "missing.zwo", status=65)


run_tests([a_workout_of_any_format_is_started, a_program_adds_finds_and_removes, check_and_the_library_say_one_length,
           a_length_is_the_runners_own, a_person_keeps_a_library,
           what_is_no_workout_is_refused_with_its_place, the_clipboard_is_asked_of_whoever_has_it,
           a_phone_reads_the_code, a_code_that_cannot_be_shown_is_not, a_workout_of_any_format_is_kept_as_text])
