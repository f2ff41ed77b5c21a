#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy access` answer from manifests, dumps and pipes, name what gives each permission, and keep to the contract of the command line?
. "$(dirname "$0")/lib.sh"

cat >"$work/rbac.yaml" <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
- {nonResourceURLs: ["*"], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: dashboard}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: dashboard, namespace: web}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: web}
rules:
- {apiGroups: [""], resources: [pods], verbs: [create, get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployers, namespace: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects: [{kind: User, name: "ev\e[31mil"}, {kind: User, name: alice}]
YAML
run "$davy" access who-can create pods -n web "$work/rbac.yaml"
point "who-can: subjects, bindings, roles" all is_status 0 out_has "user alice" out_has "RoleBinding web/deployers of Role web/deployer" \
    out_has "serviceaccount web/dashboard" out_has "built into the API server"
point "hostile names are escaped" all out_has 'ev\x1b[31mil' out_lacks "$(printf '\033')"
run "$davy" access who-can create pods "$work/rbac.yaml"
point "without a namespace a RoleBinding does not count, and that is said" all is_status 0 out_lacks "alice" out_has "2 more in single namespaces"
run "$davy" access who-can create pods -A --format json "$work/rbac.yaml"
point "json: lines with a kind" all is_status 0 out_has '"kind":"grant"' out_has '"name":"deployers"' out_has '"line":20'
point "json: one object a line" json_lines
run "$davy" access of web/dashboard "$work/rbac.yaml"
point "of: rules" all is_status 0 out_has "* * (*)"
run "$davy" access anonymous "$work/rbac.yaml"
point "anonymous: nothing" all is_status 0 out_has "nothing else"
sed 's/kind: ServiceAccount, name: dashboard, namespace: web/kind: User, name: "system:anonymous"/' "$work/rbac.yaml" >"$work/worm.yaml"
run "$davy" access anonymous "$work/worm.yaml"
point "anonymous: cluster-admin" all is_status 1 out_has "ClusterRoleBinding dashboard of ClusterRole cluster-admin"
run "$davy" access path alice cluster-admin "$work/rbac.yaml"
point "path: a pod in the dashboard's namespace" all is_status 1 out_has "run pods as any ServiceAccount there (namespace web)" \
    out_has "and so becomes cluster-admin"
run "$davy" access path alice cluster-admin "$work/worm.yaml"
point "path: none" all is_status 0 out_has "No way is known"
run "$davy" access diff "$work/rbac.yaml" "$work/worm.yaml"
point "diff: gained and lost" all is_status 1 out_has "+ user system:anonymous" out_has "- serviceaccount web/dashboard"
run "$davy" access diff "$work/rbac.yaml" "$work/rbac.yaml"
point "diff: the same" all is_status 0 out_lines 0

run "$davy" access who-can get pods "$work/nowhere.yaml"
point "a missing file: status 3" all is_status 3 err_has "nowhere.yaml"
echo 'replicas: 3' >"$work/values.yaml"
run "$davy" access who-can get pods "$work/values.yaml"
point "no object is no answer" all is_status 3 err_has "no Kubernetes object"
run "$davy" access of group: "$work/rbac.yaml"
point "a subject that names nobody: status 2" all is_status 2 err_has "names nobody"
{ cat "$work/rbac.yaml"; printf -- '---\na: [\n'; } >"$work/bad.yaml"
run "$davy" access of alice "$work/bad.yaml"
point "a bad document is told and skipped" all is_status 0 out_has "create, get pods" err_has "bad.yaml:27"
run "$davy" access of alice --strict "$work/bad.yaml"
point "--strict stops there" is_status 3
mkdir -p "$work/fleet/east" "$work/fleet/west"
cp "$work/rbac.yaml" "$work/fleet/east/"
cp "$work/worm.yaml" "$work/fleet/west/"
run "$davy" access anonymous "$work/fleet"
point "a cluster a subdirectory" all is_status 1 out_has "cluster east" out_has "cluster west"
run sh -c 'gzip -c "$2" | "$1" access of alice -f json -' sh "$davy" "$work/rbac.yaml"
point "compressed, from a pipe" all is_status 0 out_has '"cluster":"stdin"' out_has '"file":"-"'
finish
