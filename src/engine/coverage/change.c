// SPDX-License-Identifier: Apache-2.0
// The smallest change to an audit policy: rules about just the requests that were missed, at just the level they need.
#include "engine/coverage/private.h"

#include "base/status.h"

#include <stdlib.h>

bool need_same(const struct coverage_need *a, const struct coverage_need *b)
{
    return str_eq(a->verb, b->verb) && str_eq(a->group, b->group) && str_eq(a->resource, b->resource) && str_eq(a->path, b->path);
}

// By level (the highest first), then by what it is about, then by verb.
static int by_level(const void *va, const void *vb)
{
    const struct coverage_need *a = va, *b = vb;
    if (a->wanted != b->wanted)
        return a->wanted > b->wanted ? -1 : 1;
    int order = str_cmp(a->group, b->group);
    order = order ? order : str_cmp(a->resource, b->resource);
    order = order ? order : str_cmp(a->path, b->path);
    return order ? order : str_cmp(a->verb, b->verb);
}

static bool same_target(const struct coverage_need *a, const struct coverage_need *b)
{
    return a->wanted == b->wanted && str_eq(a->group, b->group) && str_eq(a->resource, b->resource) && str_eq(a->path, b->path);
}

// A run of needs about one thing: items[from..from+n) differ in their verbs only.
struct target {
    const struct coverage_need *first;
    size_t n;
    bool written;
};

static bool same_verbs(const struct target *a, const struct target *b)
{
    bool same = a->n == b->n && a->first->wanted == b->first->wanted && !a->first->resource.len == !b->first->resource.len;
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(a->first[i].verb, b->first[i].verb);
    return same;
}

static void add_text(struct buf *out, struct str s, bool first)
{
    struct json_writer w = json_writer_to(out);
    buf_add(out, first ? STR("") : STR(", "));
    json_string(&w, s); // a JSON string is one of YAML
}

// The targets that share level and verbs with the leader, and its group (or all of them, of paths), as a list of texts.
static void add_texts(struct buf *out, struct target *targets, size_t n, size_t from)
{
    const struct target leader = targets[from];
    const bool paths = !leader.first->resource.len;
    for (size_t i = from; i < n; i++) {
        if (targets[i].written || !same_verbs(&leader, &targets[i]) || !str_eq(targets[i].first->group, leader.first->group))
            continue;
        add_text(out, paths ? targets[i].first->path : targets[i].first->resource, i == from);
        targets[i].written = true;
    }
    buf_add(out, STR("]"));
}

// All targets from `from` on that share its level and verbs become one rule.
static void add_rule(struct buf *out, struct target *targets, size_t n, size_t from)
{
    const struct target leader = targets[from];
    const struct str level = audit_level_name(leader.first->wanted);
    buf_addf(out, "- level: %.*s\n  verbs: [", STR_ARG(level));
    for (size_t i = 0; i < leader.n; i++)
        add_text(out, leader.first[i].verb, i == 0);
    if (!leader.first->resource.len) {
        buf_add(out, STR("]\n  nonResourceURLs: ["));
        add_texts(out, targets, n, from);
        buf_add_char(out, '\n');
        return;
    }
    buf_add(out, STR("]\n  resources:\n"));
    for (size_t i = from; i < n; i++) {
        if (targets[i].written || !same_verbs(&leader, &targets[i]))
            continue;
        buf_add(out, STR("  - {group: "));
        add_text(out, targets[i].first->group, true);
        buf_add(out, STR(", resources: ["));
        add_texts(out, targets, n, i);
        buf_add(out, STR("}\n"));
    }
}

struct str coverage_change(struct arena *arena, const coverage_needs *needs)
{
    struct buf out;
    VEC(struct target) targets = {0};
    const size_t n = needs->n;
    if (!n)
        return STR("");
    struct coverage_need *sorted = must_alloc(calloc(n, sizeof *sorted));
    for (size_t i = 0; i < n; i++)
        sorted[i] = needs->items[i];
    qsort(sorted, n, sizeof *sorted, by_level);
    for (size_t i = 0; i < n; i++) {
        if (i && same_target(&sorted[i - 1], &sorted[i]))
            targets.items[targets.n - 1].n++;
        else
            *vec_push(&targets) = (struct target){.first = &sorted[i], .n = 1};
    }
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < targets.n; i++) {
        if (!targets.items[i].written)
            add_rule(&out, targets.items, targets.n, i);
    }
    const struct str text = arena_str(arena, buf_str(&out));
    buf_fini(&out);
    vec_fini(&targets);
    free(sorted);
    return text;
}
