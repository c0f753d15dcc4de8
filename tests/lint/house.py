#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""House rules that a reviewer should not have to think of: licence lines, sizes, unfinished business, sleeping tests,
stray timers. Usage: house.py SOURCE_ROOT.
"""
import pathlib
import re
import sys

FILE_LINES = 600
FUNCTION_LINES = 80
LICENSED = {".c", ".h", ".py", ".sh", ".build", ".xml", ".conf", ".service", ".in", ".def", ".1"}
LICENSED_NAMES = {"run", "meson.build", "meson_options.txt"}
SKIPPED = {".git", "__pycache__"}

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|not implemented", re.I)
SLEEP = re.compile(r"\b(u?sleep|g_usleep|nanosleep|time\.sleep)\s*\(")
TIMER = re.compile(r"\b(g_timeout_add\w*|g_get_monotonic_time|g_get_real_time|clock_gettime|gettimeofday)\s*\(")
FUNCTION_START = re.compile(r"^[A-Za-z_].*[^;]$")


def files(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(p in SKIPPED or p.startswith("build") or p == "out" for p in parts[:1] + parts[-2:-1]):
            yield path


def long_functions(text):
    lines = text.splitlines()
    start = name = None
    for number, line in enumerate(lines, 1):
        if line == "{" and number > 1:
            start, name = number, lines[number - 2].strip()
        elif line == "}" and start:
            if number - start - 1 > FUNCTION_LINES:
                yield start, name, number - start - 1
            start = None


def check(root):
    for path in files(root):
        inside = path.relative_to(root)
        is_source = inside.parts[0] in {"src", "tests"} and path.suffix in {".c", ".h", ".py", ".sh"}
        if not (path.suffix in LICENSED or path.name in LICENSED_NAMES or is_source):
            continue
        text = path.read_text(errors="replace")
        lines = text.splitlines()
        head = "\n".join(lines[:8])
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in head or "SPDX-FileCopyrightText:" not in head:
            yield f"{inside}: the two SPDX lines are missing from its head"
        if not is_source:
            continue
        if len(lines) > FILE_LINES:
            yield f"{inside}: {len(lines)} lines, more than {FILE_LINES}: it has two purposes"
        if inside.name != "house.py":
            for number, line in enumerate(lines, 1):
                if UNFINISHED.search(line):
                    yield f"{inside}:{number}: unfinished business"
                if inside.parts[0] == "tests" and SLEEP.search(line):
                    yield f"{inside}:{number}: a test sleeps; wait for an event"
                if inside.parts[0] == "src" and inside.parts[1] not in {"io", "sim"} and TIMER.search(line):
                    yield f"{inside}:{number}: only io/clock.h asks for the time or sets a timer"
        if path.suffix == ".c":
            for number, name, count in long_functions(text):
                yield f"{inside}:{number}: {name} has {count} lines, more than {FUNCTION_LINES}"


def main():
    problems = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


main()
