#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do the roles that `davy access suggest` makes cover all that was done and nothing else, and are the templates that are shipped harmless?
. "$(dirname "$0")/lib.sh"
root=$2

n=0
event() { # event USER VERB URI OBJECTREF [MORE]: one line of a log
    n=$((n + 1))
    printf '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%s","stage":"ResponseComplete","requestURI":"%s","verb":"%s","user":{"username":"%s","groups":["dev","system:authenticated"]},"sourceIPs":["10.0.0.1"],"objectRef":%s,"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-01T10:00:00.000000Z","stageTimestamp":"2026-11-01T10:00:00.100000Z","annotations":{"authorization.k8s.io/decision":"allow"}%s}\n' \
        "$n" "$3" "$2" "$1" "$4" "${5:-}"
}
sa=system:serviceaccount:shop:web
{
    event $sa get /api/v1/x '{"resource":"pods","namespace":"shop","name":"a-1","apiVersion":"v1"}'
    event $sa list /api/v1/x '{"resource":"pods","namespace":"shop","apiVersion":"v1"}'
    event $sa get /api/v1/x '{"resource":"services","namespace":"shop","name":"db","apiVersion":"v1"}'
    event $sa list /api/v1/x '{"resource":"services","namespace":"shop","apiVersion":"v1"}'
    event $sa get /api/v1/x '{"resource":"secrets","namespace":"shop","name":"db","apiVersion":"v1"}'
    event $sa create /api/v1/x '{"resource":"pods","subresource":"exec","namespace":"shop","name":"a-1","apiVersion":"v1"}'
    event $sa get /metrics/cadvisor '{"apiVersion":"v1"}'
    event $sa get '/api?timeout=32s' '{"apiVersion":"v1"}'
    event $sa list /api/v1/x '{"resource":"nodes","apiVersion":"v1"}'
    event $sa list /api/v1/x '{"resource":"nodes","namespace":"shop","apiVersion":"v1"}'
    event $sa delete /api/v1/x '{"resource":"nodes","name":"n","apiVersion":"v1"}' ',"annotations":{"authorization.k8s.io/decision":"forbid"}'
    event alice create /apis/x '{"resource":"deployments","namespace":"shop","name":"web","apiGroup":"apps","apiVersion":"v1"}'
    event alice create /apis/x '{"resource":"deployments","namespace":"test","name":"web","apiGroup":"apps","apiVersion":"v1"}'
    event admin get /api/v1/x '{"resource":"pods","namespace":"shop","name":"a","apiVersion":"v1"}' ',"impersonatedUser":{"username":"bob","groups":["ops"]}'
    event 'ev\u001b[31mil' get /api/v1/x '{"resource":"p\u001b[31mods","namespace":"s\"hop","name":"a","apiVersion":"v1"}'
    event system:kube-scheduler list /api/v1/x '{"resource":"pods","apiVersion":"v1"}'
} >"$work/audit.log"

run "$davy" access suggest --from "$work/audit.log" serviceaccount:shop/web
point "the whole of it: requests, refusals, uses" all is_status 0 out_has "# serviceaccount shop/web: 11 requests, 1 of them refused"
point "verbs of a resource, and resources of the same verbs, stand together" out_has '{apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list"]}'
point "a name that stays is named" out_has 'resources: ["secrets"], resourceNames: ["db"], verbs: ["get"]'
point "subresources and paths" all out_has 'resources: ["pods/exec"], verbs: ["create"]' out_has 'nonResourceURLs: ["/metrics/cadvisor"], verbs: ["get"]'
point "what is used everywhere is not given again in a namespace" all out_has '{apiGroups: [""], resources: ["nodes"], verbs: ["list"]}'
point "what was refused, and what everybody has, is not given" all out_lacks delete out_lacks '"/api'
nodes_once() { [ "$(grep -c '"nodes"' "$work/out")" -eq 1 ]; }
point "once" nodes_once
run "$davy" access suggest --from "$work/audit.log" alice
point "the same in two namespaces: one ClusterRole, two RoleBindings" all out_has "kind: ClusterRole" out_has 'namespace: "shop"' out_has 'namespace: "test"' \
    out_lacks ClusterRoleBinding
run "$davy" access suggest --from "$work/audit.log" admin
point "acting as another one is a permission" out_has 'resources: ["users"], verbs: ["impersonate"]'
run "$davy" access suggest --from "$work/audit.log" bob
point "and what the other one needs is his" out_has 'resources: ["pods"], verbs: ["get"]'
run "$davy" access suggest --from "$work/audit.log"
point "everybody but Kubernetes itself; hostile names are escaped" all is_status 0 out_has alice out_lacks kube-scheduler out_lacks "$(printf '\033')" \
    out_has 'ev\x1b[31mil'
run "$davy" access suggest --from "$work/audit.log" -f json
point "json: one object a line, each with a kind" json_lines

# What comes out gives what was done: nothing is missing when it is all there is.
covered() { # covered LOG
    "$davy" access suggest --all --from "$1" >"$work/roles.yaml" 2>"$work/err"
    "$davy" access suggest --all --from "$1" --objects "$work/roles.yaml" -f json >"$work/out" 2>"$work/err"
    status=$?
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
good = len(lines) > 3 and all(line["missing"] == [] for line in lines)
good = good and all(g["rules"] == g["used"] and not g["unused_powers"] for line in lines for g in line["grants"])
sys.exit(0 if good else 1)' "$work/out"
}
point "the roles cover the log, and every rule of them is used" covered "$work/audit.log"
for log in "$root"/examples/dashboard-miner.jsonl.zst "$root"/examples/anonymous-worm.jsonl.zst; do
    point "so of a recorded log: $(basename "$log")" covered "$log"
done

cat >"$work/objects.yaml" <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}, {apiGroups: [x], resources: [things], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
YAML
run "$davy" access suggest --from "$work/audit.log" --objects "$work/objects.yaml" shop/web
point "against what it has: used, dangerous and unused, missing" all is_status 0 out_has "RoleBinding shop/web of ClusterRole all: 1 of its 2 rules used" \
    out_has "never used, and dangerous: impersonate-accounts" out_has "nothing among the objects gives it: list nodes"
run "$davy" access suggest --from "$work/audit.log" nobody
point "nobody of that name: status 3" all is_status 3 err_has "nothing in the logs"
run "$davy" access suggest alice
point "no log: usage" all is_status 2 err_has "--from AUDIT-LOG"
run "$davy" access suggest --from "$work/nowhere"
point "a missing file: status 3" all is_status 3 err_has nowhere
echo '{"a":1}' >"$work/no.log"
run "$davy" access suggest --from "$work/no.log"
point "no events: status 3" all is_status 3 err_has "no audit event"

run "$davy" posture --fail-on low "$root/policies/roles"
point "the templates: no finding of any control" all is_status 0 out_has "(100 %)"
run "$davy" access who-can get secrets -A "$root/policies/roles"
point "and who of them reads Secrets is the owner of a namespace" all out_has "shop-owners" out_lacks prometheus out_lacks "serviceaccount"
finish
