#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The metronome and the pacer as pacectl tells and sounds them, without a daemon. Usage: test-rhythm.py PACECTL."""
import array
import json
import pathlib
import sys
import tempfile
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402
from command import pacectl  # noqa: E402

BEATS = "Workout - Beats\n\n  • 90s @ 5'00''/km, metronome 195, pacer 50m\n  • 1min rest\n"


def a_metronome_and_a_pacer_are_checked_and_told():
    step, rest = json.loads(pacectl("check", "--json", "-", stdin=BEATS))["steps"]
    assert (step["metronome"], step["pacer_m"]) == ("195", 50), step
    assert "metronome" not in rest and "pacer_m" not in rest, rest
    assert "metronome 195  pacer 50 m" in pacectl("check", "-", stdin=BEATS)
    words = pacectl("simulate", "-", stdin=BEATS)
    events = [json.loads(line) for line in pacectl("simulate", "--json", "-", stdin=BEATS).splitlines()]
    ticks = [event for event in events if event.get("kind") == "pacer"]
    assert [round(tick["due_s"]) for tick in ticks] == [15, 30, 45, 60, 75], ticks
    changes = [tick for tick in ticks if tick["reason"] == "place-changed"]
    assert words.count("(pacer)") == len(changes) < len(ticks), words
    beats = [event for event in events if event["event"] == "metronome"]
    assert beats and beats[0]["text"] == "on" and beats[-1]["text"] == "off" and beats[-1]["clicks_a_minute"] == 0
    assert words.count("[metronome ") == len(beats), words


def a_metronome_and_a_pacer_can_be_heard():
    """In the file: the clicks at their tempo, each tick at its instant, and the rest is silence."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "heard.wav"
        lines = pacectl("simulate", "-", "--verbosity", "tones", "--wav", path, "--json", stdin=BEATS).splitlines()
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            sound = array.array("h", file.readframes(file.getnframes()))
    events = list(map(json.loads, lines))
    beats = [event for event in events if event["event"] == "metronome"]
    tempo, began, ended = beats[0]["clicks_a_minute"], beats[0]["t_s"], beats[1]["t_s"]
    cues = sorted(event["due_s"] for event in events if event["event"] == "cue")

    def onsets(begin, end):
        found, quiet = [], rate
        for at in range(round(begin * rate), round(end * rate)):
            quiet = quiet + 1 if abs(sound[at]) < 20 else 0
            if quiet == 0 and (not found or at - found[-1] > rate // 10):
                found.append(at)
        return [at / rate for at in found]

    spans = [(max(sooner + 1, began + 2), min(later - 0.1, ended)) for sooner, later in zip(cues, cues[1:])]
    begin, end = max(spans, key=lambda span: span[1] - span[0])
    assert end - begin > 4, spans
    clicks = onsets(begin, end)
    gaps = [later - sooner for sooner, later in zip(clicks, clicks[1:])]
    assert len(clicks) >= 10 and all(abs(gap - 60 / tempo) < 0.002 for gap in gaps), (tempo, gaps)
    for tick in (event for event in events if event.get("kind") == "pacer" and event["due_s"] < began - 0.5):
        heard = onsets(tick["due_s"] - 0.2, tick["due_s"] + 0.2)
        assert heard and abs(heard[0] - tick["due_s"]) < 0.005, (tick, heard)
    rest = next(event["t_s"] for event in events if event["event"] == "lap")
    assert not onsets(rest + 3, rest + 20), "in the rest"


tap.run([a_metronome_and_a_pacer_are_checked_and_told, a_metronome_and_a_pacer_can_be_heard])
