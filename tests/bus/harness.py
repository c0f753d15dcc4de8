# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The world around the daemon, for tests that run the real programs: a private bus, the fake BlueZ, a PulseAudio null
sink, the daemon itself. Each is a model with verbs; all waiting is for an event, with a deadline that only fails a test.

A test is a generator-free function that takes a World; `run_tests()` runs them all and prints TAP.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import wave

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("PACED_BUILD", "out/test"))
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = float(os.environ.get("PACED_TEST_PATIENCE", "60"))  # s; emulated or loaded machines are slow


class Timeout(AssertionError):
    pass


def wait_until(condition, what, patience=PATIENCE):
    """Runs the main loop until condition() is true; the condition is asked again after every event, and now and then."""
    context = GLib.MainContext.default()
    expired = []
    source = GLib.timeout_source_new(int(patience * 1000))
    source.set_callback(lambda *_: expired.append(True))
    source.attach(context)
    # Conditions on processes and files make no event of their own on this loop.
    nudge = GLib.timeout_source_new(20)
    nudge.set_callback(lambda *_: True)
    nudge.attach(context)
    try:
        while not (value := condition()):
            if expired:
                raise Timeout(f"waited {patience:.0f} s for {what}")
            context.iteration(True)
        return value
    finally:
        source.destroy()
        nudge.destroy()


class Process:
    """A child with its log in a file, ended with the world."""

    def __init__(self, world, name, *command, env=None, stdout=None):
        self.name = name
        self.log = world.directory / f"{name}.log"
        self.child = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=stdout or open(self.log, "ab"),
            stderr=open(self.log, "ab"), env={**world.env, **(env or {})}, start_new_session=True)
        world.processes.append(self)

    def running(self):
        return self.child.poll() is None

    def kill(self):
        self.child.kill()
        self.child.wait()

    def freeze(self):
        self.child.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.child.send_signal(signal.SIGCONT)

    def end(self, patience=10):
        """Asks it to go; returns its exit status."""
        self.child.terminate()
        try:
            return self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Timeout(f"{self.name} did not end within {patience} s of SIGTERM") from None

    def text(self):
        return self.log.read_text(errors="replace")


class World:
    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="paced-test-"))
        self.directory.chmod(0o700)
        self.processes = []
        self.env = {
            key: value for key, value in os.environ.items()
            if key in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_DEBUG", "CI")
        }
        self.env.update(
            HOME=str(self.directory), XDG_RUNTIME_DIR=str(self.directory), XDG_DATA_HOME=str(self.directory / "data"),
            XDG_CONFIG_HOME=str(self.directory / "config"), LC_ALL="C.UTF-8", PACED_CONFIG_DIR=str(ROOT / "config"),
            PULSE_SERVER=f"unix:{self.directory}/native", G_DEBUG="fatal-criticals")
        self.bus_process = None
        self.start_bus()

    # ── the bus ──

    def start_bus(self):
        address = f"unix:path={self.directory}/bus"
        self.bus_process = Process(self, "dbus", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address", address)
        wait_until(lambda: (self.directory / "bus").is_socket(), "the private bus")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.bus.set_exit_on_close(False)

    def has_owner(self, name):
        return self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner", "(s)", name)[0]

    def call(self, name, path, interface, method, signature="()", *arguments):
        reply = self.bus.call_sync(name, path, interface, method, GLib.Variant(signature, arguments), None,
                                   Gio.DBusCallFlags.NO_AUTO_START, int(PATIENCE * 1000), None)
        return reply.unpack()

    # ── peers ──

    def start_fake(self, *options):
        fake = Process(self, "fake", BUILD / "src/sim/paced-sim", "fake", *options)
        wait_until(lambda: self.has_owner("org.bluez") or not fake.running(), "the fake BlueZ")
        assert fake.running(), fake.text()
        return fake

    def sim(self, method, signature="()", *arguments):
        return self.call("org.bluez", "/org/paced1/sim", "org.paced1.Sim", method, signature, *arguments)

    def start_pulse(self):
        """A headless server whose monitor gives back exactly what was played."""
        native = self.directory / "native"
        native.unlink(missing_ok=True)
        env = {"PULSE_RUNTIME_PATH": str(self.directory / "pulse"), "PULSE_STATE_PATH": str(self.directory / "state")}
        server = Process(
            self, "pulseaudio", "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
            "--disable-shm=yes", "--log-target=stderr",
            "-L", "module-null-sink sink_name=ear rate=48000 channels=1 norewinds=1",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={native}", env=env)
        wait_until(lambda: not server.running() or subprocess.run(
            ["pactl", "info"], env=self.env, capture_output=True, check=False).returncode == 0, "PulseAudio")
        assert server.running(), server.text()
        return server

    def record(self, path):
        """Records what the ear hears into a WAV file until the process is ended."""
        return Process(self, "parec", "parec", "-d", "ear.monitor", "--format=s16le", "--rate=48000", "--channels=1",
                       "--latency-msec=20", "--file-format=wav", path)

    def start_paced(self, *options, wait=True):
        paced = Paced(self, options)
        if wait:
            wait_until(lambda: self.has_owner("org.paced1") or not paced.running(), "org.paced1")
            assert paced.running(), paced.text()
        return paced

    def pacectl(self, *words, stdin=None):
        return subprocess.run([str(BUILD / "src/pacectl/pacectl"), *words], env=self.env, capture_output=True, text=True,
                              timeout=PATIENCE, input=stdin, check=False)

    def close(self):
        for process in reversed(self.processes):
            if process.running():
                process.thaw()
                process.child.terminate()
        for process in reversed(self.processes):
            try:
                process.child.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


class Paced(Process):
    """The daemon, and what it says on the bus."""

    def __init__(self, world, options):
        self.world = world
        self.signals = []  # (name, arguments) of org.paced1.Session, in order
        self.subscription = world.bus.signal_subscribe(
            None, "org.paced1.Session", None, None, None, Gio.DBusSignalFlags.NONE, self.on_signal)
        super().__init__(world, "paced", BUILD / "src/paced", *options)

    def on_signal(self, _bus, _sender, _path, _interface, name, parameters):
        self.signals.append((name, parameters.unpack()))

    def objects(self):
        return self.world.call("org.paced1", "/org/paced1", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")[0]

    def get(self, interface, path=None):
        """The properties of the first object with this interface; None when there is none."""
        for at, interfaces in sorted(self.objects().items()):
            if interface in interfaces and path in (None, at):
                return interfaces[interface]
        return None

    def hub(self):
        return self.get("org.paced1.Hub")

    def session(self):
        return self.get("org.paced1.Session")

    def sensors(self):
        return {properties["Name"]: properties for interfaces in self.objects().values()
                for name, properties in interfaces.items() if name == "org.paced1.Sensor"}

    def runner_path(self):
        return next(path for path, interfaces in self.objects().items() if "org.paced1.Runner" in interfaces)

    def start_text(self, text):
        return self.world.call("org.paced1", self.runner_path(), "org.paced1.Runner", "StartText", "(sa{sv})", text, {})[0]

    def steer(self, method, *arguments, signature="()"):
        path = next(path for path, interfaces in self.objects().items() if "org.paced1.Session" in interfaces)
        return self.world.call("org.paced1", path, "org.paced1.Session", method, signature, *arguments)

    def cues(self):
        return [arguments[0] for name, arguments in self.signals if name == "Cue"]

    def wait_live(self, *names):
        wait_until(lambda: all(self.sensors().get(name, {}).get("State") == "live" for name in names), f"live {names}")

    def wait_signal(self, name, since=0, patience=PATIENCE):
        wait_until(lambda: any(at == name for at, _ in self.signals[since:]), f"the signal {name}", patience)
        return next(arguments for at, arguments in self.signals[since:] if at == name)


def loudness(path):
    """Samples (−1 … 1) of a mono 16-bit WAV file and its rate."""
    import array
    with wave.open(str(path)) as sound:
        samples = array.array("h", sound.readframes(sound.getnframes()))
        return [sample / 32768 for sample in samples], sound.getframerate()


def run_tests(tests):
    """Runs each test in a world of its own and prints TAP; a failure brings the logs of its world."""
    def after(failed, world):
        for process in world.processes if failed else ():
            if process.log.exists():
                for line in process.text().splitlines()[-40:]:
                    print(f"# [{process.name}] {line}", flush=True)
        world.close()
    tap.run(tests, lambda: (World(),), after)
