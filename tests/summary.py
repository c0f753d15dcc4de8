#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Adds up what Meson ran: every TAP line is a test, a program without TAP is one. Usage: summary.py BUILD... The last
line is the verdict; a test that was skipped or failed is named with its reason before it, and so is every measured
budget.

Meson's own count is by program, and a program that crashed after its last TAP line would hide in it.
"""
import json
import pathlib
import re
import sys

# The leak checker's word on itself, where a thread begins or ends as it looks: it reports nothing by it.
NO_REPORT = re.compile(r"^==\d+==Running thread \d+ was not suspended\. False leaks are possible\.$", re.M)
TAP = re.compile(r"^(not ok|ok)\b\s*\d*\s*-?\s*(.*?)(?:\s*#\s*(SKIP)\b\s*(.*))?$", re.I)


def results(log):
    """Yields (name, verdict, reason) of one program's log entry."""
    lines = [match for match in map(TAP.match, log.get("stdout", "").splitlines()) if match]
    failed = 0
    for match in lines:
        name = f"{log['name']}: {match[2]}"
        if match[3] and match[3].upper() == "SKIP":
            yield name, "skipped", match[4]
        elif match[1].lower() == "ok":
            yield name, "passed", ""
        else:
            failed += 1
            yield name, "failed", ""
    if log["result"] == "OK":
        if re.search(r"^1\.\.0\b", log.get("stdout", ""), re.M):
            yield log["name"], "failed", "it holds no test at all"
        elif not lines:
            yield log["name"], "passed", ""
    elif log["result"] == "SKIP":
        if not lines:
            yield log["name"], "skipped", (log.get("stdout", "").strip().splitlines() or [""])[-1]
    elif not failed:
        yield log["name"], "failed", f"{log['result']}, exit status {log.get('returncode')}"


def main():
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for build in sys.argv[1:]:
        logs = pathlib.Path(build) / "meson-logs"
        for line in (logs / "testlog.json").read_text().splitlines():
            log = json.loads(line)
            for name, verdict, reason in results(log):
                count[verdict] += 1
                if verdict != "passed" or name.startswith("paced:budget"): # figures are to be read
                    print(f"{verdict}: {name}{': ' if reason else ''}{reason}")
            for comment in re.findall(r"^# .*$", log.get("stdout", ""), re.M) if log["name"].startswith("paced:budget") else ():
                print(comment)
            if log["result"] not in ("OK", "SKIP"):
                print((log.get("stdout", "") + log.get("stderr", ""))[-4000:])
        # A sanitizer that speaks after a test has passed speaks here.
        for report in sorted(logs.glob("sanitizer.*")):
            text = NO_REPORT.sub("", report.read_text(errors="replace")).strip()
            if text:
                count["failed"] += 1
                print(f"failed: sanitizer report {report.name}\n{text[:4000]}")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**count))
    sys.exit(1 if count["failed"] or not count["passed"] else 0)


main()
