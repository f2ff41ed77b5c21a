#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the table of docs/rule-pack.md say which rule files show which behaviour?

rule-table.py [--write] DOCUMENT RULES: compares the third column with the tags davy.aNN of the rules, or writes it.
"""

import pathlib
import re
import sys


def files_by_row(rules):
    rows = {}
    for path in sorted(rules.glob("audit/*/*.yml")):
        if path.name.endswith(".test.yml"):
            continue
        for row in set(re.findall(r"\bdavy\.(a\d\d)\b", path.read_text(encoding="utf-8"))):
            rows.setdefault(row.upper(), []).append(f"{path.parent.name}/{path.stem}")
    return rows


def main():
    write = sys.argv[1:2] == ["--write"]
    document, rules = map(pathlib.Path, sys.argv[1 + write : 3 + write])
    rows, seen, wrong = files_by_row(rules), set(), []

    def replace(match):
        row = match.group(1)
        seen.add(row)
        line = f"| {row} | {match.group(2)} | {', '.join(rows.get(row, []))} |"
        if line != match.group(0):
            wrong.append(row)
        return line

    text = re.sub(r"^\| (A\d\d) \| ([^|]*) \| ([^|]*) \|$", replace, document.read_text(encoding="utf-8"), flags=re.M)
    if write:
        document.write_text(text, encoding="utf-8")
        return
    every = {f"A{i:02}" for i in range(1, 82)}
    points = [
        (not wrong, f"rows that differ from the rules: {', '.join(wrong) or 'none'}"),
        (seen == every, f"rows missing: {', '.join(sorted(every - seen)) or 'none'}"),
        (every <= set(rows), f"rows without a rule: {', '.join(sorted(every - set(rows))) or 'none'}"),
    ]
    print(f"1..{len(points)}")
    for number, (good, text) in enumerate(points, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    if wrong:
        print(f"# python3 {sys.argv[0]} --write {document} {rules}")


if __name__ == "__main__":
    main()
