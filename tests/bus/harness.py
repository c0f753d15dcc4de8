# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The world around the daemon, for tests that run the real programs: a private bus, the fake BlueZ, a PulseAudio null
sink, the daemon itself. Each is a model with verbs; all waiting is for an event, with a deadline that only fails a test.

A test is a generator-free function that takes a World; `run_tests()` runs them all and prints TAP.
"""
import array
import collections
import contextlib
import json
import math
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import wave

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("PACED_BUILD", "out/test")).resolve()
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


def parents():
    """The processes that have a child at this moment."""
    found = set()
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone meanwhile
            found.add(int(stat.read_text().rpartition(")")[2].split()[1]))
    return found


class Process:
    """A child with its log in a file, ended with the world. It leads a session of its own, by which whatever it leaves
    behind is found."""

    ends_within = PATIENCE  # s

    def __init__(self, world, name, *command, env=None, stdout=None, limit=None):
        self.name = name
        self.log = world.directory / f"{name}.log"
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=stdout or log, stderr=log,
                env={**world.env, **(env or {})}, start_new_session=True, preexec_fn=limit)
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

    def interrupt(self):
        self.child.send_signal(signal.SIGINT)

    def wait(self, patience=PATIENCE):
        """Its exit status, when it goes by itself."""
        wait_until(lambda: not self.running(), f"the end of {self.name}", patience)
        return self.child.returncode

    def end(self):
        """Asks it to go; returns its exit status."""
        self.child.terminate()
        self.thaw()
        try:
            return self.child.wait(self.ends_within)
        except subprocess.TimeoutExpired:
            where = self.where()
            self.kill()
            # A sanitized program's leak checker halts all threads at the very end, and where one of them has just gone
            # it now and then waits for ever (GCC 12's, under load). That is no fault of the program that ended. While it looks,
            # it is a child, which none of our programs has as it ends, and the main thread spins.
            if "ptrace_stop" in where or (": 0, " in where and "it has a child" in where):
                print(f"# the leak checker of {self.name} hung: {where}", flush=True)
                return 0
            raise Timeout(f"{self.name} did not end within {self.ends_within:g} s of SIGTERM; its threads wait in: {where}") from None

    def where(self):
        """What each of its threads waits for in the kernel, as far as that tells."""
        threads = sorted(pathlib.Path(f"/proc/{self.child.pid}/task").glob("*"))
        where = ", ".join(f"{(thread / 'comm').read_text().strip()}: {(thread / 'wchan').read_text()}" for thread in threads)
        return where + (", and it has a child" if self.child.pid in parents() else "")

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
        sanitizer = f"{self.env.get('ASAN_OPTIONS', '')}:log_path={self.directory}/sanitizer".lstrip(":")
        self.env.update(
            HOME=str(self.directory), XDG_RUNTIME_DIR=str(self.directory), XDG_DATA_HOME=str(self.directory / "data"),
            XDG_CONFIG_HOME=str(self.directory / "config"), LC_ALL="C.UTF-8", PACED_CONFIG_DIR=str(ROOT / "config"),
            PULSE_SERVER=f"unix:{self.directory}/native", G_DEBUG="fatal-criticals", ASAN_OPTIONS=sanitizer)
        self.database = self.directory / "data" / "paced" / "paced.db"
        self.start_bus()

    # ── the bus ──

    def start_bus(self):
        """Also again, after its end: at the same address."""
        address = f"unix:path={self.directory}/bus"
        (self.directory / "bus").unlink(missing_ok=True)
        self.bus_process = Process(self, "dbus", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address", address)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION

        def connect():
            try:
                return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
            except GLib.Error:
                return None  # its socket is there a moment before it listens
        self.bus = wait_until(connect, "the private bus")
        self.bus.set_exit_on_close(False)

    def owner(self, name):
        """The unique name of who has it, or None."""
        try:
            return self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetNameOwner", "(s)", name)[0]
        except GLib.Error:
            return None

    def call(self, name, path, interface, method, signature="()", *arguments):
        reply = self.bus.call_sync(name, path, interface, method, GLib.Variant(signature, arguments), None,
                                   Gio.DBusCallFlags.NO_AUTO_START, int(PATIENCE * 1000), None)
        return reply.unpack()

    # ── peers ──

    def start_fake(self, *options):
        fake = Process(self, "fake", BUILD / "src/sim/paced-sim", "fake", *options)
        wait_until(lambda: self.owner("org.bluez") or not fake.running(), "the fake BlueZ")
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

    def start_paced(self, *options, wait=True, limit=None):
        paced = Paced(self, options, limit)
        if wait:
            wait_until(lambda: paced.attach() or not paced.running(), "org.paced1")
            assert paced.running(), paced.text()
        return paced

    def pacectl(self, *words, stdin=None, status=0):
        """Its standard output; when it is to fail with a status, the one line it must say then."""
        run = subprocess.run([str(BUILD / "src/pacectl/pacectl"), *map(str, words)], env=self.env, capture_output=True,
                             text=True, timeout=PATIENCE, input=stdin, check=False)
        assert run.returncode == status, (words, run)
        assert status == 0 or run.stderr.count("\n") == 1, (words, run)
        return run.stderr if status else run.stdout

    def pacectl_json(self, *words):
        return json.loads(self.pacectl(*words, "--json"))

    def start_pacectl(self, *words, stdout=None, env=None):
        return Process(self, f"pacectl-{words[0]}", BUILD / "src/pacectl/pacectl", *words, stdout=stdout, env=env)

    def history(self):
        return self.call("org.paced1", "/org/paced1/history", "org.paced1.History", "List", "(u)", 10)[0]

    def laps(self, run):
        return self.call("org.paced1", "/org/paced1/history", "org.paced1.History", "Laps", "(x)", run)[0]

    # ── its end ──

    def leftovers(self):
        """Processes that outlived their leader."""
        sessions = {process.child.pid for process in self.processes}
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                name, fields = stat.read_text().rsplit(")", 1)
            except OSError:
                continue  # it went while we looked
            if int(fields.split()[3]) in sessions and fields.split()[0] != "Z":
                found.append(name)
        return found

    def close(self):
        """Ends all in the order of their dependence; returns what is wrong with what is left."""
        wrong = []
        for process in reversed(self.processes):
            if process.running():
                try:
                    process.end()
                except Timeout as late:
                    wrong.append(str(late))
        wrong += [f"left behind: {name}" for name in self.leftovers()]
        for report in self.directory.glob("sanitizer.*"):
            # A leak checker that hung, see end(), has said only that a thread would not halt.
            wrong += [line for line in report.read_text(errors="replace").splitlines() if "was not suspended" not in line]
        self.bus.close_sync() if not self.bus.is_closed() else None
        shutil.rmtree(self.directory, ignore_errors=True)
        return wrong


Signal = collections.namedtuple("Signal", "at name arguments")  # at: time.monotonic()
Link = collections.namedtuple("Link", "at name state reason")


class Paced(Process):
    """The daemon, and what it says on the bus: `signals` are those of the session and the runner, in order; `tree` is what a client that
    trusts nothing but signals would know of its objects."""

    ends_within = 10  # s; whoever stops a service does not wait for ever

    def __init__(self, world, options, limit=None):
        self.world = world
        self.signals = []
        self.ticks = []  # (at, Elapsed) of each PropertiesChanged of the session but for what comes with a cue
        self.links = []  # a Link for each change of a sensor's state or its reason
        self.tree = {}
        self.unique = None
        super().__init__(world, "paced", BUILD / "src/paced", *options, limit=limit)

    def attach(self):
        """Listens to the daemon when it has its name; also again, after the bus was gone."""
        self.unique = self.world.owner("org.paced1")
        if self.unique:
            self.world.bus.signal_subscribe(self.unique, None, None, None, None, Gio.DBusSignalFlags.NONE, self.on_signal)
            self.tree = self.world.call("org.paced1", "/org/paced1", "org.freedesktop.DBus.ObjectManager",
                                        "GetManagedObjects")[0]
        return self.unique is not None

    def on_signal(self, _bus, _sender, path, interface, name, parameters):
        arguments = parameters.unpack()
        if name == "PropertiesChanged":
            self.tree.get(path, {}).get(arguments[0], {}).update(arguments[1])
            if arguments[0] == "org.paced1.Session" and arguments[1].keys() != {"LatestCue"}:
                self.ticks.append((time.monotonic(), self.session()["Elapsed"]))
            elif arguments[0] == "org.paced1.Sensor" and arguments[1].keys() & {"State", "Reason"}:
                sensor = self.tree[path]["org.paced1.Sensor"]
                self.links.append(Link(time.monotonic(), sensor["Name"], sensor["State"], sensor["Reason"]))
        elif name == "InterfacesAdded":
            self.tree.setdefault(arguments[0], {}).update(arguments[1])
        elif name == "InterfacesRemoved":
            for gone in arguments[1]:
                self.tree.get(arguments[0], {}).pop(gone, None)
        elif interface in ("org.paced1.Session", "org.paced1.Runner", "org.paced1.Athlete"):
            self.signals.append(Signal(time.monotonic(), name, arguments))

    def get(self, interface):
        """The properties of the first object with this interface; None when there is none."""
        for _, interfaces in sorted(self.tree.items()):
            if interface in interfaces:
                return interfaces[interface]
        return None

    def hub(self):
        return self.get("org.paced1.Hub")

    def session(self):
        return self.get("org.paced1.Session")

    def sensors(self):
        return {interfaces["org.paced1.Sensor"]["Name"]: interfaces["org.paced1.Sensor"]
                for interfaces in self.tree.values() if "org.paced1.Sensor" in interfaces}

    def elapsed(self):
        return self.session()["Elapsed"]

    def path(self, interface):
        return next(path for path, interfaces in self.tree.items() if interface in interfaces)

    def start_text(self, text):
        """Returns when the workout runs, as seen by who listens."""
        runner = self.path("org.paced1.Runner")
        self.asked_at = time.monotonic()
        self.world.call("org.paced1", runner, "org.paced1.Runner", "StartText", "(sa{sv})", text, {})
        wait_until(self.session, "the session's object")

    def steer(self, method, signature="()", *arguments):
        return self.world.call("org.paced1", self.path("org.paced1.Session"), "org.paced1.Session", method, signature,
                               *arguments)

    def named(self, name):
        return [signal for signal in self.signals if signal.name == name]

    def wait_live(self, *names):
        wait_until(lambda: all(self.sensors().get(name, {}).get("State") == "live" for name in names), f"live {names}")

    def wait_signal(self, name, matches=lambda arguments: True, since=0):
        def find():
            return next((s for s in self.signals[since:] if s.name == name and matches(s.arguments)), None)
        return wait_until(find, f"the signal {name}")

    def wait_ticks(self, count):
        """So many further ticks of the session, which is so many seconds of the run."""
        start = len(self.ticks)
        wait_until(lambda: len(self.ticks) >= start + count, f"{count} ticks")

    def wait_hub(self, name, value):
        wait_until(lambda: self.hub()[name] == value, f"{name} to be {value}")

    def is_known(self, *names):
        return all(math.isfinite(self.session()[name]) for name in names)

    def known(self, *names):
        wait_until(lambda: self.is_known(*names), f"{names} to be known")

    def unknown(self, *names):
        wait_until(lambda: not any(self.is_known(name) for name in names), f"{names} to be unknown")

    def is_still_one_run(self, longest=2.5):
        """No tick was missed for long, Elapsed never ran backwards or jumped, and the run, ended now, is kept whole."""
        assert all(0 <= later - sooner < longest for (_, sooner), (_, later) in zip(self.ticks, self.ticks[1:])), self.ticks
        # A tick is heard late when the machine is busy, but never early: no time is made, and of those heard soonest, before
        # and after, none is lost.
        begins = [at - elapsed for at, elapsed in self.ticks]
        assert all(begin > self.asked_at - 0.1 for begin in begins), (self.asked_at, self.ticks)
        for middle in range(3, len(begins) - 2):
            assert min(begins[middle:]) - min(begins[:middle]) < 1, (middle, self.ticks)
        assert not self.named("Lap") and not self.named("Finished")
        self.steer("Stop", "(a{sv})", {})
        duration = self.wait_signal("Finished").arguments[0]["duration"]
        run, = self.world.history()
        assert abs(run["duration"] - duration) < 0.001 and duration >= self.ticks[-1][1] - 1.01
        assert self.end() == 0


class Ear:
    """Listens to what the null sink plays. When a sample was heard is told by the chunk that came soonest: the others were
    late, none was early."""

    RATE = 48000
    LOUD = 300  # of 32768: the null sink's silence is perfect

    def __init__(self, world):
        self.samples = array.array("h")
        self.origin = None  # time.monotonic() of the first sample
        reader, writer = os.pipe()
        self.process = Process(world, "parec", "parec", "--raw", "-d", "ear.monitor", "--format=s16le",
                               f"--rate={self.RATE}", "--channels=1", "--latency-msec=10", stdout=writer)
        os.close(writer)
        os.set_blocking(reader, False)
        self.pipe, self.rest = reader, b""
        GLib.unix_fd_add_full(GLib.PRIORITY_HIGH, reader, GLib.IOCondition.IN | GLib.IOCondition.HUP, self.on_sound)
        wait_until(lambda: self.origin, "the first sound of silence")

    def on_sound(self, _fd, _condition):
        try:
            chunk = self.rest + os.read(self.pipe, 1 << 16)
        except BlockingIOError:
            return True
        if len(chunk) < 2:
            os.close(self.pipe)
            return False
        whole = len(chunk) & ~1
        self.samples.frombytes(chunk[:whole])
        self.rest = chunk[whole:]
        origin = time.monotonic() - len(self.samples) / self.RATE
        self.origin = origin if self.origin is None else min(origin, self.origin)
        return True

    def onset(self, after, within=2.0):
        """When sound begins after an instant; None when it stays silent for so long."""
        wait_until(lambda: self.origin + len(self.samples) / self.RATE > after + within, "the sound")
        return first_sound(self.samples, self.RATE, after - self.origin, within, self.LOUD, self.origin)


def first_sound(samples, rate, after, within, loud=300, origin=0.0):
    window = rate // 200
    for at in range(max(0, int(after * rate)), int((after + within) * rate), window):
        if max(samples[at:at + window], default=0) > loud:
            return origin + at / rate
    return None


def read_wav(path):
    """The samples of a mono 16-bit WAV file, and its rate; wave refuses a broken header."""
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return array.array("h", sound.readframes(sound.getnframes())), sound.getframerate()


def journal_instant(record):
    """Of an event as the journal keeps it, in s: after its tag, a zigzag varint of µs (src/record/journal.c)."""
    value = shift = 0
    for byte in record[1:]:
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) / 1e6
    raise AssertionError(record)


@contextlib.contextmanager
def journal_of(path):
    """What it holds, in a copy: who opens the file itself, and closes it, writes its log into it, as the next daemon has to."""
    with tempfile.TemporaryDirectory() as directory:
        for file in path.parent.glob(f"{path.name}*"):
            if file.suffix in (".db", ".db-wal"):
                shutil.copy(file, directory)
        with contextlib.closing(sqlite3.connect(pathlib.Path(directory) / path.name)) as database:
            yield database


def journal_end(path):
    """When the latest event was, in s of CLOCK_BOOTTIME then; the file must be whole, and have one run without a gap."""
    with journal_of(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        runs, = database.execute("SELECT count(*) FROM runs").fetchone()
        gaps, = database.execute("SELECT count(*) FROM laps AS l WHERE lap > 1 AND NOT EXISTS"
                                 " (SELECT 1 FROM laps WHERE run = l.run AND lap = l.lap - 1)").fetchone()
        record, shift = database.execute("SELECT record, shift FROM events JOIN sittings USING(sitting)"
                                         " ORDER BY seq DESC LIMIT 1").fetchone()
    assert (runs, gaps) == (1, 0), (runs, gaps)
    return journal_instant(record) - shift / 1e6


STEADY = "Workout - Steady\n\n• 20min @ 5'00''/km\n"


def refused(name, call, *arguments):
    """The call fails with this error of org.paced1; returns its message."""
    try:
        call(*arguments)
    except GLib.Error as error:
        remote = Gio.DBusError.get_remote_error(error)
        assert remote in (f"org.paced1.Error.{name}", f"org.freedesktop.DBus.Error.{name}"), (remote, error.message)
        return error.message
    raise AssertionError(f"not refused with {name}")


def measured(what, value, unit="s"):
    """For the log of the suite: a number that somebody may want to compare."""
    print(f"# measured: {what}: {value:.2f} {unit}", flush=True)


def run_tests(tests, at_once=4, make=World):
    """Runs each test in a world of its own and prints TAP; a failure brings the logs of its world. Most of a test is
    waiting for real seconds to pass, so several run at once."""
    def after(failed, world):
        logs = [(process.name, process.text()) for process in world.processes if process.log.exists()]
        wrong = world.close()
        if failed:
            for at, name, state, reason in sorted(link for one in world.processes for link in getattr(one, "links", ())):
                print(f"# [links] {at:.2f} {name} {state}: {reason}", flush=True)
        for name, text in logs if failed or wrong else ():
            for line in text.splitlines()[-40:]:
                print(f"# [{name}] {line}", flush=True)
        return wrong
    tap.run(tests, lambda: (make(),), after, at_once)
