#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""watch.py DAVY SCHEMAS: does `davy posture --watch` tell what becomes better and worse as it happens, whatever becomes of its watches, and end
when it is told to?

The server is ours (apiserver.py), on this machine."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

from apiserver import Cluster, Server, hold_port
from tap import point, run_all

DAVY = os.path.abspath(sys.argv[1])
SOON = 20  # seconds; a busy machine is slow


def pod(name, privileged, **more):
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"containers": [{"name": "c", "image": "nginx", "securityContext": {"privileged": privileged}}]}, **more}


def binding(name, user):
    return {"metadata": {"name": name}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "all"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]}


def cluster():
    return Cluster({"namespaces": [{"metadata": {"name": "shop"}}], "pods": [pod("calm", False), pod("bad", True)],
                    "clusterroles": [{"metadata": {"name": "all"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}]})


class Watching:
    """davy, with what it has said so far."""

    def __init__(self, folder, server, *options):
        config = pathlib.Path(folder) / "config"
        config.write_text(json.dumps({
            "kind": "Config", "current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "blue", "user": "u"}}],
            "clusters": [{"name": "blue", "cluster": {"server": f"http://127.0.0.1:{server.port}"}}], "users": [{"name": "u", "user": {}}]}))
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and k != "KUBECONFIG"}
        command = [DAVY, "posture", "--watch", "--kubeconfig", str(config), "--timeout", "1s", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.out, self.err = [], []
        for stream, lines in ((self.process.stdout, self.out), (self.process.stderr, self.err)):
            threading.Thread(target=self.read, args=(stream, lines), daemon=True).start()
        self.started = self.says("watching", self.err)

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append(line)

    def says(self, text, lines=None, seconds=SOON):
        lines = self.out if lines is None else lines
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(text in line for line in list(lines)):
                return True
            time.sleep(0.02)
        return False

    def end(self, number=signal.SIGTERM):
        start = time.monotonic()
        self.process.send_signal(number)
        try:
            status = self.process.wait(SOON)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "it did not end"
        return status if time.monotonic() - start < 5 else "it took its time"

    def __str__(self):
        return "".join(self.out[-20:] + self.err)


def what_happens_is_told(folder):
    c = cluster()
    w = Watching(folder, Server(c))
    point("the state at first is told, and then it watches", w.started and w.says("privileged-container"), w)
    c.change("ADDED", "pods", pod("worse", True))
    point("what is added and unhealthy is new", w.says("new: high: privileged-container: Pod shop/worse: "), w)
    point("and the score", w.says("blue: secure score "), w)
    c.change("MODIFIED", "pods", pod("worse", False))
    point("what is changed and healthy is gone", w.says("gone: high: privileged-container: Pod shop/worse"), w)
    c.change("DELETED", "pods", pod("bad", True))
    point("and so is what is deleted", w.says("gone: high: privileged-container: Pod shop/bad"), w)
    c.change("ADDED", "clusterrolebindings", binding("door", "system:anonymous"))
    point("what follows from several objects is judged, too", w.says("new: critical: anonymous-grant: ClusterRoleBinding door: user system:anonymous"), w)
    n = len(w.out)
    c.change("MODIFIED", "pods", pod("calm", False, status={"phase": "Running"}))
    c.change("MODIFIED", "nodes", {"metadata": {"name": "n", "resourceVersion": "99"}, "status": {"conditions": [{"lastHeartbeatTime": "now"}]}})
    c.change("ADDED", "pods", pod("\x1b[31mlast", True))
    point("hostile names are escaped", w.says("Pod shop/\\x1b[31mlast") and "\x1b" not in "".join(w.out), w)
    point("what nobody judges is not told", not any("calm" in line for line in w.out[n:]), w)
    point("SIGTERM ends it: status 1, for something new was critical", w.end() == 1, w)
    point("nothing is said but what is to be said", [line for line in w.err if "watching" not in line] == [], w)


def in_json(folder):
    c = cluster()
    w = Watching(folder, Server(c), "--format", "json")
    point("json: it watches", w.started, w)
    c.change("ADDED", "pods", pod("worse", True))
    good = w.says('"kind":"comparison"')
    lines = [json.loads(line) for line in w.out]
    change = lines[-1]
    new = [x["object"]["name"] for x in change.get("new", []) if x["control"]["id"] == "privileged-container"]
    point("json: a comparison for each change", good and new == ["worse"] and change["gone"] == [] and change["time"].endswith("Z") and change["with"] == "watch", w)
    point("behind the findings and the score of the beginning", [line["kind"] for line in lines].count("score") == 1, w)
    try:
        import jsonschema
        jsonschema.Draft202012Validator(json.loads(pathlib.Path(sys.argv[2], "comparison.schema.json").read_text())).validate(change)
    except ImportError:
        pass
    point("SIGINT ends it, too", w.end(signal.SIGINT) == 1, w)


def versions(c, plural):
    return [int(query["resourceVersion"][0]) for _, path, query, *_ in c.requests if path.endswith("/" + plural) and "watch" in query]


def what_is_closed_goes_on(folder):
    c = cluster()
    w = Watching(folder, Server(c))
    c.change("ADDED", "pods", pod("one", True))
    point("a watch tells", w.says("new: high: privileged-container: Pod shop/one"), w)
    point("it goes on from its bookmark when the server closes it (in 10 s)", wait_for(lambda: len(versions(c, "pods")) > 1, 30)
          and versions(c, "pods")[1] > versions(c, "pods")[0], versions(c, "pods"))
    c.change("ADDED", "pods", pod("two", True))
    point("and tells what comes then", w.says("new: high: privileged-container: Pod shop/two"), w)
    point("and it ends", w.end() == 1, w)


def what_expired_is_listed_again(folder):
    c = cluster()
    w = Watching(folder, Server(c))
    c.change("ADDED", "pods", pod("one", True))
    point("before anything expires", w.says("new: high: privileged-container: Pod shop/one"), w)
    c.objects["pods"] = [pod("two", True)]  # in silence
    c.forget()
    point("410 in the stream: the list is read again: what came and went in between", w.says("new: high: privileged-container: Pod shop/two", seconds=40)
          and w.says("gone: high: privileged-container: Pod shop/one"), w)
    c.change("ADDED", "pods", pod("three", True))
    point("and watched again", w.says("new: high: privileged-container: Pod shop/three"), w)

    def expired(handler, query):
        return "watch" in query and int(query["resourceVersion"][0]) < c.oldest and (handler.refuse(410, "Expired", "too old") or True)
    c.hooks["/api/v1/pods"] = lambda handler, path, query: expired(handler, query) or None
    c.objects["pods"] = [pod("four", True)]
    c.forget()
    point("410 as the answer: the same", w.says("new: high: privileged-container: Pod shop/four", seconds=40)
          and w.says("gone: high: privileged-container: Pod shop/two"), w)
    refuse = [True]
    c.hooks["/api/v1/pods"] = lambda handler, path, query: (expired(handler, query) or handler.refuse(403, "Forbidden", "not now") or True
                                                            if refuse else None)
    c.objects["pods"] = []
    c.forget()
    point("a list that cannot be read again keeps what there was, and it is said", w.says("Pod could not be read again: 403 Forbidden: not now", w.err, 40), w)
    time.sleep(2)
    point("nothing is gone meanwhile", not any("gone" in line and "shop/four" in line for line in w.out), w)
    refuse.clear()
    point("until it can be", w.says("gone: high: privileged-container: Pod shop/four", seconds=60), w)
    point("what got better and what got worse: status 1", w.end() == 1, w)


def wait_for(true, seconds=SOON):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def bad_watches(folder):
    c = cluster()
    mood = ["garbage"]

    def hook(handler, _path, query):
        if "watch" not in query or mood[0] == "good":
            return None
        if mood[0] == "garbage":
            handler.stream()
            handler.wfile.write(b'{"type":"ADDED","object":\x1b[31m}\n')
        else:
            handler.refuse(403, "Forbidden", "no watching of pods")
        handler.close_connection = True
        return True

    c.hooks["/api/v1/pods"] = hook
    w = Watching(folder, Server(c))
    point("nonsense in a watch is said, once", w.says("the watch was interrupted, and is tried again: the server told of something", w.err), w)
    c.change("ADDED", "clusterrolebindings", binding("door", "system:anonymous"))
    point("others go on", w.says("new: critical: anonymous-grant"), w)
    mood[0] = "refused"
    before = len(versions(c, "pods"))
    point("it is tried again, more and more seldom", wait_for(lambda: len(versions(c, "pods")) > before) and len(versions(c, "pods")) < 30, versions(c, "pods"))
    mood[0] = "good"
    c.change("ADDED", "pods", pod("late", True))
    point("and as soon as it works what was missed is told", w.says("new: high: privileged-container: Pod shop/late", seconds=60), w)
    point("nothing is said twice", sum("interrupted" in line for line in w.err) <= 3, w)
    c.objects["pods"].append(pod("x", False))
    point("SIGTERM ends it in the middle of that", w.end() == 1, w)


def a_watch_that_hangs(folder):
    c = cluster()
    held = []

    def hang(handler, path, query):
        if "watch" not in query:
            return None
        handler.stream()
        held.append(path)
        time.sleep(60)
        handler.close_connection = True
        return True

    c.hooks["/api/v1/services"] = hang
    c.hooks["/api/v1/pods"] = lambda handler, path, query: None if path in held else hang(handler, path, query)
    w = Watching(folder, Server(c))
    point("two watches hang", wait_for(lambda: len(held) == 2), held)
    c.change("ADDED", "pods", pod("unseen", True))
    point("a watch that says nothing more is given up", w.says("new: high: privileged-container: Pod shop/unseen", seconds=60), w)
    point("and it ends while one hangs", w.end() == 1, w)


def a_server_that_goes_and_comes(folder):
    c = cluster()
    first = Server(c)
    w = Watching(folder, first)
    c.hooks["*"] = lambda handler, path, query: handler.connection.close() or True
    with c.news:  # all watches end
        c.version += 1
        c.news.notify_all()
    del c.hooks["*"]
    first.shutdown()
    first.server_close()
    with hold_port(first.port):
        time.sleep(2)
        c.change("ADDED", "pods", pod("meanwhile", True))
        second = Server(c, port=first.port)
    point("a server that was gone: what happened meanwhile is told", w.says("new: high: privileged-container: Pod shop/meanwhile", seconds=90), w)
    point("and it ends", w.end() == 1, w)
    second.shutdown()


def all_end_at_once(folder):
    """Nothing is running any more when davy looks again, and nobody else wakes it."""
    c = cluster()
    w = Watching(folder, Server(c))
    w.process.send_signal(signal.SIGSTOP)
    time.sleep(10.6)  # the server closes watches after 10 s, davy after 11
    w.process.send_signal(signal.SIGCONT)
    c.change("ADDED", "pods", pod("after", True))
    point("watches that ended all at once are begun again", w.says("new: high: privileged-container: Pod shop/after"), w)
    point("and it ends, too", w.end() == 1, w)


def wrong_options(folder):
    for options in (["x.yaml"], ["--profile", "pss:baseline:latest"], ["--format", "sarif"], ["--compare", "x"],
                    ["--history", "h", "--show"], ["--namespace", "shop"]):
        done = subprocess.run([DAVY, "posture", "--watch", *options], capture_output=True, text=True, check=False, cwd=folder)
        point(f"status 2: {' '.join(options)}", done.returncode == 2 and "--watch" in done.stderr, done)


with tempfile.TemporaryDirectory() as made:
    run_all((what_happens_is_told, in_json, what_is_closed_goes_on, what_expired_is_listed_again, bad_watches, a_watch_that_hangs,
             a_server_that_goes_and_comes, all_end_at_once, wrong_options), made, at_once=9)
