#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy posture` judge manifests and dumps by Pod Security levels, and keep to the contract of the command line?
. "$(dirname "$0")/lib.sh"

cat >"$work/app.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      hostNetwork: yes
      containers: [{name: "c\e[31m", image: nginx, securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Pod
metadata: {name: calm}
spec: {containers: [{name: c, image: nginx}]}
YAML
run "$davy" posture --profile pss:baseline:latest "$work/app.yaml"
point "baseline: findings with their place; status 1" all is_status 1 out_lines 2 out_has "app.yaml:1: high: Deployment shop/web: privileged" \
    out_has "hostNamespaces"
point "hostile names are escaped" all out_has 'c\x1b[31m' out_lacks "$(printf '\033')"
run "$davy" posture --profile pss:baseline:v1.20 -f json "$work/app.yaml"
point "json: the contract's members" all is_status 1 out_has '"control":{"id":"privileged"' out_has '"status":"unhealthy"' \
    out_has '"object":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"shop","name":"web"}'
point "json: one object a line, each with a kind" json_lines
run "$davy" posture --profile pss:restricted:v1.7 -f json "$work/app.yaml"
point "restricted in an old version" all is_status 1 out_lacks allowPrivilegeEscalation out_has runAsNonRoot
run "$davy" posture --profile pss:baseline:latest --all -f json "$work/app.yaml"
point "--all: what is healthy, too" all is_status 1 out_has '"status":"healthy"' out_lines 24
run "$davy" posture --profile pss:privileged:latest "$work/app.yaml"
point "privileged: nothing" all is_status 0 out_lines 0
run "$davy" posture --profile pss:baseline:latest --fail-on never "$work/app.yaml"
point "--fail-on never: status 0" all is_status 0 out_lines 2
for bad in pss:baseline pss:baseline:1.2 pss:low:latest cis "pss:baseline:latest:x"; do
    run "$davy" posture --profile "$bad" "$work/app.yaml"
    point "no such profile: $bad" all is_status 2 err_has "pss:LEVEL:VERSION"
done
run sh -c 'zstd -qc "$2" | "$1" posture --profile pss:baseline:latest -' sh "$davy" "$work/app.yaml"
point "compressed, from a pipe" all is_status 1 out_lines 2
run "$davy" posture "$work/nowhere"
point "a missing file: status 3" all is_status 3 err_has nowhere
: >"$work/empty.yaml"
run "$davy" posture "$work/empty.yaml"
point "nothing to judge is no all-clear" all is_status 3 err_has "no Kubernetes object"
{ cat "$work/app.yaml"; printf -- '---\nkind: [\n'; } >"$work/bad.yaml"
run "$davy" posture --strict "$work/bad.yaml"
point "--strict stops at a bad document" all is_status 3 err_has "bad.yaml:16"
[ -e /dev/full ] && run sh -c '"$1" posture "$2" >/dev/full' sh "$davy" "$work/app.yaml"
point "a full disk is told" is_status 3
finish
