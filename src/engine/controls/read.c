// SPDX-License-Identifier: Apache-2.0
// A control is a Sigma rule that tells what is unhealthy, and a key `posture` beside it: its short id, its points, and what it is over.
#include "engine/controls/private.h"

#include "base/map.h"

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

static enum severity severity_of(const struct rule *rule)
{
    return rule->level == LEVEL_INFORMATIONAL ? SEVERITY_LOW : (enum severity)(rule->level - 1);
}

static struct str default_needs(struct controls *c, const struct control *control)
{
    struct str text = control->over_pods ? STR("pods") : control->over[0];
    for (size_t i = 1; i < control->n_over; i++)
        text = arena_printf(&c->arena, "%.*s or %.*s", STR_ARG(text), STR_ARG(control->over[i]));
    return text;
}

static struct finding_control control_of(struct controls *c, const struct yaml_value *id, const struct rule *rule)
{
    struct control_about *about = arena_new(&c->arena, struct control_about);
    *about = (struct control_about){.why = str_trim(rule->description),
                                    .references = rule->references,
                                    .n_references = rule->n_references,
                                    .tags = rule->tags,
                                    .n_tags = rule->n_tags};
    return (struct finding_control){arena_str(&c->arena, yaml_text(id)), rule->title, severity_of(rule), about};
}

static status read_control(struct controls *c, struct yaml_source source, const struct yaml_value *posture, uint32_t at,
                           struct diags *diags)
{
    const struct yaml_value *over = yaml_get(posture, STR("over"));
    const struct rule *rule = &c->pack->rules->rules[at];
    struct control *control = &c->items[c->n++];
    struct control_score *s = &control->score;
    *control = (struct control){.rule = at, .unassessed = NO_RULE};
    s->control = control_of(c, yaml_get(posture, STR("id")), rule);
    s->fix = str_trim(rule->advice);
    control->per_cluster = str_eq(yaml_text(yaml_get(posture, STR("per"))), STR("cluster"));
    if (!s->control.id.len || !yaml_number(yaml_get(posture, STR("points")), &s->points) || !over || read_over(c, control, over) != ST_OK)
        return bad(source, posture, "posture has an id, points, and over: pods or a list of kinds", diags);
    struct str named = yaml_text(yaml_get(posture, STR("named")));
    if (named.ptr) {
        control->ns = arena_str(&c->arena, str_split(&named, '/'));
        control->name = arena_str(&c->arena, named.ptr ? named : STR(""));
    }
    const struct str needs = yaml_text(yaml_get(posture, STR("needs")));
    s->needs = needs.len ? arena_str(&c->arena, needs) : default_needs(c, control);
    return ST_OK;
}

// A rule with `unassessed: ID` tells where the objects do not decide about that control. It stands behind it.
static status read_companion(struct controls *c, struct yaml_source source, const struct yaml_value *posture, uint32_t at,
                             struct diags *diags)
{
    const struct str of = yaml_text(yaml_get(posture, STR("unassessed")));
    for (size_t i = 0; i < c->n; i++) {
        if (!str_eq(c->items[i].score.control.id, of))
            continue;
        c->items[i].unassessed = at;
        return ST_OK;
    }
    return bad(source, posture, "no control above has this id", diags);
}

// A rule with `admission: ID` is for policies alone (engine/policies/policies.h): a control over derived records is more exact, and says
// nothing about a single request.
static status read_admission(struct controls *c, struct yaml_source source, const struct yaml_value *posture, uint32_t at,
                             struct diags *diags)
{
    const struct yaml_value *over = yaml_get(posture, STR("over"));
    const struct rule *rule = &c->pack->rules->rules[at];
    struct control *control = &c->admissions[c->n_admissions++];
    *control = (struct control){.rule = at, .unassessed = NO_RULE};
    control->score.control = control_of(c, yaml_get(posture, STR("admission")), rule);
    control->score.fix = str_trim(rule->advice);
    if (!control->score.control.id.len || !over || read_over(c, control, over) != ST_OK)
        return bad(source, posture, "posture has an admission, and over: pods or a list of kinds", diags);
    return ST_OK;
}

static status read_document(struct controls *c, struct yaml_source source, const struct yaml_value *document, const struct map *by_id,
                            struct diags *diags)
{
    const struct yaml_value *posture = yaml_get(document, STR("posture")), *id = yaml_get(document, STR("id"));
    const uint64_t *place = id ? map_get(by_id, yaml_text(id)) : NULL;
    if (!posture || !place)
        return bad(source, document, "a control has an id, and a key posture", diags);
    if (yaml_get(posture, STR("unassessed")))
        return read_companion(c, source, posture, (uint32_t)*place, diags);
    if (yaml_get(posture, STR("admission")))
        return read_admission(c, source, posture, (uint32_t)*place, diags);
    return read_control(c, source, posture, (uint32_t)*place, diags);
}

static status read_source(struct controls *c, struct yaml_source source, const struct map *by_id, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n;
    TRY(yaml_read(&c->arena, source, YAML_LIMITS_DEFAULT, &documents, &n, diags));
    for (size_t i = 0; i < n; i++)
        TRY(read_document(c, source, documents[i], by_id, diags));
    return ST_OK;
}

status controls_read(struct controls *c, struct diags *diags)
{
    struct map by_id = {0};
    status result = ST_OK;
    const struct ruleset *rules = c->pack->rules;
    c->items = arena_array(&c->arena, struct control, rules->n);
    c->admissions = arena_array(&c->arena, struct control, rules->n);
    c->scores = arena_array(&c->arena, struct control_score, rules->n);
    for (size_t i = 0; i < rules->n; i++)
        *map_put(&by_id, rules->rules[i].id, NULL) = i;
    for (size_t i = 0; i < c->pack->n_sources && result == ST_OK; i++)
        result = read_source(c, c->pack->sources[i], &by_id, diags);
    map_fini(&by_id);
    return result;
}
