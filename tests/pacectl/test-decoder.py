#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The FIT files that pacectl writes, in the eyes of the official decoder, the npm package @garmin/fitsdk. Usage:
test-decoder.py PACECTL PACKAGE. Skipped where there is no node or no such package; ./run test installs both."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
from command import PACECTL, pacectl  # noqa: E402

PACKAGE = pathlib.Path(sys.argv[2])
WORKOUTS = sorted([*(HERE.parent / "workout/data").glob("*.txt"), *(HERE.parents[1] / "config/workouts").glob("*.txt")])


def decode(*files):
    run = subprocess.run(["node", HERE / "decode.mjs", PACKAGE, *files], capture_output=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    for one in found:
        assert one["is_fit"] and one["integrity"] and one["errors"] == [], one
    return [one["messages"] for one in found]


def written(text, *options):
    """The messages of a workout as it is written."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.fit"
        pacectl("convert", "-", file, *options, stdin=text)
        return decode(file)[0]


def steps(items, *options):
    return written(f"Workout - T\n\n{items}", *options)["workoutStepMesgs"]


def every_workout_of_ours_is_sound():
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / f"{number}.fit" for number in range(len(WORKOUTS))]
        for workout, file in zip(WORKOUTS, files):
            pacectl("convert", workout, file)
        for workout, messages in zip(WORKOUTS, decode(*files)):
            head = messages["workoutMesgs"][0]
            assert f"Workout - {head['wktName']}\n" in workout.read_text(), workout
            assert head["sport"] == "running" and head["numValidSteps"] == len(messages["workoutStepMesgs"])
            assert [step["messageIndex"] for step in messages["workoutStepMesgs"]] == list(range(head["numValidSteps"]))


def a_file_says_whose_it_is():
    head = written("Workout - T\n\n  • 10min run\n")["fileIdMesgs"][0]
    assert head["type"] == "workout" and head["manufacturer"] == "development" and head["serialNumber"] > 0
    assert head["timeCreated"] > "2024"


def a_workout_has_the_values_of_its_text():
    found = written((HERE.parent / "workout/data/001.txt").read_text())["workoutStepMesgs"]
    assert [(step["durationType"], step.get("targetType"), step.get("intensity")) for step in found] == [
        ("time", "speed", "warmup"), ("distance", "speed", "active"), ("time", "open", "rest"),
        ("repeatUntilStepsCmplt", None, None), ("time", "speed", "cooldown")]
    assert found[0]["durationTime"] == 720 and found[1]["durationDistance"] == 1600 and found[2]["durationTime"] == 120
    assert found[3]["durationStep"] == 1 and found[3]["repeatSteps"] == 5
    assert (found[1]["customTargetSpeedLow"], found[1]["customTargetSpeedHigh"]) == (3.423, 3.635)
    assert (found[4]["customTargetSpeedLow"], found[4]["customTargetSpeedHigh"]) == (2.478, 2.631)


def hearts_cadences_and_powers_have_their_offsets():
    heart, percent, zone, cadence, power = steps(
        "  • 5min @ HR 140-150\n  • 5min @ HR 70-80%\n  • 5min @ HR zone 2\n  • 5min @ 170-180 spm\n  • 5min @ 250-270 W\n")
    assert heart["targetType"] == "heartRate" and (heart["customTargetValueLow"], heart["customTargetValueHigh"]) == (240, 250)
    assert (percent["customTargetValueLow"], percent["customTargetValueHigh"]) == (70, 80)
    assert zone["targetType"] == "heartRate" and zone["targetHrZone"] == 2
    assert cadence["targetType"] == "cadence" and (cadence["customTargetCadenceLow"], cadence["customTargetCadenceHigh"]) == (85, 90)
    assert power["targetType"] == "power" and (power["customTargetValueLow"], power["customTargetValueHigh"]) == (1250, 1270)


def ends_by_hand_and_by_heart_are_kept():
    by_hand, rest, jog = steps("  • open @ 5'00''/km\n  • rest until HR < 120\n  • jog until HR < 65%\n")
    assert by_hand["durationType"] == "open"
    assert rest["durationType"] == "hrLessThan" and rest["durationValue"] == 220 and rest["intensity"] == "rest"
    assert jog["durationValue"] == 65 and jog["wktStepName"] == "Jog"


def words_stand_in_names_and_notes():
    easy, = steps("  • 10min @ T \"relax\"\n")
    assert easy["targetType"] == "open" and easy["wktStepName"] == "T" and easy["notes"] == "relax"
    easy, = steps("  • 10min @ T\n", "--race", "5km=20:00")
    assert easy["targetType"] == "speed" and 3.7 < easy["customTargetSpeedLow"] < easy["customTargetSpeedHigh"] < 4.1
    assert easy["wktStepName"] == "T" and "notes" not in easy


def a_long_workout_in_many_languages_is_sound():
    items = "".join(f"  • {number}s run \"{'żółć ' * 15}{number}\"\n" for number in range(1, 60))
    found = written(f"Workout - {'ü' * 127}\n\n{items}")
    assert len(found["workoutStepMesgs"]) == 59 and found["workoutMesgs"][0]["wktName"] == "ü" * 127
    assert found["workoutStepMesgs"][58]["notes"] == "żółć " * 15 + "59"


if not shutil.which("node"):
    print("1..0 # SKIP there is no node")
elif not (PACKAGE / "package.json").exists():
    print(f"1..0 # SKIP there is no {PACKAGE}: npm install @garmin/fitsdk")
else:
    tap.run([
        every_workout_of_ours_is_sound, a_file_says_whose_it_is, a_workout_has_the_values_of_its_text,
        hearts_cadences_and_powers_have_their_offsets, ends_by_hand_and_by_heart_are_kept, words_stand_in_names_and_notes,
        a_long_workout_in_many_languages_is_sound,
    ])
