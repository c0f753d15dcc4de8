#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Every peer of the daemon is killed, frozen, pulled or made to lie in the middle of a run: the run goes on, the state says
so, and it heals by itself. What a single sensor's link does is tested in tests/radio; here it is what the runner is told.
Usage: test-peers.py radio|audio|bus; speaks TAP."""
import math
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import Ear, measured, run_tests, wait_until  # noqa: E402

STEADY = "Workout - Steady\n\n• 20min @ 5'00''/km\n"
PAIR = ("Sim Strap", "Sim Pod")


def running(world, *voice, fake=("--speed", "3.3")):
    """A run with both sensors, in which speed and heart are known."""
    bluez = world.start_fake(*fake)
    paced = world.start_paced(*(voice or ("--voice=print",)))
    paced.wait_live(*PAIR)
    paced.start_text(STEADY)
    known(paced, "Speed", "HeartRate")
    return bluez, paced


def is_known(paced, *names):
    return all(math.isfinite(paced.session()[name]) for name in names)


def known(paced, *names):
    wait_until(lambda: is_known(paced, *names), f"{names} to be known")


def unknown(paced, *names):
    wait_until(lambda: not any(math.isfinite(paced.session()[name]) for name in names), f"{names} to be unknown")


def is_still_one_run(world, paced):
    """No tick was missed for long, Elapsed never ran backwards or jumped, and the run is kept whole."""
    for (at, elapsed), (later_at, later) in zip(paced.ticks, paced.ticks[1:]):
        assert 0 <= later - elapsed < 2.5, (elapsed, later)
        assert abs((later - elapsed) - (later_at - at)) < 1.5, (elapsed, later, later_at - at)
    assert not paced.named("Lap") and not paced.named("Finished")
    paced.steer("Stop", "(a{sv})", {})
    duration = paced.wait_signal("Finished").arguments[0]["duration"]
    run, = world.history()
    assert abs(run["duration"] - duration) < 0.001 and duration >= paced.ticks[-1][1] - 1.01
    assert paced.end() == 0


def said(paced, words):
    return paced.wait_signal("Cue", lambda arguments: words in arguments[0].lower())


# ── Bluetooth ──


def bluetoothd_is_killed(world):
    bluez, paced = running(world)
    bluez.kill()
    paced.wait_hub("RadioState", "no-service")
    unknown(paced, "Speed", "Cadence", "HeartRate")
    said(paced, "foot pod lost")
    back = time.monotonic()
    world.start_fake("--speed", "3.3")
    paced.wait_hub("RadioState", "ready")
    known(paced, "Speed", "HeartRate")
    measured("bluetoothd started again, to speed and heart known again", time.monotonic() - back)
    assert time.monotonic() - back < 12
    is_still_one_run(world, paced)


def the_adapter_is_switched_off_then_pulled(world):
    _, paced = running(world)
    world.sim("AdapterPowered", "(b)", False)
    paced.wait_hub("RadioState", "off")
    assert paced.hub()["RadioReason"]
    unknown(paced, "Speed", "HeartRate")
    world.sim("AdapterPowered", "(b)", True)
    back = time.monotonic()
    known(paced, "Speed", "HeartRate")
    measured("adapter on again, to speed and heart known", time.monotonic() - back)
    world.sim("AdapterPresent", "(b)", False)
    paced.wait_hub("RadioState", "no-adapter")
    unknown(paced, "Speed", "HeartRate")
    world.sim("AdapterPresent", "(b)", True)
    back = time.monotonic()
    known(paced, "Speed", "HeartRate")
    measured("adapter plugged in again, to speed and heart known", time.monotonic() - back)
    is_still_one_run(world, paced)


def a_switch_of_the_kernel_blocks_bluetooth(world):
    world.env["PACED_RFKILL"] = str(world.directory / "rfkill")
    fake = ("--speed", "3.3", "--rfkill", world.env["PACED_RFKILL"])
    _, paced = running(world, fake=fake)
    world.sim("AdapterBlocked", "(b)", True)
    paced.wait_hub("RadioState", "blocked")
    assert "rfkill unblock" in paced.hub()["RadioReason"]
    unknown(paced, "Speed", "HeartRate")
    world.sim("AdapterBlocked", "(b)", False)
    known(paced, "Speed", "HeartRate")
    is_still_one_run(world, paced)
    world.sim("AdapterBlocked", "(b)", True)
    paced = world.start_paced("--voice=print")
    paced.wait_hub("RadioState", "blocked")
    world.sim("AdapterBlocked", "(b)", False)
    paced.wait_live(*PAIR)


def connecting_fails_and_calls_stay_unanswered(world):
    _, paced = running(world)
    world.sim("FailNextConnect", "(sssu)", "strap", "org.bluez.Error.Failed", "le-connection-abort-by-local", 2)
    world.sim("Vanish", "(s)", "strap")
    unknown(paced, "HeartRate")
    assert is_known(paced, "Speed"), "the pod is another link"
    world.sim("Return", "(s)", "strap")
    known(paced, "HeartRate")
    world.sim("IgnoreCalls", "(sb)", "Connect", True)
    world.sim("Vanish", "(s)", "strap")
    unknown(paced, "HeartRate")
    world.sim("Return", "(s)", "strap")
    wait_until(lambda: paced.sensors()["Sim Strap"]["State"] == "connecting", "the call that nobody answers")
    world.sim("IgnoreCalls", "(sb)", "Connect", False)
    known(paced, "HeartRate")
    is_still_one_run(world, paced)


def a_sensor_drops_out_freezes_and_comes_back(world):
    _, paced = running(world)
    for sensor, name, lost, back in (("pod", "Speed", "foot pod lost", "foot pod back"),
                                     ("strap", "HeartRate", "heart strap lost", "heart strap back")):
        world.sim("Misbehave", "(ssd)", sensor, "drop-out", 0.0)
        before = time.monotonic()
        said(paced, lost)
        measured(f"{sensor} silent, to “{lost}”", time.monotonic() - before)
        unknown(paced, name)
        world.sim("Misbehave", "(ssd)", sensor, "none", 0.0)
        before = time.monotonic()
        known(paced, name)
        measured(f"{sensor} speaks again, to {name} known", time.monotonic() - before)
        said(paced, back)
    is_still_one_run(world, paced)


def told_truly(world, lie):
    """For as long as the pod lies, what is told of it is what is true of the runner."""
    _, paced = running(world, fake=("--speed", "3.3", "--misbehave", f"at=0 sensor=pod kind={lie}"))
    known(paced, "Cadence")
    assert paced.elapsed() < 15, "the convention settles within 15 s"
    true, start = world.sim("Stats")[0], len(paced.ticks)

    def watch():
        session = paced.session()
        assert abs(session["Cadence"] - true["cadence"]) < 15, (true, session)
        assert abs(session["Speed"] - true["speed"]) < 0.6, (true, session)
        return len(paced.ticks) >= start + 10

    wait_until(watch, "ten ticks")
    is_still_one_run(world, paced)


def a_pod_that_counts_one_leg_is_understood(world):
    told_truly(world, "half-cadence")


def spikes_are_not_believed(world):
    told_truly(world, "spikes")


def a_strap_that_says_zero_knows_nothing(world):
    _, paced = running(world)
    world.sim("Misbehave", "(ssd)", "strap", "zero", 0.0)
    unknown(paced, "HeartRate")
    paced.wait_ticks(3)
    assert not is_known(paced, "HeartRate") and is_known(paced, "Speed")
    world.sim("Misbehave", "(ssd)", "strap", "none", 0.0)
    known(paced, "HeartRate")
    paced.steer("Stop", "(a{sv})", {})
    assert paced.wait_signal("Finished").arguments[0]["heart-rate"] > 50, "0 is not averaged"


def hostile_packets_are_counted_and_harmless(world):
    _, paced = running(world)
    for characteristic, sensor in (("2a37", "strap"), ("2a53", "pod")):
        for packet in (b"", b"\xff", b"\x00", b"\x16", b"\xff" * 20, b"\x10" + b"\x50" + b"\x00" * 500, bytes(range(64))):
            assert world.sim("Notify", "(ssay)", sensor, characteristic, packet) == (True,)
    wait_until(lambda: paced.sensors()["Sim Strap"]["Packets"].get("rejected", 0) > 0
               and paced.sensors()["Sim Pod"]["Packets"].get("rejected", 0) > 0, "the counts")
    session = paced.session()
    assert not session["HeartRate"] > 220 and not session["Speed"] > 8, session
    is_still_one_run(world, paced)


# ── sound ──


def lap_and_listen(paced, ear):
    """Something is said now, and heard."""
    start = len(paced.signals)
    paced.steer("Pause")
    cue = paced.wait_signal("Cue", lambda arguments: arguments[0].lower() == "paused", since=start)
    heard = ear.onset(cue.at - 0.03, 1.5)
    start = len(paced.signals)
    paced.steer("Resume")
    paced.wait_signal("Cue", lambda arguments: arguments[0].lower() == "resumed", since=start)
    return heard


def pulseaudio_is_killed(world):
    server = world.start_pulse()
    _, paced = running(world, "--voice=pulse")
    ear = Ear(world)
    assert lap_and_listen(paced, ear)
    server.kill()
    paced.wait_hub("VoiceState", "no-server")
    assert paced.hub()["VoiceReason"]
    paced.wait_ticks(3)
    back = time.monotonic()
    world.start_pulse()
    paced.wait_hub("VoiceState", "ready")
    measured("PulseAudio started again, to the voice ready", time.monotonic() - back)
    ear = Ear(world)
    assert lap_and_listen(paced, ear), "heard again"
    paced.steer("Stop", "(a{sv})", {})
    assert paced.wait_signal("Finished")


def pulseaudio_comes_late_or_never(world):
    _, paced = running(world, "--voice=pulse")
    assert paced.hub()["VoiceState"] == "no-server" and paced.hub()["VoiceReason"]
    paced.wait_signal("Cue")  # the words are on the bus all the same
    paced.wait_ticks(3)
    back = time.monotonic()
    world.start_pulse()
    paced.wait_hub("VoiceState", "ready")
    measured("PulseAudio started late, to the voice ready", time.monotonic() - back)
    assert lap_and_listen(paced, Ear(world))


def pulseaudio_hangs(world):
    server = world.start_pulse()
    _, paced = running(world, "--voice=pulse")
    server.freeze()
    try:
        for _ in range(2):
            paced.steer("Pause")
            paced.steer("Resume")
        paced.wait_ticks(6)
        began = len(paced.ticks) - 1
        paced.wait_ticks(4)
        assert all(later[0] - sooner[0] < 1.5 for sooner, later in zip(paced.ticks[began:], paced.ticks[began + 1:]))
    finally:
        server.thaw()
    assert lap_and_listen(paced, Ear(world))
    paced.wait_hub("VoiceState", "ready")


# ── D-Bus itself ──


def the_bus_is_killed(world):
    bluez, paced = running(world)
    elapsed, at = paced.elapsed(), time.monotonic()
    world.bus_process.kill()
    assert bluez.wait() == 1
    wait_until(lambda: "the workout goes on" in paced.text(), "the daemon to notice")
    world.start_bus()
    back = time.monotonic()
    wait_until(paced.attach, "org.paced1 to come back")
    measured("the bus back, to org.paced1 on it", time.monotonic() - back)
    assert paced.session() and paced.session()["State"] == "running"
    paced.ticks.clear()  # those of the time without a bus are nobody's
    paced.wait_ticks(2)
    assert abs((paced.elapsed() - elapsed) - (time.monotonic() - at)) < 1.5, "the run's clock went on"
    world.start_fake("--speed", "3.3")
    known(paced, "Speed", "HeartRate")
    measured("the bus back, to speed and heart known", time.monotonic() - back)
    is_still_one_run(world, paced)


def a_run_waits_for_its_name(world):
    """Somebody activates a second daemon on the new bus before the first is back: the run goes on all the same."""
    paced = world.start_paced("--voice=print")
    paced.start_text(STEADY)
    paced.freeze()
    world.bus_process.kill()
    world.start_bus()
    other = world.start_paced("--voice=print", "--database", world.directory / "other.db")
    paced.thaw()
    wait_until(lambda: "the workout goes on" in paced.text(), "the daemon to notice")
    assert other.end() == 0
    wait_until(lambda: paced.attach() and paced.session(), "org.paced1 to come back with its run")
    is_still_one_run(world, paced)


def without_a_run_the_daemon_ends_with_the_bus(world):
    paced = world.start_paced("--voice=print")
    world.bus_process.kill()
    assert paced.wait() == 69
    assert "start paced again" in paced.text()
    late = world.start_paced("--voice=print", wait=False)
    assert late.wait() == 69 and "session bus does not answer" in late.text(), late.text()


RADIO = [bluetoothd_is_killed, the_adapter_is_switched_off_then_pulled, a_switch_of_the_kernel_blocks_bluetooth,
         connecting_fails_and_calls_stay_unanswered, a_sensor_drops_out_freezes_and_comes_back, a_pod_that_counts_one_leg_is_understood, spikes_are_not_believed,
         a_strap_that_says_zero_knows_nothing, hostile_packets_are_counted_and_harmless]
AUDIO = [pulseaudio_is_killed, pulseaudio_comes_late_or_never, pulseaudio_hangs]
BUS = [the_bus_is_killed, a_run_waits_for_its_name, without_a_run_the_daemon_ends_with_the_bus]

if __name__ == "__main__":
    run_tests({"radio": RADIO, "audio": AUDIO, "bus": BUS}[sys.argv[1]])
