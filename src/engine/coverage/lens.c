// SPDX-License-Identifier: Apache-2.0
// One event through an audit policy: whether it is logged, and what of it.
#include "engine/coverage/private.h"

#include <string.h>

static enum audit_level own_level(struct str text)
{
    for (enum audit_level l = AUDIT_NONE; l < AUDIT_REQUEST_RESPONSE; l++) {
        if (str_eq(audit_level_name(l), text))
            return l;
    }
    return AUDIT_REQUEST_RESPONSE;
}

// The event as a log of that level would have it.
static void rewrite(struct buf *text, const struct json_value *event, enum audit_level level)
{
    struct buf out;
    buf_init(&out, SIZE_MAX);
    struct json_writer w = json_writer_to(&out);
    json_open_object(&w);
    for (const struct json_value *m = event->first; m; m = m->next) {
        if ((level < AUDIT_REQUEST && str_eq(m->key, STR("requestObject"))) ||
            (level < AUDIT_REQUEST_RESPONSE && str_eq(m->key, STR("responseObject"))))
            continue;
        json_key(&w, m->key);
        if (str_eq(m->key, STR("level")))
            json_string(&w, audit_level_name(level));
        else
            json_raw(&w, m->raw);
    }
    json_close_object(&w);
    buf_clear(text);
    buf_add(text, buf_str(&out));
    buf_fini(&out);
}

static struct str or_empty(struct arena *a, struct str s)
{
    return s.ptr ? arena_str(a, s) : STR("");
}

static void describe(struct arena *a, const struct event *e, struct audit_verdict v, struct coverage_need *out)
{
    const struct event_action *x = &e->action;
    *out = (struct coverage_need){.verb = or_empty(a, x->verb), .group = or_empty(a, x->group), .given = v.level, .line = v.line};
    if (x->resource.len)
        out->resource = arena_printf(a, "%.*s%s%.*s", STR_ARG(x->resource), x->subresource.len ? "/" : "", STR_ARG(x->subresource));
    else
        out->path = or_empty(a, str_slice(x->uri, 0, str_find_char(x->uri, '?', 0)));
    if (v.stage_omitted)
        out->stage = or_empty(a, e->stage);
}

static struct audit_verdict judge(const struct coverage_lens *lens, const struct event *e)
{
    struct audit_verdict v = {0};
    if (lens->change)
        v = audit_policy_judge(lens->change, e);
    if (!v.line)
        v = audit_policy_judge(lens->policy, e);
    return v;
}

bool coverage_look(const struct coverage_lens *lens, struct arena *arena, struct buf *text, struct coverage_need *need)
{
    struct json_error error;
    struct event e;
    const size_t len = text->len;
    char *padding = buf_reserve(text, JSON_PADDING);
    if (!padding)
        return true;
    memset(padding, 0, JSON_PADDING);
    const struct json_value *event = json_parse(arena, str_make(text->ptr, len), JSON_LIMITS_DEFAULT, &error);
    if (!event || !event_decode(&e, event, arena))
        return true; // what is no event is not the policy's business
    const struct audit_verdict v = judge(lens, &e);
    if (need)
        describe(arena, &e, v, need);
    enum audit_level level = v.level > lens->floor ? v.level : lens->floor;
    if (level == AUDIT_NONE || (v.stage_omitted && !lens->all_stages))
        return false;
    if (own_level(e.level) < level)
        level = own_level(e.level);
    rewrite(text, event, level);
    return true;
}
