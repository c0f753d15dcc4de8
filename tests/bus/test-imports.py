#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Files that hold more, or less, than a run: several activities, clocks that were wrong, places alone, no way at all. Speaks TAP."""
import csv
import datetime
import gzip
import io
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "pacectl")]
import fitfile  # noqa: E402
from fitfile import ENUM, U32, U8  # noqa: E402
from harness import BUILD, run_tests  # noqa: E402

SHORT = "Workout - One / two\n\n• 3s @ 5'00''/km\n• 2s rest\n"


def file(world, name, data):
    path = world.directory / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def rows(world, run):
    return list(csv.DictReader(io.StringIO(world.pacectl("export", run, "--format", "csv", "-o", "-"))))


def imported(world, path):
    return int(world.pacectl("import", path).split(": run ")[1].split(",")[0])


def point(day, t, place=None, **values):
    at = datetime.datetime.fromisoformat(f"{day}T06:30:00+00:00") + datetime.timedelta(seconds=t)
    where = f"<Position><LatitudeDegrees>{place[0]}</LatitudeDegrees><LongitudeDegrees>{place[1]}</LongitudeDegrees></Position>" if place else ""
    return (f"<Trackpoint><Time>{at:%Y-%m-%dT%H:%M:%SZ}</Time>{where}" +
            "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</Trackpoint>")


def laps(day, *spans, **more):
    return "".join(f'<Lap StartTime="{day}T06:{30 + a // 60}:{a % 60:02}Z"><Track>' +
                   "".join(point(day, t, DistanceMeters=3 * t, **more) for t in range(a, b)) + "</Track></Lap>" for a, b in spans)


def tcx(*activities):
    return "<TrainingCenterDatabase><Activities>" + "".join(activities) + "</Activities></TrainingCenterDatabase>"


def activity(text, sport="Running"):
    return f'<Activity Sport="{sport}">{text}</Activity>'


STEP = fitfile.definition(0, 20, (253, *U32), (3, *U8), (5, *U32))
SPORTS = fitfile.definition(2, 18, (253, *U32), (2, *U32), (5, *ENUM))


def steps(times, since=fitfile.SINCE):
    return [b"\0" + struct.pack("<IBI", since + t, 140, 300 * t) for t in times]


def sports(start, end, sport=1):
    return b"\2" + struct.pack("<IIB", fitfile.SINCE + end, fitfile.SINCE + start, sport)


def told(world, path, status=0):
    """All that an import says."""
    run = subprocess.run([str(BUILD / "src/pacectl/pacectl"), "import", str(path)], env=world.env, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    assert run.returncode == status, run
    return run.stdout


def each_activity_of_a_file_is_a_run_of_its_own(world):
    world.start_paced("--voice=print")
    three = file(world, "three.tcx", tcx(activity(laps("2026-04-17", (0, 60))), activity(laps("2026-04-10", (0, 90)), "Biking"),
                                         activity(laps("2026-04-03", (60, 120), (0, 60)))))
    said = told(world, three)
    assert "three.tcx: run 1, 2026-04-03" in said and "three.tcx: run 2, 2026-04-17" in said, said
    assert "2 runs: 2 kept, 0 known already, 0 refused" in said and "another kind (Biking)" in said, said
    assert [round(run["duration"]) for run in world.history()] == [59, 119]
    assert [round(lap["distance"]) for lap in world.laps(1)] == [180, 177], "laps that stand in any order are laps"
    again = told(world, three, status=65)
    assert again.count("kept already") == 2 and "0 kept, 2 known already" in again, again
    chain = fitfile.fit(STEP, *steps(range(60))) + fitfile.fit(STEP, *steps(range(64, 100))) + fitfile.fit(STEP, *steps(range(9000, 9030)))
    said = told(world, file(world, "chain.fit", chain))
    assert "2 runs: 2 kept" in said and [round(run["duration"]) for run in world.history()[-2:]] == [29, 99], said
    many = fitfile.fit(STEP, *steps(range(20000, 20060)), *steps(range(20060, 20160)), *steps(range(20160, 20200)), SPORTS,
                       sports(20000, 20060), sports(20060, 20160, 2), sports(20160, 20200)) + bytes(300)
    said = told(world, file(world, "many.fit", many))
    assert "2 runs: 2 kept" in said and "another kind (sport 2)" in said, said
    assert [round(run["duration"]) for run in world.history()[-4:-2]] == [39, 59], world.history()
    cut = tcx(activity(laps("2026-03-03", (0, 60))), activity(laps("2026-03-04", (0, 60))))
    said = told(world, file(world, "cut.tcx", cut[:-400]))
    assert "run 7, 2026-03-03" in said and "expected XML" in said, "what is whole is kept"


def what_cannot_be_is_left_out_and_said(world):
    world.start_paced("--voice=print")
    back = fitfile.fit(STEP, *steps(range(100)), *steps(range(70, 200)), *steps([5_000_000]))
    said = told(world, file(world, "back.fit", back))
    assert "left out 30 of its records" in said, said
    assert [int(row["t_s"]) for row in rows(world, 1)] == list(range(200))
    ahead = fitfile.fit(STEP, *steps(range(60), since=0xf0000000))
    assert "yet to come" in told(world, file(world, "ahead.fit", ahead), status=65)
    places = "<Lap><Track>" + "".join(point("2026-04-20", t, place=(52 + 3 * t / 111195, 13)) for t in range(101)) + "</Track></Lap>"
    said = told(world, file(world, "places.tcx", tcx(activity(places))))
    assert "the distance is that between its places" in said
    run = world.history()[0]
    assert abs(run["corrected-distance"] - 300) < 1 and abs(run["distance"] - 300) < 15, run


def a_way_that_nothing_measured_is_nowhere(world):
    """Of who runs with a strap alone."""
    only = fitfile.fit(fitfile.definition(0, 20, (253, *U32), (3, *U8)),
                       *(b"\0" + struct.pack("<IB", fitfile.SINCE + t, 140) for t in range(120)))
    paced = world.start_paced("--voice=print")
    run = imported(world, file(world, "a.fit", only))
    paced.start_text(SHORT)
    paced.wait_signal("Finished")
    assert "distance" not in paced.named("Finished")[0].arguments[0] and "distance" not in paced.named("Lap")[0].arguments[1]
    for one in (run, world.history()[0]["run"]):
        kept, = (kept for kept in world.history() if kept["run"] == one)
        assert "distance" not in kept and "corrected-distance" not in kept, kept
        assert all("distance" not in lap and "speed" not in lap for lap in world.laps(one))
        assert all(row["distance_m"] == row["speed_mps"] == "" for row in rows(world, one))
        assert "DistanceMeters" not in world.pacectl("export", one, "--format", "tcx", "-o", "-")
        world.pacectl("export", one, "-o", world.directory / f"{one}.fit")
        found = fitfile.messages((world.directory / f"{one}.fit").read_bytes())
        assert not [fields for number, fields in found if number in (18, 19) and fields.get(9) is not None]
        assert not [fields for number, fields in found if number == 20 and fields.get(5) is not None]
        shown = world.pacectl_json("show", one)
        assert "distance_m" not in shown and "distance_m" not in shown["laps"][0], shown
        assert " 0 m" not in world.pacectl("show", one) + world.pacectl("history") + world.pacectl("history", one)
        assert ">0 m<" not in world.pacectl("report", one)
    assert ">0 m<" not in world.pacectl("report", "--all")


def what_is_older_than_runs_are_kept_is_not_taken(world):
    settings = world.directory / "config" / "paced"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "paced.conf").write_text("[history]\nkeep=365\n")
    world.start_paced("--voice=print")
    old = file(world, "a.tcx", tcx(activity(laps("2021-04-17", (0, 60)))))
    assert "older than runs are kept" in told(world, old, status=65)
    assert world.history() == []


def a_bundle_of_an_import_says_what_it_is(world):
    world.start_paced("--voice=print")
    run = imported(world, file(world, "a.tcx", tcx(activity(laps("2026-04-17", (0, 60))))))
    world.pacectl("export", run, "--format", "bundle", "-o", world.directory / "a.bundle")
    assert world.pacectl_json("show", world.directory / "a.bundle")["ended_by"] == "import"


def the_laps_of_a_run_are_all_of_its_way(world):
    """And end where the watch said to the millisecond, though its clock counts seconds."""
    world.start_paced("--voice=print")
    lap = fitfile.definition(1, 19, (253, *U32), (2, *U32), (7, *U32))
    laps = [b"\1" + struct.pack("<III", fitfile.SINCE + end, fitfile.SINCE + start, took)
            for start, end, took in ((0, 30, 30400), (30, 66, 35500), (66, 119, 53100))]
    run = imported(world, file(world, "a.fit", fitfile.fit(STEP, *steps(range(120)), lap, *laps)))
    shown = world.pacectl_json("show", run)
    assert [round(one["distance_m"], 1) for one in shown["laps"]] == [91.2, 106.5, 159.3], shown["laps"]
    assert [round(one["duration_s"], 1) for one in shown["laps"]] == [30.4, 35.5, 53.1] and shown["distance_m"] == 357, shown
    assert [round(one["distance"], 1) for one in world.laps(run)] == [91.2, 106.5, 159.3], world.laps(run)
    assert [round(one["speed"], 2) for one in world.laps(run)] == [3, 3, 3], world.laps(run)
    seldom = "".join(f'<Lap StartTime="2026-04-17T06:30:{a}Z"><Track>' + "".join(point("2026-04-17", t, DistanceMeters=3 * t) for t in times) +
                     "</Track></Lap>" for a, times in (("00", (0, 6, 12)), ("14", (18, 24, 31))))
    run = imported(world, file(world, "seldom.tcx", tcx(activity(seldom))))
    assert [round(one["distance_m"]) for one in world.pacectl_json("show", run)["laps"]] == [42, 51], [(row["t_s"], row["distance_m"], row["lap"]) for row in rows(world, run)]


def lap_of(day, name="", **values):
    """A lap of a minute; a value may be a function of the second."""
    points = (point(day, t, **{name: value(t) if callable(value) else value for name, value in values.items()}) for t in range(61))
    return f'{name}<Lap StartTime="{day}T06:30:00Z"><Track>' + "".join(points) + "</Track></Lap>"


def what_is_no_number_costs_nothing_but_itself(world):
    world.start_paced("--voice=print")
    odd = lap_of("2026-04-01", DistanceMeters=lambda t: f"{3.3 * t:.1f}".replace(".", ","), Cadence=lambda t: "" if t % 2 else 80,
                 AltitudeMeters=lambda t: "NaN" if t in (5, 9) else 100)
    odd = odd.replace("</Track>", "<Trackpoint><Time>soon</Time></Trackpoint><Trackpoint><Time/></Trackpoint></Track>")
    said = told(world, file(world, "odd.tcx", tcx(activity(odd))))
    assert "left out what is no number in AltitudeMeters: “NaN”, and others" in said and "a point of the track has no time, nor have others" in said, said
    assert "run 1, 2026-04-01" in said and said.count("\n") == 3, said
    found = rows(world, 1)
    assert [row["altitude_m"] for row in found[4:7]] == ["100.0", "", "100.0"], found[4:7]
    assert abs(float(found[60]["distance_m"]) - 198) < 0.1, "a comma is a point elsewhere"
    junk = tcx(activity(lap_of("2026-04-02", DistanceMeters="1,234.5")))
    assert "no number in DistanceMeters: “1,234.5”" in told(world, file(world, "junk.tcx", junk))


def a_heart_that_does_not_beat_is_a_strap_that_is_lost(world):
    world.start_paced("--voice=print")
    lost = [b"\0" + struct.pack("<IBI", fitfile.SINCE + t, 0 if t > 80 else 150, 300 * t) for t in range(101)]
    run = imported(world, file(world, "lost.fit", fitfile.fit(STEP, *lost)))
    assert [row["hr_bpm"] for row in rows(world, run)[79:83]] == ["150.0", "150.0", "", ""], "and no heart of 0"
    assert world.pacectl_json("show", run)["laps"][0]["heart_rate_end_bpm"] == 150


def a_name_is_a_line(world):
    world.start_paced("--voice=print")
    notes = "<Notes>\n Felt good. \nRain &amp; wind " + "x" * 5000 + "</Notes>"
    imported(world, file(world, "a.tcx", tcx(activity(lap_of("2026-04-01", notes, DistanceMeters=lambda t: 3 * t)))))
    title = fitfile.definition(1, 26, (8, 250, 7))
    name = ("\x1b[31mRot\t" + "ü" * 150).encode()[:249]
    imported(world, file(world, "a.fit", fitfile.fit(title, b"\1" + name + bytes(250 - len(name)), STEP, *steps(range(60)))))
    names = [run["workout"] for run in world.history()]
    assert names[0] == "Felt good." and names[1].startswith("[31mRot ü") and names[1].isprintable(), names
    assert world.pacectl("history").count("\n") == 2


def what_is_compressed_is_read(world):
    """As archives of runs have it."""
    world.start_paced("--voice=print")
    data = gzip.compress(tcx(activity(lap_of("2026-04-01", DistanceMeters=lambda t: 3 * t))).encode())
    assert "a.tcx.gz: run 1, 2026-04-01" in told(world, file(world, "a.tcx.gz", data))
    assert "b.fit.gz: run 2" in told(world, file(world, "b.fit.gz", gzip.compress(fitfile.fit(STEP, *steps(range(60))))))
    for bad in (data[:-20], data[:40] + b"?" + data[41:], b"\x1f\x8b\x08"):
        assert "cannot be unpacked: it is damaged, or was cut" in world.pacectl("import", file(world, "bad.gz", bad), status=65)
    assert "cannot be unpacked: what is in it is too long" in world.pacectl("import", file(world, "big.gz", gzip.compress(bytes(70 << 20), 1)), status=65)


def a_run_counts_once_whoever_recorded_it(world):
    paced = world.start_paced("--voice=print")
    first = file(world, "a.fit", fitfile.fit(STEP, *steps(range(600))))
    assert "run 1," in told(world, first)
    for since, until in ((3, 605), (-200, 400), (200, 350), (-900, 900)):
        other = file(world, "b.fit", fitfile.fit(STEP, *steps(range(until - since), fitfile.SINCE + since)))
        said = told(world, other, status=65)
        assert "run 1, which is kept already, is of that time" in said, (since, until, said)
    for since, until in ((600, 700), (-300, 100), (590, 1200)):
        assert ": run " in told(world, file(world, "c.fit", fitfile.fit(STEP, *steps(range(until - since), fitfile.SINCE + since)))), (since, until)
        world.pacectl("history", "delete", world.history()[0 if since > 0 else -1]["run"])
    world.pacectl("history", "delete", 1)
    paced.start_text("Workout - One\n\n• 4s @ 5'00''/km\n")
    paced.wait_signal("Finished")
    ours, = world.history()
    start = ours["started"] // 10**6 - 631065600
    worn = file(world, "worn.fit", fitfile.fit(STEP, *steps(range(6), start - 1)))
    assert f"run {ours['run']}, which is kept already" in told(world, worn, status=65), "a watch was worn as well"


run_tests([each_activity_of_a_file_is_a_run_of_its_own, what_cannot_be_is_left_out_and_said, a_way_that_nothing_measured_is_nowhere,
           what_is_older_than_runs_are_kept_is_not_taken, a_bundle_of_an_import_says_what_it_is, the_laps_of_a_run_are_all_of_its_way,
           what_is_no_number_costs_nothing_but_itself, a_heart_that_does_not_beat_is_a_strap_that_is_lost, a_name_is_a_line, what_is_compressed_is_read,
           a_run_counts_once_whoever_recorded_it])
