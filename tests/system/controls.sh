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
        ports: [{containerPort: 80, hostPort: 80}]
        env: [{name: DB_PASSWORD, value: hunter2}]
        securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ui, namespace: web}
spec:
  template:
    metadata: {labels: {k8s-app: kubernetes-dashboard}}
    spec: {containers: [{name: c, image: kubernetesui/dashboard, args: [--enable-skip-login], ports: [{containerPort: 443}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: web}
spec: {type: NodePort, ports: [{port: 443}], selector: {k8s-app: kubernetes-dashboard}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front, namespace: web}
spec: {defaultBackend: {service: {name: front, port: {number: 443}}}}
---
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: web}
spec: {type: LoadBalancer, externalIPs: [203.0.113.1], ports: [{port: 6379}], selector: {app: redis}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: kubernetes, namespace: default}
subsets: [{addresses: [{ip: 8.8.8.8}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-a, namespace: kube-system}
spec:
  containers:
  - name: c
    image: k8s.gcr.io/kube-apiserver:v1.31.2
    command: [kube-apiserver, --token-auth-file=/t, --service-account-lookup=false, --audit-log-path=/l, --insecure-port=8080,
      --enable-admission-plugins=AlwaysAdmit, "--disable-admission-plugins=PodSecurity,ServiceAccount"]
---
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- {name: ImagePolicyWebhook, configuration: {imagePolicy: {kubeConfigFile: /i, defaultAllow: true}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: Pod
metadata: {name: etcd-a, namespace: kube-system}
spec: {containers: [{name: c, image: k8s.gcr.io/etcd, command: [etcd, "--listen-client-urls=http://0.0.0.0:2379"]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config-1.18, namespace: kube-system}
data: {kubelet: "kind: KubeletConfiguration\nreadOnlyPort: 10255\nauthentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\n"}
---
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources: [{resources: [secrets], providers: [{identity: {}}, {aescbc: {keys: [{name: key1, secret: c2VjcmV0IGlzIHNlY3VyZQ==}]}}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "system:node-proxier", annotations: {rbac.authorization.kubernetes.io/autoupdate: "false"}}
rules: [{apiGroups: [""], resources: [secrets, pods], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "system:controller:kube-controller"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: []
---
apiVersion: v1
kind: Pod
metadata: {name: miner, namespace: default}
spec: {containers: [{name: c, image: kannix/monero-miner, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}
---
apiVersion: v1
kind: Secret
metadata: {name: t, namespace: web}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
type: bootstrap.kubernetes.io/token
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: web}
data: {a: '{"password":"x"}'}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: eve}
spec: {request: CSR}
status: {conditions: [{type: Approved}]}
---
apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "http://a:8080"}}]
users: [{name: a, user: {token: x}}]
YAML
csr=$(sed -n 's/.*spec: {request: \([^}]*\)}, status.*/\1/p' "$2/controls/credentials.test.yml" | head -n 1)
sed -i "s|request: CSR|request: $csr|" "$work/bad.yaml"
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
kind: ClusterRole
metadata: {name: "system:service-account-issuer-discovery"}
rules: [{nonResourceURLs: [/.well-known/openid-configuration, /openid/v1/jwks], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: oidc-reviewer}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:service-account-issuer-discovery"}
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
            image: nginx:1.27
            ports: [{containerPort: 80}]
            env: [{name: DB_PASSWORD_FILE, value: ""}, {name: LOG, value: info}]
            resources: {limits: {cpu: 1, memory: 1Gi}}
            securityContext: {privileged: false, capabilities: {add: [NET_BIND_SERVICE]}, allowPrivilegeEscalation: false, runAsNonRoot: true,
              readOnlyRootFilesystem: true, seccompProfile: {type: RuntimeDefault}}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes-dashboard, namespace: web}
spec: {type: ClusterIP, ports: [{port: 443}], selector: {k8s-app: kubernetes-dashboard}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ui, namespace: web}
spec:
  template:
    metadata: {labels: {k8s-app: kubernetes-dashboard}}
    spec: {automountServiceAccountToken: false, containers: [{name: c, image: "kubernetesui/dashboard:v2", resources: {limits: {cpu: 1, memory: 1Gi}}, securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, seccompProfile: {type: RuntimeDefault}}, ports: [{containerPort: 443}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front, namespace: web}
spec: {tls: [{hosts: [d.example]}], rules: [{host: d.example, http: {paths: [{backend: {service: {name: kubernetes-dashboard, port: {number: 443}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody, namespace: web}
spec: {podSelector: {}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: kubernetes, namespace: default}
subsets: [{addresses: [{ip: 10.0.0.1}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-a, namespace: kube-system, labels: {component: api}}
spec:
  automountServiceAccountToken: false
  containers:
  - name: c
    image: registry.k8s.io/kube-apiserver:v1.31.2
    resources: {limits: {cpu: 1, memory: 1Gi}}
    securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, seccompProfile: {type: RuntimeDefault}}
    command: [kube-apiserver, --anonymous-auth=false, "--authorization-mode=Node,RBAC", --audit-log-path=/l, --audit-log-maxage=30, --audit-policy-file=/p,
      --encryption-provider-config=/e, "--enable-admission-plugins=NodeRestriction,EventRateLimit", --profiling=false]
---
apiVersion: v1
kind: Pod
metadata: {name: etcd-a, namespace: kube-system, labels: {component: etcd}}
spec: {automountServiceAccountToken: false, containers: [{name: c, image: "k8s.gcr.io/etcd:3", resources: {limits: {cpu: 1, memory: 1Gi}}, securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, seccompProfile: {type: RuntimeDefault}}, command: [etcd, --client-cert-auth=true]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody, namespace: kube-system}
spec: {podSelector: {}}
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}}
rotateCertificates: true
protectKernelDefaults: true
---
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration: {kind: PodSecurityConfiguration, defaults: {enforce: baseline}, exemptions: {namespaces: [kube-system]}}
- {name: ImagePolicyWebhook, configuration: {imagePolicy: {kubeConfigFile: /i, defaultAllow: false}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources: [{resources: [secrets], providers: [{secretbox: {keys: [{name: key1, secret: <BASE 64 ENCODED SECRET>}]}}, {identity: {}}]}]
YAML
ids() { sed -n 's/^.*"kind":"finding".*"control":{"id":"\([^"]*\)".*"status":"unhealthy".*$/\1/p' "$work/out" | sort -u; }
all_controls() { grep -h '^posture: {id:' "$rules"/controls/*.yml | sed 's/.*{id: \([^,]*\),.*/\1/' | sort; }
rules=$2

run "$davy" posture -f json "$work/bad.yaml"
ids >"$work/found"
all_controls >"$work/wanted"
every_control() { [ -s "$work/wanted" ] && diff "$work/wanted" "$work/found" >&2; }
point "bad objects: status 1" is_status 1
point "json: one object a line, each with a kind" json_lines
point "every control finds what it is for" every_control
point "json: sections of frameworks, in findings and in the score" all \
    out_has '"control":{"id":"cluster-admin-binding","title":"Nobody but the administrators\u0027 group is cluster-admin","severity":"high","frameworks":[{"id":"cis","section":"5.1.1"}]}' \
    out_has '"frameworks":[{"id":"cis","section":"5.2.3"},{"id":"cis","section":"5.2.4"},{"id":"cis","section":"5.2.5"}],"references":["https://'
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
# A dashboard without any Service in sight: nobody can tell. A cluster without the pods of its control plane: said, and not counted.
cat >"$work/part.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: ui, namespace: web}
spec: {template: {spec: {containers: [{name: c, image: kubernetesui/dashboard}]}}}
YAML
run "$davy" posture "$work/part.yaml"
point "not assessable is said" all out_has "not assessable: exposed-interface" out_has "no Service is among the objects" \
    out_has "not assessed without the pod of kube-apiserver among the objects: api-account-lookup api-admission-off api-always-admit"
run "$davy" posture -f json "$work/part.yaml"
point "json: not assessable" all out_has '"status":"not_assessable"' out_has '"not_assessable":1,"exempt":0,"needs":null' out_has '"needs":"the pod of kube-apiserver"'
run "$davy" rules test --stream posture "$rules/controls"
point "hits and misses beside the controls" all is_status 0 out_has " 0 failed, 0 rules without a hit"
# The roles and bindings of a fresh cluster of each version, and of one whose version davy cannot know.
"$(dirname "$0")/stock-roles.py" "$work/fleet" || exit 1
run "$davy" posture -f json "$work/fleet"
point "a fresh cluster's roles and bindings, of 1.13 to 1.40: full score" all is_status 0 out_has '"cluster":"1.14"' out_has '"cluster":"1.36"' \
    out_lacks '"status":"unhealthy"' out_lacks '"percent":9'
sed 's/"name": "system:authenticated"/"name": "system:unauthenticated"/' "$work/fleet/1.20/roles.json" >"$work/changed.json"
run "$davy" posture -f json "$work/changed.json"
point "a subject changed in one of them" all is_status 1 out_has '"id":"built-in-changed"' out_has "gives its permissions to Group system:unauthenticated"
err_silent() { [ "$(wc -c <"$work/err")" -eq "$1" ]; }
# What 1.30 makes, in a cluster of 1.26: the API server says so, or kubelets, which may be three versions older.
built_in() {
    mkdir -p "$work/mixed"
    cp "$work/fleet/1.30/roles.json" "$work/mixed/roles.json"
    "$1" "$2" >"$work/mixed/version.json"
    run "$davy" posture -f json --fail-on never --cluster mixed "$work/mixed"
}
server_pod() { printf '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "api", "namespace": "kube-system", "labels": {"component": "kube-apiserver"}}, "spec": {"containers": [{"name": "kube-apiserver", "image": "registry.k8s.io/kube-apiserver:v%s", "command": ["kube-apiserver"]}]}}\n' "$1"; }
node_of() { printf '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": "v%s"}}}\n' "$1"; }
built_in server_pod 1.26.4
point "rules of a later version are too much" all out_has "ClusterRole system:controller:statefulset-controller gives delete persistentvolumeclaims" \
    out_has '"id":"reserved-name"' out_has '"name":"system:controller:legacy-service-account-token-cleaner"' out_lacks "ClusterRole system:basic-user gives"
kubectl_version() { printf '{"clientVersion": {"gitVersion": "v1.34.0"}, "kustomizeVersion": "v5.0.1", "serverVersion": {"major": "1", "minor": "%s", "gitVersion": "v%s"}}\n' 26 "$1"; }
built_in kubectl_version 1.26.4
point "kubectl version -o json tells it, too" all out_has "ClusterRole system:controller:statefulset-controller gives delete persistentvolumeclaims" err_silent 0
raw_version() { printf '{"major": "", "minor": "", "gitVersion": "v%s"}\n' "$1"; }
built_in raw_version 1.30.2-debian
point "and what /version gives" all out_lacks '"name":"system:controller' err_silent 0
run "$davy" posture "$work/mixed/version.json"
point "which alone is no cluster" all is_status 3 err_has "no Kubernetes object was found"
built_in server_pod 1.30.1
point "those of its own are not" all out_lacks '"name":"system:controller' out_lacks '"id":"built-in-changed","title":"Roles and bindings that Kubernetes makes are as it makes them","severity":"high","frameworks":[]},"object"'
built_in node_of 1.26.4-gke.100
point "a kubelet of 1.26: the server may be 1.29, and not 1.30" all out_lacks "legacy-service-account-token-cleaner" out_has "storage-version-migrator-controller"
built_in node_of 1.27.0
point "a kubelet of 1.27: it may be 1.30" out_lacks "storage-version-migrator-controller"

run "$davy" posture -f json --trusted-registry example.com --trusted-registry docker.io/library "$work/bad.yaml"
point "--trusted-registry: what is named, and nothing else" all out_lacks '"name":"web"},"status":"unhealthy","why":"an image of' \
    out_has '"name":"ui"},"status":"unhealthy","why":"an image of'
out_trusts() { grep '"id":"trusted-registry"' "$work/out" | grep -q "\"status\":\"$1\""; }
cat >"$work/short.yaml" <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: short, namespace: web}
spec: {containers: [{name: c, image: nginx}]}
YAML
run "$davy" posture -f json --all --trusted-registry quay.io --default-registry quay.io "$work/short.yaml"
point "--default-registry: where images are that name none" out_trusts healthy
run "$davy" posture -f json --all --trusted-registry quay.io --default-registry docker.io "$work/short.yaml"
point "--default-registry: docker.io unless it is said" out_trusts unhealthy
run "$davy" posture --default-registry quay.io/x "$work/short.yaml"
point "--default-registry: a host, and no path" all is_status 2 err_has "is no registry"
run "$davy" rules lint --stream posture "$rules/controls"
point "the controls lint without a word" all is_status 0 err_has " 0 errors, 0 warnings"

# Some of the pods are privileged: the share counts.
run "$davy" posture -f json --cluster both "$work/good.yaml" "$work/bad.yaml"
score_of() {
    python3 -c 'import json, sys
score = [json.loads(line) for line in open(sys.argv[1])][-1]
control = {c["id"]: c for c in score["controls"]}[sys.argv[2]]
total = sum(c["score"] for c in score["controls"])
good = abs(control["score"] - float(sys.argv[3])) < 0.001 and abs(control["score"] + control["gain"] - control["max"]) < 0.001
sys.exit(0 if good and abs(total - score["score"]) < 0.01 else 1)' "$work/out" "$1" "$2"
}
point "score: points x healthy / (healthy + unhealthy)" score_of privileged-container 3.556
point "score: one door is enough" score_of anonymous-grant 0
cat >"$work/exposed.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers: [{name: c, image: nginx, ports: [{containerPort: 80}], securityContext: {privileged: true}}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers: [{name: c, image: nginx, ports: [{containerPort: 80}], securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}
spec:
  serviceAccountName: web
  containers: [{name: c, image: nginx, ports: [{containerPort: 80}], securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Pod
metadata: {name: inner, namespace: shop, labels: {app: inner}}
spec:
  containers: [{name: c, image: nginx, ports: [{containerPort: 80}], securityContext: {privileged: true}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, ports: [{port: 80}], selector: {app: web}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: x}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}, {kind: ServiceAccount, name: other, namespace: shop}]
YAML
run "$davy" posture --fail-on never "$work/exposed.yaml"
point "exposed: a workload, what is part of it, grants to its account; nothing else" all \
    out_has "privileged-container: Containers are not privileged (4 of 4 are not; 3 exposed)" \
    out_has "is cluster-admin (2 of 2 are not; 1 exposed)" out_has "wildcard-role: Permissions are spelled out (1 of 1 are not)"
sed 's/type: LoadBalancer/type: ClusterIP/' "$work/exposed.yaml" >"$work/inside.yaml"
run "$davy" posture --fail-on never "$work/inside.yaml"
point "without a way from outside nothing is" out_lacks " exposed)"
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
taxonomies() {
    python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
driver, taxonomies = run["tool"]["driver"], run["taxonomies"]
assert [t["name"] for t in driver["supportedTaxonomies"]] == [t["name"] for t in taxonomies]
targets = [r["target"] for rule in driver["rules"] for r in rule["relationships"]]
assert len(targets) > 20
for target in targets:
    taxonomy = taxonomies[target["toolComponent"]["index"]]
    assert taxonomy["name"] == target["toolComponent"]["name"]
    assert [t["id"] for t in taxonomy["taxa"]].count(target["id"]) == 1
[admin] = [r for r in driver["rules"] if r["id"] == "cluster-admin-binding"]
assert admin["properties"]["tags"] == ["security", "cis.5.1.1"] and admin["helpUri"].startswith("https://")' "$work/out"
}
point "sarif: rules point into the taxonomies of frameworks" taxonomies
run "$davy" posture --format sarif "$work/good.yaml"
point "sarif: a run without results" all is_status 0 out_has '"results":[]'
# Exemptions: with a reason, perhaps with an end; what has run out does not count.
cat >"$work/exempt.yaml" <<'YAML'
- {control: privileged-container, object: "Deployment web/web", reason: "needs the\e[31m node", until: 2199-12-31}
- {control: "host-*", object: "Deployment web/*", cluster: nowhere, reason: other cluster}
- {control: anonymous-grant, reason: long ago, until: 2020-01-01}
YAML
run "$davy" posture -f json --exemptions "$work/exempt.yaml" "$work/bad.yaml"
exempt() {
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
found = [f for f in lines if f["kind"] == "finding" and f["status"] == "exempt"]
controls = {c["id"]: c for c in lines[-1]["controls"]}
good = len(found) == 1 and found[0]["control"]["id"] == "privileged-container" and "until 2199-12-31" in found[0]["why"]
good = good and controls["privileged-container"]["exempt"] == 1 and controls["privileged-container"]["unhealthy"] == 0
sys.exit(0 if good and controls["anonymous-grant"]["unhealthy"] == 1 else 1)' "$work/out"
}
point "exemptions: one finding, with its reason, counts neither way" exempt
point "what ran out, and what is about nothing, is said" all err_has "ran out on 2020-01-01" err_has "about nothing that was found"
run "$davy" posture --exemptions "$work/exempt.yaml" "$work/bad.yaml"
point "exemptions in the text" all out_has "exempt: 1 findings" out_lacks "privileged-container" out_lacks "$(printf '\033')"
for wrong in '- {control: a}' '- {control: a, reason: b, until: soon}' '- {control: a, reason: b, extra: c}' 'a: b' '- [a]'; do
    echo "$wrong" >"$work/wrong.yaml"
    run "$davy" posture --exemptions "$work/wrong.yaml" "$work/bad.yaml"
    point "no exemptions: $wrong" all is_status 3 err_has "wrong.yaml:1"
done
sed 's/metadata: {name: front, namespace: web}/metadata: {name: "<fr\&ont\\e[31m\\">", namespace: web}/' "$work/bad.yaml" >"$work/hostile.yaml"
run "$davy" posture -f junit "$work/hostile.yaml"
junit() {
    python3 -c 'import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
cases = suites.findall("testsuite/testcase")
failed = [c for c in cases if c.find("failure") is not None]
good = len(suites) == 1 and len(cases) > 50 and len(failed) == int(suites[0].get("failures")) > 10
sys.exit(0 if good and any("fix: " in c.find("failure").text for c in failed) else 1)' "$work/out"
}
point "junit: XML that parses, a case a control" all is_status 1 junit "" out_lacks "$(printf '\033')" \
    out_has '<property name="cis" value="5.2.2"/>'
run "$davy" posture -f prometheus --cluster 'a"b\c' "$work/bad.yaml"
prometheus() { ! grep -vqE '^(# (HELP|TYPE) davy_posture_[a-z_]+ .*|davy_posture_[a-z_]+\{cluster="a\\"b\\\\c"(,control="[a-z-]+",severity="[a-z]+")?\} [0-9.e+]+)$' "$work/out"; }
point "prometheus: its text format" all is_status 1 prometheus "" out_has 'control="anonymous-grant",severity="critical"} 1'
run "$davy" posture -f junit --profile pss:baseline:latest "$work/bad.yaml"
point "no junit of a profile" is_status 2
run "$davy" posture --fail-on never --min-score 99 "$work/bad.yaml"
point "--min-score: below it status 1" is_status 1
run "$davy" posture --min-score 99 "$work/good.yaml"
point "--min-score: above it status 0" is_status 0
printf 'apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: n}\nspec: {limits: []}\n' >"$work/nothing.yaml"
run "$davy" posture --cluster c "$work/nothing.yaml"
point "nothing that a control is about: no score, and not a full one" all is_status 0 out_has "c: secure score none, for nothing could be judged" out_lacks "100 %"
run "$davy" posture --min-score 1 "$work/nothing.yaml"
point "--min-score: nothing could be judged: status 1" is_status 1
run "$davy" posture -f html "$work/nothing.yaml"
point "and the page says it" all is_status 0 out_has "<h1>Nothing could be judged</h1>"
run "$davy" posture --fail-on critical "$work/good.yaml"
point "--fail-on" is_status 0
finish
