// SPDX-License-Identifier: Apache-2.0
#include "engine/controls/exemptions.h"

#include "base/time.h"

#include <stdlib.h>

enum { EXEMPTIONS_MAX = 100000, DAY_SECONDS = 86400 };

struct entry {
    struct exemption exemption;
    struct str control, object, cluster; // patterns; ptr NULL: any
    struct place place;
    bool used;
};

struct exemptions {
    struct arena arena;
    struct entry *items;
    size_t n;
};

void exemptions_free(struct exemptions *e)
{
    if (!e)
        return;
    arena_fini(&e->arena);
    free(e);
}

static status bad(struct yaml_source source, const struct yaml_value *v, const char *why, struct diags *diags)
{
    const struct place place = yaml_place(source, v);
    diags_add(diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static status read_text(struct yaml_source source, const struct yaml_value *map, struct str key, struct str *out, struct diags *diags)
{
    const struct yaml_value *v = yaml_get(map, key);
    *out = v ? yaml_text(v) : STR_NONE;
    return v && !out->len ? bad(source, v, "this is no text", diags) : ST_OK;
}

// Whether it still holds. The last day counts as a whole, in UTC.
static status read_end(struct yaml_source source, const struct yaml_value *map, struct str until, int64_t now, bool *holds, struct arena *a,
                       struct diags *diags)
{
    int64_t end;
    *holds = true;
    if (!until.len)
        return ST_OK;
    const struct str text = arena_printf(a, "%.*sT00:00:00Z", STR_ARG(until));
    if (until.len != 10 || !time_parse(text, &end))
        return bad(source, yaml_get(map, STR("until")), "until is a day: 2027-01-31", diags);
    *holds = now < end + DAY_SECONDS * NS_PER_SECOND;
    if (!*holds) {
        const struct place place = yaml_place(source, map);
        diags_add(diags, DIAG_WARNING, &place, "this exemption ran out on %.*s, and does not count", STR_ARG(until));
    }
    return ST_OK;
}

static status read_entry(struct exemptions *e, struct yaml_source source, const struct yaml_value *v, int64_t now, struct diags *diags)
{
    struct entry *entry = &e->items[e->n];
    bool holds;
    if (v->kind != YAML_MAP)
        return bad(source, v, "an exemption is a map: control, reason, and as need be object, cluster, until", diags);
    for (const struct yaml_value *m = v->first; m; m = m->next) {
        if (!str_eq(m->key, STR("control")) && !str_eq(m->key, STR("object")) && !str_eq(m->key, STR("cluster")) &&
            !str_eq(m->key, STR("reason")) && !str_eq(m->key, STR("until")))
            return bad(source, m, "an exemption has control, object, cluster, reason and until", diags);
    }
    TRY(read_text(source, v, STR("control"), &entry->control, diags));
    TRY(read_text(source, v, STR("object"), &entry->object, diags));
    TRY(read_text(source, v, STR("cluster"), &entry->cluster, diags));
    TRY(read_text(source, v, STR("reason"), &entry->exemption.reason, diags));
    TRY(read_text(source, v, STR("until"), &entry->exemption.until, diags));
    if (!entry->control.len || !entry->exemption.reason.len)
        return bad(source, v, "an exemption needs a control and a reason", diags);
    TRY(read_end(source, v, entry->exemption.until, now, &holds, &e->arena, diags));
    entry->place = (struct place){.file = arena_str(&e->arena, source.name), .line = v->line};
    e->n += holds;
    return ST_OK;
}

static status read_list(struct exemptions *e, struct yaml_source source, int64_t now, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n = 0;
    TRY(yaml_read(&e->arena, source, YAML_LIMITS_DEFAULT, &documents, &n, diags));
    if (n == 0)
        return ST_OK;
    if (n > 1 || documents[0]->kind != YAML_LIST || documents[0]->count > EXEMPTIONS_MAX)
        return bad(source, documents[0], "exemptions are one list", diags);
    e->items = arena_array(&e->arena, struct entry, documents[0]->count + 1);
    for (const struct yaml_value *v = documents[0]->first; v; v = v->next)
        TRY(read_entry(e, source, v, now, diags));
    return ST_OK;
}

status exemptions_read(struct exemptions **out, struct yaml_source source, int64_t now, struct diags *diags)
{
    struct exemptions *e = must_alloc(calloc(1, sizeof *e));
    arena_init(&e->arena, ARENA_UNLIMITED);
    const status result = read_list(e, source, now, diags);
    *out = e;
    if (result != ST_OK) {
        exemptions_free(e);
        *out = NULL;
    }
    return result;
}

const struct exemption *exemptions_find(struct exemptions *e, struct str cluster, struct str control, const struct finding_object *object)
{
    struct buf name;
    const struct exemption *found = NULL;
    buf_init(&name, SIZE_MAX);
    buf_add(&name, object->kind);
    buf_add_char(&name, ' ');
    buf_add(&name, object->ns.ptr ? object->ns : STR(""));
    buf_add(&name, object->ns.len ? STR("/") : STR(""));
    buf_add(&name, object->name.ptr ? object->name : STR(""));
    for (size_t i = 0; i < e->n && !found; i++) {
        struct entry *entry = &e->items[i];
        if (!str_glob(control, entry->control) || (entry->cluster.ptr && !str_glob(cluster, entry->cluster)) ||
            (entry->object.ptr && !str_glob(buf_str(&name), entry->object)))
            continue;
        entry->used = true;
        found = &entry->exemption;
    }
    buf_fini(&name);
    return found;
}

void exemptions_tell_unused(const struct exemptions *e, struct diags *diags)
{
    for (size_t i = 0; i < e->n; i++) {
        if (!e->items[i].used)
            diags_add(diags, DIAG_NOTE, &e->items[i].place, "this exemption is about nothing that was found");
    }
}
