#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What `meson install` puts where, and that it works from there. It is staged with DESTDIR as packagers do, so what a
program finds by its compiled-in prefix is first looked for in its bytes, and then given to it. Usage: test-install.py MESON
PREFIX DATADIR (absolute).
"""
import os
import pathlib
import re
import subprocess
import sys

import harness

MESON, PREFIX, DATADIR = sys.argv[1:]
WORKOUTS = {path.stem for path in (harness.ROOT / "config/workouts").glob("*.txt")}
LANGUAGES = {path.name for path in (harness.ROOT / "config/phrases").glob("*.conf")}
EXPECTED = {
    *(f"{PREFIX}/bin/{name}" for name in ("paced", "pacectl", "paced-sim")),
    *(f"{DATADIR}/man/man1/{name}.1" for name in ("paced", "pacectl", "paced-sim")),
    f"{DATADIR}/man/man5/paced-workout.5",
    *(f"{DATADIR}/paced/{name}" for name in ("paced.conf", "quirks.conf")),
    *(f"{DATADIR}/paced/phrases/{name}" for name in LANGUAGES),
    *(f"{DATADIR}/paced/workouts/{name}.txt" for name in WORKOUTS),
    f"{DATADIR}/dbus-1/interfaces/org.paced1.xml",
    f"{DATADIR}/dbus-1/services/org.paced1.service",
    f"{PREFIX}/lib/systemd/user/paced.service",
    f"{PREFIX}/lib/systemd/system/bluetooth.service.d/paced.conf",
    f"{PREFIX}/lib/udev/rules.d/70-paced.rules",
    *(f"{DATADIR}/paced/hardware/{name}.dts" for name in ("paced-buttons", "paced-vibrator")),
}


class Stage:
    """An installation below a directory of the world."""

    def __init__(self, world):
        self.world, self.root = world, world.directory / "stage"
        subprocess.run([MESON, "install", "-C", harness.BUILD, "--no-rebuild", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": str(self.root)})

    def at(self, path):
        return pathlib.Path(f"{self.root}{path}")

    def run(self, program, *words):
        return subprocess.run([self.at(f"{PREFIX}/bin/{program}"), *words], env=self.world.env, capture_output=True,
                              text=True, timeout=harness.PATIENCE, check=True).stdout


def everything_lands_where_it_should_and_nothing_else(world):
    stage = Stage(world)
    found = {f"/{path.relative_to(stage.root)}" for path in stage.root.rglob("*") if path.is_file()}
    assert found == EXPECTED, (sorted(found - EXPECTED), sorted(EXPECTED - found))
    assert f"{DATADIR}/paced".encode() + b"\0" in stage.at(f"{PREFIX}/bin/paced").read_bytes()
    for service, key in ((f"{PREFIX}/lib/systemd/user/paced.service", "ExecStart"),
                         (f"{DATADIR}/dbus-1/services/org.paced1.service", "Exec")):
        program = re.search(rf"^{key}=(\S+)", stage.at(service).read_text(), re.M)[1]
        assert program == f"{PREFIX}/bin/paced", program
    for path in found:
        left = re.search(r"@[a-z]+dir@", stage.at(path).read_text(errors="replace"))
        assert path.startswith(f"{PREFIX}/bin/") or not left, (path, left)


def installed_programs_work(world):
    stage = Stage(world)
    versions = {stage.run(name, "--version").split()[1] for name in ("paced", "pacectl", "paced-sim")}
    assert len(versions) == 1, versions
    for name in WORKOUTS:
        stage.run("pacectl", "check", stage.at(f"{DATADIR}/paced/workouts/{name}.txt"))


def an_installed_daemon_has_its_settings_and_workouts(world):
    stage = Stage(world)
    del world.env["PACED_CONFIG_DIR"]
    daemon = harness.Process(world, "paced", stage.at(f"{PREFIX}/bin/paced"), "--voice=print",
                             f"--config-dir={stage.at(DATADIR)}/paced")
    harness.wait_until(lambda: world.owner("org.paced1") or not daemon.running(), "org.paced1")
    workouts = world.call("org.paced1", "/org/paced1/library", "org.paced1.Library", "List")[0]
    assert {workout["name"] for workout in workouts if "error" not in workout} == WORKOUTS, workouts
    assert daemon.end() == 0
    assert ".conf:" not in daemon.text(), daemon.text()


harness.run_tests([everything_lands_where_it_should_and_nothing_else, installed_programs_work,
                   an_installed_daemon_has_its_settings_and_workouts])
