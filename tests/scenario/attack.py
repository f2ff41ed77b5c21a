#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is every step of a recorded attack covered by an alert?

attack.py DAVY LOG LABELS LEVEL: runs `davy detect` on the log and holds its alerts against the ground truth. A step is covered when an alert
of level low or above has one of the step's malicious events among its evidence. One TAP point a step, and one for the attack as a whole,
which must lead to an alert of level high or critical. The comments say how many events of the step were covered and by which rules.
"""

import collections
import json
import subprocess
import sys

LEVELS = ["informational", "low", "medium", "high", "critical"]


def read_labels(path):
    """step -> set of line numbers, in the order of the attack; malicious events only."""
    steps = collections.OrderedDict()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            label = json.loads(line)
            if label["class"] == "malicious":
                steps.setdefault(label["step"], set()).add(label["line"])
    return steps


def read_alerts(davy, log):
    """line number -> list of (level, title)."""
    command = [davy, "detect", "--format", "json", "--level", "low", "--fail-on", "never", "--quiet", log]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode != 0:
        print(f"1..1\nnot ok 1 - davy detect ended with status {run.returncode}\n# {run.stderr.strip()[-500:]}")
        sys.exit(1)
    covered = collections.defaultdict(set)
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["kind"] != "alert":
            continue
        for evidence in record["evidence"]:
            covered[evidence["line"]].add((LEVELS.index(record["rule"]["level"]), record["rule"]["title"]))
    return covered


def main():
    davy, log, labels, wanted = sys.argv[1:5]
    steps, alerts = read_labels(labels), read_alerts(davy, log)
    highest, point = -1, 0
    for step, lines in steps.items():
        seen = [line for line in lines if line in alerts]
        rules = sorted({rule for line in seen for rule in alerts[line]}, reverse=True)
        highest = max([highest] + [level for level, _ in rules])
        point += 1
        print(f"{'ok' if seen else 'not ok'} {point} - {step.replace('#', '')}: {len(seen)} of {len(lines)} events")
        for level, title in rules:
            print(f"#   {LEVELS[level]}: {title}")
    point += 1
    print(f"{'ok' if highest >= LEVELS.index(wanted) else 'not ok'} {point} - the attack leads to an alert of level {wanted} or above")
    print(f"1..{point}")


if __name__ == "__main__":
    main()
