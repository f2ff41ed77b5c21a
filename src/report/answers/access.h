// SPDX-License-Identifier: Apache-2.0
// Answers about access, as text and as NDJSON. Names come from objects, and leave escaped.
#pragma once

#include "base/buf.h"
#include "posture/access_diff.h"
#include "posture/access_path.h"

// Grants are kept and told sorted: by subject, then by binding, so that the order of the input does not show.
struct access_answer {
    struct arena arena;
    struct str cluster;
    struct answered {
        struct access_grant grant;
        struct access_rule rule; // what grant.rule points to, if it does not live as long as the graph
        bool gained;             // of a change
    } * items;
    size_t n, cap;
};

void access_answer_init(struct access_answer *a, struct str cluster);
void access_answer_fini(struct access_answer *a);
void access_answer_add(void *answer, const struct access_grant *grant);      // as an access_tell_fn
void access_answer_change(void *answer, const struct access_change *change); // as an access_change_fn
void access_answer_sort(struct access_answer *a);

// NDJSON lines: `grant`, `path`, `change`; docs/schema/.
void access_json_grants(struct buf *out, const struct access_answer *a);
void access_json_changes(struct buf *out, const struct access_answer *a);
void access_json_path(struct buf *out, struct str cluster, const struct access_path *path, const struct access_subject *from,
                      const struct access_subject *to);

// Text. A row a grant; rules: what it allows, below it.
void access_text_grants(struct buf *out, const struct access_answer *a, bool rules);
void access_text_changes(struct buf *out, const struct access_answer *a);
void access_text_path(struct buf *out, const struct access_path *path);
void access_text_subject(struct buf *out, const struct access_subject *s); // "user alice"; "cluster-admin" when it has no name
// "ClusterRoleBinding x of ClusterRole y"
void access_text_binding(struct buf *out, const struct access_grant *g);
