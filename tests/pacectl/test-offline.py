#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The verbs of pacectl that need no daemon, as a script would use them. Usage: test-offline.py PACECTL."""
import array
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import wave

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
from command import PACECTL, pacectl  # noqa: E402

SCENARIOS, WORKOUTS = HERE.parent / "scenarios", HERE.parent / "workout" / "data"


def decode(characteristic, *packets):
    return json.loads(pacectl("decode", characteristic, *packets))


def near(found, **expected):
    """Whether an object has these keys and no others, numbers to the ninth place."""
    return found.keys() == expected.keys() and all(
        abs(found[key] - value) < 1e-9 if isinstance(value, float) else found[key] == value
        for key, value in expected.items())


def decode_gives_a_heart_packet_as_json():
    assert decode("2a37", "1659a202") == {"status": "ok", "heart_rate": 89, "contact": "ok", "rr_ms": [658.203125]}
    assert decode("2A37", "1E982C018E0190019201")["energy_kj"] == 300
    assert decode("2a37", "0400") == {"status": "ok", "contact": "lost", "rr_ms": []}
    assert decode("2a37", "18982C")["status"] == "truncated"
    assert decode("2a37", "0050aabb")["status"] == "extra"


def decode_gives_a_pod_packet_as_json():
    assert decode("2a53", "070004B20A01F4010000") == {
        "status": "ok", "speed_mps": 4.0, "cadence_raw": 178, "stride_length_m": 2.66, "distance_m": 50.0, "running": True}
    assert decode("2a53", "008002b4") == {"status": "ok", "speed_mps": 2.5, "cadence_raw": 180, "running": False}


def decode_prints_numbers_in_their_fewest_digits():
    assert '"stride_length_m":2.66,' in pacectl("decode", "2a53", "070004B20A01F4010000")


def decode_gives_a_treadmill_packet_as_json():
    assert near(decode("2acd", "FE1F2003EE02881300CEFF1E00640032002C013601F40158020A8C55080758029CFFFA00"),
                status="ok", more_data=False, speed_mps=8 / 3.6, average_speed_mps=7.5 / 3.6, distance_m=5000,
                inclination_percent=-5, ramp_angle_deg=3, elevation_gain_m=10, elevation_loss_m=5, pace_s_per_km=600,
                average_pace_s_per_km=620, energy_kcal=500, energy_kcal_per_hour=600, energy_kcal_per_minute=10,
                heart_rate=140, met=8.5, elapsed_s=1800, remaining_s=600, force_n=-100, power_w=250)
    assert decode("2acd", "0800E803FF7FFF7F").keys() == {"status", "more_data", "speed_mps"}
    assert decode("2acd", "0100") == {"status": "ok", "more_data": True}
    assert decode("2acd", "2000E80302")["pace_s_per_km"] == 300, "a pace of a byte is 0.1 km/min"
    found = decode("2acd", "84245802D204001E00FFFFFF3C00120000")
    assert (found["status"], found["elapsed_s"], found["steps"]) == ("extra", 60, 18)
    assert decode("2acd", "0000") == {"status": "truncated", "more_data": False}


def decode_puts_a_treadmills_packets_together():
    parts = "1F00EE02881300CEFF1E0064003200", "80052003F40158020A8C0807"
    whole = decode("2acd", *parts)
    assert near(whole, status="ok", more_data=False, speed_mps=8 / 3.6, average_speed_mps=7.5 / 3.6, distance_m=5000,
                inclination_percent=-5, ramp_angle_deg=3, elevation_gain_m=10, elevation_loss_m=5, energy_kcal=500,
                energy_kcal_per_hour=600, energy_kcal_per_minute=10, heart_rate=140, elapsed_s=1800)
    assert decode("2acd", "  ".join(parts)) == whole, "or in one argument"
    lines = [json.loads(line) for line in pacectl("decode", "2acd", *parts, "0000B603", parts[0]).splitlines()]
    assert [line["more_data"] for line in lines] == [False, False, True]
    assert lines[1].keys() == {"status", "more_data", "speed_mps"}, "nothing of the record before"


def decode_gives_what_surrounds_a_treadmills_data():
    assert decode("2acc", "0C16000003000000") == {
        "status": "ok", "features": ["total-distance", "inclination", "energy", "heart-rate", "elapsed-time"],
        "targets": ["speed", "inclination"]}
    assert near(decode("2ad4", "5000D0070A00"), status="ok", minimum_speed_mps=0.8 / 3.6, maximum_speed_mps=20 / 3.6,
                speed_increment_mps=0.1 / 3.6)
    assert decode("2ad5", "E2FF96000500") == {
        "status": "ok", "minimum_inclination_percent": -3.0, "maximum_inclination_percent": 15.0,
        "inclination_increment_percent": 0.5}
    assert decode("2ad3", "01025761726D") == {
        "status": "ok", "training_status": "warm-up", "text": "Warm", "text_continues": False}
    assert decode("2ada", "0202") == {"status": "ok", "event": "paused"}
    assert decode("2ada", "0201") == {"status": "ok", "event": "stopped"}
    assert decode("2ada", "060A00") == {"status": "ok", "event": "target-inclination", "inclination_percent": 1.0}
    assert near(decode("2ad9", "02E204"), status="ok", request="target-speed", speed_mps=12.5 / 3.6)
    assert decode("2ad9", "0802") == {"status": "ok", "request": "pause"}
    assert decode("2ad9", "0F010002000300")["values"] == [1, 2, 3]
    assert decode("2ad9", "800704") == {"status": "ok", "response_to": "start", "result": "failed"}


def decode_gives_a_power_packet_as_json():
    assert decode("2a63", "0000F0FF") == {"status": "ok", "power_w": -16, "offset_compensation": False}
    assert decode("2a63", "310894016E393000000010900100081500") == {
        "status": "ok", "power_w": 404, "balance_percent": 55.0, "balance_reference": "unknown",
        "wheel_revolutions": 12345, "wheel_time_s": 2.0, "crank_revolutions": 400, "crank_time_s": 2.0,
        "energy_kj": 21, "offset_compensation": False}
    assert decode("2a63", "200070019001")["status"] == "truncated"
    lines = [json.loads(line) for line in pacectl("decode", "2a63", "20000a00feffe8fd", "20000a000100e803").splitlines()]
    assert "crank_per_minute" not in lines[0] and lines[1]["crank_per_minute"] == 120


def decode_gives_the_small_ones_as_json():
    assert decode("2a19", "64") == {"status": "ok", "battery_percent": 100}
    pacectl("decode", "2a19", "65", status=65)
    assert decode("2a38", "01") == {"status": "ok", "location": "chest"}
    assert decode("2a39", "01") == {"status": "ok", "request": "reset-energy"}
    assert decode("2a5d", "01") == {"status": "ok", "location": "top-of-shoe"}
    assert decode("2a55", "0110270000") == {"status": "ok", "request": "set-distance", "distance_m": 1000.0}
    assert decode("2a55", "100401010203") == {
        "status": "ok", "response_to": "request-locations", "result": "success",
        "locations": ["top-of-shoe", "in-shoe", "hip"]}
    assert decode("2a55", "100502") == {"status": "ok", "opcode": 5, "result": "unsupported"}


def decode_refuses_what_is_no_packet():
    for packet in ("00", "", "5", "zz", "00" * 513):
        pacectl("decode", "2a37", packet, status=65)
    pacectl("decode", "180d", "00", status=64)
    pacectl("decode", "2a37", status=64)
    for packets in (("00000000", "00"), ("0000E803", "xx"), (" ",)):
        pacectl("decode", "2acd", *packets, status=65)


def hrv(text, *options):
    return json.loads(pacectl("hrv", "-", *options, stdin=text))


RESTING = re.findall(r"\d+(?=,)", re.search(r"rr_resting\[\] = \{(.*?)\}", (HERE.parent / "estimate/rr.h").read_text(), re.S)[1])


def hrv_gives_the_figures_that_pyhrv_does():
    for variant, alpha1 in {"pyhrv": 0.7561188632100411, "standard": 0.665215544, "both-ends": 0.696376889514}.items():
        found = hrv("\n".join(RESTING), "--variant", variant)
        assert (found["beats"], found["artefact_percent"], found["variant"]) == (337, 0, variant), found
        assert abs(found["rmssd_ms"] - 101.30063401766522) < 1e-4 and abs(found["dfa_alpha1"] - alpha1) < 1e-5, found


def hrv_reads_what_editors_and_other_programs_write():
    plain = hrv("\n".join(RESTING))
    assert plain["variant"] == "standard"
    assert hrv("\ufeff# a strap\r\n\r\n" + "\r\n".join(f" {ms}.0 " for ms in RESTING) + "\r\n\r\n") == plain


def hrv_leaves_unknown_figures_out():
    assert hrv("") == {"beats": 0, "variant": "standard"}
    assert hrv("\n# nothing\n") == {"beats": 0, "variant": "standard"}
    assert hrv("800") == {"beats": 1, "artefact_percent": 0, "variant": "standard"}
    assert hrv("800\n810\n") == {"beats": 2, "artefact_percent": 0, "rmssd_ms": 10, "variant": "standard"}
    assert "dfa_alpha1" not in hrv("\n".join(RESTING[:63])) and "dfa_alpha1" in hrv("\n".join(RESTING[:64]))
    bad = hrv("\n".join(str(int(ms) * (2 if i % 10 == 5 else 1)) for i, ms in enumerate(RESTING)))
    assert 9 < bad["artefact_percent"] < 12 and "rmssd_ms" not in bad and "dfa_alpha1" not in bad, bad


def hrv_says_which_line_is_none():
    for line, why in {"rr": "no number", "800 ms": "no number", "8e": "no number", "nan": "no number", "0x": "no number",
                      "-800": "ends before", "0.859": "seconds", "0": "seconds", "1e9": "too long", "800,5": "no number",
                      "8\x0000": "no number", "\xff": "no number"}.items():
        said = pacectl("hrv", "-", stdin=b"800\n\n" + line.encode("latin-1") + b"\n810\n", status=65)
        assert said.startswith("-:3:1: ") and why in said, (line, said)
    pacectl("hrv", "/nonexistent", status=65)
    pacectl("hrv", "-", "--variant", "kubios", status=64)
    pacectl("hrv", status=64)
    pacectl("hrv", "-", stdin="800\n" * 400000, status=65)


def check_gives_steps_as_they_will_be_run():
    found = json.loads(pacectl("check", SCENARIOS / "mile-and-200s.txt", "--json"))
    assert found["name"] == "Mile Time Trial & 200m Speed Session"
    assert (found["expanded_steps"], round(found["total_m"]), round(found["total_s"])) == (24, 4850, 2560)
    assert len(found["steps"]) == 24
    target = found["steps"][1].pop("target")
    assert target == {"quantity": "speed", "unit": "m/s", "text": "3'44''/km"} | \
        dict.fromkeys(("low", "value", "high"), 4.464286), target
    assert found["steps"][1] == {"kind": "work", "distance_m": 1600, "pace_s_per_km": 224}
    assert found["steps"][2] == {"kind": "rest", "time_s": 240, "manner": "plain"}
    assert found["steps"][21]["repetition"] == 10 and found["steps"][21]["repetitions"] == 10


def check_reads_standard_input_and_finds_a_workout_in_an_article():
    article = "Ten tips for runners\n\n" + (SCENARIOS / "progressive-1k-repeats.txt").read_text() + "\nEnjoy!\n"
    assert json.loads(pacectl("check", "-", "--json", stdin=article))["expanded_steps"] == 16


PERSONAL = """A 5:30 mile, and then some.

Workout - All That a Step Can Have

  • 12min @ E with 2 strides of 20s
  • 3 lots of:
    • 1.0km @ from 10km pace to 5km pace "tall"
    • jog until HR < 65% (1min..3min)
  • 1km @ 5'00''/km building to 4'00''/km
  • 2min walk
  • 5min @ HR 80-90%
  • 400m @ max
  • 1.6km @ 7'36''/mi
"""
KNOWN = ("--race", "5km=20:00", "--max", "180")


def checked(text, *words):
    return json.loads(pacectl("check", "-", "--json", *words, stdin=text))


def check_says_what_each_step_comes_to_for_whom():
    steps = checked(PERSONAL, *KNOWN)["steps"]
    easy, stride = steps[0], steps[1]
    assert easy["target"]["quantity"] == "speed" and easy["target"]["unit"] == "m/s" and easy["target"]["text"] == "E"
    assert easy["target"]["low"] < easy["target"]["value"] < easy["target"]["high"] and "end" not in easy["target"]
    assert stride["stride"] is True and "target" not in stride
    first, jog, last = steps[5], steps[6], steps[9]
    assert first["note"] == "tall" and round(first["pace_s_per_km"]) == 249 and round(last["pace_s_per_km"]) == 240
    assert first["target"]["text"] == last["target"]["text"] == "from 10km pace to 5km pace"
    assert (jog["kind"], jog["manner"], jog["until"]) == \
        ("rest", "jog", {"heart_below": 117, "least_s": 60, "most_s": 180})
    building, walk, heart, most, mile = steps[11:]
    assert (building["target"]["value"], building["target"]["end"]) == (3.333333, 4.166667)
    assert walk["manner"] == "walk" and "note" not in walk
    assert {key: heart["target"][key] for key in ("quantity", "low", "high")} == \
        {"quantity": "heart-rate", "low": 144, "high": 162}, heart
    assert most["target"] == {"quantity": "maximal", "text": "max"}
    assert mile["target"]["text"] == "7'36''/mi" and round(mile["pace_s_per_km"], 1) == 283.3


def check_without_a_runner_says_what_to_tell_and_offers_effort():
    found = checked(PERSONAL)
    unresolved = {warning["line"]: warning["text"] for warning in found["warnings"] if warning["code"] == "unresolved"}
    assert sorted(unresolved) == [5, 7, 8, 11], found["warnings"]
    assert "pacectl athlete race" in unresolved[5] and "by effort" in unresolved[5]
    assert found["steps"][0]["target"] == {"text": "E"} and "pace_s_per_km" not in found["steps"][0]
    assert found["steps"][6]["until"]["heart_below_percent"] == 65
    table = pacectl("check", "-", stdin=PERSONAL)
    assert "at E" in table and "[unresolved]" in table
    felt = checked(PERSONAL, "--by-effort")
    assert not any(warning["code"] == "unresolved" for warning in felt["warnings"])
    assert felt["steps"][0]["target"]["quantity"] == "effort" and felt["steps"][0]["target"]["text"] == "E"
    assert "effort 2-3 (E)" in pacectl("check", "-", "--by-effort", stdin=PERSONAL)


def check_shows_a_rest_that_waits_for_the_heart_as_the_range_it_is():
    table = pacectl("check", "-", *KNOWN, stdin=PERSONAL)
    assert "jog    1:00-3:00" in table and "until the heart is below 117" in table, table
    always = PERSONAL.replace("(1min..3min)", "(3min..3min)")
    assert "jog         3:00" in pacectl("check", "-", *KNOWN, stdin=always), pacectl("check", "-", *KNOWN, stdin=always)
    assert "In all: 1 step, " in pacectl("check", "-", stdin="Workout - T\n\n- 10min run\n")


def check_says_what_is_wrong_with_a_text():
    for items, said in (
            ("10min @ 5'00", "3:15: expected '' after the seconds of the pace, found the end of the line"), # cut
            ("10min @", "3:10: expected a target such as "),
            ("5 lots of:", "3:3: expected steps to repeat, found none"),
            ("10min Z2", "3:9: expected @ and a pace, or rest, found \"Z2\""), # another dialect
            ("5x", "3:4: expected the unit h, min, s, m, km or mi, found \"x\": a repeat is \"5 lots of:\" in a line of its own, "),
            ("10 @ 5'00''/km", "3:6: expected the unit h, min, s, m, km or mi, found "),
            ("10min @ 5", "3:12: expected ' after the minutes of the pace, found the end of the line"),
            ("-10min @ 5'00''/km", "3:3: expected a step such as "),
            ("900km @ 5'00''/km", "3:3: the workout lasts more than 24 hours"),
            ("25h run", "3:3: expected at most 24 hours, found "),
            ("501 lots of:\n  - 1min run", "3:3: expected 1 to 500 lots, found "),
            ("30 lots of:\n  - 30 lots of:\n    - 1min run", "3:3: the workout has more than 500 steps"),
            ("2 lots of:\n  - 2 lots of:\n    - 2 lots of:\n      - 2 lots of:\n        - 1min run", "6:9: "),
            ("Tr\xe9s".encode("latin-1"), "3:5: this is not UTF-8 text: save it as UTF-8")):
        text = b"Workout - T\n\n- " + (items if isinstance(items, bytes) else items.encode()) + b"\n"
        found = pacectl("check", "-", stdin=text, status=65)
        assert found.startswith("-:" + said) and found.count("\n") == 1, (items, found)


def simulate_reads_whatever_convert_does():
    text = "Workout - T\n\n  • 5min @ 5'00''/km\n  • 2min @ 4'00''/km\n"
    ours = pacectl("simulate", "-", stdin=text)
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "T.txt").write_text(text)
        (pathlib.Path(folder) / "T.icu").write_text("- 5m 5:00/km Pace\n- 2m 4:00/km Pace\n")
        pacectl("convert", f"{folder}/T.txt", f"{folder}/T.fit")
        assert pacectl("simulate", f"{folder}/T.icu") == pacectl("simulate", f"{folder}/T.fit") == ours
    # What is lost is said beside it, and what it lacks is said of the text that is run.
    zwift = ("<workout_file><name>T</name><sportType>run</sportType><durationType>time</durationType><author>A</author>"
             "<workout><SteadyState Duration='60' Power='1' pace='{}'/></workout></workout_file>")
    run = subprocess.run([PACECTL, "simulate", "-"], input=zwift.format(1), capture_output=True, text=True, check=False)
    assert run.returncode == 65 and run.stderr.splitlines()[0] == "-:1: <author> is left out", run
    assert run.stderr.splitlines()[1].startswith("- as text:3:"), run
    run = subprocess.run([PACECTL, "simulate", "-", "--race", "5km=20:00"], input=zwift.format(1), capture_output=True,
                         text=True, check=False)
    assert run.returncode == 0 and run.stderr == "-:1: <author> is left out\n" and "one minute at" in run.stdout, run


def simulate_says_when_it_stops_before_the_end():
    for json_too in ((), ("--json",)):
        run = subprocess.run([PACECTL, "simulate", "-", *json_too, "--verbosity", "tones"], capture_output=True, text=True,
                             input="Workout - T\n- 319km run\n", check=True)
        assert run.stderr == ("pacectl: the workout was stopped after 26 hours, before its end: nothing longer is "
                              "simulated\n"), run.stderr
        last = [line for line in run.stdout.splitlines() if "completed" in line or "[stopped: 26:00:" in line]
        assert len(last) == 1 and (not json_too or json.loads(last[0])["completed"] is False), last


def check_doubts_in_the_order_of_lines():
    text = PERSONAL.replace("12min @ E with 2 strides of 20s", "12min @ 3'40''/km")
    found = [(warning["line"], warning["column"], warning["code"]) for warning in checked(text, *KNOWN)["warnings"]]
    assert found == [(1, 3, "prose-pace"), (5, 5, "no-warm-up"), (7, 7, "slower-than-warm-up")], found
    table = pacectl("check", "-", *KNOWN, stdin=text)
    assert "-:1:3: warning: 5:30/mi here, but the step in line 13 comes to 7:36/mi [prose-pace]" in table, table
    pacectl("check", "-", "--race", "5km=1:00", stdin=text, status=65)


def check_says_where_a_text_is_broken():
    assert f"{SCENARIOS}/broken.txt:4:13: " in pacectl("check", SCENARIOS / "broken.txt", status=65)


def check_refuses_hostile_texts_in_one_line():
    head = "Workout - X\n"
    for text in ("", head, b"\x00" * 4096, b"\xff\xfe" + b"W\x00o\x00", head + "- 1000000000 lots of:\n- 1s @ 5'00''/km\n",
                 head + "- 10min @ 5'00''/km\n" * 100000, "x" * 10_000_000, head + "- 5min @ 5'00''/furlong\n",
                 head + "- 99999999999999999999km @ 5'00''/km\n"):
        pacectl("check", "-", stdin=text, status=65)


def a_file_that_is_not_there_is_said_so():
    assert "No such file" in pacectl("check", "/nonexistent", status=65)
    pacectl("simulate", "/nonexistent", status=65)


def simulate_is_the_same_for_the_same_seed_and_another_for_another():
    runs = [pacectl("simulate", SCENARIOS / "steady.txt", "--seed", seed, "--json") for seed in (5, 5, 6)]
    assert runs[0] == runs[1] != runs[2]
    events = [json.loads(line) for line in runs[0].splitlines()]
    assert {event["event"] for event in events} == {"cue", "step", "lap", "state", "silence"}
    assert all({"t_s", "event", "text", "kind"} <= event.keys() for event in events)
    assert [event["t_s"] for event in events] == sorted(event["t_s"] for event in events)


def simulate_prints_cues_with_their_time():
    first = pacectl("simulate", SCENARIOS / "steady.txt").splitlines()[0]
    assert first.startswith("0:00:00.0  first: ")


def simulate_refuses_an_empty_text():
    pacectl("simulate", "-", stdin="", status=65)


def simulate_can_be_heard():
    """In the file every tone begins at its instant, words are where they were said, and the rest is silence."""
    demo = HERE.parent.parent / "config" / "workouts" / "demo.txt"
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "heard.wav"
        lines = pacectl("simulate", demo, "--verbosity", "tones", "--wav", path, "--json").splitlines()
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22050, 1, 2)
            sound = array.array("h", file.readframes(file.getnframes()))
    cues = [line for line in map(json.loads, lines) if line["event"] == "cue"]
    tones = [cue["due_s"] for cue in cues if cue["form"] == "earcon"]
    words = [(cue["spoken_s"], cue["duration_s"]) for cue in cues if cue["form"] != "earcon"]
    assert len(tones) > 20 and words

    def loud(begin, end, level=100):
        return [at for at in range(round(begin * 22050), min(round(end * 22050), len(sound))) if abs(sound[at]) > level]

    alone = [due for due in tones if not any(begin - 0.5 < due < begin + length + 0.5 for begin, length in words)]
    assert len(alone) > 15
    for due in alone:
        heard = loud(due - 0.2, due + 0.05)
        assert heard and abs(heard[0] / 22050 - due) < 0.005, (due, heard[:1])
    for begin, length in words:
        assert len(loud(begin, begin + length, 1000)) > 1000, begin
    sounding = sum(length for _, length in words) + 0.5 * len(tones)
    assert len(loud(0, len(sound) / 22050, 0)) / 22050 < sounding
    assert len(sound) / 22050 > max(tones)


def simulate_says_when_the_file_cannot_be_written():
    demo = HERE.parent.parent / "config" / "workouts" / "demo.txt"
    pacectl("simulate", demo, "--wav", "/nonexistent/heard.wav", status=1)


def replay_gives_cues_and_laps_with_their_time_since_the_start():
    capture = SCENARIOS / "captured-run.capture"
    events = [json.loads(line) for line in pacectl("replay", capture, "--json").splitlines()]
    assert events[0]["t_s"] == 0
    assert {event["event"] for event in events} == {"cue", "step", "lap", "state", "silence"}
    silences = [event["text"] for event in events if event["event"] == "silence"]
    assert silences[-1] == "not-running" and "rest" in silences, silences
    assert all(one != other for one, other in zip(silences, silences[1:])), silences
    laps = [event for event in events if event["event"] == "lap"]
    assert [lap["step"] for lap in laps] == [0, 1, 2, 3, 4] and abs(laps[0]["distance_m"] - 30) < 0.001
    assert pacectl("replay", "-", stdin=capture.read_text()) == pacectl("replay", capture)


def replay_says_the_last_words_of_a_capture_that_ends_with_the_run():
    """The voice was still busy with another word then."""
    capture = (SCENARIOS / "captured-run.capture").read_text()
    busy = capture[:capture.index("voice started 1\n")] + "voice started 1\n6.4 stop\n"
    assert pacectl("replay", "-", stdin=busy).splitlines()[-1].split("  ")[1].startswith("stopped. ")


def replay_says_where_and_what_was_expected():
    for text, line, expected in (
            ("", 0, "a capture"), ("# nothing\n", 1, "a capture"), ("0.5 link 0 up\n", 1, "expected a sitting"),
            ("# paced capture 2\nsitting 1 \"\"\n", 1, "expected “# paced capture 1”"),
            ('sitting 1 ""\n\n# x\n0.5 link 0 sideways\n', 4, "a link is: link SENSOR up|down"),
            ('sitting 1 ""\n1 start "a\n', 2, "quotation marks"), ('sitting 1 "[sitting]\\ndrift-band=9"\n', 1, "drift-band"),
            ("sitting 1 \"\"\n0.5 ti\0me\n", 2, "NUL"), (b'sitting 1 ""\n# \xff\n', 2, "UTF-8"),
            ("Workout - X\n", 1, "t_s")):
        complaint = pacectl("replay", "-", stdin=text, status=65)
        assert complaint.startswith(f"-:{line}: ") and expected in complaint, (text, complaint)
    pacectl("replay", SCENARIOS / "missing.capture", status=65)


def replay_leaves_out_a_line_that_was_cut():
    text = (SCENARIOS / "captured-run.capture").read_text()
    cut = text[:text.index("voice done 1")]
    assert not cut.endswith("\n") and "first: " in pacectl("replay", "-", stdin=cut)


POD = "t_s,rsc_raw\n" + "".join(f"{t + 0.4},{900 + t % 3}\n" for t in range(400))


def replay_pod(pod=POD, *words, status=0):
    rows = pacectl("replay", "--pod", "-", *words, stdin=pod, status=status)
    return rows if status else [tuple(map(float, line.split(","))) for line in rows.splitlines()[1:]]


def a_pods_speeds_give_a_row_a_second():
    rows = replay_pod()
    assert [row[0] for row in rows] == list(range(400)) and rows[0][1] != rows[0][1], "nothing is known before a packet"
    assert all(abs(speed - 3.52) < 0.02 for _, speed, _, _ in rows[10:]) and abs(rows[399][2] - 399 * 3.52) < 3
    assert all(earlier[2] <= later[2] for earlier, later in zip(rows[1:], rows[2:]))


def a_row_knows_nothing_of_what_comes_after():
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "marks").write_text("t_s,cum_dist_m\n105.0,380\n220.1,800\n330,1200\n")
        (pathlib.Path(directory) / "plan").write_text("t_s\n150\n300\n")
        known = ("--marks", f"{directory}/marks", "--plan", f"{directory}/plan", "--scale-sd", "0.05")
        pod = POD.replace("200.4,", "200.4,1400\n200.9,").replace("310.4,902", "310.4,700")
        rows = replay_pod(pod, *known)
        assert rows[120][3] > rows[100][3] + 0.2 and abs(rows[200][1] - rows[100][1]) > 0.03, "the marks move the scale"
        lines = pod.splitlines(keepends=True)
        for cut in (60, 150, 201, 305, 311):
            upto = [line for line in lines[1:] if float(line.split(",")[0]) < cut]
            shorter = replay_pod(lines[0] + "".join(upto), *known)
            assert repr(shorter[1:]) == repr(rows[1:len(shorter)]), cut


def a_table_is_read_as_spreadsheets_write_it():
    assert repr(replay_pod("\ufeff" + POD.replace("\n", "\r\n\r\n").replace(",", " , "))) == repr(replay_pod())
    swapped = "".join(",".join(reversed(line.split(","))) + "\n" for line in POD.splitlines())
    assert repr(replay_pod(swapped)) == repr(replay_pod())


def what_is_wrong_with_a_table_is_said_with_its_line():
    for text, line, expected in (
            ("", 1, "empty"), ("t_s,speed\n1,2\n", 1, "rsc_raw"), ("t_s,rsc_raw\n1,x\n", 2, "a number"),
            ("t_s,rsc_raw\n5,900\n\n4,900\n", 4, "backwards"), ("t_s,rsc_raw\n,900\n", 2, "time"),
            ("t_s,rsc_raw\n1,900\n2,\n", 3, "rsc_raw"), ("t_s,rsc_raw\n1,-900\n", 2, "0 or more"),
            ("t_s,rsc_raw\n1e9,900\n", 2, "from 0"), (b"t_s,rsc_raw\n\xff\n", 1, "UTF-8"), ("t\0", 1, "text")):
        complaint = replay_pod(text, status=65)
        assert complaint.startswith(f"-:{line}: ") and expected in complaint, (text, complaint)
    pacectl("replay", "--pod", "/nonexistent", status=65)
    replay_pod(POD, "--scale-sd", "7", status=64)


def zones(*words):
    return json.loads(pacectl("zones", *words, "--json"))


def within(found, expected, tolerance):
    return abs(found - expected) <= tolerance


def zones_gives_what_follows_from_a_race():
    found = zones("--race", "5km=20:00")
    assert within(found["vdot"], 49.8062, 5e-5)
    assert set(found["paces"]) == {"E", "M", "T", "I", "R"}
    # What is printed for a VDOT of 50, whose 5 km is 3.5 s faster.
    for letter, pace in {"E": 318.1, "M": 271.3, "T": 255.4, "I": 234.9, "R": 220.0}.items():
        assert within(found["paces"][letter], pace, 1.1), letter
    assert within(found["critical_speed_mps"], 3.99, 0.02) and within(found["d_prime_m"], 209.8, 0.5)
    assert found["critical_speed_from"] == "race" and within(found["critical_speed_sd_mps"], 0.14, 1e-9)
    riegel = {each["name"]: each["riegel_time_s"] for each in found["predictions"]}
    assert within(riegel["10 km"], 2501.918, 1e-3) and within(riegel["marathon"], 11509.321, 1e-3)
    assert "heart_zones" not in found and "age_grade_percent" not in found and found["warnings"] == []


def zones_fits_critical_speed_to_trials():
    found = zones("--race", "1200m=3:40", "--race", "2400m=7:58", "--race", "3600m=12:22")
    assert within(found["critical_speed_mps"], 4.597499, 1e-5) and within(found["d_prime_m"], 193.200634, 1e-3)
    fits = found["fits"]
    assert within(fits["inverse_time"]["d_prime_m"], 185.570034, 1e-3)
    assert within(fits["hyperbolic"]["critical_speed_mps"], 4.573695, 1e-5)
    assert fits["agree"] and fits["used"] and fits["trials"] == 3 and "reason" not in fits
    assert found["critical_speed_from"] == "trials"


def zones_says_why_it_refuses_a_fit():
    found = zones("--race", "800m=2:18", "--race", "1500m=4:48", "--race", "3000m=10:22", "--race", "5000m=18:12")
    assert not found["fits"]["used"] and "the 800 m is 3.7 % of its distance off" in found["fits"]["reason"]
    assert found["critical_speed_from"] == "race" and found["warnings"] == [found["fits"]["reason"]]


def zones_of_the_heart():
    found = zones("--rest", 48, "--max", 187, "--threshold", 170)["heart_zones"]
    assert [round(zone["from_bpm"], 1) for zone in found["reserve"]] == [89.7, 103.6, 131.4, 145.3, 159.2, 173.1]
    assert [zone["zone"] for zone in found["threshold"]] == ["1", "2", "3", "4", "5a", "5b", "5c"]
    assert within(found["threshold"][1]["from_bpm"], 144.5, 1e-9) and "to_bpm" not in found["threshold"][6]
    guessed = zones("--rest", 48, "--age", 35)
    assert guessed["heart_max_from"] == "age" and within(guessed["heart_max_bpm"], 183.5, 1e-9)
    assert "a guess from the age" in guessed["warnings"][0]
    assert "heart zones need" in zones("--rest", 48)["warnings"][0]


def zones_grades_by_age():
    found = zones("--race", "5km=13:32", "--age", 40, "--sex", "M")
    assert within(found["age_grade_percent"], 100, 1e-9) and within(found["races"][0]["age_grade_percent"], 100, 1e-9)


def zones_warns_of_races_that_differ_wildly():
    warning = zones("--race", "5km=18:45", "--race", "marathon=3:53:00")["warnings"][0]
    assert "the 5 km a VDOT of 53.7, the marathon of 39.3" in warning


def zones_refuses_what_cannot_be():
    for words, said in (
            (("--race", "5km=9:00"), "5 km in 9:00 is faster than anybody has run"),
            (("--race", "half=1:30"), "hours are written 1:30:00"),
            (("--race", "half=2:00:00", "--race", "marathon=1:59:59"), "the longer race is the faster one"),
            (("--race", "half=1:30:00", "--race", "marathon=2:50:00"), "half marathon in 1:30:00 and marathon in 2:50:00"),
            (("--race", "5000=20:00"), "5000 what?"), (("--race", "5km"), "expected “=”"), (("--race", "5km=9′00″"), "5 km in 9:00"),
            (("--race", "5km=20"), "expected a time"), (("--race", ""), "expected a distance"),
            (("--race", b"5km=\xff"), "UTF-8"), (("--race", "marathon=4:49:17"), "says no VDOT"),
            (("--race", "5km=20:00") * 7, "at most 6 races"), (("--max", 300), "90 to 230 bpm"),
            (("--rest", 70, "--threshold", 65), "not below the threshold"), (("--rest", "inf"), "25 to 120 bpm")):
        run = subprocess.run([PACECTL, "zones", *(word if isinstance(word, bytes) else str(word) for word in words)],
                             capture_output=True, timeout=60, check=False)
        assert run.returncode == 65 and run.stdout == b"", (words, run.returncode)
        assert said in run.stderr.decode() and len(run.stderr.decode().splitlines()) == 1, (words, run.stderr)


def zones_prints_a_table_for_people():
    table = pacectl("zones", "--race", "5km=20:00", "--rest", 48, "--max", 187)
    assert "VDOT 49.8, of the 5 km in 20:00" in table
    assert [line for line in table.splitlines() if line.split()[:4] == ["T", "threshold", "4:16", "6:52"]]
    assert "give or take 0.14" in table and "derived from the VDOT" in table
    assert [line for line in table.splitlines() if line.split() == ["6", "near", "maximal", "from", "174", "bpm"]]


def wrong_usage_is_told_from_bad_input():
    for words in ((), ("fly",), ("check",), ("check", "a", "b"), ("start",), ("history", "x"), ("status", "--nonsense"),
                  ("sensors", "add"), ("sensors", "scan", "x"), ("replay",), ("replay", "x", "--plan", "y"), ("replay", "x", "--pod", "y"), ("record",), ("record", "x", "--run", "0"),
                  ("sensors", "fly"), ("sensors", "set", "pod"),
                  ("sensors", "set", "pod", "--match-name", "--no-match-name"), ("sensors", "distance", "pod", "far"),
                  ("sensors", "distance", "pod", "nan"), ("sensors", "location"), ("hold", "on"), ("preflight", "a", "b"),
                  ("zones",), ("zones", "5km=20:00"), ("zones", "--race"), ("zones", "--rest", "low"),
                  ("zones", "--race", "5km=20:00", "--sex", "x")):
        run = subprocess.run([PACECTL, *words], capture_output=True, check=False)
        assert run.returncode == 64, (words, run.returncode)


tap.run([test for name, test in list(globals().items()) if callable(test) and getattr(test, "__module__", "") == "__main__"
         and name not in ("checked", "decode", "hrv", "replay_pod", "zones", "near", "within")])
