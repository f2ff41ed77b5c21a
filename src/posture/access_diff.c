// SPDX-License-Identifier: Apache-2.0
// A rule is taken apart into single permissions: one verb on one resource of one group, maybe of one name, or one verb on one path. What
// the other graph gives the same subject is taken off; what is left is put together again.
#include "posture/access_diff.h"

#include "base/map.h"
#include "posture/access_private.h"

struct diff {
    const struct access *graph, *other;
    struct arena arena;
    struct map others; // subject -> the first binding of the other graph that names it, as index + 1 into links
    struct link {
        const struct access_binding *binding;
        size_t next; // plus 1
    } * links;
    bool gained;
    access_change_fn *tell;
    void *context;
};

static struct str key_of(struct arena *a, const struct access_subject *s)
{
    return arena_printf(a, "%d/%.*s/%.*s", (int)s->kind, STR_ARG(s->ns), STR_ARG(s->name));
}

static void link_others(struct diff *d)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < d->other->bindings.n; i++)
        total += d->other->bindings.items[i].n_subjects;
    d->links = arena_array(&d->arena, struct link, total);
    for (size_t i = 0; i < d->other->bindings.n; i++) {
        const struct access_binding *b = &d->other->bindings.items[i];
        for (size_t j = 0; b->role && j < b->n_subjects; j++) {
            uint64_t *head = map_put(&d->others, key_of(&d->arena, &b->subjects[j]), NULL);
            d->links[n] = (struct link){b, *head};
            *head = ++n;
        }
    }
}

static bool covers(struct access_words words, struct str word)
{
    for (size_t i = 0; i < words.n; i++) {
        if (str_eq(words.items[i], word) || str_eq(words.items[i], STR("*")))
            return true;
    }
    return false;
}

// "pods/exec" is covered by "pods/exec", "*/exec" and "*"; "*/exec" by itself and "*".
static bool covers_resource(struct access_words words, struct str word)
{
    const size_t slash = str_find_char(word, '/', 0);
    if (covers(words, word))
        return true;
    for (size_t i = 0; slash != SIZE_MAX && i < words.n; i++) {
        if (str_starts(words.items[i], STR("*/")) && str_eq(str_slice(words.items[i], 2, SIZE_MAX), str_slice(word, slash + 1, word.len)))
            return true;
    }
    return false;
}

static bool covers_path(struct access_words urls, struct str path)
{
    for (size_t i = 0; i < urls.n; i++) {
        struct str url = urls.items[i];
        if (str_eq(url, path))
            return true;
        if (!str_ends(url, STR("*")))
            continue;
        while (url.len && url.ptr[url.len - 1] == '*')
            url.len--;
        if (str_starts(path, url))
            return true;
    }
    return false;
}

struct permission {
    struct str verb, group, resource, name, url; // name ptr NULL: whatever name
};

static bool rule_covers(const struct access_rule *r, const struct permission *p)
{
    if (!covers(r->verbs, p->verb))
        return false;
    if (p->url.ptr)
        return covers_path(r->urls, p->url);
    bool named = r->names.n == 0;
    for (size_t i = 0; !named && p->name.ptr && i < r->names.n; i++)
        named = str_eq(r->names.items[i], p->name);
    return named && covers(r->groups, p->group) && covers_resource(r->resources, p->resource);
}

static bool other_has(const struct diff *d, size_t head, struct str ns, const struct permission *p)
{
    for (size_t at = head; at; at = d->links[at - 1].next) {
        const struct access_binding *b = d->links[at - 1].binding;
        if (b->ns.ptr && !(ns.ptr && str_eq(b->ns, ns)))
            continue;
        for (size_t i = 0; i < b->role->n_rules; i++) {
            if (rule_covers(&b->role->rules[i], p))
                return true;
        }
    }
    return false;
}

// Tells the verbs that the other graph does not give on one resource, name or path.
static void compare_one(struct diff *d, size_t head, const struct access_grant *grant, struct permission p)
{
    const struct access_rule *rule = grant->rule;
    struct str *verbs = arena_array(&d->arena, struct str, rule->verbs.n);
    size_t n = 0;
    for (size_t i = 0; i < rule->verbs.n; i++) {
        p.verb = rule->verbs.items[i];
        if (!other_has(d, head, grant->binding->ns, &p))
            verbs[n++] = p.verb;
    }
    if (!n)
        return;
    struct access_rule left = {.verbs = {verbs, n}};
    struct str parts[4] = {p.group, p.resource, p.name, p.url};
    struct access_words *places[4] = {&left.groups, &left.resources, &left.names, &left.urls};
    for (size_t i = 0; i < 4; i++) {
        if (parts[i].ptr)
            *places[i] = (struct access_words){&parts[i], 1};
    }
    struct access_change change = {.gained = d->gained, .grant = *grant};
    change.grant.rule = &left;
    d->tell(d->context, &change);
}

static void compare_rule(struct diff *d, size_t head, const struct access_grant *grant)
{
    const struct access_rule *rule = grant->rule;
    for (size_t g = 0; g < rule->groups.n; g++) {
        for (size_t r = 0; r < rule->resources.n; r++) {
            struct permission p = {.group = rule->groups.items[g], .resource = rule->resources.items[r]};
            for (size_t i = 0; i < rule->names.n; i++) {
                p.name = rule->names.items[i];
                compare_one(d, head, grant, p);
            }
            if (!rule->names.n)
                compare_one(d, head, grant, p);
        }
    }
    for (size_t u = 0; !grant->binding->ns.ptr && u < rule->urls.n; u++)
        compare_one(d, head, grant, (struct permission){.url = rule->urls.items[u]});
}

static void compare(const struct access *graph, const struct access *other, bool gained, access_change_fn *tell, void *context)
{
    struct diff d = {.graph = graph, .other = other, .gained = gained, .tell = tell, .context = context};
    arena_init(&d.arena, ARENA_UNLIMITED);
    link_others(&d);
    for (size_t i = 0; i < graph->bindings.n; i++) {
        const struct access_binding *b = &graph->bindings.items[i];
        for (size_t j = 0; b->role && j < b->n_subjects; j++) {
            const uint64_t *head = map_get(&d.others, key_of(&d.arena, &b->subjects[j]));
            for (size_t k = 0; k < b->role->n_rules; k++) {
                const struct access_grant grant = {b->subjects[j], b, b->role, &b->role->rules[k]};
                compare_rule(&d, head ? *head : 0, &grant);
            }
        }
    }
    map_fini(&d.others);
    arena_fini(&d.arena);
}

void access_diff(const struct access *old, const struct access *new, access_change_fn *tell, void *context)
{
    compare(new, old, true, tell, context);
    compare(old, new, false, tell, context);
}
