// SPDX-License-Identifier: Apache-2.0
#include "engine/finding.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    DETAIL_VALUES = 4,   // values of one field shown
    DETAIL_BYTES = 400,  // bytes of one value shown
    COPY_BYTES = 4096,   // bytes kept of any one string of an event
    COPY_ITEMS = 64,     // groups, addresses kept
};

// Field of the dictionary, name of the detail.
static const struct str shown[] = {
    {"pod.image", 9},          {"pod.command", 11},           {"pod.hostpath", 12},    {"binding.role.name", 17},
    {"binding.subject.name", 20}, {"service.type", 12},       {"grant.binding", 13},
};

const struct str *finding_shown(size_t *n)
{
    *n = sizeof shown / sizeof shown[0];
    return shown;
}

void block_result_init(struct block_result *r)
{
    *r = (struct block_result){0};
    arena_init(&r->arena, ARENA_UNLIMITED);
}

void block_result_clear(struct block_result *r)
{
    struct finding *findings = r->findings;
    struct arena arena = r->arena;
    size_t cap = r->cap_findings;
    arena_reset(&arena);
    *r = (struct block_result){.findings = findings, .cap_findings = cap, .arena = arena};
}

void block_result_fini(struct block_result *r)
{
    arena_fini(&r->arena);
    free(r->findings);
    *r = (struct block_result){0};
}

static struct str keep(struct arena *a, struct str s)
{
    return arena_str(a, str_slice(s, 0, COPY_BYTES));
}

static struct str *keep_list(struct arena *a, const struct str *list, size_t *n)
{
    if (*n > COPY_ITEMS)
        *n = COPY_ITEMS;
    struct str *copy = arena_array(a, struct str, *n);
    for (size_t i = 0; i < *n; i++)
        copy[i] = keep(a, list[i]);
    return copy;
}

// The last address is the one that counts: of too long a list the end is kept.
static void keep_addresses(struct arena *a, struct event_actor *actor)
{
    if (actor->n_addresses > COPY_ITEMS) {
        actor->addresses += actor->n_addresses - COPY_ITEMS;
        actor->n_addresses = COPY_ITEMS;
    }
    actor->addresses = keep_list(a, actor->addresses, &actor->n_addresses);
}

static void keep_event(struct arena *a, struct event *e)
{
    struct str *strings[] = {
        &e->audit_id,          &e->stage,           &e->level,          &e->decision,         &e->reason,         &e->actor.principal,
        &e->actor.uid,         &e->actor.impersonated, &e->actor.agent, &e->actor.credential_id, &e->actor.pod,   &e->actor.node,
        &e->action.verb,       &e->action.group,    &e->action.version, &e->action.resource,  &e->action.subresource,
        &e->action.namespace,  &e->action.name,     &e->action.uri,     &e->action.command,
    };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        *strings[i] = keep(a, *strings[i]);
    e->actor.groups = keep_list(a, e->actor.groups, &e->actor.n_groups);
    e->actor.impersonated_groups = keep_list(a, e->actor.impersonated_groups, &e->actor.n_impersonated_groups);
    keep_addresses(a, &e->actor);
}

// Several values of a field in one line: "a, b, ...".
static struct str join_values(struct arena *a, const struct scalar *values, size_t n)
{
    struct buf out;
    size_t used = 0;
    buf_init(&out, (DETAIL_BYTES + 8) * (DETAIL_VALUES + 1));
    for (size_t i = 0; i < n; i++) {
        if (!values[i].text.ptr || values[i].kind == JSON_NULL)
            continue;
        if (used == DETAIL_VALUES) {
            buf_add(&out, STR(", ..."));
            break;
        }
        if (used++)
            buf_add(&out, STR(", "));
        buf_add(&out, str_slice(values[i].text, 0, DETAIL_BYTES));
        if (values[i].text.len > DETAIL_BYTES)
            buf_add(&out, STR("..."));
    }
    struct str joined = used ? arena_str(a, buf_str(&out)) : STR_NONE;
    buf_fini(&out);
    return joined;
}

static void add_details(struct block_result *r, struct finding *f, struct matcher *m)
{
    size_t n_shown = sizeof shown / sizeof shown[0];
    struct alert_detail *details = arena_array(&r->arena, struct alert_detail, n_shown + 2);
    if (f->event.action.command.ptr)
        details[f->n_details++] = (struct alert_detail){STR("exec.command"), f->event.action.command};
    if (f->event.actor.impersonated.ptr)
        details[f->n_details++] = (struct alert_detail){STR("impersonated.name"), f->event.actor.impersonated};
    for (size_t i = 0; i < n_shown; i++) {
        size_t n;
        const struct scalar *values = matcher_shown(m, i, &n);
        struct str value = join_values(&r->arena, values, n);
        if (value.ptr)
            details[f->n_details++] = (struct alert_detail){shown[i], value};
    }
    f->details = details;
}

static const struct finding_rule *keep_hits(struct arena *a, struct matcher *m, const struct ruleset *rules, size_t *n)
{
    const uint32_t *hits = matcher_hits(m, n);
    struct finding_rule *kept = arena_array(a, struct finding_rule, *n);
    for (size_t i = 0; i < *n; i++) {
        size_t captures = rules->rules[hits[i]].n_captures;
        kept[i].rule = hits[i];
        kept[i].captures = keep_list(a, matcher_captures(m, hits[i]), &captures);
        kept[i].n_captures = captures;
    }
    return kept;
}

void block_result_add(struct block_result *r, struct matcher *m, const struct ruleset *rules, uint64_t line, uint32_t item)
{
    if (r->n_findings == r->cap_findings) {
        r->cap_findings = r->cap_findings ? r->cap_findings * 2 : 64;
        r->findings = must_alloc(reallocarray(r->findings, r->cap_findings, sizeof *r->findings));
    }
    struct finding *f = &r->findings[r->n_findings++];
    *f = (struct finding){.line = line, .item = item, .time = matcher_time(m)};
    f->rules = keep_hits(&r->arena, m, rules, &f->n_rules);
    const struct json_value *tree = matcher_tree(m);
    struct arena *a = &r->arena;
    f->is_event = tree && event_decode(&f->event, tree, a);
    if (!f->is_event)
        f->event = (struct event){.time = f->time, .received = TIME_NONE};
    keep_event(a, &f->event);
    bool told = false;
    for (size_t i = 0; i < f->n_rules; i++)
        told = told || !rules->rules[f->rules[i].rule].silent;
    if (told)
        add_details(r, f, m);
}

void finding_copy(struct finding *out, const struct finding *f, struct arena *a)
{
    *out = *f;
    keep_event(a, &out->event);
    struct alert_detail *details = arena_array(a, struct alert_detail, f->n_details);
    for (size_t i = 0; i < f->n_details; i++)
        details[i] = (struct alert_detail){f->details[i].name, keep(a, f->details[i].value)};
    out->details = details;
    struct finding_rule *rules = arena_array(a, struct finding_rule, f->n_rules);
    for (size_t i = 0; i < f->n_rules; i++) {
        rules[i] = f->rules[i];
        rules[i].captures = keep_list(a, f->rules[i].captures, &rules[i].n_captures);
    }
    out->rules = rules;
}

void block_result_add_bad(struct block_result *r, uint64_t line, uint32_t item, const struct json_error *error)
{
    r->bad_records++;
    if (r->n_bad < BAD_RECORDS_MAX)
        r->bad[r->n_bad++] = (struct bad_record){line, item, error->offset, error->reason};
}
