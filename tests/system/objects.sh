#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do objects beside a log say what the log cannot: which binding let the intruder in, whether another one still does, what is left?
. "$(dirname "$0")/lib.sh"
root=$2

zstd -dqc "$root/examples/anonymous-worm.jsonl.zst" >"$work/audit.jsonl"
# As a cluster logs whose authorizer gives no reasons, and whose log begins after the mistake.
sed 's/"authorization.k8s.io\/reason":"[^"]*\(\\"[^"]*\)*"/"authorization.k8s.io\/reason":""/' "$work/audit.jsonl" |
    grep -v '"name":"cluster-system-anonymous"' >"$work/mute.jsonl"

cat >"$work/cluster.yaml" <<'YAML'
apiVersion: v1
kind: List
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata:
    name: cluster-system-anonymous
    creationTimestamp: "2026-11-22T01:35:33Z"
    managedFields: [{manager: kubectl-create, operation: Update, time: "2026-11-22T01:35:33Z"}]
  subjects: [{kind: User, name: 'system:anonymous', apiGroup: rbac.authorization.k8s.io}]
  roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: cluster-admin}
  rules:
  - {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
  - {nonResourceURLs: ['*'], verbs: ['*']}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: 'system:kube-update'}
  subjects: [{kind: ServiceAccount, namespace: kube-system, name: kube-update}]
  roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: unseen, creationTimestamp: "2026-11-22T02:00:00Z"}
  subjects: [{kind: ServiceAccount, namespace: kube-system, name: kube-update}]
  roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
- apiVersion: apps/v1
  kind: DaemonSet
  metadata: {name: kube-proxy, namespace: kube-system}
  spec: {template: {spec: {containers: [{name: c, image: registry.k8s.io/kube-proxy}]}}}
- apiVersion: batch/v1
  kind: CronJob
  metadata: {name: kube-dns-updater, namespace: kube-system, creationTimestamp: "2026-11-22T01:40:00Z"}
  spec: {}
YAML
cp "$work/cluster.yaml" "$work/guests.yaml"
cat >>"$work/guests.yaml" <<'YAML'
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: guests}
  subjects: [{kind: Group, name: 'system:unauthenticated', apiGroup: rbac.authorization.k8s.io}]
  roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
YAML

# What an incident says under a path of keys, one text a line.
told() {
    python3 - "$work/out" "$1" <<'PYTHON' >"$work/told"
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
for row in rows:
    if row["kind"] == "incident":
        print(eval(sys.argv[2], {"x": row}))
PYTHON
}
told_is() { told "$1" && [ "$(cat "$work/told")" = "$2" ]; }
told_has() { told "$1" && grep -qF -- "$2" "$work/told"; }
detect() {
    run "$davy" detect --quiet --format json --cluster one "$@"
    grep '"kind":"incident"' "$work/out" >"$work/incidents" && mv "$work/incidents" "$work/out"
}
OBJECT='x["root_cause"]["object"]'
STOPPED='[f["steps_stopped"] for f in x["prevention"] if f["fix"] == "remove ClusterRoleBinding/cluster-system-anonymous"]'

detect "$work/mute.jsonl"
point "without reasons and objects no binding is named" out_lacks cluster-system-anonymous
detect --objects "$work/cluster.yaml" "$work/mute.jsonl"
point "the objects name it" told_is "$OBJECT" ClusterRoleBinding/cluster-system-anonymous
point "as inferred" told_is 'x["root_cause"]["certainty"]' inferred
point "when it was made, and with what" told_has 'x["root_cause"]["text"]' "made at 2026-11-22 01:35:33 UTC with kubectl-create"
point "the command that removes it" told_has 'x["root_cause"]["fix"]' "kubectl delete clusterrolebinding -- cluster-system-anonymous"
point "its removal would have stopped all" told_is "$STOPPED == [x['stoppable']]" True

detect --objects "$work/guests.yaml" "$work/mute.jsonl"
point "a second binding lets the same through" told_has 'x["root_cause"]["text"]' "the same is allowed by ClusterRoleBinding/guests"
point "so the removal of the first stops nothing" told_is "$STOPPED" "[]"
point "and that of both does" told_is \
    '[f["in_smallest_set"] for f in x["prevention"] if f["fix"] == "remove ClusterRoleBinding/cluster-system-anonymous and ClusterRoleBinding/guests"]' "[True]"

detect --objects "$work/guests.yaml" "$work/audit.jsonl"
point "also where the log names its binding" told_is "$STOPPED" "[]"
point "which stays certain" told_is 'x["root_cause"]["certainty"]' certain
point "with the person that the log knows" told_is 'x["root_cause"]["granted_by"]' dave@corp.example

LEFT='{l["object"]: l["presence"] for l in x["leftovers"]}'
point "what is there is left" told_is "$LEFT['object:cronjobs/kube-system/kube-dns-updater']" there
point "what is gone is not" told_is "'object:daemonsets/kube-system/api-proxy' in $LEFT" False
point "what the dump says nothing about stays" told_is "$LEFT['object:pods/payments/api-5f96cb5487-cxrv2']" None
point "a binding that nobody was seen to make is found" told_is "$LEFT['object:clusterrolebindings/unseen']" there

run "$davy" detect --quiet --objects "$work/cluster.yaml" "$work/audit.jsonl"
point "text tells where the object was read" out_has "cluster.yaml:"
mkdir "$work/objects"
mkdir "$work/objects/blue" && cp "$work/cluster.yaml" "$work/objects/blue/"
mkdir "$work/objects/green" && cp "$work/cluster.yaml" "$work/objects/green/"
mkdir -p "$work/logs" && cp "$work/mute.jsonl" "$work/logs/blue.jsonl"
run "$davy" detect --quiet --format json --objects "$work/objects" "$work/logs"
grep '"kind":"incident"' "$work/out" >"$work/incidents" && mv "$work/incidents" "$work/out"
point "clusters find their objects by name" told_is "$OBJECT" ClusterRoleBinding/cluster-system-anonymous
point "objects without a log are said" err_has "green"
echo "a: 1" >"$work/values.yaml"
run "$davy" detect --quiet --objects "$work/values.yaml" "$work/audit.jsonl"
point "a file without objects is refused" is_status 3
finish
