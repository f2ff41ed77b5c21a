// SPDX-License-Identifier: Apache-2.0
// check.mjs DAVY [OBJECTS] [SEED]: does the CEL that davy exports say what davy itself says?
//
// Objects are generated; davy judges them by its rules (`davy rules match`), and an implementation of CEL that is not davy's judges them by
// the policies that davy exported of the same rules. Every policy must refuse exactly what the rule hits, and every policy must have had
// both. The checks of Pod Security, in every version that changes one, are held against `davy posture --profile`. Speaks TAP.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CelScalar, celEnv, celFunc, celMethod, isCelError, objectType, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { parseAllDocuments } from "yaml";
import { makeObjects } from "./objects.mjs";

const [davy, count = "3000", seed = "1"] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const KINDS = { pods: "Pod", deployments: "Deployment", daemonsets: "DaemonSet", statefulsets: "StatefulSet", replicasets: "ReplicaSet",
  replicationcontrollers: "ReplicationController", jobs: "Job", cronjobs: "CronJob", podtemplates: "PodTemplate", services: "Service",
  secrets: "Secret", configmaps: "ConfigMap", roles: "Role", clusterroles: "ClusterRole", rolebindings: "RoleBinding",
  clusterrolebindings: "ClusterRoleBinding" };

function run(...args) {
  const result = spawnSync(davy, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`davy ${args.join(" ")}: status ${result.status}\n${result.stderr}`);
  return result.stdout;
}

// --- the functions of Kubernetes that CEL itself lacks -----------------------------------------------------------------------------

// k8s.io/apiserver/pkg/cel/library: an address has no zone, and none of IPv4 is written as one of IPv6.
const isAddress = (text) => isIP(text) !== 0 && !text.includes("%") && !/^::ffff:\d+\./i.test(text);
function contains(network, address) {
  const [base, bits] = network.split("/");
  if (!isAddress(address) || isIP(base) !== isIP(address)) return false;
  const list = new BlockList();
  const family = isIP(base) === 4 ? "ipv4" : "ipv6";
  list.addSubnet(base, Number(bits), family);
  return list.check(address, family);
}
// A network is its text here: containsIP asks it.
const kubernetes = [
  celFunc("isIP", [CelScalar.STRING], CelScalar.BOOL, (text) => isAddress(text)),
  celFunc("cidr", [CelScalar.STRING], CelScalar.STRING, (text) => text),
  celMethod("containsIP", CelScalar.STRING, [CelScalar.STRING], CelScalar.BOOL, function (address) {
    return contains(this, address);
  }),
];
const environment = celEnv({ funcs: [...strings, ...kubernetes] });

// Numbers of objects are integers.
const asCel = (value) =>
  typeof value === "number" ? BigInt(value)
  : Array.isArray(value) ? value.map(asCel)
  : value && typeof value === "object" ? new Map(Object.entries(value).map(([k, v]) => [k, asCel(v)]))
  : value;

function compile(expression) {
  return plan(environment, parse(expression));
}

// A policy as the API server runs it: variables in their order, each once.
function compilePolicy(document) {
  const { spec, metadata } = document;
  return {
    name: metadata.name,
    rule: metadata.annotations["davy/rule"] ?? metadata.annotations["davy/control"],
    kinds: new Set(spec.matchConstraints.resourceRules.flatMap((r) => r.resources).filter((r) => !r.includes("/")).map((r) => KINDS[r])),
    conditions: (spec.matchConditions ?? []).map((c) => compile(c.expression)),
    annotated: (spec.variables ?? []).some((v) => v.name === "annotations"),
    variables: (spec.variables ?? []).map((v) => [v.name, compile(v.expression)]),
    validations: spec.validations.map((v) => compile(v.expression)),
    both: [0, 0],
  };
}

function judge(policy, bindings) {
  const variables = new Map();
  const all = { ...bindings, variables };
  for (const condition of policy.conditions) {
    const met = condition(all);
    if (typeof met !== "boolean") throw new Error(`${policy.name}: a condition gives ${isCelError(met) ? met.message : met}`);
    if (!met) return "passed by";
  }
  for (const [name, evaluate] of policy.variables) variables.set(name, evaluate(all));
  for (const validation of policy.validations) {
    const valid = validation(all);
    if (typeof valid !== "boolean") throw new Error(`${policy.name}: the validation gives ${isCelError(valid) ? valid.message : valid}`);
    if (!valid) return "refused";
  }
  return "allowed";
}

// --- comparing -------------------------------------------------------------------------------------------------------------------

let points = 0;
let failures = 0;
function point(good, name, notes = []) {
  points++;
  failures += !good;
  console.log(`${good ? "ok" : "not ok"} ${points} - ${name}`);
  for (const note of notes) console.log(`# ${note}`);
}

function disagreementsOf(exported, hits, objects) {
  const policies = parseAllDocuments(exported).map((d) => d.toJS()).filter((d) => d?.kind === "ValidatingAdmissionPolicy").map(compilePolicy);
  const values = objects.map(asCel);
  let compared = 0;
  const found = [];
  const create = asCel({ operation: "CREATE" });
  for (const policy of policies) {
    objects.forEach((object, i) => {
      if (!policy.kinds.has(object.kind)) return;
      const hit = hits.has(`${i + 1}\t${policy.rule}`);
      let verdict;
      try {
        verdict = judge(policy, { object: values[i], oldObject: null, request: create });
      } catch (error) {
        verdict = String(error.message);
      }
      compared++;
      policy.both[hit ? 1 : 0]++;
      if (verdict !== (hit ? "refused" : "allowed")) found.push(`${policy.name}: davy ${hit ? "hits" : "misses"}, CEL: ${verdict}: ${JSON.stringify(object)}`);
    });
  }
  return { policies, compared, found };
}

function compare(title, exported, hits, objects) {
  const { policies, compared, found } = disagreementsOf(exported, hits, objects);
  const idle = policies.filter((p) => !p.both[0] || !p.both[1]).map((p) => `${p.name}: ${p.both[1]} hit, ${p.both[0]} missed`);
  point(policies.length > 0 && found.length === 0,
    `${title}: ${policies.length} policies, ${objects.length} objects, ${compared} verdicts compared, ${found.length} disagreements`, found.slice(0, 5));
  point(idle.length === 0, `${title}: every policy has refused and allowed`, idle);
  return policies;
}

// Would a policy that says something else be noticed?
function tampered(exported, hits, objects, wrong) {
  const unnoticed = wrong.filter(([from, to]) => exported.replaceAll(from, to) === exported || disagreementsOf(exported.replaceAll(from, to), hits, objects).found.length === 0);
  point(unnoticed.length === 0, "policies that say something else are noticed", unnoticed.map(String));
}

function unchanged(policies, objects) {
  const bad = [];
  let seen = 0;
  const update = asCel({ operation: "UPDATE" });
  for (const policy of policies.filter((p) => p.conditions.length)) {
    for (const object of objects.filter((o) => policy.kinds.has(o.kind)).slice(0, 20)) {
      const relabelled = { ...object, metadata: { ...object.metadata, labels: { new: "label" } } };
      const changed = JSON.parse(JSON.stringify(object));
      const member = object.template ? "template" : "spec";
      changed[member].more = "x";
      seen++;
      if (judge(policy, { object: asCel(relabelled), oldObject: asCel(object), request: update }) !== "passed by") bad.push(`${policy.name}: a label`);
      if (judge(policy, { object: asCel(changed), oldObject: asCel(object), request: update }) === "passed by") bad.push(`${policy.name}: a change`);
      const annotated = { ...object, metadata: { ...object.metadata, annotations: { new: "annotation" } } };
      const judged = judge(policy, { object: asCel(annotated), oldObject: asCel(object), request: update }) !== "passed by";
      if (judged !== (policy.annotated && object.kind === "Pod")) bad.push(`${policy.name}: an annotation`);
    }
  }
  point(seen > 0 && bad.length === 0, `updates: ${seen} that leave the specification as it was pass, and others are judged`, bad.slice(0, 5));
}

// --- Pod Security ------------------------------------------------------------------------------------------------------------------

// The minor versions of Kubernetes that change a check, and some in between.
const VERSIONS = [0, 8, 18, 19, 22, 23, 24, 25, 27, 29, 31, 32, 34, 35, 37];

function levels(all, folder) {
  const objects = all.filter((o) => o.spec?.containers || o.spec?.template || o.spec?.jobTemplate || o.template).slice(0, 1000)
    .map((o, i) => ({ ...o, metadata: { ...o.metadata, name: `o${i + 1}` } }));
  const file = path.join(folder, "pods.jsonl");
  writeFileSync(file, objects.map((o) => JSON.stringify(o)).join("\n") + "\n");
  for (const level of ["baseline", "restricted"]) {
    for (const minor of VERSIONS) {
      const profile = `pss:${level}:${minor === VERSIONS.at(-1) ? "latest" : `v1.${minor}`}`;
      const found = run("posture", "-f", "json", "--cluster", "c", "--fail-on", "never", "--profile", profile, file).trim().split("\n").map((l) => JSON.parse(l));
      const hits = new Set(found.filter((f) => f.kind === "finding" && f.status === "unhealthy").map((f) => `${f.object.name.slice(1)}\t${f.control.id}`));
      const exported = run("policy", "export", "--what", "admission", "--profile", profile);
      const policies = compare(profile, exported, hits, objects);
      if (minor === 0) unchanged(policies, objects);
      if (profile === "pss:restricted:latest")
        tampered(exported, hits, objects, [["'NET_BIND_SERVICE'", "'CHOWN'"], ["has(volume.csi)", "has(volume.nfs)"], ["'windows'", "'linux'"],
          ["'net.ipv4.tcp_rmem', ", ""], ["variables.pod.hostUsers == false", "variables.pod.hostUsers == true"]]);
    }
  }
}

const folder = mkdtempSync(path.join(tmpdir(), "davy-cel-"));
try {
  const objects = makeObjects(Number(seed), Number(count));
  const file = path.join(folder, "objects.jsonl");
  writeFileSync(file, objects.map((o) => JSON.stringify(o)).join("\n") + "\n");
  const hitsOf = (...rules) => new Set(run("rules", "match", "--stream", "posture", ...rules, file).trim().split("\n"));
  const builtInText = run("policy", "export");
  const builtIn = compare("built-in controls", builtInText, hitsOf(), objects);
  const elsewhere = ["--default-registry", "registry.example.com:5000"];
  compare("another default registry", run("policy", "export", ...elsewhere), hitsOf(...elsewhere), objects);
  const constructs = path.join(here, "constructs.yml");
  compare("every construct", run("policy", "export", "--rules", constructs), hitsOf("--rules", constructs), objects);
  unchanged(builtIn, objects);
  levels(objects, folder);
  tampered(builtInText, hitsOf(), objects, [["variables.containers.exists(", "variables.containers.all("],
    ["has(object.subjects)", "!has(object.subjects)"], [".privileged == true", ".privileged == false"]]);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`1..${points}`);
process.exit(failures ? 1 : 0);
