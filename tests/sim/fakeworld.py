# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A private bus, paced-sim fake on it, and a BlueZ client that remembers what is said, and in which order. Each test has a
world of its own and waits for events, with one time-out for all.
"""
import signal
import socket
import subprocess
import sys
import traceback

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PATIENCE_S = 20
HRS, RSCS = "0000180d-0000-1000-8000-00805f9b34fb", "00001814-0000-1000-8000-00805f9b34fb"
HEART, STRIDE, FEATURE, LOCATION, STRIDE_CONTROL, HEART_CONTROL, FIRMWARE = (
    f"0000{n}-0000-1000-8000-00805f9b34fb" for n in ("2a37", "2a53", "2a54", "2a5d", "2a55", "2a39", "2a26"))
STRAP, POD = "/org/bluez/hci0/dev_00_AA_01_00_00_01", "/org/bluez/hci0/dev_00_AA_01_00_00_02"
ADAPTER = "/org/bluez/hci0"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"


class World:
    """A bus, a fake on it, and a client that remembers every signal and reply in order: (kind, object, what)."""

    def __init__(self, *options):
        self.bus_process = Gio.TestDBus.new(Gio.TestDBusFlags.NONE)
        self.bus_process.up()
        self.fake = subprocess.Popen([sys.argv[1], "fake", "--bus", self.bus_process.get_bus_address(), *options],
                                     stdout=subprocess.PIPE, text=True)
        assert self.fake.stdout.readline() == "ready\n"
        self.log = []
        self.bus = self.client()
        self.bus.signal_subscribe("org.bluez", None, None, None, None, 0, self.on_signal)

    def client(self):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        return Gio.DBusConnection.new_for_address_sync(self.bus_process.get_bus_address(), flags, None, None)

    def on_signal(self, bus, sender, path, interface, signal_name, arguments):
        values = arguments.unpack()
        if signal_name == "PropertiesChanged":
            self.log.append(("changed", path, {**values[1], **{name: None for name in values[2]}}))
        elif signal_name == "InterfacesAdded":
            self.log.append(("added", values[0], values[1]))
        elif signal_name == "InterfacesRemoved":
            self.log.append(("removed", values[0], values[1]))

    def until(self, done, what):
        late = []
        timer = GLib.timeout_add_seconds(PATIENCE_S, lambda: late.append(True) or True)
        while not done():
            assert not late, f"waited in vain for {what}; the log's end: {self.log[-6:]}"
            GLib.MainContext.default().iteration(True)
        GLib.source_remove(timer)

    def send(self, path, interface, method, arguments=None, answer="reply", bus=None):
        """Calls, and logs the reply or the error's name and message under `answer`."""

        def on_reply(connection, result):
            try:
                value = connection.call_finish(result)
                self.log.append((answer, path, value.unpack()))
            except GLib.Error as error:
                name = Gio.DBusError.get_remote_error(error)
                self.log.append((answer, path, (name, error.message.split(f"{name}: ", 1)[-1])))

        (bus or self.bus).call("org.bluez", path, interface, method, arguments, None, 0, PATIENCE_S * 1000, None, on_reply)

    def call(self, path, interface, method, arguments=None, bus=None):
        start = len(self.log)
        self.send(path, interface, method, arguments, "call", bus)
        return self.log[self.wait("call", path, after=start)][2]

    def wait(self, kind, path=None, matches=lambda what: True, after=0):
        def find():
            return [i for i, (k, p, w) in enumerate(self.log) if i >= after and k == kind and path in (None, p) and matches(w)]

        self.until(find, f"{kind} of {path}")
        return find()[0]

    def found_and_connected(self, path=STRAP):
        self.discover(path=path)
        self.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery")
        self.connect(path)

    def acquire(self, characteristic, bus=None, also=lambda: None):
        """AcquireNotify: the socket and the MTU, or the error's name and message. `also` is called once it is sent."""
        got = []

        def on_reply(connection, result):
            try:
                value, descriptors = connection.call_with_unix_fd_list_finish(result)
                got.append((socket.socket(fileno=descriptors.get(0)), value.unpack()[1]))
            except GLib.Error as error:
                name = Gio.DBusError.get_remote_error(error)
                got.append((name, error.message.split(f"{name}: ", 1)[-1]))

        (bus or self.bus).call_with_unix_fd_list(
            "org.bluez", characteristic, CHARACTERISTIC, "AcquireNotify", GLib.Variant("(a{sv})", ({},)), None, 0,
            PATIENCE_S * 1000, None, None, on_reply)
        also()
        self.until(lambda: got, "the answer to AcquireNotify")
        return got[0]

    def read(self, uuid, path=STRAP, **options):
        """The bytes, or the error's name and message."""
        value = self.call(self.characteristic(uuid, path), CHARACTERISTIC, "ReadValue", GLib.Variant("(a{sv})", (options,)))
        return bytes(value[0]) if len(value) == 1 else value

    def write(self, uuid, value, path=STRAP, **options):
        return self.call(self.characteristic(uuid, path), CHARACTERISTIC, "WriteValue",
                         GLib.Variant("(aya{sv})", (value, options)))

    def sim(self, method, *arguments):
        signature, values = arguments if arguments else ("()", ())
        return self.call("/org/paced1/sim", "org.paced1.Sim", method, GLib.Variant(signature, values))

    def objects(self):
        return self.call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")[0]

    def discover(self, uuid=None, path=STRAP):
        if uuid:
            filters = {"UUIDs": GLib.Variant("as", [uuid]), "Transport": GLib.Variant("s", "le")}
            self.call(ADAPTER, "org.bluez.Adapter1", "SetDiscoveryFilter", GLib.Variant("(a{sv})", (filters,)))
        known, start = self.objects(), len(self.log)
        self.call(ADAPTER, "org.bluez.Adapter1", "StartDiscovery")
        if path in known:
            self.wait("changed", path, lambda what: what.get("RSSI"), start)
        else:
            self.wait("added", path, after=start)

    def connect(self, path=STRAP):
        start = len(self.log)
        self.send(path, "org.bluez.Device1", "Connect")
        self.wait("changed", path, lambda what: what.get("ServicesResolved"), start)
        self.wait("added", path, lambda what: "org.bluez.Battery1" in what, start)
        return start

    def property(self, path, interface, name):
        return self.objects()[path][interface].get(name)

    def stats(self, sensor=0):
        return self.sim("Stats")[1][sensor]

    def characteristic(self, uuid, path=STRAP):
        return next(p for p, interfaces in self.objects().items() if p.startswith(path + "/")
                    and interfaces.get("org.bluez.GattCharacteristic1", {}).get("UUID") == uuid)

    def subscribe(self, uuid=HEART, path=STRAP):
        characteristic = self.characteristic(uuid, path)
        assert self.call(characteristic, "org.bluez.GattCharacteristic1", "StartNotify") == ()
        return characteristic

    def live(self):
        """The strap found, connected and subscribed; the characteristic's path."""
        self.discover()
        self.call(ADAPTER, "org.bluez.Adapter1", "StopDiscovery")
        self.connect()
        return self.subscribe()

    def packet(self, characteristic, after=None):
        at = self.wait("changed", characteristic, lambda what: what.get("Value"), len(self.log) if after is None else after)
        return bytes(self.log[at][2]["Value"])

    def close(self):
        self.fake.send_signal(signal.SIGTERM)
        status = self.fake.wait(PATIENCE_S)
        self.fake.stdout.close()
        self.bus.close_sync()
        self.bus_process.stop()
        assert status == 0, f"the fake ended with {status}"


def expect_order(log, *events):
    """Each event is (kind, path, key or None); they are in the log in this order."""
    at = 0
    for kind, path, key in events:
        while at < len(log) and not (log[at][0] == kind and log[at][1] == path and (key is None or key in log[at][2])):
            at += 1
        assert at < len(log), f"{(kind, path, key)} is missing or late in {log}"


def run(number, test, options):
    title = test.__name__.replace("_", " ")
    try:
        if options is None:
            test()
        else:
            world = World(*options)
            try:
                test(world)
            finally:
                world.close()
        print(f"ok {number} {title}", flush=True)
    except BaseException:
        print("# " + traceback.format_exc().replace("\n", "\n# "))
        print(f"not ok {number} {title}", flush=True)


def run_tests(tests):
    """Each is (function, options of the fake); options of None: the function makes its own world. Speaks TAP."""
    print(f"1..{len(tests)}", flush=True)
    for number, (test, options) in enumerate(tests, 1):
        run(number, test, options)
