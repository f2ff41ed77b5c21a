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

run "$davy" policy export --enforce -o "$work/policies" --control host-path --control admin-certificate
files() { [ "$(cd "$work/policies" && echo *)" = "$1" ] && ! [ -s "$work/out" ]; }
point "a file each" all is_status 0 files "admission-davy-host-path-cronjobs.yaml admission-davy-host-path-pods.yaml admission-davy-host-path-podtemplates.yaml admission-davy-host-path-templates.yaml not-expressible.yaml"
denies() { grep -q 'validationActions: \[Deny\]' "$work/policies/admission-davy-host-path-pods.yaml"; }
point "--enforce" denies

run "$davy" policy export --control nonsense
point "no such control: status 2" all is_status 2 err_has "there is no control 'nonsense'"
run "$davy" policy export --objects "$work/nowhere"
point "no such file: status 3" all is_status 3 err_has nowhere
run "$davy" policy export -o "$work/objects.yaml/x"
point "no such folder: status 3" all is_status 3 err_has "cannot make"
printf 'title: t\nid: r\nlogsource: {product: kubernetes, category: posture}\nlevel: low\ndetection: {s: {spec.type: LoadBalancer}, condition: s}\nposture: {id: mine, over: [Service], points: 1}\n' >"$work/mine.yml"
run "$davy" policy export --rules "$work/mine.yml"
point "controls of one's own" all is_status 0 out_has 'name: "davy-mine"' out_has "object.spec.type.lowerAscii() == 'loadbalancer'"
finish
