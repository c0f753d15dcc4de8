# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""TAP for test functions written in Python: one line a test, the traceback of a failure as comments."""
import contextlib
import io
import multiprocessing
import multiprocessing.connection
import sys
import time
import traceback


class Skip(Exception):
    """What a test cannot do without is not here: why."""


plan = None  # what run() was given, for the processes it forks


def attempt(number):
    """Runs one test; whether it failed, and what it printed."""
    tests, before, after = plan
    began, wrong, skipped, output = time.monotonic(), [], "", io.StringIO()
    with contextlib.redirect_stdout(output):
        given = before()
        try:
            tests[number](*given)
        except Skip as why:
            skipped = f" # SKIP {why}"
        except Exception:  # a test may fail in any way, and the others still run
            wrong = traceback.format_exc().splitlines()
        wrong += after(bool(wrong), *given) or []
        for line in wrong:
            print(f"# {line}")
        name = tests[number].__name__.replace("_", " ")
        print(f"# took {time.monotonic() - began:.1f} s")
        print(f"{'not ok' if wrong else 'ok'} {number + 1} - {name}{skipped}")
    return bool(wrong), output.getvalue()


def report(number, sender):
    sender.send(attempt(number))


def attempts(count, at_once):
    """What attempt() says of each in turn, each in a process of its own: forked, because what before() gives is made of
    things that cannot be sent; and from a process without threads, whose locks nobody else can hold at that moment."""
    fork = multiprocessing.get_context("fork")
    running, begun, done = {}, 0, {}
    for number in range(count):
        while number not in done:
            while begun < count and len(running) < at_once:
                receiver, sender = fork.Pipe(duplex=False)
                process = fork.Process(target=report, args=(begun, sender))
                process.start()
                sender.close()
                running[receiver] = begun, process
                begun += 1
            for receiver in multiprocessing.connection.wait(running):
                which, process = running.pop(receiver)
                try:
                    done[which] = receiver.recv()
                except EOFError:
                    done[which] = True, f"# its process has died\nnot ok {which + 1}\n"
                process.join()
        yield done.pop(number)


def run(tests, before=lambda: (), after=lambda *_: None, at_once=1):
    """Calls each test with what before() gives; after(failed, *those) cleans up, may print diagnostics, and may return
    lines that say what else is wrong, which fails the test. Tests that mostly wait may run several at once, each in a
    process of its own."""
    global plan
    plan = tests, before, after
    failures = 0
    print(f"1..{len(tests)}", flush=True)
    for failed, output in attempts(len(tests), at_once):
        failures += failed
        print(output, end="", flush=True)
    sys.exit(1 if failures else 0)
