# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The world of a radio test, on either of two stacks, which PACED_STACK names: `fake` is paced-sim's org.bluez on a private
bus; `real` is bluetoothd on virtual controllers, in the guest that vm/boot makes. A test sees no difference: it steers
the sensors through org.paced1.Sim, and does to adapter, bluetoothd and bus what each stack has for it.

On the real stack hci0 is the daemon's, each sensor has a controller of its own (hci1, hci2 …), and one is spare.
"""
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bus"))
from harness import BUILD, STEADY, Process, Timeout, World, measured, run_tests, wait_until  # noqa: E402

NAMES = {"strap": "Sim Strap", "pod": "Sim Pod"}
SHOWS = {"strap": "HeartRate", "pod": "Speed"}  # what the session knows by it
EMULATED = os.environ.get("PACED_ACCEL") == "tcg"
AGAIN = 10.0 if EMULATED else 5.0  # s within which data flow again, once they can; what it took is printed
MEASUREMENTS = ("00002a37-0000-1000-8000-00805f9b34fb", "00002a53-0000-1000-8000-00805f9b34fb")


class Stack(World):
    """What both have in common. The system bus is not the session's: either can end without the other."""

    STANDSTILL = 2.5  # s without a tick

    def __init__(self, *sensors):
        self.sensors = sensors or ("strap", "pod")
        self.neighbours = []
        super().__init__()

    def neighbour(self):
        """Another user of this machine: a session bus, settings and runs of their own, the same system bus."""
        other = World()
        other.env.update({name: self.env[name] for name in ("DBUS_SYSTEM_BUS_ADDRESS", "ASAN_OPTIONS")})
        self.processes += other.processes
        other.processes = self.processes  # ended, and shown after a failure, with ours
        configure(other)
        self.neighbours.append(other)
        return other

    def close(self):
        wrong = super().close()
        for other in self.neighbours:
            other.bus.close_sync() if not other.bus.is_closed() else None
            shutil.rmtree(other.directory, ignore_errors=True)
        return wrong

    def run_system_bus(self, address, *options):
        """Also again, after its end: at the same address."""
        socket = pathlib.Path(address.removeprefix("unix:path="))
        socket.unlink(missing_ok=True)
        self.system_bus = Process(self, "system-bus", "dbus-daemon", *options, "--nofork", "--nopidfile")
        self.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION

        def connect():
            try:
                return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
            except GLib.Error:
                return None  # its socket is there a moment before it listens
        self.system = wait_until(connect, "the system bus")
        self.system.set_exit_on_close(False)

    def bluez(self, path, interface, method, signature="()", *arguments):
        return self.system.call_sync("org.bluez", path, interface, method, GLib.Variant(signature, arguments), None,
                                     Gio.DBusCallFlags.NO_AUTO_START, 25000, None).unpack()

    def adapter(self, name, index=0):
        """A property of hciN; None when there is no such thing, or no bluetoothd."""
        try:
            return self.bluez(f"/org/bluez/hci{index}", "org.freedesktop.DBus.Properties", "Get", "(ss)",
                              "org.bluez.Adapter1", name)[0]
        except GLib.Error:
            return None

    def kill_system_bus(self):
        self.system_bus.kill()

    def end_bluetoothd(self, number):
        self.bluetoothd.child.send_signal(number)
        self.bluetoothd.wait()

    # ── the sensors ──

    def truth(self, sensor):
        """What the simulator says of it."""
        return next(one for one in self.sim("Stats")[1] if one["kind"] == sensor)

    def wait_possible(self):
        """When every sensor can be had again; returns at that moment."""
        def all_offer():
            try:
                return all(one["advertising"] or one["connected"] for one in self.sim("Stats")[1])
            except GLib.Error:
                return False
        wait_until(all_offer, "the sensors to advertise")

    # ── the daemon ──

    def start_live(self, *options):
        """The daemon has found its sensors and adopted them, and data flow."""
        paced = self.start_paced("--voice=print", *options)
        paced.wait_live(*(NAMES[sensor] for sensor in self.sensors))
        return paced

    def start_run(self):
        """And a workout runs on them."""
        paced = self.start_live()
        paced.start_text(STEADY)
        paced.known(*(SHOWS[sensor] for sensor in self.sensors))
        self.before = self.holds(paced)
        return paced

    def wait_lost(self, paced, sensor):
        """It is no longer live; its reason is a sentence."""
        name = NAMES[sensor]
        wait_until(lambda: paced.sensors().get(name, {}).get("State") != "live", f"{name} to be lost")
        wait_until(lambda: paced.sensors().get(name, {}).get("Reason"), f"why {name} is lost")

    def enrolled(self, paced, sensor):
        """Its properties, of which a candidate of the same name has none; empty while it has no object."""
        all_of_them = [one["org.paced1.Sensor"] for one in paced.tree.values() if "org.paced1.Sensor" in one]
        return next((one for one in all_of_them if one["Name"] == NAMES[sensor] and one["Enrolled"]), {})

    def findings(self):
        """Of the doctor; the loop runs on meanwhile, for the daemon's signals bear the time of their arrival."""
        with open(self.directory / "doctor.json", "w", encoding="utf-8") as output:
            doctor = self.start_pacectl("doctor", "--json", stdout=output)
        assert doctor.wait() in (0, 1) and not doctor.text(), doctor.text()
        self.processes.remove(doctor)
        return json.loads((self.directory / "doctor.json").read_text())["findings"]

    def wait_told(self, area, words):
        """The doctor sees what is wrong, for as long as it is: `words` is a pattern."""
        deadline = time.monotonic() + 30
        while True:
            said = self.findings()
            if any(one["area"] == area and one["level"] != "good" and re.search(words, one["what"]) for one in said):
                return
            assert time.monotonic() < deadline, (area, words, said)

    def holds(self, paced):
        """What the daemon has, here and at BlueZ: its sensors and files, the links of its adapter, who is subscribed to, and
        whether it searches."""
        objects = self.bluez("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")[0]
        on_ours = {path: interfaces for path, interfaces in objects.items() if path.startswith("/org/bluez/hci0")}
        devices = [one["org.bluez.Device1"] for one in on_ours.values() if "org.bluez.Device1" in one]
        streams = [one["org.bluez.GattCharacteristic1"] for one in on_ours.values() if "org.bluez.GattCharacteristic1" in one]
        files = [os.path.realpath(path) for path in pathlib.Path(f"/proc/{paced.child.pid}/fd").iterdir()]
        return {
            "sensors": sorted(one["org.paced1.Sensor"]["Name"] for one in paced.tree.values()
                              if one.get("org.paced1.Sensor", {}).get("Enrolled")),
            "linked": sum(one["Connected"] for one in devices),
            "subscribed": sum(one["UUID"] in MEASUREMENTS and (one["Notifying"] or one.get("NotifyAcquired", False))
                              for one in streams),
            "searches": on_ours["/org/bluez/hci0"]["org.bluez.Adapter1"]["Discovering"],
            "sockets": sum("socket:" in path for path in files),
        }

    def nothing_leaks(self, paced):
        """What start_run() saw is what there is again; fewer sockets, when data come by signals since."""
        now = []

        def same():
            now[:] = [self.holds(paced)]
            return now[0] | {"sockets": 0} == self.before | {"sockets": 0} and now[0]["sockets"] <= self.before["sockets"]
        try:
            wait_until(same, "what was held to be held again", 15)
        except Timeout:
            raise AssertionError(f"before: {self.before}, now: {now[0]}") from None

    def wait_one_run(self, paced):
        """All is as it was, and the run went on."""
        self.nothing_leaks(paced)
        paced.is_still_one_run(self.STANDSTILL)

    def wait_again(self, paced, *sensors, what, since, within=AGAIN):
        """Data flow again, in time: `since` is when they could."""
        def live(sensor):
            return paced.sensors().get(NAMES[sensor], {}).get("State") == "live"
        wait_until(lambda: all(live(sensor) for sensor in sensors or self.sensors), f"data again: {what}")
        took = time.monotonic() - since
        measured(f"{what}, to data again", took)
        assert took < within, f"{took:.1f} s"
        return took


def configure(world):
    config = world.directory / "config" / "paced"
    config.mkdir(parents=True)
    (config / "paced.conf").write_text("[radio]\nadapter=hci0\n")


class FakeStack(Stack):
    def start_system_bus(self):
        address = f"unix:path={self.directory}/system"
        self.run_system_bus(address, "--session", f"--address={address}")
        self.start_bluetoothd()

    def start_bluetoothd(self):
        """The fake is bluetoothd and the air in one."""
        options = [option for sensor in self.sensors for option in ("--sensor", sensor)]
        switch = self.env["PACED_RFKILL"] = str(self.directory / "rfkill")
        self.bluetoothd = Process(self, "fake", BUILD / "src/sim/paced-sim", "fake", "--speed", "3.3", "--rfkill", switch, *options,
                                  env={"DBUS_SYSTEM_BUS_ADDRESS": self.env["DBUS_SYSTEM_BUS_ADDRESS"]})
        wait_until(lambda: self.adapter("Powered") or not self.bluetoothd.running(), "the fake BlueZ")
        assert self.bluetoothd.running(), self.bluetoothd.text()

    def sim(self, method, signature="()", *arguments):
        return self.system.call_sync("org.paced1.Sim", "/org/paced1/sim", "org.paced1.Sim", method,
                                     GLib.Variant(signature, arguments), None, Gio.DBusCallFlags.NONE, 25000, None).unpack()

    def vanish(self, sensor):
        self.sim("Vanish", "(s)", sensor)

    def bring_back(self, sensor):
        self.sim("Return", "(s)", sensor)

    def hang_up(self, sensor):
        """The sensor closes its link, and advertises."""
        self.sim("Misbehave", "(ssd)", sensor, "reconnect", 0.0)

    def forget_subscribers(self, sensor):
        """It begins anew within its link."""
        self.sim("ClearSubscriptions", "(s)", sensor)

    def spoil_table(self, sensor):
        """What BlueZ keeps of its services loses the measurement, and passes for true."""
        self.sim("KeepBareTable", "(s)", sensor)

    def change_address(self, sensor):
        self.sim("NewAddress", "(s)", sensor)

    def power(self, on):
        self.sim("AdapterPowered", "(b)", on)

    def plug(self, present):
        self.sim("AdapterPresent", "(b)", present)

    def block(self, blocked):
        self.sim("AdapterBlocked", "(b)", blocked)
        self.show_switch(blocked)

    def show_switch(self, blocked):
        """Of the machine, the doctor sees nothing but the switch that there would be."""
        switch = self.directory / "machine/sys/class/rfkill/rfkill0"
        switch.mkdir(parents=True, exist_ok=True)
        for name, value in {"type": "bluetooth", "soft": int(blocked), "hard": 0}.items():
            (switch / name).write_text(f"{value}\n")
        self.env["PACED_DOCTOR_ROOT"] = str(self.directory / "machine")


class RealStack(Stack):
    """What befalls the adapter befalls all controllers, the daemon's last and first: it would rather use a sensor's than
    none, and would see all sensors but that one."""

    STANDSTILL = 5.0  # an emulated guest can itself stand still, on a busy machine; the fake holds the daemon to less

    def __init__(self, *sensors):
        super().__init__(*sensors)
        self.places = {sensor: index for index, sensor in enumerate(self.sensors, 1)}  # hciN
        self.spare = 1 + len(self.sensors)
        self.controllers = range(1 + self.spare)

    def start_system_bus(self):
        self.run_system_bus("unix:path=/run/dbus/system_bus_socket", "--system")
        if not hasattr(self, "air"):
            self.start_air()
        self.start_bluetoothd()
        self.start_sensors()

    def start_air(self):
        """The controllers, which nobody has ever met. Each must have answered the kernel before it is of use."""
        assert " guest=" in pathlib.Path("/proc/cmdline").read_text(), "vm/boot makes a guest for this"
        for known in pathlib.Path("/var/lib/bluetooth").iterdir():
            shutil.rmtree(known)
        self.orders = self.directory / "orders"
        self.air = Process(self, "btvirt", pathlib.Path(os.environ["PACED_RADIO_VM"]) / "btvirt", "-L",
                           f"-l{len(self.controllers)}", "-c", self.orders)
        self.wait_controllers()

    def wait_controllers(self):
        """The last thing that the kernel makes of a controller."""
        ready = [pathlib.Path(f"/sys/kernel/debug/bluetooth/hci{index}/features") for index in self.controllers]
        wait_until(lambda: all(path.exists() for path in ready) or not self.air.running(), "the controllers")
        assert self.air.running(), self.air.text()

    def order(self, words):
        """To the air; it says when it has done so."""
        heard = self.air.text().count("\n")
        with open(self.orders, "w", encoding="ascii") as orders:
            orders.write(words + "\n")
        wait_until(lambda: self.air.text().count("\n") > heard, words)
        assert self.air.text().endswith(f"{words}: done\n"), self.air.text()

    def start_bluetoothd(self):
        """Ahead of all others (chrt): Debian's 6.1 frees the channel of a lost link twice when bluetoothd has not closed its
        socket by the time the kernel is done with the link (hci_chan_del, called from l2cap_conn_free)."""
        # One channel for all of GATT, as with sensors: two of this BlueZ would otherwise open more between them.
        settings = self.directory / "main.conf"
        settings.write_text("[GATT]\nChannels = 1\n")
        self.bluetoothd = Process(self, "bluetoothd", "chrt", "--fifo", "1", "/usr/libexec/bluetooth/bluetoothd", "-n",
                                  "-f", settings, "-P", "a2dp,avrcp,bap,hostname,mcp,network,sap,vcp")
        self.wait_power()

    def wait_power(self):
        wait_until(lambda: all(self.adapter("Powered", index) for index in self.controllers), "power of the adapters")

    def start_sensors(self):
        options = [option for sensor, index in self.places.items() for option in ("--adapter", f"hci{index}", "--sensor", sensor.split()[0])]
        before = self.simulator.text().count("ready\n") if hasattr(self, "simulator") else 0
        self.simulator = Process(self, "sim", BUILD / "src/sim/paced-sim", "radio", "--speed", "3.3", *options)
        wait_until(lambda: self.simulator.text().count("ready\n") > before or not self.simulator.running(), "the sensors")
        assert self.simulator.running(), self.simulator.text()

    def sim(self, method, signature="()", *arguments):
        return self.call("org.paced1.Sim", "/org/paced1/sim", "org.paced1.Sim", method, signature, *arguments)

    def vanish(self, sensor):
        self.order(f"far {self.places[sensor]}")

    def bring_back(self, sensor):
        self.order(f"near {self.places[sensor]}")

    def hang_up(self, sensor):
        self.order(f"drop {self.places[sensor]}")

    def forget_subscribers(self, _sensor):
        """All of them begin anew: what they serve goes and comes again within the links."""
        self.simulator.kill()
        self.start_sensors()

    def spoil_table(self, sensor):
        """As if the sensor had had another table when bluetoothd last read it, with the same hash. It keeps the tables of
        those that it is told to trust."""
        address = self.truth(sensor)["address"]
        device = f"/org/bluez/hci0/dev_{address.replace(':', '_')}"
        self.bluez(device, "org.freedesktop.DBus.Properties", "Set", "(ssv)", "org.bluez.Device1", "Trusted",
                   GLib.Variant("b", True))
        self.bluez(device, "org.bluez.Device1", "Connect")
        wait_until(lambda: self.bluez(device, "org.freedesktop.DBus.Properties", "Get", "(ss)", "org.bluez.Device1",
                                      "ServicesResolved")[0], "its services to be read")
        self.bluez(device, "org.bluez.Device1", "Disconnect")
        self.end_bluetoothd(signal.SIGTERM)
        own = "00:AA:01:00:00:00"
        kept = pathlib.Path("/var/lib/bluetooth") / own / "cache" / address
        lines = kept.read_text().splitlines(keepends=True)
        spoilt = [line for line in lines if not line.strip().endswith(MEASUREMENTS)]
        assert len(spoilt) == len(lines) - 1, lines
        kept.write_text("".join(spoilt))
        self.start_bluetoothd()
        self.wait_possible()

    def change_address(self, sensor):
        """It moves to the spare controller, for an address belongs to one."""
        self.vanish(sensor)
        self.simulator.end()
        self.places[sensor], self.spare = self.spare, self.places[sensor]
        self.start_sensors()

    def power(self, on):
        for index in self.controllers if on else reversed(self.controllers):
            self.bluez(f"/org/bluez/hci{index}", "org.freedesktop.DBus.Properties", "Set", "(ssv)", "org.bluez.Adapter1",
                       "Powered", GLib.Variant("b", on))

    def plug(self, present):
        for index in self.controllers if present else reversed(self.controllers):
            self.order(f"{'plug' if present else 'unplug'} {index}")
            wait_until(lambda: bool(self.adapter("Powered", index)) == present, f"hci{index}")

    def block(self, blocked):
        for index in self.controllers if not blocked else reversed(self.controllers):
            switch, = pathlib.Path(f"/sys/class/bluetooth/hci{index}").glob("rfkill*")
            (switch / "soft").write_text(str(int(blocked)))
            wait_until(lambda: bool(self.adapter("Powered", index)) != blocked, f"hci{index}")


REAL = os.environ.get("PACED_STACK", "fake") == "real"


def in_its_world(test):
    """The test, with its world begun: what goes wrong in that is a failure like any other, and brings its logs."""
    @functools.wraps(test)
    def begun(world):
        configure(world)
        world.start_system_bus()
        test(world)
    return begun


def chosen(tests, words):
    """All without words; those of these names; or with "2/6" every sixth from the second."""
    if words and (part := re.fullmatch(r"(\d+)/(\d+)", words[0])):
        return tests[int(part[1]) - 1::int(part[2])]
    return [test for test in tests if test.__name__ in words or not words]


def run(tests, *sensors):
    """What the command line chooses, with these sensors or a strap and a pod. Real controllers are the machine's: one test
    at a time."""
    run_tests([in_its_world(test) for test in chosen(tests, sys.argv[1:])], at_once=1 if REAL else 4,
              make=functools.partial(RealStack if REAL else FakeStack, *sensors))
