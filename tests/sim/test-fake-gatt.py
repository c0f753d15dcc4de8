#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The characteristics of paced-sim fake, as a client of BlueZ 5.66 finds them: sockets, reads, writes, and their errors.
Usage: test-fake-gatt.py PACED_SIM. Speaks TAP.
"""
import select

from fakeworld import ADAPTER, CHARACTERISTIC, FEATURE, HEART, PATIENCE_S, POD, STRAP, GLib, expect_order, run_tests

FIRMWARE = "00002a26-0000-1000-8000-00805f9b34fb"


def found_and_connected(world, path=STRAP):
    world.discover(path=path)
    world.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery")
    world.connect(path)


def receive(packets):
    assert select.select([packets], [], [], PATIENCE_S)[0], "no packet came by the socket"
    return packets.recv(600)


def properties(world, path):
    return world.objects()[path][CHARACTERISTIC]


def a_socket_brings_packets_past_the_bus(world):
    found_and_connected(world)
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
    found_and_connected(world)
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
    found_and_connected(world)
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
    found_and_connected(world)
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
    found_and_connected(world)
    assert world.read(FIRMWARE) == b"1.0"
    assert world.read(FIRMWARE, offset=GLib.Variant("q", 2)) == b"0"
    assert world.read(FIRMWARE, offset=GLib.Variant("q", 9)) == ("org.bluez.Error.InvalidArguments", "Invalid offset")
    assert world.read(HEART) == ("org.bluez.Error.NotPermitted", "Read not permitted")
    assert world.write(FIRMWARE, b"2.0") == ("org.bluez.Error.NotSupported", "Operation is not supported")
    assert properties(world, world.characteristic(FIRMWARE))["Flags"] == ["read"]
    assert "NotifyAcquired" not in properties(world, world.characteristic(FIRMWARE))
    assert world.acquire(world.characteristic(FIRMWARE)) == ("org.bluez.Error.NotSupported", "Operation is not supported")


def what_is_on_the_air_fails_with_the_link(world):
    found_and_connected(world, POD)
    feature, start = world.characteristic(FEATURE, POD), len(world.log)
    for _ in range(2):
        world.send(feature, CHARACTERISTIC, "ReadValue", GLib.Variant("(a{sv})", ({},)))
    world.sim("Vanish", "(s)", ("pod",))
    busy = world.log[world.wait("reply", feature, after=start)]
    assert busy[2] == ("org.bluez.Error.InProgress", "In Progress")
    lost = world.log[world.wait("reply", feature, after=world.log.index(busy) + 1)]
    assert lost[2] == ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e")
    assert world.read(FEATURE, POD) == ("org.bluez.Error.Failed", "Not connected")


run_tests([
    (a_socket_brings_packets_past_the_bus, []),
    (a_socket_is_one_clients_alone, []),
    (a_socket_misses_what_comes_before_it, []),
    (a_socket_ends_with_the_link, []),
    (a_sensor_tells_its_make, []),
    (what_is_on_the_air_fails_with_the_link, []),
])
