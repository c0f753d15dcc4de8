#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""How good is the pace that the coach believes? Simulated runs through `pacectl replay --pod`, held against their truth.

Usage: pace.py [--runs N] [--seed N | --fresh]. Prints a table, with a naive average of ten seconds beside it, and holds
the rows that have goals to them. The seeds were not tuned on; --fresh draws others.

all, steady: root mean square error in m/s, the latter without the 15 s after a change; lag: seconds from when the truth
has done 80 % of a step up to when the estimate has; overshoot: m/s beyond the truth after a step up; distance: mean error
of a repetition's, in %; false: % of the seconds within 2 % of the pace that are shown beyond 3 %.
"""
import argparse
import concurrent.futures
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import runners

PACECTL = pathlib.Path(os.environ["PACED_BUILD"]) / "src/pacectl/pacectl"
COLUMNS = ("all", "steady", "lag", "overshoot", "distance", "false")
SKIPPED = 15  # s at the start: nobody knows a pace before the first packets
SETTLED = 15  # s after a change
# What is to be reached: the measure of a reference filter, or better.
GOALS = {
    ("5x1000", "good"): {"all": 0.125, "steady": 0.042, "lag": 1.5, "overshoot": 0.20, "distance": 0.20, "false": 1.1},
    ("10x200", "good"): {"all": 0.26},
    ("5x1000", "poor"): {"steady": 0.066, "distance": 0.45},
}


def naive(run):
    """The mean of the pod's last ten seconds, as neighbours show it."""
    latest, raw, at = run.packets[0][1] / 256, [], 0
    for second in range(len(run.speed)):
        while at < len(run.packets) and run.packets[at][0] <= second:
            latest = run.packets[at][1] / 256
            at += 1
        raw.append(latest)
    return [sum(raw[max(0, i - 9): i + 1]) / len(raw[max(0, i - 9): i + 1]) for i in range(len(raw))]


def estimated(run, scale_sd):
    with tempfile.TemporaryDirectory() as directory:
        def write(name, header, rows):
            path = f"{directory}/{name}.csv"
            with open(path, "w") as file:
                file.write("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")
            return path
        command = [PACECTL, "replay", "--pod", write("pod", "t_s,rsc_raw", run.packets), "--marks",
                   write("marks", "t_s,cum_dist_m", run.marks), "--plan", write("plan", "t_s", [(t,) for t in run.plan]),
                   "--scale-sd", str(scale_sd)]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [float(line.split(",")[1]) for line in lines[1:]]


def root_mean_square(values):
    return math.sqrt(sum(value * value for value in values) / len(values))


def measure(name, run, estimate):
    parts = runners.RUNS[name]
    seconds = min(len(estimate), len(run.speed))
    truth, part = run.speed, run.part
    errors = [estimate[i] - truth[i] for i in range(seconds)]
    changes = [i for i in range(1, seconds) if part[i] != part[i - 1]]
    unsettled = {i for change in changes for i in range(change, change + SETTLED)}
    measures = {"all": root_mean_square(errors[SKIPPED:]),
                "steady": root_mean_square([errors[i] for i in range(SKIPPED, seconds) if i not in unsettled])}
    lags, overshoots = [], []
    for change in changes:
        pace = parts[part[change]][2]
        if pace <= parts[part[change - 1]][2] or change + 12 > seconds:
            continue
        level = truth[change - 1] + 0.8 * (pace - truth[change - 1])
        true_at = next(i for i in range(change, seconds) if truth[i] >= level)
        true_at -= (truth[true_at] - level) / (truth[true_at] - truth[true_at - 1])
        lags.append(next((i for i in range(change, seconds) if estimate[i] >= level), seconds) - true_at)
        overshoots.append(max(estimate[change: change + 12]) - max(truth[change: change + 12]))
    measures["lag"] = sum(lags) / len(lags) if lags else math.nan
    measures["overshoot"] = sum(overshoots) / len(overshoots) if overshoots else math.nan
    ways = []
    for number, (_, _, _, repetition) in enumerate(parts):
        inside = [i for i in range(SKIPPED, seconds) if part[i] == number and repetition]
        if inside:
            ways.append(100 * abs(sum(errors[i] for i in inside)) / sum(truth[i] for i in inside))
    measures["distance"] = sum(ways) / len(ways)
    false = held = 0
    for i in range(SKIPPED, seconds):
        _, _, pace, repetition = parts[part[i]]
        if repetition and i not in unsettled and abs(sum(truth[i - 4: i + 1]) / 5 / pace - 1) <= 0.02:
            held += 1
            false += abs(estimate[i] / pace - 1) > 0.03
    measures["false"] = 100 * false / held if held else math.nan
    return measures


def one(name, pod, seed):
    run = runners.simulate(name, pod, seed)
    return measure(name, run, naive(run)), measure(name, run, estimated(run, runners.PODS[pod].scale))


def mean(rows, column):
    known = [row[column] for row in rows if not math.isnan(row[column])]
    return sum(known) / len(known) if known else math.nan


def table_line(title, rows):
    return f"{title:<26}" + "".join(f"{mean(rows, column):>11.3f}" for column in COLUMNS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=120)
    parser.add_argument("--seed", type=int, default=60000)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    first = random.randrange(10 ** 9) if options.fresh else options.seed
    print(f"# {options.runs} runs of each kind, seeds from {first}")
    print("# " + f"{'':<26}" + "".join(f"{column:>11}" for column in COLUMNS))
    checks = []
    for name in runners.RUNS:
        for pod in runners.PODS:
            with concurrent.futures.ProcessPoolExecutor() as pool:
                results = list(pool.map(one, *zip(*[(name, pod, first + i) for i in range(options.runs)])))
            ours = [result[1] for result in results]
            print("# " + table_line(f"{name}, {pod} pod: average", [result[0] for result in results]))
            print("# " + table_line("paced", ours))
            goals = GOALS.get((name, pod), {})
            if goals:
                print("# " + f"{'to reach':<26}" + "".join(f"{goals.get(column, ''):>11}" for column in COLUMNS))
            checks += [(f"{name}, {pod} pod, {column}: {mean(ours, column):.4f} (at most {goal})", mean(ours, column) <= goal)
                       for column, goal in goals.items()]
    print(f"1..{len(checks)}")
    for number, (what, good) in enumerate(checks, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
    return 0 if all(good for _, good in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
