#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Writes old-N.sql, N being the schema of the build in PACED_BUILD: a file as that daemon leaves it, with two sensors that it
adopted, a runner, a run of four laps, and one that a kill cut off. For the commit that is the last of its schema: what a
daemon wrote is what tests/store/test-old.c migrates, and is never written again."""
import pathlib
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bus"))
from harness import ROOT, World  # noqa: E402

OLD = "Workout - Old\n\n- 2 lots of:\n  - 4s @ 5'00''/km\n  - 2s rest\n"


def dump(path):
    with sqlite3.connect(path) as database:
        pragmas = {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")}
        lines = [f"PRAGMA {name} = {value};" for name, value in pragmas.items()] + list(database.iterdump())
    database.close()
    commit = subprocess.run(["git", "log", "-1", "--format=%h"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    head = ["-- SPDX-License-Identifier: GPL-3.0-or-later", "-- SPDX-FileCopyrightText: 2026 The paced authors",
            f"-- Written by the daemon of {commit.strip()}; see make.py."]
    (HERE / f"old-{pragmas['user_version']}.sql").write_text("\n".join(head + lines) + "\n")


def main():
    world = World()
    try:
        world.start_fake("--speed", "3.3")
        paced = world.start_paced("--voice=print")
        world.pacectl("athlete", "set", "sex=f", "age=40", "heart-rest=48", "heart-max=187", "threshold-pace=4:16/km")
        world.pacectl("athlete", "race", "5km=20:00", "--date", "2026-03-01")
        paced.wait_live("Sim Strap", "Sim Pod")
        paced.start_text(OLD)
        paced.wait_signal("Finished")
        paced.start_text("Workout - Cut\n\n• 20min @ 5'00''/km\n")
        paced.wait_ticks(4)
        world.history()  # answered when all before is written
        paced.kill()
        dump(world.database)
    finally:
        world.close()


main()
