#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The characteristics of paced-sim fake, as a client of BlueZ 5.66 finds them: sockets, reads, writes, and their errors.
Usage: test-fake-gatt.py PACED_SIM. Speaks TAP.
"""
import select

from fakeworld import (CHARACTERISTIC, FEATURE, FIRMWARE, HEART, HEART_CONTROL, LOCATION, PATIENCE_S, POD, STRAP, STRIDE,
                       STRIDE_CONTROL, GLib, expect_order, run_tests)

def receive(packets):
    assert select.select([packets], [], [], PATIENCE_S)[0], "no packet came by the socket"
    return packets.recv(600)


def properties(world, path):
    return world.objects()[path][CHARACTERISTIC]


def a_socket_brings_packets_past_the_bus(world):
    world.found_and_connected()
    heart = world.characteristic(HEART)
    assert properties(world, heart)["NotifyAcquired"] is False
    start = len(world.log)
    packets, mtu = world.acquire(heart)
    assert mtu == 517 and properties(world, heart)["NotifyAcquired"] is True
    assert not properties(world, heart)["Notifying"]
    packet = receive(packets)
    assert packet[0] & 1 == 0 and 60 < packet[1] < 200
    assert world.sim("Notify", "(ssay)", ("strap", "2a37", b"\x00\x55")) == (True,)
    while receive(packets) != b"\x00\x55":
        pass
    assert not [entry for entry in world.log[start:] if entry[0] == "changed" and "Value" in entry[2]]
    packets.close()
    world.wait("changed", heart, lambda what: what.get("NotifyAcquired") is False, start)
    assert world.sim("Notify", "(ssay)", ("strap", "2a37", b"\x00\x55")) == (False,)


def a_socket_is_one_clients_alone(world):
    world.found_and_connected()
    heart, other = world.characteristic(HEART), world.client()
    packets, _ = world.acquire(heart)
    taken = ("org.bluez.Error.NotPermitted", "Notify acquired")
    assert world.acquire(heart) == taken and world.acquire(heart, bus=other) == taken
    assert world.call(heart, CHARACTERISTIC, "StartNotify", bus=other) == taken
    assert world.call(heart, CHARACTERISTIC, "StopNotify", bus=other) == ()
    while receive(packets):
        pass
    assert world.call(heart, CHARACTERISTIC, "StartNotify", bus=other) == ()
    assert world.acquire(heart) == ("org.bluez.Error.InProgress", "In Progress")
    other.close_sync()


def a_socket_misses_what_comes_before_it(world):
    world.found_and_connected()
    heart, answers = world.characteristic(HEART), []

    def notify():
        world.bus.call("org.bluez", "/org/paced1/sim", "org.paced1.Sim", "Notify",
                       GLib.Variant("(ssay)", ("strap", "2a37", b"\x00\x55")), None, 0, -1, None,
                       lambda bus, result: answers.append(bus.call_finish(result).unpack()))

    packets, _ = world.acquire(heart, also=notify)
    assert answers == [(False,)]
    packets.close()
    world.wait("changed", heart, lambda what: what.get("NotifyAcquired") is False)
    start = len(world.log)
    world.send(heart, CHARACTERISTIC, "StartNotify")
    notify()
    world.wait("reply", heart, after=start)
    expect_order(world.log[start:], ("changed", heart, "Value"), ("changed", heart, "Notifying"), ("reply", heart, None))


def a_socket_ends_with_the_link(world):
    world.found_and_connected()
    heart = world.characteristic(HEART)
    packets, _ = world.acquire(heart)
    start = len(world.log)
    world.sim("Vanish", "(s)", ("strap",))
    while receive(packets):
        pass
    world.wait("changed", heart, lambda what: what.get("NotifyAcquired") is False, start)
    assert world.acquire(heart) == ("org.bluez.Error.Failed", "Not connected")
    world.sim("Return", "(s)", ("strap",))
    world.connect()
    assert receive(world.acquire(heart)[0])


def a_sensor_tells_its_make(world):
    world.found_and_connected()
    assert world.read(FIRMWARE) == b"1.0"
    assert world.read(FIRMWARE, offset=GLib.Variant("q", 2)) == b"0"
    assert world.read(FIRMWARE, offset=GLib.Variant("q", 9)) == ("org.bluez.Error.InvalidArguments", "Invalid offset")
    assert world.read(HEART) == ("org.bluez.Error.NotPermitted", "Read not permitted")
    assert world.write(FIRMWARE, b"2.0") == ("org.bluez.Error.NotSupported", "Operation is not supported")
    assert properties(world, world.characteristic(FIRMWARE))["Flags"] == ["read"]
    assert "NotifyAcquired" not in properties(world, world.characteristic(FIRMWARE))
    assert world.acquire(world.characteristic(FIRMWARE)) == ("org.bluez.Error.NotSupported", "Operation is not supported")


def what_is_on_the_air_fails_with_the_link(world):
    world.found_and_connected(POD)
    feature, start = world.characteristic(FEATURE, POD), len(world.log)
    for _ in range(2):
        world.send(feature, CHARACTERISTIC, "ReadValue", GLib.Variant("(a{sv})", ({},)))
    world.sim("Vanish", "(s)", ("pod",))
    busy = world.log[world.wait("reply", feature, after=start)]
    assert busy[2] == ("org.bluez.Error.InProgress", "In Progress")
    lost = world.log[world.wait("reply", feature, after=world.log.index(busy) + 1)]
    assert lost[2] == ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e")
    assert world.read(FEATURE, POD) == ("org.bluez.Error.Failed", "Not connected")


def control_points_take_orders(world):
    world.found_and_connected()
    assert world.write(HEART_CONTROL, b"\x01") == ()
    unknown = ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x80")
    assert world.write(HEART_CONTROL, b"\x02") == unknown
    world.found_and_connected(POD)
    assert properties(world, world.characteristic(STRIDE_CONTROL, POD))["Flags"] == ["write", "indicate"]
    locations = b"\x04"
    unheard = ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x81")
    assert world.write(STRIDE_CONTROL, locations, POD) == unheard
    control = world.subscribe(STRIDE_CONTROL, POD)
    start = len(world.log)
    assert world.write(STRIDE_CONTROL, locations, POD) == ()
    assert world.packet(control, start)[:3] == b"\x10\x04\x01"
    start = len(world.log)
    assert world.write(STRIDE_CONTROL, b"\x03\x02", POD) == ()
    assert world.packet(control, start) == b"\x10\x03\x01" and world.read(LOCATION, POD) == b"\x02"
    start = len(world.log)
    assert world.write(STRIDE_CONTROL, b"\x02", POD) == ()
    busy = ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x80")
    assert world.write(STRIDE_CONTROL, locations, POD) == busy
    assert world.packet(control, start)[:2] == b"\x10\x02"
    refused = world.acquire(control)
    assert refused == ("org.bluez.Error.InProgress", "In Progress")
    assert world.call(control, CHARACTERISTIC, "StopNotify") == ()
    assert world.acquire(control) == ("org.bluez.Error.NotSupported", "Operation is not supported")


def a_watch_is_strap_and_pod_in_one(world):
    world.found_and_connected()
    uuids = world.property(STRAP, "org.bluez.Device1", "UUIDs")
    assert {uuid[4:8] for uuid in uuids} >= {"180d", "1814", "180f", "180a"}
    for uuid in (HEART, STRIDE):
        world.packet(world.subscribe(uuid))


def the_battery_is_told(world):
    world.found_and_connected()
    start = len(world.log)
    world.sim("SetBattery", "(sy)", ("strap", 12))
    world.wait("changed", STRAP, lambda what: what.get("Percentage") == 12, start)
    world.sim("SetBattery", "(sy)", ("strap", 0xff))
    world.sim("SetBattery", "(sy)", ("strap", 11))
    world.wait("changed", STRAP, lambda what: what.get("Percentage") == 11, start)
    assert not [entry for entry in world.log[start:] if entry[0] == "changed" and entry[2].get("Percentage", 0) > 100]


def a_sensor_may_want_to_be_paired(world):
    world.sim("WantPairing", "(sb)", ("strap", True))
    world.found_and_connected()
    heart = world.characteristic(HEART)
    assert world.call(heart, CHARACTERISTIC, "StartNotify") == ("org.bluez.Error.NotPermitted", "Not paired")
    assert not properties(world, heart)["Notifying"] and not world.stats()["subscribed"]
    assert world.call(STRAP, "org.bluez.Device1", "Pair") == ()
    assert world.property(STRAP, "org.bluez.Device1", "Paired")
    world.packet(world.subscribe())


def a_socket_is_never_had_from_who_wants_pairing(world):
    world.sim("WantPairing", "(sb)", ("strap", True))
    world.found_and_connected()
    heart, start = world.characteristic(HEART), len(world.log)
    world.send(heart, CHARACTERISTIC, "AcquireNotify", GLib.Variant("(a{sv})", ({},)), answer="never")
    assert world.call(heart, CHARACTERISTIC, "StartNotify") == ("org.bluez.Error.NotPermitted", "Notify acquired")
    world.sim("Vanish", "(s)", ("strap",))
    world.wait("changed", heart, lambda what: what.get("NotifyAcquired") is False, start)
    assert not [entry for entry in world.log if entry[0] == "never"]


def tables_change(world):
    heart = world.live()

    def change(kind):
        world.sim("ChangeTable", "(ss)", ("strap", kind))
        assert not world.property(STRAP, "org.bluez.Device1", "Connected")
        return world.connect()

    start = change("shifted")
    assert world.characteristic(HEART) != heart
    expect_order(world.log[start:], ("removed", heart, None), ("added", world.characteristic(HEART), None))
    world.packet(world.subscribe())
    change("bare")
    services = [o["org.bluez.GattService1"]["UUID"] for o in world.objects().values() if "org.bluez.GattService1" in o]
    assert any("180d" in uuid for uuid in services)
    assert not any(HEART in str(interfaces) for interfaces in world.objects().values())
    change("twice")
    assert sum(HEART in str(interfaces) for interfaces in world.objects().values()) == 2
    world.packet(world.subscribe())
    change("unflagged")
    assert properties(world, world.characteristic(HEART))["Flags"] == ["read"]
    refused = world.call(world.characteristic(HEART), CHARACTERISTIC, "StartNotify")
    assert refused == ("org.bluez.Error.NotSupported", "Operation is not supported")
    change("normal")
    assert world.characteristic(HEART) == heart
    world.packet(world.subscribe())


run_tests([
    (a_socket_brings_packets_past_the_bus, []),
    (a_socket_is_one_clients_alone, []),
    (a_socket_misses_what_comes_before_it, []),
    (a_socket_ends_with_the_link, []),
    (a_sensor_tells_its_make, []),
    (what_is_on_the_air_fails_with_the_link, []),
    (control_points_take_orders, []),
    (a_watch_is_strap_and_pod_in_one, ["--sensor", "watch"]),
    (the_battery_is_told, []),
    (a_sensor_may_want_to_be_paired, []),
    (a_socket_is_never_had_from_who_wants_pairing, []),
    (tables_change, []),
])
