#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the table of docs/controls.md say of each built-in control what its rule says: title, severity, points, sections of the benchmark?

control-table.py DOCUMENT RULES
"""

import pathlib
import re
import sys


def controls(rules):
    """By id: title, severity, points and sections, as a row has them."""
    out = {}
    for path in sorted(rules.glob("controls/*.yml")):
        if path.name.endswith(".test.yml"):
            continue
        for text in re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.M):
            posture = re.search(r"^posture: \{id: ([a-z0-9-]+),.* points: (\d+)", text, re.M)
            if not posture:
                continue  # a rule behind a control, or of davy policy alone
            one = {key: re.search(rf"^{key}: (.*)$", text, re.M) for key in ("title", "level", "tags")}
            sections = re.findall(r"\bcis\.([0-9.]+)", one["tags"].group(1)) if one["tags"] else []
            out[posture.group(1)] = (one["title"].group(1).strip(), one["level"].group(1), posture.group(2), ", ".join(sections))
    return out


def main():
    document, rules = map(pathlib.Path, sys.argv[1:3])
    wanted = controls(rules)
    rows = {r[0]: (r[1], r[2], r[3], r[4].strip())
            for r in re.findall(r"^\| `([a-z0-9-]+)`: (.*?) \| (\w+) \| (\d+) \| [^|]* \| ([^|]*)\|$", document.read_text(encoding="utf-8"), re.M)}
    wrong = [f"{name}: {rows.get(name)} in the table, {wanted.get(name)} in the rule" for name in sorted(wanted.keys() | rows.keys()) if wanted.get(name) != rows.get(name)]
    print("1..2")
    print(f"{'ok' if len(wanted) > 50 else 'not ok'} 1 - the controls are found")
    print(f"{'not ok' if wrong else 'ok'} 2 - each is in the table as it is in its rule")
    for line in wrong:
        print("#", line)


if __name__ == "__main__":
    main()
