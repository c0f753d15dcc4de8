#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""paced-sim fake, seen by a BlueZ client on a private bus: what is said, and in which order. What it is held against was
observed with bluetoothd 5.66. Usage: test-fake.py PACED_SIM. Speaks TAP.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from fakeworld import (ADAPTER, FEATURE, HEART, HRS, PATIENCE_S, POD, STRAP, STRIDE, GLib, World, expect_order,
                       run_tests)


def finds_what_is_asked_for(world):
    world.discover(HRS)
    device = world.objects()[STRAP]["org.bluez.Device1"]
    assert device["Address"] == "00:AA:01:00:00:01" and device["Name"] == device["Alias"] == "Sim Strap"
    assert device["UUIDs"] == [HRS] and not device["Connected"] and not device["ServicesResolved"]
    assert -100 < device["RSSI"] < 0 and device["AddressType"] == "public"
    world.wait("changed", STRAP, lambda what: what.get("RSSI"))
    assert POD not in world.objects()
    start = len(world.log)
    world.send(ADAPTER, "org.bluez.Adapter1", "StopDiscovery")
    world.wait("changed", ADAPTER, lambda what: what.get("Discovering") is False)
    expect_order(world.log[start:], ("reply", ADAPTER, None), ("changed", STRAP, "RSSI"), ("changed", ADAPTER, "Discovering"))
    assert "RSSI" not in world.objects()[STRAP]["org.bluez.Device1"]


def a_discovery_is_its_clients(world):
    world.discover()
    again = world.call(ADAPTER, "org.bluez.Adapter1", "StartDiscovery")
    assert again == ("org.bluez.Error.InProgress", "Operation already in progress")
    other = world.client()
    stop = world.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery", bus=other)
    assert stop == ("org.bluez.Error.Failed", "No discovery started")
    assert world.call(ADAPTER, "org.bluez.Adapter1", "StartDiscovery", bus=other) == ()
    assert world.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery") == ()
    assert world.objects()[ADAPTER]["org.bluez.Adapter1"]["Discovering"]
    start = len(world.log)
    other.close_sync()
    world.wait("changed", ADAPTER, lambda what: what.get("Discovering") is False, start)


def connects_in_bluez_order(world):
    world.discover()
    start = world.connect()
    heart = world.characteristic(HEART)
    service = os.path.dirname(heart)
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("reply", STRAP, None),
                 ("added", service, "org.bluez.GattService1"), ("added", heart, "org.bluez.GattCharacteristic1"),
                 ("changed", STRAP, "ServicesResolved"), ("added", STRAP, "org.bluez.Battery1"))
    objects = world.objects()
    assert 0 < objects[STRAP]["org.bluez.Battery1"]["Percentage"] <= 100
    assert HRS in objects[STRAP]["org.bluez.Device1"]["UUIDs"]
    assert objects[heart]["org.bluez.GattCharacteristic1"]["Notifying"] is False
    assert not any("2a19" in str(interfaces) for interfaces in objects.values()), "BlueZ keeps the battery service to itself"


def services_may_be_resolved_too_early(world):
    world.discover()
    world.sim("ResolveEarly", "(s)", ("strap",))
    start = world.connect()
    expect_order(world.log[start:], ("changed", STRAP, "ServicesResolved"),
                 ("added", world.characteristic(HEART), "org.bluez.GattCharacteristic1"))


def packets_come_to_who_subscribed(world):
    heart = world.live()
    assert world.objects()[heart]["org.bluez.GattCharacteristic1"]["Notifying"]
    packet = world.packet(heart)
    assert packet[0] & 1 == 0 and 60 < packet[1] < 200
    assert world.call(heart, "org.bluez.GattCharacteristic1", "StopNotify") == ()
    assert not world.objects()[heart]["org.bluez.GattCharacteristic1"]["Notifying"]
    stop = world.call(heart, "org.bluez.GattCharacteristic1", "StopNotify")
    assert stop == ("org.bluez.Error.Failed", "No notify session started")
    assert world.sim("Notify", "(ssay)", ("strap", "2a37", b"\x00\x55")) == (False,)


def the_pod_tells_its_features_and_its_speed(world):
    world.discover(path=POD)
    world.connect(POD)
    read = world.call(world.characteristic(FEATURE, POD), "org.bluez.GattCharacteristic1", "ReadValue",
                      GLib.Variant("(a{sv})", ({},)))
    assert bytes(read[0]) == b"\x1f\x00"
    stride = world.subscribe(STRIDE, POD)
    world.wait("changed", stride, lambda what: what.get("Value") and 700 < what["Value"][1] + 256 * what["Value"][2] < 850)
    runner, sensors = world.sim("Stats")
    assert 2.7 < runner["speed"] < 3.3 and sensors[1]["connected"] and sensors[1]["packets"] > 0


def packets_go_through_as_they_are(world):
    heart = world.live()
    start = len(world.log)
    assert world.sim("Notify", "(ssay)", ("strap", "2a37", b"\xff\x00\xff")) == (True,)
    assert world.packet(heart, start) == b"\xff\x00\xff"


def objects_and_subscriptions_outlive_the_link(world):
    heart = world.live()
    start = len(world.log)
    world.sim("Vanish", "(s)", ("strap",))
    at = world.wait("changed", STRAP, lambda what: what.get("Connected") is False, start)
    assert world.log[at][2] == {"Connected": False, "ServicesResolved": False}
    assert not [entry for entry in world.log[start:] if entry[0] == "removed" and entry[1] == heart]
    assert world.objects()[heart]["org.bluez.GattCharacteristic1"]["Notifying"]
    assert "org.bluez.Battery1" not in world.objects()[STRAP]
    notify = world.call(heart, "org.bluez.GattCharacteristic1", "StartNotify")
    assert notify == ("org.bluez.Error.InProgress", "In Progress")
    other = world.client()
    assert world.call(heart, "org.bluez.GattCharacteristic1", "StartNotify", bus=other) == ()
    world.sim("Return", "(s)", ("strap",))
    start = world.connect()
    assert not [entry for entry in world.log[start:] if entry[0] == "added" and entry[1] == heart]
    first = world.wait("changed", heart, lambda what: what.get("Value"), start)
    second = world.wait("changed", heart, lambda what: what.get("Value"), first + 1)
    assert world.log[first][2] == world.log[second][2], "one for each of the two clients"
    other.close_sync()


def a_disconnect_takes_its_time(world):
    heart = world.live()
    start = len(world.log)
    world.send(STRAP, "org.bluez.Device1", "Disconnect")
    world.wait("changed", STRAP, lambda what: what.get("Connected") is False, start)
    expect_order(world.log[start:], ("changed", heart, "Value"), ("changed", STRAP, "ServicesResolved"),
                 ("reply", STRAP, None), ("changed", STRAP, "Connected"))
    world.send(STRAP, "org.bluez.Device1", "Connect", answer="cancelled")
    world.send(STRAP, "org.bluez.Device1", "Connect", answer="second")
    assert world.call(STRAP, "org.bluez.Device1", "Disconnect") == ()
    assert world.log[world.wait("second")][2] == ("org.bluez.Error.Failed", "Operation already in progress")
    assert world.log[world.wait("cancelled")][2] == ("org.bluez.Error.Failed", "br-connection-canceled")


def a_removed_device_is_disconnected_first(world):
    heart, start = world.live(), len(world.log)
    world.send(ADAPTER, "org.bluez.Adapter1", "RemoveDevice", GLib.Variant("(o)", (STRAP,)))
    world.wait("removed", STRAP, lambda what: "org.bluez.Device1" in what, start)
    expect_order(world.log[start:], ("changed", heart, "Value"), ("changed", STRAP, "ServicesResolved"),
                 ("reply", ADAPTER, None), ("changed", STRAP, "Connected"), ("removed", heart, None), ("removed", STRAP, None))
    world.discover()
    start = len(world.log)
    world.send(ADAPTER, "org.bluez.Adapter1", "RemoveDevice", GLib.Variant("(o)", (STRAP,)))
    world.wait("reply", ADAPTER, after=start)
    expect_order(world.log[start:], ("removed", STRAP, None), ("reply", ADAPTER, None))


def what_cannot_be_paired_loses_its_link(world):
    world.live()
    start = len(world.log)
    refused = world.call(STRAP, "org.bluez.Device1", "Pair")
    assert refused == ("org.bluez.Error.AuthenticationFailed", "Authentication Failed")
    world.wait("changed", STRAP, lambda what: what.get("Connected") is False, start)


def unused_devices_go(world):
    world.live()
    start = len(world.log)
    world.sim("Vanish", "(s)", ("strap",))
    world.wait("removed", STRAP, lambda what: "org.bluez.Device1" in what, start)
    assert not [path for path in world.objects() if path.startswith(STRAP)]
    gone = world.call(STRAP, "org.bluez.Device1", "Connect")
    assert gone[0] == "org.freedesktop.DBus.Error.UnknownObject", gone


def connects_fail_on_request(world):
    world.discover()
    world.sim("FailNextConnect", "(sssu)", ("strap", "org.bluez.Error.Failed", "le-connection-abort-by-local", 2))
    for _ in range(2):
        refused = world.call(STRAP, "org.bluez.Device1", "Connect")
        assert refused == ("org.bluez.Error.Failed", "le-connection-abort-by-local")
    world.connect()


def calls_stay_unanswered_on_request(world):
    world.discover()
    world.sim("IgnoreCalls", "(sb)", ("Connect", True))
    world.send(STRAP, "org.bluez.Device1", "Connect", answer="never")
    world.sim("IgnoreCalls", "(sb)", ("Connect", False))
    world.connect()
    assert not [entry for entry in world.log if entry[0] == "never"]


def a_sensor_can_forget_its_subscriber(world):
    heart = world.live()
    world.packet(heart)
    world.sim("ClearSubscriptions", "(s)", ("strap",))
    assert world.objects()[heart]["org.bluez.GattCharacteristic1"]["Notifying"]
    assert world.sim("Notify", "(ssay)", ("strap", "2a37", b"\x00\x55")) == (False,)
    assert world.call(heart, "org.bluez.GattCharacteristic1", "StopNotify") == ()
    assert world.call(heart, "org.bluez.GattCharacteristic1", "StartNotify") == ()
    world.packet(heart)


def power_off_and_on(world):
    world.live()
    world.discover(path=POD)
    start = len(world.log)
    world.sim("AdapterPowered", "(b)", (False,))
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("changed", POD, "RSSI"), ("changed", ADAPTER, "Powered"))
    at = world.wait("changed", ADAPTER, lambda what: "Powered" in what, start)
    assert world.log[at][2] == {"Powered": False, "Discovering": False}
    refused = world.call(ADAPTER, "org.bluez.Adapter1", "StartDiscovery")
    assert refused == ("org.bluez.Error.NotReady", "Resource Not Ready")
    assert world.call(STRAP, "org.bluez.Device1", "Connect")[0] == "org.bluez.Error.Failed"
    powered = GLib.Variant("(ssv)", ("org.bluez.Adapter1", "Powered", GLib.Variant("b", True)))
    assert world.call(ADAPTER, "org.freedesktop.DBus.Properties", "Set", powered) == ()
    assert not world.objects()[ADAPTER]["org.bluez.Adapter1"]["Discovering"]
    world.connect()


def the_adapter_can_be_pulled(world):
    heart = world.live()
    start = len(world.log)
    world.sim("AdapterPresent", "(b)", (False,))
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("changed", ADAPTER, "Powered"),
                 ("removed", heart, None), ("removed", STRAP, None), ("removed", ADAPTER, None))
    assert world.objects() == {}
    world.sim("AdapterPresent", "(b)", (True,))
    assert world.objects()[ADAPTER]["org.bluez.Adapter1"]["Powered"]
    world.live()


def misbehaviour_comes_and_goes(world):
    heart = world.live()
    start = len(world.log)
    world.sim("Misbehave", "(ssd)", ("strap", "zero", 2.0))
    world.wait("changed", heart, lambda what: what.get("Value") and what["Value"][1] == 0, start)
    at = len(world.log)
    world.wait("changed", heart, lambda what: what.get("Value") and what["Value"][1] > 0, at)
    world.sim("Misbehave", "(ssd)", ("strap", "reconnect", 0.0))
    world.wait("changed", STRAP, lambda what: what.get("Connected") is False, at)
    world.connect()
    world.packet(heart)


def mistakes_are_refused(world):
    assert world.sim("Vanish", "(s)", ("treadmill",))[0] == "org.paced1.Sim.Error.UnknownSensor"
    assert world.sim("Misbehave", "(ssd)", ("strap", "sulk", 1.0))[0] == "org.paced1.Sim.Error.BadArgument"
    for bad in (["--sensor", "belt"], ["--misbehave", "at=x"], ["--speed", "-2"], ["--speed", "3", "--follow"], ["extra"]):
        run = subprocess.run([sys.argv[1], "fake", *bad], capture_output=True, text=True, check=False)
        assert run.returncode == 64 and run.stderr.count("\n") == 1, (bad, run)


def a_strangers_strap_is_another_heart(world):
    other = "/org/bluez/hci0/dev_00_AA_01_00_00_02"
    world.discover(path=other)
    names = [o["org.bluez.Device1"]["Name"] for p, o in world.objects().items() if "org.bluez.Device1" in o]
    assert sorted(names) == ["Sim Strap", "Sim Strap 2"]


def a_fault_can_be_planned(world):
    world.discover()
    start = world.connect()
    world.wait("changed", STRAP, lambda what: what.get("Connected") is False, start)


def aims_at(world, speed, within=0.01):
    """No signal tells, so it asks ten times a second."""
    ticks = GLib.timeout_add(100, lambda: True)
    world.until(lambda: abs(world.sim("Stats")[0]["target-speed"] - speed) < within, f"a target of {speed} m/s")
    GLib.source_remove(ticks)


def runs_what_the_coach_says(world):
    coach, session = world.client(), "/org/paced1/runner/me/session"
    coach.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                    GLib.Variant("(su)", ("org.paced1", 0)), None, 0, -1, None)

    def say(name, signature, *values, interface="org.paced1.Session"):
        coach.emit_signal(None, session, interface, name, GLib.Variant(signature, values))

    aims_at(world, 1.4)
    say("StepStarted", "(ua{sv})", 0, {"kind": GLib.Variant("s", "work"), "target-speed": GLib.Variant("d", 4.0)})
    aims_at(world, 4.0)
    say("StateChanged", "(ss)", "paused", "")
    aims_at(world, 0)
    say("StateChanged", "(ss)", "running", "")
    aims_at(world, 4.0)
    say("StepStarted", "(ua{sv})", 1, {"kind": GLib.Variant("s", "rest")})
    aims_at(world, 2.4)
    say("PropertiesChanged", "(sa{sv}as)", "org.paced1.Session", {"TargetSpeed": GLib.Variant("d", 3.5)}, [],
        interface="org.freedesktop.DBus.Properties")
    aims_at(world, 3.5)
    say("PropertiesChanged", "(sa{sv}as)", "org.paced1.Session", {"TargetSpeed": GLib.Variant("d", 3.52)}, [],
        interface="org.freedesktop.DBus.Properties")
    aims_at(world, 3.52, 0.001)
    say("Cue", "(ss)", "easy now", "drift")
    say("Finished", "(a{sv})", {})
    aims_at(world, 1.4)
    coach.close_sync()


def runs_a_plan_unasked():
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as plan:
        plan.write("Workout - Short\n\n  \u2022 4s @ 4'00''/km\n  \u2022 5s @ 8'00''/km building to 3'30''/km\n  \u2022 10m @ 5'00''/km\n  \u2022 2s rest\n")
        plan.flush()
        world = World("--plan", plan.name)
        try:
            for speed, within in ((1000 / 240, 0.01), (2.5, 0.4), (4, 0.4), (1000 / 300, 0.01), (2.4, 0.01), (1.4, 0.01)):
                aims_at(world, speed, within)
        finally:
            world.close()
        with open(plan.name, "w", encoding="utf-8") as broken:
            broken.write("Workout - Broken\n\n  \u2022 3 furlongs @ 4'00''/km\n")
        run = subprocess.run([sys.argv[1], "fake", "--plan", plan.name], capture_output=True, text=True, check=False)
        assert run.returncode == 65 and f"{plan.name}:3:" in run.stderr, run


def ends_with_its_bus():
    world = World()
    world.bus.set_exit_on_close(False)
    world.bus_process.stop()
    assert world.fake.wait(PATIENCE_S) == 1
    world.fake.stdout.close()


def memory(process):
    return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1])


def ends_though_its_bus_hangs():
    world = World()
    world.live()
    world.sim("Flood", "(sudd)", ("strap", 512, 5000.0, 60.0))
    bus = int(world.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                                  GLib.Variant("(s)", ("org.freedesktop.DBus",)), None, 0, -1, None).unpack()[0])
    os.kill(bus, signal.SIGSTOP)
    before = memory(world.fake)
    nudge = GLib.timeout_add(20, lambda: True)
    try:
        world.until(lambda: memory(world.fake) > before + 2000, "more words than the socket to the bus holds")
        world.fake.send_signal(signal.SIGTERM)
        assert world.fake.wait(PATIENCE_S) == 0
    finally:
        GLib.source_remove(nudge)
        os.kill(bus, signal.SIGCONT)
    world.fake.stdout.close()
    world.bus.close_sync()
    world.bus_process.stop()


run_tests([
    (finds_what_is_asked_for, []),
    (a_discovery_is_its_clients, []),
    (connects_in_bluez_order, []),
    (services_may_be_resolved_too_early, []),
    (packets_come_to_who_subscribed, []),
    (the_pod_tells_its_features_and_its_speed, ["--speed", "3"]),
    (packets_go_through_as_they_are, []),
    (objects_and_subscriptions_outlive_the_link, []),
    (a_disconnect_takes_its_time, []),
    (a_removed_device_is_disconnected_first, []),
    (what_cannot_be_paired_loses_its_link, []),
    (unused_devices_go, ["--temporary-timeout", "1"]),
    (connects_fail_on_request, []),
    (calls_stay_unanswered_on_request, []),
    (a_sensor_can_forget_its_subscriber, []),
    (power_off_and_on, []),
    (the_adapter_can_be_pulled, []),
    (misbehaviour_comes_and_goes, []),
    (mistakes_are_refused, []),
    (a_strangers_strap_is_another_heart, ["--sensor", "strap", "--sensor", "strap"]),
    (a_fault_can_be_planned, ["--misbehave", "at=2 sensor=strap kind=drop-out for=30"]),
    (runs_what_the_coach_says, ["--follow"]),
    (runs_a_plan_unasked, None),
    (ends_with_its_bus, None),
    (ends_though_its_bus_hangs, None),
])
