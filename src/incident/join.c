// SPDX-License-Identifier: Apache-2.0
// Incidents of one cluster that are the work of one hand: no pivot leads from one to the other, but they share what nobody else has. They
// are weighed like incidents of several clusters (campaign.h), so that what is stock joins nobody; and because the cluster is one, an
// image, a command or a spec counts only where an alert points at it and nobody who belongs here uses the image.
#include "incident/campaign.h"
#include "incident/conclude.h"
#include "incident/taint.h"

#define JOIN_WINDOW (30 * 86400 * NS_PER_SECOND)

struct side {
    fact_list acts, seeds;
    struct incident incident; // as far as campaigns weigh it
};

struct joining {
    struct inquiry *q;
    VEC(struct side) sides;
    struct map side_of; // root -> index
    struct map at_home; // image references of those who belong here
};

static struct str root_key(struct inquiry *q, uint32_t root)
{
    char *key = arena_alloc(&q->scratch, sizeof root);
    memcpy(key, &root, sizeof root);
    return str_make(key, sizeof root);
}

static void take_act(struct joining *j, struct fact *f)
{
    bool added;
    uint64_t *at = map_put(&j->side_of, root_key(j->q, joint_root(j->q, f->actor->node)), &added);
    if (added) {
        *at = j->sides.n;
        *vec_push(&j->sides) = (struct side){.incident = {.severity = LEVEL_HIGH}};
    }
    struct side *s = &j->sides.items[*at];
    *vec_push(&s->acts) = f;
    if (f->seed)
        *vec_push(&s->seeds) = f;
}

static struct str image_name(struct inquiry *q, struct str text)
{
    struct image_ref ref;
    if (!image_parse(text, registry_of(q), &ref, &q->scratch))
        return STR_NONE;
    return arena_printf(&q->scratch, "%.*s/%.*s", STR_ARG(ref.registry), STR_ARG(ref.repository));
}

static void note_home(struct joining *j, const struct fact *f)
{
    for (size_t i = 0; f->body && f->actor->kind != ACTOR_COMPONENT && i < f->body->texts[BODY_IMAGE].n; i++) {
        struct str image = image_name(j->q, f->body->texts[BODY_IMAGE].items[i]);
        if (image.ptr)
            (void)map_put(&j->at_home, image, NULL);
    }
}

static bool is_money(struct str type)
{
    return str_eq(type, STR("wallet")) || str_eq(type, STR("pool"));
}

static bool is_matter(struct str type)
{
    return str_eq(type, STR("image")) || str_eq(type, STR("image_digest")) || str_eq(type, STR("script")) || str_eq(type, STR("spec"));
}

static bool uses_home_image(const struct joining *j, const struct fact *f)
{
    for (size_t i = 0; f->body && i < f->body->texts[BODY_IMAGE].n; i++) {
        struct str image = image_name(j->q, f->body->texts[BODY_IMAGE].items[i]);
        if (image.ptr && map_get(&j->at_home, image))
            return true;
    }
    return false;
}

static void take_indicators(struct joining *j, struct side *s, const fact_list *acts, bool (*counts)(struct str type))
{
    struct incident found = {0};
    struct group g = {.q = j->q, .out = &found, .arena = &j->q->arena};
    for (size_t i = 0; i < acts->n; i++)
        if (!uses_home_image(j, acts->items[i]))
            *vec_push(&g.acts) = acts->items[i];
    conclude_indicators(&g);
    vec_fini(&g.acts);
    struct incident *x = &s->incident;
    struct incident_indicator *all = arena_array(&j->q->arena, struct incident_indicator, x->n_indicators + found.n_indicators);
    if (x->n_indicators)
        memcpy(all, x->indicators, x->n_indicators * sizeof *all);
    for (size_t i = 0; i < found.n_indicators; i++)
        if (counts(found.indicators[i].type))
            all[x->n_indicators++] = found.indicators[i];
    x->indicators = all;
}

// Each side is a cluster of its own to whom it is compared with.
static void describe(struct joining *j, size_t i)
{
    struct side *s = &j->sides.items[i];
    struct incident *x = &s->incident;
    x->id = x->cluster = arena_printf(&j->q->arena, "%zu", i);
    x->title = STR("");
    x->first = s->acts.items[0]->time;
    x->last = s->acts.items[s->acts.n - 1]->time;
    take_indicators(j, s, &s->acts, is_money);
    take_indicators(j, s, &s->seeds, is_matter);
}

static const struct side *side_named(const struct joining *j, struct str id)
{
    uint64_t i;
    return str_to_u64(id, &i) && i < j->sides.n ? &j->sides.items[i] : NULL;
}

static struct str end_text(struct inquiry *q, const struct actor *actor)
{
    return actor->kind == ACTOR_NOBODY ? address_text(&q->round, actor->address) : actor_text(&q->round, actor);
}

static void join_sides(struct inquiry *q, const struct side *a, const struct side *b)
{
    const struct fact *from = a->acts.items[0], *to = b->acts.items[0];
    if (to->time < from->time) {
        const struct fact *swap = from;
        from = to;
        to = swap;
    }
    (void)taint_pivot(q, end_text(q, from->actor), end_text(q, to->actor), "same-indicator", INFERRED, to, from->actor->node,
                      to->actor->node);
}

static void join_alike(struct joining *j)
{
    struct campaigns *campaigns = campaigns_new(j->q->knowledge->stock, JOIN_WINDOW);
    size_t n;
    for (size_t i = 0; i < j->sides.n; i++)
        campaigns_add(campaigns, &j->sides.items[i].incident);
    const struct campaign *list = campaigns_conclude(campaigns, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < list[i].n_links; k++) {
            const struct side *a = side_named(j, list[i].incidents[list[i].links[k].a].id),
                              *b = side_named(j, list[i].incidents[list[i].links[k].b].id);
            if (a && b)
                join_sides(j->q, a, b);
        }
    campaigns_free(campaigns);
}

void conclude_joins(struct inquiry *q)
{
    struct joining j = {.q = q};
    if (!q->knowledge->stock)
        return;
    for (size_t i = 0; i < q->facts.n; i++)
        if (q->facts.items[i]->tainted)
            take_act(&j, q->facts.items[i]);
    for (size_t i = 0; i < q->facts.n && j.sides.n > 1; i++)
        if (!q->facts.items[i]->tainted)
            note_home(&j, q->facts.items[i]);
    for (size_t i = 0; i < j.sides.n && j.sides.n > 1; i++)
        describe(&j, i);
    if (j.sides.n > 1)
        join_alike(&j);
    for (size_t i = 0; i < j.sides.n; i++) {
        vec_fini(&j.sides.items[i].acts);
        vec_fini(&j.sides.items[i].seeds);
    }
    vec_fini(&j.sides);
    map_fini(&j.side_of);
    map_fini(&j.at_home);
    arena_reset(&q->scratch);
}
