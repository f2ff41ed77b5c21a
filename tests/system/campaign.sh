#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Are the recorded attacks on four clusters one campaign, whoever looks at them, and the other attack a stranger?
. "$(dirname "$0")/lib.sh"
examples=$2/examples
schema=$2/docs/schema/campaign.schema.json

# campaigns CLUSTER,...: exactly one campaign is in the output, with these clusters in this order.
campaigns() {
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
found = [",".join(line["clusters"]) for line in lines if line["kind"] == "campaign"]
sys.exit(0 if found == sys.argv[2:] else f"campaigns: {found}")' "$work/out" "$@"
}
follows_schema() {
    python3 -c 'import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(0)
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
wrong = [e.message for line in lines if line["kind"] == "campaign"
         for e in jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).iter_errors(line)]
sys.exit("; ".join(wrong) if wrong else 0)' "$work/out" "$schema"
}

run "$davy" detect --format json "$examples"/campaign-?.jsonl.zst
point "four clusters, one campaign" campaigns campaign-1,campaign-2,campaign-3,campaign-4
point "as the schema says" follows_schema
cp "$work/out" "$work/four"
run "$davy" detect --format json "$examples"/campaign-4.jsonl.zst "$examples"/campaign-2.jsonl.zst "$examples"/anonymous-worm.jsonl.zst \
    "$examples"/campaign-1.jsonl.zst "$examples"/campaign-3.jsonl.zst
point "another attack does not join" campaigns campaign-1,campaign-2,campaign-3,campaign-4
run "$davy" detect --format json --campaign-window 30s "$examples"/campaign-?.jsonl.zst
point "a window too small for it: none" campaigns
run "$davy" detect --format json "$examples"/campaign-1.jsonl.zst
point "one cluster is no campaign" campaigns
run "$davy" detect --format json --alerts-only "$examples"/campaign-?.jsonl.zst
point "--alerts-only: none" campaigns

# davy campaign: the same from NDJSON, in any order, and nothing that a line may hold breaks it.
retold() { grep '"kind":"campaign"' "$work/four" | cmp -s - "$work/out"; }
run "$davy" campaign --format json "$work/four"
point "retold: the same campaign, status 1" all is_status 1 retold -
sort -r "$work/four" >"$work/shuffled"
run sh -c 'cat "$2" "$2" | "$1" campaign --format json -' sh "$davy" "$work/shuffled"
point "shuffled and told twice: the same" all is_status 1 retold - err_has "4 told more than once"
run "$davy" campaign "$work/four"
point "as text" all is_status 1 out_has "One hand in 4 clusters" out_has "kubectl delete clusterrolebinding -- kubernetes-dashboard"
run "$davy" campaign --fail-on never "$work/four"
point "--fail-on never: status 0" is_status 0
incident='"kind":"incident","id":"INC-1","severity":"high","clusters":["a"]'
{
    echo "{$incident,\"first\":\"yesterday\"}"
    echo "{$incident,\"indicators\":7}"
    echo "{$incident,\"indicators\":[7]}"
    echo '{"kind":"incident","id":"INC-1","severity":"high","clusters":["a","b"]}'
    echo '{"kind":"incident","id":7,"severity":"high","clusters":["a"]}'
    echo '{"kind":"incident","id":"INC-1","severity":"sharp","clusters":["a"]}'
    echo "{$incident,\"root_cause\":{\"fix\":[null]}}"
    echo "{$incident,\"vector\":{\"certainty\":\"sure\"}}"
    echo '{"kind":"incident",'
    echo '[]'
    echo '{"no":"kind"}'
    printf '{"kind":"incident","id":"\377"}\n'
    cat "$work/four"
} >"$work/bad"
run "$davy" campaign --format json "$work/bad"
point "twelve bad lines are told and skipped" all is_status 1 retold - err_has "12 lines skipped"
for sentence in 'bad:1: warning: line skipped: `first` is no RFC 3339 time' 'bad:2: warning: line skipped: `indicators` is no list' \
    'bad:3: warning: line skipped: an indicator without a type' 'bad:4: warning: line skipped: `clusters` does not name exactly one' \
    'bad:5: warning: line skipped: an incident without an id' 'bad:6: warning: line skipped: `severity` is no level' 'bad:9:20: warning' \
    'bad:11: warning: line skipped: it has no `kind`'; do
    point "$sentence" err_has "$sentence"
done
run "$davy" campaign --strict "$work/bad"
point "--strict stops at the first" all is_status 3 err_has "bad:1: error" err_lines 1
head -n 12 "$work/bad" >"$work/worse"
run "$davy" campaign "$work/worse"
point "nothing of davy's in it: status 3" all is_status 3 err_has "no line of"
: >"$work/empty"
run "$davy" campaign "$work/empty"
point "an empty file: nothing found" all is_status 0 out_lines 0
finish
