#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy posture --compare` tell what is new and what is gone since an earlier run, pair findings whose words changed, and judge by what is
# new alone?
. "$(dirname "$0")/lib.sh"
schema=$2/docs/schema/comparison.schema.json

pod() { # pod NAME PRIVILEGED
    printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop}\nspec: {containers: [{name: c, image: nginx, securityContext: {privileged: %s}}]}\n' "$1" "$2"
}
{ pod a true; pod b true; pod c false; } >"$work/old.yaml"
{ pod a true; pod b false; pod c true; } >"$work/new.yaml"
"$davy" posture --cluster blue -f json --fail-on never "$work/old.yaml" >"$work/old.json"
only() { # only CONTROL CHANGE: the names that the comparison has
    python3 -c 'import json, sys
for line in open(sys.argv[1]):
    v = json.loads(line)
    if v["kind"] == "comparison":
        print(" ".join(sorted(c["object"]["name"] or "-" for c in v[sys.argv[3]] if c["control"]["id"] == sys.argv[2])))' "$work/out" "$1" "$2"
}
has() { [ "$(only "$1" "$2")" = "$3" ]; }

run "$davy" posture --cluster blue --compare "$work/old.json" "$work/old.yaml"
point "the same again: nothing is new, status 0" all is_status 0 out_has "; 0 new, 0 gone" out_has "since $work/old.json: "
run "$davy" posture --cluster blue --compare "$work/old.json" -f json "$work/new.yaml"
point "one more, one less, one the same" has privileged-container new c
point "and which is gone" has privileged-container gone b
point "status 1 for what is new" is_status 1
point "json: one object a line, each with a kind" json_lines
point "the line follows its schema" python3 -c 'import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(0)
lines = [json.loads(l) for l in open(sys.argv[1])]
[jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).validate(l) for l in lines if l["kind"] == "comparison"]' "$work/out" "$schema"
run "$davy" posture --cluster blue --compare "$work/old.json" --fail-on critical "$work/new.yaml"
point "--fail-on counts what is new" all is_status 0 out_has "new: high: privileged-container: Pod shop/c: " out_has "gone: high: privileged-container: Pod shop/b"
pod b false >"$work/less.yaml"
run "$davy" posture --cluster blue --compare "$work/old.json" "$work/less.yaml"
point "what was deleted is gone; nothing is worse: status 0" all is_status 0 out_has "gone: high: privileged-container: Pod shop/a"
printf -- '- {control: privileged-container, object: Pod shop/a, reason: needed}\n' >"$work/exempt.yaml"
run "$davy" posture --cluster blue --compare "$work/old.json" --exemptions "$work/exempt.yaml" -f json "$work/old.yaml"
point "what has been accepted is neither" all is_status 0 eval 'has privileged-container exempt a && has privileged-container gone ""'
sed 's/"why":"[^"]*"/"why":"said otherwise"/' "$work/old.json" >"$work/reworded.json"
run "$davy" posture --cluster blue --compare "$work/reworded.json" "$work/old.yaml"
point "other words are no change" all is_status 0 out_has "; 0 new, 0 gone"
cat >"$work/binding.yaml" <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: x}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{kind: User, name: ann}]
YAML
sed 's/name: ann}/name: ann}, {kind: User, name: bob}/' "$work/binding.yaml" >"$work/binding2.yaml"
"$davy" posture --cluster blue -f json --fail-on never "$work/binding.yaml" >"$work/binding.json"
run "$davy" posture --cluster blue --compare "$work/binding.json" "$work/binding2.yaml"
point "of several about one object the right one is new" all is_status 1 out_has "; 1 new, 0 gone" out_has "new: high: cluster-admin-binding: ClusterRoleBinding x: user bob is bound"
run "$davy" posture --cluster green --compare "$work/old.json" "$work/old.yaml"
point "another cluster: everything is new, and it is said" all is_status 1 err_has "'blue' is in the earlier run only" out_has "no score of this cluster"
"$davy" posture --cluster blue --profile pss:baseline:latest -f json --fail-on never "$work/old.yaml" >"$work/pss.json"
run "$davy" posture --cluster blue --profile pss:baseline:latest --compare "$work/pss.json" "$work/new.yaml"
point "Pod Security levels, too" all is_status 1 out_has "new: high: privileged: Pod shop/c" out_has "gone: high: privileged: Pod shop/b"
run "$davy" posture --compare "$work/old.yaml" "$work/old.yaml"
point "what is no earlier run: status 3, and the line" all is_status 3 err_has "old.yaml:1"
printf '{"kind":"other"}\n' >"$work/other.json"
run "$davy" posture --compare "$work/other.json" "$work/old.yaml"
point "neither finding nor score: status 3" all is_status 3 err_has "is no output of davy posture"
run "$davy" posture --compare "$work/old.json" -f sarif "$work/old.yaml"
point "text or json only" all is_status 2 err_has "text, json or html"
finish
