// SPDX-License-Identifier: Apache-2.0
#include "engine/coverage/audit_policy.h"

#include <stdlib.h>

enum { STAGES = 4, RULES_MAX = 10000 };
static const struct str stages[STAGES] = {STR("RequestReceived"), STR("ResponseStarted"), STR("ResponseComplete"), STR("Panic")};
static const struct str levels[] = {
    [AUDIT_NONE] = STR("None"),
    [AUDIT_METADATA] = STR("Metadata"),
    [AUDIT_REQUEST] = STR("Request"),
    [AUDIT_REQUEST_RESPONSE] = STR("RequestResponse"),
};

struct words {
    const struct str *items;
    size_t n;
};

struct group_resources {
    struct str group;
    struct words resources, names;
};

struct audit_rule {
    enum audit_level level;
    unsigned line, omitted; // omitted: bits of stages, the policy's own among them
    struct words users, groups, verbs, namespaces, urls;
    const struct group_resources *resources;
    size_t n_resources;
};

struct audit_policy {
    struct arena arena;
    struct audit_rule *rules;
    size_t n;
    unsigned omitted;
};

struct str audit_level_name(enum audit_level level)
{
    return levels[level];
}

size_t audit_policy_rules(const struct audit_policy *p)
{
    return p->n;
}

void audit_policy_free(struct audit_policy *p)
{
    if (!p)
        return;
    arena_fini(&p->arena);
    free(p);
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

struct reading {
    struct audit_policy *policy;
    struct yaml_source source;
    struct diags *diags;
};

static status bad(const struct reading *r, const struct yaml_value *v, const char *why)
{
    const struct place place = yaml_place(r->source, v);
    diags_add(r->diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static bool is_absent(const struct yaml_value *v)
{
    return !v || v->kind == YAML_NULL;
}

static status read_words(const struct reading *r, const struct yaml_value *map, struct str key, struct words *out)
{
    const struct yaml_value *list = yaml_get(map, key);
    *out = (struct words){0};
    if (is_absent(list))
        return ST_OK;
    if (list->kind != YAML_LIST)
        return bad(r, list, "this is no list");
    struct str *items = arena_array(&r->policy->arena, struct str, list->count);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        if (!yaml_text(v).ptr)
            return bad(r, v, "this is no text");
        items[out->n++] = arena_str(&r->policy->arena, yaml_text(v));
    }
    out->items = items;
    return ST_OK;
}

static status read_stages(const struct reading *r, const struct yaml_value *map, unsigned *out)
{
    struct words words;
    TRY(read_words(r, map, STR("omitStages"), &words));
    for (size_t i = 0; i < words.n; i++) {
        size_t stage = 0;
        while (stage < STAGES && !str_eq(words.items[i], stages[stage]))
            stage++;
        if (stage == STAGES)
            return bad(r, yaml_get(map, STR("omitStages")),
                       "there is no such stage; known are RequestReceived, ResponseStarted, "
                       "ResponseComplete and Panic");
        *out |= 1u << stage;
    }
    return ST_OK;
}

static status read_resources(const struct reading *r, const struct yaml_value *rule, struct audit_rule *out)
{
    const struct yaml_value *list = yaml_get(rule, STR("resources"));
    if (is_absent(list))
        return ST_OK;
    if (list->kind != YAML_LIST)
        return bad(r, list, "resources is a list of {group, resources}");
    struct group_resources *items = arena_array(&r->policy->arena, struct group_resources, list->count);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        struct group_resources *g = &items[out->n_resources++];
        if (v->kind != YAML_MAP)
            return bad(r, v, "resources is a list of {group, resources}");
        g->group = arena_str(&r->policy->arena, yaml_text(yaml_get(v, STR("group"))));
        if (!g->group.ptr)
            g->group = STR("");
        TRY(read_words(r, v, STR("resources"), &g->resources));
        TRY(read_words(r, v, STR("resourceNames"), &g->names));
    }
    out->resources = items;
    return ST_OK;
}

static status read_rule(const struct reading *r, const struct yaml_value *v, struct audit_rule *out)
{
    const struct yaml_value *level = yaml_get(v, STR("level"));
    size_t i = 0;
    while (level && i < sizeof levels / sizeof *levels && !str_eq(yaml_text(level), levels[i]))
        i++;
    if (!level || i == sizeof levels / sizeof *levels)
        return bad(r, level ? level : v, "a rule has a level: None, Metadata, Request or RequestResponse");
    *out = (struct audit_rule){.level = (enum audit_level)i, .line = v->line, .omitted = r->policy->omitted};
    TRY(read_words(r, v, STR("users"), &out->users));
    TRY(read_words(r, v, STR("userGroups"), &out->groups));
    TRY(read_words(r, v, STR("verbs"), &out->verbs));
    TRY(read_words(r, v, STR("namespaces"), &out->namespaces));
    TRY(read_words(r, v, STR("nonResourceURLs"), &out->urls));
    TRY(read_stages(r, v, &out->omitted));
    if (out->urls.n && (out->namespaces.n || !is_absent(yaml_get(v, STR("resources")))))
        return bad(r, v, "a rule is about resources or about nonResourceURLs, not both");
    return read_resources(r, v, out);
}

static status read_policy(const struct reading *r, const struct yaml_value *v)
{
    const struct yaml_value *rules = yaml_get(v, STR("rules"));
    TRY(read_stages(r, v, &r->policy->omitted));
    if (is_absent(rules) || rules->kind != YAML_LIST || !rules->count)
        return bad(r, v, "a Policy has rules");
    if (rules->count > RULES_MAX)
        return bad(r, rules, "there are too many rules");
    r->policy->rules = arena_array(&r->policy->arena, struct audit_rule, rules->count);
    for (const struct yaml_value *rule = rules->first; rule; rule = rule->next)
        TRY(read_rule(r, rule, &r->policy->rules[r->policy->n++]));
    return ST_OK;
}

static bool is_policy(const struct yaml_value *v)
{
    const struct str version = yaml_text(yaml_get(v, STR("apiVersion")));
    return str_eq(yaml_text(yaml_get(v, STR("kind"))), STR("Policy")) && str_starts(version, STR("audit.k8s.io/"));
}

static status read_documents(const struct reading *r)
{
    struct yaml_value **documents;
    const struct yaml_value *found = NULL;
    size_t n = 0;
    TRY(yaml_read(&r->policy->arena, r->source, YAML_LIMITS_DEFAULT, &documents, &n, r->diags));
    for (size_t i = 0; i < n; i++) {
        if (!is_policy(documents[i]))
            continue;
        if (found)
            return bad(r, documents[i], "there is a second audit policy in the file");
        found = documents[i];
    }
    if (found)
        return read_policy(r, found);
    diags_add(r->diags, DIAG_ERROR, &(struct place){.file = r->source.name},
              "there is no audit policy in it: a document of kind Policy, apiVersion audit.k8s.io/v1");
    return ST_INPUT;
}

status audit_policy_read(struct audit_policy **out, struct yaml_source source, struct diags *diags)
{
    struct audit_policy *p = must_alloc(calloc(1, sizeof *p));
    arena_init(&p->arena, ARENA_UNLIMITED);
    const status result = read_documents(&(struct reading){p, source, diags});
    *out = p;
    if (result != ST_OK) {
        audit_policy_free(p);
        *out = NULL;
    }
    return result;
}

// --- judging ---------------------------------------------------------------------------------------------------------------------

static bool has(struct words words, struct str wanted)
{
    for (size_t i = 0; i < words.n; i++) {
        if (str_eq(words.items[i], wanted))
            return true;
    }
    return false;
}

static bool is_in_groups(struct words groups, const struct event *e)
{
    for (size_t i = 0; i < e->actor.n_groups; i++) {
        if (has(groups, e->actor.groups[i]))
            return true;
    }
    return false;
}

// "pods", "pods/log", "*", "*/scale", and "pods/*", which takes pods themselves, too.
static bool resource_matches(struct str word, const struct event_action *a)
{
    const struct str sub = a->subresource;
    if (str_eq(word, STR("*")))
        return true;
    if (str_ends(word, STR("/*")) && str_eq(str_slice(word, 0, word.len - 2), a->resource))
        return true;
    if (!sub.len)
        return str_eq(word, a->resource);
    if (str_starts(word, STR("*/")) && str_eq(str_slice(word, 2, word.len), sub))
        return true;
    return word.len == a->resource.len + 1 + sub.len && str_starts(word, a->resource) && word.ptr[a->resource.len] == '/' &&
           str_ends(word, sub);
}

static bool is_about_resource(const struct audit_rule *r, const struct event_action *a)
{
    const struct str ns = a->namespace.ptr ? a->namespace : STR(""), name = a->name.ptr ? a->name : STR("");
    const struct str group = a->group.ptr ? a->group : STR("");
    if (!a->resource.len || (r->namespaces.n && !has(r->namespaces, ns)))
        return false;
    for (size_t i = 0; i < r->n_resources; i++) {
        const struct group_resources *g = &r->resources[i];
        if (!str_eq(g->group, group))
            continue;
        if (!g->resources.n)
            return true;
        for (size_t k = 0; k < g->resources.n; k++) {
            if ((!g->names.n || has(g->names, name)) && resource_matches(g->resources.items[k], a))
                return true;
        }
    }
    return !r->n_resources;
}

static bool is_about_path(const struct audit_rule *r, const struct event_action *a)
{
    const struct str path = str_slice(a->uri, 0, str_find_char(a->uri, '?', 0));
    for (size_t i = 0; i < r->urls.n && !a->resource.len; i++) {
        struct str url = r->urls.items[i];
        if (str_eq(url, STR("*")) || str_eq(url, path))
            return true;
        const bool open = str_ends(url, STR("*"));
        while (url.len && url.ptr[url.len - 1] == '*')
            url.len--;
        if (open && str_starts(path, url))
            return true;
    }
    return false;
}

static bool matches(const struct audit_rule *r, const struct event *e)
{
    if (r->users.n && !(e->actor.principal.ptr && has(r->users, e->actor.principal)))
        return false;
    if (r->groups.n && !is_in_groups(r->groups, e))
        return false;
    if (r->verbs.n && !has(r->verbs, e->action.verb))
        return false;
    if (r->namespaces.n || r->n_resources)
        return is_about_resource(r, &e->action);
    return !r->urls.n || is_about_path(r, &e->action);
}

struct audit_verdict audit_policy_judge(const struct audit_policy *p, const struct event *e)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct audit_rule *r = &p->rules[i];
        if (!matches(r, e))
            continue;
        struct audit_verdict v = {.level = r->level, .line = r->line};
        for (size_t stage = 0; stage < STAGES; stage++)
            v.stage_omitted = v.stage_omitted || ((r->omitted >> stage & 1) && str_eq(e->stage, stages[stage]));
        return v;
    }
    return (struct audit_verdict){AUDIT_NONE, 0, false};
}
