#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Is the same incident reconstructed whatever envelopes the log was shipped in, also when they change in the middle, compressed, or in a pipe?
. "$(dirname "$0")/lib.sh"
root=$2

# told FILE: the incidents in the last output, without the places of their evidence.
told() {
    python3 - "$work/out" >"$1" <<'END'
import json, sys
def bare(x):
    if isinstance(x, dict):
        return {k: bare(v) for k, v in x.items() if k not in ("file", "line", "item")}
    return [bare(v) for v in x] if isinstance(x, list) else x
for row in map(json.loads, open(sys.argv[1], encoding="utf-8")):
    if row["kind"] == "incident":
        print(json.dumps(bare(row), sort_keys=True))
END
}
tells_the_same() { told "$work/told" && [ -s "$work/told" ] && cmp -s "$work/wanted" "$work/told"; }
detect() { run "$davy" detect --quiet --format json --cluster one "$@"; }

dashboard_miner="azure-lines.jsonl azure-records.jsonl azure-batches.json eks-firehose.json eks-lines.jsonl eks-export.log fluent.jsonl list.json
mixed.jsonl mixed-array.json"
anonymous_worm="azure-batches.json eks-firehose.json mixed.jsonl mixed-array.json"
for log in dashboard-miner anonymous-worm; do
    forms=$dashboard_miner
    [ "$log" = dashboard-miner ] || forms=$anonymous_worm
    mkdir -p "$work/$log"
    zstd -dqc "$root/examples/$log.jsonl.zst" >"$work/plain.jsonl"
    python3 "$root/tests/system/envelope-forms.py" "$work/plain.jsonl" "$work/$log"
    detect "$work/plain.jsonl"
    told "$work/wanted"
    for file in $forms; do
        detect "$work/$log/$file"
        point "$log as $file" tells_the_same
    done
    for file in eks-firehose.json mixed.jsonl; do
        run sh -c '"$1" detect --quiet --format json --cluster one - <"$2"' sh "$davy" "$work/$log/$file"
        point "$log as $file in a pipe" tells_the_same
    done
    detect --threads 8 "$work/$log/mixed.jsonl"
    point "$log as mixed.jsonl on 8 threads" tells_the_same
    gzip -c "$work/$log/azure-records.jsonl" | zstd -q >"$work/$log/twice.gz.zst"
    detect "$work/$log/twice.gz.zst"
    point "$log as azure-records.jsonl, compressed twice" tells_the_same
    zstd -qf "$work/$log/mixed.jsonl" -o "$work/$log/mixed.zst"
    detect "$work/$log/mixed.zst"
    point "$log as mixed.jsonl, compressed" tells_the_same
    detect --evidence "$work/$log/bundle.tar.zst" "$work/$log/mixed.jsonl"
    point "the evidence of $log as mixed.jsonl is found again" err_lines 1

    # An entry of Cloud Audit Logs carries less: no requests without an object, one time, no groups.
    mkdir -p "$work/google/$log"
    cp "$work/$log/google.jsonl" "$work/google/$log/audit.jsonl"
    python3 - "$work/google/$log/audit.jsonl" "$root/tests/data/labels/$log.jsonl" >"$work/google/$log/labels.jsonl" <<'END'
import json, sys
entries = open(sys.argv[1], encoding="utf-8").read().split("\n")
sys.stdout.writelines(row for row in open(sys.argv[2], encoding="utf-8") if entries[json.loads(row)["line"] - 1])
END
    run "$root/scripts/score" "$davy" "$work/google/$log"
    cp "$work/out" "$work/scored"
    point "$log as google.jsonl: one incident, with all that has an entry, and nothing innocent" \
        grep -qE "^$log +1 +[0-9]+ +1\.000 +[0-9]+ +1\.000 " "$work/scored"
    point "of the mistake itself" out_has "the mistake itself"
done
finish
