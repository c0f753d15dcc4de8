# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Simulated runners with a foot pod whose truth is known: what the pace estimator is measured against.

A runner chases the pace that is due with a time constant of 1.2 s, accelerates by no more than 1.5 and brakes by no
more than 1.3 m/s², and wanders about it by 0.06 m/s (15 s). The pod says the mean of its last seconds, times a scale
that depends on speed, with noise, outliers and gaps. Lap presses at known distances are 0.3 s early or late.
"""
import math
import random
from dataclasses import dataclass, field

DT = 0.1  # s

# Until a time (s) or for a distance (m), at a pace (m/s), and whether it is a repetition.
REPS_1000 = [("m", 800, 2.8, 0)] + [part for _ in range(5) for part in (("m", 1000, 4.6, 1), ("m", 400, 2.4, 0))]
REPS_200 = [("m", 800, 2.8, 0)] + [part for _ in range(10) for part in (("m", 200, 5.6, 1), ("m", 200, 2.2, 0))]
STOP_GO = [part for _ in range(10) for part in (("s", 60, 3.5, 1), ("s", 20, 0.0, 0))]
RUNS = {"steady": [("s", 1200, 3.6, 1)], "5x1000": REPS_1000, "10x200": REPS_200, "stop-go": STOP_GO}


@dataclass
class Pod:
    averaging: float  # s
    noise: float  # m/s
    scale: float  # standard deviations of the scale,
    slope: float  # and of its change per m/s
    outliers: float  # share of packets


PODS = {"good": Pod(3.0, 0.05, 0.01, 0.002, 0.002), "poor": Pod(4.0, 0.09, 0.05, 0.006, 0.004)}


@dataclass
class Run:
    speed: list = field(default_factory=list)  # m/s, each second
    part: list = field(default_factory=list)  # index into the run's parts, each second
    packets: list = field(default_factory=list)  # (s, 1/256 m/s)
    marks: list = field(default_factory=list)  # (s, m)
    plan: list = field(default_factory=list)  # s


def _runner(parts, dice):
    """Speed, way and part each DT, and the seconds at which the parts change."""
    held, wander, way, time = parts[0][2], 0.0, 0.0, 0.0
    if any(pace == 0 for _, _, pace, _ in parts):
        held = 0.0
    speeds, ways, which, plan = [], [], [], []
    for number, (measure, amount, pace, _) in enumerate(parts):
        began = (time, way)
        while (time - began[0] if measure == "s" else way - began[1]) < amount - 1e-9:
            speed = max(0.0, held + wander if pace > 0 or held > 1 else held)
            speeds.append(speed)
            ways.append(way)
            which.append(number)
            held += max(-1.3, min(1.5, (pace - held) / 1.2)) * DT
            wander += -wander / 15 * DT + 0.06 * math.sqrt(2 / 15 * DT) * dice.gauss(0, 1)
            way += speed * DT
            time += DT
        if number < len(parts) - 1:
            plan.append(int(time))
    return speeds, ways, which, plan


def _packets(pod, speeds, ways, dice):
    scale, slope = 1 + dice.gauss(0, pod.scale), dice.gauss(0, pod.slope)
    back = round(pod.averaging / DT)
    packets, silent_until, offset = [], -1.0, dice.random()
    for second in range(len(speeds)):
        at = offset + second + dice.uniform(-0.05, 0.05)
        now = round(at / DT)
        if now >= len(speeds):
            break
        if at < 0 or at < silent_until:
            continue
        if dice.random() < 1 / 500:
            silent_until = at + dice.uniform(3, 15)
            continue
        before = ways[now - back] if now >= back else (now - back) * DT * speeds[0]
        mean = (ways[now] - before) / pod.averaging
        seen = mean * (scale + slope * (mean - 3.5)) + dice.gauss(0, pod.noise) * (1 if mean > 0.3 else 0.2)
        if dice.random() < pod.outliers:
            seen *= dice.choice((dice.uniform(0.5, 0.8), dice.uniform(1.25, 1.6)))
        packets.append((round(at, 2), max(0, round(seen * 256))))
    return packets


def _lines(parts, steady):
    """Known distances: the track's line after 400 m, and where each part ends."""
    if steady:
        return [400, 800]
    lines = [400]
    for _, amount, _, _ in parts:
        lines.append(lines[-1] * (len(lines) > 1) + amount)
    return lines


def simulate(run, pod, seed):
    parts, dice = RUNS[run], random.Random(f"{run} {pod} {seed}")
    speeds, ways, which, plan = _runner(parts, dice)
    result = Run(plan=plan, packets=_packets(PODS[pod], speeds, ways, dice))
    if run != "stop-go":
        step = 0
        for line in _lines(parts, run == "steady"):
            while step < len(ways) and ways[step] < line:
                step += 1
            if step < len(ways):
                result.marks.append((round(step * DT + dice.gauss(0, 0.3), 2), line))
    for second in range(int(len(speeds) * DT)):
        result.speed.append(speeds[round(second / DT)])
        result.part.append(which[round(second / DT)])
    return result
