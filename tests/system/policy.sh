#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do exported policies come out as agreed, and do they say what they would have refused?
. "$(dirname "$0")/lib.sh"
root=$2

cat >"$work/objects.yaml" <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: miner, namespace: shop}
spec: {containers: [{name: c, image: kannix/monero-miner, securityContext: {privileged: true}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: quiet, namespace: shop}
spec: {containers: [{name: c, image: 'registry.k8s.io/pause:3.9'}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: "ev\e[31mil\n---\nkind: Secret", namespace: kube-system}
spec: {template: {spec: {containers: [{name: c, image: nginx, securityContext: {privileged: true}}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: open}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, name: "system:anonymous"}]
YAML

golden() { # golden NAME ARGUMENT...
    golden_file=$root/tests/golden/policy/$1.yaml
    shift
    run "$davy" policy export "$@"
    point "as agreed: $(basename "$golden_file")" all is_status 0 same "$golden_file"
}
golden privileged-container --control privileged-container --enforce --except-namespace kube-system
golden trusted-registry --control trusted-registry --trusted-registry registry.example.com --trusted-registry docker.io/library
golden anonymous-binding --control anonymous-binding
golden pss-privileged --profile pss:restricted:v1.36 --control privileged --control seccompProfile_restricted

run "$davy" policy export
point "all of them: what is no policy is named with the reason" all is_status 0 out_has "name: \"davy-host-path-pods\"" \
    out_has "#   anonymous-grant: it is judged on bindings and roles together" out_has "validationActions: [Audit, Warn]" out_lacks "Deny"
# davy reads its own YAML: as many objects as policies and bindings.
cp "$work/out" "$work/all.yaml"
objects() { [ "$(grep -c '^kind: ' "$work/all.yaml")" -eq "$(grep -c '^apiVersion: admissionregistration.k8s.io/v1$' "$work/all.yaml")" ]; }
run "$davy" posture --strict "$work/all.yaml"
point "and it is YAML" all is_status 0 objects ""

run "$davy" policy export --objects "$work/objects.yaml" --control privileged-container
point "what it would have refused" all is_status 0 out_has "Would have refused 2 of the 3 objects given" out_has "Pod shop/miner" \
    out_lacks "$(printf '\033')"
no_secret() { ! grep -q '^kind: Secret' "$work/out"; }
point "hostile names are text" no_secret
run "$davy" policy export --objects "$work/objects.yaml" --control privileged-container --except-namespace kube-system
point "but not in namespaces that are left alone" all is_status 0 out_has "Would have refused 1 of the 2 objects given"
run "$davy" policy export --objects "$work/objects.yaml" --control anonymous-binding
point "bindings" all is_status 0 out_has "Would have refused 1 of the 1 objects given" out_has "ClusterRoleBinding open"

run "$davy" policy export --objects "$work/objects.yaml" --profile pss:baseline:v1.30 --control privileged --control sysctls
point "the checks of Pod Security, and what they would have refused" all is_status 0 out_has 'name: "davy-pss-privileged-pods"' \
    out_has "Would have refused 2 of the 3 objects given" out_has 'name: "davy-pss-sysctls-cronjobs"' out_has "as of Kubernetes 1.30" \
    out_has "Would have refused 0 of the 3 objects given" out_lacks "hostports" out_lacks "no policy"
run "$davy" policy export --profile pss:baseline:v1.30 --control privileged-container
point "a control is no check: status 2" all is_status 2 err_has "there is no check of that level and version 'privileged-container'"
run "$davy" policy export --profile baseline
point "no such profile: status 2" all is_status 2 err_has "--profile is pss:LEVEL:VERSION"

run "$davy" policy export --enforce -o "$work/policies" --control host-path --control admin-certificate
files() { [ "$(cd "$work/policies" && echo *)" = "$1" ] && ! [ -s "$work/out" ]; }
point "a file each" all is_status 0 files "admission-davy-host-path-cronjobs.yaml admission-davy-host-path-pods.yaml admission-davy-host-path-podtemplates.yaml admission-davy-host-path-templates.yaml not-expressible.yaml"
denies() { grep -q 'validationActions: \[Deny\]' "$work/policies/admission-davy-host-path-pods.yaml"; }
point "--enforce" denies

run "$davy" policy export --severity critical
point "only the gravest" all is_status 0 out_has 'name: "davy-anonymous-binding"' out_lacks 'davy-host-path'
run "$davy" policy export --control nonsense
point "no such control: status 2" all is_status 2 err_has "there is no control 'nonsense'"
run "$davy" policy export --objects "$work/nowhere"
point "no such file: status 3" all is_status 3 err_has nowhere
run "$davy" policy export -o "$work/objects.yaml/x"
point "no such folder: status 3" all is_status 3 err_has "cannot make"
printf 'title: t\nid: r\nlogsource: {product: kubernetes, category: posture}\nlevel: low\ndetection: {s: {spec.type: LoadBalancer}, condition: s}\nposture: {id: mine, over: [Service], points: 1}\n' >"$work/mine.yml"
run "$davy" policy export --rules "$work/mine.yml"
point "controls of one's own" all is_status 0 out_has 'name: "davy-mine"' out_has "object.spec.type.lowerAscii() == 'loadbalancer'"

# --- what was seen -------------------------------------------------------------------------------------------------------------------

cat >"$work/cluster.yaml" <<'YAML'
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: privileged}}
---
apiVersion: v1
kind: Namespace
metadata: {name: empty}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: good, namespace: strict, labels: {app: good}}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers: [{name: c, image: nginx, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: kube-system}
spec: {hostNetwork: true, containers: [{name: c, image: agent}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80, targetPort: http}, {port: 9090, protocol: UDP}], selector: {app: web}}
---
apiVersion: v1
kind: Service
metadata: {name: "front\e[31m\"", namespace: shop}
spec: {type: LoadBalancer, ports: [{port: 443}], selector: {app: "we\"b"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: dash, namespace: ui}
spec: {template: {metadata: {labels: {k8s-app: kubernetes-dashboard}}, spec: {containers: [{name: c, image: kubernetesui/dashboard, ports: [{containerPort: 8443}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: ui}
spec: {type: NodePort, ports: [{port: 443, targetPort: 8443}], selector: {k8s-app: kubernetes-dashboard}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: strict}
spec: {podSelector: {}, policyTypes: [Ingress]}
YAML
run "$davy" policy export --what pod-security --objects "$work/cluster.yaml" -o "$work/levels"
enforced() { # enforced NAMESPACE=LEVEL
    grep -q "pod-security.kubernetes.io/enforce: ${1#*=}\$" "$work/levels/pod-security-${1%=*}.yaml" &&
        grep -q "pod-security.kubernetes.io/warn: restricted" "$work/levels/pod-security-${1%=*}.yaml"
}
point "Pod Security: the strictest level that all pods pass" all is_status 0 enforced shop=baseline enforced strict=restricted \
    enforced kube-system=privileged enforced empty=restricted enforced ui=baseline
point "and why not more" grep -qF "# What keeps them from restricted: allowPrivilegeEscalation (1), capabilities_restricted (1), runAsNonRoot (1)" "$work/levels/pod-security-shop.yaml"
point "and what is enforced now" grep -qF "enforce privileged now" "$work/levels/pod-security-shop.yaml"
run "$davy" policy export --what network --objects "$work/cluster.yaml"
point "NetworkPolicies: nothing but what Services lead to" all is_status 0 out_has 'name: "davy-default-deny-ingress"' \
    out_has 'ports: [{port: "http", protocol: "TCP"}, {port: 9090, protocol: "UDP"}]' out_has "from: [{namespaceSelector: {}}]" \
    out_lacks kube-system out_lacks "$(printf '\033')"
only_denied() { [ "$(grep -c "namespace: \"$1\"" "$work/out")" -eq 1 ]; }
point "a page that manages the cluster stays closed" all out_has "# Service ui/front (NodePort) leads to a page that manages the cluster" only_denied ui
point "what denies everything already is left alone" out_has "# A policy that denies everything is there already"
# Held against the controls themselves: with the policies, nothing is open that should not be.
cp "$work/out" "$work/network.yaml"
run "$davy" posture -f json --cluster c "$work/cluster.yaml"
point "before: the page is open, and pods without policies" all out_has '"id":"exposed-interface"' out_has '"id":"network-policy"'
run "$davy" posture -f json --cluster c "$work/cluster.yaml" "$work/network.yaml"
closed() {
    python3 -c 'import json, sys
found = [f for f in map(json.loads, open(sys.argv[1])) if f["kind"] == "finding" and f["status"] == "unhealthy"]
ids = {f["control"]["id"] for f in found if f["object"]["namespace"] != "kube-system"}
sys.exit(0 if not ids & {"exposed-interface", "network-policy"} else 1)' "$work/out"
}
point "after: neither" closed
run "$davy" policy export --what network
point "network needs objects: usage" all is_status 2 err_has "--objects"
run "$davy" policy export --what roles
point "roles need logs: usage" all is_status 2 err_has "--from"

# --- replay ------------------------------------------------------------------------------------------------------------------------

n=0
write() { # write USER VERB RESOURCE NAME CODE BODIES [MORE]: one line of a log; MORE goes into objectRef
    n=$((n + 1))
    printf '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"id-%s","stage":"ResponseComplete","requestURI":"/x","verb":"%s","user":{"username":"%s"},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"%s","namespace":"shop","name":"%s","apiVersion":"v1"%s},"responseStatus":{"code":%s},"requestReceivedTimestamp":"2026-11-01T10:00:0%s.000000Z","stageTimestamp":"2026-11-01T10:00:0%s.100000Z"%s}\n' \
        "$n" "$2" "$1" "$3" "$4" "${7:-}" "$5" "$((n % 10))" "$((n % 10))" "$6"
}
pod() { # pod NAME PRIVILEGED [LABEL]
    printf '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","namespace":"shop","labels":{"a":"%s"}},"spec":{"containers":[{"name":"c","image":"registry.k8s.io/pause:3.9","securityContext":{"privileged":%s}}]}}' "$1" "${3:-x}" "$2"
}
both() { printf ',"requestObject":%s,"responseObject":%s' "$1" "$1"; }
{
    write alice create pods good 201 "$(both "$(pod good false)")"
    write alice create pods bad 201 "$(both "$(pod bad true)")"
    write alice update pods bad 200 "$(both "$(pod bad true y)")"
    write bob update pods good 200 "$(both "$(pod good true)")"
    write bob update pods before 200 "$(both "$(pod before true)")"
    write bob update pods harmless 200 "$(both "$(pod harmless false)")"
    write carol create pods refused 403 "$(both "$(pod refused true)")"
    write carol create pods nobody 201 ""
    write carol patch pods bad 200 ',"requestObject":{"spec":{"containers":[{"name":"c","securityContext":{"privileged":true}}]}}'
    write carol patch pods good 200 ",\"requestObject\":{},\"responseObject\":$(pod good true)"
    write dave patch pods ephemeral 201 ",\"requestObject\":{},\"responseObject\":$(pod ephemeral true)"
    write dave patch pods bad 200 ",\"requestObject\":{},\"responseObject\":{\"kind\":\"Status\"}" ',"subresource":"status"'
    write 'ev\u001b[31mil' create pods x 201 "$(both "$(pod x true)")"
    write alice get pods bad 200 "$(both "$(pod bad true)")"
} >"$work/audit.log"
sed -n 2p "$work/audit.log" >>"$work/audit.log"

run "$davy" policy replay --from "$work/audit.log" --control privileged-container -f json
replayed() {
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
last = {k: v for k, v in lines.pop().items() if v and k != "kind"}
wanted = {"events": 15, "judged": 8, "refused": 4, "unchanged": 2, "failed": 1, "no_body": 1, "patches": 1, "undecided": 1, "repeated": 1}
users = {line["user"]: (line["requests"], line["who"], [o["name"] for o in line["objects"]], line["evidence"][0]["line"]) for line in lines}
expected = {"alice": (1, "other", ["bad"], 2), "bob": (1, "other", ["good"], 4), "dave": (1, "other", ["ephemeral"], 11), "ev\x1b[31mil": (1, "other", ["x"], 13)}
if last != wanted or users != expected:
    print("#", last, users)
sys.exit(last != wanted or users != expected)' "$work/out"
}
point "which requests, whose, where; and what cannot be judged" all is_status 1 replayed ""
follows() {
    python3 -c 'import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(0)
schemas = {kind: json.load(open(f"{sys.argv[2]}/docs/schema/{kind}.schema.json")) for kind in ("refusal", "refused_object", "replay")}
lines = [json.loads(line) for line in open(sys.argv[1])]
wrong = [e.message for line in lines for e in jsonschema.Draft202012Validator(schemas[line["kind"]]).iter_errors(line)]
sys.exit("; ".join(wrong) if wrong or len(lines) < 2 else 0)' "$work/out" "$root"
}
point "as the schemas say" follows
run "$davy" policy replay --from "$work/audit.log"
point "text: hostile names are escaped" all is_status 1 out_has 'ev\x1b[31mil' out_lacks "$(printf '\033')" out_has "privileged-container (high)" out_has "pod-security-baseline (high)"
run "$davy" policy replay --from "$work/audit.log" --except-namespace shop
point "namespaces that are left alone: status 0" all is_status 0 out_has "11 more are in namespaces that are left alone"
run "$davy" policy replay --from "$work/audit.log" --profile pss:baseline:latest
point "the checks of Pod Security" all is_status 1 out_has "privileged (high)" out_lacks "pod-security-baseline" out_lacks "privileged-container"
run "$davy" policy replay
point "neither log nor objects: usage" all is_status 2 err_has "--from AUDIT-LOG" err_has "--objects PATH"

run "$davy" policy replay --objects "$work/objects.yaml" --control privileged-container --control anonymous-binding
point "objects: what would be refused of them, and where it stands" all is_status 1 \
    out_has "4 objects that policies are about were judged, of which 3 would be refused" out_has "would refuse 2 of the 3 objects" \
    out_has "Pod shop/miner ($work/objects.yaml:1)" out_has "ClusterRoleBinding open (" out_lacks "$(printf '\033')" out_lacks "events;"
run "$davy" policy replay --objects "$work/objects.yaml" --except-namespace shop -f json --cluster c
refused_objects() {
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
last = lines.pop()
pods = {(line["policy"]["id"], line["object"]["name"], line["cluster"], line["evidence"]["line"] > 0) for line in lines if line["object"]["kind"] == "Pod"}
names = {line["object"]["name"] for line in lines if line["policy"]["id"] == "privileged-container"}
good = not pods and names == {"ev\x1b[31mil\n---\nkind: Secret"} and (last["objects_judged"], last["objects_refused"], last["objects_exempt"], last["events"]) == (2, 2, 2, 0)
sys.exit(0 if good else 1)' "$work/out"
}
point "objects as JSON, but not those of namespaces that are left alone" all is_status 1 refused_objects follows
run "$davy" policy replay --objects "$work/objects.yaml" --from "$work/audit.log" --severity high
point "both; pods by Pod Security, too" all is_status 1 out_has "15 events" out_has "4 objects that policies" out_has "pod-security-baseline (high)" \
    out_has "would refuse 1 of the 2 objects that it is about" out_lacks "pod-security-restricted"
run "$davy" policy replay --objects "$work/objects.yaml" --profile pss:restricted:latest --control hostPorts
point "nothing is refused: status 0" all is_status 0 out_has "3 objects that policies are about were judged, of which 0 would be refused"
run "$davy" policy replay --objects "$work/nowhere"
point "no such objects: status 3" all is_status 3 err_has nowhere
run "$davy" policy replay --from "$work/nowhere"
point "no such log: status 3" all is_status 3 err_has nowhere

run "$davy" policy export --from "$work/audit.log" --objects "$work/cluster.yaml" --control privileged-container
point "an export with logs says what it would have refused of them" all is_status 0 \
    out_has "# Would have refused 4 requests of the logs, 4 by others: " out_has "# Namespace shop: 8 pods and workloads (7 of them from the logs)" \
    out_has "# user alice: " out_lacks "$(printf '\033')"
run "$davy" policy export --what roles --from "$work/audit.log" -o "$work/roles"
role_files() { [ "$(find "$work/roles" -name 'roles-*.yaml' | wc -l)" -eq 5 ] && grep -rq "kind: Role" "$work/roles"; }
point "roles: a file for each who did something" all is_status 0 role_files ""

# What the two recorded intruders did is refused, by policies that nobody else runs into much.
run "$davy" policy replay --from "$root/examples/dashboard-miner.jsonl.zst" --control trusted-registry --control cluster-admin-granted -f json
refuses() { # refuses USER POLICY RESOURCE NAME [REQUESTS-OF-OTHERS-AT-MOST]
    python3 -c 'import json, sys
out, user, policy, resource, name, most = sys.argv[1:]
lines = [line for line in map(json.loads, open(out)) if line["kind"] == "refusal" and line["policy"]["id"] == policy]
mine = [line for line in lines if line["user"] == user and any(o["resource"] == resource and o["name"] == name for o in line["objects"])]
others = sum(line["requests"] for line in lines if line["who"] == "other")
good = len(mine) == 1 and mine[0]["who"] == "alerted" and others <= int(most)
sys.exit(0 if good else 1)' "$work/out" "$@"
}
point "the dashboard's miner" refuses system:serviceaccount:kube-system:kubernetes-dashboard trusted-registry deployments kube-control 1
point "and the binding that let it in" refuses bob@corp.example cluster-admin-granted clusterrolebindings kubernetes-dashboard 1
run "$davy" policy replay --from "$root/examples/anonymous-worm.jsonl.zst" -f json
point "the worm's door" refuses dave@corp.example anonymous-binding clusterrolebindings cluster-system-anonymous 0
point "its workload on every node" refuses system:anonymous privileged-container daemonsets api-proxy 0
point "its way back" refuses system:anonymous cluster-admin-granted clusterrolebindings system:kube-update 0
point "as the schemas say" follows
finish
