// SPDX-License-Identifier: Apache-2.0
// What is told of a campaign: its clusters in the order they were hit, what they share, how each was entered, what to clean up.
#include "incident/campaign_private.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    TOLD_INDICATORS = 512,
    PLAN_CAUSES = 8,
    PLAN_FIXES = 16,
    PLAN_LEFTOVERS = 48,
    VERDICTS = 16, // different ones of a campaign
};

struct teller {
    const struct survey *s;
    const struct grouping *g;
    struct arena *arena;
    const uint32_t *members; // of the campaign, by time
    size_t n;
    struct campaign *out;
};

static const struct member *member_at(const struct teller *t, size_t i)
{
    return t->s->members[t->members[i]];
}

// --- clusters ----------------------------------------------------------------------------------------------------------------------

static bool is_proven(struct str verdict, enum certainty certainty)
{
    return verdict.ptr && certainty == CERTAIN && !str_eq(verdict, STR("undecided"));
}

static bool is_open(struct str verdict)
{
    return !verdict.ptr || str_eq(verdict, STR("undecided"));
}

// Adds s unless it is there; what is beyond max is counted.
static void add_text(struct str *items, size_t *n, size_t max, struct str s, uint64_t *dropped)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(items[i], s))
            return;
    if (!s.ptr)
        return;
    if (*n == max)
        ++*dropped;
    else
        items[(*n)++] = s;
}

static void add_leftover(struct campaign_cluster *c, const struct campaign_leftover *l)
{
    for (size_t i = 0; i < c->n_leftovers; i++)
        if (str_eq(c->leftovers[i].object, l->object) && str_eq(c->leftovers[i].fix, l->fix))
            return;
    if (c->n_leftovers == PLAN_LEFTOVERS)
        c->dropped++;
    else
        c->leftovers[c->n_leftovers++] = *l;
}

static void begin_cluster(struct campaign_cluster *c, struct arena *a, const struct member *m, size_t incidents)
{
    *c = (struct campaign_cluster){
        .name = m->told.cluster,
        .first = m->told.first,
        .last = m->told.last,
        .vector = m->vector,
        .certainty = m->certainty,
        .causes = arena_array(a, struct str, PLAN_CAUSES),
        .fixes = arena_array(a, struct str, incidents * CAMPAIGN_FIXES_MAX < PLAN_FIXES ? incidents * CAMPAIGN_FIXES_MAX : PLAN_FIXES),
        .leftovers = arena_array(a, struct campaign_leftover,
                                 incidents * CAMPAIGN_LEFTOVERS_MAX < PLAN_LEFTOVERS ? incidents * CAMPAIGN_LEFTOVERS_MAX : PLAN_LEFTOVERS),
    };
}

// Incidents come by time.
static void add_to_cluster(struct campaign_cluster *c, const struct member *m)
{
    c->incidents++;
    c->last = m->told.last > c->last ? m->told.last : c->last;
    c->severity = m->told.severity > c->severity ? m->told.severity : c->severity;
    if (!is_proven(c->vector, c->certainty) && (is_proven(m->vector, m->certainty) || (is_open(c->vector) && !is_open(m->vector)))) {
        c->vector = m->vector;
        c->certainty = m->certainty;
    }
    add_text(c->causes, &c->n_causes, PLAN_CAUSES, m->cause, &c->dropped);
    for (size_t i = 0; i < m->n_fixes; i++)
        add_text(c->fixes, &c->n_fixes, PLAN_FIXES, m->fixes[i], &c->dropped);
    for (size_t i = 0; i < m->n_leftovers; i++)
        add_leftover(c, &m->leftovers[i]);
    c->dropped += m->dropped;
}

struct stay { // a member of the campaign and its cluster
    uint32_t cluster, at;
};

static int by_stay(const void *a, const void *b)
{
    const struct stay *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static int by_first_hit(const void *a, const void *b)
{
    const struct campaign_cluster *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return str_cmp(x->name, y->name);
}

static void tell_clusters(struct teller *t, size_t n_clusters)
{
    struct stay *stays = must_alloc(calloc(t->n, sizeof *stays));
    struct campaign_cluster *list = arena_array(t->arena, struct campaign_cluster, n_clusters);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        stays[i] = (struct stay){member_at(t, i)->cluster, (uint32_t)i};
    qsort(stays, t->n, sizeof *stays, by_stay);
    for (size_t i = 0, end; i < t->n; i = end) {
        for (end = i; end < t->n && stays[end].cluster == stays[i].cluster; end++)
            ;
        begin_cluster(&list[n], t->arena, member_at(t, stays[i].at), end - i);
        for (size_t k = i; k < end; k++)
            add_to_cluster(&list[n], member_at(t, stays[k].at));
        n++;
    }
    free(stays);
    qsort(list, n, sizeof *list, by_first_hit);
    t->out->clusters = list;
    t->out->n_clusters = n;
}

// --- the way in --------------------------------------------------------------------------------------------------------------------

// The verdict that is proven in most clusters; ptr NULL: none, or two in as many.
static struct str commonest_verdict(const struct campaign *c)
{
    struct {
        struct str name;
        size_t clusters;
    } found[VERDICTS] = {0};
    size_t n = 0, best = 0;
    for (size_t i = 0; i < c->n_clusters; i++) {
        size_t k = 0;
        if (!is_proven(c->clusters[i].vector, c->clusters[i].certainty))
            continue;
        while (k < n && !str_eq(found[k].name, c->clusters[i].vector))
            k++;
        if (k == VERDICTS)
            continue;
        n += k == n;
        found[k].name = c->clusters[i].vector;
        found[k].clusters++;
    }
    for (size_t k = 0; k < n; k++)
        best = found[k].clusters > best ? found[k].clusters : best;
    struct str verdict = STR_NONE;
    for (size_t k = 0; k < n; k++) {
        if (found[k].clusters == best && verdict.ptr)
            return STR_NONE;
        if (found[k].clusters == best)
            verdict = found[k].name;
    }
    return verdict;
}

// What is proven elsewhere is a reason to suspect the same here, and no more than that.
static void tell_vector(struct campaign *c)
{
    c->vector = commonest_verdict(c);
    for (size_t i = 0; i < c->n_clusters; i++) {
        struct campaign_cluster *cluster = &c->clusters[i];
        c->proven += is_proven(cluster->vector, cluster->certainty);
        if (is_open(cluster->vector) && c->vector.ptr) {
            cluster->vector = c->vector;
            cluster->certainty = INFERRED;
            cluster->carried = true;
            c->carried++;
        }
        c->undecided += is_open(cluster->vector);
    }
}

// --- indicators --------------------------------------------------------------------------------------------------------------------

struct sighting {
    uint32_t token, cluster;
};

static int by_sighting(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    if (x->token != y->token)
        return x->token < y->token ? -1 : 1;
    return (x->cluster > y->cluster) - (x->cluster < y->cluster);
}

struct counted_token {
    uint32_t token, clusters;
};

static int most_shared_first(const void *a, const void *b)
{
    const struct counted_token *x = a, *y = b;
    if (x->clusters != y->clusters)
        return x->clusters > y->clusters ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token); // tokens are sorted by kind, value
}

static struct sighting *list_sightings(const struct teller *t, size_t *n)
{
    size_t total = 0;
    for (size_t i = 0; i < t->n; i++)
        total += member_at(t, i)->n_signs;
    struct sighting *list = must_alloc(calloc(total + 1, sizeof *list));
    *n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct member *m = member_at(t, i);
        for (size_t k = 0; k < m->n_signs; k++)
            list[(*n)++] = (struct sighting){t->s->holdings[m->first_holding + k].token, m->cluster};
    }
    qsort(list, *n, sizeof *list, by_sighting);
    return list;
}

static void tell_indicators(struct teller *t)
{
    size_t total, n = 0;
    struct sighting *list = list_sightings(t, &total);
    struct counted_token *counted = must_alloc(calloc(total + 1, sizeof *counted));
    for (size_t i = 0; i < total; i++) {
        if (!n || counted[n - 1].token != list[i].token)
            counted[n++] = (struct counted_token){list[i].token, 1};
        else
            counted[n - 1].clusters += list[i].cluster != list[i - 1].cluster;
    }
    qsort(counted, n, sizeof *counted, most_shared_first);
    t->out->n_indicators = n < TOLD_INDICATORS ? n : TOLD_INDICATORS;
    t->out->dropped_indicators = n - t->out->n_indicators;
    t->out->indicators = arena_array(t->arena, struct campaign_indicator, t->out->n_indicators);
    for (size_t i = 0; i < t->out->n_indicators; i++) {
        const struct token *token = &t->s->tokens[counted[i].token];
        t->out->indicators[i] =
            (struct campaign_indicator){kind_facts[token->sign.kind].name, token->sign.value, counted[i].clusters, token->weight};
    }
    free(list);
    free(counted);
}

// --- incidents and links -----------------------------------------------------------------------------------------------------------

static void tell_incidents(struct teller *t)
{
    struct campaign *c = t->out;
    c->n_incidents = t->n;
    c->incidents = arena_array(t->arena, struct campaign_incident, t->n);
    for (size_t i = 0; i < t->n; i++) {
        c->incidents[i] = member_at(t, i)->told;
        c->last = i == 0 || c->incidents[i].last > c->last ? c->incidents[i].last : c->last;
        c->severity = c->incidents[i].severity > c->severity ? c->incidents[i].severity : c->severity;
    }
    c->first = c->incidents[0].first;
}

static struct str words_of(struct arena *a, unsigned kinds)
{
    struct buf b;
    buf_init(&b, 256);
    for (int k = 0; k < INDICATOR_KINDS; k++)
        if (kinds & 1u << k)
            buf_addf(&b, "%s%.*s", b.len ? ", " : "", STR_ARG(kind_facts[k].name));
    struct str words = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return words;
}

static size_t position_of(const struct teller *t, uint32_t member)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->members[middle] < member)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// Links lie sorted by group; takes those of this one.
static void tell_links(struct teller *t, const struct link *links)
{
    t->out->n_links = t->n - 1; // a spanning tree
    t->out->links = arena_array(t->arena, struct campaign_link, t->n - 1);
    for (size_t i = 0; i + 1 < t->n; i++) {
        const struct link *l = &links[i];
        t->out->links[i] = (struct campaign_link){
            .a = position_of(t, l->a),
            .b = position_of(t, l->b),
            .weight = l->joint.weight,
            .proof = l->joint.proof,
            .by = words_of(t->arena, l->joint.kinds),
        };
    }
}

static int by_ends(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

// --- all of them -------------------------------------------------------------------------------------------------------------------

struct belonging {
    uint32_t group, member;
};

static int by_group(const void *a, const void *b)
{
    const struct belonging *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->member > y->member) - (x->member < y->member);
}

static size_t count_clusters(const struct teller *t, uint32_t *seen, uint32_t mark)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t cluster = member_at(t, i)->cluster;
        n += seen[cluster] != mark;
        seen[cluster] = mark;
    }
    return n;
}

static void tell_campaign(struct teller *t, size_t n_clusters, const struct link *links)
{
    tell_incidents(t);
    tell_links(t, links);
    tell_clusters(t, n_clusters);
    tell_vector(t->out);
    tell_indicators(t);
    t->out->id = arena_printf(t->arena, "CAM-%012llx", (unsigned long long)(member_at(t, 0)->hash >> 16));
}

// The members of each group in a row, groups in the order of their first members.
static uint32_t *members_by_group(const struct survey *s, const struct grouping *g)
{
    struct belonging *list = must_alloc(calloc(s->n + 1, sizeof *list));
    uint32_t *members = must_alloc(calloc(s->n + 1, sizeof *members));
    for (size_t i = 0; i < s->n; i++)
        list[i] = (struct belonging){g->group[i], (uint32_t)i};
    qsort(list, s->n, sizeof *list, by_group);
    for (size_t i = 0; i < s->n; i++)
        members[i] = list[i].member;
    free(list);
    return members;
}

// The links of each group in a row, in the same order.
static struct link *links_by_group(const struct grouping *g, const uint32_t *members, size_t n)
{
    struct link *sorted = must_alloc(calloc(g->joined.n + 1, sizeof *sorted));
    size_t *next = must_alloc(calloc(n + 1, sizeof *next)), at = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && g->group[members[end]] == g->group[members[i]]; end++)
            ;
        next[g->group[members[i]]] = at;
        at += end - i - 1;
    }
    for (size_t i = 0; i < g->joined.n; i++)
        sorted[next[g->group[g->joined.items[i].a]]++] = g->joined.items[i];
    free(next);
    return sorted;
}

struct campaign *campaigns_tell(const struct survey *s, const struct grouping *g, struct arena *a, size_t *n)
{
    uint32_t *members = members_by_group(s, g), *seen = must_alloc(calloc(s->n_clusters + 1, sizeof *seen));
    struct link *links = links_by_group(g, members, s->n);
    VEC(struct campaign) list = {0};
    size_t link = 0;
    for (size_t i = 0, end; i < s->n; i = end) {
        for (end = i; end < s->n && g->group[members[end]] == g->group[members[i]]; end++)
            ;
        struct teller t = {s, g, a, members + i, end - i, NULL};
        size_t n_clusters = count_clusters(&t, seen, (uint32_t)i + 1);
        if (n_clusters > 1) {
            t.out = vec_push(&list);
            qsort(links + link, t.n - 1, sizeof *links, by_ends);
            tell_campaign(&t, n_clusters, links + link);
        }
        link += t.n - 1;
    }
    *n = list.n;
    struct campaign *told = arena_array(a, struct campaign, list.n);
    if (list.n)
        memcpy(told, list.items, list.n * sizeof *told);
    vec_fini(&list);
    free(members);
    free(links);
    free(seen);
    return told;
}
