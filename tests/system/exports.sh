#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Are the files that `davy detect` writes for other tools what those tools read, and the same in every run?
. "$(dirname "$0")/lib.sh"
here=$(realpath "$(dirname "$0")")
cd "$2/examples" || exit 1

is_stix() { python3 "$here/stix-rules.py" "$1" >"$work/out"; }
jq_like() { # jq_like FILE EXPRESSION: a Python expression over `x`, the parsed file
    python3 -c 'import json, sys
x = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$1" "$2"
}
lacks() { ! grep -qF -- "$2" "$1"; }

export_all() { # export_all NAME ARGUMENT...
    name=$1
    shift
    run "$davy" detect --quiet --navigator "$work/$name.layer" --stix "$work/$name.stix" "$@"
}

export_all all ./*.zst
point "both files are written beside the report" all is_status 1 out_has "ACT NOW"
point "the bundle keeps the rules of STIX 2.1" is_stix "$work/all.stix"
point "a report for each incident" jq_like "$work/all.stix" 'sum(o["type"] == "report" for o in x["objects"]) == 6'
point "the campaign over five clusters is one intrusion set" jq_like "$work/all.stix" \
    'sum(o["type"] == "intrusion-set" for o in x["objects"]) == 1 and sum(o.get("relationship_type") == "attributed-to" for o in x["objects"]) == 5'
point "the layer has the format that the Navigator asks for" jq_like "$work/all.layer" \
    'x["versions"]["layer"] == "4.5" and x["domain"] == "enterprise-attack" and x["techniques"]'
point "only techniques of ATT&CK, each with score and comment" jq_like "$work/all.layer" \
    'all(t["techniqueID"].startswith("T1") and 1 <= t["score"] <= 5 and t["comment"] for t in x["techniques"])'
point "the new container is in it, as critical" jq_like "$work/all.layer" \
    'any(t["techniqueID"] == "T1610" and t["score"] == 5 for t in x["techniques"])'
export_all again --threads 7 ./*.zst
point "the same layer with other threads" cmp -s "$work/all.layer" "$work/again.layer"
point "the same bundle with other threads" cmp -s "$work/all.stix" "$work/again.stix"

zstd -dqc closed-door.jsonl.zst | head -n 50 >"$work/calm.jsonl"
export_all calm "$work/calm.jsonl"
point "without incidents the bundle is still one" is_stix "$work/calm.stix"
point "without incidents the layer is empty" jq_like "$work/calm.layer" 'x["techniques"] == []'

# What an intruder can write: his user agent.
zstd -dqc anonymous-worm.jsonl.zst >"$work/worm.jsonl"
sed 's/"userAgent":"Go-http-client[^"]*"/"userAgent":"\\u001b]0;x\\u0007'"'"'] OR [<script>\\\\\\""/' "$work/worm.jsonl" >"$work/hostile.jsonl"
export_all hostile "$work/hostile.jsonl"
point "hostile texts leave the bundle valid" is_stix "$work/hostile.stix"
point "and inert" lacks "$work/hostile.stix" "<script>"
point "a quote in a user agent ends no pattern" jq_like "$work/hostile.stix" \
    'any("\\'"'"'] OR [<script>\\\\\"'"'"']" in o.get("pattern", "") for o in x["objects"])'

run "$davy" detect --stix "$work/nowhere/x" dashboard-miner.jsonl.zst
point "a file that cannot be written: status 3 and a sentence" all is_status 3 err_has "nowhere/x"
run "$davy" detect --alerts-only --stix "$work/x" dashboard-miner.jsonl.zst
point "--alerts-only leaves nothing to export: status 2" all is_status 2 err_has "--alerts-only"
finish
