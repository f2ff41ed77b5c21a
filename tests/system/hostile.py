#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what an intruder can write into any field of an audit event leave every format of a report inert, and is nothing of it lost?

hostile.py DAVY: for each kind of attack, a log in which event i carries it in field i, and a last event that carries nothing, read by a
rule that every event hits. Every event must lead to an alert or be counted as bad; text, NDJSON, HTML and what is said on standard error
must be UTF-8 without control or invisible characters; each line of NDJSON must parse and say the original text again, and the exports
must parse; HTML may hold no tag that it does not hold for harmless text; and what of the events is shown must still be found there.
"""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

# Fields: where in the event, where in the alert (None: not told there).
FIELDS = [
    ("level", None),
    ("auditID", "evidence.0.audit_id"),
    ("stage", None),
    ("requestURI", "action.uri"),
    ("verb", "action.verb"),
    ("user.username", "actor.principal"),
    ("user.uid", "actor.uid"),
    ("user.groups.0", "actor.groups.0"),
    ("user.extra.authentication~1kubernetes~1io/credential-id.0", "actor.credential_id"),
    ("user.extra.authentication~1kubernetes~1io/pod-name.0", "actor.pod"),
    ("user.extra.authentication~1kubernetes~1io/node-name.0", "actor.node"),
    ("impersonatedUser.username", "actor.impersonated"),
    ("impersonatedUser.groups.0", "actor.impersonated_groups.0"),
    ("sourceIPs.0", "actor.addresses.0"),
    ("sourceIPs.1", "actor.addresses.1"),
    ("userAgent", "actor.agent"),
    ("objectRef.resource", "action.resource"),
    ("objectRef.subresource", "action.subresource"),
    ("objectRef.namespace", "action.namespace"),
    ("objectRef.name", "action.name"),
    ("objectRef.uid", None),
    ("objectRef.apiGroup", "action.group"),
    ("objectRef.apiVersion", "action.version"),
    ("objectRef.resourceVersion", None),
    ("responseStatus.status", None),
    ("responseStatus.message", None),
    ("responseStatus.reason", None),
    ("responseStatus.code", None),
    ("requestObject", None),
    ("requestObject.kind", None),
    ("requestObject.metadata.name", None),
    ("requestObject.metadata.labels.app", None),
    ("requestObject.spec.containers.0.image", None),
    ("requestObject.spec.containers.0.command.0", None),
    ("requestObject.spec.containers.0.env.0.value", None),
    ("requestObject.spec.volumes.0.hostPath.path", None),
    ("requestObject.subjects.0.name", None),
    ("requestObject.roleRef.name", None),
    ("responseObject.metadata.name", None),
    ("responseObject.status.message", None),
    ("requestReceivedTimestamp", None),
    ("stageTimestamp", None),
    ("annotations.authorization~1k8s~1io/decision", "decision"),
    ("annotations.authorization~1k8s~1io/reason", "reason"),
    ("annotations.other", None),
    ("other", None),
]
MARK = "Q7"

# Attacks by name: bytes as they stand between the quotes of a JSON string, and the text that they mean.
ATTACKS = {
    "plain text": (b"Q7 plain Q7", "Q7 plain Q7"),
    "terminal escapes": (rb"Q7\u001b[2J\u001b]0;owned\u0007\u001b]8;;http://x\u001b\\Q7", "Q7\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x\x1b\\Q7"),
    "control characters": (rb"Q7\r\n\t\b\f\u0001\u007f\u0085\u009bQ7", "Q7\r\n\t\b\f\x01\x7f\x85\x9bQ7"),
    "NUL": (rb"Q7\u0000Q7", "Q7\0Q7"),
    "HTML": (rb"Q7</td></style><script>alert(1)</script><img src=x onerror='alert(1)'>\" onclick=\"x' &lt;", None),
    "invisible characters": ("Q7\u202egpj.\u2066\u200b\ufeff\u2028\U000e0041Q7".encode(), "Q7\u202egpj.\u2066\u200b\ufeff\u2028\U000e0041Q7"),
    "bytes that are no UTF-8": (b"Q7\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82Q7", "Q7" + "\ufffd" * 12 + "Q7"),
    "escapes that are none": (rb"Q7\x1b[31m\u00Q7", r"Q7\x1b[31m\u00Q7"),
    "half surrogates": (rb"Q7\ud800\udc00\udfff\ud83dQ7", None),
}
# Values without end. What a record of more than 8 MB leads to is the engine's affair and the same in every format, so every field has 10 MB
# once, in JSON; for text and HTML most have more than the megabyte that a whole report may take.
HUGE, LARGE = (b'"Q7' + b"a<\x7f" * n + b'"' for n in (3495253, 500000))
HUGE_EVERYWHERE = ("requestURI", "user.username", "userAgent")
# Attacks on the shape of a value: nothing to tell, but no reason to lose the event.
SHAPES = {
    "nested deeply": b"[" * 100 + b'"Q7\\u001b<b>"' + b"]" * 100,
    "another type": b'{"Q7\\u001b[2J<b>": [null, -0.0, 1e999, true, {}]}',
}
# What makes a record one that JSON has no reading of, or none that is worth the memory: counted as bad.
BAD = {
    "plain damage": b'"\x01"',
    "nested too deeply": b"[" * 100000 + b"]" * 100000,
    "raw control characters": b'"Q7\x01\x1b[31m\x7fQ7"',
    "raw NUL": b'"Q7\0Q7"',
    "no value": b"Q7\x1b[31m<script>",
}

BAD_CHARACTERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def put(event, path, value):
    """Puts a value at a path of keys and indices, making what is not there. (A dot inside a key is written ~1.)"""
    keys = [int(key) if key.isdigit() else key.replace("~1", ".") for key in path.split(".")]
    at = event
    for key, following in zip(keys, keys[1:]):
        empty = [] if isinstance(following, int) else {}
        if isinstance(at, list):
            at.extend(["203.0.113.5"] * (key - len(at)) + [empty] * (key == len(at)))
        else:
            at.setdefault(key, empty)
        at = at[key]
    if isinstance(at, list):
        at.extend(["203.0.113.5"] * (keys[-1] + 1 - len(at)))
    at[keys[-1]] = value


def get(value, path):
    for key in path.split("."):
        if value in (None, []):
            return None
        value = value[int(key)] if key.isdigit() else value.get(key)
    return value


def log_of(value):
    """A log in which event i has the value (bytes of JSON, or what gives them for a field) in field i, and the last one none; two minutes
    lie between events."""
    for number, (path, _) in enumerate([*FIELDS, ("other", None)]):
        time = f"2026-01-01T{number * 2 // 60:02}:{number * 2 % 60:02}:00.000000Z"
        event = {
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse", "auditID": f"id-{number}", "stage": "ResponseComplete",
            "requestURI": f"/api/v1/namespaces/n/pods/p{number}", "verb": "create", "user": {"username": f"user-{number}"},
            "sourceIPs": ["203.0.113.5"], "userAgent": "kubectl/v1.30", "objectRef": {"resource": "pods", "namespace": "n", "name": f"p{number}"},
            "responseStatus": {"code": 201}, "requestReceivedTimestamp": time, "stageTimestamp": time,
        }  # fmt: skip
        put(event, path, "@@@")
        before, after = json.dumps(event).encode().split(b'"@@@"')
        yield before
        yield b"null" if number == len(FIELDS) else value if isinstance(value, bytes) else value(path)
        yield after + b"\n"


def exec_log(text):
    """Commands and query keys reach the report through the URI."""
    coded = urllib.parse.quote(text.encode("utf-8", "surrogatepass"))
    lines = b"".join(log_of(json.dumps(f"/api/v1/namespaces/n/pods/p/exec?command=sh&command={coded}&{coded}=1").encode()))
    for line in lines.splitlines():
        event = json.loads(line)
        event["objectRef"] = {"resource": "pods", "subresource": "exec", "namespace": "n", "name": "p"}
        yield json.dumps(event).encode() + b"\n"


class Page(html.parser.HTMLParser):
    """The tags of a page with the names of their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.tags.add(("comment", data))


def without_marks(tags):
    return tags - {("span", ("class",))}


class Test:
    def __init__(self, davy, folder):
        self.davy, self.folder = davy, folder
        self.points, self.plain_tags = [], set()
        (folder / "every-event.yml").write_text(
            "title: Every event\nid: 7f0fc0de-0000-4000-8000-000000000003\nlogsource: {product: kubernetes, service: audit}\n"
            "detection:\n  event: {auditID|exists: true}\n  condition: event\nlevel: high\n"
        )

    def point(self, good, name, *why):
        self.points.append(bool(good))
        print(f"{'ok' if good else 'not ok'} {len(self.points)} - {name}", flush=True)
        for line in why if not good else ():
            print(f"#   {line!r}")

    def run(self, log, style, *options):
        command = [self.davy, "detect", "--quiet", "--rules", self.folder / "every-event.yml", "--format", style, *options, log]
        run = subprocess.run(command, capture_output=True, check=False)
        complaint = run.stderr.decode("utf-8", "replace")
        if BAD_CHARACTERS.search(complaint):
            return run.returncode, None, f"standard error: {BAD_CHARACTERS.search(complaint)}"
        try:
            out = run.stdout.decode()
        except UnicodeDecodeError as error:
            return run.returncode, None, f"not UTF-8: {error}"
        found = BAD_CHARACTERS.search(out)
        return run.returncode, None if found else out, found or complaint

    def attack(self, name, log, wanted=None, told=True, alerts=len(FIELDS) + 1, options=(), smaller=None):
        """All formats of a log, given as pieces of bytes; of a smaller one all but JSON, when there is one."""
        pieces, log = log, self.folder / "audit.jsonl"
        with log.open("wb") as file:
            file.writelines(pieces)
        self.check_json(name, log, wanted, alerts, options)
        if smaller:
            with log.open("wb") as file:
                file.writelines(smaller)
        self.check_text(name, log, told, options)
        self.check_html(name, log, told, options)
        log.unlink()

    def check_json(self, name, log, wanted, alerts, options):
        exports = [self.folder / "layer.json", self.folder / "bundle.json"]
        code, out, why = self.run(log, "json", "--navigator", exports[0], "--stix", exports[1], *options)
        if out is None or code != 1 or re.search("[<>&']", out):
            self.point(False, f"{name}: json is inert, and says it again", code, why)
            return
        records = [json.loads(line) for line in out.splitlines()]
        told = [record for record in records if record["kind"] == "alert"]
        counters = records[-1]["counters"]
        lost = len(FIELDS) + 1 - len(told) - counters["bad_records"]
        wrong = [record for record in told if len(json.dumps(record)) > 8 << 20]
        for (path, place), record in zip(FIELDS, told):
            if wanted is not None and place and get(record, place) != wanted:
                wrong.append((path, get(record, place)))
        wrong += [found for found in map(self.wrong_in_export, exports) if found]
        self.point(len(told) == alerts and not lost and not wrong, f"{name}: json is inert, and says it again", len(told), lost, counters, *wrong)

    def wrong_in_export(self, path):
        try:
            text = path.read_bytes().decode()
            json.loads(text)
        except (OSError, ValueError) as error:
            return f"{path.name}: {error}"
        return BAD_CHARACTERS.search(text) or (len(text) > 8 << 20 and f"{path.name}: {len(text)} bytes")

    def check_text(self, name, log, told, options):
        code, out, why = self.run(log, "text", *options)
        good = out is not None and code == 1 and len(out) < 1 << 20 and max(map(len, out.splitlines())) <= 100
        self.point(good and (not told or out.count(MARK) > 10), f"{name}: text is inert", code, why)

    def check_html(self, name, log, told, options):
        code, out, why = self.run(log, "html", *options)
        if out is None or code != 1 or len(out) > 1 << 20:
            self.point(False, f"{name}: html is inert", code, why, out and len(out))
            return
        page = Page(out)
        if name.startswith("plain"):
            self.plain_tags |= page.tags
        more = without_marks(page.tags) - self.plain_tags
        shown = not told or "".join(page.text).count(MARK) > 10
        self.point(not more and shown, f"{name}: html is inert", more, shown)


def run_all(test):
    for name, (written, meant) in ATTACKS.items():
        test.attack(name, log_of(b'"' + written + b'"'), meant)
    test.attack("10 MB", log_of(HUGE), smaller=log_of(lambda path: HUGE if path in HUGE_EVERYWHERE else LARGE))
    for name, value in SHAPES.items():
        test.attack(name, log_of(value), told=False)
    for name, value in BAD.items():
        test.attack(name, log_of(value), told=False, alerts=1)
    for name in ("terminal escapes", "invisible characters"):
        test.attack(f"{name} in a command", exec_log(ATTACKS[name][1]))
    test.attack("terminal escapes as name of the cluster", log_of(b'"Q7"'), options=("--cluster", "Q7\x1b[2J<b>\u202e"))
    print(f"1..{len(test.points)}")


with tempfile.TemporaryDirectory() as made:
    run_all(Test(sys.argv[1], pathlib.Path(made)))
