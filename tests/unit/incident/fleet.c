// SPDX-License-Identifier: Apache-2.0
#include "fleet.h"

#include <string.h>

static const struct str registries[] = {{"*.trusted.example", 17}}, accounts[] = {{"library", 7}}, images[] = {{"*/alpine", 8}},
                        agents[] = {{"kubectl/", 8}}, names[] = {{"system:*", 8}}, pools[] = {{"supportxmr.com", 14}};

const struct campaign_knowledge fleet_knowledge = {
    .registries = {registries, 1},
    .accounts = {accounts, 1},
    .images = {images, 1},
    .agents = {agents, 1},
    .names = {names, 1},
    .pools = {pools, 1},
};

void fleet_init(struct fleet *f)
{
    arena_init(&f->arena, ARENA_UNLIMITED);
    f->n = 0;
}

void fleet_fini(struct fleet *f)
{
    arena_fini(&f->arena);
}

static void add_indicators(struct fleet *f, struct incident *x, struct str words)
{
    x->indicators = arena_array(&f->arena, struct incident_indicator, FLEET_INDICATORS);
    while (words.ptr && x->n_indicators < FLEET_INDICATORS) {
        struct str value = str_split(&words, ' '), type = str_split(&value, '=');
        if (type.len)
            x->indicators[x->n_indicators++] = (struct incident_indicator){type, value};
    }
}

struct incident *fleet_add(struct fleet *f, const char *cluster, int64_t second, const char *indicators)
{
    must(f->n < FLEET_MAX);
    struct incident *x = &f->incidents[f->n];
    *x = (struct incident){
        .id = arena_printf(&f->arena, "INC-%06zu", f->n++),
        .cluster = arena_str(&f->arena, str_from_c(cluster)),
        .severity = LEVEL_HIGH,
        .title = STR("an intrusion"),
        .first = second * NS_PER_SECOND,
        .last = (second + 10) * NS_PER_SECOND,
        .vector = {.verdict = STR("undecided"), .certainty = INFERRED},
    };
    add_indicators(f, x, arena_str(&f->arena, str_from_c(indicators)));
    return x;
}

struct incident *fleet_addf(struct fleet *f, const char *cluster, int64_t second, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(&f->arena, format, args);
    va_end(args);
    return fleet_add(f, cluster, second, text.ptr);
}

struct campaigns *fleet_campaigns(const struct fleet *f, uint64_t seed)
{
    static size_t order[FLEET_MAX];
    struct campaigns *c = campaigns_new(&fleet_knowledge, CAMPAIGN_WINDOW_DEFAULT);
    for (size_t i = 0; i < f->n; i++)
        order[i] = i;
    for (size_t i = f->n; seed && i > 1; i--) {
        size_t k = hash_mix(seed, i) % i, kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
    for (size_t i = 0; i < f->n; i++)
        campaigns_add(c, &f->incidents[order[i]]);
    return c;
}

static void write_cluster(struct buf *out, const struct campaign_cluster *c)
{
    buf_addf(out, "  %.*s %lld %lld %zu %.*s %d %d", STR_ARG(c->name), (long long)c->first, (long long)c->last, c->incidents,
             STR_ARG(c->vector), c->certainty, c->carried);
    for (size_t i = 0; i < c->n_causes; i++)
        buf_addf(out, " cause %.*s", STR_ARG(c->causes[i]));
    for (size_t i = 0; i < c->n_fixes; i++)
        buf_addf(out, " fix %.*s", STR_ARG(c->fixes[i]));
    for (size_t i = 0; i < c->n_leftovers; i++)
        buf_addf(out, " leftover %.*s %.*s", STR_ARG(c->leftovers[i].object), STR_ARG(c->leftovers[i].fix));
    buf_add_char(out, '\n');
}

void fleet_write(struct buf *out, const struct campaign *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct campaign *c = &list[i];
        buf_addf(out, "%.*s %d %lld %lld %.*s %zu %zu %zu\n", STR_ARG(c->id), c->severity, (long long)c->first, (long long)c->last,
                 STR_ARG(c->vector), c->proven, c->carried, c->undecided);
        for (size_t k = 0; k < c->n_clusters; k++)
            write_cluster(out, &c->clusters[k]);
        for (size_t k = 0; k < c->n_incidents; k++)
            buf_addf(out, "  %.*s", STR_ARG(c->incidents[k].id));
        for (size_t k = 0; k < c->n_links; k++)
            buf_addf(out, "  %zu-%zu %u %.*s", c->links[k].a, c->links[k].b, c->links[k].weight, STR_ARG(c->links[k].by));
        for (size_t k = 0; k < c->n_indicators; k++)
            buf_addf(out, "  %.*s=%.*s %zu %u", STR_ARG(c->indicators[k].type), STR_ARG(c->indicators[k].value), c->indicators[k].clusters,
                     c->indicators[k].weight);
        buf_add_char(out, '\n');
    }
}
