// SPDX-License-Identifier: Apache-2.0
// Controls (rules/controls), or the checks of Pod Security, as policies of Kubernetes' own admission, and what they would refuse. A verdict
// here is that of the rule itself, by the engine that runs it everywhere, or of the check by src/pod; the CEL in the manifests says the
// same, or there is none.
#pragma once

#include "engine/controls/controls.h"
#include "pod/pss.h"
#include "policy/policy.h"

struct policies;

struct policies_options {
    const struct str *paths; // of controls; n 0: those that are built in
    size_t n_paths;
    const struct str *registries; // trusted, as of controls
    size_t n_registries;
    struct str registry;    // likewise, of images that name none
    const struct str *only; // ids of the controls wanted; n 0: all
    size_t n_only;
    enum severity least; // controls of a lower severity are left out
    // The checks of a Pod Security level, in the place of the controls.
    bool pod_security;
    struct pss_profile profile;
};

// One document: a control or a check, for kinds that are judged alike.
struct policies_document {
    struct str name;
    const struct policy_kind **kinds;
    size_t n_kinds;
    struct cel_rule rule;
};

struct policies_item {
    struct finding_control control;
    struct str rule_id, why, fix; // rule_id ptr NULL: it is a check of Pod Security
    const struct policies_document *documents;
    size_t n_documents;
};

// What is no policy.
struct policies_refused {
    struct finding_control control;
    struct str rule_id, why;
};

// ST_USAGE: there is no control of an id in `only`.
[[nodiscard]] status policies_load(struct policies **out, struct policies_options options, struct diags *diags);
void policies_free(struct policies *p);
[[nodiscard]] struct str policies_registry(const struct policies *p); // of images that name none; ptr NULL: docker.io
[[nodiscard]] const struct policies_item *policies_items(const struct policies *p, size_t *n);      // by id
[[nodiscard]] const struct policies_refused *policies_refused(const struct policies *p, size_t *n); // by id

[[nodiscard]] bool policies_is_over(const struct policies_item *item, const struct policy_kind *kind);

// An object as the API server has it, or would: tells the index of each item that refuses it. json is the same as text, with JSON_PADDING
// bytes behind its end.
typedef void policies_hit_fn(void *context, size_t item);
void policies_judge(struct policies *p, const struct policy_kind *kind, const struct json_value *tree, struct str json,
                    policies_hit_fn *hit, void *context);

// Pod Security itself, baseline and restricted of the newest version, as the admission that is built into Kubernetes applies it: it refuses
// pods, and only warns of what makes them. Tells the index of each level that refuses.
[[nodiscard]] const struct finding_control *policies_levels(size_t *n);
[[nodiscard]] bool policies_levels_are_over(const struct policy_kind *kind);
void policies_judge_levels(const struct policy_kind *kind, const struct json_value *tree, policies_hit_fn *hit, void *context);

// Whether a name is that of a page that manages the cluster, by the lists behind the controls.
[[nodiscard]] bool policies_is_page(const struct policies *p, struct str name);
