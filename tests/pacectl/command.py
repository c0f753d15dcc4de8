# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The pacectl under test, sys.argv[1], as a script would call it."""
import os
import subprocess
import sys

PACECTL = sys.argv[1]


def pacectl(*words, stdin="", status=0):
    """What it prints; with another status, the one line that it complains in."""
    run = subprocess.run([PACECTL, *map(str, words)], input=stdin.encode() if isinstance(stdin, str) else stdin,
                         capture_output=True, timeout=60, check=False,
                         env=dict(os.environ, DBUS_SESSION_BUS_ADDRESS="disabled:"))
    assert run.returncode == status, (words, run.returncode, run.stderr)
    if status != 0:
        assert len(run.stderr.decode().strip().splitlines()) == 1, run.stderr
    return run.stdout.decode() if status == 0 else run.stderr.decode()
