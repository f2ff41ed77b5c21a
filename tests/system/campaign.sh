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
finish
