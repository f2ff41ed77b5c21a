// SPDX-License-Identifier: Apache-2.0
// What an audit policy lets rules see. Every rule comes with stories that it must hit (NAME.test.yml); they are told again through the
// policy, which holds events back, takes their bodies away, or leaves stages out. What a rule no longer hits, it is blind for.
#pragma once

#include "engine/coverage/audit_policy.h"
#include "rule/rule.h"

// An event that has to be logged better for a story to be seen.
struct coverage_need {
    struct str verb, group, resource; // resource with its subresource: "pods/exec"; len 0: path counts
    struct str path;
    enum audit_level given, wanted;
    unsigned line;    // of the policy's rule that decided; 0: none did
    struct str stage; // it is left out by omitStages; len 0: it is not
    bool secret;      // it would write Secrets or tokens into the log: no part of the change
};

struct coverage_rule {
    const struct rule *rule;
    size_t stories, seen, seen_changed; // seen_changed: with the change
    const struct coverage_need *needs;  // of the stories not seen, each once
    size_t n_needs;
};

struct coverage {
    const struct coverage_rule *rules; // that have stories; the blind first, then by level, then by id
    size_t n;
    size_t untold;            // rules without a story: nothing can be said
    struct str change;        // rules (YAML, a list) to put in front of those of the policy; len 0: nothing is blind
    const struct str *stages; // to take out of omitStages
    size_t n_stages;
    bool spares_secrets; // something was left out of the change
};

struct coverage_options {
    struct yaml_source policy;
    const struct str *paths; // directories of rules with their tests; none: the built-in ones
    size_t n_paths;
};

struct coverage_run;

// ST_INPUT: the policy is none. Everything in *out lives as long as the run.
[[nodiscard]] status coverage_run(struct coverage_run **run, const struct coverage_options *options, struct coverage *out,
                                  struct diags *diags);
void coverage_free(struct coverage_run *run);
