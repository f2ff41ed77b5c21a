// SPDX-License-Identifier: Apache-2.0
// From permissions that were used to the fewest rules that give them: verbs of one resource join, then resources of the same verbs, then
// namespaces of the same rules.
#include "posture/usage_private.h"

#include "base/status.h"

#include <stdlib.h>

// One row on the way to a rule. Lists are texts joined by newlines, sorted.
struct row {
    struct str ns, group, names, resource, verbs;
    bool is_path;
};
typedef VEC(struct row) rows;

// Objects whose names people choose, and which stay.
static bool has_lasting_names(const struct access_action *a)
{
    static const char *const resources[] = {"configmaps",
                                            "secrets",
                                            "leases",
                                            "endpoints",
                                            "serviceaccounts",
                                            "services",
                                            "deployments",
                                            "statefulsets",
                                            "daemonsets",
                                            "cronjobs",
                                            "customresourcedefinitions",
                                            "clusterroles",
                                            "roles",
                                            "clusterrolebindings",
                                            "rolebindings",
                                            "validatingwebhookconfigurations",
                                            "mutatingwebhookconfigurations",
                                            "apiservices",
                                            "namespaces",
                                            "persistentvolumeclaims"};
    static const char *const verbs[] = {"get", "update", "patch", "delete"};
    bool lasts = false, named = false;
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
        lasts = lasts || str_eq(a->resource, str_from_c(resources[i]));
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        named = named || str_eq(a->verb, str_from_c(verbs[i]));
    return lasts && named;
}

// Whoever lists a kind of object sees them all: naming single ones for reading would only look like less.
static bool is_listed(const struct user *user, const struct access_action *a)
{
    for (size_t i = 0; i < user->uses.n; i++) {
        const struct access_action *b = &user->uses.items[i].action;
        const bool lists = str_eq(b->verb, STR("list")) || str_eq(b->verb, STR("watch"));
        if (lists && str_eq(a->ns, b->ns) && str_eq(a->group, b->group) && str_eq(a->resource, b->resource) && !b->subresource.len)
            return str_eq(a->verb, STR("get"));
    }
    return false;
}

static bool same_permission(const struct access_action *a, const struct access_action *b)
{
    return str_eq(a->verb, b->verb) && str_eq(a->group, b->group) && str_eq(a->resource, b->resource) &&
           str_eq(a->subresource, b->subresource);
}

// Uses are sorted by namespace: those without one stand first.
static bool is_used_everywhere(const struct user *user, const struct access_action *a)
{
    for (size_t i = 0; i < user->uses.n && !user->uses.items[i].action.ns.len; i++) {
        if (same_permission(&user->uses.items[i].action, a))
            return true;
    }
    return false;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str join(struct arena *a, const struct str *items, size_t n)
{
    struct buf out;
    struct str *sorted = arena_array(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        sorted[i] = items[i];
    qsort(sorted, n, sizeof *sorted, by_text);
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        if (i && str_eq(sorted[i - 1], sorted[i]))
            continue;
        buf_add(&out, i ? STR("\n") : STR(""));
        buf_add(&out, sorted[i]);
    }
    const struct str text = arena_str(a, buf_str(&out));
    buf_fini(&out);
    return text;
}

static struct access_words part(struct arena *a, struct str joined)
{
    size_t n = 0;
    for (size_t i = 0; i < joined.len; i++)
        n += joined.ptr[i] == '\n';
    struct str *items = arena_array(a, struct str, n + 1), rest = joined;
    for (n = 0; rest.ptr && joined.len;)
        items[n++] = str_split(&rest, '\n');
    return (struct access_words){items, n};
}

static void add_rows(struct usage *u, const struct user *user, rows *out)
{
    for (size_t i = 0; i < user->uses.n; i++) {
        const struct kept_use *k = &user->uses.items[i];
        const struct access_action *a = &k->action;
        if (a->ns.len && is_used_everywhere(user, a))
            continue;
        struct row r = {.ns = a->ns, .group = a->group, .names = STR(""), .verbs = a->verb, .is_path = !a->resource.ptr};
        r.resource = r.is_path ? a->path : a->resource;
        if (a->subresource.len && !r.is_path)
            r.resource = arena_printf(&u->arena, "%.*s/%.*s", STR_ARG(a->resource), STR_ARG(a->subresource));
        if (!r.is_path && !k->unnamed && has_lasting_names(a) && !is_listed(user, a))
            r.names = join(&u->arena, k->names, k->n_names);
        *vec_push(out) = r;
    }
}

// --- joining ---------------------------------------------------------------------------------------------------------------------

static int compare(const struct row *a, const struct row *b, bool verbs_first)
{
    int order = str_cmp(a->ns, b->ns);
    order = order ? order : (a->is_path > b->is_path) - (a->is_path < b->is_path);
    order = order ? order : str_cmp(a->group, b->group);
    order = order ? order : str_cmp(a->names, b->names);
    order = order ? order : verbs_first ? str_cmp(a->verbs, b->verbs) : str_cmp(a->resource, b->resource);
    return order;
}

static int by_resource(const void *a, const void *b)
{
    return compare(a, b, false);
}

static int by_verbs(const void *a, const void *b)
{
    const int order = compare(a, b, true);
    return order ? order : str_cmp(((const struct row *)a)->resource, ((const struct row *)b)->resource);
}

// Rows that are equal but for one list become one row with the lists joined.
static void join_rows(struct usage *u, rows *r, bool verbs)
{
    VEC(struct str) list = {0};
    size_t kept = 0;
    if (r->n)
        qsort(r->items, r->n, sizeof *r->items, verbs ? by_resource : by_verbs);
    for (size_t i = 0; i < r->n;) {
        size_t end = i;
        list.n = 0;
        for (; end < r->n && compare(&r->items[i], &r->items[end], !verbs) == 0; end++)
            *vec_push(&list) = verbs ? r->items[end].verbs : r->items[end].resource;
        struct row joined = r->items[i];
        *(verbs ? &joined.verbs : &joined.resource) = join(&u->arena, list.items, list.n);
        r->items[kept++] = joined;
        i = end;
    }
    r->n = kept;
    vec_fini(&list);
}

// --- roles -----------------------------------------------------------------------------------------------------------------------

static struct access_rule rule_of(struct usage *u, const struct row *r)
{
    struct access_rule rule = {.verbs = part(&u->arena, r->verbs)};
    if (r->is_path) {
        rule.urls = part(&u->arena, r->resource);
        return rule;
    }
    struct str *group = arena_new(&u->arena, struct str);
    *group = r->group;
    rule.groups = (struct access_words){group, 1};
    rule.resources = part(&u->arena, r->resource);
    rule.names = part(&u->arena, r->names);
    return rule;
}

static bool same_rules(const rows *r, size_t a, size_t n_a, size_t b, size_t n_b)
{
    bool same = n_a == n_b;
    for (size_t i = 0; same && i < n_a; i++) {
        const struct row *x = &r->items[a + i], *y = &r->items[b + i];
        same = str_eq(x->group, y->group) && str_eq(x->names, y->names) && str_eq(x->resource, y->resource) && str_eq(x->verbs, y->verbs);
    }
    return same;
}

static size_t end_of_place(const rows *r, size_t from)
{
    size_t end = from;
    while (end < r->n && str_eq(r->items[end].ns, r->items[from].ns))
        end++;
    return end;
}

// The namespaces from `from` on that have the same rules; their first rows are marked as taken.
static struct access_words take_namespaces(struct usage *u, const rows *r, size_t from, bool *taken)
{
    const size_t n = end_of_place(r, from) - from;
    size_t found = 0;
    struct str *items = arena_array(&u->arena, struct str, r->n);
    for (size_t i = from; i < r->n; i = end_of_place(r, i)) {
        if (taken[i] || !same_rules(r, from, n, i, end_of_place(r, i) - i))
            continue;
        taken[i] = true;
        items[found++] = r->items[i].ns;
    }
    return (struct access_words){items, found};
}

const struct suggested_role *usage_roles(struct usage *u, const struct used *s, size_t *n)
{
    const struct user *user = &u->subjects.items[s->index];
    rows r = {0};
    *n = 0;
    add_rows(u, user, &r);
    join_rows(u, &r, true);
    join_rows(u, &r, false);
    struct suggested_role *roles = arena_array(&u->arena, struct suggested_role, r.n);
    bool *taken = must_alloc(calloc(r.n + 1, sizeof *taken));
    for (size_t i = 0; i < r.n; i = end_of_place(&r, i)) {
        if (taken[i])
            continue;
        struct suggested_role *role = &roles[(*n)++];
        struct access_rule *rules = arena_array(&u->arena, struct access_rule, end_of_place(&r, i) - i);
        for (size_t k = i; k < end_of_place(&r, i); k++)
            rules[role->n_rules++] = rule_of(u, &r.items[k]);
        role->rules = rules;
        role->cluster = !r.items[i].ns.len;
        const struct access_words places = take_namespaces(u, &r, i, taken);
        role->namespaces = places.items;
        role->n_namespaces = role->cluster ? 0 : places.n;
    }
    free(taken);
    vec_fini(&r);
    return roles;
}
