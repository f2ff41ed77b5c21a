#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Can an intruder blind the reconstruction? blinding.py DAVY ROOT: the recorded attacks, each disturbed in the ways that are in an intruder's
hands (or in those of bad luck), must still be told: one incident, at least 98 % of the malicious lines, at least 98 % of what is told labelled;
and what a limit left out must be counted.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

FLOOD = 20000


def read(path):
    data = subprocess.run(["zstd", "-dcq", str(path)], capture_output=True, check=True).stdout if path.suffix == ".zst" else path.read_bytes()
    return data.decode().splitlines()


class Log:
    """Events with their labels."""

    def __init__(self, root, name):
        self.name = name
        labels = {row["line"]: row["class"] for row in map(json.loads, read(root / "tests/data/labels" / f"{name}.jsonl"))}
        self.lines = [(line, labels.get(i + 1)) for i, line in enumerate(read(root / "examples" / f"{name}.jsonl.zst"))]

    def rows(self):
        """A list of [event, class or None], which may be changed."""
        return [[json.loads(line), label] for line, label in self.lines]


def malicious(rows):
    return [event for event, label in rows if label == "malicious"]


def intruder(rows):
    """Who acts, and from where, in the middle of it."""
    events = malicious(rows)
    event = events[len(events) // 2]
    return event["user"]["username"], event["sourceIPs"][-1]


def probe(number, time, user, address, code=403):
    return {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": f"flood-{number}", "stage": "ResponseComplete",
            "requestURI": "/api/v1/namespaces/default/secrets", "verb": "list", "user": {"username": user, "groups": ["system:authenticated"]},
            "sourceIPs": [address], "userAgent": f"x/{number}", "objectRef": {"resource": "secrets", "namespace": "default", "apiVersion": "v1"},
            "responseStatus": {"code": code}, "requestReceivedTimestamp": time, "stageTimestamp": time,
            "annotations": {"authorization.k8s.io/decision": "forbid" if code == 403 else "allow", "authorization.k8s.io/reason": ""}}


def strew(rows, events, among=("malicious", "derived", "misconfig")):
    """Other events among those of the attack, at the times of their neighbours."""
    where = [i for i, (_, label) in enumerate(rows) if label in among]
    first, last = where[0], where[-1]
    out, share = rows[:first], len(events) / (last - first + 1)
    used = 0.0
    for row in rows[first:last + 1]:
        out.append(row)
        begin, used = int(used), used + share
        for event in events[begin:int(used)]:
            event["requestReceivedTimestamp"] = event["stageTimestamp"] = row[0]["stageTimestamp"]
            out.append([event, None])
    return out + rows[last + 1:]


# --- the attempts: each gives new rows -------------------------------------------------------------------------------------------------------


def a_flood_of_identities(rows):
    return strew(rows, [probe(i, "", f"nobody-{i}", f"192.0.2.{i % 250}") for i in range(FLOOD)])


def a_flood_of_addresses(rows):
    """The internet's noise: everybody's identity, refused, from everywhere."""
    return strew(rows, [probe(i, "", "system:anonymous", f"100.{64 + i // 65025}.{i // 255 % 255}.{i % 255}") for i in range(FLOOD)])


def forged_forwarding(rows):
    """Addresses of those who work here, and of the machines, in front of the intruder's own."""
    for event in malicious(rows):
        event["sourceIPs"] = ["198.51.100.10", "10.128.0.2", "198.51.100.23"] + event["sourceIPs"]
    return rows


def colliding_names(rows):
    """People's work on objects that are called as the intruder's, or nearly so, elsewhere."""
    names = sorted({e["objectRef"]["name"] for e in malicious(rows) if e.get("objectRef", {}).get("name")})
    events = []
    for i, name in enumerate(names):
        for k, variant in enumerate((name, name + "-prod", name + "-6c8778699-abcde", name[:-1])):
            event = probe(f"{i}-{k}", "", "frank@corp.example", "198.51.100.77", 200)
            event.update(verb="get", objectRef={"resource": "configmaps", "namespace": "team-a", "name": variant, "apiVersion": "v1"},
                         requestURI=f"/api/v1/namespaces/team-a/configmaps/{variant}")
            event["annotations"] = {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason":
                                    'RBAC: allowed by RoleBinding "devs/team-a" of ClusterRole "edit" to User "frank@corp.example"'}
            events.append(event)
    return strew(rows, events)


def shift(stamp, seconds):
    import datetime
    time = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")) + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def a_clock_that_jumps_back(rows):
    """From the middle of the attack on, the server's clock is an hour behind."""
    where = [i for i, (_, label) in enumerate(rows) if label == "malicious"]
    for event, _ in rows[where[len(where) // 2]:]:
        for key in ("requestReceivedTimestamp", "stageTimestamp"):
            event[key] = shift(event[key], -3600)
    return rows


def two_clocks(rows):
    """Two API servers, one of them three seconds ahead; requests come to either."""
    chance = random.Random(7)
    ahead = {}
    for event, _ in rows:
        if ahead.setdefault(event["auditID"], chance.random() < 0.5):
            for key in ("requestReceivedTimestamp", "stageTimestamp"):
                event[key] = shift(event[key], 3)
    return rows


def deleted_events(rows):
    """A fifth of all lines is gone, whosever they are."""
    chance = random.Random(11)
    return [row for row in rows if chance.random() > 0.2]


def deleted_cluster_events(rows):
    """The intruder removes the cluster's Event objects, all of them, again and again."""
    user, address = intruder(rows)
    events = []
    for i in range(200):
        event = probe(f"wipe-{i}", "", user, address, 200)
        event.update(verb="deletecollection", objectRef={"resource": "events", "namespace": "default", "apiVersion": "v1"},
                     requestURI="/api/v1/namespaces/default/events")
        events.append(event)
    return [[event, "flood" if event["auditID"].startswith("flood") else label] for event, label in strew(rows, events, ("malicious",))]


def a_flood_of_refused_requests(rows):
    """The intruder's address tries tokens that are none."""
    _, address = intruder(rows)
    events = [probe(i, "", "", address, 401) for i in range(FLOOD)]
    for event in events:
        event["user"] = {}
        event["annotations"] = {}
    return [[event, "flood" if event["auditID"].startswith("flood") else label] for event, label in strew(rows, events, ("malicious",))]


def a_flood_of_objects(rows):
    """The intruder makes objects of thousands of names first, to have more of them than can be followed."""
    first = malicious(rows)[0]
    user, address = intruder(rows)
    reason = next(e["annotations"]["authorization.k8s.io/reason"] for e in malicious(rows) if e["user"].get("username") == user)
    out = []
    for event, label in rows:
        if event is first:
            for i in range(3000):
                made = probe(i, first["requestReceivedTimestamp"], user, address, 201)
                made.update(verb="create", userAgent=first["userAgent"], requestURI="/api/v1/namespaces/default/pods",
                            objectRef={"resource": "pods", "namespace": "default", "name": f"a{i:05}", "apiVersion": "v1"})
                made["annotations"]["authorization.k8s.io/reason"] = reason
                out.append([made, "flood"])
        out.append([event, label])
    return out


def one_address_for_all(rows):
    """The people who work here come from the intruder's address: they sit behind one router."""
    _, address = intruder(rows)
    for event, label in rows:
        if (event.get("user") or {}).get("username", "").endswith("@corp.example"):
            event["sourceIPs"] = [address]
    return rows


def metadata_only(rows):
    for event, _ in rows:
        event["level"] = "Metadata"
        event.pop("requestObject", None)
        event.pop("responseObject", None)
    return rows


# What must be said about each, and the recall that is possible.
ATTEMPTS = [
    (a_flood_of_identities, None, 0.98),
    (a_flood_of_addresses, None, 0.98),
    (a_flood_of_refused_requests, None, 0.98),
    (a_flood_of_objects, "beyond the limits of this inquiry", 0.98),
    (forged_forwarding, None, 0.98),
    (colliding_names, None, 0.98),
    (a_clock_that_jumps_back, "go back by", 0.98),
    (two_clocks, None, 0.98),
    (deleted_events, None, 0.98),
    (deleted_cluster_events, None, 0.98),
    (one_address_for_all, None, 0.98),
    (metadata_only, "logs them without bodies", 0.98),
]


VECTORS = {"dashboard-miner": "exposed", "anonymous-worm": "anonymous_access"}


# --- the judgement ---------------------------------------------------------------------------------------------------------------------------


def made_by_intruder(rows):
    return {e["objectRef"]["name"] for e in malicious(rows) if e["verb"] == "create" and e.get("objectRef", {}).get("name")}


def is_consequence(event, made):
    """The labels know the pods that were placed; where that line is gone, the one of their making is as right."""
    owners = ((event.get("responseObject") or {}).get("metadata") or {}).get("ownerReferences") or []
    return any(owner["name"] == name or owner["name"].startswith(f"{name}-") for owner in owners for name in made)


def judge(davy, rows):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "audit.jsonl"
        path.write_text("".join(json.dumps(event, separators=(",", ":")) + "\n" for event, _ in rows), encoding="utf-8")
        out = subprocess.run([davy, "detect", "--quiet", "--format", "json", "--cluster", "one", str(path)], capture_output=True, check=False)
    told = [row for row in map(json.loads, out.stdout.splitlines()) if row["kind"] == "incident"]
    lines = {e["line"] for x in told for step in x["timeline"] for e in step["evidence"]}
    wanted = {i + 1 for i, (_, label) in enumerate(rows) if label == "malicious"}
    made = made_by_intruder(rows)
    labelled = {i + 1 for i, (event, label) in enumerate(rows) if label or is_consequence(event, made)}
    recall = len(wanted & lines) / len(wanted)
    precision = len(lines & labelled) / len(lines) if lines else 0.0
    return len(told), recall, precision, sorted(wanted - lines), sorted(lines - labelled), told


def main(davy, root):
    root, number = pathlib.Path(root), 0
    for name in ("dashboard-miner", "anonymous-worm"):
        log = Log(root, name)
        for attempt, words, least in ATTEMPTS:
            rows = attempt(log.rows())
            incidents, recall, precision, missed, wrong, told = judge(davy, rows)
            number += 1
            said = not words or any(words in text for x in told for text in x["unknown"])
            vector = told[0]["vector"]["verdict"] if told else None
            settled = attempt not in (a_clock_that_jumps_back, two_clocks) or vector == VECTORS[name]
            good = incidents == 1 and recall >= least and precision >= 0.98 and said and settled
            print(f"{'ok' if good else 'not ok'} {number} - {name}: {attempt.__name__.replace('_', ' ')}: "
                  f"{incidents} incidents, recall {recall:.3f}, precision {precision:.3f}{'' if said else ', not said'}{'' if settled else f', {vector}'}")
            for what, places in () if good else (("missed", missed), ("wrong", wrong)):
                for line in places[:5]:
                    event, label = rows[line - 1]
                    print(f"# {what} {line} ({label}): {event['user'].get('username')} {event['sourceIPs']} {event['verb']} {event['requestURI'][:100]}")
    print(f"1..{number}")


main(*sys.argv[1:])
