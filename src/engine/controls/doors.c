// SPDX-License-Identifier: Apache-2.0
#include "engine/controls/doors.h"

#include "base/vec.h"
#include "engine/controls/private.h"

#include <stdlib.h>
#include <string.h>

// The controls of one file, loaded when they are needed: all of them would cost a sixth of the time of a short log.
struct judges {
    struct str file;
    struct controls *controls;
    bool failed; // to load: they are built in, so this is a fault of the program that detect need not fall over
};

struct doors {
    const struct pack *lists_of;
    struct judges of_grants, of_ways;
    struct arena arena;
    VEC(struct incident_door) found;
    struct str object; // at hand
};

struct doors *doors_new(const struct pack *lists_of)
{
    struct doors *d = must_alloc(calloc(1, sizeof *d));
    d->lists_of = lists_of;
    d->of_grants.file = STR("controls/access.yml");
    d->of_ways.file = STR("controls/interfaces.yml");
    arena_init(&d->arena, ARENA_UNLIMITED);
    return d;
}

void doors_free(struct doors *d)
{
    if (!d)
        return;
    controls_free(d->of_grants.controls);
    controls_free(d->of_ways.controls);
    vec_fini(&d->found);
    arena_fini(&d->arena);
    free(d);
}

static bool load(const struct doors *d, struct judges *j)
{
    const struct controls_options wanted = {.only = &j->file, .n_only = 1, .lists_of = d->lists_of};
    struct diags ignored;
    if (j->controls || j->failed)
        return !j->failed;
    diags_init(&ignored);
    j->failed = controls_load(&j->controls, wanted, &ignored) != ST_OK;
    diags_fini(&ignored);
    return !j->failed;
}

static void take(void *context, const struct finding *f)
{
    struct doors *d = context;
    if (f->status != FINDING_UNHEALTHY)
        return;
    for (size_t i = 0; i < d->found.n; i++) {
        if (str_eq(d->found.items[i].control, f->control.id) && str_eq(d->found.items[i].object, d->object))
            return;
    }
    *vec_push(&d->found) = (struct incident_door){f->control.id, f->control.title, d->object};
}

static void judge(struct doors *d, struct judges *judges, struct str kind, struct buf *json)
{
    const struct controls_run run = {.tell = take, .context = d};
    const size_t len = json->len;
    if (!load(d, judges))
        return;
    memset(must_alloc(buf_reserve(json, JSON_PADDING)), 0, JSON_PADDING);
    controls_judge(judges->controls, &run, &(struct judged){.kind = kind, .json = str_make(json->ptr, len)});
}

// "RoleBinding/NAMESPACE/NAME" or "ClusterRoleBinding/NAME", as the API server writes them.
static void write_named(struct json_writer *w, struct str key, struct str name)
{
    const struct str kind = str_split(&name, '/'), first = str_split(&name, '/');
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("kind"), kind);
    json_key_string(w, STR("namespace"), name.ptr ? first : STR_NONE);
    json_key_string(w, STR("name"), name.ptr ? name : first);
    json_close_object(w);
}

// A grant as src/posture/grants.h describes it, as far as its names tell.
static void judge_grant(struct doors *d, struct str binding, struct str role, struct str subject)
{
    struct buf json;
    struct json_writer w = json_writer_to(&json);
    const bool everything = str_eq(role, STR("ClusterRole/cluster-admin"));
    if (!binding.len || !role.len || !subject.len)
        return;
    buf_init(&json, 1 << 20);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Grant"));
    write_named(&w, STR("binding"), binding);
    write_named(&w, STR("role"), role);
    write_named(&w, STR("subject"), subject);
    json_key_string(&w, STR("scope"), str_starts(binding, STR("Cluster")) ? STR("cluster") : STR("namespace"));
    json_key(&w, STR("everything"));
    json_bool(&w, everything);
    json_key(&w, STR("public"));
    json_bool(&w, false); // it let an act through that matters
    json_key(&w, STR("powers"));
    json_open_array(&w);
    if (everything)
        json_string(&w, STR("everything"));
    json_close_array(&w);
    json_close_object(&w);
    d->object = arena_str(&d->arena, binding);
    judge(d, &d->of_grants, STR("Grant"), &json);
    buf_fini(&json);
}

// A way as src/posture/exposure.h describes it. It is a page that the intruder came by: what opened it is open.
static void judge_opening(struct doors *d, const struct incident_vector *v)
{
    struct buf json;
    struct json_writer w = json_writer_to(&json);
    struct str account = v->interface;
    if (!v->opened_name.len || !str_eq(v->verdict, STR("exposed")))
        return;
    (void)str_split(&account, '/');
    buf_init(&json, 1 << 20);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Exposure"));
    json_key_string(&w, STR("verdict"), STR("open"));
    json_key(&w, STR("names"));
    json_open_array(&w);
    json_string(&w, v->opened_name);
    json_string(&w, account.ptr ? account : v->interface);
    json_string(&w, v->program);
    json_close_array(&w);
    json_close_object(&w);
    d->object =
        arena_printf(&d->arena, "%.*s/%.*s/%.*s", STR_ARG(v->opened_resource), STR_ARG(v->opened_namespace), STR_ARG(v->opened_name));
    judge(d, &d->of_ways, STR("Exposure"), &json);
    buf_fini(&json);
}

void doors_find(struct doors *d, struct incident *x)
{
    const struct incident_cause *c = &x->cause;
    d->found.n = 0;
    arena_reset(&d->arena);
    judge_grant(d, c->object, c->role, c->subject);
    for (size_t i = 0; i < c->n_grants; i++)
        judge_grant(d, c->grants[i].binding, c->grants[i].role, c->grants[i].subject);
    judge_opening(d, &x->vector);
    x->doors = d->found.items;
    x->n_doors = d->found.n;
}
