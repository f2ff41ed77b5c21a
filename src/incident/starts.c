// SPDX-License-Identifier: Apache-2.0
#include "incident/starts.h"

#include "incident/taint.h"

static struct str last_piece(struct str s, char separator)
{
    size_t at = s.len;
    while (at && s.ptr[at - 1] != separator)
        at--;
    return str_slice(s, at, s.len);
}

static bool prepare(struct inquiry *q, struct start *s)
{
    switch (s->kind) {
    case START_ADDRESS:
    case START_USER:
        follow_identity(q, s->value);
        return true;
    case START_IMAGE:
        if (!image_parse(s->value, registry_of(q), &s->image, &q->arena))
            return false;
        term_put(q, last_piece(s->image.repository, '/'));
        return true;
    case START_HOST:
        term_put(q, host_base_name(s->value));
        return host_base_name(s->value).len > 0;
    }
    return false;
}

bool inquiry_begin_parse(struct str text, struct inquiry_begin *out)
{
    static const struct {
        struct str word;
        enum inquiry_start kind;
    } kinds[] = {{STR("host"), START_HOST}, {STR("image"), START_IMAGE}, {STR("ip"), START_ADDRESS}, {STR("user"), START_USER}};
    struct image_ref ref;
    struct arena a;
    size_t colon = str_find_char(text, ':', 0);
    for (size_t i = 0; colon != SIZE_MAX && i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_eq(str_slice(text, 0, colon), kinds[i].word))
            continue;
        *out = (struct inquiry_begin){kinds[i].kind, str_slice(text, colon + 1, text.len)};
        arena_init(&a, ARENA_UNLIMITED);
        bool good = out->value.len && (out->kind != START_IMAGE || image_parse(out->value, STR_NONE, &ref, &a)) &&
                    (out->kind != START_HOST || host_base_name(out->value).len);
        arena_fini(&a);
        return good;
    }
    return false;
}

bool inquiry_start_at(struct inquiry *q, struct inquiry_begin begin)
{
    struct start s = {.kind = begin.kind, .value = name_keep(q, begin.value)};
    bool good = s.value.len && prepare(q, &s);
    if (good)
        *vec_push(&q->starts) = s;
    arena_reset(&q->scratch);
    return good;
}

// --- what matches ----------------------------------------------------------------------------------------------------------------------

// A tag or digest that was not asked for may be any.
static bool is_image(struct inquiry *q, const struct start *s, struct str image)
{
    struct image_ref ref;
    return image.ptr && image_parse(image, registry_of(q), &ref, &q->scratch) && str_eq(ref.registry, s->image.registry) &&
           str_eq(ref.repository, s->image.repository) && (!s->image.tag.ptr || !ref.tag.ptr || str_eq(ref.tag, s->image.tag)) &&
           (!s->image.digest.ptr || !ref.digest.ptr || str_eq(ref.digest, s->image.digest));
}

// A name, the path inside the container, or that path behind the directory of the container's file system on the node.
static bool is_executable(const struct start *s, const struct host_event *e)
{
    struct str exe = e->process.exe;
    if (str_find_char(s->value, '/', 0) == SIZE_MAX)
        return str_eq(e->process.name, s->value) || str_eq(host_base_name(exe), s->value);
    return str_eq(exe, s->value) || (exe.len && exe.ptr[0] == '/' && str_ends(s->value, exe)) || str_eq(e->file, s->value);
}

bool starts_match(struct inquiry *q, const struct host_event *e)
{
    for (size_t i = 0; i < q->starts.n; i++) {
        const struct start *s = &q->starts.items[i];
        if ((s->kind == START_HOST && is_executable(s, e)) || (s->kind == START_IMAGE && is_image(q, s, e->image)))
            return true;
    }
    return false;
}

static bool has_image(struct inquiry *q, const struct str *images, size_t n)
{
    for (size_t i = 0; i < q->starts.n; i++)
        for (size_t k = 0; q->starts.items[i].kind == START_IMAGE && k < n; k++)
            if (is_image(q, &q->starts.items[i], images[k]))
                return true;
    return false;
}

bool starts_name_object(struct inquiry *q, const struct json_value *record)
{
    size_t n = 0;
    struct str *images = q->starts.n && q->image_field ? field_texts(q->image_field, record, &q->scratch, &n) : NULL;
    return has_image(q, images, n);
}

// --- taint -------------------------------------------------------------------------------------------------------------------------------

// Whoever sent the image is looked at like whoever an alert is about; what a controller made of it leads back to its owner.
static bool start_fact(struct inquiry *q, struct fact *f)
{
    bool added;
    if (!f->body || f->seed || !has_image(q, f->body->texts[BODY_IMAGE].items, f->body->texts[BODY_IMAGE].n))
        return false;
    if (f->actor->kind != ACTOR_COMPONENT) {
        f->seed = f->strong = true;
        return true;
    }
    if (!f->action.name.ptr || !f->action.resource.ptr || f->action.subresource.ptr)
        return false;
    struct thing *t = thing_put(q, f->action.resource, f->action.namespace, f->action.name, &added);
    if (!added)
        return false;
    t->how = STR("ran");
    t->fact = f;
    t->suspect = true;
    follow_object(q, t->name);
    return true;
}

static bool start_actor(struct inquiry *q, struct actor *actor)
{
    bool news = false;
    for (size_t i = 0; i < q->starts.n && actor->kind != ACTOR_COMPONENT; i++) {
        const struct start *s = &q->starts.items[i];
        if ((s->kind == START_ADDRESS && same(actor->address, s->value)) || (s->kind == START_USER && same(actor->principal, s->value)))
            news |= taint_actor(q, actor, TAINT_WHOLE, CERTAIN);
    }
    return news;
}

bool taint_starts(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; q->starts.n && i < q->facts.n; i++)
        news |= start_fact(q, q->facts.items[i]);
    for (size_t i = 0; q->starts.n && i < q->actors.n; i++)
        news |= start_actor(q, q->actors.items[i]);
    arena_reset(&q->scratch);
    return news;
}
