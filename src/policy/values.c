// SPDX-License-Identifier: Apache-2.0
// From paths to values. Arrays are transparent in paths; in CEL a list is entered with exists(), and what may be absent is asked for with
// has() first:
//
//   {container}.securityContext.privileged  ->  variables.containers.exists(container,
//                                                   has(container.securityContext) && has(container.securityContext.privileged) && ...)
#include "policy/expr.h"

#include "event/dictionary.h"

static bool is_identifier(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = char_lower(s.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i && c >= '0' && c <= '9')))
            return false;
    }
    return s.len > 0;
}

// asked->element is judged by cel.c, which calls here: it is handed in, so that calls go one way.
struct walk {
    struct cel *cel;
    const struct asked *asked;
    struct str last; // the key that led here
};

static struct expr walk_on(const struct walk *w, struct str base, struct shape shape, const struct str *keys, size_t n);

struct expr cel_exists(struct cel *c, struct str list, struct str name, struct expr inner)
{
    if (inner.is == EXPR_IS_FALSE)
        return inner;
    if (inner.is == EXPR_IS_TRUE)
        return expr_text(c, BIND_RELATION, "size(%.*s) > 0", STR_ARG(list));
    return expr_text(c, BIND_MEMBER, "%.*s.exists(%.*s, %.*s)", STR_ARG(list), STR_ARG(name), STR_ARG(inner.text));
}

// An array that a path ends at is a value itself, though one that has no text.
static struct expr walk_list(const struct walk *w, struct str base, struct shape shape, const struct str *keys, size_t n)
{
    if (n == 0 && w->asked->question == ASK_PRESENT)
        return expr_constant(true);
    const struct str name = cel_name(w->cel, w->last);
    const struct expr inner = walk_on(w, name, shape_element(shape), keys, n);
    cel_name_done(w->cel);
    return cel_exists(w->cel, base, name, inner);
}

static struct expr walk_member(const struct walk *w, struct str base, struct shape shape, const struct str *keys, size_t n)
{
    const bool map = shape_kind(shape) == SHAPE_MAP;
    const struct shape member = map ? shape_element(shape) : shape_member(shape, keys[0]);
    struct cel *c = w->cel;
    struct expr both[2];
    struct str at;
    if (shape_kind(member) == SHAPE_NONE)
        return expr_constant(false);
    if (!map && is_identifier(keys[0])) {
        at = arena_printf(c->arena, "%.*s.%.*s", STR_ARG(base), STR_ARG(keys[0]));
        both[0] = expr_text(c, BIND_MEMBER, "has(%.*s)", STR_ARG(at));
    } else {
        const struct str key = cel_string(c, keys[0]);
        at = arena_printf(c->arena, "%.*s[%.*s]", STR_ARG(base), STR_ARG(key));
        both[0] = expr_text(c, BIND_RELATION, "%.*s in %.*s", STR_ARG(key), STR_ARG(base));
    }
    const struct walk next = {c, w->asked, keys[0]};
    both[1] = walk_on(&next, at, member, keys + 1, n - 1);
    return expr_and(c, both, 2);
}

static struct expr answer(const struct walk *w, struct str base, struct shape shape)
{
    const struct asked *asked = w->asked;
    if (asked->question == ASK_PRESENT)
        return expr_constant(true);
    if (asked->question == ASK_PATTERNS)
        return cel_patterns(w->cel, base, shape, asked);
    if (asked->question == ASK_VALUE)
        return asked->value(w->cel, base, shape, asked->context);
    if (shape_kind(shape) != SHAPE_OBJECT)
        return expr_constant(false);
    return asked->judge(w->cel, (struct place_in){base, shape, false, asked->scope}, asked->element);
}

static struct expr walk_on(const struct walk *w, struct str base, struct shape shape, const struct str *keys, size_t n)
{
    switch (shape_kind(shape)) {
    case SHAPE_LIST:
        return walk_list(w, base, shape, keys, n);
    case SHAPE_OBJECT:
    case SHAPE_MAP:
        return n ? walk_member(w, base, shape, keys, n) : answer(w, base, shape);
    case SHAPE_OPEN:
        if (n || w->asked->question == ASK_ELEMENT)
            return cel_refuse(w->cel, "what is inside of %.*s is not known here", STR_ARG(w->last));
        return answer(w, base, shape);
    default:
        return n ? expr_constant(false) : answer(w, base, shape);
    }
}

struct expr cel_walk(struct cel *c, struct str base, struct shape shape, struct str last, const struct str *keys, size_t n,
                     const struct asked *asked)
{
    const struct walk w = {c, asked, last};
    return walk_on(&w, base, shape, keys, n);
}

// --- the pod ---------------------------------------------------------------------------------------------------------------------

static const struct str container_lists[] = {STR("containers"), STR("initContainers"), STR("ephemeralContainers")};
enum { LISTS = 3 };

static size_t pod_depth(const struct policy_kind *k)
{
    size_t n = 0;
    while (n < 5 && k->pod[n].ptr)
        n++;
    return n;
}

static bool begins_with_pod(const struct policy_kind *k, const struct field_path *path)
{
    const size_t depth = pod_depth(k);
    if (!depth || path->n <= depth)
        return false;
    for (size_t i = 0; i < depth; i++) {
        if (!str_eq(k->pod[i], path->keys[i]))
            return false;
    }
    return true;
}

static size_t list_of(const struct policy_kind *k, const struct field_path *path)
{
    if (!begins_with_pod(k, path))
        return LISTS;
    size_t i = 0;
    while (i < LISTS && !str_eq(path->keys[pod_depth(k)], container_lists[i]))
        i++;
    return i;
}

static bool same_tail(const struct field_path *a, const struct field_path *b, size_t from)
{
    if (a->n != b->n || a->rank != b->rank)
        return false;
    for (size_t i = from; i < a->n; i++) {
        if (!str_eq(a->keys[i], b->keys[i]))
            return false;
    }
    return true;
}

// Whether the same is asked of all three lists of containers; *first: this path is the first of the three.
static bool asks_all(const struct policy_kind *k, const struct field_path *paths, size_t n, size_t at, bool *first)
{
    bool seen[LISTS] = {false};
    *first = true;
    if (list_of(k, &paths[at]) == LISTS)
        return false;
    for (size_t i = 0; i < n; i++) {
        const size_t list = list_of(k, &paths[i]);
        if (list == LISTS || !same_tail(&paths[i], &paths[at], pod_depth(k) + 1))
            continue;
        seen[list] = true;
        *first = *first && i >= at;
    }
    return seen[0] && seen[1] && seen[2];
}

static struct expr one_path(struct cel *c, struct place_in from, const struct field_path *paths, size_t n, size_t at,
                            const struct asked *asked)
{
    const struct field_path *path = &paths[at];
    const struct walk w = {c, asked, STR("object")};
    const size_t depth = pod_depth(c->kind);
    bool first;
    if (from.root && asks_all(c->kind, paths, n, at, &first)) {
        c->out->pod = c->out->containers = true;
        const struct walk containers = {c, asked, container_lists[0]};
        const struct shape list = {STR("[Container]")};
        return first ? walk_on(&containers, STR("variables.containers"), list, path->keys + depth + 1, path->n - depth - 1)
                     : expr_constant(false);
    }
    if (from.root && begins_with_pod(c->kind, path)) {
        c->out->pod = true;
        return walk_on(&w, STR("variables.pod"), (struct shape){STR("PodSpec")}, path->keys + depth, path->n - depth);
    }
    return walk_on(&w, from.text, from.shape, path->keys, path->n);
}

// --- whether paths mean anything -------------------------------------------------------------------------------------------------

static bool leads_somewhere(struct shape shape, const struct str *keys, size_t n)
{
    while (n || shape_kind(shape) == SHAPE_LIST) {
        switch (shape_kind(shape)) {
        case SHAPE_LIST:
            shape = shape_element(shape);
            continue;
        case SHAPE_OBJECT:
            shape = shape_member(shape, keys[0]);
            break;
        case SHAPE_MAP:
            shape = shape_element(shape);
            break;
        case SHAPE_OPEN:
            return true;
        default:
            return false;
        }
        keys++;
        n--;
    }
    return shape_kind(shape) != SHAPE_NONE;
}

// In the object at hand, or, for what a dictionary says of all kinds at once, in any kind.
static bool is_known(struct place_in from, const struct field_path *path, bool native)
{
    size_t n;
    const struct policy_kind *kinds = policy_kinds(&n);
    if (leads_somewhere(from.shape, path->keys, path->n))
        return true;
    for (size_t i = 0; i < n && from.root && !native; i++) {
        if (leads_somewhere((struct shape){kinds[i].kind}, path->keys, path->n))
            return true;
    }
    return false;
}

static bool all_known(struct cel *c, struct place_in from, const struct field_path *paths, size_t n, bool native)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        const bool yes = is_known(from, &paths[i], native);
        known += yes;
        if (yes || native)
            continue;
        (void)cel_refuse(c, "no kind of object is known to have %.*s", STR_ARG(paths[i].keys[paths[i].n - 1]));
        return false;
    }
    if (known)
        return true;
    (void)cel_refuse(c, "%.*s is not known to have %.*s", STR_ARG(from.shape.text), STR_ARG(paths[0].keys[paths[0].n - 1]));
    return false;
}

// --- ranks -----------------------------------------------------------------------------------------------------------------------

static struct expr rank_of(struct cel *c, struct place_in from, const struct field_path *paths, size_t n, unsigned rank,
                           const struct asked *asked)
{
    struct expr *items = arena_array(c->arena, struct expr, n + 1);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (paths[i].rank == rank)
            items[used++] = one_path(c, from, paths, n, i, asked);
    }
    return expr_or(c, items, used);
}

static unsigned next_rank(const struct field_path *paths, size_t n, unsigned after, bool *found)
{
    unsigned rank = UINT32_MAX;
    *found = false;
    for (size_t i = 0; i < n; i++) {
        if (paths[i].rank >= after && paths[i].rank <= rank) {
            rank = paths[i].rank;
            *found = true;
        }
    }
    return rank;
}

// Of the ranks the first counts that has a value.
struct expr cel_paths(struct cel *c, struct place_in from, const struct field_path *paths, size_t n, bool native, const struct asked *asked)
{
    static const struct asked present = {.question = ASK_PRESENT};
    struct expr before = expr_constant(true), result = expr_constant(false); // before: no earlier rank has a value
    if (!all_known(c, from, paths, n, native))
        return result;
    bool found;
    for (unsigned rank = next_rank(paths, n, 0, &found); found; rank = next_rank(paths, n, rank + 1, &found)) {
        const struct expr here[2] = {before, rank_of(c, from, paths, n, rank, asked)};
        const struct expr either[2] = {result, expr_and(c, here, 2)};
        const struct expr absent[2] = {before, expr_not(c, rank_of(c, from, paths, n, rank, &present))};
        result = expr_or(c, either, 2);
        before = expr_and(c, absent, 2);
    }
    return result;
}
