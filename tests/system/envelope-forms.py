#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""envelope-forms.py LOG FOLDER: the log as clouds and shippers would have written it, a file a form; mixed.jsonl changes its form in the middle."""
import json
import pathlib
import sys

CODES = {200: 0, 201: 0, 101: 0, 400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 500: 13}


def azure(line):
    return {"time": "2026-11-22T01:00:00Z", "category": "kube-audit", "operationName": "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
            "properties": {"log": line + "\n", "stream": "stdout", "pod": "kube-apiserver-1", "containerID": "c"}}


def cloudwatch(number, line):
    return {"id": str(number), "timestamp": 1790000000000 + number, "message": line}


def subscription(first, lines):
    return {"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "/aws/eks/x/cluster", "logStream": "kube-apiserver-audit-1",
            "logEvents": [cloudwatch(first + k, line) for k, line in enumerate(lines)]}


def fluent(line):
    return {"log": line + "\n", "stream": "stdout", "kubernetes": {"pod_name": "kube-apiserver"}}


def google(line):
    e = json.loads(line)
    ref = e.get("objectRef") or {}
    if not ref.get("resource"):
        return None  # an entry has no URI
    group = ref.get("apiGroup") or "core"
    parts = [group, ref.get("apiVersion") or "v1"]
    if ref.get("namespace"):
        parts += ["namespaces", ref["namespace"]]
    parts += [p for p in (ref["resource"], ref.get("name"), ref.get("subresource")) if p]
    method = ".".join(["io.k8s", group, parts[1], ref["resource"]] + ([ref["subresource"]] if ref.get("subresource") else []) + [e["verb"]])
    payload = {"@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "k8s.io", "methodName": method, "resourceName": "/".join(parts),
               "authenticationInfo": {"principalEmail": (e.get("user") or {}).get("username", "")},
               "requestMetadata": {"callerIp": e["sourceIPs"][-1], "callerSuppliedUserAgent": e.get("userAgent", "")},
               "status": {"code": CODES.get((e.get("responseStatus") or {}).get("code"), 2)}}
    for ours, theirs in (("requestObject", "request"), ("responseObject", "response")):
        if ours in e:
            payload[theirs] = e[ours]
    return {"protoPayload": payload, "insertId": e["auditID"], "timestamp": e["stageTimestamp"], "labels": e.get("annotations") or {},
            "resource": {"type": "k8s_cluster", "labels": {"cluster_name": "x"}}, "logName": "projects/p/logs/cloudaudit.googleapis.com%2Factivity"}


def batches(lines, n):
    return [(i, lines[i:i + n]) for i in range(0, len(lines), n)]


def mixed(lines):
    out = lines[:100]
    for number, line in enumerate(lines[100:]):
        form = number % 5
        value = azure(line) if form == 1 else {"records": [azure(line)]} if form == 2 else cloudwatch(number, line) if form == 3 else fluent(line)
        out.append(json.dumps(value) if form else line)
    return "\n".join(out) + "\n"


def main(log, folder):
    lines = pathlib.Path(log).read_text(encoding="utf-8").splitlines()
    folder = pathlib.Path(folder)
    forms = {
        "azure-lines.jsonl": "".join(json.dumps(azure(line)) + "\n" for line in lines),
        "azure-records.jsonl": "".join(json.dumps({"records": [azure(x) for x in part]}) + "\n" for _, part in batches(lines, 50)),
        "azure-batches.json": json.dumps([{"records": [azure(x) for x in part]} for _, part in batches(lines, 50)]),
        "eks-firehose.json": "".join(json.dumps(subscription(i, part)) for i, part in batches(lines, 50)),
        "eks-lines.jsonl": "".join(json.dumps(subscription(i, part)) + "\n" for i, part in batches(lines, 50)),
        "eks-export.log": "".join(f"2026-11-22T01:00:00.000Z {line}\n" for line in lines),
        "fluent.jsonl": "".join(json.dumps(fluent(line)) + "\n" for line in lines),
        "list.json": json.dumps({"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [json.loads(x) for x in lines]}),
        "mixed.jsonl": mixed(lines),
        "mixed-array.json": "[" + ",\n".join(mixed(lines).splitlines()) + "]\n",
        "google.jsonl": "".join((json.dumps(entry) if entry else "") + "\n" for entry in map(google, lines)),
    }
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8")


main(*sys.argv[1:])
