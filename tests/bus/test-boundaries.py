#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""“Go” is heard on the boundary: the real daemon's tones, recorded where they would be heard, against where each step truly
ends. For a step by time that follows from the run's start; for one by distance from where the simulated runner truly was,
which no sensor knows. Speaks TAP."""
import bisect
import math
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import Ear, World, journal_of, measured, run_tests, wait_until  # noqa: E402

PAIR = ("Sim Strap", "Sim Pod")
TONES_ONLY = "[coach]\nverbosity=tones\nsilent=step, split, drift, progress, summary, adaptation, status, safety\n"
AT_ONCE = 3
REACH = 0.45  # s: the count before is a second away
NEAR = 5  # s: the soonest piece of so long was not late, and streams go later after the last boundary


class PlacedEar(Ear):
    """The sink takes a block as it begins to play it: the piece of the recording that came soonest says when its first sample
    sounds. A stream that comes or goes can make the sink render anew, and that is heard twice: so of the pieces nearby."""

    def __init__(self, world):
        self.pieces = []  # (when it came, when the recording would have begun)
        super().__init__(world)

    def on_sound(self, descriptor, condition):
        now = time.monotonic()
        self.pieces.append((now, now - len(self.samples) / self.RATE))
        return super().on_sound(descriptor, condition)

    def began(self, instant):
        return min(began for came, began in self.pieces if abs(came - instant) < NEAR)

    def heard_until(self):
        return self.pieces[-1][1] + len(self.samples) / self.RATE

    def error(self, instant):
        """How long after an instant a tone begins; NaN when there is none near."""
        at = round((instant - self.began(instant)) * self.RATE)
        reach, start, quiet = int(REACH * self.RATE), None, 0
        for place in range(max(0, at - reach), min(at + reach, len(self.samples))):
            if abs(self.samples[place]) > self.LOUD:
                if start is None or quiet > self.RATE // 20:
                    start = place
                    if start > at - reach + self.RATE // 20:
                        return (start - at) / self.RATE
                quiet = 0
            else:
                quiet += 1
        return math.nan


class Listening:
    """To a run in a world of its own."""

    def __init__(self, world, seed):
        settings = world.directory / "config/paced"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "paced.conf").write_text(TONES_ONLY)
        world.start_pulse()
        world.start_fake("--speed", "4", "--seed", str(seed))
        self.world = world
        self.paced, self.ear, self.track = world.start_paced("--voice=pulse"), PlacedEar(world), Track(world)

    def ready(self):
        self.paced.wait_live(*PAIR)
        self.paced.wait_hub("VoiceState", "ready")
        assert "calibrated" in self.world.pacectl("sensors", "calibrate", "sim pod")

    def is_over(self):
        self.track.look()
        return self.paced.named("Finished") and self.ear.heard_until() > time.monotonic() - 0.1


def boundaries(world):
    """The ends of all steps but the last, as the journal has them, for time.monotonic(). News on the bus may be late."""
    since_boot = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()

    def ends():
        with journal_of(world.database) as database:
            is_kept = database.execute("SELECT ended_by FROM runs").fetchone()[0]
            return is_kept and database.execute("SELECT ended FROM laps ORDER BY lap").fetchall()
    return [ended / 1e6 - since_boot for ended, in wait_until(ends, "the run to be kept")][:-1]


def tell(what, errors):
    measured(f"{what}: tone against boundary, median", statistics.median(errors) * 1000, "ms")
    measured(f"{what}: worst of {len(errors)}", max(errors, key=abs) * 1000, "ms")


class Track:
    """Where the runner truly is, as often as one may ask."""

    def __init__(self, world):
        self.world, self.times, self.metres = world, [], []

    def look(self):
        before = time.monotonic()
        metres = self.world.sim("Stats")[0]["distance"]
        after = time.monotonic()
        if after - before < 0.02:  # asked and answered in between, and it is known when
            self.times.append((before + after) / 2)
            self.metres.append(metres)

    def at(self, instant):
        right = bisect.bisect(self.times, instant)
        (t0, t1), (m0, m1) = self.times[right - 1:right + 1], self.metres[right - 1:right + 1]
        return m0 + (m1 - m0) * (instant - t0) / (t1 - t0)

    def when(self, metres):
        right = bisect.bisect(self.metres, metres)
        (t0, t1), (m0, m1) = self.times[right - 1:right + 1], self.metres[right - 1:right + 1]
        return t0 + (t1 - t0) * (metres - m0) / (m1 - m0)


def errors_of(world, text, errors):
    """In several worlds at once, with other dice: the figures are of a share, and sound takes its time."""
    worlds = [world] + [World() for _ in range(AT_ONCE - 1)]
    try:
        heard = [Listening(one, seed) for seed, one in enumerate(worlds, 1)]
        for one in heard:
            one.ready()
        for one in heard:
            one.paced.start_text(text)
        wait_until(lambda: all([one.is_over() for one in heard]), "the ends of the runs", 120)
        found = [error for one in heard for error in errors(one)]
    finally:
        wrong = [line for other in worlds[1:] for line in other.close()]
    assert not wrong, wrong
    print("#", [round(error * 1000) for error in found])
    return found


def share_within(errors, bound):
    assert len(errors) >= 18
    return sum(abs(error) <= bound for error in errors) / len(errors)


def of_timed_steps(world):
    def errors_of_one(one):
        ends = boundaries(one.world)
        return [one.ear.error(ends[0] + 4 * number) for number in range(len(ends))]
    errors = errors_of(world, "Workout - Fours\n\n• 8 lots of:\n  • 4s @ 4'10''/km\n", errors_of_one)
    tell("steps by time", errors)
    assert share_within(errors, 0.05) >= 0.95, errors


def of_steps_by_distance_with_a_good_pod(world):
    """With a pod whose scale is right, ninety-eight in a hundred of these short ones are within 150 ms (`sim/boundaries` asks
    ninety-five of two hundred and forty, in virtual time); what is held here is what so few cannot miss by bad luck."""
    text = "Workout - Forties\n\n• 12s @ 4'10''/km\n• 7 lots of:\n  • 30m @ 4'10''/km\n"

    def errors_of_one(one):  # of each step by distance but the last, whose end is the run's
        return [one.ear.error(one.track.when(one.track.at(begins) + 30)) for begins in boundaries(one.world)[:-1]]
    errors = errors_of(world, text, errors_of_one)
    tell("steps by distance", errors)
    assert share_within(errors, 0.15) >= 0.88 and statistics.median(map(abs, errors)) <= 0.08, errors


if __name__ == "__main__":
    run_tests([of_timed_steps, of_steps_by_distance_with_a_good_pod])
