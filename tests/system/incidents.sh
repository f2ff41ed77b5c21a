#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do incidents tell what happened in the recorded attacks, and the same whatever way the log is read?
. "$(dirname "$0")/lib.sh"
root=$2

# The recorded logs with their ground truth, as scripts/score wants them.
for labels in "$root"/tests/data/labels/*.jsonl; do
    name=$(basename "$labels" .jsonl)
    mkdir -p "$work/logs/$name"
    zstd -dqc "$root/examples/$name.jsonl.zst" >"$work/logs/$name/audit.jsonl"
    cp "$labels" "$work/logs/$name/labels.jsonl"
done

# NAME INCIDENTS RECALL TOLD PRECISION: of a line of the table.
row_is() {
    awk -v name="$1" -v incidents="$2" '$1 == name { found = 1; good = $2 == incidents && (incidents == 0 || ($4 >= 0.98 && $6 >= 0.98)) }
        END { exit !(found && good) }' "$work/out"
}
for folder in "$work"/logs/*; do
    log=$(basename "$folder")
    run "$root/scripts/score" "$davy" "$folder"
    wanted=1
    [ "$log" != closed-door ] || wanted=0
    point "$log: incidents, recall and precision" row_is "$log" "$wanted"
    [ "$wanted" = 0 ] || point "$log: the mistake itself is the root cause" out_has "(the mistake itself)"
done

# Other attacks, of other hands. NAME CAUSE VECTOR PIVOT: the root cause, the way in, and a pivot that must be there, each as in NDJSON.
other() {
    run "$root/scripts/score" "$davy" "$root/tests/data/attacks/$1"
    point "$1: incidents, recall and precision" row_is "$1" 1
    zstd -dqc "$root/tests/data/attacks/$1/audit.jsonl.zst" >"$work/other.jsonl"
    run "$davy" detect --format json --cluster one "$work/other.jsonl"
    point "$1: root cause" out_has "\"object\":\"$2\",\"role\""
    point "$1: the way in" out_has "\"vector\":{\"verdict\":\"$3\""
    point "$1: how they went on" out_has "$4"
}
other pod-to-node RoleBinding/web/storefront-jobs compromised_container \
    '"from":"object:pods/web/storefront-warmup","to":"principal:system:node:node-1","kind":"node"'
other workload-changed ClusterRoleBinding/platform-admins stolen_credential \
    '"from":"principal:omar@corp.example","to":"object:deployments/media/transcoder","kind":"changed"'
other unknown-page ClusterRoleBinding/kubeboard exposed \
    '"from":"principal:system:serviceaccount:ops-ui:kubeboard","to":"object:deployments/ops-ui/board-cache","kind":"created"'

# What many questions below hold other runs against: these two as they are.
for log in dashboard-miner anonymous-worm; do
    run "$davy" detect --format json --cluster one "$work/logs/$log/audit.jsonl"
    cp "$work/out" "$work/whole-$log"
done
whole() { cp "$work/whole-$1" "$work/out"; }

attack=$work/logs/anonymous-worm/audit.jsonl
plain() { grep '"kind":"incident"' "$work/out" | sed 's/"file":"[^"]*"/"file":"-"/g; s/"line":[0-9]*/"line":0/g' >"$work/plain"; }
plain_is() { [ -s "$work/plain" ] && cmp -s "$1" "$work/plain"; }
run "$davy" detect --format json --cluster one --threads 1 "$attack"
plain
cp "$work/plain" "$work/wanted"
run "$davy" detect --format json --cluster one --threads 8 "$attack"
plain
point "the same incident with 8 threads" plain_is "$work/wanted"
mkdir "$work/parts"
split -n l/7 --numeric-suffixes=1 --additional-suffix=.log "$attack" "$work/parts/audit-"
run "$davy" detect --format json --cluster one "$work/parts"
plain
point "the same incident from seven files" plain_is "$work/wanted"

# The door is what posture would have found.
door() { # door LOG CONTROL OBJECT
    whole "$1"
    python3 -c 'import json, sys
doors = [(d["control"], d["object"]) for l in open(sys.argv[1]) for d in json.loads(l).get("doors", [])]
sys.exit((sys.argv[2], sys.argv[3]) not in doors)' "$work/out" "$2" "$3"
}
point "the door: an anonymous grant" door anonymous-worm anonymous-grant ClusterRoleBinding/cluster-system-anonymous
point "the door: what the page's account may do" door dashboard-miner interface-account ClusterRoleBinding/kubernetes-dashboard
point "the door: the page itself" door dashboard-miner exposed-interface services/kube-system/kubernetes-dashboard
run "$davy" detect --cluster one "$work/logs/dashboard-miner/audit.jsonl"
point "as text" out_has "davy posture finds it: control "

# Both attacks, cut into files in other ways: in the middle, and in the middle of every burst.
pieces() { # pieces LOG: folders of parts
    rm -rf "$work/cut" && mkdir -p "$work/cut/two" "$work/cut/many"
    split -n l/2 --numeric-suffixes=1 --additional-suffix=.log "$1" "$work/cut/two/audit-"
    split -l 97 -a 3 --numeric-suffixes=1 --additional-suffix=.log "$1" "$work/cut/many/audit-"
}
for log in dashboard-miner anonymous-worm; do
    whole "$log"
    plain
    cp "$work/plain" "$work/wanted-$log"
    pieces "$work/logs/$log/audit.jsonl"
    for cut in two many; do
        run "$davy" detect --format json --cluster one --threads 4 "$work/cut/$cut"
        plain
        point "$log: the same incident from files cut as: $cut" plain_is "$work/wanted-$log"
    done
done

# The logs of several API servers: every line in one of them, one compressed, one a list. Alerts are the same, too, but for their places.
all_plain() { sed 's/"file":"[^"]*"/"file":"-"/g; s/"line":[0-9]*/"line":0/g; s/,"item":[0-9]*//g; s/"bytes":[0-9]*/"bytes":0/' "$work/out" >"$work/plain"; }
deal() { # deal LOG N: its lines in turn into N files
    rm -rf "$work/dealt" && mkdir "$work/dealt"
    awk -v n="$2" -v to="$work/dealt/audit-" '{ print >(to NR % n ".log") }' "$1"
}
for log in dashboard-miner anonymous-worm; do
    whole "$log"
    all_plain
    cp "$work/plain" "$work/wanted-$log"
    for n in 2 3; do
        deal "$work/logs/$log/audit.jsonl" "$n"
        for threads in 1 4; do
            run "$davy" detect --format json --cluster one --threads "$threads" "$work/dealt"
            all_plain
            point "$log: alerts and incidents are the same from $n servers, $threads threads" plain_is "$work/wanted-$log"
        done
    done
    gzip "$work/dealt/audit-1.log"
    run "$davy" detect --format json --cluster one "$work/dealt"
    all_plain
    point "$log: the same with one compressed" plain_is "$work/wanted-$log"
    { printf '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[' && paste -sd, "$work/dealt/audit-0.log" && printf ']}'; } >"$work/list"
    mv "$work/list" "$work/dealt/audit-0.log"
    run "$davy" detect --format json --cluster one "$work/dealt"
    all_plain
    point "$log: and one in a list" plain_is "$work/wanted-$log"
done

run sh -c '"$1" detect --format json --cluster one - <"$2"' sh "$davy" "$attack"
plain
point "the same incident from a pipe" plain_is "$work/wanted"
gzip -c "$attack" >"$work/attack.jsonl.gz"
run "$davy" detect --format json --cluster one "$work/attack.jsonl.gz"
plain
point "the same incident from a compressed file" plain_is "$work/wanted"

# Beyond what is kept in memory (16 MB): a pipe goes through a temporary file, a file is read again.
cp "$attack" "$work/long.jsonl"
zstd -dqc "$root/tests/data/benign.jsonl.zst" | head -n 9000 >>"$work/long.jsonl"
point "a long file is longer than what is kept in memory" test "$(wc -c <"$work/long.jsonl")" -gt 20000000
run "$davy" detect --format json --cluster one "$work/long.jsonl"
plain
cp "$work/plain" "$work/wanted"
point "a long file: one incident" test "$(wc -l <"$work/plain")" -eq 1
run sh -c 'cat "$2" | "$1" detect --format json --cluster one -' sh "$davy" "$work/long.jsonl"
plain
point "a long pipe: the same" plain_is "$work/wanted"
run sh -c 'cat "$2" | TMPDIR=/nonexistent "$1" detect --format json --cluster one -' sh "$davy" "$work/long.jsonl"
point "nowhere to keep a long pipe: said, not silent" out_has "could not be read a second time"
point "and why" err_has "to be read a second time: No such file or directory"
finish
