#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does an evidence bundle hold what the incidents rest on, byte for byte, and is it seen when somebody has changed it?
. "$(dirname "$0")/lib.sh"
cd "$2/examples" || exit 1

run "$davy" detect --evidence "$work/case.tar.zst" dashboard-miner.jsonl.zst anonymous-worm.jsonl.zst
point "a bundle is written, and the digest of its manifest told" all is_status 1 err_has "case.tar.zst: note: its MANIFEST has the SHA-256"
digest=$(sed -n 's/.*SHA-256 \([0-9a-f]*\).*/\1/p' "$work/err")
run "$davy" evidence verify "$work/case.tar.zst"
point "verify: all is right, and the digest is the same" all is_status 0 out_has " 0 differences; MANIFEST $digest"
run "$davy" evidence list "$work/case.tar.zst"
point "list: the parts" all is_status 0 out_has "MANIFEST" out_has "about.json" out_has "report.txt" out_has "report.ndjson" \
    out_has "rules/audit/" out_has "rules/intelligence/images.yml" out_has "rules/pages/pages.yml"

mkdir "$work/rules"
cat >"$work/rules/own.yml" <<'YAML'
title: Deployment made
id: 6f1f2b1e-54c4-4d0c-9a53-6a2a35a3f001
name: own
level: high
logsource: {product: kubernetes, service: audit}
detection:
  s: {verb: create, objectRef.resource: deployments}
  condition: s
YAML
cat >"$work/rules/filter.yml" <<'YAML'
title: Not the shop
logsource: {product: kubernetes, service: audit}
filter:
  rules: [own]
  shop: {objectRef.namespace: shop}
  condition: not shop
YAML
run "$davy" detect --quiet --rules "$work/rules" --evidence "$work/own.tar.zst" -o /dev/null dashboard-miner.jsonl.zst
run "$davy" evidence list "$work/own.tar.zst"
point "list: filters are there, which fire on nothing" all is_status 0 out_has "own.yml" out_has "filter.yml"

mkdir "$work/open"
zstd -dqc "$work/case.tar.zst" | tar xf - -C "$work/open"
run sh -c 'cd "$1" && sha256sum --quiet -c MANIFEST' sh "$work/open"
point "sha256sum agrees" is_status 0
as_in_the_log() { # as_in_the_log NAME: the events of a cluster's incident are these lines of its log
    zstd -dqc "$1.jsonl.zst" >"$work/log"
    for origins in "$work/open/events/$1/"*.origins; do
        while IFS=: read -r file line; do
            [ "$file" = "$1.jsonl.zst" ] || return 1
            echo "${line}p"
        done <"$origins" >"$work/lines"
        sed -n -f "$work/lines" "$work/log" | cmp - "${origins%.origins}.ndjson" || return 1
    done
}
point "events are the lines of the log" as_in_the_log dashboard-miner
point "of each cluster its own" as_in_the_log anonymous-worm
# Every place that the incident names as evidence is there.
has_all_evidence() {
    python3 -c 'import json, pathlib, sys
top = pathlib.Path(sys.argv[1])
def places(x):
    if isinstance(x, dict):
        if "line" in x and "audit_id" in x:
            yield x["file"] + ":" + str(x["line"])
        x = list(x.values())
    if isinstance(x, list):
        for y in x:
            yield from places(y)
incidents = [x for x in map(json.loads, open(top / "report.ndjson")) if x["kind"] == "incident"]
for x in incidents:
    there = (top / "events" / x["clusters"][0] / (x["id"] + ".origins")).read_text().split()
    assert set(places(x)) == set(there), x["id"]
    events = [json.loads(line) for line in open(top / "events" / x["clusters"][0] / (x["id"] + ".ndjson"))]
    assert len(events) == len(there)
assert len(incidents) == 2' "$work/open"
}
point "all evidence of each incident, and nothing else" has_all_evidence
run "$davy" detect --format json dashboard-miner.jsonl.zst anonymous-worm.jsonl.zst
point "the report in it is the report" same "$work/open/report.ndjson"

run "$davy" detect --threads 7 --format json --evidence "$work/again.tar.zst" dashboard-miner.jsonl.zst anonymous-worm.jsonl.zst
point "the same bytes in another run with other threads" cmp -s "$work/case.tar.zst" "$work/again.tar.zst"

# Other shapes of the same log: a pipe, and one document.
zstd -dqc dashboard-miner.jsonl.zst | run "$davy" detect --cluster dashboard-miner --evidence "$work/pipe.tar.zst" -
mkdir "$work/pipe" "$work/document"
zstd -dqc "$work/pipe.tar.zst" | tar xf - -C "$work/pipe"
point "from a pipe the same events" cmp -s "$work/pipe/events/dashboard-miner/"*.ndjson "$work/open/events/dashboard-miner/"*.ndjson
zstd -dqc dashboard-miner.jsonl.zst | sed '1s/^/[/; $!s/$/,/; $s/$/]/' >"$work/document.json"
run "$davy" detect --cluster dashboard-miner --evidence "$work/document.tar.zst" "$work/document.json"
zstd -dqc "$work/document.tar.zst" | tar xf - -C "$work/document"
point "from one JSON array the same events" cmp -s "$work/document/events/dashboard-miner/"*.ndjson "$work/open/events/dashboard-miner/"*.ndjson

# Somebody changes it.
cp -r "$work/open" "$work/forged"
echo '{}' >>"$work/forged/report.ndjson"
rm "$work/forged/report.txt"
echo 'new' >"$work/forged/$(printf 'a\033[2Jb')"
(cd "$work/forged" && tar cf - MANIFEST $(ls | grep -v MANIFEST)) | zstd -qc >"$work/forged.tar.zst"
run "$davy" evidence verify "$work/forged.tar.zst"
point "what is changed, missing and added is named: status 1" all is_status 1 out_has "changed: report.ndjson" out_has "missing: report.txt" \
    out_has 'added: a\x1b[2Jb'
head -c 5000 "$work/case.tar.zst" >"$work/cut.tar.zst"
run "$davy" evidence verify "$work/cut.tar.zst"
point "a bundle that was cut off: status 3" all is_status 3 err_has "not readable as an evidence bundle"
run "$davy" evidence list "$work/nowhere"
point "no file: status 3" all is_status 3 err_has "nowhere"
[ -e /dev/full ] && run "$davy" detect --evidence /dev/full dashboard-miner.jsonl.zst
point "a full disk is told" all is_status 3 err_has "evidence"
finish
