#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy posture --history` keep every run, from several processes at once and across crashes, and tell how the score went?
. "$(dirname "$0")/lib.sh"
schemas=$2/docs/schema

pod() { # pod NAME PRIVILEGED
    printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop}\nspec: {containers: [{name: c, image: nginx, securityContext: {privileged: %s}}]}\n' "$1" "$2"
}
pod a true >"$work/bad.yaml"
pod a false >"$work/good.yaml"
file=$work/score.jsonl
judge() { "$davy" posture --fail-on never --cluster blue --history "$file" "$@"; }
file_lines() { [ "$(wc -l <"$file")" -eq "$1" ]; }
follows() { # follows KIND: the lines of that kind follow their schema, and there are some
    /usr/bin/python3 -c 'import json, sys
lines = [json.loads(l) for l in open(sys.argv[1])]
lines = [l for l in lines if l["kind"] == sys.argv[3]]
assert lines
try:
    import jsonschema
except ImportError:
    sys.exit(0)
schema = json.load(open(f"{sys.argv[2]}/{sys.argv[3]}.schema.json"))
[jsonschema.Draft202012Validator(schema).validate(l) for l in lines]' "$work/out" "$schemas" "$1"
}

run judge "$work/bad.yaml"
point "the first run is said to be one, and kept" all is_status 0 out_has "history: this is the first run" file_lines 1
run judge -f json "$work/good.yaml"
point "json: a trend" all is_status 0 out_has '"runs":1,"since":{' out_has '{"id":"privileged-container","gained":4,"unhealthy_before":1,"unhealthy":0}'
point "which follows its schema" follows trend
run judge "$work/bad.yaml"
point "text: how it went, and which control it was" all is_status 0 out_has "history: 2 earlier runs" out_has " -4.00  privileged-container: 1 unhealthy, 0 before"
run "$davy" posture --history "$file" --show
point "--show: a row for each run" all is_status 0 out_lines 4 out_has "blue: 3 runs" out_has "  +4.00" out_has "  -4.00"
run "$davy" posture --history "$file" --show -f json
point "--show in json: what is in the file" all is_status 0 out_lines 3 follows run
run judge -f html "$work/good.yaml"
point "html: the curve" all is_status 0 out_has '<path class="curve"' out_has "4 runs, "
run "$davy" posture --history "$file" --show -f html
point "--show in html" all is_status 0 out_has '<path class="curve"' out_has "Secure score"
run judge --format prometheus "$work/good.yaml"
point "other formats keep the run, too" all is_status 0 out_lacks history file_lines 5

printf '{"kind":"run","time":"2026-01-0' >>"$file" # a crash tore it off
run judge "$work/good.yaml"
point "a torn line is passed over, counted, and spoils no other" all is_status 0 err_has "passed over: 1" file_lines 7 out_has "5 earlier runs"
run judge "$work/good.yaml"
point "and the next run has the last one's line" all is_status 0 out_has "6 earlier runs"
printf '%s\n' '[1]' '{"kind":"run","time":"2026-01-01T00:00:00Z","cluster":"x","score":-1,"max":2}' '{"kind":"run","time":"yesterday","cluster":"x","score":1,"max":2}' "$(printf '\001')" '{"kind":"run","time":"2026-01-01T00:00:00Z","cluster":"x","score":1e300,"max":1e301}' >>"$file"
printf '{"kind":"run","time":"2026-01-01T00:00:00Z","cluster":"Q\\u001b[31m<b>","score":1,"max":2,"controls":{"a":"\\u202e"}}\n' >>"$file"
run "$davy" posture --history "$file" --show
point "what others wrote into it is passed over, or shown inert" all is_status 0 err_has "passed over: 6" out_has 'Q\x1b[31m<b>' out_lacks "$(printf '\033')"
run "$davy" posture --history "$file" --show -f json
point "in json, too" all is_status 0 out_has 'Q\u001b[31m\u003cb\u003e' json_lines ""
run "$davy" posture --history "$file" --show -f html
point "and in html" all is_status 0 out_has 'Q<span class="x">\x1b</span>[31m&lt;b&gt;' out_lacks "nan"
run "$davy" posture --history "$file" --show --cluster blue
point "--show of one cluster" all is_status 0 out_has "blue: 7 runs" out_lacks "Q"

file=$work/many.jsonl
together() {
    for i in 1 2 3 4 5 6 7 8; do judge "$work/good.yaml" >/dev/null & done
    wait
    "$davy" posture --history "$file" --show -f json >"$work/out" && [ "$(wc -l <"$work/out")" -eq 8 ]
}
status=0
point "runs at the same time are all kept" together
file=$work/nowhere/score.jsonl
run judge "$work/good.yaml"
point "a file that cannot be written: status 3" all is_status 3 err_has "score.jsonl: error: cannot be written: No such file"
file=$work
run judge "$work/good.yaml"
point "a directory: status 3" is_status 3
file=/dev/null
run judge "$work/good.yaml"
point "no file at all: status 3" all is_status 3 err_has "no regular file"
: >"$work/empty"
run "$davy" posture --history "$work/empty" --show
point "nothing to show: status 3" all is_status 3 err_has "no run is in it"
run "$davy" posture --show
point "--show without --history" all is_status 2 err_has "--show shows"
run "$davy" posture --history "$file" --show "$work/good.yaml"
point "--show with a PATH" is_status 2
run "$davy" posture --history "$file" --profile pss:baseline:latest "$work/good.yaml"
point "no history of a profile" all is_status 2 err_has "has none"
finish
