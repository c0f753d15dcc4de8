#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What a listener understands of the coach: one cue of each kind, said by the daemon and recorded where it would be heard, in
quiet and under loud music, by the voice that is shipped, is given to a speech recogniser with a grammar of all that the coach may say (cues.jsgf). Several
daemons talk at once, each to a sink of its own, for sound takes its time. Speaks TAP."""
import array
import math
import pathlib
import random
import re
import subprocess
import sys
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bus"))
from harness import ROOT, Ear, Process, World, run_tests, wait_until  # noqa: E402

BOOTHS = 8
HELD = 0.85  # word for word
MODEL = pathlib.Path("/usr/share/pocketsphinx/model/en-us")
PAUSE = 0.7  # s: longer than any within a cue
RATE = 16000  # the model's
UNHEARD_OF = "metronome M EH T R AH N OW M\n"  # by the model's dictionary


def cues():
    page = (ROOT / "tests/coach/languages/en.txt").read_text().splitlines()
    return [line.split(" = ")[1] for line in page if line.startswith("cue ")]


def words(text):
    return re.sub(r"[^a-z' ]", " ", text.lower().replace("-", " ")).split()


def music(path):
    """Chords and a drum, on the whole as loud as the voice, for five minutes."""
    chance, samples, drum = random.Random(1), array.array("h"), 0.0
    for at in range(RATE * 10):
        beat = at % (RATE // 2) / RATE
        root = 110 * (1, 1.335, 1.498, 1.122)[at // (RATE * 2) % 4]
        chord = sum(math.sin(2 * math.pi * root * times * at / RATE) / times ** 0.5 for times in (1, 1.5, 2, 2.5, 3, 4, 6))
        drum += (chance.uniform(-1, 1) - drum) * 0.4
        samples.append(int(max(-32768, min(32767, 2500 * chord + 12500 * drum * math.exp(-beat / 0.06)))))
    path.write_bytes(samples.tobytes() * 30)


class MonoEar(Ear):
    RATE = RATE


class Booth:
    """A daemon that says one cue after the other, and an ear."""

    def __init__(self, world, share):
        self.world, self.share, self.recordings, self.lengths = world, share, {}, {}
        world.start_pulse()
        self.paced = world.start_paced("--voice=pulse")
        self.paced.wait_hub("VoiceState", "ready")
        self.ear = MonoEar(world)
        self.saying = None

    def begin(self):
        self.queue, self.saying = list(self.share), None

    def play(self, path):
        Process(self.world, "music", "pacat", "--raw", "--rate=16000", "--format=s16le", "--channels=1",
                "--property=media.role=music", path)

    def is_over(self):
        """Whether the cue that is being said has come to its end: by silence, or as long as it took in silence."""
        heard = len(self.ear.samples)
        if self.saying in self.lengths:
            return heard > self.said_at + self.lengths[self.saying] + 0.9 * RATE
        for at in range(self.looked, heard):
            if abs(self.ear.samples[at]) > 60:
                self.loud = at
        self.looked = heard
        return heard > max(self.loud, self.said_at + RATE) + PAUSE * RATE

    def poll(self):
        """Goes on; returns whether all of it is said."""
        if self.saying is not None:
            if not self.is_over():
                return False
            length = self.lengths.get(self.saying, self.loud - self.said_at)
            self.lengths[self.saying] = length
            self.recordings[self.saying] = self.ear.samples[self.said_at:self.said_at + length + RATE // 10]
            self.saying = None
        if not self.queue:
            return True
        self.saying = self.queue.pop(0)
        self.said_at = self.looked = self.loud = len(self.ear.samples)
        self.world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "Say", "(sa{sv})", self.saying, {})
        return False


def understood(directory, recordings):
    """What the recogniser makes of each, in words."""
    directory.mkdir()
    names = []
    for number, samples in enumerate(recordings.values()):
        names.append(f"{number:03}")
        with wave.open(str(directory / f"{number:03}.wav"), "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", None))
            padding = bytes(2 * RATE * 3 // 10)
            sound.writeframes(padding + samples.tobytes() + padding)
    (directory / "names").write_text("\n".join(names) + "\n")
    (directory / "words").write_text((MODEL / "cmudict-en-us.dict").read_text() + UNHEARD_OF)
    subprocess.run(["pocketsphinx_batch", "-hmm", MODEL / "en-us", "-dict", directory / "words", "-jsgf",
                    ROOT / "tests/audio/cues.jsgf", "-adcin", "yes", "-adchdr", "44", "-cepdir", directory, "-cepext", ".wav",
                    "-ctl", directory / "names", "-hyp", directory / "heard", "-bestpath", "no", "-beam", "1e-60", "-wbeam",
                    "1e-40", "-cmn", "batch", "-remove_noise", "no", "-remove_silence",
                    "no"],
                   check=True, capture_output=True)
    heard = [line.rsplit("(", 1)[0].split() for line in (directory / "heard").read_text().splitlines()]
    assert len(heard) == len(recordings)
    return dict(zip(recordings, heard))


def share_understood(directory, booths, where):
    recordings = {cue: samples for booth in booths for cue, samples in booth.recordings.items()}
    assert len(recordings) >= 40
    right = 0
    for cue, heard in understood(directory, recordings).items():
        right += heard == words(cue)
        if heard != words(cue):
            print(f"# {where}: “{cue}” was heard as “{' '.join(heard)}”")
    print(f"# measured: understood {where}: {right} of {len(recordings)}")
    return right / len(recordings)


def say_all(booths):
    for booth in booths:
        booth.begin()
    wait_until(lambda: all([booth.poll() for booth in booths]), "all to be said", 240)


def cues_are_understood_in_quiet_and_under_music(world):
    worlds = [world] + [World() for _ in range(BOOTHS - 1)]
    try:
        listen(world, worlds)
    finally:
        wrong = [line for other in worlds[1:] for line in other.close()]
    assert not wrong, wrong


def listen(world, worlds):
    said = cues()
    booths = [Booth(one, said[number::BOOTHS]) for number, one in enumerate(worlds)]
    say_all(booths)
    quiet = share_understood(world.directory / "quiet", booths, "in quiet")
    music(world.directory / "music.raw")
    for booth in booths:
        booth.play(world.directory / "music.raw")
    wait_until(lambda: all(max(booth.ear.samples[-100:]) > 1000 for booth in booths), "the music")
    say_all(booths)
    loud = share_understood(world.directory / "loud", booths, "under music")
    assert quiet >= HELD and loud >= HELD, (quiet, loud)


if __name__ == "__main__":
    run_tests([cues_are_understood_in_quiet_and_under_music])
