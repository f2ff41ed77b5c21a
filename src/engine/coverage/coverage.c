// SPDX-License-Identifier: Apache-2.0
// Stories told through a policy, again and again: as it is, with everything raised to one level after the other, and with the change.
#include "engine/coverage/private.h"

#include "content/content.h"
#include "engine/pack/pack.h"
#include "engine/trial/scenario.h"
#include "os/os.h"

#include <stdlib.h>

enum { PASS_POLICY, PASS_METADATA, PASS_REQUEST, PASS_RESPONSE, PASS_CHANGE, PASSES };
enum { FILE_MAX = 16 << 20, DEPTH_MAX = 32, FILES_MAX = 100000, NEEDS_MAX = 200 };

struct story {
    uint32_t rule;
    bool hit[PASSES];
    size_t first_need, n_needs; // in `missed`: its events that were not logged in full
};

struct coverage_run {
    struct arena arena;
    struct pack *pack;
    struct trial *trial;
    struct audit_policy *policy, *change;
    const struct yaml_value *base;
    VEC(struct yaml_source) files;
    VEC(struct story) stories;
    coverage_needs missed; // of all stories, one after the other
    coverage_needs wanted; // by the stories that are not seen, each once
    VEC(struct str) stages;
    bool spares_secrets;
    struct coverage_rule *rules;
    // of the pass at hand
    unsigned pass;
    size_t at; // the story
    size_t first_need;
    struct arena scratch;
};

// --- what is told ----------------------------------------------------------------------------------------------------------------

static status add_directory(struct coverage_run *r, struct str path, struct diags *diags)
{
    struct os_entry *entries;
    size_t n;
    TRY(os_walk(&r->arena, path, (struct os_walk_limits){.depth = DEPTH_MAX, .entries = FILES_MAX}, &entries, &n, diags));
    for (size_t i = 0; i < n; i++) {
        struct buf text;
        if (!str_ends(entries[i].path, STR(".test.yml")) || pack_is_of_others(STR("audit"), str_slice(entries[i].path, path.len, SIZE_MAX)))
            continue;
        buf_init(&text, FILE_MAX);
        const status result = os_read_file(entries[i].path, FILE_MAX, &text, diags);
        if (result == ST_OK)
            *vec_push(&r->files) = (struct yaml_source){.name = entries[i].path, .text = arena_str(&r->arena, buf_str(&text))};
        buf_fini(&text);
        TRY(result);
    }
    return ST_OK;
}

static status find_stories(struct coverage_run *r, const struct coverage_options *o, struct diags *diags)
{
    size_t n;
    const struct content_file *files = content_below(STR("audit/"), &n);
    for (size_t i = 0; i < n && !o->n_paths; i++) {
        if (str_ends(files[i].name, STR(".test.yml")))
            *vec_push(&r->files) = content_source(&files[i]);
    }
    for (size_t i = 0; i < o->n_paths; i++)
        TRY(add_directory(r, o->paths[i], diags));
    return ST_OK;
}

static status load_base(struct coverage_run *r, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n;
    const struct content_file *file = content_find(STR("events/audit.yml"));
    must(file);
    TRY(yaml_read(&r->arena, content_source(file), YAML_LIMITS_DEFAULT, &documents, &n, diags));
    r->base = documents[0];
    return ST_OK;
}

// --- a pass ----------------------------------------------------------------------------------------------------------------------

static struct coverage_lens lens_of(const struct coverage_run *r)
{
    static const enum audit_level floors[PASSES] = {
        [PASS_METADATA] = AUDIT_METADATA, [PASS_REQUEST] = AUDIT_REQUEST, [PASS_RESPONSE] = AUDIT_REQUEST_RESPONSE};
    const bool raised = r->pass > PASS_POLICY && r->pass < PASS_CHANGE;
    return (struct coverage_lens){r->pass == PASS_CHANGE ? r->change : NULL, r->policy, floors[r->pass], raised || r->pass == PASS_CHANGE};
}

static void keep_need(struct coverage_run *r, const struct coverage_need *need)
{
    if (need->given == AUDIT_REQUEST_RESPONSE && !need->stage.len)
        return;
    for (size_t i = r->first_need; i < r->missed.n; i++) {
        if (need_same(&r->missed.items[i], need))
            return;
    }
    if (r->missed.n - r->first_need >= NEEDS_MAX)
        return;
    struct coverage_need *kept = vec_push(&r->missed);
    *kept = *need;
    kept->verb = arena_str(&r->arena, need->verb);
    kept->group = arena_str(&r->arena, need->group);
    kept->resource = arena_str(&r->arena, need->resource);
    kept->path = arena_str(&r->arena, need->path);
    kept->stage = arena_str(&r->arena, need->stage);
}

static bool on_event(void *context, struct buf *text)
{
    struct coverage_run *r = context;
    const struct coverage_lens lens = lens_of(r);
    struct coverage_need need = {.given = AUDIT_REQUEST_RESPONSE};
    const bool logged = coverage_look(&lens, &r->scratch, text, &need);
    if (r->pass == PASS_POLICY)
        keep_need(r, &need);
    arena_reset(&r->scratch);
    return logged;
}

static void on_told(void *context, uint32_t rule, struct str what, bool hit)
{
    struct coverage_run *r = context;
    (void)what;
    if (r->pass == PASS_POLICY) {
        *vec_push(&r->stories) = (struct story){.rule = rule, .first_need = r->first_need, .n_needs = r->missed.n - r->first_need};
        r->first_need = r->missed.n;
    }
    r->stories.items[r->at++].hit[r->pass] = hit;
}

static status tell_all(struct coverage_run *r, unsigned pass, struct diags *diags)
{
    const struct scenario_watch watch = {r, on_event, on_told};
    r->pass = pass;
    r->at = 0;
    for (size_t i = 0; i < r->files.n; i++)
        TRY(scenario_show(r->trial, r->pack->rules, r->base, r->files.items[i], &watch, diags));
    return ST_OK;
}

// --- what follows ----------------------------------------------------------------------------------------------------------------

static void want_stage(struct coverage_run *r, struct str stage)
{
    for (size_t i = 0; i < r->stages.n; i++) {
        if (str_eq(r->stages.items[i], stage))
            return;
    }
    *vec_push(&r->stages) = stage;
}

static void want(struct coverage_run *r, const struct coverage_need *need)
{
    for (size_t i = 0; i < r->wanted.n; i++) {
        struct coverage_need *w = &r->wanted.items[i];
        if (!need_same(w, need))
            continue;
        w->wanted = w->wanted > need->wanted ? w->wanted : need->wanted;
        return;
    }
    *vec_push(&r->wanted) = *need;
}

// Bodies that hold credentials.
static bool holds_secret(const struct coverage_need *n, enum audit_level level)
{
    return level >= AUDIT_REQUEST && ((!n->group.len && str_eq(n->resource, STR("secrets"))) ||
                                      (str_eq(n->group, STR("authentication.k8s.io")) && str_eq(n->resource, STR("tokenreviews"))));
}

// What a story that is not seen wants of its events.
static void follow(struct coverage_run *r, const struct story *s)
{
    enum audit_level level = AUDIT_METADATA;
    while (level < AUDIT_REQUEST_RESPONSE && !s->hit[level])
        level++;
    for (size_t i = s->first_need; i < s->first_need + s->n_needs; i++) {
        struct coverage_need *need = &r->missed.items[i];
        need->wanted = level;
        need->secret = holds_secret(need, level);
        if (need->stage.len)
            want_stage(r, need->stage);
        if (need->given < level && !need->secret)
            want(r, need);
        r->spares_secrets = r->spares_secrets || (need->given < level && need->secret);
    }
}

static status try_change(struct coverage_run *r, struct coverage *out, struct diags *diags)
{
    for (size_t i = 0; i < r->stories.n; i++) {
        if (!r->stories.items[i].hit[PASS_POLICY] && r->stories.items[i].hit[PASS_RESPONSE])
            follow(r, &r->stories.items[i]);
    }
    // A rule in front takes requests from rules behind it, which may have logged more of them: never lower than the policy does anywhere.
    for (size_t i = 0; i < r->wanted.n; i++) {
        for (size_t k = 0; k < r->missed.n; k++) {
            struct coverage_need *w = &r->wanted.items[i];
            if (need_same(w, &r->missed.items[k]) && r->missed.items[k].given > w->wanted)
                w->wanted = r->missed.items[k].given;
        }
    }
    out->change = coverage_change(&r->arena, &r->wanted);
    out->stages = r->stages.items;
    out->n_stages = r->stages.n;
    if (out->change.len) {
        const struct str text = arena_printf(&r->arena, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n%.*s", STR_ARG(out->change));
        TRY(audit_policy_read(&r->change, (struct yaml_source){.name = STR("change"), .text = text}, diags));
    }
    return tell_all(r, PASS_CHANGE, diags);
}

static int by_blindness(const void *va, const void *vb)
{
    const struct coverage_rule *a = va, *b = vb;
    const int x = a->seen == a->stories ? 2 : a->seen > 0, y = b->seen == b->stories ? 2 : b->seen > 0;
    if (x != y)
        return x - y;
    if (a->rule->level != b->rule->level)
        return a->rule->level > b->rule->level ? -1 : 1;
    return str_cmp(a->rule->id, b->rule->id);
}

static void gather_needs(struct coverage_run *r, struct coverage_rule *c, uint32_t rule)
{
    coverage_needs needs = {0};
    for (size_t i = 0; i < r->stories.n; i++) {
        const struct story *s = &r->stories.items[i];
        for (size_t k = s->first_need; s->rule == rule && !s->hit[PASS_POLICY] && k < s->first_need + s->n_needs; k++) {
            bool known = r->missed.items[k].given >= r->missed.items[k].wanted && !r->missed.items[k].stage.len;
            for (size_t m = 0; m < needs.n && !known; m++)
                known = need_same(&needs.items[m], &r->missed.items[k]);
            if (!known)
                *vec_push(&needs) = r->missed.items[k];
        }
    }
    struct coverage_need *items = arena_array(&r->arena, struct coverage_need, needs.n);
    for (size_t i = 0; i < needs.n; i++)
        items[i] = needs.items[i];
    c->needs = items;
    c->n_needs = needs.n;
    vec_fini(&needs);
}

static void conclude(struct coverage_run *r, struct coverage *out)
{
    const struct ruleset *rules = r->pack->rules;
    r->rules = arena_array(&r->arena, struct coverage_rule, rules->n);
    for (uint32_t i = 0; i < rules->n; i++) {
        struct coverage_rule *c = &r->rules[out->n];
        *c = (struct coverage_rule){.rule = &rules->rules[i]};
        for (size_t k = 0; k < r->stories.n; k++) {
            const struct story *s = &r->stories.items[k];
            const bool counts = s->rule == i && s->hit[PASS_RESPONSE];
            c->stories += counts;
            c->seen += counts && s->hit[PASS_POLICY];
            c->seen_changed += counts && s->hit[PASS_CHANGE];
        }
        if (c->seen < c->stories)
            gather_needs(r, c, i);
        out->n += c->stories > 0;
        out->untold += c->stories == 0 && !rules->rules[i].silent;
    }
    qsort(r->rules, out->n, sizeof *r->rules, by_blindness);
    out->rules = r->rules;
    out->spares_secrets = r->spares_secrets;
}

static status run_all(struct coverage_run *r, const struct coverage_options *o, struct coverage *out, struct diags *diags)
{
    const struct pack_options pack = {.stream = STR("audit"), .paths = o->paths, .n_paths = o->n_paths};
    TRY(audit_policy_read(&r->policy, o->policy, diags));
    TRY(pack_load(&r->pack, &pack, diags));
    TRY(load_base(r, diags));
    TRY(find_stories(r, o, diags));
    TRY(trial_new(&r->trial, r->pack->rules, r->pack->dictionary, JSON_LIMITS_DEFAULT, diags));
    for (unsigned pass = PASS_POLICY; pass < PASS_CHANGE; pass++)
        TRY(tell_all(r, pass, diags));
    TRY(try_change(r, out, diags));
    conclude(r, out);
    return ST_OK;
}

status coverage_run(struct coverage_run **run, const struct coverage_options *options, struct coverage *out, struct diags *diags)
{
    struct coverage_run *r = must_alloc(calloc(1, sizeof *r));
    arena_init(&r->arena, ARENA_UNLIMITED);
    arena_init(&r->scratch, ARENA_UNLIMITED);
    *run = r;
    *out = (struct coverage){0};
    return run_all(r, options, out, diags);
}

void coverage_free(struct coverage_run *r)
{
    if (!r)
        return;
    vec_fini(&r->files);
    vec_fini(&r->stories);
    vec_fini(&r->missed);
    vec_fini(&r->wanted);
    vec_fini(&r->stages);
    trial_free(r->trial);
    pack_free(r->pack);
    audit_policy_free(r->policy);
    audit_policy_free(r->change);
    arena_fini(&r->scratch);
    arena_fini(&r->arena);
    free(r);
}
