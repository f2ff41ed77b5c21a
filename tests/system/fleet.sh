#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do several clusters have the score that docs/controls.md says, with and without weights, and are wrong weights refused?
. "$(dirname "$0")/lib.sh"
schema=$2/docs/schema/fleet.schema.json

binding() { # binding NAME SUBJECT
    printf -- '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: %s}\nrules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]\n' "$1"
    printf -- '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: %s}\nroleRef: {kind: ClusterRole, name: %s}\nsubjects: [{kind: User, name: "%s"}]\n' "$1" "$1" "$2"
}
mkdir -p "$work/fleet/prod-a" "$work/fleet/test"
{ binding one ann; binding two system:anonymous; binding three bob; } >"$work/fleet/prod-a/rbac.yaml"
printf 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: n}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n' >"$work/fleet/test/role.yaml"
right() { # right CLUSTER=WEIGHT...: the percent is that of the clusters, by these weights; "assessed" stands for what was assessed
    python3 -c 'import json, sys
fleet = json.loads(open(sys.argv[1]).read().splitlines()[-1])
weights = dict(w.split("=") for w in sys.argv[2:])
def weight(c):
    w, _, factor = weights[c["cluster"]].partition("*")
    return (c["assessed"] if w == "assessed" else float(w)) * float(factor or 1)
clusters = fleet["clusters"]
total = sum(map(weight, clusters))
assert fleet["kind"] == "fleet" and len(clusters) == len(weights) and all(c["assessed"] > 0 for c in clusters)
assert abs(fleet["percent"] - sum(weight(c) * c["percent"] for c in clusters) / total) < 0.01, fleet["percent"]
assert all(abs(c["share"] - weight(c) / total) < 0.001 for c in clusters)
assert abs(fleet["percent"] + sum(c["gain"] for c in fleet["controls"]) - 100) < 0.1
assert fleet["controls"] == sorted(fleet["controls"], key=lambda c: -c["risk"])' "$work/out" "$@"
}
follows() {
    /usr/bin/python3 -c 'import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(0)
jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).validate(json.loads(open(sys.argv[1]).read().splitlines()[-1]))' "$work/out" "$schema"
}

run "$davy" posture -f json --fail-on never "$work/fleet"
point "weighted by what was assessed" all is_status 0 out_has '"weighted_by":"assessed"'
point "and the arithmetic is right" right prod-a=assessed test=assessed
point "the line follows its schema" follows
printf -- '- {cluster: "prod-*", criticality: critical}\n- {cluster: test, criticality: low}\n' >"$work/criticality.yaml"
run "$davy" posture -f json --fail-on never --weights "$work/criticality.yaml" "$work/fleet"
point "times criticality" right 'prod-a=assessed*4' 'test=assessed*0.5'
printf -- '- {cluster: test, weight: 2.5, criticality: high}\n' >"$work/weights.yaml"
run "$davy" posture -f json --fail-on never --weights "$work/weights.yaml" "$work/fleet"
point "weights in the place of numbers" right prod-a=1 "test=2.5*2"
point "and that is said" out_has '"weighted_by":"weight"'
run "$davy" posture --fail-on never --weights "$work/criticality.yaml" "$work/fleet"
point "text: score, shares, what to fix first" all is_status 0 out_has "fleet of 2 clusters: secure score" out_has "prod-a (critical criticality)" \
    out_has "what to fix first in the fleet" out_has "anonymous-grant: Nobody without credentials is given permissions (in 1 of 2 clusters)"
run "$davy" posture --fail-on never -f html --weights "$work/criticality.yaml" "$work/fleet"
point "html" all is_status 0 out_has "Over 2 clusters" out_has "criticality critical" out_has "What to fix first in the fleet"
run "$davy" posture --fail-on never -f prometheus "$work/fleet"
point "prometheus" all is_status 0 out_has "davy_posture_fleet_percent "
run "$davy" posture --fail-on never -f json "$work/fleet/test"
point "one cluster is no fleet" all is_status 0 out_lacks '"kind":"fleet"'
for wrong in 'cluster: a' '- {weight: 1}' '- {cluster: a, weight: 0}' '- {cluster: a, weight: -1}' '- {cluster: a, weight: .nan}' '- {cluster: a, weight: 1e9}' \
    '- {cluster: a, criticality: huge}' '- {cluster: a, reason: x}' '- a' '- {cluster: ""}'; do
    printf '%s\n' "$wrong" >"$work/wrong.yaml"
    run "$davy" posture --weights "$work/wrong.yaml" "$work/fleet"
    point "no weights: $wrong" all is_status 3 err_has "wrong.yaml:1"
done
run "$davy" posture --weights "$work/weights.yaml" --profile pss:baseline:latest "$work/fleet"
point "no weights with a profile" is_status 2
finish
