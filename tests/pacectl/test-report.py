#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""How a run went, as text and JSON (`pacectl show`) and as a page (`pacectl report`), the page in a real browser and in the
eyes of axe-core, which knows what keeps people from reading one. Usage: test-report.py PACECTL AXE FOLDER: the npm package
axe-core, and where screenshots are kept."""
import json
import math
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import journal  # noqa: E402
import tap  # noqa: E402
from browser import Tags, browse, check_drawn, check_readable, lacking  # noqa: E402
from command import pacectl  # noqa: E402

AXE, KEPT = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
TEXT = "Workout - Cruise & 5 × 1 km <hard>\\n\\n• 12min @ 6'00''/km\\n• 5 lots of:\\n  • 1km @ 4'04''/km\\n  • 2min rest\\n• 10min @ 6'10''/km\\n"
ATHLETE = "male age 35 heart-rest 50 heart-max 190 race 5000 1200 race 1500 330"


def speed(t):
    sway = 0.06 * math.sin(t / 23) + 0.05 * math.sin(t / 7)
    if t < 720 or t >= 720 + 5 * 370:
        return 2.75 + sway
    return 4.15 - 0.02 * ((t - 720) // 370) + sway if (t - 720) % 370 < 250 else 1.6 + sway


RUN = journal.capture(3300, text=TEXT, began="2026-05-01T06:29:57Z", speed=speed, athlete=ATHLETE)


def report(capture=RUN):
    return pacectl("report", "-", stdin=capture)


# ── show ──


def a_run_is_shown_step_by_step():
    found = json.loads(pacectl("show", "-", "--json", stdin=RUN))
    laps = found["laps"]
    assert [lap["kind"] for lap in laps] == ["work"] + 5 * ["work", "rest"] + ["work"]
    assert abs(sum(lap["distance_m"] for lap in laps) - found["distance_m"]) < 1
    for lap in laps[1:11:2]:
        assert abs(lap["distance_m"] - 1000) < 0.01 and (lap["repetitions"], lap["target"]["quantity"]) == (5, "speed")
        asked = 1000 / 244
        assert abs(lap["off_target_percent"] - 100 * (lap["speed_mps"] / asked - 1)) < 0.03
        assert 165 < lap["heart_rate_end_bpm"] < 190 and lap["d_prime_balance_m"] < laps[0]["d_prime_balance_m"]
    assert all(40 < lap["recovery_bpm"] < 80 for lap in laps[2:11:2]) and "recovery_bpm" not in laps[1]
    one, = found["sets"]
    speeds = [lap["speed_mps"] for lap in laps[1:11:2]]
    assert one["repetitions"] == 5 and abs(one["speed_mps"] - sum(speeds) / 5) < 0.001
    assert abs(one["change_percent"] - 100 * (speeds[-1] / speeds[0] - 1)) < 0.05 and one["change_percent"] < -1
    assert len(found["zones"]) == 6 and abs(sum(zone["time_s"] for zone in found["zones"]) - found["duration_s"]) < 60
    assert found["rtss"] > 30 and found["before"] == []


def the_text_says_the_same():
    text = pacectl("show", "-", stdin=RUN)
    found = json.loads(pacectl("show", "-", "--json", stdin=RUN))
    assert text.startswith("Cruise & 5 × 1 km <hard>\n") and "5 repetitions at 4:" in text and "near maximal" in text
    assert len(re.findall(r"^ *\d+  (?:work|rest) ", text, re.M)) == len(found["laps"])
    assert f"rTSS {found['rtss']:.0f}" in text


def what_the_coach_changed_is_told_in_words():
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder) / "run.capture"
        pacectl("simulate", str(HERE.parents[1] / "config/workouts/five-by-one-km.txt"), "--runner", "fading", "--record", str(capture))
        recorded = capture.read_bytes()
    told = pacectl("show", "-", stdin=recorded).split("What was changed\n")[1].strip().splitlines()
    assert told and all(re.fullmatch(r"\d+:\d\d  a longer rest, by 30 s: that one was slow", line) for line in told), told
    assert len(re.findall(r"<li>\d+:\d\d  a longer rest, by 30 s: that one was slow</li>", report(recorded))) == len(told)


def a_heart_that_rises_in_the_rests_is_said_to_rise():
    short = "Workout - Short\\n\\n• 3 lots of:\\n  • 30s @ 4'10''/km\\n  • 10s rest\\n"
    told = pacectl("show", "-", stdin=journal.capture(120, text=short, speed=lambda t: 4.0))
    assert re.search(r"; the heart rose by \d+ in the rests", told), told


def a_run_of_one_record_has_no_mean_to_tell():
    page = report(journal.capture(1, text=TEXT, speed=speed, athlete=ATHLETE))
    assert "nan" not in page and ">-0<" not in page


def what_is_not_known_is_not_shown():
    bare = journal.capture(60, sensors=False, text="")
    found = json.loads(pacectl("show", "-", "--json", stdin=bare))
    lap, = found["laps"]
    assert not lap.keys() & {"heart_rate_bpm", "cadence_spm", "off_target_percent", "target", "d_prime_balance_m"}
    assert "started" not in found and found["sets"] == [] and found["zones"] == []
    assert "nan" not in pacectl("show", "-", stdin=bare).lower() and "nan" not in report(bare).lower()


def a_run_in_one_piece_is_shown_by_the_kilometre():
    capture = journal.capture(1830, text="", speed=lambda t: 3.2 if t < 900 else 2.9, commands=[(400.5, "pause #2"), (430.5, "resume #3")])
    shown = json.loads(pacectl("show", "-", "--json", stdin=capture))
    splits = shown["kilometres"]
    assert [one["distance_m"] for one in splits[:-1]] == [1000] * 5 and 100 < splits[-1]["distance_m"] < 1000, splits
    assert abs(sum(one["distance_m"] for one in splits) - shown["distance_m"]) < 0.01
    assert abs(sum(one["duration_s"] for one in splits) - shown["duration_s"]) < 0.01, "what was paused is no part of it"
    told = [(float(m), float(s)) for m, s in re.findall(r"^0:(\d\d):([\d.]+)  kilometre", pacectl("replay", "-", stdin=capture), re.MULTILINE)]
    ends = [sum(one["duration_s"] for one in splits[:k + 1]) for k in range(5)]
    assert len(told) >= 4 and all(min(abs(60 * m + s - end - pause) for end in ends for pause in (0, 30)) < 1.5 for m, s in told), (told, ends)
    assert abs(splits[2]["heart_rate_bpm"] - (80 + 24 * 2.9)) < 9
    text = pacectl("show", "-", stdin=capture)
    assert " 5.00 km     5:45    5:45" in text and text.count(" km ") == 8, text
    assert "Kilometre by kilometre" in report(capture)
    assert "kilometre" not in pacectl("show", "-", stdin=journal.capture(700)) and "Kilometre" not in report()


# ── report ──


def a_report_loads_nothing_and_is_no_script():
    page = report()
    tags = Tags(page)
    assert not tags.of("script") and not tags.of("img") and not tags.of("iframe")
    assert not re.search(r"https?:|url\(|@import|\son\w+=", page), "nothing from elsewhere"
    assert [link["href"] for link in tags.of("link")] == ["data:,"]
    assert "<h1>Cruise &amp; 5 × 1 km &lt;hard&gt;</h1>" in page and len(page) < 200_000
    svgs, tables = tags.of("svg"), tags.of("table")
    assert len(svgs) == 7 and len(tables) == 2
    for svg in svgs:
        assert svg["role"] == "img" and all(f'id="{name}"' in page for name in svg["aria-labelledby"].split())


def a_browser_draws_it_without_a_word():
    KEPT.mkdir(parents=True, exist_ok=True)
    for width in (390, 760):
        drawn = check_drawn(report(), width)
        assert len(drawn) == 7 and all(one["length"] > 20 and one["texts"] >= 5 for one in drawn), drawn
        assert sum(one["bars"] for one in drawn) >= 7, "work as bars"
    for name, width, dark in (("light", 760, False), ("dark", 760, True), ("phone", 500, False)):
        browse(report(), width=width, dark=dark, kept=KEPT / f"report-{name}.png")
        assert (KEPT / f"report-{name}.png").stat().st_size > 50_000


def nobody_is_kept_from_reading_it():
    for dark in (False, True):
        check_readable(report(), AXE, dark)


def every_run_has_a_report():
    for capture, plots in ((journal.capture(60, sensors=False, text=""), 0), (journal.capture(1, text=""), 0),
                           (journal.capture(2400, text="", speed=lambda t: 3.0), 5),
                           (journal.capture(600, sensors=False, text="", commands=[(9.5, journal.heart(140))]), 1)):
        found = Tags(report(capture))
        assert len(found.of("svg")) >= plots and len(found.of("table")) >= 1, len(found.of("svg"))


def a_day_is_shown_and_drawn_like_an_hour():
    capture = journal.capture(24 * 3600, text="", began="2026-10-24T12:00:00Z", commands=[(3600.0 * k, f"lap #{k + 9}") for k in range(1, 24)])
    found = json.loads(pacectl("show", "-", "--json", stdin=capture))
    assert abs(found["duration_s"] - 24 * 3600) < 1 and len(found["laps"]) == 24
    page = report(capture)
    assert len(page) < 400_000 and len(Tags(page).of("svg")) >= 5


def it_goes_where_it_is_told():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.html"
        pacectl("report", "-", "-o", file, stdin=RUN)
        assert file.read_text() == report()
        assert "--force" in pacectl("report", "-", "-o", file, stdin=RUN, status=1)
    assert "--all" in pacectl("report", status=64) and "--all" in pacectl("report", "last", "--all", status=64)


if lacking(AXE):
    print(f"1..0 # SKIP there is no {lacking(AXE)}: ./run test installs it")
    sys.exit(0)
tap.run([test for name, test in list(globals().items()) if callable(test) and getattr(test, "__module__", "") == "__main__"
         and name not in ("speed", "report")])
