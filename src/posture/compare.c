// SPDX-License-Identifier: Apache-2.0
#include "posture/compare.h"

#include "base/map.h"
#include "base/vec.h"
#include "codec/json/json.h"

#include <stdlib.h>

#define NOBODY UINT32_MAX // the end of a chain of entries

// An unhealthy finding of the earlier run.
struct earlier {
    struct changed what;
    struct str cluster, key;         // key: cluster, control and object
    uint32_t next_exact, next_alike; // with the same key and words; with the same key
    bool paired;
};

struct run {
    struct str cluster;
    struct score score;
    bool scored, met;
};

// A finding of the cluster at hand.
struct present {
    struct changed what;
    struct str key;
    enum finding_status status;
};

struct comparison {
    struct arena arena, scratch; // scratch: of the cluster at hand
    VEC(struct earlier) earlier;
    VEC(struct run) runs;
    struct map exact, alike; // to 1 + the first entry of a chain
    VEC(struct present) present;
    VEC(struct changed) changes;
    bool closed; // what there is of `present` is of a cluster that is done with
};

struct comparison *comparison_new(void)
{
    struct comparison *c = must_alloc(calloc(1, sizeof *c));
    arena_init(&c->arena, ARENA_UNLIMITED);
    arena_init(&c->scratch, ARENA_UNLIMITED);
    return c;
}

void comparison_free(struct comparison *c)
{
    if (!c)
        return;
    vec_fini(&c->earlier);
    vec_fini(&c->runs);
    vec_fini(&c->present);
    vec_fini(&c->changes);
    map_fini(&c->exact);
    map_fini(&c->alike);
    arena_fini(&c->arena);
    arena_fini(&c->scratch);
    free(c);
}

// --- keys ------------------------------------------------------------------------------------------------------------------------

// Names of Kubernetes hold no NUL byte; what does is merely paired with what looks the same.
static struct str key_of(struct arena *a, struct str cluster, struct str control, const struct finding_object *o)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    const struct str parts[] = {cluster, control, o->kind, o->ns, o->name};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_add(&text, parts[i]);
        buf_add_char(&text, 0);
    }
    const struct str key = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return key;
}

static struct str exact_key(struct arena *a, struct str key, struct str why)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_add(&text, key);
    buf_add(&text, why);
    const struct str out = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return out;
}

static struct run *run_of(struct comparison *c, struct str cluster)
{
    for (size_t i = 0; i < c->runs.n; i++) {
        if (str_eq(c->runs.items[i].cluster, cluster))
            return &c->runs.items[i];
    }
    return NULL;
}

// --- the earlier run -------------------------------------------------------------------------------------------------------------

static struct str text_of(struct comparison *c, const struct json_value *v, struct str key)
{
    return arena_str(&c->arena, json_text(json_get(v, key)));
}

static enum severity severity_of(struct str word)
{
    return str_eq(word, STR("critical")) ? SEVERITY_CRITICAL
           : str_eq(word, STR("high"))   ? SEVERITY_HIGH
           : str_eq(word, STR("medium")) ? SEVERITY_MEDIUM
                                         : SEVERITY_LOW;
}

static struct run *meet(struct comparison *c, struct str cluster)
{
    struct run *run = run_of(c, cluster);
    if (!run) {
        run = vec_push(&c->runs);
        *run = (struct run){.cluster = cluster};
    }
    return run;
}

// Strings are in c's arena already.
static void keep(struct comparison *c, struct str cluster, const struct changed *what)
{
    struct earlier *e = vec_push(&c->earlier);
    *e = (struct earlier){.cluster = cluster, .what = *what};
    e->key = key_of(&c->arena, cluster, e->what.control.id, &e->what.object);
    uint64_t *exact = map_put(&c->exact, exact_key(&c->arena, e->key, e->what.why), NULL);
    e->next_exact = *exact ? (uint32_t)(*exact - 1) : NOBODY;
    *exact = c->earlier.n;
    uint64_t *alike = map_put(&c->alike, e->key, NULL);
    e->next_alike = *alike ? (uint32_t)(*alike - 1) : NOBODY;
    *alike = c->earlier.n;
}

static void read_finding(struct comparison *c, const struct json_value *v)
{
    const struct json_value *control = json_get(v, STR("control")), *object = json_get(v, STR("object"));
    const struct str cluster = text_of(c, v, STR("cluster"));
    (void)meet(c, cluster);
    if (!str_eq(json_text(json_get(v, STR("status"))), STR("unhealthy")) || c->earlier.n >= NOBODY - 1)
        return;
    const struct changed what = {
        .control = {.id = text_of(c, control, STR("id")),
                    .title = text_of(c, control, STR("title")),
                    .severity = severity_of(json_text(json_get(control, STR("severity"))))},
        .object = {text_of(c, object, STR("apiVersion")), text_of(c, object, STR("kind")), text_of(c, object, STR("namespace")),
                   text_of(c, object, STR("name"))},
        .why = text_of(c, v, STR("why")),
    };
    keep(c, cluster, &what);
}

static double number_of(const struct json_value *v, struct str key)
{
    const struct json_value *n = json_get(v, key);
    double out = 0;
    return n && n->kind == JSON_NUMBER && str_to_double(n->text, &out) ? out : 0;
}

static void read_score(struct comparison *c, const struct json_value *v)
{
    struct run *run = meet(c, text_of(c, v, STR("cluster")));
    run->scored = true;
    run->score = (struct score){number_of(v, STR("score")), number_of(v, STR("max"))};
}

void comparison_keep(struct comparison *c, const struct finding *f)
{
    struct arena *a = &c->arena;
    struct run *run = run_of(c, f->cluster);
    if (!run)
        run = meet(c, arena_str(a, f->cluster));
    if (f->status != FINDING_UNHEALTHY || c->earlier.n >= NOBODY - 1)
        return;
    keep(c, run->cluster,
         &(struct changed){
             .control = {.id = arena_str(a, f->control.id), .title = arena_str(a, f->control.title), .severity = f->control.severity},
             .object = {arena_str(a, f->object.api_version), arena_str(a, f->object.kind), arena_str(a, f->object.ns),
                        arena_str(a, f->object.name)},
             .why = arena_str(a, f->why)});
}

void comparison_keep_score(struct comparison *c, struct str cluster, struct score score)
{
    struct run *run = run_of(c, cluster);
    if (!run)
        run = meet(c, arena_str(&c->arena, cluster));
    run->scored = true;
    run->score = score;
}

status comparison_read(struct comparison *c, struct str name, struct str text, struct diags *diags)
{
    struct arena tree;
    struct json_error error;
    unsigned line = 0;
    bool any = false;
    status result = ST_OK;
    arena_init(&tree, ARENA_UNLIMITED);
    for (struct str rest = text; rest.len && result == ST_OK;) {
        const struct str one = str_trim(str_split(&rest, '\n'));
        struct place place = {.file = name, .line = ++line};
        if (!one.len)
            continue;
        arena_reset(&tree);
        const struct json_value *v = json_parse(&tree, one, JSON_LIMITS_DEFAULT, &error);
        const struct str kind = json_text(json_get(v, STR("kind")));
        if (!v) {
            diags_add(diags, DIAG_ERROR, &place, "%s", error.reason);
            result = ST_INPUT;
        } else if (str_eq(kind, STR("finding"))) {
            read_finding(c, v);
        } else if (str_eq(kind, STR("score"))) {
            read_score(c, v);
        }
        any = any || str_eq(kind, STR("finding")) || str_eq(kind, STR("score"));
    }
    arena_fini(&tree);
    if (any || result != ST_OK)
        return result;
    diags_add(diags, DIAG_ERROR, &(struct place){.file = name}, "is no output of davy posture --format json");
    return ST_INPUT;
}

// --- now -------------------------------------------------------------------------------------------------------------------------

static void begin(struct comparison *c)
{
    if (!c->closed)
        return;
    c->closed = false;
    c->present.n = 0;
    arena_reset(&c->scratch);
}

void comparison_add(struct comparison *c, const struct finding *f)
{
    struct arena *a = &c->scratch;
    begin(c);
    if (f->status == FINDING_HEALTHY)
        return;
    *vec_push(&c->present) = (struct present){
        .what = {CHANGE_NEW,
                 {arena_str(a, f->control.id), arena_str(a, f->control.title), f->control.severity, f->control.about},
                 {arena_str(a, f->object.api_version), arena_str(a, f->object.kind), arena_str(a, f->object.ns),
                  arena_str(a, f->object.name)},
                 arena_str(a, f->why)},
        .key = key_of(a, f->cluster, f->control.id, &f->object),
        .status = f->status,
    };
}

// The next one of a chain that is not paired yet; those in front of it leave the chain, so that all walks together take one.
static struct earlier *next_free(struct comparison *c, struct map *map, struct str key, bool exact)
{
    uint64_t *head = map_get(map, key);
    while (head && *head) {
        struct earlier *e = &c->earlier.items[*head - 1];
        if (!e->paired)
            return e;
        const uint32_t next = exact ? e->next_exact : e->next_alike;
        *head = next == NOBODY ? 0 : (uint64_t)next + 1;
    }
    return NULL;
}

// Pairs findings of one status with earlier ones. Unhealthy ones that are paired are no change.
static void pair(struct comparison *c, enum finding_status wanted, bool exact)
{
    for (size_t i = 0; i < c->present.n; i++) {
        struct present *p = &c->present.items[i];
        if (p->status != wanted || !p->key.ptr)
            continue;
        const struct str key = exact ? exact_key(&c->scratch, p->key, p->what.why) : p->key;
        struct earlier *e = next_free(c, exact ? &c->exact : &c->alike, key, exact);
        if (!e)
            continue;
        e->paired = true;
        p->key = STR_NONE; // done with
        if (wanted == FINDING_UNHEALTHY)
            continue;
        struct changed *changed = vec_push(&c->changes);
        *changed = e->what;
        changed->change = wanted == FINDING_EXEMPT ? CHANGE_EXEMPT : CHANGE_UNSEEN;
    }
}

static bool is_unread(const struct score_sheet *sheet, struct str control)
{
    for (size_t i = 0; i < sheet->n; i++) {
        if (str_eq(sheet->scores[i].control.id, control))
            return sheet->scores[i].unread;
    }
    return false;
}

static int in_order(const void *va, const void *vb)
{
    const struct changed *a = va, *b = vb;
    if (a->change != b->change)
        return a->change < b->change ? -1 : 1;
    if (a->control.severity != b->control.severity)
        return a->control.severity > b->control.severity ? -1 : 1;
    const struct str x[] = {a->control.id, a->object.kind, a->object.ns, a->object.name, a->why};
    const struct str y[] = {b->control.id, b->object.kind, b->object.ns, b->object.name, b->why};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        const int order = str_cmp(x[i], y[i]);
        if (order)
            return order;
    }
    return 0;
}

// What is left over on either side.
static void add_rest(struct comparison *c, const struct score_sheet *sheet)
{
    for (size_t i = 0; i < c->present.n; i++) {
        if (c->present.items[i].status == FINDING_UNHEALTHY && c->present.items[i].key.ptr)
            *vec_push(&c->changes) = c->present.items[i].what;
    }
    for (size_t i = 0; i < c->earlier.n; i++) {
        struct earlier *e = &c->earlier.items[i];
        if (e->paired || !str_eq(e->cluster, sheet->cluster))
            continue;
        struct changed *changed = vec_push(&c->changes);
        *changed = e->what;
        changed->change = is_unread(sheet, e->what.control.id) ? CHANGE_UNSEEN : CHANGE_GONE;
    }
}

struct comparison_sheet comparison_close(struct comparison *c, const struct score_sheet *sheet)
{
    struct comparison_sheet out = {.now = score_sum(sheet->scores, sheet->n)};
    struct run *run = run_of(c, sheet->cluster);
    begin(c);
    c->changes.n = 0;
    pair(c, FINDING_UNHEALTHY, true);
    pair(c, FINDING_UNHEALTHY, false);
    pair(c, FINDING_EXEMPT, false);
    pair(c, FINDING_NOT_ASSESSABLE, false);
    add_rest(c, sheet);
    if (c->changes.n)
        qsort(c->changes.items, c->changes.n, sizeof *c->changes.items, in_order);
    for (size_t i = 0; i < c->changes.n; i++)
        out.of[c->changes.items[i].change]++;
    out.items = c->changes.items;
    out.n = c->changes.n;
    c->closed = true;
    if (run) {
        run->met = true;
        out.known = run->scored;
        out.old = run->score;
    }
    return out;
}

void comparison_tell_missing(const struct comparison *c, struct diags *diags)
{
    for (size_t i = 0; i < c->runs.n; i++) {
        if (!c->runs.items[i].met)
            diags_add(diags, DIAG_WARNING, NULL, "the cluster '%.*s' is in the earlier run only; --cluster names clusters alike",
                      STR_ARG(c->runs.items[i].cluster));
    }
}
