#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy access credentials` list what objects tell of, with whom, since when, until when, what it may do and how to take it back?
. "$(dirname "$0")/lib.sh"

cert=LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ4akNDQVd1Z0F3SUJBZ0lVRFJXNXhJTEhvZVY1aHpSUkd5N0g0SURMS3VFd0NnWUlLb1pJemowRUF3SXcKTnpFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaGMzUmxjbk14RERBS0JnTlZCQW9NQTJSbGRqRU9NQXdHQTFVRQpBd3dGWVd4cFkyVXdJQmNOTWpZeE1USTJNRFkxT0RRMldoZ1BNakV5TmpFeE1ESXdOalU0TkRaYU1EY3hGekFWCkJnTlZCQW9NRG5ONWMzUmxiVHB0WVhOMFpYSnpNUXd3Q2dZRFZRUUtEQU5rWlhZeERqQU1CZ05WQkFNTUJXRnMKYVdObE1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRUhqUWRMV2dxTUhDcE1qeTduRm5sbW1TSApGWHgrbXZDSXhydWlMcC9ETVQrdVhjek1yUG15ZWYzZ2cvb2tTWnJ1QnlFbTAvVC84TzJ1Z3JMdHYvVlRaNk5UCk1GRXdIUVlEVlIwT0JCWUVGQy96TUhiUkREemZGVmZDSExSdElwcGVqWGlDTUI4R0ExVWRJd1FZTUJhQUZDL3oKTUhiUkREemZGVmZDSExSdElwcGVqWGlDTUE4R0ExVWRFd0VCL3dRRk1BTUJBZjh3Q2dZSUtvWkl6ajBFQXdJRApTUUF3UmdJaEFKQWZNM3VzT2NJQXJLdGNQbjRQWWRjeVdNRXRrbVlFWTRvVmVqV09aeE5ZQWlFQTNqeFg3aUI1CnJtaVM3T2V1QmYvS0M5Ym1TTGZ1RWNZLzRYNE1sVllHcnRVPQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==
csr=$(sed -n 's/.*spec: {request: \([^}]*\)}, status.*/\1/p' "$2/controls/credentials.test.yml" | head -n 1)
cat >"$work/objects.yaml" <<YAML
apiVersion: v1
kind: Secret
metadata: {name: ui-token-x, namespace: web, creationTimestamp: "2020-02-03T04:05:06Z", annotations: {kubernetes.io/service-account.name: ui}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
type: bootstrap.kubernetes.io/token
data: {expiration: MjAzMC0wMS0wMlQwMzowNDowNVo=}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: eve, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {request: $csr, signerName: kubernetes.io/kube-apiserver-client}
status: {conditions: [{type: Approved}]}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: waiting}
spec: {request: $csr, signerName: kubernetes.io/kube-apiserver-client}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: node}
spec: {request: $csr, signerName: kubernetes.io/kubelet-serving}
status: {conditions: [{type: Approved}]}
---
apiVersion: v1
kind: Config
users:
- {name: "ev\e[31mil", user: {client-certificate-data: $cert, client-key-data: x}}
- {name: robot, user: {token: abc}}
- {name: sso, user: {exec: {command: login}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules: [{apiGroups: [""], resources: [pods], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: r}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: ui, namespace: web}]
YAML
run "$davy" access credentials "$work/objects.yaml"
point "a token: since, never, may, command" all is_status 1 out_has "token of serviceaccount web/ui: Secret web/ui-token-x" out_has "since 2020-02-03" \
    out_has "never runs out" out_has "may, in the whole cluster: create-pods" out_has "kubectl delete secret -n web -- ui-token-x"
point "a token for joining: its end" all out_has "join-token of group system:bootstrappers" out_has "until 2030-01-02"
point "a signed certificate: user, groups, what can be done" all out_has "certificate of user eve in system:masters: CertificateSigningRequest eve" \
    out_has "may do everything" out_has "a new CA"
point "not what waits, nor what is for servers" all out_lacks "waiting" out_lacks "CertificateSigningRequest node"
point "kubeconfig: a certificate is read" all out_has "certificate of user alice in system:masters, dev: kubeconfig user" out_has "until 2126"
point "kubeconfig: tokens and plugins" all out_has "kubeconfig-token of somebody" out_has "plugin of somebody"
point "hostile names are escaped" all out_has 'ev\x1b[31mil' out_lacks "$(printf '\033')"
run "$davy" access credentials -f json "$work/objects.yaml"
point "json: one object a line, each with a kind" json_lines
first() { head -n 1 "$work/out" | grep -q '"everything":true'; }
point "the most powerful first" first
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n' >"$work/pod.yaml"
run "$davy" access credentials "$work/pod.yaml"
point "none: status 0" all is_status 0 out_lines 0
run "$davy" access credentials "$work/nowhere"
point "a missing file: status 3" is_status 3
finish
