#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""circles.py OBJECTS-FOLDER: is there a circle of files that need one another, A what B defines and B what A defines?

A file needs another when its object leaves a symbol open that the other's object defines. Files that need nobody who is left are put
aside, and so are those whom nobody who is left needs; what cannot be put aside forms circles."""
import pathlib
import subprocess
import sys


def symbols(objects):
    """What each object defines for others, and what it leaves open."""
    defined, needed = ({obj: set() for obj in objects} for _ in range(2))
    listing = subprocess.run(["nm", "--print-file-name", "--format=posix", *objects], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        obj, _, rest = line.partition(": ")
        name, kind = rest.split()[:2]
        if kind.isupper():
            (needed if kind == "U" else defined)[obj].add(name)
    return defined, needed


def edges(objects):
    """For each object, the others that it needs."""
    defined, needed = symbols(objects)
    where = {name: obj for obj in objects for name in defined[obj]}
    return {obj: {where[name] for name in needed[obj] if name in where} - {obj} for obj in objects}


def circles(needs):
    left = set(needs)
    while True:
        wanted = {other for obj in left for other in needs[obj] & left}
        calm = {obj for obj in left if obj not in wanted or not needs[obj] & left}
        if not calm:
            return left
        left -= calm


def main():
    # Programs that run while building define a main of their own and are no part of the house.
    objects = [str(p) for p in sorted(pathlib.Path(sys.argv[1]).rglob("*.o")) if "embed.p" not in p.parts]
    needs = edges(objects)
    bad = circles(needs)
    print("1..2")
    print("ok 1 - objects were found" if len(needs) > 50 and any(needs.values()) else "not ok 1 - objects were found")
    print("ok 2 - no circle of files" if not bad else "not ok 2 - no circle of files")
    for obj in sorted(bad):
        print(f"# {pathlib.Path(obj).name} needs", ", ".join(sorted(pathlib.Path(other).name for other in needs[obj] & bad)))


main()
