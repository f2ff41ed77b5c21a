#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does `davy coverage` tell what an audit policy hides, does the change that it proposes open the eyes, and does the policy that is shipped see
# all that can be seen?
. "$(dirname "$0")/lib.sh"
shipped=$2

policy() { # policy RULES: a policy of these rules
    printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n' >"$work/policy.yaml"
    cat >>"$work/policy.yaml"
}
summary() { # summary EXPRESSION: on the last line of NDJSON, c, and its rules, r
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
c, r = lines[-1], lines[:-1]
sys.exit(0 if eval(sys.argv[2]) else 1)' "$work/out" "$1"
}

run "$davy" coverage --policy "$shipped"
point "the shipped policy: every technique, and no rule blind but for Secrets" all is_status 0 out_has " 0 in part, 0 not" \
    out_has "not in it: what would write Secrets and tokens into the log"
run "$davy" coverage --policy "$shipped" --fail-on never -f json
point "json: one object a line, each with a kind" json_lines
point "the shipped policy: one rule sees nothing, and Secrets are why" summary 'c["none"] == 1 and c["part"] == 0 and c["all"] == c["rules"] - 1 > 300 and c["change"] is None and all("credentials in the log" in n for x in r if x["sees"] != "all" for n in x["needs"])'

echo '- {level: RequestResponse}' | policy
run "$davy" coverage --policy "$work/policy.yaml" -f json
point "everything logged: everything seen" all is_status 0
point "in all ways" summary 'c["all"] == c["rules"] and not c["techniques"]["none"] and not c["techniques"]["part"] and c["untold"] == 0'
echo '- {level: None}' | policy
run "$davy" coverage --policy "$work/policy.yaml" -f json --fail-on critical
point "nothing logged: nothing seen" all is_status 1
point "and no technique" summary 'c["none"] == c["rules"] and not c["techniques"]["all"] and c["all_changed"] >= c["rules"] - 1'
echo '- {level: Metadata}' | policy
run "$davy" coverage --policy "$work/policy.yaml" -f json
point "no bodies: rules about bodies are blind, those about requests are not" summary '0 < c["none"] < c["rules"] / 2 and c["all"] > c["rules"] / 2'
point "what is wanted is named" out_has "Metadata by the rule in line 4; needs Request"

# What is proposed, put in front, does what was promised.
"$davy" coverage --policy "$work/policy.yaml" --change --fail-on never >"$work/change"
{ cat "$work/change"; echo '- {level: Metadata}'; } | policy
run "$davy" coverage --policy "$work/policy.yaml" -f json --fail-on never
point "the change keeps its promise" summary 'c["all"] >= c["rules"] - 1 and c["change"] is None'
{ echo '- {level: None, verbs: [create], resources: [{group: "", resources: ["pods/*"]}]}'; echo '- {level: RequestResponse}'; } | policy
run "$davy" coverage --policy "$work/policy.yaml"
point "a rule too many: what it hides, and its line" all is_status 1 out_has "create pods/exec: None by the rule in line 4"
printf 'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [ResponseComplete]\nrules: [{level: RequestResponse}]\n' >"$work/policy.yaml"
run "$davy" coverage --policy "$work/policy.yaml"
point "a stage too many" all is_status 1 out_has "take ResponseComplete out of omitStages" out_has "(100 %)"

mkdir "$work/rules"
cat >"$work/rules/mine.yml" <<'YAML'
title: Mine
id: 11111111-1111-4111-8111-111111111111
logsource: {product: kubernetes, service: audit}
level: high
detection: {a: {verb: delete, "requestObject.x\e[31m": '*'}, condition: a}
YAML
cat >"$work/rules/mine.test.yml" <<'YAML'
- rule: 11111111-1111-4111-8111-111111111111
  hits: [{what: x, events: [{verb: delete, objectRef: {resource: "p\e[31mods"}, requestObject: {"x\e[31m": 1}}]}]
YAML
echo '- {level: Metadata}' | policy
run "$davy" coverage --policy "$work/policy.yaml" --rules "$work/rules"
point "rules of one's own, hostile names escaped" all is_status 1 out_has '0 of 1 rules' out_has 'p\x1b[31mods' out_lacks "$(printf '\033')"
run "$davy" coverage
point "no policy: usage" all is_status 2 err_has "--policy FILE"
run "$davy" coverage --policy "$work/nowhere"
point "a missing file: status 3" all is_status 3 err_has nowhere
echo 'kind: Pod' >"$work/pod.yaml"
run "$davy" coverage --policy "$work/pod.yaml"
point "no policy in the file: status 3" all is_status 3 err_has "no audit policy"
finish
