#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Runs a command and holds what it prints against a golden transcript. Usage: golden.py GOLDEN COMMAND ARG...

With PACED_BLESS=1 in the environment the transcript is written instead: read the difference in git before you
commit it, aloud.
"""
import difflib
import os
import pathlib
import subprocess
import sys


def main():
    golden, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    # No daemon and no settings of whoever tests: simulate would run for the athlete, and speak as they say.
    env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS="disabled:", XDG_CONFIG_HOME="/nonexistent")
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=env)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {run.returncode}")
    if os.environ.get("PACED_BLESS"):
        golden.write_text(run.stdout)
        return
    expected = golden.read_text() if golden.exists() else ""
    if not run.stdout.strip():
        sys.exit("nothing was printed")
    difference = list(difflib.unified_diff(expected.splitlines(), run.stdout.splitlines(), str(golden), "now", lineterm=""))
    print("\n".join(difference))
    sys.exit(1 if difference else 0)


main()
