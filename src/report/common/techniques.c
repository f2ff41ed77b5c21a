// SPDX-License-Identifier: Apache-2.0
#include "report/common/techniques.h"

#include <stdlib.h>

enum { TAG_MAX = 128 }; // bytes of a tag that can mean something

static struct str required_text(const struct yaml_value *item, struct str key, struct yaml_source source, struct diags *diags)
{
    struct str text = yaml_text(yaml_get(item, key));
    if (text.len == 0) {
        struct place place = yaml_place(source, item);
        diags_add(diags, DIAG_ERROR, &place, "an entry needs a text '%.*s'", STR_ARG(key));
        return STR_NONE;
    }
    return text;
}

static status add_name(struct techniques *t, struct str name, uint64_t index, const struct yaml_value *at, struct yaml_source source,
                       struct diags *diags)
{
    bool added;
    uint64_t *value = map_put(&t->names, arena_lower(&t->arena, name), &added);
    if (!added) {
        struct place place = yaml_place(source, at);
        diags_add(diags, DIAG_ERROR, &place, "'%.*s' is named twice", STR_ARG(name));
        return ST_INPUT;
    }
    *value = index;
    return ST_OK;
}

static status load_tactic(struct techniques *t, const struct yaml_value *item, struct yaml_source source, struct diags *diags)
{
    if (t->n_tactics == TACTICS_MAX) {
        struct place place = yaml_place(source, item);
        diags_add(diags, DIAG_ERROR, &place, "more than %d tactics", TACTICS_MAX);
        return ST_LIMIT;
    }
    struct tactic *tactic = &t->tactics[t->n_tactics];
    const struct yaml_value *drawn = yaml_get(item, STR("drawn"));
    tactic->id = required_text(item, STR("id"), source, diags);
    tactic->tag = required_text(item, STR("tag"), source, diags);
    tactic->name = required_text(item, STR("name"), source, diags);
    tactic->drawn = drawn && drawn->kind == YAML_BOOL && drawn->boolean;
    if (!tactic->id.ptr || !tactic->tag.ptr || !tactic->name.ptr)
        return ST_INPUT;
    return add_name(t, tactic->tag, t->n_tactics++, item, source, diags);
}

static status load_technique(struct techniques *t, const struct yaml_value *item, struct yaml_source source, struct diags *diags)
{
    struct technique *technique = &t->items[t->n];
    technique->id = required_text(item, STR("id"), source, diags);
    technique->name = required_text(item, STR("name"), source, diags);
    if (!technique->id.ptr || !technique->name.ptr)
        return ST_INPUT;
    const struct yaml_value *tactics = yaml_get(item, STR("tactics"));
    for (const struct yaml_value *v = tactics ? tactics->first : NULL; v; v = v->next) {
        const uint64_t *index = map_get(&t->names, yaml_text(v));
        if (!index || *index >= TACTICS_MAX) {
            struct place place = yaml_place(source, v);
            diags_add(diags, DIAG_ERROR, &place, "unknown tactic '%.*s'", STR_ARG(yaml_text(v)));
            return ST_INPUT;
        }
        technique->tactics |= 1u << *index;
    }
    const struct yaml_value *attack = yaml_get(item, STR("attack"));
    technique->attack = attack ? arena_array(&t->arena, struct str, attack->count) : NULL;
    for (const struct yaml_value *v = attack ? attack->first : NULL; v; v = v->next)
        technique->attack[technique->n_attack++] = yaml_text(v);
    return add_name(t, technique->id, TACTICS_MAX + t->n++, item, source, diags);
}

// Resource Hijacking is T1496 and MS-TA9039: one cell of the matrix, whichever a rule names.
static const uint64_t *find_lower(const struct techniques *t, struct str name)
{
    char lower[64];
    size_t n = name.len < sizeof lower ? name.len : sizeof lower;
    for (size_t i = 0; i < n; i++)
        lower[i] = char_lower(name.ptr[i]);
    return map_get(&t->names, str_make(lower, n));
}

static status load_act(struct techniques *t, const struct yaml_value *item, struct yaml_source source, struct diags *diags)
{
    struct str name = required_text(item, STR("act"), source, diags);
    const uint64_t *technique = find_lower(t, required_text(item, STR("technique"), source, diags)),
                   *tactic = find_lower(t, required_text(item, STR("tactic"), source, diags));
    size_t act = 0;
    while (act < ACTS && !str_eq(act_name((enum act)act), name))
        act++;
    if (act < ACTS && technique && *technique >= TACTICS_MAX && tactic && *tactic < TACTICS_MAX) {
        t->acts[act] = (struct hit){*tactic, *technique - TACTICS_MAX};
        return ST_OK;
    }
    struct place place = yaml_place(source, item);
    diags_add(diags, DIAG_ERROR, &place, "an act is a kind that davy knows, with a technique and a tactic of this table");
    return ST_INPUT;
}

// Every kind of act when there is one; a table without them shows steps by their rules alone.
static status load_acts(struct techniques *t, const struct yaml_value *document, struct yaml_source source, struct diags *diags)
{
    const struct yaml_value *acts = yaml_get(document, STR("acts"));
    for (size_t i = 0; i < ACTS; i++)
        t->acts[i] = (struct hit){TECHNIQUE_NONE, TECHNIQUE_NONE};
    for (const struct yaml_value *v = acts ? acts->first : NULL; v; v = v->next)
        TRY(load_act(t, v, source, diags));
    for (size_t i = 0; acts && i < ACTS; i++)
        if (t->acts[i].tactic == TECHNIQUE_NONE) {
            struct place place = yaml_place(source, document);
            diags_add(diags, DIAG_ERROR, &place, "the list 'acts' lacks %.*s", STR_ARG(act_name((enum act)i)));
            return ST_INPUT;
        }
    return ST_OK;
}

static void find_same(struct techniques *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->items[i].same = i;
    for (size_t i = 0; i < t->n; i++)
        for (size_t a = 0; a < t->items[i].n_attack; a++) {
            const uint64_t *other = map_get(&t->names, arena_lower(&t->arena, t->items[i].attack[a]));
            if (other && *other >= TACTICS_MAX && str_eq_ci(t->items[*other - TACTICS_MAX].name, t->items[i].name))
                t->items[*other - TACTICS_MAX].same = i;
        }
}

static status load_document(struct techniques *t, const struct yaml_value *document, struct yaml_source source, struct diags *diags)
{
    const struct yaml_value *tactics = yaml_get(document, STR("tactics"));
    const struct yaml_value *items = yaml_get(document, STR("techniques"));
    if (!tactics || tactics->kind != YAML_LIST || !items || items->kind != YAML_LIST) {
        struct place place = yaml_place(source, document);
        diags_add(diags, DIAG_ERROR, &place, "a technique table needs the lists 'tactics' and 'techniques'");
        return ST_INPUT;
    }
    t->tactics = arena_array(&t->arena, struct tactic, TACTICS_MAX);
    t->items = arena_array(&t->arena, struct technique, items->count);
    for (const struct yaml_value *v = tactics->first; v; v = v->next)
        TRY(load_tactic(t, v, source, diags));
    for (const struct yaml_value *v = items->first; v; v = v->next)
        TRY(load_technique(t, v, source, diags));
    find_same(t);
    return load_acts(t, document, source, diags);
}

static status load(struct techniques *t, struct yaml_source source, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n;
    TRY(yaml_read(&t->arena, source, YAML_LIMITS_DEFAULT, &documents, &n, diags));
    if (n != 1) {
        struct place place = {.file = source.name};
        diags_add(diags, DIAG_ERROR, &place, "a technique table is one YAML document, this file has %zu", n);
        return ST_INPUT;
    }
    return load_document(t, documents[0], source, diags);
}

status techniques_load(struct techniques **out, struct yaml_source source, struct diags *diags)
{
    struct techniques *t = must_alloc(calloc(1, sizeof *t));
    arena_init(&t->arena, ARENA_UNLIMITED); // what a file may claim is bounded by YAML_LIMITS_DEFAULT
    status result = load(t, source, diags);
    if (result != ST_OK) {
        techniques_free(t);
        t = NULL;
    }
    *out = t;
    return result;
}

void techniques_free(struct techniques *t)
{
    if (!t)
        return;
    map_fini(&t->names);
    arena_fini(&t->arena);
    free(t);
}

// --- tags ---------------------------------------------------------------------------------------------------------------------------

static const uint64_t *find_name(const struct techniques *t, struct str name)
{
    const uint64_t *index = map_get(&t->names, name);
    size_t dot = str_find_char(name, '.', 0);
    if (!index && dot != SIZE_MAX) // a sub-technique the table does not know is at least its technique
        index = map_get(&t->names, str_slice(name, 0, dot));
    return index;
}

// attack.t1610, attack.privilege_escalation, ms.ta9008: namespace and name, `_` and `-` meaning the same.
static const uint64_t *find_tag(const struct techniques *t, struct str tag)
{
    char name[TAG_MAX + 3] = "ms-";
    if (tag.len > TAG_MAX)
        return NULL;
    size_t dot = str_find_char(tag, '.', 0);
    if (dot == SIZE_MAX)
        return NULL;
    size_t len = 3;
    for (size_t i = dot + 1; i < tag.len; i++)
        name[len++] = tag.ptr[i] == '_' ? '-' : char_lower(tag.ptr[i]);
    struct str space = str_slice(tag, 0, dot);
    if (str_eq_ci(space, STR("ms")))
        return find_name(t, str_make(name, len));
    if (str_eq_ci(space, STR("attack")) || str_eq_ci(space, STR("microsoft")))
        return find_name(t, str_make(name + 3, len - 3));
    return NULL;
}

static struct str base_id(struct str id)
{
    return str_slice(id, 0, str_find_char(id, '.', 0));
}

// Whether `a` (of Microsoft's matrix) is said to be the same act as `b`; sub-techniques count as their technique.
static bool covers(const struct technique *a, const struct technique *b)
{
    for (size_t i = 0; i < a->n_attack; i++)
        if (str_eq(base_id(a->attack[i]), base_id(b->id)))
            return true;
    return false;
}

struct tagged {
    uint32_t tactics;
    size_t techniques[HITS_MAX];
    size_t n;
};

static struct tagged read_tags(const struct techniques *t, const struct rule *rule)
{
    struct tagged tagged = {0};
    for (size_t i = 0; i < rule->n_tags; i++) {
        const uint64_t *index = find_tag(t, rule->tags[i]);
        if (index && *index < TACTICS_MAX)
            tagged.tactics |= 1u << *index;
        else if (index && tagged.n < HITS_MAX)
            tagged.techniques[tagged.n++] = t->items[*index - TACTICS_MAX].same;
    }
    return tagged;
}

static void add_hit(struct hit *out, size_t *n, struct hit hit)
{
    for (size_t i = 0; i < *n; i++)
        if (out[i].tactic == hit.tactic && out[i].technique == hit.technique)
            return;
    if (*n < HITS_MAX)
        out[(*n)++] = hit;
}

static uint32_t lit(const struct hit *hits, size_t n)
{
    uint32_t tactics = 0;
    for (size_t i = 0; i < n; i++)
        tactics |= 1u << hits[i].tactic;
    return tactics;
}

static void light(const struct techniques *t, uint32_t tactics, size_t technique, struct hit *out, size_t *n)
{
    for (size_t i = 0; i < t->n_tactics; i++)
        if (tactics >> i & 1)
            add_hit(out, n, (struct hit){i, technique});
}

static bool is_covered(const struct techniques *t, const struct tagged *tagged, size_t technique)
{
    for (size_t i = 0; i < tagged->n; i++)
        if (covers(&t->items[tagged->techniques[i]], &t->items[technique]))
            return true;
    return false;
}

size_t techniques_of(const struct techniques *t, const struct rule *rule, struct hit out[HITS_MAX])
{
    struct tagged tagged = read_tags(t, rule);
    size_t n = 0;
    for (size_t i = 0; i < tagged.n; i++) {
        uint32_t serves = t->items[tagged.techniques[i]].tactics;
        if (!is_covered(t, &tagged, tagged.techniques[i]))
            light(t, serves & tagged.tactics ? serves & tagged.tactics : serves, tagged.techniques[i], out, &n);
    }
    // The other matrix's name for the same act only where it adds a tactic that was tagged.
    for (size_t i = 0; i < tagged.n; i++)
        if (is_covered(t, &tagged, tagged.techniques[i]))
            light(t, t->items[tagged.techniques[i]].tactics & tagged.tactics & ~lit(out, n), tagged.techniques[i], out, &n);
    light(t, tagged.tactics & ~lit(out, n), TECHNIQUE_NONE, out, &n);
    return n;
}
