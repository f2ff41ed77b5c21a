#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do records of processes on nodes join the incidents of the audit log, lead back to who brought them there, and stay out of what is none?
. "$(dirname "$0")/lib.sh"
root=$2
hosts=$root/tests/data/hosts
for name in dashboard-miner anonymous-worm; do zstd -dqc "$root/examples/$name.jsonl.zst" >"$work/$name.jsonl"; done
dashboard=$work/dashboard-miner.jsonl

# ask EXPRESSION: a Python expression over `x`, the only incident of $work/out.
ask() {
    python3 - "$work/out" "$1" <<'END'
import json, sys
found = [x for x in map(json.loads, open(sys.argv[1], encoding="utf-8")) if x["kind"] == "incident"]
if len(found) != 1:
    sys.exit(f"{len(found)} incidents")
x = found[0]
steps = [s for s in x["timeline"] if "process" in s]
sys.exit(0 if eval(sys.argv[2]) else f"not so: {sys.argv[2]}\n" + "\n".join(s["text"] for s in steps))
END
}
incidents_are() { [ "$(grep -c '"kind":"incident"' "$work/out")" -eq "$1" ]; }

# --- every format, one story -------------------------------------------------------------------------------------------------------
run "$davy" detect --format json "$dashboard" "$hosts"/dashboard-miner.*
point "Falco, Tetragon, Tracee and a listing name the ten pods' miner: one step" \
    ask 'any(s["count"] == 10 and s["process"]["pods"] == 10 and s["part"] == "act" and "Deployment kube-system/kube-control" in s["text"] for s in steps)'
point "with the record of each node as evidence" ask 'len({e["file"] for s in steps for e in s["evidence"]}) == 4'
point "the connection to the pool is a step" ask 'any("connected to 198.51.100.200 port 45700" in s["text"] for s in steps)'
point "nothing of other pods is" ask 'not any("nginx" in s["text"] for s in steps)'
point "the clock without a zone is said" ask 'any("read as UTC" in s for s in x["unknown"])'
point "the alert names its process" grep -q '"process":{"source":"falco","exe":"/xmrig/xmrig"' "$work/out"
point "records are counted" out_has '"host_records":17,"host_cut":0,"host_timeless":0'
cp "$work/out" "$work/wanted"
run "$davy" detect --format json --threads 8 "$dashboard" "$hosts"/dashboard-miner.*
point "the same bytes with 8 threads" same "$work/wanted"
plain() { sed 's/"file":"[^"]*"/"file":"-"/g; s/"line":[0-9]*/"line":0/g' "$1" | grep '"kind":"incident"'; }
plain "$work/wanted" >"$work/plain"
mkdir -p "$work/parts/one"
split -n l/3 --numeric-suffixes=1 --additional-suffix=.log "$dashboard" "$work/parts/one/audit-"
split -n l/2 --numeric-suffixes=1 --additional-suffix=.json "$hosts/dashboard-miner.falco.jsonl" "$work/parts/one/falco-"
cp "$hosts"/dashboard-miner.te* "$hosts"/dashboard-miner.tr* "$hosts"/dashboard-miner.ps* "$work/parts/one/"
run "$davy" detect --format json --cluster dashboard-miner "$work/parts"
plain "$work/out" >"$work/other"
point "the same incident from a folder of parts" cmp -s "$work/plain" "$work/other"
cat "$dashboard" "$hosts"/dashboard-miner.* >"$work/mixed.jsonl"
run sh -c '"$1" detect --format json --cluster dashboard-miner - <"$2"' sh "$davy" "$work/mixed.jsonl"
plain "$work/out" >"$work/other"
point "the same incident from one mixed pipe" cmp -s "$work/plain" "$work/other"
sed 's/^/2026-11-22T01:10:00.000000000Z stdout F /' "$hosts/dashboard-miner.falco.jsonl" >"$work/cri.log"
run "$davy" detect --format json --cluster one "$dashboard" "$work/cri.log"
point "lines of a container's log" ask 'any(s["count"] == 4 for s in steps)'
run "$davy" detect "$dashboard" "$hosts"/dashboard-miner.*
point "the page for a terminal tells the step" out_has "ran in 10 pods of Deployment"
run "$davy" detect --format html "$dashboard" "$hosts"/dashboard-miner.*
point "the HTML page tells the step" out_has "ran in 10 pods of Deployment"
run "$davy" detect --format json --evidence "$work/bundle.tar.zst" "$dashboard" "$hosts"/dashboard-miner.*
run "$davy" evidence verify "$work/bundle.tar.zst"
point "the records go into the evidence bundle" is_status 0

# --- the kernel's audit system and the journal -----------------------------------------------------------------------------------------
# The listing's miners again, as other programs write them: what a pod's container did, what systemd knows, what no container is known of.
python3 - "$hosts/dashboard-miner.ps.txt" "$work" <<'END'
import json, re, sys
listing = [re.match(r" *(\d+) +(\d+) +(\S+) .* 2026 (\S+) +(.*)", line) for line in open(sys.argv[1], encoding="utf-8")]
miners = [m.groups() for m in listing if m and "minergate" in m.group(5)]
pid, ppid, user, cgroup, command = miners[0]
container = re.search("-([0-9a-f]{64})[.]scope", cgroup).group(1)
stamp, words = 1795309778, command.split()
with open(sys.argv[2] + "/laurel.log", "w") as out:
    print(json.dumps({"ID": f"{stamp}.100:51", "NODE": "worker-1", "SYSCALL": {"syscall": 59, "success": "yes", "pid": int(pid), "ppid": int(ppid),
        "uid": 0, "exe": "/xmrig/xmrig", "comm": "xmrig"}, "EXECVE": {"argc": len(words), "ARGV": words}, "CONTAINER_INFO": {"ID": container}}), file=out)
with open(sys.argv[2] + "/journal.json", "w") as out:
    print(json.dumps({"__REALTIME_TIMESTAMP": f"{stamp}000000", "_HOSTNAME": "worker-1", "_PID": pid, "_EXE": "/xmrig/xmrig", "_COMM": "xmrig",
        "_CMDLINE": command, "_SYSTEMD_CGROUP": cgroup.partition("::")[2], "MESSAGE": "new job"}), file=out)
with open(sys.argv[2] + "/auditd.log", "w") as out:
    at = f"msg=audit({stamp}.100:51):"
    print(f'node=worker-1 type=SYSCALL {at} arch=c000003e syscall=59 success=yes ppid={ppid} pid={pid} uid=0 comm="xmrig" exe="/xmrig/xmrig"', file=out)
    print(f"node=worker-1 type=EXECVE {at} argc={len(words)} " + " ".join(f'a{i}="{w}"' for i, w in enumerate(words)), file=out)
    print(f"node=worker-1 type=EOE {at} ", file=out)
END
run "$davy" detect --format json --cluster one "$dashboard" "$work/journal.json"
point "the journal: the miner is a step of its pod's workload, on its node" \
    ask 'any("xmrig" in s["text"] and "kube-control" in s["text"] and s["process"]["node"] == "worker-1" for s in steps)'
run "$davy" detect --format json --cluster one "$work/laurel.log"
point "laurel: the miner, its node and its container" \
    ask 'len(steps) == 1 and steps[0]["process"]["node"] == "worker-1" and steps[0]["process"]["exe"] == "/xmrig/xmrig" and "fd847ba9b9ba" in steps[0]["text"]'
run "$davy" detect --format json --cluster one "$work/auditd.log"
point "auditd: lines of one event are one process" \
    ask 'len(steps) == 1 and steps[0]["process"]["exe"] == "/xmrig/xmrig" and len(steps[0]["evidence"]) == 2 and "minergate" in steps[0]["process"]["command"]'
point "auditd: no line is bad or foreign" out_has '"bad_records":0,"foreign_records":0,"host_records":2'

# --- who ran it --------------------------------------------------------------------------------------------------------------------
run "$davy" detect --format json "$work/anonymous-worm.jsonl" "$hosts/anonymous-worm.tetragon.jsonl"
point "processes of an exec request are its sender's" \
    ask 'len(steps) == 5 and all(s["actor"]["principal"] == "system:anonymous" and s["actor"]["addresses"] == ["203.0.113.67"] for s in steps)'
point "command, container and time agree: certain" ask 'all(s["process"]["exec"]["certainty"] == "certain" for s in steps)'
point "what it started belongs to it" ask 'any(s["process"]["command"] == "/bin/cat /host/etc/shadow" for s in steps)'
point "the pod's own processes do not" ask 'not any("httpd" in s["text"] or "health" in s["text"] for s in steps)'
point "what ran inside is no open question any more" ask 'not any("what ran inside" in s for s in x["unknown"])'

# --- the search starts elsewhere -----------------------------------------------------------------------------------------------------
cat >"$work/none.yml" <<'END'
title: None
id: 5d1e0a5e-6d0c-4f4e-8b3a-2b8f1f6f0a11
level: low
logsource: {product: kubernetes, service: audit}
detection: {x: {verb: none-such}, condition: x}
END
without() { run "$davy" detect --format json --rules "$work/none.yml" "$@"; }
without "$dashboard" "$hosts"/dashboard-miner.*
point "without alerts there is no incident" incidents_are 0
whole='x["actors"][0]["principal"] == "system:serviceaccount:kube-system:kubernetes-dashboard" and len(x["timeline"]) >= 48
and any(a["role"] == "door" for a in x["actors"]) and x["root_cause"]["object"] == "ClusterRoleBinding/kubernetes-dashboard"'
without --start host:/xmrig/xmrig "$dashboard" "$hosts/dashboard-miner.falco.jsonl"
point "--start host: leads from the process to the whole chain" ask "$(echo "$whole" | tr '\n' ' ')"
point "over the pod's owners" ask '{p["kind"] for p in x["pivots"]} >= {"ran-in", "owner", "created"}'
point "and the caller is told by the exit status" is_status 1
without --start host:xmrig "$dashboard" "$hosts/dashboard-miner.ps.txt"
point "from a listing, which has no more than the pod's uid" ask "$(echo "$whole" | tr '\n' ' ')"
without --start host:xmrig "$dashboard" "$hosts/dashboard-miner.tracee.jsonl"
point "from Tracee" ask "$(echo "$whole" | tr '\n' ' ')"
without --start image:kannix/monero-miner "$dashboard"
point "--start image: needs no record of a node" ask "$(echo "$whole" | tr '\n' ' ')"
without --start ip:10.244.3.33 "$dashboard"
point "--start ip:" ask "x['actors'][0]['addresses'] == ['10.244.3.33']"
without --start user:system:serviceaccount:kube-system:kubernetes-dashboard "$dashboard"
point "--start user:" ask "x['actors'][0]['principal'].endswith(':kubernetes-dashboard')"
without --start host:/tmp/kworkerds "$root/tests/data/audit/quirks.jsonl" "$hosts/quirks.tetragon.jsonl"
point "a process under an exec request leads to its sender" \
    ask 'x["actors"][0]["principal"] == "kubernetes-admin" and any(p["from"] == "principal:kubernetes-admin" and p["to"].endswith("/kworkerds") for p in x["pivots"])'
printf '%s\n' '{"rule":"R","hostname":"worker-1","time":"2026-11-22T01:38:42.7Z","output_fields":{"k8s.ns.name":"shop","k8s.pod.name":"t","container.name":"c","proc.name":"id","proc.exepath":"/usr/bin/id","proc.pid":7,"proc.ppid":6,"proc.pname":"runc","proc.cmdline":"id"}}' >"$work/kubelet.jsonl"
without --start host:id "$root/tests/data/audit/quirks.jsonl" "$work/kubelet.jsonl"
point "a process that the kubelet was told to run leads to who told it" \
    ask 'steps[0]["process"]["exec"]["way"] == "kubelet" and steps[0]["process"]["exec"]["certainty"] == "certain" and steps[0]["actor"]["principal"] == "kubernetes-admin"'
point "and the request tells of the pod, not the node" ask 'any("ran in Pod shop/t, container c through the kubelet of Node worker-1: id" in s["text"] for s in x["timeline"])'
without --start host:none-such "$dashboard" "$hosts"/dashboard-miner.*
point "what is not there starts nothing" incidents_are 0
run "$davy" detect --start disk:sda "$dashboard"
point "a start of no kind is refused" all is_status 2 err_has "host:PATH-OR-EXE, image:REF, ip:ADDR or user:NAME"

printf '/proc/77/cgroup:0::/kubepods/pod5767d83d-d082-498a-9a9c-9ae2e46d9d57/%064d\n/proc/77/cmdline:/tmp/kdev\000-o\000x\000\n' 7 >"$work/proc.txt"
without --start host:/tmp/kdev "$dashboard" "$work/proc.txt"
point "from the two files of /proc" ask "$(echo "$whole" | tr '\n' ' ')"

# --- rules of others -------------------------------------------------------------------------------------------------------------------
cat >"$work/sigma.yml" <<'END'
title: Sigma's own names
id: 3c1d0b7e-2f4a-4c58-9d6e-8a7b6c5d4e3f
level: high
logsource: {product: linux, category: process_creation}
detection:
  selection: {Image|endswith: /xmrig, CommandLine|contains: '--donate-level'}
  condition: selection
END
run "$davy" detect --format json --rules "$work/sigma.yml" --cluster one "$hosts/dashboard-miner.tetragon.jsonl"
point "a Sigma rule of category process_creation runs as it is" out_has '"title":"Sigma\u0027s own names"'

# --- a miner that nobody knows of ------------------------------------------------------------------------------------------------------
run "$davy" detect --format json --cluster one "$hosts/dashboard-miner.falco.jsonl"
point "without an audit log: an incident for each pod that nothing connects" incidents_are 4
sed -n 1p "$hosts/dashboard-miner.falco.jsonl" >"$work/one.jsonl"
run "$davy" detect --format json --cluster one "$work/one.jsonl"
point "and it says what is not known" ask 'any("how the process got into" in s for s in x["unknown"]) and x["title"].startswith("Mining process in Pod")'

# --- quiet -----------------------------------------------------------------------------------------------------------------------------
zstd -dqc "$root/tests/data/benign.jsonl.zst" >"$work/benign.jsonl"
run "$davy" detect --format json --cluster one "$work/benign.jsonl" "$hosts/benign.jsonl"
point "a benign day with a benign host log: no incident" incidents_are 0
point "and no alert about a process" out_lacks '"resource":"processes"'

# --- hostile ---------------------------------------------------------------------------------------------------------------------------
python3 - "$work/hostile.jsonl" "$hosts/dashboard-miner.falco.jsonl" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
out = open(sys.argv[1], "wb")
bad = lines[0]
bad["output_fields"]["proc.cmdline"] = "xmrig -o stratum+tcp://x:1 \u001b[2J\u0000\u202e" + "A" * 200000
bad["output_fields"]["proc.name"] = "xmrig\u0007"
out.write(json.dumps(bad).encode() + b"\n")
out.write(json.dumps(lines[1]).encode()[:150] + b"\n")
out.write(json.dumps(lines[2]).encode().replace(b"stratum", b"stratum\xff\xfe") + b"\n")
out.write(b"   12 1 root Sun Nov 99 01:09:38 2026 0::/ x\n\x00\x01\x02\n")
END
run "$davy" detect --format json --cluster one "$dashboard" "$work/hostile.jsonl"
point "hostile records: all counted" all out_has '"bad_records":3' out_has '"host_records":2,"host_cut":1'
point "and none believed beyond what it is" ask 'x["severity"] == "critical"'
run "$davy" detect --cluster one "$dashboard" "$work/hostile.jsonl"
point "no control character reaches the terminal" sh -c '! LC_ALL=C tr -d "\n" <"$1" | LC_ALL=C grep -q "[[:cntrl:]]"' sh "$work/out"
finish
