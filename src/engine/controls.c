// SPDX-License-Identifier: Apache-2.0
// A control is a Sigma rule that tells what is unhealthy, and a key `posture` beside it: its short id, its points, and what it is over.
#include "engine/controls.h"

#include "base/map.h"
#include "detect/detect.h"
#include "posture/grants.h"
#include "pod/pod.h"

#include <stdlib.h>

struct control {
    struct control_score score;
    const struct rule *rule;
    bool over_pods;         // what has a pod specification
    bool per_cluster;       // one of them is as bad as many
    const struct str *over; // otherwise these kinds
    size_t n_over;
};

struct controls {
    struct pack *pack;
    struct plan *plan;
    struct matcher *matcher;
    struct arena arena;
    struct control *items; // in the order of the rules
    struct control_score *scores;
    size_t n;
};

// --- loading ---------------------------------------------------------------------------------------------------------------------

static status bad(struct yaml_source source, const struct yaml_value *v, const char *why, struct diags *diags)
{
    const struct place place = yaml_place(source, v);
    diags_add(diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static status read_over(struct controls *c, struct control *control, const struct yaml_value *over)
{
    if (over->kind != YAML_LIST) {
        control->over_pods = str_eq(yaml_text(over), STR("pods"));
        return control->over_pods ? ST_OK : ST_INPUT;
    }
    struct str *kinds = arena_array(&c->arena, struct str, over->count);
    for (const struct yaml_value *v = over->first; v; v = v->next)
        kinds[control->n_over++] = arena_str(&c->arena, yaml_text(v));
    control->over = kinds;
    return ST_OK;
}

static status read_control(struct controls *c, struct yaml_source source, const struct yaml_value *document, const struct map *by_id,
                           struct diags *diags)
{
    const struct yaml_value *posture = yaml_get(document, STR("posture")), *over = yaml_get(posture, STR("over"));
    const struct yaml_value *id = yaml_get(document, STR("id"));
    const uint64_t *place = id ? map_get(by_id, yaml_text(id)) : NULL;
    if (!posture || !place)
        return bad(source, document, "a control has an id, and a key posture", diags);
    struct control *control = &c->items[*place];
    const struct rule *rule = &c->pack->rules->rules[*place];
    control->rule = rule;
    struct control_score *s = &control->score;
    s->control = (struct finding_control){arena_str(&c->arena, yaml_text(yaml_get(posture, STR("id")))), rule->title,
                                          rule->level == LEVEL_INFORMATIONAL ? SEVERITY_LOW : (enum severity)(rule->level - 1)};
    s->fix = str_trim(rule->advice);
    control->per_cluster = str_eq(yaml_text(yaml_get(posture, STR("per"))), STR("cluster"));
    if (!s->control.id.len || !yaml_number(yaml_get(posture, STR("points")), &s->points) || !over || read_over(c, control, over) != ST_OK)
        return bad(source, posture, "posture has an id, points, and over: pods or a list of kinds", diags);
    return ST_OK;
}

static status read_source(struct controls *c, struct yaml_source source, const struct map *by_id, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n;
    TRY(yaml_read(&c->arena, source, YAML_LIMITS_DEFAULT, &documents, &n, diags));
    for (size_t i = 0; i < n; i++)
        TRY(read_control(c, source, documents[i], by_id, diags));
    return ST_OK;
}

static status read_all(struct controls *c, struct diags *diags)
{
    struct map by_id = {0};
    status result = ST_OK;
    const struct ruleset *rules = c->pack->rules;
    c->n = rules->n;
    c->items = arena_array(&c->arena, struct control, c->n);
    c->scores = arena_array(&c->arena, struct control_score, c->n);
    for (size_t i = 0; i < rules->n; i++)
        *map_put(&by_id, rules->rules[i].id, NULL) = i;
    for (size_t i = 0; i < c->pack->n_sources && result == ST_OK; i++)
        result = read_source(c, c->pack->sources[i], &by_id, diags);
    map_fini(&by_id);
    return result;
}

status controls_load(struct controls **out, struct diags *diags)
{
    struct controls *c = must_alloc(calloc(1, sizeof *c));
    const struct pack_options options = {.stream = STR("posture")};
    const struct json_limits limits = {.depth = 256, .size = 64u << 20};
    arena_init(&c->arena, ARENA_UNLIMITED);
    status result = pack_load(&c->pack, &options, diags);
    if (result == ST_OK)
        result = read_all(c, diags);
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
    pack_free(c->pack);
    arena_fini(&c->arena);
    free(c);
}

// --- judging ---------------------------------------------------------------------------------------------------------------------

static bool is_over(const struct control *control, struct str kind, bool has_pod)
{
    if (control->over_pods)
        return has_pod;
    for (size_t i = 0; i < control->n_over; i++) {
        if (str_eq(control->over[i], kind))
            return true;
    }
    return false;
}

static bool is_hit(const uint32_t *hits, size_t n, size_t rule)
{
    for (size_t i = 0; i < n; i++) {
        if (hits[i] == rule)
            return true;
    }
    return false;
}

// What a finding is about: kind is that of the record, object what is told.
struct judged {
    struct str cluster, kind, json, prefix;
    bool has_pod;
    struct finding_object object;
    struct access_place place;
};

static void tell(const struct controls_run *run, const struct control *control, const struct judged *j, bool hit, struct buf *why)
{
    buf_clear(why);
    if (hit) {
        buf_add(why, j->prefix);
        buf_add(why, str_trim(control->rule->description));
    }
    const struct finding f = {
        .cluster = j->cluster,
        .control = control->score.control,
        .object = j->object,
        .status = hit ? FINDING_UNHEALTHY : FINDING_HEALTHY,
        .why = buf_str(why),
        .fix = hit ? control->score.fix : STR_NONE,
        .place = j->place,
    };
    run->tell(run->context, &f);
}

static void judge(struct controls *c, const struct controls_run *run, const struct judged *j)
{
    struct json_error error;
    struct buf why;
    size_t n = 0, i = 0;
    bool any = false;
    while (i < c->n && !any)
        any = is_over(&c->items[i++], j->kind, j->has_pod);
    if (!any || matcher_record(c->matcher, j->json, &error) != JSON_OK)
        return;
    const uint32_t *hits = matcher_hits(c->matcher, &n);
    buf_init(&why, 64 << 10);
    for (i = 0; i < c->n; i++) {
        struct control *control = &c->items[i];
        if (!is_over(control, j->kind, j->has_pod))
            continue;
        const bool hit = is_hit(hits, n, i);
        control->score.healthy += !hit;
        control->score.unhealthy += hit;
        if (hit || run->healthy_too)
            tell(run, control, j, hit, &why);
    }
    buf_fini(&why);
}

void controls_object(struct controls *c, const struct controls_run *run, struct str cluster, const struct json_value *tree, struct str json,
                     struct finding_object object, struct access_place place)
{
    struct pod pod;
    const struct judged j = {
        .cluster = cluster,
        .kind = object.kind,
        .json = json,
        .has_pod = pod_of(tree, object.api_version, object.kind, &pod),
        .object = object,
        .place = place,
    };
    judge(c, run, &j);
}

struct judging {
    struct controls *controls;
    const struct controls_run *run;
    struct str cluster;
    struct buf prefix;
};

static void judge_grant(void *context, const struct grant_record *r)
{
    struct judging *g = context;
    const struct access_binding *b = r->binding;
    static const char *const kinds[] = {[SUBJECT_USER] = "user ", [SUBJECT_GROUP] = "group ", [SUBJECT_ACCOUNT] = "ServiceAccount "};
    buf_clear(&g->prefix);
    buf_addf(&g->prefix, "%s%.*s%s%.*s is bound to %s %.*s: ", kinds[r->subject->kind], STR_ARG(r->subject->ns),
             r->subject->ns.ptr ? "/" : "", STR_ARG(r->subject->name), b->role->ns.ptr ? "Role" : "ClusterRole", STR_ARG(b->role->name));
    const struct judged j = {
        .cluster = g->cluster,
        .kind = STR("Grant"),
        .json = r->json,
        .prefix = buf_str(&g->prefix),
        .object = {STR("rbac.authorization.k8s.io/v1"), b->ns.ptr ? STR("RoleBinding") : STR("ClusterRoleBinding"), b->ns, b->name},
        .place = b->place,
    };
    judge(g->controls, g->run, &j);
}

void controls_access(struct controls *c, const struct controls_run *run, struct str cluster, const struct access *graph)
{
    struct judging g = {.controls = c, .run = run, .cluster = cluster};
    buf_init(&g.prefix, 64 << 10);
    access_each_grant(graph, judge_grant, &g);
    buf_fini(&g.prefix);
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
        if (c->items[i].per_cluster) {
            s->healthy = s->healthy && !s->unhealthy;
            s->unhealthy = s->unhealthy > 0;
        }
    }
    qsort(c->scores, c->n, sizeof *c->scores, by_id);
    return c->scores;
}

void controls_reset(struct controls *c)
{
    for (size_t i = 0; i < c->n; i++)
        c->items[i].score.healthy = c->items[i].score.unhealthy = 0;
}
