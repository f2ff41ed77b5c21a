// SPDX-License-Identifier: Apache-2.0
// Objects as the API server could have them: of the right types, and otherwise as odd as a seeded generator makes them.

// Mulberry32: small, seeded, the same everywhere.
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const chance = (p) => next() < p;
  return { below, pick, chance };
}

const HEX = "0123456789abcdef".repeat(8);
const HOSTS = ["", "", "gcr.io/", "quay.io/", "docker.io/", "index.docker.io/", "registry.k8s.io/", "evil-gcr.io/", "gcr.io.example.com/",
  "registry.example.com/", "REGISTRY/", "localhost/", "localhost:5000/", "127.0.0.1:5000/", "[::1]:5000/", "[fe80::1]/", "[]/", "-bad.io/", "a_b.c/",
  "a.b_c/", "a__b/", "xn--a.io/", "gcr.io:/", "gcr.io:80/", "gcr.io:8o/", "ex\u00e4mple.com/", "GCR.io/", "gcr.io//", "/"];
const PATHS = ["nginx", "library/nginx", "kannix/monero-miner", "a/b/c", "coredns/coredns", "nginx_1", "nginx__1", "nginx___1", "nginx.1",
  "nginx..1", "a-b", "a--b", "-a", "a-", "a_-b", "NGINX", "google-containers/pause", "kubernetesui/dashboard", "n".repeat(255), "n".repeat(248),
  "n".repeat(247), "a/" + "n".repeat(252), "a/" + "n".repeat(254), HEX.slice(0, 64), HEX.slice(0, 63), "calico/node", "", "a b", "a\n", "docker.io/x"];
const TAGS = ["", "", ":latest", ":v1", ":1.19", ":V1", ":", ":-1", ":.1", ":_1", ":a/b", ":" + "t".repeat(128), ":" + "t".repeat(129), ":la\u00dfest",
  ":latest\n"];
const DIGESTS = ["", "", "", "@sha256:" + HEX.slice(0, 64), "@sha512:" + HEX.slice(0, 128), "@sha384:" + HEX.slice(0, 96), "@sha256:" + HEX.slice(0, 63),
  "@SHA256:" + HEX.slice(0, 64), "@md5:" + HEX.slice(0, 32), "@", "@sha256:" + HEX.slice(0, 64) + "@sha256:" + HEX.slice(0, 64)];

const WORDS = ["web", "Web", "WEB", "w\u00fcb", "w\"b", "it's", "a\\b", "a", "A", "abz", "Z", "kelvin", "\u212aelvin", "\u017foap", "*", "?", "w\ud83d\ude00b", "a\n", "\n", "",
  "wb", "xWxb", "x".repeat(300), "${x}", "%s", "\u202eevil", "node", "DB_PASSWORD", "db_password", "X_API_KEY", "AUTH_TOKEN_", "LOG", "Exists", "Equal"];
const ARGS = ["mine", "pool", "mine-pool", "pool\n", "pool\nx", "a b", "a\tb", "a\vb", "a\u00a0b", "a\nb", "axb", "aXb", "a.b", "ab", "abx", "abcdx", "abcdefx",
  "the pool is", "spool", "]", "}", "-", "stratum+tcp://x", "--a", "", "\u0000"];
const NAMES = [...WORDS, "system:anonymous", "System:Anonymous", "system:unauthenticated", "system:masters", "system:authenticated",
  "system:serviceaccounts", "kubeadm:cluster-admins", "cluster-admin", "admin", "edit", "view", "system:public-info-viewer", "default",
  "kubernetes-dashboard", "system:node"];
const ADDRESSES = ["10.1.2.3", "11.1.2.3", "010.1.2.3", "10.1.2", "fd00::1", "fe80::1", "fd00::1%eth0", "::", "::1", "2001:db8::1", "x", "10.0.0.0/8", "", "FD00::A"];

// Leaves a member out, as a field that is not set.
function set(object, key, value) {
  if (value !== undefined && !(Array.isArray(value) && value.length === 0) && !(value && value.constructor === Object && !Object.keys(value).length))
    object[key] = value;
  return object;
}

export function makeObjects(seed, count) {
  const { below, pick, chance } = generator(seed);
  const maybe = (p, make) => (chance(p) ? make() : undefined);
  const many = (max, make) => Array.from({ length: below(max + 1) }, make);
  const boolean = (p) => maybe(p, () => chance(0.5));
  const image = () => (chance(0.4) ? pick(["nginx", "nginx:1.19", "registry.k8s.io/pause:3.9", "k8s.gcr.io/kube-proxy:v1.20.2", "kannix/monero-miner",
    "registry.example.com/a:v1", "quay.io/a/b"]) : pick(HOSTS) + pick(PATHS) + pick(TAGS) + pick(DIGESTS));

  const variable = () => {
    const v = { name: chance(0.5) ? pick(WORDS) : pick(["DB_PASSWORD", "db_passwd", "API_KEY", "LOG", "MY_SECRET_KEY_"]) };
    set(v, "value", maybe(0.6, () => pick([...WORDS, "x\ny", "\n", ""])));
    if (chance(0.2)) v.valueFrom = chance(0.5) ? { secretKeyRef: { name: pick(["s", ""]), key: "k" } } : { configMapKeyRef: { name: "c", key: "k" } };
    return v;
  };
  const profile = () => maybe(0.4, () => set({}, "type", maybe(0.9, () => pick(["RuntimeDefault", "RuntimeDefault", "Unconfined", "Localhost", "runtimedefault"]))));
  // What pods and containers can both have.
  const bothContexts = (s) => {
    set(s, "appArmorProfile", maybe(0.2, () => profile()));
    set(s, "seLinuxOptions", maybe(0.2, () => set(set(set({ level: "s0" }, "type", maybe(0.6, () => pick(["container_t", "container_engine_t", "spc_t", ""]))),
      "user", maybe(0.2, () => pick(["", "u"]))), "role", maybe(0.2, () => pick(["", "r"])))));
    set(s, "windowsOptions", maybe(0.1, () => set({ runAsUserName: "x" }, "hostProcess", boolean(0.7))));
    return s;
  };
  const securityContext = () => {
    const s = {};
    set(s, "privileged", boolean(0.4));
    set(s, "allowPrivilegeEscalation", boolean(0.6));
    set(s, "readOnlyRootFilesystem", boolean(0.6));
    set(s, "runAsNonRoot", boolean(0.5));
    set(s, "runAsUser", maybe(0.4, () => pick([0, 1, 1000, 65534])));
    set(s, "seccompProfile", profile());
    set(s, "capabilities", maybe(0.6, () => set(set({}, "add", many(2, () => pick(["SYS_ADMIN", "sys_admin", "NET_BIND_SERVICE", "CHOWN", "ALL", "BPF", "CAP_SYS_ADMIN"]))),
      "drop", pick([[], ["all"], ["NET_RAW", "ALL"], ["ALL"], ["ALL"]]))));
    set(s, "procMount", maybe(0.2, () => pick(["Default", "Unmasked", ""])));
    return bothContexts(s);
  };
  const handler = () => pick([{ exec: { command: ["x"] } }, set({}, "httpGet", set({ port: 80 }, "host", pick(["", "127.0.0.1", undefined]))),
    set({}, "tcpSocket", set({ port: 80 }, "host", pick(["", "h", undefined, undefined])))]);
  const container = () => {
    const c = { name: pick(WORDS), image: image() };
    set(c, "command", many(2, () => pick(["sh", "bash", "SH", "/bin/sh", "nginx"])));
    set(c, "args", many(3, () => pick(ARGS)));
    set(c, "env", many(2, variable));
    set(c, "envFrom", many(1, () => (chance(0.5) ? { secretRef: { name: "s" } } : { configMapRef: { name: "c" } })));
    set(c, "ports", many(2, () => set({ containerPort: 80 }, "hostPort", maybe(0.3, () => pick([0, 1, 80, 1023, 1024, 65535])))));
    c.resources = set({}, "limits", maybe(0.6, () => set(set({}, "cpu", maybe(0.7, () => "1")), "memory", maybe(0.7, () => "1Gi"))));
    set(c, "securityContext", maybe(0.7, () => securityContext()));
    for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) set(c, probe, maybe(0.1, handler));
    set(c, "lifecycle", maybe(0.1, () => ({ [pick(["postStart", "preStop"])]: handler() })));
    return c;
  };
  const podSpec = () => {
    const s = { containers: [container(), ...many(2, container)] };
    set(s, "initContainers", many(1, container));
    set(s, "ephemeralContainers", maybe(0.1, () => [container()]));
    if (chance(0.3)) // as restricted wants it
      for (const c of [...s.containers, ...(s.initContainers ?? []), ...(s.ephemeralContainers ?? [])])
        c.securityContext = { ...c.securityContext, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    set(s, "volumes", many(2, () => (chance(0.3) ? { name: "v", hostPath: { path: pick(["/", "/etc", "/var/run", "", "/srv"]), type: "" } }
      : { name: "v", [pick(["emptyDir", "emptyDir", "configMap", "projected", "ephemeral", "image", "csi", "persistentVolumeClaim", "nfs", "gitRepo"])]: {} })));
    set(s, "hostUsers", boolean(0.2));
    set(s, "os", maybe(0.2, () => ({ name: pick(["linux", "windows"]) })));
    for (const key of ["hostNetwork", "hostPID", "hostIPC"]) set(s, key, maybe(0.25, () => true));
    set(s, "automountServiceAccountToken", boolean(0.5));
    s.securityContext = bothContexts(set(set(set({}, "runAsNonRoot", boolean(0.3)), "runAsUser", maybe(0.3, () => pick([0, 1000]))), "seccompProfile", profile()));
    set(s.securityContext, "sysctls", many(1, () => ({ name: pick(["kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax"]), value: "1" })));
    set(s, "nodeSelector", maybe(0.4, () => ({ a: "b" })));
    set(s, "tolerations", many(2, () => ({ key: pick(["node", "x"]), operator: pick(["Exists", "Equal"]) })));
    set(s, "priority", maybe(0.5, () => pick([0, 1, 2, 3, 7, 8, 99, -1, 2000001000])));
    return s;
  };
  const metadata = (namespaced) => {
    const m = { name: pick(NAMES.filter((n) => n)), creationTimestamp: null };
    if (namespaced) m.namespace = pick(["default", "Default", "kube-system", "shop"]);
    set(m, "labels", maybe(0.5, () => set(set({}, "app", maybe(0.6, () => pick(WORDS))), "app.kubernetes.io/name", maybe(0.6, () => pick(WORDS)))));
    set(m, "annotations", maybe(0.3, () => ({ [pick(["a/b", "a.b", "c"])]: pick(WORDS) })));
    return m;
  };
  // Annotations that were profiles before there were members for them.
  const annotated = (m, spec) => {
    const of = pick(spec.containers).name;
    const key = pick([`container.apparmor.security.beta.kubernetes.io/${of}`, "seccomp.security.alpha.kubernetes.io/pod",
      `container.seccomp.security.alpha.kubernetes.io/${of}`, "container.seccomp.security.alpha.kubernetes.io/other"]);
    if (chance(0.4)) m.annotations = { ...m.annotations, [key]: pick(["runtime/default", "docker/default", "localhost/x", "unconfined", ""]) };
    return m;
  };
  const template = () => {
    const spec = podSpec();
    return { metadata: annotated({ creationTimestamp: null }, spec), spec };
  };
  const pod = () => {
    const spec = podSpec();
    return { apiVersion: "v1", kind: "Pod", metadata: annotated(metadata(true), spec), spec, status: {} };
  };
  const workload = (apiVersion, kind) => ({ apiVersion, kind, metadata: metadata(true), spec: { selector: {}, template: template() }, status: {} });
  const subjects = () => many(3, () => set({ kind: pick(["User", "Group", "ServiceAccount", "user"]), name: pick(NAMES) }, "namespace", maybe(0.3, () => "x")));
  const binding = (kind) => set({ apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: metadata(kind === "RoleBinding"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: chance(0.5) ? pick(["cluster-admin", "admin", "edit", "view"]) : pick(NAMES) } }, "subjects", subjects());
  const rule = () => {
    const r = { verbs: [pick(["*", "get", "create", "Create"]), ...many(1, () => pick(["*", "list"]))] };
    set(r, "apiGroups", many(2, () => pick(["", "apps", "*"])));
    set(r, "resources", many(2, () => pick(["*", "pods", "pods/exec", "secrets", "PODS"])));
    set(r, "resourceNames", maybe(0.2, () => ["a"]));
    return r;
  };
  const role = (kind) => {
    const r = { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: metadata(kind === "Role"), rules: many(3, rule) };
    if (chance(0.1)) r.rules = null; // as the API server writes a role without rules
    return r;
  };
  const makers = [
    ...Array(6).fill(pod),
    ...["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"].map((kind) => () => workload("apps/v1", kind)),
    () => workload("batch/v1", "Job"),
    () => workload("v1", "ReplicationController"),
    () => ({ apiVersion: "batch/v1", kind: "CronJob", metadata: metadata(true), spec: { schedule: "* * * * *", jobTemplate: { metadata: {}, spec: { template: template() } } }, status: {} }),
    () => ({ apiVersion: "v1", kind: "PodTemplate", metadata: metadata(true), template: template() }),
    () => ({ apiVersion: "v1", kind: "Service", metadata: metadata(true),
      spec: set(set({}, "type", pick(["ClusterIP", "NodePort", "LoadBalancer", "nodeport"])), "externalIPs", many(2, () => pick(ADDRESSES))), status: {} }),
    () => set({ apiVersion: "v1", kind: "Secret", metadata: metadata(true), type: pick(["Opaque", "kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token", "kubernetes.io/tls"]) },
      "data", maybe(0.7, () => ({ [pick(["expiration", "token", "Expiration"])]: pick(["", "eA=="]) }))),
    () => set({ apiVersion: "v1", kind: "ConfigMap", metadata: metadata(true) }, "data", maybe(0.7, () => ({ a: pick(WORDS) }))),
    () => role("Role"), () => role("ClusterRole"), () => binding("RoleBinding"), () => binding("ClusterRoleBinding"),
  ];
  return Array.from({ length: count }, () => pick(makers)());
}
