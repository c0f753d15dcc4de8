#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Holds the README to the truth where a machine can: its transcript is a golden one, its verbs and commands exist, the
files it names are there, and its workout reads. Usage: readme.py SOURCE_ROOT PACECTL.
"""
import pathlib
import re
import subprocess
import sys

ROOT, PACECTL = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
TEXT = (ROOT / "README.md").read_text()


def problems():
    said = {line for golden in (ROOT / "tests/scenarios").glob("*.golden") for line in golden.read_text().splitlines()}
    transcript = re.findall(r"^    (\d:\d\d:\d\d\.\d  .*)$", TEXT, re.M)
    if not transcript:
        yield "there is no transcript"
    for line in transcript:
        if line not in said:
            yield f"the transcript's line '{line}' is in no golden transcript"
    usage = subprocess.run([PACECTL, "--help"], capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^  (\w+)\b", usage, re.M))
    for verb in re.findall(r"pacectl (\w+)", TEXT):
        if verb not in verbs and verb != "is":
            yield f"pacectl has no verb '{verb}'"
    commands = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=True).stdout
    for command in re.findall(r"\./run (\w+)", TEXT):
        if not re.search(rf"^\./run {command}\b", commands, re.M):
            yield f"./run has no command '{command}'"
    for path in re.findall(r"`((?:config|dbus|src|tests|systemd)/[\w./-]+|[A-Z]+\.md)`", TEXT):
        if not (ROOT / path).exists():
            yield f"{path} does not exist"
    workout = re.search(r"^    Workout - .*\n(?:    .*\n)+", TEXT, re.M)
    check = subprocess.run([PACECTL, "check", "-"], input=re.sub(r"^    ", "", workout[0], flags=re.M), text=True,
                           capture_output=True, check=False)
    if check.returncode != 0:
        yield f"its workout cannot be read: {check.stderr}"


def main():
    found = list(problems())
    print("\n".join(f"README.md: {problem}" for problem in found))
    sys.exit(1 if found else 0)


main()
