#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do the built-in rules hold their own tests, and does `davy rules` meet its contract on rules of others?
. "$(dirname "$0")/lib.sh"
rules=$2

run "$davy" rules test "$rules"
point "every rule hits and misses what its tests say" all is_status 0 out_has ", 0 failed, 0 rules without a hit"
run "$davy" rules test --stream host "$rules"
point "and so do those about processes on nodes" all is_status 0 out_has ", 0 failed, 0 rules without a hit"
run "$davy" rules lint --stream host
point "which are accepted, too" is_status 0
run "$davy" rules lint
point "the built-in rules are accepted" is_status 0
run "$davy" rules list
point "list: the built-in rules" all is_status 0 out_has "Image known for mining"

cat >"$work/good.yml" <<'YAML'
title: Lamp
id: 7f0fc0de-0000-4000-8000-000000000001
logsource: {product: mine}
detection:
    selection: {gas.kind: firedamp, shaft|startswith: No}
    condition: selection
level: high
YAML
cat >"$work/bad.yml" <<'YAML'
title: Broken
logsource: {product: mine}
detection:
    selection: {gas|begins: x}
    condition: selection
YAML
printf '%s\n' '{"gas":{"kind":"FireDamp"},"shaft":"No 7"}' '{"gas":{"kind":"air"},"shaft":"No 7"}' '{"gas.kind":"firedamp","shaft":"no1"}' >"$work/lines"

run "$davy" rules match --stream generic --rules "$work/good.yml" "$work/lines"
printf '1\t7f0fc0de-0000-4000-8000-000000000001\n3\t7f0fc0de-0000-4000-8000-000000000001\n' >"$work/wanted"
point "match: LINE<TAB>RULE-ID" all is_status 0 same "$work/wanted"
run "$davy" rules match --stream generic --rules "$work/bad.yml" "$work/lines"
point "match: a refused rule ends with 3" all is_status 3 err_has "begins"
run "$davy" rules lint --stream generic "$work/good.yml"
point "lint: accepted is 0" is_status 0
run "$davy" rules lint --stream generic "$work/bad.yml"
point "lint: refused is 1, with file, line, column and a caret" all is_status 1 any_has "bad.yml:4:" any_has "^"
mkdir "$work/listed"
cat >"$work/listed/gas.yml" <<'YAML'
title: Gas
id: 7f0fc0de-0000-4000-8000-000000000002
logsource: {product: mine}
detection:
    selection: {gas|expand: '%dangerous%'}
    condition: selection
YAML
cat >"$work/listed/gas.test.yml" <<'YAML'
rule: 7f0fc0de-0000-4000-8000-000000000002
hits:
  - {what: on the list, events: [{gas: firedamp}]}
misses:
  - {what: not on it, events: [{gas: air}]}
YAML
echo 'dangerous: [firedamp, whitedamp]' >"$work/lists"
run "$davy" rules test --stream generic --placeholders "$work/lists" "$work/listed"
point "test: with lists of one's own" all is_status 0 out_has "1 rules, 2 cases, 0 failed"
run "$davy" rules test --stream generic "$work/listed"
point "test: without them the rule is refused" is_status 3
run "$davy" rules show nothing-of-this-name
point "show: an unknown rule is a sentence" all is_status 2 err_lines 1
run "$davy" rules fields
point "fields: names and what they mean" all is_status 0 out_has "pod.image"
finish
