#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy detect` meet the contract of its command line, whatever it is given?
. "$(dirname "$0")/lib.sh"
examples=$2/examples
attack=$examples/dashboard-miner.jsonl.zst

zstd -dqc "$attack" >"$work/attack.jsonl"
grep -v 'kubernetes-dashboard\|kube-control\|kannix' "$work/attack.jsonl" | head -n 300 >"$work/calm.jsonl"

run "$davy" detect "$attack"
point "an attack: status 1, text on standard output" all is_status 1 out_has "kube-control"
point "no escape sequence in a pipe" out_lacks "$(printf '\033')"
run "$davy" detect --fail-on never "$attack"
point "--fail-on never: status 0" is_status 0
run "$davy" detect --fail-on critical "$work/calm.jsonl"
point "nothing of that level: status 0" is_status 0

run "$davy" detect --format json --threads 1 "$attack"
cp "$work/out" "$work/wanted"
point "json: one object a line, each with a kind" json_lines
for threads in 2 8; do
    run "$davy" detect --format json --threads "$threads" "$attack"
    point "the same output with $threads threads" same "$work/wanted"
done
sed -i 's/"file":"[^"]*"/"file":"-"/g' "$work/wanted"
run sh -c '"$1" detect --format json --cluster dashboard-miner - <"$2"' sh "$davy" "$work/attack.jsonl"
sed -i 's/"file":"[^"]*"/"file":"-"/g' "$work/out"
point "the same output from a pipe" same "$work/wanted"
run "$davy" detect --format json -o "$work/report" "$attack"
point "-o: into a file, nothing on standard output" all is_status 1 out_lines 0
sed -i 's/"file":"[^"]*"/"file":"-"/g' "$work/report"
cp "$work/report" "$work/out"
point "-o: the same output" same "$work/wanted"
run "$davy" detect --format html "$attack"
point "html: one page, nothing fetched from elsewhere" all is_status 1 out_has "<html" out_lacks 'src="http' out_lacks 'href="http'

run "$davy" detect "$work/nowhere"
point "a missing file: status 3 and a sentence that names it" all is_status 3 err_has "nowhere"
{ head -n 3 "$work/calm.jsonl"; echo '{"kind":"Event","auditID":'; head -n 5 "$work/calm.jsonl" | tail -n 2; } >"$work/bad.jsonl"
run "$davy" detect "$work/bad.jsonl"
point "a bad line is told with file and line, and skipped" all is_status 0 err_has "bad.jsonl:4"
run "$davy" detect --strict "$work/bad.jsonl"
point "--strict stops there" all is_status 3 err_has "bad.jsonl:4"
: >"$work/empty.jsonl"
run "$davy" detect "$work/empty.jsonl"
point "an empty log is no error" is_status 0
printf 'nonsense\n{"a":1}\n' >"$work/other.jsonl"
run "$davy" detect "$work/other.jsonl"
point "a log without one audit event is no all-clear" all is_status 3 err_has "no audit event"
[ -e /dev/full ] && run sh -c '"$1" detect "$2" >/dev/full' sh "$davy" "$attack"
point "a full disk is told" is_status 3

# The example in README.md: each of its lines is printed, and of what is printed above the matrix each is there; numbers may differ, which
# change with every rule.
run sh -c 'cd "$2" && "$1" detect --level high examples/dashboard-miner.jsonl.zst' sh "$davy" "$2"
plain() { sed 's/[0-9][0-9,]*/#/g; s/  */ /g' "$@"; }
sed -n '/^```text$/,/^```$/p' "$2/README.md" | grep -v '^```\|^ *\[\.\.\.\]$\|^$' | plain >"$work/shown"
plain "$work/out" >"$work/printed"
sed '/^ ON THE ATTACK MATRIX/,$d; /^$/d' "$work/printed" >"$work/first"
all_shown() {
    [ -s "$work/shown" ] && [ -s "$work/first" ] && ! grep -vxFf "$work/printed" "$work/shown" >&2 && ! grep -vxFf "$work/shown" "$work/first" >&2
}
point "README.md shows what is printed (else: scripts/readme)" all_shown

# What an intruder can write: terminal escapes and HTML in the user agent, the principal and the URI.
sed 's/"userAgent":"[^"]*"/"userAgent":"\\u001b]0;owned\\u0007<script>alert(1)<\/script>"/; s/"username":"system:serviceaccount:kube-system:kubernetes-dashboard"/"username":"system:serviceaccount:kube-system:kubernetes-dashboard\\u001b[2J"/' \
    "$work/attack.jsonl" >"$work/hostile.jsonl"
for format in text json html; do
    run "$davy" detect --level informational --format "$format" "$work/hostile.jsonl"
    point "terminal escapes leave $format harmless" all out_lacks "$(printf '\033')" out_lacks "$(printf '\007')"
    [ "$format" = text ] || point "HTML leaves $format harmless" out_lacks "<script>alert"
done
finish
