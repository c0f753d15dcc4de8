#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The examples of the D-Bus reference manual, typed in as they stand there, in its order, against the real daemon: each
must print what the manual says it prints ("…" stands for anything).
"""
import re
import subprocess
import sys

import harness

sys.path.insert(0, str(harness.ROOT / "dbus"))
import reference  # noqa: E402

NODE, _ = reference.load()


def examples(name):
    """(command, what it prints) of an interface."""
    example = next(i.comment.example for i in NODE.of("interface") if i.name == f"org.paced1.{name}")
    for block in re.split(r"^\$ ", example, flags=re.M)[1:]:
        command, _, printed = block.partition("\n")
        yield command, printed


def looks_like(printed, expected):
    pattern = "".join(".*" if part == "…" else re.escape(part) for part in re.split("(…)", expected.strip()))
    lines = "\n".join(line.strip() for line in printed.strip().splitlines())
    return re.fullmatch(pattern, lines, re.S)


def try_examples(world, name):
    for command, expected in examples(name):
        run = subprocess.run(command, shell=True, env=world.env, capture_output=True, text=True,
                             timeout=harness.PATIENCE, check=False)
        assert looks_like(run.stdout + run.stderr, expected), (command, run.stdout + run.stderr, expected)


def the_examples_of_the_manual_are_true(world):
    world.start_fake("--sensor=strap")
    paced = world.start_paced("--voice=print")
    harness.wait_until(lambda: paced.hub()["RadioState"] == "ready", "the radio")
    try_examples(world, "Hub")
    paced.wait_live("my strap")
    harness.wait_until(lambda: paced.get("org.paced1.Runner")["Estimates"].get("heart-rate"), "a heart rate")
    for name in ("Sensor", "Runner", "Athlete", "Session"):
        try_examples(world, name)
    paced.wait_signal("Finished")
    for name in ("Library", "History"):
        try_examples(world, name)


harness.run_tests([the_examples_of_the_manual_are_true])
