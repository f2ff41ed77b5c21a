// SPDX-License-Identifier: Apache-2.0
// Keeping requests: every permission once for each subject and place.
#include "posture/usage_private.h"

#include "base/status.h"

#include <stdlib.h>

struct usage *usage_new(void)
{
    struct usage *u = must_alloc(calloc(1, sizeof *u));
    arena_init(&u->arena, ARENA_UNLIMITED);
    intern_init(&u->words, SIZE_MAX, (uint64_t)(uintptr_t)u); // where it lies is nobody's choice
    return u;
}

void usage_free(struct usage *u)
{
    if (!u)
        return;
    for (size_t i = 0; i < u->subjects.n; i++) {
        vec_fini(&u->subjects.items[i].uses);
        map_fini(&u->subjects.items[i].index);
    }
    vec_fini(&u->subjects);
    vec_fini(&u->told);
    map_fini(&u->index);
    intern_fini(&u->words);
    arena_fini(&u->arena);
    free(u);
}

static struct str word(struct usage *u, struct str s)
{
    return s.ptr ? intern_str(&u->words, s) : STR("");
}

static struct user *user_of(struct usage *u, const struct access_subject *who, const struct str *groups, size_t n_groups)
{
    struct buf key;
    bool added;
    buf_init(&key, SIZE_MAX);
    buf_addf(&key, "%d", (int)who->kind);
    buf_add(&key, who->ns.ptr ? who->ns : STR(""));
    buf_add_char(&key, '\0');
    buf_add(&key, who->name);
    uint64_t *place = map_get(&u->index, buf_str(&key));
    if (!place) {
        place = map_put(&u->index, arena_str(&u->arena, buf_str(&key)), &added);
        struct user *user = vec_push(&u->subjects);
        const size_t n = n_groups < GROUPS_MAX ? n_groups : GROUPS_MAX;
        struct str *kept = arena_array(&u->arena, struct str, n);
        for (size_t i = 0; i < n; i++)
            kept[i] = word(u, groups[i]);
        user->used =
            (struct used){.who = {who->kind, who->ns.ptr ? word(u, who->ns) : STR_NONE, word(u, who->name)}, .groups = kept, .n_groups = n};
        *place = u->subjects.n;
    }
    buf_fini(&key);
    return &u->subjects.items[*place - 1];
}

// A name that was asked for is kept as long as there are few.
static void keep_name(struct usage *u, struct kept_use *k, struct str name)
{
    if (!name.len || k->unnamed) {
        k->unnamed = true;
        return;
    }
    for (size_t i = 0; i < k->n_names; i++) {
        if (str_eq(k->names[i], name))
            return;
    }
    if (k->n_names == NAMES_MAX)
        k->unnamed = true;
    else
        k->names[k->n_names++] = word(u, name);
}

static void add_use(struct usage *u, struct user *user, const struct access_action *a)
{
    const struct str parts[] = {a->ns, a->group, a->resource, a->subresource, a->verb, a->path};
    struct buf key;
    buf_init(&key, SIZE_MAX);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_add(&key, parts[i].ptr ? parts[i] : STR(""));
        buf_add_char(&key, '\0');
    }
    uint64_t *place = map_get(&user->index, buf_str(&key));
    if (!place && user->uses.n >= USES_MAX) {
        user->used.dropped++;
    } else {
        if (!place) {
            place = map_put(&user->index, arena_str(&u->arena, buf_str(&key)), NULL);
            struct access_action *kept = &vec_push(&user->uses)->action;
            *kept = (struct access_action){.verb = word(u, a->verb), .group = word(u, a->group), .ns = word(u, a->ns)};
            kept->resource = a->resource.len ? word(u, a->resource) : STR_NONE;
            kept->subresource = word(u, a->subresource);
            kept->path = word(u, a->path);
            kept->name = STR("");
            *place = user->uses.n;
        }
        struct kept_use *k = &user->uses.items[*place - 1];
        k->requests++;
        keep_name(u, k, a->name);
    }
    buf_fini(&key);
}

// What system:discovery, system:basic-user and system:public-info-viewer give to whoever has logged in.
static bool is_everybodys(const struct access_action *a)
{
    static const struct str paths[] = {STR("/api"),     STR("/apis"),  STR("/openapi"), STR("/version"),
                                       STR("/healthz"), STR("/livez"), STR("/readyz")};
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !a->resource.ptr; i++) {
        if (str_eq(a->path, paths[i]) || (str_starts(a->path, paths[i]) && a->path.ptr[paths[i].len] == '/'))
            return str_eq(a->verb, STR("get"));
    }
    return str_eq(a->verb, STR("create")) &&
           (str_eq(a->resource, STR("selfsubjectaccessreviews")) || str_eq(a->resource, STR("selfsubjectrulesreviews")) ||
            str_eq(a->resource, STR("selfsubjectreviews")));
}

void usage_add(struct usage *u, const struct access_subject *who, const struct str *groups, size_t n_groups,
               const struct access_action *action, bool refused)
{
    struct user *user = user_of(u, who, groups, n_groups);
    user->used.requests++;
    user->used.refused += refused;
    if (!refused && !is_everybodys(action))
        add_use(u, user, action);
}

// --- told ------------------------------------------------------------------------------------------------------------------------

static int by_subject(const void *va, const void *vb)
{
    const struct used *a = va, *b = vb;
    if (a->who.kind != b->who.kind)
        return a->who.kind > b->who.kind ? -1 : 1; // ServiceAccounts first
    const int order = str_cmp(a->who.ns.ptr ? a->who.ns : STR(""), b->who.ns.ptr ? b->who.ns : STR(""));
    return order ? order : str_cmp(a->who.name, b->who.name);
}

static int by_place(const void *va, const void *vb)
{
    const struct access_action *a = &((const struct kept_use *)va)->action, *b = &((const struct kept_use *)vb)->action;
    int order = str_cmp(a->ns, b->ns);
    order = order ? order : str_cmp(a->group, b->group);
    order = order ? order : str_cmp(a->resource.ptr ? a->resource : STR(""), b->resource.ptr ? b->resource : STR(""));
    order = order ? order : str_cmp(a->subresource, b->subresource);
    order = order ? order : str_cmp(a->verb, b->verb);
    return order ? order : str_cmp(a->path, b->path);
}

const struct used *usage_all(struct usage *u, size_t *n)
{
    u->told.n = 0;
    for (uint32_t i = 0; i < u->subjects.n; i++) {
        struct user *user = &u->subjects.items[i];
        if (user->uses.n)
            qsort(user->uses.items, user->uses.n, sizeof *user->uses.items, by_place);
        struct use *uses = arena_array(&u->arena, struct use, user->uses.n);
        for (size_t k = 0; k < user->uses.n; k++) {
            uses[k] = (struct use){user->uses.items[k].action, user->uses.items[k].requests};
            uses[k].action.name = user->uses.items[k].unnamed || !user->uses.items[k].n_names ? STR("") : user->uses.items[k].names[0];
        }
        user->used.uses = uses;
        user->used.n_uses = user->uses.n;
        struct used *told = vec_push(&u->told);
        *told = user->used;
        told->index = i;
    }
    map_fini(&u->index); // places of uses have moved; nothing is added any more
    u->index = (struct map){0};
    if (u->told.n)
        qsort(u->told.items, u->told.n, sizeof *u->told.items, by_subject);
    *n = u->told.n;
    return u->told.items;
}
