#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does `davy access` answer as a real API server does?

reviews.py DAVY KUBECTL...: makes generated roles and bindings in a cluster, asks the API server about many permissions (SubjectAccessReview),
dumps what there is, asks `davy access who-can` the same, and compares. KUBECTL is the command with its arguments; the cluster should be one
that nobody needs (what is made is labelled davy-live and deleted at the end). DAVY_LIVE_SEED and DAVY_LIVE_QUESTIONS change the set."""
import json
import os
import random
import subprocess
import sys
import time

NAMESPACES = ["davy-live-a", "davy-live-b"]
USERS = ["davy-u0", "davy-u1", "davy-u2"]
GROUPS = ["davy-g0", "davy-g1"]
ACCOUNTS = [("davy-live-a", "x"), ("davy-live-b", "x"), ("davy-live-a", "y")]
VERBS = ["get", "list", "create", "delete", "impersonate", "bind"]
RESOURCES = [("", "pods", ""), ("", "pods", "exec"), ("", "secrets", ""), ("apps", "deployments", ""), ("", "nodes", "proxy"),
             ("rbac.authorization.k8s.io", "clusterroles", ""), ("", "serviceaccounts", "token"), ("", "configmaps", "")]
URLS = ["/metrics", "/healthz/etcd", "/logs/a", "/logs"]
NAMES = ["n", "m"]
LABELS = {"davy-live": "yes"}


def rules(r, paths=True):
    out = []
    for _ in range(r.randint(1, 3)):
        if paths and r.random() < 0.15:
            out.append({"nonResourceURLs": [r.choice(URLS + ["/logs/*", "*"])], "verbs": [r.choice(["get", "*"])]})
            continue
        group, resource, sub = r.choice(RESOURCES)
        written = r.choice(["*", resource + ("/" + sub if sub else ""), resource, "*/" + sub if sub else resource])
        rule = {"apiGroups": [r.choice([group, group, "*", "apps"])], "resources": [written],
                "verbs": r.sample(VERBS + ["*"], r.randint(1, 2))}
        if r.random() < 0.25:
            rule["resourceNames"] = [r.choice(NAMES)]
        out.append(rule)
    return out


def subject(r):
    kind = r.random()
    if kind < 0.35:
        return {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": r.choice(USERS)}
    if kind < 0.65:
        names = GROUPS + ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:davy-live-a"]
        return {"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": r.choice(names)}
    namespace, name = r.choice(ACCOUNTS)
    return {"kind": "ServiceAccount", "namespace": namespace, "name": name}


def objects(r):
    api = "rbac.authorization.k8s.io/v1"
    out = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": n, "labels": LABELS}} for n in NAMESPACES]
    for i in range(12):
        out.append({"apiVersion": api, "kind": "ClusterRole", "rules": rules(r),
                    "metadata": {"name": f"davy-live-{i}", "labels": dict(LABELS, part=r.choice("abc"))}})
    for part in "abc":
        out.append({"apiVersion": api, "kind": "ClusterRole", "metadata": {"name": f"davy-live-all-{part}", "labels": LABELS},
                    "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"part": part}}]}})
    for i in range(8):
        out.append({"apiVersion": api, "kind": "Role", "rules": rules(r, paths=False),
                    "metadata": {"name": f"davy-live-{i}", "namespace": NAMESPACES[i % 2], "labels": LABELS}})
    roles = [f"davy-live-{i}" for i in range(12)] + [f"davy-live-all-{p}" for p in "abc"] + ["davy-live-missing"]
    for i in range(10):
        out.append({"apiVersion": api, "kind": "ClusterRoleBinding", "metadata": {"name": f"davy-live-{i}", "labels": LABELS},
                    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": r.choice(roles)},
                    "subjects": [subject(r) for _ in range(r.randint(1, 2))]})
    for i in range(14):
        kind = r.choice(["Role", "ClusterRole"])
        out.append({"apiVersion": api, "kind": "RoleBinding", "metadata": {"name": f"davy-live-{i}", "namespace": NAMESPACES[i % 2], "labels": LABELS},
                    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": r.choice(roles[:8] if kind == "Role" else roles)},
                    "subjects": [subject(r) for _ in range(r.randint(1, 2))]})
    return out


def question(r):
    """Who, what; as a SubjectAccessReview's spec."""
    if r.random() < 0.5:
        spec = {"user": r.choice(USERS), "groups": r.sample(GROUPS, r.randint(0, 2)) + ["system:authenticated"]}
    else:
        namespace, name = r.choice(ACCOUNTS)
        spec = {"user": f"system:serviceaccount:{namespace}:{name}",
                "groups": ["system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"]}
    if r.random() < 0.15:
        spec["nonResourceAttributes"] = {"path": r.choice(URLS), "verb": r.choice(["get", "post"])}
        return spec
    group, resource, sub = r.choice(RESOURCES)
    namespace = "" if resource in ("nodes", "clusterroles") else r.choice(NAMESPACES + [""])
    spec["resourceAttributes"] = {"verb": r.choice(VERBS), "group": group, "resource": resource, "subresource": sub, "namespace": namespace,
                                  "name": r.choice(NAMES + ["", ""])}
    return spec


def run(command, text=None):
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def review(kubectl, spec):
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    answer = json.loads(run(kubectl + ["create", "--raw", "/apis/authorization.k8s.io/v1/subjectaccessreviews", "-f", "-"], json.dumps(body)))
    return answer["status"].get("allowed", False)


def names(grant, spec):
    who = grant["subject"]
    if who["kind"] == "ServiceAccount":
        return spec["user"] == f"system:serviceaccount:{who['namespace']}:{who['name']}"
    return spec["user"] == who["name"] if who["kind"] == "User" else who["name"] in spec["groups"]


def ask(davy, dump, spec):
    attributes = spec.get("resourceAttributes")
    command = [davy, "access", "who-can"]
    if attributes:
        resource = attributes["resource"] + ("." + attributes["group"] if attributes["group"] else "")
        if attributes["subresource"]:
            resource = attributes["resource"] + "/" + attributes["subresource"]
        command += [attributes["verb"], resource]
        command += ["-n", attributes["namespace"]] if attributes["namespace"] else []
        command += ["--name", attributes["name"]] if attributes["name"] else []
    else:
        command += [spec["nonResourceAttributes"]["verb"], spec["nonResourceAttributes"]["path"]]
    lines = run(command + ["-f", "json", dump]).splitlines()
    return any(names(json.loads(line), spec) for line in lines)


def main():
    davy, kubectl = sys.argv[1], sys.argv[2:]
    r = random.Random(int(os.environ.get("DAVY_LIVE_SEED", "1")))
    questions = int(os.environ.get("DAVY_LIVE_QUESTIONS", "300"))
    kinds = "clusterroles,clusterrolebindings,roles,rolebindings,serviceaccounts,namespaces"
    dump = f"/tmp/davy-live-{os.getpid()}.json"
    wrong, allowed = 0, 0
    try:
        # Roles that give impersonate or bind may be made by administrators only, which KUBECTL is.
        run(kubectl + ["apply", "-f", "-"], json.dumps({"apiVersion": "v1", "kind": "List", "items": objects(r)}))
        time.sleep(5)  # for the controller that aggregates
        with open(dump, "w", encoding="utf-8") as out:
            out.write(run(kubectl + ["get", kinds, "-A", "-o", "json"]))
        for _ in range(questions):
            spec = question(r)
            server, ours = review(kubectl, spec), ask(davy, dump, spec)
            allowed += server
            if server != ours:
                wrong += 1
                print(f"# the server says {server}, davy says {ours}: {json.dumps(spec)}")
    finally:
        run(kubectl + ["delete", "clusterroles,clusterrolebindings,namespaces", "-l", "davy-live=yes"])
        if os.path.exists(dump):
            os.remove(dump)
    good = wrong == 0 and 0 < allowed < questions
    print(f"{'ok' if good else 'not ok'} 1 - {questions} questions, {allowed} allowed, {wrong} answered otherwise than by the API server")
    print("1..1")
    sys.exit(0 if good else 1)


main()
