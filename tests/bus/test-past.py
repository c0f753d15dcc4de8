#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Runs that are over: those of the daemon as they are exported, and those of others as they are imported. Speaks TAP."""
import csv
import datetime
import io
import json
import os
import pathlib
import random
import re
import sqlite3
import struct
import sys
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "pacectl")]
import fitfile  # noqa: E402
import journal  # noqa: E402
import tap  # noqa: E402
from browser import browse, check_drawn, check_readable, lacking  # noqa: E402
from fitfile import ENUM, S16, S32, S8, U16, U32, U8  # noqa: E402
from harness import BUILD, refused, run_tests, wait_until  # noqa: E402

OUT = HERE.parent.parent / "out"
AXE, KEPT = OUT / "npm/node_modules/axe-core", OUT / "report"
SHORT = "Workout - One / two\n\n• 3s @ 5'00''/km\n• 2s rest\n"
RECORD = fitfile.definition(0, 20, (253, *U32), (3, *U8), (4, *U8), (53, *U8), (73, *U32), (5, *U32), (7, *U16), (85, *U16))
EPOCH = 631065600  # FIT's, in s since 1970


def file(world, name, data):
    path = world.directory / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def rows(world, run):
    return list(csv.DictReader(io.StringIO(world.pacectl("export", run, "--format", "csv", "-o", "-"))))


def imported(world, path):
    return int(world.pacectl("import", path).split(": run ")[1].split(",")[0])


def a_run_of_the_daemon_can_be_exported(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.start_text(SHORT)
    paced.wait_signal("Finished")
    run, = world.history()
    table = rows(world, "last")
    assert 5 <= len(table) <= 7 and table == rows(world, run["run"])
    assert abs(float(table[-1]["distance_m"]) - run["distance"]) < 3.4 and float(table[-1]["hr_bpm"]) > 40
    assert {row["lap"] for row in table} == {"1", "2"} and table[0]["utc"].startswith("20")
    bundle, record = world.directory / "a.bundle", world.directory / "b"
    world.pacectl("export", "last", "--format", "bundle", "-o", bundle)
    world.pacectl("record", record, "--run", run["run"])
    said = world.pacectl("replay", bundle)
    assert "[completed" in said
    assert record.read_text().startswith(bundle.read_text()), "what the voice reports after the run may have come meanwhile"
    assert "Sim Strap" in world.pacectl("export", "last", "--format", "bundle", "--private", "-o", "-")
    words = [cue.arguments[0] for cue in paced.signals if cue.name == "Cue" and cue.arguments[1] != "countdown"]
    assert words and all(one in said for one in words), words


def what_is_not_there_is_told(world):
    world.start_paced("--voice=print")
    assert "no run has been kept yet" in world.pacectl("export", "last", status=65)
    assert "there is no run 7" in world.pacectl("export", "7", status=65)
    assert "No such file" in world.pacectl("export", "none.capture", status=65)
    assert world.pacectl("import", "none.fit", status=65)


# What a record of FIT has: fields. What a point of TCX has of it: elements, a raw one of FIT in its unit, and what FIT adds before.
ALL = {253: U32, 0: S32, 1: S32, 3: U8, 4: U8, 53: U8, 5: U32, 73: U32, 78: U32, 7: U16, 9: S16, 39: U16, 41: U16, 85: U16,
       13: S8, 40: U16, 83: U16, 84: U16}
LIMITS = {0: (-2**30, 2**30), 1: (-2**31, 2**31 - 1), 3: (40, 220), 73: (1500, 5000), 78: (2500, 9000), 7: (0, 600), 9: (-2000, 2000),
          39: (300, 1200), 41: (1500, 4000), 85: (7000, 15000), 13: (-30, 50), 40: (2000, 4500), 83: (500, 1500), 84: (4500, 5500)}
IN_TCX = {0: ("LatitudeDegrees", 180 / 2**31, 0), 1: ("LongitudeDegrees", 180 / 2**31, 0), 78: ("AltitudeMeters", 0.2, 500),
          5: ("DistanceMeters", 0.01, 0), 3: ("Value", 1, 0), 4: ("RunCadence", 1, 0), 73: ("Speed", 0.001, 0), 7: ("Watts", 1, 0)}
TIMER, LAP, BEATS, EVENT, RECORD_ALL = 0, 19, 78, 21, 20


class Past:
    """A run of somebody who never was, every value of every second another: seldom written, with laps and pauses anywhere."""

    def __init__(self, seed, seconds=500):
        dice = random.Random(seed)
        self.records, self.pauses, self.beats = [], [], []
        t = metres = 0
        while t < seconds:
            metres += dice.randrange(150, 500)
            record = {253: t, 5: metres, 4: None, 53: None} | {field: dice.choice([None, *range(low, high, max((high - low) // 100, 1))])
                                                               for field, (low, high) in LIMITS.items()}
            steps = dice.choice([None, *range(120, 254)])
            if steps is not None:
                record |= {4: steps // 2, 53: steps % 2 * 64}
            if record[0] is None or record[1] is None:
                record |= {0: None, 1: None}
            self.records.append((record, [dice.randrange(300, 900) for _ in range(dice.choice([0, 0, 1, 2, 3, 4, 5]))]))
            gap = dice.choice([1] * 12 + [2, 3, 7, 9, 10, 11, 40]) if seed % 2 else 1
            if dice.random() < 0.02:
                first = t + dice.randrange(20)
                self.pauses.append((first, first + dice.randrange(1, 60)))
                gap = self.pauses[-1][1] - t + dice.randrange(20)
            t += gap
        self.records[-1][0][253] = max(self.records[-1][0][253], *(until for _, until in self.pauses), 0) + 1
        self.beats = [beat for _, beats in self.records for beat in beats]
        end = self.records[-1][0][253]
        self.laps = sorted(dice.sample(range(1, end), 8))

    def fit(self):
        at = fitfile.SINCE
        beats = [(record[253], 0, b"\1" + struct.pack("<5H", *(given + 5 * [65535])[:5])) for record, given in self.records if given]
        data = [(record[253], 1, b"\0" + b"".join(
            struct.pack("<" + {1: "B", 2: "H", 4: "I"}[size], (value if value is not None else 2**(8 * size - (kind in (0x01, 0x83, 0x85))) - 1) % 2**(8 * size)
                        if field != 253 else at + value)
            for (field, (size, kind)), value in zip(ALL.items(), (record[field] for field in ALL)))) for record, _ in self.records]
        timer = [(instant, 2, b"\3" + struct.pack("<IBB", at + instant, TIMER, stops)) for pause in self.pauses for instant, stops in zip(pause, (4, 0))]
        laps = [(instant, 3, b"\2" + struct.pack("<I", at + instant)) for instant in self.laps]
        definitions = (fitfile.definition(0, RECORD_ALL, *((field, *kind) for field, kind in ALL.items())), fitfile.definition(1, BEATS, (0, 10, 0x84)),
                       fitfile.definition(2, LAP, (253, *U32)), fitfile.definition(3, EVENT, (253, *U32), (0, *ENUM), (1, *ENUM)))
        return fitfile.fit(*definitions, *(one for *_, one in sorted(beats + data + timer + laps, key=lambda one: one[:2])))

    def held(self, was_tcx):
        """Seconds that a record holds for though none was written; who does not know when a pause began holds on in it."""
        times = [record[253] for record, _ in self.records]
        ends = [min([b, *(first for first, _ in self.pauses if a <= first and not was_tcx)]) for a, b in zip(times, times[1:])]
        return {t for a, b in zip(times, ends) for t in range(a, min(b, a + 10) + 1)} | set(times)


def fit_has(data, past, was_tcx=False):
    found = fitfile.messages(data)
    start = min(fields[253] for number, fields in found if number == RECORD_ALL)
    records = {fields[253] - start: fields for number, fields in found if number == RECORD_ALL}
    for record, _ in past.records:
        kept = records[record[253]]
        for field, value in record.items():
            if field not in (253, 53, 4) and (not was_tcx or field in IN_TCX):
                assert kept.get(field) == value, (record, field, kept)
        steps, found_steps = ((one.get(4) is not None and 128 * one[4] + (one.get(53) or 0)) for one in (record, kept))
        assert abs(steps - found_steps) <= 64 * was_tcx
    held = past.held(was_tcx)
    spare = [t for t, record in records.items() if t not in held and any(record.get(field) is not None for field in LIMITS)]
    assert not spare, ("made up", spare)
    assert [fields[253] - start for number, fields in found if number == LAP][:-1] == past.laps
    if was_tcx:
        return
    assert [beat for number, fields in found if number == BEATS for beat in fields[0] if beat is not None] == past.beats
    timer = [(fields[253] - start, fields[1]) for number, fields in found if number == EVENT and fields[0] == TIMER][1:-1]
    assert timer == [one for a, b in past.pauses for one in ((a, 1), (b, 0))], (timer, past.pauses)
    assert not [t for t in records for a, b in past.pauses if a < t < b]


def tcx_has(text, past):
    points = {}
    for point in ElementTree.fromstring(text).findall(".//{*}Trackpoint"):
        when = datetime.datetime.fromisoformat(point.find("{*}Time").text.replace("Z", "+00:00"))
        points[int(when.timestamp()) - EPOCH - fitfile.SINCE] = point
    for record, _ in past.records:
        for field, (name, unit, zero) in IN_TCX.items():
            element = points[record[253]].find(".//{*}" + name)
            value = record[field]
            if field == 4 and value is not None:
                value += record[53] / 128
            assert (element is None) == (value is None), (record, name)
            assert value is None or abs((float(element.text) + zero) / unit - value) <= (0.51 if field == 4 else 0.02), (record, name, element.text)
    tracks = [[int(datetime.datetime.fromisoformat(point.text.replace("Z", "+00:00")).timestamp()) - EPOCH - fitfile.SINCE
               for point in track.findall(".//{*}Time")] for track in ElementTree.fromstring(text).findall(".//{*}Track")]
    gaps = [(one[-1], other[0]) for one, other in zip(tracks, tracks[1:])]
    for first, until in past.pauses:
        between_laps = until - first <= 10 and any(first <= lap <= until for lap in past.laps)  # which TCX says of each lap
        assert between_laps or any(a <= first and b >= until for a, b in gaps), ("a pause is lost", first, until, gaps)
    starts = [lap.get("StartTime") for lap in ElementTree.fromstring(text).findall(".//{*}Lap")][1:]
    assert [int(datetime.datetime.fromisoformat(one.replace("Z", "+00:00")).timestamp()) - EPOCH - fitfile.SINCE for one in starts] == past.laps


def import_and_export_keep_every_value(world):
    """Into FIT and back, into TCX and back, in a database of its own each: a run is imported once. What TCX cannot hold (beats,
    grade, how a foot strikes, the time of a pause) is not asked of what was one."""
    for seed in range(8):
        past = Past(seed)
        path = file(world, "0.fit", past.fit())
        for turn in range(3):
            paced = world.start_paced("--voice=print", f"--database={world.directory}/{seed}-{turn}.db")
            run = imported(world, path)
            fit, tcx = (world.directory / f"{seed}-{turn}.{kind}" for kind in ("fit", "tcx"))
            for to in (fit, tcx):
                world.pacectl("export", run, "--format", to.suffix[1:], "-o", to)
            fit_has(fit.read_bytes(), past, was_tcx=turn == 2)
            tcx_has(tcx.read_text(), past)
            path = (fit, tcx)[turn > 0]
            assert paced.end() == 0


def a_run_of_others_is_a_run(world):
    paced = world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "heart-rest=50", "heart-max=190")
    world.pacectl("athlete", "race", "5km=20:00")
    capture = file(world, "a.capture", journal.capture(900, began="2026-05-01T06:29:57Z", commands=[(200.5, "pause #2"), (230.5, "resume #3")]))
    for kind in ("fit", "tcx"):
        data = world.pacectl("export", capture, "--format", kind, "-o", world.directory / f"a.{kind}")
        assert data == ""
    number = imported(world, world.directory / "a.fit")
    run, = world.history()
    assert run["run"] == number and run["ended-by"] == "import" and run["workout"] == "3 x 400 / easy"
    assert run["started"] == 1777617000 * 10**6 and abs(run["duration"] - 767) <= 2 and run["trimp"] > 10 and run["rtss"] > 5, run
    laps = world.laps(number)
    assert len(laps) == run["laps"] > 5 and abs(sum(lap["duration"] for lap in laps) - run["duration"]) < 0.01
    assert abs(run["corrected-distance"] - sum(lap["distance"] for lap in laps)) < 30
    assert "kept already" in world.pacectl("import", world.directory / "a.tcx", status=65), "it is the same run"
    assert len(world.history()) == 1
    # A run of today comes before it, whichever was kept first; and it is not taken for one that was interrupted.
    paced.start_text(SHORT)
    assert "a workout is running" in world.pacectl("import", world.directory / "a.tcx", status=1)
    paced.wait_signal("Finished")
    assert paced.end() == 0
    world.start_paced("--voice=print")
    assert [one["ended-by"] for one in world.history()] == ["plan", "import"]
    with sqlite3.connect(world.database) as database:
        whose = {runner for runner, in database.execute("SELECT runner FROM runs")}
    database.close()
    assert len(whose) == 1 and "" not in whose, ("of the same runner", whose)
    older = journal.capture(60, began="2025-05-01T06:29:57Z", text="")
    world.pacectl("export", file(world, "b.capture", older), "--format", "tcx", "-o", world.directory / "b.tcx")
    imported(world, world.directory / "b.tcx")
    assert [one["ended-by"] for one in world.history()] == ["plan", "import", "import"]
    assert world.history()[-1]["started"] < world.history()[1]["started"]


def dashed(value):
    """As D-Bus says what JSON does: units only where the manual has them, and instants in µs."""
    if isinstance(value, list):
        return [dashed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {("at" if key == "t_s" else re.sub("_(s|m|mps|bpm|spm|w)$", "", key)).replace("_", "-"): dashed(one) for key, one in value.items()}


def check_details(world, run):
    """All that `pacectl show` says, in D-Bus's words."""
    details = world.call("org.paced1", "/org/paced1/history", "org.paced1.History", "Details", "(x)", run)[0]
    shown = dashed(world.pacectl_json("show", run))
    assert abs(details.pop("started") / 1e6 - shown.pop("started")) < 1
    # Its D-Bus client reads numbers from JSON as they are typed there.
    assert details == shown, (details, shown)
    # What the daemon counted when it took the run is another's work.
    kept, = (one for one in world.history() if one["run"] == run)
    laps = world.laps(run)
    metres = kept.get("corrected-distance", kept.get("distance"))
    assert abs(details["duration"] - kept["duration"]) < 0.01, (details, kept)
    assert details.get("distance") == metres is None or abs(details["distance"] - metres) < 2, (details, kept)
    assert [lap["kind"] for lap in details["laps"]] == [lap["kind"] for lap in laps]
    for one, other in zip(details["laps"], laps):
        assert abs(one["duration"] - other["duration"]) < 0.01 and one.keys() & {"heart-rate"} == other.keys() & {"heart-rate"}, (one, other)
        assert abs(one.get("heart-rate", 0) - other.get("heart-rate", 0)) < 0.01, (one, other)
    return details


def what_show_says_is_on_the_bus(world):
    world.env["PATH"] = f"{BUILD}/src/pacectl:{os.environ['PATH']}"
    world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "heart-rest=50", "heart-max=190")
    world.pacectl("athlete", "race", "5km=20:00")
    world.pacectl("athlete", "race", "1500m=5:20")
    for day in (3, 10):
        run = imported(world, intervals(world, f"{day}", f"2026-04-{day:02}"))
    details = check_details(world, run)
    assert [one["run"] for one in details["before"]] == [1] and len(details["laps"]) >= 2 and len(details["zones"]) >= 5
    assert {"heart-rate-end", "cadence", "step-length", "d-prime-balance", "distance", "start"} <= details["laps"][0].keys()
    ask = ("org.paced1", "/org/paced1/history", "org.paced1.History", "Details", "(x)")
    assert "there is no run 7" in refused("BadArgument", world.call, *ask, 7)
    damage_the_start(world, run)
    assert "is damaged" in refused("BadArgument", world.call, *ask, run)


def a_cut_run_can_be_gone_on_with_after_an_import(world):
    settings = world.directory / "config" / "paced"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "paced.conf").write_text("[run]\nresume=0\n")
    paced = world.start_paced("--voice=print")
    paced.start_text("Workout - Long\n\n• 20min @ 5'00''/km\n")
    paced.wait_ticks(2)
    paced.kill()
    paced = world.start_paced("--voice=print")
    past = Past(0)
    imported(world, file(world, "a.fit", past.fit()))
    assert paced.end() == 0
    paced = world.start_paced("--voice=print")
    world.pacectl("continue")
    paced.wait_ticks(2)
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")
    assert sorted(run["ended-by"] for run in world.history()) == ["import", "stop"]
    assert paced.end() == 0
    world.start_paced("--voice=print")
    assert len(rows(world, 2)) >= len(past.records) > 200, "of the import nothing is gone"


def a_run_stands_beside_the_last_of_its_kind(world):
    world.env["PATH"] = f"{BUILD}/src/pacectl:{os.environ['PATH']}"
    paced = world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "heart-rest=50", "heart-max=190")
    world.pacectl("athlete", "race", "5km=20:00")
    for day, quick in ((3, 3.9), (10, 4.0), (17, 4.1)):
        capture = journal.capture(760, began=f"2026-04-{day:02}T06:29:57Z",
                                  speed=lambda t, quick=quick: quick if 120 <= t < 600 and (t - 120) % 160 < 100 else 2.8)
        path = world.directory / f"{day}.fit"
        world.pacectl("export", file(world, f"{day}.capture", capture), "-o", path)
        imported(world, path)
    last = world.pacectl_json("show", "last")
    assert [one["run"] for one in last["before"]] == [2, 1] and last["run"] == 3
    assert [one["distance_m"] for one in last["before"]] == [run["corrected-distance"] for run in world.history()[1:]]
    text = world.pacectl("show", "last")
    assert "The same workout before" in text and "2026-04-10" in text and "2026-04-03" in text
    assert "The same workout before" in world.pacectl("report", "last")
    page = world.pacectl("report", "--all")
    for title in ("Critical speed", "Efficiency", "Cadence at one pace", "Load", "Distance"):
        assert f"<h2>{title}</h2>" in page, title
    assert page.count("<circle") == 5 * 3 and page.count("<svg") == 5 and "nan" not in page.lower()
    assert page.count("3 x 400 / easy") == 3
    world.pacectl("report", "--all", "-o", world.directory / "all.html")
    # What the daemon knows by itself.
    paced.start_text("Workout - Twice\n\n• 2 lots of:\n  • 3s run\n  • 1s rest\n")
    paced.wait_signal("Finished")
    ask = ("org.paced1", "/org/paced1/history", "org.paced1.History", "Summary", "(x)")
    summary = world.call(*ask, 4)[0]
    assert (summary["run"], summary["repetitions"], summary["ended-by"]) == (4, 2, "plan") and "off-target" not in summary
    assert {**summary, **world.history()[0]} == summary, "and all that List has"
    refused("BadArgument", world.call, *ask, 5)
    check_details(world, 4)


def intervals(world, name, day, time="06:29:57", text=journal.INTERVALS):
    """A run of that day as FIT, made of a capture."""
    capture = file(world, f"{name}.capture", journal.capture(200, began=f"{day}T{time}Z", text=text))
    world.pacectl("export", capture, "-o", world.directory / f"{name}.fit")
    return world.directory / f"{name}.fit"


def damage_the_start(world, run):
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE events SET record = x'00' WHERE seq = (SELECT first_seq FROM runs WHERE run = ?)", (run,))
    database.close()


def a_run_whose_start_is_damaged_is_left_out_with_a_word(world):
    world.start_paced("--voice=print")
    numbers = [imported(world, intervals(world, f"{day}", f"2026-04-{day:02}")) for day in (3, 10, 17)]
    damage_the_start(world, numbers[1])
    report = world.start_pacectl("report", "--all", "-o", world.directory / "all.html")
    assert report.wait() == 0
    for word in ("there is no run in it; the event that began it is damaged", "is left out of the report"):
        assert any(f"run {numbers[1]}" in line and word in line for line in report.text().splitlines()), report.text()
    page = (world.directory / "all.html").read_text()
    assert page.count("3 x 400 / easy") == 2 and "10 Apr" not in page and "17 Apr 26" in page
    assert "the event that began it is damaged" in world.pacectl("show", numbers[1], status=65)
    assert len(world.pacectl("history").splitlines()) == 3, "the index over the journal has it still"


def a_run_before_one_that_is_damaged_is_not_taken_for_it(world):
    paced = world.start_paced("--voice=print")
    for turn in (1, 2):
        paced.start_text(SHORT)
        wait_until(lambda count=turn: len(paced.named("Finished")) == count, "the end of the run")
    assert paced.end() == 0
    damage_the_start(world, 2)
    world.start_paced("--voice=print")
    assert "is damaged" in world.pacectl("show", "2", status=65)
    assert world.pacectl_json("show", "1")["run"] == 1


def days_are_those_of_the_clock_on_the_wall(world):
    world.start_paced("--voice=print")
    imported(world, intervals(world, "a", "2026-04-30", "23:30:00"))
    for zone, day in (("UTC", "30 Apr 26"), ("Asia/Tokyo", "1 May 26")):
        world.env["TZ"] = zone
        assert f"<td>{day}</td>" in world.pacectl("report", "--all"), zone


def all_runs_are_all_of_them(world):
    """More than a list has had, once."""
    world.start_paced("--voice=print")
    path = intervals(world, "a", "2026-04-30")
    first = imported(world, path)
    with sqlite3.connect(world.database) as database:
        database.execute("INSERT INTO sittings(sitting, boot, started, wall_offset, config, first_seq, pruned)"
                         " SELECT sitting + 1, boot, started, wall_offset - 9000000000, config, first_seq, 1 FROM sittings"
                         " WHERE sitting = (SELECT max(sitting) FROM sittings)")
        database.execute("INSERT INTO runs(sitting, first_seq, last_seq, name, started, ended_by)"
                         " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
                         " SELECT sitting + 1, first_seq, last_seq, 'x', started, 'import' FROM runs, n")
    database.close()
    assert len(world.pacectl("history", "--limit", 10000).splitlines()) == 1501
    shown = world.pacectl("history").splitlines()
    assert len(shown) == 21 and shown[20] == "There are older ones: pacectl history --limit 200", shown
    assert len(world.pacectl_json("history")) == 20
    assert world.pacectl_json("show", first)["run"] == first
    assert "--limit takes 1 to 10000" in world.pacectl("history", "--limit", 10001, status=64)


def what_was_imported_goes_by_what_was_so_then(world):
    world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "age=40")
    world.pacectl("athlete", "race", "5km=20:00", "--date", "2026-04-10")
    for name, day in (("a", "2026-04-03"), ("b", "2026-04-17"), ("c", "2016-04-17")):
        imported(world, intervals(world, name, day))
    told = [[json.loads(line) for line in world.pacectl("export", run, "--format", "json", "-o", "-").splitlines()] for run in (1, 2, 3)]
    says = [event["says"] for events in told for event in events if event["event"] == "athlete"]
    assert ["race" in one for one in says] == [False, True, False], "a race that was still to come"
    ages = [float(one.split("age ")[1].split()[0]) for one in says]
    assert 39 < ages[0] < ages[1] <= 40 and 29 < ages[2] < 30


def the_same_workout_is_the_same_text(world):
    paced = world.start_paced("--voice=print")
    for turn, text in enumerate((SHORT, SHORT.replace("2s rest", "1s rest"), SHORT), 1):
        paced.start_text(text)
        wait_until(lambda count=turn: len(paced.named("Finished")) == count, "the end of the run")
    assert [one["run"] for one in world.pacectl_json("show", "last")["before"]] == [1], "not what only has the same name"
    texts = [run["workout-text"] for run in world.history()]
    assert texts[0] == texts[2] != texts[1]


def the_page_of_all_runs_reads_well(world):
    if lacking(AXE):
        raise tap.Skip(f"there is no {lacking(AXE)}: ./run test installs it")
    world.start_paced("--voice=print")
    world.pacectl("athlete", "set", "heart-rest=50", "heart-max=190")
    world.pacectl("athlete", "race", "5km=20:00")
    for day, quick in ((3, 3.9), (10, 4.0), (17, 4.1), (24, 4.2)):
        capture = journal.capture(760, began=f"2026-04-{day:02}T06:29:57Z", text=journal.INTERVALS.replace("3 x 400", f"Day {day} & <3> x 400"),
                                  speed=lambda t, quick=quick: quick if 120 <= t < 600 and (t - 120) % 160 < 100 else 2.8)
        world.pacectl("export", file(world, f"{day}.capture", capture), "-o", world.directory / f"{day}.fit")
        imported(world, world.directory / f"{day}.fit")
    page = world.pacectl("report", "--all")
    for width in (390, 760):
        drawn = check_drawn(page, width)
        assert len(drawn) == 5 and all(one["points"] == 4 and one["texts"] >= 5 for one in drawn), drawn
    for dark in (False, True):
        check_readable(page, AXE, dark)
    KEPT.mkdir(parents=True, exist_ok=True)
    browse(page, kept=KEPT / "report-all.png")
    assert (KEPT / "report-all.png").stat().st_size > 50_000


def there_is_nothing_to_report_before_a_run(world):
    world.start_paced("--voice=print")
    assert "no run" in world.pacectl("report", "--all", status=65)
    assert "no run" in world.pacectl("show", "last", status=65)


def whatever_a_watch_writes_is_read(world):
    """Timestamps in five bits, which go round; fields of a developer's before, between and behind; the other order of bytes."""
    seconds = [*range(40), *range(60, 70)]
    plain = fitfile.definition(0, 20, (253, *U32), (3, *U8))
    short = fitfile.definition(1, 20, (3, *U8))
    own = b"\x62\0\0" + struct.pack("<HB", 20, 2) + struct.pack("6B", 253, *U32, 3, *U8) + b"\2" + struct.pack("6B", 0, 4, 0, 1, 3, 0)
    big = b"\x43\0\1" + struct.pack(">HB", 20, 2) + struct.pack("6B", 253, *U32, 3, *U8)
    stamp = fitfile.SINCE + 20  # the five bits run over soon
    heart = {t: 100 + t for t in seconds}
    ways = {
        "compressed": [plain, short] + [b"\0" + struct.pack("<IB", stamp, heart[0])] +
                      [bytes([0x80 | 1 << 5 | (stamp + t) & 31, heart[t]]) for t in seconds[1:40]] +
                      [b"\0" + struct.pack("<IB", stamp + t, heart[t]) for t in seconds[40:]],
        "developer": [own] + [b"\2" + struct.pack("<IB", stamp + t, heart[t]) + b"\x93\0\xff\1xyz" for t in seconds],
        "big-endian": [big] + [b"\3" + struct.pack(">IB", stamp + t, heart[t]) for t in seconds],
    }
    for name, messages in ways.items():
        paced = world.start_paced("--voice=print", f"--database={world.directory}/{name}.db")
        found = {int(row["t_s"]): row["hr_bpm"] for row in rows(world, imported(world, file(world, f"{name}.fit", fitfile.fit(*messages))))}
        assert all(float(found[t]) == heart[t] for t in seconds), (name, found)
        assert paced.end() == 0


def what_is_no_run_is_refused(world):
    world.start_paced("--voice=print")
    whole = Past(1).fit()
    cycling = fitfile.fit(whole[14:-2], fitfile.SESSION, struct.pack("BBB", 2, 2, 0))
    undated = fitfile.fit(RECORD, b"\0" + struct.pack("<IBBBIIHH", 1000, 140, 80, 0, 3000, 0, 200, 9000))
    ahead = fitfile.fit(RECORD, *(b"\0" + struct.pack("<IBBBIIHH", fitfile.SINCE + t, 140, 80, 0, 3000, 0, 200, 9000) for t in (0, 1, 2_000_000)))
    bare = fitfile.fit(fitfile.definition(1, 20, (3, *U8)), bytes([0x80 | 1 << 5 | 3, 140]))
    for data, expected in (
            (bare, "a timestamp that goes by an earlier one, and there is none"),
            (whole[:40] + bytes([whole[40] ^ 4]) + whole[41:], "the check sum is not that of the bytes before it: the file is damaged"),
            (whole[:-1] + b"\0", "damaged"), (whole[:-9], "the file ends before what its header says: it was cut"), (cycling, "another kind (sport 2)"),
            (undated, "date"), (fitfile.fit(), "no records"), (b"<a>", "XML"),
            (b'<?xml version="1.0"?><gpx><trk/></gpx>', "this is GPX: have the run written as FIT or TCX"),
            (b"PK\3\4a zip", "is an archive (ZIP): unpack it"), (b"<a/>", "Training Center"),
            (b"<Courses><Course><Track><Trackpoint/></Track></Course></Courses>", "this is a course"),
            (b'<Activity Sport="Biking"/>', "another kind"), (b"<Activity><Trackpoint/></Activity>", "no time"),
            (b"<Activity><Trackpoint><Time>now</Time></Trackpoint></Activity>", "no time")):
        assert expected in world.pacectl("import", file(world, "a", data), status=65), expected
    for data in (b"t_s,hr_bpm\n0,140\n", b"# paced capture 1\n", b"hello", b"PK", b""):
        assert "a: expected a FIT activity or Training Center's XML (TCX)" in world.pacectl("import", file(world, "a", data), status=65)
    assert world.history() == []
    ask = ("org.paced1", "/org/paced1/history", "org.paced1.History", "Import", "(aaya{sv})")
    from gi.repository import GLib
    date = {"started": GLib.Variant("x", 10**15)}
    refused("BadArgument", world.call, *ask, [], date)
    refused("BadArgument", world.call, *ask, [b"hello"], date)
    refused("BadArgument", world.call, *ask, [b"hello"], {})
    refused("BadArgument", world.call, *ask, [b"hello"], {**date, "colour": GLib.Variant("s", "red")})
    assert world.history() == []
    assert imported(world, file(world, "a", whole)) > 0, "and after all that it keeps one that is"


run_tests([test for name, test in list(globals().items()) if callable(test) and getattr(test, "__module__", "") == "__main__"
           and name not in ("file", "rows", "imported", "Past", "fit_has", "tcx_has", "intervals", "damage_the_start", "dashed", "check_details")])
