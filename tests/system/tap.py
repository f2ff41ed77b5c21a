# SPDX-License-Identifier: Apache-2.0
"""Points of a test (TAP), and cases that run side by side because most of their time is waiting."""
import concurrent.futures
import os
import threading

here = threading.local()  # what the case of this thread has found: (name, good, why)


def point(name, good, why=""):
    here.points.append((name, bool(good), "" if good else str(why)))


def run(case, folder):
    os.mkdir(folder)
    here.points, failure = [], None
    try:
        case(folder)
    except Exception as error:  # pylint: disable=broad-except; what it found before is told, and then that it broke
        failure = error
    return here.points, failure


def run_all(cases, folder, at_once):
    """Calls each case with a folder of its own, some at once, and tells what they find in their order, whichever ends first."""
    n = 0
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for running in [pool.submit(run, case, os.path.join(folder, str(i))) for i, case in enumerate(cases)]:
            points, failure = running.result()
            for n, (name, good, why) in enumerate(points, n + 1):
                print(f"{'ok' if good else 'not ok'} {n} - {name}")
                for line in why.splitlines()[:40]:
                    print("#", line[:300])
            print(end="", flush=True)
            if failure:
                raise failure  # without a plan at the end, all of it has failed
    print(f"1..{n}")
