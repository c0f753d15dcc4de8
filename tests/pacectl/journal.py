# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Captures of runs that never were, for the verbs that make something of a run: a strap and a pod that send a packet a
second each, and the runner's commands."""
import math

ORIGIN = 1000.0
INTERVALS = "Workout - 3 x 400 / easy\\n\\n• 2min @ 6'00''/km\\n• 3 lots of:\\n  • 400m @ 4'10''/km\\n  • 60s rest\\n• 2min @ 6'00''/km\\n"


def heart(bpm, *beats_ms):
    return "notify 0 2a37 " + bytes([0x10 if beats_ms else 0, round(bpm)]).hex() + "".join(
        round(ms * 1.024).to_bytes(2, "little").hex() for ms in beats_ms)


def pod(speed, cadence):
    return "notify 1 2a53 " + (bytes([0x04]) + round(speed * 256).to_bytes(2, "little") + bytes([round(cadence)])).hex()


def pace_at(t):
    """A runner who goes 2.8 m/s, and 4 m/s for 100 s of every 160."""
    return 4.0 if 120 <= t < 600 and (t - 120) % 160 < 100 else 2.8


def capture(seconds, text=INTERVALS, began=None, sensors=True, commands=(), end="stop #9", speed=pace_at, athlete="", gap=()):
    """The run starts at 0, three seconds after its sitting. `commands`: (time, line). `gap`: (from, to) without packets."""
    lines = ["# paced capture 1"]
    if began:
        lines += ["# sensor 0 is C0:FF:EE:00:00:01 Strap One", "# sensor 1 is C0:FF:EE:00:00:02 Pod", f"# began {began}"]
    lines += [f'sitting {ORIGIN:.6f} "[sitting]\\nversion=0.1.0\\nlanguage=en-us\\ndrift-band=0.03\\nwords-a-minute=160\\n"']
    timed = []
    timed += [(-3, f"athlete {athlete}")] if athlete else []
    timed += [(-2.9, "link 0 up"), (-2.9, "link 1 up"), (-2.8, "notify 0 2a19 55"), (-2.8, "notify 1 2a19 0c")] if sensors else []
    timed += [(0, f'start #1 "{text}"' if text else "start #1")]
    metres, beat, bpm = 0.0, 0.0, 100.0
    for t in range(-2, math.ceil(seconds)):
        v = speed(max(t, 0))
        bpm += (80 + 24 * v - bpm) / 40
        beats = []
        while beat < t + 1:
            beats.append(60000 / bpm)
            beat += 60 / bpm if beat >= t else t - beat + 60 / bpm
        timed.append((t + 0.25, "time"))
        if sensors and not any(a <= t < b for a, b in gap):
            timed += [(t + 0.4, heart(bpm, *beats[-3:])), (t + 0.6, pod(v, 150 + 8 * v))]
    timed += list(commands) + ([(seconds, end)] if end else [])
    timed.sort(key=lambda one: one[0])
    return "\n".join(lines + [f"{3 + t:.6f} {line}" for t, line in timed]) + "\n"
