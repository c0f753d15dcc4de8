#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The man pages are well-formed and say what the programs are: every verb, option, setting, kind of misbehaviour, doubt
about a workout and exit code is in its page, no page has an option that its program has not, and each workout that stands
in a page can be run. Usage: man.py SOURCE_ROOT MANDOC PACECTL PACED PACED-SIM.
"""
import pathlib
import re
import subprocess
import sys

ROOT, MANDOC, PACECTL, PACED, SIM = pathlib.Path(sys.argv[1]), *sys.argv[2:]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
EVERYWHERE = {"--help", "--version"}


def output(*command, stdin=None):
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)


def source(path):
    return (ROOT / path).read_text()


def rendered(page):
    """As on a terminal that is wide enough for no word to be broken."""
    text = output(MANDOC, "-T", "utf8", "-O", "width=300", page).stdout
    return re.sub(".\b", "", text)


def section(text, title):
    return re.search(rf"^{title}$\n((?:[ \t].*\n|\n)*)", text, re.M)[1]


def has_word(text, word):
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)


def check_page(page, words, options, codes):
    """Yields what the page lacks of the words, and what it and the program disagree on in options and exit codes."""
    for line in output(MANDOC, "-T", "lint", "-W", "warning", page).stdout.splitlines():
        yield line.removeprefix("mandoc: ")
    text = rendered(page)
    for word in words:
        if not has_word(text, word):
            yield f"{page}: {word} is not in it"
    known = section(text, "SYNOPSIS") + section(text, "DESCRIPTION")
    for option in sorted(options - set(OPTION.findall(known))):
        yield f"{page}: the option {option} is not in it"
    for option in sorted(set(OPTION.findall(known)) - options - EVERYWHERE):
        yield f"{page}: there is no option {option}"
    said = re.findall(r"^ +(\d+) ", section(text, "EXIT STATUS"), re.M)
    if sorted(said) != sorted(codes):
        yield f"{page}: the exit codes are {' '.join(codes)}, not {' '.join(said)}"


def pacectl_problems():
    page = ROOT / "src/pacectl/pacectl.1"
    usage = output(PACECTL, "--help").stdout
    verbs = dict(re.findall(r'\{"([a-z -]+)",\s*"((?:[^"]|"\s+")*)"', source("src/pacectl/main.c")))
    words = set(verbs) | {word for arguments in verbs.values() for word in re.findall(r"(?<![\w-])[a-z0-9]+(?![\w-])", arguments)}
    codes = re.findall(r'^//   ([a-z-]+(?:, [a-z-]+)*)\b', source("src/workout/text.h").partition("The codes:")[2], re.M)
    words |= {code for line in codes for code in line.split(", ")}
    exits = re.findall(r"EXIT_\w+ = (\d+)", source("src/pacectl/pacectl.h"))
    described = section(rendered(page), "DESCRIPTION")
    for verb in verbs:
        if not re.search(rf"^     {verb}(?= |$)", described, re.M):
            yield f"{page}: the verb {verb} is not described"
    yield from check_page(page, sorted(words), set(OPTION.findall(usage)) - EVERYWHERE, exits)
    yield from workout_problems(page)


def workout_problems(page):
    text = rendered(page)
    workout = re.search(r"^ *Workout - .*\n\n(?: *•.*\n)+", text, re.M)[0]
    for verb in ("check", "simulate"):
        run = output(PACECTL, verb, "-", stdin=workout)
        if run.returncode != 0 or "warning:" in run.stdout:
            yield f"{page}: its workout: {run.stderr}{run.stdout}"


def language_problems():
    """Each list in the page of the language, under a title of its own where it has none, is one that raises no doubt."""
    page = ROOT / "src/pacectl/paced-workout.5"
    yield from (line.removeprefix("mandoc: ") for line in output(MANDOC, "-T", "lint", "-W", "warning", page).stdout.splitlines())
    lists = re.findall(r"^ +Workout - .*\n\n?(?: *[•-] .*\n)+|^(?: *[•-] .*\n)+", rendered(page), re.M)
    if len(lists) < 20:
        yield f"{page}: only {len(lists)} examples were found"
    for example in lists:
        text = example if "Workout - " in example else f"Workout - Example\n\n{example}"
        run = output(PACECTL, "check", "--by-effort", "-", stdin=text)
        if run.returncode != 0 or "warning:" in run.stdout:
            yield f"{page}: an example: {example}{run.stderr}{run.stdout}"


def paced_problems():
    settings = re.findall(r"^\[?([a-z]+)(?:=|\]$)", source("config/paced.conf"), re.M)
    exits = {"EXIT_SUCCESS": "0", "EXIT_FAILURE": "1", "EX_USAGE": "64", "EX_UNAVAILABLE": "69"}
    used = [code for name, code in exits.items() if name in source("src/paced.c")]
    options = set(OPTION.findall(output(PACED, "--help").stdout)) - EVERYWHERE
    yield from check_page(ROOT / "src/paced.1", settings, options, used)


def sim_problems():
    kinds = re.findall(r'\[MISBEHAVE_\w+\] = "([a-z-]+)"', source("src/sim/wear.c"))
    verbs = re.findall(r"paced-sim ([a-z]+)", output(SIM, "--help").stdout)
    options = set().union(*(OPTION.findall(output(SIM, verb, "--help").stdout) for verb in verbs)) - EVERYWHERE
    exits = ["0", "1", *re.findall(r"#define EXIT_\w+ +(\d+)", source("src/sim/scene.c"))]
    yield from check_page(ROOT / "src/sim/paced-sim.1", [*verbs, *kinds], options, exits)


def main():
    problems = [*pacectl_problems(), *language_problems(), *paced_problems(), *sim_problems()]
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


main()
