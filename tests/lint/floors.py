#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Keeps the house in order: includes point down only, and the core asks the world for nothing.

Usage: floors.py SOURCE_ROOT CORE_ARCHIVE…. The undefined symbols of the core are held against a list of what it may
use, rather than of what it may not: a clock, a file or a log cannot slip in under a name nobody thought of.
"""
import pathlib
import re
import subprocess
import sys

# From the top down; rooms on one line do not know each other.
FLOORS = [
    ["paced", "pacectl", "sim"],
    ["hub"],
    ["bus"],
    ["radio", "audio", "hands", "store"],
    ["io"],
    ["record"],
    ["session"],
    ["coach"],
    ["workout"],
    ["estimate"],
    ["athlete"],
    ["codec"],
    ["base"],
]
CORE = {"record", "session", "coach", "workout", "estimate", "athlete", "codec", "base"}
# pacectl runs workouts in virtual time with the simulator's runner.
ALLOWED_SIDEWAYS = {("pacectl", "sim")}

# Text in memory, mathematics, and the one allocation of session_new().
CORE_SYMBOLS = re.compile(
    r"^(mem(cpy|set|move|cmp|chr|mem)|str(len|nlen|cmp|ncmp|chr|rchr|str|cpy|ncpy|spn|cspn|cat|ncat)|stpcpy"
    r"|v?snprintf|qsort|calloc|free"
    r"|l?l?(round|rint|ceil|floor|trunc)|fabs|fmin|fmax|sqrt|exp|log|log2|log10|pow|hypot|fmod|expm1|log1p|copysign"
    r"|nan|__isnan|__isinf|__isfinite|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
    r"|__(memcpy|memset|strcpy|snprintf|vsnprintf|strncpy|strcat)_chk"
    r"|__(asan|ubsan|sanitizer|gcov|llvm)_.*)$"
)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
SYSTEM_INCLUDE = re.compile(r"^\s*#\s*include\s+<([^>]+)>", re.M)
CORE_SYSTEM_INCLUDES = {
    "assert.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
    "stdlib.h", "string.h", "glib.h",
}


def room_of(path):
    return path.parts[0] if len(path.parts) > 1 else "paced"


def check_includes(source):
    level = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    problems = []
    for path in sorted(source.rglob("*.[ch]")):
        inside = path.relative_to(source)
        room = room_of(inside)
        text = path.read_text()
        if room not in level:
            problems.append(f"src/{inside}: room '{room}' is on no floor")
            continue
        for target in INCLUDE.findall(text):
            other = room_of(pathlib.PurePath(target))
            if "/" not in target or other == room or (room, other) in ALLOWED_SIDEWAYS:
                continue
            if other not in level:
                problems.append(f"src/{inside}: includes {target}, which is on no floor")
            elif level[other] <= level[room]:
                problems.append(f"src/{inside}: includes {target}, which is not below it")
        if room in CORE:
            for target in SYSTEM_INCLUDE.findall(text):
                if target not in CORE_SYSTEM_INCLUDES:
                    problems.append(f"src/{inside}: the core may not include <{target}>")
    return problems


def check_symbols(archives):
    listing = subprocess.run(["nm", "-A", *archives], capture_output=True, text=True, check=True).stdout
    defined, wanted = set(), {}
    for line in listing.splitlines():
        where, _, rest = line.rpartition(":")
        fields = rest.split()
        if not fields:  # between two archives
            continue
        if fields[-2] in "UwW" and len(fields) == 2:
            wanted.setdefault(fields[-1], where.rsplit(":", 1)[-1])
        else:
            defined.add(fields[-1])
    return [
        f"core: {where} needs {symbol}, which the core may not use"
        for symbol, where in sorted(wanted.items())
        if symbol not in defined and not CORE_SYMBOLS.match(symbol)
    ]


def main():
    root, archives = pathlib.Path(sys.argv[1]), sys.argv[2:]
    problems = check_includes(root / "src") + check_symbols(archives)
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


main()
