#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is davy quiet where nothing bad happens?

quiet.py DAVY LOG EVENTS: on a benign log of that many events there is no alert above medium, and at most 5 of level medium for each
100,000 events.
"""

import collections
import json
import subprocess
import sys

MEDIUM_PER_100000 = 5


def main():
    davy, log, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
    command = [davy, "detect", "--format", "json", "--level", "informational", "--fail-on", "never", "--quiet", log]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    alerts = [record for record in map(json.loads, run.stdout.splitlines()) if record["kind"] == "alert"]
    counts = collections.Counter((record["rule"]["level"], record["rule"]["title"]) for record in alerts)
    levels = collections.Counter(record["rule"]["level"] for record in alerts)
    allowed = max(1, events * MEDIUM_PER_100000 // 100000)
    points = [
        (run.returncode == 0, f"davy detect ends with status {run.returncode}"),
        (levels["high"] + levels["critical"] == 0, f"{levels['high']} high and {levels['critical']} critical alerts, none allowed"),
        (levels["medium"] <= allowed, f"{levels['medium']} medium alerts on {events} events, {allowed} allowed"),
    ]
    print(f"1..{len(points)}")
    for number, (good, text) in enumerate(points, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    for (level, title), count in sorted(counts.items()):
        print(f"#   {count:4} {level}: {title}")
    if run.returncode != 0:
        print(f"# {run.stderr.strip()[-500:]}")


if __name__ == "__main__":
    main()
