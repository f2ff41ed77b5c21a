#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does every built-in control find what it is for, leave alone what is right, and count in the score as published?
. "$(dirname "$0")/lib.sh"

cat >"$work/bad.yaml" <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: everything}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: open}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}
subjects:
- {kind: User, name: "system:anonymous"}
- {kind: Group, name: "system:authenticated"}
- {kind: ServiceAccount, name: kubernetes-dashboard, namespace: web}
- {kind: ServiceAccount, name: default, namespace: web}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  template:
    spec:
      hostPID: true
      volumes: [{name: root, hostPath: {path: /}}]
      containers:
      - name: c
        image: nginx
        env: [{name: DB_PASSWORD, value: hunter2}]
        securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes-dashboard, namespace: web}
spec: {type: NodePort, ports: [{port: 443}], selector: {k8s-app: kubernetes-dashboard}}
YAML
cat >"$work/good.yaml" <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: cluster-admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, name: "system:masters"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "system:public-info-viewer"}
rules: [{nonResourceURLs: [/healthz, /livez, /readyz, /version, /version/], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "system:public-info-viewer"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:public-info-viewer"}
subjects: [{kind: Group, name: "system:authenticated"}, {kind: Group, name: "system:unauthenticated"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: looker, namespace: web}
rules: [{apiGroups: [""], resources: [pods, configmaps], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: looker, namespace: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: looker}
subjects: [{kind: ServiceAccount, name: kubernetes-dashboard, namespace: web}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: web}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          automountServiceAccountToken: false
          volumes: [{name: tmp, emptyDir: {}}]
          containers:
          - name: c
            image: nginx
            env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}, {name: LOG, value: info}]
            securityContext: {privileged: false, capabilities: {add: [NET_BIND_SERVICE]}}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes-dashboard, namespace: web}
spec: {type: ClusterIP, ports: [{port: 443}], selector: {k8s-app: kubernetes-dashboard}}
YAML
ids() { sed -n 's/^.*"kind":"finding".*"control":{"id":"\([^"]*\)".*"status":"unhealthy".*$/\1/p' "$work/out" | sort -u; }
all_controls() { grep -h '^posture:' "$rules"/controls/*.yml | sed 's/.*{id: \([^,]*\),.*/\1/' | sort; }
rules=$2

run "$davy" posture -f json "$work/bad.yaml"
ids >"$work/found"
all_controls >"$work/wanted"
every_control() { [ -s "$work/wanted" ] && diff "$work/wanted" "$work/found" >&2; }
point "bad objects: status 1" is_status 1
point "json: one object a line, each with a kind" json_lines
point "every control finds what it is for" every_control
point "who is bound is said" out_has "user system:anonymous is bound to ClusterRole everything: whoever reaches the API server"
run "$davy" posture -f json "$work/good.yaml"
ids >"$work/found"
point "where all is right: status 0" is_status 0
nothing() { [ ! -s "$work/found" ]; }
point "and no control finds anything" nothing
point "and the score is full" out_has '"percent":100'
run "$davy" posture --all -f json "$work/good.yaml"
point "--all: what is healthy" all is_status 0 out_has '"status":"healthy"'

run "$davy" posture "$work/good.yaml" "$work/bad.yaml" --cluster both
point "text: the score, what to fix first, with gain, example and fix" all is_status 1 out_has "both: secure score" out_has "what to fix first" \
    out_has "anonymous-grant" out_has "fix: remove the subject"
# One of two pods is privileged: half of the control's points.
run "$davy" posture -f json --cluster both "$work/good.yaml" "$work/bad.yaml"
score_of() {
    python3 -c 'import json, sys
score = [json.loads(line) for line in open(sys.argv[1])][-1]
control = {c["id"]: c for c in score["controls"]}[sys.argv[2]]
total = sum(c["score"] for c in score["controls"])
good = abs(control["score"] - float(sys.argv[3])) < 0.001 and abs(control["score"] + control["gain"] - control["max"]) < 0.001
sys.exit(0 if good and abs(total - score["score"]) < 0.01 else 1)' "$work/out" "$1" "$2"
}
point "score: points x healthy / (healthy + unhealthy)" score_of privileged-container 2
point "score: one door is enough" score_of anonymous-grant 0
run "$davy" posture --format sarif "$work/bad.yaml"
sarif() {
    python3 -c 'import json, sys
log = json.load(open(sys.argv[1]))
run = log["runs"][0]
rules = run["tool"]["driver"]["rules"]
good = log["version"] == "2.1.0" and len(run["results"]) >= len(rules) > 10
for r in run["results"]:
    where = r["locations"][0]["physicalLocation"]
    good = good and rules[r["ruleIndex"]]["id"] == r["ruleId"] and r["level"] in ("note", "warning", "error") and r["message"]["text"]
    good = good and where["artifactLocation"]["uri"].endswith("bad.yaml") and where["region"]["startLine"] >= 1
sys.exit(0 if good else 1)' "$work/out"
}
point "sarif: results point to rules and lines" sarif
run "$davy" posture --format sarif "$work/good.yaml"
point "sarif: a run without results" all is_status 0 out_has '"results":[]'
run "$davy" posture --fail-on never --min-score 99 "$work/bad.yaml"
point "--min-score: below it status 1" is_status 1
run "$davy" posture --min-score 99 "$work/good.yaml"
point "--min-score: above it status 0" is_status 0
run "$davy" posture --fail-on critical "$work/good.yaml"
point "--fail-on" is_status 0
finish
