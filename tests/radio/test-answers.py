#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What bluetoothd answers when it does not do what it is asked for, in the middle of a run; and a call that it never
answers. Only on the fake: the real one cannot be made to say these at a given moment, and what it says by itself comes up
in the other tests. Speaks TAP."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stack import AGAIN, NAMES, REAL, run, wait_until  # noqa: E402

SAYS = {  # what it is asked for, its answer, how often: then the daemon may still not have given up trying soon
    "in_progress": (["Connect"], "InProgress", "In Progress", 3),
    "aborted_by_local": (["Connect"], "Failed", "le-connection-abort-by-local", 3),
    "already_in_progress": (["Connect"], "Failed", "Operation already in progress", 3),
    "not_ready": (["Connect"], "NotReady", "Resource Not Ready", 2),
    "not_permitted_to_subscribe": (["AcquireNotify", "StartNotify"], "NotPermitted", "Operation not permitted", 1),
    "busy_subscribing": (["AcquireNotify", "StartNotify"], "InProgress", "In Progress", 2),
    "failed_to_subscribe": (["AcquireNotify", "StartNotify"], "Failed", "Operation failed with ATT error: 0x0e", 1),
}


def is_lost_and_comes_back(world, paced, since, what, within):
    wait_until(lambda: any(one.name == NAMES["strap"] and one.state == "live" for one in paced.links[world.seen:]),
               f"data again: {what}")
    assert any(one.reason for one in paced.links[world.seen:] if one.name == NAMES["strap"]), "it was said"
    assert paced.sensors()[NAMES["pod"]]["State"] == "live", "the other link lives on"
    world.wait_again(paced, what=what, since=since, within=within)
    paced.known("HeartRate")
    world.wait_one_run(paced)


def answers(name, methods, error, message, times):
    def test(world):
        paced = world.start_run()
        world.seen = len(paced.links)
        for method in methods:
            world.sim("FailCalls", "(sssu)", method, f"org.bluez.Error.{error}", message, times)
        world.hang_up("strap")
        # Each answer costs at most what is waited before the next try: 3 s for what somebody has to mend.
        is_lost_and_comes_back(world, paced, time.monotonic(), f"{methods[0]}: {error}, {message}", 3 * times + AGAIN)
    test.__name__ = f"it_says_{name}"
    return test


def ignores(methods):
    def test(world):
        paced = world.start_run()
        world.seen = len(paced.links)
        for method in methods:
            world.sim("IgnoreCalls", "(sb)", method, True)
        world.hang_up("strap")
        world.wait_lost(paced, "strap")
        paced.unknown("HeartRate")
        world.wait_told("sensors", f"{NAMES['strap']}.*(connecting|does not answer|first data|no data)")
        paced.wait_ticks(5)
        for method in methods:
            world.sim("IgnoreCalls", "(sb)", method, False)
        # What was not answered is waited for, at most 10 s, before it is asked for again.
        is_lost_and_comes_back(world, paced, time.monotonic(), f"{' and '.join(methods)} unanswered", 10 + AGAIN)
    test.__name__ = f"it_never_answers_{'_'.join(methods)}"
    return test


def a_socket_is_never_given(world):
    """Then the data come by signals, a few seconds later."""
    paced = world.start_run()
    world.seen = len(paced.links)
    world.sim("IgnoreCalls", "(sb)", "AcquireNotify", True)
    world.hang_up("strap")
    is_lost_and_comes_back(world, paced, time.monotonic(), "AcquireNotify unanswered", 3 + AGAIN)


TESTS = [answers(name, *says) for name, says in SAYS.items()] + [
    ignores(["Connect"]), ignores(["AcquireNotify", "StartNotify"]), a_socket_is_never_given]

if __name__ == "__main__":
    assert not REAL, "these are for the fake only"
    run(TESTS)
