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
# --- how the page was reached ---------------------------------------------------------------------------------------------------------
# A log that begins after the page was opened to the internet.
zstd -dqc "$root/examples/dashboard-miner.jsonl.zst" | grep -v '"requestURI":"/api/v1/namespaces/kube-system/services' >"$work/late.jsonl"
# page TYPE CREATED PORT [ANNOTATION]: the dashboard and the Service in front of it.
page() {
    cat >"$work/page.yaml" <<YAML
apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: board, namespace: kube-system}
  spec:
    template:
      metadata: {labels: {x: z}}
      spec:
        serviceAccountName: kubernetes-dashboard
        containers: [{name: c, image: registry.example/own, ports: [{containerPort: 8443}, {containerPort: 9999}]}]
- apiVersion: v1
  kind: Service
  metadata: {name: front, namespace: kube-system, creationTimestamp: "$2", annotations: {${4:-a: b}}}
  spec: {type: $1, selector: {x: z}, ports: [{port: 443, targetPort: $3, nodePort: 30443}]}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: other, namespace: shop}
  spec: {podSelector: {}}
YAML
    detect --objects "$work/page.yaml" "$work/late.jsonl"
}
VECTOR='x["vector"]["verdict"] + " " + x["vector"]["certainty"]'
EXPOSED='x["vector"]["hypotheses"][0]'
detect "$work/late.jsonl"
point "without objects nothing says how the page was reached" told_has "$VECTOR" undecided
page LoadBalancer 2026-11-01T00:00:00Z 8443
point "the objects show the Service that opens it, whatever both are called" told_is "$VECTOR" "exposed inferred"
point "with its file and line" told_is "[(e['file'].split('/')[-1], e['line']) for e in $EXPOSED['evidence']]" "[('page.yaml', 13)]"
point "in words" told_has "$EXPOSED['for']" "Deployment kube-system/board through Service kube-system/front (LoadBalancer) is open"
point "and since when it stands" told_has "$EXPOSED['for']" "made at 2026-11-01 00:00:00 UTC"
point "the fix names it" told_has '[f["command"] for f in x["prevention"]]' "-- front"
run "$davy" detect --quiet --cluster one --objects "$work/page.yaml" --evidence "$work/bundle.tar.zst" "$work/late.jsonl"
point "the evidence bundle is complete without it" all err_lines 1 err_has "MANIFEST has the SHA-256"
page NodePort 2026-11-01T00:00:00Z 8443
point "a port of every node likewise" told_is "$VECTOR" "exposed inferred"
page ClusterIP 2026-11-01T00:00:00Z 8443
point "a page that nothing leads to is not exposed" told_has "$EXPOSED['against']" "nothing among the objects leads to it from outside"
point "which decides nothing else" told_has "$VECTOR" undecided
page LoadBalancer 2026-11-23T00:00:00Z 8443
point "what was opened later let nobody in" told_is "$EXPOSED['for']" "[]"
page LoadBalancer 2026-11-01T00:00:00Z 9999
point "another port of its pods is not the page" told_is "$EXPOSED['for']" "[]"
page LoadBalancer 2026-11-01T00:00:00Z 8443 'service.beta.kubernetes.io/azure-load-balancer-internal: "true"'
point "a load balancer inside the cloud's network is not the internet" told_is "$EXPOSED['for']" "[]"
point "and may have been the way" told_has "$EXPOSED['missing']" "whether somebody could come this way"
page LoadBalancer 2026-11-01T00:00:00Z 8443
cp "$work/page.yaml" "$work/named.yaml"
sed -i 's/name: front/name: kubernetes-dashboard/' "$work/named.yaml"
zstd -dqc "$root/examples/dashboard-miner.jsonl.zst" >"$work/early.jsonl"
detect --objects "$work/named.yaml" "$work/early.jsonl"
point "what the log tells of an object counts" told_is "$VECTOR" "exposed certain"
point "once" told_is "len($EXPOSED['for'])" 1

echo "a: 1" >"$work/values.yaml"
run "$davy" detect --quiet --objects "$work/values.yaml" "$work/audit.jsonl"
point "a file without objects is refused" is_status 3
finish
