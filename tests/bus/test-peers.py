#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Every peer of the daemon is killed, frozen, pulled or made to lie in the middle of a run: the run goes on, the state says
so, and it heals by itself. What a single sensor's link does is tested in tests/radio; here it is what the runner is told.
Usage: test-peers.py radio|audio|bus; speaks TAP."""
import json
import pathlib
import shlex
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from gi.repository import GLib
from harness import BUILD, STEADY, Ear, Process, measured, run_tests, wait_until  # noqa: E402

PAIR = ("Sim Strap", "Sim Pod")


def running(world, *voice, fake=("--speed", "3.3")):
    """A run with both sensors, in which speed and heart are known."""
    bluez = world.start_fake(*fake)
    paced = world.start_paced(*(voice or ("--voice=print",)))
    paced.wait_live(*PAIR)
    paced.start_text(STEADY)
    paced.known("Speed", "HeartRate")
    return bluez, paced


def said(paced, words):
    return paced.wait_signal("Cue", lambda arguments: words in arguments[0].lower())


# ── Bluetooth ──


def bluetoothd_is_killed(world):
    bluez, paced = running(world)
    bluez.kill()
    paced.wait_hub("RadioState", "no-service")
    paced.unknown("Speed", "Cadence", "HeartRate")
    said(paced, "foot pod lost")
    back = time.monotonic()
    world.start_fake("--speed", "3.3")
    paced.wait_hub("RadioState", "ready")
    paced.known("Speed", "HeartRate")
    measured("bluetoothd started again, to speed and heart known again", time.monotonic() - back)
    assert time.monotonic() - back < 12
    paced.is_still_one_run()


def the_adapter_is_switched_off_then_pulled(world):
    _, paced = running(world)
    world.sim("AdapterPowered", "(b)", False)
    paced.wait_hub("RadioState", "off")
    assert paced.hub()["RadioReason"]
    paced.unknown("Speed", "HeartRate")
    world.sim("AdapterPowered", "(b)", True)
    back = time.monotonic()
    paced.known("Speed", "HeartRate")
    measured("adapter on again, to speed and heart known", time.monotonic() - back)
    world.sim("AdapterPresent", "(b)", False)
    paced.wait_hub("RadioState", "no-adapter")
    paced.unknown("Speed", "HeartRate")
    world.sim("AdapterPresent", "(b)", True)
    back = time.monotonic()
    paced.known("Speed", "HeartRate")
    measured("adapter plugged in again, to speed and heart known", time.monotonic() - back)
    paced.is_still_one_run()


def a_switch_of_the_kernel_blocks_bluetooth(world):
    world.env["PACED_RFKILL"] = str(world.directory / "rfkill")
    fake = ("--speed", "3.3", "--rfkill", world.env["PACED_RFKILL"])
    _, paced = running(world, fake=fake)
    world.sim("AdapterBlocked", "(b)", True)
    paced.wait_hub("RadioState", "blocked")
    assert "rfkill unblock" in paced.hub()["RadioReason"]
    paced.unknown("Speed", "HeartRate")
    world.sim("AdapterBlocked", "(b)", False)
    paced.known("Speed", "HeartRate")
    paced.is_still_one_run()
    world.sim("AdapterBlocked", "(b)", True)
    paced = world.start_paced("--voice=print")
    paced.wait_hub("RadioState", "blocked")
    world.sim("AdapterBlocked", "(b)", False)
    paced.wait_live(*PAIR)


def connecting_fails_and_calls_stay_unanswered(world):
    _, paced = running(world)
    world.sim("FailNextConnect", "(sssu)", "strap", "org.bluez.Error.Failed", "le-connection-abort-by-local", 2)
    world.sim("Vanish", "(s)", "strap")
    paced.unknown("HeartRate")
    assert paced.is_known("Speed"), "the pod is another link"
    world.sim("Return", "(s)", "strap")
    paced.known("HeartRate")
    world.sim("IgnoreCalls", "(sb)", "Connect", True)
    world.sim("Vanish", "(s)", "strap")
    paced.unknown("HeartRate")
    world.sim("Return", "(s)", "strap")
    wait_until(lambda: paced.sensors()["Sim Strap"]["State"] == "connecting", "the call that nobody answers")
    world.sim("IgnoreCalls", "(sb)", "Connect", False)
    paced.known("HeartRate")
    paced.is_still_one_run()


def a_sensor_drops_out_freezes_and_comes_back(world):
    _, paced = running(world)
    for sensor, name, lost, back in (("pod", "Speed", "foot pod lost", "foot pod back"),
                                     ("strap", "HeartRate", "heart strap lost", "heart strap back")):
        world.sim("Misbehave", "(ssd)", sensor, "drop-out", 0.0)
        before = time.monotonic()
        said(paced, lost)
        measured(f"{sensor} silent, to “{lost}”", time.monotonic() - before)
        paced.unknown(name)
        world.sim("Misbehave", "(ssd)", sensor, "none", 0.0)
        before = time.monotonic()
        paced.known(name)
        measured(f"{sensor} speaks again, to {name} known", time.monotonic() - before)
        said(paced, back)
    paced.is_still_one_run()


def told_truly(world, lie):
    """For as long as the pod lies, what is told of it is what is true of the runner."""
    _, paced = running(world, fake=("--speed", "3.3", "--misbehave", f"at=0 sensor=pod kind={lie}"))
    paced.known("Cadence")
    assert paced.elapsed() < 15, "the convention settles within 15 s"
    true, start = world.sim("Stats")[0], len(paced.ticks)

    def watch():
        session = paced.session()
        assert abs(session["Cadence"] - true["cadence"]) < 15, (true, session)
        assert abs(session["Speed"] - true["speed"]) < 0.6, (true, session)
        return len(paced.ticks) >= start + 10

    wait_until(watch, "ten ticks")
    paced.is_still_one_run()


def a_pod_that_counts_one_leg_is_understood(world):
    told_truly(world, "half-cadence")


def spikes_are_not_believed(world):
    told_truly(world, "spikes")


def a_strap_that_says_zero_knows_nothing(world):
    _, paced = running(world)
    world.sim("Misbehave", "(ssd)", "strap", "zero", 0.0)
    paced.unknown("HeartRate")
    paced.wait_ticks(3)
    assert not paced.is_known("HeartRate") and paced.is_known("Speed")
    world.sim("Misbehave", "(ssd)", "strap", "none", 0.0)
    paced.known("HeartRate")
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
    paced.is_still_one_run()


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


def after_its_death(world):
    """What systemd runs then, by the unit's own line; the program is the one that was built, for none is installed."""
    unit = (BUILD / "systemd/paced.service").read_text().splitlines()
    line, = [line.partition("=")[2] for line in unit if line.startswith("ExecStopPost=")]
    program, *arguments = shlex.split(line.lstrip("-@:+!"))
    assert pathlib.Path(program).name == "paced" and pathlib.Path(program).is_absolute(), line
    subprocess.run([BUILD / "src/paced", *arguments], env=world.env, check=True)


def killed_in_mid_word_it_leaves_no_music_quiet(world):
    world.start_pulse()
    Process(world, "music", "pacat", "--raw", "--property=media.role=music", "/dev/zero")

    def volume():
        listed = subprocess.run(["pactl", "-f", "json", "list", "sink-inputs"], env=world.env, capture_output=True,
                                text=True, check=True).stdout
        music = [stream for stream in json.loads(listed) if stream["properties"].get("media.role") == "music"]
        return music and [channel["value_percent"] for channel in music[0]["volume"].values()][0]

    wait_until(lambda: volume() == "100%", "the music")
    _, paced = running(world, "--voice=pulse")
    paced.steer("Pause")
    wait_until(lambda: volume() != "100%", "the music to step back")
    wait_until(lambda: volume() == "56%", "15 dB")
    paced.kill()
    assert volume() == "56%", "nobody is there to give it back"
    after_its_death(world)
    assert volume() == "100%"


def how_it_is_heard_is_set_on_the_bus(world):
    world.start_pulse()
    paced = world.start_paced("--voice=pulse")
    paced.wait_hub("VoiceState", "ready")
    assert (paced.hub()["VoiceDevice"], paced.hub()["VoiceVolume"], paced.hub()["VoiceDucks"]) == ("", 100, True)

    def set_sound(**options):
        world.call("org.paced1", "/org/paced1/hub", "org.paced1.Hub", "SetSound", "(a{sv})", options)

    set_sound(device=GLib.Variant("s", "nowhere"), volume=GLib.Variant("u", 40))
    paced.wait_hub("VoiceState", "no-sink")
    assert (paced.hub()["VoiceDevice"], paced.hub()["VoiceVolume"], paced.hub()["ClicksVolume"]) == ("nowhere", 40, 100)
    set_sound(device=GLib.Variant("s", "ear"), duck=GLib.Variant("b", False))
    paced.wait_hub("VoiceState", "ready")
    assert (paced.hub()["VoiceDevice"], paced.hub()["VoiceVolume"], paced.hub()["VoiceDucks"]) == ("ear", 40, False)
    assert world.pacectl_json("sound") == {"device": "ear", "volume": 40, "clicks": 100, "duck": False}
    world.pacectl("sound", "--device", "default", "--clicks", 0, "--duck", "yes")
    assert world.pacectl_json("sound") == {"device": "", "volume": 40, "clicks": 0, "duck": True}
    world.pacectl("sound", "--device", "nowhere")
    paced.wait_hub("VoiceState", "no-sink")
    assert "no output device of the name" in world.pacectl("sound")
    for wrong in (("--volume", 101), ("--clicks", -1), ("--duck", "maybe"), ("--volume", "loud"), ("loud",)):
        world.pacectl("sound", *wrong, status=64)


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
    paced.known("Speed", "HeartRate")
    measured("the bus back, to speed and heart known", time.monotonic() - back)
    paced.is_still_one_run()


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
    paced.is_still_one_run()


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
AUDIO = [pulseaudio_is_killed, pulseaudio_comes_late_or_never, pulseaudio_hangs,
         killed_in_mid_word_it_leaves_no_music_quiet, how_it_is_heard_is_set_on_the_bus]
BUS = [the_bus_is_killed, a_run_waits_for_its_name, without_a_run_the_daemon_ends_with_the_bus]

if __name__ == "__main__":
    run_tests({"radio": RADIO, "audio": AUDIO, "bus": BUS}[sys.argv[1]])
