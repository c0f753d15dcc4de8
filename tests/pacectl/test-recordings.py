#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What watches and other programs recorded, through the estimators: `pacectl replay` of CSV and FIT. Usage:
test-recordings.py PACECTL."""
import csv
import io
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
from command import pacectl  # noqa: E402
from fitfile import ENUM, EVENT, HRV, RECORD, SESSION, SINCE, U16, U32, U8, crc, definition, fit  # noqa: E402

NAMES = "t_s,hr_bpm,cadence_spm,speed_mps,distance_m,alt_m,power_w,rr_ms\n"


def line(t, speed=3.0, distance=None, heart=150, cadence=172, power="", rr=""):
    return f"{t},{heart},{cadence},{speed},{3.0 * t if distance is None else distance},12.0,{power},{rr}\n"


def table(times, **values):
    return NAMES + "".join(line(t, **values) for t in times)


def rows(text, status=0, json_too=True):
    """The rows by their second, numbers as numbers, without what is unknown; the same from CSV and from JSON."""
    found = [{key: value if key.endswith("_source") else float(value) for key, value in row.items() if value != ""}
             for row in csv.DictReader(io.StringIO(pacectl("replay", "-", stdin=text, status=status)))]
    if json_too:
        assert found == [json.loads(one) for one in pacectl("replay", "-", "--json", stdin=text).splitlines()]
    return {row["t_s"]: row for row in found}


def complaint(text):
    return pacectl("replay", "-", stdin=text, status=65)


def a_jump_of_the_satellites_sends_no_heart_beyond_what_beats():
    text, metres = NAMES, 0.0
    for t in range(2400):
        speed = 7.0 if 2000 <= t < 2030 else (2.2, 3.0, 3.8, 2.6)[t // 150 % 4]
        metres += speed
        text += line(t, speed=speed, distance=round(metres, 1), heart=round(88 + 24 * min(speed, 3.8)))
    found = rows(text, json_too=False)
    foreseen = {t: row["predicted_heart_rate_bpm"] for t, row in found.items() if "predicted_heart_rate_bpm" in row}
    assert len(foreseen) > 1500 and 150 < foreseen[1990] < 165, len(foreseen)
    assert max(found[t]["speed_mps"] for t in range(2000, 2030)) > 6, "the jump is taken for a speed"
    assert max(foreseen.values()) <= 220, max(foreseen.values())


# ── FIT ──


def record(t, speed=3.0, heart=150, steps=173, power=0xffff, grade=0x7fff):
    return b"\0" + struct.pack("<IBBBIIHh", SINCE + t, heart, steps // 2, steps % 2 * 64, round(speed * 1000),
                               round(300 * t) % 2**32, power, grade)


def session(sport, sub_sport=0):
    return SESSION + struct.pack("BBB", 2, sport, sub_sport)


# ── tests ──


def a_run_gives_a_row_a_second_of_all_that_is_known():
    found = rows(table(range(60), power=250))
    assert list(found) == list(range(60))
    last = found[59]
    assert (last["heart_rate_bpm"], last["heart_rate_source"]) == (150, "strap")
    assert abs(last["speed_mps"] - 3) < 0.02 and last["speed_source"] == "pod" and 0.5 < last["speed_confidence"] <= 1
    assert (last["cadence_spm"], last["power_w"], last["cadence_confidence"]) == (172, 250, 1)
    assert abs(last["step_length_m"] - 3 * 60 / 172) < 0.01 and abs(last["flat_speed_mps"] - last["speed_mps"]) < 0.001
    assert abs(last["distance_m"] - 3 * 59) < 1
    assert not last.keys() & {"belt_speed_mps", "incline_percent", "rmssd_ms", "heart_zone"}, "nothing says so"


def a_file_is_read_as_standard_input_is():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("run.csv", table(range(9)).encode()), ("run.fit", fit(RECORD, *(record(t) for t in range(9))))):
            path = pathlib.Path(folder) / name
            path.write_bytes(text)
            assert pacectl("replay", path) == pacectl("replay", "-", stdin=text)


def a_table_may_be_as_spreadsheets_write_it():
    plain = table(range(20))
    assert rows("\ufeff" + plain.replace("\n", "\r\n\r\n").replace(",", " , ")) == rows(plain)
    turned = "".join(",".join(reversed(one.split(","))) + "\n" for one in plain.splitlines())
    assert rows(turned) == rows(plain)


def every_column_but_the_time_may_be_missing():
    assert set(rows("t_s,hr_bpm\n" + "".join(f"{t},140\n" for t in range(9)))[8]) == {
        "t_s", "heart_rate_bpm", "heart_rate_confidence", "heart_rate_source"}, "a distance neither, for there was no speed"
    steps = rows("t_s,cadence_spm\n" + "".join(f"{t},170\n" for t in range(9)))[8]
    assert steps["cadence_spm"] == 170 and "speed_mps" not in steps
    speed = rows("t_s,speed_mps\n" + "".join(f"{t},{3 if t < 20 else 0}\n" for t in range(40)))
    assert abs(speed[19]["speed_mps"] - 3) < 0.02 and speed[39]["speed_mps"] == 0
    assert not any("cadence_spm" in row for row in speed.values()), "not 0 either"
    metres = rows("t_s,distance_m\n" + "".join(f"{t},{500 + 3 * t}\n" for t in range(0, 60, 2)))
    assert abs(metres[50]["speed_mps"] - 3) < 0.05 and abs(metres[58]["distance_m"] - 3 * 58) < 3


def a_speed_without_a_cadence_is_no_runner_who_stands():
    text = NAMES + "".join(line(t, cadence="" if 20 <= t < 40 else 172) for t in range(60))
    found = rows(text)
    assert all(abs(found[t]["speed_mps"] - 3) < 0.05 for t in range(10, 60))
    assert found[19]["cadence_spm"] == 172 == found[59]["cadence_spm"] and "cadence_spm" not in found[30]
    stopped = rows(NAMES + "".join(line(t, cadence=172 if t < 20 else 0) for t in range(30)))
    assert stopped[25]["speed_mps"] == 0, "but one whose steps end is"


def a_sample_holds_until_the_next_within_ten_seconds():
    often, seldom = rows(table(range(121))), rows(table(range(0, 121, 10)))
    for t in range(20, 121):
        assert abs(seldom[t]["speed_mps"] - often[t]["speed_mps"]) < 0.02
        assert seldom[t]["heart_rate_source"] == "strap" and seldom[t]["cadence_spm"] == 172
    assert abs(seldom[120]["distance_m"] - often[120]["distance_m"]) < 1
    uneven = rows(table([0, 1, 3, 3.25, 10.5, 20.5, 29, 30]))
    assert all(row["speed_source"] == "pod" for row in uneven.values()) and list(uneven) == list(range(31))


def values_age_in_a_gap_of_minutes():
    found = rows(NAMES + "".join(line(t) for t in range(60)) + "".join(line(t) for t in range(240, 300)))
    assert list(found) == list(range(300))
    assert found[63]["heart_rate_source"] == "held" and found[63]["heart_rate_confidence"] < 1
    assert set(found[150]) == {"t_s", "distance_m"}
    assert found[150]["distance_m"] == found[200]["distance_m"] < 3 * 66
    assert abs(found[299]["distance_m"] - 3 * 299) < 5, "what the file's own distance says of it, is made good"
    elsewhere = rows(NAMES + "".join(line(t) for t in range(60)) + "".join(line(t, distance="") for t in range(240, 300)))
    assert elsewhere[299]["distance_m"] < 3 * 130, "and what nothing says, is not"


def two_rows_of_one_second_are_one():
    split = NAMES + "".join(f"{t},150,,,,,,\n{t},,172,3.0,{3.0 * t},,,\n" for t in range(30))
    assert rows(split) == rows(table(range(30)))
    corrected = NAMES + "".join(line(t, heart=90) + line(t) for t in range(30))
    assert rows(corrected) == rows(table(range(30))), "the later one counts"


def a_row_is_for_its_second():
    found = rows("t_s,hr_bpm\n0.4,100\n1.0,101\n1.9,102\n2.1,103\n")
    assert {t: row["heart_rate_bpm"] for t, row in found.items()} == {1: 101, 2: 102, 3: 103}


def beats(seconds, every):
    """A row every so many seconds, with the beats since the row before; about 400 ms, some of them 15 ms longer."""
    text, clock, k = "t_s,hr_bpm,rr_ms\n", 0.0, 0
    for t in range(0, seconds, every):
        since = []
        while True:
            ms = 400 + (15 if k % 3 == 0 else 0) + k % 2
            if clock + ms / 1000 > t:
                break
            clock, k = clock + ms / 1000, k + 1
            since.append(ms)
        text += f"{t},148,{' '.join(map(str, since))}\n"
    return text


def beats_give_variability_however_seldom_they_are_written():
    each = rows(beats(300, 1))[299]
    assert 8 < each["rmssd_ms"] < 13 and each["artefact_percent"] == 0 and "dfa_alpha1" in each
    for every in (4, 9):
        found = rows(beats(301, every))
        last = found[max(found)]
        assert abs(last["rmssd_ms"] - each["rmssd_ms"]) < 0.3 and last["artefact_percent"] == 0, (every, last)


def a_treadmills_speed_is_its_belts():
    text = "t_s,belt_speed_mps,incline_percent\n" + "".join(f"{t},3.0,4\n" for t in range(30))
    last = rows(text)[29]
    assert (last["belt_speed_mps"], last["incline_percent"], last["speed_source"]) == (3, 4, "treadmill")
    assert abs(last["speed_mps"] - 3) < 0.01 and last["flat_speed_mps"] > 3.3
    watch = fit(RECORD, *(record(t, grade=400) for t in range(30)), session(1, 1))
    found = rows(watch)[29]
    assert found["speed_source"] == "treadmill" and found["cadence_spm"] == 173
    assert abs(found["flat_speed_mps"] - last["flat_speed_mps"]) < 0.02


def a_fit_file_gives_what_its_table_would():
    seconds = range(90)
    watch = fit(RECORD, HRV, *(record(t, power=251) + b"\1" + struct.pack("<HH", 400, 0xffff) for t in seconds), session(1))
    found, expected = rows(watch), rows(table(seconds, cadence=173, power=251))
    for t in seconds:
        for key, value in expected[t].items():
            assert found[t][key] == value, (t, key)


def a_watchs_pause_is_not_bridged():
    paused = fit(RECORD, EVENT, *(record(t) for t in range(30)), b"\3\0\4", b"\3\0\0", *(record(t) for t in range(39, 60)))
    found = rows(paused)
    assert found[34]["heart_rate_source"] == "held" and "heart_rate_bpm" not in found[37]
    running = rows(fit(RECORD, EVENT, *(record(t) for t in range(30)), *(record(t) for t in range(39, 60))))
    assert running[37]["heart_rate_source"] == "strap"


def a_fit_file_may_come_in_pieces():
    both = rows(fit(RECORD, *(record(t) for t in range(20))) + fit(RECORD, *(record(t) for t in range(20, 40))))
    assert both == rows(fit(RECORD, *(record(t) for t in range(40))))


def what_stands_behind_a_whole_file_does_it_no_harm():
    whole = fit(RECORD, *(record(t) for t in range(9)))
    for more, said in ((b"more", b"header of a FIT file"), (bytes(512), b""), (whole[:-9], b"it was cut"),
                       (fit(definition(0, 0, (0, *ENUM)) + b"\0\2"), b"a file of another kind (type 2)")):
        run = subprocess.run([sys.argv[1], "replay", "-"], input=whole + more, capture_output=True, timeout=60, check=True)
        assert said in run.stderr and bool(said) == bool(run.stderr), (more, run.stderr)
        assert rows(whole + more) == rows(whole), more


def what_a_clock_cannot_have_said_is_left_out():
    for wrong in (record(7), record(2_000_000), record(-2_000_000)):
        data = fit(RECORD, *(record(t) for t in range(20)), wrong, *(record(t) for t in range(20, 40)))
        assert list(rows(data)) == list(range(40))
        run = subprocess.run([sys.argv[1], "replay", "-"], input=data, capture_output=True, timeout=60, check=True)
        assert b"the run of 2024-01-09" in run.stderr and b"left out 1 of its records" in run.stderr, run.stderr


def what_is_wrong_with_a_table_is_said_with_its_line():
    for text, number, expected in (
            (NAMES, 1, "rows below"),
            ("t_s,alt_m\n0,1\n", 1, "hr_bpm, cadence_spm, speed_mps, distance_m, power_w, belt_speed_mps, incline_percent, rr_ms"),
            ("time,hr_bpm\n0,1\n", 1, "“t_s”; there are: time, hr_bpm"),
            ("0,150\n1,150\n", 1, "“t_s”"),
            ("t_s;hr_bpm\n0;1\n", 1, "“t_s”"),
            (table((0, 1, 2, 1)), 5, "time runs backwards, from 2 to 1 s"),
            (table((0, 1)) + ",150\n", 4, "a time"),
            (table((0, 1)) + "2,fast\n", 4, "“fast”"),
            (table((0, 1)) + "2,150,172,3.0,9,12,,400 x\n", 4, "beats in ms"),
            (table((0, 1)) + "2,150,172,3.0,9,12,,-400\n", 4, "beats in ms"),
            (table((0, 1)) + "2,-150\n", 4, "hr_bpm cannot be -150"),
            (table((0, 1)) + "2,150,1720\n", 4, "cadence_spm cannot be 1720"),
            (table((0, 1)) + "2,150,172,1e300\n", 4, "speed_mps cannot be"),
            (table((-1, 1)), 2, "a time from 0"),
            (table((0, 1e9)), 3, "a time from 0"),
            ("t_s,hr_bpm\n0,1\0\n", 1, "as text"),
            (b"t_s,hr_bpm\n0,\xff\n", 1, "UTF-8"),
            (b"\xff\xfet\0_\0s\0,\0", 1, "UTF-8")):
        said = complaint(text)
        assert said.startswith(f"-:{number}: ") and expected in said, (text, said)
    assert len(complaint("x" * 100_000)) < 400


def what_is_wrong_with_a_fit_file_is_said_with_its_byte():
    whole = fit(RECORD, *(record(t) for t in range(9)))
    for data, byte, expected in (
            (whole[:-9], len(whole) - 9, "it was cut"),
            (whole[:40] + b"\x55" + whole[41:], len(whole) - 2, "check sum"),
            (fit(definition(0, 0, (0, *ENUM)) + b"\0\4"), 27, "no records"),
            (fit(definition(0, 0, (0, *ENUM)) + b"\0\5", RECORD, record(0)), 23, "a workout, which nobody has run"),
            (fit(definition(0, 0, (0, *ENUM)) + b"\0\6", RECORD, record(0)), 23, "a course, which nobody has run"),
            (fit(definition(0, 0, (0, *ENUM)) + b"\0\x20", RECORD, record(0)), 23, "type 32"),
            (fit(RECORD, record(0xffffffff - SINCE)), 14 + len(RECORD), "no time"),
            (fit(RECORD, record(0), session(2)), 14 + len(RECORD) + 20 + len(SESSION), "sport 2")):
        said = complaint(data)
        assert said.startswith(f"-: byte {byte}: ") and expected in said, (byte, said)


def a_file_that_is_too_long_is_refused():
    for start in (NAMES.encode(), fit(RECORD)):
        assert "longer than 64 MB" in complaint(start + b"0" * (65 << 20))


def what_no_sensor_could_send_is_not_invented():
    found = rows("t_s,hr_bpm,speed_mps\n" + "".join(f"{t},{0 if t < 20 else 400},40\n" for t in range(40)))
    assert all(set(row) == {"t_s"} for row in found.values()), "a heart that beats 400 times a minute, a runner at 40 m/s"


tap.run([test for name, test in list(globals().items()) if callable(test) and getattr(test, "__module__", "") == "__main__"
         and name not in ("line", "table", "rows", "complaint", "crc", "fit", "definition", "record", "session", "beats")])
