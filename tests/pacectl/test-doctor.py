#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""pacectl doctor: what it finds on machines that are made up of files, and in worlds with and without a daemon and BlueZ.
Speaks TAP."""
import contextlib
import json
import os
import pathlib
import pwd
import stat
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bus"))
from harness import BUILD, PATIENCE, Gio, GLib, Process, run_tests, wait_until  # noqa: E402

USER = pwd.getpwuid(os.getuid()).pw_name
OBJECT_MANAGER = """<node><interface name="org.freedesktop.DBus.ObjectManager"><method name="GetManagedObjects">
  <arg type="a{oa{sa{sv}}}" direction="out"/></method></interface></node>"""
PROPERTIES = """<node><interface name="org.freedesktop.DBus.Properties"><method name="Get"><arg type="s" direction="in"/>
  <arg type="s" direction="in"/><arg type="v" direction="out"/></method></interface></node>"""
VERSION = subprocess.run([BUILD / "src/pacectl/pacectl", "--version"], capture_output=True, text=True,
                         check=True).stdout.split()[1]
GOOD_HUB = {"Version": ("s", VERSION), "RadioReason": ("s", ""), "VoiceState": ("s", "ready"), "StoreState": ("s", "ready")}


class Machine:
    """The files of a machine, below a directory; a healthy one with a clock chip and nothing else."""

    def __init__(self, world):
        self.world, self.root = world, world.directory / "machine"
        self.root.mkdir()
        self.write("/run/systemd/timesync/synchronized")
        self.write("/sys/class/rtc/rtc0/name", "rtc")

    def write(self, path, text="", mode=None):
        file = pathlib.Path(f"{self.root}{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if mode:
            file.chmod(mode)
        return file

    def remove(self, path):
        pathlib.Path(f"{self.root}{path}").unlink()

    def controller(self, name, bus, driver):
        device = pathlib.Path(f"{self.root}/sys/class/bluetooth/{name}/device")
        device.mkdir(parents=True)
        (device / "subsystem").symlink_to(f"../../../bus/{bus}")
        (device / "driver").symlink_to(f"../../../bus/{bus}/drivers/{driver}")

    def switch(self, name, kind="bluetooth", soft=0, hard=0):
        for file, value in (("type", kind), ("soft", soft), ("hard", hard)):
            self.write(f"/sys/class/rfkill/{name}/{file}", f"{value}\n")

    def run(self, *words, **env):
        """What it printed, and its exit status. Our own loop runs meanwhile, for peers that are in this process."""
        child = subprocess.Popen([BUILD / "src/pacectl/pacectl", "doctor", *words], stdout=subprocess.PIPE, text=True,
                                 stderr=subprocess.PIPE, env={**self.world.env, "PACED_DOCTOR_ROOT": str(self.root), **env})
        wait_until(lambda: child.poll() is not None, "the doctor")
        out, error = child.communicate(timeout=PATIENCE)
        assert error == "" and child.returncode in (0, 1), (child.returncode, error)
        return out, child.returncode

    def findings(self, **env):
        """By area, in order. Holds for every run what is true of all findings."""
        out, status = self.run("--json", **env)
        assert out.count("\n") == 1, out
        answer = json.loads(out)
        areas = {}
        for finding in answer["findings"]:
            assert finding["level"] in ("good", "note", "problem"), finding
            assert "\n" not in finding["what"], finding
            assert "remedy" in finding or finding["level"] != "problem", finding
            areas.setdefault(finding["area"], []).append(finding)
        problems = sum(finding["level"] == "problem" for finding in answer["findings"])
        assert answer["problems"] == problems and status == (problems > 0), answer
        return areas

    def one(self, area, **env):
        """The only finding of an area: its level, what, and remedy."""
        found = self.findings(**env).get(area, [])
        assert len(found) == 1, (area, found)
        return found[0]["level"], found[0]["what"], found[0].get("remedy", "")


def expect(found, level, what, remedy=""):
    assert found[0] == level and what in found[1] and remedy in found[2], found


def pretend(world, name, path, interface, answer):
    """A peer in this process: `answer` gives the reply to each call, as a Variant."""
    info = Gio.DBusNodeInfo.new_for_xml(interface).interfaces[0]
    world.bus.register_object(path, info, lambda *call: call[-1].return_value(answer(call[5].unpack())), None, None)
    world.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName", "(su)", name, 0)


def pretend_daemon(world, hub=None, sensors=()):
    """A daemon as some version may be: property names with (type, value)."""
    def interface(name, properties):
        return {name: {key: GLib.Variant(*value) for key, value in properties.items()}}
    tree = {"/org/paced1/hub": interface("org.paced1.Hub", {**GOOD_HUB, **(hub or {})})}
    for number, sensor in enumerate(sensors):
        tree[f"/org/paced1/sensor/s{number}"] = interface("org.paced1.Sensor", sensor)
    pretend(world, "org.paced1", "/org/paced1", OBJECT_MANAGER, lambda _: GLib.Variant("(a{oa{sa{sv}}})", (tree,)))


def a_machine_with_nothing_is_told_in_lines_that_can_be_followed(world):
    machine = Machine(world)
    nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
    areas = machine.findings(**nowhere)
    assert set(areas) == {"daemon", "adapter", "bluetoothd", "audio", "disk", "clock", "service"}, areas
    expect(machine.one("daemon", **nowhere), "problem", "no session bus", "Log in")
    expect(machine.one("bluetoothd", **nowhere), "problem", "no system bus", "Run: ")
    expect(machine.one("adapter", **nowhere), "problem", "no Bluetooth adapter", "Plug one in")
    expect(machine.one("audio", **nowhere), "problem", "no sound server", "Run: systemctl --user start")
    text, status = machine.run(**nowhere)
    assert status == 1 and text.splitlines()[-1] == "4 problems.", text
    assert "problem  adapter      there is no Bluetooth adapter\n                      Plug one in" in text, text
    machine.write("/proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0")
    expect(machine.one("adapter", **nowhere), "problem", "no Bluetooth adapter", "Reboot")


def a_world_in_order_has_no_problem(world):
    machine = Machine(world)
    world.start_fake()
    world.start_pulse()
    paced = world.start_paced()
    paced.wait_live("Sim Strap", "Sim Pod")
    paced.wait_hub("VoiceState", "ready")
    machine.switch("rfkill0")
    areas = machine.findings()
    levels = {area: [finding["level"] for finding in found] for area, found in areas.items()}
    assert levels == {"daemon": ["good"], "adapter": ["good"], "rfkill": ["good"], "bluetoothd": ["good"],
                      "permissions": ["good"], "sensors": ["good", "good"], "audio": ["good"], "disk": ["good"],
                      "clock": ["good"], "service": ["note"]}, areas
    details = {finding["details"]["name"]: finding["details"] for finding in areas["sensors"]}
    assert details["Sim Strap"]["state"] == "live" and details["Sim Strap"]["services"] == ["heart"], details
    text, status = machine.run()
    assert status == 0 and "\nNo problem was found.\n" in text and "Sim Pod (" in text, text


def it_does_not_start_the_daemon(world):
    services = world.directory / "data" / "dbus-1" / "services"
    services.mkdir(parents=True)
    (services / "org.paced1.service").write_text(f"[D-BUS Service]\nName=org.paced1\nExec={BUILD}/src/paced\n")
    world.bus_process.end()
    world.start_bus()
    expect(Machine(world).one("daemon"), "problem", "paced is not running", "Run: systemctl --user start paced")
    assert world.owner("org.paced1") is None


def what_the_daemon_lacks_is_passed_on_with_its_remedy(world):
    pretend_daemon(world, {
        "RadioState": ("s", "no-adapter"), "RadioReason": ("s", "no Bluetooth adapter: plug one in; or reboot"),
        "VoiceState": ("s", "no-sink"), "VoiceReason": ("s", "there is no sound card; connect a headset"),
        "StoreState": ("s", "degraded"), "StoreReason": ("s", "/data/a:b.db is locked: close what has it open")})
    machine = Machine(world)
    assert [finding["level"] for finding in machine.findings()["daemon"]] == ["good"], "the adapter is told already"
    world.start_fake()
    areas = machine.findings()
    assert (areas["daemon"][1]["what"], areas["daemon"][1]["remedy"]) == (
        "paced has no Bluetooth: no Bluetooth adapter", "Plug one in; or reboot."), areas
    assert (areas["audio"][0]["what"], areas["audio"][0]["remedy"]) == (
        "the coach cannot speak: there is no sound card", "Connect a headset."), areas
    assert (areas["disk"][0]["what"], areas["disk"][0]["remedy"]) == (
        "runs are not kept where they should be: /data/a:b.db is locked", "Close what has it open."), areas
    expect(machine.one("sensors"), "note", "no sensor is enrolled", "pacectl sensors scan")


def an_adapter_that_only_the_daemon_knows_to_be_stuck_is_told(world):
    pretend_daemon(world, {"RadioState": ("s", "stuck"), "RadioReason": ("s", "the adapter connects to nothing: plug it in anew, or reboot")})
    world.start_fake()
    found = Machine(world).findings()["adapter"]
    assert [(f["level"], f["what"], f.get("remedy")) for f in found[1:]] == [
        ("problem", "stuck: the adapter connects to nothing", "Plug it in anew, or reboot.")], found


def a_daemon_of_another_version_is_told(world):
    pretend_daemon(world, {"Version": ("s", "0.0.9")})
    expect(Machine(world).one("daemon"), "problem", f"paced is version 0.0.9, pacectl {VERSION}", "restart paced")


def a_daemon_that_hangs_is_told(world):
    world.start_paced().freeze()
    expect(Machine(world).one("daemon"), "problem", "does not answer as it should", "restart paced")


def a_stranger_with_the_daemons_name_is_told(world):
    pretend(world, "org.paced1", "/org/paced1", OBJECT_MANAGER, lambda _: GLib.Variant("(a{oa{sa{sv}}})", ({},)))
    expect(Machine(world).one("daemon"), "problem", "does not answer as it should", "restart paced")


def sensors_are_told_with_all_that_the_daemon_knows(world):
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    strap = {"Name": ("s", "strap"), "Address": ("s", "00:AA:01:00:00:01"), "Enrolled": ("b", True), "State": ("s", "live"),
             "Reason": ("s", ""), "Battery": ("d", 84.0), "Rssi": ("d", -60.0),
             "Packets": ("a{su}", {"packets": 1000, "rejected": 10, "truncated": 1, "cut": 3, "dropped": 50})}
    pod = {"Name": ("s", "pod"), "Address": ("s", "00:AA:01:00:00:02"), "Enrolled": ("b", True), "State": ("s", "waiting"),
           "Reason": ("s", "not seen: is it worn?"), "Battery": ("d", 9.0), "Rssi": ("d", float("nan")),
           "Since": ("d", now - 245), "NextTry": ("d", now + 250), "Firmware": ("s", "3.1"), "Weak": ("b", True), "Busy": ("b", True),
           "History": ("a{sv}", {
               "lifetime": GLib.Variant("a(du)", [(100.0, 1), (300.0, 0), (1000.0, 3), (float("inf"), 1)]),
               "ends": GLib.Variant("a{su}", {"lost": 3, "hung-up": 1, "ours": 1}),
               "failures": GLib.Variant("a{su}", {"timeout": 2}), "drops-after": GLib.Variant("d", 150.2)}),
           "Packets": ("a{su}", {"packets": 7})}
    other = {"Name": ("s", "other"), "Address": ("s", "00:AA:01:00:00:03"), "Enrolled": ("b", False), "State": ("s", "idle")}
    silent = {"Name": ("s", ""), "Address": ("s", "00:AA:01:00:00:04"), "Enrolled": ("b", True), "State": ("s", "silent"),
              "Reason": ("s", "connected, but no data comes; subscribing again")}
    held_up = {"Name": ("s", "spare"), "Address": ("s", "00:AA:01:00:00:05"), "State": ("s", "searching"),
               "Reason": ("s", "the adapter is off: switch it on")}
    pretend_daemon(world, {"RadioReason": held_up["Reason"]}, [strap, pod, other, silent, held_up])
    found = Machine(world).findings()["sensors"]
    faulty = ("Switch it off and on; if that goes on it is faulty, or not what it seems to be: "
              "pacectl sensors forget 00:AA:01:00:00:01")
    assert [(f["level"], f["what"], f.get("remedy")) for f in found] == [
        ("good", "strap (00:AA:01:00:00:01) is live, battery 84 %, -60 dBm", None),
        ("problem", "strap (00:AA:01:00:00:01) sends more than 50 packets a second; what is beyond is dropped (50 so far)", faulty),
        ("note", "strap (00:AA:01:00:00:01) sends packets longer than 64 bytes; they are cut (3 so far)", faulty),
        ("problem", "strap (00:AA:01:00:00:01) sends malformed packets (11 of 1000)", faulty),
        ("note", "pod (00:AA:01:00:00:02) is waiting for 4 min, next try in 4 min, battery 9 %, firmware 3.1; "
         "5 connections, half of them longer than 5 min; lost 3 times, hung up once; could not be connected twice (timeout 2); "
         "drops after 150 s again and again: not seen", "Is it worn?"),
        ("problem", "pod (00:AA:01:00:00:02) hung up at once, twice: perhaps another device has it",
         "Disconnect it there: most sensors serve one at a time."),
        ("note", "pod (00:AA:01:00:00:02) has a low battery", "Change or charge its battery soon."),
        ("note", "pod (00:AA:01:00:00:02) is received weakly",
         "Carry the machine on the same side of the body, and nearer."),
        ("problem", "00:AA:01:00:00:04 is silent: connected, but no data comes; subscribing again",
         "See that it is worn and awake."),
        ("note", "spare (00:AA:01:00:00:05) is searching", None),
    ], found
    details = found[4]["details"]
    assert details["next_try"] == now + 250 and "rssi" not in details, details
    assert details["history"]["ends"] == {"lost": 3, "hung_up": 1, "ours": 1}, details
    assert details["history"]["lifetime"][-1] == [None, 1], details
    assert details["packets"] == {"packets": 7}, details


def a_sensor_that_another_program_holds_is_told(world):
    world.start_fake()
    found = {}

    def look():
        found.update(world.call("org.bluez", "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")[0])
        return [path for path, interfaces in found.items() if "org.bluez.Device1" in interfaces]

    machine = Machine(world)
    assert "sensors" not in machine.findings()
    world.call("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "StartDiscovery")
    path = wait_until(look, "a sensor")[0]
    world.call("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "StopDiscovery")
    world.call("org.bluez", path, "org.bluez.Device1", "Connect")
    address = found[path]["org.bluez.Device1"]["Address"]
    expect(machine.one("sensors"), "note", f"({address}) is connected, but not by paced", f"disconnect {address}")


def adapters_are_told_as_the_kernel_and_bluez_see_them(world):
    world.start_fake()
    machine = Machine(world)
    machine.controller("hci0", "usb", "btusb")
    expect(machine.one("adapter"), "good", "hci0 on USB (btusb) is on")
    world.sim("AdapterPowered", "(b)", False)
    expect(machine.one("adapter"), "problem", "hci0 on USB (btusb) is switched off", "Run: bluetoothctl power on")
    world.sim("AdapterPresent", "(b)", False)
    expect(machine.one("adapter"), "problem", "the Bluetooth service does not see it", "Run: sudo systemctl restart bluetooth")
    machine.controller("hci1", "serial", "hci_uart_bcm")
    assert "hci1 on a serial line (hci_uart_bcm)" in machine.findings()["adapter"][1]["what"]


def switches_are_told_apart(world):
    machine = Machine(world)
    machine.switch("rfkill0", "wlan", soft=1)
    assert "rfkill" not in machine.findings()
    machine.switch("rfkill1")
    expect(machine.one("rfkill"), "good", "nothing blocks")
    machine.switch("rfkill1", soft=1)
    expect(machine.one("rfkill"), "problem", "by software", "Run: rfkill unblock bluetooth")
    machine.switch("rfkill1", soft=1, hard=1)
    expect(machine.one("rfkill"), "problem", "by a switch", "Turn on")
    machine.switch("rfkill2")
    expect(machine.one("rfkill"), "note", "by a switch")


def the_bluetooth_service_is_looked_at_from_all_sides(world):
    machine = Machine(world)
    expect(machine.one("bluetoothd"), "problem", "is not installed", "Run: sudo apt-get install bluez")
    program = "/usr/libexec/bluetooth/bluetoothd"
    machine.write(program, "#!/bin/sh\necho 5.66\n", stat.S_IRWXU)
    expect(machine.one("bluetoothd"), "problem", "does not run", "Run: sudo systemctl enable --now bluetooth")
    world.start_fake()
    expect(machine.one("bluetoothd"), "good", "bluetoothd 5.66 runs")
    machine.write(program, "#!/bin/sh\necho 5.72\n")
    expect(machine.one("bluetoothd"), "note", "drops sensors", "Upgrade")
    machine.write(program, "#!/bin/sh\nexit 1\n")
    expect(machine.one("bluetoothd"), "good", "the Bluetooth service runs")
    world.sim("IgnoreCalls", "(sb)", "GetManagedObjects", True)
    expect(machine.one("bluetoothd"), "problem", "does not answer", "Run: sudo systemctl restart bluetooth")


def settings_that_hurt_are_told_and_others_are_not(world):
    world.start_fake()
    machine, conf = Machine(world), "/etc/bluetooth/main.conf"
    machine.write(conf, "[General]\n#ControllerMode = bredr\nControllerMode = dual\n[Policy]\nAutoEnable=true\n")
    expect(machine.one("bluetoothd"), "good", "runs")
    for group, setting, level, better in (
            ("General", "ControllerMode=bredr", "problem", "ControllerMode=dual"),
            ("General", "ReverseServiceDiscovery=false", "problem", "ReverseServiceDiscovery=true"),
            ("General", "Experimental=true", "note", "Experimental=false"),
            ("General", "JustWorksRepairing=never", "note", "JustWorksRepairing=confirm"),
            ("General", "TemporaryTimeout=0", "note", "TemporaryTimeout=30"),
            ("Policy", "AutoEnable=false", "note", "AutoEnable=true"),
            ("GATT", "Cache=no", "note", "Cache=always")):
        machine.write(conf, f"[{group}]\n{setting}\n")
        found = machine.findings()["bluetoothd"]
        assert len(found) == 2 and found[1]["level"] == level, found
        assert setting in found[1]["what"] and f"Write {better} in {conf}" in found[1]["remedy"], found
    machine.write(conf, "[General]\nMaxControllers=1\n")
    machine.controller("hci0", "usb", "btusb")
    expect(machine.one("bluetoothd"), "good", "runs")
    machine.controller("hci1", "usb", "btusb")
    assert "MaxControllers=1" in machine.findings()["bluetoothd"][1]["what"]
    machine.write(conf, "ControllerMode=bredr\n")
    assert "cannot be read" in machine.findings()["bluetoothd"][1]["what"]


def a_user_who_may_not_is_told(world):
    world.start_fake()
    machine = Machine(world)
    expect(machine.one("permissions"), "good", f"{USER} may use Bluetooth")
    address = f"unix:path={world.directory}/strict"
    config = world.directory / "strict.conf"
    config.write_text(f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>{address}</listen><policy context="default"><allow send_destination="*"
 eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
<policy context="mandatory"><deny send_destination="org.bluez"/></policy></busconfig>""")
    Process(world, "strict", "dbus-daemon", "--config-file", config, "--nofork", "--nopidfile")
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION

    def connected():
        with contextlib.suppress(GLib.Error):  # its socket is there before it listens
            return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
    owner = wait_until(connected, "the strict bus")
    owner.set_exit_on_close(False)
    owner.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                    GLib.Variant("(su)", ("org.bluez", 0)), None, Gio.DBusCallFlags.NONE, -1, None)
    expect(machine.one("permissions", DBUS_SYSTEM_BUS_ADDRESS=address), "problem", "may not use Bluetooth",
           f"Run: sudo adduser {USER} bluetooth")
    owner.close_sync()


def sound_is_looked_for_without_the_daemon_too(world):
    machine = Machine(world)
    expect(machine.one("audio"), "problem", f"no sound server answers at {world.directory}/native", "Run: ")
    world.start_pulse()
    expect(machine.one("audio"), "good", "a sound server answers")
    expect(machine.one("audio", PULSE_SERVER="tcp:desk"), "note", "tcp:desk")


def what_is_in_the_hands_is_told(world):
    machine = Machine(world)

    def device(event, name, bus, keys, ff="0", node=True):
        for file, text in (("name", name), ("id/bustype", bus), ("capabilities/key", keys), ("capabilities/ff", ff)):
            machine.write(f"/sys/class/input/{event}/device/{file}", text + "\n")
        path = pathlib.Path(f"{machine.root}/dev/input/{event}")
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path) if node else path.symlink_to("nowhere")  # that not even root can open
    assert "buttons" not in machine.findings() and "vibrator" not in machine.findings()
    device("event0", "AT keyboard", "0011", "ffffffffffffffff fffffffffffffffe")
    assert "buttons" not in machine.findings()
    device("event1", "paced buttons", "0019", "1 0 0 0 0")
    expect(machine.one("buttons"), "good", "“paced buttons” steers a run")
    device("event2", "gpio-vibrator", "0000", "0", "10000 0")
    expect(machine.one("vibrator"), "good", "“gpio-vibrator” is felt")
    machine.write("/../config/paced/paced.conf", "[buttons]\ndevices=Clicker\n[haptics]\non=no\n")
    assert [finding["level"] for finding in machine.findings()["buttons"]] == ["good", "note"]
    expect(machine.one("vibrator"), "good", "is left alone, as [haptics] on=no says")
    device("event3", "Clicker", "0005", "10000000", node=False)
    buttons = machine.findings()["buttons"]
    assert buttons[1]["level"] == "problem" and "70-paced.rules" in buttons[1]["remedy"], buttons


def the_place_for_runs_is_looked_at(world):
    machine = Machine(world)
    expect(machine.one("disk"), "good", "free at ")
    file = world.directory / "file"
    file.write_text("")
    expect(machine.one("disk", XDG_DATA_HOME=str(file)), "problem", "is no folder", "Move it away")
    expect(machine.one("disk", XDG_DATA_HOME="/proc"), "problem", "full: 0 bytes free at /proc", "Make room")
    if os.getuid() != 0:
        expect(machine.one("disk", XDG_DATA_HOME="/etc"), "problem", "may not write in /etc", "Run: sudo chown")


def the_place_for_runs_is_the_daemons(world):
    machine = Machine(world)
    pretend_daemon(world, {"StorePath": ("s", "/proc/runs/paced.db")})
    expect(machine.one("disk"), "problem", "full: 0 bytes free at /proc")
    assert "free at /proc" in machine.run()[0]
    out, _ = machine.run("--database", "/sys/paced.db")
    assert "free at /sys" in out, out
    assert f"at {pathlib.Path.cwd()}" in machine.run("--database", "paced.db")[0]


def the_clock_is_judged_by_who_sets_it(world):
    machine = Machine(world)
    expect(machine.one("clock"), "good", "set by the network")
    machine.remove("/sys/class/rtc/rtc0/name")
    (machine.root / "sys/class/rtc/rtc0").rmdir()
    expect(machine.one("clock"), "good", "no clock chip")
    machine.remove("/run/systemd/timesync/synchronized")
    expect(machine.one("clock"), "note", "no clock chip", "Connect to a network once")
    machine.write("/sys/class/rtc/rtc0/name", "rtc")
    expect(machine.one("clock"), "good", "the clock is set")
    synchronized = []
    pretend(world, "org.freedesktop.timedate1", "/org/freedesktop/timedate1", PROPERTIES,
            lambda _: GLib.Variant("(v)", (GLib.Variant("b", bool(synchronized)),)))
    expect(machine.one("clock"), "note", "the network has not set the clock", "timedatectl set-ntp true")
    synchronized.append(True)
    expect(machine.one("clock"), "good", "set by the network")


def whether_it_starts_by_itself(world):
    machine = Machine(world)
    expect(machine.one("service"), "note", "not installed as a service")
    machine.write("/usr/lib/systemd/user/paced.service")
    expect(machine.one("service"), "note", "not by itself", "systemctl --user enable paced")
    wants = world.directory / "config/systemd/user/default.target.wants"
    wants.mkdir(parents=True)
    (wants / "paced.service").symlink_to("/usr/lib/systemd/user/paced.service")
    expect(machine.one("service"), "note", f"when {USER} logs in", f"loginctl enable-linger {USER}")
    machine.write(f"/var/lib/systemd/linger/{USER}")
    expect(machine.one("service"), "good", "with the machine")


def the_power_of_a_pi_is_told(world):
    machine, file = Machine(world), "/sys/devices/platform/soc/soc:firmware/get_throttled"
    assert "power" not in machine.findings()
    for bits, level, what in (("0", "good", "strong enough"), ("50005", "problem", "too weak"),
                              ("50000", "note", "too weak at times"), ("80008", "note", "too warm and slowed"),
                              ("80000", "note", "too warm at times")):
        machine.write(file, f"{bits}\n")
        expect(machine.one("power"), level, what)


run_tests([test for name, test in list(globals().items())
           if callable(test) and getattr(test, "__module__", "") == "__main__" and name not in
           ("Machine", "expect", "pretend", "pretend_daemon")])
