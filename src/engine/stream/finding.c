// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/finding.h"

#include "base/status.h"
#include "engine/stream/shelf.h"

#include <stdlib.h>
#include <string.h>

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

static const struct finding_rule *keep_hits(struct arena *a, struct matcher *m, const struct ruleset *rules, size_t *n)
{
    const uint32_t *hits = matcher_hits(m, n);
    struct finding_rule *kept = arena_array(a, struct finding_rule, *n);
    for (size_t i = 0; i < *n; i++) {
        size_t n_sets;
        const struct str *captures = matcher_captures(m, hits[i], &n_sets);
        size_t n_captures = n_sets * rules->rules[hits[i]].n_captures;
        struct str *copies = arena_array(a, struct str, n_captures);
        for (size_t k = 0; k < n_captures; k++)
            copies[k] = arena_str(a, captures[k]);
        kept[i] = (struct finding_rule){hits[i], copies, n_sets, n_captures};
    }
    return kept;
}

struct finding *block_result_add(struct block_result *r, struct matcher *m, const struct ruleset *rules, struct str record, uint64_t line,
                                 uint32_t item)
{
    if (r->n_findings == r->cap_findings) {
        r->cap_findings = r->cap_findings ? r->cap_findings * 2 : 64;
        r->findings = must_alloc(reallocarray(r->findings, r->cap_findings, sizeof *r->findings));
    }
    struct finding *f = &r->findings[r->n_findings++];
    *f = (struct finding){.record = record, .line = line, .item = item, .time = matcher_time(m), .identity = matcher_identity(m)};
    f->audit_id = arena_str(&r->arena, matcher_audit_id(m));
    f->rules = keep_hits(&r->arena, m, rules, &f->n_rules);
    return f;
}

void block_result_add_bad(struct block_result *r, uint64_t line, uint32_t item, const struct json_error *error)
{
    r->bad_records++;
    if (r->n_bad < BAD_RECORDS_MAX)
        r->bad[r->n_bad++] = (struct bad_record){line, item, error->offset, error->reason};
}

// --- copies -----------------------------------------------------------------------------------------------------------------------

static size_t size_of(const struct finding *f)
{
    size_t size = f->record.len + JSON_PADDING + f->audit_id.len + f->n_rules * sizeof *f->rules;
    for (size_t i = 0; i < f->n_rules; i++) {
        size += f->rules[i].n_captures * sizeof *f->rules[i].captures;
        for (size_t k = 0; k < f->rules[i].n_captures; k++)
            size += f->rules[i].captures[k].len;
    }
    return size;
}

static struct str copy_text(char **memory, struct str s)
{
    if (!s.ptr)
        return s;
    struct str copy = str_make(*memory, s.len);
    if (s.len)
        memcpy(*memory, s.ptr, s.len);
    *memory += s.len;
    return copy;
}

// Arrays first, because they are aligned; then texts.
static void copy(struct finding *out, const struct finding *f, char *memory)
{
    struct finding_rule *rules = (void *)memory;
    struct str *captures = (void *)(rules + f->n_rules);
    *out = *f;
    out->rules = rules;
    for (size_t i = 0; i < f->n_rules; i++) {
        rules[i] = f->rules[i];
        rules[i].captures = captures;
        captures += f->rules[i].n_captures;
    }
    memory = (char *)captures;
    captures = (void *)(rules + f->n_rules);
    for (size_t i = 0; i < f->n_rules; i++)
        for (size_t k = 0; k < f->rules[i].n_captures; k++)
            *captures++ = copy_text(&memory, f->rules[i].captures[k]);
    out->audit_id = copy_text(&memory, f->audit_id);
    out->record = copy_text(&memory, f->record);
    memset(memory, 0, JSON_PADDING);
}

struct held *finding_hold(const struct finding *f, const struct cluster_place *place, int64_t time, struct shelf *shelf)
{
    size_t size = size_of(f);
    struct held *held = shelf_take(shelf, sizeof *held + size);
    if (!held)
        return NULL;
    *held = (struct held){.time = time, .place = *place, .size = size};
    copy(&held->finding, f, (char *)(held + 1));
    return held;
}
