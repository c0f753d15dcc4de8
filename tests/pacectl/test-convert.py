#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""pacectl convert: from every format into text and FIT, what it says is lost, and what it refuses. Usage:
test-convert.py PACECTL."""
import json
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
from command import PACECTL, pacectl  # noqa: E402

MILES = (HERE.parent / "workout/data/001.txt").read_text()
SAMPLE = (HERE.parent / "fuzz/corpus/fitplan/miles").read_bytes()
ZWO = """<?xml version="1.0" encoding="UTF-8"?>
<workout_file>
  <author>A. Uthor</author>
  <name>Over &amp; under</name>
  <sportType>run</sportType>
  <durationType>{kind}</durationType>
  <workout>
{steps}
  </workout>
</workout_file>
"""


def convert(what, *options, status=0):
    """What comes out of a workout, as text or bytes, and the lines it complains in."""
    run = subprocess.run([PACECTL, "convert", "-", "-", *options], capture_output=True, timeout=60, check=False,
                         input=what.encode() if isinstance(what, str) else what)
    assert run.returncode == status, (what, run.returncode, run.stderr)
    return run.stdout, run.stderr.decode().splitlines()


def text_of(what, *options):
    out, said = convert(what, "--to", "text", *options)
    return out.decode(), said


def zwo(*steps, kind="time"):
    """The items of a workout of these steps, and what is said of them; its steps begin in line 8."""
    text, said = text_of(ZWO.format(kind=kind, steps="\n".join(steps)))
    assert text.startswith("Workout - Over & under\n\n"), text
    assert said.pop(0) == "-:3: <author> is left out", said
    return text.partition("\n\n")[2], said


def refused(what, *options):
    out, said = convert(what, "--to", "text", *options, status=65)
    assert out == b"" and len(said) == 1, (out, said)
    return said[0]


def bad_zwo(*steps, kind="time"):
    return refused(ZWO.format(kind=kind, steps="\n".join(steps)))


def a_watchs_file_becomes_text():
    assert text_of(SAMPLE) == (MILES, [])


def text_becomes_a_watchs_file_and_text_again():
    fit, said = convert(MILES, "--to", "fit")
    assert said == [] and fit[8:12] == b".FIT"
    assert text_of(fit) == (MILES, [])


def the_names_of_files_say_what_they_are():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "Hill day.icu").write_text("- 10m Z2 HR\n")
        pacectl("convert", folder / "Hill day.icu", folder / "b.txt")
        assert (folder / "b.txt").read_text() == "Workout - Hill day\n\n  • 10min @ HR zone 2\n"
        pacectl("convert", folder / "b.txt", folder / "c.FIT")
        assert (folder / "c.FIT").read_bytes()[8:12] == b".FIT"
        # A text may be of either kind, whatever it is called.
        (folder / "d.txt").write_text("- 10m Z2 HR\n")
        pacectl("convert", folder / "d.txt", folder / "e.txt")
        assert (folder / "e.txt").read_text() == "Workout - d\n\n  • 10min @ HR zone 2\n"
        assert "header of a FIT file" in pacectl("convert", folder / "b.txt", folder / "f.txt", "--from", "fit", status=65)
        assert not (folder / "f.txt").exists()
        said = pacectl("convert", folder / "b.txt", folder / "x" / "c.fit", status=1)
        assert f"{folder}/x/c.fit cannot be written: No such file or directory" in said and len(said.splitlines()) == 1, said
        said = pacectl("convert", folder / "b.txt", folder, "--to", "fit", status=1)
        assert f"{folder} cannot be written: it is a folder" in said, said
        pacectl("convert", folder / "none.txt", folder / "c.fit", status=65)


def txt_is_another_word_for_text():
    fit, _ = convert(MILES, "--from", "txt", "--to", "fit")
    assert convert(fit, "--to", "txt") == (MILES.encode(), [])


def a_watchs_file_that_lies_is_refused_with_the_byte():
    fit, _ = convert(MILES, "--to", "fit")
    size = int.from_bytes(fit[4:8], "little")
    for at, lie in ((0, b"\xff"), (4, (size + 100).to_bytes(4, "little")), (4, (size - 1).to_bytes(4, "little")),
                    (4, b"\xff\xff\xff\xff"), (19, b"\xff")):
        said = refused(fit[:at] + lie + fit[at + len(lie):])
        assert re.match(r"-: byte \d+: \S", said), (at, lie, said)


def wrong_usage_is_told_from_bad_input():
    pacectl("convert", "-", "-", stdin=MILES, status=64)
    pacectl("convert", "-", "-", "--to", "zwo", stdin=MILES, status=64)
    pacectl("convert", "-", "-", "--to", "tcx", stdin=MILES, status=64)
    pacectl("convert", "-", "-", "--from", "any", "--to", "text", stdin=MILES, status=64)
    pacectl("convert", "-", "a.zwo", stdin=MILES, status=64)
    pacectl("convert", "-", "a.fit", "--athlete", "--max", "190", stdin=MILES, status=64)
    pacectl("convert", "-", status=64)


def what_is_lost_is_said_with_its_place():
    out, said = convert("Workout - T\n\n  • 10min @ RPE 6\n  • 5min @ 6'00''/km building to 5'00''/km\n", "--to", "fit")
    assert [line.split(" ")[0] for line in said] == ["-:3:", "-:4:"], said
    assert out[8:12] == b".FIT"
    _, said = text_of("\n- 10m Z2\n- 5m 5:00/km Pace 90rpm\n")
    assert [line.split(" ")[0] for line in said] == ["-:2:", "-:3:"], said
    # Of a file that has no lines it is the step's number.
    fit, _ = convert("Workout - T\n\n  • 10min run\n  • 10min @ max\n", "--to", "fit")
    _, said = convert(fit, "--to", "fit")
    assert len(said) == 1 and said[0].startswith("-: step 2: "), said


def strict_writes_nothing_that_is_less():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "a.fit"
        pacectl("convert", "-", out, "--strict", stdin="Workout - T\n\n  • 10min @ max\n", status=65)
        assert not out.exists()
        pacectl("convert", "-", out, "--strict", stdin=MILES)
        assert out.exists()


def a_runner_makes_ranges_of_zones():
    workout = "Workout - T\n\n  • 10min @ T\n  • 10min @ HR zone 2\n"
    _, said = convert(workout, "--to", "fit")
    assert len(said) == 1 and "-:3:" in said[0], said
    fit, said = convert(workout, "--to", "fit", "--race", "5km=20:00", "--rest", "48", "--max", "187")
    assert said == [], said
    assert text_of(fit)[0] == workout
    convert(workout, "--to", "fit", "--race", "5km=2:00", status=65)


def zwifts_steps_are_read():
    items, said = zwo('<Warmup Duration="600" PowerLow="0.7" PowerHigh="0.8" pace="2"/>',
                      '<SteadyState Duration="300" Power="1" pace="1"><textevent timeoffset="0" message="Go &lt;now&gt;"/></SteadyState>',
                      '<IntervalsT Repeat="5" OnDuration="60" OffDuration="90" OnPower="1.05" OffPower="0.6" pace="0"/>',
                      '<IntervalsT Repeat="2" OnDuration="60" OffDuration="90" OnPower="1" pace="4"></IntervalsT>',
                      '<Ramp Duration="60" PowerLow="0.9" PowerHigh="0.9" pace="3"/>',
                      '<steadystate duration="60" PowerLow="0.9" PowerHigh="0.95" Pace="3"/>',
                      '<FreeRide Duration="60"/><FreeRun Duration="60" Cadence="85"/>', '<MaxEffort Duration="30"/>',
                      '<Cooldown Duration="300" PowerLow="0.5" PowerHigh="0.8" pace="2"/>')
    assert items == """  • 10min @ 10km pace + 42.9% building to 10km pace + 25%
  • 5min @ 5km pace "Go <now>"
  • 5 lots of:
    • 1min @ mile pace - 4.8%
    • 1min 30s @ mile pace + 66.7%
  • 2 lots of:
    • 1min @ marathon pace
    • 1min 30s rest
  • 1min @ half marathon pace + 11.1%
  • 1min @ between half marathon pace + 11.1% and half marathon pace + 5.3%
  • 1min run
  • 1min @ 170 spm
  • 30s @ max
  • 5min @ 10km pace + 25% building to 10km pace + 100%
""", items
    assert said == []


def zwifts_lengths_are_seconds_or_metres():
    assert zwo('<SteadyState Duration="1500" Power="1" pace="1"/>', kind="time")[0] == "  • 25min @ 5km pace\n"
    assert zwo('<SteadyState Duration="1500" Power="1" pace="1"/>', kind="distance")[0] == "  • 1.5km @ 5km pace\n"
    text, said = text_of(ZWO.replace("  <durationType>{kind}</durationType>\n", "").format(
        steps='<SteadyState Duration="400" Power="1" pace="1"/>'))
    assert "400m @ 5km pace" in text and any("durationType" in line for line in said), (text, said)


def zwifts_threshold_counts_before_races():
    text, said = text_of(ZWO.replace("<workout>", "<thresholdSecPerKm>300</thresholdSecPerKm><workout>").format(
        kind="time", steps='<SteadyState Duration="60" Power="0.75" pace="1"/>'))
    assert text.endswith("  • 1min @ 6'40''/km\n") and len(said) == 1, (text, said)


def what_zwift_has_and_a_plan_has_not_is_said():
    items, said = zwo('<SteadyState Duration="60" Power="0.9"/>',
                      '<SteadyState Duration="60" Power="1" pace="1" Cadence="180"/>',
                      '<SteadyState Duration="60" Power="1" pace="1">',
                      '<textevent timeoffset="10" message="Up"/><textevent timeoffset="30" message="Down"/>',
                      '<gameplayevent type="GPE_CAMERA"/></SteadyState>',
                      '<textevent timeoffset="0" message="lost"/>')
    assert items == "  • 1min run\n  • 1min @ 5km pace \"180 spm\"\n  • 1min @ 5km pace \"Up Down\"\n", items
    assert [line.split(" ")[0] for line in said] == ["-:8:", "-:9:", "-:12:", "-:10:", "-:13:"], said


def what_zwift_says_that_nobody_reads_is_told():
    items, said = zwo('<SteadyState Duration="60" Power="1" pace="1" Incline="0.05"/>')
    assert items == "  • 1min @ 5km pace\n" and said == ["-:8: Incline is left out"], (items, said)
    text, said = text_of(ZWO.replace("<workout>", '<tags><tag name="fast"/></tags><workout>').format(
        kind="time", steps='<SteadyState Duration="60" Power="1" pace="1"/>'))
    assert "-:7: <tag> is left out" in said, said
    # Also what is read elsewhere, where nothing comes of it.
    alone = "pace is left out: it says what a Power is a share of, and there is none"
    items, said = zwo('<SteadyState Duration="60" pace="1"/>',
                      '<SteadyState Duration="60" Power="1" PowerLow="0.9" PowerHigh="1" pace="1" CadenceResting="90"/>',
                      '<FreeRun Duration="60" Power="1" Repeat="2"/>',
                      '<IntervalsT Repeat="2" OnDuration="60" OnPower="1" OffPower="0.6" pace="1"/>',
                      '<SteadyState Duration="60" PowerHigh="1" pace="1"/>',
                      '<SteadyState Duration="60" Power="1" pace="1" CadenceLow="90"/>')
    assert said == [f"-:8: {alone}", "-:9: PowerLow is left out", "-:9: PowerHigh is left out",
                    "-:9: CadenceResting is left out", "-:10: Power is left out", "-:10: Repeat is left out",
                    "-:11: OffPower is left out",
                    "-:12: a range of powers with a limit on one side only: run without a target", f"-:12: {alone}",
                    "-:13: a range of cadences with a limit on one side only is left out"], said
    assert "duration twice" in bad_zwo('<SteadyState Duration="60" Power="1" pace="1" duration="90"/>')


def zwifts_other_files_are_refused():
    assert "of another sport" in refused(ZWO.replace(">run<", ">bike<").format(
        kind="time", steps='<SteadyState Duration="60" Power="1"/>'))
    assert "-:7:" in refused(ZWO.replace("  <sportType>run</sportType>\n", "").format(
        kind="time", steps='<SteadyState Duration="60" Power="1"/>'))
    assert "expected <workout_file>" in refused("<html><body/></html>")
    assert "is no step that is known here" in bad_zwo('<Teleport Duration="60"/>')
    assert "is no step that is known here" in bad_zwo("<RestDay/>")
    assert "above 0" in bad_zwo('<SteadyState Power="1" pace="1"/>')
    assert "above 0" in bad_zwo('<SteadyState Duration="-5" Power="1" pace="1"/>')
    assert "24 hours" in bad_zwo('<SteadyState Duration="1e6" Power="1" pace="1"/>')
    assert "expected a number" in bad_zwo('<SteadyState Duration="ten" Power="1" pace="1"/>')
    assert "expected a number" in bad_zwo('<SteadyState Duration="nan" Power="1" pace="1"/>')
    assert "0 (a mile) to 4" in bad_zwo('<SteadyState Duration="60" Power="1" pace="5"/>')
    assert "0.25 to 2" in bad_zwo('<SteadyState Duration="60" Power="9" pace="1"/>')
    assert "Repeat: expected 1 to 500" in bad_zwo('<IntervalsT Repeat="0" OnDuration="60" OffDuration="60" pace="1"/>')
    assert "more than 500 steps" in bad_zwo('<IntervalsT Repeat="400" OnDuration="60" OffDuration="60" pace="1"/>')
    assert "time or distance" in bad_zwo('<SteadyState Duration="60"/>', kind="heartbeats")
    assert "nothing to run" in bad_zwo("")
    assert "inside of a step" in bad_zwo('<SteadyState Duration="60"><SteadyState Duration="60"/></SteadyState>')
    assert "behind the steps" in refused(ZWO.replace("</workout>", "</workout><durationType>time</durationType>").format(
        kind="time", steps='<SteadyState Duration="60"/>'))


def entities_do_not_expand():
    laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\">" + "".join(
        f'<!ENTITY {chr(98 + i)} "{10 * f"&{chr(97 + i)};"}">' for i in range(9)) + "]>"
    said = refused(laughs + ZWO.format(kind="time", steps='<SteadyState Duration="60"><textevent message="&j;"/></SteadyState>'))
    assert "-:8:" in said and "entity" in said.lower(), said
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    assert "entity" in refused(outside + ZWO.format(kind="time", steps="").replace("A. Uthor", "&f;")).lower()


def a_file_that_was_cut_is_no_shorter_workout():
    whole = ZWO.format(kind="time", steps='<SteadyState Duration="60"/>\n<SteadyState Duration="90"/>').encode()
    for cut in range(1, len(whole) - 1, 7):
        refused(whole[:cut])
    fit, _ = convert(MILES, "--to", "fit")
    for cut in (1, 11, 12, 20, len(fit) - 1):
        said = refused(fit[:cut])
        assert cut < 12 or " byte " in said, said
    assert f"byte {len(fit) - 2}: the check sum" in refused(fit[:-1] + bytes([fit[-1] ^ 1]))


def other_encodings_are_named():
    assert refused("\ufeffWorkout - T\n".encode("utf-16-le")) == "-:1:1: this is UTF-16 text: save it as UTF-8"
    assert refused("- 10m Z2\n- Läufe 5m Z3\n".encode("latin-1")) == "-:2:4: this is not UTF-8 text: save it as UTF-8"
    assert refused("Workout - T\n".encode("utf-16-be")) == "-:1:1: this is UTF-16 text: save it as UTF-8" # no mark
    assert refused(b"Workout - T\n\0") == "-:2:1: a NUL byte: this is not text"
    assert text_of("\ufeff- 10m Z2 HR\n")[0].endswith("10min @ HR zone 2\n")


def what_takes_its_runner_more_than_a_day_is_refused():
    text = "Workout - T\n\n- 250km @ E\n"
    for verb in (("check", "-"), ("convert", "-", "-", "--to", "fit")):
        said = pacectl(*verb, "--race", "5km=40:00", stdin=text, status=65)
        assert said == "-:3:3: the workout lasts more than 24 hours\n", said


def dialects_are_not_mixed():
    assert refused("Workout - T\n- 10m Z2\n").startswith("-:2:")
    assert "10min" in refused("- 10m Z2\n- 10min Z2\n")
    assert refused("5x\n- 400m @ 4'00''/km\n").startswith("-:1:1: no line that starts with")
    assert "-:1:3: expected a length such as 10m" in refused("- 10 min Z2\n"), refused("- 10 min Z2\n")
    assert "-:2:11: expected a length such as 10m" in refused("Easy\n- Warm up 10min z1-z2\n")
    assert refused("").startswith("-:1:1:")
    assert refused("milk, eggs\n").startswith("-:1:1:")
    refused("- 10m Z2 HR\n" * 40000)
    refused(b"\xff" * 1000)


def a_megabyte_of_nonsense_is_dealt_with_at_once():
    for nonsense in ("- 1, " * 200000, "- " + "1. " * 300000, "- 10m Z2 HR\n" * 80000, "1x\n" * 300000, "- 10m " + "a " * 500000,
                     "Workout - T\n" + "- 1min run\n" * 80000, "<" * 1000000, "<a>" * 300000, b"\x0e\x10" * 500000,
                     ZWO.format(kind="time", steps='<FreeRun Duration="9"/>' * 40000), "x" * 1100000):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        refused(nonsense)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2, nonsense[:20] # a tenth without sanitizers
    _, said = text_of("- 10m Z2 HR\n" + "and\n" * 200000)
    assert len(said) == 201, len(said)


def check_reads_them_all():
    found = json.loads(pacectl("check", "-", "--json", stdin=SAMPLE))
    assert found["expanded_steps"] == 12 and found["warnings"] == [] and "losses" not in found, found
    found = json.loads(pacectl("check", "-", "--json", stdin="- 10m Z2\n- 20s 0\n"))
    assert found["expanded_steps"] == 2 and len(found["losses"]) == 1
    assert [warning["code"] for warning in found["warnings"]] == ["rest-at-end"]
    fit, _ = convert("Workout - T\n\n  • 10min run\n  • 2min rest\n", "--to", "fit")
    assert "-: step 2: warning: the workout ends with a rest [rest-at-end]\n" in pacectl("check", "-", stdin=fit)
    slow = "Workout - T\n\n- 10min @ 8'00''/km\n- 3km @ 4'00''/km\n- 9 lots of:\n- 200m @ 4'20''/km\n- 1min rest\n"
    fit, _ = convert(slow, "--to", "fit")
    table = pacectl("check", "-", stdin=fit)
    assert "-: step 3: warning: the repetitions (4:20/km) are slower than step 2, which is longer (4:00/km)" in table, table


tap.run([
    txt_is_another_word_for_text, a_watchs_file_that_lies_is_refused_with_the_byte, a_watchs_file_becomes_text, text_becomes_a_watchs_file_and_text_again, the_names_of_files_say_what_they_are,
    wrong_usage_is_told_from_bad_input, what_is_lost_is_said_with_its_place, strict_writes_nothing_that_is_less,
    a_runner_makes_ranges_of_zones, zwifts_steps_are_read, zwifts_lengths_are_seconds_or_metres,
    zwifts_threshold_counts_before_races, what_zwift_has_and_a_plan_has_not_is_said, what_zwift_says_that_nobody_reads_is_told,
    zwifts_other_files_are_refused,
    entities_do_not_expand, a_file_that_was_cut_is_no_shorter_workout, other_encodings_are_named, dialects_are_not_mixed,
    what_takes_its_runner_more_than_a_day_is_refused,
    a_megabyte_of_nonsense_is_dealt_with_at_once, check_reads_them_all,
], at_once=2)
