#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What paced-sim fake can be told to do wrong: adapters, links, names, numbers.
Usage: test-fake-faults.py PACED_SIM. Speaks TAP.
"""
import contextlib
import os
import select
import struct
import tempfile
import time

from fakeworld import (ADAPTER, CHARACTERISTIC, HEART, HRS, PATIENCE_S, POD, STRAP, GLib, World, expect_order, run_tests)

OTHER_ADAPTER, OTHER_STRAP = "/org/bluez/hci1", "/org/bluez/hci1/dev_00_AA_01_00_00_01"
POWER_ON = GLib.Variant("(ssv)", ("org.bluez.Adapter1", "Powered", GLib.Variant("b", True)))
PROPERTIES = "org.freedesktop.DBus.Properties"


def calls_fail_on_request(world):
    for method, path, interface, arguments in (
            ("StartDiscovery", ADAPTER, "org.bluez.Adapter1", None),
            ("Set", ADAPTER, PROPERTIES, POWER_ON),
            ("GetManagedObjects", "/", "org.freedesktop.DBus.ObjectManager", None)):
        world.sim("FailCalls", "(sssu)", (method, "org.bluez.Error.NotReady", "Resource Not Ready", 2))
        for _ in range(2):
            refused = world.call(path, interface, method, arguments)
            assert refused == ("org.bluez.Error.NotReady", "Resource Not Ready"), (method, refused)
        refused = world.call(path, interface, method, arguments)
        assert not refused or refused[0] != "org.bluez.Error.NotReady", (method, refused)
    heart = world.live()
    world.sim("FailCalls", "(sssu)", ("AcquireNotify", "org.bluez.Error.Failed", "no", 9))
    assert world.acquire(heart) == ("org.bluez.Error.Failed", "no")
    world.sim("FailCalls", "(sssu)", ("AcquireNotify", "", "", 0))
    assert world.acquire(heart) == ("org.bluez.Error.InProgress", "In Progress")
    bad = world.sim("FailCalls", "(sssu)", ("Connect", "nonsense", "", 1))
    assert bad[0] == "org.paced1.Sim.Error.BadArgument"


def the_answer_to_set_comes_between(world):
    world.live()
    start = len(world.log)
    off = GLib.Variant("(ssv)", ("org.bluez.Adapter1", "Powered", GLib.Variant("b", False)))
    world.send(ADAPTER, PROPERTIES, "Set", off)
    world.wait("changed", ADAPTER, lambda what: what.get("Powered") is False, start)
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("reply", ADAPTER, None), ("changed", ADAPTER, "Powered"))
    start = len(world.log)
    trusted = GLib.Variant("(ssv)", ("org.bluez.Device1", "Trusted", GLib.Variant("b", True)))
    world.send(STRAP, PROPERTIES, "Set", trusted)
    world.wait("reply", STRAP, after=start)
    expect_order(world.log[start:], ("changed", STRAP, "Trusted"), ("reply", STRAP, None))


def links_are_refused(world):
    world.discover()
    world.sim("RefuseLinks", "(ss)", ("strap", "hang-up"))
    start = len(world.log)
    world.send(STRAP, "org.bluez.Device1", "Connect")
    world.wait("changed", STRAP, lambda what: what.get("Connected") is False, start)
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("reply", STRAP, None), ("changed", STRAP, "Connected"))
    assert not [entry for entry in world.log[start:] if entry[0] == "changed" and entry[2].get("ServicesResolved")]
    world.sim("RefuseLinks", "(ss)", ("strap", "silent"))
    assert not world.stats()["advertising"]
    world.send(STRAP, "org.bluez.Device1", "Connect", answer="patient")
    busy = world.call(STRAP, "org.bluez.Device1", "Connect")
    assert busy == ("org.bluez.Error.Failed", "Operation already in progress")
    world.sim("RefuseLinks", "(ss)", ("strap", ""))
    world.wait("patient", STRAP)
    world.wait("changed", STRAP, lambda what: what.get("ServicesResolved"), start)
    assert world.sim("RefuseLinks", "(ss)", ("strap", "rudely"))[0] == "org.paced1.Sim.Error.BadArgument"


def the_rate_can_be_set(world):
    world.sim("SetRate", "(sd)", ("strap", 50.0))
    heart = world.live()
    began, start = time.monotonic(), len(world.log)
    for _ in range(20):
        start = world.wait("changed", heart, lambda what: what.get("Value"), start) + 1
    assert time.monotonic() - began < 10, "twenty packets at one a second take 20 s"


def a_flood_is_delivered_or_dropped_but_counted(world):
    heart = world.live()
    world.call(heart, CHARACTERISTIC, "StopNotify")
    packets, _ = world.acquire(heart)
    before = world.stats()
    world.sim("Flood", "(sudd)", ("strap", 512, 500.0, 1.0))
    got, sizes = 0, set()
    world.until(lambda: world.stats()["sent"] - before["sent"] >= 500, "the end of the flood")
    after = world.stats()
    while select.select([packets], [], [], 0)[0]:
        got += 1
        sizes.add(len(packets.recv(600)))
    delivered = after["packets"] - before["packets"]
    assert 0 < delivered < 500, "nobody read, and the socket holds only so much"
    assert abs(got - delivered) <= 3 and 512 in sizes
    world.sim("Flood", "(sudd)", ("strap", 0, 50.0, 0.5))
    while select.select([packets], [], [], PATIENCE_S)[0]:
        if packets.recv(600) == b"":
            break


def names_change_with_the_next_advertisement(world):
    world.discover()
    world.sim("Rename", "(ss)", ("strap", "Belt"))
    at = world.wait("changed", STRAP, lambda what: "Name" in what)
    assert world.log[at][2] == {"Name": "Belt", "Alias": "Belt"}
    for raw, text in ((b"a\x01b\x1b[31m", "a\x01b\x1b[31m"), (b" \xff\xfeX\xc3 ", "X"), (b"n" * 300, "n" * 248),
                      ("\u00fc\U0001f3c3".encode(), "\u00fc\U0001f3c3"), (b"x\0y", "x")):
        world.sim("RenameBytes", "(say)", ("00:AA:01:00:00:01", raw))
        at = world.wait("changed", STRAP, lambda what: "Name" in what, at + 1)
        assert world.log[at][2]["Name"] == text, (raw, world.log[at])


def a_sensor_comes_back_under_another_address(world):
    world.live()
    world.discover(path=POD)
    start = len(world.log)
    address, = world.sim("NewAddress", "(s)", ("strap",))
    assert address != "00:AA:01:00:00:01" and world.stats()["address"] == address
    expect_order(world.log[start:], ("changed", STRAP, "Connected"), ("removed", STRAP, None))
    path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
    world.wait("added", path, after=start)
    device = world.objects()[path]["org.bluez.Device1"]
    assert device["AddressType"] == "random" and device["Name"] == "Sim Strap" and device["Address"] == address
    world.connect(path)
    world.packet(world.subscribe(path=path))


def a_crowd_comes_and_goes(world):
    world.discover(HRS)
    world.sim("Crowd", "(u)", (2000,))
    world.wait("added", matches=lambda added: added.get("org.bluez.Device1", {}).get("Name") == "Passer-by 1999")
    straps = [o["org.bluez.Device1"] for o in world.objects().values() if "org.bluez.Device1" in o]
    assert len(straps) == 1001 and all(HRS in device["UUIDs"] for device in straps)
    passer = next(path for path, o in world.objects().items() if o.get("org.bluez.Device1", {}).get("Name") == "Passer-by 1")
    assert world.call(passer, "org.bluez.Device1", "Connect")[0] == "org.bluez.Error.Failed"
    assert world.call(ADAPTER, "org.bluez.Adapter1", "RemoveDevice", GLib.Variant("(o)", (passer,))) == ()
    world.wait("removed", passer)
    start = len(world.log)
    world.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery")
    last = next(path for path, o in world.objects().items() if o.get("org.bluez.Device1", {}).get("Name") == "Passer-by 1999")
    world.wait("removed", last, after=start)


def two_adapters_share_the_sensors(world):
    world.live()
    assert world.property(OTHER_ADAPTER, "org.bluez.Adapter1", "Address") == "00:AA:01:01:00:00"
    start = len(world.log)
    world.call(OTHER_ADAPTER, "org.bluez.Adapter1", "StartDiscovery")
    world.wait("added", POD.replace("hci0", "hci1"), after=start)
    assert OTHER_STRAP not in world.objects(), "who has a link does not advertise"
    world.sim("PlugAdapter", "(ub)", (0, False))
    assert ADAPTER not in world.objects()
    world.wait("added", OTHER_STRAP, after=start)
    world.connect(OTHER_STRAP)
    world.packet(world.subscribe(path=OTHER_STRAP))
    world.sim("PlugAdapter", "(ub)", (0, True))
    assert world.property(OTHER_STRAP, "org.bluez.Device1", "Connected")
    world.sim("PowerAdapter", "(ub)", (1, False))
    assert not world.property(OTHER_STRAP, "org.bluez.Device1", "Connected")
    world.discover()
    world.connect()
    assert world.sim("PowerAdapter", "(ub)", (2, False))[0] == "org.paced1.Sim.Error.BadArgument"


def reads_switches(fifo, *expected):
    """Reads records until each switch is as expected; the operations that came."""
    told, operations = {}, set()
    while told != dict(enumerate(expected)):
        assert select.select([fifo], [], [], PATIENCE_S)[0], f"no more than {told} came by the FIFO"
        records = b""
        with contextlib.suppress(BlockingIOError):  # the fake may just have thrown away what an earlier reader left
            records = os.read(fifo, 4096)
        for index, kind, operation, soft, hard in struct.iter_unpack("=IBBBB", records):
            assert kind == 2, "Bluetooth"
            told[index] = bool(soft or hard)
            operations.add(operation)
    return operations


def a_switch_of_the_kernel_blocks_adapters():
    with tempfile.TemporaryDirectory() as directory:
        path, add, change = f"{directory}/rfkill", 0, 2
        world = World("--rfkill", path, "--adapters", "2")
        try:
            fifo = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            assert reads_switches(fifo, False, False) == {add}
            start = len(world.log)
            world.sim("AdapterBlocked", "(b)", (True,))
            world.wait("changed", ADAPTER, lambda what: what.get("Powered") is False, start)
            assert change in reads_switches(fifo, True, True)
            refused = world.call(ADAPTER, PROPERTIES, "Set", POWER_ON)
            assert refused == ("org.bluez.Error.Blocked", "Blocked through rfkill")
            os.close(fifo)
            fifo = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            assert reads_switches(fifo, True, True) == {add}
            world.sim("AdapterBlocked", "(b)", (False,))
            assert change in reads_switches(fifo, False, False)
            assert world.property(ADAPTER, "org.bluez.Adapter1", "Powered")
            os.close(fifo)
            world.packet(world.live())
        finally:
            world.close()


run_tests([
    (calls_fail_on_request, []),
    (the_answer_to_set_comes_between, []),
    (links_are_refused, []),
    (the_rate_can_be_set, []),
    (a_flood_is_delivered_or_dropped_but_counted, []),
    (names_change_with_the_next_advertisement, []),
    (a_sensor_comes_back_under_another_address, []),
    (a_crowd_comes_and_goes, ["--temporary-timeout", "1"]),
    (two_adapters_share_the_sensors, ["--adapters", "2"]),
    (a_switch_of_the_kernel_blocks_adapters, None),
])
