// SPDX-License-Identifier: Apache-2.0
// Which members belong together: links between pairs, followed from the heaviest down, weak ones only where whole groups agree.
#include "incident/campaign_private.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    NEIGHBOURS = 8,    // of a member among the holders of a token: those that follow it in time, in other clusters
    LOOKED_AT = 64,    // holders passed on the way to them
    LINKS = 16,        // of a member to later ones: the heaviest
    PASSES = 4,        // over links refused before
    PROFILE_MAX = 512, // tokens a group is known by; at most 2 * CAMPAIGN_INDICATORS_MAX can be in more than half of its members
    CANDIDATES_MAX = CAMPAIGN_INDICATORS_MAX * NEIGHBOURS,
};

// --- links -------------------------------------------------------------------------------------------------------------------------

static bool in_window(const struct survey *s, const struct member *earlier, const struct member *later)
{
    int64_t gap;
    return __builtin_sub_overflow(later->told.first, earlier->told.last, &gap) ? later->told.first < earlier->told.last : gap <= s->window;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

// Members after this one that share a token that weighs, each once, ascending.
static size_t find_candidates(const struct survey *s, uint32_t at, uint32_t *out)
{
    const struct member *m = s->members[at];
    size_t n = 0, distinct = 0;
    for (size_t p = 0; p < m->n_signs; p++) {
        const struct holding *holding = &s->holdings[m->first_holding + p];
        const struct token *t = &s->tokens[holding->token];
        const uint32_t *holders = s->holders + t->first_holder;
        size_t end = t->n_holders - holding->at > LOOKED_AT ? holding->at + LOOKED_AT : t->n_holders, found = 0;
        for (size_t i = holding->at + 1; t->weight && i < end && found < NEIGHBOURS; i++) {
            const struct member *other = s->members[holders[i]];
            if (!in_window(s, m, other))
                break;
            if (other->cluster != m->cluster || i == holding->at + 1)
                out[n++] = holders[i], found++;
        }
    }
    qsort(out, n, sizeof *out, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || out[i] != out[distinct - 1])
            out[distinct++] = out[i];
    return distinct;
}

static int heaviest_first(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    if (x->joint.proof != y->joint.proof)
        return x->joint.proof ? -1 : 1;
    if (x->joint.weight != y->joint.weight)
        return x->joint.weight > y->joint.weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void link_member(const struct survey *s, uint32_t at, link_list *links)
{
    uint32_t candidates[CANDIDATES_MAX];
    struct link found[CANDIDATES_MAX];
    size_t n = 0, n_candidates = find_candidates(s, at, candidates);
    for (size_t i = 0; i < n_candidates; i++) {
        struct joint joint = survey_joint(s, s->members[at], s->members[candidates[i]]);
        if (joint.proof || joint.weight >= CAMPAIGN_JOIN)
            found[n++] = (struct link){at, candidates[i], joint};
    }
    qsort(found, n, sizeof *found, heaviest_first);
    for (size_t i = 0; i < n && i < LINKS; i++)
        *vec_push(links) = found[i];
}

// --- groups ------------------------------------------------------------------------------------------------------------------------

// How many members of a group have which token.
struct counted {
    uint32_t token, members;
};
struct profile {
    struct counted *tokens; // by token
    size_t n, members;
};

static struct profile profile_of(const struct survey *s, const struct member *m)
{
    struct profile p = {.members = 1};
    p.tokens = must_alloc(calloc(m->n_signs + 1, sizeof *p.tokens));
    for (size_t i = 0; i < m->n_signs; i++) {
        uint32_t token = s->holdings[m->first_holding + i].token;
        if (s->tokens[token].weight)
            p.tokens[p.n++] = (struct counted){token, 1};
    }
    return p;
}

static int commonest_first(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->members != y->members)
        return x->members > y->members ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token);
}

static int by_token(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    return (x->token > y->token) - (x->token < y->token);
}

// What few have gives way.
static void trim(struct profile *p)
{
    if (p->n <= PROFILE_MAX)
        return;
    qsort(p->tokens, p->n, sizeof *p->tokens, commonest_first);
    p->n = PROFILE_MAX / 2;
    qsort(p->tokens, p->n, sizeof *p->tokens, by_token);
}

static void merge_profiles(struct profile *into, struct profile *from)
{
    struct profile all = {.members = into->members + from->members};
    all.tokens = must_alloc(calloc(into->n + from->n + 1, sizeof *all.tokens));
    for (size_t i = 0, k = 0; i < into->n || k < from->n;) {
        bool left = k == from->n || (i < into->n && into->tokens[i].token <= from->tokens[k].token);
        bool both = left && k < from->n && into->tokens[i].token == from->tokens[k].token;
        struct counted *c = &all.tokens[all.n++];
        *c = left ? into->tokens[i++] : from->tokens[k++];
        if (both)
            c->members += from->tokens[k++].members;
    }
    free(into->tokens);
    free(from->tokens);
    *from = (struct profile){0};
    *into = all;
    trim(into);
}

static bool most_have(const struct profile *p, const struct counted *c)
{
    return 2 * (size_t)c->members > p->members;
}

static bool names_wallets(const struct survey *s, const struct profile *p)
{
    return p->n && s->tokens[p->tokens[0].token].sign.kind == KIND_WALLET; // they come first
}

// Whether two groups as wholes have enough in common.
static bool agree(const struct survey *s, const struct profile *a, const struct profile *b)
{
    struct tally tally = {0};
    bool wallet = false;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        const struct counted *x = &a->tokens[i], *y = &b->tokens[k];
        const struct token *token = &s->tokens[x->token];
        i += x->token <= y->token;
        k += y->token <= x->token;
        wallet |= x->token == y->token && token->sign.kind == KIND_WALLET;
        if (x->token == y->token && most_have(a, x) && most_have(b, y))
            tally_add(&tally, token->sign.kind, token->weight);
    }
    bool others = !wallet && names_wallets(s, a) && names_wallets(s, b);
    return tally_sum(&tally) >= CAMPAIGN_JOIN + (others ? CAMPAIGN_OTHER_WALLET : 0);
}

struct forest {
    const struct survey *s;
    struct grouping *g;
    struct profile *profiles;
};

static uint32_t root_of(uint32_t *group, uint32_t at)
{
    while (group[at] != at)
        at = group[at] = group[group[at]];
    return at;
}

static void unite(struct forest *f, uint32_t a, uint32_t b)
{
    uint32_t into = a < b ? a : b, from = a < b ? b : a; // the earliest member names the group
    f->g->group[from] = into;
    merge_profiles(&f->profiles[into], &f->profiles[from]);
}

// Follows the links; those refused stay in the list. True: something was joined.
static bool follow(struct forest *f, link_list *links)
{
    size_t refused = 0;
    bool joined = false;
    for (size_t i = 0; i < links->n; i++) {
        struct link link = links->items[i];
        uint32_t a = root_of(f->g->group, link.a), b = root_of(f->g->group, link.b);
        if (a == b)
            continue;
        if (!link.joint.proof && !agree(f->s, &f->profiles[a], &f->profiles[b])) {
            links->items[refused++] = link;
            continue;
        }
        unite(f, a, b);
        *vec_push(&f->g->joined) = link;
        joined = true;
    }
    links->n = refused;
    return joined;
}

void grouping_make(struct grouping *g, const struct survey *s)
{
    link_list links = {0};
    struct forest f = {s, g, must_alloc(calloc(s->n + 1, sizeof *f.profiles))};
    *g = (struct grouping){.group = must_alloc(calloc(s->n + 1, sizeof *g->group))};
    for (size_t i = 0; i < s->n; i++) {
        g->group[i] = (uint32_t)i;
        f.profiles[i] = profile_of(s, s->members[i]);
        if (s->members[i]->told.first != TIME_NONE)
            link_member(s, (uint32_t)i, &links);
    }
    if (links.n)
        qsort(links.items, links.n, sizeof *links.items, heaviest_first);
    for (unsigned pass = 0; pass < PASSES && follow(&f, &links); pass++)
        ;
    g->refused = links.n;
    for (size_t i = 0; i < s->n; i++) {
        g->group[i] = root_of(g->group, (uint32_t)i);
        free(f.profiles[i].tokens);
    }
    free(f.profiles);
    vec_fini(&links);
}

void grouping_fini(struct grouping *g)
{
    free(g->group);
    vec_fini(&g->joined);
}
