// SPDX-License-Identifier: Apache-2.0
// Prevention as manifests: what rules say about single objects, as the admission of Kubernetes itself judges it. Pure: checked rules go in,
// CEL and YAML come out.
//
//   rule (Sigma, src/rule) --cel_translate--> condition for one kind of object --policy_write--> ValidatingAdmissionPolicy and its binding
//
// CEL is that of admissionregistration.k8s.io/v1 (kubernetes.io/docs/reference/using-api/cel). Objects are as the API server has them when
// it asks its validating admission: defaults are filled in, what is null is absent. What cannot be said exactly is refused, with the
// reason.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "event/event.h"
#include "rule/rule.h"

// --- kinds -----------------------------------------------------------------------------------------------------------------------

struct policy_kind {
    struct str kind, group, version, resource;
    struct str family; // what kinds that are judged alike are called in the name of a policy; ptr NULL: the resource
    struct str also;   // a subresource through which the same object is changed; ptr NULL: none
    struct str pod[5]; // where its pod specification is: {"spec", "template", "spec"}; ends with STR_NONE
    struct str spec;   // what is judged of it lies in this member, so that an update that leaves it as it was may pass; ptr NULL: anywhere
};
// NULL: no kind that policies are made for.
[[nodiscard]] const struct policy_kind *policy_kind_find(struct str kind);
// The kind of what a request is about: its group and resource, with its subresource (ptr NULL: none).
[[nodiscard]] const struct policy_kind *policy_kind_of(struct str group, struct str resource, struct str subresource);
[[nodiscard]] const struct policy_kind *policy_kinds(size_t *n);

// --- CEL -------------------------------------------------------------------------------------------------------------------------

enum cel_outcome {
    CEL_SOME,    // condition is true of the objects that the rule hits
    CEL_NEVER,   // the rule hits no object of the kind
    CEL_ALWAYS,  // or every one
    CEL_REFUSED, // it cannot be said in CEL: why
};

struct cel_rule {
    enum cel_outcome outcome;
    struct str condition;
    struct str why;
    struct str note;      // what one has to know about the condition; ptr NULL: nothing
    bool pod, containers; // variables.pod, variables.containers are used
    bool annotations;     // variables.annotations, of the pod or its template
    unsigned minor;       // of the first version 1.MINOR of Kubernetes whose CEL has what is used
};
// Everything in *out is in the arena. The dictionary is that of the stream posture.
void cel_translate(struct cel_rule *out, struct arena *a, const struct dictionary *d, const struct node *condition,
                   const struct policy_kind *kind);
// A check of Pod Security (pod/pss_table.h): the condition is true of the objects that it refuses. kind has a pod.
struct pss_revision;
void cel_pod_security(struct cel_rule *out, struct arena *a, const struct pss_revision *r, const struct policy_kind *kind);
// A string literal; bytes that are not UTF-8 become U+FFFD (cel_translate refuses them before).
void cel_write_string(struct buf *out, struct str s);
// A PCRE2 pattern as one of RE2 that is found in the same texts. ptr NULL: there is none, and *why says what stands in the way.
[[nodiscard]] struct str cel_regex(struct arena *a, struct str pattern, unsigned flags, struct str *why);

// --- manifests -------------------------------------------------------------------------------------------------------------------

struct admission_policy {
    struct str name, control, rule_id; // "davy-privileged-container-pods"; rule_id ptr NULL: none
    struct str title, why, fix;
    struct str refused; // what it would have refused, one line or several; len 0: nothing was asked
    const struct policy_kind *const *kinds;
    size_t n_kinds;
    const struct cel_rule *rule;
    bool enforce;             // validationActions: Deny; else Audit and Warn
    const struct str *exempt; // namespaces in which it does not count
    size_t n_exempt;
};
// The policy and its binding, two documents.
void policy_write(struct buf *out, const struct admission_policy *p);

// A double-quoted scalar.
void yaml_write_string(struct buf *out, struct str s);
// Comment lines, "# " before each; control characters made visible.
void yaml_write_comment(struct buf *out, struct str text);
