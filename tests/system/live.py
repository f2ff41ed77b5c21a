#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""live.py DAVY: does davy read a live cluster as it reads a dump, whatever servers, proxies and plugins do, in bounded time and without ever
showing a credential?

The server is ours (apiserver.py), on this machine."""
import copy
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

from apiserver import Cluster, Proxy, Server, server_tls
from tap import point, run_all

DAVY = os.path.abspath(sys.argv[1])
TOKEN = "hunter2-is-the-token"

OBJECTS = {
    "namespaces": [{"metadata": {"name": n}} for n in ("default", "shop", "kube-system")],
    "clusterroles": [{"metadata": {"name": "cluster-admin"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}],
    "clusterrolebindings": [{"metadata": {"name": f"b{i}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
                             "subjects": [{"kind": "ServiceAccount", "namespace": "shop", "name": f"s{i}"}]} for i in range(5)],
    "serviceaccounts": [{"metadata": {"name": f"s{i}", "namespace": "shop"}} for i in range(5)],
    "secrets": [{"metadata": {"name": "t", "namespace": "shop", "annotations": {"kubernetes.io/service-account.name": "s1"}},
                 "type": "kubernetes.io/service-account-token", "data": {"token": "c2VjcmV0"}},
                {"metadata": {"name": "bootstrap-token-a", "namespace": "kube-system"}, "type": "bootstrap.kubernetes.io/token", "data": {}},
                {"metadata": {"name": "plain", "namespace": "shop"}, "type": "Opaque", "data": {"a": "c2VjcmV0"}}],
    "configmaps": [{"metadata": {"name": "c", "namespace": "shop"}, "data": {"k": "-----BEGIN PRIVATE KEY-----"}}],
    "pods": [{"metadata": {"name": f"p{i}", "namespace": "shop"},
              "spec": {"containers": [{"name": "c", "image": "nginx", "securityContext": {"privileged": i == 3}}]}} for i in range(7)],
    "services": [{"metadata": {"name": "s", "namespace": "shop"}, "spec": {"type": "NodePort", "selector": {"a": "b"}}}],
}


class Done:
    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds

    def __str__(self):
        return f"status {self.status}, {self.seconds:.1f} s\n{self.out[:3000]}\n{self.err[:3000]}"

    def hides(self):
        return "hunter2" not in self.out + self.err


def davy(*arguments, env=None):
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and k != "KUBECONFIG"}
    environment.update({"HOME": "/nonexistent"}, **(env or {}))
    start = time.monotonic()
    done = subprocess.run([DAVY, *arguments], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, timeout=120, check=False)
    return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


class Place:
    """A folder with kubeconfigs."""

    def __init__(self, folder):
        self.folder, self.n = folder, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def config(self, server, user=None, **cluster):
        self.n += 1
        return self.write(f"config{self.n}", json.dumps({
            "kind": "Config", "current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "blue", "user": "u"}}],
            "clusters": [{"name": "blue", "cluster": {"server": server, **cluster}}], "users": [{"name": "u", "user": {"token": TOKEN} if user is None else user}]}))

    def posture(self, server, *arguments, user=None, env=None, **cluster):
        return davy("posture", "--kubeconfig", self.config(server, user, **cluster), "--fail-on", "never", *arguments, env=env)


def http(server):
    return f"http://127.0.0.1:{server.port}"


def findings(text):
    """What is found, without where it was read."""
    lines = [json.loads(line) for line in text.splitlines()]
    return sorted(json.dumps({k: v for k, v in line.items() if k not in ("evidence", "cluster")}, sort_keys=True) for line in lines)


def dump(objects):
    from apiserver import KINDS, api_version
    items = [dict(i, kind=kind, apiVersion=api_version(g, v)) for g, v, plural, kind in KINDS for i in objects.get(plural, [])]
    return json.dumps({"kind": "List", "apiVersion": "v1", "items": items})


# --- reading -------------------------------------------------------------------------------------------------------------------------

def reading(place):
    cluster = Cluster(OBJECTS, page=2)
    server = Server(cluster)
    live = place.posture(http(server), "-f", "json", "--all")
    file = davy("posture", "--fail-on", "never", "-f", "json", "--all", place.write("dump.json", dump(OBJECTS)))
    point("a live cluster, in pages of two, is judged as its dump is", live.status == 0 and findings(live.out) == findings(file.out) and len(live.out) > 5000,
          f"{live}\n{file}")
    point("the cluster has the kubeconfig's name", '"cluster":"blue"' in live.out, live)
    mesh = copy.deepcopy(OBJECTS)
    mesh["pods"].append({"metadata": {"name": "page", "namespace": "shop", "labels": {"app": "page"}},
                         "spec": {"containers": [{"name": "c", "image": "kubernetesui/dashboard:v2.0.0", "ports": [{"containerPort": 9090}]}]}})
    mesh["services"].append({"metadata": {"name": "page", "namespace": "shop"}, "spec": {"selector": {"app": "page"}, "ports": [{"port": 80, "targetPort": 9090}]}})
    mesh["gateways"] = [{"metadata": {"name": "g", "namespace": "mesh"}, "spec": {"servers": [{"port": {"number": 443}, "tls": {"mode": "SIMPLE"}, "hosts": ["*"]}]}}]
    mesh["virtualservices"] = [{"metadata": {"name": "v", "namespace": "shop"}, "spec": {
        "hosts": ["h.example"], "gateways": ["mesh/g"], "http": [{"route": [{"destination": {"host": "page", "port": {"number": 80}}}]}]}}]
    live = place.posture(http(Server(Cluster(mesh))), "-f", "json")
    doors = [line for line in map(json.loads, live.out.splitlines()) if line.get("control", {}).get("id") == "exposed-interface"]
    point("routes of Istio are read, too", [d["status"] for d in doors] == ["unhealthy"] and "VirtualService" in json.dumps(doors), live)
    # What Kubernetes makes depends on its version, which the server says.
    later = {"clusterroles": [{"metadata": {"name": "system:basic-user"}, "rules": [
        {"apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"], "verbs": ["create"]}]}]}
    expected = {None: False, "v1.20.2": True, "v1.25.0-gke.100": True, "v1.26.0": False, "v1.26+": False, "v1.99.1": False, "v2.20.0": False, "1.20": False,
                "v1.-1": False}
    changed = {release: "gives create selfsubjectreviews" in place.posture(http(Server(Cluster(later, release=release))), "-f", "json").out for release in expected}
    point("roles are held against the version that /version says", changed == expected, changed)
    done = place.posture(http(Server(Cluster({}, release="v1.30.0"))), "-f", "json")
    point("a version alone is no cluster that was read: status 3", done.status == 3 and "no Kubernetes object was found" in done.err, done)
    broken = Cluster(later)
    broken.hooks["/version"] = lambda h, p, q: h.refuse(400, "Bad Request", "no") or True
    done = place.posture(http(Server(broken)), "-f", "json")
    point("a server that fails to say its version: said, and the rest is judged", "/version: warning: 400 Bad Request" in done.err and '"percent":100' in done.out, done)
    done = place.posture(http(server), "-f", "sarif")
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in json.loads(done.out)["runs"][0]["results"]}
    point("SARIF has addresses of lists", http(server) + "/api/v1/pods" in uris, uris)
    point("nothing but GET is asked", {r[0] for r in cluster.requests} == {"GET"})
    point("lists are asked for in pages", any(r[2].get("continue") == ["2"] and r[2]["limit"] == ["500"] for r in cluster.requests))
    secrets = [r for r in cluster.requests if r[1] == "/api/v1/secrets"]
    values = [r for r in secrets if "PartialObjectMetadataList" not in r[3]["Accept"]]
    point("values of Secrets are not asked for, but of tokens that join nodes",
          len(secrets) >= 3 and all(r[2]["fieldSelector"] == ["type=bootstrap.kubernetes.io/token"] for r in values), secrets)
    point("the token is shown to the server, in a header of its own", all(r[3].get("Authorization") == "Bearer " + TOKEN for r in cluster.requests))
    done = davy("access", "who-can", "delete", "pods", "--kubeconfig", place.config(http(server)))
    point("access who-can asks the cluster", done.status == 0 and done.out.count("serviceaccount shop/") == 5, done)
    done = davy("access", "credentials", "--kubeconfig", place.config(http(server)), "-f", "json")
    point("access credentials asks the cluster", done.status in (0, 1) and '"join-token"' in done.out and '"token"' in done.out, done)
    done = davy("access", "path", "serviceaccount:shop/s1", "cluster-admin", "--kubeconfig", place.config(http(server)))
    point("access path asks the cluster", done.status == 1, done)
    fewer = copy.deepcopy(OBJECTS)
    fewer["clusterrolebindings"].pop()
    done = davy("access", "diff", place.write("old.json", dump(fewer)), "--kubeconfig", place.config(http(server)))
    point("access diff compares with the cluster", done.status == 1 and "s4" in done.out, done)
    prefixed = Server(Cluster(OBJECTS, prefix="/k8s/clusters/c-1"))
    done = place.posture(http(prefixed) + "/k8s/clusters/c-1/")
    point("a server may have a path", done.status == 0 and "secure score" in done.out, done)
    done = davy("posture", "--kubeconfig", place.config(http(server)), place.path("dump.json"))
    point("a PATH and a cluster exclude each other", done.status == 2, done)
    done = davy("posture")
    point("neither PATH nor cluster: status 2", done.status == 2 and "there is no kubeconfig" in done.err, done)
    one = place.config(http(server), user={})
    done = davy("posture", "--fail-on", "never", "--context", "x", env={"KUBECONFIG": f"{place.path('none')}:{one}"})
    point("KUBECONFIG may name several files", done.status == 0, done)


def pages(place):
    state = {"refused": 0}

    def gone_once(handler, _path, query):
        if query.get("continue") == ["2"] and not state["refused"]:
            state["refused"] = 1
            handler.refuse(410, "Expired", "too old", metadata={"continue": "3"})
            return True
        return None
    cluster = Cluster(OBJECTS, page=2)
    cluster.hooks["/api/v1/pods"] = gone_once
    done = place.posture(http(Server(cluster)), "-f", "json", "--all")
    names = {json.loads(line)["object"]["name"] for line in done.out.splitlines() if '"kind":"finding"' in line and '"privileged-container"' in line}
    point("410 with a token: the list goes on from there", done.status == 0 and state["refused"] and names == {"p0", "p1", "p3", "p4", "p5", "p6"}, done)

    def gone(handler, _path, query):
        if query.get("continue") == ["4"] and state["refused"] < 3:
            state["refused"] += 1
            handler.refuse(410, "Expired", "too old")
            return True
        return None
    cluster.hooks["/api/v1/pods"] = gone
    done = place.posture(http(Server(cluster)), "-f", "json", "--all")
    names = [json.loads(line)["object"]["name"] for line in done.out.splitlines() if '"kind":"finding"' in line and '"privileged-container"' in line]
    point("410 without one: the list begins anew, and nothing is judged twice", done.status == 0 and sorted(names) == [f"p{i}" for i in range(7)], done)
    cluster.hooks["/api/v1/pods"] = lambda h, p, q: h.refuse(410, "Expired", "too old") or True if "continue" in q else None
    done = place.posture(http(Server(cluster)))
    point("410 for ever: it ends, and is said", "/api/v1/pods: warning: Pod was read in part: 410 Gone" in done.err, done)
    cluster.hooks["/api/v1/pods"] = lambda h, p, q: h.send(200, {"kind": "PodList", "apiVersion": "v1", "metadata": {"continue": "x"}, "items": []}) or True
    done = place.posture(http(Server(cluster)))
    point("a list that goes round in circles ends", "does not come to its end" in done.err, done)


# --- what goes wrong -----------------------------------------------------------------------------------------------------------------

def answering(place):
    """A cluster, where it is, and what has it answer otherwise at a path and looks at it."""
    cluster = Cluster(OBJECTS)
    url = http(Server(cluster))

    def one(path, hook):
        cluster.hooks = {path: hook}
        return place.posture(url)
    return cluster, url, one


def failing(place):
    cluster, url, one = answering(place)
    done = one("/api/v1/secrets", lambda h, p, q: h.refuse(403, "Forbidden", f"secrets is forbidden: you sent {TOKEN}\x1b[31m") or True)
    point("403 on a kind: the rest is judged, and it is said", done.status == 0 and "Secret could not be read: 403 Forbidden" in done.err, done)
    point("a token that a server repeats is hidden, and its escapes are harmless", done.hides() and "[hidden]" in done.err and "\x1b" not in done.err, done)
    cluster.hooks = {"/apis/rbac.authorization.k8s.io/v1/roles": lambda h, p, q: h.refuse(403, "Forbidden", "no") or True}
    done = davy("access", "anonymous", "--kubeconfig", place.config(url))
    point("access over half of the roles is no answer: status 3", done.status == 3 and "not everything could be read" in done.err, done)
    cluster.hooks = {"/apis/rbac.authorization.k8s.io/v1/clusterroles": lambda h, p, q: h.refuse(403, "Forbidden", "no") or True}
    done = davy("access", "anonymous", "--kubeconfig", place.config(url))
    point("a role that could not be read is not said to be absent", done.status == 3 and "could not be read: what it gives is not known" in done.err
          and "is not there" not in done.err, done)
    done = one("*", lambda h, p, q: h.refuse(401, "Unauthorized", "Unauthorized") or True)
    point("401: status 3, and the address", done.status == 3 and "/apis: 401 Unauthorized" in done.err, done)
    done = place.posture("http://127.0.0.1:1", "--timeout", "2s")
    point("nobody there: status 3", done.status == 3 and "127.0.0.1:1" in done.err, done)


def hanging(place, *paths):
    """A cluster that says nothing at some of its paths."""
    cluster = Cluster(OBJECTS)
    cluster.hooks = {path: lambda h, p, q: time.sleep(60) for path in paths}
    return place.posture(http(Server(cluster)), "--timeout", "3s")


def hanging_list(place):
    done = hanging(place, "/api/v1/pods")
    point("a list that hangs is given up", done.status == 0 and "Pod could not be read: the server said nothing for 3 s" in done.err and done.seconds < 45, done)


def hanging_server(place):
    done = hanging(place, "*")
    point("a server that hangs: status 3, in time", done.status == 3 and "said nothing for 3 s" in done.err and done.seconds < 45, done)


def hanging_group(place):
    done = hanging(place, "/apis/apps/v1")
    point("one group that hangs costs its kinds alone", done.status == 0 and "Deployment could not be read: the server said nothing for 3 s" in done.err
          and "Role could not" not in done.err and done.seconds < 45, done)


def hanging_lists(place):
    done = hanging(place, "/api/v1/pods", "/api/v1/podtemplates", "/apis/apps/v1/deployments", "/api/v1/nodes")
    point("after two lists without an answer nothing more is asked", "not asked for" in done.err and done.seconds < 45, done)


def cut_off(place):
    _, _, one = answering(place)

    def cut(h, _p, _q):
        h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"kind\":\"PodList\"")
        h.close_connection = True
        return True
    done = one("/api/v1/pods", cut)
    point("an answer that is cut off is none", "Pod could not be read" in done.err, done)


def wrong_answers(place):
    _, _, one = answering(place)
    done = one("/api/v1/pods", lambda h, p, q: h.send(200, None, text=b'{"kind":"PodList","items":[{"metadata":') or True)
    point("half of a list is none", "Pod could not be read: the answer is not JSON" in done.err, done)
    done = one("/api/v1/pods", lambda h, p, q: h.send(200, None, text=b"<html>login</html>") or True)
    point("a page is no list", "Pod could not be read: the answer is not JSON" in done.err, done)
    done = one("/api/v1/pods", lambda h, p, q: h.send(200, {"kind": "Pod", "items": []}) or True)
    point("an object is no list", "the answer is no list" in done.err, done)
    done = one("/api/v1", lambda h, p, q: h.send(200, []) or True)
    point("a server that does not say what it has", "no APIResourceList" in done.err, done)
    target = Cluster(OBJECTS)
    other = Server(target)
    done = one("*", lambda h, p, q: h.send(302, {}, [("Location", http(other) + p)]) or True)
    point("redirects are not followed", done.status == 3 and "302 redirected" in done.err and not target.requests, done)


def long_answers(place):
    _, _, one = answering(place)

    def endless(h, _p, _q):
        h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while True:
            h.wfile.write(b" " * (1 << 20))
    done = one("/api/v1/pods", endless)
    point("an answer without end is cut", "Pod could not be read: the answer is longer than 67108864 bytes" in done.err, done)
    bomb = gzip.compress(b" " * (80 << 20))
    done = one("/api/v1/pods", lambda h, p, q: h.send(200, None, [("Content-Encoding", "gzip")], text=bomb) or True)
    point("and so is one that unpacks to more", "the answer is longer than" in done.err, done)

    def one_large(h, _p, query):
        if int(query["limit"][0]) > 10 and "continue" not in query:
            h.send(200, None, text=b" " * (70 << 20))
            return True
        return None
    done = one("/api/v1/pods", one_large)
    point("pages that are too long are asked for in smaller ones", done.status == 0 and "could not be read" not in done.err, done)


def half_readable(place):
    cluster = Cluster(OBJECTS)
    server = Server(cluster)

    def forbid(*paths):
        cluster.hooks = {p: lambda h, path, q: h.refuse(403, "Forbidden", "no") or True for p in paths}

    def sheet(*arguments):
        done = place.posture(http(server), "-f", "json", *arguments)
        lines = [json.loads(line) for line in done.out.splitlines()]
        return done, lines[:-1], lines[-1], {c["id"]: c for c in lines[-1]["controls"]}
    done, _, score, controls = sheet()
    point("a cluster that could be read has nothing unread", score["unread"] == [] and controls["network-policy"]["unhealthy"] == 7, done)
    rbac = "/apis/rbac.authorization.k8s.io/v1/"
    forbid(rbac + "roles", rbac + "clusterroles")
    done, found, score, controls = sheet()
    point("unread kinds stand in the score, with their reason",
          [(u["kind"], u["apiVersion"], u["why"], u["partly"]) for u in score["unread"]]
          == [(k, "rbac.authorization.k8s.io/v1", "403 Forbidden: no", False) for k in ("ClusterRole", "Role")], score["unread"])
    names = ("anonymous-grant", "everybody-grant", "cluster-admin-binding", "account-privileges", "built-in-changed", "wildcard-role")
    point("what depends on them is not assessable, and not healthy",
          all(controls[n]["not_assessable"] and not controls[n]["healthy"] and not controls[n]["score"] for n in names), [controls[n] for n in names])
    point("as findings, too", any(f["status"] == "not_assessable" and f["object"] == {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "namespace": None, "name": None}
                                  and f["control"]["id"] == "anonymous-grant" for f in found), done)
    point("the rest is judged", controls["privileged-container"]["unhealthy"] == 1 and controls["privileged-container"]["healthy"] == 6, controls["privileged-container"])
    forbid(rbac + "rolebindings")
    _, _, _, controls = sheet()
    point("what is seen to be unhealthy stays so", controls["cluster-admin-binding"]["unhealthy"] == 5 and controls["cluster-admin-binding"]["not_assessable"] == 1)
    forbid("/apis/networking.k8s.io/v1/networkpolicies")
    _, found, _, controls = sheet("--all")
    point("NetworkPolicies that were not read are not absent", not controls["network-policy"]["unhealthy"] and controls["network-policy"]["not_assessable"]
          and controls["network-policy"]["needs"] is None, controls["network-policy"])
    forbid("/api/v1/secrets", "/api/v1/pods")
    done = place.posture(http(server))
    point("the text says what was not read, and what is not known for it", "  not read: Secret: 403 Forbidden: no" in done.out
          and "not assessable, because of what was not read:" in done.out and "long-lived-token" in done.out, done)
    cluster.hooks = {}
    earlier = place.write("earlier.json", place.posture(http(server), "-f", "json").out)
    forbid("/api/v1/secrets")
    done = place.posture(http(server), "-f", "json", "--compare", earlier)
    became = json.loads(done.out.splitlines()[-1])
    point("compared with an earlier run: what was not read is not gone", {c["control"]["id"] for c in became["unseen"]} == {"long-lived-token", "bootstrap-token"}
          and not became["gone"] and not became["new"], became)
    forbid("/api/v1/secrets", "/api/v1/pods")
    done = place.posture(http(server), "-f", "prometheus")
    point("a metric counts kinds", 'davy_posture_unread_kinds{cluster="blue"} 2' in done.out, done)
    done = place.posture(http(server), "-f", "junit")
    point("JUnit: skipped, and why", '<skipped message="not everything could be read"/>' in done.out, done)
    done = place.posture(http(server), "--strict")
    point("--strict: status 3", done.status == 3 and "Secret could not be read" in done.err, done)
    done = place.posture(http(server), "--profile", "pss:baseline:latest")
    point("a Pod Security level over half of the pods: status 3", done.status == 3 and "not everything" in done.err, done)
    point("which asks for nothing but pods", not any(r[1] == "/api/v1/secrets" for r in cluster.requests[-8:]))
    forbid("/apis", "/api/v1", "/apis/rbac.authorization.k8s.io/v1")
    done = davy("access", "who-can", "get", "pods", "--kubeconfig", place.config(http(server)))
    point("whoever may not look around may still list", done.out.count("serviceaccount shop/") == 5, done)


def only_namespaces(place):
    """Whoever may list in some namespaces only."""
    objects = copy.deepcopy(OBJECTS)
    objects["pods"] += [{"metadata": {"name": "other", "namespace": "web"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}]
    objects["namespaces"] += [{"metadata": {"name": "web"}}]
    cluster = Cluster(objects)
    server = Server(cluster)

    def only(handler, path, _query):
        start, _, namespace = path.partition("/namespaces/")
        if path.count("/") > (2 if path.startswith("/api/") else 3) and namespace.split("/")[0] not in ("shop", "web"):
            handler.refuse(403, "Forbidden", "in all of it")
            return True
        if namespace == "web/pods":
            handler.refuse(403, "Forbidden", "not these")
            return True
        return None
    cluster.hooks["*"] = only
    done = place.posture(http(server), "-f", "json", "--all", "-n", "shop", "-n", "web", "--namespace", "shop")
    lines = [json.loads(line) for line in done.out.splitlines()]
    score = lines[-1]
    pods = [f["object"]["name"] for f in lines[:-1] if f["control"]["id"] == "privileged-container" and f["object"]["name"]]
    point("what may not be listed in the whole cluster is listed in the namespaces given, each once", done.status == 0 and sorted(pods) == [f"p{i}" for i in range(7)], done)
    unread = {u["kind"]: u for u in score["unread"]}
    point("it is read in part, and which namespace could not be read is said",
          unread["Pod"]["why"] == "403 Forbidden: in all of it; asked for in single namespaces; in web: 403 Forbidden: not these" and unread["Pod"]["partly"], unread.get("Pod"))
    point("what is in no namespace is not asked for in one", unread["ClusterRole"]["why"] == "403 Forbidden: in all of it" and not unread["ClusterRole"]["partly"]
          and not any(r[1].endswith("/clusterroles") and "namespaces" in r[1] for r in cluster.requests), unread.get("ClusterRole"))
    point("a namespace is asked for itself", any(r[1] == "/api/v1/namespaces/shop" for r in cluster.requests) and unread["Namespace"]["partly"], unread.get("Namespace"))
    controls = {c["id"]: c for c in score["controls"]}
    point("the score is over what was seen", controls["privileged-container"]["unhealthy"] == 1 and controls["privileged-container"]["not_assessable"],
          controls["privileged-container"])
    done = place.posture(http(server), "-f", "json")
    point("without namespaces nothing of them is read", '"partly":true' not in done.out, done)
    done = place.posture(http(server), "-n", "../..")
    point("what is no name of a namespace is refused", done.status == 2 and "no namespace can be called so" in done.err, done)
    cluster.hooks.clear()
    del cluster.requests[:]
    done = place.posture(http(server), "-f", "json", "-n", "shop")
    point("whoever may read the whole cluster reads it", done.status == 0 and not any("/namespaces/shop/" in r[1] for r in cluster.requests), done)
    cluster.hooks["*"] = only
    done = davy("access", "who-can", "delete", "pods", "-n", "shop", "--kubeconfig", place.config(http(server)))
    point("who-can reads the namespace that it asks about", done.status == 3 and any(r[1].endswith("/namespaces/shop/rolebindings") for r in cluster.requests), done)


AUDIT = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "1", "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/shop/pods",
         "verb": "list", "user": {"username": "system:serviceaccount:shop:s1", "groups": ["system:serviceaccounts", "system:authenticated"]},
         "sourceIPs": ["10.0.0.1"], "userAgent": "x", "objectRef": {"resource": "pods", "namespace": "shop", "apiVersion": "v1"},
         "responseStatus": {"code": 200}, "requestReceivedTimestamp": "2026-11-01T10:00:00.000000Z", "stageTimestamp": "2026-11-01T10:00:00.001000Z"}


def beside_logs(place):
    """Commands whose objects are an option."""
    cluster = Cluster(OBJECTS, page=2)
    config = place.config(http(Server(cluster)))
    file = place.write("objects.json", dump(OBJECTS))
    log = place.write("audit.log", json.dumps(AUDIT) + "\n")

    def both(*arguments):
        return davy(*arguments, "--objects", file), davy(*arguments, "--live", env={"KUBECONFIG": config})

    def same(file, live):
        place_of = f"http://127.0.0.1:{config_port}/"
        return live.status == file.status == 0 and live.out == file.out and place_of not in live.out and len(live.out) > 300
    with open(config, encoding="utf-8") as text:
        config_port = json.load(text)["clusters"][0]["cluster"]["server"].rpartition(":")[2]
    for name, arguments in (("policy export: policies", ("policy", "export", "--what", "admission")), ("policy export: labels", ("policy", "export", "--what", "pod-security")),
                            ("policy export: NetworkPolicies", ("policy", "export", "--what", "network")), ("access suggest", ("access", "suggest", "--from", log))):
        one, two = both(*arguments)
        point(f"{name} of the live cluster as of its dump", same(one, two), f"{one}\n{two}")
    one, two = both("detect", "--fail-on", "never", log)
    point("detect of the live cluster as of its dump", two.status == one.status == 0 and two.out == one.out, f"{one}\n{two}")
    done = davy("policy", "export", "--kubeconfig", config, "--objects", file)
    point("--objects and a cluster exclude each other", done.status == 2 and "not from both" in done.err, done)
    done = davy("detect", "--context", "x", log, env={"KUBECONFIG": config})
    point("--context means the cluster, too", done.status == 0, done)
    done = davy("policy", "export", "--what", "network", "--live")
    point("--live without a cluster: status 2", done.status == 2 and "there is no kubeconfig" in done.err, done)
    cluster.hooks["/api/v1/pods"] = lambda h, p, q: h.refuse(403, "Forbidden", "no") or True
    for name, arguments in (("policy export", ("policy", "export")), ("access suggest", ("access", "suggest", "--from", log))):
        done = davy(*arguments, "--kubeconfig", config)
        point(f"{name} over half of the objects is printed: status 3", done.status == 3 and "not everything could be read" in done.err and len(done.out) > 300, done)
    done = davy("detect", "--fail-on", "never", "--kubeconfig", config, log)
    point("detect goes on, and says it", done.status == 0 and "Pod could not be read: 403" in done.err, done)


def busy_server(place):
    _, _, one = answering(place)
    state = {"n": 0}

    def busy(h, _p, _q):
        state["n"] += 1
        if state["n"] < 3:
            h.refuse(429 if state["n"] == 1 else 503, "Busy", headers=[("Retry-After", "1")])
            return True
        return None
    done = one("/api/v1/pods", busy)
    point("429 and 503 are asked again when the server says", done.status == 0 and state["n"] == 3 and done.seconds > 2 and "could not" not in done.err, done)
    done = one("/api/v1/pods", lambda h, p, q: h.refuse(429, "Busy", headers=[("Retry-After", "3600")]) or True)
    point("a server that wants an hour is not waited for", "429 Too Many Requests" in done.err and done.seconds < 45, done)


def broken_server(place):
    cluster, _, one = answering(place)
    done = one("/api/v1/pods", lambda h, p, q: h.refuse(500, "InternalError", "etcd") or True)
    asked = [r for r in cluster.requests if r[1] == "/api/v1/pods"]
    point("500 is asked again, five times in all", "500 Internal Server Error: etcd" in done.err and len(asked) == 5, done)


# --- TLS, proxies, credentials -------------------------------------------------------------------------------------------------------

def certificates(place):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=place.folder)
    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.crt",
                "-subj", f"/CN={name}", "-days", "2")
    for name, names in (("server", "DNS:api.test,IP:127.0.0.1"), ("named", "DNS:api.test"), ("user", "DNS:user")):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        place.write("ext", f"subjectAltName={names}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.crt", "-days", "2", "-extfile", "ext")


def tls(place):
    certificates(place)
    server = Server(Cluster(OBJECTS), server_tls(place.path("server.crt"), place.path("server.key")))
    url = f"https://127.0.0.1:{server.port}"
    done = place.posture(url, **{"certificate-authority": "ca.crt"})
    point("https with the kubeconfig's CA", done.status == 0 and not done.err, done)
    done = place.posture(url, **{"certificate-authority": "other.crt"})
    point("another CA: status 3", done.status == 3 and "certificate" in done.err, done)
    done = place.posture(url)
    point("no CA: the system's are asked, and do not know it", done.status == 3 and "certificate" in done.err, done)
    point("and no request was made", done.hides() and "secure" not in done.out)
    done = place.posture(url, **{"insecure-skip-tls-verify": True})
    point("insecure-skip-tls-verify: read, and warned of", done.status == 0 and "not verified" in done.err, done)
    done = place.posture(f"http://127.0.0.1:{Server(Cluster(OBJECTS)).port}")
    point("a token without TLS is warned of", done.status == 0 and "without TLS" in done.err, done)
    named = Server(Cluster(OBJECTS), server_tls(place.path("named.crt"), place.path("named.key")))
    url = f"https://127.0.0.1:{named.port}"
    done = place.posture(url, **{"certificate-authority": "ca.crt"})
    point("a certificate for another name: status 3", done.status == 3, done)
    done = place.posture(url, **{"certificate-authority": "ca.crt", "tls-server-name": "api.test"})
    hosts = {r[3]["Host"] for r in named.cluster.requests}
    point("tls-server-name says which name it must have, and only that", done.status == 0 and hosts == {f"127.0.0.1:{named.port}"}, f"{done}{hosts}")


def mutual_tls(place):
    certificates(place)
    mutual = Server(Cluster(OBJECTS), server_tls(place.path("server.crt"), place.path("server.key"), place.path("ca.crt")))
    url = f"https://127.0.0.1:{mutual.port}"
    done = place.posture(url, user={"client-certificate": "user.crt", "client-key": "user.key"}, **{"certificate-authority": "ca.crt"})
    point("client certificates, relative to the kubeconfig", done.status == 0 and not any("Authorization" in r[3] for r in mutual.cluster.requests), done)
    done = place.posture(url, user={}, **{"certificate-authority": "ca.crt"})
    point("without one: status 3", done.status == 3, done)
    done = place.posture(url, user={"client-certificate": "gone.crt", "client-key": "user.key"}, **{"certificate-authority": "ca.crt"})
    point("a file that is not there is named", done.status == 3 and "gone.crt" in done.err, done)


def proxies(place):
    certificates(place)
    server = Server(Cluster(OBJECTS), server_tls(place.path("server.crt"), place.path("server.key")))
    url, ca = f"https://api.test:{server.port}", {"certificate-authority": "ca.crt"}
    proxy, socks = Proxy("http"), Proxy("socks")
    done = place.posture(url, **ca, **{"proxy-url": f"http://me:hunter2pass@127.0.0.1:{proxy.port}"})
    point("proxy-url, http", done.status == 0 and proxy.asked[0] == ("api.test", server.port) and proxy.authorization == "me:hunter2pass" and done.hides(), done)
    done = place.posture(url, **ca, **{"proxy-url": f"socks5://127.0.0.1:{socks.port}"})
    point("proxy-url, socks5: the proxy looks the name up", done.status == 0 and socks.asked[0] == ("api.test", server.port), f"{done}{socks.asked}")
    n = len(proxy.asked)
    done = place.posture(url, env={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}, **ca)
    point("HTTPS_PROXY", done.status == 0 and len(proxy.asked) > n, done)
    n = len(proxy.asked)
    done = place.posture(f"https://127.0.0.1:{server.port}", env={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}, **ca)
    point("not for this machine, as kubectl", done.status == 0 and len(proxy.asked) == n, done)
    done = place.posture(url, "--timeout", "2s", env={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "NO_PROXY": ".test"}, **ca)
    point("NO_PROXY", done.status == 3 and len(proxy.asked) == n, done)


PLUGIN = """#!/bin/sh
echo run >>"$0.runs"
printf '%s' "$KUBERNETES_EXEC_INFO" >"$0.info"
printf '%s|%s|%s' "$1" "$2" "$A" >"$0.args"
"""
ANSWER = """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{%s}}'
"""


def plugins(place):
    cluster = Cluster(OBJECTS)
    server = Server(cluster)

    def user(name, **more):
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": f"./{name}", "args": ["$(touch x)", "a b"], "interactiveMode": "IfAvailable",
                         "env": [{"name": "A", "value": "b;c"}], "installHint": "see example.com", **more}}

    def run(name, script, *arguments, **more):
        place.write(name, PLUGIN + script, 0o700)
        del cluster.requests[:]
        return place.posture(http(server), *arguments, user=user(name, **more), extensions=[{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "z"}}])

    def text(name):
        with open(place.path(name), encoding="utf-8") as file:
            return file.read()
    token = ANSWER % f'"token":"{TOKEN}"'
    done = run("good", token, provideClusterInfo=True)
    info = json.loads(text("good.info"))
    point("a plugin's token is shown", done.status == 0 and all(r[3].get("Authorization") == "Bearer " + TOKEN for r in cluster.requests), done)
    point("it runs once, without a shell, with its words", text("good.runs") == "run\n" and text("good.args") == "$(touch x)|a b|b;c", text("good.args"))
    point("it is told what it is for", info == {"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                                                "spec": {"cluster": {"server": http(server), "config": {"audience": "z"}}, "interactive": False}}, info)
    done = run("quiet", token)
    point("and no more than it should be", "cluster" not in json.loads(text("quiet.info"))["spec"])
    for name, script, told in (("failing", "echo oops >&2; exit 7\n", "ended with status 7 (see example.com)"), ("garbage", f"echo {TOKEN}\n", "printed no ExecCredential"),
                               ("empty", ANSWER % "", "neither a token nor a certificate"), ("half", ANSWER % '"clientKeyData":"hunter2"', "a key without one"),
                               ("chatty", "exec yes\n", "printed more than"), ("killed", "kill -9 $$\n", "ended by signal 9")):
        done = run(name, script)
        point(f"a plugin that is {name}: status 3", done.status == 3 and told in done.err and done.hides() and not cluster.requests, done)
    done = run("hanging", "sleep 100\n", "--timeout", "3s")
    point("a plugin that hangs is ended", done.status == 3 and "took longer than 6 s" in done.err and done.seconds < 45, done)
    done = place.posture(http(server), user=user("missing"))
    point("a plugin that is not there", done.status == 3 and "cannot be started: No such file" in done.err and "see example.com" in done.err, done)
    done = run("asking", token, interactiveMode="Always")
    point("a plugin that needs a terminal", done.status == 3 and "terminal" in done.err, done)
    done = run("old", token + "", interactiveMode="Never")
    cluster.hooks["/apis"] = lambda h, p, q: h.refuse(401, "Unauthorized") or True if "-2" not in h.headers["Authorization"] else None
    done = run("second", 'n=$(wc -l <"$0.runs"); ' + ANSWER.replace("'", '"').replace('"', '\\"').replace('echo \\"', 'echo "').replace('}}\\"', '}}"') % f'\\"token\\":\\"{TOKEN}-$n\\"')
    point("401: the plugin is asked once more", done.status == 0 and text("second.runs").count("run") == 2, f"{done}")
    cluster.hooks.clear()
    done = run("ending", ANSWER % f'"token":"{TOKEN}","expirationTimestamp":"2020-01-01T00:00:00Z"')
    point("what has run out is asked for again", done.status == 0 and text("ending.runs").count("run") > 2, done)


def identities(place):
    cluster = Cluster(OBJECTS)
    server = Server(cluster)
    done = place.posture(http(server), user={"token": TOKEN, "as": "boss", "as-groups": ["a", "b"], "as-user-extra": {"why not": ["x"]}})
    headers = cluster.requests[0][4]
    point("impersonation", done.status == 0 and [v for k, v in headers if k == "Impersonate-Group"] == ["a", "b"] and ("Impersonate-User", "boss") in headers
          and ("Impersonate-Extra-why%20not", "x") in headers, headers)
    del cluster.requests[:]
    done = place.posture(http(server), user={"username": "u", "password": "hunter2:x"})
    point("username and password", done.status == 0 and cluster.requests[0][3]["Authorization"] == "Basic dTpodW50ZXIyOng=" and done.hides(), cluster.requests[:1])
    place.write("token", "one\n")

    def renew(h, _p, _q):
        place.write("token", "two\n")
    cluster.hooks["/apis"] = renew
    del cluster.requests[:]
    done = place.posture(http(server), user={"tokenFile": "token"})
    shown = [r[3]["Authorization"] for r in cluster.requests]
    point("a token file is read again", done.status == 0 and shown[0] == "Bearer one" and shown[-1] == "Bearer two", shown)
    cluster.hooks.clear()
    done = place.posture(http(server), user={"tokenFile": "token-that-is-not-there"})
    point("a token file that is not there is named", done.status == 3 and "token-that-is-not-there" in done.err, done)
    done = place.posture(http(server), user={"token": f"{TOKEN}\r\nX-Evil: 1"})
    point("a token is one line of a header", not any("X-Evil" in r[3] for r in cluster.requests), done)
    done = place.posture(http(server), user={"auth-provider": {"name": "gcp"}})
    point("auth-provider: status 3, and why", done.status == 3 and "exec plugin" in done.err, done)


def main():
    waiting = (hanging_list, hanging_server, hanging_group, hanging_lists, cut_off, broken_server, mutual_tls, plugins)
    working = (reading, pages, failing, wrong_answers, long_answers, half_readable, only_namespaces, beside_logs, busy_server, tls, proxies, identities)
    with tempfile.TemporaryDirectory() as folder:
        run_all([lambda folder, case=case: case(Place(folder)) for case in waiting + working], folder, at_once=len(waiting) + 2)


main()
