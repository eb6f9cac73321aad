"""Runs the parts of `make test`, each as a target of the Makefile, and adds up their results.

Usage: parts.py MAKE TARGET...

Every part runs, even after a failure. `prepare` starts first, in idle time beside the parts before it in the list, and
the parts after it wait until it ends. Its output is not shown: what fails in it fails again in the part that needs it.

The last line is `N passed, N failed`, from the output of the test runners.
A part that fails without a failed test (a lint, a build) counts as one failure. Exits with 1 if any part fails.
"""

import os
import re
import subprocess
import sys
import time

# The summaries of cargo, pytest and Node's test runner, which has one line per count.
CARGO = re.compile(r"^test result: .*?(\d+) passed; (\d+) failed")
PYTEST = re.compile(r"^(?:=+ )?(?=.* in [\d.]+s)(?:.*?(\d+) failed)?(?:.*?(\d+) passed)?.*? in [\d.]+s")
NODE = re.compile(r"^(?:#|ℹ) (pass|fail|cancelled) (\d+)$")
PREPARE = "prepare"
COLORS = re.compile(r"\x1b\[[\d;]*m")


def count(line):
    """The passed and failed tests in a summary line; zeros for other lines."""
    if found := CARGO.match(line):
        return int(found[1]), int(found[2])
    if found := PYTEST.match(line):
        return int(found[2] or 0), int(found[1] or 0)
    if found := NODE.match(line):
        return (int(found[2]), 0) if found[1] == "pass" else (0, int(found[2]))
    return 0, 0


def run(make, target):
    """Runs a part, shows its output, and returns its counts."""
    command = [make, "--no-print-directory", target]
    passed = failed = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as part:
        for line in part.stdout:
            print(line, end="", flush=True)
            more = count(COLORS.sub("", line.rstrip()))
            passed, failed = passed + more[0], failed + more[1]
    if part.returncode != 0 and failed == 0:
        failed = 1
    return passed, failed, part.returncode == 0


def start_of_prepare(make):
    """Starts the part `prepare` with a low priority."""
    command = [make, "--no-print-directory", "--keep-going", PREPARE]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.nice(19))


def main(make, targets):
    lines = []
    total = [0, 0]
    succeeded = True
    prepare = start_of_prepare(make) if PREPARE in targets else None
    for target in targets:
        start = time.monotonic()
        if target == PREPARE:
            prepare.wait()
            lines.append(f"{target:16}waited for{time.monotonic() - start:32.0f} s")
            continue
        passed, failed, is_good = run(make, target)
        seconds = time.monotonic() - start
        lines.append(f"{target:16}{'ok' if is_good else 'FAILED':8}{passed:6} passed{failed:6} failed{seconds:8.0f} s")
        total[0] += passed
        total[1] += failed
        succeeded = succeeded and is_good
    print("", *lines, "", f"{total[0]} passed, {total[1]} failed", sep="\n")
    return 0 if succeeded else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
