#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does davy read a real API server as kubectl dumps it, and is the ClusterRole in policies/ enough for that?

reading.py DAVY POLICY KUBECTL...: makes objects in a cluster that nobody needs (namespaces davy-live and davy; deleted at the end), lets davy judge
the cluster and a dump of it, and again with the token of a ServiceAccount that holds nothing but the ClusterRole of POLICY."""
import base64
import copy
import json
import os
import subprocess
import sys
import tempfile
import time

KINDS = """clusterroles clusterrolebindings roles rolebindings serviceaccounts namespaces customresourcedefinitions secrets certificatesigningrequests
configmaps nodes pods podtemplates replicationcontrollers daemonsets deployments replicasets statefulsets cronjobs jobs services endpoints endpointslices
ingresses networkpolicies gateways grpcroutes httproutes tcproutes tlsroutes udproutes referencegrants routes virtualservices""".split()
MANY = 1203  # ConfigMaps: three pages
points = [0, 0]


def point(name, good, why=""):
    points[0] += 1
    points[1] += not good
    print(f"{'ok' if good else 'not ok'} {points[0]} - {name}")
    if not good:
        print("\n".join("# " + line[:300] for line in str(why).splitlines()[:30]))


def run(command, text=None, good=(0,)):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode not in good:
        sys.exit(f"{' '.join(command)[:200]}: {done.stderr}")
    return done


def objects():
    container = {"name": "c", "image": "nginx:1.19"}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"hostNetwork": True, "containers": [dict(container, securityContext={"privileged": True})]}}
    meta = {"namespace": "davy-live", "labels": {"app": "web"}}
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "davy-live"}}
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "davy"}}
    yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "davy", "namespace": "davy"}}
    yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": dict(meta, name="web"),
           "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template}}
    yield {"apiVersion": "v1", "kind": "Service", "metadata": dict(meta, name="web"), "spec": {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80}]}}
    yield {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": dict(meta, name="web"), "spec": {"podSelector": {}, "ingress": [{}]}}
    yield {"apiVersion": "v1", "kind": "Secret", "metadata": dict(meta, name="plain"), "stringData": {"a": "davy-live-secret-value"}}
    yield {"apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token", "metadata": {"name": "bootstrap-token-davyli", "namespace": "kube-system"},
           "stringData": {"token-id": "davyli", "token-secret": "0123456789abcdef"}}
    yield {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": dict(meta, name="all"),
           "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
           "subjects": [{"kind": "ServiceAccount", "namespace": "davy-live", "name": "default"}]}
    for i in range(MANY):
        yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": dict(meta, name=f"c{i}"), "data": {"k": "-----BEGIN PRIVATE KEY-----" if i % 400 == 399 else "v"}}


def judged(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return sorted(json.dumps({k: v for k, v in line.items() if k not in ("evidence", "cluster")}, sort_keys=True) for line in lines)


def score(text):
    return json.loads(text.splitlines()[-1])


class Cluster:
    def __init__(self, davy, kubectl, folder):
        self.davy, self.kubectl, self.folder = davy, kubectl, folder
        self.config = json.loads(self.k("config", "view", "--raw", "--minify", "--flatten", "-o", "json"))

    def k(self, *arguments, text=None, good=(0,)):
        return run(self.kubectl + list(arguments), text, good).stdout

    def kubeconfig(self, name, user=None):
        config = copy.deepcopy(self.config)
        if user is not None:
            config["users"][0]["user"] = user
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            json.dump(config, out)
        return path

    def posture(self, *arguments, good=(0,)):
        return run([self.davy, "posture", "--fail-on", "never", "-f", "json", "--all", *arguments], good=good)

    def dump(self):
        served = {line.split(".")[0] for line in self.k("api-resources", "-o", "name").split()}
        path = os.path.join(self.folder, "dump.json")
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.k("get", ",".join(k for k in KINDS if k in served), "-A", "-o", "json"))
            out.write(self.k("version", "-o", "json"))
        return path

    def token(self):
        made = subprocess.run(self.kubectl + ["create", "token", "-n", "davy", "davy"], capture_output=True, text=True, check=False)
        if made.returncode == 0:
            return made.stdout.strip()
        name = json.loads(self.k("get", "sa", "-n", "davy", "davy", "-o", "json"))["secrets"][0]["name"]  # before 1.24
        return base64.b64decode(json.loads(self.k("get", "secret", "-n", "davy", name, "-o", "json"))["data"]["token"]).decode()


def compare(c, policy):
    admin = c.kubeconfig("admin")
    live, file = c.posture("--kubeconfig", admin), c.posture(c.dump())
    same = judged(live.stdout) == judged(file.stdout)
    point("the cluster is judged as its dump is", same and len(judged(live.stdout)) > MANY,
          "\n".join(sorted(set(judged(live.stdout)) ^ set(judged(file.stdout)))))
    point("every page was read", sum('"configmap-secret"' in line and '"unhealthy"' in line and '"kind":"finding"' in line for line in live.stdout.splitlines()) == MANY // 400)
    point("nothing was unread", score(live.stdout)["unread"] == [], live.stderr)
    user = {"token": c.token()}
    reader = c.kubeconfig("reader", user)
    alone = c.posture("--kubeconfig", reader)
    point("the ClusterRole is enough: nothing is unread, everything the same", score(alone.stdout)["unread"] == [] and judged(alone.stdout) == judged(live.stdout), alone.stderr)
    who = [run([c.davy, "access", "who-can", "create", "pods", "-A", "-f", "json", "--kubeconfig", k]).stdout for k in (admin, reader)]
    point("and for davy access", who[0] == who[1] and who[0], who)
    for question in (["path", "serviceaccount:davy-live/default", "cluster-admin"], ["credentials"]):
        done = run([c.davy, "access", *question, "--kubeconfig", reader], good=(0, 1))
        point(f"davy access {question[0]}", not done.stderr, done.stderr)
    halved = c.k("create", "-f", policy, "--dry-run=client", "-o", "json")
    parts = [json.loads(p) for p in halved.replace("}\n{", "}\n\x00{").split("\x00")]
    role = next(p for p in parts if p["kind"] == "ClusterRole")
    role["rules"] = [r for r in role["rules"] if r.get("resources") not in (["secrets"], ["pods"])]
    c.k("replace", "-f", "-", text=json.dumps(role))
    time.sleep(2)
    half = score(c.posture("--kubeconfig", reader).stdout)
    point("without the rule on secrets: unread, and said", [u["kind"] for u in half["unread"]] == ["Secret"] and half["unread"][0]["why"].startswith("403 Forbidden"), half["unread"])
    controls = {x["id"]: x for x in half["controls"]}
    point("what is judged on them is not assessable", all(controls[i]["not_assessable"] and not controls[i]["healthy"] for i in ("long-lived-token", "bootstrap-token")))
    c.k("delete", "clusterrolebinding", "davy-reader")
    time.sleep(2)
    done = c.posture("--kubeconfig", reader, good=(3,))
    point("with no rights at all: status 3", "403 Forbidden" in done.stderr, done.stderr)


def main():
    davy, policy, kubectl = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        c = Cluster(davy, kubectl, folder)
        try:
            c.k("apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects())}))
            c.k("apply", "-f", policy)
            time.sleep(5)  # for the controllers that make pods and tokens
            compare(c, policy)
        finally:
            c.k("delete", "--ignore-not-found", "ns/davy-live", "ns/davy", "clusterrole/davy-reader", "clusterrolebinding/davy-reader")
            c.k("delete", "--ignore-not-found", "-n", "kube-system", "secret/bootstrap-token-davyli")
    print(f"1..{points[0]}")
    sys.exit(1 if points[1] or not points[0] else 0)


main()
