// SPDX-License-Identifier: Apache-2.0
// What text and HTML keep of the alerts: actors, under each the rules that fired, under each the acts, objects, evidence and details.
//
//   digest -> actor (cluster, principal, address) -> rule -> action -> object
//                                                        -> evidence, details
//
// Every list has a maximum. When the table of actors is full, the least severe and then oldest one gives way, so that noise cannot push
// out what matters; alerts that are not shown in detail are counted, and stay in the totals and the matrix.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "detect/alert.h"

enum {
    DIGEST_ACTORS = 128,
    DIGEST_ACTOR_BYTES = 96 * 1024,
    DIGEST_RULES = 48,        // of an actor
    DIGEST_ACTIONS = 12,      // of a rule under an actor
    DIGEST_OBJECTS = 12,      // of an action
    DIGEST_DETAILS = 12,      // of a rule under an actor
    DIGEST_EVIDENCE_HEAD = 4, // of a rule under an actor: the first ones
    DIGEST_EVIDENCE_TAIL = 8, // and the newest
    DIGEST_FACET = 4,         // values of one facet of an actor
    DIGEST_POINTS = 128,      // of an actor's timeline
    DIGEST_FILES = 1024,
    DIGEST_TEXT = 300, // bytes of one text
    DIGEST_ID = 48,    // bytes of an audit id
};

// A text, shortened to DIGEST_TEXT bytes; equal ones are told apart by length and hash of the whole.
struct kept {
    struct str text;
    uint64_t whole; // bytes it had
    uint64_t hash;  // of the whole, if shortened
};

static inline bool kept_cut(const struct kept *k)
{
    return k->text.len < k->whole;
}

struct seen_object {
    struct seen_object *next;
    struct kept namespace, name;
    uint64_t alerts;
};

struct seen_action {
    struct seen_action *next;
    struct kept verb, group, resource, subresource;
    unsigned code;
    bool dry_run;
    uint64_t alerts;
    int64_t first, last;
    struct seen_object *objects; // in order of appearance
    size_t n_objects;
    uint64_t more; // alerts on objects beyond these
};

struct seen_evidence {
    size_t file; // index into digest.files, or DIGEST_FILES: not kept
    uint64_t line;
    uint32_t item;
    int64_t time;
    uint8_t id_len;
    bool id_cut;
    char id[DIGEST_ID];
};

struct seen_detail {
    struct seen_detail *next;
    struct kept name, value;
    uint64_t alerts;
};

struct seen_rule {
    struct seen_rule *next;
    const struct rule *rule;
    uint64_t alerts, events; // events: what correlations counted, 1 for others
    int64_t first, last;
    struct seen_action *actions;
    size_t n_actions;
    uint64_t more_actions; // alerts with actions beyond these
    struct seen_detail *details;
    size_t n_details;
    uint64_t more_details;
    struct seen_evidence head[DIGEST_EVIDENCE_HEAD], tail[DIGEST_EVIDENCE_TAIL]; // tail is a ring, see digest_evidence
    uint64_t n_evidence;
};

enum facet { FACET_AGENT, FACET_REASON, FACET_AS, FACET_GROUP, FACET_FORWARDED, FACET_POD, FACET_NODE, FACET_CREDENTIAL, FACETS };

struct seen_facet {
    struct kept values[DIGEST_FACET];
    size_t n;
    bool more;
};

struct seen_point {
    int64_t time;
    enum rule_level level;
    uint64_t alerts;
};

struct seen_actor {
    struct arena arena;
    uint64_t hash; // of cluster, principal and address
    bool process;  // of a node: principal is its name, address its node
    struct kept cluster, principal, address;
    enum rule_level worst;
    uint64_t alerts, events;
    int64_t first, last;
    struct seen_facet facets[FACETS];
    struct seen_rule *rules;
    size_t n_rules;
    uint64_t more_rules;                     // alerts of rules beyond these
    struct seen_point points[DIGEST_POINTS]; // ascending
    size_t n_points;
};

struct rule_total {
    const struct rule *rule;
    uint64_t alerts;
};

struct digest {
    struct arena arena; // file names
    struct seen_actor *actors[DIGEST_ACTORS];
    size_t n_actors;
    struct kept files[DIGEST_FILES];
    size_t n_files;
    VEC(struct rule_total) totals; // one for each rule that fired
    struct map total_of;           // rule id -> index into totals
    uint64_t alerts, by_level[LEVEL_CRITICAL + 1];
    int64_t first, last;
    uint64_t dropped[LEVEL_CRITICAL + 1]; // alerts of actors that are not kept
};

void digest_init(struct digest *d);
void digest_fini(struct digest *d);
void digest_count(struct digest *d, const struct alert *alert); // totals only
void digest_add(struct digest *d, const struct alert *alert);   // totals and details
// Puts actors in the order of reports: the digest_urgent ones first, newest work first among each; their rules worst first, then newest
// first. Call once, after the last alert.
void digest_sort(struct digest *d);

[[nodiscard]] enum rule_level digest_worst(const struct digest *d);
[[nodiscard]] size_t digest_urgent(const struct digest *d); // actors kept with high or critical alerts
[[nodiscard]] uint64_t digest_dropped(const struct digest *d);

// The i-th evidence kept of a rule, oldest first; i < digest_evidence_kept.
[[nodiscard]] size_t digest_evidence_kept(const struct seen_rule *r);
[[nodiscard]] const struct seen_evidence *digest_evidence(const struct seen_rule *r, size_t i);
// Whether both rules fired on the very same records.
[[nodiscard]] bool digest_same_evidence(const struct seen_rule *a, const struct seen_rule *b);
