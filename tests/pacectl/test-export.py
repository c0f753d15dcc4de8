#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A run in the formats of others: `pacectl export`, judged by the decoder of those who made FIT, by gpsbabel, and by one
another. Usage: test-export.py PACECTL PACKAGE, the npm package @garmin/fitsdk."""
import csv
import datetime
import io
import json
import math
import os
import pathlib
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import fitfile  # noqa: E402
import journal  # noqa: E402
import tap  # noqa: E402
from command import PACECTL, pacectl  # noqa: E402

PACKAGE = pathlib.Path(sys.argv[2])
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
TPX = "{http://www.garmin.com/xmlschemas/ActivityExtension/v2}"
BEGAN = "2026-05-01T06:29:57Z"  # the sitting; the run is three seconds younger
RUN = journal.capture(760, began=BEGAN, commands=[(300.5, "pause #2"), (330.5, "resume #3")],
                      athlete="male age 35 heart-rest 50 heart-max 190 race 5000 1200")


def decode(data):
    if shutil.which("node") is None or not (PACKAGE / "package.json").exists():
        raise tap.Skip(f"there is no {PACKAGE}: npm install @garmin/fitsdk")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.fit"
        file.write_bytes(data)
        run = subprocess.run(["node", HERE / "decode.mjs", PACKAGE, file], capture_output=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    found, = json.loads(run.stdout)
    assert found["is_fit"] and found["integrity"] and found["errors"] == [], found
    return found["messages"]


def export(capture, kind, *words, env=None):
    run = subprocess.run([PACECTL, "export", "-", "--format", kind, "-o", "-", *words], input=capture.encode(), timeout=120,
                         capture_output=True, check=False, env=dict(os.environ, DBUS_SESSION_BUS_ADDRESS="disabled:", **(env or {})))
    assert run.returncode == 0, run.stderr
    return run.stdout


def fit(capture, **named):
    return decode(export(capture, "fit", **named))


def rows(capture, **named):
    return list(csv.DictReader(io.StringIO(export(capture, "csv", **named).decode())))


def points(capture, **named):
    return ElementTree.fromstring(export(capture, "tcx", **named)).iter(TCX + "Trackpoint")


def near(one, other, by):
    """Of a number as text, or ""; of another, or None."""
    if one == "" or other is None:
        assert one == "" and other is None, (one, other)
        return
    assert abs(float(one) - other) <= by, (one, other)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00").replace(".000", ""))


# ── FIT ──

OWN = {"speed_confidence": 0.001, "hr_confidence": 0.001, "effort": 0.01, "d_prime_balance_m": 0.1}  # as a table has them


def the_official_decoder_finds_what_we_wrote():
    found, table = fit(RUN), [row for row in rows(RUN) if row["state"] == "running"]
    assert len(found["recordMesgs"]) == len(table) > 700
    for record, row in zip(found["recordMesgs"], table):
        assert instant(record["timestamp"]) == instant(row["utc"])
        near(row["distance_m"], record.get("distance"), 0.006)
        near(row["speed_mps"], record.get("enhancedSpeed"), 0.0011)
        near(row["hr_bpm"], record.get("heartRate"), 0.51)
        steps = 2 * (record["cadence"] + record["fractionalCadence"]) if "cadence" in record else None
        near(row["cadence_spm"], steps, 0.06)
        near(row["step_length_m"], record["stepLength"] / 1000 if "stepLength" in record else None, 0.0006)
        own = record.get("developerFields", {})
        for number, (name, last_digit) in enumerate(OWN.items()):
            near(row[name], own.get(str(number)), 0.51 * last_digit)
    names = [field["fieldName"] for field in found["fieldDescriptionMesgs"]]
    assert names == ["speed_confidence", "heart_confidence", "effort", "d_prime_balance"]
    assert any(record.get("developerFields", {}).get("2") for record in found["recordMesgs"]), "an effort"


def every_beat_is_there_once_and_in_order():
    beats = [round(1000 * beat) for message in fit(RUN)["hrvMesgs"] for beat in message["time"] if beat is not None]
    sent = [int(beat) for row in rows(RUN) for beat in row["rr_ms"].split()]
    assert beats == sent and len(sent) > 1000


def a_lap_is_a_step_of_the_workout():
    found = fit(RUN)
    laps, steps = found["lapMesgs"], found["workoutStepMesgs"]
    assert [lap["intensity"] for lap in laps] == ["warmup"] + 3 * ["active", "rest"] + ["cooldown"]
    assert [lap["wktStepIndex"] for lap in laps] == [0] + 3 * [1, 2] + [4]
    assert steps[3]["durationType"] == "repeatUntilStepsCmplt" and steps[1]["durationDistance"] == 400
    assert [lap["lapTrigger"] for lap in laps][:3] == ["time", "distance", "time"]
    for lap, after in zip(laps, laps[1:]):
        assert after["startTime"] == lap["timestamp"] and lap["messageIndex"] + 1 == after["messageIndex"]
    session, = found["sessionMesgs"]
    for name in ("totalDistance", "totalTimerTime", "totalElapsedTime"):
        assert abs(sum(lap[name] for lap in laps) - session[name]) < 0.1, name
    assert session["numLaps"] == len(laps) and session["sport"] == "running"
    assert abs(session["totalElapsedTime"] - session["totalTimerTime"] - 30) < 0.01, "the pause"
    assert abs(laps[1]["totalDistance"] - 400) < 0.01 and 170 < 2 * laps[1]["avgCadence"] < 190


def a_pause_is_told_and_has_no_records():
    found = fit(RUN)
    start = instant(found["eventMesgs"][0]["timestamp"])
    told = [((instant(event["timestamp"]) - start).seconds, event["eventType"]) for event in found["eventMesgs"]]
    assert told == [(0, "start"), (300, "stop"), (331, "start"), (760, "stopAll")], "from the last record to the first"
    seconds = [(instant(record["timestamp"]) - start).seconds for record in found["recordMesgs"]]
    assert seconds == [*range(301), *range(331, 761)]


def sensors_are_named_with_their_batteries():
    first, strap, foot = fit(RUN)["deviceInfoMesgs"]
    assert first["deviceIndex"] == "creator" and first["productName"] == "paced"
    assert (strap["productName"], strap["batteryLevel"], strap["batteryStatus"]) == ("Strap One", 85, "good"), strap
    assert (foot["productName"], foot["batteryLevel"], foot["batteryStatus"]) == ("Pod", 12, "critical"), foot
    assert strap["sourceType"] == "bluetoothLowEnergy"


def the_local_time_is_that_of_the_run_s_end():
    """The clocks went from 3:00 back to 2:00 on 2026-10-25 in Berlin, at 1:00 UTC; this run was across it."""
    run = journal.capture(600, began="2026-10-25T00:54:57Z", text="")
    found = fit(run, env={"TZ": "Europe/Berlin"})
    activity, = found["activityMesgs"]
    assert activity["timestamp"].startswith("2026-10-25T01:05:00")
    zone = datetime.timezone.utc
    local = datetime.datetime(1989, 12, 31, tzinfo=zone) + datetime.timedelta(seconds=activity["localTimestamp"])
    assert local == datetime.datetime(2026, 10, 25, 2, 5, tzinfo=zone), local
    times = [instant(record["timestamp"]) for record in found["recordMesgs"]]
    assert {(b - a).seconds for a, b in zip(times, times[1:])} == {1}


def a_clock_that_was_never_set_gives_no_date():
    found = fit(journal.capture(20))
    start = datetime.timedelta(seconds=journal.ORIGIN + 3)
    assert instant(found["fileIdMesgs"][0]["timeCreated"]) == datetime.datetime(1989, 12, 31, tzinfo=datetime.timezone.utc) + start
    assert "localTimestamp" not in found["activityMesgs"][0] and len(found["recordMesgs"]) == 21
    assert {row["utc"] for row in rows(journal.capture(20))} == {""}
    assert next(points(journal.capture(20))).find(TCX + "Time").text == "1970-01-01T00:00:00Z"
    assert "clock was not set" in export(journal.capture(20), "tcx").decode()


# ── runs of all sorts ──


def a_run_without_a_packet_is_a_run():
    run = journal.capture(30, sensors=False, text="", began=BEGAN)
    found = fit(run)
    assert len(found["recordMesgs"]) == 31 and len(found["lapMesgs"]) == 1
    assert all(record.keys() == {"timestamp"} for record in found["recordMesgs"]), "0 m is not what nobody measured"
    assert "totalDistance" not in found["lapMesgs"][0] and "totalDistance" not in found["sessionMesgs"][0]
    assert "hrvMesgs" not in found and len(found["deviceInfoMesgs"]) == 1
    assert len(list(points(run))) == 31


def a_run_of_one_packet_is_a_run():
    run = journal.capture(30, sensors=False, text="", began=BEGAN, commands=[(10.2, journal.heart(140, 430))])
    rates = [record.get("heartRate") for record in fit(run)["recordMesgs"]]
    assert rates[:11] == 11 * [None] and rates[11] == 140 and rates[20:] == 11 * [None], rates
    assert [row["rr_ms"] for row in rows(run)].count("430") == 1


def a_run_of_no_second_is_a_run():
    run = journal.capture(0.2, text="", began=BEGAN)
    assert len(fit(run)["recordMesgs"]) == 1 and len(rows(run)) == 1


def a_run_of_a_day_is_a_run():
    run = journal.capture(24 * 3600, text="", began=BEGAN)
    found = fit(run)
    assert len(found["recordMesgs"]) == 24 * 3600 + 1
    assert abs(found["sessionMesgs"][0]["totalElapsedTime"] - 24 * 3600) < 0.01


def what_was_cut_is_given_an_end():
    whole = journal.capture(600, text="", began=BEGAN)
    cut = whole[:whole.rindex("notify", 0, len(whole) // 2) + 9]
    found = fit(cut)
    assert len(found["lapMesgs"]) == 1 and 250 < len(found["recordMesgs"]) < 350


def nothing_is_made_up_where_nothing_was_heard():
    run = journal.capture(120, text="", began=BEGAN, gap=[(40, 80)])
    table = rows(run)
    assert all(table[t]["hr_bpm"] and table[t]["speed_mps"] for t in (30, 39, 90))
    assert not any(table[t]["hr_bpm"] or table[t]["speed_mps"] for t in range(50, 80)), "0 would be a lie, and so would be more"


# ── TCX ──


def tcx_holds_the_same_run():
    table = [row for row in rows(RUN) if row["state"] == "running"]
    found = list(points(RUN))
    assert len(found) == len(table)
    for point, row in zip(found, table):
        assert point.find(TCX + "Time").text == row["utc"]
        near(row["distance_m"], float(point.find(TCX + "DistanceMeters").text), 0.006)
        near(row["hr_bpm"], float(point.find(f"{TCX}HeartRateBpm/{TCX}Value").text), 0.51)
        extension = f"{TCX}Extensions/{TPX}TPX/{TPX}"
        near(row["speed_mps"], float(point.find(extension + "Speed").text), 0.0011)
        cadence = point.find(extension + "RunCadence")
        near(row["cadence_spm"], None if cadence is None else 2 * float(cadence.text), 1.01)


def tcx_is_in_the_order_of_its_schema():
    root = ElementTree.fromstring(export(RUN, "tcx"))
    lap_order = ["TotalTimeSeconds", "DistanceMeters", "MaximumSpeed", "Calories", "AverageHeartRateBpm", "MaximumHeartRateBpm",
                 "Intensity", "Cadence", "TriggerMethod", "Track", "Notes", "Extensions"]
    point_order = ["Time", "Position", "AltitudeMeters", "DistanceMeters", "HeartRateBpm", "Cadence", "SensorState", "Extensions"]
    for name, order in (("Lap", lap_order), ("Trackpoint", point_order)):
        for one in root.iter(TCX + name):
            places = [order.index(child.tag.removeprefix(TCX)) for child in one]
            assert places == sorted(places), [child.tag for child in one]
    activity = root.find(f"{TCX}Activities/{TCX}Activity")
    assert activity.find(TCX + "Notes").text == "3 x 400 / easy" and activity.find(TCX + "Id").text == "2026-05-01T06:30:00Z"
    laps = activity.findall(TCX + "Lap")
    assert [lap.find(TCX + "Intensity").text for lap in laps] == ["Active"] + 3 * ["Active", "Resting"] + ["Active"]
    assert len(laps[2].findall(TCX + "Track")) + len(laps[3].findall(TCX + "Track")) == 3, "a pause parts two tracks"


def a_name_is_text_and_not_markup():
    run = journal.capture(20, text="Workout - A & B <fast>\\n\\n• 10s run\\n", began=BEGAN)
    activity = ElementTree.fromstring(export(run, "tcx")).find(f"{TCX}Activities/{TCX}Activity")
    assert activity.find(TCX + "Notes").text == "A & B <fast>"


def placed(capture, seconds):
    """The same run as one that others recorded: with samples of their own, a place among them (recording-play.c)."""
    lines = capture.splitlines(keepends=True)
    for t in range(seconds):
        sample = struct.pack("<7fdfdd", 120 + t % 60, 170, 3 + t % 7 / 10, 250, 0, math.nan, 1.1, 3.1 * t, 40 + t / 10, 52.5 + t / 1e4, -13.25 - t / 1e4)
        lines.append(f"{3 + t:.6f} notify 4 fff0 {sample.hex()}\n")
    return "".join(sorted(lines, key=lambda line: float(line.split()[0]) if line[0].isdigit() else 0 if line[0] == "s" else -1))


def gpsbabel_reads_both():
    """Of a track without places gpsbabel keeps nothing; so the run is one that has them."""
    run = placed(journal.capture(200, text="", began=BEGAN), 200)
    assert shutil.which("gpsbabel"), "install gpsbabel"
    ours = [row for row in rows(run) if row["state"] == "running"]
    with tempfile.TemporaryDirectory() as folder:
        for kind, reader in (("fit", "garmin_fit,allpoints=1"), ("tcx", "gtrnctr")):
            file = pathlib.Path(folder) / kind
            file.write_bytes(export(run, kind))
            babel = subprocess.run(["gpsbabel", "-t", "-i", reader, "-f", file, "-o", "unicsv,utc=0", "-F", "-"],
                                 capture_output=True, timeout=60, check=False, text=True)
            assert babel.returncode == 0 and babel.stderr == "", babel.stderr
            read = list(csv.DictReader(io.StringIO(babel.stdout)))
            assert len(read) == len(ours) > 190, (kind, len(read), len(ours))
            for theirs, row in zip(read, ours):
                assert f"{theirs['Date'].replace('/', '-')}T{theirs['Time']}Z" == row["utc"], (kind, theirs)
                for name, column, by in (("Latitude", "latitude_deg", 2e-6), ("Longitude", "longitude_deg", 2e-6), ("Altitude", "altitude_m", 0.11),
                                         ("Heartrate", "hr_bpm", 0.51), ("Speed", "speed_mps", 0.006)):
                    near(row[column], float(theirs[name]), by)
            assert (read[0]["Date"], read[0]["Time"]) == ("2026/05/01", "06:30:00")


# ── CSV, JSON, bundle ──


def csv_can_be_replayed():
    ours = rows(RUN)
    again = list(csv.DictReader(io.StringIO(pacectl("replay", "-", stdin=export(RUN, "csv")))))
    assert len(again) == len(ours)
    assert sum(abs(float(a["heart_rate_bpm"]) - float(b["hr_bpm"])) < 2 for a, b in zip(again, ours)) > len(ours) - 20


def json_has_every_event():
    events = [json.loads(line) for line in export(RUN, "json").splitlines()]
    sent = [line for line in RUN.splitlines() if line[0].isdigit()]
    assert events[0] == {"event": "run", "started": 1777617000, "workout": "3 x 400 / easy"}
    assert len(events) - 1 == len(sent)
    for event, line in zip(events[1:], sent):
        time, *words = line.split()
        assert abs(event["t_s"] - (float(time) - 3)) < 1e-6
        if event["event"] == "notify":
            assert words == ["notify", str(event["sensor"]), event["characteristic"], event["bytes"]]
    start, = [event for event in events if event.get("command") == "start"]
    assert start["text"] == journal.INTERVALS.replace("\\n", "\n")
    assert [event["says"] for event in events if event["event"] == "athlete"][0].startswith("male age 35")


def a_bundle_replays_to_the_same_transcript():
    for source in (RUN, (HERE.parent / "scenarios/captured-run.capture").read_text()):
        for words in ((), ("--private",)):
            bundle = export(source, "bundle", *words)
            for form in ((), ("--json",)):
                assert pacectl("replay", "-", *form, stdin=bundle) == pacectl("replay", "-", *form, stdin=source)


def a_session_replays_to_the_very_transcript_that_it_gave():
    """Of sessions that the coach bends, that are bent back, and that go on longer than planned; also as a bundle."""
    known = "male age 35 heart-rest 50 heart-max 190 race 5000 1200"
    bent = 0
    for workout in ("mile-and-200s", "progressive-1k-repeats"):
        text = HERE.parent / f"scenarios/{workout}.txt"
        for words in (("--runner", "tired"), ("--runner", "tired", "--veto"), ("--runner", "fading"), ("--runner", "fresh", "--accept"),
                      ("--runner", "fresh", "--verbosity", "full", "--seed", 7)):
            with tempfile.TemporaryDirectory() as folder:
                capture = pathlib.Path(folder) / "a.capture"
                said = pacectl("simulate", text, "--json", "--known", known, *words, "--record", capture)
                again = [pacectl("replay", capture, "--json"),
                         pacectl("replay", "-", "--json", stdin=export(capture.read_text(), "bundle"))]
                assert again == [said, said], (workout, words)
            bent += said.count('"adapt"') + said.count('"taken_back":true')
    assert bent > 20


def a_bundle_names_nobody_unless_asked():
    assert not any(word in export(RUN, "bundle").decode() for word in ("Strap One", "C0:FF:EE", "2026"))
    assert export(RUN, "bundle", "--private").decode() == RUN


# ── where it goes ──


def what_is_there_is_not_written_over():
    with tempfile.TemporaryDirectory() as folder:
        source, file = pathlib.Path(folder) / "a.capture", pathlib.Path(folder) / "a.fit"
        source.write_text(RUN)
        pacectl("export", source, "-o", file)
        whole = file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 and whole == export(RUN, "fit")
        file.write_bytes(b"mine")
        assert "--force" in pacectl("export", source, "-o", file, status=1)
        assert file.read_bytes() == b"mine"
        pacectl("export", source, "-o", file, "--force")
        assert file.read_bytes() == whole
        assert sorted(os.listdir(folder)) == ["a.capture", "a.fit"], "nothing else is left"


def what_cannot_be_written_is_told():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "a.capture"
        source.write_text(RUN)
        assert "No such file" in pacectl("export", source, "-o", f"{folder}/none/a.fit", status=1)
        assert "folder" in pacectl("export", source, "-o", folder, status=1)
        assert "No space" in pacectl("export", source, "-o", "/dev/full", status=1)
        assert "full" not in os.listdir(folder) and os.listdir(folder) == ["a.capture"]


def a_name_is_made_of_the_workout_s():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "a.capture"
        source.write_text(RUN)
        run = subprocess.run([pathlib.Path(PACECTL).resolve(), "export", source, "--format", "csv"], cwd=folder, capture_output=True, check=True, text=True,
                             env=dict(os.environ, TZ="Europe/Berlin"))
        assert run.stdout == "2026-05-01-0830-3-x-400-easy.csv\n", run.stdout
        assert sorted(os.listdir(folder)) == [run.stdout.strip(), "a.capture"]


def a_long_name_is_cut_between_two_characters():
    for title, kept in (("長い" * 42, "長い" * 33), ("a" + "長" * 84, "a" + "長" * 66), ("x" * 250, "x" * 200), ("../" + "ü/" * 83, 66 * "ü-" + "ü")):
        run = journal.capture(20, text=f"Workout - {title}\\n\\n• 10s run\\n", began=BEGAN)
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run([pathlib.Path(PACECTL).resolve(), "export", "-", "--format", "csv"], cwd=folder, capture_output=True,
                                  input=run.encode(), check=True, env=dict(os.environ, TZ="UTC"))
            assert os.listdir(folder) == [f"2026-05-01-0630-{kept}.csv"], (os.listdir(folder), kept)
            assert made.stdout.decode().strip() == os.listdir(folder)[0]


def a_long_file_is_read_whole_or_not_at_all():
    lines = RUN.splitlines(keepends=True)
    long = "".join(lines[:-20] + ["#" + "x" * 1022 + "\n"] * 20000 + lines[-20:])  # 20 MB before the end
    assert pacectl("show", "-", stdin=long) == pacectl("show", "-", stdin=RUN)
    far = RUN + "#" + "x" * (64 << 20) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        for words in (("show", "-"), ("export", "-", "--format", "bundle", "-o", f"{folder}/a.bundle"), ("report", "-")):
            assert "longer than 64 MB" in pacectl(*words, stdin=far, status=65), words
        assert os.listdir(folder) == []


def any_number_of_pauses_fits():
    hasty = [(5 + i / 1e6, f"{'resume' if i % 2 else 'pause'} #{i + 2}") for i in range(120000)]
    found = fitfile.messages(export(journal.capture(10, commands=hasty, end="stop #999999"), "fit"))
    assert sum(number == 21 for number, _ in found) == 120002 and sum(number == 20 for number, _ in found) >= 9


def a_file_is_what_its_name_says():
    capture = journal.capture(10)
    with tempfile.TemporaryDirectory() as folder:
        for name, begins in {"a.tcx": b"<?xml", "a.CSV": b"t_s,", "a.jsonl": b'{"', "a.capture": b"# paced", "a.fit": b"\x0e", "a": b"\x0e",
                             "a.d/b": b"\x0e"}.items():
            file = pathlib.Path(folder, name)
            file.parent.mkdir(exist_ok=True)
            pacectl("export", "-", "-o", file, stdin=capture)
            assert file.read_bytes().startswith(begins), name
        pacectl("export", "-", "--format", "csv", "-o", f"{folder}/a.tcx", "--force", stdin=capture)
        assert pathlib.Path(folder, "a.tcx").read_bytes().startswith(b"t_s,"), "but what is asked for counts more"


def what_is_no_run_is_told():
    assert "no run in it" in pacectl("export", "-", "-o", "-", stdin='# paced capture 1\nsitting 1.0 ""\n1.0 time\n', status=65)
    assert "no run in it" in pacectl("export", "-", "-o", "-", stdin="", status=65)
    assert pacectl("export", "-", "-o", "-", stdin="# a\nhello\n", status=65).startswith("-:2: ")
    assert "UTF-8" in pacectl("export", "-", "-o", "-", stdin=b"# \xff\n", status=65)
    assert "--format" in pacectl("export", "-", "--format", "gpx", status=64)


tap.run([test for name, test in list(globals().items())
                  if callable(test) and getattr(test, "__module__", "") == "__main__"
                  and name not in ("decode", "export", "placed", "fit", "rows", "points", "near", "instant")])
