// SPDX-License-Identifier: Apache-2.0
// Sources in, ruleset out: each document becomes a draft, the drafts are linked.
#include "compile.h"

#include "collection.h"
#include "correlation.h"
#include "detection.h"
#include "filter.h"
#include "header.h"
#include "link.h"
#include "lint.h"

#include <stdlib.h>

static bool read_kind(struct draft *dr, const struct yaml_value **body)
{
    static const struct {
        struct str key;
        enum rule_kind kind;
    } kinds[] = {
        {STR("detection"), RULE_DETECTION},
        {STR("correlation"), RULE_CORRELATION},
        {STR("filter"), RULE_FILTER},
    };
    const struct document *d = &dr->document;
    *body = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct yaml_value *v = yaml_get(d->root, kinds[i].key);
        if (v && *body) {
            refuse(d, key_place(d, v), "a document has one of detection, correlation and filter, not several");
            return false;
        }
        if (v) {
            dr->rule.kind = kinds[i].kind;
            *body = v;
        }
    }
    if (!*body)
        refuse(d, value_place(d, d->root), "not a Sigma document: it has neither detection, nor correlation, nor filter");
    return *body != NULL;
}

static bool read_detection(struct draft *dr, const struct yaml_value *map)
{
    struct selections s;
    struct document *d = &dr->document;
    if (map->kind != YAML_MAP) {
        refuse(d, key_place(d, map), "detection must be a map");
        return false;
    }
    if (!selections_read(d, map, &s))
        return false;
    dr->rule.condition = selections_condition(d, map, &s);
    if (!dr->rule.condition)
        return false;
    lint_unused(d, &s);
    return true;
}

static bool read_document(struct draft *dr, unsigned ordinal)
{
    const struct yaml_value *body;
    if (dr->document.root->kind != YAML_MAP) {
        refuse(&dr->document, value_place(&dr->document, dr->document.root), "not a Sigma document: it is not a map");
        return false;
    }
    if (!read_kind(dr, &body) || !header_read(dr, ordinal))
        return false;
    lint_header(&dr->document, &dr->rule);
    dr->document.judge = lint_judge(&dr->document, &dr->rule);
    switch (dr->rule.kind) {
    case RULE_DETECTION:
        return read_detection(dr, body);
    case RULE_CORRELATION:
        dr->correlation = body;
        return correlation_read(dr);
    case RULE_FILTER:
        return filter_read(dr, body);
    }
    return false;
}

static void add_document(struct drafts *list, struct document d, unsigned ordinal)
{
    struct draft *dr = vec_push(list);
    dr->document = d;
    dr->refused = !read_document(dr, ordinal);
}

static void load_source(struct compile *c, struct drafts *list, struct yaml_source source)
{
    struct yaml_value **documents;
    size_t n;
    struct collection collection = {0};
    // What is wrong with the file is said; its other documents are read all the same.
    status read = yaml_read(c->scratch, source, YAML_LIMITS_DEFAULT, &documents, &n, c->diags);
    (void)read;
    for (size_t i = 0; i < n; i++) {
        struct document d = {.c = c, .source = source, .budget = DOCUMENT_NODES_MAX};
        d.root = collection_next(&collection, &d, documents[i]);
        if (d.root)
            add_document(list, d, collection.shared_id ? collection.members : 1);
    }
}

status ruleset_load(struct ruleset **out, const struct yaml_source *sources, size_t n, const struct rule_options *options,
                    struct diags *diags)
{
    static const struct rule_options none = {0};
    struct ruleset *r = must_alloc(calloc(1, sizeof *r));
    struct arena scratch;
    struct drafts list = {0};
    size_t errors = diags->errors;
    arena_init(&r->arena, ARENA_UNLIMITED);
    arena_init(&scratch, ARENA_UNLIMITED);
    struct compile c = {.arena = &r->arena, .scratch = &scratch, .options = options ? options : &none, .diags = diags};
    for (size_t i = 0; i < n; i++)
        load_source(&c, &list, sources[i]);
    link_drafts(&list, r);
    drafts_fini(&list);
    arena_fini(&scratch);
    *out = r;
    return diags->errors > errors ? ST_INPUT : ST_OK;
}
