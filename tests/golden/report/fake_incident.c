// SPDX-License-Identifier: Apache-2.0
#include "fake_incident.h"

#include "base/status.h"

static struct str text(const struct yaml_value *map, const char *key)
{
    return yaml_text(yaml_get(map, str_from_c(key)));
}

static uint64_t number(const struct yaml_value *map, const char *key)
{
    uint64_t n = 0;
    struct str s = text(map, key);
    must(!s.ptr || str_to_u64(s, &n));
    return n;
}

static int64_t instant(const struct yaml_value *map, const char *key)
{
    int64_t ns = TIME_NONE;
    struct str s = text(map, key);
    must(!s.ptr || time_parse(s, &ns));
    return ns;
}

static enum certainty certainty(const struct yaml_value *map)
{
    return yaml_get(map, STR("inferred")) ? INFERRED : CERTAIN;
}

static struct str *texts(struct arena *a, const struct yaml_value *map, const char *key, size_t *n)
{
    const struct yaml_value *list = yaml_get(map, str_from_c(key));
    struct str *out = arena_array(a, struct str, list ? list->count : 0);
    *n = 0;
    for (const struct yaml_value *v = list ? list->first : NULL; v; v = v->next)
        out[(*n)++] = yaml_text(v);
    return out;
}

static struct evidence place(const struct yaml_value *map)
{
    struct str file = text(map, "file");
    return (struct evidence){.file = file.ptr ? file : STR("logs/audit.jsonl"),
                             .line = number(map, "line"),
                             .time = instant(map, "time"),
                             .audit_id = text(map, "audit_id")};
}

static struct evidence *places(struct arena *a, const struct yaml_value *map, size_t *n)
{
    struct evidence *e = arena_array(a, struct evidence, 1);
    *n = yaml_get(map, STR("line")) ? 1 : 0;
    *e = place(map);
    return e;
}

// The items of a list of maps, in an array of T, each filled by an expression of `v` and `out`.
#define FILL(a, map, key, type, items, n, fill)                                                                                            \
    do {                                                                                                                                   \
        const struct yaml_value *list = yaml_get(map, STR(key));                                                                           \
        __auto_type out = arena_array(a, type, list ? list->count : 0);                                                                    \
        (items) = out;                                                                                                                     \
        for (const struct yaml_value *v = list ? list->first : NULL; v; v = v->next, out++, (n)++)                                         \
            fill(a, v, out);                                                                                                               \
    } while (0)

static void fill_actor(struct arena *a, const struct yaml_value *v, struct incident_actor *out)
{
    *out = (struct incident_actor){.principal = text(v, "principal"),
                                   .role = (enum incident_role)number(v, "role"),
                                   .first = instant(v, "first"),
                                   .last = instant(v, "last"),
                                   .events = number(v, "events")};
    out->addresses = texts(a, v, "addresses", &out->n_addresses);
    out->agents = texts(a, v, "agents", &out->n_agents);
}

static void fill_pivot(struct arena *a, const struct yaml_value *v, struct incident_pivot *out)
{
    (void)a;
    *out = (struct incident_pivot){text(v, "from"), text(v, "to"), text(v, "kind"), instant(v, "time"), certainty(v), place(v)};
}

static void fill_indicator(struct arena *a, const struct yaml_value *v, struct incident_indicator *out)
{
    (void)a;
    *out = (struct incident_indicator){text(v, "type"), text(v, "value")};
}

static void fill_fix(struct arena *a, const struct yaml_value *v, struct incident_fix *out)
{
    (void)a;
    *out = (struct incident_fix){text(v, "fix"),
                                 text(v, "command"),
                                 (size_t)number(v, "first_step"),
                                 (size_t)number(v, "stopped"),
                                 (size_t)number(v, "unjudged"),
                                 yaml_get(v, STR("chosen")) != NULL};
}

static void fill_leftover(struct arena *a, const struct yaml_value *v, struct incident_leftover *out)
{
    (void)a;
    struct str presence = text(v, "presence");
    *out = (struct incident_leftover){.object = text(v, "object"),
                                      .why = text(v, "why"),
                                      .fix = text(v, "fix"),
                                      .certainty = certainty(v),
                                      .presence = str_eq(presence, STR("there"))  ? PRESENCE_THERE
                                                  : str_eq(presence, STR("gone")) ? PRESENCE_GONE
                                                                                  : PRESENCE_UNKNOWN,
                                      .evidence = place(v)};
}

static void fill_object(struct arena *a, const struct yaml_value *v, struct incident_object *out)
{
    (void)a;
    *out = (struct incident_object){text(v, "kind"),   text(v, "namespace"), text(v, "name"),    text(v, "how"),
                                    text(v, "parent"), certainty(v),         instant(v, "time"), place(v)};
}

static const struct incident_process *process(struct arena *a, const struct yaml_value *v)
{
    if (!v)
        return NULL;
    struct incident_process *p = arena_new(a, struct incident_process);
    *p = (struct incident_process){.source = (enum host_source)number(v, "source"),
                                   .node = text(v, "node"),
                                   .namespace = text(v, "namespace"),
                                   .pod = text(v, "pod"),
                                   .pod_uid = text(v, "pod_uid"),
                                   .container = text(v, "container"),
                                   .image = text(v, "image"),
                                   .exe = text(v, "exe"),
                                   .command = text(v, "command"),
                                   .user = text(v, "user"),
                                   .parent = text(v, "parent"),
                                   .pid = number(v, "pid"),
                                   .session_way = text(v, "session").ptr ? STR("exec") : STR_NONE,
                                   .session = text(v, "session"),
                                   .session_at = place(v),
                                   .session_certainty = certainty(v),
                                   .pods = number(v, "pods")};
    return p;
}

static void fill_step(struct arena *a, const struct yaml_value *v, struct incident_step *out)
{
    *out = (struct incident_step){.time = instant(v, "time"),
                                  .part = (enum step_part)number(v, "part"),
                                  .act = (enum act)number(v, "act"),
                                  .outcome = (enum outcome)number(v, "outcome"),
                                  .certainty = certainty(v),
                                  .reason = text(v, "reason"),
                                  .text = text(v, "text"),
                                  .count = number(v, "count")};
    out->count += out->count == 0;
    out->actor = (struct event_actor){.principal = text(v, "principal"), .agent = text(v, "agent")};
    out->actor.addresses = texts(a, v, "addresses", &out->actor.n_addresses);
    out->action = (struct event_action){.verb = text(v, "verb"),
                                        .resource = text(v, "resource"),
                                        .namespace = text(v, "namespace"),
                                        .name = text(v, "name"),
                                        .command = text(v, "command")};
    out->process = process(a, yaml_get(v, STR("process")));
    out->evidence = places(a, v, &out->n_evidence);
}

static void fill_hypothesis(struct arena *a, const struct yaml_value *v, struct hypothesis *out)
{
    *out = (struct hypothesis){.name = text(v, "name")};
    out->pro = texts(a, v, "for", &out->n_pro);
    out->contra = texts(a, v, "against", &out->n_contra);
    out->missing = texts(a, v, "missing", &out->n_missing);
    out->evidence = places(a, v, &out->n_evidence);
}

static void fill_door(struct arena *a, const struct yaml_value *v, struct incident_door *out)
{
    (void)a;
    *out = (struct incident_door){.control = text(v, "control"), .title = text(v, "title"), .object = text(v, "object")};
}

static struct incident_cause cause_of(struct arena *a, const struct yaml_value *v)
{
    struct incident_cause c = {.kind = text(v, "kind"),
                               .object = text(v, "object"),
                               .role = text(v, "role"),
                               .subject = text(v, "subject"),
                               .granted_by = text(v, "granted_by"),
                               .granted_at = instant(v, "granted_at"),
                               .text = text(v, "text")};
    c.evidence = places(a, v, &c.n_evidence);
    c.fix = texts(a, v, "fix", &c.n_fix);
    return c;
}

static void fill_vector(struct arena *a, const struct yaml_value *map, struct incident_vector *out)
{
    *out = (struct incident_vector){.interface = text(map, "interface"), .verdict = text(map, "verdict"), .certainty = certainty(map)};
    const struct yaml_value *list = yaml_get(map, STR("hypotheses"));
    for (const struct yaml_value *v = list ? list->first : NULL; v; v = v->next) {
        must(out->n_hypotheses < HYPOTHESES_MAX);
        fill_hypothesis(a, v, &out->hypotheses[out->n_hypotheses++]);
    }
}

static void add_rules(struct arena *a, struct incident *x, const struct rule *rules, size_t n_rules)
{
    for (size_t i = 0; i < x->n_timeline && n_rules; i++) {
        x->timeline[i].rules = arena_array(a, const struct rule *, 1);
        x->timeline[i].rules[0] = &rules[i % n_rules];
        x->timeline[i].n_rules = x->timeline[i].part == STEP_ACT;
    }
}

struct incident fake_incident(struct arena *a, const struct yaml_value *map, const struct rule *rules, size_t n_rules)
{
    struct incident_door *doors;
    struct incident x = {.id = text(map, "id"),
                         .cluster = text(map, "cluster"),
                         .title = text(map, "title"),
                         .first = instant(map, "first"),
                         .last = instant(map, "last"),
                         .stoppable = (size_t)number(map, "stoppable"),
                         .spread = text(map, "spread")};
    must(rule_level_parse(text(map, "severity"), &x.severity));
    FILL(a, map, "actors", struct incident_actor, x.actors, x.n_actors, fill_actor);
    FILL(a, map, "pivots", struct incident_pivot, x.pivots, x.n_pivots, fill_pivot);
    FILL(a, map, "timeline", struct incident_step, x.timeline, x.n_timeline, fill_step);
    FILL(a, map, "objects", struct incident_object, x.objects, x.n_objects, fill_object);
    FILL(a, map, "indicators", struct incident_indicator, x.indicators, x.n_indicators, fill_indicator);
    FILL(a, map, "prevention", struct incident_fix, x.prevention, x.n_prevention, fill_fix);
    FILL(a, map, "leftovers", struct incident_leftover, x.leftovers, x.n_leftovers, fill_leftover);
    x.cause = cause_of(a, yaml_get(map, STR("cause")));
    fill_vector(a, yaml_get(map, STR("vector")), &x.vector);
    FILL(a, map, "doors", struct incident_door, doors, x.n_doors, fill_door);
    x.doors = doors;
    x.spread_reasons = texts(a, map, "spread_reasons", &x.n_spread_reasons);
    x.severity_reasons = texts(a, map, "severity_reasons", &x.n_severity_reasons);
    x.certain = texts(a, map, "certain", &x.n_certain);
    x.inferred = texts(a, map, "inferred", &x.n_inferred);
    x.unknown = texts(a, map, "unknown", &x.n_unknown);
    add_rules(a, &x, rules, n_rules);
    return x;
}
