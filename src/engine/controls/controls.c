// SPDX-License-Identifier: Apache-2.0
// Judging records by all controls at once, and counting.
#include "engine/controls/private.h"

#include "pod/pod.h"

#include <stdlib.h>

// The lists that rules look into: whole registries, and images below a path.
static void part_registries(struct controls *c, struct controls_options options, struct pack_list lists[2])
{
    struct str *whole = arena_array(&c->arena, struct str, options.n_registries + 1);
    struct str *parts = arena_array(&c->arena, struct str, options.n_registries + 1);
    lists[0] = (struct pack_list){.name = STR("trusted_registries"), .values = whole};
    lists[1] = (struct pack_list){.name = STR("trusted_images"), .values = parts};
    for (size_t i = 0; i < options.n_registries; i++) {
        struct str r = options.registries[i];
        while (r.len && r.ptr[r.len - 1] == '/')
            r.len--;
        if (str_find_char(r, '/', 0) == SIZE_MAX)
            whole[lists[0].n++] = r;
        else
            parts[lists[1].n++] = arena_printf(&c->arena, "%.*s/*", STR_ARG(r));
    }
    const struct str nobody = STR("-"); // a list without values is no list; and this is no registry
    if (!lists[0].n)
        whole[lists[0].n++] = nobody;
    if (!lists[1].n)
        parts[lists[1].n++] = nobody;
}

status controls_load(struct controls **out, struct controls_options wanted, struct diags *diags)
{
    struct controls *c = must_alloc(calloc(1, sizeof *c));
    struct pack_list lists[2];
    struct pack_options options = {.stream = STR("posture"),
                                   .paths = wanted.paths,
                                   .n_paths = wanted.n_paths,
                                   .only = wanted.only,
                                   .n_only = wanted.n_only,
                                   .lists_of = wanted.lists_of,
                                   .lists = lists,
                                   .registry = wanted.registry};
    const struct json_limits limits = {.depth = 256, .size = 64u << 20};
    arena_init(&c->arena, ARENA_UNLIMITED);
    arena_init(&c->scratch, ARENA_UNLIMITED);
    buf_init(&c->over_kind, SIZE_MAX);
    c->levels = pod_security_new();
    c->exemptions = wanted.exemptions;
    c->compares = !wanted.n_only;
    part_registries(c, wanted, lists);
    options.n_lists = wanted.n_registries ? 2 : 0;
    status result = pack_load(&c->pack, &options, diags);
    if (result == ST_OK)
        result = controls_read(c, diags);
    if (result == ST_OK)
        result = plan_new(&c->plan, c->pack->rules, c->pack->dictionary, NULL, 0, diags);
    if (result == ST_OK)
        c->matcher = matcher_new(c->plan, limits);
    *out = c;
    if (result != ST_OK) {
        controls_free(c);
        *out = NULL;
    }
    return result;
}

void controls_free(struct controls *c)
{
    if (!c)
        return;
    matcher_free(c->matcher);
    plan_free(c->plan);
    bootstrap_free(c->bootstrap);
    pack_free(c->pack);
    vec_fini(&c->stakes);
    vec_fini(&c->at_stake);
    vec_fini(&c->over);
    buf_fini(&c->over_kind);
    pod_security_free(c->levels);
    arena_fini(&c->scratch);
    arena_fini(&c->arena);
    free(c);
}

// --- judging ---------------------------------------------------------------------------------------------------------------------

static bool is_over_kind(const struct control *control, struct str kind, bool has_pod)
{
    if (control->over_pods)
        return has_pod;
    for (size_t i = 0; i < control->n_over; i++) {
        if (str_eq(control->over[i], kind))
            return true;
    }
    return false;
}

// Those that are over some object of the kind, in c->over.
static void find_over(struct controls *c, struct str kind, bool has_pod)
{
    if (c->over_kind.len && has_pod == c->over_has_pod && str_eq(buf_str(&c->over_kind), kind))
        return;
    buf_clear(&c->over_kind);
    buf_add(&c->over_kind, kind);
    c->over_has_pod = has_pod;
    c->over.n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (is_over_kind(&c->items[i], kind, has_pod))
            *vec_push(&c->over) = &c->items[i];
    }
}

static bool is_over_name(const struct control *control, const struct judged *j)
{
    return !control->name.ptr || (str_eq(j->object.ns, control->ns) && str_eq(j->object.name, control->name));
}

static bool is_hit(const uint32_t *hits, size_t n, size_t rule)
{
    for (size_t i = 0; i < n; i++) {
        if (hits[i] == rule)
            return true;
    }
    return false;
}

static enum finding_status status_of(const struct control *control, const uint32_t *hits, size_t n)
{
    if (is_hit(hits, n, control->rule))
        return FINDING_UNHEALTHY;
    return control->unassessed != NO_RULE && is_hit(hits, n, control->unassessed) ? FINDING_NOT_ASSESSABLE : FINDING_HEALTHY;
}

static void count(struct control *control, enum finding_status found)
{
    control->score.healthy += found == FINDING_HEALTHY;
    control->score.unhealthy += found == FINDING_UNHEALTHY;
    control->score.unassessed += found == FINDING_NOT_ASSESSABLE;
    control->score.exempt += found == FINDING_EXEMPT;
}

// Remembers what was unhealthy about it, from `first` on, until the ways from outside are known.
static void put_at_stake(struct controls *c, const struct finding_object *stake, size_t first)
{
    if (first == c->at_stake.n)
        return;
    *vec_push(&c->stakes) = (struct stake){.kind = arena_str(&c->scratch, stake->kind),
                                           .ns = arena_str(&c->scratch, stake->ns.len ? stake->ns : STR("default")),
                                           .name = arena_str(&c->scratch, stake->name),
                                           .first = first,
                                           .n = c->at_stake.n - first};
}

void controls_settle(struct controls *c, const struct exposure *exposure)
{
    for (size_t i = 0; i < c->stakes.n; i++) {
        const struct stake *s = &c->stakes.items[i];
        const bool open = str_eq(s->kind, STR("ServiceAccount")) ? exposure_opens_account(exposure, s->ns, s->name)
                                                                 : exposure_is_open(exposure, s->kind, s->ns, s->name);
        for (size_t k = 0; open && k < s->n; k++)
            c->at_stake.items[s->first + k]->score.exposed++;
    }
}

static void tell(struct controls *c, const struct controls_run *run, const struct control *control, const struct judged *j,
                 enum finding_status found, const struct exemption *exemption, struct buf *why)
{
    const uint32_t rule = found == FINDING_NOT_ASSESSABLE ? control->unassessed : control->rule;
    const bool healthy = found == FINDING_HEALTHY;
    buf_clear(why);
    if (exemption) {
        buf_add(why, STR("exempt ("));
        buf_add(why, exemption->reason);
        buf_add(why, exemption->until.len ? STR("; until ") : STR(""));
        buf_add(why, exemption->until.len ? exemption->until : STR(""));
        buf_add(why, STR("): "));
    }
    if (!healthy) {
        buf_add(why, j->prefix);
        buf_add(why, str_trim(c->pack->rules->rules[rule].description));
    }
    const struct finding f = {
        .cluster = j->cluster,
        .control = control->score.control,
        .object = j->object,
        .status = found,
        .why = buf_str(why),
        .fix = healthy ? STR_NONE : str_trim(c->pack->rules->rules[rule].advice),
        .place = j->place,
    };
    run->tell(run->context, &f);
}

void controls_judge(struct controls *c, const struct controls_run *run, const struct judged *j)
{
    struct json_error error;
    struct buf why;
    size_t n = 0;
    bool any = false;
    find_over(c, j->kind, j->has_pod);
    for (size_t i = 0; i < c->over.n && !any; i++)
        any = is_over_name(c->over.items[i], j);
    if (!any || matcher_parsed(c->matcher, j->json, j->tree, &error) != JSON_OK)
        return;
    const uint32_t *hits = matcher_hits(c->matcher, &n);
    const size_t first = c->at_stake.n;
    buf_init(&why, 64 << 10);
    for (size_t i = 0; i < c->over.n; i++) {
        struct control *control = c->over.items[i];
        if (!is_over_name(control, j))
            continue;
        enum finding_status found = status_of(control, hits, n);
        const struct exemption *exemption = NULL;
        if (found == FINDING_UNHEALTHY && c->exemptions)
            exemption = exemptions_find(c->exemptions, j->cluster, control->score.control.id, &j->object);
        if (exemption)
            found = FINDING_EXEMPT;
        count(control, found);
        control->score.exposed += found == FINDING_UNHEALTHY && j->exposed;
        if (found == FINDING_UNHEALTHY && j->stake.kind.len)
            *vec_push(&c->at_stake) = control;
        if (found != FINDING_HEALTHY || run->healthy_too)
            tell(c, run, control, j, found, exemption, &why);
    }
    put_at_stake(c, &j->stake, first);
    buf_fini(&why);
}

// --- score -----------------------------------------------------------------------------------------------------------------------

static int by_id(const void *a, const void *b)
{
    return str_cmp(((const struct control_score *)a)->control.id, ((const struct control_score *)b)->control.id);
}

const struct control_score *controls_scores(struct controls *c, size_t *n)
{
    *n = c->n;
    for (size_t i = 0; i < c->n; i++) {
        struct control_score *s = &c->scores[i];
        *s = c->items[i].score;
        if (s->unread && !s->unhealthy)
            s->healthy = 0;
        if (c->items[i].per_cluster) {
            s->healthy = s->healthy && !s->unhealthy && !s->unassessed;
            s->unhealthy = s->unhealthy > 0;
            s->exposed = s->exposed > 0;
            s->unassessed = s->unassessed && !s->unhealthy;
        }
    }
    qsort(c->scores, c->n, sizeof *c->scores, by_id);
    return c->scores;
}

void controls_reset(struct controls *c)
{
    c->version = (struct cluster_version){0};
    c->stakes.n = c->at_stake.n = 0;
    arena_reset(&c->scratch);
    pod_security_free(c->levels);
    c->levels = pod_security_new();
    for (size_t i = 0; i < c->n; i++) {
        struct control_score *s = &c->items[i].score;
        s->healthy = s->unhealthy = s->exposed = s->unassessed = s->exempt = 0;
        s->unread = false;
    }
}
