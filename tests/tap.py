# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""TAP for test functions written in Python: one line a test, the traceback of a failure as comments."""
import sys
import traceback


def run(tests, before=lambda: (), after=lambda *_: None):
    """Calls each test with what before() gives; after(failed, *those) cleans up and may print diagnostics."""
    failures = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        given, failed = before(), False
        try:
            test(*given)
        except Exception:  # a test may fail in any way, and the others still run
            failed = True
            failures += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        print(f"{'not ok' if failed else 'ok'} {number} - {test.__name__.replace('_', ' ')}", flush=True)
        after(failed, *given)
    sys.exit(1 if failures else 0)
